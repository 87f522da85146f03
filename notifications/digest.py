"""What a letter says, before it is put into words: which deadlines, in which order, for whom.

Pure, and free of any language: dates, deadlines and counts. `notifications.rendering` turns a
`Report` or a `Digest` into sentences.

Conventions of this module, stated once:

* a deadline stands in the report by its *prudent day* (`act_by`), as everywhere else;
* a horizon includes its last day: what is due exactly seven days from today is « dans les sept
  jours », so that nothing due on the day of the next report waits for it;
* a deadline appears in one section only, the most urgent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from notifications.recipients import INSIST, Addressed, Recipient, Role
from tracker.domain.consequences import (
    LIVE_STATES,
    SELF_FULFILLING_KINDS,
    ConventionState,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Finding,
    Reminder,
)
from tracker.domain.dates import Period, shift

WEEK = 7
MONTH = 30
QUARTER = 90
HALF_YEAR = Period(months=6)
JUST_MISSED = 30
"""Days during which a notice or a vote that was missed is still spoken of."""

MAX_REMINDERS = 100
"""Reminders in one mail. Each must appear in it, and mail programs cut pages above 100 kB."""

LONG_LEAD_KINDS = frozenset(
    {
        DeadlineKind.NOTICE,
        DeadlineKind.DECISION,
        DeadlineKind.EXPIRY,
        DeadlineKind.RENEWAL,
        DeadlineKind.FINAL_EVALUATION,
        DeadlineKind.PROGRAMME_END,
    }
)
"""What takes months to prepare: shown up to six months ahead."""

MISSABLE_KINDS = frozenset({DeadlineKind.NOTICE, DeadlineKind.DECISION})
"""What is lost for good once its day has passed."""


class Urgency(StrEnum):
    """The sections of the report, in its order; also how each line of a letter is marked."""

    OVERDUE = "overdue"
    WEEK = "week"
    MISSING = "missing"
    MONTH = "month"
    QUARTER = "quarter"
    LATER = "later"
    MISSED = "missed"
    DONE = "done"


SECTIONS = (
    Urgency.OVERDUE,
    Urgency.WEEK,
    Urgency.MISSED,
    Urgency.MISSING,
    Urgency.MONTH,
    Urgency.QUARTER,
    Urgency.LATER,
    Urgency.DONE,
)
"""Order of the sections: what was missed calls for an answer before what can wait a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A deadline that was met, or came about, on a day."""

    deadline: Deadline
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A convention to check: an odd fact (`finding`) or a record that could not be read.

    `message` is a sentence ready to be shown; it is used where there is no finding.
    """

    convention: str
    title: str = ""
    finding: Finding | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One deadline in the report; `on` is the day it was met, in the section `done`."""

    deadline: Deadline
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The deadlines of one degree of urgency, the most pressing first; never empty."""

    urgency: Urgency
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The weekly report of the office. Equal facts and equal days give an equal report."""

    today: date
    next_report: date
    sections: tuple[Section, ...]
    concerns: tuple[Concern, ...]
    states: tuple[tuple[ConventionState, int], ...]
    next_session: date | None = None
    convocation_by: date | None = None
    refused: tuple[str, ...] = ()
    """Addresses that the relay refused it for: it goes to the fallback recipient instead."""

    @property
    def followed(self) -> int:
        """Number of conventions of which something may still be expected."""
        return sum(count for state, count in self.states if state in LIVE_STATES)

    @property
    def is_quiet(self) -> bool:
        """Tell whether there is nothing to do, to see coming or to check."""
        return not self.concerns and all(
            section.urgency is Urgency.DONE for section in self.sections
        )

    def count(self, urgency: Urgency) -> int:
        """Return the number of deadlines of that urgency."""
        return sum(len(s.lines) for s in self.sections if s.urgency is urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One reminder for one person; `insist` asks a watcher to see to it."""

    reminder: Reminder
    urgency: Urgency
    role: Role
    insist: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one person is told on one day, the most urgent first; `part` of `parts`, from 1."""

    recipient: str
    today: date
    items: tuple[Item, ...]
    part: int = 1
    parts: int = 1

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the deadlines, in the order of the letter."""
        return tuple(item.reminder.deadline.key for item in self.items)


def build_report(
    deadlines: Iterable[Deadline],
    *,
    today: date,
    states: Mapping[ConventionState, int],
    concerns: Iterable[Concern] = (),
    done: Iterable[Done] = (),
    next_report: date | None = None,
    next_session: date | None = None,
    convocation_by: date | None = None,
) -> Report:
    """Sort the portfolio into the weekly report.

    `deadlines` are those of every convention, whatever their status, at least six months ahead;
    what has no place in the report is left out. `done` are the duties met since the last report;
    those that come about by themselves are found here. `states` counts all conventions.
    """
    listed = sorted(set(deadlines), key=_by_urgency)
    lines: dict[Urgency, list[Line]] = {urgency: [] for urgency in SECTIONS}
    for deadline in listed:
        urgency = urgency_of(deadline, today)
        if urgency is not None and urgency is not Urgency.DONE:
            lines[urgency].append(Line(deadline=deadline))
    lines[Urgency.DONE] = _done_this_week(listed, done, today)
    return Report(
        today=today,
        next_report=next_report or today + timedelta(days=7),
        sections=tuple(
            Section(urgency=urgency, lines=tuple(lines[urgency]))
            for urgency in SECTIONS
            if lines[urgency]
        ),
        concerns=tuple(sorted(set(concerns), key=_by_convention)),
        states=tuple((state, states[state]) for state in ConventionState if states.get(state)),
        next_session=next_session,
        convocation_by=convocation_by,
    )


