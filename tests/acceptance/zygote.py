"""Runs command lines in forks of a process that has imported everything: a fifth of the time.

Reads one request a line on standard input, `{"args", "cwd", "env", "out", "err", "in", "timeout"}`,
answers each with its exit status. What depends on the start of a process (the language of the
terminal, the encoding of its streams) is tested with the real command instead.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time

from jobs import cli


def warm() -> None:

    for entry in cli.COMMANDS.values():
        importlib.import_module(entry.where.partition(":")[0])


def play(request: dict) -> None:
    os.setsid()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    if hasattr(time, "tzset"):
        time.tzset()
    source = os.open(request["in"] or os.devnull, os.O_RDONLY)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, descriptor in (
        (0, source),
        (1, os.open(request["out"], flags, 0o600)),
        (2, os.open(request["err"], flags, 0o600)),
    ):
        os.dup2(descriptor, number)
    sys.stdin = os.fdopen(os.dup(0), encoding="utf-8")
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8")
    sys.argv[:] = ["conventions", *request["args"]]
    signal.alarm(request["timeout"])
    try:
        cli.run()
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - the end of this process
        sys.excepthook(*sys.exc_info())
        status = 1
    try:
        sys.stdout.flush()
    except OSError:
        status = 120
    os._exit(status)


def main() -> None:
    warm()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            play(json.loads(line))
        _, ended = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(ended)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
