"""PDF by pypdfium2: its text and where it stands, and the pages that only OCR can read.

The raw interface is used where the comfortable one would cost more than the reading itself.
"""

from __future__ import annotations

import ctypes
import re
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tracker.reading.formats import ocr as ocr_program
from tracker.reading.formats.base import Limits, Note, Ocr, Reading, RefusalError
from tracker.reading.formats.layout import Line, PageLines, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
            notes += _recognise(document, pages, blank, limits, ocr, progress)
    finally:
        document.close()
    if _TRAILER not in data[-2048:]:
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
            pages.append(PageLines(1.0, []))
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
        text = textpage.get_text_range()
        width, height = page.get_size()
        rotation = page.get_rotation()
        if len(text) != textpage.count_chars():
            # Characters outside the basic plane: places cannot be told, the lines still can.
            lines = _lines_without_places(text)
            return text, PageLines(float(max(len(lines), 1) * 12), lines)
        turn = _turned(rotation, width, height)
        lines = list(_lines(textpage.raw, text, turn))
        return text, PageLines(height, lines)
    finally:
        textpage.close()


def _lines_without_places(text: str) -> list[Line]:
    found = (match for match in _PRINTED_LINE.finditer(text) if match[0].strip())
    return [
        Line(_with_hyphen(text, match), 0.0, 0.0, 12.0 * number, 10.0, _is_marked(text, match))
        for number, match in enumerate(found, 1)
    ]


def _is_marked(text: str, match: re.Match[str]) -> bool:
    return text[match.end() : match.end() + 1] in ("\ufffe", "\x02")


def _with_hyphen(text: str, match: re.Match[str]) -> str:
    return match[0] + "-" if _is_marked(text, match) else match[0]


_Turn = "Callable[[float, float, float, float], tuple[float, float, float, float]]"


def _turned(
    rotation: int, width: float, height: float
) -> Callable[[float, float], tuple[float, float]]:
    """Return the way from PDF space to what the reader sees: y downwards, the page upright."""
    if rotation == 90:
        return lambda x, y: (y, x)
    if rotation == 180:
        return lambda x, y: (width - x, y)
    if rotation == 270:
        return lambda x, y: (width - y, height - x)
    return lambda x, y: (x, height - y)


def _lines(
    textpage: pdfium_c.FPDF_TEXTPAGE, text: str, turn: Callable[[float, float], tuple[float, float]]
) -> Iterator[Line]:
    """Yield the printed lines, cut at wide gaps.

    PDFium gives a box for each run of text: some calls a line instead of some for each character.
    """
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    a_left, a_top, a_right, a_bottom = map(ctypes.byref, (left, top, right, bottom))
    count_rects, get_rect = pdfium_c.FPDFText_CountRects, pdfium_c.FPDFText_GetRect
    get_origin, get_size = pdfium_c.FPDFText_GetCharOrigin, pdfium_c.FPDFText_GetFontSize
    for match in _PRINTED_LINE.finditer(text):
        start, end = match.span()
        piece = match[0]
        if not piece.strip():
            continue
        boxes = []
        for number in range(count_rects(textpage, start, end - start)):
            get_rect(textpage, number, a_left, a_top, a_right, a_bottom)
            x0, y0 = turn(left.value, bottom.value)
            x1, y1 = turn(right.value, top.value)
            boxes.append((min(x0, x1), max(x0, x1), abs(y1 - y0)))
        get_origin(textpage, start, a_left, a_top)
        _, y = turn(left.value, top.value)
        tallest = max((box[2] for box in boxes), default=10.0) or 10.0
        size = get_size(textpage, start)
        if not 0.5 * tallest <= size <= 3 * tallest:  # a font scaled by the page's own matrix
            size = tallest
        marked = _is_marked(text, match)
        if (
            not marked
            and piece.endswith(" -")
            and pdfium_c.FPDFText_IsGenerated(textpage, end - 2) == 1
        ):
            piece, marked = piece[:-2] + "-", True  # a kerned hyphen, taken for a word of its own
        elif marked:
            piece += "-"
        yield from _cut_at_gaps(textpage, start, piece, boxes, (y, size, marked), turn)


def _cut_at_gaps(
    textpage: pdfium_c.FPDF_TEXTPAGE,
    start: int,
    piece: str,
    boxes: list[tuple[float, float, float]],
    rest: tuple[float, float, bool],
    turn: Callable[[float, float], tuple[float, float]],
) -> Iterator[Line]:
    y, size, marked = rest
    if not boxes:
        yield Line(piece, 0.0, 0.0, y, size, marked)
        return
    done, left, right = 0, boxes[0][0], boxes[0][1]
    for next_left, next_right, _ in boxes[1:]:
        if next_left - right > size:
            at = _first_char_from(textpage, start, done, len(piece), next_left, turn)
            if piece[done:at].strip() and piece[at:].strip():
                yield Line(piece[done:at], left, right, y, size)
                done, left = at, next_left
        right = max(right, next_right)
    yield Line(piece[done:], left, right, y, size, marked)


def _first_char_from(
    textpage: pdfium_c.FPDF_TEXTPAGE,
    start: int,
    low: int,
    high: int,
    edge: float,
    turn: Callable[[float, float], tuple[float, float]],
) -> int:
    """Return the first character of the line that stands at `edge` or right of it."""
    x, y = ctypes.c_double(), ctypes.c_double()
    while low < high:
        middle = (low + high) // 2
        pdfium_c.FPDFText_GetCharOrigin(textpage, start + middle, ctypes.byref(x), ctypes.byref(y))
        if turn(x.value, y.value)[0] < edge - 1.5:
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
    return area > _LARGE_IMAGE * width * height


def _recognise(
    document: pdfium.PdfDocument,
    pages: list[PageLines],
    blank: list[int],
    limits: Limits,
    ocr: Ocr,
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
