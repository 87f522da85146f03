"""Civil dates as French law counts them: periods, terms, notices, clear days, working days.

Conventions of this module, stated once:

* a `date` is a civil day; ranges include both ends; a *last day* is the last day in force, ending
  at midnight;
* months go before days, with one rounding between them (CPC art. 641 al. 3);
* the day that does not exist is a visible choice, `MonthEnd`: French law takes the last day of the
  month (CPC art. 641 al. 2), which is `MonthEnd.LAST_DAY`;
* k periods are added to the origin in one step; adding them one after the other drifts
  (31 January, 29 February, 29 March…).

Sources: docs/dates.md, with the article or the ruling of each rule.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

FIRST_YEAR = 1900
LAST_YEAR = 2199
"""Years in which a convention may live: anything else is a typing error."""
LONGEST = 300
"""Years of the longest period that may be typed, for the same reason."""

_FIRST_CIVIL_YEAR, _LAST_CIVIL_YEAR = date.min.year, date.max.year
SAFE_DAY = 28
"""The last day that every month has."""
_PERIOD = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class AmbiguousDateError(ValueError):
    """The day asked for does not exist in its month, and the caller refused to choose."""


class PeriodTooLongError(ValueError):
    """A period of more than `LONGEST` years: a typing error."""


class DateOutOfRangeError(ValueError):
    """The computation leaves the calendar (after 31 December 9999 or before year 1)."""


class MonthEnd(Enum):
    """What to do when the month has no day of that number (31 January plus one month)."""

    LAST_DAY = "last_day"
    """The last day of the month: the French rule for delays, CPC art. 641 al. 2."""
    NEXT_DAY = "next_day"
    """The first day of the next month: only ever used to find an eve."""
    REFUSE = "refuse"
    """Raise `AmbiguousDateError`."""


@dataclass(frozen=True, slots=True, order=False)
class Period:
    """A length of time as a clause writes it: years, months and days, none negative, not all zero.

    Weeks are days (a week has seven of them in every reading), months are never thirty days.
    `Period(months=36)` and `Period(years=3)` are written differently and count the same.
    """

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.years, self.months, self.days) < 0:
            raise ValueError("a period has no negative part")
        if not (self.years or self.months or self.days):
            raise ValueError("a period is longer than nothing")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read an ISO 8601 period of whole days (`P5Y`, `P18M`, `P90D`, `P2W`, `P1Y6M`).

        Raises ValueError for anything else, the empty period included, PeriodTooLongError for an
        endless one.
        """
        match = _PERIOD.fullmatch(text)
        if match is None or not any(match.groups()):
            raise ValueError(f"not an ISO 8601 period: {text!r}")
        years, months, weeks, days = (int(part or 0) for part in match.groups())
        period = cls(years, months, weeks * 7 + days)
        if period.in_months > 12 * LONGEST or period.days > 366 * LONGEST:
            raise PeriodTooLongError(f"longer than {LONGEST} years: {text!r}")
        return period

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + "".join(f"{number}{unit}" for number, unit in parts if number)

    @property
    def in_months(self) -> int:
        """Years and months together, in months."""
        return self.years * 12 + self.months

    def same_length(self, other: Period) -> bool:
        """Tell whether both count alike, however they are written (`P36M` and `P3Y`)."""
        return (self.in_months, self.days) == (other.in_months, other.days)

    def plus(self, other: Period, times: int = 1) -> Period:
        """Return this period plus `times` times the other, in months and days."""
        return Period(
            months=self.in_months + times * other.in_months, days=self.days + times * other.days
        )

    def times(self, count: int) -> Period:
        """Return `count` (at least 1) such periods in a row, in months and days."""
        return Period(months=count * self.in_months, days=count * self.days)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"range ends on {self.last}, before it begins on {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def parse_day(text: str) -> date:
    """Read a strict `YYYY-MM-DD`.

    `date.fromisoformat` also takes `20270131` and `2027-W05-1`, which no one types on purpose.
    Raises ValueError, in words for the day that does not exist.
    """
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("not written YYYY-MM-DD")
    year, month, day = (int(part) for part in match.groups())
    return date(year, month, day)


def shift(day: date, period: Period, month_end: MonthEnd = MonthEnd.LAST_DAY) -> date:
    """Return `day` plus `period`: months first, one rounding, then days (CPC art. 641).

    Raises AmbiguousDateError under `MonthEnd.REFUSE`, DateOutOfRangeError past year 9999.
    """
    return _plus_days(_plus_months(day, period.in_months, month_end), period.days)


