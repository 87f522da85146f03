"""What the command line says before anything is imported: its help, its version, its language.

Nothing here may import more than the interpreter has loaded already (bench/startup.py measures
it); `typing`, `re` and `dataclasses` alone would double the time of `conventions --help`.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tracker.errors import Language

WIDEST, NARROWEST = 100, 20
_COLUMN = 24
"""Where the explanations begin, at most."""

PROGRAM = "conventions"
ABOUT = (
    "Suit la vie et le renouvellement des conventions d’une collectivité, et prévient à temps.",
    "Track the life and renewal of a local authority’s conventions, and remind in time.",
)
GLOBAL_OPTIONS = (
    ("--config", ("FICHIER", "FILE"), ("fichier de réglages (TOML)", "settings file (TOML)")),
    ("--database", ("URL", "URL"), ("adresse de la base", "URL of the database")),
    (
        "--today",
        ("AAAA-MM-JJ", "YYYY-MM-DD"),
        ("le jour du raisonnement", "the day on which to reason"),
    ),
    (
        "--lang",
        ("fr|en", "fr|en"),
        ("langue de ce que les gens lisent", "language of what people read"),
    ),
    ("--version", ("", ""), ("affiche la version", "show the version")),
    ("-h, --help", ("", ""), ("affiche cette aide", "show this help")),
)
"""Name, value, explanation; they stand before the command."""

_language: Language = "fr"


class Entry:
    """A command that is not imported yet: where it is, and its line in the list."""

    __slots__ = ("en", "fr", "where")

    def __init__(self, where: str, fr: str, en: str) -> None:
        self.where = where
        """`package.module:attribute`."""
        self.fr = fr
        self.en = en


def choose_language(arguments: Sequence[str]) -> Language:
    """Set the language of help and errors from the raw arguments, before click reads them."""
    global _language  # noqa: PLW0603 - help strings are made when a command's module is imported
    _language = "fr"
    for place, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in {"fr", "en"}:
            _language = "en" if value == "en" else "fr"
    return _language


def language() -> Language:
    """Return the language of help and errors."""
    return _language


def say(fr: str, en: str) -> str:
    """Return the words of the chosen language: for help strings."""
    return fr if _language == "fr" else en


def answered_at_once(
    arguments: Sequence[str], entries: Mapping[str, Entry]
) -> tuple[str, int] | None:
    """Return the text and the exit status of a question that needs no import, or None.

    The help asked for is data; the help given to somebody who typed nothing is a refusal (2).
    """
    rest = list(arguments)
    while rest[:1] == ["--lang"] and rest[1:2] in (["fr"], ["en"]):
        del rest[:2]
    if not rest:
        return help_page(entries), 2
    if rest[0] in {"--help", "-h"}:
        return help_page(entries), 0
    if rest[0] == "--version":
        from config.version import VERSION  # noqa: PLC0415 - only here

        return f"{PROGRAM} {VERSION}\n", 0
    return None


def help_page(entries: Mapping[str, Entry], width: int | None = None) -> str:
    """Return the help of the whole program."""
    width = width or _terminal_width()
    options = [
        (f"{name} {say(*value)}".rstrip(), say(*text)) for name, value, text in GLOBAL_OPTIONS
    ]
    commands = [(name, say(entry.fr, entry.en)) for name, entry in entries.items()]
    usage = say(
        f"Usage : {PROGRAM} [OPTIONS] COMMANDE [ARGUMENTS]…",
        f"Usage: {PROGRAM} [OPTIONS] COMMAND [ARGUMENTS]…",
    )
    more = say(
        f"L’aide d’une commande : {PROGRAM} COMMANDE --help",
        f"Help on one command: {PROGRAM} COMMAND --help",
    )
    lines = [
        *_wrapped(usage, width, "  "),
        "",
        *_wrapped(say(*ABOUT), width, "", first="  ", rest="  "),
        "",
        say("Options :", "Options:"),
        *_definitions(options, width),
        "",
        say("Commandes :", "Commands:"),
        *_definitions(commands, width),
        "",
        *_wrapped(more, width, ""),
    ]
    return "\n".join(lines) + "\n"


def _definitions(rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Return names and explanations in two columns, or one under the other where narrow."""
    rows = list(rows)
    column = min(max(len(name) for name, _ in rows) + 4, _COLUMN)
    lines: list[str] = []
    for name, text in rows:
        if width < 2 * _COLUMN:
            lines += [f"  {name}", *_wrapped(text, width, "", first="    ", rest="    ")]
            continue
        label = f"  {name}"
        if len(label) > column - 2:
            lines.append(label)
            label = ""
        lines += _wrapped(text, width, "", first=f"{label:<{column}}", rest=" " * column)
    return lines


def _wrapped(text: str, width: int, hang: str, *, first: str = "", rest: str = "") -> list[str]:
    lines: list[str] = []
    line, bare = first, True
    for word in text.split(" "):
        if not bare and len(line) + 1 + len(word) > width:
            lines.append(line.rstrip())
            line, bare = rest + hang, True
        line += word if bare else f" {word}"
        bare = False
    return [*lines, line.rstrip()]


def _terminal_width() -> int:
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = WIDEST
    return max(NARROWEST, min(columns or WIDEST, WIDEST))
