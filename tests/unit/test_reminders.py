"""Reminders: every stage reached, whatever days the program ran; one voice per deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.domain_strategies import conventions, day, recent_days, surroundings

from tracker.domain.consequences import (
    Basis,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Reminder,
)
from tracker.domain.conventions import Convention
from tracker.domain.dates import Period
from tracker.domain.deadlines import Surroundings, derive_deadlines
from tracker.domain.facts import known_on
from tracker.domain.reminders import (
    MISSED_SHOWN_FOR,
    Escalation,
    ReminderPolicy,
    plan_reminders,
    stages_of,
)

NOTICE, EVALUATION = DeadlineKind.NOTICE, DeadlineKind.EVALUATION
LOST = {NOTICE, DeadlineKind.DECISION}
SILENT = {
    DeadlineKind.EXPIRY,
    DeadlineKind.RENEWAL,
    DeadlineKind.MILESTONE,
    DeadlineKind.PROGRAMME_END,
}
POLICY = ReminderPolicy(
    lead_times={
        kind: tuple(Period.parse(text) for text in ("P6M", "P3M", "P1M", "P7D"))
        for kind in DeadlineKind
    },
    escalation=Escalation(watchers_after=Period(days=3), office_after=Period(days=10)),
)


def deadline(due: str = "2026-06-30", kind: DeadlineKind = EVALUATION, **given: Any) -> Deadline:
    values: dict[str, Any] = {
        "key": f"C/{kind.value}/1",
        "convention": "C",
        "title": "Convention",
        "owner": "agent@example.org",
        "watchers": (),
        "partners": (),
        "kind": kind,
        "ordinal": 1,
        "due_on": day(due),
        "act_by": day(due),
        "status": DeadlineStatus.UPCOMING,
        "basis": Basis(rule="milestone"),
    }
    return Deadline(**{**values, **given})


def on(text: str, item: Deadline, policy: ReminderPolicy = POLICY) -> Reminder | None:
    """Plan a single deadline, which is past due the day after its day."""
    today = day(text)
    if item.status is DeadlineStatus.UPCOMING and item.due_on < today:
        past = DeadlineStatus.MISSED if item.kind in LOST else DeadlineStatus.OVERDUE
        item = replace(item, status=past)
    found = plan_reminders([item], policy, today)
    return found[0] if found else None


# --- stages --------------------------------------------------------------------------------------


def test_stages_count_back_from_the_prudent_day() -> None:
    item = deadline(act_by=day("2026-06-15"), kind=NOTICE)
    assert stages_of(item, POLICY) == (
        ("P6M", day("2025-12-15")),
        ("P3M", day("2026-03-15")),
        ("P1M", day("2026-05-15")),
        ("P7D", day("2026-06-08")),
        ("missed", day("2026-07-01")),
    )


def test_lead_times_of_the_convention_win() -> None:
    item = deadline(lead_times=(Period(months=9),))
    assert [stage for stage, _ in stages_of(item, POLICY)] == ["P9M", "overdue"]
    assert [stage for stage, _ in stages_of(deadline(lead_times=()), POLICY)] == ["overdue"]
    assert [stage for stage, _ in stages_of(deadline(), ReminderPolicy(lead_times={}))] == [
        "overdue"
    ]


def test_a_meeting_that_lasts_is_over_after_its_last_day() -> None:
    item = deadline(kind=DeadlineKind.SIGNATURE, until=day("2026-07-03"))
    assert stages_of(item, POLICY)[-1] == ("overdue", day("2026-07-04"))


@pytest.mark.parametrize("kind", sorted(SILENT))
def test_what_passes_by_itself_is_never_overdue(kind: DeadlineKind) -> None:
    assert [stage for stage, _ in stages_of(deadline(kind=kind), POLICY)] == [
        "P6M",
        "P3M",
        "P1M",
        "P7D",
    ]


@pytest.mark.parametrize(
    ("today", "stage", "reached"),
    [
        ("2025-12-29", None, None),
        ("2025-12-30", "P6M", 1),
        ("2026-03-29", "P6M", 1),
        ("2026-03-30", "P3M", 2),
        ("2026-06-22", "P1M", 3),
        ("2026-06-23", "P7D", 4),
        ("2026-06-30", "P7D", 4),
        ("2026-07-01", "overdue", 5),
        ("2027-07-01", "overdue", 5),
    ],
)
def test_the_tightest_stage_reached_speaks(
    today: str, stage: str | None, reached: int | None
) -> None:
    found = on(today, deadline())
    assert (found.stage if found else None) == stage
    assert (len(found.reached) if found else None) == reached


def test_a_lost_day_is_told_for_thirty_days() -> None:
    item = deadline(kind=NOTICE)
    found = on("2026-07-30", item)
    assert found is not None
    assert (found.stage, found.opens_on) == ("missed", day("2026-07-01"))
    assert on("2026-07-31", item) is None


@pytest.mark.parametrize(
    "status", [DeadlineStatus.DONE, DeadlineStatus.UNKNOWN, DeadlineStatus.MISSED]
)
def test_what_is_settled_is_silent(status: DeadlineStatus) -> None:
    assert on("2026-06-25", deadline(status=status)) is None


def test_reminders_come_in_the_order_of_the_day_to_act() -> None:
    items = [deadline("2026-06-30"), deadline("2026-06-29", key="C/evaluation/2")]
    found = plan_reminders(items, POLICY, day("2026-06-25"))
    assert [reminder.deadline.key for reminder in found] == ["C/evaluation/2", "C/evaluation/1"]


# --- snoozing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "until", "speaks"),
    [
        ("2026-04-01", "2026-05-01", False),
        ("2026-05-01", "2026-05-01", True),
        ("2026-06-22", "2026-12-31", False),
        ("2026-06-23", "2026-12-31", True),
        ("2026-07-02", "2026-12-31", True),
    ],
)
def test_a_snooze_never_outlives_the_last_useful_stage(
    today: str, until: str, speaks: bool
) -> None:
    found = on(today, deadline(snoozed_until=day(until)))
    assert (found is not None) is speaks
    if found:
        assert "P6M" in found.reached


def test_a_snooze_without_lead_times_ends_on_the_prudent_day() -> None:
    item = deadline(lead_times=(), snoozed_until=day("2026-12-31"))
    assert on("2026-06-30", item) is None
    assert on("2026-07-01", item) is not None


# --- escalation ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "acknowledged", "level"),
    [
        ("2026-06-23", False, 0),
        ("2026-06-25", False, 0),
        ("2026-06-26", False, 1),
        ("2026-07-02", False, 1),
        ("2026-07-03", False, 2),
        ("2026-06-28", True, 0),
        ("2026-07-03", True, 0),
        ("2026-07-04", True, 1),
        ("2026-07-11", True, 2),
    ],
)
def test_escalation(today: str, acknowledged: bool, level: int) -> None:
    found = on(today, deadline(acknowledged=acknowledged))
    assert found is not None
    assert found.escalation == level


def test_no_rule_no_escalation() -> None:
    quiet = ReminderPolicy(lead_times=POLICY.lead_times)
    found = on("2027-06-26", deadline(), quiet)
    assert found is not None
    assert found.escalation == 0


def test_escalation_without_lead_times_counts_from_the_day_after() -> None:
    item = deadline(lead_times=())
    assert [
        reminder.escalation for text in ("2026-07-01", "2026-07-04") if (reminder := on(text, item))
    ] == [0, 1]


# --- R1: against a brute-force oracle ------------------------------------------------------------


def stages_by_definition(item: Deadline, today: date) -> set[str]:
    """Every stage of an open deadline whose day has come, by walking the calendar."""
    if item.status in {DeadlineStatus.DONE, DeadlineStatus.UNKNOWN}:
        return set()
    if item.status is DeadlineStatus.MISSED and (
        item.kind not in LOST or today > item.due_on + MISSED_SHOWN_FOR
    ):
        return set()
    leads = item.lead_times if item.lead_times is not None else POLICY.lead_times[item.kind]
    reached = set()
    for lead in leads:
        start = item.act_by
        for _ in range(lead.in_months):
            start = start.replace(day=1) - timedelta(days=1)
        last_of_month = start
        if lead.in_months:
            start = last_of_month.replace(day=min(item.act_by.day, last_of_month.day))
        if start - timedelta(days=lead.days) <= today:
            reached.add(str(lead))
    if (item.until or item.due_on) < today and item.kind not in SILENT:
        reached.add("missed" if item.kind in LOST else "overdue")
    return reached


@given(
    conventions(),
    surroundings(),
    recent_days(2019, 2026),
    st.lists(st.integers(0, 1095), min_size=1, max_size=4),
)
def test_every_stage_reached_is_told_whatever_days_it_ran(
    record: Convention, around: Surroundings, first: date, runs: list[int]
) -> None:
    told: dict[tuple[str, date], set[str]] = {}
    for offset in sorted(runs):
        today = first + timedelta(days=offset)
        facts = known_on(record, today)
        until = today + timedelta(days=400)
        deadlines = derive_deadlines(facts, around, today=today, until=until)
        reminders = plan_reminders(deadlines, POLICY, today)
        by_key = {reminder.deadline.key: reminder for reminder in reminders}
        assert len(by_key) == len(reminders), "at most one reminder per deadline"
        for item in deadlines:
            expected = stages_by_definition(item, today)
            reminder = by_key.get(item.key)
            last_useful = max(
                (opens for _, opens in stages_of(item, POLICY) if opens <= item.due_on),
                default=item.act_by,
            )
            snoozed = item.snoozed_until is not None and today < min(
                item.snoozed_until, last_useful
            )
            if not expected or snoozed:
                assert reminder is None
                continue
            assert reminder is not None
            assert set(reminder.reached) == expected
            assert reminder.stage == reminder.reached[-1]
            assert reminder.opens_on <= today
            told.setdefault((item.key, item.due_on), set()).update(reminder.reached)
    for stages in told.values():
        assert len(stages) == len(set(stages))
