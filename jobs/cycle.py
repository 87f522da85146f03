"""One whole cycle: scan, weekly report when owed, deliver, publish. The same work as the daemon's.

Repeating it on the same day does nothing more: obligations, reports and calendars are each done
once, whoever does them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs.daemon import Job
from jobs.dispatch import DeliveryReport
from jobs.ledger import due_days, note_run_by_hand
from jobs.policy import CannotSendError
from jobs.publish import publish_calendars
from jobs.report import enqueue_report
from jobs.runtime import Runtime
from jobs.scan import ScanReport, plan_obligations, run_scan
from jobs.schedule import latest
from notifications.obligations import Obligation
from notifications.rows import count, note_problem, open_subjects, resolve_problem
from tracker.storage.engine import reading, writing
from tracker.storage.tables import JobRunRow, JobState, ObligationRow, ProblemRow
from tracker.wording import Wording

_CANNOT_SEND, _RELAY_TROUBLE = "mail_nowhere", "relay_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProblem:
    """Something that somebody should mend."""

    code: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleReport:
    """What one cycle did."""

    today: date
    scan: ScanReport
    composed: int
    delivery: DeliveryReport
    problems: tuple[OpenProblem, ...] = ()
    calendars: int = 0
    can_send: bool = True
    planned: tuple[Obligation, ...] = field(default=())
    """Dry run: what would be owed and is not yet."""

    @property
    def needs_attention(self) -> bool:
        """Tell whether something was left undone that a person should look at."""
        delivery = self.delivery
        undone = delivery.failed or delivery.uncertain or delivery.held or delivery.waiting
        return bool(undone or delivery.relay_trouble or self.problems or not self.can_send)

    @property
    def is_passing_trouble(self) -> bool:
        """Tell whether nothing could leave because the relay did not answer."""
        return self.delivery.relay_trouble is not None and not self.delivery.accepted


def run_cycle(runtime: Runtime, *, today: date, now: datetime) -> CycleReport:
    """Do all that is due: what `conventions run` does, and cron may do in the daemon's place."""
    runtime.register()
    scan = run_scan(runtime, today, now)
    with writing(runtime.engine) as session:
        note_run_by_hand(
            session,
            runtime.scan_rule,
            worker=runtime.identity.worker,
            now=now,
            counts=scan.counts(),
        )
        _note_time(session, runtime, now)
    composed = _report_when_owed(runtime, today, now)
    delivery = _deliver(runtime, now)
    calendars = publish_calendars(runtime, today, now)
    with reading(runtime.engine) as session:
        problems = open_problems(session, runtime.wording)
    return CycleReport(
        today=today,
        scan=scan,
        composed=composed + delivery.composed,
        delivery=delivery,
        problems=problems,
        calendars=len(calendars),
        can_send=runtime.settings.mail.can_send,
    )


def _note_time(session: Session, runtime: Runtime, now: datetime) -> None:
    """A second run of the same day is the last run too, though its scan was done already."""
    day = latest(runtime.scan_rule.schedule, until=now)
    count(
        session,
        update(JobRunRow)
        .where(
            JobRunRow.rule == runtime.scan_rule.name,
            JobRunRow.local_date == day,
            JobRunRow.state == JobState.DONE,
            JobRunRow.finished_at < now,
        )
        .values(finished_at=now),
    )


def plan_cycle(runtime: Runtime, *, today: date) -> CycleReport:
    """Say what a cycle would owe; change nothing."""
    with reading(runtime.engine) as session:
        snapshot = runtime.snapshot(session, today)
        known = {
            tuple(row)
            for row in session.execute(
                select(
                    ObligationRow.deadline_key,
                    ObligationRow.due_on,
                    ObligationRow.stage,
                    ObligationRow.recipient,
                )
            )
        }
        problems = open_problems(session, runtime.wording)
    owed = [
        item
        for item in plan_obligations(runtime, snapshot, today)
        if (item.deadline_key, item.due_on, item.stage, item.recipient) not in known
    ]
    return CycleReport(
        today=today,
        scan=ScanReport(scanned=len(snapshot.lives), obligations=len(owed)),
        composed=len({item.recipient for item in owed if item.recipient}),
        delivery=DeliveryReport(),
        problems=problems,
        planned=tuple(owed),
    )


def daemon_jobs(runtime: Runtime) -> tuple[Job, ...]:
    """Return the scheduled jobs, for the daemon's ticks.

    Where no mail can be written for want of a sender the report stays owed, as with `run_cycle`.
    """

    def scan(today: date, now: datetime) -> Mapping[str, int]:
        report = run_scan(runtime, today, now)
        publish_calendars(runtime, today, now)
        return report.counts()

    def report(today: date, now: datetime) -> Mapping[str, int]:
        return {"composed": enqueue_report(runtime, today, now)}

    jobs = (Job(rule=runtime.scan_rule, work=scan), Job(rule=runtime.report_rule, work=report))
    return jobs if runtime.settings.office.sender is not None else jobs[:1]


def open_problems(session: Session, words: Wording) -> tuple[OpenProblem, ...]:
    """Return the problems that nobody has mended yet, in the reader's language."""
    rows = session.scalars(
        select(ProblemRow)
        .where(ProblemRow.resolved_at.is_(None))
        .order_by(ProblemRow.code, ProblemRow.subject)
    )
    return tuple(
        OpenProblem(
            code=row.code, subject=row.subject, message=words.pick((row.message_fr, row.message_en))
        )
        for row in rows
    )


def _report_when_owed(runtime: Runtime, today: date, now: datetime) -> int:
    rule = runtime.report_rule
    with reading(runtime.engine) as session:
        owed = due_days(session, rule, now=now)
    if not owed:
        return 0
    try:
        composed = enqueue_report(runtime, today, now)
    except CannotSendError:
        return 0
    with writing(runtime.engine) as session:
        note_run_by_hand(
            session, rule, worker=runtime.identity.worker, now=now, counts={"composed": composed}
        )
    return composed


def _deliver(runtime: Runtime, now: datetime) -> DeliveryReport:
    note_whether_mail_can_leave(runtime, now)
    delivery = runtime.delivery()
    return DeliveryReport() if delivery is None else delivery.deliver(whatever_backoff=True)


def note_whether_mail_can_leave(runtime: Runtime, now: datetime) -> None:
    """Keep the problem « no mail can leave » in step with the settings."""
    with writing(runtime.engine) as session:
        if runtime.delivery() is not None:
            resolve_problem(session, code=_CANNOT_SEND, subject="mail", now=now)
            _forget_other_relays(session, runtime.delivery_policy().relay, now)
            return
        text = (
            (
                "Aucun courriel ne peut partir : renseigner [mail] host ou directory, et [office] "
                "sender."
            ),
            "No mail can leave: set [mail] host or directory, and [office] sender.",
        )
        note_problem(session, code=_CANNOT_SEND, subject="mail", message=text, now=now)


def _forget_other_relays(session: Session, relay: str, now: datetime) -> None:
    """Resolve the trouble of a relay that the settings no longer name: nobody would mend it."""
    for other in open_subjects(session, _RELAY_TROUBLE) - {relay}:
        resolve_problem(session, code=_RELAY_TROUBLE, subject=other, now=now)
