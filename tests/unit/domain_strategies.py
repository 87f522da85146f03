"""Lives of conventions as they happen: plausible records, and events in any order.

`tests/strategies.py` gives every value a database may hold; these give lives in which something
happens: dates near each other, votes and notices near the days that matter. `convention` and
`event` build one value by hand with the fewest words.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tracker.domain.consequences import Deadline, DeadlineKind
from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    ConventionKind,
    ConventionTerms,
    CouncilVote,
    DutyKind,
    Event,
    EventName,
    Instalment,
    Milestone,
    NoticeCounting,
    NoticeForm,
    NoticeOf,
    PartialDate,
    Partner,
    Programme,
    RecurringDuty,
    RenewalMode,
    Side,
    StartRule,
    YearlyAmount,
)
from tracker.domain.council import CouncilCalendar
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period
from tracker.domain.deadlines import Surroundings, derive_deadlines
from tracker.domain.facts import known_on
from tracker.domain.terms import Course, derive_terms

FAR = date(2045, 1, 1)
_TERMS_FIELDS = {item.name for item in fields(ConventionTerms)}
_PERIODS = {"renewal_period", "notice", "max_total"}


# --- by hand -------------------------------------------------------------------------------------


def day(text: str) -> date:
    return date.fromisoformat(text)


def value_of(name: str, value: Any) -> Any:
    """Read a value written as in a record: ISO days and periods, words, short lists."""
    if not isinstance(value, str):
        return value
    if name in _PERIODS or (name == "term" and value != INDEFINITE):
        return Period.parse(value)
    if name == "recurring":
        words = [item.split() for item in value.split(";")]
        return tuple(
            RecurringDuty(kind=DutyKind(kind), every=Period.parse(every)) for kind, every in words
        )
    if name == "payments":
        words = [item.split() for item in value.split(";")]
        return tuple(Instalment(share=Decimal(share), on=on) for share, on in words)
    types = {
        "start": StartRule,
        "renewal": RenewalMode,
        "notice_of": NoticeOf,
        "notice_form": NoticeForm,
        "notice_counts_from": NoticeCounting,
        "kind": ConventionKind,
    }
    if name in types:
        return types[name](value)
    is_day = name.endswith(("_on", "_from", "_date")) or name in {"end", "until"}
    return day(value) if is_day else value


def event(on: str, name: str, /, number: int = 0, **given: Any) -> Event:
    """Build an event; the fields of an amendment are given as they are."""
    if name == "amendment":
        changes = tuple(sorted((key, value_of(key, value)) for key, value in given.items()))
        return Event(number=number, event=EventName.AMENDMENT, on=day(on), changes=changes)
    values = {key: value_of(key, value) for key, value in given.items()}
    if isinstance(values.get("term"), str):
        values["term"] = Period.parse(values["term"])
    return Event(number=number, event=EventName(name), on=day(on), **values)


def convention(*events: Event, **given: Any) -> Convention:
    """Build a convention from flat fields, signed on 1 January 2020 unless said otherwise."""
    values = {"reference": "C", "title": "Convention", "signed_on": "2020-01-01", **given}
    values = {key: value_of(key, value) for key, value in values.items()}
    if isinstance(values.get("partners"), str):
        values["partners"] = (Partner(name="Partenaire", country=values["partners"]),)
    terms = {key: values.pop(key) for key in list(values) if key in _TERMS_FIELDS}
    if "start_date" not in terms:
        terms.setdefault("start", StartRule.SIGNATURE)
    numbered = tuple(replace(item, number=place) for place, item in enumerate(events, 1))
    return Convention(terms=ConventionTerms(**terms), events=numbered, **values)


def course_of(record: Convention, today: str = "2044-12-31", until: str = "2045-01-01") -> Course:
    return derive_terms(known_on(record, day(today)), day(until))


def spans_of(course: Course) -> list[tuple[str, str]]:
    """Write the terms as (first day, last day), « … » where there is none."""
    return [
        (
            term.first_day.isoformat() if term.first_day else "…",
            term.last_day.isoformat() if term.last_day else "…",
        )
        for term in course.terms
    ]


def codes_of(course: Course) -> list[str]:
    return [finding.code for finding in course.findings]


def deadlines_of(
    record: Convention,
    today: str,
    until: str = "2045-01-01",
    around: Surroundings | None = None,
    kind: str | None = None,
) -> tuple[Deadline, ...]:
    found = derive_deadlines(
        known_on(record, day(today)), around or Surroundings(), today=day(today), until=day(until)
    )
    return tuple(item for item in found if kind is None or item.kind == DeadlineKind(kind))


def council(*sessions: str, clear_days: int = 5) -> Surroundings:
    calendar = CouncilCalendar(
        sessions=tuple(day(session) for session in sessions), clear_days=clear_days
    )
    return Surroundings(council=calendar)


# --- at random -----------------------------------------------------------------------------------


def days() -> SearchStrategy[date]:
    """Every day a convention may hold, the ends of months more often than chance has them."""
    any_day = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    return any_day | _month_ends(FIRST_YEAR + 1, LAST_YEAR - 1)


def periods() -> SearchStrategy[Period]:
    """Lengths that clauses write: days, weeks, months, years, and mixtures of them."""
    parts = st.tuples(st.integers(0, 99), st.integers(0, 40), st.integers(0, 400)).filter(any)
    return usual_periods() | parts.map(lambda part: Period(*part))


def usual_periods() -> SearchStrategy[Period]:
    texts = ["P1M", "P2M", "P3M", "P6M", "P1Y", "P3Y", "P5Y", "P30D", "P2W", "P1M15D"]
    return st.sampled_from(texts).map(Period.parse)


def recent_days(first: int = 2009, last: int = 2030) -> SearchStrategy[date]:
    """Days of an agent's working life, ends of months and of Februaries included."""
    return st.dates(date(first, 1, 1), date(last, 12, 31)) | _month_ends(first, last)


