"""Every deadline of a convention, each with its derivation and its status today.

Three steps: list the occurrences that the course of the convention and the law call for, match
them with the events that met them, and judge what is left against today.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import partial
from urllib.parse import quote

from tracker.domain.consequences import (
    OPEN_STATUSES,
    SELF_FULFILLING_KINDS,
    Alternative,
    Basis,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Fact,
    PlanStep,
    Term,
)
from tracker.domain.conventions import (
    FORMAL_DATES,
    Convention,
    ConventionKind,
    ConventionTerms,
    DutyKind,
    Event,
    EventName,
    Instalment,
    RenewalMode,
)
from tracker.domain.council import CouncilCalendar, backward_plan
from tracker.domain.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    Period,
    latest_receipt,
    nth_last_day,
    parse_day,
    shift,
    shift_back,
    working_day_on_or_before,
)
from tracker.domain.facts import (
    clause_versions,
    clauses_on,
    events_named,
    executory_on,
    full_date,
    voted_on,
)
from tracker.domain.law import (
    DECLARATION_CLOSED,
    DECLARATION_DAY,
    DECLARATION_OPENS,
    DECLARATION_SINCE,
    FINANCIAL_REPORT_DELAY,
    LAW,
    ODA_COUNTRIES,
    OPEN_DATA_DELAY,
    SIGNATURE_HABIT,
    SUBSIDY_THRESHOLD,
    TRANSMISSION_HABIT,
)
from tracker.domain.terms import (
    EXECUTORY,
    Course,
    derive_terms,
    latest_notice,
    longest_last_day,
)

_LAST_DAY = date(LAST_YEAR, 12, 31)
_LOOK_AHEAD = Period(years=2)
"""Terms are derived further than asked: a notice or a plan looks forward to its term."""

_MET_BY: dict[DeadlineKind, EventName] = {
    DeadlineKind.EVALUATION: EventName.EVALUATION,
    DeadlineKind.COMMITTEE: EventName.COMMITTEE,
    DeadlineKind.REPORT: EventName.REPORT,
    DeadlineKind.FINAL_EVALUATION: EventName.FINAL_EVALUATION,
    DeadlineKind.PAYMENT: EventName.PAYMENT,
    DeadlineKind.PUBLICATION: EventName.PUBLICATION,
    DeadlineKind.DECLARATION: EventName.DECLARATION,
    DeadlineKind.REVIEW: EventName.REVIEW,
}
_DUTY_KINDS: dict[DutyKind, DeadlineKind] = {
    DutyKind.EVALUATION: DeadlineKind.EVALUATION,
    DutyKind.COMMITTEE: DeadlineKind.COMMITTEE,
    DutyKind.REPORT: DeadlineKind.REPORT,
}
_LOST_ONCE_PAST = frozenset({DeadlineKind.NOTICE, DeadlineKind.DECISION})

PAYMENT_TRIGGERS: dict[str, EventName | str] = {
    "signature": "signed_on",
    "notification": "notified_on",
    "transmission": "convention_transmitted_on",
    "deliberation": "executory_on",
    "documents": EventName.DOCUMENTS,
    "committee": EventName.COMMITTEE,
    "report": EventName.REPORT,
    "evaluation": EventName.EVALUATION,
    "final_evaluation": EventName.FINAL_EVALUATION,
}
"""What can make an instalment payable: a formal date, or the first event of a name."""


DEFAULT_POSTAL_MARGIN = Period(days=15)
"""Delivery of a registered letter and the days it may wait at the post office: a habit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a convention does not know itself: calendar, council, habits, its family."""

    holidays: frozenset[date] = frozenset()
    postal_margin: Period | None = DEFAULT_POSTAL_MARGIN
    council: CouncilCalendar = field(default_factory=CouncilCalendar)
    succeeded_by: tuple[str, ...] = ()
    """References of the conventions that say they succeed this one."""
    succession_voted: bool = False
    """Whether one of these has been voted, signed or begun: the renewal is then decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occurrence:
    """A deadline before it is judged."""

    kind: DeadlineKind
    ordinal: int
    due_on: date
    basis: Basis | Callable[[], Basis]
    """How the day was found, or a way to say it: most past duties are never shown."""
    act_by: date | None = None
    alternative: Alternative | None = None
    term: Term | None = None
    amount: Decimal | None = None
    label: str = ""
    until: date | None = None
    met: bool = False
    legal: bool = False
    """A duty of law, still owed after the end of the convention."""


