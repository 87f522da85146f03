"""What a reader of one format hands over: raw records with their places, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.exchange.cursor import Locator
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.values import Source

_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A record as its file has it."""

    raw: object
    source: Source
    locator: Locator


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """All the records of one file. With a problem here the file as a whole is refused."""

    records: tuple[RawRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def as_records(found: Any) -> tuple[list[Any] | None, bool]:  # noqa: ANN401 - whatever a file holds
    """Return the list of records of a file, and whether it was a list."""
    if isinstance(found, list):
        return found, True
    if isinstance(found, dict):
        return [found], False
    return None, False


def wide_encoding(content: bytes) -> str | None:
    """Name the encoding of a text of wide characters: UTF-16 or UTF-32."""
    for bom, name in _BOMS.items():
        if content.startswith(bom):
            return name
    head = content[:200]
    if len(head) >= 4 and (
        head[1::2].count(0) > len(head) // 3 or head[::2].count(0) > len(head) // 3
    ):
        return "UTF-16"
    return None


def decoded(content: bytes, place: Place) -> str | Problem:
    """Return a text in UTF-8, with or without its mark."""
    wide = wide_encoding(content)
    if wide is not None:
        return Problem.of(Refusal("encoding_named", encoding=wide), place)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        here = Place(file=place.file, line=line)
        return Problem.of(Refusal("encoding_unknown", offset=error.start), here)
    at = text.find("\0")
    if at >= 0:
        return Problem.of(Refusal("nul"), Place(file=place.file, line=text.count("\n", 0, at) + 1))
    return text
