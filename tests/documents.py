"""Run the commands that a document shows, and compare or rewrite what it says they print.

A ```console block holds commands after `$ ` and, under each, what it prints. All the blocks of a
document are one session: same folder, same database.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
COLUMNS = "96"


def run_document(text: str, folder: Path) -> str:
    """Return the document with the output of every command as it is today."""

    def rewritten(block: re.Match[str]) -> str:
        lines: list[str] = []
        for command in commands_of(block.group(1)):
            lines.append("$ " + command.replace("\n", "\n> "))
            lines += _output(command, folder)
            lines.append("")
        return "```console\n" + "\n".join(lines).rstrip("\n") + "\n```"

    return BLOCK.sub(rewritten, text)


def commands_of(block: str) -> list[str]:
    """Return the commands of a block; a line that begins with `> ` goes on with the one before."""
    commands: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append(line[2:])
        elif line.startswith("> ") and commands:
            commands[-1] += "\n" + line[2:]
    return commands


def _output(command: str, folder: Path) -> list[str]:
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "HOME": str(folder),
        "LOGNAME": "agent",
        "LANG": "C.UTF-8",
        "COLUMNS": COLUMNS,
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    printed = done.stdout.decode().replace(str(folder), "/srv/conventions")
    assert "Traceback" not in printed, printed
    return [line.rstrip() for line in printed.rstrip("\n").splitlines()]