def horizon_for(facts: Convention, until: date) -> date:
    """Return how far terms must be derived for every deadline up to `until` to be seen."""
    until = min(until, _LAST_DAY)
    notices = [terms.notice for _, terms in clause_versions(facts) if terms.notice is not None]
    return shift(max((shift(until, notice) for notice in notices), default=until), _LOOK_AHEAD)


def derive_deadlines(
    facts: Convention,
    surroundings: Surroundings,
    *,
    today: date,
    until: date,
    since: date | None = None,
    course: Course | None = None,
) -> tuple[Deadline, ...]:
    """Return the deadlines due on or before `until`, past ones included, in due order.

    With `since`, what is settled and was due before it is left out: fifteen years of notices that
    nobody asks for cost most of the time. Open deadlines are there whatever their day.

    `facts` are those known on `today`. Sorted by `due_on`, then kind, then ordinal. A later
    horizon only adds deadlines.
    """
    until = min(until, _LAST_DAY)
    course = course or derive_terms(facts, horizon_for(facts, max(until, today)))
    since = min(since or date.min, today)
    occurrences = _Calendar(
        facts=facts, course=course, around=surroundings, until=until, since=since
    ).occurrences()
    judge = _Judge(facts=facts, course=course, around=surroundings, today=today)
    deadlines = [
        judge.deadline(item, status)
        for item in judge.match(occurrences)
        if item.due_on <= until
        and ((status := judge.status(item)) in OPEN_STATUSES or item.due_on >= since)
    ]
    return tuple(sorted(deadlines, key=lambda item: (item.due_on, item.kind.value, item.ordinal)))


def deadline_key(reference: str, kind: DeadlineKind, ordinal: int) -> str:
    """Return the stable identity of a deadline: `REFERENCE/kind/ordinal`, no date in it."""
    return f"{deadline_prefix(reference)}{kind.value}/{ordinal}"


def deadline_prefix(reference: str) -> str:
    """Return what the keys of a convention's deadlines begin with."""
    return quote(reference, safe="") + "/"


def is_trigger(text: str) -> bool:
    """Tell whether `text` can make an instalment payable: a known trigger, or a day."""
    if text in PAYMENT_TRIGGERS:
        return True
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def undecided_term(facts: Convention, course: Course, today: date) -> Term | None:
    """Return the term whose renewal by a vote is still to be decided, or None.

    The last one known, not ended, of a convention that renews expressly and is not denounced.
    """
    if not course.terms or course.denunciation or course.terminated_on is not None:
        return None
    term = course.terms[-1]
    if term.last_day is None or term.last_day < today or course.renews_after(term):
        return None
    return term if _renews_expressly(facts, course, term) else None


def plan_renewal(
    facts: Convention, course: Course, surroundings: Surroundings, today: date
) -> tuple[PlanStep, ...]:
    """Return the backward plan of the renewal still to be voted, empty where there is none."""
    term = undecided_term(facts, course, today)
    if term is None or surroundings.succession_voted:
        return ()
    return _plan_for(facts, term, surroundings)


def _plan_for(facts: Convention, term: Term, surroundings: Surroundings) -> tuple[PlanStep, ...]:
    assert term.last_day is not None  # noqa: S101 - undecided terms have a last day
    sessions = surroundings.council.sessions_before(term.last_day, after=term.first_day)
    if not sessions:
        return ()
    return backward_plan(
        sessions[-1],
        term.last_day,
        surroundings.council,
        holidays=surroundings.holidays,
        external_action=facts.is_external_action,
    )


