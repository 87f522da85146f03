"""The weekly report to the office: built from the portfolio, it leaves even when it is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from jobs.schedule import following
from notifications.digest import Concern, Done, Report, build_report
from notifications.headers import FrozenMail, Mailbox, freeze
from notifications.outbox import AlreadyComposedError, Told, enqueue, refused_reports
from notifications.rendering import Letter
from notifications.rows import note_problem, resolve_problem
from tracker.domain.consequences import ConventionState, Deadline
from tracker.domain.conventions import Event, EventName
from tracker.domain.council import CouncilCalendar
from tracker.domain.dates import latest_convocation
from tracker.domain.portfolio import Life
from tracker.storage.engine import reading, writing

if TYPE_CHECKING:
    from jobs.runtime import Runtime, Snapshot

REPORT_KIND = "report"
WEEK = timedelta(days=7)
_SESSION_SHOWN = timedelta(days=120)
"""How far ahead the next council session is worth a line."""
_QUIET_FINDINGS = frozenset({"supposed", "partial_date", "unsigned"})
"""Shown with the convention, not every Monday; a missing signature has its own deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReport:
    """The report as values and as a letter."""

    report: Report
    letter: Letter
    deadlines: tuple[Deadline, ...]


@dataclass(slots=True, kw_only=True)
class Gathered:
    """What the report is built from: the portfolio on one day."""

    deadlines: list[Deadline] = field(default_factory=list)
    states: Counter[ConventionState] = field(default_factory=Counter)
    concerns: list[Concern] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def add(self, life: Life, deadlines: Iterable[Deadline], today: date) -> None:
        """Add one convention, with those of its deadlines that may have a place in the report."""
        self.deadlines += deadlines
        self.states[life.state] += 1
        self.concerns += _oddities(life)
        self.done += _met_this_week(life, today)


def write_report(runtime: Runtime, today: date, refused: Sequence[str] = ()) -> WrittenReport:
    """Write the weekly report as of `today`; changes nothing.

    `refused` are those it could not be given to, where it is written to the fallback recipient.
    """
    with reading(runtime.engine) as session:
        snapshot = runtime.snapshot(session, today)
    gathered = Gathered(concerns=unreadable(runtime, snapshot))
    for life in snapshot.lives:
        gathered.add(life, life.deadlines, today)
    council = snapshot.portfolio.around.council
    report = assemble_report(gathered, today, council, next_report=_next_report(runtime, today))
    report = replace(report, refused=tuple(refused))
    shown = deadlines_told(report)
    open_ones = [item for item in shown if item.is_open]
    letter = runtime.writer.write_report(report, attachments=runtime.attachments(open_ones, today))
    return WrittenReport(report=report, letter=letter, deadlines=shown)


def assemble_report(
    gathered: Gathered, today: date, council: CouncilCalendar, *, next_report: date
) -> Report:
    """Sort what was gathered into the report of `today`."""
    session_day = council.next_session(today)
    if session_day is not None and session_day > today + _SESSION_SHOWN:
        session_day = None
    return build_report(
        gathered.deadlines,
        today=today,
        states=gathered.states,
        concerns=gathered.concerns,
        done=gathered.done,
        next_report=next_report,
        next_session=session_day,
        convocation_by=(
            latest_convocation(session_day, council.clear_days) if session_day else None
        ),
    )


def deadlines_told(report: Report) -> tuple[Deadline, ...]:
    """Return the deadlines that a report speaks of, in its order."""
    return tuple(line.deadline for section in report.sections for line in section.lines)


def report_recipients(runtime: Runtime) -> tuple[str, ...]:
    """Return who gets the weekly report: the fallback where the settings name nobody."""
    office = runtime.settings.office
    return office.recipients or ((office.fallback,) if office.fallback else ())


def redirect_reports(runtime: Runtime, now: datetime) -> int:
    """Write to the fallback recipient the reports that were refused for somebody else.

    Once for each report; return how many are new.
    """
    fallback = runtime.settings.office.fallback
    if not fallback:
        return 0
    since = (runtime.local_day(now) - WEEK).isoformat()
    with reading(runtime.engine) as session:
        refused = refused_reports(session, kind=REPORT_KIND, fallback=fallback, since=since)
    return sum(
        _enqueue(runtime, write_report(runtime, date.fromisoformat(period), names), [fallback], now)
        for period, names in refused.items()
    )


