"""Workbooks (.xlsx) of records: checked before they are read, and written to the same bytes.

A workbook is an archive that anybody may have made. Every part is unpacked here under limits, parts
with a DOCTYPE are refused, and calamine is given a fresh archive of the checked parts only, so that
nothing the checks did not see can reach it. What calamine keeps silent about (hidden rows, errors,
formulas without a result) is read from the sheet itself.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from tracker.exchange import cells
from tracker.exchange.problems import ExchangeError, Place, Problem, Refusal, shown
from tracker.exchange.raw import RawFile
from tracker.exchange.record import COLUMNS
from tracker.exchange.tables import BadCell, Row, letters, read_table

MAX_ENTRIES = 1000
MAX_UNPACKED = 100_000_000
MAX_CELLS = 5_000_000
MAX_CELL_TEXT = 32_767
SHEET_NAME = "Conventions"

_CHUNK = 1 << 16
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:styles|sharedStrings)\.xml|xl/(?:worksheets|chartsheets|dialogsheets)/[^/]+\.xml"
    r"|xl/worksheets/_rels/[^/]+\.rels",
    re.IGNORECASE,
)
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_NESTED = re.compile(r"\.(?:zip|xlsx|xlsm|xlsb|docx|ods|odt|jar|7z|gz|rar)$", re.IGNORECASE)
_CELL_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BEGINNING = (1980, 1, 1, 0, 0, 0)


def read_xlsx(content: bytes, place: Place, *, sheet: str | None = None) -> RawFile:
    """Read the rows of one sheet; `sheet` names it when there are several."""
    try:
        parts = _checked_parts(content)
        names = _sheets(parts)
        chosen = _chosen(names, sheet)
        marks = _marks(parts, names[chosen])
        table = _table(parts, chosen)
    except Refusal as refusal:
        return RawFile(problems=(Problem.of(refusal, place),))
    here = Place(file=place.file, sheet=chosen if len(names) > 1 else None)
    merged = _merged_problems(table, marks, here)
    found = read_table(_rows(table, marks), here, strict_width=False)
    return RawFile(
        records=found.records,
        problems=(*merged, *found.problems),
        warnings=_hidden_warning(table, marks, here),
    )


def write_xlsx(records: Iterable[dict[str, Any]]) -> bytes:
    """Write a workbook of one sheet; the same records give the same bytes."""
    from openpyxl import Workbook  # noqa: PLC0415 - only calamine is needed to read
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET_NAME
    sheet.freeze_panes = "C2"
    for index, column in enumerate(COLUMNS, 1):
        sheet.cell(1, index, column)
        sheet.column_dimensions[get_column_letter(index)].width = 40 if column == "title" else 18
    for line, record in enumerate(records, 2):
        flat = record | record["terms"]
        for index, column in enumerate(COLUMNS, 1):
            _write_cell(
                sheet.cell(line, index), column, flat[column], reference=record["reference"]
            )
    out = io.BytesIO()
    book.properties.creator = "conventions"
    book.save(out)
    return _same_bytes(out.getvalue())


# -- reading: the archive ---------------------------------------------------------------------


def _checked_parts(content: bytes) -> dict[str, bytes]:
    """Unpack the parts of a workbook under limits; `Refusal` when it looks hostile."""
    end = content.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(content[end + 10 : end + 12], "little") > MAX_ENTRIES:
        raise Refusal("xlsx_too_many_entries", limit=MAX_ENTRIES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            return _unpacked(archive, entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as e:
        if isinstance(e, Refusal):
            raise
        raise Refusal("xlsx_damaged", reason="@damaged") from None


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refusal("xlsx_too_many_entries", limit=MAX_ENTRIES)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.casefold() in seen:
            raise Refusal("xlsx_suspect", name, reason="@same_name")
        seen.add(name.casefold())
        if entry.flag_bits & 1:
            raise Refusal("xlsx_suspect", name, reason="@encrypted")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refusal("xlsx_suspect", name, reason="@method")
        if _NESTED.search(name):
            raise Refusal("xlsx_suspect", name, reason="@nested")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Refusal("xlsx_too_big", limit=MAX_UNPACKED // 1_000_000)
    if "mimetype" in seen and "content.xml" in seen:
        raise Refusal("xlsx_not_a_workbook", what="@ods")
    if "xl/workbook.xml" not in seen:
        raise Refusal("xlsx_not_a_workbook", what="@other_zip")


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        if entry.is_dir():
            continue
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        chunks: list[bytes] = []
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    raise Refusal("xlsx_too_big", limit=MAX_UNPACKED // 1_000_000)
                if not chunks and chunk.startswith(b"PK\x03\x04"):
                    raise Refusal("xlsx_suspect", entry.filename, reason="@nested")
                if is_xml or not chunks:
                    chunks.append(chunk)
        part = b"".join(chunks)
        if is_xml and any(mark in part for mark in _DOCTYPE):
            raise Refusal("xlsx_suspect", entry.filename, reason="@doctype")
        if _NEEDED.fullmatch(entry.filename):
            parts[entry.filename] = part
    return parts


# -- reading: the sheets ----------------------------------------------------------------------


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the names of the worksheets and the part that holds each."""
    book = _parsed(parts, "xl/workbook.xml")
    relations = {
        item.get("Id"): item.get("Target", "")
        for item in _parsed(parts, "xl/_rels/workbook.xml.rels")
        if item.get("Type", "").endswith("/worksheet")
    }
    sheets: dict[str, str] = {}
    for item in book.iter():
        if _local(item.tag) != "sheet":
            continue
        relation = next((value for key, value in item.items() if key.endswith("}id")), None)
        target = relations.get(relation)
        if target is not None:
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            sheets[item.get("name", "")] = part
    if not sheets:
        raise Refusal("xlsx_damaged", reason="@no_sheet")
    return sheets


