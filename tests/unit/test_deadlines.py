"""Deadlines: what is due, which fact meets it, what is left of it on a day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.domain_strategies import convention, council, day, deadlines_of, event

from tracker.domain.consequences import DeadlineKind, DeadlineStatus
from tracker.domain.conventions import (
    INDEFINITE,
    CouncilVote,
    Event,
    Instalment,
    Milestone,
    PartialDate,
    YearlyAmount,
)
from tracker.domain.dates import Period
from tracker.domain.deadlines import (
    Surroundings,
    deadline_key,
    derive_deadlines,
    is_trigger,
    split_amount,
)
from tracker.domain.facts import known_on

YEARLY = {"term": "P1Y", "renewal": "tacit", "renewal_period": "P1Y", "notice": "P3M"}
FIVE_YEARS = {"term": "P5Y", "renewal": "express"}
UPCOMING, OVERDUE, DONE = DeadlineStatus.UPCOMING, DeadlineStatus.OVERDUE, DeadlineStatus.DONE
MISSED, UNKNOWN = DeadlineStatus.MISSED, DeadlineStatus.UNKNOWN


def statuses(record: Any, today: str, kind: str, **given: Any) -> dict[int, str]:
    return {
        item.ordinal: item.status.value for item in deadlines_of(record, today, kind=kind, **given)
    }


# --- keys ----------------------------------------------------------------------------------------


def test_key_is_percent_encoded_and_holds_no_date() -> None:
    assert (
        deadline_key("DIJ/CRESS 2009é", DeadlineKind.NOTICE, 3)
        == "DIJ%2FCRESS%202009%C3%A9/notice/3"
    )


def test_a_deadline_that_moves_keeps_its_key() -> None:
    before = deadlines_of(convention(**YEARLY), "2020-02-01", kind="notice")[0]
    after = deadlines_of(convention(**{**YEARLY, "notice": "P1M"}), "2020-02-01", kind="notice")[0]
    assert (before.key, before.due_on) == ("C/notice/1", day("2020-09-30"))
    assert (after.key, after.due_on) == ("C/notice/1", day("2020-11-30"))


def test_reports_of_every_day_leave_the_years_to_financial_reports() -> None:
    record = convention(kind="subsidy", amount=Decimal(30000), signed_on="2015-01-01", term="P9Y",
                        recurring="report P1D")  # fmt: skip
    keys = [item.key for item in deadlines_of(record, "2024-12-31", kind="report")]
    assert len(keys) == len(set(keys)) > 3000


# --- which fact meets which deadline -------------------------------------------------------------


def committees(*events: Event, today: str = "2024-02-01") -> dict[int, str]:
    record = convention(*events, **YEARLY, recurring="committee P1Y")
    return statuses(record, today, "committee", until="2024-12-31")


def test_each_event_meets_the_nearest_open_occurrence() -> None:
    found = committees(event("2021-01-15", "committee"), event("2022-11-01", "committee"))
    assert found == {1: "done", 2: "overdue", 3: "done", 4: "overdue", 5: "upcoming"}


def test_two_events_near_one_day_meet_two_occurrences_in_date_order() -> None:
    found = committees(event("2022-01-10", "committee"), event("2021-12-20", "committee"))
    assert [number for number, status in found.items() if status == "done"] == [2, 3]


def test_a_tie_goes_to_the_earlier_occurrence() -> None:
    record = convention(
        event("2021-01-30", "evaluation"), start_date="2021-01-01", start="date", term="P1Y",
        recurring="evaluation P29D",
    )  # fmt: skip
    first, second = deadlines_of(record, "2021-03-05", until="2021-02-28", kind="evaluation")
    assert (first.due_on, second.due_on) == (day("2021-01-29"), day("2021-02-27"))
    assert (first.status, second.status) == (DONE, OVERDUE)


def test_a_named_occurrence_is_served_first() -> None:
    found = committees(
        event("2021-01-15", "committee"), event("2021-01-20", "committee", occurrence=1)
    )
    assert [number for number, status in found.items() if status == "done"] == [1, 2]


def test_naming_an_occurrence_that_does_not_exist_meets_nothing() -> None:
    assert "done" not in committees(event("2021-01-15", "committee", occurrence=99)).values()


def test_more_events_than_occurrences() -> None:
    record = convention(
        *[event(f"2020-0{month}-01", "evaluation") for month in range(1, 6)], term="P1Y",
        recurring="evaluation P1Y",
    )  # fmt: skip
    assert statuses(record, "2020-06-01", "evaluation") == {1: "done"}


def test_duties_of_one_kind_overlap() -> None:
    """Two reports at two periods: each occurrence is owed, the same day twice."""
    record = convention(
        event("2020-12-20", "report"), term="P1Y", recurring="report P6M;report P1Y"
    )
    found = deadlines_of(record, "2021-01-10", kind="report")
    assert [item.due_on.isoformat() for item in found] == ["2020-06-30", "2020-12-31", "2020-12-31"]
    assert [item.status for item in found] == [MISSED, DONE, MISSED]


def test_a_duty_written_twice_is_owed_once() -> None:
    record = convention(term="P1Y", recurring="report P6M;report P6M")
    assert len(deadlines_of(record, "2020-02-01", kind="report")) == 2


# --- duties through amendments -------------------------------------------------------------------


def test_an_amended_duty_leaves_past_occurrences_as_they_were() -> None:
    record = convention(
        event("2022-06-15", "amendment", recurring="committee P6M"), **YEARLY,
        recurring="committee P1Y",
    )  # fmt: skip
    found = deadlines_of(record, "2022-07-01", until="2023-12-31", kind="committee")
    assert [(item.ordinal, item.due_on.isoformat()) for item in found] == [
        (1, "2020-12-31"),
        (2, "2021-12-31"),
        (3, "2022-06-30"),
        (4, "2022-12-31"),
        (5, "2023-06-30"),
        (6, "2023-12-31"),
    ]


@pytest.mark.parametrize(
    ("amended_on", "notice", "due"),
    [
        ("2020-05-01", "P6M", "2020-06-30"),
        ("2020-08-01", "P6M", "2020-06-30"),
        ("2020-11-15", "P6M", "2020-09-30"),
        ("2020-11-15", "P1M", "2020-11-30"),
        ("2020-12-15", "P1M", "2020-09-30"),
    ],
)
def test_an_amendment_does_not_reopen_a_notice_day_that_is_past(
    amended_on: str, notice: str, due: str
) -> None:
    record = convention(event(amended_on, "amendment", notice=notice), **YEARLY)
    found = deadlines_of(record, "2020-12-31", until="2020-12-31", kind="notice")
    assert [item.due_on.isoformat() for item in found] == [due]


def test_an_amendment_leaves_a_payment_due_as_it_was() -> None:
    record = convention(
        event("2020-06-01", "amendment", payments="50 signature;50 documents"),
        event("2020-09-01", "documents"),
        term="P1Y", amount=Decimal(1000), payments="70 signature;30 documents",
    )  # fmt: skip
    found = deadlines_of(record, "2020-10-01", kind="payment")
    assert [(item.ordinal, item.amount) for item in found] == [(1, Decimal(700)), (2, Decimal(500))]


def test_an_amendment_that_adds_a_payment_gives_it_a_number_of_its_own() -> None:
    record = convention(
        event("2020-06-01", "amendment", payments="100 2020-09-01"),
        term="P1Y", amount=Decimal(1000), payments="70 signature",
    )  # fmt: skip
    found = deadlines_of(record, "2020-10-01", kind="payment")
    assert [(item.ordinal, item.amount) for item in found] == [
        (1, Decimal(700)),
        (2, Decimal(1000)),
    ]


def test_reviews_stand_while_the_convention_has_no_end() -> None:
    record = convention(
        event("2022-06-01", "amendment", term=INDEFINITE),
        event("2025-06-01", "amendment", end="2028-12-31"),
        term="P5Y", notice="P3M",
    )  # fmt: skip
    found = deadlines_of(record, "2026-01-01", kind="review")
    assert [(item.ordinal, item.due_on.isoformat()) for item in found] == [
        (1, "2022-12-31"),
        (2, "2023-12-31"),
        (3, "2024-12-31"),
    ]


def test_reviews_stop_with_the_convention() -> None:
    record = convention(
        event("2021-01-31", "notice", received_on="2021-02-10"), term=INDEFINITE, notice="P3M"
    )
    assert statuses(record, "2021-03-01", "review") == {1: "overdue"}


# --- statuses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "status"),
    [("2022-03-13", UPCOMING), ("2022-03-17", UPCOMING), ("2022-03-18", DONE)],
)
def test_a_milestone_lasts_until_its_last_day(today: str, status: DeadlineStatus) -> None:
    meeting = Milestone(title="Rencontres", on=day("2022-03-15"), to=day("2022-03-17"))
    (found,) = deadlines_of(convention(milestones=(meeting,)), today, kind="milestone")
    assert (found.status, found.label, found.until) == (status, "Rencontres", day("2022-03-17"))


@pytest.mark.parametrize("kind", ["evaluation", "notice", "signature"])
def test_before_tracking_began_a_duty_is_unknown(kind: str) -> None:
    record = convention(
        **YEARLY, tracked_from="2022-06-01", recurring="evaluation P1Y", deliberated_on="2019-12-01",
        signed_on=None, effective_on="2020-01-01",
    )  # fmt: skip
    assert statuses(record, "2022-07-01", kind, until="2022-06-15")[1] == "unknown"


def test_before_tracking_began_what_was_done_is_done() -> None:
    record = convention(
        event("2020-12-20", "evaluation"),
        **YEARLY,
        tracked_from="2022-06-01",
        recurring="evaluation P1Y",
    )
    found = statuses(record, "2022-07-01", "evaluation", until="2021-12-31")
    assert found == {1: "done", 2: "unknown"}


def test_a_missing_fact_insists_whenever_tracking_began() -> None:
    record = convention(
        term="P5Y", signed_on=None, deliberated_on="2016-03-21", tracked_from="2020-01-01"
    )
    assert statuses(record, "2021-01-01", "missing") == {1: "overdue"}


def test_duties_still_open_at_the_end_are_missed_and_those_of_law_stay_due() -> None:
    record = convention(
        kind="subsidy", amount=Decimal(30000), term="P1Y", recurring="evaluation P6M",
        final_evaluation=True, payments="100 signature",
    )  # fmt: skip
    found = {
        item.key: item.status for item in deadlines_of(record, "2021-07-01", until="2021-12-31")
    }
    assert found == {
        "C/evaluation/1": MISSED,
        "C/evaluation/2": MISSED,
        "C/expiry/1": DONE,
        "C/final_evaluation/1": MISSED,
        "C/payment/1": OVERDUE,
        "C/publication/1": OVERDUE,
        "C/report/2020": OVERDUE,
    }


def test_acknowledged_and_snoozed_are_told_of_their_deadline_only() -> None:
    record = convention(
        event("2020-02-01", "acknowledged", deadline="C/notice/1"),
        event("2020-02-02", "snoozed", deadline="C/renewal/1", until="2020-12-01"),
        event("2020-02-03", "snoozed", deadline="C/renewal/1", until="2020-11-01"),
        **YEARLY,
    )
    notice, renewal = deadlines_of(record, "2020-03-01", until="2020-12-31")
    assert (notice.acknowledged, notice.snoozed_until) == (True, None)
    assert (renewal.acknowledged, renewal.snoozed_until) == (False, day("2020-11-01"))


def test_lead_times_of_its_own() -> None:
    record = convention(**YEARLY, reminders=(("notice", (Period(months=9),)),))
    notice, renewal = deadlines_of(record, "2020-03-01", until="2020-12-31")
    assert (notice.lead_times, renewal.lead_times) == ((Period(months=9),), None)
    assert notice.days_left(day("2020-09-29")) == 1


# --- votes ---------------------------------------------------------------------------------------


def test_the_vote_is_due_on_the_last_session_that_fits() -> None:
    around = council("2024-06-24", "2024-09-30", "2024-11-19", "2024-11-20")
    (found,) = deadlines_of(convention(**FIVE_YEARS), "2024-01-01", around=around, kind="decision")
    assert (found.due_on, found.basis.rule) == (day("2024-11-19"), "decision.session")
    assert dict(found.basis.facts)["safe"] == day("2024-09-30")


def test_the_only_session_that_fits_is_said_to_be() -> None:
    (found,) = deadlines_of(
        convention(**FIVE_YEARS), "2024-01-01", around=council("2024-06-24"), kind="decision"
    )
    assert (found.due_on, found.basis.rule) == (day("2024-06-24"), "decision.only_session")


@pytest.mark.parametrize(
    ("sessions", "rule"),
    [
        ((), "decision.no_sessions"),
        (("2024-12-02",), "decision.none_fits"),
        (("2021-03-01", "2021-06-01"), "decision.none_fits"),
    ],
)
def test_without_a_session_the_last_useful_day_is_due(sessions: tuple[str, ...], rule: str) -> None:
    (found,) = deadlines_of(
        convention(**FIVE_YEARS), "2022-01-01", around=council(*sessions), kind="decision"
    )
    assert (found.due_on, found.basis.rule) == (day("2024-11-19"), rule)


@pytest.mark.parametrize(
    "record",
    [
        convention(**FIVE_YEARS, renewal_max=0),
        convention(**FIVE_YEARS, max_total="P5Y"),
        convention(term="P5Y", renewal="none"),
        convention(term="P5Y"),
        convention(event("2024-02-01", "notice", received_on="2024-02-03"), **FIVE_YEARS),
        convention(event("2024-12-31", "termination"), **FIVE_YEARS),
    ],
)
def test_no_vote_is_expected_where_nothing_can_be_renewed(record: Any) -> None:
    assert deadlines_of(record, "2024-06-01", kind="decision") == ()
    assert [item.ordinal for item in deadlines_of(record, "2024-06-01", kind="expiry")] == [1]


def test_a_vote_of_each_term() -> None:
    record = convention(event("2024-10-01", "renewal"), **FIVE_YEARS, max_total="P12Y")
    assert statuses(record, "2025-01-01", "decision") == {1: "done", 2: "upcoming"}


def test_final_evaluation_of_an_express_renewal_follows_the_plan() -> None:
    record = convention(**FIVE_YEARS, final_evaluation=True)
    (found,) = deadlines_of(
        record, "2024-01-01", around=council("2024-10-14"), kind="final_evaluation"
    )
    assert (found.due_on, found.basis.rule) == (day("2024-03-29"), "final_evaluation.plan")


@pytest.mark.parametrize(
    "terms",
    [
        {**FIVE_YEARS, "renewal_max": 0},
        {"term": "P5Y", "renewal": "tacit", "renewal_period": "P5Y"},
        {"term": "P5Y", "renewal": "none"},
    ],
)
def test_final_evaluation_without_a_plan_is_due_on_the_last_day(terms: dict[str, Any]) -> None:
    record = convention(**terms, final_evaluation=True)
    found = deadlines_of(
        record, "2024-01-01", around=council("2024-10-14"), kind="final_evaluation"
    )
    assert (found[0].due_on, found[0].basis.rule) == (
        day("2024-12-31"),
        "final_evaluation.last_day",
    )


# --- ends ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "rule"),
    [
        (convention(term="P1Y"), "expiry"),
        (convention(event("2020-06-30", "termination"), **YEARLY), "expiry.terminated"),
        (convention(event("2020-06-01", "notice"), **YEARLY), "expiry.denounced"),
        (convention(**YEARLY, renewal_max=0), "expiry.no_more_renewal"),
    ],
)
def test_an_end_says_why(record: Any, rule: str) -> None:
    (found,) = deadlines_of(record, "2020-06-15", kind="expiry")
    assert dict(found.basis.facts)["end_rule"] == rule


@pytest.mark.parametrize(
    "record",
    [
        convention(event("2020-06-30", "termination"), **YEARLY),
        convention(**YEARLY, renewal_max=0),
        convention(**FIVE_YEARS, notice="P3M"),
    ],
)
def test_no_notice_where_nothing_renews_by_itself(record: Any) -> None:
    assert deadlines_of(record, "2020-06-15", until="2024-12-31", kind="notice") == ()


def test_a_tacit_renewal_of_unknown_length_still_has_a_notice_day() -> None:
    record = convention(signed_on=None, end="2022-12-31", renewal="tacit", notice="P3M")
    assert statuses(record, "2022-06-15", "notice") == {1: "upcoming"}
    assert statuses(record, "2022-06-15", "renewal") == {1: "upcoming"}


def test_late_notice_meets_the_notice_day_of_the_term_it_ends() -> None:
    record = convention(event("2020-10-05", "notice", received_on="2020-10-06"), **YEARLY)
    assert statuses(record, "2020-11-01", "notice") == {1: "missed", 2: "done"}


@pytest.mark.parametrize(
    ("margin", "counting", "act_by"),
    [
        (Period(days=15), None, "2020-09-15"),
        (None, None, "2020-09-30"),
        (Period(months=1), "receipt", "2020-08-28"),
        (Period(days=15), "sending", "2020-09-30"),
        (Period(days=15), "first_presentation", "2020-09-15"),
    ],
)
def test_prudent_day_of_a_notice(margin: Period | None, counting: str | None, act_by: str) -> None:
    around = Surroundings(postal_margin=margin)
    record = convention(**YEARLY, notice_counts_from=counting)
    found = deadlines_of(record, "2020-02-01", until="2020-12-31", around=around, kind="notice")
    assert found[0].act_by == day(act_by)


def test_two_readings_of_a_term_may_share_their_notice_day() -> None:
    """30 or 31 March, and a month: 28 February either way."""
    record = convention(**{**YEARLY, "notice": "P1M", "signed_on": "2020-03-31"})
    found = deadlines_of(record, "2020-04-01", until="2021-12-31", kind="notice")[0]
    assert (found.due_on, found.alternative) == (day("2021-02-28"), None)


def test_prudent_days_avoid_holidays() -> None:
    around = Surroundings(holidays=frozenset({day("2020-12-31"), day("2020-12-30")}))
    (found,) = deadlines_of(convention(term="P1Y"), "2020-02-01", around=around, kind="expiry")
    assert (found.due_on, found.act_by) == (day("2020-12-31"), day("2020-12-29"))


# --- money ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "given", "events", "due"),
    [
        ("signature", {}, (), "2020-01-01"),
        ("notification", {"notified_on": "2020-01-05"}, (), "2020-01-05"),
        ("notification", {}, (), None),
        ("transmission", {"convention_transmitted_on": "2020-01-06"}, (), "2020-01-06"),
        ("deliberation", {"transmitted_on": "2019-12-01", "published_on": "2019-12-03"}, (), "2019-12-03"),
        ("deliberation", {"transmitted_on": "2019-12-01"}, (), None),
        ("documents", {}, (event("2020-05-01", "documents"),), "2020-05-01"),
        ("documents", {}, (event("2020-05-02", "report"),), "2020-05-02"),
        ("committee", {}, (event("2020-06-01", "committee"),), "2020-06-01"),
        ("report", {}, (event("2020-06-02", "report"),), "2020-06-02"),
        ("evaluation", {}, (), None),
        ("final_evaluation", {}, (event("2020-06-03", "final_evaluation"),), "2020-06-03"),
        ("2020-09-30", {}, (), "2020-09-30"),
        ("un jour", {}, (), None),
    ],
)  # fmt: skip
def test_payment_is_due_on_the_day_of_its_trigger(
    trigger: str, given: dict[str, str], events: tuple[Event, ...], due: str | None
) -> None:
    payments = (Instalment(share=Decimal(100), on=trigger),)
    record = convention(*events, term="P1Y", amount=Decimal(4000), payments=payments, **given)
    found = [item.due_on for item in deadlines_of(record, "2020-12-01", kind="payment")]
    assert found == ([day(due)] if due else [])
    assert is_trigger(trigger) is (trigger != "un jour")


def test_payment_without_an_amount_says_its_share() -> None:
    (found,) = deadlines_of(
        convention(term="P1Y", payments="70 signature"), "2020-02-01", kind="payment"
    )
    assert (found.amount, found.basis.rule) == (None, "payment.no_amount")


def test_payment_of_the_only_yearly_amount() -> None:
    record = convention(
        term="P1Y",
        payments="70 signature",
        amounts=(YearlyAmount(year=2020, amount=Decimal(4000)),),
    )
    assert deadlines_of(record, "2020-02-01", kind="payment")[0].amount == Decimal(2800)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        ("4000", ["70", "30"], ["2800.00", "1200.00"]),
        ("100", ["33.33", "33.33", "33.34"], ["33.33", "33.33", "33.34"]),
        ("0.05", ["50", "50"], ["0.02", "0.03"]),
        ("1000", ["70"], ["700.00"]),
        ("1000", [], []),
    ],
)
def test_instalments_in_euros(total: str, shares: list[str], parts: list[str]) -> None:
    instalments = tuple(Instalment(share=Decimal(share), on="signature") for share in shares)
    assert split_amount(Decimal(total), instalments) == tuple(Decimal(part) for part in parts)


@given(st.integers(0, 10**10), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_instalments_sum_to_the_cent(cents: int, weights: list[int]) -> None:
    total = Decimal(cents) / 100
    shares = [Decimal(weight * 100) / sum(weights) for weight in weights]
    shares = [share.quantize(Decimal("0.01")) for share in shares]
    shares[-1] = 100 - sum(shares[:-1], Decimal(0))
    if min(shares) <= 0:
        return
    instalments = tuple(Instalment(share=share, on="signature") for share in shares)
    parts = split_amount(total, instalments)
    assert sum(parts) == total
    assert all(part == part.quantize(Decimal("0.01")) and part >= 0 for part in parts)


@pytest.mark.parametrize(
    ("given", "above"),
    [
        ({"amount": Decimal(23000)}, False),
        ({"amount": Decimal("23000.01")}, True),
        (
            {
                "amount": Decimal(60000),
                "amounts": (YearlyAmount(year=2020, amount=Decimal(20000)),),
            },
            False,
        ),
        (
            {"amount": Decimal(1), "amounts": (YearlyAmount(year=2020, amount=Decimal(24000)),)},
            True,
        ),
        ({}, False),
    ],
)
def test_the_threshold_is_counted_by_the_year(given: dict[str, Any], above: bool) -> None:
    record = convention(kind="subsidy", term="P1Y", **given)
    assert bool(deadlines_of(record, "2020-02-01", kind="report")) is above


def test_a_financial_report_a_year_named_by_its_exercise() -> None:
    record = convention(kind="subsidy", signed_on="2021-07-01", term="P3Y", amount=Decimal(30000))
    found = deadlines_of(record, "2022-02-01", until="2026-01-01", kind="report")
    assert [(item.ordinal, item.due_on.isoformat()) for item in found] == [
        (2021, "2022-06-30"),
        (2022, "2023-06-30"),
        (2023, "2024-06-30"),
        (2024, "2025-06-30"),
    ]


# --- external action -----------------------------------------------------------------------------


def test_declarations_of_the_years_in_force_since_the_first_campaign() -> None:
    record = convention(partners="MA", signed_on="1959-05-01", term=INDEFINITE)
    found = deadlines_of(record, "2016-01-01", until="2017-01-01", kind="declaration")
    assert [(item.ordinal, item.due_on.isoformat()) for item in found] == [
        (2013, "2014-06-30"),
        (2014, "2015-05-31"),
        (2015, "2016-05-31"),
    ]


def test_the_declaration_of_the_last_year_is_due_after_the_end() -> None:
    record = convention(partners="MA", term="P1Y")
    found = deadlines_of(record, "2021-06-15", kind="declaration")
    assert [(item.ordinal, item.status) for item in found] == [(2020, OVERDUE)]


@pytest.mark.parametrize(
    ("country", "kinds"),
    [("RU", {"transmission"}), ("FR", set()), ("MA", {"transmission", "declaration"})],
)
def test_what_a_foreign_partner_calls_for(country: str, kinds: set[str]) -> None:
    found = deadlines_of(convention(partners=country, term="P1Y"), "2020-02-01")
    assert {item.kind.value for item in found} - {"expiry"} == kinds


# --- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"signed_on": None, "term": "P1Y"}, "signed_on"),
        ({"signed_on": None, "start": None, "term": "P1Y"}, "start"),
        ({"start": "entry_into_force", "partners": "FR", "term": "P1Y"}, "effective_on"),
        (
            {"start": "entry_into_force", "partners": "MA", "term": "P1Y"},
            "convention_transmitted_on",
        ),
        ({}, "term"),
        ({"start": "date", "term": "P1Y"}, "start_date"),
    ],
)
def test_the_fact_without_which_nothing_is_computed(given: dict[str, Any], label: str) -> None:
    record = convention(deliberated_on="2019-12-01", **{"signed_on": "2020-01-01", **given})
    (found,) = deadlines_of(record, "2020-02-01", kind="missing")
    latest = "2019-12-01" if "signed_on" in given else "2020-01-01"
    assert (found.label, found.due_on) == (label, day(latest))


@pytest.mark.parametrize(
    "record",
    [
        convention(signed_on=None, term="P1Y"),
        convention(signed_on=PartialDate(2018, 5), term="P1Y"),
        convention(term="P1Y"),
        convention(event("2020-02-01", "termination"), signed_on=None, term="P1Y", deliberated_on="2019-12-01"),
    ],
)  # fmt: skip
def test_no_missing_deadline_without_a_day_to_hang_it_on_nor_a_need(record: Any) -> None:
    assert deadlines_of(record, "2020-03-01", kind="missing") == ()


def test_a_rejected_vote_asks_for_no_signature() -> None:
    vote = CouncilVote(on=day("2019-12-01"), vote="rejected")
    record = convention(signed_on=None, deliberated_on="2019-12-01", session=vote, term="P1Y")
    assert deadlines_of(record, "2020-02-01", kind="signature") == ()


# --- suppositions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "supposed"),
    [
        ("payment", ("transmitted_on",)),
        ("notice", ("notice",)),
        ("committee", ("signed_on",)),
        ("renewal", ("signed_on",)),
    ],
)
def test_a_deadline_names_the_suppositions_it_rests_on(
    kind: str, supposed: tuple[str, ...]
) -> None:
    names = ("signed_on",) if kind in {"committee", "renewal"} else ("notice", "transmitted_on")
    record = convention(
        **YEARLY, supposed=names, recurring="committee P1Y", payments="100 deliberation",
        transmitted_on="2019-12-01", published_on="2019-12-02",
    )  # fmt: skip
    found = deadlines_of(record, "2020-02-01", until="2020-12-31", kind=kind)
    assert found[0].basis.supposed == supposed


def test_horizons_past_the_last_year_are_the_last_year() -> None:
    record = convention(term="P1Y", start="date", start_date="2190-01-01", renewal="tacit",
                        renewal_period="P1Y", notice="P3M")  # fmt: skip
    facts = known_on(record, day("2191-01-01"))
    found = derive_deadlines(
        facts, Surroundings(), today=day("2191-01-01"), until=day("9999-12-31")
    )
    assert max(item.due_on for item in found) == day("2199-12-31")
