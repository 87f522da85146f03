"""The composition root: settings, database, wording, clock and delivery, put together once.

A snapshot of the portfolio is kept as long as no fact changed and the day is the same: composing
and the last look before a message leaves use the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from urllib.parse import unquote

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from jobs.dispatch import Delivery
from jobs.holds import installation_id, register_installation
from jobs.identity import Identity, current_identity
from jobs.ledger import Rule
from jobs.policy import CannotSendError, DeliveryPolicy, delivery_policy, make_mailer
from jobs.report import redirect_reports
from jobs.schedule import CivilSchedule
from notifications.digest import build_reminders
from notifications.headers import Attachment, RenderedMail
from notifications.ics import render_calendar
from notifications.journal import Journal, ObligationKey
from notifications.obligations import OpenObligation
from notifications.recipients import Addressed, Recipient, Role, address
from notifications.rendering import LetterWriter
from tracker.context import App
from tracker.domain.consequences import Deadline, Reminder
from tracker.domain.dates import Period, shift
from tracker.domain.portfolio import Life, Portfolio
from tracker.domain.reminders import ReminderPolicy
from tracker.queries import recently_missed
from tracker.storage import repository
from tracker.storage.engine import reading, writing
from tracker.storage.tables import HistoryRow
from tracker.surroundings import policy_from, surroundings_from
from tracker.wording import Wording

NOON = time(12, 0)
"""The hour of a run on a day given by `--today`: after the scan and the report of that day."""
_SPARE = timedelta(days=92)
"""Days added to the longest lead time: postal margin, month ends, holidays."""
_SETTLED_BEFORE = timedelta(days=400)
"""Deadlines settled and due longer ago than this are no longer spoken of, in any letter."""
SCAN, REPORT = "scan", "report"
MAX_EVENTS = 500
"""Events in the calendar of a letter: to follow more, there are the published calendars."""


class MovedError(LookupError):
    """A deadline changed between the scan and its letter: it is composed again later."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The portfolio as known on a day, and what could not be read of it."""

    portfolio: Portfolio
    lives: tuple[Life, ...]
    bad_rows: tuple[repository.RowProblem, ...]
    failures: tuple[tuple[str, str], ...] = ()
    """(reference, error): conventions whose life could not be derived; the others are served."""
    version: tuple[int, date] = (0, date.min)

    @cached_property
    def deadlines(self) -> dict[tuple[str, date], Deadline]:
        """Every deadline by key and day."""
        return {(item.key, item.due_on): item for life in self.lives for item in life.deadlines}


