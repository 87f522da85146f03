"""When a convention starts, goes on and ends: one case of life, or of litigation, a test."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from unit.domain_strategies import codes_of, convention, course_of, day, event, spans_of

from tracker.domain.consequences import DeadlineKind, DeadlineStatus, TermOrigin
from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    ConventionTerms,
    PartialDate,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import Period
from tracker.domain.deadlines import Surroundings, derive_deadlines
from tracker.domain.facts import clauses_on, known_on
from tracker.domain.terms import derive_terms, length_of, starts_on

PEERS = json.loads((Path(__file__).parents[1] / "data" / "peer_cases.json").read_text("utf-8"))
YEARLY = {"term": "P1Y", "renewal": "tacit", "renewal_period": "P1Y", "notice": "P3M"}
FIVE_YEARS = {"term": "P5Y", "renewal": "express"}


# --- dates that other products got wrong ---------------------------------------------------------


@pytest.mark.parametrize("case", PEERS, ids=lambda case: case["id"])
def test_dates_that_peers_got_wrong(case: dict[str, Any]) -> None:
    def period(name: str) -> Period | None:
        return Period.parse(case[name]) if case[name] else None

    record = Convention(
        reference="P",
        title="P",
        terms=ConventionTerms(
            term=period("term"),
            start=StartRule.DATE,
            start_date=day(case["start"]),
            start_day_included=case["start_day_included"],
            renewal=RenewalMode(case["renewal"]),
            renewal_period=period("renewal_period"),
            notice=period("notice"),
        ),
    )
    today = day(case["today"])
    until = day("2035-01-01")
    course = derive_terms(record, until)
    current = course.term_on(today)
    notices = [
        item
        for item in derive_deadlines(record, Surroundings(), today=today, until=until)
        if item.kind is DeadlineKind.NOTICE and item.status is DeadlineStatus.UPCOMING
    ]
    assert current is not None
    found = {
        "current_last_day": current.last_day,
        "first_last_day": course.terms[0].last_day,
        "next_notice": notices[0].due_on if notices else None,
        "earliest_exit": notices[0].term.last_day if notices and notices[0].term else None,
    }
    expected = {name: day(text) for name, text in case["expect"].items()}
    assert {name: found[name] for name in expected} == expected


# --- starts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start": "signature", "signed_on": "2020-02-03"}, ("signed_on", "2020-02-03")),
        ({"start": "signature", "signed_on": None}, ("signed_on", None)),
        ({"start": "notification", "notified_on": "2020-02-04"}, ("notified_on", "2020-02-04")),
        ({"start": "notification"}, ("notified_on", None)),
        ({"start": "transmission", "transmitted_on": "2020-02-05"}, ("transmitted_on", "2020-02-05")),
        (
            {"start": "deliberation", "transmitted_on": "2009-04-07", "published_on": "2009-04-09"},
            ("executory_on", "2009-04-09"),
        ),
        (
            {"start": "deliberation", "deliberated_on": "2009-03-30", "published_on": "2009-04-09"},
            ("deliberated_on", "2009-03-30"),
        ),
        ({"start": "deliberation"}, ("deliberated_on", None)),
        ({"start": "date", "start_date": "2020-01-01"}, ("start_date", "2020-01-01")),
        ({"start": "date", "start_date": None}, ("start_date", None)),
        ({"start": None, "start_date": "2020-01-01"}, ("start_date", "2020-01-01")),
        ({"start": None, "start_date": None}, ("start", None)),
        (
            {"start": "entry_into_force", "partners": "MA", "convention_transmitted_on": "2020-03-01"},
            ("convention_transmitted_on", "2020-03-01"),
        ),
        ({"start": "entry_into_force", "partners": "MA"}, ("convention_transmitted_on", None)),
        (
            {"start": "entry_into_force", "partners": "FR", "convention_transmitted_on": "2020-03-01"},
            ("effective_on", None),
        ),
        ({"start": "signature", "effective_on": "2020-06-01"}, ("effective_on", "2020-06-01")),
        (
            {"start": "signature", "signed_on": "2020-02-03", "effective_on": PartialDate(2018, 5)},
            ("signed_on", "2020-02-03"),
        ),
        (
            {"start": "signature", "signed_on": None, "effective_on": PartialDate(2018, 5)},
            ("effective_on", None),
        ),
        ({"start": "signature", "signed_on": PartialDate(2018)}, ("signed_on", None)),
    ],
)  # fmt: skip
def test_start(fields: dict[str, Any], expected: tuple[str, str | None]) -> None:
    start = starts_on(convention(**fields))
    assert (start.fact, start.day.isoformat() if start.day else None) == expected


def test_start_on_a_vote_that_is_not_known_to_be_executory_is_said() -> None:
    record = convention(start="deliberation", deliberated_on="2009-03-30", term="P1Y")
    assert codes_of(course_of(record)) == ["executory_unknown"]


# --- initial terms -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"term": "P1Y"}, [("2020-01-01", "2020-12-31")]),
        ({"term": "P1Y", "start_day_included": False}, [("2020-01-01", "2021-01-01")]),
        ({"term": "P10W"}, [("2020-01-01", "2020-03-10")]),
        ({"term": "P1D"}, [("2020-01-01", "2020-01-01")]),
        ({"term": "P1D", "start_day_included": False}, [("2020-01-01", "2020-01-02")]),
        ({"term": INDEFINITE}, [("2020-01-01", "…")]),
        ({"end": "2023-06-30"}, [("2020-01-01", "2023-06-30")]),
        ({"end": "2023-06-30", "signed_on": None}, [("…", "2023-06-30")]),
        ({"term": "P1Y", "signed_on": None}, []),
        ({"term": INDEFINITE, "signed_on": None}, []),
        ({}, []),
    ],
)
def test_initial_term(fields: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    course = course_of(convention(**fields))
    assert spans_of(course) == expected
    assert codes_of(course) == []


def test_the_signature_day_counts_or_not() -> None:
    """Volgograd 2012: 16 December 2017, and 17 under the other reading (rules §1.2)."""
    record = convention(signed_on="2012-12-17", term="P5Y")
    (term,) = course_of(record).terms
    assert (term.last_day, term.basis.rule) == (day("2017-12-16"), "term.initial_included")
    assert term.alternative is not None
    assert term.alternative.due_on == day("2017-12-17")
    assert term.alternative.why.rule == "term.other_excluded"


def test_the_other_reading_of_an_excluded_day_is_the_eve() -> None:
    record = convention(signed_on="2012-12-17", term="P5Y", start_day_included=False)
    (term,) = course_of(record).terms
    assert term.last_day == day("2017-12-17")
    assert term.alternative is not None
    assert (term.alternative.due_on, term.alternative.why.rule) == (
        day("2017-12-16"),
        "term.other_included",
    )


def test_a_date_set_by_the_text_leaves_no_other_reading() -> None:
    record = convention(start="date", start_date="2020-01-01", term="P5Y")
    assert course_of(record).terms[0].alternative is None


def test_a_start_without_anniversary_has_an_earlier_reading() -> None:
    """D2: 29 February 2024 and a year, 28 February 2025, or the eve of the rounded day."""
    record = convention(start="date", start_date="2024-02-29", term="P1Y")
    (term,) = course_of(record).terms
    assert term.last_day == day("2025-02-28")
    assert term.alternative is not None
    assert (term.alternative.due_on, term.alternative.why.rule) == (
        day("2025-02-27"),
        "term.other_eve",
    )


def test_end_and_duration_disagree_the_earlier_rules() -> None:
    course = course_of(convention(term="P3Y", end="2022-06-30"))
    (term,) = course.terms
    assert (term.last_day, term.basis.rule) == (day("2022-06-30"), "term.fixed_end")
    assert term.alternative is not None
    assert term.alternative.due_on == day("2022-12-31")
    assert codes_of(course) == ["end_conflict"]


def test_duration_shorter_than_the_end_rules() -> None:
    course = course_of(convention(term="P3Y", end="2024-06-30"))
    (term,) = course.terms
    assert (term.last_day, term.basis.rule) == (day("2022-12-31"), "term.initial_included")
    assert term.alternative is not None
    assert term.alternative.due_on == day("2024-06-30")
    assert dict(course.findings[0].facts) == {
        "end": day("2024-06-30"),
        "counted": day("2022-12-31"),
    }


def test_end_and_duration_agree() -> None:
    course = course_of(convention(term="P3Y", end="2022-12-31"))
    assert (spans_of(course), codes_of(course)) == ([("2020-01-01", "2022-12-31")], [])


def test_an_end_wins_over_an_indefinite_duration() -> None:
    course = course_of(convention(term=INDEFINITE, end="2022-12-31"))
    assert spans_of(course) == [("2020-01-01", "2022-12-31")]
    assert dict(course.findings[0].facts)["counted"] == INDEFINITE


def test_end_before_start_computes_nothing() -> None:
    course = course_of(convention(end="2019-12-31"))
    assert (course.terms, codes_of(course)) == ((), ["end_before_start"])


def test_a_duration_past_the_last_year_is_said() -> None:
    course = course_of(convention(term="P300Y"))
    assert spans_of(course) == [("2020-01-01", "2319-12-31")]
    assert codes_of(course) == ["beyond_calendar"]


# --- tacit renewals ------------------------------------------------------------------------------


def test_tacit_renewals_are_counted_from_the_origin() -> None:
    course = course_of(convention(signed_on="2009-04-09", **YEARLY), until="2013-01-01")
    assert spans_of(course) == [
        ("2009-04-09", "2010-04-08"),
        ("2010-04-09", "2011-04-08"),
        ("2011-04-09", "2012-04-08"),
        ("2012-04-09", "2013-04-08"),
    ]
    assert [term.origin for term in course.terms] == [TermOrigin.INITIAL, *[TermOrigin.TACIT] * 3]
    assert course.last_day is None
    assert codes_of(course) == []


def test_tacit_renewals_never_drift() -> None:
    record = convention(
        start="date", start_date="2024-01-31", term="P1M", renewal="tacit", renewal_period="P1M"
    )
    lasts = [term.last_day for term in course_of(record, until="2024-06-15").terms]
    assert lasts == [
        day(text) for text in ["2024-02-29", "2024-03-30", "2024-04-30", "2024-05-30", "2024-06-30"]
    ]


def test_forty_years_of_yearly_renewals() -> None:
    course = course_of(convention(signed_on="2004-02-29", **YEARLY), until="2044-02-29")
    assert len(course.terms) == 41
    assert course.terms[40].last_day == day("2045-02-28")
    assert course.terms[4].last_day == day("2009-02-28")
    assert course.terms[3].last_day == day("2008-02-28")


def test_after_a_fixed_end_renewals_count_from_the_next_day() -> None:
    record = convention(end="2022-08-31", renewal="tacit", renewal_period="P1Y")
    assert spans_of(course_of(record, until="2024-01-01")) == [
        ("2020-01-01", "2022-08-31"),
        ("2022-09-01", "2023-08-31"),
        ("2023-09-01", "2024-08-31"),
    ]


def test_renewals_after_an_end_whose_start_is_unknown() -> None:
    record = convention(signed_on=None, end="2022-08-31", renewal="tacit", renewal_period="P1Y")
    assert spans_of(course_of(record, until="2023-01-01")) == [
        ("…", "2022-08-31"),
        ("2022-09-01", "2023-08-31"),
    ]


def test_tacit_without_a_period_counts_the_initial_term_again_and_says_so() -> None:
    course = course_of(convention(term="P1Y", renewal="tacit"), until="2021-06-01")
    assert spans_of(course) == [("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-12-31")]
    assert codes_of(course) == ["tacit_without_period"]


@pytest.mark.parametrize(
    ("end", "second"),
    [("2022-12-31", "2025-12-31"), ("2020-03-10", "2020-05-19")],
)
def test_tacit_without_a_period_nor_a_duration_counts_the_days_of_the_text(
    end: str, second: str
) -> None:
    course = course_of(convention(end=end, renewal="tacit"))
    assert course.terms[1].last_day == day(second)
    assert codes_of(course) == ["tacit_without_period"]


def test_tacit_of_unknown_length_goes_on_and_says_so() -> None:
    course = course_of(convention(signed_on=None, end="2022-12-31", renewal="tacit"))
    assert (spans_of(course), course.last_day) == ([("…", "2022-12-31")], None)
    assert course.renews_after(course.terms[0])
    assert codes_of(course) == ["renewal_period_unknown"]


@pytest.mark.parametrize(
    ("most", "last"), [(0, "2020-12-31"), (1, "2021-12-31"), (3, "2023-12-31")]
)
def test_renewals_limited_in_number(most: int, last: str) -> None:
    course = course_of(convention(**YEARLY, renewal_max=most))
    assert (len(course.terms), course.last_day) == (most + 1, day(last))


def test_longest_total_duration_cuts_the_last_renewal() -> None:
    course = course_of(convention(**YEARLY, max_total="P30M"))
    assert spans_of(course)[-1] == ("2022-01-01", "2022-06-30")
    assert (course.last_day, course.terms[-1].basis.rule) == (day("2022-06-30"), "term.max_total")


def test_longest_total_duration_reached_to_the_day() -> None:
    course = course_of(convention(**YEARLY, max_total="P3Y"))
    assert spans_of(course)[-1] == ("2022-01-01", "2022-12-31")
    assert course.terms[-1].basis.rule == "term.tacit"


def test_longest_total_duration_shorter_than_the_initial_term_prevents_renewal_only() -> None:
    assert spans_of(course_of(convention(**YEARLY, max_total="P6M"))) == [
        ("2020-01-01", "2020-12-31")
    ]


def test_length_of_a_fixed_term() -> None:
    assert length_of(day("2020-01-01"), day("2022-12-31")) == Period(months=36)
    assert length_of(day("2020-01-31"), day("2020-02-29")) == Period(months=1)
    assert length_of(day("2020-01-01"), day("2020-01-10")) == Period(days=10)
    assert length_of(day("2020-01-01"), day("2020-03-10")) == Period(days=70)


# --- express renewals ----------------------------------------------------------------------------


def test_without_a_vote_nothing_continues() -> None:
    course = course_of(convention(**FIVE_YEARS))
    assert (spans_of(course), course.last_day) == (
        [("2020-01-01", "2024-12-31")],
        day("2024-12-31"),
    )


def test_a_vote_renews() -> None:
    course = course_of(convention(event("2024-10-01", "renewal"), **FIVE_YEARS))
    assert spans_of(course)[1:] == [("2025-01-01", "2029-12-31")]
    assert course.terms[1].origin is TermOrigin.EXPRESS
    assert [vote.on for vote in course.renewals] == [day("2024-10-01")]


def test_a_vote_with_its_own_term() -> None:
    course = course_of(convention(event("2024-10-01", "renewal", term="P2Y"), **FIVE_YEARS))
    assert spans_of(course)[1:] == [("2025-01-01", "2026-12-31")]


def test_each_term_has_its_vote() -> None:
    votes = (event("2024-10-01", "renewal"), event("2029-06-01", "renewal"))
    assert len(course_of(convention(*votes, **FIVE_YEARS)).terms) == 3


def test_two_votes_in_one_term_renew_once() -> None:
    votes = (event("2024-03-01", "renewal"), event("2024-10-01", "renewal", term="P3Y"))
    course = course_of(convention(*votes, **FIVE_YEARS))
    assert spans_of(course)[1:] == [("2025-01-01", "2027-12-31")]
    assert codes_of(course) == ["renewal_voted_again"]


@pytest.mark.parametrize(
    ("voted", "terms", "codes"),
    [
        ("2024-12-31", 2, []),
        ("2025-01-01", 1, ["renewal_after_term"]),
    ],
)
def test_a_late_vote_renews_nothing(voted: str, terms: int, codes: list[str]) -> None:
    """C. civ. art. 1213: a prolongation is willed before the contract expires."""
    course = course_of(convention(event(voted, "renewal"), **FIVE_YEARS))
    assert (len(course.terms), codes_of(course)) == (terms, codes)


def test_a_vote_where_the_text_excludes_renewal_counts_with_a_warning() -> None:
    course = course_of(convention(event("2024-10-01", "renewal"), term="P5Y", renewal="none"))
    assert (len(course.terms), codes_of(course)) == (2, ["renewal_not_foreseen"])


def test_a_vote_where_the_text_is_silent_counts() -> None:
    course = course_of(convention(event("2024-10-01", "renewal"), term="P5Y"))
    assert (len(course.terms), codes_of(course)) == (2, [])


@pytest.mark.parametrize("limit", [{"renewal_max": 0}, {"max_total": "P5Y"}])
def test_a_vote_beyond_the_limit_is_not_counted(limit: dict[str, Any]) -> None:
    course = course_of(convention(event("2024-10-01", "renewal"), **FIVE_YEARS, **limit))
    assert (len(course.terms), codes_of(course)) == (1, ["renewal_beyond_limit"])


def test_a_vote_of_unknown_length_goes_on_and_says_so() -> None:
    record = convention(
        event("2022-10-01", "renewal"), signed_on=None, end="2022-12-31", renewal="express"
    )
    course = course_of(record)
    assert (len(course.terms), course.last_day) == (1, None)
    assert codes_of(course) == ["renewal_period_unknown"]


def test_a_vote_is_not_needed_by_a_tacit_renewal() -> None:
    course = course_of(convention(event("2021-10-01", "renewal"), **YEARLY))
    assert codes_of(course) == ["renewal_not_needed"]


def test_a_vote_does_not_add_to_exhausted_tacit_renewals() -> None:
    course = course_of(convention(event("2021-10-01", "renewal"), **YEARLY, renewal_max=1))
    assert (course.last_day, codes_of(course)) == (day("2021-12-31"), ["renewal_beyond_limit"])


def test_a_renewal_voted_for_another_length_counts_anew() -> None:
    votes = (event("2024-10-01", "renewal", term="P2Y"), event("2026-06-01", "renewal"))
    course = course_of(convention(*votes, **FIVE_YEARS))
    assert spans_of(course)[2] == ("2027-01-01", "2031-12-31")


def test_twelve_months_and_a_year_are_one_length() -> None:
    """The count from the origin goes on: 29 February comes back."""
    votes = (
        event("2025-01-01", "renewal", term="P12M"),
        event("2026-01-01", "renewal", term="P1Y"),
        event("2027-01-01", "renewal", term="P12M"),
    )
    record = convention(*votes, start_date="2024-02-29", start="date", term="P1Y",
                        start_day_included=False, renewal="express")  # fmt: skip
    assert course_of(record).terms[3].last_day == day("2028-02-29")


# --- notices -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "last", "late"),
    [
        ("2020-09-30", "2020-12-31", False),
        ("2020-10-01", "2021-12-31", True),
        ("2021-01-01", "2021-12-31", False),
        ("2021-09-30", "2021-12-31", False),
    ],
)
def test_notice_ends_the_term_it_reaches(received: str, last: str, late: bool) -> None:
    notice = event("2020-09-20", "notice", by="us", received_on=received)
    course = course_of(convention(notice, **YEARLY))
    assert course.last_day == day(last)
    assert course.denunciation is not None
    assert course.denunciation.late is late
    assert codes_of(course) == (["late_notice"] if late else [])


@pytest.mark.parametrize(
    ("counting", "last"),
    [
        (None, "2021-12-31"),
        ("receipt", "2021-12-31"),
        ("first_presentation", "2020-12-31"),
        ("sending", "2020-12-31"),
    ],
)
def test_notice_counts_from_the_day_of_its_clause(counting: str | None, last: str) -> None:
    notice = event("2020-09-28", "notice", presented_on="2020-09-30", received_on="2020-10-03")
    course = course_of(convention(notice, **YEARLY, notice_counts_from=counting))
    assert course.last_day == day(last)


@pytest.mark.parametrize(
    ("given", "counting", "codes"),
    [
        ({}, None, ["notice_unconfirmed"]),
        ({}, "sending", []),
        ({"presented_on": "2020-06-03"}, None, []),
        ({"received_on": "2020-06-03"}, "first_presentation", []),
    ],
)
def test_notice_without_receipt_counts_from_posting_with_a_warning(
    given: dict[str, str], counting: str | None, codes: list[str]
) -> None:
    record = convention(
        event("2020-06-01", "notice", **given), **YEARLY, notice_counts_from=counting
    )
    course = course_of(record)
    assert (course.last_day, codes_of(course)) == (day("2020-12-31"), codes)


def test_receipt_is_not_known_before_its_day() -> None:
    notice = event("2020-09-28", "notice", presented_on="2020-09-29", received_on="2020-10-05")
    record = convention(notice, **YEARLY)
    on_the_way = course_of(record, today="2020-09-28")
    assert (on_the_way.last_day, codes_of(on_the_way)) == (
        day("2020-12-31"),
        ["notice_unconfirmed"],
    )
    assert course_of(record, today="2020-10-05").last_day == day("2021-12-31")


def test_tacit_without_notice_period_can_be_denounced_until_the_last_day() -> None:
    record = convention(
        event("2020-12-31", "notice"), term="P1Y", renewal="tacit", renewal_period="P1Y"
    )
    assert course_of(record).last_day == day("2020-12-31")


def test_notice_longer_than_the_term_ends_the_first_term_it_can() -> None:
    """Three years of notice on a yearly convention: given in the first year, it ends the fourth."""
    notice = event("2020-02-01", "notice", received_on="2020-02-01")
    course = course_of(convention(notice, **{**YEARLY, "notice": "P3Y"}))
    assert course.last_day == day("2023-12-31")
    assert codes_of(course) == []


def test_notice_of_a_convention_that_does_not_renew_by_itself() -> None:
    course = course_of(
        convention(event("2024-11-30", "notice", received_on="2024-12-02"), **FIVE_YEARS)
    )
    assert course.denunciation is not None
    assert course.last_day == day("2024-12-31")


@pytest.mark.parametrize(
    ("received", "last"), [("2020-03-15", "2020-06-15"), ("2020-11-15", "2021-02-15")]
)
def test_notice_of_termination_ends_the_convention_at_any_time(received: str, last: str) -> None:
    notice = event("2020-03-01", "notice", received_on=received)
    course = course_of(convention(notice, **YEARLY, notice_of="termination"))
    assert course.last_day == day(last)
    assert course.terms[-1].basis.rule == "term.terminated_by_notice"


def test_notice_of_termination_before_the_first_day_leaves_that_day() -> None:
    notice = event("2019-01-01", "notice", received_on="2019-01-02")
    course = course_of(convention(notice, **YEARLY, notice_of="termination"))
    assert spans_of(course) == [("2020-01-01", "2020-01-01")]


def test_notice_of_an_indefinite_convention_runs_from_its_day() -> None:
    """C. civ. art. 1211: the agreed notice, then the end."""
    record = convention(
        event("2022-01-10", "notice", received_on="2022-01-15"), term=INDEFINITE, notice="P3M"
    )
    assert spans_of(course_of(record)) == [("2020-01-01", "2022-04-15")]


def test_notice_of_an_indefinite_convention_without_a_period_asks_for_a_decision() -> None:
    record = convention(event("2022-01-10", "notice", received_on="2022-01-15"), term=INDEFINITE)
    course = course_of(record)
    assert (course.last_day, codes_of(course)) == (None, ["reasonable_notice"])


def test_a_notice_is_judged_by_the_clause_of_its_day() -> None:
    """An amendment that lengthens the notice does not make yesterday's letter late."""
    record = convention(
        event("2020-07-20", "notice", received_on="2020-08-01"),
        event("2020-11-15", "amendment", notice="P6M"),
        **YEARLY,
    )
    course = course_of(record)
    assert (course.last_day, codes_of(course)) == (day("2020-12-31"), [])