def shift_back(day: date, period: Period) -> date:
    """Return `day` minus `period`, a day that does not exist becoming the last of its month.

    For lead times and prudent days only: the last day of a notice is `latest_receipt`.
    """
    return _plus_days(_plus_months(day, -period.in_months, MonthEnd.LAST_DAY), -period.days)


def term_last_day(first_day: date, period: Period, *, start_day_included: bool = True) -> date:
    """Return the last day in force of a contract of `period` from `first_day`.

    With the first day included, the eve of the anniversary (Cass. 3e civ., 8 March 2018,
    17-11.312: 1 October 2010, three years, 30 September 2013). With it excluded, the day of the
    same number (CPC art. 641 al. 2). Where the anniversary does not exist both give the last day
    of the month.
    """
    return nth_last_day(first_day, period, 1, start_day_included=start_day_included)


def latest_receipt(last_day: date, notice: Period) -> date:
    """Return the latest day d such that d + notice <= last_day: a notice received then is in time.

    Six months before 30 September is 31 March, not the 30th (Cass. 3e civ., 8 March 2018,
    17-11.312). Plain subtraction is up to three days off, too early for months, either way for
    months and days together, so the search starts there. Never moved for week-ends or holidays
    (same ruling).
    """
    latest = shift_back(last_day, notice)
    while shift(latest, notice) > last_day:
        latest -= timedelta(days=1)
    while shift(later := latest + timedelta(days=1), notice) <= last_day:
        latest = later
    return latest


def prudent_receipt(last_day: date, notice: Period) -> date:
    """Return the earlier of the legal day and the plain subtraction: safe under every reading."""
    return min(latest_receipt(last_day, notice), shift_back(last_day, notice))


def nth_last_day(
    first_day: date, period: Period, count: int, *, start_day_included: bool = True
) -> date:
    """Return the last day of the `count`-th period from `first_day`, counted in one step."""
    return last_day_after(
        first_day,
        count * period.in_months,
        count * period.days,
        start_day_included=start_day_included,
    )


def last_day_after(first_day: date, months: int, days: int, *, start_day_included: bool) -> date:
    """Return the last day of so many months and days from `first_day`."""
    if start_day_included:
        return _plus_days(_plus_months(first_day, months, MonthEnd.NEXT_DAY), days - 1)
    return _plus_days(_plus_months(first_day, months, MonthEnd.LAST_DAY), days)


def franc(day: date) -> date:
    """Return the last day of a franc delay that would end on `day`: one day more."""
    return day + timedelta(days=1)


def latest_convocation(session: date, clear_days: int) -> date:
    """Return the last day to send a convocation with `clear_days` full days before `session`.

    Neither the sending day nor the session day counts, week-ends and holidays do (CGCT L2121-11,
    L2121-12; CE, 13 October 1993).
    """
    return session - timedelta(days=clear_days + 1)


def count_clear_days(sent: date, session: date) -> int:
    """Return the number of full days between a convocation and its session, ends not counted."""
    return (session - sent).days - 1


def is_working_day(day: date, holidays: frozenset[date]) -> bool:
    """Tell whether `day` is Monday to Friday and no holiday."""
    return day.weekday() < calendar.SATURDAY and day not in holidays


def working_day_on_or_before(day: date, holidays: frozenset[date]) -> date:
    """Return `day` or the nearest working day before it: where a reminder must be early."""
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date, holidays: frozenset[date]) -> date:
    """Return `day` or the next working day: for the delays that CPC art. 642 extends."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def _plus_months(day: date, months: int, month_end: MonthEnd) -> date:
    if not months:
        return day
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not _FIRST_CIVIL_YEAR <= year <= _LAST_CIVIL_YEAR:
        raise DateOutOfRangeError(f"{day} and {months} months leave the calendar")
    if day.day <= SAFE_DAY:
        return date(year, month0 + 1, day.day)
    last = calendar.monthrange(year, month0 + 1)[1]
    if day.day <= last:
        return date(year, month0 + 1, day.day)
    if month_end is MonthEnd.REFUSE:
        raise AmbiguousDateError(f"{day} plus {months} months: no day {day.day} in that month")
    rounded = date(year, month0 + 1, last)
    return rounded if month_end is MonthEnd.LAST_DAY else _plus_days(rounded, 1)


def _plus_days(day: date, days: int) -> date:
    if not days:
        return day
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise DateOutOfRangeError(f"{day} and {days} days leave the calendar") from None
