"""Civil occurrences, above all on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.schedule import CivilSchedule, following, latest, occurrences

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def daily(hour: int, minute: int = 0, zone: ZoneInfo = PARIS) -> CivilSchedule:
    return CivilSchedule(at=time(hour, minute), zone=zone)


def monday(hour: int, minute: int = 0) -> CivilSchedule:
    return CivilSchedule(at=time(hour, minute), zone=PARIS, weekday=0)


@pytest.mark.parametrize(
    ("schedule", "day", "instant"),
    [
        (daily(6, 30), date(2027, 1, 4), "2027-01-04T05:30"),
        (daily(6, 30), date(2027, 7, 5), "2027-07-05T04:30"),
        (daily(2, 30), SPRING, "2027-03-28T01:30"),  # a time that does not exist: 03:30 on the wall
        (daily(2, 0), SPRING, "2027-03-28T01:00"),
        (daily(2, 30), AUTUMN, "2027-10-31T00:30"),  # a time that exists twice: the first
        (daily(0, 0), SPRING, "2027-03-27T23:00"),
        (daily(6, 30, ZoneInfo("Indian/Reunion")), SPRING, "2027-03-28T02:30"),
    ],
)
def test_the_instant_of_a_day(schedule: CivilSchedule, day: date, instant: str) -> None:
    assert schedule.instant(day) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("minute", [0, 30])
def test_one_occurrence_per_civil_day_for_ten_years(hour: int, minute: int) -> None:
    after = datetime(2026, 12, 31, 23, 59, tzinfo=PARIS)
    until = datetime(2036, 12, 31, 23, 59, tzinfo=PARIS)
    days = list(occurrences(daily(hour, minute), after=after, until=until))
    assert days == [date(2027, 1, 1) + timedelta(days=n) for n in range(3653)]
    mondays = list(occurrences(monday(hour, minute), after=after, until=until))
    assert mondays == [day for day in days if day.weekday() == 0]


@given(
    st.lists(st.integers(1, 40 * 24 * 60), min_size=1, max_size=30),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_any_pattern_of_ticks_sees_each_occurrence_once(
    gaps: list[int], hour: int, minute: int
) -> None:
    schedule = daily(hour, minute)
    start = now = datetime(2027, 3, 20, 12, tzinfo=UTC)
    seen: list[date] = []
    for gap in gaps:
        later = now + timedelta(minutes=gap)
        seen += occurrences(schedule, after=now, until=later)
        now = later
    assert seen == list(occurrences(schedule, after=start, until=now))
    assert len(seen) == len(set(seen))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(0, 23))  # noqa: DTZ001
def test_latest_and_following_surround_an_instant(moment: datetime, hour: int) -> None:
    now = moment.replace(tzinfo=UTC)
    schedule = monday(hour)
    last, coming = schedule.instant(latest(schedule, until=now)), following(schedule, after=now)
    assert last <= now < coming
    assert timedelta(days=7, hours=-1) <= coming - last <= timedelta(days=7, hours=1)


def test_nothing_occurs_when_the_clock_goes_back() -> None:
    now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    assert list(occurrences(daily(6), after=now, until=now - timedelta(days=3))) == []


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_week_has_seven_days(weekday: int) -> None:
    with pytest.raises(ValueError, match="weekday"):
        CivilSchedule(at=time(8), zone=PARIS, weekday=weekday)
