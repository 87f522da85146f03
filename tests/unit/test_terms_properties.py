"""What holds of every life: terms touch, nothing is owed after the end, order changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from strategies import conventions as any_conventions
from unit.domain_strategies import (
    conventions,
    days,
    events,
    numbered,
    periods,
    recent_days,
    surroundings,
)

from tracker.domain.consequences import DeadlineKind, DeadlineStatus
from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Event,
    EventName,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import Period
from tracker.domain.deadlines import Surroundings, derive_deadlines
from tracker.domain.facts import known_on
from tracker.domain.portfolio import Life, Portfolio
from tracker.domain.terms import Course, derive_terms

ONE_DAY = timedelta(days=1)
TODAYS = recent_days(2010, 2030)
STOPPED_BY_THE_END = {
    DeadlineKind.NOTICE,
    DeadlineKind.RENEWAL,
    DeadlineKind.DECISION,
    DeadlineKind.EVALUATION,
    DeadlineKind.COMMITTEE,
    DeadlineKind.REVIEW,
}


def life_of(
    record: Convention, today: date, until: date | None = None, around: Surroundings | None = None
) -> Life:
    portfolio = Portfolio(conventions=[record], today=today, around=around or Surroundings())
    return portfolio.life(record.reference, until or today + timedelta(days=800))


def assert_terms_touch(course: Course) -> None:
    for place, term in enumerate(course.terms):
        assert term.ordinal == place
        if term.first_day is not None and term.last_day is not None:
            assert term.first_day <= term.last_day
        if place:
            before = course.terms[place - 1].last_day
            assert before is not None
            assert term.first_day == before + ONE_DAY
    if course.last_day is not None and course.terms:
        assert all((term.last_day or course.last_day) <= course.last_day for term in course.terms)


@given(conventions(), TODAYS, surroundings())
def test_a_life_holds_together(record: Convention, today: date, around: Surroundings) -> None:
    life = life_of(record, today, around=around)
    assert_terms_touch(life.course)
    keys = [item.key for item in life.deadlines]
    assert len(keys) == len(set(keys))
    last = life.course.last_day
    for item in life.deadlines:
        assert item.status in DeadlineStatus
        assert item.key.startswith("C/")
        assert item.act_by <= item.due_on
        if last is not None and item.kind in STOPPED_BY_THE_END:
            assert item.due_on <= last, item
        if last is not None and item.kind is DeadlineKind.REPORT and not item.label:
            assert item.due_on <= last, item
    days_of_plan = [step.due_on for step in life.plan]
    assert days_of_plan == sorted(days_of_plan)


@given(any_conventions(), days())
def test_no_record_that_can_be_kept_breaks_the_derivation(record: Convention, today: date) -> None:
    life = life_of(record, today)
    assert_terms_touch(life.course)
    assert len({item.key for item in life.deadlines}) == len(life.deadlines)


@given(conventions(), TODAYS, surroundings(), st.randoms())
def test_recording_in_any_order_gives_the_same_life(
    record: Convention, today: date, around: Surroundings, random: object
) -> None:
    order = list(range(len(record.events)))
    random.shuffle(order)  # type: ignore[attr-defined]
    place_of = {record.events[old].number: new for new, old in enumerate(order, 1)}
    shuffled = [
        replace(item, target=place_of.get(item.target, item.target) if item.target else None)
        for item in (record.events[old] for old in order)
    ]
    # a withdrawal of another withdrawal can only be recorded after it
    if any(
        item.event is EventName.WITHDRAWN
        and item.target in {e.number for e in record.events if e.event is EventName.WITHDRAWN}
        for item in record.events
    ):
        return
    one = life_of(record, today, around=around)
    other = life_of(replace(record, events=numbered(shuffled)), today, around=around)
    assert one.terms == other.terms
    assert one.state is other.state
    assert one.deadlines == other.deadlines
    assert one.findings == other.findings
    assert one.plan == other.plan


@given(conventions(), events(), TODAYS, surroundings())
def test_withdrawing_an_event_restores_what_was_before(
    record: Convention, mistake: Event, today: date, around: Surroundings
) -> None:
    if mistake.event is EventName.WITHDRAWN or mistake.on > today:
        return
    number = len(record.events) + 1
    withdrawal = Event(number=number + 1, event=EventName.WITHDRAWN, on=today, target=number)
    if any(item.target == number for item in record.events):
        return
    again = (*record.events, replace(mistake, number=number), withdrawal)
    one = life_of(record, today, around=around)
    other = life_of(replace(record, events=again), today, around=around)
    assert (one.terms, one.state, one.findings) == (other.terms, other.state, other.findings)
    assert (one.deadlines, one.plan) == (other.deadlines, other.plan)


@given(conventions(), TODAYS, surroundings(), st.integers(-2000, 2000), st.integers(0, 3000))
def test_a_later_horizon_only_adds(
    record: Convention, today: date, around: Surroundings, first: int, more: int
) -> None:
    until = today + timedelta(days=first)
    near = life_of(record, today, until, around)
    far = life_of(record, today, until + timedelta(days=more), around)
    assert near.deadlines == tuple(item for item in far.deadlines if item.due_on <= until)
    assert near.terms == tuple(
        term for term in far.terms if term.first_day is None or term.first_day <= until
    )
    assert near.state is far.state
    facts = known_on(record, today)
    alone = derive_deadlines(facts, around, today=today, until=until)
    assert alone == near.deadlines


@given(conventions(), TODAYS, surroundings(), st.integers(-100, 2000))
def test_leaving_out_what_is_settled_leaves_the_rest_alone(
    record: Convention, today: date, around: Surroundings, before: int
) -> None:
    facts, until = known_on(record, today), today + timedelta(days=400)
    since = today - timedelta(days=before)
    whole = derive_deadlines(facts, around, today=today, until=until)
    some = derive_deadlines(facts, around, today=today, until=until, since=since)
    kept = min(since, today)
    assert some == tuple(item for item in whole if item.is_open or item.due_on >= kept)


@given(conventions(), TODAYS, st.integers(1, 400), surroundings())
def test_time_alone_never_reopens_what_is_settled(
    record: Convention, today: date, days_later: int, around: Surroundings
) -> None:
    """With no new fact between two days, a deadline keeps its day and its done or missed stays."""
    later = today + timedelta(days=days_later)
    facts = known_on(record, today)
    if facts != known_on(record, later):
        return
    until = later + timedelta(days=400)
    now = {item.key: item for item in derive_deadlines(facts, around, today=today, until=until)}
    then = {item.key: item for item in derive_deadlines(facts, around, today=later, until=until)}
    assert now.keys() == then.keys()
    settled = {DeadlineStatus.DONE, DeadlineStatus.MISSED, DeadlineStatus.UNKNOWN}
    for key, item in now.items():
        assert then[key].due_on == item.due_on
        if item.status in settled:
            assert then[key].status is item.status
        if item.status is DeadlineStatus.OVERDUE:
            assert then[key].status in {DeadlineStatus.OVERDUE, DeadlineStatus.MISSED}


@given(days(), periods(), periods(), st.booleans(), st.integers(1, 40))
def test_last_day_of_a_term_is_counted_from_the_origin(
    first: date, term: Period, renewal: Period, included: bool, count: int
) -> None:
    months = term.in_months + count * renewal.in_months
    number = term.days + count * renewal.days
    if first.year + months // 12 + number // 365 > 2190:
        return
    record = Convention(
        reference="C",
        title="T",
        effective_on=first,
        terms=ConventionTerms(
            term=term,
            start=StartRule.SIGNATURE,
            start_day_included=included,
            renewal=RenewalMode.TACIT,
            renewal_period=renewal,
            renewal_max=count,
        ),
    )
    course = derive_terms(record, date(2199, 12, 31))
    expected = first + relativedelta(months=months, days=number)
    if included:
        quantieme = first + relativedelta(months=months)
        exists = quantieme.day == first.day
        expected = expected - ONE_DAY if exists else quantieme + timedelta(days=number)
    assert course.terms[count].last_day == expected
    assert course.last_day == expected
