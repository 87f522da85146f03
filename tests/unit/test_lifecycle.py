"""States on a day, and facts that cannot be recorded."""

from __future__ import annotations

from typing import Any

import pytest
from unit.domain_strategies import convention, day, event

from tracker.domain.consequences import ConventionState
from tracker.domain.conventions import INDEFINITE, Convention, CouncilVote, Event, PartialDate
from tracker.domain.facts import known_on
from tracker.domain.lifecycle import Refusal, refuse_event, state_on
from tracker.domain.terms import derive_terms

YEARLY = {"term": "P1Y", "renewal": "tacit", "renewal_period": "P1Y", "notice": "P3M"}
FIVE_YEARS = {"term": "P5Y", "renewal": "express"}


def state(record: Convention, today: str, *, succeeded: bool = False) -> str:
    facts = known_on(record, day(today))
    return state_on(facts, derive_terms(facts, day(today)), day(today), succeeded=succeeded).value


@pytest.mark.parametrize(
    ("record", "today", "expected"),
    [
        (convention(signed_on=None), "2020-06-01", "draft"),
        (convention(signed_on=None, deliberated_on="2020-06-02"), "2020-06-01", "draft"),
        (convention(signed_on=None, deliberated_on="2020-06-01"), "2020-06-01", "approved"),
        (convention(signed_on=None, deliberated_on=PartialDate(2019)), "2020-06-01", "approved"),
        (convention(effective_on="2020-07-01", **FIVE_YEARS), "2020-06-30", "approved"),
        (convention(effective_on="2020-07-01", **FIVE_YEARS), "2020-07-01", "in_force"),
        (convention(**FIVE_YEARS), "2024-12-31", "in_force"),
        (convention(**FIVE_YEARS), "2025-01-01", "expired"),
        (convention(event("2024-10-01", "renewal"), **FIVE_YEARS), "2025-01-01", "in_force"),
        (convention(**YEARLY), "2040-01-01", "in_force"),
        (convention(term=INDEFINITE), "2060-01-01", "in_force"),
        (convention(event("2020-06-01", "notice"), **YEARLY), "2020-05-31", "in_force"),
        (convention(event("2020-06-01", "notice"), **YEARLY), "2020-06-01", "denounced"),
        (convention(event("2020-06-01", "notice"), **YEARLY), "2021-01-01", "expired"),
        (convention(event("2020-06-30", "termination"), **YEARLY), "2020-05-01", "denounced"),
        (convention(event("2020-06-30", "termination"), **YEARLY), "2020-06-30", "denounced"),
        (convention(event("2020-06-30", "termination"), **YEARLY), "2020-07-01", "terminated"),
        (convention(event("2026-06-30", "termination"), **FIVE_YEARS), "2026-07-01", "expired"),
        (convention(event("2020-06-01", "suspension"), **YEARLY), "2020-06-01", "suspended"),
        (convention(event("2020-06-01", "suspension"), **FIVE_YEARS), "2025-01-01", "expired"),
        (
            convention(event("2020-06-01", "suspension"), event("2020-07-01", "resumption"), **YEARLY),
            "2020-07-01",
            "in_force",
        ),
        (
            convention(event("2020-06-01", "resumption"), event("2020-06-01", "suspension"), **YEARLY),
            "2020-06-01",
            "in_force",
        ),
        (
            convention(event("2020-06-01", "suspension"), event("2020-06-30", "termination"), **YEARLY),
            "2020-07-01",
            "terminated",
        ),
        # the first day is unknown
        (convention(start=None, end="2022-12-31"), "2021-01-01", "in_force"),
        (convention(start=None, end="2022-12-31", signed_on=None), "2021-01-01", "draft"),
        (convention(signed_on=None, end="2022-12-31"), "2021-01-01", "draft"),
        (convention(start=None, end="2022-12-31", signed_on=None), "2023-01-01", "expired"),
        (
            convention(signed_on=None, end="2022-12-31", renewal="tacit", renewal_period="P1Y"),
            "2023-06-01",
            "in_force",
        ),
        (convention(signed_on=None, end="2022-12-31", renewal="tacit"), "2023-06-01", "in_force"),
        (convention(signed_on=PartialDate(2018, 5), term="P5Y"), "2018-05-31", "approved"),
        (convention(signed_on=PartialDate(2018, 5), term="P5Y"), "2018-06-01", "in_force"),
        (convention(signed_on=PartialDate(2018), term="P5Y"), "2018-12-31", "approved"),
        (convention(signed_on=PartialDate(2018), term="P5Y"), "2019-01-01", "in_force"),
        (convention(start="deliberation", signed_on=None, term="P5Y"), "2019-01-01", "draft"),
    ],
)  # fmt: skip
def test_state(record: Convention, today: str, expected: str) -> None:
    assert state(record, today) == expected


