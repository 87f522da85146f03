"""Fields given one by one as text: `edit REF --field NAME=VALUE`, `record REF EVENT --field …`.

Each text is read exactly like the cell of a table, so that what works in a spreadsheet works on the
command line; but here an empty value empties the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tracker.domain.conventions import Convention, Event, EventName
from tracker.exchange.cursor import Cursor, Locator
from tracker.exchange.merge import merge
from tracker.exchange.problems import Problem, Refusal, suggestion
from tracker.exchange.record import (
    COLUMNS,
    EVENT_FIELDS,
    RECORD_FIELDS,
    TERMS_FIELDS,
    read_event,
    read_record,
)
from tracker.exchange.tables import column_named, raw_of_cells
from tracker.exchange.values import Source

_LOCATOR = Locator()


def split_field(text: str) -> tuple[str, str]:
    """Split `NAME=VALUE`; `Refusal` when there is no `=`."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Refusal("field_form", text)
    return name.strip(), value


def field_value(name: str, text: str) -> Any:  # noqa: ANN401 - the value of any field
    """Return the domain value of one field of a record or of its terms; `Refusal` when bad.

    `name` is a name of the vocabulary (`notice`, `terms.notice`) or a French heading (`préavis`).
    """
    column = column_named(name)
    if column is None or column == "events":
        raise Refusal("unknown_key", name, suggestion=suggestion(name, COLUMNS))
    cursor = Cursor(_LOCATOR, Source.CELL, (column,))
    reader = TERMS_FIELDS.get(column) or RECORD_FIELDS[column]
    value = reader(cursor, text)
    if cursor.problems:
        first = cursor.problems[0]
        raise Refusal(first.code, **dict(first.facts))
    return value


def apply_fields(
    stored: Convention | None, given: Iterable[tuple[str, str]], *, reference: str | None = None
) -> Convention | list[Problem]:
    """Return the convention with these fields changed, or all the problems.

    Without `stored` a new convention is made; its reference is `reference` or the field of that
    name. Events cannot be given this way.
    """
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, text in given:
        column = column_named(name)
        place = _LOCATOR.place((name,))
        if column is None or column == "events":
            refusal = Refusal("unknown_key", name, suggestion=suggestion(name, COLUMNS))
            problems.append(Problem.of(refusal, place))
        elif column in values:
            problems.append(Problem.of(Refusal("twice", name), place))
        else:
            values[column] = text
    known = reference if stored is None else stored.reference
    if known is not None:
        values.setdefault("reference", known)
    draft = read_record(raw_of_cells(values), where=_LOCATOR, source=Source.CELL)
    if isinstance(draft, list):
        return [*problems, *draft]
    merged = merge(stored, draft)
    if isinstance(merged, list):
        return [*problems, *merged]
    return problems or merged


def event_of_fields(
    convention: Convention,
    name: str,
    on: date,
    given: Sequence[tuple[str, str]] = (),
    *,
    note: str = "",
) -> Event | list[Problem]:
    """Return the next event of a convention, from `record REF EVENT --field NAME=VALUE`.

    Its number is the next one. A `withdrawn` names the number of a stored event.
    """
    problems: list[Problem] = []
    raw: dict[str, object] = {"event": name, "on": on.isoformat()}
    if note:
        raw["note"] = note
    keys = _keys_of(name)
    for given_name, text in given:
        key = given_name if given_name in keys else (column_named(given_name) or given_name)
        if key in raw:
            problems.append(Problem.of(Refusal("twice", given_name), _LOCATOR.place((given_name,))))
        raw[key] = text
    cursor = Cursor(_LOCATOR, Source.CELL, (), problems)
    numbers = [event.number for event in convention.events]
    event, _ = read_event(cursor, raw, max(numbers, default=0) + 1)
    if event is not None and event.event is EventName.WITHDRAWN and event.target not in numbers:
        cursor.down("number").refuse("event_target_stored", event.target)
    return problems if problems or event is None else event


def _keys_of(name: str) -> tuple[str, ...]:
    known = {event.value: event for event in EventName}
    own = EVENT_FIELDS[known[name]] if name in known else ()
    return ("event", "on", "note", "number", *own)
