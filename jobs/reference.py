"""The reference of the commands, written from their help: `python -m jobs.reference FILE`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from jobs.cli import COMMANDS
from tracker.front import PROGRAM, choose_language, help_page

WIDTH = 96
_HEAD = """\
# Commands

<!-- Written by `python -m jobs.reference docs/reference/commands.md`: change the commands. -->

What `--help` says, command by command; `--lang fr` says it in French. The exit statuses, the order
of options and what goes to standard output are the same for all: see below.

## Exit status

| | |
|---|---|
| 0 | done |
| 1 | done, but something needs attention: a mail that did not leave, a file of several that cannot be read, a fault that `doctor` found |
| 2 | bad usage, settings or input: a line for each problem on standard error; nothing was changed |
| 3 | passing trouble: the database is locked, the mail server or the disk does not answer; try again |
| 70 | a fault of the program itself: run again with `CONVENTIONS_DEBUG=1` and tell the developers |
| 130 | interrupted (Ctrl-C), or left in the middle of the questions; nothing was changed |

Data goes to standard output, progress and messages to standard error. The same facts and the same
`--today` print the same bytes; [json.md](json.md) says what scripts may rely on.

## The program
"""  # noqa: E501 - a table of Markdown


def render_reference() -> str:
    """Return the page, in English, whatever the language chosen before.

    Helps are made when a module is imported: no command may have been imported in French.
    """
    choose_language(["--lang", "en"])
    parts = [_HEAD, _block(help_page(COMMANDS, WIDTH))]
    for name, entry in COMMANDS.items():
        module, _, attribute = entry.where.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        parts.append(f"## {name}\n")
        parts += [_block(text) for text in _helps(command, f"{PROGRAM} {name}")]
    return "\n".join(parts)


def _helps(command: click.Command, path: str) -> Iterator[str]:
    """Yield the help of a command, then of the commands below it."""
    options = {"help_option_names": ["--help", "-h"], "max_content_width": WIDTH}
    with click.Context(command, info_name=path, terminal_width=WIDTH, **options) as context:  # type: ignore[arg-type]
        yield command.get_help(context) + "\n"
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                if below is not None:
                    yield from _helps(below, f"{path} {name}")


def _block(text: str) -> str:
    return f"```text\n{text}```\n"


def main(arguments: list[str]) -> int:
    """Write the reference to the file named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m jobs.reference FILE\n")
        return 2
    Path(arguments[0]).write_text(render_reference(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
