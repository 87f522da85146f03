"""The initial term and its renewals: when a convention starts, goes on and ends.

The last day of term k is counted from the first day of the initial term, with
(term + k x renewal period), never from the term before. After a fixed end, or after an amendment
that changed a length, counting starts anew on the day after. Terms touch and never overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.domain.consequences import Alternative, Basis, Fact, Finding, Term, TermOrigin
from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    ConventionTerms,
    Event,
    EventName,
    NoticeCounting,
    NoticeOf,
    PartialDate,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import (
    LAST_YEAR,
    SAFE_DAY,
    Period,
    last_day_after,
    latest_receipt,
    shift,
    term_last_day,
)
from tracker.domain.facts import amended, clauses_on, events_named, executory_on, full_date

_ONE_DAY = timedelta(days=1)
_READS: dict[StartRule, str] = {
    StartRule.SIGNATURE: "signed_on",
    StartRule.NOTIFICATION: "notified_on",
    StartRule.TRANSMISSION: "transmitted_on",
}
EXECUTORY = ("transmitted_on", "published_on")
_NO_OTHER_READING = frozenset({"effective_on", "start_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The first day of the initial term, or the name of the fact that is missing to know it."""

    day: date | None
    fact: str
    """The field that gives the day, or would."""
    findings: tuple[Finding, ...] = ()

    @property
    def has_two_readings(self) -> bool:
        """Tell whether the day of an act opens the term: it may count or not (CPC art. 641)."""
        return self.fact not in _NO_OTHER_READING

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the record that the day rests on."""
        return EXECUTORY if self.fact == "executory_on" else (self.fact,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denunciation:
    """A notice that took effect: the event, the day that counts, the last day it leaves."""

    event: Event
    counted_on: date
    last_day: date
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The whole life of a convention as far as the facts settle it.

    `terms` go up to the horizon asked for. `last_day` is the day on which the convention ends for
    good, None where it renews tacitly without limit, is indefinite, or where nothing is known.
    """

    start: Start
    terms: tuple[Term, ...] = ()
    last_day: date | None = None
    denunciation: Denunciation | None = None
    terminated_on: date | None = None
    renewals: tuple[Event, ...] = ()
    """The votes that opened a term, in order."""
    findings: tuple[Finding, ...] = ()

    @property
    def first_day(self) -> date | None:
        """First day of the initial term."""
        return self.terms[0].first_day if self.terms else self.start.day

    def term_on(self, day: date) -> Term | None:
        """Return the term in course on `day`, or None."""
        return next((term for term in self.terms if day in term), None)

    def has_begun(self, day: date) -> bool:
        """Tell whether the first day is known to have come; without one, whether a term is past."""
        if self.first_day is not None:
            return self.first_day <= day
        return any((term.last_day or date.max) < day for term in self.terms)

    def has_ended(self, day: date) -> bool:
        """Tell whether the convention is over on `day`: its last day is past."""
        return self.last_day is not None and self.last_day < day

    def renews_after(self, term: Term) -> bool:
        """Tell whether another term follows this one, as far as the facts say."""
        return term.last_day is not None and (
            self.last_day is None or term.last_day < self.last_day
        )


def starts_on(facts: Convention) -> Start:
    """Return when the initial term starts, by the clause and the formal dates known."""
    if (typed := full_date(facts.effective_on)) is not None:
        return Start(day=typed, fact="effective_on")
    start = _starts_by_clause(facts)
    if start.day is None and isinstance(facts.effective_on, PartialDate):
        return Start(day=None, fact="effective_on")
    return start


def _starts_by_clause(facts: Convention) -> Start:
    terms = facts.terms
    match terms.start:
        case None:
            return Start(day=terms.start_date, fact="start_date" if terms.start_date else "start")
        case StartRule.DATE:
            return Start(day=terms.start_date, fact="start_date")
        case StartRule.DELIBERATION:
            return _starts_on_deliberation(facts)
        case StartRule.ENTRY_INTO_FORCE:
            if facts.is_external_action:
                day = full_date(facts.convention_transmitted_on)
                return Start(day=day, fact="convention_transmitted_on")
            return Start(day=None, fact="effective_on")
        case _:
            name = _READS[terms.start]
            return Start(day=full_date(getattr(facts, name)), fact=name)