# --- terminations --------------------------------------------------------------------------------


def test_termination_cuts_the_term_in_course() -> None:
    course = course_of(convention(event("2021-05-31", "termination"), **YEARLY))
    assert spans_of(course) == [("2020-01-01", "2020-12-31"), ("2021-01-01", "2021-05-31")]
    assert (course.last_day, course.terminated_on) == (day("2021-05-31"), day("2021-05-31"))


def test_termination_of_a_later_day_is_known_beforehand() -> None:
    record = convention(event("2021-05-31", "termination"), **YEARLY)
    assert course_of(record, today="2020-06-01").last_day == day("2021-05-31")


def test_termination_on_a_last_day_changes_no_term() -> None:
    course = course_of(convention(event("2020-12-31", "termination"), **YEARLY))
    assert course.terms[0].basis.rule == "term.initial_included"
    assert course.last_day == day("2020-12-31")


def test_the_earliest_termination_rules() -> None:
    facts = (event("2021-05-31", "termination"), event("2020-05-31", "termination"))
    assert course_of(convention(*facts, **YEARLY)).last_day == day("2020-05-31")


def test_termination_after_the_end_has_no_effect() -> None:
    course = course_of(convention(event("2025-06-30", "termination"), **FIVE_YEARS))
    assert (course.last_day, course.terminated_on) == (day("2024-12-31"), None)
    assert codes_of(course) == ["termination_after_end"]


