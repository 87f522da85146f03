"""A small office for delivery tests: deadlines, an outbox, a relay, a clock that can be set.

`World` wires the real delivery to a made-up portfolio. Letters list what they tell, one line per
obligation, so that `judge` can compare what the relay has with what was owed. The judgement is the
promise of docs/delivery.md and nothing less:

    each obligation accepted once, or twice with an uncertain attempt and one Message-ID, or a
    failure that an operator sees. Nothing else passes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.dispatch import Delivery, DeliveryReport
from jobs.holds import register_installation
from jobs.identity import Identity, current_identity
from jobs.policy import DeliveryPolicy
from notifications.claims import Waits
from notifications.headers import Attachment, Mailbox, RenderedMail
from notifications.journal import Journal, ObligationKey
from notifications.mailer import Mailer, RelaySettings, Security, SmtpMailer, Timeouts
from notifications.obligations import Obligation, OpenObligation, record_obligations, supersede
from tracker.storage.engine import reading, writing
from tracker.storage.tables import (
    AttemptRow,
    HoldRow,
    MessageRow,
    MessageState,
    ObligationRow,
    ObligationState,
    ProblemRow,
)

START = datetime(2027, 1, 4, 6, 30, tzinfo=UTC)
FALLBACK = "secours@mairie.example"
SENDER = Mailbox(address="conventions@mairie.example", name="Relations internationales")
STAGES = {"P6M": 180, "P3M": 90, "P1M": 30, "P7D": 7, "overdue": -1}
MACHINE = "machine-one"

SHORT_WAITS = Waits(
    lease=timedelta(seconds=30),
    dot_lease=timedelta(seconds=40),
    uncertain=timedelta(milliseconds=30),
    retry=(timedelta(milliseconds=30),),
)
REAL_WAITS = Waits(
    lease=timedelta(minutes=5),
    dot_lease=timedelta(minutes=11),
    uncertain=timedelta(minutes=10),
    retry=tuple(timedelta(minutes=m) for m in (5, 10, 20, 40, 67)),
)
SHORT_TIMEOUTS = Timeouts(connect=5, command=5, body=5, dot=5, quit=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A made-up deadline."""

    reference: str
    due_on: date
    recipients: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.reference}/notice/0"

    def reached(self, today: date) -> list[tuple[str, date]]:
        """Return the stages reached and the day each one was."""
        days = [(stage, self.due_on - timedelta(days=lead)) for stage, lead in STAGES.items()]
        return [(stage, opens_on) for stage, opens_on in days if opens_on <= today]


@dataclass
class Clock:
    """A clock that only moves when told, or the real one."""

    now: datetime | None = START

    def __call__(self) -> datetime:
        return self.now if self.now is not None else datetime.now(UTC)

    def forward(self, **by: float) -> None:
        assert self.now is not None
        self.now += timedelta(**by)


