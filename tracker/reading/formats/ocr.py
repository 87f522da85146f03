"""Words out of a page image by the `tesseract` program, with their places.

The image goes in and the words come out by pipes: the child may not write a single file.
"""

from __future__ import annotations

import subprocess
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tracker.reading.formats.cleaning import clean
from tracker.reading.formats.layout import Line, PageLines

if TYPE_CHECKING:
    import pypdfium2 as pdfium  # it ships no types

    from tracker.reading.formats.base import Limits, Ocr

_DPI = 200
_MAX_PIXELS = 25_000_000  # an A3 page at 300 dpi is 17 million
_MIN_CONFIDENCE = 20.0
_OUTPUT_BYTES = 4 * 1024 * 1024


class OcrFailedError(Exception):
    """The page could not be recognised: the program failed, or took too long."""


def recognise(page: pdfium.PdfPage, ocr: Ocr, limits: Limits) -> PageLines:
    """Return the lines that `tesseract` finds on the page rendered at 200 dpi."""
    image, scale = render(page)
    return parse_tsv(_run(image, ocr, limits.ocr_seconds), scale)


def render(page: pdfium.PdfPage) -> tuple[bytes, float]:
    """Return the page as a grey PGM image of bounded size, and its pixels per point."""
    width, height = page.get_size()
    scale = _DPI / 72
    pixels = width * height * scale * scale
    if pixels > _MAX_PIXELS:
        scale *= (_MAX_PIXELS / pixels) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        data = bytes(bitmap.buffer)
        rows = (
            data[row * bitmap.stride : row * bitmap.stride + bitmap.width]
            for row in range(bitmap.height)
        )
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(rows), scale
    finally:
        bitmap.close()


def _run(image: bytes, ocr: Ocr, seconds: float) -> str:
    command = [str(ocr.program), "stdin", "stdout", "-l", ocr.language, "--dpi", str(_DPI), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - the program's path was found by the parent
            command,
            input=image,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OcrFailedError from error
    if done.returncode != 0 or len(done.stdout) > _OUTPUT_BYTES:
        raise OcrFailedError
    return done.stdout.decode("utf-8", "strict")


def parse_tsv(table: str, scale: float = 1.0) -> PageLines:
    """Return the lines in tesseract's table of words, `scale` pixels to a point."""
    page_width = page_height = 1.0
    lines: dict[tuple[str, ...], list[_Word]] = {}
    sizes: dict[tuple[str, ...], float] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12:
            continue
        level, key = cells[0], tuple(cells[2:5])
        left, top, width, tall = (int(cell) / scale for cell in cells[6:10])
        if level == "1":
            page_width, page_height = width, tall
        elif level == "4":
            sizes[key] = tall
        elif level == "5" and cells[11].strip(" |_~") and float(cells[10]) >= _MIN_CONFIDENCE:
            word = _Word(clean(cells[11]).strip(), left, left + width, top + tall)
            lines.setdefault(key, []).append(word)
    usual = median(sizes.values()) if sizes else 10.0
    found: list[Line] = []
    for key, words in lines.items():
        # The box of a line depends on its letters: "no" is lower than "Ég". One size for all that
        # are near it, and the feet of most words for the baseline.
        own = sizes.get(key, usual)
        size = usual if 0.6 * usual < own < 1.6 * usual else own
        found += _cut_at_gaps(words, median(word.bottom for word in words), size)
    return PageLines(page_width, page_height, found)


class _Word(NamedTuple):
    text: str
    left: float
    right: float
    bottom: float


def _cut_at_gaps(words: list[_Word], y: float, size: float) -> list[Line]:
    pieces: list[list[_Word]] = [[words[0]]]
    for before, word in pairwise(words):
        if word.left - before.right > 1.5 * size:
            pieces.append([])
        pieces[-1].append(word)
    return [
        Line(" ".join(word.text for word in piece), piece[0].left, piece[-1].right, y, size)
        for piece in pieces
        if len(pieces) == 1 or any(word.text.isalnum() for word in piece)  # else specks of dust
    ]