def test_termination_before_the_first_day_leaves_no_term() -> None:
    course = course_of(convention(event("2019-12-01", "termination"), **YEARLY))
    assert (course.terms, course.last_day) == ((), day("2019-12-01"))


def test_termination_of_a_convention_that_was_never_signed() -> None:
    course = course_of(
        convention(event("2021-05-31", "termination"), **{**YEARLY, "signed_on": None})
    )
    assert (course.terms, course.last_day) == ((), day("2021-05-31"))


def test_termination_far_ahead_does_not_show_terms_past_the_horizon() -> None:
    course = course_of(convention(event("2030-05-31", "termination"), **YEARLY), until="2021-06-01")
    assert (len(course.terms), course.last_day) == (2, day("2030-05-31"))


# --- amendments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "spans", "rule"),
    [
        ({"term": "P7Y"}, [("2020-01-01", "2026-12-31")], "term.amended_length"),
        ({"end": "2026-03-31"}, [("2020-01-01", "2026-03-31")], "term.amended_end"),
        ({"term": INDEFINITE}, [("2020-01-01", "…")], "term.amended_indefinite"),
        ({"notice": "P1M"}, [("2020-01-01", "2024-12-31")], "term.initial_included"),
    ],
)
def test_amendment_changes_the_term_in_course(
    changes: dict[str, str], spans: list[tuple[str, str]], rule: str
) -> None:
    course = course_of(convention(event("2022-06-01", "amendment", **changes), **FIVE_YEARS))
    assert (spans_of(course), codes_of(course)) == (spans, [])
    assert course.terms[0].basis.rule == rule