def _starts_on_deliberation(facts: Convention) -> Start:
    if (executory := executory_on(facts)) is not None:
        return Start(day=executory, fact="executory_on")
    voted = full_date(facts.deliberated_on)
    if voted is None:
        return Start(day=None, fact="deliberated_on")
    finding = Finding(code="executory_unknown", facts=(("on", voted),), law=("cgct-executory",))
    return Start(day=voted, fact="deliberated_on", findings=(finding,))


def derive_terms(facts: Convention, until: date) -> Course:
    """Return the course of a convention: every term that begins on or before `until`.

    `facts` are those known on a day (`tracker.domain.facts.known_on`).
    """
    return _Walk(facts=facts, until=until).course()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    """What last days are counted from: `base` + k x renewal from `day`."""

    day: date
    base: Period | None
    included: bool
    count: int = 0
    renewal: Period | None = None
    two_readings: bool = False

    def last_day(self, *, other: bool = False) -> date:
        """Return the last day, counted from the origin in one step, or the other reading’s."""
        months, days = self._length()
        included = self.included is not other
        return last_day_after(self.day, months, days, start_day_included=included)

    def _length(self) -> tuple[int, int]:
        """Months and days from the origin to the end of the term."""
        months, days = (self.base.in_months, self.base.days) if self.base else (0, 0)
        if self.count and self.renewal:
            months += self.count * self.renewal.in_months
            days += self.count * self.renewal.days
        return months, days

    def other_reading(self, last: date) -> tuple[date, str, tuple[str, ...]] | None:
        """Return the last day of another defensible reading, its rule and its law, or None."""
        if not self.two_readings and self.day.day <= SAFE_DAY:
            return None
        other = self.last_day(other=True)
        if self.two_readings and other != last:
            if self.included:
                return other, "term.other_excluded", ("cpc-641",)
            return other, "term.other_included", ("term-eve",)
        if self.included and other == last:
            return last - _ONE_DAY, "term.other_eve", ("cpc-641",)
        return None


