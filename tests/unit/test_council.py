"""The council's calendar and the way back from the end of a term."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.domain_strategies import convention, council, course_of, day, event, recent_days

from config.values import Blackout
from tracker.domain.council import VOTE_MARGIN, CouncilCalendar, backward_plan
from tracker.domain.deadlines import Surroundings, plan_renewal
from tracker.domain.portfolio import Portfolio

CASES = json.loads((Path(__file__).parents[1] / "data" / "date_cases.json").read_text("utf-8"))
LATEST_SEND = [case for case in CASES if case["args"].get("mode") == "latest_send"]
STEPS = [
    "evaluation_start",
    "evaluation_delivered",
    "draft",
    "opinions",
    "filing",
    "committee",
    "convocation",
    "session",
    "publication",
    "signature",
    "transmission",
]
SUMMER = Blackout(first=date(2000, 7, 14), last=date(2000, 8, 31), yearly=True)
ALWAYS = Blackout(first=date(2000, 1, 1), last=date(2000, 12, 31), yearly=True)


@pytest.mark.parametrize("case", LATEST_SEND, ids=lambda case: case["id"])
def test_latest_convocation_out_of_a_real_plan(case: dict[str, Any]) -> None:
    """A convention that ends two months after the session, renewed by a vote of that session."""
    session = day(case["start"])
    clear_days = int(case["period"].strip("PD"))
    record = convention(
        signed_on=(session - timedelta(days=1000)).isoformat(),
        end=(session + timedelta(days=60)).isoformat(),
        renewal="express",
    )
    portfolio = Portfolio(
        conventions=[record],
        today=session - timedelta(days=30),
        around=council(session.isoformat(), clear_days=clear_days),
    )
    plan = portfolio.life("C", session + timedelta(days=400)).plan
    (found,) = [step for step in plan if step.step == "convocation"]
    assert (found.due_on.isoformat(), found.legal) == (case["expected"], True)


def test_a_plan_in_full() -> None:
    """Session of Monday 21 November 2016 for a term of Friday 16 December 2016 plus a year."""
    plan = backward_plan(day("2017-10-16"), day("2017-12-16"), CouncilCalendar())
    assert [(step.step, step.due_on.isoformat(), step.legal) for step in plan] == [
        ("evaluation_start", "2016-12-16", False),
        ("evaluation_delivered", "2017-03-16", False),
        ("draft", "2017-05-16", False),
        ("opinions", "2017-08-07", False),
        ("filing", "2017-08-21", False),
        ("committee", "2017-09-25", False),
        ("convocation", "2017-10-10", True),
        ("session", "2017-10-16", True),
        ("publication", "2017-10-23", True),
        ("signature", "2017-10-30", False),
        ("transmission", "2017-11-13", False),
    ]


def test_transmission_of_external_action_names_its_own_law() -> None:
    session, last = day("2017-10-16"), day("2017-12-16")
    own = backward_plan(session, last, CouncilCalendar(), external_action=True)[-1]
    other = backward_plan(session, last, CouncilCalendar())[-1]
    assert (own.basis.law, other.basis.law) == (("cgct-l1115-1",), ("cgct-executory",))


def test_an_early_session_brings_habits_forward_and_says_so() -> None:
    plan = backward_plan(day("2017-02-06"), day("2017-12-16"), CouncilCalendar())
    moved = [step.step for step in plan if "brought_forward" in dict(step.basis.facts)]
    assert moved == ["evaluation_start", "evaluation_delivered", "draft"]
    assert [step.due_on.isoformat() for step in plan[:4]] == ["2016-11-28"] * 4


def test_many_clear_days_bring_the_committee_forward_and_leave_the_law_alone() -> None:
    plan = backward_plan(day("2017-10-16"), day("2017-12-16"), CouncilCalendar(clear_days=30))
    by_step = {step.step: step.due_on.isoformat() for step in plan}
    assert (by_step["committee"], by_step["convocation"]) == ("2017-09-15", "2017-09-15")


def test_habits_fall_on_working_days() -> None:
    holidays = frozenset({day("2017-09-25")})
    plan = backward_plan(day("2017-10-16"), day("2017-12-16"), CouncilCalendar(), holidays=holidays)
    assert {step.step: step.due_on for step in plan}["committee"] == day("2017-09-22")


@given(recent_days(), st.integers(42, 900), st.integers(0, 60), st.booleans())
def test_no_step_is_later_than_the_next_and_legal_days_do_not_move(
    session: date, to_the_end: int, clear_days: int, external: bool
) -> None:
    plan = backward_plan(
        session,
        session + timedelta(days=to_the_end),
        CouncilCalendar(clear_days=clear_days),
        external_action=external,
    )
    assert [step.step for step in plan] == STEPS
    days = [step.due_on for step in plan]
    assert days == sorted(days)
    by_step = {step.step: step for step in plan}
    assert by_step["convocation"].due_on == session - timedelta(days=clear_days + 1)
    assert by_step["session"].due_on == session
    assert by_step["publication"].due_on == session + timedelta(days=7)
    assert days[-1] <= session + timedelta(days=to_the_end)
    assert [step.step for step in plan if step.legal] == ["convocation", "session", "publication"]


# --- sessions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sessions", "after", "expected"),
    [
        ((), None, ()),
        (("2017-11-04",), None, ("2017-11-04",)),
        (("2017-11-05",), None, ()),
        (("2017-10-16", "2017-06-26", "2017-10-16"), None, ("2017-06-26", "2017-10-16")),
        (("2012-06-01", "2017-06-26"), "2013-01-01", ("2017-06-26",)),
        (("2016-11-02", "2016-10-03"), None, ()),
        (("2016-11-02", "2018-01-15"), None, ("2016-11-02",)),
        (("2016-11-21",), None, ("2016-11-21",)),
    ],
)
def test_sessions_that_can_still_vote(
    sessions: tuple[str, ...], after: str | None, expected: tuple[str, ...]
) -> None:
    calendar = CouncilCalendar(sessions=tuple(day(session) for session in sessions))
    found = calendar.sessions_before(day("2017-12-16"), after=day(after) if after else None)
    assert found == tuple(day(session) for session in expected)
    assert all(session + VOTE_MARGIN <= day("2017-12-16") for session in found)


@pytest.mark.parametrize(
    ("blackouts", "last", "expected"),
    [
        ((), "2017-12-16", "2017-11-04"),
        ((SUMMER,), "2017-12-16", "2017-11-04"),
        ((SUMMER,), "2017-09-30", "2017-07-13"),
        ((ALWAYS,), "2017-12-16", "2017-11-04"),
    ],
)
def test_last_day_on_which_a_session_could_be_held(
    blackouts: tuple[Blackout, ...], last: str, expected: str
) -> None:
    assert CouncilCalendar(blackouts=blackouts).latest_possible(day(last)) == day(expected)


def test_next_session() -> None:
    calendar = CouncilCalendar(sessions=(day("2017-06-26"), day("2017-10-16")))
    assert calendar.next_session(day("2017-06-26")) == day("2017-06-26")
    assert calendar.next_session(day("2017-06-27")) == day("2017-10-16")
    assert calendar.next_session(day("2017-10-17")) is None


# --- when there is a plan ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "around"),
    [
        (convention(term="P5Y", renewal="express"), Surroundings()),
        (convention(term="P5Y", renewal="tacit", renewal_period="P1Y"), council("2024-10-14")),
        (convention(term="P5Y"), council("2024-10-14")),
        (convention(event("2024-01-05", "notice"), term="P5Y", renewal="express"), council("2024-10-14")),
        (convention(event("2024-12-31", "termination"), term="P5Y", renewal="express"), council("2024-10-14")),
        (convention(term="indefinite", renewal="express"), council("2024-10-14")),
        (convention(term="P4Y", renewal="express"), council("2023-10-14")),
        (convention(signed_on=None, term="P5Y", renewal="express"), council("2024-10-14")),
    ],
)  # fmt: skip
def test_no_plan(record: Any, around: Surroundings) -> None:
    course = course_of(record, today="2024-02-01")
    assert plan_renewal(record, course, around, day("2024-02-01")) == ()


def test_no_plan_once_the_succession_is_voted() -> None:
    record = convention(term="P5Y", renewal="express")
    course = course_of(record, today="2024-02-01")
    around = council("2024-10-14")
    assert plan_renewal(record, course, around, day("2024-02-01"))
    voted = Surroundings(council=around.council, succeeded_by=("D",), succession_voted=True)
    assert plan_renewal(record, course, voted, day("2024-02-01")) == ()


def test_the_plan_of_the_next_term_once_this_one_is_renewed() -> None:
    record = convention(event("2024-10-14", "renewal"), term="P5Y", renewal="express")
    course = course_of(record, today="2024-11-01")
    plan = plan_renewal(record, course, council("2024-10-14", "2029-10-15"), day("2024-11-01"))
    assert {step.step: step.due_on for step in plan}["session"] == day("2029-10-15")
