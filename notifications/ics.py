"""Write deadlines as an iCalendar file that every calendar program accepts.

Pure and deterministic: equal arguments give equal bytes. What subscribers were told before comes
in as `PublishedEvent` rows and goes out updated, so that a moved date raises SEQUENCE, an unchanged
event keeps its DTSTAMP whatever day it is, and a deadline that vanishes is announced as cancelled.

What the file contains and leaves out was tried against a dozen consumers; the reasons are in
docs/calendars.md. In short: dates only, one stable UID per deadline, no METHOD, no UID on the
calendar itself, never an empty calendar.

A deadline is one event on `due_on`. A notice has a second one on its prudent day: that is the day
on which somebody must go to the post office.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration

from notifications.typography import french_spaces, one_line
from notifications.views import party_of
from notifications.words import Lang, Words
from tracker.domain.consequences import Deadline, DeadlineKind, DeadlineStatus
from tracker.domain.dates import DateOutOfRangeError, Period, shift_back

DOMAIN = "conventions"
KEPT_FOR = 30
"""Days for which a cancelled event, or one that is over, stays in the calendar."""
ALARM_AT = time(9, 0)
"""Alarms ring in the morning, not at midnight."""
DEFAULT_LEAD_TIMES = (Period(months=1), Period(days=7))
REFRESH = timedelta(hours=12)
MAX_SUMMARY = 250
MAX_SENTENCE = 1500

_END = b"END:VCALENDAR\r\n"

PRUDENT = "act_by"
"""Last part of the key of a notice's second event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEvent:
    """What subscribers were last told of one event.

    `key` is the left part of the UID. `fingerprint` is what was told, as JSON: the days, the
    status, the summary, whose it is, and a hash of the rest; it is kept whole because a cancelled
    event must still say what it was. `changed_at` is aware.
    """

    key: str
    fingerprint: str
    sequence: int
    changed_at: datetime
    cancelled_on: date | None = None

    def __post_init__(self) -> None:
        if self.changed_at.tzinfo is None:
            raise ValueError("the time of a change must be aware")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEvent:
    """An event as it goes into a file, whose it is, and the row to store."""

    row: PublishedEvent
    owner: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the events of a file."""

    before: bytes
    nothing: bytes
    """The event of a calendar that has none."""
    after: bytes

    def around(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """Yield a whole file piece by piece: it may be large."""
        empty = True
        yield self.before
        for text in events:
            empty = False
            yield text
        if empty:
            yield self.nothing
        yield self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarResult:
    """A calendar, and the rows to store in place of those given."""

    content: bytes
    published: tuple[PublishedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One event, in words, before it is written."""

    key: str
    first: date
    last: date
    status: str
    summary: str
    owner: str
    description: str = ""
    category: str = ""
    alarms: tuple[timedelta, ...] = ()

    @property
    def fingerprint(self) -> str:
        alarms = ",".join(str(int(alarm.total_seconds())) for alarm in self.alarms)
        rest = f"{self.description}\n{self.category}\n{alarms}"
        told = {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "status": self.status,
            "summary": self.summary,
            "owner": self.owner,
            "rest": hashlib.sha256(rest.encode()).hexdigest()[:16],
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


_PREFIXES: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {"overdue": "En retard – ", "done": "Fait – ", "missed": "Manqué – "},
        "en": {"overdue": "Overdue – ", "done": "Done – ", "missed": "Missed – "},
    }
)
_CANCELLED = MappingProxyType({"fr": "ANNULÉ – ", "en": "CANCELLED – "})
_SENTENCES: Mapping[Lang, Mapping[str, str]] = MappingProxyType(
    {
        "fr": {
            "prudent": "Dernier jour conseillé pour agir : {}",
            "last_day": "Dernier jour utile : {}",
            "act_by": "Jour conseillé : {}",
            "basis": "Pourquoi cette date : {}",
            "other": "Ou bien : {}. {}",
            "amount": "Montant : {}",
            "partners": "Partenaire : {}",
            "owner": "Responsable : {}",
            "key": "Repère : {}",
            "gone": "Cette échéance n’existe plus. L’événement disparaîtra sous trente jours.",
            "empty": "Suivi des conventions : aucune échéance ouverte",
            "empty_why": "Ce calendrier est à jour et ne contient aucune échéance. Cet événement "
            "disparaîtra avec la première.",
        },
        "en": {
            "prudent": "Last advisable day to act: {}",
            "last_day": "Last valid day: {}",
            "act_by": "Prudent day: {}",
            "basis": "Why this day: {}",
            "other": "Or else: {}. {}",
            "amount": "Amount: {}",
            "partners": "Partner: {}",
            "owner": "Owner: {}",
            "key": "Key: {}",
            "gone": "This deadline no longer exists. This event will go within thirty days.",
            "empty": "Agreements: no open deadline",
            "empty_why": "This calendar is up to date and holds no deadline. This event will go "
            "with the first one.",
        },
    }
)


