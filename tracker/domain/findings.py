"""What is odd in the facts, each with a stable code. docs/warnings.md lists them all.

A finding never blocks: it tells a person what to look at. The sentence, and what to do, are in
`tracker.wording`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from tracker.domain.consequences import Fact, Finding, Term
from tracker.domain.conventions import (
    FORMAL_DATES,
    Convention,
    ConventionKind,
    EventName,
    PartialDate,
    RenewalMode,
)
from tracker.domain.council import CouncilCalendar
from tracker.domain.dates import Period, latest_receipt, shift
from tracker.domain.deadlines import (
    Surroundings,
    is_above_threshold,
    is_trigger,
    undecided_term,
    yearly_amount,
)
from tracker.domain.facts import clauses_on, events_named, full_date, voted_on
from tracker.domain.law import LAW
from tracker.domain.terms import Course

_ONE_DAY = timedelta(days=1)
_LOOK_AHEAD = Period(years=2)
_CHAINS = (
    ("deliberated_on", "transmitted_on", "signed_on", "notified_on"),
    ("deliberated_on", "published_on"),
    ("signed_on", "convention_transmitted_on"),
)
"""Acts in the order that the law and good sense want."""
REPUBLICAN_TAG = "contrat-engagement-republicain"
"""The tag that says the republican-commitment contract is on file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Another convention, with its course: a parent, a predecessor."""

    facts: Convention
    course: Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The conventions that this one names, None where the portfolio does not hold them."""

    parent: Relative | None = None
    predecessor: Relative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """All that a check may look at."""

    facts: Convention
    course: Course
    today: date
    around: Surroundings = field(default_factory=Surroundings)
    family: Family = field(default_factory=Family)


