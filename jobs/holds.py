"""Reasons not to send, until a person says so: hold instead of guess.

While a hold lasts scanning and composing go on and nothing is claimed. What can be suspected:

* `restored`: this machine's journal knows of acceptances that the database does not. What the
  journal knows is written into the database at once; the hold leaves time to look at the facts
  that the older database has lost.
* `copied`: the database (SQLite) belongs to another machine, or the state directory does.
* `not_joined`: this machine never joined the database (PostgreSQL); it alone is held.
* `clock_jump`: inside one process the wall clock went forward by more than an hour on its own.

The functions commit nothing.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs.identity import Identity
from notifications.journal import Accepted, Journal
from notifications.outbox import RefusedError, replay
from notifications.rows import (
    count,
    is_postgresql,
    note_problem,
    or_nothing,
    resolve_problem,
)
from tracker.storage.tables import (
    HoldRow,
    InstallationRow,
    MachineRow,
    MessagePhase,
    MessageRow,
    MessageState,
)

LARGEST_JUMP: Final = timedelta(hours=1)
LOOKED_AT: Final = 50
"""Lines at the journal's end that are looked up: what an older database lacks is the newest."""


class HoldReason(StrEnum):
    """Why nothing leaves."""

    RESTORED = "restored"
    COPIED = "copied"
    NOT_JOINED = "not_joined"
    CLOCK_JUMP = "clock_jump"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An active hold."""

    reason: str
    since: datetime
    details: Mapping[str, Any]


def register_installation(
    session: Session, identity: Identity, *, now: datetime, rules_version: str = ""
) -> str:
    """Say once which machine this database belongs to, and let this machine join it.

    Returns the installation's identifier. Repeating it changes nothing.
    """
    session.execute(
        or_nothing(session, InstallationRow).values(
            id=1,
            installation_id=secrets.token_hex(16),
            machine_hash=identity.machine,
            rules_version=rules_version,
            created_at=now,
        )
    )
    join(session, identity, now=now)
    return installation_id(session)


def join(session: Session, identity: Identity, *, now: datetime) -> None:
    """Let this machine send from this database (`init --join`)."""
    session.execute(
        or_nothing(session, MachineRow).values(
            machine_hash=identity.machine, name=identity.host, joined_at=now
        )
    )


def installation_id(session: Session) -> str:
    """Return the installation's identifier, empty where none was registered."""
    return session.scalar(select(InstallationRow.installation_id)) or ""


def active_holds(session: Session) -> list[Hold]:
    """Return the reasons for which nothing leaves, oldest first."""
    rows = session.scalars(
        select(HoldRow).where(HoldRow.released_at.is_(None)).order_by(HoldRow.id)
    )
    return [
        Hold(reason=row.reason, since=row.since, details=json.loads(row.details)) for row in rows
    ]


def place_hold(session: Session, reason: HoldReason, *, now: datetime, **details: object) -> None:
    """Stop sending for this reason; nothing happens when it is held already."""
    session.execute(
        or_nothing(session, HoldRow).values(
            reason=reason, details=json.dumps(details, ensure_ascii=False), since=now
        )
    )


def check_holds(
    session: Session, *, identity: Identity, journal: Journal, now: datetime
) -> list[Hold]:
    """Look for reasons not to send, place them, and return those that hold this machine.

    To be called after claims were recovered: a worker killed between its journal line and the end
    of its transaction looks like a restored database otherwise.
    """
    here = _check_machine(session, identity, journal, now)
    _check_journal(session, journal, now)
    return [*here, *active_holds(session)]


def _check_machine(
    session: Session, identity: Identity, journal: Journal, now: datetime
) -> list[Hold]:
    """Look whether this machine may send; return what holds it alone.

    An SQLite file is one machine's: the hold is written into it. A server is shared: a machine that
    does not belong there must not silence those that do, and becomes a problem they can see.
    """
    strange_journal = journal.owner not in {None, identity.machine}
    if not is_postgresql(session):
        owner = session.scalar(select(InstallationRow.machine_hash))
        if owner not in {None, identity.machine} or strange_journal:
            place_hold(session, HoldReason.COPIED, now=now, seen_on=identity.host)
        return []
    seen = count(
        session,
        update(MachineRow)
        .where(MachineRow.machine_hash == identity.machine)
        .values(last_seen_at=now),
    )
    reasons = [] if seen else [HoldReason.NOT_JOINED]
    reasons += [HoldReason.COPIED] if strange_journal else []
    for reason in reasons:
        note_problem(
            session,
            code=f"machine_{reason}",
            subject=identity.host,
            message=(
                (
                    f"La machine {identity.host} n’envoie rien : elle n’a pas rejoint cette base, "
                    "ou son dossier d’état est celui d’une autre (« conventions outbox release » "
                    "sur cette machine, une fois vérifié)."
                ),
                (
                    f"The machine {identity.host} sends nothing: it has not joined this database, "
                    "or its state directory is another one’s (“conventions outbox release” on this "
                    "machine, once checked)."
                ),
            ),
            now=now,
        )
    if not reasons:
        for reason in (HoldReason.NOT_JOINED, HoldReason.COPIED):
            resolve_problem(session, code=f"machine_{reason}", subject=identity.host, now=now)
    return [Hold(reason=reason, since=now, details={"here": identity.host}) for reason in reasons]


