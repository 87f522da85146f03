"""Civil dates: published vectors, rulings of courts, and properties that hold for every day."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from jours_feries_france import JoursFeries
from unit.domain_strategies import days, periods

from tracker.domain.dates import (
    AmbiguousDateError,
    DateOutOfRangeError,
    DateRange,
    MonthEnd,
    Period,
    count_clear_days,
    franc,
    is_working_day,
    latest_convocation,
    latest_receipt,
    parse_day,
    prudent_receipt,
    shift,
    shift_back,
    term_last_day,
    working_day_on_or_after,
    working_day_on_or_before,
)

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(os.environ.get("CONVENTIONS_SHARED", Path(__file__).parents[2].parent / "shared"))
ROUNDING = {"down": MonthEnd.LAST_DAY, "up": MonthEnd.NEXT_DAY, "abort": MonthEnd.REFUSE}
ONE_DAY = timedelta(days=1)


# --- oracles -------------------------------------------------------------------------------------


def rows_of(name: str) -> list[Any]:
    text = (DATA / name).read_text(encoding="utf-8")
    if name.endswith(".json"):
        return list(json.loads(text))
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def national_holidays(*years: int) -> frozenset[date]:
    return frozenset(day for year in years for day in JoursFeries.for_year(year).values())


def add(start: date, period: Period, args: dict[str, Any]) -> str:
    try:
        day = shift(start, period, ROUNDING[args["rounding"]])
    except AmbiguousDateError:
        return "AMBIGUOUS"
    if args.get("franc"):
        day = franc(day)
    if args.get("roll") == "next_working_day":
        day = working_day_on_or_after(day, national_holidays(day.year, day.year + 1))
    return day.isoformat()


def answer(case: dict[str, Any]) -> Any:
    start, period, args = (
        date.fromisoformat(case["start"]),
        Period.parse(case["period"]),
        case["args"],
    )
    match case["op"], args:
        case "add", _:
            return add(start, period, args)
        case "term_last_day", _:
            included = args["start_included"]
            return term_last_day(start, period, start_day_included=included).isoformat()
        case "notice_deadline", _:
            return latest_receipt(start, period).isoformat()
        case "occurrences", {"of": "anniversary"}:
            return [shift(start, period.times(k)).isoformat() for k in range(1, args["count"] + 1)]
        case "occurrences", {"of": "term_last_day"}:
            return [
                term_last_day(
                    start, period.times(k), start_day_included=args["start_included"]
                ).isoformat()
                for k in range(1, args["count"] + 1)
            ]
        case "clear_days", {"mode": "latest_send"}:
            return latest_convocation(start, period.days).isoformat()
        case "clear_days", {"mode": "count"}:
            return count_clear_days(date.fromisoformat(args["sent"]), start)
        case unknown:
            raise AssertionError(f"no such operation: {unknown}")


@pytest.mark.parametrize("case", rows_of("date_cases.json"), ids=lambda case: case["id"])
def test_published_case(case: dict[str, Any]) -> None:
    assert answer(case) == case["expected"]


OPERATIONS = {
    "add": lambda day, period, choice: shift(day, period, MonthEnd(choice)),
    "subtract": lambda day, period, _: shift_back(day, period),
    "term": lambda day, period, choice: term_last_day(
        day, period, start_day_included=choice == "included"
    ),
    "notice": lambda day, period, choice: (
        prudent_receipt(day, period) if choice == "prudent" else latest_receipt(day, period)
    ),
    "franc": lambda day, period, choice: franc(shift(day, period, MonthEnd(choice))),
    "clear_days": lambda day, period, _: latest_convocation(day, period.days),
}


@pytest.mark.parametrize("row", rows_of("date_arithmetic.csv"), ids=lambda row: row["id"])
def test_own_arithmetic_row(row: dict[str, str]) -> None:
    day, period = parse_day(row["start"]), Period.parse(row["period"])
    if row["expected"] == "AMBIGUOUS":
        with pytest.raises(AmbiguousDateError):
            OPERATIONS[row["operation"]](day, period, row["choice"])
    else:
        found = OPERATIONS[row["operation"]](day, period, row["choice"])
        assert found == parse_day(row["expected"])


def vectors(name: str) -> list[list[str]]:
    path = SHARED / "standards" / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not on this machine: set CONVENTIONS_SHARED")
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [[cell.strip() for cell in line.split(";")] for line in lines if line.strip()]


def shifted_by_vector(day: date, words: str, month_end: MonthEnd) -> date:
    """Read `[1 years, 2 months, -3 days]`, whose parts may be negative, unlike a clause's."""
    years, months, number = (int(part.split()[0]) for part in words.strip("[]").split(","))
    if min(years, months, number) < 0:
        assert max(years, months, number) <= 0, "a vector mixes signs"
        return shift_back(day, Period(-years, -months, -number))
    return (
        shift(day, Period(years, months, number), month_end) if years or months or number else day
    )