@dataclass(kw_only=True)
class Runtime:
    """All that the jobs need."""

    settings: Settings
    engine: Engine
    wording: Wording
    clock: Callable[[], datetime]
    identity: Identity = field(default_factory=current_identity)
    _snapshot: Snapshot | None = field(default=None, init=False)

    # -- made once ------------------------------------------------------------------------------

    @cached_property
    def policy(self) -> ReminderPolicy:
        """Lead times and escalation."""
        return policy_from(self.settings)

    @cached_property
    def journal(self) -> Journal:
        """Accepted mail, as this machine remembers it."""
        return Journal.in_directory(self.settings.state.directory)

    @cached_property
    def writer(self) -> LetterWriter:
        """Writes the letters of the office."""
        return LetterWriter(self.wording, office=self.settings.office.name)

    @property
    def scan_rule(self) -> Rule:
        """The daily scan."""
        schedule = self.settings.schedule
        return Rule(name=SCAN, schedule=CivilSchedule(at=schedule.scan, zone=schedule.timezone))

    @property
    def report_rule(self) -> Rule:
        """The weekly report; a new installation owes no earlier one."""
        schedule = self.settings.schedule
        return Rule(
            name=REPORT,
            schedule=CivilSchedule(
                at=schedule.report.at, zone=schedule.timezone, weekday=schedule.report.weekday
            ),
            owes_past=False,
        )

    def register(self) -> None:
        """Say once which installation this database belongs to."""
        with reading(self.engine) as session:
            known = installation_id(session)
        if not known:
            with writing(self.engine) as session:
                register_installation(session, self.identity, now=self.clock())

    def delivery(self) -> Delivery | None:
        """Return the way out, None where the settings give none (said as a problem)."""
        try:
            policy, mailer = self.delivery_policy(), make_mailer(self.settings)
        except CannotSendError:
            return None
        return Delivery(
            engine=self.engine,
            mailer=mailer,
            journal=self.journal,
            identity=self.identity,
            policy=policy,
            compose=self.compose,
            stale=self.stale,
            more=partial(redirect_reports, self),
            clock=self.clock,
        )

    def delivery_policy(self) -> DeliveryPolicy:
        """Return what the settings say about delivery; CannotSendError without a sender."""
        return delivery_policy(self.settings)

    def local_day(self, now: datetime) -> date:
        """Return the civil day of an instant where the office is."""
        return now.astimezone(self.settings.schedule.timezone).date()

    # -- the portfolio --------------------------------------------------------------------------

    def snapshot(self, session: Session, today: date) -> Snapshot:
        """Return the portfolio as known on `today`; read anew only when a fact has changed."""
        version = facts_version(session), today
        if self._snapshot is None or self._snapshot.version != version:
            self._snapshot = self._read(session, today, version)
        return self._snapshot

    def _read(self, session: Session, today: date, version: tuple[int, date]) -> Snapshot:
        loaded = repository.load_all(session)
        portfolio = Portfolio(
            conventions=loaded.conventions,
            today=today,
            around=surroundings_from(self.settings),
        )
        until = self.horizon(portfolio, today)
        lives: list[Life] = []
        failures: list[tuple[str, str]] = []
        for reference in portfolio.references:
            try:
                lives.append(portfolio.life(reference, until, since=today - _SETTLED_BEFORE))
            except Exception as error:  # noqa: BLE001 - one bad convention never blocks the others
                failures.append((reference, f"{type(error).__name__}: {error}"))
        return Snapshot(
            portfolio=portfolio,
            lives=tuple(lives),
            bad_rows=loaded.problems,
            failures=tuple(failures),
            version=version,
        )

    def horizon(self, portfolio: Portfolio, today: date) -> date:
        """Return how far deadlines are derived: past the longest lead time of all."""
        leads = [lead for kind in self.policy.lead_times.values() for lead in kind]
        leads += portfolio.own_lead_times()
        return (
            max((shift(today, lead) for lead in leads), default=shift(today, Period(years=1)))
            + _SPARE
        )

    # -- letters --------------------------------------------------------------------------------

    def addressed(self, reminder: Reminder) -> Addressed:
        """Say who gets a reminder."""
        office = self.settings.office
        return address(reminder, office=office.recipients, fallback=office.fallback)

    def compose(
        self, recipient: str, items: Sequence[OpenObligation], now: datetime
    ) -> RenderedMail:
        """Write the letter to one recipient about these obligations."""
        today = self.local_day(now)
        with reading(self.engine) as session:
            snapshot = self.snapshot(session, today)
        addressed = [self._for_one(snapshot, recipient, item) for item in items]
        digest = build_reminders(addressed, today, limit=len(addressed))[0]
        deadlines = [one.reminder.deadline for one in addressed]
        return self.writer.write_reminder(
            digest, attachments=self.attachments(deadlines, today)
        ).mail

    def _for_one(self, snapshot: Snapshot, recipient: str, item: OpenObligation) -> Addressed:
        owed = item.obligation
        deadline = snapshot.deadlines.get((owed.deadline_key, owed.due_on))
        if deadline is None:
            raise MovedError(f"{owed.deadline_key} is no longer due on {owed.due_on}")
        reminder = Reminder(
            deadline=deadline, stage=owed.stage, opens_on=owed.opens_on, reached=(owed.stage,)
        )
        roles = {one.address: one for one in self.addressed(reminder).recipients}
        role = roles.get(recipient) or Recipient(
            address=recipient,
            role=Role.OFFICE if recipient in self.settings.office.recipients else Role.FALLBACK,
        )
        return Addressed(reminder=reminder, recipients=(role,))

    def attachments(self, deadlines: Sequence[Deadline], today: date) -> list[Attachment]:
        """Return the calendar that goes with a letter, none when it would flood somebody's own."""
        if len(deadlines) > MAX_EVENTS:
            return []
        midnight = datetime.combine(today, time(), tzinfo=UTC)
        calendar = render_calendar(
            deadlines,
            today=today,
            now=midnight,
            words=self.wording,
            name=self.settings.office.name,
            complete=False,
            lead_times=self.policy.lead_times,
        )
        name = self.wording.pick(("echeances.ics", "deadlines.ics"))
        return [Attachment(filename=name, content=calendar.content)]

    def stale(
        self, session: Session, keys: Sequence[ObligationKey], now: datetime
    ) -> Collection[ObligationKey]:
        """Return the obligations whose deadline moved, was met or is gone since."""
        today = self.local_day(now)
        snapshot = self.snapshot(session, today)
        unsure = {problem.reference for problem in snapshot.bad_rows}
        unsure |= {reference for reference, _ in snapshot.failures}
        return [
            key
            for key in keys
            if not self._still_holds(snapshot, key, today) and not _is_of(key, unsure)
        ]

    def _still_holds(self, snapshot: Snapshot, key: ObligationKey, today: date) -> bool:
        deadline = snapshot.deadlines.get((key.deadline_key, key.due_on))
        return deadline is not None and (deadline.is_open or recently_missed(deadline, today))


def facts_version(session: Session) -> int:
    """Return a number that changes with every change of a fact: each one has its history."""
    return session.scalar(select(func.max(HistoryRow.id))) or 0


def _is_of(key: ObligationKey, references: Collection[str]) -> bool:
    return unquote(key.deadline_key.split("/", 1)[0]) in references


def runtime_for(app: App, *, create: bool = False) -> Runtime:
    """Return the runtime of a command; on a day given by `--today` its clock stands at noon."""
    runtime = Runtime(
        settings=app.settings,
        engine=app.engine(create=create),
        wording=app.wording,
        clock=app.now,
    )
    if app.today_option is not None:
        noon = datetime.combine(app.today_option, NOON, tzinfo=app.settings.schedule.timezone)
        runtime = replace(runtime, clock=lambda: noon.astimezone(UTC))
    return runtime