def find_oddities(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Return every finding, those of the course first, then in the order of a life."""
    found = [*inquiry.course.findings]
    for check in _CHECKS:
        found += [finding for finding in check(inquiry) if finding not in found]
    return tuple(found)


def _finding(code: str, *, law: tuple[str, ...] = (), **facts: Fact) -> Finding:
    return Finding(code=code, facts=tuple(sorted(facts.items())), law=law)


def _people(inquiry: Inquiry) -> Iterator[Finding]:
    if inquiry.facts.owner is None and not inquiry.course.has_ended(inquiry.today):
        yield _finding("missing_owner")


def _acts(inquiry: Inquiry) -> Iterator[Finding]:
    facts = inquiry.facts
    voted, cited = full_date(voted_on(facts)), full_date(facts.cited_deliberation_on)
    if voted is not None and facts.signed_on is None:
        yield _finding("unsigned", on=voted)
    if voted is not None and cited is not None and voted != cited:
        yield _finding("deliberation_mismatch", voted=voted, cited=cited)
    for chain in _CHAINS:
        known = [
            (name, day) for name in chain if (day := full_date(getattr(facts, name))) is not None
        ]
        for (before, first), (after, second) in pairwise(known):
            if second < first:
                yield _finding(
                    "order_of_acts",
                    law=("cgct-sign-after",) if after == "signed_on" else (),
                    before=before,
                    first=first,
                    after=after,
                    second=second,
                )
    for name in (*FORMAL_DATES, "cited_deliberation_on", "effective_on"):
        value = getattr(facts, name)
        if isinstance(value, PartialDate):
            yield _finding("partial_date", field=name, value=str(value))


def _supposed(inquiry: Inquiry) -> Iterator[Finding]:
    for name in inquiry.facts.supposed:
        yield _finding("supposed", field=name)


def _nothing_to_compute(inquiry: Inquiry) -> Iterator[Finding]:
    facts, course = inquiry.facts, inquiry.course
    if course.terms or course.terminated_on is not None:
        return
    if facts.milestones or facts.programme is not None:
        return
    if any(full_date(getattr(facts, name)) is not None for name in FORMAL_DATES):
        return
    yield _finding("nothing_to_compute", field=course.start.fact)


def _clauses(inquiry: Inquiry) -> Iterator[Finding]:
    facts, course = inquiry.facts, inquiry.course
    terms = facts.terms
    for term in course.terms:
        clauses = clauses_on(facts, term.last_day or term.first_day)
        if clauses.notice is None or term.last_day is None or term.first_day is None:
            continue
        if latest_receipt(term.last_day, clauses.notice) < term.first_day:
            yield _finding("notice_exceeds_term", notice=clauses.notice, ordinal=term.ordinal + 1)
            break
    if terms.renewal is RenewalMode.TACIT and terms.renewal_period is None and not course.terms:
        yield _finding("tacit_without_period", law=("cciv-1214", "cciv-1215", "tacit-indefinite"))
    if course.terms and course.first_day is None and clauses_on(facts, inquiry.today).recurring:
        yield _finding("start_unknown", field=course.start.fact)
    for instalment in clauses_on(facts, inquiry.today).payments:
        if not is_trigger(instalment.on):
            yield _finding("unknown_trigger", trigger=instalment.on)
    if facts.programme is not None and course.terms:
        last = course.terms[0].last_day
        end = date(facts.programme.last_year, 12, 31)
        if last is not None and last.year != end.year:
            yield _finding("programme_mismatch", programme=end, last=last)


def _after_the_end(inquiry: Inquiry) -> Iterator[Finding]:
    """Payments after the term, beyond the instalments promised: the parties seem to go on.

    The law may see a tacit renewal in them (C. civ. art. 1215); a balance paid late is none, nor
    is what follows a termination.
    """
    course = inquiry.course
    if course.last_day is None or course.terminated_on or inquiry.around.succeeded_by:
        return
    promised = len(clauses_on(inquiry.facts, course.last_day).payments)
    beyond = events_named(inquiry.facts, EventName.PAYMENT)[promised:]
    after = [event.on for event in beyond if event.on > course.last_day]
    if after:
        yield _finding(
            "tacit_renewal_in_fact", law=("cciv-1215",), on=after[0], last=course.last_day
        )


def _council(inquiry: Inquiry) -> Iterator[Finding]:
    council = inquiry.around.council
    term = undecided_term(inquiry.facts, inquiry.course, inquiry.today)
    if term is None or term.last_day is None or not council.sessions:
        return
    sessions = council.sessions_before(term.last_day, after=term.first_day)
    ahead = [session for session in sessions if session >= inquiry.today]
    if not ahead and not inquiry.around.succession_voted and _is_near(term, council):
        yield _finding("no_session_fits", last=term.last_day)
    if sessions and council.in_blackout(sessions[-1]):
        yield _finding("session_in_blackout", session=sessions[-1])


def _is_near(term: Term, council: CouncilCalendar) -> bool:
    """Tell whether sessions are known about as far as the term: else it is too early to say."""
    return term.last_day is not None and max(council.sessions) >= term.last_day - timedelta(
        days=180
    )


def _family(inquiry: Inquiry) -> Iterator[Finding]:
    facts, course = inquiry.facts, inquiry.course
    parent, before = inquiry.family.parent, inquiry.family.predecessor
    if facts.parent is not None and parent is None:
        yield _finding("unknown_parent", reference=facts.parent)
    if facts.succeeds is not None and before is None:
        yield _finding("unknown_predecessor", reference=facts.succeeds)
    if parent is not None and parent.course.last_day is not None and course.terms:
        last = course.last_day or _last_day_ahead(inquiry)
        if last is None or last > parent.course.last_day:
            yield _finding(
                "orphan_child", reference=parent.facts.reference, parent_last=parent.course.last_day
            )
    if before is not None and course.first_day is not None:
        yield from _succession(before, course.first_day)


def _last_day_ahead(inquiry: Inquiry) -> date | None:
    """Return the last day of the term that begins last within two years, None without end."""
    ahead = shift(inquiry.today, _LOOK_AHEAD)
    terms = [
        term for term in inquiry.course.terms if term.first_day is None or term.first_day <= ahead
    ]
    return (terms or inquiry.course.terms)[-1].last_day


def _succession(before: Relative, first: date) -> Iterator[Finding]:
    reference = before.facts.reference
    last = before.course.last_day
    if last is None:
        if before.course.terms:
            yield _finding("overlap", reference=reference, first=first)
        return
    if last >= first:
        yield _finding("overlap", reference=reference, first=first, last=last)
    elif last + _ONE_DAY < first:
        yield _finding("gap", reference=reference, first=first, last=last)


def _subsidy(inquiry: Inquiry) -> Iterator[Finding]:
    facts = inquiry.facts
    if facts.kind is not ConventionKind.SUBSIDY:
        return
    amount = yearly_amount(facts)
    if amount is not None and is_above_threshold(facts) and facts.signed_on is None:
        yield _finding("subsidy_needs_convention", law=("subsidy-law",), amount=amount)
    signed = full_date(facts.signed_on)
    since = LAW["republican-contract"].in_force_from
    asked = signed is not None and since is not None and signed >= since
    if asked and REPUBLICAN_TAG not in facts.tags and not inquiry.course.has_ended(inquiry.today):
        yield _finding("republican_commitment", law=("republican-contract",), tag=REPUBLICAN_TAG)


_CHECKS = (
    _acts,
    _supposed,
    _nothing_to_compute,
    _clauses,
    _council,
    _after_the_end,
    _family,
    _subsidy,
    _people,
)
