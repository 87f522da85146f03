"""Every row of the database: the one description of the schema.

Three families:

* **facts** (`convention`, `partner`, `event`) and their `history`, which is only ever added to;
* **delivery** (`obligation`, `message`, `message_deadline`, `attempt`, `circuit`, `hold`): what was
  owed to whom, what was sent and how it went;
* **running** (`job_run`, `problem`, `published_event`, `installation`, `machine`).

Facts refer to each other by surrogate id; everything else names a convention by its reference,
without a foreign key, because what was said to people outlives the convention.

The migration in `migrations/versions` says the same thing: a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tracker.storage.columns import Day, ExactDecimal, Flag, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later revision can drop it on either database."""

STRICT = {"sqlite_strict": True}
"""Without it SQLite takes a blob in a date and a word in a number."""


class ObligationState(StrEnum):
    """How far the duty to tell somebody about a deadline has come."""

    OPEN = "open"
    """To be mailed at the next composing."""
    COMPOSED = "composed"
    """In a message that has not been accepted yet."""
    CLOSED = "closed"
    """A tighter stage of the same deadline is mailed in its place."""
    ACCEPTED = "accepted"
    """The relay took the message that says it."""
    SUPERSEDED = "superseded"
    """The deadline moved or was met before anything left."""
    NO_RECIPIENT = "no_recipient"
    """Nobody to tell: the office's fallback got its own obligation, or a problem says so."""
    DEAD = "dead"
    """The address is refused for good; the fallback got its own obligation."""
    CANCELLED = "cancelled"
    """An operator cancelled the message."""


class MessageState(StrEnum):
    """Where a message of the outbox stands (docs: delivery)."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    DEAD = "dead"
    SUPERSEDED = "superseded"
    HELD = "held"
    CANCELLED = "cancelled"


class MessagePhase(StrEnum):
    """How far one sending has gone: before `DOT` the message has certainly not left."""

    CLAIMED = "claimed"
    BODY = "body"
    DOT = "dot"


class JobState(StrEnum):
    """How one occurrence of a scheduled job ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


def one_of(column: str, values: Iterable[StrEnum], name: str | None = None) -> CheckConstraint:
    """Return the constraint that `column` holds one of `values` (or NULL, where it may)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


class Row(DeclarativeBase):
    """Base of every row."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: Integer,
        bytes: LargeBinary,
        bool: Flag,
        date: Day,
        datetime: UtcDateTime,
        Decimal: ExactDecimal,
    }


# --- facts ---------------------------------------------------------------------------------------