def _renews_expressly(facts: Convention, course: Course, term: Term) -> bool:
    clauses = clauses_on(facts, term.last_day)
    if clauses.renewal is not RenewalMode.EXPRESS:
        return False
    if clauses.renewal_max is not None and term.ordinal >= clauses.renewal_max:
        return False
    limit = longest_last_day(course.first_day, clauses)
    return limit is None or (term.last_day is not None and term.last_day < limit)


def yearly_amount(facts: Convention) -> Decimal | None:
    """Return the greatest amount of a year: the threshold of the law is counted by the year."""
    if facts.amounts:
        return max(item.amount for item in facts.amounts)
    return facts.amount


def is_above_threshold(facts: Convention) -> bool:
    """Tell whether the law on subsidies asks for a written convention, its report, its data."""
    amount = yearly_amount(facts)
    return amount is not None and amount > SUBSIDY_THRESHOLD


def split_amount(total: Decimal, instalments: tuple[Instalment, ...]) -> tuple[Decimal, ...]:
    """Return the euros of each instalment, to the cent; together they make their shares' sum.

    Cents are rounded down and the last instalment takes what is left.
    """
    cent = Decimal("0.01")
    whole = (total * sum((item.share for item in instalments), Decimal(0)) / 100).quantize(cent)
    parts = [
        (total * item.share / 100).quantize(cent, rounding=ROUND_DOWN) for item in instalments[:-1]
    ]
    return (*parts, whole - sum(parts, Decimal(0))) if instalments else ()


