"""What is wrong with the settings, told so that the reader can mend it.

A `Fault` says what is wrong with one value; readers raise `Refused` with one or several of them.
The loader adds the place (file, line, column, key) and makes `Problem`s, which it raises all
together as one `SettingsError`, or keeps in `Settings.warnings` when the program can go on.

Values come from a file anybody may have written: they are shortened and their control characters
are escaped before they are shown, and passwords are never shown at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Lang = Literal["fr", "en"]
KeyPath = tuple[str | int, ...]

_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a problem stands. `source` is a file, an option or a variable; the rest where known."""

    source: str
    line: int | None = None
    column: int | None = None
    key: str = ""

    def __str__(self) -> str:
        parts = [escaped(self.source)]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        where = ":".join(parts)
        return f"{where}: {escaped(self.key)}" if self.key else where


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend: its place, what is wrong and what to do, in French and in English.

    `code` is stable, for scripts and for `doctor`; `value` is already fit to be shown.
    """

    code: str
    place: Place
    message_fr: str
    message_en: str
    hint_fr: str = ""
    hint_en: str = ""
    value: str | None = None

    def message(self, lang: Lang = "fr") -> str:
        """Return what is wrong and what to do, without the place."""
        said, hint = (
            (self.message_fr, self.hint_fr) if lang == "fr" else (self.message_en, self.hint_en)
        )
        return f"{said} ; {hint}" if hint and lang == "fr" else f"{said}; {hint}" if hint else said

    def text(self, lang: Lang = "fr") -> str:
        """Return the whole line: place, value, what is wrong and what to do."""
        value = f" = {self.value}" if self.value is not None else ""
        colon = " :" if lang == "fr" else ":"
        return f"{self.place}{value}{colon} {self.message(lang)}"


class SettingsError(Exception):
    """The settings cannot be used. Holds every problem found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text())

    def text(self, lang: Lang = "fr") -> str:
        """Return one line per problem."""
        return "\n".join(problem.text(lang) for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a value, before its place is known.

    `path` leads from the setting to the part at fault (an index in a list, a key in a table).
    """

    fr: str
    en: str
    hint_fr: str = ""
    hint_en: str = ""
    value: str | None = None
    path: KeyPath = ()
    code: str = "bad_value"


class Refused(Exception):  # noqa: N818 - read aloud at `raise Refused(...)`; never leaves this package
    """A value cannot be used, for one or several reasons."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.en for fault in faults))


def refuse(fr: str, en: str, *, hint_fr: str = "", hint_en: str = "") -> Refused:
    """Return the refusal of a value for one reason."""
    return Refused(Fault(fr=fr, en=en, hint_fr=hint_fr, hint_en=hint_en))


def escaped(text: str) -> str:
    """Return the text on one line, with every character that is not printable escaped."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        if not 0xD800 <= ord(char) <= 0xDFFF
        else f"\\u{ord(char):04x}"
        for char in text
    )  # fmt: skip


def shown(value: object) -> str:
    """Return a value as it may be shown: like in TOML, shortened, control characters escaped."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        text = '"' + escaped(value[: _SHOWN_LENGTH * 2]) + '"'
    elif isinstance(value, list):
        text = "[" + ", ".join(shown(item) for item in value[:10]) + "]"
    elif isinstance(value, dict):
        items = list(value.items())[:10]
        text = "{" + ", ".join(f"{escaped(str(k))} = {shown(v)}" for k, v in items) + "}"
    elif isinstance(value, (date, time)):
        text = value.isoformat()
    elif isinstance(value, int) and abs(value) >= 10**_SHOWN_LENGTH:
        text = "…"  # str() of a huge integer is slow, or refused
    else:
        text = escaped(str(value))
    return text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"
