"""Which deadlines a letter names, in which order."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters_support import (
    ANNE,
    COMMITTEE,
    CONCERNS,
    DONE,
    MISSED,
    NOTICE,
    PAUL,
    PAYMENT,
    PORTFOLIO,
    RENEWED,
    REPORTED,
    STATE_COUNTS,
    TODAY,
    addressed,
    deadline,
)

from notifications.digest import (
    LONG_LEAD_KINDS,
    SECTIONS,
    Concern,
    Urgency,
    build_reminders,
    build_report,
    urgency_of,
)
from notifications.recipients import Role
from tracker.domain.consequences import ConventionState, DeadlineKind, DeadlineStatus


def report_of(*deadlines, **changes):
    return build_report(deadlines, today=TODAY, states=STATE_COUNTS, **changes)


def keys_by_section(report):
    return {
        section.urgency: [line.deadline.key for line in section.lines]
        for section in report.sections
    }


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [
        (DeadlineKind.REPORT, -1, Urgency.WEEK),  # prudent day past, the day itself not
        (DeadlineKind.REPORT, 0, Urgency.WEEK),
        (DeadlineKind.REPORT, 7, Urgency.WEEK),  # the day of the next report
        (DeadlineKind.REPORT, 8, Urgency.MONTH),
        (DeadlineKind.REPORT, 30, Urgency.MONTH),
        (DeadlineKind.REPORT, 31, Urgency.QUARTER),
        (DeadlineKind.REPORT, 90, Urgency.QUARTER),
        (DeadlineKind.REPORT, 91, None),
        (DeadlineKind.NOTICE, 91, Urgency.LATER),
        (DeadlineKind.NOTICE, 181, Urgency.LATER),  # 23 May 2027, six months ahead
        (DeadlineKind.NOTICE, 182, None),
    ],
)
def test_urgency_counts_from_the_prudent_day(kind, days, expected):
    act_by = TODAY + timedelta(days=days)
    one = deadline(kind=kind, act_by=act_by, due_on=act_by + timedelta(days=20))
    assert urgency_of(one, TODAY) is expected


@pytest.mark.parametrize(
    ("kind", "days_ago", "expected"),
    [
        (DeadlineKind.NOTICE, 1, Urgency.MISSED),
        (DeadlineKind.NOTICE, 30, Urgency.MISSED),
        (DeadlineKind.NOTICE, 31, None),
        (DeadlineKind.DECISION, 1, Urgency.MISSED),
        (DeadlineKind.COMMITTEE, 1, None),
    ],
)
def test_urgency_of_what_was_missed(kind, days_ago, expected):
    one = deadline(kind=kind, due_on=TODAY - timedelta(days=days_ago), status=DeadlineStatus.MISSED)
    assert urgency_of(one, TODAY) is expected


def test_unknown_deadlines_are_not_spoken_of():
    assert urgency_of(deadline(status=DeadlineStatus.UNKNOWN), TODAY) is None


def test_report_sorts_the_portfolio_into_sections():
    assert keys_by_section(report_of(*PORTFOLIO, done=DONE)) == {
        Urgency.OVERDUE: ["DIJ-CRESS-2009/committee/17"],
        Urgency.WEEK: ["DIJ-CRESS-2009/payment/2"],
        Urgency.MISSED: ["DIJ-MAYENCE-1958/notice/4"],
        Urgency.MISSING: ["DIJ-VOLGOGRAD-2016/missing/1"],
        Urgency.MONTH: ["DIJ-VOLGOGRAD-2016/final_evaluation/1"],
        Urgency.QUARTER: [
            "DIJ-CRESS-2009/notice/3",
            "DIJ-MAYENCE-1958/milestone/1",
            "DIJ-CHEFCHAOUEN-2016/decision/1",
        ],
        Urgency.LATER: ["DIJ-CHEFCHAOUEN-2016/expiry/1"],
        Urgency.DONE: ["DIJ-VOLGOGRAD-2016/report/2", "DIJ-CRESS-2009/renewal/2"],
    }


def test_report_order_does_not_depend_on_the_order_of_the_facts():
    reports = {report_of(*some) for some in permutations((NOTICE, COMMITTEE, PAYMENT, MISSED))}
    assert len(reports) == 1


def test_what_came_about_by_itself_leaves_the_report_after_a_week():
    old = deadline(
        kind=DeadlineKind.RENEWAL, due_on=TODAY - timedelta(days=8), status=DeadlineStatus.DONE
    )
    assert keys_by_section(report_of(old, RENEWED)) == {Urgency.DONE: [RENEWED.key]}


def test_a_duty_met_is_told_once_on_the_day_it_was_met():
    report = report_of(REPORTED, done=DONE)
    assert [(line.deadline, line.on) for line in report.sections[0].lines] == [
        (REPORTED, date(2026, 11, 18))
    ]


def test_an_empty_report_is_quiet_and_names_the_next_one():
    report = report_of()
    assert report.is_quiet
    assert report.next_report == date(2026, 11, 30)


def test_a_report_with_only_good_news_is_quiet():
    assert report_of(RENEWED).is_quiet


def test_a_convention_to_check_breaks_the_quiet():
    assert not report_of(concerns=CONCERNS).is_quiet


def test_concerns_are_sorted_and_said_once():
    twice = (*CONCERNS, Concern(convention="DIJ-A", message="x"), CONCERNS[0])
    assert [c.convention for c in report_of(concerns=twice).concerns] == [
        "DIJ-A",
        "DIJ-BANAT-2019",
        "DIJ-VOLGOGRAD-2016",
    ]


def test_states_are_counted_in_their_own_order():
    report = report_of()
    assert report.states == (
        (ConventionState.SUSPENDED, 1),
        (ConventionState.EXPIRED, 5),
        (ConventionState.IN_FORCE, 12),
        (ConventionState.DRAFT, 3),
    )
    assert report.followed == 16


def test_every_urgency_has_its_place_in_the_report():
    assert set(SECTIONS) == set(Urgency)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(DeadlineKind),
            st.sampled_from(DeadlineStatus),
            st.integers(-400, 400),
            st.integers(0, 40),
        ),
        max_size=12,
    )
)
def test_every_open_deadline_in_a_horizon_is_in_the_report_once(specs):
    deadlines = [
        deadline(
            kind=kind,
            status=status,
            ordinal=number,
            due_on=TODAY + timedelta(days=days),
            act_by=TODAY + timedelta(days=days - earlier),
        )
        for number, (kind, status, days, earlier) in enumerate(specs)
    ]
    shown = [key for keys in keys_by_section(report_of(*deadlines)).values() for key in keys]
    assert len(shown) == len(set(shown))
    must_be_shown = {
        one.key
        for one in deadlines
        if one.status is DeadlineStatus.OVERDUE
        or (one.status is DeadlineStatus.UPCOMING and one.act_by <= TODAY + timedelta(days=90))
        or (
            one.status is DeadlineStatus.UPCOMING
            and one.kind in LONG_LEAD_KINDS
            and one.act_by <= date(2027, 5, 23)
        )
    }
    assert must_be_shown <= set(shown)


def test_reminders_make_one_digest_per_person_the_most_urgent_first():
    digests = build_reminders(addressed(NOTICE, MISSED, PAYMENT, COMMITTEE), TODAY)
    assert [(digest.recipient, digest.keys) for digest in digests] == [
        (ANNE, (COMMITTEE.key, PAYMENT.key, NOTICE.key)),
        (PAUL, (NOTICE.key, MISSED.key)),
    ]


def test_a_watcher_is_asked_to_insist_and_the_owner_is_not():
    digests = build_reminders(addressed(NOTICE, escalation=1), TODAY)
    assert [(d.items[0].role, d.items[0].insist) for d in digests] == [
        (Role.OWNER, False),
        (Role.WATCHER, True),
    ]


def test_more_reminders_than_a_mail_holds_make_numbered_digests():
    many = [deadline(ordinal=number) for number in range(7)]
    digests = build_reminders(addressed(*many), TODAY, limit=3)
    assert [(d.part, d.parts, len(d.items)) for d in digests] == [(1, 3, 3), (2, 3, 3), (3, 3, 1)]
    assert {key for d in digests for key in d.keys} == {one.key for one in many}


def test_a_reminder_beyond_every_horizon_is_shown_as_far_away():
    far = deadline(due_on=TODAY + timedelta(days=300))
    assert build_reminders(addressed(far), TODAY)[0].items[0].urgency is Urgency.LATER


def test_a_notice_missed_long_ago_is_shown_as_missed():
    old = deadline(due_on=TODAY - timedelta(days=60), status=DeadlineStatus.MISSED)
    assert build_reminders(addressed(old), TODAY)[0].items[0].urgency is Urgency.MISSED