def _month_ends(first: int, last: int) -> SearchStrategy[date]:
    return st.builds(
        lambda year, month: date(year + month // 12, month % 12 + 1, 1) - date.resolution,
        st.integers(first, last),
        st.integers(1, 12),
    )


def _maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


def _tuples(strategy: SearchStrategy[Any], size: int = 2) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=size).map(tuple)


_LENGTHS = ["P100D", "P10W", "P2M", "P6M", "P1Y", "P12M", "P3Y", "P5Y", "P1Y6M", "P1M10D"]


def _lengths() -> SearchStrategy[Period]:
    return st.sampled_from(_LENGTHS).map(Period.parse)


def clauses() -> dict[str, SearchStrategy[Any]]:
    """The strategy of each clause; terms and amendments are made of them."""
    duties = st.builds(RecurringDuty, kind=st.sampled_from(DutyKind), every=_lengths())
    triggers = ["signature", "documents", "committee", "deliberation", "2022-06-30", "merci"]
    instalments = st.builds(
        Instalment, share=st.sampled_from([Decimal(30), Decimal(70)]), on=st.sampled_from(triggers)
    )
    return {
        "term": st.none() | st.just(INDEFINITE) | _lengths() | _lengths(),
        "end": st.none() | st.none() | recent_days(2012, 2032),
        "start": st.sampled_from([None, *StartRule, StartRule.SIGNATURE, StartRule.SIGNATURE]),
        "start_date": _maybe(recent_days(2009, 2011)),
        "start_day_included": st.booleans(),
        "renewal": st.sampled_from([None, *RenewalMode, RenewalMode.TACIT, RenewalMode.EXPRESS]),
        "renewal_period": _maybe(_lengths()),
        "renewal_max": st.sampled_from([None, None, 0, 1, 3]),
        "max_total": _maybe(st.sampled_from(["P4Y", "P6Y", "P30M"]).map(Period.parse)),
        "notice": _maybe(
            st.sampled_from(["P3M", "P1M", "P90D", "P2Y", "P1M15D"]).map(Period.parse)
        ),
        "notice_of": _maybe(st.sampled_from(NoticeOf)),
        "notice_form": _maybe(st.sampled_from(NoticeForm)),
        "notice_counts_from": _maybe(st.sampled_from(NoticeCounting)),
        "recurring": _tuples(duties, 3),
        "final_evaluation": st.booleans(),
        "payments": _tuples(instalments),
    }


def _terms(values: dict[str, Any]) -> ConventionTerms:
    try:
        return ConventionTerms(**values)
    except ValueError:
        return ConventionTerms(**{**values, "end": None})


