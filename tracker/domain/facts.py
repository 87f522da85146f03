"""What is known on a given day: events that stand, formal dates that they set.

A fact dated after `today` is not known yet, except a termination, which is decided beforehand.
A withdrawn event is as if it had never been recorded; withdrawing the withdrawal brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tracker.domain.conventions import (
    FORMAL_ACTS,
    FORMAL_DATES,
    Convention,
    ConventionTerms,
    Event,
    EventName,
    FormalDate,
)

REJECTED = "rejected"
"""The outcome of a session that approved nothing."""


def standing_events(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events that no standing withdrawal names, withdrawals themselves left out."""
    withdrawn: set[int] = set()
    for event in sorted(events, key=lambda event: event.number, reverse=True):
        if event.event is EventName.WITHDRAWN and event.number not in withdrawn and event.target:
            withdrawn.add(event.target)
    return tuple(
        event
        for event in events
        if event.event is not EventName.WITHDRAWN and event.number not in withdrawn
    )


def known_on(convention: Convention, today: date) -> Convention:
    """Return the convention as it is known on `today`: standing events only, in date order.

    Formal acts recorded as events win over the fields of the same name, the latest act first; a
    formal date after `today` is absent. What the text itself says (terms, `effective_on`,
    milestones) is no fact of a day and stays.
    """
    events = _in_date_order(
        _as_known(event, today)
        for event in standing_events(_recorded_by(convention.events, today))
        if event.on <= today or event.event is EventName.TERMINATION
    )
    if events == convention.events and _all_known(convention, today):
        return convention
    dates: dict[str, FormalDate | None] = {
        name: _if_known(getattr(convention, name), today) for name in FORMAL_DATES
    }
    for event in events:
        if event.event in FORMAL_ACTS:
            dates[FORMAL_ACTS[event.event]] = event.on
    session = convention.session
    if session is not None and session.on > today:
        session = None
    return replace(convention, events=events, session=session, **dates)  # type: ignore[arg-type]


def full_date(value: FormalDate | None) -> date | None:
    """Return `value` where it is a whole date: a year or a month is never computed from."""
    return value if isinstance(value, date) else None


def clauses_on(convention: Convention, day: date | None) -> ConventionTerms:
    """Return the terms as amended up to `day`, included; the original ones for None.

    An amendment that contradicts what stands (an end before the start) changes nothing.
    """
    terms = convention.terms
    if day is None:
        return terms
    for event in convention.events:
        if event.event is EventName.AMENDMENT and event.on <= day:
            terms = amended(terms, event) or terms
    return terms


def clause_versions(convention: Convention) -> tuple[tuple[date, ConventionTerms], ...]:
    """Return the successive terms with the day from which each one stands, the first for ever."""
    terms = convention.terms
    versions = [(date.min, terms)]
    for event in events_named(convention, EventName.AMENDMENT):
        terms = amended(terms, event) or terms
        versions.append((event.on, terms))
    return tuple(versions)


def amended(terms: ConventionTerms, event: Event) -> ConventionTerms | None:
    """Return the terms with what an amendment changes, None where the two contradict each other."""
    try:
        return replace(terms, **dict(event.changes))  # type: ignore[arg-type]
    except ValueError:
        return None


def voted_on(convention: Convention) -> FormalDate | None:
    """Return the day of the vote that approved the convention, None where it was rejected."""
    session = convention.session
    rejected = session is not None and session.vote == REJECTED
    return None if rejected else convention.deliberated_on


def executory_on(convention: Convention) -> date | None:
    """Return the day the deliberation became executory: transmitted and published, both needed.

    CGCT L2131-1.
    """
    transmitted = full_date(convention.transmitted_on)
    published = full_date(convention.published_on)
    return max(transmitted, published) if transmitted and published else None


def events_named(convention: Convention, *names: EventName) -> tuple[Event, ...]:
    """Return the events of these names, in date order."""
    if not convention.events:
        return ()
    return tuple(event for event in convention.events if event.event in names)


def _in_date_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Sort by day, then by content: the order of recording must not change the answer."""
    found = sorted(events, key=lambda event: (event.on, event.event.value))
    alike = any((one.on, one.event) == (other.on, other.event) for one, other in pairwise(found))
    if alike:
        found.sort(
            key=lambda event: (
                event.on,
                event.event.value,
                repr(replace(event, number=1, note="")),
            )
        )
    return tuple(found)


def _all_known(convention: Convention, today: date) -> bool:
    """Tell whether nothing recorded is hidden from `today`, nor set by an event."""
    acts = any(event.event in FORMAL_ACTS for event in convention.events)
    later = convention.session is not None and convention.session.on > today
    values = (getattr(convention, name) for name in FORMAL_DATES)
    return not acts and not later and all(value is _if_known(value, today) for value in values)


def _as_known(event: Event, today: date) -> Event:
    """Return a notice without the days of its letter that have not come yet."""
    later = {
        name: None
        for name in ("presented_on", "received_on")
        if (day := getattr(event, name)) is not None and day > today
    }
    return replace(event, **later) if later else event  # type: ignore[arg-type]


def _recorded_by(events: tuple[Event, ...], today: date) -> tuple[Event, ...]:
    """Leave out withdrawals that are dated after `today`."""
    return tuple(
        event for event in events if event.event is not EventName.WITHDRAWN or event.on <= today
    )


def _if_known(value: FormalDate | None, today: date) -> FormalDate | None:
    if isinstance(value, date):
        return value if value <= today else None
    if value is not None and (value.year, value.month or 1) > (today.year, today.month):
        return None
    return value