def test_dates_calc_exact_vectors() -> None:
    for start, period, expected in vectors("dates-calc-exact_computations.csv"):
        for month_end in MonthEnd:
            found = shifted_by_vector(date.fromisoformat(start), period, month_end)
            assert found.isoformat() == expected, (start, period)


def test_dates_calc_ambiguous_vectors() -> None:
    for start, period, up, down in vectors("dates-calc-ambiguous_computations.csv"):
        day = date.fromisoformat(start)
        found = shifted_by_vector(day, period, MonthEnd.LAST_DAY)
        assert found.isoformat() == down, (start, period)
        if "-" not in period:
            assert shifted_by_vector(day, period, MonthEnd.NEXT_DAY).isoformat() == up
            with pytest.raises(AmbiguousDateError):
                shifted_by_vector(day, period, MonthEnd.REFUSE)


def test_dates_calc_month_vectors() -> None:
    for day, first, last in vectors("dates-calc-first_last_day_of_month.csv"):
        start = date.fromisoformat(day).replace(day=1)
        assert (start.isoformat(), term_last_day(start, Period(months=1)).isoformat()) == (
            first,
            last,
        )


# --- properties ----------------------------------------------------------------------------------


@given(days(), periods())
def test_shift_equals_relativedelta(day: date, period: Period) -> None:
    delta = relativedelta(years=period.years, months=period.months, days=period.days)
    assert shift(day, period) == day + delta
    assert shift_back(day, period) == day - delta


@given(days(), days(), periods(), st.sampled_from([MonthEnd.LAST_DAY, MonthEnd.NEXT_DAY]))
def test_shift_is_monotone(one: date, two: date, period: Period, month_end: MonthEnd) -> None:
    first, second = sorted((one, two))
    assert shift(first, period, month_end) <= shift(second, period, month_end)


@given(days(), periods())
def test_last_day_is_never_after_next_day(day: date, period: Period) -> None:
    down, up = shift(day, period), shift(day, period, MonthEnd.NEXT_DAY)
    assert down <= up <= down + ONE_DAY
    if down == up:
        assert shift(day, period, MonthEnd.REFUSE) == down
    else:
        with pytest.raises(AmbiguousDateError):
            shift(day, period, MonthEnd.REFUSE)


@given(days(), periods())
def test_eve_is_the_day_before_the_quantieme_or_the_same_last_day(
    day: date, period: Period
) -> None:
    eve = term_last_day(day, period)
    quantieme = term_last_day(day, period, start_day_included=False)
    assert eve <= quantieme <= eve + ONE_DAY


@given(days(), periods())
def test_latest_receipt_is_the_latest_by_brute_force(last: date, notice: Period) -> None:
    # a subtraction is at most four days off, whatever the months: look ten days around it
    around = [shift_back(last, notice) + timedelta(days=n) for n in range(-10, 11)]
    assert latest_receipt(last, notice) == max(d for d in around if shift(d, notice) <= last)


@given(days(), periods())
def test_latest_receipt_is_in_time_and_the_next_day_is_late(last: date, notice: Period) -> None:
    day = latest_receipt(last, notice)
    assert shift(day, notice) <= last < shift(day + ONE_DAY, notice)
    assert timedelta(0) <= day - prudent_receipt(last, notice) <= timedelta(days=3)


