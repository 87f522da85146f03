"""Trying a message: claim, mark before the dot, write down how it ended, recover what was left.

The protocol (docs/delivery.md): a claim is a lease (T3); the mark before the final dot is an update
that only the holder of a living lease can make (T4); after the relay's reply the end is written
(T5). Every change is guarded by the state it comes from. Nothing here commits: each step is one
transaction of the caller's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from notifications.headers import FrozenMail, headers_of
from notifications.journal import ObligationKey
from notifications.mailer import Outcome, Phase, Verdict
from notifications.obligations import (
    OpenObligation,
    for_fallback,
    insert_obligations,
    obligation_of,
    told_by,
)
from notifications.replies import explain
from notifications.rows import (
    count,
    is_postgresql,
    note_problem,
    resolve_problem,
    set_obligations,
)
from tracker.storage.tables import (
    AttemptRow,
    HoldRow,
    InstallationRow,
    MessagePhase,
    MessageRow,
    MessageState,
    ObligationRow,
    ObligationState,
)

MOST_UNCERTAIN: Final = 2
"""After so many lost replies the operator decides."""
PATIENCE: Final = 6
"""A message put off so many times no longer makes its recipient's later messages wait."""

WAITING: Final = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNCERTAIN)
"""States in which a message is still on its way."""


class LeaseLostError(Exception):
    """Another worker may have this message now: the final dot must not leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to try one message until `lease_until`, and the bytes to send."""

    id: int
    number: int
    """Of the attempt, from 1."""
    owner: str
    kind: str
    period: str | None
    mail: FrozenMail
    obligations: tuple[ObligationKey, ...]
    uncertain_count: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long things wait, from the settings' `[delivery]`."""

    lease: timedelta
    dot_lease: timedelta
    """From the mark on: longer than the relay may take to answer the dot."""
    uncertain: timedelta
    retry: tuple[timedelta, ...]
    never_repeat_uncertain: bool = False

    @property
    def longest_lease(self) -> timedelta:
        """No honest lease ends later than this from now."""
        return max(self.lease, self.dot_lease) + timedelta(minutes=1)

    @property
    def longest_wait(self) -> timedelta:
        """No honest message waits longer than this from now."""
        return max(self.uncertain, *self.retry) + timedelta(minutes=1)

    @property
    def uncertain_limit(self) -> int:
        """How many lost replies leave a message to the operator."""
        return 1 if self.never_repeat_uncertain else MOST_UNCERTAIN

    def retry_after(self, attempts: int) -> timedelta:
        """Return the wait after the given number of attempts."""
        return self.retry[min(max(attempts, 1), len(self.retry)) - 1]


def claim_next(
    session: Session,
    *,
    worker: str,
    now: datetime,
    waits: Waits,
    tried: Collection[int] = (),
    whatever_backoff: bool = False,
) -> Claim | None:
    """Claim the next message to try (T3), None when there is nothing to do now.

    `tried` are not claimed again in this run. `whatever_backoff` takes messages that were put off
    before their time, not uncertain ones: their wait protects the recipient, not the relay.
    Bytes that no longer match their fingerprint are held and reported, and the next one is taken.
    """
    while True:
        row = session.scalars(
            _candidates(session, now, waits, tried, whatever_backoff=whatever_backoff).limit(1)
        ).first()
        if row is None:
            return None
        if hashlib.sha256(row.body).hexdigest() == row.sha256:
            return _claim(session, row, worker, now, waits)
        _hold_altered(session, row, now)


def _candidates(
    session: Session,
    now: datetime,
    waits: Waits,
    tried: Collection[int],
    *,
    whatever_backoff: bool,
) -> Select[MessageRow]:
    earlier = aliased(MessageRow)
    in_the_way = [
        earlier.recipient == MessageRow.recipient,
        earlier.id < MessageRow.id,
        earlier.state.in_(WAITING),
        earlier.attempts < PATIENCE,
        or_(
            earlier.state != MessageState.UNCERTAIN,
            earlier.uncertain_count < waits.uncertain_limit,
        ),
    ]
    if whatever_backoff and tried:
        in_the_way.append(earlier.id.not_in(list(tried)))
    due = or_(
        MessageRow.next_attempt_at <= now,
        # Written while the clock was ahead: nobody waits until 2099.
        MessageRow.next_attempt_at > now + waits.longest_wait,
    )
    queued = MessageRow.state == MessageState.QUEUED
    uncertain = and_(
        MessageRow.state == MessageState.UNCERTAIN,
        MessageRow.uncertain_count < waits.uncertain_limit,
        due,
    )
    query = (
        select(MessageRow)
        .where(
            or_(queued if whatever_backoff else and_(queued, due), uncertain),
            ~exists().where(*in_the_way),
            ~exists().where(HoldRow.released_at.is_(None)),
        )
        # What was put off lets others go first; the order within a recipient is kept above.
        .order_by(MessageRow.priority, MessageRow.next_attempt_at, MessageRow.id)
    )
    if tried:
        query = query.where(MessageRow.id.not_in(list(tried)))
    if is_postgresql(session):
        # Two workers take two messages instead of waiting for each other.
        query = query.with_for_update(skip_locked=True, of=MessageRow)
    return query.execution_options(populate_existing=True)