def _chosen(names: dict[str, str], sheet: str | None) -> str:
    if sheet is not None:
        found = next((name for name in names if name.strip() == sheet.strip()), None)
        if found is None:
            raise Refusal("sheet_unknown", sheet, known=[shown(name) for name in names])
        return found
    if len(names) > 1:
        raise Refusal("sheet_unnamed", known=[shown(name) for name in names])
    return next(iter(names))


@dataclass(slots=True)
class _Marks:
    """What a sheet says beside its values; rows and columns count from 0."""

    bad: dict[tuple[int, int], BadCell] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    text: int = 0
    """Characters of all cells together: one long shared text may fill a million of them."""
    last_row: int = -1
    last_column: int = -1


def _marks(parts: dict[str, bytes], part: str) -> _Marks:
    if part not in parts:
        raise Refusal("xlsx_damaged", reason="@bad_sheet")
    marks = _Marks()
    row = column = -1
    try:
        shared = _shared_lengths(parts)
        for event, item in iterparse(
            io.BytesIO(parts[part]), events=("start", "end"), forbid_dtd=True
        ):
            tag = _local(item.tag)
            if event == "start":
                if tag == "row":
                    row, column = int(item.get("r") or row + 2) - 1, -1
                    if item.get("hidden") in {"1", "true"}:
                        marks.hidden.add(row)
            elif tag == "c":
                row, column = _position(item.get("r"), row, column)
                _mark_cell(marks, item, (row, column), shared)
                item.clear()
            elif tag == "row":
                item.clear()
            elif tag == "mergeCell":
                marks.merged.append(item.get("ref", ""))
    except (ParseError, DefusedXmlException, ValueError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal("xlsx_damaged", reason="@bad_xml") from None
    if (marks.last_row + 1) * (marks.last_column + 1) > MAX_CELLS:
        name = f"{letters(marks.last_column)}{marks.last_row + 1}"
        raise Refusal("xlsx_too_many_cells", name)
    return marks


def _position(name: str | None, row: int, column: int) -> tuple[int, int]:
    if name is None:
        return row, column + 1
    match = _CELL_NAME.fullmatch(name)
    if match is None:
        raise Refusal("xlsx_damaged", reason="@bad_sheet")
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, number - 1


def _shared_lengths(parts: dict[str, bytes]) -> list[int]:
    """Return the length of each shared text."""
    part = next((parts[name] for name in parts if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return []
    lengths: list[int] = []
    for _, item in iterparse(io.BytesIO(part), events=("end",), forbid_dtd=True):
        if _local(item.tag) == "si":
            lengths.append(sum(len(text) for text in item.itertext()))
            item.clear()
    return lengths


def _mark_cell(marks: _Marks, item: Any, at: tuple[int, int], shared: list[int]) -> None:  # noqa: ANN401 - an Element
    row, column = at
    children = {_local(child.tag): child for child in item}
    if not children:
        return
    marks.last_row = max(marks.last_row, row)
    marks.last_column = max(marks.last_column, column)
    value = children.get("v")
    text = None if value is None else value.text
    kind = item.get("t", "n")
    if kind == "s" and text is not None:
        index = int(text)
        marks.text += shared[index] if 0 <= index < len(shared) else 0
        if marks.text > MAX_UNPACKED:
            raise Refusal("xlsx_too_big", limit=MAX_UNPACKED // 1_000_000)
    if kind == "e":
        marks.bad[row, column] = BadCell("cell_error", text)
    elif "f" in children and kind != "str" and not text:
        marks.bad[row, column] = BadCell("cell_formula")


def _table(parts: dict[str, bytes], sheet: str) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - start-up time

    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _BEGINNING), part)
    fresh.seek(0)
    try:
        with CalamineWorkbook.from_filelike(fresh) as book:
            return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        raise Refusal("xlsx_damaged", reason="@bad_sheet") from None
    except BaseException as error:
        # a panic of the Rust library derives from BaseException and has no importable name
        if type(error).__name__ != "PanicException":
            raise
        raise Refusal("xlsx_damaged", reason="@bad_sheet") from None


def _rows(table: list[list[Any]], marks: _Marks) -> Iterator[Row]:
    bad_rows: dict[int, dict[int, BadCell]] = {}
    for (row, column), bad in marks.bad.items():
        bad_rows.setdefault(row, {})[column] = bad
    for index, values in enumerate(table):
        bad_cells = bad_rows.get(index)
        if bad_cells:
            width = max(len(values), max(bad_cells) + 1)
            padded = [*values, *[None] * (width - len(values))]
            values = [bad_cells.get(column, value) for column, value in enumerate(padded)]  # noqa: PLW2901 - the same row, completed
        yield Row(line=index + 1, cells=values)


def _merged_problems(table: list[list[Any]], marks: _Marks, here: Place) -> list[Problem]:
    """Refuse merged cells: only the first of them has the value, the others would look empty."""
    problems = []
    for ref in marks.merged:
        match = re.search(r"([0-9]+)$", ref)
        if match and any(any(row) for row in table[: int(match[1])]):
            problems.append(Problem.of(Refusal("cells_merged", ref), here))
    return problems


def _hidden_warning(table: list[list[Any]], marks: _Marks, here: Place) -> tuple[Problem, ...]:
    rows = [row + 1 for row in sorted(marks.hidden) if row < len(table) and any(table[row])]
    if not rows:
        return ()
    words = ", ".join(str(row) for row in rows[:20]) + (", …" if len(rows) > 20 else "")
    return (Problem.of(Refusal("rows_hidden", rows=words), here),)


def _parsed(parts: dict[str, bytes], name: str) -> Any:  # noqa: ANN401 - an Element
    if name not in parts:
        raise Refusal("xlsx_damaged", reason="@no_sheet")
    try:
        return fromstring(parts[name], forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise Refusal("xlsx_damaged", reason="@bad_xml") from None


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


# -- writing ----------------------------------------------------------------------------------


def _write_cell(cell: Any, column: str, value: Any, *, reference: str) -> None:  # noqa: ANN401 - a cell of openpyxl, a plain JSON value
    if isinstance(value, (bool, int, float)):
        cell.value = value
        return
    text = cells.to_cell(column, value)
    if not text:
        return
    day = _day(column, text)
    if day is not None:
        cell.value = day
        cell.number_format = "dd/mm/yyyy"
        return
    text = _ESCAPED.sub("_x005F_", cells.guard_stored(text))
    if len(text) > MAX_CELL_TEXT:
        place = Place(reference=reference, key=column, column=True)
        raise ExchangeError(Problem.of(Refusal("cell_too_long", limit=MAX_CELL_TEXT), place))
    cell.value = text
    cell.data_type = "s"  # openpyxl takes what begins with « = » for a formula
    if cells.guard(text) != text:
        cell.quotePrefix = True  # and so would Excel, once the cell is edited


def _day(column: str, text: str) -> date | None:
    """Return a full date that a workbook can hold: its calendar is wrong before March 1900."""
    if not column.endswith(("_on", "_from", "_date")) and column != "end":
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) or text < "1901":
        return None
    return date.fromisoformat(text)


def _same_bytes(content: bytes) -> bytes:
    """Take the clock out of a workbook: the dates of its parts, and its own."""
    out = io.BytesIO()
    stamp = datetime(*_BEGINNING, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(rb"(?<=>)[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[^<]*(?=<)", stamp, part)
            fixed = zipfile.ZipInfo(entry.filename, _BEGINNING)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            fixed.create_system = 3
            new.writestr(fixed, part)
    return out.getvalue()
