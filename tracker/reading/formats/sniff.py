"""Which reader a file needs, by its first bytes. The name of the file is never looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.reading.formats.base import Limits, Ocr, Reading, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.reading.formats.archive import Archive

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"%!PS", "PostScript"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_ODT_TYPES = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-template",
)
_PDF_MARK, _PDF_MARK_WITHIN = b"%PDF-", 1024  # as every viewer allows


def read_document(
    data: bytes, limits: Limits, ocr: Ocr, progress: Callable[[], None] = lambda: None
) -> Reading:
    """Return the text of `data`, whatever kind of document it is; raise RefusalError otherwise."""
    if not data:
        raise RefusalError("empty_file")
    if len(data) > limits.file_bytes:
        raise RefusalError("too_large", limit=limits.file_bytes)
    # Each format's libraries are loaded when its first file comes: the child starts at once.
    if _PDF_MARK in data[:_PDF_MARK_WITHIN]:
        from tracker.reading.formats.pdf import read_pdf  # noqa: PLC0415 - start-up time

        return _within(read_pdf(data, limits, ocr, progress), limits)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _within(_read_archive(data, limits), limits)
    if data.startswith(_OLE):
        raise _ole_refusal(data)
    for mark, kind in _OTHERS:
        if data.startswith(mark):
            raise RefusalError("unsupported", kind=kind)
    from tracker.reading.formats.plain import read_plain  # noqa: PLC0415 - start-up time

    return _within(read_plain(data, limits), limits)


def _within(reading: Reading, limits: Limits) -> Reading:
    if len(reading.text) > limits.text_chars:
        raise RefusalError("too_much_text", limit=limits.text_chars)
    return reading


def _read_archive(data: bytes, limits: Limits) -> Reading:
    from tracker.reading.formats.archive import Archive  # noqa: PLC0415 - start-up time
    from tracker.reading.formats.docx import read_docx  # noqa: PLC0415 - start-up time
    from tracker.reading.formats.odt import read_odt  # noqa: PLC0415 - start-up time

    archive = Archive(data, limits)
    kind = _archive_kind(archive)
    if kind == "DOCX":
        archive.refuse_doctypes()
        return read_docx(archive, limits)
    if kind == "ODT":
        archive.refuse_doctypes()
        return read_odt(archive, limits)
    raise RefusalError("unsupported", kind=kind)


def _archive_kind(archive: Archive) -> str:
    if "mimetype" in archive:
        declared = archive.read("mimetype")[:100].decode("ascii", "ignore").strip()
        return "ODT" if declared in _ODT_TYPES else "OpenDocument"
    names = archive.names()
    if any(name.startswith("word/") for name in names):
        return "DOCX"
    if any(name.startswith("xl/") for name in names):
        return "XLSX"
    if any(name.startswith("ppt/") for name in names):
        return "PPTX"
    return "DOCX" if "_rels/.rels" in archive else "ZIP"


def _ole_refusal(data: bytes) -> RefusalError:
    """Tell the formats apart that share the old container of Microsoft Office."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return RefusalError("encrypted")
    if has("WordDocument"):
        return RefusalError("old_office", kind="DOC")
    return RefusalError("old_office", kind="XLS" if has("Workbook") else "OLE")
