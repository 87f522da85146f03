"""What a template sees: sentences, numbers and yes or no, all frozen.

Nothing here has a method that acts, and every text is on one line without hidden characters, so
that a template written by somebody else can neither do nor smuggle anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from notifications.digest import (
    MISSABLE_KINDS,
    Concern,
    Digest,
    Item,
    Report,
    Section,
    Urgency,
)
from notifications.recipients import Role
from notifications.typography import one_line
from notifications.words import Words
from tracker.domain.consequences import Deadline, DeadlineKind, DeadlineStatus

TITLE = 160
SHORT = 80
BRIEF = 40
SENTENCE = 700
MAX_CONCERNS = 30

CLOSING_EVENTS = {
    DeadlineKind.SIGNATURE: "signed",
    DeadlineKind.NOTICE: "notice",
    DeadlineKind.DECISION: "renewal",
    DeadlineKind.EVALUATION: "evaluation",
    DeadlineKind.COMMITTEE: "committee",
    DeadlineKind.REPORT: "report",
    DeadlineKind.FINAL_EVALUATION: "final_evaluation",
    DeadlineKind.PAYMENT: "payment",
    DeadlineKind.PUBLICATION: "publication",
    DeadlineKind.DECLARATION: "declaration",
    DeadlineKind.REVIEW: "review",
}
"""The event to record once the thing is done; other kinds close by themselves or by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One deadline, in words. An empty text says that there is nothing to say."""

    key: str
    reference: str
    title: str
    partners: str
    party: str
    """The first partner or the title, whichever is short: for a subject line."""
    kind: str
    code: str
    """The kind's name in data, for a template that wants to treat one apart."""
    urgency: str
    detailed: bool
    due: str
    due_day: str
    until: str
    days: int
    """Days left; negative once the day has passed."""
    left: str
    act_by: str
    """The prudent day, empty where it is the day itself."""
    act_left: str
    acts: bool
    """Whether the prudent day is the one to count to: something must be done by then."""
    act_passed: bool
    action: str
    todo: str
    """The action, as it goes on after « À faire : »; empty where there is nothing to do."""
    basis: str
    clause: str
    """The words of the convention, where `basis` does not quote them."""
    article: str
    other: str
    other_why: str
    amount: str
    """Euros, where `kind` does not say them."""
    supposed: tuple[str, ...]
    owner: str
    acknowledged: bool
    snoozed_until: str
    done_on: str
    event: str
    """The event that closes it (`conventions record`), empty where none does."""
    argument: str
    """The reference, quoted for a command line."""
    role: str
    insist: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The rows of one degree of urgency; `hidden` more are not shown."""

    urgency: str
    rows: tuple[Row, ...]
    hidden: int

    @property
    def count(self) -> int:
        """Rows shown and hidden."""
        return len(self.rows) + self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernView:
    """One thing to check about a convention."""

    reference: str
    title: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """How many conventions are in a state."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Number of deadlines of each urgency, and of things to check."""

    overdue: int
    week: int
    missing: int
    month: int
    quarter: int
    later: int
    missed: int
    done: int
    concerns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """The letter of one person on one day."""

    office: str
    today: str
    recipient: str
    rows: tuple[Row, ...]
    main: Row
    """The one that the subject names: a notice or a vote that comes soon goes before a delay."""
    overdue: int
    part: int
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The weekly report."""

    office: str
    today: str
    today_day: str
    sections: tuple[SectionView, ...]
    concerns: tuple[ConcernView, ...]
    hidden_concerns: int
    hidden: int
    """Deadlines not shown, in all sections."""
    states: tuple[StateView, ...]
    followed: int
    counts: Counts
    quiet: bool
    next_report: str
    next_session: str
    convocation_by: str
    refused: tuple[str, ...]
    """Those it was refused for, where it goes to the fallback recipient instead."""


def reminder_view(digest: Digest, words: Words, *, office: str, detailed: int) -> ReminderView:
    """Put a digest into words; the first `detailed` reminders are told in full."""
    rows = tuple(
        _item_row(item, words, digest.today, detailed=number < detailed)
        for number, item in enumerate(digest.items)
    )
    return ReminderView(
        office=one_line(office, TITLE),
        today=words.date(digest.today, weekday=True),
        recipient=one_line(digest.recipient, TITLE),
        rows=rows,
        main=_main(rows),
        overdue=sum(item.urgency is Urgency.OVERDUE for item in digest.items),
        part=digest.part,
        parts=digest.parts,
    )


def _main(rows: Sequence[Row]) -> Row:
    known = (row for row in rows if row.urgency != Urgency.MISSING)
    return next((row for row in rows if _is_irrevocable_soon(row)), next(known, rows[0]))


def _is_irrevocable_soon(row: Row) -> bool:
    soon = row.urgency in {Urgency.WEEK, Urgency.MONTH} and not row.acknowledged
    return soon and row.code in MISSABLE_KINDS


def report_view(
    report: Report, words: Words, *, office: str, detailed: int, most: int
) -> ReportView:
    """Put a report into words: `most` lines at most, the first `detailed` pressing ones in full."""
    concerns = report.concerns[: min(MAX_CONCERNS, most // 3)]
    sections = tuple(
        _sections(report.sections, words, report.today, detailed, most - len(concerns))
    )
    return ReportView(
        office=one_line(office, TITLE),
        today=words.date(report.today, weekday=True),
        today_day=words.date(report.today),
        sections=sections,
        concerns=tuple(_concern(concern, words) for concern in concerns),
        hidden_concerns=len(report.concerns) - len(concerns),
        hidden=sum(section.hidden for section in sections),
        states=tuple(
            StateView(name=one_line(words.state(state)), count=count)
            for state, count in report.states
        ),
        followed=report.followed,
        counts=Counts(
            **{urgency.value: report.count(urgency) for urgency in Urgency},
            concerns=len(report.concerns),
        ),
        quiet=report.is_quiet,
        next_report=words.date(report.next_report, weekday=True),
        next_session=_day(report.next_session, words),
        convocation_by=_day(report.convocation_by, words),
        refused=tuple(one_line(address, TITLE) for address in report.refused),
    )


_TOLD_IN_FULL = frozenset(
    {Urgency.OVERDUE, Urgency.WEEK, Urgency.MISSED, Urgency.MISSING, Urgency.MONTH}
)


def _sections(
    sections: Sequence[Section], words: Words, today: date, detailed: int, most: int
) -> Iterable[SectionView]:
    for section in sections:
        shown = section.lines[:most]
        in_full = detailed if section.urgency in _TOLD_IN_FULL else 0
        yield SectionView(
            urgency=section.urgency.value,
            rows=tuple(
                _row(
                    line.deadline,
                    words,
                    today,
                    urgency=section.urgency,
                    detailed=number < in_full,
                    done_on=line.on,
                )
                for number, line in enumerate(shown)
            ),
            hidden=len(section.lines) - len(shown),
        )
        most -= len(shown)
        detailed -= min(in_full, len(shown))


def _item_row(item: Item, words: Words, today: date, *, detailed: bool) -> Row:
    return _row(
        item.reminder.deadline,
        words,
        today,
        urgency=item.urgency,
        detailed=detailed,
        role=item.role,
        insist=item.insist,
    )


def _row(
    deadline: Deadline,
    words: Words,
    today: date,
    *,
    urgency: Urgency,
    detailed: bool,
    role: Role = Role.OFFICE,
    insist: bool = False,
    done_on: date | None = None,
) -> Row:
    title = one_line(deadline.title, TITLE)
    other, clause = deadline.alternative, deadline.basis.clause
    basis = _sentence(words.basis(deadline.basis))
    quote = one_line(clause.quote, 300).removesuffix("…") if clause else ""
    action = _sentence(words.action(deadline))
    nothing_to_do = urgency is Urgency.MISSED or deadline.kind is DeadlineKind.RENEWAL
    amount = "" if deadline.amount is None else one_line(words.amount(deadline.amount))
    kind = one_line(words.subject(deadline), TITLE)
    act_by = deadline.prudent_day
    upcoming = deadline.status is DeadlineStatus.UPCOMING
    snoozed = deadline.snoozed_until if _is_later(deadline.snoozed_until, today) else None
    return Row(
        key=one_line(deadline.key).replace(" ", "%20"),
        reference=one_line(deadline.convention),
        title=title,
        partners=one_line(words.partners(deadline.partners), TITLE),
        party=party_of(deadline),
        kind=kind,
        code=deadline.kind.value,
        urgency=urgency.value,
        detailed=detailed,
        due=words.date(deadline.due_on, weekday=True),
        due_day=words.date(deadline.due_on),
        until=_day(deadline.until, words),
        days=deadline.days_left(today),
        left=one_line(words.days_left(deadline.days_left(today))),
        act_by=_day(act_by, words),
        act_left=one_line(words.days_left((act_by - today).days)) if act_by else "",
        acts=act_by is not None and upcoming,
        act_passed=act_by is not None and upcoming and act_by < today,
        action=action,
        todo="" if nothing_to_do else _continued(action),
        basis=basis,
        clause="" if _quoted_in(quote, basis) else one_line(clause.quote, 300) if clause else "",
        article=one_line(clause.article or "", 80) if clause else "",
        other=_day(other.due_on, words) if other else "",
        other_why=_sentence(words.basis(other.why)) if other else "",
        amount="" if amount in kind else amount,
        supposed=tuple(one_line(words.field(name), 80) for name in deadline.basis.supposed),
        owner=one_line(deadline.owner or "", TITLE),
        acknowledged=deadline.acknowledged,
        snoozed_until=_day(snoozed, words),
        done_on=_day(done_on, words),
        event=CLOSING_EVENTS.get(deadline.kind, ""),
        argument=shlex.quote(one_line(deadline.convention)),
        role=role.value,
        insist=insist,
    )


def party_of(deadline: Deadline) -> str:
    """Name the convention briefly: by its partner where the name is short, else by its title."""
    title = one_line(deadline.title, SHORT)
    partner = one_line(deadline.partners[0].name, SHORT) if deadline.partners else title
    return partner if len(partner) <= BRIEF or len(partner) <= len(title) else title


def _sentence(text: str) -> str:
    """Return the text on one line, with a full stop."""
    line = one_line(text, SENTENCE)
    return line if not line or line[-1] in ".?!…])»”" else f"{line}."


def _continued(text: str) -> str:
    """Return a sentence as it goes on after a colon: without its capital, acronyms apart."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _quoted_in(quote: str, sentence: str) -> bool:
    """Tell whether a sentence already quotes these words, whatever the spaces."""
    return "".join(quote.split()) in "".join(sentence.split())


def _concern(concern: Concern, words: Words) -> ConcernView:
    message = words.finding(concern.finding) if concern.finding else concern.message
    return ConcernView(
        reference=one_line(concern.convention, TITLE),
        title=one_line(concern.title, TITLE),
        message=one_line(message, SENTENCE),
    )


def _day(day: date | None, words: Words) -> str:
    return words.date(day, weekday=True) if day else ""


def _is_later(day: date | None, today: date) -> bool:
    return day is not None and day > today
