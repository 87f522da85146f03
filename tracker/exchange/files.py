"""Files of records: opening them safely, knowing their format, and writing them.

Only regular files are read, up to `MAX_BYTES`. The format comes from the extension and is checked
against the first bytes. Readers of a format are imported when a file of that format is met.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tracker.domain.conventions import Convention
from tracker.exchange.problems import (
    MAX_PROBLEMS,
    Place,
    Problem,
    Refusal,
    shown_path,
    suggestion,
)
from tracker.exchange.raw import RawFile
from tracker.exchange.record import Draft, read_record, to_record

MAX_BYTES = 50_000_000

PathLike = str | bytes | os.PathLike[str] | os.PathLike[bytes]


class Format(StrEnum):
    """The formats of records."""

    JSON = "json"
    YAML = "yaml"
    CSV = "csv"
    XLSX = "xlsx"


EXTENSIONS = {
    ".json": Format.JSON,
    ".yaml": Format.YAML,
    ".yml": Format.YAML,
    ".csv": Format.CSV,
    ".xlsx": Format.XLSX,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What files held: records in their order, and all that has to be mended before an import."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Where there is any, nothing may be stored."""
    warnings: tuple[Problem, ...] = ()


def read_files(
    paths: Iterable[PathLike], *, sheet: str | None = None, stdin: bytes | None = None
) -> Batch:
    """Read every file; each problem of each record of each file is listed.

    `sheet` names the sheet of a workbook that has several. `-` stands for `stdin`, and is refused
    when there is none. A reference may be given once in a whole import.
    """
    return _batch(_read_file(path, Place(file=shown_path(path)), sheet, stdin) for path in paths)


def read_bytes(content: bytes, form: Format, *, sheet: str | None = None) -> Batch:
    """Read records from memory."""
    return _batch([_read_format(content, form, Place(), sheet)])


def _batch(files: Iterable[RawFile]) -> Batch:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    first_places: dict[str, Place] = {}
    for found in files:
        problems.extend(found.problems)
        warnings.extend(found.warnings)
        for raw in found.records:
            draft = read_record(raw.raw, where=raw.locator, source=raw.source)
            if isinstance(draft, list):
                problems.extend(draft)
            elif draft.reference in first_places:
                problems.append(_same_reference(draft, first_places[draft.reference]))
            else:
                first_places[draft.reference] = draft.locator.place(("reference",))
                drafts.append(draft)
    return Batch(drafts=tuple(drafts), problems=_listed(problems), warnings=tuple(warnings))


def write(conventions: Iterable[Convention], form: Format) -> bytes:
    """Write conventions, sorted by reference: the same conventions give the same bytes.

    Raises ExchangeError when a format cannot hold a value (a cell of more than 32 767 characters).
    """
    records = [
        to_record(convention) for convention in sorted(conventions, key=lambda one: one.reference)
    ]
    return _write_format(records, form)


def write_json(conventions: Iterable[Convention]) -> bytes:
    """Write conventions as JSON."""
    return write(conventions, Format.JSON)


def write_yaml(conventions: Iterable[Convention]) -> bytes:
    """Write conventions as YAML."""
    return write(conventions, Format.YAML)


def write_csv(conventions: Iterable[Convention]) -> bytes:
    """Write conventions as CSV."""
    return write(conventions, Format.CSV)


def write_xlsx(conventions: Iterable[Convention]) -> bytes:
    """Write conventions as a workbook."""
    return write(conventions, Format.XLSX)


# -- formats: a reader is imported when it is used, for the sake of start-up time -----------------


def _read_format(content: bytes, form: Format, place: Place, sheet: str | None) -> RawFile:
    if sheet is not None and form is not Format.XLSX:
        return RawFile(problems=(Problem.of(Refusal("sheet_useless"), place),))
    if form is Format.JSON:
        from tracker.exchange.json_format import read_json  # noqa: PLC0415 - start-up time

        return read_json(content, place)
    if form is Format.YAML:
        from tracker.exchange.yaml_format import read_yaml  # noqa: PLC0415 - start-up time

        return read_yaml(content, place)
    if form is Format.CSV:
        from tracker.exchange.csv_format import read_csv  # noqa: PLC0415 - start-up time

        return read_csv(content, place)
    from tracker.exchange.xlsx_format import read_xlsx  # noqa: PLC0415 - start-up time

    return read_xlsx(content, place, sheet=sheet)


