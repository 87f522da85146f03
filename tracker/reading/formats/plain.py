"""Plain text in the encodings French files come in; an unknown byte is refused, never replaced."""

from __future__ import annotations

import codecs
import re

from tracker.reading.formats.base import Limits, Note, Reading, RefusalError
from tracker.reading.formats.cleaning import clean, join_cut_lines, tidy

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_C1 = re.compile(rb"[\x80-\x9f]")
# Signs of ISO 8859-15: its €, Œ, œ and Ÿ stand where the older sets have ¤, ¼, ½ and ¾.
_LATIN_9 = re.compile(rb"\xa4|(?<![0-9 ])[\xbc-\xbe]")
_MARKUP = re.compile(r"\A\s*<(?:!doctype|\?xml|html|head|body)", re.IGNORECASE)


def read_plain(data: bytes, limits: Limits) -> Reading:
    """Return the text of `data`; form feeds begin new pages."""
    text, encoding = decode(data)
    if _MARKUP.match(text[:200]):
        raise RefusalError("unsupported", kind="HTML/XML")
    if len(text) > limits.text_chars:
        raise RefusalError("too_much_text", limit=limits.text_chars)
    pages = [tidy(join_cut_lines(clean(page))) for page in text.split("\f")]
    starts, offset = [], 0
    for page in pages:
        starts.append(offset)
        offset += len(page) + 1
    body = "\n".join(pages)
    notes = [] if encoding is None else [Note("encoding", {"encoding": encoding})]
    if not body.strip():
        notes.append(Note("no_text"))
    return Reading(
        text=body, page_starts=tuple(starts) if len(starts) > 1 else (), notes=tuple(notes)
    )


def decode(data: bytes) -> tuple[str, str | None]:
    """Return the text and, where it is not a Unicode encoding, the name of the one supposed."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding), None
    if b"\0" in data or len(_CONTROLS.findall(data[:65536])) > 2 + len(data[:65536]) // 200:
        raise RefusalError("binary")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        if not _C1.search(data) and _LATIN_9.search(data):
            return _strictly(data, "iso8859-15"), "ISO 8859-15"
        return _strictly(data, "cp1252"), "Windows-1252"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusalError("encoding_unknown", encoding=encoding, position=error.start) from None
