"""Questions to the portfolio, answered as plain values: nothing is printed, nothing changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.consequences import ConventionState, Deadline, DeadlineKind, DeadlineStatus
from tracker.domain.dates import Period, shift
from tracker.domain.portfolio import Life, Portfolio
from tracker.domain.reminders import MISSED_SHOWN_FOR
from tracker.storage.folding import fold

_ACT_BEFORE_DUE = timedelta(days=62)
"""How much earlier than `due_on` the prudent day can fall besides the postal margin: month ends,
week-ends and holidays in a row, and a fortnight to spare."""

_SETTLED_BEFORE = MISSED_SHOWN_FOR + timedelta(days=1)
"""Deadlines settled longer ago than this are not asked for, and need not be derived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineQuery:
    """Which deadlines are asked for; both days included, empty filters keep everything."""

    first: date
    last: date
    kinds: frozenset[DeadlineKind] = frozenset()
    owner: str | None = None
    partner: str | None = None
    country: str | None = None
    state: ConventionState | None = None
    overdue: bool = True
    limit: int | None = None


def derivation_horizon(portfolio: Portfolio, last: date) -> date:
    """Return how far deadlines must be derived so that all with `act_by` <= `last` are seen."""
    margin = portfolio.around.postal_margin or Period(days=1)
    return shift(last, margin) + _ACT_BEFORE_DUE


def upcoming_deadlines(portfolio: Portfolio, query: DeadlineQuery) -> tuple[Deadline, ...]:
    """Return the open deadlines to act on by `query.last` and due from `query.first`.

    Overdue ones are there unless refused, and notices or votes missed in the last thirty days.
    Sorted by `due_on`, then convention, then kind.
    """
    until = derivation_horizon(portfolio, query.last)
    found = [
        deadline
        for life in portfolio.lives(until, since=portfolio.today - _SETTLED_BEFORE)
        if _concerns(life, query)
        for deadline in life.deadlines
        if _is_asked(deadline, query, portfolio.today)
    ]
    found.sort(key=deadline_order)
    return tuple(found[: query.limit])


def deadline_order(deadline: Deadline) -> tuple[date, str, str, int]:
    """Order deadlines as every answer does: day, convention, kind, occurrence."""
    return deadline.due_on, deadline.convention, deadline.kind.value, deadline.ordinal


def select_lives(portfolio: Portfolio, query: DeadlineQuery) -> tuple[Life, ...]:
    """Return the lives that the filters on conventions keep, sorted by reference."""
    until = derivation_horizon(portfolio, query.last)
    lives = portfolio.lives(until, since=portfolio.today - _SETTLED_BEFORE)
    return tuple(life for life in lives if _concerns(life, query))


def recently_missed(deadline: Deadline, today: date) -> bool:
    """Tell whether a notice or a vote day passed unused within the last thirty days."""
    lost = deadline.kind in {DeadlineKind.NOTICE, DeadlineKind.DECISION}
    missed = deadline.status is DeadlineStatus.MISSED
    return lost and missed and today - deadline.due_on <= MISSED_SHOWN_FOR


def _is_asked(deadline: Deadline, query: DeadlineQuery, today: date) -> bool:
    if query.kinds and deadline.kind not in query.kinds:
        return False
    if recently_missed(deadline, today):
        return query.overdue
    if not deadline.is_open:
        return False
    if deadline.status is DeadlineStatus.OVERDUE:
        return query.overdue
    return deadline.act_by <= query.last and (deadline.until or deadline.due_on) >= query.first


def _concerns(life: Life, query: DeadlineQuery) -> bool:
    record = life.record
    if query.state is not None and life.state is not query.state:
        return False
    if query.owner is not None and not _contains([record.owner or ""], query.owner):
        return False
    if query.partner is not None:
        names = [partner.name for partner in record.partners]
        if not _contains(names, query.partner):
            return False
    if query.country is None:
        return True
    return any((item.country or "") == query.country.upper() for item in record.partners)


def _contains(texts: Iterable[str], wanted: str) -> bool:
    return any(fold(wanted) in fold(text) for text in texts)
