"""Obligations: the duty to tell one recipient one stage of one deadline at one date.

One row for ever, unique: a repeated run is harmless, and a deadline that moves is told again,
because the date is part of the identity. Nothing here commits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from notifications.journal import ObligationKey
from notifications.rows import count, note_problem, or_nothing, set_obligations
from tracker.storage.tables import MessageRow, MessageState, ObligationRow, ObligationState

BATCH: Final = 1000
"""Obligations looked up and inserted at once."""
_KEY: Final = (
    ObligationRow.deadline_key,
    ObligationRow.due_on,
    ObligationRow.stage,
    ObligationRow.recipient,
)
_FIELDS: Final = (
    *_KEY,
    ObligationRow.convention,
    ObligationRow.opens_on,
    ObligationRow.reason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """The duty to tell `recipient` that `stage` of a deadline was reached.

    `recipient` is in its compared form (`config.addresses.check_address`); empty when there is
    nobody to tell. `reason` says why this recipient, where it is not plain (`fallback:…`).
    """

    deadline_key: str
    due_on: date
    stage: str
    recipient: str
    convention: str
    opens_on: date
    reason: str | None = None

    @property
    def key(self) -> ObligationKey:
        """Return its identity."""
        return ObligationKey(
            deadline_key=self.deadline_key,
            due_on=self.due_on,
            stage=self.stage,
            recipient=self.recipient,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenObligation:
    """An obligation to be mailed at the next composing, with its row number."""

    id: int
    obligation: Obligation


def record_obligations(
    session: Session, obligations: Iterable[Obligation], *, now: datetime, fallback: str | None
) -> list[Obligation]:
    """Insert what is owed and was not known; return that. Repeating it changes nothing.

    One that was superseded before anything left is owed again. One for nobody is kept as such, and
    the fallback owes it in its place; without a fallback it stays a visible problem.
    """
    wanted: dict[ObligationKey, Obligation] = {}
    for obligation in obligations:
        wanted.setdefault(obligation.key, obligation)
        if not obligation.recipient and fallback:
            instead = for_fallback(obligation, fallback, "no_recipient")
            wanted.setdefault(instead.key, instead)
    new: list[Obligation] = []
    listed = list(wanted.values())
    for start in range(0, len(listed), BATCH):
        new += insert_obligations(session, listed[start : start + BATCH], now)
    for obligation in new:
        if not obligation.recipient and not fallback:
            note_problem(
                session,
                code="no_recipient",
                subject=obligation.convention,
                message=(
                    "Personne à prévenir : ni responsable, ni destinataire de secours.",
                    "Nobody to tell: neither owner nor fallback recipient.",
                ),
                now=now,
            )
    return new


def for_fallback(obligation: Obligation, fallback: str, reason: str) -> Obligation:
    return Obligation(
        deadline_key=obligation.deadline_key,
        due_on=obligation.due_on,
        stage=obligation.stage,
        recipient=fallback,
        convention=obligation.convention,
        opens_on=obligation.opens_on,
        reason=f"fallback:{reason}",
    )


def insert_obligations(
    session: Session, batch: Sequence[Obligation], now: datetime
) -> list[Obligation]:
    """Insert what is not known, open again what was superseded before it was told; return both."""
    if not batch:
        return []
    known = {
        tuple(row[2:]): (row.id, row.state)
        for row in session.execute(
            select(ObligationRow.id, ObligationRow.state, *_KEY).where(
                ObligationRow.convention.in_({o.convention for o in batch})
            )
        )
    }
    fresh = [o for o in batch if _place(o) not in known]
    again = [o for o in batch if known.get(_place(o), (0, ""))[1] == ObligationState.SUPERSEDED]
    new = _insert(session, fresh, now)
    # A date that moved and came back before anything left: it was never told.
    set_obligations(
        session,
        ObligationRow.id.in_([known[_place(o)][0] for o in again]),
        ObligationState.SUPERSEDED,
        ObligationState.OPEN,
        now,
        message_id=None,
    )
    return new + again


def _insert(session: Session, fresh: Sequence[Obligation], now: datetime) -> list[Obligation]:
    if not fresh:
        return []
    rows = [
        {
            "deadline_key": o.deadline_key,
            "due_on": o.due_on,
            "stage": o.stage,
            "recipient": o.recipient,
            "convention": o.convention,
            "opens_on": o.opens_on,
            "state": ObligationState.OPEN if o.recipient else ObligationState.NO_RECIPIENT,
            "reason": o.reason,
            "created_at": now,
            "updated_at": now,
        }
        for o in fresh
    ]
    # Rows as parameters, not as VALUES: the statement is compiled once and kept, which is nine
    # tenths of the time of a first scan. Another process may be inserting the same ones.
    statement = or_nothing(session, ObligationRow).returning(*_KEY)
    inserted = {tuple(row) for row in session.execute(statement, rows)}
    return [o for o in fresh if _place(o) in inserted]


def _place(obligation: Obligation) -> tuple[str, date, str, str]:
    return (
        obligation.deadline_key,
        obligation.due_on,
        obligation.stage,
        obligation.recipient,
    )


def recipients_owed(session: Session) -> list[str]:
    """Return those to whom something is to be composed, sorted."""
    return list(
        session.scalars(
            select(ObligationRow.recipient)
            .where(ObligationRow.state == ObligationState.OPEN)
            .distinct()
            .order_by(ObligationRow.recipient)
        )
    )


def pending_for(session: Session, recipient: str) -> list[OpenObligation]:
    """Return what is to be composed for one recipient, in the order in which it was recorded."""
    return _listed(
        session,
        ObligationRow.recipient == recipient,
        ObligationRow.state == ObligationState.OPEN,
    )


def told_by(session: Session, message_id: int) -> list[OpenObligation]:
    """Return the obligations that a message on its way tells."""
    return _listed(
        session,
        ObligationRow.message_id == message_id,
        ObligationRow.state == ObligationState.COMPOSED,
    )


def _listed(session: Session, *which: ColumnElement[bool]) -> list[OpenObligation]:
    # By columns: a first scan owes tens of thousands, and an entity weighs ten times its values.
    rows = session.execute(
        select(ObligationRow.id, *_FIELDS).where(*which).order_by(ObligationRow.id)
    )
    return [OpenObligation(id=row.id, obligation=obligation_of(row)) for row in rows]


def most_urgent(
    items: Iterable[OpenObligation],
) -> tuple[list[OpenObligation], list[OpenObligation]]:
    """Split into what to tell, the stage reached last of each deadline, and what that closes."""
    best: dict[tuple[str, date], OpenObligation] = {}
    listed = list(items)
    for item in listed:
        place = (item.obligation.deadline_key, item.obligation.due_on)
        other = best.get(place)
        if other is None or _urgency(item) > _urgency(other):
            best[place] = item
    told = list(best.values())
    ids = {item.id for item in told}
    return told, [item for item in listed if item.id not in ids]


def _urgency(item: OpenObligation) -> tuple[date, int]:
    return (item.obligation.opens_on, item.id)


def supersede(
    session: Session,
    *,
    conventions: Collection[str],
    current: Collection[tuple[str, date]],
    now: datetime,
) -> int:
    """Withdraw what is owed for deadlines that moved, were met or are gone; return how much.

    `conventions` are those whose deadlines were computed without trouble (a convention that cannot
    be read must not lose what is owed for it); `current` the (key, due_on) still open among them.
    A message that speaks of such a deadline and has not begun to leave is superseded, and what else
    it told is owed again. One that may have left stays, unless nothing in it holds any more.
    """
    still = set(current)
    stale: list[ObligationRow] = []
    names = sorted(conventions)
    for start in range(0, len(names), BATCH):
        rows = session.scalars(
            select(ObligationRow).where(
                ObligationRow.convention.in_(names[start : start + BATCH]),
                ObligationRow.state.in_([ObligationState.OPEN, ObligationState.COMPOSED]),
            )
        )
        stale += [row for row in rows if (row.deadline_key, row.due_on) not in still]
    return _withdraw(session, stale, now)


def withdraw_keys(session: Session, keys: Iterable[ObligationKey], *, now: datetime) -> int:
    """Withdraw obligations one by one, found stale at the last moment; return how many."""
    stale: list[ObligationRow] = []
    for key in keys:
        stale += session.scalars(
            select(ObligationRow)
            .where(
                ObligationRow.deadline_key == key.deadline_key,
                ObligationRow.due_on == key.due_on,
                ObligationRow.stage == key.stage,
                ObligationRow.recipient == key.recipient,
                ObligationRow.state.in_([ObligationState.OPEN, ObligationState.COMPOSED]),
            )
            .execution_options(populate_existing=True)
        ).all()
    return _withdraw(session, stale, now)


def _withdraw(session: Session, stale: Sequence[ObligationRow], now: datetime) -> int:
    open_ids = [row.id for row in stale if row.state == ObligationState.OPEN]
    count = set_obligations(
        session,
        ObligationRow.id.in_(open_ids),
        ObligationState.OPEN,
        ObligationState.SUPERSEDED,
        now,
    )
    by_message: dict[int, set[int]] = defaultdict(set)
    for row in stale:
        if row.state == ObligationState.COMPOSED and row.message_id is not None:
            by_message[row.message_id].add(row.id)
    for message_id, ids in sorted(by_message.items()):
        count += withdraw_from(session, message_id, ids, now)
    return count


def withdraw_from(session: Session, message_id: int, stale: set[int], now: datetime) -> int:
    told = set(
        session.scalars(
            select(ObligationRow.id).where(
                ObligationRow.message_id == message_id,
                ObligationRow.state == ObligationState.COMPOSED,
            )
        )
    )
    states = [MessageState.QUEUED, MessageState.HELD]
    if told <= stale:
        # What may have left already is not recomposed: that would be a repeat with no flag.
        states.append(MessageState.UNCERTAIN)
    ours = count(
        session,
        update(MessageRow)
        .where(MessageRow.id == message_id, MessageRow.state.in_(states))
        .values(state=MessageState.SUPERSEDED, next_attempt_at=now),
    )
    if not ours:
        return 0
    set_obligations(
        session,
        ObligationRow.id.in_(told - stale),
        ObligationState.COMPOSED,
        ObligationState.OPEN,
        now,
        message_id=None,
    )
    return set_obligations(
        session,
        ObligationRow.id.in_(told & stale),
        ObligationState.COMPOSED,
        ObligationState.SUPERSEDED,
        now,
    )


def obligation_of(row: ObligationRow | Row[*tuple[Any, ...]]) -> Obligation:
    """Return what a row, an entity or its columns, says is owed."""
    return Obligation(
        deadline_key=row.deadline_key,
        due_on=row.due_on,
        stage=row.stage,
        recipient=row.recipient,
        convention=row.convention,
        opens_on=row.opens_on,
        reason=row.reason,
    )
