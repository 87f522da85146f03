"""From lines with their place on the page to paragraphs and table rows.

A PDF and an OCR program both give lines and boxes, not paragraphs. Distances are in points, `y` grows
downwards. The rules, in order:

- lines that come back at the same height on the pages (running heads), and page numbers, go;
- pieces on one height, with a wide gap between, are the cells of a row, joined by tabs; a cell that
  takes several lines is gathered from them;
- a line goes on in the next one when that one's first word would not have fitted at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tracker.reading.formats.cleaning import Vocabulary, is_cut, keeps_hyphen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Line(NamedTuple):
    """A piece of one printed line: what a wide gap does not interrupt. `y` is its baseline.

    The text comes cleaned (`cleaning.clean`) and without spaces at its ends.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    cut: bool = False  # the renderer itself says that the last word goes on


class PageLines(NamedTuple):
    """The lines of a page in reading order."""

    width: float
    height: float
    lines: list[Line]


@dataclass(slots=True)
class _Cell:
    left: float
    lines: list[Line]


_Row = list[_Cell]


def compose(pages: list[PageLines]) -> tuple[str, tuple[int, ...], int]:
    """Return the text of the pages, where each begins, and how many lines were set aside."""
    kept, set_aside = set_running_lines_aside(pages)
    words = Vocabulary([line.text for page in kept for line in page.lines])
    writer = _Writer(words)
    rows = [_rows(page.lines) for page in kept]
    usual = _reaches(line for page_rows in rows for line in _flowing(page_rows))
    for page, page_rows in zip(kept, rows, strict=True):
        writer.write_page(page_rows, _Block(page_rows, page.width, usual))
    return "".join(writer.pieces), tuple(writer.page_starts), set_aside


# --- Running heads and page numbers --------------------------------------------------------

_ZONE = 0.14  # of the height of the page, above and below
_EDGE_LINES = 6  # at most so many there: a letterhead, not the body
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"\W*(?:pages?|p\.?|folio|f°)?\s*(\d{1,4})\s*(?:(?:/|sur|of|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_HEADING = re.compile(r"\W*(?:art(?:icle|\b)|chapitre|titre|annexe|section|§)", re.IGNORECASE)


def set_running_lines_aside(pages: list[PageLines]) -> tuple[list[PageLines], int]:
    """Return the pages without running heads, running feet and page numbers; and their count."""
    if len(pages) > 1 and len({tuple(line.text for line in page.lines) for page in pages}) == 1:
        return pages, 0  # copies of one page: what comes back on each is all there is
    seen: dict[tuple[str, bool], list[tuple[int, int, Line]]] = {}
    for number, page in enumerate(pages):
        for index, top in _edges(page):
            line = page.lines[index]
            key = (_NUMBER.sub("#", line.text.lower()).strip(), top)
            seen.setdefault(key, []).append((number, index, line))
    aside: set[tuple[int, int]] = set()
    for places in seen.values():
        if _runs(places, len(pages)):
            aside.update((number, index) for number, index, _ in places)
    for number, page in enumerate(pages):
        aside.update((number, index) for index in _lone_number(page, number + 1))
    if not aside or len(aside) == sum(len(page.lines) for page in pages):
        return pages, 0
    kept = [
        page._replace(
            lines=[line for index, line in enumerate(page.lines) if (number, index) not in aside]
        )
        for number, page in enumerate(pages)
    ]
    return kept, len(aside)


def _edges(page: PageLines) -> list[tuple[int, bool]]:
    """Return the lines of the upper and lower margins: (index, at the top?)."""
    upper, lower = page.height * _ZONE, page.height * (1 - _ZONE)
    heads = [(line.y, index) for index, line in enumerate(page.lines) if line.y < upper]
    feet = [(-line.y, index) for index, line in enumerate(page.lines) if line.y > lower]
    return [(index, True) for _, index in sorted(heads)[:_EDGE_LINES]] + [
        (index, False) for _, index in sorted(feet)[:_EDGE_LINES]
    ]


def _runs(places: list[tuple[int, int, Line]], pages: int) -> bool:
    """Tell whether lines alike but for their numbers are a running head or foot.

    They stand on several pages, once on each, at one height; where their numbers differ, one number
    must go up with the pages. « Article 1 » and « Article 2 » at the top of two pages do so too, and
    are headings all the same.
    """
    if len(places) < 2 or len(places) < 0.4 * pages:
        return False
    if len({number for number, _, _ in places}) < len(places):
        return False
    heights = sorted(line.y for _, _, line in places)
    if heights[-1] - heights[0] > max(4.0, 0.5 * places[0][2].size):
        return False
    if len({line.text for _, _, line in places}) == 1:
        return True
    if _HEADING.match(places[0][2].text):
        return False
    columns = zip(*(map(int, _NUMBER.findall(line.text)) for _, _, line in places), strict=True)
    steps = [
        len({value - number for value, (number, _, _) in zip(column, places, strict=True)}) == 1
        for column in columns
        if len(set(column)) > 1
    ]
    return bool(steps) and all(steps)