def _write_format(records: Sequence[dict[str, Any]], form: Format) -> bytes:
    if form is Format.JSON:
        from tracker.exchange import json_format  # noqa: PLC0415 - start-up time

        return json_format.write_json(records)
    if form is Format.YAML:
        from tracker.exchange import yaml_format  # noqa: PLC0415 - start-up time

        return yaml_format.write_yaml(records)
    if form is Format.CSV:
        from tracker.exchange import csv_format  # noqa: PLC0415 - start-up time

        return csv_format.write_csv(records)
    from tracker.exchange import xlsx_format  # noqa: PLC0415 - start-up time

    return xlsx_format.write_xlsx(records)


# -- files ------------------------------------------------------------------------------------


def _read_file(path: PathLike, place: Place, sheet: str | None, stdin: bytes | None) -> RawFile:
    try:
        content, form = _opened(path, stdin)
        _check_first_bytes(content, form)
    except Refusal as refusal:
        return RawFile(problems=(Problem.of(refusal, place),))
    return _read_format(content, form, place, sheet)


def _opened(path: PathLike, stdin: bytes | None) -> tuple[bytes, Format]:
    if os.fsdecode(path) == "-":
        if not stdin or not stdin.strip():
            raise Refusal("stdin_empty")
        return stdin, _guessed(stdin)
    form = _format_of(path)
    content = read_regular_file(path)
    if not content.strip():
        raise Refusal("file_empty")
    return content, form


def read_regular_file(path: PathLike, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file; `Refusal` for anything else, or more than `limit`."""
    try:
        # a pipe without a writer would block for ever, a device would never end
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise Refusal("file_missing") from None
    except PermissionError:
        raise Refusal("file_forbidden") from None
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise Refusal("file_not_regular", what="@socket") from None
        raise Refusal("file_unreadable", reason=os.strerror(error.errno or 0)) from None
    except ValueError:  # a null character in the name
        raise Refusal("file_missing") from None
    try:
        content = _content(handle, limit)
    except OSError as error:
        raise Refusal("file_unreadable", reason=os.strerror(error.errno or 0)) from None
    finally:
        os.close(handle)
    if len(content) > limit:
        raise Refusal("file_too_big", limit=limit // 1_000_000)
    return content


def _content(handle: int, limit: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise Refusal("file_not_regular", what=_what(status.st_mode))
    if status.st_size > limit:
        raise Refusal("file_too_big", limit=limit // 1_000_000)
    with os.fdopen(handle, "rb", closefd=False) as file:
        return file.read(limit + 1)


def _what(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "@directory"
    if stat.S_ISFIFO(mode):
        return "@fifo"
    return "@socket" if stat.S_ISSOCK(mode) else "@device"


def _format_of(path: PathLike) -> Format:
    extension = Path(os.fsdecode(path)).suffix.lower()
    if extension not in EXTENSIONS:
        meant = suggestion(extension, EXTENSIONS) if extension else None
        raise Refusal("format_unknown", known=list(EXTENSIONS), suggestion=meant)
    return EXTENSIONS[extension]


def _guessed(content: bytes) -> Format:
    """Return the format of what has no name."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK"):
        return Format.XLSX
    if start.startswith((b"[", b"{")):
        return Format.JSON
    first = start.split(b"\n", 1)[0]
    return Format.YAML if b":" in first or first.startswith((b"-", b"#")) else Format.CSV


def _check_first_bytes(content: bytes, form: Format) -> None:
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = None
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if form is Format.XLSX:
            raise Refusal("xlsx_encrypted")
        found = "@ole"
    elif content.startswith(b"PK\x03\x04"):
        found = None if form is Format.XLSX else "@zip"
    elif content.startswith(b"%PDF"):
        found = "@pdf"
    elif head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")):
        found = "@html"
    elif head.startswith(b"<?xml"):
        found = "@xml"
    elif form is Format.XLSX:
        found = "@text"
    if found is not None:
        raise Refusal("format_mismatch", found=found, known=list(EXTENSIONS))


def _same_reference(draft: Draft, other: Place) -> Problem:
    # words that both languages share: the other place is a fact of the sentence
    line = None if other.line is None else f"l. {other.line}"
    where = ", ".join(part for part in (other.file, other.sheet, line) if part is not None)
    refusal = Refusal("duplicate_reference", draft.reference, other=where or "–")
    return Problem.of(refusal, draft.locator.place(("reference",)))


def _listed(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    rest = Problem.of(Refusal("too_many_problems", count=len(problems) - MAX_PROBLEMS), Place())
    return (*problems[:MAX_PROBLEMS], rest)
