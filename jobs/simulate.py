"""What would be sent, day after day, if nobody recorded anything: computed, nothing is changed.

The same rules as a scan, a composing and a weekly report each day, with obligations kept in memory
and every letter taken as accepted. A convention is derived anew only where its life can change: at
a fact dated in the future, at its first and after its last day, at a council session. Between two
such days a deadline changes once at most, the day after it is due; so two derivations tell all of
them, and each deadline is looked at only on the days on which a reminder of it can begin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.dispatch import REMINDER
from jobs.ledger import due_days
from jobs.outbox import Posted, posted_messages
from jobs.report import (
    REPORT_KIND,
    WEEK,
    Gathered,
    assemble_report,
    deadlines_told,
    report_recipients,
    unreadable,
)
from jobs.runtime import Runtime, Snapshot
from notifications.digest import build_reminders, urgency_of
from notifications.recipients import TO_THE_OFFICE, Addressed, Recipient, Role
from tracker.domain.consequences import Deadline, Reminder
from tracker.domain.conventions import FORMAL_DATES, Convention, PartialDate
from tracker.domain.dates import shift
from tracker.domain.deadlines import undecided_term
from tracker.domain.portfolio import Life, Portfolio
from tracker.domain.reminders import MISSED_SHOWN_FOR, plan_reminders, stages_of
from tracker.queries import recently_missed
from tracker.storage.engine import reading
from tracker.storage.tables import (
    InstallationRow,
    MessageState,
    ObligationRow,
    ObligationState,
)

DAY: Final = timedelta(days=1)
_ON_ITS_WAY: Final = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNCERTAIN)

Identity = tuple[str, date, str, str]
"""What makes an obligation unique: deadline, day, stage, recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMail:
    """A mail that would be sent."""

    on: date
    kind: str
    recipient: str
    subject: str
    deadlines: tuple[str, ...]
    """Keys, in the order of the letter."""

    @property
    def order(self) -> tuple[date, str, str, str]:
        """Sort by day, then kind and recipient."""
        return self.on, self.kind, self.recipient, self.subject


