"""What is known on a given day: events that stand, formal dates that they set.

A fact dated after `today` is not known yet, except a termination, which is decided beforehand.
A withdrawn event is as if it had never been recorded; withdrawing the withdrawal brings it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.domain.conventions import (
    FORMAL_ACTS,
    FORMAL_DATES,
    Convention,
    ConventionTerms,
    Event,
    EventName,
    FormalDate,
)


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
    events = tuple(
        sorted(
            (
                event
                for event in standing_events(_recorded_by(convention.events, today))
                if event.on <= today or event.event is EventName.TERMINATION
            ),
            key=_in_date_order,
        )
    )
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
    """Return the terms as amended up to `day`, included; the original ones for None."""
    terms = convention.terms
    for event in convention.events:
        if event.event is EventName.AMENDMENT and day is not None and event.on <= day:
            terms = replace(terms, **dict(event.changes))  # type: ignore[arg-type]
    return terms


def executory_on(convention: Convention) -> date | None:
    """Return the day the deliberation became executory: transmitted and published, both needed.

    CGCT L2131-1.
    """
    transmitted = full_date(convention.transmitted_on)
    published = full_date(convention.published_on)
    return max(transmitted, published) if transmitted and published else None


def events_named(convention: Convention, *names: EventName) -> tuple[Event, ...]:
    """Return the events of these names, in date order."""
    return tuple(event for event in convention.events if event.event in names)


def _in_date_order(event: Event) -> tuple[date, str, str]:
    """Sort by day, then by content: the order of recording must not change the answer."""
    return event.on, event.event.value, repr(replace(event, number=1, note=""))


def _recorded_by(events: tuple[Event, ...], today: date) -> tuple[Event, ...]:
    """Leave out withdrawals that are dated after `today`."""
    return tuple(
        event for event in events if event.event is not EventName.WITHDRAWN or event.on <= today
    )


def _if_known(value: FormalDate | None, today: date) -> FormalDate | None:
    if isinstance(value, date):
        return value if value <= today else None
    if value is not None and value.year > today.year:
        return None
    return value