@dataclass(kw_only=True)
class _Walk:
    """One walk along the life of a convention, term after term."""

    facts: Convention
    until: date
    start: Start = field(init=False)
    terms: list[Term] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    renewals: list[Event] = field(default_factory=list)
    denunciation: Denunciation | None = None
    limit: Fact | None = None
    """The clause that refused a renewal: a number, or a total duration."""
    goes_on: bool = False

    def __post_init__(self) -> None:
        self.start = starts_on(self.facts)
        self.findings.extend(self.start.findings)

    def course(self) -> Course:
        """Walk as far as the horizon and every termination, then tell what was found."""
        terminations = events_named(self.facts, EventName.TERMINATION)
        self._walk(max([self.until, *(event.on for event in terminations)]))
        natural = self.terms[-1].last_day if self.terms and not self.goes_on else None
        terminated = min((event.on for event in terminations), default=None)
        if terminated is not None and natural is not None and terminated > natural:
            self._find("termination_after_end", on=terminated, last=natural)
            terminated = None
        self._cut(terminated)
        shown = tuple(
            term for term in self.terms if term.first_day is None or term.first_day <= self.until
        )
        return Course(
            start=self.start,
            terms=shown,
            last_day=natural if terminated is None else terminated,
            denunciation=self.denunciation,
            terminated_on=terminated,
            renewals=tuple(self.renewals),
            findings=tuple(self.findings),
        )

    # -- the walk -------------------------------------------------------------------------------

    def _walk(self, reach: date) -> None:
        votes = list(events_named(self.facts, EventName.RENEWAL))
        following = self._initial_term(clauses_on(self.facts, self.start.day))
        while following is not None:
            term, anchor = following
            if term.first_day is not None and self.terms and term.first_day > reach:
                self.goes_on = True
                break
            term, anchor = self._amended(term, anchor)
            self.terms.append(term)
            if term.last_day is None:
                self.goes_on = not self._denounced_endless(term)
                break
            following = self._next_term(term, term.last_day, anchor, votes)
        self._report_unused(votes)

    def _initial_term(self, clauses: ConventionTerms) -> tuple[Term, _Anchor | None] | None:
        first, end = self.start.day, clauses.end
        if clauses.is_indefinite and end is None:
            if first is None:
                return None
            basis = self._basis("term.indefinite", start=first)
            return self._term(0, first, None, TermOrigin.INITIAL, basis), None
        if end is not None and first is not None and end < first:
            self._find("end_before_start", start=first, end=end)
            return None
        counted = None
        if first is not None and isinstance(clauses.term, Period):
            anchor = _Anchor(
                day=first,
                base=clauses.term,
                included=clauses.start_day_included,
                two_readings=self.start.has_two_readings,
            )
            counted = self._counted(0, first, anchor, TermOrigin.INITIAL), anchor
        if end is None:
            return counted
        basis = self._basis("term.fixed_end", field="end", end=end)
        fixed = self._term(0, first, end, TermOrigin.INITIAL, basis), _after(end)
        if clauses.is_indefinite:
            self._find("end_conflict", end=end, counted=INDEFINITE)
        return self._earlier(fixed, counted)

    def _earlier(
        self, fixed: tuple[Term, _Anchor], counted: tuple[Term, _Anchor] | None
    ) -> tuple[Term, _Anchor]:
        """Return the term that ends first, the other one as its alternative, with a warning."""
        if counted is None or counted[0].last_day == fixed[0].last_day:
            return fixed
        chosen, other = sorted((fixed, counted), key=lambda found: found[0].last_day or date.max)
        end, last = fixed[0].last_day, other[0].last_day
        assert end is not None and last is not None  # noqa: S101, PT018 - both have been counted
        self._find("end_conflict", end=end, counted=counted[0].last_day or end)
        alternative = Alternative(due_on=last, why=other[0].basis)
        return replace(chosen[0], alternative=alternative), chosen[1]

    def _next_term(
        self, term: Term, last: date, anchor: _Anchor | None, votes: list[Event]
    ) -> tuple[Term, _Anchor] | None:
        clauses = clauses_on(self.facts, last)
        if self._denounced_for(term, last, tacit=clauses.renewal is RenewalMode.TACIT):
            return None
        vote = None
        if clauses.renewal is not RenewalMode.TACIT:
            vote = self._vote_for(last, votes)
            if vote is None:
                return None
            if clauses.renewal is RenewalMode.NONE:
                self._find("renewal_not_foreseen", on=vote.on)
        if clauses.renewal_max is not None and term.ordinal >= clauses.renewal_max:
            self._refuse_renewal(clauses.renewal_max, vote)
            return None
        length = self._renewal_length(clauses, vote)
        if length is None:
            self._find("renewal_period_unknown", last=last)
            self.goes_on = True
            return None
        if anchor is None or (anchor.renewal and not anchor.renewal.same_length(length)):
            anchor = _after(last)
        anchor = _Anchor(
            day=anchor.day,
            base=anchor.base,
            included=anchor.included,
            count=anchor.count + 1,
            renewal=length,
            two_readings=anchor.two_readings,
        )
        renewed = self._renewed(term.ordinal + 1, last + _ONE_DAY, anchor, clauses, vote)
        return None if renewed is None else (renewed, anchor)

    def _renewed(
        self,
        ordinal: int,
        first: date,
        anchor: _Anchor,
        clauses: ConventionTerms,
        vote: Event | None,
    ) -> Term | None:
        """Return the next term, cut at the longest total duration; None where nothing is left."""
        if vote is None:
            rule = "term.tacit" if anchor.base is not None else "term.tacit_rebased"
            renewed = self._counted(ordinal, first, anchor, TermOrigin.TACIT, rule)
        else:
            renewed = self._counted(
                ordinal, first, anchor, TermOrigin.EXPRESS, "term.express", vote=vote.on
            )
        limit = longest_last_day(self.terms[0].first_day, clauses)
        if limit is not None and limit < first:
            self._refuse_renewal(clauses.max_total, vote)
            return None
        if vote is not None:
            self.renewals.append(vote)
        if limit is None or renewed.last_day is None or renewed.last_day <= limit:
            return renewed
        basis = self._basis(
            "term.max_total",
            field="max_total",
            start=self.terms[0].first_day,
            total=clauses.max_total,
            last=limit,
        )
        return self._term(ordinal, first, limit, renewed.origin, basis)

    def _refuse_renewal(self, limit: Fact | None, vote: Event | None) -> None:
        self.limit = limit
        if vote is not None and limit is not None:
            self._find("renewal_beyond_limit", on=vote.on, limit=limit)

    def _counted(
        self,
        ordinal: int,
        first: date,
        anchor: _Anchor,
        origin: TermOrigin,
        rule: str | None = None,
        **facts: Fact,
    ) -> Term:
        last = anchor.last_day()
        if anchor.count == 0 and last.year > LAST_YEAR:
            self._find("beyond_calendar", year=LAST_YEAR, last=last)
        facts |= {"start": anchor.day, "last": last}
        if anchor.base is not None:
            facts["term"] = anchor.base
        if anchor.count and anchor.renewal is not None:
            facts |= {"count": anchor.count, "renewal": anchor.renewal}
        reading = "included" if anchor.included else "excluded"
        field_name = "term" if anchor.count == 0 else "renewal"
        basis = self._basis(rule or f"term.initial_{reading}", field=field_name, **facts)
        alternative = None
        if (found := anchor.other_reading(last)) is not None:
            other, why, law = found
            alternative = Alternative(
                due_on=other,
                why=Basis(rule=why, facts=(("last", other), ("start", anchor.day)), law=law),
            )
        return self._term(ordinal, first, last, origin, basis, alternative=alternative)

    def _renewal_length(self, clauses: ConventionTerms, vote: Event | None) -> Period | None:
        if vote is not None and vote.term is not None:
            return vote.term
        if clauses.renewal_period is not None:
            return clauses.renewal_period
        initial = self.terms[0]
        if isinstance(clauses.term, Period):
            length = clauses.term
        elif initial.first_day is not None and initial.last_day is not None:
            length = length_of(initial.first_day, initial.last_day)
        else:
            return None
        if clauses.renewal is RenewalMode.TACIT:
            self._find(
                "tacit_without_period",
                law=("cciv-1214", "cciv-1215", "tacit-indefinite"),
                term=length,
            )
        return length

    # -- amendments -----------------------------------------------------------------------------

    def _amended(self, term: Term, anchor: _Anchor | None) -> tuple[Term, _Anchor | None]:
        """Apply the amendments that change the length of the term in course, in date order.

        The initial term was read with those that stood on its first day.
        """
        for event in events_named(self.facts, EventName.AMENDMENT):
            read = term.ordinal == 0 and term.first_day is not None and event.on <= term.first_day
            if event.on not in term or read or not _LENGTHS & dict(event.changes).keys():
                continue
            found = self._lengthened(term, anchor, event)
            if found is None or (found[0].last_day or date.max) < event.on:
                self._find("amendment_ignored", on=event.on)
            else:
                term, anchor = found
        return term, anchor

    def _lengthened(
        self, term: Term, anchor: _Anchor | None, event: Event
    ) -> tuple[Term, _Anchor | None] | None:
        """Return the term as an amendment makes it, None where it cannot be computed."""
        changes, clauses = dict(event.changes), clauses_on(self.facts, event.on)
        first, end = term.first_day, clauses.end if "end" in changes else None
        length = clauses.term if "term" in changes or end is None else None
        counted = None
        if isinstance(length, Period):
            # an endless convention that gets a length gets it from the day of the amendment
            origin = first if term.last_day is not None else event.on
            if origin is not None:
                initial = term.ordinal == 0 and origin == first
                changed = _Anchor(
                    day=origin,
                    base=length,
                    included=clauses.start_day_included or not initial,
                    two_readings=initial and anchor is not None and anchor.two_readings,
                )
                rule = "term.amended_length"
                last = self._counted(term.ordinal, origin, changed, term.origin, rule, on=event.on)
                counted = replace(last, first_day=first), changed
        if end is not None:
            if first is not None and end < first:
                return None
            basis = self._basis("term.amended_end", on=event.on, end=end)
            fixed = self._term(term.ordinal, first, end, term.origin, basis), _after(end)
            return self._earlier(fixed, counted)
        if length == INDEFINITE:
            basis = self._basis("term.amended_indefinite", on=event.on)
            return self._term(term.ordinal, first, None, term.origin, basis), None
        return counted

    # -- votes, notices, termination ------------------------------------------------------------

    def _vote_for(self, last: date, votes: list[Event]) -> Event | None:
        """Take the votes cast on or before the last day: the latest of them renews the term."""
        cast = [vote for vote in votes if vote.on <= last]
        votes[:] = votes[len(cast) :]
        if len(cast) > 1:
            self._find("renewal_voted_again", on=cast[-1].on, first=cast[-2].on)
        return cast[-1] if cast else None

    def _report_unused(self, votes: list[Event]) -> None:
        if not self.terms:
            return
        ended = self.terms[-1].last_day if not self.goes_on else None
        for vote in votes:
            if ended is not None and vote.on > ended:
                self._find("renewal_after_term", law=("cciv-1213",), on=vote.on, last=ended)
            elif clauses_on(self.facts, vote.on).renewal is RenewalMode.TACIT:
                if self.limit is not None and vote.on in self.terms[-1]:
                    self._find("renewal_beyond_limit", on=vote.on, limit=self.limit)
                else:
                    self._find("renewal_not_needed", on=vote.on)
        terms = self.facts.terms
        for event in events_named(self.facts, EventName.AMENDMENT):
            if amended(terms, event) is None:
                self._find("amendment_ignored", on=event.on)
            terms = amended(terms, event) or terms
            if ended is not None and event.on > ended and _LENGTHS & dict(event.changes).keys():
                self._find("extension_after_term", law=("cciv-1213",), on=event.on, last=ended)

    def _notices(self) -> Iterator[tuple[Event, date, ConventionTerms]]:
        """Yield each notice with the day that counts for it and the terms it was given under."""
        for event in events_named(self.facts, EventName.NOTICE):
            clauses = clauses_on(self.facts, event.on)
            yield event, notice_counted_on(event, clauses), clauses

    def _denounced_for(self, term: Term, last: date, *, tacit: bool) -> bool:
        """Tell whether a notice stops the convention at, or within, this term."""
        for event, counted, clauses in self._notices():
            if clauses.notice is not None and clauses.notice_of is NoticeOf.TERMINATION:
                if (end := shift(counted, clauses.notice)) <= last:
                    self._end_within(term, event, counted, end)
                    return True
            elif counted <= (latest_notice(last, clauses.notice) if tacit else last):
                late = self._came_late(term, counted, clauses.notice)
                self._denounce(event, counted, last, late=late)
                return True
        return False

    def _came_late(self, term: Term, counted: date, notice: Period | None) -> bool:
        """Tell whether the notice missed the day of an earlier term, where there was one."""
        if term.first_day is None or counted >= term.first_day:
            return False
        before, first = self.terms[:-1], self.terms[0].first_day
        return bool(before) and (
            first is None or latest_notice(term.first_day - _ONE_DAY, notice) >= first
        )

    def _end_within(self, term: Term, event: Event, counted: date, end: date) -> None:
        """Cut the term at the end of a notice of termination."""
        end = end if term.first_day is None else max(end, term.first_day)
        basis = self._basis("term.terminated_by_notice", field="notice", on=counted, last=end)
        self.terms[-1] = self._term(term.ordinal, term.first_day, end, term.origin, basis)
        self._denounce(event, counted, end, late=False)

    def _denounced_endless(self, term: Term) -> bool:
        """Tell whether a notice ends a convention that has no last day of its own."""
        for event, counted, clauses in self._notices():
            if clauses.notice is None:
                self._find("reasonable_notice", law=("cciv-1211",), on=counted)
                continue
            self._end_within(term, event, counted, shift(counted, clauses.notice))
            return True
        return False

    def _denounce(self, event: Event, counted: date, last: date, *, late: bool) -> None:
        self.denunciation = Denunciation(event=event, counted_on=counted, last_day=last, late=late)
        if late:
            self._find("late_notice", on=counted, last=last)
        if not _is_confirmed(event, clauses_on(self.facts, event.on)):
            self._find("notice_unconfirmed", on=event.on)

    def _cut(self, terminated: date | None) -> None:
        if terminated is None:
            return
        kept = [
            term for term in self.terms if term.first_day is None or term.first_day <= terminated
        ]
        if kept and (kept[-1].last_day or date.max) > terminated:
            basis = self._basis("term.terminated", last=terminated)
            cut = kept[-1]
            kept[-1] = self._term(cut.ordinal, cut.first_day, terminated, cut.origin, basis)
        self.terms = kept

    # -- values ---------------------------------------------------------------------------------

    def _term(
        self,
        ordinal: int,
        first: date | None,
        last: date | None,
        origin: TermOrigin,
        basis: Basis,
        *,
        alternative: Alternative | None = None,
    ) -> Term:
        return Term(
            ordinal=ordinal,
            first_day=first,
            last_day=last,
            origin=origin,
            basis=basis,
            alternative=alternative,
        )

    def _basis(self, rule: str, /, *, field: str = "term", **facts: Fact | None) -> Basis:
        if rule in _NAMES_THE_ACT:
            facts["act"] = self.start.fact
        used = (*self.start.fields, *_USED[field])
        supposed = self.facts.supposed
        return Basis(
            rule=rule,
            facts=tuple(sorted((name, fact) for name, fact in facts.items() if fact is not None)),
            law=_LAW.get(rule, ()),
            clause=self.facts.quote_for(field) if self.facts.evidence else None,
            supposed=tuple(name for name in used if name in supposed) if supposed else (),
        )

    def _find(self, code: str, *, law: tuple[str, ...] = (), **facts: Fact) -> None:
        finding = Finding(code=code, facts=tuple(sorted(facts.items())), law=law)
        if finding not in self.findings:
            self.findings.append(finding)


