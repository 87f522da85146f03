"""Tiny writers of PDF, DOCX and ODT files, honest and hostile, for the tests of the reader."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# --- PDF ----------------------------------------------------------------------------------------

PdfLine = tuple[float, float, str]  # x, y from the bottom, text
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def pdf_objects(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects; the first one is the catalogue."""
    body = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(body)
    )


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


def text_content(lines: Iterable[PdfLine], size: float = 11) -> bytes:
    shown = []
    for x, y, text in lines:
        raw = (
            text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        )
        shown.append(b"BT /F1 %g Tf %g %g Td (%s) Tj ET" % (size, x, y, raw))
    return b"\n".join(shown)


def make_pdf(
    pages: Sequence[Sequence[PdfLine] | bytes],
    *,
    images: dict[int, tuple[int, int, bytes]] | None = None,
    page_extra: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF whose pages are lines of text or raw content; `images` fill the page numbered."""
    images = images or {}
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", FONT]
    kids = []
    for number, page in enumerate(pages):
        content = page if isinstance(page, bytes) else text_content(page)
        resources = b"/Font<</F1 3 0 R>>"
        if number in images:
            width, height, grey = images[number]
            packed = zlib.compress(grey)
            objects.append(
                stream(
                    packed,
                    b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8"
                    b"/ColorSpace/DeviceGray/Filter/FlateDecode" % (width, height),
                )
            )
            resources += b"/XObject<</I 0 0 R>>".replace(b"0 0", b"%d 0" % len(objects))
            content = b"q 595 0 0 842 0 0 cm /I Do Q\n" + content
        objects.append(stream(content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R%s/Resources<<%s>>>>"
            % (len(objects), page_extra, resources)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return pdf_objects(objects, trailer=trailer)


def paragraph(*lines: str, top: float = 780, left: float = 70, pitch: float = 14) -> list[PdfLine]:
    return [(left, top - pitch * number, text) for number, text in enumerate(lines)]


def picture_of(pdf: bytes, dpi: int = 150) -> tuple[int, int, bytes]:
    """Return the first page as a grey image: what a scanner would have made of it."""
    import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types

    document = pdfium.PdfDocument(pdf)
    bitmap = document[0].render(scale=dpi / 72, grayscale=True)
    data, step = bytes(bitmap.buffer), bitmap.stride
    grey = b"".join(data[row * step : row * step + bitmap.width] for row in range(bitmap.height))
    size = bitmap.width, bitmap.height
    bitmap.close()
    document.close()
    return *size, grey


def blank_picture(width: int = 60, height: int = 80) -> tuple[int, int, bytes]:
    return width, height, b"\xff" * (width * height)


# --- ZIP ----------------------------------------------------------------------------------------


def make_zip(entries: Mapping[Any, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return held.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCX_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def w_p(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def make_docx(
    body: str, *, prolog: str = "", method: int = zipfile.ZIP_DEFLATED, **parts: bytes | str
) -> bytes:
    """Return a DOCX with this XML in its body; other parts by name, « word/ » and « .xml » added."""
    entries: dict[str, bytes | str] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document {_DOCX_SPACES}><w:body>{body}</w:body></w:document>',
    }
    for name, given in parts.items():
        data = given
        if isinstance(given, str):
            data = f'<?xml version="1.0"?><w:{name} {_DOCX_SPACES}>{given}</w:{name}>'
        entries[f"word/{name}.xml"] = data
    return make_zip(entries, method=method)


_ODT_SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
        )
    )
    + ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def make_odt(
    body: str,
    *,
    prolog: str = "",
    manifest: str = "<m/>",
    kind: str = "text",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    return make_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": manifest,
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {_ODT_SPACES}>'
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        },
        method=method,
    )


# --- Surroundings ---------------------------------------------------------------------------------


def shared() -> Path:
    """Return the folder of shared documents; skip the test where it is absent."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("CONVENTIONS_SHARED", root.parent / "shared"))
    if not (folder / "corpus" / "files" / "index.json").is_file():
        pytest.skip(f"no shared corpus (CONVENTIONS_SHARED): {folder}")
    return folder


def need_tesseract() -> None:
    """Skip the test where tesseract with French data is absent, unless REQUIRE_TESSERACT=1."""
    program = shutil.which("tesseract")
    listed: Any = program and subprocess.run(
        [program, "--list-langs"], capture_output=True, check=False
    )
    if listed and b"fra" in listed.stdout.split():
        return
    if os.environ.get("REQUIRE_TESSERACT") == "1":
        pytest.fail("REQUIRE_TESSERACT=1, but tesseract with French data is absent")
    pytest.skip("tesseract with French data is absent")
