"""Worker processes that can be killed anywhere, and cost a fork each instead of a start.

Run as a program it reads one JSON order per line, forks a worker for each, and answers with the
worker's end. `Zygote` drives it. A worker opens the database, makes a `World` and delivers; with
`kill_at` it kills itself (SIGKILL) at that line of our own code, counted with `sys.settrace`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(
    str(ROOT / place)
    for place in ("jobs/", "notifications/", "tracker/storage/engine.py", "tests/faults/world.py")
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker ended: its exit status, negative for the signal; the lines it ran."""

    status: int
    lines: int
    dots: list[int]
    """How many lines had been run each time a final dot was about to be sent."""
    seconds: float


class Zygote:
    """Drive the program below: `run` waits for the worker, `spawn` does not."""

    def __enter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def run(self, **order: Any) -> Ended:
        return Ended(**self._ask({"do": "run", **order}))

    def spawn(self, **order: Any) -> int:
        """Start a worker and return its process number."""
        return int(self._ask({"do": "spawn", **order})["pid"])

    def wait(self, pid: int) -> Ended:
        return Ended(**self._ask({"do": "wait", "pid": pid}))

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


# --- the program ---------------------------------------------------------------------------------


def kill_at_line(k: int | None, counted: list[int]) -> None:
    """Count the lines of our code from now on; die at the k-th. Dots are noted behind the count."""

    def local(_frame: FrameType, event: str, _argument: object) -> Any:
        if event == "line":
            counted[0] += 1
            if counted[0] == k:
                os.kill(os.getpid(), signal.SIGKILL)
        return local

    def entered(frame: FrameType, _event: str, _argument: object) -> Any:
        if frame.f_code.co_name == "_dot":
            counted.append(counted[0])
        return local if frame.f_code.co_filename.startswith(OURS) else None

    sys.settrace(entered)


def work(order: dict[str, Any], counted: list[int]) -> None:
    from faults.world import SHORT_WAITS, START, Clock, World, portfolio, smtp

    from notifications.mailer import FileMailer, Mailer
    from tracker.storage.engine import open_engine

    mailer: Mailer = (
        smtp(order["port"]) if "port" in order else FileMailer(Path(order["directory"]))
    )
    waits = SHORT_WAITS
    if "lease" in order:
        from dataclasses import replace

        lease = timedelta(seconds=order["lease"])
        waits = replace(waits, lease=lease, dot_lease=lease)
    engine = open_engine(order["url"], create=False, busy_timeout=order.get("busy", 20))
    world = World(
        engine,
        Path(order["state"]),
        mailer,
        dues=portfolio(order.get("conventions", 2), recipients=order.get("recipients", "abc")),
        clock=Clock(None),
        waits=waits,
        today=START.date(),
        machine=order.get("machine", "machine-one"),
    )
    if order.get("stop_before_mark") or order.get("stop_after_mark"):
        stop_around_mark(world, before=bool(order.get("stop_before_mark")))
    if "kill_at" in order:
        kill_at_line(order["kill_at"], counted)
    until = time.monotonic() + order.get("seconds", 20)
    scan = order.get("scan", True)
    while True:
        report = world.run() if scan else world.delivery.deliver(whatever_backoff=False)
        idle = report.waiting == 0 or (report.holds and order.get("leave_when_held"))
        if idle or time.monotonic() > until:
            break
        time.sleep(0.01)
    sys.settrace(None)
    engine.dispose()


def stop_around_mark(world: Any, *, before: bool) -> None:
    """SIGSTOP this process once, right before or right after the committed mark."""
    mark: Callable[[Any], None] = world.delivery._mark
    stopped: list[int] = []

    def stopping(claim: Any) -> None:
        if before and not stopped:
            stopped.append(1)
            os.kill(os.getpid(), signal.SIGSTOP)
        mark(claim)
        if not before and not stopped:
            stopped.append(1)
            os.kill(os.getpid(), signal.SIGSTOP)

    world.delivery._mark = stopping


def fork_worker(order: dict[str, Any]) -> tuple[int, int]:
    """Return the process number of a new worker, and where it writes how many lines it ran."""
    out_of, into = os.pipe()
    pid = os.fork()
    if pid:
        os.close(into)
        return pid, out_of
    status = 1
    try:
        os.close(out_of)
        counted = [0]
        work(order, counted)
        os.write(into, json.dumps(counted).encode())
        status = 0
    except BaseException as error:  # noqa: BLE001 - the parent is told by the status
        with contextlib.suppress(OSError):
            sys.stderr.write(f"worker: {type(error).__name__}: {error}\n")
        status = 70 if type(error).__module__ == "tracker.storage.errors" else 1
    finally:
        os._exit(status)


def ended(pid: int, out_of: int, began: float) -> dict[str, Any]:
    _, status = os.waitpid(pid, 0)
    lines, *dots = json.loads(os.read(out_of, 4000) or b"[0]")
    os.close(out_of)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "lines": lines,
        "dots": dots,
        "seconds": time.monotonic() - began,
    }


def orders() -> Iterator[dict[str, Any]]:
    for line in sys.stdin:
        yield json.loads(line)


def main() -> None:
    if len(sys.argv) > 1:  # one worker, in this process
        work(json.loads(sys.argv[1]), [0])
        return
    # Everything a worker imports, once; nothing that opens a connection or starts a thread.
    import logging

    import faults.world
    import psycopg

    del faults.world, psycopg
    logging.disable(logging.CRITICAL)
    running: dict[int, tuple[int, float]] = {}
    for order in orders():
        if order["do"] == "wait":
            out_of, began = running.pop(order["pid"])
            answer = ended(order["pid"], out_of, began)
        else:
            began = time.monotonic()
            pid, out_of = fork_worker(order)
            if order["do"] == "spawn":
                running[pid] = (out_of, began)
                answer = {"pid": pid}
            else:
                answer = ended(pid, out_of, began)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
