"""Tables of records, in CSV and in workbooks: headings, rows, and the fields of `terms` as columns.

Columns are known by name, in any order; French headings are understood (docs/records.md). An empty
cell says nothing: what is stored stays. The word `null` in a cell empties the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.exchange import cells
from tracker.exchange.cursor import Locator
from tracker.exchange.problems import Place, Problem, Refusal, suggestion
from tracker.exchange.raw import RawFile, RawRecord
from tracker.exchange.record import COLUMNS, TERMS_FIELDS
from tracker.exchange.values import Source, folded, is_nothing

FRENCH_HEADINGS: dict[str, tuple[str, ...]] = {
    "reference": ("référence", "réf", "numéro"),
    "title": ("titre", "intitulé", "objet"),
    "kind": ("nature", "type"),
    "partners": ("partenaires", "partenaire"),
    "owner": ("responsable", "agent"),
    "watchers": ("en copie", "copies"),
    "reminders": ("rappels",),
    "deliberated_on": ("délibération", "date de délibération"),
    "cited_deliberation_on": ("délibération citée",),
    "transmitted_on": ("transmission de la délibération", "délibération transmise le"),
    "published_on": ("publication", "date de publication"),
    "signed_on": ("signature", "date de signature", "signée le"),
    "notified_on": ("notification", "date de notification", "notifiée le"),
    "convention_transmitted_on": ("transmission de la convention", "convention transmise le"),
    "effective_on": ("date d'effet", "prise d'effet"),
    "supposed": ("supposé", "suppositions"),
    "tracked_from": ("suivie depuis", "suivi depuis"),
    "session": ("séance",),
    "amount": ("montant",),
    "amounts": ("montants", "montants annuels"),
    "parent": ("convention-cadre", "accord-cadre"),
    "succeeds": ("succède à", "renouvelle"),
    "programme": ("années du programme",),
    "milestones": ("jalons", "étapes"),
    "tags": ("étiquettes", "mots-clés"),
    "notes": ("remarques", "observations", "commentaires"),
    "term": ("durée", "durée initiale"),
    "end": ("fin", "date de fin"),
    "start": ("départ", "point de départ"),
    "start_date": ("début", "date de début"),
    "start_day_included": ("premier jour compris",),
    "renewal": ("reconduction", "renouvellement"),
    "renewal_period": ("durée de reconduction", "durée de renouvellement"),
    "renewal_max": ("nombre de reconductions", "reconductions au plus"),
    "max_total": ("durée totale maximale", "durée maximale"),
    "notice": ("préavis",),
    "notice_of": ("objet du préavis",),
    "notice_form": ("forme du préavis",),
    "notice_counts_from": ("départ du préavis",),
    "recurring": ("obligations périodiques",),
    "final_evaluation": ("évaluation finale", "bilan final"),
    "payments": ("versements",),
    "evidence": ("citations", "preuves"),
    "events": ("événements",),
}
"""Headings understood beside the names of the fields; case, accents and dashes do not matter."""

_BY_HEADING = {
    **{folded(heading): name for name, headings in FRENCH_HEADINGS.items() for heading in headings},
    **{folded(name): name for name in COLUMNS},
}


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that its reader could not read: an error, a formula without a result."""

    code: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one row; `line` counts from 1 in the file or the sheet."""

    line: int
    cells: Sequence[object]
    problems: tuple[Problem, ...] = ()


def column_named(heading: str) -> str | None:
    """Return the field that a heading names, in English or in French."""
    return _BY_HEADING.get(folded(heading.removeprefix("terms.")))


def read_table(rows: Iterator[Row], place: Place, *, strict_width: bool) -> RawFile:
    """Read rows, the first of which names the columns.

    With `strict_width` a row may not have fewer cells than there are columns.
    """
    header = next((row for row in rows if not _is_blank(row)), None)
    if header is None:
        return RawFile(problems=(Problem.of(Refusal("header_missing"), place),))
    if header.problems:
        return RawFile(problems=header.problems)
    columns, problems = _columns(header, place)
    records: list[RawRecord] = []
    headings = {name: str(header.cells[index]).strip() for index, name in columns.items()}
    width = len(header.cells)
    for row in rows:
        if row.problems:
            problems.extend(row.problems)
            continue
        if _is_blank(row):
            continue
        here = Place(file=place.file, sheet=place.sheet, line=row.line)
        if strict_width and len(row.cells) < width:
            refusal = Refusal("row_short", found=len(row.cells), expected=width)
            problems.append(Problem.of(refusal, here))
            continue
        bad = list(_bad_cells(row, header, headings, columns, here))
        problems.extend(bad)
        if bad:
            continue
        records.append(
            RawRecord(
                raw=_raw(row, columns),
                source=Source.CELL,
                locator=Locator(here, headings=headings),
            )
        )
    return RawFile(records=tuple(records), problems=tuple(problems))


def raw_of_cells(given: Mapping[str, object]) -> dict[str, object]:
    """Return the raw record of the cells of named columns, the fields of `terms` apart."""
    raw: dict[str, object] = {}
    terms: dict[str, object] = {}
    for name, value in given.items():
        (terms if name in TERMS_FIELDS else raw)[name] = value
    return raw | {"terms": terms} if terms else raw


def table_rows(records: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
    """Return the heading row, then the cells of every record, not guarded."""
    yield list(COLUMNS)
    for record in records:
        flat = record | record["terms"]
        yield [_cell(column, flat[column]) for column in COLUMNS]


def _cell(column: str, value: Any) -> str:  # noqa: ANN401 - a plain JSON value
    return cells.to_cell(column, value)


def _columns(header: Row, place: Place) -> tuple[dict[int, str], list[Problem]]:
    here = Place(file=place.file, sheet=place.sheet, line=header.line)
    columns: dict[int, str] = {}
    problems: list[Problem] = []
    by_name: dict[str, str] = {}
    for index, cell in enumerate(header.cells):
        if is_nothing(cell):
            continue
        heading = str(cell).strip()
        name = column_named(heading)
        if name is None:
            meant = suggestion(folded(heading), _BY_HEADING)
            refusal = Refusal(
                "column_unknown", heading, suggestion=_BY_HEADING[meant] if meant else None
            )
            problems.append(Problem.of(refusal, here))
        elif name in by_name:
            refusal = Refusal("column_twice", heading, other=by_name[name])
            problems.append(Problem.of(refusal, here))
        else:
            columns[index] = name
            by_name[name] = heading
    if "reference" not in by_name:
        problems.append(Problem.of(Refusal("column_missing", "reference"), here))
    return columns, problems


def _raw(row: Row, columns: Mapping[int, str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for index, name in columns.items():
        cell = row.cells[index] if index < len(row.cells) else None
        if is_nothing(cell):
            continue
        if isinstance(cell, str):
            cell = None if cell.strip() == cells.CLEARED else cells.unguard(cell)
        given[name] = cell
    given.setdefault("reference", None)
    return raw_of_cells(given)


def _bad_cells(
    row: Row, header: Row, headings: Mapping[str, str], columns: Mapping[int, str], here: Place
) -> Iterator[Problem]:
    """Find the cells without a heading, and those that their reader could not read."""
    for index, cell in enumerate(row.cells):
        if isinstance(cell, BadCell):
            name = columns.get(index)
            key = letters(index) if name is None else headings[name]
            yield Problem.of(Refusal(cell.code, cell.text), replace(here, key=key, column=True))
        elif is_nothing(cell) or index in columns:
            continue
        elif index >= len(header.cells):
            yield Problem.of(Refusal("row_long", cell), here)
            return
        elif is_nothing(header.cells[index]):
            yield Problem.of(Refusal("column_unnamed", letters(index)), here)


def letters(index: int) -> str:
    """Return the letters by which a spreadsheet calls a column (0 is A)."""
    index, rest = divmod(index, 26)
    return (letters(index - 1) if index else "") + chr(ord("A") + rest)


def _is_blank(row: Row) -> bool:
    return not row.problems and all(is_nothing(cell) for cell in row.cells)
