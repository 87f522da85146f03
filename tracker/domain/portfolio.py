"""All the conventions together, on a day: each one's life, with its family around it.

Lives are computed when asked for, once each. Everything is a function of (facts, today).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.domain.consequences import (
    ConventionState,
    Deadline,
    Finding,
    PlanStep,
    Term,
)
from tracker.domain.conventions import FORMAL_DATES, Convention
from tracker.domain.dates import Period
from tracker.domain.deadlines import (
    Surroundings,
    derive_deadlines,
    horizon_for,
    plan_renewal,
)
from tracker.domain.facts import known_on, voted_on
from tracker.domain.findings import Family, Inquiry, Relative, find_oddities
from tracker.domain.lifecycle import state_on
from tracker.domain.terms import Course, derive_terms, starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One convention and all that follows from it on a day, up to a horizon."""

    record: Convention
    """As recorded, facts of the future included."""
    facts: Convention
    """As known on the day."""
    course: Course
    state: ConventionState
    deadlines: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    plan: tuple[PlanStep, ...]
    successors: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that begin on or before the horizon."""
        return self.course.terms

    def next_deadline(self) -> Deadline | None:
        """Return the open deadline that is due first."""
        return next((deadline for deadline in self.deadlines if deadline.is_open), None)


@dataclass(kw_only=True)
class Portfolio:
    """Every convention of an office, as known on `today`; asks for nothing, changes nothing."""

    conventions: Iterable[Convention]
    today: date
    around: Surroundings = field(default_factory=Surroundings)

    def __post_init__(self) -> None:
        self._records = {item.reference: item for item in self.conventions}
        self._facts: dict[str, Convention] = {}
        self._courses: dict[str, Course] = {}
        self._successors: dict[str, list[str]] = {}
        for item in self._records.values():
            if item.succeeds is not None:
                self._successors.setdefault(item.succeeds, []).append(item.reference)

    @property
    def references(self) -> tuple[str, ...]:
        """The references held, sorted."""
        return tuple(sorted(self._records))

    def __contains__(self, reference: object) -> bool:
        return reference in self._records

    def life(self, reference: str, until: date, since: date | None = None) -> Life:
        """Return the life of one convention, its deadlines up to `until`. KeyError if unknown.

        With `since`, deadlines that are settled and were due before it are left out, and so are
        the terms that ended before it, the initial one excepted.
        """
        facts = self._facts_of(reference)
        course = derive_terms(facts, horizon_for(facts, max(until, self.today)))
        around = self._around(reference)
        terms = tuple(term for term in course.terms if _is_shown(term, since, until))
        shown = course if len(terms) == len(course.terms) else replace(course, terms=terms)
        inquiry = Inquiry(
            facts=facts,
            course=course,
            today=self.today,
            around=around,
            family=Family(
                parent=self._relative(facts.parent), predecessor=self._relative(facts.succeeds)
            ),
        )
        return Life(
            record=self._records[reference],
            facts=facts,
            course=shown,
            state=state_on(facts, course, self.today, succeeded=bool(around.succeeded_by)),
            deadlines=derive_deadlines(
                facts, around, today=self.today, until=until, since=since, course=course
            ),
            findings=find_oddities(inquiry),
            plan=plan_renewal(facts, course, around, self.today),
            successors=around.succeeded_by,
        )

    def lives(self, until: date, since: date | None = None) -> tuple[Life, ...]:
        """Return every life, sorted by reference."""
        return tuple(self.life(reference, until, since) for reference in self.references)

    def line_of(self, reference: str) -> tuple[str, ...]:
        """Return the succession that `reference` belongs to, oldest first.

        A record that succeeds itself, or a ring of them, stops the line where it would come back.
        """
        line = [reference]
        while (before := self._records[line[0]].succeeds) in self._records and before not in line:
            line.insert(0, before)
        for reference_ in line:
            line += [item for item in self._successors.get(reference_, ()) if item not in line]
        return tuple(line)

    def children_of(self, reference: str) -> tuple[str, ...]:
        """Return the specific conventions of a framework, sorted."""
        return tuple(
            sorted(item.reference for item in self._records.values() if item.parent == reference)
        )

    def own_lead_times(self) -> tuple[Period, ...]:
        """Return the lead times that conventions set for themselves."""
        return tuple(
            lead for item in self._records.values() for _, leads in item.reminders for lead in leads
        )

    def _around(self, reference: str) -> Surroundings:
        """Return the surroundings with the successors known on the day.

        One whose acts are all of later days is not known yet; one without any is a draft, which
        follows but decides nothing.
        """
        if reference not in self._successors:
            return self.around
        known, voted = [], False
        for name in self._successors[reference]:
            decided = _is_decided(self._facts_of(name), self.today)
            voted = voted or decided
            if decided or not _has_acts(self._records[name]):
                known.append(name)
        return replace(self.around, succeeded_by=tuple(sorted(known)), succession_voted=voted)

    def _facts_of(self, reference: str) -> Convention:
        if reference not in self._facts:
            self._facts[reference] = known_on(self._records[reference], self.today)
        return self._facts[reference]

    def _relative(self, reference: str | None) -> Relative | None:
        if reference is None or reference not in self._records:
            return None
        facts = self._facts_of(reference)
        if reference not in self._courses:
            self._courses[reference] = derive_terms(facts, horizon_for(facts, self.today))
        return Relative(facts=facts, course=self._courses[reference])


def _has_acts(record: Convention) -> bool:
    """Tell whether a formal act or an event dates the convention at all."""
    return bool(record.events) or any(getattr(record, name) is not None for name in FORMAL_DATES)


def _is_decided(facts: Convention, today: date) -> bool:
    """Tell whether the convention has been voted, signed or begun."""
    if voted_on(facts) is not None or facts.signed_on is not None:
        return True
    first_day = starts_on(facts).day
    return first_day is not None and first_day <= today


def _is_shown(term: Term, since: date | None, until: date) -> bool:
    """Tell whether a term begins in time, and did not end too long ago to matter."""
    if term.first_day is not None and term.first_day > until:
        return False
    return since is None or term.ordinal == 0 or term.last_day is None or term.last_day >= since