@dataclass
class World:
    """An office with its database, its state directory and its way to send."""

    engine: Engine
    state: Path
    mailer: Mailer
    dues: list[Due] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    waits: Waits = REAL_WAITS
    machine: str = MACHINE
    fallback: str | None = FALLBACK
    max_message_bytes: int = 5_000_000
    attachment: bytes = b""
    broken: Collection[str] = ()
    """References about which no letter can be written."""
    today: date | None = None
    """The day on which `run` reasons, where it is not the clock's."""

    def __post_init__(self) -> None:
        self.identity: Identity = current_identity(self.machine)
        self.journal = Journal.in_directory(self.state)
        self.delivery = self.new_delivery()

    def new_delivery(self, mailer: Mailer | None = None) -> Delivery:
        return Delivery(
            engine=self.engine,
            mailer=mailer or self.mailer,
            journal=self.journal,
            identity=self.identity,
            policy=self.policy,
            compose=self.compose,
            clock=self.clock,
        )

    @property
    def policy(self) -> DeliveryPolicy:
        return DeliveryPolicy(
            sender=SENDER,
            waits=self.waits,
            circuit=tuple(timedelta(minutes=m) for m in (5, 10, 20, 40, 67)),
            fallback=self.fallback,
            max_message_bytes=self.max_message_bytes,
        )

    def register(self) -> None:
        with writing(self.engine) as session:
            register_installation(session, self.identity, now=self.clock())

    # --- what the lead's own modules do in the product -------------------------------------------

    def compose(
        self, recipient: str, items: Sequence[OpenObligation], now: datetime
    ) -> RenderedMail:
        lines = []
        for item in items:
            if item.obligation.convention in self.broken:
                raise RuntimeError(f"no letter about {item.obligation.convention}")
            key = item.obligation.key
            lines.append(f"* {key.deadline_key}|{key.due_on}|{key.stage}|{key.recipient}\n")
        attachments: tuple[Attachment, ...] = ()
        if self.attachment:
            attachments = (Attachment(filename="echeances.ics", content=self.attachment),)
        return RenderedMail(
            subject=f"{len(items)} échéances", text="".join(lines), attachments=attachments
        )

    def scan(self, today: date | None = None) -> int:
        """Record every stage reached, withdraw what no longer holds; return what is new."""
        now = self.clock()
        day = today or now.date()
        with writing(self.engine) as session:
            new = record_obligations(session, self.owed(day), now=now, fallback=self.fallback)
            supersede(
                session,
                conventions=[due.reference for due in self.dues],
                current={(due.key, due.due_on) for due in self.dues},
                now=now,
            )
        return len(new)

    def owed(self, day: date) -> Iterable[Obligation]:
        for due in self.dues:
            for recipient in due.recipients:
                for stage, opens_on in due.reached(day):
                    yield Obligation(
                        deadline_key=due.key,
                        due_on=due.due_on,
                        stage=stage,
                        recipient=recipient,
                        convention=due.reference,
                        opens_on=opens_on,
                    )

    def run(self, *, whatever_backoff: bool = True) -> DeliveryReport:
        """One whole cycle, as `conventions run`."""
        self.scan(self.today)
        return self.delivery.deliver(whatever_backoff=whatever_backoff)

    def move(self, reference: str, due_on: date) -> None:
        self.dues = [
            replace(due, due_on=due_on) if due.reference == reference else due for due in self.dues
        ]

    # --- looking ---------------------------------------------------------------------------------

    def messages(self) -> list[MessageRow]:
        with reading(self.engine) as session:
            rows = list(session.scalars(select(MessageRow).order_by(MessageRow.id)))
            session.expunge_all()
        return rows

    def states(self) -> list[str]:
        return [row.state for row in self.messages()]

    def obligations(self) -> list[ObligationRow]:
        with reading(self.engine) as session:
            rows = list(session.scalars(select(ObligationRow).order_by(ObligationRow.id)))
            session.expunge_all()
        return rows

    def problems(self) -> set[tuple[str, str]]:
        with reading(self.engine) as session:
            rows = session.scalars(select(ProblemRow).where(ProblemRow.resolved_at.is_(None)))
            return {(row.code, row.subject) for row in rows}

    def holds(self) -> set[str]:
        with reading(self.engine) as session:
            held = set(session.scalars(select(HoldRow.reason).where(HoldRow.released_at.is_(None))))
        return held | {str(hold.reason) for hold in self.delivery.holds_here}

    def attempts(self) -> list[tuple[int, str | None]]:
        with reading(self.engine) as session:
            rows = session.execute(
                select(AttemptRow.message_id, AttemptRow.outcome).order_by(AttemptRow.id)
            )
            return [(row.message_id, row.outcome) for row in rows]


def smtp(port: int, timeouts: Timeouts = SHORT_TIMEOUTS) -> SmtpMailer:
    return SmtpMailer(
        RelaySettings(host="127.0.0.1", port=port, security=Security.NONE, timeouts=timeouts)
    )


def portfolio(
    conventions: int = 3, *, recipients: Sequence[str] = ("a", "b"), lead: int = 20
) -> list[Due]:
    """Return deadlines `lead` days after START, each told to every recipient."""
    return [
        Due(
            reference=f"C-{number}",
            due_on=START.date() + timedelta(days=lead + number),
            recipients=tuple(f"{name}@mairie.example" for name in recipients),
        )
        for number in range(conventions)
    ]


