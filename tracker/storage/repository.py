"""Conventions in and out of the database, and who changed what.

Loading goes by columns, not by entities: three SELECTs whatever the number of conventions, and no
type between the driver and `conversion`, so that one bad value makes one visible `RowProblem`
instead of an exception in the middle of a portfolio. Saving writes the history in the transaction
of the change. Nothing here commits.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tracker.domain.conventions import Convention
from tracker.storage import conversion
from tracker.storage.conversion import BadValue, Encoded, UnreadableRowError
from tracker.storage.errors import (
    ConventionChangedError,
    Language,
    UnstorableConventionError,
)
from tracker.storage.tables import ConventionRow, EventRow, HistoryRow, PartnerRow

BATCH = 500
"""Bound parameters of one statement: SQLite builds may stop at 999."""

T = TypeVar("T")
_CONVENTION = cast(Table, ConventionRow.__table__)
_PARTNER = cast(Table, PartnerRow.__table__)
_EVENT = cast(Table, EventRow.__table__)
_HISTORY = cast(Table, HistoryRow.__table__)


class Change(StrEnum):
    """What saving a convention did."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A convention that is in the database and cannot be read; the others can."""

    reference: str
    """`#12` where the reference itself cannot be read."""
    bad: tuple[BadValue, ...]

    code = "unreadable_convention"

    def message(self, lang: Language = "fr") -> str:
        """Return what is wrong, field by field, for the person who will mend it."""
        if lang == "en":
            values = "; ".join(f"{bad.field} holds {bad.value!r}: {bad.reason}" for bad in self.bad)
            return f"Convention {self.reference} cannot be read in the database. {values}"
        values = " ; ".join(
            f"{bad.field} contient « {bad.value} » ({bad.reason})" for bad in self.bad
        )
        return f"La convention {self.reference} est illisible dans la base. {values}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """Conventions and problems, each sorted by reference."""

    conventions: tuple[Convention, ...]
    problems: tuple[RowProblem, ...]
    revisions: Mapping[str, int] = field(default_factory=dict)
    """Reference to revision, for `save(revision=…)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Who changed what, when: `before` and `after` hold the fields that changed and no other."""

    convention: str
    revision: int
    action: str
    who: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


# --- load ----------------------------------------------------------------------------------------


def load_all(session: Session, *, for_update: bool = False) -> LoadResult:
    """Load every convention; one that cannot be read is a problem and hinders no other."""
    return _result(_stored(session, None, for_update=for_update))


def load(session: Session, references: Iterable[str], *, for_update: bool = False) -> LoadResult:
    """Load the conventions of these references; a reference that is not there is left out.

    `for_update` keeps other writers from them until the end of the transaction (on SQLite every
    writing transaction does).
    """
    return _result(_stored(session, sorted(set(references)), for_update=for_update))


def references(session: Session) -> tuple[str, ...]:
    """Return the reference of every convention, sorted."""
    return tuple(sorted(session.scalars(select(_CONVENTION.c.reference))))


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database holds under one reference."""

    id: int
    reference: str
    revision: int
    content: Convention | RowProblem
    raw: Sequence[Any]


def _result(stored: Iterable[_Stored]) -> LoadResult:
    ordered = sorted(stored, key=lambda item: item.reference)
    contents = [item.content for item in ordered]
    return LoadResult(
        conventions=tuple(item for item in contents if isinstance(item, Convention)),
        problems=tuple(item for item in contents if isinstance(item, RowProblem)),
        revisions={item.reference: item.revision for item in ordered},
    )


def _stored(
    session: Session, wanted: Sequence[str] | None, *, for_update: bool = False
) -> list[_Stored]:
    if wanted is None:
        return _consistent(session, None, for_update=for_update)
    return [
        item
        for batch in _batches(wanted, BATCH)
        for item in _consistent(session, batch, for_update=for_update)
    ]


def _consistent(
    session: Session, wanted: Sequence[str] | None, *, for_update: bool
) -> list[_Stored]:
    """Read until no convention changed between its row and the rows of its children.

    Only a PostgreSQL writer without `for_update` can see that: each of its SELECTs sees what was
    committed by then, and three SELECTs could tell of three different moments.
    """
    for _ in range(5):
        stored = _read_once(session, wanted, for_update=for_update)
        if session.get_bind().dialect.name == "sqlite" or for_update:
            return stored
        again = dict(_rows(session, _narrowed(_columns(_CONVENTION, ("id", "revision")), wanted)))
        if again == {item.id: item.revision for item in stored}:
            return stored
    return stored


def _read_once(
    session: Session, wanted: Sequence[str] | None, *, for_update: bool
) -> list[_Stored]:
    columns = ("id", "revision", *conversion.CONVENTION_COLUMNS)
    statement = _narrowed(_columns(_CONVENTION, columns), wanted)
    rows = _rows(session, statement.with_for_update() if for_update else statement)
    ids = None if wanted is None else [row[0] for row in rows]
    partners = _children(session, _PARTNER, conversion.PARTNER_COLUMNS, "position", ids)
    events = _children(session, _EVENT, conversion.EVENT_COLUMNS, "number", ids)
    return [_assemble(row, partners.get(row[0], ()), events.get(row[0], ())) for row in rows]


def _assemble(
    row: Sequence[Any], partners: Sequence[Sequence[Any]], events: Sequence[Sequence[Any]]
) -> _Stored:
    identity, revision, values = row[0], row[1], row[2:]
    content: Convention | RowProblem
    try:
        content = conversion.to_convention(values, partners, events)
        reference = content.reference
    except UnreadableRowError as error:
        name = values[0]
        readable = isinstance(name, str) and name.strip() and name.isprintable()
        reference = name if readable else f"#{identity}"
        content = RowProblem(reference=reference, bad=error.bad)
    return _Stored(identity, reference, revision, content, values)


def _columns(table: Table, names: Sequence[str]) -> Select[Any]:
    # Literal columns have no type: what the driver gives reaches `conversion` as it is.
    literals: list[ColumnElement[Any]] = [literal_column(f"{table.name}.{name}") for name in names]
    return cast(Select[Any], select(*literals).select_from(table))


def _narrowed(statement: Select[Any], wanted: Sequence[str] | None) -> Select[Any]:
    return statement if wanted is None else statement.where(_CONVENTION.c.reference.in_(wanted))


def _children(
    session: Session,
    table: Table,
    names: Sequence[str],
    order: str,
    ids: Sequence[int] | None,
) -> dict[int, list[Sequence[Any]]]:
    statement = _columns(table, ("convention_id", *names)).order_by(
        table.c.convention_id, table.c[order]
    )
    if ids is not None:
        statement = statement.where(table.c.convention_id.in_(ids))
    children: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in _rows(session, statement):
        children[row[0]].append(row[1:])
    return children


def _rows(session: Session, statement: Select[Any]) -> Sequence[Any]:
    try:
        return [tuple(row) for row in session.execute(statement)]
    except DBAPIError as error:
        if "decode" not in str(error.orig).lower():
            raise
    # SQLite keeps bytes that are no UTF-8 in a text, and its driver then gives up on all rows.
    # Read again, those bytes as surrogates, which no reader of `conversion` takes.
    driver = session.connection().connection.dbapi_connection
    connection = cast(sqlite3.Connection, driver)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return [tuple(row) for row in session.execute(statement)]
    finally:
        connection.text_factory = str


# --- save ----------------------------------------------------------------------------------------


def save(
    session: Session,
    convention: Convention,
    *,
    who: str,
    when: datetime,
    action: str,
    revision: int | None = None,
) -> Change:
    """Store `convention` under its reference, and what changed in the history.

    `revision` is the one that was loaded: where another has been stored since, nothing is written
    and ConventionChangedError is raised. Raises UnstorableConventionError for a value that could
    not be read back.
    """
    known = None if revision is None else {convention.reference: revision}
    changes = save_many(session, [convention], who=who, when=when, action=action, revisions=known)
    return changes[convention.reference]


def save_many(
    session: Session,
    conventions: Iterable[Convention],
    *,
    who: str,
    when: datetime,
    action: str,
    revisions: Mapping[str, int] | None = None,
) -> dict[str, Change]:
    """Store many conventions at once; return what happened to each reference.

    Those that are equal to what is stored are left alone, and have no history.
    """
    wanted = _by_reference(conventions)
    stored = {item.reference: item for item in _stored(session, sorted(wanted), for_update=True)}
    _check_revisions(stored, revisions or {})
    added = [item for reference, item in wanted.items() if reference not in stored]
    updated = [
        item
        for reference, item in wanted.items()
        if reference in stored and stored[reference].content != item
    ]
    encoded = {item.reference: _encoded(item) for item in (*added, *updated)}
    _insert(session, [encoded[item.reference] for item in added], when)
    _update(session, [(stored[item.reference], encoded[item.reference]) for item in updated], when)
    journal = [
        *(_history_row(item, None, 1) for item in added),
        *(
            _history_row(item, stored[item.reference], stored[item.reference].revision + 1)
            for item in updated
        ),
    ]
    _execute_many(
        session,
        insert(_HISTORY),
        [{**row, "who": who, "at": when, "action": action} for row in journal],
    )
    return {
        **dict.fromkeys(wanted, Change.UNCHANGED),
        **{item.reference: Change.ADDED for item in added},
        **{item.reference: Change.UPDATED for item in updated},
    }


def remove(session: Session, reference: str, *, who: str, when: datetime) -> bool:
    """Remove a convention, events included; False where there is none.

    Its whole content goes into the history, which stays.
    """
    stored = _stored(session, [reference], for_update=True)
    if not stored:
        return False
    (item,) = stored
    row = {
        "convention": reference,
        "revision": item.revision + 1,
        "action": "removed",
        "who": who,
        "at": when,
        "before": conversion.dump(_plain(item)),
        "after": "{}",
    }
    session.execute(insert(_HISTORY), [row])
    session.execute(delete(_CONVENTION).where(_CONVENTION.c.id == item.id))
    return True


def _by_reference(conventions: Iterable[Convention]) -> dict[str, Convention]:
    wanted: dict[str, Convention] = {}
    for convention in conventions:
        if convention.reference in wanted:
            raise ValueError(f"{convention.reference!r} is saved twice in one go")
        wanted[convention.reference] = convention
    return wanted


def _check_revisions(stored: Mapping[str, _Stored], revisions: Mapping[str, int]) -> None:
    for reference, expected in revisions.items():
        found = stored[reference].revision if reference in stored else 0
        if found != expected:
            raise ConventionChangedError(
                reference=reference, expected=str(expected), found=str(found)
            )


def _encoded(convention: Convention) -> Encoded:
    try:
        return conversion.encode(convention)
    except UnreadableRowError as error:
        bad = error.bad[0]
        raise UnstorableConventionError(
            reference=conversion.shown(convention.reference),
            field=bad.field,
            detail=f"{bad.value} ({bad.reason})",
        ) from error


def _insert(session: Session, added: Sequence[Encoded], when: datetime) -> None:
    new = {"revision": 1, "created_at": when, "updated_at": when}
    names: list[str] = [item.row["reference"] for item in added]
    try:
        _execute_many(session, insert(_CONVENTION), [{**item.row, **new} for item in added])
    except IntegrityError as error:
        if "reference" not in str(error.orig):
            raise
        # PostgreSQL: another transaction added one of them since we looked.
        raise ConventionChangedError(
            reference=", ".join(names[:3]), expected="0", found="1"
        ) from error
    ids: dict[str, int] = {}
    for batch in _batches(names, BATCH):
        pair = select(_CONVENTION.c.reference, _CONVENTION.c.id)
        ids.update((row.reference, row.id) for row in session.execute(_narrowed(pair, batch)))
    _insert_children(session, [(ids[item.row["reference"]], item) for item in added])


def _update(session: Session, updated: Sequence[tuple[_Stored, Encoded]], when: datetime) -> None:
    rows = [
        {**new.row, "revision": old.revision + 1, "updated_at": when, "row_id": old.id}
        for old, new in updated
    ]
    _execute_many(session, update(_CONVENTION).where(_CONVENTION.c.id == bindparam("row_id")), rows)
    for table in (_PARTNER, _EVENT):
        own: ColumnElement[bool] = table.c.convention_id == bindparam("row_id")
        _execute_many(session, delete(table).where(own), [{"row_id": old.id} for old, _ in updated])
    _insert_children(session, [(old.id, new) for old, new in updated])


def _insert_children(session: Session, pairs: Sequence[tuple[int, Encoded]]) -> None:
    partners = [{"convention_id": key, **row} for key, item in pairs for row in item.partners]
    events = [{"convention_id": key, **row} for key, item in pairs for row in item.events]
    _execute_many(session, insert(_PARTNER), partners)
    _execute_many(session, insert(_EVENT), events)


def _history_row(convention: Convention, stored: _Stored | None, revision: int) -> dict[str, Any]:
    old = {} if stored is None else _plain(stored)
    before, after = conversion.changed_fields(old, conversion.plain_fields(convention))
    return {
        "convention": convention.reference,
        "revision": revision,
        "before": conversion.dump(before),
        "after": conversion.dump(after),
    }


def _plain(stored: _Stored) -> dict[str, Any]:
    """Return the fields of what is stored; where it cannot be read, its columns as they are."""
    if isinstance(stored.content, Convention):
        return conversion.plain_fields(stored.content)
    columns = zip(conversion.CONVENTION_COLUMNS, stored.raw, strict=True)
    return {"unreadable": {name: conversion.shown(value) for name, value in columns if value}}


def _execute_many(session: Session, statement: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - an insert, an update or a delete
    if rows:
        session.execute(statement, rows)


def _batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


# --- history -------------------------------------------------------------------------------------


def history(session: Session, reference: str) -> tuple[HistoryEntry, ...]:
    """Return what happened to one convention, oldest first, its removal included."""
    return histories(session, [reference])


def histories(
    session: Session, references: Iterable[str] | None = None
) -> tuple[HistoryEntry, ...]:
    """Return the history of these conventions (of all), by reference, oldest first."""
    statement = select(
        _HISTORY.c.id,
        _HISTORY.c.convention,
        _HISTORY.c.revision,
        _HISTORY.c.action,
        _HISTORY.c.who,
        _HISTORY.c.at,
        _HISTORY.c.before,
        _HISTORY.c.after,
    )
    if references is None:
        rows = list(session.execute(statement))
    else:
        rows = [
            row
            for batch in _batches(sorted(set(references)), BATCH)
            for row in session.execute(statement.where(_HISTORY.c.convention.in_(batch)))
        ]
    return tuple(
        HistoryEntry(
            convention=row.convention,
            revision=row.revision,
            action=row.action,
            who=row.who,
            at=row.at,
            before=_plain_json(row.before),
            after=_plain_json(row.after),
        )
        for row in sorted(rows, key=lambda row: (row.convention, row.id))
    )


def _plain_json(text: str) -> Mapping[str, Any]:
    """Read one side of a change; what a hand made unreadable is shown as it is, never hidden."""
    try:
        plain = json.loads(text)
    except ValueError:
        plain = None
    return plain if isinstance(plain, dict) else {"unreadable": text}