@dataclass(frozen=True, slots=True)
class _Owed:
    """One obligation of the simulation, and the deadline as it stands on its day."""

    identity: Identity
    opens_on: date
    deadline: Deadline
    recipient: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What the database knows on the first day."""

    snapshot: Snapshot
    known: frozenset[Identity]
    pending: tuple[tuple[Identity, date], ...]
    """Owed and not in a message yet: identity, day it opened."""
    waiting: tuple[Posted, ...]
    report_owed: bool


def simulate(runtime: Runtime, today: date, until: date) -> tuple[SimulatedMail, ...]:
    """Return every mail from `today` to `until`, both included, sorted."""
    with reading(runtime.engine) as session:
        start = _read(runtime, session, today)
    mondays = _report_days(runtime, start, today, until)
    span = _Span(runtime=runtime, snapshot=start.snapshot, first=today, last=until)
    owed: dict[date, list[_Owed]] = defaultdict(list)
    reports = {day: Gathered(concerns=unreadable(runtime, start.snapshot)) for day in mondays}
    for life in start.snapshot.lives:
        stretches = tuple(span.stretches(life.record.reference))
        for day, item in span.owed(stretches, start.known):
            owed[day].append(item)
        for stretch in stretches:
            for day in mondays:
                if stretch.first <= day <= stretch.last:
                    span.add_to_report(reports[day], stretch, day)
    owed[today] += span.still_pending(start.pending)
    mails = [
        *_left_over(start, today, today in mondays),
        *_reminders(runtime, owed),
        *_reports(runtime, start.snapshot, reports),
    ]
    return tuple(sorted(mails, key=lambda mail: mail.order))


@dataclass(frozen=True, slots=True, kw_only=True)
class NextReminder:
    """When a deadline is told next, at which stage, and to whom."""

    on: date
    stage: str
    recipients: tuple[str, ...]


def next_reminders(
    runtime: Runtime, snapshot: Snapshot, reference: str, known: Collection[Identity]
) -> dict[tuple[str, date], NextReminder]:
    """Return the next reminder of each deadline of a convention, as far as deadlines are derived.

    `known` are the obligations recorded already. What is owed today and not recorded is next.
    """
    today = snapshot.portfolio.today
    last = runtime.horizon(snapshot.portfolio, today)
    span = _Span(runtime=runtime, snapshot=snapshot, first=today, last=last)
    by_day: dict[tuple[str, date], dict[date, list[_Owed]]] = defaultdict(lambda: defaultdict(list))
    for day, item in span.owed(span.stretches(reference), known):
        by_day[item.identity[:2]][day].append(item)
    found = {}
    for place, days in by_day.items():
        on = min(days)
        stage = max(days[on], key=lambda item: item.opens_on).identity[2]
        people = dict.fromkeys(item.recipient.address for item in days[on])
        found[place] = NextReminder(on=on, stage=stage, recipients=tuple(people))
    return found


# --- the first day -------------------------------------------------------------------------------


def _read(runtime: Runtime, session: Session, today: date) -> _Start:
    snapshot = runtime.snapshot(session, today)
    current = {
        place
        for place, item in snapshot.deadlines.items()
        if item.is_open or recently_missed(item, today)
    }
    known: set[Identity] = set()
    pending: list[tuple[Identity, date]] = []
    stale: set[int] = set()
    composed: dict[int, list[tuple[Identity, date]]] = defaultdict(list)
    for row in session.execute(
        select(
            ObligationRow.deadline_key,
            ObligationRow.due_on,
            ObligationRow.stage,
            ObligationRow.recipient,
            ObligationRow.state,
            ObligationRow.opens_on,
            ObligationRow.message_id,
        ).order_by(ObligationRow.id)
    ):
        identity = (row.deadline_key, row.due_on, row.stage, row.recipient)
        holds = (row.deadline_key, row.due_on) in current
        if row.state != ObligationState.SUPERSEDED:
            known.add(identity)
        if row.state == ObligationState.OPEN and holds:
            pending.append((identity, row.opens_on))
        elif row.state == ObligationState.COMPOSED:
            composed[row.message_id].append((identity, row.opens_on))
            if not holds:
                stale.add(row.message_id)
    # A message that speaks of something stale is withdrawn, and the rest of it is owed again.
    for number in stale:
        pending += [one for one in composed[number] if one[0][:2] in current]
    waiting = posted_messages(session, states=_ON_ITS_WAY)
    return _Start(
        snapshot=snapshot,
        known=frozenset(known),
        pending=tuple(pending),
        waiting=tuple(one for one in waiting if one.id not in stale and one.uncertain_count < 2),
        report_owed=_report_is_owed(runtime, session, today),
    )


def _report_is_owed(runtime: Runtime, session: Session, today: date) -> bool:
    """Tell whether the report of an earlier day, or of today, is still to be written."""
    end_of_day = datetime.combine(today + DAY, time(), runtime.settings.schedule.timezone)
    if session.scalar(select(InstallationRow.created_at)) is None:
        now = runtime.clock()
        rule = runtime.report_rule.schedule
        return rule.falls_on(today) and now < rule.instant(today) < end_of_day
    return bool(due_days(session, runtime.report_rule, now=end_of_day - timedelta(seconds=1)))


def _report_days(runtime: Runtime, start: _Start, today: date, until: date) -> list[date]:
    schedule = runtime.report_rule.schedule
    days = [today] if start.report_owed else []
    day = today + DAY
    while day <= until:
        if schedule.falls_on(day):
            days.append(day)
        day += DAY
    return days


def _left_over(start: _Start, today: date, report_today: bool) -> Iterator[SimulatedMail]:
    """Yield what is written already and waits; a new report takes the place of an older one."""
    for item in start.waiting:
        if item.kind == REPORT_KIND and report_today and item.state == MessageState.QUEUED:
            continue
        yield SimulatedMail(
            on=today,
            kind=item.kind,
            recipient=item.recipient,
            subject=item.subject,
            deadlines=tuple(told.key for told in item.told),
        )


# --- one convention ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Days on which the facts known of a convention stay the same, both included.

    `before` and `after` are its life on the first and on the last day: the same deadlines in the
    same order, of which each changes on the day after it is due.
    """

    first: date
    last: date
    before: Life
    after: Life

    @cached_property
    def lively(self) -> tuple[tuple[Deadline, Deadline], ...]:
        """The deadlines, before and after, that may be spoken of during these days."""
        recent = self.first - MISSED_SHOWN_FOR - WEEK
        return tuple(
            (old, new)
            for old, new in zip(self.before.deadlines, self.after.deadlines, strict=True)
            if old.is_open or new.is_open or _closes_on(old) >= recent
        )

    def on(self, day: date, pairs: Iterable[tuple[Deadline, Deadline]]) -> Iterator[Deadline]:
        """Yield the deadlines as they stand on one of the days."""
        for old, new in pairs:
            yield old if day == self.first or _closes_on(old) >= day else new

    def life_on(self, day: date) -> Life:
        """Return the whole life as it stands on one of the days."""
        pairs = zip(self.before.deadlines, self.after.deadlines, strict=True)
        return replace(self.before, deadlines=tuple(self.on(day, pairs)))