def render_calendar(
    deadlines: Iterable[Deadline],
    published: Iterable[PublishedEvent] = (),
    *,
    today: date,
    now: datetime,
    words: Words,
    name: str,
    owner: str | None = None,
    complete: bool = True,
    lead_times: Mapping[DeadlineKind, Sequence[Period]] | None = None,
) -> CalendarResult:
    """Write the calendar of these deadlines, of one person's only where `owner` is given.

    The other arguments are those of `write_events`. With `complete=False` the rows returned are
    not to be stored.
    """
    known = tuple(published)
    rows = {} if complete else {row.key: row for row in known}
    texts = []
    for event in write_events(
        deadlines,
        known,
        today=today,
        now=now,
        words=words,
        complete=complete,
        lead_times=lead_times,
    ):
        rows[event.row.key] = event.row
        if owner is None or event.owner == owner:
            texts.append(event.text)
    return CalendarResult(
        content=b"".join(frame(words.lang, name, today).around(texts)),
        published=tuple(rows[key] for key in sorted(rows)),
    )


def write_events(
    deadlines: Iterable[Deadline],
    published: Iterable[PublishedEvent] = (),
    *,
    today: date,
    now: datetime,
    words: Words,
    complete: bool = True,
    lead_times: Mapping[DeadlineKind, Sequence[Period]] | None = None,
) -> Iterator[WrittenEvent]:
    """Yield every event, in the order of their keys; thousands of them are not held at once.

    `deadlines` are those of the whole portfolio, done ones included: what was published and is no
    longer among them is cancelled. For a selection (`soon --format ics`) say `complete=False`:
    nothing is then cancelled.

    `now` dates what is new or changed. Where equal bytes matter and rows are not kept, pass
    midnight of `today`.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a change must be aware")
    now = now.astimezone(UTC).replace(microsecond=0)
    before = {row.key: row for row in published if _told_fields(row)}
    gone = iter(sorted(before) if complete else ())
    next_gone = next(gone, None)
    for entry in _shown(deadlines, before, today, words, lead_times or {}):
        while next_gone is not None and next_gone <= entry.key:
            if next_gone < entry.key:
                yield from _cancelled(before[next_gone], today, now, words.lang)
            next_gone = next(gone, None)
        yield _written(entry, _told(entry, before.get(entry.key), now))
    while next_gone is not None:
        yield from _cancelled(before[next_gone], today, now, words.lang)
        next_gone = next(gone, None)


def frame(lang: Lang, name: str, today: date) -> Frame:
    """Return what stands around the events of a calendar of this name."""
    written: bytes = _calendar(lang, name).to_ical(sorted=True)
    nothing: bytes = _nothing(lang, today).to_ical(sorted=True)
    return Frame(before=written.removesuffix(_END), nothing=nothing, after=_END)


def _shown(
    deadlines: Iterable[Deadline],
    before: Mapping[str, PublishedEvent],
    today: date,
    words: Words,
    lead_times: Mapping[DeadlineKind, Sequence[Period]],
) -> Iterator[_Entry]:
    """Yield the events of the deadlines, sorted by key: a notice's second follows its first."""
    for deadline in sorted(deadlines, key=lambda item: item.key):
        if deadline.is_open or not before.keys().isdisjoint(_keys(deadline)):
            for entry in _entries(deadline, words, lead_times):
                if _is_shown(deadline, entry, before, today):
                    yield entry


def _written(entry: _Entry, row: PublishedEvent) -> WrittenEvent:
    text: bytes = _event(entry, row).to_ical(sorted=True)
    return WrittenEvent(row=row, owner=entry.owner, text=text)


