"""What is wrong in a record, where, and what to do about it: values, with a sentence per language.

Bad data is a value (`Problem`), so that one reading lists everything that has to be mended. Inside
this package a single value that cannot be read raises `Refusal`, which has no place yet; whoever
knows the place turns it into a `Problem`.
"""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.errors import UserError
from tracker.exchange.sentences import PHRASES, SENTENCES

SHOWN_LENGTH = 60
MAX_PROBLEMS = 200
"""More problems than this in one file are counted, not listed."""

_PHRASED = {"example", "found", "reason", "what"}
"""Facts that are phrases of ours, never words of a file."""

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str) -> str:
    """Return `text` fit for a terminal: control and invisible characters written as escapes."""
    return "".join(_escape(char) for char in text)


def shown(value: object) -> str:
    """Return a value as a message shows it: escaped, and shortened."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > SHOWN_LENGTH:
        text = text[: SHOWN_LENGTH - 1] + "…"
    return escaped(text)


def shown_path(path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> str:
    """Return a file name as a message shows it; bytes that are no UTF-8 are escaped."""
    return escaped(os.fsdecode(path))


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.strip().casefold()[:80], by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if char != " " and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return char


class Refusal(ValueError):  # noqa: N818 - it becomes a Problem, it is not an error of the program
    """A value that cannot be read: `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, value: object = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.facts = facts

    def message(self, lang: str = "fr") -> str:
        """Return the sentence, without a place."""
        return Problem.of(self, Place()).message(lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands: file, sheet, line or row (from 1), key or column.

    `file` and `key` are shown as they are: they are escaped when the place is made.
    """

    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    record: int | None = None
    """Place of the record in its file, from 1, where there is no line."""
    reference: str | None = None
    key: str | None = None
    column: bool = False
    """Whether `key` is the heading of a column."""

    def describe(self, lang: str = "fr") -> str:
        """Return the place in words, empty when nothing is known of it."""
        french = lang != "en"
        parts = []
        if self.file is not None:
            parts.append(self.file)
        if self.sheet is not None:
            sheet = shown(self.sheet)
            parts.append(f"feuille « {sheet} »" if french else f"sheet “{sheet}”")
        if self.line is not None:
            parts.append(f"ligne {self.line}" if french else f"line {self.line}")
        elif self.record is not None:
            parts.append(f"fiche {self.record}" if french else f"record {self.record}")
        if self.reference is not None:
            parts.append(shown(self.reference))
        if self.key is not None:
            if self.column:
                parts.append(f"colonne « {self.key} »" if french else f"column “{self.key}”")
            else:
                parts.append(f"champ « {self.key} »" if french else f"field “{self.key}”")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend: its place, the stable `code` of its sentence, and the facts in it.

    The same shape serves for warnings: what was done all the same, and the agent should know.
    """

    code: str
    place: Place = Place()
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, refusal: Refusal, place: Place) -> Problem:
        """Return the refusal of a value, at its place."""
        facts = {name: _fact(fact) for name, fact in refusal.facts.items() if fact is not None}
        if refusal.value is not None:
            facts["value"] = shown(refusal.value)
        return cls(code=refusal.code, place=place, facts=tuple(sorted(facts.items())))

    def at(self, place: Place) -> Problem:
        """Return the same problem at another place."""
        return replace(self, place=place)

    def message(self, lang: str = "fr") -> str:
        """Return the line that a person reads: place, value, what to do."""
        where = self.place.describe(lang)
        colon = ": " if lang == "en" else " : "
        sentence = self.sentence(lang)
        return f"{where}{colon}{sentence}" if where else sentence

    def sentence(self, lang: str = "fr") -> str:
        """Return the sentence alone, without the place."""
        french, english = SENTENCES[self.code]
        facts = {
            name: _phrase(fact, lang) if name in _PHRASED else fact for name, fact in self.facts
        }
        text = (english if lang == "en" else french).format_map(_Facts(facts))
        meant = facts.get("suggestion")
        if meant is None:
            return text
        return f"{text}; did you mean “{meant}”?" if lang == "en" else (
            f"{text} ; vouliez-vous dire « {meant} » ?"
        )  # fmt: skip


class ExchangeError(UserError):
    """Records cannot be written or read at all; `problems` says why, one line each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(
            "\n".join(problem.message("fr") for problem in problems),
            "\n".join(problem.message("en") for problem in problems),
        )
        self.problems = problems


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _phrase(fact: str, lang: str) -> str:
    """Return a fact that is itself a phrase (`@period`) in the reader's language."""
    if fact not in PHRASES:
        return fact
    french, english = PHRASES[fact]
    return english if lang == "en" else french


def _fact(value: object) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(escaped(str(item)) for item in value)
    if isinstance(value, str):
        return value if value.isprintable() else escaped(value)
    return str(value)
