"""Every deadline of a convention, each with its derivation and its status today.

Three steps: list the occurrences that the course of the convention and the law call for, match
them with the events that met them, and judge what is left against today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from urllib.parse import quote

from tracker.domain.consequences import (
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
    DutyKind,
    Event,
    EventName,
    Instalment,
    RenewalMode,
)
from tracker.domain.council import CouncilCalendar, backward_plan
from tracker.domain.dates import (
    DateOutOfRangeError,
    Period,
    latest_receipt,
    parse_day,
    prudent_receipt,
    shift,
    shift_back,
    term_last_day,
    working_day_on_or_before,
)
from tracker.domain.facts import clauses_on, events_named, executory_on, full_date
from tracker.domain.law import (
    DECLARATION_DAY,
    DECLARATION_OPENS,
    FINANCIAL_REPORT_DELAY,
    LAW,
    ODA_COUNTRIES,
    OPEN_DATA_DELAY,
    SIGNATURE_HABIT,
    SUBSIDY_THRESHOLD,
    TRANSMISSION_HABIT,
)
from tracker.domain.terms import Course, derive_terms

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
_PASS_BY_THEMSELVES = frozenset(
    {
        DeadlineKind.RENEWAL,
        DeadlineKind.EXPIRY,
        DeadlineKind.MILESTONE,
        DeadlineKind.PROGRAMME_END,
    }
)
_LOST_ONCE_PAST = frozenset({DeadlineKind.NOTICE, DeadlineKind.DECISION})
_DUE_AFTER_THE_END = frozenset(
    {DeadlineKind.PAYMENT, DeadlineKind.PUBLICATION, DeadlineKind.DECLARATION}
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occurrence:
    """A deadline before it is judged."""

    kind: DeadlineKind
    ordinal: int
    due_on: date
    basis: Basis
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
    lengths = [_LOOK_AHEAD]
    clauses = [facts.terms, clauses_on(facts, until)]
    lengths += [terms.notice for terms in clauses if terms.notice is not None]
    reach = until
    for length in lengths:
        reach = shift(reach, length)
    return reach


def derive_deadlines(
    facts: Convention,
    surroundings: Surroundings,
    *,
    today: date,
    until: date,
    course: Course | None = None,
) -> tuple[Deadline, ...]:
    """Return the deadlines due on or before `until`, past ones included, in due order.

    `facts` are those known on `today`. Sorted by `due_on`, then kind, then ordinal.
    """
    course = course or derive_terms(facts, horizon_for(facts, until))
    occurrences = _Calendar(
        facts=facts, course=course, around=surroundings, today=today, until=until
    ).occurrences()
    judge = _Judge(facts=facts, course=course, around=surroundings, today=today)
    deadlines = [judge.deadline(item) for item in judge.match(occurrences) if item.due_on <= until]
    return tuple(sorted(deadlines, key=lambda item: (item.due_on, item.kind.value, item.ordinal)))


def deadline_key(reference: str, kind: DeadlineKind, ordinal: int) -> str:
    """Return the stable identity of a deadline: `REFERENCE/kind/ordinal`, no date in it."""
    return f"{quote(reference, safe='')}/{kind.value}/{ordinal}"


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
    return _plan_for(facts, term, surroundings) if term is not None else ()


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
    if clauses.max_total is not None and course.first_day is not None:
        limit = term_last_day(
            course.first_day, clauses.max_total, start_day_included=clauses.start_day_included
        )
        return term.last_day is not None and term.last_day < limit
    return True


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
    today: date
    until: date

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
        voted = full_date(self.facts.deliberated_on)
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
            renews = self.course.renews_after(term)
            tacit = clauses.renewal is RenewalMode.TACIT
            if renews and tacit:
                yield self._end(DeadlineKind.RENEWAL, "renewal", term)
            elif not renews:
                yield self._end(DeadlineKind.EXPIRY, self._expiry_rule(tacit=tacit), term)
            if tacit and self._could_renew(term, renews=renews):
                yield self._notice(term)
            if not self._is_stopped(term) and (
                renews or _renews_expressly(self.facts, self.course, term)
            ):
                yield from self._decision(term, tacit=tacit, renews=renews)
            if clauses.final_evaluation:
                yield self._final_evaluation(term)

    def _expiry_rule(self, *, tacit: bool) -> str:
        if self.course.terminated_on is not None:
            return "expiry.terminated"
        if self.course.denunciation is not None:
            return "expiry.denounced"
        return "expiry.no_more_renewal" if tacit else "expiry"

    def _end(self, kind: DeadlineKind, rule: str, term: Term) -> _Occurrence:
        assert term.last_day is not None  # noqa: S101 - checked by the caller
        basis = replace(term.basis, facts=(*term.basis.facts, ("end_rule", rule)))
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
        clauses = clauses_on(self.facts, last)
        denounced = self.course.denunciation
        if clauses.notice is None:
            due, prudent, rule = last, last, "notice.no_period"
        else:
            due, prudent = (
                latest_receipt(last, clauses.notice),
                prudent_receipt(last, clauses.notice),
            )
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

    def _other_notice(self, term: Term, due: date, notice: Period | None) -> Alternative | None:
        if term.alternative is None:
            return None
        last = term.alternative.due_on
        other = last if notice is None else latest_receipt(last, notice)
        if other == due:
            return None
        why = replace(term.alternative.why, facts=(*term.alternative.why.facts, ("due", other)))
        return Alternative(due_on=other, why=why)

    def _decision(self, term: Term, *, tacit: bool, renews: bool) -> Iterator[_Occurrence]:
        """Yield the last council session that can vote the renewal after `term`."""
        if tacit:
            return
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
        yield _Occurrence(
            kind=DeadlineKind.DECISION,
            ordinal=term.ordinal + 1,
            due_on=due,
            basis=self._basis(
                rule, "renewal", facts, law=("cgct-council",), supposed=term.basis.supposed
            ),
            term=term,
            met=renews or bool(self.around.succeeded_by),
        )

    def _final_evaluation(self, term: Term) -> _Occurrence:
        last = term.last_day
        assert last is not None  # noqa: S101 - checked by the caller
        due, rule = last, "final_evaluation.last_day"
        if (
            not self._is_stopped(term)
            and clauses_on(self.facts, last).renewal is RenewalMode.EXPRESS
        ):
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
        first = self.course.first_day
        if first is None or not self.course.terms:
            return
        clauses = clauses_on(self.facts, self.until)
        found: dict[DeadlineKind, list[_Occurrence]] = {}
        for duty in clauses.recurring:
            kind = _DUTY_KINDS[duty.kind]
            for count, due in self._every(duty.every, first):
                found.setdefault(kind, []).append(
                    _Occurrence(
                        kind=kind,
                        ordinal=0,
                        due_on=due,
                        basis=self._basis(
                            "recurring",
                            "recurring",
                            duty=duty.kind.value,
                            every=duty.every,
                            start=first,
                            count=count,
                        ),
                        term=self.course.term_on(due),
                    )
                )
        for occurrences in found.values():
            occurrences.sort(key=lambda item: item.due_on)
            yield from (
                replace(item, ordinal=ordinal) for ordinal, item in enumerate(occurrences, 1)
            )

    def _every(self, period: Period, first: date) -> Iterator[tuple[int, date]]:
        """Yield (n, last day of the n-th period) up to the end, one past the days that matter."""
        included = clauses_on(self.facts, first).start_day_included
        last_event = max((event.on for event in self.facts.events), default=self.until)
        reach = max(self.until, last_event)
        count = 0
        while True:
            count += 1
            try:
                due = term_last_day(first, period.times(count), start_day_included=included)
            except DateOutOfRangeError:
                return
            if self.course.last_day is not None and due > self.course.last_day:
                return
            yield count, due
            if due > reach:
                return

    def _reviews(self) -> Iterator[_Occurrence]:
        first = self.course.first_day
        clauses = clauses_on(self.facts, self.until)
        if first is None or not self.course.terms or not clauses.is_indefinite:
            return
        for count, due in self._every(Period(years=1), first):
            facts: dict[str, Fact] = {"start": first, "count": count}
            if clauses.notice is not None:
                facts["notice"] = clauses.notice
            yield _Occurrence(
                kind=DeadlineKind.REVIEW,
                ordinal=count,
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
        instalments = clauses_on(self.facts, self.today).payments
        total = self.facts.amount
        if total is None and len(self.facts.amounts) == 1:
            total = self.facts.amounts[0].amount
        amounts = split_amount(total, instalments) if total is not None else None
        for ordinal, instalment in enumerate(instalments, 1):
            due = self._triggered_on(instalment.on)
            if due is None:
                continue
            facts: dict[str, Fact] = {
                "share": instalment.share,
                "trigger": instalment.on,
                "on": due,
            }
            if amounts is not None and total is not None:
                facts |= {"total": total, "amount": amounts[ordinal - 1]}
            yield _Occurrence(
                kind=DeadlineKind.PAYMENT,
                ordinal=ordinal,
                due_on=due,
                basis=self._basis("payment" if amounts else "payment.no_amount", "payments", facts),
                amount=amounts[ordinal - 1] if amounts else None,
                term=self.course.term_on(due),
                legal=True,
            )

    def _triggered_on(self, trigger: str) -> date | None:
        """Return the day a payment became payable, None while its trigger has not happened."""
        source = PAYMENT_TRIGGERS.get(trigger)
        if source is None:
            try:
                return parse_day(trigger)
            except ValueError:
                return None
        if isinstance(source, EventName):
            names = {source, EventName.REPORT} if source is EventName.DOCUMENTS else {source}
            return min((event.on for event in events_named(self.facts, *names)), default=None)
        if source == "executory_on":
            return executory_on(self.facts)
        return full_date(getattr(self.facts, source))

    def _subsidy(self) -> Iterator[_Occurrence]:
        """Yield what the law on subsidies asks above its threshold."""
        if self.facts.kind is not ConventionKind.SUBSIDY or not self._above_threshold():
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
        for year in self._years_in_force():
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

    def _above_threshold(self) -> bool:
        amounts = [item.amount for item in self.facts.amounts]
        if self.facts.amount is not None:
            amounts.append(self.facts.amount)
        return max(amounts, default=Decimal(0)) > SUBSIDY_THRESHOLD

    def _years_in_force(self) -> range:
        """Return the calendar years in which the convention ran, up to the last that matters."""
        first = self.course.first_day
        if first is None or not self.course.terms:
            return range(0)
        last = min(self.course.last_day or self.until, self.until)
        return range(first.year, last.year + 1)

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
        for year in self._years_in_force():
            due = date(year + 1, *DECLARATION_DAY)
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
        start = self.course.start.fact
        used = {field_name}
        if rule in {"recurring", "review", "review.no_notice"}:
            used.add(start)
        own = tuple(sorted(used & set(self.facts.supposed)))
        if rule in {"payment", "payment.no_amount"}:
            source = PAYMENT_TRIGGERS.get(str(facts["trigger"]))
            own += tuple(name for name in (source,) if name in self.facts.supposed and name)
        return Basis(
            rule=rule,
            facts=tuple(sorted(facts.items())),
            law=law,
            clause=self.facts.quote_for(field_name),
            supposed=tuple(dict.fromkeys((*own, *supposed))),
        )


@dataclass(kw_only=True)
class _Judge:
    """Says, for each occurrence, which event met it and what is left of it today."""

    facts: Convention
    course: Course
    around: Surroundings
    today: date

    def match(self, occurrences: Iterable[_Occurrence]) -> list[_Occurrence]:
        """Give each event its occurrence: the one it names, else the open one nearest to it."""
        found = list(occurrences)
        for kind, name in _MET_BY.items():
            places = [place for place, item in enumerate(found) if item.kind is kind]
            events = events_named(self.facts, name)
            for event in sorted(events, key=lambda event: event.occurrence is None):
                place = _place_for(event, [(place, found[place]) for place in places])
                if place is not None:
                    found[place] = replace(found[place], met=True)
        return found

    def deadline(self, item: _Occurrence) -> Deadline:
        key = deadline_key(self.facts.reference, item.kind, item.ordinal)
        snoozed = [
            event.until
            for event in events_named(self.facts, EventName.SNOOZED)
            if event.deadline == key and event.until is not None
        ]
        acknowledged = any(
            event.deadline == key for event in events_named(self.facts, EventName.ACKNOWLEDGED)
        )
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
            status=self._status(item),
            basis=item.basis,
            alternative=item.alternative,
            term=item.term,
            amount=item.amount,
            label=item.label,
            until=item.until,
            acknowledged=acknowledged,
            snoozed_until=max(snoozed, default=None),
            lead_times=dict(self.facts.reminders).get(item.kind.value),
        )

    def _status(self, item: _Occurrence) -> DeadlineStatus:
        if item.met:
            return DeadlineStatus.DONE
        past = (item.until or item.due_on) < self.today
        if item.kind in _PASS_BY_THEMSELVES:
            return DeadlineStatus.DONE if past else DeadlineStatus.UPCOMING
        if not past:
            return DeadlineStatus.UPCOMING
        if item.kind in _LOST_ONCE_PAST:
            return DeadlineStatus.MISSED
        tracked = self.facts.tracked_from
        if tracked is not None and item.due_on < tracked:
            return DeadlineStatus.UNKNOWN
        if self.course.has_ended(self.today) and not self._is_owed_after_the_end(item):
            return DeadlineStatus.MISSED
        return DeadlineStatus.OVERDUE

    def _is_owed_after_the_end(self, item: _Occurrence) -> bool:
        return item.legal or item.kind in _DUE_AFTER_THE_END


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