class ConventionRow(Row):
    """A convention and the clauses of its text (`terms_…`), as recorded.

    Formal dates are text because they may be partial (`2009`, `2009-03`). Lists that nothing
    queries are JSON text in the vocabulary of records. Dates of facts carry no CHECK: the loader
    names the field and the value of a bad one, which SQL could not.
    """

    __tablename__ = "convention"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    title: Mapped[str]
    folded: Mapped[str]
    """Title, reference, partners and tags without accents or capitals: sorts and searches alike
    on every database, whatever its collation."""
    kind: Mapped[str | None]
    owner: Mapped[str | None]
    watchers: Mapped[str] = mapped_column(server_default=text("'[]'"))
    reminders: Mapped[str] = mapped_column(server_default=text("'{}'"))
    deliberated_on: Mapped[str | None]
    cited_deliberation_on: Mapped[str | None]
    transmitted_on: Mapped[str | None]
    published_on: Mapped[str | None]
    signed_on: Mapped[str | None]
    notified_on: Mapped[str | None]
    convention_transmitted_on: Mapped[str | None]
    effective_on: Mapped[str | None]
    supposed: Mapped[str] = mapped_column(server_default=text("'[]'"))
    tracked_from: Mapped[date | None]
    session_on: Mapped[date | None]
    session_vote: Mapped[str | None]
    amount: Mapped[Decimal | None]
    amounts: Mapped[str] = mapped_column(server_default=text("'[]'"))
    parent: Mapped[str | None]
    succeeds: Mapped[str | None]
    programme_from: Mapped[int | None]
    programme_to: Mapped[int | None]
    milestones: Mapped[str] = mapped_column(server_default=text("'[]'"))
    tags: Mapped[str] = mapped_column(server_default=text("'[]'"))
    notes: Mapped[str] = mapped_column(server_default=text("''"))
    evidence: Mapped[str] = mapped_column(server_default=text("'{}'"))

    terms_term: Mapped[str | None]
    terms_end: Mapped[date | None]
    terms_start: Mapped[str | None]
    terms_start_date: Mapped[date | None]
    terms_start_day_included: Mapped[bool]
    terms_renewal: Mapped[str | None]
    terms_renewal_period: Mapped[str | None]
    terms_renewal_max: Mapped[int | None]
    terms_max_total: Mapped[str | None]
    terms_notice: Mapped[str | None]
    terms_notice_of: Mapped[str | None]
    terms_notice_form: Mapped[str | None]
    terms_notice_counts_from: Mapped[str | None]
    terms_recurring: Mapped[str] = mapped_column(server_default=text("'[]'"))
    terms_final_evaluation: Mapped[bool]
    terms_payments: Mapped[str] = mapped_column(server_default=text("'[]'"))

    revision: Mapped[int] = mapped_column(server_default=text("1"))
    """Raised by every change: who saves a stale copy is told so."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("reference"),
        CheckConstraint("length(reference) > 0", name="reference"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("revision > 0", name="revision"),
        Index(None, "folded"),
        STRICT,
    )


class PartnerRow(Row):
    """Another party of a convention, in the order in which it was recorded."""

    __tablename__ = "partner"

    convention_id: Mapped[int] = mapped_column(
        ForeignKey("convention.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str | None]

    __table_args__ = (STRICT,)


class EventRow(Row):
    """A dated fact; `number` is its place in the list of its convention, from 1, for ever.

    `on_date`, `by_side`, `until_date` are `on`, `by`, `until` elsewhere: the short words are
    reserved in SQL, and a table that must be quoted is no help to the one who looks at it.
    """

    __tablename__ = "event"

    convention_id: Mapped[int] = mapped_column(
        ForeignKey("convention.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    on_date: Mapped[date]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    occurrence: Mapped[int | None]
    amount: Mapped[Decimal | None]
    term: Mapped[str | None]
    by_side: Mapped[str | None]
    presented_on: Mapped[date | None]
    received_on: Mapped[date | None]
    deadline: Mapped[str | None]
    until_date: Mapped[date | None]
    target: Mapped[int | None]
    changes: Mapped[str] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (CheckConstraint("number > 0", name="number"), STRICT)


class HistoryRow(Row):
    """Who changed what, when: added to, never changed, never pruned.

    `before` and `after` are JSON objects of the fields that changed and no other, named as in
    records (`terms.notice`, `events.3`). It survives the removal of its convention.
    """

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(primary_key=True)
    convention: Mapped[str]
    revision: Mapped[int]
    action: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    before: Mapped[str]
    after: Mapped[str]

    __table_args__ = (Index(None, "convention", "id"), STRICT)


# --- delivery ------------------------------------------------------------------------------------


class MessageRow(Row):
    """One letter to one recipient, its bytes frozen before any network call.

    Never sent without a lease (`lease_owner`, `lease_until`); `phase` is the committed mark that
    tells whether the final dot may have left.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`reminder`, `report`, …"""
    recipient: Mapped[str]
    subject: Mapped[str]
    message_id_header: Mapped[str]
    """The `Message-ID`, angle brackets included: the same at every attempt."""
    body: Mapped[bytes]
    sha256: Mapped[str]
    period: Mapped[str | None]
    """Reports: the period told (`2026-W47`); one report per kind, period and recipient."""
    state: Mapped[str]
    held_from: Mapped[str | None]
    """The state to come back to on release."""
    hold_reason: Mapped[str | None]
    phase: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    uncertain_count: Mapped[int] = mapped_column(server_default=text("0"))
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(server_default=text("0"))
    """Lower leaves first; within a recipient the id keeps the order."""
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="RESTRICT"))
    """The dead or stale message in whose place this one was composed."""

    __table_args__ = (
        UniqueConstraint("message_id_header"),
        one_of("state", MessageState),
        one_of("held_from", MessageState),
        one_of("phase", MessagePhase),
        CheckConstraint("state <> 'accepted' OR accepted_at IS NOT NULL", name="accepted_at"),
        CheckConstraint("attempts >= 0 AND uncertain_count >= 0", name="counts"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        Index(None, "state", "next_attempt_at", "priority", "id"),
        Index(None, "recipient", "state"),
        Index(
            "uq_message_report",
            "kind",
            "period",
            "recipient",
            unique=True,
            sqlite_where=text("period IS NOT NULL AND state NOT IN ('superseded', 'cancelled')"),
            postgresql_where=text(
                "period IS NOT NULL AND state NOT IN ('superseded', 'cancelled')"
            ),
        ),
        STRICT,
    )


class ObligationRow(Row):
    """The duty to tell one person one stage of one deadline at one date: one row, for ever.

    The date is part of the identity, so that a moved deadline is announced again; the unique
    constraint is what makes a repeated run harmless.
    """

    __tablename__ = "obligation"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_key: Mapped[str]
    due_on: Mapped[date]
    stage: Mapped[str]
    recipient: Mapped[str]
    """The address in its compared form; empty where there is nobody."""
    convention: Mapped[str]
    opens_on: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("deadline_key", "due_on", "stage", "recipient"),
        one_of("state", ObligationState),
        CheckConstraint(
            "state NOT IN ('composed', 'accepted') OR message_id IS NOT NULL", name="message"
        ),
        Index(None, "state", "recipient"),
        Index(None, "convention"),
        Index(None, "message_id"),
        STRICT,
    )


class MessageDeadlineRow(Row):
    """A deadline that a message speaks of, in the order of the letter (reports included)."""

    __tablename__ = "message_deadline"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="RESTRICT"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    deadline_key: Mapped[str]
    due_on: Mapped[date]
    stage: Mapped[str | None]

    __table_args__ = (Index(None, "deadline_key"), STRICT)


class AttemptRow(Row):
    """One try at delivering a message, and what the relay said."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="RESTRICT"))
    number: Mapped[int]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    phase: Mapped[str | None]
    outcome: Mapped[str | None]
    """`accepted`, `deferred`, `refused`, `uncertain`, `not_sent`, …; NULL while it runs."""
    reply_code: Mapped[int | None]
    reply_text: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        one_of("phase", MessagePhase),
        CheckConstraint("number > 0", name="number"),
        STRICT,
    )


