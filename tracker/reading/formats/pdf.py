"""PDF by pypdfium2: its text and where it stands, and the pages that only OCR can read.

The raw interface is used where the comfortable one would cost more than the reading itself.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # it ships no types
import pypdfium2.raw as pdfium_c  # it ships no types

from tracker.reading.formats import ocr as ocr_program
from tracker.reading.formats.base import Limits, Note, Ocr, Reading, RefusalError
from tracker.reading.formats.cleaning import clean, is_unclean, plain_spaces
from tracker.reading.formats.layout import Line, PageLines, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRINTED_LINE = re.compile("[^\r\n\ufffe\x02]+")
_HYPHEN_MARKS = "\ufffe\x02"  # how pypdfium2 and PDFium show a hyphen at a line end
_NONSENSE = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_FEW_CHARS = 400  # a scan often carries a stamp as text (« Reçu en préfecture le … »)
_LARGE_IMAGE = 0.5  # share of the page
_TRAILER = b"%%EOF"


def read_pdf(
    data: bytes, limits: Limits, ocr: Ocr, progress: Callable[[], None] = lambda: None
) -> Reading:
    """Return the text of a PDF; `progress` is called before each page given to OCR."""
    document = _open(data)
    try:
        pages, notes, blank = _read_pages(document, limits)
        if blank:
            notes += _recognise(document, pages, blank, limits, ocr, progress=progress)
    finally:
        document.close()
    if _TRAILER not in data[-4096:]:
        notes.append(Note("damaged"))
    text, starts, set_aside = compose(pages)
    if not text.strip() and not notes:
        notes.append(Note("no_text"))
    return Reading(text=text, page_starts=starts, notes=tuple(notes), set_aside=set_aside)


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise RefusalError("encrypted") from None
        raise RefusalError("damaged_file", kind="PDF") from None


def _read_pages(
    document: pdfium.PdfDocument, limits: Limits
) -> tuple[list[PageLines], list[Note], list[int]]:
    """Return the lines of each page, notes, and the indexes of the pages that need OCR."""
    count = len(document)
    if count == 0:
        raise RefusalError("no_pages")
    if count > limits.pages:
        raise RefusalError("too_many_pages", pages=count, limit=limits.pages)
    pages: list[PageLines] = []
    unreadable: list[int] = []
    blank: list[int] = []
    total = 0
    for index in range(count):
        page = _load(document, index)
        if page is None:
            unreadable.append(index + 1)
            pages.append(PageLines(1.0, 1.0, []))
            continue
        text, found = _page_lines(page)
        total += len(text)
        if total > limits.text_chars:
            raise RefusalError("too_much_text", limit=limits.text_chars)
        if _needs_ocr(page, text):
            blank.append(index)
        pages.append(found)
        page.close()
    if len(unreadable) == count:
        raise RefusalError("damaged_file", kind="PDF")
    notes = [Note("pages_unreadable", {"pages": unreadable})] if unreadable else []
    return pages, notes, blank


def _load(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage | None:
    try:
        return document[index]
    except pdfium.PdfiumError:
        return None


def _page_lines(page: pdfium.PdfPage) -> tuple[str, PageLines]:
    textpage = page.get_textpage()
    try:
        text = plain_spaces(textpage.get_text_range())
        width, height, turn = _sheet(page)
        if len(text) != textpage.count_chars():
            # Characters outside the basic plane: places cannot be told, the lines still can.
            lines = list(_lines_without_places(text))
            return text, PageLines(width, 12.0 * (len(lines) + 1), lines)
        lines = list(_LineFinder(textpage.raw, text, turn).lines())
        return text, PageLines(width, height, lines)
    finally:
        textpage.close()


def _lines_without_places(text: str) -> Iterator[Line]:
    for number, match in enumerate(_PRINTED_LINE.finditer(text), 1):
        marked = text[match.end() : match.end() + 1] in _HYPHEN_MARKS
        piece = clean(match[0]).strip()
        if piece:
            yield Line(piece + "-" * marked, 0.0, 0.0, 12.0 * number, 10.0, marked)


_Turn = Callable[[float, float], tuple[float, float]]


def _sheet(page: pdfium.PdfPage) -> tuple[float, float, _Turn]:
    """Return the size of the page as the reader holds it, and the way to it from PDF space.

    Pages may be turned, and need not begin at the origin; `y` then goes downwards.
    """
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box))
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    turns: tuple[_Turn, ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    quarter = pdfium_c.FPDFPage_GetRotation(page.raw) % 4
    width, height = right - left, top - bottom
    return (height, width, turns[quarter]) if quarter % 2 else (width, height, turns[quarter])


_Box = tuple[float, float, float]  # left, right, height


class _LineFinder:
    """Finds the printed lines of a text page, cut at wide gaps.

    PDFium gives a box for each run of text: some calls a line instead of some for each character,
    which would cost more than the rest of the reading.
    """

    def __init__(self, textpage: pdfium_c.FPDF_TEXTPAGE, text: str, turn: _Turn) -> None:
        self._textpage, self._text, self._turn = textpage, text, turn
        self._unclean = is_unclean(text.replace("\r\n", "\n").replace("\ufffe", "\n"))
        self._values = tuple(ctypes.c_double() for _ in range(4))
        self._pointers = tuple(map(ctypes.byref, self._values))

    def lines(self) -> Iterator[Line]:
        text, textpage, turn = self._text, self._textpage, self._turn
        (a_x, a_y, _, _), (x, y, _, _) = self._pointers, self._values
        get_origin, get_size = pdfium_c.FPDFText_GetCharOrigin, pdfium_c.FPDFText_GetFontSize
        for match in _PRINTED_LINE.finditer(text):
            piece = match[0]
            if piece.isspace():
                continue
            start, end = match.span()
            boxes = self._boxes(start, end)
            get_origin(textpage, start, a_x, a_y)
            base = turn(x.value, y.value)[1]
            size = get_size(textpage, start)
            tallest = boxes[0][2] if len(boxes) == 1 else max((b[2] for b in boxes), default=size)
            if not 0.5 * tallest <= size <= 3 * tallest:  # a font scaled by the page's own matrix
                size = tallest or 10.0
            marked = end < len(text) and text[end] in _HYPHEN_MARKS
            if marked:
                piece += "-"
            elif piece.endswith(" -") and pdfium_c.FPDFText_IsGenerated(textpage, end - 2) == 1:
                # A hyphen moved by kerning, which PDFium takes for a word of its own.
                piece, marked = piece[:-2] + "-", True
            if len(boxes) == 1:
                left, right, _ = boxes[0]
                yield Line(self._clean(piece), left, right, base, size, marked)
            else:
                yield from self._cut_at_gaps(
                    start, piece, boxes, Line("", 0, 0, base, size, marked)
                )

    def _boxes(self, start: int, end: int) -> list[_Box]:
        left, top, right, bottom = self._values
        get_rect, textpage, turn = pdfium_c.FPDFText_GetRect, self._textpage, self._turn
        boxes = []
        for number in range(pdfium_c.FPDFText_CountRects(textpage, start, end - start)):
            get_rect(textpage, number, *self._pointers)
            x0, y0 = turn(left.value, bottom.value)
            x1, y1 = turn(right.value, top.value)
            boxes.append((x0, x1, abs(y1 - y0)) if x0 <= x1 else (x1, x0, abs(y1 - y0)))
        return boxes

    def _cut_at_gaps(self, start: int, piece: str, boxes: list[_Box], line: Line) -> Iterator[Line]:
        if not boxes:
            yield line._replace(text=self._clean(piece))
            return
        done, (left, right, _) = 0, boxes[0]
        for next_left, next_right, _ in boxes[1:]:
            if next_left - right > line.size:
                at = self._first_char_from(start, done, len(piece), next_left)
                if piece[done:at].strip() and piece[at:].strip():
                    yield Line(self._clean(piece[done:at]), left, right, line.y, line.size)
                    done, left = at, next_left
            right = max(right, next_right)
        yield Line(self._clean(piece[done:]), left, right, line.y, line.size, line.cut)

    def _clean(self, piece: str) -> str:
        return (clean(piece) if self._unclean else piece).strip()

    def _first_char_from(self, start: int, low: int, high: int, edge: float) -> int:
        """Return the first character of the line that stands at `edge` or right of it."""
        while low < high:
            middle = (low + high) // 2
            pdfium_c.FPDFText_GetCharOrigin(self._textpage, start + middle, *self._pointers[:2])
            if self._turn(self._values[0].value, self._values[1].value)[0] < edge - 1.5:
                low = middle + 1
            else:
                high = middle
        return low


# --- Pages without a text layer ------------------------------------------------------------------


def _needs_ocr(page: pdfium.PdfPage, text: str) -> bool:
    """Tell whether the words of this page stand in an image rather than in its text layer."""
    chars = len("".join(text.split()))
    if chars >= _FEW_CHARS:
        return len(_NONSENSE.findall(text)) > 0.3 * chars
    width, height = page.get_size()
    area = 0.0
    for number, item in enumerate(
        page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    ):
        left, bottom, right, top = item.get_bounds()
        area += max(0.0, right - left) * max(0.0, top - bottom)
        if number > 200 or area > _LARGE_IMAGE * width * height:
            break
    if chars == 0:
        return area > 0
    return bool(area > _LARGE_IMAGE * width * height)


def _recognise(
    document: pdfium.PdfDocument,
    pages: list[PageLines],
    blank: list[int],
    limits: Limits,
    ocr: Ocr,
    *,
    progress: Callable[[], None],
) -> list[Note]:
    """Fill in the pages of images by OCR where it can be had; say which, or why not."""
    numbers = [index + 1 for index in blank]
    if ocr.program is None:
        return [Note("image_only", {"pages": numbers, "missing": ocr.missing or "program"})]
    if len(blank) > limits.ocr_pages:
        return [
            Note("image_only", {"pages": numbers, "missing": "too_many", "limit": limits.ocr_pages})
        ]
    done: list[int] = []
    failed: list[int] = []
    for index in blank:
        progress()
        page = document[index]
        try:
            found = ocr_program.recognise(page, ocr, limits)
        except ocr_program.OcrFailedError:
            failed.append(index + 1)
            continue
        finally:
            page.close()
        if _length(found) > _length(pages[index]):
            pages[index] = found
            done.append(index + 1)
        elif not pages[index].lines:
            failed.append(index + 1)
    notes = [Note("ocr", {"pages": done})] if done else []
    if failed:
        notes.append(Note("image_only", {"pages": failed, "missing": "failed"}))
    return notes


def _length(page: PageLines) -> int:
    return sum(len(line.text) for line in page.lines)
