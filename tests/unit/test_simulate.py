"""The simulation against the same rules applied every single day, on conventions of any shape."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from strategies import milestones, tuples_of

from config.settings import load_settings
from jobs.runtime import Runtime, Snapshot
from jobs.simulate import _Span
from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    DutyKind,
    Event,
    EventName,
    NoticeOf,
    RecurringDuty,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import Period
from tracker.domain.portfolio import Portfolio
from tracker.domain.reminders import plan_reminders, stages_of
from tracker.wording import Wording

FIRST = date(2026, 11, 20)
SPAN = 120

near_days = st.dates(date(2023, 1, 1), date(2028, 12, 31))
short_periods = st.sampled_from(
    [Period(years=1), Period(months=6), Period(months=18), Period(years=3), Period(days=90)]
)
notices = st.none() | st.sampled_from([Period(months=3), Period(months=1), Period(days=15)])
event_names = st.sampled_from([name for name in EventName if name is not EventName.AMENDMENT])


@st.composite
def living_conventions(draw: st.DrawFn) -> Convention:
    """A convention about the days simulated, with facts of the past and of the future."""
    signed = draw(st.none() | near_days)
    terms = ConventionTerms(
        term=draw(st.none() | short_periods),
        start=StartRule.SIGNATURE,
        renewal=draw(st.none() | st.sampled_from(RenewalMode)),
        renewal_period=draw(st.none() | short_periods),
        renewal_max=draw(st.none() | st.integers(0, 2)),
        notice=draw(notices),
        notice_of=NoticeOf.NONRENEWAL,
        recurring=draw(
            tuples_of(
                st.builds(RecurringDuty, kind=st.sampled_from(DutyKind), every=short_periods), 2
            )
        ),
        final_evaluation=draw(st.booleans()),
    )
    events = tuple(
        Event(
            number=number,
            event=name,
            on=on,
            received_on=on if name is EventName.NOTICE else None,
            deadline="X/notice/1" if name in {EventName.SNOOZED, EventName.ACKNOWLEDGED} else None,
            until=on + timedelta(days=20) if name is EventName.SNOOZED else None,
            target=1 if name is EventName.WITHDRAWN else None,
        )
        for number, (name, on) in enumerate(
            draw(st.lists(st.tuples(event_names, near_days), max_size=4)), 1
        )
    )
    return Convention(
        reference="X",
        title="Convention",
        owner=draw(st.none() | st.just("a@example.org")),
        watchers=draw(st.just(()) | st.just(("b@example.org",))),
        deliberated_on=draw(st.none() | near_days),
        signed_on=signed,
        tracked_from=draw(st.none() | near_days),
        milestones=draw(tuples_of(milestones(), 1)),
        terms=terms,
        events=events,
    )


def runtime() -> Runtime:
    loaded = load_settings(None, {}, database_override="sqlite:///never-opened.db")
    return Runtime(
        settings=loaded,
        engine=cast("Engine", None),
        wording=Wording("fr"),
        clock=lambda: datetime(2026, 11, 20, 11, tzinfo=UTC),
    )


RUNTIME = runtime()


def snapshot_of(convention: Convention, day: date) -> Snapshot:
    portfolio = Portfolio(conventions=(convention,), today=day)
    until = RUNTIME.horizon(portfolio, day)
    return Snapshot(
        portfolio=portfolio, lives=(portfolio.life(convention.reference, until),), bad_rows=()
    )


def every_day(convention: Convention, last: date) -> list[tuple[date, Any]]:
    """What a scan on each day would record."""
    seen: set[Any] = set()
    found = []
    day = FIRST
    while day <= last:
        life = snapshot_of(convention, day).lives[0]
        for reminder in plan_reminders(life.deadlines, RUNTIME.policy, day):
            opens = dict(stages_of(reminder.deadline, RUNTIME.policy))
            for recipient in RUNTIME.addressed(reminder).recipients:
                for stage in reminder.reached:
                    identity = (
                        reminder.deadline.key,
                        reminder.deadline.due_on,
                        stage,
                        recipient.address,
                    )
                    if identity not in seen:
                        seen.add(identity)
                        found.append((day, (*identity, opens[stage], reminder.deadline.status)))
        day += timedelta(days=1)
    return sorted(found)


@given(convention=living_conventions())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_skipped_days_owe_nothing(convention: Convention) -> None:
    last = FIRST + timedelta(days=SPAN)
    snapshot = snapshot_of(convention, FIRST)
    span = _Span(runtime=RUNTIME, snapshot=snapshot, first=FIRST, last=last)
    owed = span.owed(span.stretches("X"), frozenset())
    simulated = sorted(
        (day, (*item.identity, item.opens_on, item.deadline.status)) for day, item in owed
    )
    assert simulated == every_day(convention, last)


@given(convention=living_conventions())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_stretches_cover_every_day_once(convention: Convention) -> None:
    last = FIRST + timedelta(days=SPAN)
    span = _Span(runtime=RUNTIME, snapshot=snapshot_of(convention, FIRST), first=FIRST, last=last)
    stretches = list(span.stretches("X"))
    assert stretches[0].first == FIRST
    assert stretches[-1].last == last
    for one, following in pairwise(stretches):
        assert following.first == one.last + timedelta(days=1)


@given(convention=living_conventions(), days=st.integers(0, SPAN))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_life_of_a_skipped_day_is_the_one_derived_on_it(
    convention: Convention, days: int
) -> None:
    day = FIRST + timedelta(days=days)
    last = FIRST + timedelta(days=SPAN)
    span = _Span(runtime=RUNTIME, snapshot=snapshot_of(convention, FIRST), first=FIRST, last=last)
    (stretch,) = [one for one in span.stretches("X") if one.first <= day <= one.last]
    derived = Portfolio(conventions=(convention,), today=day).life("X", span._until)
    simulated = stretch.life_on(day)
    assert simulated.deadlines == derived.deadlines
    assert simulated.state == derived.state
    assert simulated.findings == derived.findings