def told_in(content: bytes) -> list[ObligationKey]:
    """Return the obligations that a letter of `World.compose` tells."""
    keys = []
    for part in BytesParser().parsebytes(content).walk():
        if part.get_content_type() != "text/plain":
            continue
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        for line in payload.decode().splitlines():
            if line.startswith("* "):
                key, due_on, stage, recipient = line[2:].split("|")
                keys.append(
                    ObligationKey(
                        deadline_key=key,
                        due_on=date.fromisoformat(due_on),
                        stage=stage,
                        recipient=recipient,
                    )
                )
    return keys


@dataclass
class Verdicts:
    """How many obligations ended in each way."""

    once: int = 0
    flagged_twice: int = 0
    visible_failure: int = 0
    lost: list[Any] = field(default_factory=list)
    unflagged_twice: list[Any] = field(default_factory=list)

    def add(self, other: Verdicts) -> None:
        self.once += other.once
        self.flagged_twice += other.flagged_twice
        self.visible_failure += other.visible_failure
        self.lost += other.lost
        self.unflagged_twice += other.unflagged_twice

    @property
    def passed(self) -> bool:
        return not self.lost and not self.unflagged_twice

    def __str__(self) -> str:
        return json.dumps(
            {
                "once": self.once,
                "flagged twice": self.flagged_twice,
                "visible failure": self.visible_failure,
                "lost": len(self.lost),
                "unflagged twice": len(self.unflagged_twice),
            }
        )


def judge(engine: Engine, taken: Iterable[bytes]) -> Verdicts:
    """Compare what the relay has with every obligation of the database."""
    got: dict[ObligationKey, list[str]] = defaultdict(list)
    for content in taken:
        message_id = str(BytesParser().parsebytes(content, headersonly=True)["Message-ID"])
        for key in told_in(content):
            got[key].append(message_id)
    verdicts = Verdicts()
    with reading(engine) as session:
        uncertain = _uncertain_message_ids(session)
        visible = _visible(session)
        for row in session.scalars(select(ObligationRow)):
            key = ObligationKey(
                deadline_key=row.deadline_key,
                due_on=row.due_on,
                stage=row.stage,
                recipient=row.recipient,
            )
            ids = got.pop(key, [])
            _judge_one(row, ids, uncertain, visible, verdicts)
    for key, ids in got.items():
        verdicts.unflagged_twice.append((key, ids, "told, and not known to be owed"))
    return verdicts


def _judge_one(
    row: ObligationRow,
    ids: list[str],
    uncertain: set[str],
    visible: set[int],
    verdicts: Verdicts,
) -> None:
    if len(ids) == 1:
        verdicts.once += 1
    elif len(ids) > 1:
        repeats = Counter(ids)
        if len(repeats) == 1 and len(ids) == 2 and ids[0] in uncertain:
            verdicts.flagged_twice += 1
        else:
            verdicts.unflagged_twice.append((row.deadline_key, row.stage, row.recipient, ids))
    elif row.state in {ObligationState.CLOSED, ObligationState.SUPERSEDED}:
        pass  # a tighter stage, or another date, is told instead and judged on its own
    elif row.state == ObligationState.DEAD or row.message_id in visible:
        verdicts.visible_failure += 1
    else:
        verdicts.lost.append((row.deadline_key, row.stage, row.recipient, row.state))


def _uncertain_message_ids(session: Session) -> set[str]:
    return set(
        session.scalars(
            select(MessageRow.message_id_header)
            .join(AttemptRow, AttemptRow.message_id == MessageRow.id)
            .where(AttemptRow.outcome == "uncertain")
        )
    )


def _visible(session: Session) -> set[int]:
    states = [MessageState.DEAD, MessageState.HELD, MessageState.UNCERTAIN, MessageState.CANCELLED]
    return set(session.scalars(select(MessageRow.id).where(MessageRow.state.in_(states))))