def build_reminders(
    addressed: Iterable[Addressed], today: date, *, limit: int = MAX_REMINDERS
) -> tuple[Digest, ...]:
    """Gather the reminders of the day into one digest per person, sorted by address.

    More than `limit` for one person (a whole portfolio was just imported) make several digests,
    numbered, so that each mail can name every one of its reminders.
    """
    by_person: dict[str, list[Item]] = {}
    for one in addressed:
        for recipient in one.recipients:
            by_person.setdefault(recipient.address, []).append(
                _item(one.reminder, recipient, today)
            )
    return tuple(
        digest
        for recipient, items in sorted(by_person.items())
        for digest in _digests(recipient, sorted(items, key=_item_order), today, limit)
    )


def urgency_of(deadline: Deadline, today: date) -> Urgency | None:
    """Say how urgent a deadline is, or None where nobody needs to hear of it.

    A prudent day that has passed while the day itself has not is of this week: there is still
    something to do, at once. A fact that is missing is not late, whatever the day it hangs on: it
    has a section of its own.
    """
    match deadline.status:
        case DeadlineStatus.OVERDUE | DeadlineStatus.UPCOMING if (
            deadline.kind is DeadlineKind.MISSING
        ):
            return Urgency.MISSING
        case DeadlineStatus.OVERDUE:
            return Urgency.OVERDUE
        case DeadlineStatus.MISSED:
            recent = today - timedelta(days=JUST_MISSED) <= deadline.due_on
            return Urgency.MISSED if recent and deadline.kind in MISSABLE_KINDS else None
        case DeadlineStatus.DONE:
            return Urgency.DONE
        case DeadlineStatus.UNKNOWN:
            return None
        case DeadlineStatus.UPCOMING:
            return _horizon(deadline, today)


def _horizon(deadline: Deadline, today: date) -> Urgency | None:
    days = (deadline.act_by - today).days
    if days <= WEEK:
        return Urgency.WEEK
    if days <= MONTH:
        return Urgency.MONTH
    if days <= QUARTER:
        return Urgency.QUARTER
    long_lead = deadline.kind in LONG_LEAD_KINDS
    return Urgency.LATER if long_lead and deadline.act_by <= shift(today, HALF_YEAR) else None


def _done_this_week(deadlines: Sequence[Deadline], done: Iterable[Done], today: date) -> list[Line]:
    week = range((today - timedelta(days=WEEK)).toordinal(), today.toordinal() + 1)
    days = {
        deadline.key: Line(deadline=deadline, on=deadline.until or deadline.due_on)
        for deadline in deadlines
        if deadline.status is DeadlineStatus.DONE and deadline.kind in SELF_FULFILLING_KINDS
    }
    days |= {met.deadline.key: Line(deadline=met.deadline, on=met.on) for met in done}
    recent = [line for line in days.values() if line.on and line.on.toordinal() in week]
    return sorted(recent, key=lambda line: (line.on, line.deadline.convention, line.deadline.key))


def _item(reminder: Reminder, recipient: Recipient, today: date) -> Item:
    # A reminder may open earlier, or be told later, than any section of the report.
    missed = reminder.deadline.status is DeadlineStatus.MISSED
    urgency = Urgency.MISSED if missed else urgency_of(reminder.deadline, today)
    return Item(
        reminder=reminder,
        urgency=urgency or Urgency.LATER,
        role=recipient.role,
        insist=reminder.escalation >= INSIST and recipient.role is Role.WATCHER,
    )


def _digests(recipient: str, items: list[Item], today: date, limit: int) -> Iterable[Digest]:
    parts = [items[start : start + limit] for start in range(0, len(items), limit)]
    for number, part in enumerate(parts, 1):
        yield Digest(
            recipient=recipient, today=today, items=tuple(part), part=number, parts=len(parts)
        )


def _item_order(item: Item) -> tuple[int, date, date, str]:
    return (list(Urgency).index(item.urgency), *_by_urgency(item.reminder.deadline))


def _by_urgency(deadline: Deadline) -> tuple[date, date, str]:
    return (deadline.act_by, deadline.due_on, deadline.key)


def _by_convention(concern: Concern) -> tuple[str, str, str]:
    code = concern.finding.code if concern.finding else ""
    return (concern.convention, code, concern.message)