def enqueue_report(runtime: Runtime, today: date, now: datetime) -> int:
    """Put the report of `today` in the outbox, once per recipient; return how many are new."""
    recipients = report_recipients(runtime)
    with writing(runtime.engine) as session:
        if not recipients:
            text = (
                "Le rapport hebdomadaire n’a pas de destinataire : renseigner [office] recipients.",
                "The weekly report has no recipient: set [office] recipients.",
            )
            note_problem(session, code="report_to_nobody", subject="report", message=text, now=now)
            return 0
        resolve_problem(session, code="report_to_nobody", subject="report", now=now)
    return _enqueue(runtime, write_report(runtime, today), recipients, now)


def _enqueue(
    runtime: Runtime, written: WrittenReport, recipients: Iterable[str], now: datetime
) -> int:
    told = [
        Told(deadline_key=item.key, due_on=item.due_on) for item in dict.fromkeys(written.deadlines)
    ]
    composed = 0
    for recipient in recipients:
        mail = freeze_letter(runtime, written.letter, recipient, now)
        try:
            with writing(runtime.engine) as session:
                enqueue(
                    session,
                    kind=REPORT_KIND,
                    mail=mail,
                    now=now,
                    speaks_of=told,
                    period=written.report.today.isoformat(),
                )
        except AlreadyComposedError:
            continue
        composed += 1
    return composed


def freeze_letter(runtime: Runtime, letter: Letter, recipient: str, now: datetime) -> FrozenMail:
    """Freeze a letter for one recipient; without attachments where it would be too big."""
    policy = runtime.delivery_policy()
    mail = letter.mail
    for rendered in (mail, mail.without_attachments()):
        frozen = freeze(
            rendered,
            sender=policy.sender,
            recipient=Mailbox(address=recipient),
            date=now.replace(microsecond=0),
            domain=policy.message_id_domain,
        )
        if len(frozen.content) <= policy.max_message_bytes:
            break
    return frozen


def unreadable(runtime: Runtime, snapshot: Snapshot) -> list[Concern]:
    """Return what opens the section « Conventions à vérifier »: what cannot be read or computed."""
    concerns = [
        Concern(convention=problem.reference, message=problem.message(runtime.wording.lang))
        for problem in snapshot.bad_rows
    ]
    concerns += [
        Concern(convention=reference, message=error) for reference, error in snapshot.failures
    ]
    return concerns


def _oddities(life: Life) -> Iterable[Concern]:
    for finding in life.findings:
        if finding.code not in _QUIET_FINDINGS:
            yield Concern(
                convention=life.record.reference, title=life.record.title, finding=finding
            )


_MET: dict[EventName, str] = {
    EventName.EVALUATION: "evaluation",
    EventName.COMMITTEE: "committee",
    EventName.REPORT: "report",
    EventName.FINAL_EVALUATION: "final_evaluation",
    EventName.PAYMENT: "payment",
    EventName.PUBLICATION: "publication",
    EventName.DECLARATION: "declaration",
    EventName.REVIEW: "review",
    EventName.NOTICE: "notice",
    EventName.RENEWAL: "decision",
    EventName.SIGNED: "signature",
    EventName.CONVENTION_TRANSMITTED: "transmission",
}


def _met_this_week(life: Life, today: date) -> Iterable[Done]:
    """Yield the duties met by an event of the last seven days."""
    for event in life.facts.events:
        if today - WEEK <= event.on <= today and (deadline := _met_by(life, event)) is not None:
            yield Done(deadline=deadline, on=event.on)


def _met_by(life: Life, event: Event) -> Deadline | None:
    """Return the deadline that an event met: the one it names, else the nearest that is done."""
    kind = _MET.get(event.event)
    met = [
        item for item in life.deadlines if item.kind.value == kind and item.status.value == "done"
    ]
    if event.occurrence is not None:
        met = [item for item in met if item.ordinal == event.occurrence]
    return min(met, key=lambda item: abs(item.due_on - event.on), default=None)


def _next_report(runtime: Runtime, today: date) -> date:
    schedule = runtime.report_rule.schedule
    now = runtime.clock()
    if runtime.local_day(now) != today:
        return today + WEEK
    return runtime.local_day(following(schedule, after=now))