def _closes_on(deadline: Deadline) -> date:
    return deadline.until or deadline.due_on


@dataclass(kw_only=True)
class _Span:
    """The days simulated, and the portfolio on each of them."""

    runtime: Runtime
    snapshot: Snapshot
    first: date
    last: date
    _portfolios: dict[date, Portfolio] = field(default_factory=dict, init=False)
    _horizons: dict[date, date] = field(default_factory=dict, init=False)
    _recipients: dict[tuple[object, ...], tuple[Recipient, ...]] = field(
        default_factory=dict, init=False
    )

    def __post_init__(self) -> None:
        self._records = {item.reference: item for item in self.snapshot.portfolio.conventions}
        self._successors: dict[str, list[Convention]] = defaultdict(list)
        for item in self._records.values():
            if item.succeeds is not None:
                self._successors[item.succeeds].append(item)
        self._until = self.runtime.horizon(self.snapshot.portfolio, self.last)

    def life(self, reference: str, day: date) -> Life:
        """Return the life of a convention as known on a day."""
        if day not in self._portfolios:
            self._portfolios[day] = Portfolio(
                conventions=self._records.values(),
                today=day,
                around=self.snapshot.portfolio.around,
            )
        return self._portfolios[day].life(reference, self._until)

    # -- how it changes -------------------------------------------------------------------------

    def stretches(self, reference: str) -> Iterator[_Stretch]:
        """Cut the days into stretches on which nothing but due days changes the convention."""
        first = self.first
        while first <= self.last:
            before = self.life(reference, first)
            turns = [day - DAY for day in self._turning_days(before, first) if day > first]
            last = min([self.last, *turns])
            yield from self._uniform(reference, before, first, last)
            first = last + DAY

    def _uniform(self, reference: str, before: Life, first: date, last: date) -> Iterator[_Stretch]:
        """Check that only due days matter between two days; cut in halves where more does."""
        due = any(first <= _closes_on(item) < last for item in before.deadlines)
        after = self.life(reference, last) if due else before
        if first == last or _places(before) == _places(after):
            yield _Stretch(first=first, last=last, before=before, after=after)
            return
        middle = first + (last - first) // 2
        yield from self._uniform(reference, before, first, middle)
        rest = self.life(reference, middle + DAY)
        yield from self._uniform(reference, rest, middle + DAY, last)

    def _turning_days(self, life: Life, day: date) -> set[date]:
        """Return the days from which the convention may look different, due days left out."""
        record, course = life.record, life.course
        family = [
            record,
            *(self._records.get(name or "") for name in (record.parent, record.succeeds)),
            *self._successors.get(record.reference, ()),
        ]
        days = {day for member in family if member is not None for day in _fact_days(member)}
        ends = [course.last_day, course.terminated_on]
        if (term := undecided_term(life.facts, course, day)) is not None:
            ends += [term.last_day, *self.snapshot.portfolio.around.council.sessions]
        days.update(end + DAY for end in ends if end is not None)
        if course.first_day is not None:
            days.add(course.first_day)
        return days

    # -- what is owed ---------------------------------------------------------------------------

    def owed(
        self, stretches: Iterable[_Stretch], known: Collection[Identity]
    ) -> Iterator[tuple[date, _Owed]]:
        """Yield what comes to be owed and on which day, each obligation once."""
        seen: set[Identity] = set()
        for stretch in stretches:
            for pair in stretch.lively:
                for day in self._reminding_days(stretch, pair[0]):
                    (deadline,) = stretch.on(day, [pair])
                    for item in self._owed_on(day, deadline):
                        if item.identity not in known and item.identity not in seen:
                            seen.add(item.identity)
                            yield day, item

    def _reminding_days(self, stretch: _Stretch, deadline: Deadline) -> list[date]:
        """Return the days of the stretch on which a reminder of the deadline can begin."""
        stages = [day for _, day in stages_of(deadline, self.runtime.policy)]
        days = {*stages, deadline.act_by, _closes_on(deadline) + DAY}
        if deadline.snoozed_until is not None:
            days.add(deadline.snoozed_until)
        if (after := self.runtime.policy.escalation.office_after) is not None:
            before = [day for day in stages if day <= deadline.due_on]
            days.add(shift(max(before, default=deadline.due_on + DAY), after))
        return sorted({stretch.first, *(d for d in days if stretch.first < d <= stretch.last)})

    def _owed_on(self, day: date, deadline: Deadline) -> Iterator[_Owed]:
        for reminder in plan_reminders([deadline], self.runtime.policy, day):
            opens = dict(stages_of(deadline, self.runtime.policy))
            for recipient in self._recipients_of(reminder):
                for stage in reminder.reached:
                    yield _Owed(
                        (deadline.key, deadline.due_on, stage, recipient.address),
                        opens[stage],
                        deadline,
                        recipient,
                    )

    def _recipients_of(self, reminder: Reminder) -> tuple[Recipient, ...]:
        deadline = reminder.deadline
        which = (deadline.owner, deadline.watchers, reminder.escalation >= TO_THE_OFFICE)
        if which not in self._recipients:
            self._recipients[which] = self.runtime.addressed(reminder).recipients
        return self._recipients[which]

    def still_pending(self, pending: Iterable[tuple[Identity, date]]) -> Iterator[_Owed]:
        """Yield what was owed before the first day and is in no message yet."""
        for identity, opens_on in pending:
            deadline = self.snapshot.deadlines[identity[:2]]
            if identity[3]:
                recipient = Recipient(address=identity[3], role=Role.OWNER)
                yield _Owed(identity, opens_on, deadline, recipient)

    # -- the report -----------------------------------------------------------------------------

    def add_to_report(self, gathered: Gathered, stretch: _Stretch, day: date) -> None:
        """Add the convention to the report of a day."""
        if day not in self._horizons:
            self._horizons[day] = self.runtime.horizon(self.snapshot.portfolio, day)
        seen_until = self._horizons[day]
        life = stretch.before
        if any(day - WEEK <= event.on <= day for event in life.facts.events):
            life = stretch.life_on(day)
        told = [
            item
            for item in stretch.on(day, stretch.lively)
            if item.due_on <= seen_until and urgency_of(item, day) is not None
        ]
        gathered.add(life, told, day)