def test_amended_length_keeps_the_other_reading_of_the_signature() -> None:
    course = course_of(convention(event("2022-06-01", "amendment", term="P7Y"), **FIVE_YEARS))
    assert course.terms[0].alternative is not None
    assert course.terms[0].alternative.due_on == day("2027-01-01")


def test_amendment_leaves_the_past_unchanged() -> None:
    facts = (event("2021-06-01", "amendment", term="P2Y"),)
    course = course_of(convention(*facts, **YEARLY), until="2023-06-01")
    assert spans_of(course) == [
        ("2020-01-01", "2020-12-31"),
        ("2021-01-01", "2022-12-31"),
        ("2023-01-01", "2023-12-31"),
    ]


def test_amendment_on_the_first_day_of_a_renewed_term_changes_that_term() -> None:
    course = course_of(
        convention(event("2021-01-01", "amendment", end="2021-03-31"), **YEARLY), until="2021-02-01"
    )
    assert spans_of(course)[1] == ("2021-01-01", "2021-03-31")


def test_amendment_before_the_first_day_is_read_from_the_start() -> None:
    course = course_of(convention(event("2019-12-15", "amendment", term="P2Y"), **FIVE_YEARS))
    assert (spans_of(course), course.terms[0].basis.rule) == (
        [("2020-01-01", "2021-12-31")],
        "term.initial_included",
    )


