"""What people record about a convention: facts and clauses, never consequences.

Names are those of the record vocabulary (docs/reference/record.md). Every value is frozen; a
change is a new value made with `dataclasses.replace`. Checks here are those that no reader of a
file could be excused from: the rest is a warning (see `tracker.domain.warnings`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period

INDEFINITE = "indefinite"
"""The `term` of a convention without end."""

FRANCE = "FR"


class ConventionKind(StrEnum):
    """What sort of agreement it is."""

    PARTNERSHIP = "partnership"
    TWINNING = "twinning"
    FRAMEWORK = "framework"
    SPECIFIC = "specific"
    SUBSIDY = "subsidy"
    MEMBERSHIP = "membership"
    LABEL = "label"
    SERVICE = "service"
    OTHER = "other"


class StartRule(StrEnum):
    """The act from which the duration runs."""

    SIGNATURE = "signature"
    NOTIFICATION = "notification"
    TRANSMISSION = "transmission"
    DELIBERATION = "deliberation"
    ENTRY_INTO_FORCE = "entry_into_force"
    DATE = "date"


class RenewalMode(StrEnum):
    """How a convention goes on after a term."""

    TACIT = "tacit"
    EXPRESS = "express"
    NONE = "none"


class NoticeOf(StrEnum):
    """What the notice clause ends: the next renewal, or the convention itself at any time."""

    NONRENEWAL = "nonrenewal"
    TERMINATION = "termination"


class NoticeForm(StrEnum):
    """The form that a notice must take."""

    REGISTERED = "registered"
    WRITTEN = "written"


class NoticeCounting(StrEnum):
    """The day that counts for a notice; silent clauses count as receipt, the prudent reading."""

    RECEIPT = "receipt"
    FIRST_PRESENTATION = "first_presentation"
    SENDING = "sending"


class DutyKind(StrEnum):
    """Duties that come back at a fixed period."""

    EVALUATION = "evaluation"
    COMMITTEE = "committee"
    REPORT = "report"


class EventName(StrEnum):
    """The facts that can be recorded about a convention."""

    DELIBERATED = "deliberated"
    TRANSMITTED = "transmitted"
    PUBLISHED = "published"
    SIGNED = "signed"
    NOTIFIED = "notified"
    CONVENTION_TRANSMITTED = "convention_transmitted"
    EVALUATION = "evaluation"
    COMMITTEE = "committee"
    REPORT = "report"
    FINAL_EVALUATION = "final_evaluation"
    DOCUMENTS = "documents"
    PAYMENT = "payment"
    PUBLICATION = "publication"
    DECLARATION = "declaration"
    REVIEW = "review"
    RENEWAL = "renewal"
    NOTICE = "notice"
    TERMINATION = "termination"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    AMENDMENT = "amendment"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    WITHDRAWN = "withdrawn"


FORMAL_ACTS: dict[EventName, str] = {
    EventName.DELIBERATED: "deliberated_on",
    EventName.TRANSMITTED: "transmitted_on",
    EventName.PUBLISHED: "published_on",
    EventName.SIGNED: "signed_on",
    EventName.NOTIFIED: "notified_on",
    EventName.CONVENTION_TRANSMITTED: "convention_transmitted_on",
}
"""The events that set a formal date, and the field each one sets."""


class Side(StrEnum):
    """Who gave notice."""

    US = "us"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A formal date known to the year or the month only: shown, never computed from."""

    year: int
    month: int | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"year outside {FIRST_YEAR}-{LAST_YEAR}: {self.year}")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError(f"no such month: {self.month}")

    def __str__(self) -> str:
        return f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"