def _places(life: Life) -> list[tuple[str, date]]:
    return [(item.key, item.due_on) for item in life.deadlines]


def _fact_days(record: Convention) -> Iterator[date]:
    """Yield the days on which something recorded of a convention becomes known."""
    yield from (event.on for event in record.events)
    if record.session is not None:
        yield record.session.on
    for name in FORMAL_DATES:
        value = getattr(record, name)
        if isinstance(value, date):
            yield value
        elif isinstance(value, PartialDate):
            yield date(value.year, 1, 1)


# --- letters -------------------------------------------------------------------------------------


def _reminders(runtime: Runtime, owed: Mapping[date, Iterable[_Owed]]) -> Iterator[SimulatedMail]:
    for day, items in owed.items():
        by_person: dict[str, list[_Owed]] = defaultdict(list)
        for item in items:
            by_person[item.recipient.address].append(item)
        for person, theirs in by_person.items():
            told = [_addressed(item) for item in _tightest(theirs)]
            digest = build_reminders(told, day, limit=len(told))[0]
            yield SimulatedMail(
                on=day,
                kind=REMINDER,
                recipient=person,
                subject=runtime.writer.reminder_subject(digest),
                deadlines=digest.keys,
            )


def _tightest(items: Iterable[_Owed]) -> Iterable[_Owed]:
    """Return the stage reached last of each deadline: that one is told, the others closed."""
    best: dict[tuple[str, date], _Owed] = {}
    for item in items:
        other = best.get(item.identity[:2])
        if other is None or item.opens_on >= other.opens_on:
            best[item.identity[:2]] = item
    return best.values()


def _addressed(item: _Owed) -> Addressed:
    stage = item.identity[2]
    reminder = Reminder(
        deadline=item.deadline, stage=stage, opens_on=item.opens_on, reached=(stage,)
    )
    return Addressed(reminder=reminder, recipients=(item.recipient,))


def _reports(
    runtime: Runtime, snapshot: Snapshot, gathered: Mapping[date, Gathered]
) -> Iterator[SimulatedMail]:
    council = snapshot.portfolio.around.council
    for day, one in gathered.items():
        report = assemble_report(one, day, council, next_report=day + WEEK)
        subject = runtime.writer.report_subject(report)
        keys = tuple(dict.fromkeys(item.key for item in deadlines_told(report)))
        for recipient in report_recipients(runtime):
            yield SimulatedMail(
                on=day, kind=REPORT_KIND, recipient=recipient, subject=subject, deadlines=keys
            )
