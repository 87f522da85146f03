"""JSON files of records: strict reading with places, and stable writing.

The standard reader is fast and says nothing of places: only when something is wrong is the text
scanned a second time, slowly, to find the lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from tracker.exchange.cells import exact
from tracker.exchange.cursor import Locator, Path
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.raw import RawFile, RawRecord, as_records, decoded
from tracker.exchange.values import Source

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[^ \t\n\r,\]}]+")
MAX_SCANNED = 10_000_000
"""A longer text is not scanned for lines: records are then told by their place in the list."""

_DECODER = json.JSONDecoder()


def read_json(content: bytes, place: Place) -> RawFile:
    """Read one record or a list of records."""
    text = decoded(content, place)
    if isinstance(text, Problem):
        return RawFile(problems=(text,))
    try:
        found = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=exact,
        )
    except json.JSONDecodeError as error:
        here = Place(file=place.file, line=error.lineno)
        refusal = Refusal("json_syntax", column=error.colno, reason=error.msg)
        return RawFile(problems=(Problem.of(refusal, here),))
    except RecursionError:
        return RawFile(problems=(Problem.of(Refusal("too_deep"), place),))
    except Refusal as refusal:
        return RawFile(problems=_located(refusal, text, place))
    except ValueError:  # a whole number of thousands of digits
        too_long = Refusal("json_syntax", column=1, reason="@long_number")
        return RawFile(problems=(Problem.of(too_long, place),))

    @cache
    def lines() -> dict[Path, int]:
        return _scan(text).lines

    def line_of(prefix: Path) -> Callable[[Path], int | None]:
        def find(path: Path) -> int | None:
            known = lines()
            whole = prefix + path
            while whole and whole not in known:
                whole = whole[:-1]
            return known.get(whole)

        return find

    records, is_list = as_records(found)
    if records is None:
        return RawFile(problems=(Problem.of(Refusal("not_records"), place),))
    return RawFile(
        records=tuple(
            RawRecord(
                raw=raw,
                source=Source.JSON,
                locator=Locator(
                    replace(place, record=index + 1) if is_list else place,
                    line_of((index,) if is_list else ()),
                ),
            )
            for index, raw in enumerate(records)
        )
    )


def write_json(records: Iterable[dict[str, Any]]) -> bytes:
    """Write records as a list, one key per line."""
    return (json.dumps(list(records), ensure_ascii=False, indent=2) + "\n").encode()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Refusal("duplicate_key", key)
            seen.add(key)
    return found


def _no_constant(word: str) -> None:
    raise Refusal("json_number", word)


def _located(refusal: Refusal, text: str, place: Place) -> tuple[Problem, ...]:
    found = _scan(text)
    if refusal.code == "duplicate_key" and found.duplicates:
        return tuple(
            Problem.of(
                Refusal("duplicate_key", str(path[-1])),
                Locator(Place(file=place.file, line=line)).place(path[-1:]),
            )
            for path, line in found.duplicates
        )
    if found.constants:
        return tuple(
            Problem.of(Refusal("json_number", word), Place(file=place.file, line=line))
            for word, line in found.constants
        )
    return (Problem.of(refusal, place),)


class _Scan:
    """The line on which each key and item of a text stands. The text is known to be JSON."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.duplicates: list[tuple[Path, int]] = []
        self.constants: list[tuple[str, int]] = []
        self._line = 1
        self._counted = 0

    def line_at(self, at: int) -> int:
        self._line += self.text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def string(self, at: int) -> tuple[str, int]:
        found, end = _DECODER.raw_decode(self.text, at)
        return str(found), end

    def value(self, at: int, path: Path) -> int:
        at = self.skip(at)
        self.lines.setdefault(path, self.line_at(at))
        char = self.text[at]
        if char == '"':
            return self.string(at)[1]
        if char in "[{":
            return self.group(at, path, closing="]" if char == "[" else "}")
        match = _WORD.match(self.text, at)
        word = match[0] if match else ""
        if word in {"NaN", "Infinity", "-Infinity"}:
            self.constants.append((word, self.line_at(at)))
        return at + max(len(word), 1)

    def group(self, at: int, path: Path, closing: str) -> int:
        at = self.skip(at + 1)
        index = 0
        while self.text[at] != closing:
            key: str | int = index
            if closing == "}":
                line = self.line_at(at)
                key, at = self.string(at)
                if (*path, key) in self.lines:
                    self.duplicates.append(((*path, key), line))
                self.lines[*path, key] = line
                at = self.skip(at) + 1
            at = self.skip(self.value(at, (*path, key)))
            if self.text[at] == ",":
                at = self.skip(at + 1)
            index += 1
        return at + 1


def _scan(text: str) -> _Scan:
    scan = _Scan(text)
    if len(text) > MAX_SCANNED:
        return scan
    try:
        scan.value(0, ())
    except (IndexError, ValueError, RecursionError):
        return scan
    return scan
