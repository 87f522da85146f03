"""Warnings: each with a stable code, raised where it should be and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from unit.domain_strategies import convention, council, day, event

from config.values import Blackout
from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    CouncilVote,
    Instalment,
    PartialDate,
    Programme,
    YearlyAmount,
)
from tracker.domain.council import CouncilCalendar
from tracker.domain.deadlines import Surroundings
from tracker.domain.findings import REPUBLICAN_TAG
from tracker.domain.portfolio import Portfolio
from tracker.sentences import FINDINGS

YEARLY = {"term": "P1Y", "renewal": "tacit", "renewal_period": "P1Y", "notice": "P3M"}
FIVE_YEARS = {"term": "P5Y", "renewal": "express"}
QUIET = {"owner": "agent@example.org"}


def codes(
    record: Convention,
    today: str = "2020-06-01",
    around: Surroundings | None = None,
    *others: Convention,
) -> list[str]:
    portfolio = Portfolio(
        conventions=[record, *others], today=day(today), around=around or Surroundings()
    )
    life = portfolio.life(record.reference, day("2046-01-01"))
    assert all(finding.code in FINDINGS for finding in life.findings)
    return [finding.code for finding in life.findings]


def quiet(*events: Any, **given: Any) -> Convention:
    return convention(*events, **{**QUIET, **given})


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (quiet(**FIVE_YEARS), []),
        (quiet(**YEARLY), []),
        (quiet(term=INDEFINITE, notice="P3M"), []),
        (quiet(**FIVE_YEARS, signed_on=None, deliberated_on="2020-01-01"), ["unsigned"]),
        (
            quiet(deliberated_on="2016-11-21", cited_deliberation_on="2016-09-26", **FIVE_YEARS),
            ["deliberation_mismatch"],
        ),
        (quiet(deliberated_on="2016-11-21", cited_deliberation_on="2016-11-21", **FIVE_YEARS), []),
        (quiet(deliberated_on="2020-01-02", **FIVE_YEARS), ["order_of_acts"]),
        (
            quiet(deliberated_on="2019-12-01", transmitted_on="2020-01-02", **FIVE_YEARS),
            ["order_of_acts"],
        ),
        (
            quiet(deliberated_on="2019-12-02", transmitted_on="2019-12-01", **FIVE_YEARS),
            ["order_of_acts"],
        ),
        (
            quiet(deliberated_on="2019-12-02", published_on="2019-12-01", **FIVE_YEARS),
            ["order_of_acts"],
        ),
        (quiet(convention_transmitted_on="2019-12-31", **FIVE_YEARS), ["order_of_acts"]),
        (quiet(notified_on="2019-12-31", **FIVE_YEARS), ["order_of_acts"]),
        (
            quiet(deliberated_on="2019-12-01", transmitted_on="2019-12-01", published_on="2019-12-01",
                  convention_transmitted_on="2020-01-01", notified_on="2020-01-01", **FIVE_YEARS),
            [],
        ),
        (quiet(deliberated_on=PartialDate(2019), **FIVE_YEARS), ["partial_date"]),
        (
            quiet(signed_on=None, effective_on=PartialDate(2018, 5), **FIVE_YEARS),
            ["partial_date", "nothing_to_compute"],
        ),
        (quiet(supposed=("signed_on",), **FIVE_YEARS), ["supposed"]),
        (quiet(signed_on=None, **FIVE_YEARS), ["nothing_to_compute"]),
        (quiet(signed_on=None, programme=Programme(first_year=2016, last_year=2020)), []),
        (quiet(term="P3Y", end="2021-01-31"), ["end_conflict"]),
        (quiet(end="2019-12-31"), ["end_before_start"]),
        (
            quiet(start="deliberation", deliberated_on="2019-12-01", term="P5Y"),
            ["executory_unknown"],
        ),
        (quiet(term="P1Y", renewal="tacit", notice="P3M"), ["tacit_without_period"]),
        (
            quiet(term="P1Y", renewal="tacit", signed_on=None, deliberated_on="2020-02-01"),
            ["unsigned", "tacit_without_period"],
        ),
        (quiet(end="2022-12-31", signed_on=None, renewal="tacit"), ["renewal_period_unknown"]),
        (quiet(**{**YEARLY, "notice": "P2Y"}), ["notice_exceeds_term"]),
        (quiet(**{**YEARLY, "notice": "P1Y"}), ["notice_exceeds_term"]),
        (quiet(programme=Programme(first_year=2016, last_year=2020), **FIVE_YEARS), ["programme_mismatch"]),
        (quiet(programme=Programme(first_year=2020, last_year=2024), **FIVE_YEARS), []),
        (quiet(term="P5Y", payments=(Instalment(share=Decimal(100), on="un jour"),)), ["unknown_trigger"]),
        (
            quiet(signed_on=None, end="2022-12-31", recurring="evaluation P1Y"),
            ["start_unknown"],
        ),
        (quiet(signed_on=None, end="2022-12-31"), []),
        (convention(**FIVE_YEARS), ["missing_owner"]),
        (
            quiet(kind="subsidy", amount=Decimal(30000), signed_on=None, deliberated_on="2020-01-01", term="P1Y"),
            ["unsigned", "subsidy_needs_convention"],
        ),
        (quiet(kind="subsidy", amount=Decimal(23000), term="P1Y"), []),
        (
            quiet(kind="subsidy", amount=Decimal(40000), signed_on=None, deliberated_on="2020-01-01",
                  amounts=(YearlyAmount(year=2020, amount=Decimal(20000)),), term="P2Y"),
            ["unsigned"],
        ),
    ],
)  # fmt: skip
def test_findings_of_a_record(record: Convention, expected: list[str]) -> None:
    assert codes(record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (quiet(event("2025-02-01", "renewal"), **FIVE_YEARS), ["renewal_after_term"]),
        (quiet(event("2022-02-01", "renewal"), **YEARLY), ["renewal_not_needed"]),
        (quiet(event("2022-02-01", "renewal"), term="P5Y", renewal="none"), ["renewal_not_foreseen"]),
        (quiet(event("2022-02-01", "renewal"), **FIVE_YEARS, renewal_max=0), ["renewal_beyond_limit"]),
        (
            quiet(event("2022-02-01", "renewal"), event("2022-03-01", "renewal"), **FIVE_YEARS),
            ["renewal_voted_again"],
        ),
        (quiet(event("2025-02-01", "amendment", term="P9Y"), **FIVE_YEARS), ["extension_after_term"]),
        (quiet(event("2022-02-01", "amendment", term="P1Y"), **FIVE_YEARS), ["amendment_ignored"]),
        (quiet(event("2025-02-01", "termination"), **FIVE_YEARS), ["termination_after_end"]),
        (quiet(event("2020-10-05", "notice", received_on="2020-10-06"), **YEARLY), ["late_notice"]),
        (quiet(event("2020-06-05", "notice"), **YEARLY), ["notice_unconfirmed"]),
        (
            quiet(event("2020-06-05", "notice", received_on="2020-06-08"), term=INDEFINITE),
            ["reasonable_notice"],
        ),
        (quiet(term="P300Y"), ["beyond_calendar"]),
    ],
)  # fmt: skip
def test_findings_of_a_history(record: Convention, expected: list[str]) -> None:
    assert codes(record, "2026-01-01") == expected


# --- payments after the end ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (quiet(event("2025-03-01", "payment"), **FIVE_YEARS), ["tacit_renewal_in_fact"]),
        (quiet(event("2024-12-31", "payment"), **FIVE_YEARS), []),
        (quiet(event("2025-03-01", "payment"), **FIVE_YEARS, payments="100 signature"), []),
        (
            quiet(
                event("2020-03-01", "payment"),
                event("2025-03-01", "payment"),
                **FIVE_YEARS,
                payments="100 signature",
            ),
            ["tacit_renewal_in_fact"],
        ),
        (quiet(event("2022-03-01", "termination"), event("2022-04-01", "payment"), **FIVE_YEARS), []),
        (quiet(event("2025-03-01", "payment"), **YEARLY), []),
    ],
)  # fmt: skip
def test_going_on_after_the_end(record: Convention, expected: list[str]) -> None:
    """C. civ. art. 1215; a balance paid late is no renewal."""
    assert codes(record, "2026-01-01") == expected


def test_going_on_under_another_convention_is_no_tacit_renewal() -> None:
    after = quiet(reference="D", succeeds="C", **{**FIVE_YEARS, "signed_on": "2025-01-01"})
    assert (
        codes(quiet(event("2025-03-01", "payment"), **FIVE_YEARS), "2026-01-01", None, after) == []
    )


# --- council -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "sessions", "expected"),
    [
        ("2024-06-01", ("2024-10-14",), []),
        ("2024-10-15", ("2024-10-14",), ["no_session_fits"]),
        ("2024-06-01", ("2024-12-02",), ["no_session_fits"]),
        ("2024-06-01", (), []),
        ("2021-06-01", ("2021-10-14",), []),
        ("2025-06-01", ("2024-12-02",), []),
    ],
)
def test_no_session_fits(today: str, sessions: tuple[str, ...], expected: list[str]) -> None:
    assert codes(quiet(**FIVE_YEARS), today, council(*sessions)) == expected


def test_a_voted_succession_needs_no_session() -> None:
    after = quiet(
        reference="D", succeeds="C", signed_on=None, deliberated_on="2024-09-30", **FIVE_YEARS
    )
    assert codes(quiet(**FIVE_YEARS), "2024-10-15", council("2024-10-14"), after) == []


def test_a_session_in_a_blackout_counts_with_a_warning() -> None:
    summer = Blackout(first=day("2000-07-14"), last=day("2000-08-31"), yearly=True)
    around = Surroundings(
        council=CouncilCalendar(sessions=(day("2024-07-15"),), blackouts=(summer,))
    )
    assert codes(quiet(**FIVE_YEARS), "2024-06-01", around) == ["session_in_blackout"]


# --- families ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-01-01", "2024-12-31", []),
        ("2025-01-02", "2024-12-31", ["gap"]),
        ("2024-12-31", "2024-12-31", ["overlap"]),
        ("2021-01-01", "2024-12-31", ["overlap"]),
    ],
)
def test_succession_to_the_day(first: str, last: str, expected: list[str]) -> None:
    before = quiet(reference="B", end=last)
    record = quiet(succeeds="B", **{**FIVE_YEARS, "signed_on": first})
    assert codes(record, "2026-01-01", None, before) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (quiet(reference="B", term=INDEFINITE), ["overlap"]),
        (quiet(reference="B", **YEARLY), ["overlap"]),
        (quiet(event("2024-12-31", "termination"), reference="B", term=INDEFINITE), []),
        (quiet(reference="B", signed_on=None, deliberated_on="2019-01-01", term="P5Y"), []),
    ],
)
def test_succession_of_a_convention_without_a_set_end(
    before: Convention, expected: list[str]
) -> None:
    record = quiet(succeeds="B", **{**FIVE_YEARS, "signed_on": "2025-01-01"})
    assert codes(record, "2026-01-01", None, before) == expected


def test_relatives_that_are_not_tracked() -> None:
    assert codes(quiet(succeeds="B", parent="P", **FIVE_YEARS)) == [
        "unknown_parent",
        "unknown_predecessor",
    ]


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (quiet(parent="P", **FIVE_YEARS), ["orphan_child"]),
        (quiet(parent="P", term="P3Y"), []),
        (quiet(parent="P", term=INDEFINITE), ["orphan_child"]),
        (quiet(parent="P", signed_on=None, deliberated_on="2020-01-01", term="P9Y"), ["unsigned"]),
    ],
)
def test_a_child_that_outlives_its_framework(child: Convention, expected: list[str]) -> None:
    parent = quiet(reference="P", end="2022-12-31")
    assert codes(child, "2020-06-01", None, parent) == expected


@pytest.mark.parametrize(
    ("today", "expected"), [("2020-06-01", []), ("2021-06-01", ["orphan_child"])]
)
def test_a_child_that_renews_tacitly_is_seen_two_years_ahead(
    today: str, expected: list[str]
) -> None:
    parent = quiet(reference="P", end="2022-12-31")
    assert codes(quiet(parent="P", **YEARLY), today, None, parent) == expected


def test_a_framework_without_end_is_outlived_by_none() -> None:
    parent = quiet(reference="P", term=INDEFINITE)
    assert codes(quiet(parent="P", **FIVE_YEARS), "2020-06-01", None, parent) == []


# --- subsidies, people ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed_on", "tags", "expected"),
    [
        ("2022-01-02", (), ["republican_commitment"]),
        ("2022-01-02", (REPUBLICAN_TAG,), []),
        ("2022-01-01", (), []),
    ],
)
def test_republican_commitment(signed_on: str, tags: tuple[str, ...], expected: list[str]) -> None:
    record = quiet(kind="subsidy", signed_on=signed_on, term="P1Y", tags=tags)
    assert codes(record, "2022-06-01") == expected


def test_an_ended_convention_needs_no_owner_nor_commitment() -> None:
    record = convention(kind="subsidy", signed_on="2022-02-01", term="P1Y")
    assert codes(record, "2023-02-01") == []


def test_a_rejected_vote_is_not_unsigned() -> None:
    vote = CouncilVote(on=day("2020-01-01"), vote="rejected")
    record = quiet(signed_on=None, deliberated_on="2020-01-01", session=vote, **FIVE_YEARS)
    assert codes(record) == []