def test_amendment_after_the_end_extends_nothing() -> None:
    course = course_of(convention(event("2025-01-15", "amendment", end="2026-12-31"), **FIVE_YEARS))
    assert (course.last_day, codes_of(course)) == (day("2024-12-31"), ["extension_after_term"])


def test_amendment_within_an_extension_counts() -> None:
    facts = (
        event("2024-06-01", "amendment", end="2025-12-31"),
        event("2025-06-01", "amendment", end="2026-12-31"),
    )
    assert course_of(convention(*facts, **FIVE_YEARS)).last_day == day("2026-12-31")


def test_amendment_that_ends_before_it_was_made_is_ignored() -> None:
    course = course_of(convention(event("2022-06-01", "amendment", term="P1Y"), **FIVE_YEARS))
    assert (course.last_day, codes_of(course)) == (day("2024-12-31"), ["amendment_ignored"])


def test_amendment_that_contradicts_the_start_is_ignored() -> None:
    record = convention(
        event("2022-06-01", "amendment", end="2019-12-31"), start_date="2020-01-01", start="date",
        term="P5Y",
    )  # fmt: skip
    course = course_of(record)
    assert (course.last_day, codes_of(course)) == (day("2024-12-31"), ["amendment_ignored"])
    assert clauses_on(known_on(record, date.max), date.max) == record.terms


