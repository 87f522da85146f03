"""The outbox as an operator sees it: each message, what it tells, how each try went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from tracker.storage.tables import AttemptRow, MessageDeadlineRow, MessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A deadline that a message speaks of."""

    key: str
    due_on: date
    stage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message of the outbox, without its bytes."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: str
    hold_reason: str | None
    attempts: int
    """Tries made, whatever their end."""
    uncertain_count: int
    message_id: str
    created_at: datetime
    accepted_at: datetime | None
    next_attempt_at: datetime
    last_error: str | None
    replaces: int | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at delivering."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    phase: str | None
    outcome: str | None
    reply_code: int | None
    reply_text: str | None


def posted_messages(
    session: Session, *, states: Collection[str] = (), ids: Collection[int] | None = None
) -> tuple[Posted, ...]:
    """Return the messages of the outbox in the order in which they were composed."""
    wanted = select(MessageRow).options(load_only(*_WITHOUT_BYTES)).order_by(MessageRow.id)
    lines = select(MessageDeadlineRow).order_by(
        MessageDeadlineRow.message_id, MessageDeadlineRow.position
    )
    if states:
        wanted = wanted.where(MessageRow.state.in_(states))
    if ids is not None:
        wanted = wanted.where(MessageRow.id.in_(ids))
        lines = lines.where(MessageDeadlineRow.message_id.in_(ids))
    tries = select(AttemptRow.message_id, func.count()).group_by(AttemptRow.message_id)
    made = {row[0]: row[1] for row in session.execute(tries)}
    told: dict[int, list[Told]] = defaultdict(list)
    for line in session.scalars(lines):
        told[line.message_id].append(
            Told(key=line.deadline_key, due_on=line.due_on, stage=line.stage)
        )
    return tuple(
        _posted(row, tuple(told[row.id]), made.get(row.id, 0)) for row in session.scalars(wanted)
    )


def attempts_at(session: Session, message_id: int) -> tuple[Attempt, ...]:
    """Return every try at a message, oldest first."""
    rows = session.scalars(
        select(AttemptRow).where(AttemptRow.message_id == message_id).order_by(AttemptRow.number)
    )
    return tuple(
        Attempt(
            number=row.number,
            started_at=row.started_at,
            finished_at=row.finished_at,
            phase=row.phase,
            outcome=row.outcome,
            reply_code=row.reply_code,
            reply_text=row.reply_text,
        )
        for row in rows
    )


def bytes_of(session: Session, message_id: int) -> bytes:
    """Return the frozen bytes of a message, empty where only a journal knows it."""
    return session.scalar(select(MessageRow.body).where(MessageRow.id == message_id)) or b""


_WITHOUT_BYTES = (
    MessageRow.id,
    MessageRow.kind,
    MessageRow.recipient,
    MessageRow.subject,
    MessageRow.state,
    MessageRow.hold_reason,
    MessageRow.uncertain_count,
    MessageRow.message_id_header,
    MessageRow.created_at,
    MessageRow.accepted_at,
    MessageRow.next_attempt_at,
    MessageRow.last_error,
    MessageRow.replaces_id,
)


def _posted(row: MessageRow, told: tuple[Told, ...], attempts: int) -> Posted:
    return Posted(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        subject=row.subject,
        state=row.state,
        hold_reason=row.hold_reason,
        attempts=attempts,
        uncertain_count=row.uncertain_count,
        message_id=row.message_id_header,
        created_at=row.created_at,
        accepted_at=row.accepted_at,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
        replaces=row.replaces_id,
        told=told,
    )