def uid_of(key: str) -> str:
    """Return the UID of a deadline's event; what a URL would not bear is percent-encoded."""
    return f"{quote(key, safe='/%~')}@{DOMAIN}"


def _keys(deadline: Deadline) -> tuple[str, str]:
    return deadline.key, f"{deadline.key}/{PRUDENT}"


def _is_shown(
    deadline: Deadline, entry: _Entry, before: Mapping[str, PublishedEvent], today: date
) -> bool:
    """Open deadlines are shown; those done or missed stay a while where they were known."""
    if deadline.is_open:
        return True
    known = entry.key in before and before[entry.key].cancelled_on is None
    recent = today <= entry.last + timedelta(days=KEPT_FOR)
    return known and recent and deadline.status is not DeadlineStatus.UNKNOWN


def _entries(
    deadline: Deadline, words: Words, lead_times: Mapping[DeadlineKind, Sequence[Period]]
) -> Iterator[_Entry]:
    said = _SENTENCES[words.lang]
    late = deadline.status is DeadlineStatus.OVERDUE
    hangs = late and deadline.kind is DeadlineKind.MISSING  # on a day past, and is not late
    prefix = "" if hangs else _PREFIXES[words.lang].get(deadline.status.value, "")
    kind = one_line(words.subject(deadline), 160)
    what = f"{party_of(deadline)} ({one_line(deadline.convention)})"
    rings = deadline.status is DeadlineStatus.UPCOMING and not deadline.acknowledged
    leads = deadline.lead_times
    if leads is None:
        leads = tuple(lead_times.get(deadline.kind, DEFAULT_LEAD_TIMES))
    due = _Entry(
        key=deadline.key,
        first=deadline.due_on,
        last=max(deadline.until or deadline.due_on, deadline.due_on),
        status=deadline.status.value,
        summary=_spaced(f"{prefix}{kind} – {what}", words.lang, MAX_SUMMARY),
        owner=one_line(deadline.owner or ""),
        description=_description(deadline, words),
        category=one_line(words.kind(deadline), 100),
        alarms=_alarms(deadline, leads) if rings else (),
    )
    yield due
    if deadline.kind is DeadlineKind.NOTICE and deadline.act_by < deadline.due_on:
        yield replace(
            due,
            key=_keys(deadline)[1],
            first=deadline.act_by,
            last=deadline.act_by,
            summary=_spaced(
                prefix + said["prudent"].format(f"{kind} – {what}"), words.lang, MAX_SUMMARY
            ),
            alarms=(_at(timedelta()),) if rings else (),
        )


def _description(deadline: Deadline, words: Words) -> str:
    """Say what to do and why; nothing here may depend on the day it is read."""
    said = _SENTENCES[words.lang]
    lines = [one_line(deadline.title, MAX_SENTENCE)]
    partners = words.partners(deadline.partners)
    if partners:
        lines.append(said["partners"].format(partners))
    lines.append(f"{words.action(deadline)}.")
    if deadline.kind is DeadlineKind.NOTICE:
        lines.append(said["last_day"].format(words.date(deadline.due_on, weekday=True)))
    if deadline.prudent_day is not None:
        lines.append(said["act_by"].format(words.date(deadline.prudent_day, weekday=True)))
    lines.append(said["basis"].format(words.basis(deadline.basis)))
    if deadline.alternative is not None:
        day = words.date(deadline.alternative.due_on, weekday=True)
        lines.append(said["other"].format(day, words.basis(deadline.alternative.why)))
    if deadline.amount is not None:
        lines.append(said["amount"].format(words.amount(deadline.amount)))
    if deadline.owner:
        lines.append(said["owner"].format(deadline.owner))
    lines.append(said["key"].format(deadline.key))
    return "\n".join(_spaced(line, words.lang, MAX_SENTENCE) for line in lines)


def _alarms(deadline: Deadline, leads: Iterable[Period]) -> tuple[timedelta, ...]:
    """Return when alarms ring, from midnight of the day itself: lead times count from `act_by`."""
    days: set[int] = set()
    for lead in leads:
        # A convention may ask for a lead time of a thousand years: that alarm alone is left out.
        with suppress(DateOutOfRangeError):
            days.add((shift_back(deadline.act_by, lead) - deadline.due_on).days)
    return tuple(_at(timedelta(days=day)) for day in sorted(days))


