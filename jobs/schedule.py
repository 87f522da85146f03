"""Which civil occurrences of a schedule fell between two instants.

Pure. A schedule speaks of wall clocks in a time zone ("Monday 08:00 in Paris"); the daemon speaks
of instants. Between them, summer time: an hour that does not exist is moved forward by the gap
(02:30 becomes 03:30), an hour that exists twice counts once, the first time. Cron triggers get
this wrong: a Monday 00:00 job loses the week after the spring change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilSchedule:
    """Every day at a time, or every week on a weekday (Monday is 0)."""

    at: time
    zone: ZoneInfo
    weekday: int | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("the time is a wall clock's: its zone is said apart")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError(f"no such weekday: {self.weekday}")

    def falls_on(self, day: date) -> bool:
        """Tell whether the schedule has an occurrence on this civil day."""
        return self.weekday is None or day.weekday() == self.weekday

    def instant(self, day: date) -> datetime:
        """Return the instant (UTC) of the occurrence of a civil day."""
        # fold=0: the first of two. In a gap it reads the clock with the offset from before, which
        # moves 02:30 to 03:30.
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)


def occurrences(schedule: CivilSchedule, *, after: datetime, until: datetime) -> Iterator[date]:
    """Yield, oldest first, the civil days whose occurrence lies in ]after, until]."""
    if until <= after:
        return
    day = after.astimezone(schedule.zone).date() - timedelta(days=1)
    last = until.astimezone(schedule.zone).date()
    while day <= last:
        if schedule.falls_on(day) and after < schedule.instant(day) <= until:
            yield day
        day += timedelta(days=1)


def latest(schedule: CivilSchedule, *, until: datetime) -> date:
    """Return the civil day of the last occurrence at or before an instant."""
    day = until.astimezone(schedule.zone).date()
    while not (schedule.falls_on(day) and schedule.instant(day) <= until):
        day -= timedelta(days=1)
    return day


def following(schedule: CivilSchedule, *, after: datetime) -> datetime:
    """Return the instant of the first occurrence after an instant."""
    day = after.astimezone(schedule.zone).date()
    while not (schedule.falls_on(day) and schedule.instant(day) > after):
        day += timedelta(days=1)
    return schedule.instant(day)
