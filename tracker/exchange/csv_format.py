"""CSV files of records: UTF-8 or Windows-1252, `;` `,` or tab, strict quotes.

The splitting is done here rather than by the `csv` module because a quote that is never closed must
be reported with the line on which it opens, and may not swallow the rows that follow.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tracker.exchange import cells
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.raw import RawFile, wide_encoding
from tracker.exchange.tables import Row, column_named, read_table, table_rows

DELIMITERS = ";,\t"
_UTF8_IN_CP1252 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_MANY_LINES = 20
_FEW_COLUMNS = 4


def read_csv(content: bytes, place: Place) -> RawFile:
    """Read the rows of a table."""
    decoded = _decoded(content, place)
    if isinstance(decoded, Problem):
        return RawFile(problems=(decoded,))
    text, warnings = decoded
    delimiter = _delimiter(text)
    found = read_table(_rows(text, delimiter, place), place, strict_width=True)
    return RawFile(records=found.records, problems=found.problems, warnings=warnings)


def write_csv(records: Iterable[dict[str, Any]]) -> bytes:
    """Write a table as programs expect it: UTF-8, commas. For a spreadsheet, write a workbook."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in table_rows(records):
        writer.writerow([cells.guard(cell) for cell in row])
    return out.getvalue().encode()


def _decoded(content: bytes, place: Place) -> tuple[str, tuple[Problem, ...]] | Problem:
    wide = wide_encoding(content)
    if wide is not None:
        return Problem.of(Refusal("encoding_named", encoding=wide), place)
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        offset = error.start
    if content.startswith(b"\xef\xbb\xbf") or _UTF8_IN_CP1252.search(content):
        return Problem.of(Refusal("encoding_mixed", offset=offset), place)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        return Problem.of(Refusal("encoding_unknown", offset=error.start), place)
    return text, (Problem.of(Refusal("read_as_cp1252"), place),)


def _delimiter(text: str) -> str:
    """Return the delimiter under which the first line names the most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        headings = [heading.strip().strip('"') for heading in first.split(delimiter)]
        return sum(column_named(heading) is not None for heading in headings), len(headings)

    return max(DELIMITERS, key=known)


def _rows(text: str, delimiter: str, place: Place) -> Iterator[Row]:
    """Split a text into rows; what cannot be split is a row with problems, and the last one."""
    quoted = re.compile(r'"((?:[^"]++|"")*+)"')
    plain = re.compile(rf'[^"\r\n{re.escape(delimiter)}]*+')
    at, line = 0, 1
    width: int | None = None
    while at < len(text):
        opening = line
        row: list[object] = []
        problems: list[Problem] = []
        while True:
            if text.startswith('"', at):
                match = quoted.match(text, at)
                if match is None:
                    yield _broken("csv_quote_open", line, place)
                    return
                cell = match[1].replace('""', '"') if '""' in match[1] else match[1]
                if _swallows(match[1], delimiter, width):
                    yield _broken("csv_quote_swallows", line, place)
                    return
                line += _line_ends(match[1])
            else:
                match = plain.match(text, at)
                cell = match[0] if match else ""
            at = match.end() if match else at
            if "\0" in cell:
                problems.append(Problem.of(Refusal("nul"), Place(file=place.file, line=line)))
            row.append(cell)
            if text.startswith(delimiter, at):
                at += 1
                continue
            if at < len(text) and text[at] not in "\r\n":
                yield _broken("csv_quote_stray", line, place, text[max(at - 20, 0) : at + 20])
                return
            break
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        if width is None and any(cell for cell in row):
            width = len(row)
        yield Row(line=opening, cells=row, problems=tuple(problems))


def _swallows(cell: str, delimiter: str, width: int | None) -> bool:
    """Tell whether a quoted cell of several lines looks as if it held rows of the table."""
    if "\n" not in cell and "\r" not in cell:
        return False
    if width is None:
        return True
    lines = cell.splitlines()
    if width < _FEW_COLUMNS:
        return len(lines) > _MANY_LINES
    return any(line.count(delimiter) >= width - 1 for line in lines[1:])


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _broken(code: str, line: int, place: Place, value: str | None = None) -> Row:
    problem = Problem.of(Refusal(code, value), Place(file=place.file, line=line))
    return Row(line=line, cells=(), problems=(problem,))
