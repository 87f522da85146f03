"""What follows from the recorded facts: terms, deadlines, states, warnings, plans, reminders.

All of these are computed from (facts, today) and never stored as answers. Each one carries a
`Basis`: the rule, the facts used, the clause and the law, as data. `tracker.wording` turns it
into a sentence in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.conventions import Partner, Quote
from tracker.domain.dates import Period

Fact = date | Period | int | Decimal | str
"""A value a sentence may show."""


class TermOrigin(StrEnum):
    """What opened a term."""

    INITIAL = "initial"
    TACIT = "tacit"
    EXPRESS = "express"


class DeadlineKind(StrEnum):
    """What has to happen, or will happen by itself."""

    SIGNATURE = "signature"
    EXPIRY = "expiry"
    RENEWAL = "renewal"
    NOTICE = "notice"
    DECISION = "decision"
    EVALUATION = "evaluation"
    COMMITTEE = "committee"
    REPORT = "report"
    FINAL_EVALUATION = "final_evaluation"
    PAYMENT = "payment"
    PUBLICATION = "publication"
    TRANSMISSION = "transmission"
    DECLARATION = "declaration"
    MILESTONE = "milestone"
    PROGRAMME_END = "programme_end"
    REVIEW = "review"
    MISSING = "missing"


SELF_FULFILLING_KINDS = frozenset(
    {
        DeadlineKind.RENEWAL,
        DeadlineKind.EXPIRY,
        DeadlineKind.MILESTONE,
        DeadlineKind.PROGRAMME_END,
    }
)
"""What comes about on its day, whether somebody acts before or not."""


class DeadlineStatus(StrEnum):
    """Where a deadline stands today; exactly one applies."""

    UPCOMING = "upcoming"
    OVERDUE = "overdue"
    DONE = "done"
    MISSED = "missed"
    UNKNOWN = "unknown"


OPEN_STATUSES = frozenset({DeadlineStatus.UPCOMING, DeadlineStatus.OVERDUE})


class ConventionState(StrEnum):
    """Where a convention stands; the first that applies, in this order."""

    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    RENEWED = "renewed"
    EXPIRED = "expired"
    DENOUNCED = "denounced"
    IN_FORCE = "in_force"
    APPROVED = "approved"
    DRAFT = "draft"


LIVE_STATES = frozenset(
    {
        ConventionState.SUSPENDED,
        ConventionState.DENOUNCED,
        ConventionState.IN_FORCE,
        ConventionState.APPROVED,
        ConventionState.DRAFT,
    }
)
"""States in which something may still be expected of the parties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """How a date was found: `rule` names the sentence, `facts` fill it, `law` backs it.

    `law` lists identifiers of `tracker.domain.law`; `clause` is the convention's own words, where
    they were kept; `supposed` names the facts used that are only supposed.
    """

    rule: str
    facts: tuple[tuple[str, Fact], ...] = ()
    law: tuple[str, ...] = ()
    clause: Quote | None = None
    supposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another defensible reading of the same clause."""

    due_on: date
    why: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A period in force, both days included; ordinal 0 is the initial term.

    `last_day` is None for an indefinite convention; `first_day` is None where only a fixed end is
    known. `alternative` is the last day under the other reading, where there is one.
    """

    ordinal: int
    first_day: date | None
    last_day: date | None
    origin: TermOrigin
    basis: Basis
    alternative: Alternative | None = None

    def __contains__(self, day: date) -> bool:
        after_first = self.first_day is None or self.first_day <= day
        return after_first and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day that matters. `due_on` is the day itself, included; `act_by` the prudent day.

    `key` is `REFERENCE/kind/ordinal`, the reference percent-encoded: no date in it, so that a
    deadline that moves stays the same deadline.
    """

    key: str
    convention: str
    title: str
    owner: str | None
    watchers: tuple[str, ...]
    partners: tuple[Partner, ...]
    kind: DeadlineKind
    ordinal: int
    due_on: date
    act_by: date
    status: DeadlineStatus
    basis: Basis
    alternative: Alternative | None = None
    term: Term | None = None
    amount: Decimal | None = None
    label: str = ""
    """What it is about where the kind does not say: a milestone's title, the missing field."""
    until: date | None = None
    """Last day of a milestone that lasts."""
    acknowledged: bool = False
    snoozed_until: date | None = None
    lead_times: tuple[Period, ...] | None = None
    """The convention's own lead times for this kind, where it has some."""

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still has something to do or to see coming."""
        return self.status in OPEN_STATUSES

    def days_left(self, today: date) -> int:
        """Days from `today` to `due_on`; negative once it has passed."""
        return (self.due_on - today).days

    @property
    def prudent_day(self) -> date | None:
        """`act_by` where it is worth saying: it is another day, by which something can be done."""
        if self.kind in SELF_FULFILLING_KINDS or self.act_by == self.due_on:
            return None
        return self.act_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something odd in the facts; `code` is stable and documented, the sentence is in wording."""

    code: str
    facts: tuple[tuple[str, Fact], ...] = ()
    law: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step of the backward plan of an express renewal; `legal` tells law from habit."""

    step: str
    due_on: date
    basis: Basis
    legal: bool


OVERDUE_STAGE = "overdue"
MISSED_STAGE = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A deadline whose window is open: the tightest stage reached, and all those reached.

    A stage is a lead time as the settings write it (`P3M`), or `overdue`, or `missed`. `opens_on`
    is the day the stage was reached, today or before. `escalation` is 0 for the owner and the
    watchers, 1 when the watchers must insist, 2 when it goes to the office.
    """

    deadline: Deadline
    stage: str
    opens_on: date
    reached: tuple[str, ...]
    escalation: int = 0