def _claim(
    session: Session, row: MessageRow, worker: str, now: datetime, waits: Waits
) -> Claim | None:
    number = 1 + (
        session.scalar(select(func.max(AttemptRow.number)).where(AttemptRow.message_id == row.id))
        or 0
    )
    owner = f"{worker}#{number}"
    ours = count(
        session,
        update(MessageRow)
        .where(MessageRow.id == row.id, MessageRow.state == row.state)
        .values(
            state=MessageState.SENDING,
            phase=MessagePhase.CLAIMED,
            lease_owner=owner,
            lease_until=now + waits.lease,
        ),
    )
    if not ours:
        return None
    session.execute(
        insert(AttemptRow).values(
            message_id=row.id,
            number=number,
            worker=owner,
            started_at=now,
            phase=MessagePhase.CLAIMED,
        )
    )
    return Claim(
        id=row.id,
        number=number,
        owner=owner,
        kind=row.kind,
        period=row.period,
        mail=_frozen(row),
        obligations=_told_keys(session, row.id),
        uncertain_count=row.uncertain_count,
        attempts=row.attempts,
    )


def _told_keys(session: Session, message_id: int) -> tuple[ObligationKey, ...]:
    rows = session.scalars(
        select(ObligationRow)
        .where(
            ObligationRow.message_id == message_id,
            ObligationRow.state.in_([ObligationState.COMPOSED, ObligationState.ACCEPTED]),
        )
        .order_by(ObligationRow.id)
    )
    return tuple(obligation_of(row).key for row in rows)


def _hold_altered(session: Session, row: MessageRow, now: datetime) -> None:
    count(
        session,
        update(MessageRow)
        .where(MessageRow.id == row.id, MessageRow.state == row.state)
        .values(state=MessageState.HELD, held_from=row.state, hold_reason="altered"),
    )
    note_problem(
        session,
        code="message_altered",
        subject=f"message {row.id}",
        message=(
            (
                "Le message gardé a été modifié dans la base : il ne partira pas tel quel. "
                f"« conventions outbox retry {row.id} » le recompose."
            ),
            (
                "The message kept was altered in the database: it will not leave as it is. "
                f"“conventions outbox retry {row.id}” composes it again."
            ),
        ),
        now=now,
    )


def mark_dot(session: Session, claim: Claim, *, now: datetime, waits: Waits) -> None:
    """Note that the final dot may leave (T4); LeaseLostError when it must not."""
    ours = count(
        session,
        update(MessageRow)
        .where(
            MessageRow.id == claim.id,
            MessageRow.state == MessageState.SENDING,
            MessageRow.lease_owner == claim.owner,
            MessageRow.lease_until > now,
        )
        .values(phase=MessagePhase.DOT, lease_until=now + waits.dot_lease),
    )
    if ours != 1:
        raise LeaseLostError(f"message {claim.id}, attempt {claim.number}")
    count(
        session,
        update(AttemptRow)
        .where(AttemptRow.message_id == claim.id, AttemptRow.number == claim.number)
        .values(phase=MessagePhase.DOT),
    )