def test_amendment_with_an_end_before_the_signature_is_ignored() -> None:
    course = course_of(convention(event("2022-06-01", "amendment", end="2019-12-31"), **FIVE_YEARS))
    assert (course.last_day, codes_of(course)) == (day("2024-12-31"), ["amendment_ignored"])


def test_amendment_gives_an_indefinite_convention_a_length_from_its_day() -> None:
    course = course_of(convention(event("2030-06-01", "amendment", term="P2Y"), term=INDEFINITE))
    assert spans_of(course) == [("2020-01-01", "2032-05-31")]


def test_amendment_removes_the_end_and_the_duration_counts() -> None:
    record = convention(event("2022-01-01", "amendment", end=None), term="P5Y", end="2023-12-31")
    course = course_of(record)
    assert course.last_day == day("2024-12-31")
    assert codes_of(course) == ["end_conflict"]


def test_amendment_of_both_keeps_the_earlier() -> None:
    changes = {"term": "P7Y", "end": "2025-12-31"}
    course = course_of(convention(event("2022-06-01", "amendment", **changes), **FIVE_YEARS))
    assert (course.last_day, codes_of(course)) == (day("2025-12-31"), ["end_conflict"])


def test_amended_length_of_a_convention_whose_start_is_unknown_is_ignored() -> None:
    record = convention(
        event("2021-01-01", "amendment", term="P7Y"), signed_on=None, end="2022-12-31"
    )
    assert codes_of(course_of(record)) == ["amendment_ignored"]


def test_renewals_after_an_amended_end_count_from_the_next_day() -> None:
    course = course_of(
        convention(event("2020-06-01", "amendment", end="2021-03-31"), **YEARLY), until="2021-06-01"
    )
    assert spans_of(course)[1] == ("2021-04-01", "2022-03-31")


# --- what a supposition touches ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "supposed"),
    [
        ({"supposed": ("signed_on",)}, ("signed_on",)),
        ({"supposed": ("term", "notice")}, ("term",)),
        (
            {
                "supposed": ("published_on", "transmitted_on"),
                "start": "deliberation",
                "transmitted_on": "2020-01-01",
                "published_on": "2020-01-02",
            },
            ("transmitted_on", "published_on"),
        ),
        ({"supposed": ("notified_on",)}, ()),
    ],
)
def test_a_term_names_the_suppositions_it_rests_on(
    fields: dict[str, Any], supposed: tuple[str, ...]
) -> None:
    assert course_of(convention(term="P5Y", **fields)).terms[0].basis.supposed == supposed