def test_a_rejected_vote_approves_nothing() -> None:
    vote = CouncilVote(on=day("2020-03-01"), vote="rejected")
    record = convention(signed_on=None, deliberated_on="2020-03-01", session=vote, **FIVE_YEARS)
    assert state(record, "2020-06-01") == "draft"


def test_a_convention_is_renewed_once_it_has_ended_and_another_follows() -> None:
    record = convention(**FIVE_YEARS)
    assert state(record, "2024-12-31", succeeded=True) == "in_force"
    assert state(record, "2025-01-01", succeeded=True) == "renewed"


def test_states_are_tried_in_the_order_of_the_page() -> None:
    assert [item.value for item in ConventionState] == [
        "terminated", "suspended", "renewed", "expired", "denounced", "in_force", "approved", "draft",
    ]  # fmt: skip


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "fact", "code"),
    [
        (convention(**YEARLY), event("2020-06-01", "resumption"), "not_suspended"),
        (convention(event("2020-03-01", "suspension")), event("2020-06-01", "resumption"), None),
        (
            convention(event("2020-03-01", "suspension"), event("2020-04-01", "resumption")),
            event("2020-06-01", "resumption"),
            "not_suspended",
        ),
        (convention(event("2020-03-01", "suspension")), event("2020-06-01", "suspension"), "already_suspended"),
        (convention(), event("2020-06-01", "suspension"), None),
        (convention(), event("2020-06-01", "amendment"), "empty_amendment"),
        (convention(), event("2020-06-01", "amendment", end="2020-05-31"), "end_before_amendment"),
        (convention(), event("2020-06-01", "amendment", end="2021-05-31"), None),
        (convention(), event("2020-06-01", "acknowledged"), "deadline_needed"),
        (convention(), event("2020-06-01", "acknowledged", deadline="D/notice/1"), "foreign_deadline"),
        (convention(), event("2020-06-01", "acknowledged", deadline="C/notice/1"), None),
        (convention(), event("2020-06-01", "snoozed", deadline="C/notice/1"), "until_needed"),
        (convention(), event("2020-06-01", "snoozed", deadline="C/notice/1", until="2020-07-01"), None),
        (convention(), event("2019-12-31", "termination"), "before_signature"),
        (convention(), event("2020-01-01", "termination"), None),
        (
            convention(event("2020-02-01", "signed"), signed_on=None),
            event("2020-01-31", "termination"),
            "before_signature",
        ),
        (convention(signed_on=None), event("2020-01-31", "termination"), None),
        (convention(), event("2020-06-03", "notice", presented_on="2020-06-02"), "received_before_posted"),
        (convention(), event("2020-06-03", "notice", received_on="2020-06-02"), "received_before_posted"),
        (
            convention(),
            event("2020-06-03", "notice", presented_on="2020-06-06", received_on="2020-06-05"),
            "received_before_presented",
        ),
        (convention(), event("2020-06-03", "notice", received_on="2020-06-03"), None),
        (convention(), event("2020-06-03", "payment"), None),
        (convention(), event("2020-06-03", "withdrawn"), "no_such_event"),
        (convention(), event("2020-06-03", "withdrawn", target=1), "no_such_event"),
        (convention(event("2020-03-01", "payment")), event("2020-06-03", "withdrawn", target=1), None),
        (
            convention(event("2020-03-01", "payment"), event("2020-03-02", "withdrawn", target=1)),
            event("2020-06-03", "withdrawn", target=1),
            "already_withdrawn",
        ),
        (
            convention(event("2020-03-01", "payment"), event("2020-03-02", "withdrawn", target=1)),
            event("2020-06-03", "withdrawn", target=2),
            None,
        ),
    ],
)  # fmt: skip
def test_refusals(record: Convention, fact: Event, code: str | None) -> None:
    refusal = refuse_event(record, fact)
    assert (refusal.code if refusal else None) == code


def test_a_refusal_names_the_facts_that_oppose() -> None:
    assert refuse_event(convention(), event("2019-12-31", "termination")) == Refusal(
        code="before_signature", facts=(("signed", day("2020-01-01")),)
    )


def test_withdrawing_a_withdrawal_brings_the_fact_back() -> None:
    facts: Any = [
        event("2020-03-01", "suspension"),
        event("2020-03-02", "withdrawn", target=1),
        event("2020-03-03", "withdrawn", target=2),
    ]
    record = convention(*facts, **YEARLY)
    assert [state(record, f"2020-03-0{number}") for number in (1, 2, 3)] == [
        "suspended",
        "in_force",
        "suspended",
    ]
