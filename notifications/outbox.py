"""The outbox: messages with frozen bytes and a fixed Message-ID, and what tells them.

This module puts messages in, teaches the database what a journal knows, and obeys the operator.
`notifications.obligations` says what is owed, `notifications.claims` tries messages. Nothing
commits: the job owns the transaction. Instants are arguments.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from notifications.claims import accept
from notifications.headers import FrozenMail
from notifications.journal import Accepted, ObligationKey
from notifications.obligations import OpenObligation, withdraw_from
from notifications.rows import count, or_nothing, resolve_problem, set_obligations
from tracker.storage.tables import (
    HistoryRow,
    MessageDeadlineRow,
    MessageRow,
    MessageState,
    ObligationRow,
    ObligationState,
)


class AlreadyComposedError(Exception):
    """Another process composed these obligations, or they changed: roll back and look again."""


class RefusedError(Exception):
    """An operator asked for something that would repeat or lose a mail; `code` says what."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A deadline that a message speaks of, in the order of the letter."""

    deadline_key: str
    due_on: date
    stage: str | None = None


def enqueue(
    session: Session,
    *,
    kind: str,
    mail: FrozenMail,
    now: datetime,
    told: Sequence[OpenObligation] = (),
    closed: Sequence[OpenObligation] = (),
    speaks_of: Sequence[Told] | None = None,
    period: str | None = None,
    priority: int = 0,
    replaces: int | None = None,
) -> int:
    """Put a frozen mail in the outbox with the obligations it tells; return its number.

    AlreadyComposedError when somebody else told one of them, or sent this report: the caller rolls
    back. A report (`period`) takes the place of an older one of its kind that has not left.
    """
    number: int | None = session.scalar(
        or_nothing(session, MessageRow)
        .values(
            kind=kind,
            recipient=mail.recipient,
            subject=mail.subject,
            message_id_header=mail.message_id,
            body=mail.content,
            sha256=mail.sha256,
            period=period,
            state=MessageState.QUEUED,
            next_attempt_at=now,
            priority=priority,
            created_at=now,
            replaces_id=replaces,
        )
        .returning(MessageRow.id)
    )
    if number is None:
        raise AlreadyComposedError(mail.message_id)
    _move(session, told, ObligationState.COMPOSED, now, message_id=number)
    _move(session, closed, ObligationState.CLOSED, now)
    lines = speaks_of
    if lines is None:
        lines = [
            Told(
                deadline_key=item.obligation.deadline_key,
                due_on=item.obligation.due_on,
                stage=item.obligation.stage,
            )
            for item in told
        ]
    _write_deadlines(session, number, lines)
    if period is not None:
        _replace_older_reports(session, number, kind, mail.recipient, now)
    return number


def refused_reports(
    session: Session, *, kind: str, fallback: str, since: str
) -> dict[str, list[str]]:
    """Return whom each report of a period from `since` on was refused for, by period.

    Those that the fallback recipient was written already, or refused too, are left out.
    """
    known = select(MessageRow.period).where(
        MessageRow.kind == kind, MessageRow.recipient == fallback, MessageRow.period.is_not(None)
    )
    rows = session.execute(
        select(MessageRow.period, MessageRow.recipient)
        .where(
            MessageRow.kind == kind,
            MessageRow.state == MessageState.DEAD,
            MessageRow.period >= since,
            MessageRow.period.not_in(known),
        )
        .order_by(MessageRow.period, MessageRow.recipient)
    )
    refused: dict[str, list[str]] = defaultdict(list)
    for period, recipient in rows:
        if period is not None:
            refused[period].append(recipient)
    return dict(refused)


def superseded_to(session: Session, recipient: str) -> int:
    """Return how many messages to a recipient were superseded.

    A letter composed again within the same second would have the Message-ID of the one it
    replaces; this number tells them apart, and is the same for two processes composing at once.
    """
    return (
        session.scalar(
            select(func.count()).where(
                MessageRow.recipient == recipient, MessageRow.state == MessageState.SUPERSEDED
            )
        )
        or 0
    )


def _move(
    session: Session,
    items: Sequence[OpenObligation],
    state: ObligationState,
    now: datetime,
    **values: object,
) -> None:
    ids = [item.id for item in items]
    moved = set_obligations(
        session, ObligationRow.id.in_(ids), ObligationState.OPEN, state, now, **values
    )
    if moved != len(ids):
        raise AlreadyComposedError(f"{len(ids) - moved} obligations changed meanwhile")


