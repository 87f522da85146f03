"""Hypothesis strategies of the domain values: every field of every value, odd Unicode included.

`conventions()` gives valid conventions as a portfolio may hold them; keyword arguments replace the
strategy of a field (`conventions(reference=st.just("X"))`).
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tracker.domain.consequences import DeadlineKind
from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    ConventionKind,
    ConventionTerms,
    CouncilVote,
    DutyKind,
    Event,
    EventName,
    FormalDate,
    Instalment,
    Milestone,
    NoticeCounting,
    NoticeForm,
    NoticeOf,
    PartialDate,
    Partner,
    Programme,
    Quote,
    RecurringDuty,
    RenewalMode,
    Side,
    StartRule,
    YearlyAmount,
)
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period

ODD_TEXTS = (
    "Œuvre de l’Étang — 1\u202f234,56\u00a0€",
    "e\u0301 décomposé",
    "\u200fעברית\u200f\u202e",
    "日本語 𝔘𝔫𝔦 👩\u200d👧",
    "a\u200bb\ufeffc",
    '=HYPERLINK("x")',
    "ligne 1\r\nligne 2\tfin",
    "'; DROP TABLE convention; --",
    "100 % %(x)s {y} \\ \" '",
    "\x7f\x1b[31m",
    "  bords  ",
    "İı ß ŉ",
)
"""Texts that have broken some programme somewhere."""


def texts(min_size: int = 0, max_size: int = 40) -> SearchStrategy[str]:
    """Any text a database can keep: no surrogate, no NUL."""
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    return st.sampled_from(ODD_TEXTS) | st.text(alphabet, min_size=min_size, max_size=max_size)


def names() -> SearchStrategy[str]:
    """Texts that are not blank: references and titles."""
    return texts(min_size=1).filter(lambda text: bool(text.strip()))


def days() -> SearchStrategy[date]:
    """Every civil day that a convention may hold."""
    return st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def partial_dates() -> SearchStrategy[PartialDate]:
    years = st.integers(FIRST_YEAR, LAST_YEAR)
    return st.builds(PartialDate, years, st.none() | st.integers(1, 12))


def formal_dates() -> SearchStrategy[FormalDate]:
    return days() | partial_dates()


def periods() -> SearchStrategy[Period]:
    """Periods as clauses write them, and some that no clause would."""
    parts = st.tuples(st.integers(0, 99), st.integers(0, 400), st.integers(0, 4000))
    usual = [Period(years=1), Period(years=5), Period(months=36), Period(months=3), Period(days=90)]
    return st.sampled_from(usual) | parts.filter(any).map(lambda part: Period(*part))


def decimals(max_value: int = 10**12) -> SearchStrategy[Decimal]:
    """Amounts in euros, cents and finer, trailing zeros included."""
    return st.decimals(0, max_value, places=2) | st.decimals(
        0, max_value, allow_nan=False, allow_infinity=False
    )


def partners() -> SearchStrategy[Partner]:
    return st.builds(Partner, name=names(), country=st.none() | st.sampled_from(["FR", "NO", "DE"]))


def recurring_duties() -> SearchStrategy[RecurringDuty]:
    return st.builds(RecurringDuty, kind=st.sampled_from(DutyKind), every=periods())


def instalments() -> SearchStrategy[Instalment]:
    shares = st.decimals("0.01", 100, places=2)
    return st.builds(Instalment, share=shares, on=st.just("signature") | names())


def yearly_amounts() -> SearchStrategy[YearlyAmount]:
    return st.builds(YearlyAmount, year=st.integers(FIRST_YEAR, LAST_YEAR), amount=decimals())


def votes() -> SearchStrategy[CouncilVote]:
    return st.builds(CouncilVote, on=days(), vote=st.none() | texts())


def programmes() -> SearchStrategy[Programme]:
    years = st.tuples(*[st.integers(FIRST_YEAR, LAST_YEAR)] * 2).map(sorted)
    return years.map(lambda pair: Programme(first_year=pair[0], last_year=pair[1]))


def milestones() -> SearchStrategy[Milestone]:
    one = st.builds(Milestone, title=names(), on=days())
    both = st.tuples(days(), days()).map(sorted)
    long = st.builds(
        lambda title, pair: Milestone(title=title, on=pair[0], to=pair[1]), names(), both
    )
    return one | long


def quotes() -> SearchStrategy[Quote]:
    positions = st.none() | st.integers(0, 10**6)
    return st.builds(
        Quote,
        quote=texts(),
        article=st.none() | texts(),
        page=st.none() | st.integers(1, 500),
        start=positions,
        end=positions,
    )


def tuples_of(element: SearchStrategy[Any], max_size: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(element, max_size=max_size).map(tuple)


def pairs_of(
    name: SearchStrategy[str], value: SearchStrategy[Any], max_size: int = 3
) -> SearchStrategy[tuple[tuple[str, Any], ...]]:
    """Pairs sorted by name, each name once."""
    mapping = st.dictionaries(name, value, max_size=max_size)
    return mapping.map(lambda found: tuple(sorted(found.items())))


def terms_fields() -> dict[str, SearchStrategy[Any]]:
    """The strategy of each field of the terms: whole terms and amendments are made of them."""
    return {
        "term": st.none() | st.just(INDEFINITE) | periods(),
        "end": st.none() | days(),
        "start": st.none() | st.sampled_from(StartRule),
        "start_date": st.none() | days(),
        "start_day_included": st.booleans(),
        "renewal": st.none() | st.sampled_from(RenewalMode),
        "renewal_period": st.none() | periods(),
        "renewal_max": st.none() | st.integers(0, 99),
        "max_total": st.none() | periods(),
        "notice": st.none() | periods(),
        "notice_of": st.none() | st.sampled_from(NoticeOf),
        "notice_form": st.none() | st.sampled_from(NoticeForm),
        "notice_counts_from": st.none() | st.sampled_from(NoticeCounting),
        "recurring": tuples_of(recurring_duties()),
        "final_evaluation": st.booleans(),
        "payments": tuples_of(instalments()),
    }


def _in_order(values: dict[str, Any]) -> ConventionTerms:
    start, end = values["start_date"], values["end"]
    if start is not None and end is not None and end < start:
        values = {**values, "start_date": end, "end": start}
    return ConventionTerms(**values)


def convention_terms(**replaced: SearchStrategy[Any]) -> SearchStrategy[ConventionTerms]:
    return st.fixed_dictionaries({**terms_fields(), **replaced}).map(_in_order)


def changes() -> SearchStrategy[tuple[tuple[str, Any], ...]]:
    """What an amendment changes: fields of the terms, sorted by name."""
    chosen = st.fixed_dictionaries({}, optional=terms_fields())
    return chosen.map(lambda found: tuple(sorted(found.items())))


def events(number: int = 1, **replaced: SearchStrategy[Any]) -> SearchStrategy[Event]:
    """Any event, each of its fields filled or not, whatever its name."""
    given: dict[str, SearchStrategy[Any]] = {
        "number": st.just(number),
        "event": st.sampled_from(EventName),
        "on": days(),
        "note": texts(),
        "occurrence": st.none() | st.integers(0, 99),
        "amount": st.none() | decimals(),
        "term": st.none() | periods(),
        "by": st.none() | st.sampled_from(Side),
        "presented_on": st.none() | days(),
        "received_on": st.none() | days(),
        "deadline": st.none() | texts(),
        "until": st.none() | days(),
        "target": st.none() | st.integers(1, 99),
        "changes": changes(),
    }
    return st.builds(Event, **{**given, **replaced})


def event_lists(max_size: int = 3) -> SearchStrategy[tuple[Event, ...]]:
    """Events numbered from 1 without a hole."""
    return st.lists(events(), max_size=max_size).map(
        lambda found: tuple(replace(event, number=n) for n, event in enumerate(found, 1))
    )


def conventions(**replaced: SearchStrategy[Any]) -> SearchStrategy[Convention]:
    """Any convention; keyword arguments replace the strategy of a field."""
    formal = st.none() | formal_dates()
    given: dict[str, SearchStrategy[Any]] = {
        "reference": names(),
        "title": names(),
        "kind": st.none() | st.sampled_from(ConventionKind),
        "partners": tuples_of(partners()),
        "owner": st.none() | texts(),
        "watchers": tuples_of(texts()),
        "reminders": pairs_of(
            st.sampled_from([kind.value for kind in DeadlineKind]), tuples_of(periods())
        ),
        "deliberated_on": formal,
        "cited_deliberation_on": formal,
        "transmitted_on": formal,
        "published_on": formal,
        "signed_on": formal,
        "notified_on": formal,
        "convention_transmitted_on": formal,
        "effective_on": formal,
        "supposed": tuples_of(st.sampled_from(["signed_on", "terms.notice", "effective_on"])),
        "tracked_from": st.none() | days(),
        "session": st.none() | votes(),
        "amount": st.none() | decimals(),
        "amounts": tuples_of(yearly_amounts()),
        "parent": st.none() | texts(),
        "succeeds": st.none() | texts(),
        "programme": st.none() | programmes(),
        "milestones": tuples_of(milestones()),
        "tags": tuples_of(texts()),
        "notes": texts(max_size=200),
        "terms": convention_terms(),
        "evidence": pairs_of(texts(), quotes()),
        "events": event_lists(),
    }
    missing = {field.name for field in fields(Convention)} - given.keys()
    assert not missing, f"no strategy for {sorted(missing)}"
    return st.builds(Convention, **{**given, **replaced})


def portfolios(max_size: int = 5) -> SearchStrategy[list[Convention]]:
    """Conventions of different references."""
    return st.lists(conventions(), max_size=max_size, unique_by=lambda item: item.reference)