_LENGTHS = frozenset({"term", "end"})
_NAMES_THE_ACT = frozenset({"term.initial_included", "term.initial_excluded", "term.indefinite"})
_LAW: dict[str, tuple[str, ...]] = {
    "term.initial_included": ("term-eve",),
    "term.initial_excluded": ("cpc-641",),
    "term.indefinite": ("cciv-1210", "cciv-1211"),
    "term.express": ("cciv-1214",),
}
_USED: dict[str, tuple[str, ...]] = {
    "term": ("term",),
    "end": ("end",),
    "renewal": ("term", "renewal", "renewal_period"),
    "max_total": ("max_total",),
    "notice": ("notice",),
}
"""The fields that a basis rests on, beside those of the start."""


def longest_last_day(first_day: date | None, clauses: ConventionTerms) -> date | None:
    """Return the last day that the longest total duration allows, None without such a clause."""
    if clauses.max_total is None or first_day is None:
        return None
    return term_last_day(
        first_day, clauses.max_total, start_day_included=clauses.start_day_included
    )


def length_of(first: date, last: date) -> Period:
    """Return how long a term with a fixed end lasts: whole months where it can be said so."""
    after = last + _ONE_DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    for whole in (months, months - 1):
        if whole > 0 and term_last_day(first, Period(months=whole)) == last:
            return Period(months=whole)
    return Period(days=(after - first).days)


def latest_notice(last: date, notice: Period | None) -> date:
    """Return the last day on which a notice is in time: the last of the term without a period."""
    return last if notice is None else latest_receipt(last, notice)


def notice_counted_on(event: Event, clauses: ConventionTerms) -> date:
    """Return the day that counts for a notice: receipt, else presentation, else posting.

    Where the clause counts from sending, the posting day; from first presentation, that day.
    """
    counting = clauses.notice_counts_from or NoticeCounting.RECEIPT
    if counting is NoticeCounting.SENDING:
        return event.on
    if counting is NoticeCounting.FIRST_PRESENTATION:
        return event.presented_on or event.received_on or event.on
    return event.received_on or event.presented_on or event.on


def _is_confirmed(event: Event, clauses: ConventionTerms) -> bool:
    if clauses.notice_counts_from is NoticeCounting.SENDING:
        return True
    return event.received_on is not None or event.presented_on is not None


def _after(last: date) -> _Anchor:
    """Return the anchor of renewals that count from the day after `last`."""
    return _Anchor(day=last + _ONE_DAY, base=None, included=True)
