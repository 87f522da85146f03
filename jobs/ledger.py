"""The ledger of scheduled jobs: one row per rule and civil day, so that each happens once.

The row's unique key decides between two daemons; a guarded update takes over from one that died.
What was missed is collapsed: the last occurrence runs, the earlier ones are noted as skipped,
because a run looks at today and not at the day it was meant for. Nothing here commits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from jobs.schedule import CivilSchedule, latest, occurrences
from notifications.rows import count, or_nothing
from tracker.storage.tables import InstallationRow, JobRunRow, JobState

ABANDONED_AFTER: Final = timedelta(minutes=30)
"""A run that has not ended by then is somebody else's to take, wherever its worker is."""
RETRY_AFTER: Final = timedelta(minutes=5)
CLOCK_TOLERANCE: Final = timedelta(days=1)
"""A row from further ahead is the work of a wrong clock; from less, of one set right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A scheduled job. `owes_past`: a new installation runs the occurrence already past."""

    name: str
    schedule: CivilSchedule
    owes_past: bool = True


def due_days(session: Session, rule: Rule, *, now: datetime) -> list[date]:
    """Return the civil days of the occurrences that are owed, oldest first.

    A row written in what is still the future was written while the clock was ahead: it counts for
    nothing, or the job would sleep until then.
    """
    last_possible = latest(rule.schedule, until=now)
    done = session.scalar(
        select(func.max(JobRunRow.local_date)).where(
            JobRunRow.rule == rule.name,
            JobRunRow.local_date <= last_possible,
            JobRunRow.started_at <= now + CLOCK_TOLERANCE,
            JobRunRow.state.in_([JobState.DONE, JobState.SKIPPED]),
        )
    )
    if done is not None:
        after = rule.schedule.instant(done)
    elif rule.owes_past:
        return [last_possible]
    else:
        after = session.scalar(select(InstallationRow.created_at)) or now
    return list(occurrences(rule.schedule, after=after, until=now))


def begin_run(
    session: Session,
    rule: str,
    day: date,
    *,
    worker: str,
    now: datetime,
    is_dead: Callable[[str], bool],
) -> bool:
    """Take one occurrence; False when it is done, or another worker's."""
    inserted = session.scalar(
        or_nothing(session, JobRunRow)
        .values(rule=rule, local_date=day, state=JobState.RUNNING, worker=worker, started_at=now)
        .returning(JobRunRow.id)
    )
    if inserted is not None:
        return True
    row = session.execute(
        select(JobRunRow.worker, JobRunRow.state).where(
            JobRunRow.rule == rule, JobRunRow.local_date == day
        )
    ).one()
    abandoned = row.state == JobState.RUNNING and is_dead(row.worker or "")
    takeable = or_(
        JobRunRow.started_at > now + CLOCK_TOLERANCE,
        and_(
            JobRunRow.state == JobState.RUNNING,
            or_(
                JobRunRow.started_at <= now - ABANDONED_AFTER,
                JobRunRow.worker == row.worker if abandoned else JobRunRow.worker.is_(None),
            ),
        ),
        and_(
            JobRunRow.state == JobState.FAILED,
            or_(
                JobRunRow.finished_at <= now - RETRY_AFTER,
                JobRunRow.finished_at > now,
            ),
        ),
    )
    taken = count(
        session,
        update(JobRunRow)
        .where(JobRunRow.rule == rule, JobRunRow.local_date == day, takeable)
        .values(
            state=JobState.RUNNING, worker=worker, started_at=now, finished_at=None, error=None
        ),
    )
    return taken == 1


def finish_run(
    session: Session,
    rule: str,
    day: date,
    *,
    worker: str,
    now: datetime,
    counts: Mapping[str, int] | None = None,
    error: str | None = None,
) -> bool:
    """Write down how an occurrence ended, if it is still this worker's."""
    ended = count(
        session,
        update(JobRunRow)
        .where(
            JobRunRow.rule == rule,
            JobRunRow.local_date == day,
            JobRunRow.worker == worker,
            JobRunRow.state == JobState.RUNNING,
        )
        .values(
            state=JobState.FAILED if error else JobState.DONE,
            finished_at=now,
            counts=json.dumps(dict(counts or {})),
            error=error,
        ),
    )
    return ended == 1


def skip_runs(session: Session, rule: str, days: list[date], *, now: datetime) -> None:
    """Note occurrences that a later one stands for; one that had failed or hung is over too."""
    for day in days:
        session.execute(
            or_nothing(session, JobRunRow).values(
                rule=rule,
                local_date=day,
                state=JobState.SKIPPED,
                started_at=now,
                finished_at=now,
            )
        )
        count(
            session,
            update(JobRunRow)
            .where(
                JobRunRow.rule == rule,
                JobRunRow.local_date == day,
                JobRunRow.state == JobState.FAILED,
            )
            .values(state=JobState.SKIPPED),
        )


def note_run_by_hand(
    session: Session,
    rule: Rule,
    *,
    worker: str,
    now: datetime,
    counts: Mapping[str, int] | None = None,
) -> None:
    """Note that `conventions run` did a job: the occurrence owed until now is done."""
    day = latest(rule.schedule, until=now)
    session.execute(
        or_nothing(session, JobRunRow).values(
            rule=rule.name,
            local_date=day,
            state=JobState.DONE,
            worker=worker,
            started_at=now,
            finished_at=now,
            counts=json.dumps(dict(counts or {})),
        )
    )
