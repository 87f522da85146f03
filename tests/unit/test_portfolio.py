"""All the conventions together: families, successions, what is known on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from unit.domain_strategies import convention, day, event

from tracker.domain.consequences import DeadlineStatus
from tracker.domain.conventions import PartialDate
from tracker.domain.dates import Period
from tracker.domain.facts import clause_versions, known_on, standing_events
from tracker.domain.portfolio import Portfolio

FIVE_YEARS = {"term": "P5Y", "renewal": "express"}
OLD = convention(reference="OLD", **FIVE_YEARS)


def portfolio(*records: object, today: str = "2024-12-01") -> Portfolio:
    return Portfolio(conventions=records, today=day(today))  # type: ignore[arg-type]


def test_references_are_sorted_and_held() -> None:
    held = portfolio(convention(reference="B"), convention(reference="A"))
    assert held.references == ("A", "B")
    assert "A" in held
    assert "C" not in held
    assert [life.record.reference for life in held.lives(day("2025-01-01"))] == ["A", "B"]
    with pytest.raises(KeyError):
        held.life("C", day("2025-01-01"))


def test_terms_shown_are_those_that_begin_by_the_horizon() -> None:
    record = convention(term="P1Y", renewal="tacit", renewal_period="P1Y")
    assert len(portfolio(record, today="2020-06-01").life("C", day("2022-01-01")).terms) == 3
    assert len(portfolio(record, today="2020-06-01").life("C", day("2021-12-31")).terms) == 2


def test_next_deadline_is_the_first_open_one() -> None:
    life = portfolio(convention(**FIVE_YEARS), today="2024-12-01").life("C", day("2026-01-01"))
    found = life.next_deadline()
    assert found is not None
    assert found.key == "C/expiry/1"
    assert portfolio(convention()).life("C", day("2026-01-01")).next_deadline() is not None
    ended = portfolio(convention(term="P1Y")).life("C", day("2026-01-01"))
    assert ended.next_deadline() is None


@pytest.mark.parametrize(
    ("successor", "today", "state", "decision"),
    [
        (convention(reference="NEW", succeeds="OLD", signed_on="2025-02-01"), "2025-01-15", "expired", "missed"),
        (convention(reference="NEW", succeeds="OLD", signed_on="2025-02-01"), "2025-02-01", "renewed", "done"),
        (convention(reference="NEW", succeeds="OLD", signed_on="2025-02-01"), "2024-12-01", "in_force", "missed"),
        (
            convention(reference="NEW", succeeds="OLD", signed_on=None, deliberated_on="2024-10-01"),
            "2024-12-01",
            "in_force",
            "done",
        ),
        (convention(reference="NEW", succeeds="OLD", signed_on=None), "2025-01-15", "renewed", "missed"),
        (
            convention(reference="NEW", succeeds="OLD", signed_on=None, start="date", start_date="2025-01-01"),
            "2025-01-15",
            "renewed",
            "done",
        ),
        (convention(reference="NEW"), "2025-01-15", "expired", "missed"),
    ],
)  # fmt: skip
def test_a_successor_counts_from_the_day_it_is_known(
    successor: object, today: str, state: str, decision: str
) -> None:
    life = portfolio(OLD, successor, today=today).life("OLD", day("2026-01-01"))
    assert life.state.value == state
    assert {item.status.value for item in life.deadlines if item.kind == "decision"} == {decision}


def test_successors_are_named() -> None:
    records = [
        convention(reference=name, succeeds="OLD", signed_on="2024-12-01") for name in ("Z", "A")
    ]
    assert portfolio(OLD, *records).life("OLD", day("2025-01-01")).successors == ("A", "Z")


def test_line_of_a_succession_oldest_first() -> None:
    names = ["1959", "1999", "2012", "2016"]
    records = [
        convention(reference=name, succeeds=before)
        for name, before in zip(names, [None, *names], strict=False)
    ]
    held = portfolio(*records)
    assert all(held.line_of(name) == tuple(names) for name in names)


def test_a_ring_of_successions_stops() -> None:
    ring = portfolio(
        convention(reference="A", succeeds="B"), convention(reference="B", succeeds="A")
    )
    assert sorted(ring.line_of("A")) == ["A", "B"]
    alone = portfolio(convention(reference="A", succeeds="A"))
    assert alone.line_of("A") == ("A",)
    assert alone.life("A", day("2026-01-01")).record.reference == "A"


def test_a_framework_is_derived_once_for_its_children() -> None:
    held = portfolio(
        convention(reference="P", end="2022-12-31"),
        *(convention(reference=name, parent="P", term="P1Y") for name in ("A", "B")),
    )
    found = [life.findings for life in held.lives(day("2025-01-01"))]
    assert all("orphan_child" not in [item.code for item in findings] for findings in found)


def test_children_and_lead_times() -> None:
    held = portfolio(
        convention(reference="P"),
        convention(reference="Z", parent="P", reminders=(("notice", (Period(months=9),)),)),
        convention(reference="A", parent="P"),
    )
    assert held.children_of("P") == ("A", "Z")
    assert held.own_lead_times() == (Period(months=9),)


def test_a_horizon_in_the_past_changes_no_state() -> None:
    held = portfolio(convention(**FIVE_YEARS), today="2026-06-01")
    life = held.life("C", day("2021-01-01"))
    assert (life.state.value, life.deadlines) == ("expired", ())


# --- what is known on a day ----------------------------------------------------------------------


def test_facts_of_later_days_are_not_known() -> None:
    record = convention(
        event("2020-03-01", "payment"),
        event("2020-05-01", "payment"),
        event("2021-01-01", "termination"),
    )
    facts = known_on(record, day("2020-04-01"))
    assert [item.on.isoformat() for item in facts.events] == ["2020-03-01", "2021-01-01"]
    assert known_on(record, day("2019-12-31")).signed_on is None


def test_formal_acts_recorded_as_events_set_the_dates() -> None:
    record = convention(
        event("2020-03-01", "signed"), event("2020-02-01", "signed"), event("2020-04-01", "notified"),
        signed_on="2020-01-01",
    )  # fmt: skip
    assert known_on(record, day("2020-02-15")).signed_on == day("2020-02-01")
    later = known_on(record, day("2020-04-15"))
    assert (later.signed_on, later.notified_on) == (day("2020-03-01"), day("2020-04-01"))


@pytest.mark.parametrize(
    ("value", "today", "known"),
    [
        (PartialDate(2020), "2020-01-01", True),
        (PartialDate(2020), "2019-12-31", False),
        (PartialDate(2020, 5), "2020-05-01", True),
        (PartialDate(2020, 5), "2020-04-30", False),
    ],
)
def test_partial_dates_are_known_from_their_first_day(
    value: PartialDate, today: str, *, known: bool
) -> None:
    facts = known_on(convention(signed_on=value), day(today))
    assert (facts.signed_on is not None) is known


def test_a_session_of_a_later_day_is_not_known() -> None:
    from tracker.domain.conventions import CouncilVote

    record = convention(session=CouncilVote(on=day("2020-03-01")))
    assert known_on(record, day("2020-02-29")).session is None
    assert known_on(record, day("2020-03-01")).session == record.session


def test_a_withdrawal_of_a_later_day_has_not_happened() -> None:
    record = convention(event("2020-03-01", "payment"), event("2020-05-01", "withdrawn", target=1))
    assert len(known_on(record, day("2020-04-01")).events) == 1
    assert known_on(record, day("2020-05-01")).events == ()
    assert standing_events(record.events) == ()


def test_clause_versions_follow_the_amendments() -> None:
    record = convention(
        event("2021-01-01", "amendment", notice="P6M"),
        event("2022-01-01", "amendment", end="2019-01-01"),
        notice="P3M", start="date", start_date="2020-01-01",
    )  # fmt: skip
    versions = clause_versions(known_on(record, day("2023-01-01")))
    assert [(since.year, terms.notice, terms.end) for since, terms in versions] == [
        (1, Period(months=3), None),
        (2021, Period(months=6), None),
        (2022, Period(months=6), None),
    ]


def test_a_life_says_overdue_the_day_after() -> None:
    record = convention(term="P5Y", recurring="evaluation P1Y")
    for offset, status in ((0, DeadlineStatus.UPCOMING), (1, DeadlineStatus.OVERDUE)):
        today = day("2020-12-31") + timedelta(days=offset)
        life = Portfolio(conventions=[record], today=today).life("C", day("2020-12-31"))
        assert [item.status for item in life.deadlines] == [status]
