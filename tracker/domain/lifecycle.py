"""Where a convention stands on a day, and which facts can be recorded next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tracker.domain.consequences import ConventionState
from tracker.domain.conventions import (
    Convention,
    Event,
    EventName,
    PartialDate,
)
from tracker.domain.deadlines import deadline_prefix
from tracker.domain.facts import events_named, full_date, known_on, standing_events, voted_on
from tracker.domain.terms import Course


def state_on(
    facts: Convention, course: Course, day: date, *, succeeded: bool = False
) -> ConventionState:
    """Return the state on `day`, the first that applies in the order of `ConventionState`.

    `facts` are those known on `day`; `succeeded` tells whether another convention renews this one.
    """
    if course.terminated_on is not None and course.terminated_on < day:
        return ConventionState.TERMINATED
    ended = course.has_ended(day)
    if not ended and _is_suspended(facts):
        return ConventionState.SUSPENDED
    if ended:
        return ConventionState.RENEWED if succeeded else ConventionState.EXPIRED
    if _is_in_force(facts, course, day):
        stopped = course.denunciation is not None or course.terminated_on is not None
        return ConventionState.DENOUNCED if stopped else ConventionState.IN_FORCE
    voted = voted_on(facts) is not None or facts.signed_on is not None
    return ConventionState.APPROVED if voted else ConventionState.DRAFT


def _is_in_force(facts: Convention, course: Course, day: date) -> bool:
    """Tell whether the convention runs on `day`.

    Without a first day: when its month is past, or, where no clause says what the term runs from,
    when it is signed.
    """
    if course.has_begun(day):
        return True
    partial = getattr(facts, course.start.fact, None)
    if isinstance(partial, PartialDate):
        return _is_past(partial, day)
    return course.start.fact == "start" and _is_past(facts.signed_on, day)


def _is_past(act: date | PartialDate | None, day: date) -> bool:
    """Tell whether an act has taken place on `day`; of a month or a year, when it is over."""
    if isinstance(act, PartialDate):
        return (act.year, act.month or 12) < (day.year, day.month)
    return act is not None and act <= day


def _is_suspended(facts: Convention) -> bool:
    """Tell whether the last word is a suspension; on the same day the resumption comes after."""
    suspended = [event.on for event in events_named(facts, EventName.SUSPENSION)]
    resumed = [event.on for event in events_named(facts, EventName.RESUMPTION)]
    return bool(suspended) and (not resumed or resumed[-1] < suspended[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an event cannot be recorded: a stable code, the facts that oppose it."""

    code: str
    facts: tuple[tuple[str, object], ...] = field(default=())


def refuse_event(convention: Convention, event: Event) -> Refusal | None:
    """Return why `event` is impossible after what is recorded, or None.

    Unusual facts are not refused: they raise a warning. Refused is what could mean nothing.
    """
    standing = standing_events(convention.events)
    match event.event:
        case EventName.WITHDRAWN:
            return _refuse_withdrawal(convention, event)
        case EventName.SUSPENSION:
            if _is_suspended(known_on(convention, event.on)):
                return Refusal(code="already_suspended", facts=(("on", event.on),))
        case EventName.RESUMPTION:
            before = [item for item in standing if item.on <= event.on]
            suspensions = sum(item.event is EventName.SUSPENSION for item in before)
            resumptions = sum(item.event is EventName.RESUMPTION for item in before)
            if suspensions <= resumptions:
                return Refusal(code="not_suspended", facts=(("on", event.on),))
        case EventName.NOTICE:
            return _refuse_notice(event)
        case EventName.AMENDMENT:
            if not event.changes:
                return Refusal(code="empty_amendment")
            return _refuse_amendment(event)
        case EventName.ACKNOWLEDGED | EventName.SNOOZED:
            if event.deadline is None:
                return Refusal(code="deadline_needed")
            if not event.deadline.startswith(deadline_prefix(convention.reference)):
                return Refusal(code="foreign_deadline", facts=(("deadline", event.deadline),))
            if event.event is EventName.SNOOZED and event.until is None:
                return Refusal(code="until_needed")
        case EventName.TERMINATION:
            signed = full_date(known_on(convention, date.max).signed_on)
            if signed is not None and event.on < signed:
                return Refusal(code="before_signature", facts=(("signed", signed),))
        case _:
            return None
    return None


def _refuse_withdrawal(convention: Convention, event: Event) -> Refusal | None:
    numbers = {item.number for item in convention.events}
    if event.target is None or event.target not in numbers:
        return Refusal(code="no_such_event", facts=(("number", event.target or 0),))
    standing = {item.number for item in standing_events(convention.events)}
    target = next(item for item in convention.events if item.number == event.target)
    if target.event is not EventName.WITHDRAWN and target.number not in standing:
        return Refusal(code="already_withdrawn", facts=(("number", event.target),))
    return None


def _refuse_notice(event: Event) -> Refusal | None:
    for name in ("presented_on", "received_on"):
        day = getattr(event, name)
        if day is not None and day < event.on:
            return Refusal(code="received_before_posted", facts=(("posted", event.on), (name, day)))
    if event.presented_on and event.received_on and event.received_on < event.presented_on:
        return Refusal(
            code="received_before_presented",
            facts=(("presented_on", event.presented_on), ("received_on", event.received_on)),
        )
    return None


def _refuse_amendment(event: Event) -> Refusal | None:
    end = dict(event.changes).get("end")
    if isinstance(end, date) and end < event.on:
        return Refusal(code="end_before_amendment", facts=(("end", end), ("on", event.on)))
    return None