def _at(day: timedelta) -> timedelta:
    return day + timedelta(hours=ALARM_AT.hour, minutes=ALARM_AT.minute)


def _told(entry: _Entry, before: PublishedEvent | None, now: datetime) -> PublishedEvent:
    """Return the row of an event: SEQUENCE goes up with a day or a status, DTSTAMP with a word."""
    fingerprint = entry.fingerprint
    if before is None:
        return PublishedEvent(key=entry.key, fingerprint=fingerprint, sequence=0, changed_at=now)
    if before.fingerprint == fingerprint and before.cancelled_on is None:
        return before
    moved = before.cancelled_on is not None or _told_days(before) != (
        entry.first.isoformat(),
        entry.last.isoformat(),
        entry.status,
    )
    return PublishedEvent(
        key=entry.key,
        fingerprint=fingerprint,
        sequence=before.sequence + moved,
        changed_at=now,
    )


def _cancelled(
    row: PublishedEvent, today: date, now: datetime, lang: Lang
) -> Iterator[WrittenEvent]:
    """Yield the event of a deadline that vanished, as long as it is announced as cancelled.

    An event whose day is over leaves in silence: nobody can be misled by it any more.
    """
    if row.cancelled_on is None:
        if _told_fields(row)["last"] >= today.isoformat():
            row = replace(row, sequence=row.sequence + 1, changed_at=now, cancelled_on=today)
            yield _written(_cancelled_entry(row, lang), row)
    elif today <= row.cancelled_on + timedelta(days=KEPT_FOR):
        yield _written(_cancelled_entry(row, lang), row)


def _cancelled_entry(row: PublishedEvent, lang: Lang) -> _Entry:
    fields = _told_fields(row)
    return _Entry(
        key=row.key,
        first=date.fromisoformat(fields["first"]),
        last=date.fromisoformat(fields["last"]),
        status="cancelled",
        summary=one_line(_CANCELLED[lang] + fields["summary"], MAX_SUMMARY),
        owner=fields["owner"],
        description=_SENTENCES[lang]["gone"],
    )


def _told_fields(row: PublishedEvent) -> dict[str, str]:
    """Return what a row says, or nothing where somebody altered it: it is then told anew."""
    try:
        fields = json.loads(row.fingerprint)
        date.fromisoformat(fields["first"])
        date.fromisoformat(fields["last"])
        return {name: str(fields[name]) for name in ("first", "last", "status", "summary", "owner")}
    except (ValueError, TypeError, KeyError):
        return {}


def _told_days(row: PublishedEvent) -> tuple[str, str, str]:
    fields = _told_fields(row)
    return fields["first"], fields["last"], fields["status"]


def _told_owner(row: PublishedEvent) -> str:
    return _told_fields(row)["owner"]


def _calendar(lang: Lang, name: str) -> Calendar:
    calendar = Calendar()
    title = one_line(name, MAX_SUMMARY)
    calendar.add("prodid", f"-//conventions//deadlines//{lang.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar


def _event(entry: _Entry, row: PublishedEvent) -> Event:
    event = Event()
    event.add("uid", uid_of(entry.key))
    changed_at = row.changed_at.astimezone(UTC)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", row.sequence)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    if entry.category:
        event.add("categories", [entry.category])
    event.add("status", "CANCELLED" if entry.status == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    for offset in entry.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", offset)
        event.add_component(alarm)
    return event


def _nothing(lang: Lang, today: date) -> Event:
    """Return the event of a calendar that has none: some programs refuse an emptied one."""
    said = _SENTENCES[lang]
    entry = _Entry(
        key="empty",
        first=today,
        last=today,
        status="",
        summary=_spaced(said["empty"], lang, MAX_SUMMARY),
        owner="",
        description=said["empty_why"],
    )
    midnight = datetime.combine(today, time(), UTC)
    row = PublishedEvent(key="empty", fingerprint="{}", sequence=0, changed_at=midnight)
    return _event(entry, row)


def _spaced(text: str, lang: Lang, limit: int) -> str:
    line = one_line(text, limit)
    return french_spaces(line) if lang == "fr" else line