class CircuitRow(Row):
    """Trouble with the relay itself: nothing is charged to messages while it is open."""

    __tablename__ = "circuit"

    relay: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime | None]
    """NULL when all is well."""
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    next_probe_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    updated_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("failures >= 0", name="failures"), STRICT)


class HoldRow(Row):
    """A reason not to send anything until a person says so; scanning goes on."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    details: Mapped[str] = mapped_column(server_default=text("'{}'"))
    since: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str | None]

    __table_args__ = (
        Index(
            "uq_hold_active",
            "reason",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        STRICT,
    )


# --- running -------------------------------------------------------------------------------------


class JobRunRow(Row):
    """One occurrence of a scheduled job: a rule and a civil day, once."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str]
    local_date: Mapped[date]
    state: Mapped[str]
    worker: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[str] = mapped_column(server_default=text("'{}'"))
    error: Mapped[str | None]

    __table_args__ = (UniqueConstraint("rule", "local_date"), one_of("state", JobState), STRICT)


class ProblemRow(Row):
    """Something that needs a person, from the day it is seen to the day it is gone."""

    __tablename__ = "problem"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    subject: Mapped[str]
    """What it is about: a convention's reference, an address, a file."""
    message_fr: Mapped[str]
    message_en: Mapped[str]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    resolved_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_problem_active",
            "code",
            "subject",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        STRICT,
    )


class PublishedEventRow(Row):
    """What calendars were told of a deadline, so that updates and cancellations survive.

    `details` (JSON) keeps what a cancelled event still shows once its deadline is gone.
    """

    __tablename__ = "published_event"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    changed_at: Mapped[datetime]
    cancelled_on: Mapped[date | None]
    details: Mapped[str] = mapped_column(server_default=text("'{}'"))

    __table_args__ = (CheckConstraint("sequence >= 0", name="sequence"), STRICT)


class InstallationRow(Row):
    """The one row that says which installation this database belongs to."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    installation_id: Mapped[str]
    machine_hash: Mapped[str]
    """Of the machine that owns the file (SQLite): another one holds the sending."""
    rules_version: Mapped[str]
    created_at: Mapped[datetime]
    last_tick_at: Mapped[datetime | None]
    last_accepted_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("id = 1", name="single"), STRICT)


class MachineRow(Row):
    """A machine that joined (PostgreSQL is served by several; each keeps its own journal)."""

    __tablename__ = "machine"

    machine_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    joined_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    __table_args__ = (STRICT,)


FACT_TABLES = frozenset({"convention", "partner", "event"})
IMPOSSIBLE_DAYS = "'02-30', '02-31', '04-31', '06-31', '09-31', '11-31'"


def _refuse_unreadable_dates(table: Table) -> None:
    """Let the database refuse `hier` and `2027-02-30` where no loader would name them.

    Written so that both databases take it. On SQLite `date(x)` is NULL for what is no date but
    lets 31 days pass in any month, hence the list.
    """
    columns: list[Column[Any]] = list(table.columns)
    for column in columns:
        name = column.name
        if isinstance(column.type, Day):
            rule = (
                f"{name} IS NULL OR (coalesce(date({name}) = {name}, false)"
                f" AND substr({name} || '', 6, 5) NOT IN ({IMPOSSIBLE_DAYS}))"
            )
        elif isinstance(column.type, UtcDateTime):
            rule = f"{name} IS NULL OR date({name}) IS NOT NULL"
        else:
            continue
        table.append_constraint(CheckConstraint(rule, name=f"{name}_readable"))


for _table in Row.metadata.tables.values():
    if _table.name not in FACT_TABLES:
        _refuse_unreadable_dates(_table)