@given(days(), st.integers(0, 60))
def test_convocation_leaves_its_clear_days(session: date, clear_days: int) -> None:
    sent = latest_convocation(session, clear_days)
    assert count_clear_days(sent, session) == clear_days
    assert count_clear_days(sent + ONE_DAY, session) < clear_days


@given(st.dates(date(2009, 1, 1), date(2099, 12, 31)))
def test_working_days_are_the_nearest_ones(day: date) -> None:
    holidays = national_holidays(day.year - 1, day.year, day.year + 1)
    before, after = working_day_on_or_before(day, holidays), working_day_on_or_after(day, holidays)
    assert before <= day <= after
    assert is_working_day(before, holidays)
    assert is_working_day(after, holidays)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(is_working_day(inner, holidays) for inner in between)
    assert (before == after) is is_working_day(day, holidays)


@given(periods())
def test_a_period_reads_what_it_writes(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods(), periods(), st.integers(1, 40))
def test_periods_add_up_in_one_step(one: Period, other: Period, times: int) -> None:
    assert one.plus(other, times).in_months == one.in_months + times * other.in_months
    assert one.plus(other, times).days == one.days + times * other.days
    assert one.times(times).same_length(Period(months=one.in_months * times, days=one.days * times))


# --- typing errors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT1H", "1Y", "p1y", "P1Y ", " P1Y", "P-1Y", "P1.5M", "P0D", "P0Y0M", "P1M1Y", "3 mois",
     "P٣M", "P２M", "P1Y\n", "P301Y", "P3601M", "P12345Y", "P1D1D"],
)  # fmt: skip
def test_not_a_period(text: str) -> None:
    with pytest.raises(ValueError):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P5Y", Period(years=5)),
        ("P18M", Period(months=18)),
        ("P90D", Period(days=90)),
        ("P2W", Period(days=14)),
        ("P1Y6M", Period(years=1, months=6)),
        ("P1W1D", Period(days=8)),
        ("P0Y3M", Period(months=3)),
    ],
)
def test_a_period(text: str, period: Period) -> None:
    assert Period.parse(text) == period


def test_periods_of_the_same_length_may_be_written_differently() -> None:
    assert Period(months=36).same_length(Period(years=3))
    assert not Period(days=30).same_length(Period(months=1))
    assert Period(months=36) != Period(years=3)


@pytest.mark.parametrize("parts", [(0, 0, 0), (-1, 0, 0), (1, -1, 0), (0, 1, -1)])
def test_no_empty_nor_negative_period(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        Period(*parts)


@pytest.mark.parametrize(
    "text",
    ["20270131", "2027-W05-1", "2027-1-31", "31/01/2027", "2027-02-30", "2027-13-01", "2027-00-10",
     "0000-01-01", "２０２７-01-31", "2027-01-31 ", "2027-01-31\n", "+2027-01-31", ""],
)  # fmt: skip
def test_not_a_day(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


def test_a_day() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)


def test_a_range_holds_both_ends() -> None:
    days_off = DateRange(date(2026, 7, 14), date(2026, 8, 31))
    assert date(2026, 7, 14) in days_off
    assert date(2026, 8, 31) in days_off
    assert date(2026, 9, 1) not in days_off
    with pytest.raises(ValueError, match="before it begins"):
        DateRange(date(2026, 7, 14), date(2026, 7, 13))


@pytest.mark.parametrize(
    "leave",
    [
        lambda: shift(date(9999, 12, 31), Period(days=1)),
        lambda: shift(date(9999, 12, 1), Period(months=1)),
        lambda: shift(date(2000, 1, 1), Period(years=9000)),
        lambda: shift(date(9999, 11, 30), Period(months=1, days=2)),
        lambda: shift_back(date(1, 1, 1), Period(days=1)),
        lambda: shift_back(date(2000, 1, 1), Period(years=2000)),
        lambda: latest_receipt(date(2000, 1, 1), Period(years=9999)),
    ],
)
def test_leaving_the_calendar_says_so(leave: Any) -> None:
    with pytest.raises(DateOutOfRangeError):
        leave()