def _write_deadlines(session: Session, number: int, lines: Sequence[Told]) -> None:
    if lines:
        session.execute(
            insert(MessageDeadlineRow),
            [
                {
                    "message_id": number,
                    "position": position,
                    "deadline_key": line.deadline_key,
                    "due_on": line.due_on,
                    "stage": line.stage,
                }
                for position, line in enumerate(lines)
            ],
        )


def _replace_older_reports(
    session: Session, number: int, kind: str, recipient: str, now: datetime
) -> None:
    count(
        session,
        update(MessageRow)
        .where(
            MessageRow.kind == kind,
            MessageRow.recipient == recipient,
            MessageRow.id < number,
            MessageRow.period.is_not(None),
            MessageRow.state.in_([MessageState.QUEUED, MessageState.HELD]),
        )
        .values(state=MessageState.SUPERSEDED, next_attempt_at=now),
    )


# --- what the journal knows ----------------------------------------------------------------------


def replay(session: Session, entries: Iterable[Accepted], *, now: datetime) -> int:
    """Teach the database what a journal knows; return how many acceptances were news to it.

    A message the database has forgotten comes back without its bytes. What it told counts as told,
    and a waiting message that would tell it again is superseded; the rest of it is owed anew.
    """
    news = 0
    for entry in entries:
        news += _replay_one(session, entry, now)
    return news


def _replay_one(session: Session, entry: Accepted, now: datetime) -> bool:
    row = session.execute(
        select(MessageRow.id, MessageRow.state).where(
            MessageRow.message_id_header == entry.message_id
        )
    ).first()
    if row is None:
        number = _remembered_message(session, entry)
        news = True
    else:
        number = row.id
        news = accept(session, number, now=entry.at)
    for key in entry.obligations:
        _remember_told(session, key, number, now)
    return news


def _remembered_message(session: Session, entry: Accepted) -> int:
    if entry.period is not None:
        # A report of the same week, composed again after the restoring, must not leave.
        count(
            session,
            update(MessageRow)
            .where(
                MessageRow.kind == entry.kind,
                MessageRow.recipient == entry.recipient,
                MessageRow.period == entry.period,
                MessageRow.state.not_in([MessageState.ACCEPTED, MessageState.CANCELLED]),
            )
            .values(state=MessageState.SUPERSEDED),
        )
    number: int | None = session.scalar(
        insert(MessageRow)
        .values(
            kind=entry.kind,
            recipient=entry.recipient,
            subject=entry.subject,
            message_id_header=entry.message_id,
            body=b"",
            sha256=hashlib.sha256(b"").hexdigest(),
            period=entry.period,
            state=MessageState.ACCEPTED,
            next_attempt_at=entry.at,
            created_at=entry.at,
            accepted_at=entry.at,
            last_error=None,
        )
        .returning(MessageRow.id)
    )
    if number is None:
        raise AlreadyComposedError(entry.message_id)
    lines = [
        Told(deadline_key=key.deadline_key, due_on=key.due_on, stage=key.stage)
        for key in entry.obligations
    ]
    _write_deadlines(session, number, lines)
    return number


def _remember_told(session: Session, key: ObligationKey, number: int, now: datetime) -> None:
    row = session.scalars(
        select(ObligationRow).where(
            ObligationRow.deadline_key == key.deadline_key,
            ObligationRow.due_on == key.due_on,
            ObligationRow.stage == key.stage,
            ObligationRow.recipient == key.recipient,
        )
    ).first()
    if row is None:
        reference = key.deadline_key.partition("/")[0]
        session.execute(
            insert(ObligationRow).values(
                deadline_key=key.deadline_key,
                due_on=key.due_on,
                stage=key.stage,
                recipient=key.recipient,
                convention=reference,
                opens_on=now.date(),
                state=ObligationState.ACCEPTED,
                reason="journal",
                message_id=number,
                created_at=now,
                updated_at=now,
            )
        )
        return
    if row.state == ObligationState.ACCEPTED:
        return
    if (
        row.state == ObligationState.COMPOSED
        and row.message_id is not None
        and row.message_id != number
    ):
        withdraw_from(session, row.message_id, {row.id}, now)
    count(
        session,
        update(ObligationRow)
        .where(ObligationRow.id == row.id)
        .values(
            state=ObligationState.ACCEPTED, message_id=number, reason="journal", updated_at=now
        ),
    )


# --- the operator -------------------------------------------------------------------------------


