"""Feeding an XML part to a walker, element by element: no tree is built, so size costs no memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from tracker.reading.formats.base import RefusalError
from tracker.reading.formats.cleaning import clean, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.reading.formats.archive import Archive

_CELL_PARAGRAPHS = 3  # a table whose cells hold more is there for the page's looks
_CELL_CHARS = 600


class Walker(Protocol):
    """What the parser calls; tags come as « {namespace}name »."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def walk(archive: Archive, name: str, walker: Walker) -> None:
    """Parse the entry `name` into calls of `walker`, refusing any document type declaration."""
    parser = DefusedXMLParser(target=walker, forbid_dtd=True)
    try:
        for chunk in archive.chunks(name):
            parser.feed(chunk)
        parser.close()
    except DefusedXmlException:
        raise RefusalError("doctype") from None
    except (ParseError, LookupError, ValueError) as error:
        raise RefusalError("damaged_file", kind="XML") from error


class TextFlow:
    """Gathers the paragraphs and tables that a walker meets, nested as they come."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._chars = 0
        self._pieces: list[str] = []
        self._frames: list[_Frame] = [_Frame()]

    # Words

    def add(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > self._limit:
            raise RefusalError("too_much_text", limit=self._limit)
        self._pieces.append(text)

    def end_paragraph(self, label: str = "") -> None:
        text = tidy(clean("".join(self._pieces)))
        self._pieces = []
        if text and label:
            text = f"{label} {text}"
        frame = self._frames[-1]
        if text:
            frame.blocks.append(text)
        frame.blocks += frame.boxes
        frame.boxes = []

    # Text boxes: they stand inside a paragraph, and are read after it

    def open_box(self) -> None:
        self._frames.append(_Frame(outer=self._pieces))
        self._pieces = []

    def close_box(self) -> None:
        if len(self._frames) == 1:
            return
        self.end_paragraph()
        frame = self._frames.pop()
        self._pieces = frame.outer
        self._frames[-1].boxes += frame.blocks

    # Tables

    def open_cell(self) -> None:
        self._frames.append(_Frame(outer=self._pieces))
        self._pieces = []

    def close_cell(self) -> None:
        if len(self._frames) == 1:
            return
        self.end_paragraph()
        frame = self._frames.pop()
        self._pieces = frame.outer
        self._frames[-1].cells.append(frame.blocks)

    def close_row(self, *, dropped: bool = False) -> str:
        """End a table row, and return its text; a dropped one stays out of the document."""
        frame = self._frames[-1]
        cells, frame.cells = frame.cells, []
        lines = _row_lines(cells)
        if not dropped:
            frame.blocks += lines
        return "\n".join(lines)

    def text(self) -> str:
        self.end_paragraph()
        return "\n".join(block for frame in self._frames for block in frame.blocks)


class _Frame:
    """What gathers inside one cell or box, or in the body."""

    def __init__(self, outer: list[str] | None = None) -> None:
        self.outer = outer if outer is not None else []
        self.blocks: list[str] = []
        self.boxes: list[str] = []
        self.cells: list[list[str]] = []


def _row_lines(cells: list[list[str]]) -> list[str]:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(
        len(cell) > _CELL_PARAGRAPHS or sum(map(len, cell)) > _CELL_CHARS for cell in filled
    ):
        return [block for cell in filled for block in cell]
    texts = [" ".join(" ".join(cell).split()) for cell in cells]
    return ["\t".join(texts).rstrip("\t")]