def _lone_number(page: PageLines, number: int) -> list[int]:
    """Return the last (or first) line of the page where it is but this page's number."""
    if len(page.lines) < 2:
        return []
    by_height = sorted(range(len(page.lines)), key=lambda index: page.lines[index].y)
    found = []
    for index, in_zone in (
        (by_height[-1], page.lines[by_height[-1]].y > page.height * 0.9),
        (by_height[0], page.lines[by_height[0]].y < page.height * 0.1),
    ):
        match = _PAGE_NUMBER.fullmatch(page.lines[index].text)
        if in_zone and match and int(match[1]) == number:
            found.append(index)
    return found


# --- Rows ------------------------------------------------------------------------------------

_CELL_LINES = 8  # a taller "cell" is a column of the page


def _rows(lines: list[Line]) -> list[_Row]:
    """Gather the lines of a page into rows; a row of one cell is an ordinary line."""
    rows: list[_Row] = []
    for line in lines:
        row = rows[-1] if rows else None
        if row is not None and _goes_beside(line, row[-1]):
            row.append(_Cell(line.left, [line]))
        elif row is not None and _rises_beside(line, row[-1]):
            _gather_cell(rows, line)
            rows[-1].append(_Cell(line.left, [line]))
        elif row is not None and len(row) > 1 and _goes_on_below(line, row):
            row[-1].lines.append(line)
        else:
            rows.append([_Cell(line.left, [line])])
    return rows


def _goes_beside(line: Line, cell: _Cell) -> bool:
    last = cell.lines[-1]
    return line.left > last.right and abs(line.y - last.y) < 0.4 * line.size


def _rises_beside(line: Line, cell: _Cell) -> bool:
    """Tell whether `line` begins the cell to the right of one that took several lines."""
    last = cell.lines[-1]
    return line.left > last.left + line.size and line.y < last.y - 0.4 * line.size


def _goes_on_below(line: Line, row: _Row) -> bool:
    last = row[-1].lines[-1]
    return abs(line.left - row[-1].left) < line.size and 0 < line.y - last.y < 1.8 * line.size


def _gather_cell(rows: list[_Row], line: Line) -> None:
    """Make one cell of the lines that stand beside `line` or below it, at the end of `rows`."""
    first = len(rows) - 1
    if len(rows[first]) > 1:
        return
    left = rows[first][0].left
    while first > 0 and len(rows[first - 1]) == 1:
        above = rows[first - 1][0]
        if abs(above.left - left) > line.size or above.lines[-1].y < line.y - 0.6 * line.size:
            break
        first -= 1
    if len(rows) - first > _CELL_LINES:
        rows.append([])
        return
    lines = [piece for row in rows[first:] for piece in row[0].lines]
    rows[first:] = [[_Cell(left, lines)]]


# --- Paragraphs ------------------------------------------------------------------------------

_MARKER = re.compile(
    r"(?:[-–—•▪■●◦○➢➔→✓✔*·o]|\(?\d{1,2}(?:\.\d{1,2})*\s?[.)°]|\d{1,2}(?:\.\d{1,2})+\.?|[a-zA-Z][.)]"
    r"|[IVX]{1,5}\s?[.)])"
)
_BEGINS = re.compile(
    r"[-–—•▪■●◦○➢✓✔*]\s|\d{1,2}(?:\.\d{1,2})*\s?[.)]\s|\d{1,2}(?:\.\d{1,2})+\s|[a-z]\)\s|[IVX]+\s?[.)–-]\s"
    r"|(?:article|art\.|annexe|chapitre|titre|préambule)\s|(?:vu|considérant)\s",
    re.IGNORECASE,
)
_SENTENCE_END = (".", ";", ":", "!", "?", "»")