def finish(
    session: Session,
    claim: Claim,
    outcome: Outcome,
    *,
    now: datetime,
    waits: Waits,
    fallback: str | None = None,
    relay_wait: timedelta = timedelta(0),
) -> None:
    """Write down how an attempt ended (T5). Repeating it changes nothing."""
    if outcome.verdict is Verdict.ACCEPTED:
        accept(session, claim.id, now=now)
        _finish_attempt(session, claim, "accepted", outcome, now)
        return
    ours = _ours(session, claim)
    if outcome.verdict is Verdict.UNCERTAIN:
        ours.update(
            state=MessageState.UNCERTAIN,
            uncertain_count=claim.uncertain_count + 1,
            attempts=claim.attempts + 1,
            next_attempt_at=now + waits.uncertain,
        )
        word = "uncertain"
    elif outcome.verdict is Verdict.REFUSED:
        ours.update(state=MessageState.DEAD, attempts=claim.attempts + 1, next_attempt_at=now)
        word = "refused"
    elif outcome.verdict is Verdict.TEMPORARY:
        ours.update(
            state=MessageState.QUEUED,
            attempts=claim.attempts + 1,
            next_attempt_at=now + waits.retry_after(claim.attempts + 1),
        )
        word = "deferred"
    else:
        # Trouble with the relay is not charged to the message; a little later lets another one
        # be the next probe, in case it is this one that makes the relay hang up.
        ours.update(state=MessageState.QUEUED, next_attempt_at=now + relay_wait)
        word = "not_sent"
    ours.update(last_error=str(outcome))
    if ours.apply() and outcome.verdict is Verdict.REFUSED:
        _bury(session, claim, outcome, now, fallback)
    _finish_attempt(session, claim, word, outcome, now)
    if outcome.verdict is Verdict.UNCERTAIN:
        _note_uncertain(session, claim, waits, now)


def abandon(session: Session, claim: Claim, *, reason: str, now: datetime) -> None:
    """Give back a message whose dot certainly has not left, at once and free of charge."""
    ours = _ours(session, claim)
    ours.update(state=MessageState.QUEUED, next_attempt_at=now, last_error=reason)
    ours.apply()
    outcome = Outcome(verdict=Verdict.RELAY, phase=Phase.BODY, text=reason)
    _finish_attempt(session, claim, "not_sent", outcome, now)


def dissolve(session: Session, claim: Claim, *, reason: str, now: datetime) -> list[OpenObligation]:
    """Supersede a claimed message whose dot has not left; return what it told, owed again.

    Empty when the claim was lost, or when it told no obligation (a report).
    """
    ours = _ours(session, claim)
    ours.update(state=MessageState.SUPERSEDED, next_attempt_at=now, last_error=reason)
    if not ours.apply():
        raise LeaseLostError(f"message {claim.id}, attempt {claim.number}")
    outcome = Outcome(verdict=Verdict.REFUSED, phase=Phase.MAIL, text=reason)
    _finish_attempt(session, claim, "refused", outcome, now)
    items = told_by(session, claim.id)
    set_obligations(
        session,
        ObligationRow.message_id == claim.id,
        ObligationState.COMPOSED,
        ObligationState.OPEN,
        now,
        message_id=None,
    )
    return items


def accept(session: Session, message_id: int, *, now: datetime) -> bool:
    """Note that a relay took a message: whatever was thought meanwhile, it is not sent again."""
    changed = count(
        session,
        update(MessageRow)
        .where(
            MessageRow.id == message_id,
            MessageRow.state != MessageState.ACCEPTED,
        )
        .values(
            state=MessageState.ACCEPTED,
            accepted_at=now,
            phase=MessagePhase.DOT,
            lease_owner=None,
            lease_until=None,
            last_error=None,
        ),
    )
    count(
        session,
        update(ObligationRow)
        .where(
            ObligationRow.message_id == message_id,
            ObligationRow.state != ObligationState.ACCEPTED,
        )
        .values(state=ObligationState.ACCEPTED, updated_at=now),
    )
    if changed:
        count(session, update(InstallationRow).values(last_accepted_at=now))
        resolve_problem(session, code="uncertain_twice", subject=f"message {message_id}", now=now)
    return bool(changed)


