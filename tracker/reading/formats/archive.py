"""The ZIP container of DOCX and ODT, opened with suspicion.

Entry names are looked up, never turned into paths. Sizes are checked in the central directory and
again while reading: the directory may lie.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.reading.formats.base import Limits, RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 64 * 1024
_END = b"PK\x05\x06"
_END_FORMAT = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DOCTYPE = b"<!doctype"
_PROLOG = 4096


class Archive:
    """The entries of a checked archive."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._read = 0
        _check_directory_size(data, limits)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            struct.error,
            ValueError,
            EOFError,
        ) as error:
            raise RefusalError("damaged_file", kind="ZIP") from error
        self._entries = _checked_entries(self._zip.infolist(), limits)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def names(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of one entry, stopping at the limits whatever the directory said."""
        size = 0
        try:
            with self._zip.open(self._entries[name]) as entry:
                while chunk := entry.read(_CHUNK):
                    size += len(chunk)
                    self._read += len(chunk)
                    if size > self._limits.entry_bytes or self._read > self._limits.unpacked_bytes:
                        raise RefusalError("archive_too_large", limit=self._limits.entry_bytes)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise RefusalError("damaged_file", kind="ZIP") from error

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))

    def refuse_doctypes(self) -> None:
        """Refuse the document when any XML part begins with a document type declaration.

        No office program writes one; it is how entities (bombs, other files) come in. The parser
        refuses it too, wherever it stands: this covers the parts that are not parsed.
        """
        for name in self._entries:
            if not name.lower().endswith((".xml", ".rels", ".rdf")):
                continue
            start = next(self.chunks(name), b"")[:_PROLOG].replace(b"\0", b"").lower()
            if _DOCTYPE in start:
                raise RefusalError("doctype")


def _check_directory_size(data: bytes, limits: Limits) -> None:
    """Refuse a directory of millions of entries before `zipfile` makes objects of them."""
    at = data.rfind(_END, max(0, len(data) - 65_557))
    if at < 0 or at + _END_FORMAT.size > len(data):
        raise RefusalError("damaged_file", kind="ZIP")
    _, _, _, _, count, size, _, _ = _END_FORMAT.unpack_from(data, at)
    if count > limits.entries or size > limits.entries * 1024:
        raise RefusalError("too_many_entries", limit=limits.entries)


def _checked_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > limits.entries:
        raise RefusalError("too_many_entries", limit=limits.entries)
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise RefusalError("archive_too_large", limit=limits.unpacked_bytes)
    checked: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise RefusalError("encrypted")
        if entry.file_size > limits.entry_bytes:
            raise RefusalError("archive_too_large", limit=limits.entry_bytes)
        if _is_unsafe(entry) or entry.filename in checked or entry.compress_type not in _METHODS:
            raise RefusalError("unsafe_archive")
        checked[entry.filename] = entry
    return checked


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an unpacker would be led outside its folder by this entry."""
    name = entry.orig_filename
    return (
        name.startswith(("/", "\\"))
        or "\\" in name
        or "\0" in name
        or name[1:2] == ":"
        or ".." in PurePosixPath(name).parts
        or stat.S_ISLNK(entry.external_attr >> 16)
    )