class _Writer:
    """Writes rows one after the other, deciding at each whether it goes on with the paragraph.

    What is written is a list of pieces, so that a paragraph of a thousand pages costs no more than
    as many short ones.
    """

    def __init__(self, words: Vocabulary) -> None:
        self.words = words
        self.pieces: list[str] = []
        self.length = 0
        self.page_starts: list[int] = []
        self.open: _Open | None = None

    def write_page(self, rows: list[_Row], block: _Block) -> None:
        new_page = True
        for row in rows:
            if not row:
                continue
            first, last = row[0].lines[0], row[-1].lines[-1]
            text = self._row_text(row)
            begins = text
            before = self.open
            if before is not None and is_cut(before.ends, text, sure=before.line.cut):
                begins = before.begins
                self._go_on_in_the_word(text)
            elif before is not None and self._goes_on(before, first, text, new_page=new_page):
                begins = before.begins
                self._write(" ")
            elif self.pieces:
                self._write("\n")
            if new_page:
                self.page_starts.append(self.length)
                new_page = False
            self._write(text)
            self.open = _Open(begins, text, last, block) if len(row) <= 2 else None
        if new_page:
            self.page_starts.append(self.length)

    def _write(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)

    def _go_on_in_the_word(self, text: str) -> None:
        """Make the last piece ready for `text`, the rest of its last word, to follow."""
        before = self.pieces[-1]
        if not keeps_hyphen(before[:-1], text, self.words):
            self.pieces[-1] = before[:-1]
            self.length -= 1

    def _row_text(self, row: _Row) -> str:
        if len(row) == 1 and len(row[0].lines) == 1:
            return row[0].lines[0].text
        cells = []
        for cell in row:
            text = cell.lines[0].text
            for above, line in pairwise(cell.lines):
                text = glue(text, line.text, self.words, sure=above.cut)
            cells.append(text)
        if len(cells) == 2 and _MARKER.fullmatch(cells[0]):
            return " ".join(cells)
        return "\t".join(cells)

    @staticmethod
    def _goes_on(paragraph: _Open, first: Line, text: str, *, new_page: bool) -> bool:
        """Tell whether the line `first` goes on with the paragraph before it."""
        begins, before, last, block = paragraph
        if "\t" in text or "\t" in before or _BEGINS.match(text):
            return False
        if before.endswith((":", ";")) and not text[:1].islower():
            return False
        if new_page:
            if before.endswith(_SENTENCE_END) and not text[:1].islower():
                return False
        elif not 0 < first.y - last.y <= 1.3 * block.pitch or not _alike(first.size, last.size):
            return False
        word = _first_word_width(first)
        if block.is_centred(last) and abs(first.left - last.left) > 2 and not _BEGINS.match(begins):
            return word > block.room_around(last)
        room = block.room_after(last)
        if text[:1].islower() and not before.endswith(_SENTENCE_END):
            # A sentence in course: a line mostly filled goes on, though the word seems to fit
            # (words were measured by the average letter, or the text was wrapped by hand).
            return word > room or room < 0.4 * (last.right - last.left)
        return word > room


class _Open(NamedTuple):
    """A paragraph that may go on: its first and last lines' text, its last line, its page."""

    begins: str
    ends: str
    line: Line
    block: _Block


def glue(before: str, after: str, words: Vocabulary, *, sure: bool = False) -> str:
    """Join two lines of one paragraph, with a space or as the pieces of a cut word."""
    if not is_cut(before, after, sure=sure):
        return f"{before} {after}"
    return (before if keeps_hyphen(before[:-1], after, words) else before[:-1]) + after


def _flowing(rows: list[_Row]) -> Iterator[Line]:
    """Yield the lines that are, or end, running text: not those of a table."""
    for row in rows:
        if 0 < len(row) <= 2:
            yield from row[-1].lines


_PLACE = 24.0  # lines that begin within so many points of each other share their margins
_FULL_LINES = 3  # so many lines that reach about as far make a margin


def _reaches(lines: Iterable[Line]) -> dict[int, float]:
    """Return the right margin of the lines that begin in each place, where there is one.

    A line alone, or a few short ones (a title page, signatures), show no margin.
    """
    rights: dict[int, list[float]] = {}
    for line in lines:
        rights.setdefault(int(line.left // _PLACE), []).append(line.right)
    reaches = {}
    for place, here in rights.items():
        near = here + rights.get(place - 1, []) + rights.get(place + 1, [])
        reach = max(near)
        if sum(right > reach - 2 * _PLACE for right in near) >= _FULL_LINES:
            reaches[place] = reach
    return reaches


class _Block:
    """What is usual on a page: where its lines begin and end, and how far apart they are."""

    def __init__(self, rows: list[_Row], width: float, usual: dict[int, float]) -> None:
        lines = list(_flowing(rows))
        self._reach = usual | _reaches(lines)
        count: dict[int, int] = {}
        for line in lines:
            place = int(line.left // _PLACE)
            count[place] = count.get(place, 0) + 1
        common = max(count, key=lambda place: (count[place], -place), default=0)
        self._left = min((line.left for line in lines if line.left >= common * _PLACE), default=0.0)
        self._right = self._reach.get(common, width - self._left)
        self.pitch = _pitch(rows)

    def room_after(self, line: Line) -> float:
        """Return how wide a word still fits between `line` and the right margin."""
        return self._reach.get(int(line.left // _PLACE), self._right) - line.right

    def is_centred(self, line: Line) -> bool:
        middle = (line.left + line.right) / 2
        indented = line.left - self._left > 2 * line.size
        return indented and abs(middle - (self._left + self._right) / 2) < line.size

    def room_around(self, line: Line) -> float:
        """Return how wide a word still fits on a centred `line`."""
        return (line.left - self._left) + (self._right - line.right)


def _pitch(rows: list[_Row]) -> float:
    """Return the usual distance from one line to the next on this page."""
    heights = [line.y for row in rows if len(row) == 1 for line in row[0].lines]
    steps = sorted(below - above for above, below in pairwise(heights) if below > above)
    return steps[len(steps) // 3] if steps else 0.0


def _alike(size: float, other: float) -> bool:
    return abs(size - other) <= 0.15 * max(size, other)


def _first_word_width(line: Line) -> float:
    text = line.text
    word = text.split(" ", 1)[0]
    return (line.right - line.left) * (len(word) + 0.5) / max(len(text), 1)
