"""Laying a record over what is stored, and what several fields say together.

Absent keys keep what is stored, given ones replace it (null empties it), `terms` is merged key by
key. Imported events are added, equal ones are ignored, none is removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Event,
    EventName,
    PartialDate,
    StartRule,
)
from tracker.exchange.cursor import Locator, Path
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.record import Draft, read_record, to_record
from tracker.exchange.values import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs, as plain JSON values; `key` is `terms.notice`, `events[3]`…"""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What an import would store: one entry per record, in the order of the files."""

    conventions: tuple[Convention, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    unchanged: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Where there is any, nothing may be stored."""


def merge(stored: Convention | None, draft: Draft) -> Convention | list[Problem]:
    """Return the convention as it will stand, or all that the record and the stored one forbid."""
    problems: list[Problem] = []
    if stored is not None and stored.reference != draft.reference:
        _note(problems, draft.locator, ("reference",), "reference_fixed", draft.reference,
              other=stored.reference)  # fmt: skip
    title = draft.fields.get("title") or (stored.title if stored is not None else None)
    if title is None:
        _note(problems, draft.locator, ("title",), "required")
    facts: dict[str, Any] = {} if stored is None else _attributes(stored)
    facts |= draft.fields
    start = ConventionTerms() if stored is None or draft.terms_cleared else stored.terms
    terms = {**_attributes(start), **draft.terms}
    _check_start(problems, draft, facts, terms)
    for key in ("parent", "succeeds"):
        if facts.get(key) == draft.reference:
            _note(problems, draft.locator, (key,), "own_relative")
    if problems or title is None:
        return problems
    events = merge_events(() if stored is None else stored.events, draft.events)
    facts |= {"reference": draft.reference, "title": title, "events": events}
    return Convention(**facts | {"terms": ConventionTerms(**terms)})


def merge_all(drafts: Iterable[Draft], stored: Mapping[str, Convention]) -> Merged:
    """Lay every record over what is stored under its reference."""
    conventions: list[Convention] = []
    added: list[str] = []
    changed: list[tuple[str, tuple[Change, ...]]] = []
    unchanged: list[str] = []
    problems: list[Problem] = []
    for draft in drafts:
        before = stored.get(draft.reference)
        after = merge(before, draft)
        if isinstance(after, list):
            problems.extend(after)
            continue
        conventions.append(after)
        if before is None:
            added.append(after.reference)
        elif before == after:
            unchanged.append(after.reference)
        else:
            changed.append((after.reference, differences(before, after)))
    return Merged(
        conventions=tuple(conventions),
        added=tuple(added),
        changed=tuple(changed),
        unchanged=tuple(unchanged),
        problems=tuple(problems),
    )


def parse_record(
    raw: object, *, where: Place | Locator | None = None, source: Source = Source.JSON
) -> Convention | list[Problem]:
    """Read a record that stands alone; every problem it has, where it has any."""
    draft = read_record(raw, where=where, source=source)
    return draft if isinstance(draft, list) else merge(None, draft)


def differences(before: Convention | None, after: Convention) -> tuple[Change, ...]:
    """Return the fields that differ, in the order of the record."""
    old = {} if before is None else _flat(to_record(before))
    new = _flat(to_record(after))
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Change(key=key, before=old.get(key), after=new.get(key))
        for key in keys
        if old.get(key) != new.get(key)
    )


def merge_events(stored: Iterable[Event], given: Iterable[Event]) -> tuple[Event, ...]:
    """Add the events that are not stored yet, with new numbers.

    Two events are equal when everything but the number is; a fact given twice in one record is
    two facts. The target of a `withdrawn` follows the number of the event it names.
    """
    events = list(stored)
    known: dict[Event, list[int]] = defaultdict(list)
    for event in events:
        known[_unnumbered(event)].append(event.number)
    for numbers in known.values():
        numbers.reverse()
    next_number = max((event.number for event in events), default=0) + 1
    renumbered: dict[int, int] = {}
    for event in given:
        moved = event
        if event.event is EventName.WITHDRAWN and event.target is not None:
            moved = replace(event, target=renumbered.get(event.target, event.target))
        same = known.get(_unnumbered(moved))
        if same:
            renumbered[event.number] = same.pop()
            continue
        renumbered[event.number] = next_number
        events.append(replace(moved, number=next_number))
        next_number += 1
    return tuple(events)


def _unnumbered(event: Event) -> Event:
    return replace(event, number=0)


def _check_start(
    problems: list[Problem], draft: Draft, facts: Mapping[str, Any], terms: Mapping[str, Any]
) -> None:
    """Refuse an end before the start, whichever of both was given."""
    end = terms["end"]
    if end is None:
        return
    starts = [("terms", "start_date"), *_starting_field(facts, terms["start"])]
    for path in starts:
        day = terms["start_date"] if path[0] == "terms" else facts.get(str(path[0]))
        if isinstance(day, PartialDate):
            continue
        if day is not None and end < day:
            given: Path = ("terms", "end") if "end" in draft.terms else path
            _note(problems, draft.locator, given, "end_before_start", end, other=day,
                  field=path[-1])  # fmt: skip
            return


def _starting_field(facts: Mapping[str, Any], rule: StartRule | None) -> list[tuple[str, ...]]:
    """Return the field that gives the first day, as far as one field alone does."""
    if isinstance(facts.get("effective_on"), date):
        return [("effective_on",)]
    match rule:
        case StartRule.SIGNATURE:
            return [("signed_on",)]
        case StartRule.NOTIFICATION:
            return [("notified_on",)]
        case StartRule.TRANSMISSION:
            return [("transmitted_on",)]
        case _:
            return []


def _note(
    problems: list[Problem],
    locator: Locator,
    path: Path,
    code: str,
    value: object = None,
    **facts: object,
) -> None:
    problems.append(Problem.of(Refusal(code, value, **facts), locator.place(path)))


def _attributes(value: Convention | ConventionTerms) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if key == "terms":
            flat |= {f"terms.{name}": item for name, item in value.items()}
        elif key == "events":
            flat |= {f"events[{index}]": item for index, item in enumerate(value, 1)}
        else:
            flat[key] = value
    return flat