@dataclass(kw_only=True)
class _Calendar:
    """Lists the occurrences that the course of a convention and the law call for."""

    facts: Convention
    course: Course
    around: Surroundings
    until: date
    since: date = date.min

    def occurrences(self) -> list[_Occurrence]:
        return [
            *self._signature(),
            *self._missing(),
            *self._term_ends(),
            *self._recurring(),
            *self._reviews(),
            *self._payments(),
            *self._subsidy(),
            *self._external_action(),
            *self._programme(),
            *self._milestones(),
        ]

    # -- formal acts ----------------------------------------------------------------------------

    def _signature(self) -> Iterator[_Occurrence]:
        voted = full_date(voted_on(self.facts))
        if voted is None:
            return
        yield _Occurrence(
            kind=DeadlineKind.SIGNATURE,
            ordinal=1,
            due_on=shift(voted, SIGNATURE_HABIT),
            basis=self._basis(
                "signature",
                "deliberated_on",
                on=voted,
                delay=SIGNATURE_HABIT,
                law=("cgct-sign-after",),
            ),
            met=self.facts.signed_on is not None,
        )

    def _missing(self) -> Iterator[_Occurrence]:
        missing = self._missing_fact()
        known = [
            day
            for name in FORMAL_DATES
            if (day := full_date(getattr(self.facts, name))) is not None
        ]
        if missing is None or not known:
            return
        yield _Occurrence(
            kind=DeadlineKind.MISSING,
            ordinal=1,
            due_on=max(known),
            basis=self._basis("missing", missing, field=missing, on=max(known)),
            label=missing,
        )

    def _missing_fact(self) -> str | None:
        """Return the field without which nothing can be computed, or None."""
        if self.course.terms or self.course.terminated_on is not None:
            return None
        if self.course.start.day is None:
            return self.course.start.fact
        terms = clauses_on(self.facts, self.course.start.day)
        return "term" if terms.term is None and terms.end is None else None

    # -- ends of terms --------------------------------------------------------------------------

    def _term_ends(self) -> Iterator[_Occurrence]:
        for term in self.course.terms:
            if term.last_day is None:
                continue
            last = term.last_day
            clauses = clauses_on(self.facts, last)
            if last < self.since and not clauses.final_evaluation:
                continue
            renews = self.course.renews_after(term)
            tacit = clauses.renewal is RenewalMode.TACIT
            if renews and tacit:
                yield self._end(DeadlineKind.RENEWAL, "renewal", term)
            elif not renews:
                yield self._end(DeadlineKind.EXPIRY, self._expiry_rule(tacit=tacit), term)
            if tacit and self._could_renew(term, renews=renews):
                yield self._notice(term)
            voted = (
                not tacit
                and not self._is_stopped(term)
                and (renews or _renews_expressly(self.facts, self.course, term))
            )
            if voted:
                yield self._decision(term, renews=renews)
            if clauses.final_evaluation:
                yield self._final_evaluation(term, voted=voted)

    def _expiry_rule(self, *, tacit: bool) -> str:
        if self.course.terminated_on is not None:
            return "expiry.terminated"
        if self.course.denunciation is not None:
            return "expiry.denounced"
        return "expiry.no_more_renewal" if tacit else "expiry"

    def _end(self, kind: DeadlineKind, rule: str, term: Term) -> _Occurrence:
        assert term.last_day is not None  # noqa: S101 - checked by the caller
        own = term.basis
        basis = Basis(
            rule=own.rule,
            facts=(*own.facts, ("end_rule", rule)),
            law=own.law,
            clause=own.clause,
            supposed=own.supposed,
        )
        return _Occurrence(
            kind=kind,
            ordinal=term.ordinal + 1,
            due_on=term.last_day,
            basis=basis,
            alternative=term.alternative,
            term=term,
        )

    def _could_renew(self, term: Term, *, renews: bool) -> bool:
        """Tell whether a notice has, or had, something to prevent at the end of this term."""
        if renews:
            return True
        stopped = self.course.denunciation
        if self.course.terminated_on is not None and self.course.terminated_on == term.last_day:
            return False
        return stopped is not None and stopped.last_day == term.last_day

    def _is_stopped(self, term: Term) -> bool:
        """Tell whether a denunciation or a termination ends the convention with this term."""
        stopped = self.course.denunciation is not None or self.course.terminated_on is not None
        return stopped and not self.course.renews_after(term)

    def _notice(self, term: Term) -> _Occurrence:
        last = term.last_day
        assert last is not None  # noqa: S101 - checked by the caller
        clauses = self._notice_clauses(last)
        denounced = self.course.denunciation
        if clauses.notice is None:
            due, prudent, rule = last, last, "notice.no_period"
        else:
            due = latest_receipt(last, clauses.notice)
            prudent = min(due, shift_back(last, clauses.notice))
            rule = "notice"
        counting = clauses.notice_counts_from.value if clauses.notice_counts_from else "unspecified"
        margin = None if counting == "sending" else self.around.postal_margin
        safe = shift_back(prudent, margin) if margin else prudent
        facts: dict[str, Fact] = {"last": last, "due": due, "counting": counting}
        if clauses.notice is not None:
            facts["notice"] = clauses.notice
        if clauses.notice_form is not None:
            facts["form"] = clauses.notice_form.value
        if margin is not None:
            facts["margin"] = margin
        if clauses.notice_of is not None:
            facts["of"] = clauses.notice_of.value
        return _Occurrence(
            kind=DeadlineKind.NOTICE,
            ordinal=term.ordinal + 1,
            due_on=due,
            act_by=working_day_on_or_before(safe, self.around.holidays),
            basis=self._basis(
                rule,
                "notice",
                facts,
                law=("term-eve", "notice-receipt") if clauses.notice else (),
                supposed=term.basis.supposed,
            ),
            alternative=self._other_notice(term, due, clauses.notice),
            term=term,
            met=denounced is not None and denounced.last_day == last,
        )

    def _notice_clauses(self, last: date) -> ConventionTerms:
        """Return the terms that set the notice day: an amendment does not reopen a past one.

        One adopted when both the old and the new day were past leaves the old day as it was.
        """
        versions = [item for item in clause_versions(self.facts) if item[0] <= last]
        chosen = versions[0][1]
        for since, terms in versions[1:]:
            days = [latest_notice(last, item.notice) for item in (chosen, terms)]
            if max(days) >= since:
                chosen = terms
        return chosen

    def _other_notice(self, term: Term, due: date, notice: Period | None) -> Alternative | None:
        if term.alternative is None:
            return None
        last = term.alternative.due_on
        other = latest_notice(last, notice)
        if other == due:
            return None
        reading = term.alternative.why
        why = replace(reading, facts=(*reading.facts, ("notice_due", other)))
        return Alternative(due_on=other, why=why)

    def _decision(self, term: Term, *, renews: bool) -> _Occurrence:
        """Return the last council session that can vote the renewal after `term`."""
        last = term.last_day
        assert last is not None  # noqa: S101 - checked by the caller
        council = self.around.council
        sessions = council.sessions_before(last, after=term.first_day)
        if sessions:
            due = sessions[-1]
            rule = "decision.session" if len(sessions) > 1 else "decision.only_session"
            facts: dict[str, Fact] = {"last": last, "session": due}
            if len(sessions) > 1:
                facts["safe"] = sessions[-2]
        else:
            due = council.latest_possible(last)
            rule = "decision.none_fits" if council.sessions else "decision.no_sessions"
            facts = {"last": last, "limit": due}
        return _Occurrence(
            kind=DeadlineKind.DECISION,
            ordinal=term.ordinal + 1,
            due_on=due,
            basis=self._basis(
                rule, "renewal", facts, law=("cgct-council",), supposed=term.basis.supposed
            ),
            term=term,
            met=renews or self.around.succession_voted,
        )

    def _final_evaluation(self, term: Term, *, voted: bool) -> _Occurrence:
        last = term.last_day
        assert last is not None  # noqa: S101 - checked by the caller
        due, rule = last, "final_evaluation.last_day"
        if voted:
            for step in _plan_for(self.facts, term, self.around):
                if step.step == "evaluation_delivered":
                    due, rule = step.due_on, "final_evaluation.plan"
        return _Occurrence(
            kind=DeadlineKind.FINAL_EVALUATION,
            ordinal=term.ordinal + 1,
            due_on=due,
            basis=self._basis(
                rule, "final_evaluation", supposed=term.basis.supposed, last=last, due=due
            ),
            term=term,
        )

    # -- duties ---------------------------------------------------------------------------------

    def _recurring(self) -> Iterator[_Occurrence]:
        """Yield each duty's occurrences, those that the clauses of their own day ask for."""
        first = self.course.first_day
        if first is None or not self.course.terms:
            return
        versions = clause_versions(self.facts)
        found: dict[DeadlineKind, list[tuple[date, Period, int]]] = {}
        for duty in dict.fromkeys(duty for _, terms in versions for duty in terms.recurring):
            kind = _DUTY_KINDS[duty.kind]
            for count, due in self._every(duty.every, first, kind):
                if duty not in clauses_on(self.facts, due).recurring:
                    continue
                found.setdefault(kind, []).append((due, duty.every, count))
        for kind, occurrences in found.items():
            occurrences.sort(key=lambda item: item[0])
            for place, (due, every, count) in enumerate(occurrences, 1):
                facts = {"duty": kind.value, "every": every, "start": first, "count": count}
                yield _Occurrence(
                    kind=kind,
                    ordinal=_ordinal(place),
                    due_on=due,
                    basis=partial(self._basis, "recurring", "recurring", facts),
                    term=self.course.term_on(due),
                )

    def _every(self, period: Period, first: date, kind: DeadlineKind) -> Iterator[tuple[int, date]]:
        """Yield (n, last day of the n-th period) up to the end of the convention or the horizon.

        Past the horizon come as many more as there are events that might be nearer to them.
        """
        included = clauses_on(self.facts, first).start_day_included
        events = events_named(self.facts, _MET_BY[kind])
        reach = max([self.until, *(event.on for event in events)])
        spare = len(events)
        count = 0
        while True:
            count += 1
            due = nth_last_day(first, period, count, start_day_included=included)
            if self.course.last_day is not None and due > self.course.last_day:
                return
            if due > reach:
                spare -= 1
                if spare < 0:
                    return
            yield count, due

    def _reviews(self) -> Iterator[_Occurrence]:
        first = self.course.first_day
        endless = any(terms.is_indefinite for _, terms in clause_versions(self.facts))
        if first is None or not endless:
            return
        numbers = itertools.count(1)
        for count, due in self._every(Period(years=1), first, DeadlineKind.REVIEW):
            clauses = clauses_on(self.facts, due)
            if not clauses.is_indefinite or clauses.end is not None:
                continue
            facts: dict[str, Fact] = {"start": first, "count": count}
            if clauses.notice is not None:
                facts["notice"] = clauses.notice
            yield _Occurrence(
                kind=DeadlineKind.REVIEW,
                ordinal=next(numbers),
                due_on=due,
                basis=self._basis(
                    "review" if clauses.notice else "review.no_notice",
                    "term",
                    facts,
                    law=("cciv-1210", "cciv-1211"),
                ),
                term=self.course.term_on(due),
            )

    # -- money ----------------------------------------------------------------------------------

    def _payments(self) -> Iterator[_Occurrence]:
        """Yield the instalments whose trigger has happened, by the clauses of that day."""
        total = self.facts.amount
        if total is None and len(self.facts.amounts) == 1:
            total = self.facts.amounts[0].amount
        versions = clause_versions(self.facts)
        ends = [since for since, _ in versions[1:]] + [date.max]
        taken: set[int] = set()
        for (since, terms), end in zip(versions, ends, strict=True):
            amounts = split_amount(total, terms.payments) if total is not None else None
            for place, instalment in enumerate(terms.payments, 1):
                due = self._triggered_on(instalment.on)
                if due is None or not since <= due < end:
                    continue
                ordinal = next(number for number in itertools.count(place) if number not in taken)
                taken.add(ordinal)
                amount = amounts[place - 1] if amounts is not None else None
                yield self._payment(ordinal, instalment, due, total, amount)

    def _payment(
        self,
        ordinal: int,
        instalment: Instalment,
        due: date,
        total: Decimal | None,
        amount: Decimal | None,
    ) -> _Occurrence:
        facts: dict[str, Fact] = {"share": instalment.share, "trigger": instalment.on, "on": due}
        if total is not None and amount is not None:
            facts |= {"total": total, "amount": amount}
        return _Occurrence(
            kind=DeadlineKind.PAYMENT,
            ordinal=ordinal,
            due_on=due,
            basis=self._basis(
                "payment" if amount is not None else "payment.no_amount", "payments", facts
            ),
            amount=amount,
            term=self.course.term_on(due),
            legal=True,
        )

    def _triggered_on(self, trigger: str) -> date | None:
        """Return the day a payment became payable, None while its trigger has not happened."""
        source = PAYMENT_TRIGGERS.get(trigger)
        if source is None:
            return parse_day(trigger) if is_trigger(trigger) else None
        if isinstance(source, EventName):
            names = {source, EventName.REPORT} if source is EventName.DOCUMENTS else {source}
            return min((event.on for event in events_named(self.facts, *names)), default=None)
        if source == "executory_on":
            return executory_on(self.facts)
        return full_date(getattr(self.facts, source))

    def _subsidy(self) -> Iterator[_Occurrence]:
        """Yield what the law on subsidies asks above its threshold."""
        if self.facts.kind is not ConventionKind.SUBSIDY or not is_above_threshold(self.facts):
            return
        signed = full_date(self.facts.signed_on)
        since = LAW["subsidy-open-data"].in_force_from
        if signed is not None and since is not None and signed >= since:
            yield _Occurrence(
                kind=DeadlineKind.PUBLICATION,
                ordinal=1,
                due_on=shift(signed, OPEN_DATA_DELAY),
                basis=self._basis(
                    "publication",
                    "signed_on",
                    law=("subsidy-open-data",),
                    on=signed,
                    delay=OPEN_DATA_DELAY,
                    threshold=SUBSIDY_THRESHOLD,
                ),
                legal=True,
            )
        for year in self._years_in_force(DeadlineKind.REPORT):
            end = date(year, 12, 31)
            yield _Occurrence(
                kind=DeadlineKind.REPORT,
                ordinal=year,
                due_on=shift(end, FINANCIAL_REPORT_DELAY),
                basis=self._basis(
                    "financial_report",
                    "amount",
                    law=("subsidy-law",),
                    end=end,
                    year=year,
                    delay=FINANCIAL_REPORT_DELAY,
                ),
                label="financial_report",
                legal=True,
            )

    def _years_in_force(self, kind: DeadlineKind, since: int = 0) -> Iterator[int]:
        """Yield the calendar years in which the convention ran, up to the last that matters."""
        first = self.course.first_day
        if first is None or not self.course.terms:
            return
        events = events_named(self.facts, _MET_BY[kind])
        reach = max([self.until, *(event.on for event in events)]).year + len(events)
        end = self.course.last_day.year if self.course.last_day is not None else reach
        yield from range(max(first.year, since), min(end, reach, LAST_YEAR) + 1)

    # -- external action ------------------------------------------------------------------------

    def _external_action(self) -> Iterator[_Occurrence]:
        if not self.facts.is_external_action:
            return
        signed = full_date(self.facts.signed_on)
        if signed is not None:
            yield _Occurrence(
                kind=DeadlineKind.TRANSMISSION,
                ordinal=1,
                due_on=shift(signed, TRANSMISSION_HABIT),
                basis=self._basis(
                    "transmission",
                    "signed_on",
                    law=("cgct-l1115-1",),
                    on=signed,
                    delay=TRANSMISSION_HABIT,
                ),
                met=self.facts.convention_transmitted_on is not None,
                legal=True,
            )
        if not any(partner.country in ODA_COUNTRIES for partner in self.facts.partners):
            return
        for year in self._years_in_force(DeadlineKind.DECLARATION, DECLARATION_SINCE):
            due = date(year + 1, *DECLARATION_CLOSED.get(year + 1, DECLARATION_DAY))
            opens = date(year + 1, *DECLARATION_OPENS)
            yield _Occurrence(
                kind=DeadlineKind.DECLARATION,
                ordinal=year,
                due_on=due,
                basis=self._basis(
                    "declaration",
                    "partners",
                    law=("cgct-l1115-6",),
                    year=year,
                    opens=opens,
                    due=due,
                ),
                legal=True,
            )

    # -- programme, milestones ------------------------------------------------------------------

    def _programme(self) -> Iterator[_Occurrence]:
        programme = self.facts.programme
        if programme is not None:
            yield _Occurrence(
                kind=DeadlineKind.PROGRAMME_END,
                ordinal=1,
                due_on=date(programme.last_year, 12, 31),
                basis=self._basis(
                    "programme_end",
                    "programme",
                    first=programme.first_year,
                    last=programme.last_year,
                ),
            )

    def _milestones(self) -> Iterator[_Occurrence]:
        for ordinal, milestone in enumerate(self.facts.milestones, 1):
            yield _Occurrence(
                kind=DeadlineKind.MILESTONE,
                ordinal=ordinal,
                due_on=milestone.on,
                until=milestone.to,
                basis=self._basis("milestone", "milestones", on=milestone.on),
                label=milestone.title,
            )

    def _basis(
        self,
        rule: str,
        field_name: str,
        facts: Mapping[str, Fact] | None = None,
        /,
        *,
        law: tuple[str, ...] = (),
        supposed: tuple[str, ...] = (),
        **more: Fact,
    ) -> Basis:
        facts = {**(facts or {}), **more}
        used = {field_name}
        own: tuple[str, ...] = ()
        if self.facts.supposed:
            if rule in {"recurring", "review", "review.no_notice"}:
                used.update(self.course.start.fields)
            if rule in {"payment", "payment.no_amount"}:
                source = str(PAYMENT_TRIGGERS.get(str(facts["trigger"]), ""))
                used.update(EXECUTORY if source == "executory_on" else (source,))
            own = tuple(sorted(used & set(self.facts.supposed)))
        return Basis(
            rule=rule,
            facts=tuple(sorted(facts.items())),
            law=law,
            clause=self.facts.quote_for(field_name) if self.facts.evidence else None,
            supposed=tuple(dict.fromkeys((*own, *supposed))),
        )