def recover_claims(
    session: Session,
    *,
    now: datetime,
    waits: Waits,
    is_dead: Callable[[str], bool],
    was_accepted: Callable[[str], bool],
) -> dict[str, int]:
    """Decide about messages whose worker is gone: dead on this machine, or its lease is over.

    Before the mark the message has certainly not left. After it, the journal knows; if it does
    not, nobody does. A lease without an end, or that ends in 2099, is over.
    """
    counts = {"requeued": 0, "uncertain": 0, "accepted": 0}
    rows = session.scalars(
        select(MessageRow)
        .where(MessageRow.state == MessageState.SENDING)
        .order_by(MessageRow.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        over = (
            row.lease_owner is None
            or row.lease_until is None
            or row.lease_until <= now
            or row.lease_until > now + waits.longest_lease
        )
        if not over and not is_dead((row.lease_owner or "").partition("#")[0]):
            continue
        counts[_recover(session, row, now, waits, was_accepted)] += 1
    return counts


def _recover(
    session: Session,
    row: MessageRow,
    now: datetime,
    waits: Waits,
    was_accepted: Callable[[str], bool],
) -> str:
    number = session.scalar(
        select(func.max(AttemptRow.number)).where(AttemptRow.message_id == row.id)
    )
    claim = Claim(
        id=row.id,
        number=number or 0,
        owner=row.lease_owner or "",
        kind=row.kind,
        period=row.period,
        mail=_frozen(row),
        obligations=(),
        uncertain_count=row.uncertain_count,
        attempts=row.attempts,
    )
    if was_accepted(row.message_id_header):
        accept(session, row.id, now=now)
        known = Outcome(verdict=Verdict.ACCEPTED, phase=Phase.DOT, text="known from the journal")
        _finish_attempt(session, claim, "accepted", known, now)
        return "accepted"
    if row.phase == MessagePhase.DOT:
        lost = Outcome(
            verdict=Verdict.UNCERTAIN, phase=Phase.DOT, text="the worker stopped after the mark"
        )
        finish(session, claim, lost, now=now, waits=waits)
        return "uncertain"
    abandon(session, claim, reason="the worker stopped before the mark", now=now)
    return "requeued"


class _Guarded:
    """An update of a claimed message that happens only while the claim is still ours."""

    def __init__(self, session: Session, claim: Claim) -> None:
        self._session = session
        owner = MessageRow.lease_owner
        self._statement = (
            update(MessageRow)
            .where(
                MessageRow.id == claim.id,
                MessageRow.state == MessageState.SENDING,
                owner == claim.owner if claim.owner else func.coalesce(owner, "") == "",
            )
            .values(phase=None, lease_owner=None, lease_until=None)
        )

    def update(self, **values: object) -> None:
        self._statement = self._statement.values(**values)

    def apply(self) -> bool:
        return count(self._session, self._statement) == 1


def _ours(session: Session, claim: Claim) -> _Guarded:
    return _Guarded(session, claim)


def _finish_attempt(
    session: Session, claim: Claim, word: str, outcome: Outcome, now: datetime
) -> None:
    count(
        session,
        update(AttemptRow)
        .where(
            AttemptRow.message_id == claim.id,
            AttemptRow.number == claim.number,
            AttemptRow.finished_at.is_(None),
        )
        .values(
            finished_at=now,
            outcome=word,
            reply_code=outcome.code,
            reply_text=f"{outcome.phase}: {outcome.text}",
        ),
    )


def _bury(
    session: Session, claim: Claim, outcome: Outcome, now: datetime, fallback: str | None
) -> None:
    """A refused message: what it told is owed by the fallback, now."""
    rows = session.scalars(
        select(ObligationRow).where(
            ObligationRow.message_id == claim.id, ObligationRow.state == ObligationState.COMPOSED
        )
    ).all()
    set_obligations(
        session,
        ObligationRow.message_id == claim.id,
        ObligationState.COMPOSED,
        ObligationState.DEAD,
        now,
        reason=str(outcome),
    )
    refused = claim.mail.recipient
    if fallback and fallback != refused:
        insert_obligations(
            session, [for_fallback(obligation_of(row), fallback, refused) for row in rows], now
        )
    note_problem(
        session,
        code="recipient_refused",
        subject=refused,
        message=explain(
            outcome,
            f"Le serveur refuse « {claim.mail.subject} » pour {refused}",
            f"The server refuses “{claim.mail.subject}” for {refused}",
        ),
        now=now,
    )


def _note_uncertain(session: Session, claim: Claim, waits: Waits, now: datetime) -> None:
    message_id, mail = claim.id, claim.mail
    if claim.uncertain_count + 1 >= waits.uncertain_limit:
        note_problem(
            session,
            code="uncertain_twice",
            subject=f"message {message_id}",
            message=(
                (
                    f"La réponse du serveur s’est perdue pour « {mail.subject} » "
                    f"({mail.recipient}). Demander au destinataire s’il l’a reçu, puis "
                    f"« conventions outbox retry {message_id} » ou « cancel {message_id} »."
                ),
                (
                    f"The server’s reply was lost for “{mail.subject}” ({mail.recipient}). Ask the "
                    "recipient whether it came, then “conventions outbox retry "
                    f"{message_id}” or “cancel {message_id}”."
                ),
            ),
            now=now,
        )


def _frozen(row: MessageRow) -> FrozenMail:
    # The envelope's sender is the one the letter shows: nothing may be sent in two names.
    sender = headers_of(row.body).get("From", "").rpartition("<")[2].rstrip(">")
    return FrozenMail(
        sender=sender,
        recipient=row.recipient,
        subject=row.subject,
        message_id=row.message_id_header,
        content=row.body,
    )
