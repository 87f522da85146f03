"""The initial term and its renewals: when a convention starts, goes on and ends.

The last day of term k is counted from the first day of the initial term, with
(term + k x renewal period), never from the term before. After a fixed end, or after an amendment
that changed a length, counting starts anew on the day after. Terms touch and never overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.domain.consequences import Alternative, Basis, Fact, Finding, Term, TermOrigin
from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Event,
    EventName,
    NoticeCounting,
    NoticeOf,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import (
    LAST_YEAR,
    DateOutOfRangeError,
    Period,
    latest_receipt,
    shift,
    term_last_day,
)
from tracker.domain.facts import clauses_on, events_named, executory_on, full_date

_ONE_DAY = timedelta(days=1)
_READS: dict[StartRule, str] = {
    StartRule.SIGNATURE: "signed_on",
    StartRule.NOTIFICATION: "notified_on",
    StartRule.TRANSMISSION: "transmitted_on",
}
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
    """The votes that opened a term, in order: renewals[i] opened terms[i + 1]."""
    findings: tuple[Finding, ...] = ()

    @property
    def first_day(self) -> date | None:
        """First day of the initial term."""
        return self.terms[0].first_day if self.terms else self.start.day

    def term_on(self, day: date) -> Term | None:
        """Return the term in course on `day`, or None."""
        return next((term for term in self.terms if day in term), None)

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


@dataclass(kw_only=True)
class _Anchor:
    """What last days are counted from: `base` + k x renewal from `day`."""

    day: date
    base: Period | None
    included: bool
    count: int = 0
    renewal: Period | None = None
    two_readings: bool = False

    def last_day(self, *, included: bool | None = None) -> date:
        length = self.base
        if self.count and self.renewal is not None:
            repeated = self.renewal.times(self.count)
            length = repeated if length is None else length.plus(repeated)
        if length is None:
            raise ValueError("an anchor without a length has no last day")
        return term_last_day(
            self.day, length, start_day_included=self.included if included is None else included
        )


@dataclass(kw_only=True)
class _Walk:
    """One walk along the life of a convention, term after term."""

    facts: Convention
    until: date
    terms: list[Term] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    renewals: list[Event] = field(default_factory=list)
    denunciation: Denunciation | None = None
    goes_on: bool = False

    def course(self) -> Course:
        start = starts_on(self.facts)
        self.findings.extend(start.findings)
        terminated = self._terminated_on()
        self._walk(start)
        self._cut(terminated)
        last_day = None
        if self.terms and not self.goes_on:
            last_day = self.terms[-1].last_day
        if terminated is not None and (last_day is None or terminated < last_day):
            last_day = terminated
        return Course(
            start=start,
            terms=tuple(self.terms),
            last_day=last_day,
            denunciation=self.denunciation,
            terminated_on=terminated,
            renewals=tuple(self.renewals),
            findings=tuple(self.findings),
        )

    # -- the walk -------------------------------------------------------------------------------

    def _walk(self, start: Start) -> None:
        clauses = clauses_on(self.facts, start.day)
        first = self._initial_term(start, clauses)
        if first is None:
            return
        term, anchor = first
        votes = self._votes()
        while True:
            term, anchor = self._amended(term, anchor)
            self.terms.append(term)
            if term.last_day is None:
                self.goes_on = self._denounce_indefinite(term) is None
                return
            following = self._next_term(term, anchor, votes)
            if following is None:
                break
            term, anchor = following
            if term.first_day is not None and term.first_day > self.until:
                self.goes_on = True
                return
        self._report_unused(votes)

    def _initial_term(
        self, start: Start, clauses: ConventionTerms
    ) -> tuple[Term, _Anchor | None] | None:
        if clauses.is_indefinite:
            if start.day is None:
                return None
            basis = self._basis("term.indefinite", start, start=start.day)
            return self._term(0, start.day, None, TermOrigin.INITIAL, basis), None
        length = clauses.term if isinstance(clauses.term, Period) else None
        if clauses.end is not None and start.day is not None and clauses.end < start.day:
            self._find("end_before_start", start=start.day, end=clauses.end)
            return None
        counted = None
        if start.day is not None and length is not None:
            anchor = _Anchor(
                day=start.day,
                base=length,
                included=clauses.start_day_included,
                two_readings=start.has_two_readings,
            )
            counted = self._counted(0, start.day, anchor, TermOrigin.INITIAL, start=start)
            if counted is None:
                return None
        if clauses.end is None:
            return None if counted is None else (counted, anchor)
        fixed = self._fixed_term(start, clauses.end)
        if counted is None or counted.last_day == clauses.end:
            return fixed, _after(clauses.end)
        assert counted.last_day is not None  # noqa: S101 - a counted term has one
        self._find("end_conflict", end=clauses.end, counted=counted.last_day)
        if counted.last_day < clauses.end:
            other = Alternative(due_on=clauses.end, why=fixed.basis)
            return _with_alternative(counted, other), anchor
        other = Alternative(due_on=counted.last_day, why=counted.basis)
        return _with_alternative(fixed, other), _after(clauses.end)

    def _fixed_term(self, start: Start, end: date) -> Term:
        basis = self._basis("term.fixed_end", start, field="end", end=end)
        return self._term(0, start.day, end, TermOrigin.INITIAL, basis)

    def _next_term(
        self, term: Term, anchor: _Anchor | None, votes: list[Event]
    ) -> tuple[Term, _Anchor] | None:
        last = term.last_day
        assert last is not None  # noqa: S101 - an endless term has no next one
        clauses = clauses_on(self.facts, last)
        if self._denounced_for(term, clauses):
            return None
        vote = None
        if clauses.renewal is not RenewalMode.TACIT:
            vote = self._vote_for(last, votes)
            if vote is None:
                return None
            if clauses.renewal is RenewalMode.NONE:
                self._find("renewal_not_foreseen", on=vote.on)
        if clauses.renewal_max is not None and term.ordinal >= clauses.renewal_max:
            if vote is not None:
                self._find("renewal_beyond_limit", on=vote.on, limit=clauses.renewal_max)
            return None
        length = self._renewal_length(clauses, vote)
        if length is None:
            self._find("renewal_period_unknown", last=last)
            return None
        return self._renewed(term, anchor, clauses, length=length, vote=vote)

    def _renewed(
        self,
        term: Term,
        anchor: _Anchor | None,
        clauses: ConventionTerms,
        *,
        length: Period,
        vote: Event | None,
    ) -> tuple[Term, _Anchor] | None:
        origin = TermOrigin.TACIT if vote is None else TermOrigin.EXPRESS
        assert term.last_day is not None  # noqa: S101 - checked by the caller
        first = term.last_day + _ONE_DAY
        if anchor is None or (anchor.renewal is not None and anchor.renewal != length):
            anchor = _after(term.last_day)
        following = _Anchor(
            day=anchor.day,
            base=anchor.base,
            included=anchor.included,
            count=anchor.count + 1,
            renewal=length,
            two_readings=anchor.two_readings,
        )
        renewed = self._counted(term.ordinal + 1, first, following, origin, vote=vote)
        if renewed is None:
            return None
        cut = self._cut_by_total(renewed, clauses)
        if cut is None:
            if vote is not None and clauses.max_total is not None:
                self._find("renewal_beyond_limit", on=vote.on, limit=clauses.max_total)
            return None
        if vote is not None:
            self.renewals.append(vote)
        return cut, following

    def _counted(
        self,
        ordinal: int,
        first: date,
        anchor: _Anchor,
        origin: TermOrigin,
        *,
        start: Start | None = None,
        vote: Event | None = None,
    ) -> Term | None:
        try:
            last = anchor.last_day()
            other = anchor.last_day(included=not anchor.included) if anchor.two_readings else last
        except DateOutOfRangeError:
            self._find("beyond_calendar", year=LAST_YEAR)
            return None
        facts: dict[str, Fact] = {"start": anchor.day, "last": last}
        if anchor.base is not None:
            facts["term"] = anchor.base
        if anchor.count and anchor.renewal is not None:
            facts |= {"count": anchor.count, "renewal": anchor.renewal}
        if vote is not None:
            facts["vote"] = vote.on
        reading = "included" if anchor.included else "excluded"
        name = {
            TermOrigin.INITIAL: f"term.initial_{reading}",
            TermOrigin.TACIT: "term.tacit" if anchor.base is not None else "term.tacit_rebased",
            TermOrigin.EXPRESS: "term.express",
        }[origin]
        field_name = "term" if origin is TermOrigin.INITIAL else "renewal"
        basis = self._basis(name, start, field=field_name, **facts)
        alternative = None
        if other != last:
            why = Basis(
                rule="term.other_excluded" if anchor.included else "term.other_included",
                facts=(("start", anchor.day), ("last", other)),
                law=("cpc-641",) if anchor.included else ("term-eve",),
            )
            alternative = Alternative(due_on=other, why=why)
        return self._term(ordinal, first, last, origin, basis, alternative=alternative)

    def _cut_by_total(self, term: Term, clauses: ConventionTerms) -> Term | None:
        """Cut a renewal at the longest total duration; None where nothing is left of it."""
        first = self.terms[0].first_day
        if clauses.max_total is None or first is None:
            return term
        limit = term_last_day(
            first, clauses.max_total, start_day_included=clauses.start_day_included
        )
        assert term.last_day is not None and term.first_day is not None  # noqa: S101, PT018
        if term.last_day <= limit:
            return term
        if term.first_day > limit:
            return None
        basis = self._basis(
            "term.max_total",
            None,
            field="max_total",
            start=first,
            total=clauses.max_total,
            last=limit,
        )
        return self._term(term.ordinal, term.first_day, limit, term.origin, basis)

    def _renewal_length(self, clauses: ConventionTerms, vote: Event | None) -> Period | None:
        if vote is not None and vote.term is not None:
            return vote.term
        if clauses.renewal_period is not None:
            return clauses.renewal_period
        if not isinstance(clauses.term, Period):
            return None
        if clauses.renewal is RenewalMode.TACIT:
            self._find(
                "tacit_without_period",
                law=("cciv-1214", "cciv-1215", "tacit-indefinite"),
                term=clauses.term,
            )
        return clauses.term

    # -- amendments -----------------------------------------------------------------------------

    def _amended(self, term: Term, anchor: _Anchor | None) -> tuple[Term, _Anchor | None]:
        """Apply the amendments that change the length of the term in course, in date order."""
        for event in events_named(self.facts, EventName.AMENDMENT):
            changes = dict(event.changes)
            if not {"term", "end"} & changes.keys():
                continue
            if event.on not in term or (term.first_day is not None and event.on <= term.first_day):
                continue
            term, anchor = self._lengthened(term, anchor, event)
        return term, anchor

    def _lengthened(
        self, term: Term, anchor: _Anchor | None, event: Event
    ) -> tuple[Term, _Anchor | None]:
        changes = dict(event.changes)
        end, length = changes.get("end"), changes.get("term")
        first = term.first_day
        if isinstance(end, date):
            if first is not None and end < first:
                self._find("end_before_start", start=first, end=end)
                return term, anchor
            basis = self._basis("term.amended_end", None, on=event.on, end=end)
            return self._term(term.ordinal, first, end, term.origin, basis), _after(end)
        if isinstance(length, str):
            basis = self._basis("term.amended_indefinite", None, on=event.on)
            return self._term(term.ordinal, first, None, term.origin, basis), None
        if isinstance(length, Period) and first is not None:
            included = clauses_on(self.facts, event.on).start_day_included
            included = included or term.ordinal > 0
            anchor = _Anchor(day=first, base=length, included=included)
            last = anchor.last_day()
            basis = self._basis(
                "term.amended_length", None, on=event.on, start=first, term=length, last=last
            )
            return self._term(term.ordinal, first, last, term.origin, basis), anchor
        return term, anchor

    # -- votes, notices, termination ------------------------------------------------------------

    def _votes(self) -> list[Event]:
        return list(events_named(self.facts, EventName.RENEWAL))

    def _vote_for(self, last: date, votes: list[Event]) -> Event | None:
        """Take the first vote cast on or before the last day: later it renews nothing."""
        if votes and votes[0].on <= last:
            return votes.pop(0)
        return None

    def _report_unused(self, votes: list[Event]) -> None:
        last = self.terms[-1].last_day
        assert last is not None  # noqa: S101 - the walk ended on a last day
        tacit = clauses_on(self.facts, last).renewal is RenewalMode.TACIT
        for vote in votes:
            if vote.on > last:
                self._find("renewal_after_term", law=("cciv-1213",), on=vote.on, last=last)
            elif tacit:
                self._find("renewal_not_needed", on=vote.on)
        for event in events_named(self.facts, EventName.AMENDMENT):
            if event.on > last and {"term", "end"} & dict(event.changes).keys():
                self._find("extension_after_term", law=("cciv-1213",), on=event.on, last=last)

    def _notices(self) -> Iterator[tuple[Event, date]]:
        """Yield each notice with the day that counts for it."""
        for event in events_named(self.facts, EventName.NOTICE):
            yield event, notice_counted_on(event, clauses_on(self.facts, event.on))

    def _denounced_for(self, term: Term, clauses: ConventionTerms) -> bool:
        """Tell whether a notice stops the convention at, or within, this term."""
        last = term.last_day
        assert last is not None  # noqa: S101 - checked by the caller
        tacit = clauses.renewal is RenewalMode.TACIT
        for event, counted in self._notices():
            if clauses.notice_of is NoticeOf.TERMINATION and clauses.notice is not None:
                if (end := shift(counted, clauses.notice)) <= last:
                    self._end_within(term, event, counted, end)
                    return True
                continue
            in_time = last
            if tacit and clauses.notice is not None:
                in_time = latest_receipt(last, clauses.notice)
            if counted <= in_time:
                self._denounce(event, counted, last, late=self._came_late(counted, term))
                return True
        return False

    def _came_late(self, counted: date, term: Term) -> bool:
        """Tell whether the notice was meant for an earlier term and missed its day."""
        return term.first_day is not None and term.ordinal > 0 and counted < term.first_day

    def _end_within(self, term: Term, event: Event, counted: date, end: date) -> None:
        """Cut the term at the end of a notice of termination."""
        if term.first_day is not None and end < term.first_day:
            end = term.first_day
        basis = self._basis("term.terminated_by_notice", None, on=counted, last=end)
        self.terms[-1] = self._term(term.ordinal, term.first_day, end, term.origin, basis)
        self._denounce(event, counted, end, late=False)

    def _denounce_indefinite(self, term: Term) -> Denunciation | None:
        for event, counted in self._notices():
            clauses = clauses_on(self.facts, event.on)
            if clauses.notice is None:
                self._find("reasonable_notice", law=("cciv-1211",), on=counted)
                continue
            self._end_within(term, event, counted, shift(counted, clauses.notice))
            return self.denunciation
        return None

    def _denounce(self, event: Event, counted: date, last: date, *, late: bool) -> None:
        self.denunciation = Denunciation(event=event, counted_on=counted, last_day=last, late=late)
        if late:
            self._find("late_notice", on=counted, last=last)
        if not _is_confirmed(event, clauses_on(self.facts, event.on)):
            self._find("notice_unconfirmed", on=event.on)

    def _terminated_on(self) -> date | None:
        """Return the last day in force set by a termination, the earliest if there are several."""
        return min(
            (event.on for event in events_named(self.facts, EventName.TERMINATION)), default=None
        )

    def _cut(self, terminated: date | None) -> None:
        if terminated is None:
            return
        kept = [
            term for term in self.terms if term.first_day is None or term.first_day <= terminated
        ]
        if kept and (kept[-1].last_day is None or kept[-1].last_day > terminated):
            basis = self._basis("term.terminated", None, last=terminated)
            cut = kept[-1]
            kept[-1] = self._term(cut.ordinal, cut.first_day, terminated, cut.origin, basis)
            self.goes_on = False
        elif len(kept) < len(self.terms):
            self.goes_on = False
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

    def _basis(
        self, rule: str, start: Start | None, /, *, field: str = "term", **facts: Fact
    ) -> Basis:
        name = (start or starts_on(self.facts)).fact
        if start is not None:
            facts = {**facts, "act": name}
        law = {
            "term.initial_included": ("term-eve",),
            "term.initial_excluded": ("cpc-641",),
            "term.indefinite": ("cciv-1210", "cciv-1211"),
            "term.express": ("cciv-1214",),
        }.get(rule, ())
        return Basis(
            rule=rule,
            facts=tuple(sorted(facts.items())),
            law=law,
            clause=self.facts.quote_for(field),
            supposed=(name,) if name in self.facts.supposed else (),
        )

    def _find(self, code: str, *, law: tuple[str, ...] = (), **facts: Fact) -> None:
        finding = Finding(code=code, facts=tuple(sorted(facts.items())), law=law)
        if finding not in self.findings:
            self.findings.append(finding)


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


def _with_alternative(term: Term, alternative: Alternative) -> Term:
    return Term(
        ordinal=term.ordinal,
        first_day=term.first_day,
        last_day=term.last_day,
        origin=term.origin,
        basis=term.basis,
        alternative=alternative,
    )
