"""What safety and layout cost: a document through the child, against the bare pypdfium2 call.

    python bench/reading_extraction.py [FILE.pdf]

Prints ratios of times taken within this run, on one machine, in turns; the absolute times say less.
Without a file, and without the shared corpus, a two-page PDF is made on the spot.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types

from tracker.reading.formats.base import Ocr
from tracker.reading.text import DocumentReader

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 200
TARGET = 2.0
CORPUS_FILE = "corpus/files/entente-port-gueret.pdf"


def bare(path: Path) -> int:
    """Return how many characters pypdfium2 finds: open, each page's text, close."""
    document = pdfium.PdfDocument(path.read_bytes())
    count = 0
    for index in range(len(document)):
        page = document[index]
        text = page.get_textpage()
        count += len(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return count


def timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def start_and_first(path: Path) -> float:
    """Return the time of a reader that reads one file and ends: the start of the child counts."""
    with DocumentReader(ocr=Ocr(missing="program")) as reader:
        return timed(lambda: reader.extract(path))


def compare(path: Path) -> float:
    """Print the measures for one PDF; return the ratio of the best times."""
    first = median([start_and_first(path) for _ in range(5)])
    with DocumentReader(ocr=Ocr(missing="program")) as reader:
        reader.extract(path)
        bare(path)
        pairs = [
            (timed(lambda: bare(path)), timed(lambda: reader.extract(path))) for _ in range(ROUNDS)
        ]
        throughput = timed(lambda: [reader.extract(path) for _ in range(ROUNDS)])
    bares, warm = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    ratio, best = warm / bares, min(p[1] for p in pairs) / min(p[0] for p in pairs)
    print(f"{path.name}")
    print(f"  bare pypdfium2 text call          {bares * 1e3:7.2f} ms")
    print(f"  warm DocumentReader               {warm * 1e3:7.2f} ms")
    print(f"  ratio of medians                  {ratio:7.2f}")
    print(f"  ratio of the best                 {best:7.2f}   (target: at most {TARGET})")
    print(f"  first file, child's start in it   {first * 1e3:7.2f} ms")
    print(f"  files a second through one child  {ROUNDS / throughput:7.0f}")
    return best  # another program's work falls on two processes twice as often as on one


def two_pages() -> bytes:
    """Return a two-page PDF of text lines, written by hand."""
    line = b"(La convention est conclue pour trois ans a compter de sa notification) Tj T*"
    content = b"BT /F1 10 Tf 12 TL 60 780 Td " + b" ".join([line] * 45) + b" ET"
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R"
        b"/Resources<</Font<</F1 6 0 R>>>>>>"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        page,
        page,
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, len(body))
    )


def main() -> int:
    shared = Path(os.environ.get("CONVENTIONS_SHARED", "../shared"))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "two-pages.pdf")
        made.write_bytes(two_pages())
        paths = [Path(name) for name in sys.argv[1:]]
        if not paths:
            paths = [path for path in (shared / CORPUS_FILE, made) if path.exists()]
        ratios = [compare(path) for path in paths]
    return 0 if max(ratios) <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
