"""From the settings to what the rules need: holidays, the council's calendar, lead times."""

from __future__ import annotations

import csv
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from config.settings import CouncilSettings, HolidaySettings, Settings
from tracker.domain.consequences import DeadlineKind
from tracker.domain.council import CouncilCalendar
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period, parse_day
from tracker.domain.deadlines import Surroundings
from tracker.domain.reminders import Escalation, ReminderPolicy
from tracker.errors import UserError, reason

MAX_SESSIONS_BYTES = 5_000_000


def surroundings_from(settings: Settings) -> Surroundings:
    """Return the calendar, the council and the habits that the settings describe."""
    return Surroundings(
        holidays=holidays_from(settings.holidays),
        postal_margin=_period_or_none(settings.reminders.postal_margin),
        council=council_from(settings.council),
    )


def policy_from(settings: Settings) -> ReminderPolicy:
    """Return the lead times by kind, and the rules of escalation."""
    return ReminderPolicy(
        lead_times={
            kind: tuple(Period.parse(text) for text in settings.reminders.for_kind(kind.value))
            for kind in DeadlineKind
        },
        escalation=Escalation(
            watchers_after=Period.parse(settings.escalation.watchers_after),
            office_after=Period.parse(settings.escalation.office_after),
        ),
    )


def holidays_from(settings: HolidaySettings) -> frozenset[date]:
    """Return the public holidays of the territory, with the days added and removed."""
    return (_public_holidays(settings.zone) | set(settings.added)) - set(settings.removed)


@lru_cache(maxsize=4)
def _public_holidays(zone: str) -> frozenset[date]:
    from jours_feries_france import JoursFeries  # noqa: PLC0415 - only where holidays matter

    return frozenset(
        day
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for day in JoursFeries.for_year(year, zone=zone).values()
    )


def council_from(settings: CouncilSettings) -> CouncilCalendar:
    """Return the council's calendar: the sessions listed, and those of the sessions file."""
    sessions = set(settings.sessions)
    if settings.sessions_file is not None:
        sessions |= read_sessions(settings.sessions_file)
    return CouncilCalendar(
        sessions=tuple(sorted(sessions)),
        clear_days=settings.clear_days,
        blackouts=settings.blackouts,
    )


def read_sessions(path: Path) -> set[date]:
    """Read the days of sessions from a CSV (first column, or `date`) or an iCalendar file.

    Raises UserError naming the file, and the line of a CSV.
    """
    try:
        if path.stat().st_size > MAX_SESSIONS_BYTES:
            raise UserError(
                f"{path} : fichier de séances trop volumineux",
                f"{path}: the sessions file is too large",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{path} : fichier de séances illisible ({reason(error, 'fr')})",
            f"{path}: the sessions file cannot be read ({reason(error, 'en')})",
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="strict")
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return _sessions_of_calendar(raw, path)
    return _sessions_of_csv(text, path)


def _sessions_of_csv(text: str, path: Path) -> set[date]:
    lines = text.splitlines()
    delimiter = ";" if lines and ";" in lines[0] else ","
    sessions: set[date] = set()
    column = 0
    for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if number == 1 and not cells[0][:1].isdigit():
            names = [cell.casefold() for cell in cells]
            column = next((names.index(name) for name in ("date", "on") if name in names), 0)
            continue
        sessions.add(_session_day(cells[column] if column < len(cells) else "", path, number))
    return sessions


def _session_day(text: str, path: Path, line: int) -> date:
    day, slash, rest = text.partition("/")
    month, _, year = rest.partition("/")
    try:
        return parse_day(f"{year}-{month:0>2}-{day:0>2}" if slash else text)
    except ValueError:
        raise UserError(
            f"{path}, ligne {line} : « {text[:40]} » n’est pas une date (AAAA-MM-JJ ou JJ/MM/AAAA)",
            f"{path}, line {line}: “{text[:40]}” is not a date (YYYY-MM-DD or DD/MM/YYYY)",
        ) from None


def _sessions_of_calendar(raw: bytes, path: Path) -> set[date]:
    from icalendar import Calendar  # noqa: PLC0415 - only where a calendar is given

    try:
        events = Calendar.from_ical(raw).walk("VEVENT")
        starts = [event.decoded("DTSTART") for event in events]
    except (ValueError, KeyError) as error:
        raise UserError(
            f"{path} : calendrier illisible ({error})",
            f"{path}: the calendar cannot be read ({error})",
        ) from error
    return {start.date() if isinstance(start, datetime) else start for start in starts}


def _period_or_none(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:  # `P0D`, which the settings allow for « none »
        return None
