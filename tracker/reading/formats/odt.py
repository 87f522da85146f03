"""ODT: the paragraphs, headings and tables of `office:text`, without what is tracked as deleted.

OpenDocument keeps deleted text apart, in `text:tracked-changes`; comments stand in the text and are
left out; footnotes follow the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.reading.formats.base import Limits, Note, Reading, RefusalError
from tracker.reading.formats.xmlparts import TextFlow, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.reading.formats.archive import Archive

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE = f"{_NAMES}text:1.0", f"{_NAMES}table:1.0"
_MANIFEST = "META-INF/manifest.xml"
_COUNT = f"{{{_TEXT}}}c"
_MAX_SPACES = 50
_EXCERPT = 80
# Elements whose text is no part of what is printed in the body.
_ASIDE = frozenset(
    {
        "annotation",
        "tracked-changes",
        "note-citation",
        "ruby-text",
        "forms",
        "title",
        "desc",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "script",
        "event-listeners",
        "binary-data",
    }
)


def read_odt(archive: Archive, limits: Limits) -> Reading:
    """Return the text of an ODT archive."""
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise RefusalError("encrypted")
    if "content.xml" not in archive:
        raise RefusalError("damaged_file", kind="ODT")
    walker = _ContentWalker(limits.text_chars)
    walk(archive, "content.xml", walker)
    text = "\n".join(block for block in (walker.flow.text(), walker.footnotes.text()) if block)
    notes = []
    if walker.deletions:
        notes.append(
            Note("tracked_deletions", {"count": walker.deletions, "excerpts": walker.excerpts})
        )
    if walker.insertions:
        notes.append(Note("tracked_insertions", {"count": walker.insertions}))
    if not text.strip():
        notes.append(Note("no_text"))
    return Reading(text=text, notes=tuple(notes))


class _ContentWalker:
    """Follows the elements of `content.xml`."""

    def __init__(self, limit: int) -> None:
        self.flow = TextFlow(limit)
        self.footnotes = TextFlow(limit)
        self.deletions = 0
        self.insertions = 0
        self.excerpts: list[str] = []
        self._body: TextFlow = self.flow
        self._path: list[str] = []
        self._in_text = 0
        self._paragraphs = 0
        self._aside = 0
        self._note = 0
        self._deleted: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._path.append(name)
        if name == "text" and tag.startswith(f"{{{_NAMES}office"):
            self._in_text += 1
        if name in _ASIDE:
            self._aside += 1
        if self._aside:
            self._tracked(name)
            return
        match name:
            case "p" | "h":
                self._paragraphs += 1
            case "s":
                count = attributes.get(_COUNT, "1")
                self._add(" " * (min(int(count[:6]), _MAX_SPACES) if count.isdecimal() else 1))
            case "tab":
                self._add("\t")
            case "line-break":
                self._add("\n")
            case "table-cell":
                self._body.open_cell()
            case "text-box":
                self._body.open_box()
            case "note-body":
                self._note += 1
                self._body = self.footnotes

    def _tracked(self, name: str) -> None:
        if name == "deletion":
            self._deleted = []
        elif name == "insertion":
            self.insertions += 1

    def _add(self, text: str) -> None:
        if self._in_text and self._paragraphs:
            self._body.add(text)

    def data(self, text: str) -> None:
        if self._deleted is not None:
            self._deleted.append(text)
        elif not self._aside:
            # White space of the file itself counts as one space (OpenDocument 1.3, part 3, 6.1.2).
            self._add(
                text
                if text.isspace() is False and "\n" not in text
                else " ".join(f"x{text}x".split())[1:-1]
            )

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self._path.pop()
        if name == "deletion" and self._deleted is not None:
            self._count_deletion(" ".join(" ".join(self._deleted).split()))
            self._deleted = None
        if name == "text" and tag.startswith(f"{{{_NAMES}office"):
            self._in_text -= 1
        if name in _ASIDE:
            self._aside -= 1
            return
        if self._aside:
            return
        match name:
            case "p" | "h":
                self._paragraphs -= 1
                if self._in_text:
                    self._body.end_paragraph()
            case "table-cell":
                self._body.close_cell()
            case "table-row":
                self._body.close_row()
            case "text-box":
                self._body.close_box()
            case "note-body":
                self._note -= 1
                if not self._note:
                    self._body = self.flow

    def _count_deletion(self, text: str) -> None:
        self.deletions += 1
        if text and len(self.excerpts) < 3:
            self.excerpts.append(text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…")

    def close(self) -> None: ...