FormalDate = date | PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """The other party; `country` is an ISO 3166-1 alpha-2 code, None when not known."""

    name: str
    country: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Tell whether the partner is known to be outside France."""
        return self.country is not None and self.country != FRANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringDuty:
    """A duty that comes back: occurrence n is due on the last day of its n-th period."""

    kind: DutyKind
    every: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A share of the amount, in percent, and what makes it payable (a trigger or a date)."""

    share: Decimal
    on: str

    def __post_init__(self) -> None:
        if not 0 < self.share <= 100:
            raise ValueError(f"share outside 0-100: {self.share}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConventionTerms:
    """What the text of the convention says about its life; None where it is silent."""

    term: Period | str | None = None
    end: date | None = None
    start: StartRule | None = None
    start_date: date | None = None
    start_day_included: bool = True
    renewal: RenewalMode | None = None
    renewal_period: Period | None = None
    renewal_max: int | None = None
    max_total: Period | None = None
    notice: Period | None = None
    notice_of: NoticeOf | None = None
    notice_form: NoticeForm | None = None
    notice_counts_from: NoticeCounting | None = None
    recurring: tuple[RecurringDuty, ...] = ()
    final_evaluation: bool = False
    payments: tuple[Instalment, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.term, str) and self.term != INDEFINITE:
            raise ValueError(f"term is a period, {INDEFINITE!r} or null, not {self.term!r}")
        if self.renewal_max is not None and self.renewal_max < 0:
            raise ValueError(f"renewal_max is negative: {self.renewal_max}")
        if self.start_date is not None and self.end is not None and self.end < self.start_date:
            raise ValueError(f"end {self.end} is before start_date {self.start_date}")

    @property
    def is_indefinite(self) -> bool:
        """Tell whether the convention has no end of its own."""
        return self.term == INDEFINITE


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyAmount:
    """Euros of one budget year."""

    year: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilVote:
    """The session that dealt with the convention, and how it voted."""

    on: date
    vote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """First and last year of the programme, which is not the term of the convention."""

    first_year: int
    last_year: int

    def __post_init__(self) -> None:
        if self.last_year < self.first_year:
            raise ValueError(f"programme ends in {self.last_year}, before {self.first_year}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A dated moment that people want to see coming; `to` is its last day, included."""

    title: str
    on: date
    to: date | None = None

    def __post_init__(self) -> None:
        if self.to is not None and self.to < self.on:
            raise ValueError(f"milestone ends on {self.to}, before it begins on {self.on}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The words of the convention that a recorded value was read from."""

    quote: str
    article: str | None = None
    page: int | None = None
    start: int | None = None
    end: int | None = None


TermsValue = (
    None
    | bool
    | int
    | str
    | date
    | Period
    | StartRule
    | RenewalMode
    | NoticeOf
    | NoticeForm
    | NoticeCounting
    | tuple[RecurringDuty, ...]
    | tuple[Instalment, ...]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated fact. `number` is its place in the convention's list, from 1, for ever.

    The fields below `note` belong to the events named beside them, and stay empty elsewhere.
    """

    number: int
    event: EventName
    on: date
    note: str = ""
    occurrence: int | None = None
    """Duties: the ordinal of the occurrence it meets (`for` in files)."""
    amount: Decimal | None = None
    """payment: euros."""
    term: Period | None = None
    """renewal: the length voted, where it differs."""
    by: Side | None = None
    """notice: who denounces."""
    presented_on: date | None = None
    """notice: first presentation of the registered letter."""
    received_on: date | None = None
    """notice: receipt."""
    deadline: str | None = None
    """acknowledged, snoozed: the deadline's key."""
    until: date | None = None
    """snoozed: no reminder before this day."""
    target: int | None = None
    """withdrawn: the number of the mistaken event (`number` in files)."""
    changes: tuple[tuple[str, TermsValue], ...] = ()
    """amendment: new values of fields of the terms, sorted by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One convention: what is recorded, nothing derived."""

    reference: str
    title: str
    kind: ConventionKind | None = None
    partners: tuple[Partner, ...] = ()
    owner: str | None = None
    watchers: tuple[str, ...] = ()
    reminders: tuple[tuple[str, tuple[Period, ...]], ...] = ()
    """Lead times of its own: (kind of deadline, periods), sorted by kind."""
    deliberated_on: FormalDate | None = None
    cited_deliberation_on: FormalDate | None = None
    transmitted_on: FormalDate | None = None
    published_on: FormalDate | None = None
    signed_on: FormalDate | None = None
    notified_on: FormalDate | None = None
    convention_transmitted_on: FormalDate | None = None
    effective_on: FormalDate | None = None
    supposed: tuple[str, ...] = ()
    tracked_from: date | None = None
    session: CouncilVote | None = None
    amount: Decimal | None = None
    amounts: tuple[YearlyAmount, ...] = ()
    parent: str | None = None
    succeeds: str | None = None
    programme: Programme | None = None
    milestones: tuple[Milestone, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""
    terms: ConventionTerms = field(default_factory=ConventionTerms)
    evidence: tuple[tuple[str, Quote], ...] = ()
    """(field, quote), sorted by field."""
    events: tuple[Event, ...] = ()
    """Sorted by number, which runs from 1 without a hole."""

    def __post_init__(self) -> None:
        if not self.reference.strip() or not self.title.strip():
            raise ValueError("a convention has a reference and a title")

    @property
    def is_external_action(self) -> bool:
        """Tell whether a partner is foreign, which calls for CGCT L1115-1."""
        return any(partner.is_foreign for partner in self.partners)

    def quote_for(self, name: str) -> Quote | None:
        """Return the words that the field `name` was read from, if they were kept."""
        return dict(self.evidence).get(name)


FORMAL_DATES = (
    "deliberated_on",
    "transmitted_on",
    "published_on",
    "signed_on",
    "notified_on",
    "convention_transmitted_on",
)
"""The dates of acts, in the order in which they usually happen."""
