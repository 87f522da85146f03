"""The council's sessions, and the way back from the end of a term to the first letter.

A renewal voted by the council must be voted in time: the last session S with S + 6 weeks on or
before the last day (two of them for signatures, two for transmission, two in hand). The steps of
the backward plan are habits of town halls, except those marked legal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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

CALENDAR_REACH = timedelta(days=366)
"""How far before the last useful day a known session may be the last one. The council meets at
least once a quarter (CGCT L2121-7): further back, the calendar has simply not been entered yet."""


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

        Those on or before `last_day` less six weeks, and on or after `after` where given; none
        while the calendar is not known that far.
        """
        limit = last_day - VOTE_MARGIN
        found = tuple(
            session
            for session in sorted(set(self.sessions))
            if session <= limit and (after is None or session >= after)
        )
        known_beyond = any(session > limit for session in self.sessions)
        if found and not known_beyond and found[-1] < limit - CALENDAR_REACH:
            return ()
        return found

    def latest_possible(self, last_day: date) -> date:
        """Return the last day on which a session could still be held in time, outside blackouts."""
        limit = last_day - VOTE_MARGIN
        before = (limit - timedelta(days=days) for days in range(_LONGEST_BLACKOUT))
        return next((day for day in before if not self.in_blackout(day)), limit)

    def next_session(self, today: date) -> date | None:
        """Return the first session on or after `today`."""
        return min((session for session in self.sessions if session >= today), default=None)


_LONGEST_BLACKOUT = 2 * 366
"""Days after which blackouts that never end are no longer believed."""

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
_LIST_ONLINE = timedelta(days=7)
_SIGNATURE = timedelta(weeks=2)
_TRANSMISSION = timedelta(weeks=4)


def backward_plan(
    session: date,
    last_day: date,
    council: CouncilCalendar,
    *,
    holidays: frozenset[date] = frozenset(),
    external_action: bool = False,
) -> tuple[PlanStep, ...]:
    """Return the steps towards `session`, which votes the renewal after `last_day`.

    In order, none later than the next: a habit that would come after the next step is brought
    forward. Habits fall on working days; legal days are not moved (clear days run through
    week-ends: CE, 13 October 1993).
    """
    known: _Facts = {"session": session, "last": last_day}

    def habit(
        step: str, day: date, facts: _Facts | None = None, law: str | None = None
    ) -> PlanStep:
        prudent = working_day_on_or_before(day, holidays)
        return _step(step, prudent, {**known, **(facts or {})}, law, legal=False)

    def duty(step: str, day: date, law: str, facts: _Facts | None = None) -> PlanStep:
        return _step(step, day, {**known, **(facts or {})}, law, legal=True)

    clear_days = council.clear_days
    entry = "cgct-l1115-1" if external_action else "cgct-executory"
    return _in_order(
        [
            *(habit(step, shift_back(last_day, lead), {"lead": lead}) for step, lead in _FROM_TERM),
            *(
                habit(step, session - lead, {"weeks": lead.days // 7})
                for step, lead in _BEFORE_SESSION
            ),
            duty(
                "convocation",
                latest_convocation(session, clear_days),
                "cgct-convocation",
                {"clear_days": clear_days},
            ),
            duty("session", session, "cgct-council"),
            duty("publication", session + _LIST_ONLINE, "cgct-list-online"),
            habit("signature", session + _SIGNATURE),
            habit("transmission", session + _TRANSMISSION, law=entry),
        ]
    )


_Facts = dict[str, date | Period | int]


def _step(step: str, day: date, facts: _Facts, law: str | None, *, legal: bool) -> PlanStep:
    """Return a step; `legal` tells a day that the law sets from a habit that the law backs."""
    basis = Basis(
        rule=f"plan.{step}", facts=tuple(sorted(facts.items())), law=(law,) if law else ()
    )
    return PlanStep(step=step, due_on=day, basis=basis, legal=legal)


def _in_order(steps: list[PlanStep]) -> tuple[PlanStep, ...]:
    """Bring forward the steps that would come after the next one."""
    ordered: list[PlanStep] = []
    for step in reversed(steps):
        if ordered and step.due_on > ordered[-1].due_on:
            moved = (*step.basis.facts, ("brought_forward", ordered[-1].step))
            basis = replace(step.basis, facts=moved)
            ordered.append(replace(step, due_on=ordered[-1].due_on, basis=basis))
        else:
            ordered.append(step)
    return tuple(reversed(ordered))
