"""The council's sessions, and the way back from the end of a term to the first letter.

A renewal voted by the council must be voted in time: the last session S with S + 6 weeks on or
before the last day (two of them for signatures, two for transmission, two in hand). The steps of
the backward plan are habits of town halls, except those marked legal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tracker.domain.consequences import Basis, PlanStep
from tracker.domain.dates import (
    Period,
    latest_convocation,
    shift_back,
    working_day_on_or_before,
)

VOTE_MARGIN = timedelta(weeks=6)
"""Between the vote and the end of the term: publication, signatures, transmission."""


class Blackout(Protocol):
    """Days on which no session is expected; the settings give them once or for every year."""

    def covers(self, day: date) -> bool:
        """Tell whether no session is expected on `day`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilCalendar:
    """Sessions known, clear days owed before each, and the days on which none is expected."""

    sessions: tuple[date, ...] = ()
    clear_days: int = 5
    blackouts: tuple[Blackout, ...] = ()

    def in_blackout(self, day: date) -> bool:
        """Tell whether no session is expected on `day`."""
        return any(blackout.covers(day) for blackout in self.blackouts)

    def sessions_before(self, last_day: date, *, after: date | None = None) -> tuple[date, ...]:
        """Return the sessions that can vote a renewal without a gap, the latest last.

        Those on or before `last_day` less six weeks, and on or after `after` where given.
        """
        limit = last_day - VOTE_MARGIN
        return tuple(
            session
            for session in sorted(set(self.sessions))
            if session <= limit and (after is None or session >= after)
        )

    def latest_possible(self, last_day: date) -> date:
        """Return the last day on which a session could still be held in time, outside blackouts."""
        day = last_day - VOTE_MARGIN
        while self.in_blackout(day):
            day -= timedelta(days=1)
        return day

    def next_session(self, today: date) -> date | None:
        """Return the first session on or after `today`."""
        return min((session for session in self.sessions if session >= today), default=None)


# step, law that makes it a duty, where it stands before S or T
_FROM_TERM: tuple[tuple[str, Period], ...] = (
    ("evaluation_start", Period(months=12)),
    ("evaluation_delivered", Period(months=9)),
    ("draft", Period(months=7)),
)
_BEFORE_SESSION: tuple[tuple[str, timedelta], ...] = (
    ("opinions", timedelta(weeks=10)),
    ("filing", timedelta(weeks=8)),
    ("committee", timedelta(weeks=3)),
)
_AFTER_SESSION: tuple[tuple[str, timedelta, str | None], ...] = (
    ("publication", timedelta(days=7), "cgct-list-online"),
    ("signature", timedelta(weeks=4), None),
    ("transmission", timedelta(weeks=6), "cgct-executory"),
)


def backward_plan(
    session: date,
    last_day: date,
    calendar: CouncilCalendar,
    *,
    holidays: frozenset[date] = frozenset(),
    external_action: bool = False,
) -> tuple[PlanStep, ...]:
    """Return the steps towards `session`, which votes the renewal after `last_day`.

    In order, none later than the next. Habits fall on working days; the legal day of the
    convocation is not moved (clear days run through week-ends: CE, 13 October 1993).
    """

    def habit(step: str, day: date, **facts: date | Period | int) -> PlanStep:
        prudent = working_day_on_or_before(day, holidays)
        return _step(step, prudent, law=(), session=session, last=last_day, **facts)

    steps = [habit(step, shift_back(last_day, lead), lead=lead) for step, lead in _FROM_TERM]
    steps += [habit(step, session - lead, weeks=lead.days // 7) for step, lead in _BEFORE_SESSION]
    steps.append(
        _step(
            "convocation",
            latest_convocation(session, calendar.clear_days),
            law=("cgct-convocation",),
            session=session,
            clear_days=calendar.clear_days,
        )
    )
    steps.append(_step("session", session, law=("cgct-council",), session=session, last=last_day))
    for step, delay, law in _AFTER_SESSION:
        if step == "transmission" and external_action:
            law = "cgct-l1115-1"  # noqa: PLW2901 - the signed act itself, for external action
        day = session + delay
        if law is None:
            steps.append(habit(step, day))
        else:
            steps.append(_step(step, day, law=(law,), session=session, last=last_day))
    return _in_order(steps)


def _step(step: str, day: date, *, law: tuple[str, ...], **facts: date | Period | int) -> PlanStep:
    basis = Basis(rule=f"plan.{step}", facts=tuple(sorted(facts.items())), law=law)
    return PlanStep(step=step, due_on=day, basis=basis, legal=bool(law))


def _in_order(steps: list[PlanStep]) -> tuple[PlanStep, ...]:
    """Bring forward the steps that would come after the next one."""
    ordered: list[PlanStep] = []
    for step in reversed(steps):
        due_on = min(step.due_on, ordered[-1].due_on) if ordered else step.due_on
        ordered.append(PlanStep(step=step.step, due_on=due_on, basis=step.basis, legal=step.legal))
    return tuple(reversed(ordered))
