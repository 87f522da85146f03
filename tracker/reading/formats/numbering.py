"""The automatic numbers of Word: « Article 3 – » is often no text at all, but the third of a list.

Only `numbering.xml` is read: it names the styles tied to its levels. Numbers that a style inherits
from another style are not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEVELS = 9
_LONGEST = 60
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of each list as they come, and words their labels."""

    def __init__(self) -> None:
        self.lists: dict[str, _List] = {}  # by abstractNumId
        self.numbers: dict[str, str] = {}  # numId → abstractNumId
        self.restarts: dict[tuple[str, int], int] = {}  # (numId, level) → first number
        self._counts: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, style: str, number: str | None, level: int | None) -> str:
        """Return the label of the next paragraph with this style or these list properties."""
        if number is None:
            found = self._of_style(style)
            if found is None:
                return ""
            name, level = found
        else:
            name, level = self.numbers.get(number, ""), level or 0
        levels = self.lists[name].levels if name in self.lists else {}
        if level not in levels:
            return ""
        return self._words(levels, level, self._count(name, number, level))

    def _of_style(self, style: str) -> tuple[str, int] | None:
        return next(
            (
                (name, number)
                for name, found in self.lists.items()
                for number, level in found.levels.items()
                if style and level.style == style
            ),
            None,
        )

    def _count(self, name: str, number: str | None, level: int) -> dict[int, int]:
        counts = self._counts.setdefault(name, {})
        levels = self.lists[name].levels
        place = (number or "", level)
        if place in self.restarts and place not in self._restarted:
            self._restarted.add(place)
            counts[level] = self.restarts[place]
        else:
            counts[level] = counts[level] + 1 if level in counts else levels[level].start
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return counts

    @staticmethod
    def _words(levels: Mapping[int, _Level], level: int, counts: Mapping[int, int]) -> str:
        if levels[level].kind == "bullet":
            return "-"
        if levels[level].kind == "none":
            return ""

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            known = levels.get(place, _Level())
            return _worded(counts.get(place, known.start), known.kind)

        return _PLACE.sub(number, levels[level].text[:_LONGEST]).strip()


def _worded(number: int, kind: str) -> str:
    if kind in {"upperRoman", "lowerRoman"} and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            times, number = divmod(number, value)
            roman += letters * times
        return roman.upper() if kind == "upperRoman" else roman
    if kind in {"upperLetter", "lowerLetter"} and 0 < number <= 26 * 5:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "ordinal":
        return "1er" if number == 1 else str(number)
    return f"{number:02d}" if kind == "decimalZero" else str(number)


class NumberingWalker:
    """Reads `numbering.xml` into a `Numbering`."""

    def __init__(self) -> None:
        self.numbering = Numbering()
        self._list = _List()
        self._level = _Level()
        self._number = ""
        self._override = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        value = values.get("val", "")
        match tag.rpartition("}")[2]:
            case "abstractNum":
                self._list = self.numbering.lists.setdefault(
                    values.get("abstractNumId", ""), _List()
                )
            case "lvl":
                self._level = _Level()
                if not self._number and (level := _small(values.get("ilvl"))) is not None:
                    self._list.levels[level] = self._level
            case "start":
                self._level.start = _number(value, 1)
            case "numFmt":
                self._level.kind = value
            case "lvlText":
                self._level.text = value
            case "pStyle":
                self._level.style = value
            case "num":
                self._number = values.get("numId", "")
            case "abstractNumId" if self._number:
                self.numbering.numbers[self._number] = value
            case "lvlOverride":
                self._override = _small(values.get("ilvl")) or 0
            case "startOverride" if self._number:
                self.numbering.restarts[self._number, self._override] = _number(value, 1)

    def end(self, tag: str) -> None:
        if tag.endswith("}num"):
            self._number = ""

    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def _number(value: str, default: int) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else default


def _small(value: str | None) -> int | None:
    level = _number(value or "", -1)
    return level if 0 <= level < _LEVELS else None
