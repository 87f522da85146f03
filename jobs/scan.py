"""The scan: from the facts to what is owed. Hops 1 to 4 and 6 of docs/architecture.md.

Everything is derived outside of any transaction; what is owed is then written in batches. A run
can be repeated, late or skipped: each obligation is recorded once, for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.runtime import Runtime, Snapshot
from notifications.obligations import Obligation, record_obligations, supersede
from notifications.rows import note_problem, resolve_problem
from tracker.domain.consequences import Reminder
from tracker.domain.portfolio import Life
from tracker.domain.reminders import plan_reminders, stages_of
from tracker.queries import recently_missed
from tracker.sentences import Both
from tracker.storage.engine import reading, writing
from tracker.storage.tables import ObligationRow, ObligationState, ProblemRow

BATCH = 200
"""Conventions written in one transaction."""
_OF_THE_SCAN = ("bad_row", "derivation_failed", "no_recipient", "no_fallback", "address_refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """What a scan saw and recorded."""

    scanned: int = 0
    obligations: int = 0
    """New ones."""
    superseded: int = 0
    problems: tuple[tuple[str, str, Both], ...] = ()
    """(code, subject, message)."""

    def counts(self) -> Mapping[str, int]:
        """Return the figures that the ledger keeps."""
        return {
            "scanned": self.scanned,
            "obligations": self.obligations,
            "superseded": self.superseded,
        }


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What is owed for some conventions, and what stands in the way."""

    conventions: set[str] = field(default_factory=set)
    current: set[tuple[str, date]] = field(default_factory=set)
    obligations: list[Obligation] = field(default_factory=list)
    problems: dict[tuple[str, str], Both] = field(default_factory=dict)


def run_scan(runtime: Runtime, today: date, now: datetime) -> ScanReport:
    """Record every stage reached on or before `today`, and withdraw what no longer holds."""
    with reading(runtime.engine) as session:
        snapshot = runtime.snapshot(session, today)
        forgotten = _owed_for_others(session, snapshot)
    problems = _problems_of(snapshot)
    new = superseded = 0
    for plan in _plans(runtime, snapshot, forgotten, today):
        with writing(runtime.engine) as session:
            superseded += supersede(
                session, conventions=plan.conventions, current=plan.current, now=now
            )
            new += len(
                record_obligations(
                    session, plan.obligations, now=now, fallback=runtime.settings.office.fallback
                )
            )
        problems |= plan.problems
    with writing(runtime.engine) as session:
        _note(session, problems, now)
    return ScanReport(
        scanned=len(snapshot.lives) + len(snapshot.bad_rows) + len(snapshot.failures),
        obligations=new,
        superseded=superseded,
        problems=tuple((code, subject, text) for (code, subject), text in sorted(problems.items())),
    )


def plan_obligations(runtime: Runtime, snapshot: Snapshot, today: date) -> list[Obligation]:
    """Return what a scan on `today` would owe; changes nothing."""
    return [
        obligation
        for batch in _batches(snapshot.lives)
        for obligation in _plan(runtime, batch, today).obligations
    ]


def _plans(
    runtime: Runtime, snapshot: Snapshot, forgotten: set[str], today: date
) -> Iterator[_Plan]:
    """Yield what to write, transaction by transaction: held at once it would weigh too much."""
    for batch in _batches(snapshot.lives):
        yield _plan(runtime, batch, today)
    yield _Plan(conventions=forgotten)


def _plan(runtime: Runtime, lives: Iterable[Life], today: date) -> _Plan:
    plan = _Plan()
    for life in lives:
        plan.conventions.add(life.record.reference)
        plan.current |= {
            (item.key, item.due_on)
            for item in life.deadlines
            if item.is_open or recently_missed(item, today)
        }
        for reminder in plan_reminders(life.deadlines, runtime.policy, today):
            addressed = runtime.addressed(reminder)
            for recipient in addressed.recipients:
                plan.obligations += _owed(runtime, reminder, recipient.address)
            if not addressed.recipients:
                plan.obligations += _owed(runtime, reminder, "")
            for problem in addressed.problems:
                plan.problems[problem.code, problem.subject] = problem.both
    return plan


def _owed(runtime: Runtime, reminder: Reminder, recipient: str) -> list[Obligation]:
    """Return one obligation a stage reached: composing tells the last and closes the others."""
    deadline = reminder.deadline
    opens = dict(stages_of(deadline, runtime.policy))
    return [
        Obligation(
            deadline_key=deadline.key,
            due_on=deadline.due_on,
            stage=stage,
            recipient=recipient,
            convention=deadline.convention,
            opens_on=opens[stage],
        )
        for stage in reminder.reached
    ]


def _owed_for_others(session: Session, snapshot: Snapshot) -> set[str]:
    """Return the conventions that something is owed for and that are no longer there."""
    owed = set(
        session.scalars(
            select(ObligationRow.convention)
            .where(ObligationRow.state.in_([ObligationState.OPEN, ObligationState.COMPOSED]))
            .distinct()
        )
    )
    known = set(snapshot.portfolio.references)
    known |= {problem.reference for problem in snapshot.bad_rows}
    return owed - known


def _problems_of(snapshot: Snapshot) -> dict[tuple[str, str], Both]:
    problems = {
        ("bad_row", problem.reference): (problem.message("fr"), problem.message("en"))
        for problem in snapshot.bad_rows
    }
    for reference, error in snapshot.failures:
        problems["derivation_failed", reference] = (
            f"Les échéances de {reference} ne peuvent pas être calculées ({error}).",
            f"The deadlines of {reference} cannot be computed ({error}).",
        )
    return problems


def _note(session: Session, problems: Mapping[tuple[str, str], Both], now: datetime) -> None:
    """Make today's problems visible, and resolve those of earlier scans that are gone."""
    standing = session.execute(
        select(ProblemRow.code, ProblemRow.subject).where(
            ProblemRow.resolved_at.is_(None), ProblemRow.code.in_(_OF_THE_SCAN)
        )
    ).all()
    for code, subject in standing:
        if (code, subject) not in problems:
            resolve_problem(session, code=code, subject=subject, now=now)
    for (code, subject), message in problems.items():
        note_problem(session, code=code, subject=subject, message=message, now=now)


def _batches(lives: tuple[Life, ...]) -> Iterable[tuple[Life, ...]]:
    for start in range(0, len(lives), BATCH):
        yield lives[start : start + BATCH]