@dataclass(kw_only=True)
class _Judge:
    """Says, for each occurrence, which event met it and what is left of it today."""

    facts: Convention
    course: Course
    around: Surroundings
    today: date
    prefix: str = field(init=False)
    acknowledged: set[str | None] = field(init=False)
    snoozed: dict[str | None, date | None] = field(init=False)
    lead_times: dict[str, tuple[Period, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.prefix = deadline_prefix(self.facts.reference)
        acknowledged = events_named(self.facts, EventName.ACKNOWLEDGED)
        self.acknowledged = {event.deadline for event in acknowledged}
        # the last one said is the one meant, were it shorter
        snoozed = events_named(self.facts, EventName.SNOOZED)
        self.snoozed = {event.deadline: event.until for event in snoozed}
        self.lead_times = dict(self.facts.reminders)

    def match(self, occurrences: Iterable[_Occurrence]) -> list[_Occurrence]:
        """Give each event its occurrence: the one it names, else the open one nearest to it."""
        found = list(occurrences)
        for kind, name in _MET_BY.items():
            events = events_named(self.facts, name)
            if not events:
                continue
            places = [place for place, item in enumerate(found) if item.kind is kind]
            for event in sorted(events, key=lambda event: event.occurrence is None):
                place = _place_for(event, [(place, found[place]) for place in places])
                if place is not None:
                    found[place] = replace(found[place], met=True)
        return found

    def deadline(self, item: _Occurrence, status: DeadlineStatus) -> Deadline:
        key = f"{self.prefix}{item.kind.value}/{item.ordinal}"
        act_by = item.act_by or working_day_on_or_before(item.due_on, self.around.holidays)
        return Deadline(
            key=key,
            convention=self.facts.reference,
            title=self.facts.title,
            owner=self.facts.owner,
            watchers=self.facts.watchers,
            partners=self.facts.partners,
            kind=item.kind,
            ordinal=item.ordinal,
            due_on=item.due_on,
            act_by=act_by,
            status=status,
            basis=item.basis() if callable(item.basis) else item.basis,
            alternative=item.alternative,
            term=item.term,
            amount=item.amount,
            label=item.label,
            until=item.until,
            acknowledged=key in self.acknowledged,
            snoozed_until=self.snoozed.get(key),
            lead_times=self.lead_times.get(item.kind.value),
        )

    def status(self, item: _Occurrence) -> DeadlineStatus:
        """Say where an occurrence stands today."""
        if item.met:
            return DeadlineStatus.DONE
        past = (item.until or item.due_on) < self.today
        if item.kind in SELF_FULFILLING_KINDS:
            return DeadlineStatus.DONE if past else DeadlineStatus.UPCOMING
        if not past:
            return DeadlineStatus.UPCOMING
        tracked = self.facts.tracked_from
        untracked = tracked is not None and item.due_on < tracked
        if untracked and item.kind is not DeadlineKind.MISSING:
            return DeadlineStatus.UNKNOWN
        if item.kind in _LOST_ONCE_PAST:
            return DeadlineStatus.MISSED
        if self.course.has_ended(self.today) and not item.legal:
            return DeadlineStatus.MISSED
        return DeadlineStatus.OVERDUE


def _ordinal(place: int) -> int:
    """Number a periodic duty, leaving out the numbers that are years of an exercise."""
    return place if place < FIRST_YEAR else place + LAST_YEAR


def _place_for(event: Event, candidates: list[tuple[int, _Occurrence]]) -> int | None:
    """Return the place of the occurrence that an event meets, None where none is left open."""
    still_open = [(place, item) for place, item in candidates if not item.met]
    if event.occurrence is not None:
        named = [place for place, item in still_open if item.ordinal == event.occurrence]
        return named[0] if named else None
    nearest = min(
        still_open,
        key=lambda found: (abs(found[1].due_on - event.on), found[1].due_on),
        default=None,
    )
    return nearest[0] if nearest is not None else None