def events() -> SearchStrategy[Event]:
    """One fact of any kind, near the days that matter; the number is given afterwards."""
    changes = st.fixed_dictionaries({}, optional=clauses()).map(
        lambda found: tuple(sorted(found.items()))
    )
    letters = st.integers(0, 20).map(timedelta)

    def build(name: EventName, on: date, given: dict[str, Any]) -> Event:
        values: dict[str, Any] = {}
        if name is EventName.AMENDMENT:
            values["changes"] = given["changes"]
        elif name is EventName.NOTICE:
            values["by"] = given["by"]
            values["presented_on"] = _after(on, given["presented"])
            values["received_on"] = _after(on, given["received"])
        elif name is EventName.RENEWAL:
            values["term"] = given["term"]
        elif name in {EventName.ACKNOWLEDGED, EventName.SNOOZED}:
            values["deadline"] = given["key"]
            values["until"] = on + timedelta(days=30) if name is EventName.SNOOZED else None
        elif name is EventName.WITHDRAWN:
            values["target"] = given["target"]
        else:
            values["occurrence"] = given["occurrence"]
        return Event(number=1, event=name, on=on, **values)

    given_fields = st.fixed_dictionaries(
        {
            "changes": changes,
            "by": st.sampled_from(Side),
            "presented": _maybe(letters),
            "received": _maybe(letters),
            "term": _maybe(_lengths()),
            "key": st.sampled_from(["C/notice/1", "C/evaluation/2", "C/expiry/1"]),
            "target": st.integers(1, 6),
            "occurrence": st.sampled_from([None, None, 1, 2, 5]),
        }
    )
    often = [EventName.NOTICE, EventName.RENEWAL, EventName.AMENDMENT, EventName.COMMITTEE]
    names = st.sampled_from([*EventName, *often])
    return st.builds(build, names, recent_days(2009, 2026), given_fields)


def numbered(found: list[Event]) -> tuple[Event, ...]:
    return tuple(replace(item, number=place) for place, item in enumerate(found, 1))


def conventions(
    reference: str = "C",
    happened: SearchStrategy[list[Event]] | None = None,
    **replaced: SearchStrategy[Any],
) -> SearchStrategy[Convention]:
    """A plausible convention with a random history."""
    formal = st.none() | recent_days(2009, 2020) | st.just(PartialDate(2012, 5))
    history = happened if happened is not None else st.lists(events(), max_size=6)
    partners = st.builds(
        Partner, name=st.just("Partenaire"), country=st.sampled_from([None, "FR", "MA", "DE"])
    )
    milestones = st.builds(
        lambda on, more: Milestone(title="Rencontres", on=on, to=on + timedelta(days=more)),
        recent_days(),
        st.integers(0, 3),
    )
    names = [
        "deliberated_on",
        "transmitted_on",
        "published_on",
        "notified_on",
        "cited_deliberation_on",
    ]
    given: dict[str, SearchStrategy[Any]] = {
        **dict.fromkeys([*names, "convention_transmitted_on"], formal),
        "signed_on": st.none() | recent_days(2009, 2020) | recent_days(2009, 2020),
        "effective_on": st.sampled_from(
            [None, None, None, date(2015, 2, 28), PartialDate(2018, 5)]
        ),
        "kind": _maybe(st.sampled_from(ConventionKind)),
        "partners": _tuples(partners),
        "owner": _maybe(st.just("agent@example.org")),
        "supposed": _tuples(st.sampled_from(["signed_on", "notice", "term", "published_on"])),
        "tracked_from": _maybe(recent_days(2012, 2024)),
        "session": _maybe(
            st.builds(
                CouncilVote, on=recent_days(), vote=st.sampled_from([None, "adopted", "rejected"])
            )
        ),
        "amount": _maybe(st.sampled_from([Decimal(4000), Decimal("40000.01")])),
        "amounts": _tuples(
            st.builds(YearlyAmount, year=st.integers(2012, 2020), amount=st.just(Decimal(30000)))
        ),
        "parent": _maybe(st.just("PARENT")),
        "succeeds": _maybe(st.just("BEFORE")),
        "programme": _maybe(st.just(Programme(first_year=2016, last_year=2020))),
        "milestones": _tuples(milestones),
        "reminders": st.sampled_from([(), (("notice", (Period(months=9),)),)]),
        "terms": st.fixed_dictionaries(clauses()).map(_terms),
        "events": history.map(numbered),
    }
    given |= replaced
    return st.builds(Convention, reference=st.just(reference), title=st.just("Titre"), **given)


def surroundings() -> SearchStrategy[Surroundings]:
    sessions = st.lists(recent_days(2012, 2034), max_size=6).map(lambda found: tuple(sorted(found)))
    calendars = st.builds(
        CouncilCalendar, sessions=sessions, clear_days=st.sampled_from([0, 3, 5, 30])
    )
    return st.builds(
        Surroundings,
        council=calendars,
        postal_margin=st.sampled_from([None, Period(days=15)]),
        holidays=st.just(frozenset({date(2022, 12, 30), date(2021, 9, 30)})),
    )


def _after(on: date, more: timedelta | None) -> date | None:
    return None if more is None else on + more