def retry(
    session: Session, message_id: int, *, now: datetime, who: str, again: str | None = None
) -> int:
    """Let a message leave again at the next run; return its number.

    One already accepted needs `again`, a reason: the repeat is a message of its own, with another
    Message-ID, and the history tells who asked. One whose bytes were altered is recomposed.
    """
    row = _get(session, message_id)
    if row.state == MessageState.ACCEPTED:
        if not again:
            raise RefusedError("already_accepted", f"message {message_id} was accepted")
        return _repeat(session, row, now=now, who=who, reason=again)
    if row.state == MessageState.SENDING:
        raise RefusedError("in_flight", f"message {message_id} is being sent")
    if row.state in {MessageState.SUPERSEDED, MessageState.CANCELLED}:
        raise RefusedError("closed", f"message {message_id} is {row.state}")
    if row.state == MessageState.HELD and row.hold_reason == "altered":
        count(
            session,
            update(MessageRow)
            .where(MessageRow.id == message_id)
            .values(state=MessageState.SUPERSEDED),
        )
        set_obligations(
            session,
            ObligationRow.message_id == message_id,
            ObligationState.COMPOSED,
            ObligationState.OPEN,
            now,
            message_id=None,
        )
        resolve_problem(session, code="message_altered", subject=f"message {message_id}", now=now)
        return message_id
    count(
        session,
        update(MessageRow)
        .where(MessageRow.id == message_id, MessageRow.state == row.state)
        .values(
            state=MessageState.QUEUED,
            next_attempt_at=now,
            attempts=0,
            uncertain_count=0,
            held_from=None,
            hold_reason=None,
        ),
    )
    set_obligations(
        session,
        ObligationRow.message_id == message_id,
        ObligationState.DEAD,
        ObligationState.COMPOSED,
        now,
    )
    for code, subject in (
        ("uncertain_twice", f"message {message_id}"),
        ("recipient_refused", row.recipient),
    ):
        resolve_problem(session, code=code, subject=subject, now=now)
    _audit(session, row, "outbox_retry", who, now, {"from": row.state})
    return message_id


def _repeat(session: Session, row: MessageRow, *, now: datetime, who: str, reason: str) -> int:
    if not row.body:
        raise RefusedError("no_bytes", f"message {row.id} is only known from the journal")
    seed = hashlib.sha256(f"{row.message_id_header}{now.isoformat()}".encode()).hexdigest()[:40]
    fresh = re.sub(r"^<[^@]+@", f"<{seed}@", row.message_id_header)
    head, separator, rest = row.body.partition(b"\r\n\r\n")
    body = head.replace(row.message_id_header.encode(), fresh.encode(), 1) + separator + rest
    number: int | None = session.scalar(
        insert(MessageRow)
        .values(
            kind=row.kind,
            recipient=row.recipient,
            subject=row.subject,
            message_id_header=fresh,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            state=MessageState.QUEUED,
            next_attempt_at=now,
            created_at=now,
            replaces_id=row.id,
        )
        .returning(MessageRow.id)
    )
    if number is None:
        raise AlreadyComposedError(fresh)
    _audit(session, row, "outbox_repeat", who, now, {"reason": reason, "message": number})
    return number


def cancel(session: Session, message_id: int, *, now: datetime, who: str, reason: str = "") -> None:
    """Give up a message that has not been accepted, and what it told."""
    row = _get(session, message_id)
    if row.state in {MessageState.ACCEPTED, MessageState.SENDING}:
        code = "already_accepted" if row.state == MessageState.ACCEPTED else "in_flight"
        raise RefusedError(code, f"message {message_id} is {row.state}")
    count(
        session,
        update(MessageRow)
        .where(MessageRow.id == message_id, MessageRow.state == row.state)
        .values(state=MessageState.CANCELLED, held_from=None, hold_reason=None),
    )
    count(
        session,
        update(ObligationRow)
        .where(
            ObligationRow.message_id == message_id,
            ObligationRow.state.in_([ObligationState.COMPOSED, ObligationState.DEAD]),
        )
        .values(state=ObligationState.CANCELLED, reason=reason or None, updated_at=now),
    )
    resolve_problem(session, code="uncertain_twice", subject=f"message {message_id}", now=now)
    _audit(session, row, "outbox_cancel", who, now, {"from": row.state, "reason": reason})


def _get(session: Session, message_id: int) -> MessageRow:
    row = session.get(MessageRow, message_id, populate_existing=True)
    if row is None:
        raise RefusedError("unknown", f"there is no message {message_id}")
    return row


def _audit(
    session: Session,
    row: MessageRow,
    action: str,
    who: str,
    now: datetime,
    after: Mapping[str, object],
) -> None:
    convention = session.scalar(
        select(ObligationRow.convention).where(ObligationRow.message_id == row.id).limit(1)
    )
    session.execute(
        insert(HistoryRow).values(
            convention=convention or "",
            revision=0,
            action=action,
            who=who,
            at=now,
            before=json.dumps({"message": row.id, "state": row.state}),
            after=json.dumps(dict(after), ensure_ascii=False),
        )
    )
