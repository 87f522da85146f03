"""DOCX: every `w:t` in order, whatever wraps it: content controls, fields, insertions, text boxes.

Deleted and moved-away text is left out and reported; so is hidden text. Headers, footers and
comments are parts of their own and are not read. Footnotes follow the body.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.reading.formats.base import Limits, Note, Reading, RefusalError
from tracker.reading.formats.numbering import Numbering, NumberingWalker
from tracker.reading.formats.xmlparts import TextFlow, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.reading.formats.archive import Archive

_WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_OFFICE_DOCUMENT = "/officeDocument"
_EXCERPT = 80
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def read_docx(archive: Archive, limits: Limits) -> Reading:
    """Return the text of a DOCX archive."""
    main = _main_part(archive)
    folder = posixpath.dirname(main)
    walker = _DocumentWalker(limits.text_chars, _numbering(archive, folder))
    walk(archive, main, walker)
    blocks = [walker.flow.text()]
    for name in ("footnotes.xml", "endnotes.xml"):
        part = posixpath.join(folder, name)
        if part in archive:
            notes = _DocumentWalker(limits.text_chars)
            walk(archive, part, notes)
            blocks.append(notes.flow.text())
            walker.add_counts(notes)
    text = "\n".join(block for block in blocks if block)
    notes_found = walker.notes()
    if not text.strip():
        notes_found.append(Note("no_text"))
    return Reading(text=text, notes=tuple(notes_found))


def _main_part(archive: Archive) -> str:
    """Return the entry that the package names as its document."""
    if "_rels/.rels" in archive:
        finder = _MainPartFinder()
        walk(archive, "_rels/.rels", finder)
        if finder.target in archive:
            return finder.target
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise RefusalError("unsupported", kind="ZIP")


def _numbering(archive: Archive, folder: str) -> Numbering:
    part = posixpath.join(folder, "numbering.xml")
    walker = NumberingWalker()
    if part in archive:
        try:
            walk(archive, part, walker)
        except RefusalError as refusal:
            if refusal.code != "damaged_file":
                raise
            return Numbering()  # the text is worth more than its numbers
    return walker.numbering


class _MainPartFinder:
    def __init__(self) -> None:
        self.target = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.endswith("}Relationship") and attributes.get("Type", "").endswith(_OFFICE_DOCUMENT):
            self.target = attributes.get("Target", "").lstrip("/")

    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def _is_skipped(space: str, name: str) -> bool:
    """Tell whether an element repeats the text for old versions, or holds former properties."""
    return (space == _COMPATIBILITY and name == "Fallback") or name.endswith("PrChange")


def _is_on(attributes: Mapping[str, str]) -> bool:
    value = next((value for key, value in attributes.items() if key.endswith("}val")), "true")
    return value not in {"0", "false", "off"}


def _value(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith("}val")), "")


@dataclass(slots=True)
class _ListProperties:
    """What a paragraph says of its place in a list."""

    style: str = ""
    number: str | None = None
    level: int | None = None


class _DocumentWalker:
    """Follows the elements of a document part and feeds the words to a `TextFlow`."""

    def __init__(self, limit: int, numbering: Numbering | None = None) -> None:
        self.flow = TextFlow(limit)
        self._numbering = numbering or Numbering()
        self._lists = [_ListProperties()]
        self.deletions = 0
        self.insertions = 0
        self.hidden = 0
        self.excerpts: list[str] = []
        self._path: list[str] = []
        self._gone = 0  # depth of deleted or moved-away ancestors
        self._skipped = 0  # depth of ancestors that repeat text or hold former properties
        self._run_hidden = False
        self._takes = False
        self._keeps_space = False
        self._deleted: list[str] = []
        self._mark_deleted = [False]
        self._row_deleted = [False]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        space, _, name = tag[1:].rpartition("}")
        if _is_skipped(space, name):
            self._skipped += 1
        self._path.append(name)
        if self._skipped or (space not in _WORD and space != _MATH):
            return
        match name:
            case "t" | "delText":
                self._takes = True
                self._keeps_space = attributes.get(_SPACE) == "preserve"
            case "p":
                self._mark_deleted.append(False)
                self._lists.append(_ListProperties())
            case "pStyle" if self._parent() == "pPr":
                self._lists[-1].style = _value(attributes)
            case "numId" if self._parent() == "numPr" and self._path[-3:-2] == ["pPr"]:
                self._lists[-1].number = _value(attributes)
            case "ilvl" if self._parent() == "numPr" and self._path[-3:-2] == ["pPr"]:
                level = _value(attributes)
                self._lists[-1].level = int(level) if level in "012345678" and level else None
            case "r":
                self._run_hidden = False
            case "tab" if self._parent() == "r":
                self._character("\t")
            case "br" | "cr":
                self._character("\n")
            case "noBreakHyphen":
                self._character("-")
            case "vanish" if self._parent() == "rPr" and self._path[-3:-2] == ["r"]:
                self._run_hidden = _is_on(attributes)
            case "tc":
                self.flow.open_cell()
            case "tr":
                self._row_deleted.append(False)
            case "txbxContent":
                self.flow.open_box()
            case "del" | "ins" | "moveFrom" | "moveTo":
                self._change(name)

    def _parent(self) -> str:
        return self._path[-2] if len(self._path) > 1 else ""

    def _change(self, name: str) -> None:
        """Note a tracked change: around runs, on a paragraph's mark, or on a table row."""
        parent = self._parent()
        gone = name in {"del", "moveFrom"}
        if parent == "rPr":
            if gone and self._path[-3:-2] == ["pPr"]:
                self._mark_deleted[-1] = True
        elif parent == "trPr":
            if gone:
                self._row_deleted[-1] = True
            else:
                self.insertions += 1
        elif gone:
            self._gone += 1
        elif name == "ins":
            self.insertions += 1

    def _character(self, character: str) -> None:
        if self._gone:
            self._deleted.append(" ")
        elif not self._run_hidden:
            self.flow.add(character)

    def data(self, text: str) -> None:
        if not self._takes:
            return
        if not self._keeps_space and text != " ":
            # Word drops the white space at the ends of a text unless told to preserve it, but other
            # programs forget to say so: one space stays, the line breaks of a pretty-printer go.
            text = " ".join(text.split("\n")) if "\n" in text else text
        if self._gone:
            self._deleted.append(text)
        elif self._run_hidden:
            self.hidden += 1
        else:
            self.flow.add(text)

    def end(self, tag: str) -> None:
        space, _, name = tag[1:].rpartition("}")
        parent = self._parent()
        self._path.pop()
        if _is_skipped(space, name):
            self._skipped -= 1
            return
        if self._skipped or (space not in _WORD and space != _MATH):
            return
        match name:
            case "t" | "delText":
                self._takes = False
            case "r":
                self._run_hidden = False
            case "p":
                found = self._lists.pop()
                if self._mark_deleted.pop():
                    self._count_deletion("¶")
                else:
                    label = self._numbering.label(found.style, found.number, found.level)
                    self.flow.end_paragraph(label)
            case "tc":
                self.flow.close_cell()
            case "tr":
                dropped = self._row_deleted.pop()
                text = self.flow.close_row(dropped=dropped)
                if dropped:
                    self._count_deletion(text)
            case "txbxContent":
                self.flow.close_box()
            case "del" | "moveFrom" if parent not in {"rPr", "trPr"}:
                self._gone -= 1
                if not self._gone:
                    self._count_deletion("".join(self._deleted))
                    self._deleted = []

    def _count_deletion(self, text: str) -> None:
        text = " ".join(text.split())
        if not text:
            return
        self.deletions += 1
        if len(self.excerpts) < 3 and text != "¶":
            self.excerpts.append(text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…")

    def close(self) -> None: ...

    def add_counts(self, other: _DocumentWalker) -> None:
        self.deletions += other.deletions
        self.insertions += other.insertions
        self.hidden += other.hidden
        self.excerpts = (self.excerpts + other.excerpts)[:3]

    def notes(self) -> list[Note]:
        found = []
        if self.deletions:
            found.append(
                Note("tracked_deletions", {"count": self.deletions, "excerpts": self.excerpts})
            )
        if self.insertions:
            found.append(Note("tracked_insertions", {"count": self.insertions}))
        if self.hidden:
            found.append(Note("hidden_text", {"count": self.hidden}))
        return found
