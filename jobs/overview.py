"""How the tracker is doing: the queue, the last runs, the next ones, the problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.cycle import OpenProblem, open_problems
from jobs.holds import HoldReason, active_holds, installation_id
from jobs.runtime import REPORT, SCAN, Runtime
from jobs.schedule import following
from notifications.rows import is_postgresql
from tracker.storage.engine import mask_url, reading
from tracker.storage.tables import (
    InstallationRow,
    JobRunRow,
    JobState,
    MachineRow,
    MessageRow,
    MessageState,
)

_WAITING = (
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.UNCERTAIN,
    MessageState.HELD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What `status` shows."""

    database: str
    held: tuple[str, ...]
    queue: tuple[tuple[str, int], ...]
    oldest_queued: datetime | None
    last_run: datetime | None
    last_tick: datetime | None
    """Of a daemon; None where none has ever served this database."""
    last_accepted: datetime | None
    next_scan: datetime
    next_report: datetime
    problems: tuple[OpenProblem, ...]

    @property
    def needs_attention(self) -> bool:
        """Tell whether somebody should look: a hold, a message that will not leave, a problem."""
        stuck = {"uncertain", "dead", "held"} & {state for state, count in self.queue if count}
        return bool(self.held or stuck or self.problems)


def overview(runtime: Runtime) -> Overview:
    """Look at the database and at the clock; change nothing."""
    now = runtime.clock()
    with reading(runtime.engine) as session:
        warnings = tuple(
            OpenProblem(
                code=item.code, subject=str(item.place), message=item.message(runtime.wording.lang)
            )
            for item in runtime.settings.warnings
        )
        # The settings of today tell what the last run noted of those of its day.
        standing = {item.code for item in warnings}
        noted = tuple(
            item for item in open_problems(session, runtime.wording) if item.code not in standing
        )
        return Overview(
            database=mask_url(runtime.engine.url),
            held=hold_reasons(session, runtime),
            queue=_queue(session),
            oldest_queued=session.scalar(
                select(func.min(MessageRow.created_at)).where(MessageRow.state.in_(_WAITING))
            ),
            last_run=session.scalar(
                select(func.max(JobRunRow.finished_at)).where(
                    JobRunRow.state == JobState.DONE, JobRunRow.rule.in_([SCAN, REPORT])
                )
            ),
            last_tick=session.scalar(select(InstallationRow.last_tick_at)),
            last_accepted=session.scalar(select(func.max(MessageRow.accepted_at))),
            next_scan=following(runtime.scan_rule.schedule, after=now),
            next_report=following(runtime.report_rule.schedule, after=now),
            problems=(*noted, *warnings),
        )


def hold_reasons(session: Session, runtime: Runtime) -> tuple[str, ...]:
    """Return why nothing leaves from here: what holds everybody, and what holds this machine.

    On a shared server a machine that does not belong there is held alone; it is no row of `hold`.
    """
    reasons = [hold.reason for hold in active_holds(session)]
    if is_postgresql(session) and installation_id(session):
        machine = runtime.identity.machine
        if session.get(MachineRow, machine) is None:
            reasons.append(HoldReason.NOT_JOINED)
        if runtime.journal.owner not in {None, machine}:
            reasons.append(HoldReason.COPIED)
    return tuple(dict.fromkeys(reasons))


def _queue(session: Session) -> tuple[tuple[str, int], ...]:
    rows = session.execute(
        select(MessageRow.state, func.count()).group_by(MessageRow.state).order_by(MessageRow.state)
    )
    return tuple((str(state), count) for state, count in rows)