def _check_journal(session: Session, journal: Journal, now: datetime) -> None:
    last = journal.entries()[-LOOKED_AT:]
    states: dict[str, tuple[str, str | None]] = {
        row.message_id_header: (row.state, row.phase)
        for row in session.execute(
            select(MessageRow.message_id_header, MessageRow.state, MessageRow.phase).where(
                MessageRow.message_id_header.in_([entry.message_id for entry in last])
            )
        )
    }
    ahead = [entry for entry in last if _is_behind(states.get(entry.message_id))]
    if not ahead:
        return
    place_hold(
        session,
        HoldReason.RESTORED,
        now=now,
        first_missing=ahead[0].at.isoformat(),
        journal=str(journal.path),
    )
    replay(session, unknown(session, journal.entries()), now=now)


def _is_behind(known: tuple[str, str | None] | None) -> bool:
    """Tell whether the database knows less of an accepted message than it should."""
    if known is None:
        return True
    state, phase = known
    if state == MessageState.SENDING:
        # With the mark, a worker is between its journal line and the end; without, no worker has
        # ever written a journal line.
        return phase != MessagePhase.DOT
    return state in {MessageState.QUEUED, MessageState.HELD, MessageState.DEAD}


def unknown(session: Session, entries: Iterable[Accepted]) -> list[Accepted]:
    """Return the entries whose acceptance the database does not know."""
    known = set(
        session.scalars(
            select(MessageRow.message_id_header).where(MessageRow.state == MessageState.ACCEPTED)
        )
    )
    return [entry for entry in entries if entry.message_id not in known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a release did."""

    reasons: tuple[str, ...]
    learnt: int
    """Acceptances that the database did not know."""


def release_holds(
    session: Session,
    *,
    identity: Identity,
    journal: Journal,
    now: datetime,
    who: str,
    journals: Iterable[Accepted] = (),
    machines_read: Collection[str] = (),
) -> Release:
    """End every hold, after reading what journals know; RefusedError when one is missing.

    A restored PostgreSQL database was served by several machines and each keeps its own journal:
    `journals` are the entries of the others', `machines_read` the machines (hashes) they are of.
    """
    here = _check_machine(session, identity, journal, now)
    reasons = tuple(dict.fromkeys(hold.reason for hold in [*here, *active_holds(session)]))
    others = list(journals)
    if HoldReason.RESTORED in reasons and is_postgresql(session):
        _check_every_journal_is_read(session, identity, others, machines_read)
    learnt = replay(session, unknown(session, [*journal.entries(), *others]), now=now)
    if HoldReason.COPIED in reasons:
        count(session, update(InstallationRow).values(machine_hash=identity.machine))
        journal.take_over(identity.machine, at=now)
    if {HoldReason.COPIED, HoldReason.NOT_JOINED} & set(reasons):
        join(session, identity, now=now)
    count(
        session,
        update(HoldRow)
        .where(HoldRow.released_at.is_(None))
        .values(released_at=now, released_by=who),
    )
    return Release(reasons=reasons, learnt=learnt)


def _check_every_journal_is_read(
    session: Session,
    identity: Identity,
    entries: Iterable[Accepted],
    machines_read: Collection[str],
) -> None:
    read = {identity.machine, *machines_read, *(entry.machine for entry in entries)}
    missing = [
        row.name
        for row in session.scalars(select(MachineRow).order_by(MachineRow.name))
        if row.machine_hash not in read
    ]
    if missing:
        raise RefusedError("journals_missing", ", ".join(missing))


def _boot_clock() -> float:
    """Seconds since boot, sleep included: a suspended machine is not a clock that jumped."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(slots=True)
class ClockGuard:
    """Compare the wall clock with one that nobody sets, from tick to tick of one process.

    Between two processes a gap is downtime, and `--today` is no clock.
    """

    steady: Callable[[], float] = _boot_clock
    _last: tuple[datetime, float] | None = field(default=None, init=False)

    def jump(self, now: datetime) -> timedelta:
        """Return how far the wall clock moved by itself since the last call (negative: back)."""
        tick = self.steady()
        last, self._last = self._last, (now, tick)
        if last is None:
            return timedelta(0)
        return (now - last[0]) - timedelta(seconds=tick - last[1])


def hold_for_clock_jump(session: Session, jump: timedelta, *, now: datetime) -> bool:
    """Hold when the clock jumped far ahead; return whether it did.

    A clock set back needs no hold: what is unique stays unique.
    """
    if jump <= LARGEST_JUMP:
        return False
    place_hold(session, HoldReason.CLOCK_JUMP, now=now, seconds=int(jump.total_seconds()))
    return True
