"""The calendar, read back by the library and compared with an expected file."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from letters_support import (
    ANNE,
    COMMITTEE,
    MAINZ,
    MILESTONE,
    NOTICE,
    PAUL,
    PAYMENT,
    PORTFOLIO,
    TODAY,
    PlainWords,
    deadline,
    matches,
)

from notifications.ics import PublishedEvent, render_calendar, uid_of
from tracker.domain.consequences import Basis, DeadlineKind, DeadlineStatus
from tracker.domain.conventions import Partner
from tracker.domain.dates import Period

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def render(*deadlines, published=(), today=TODAY, now=NOW, lang="fr", **options):
    return render_calendar(
        deadlines,
        published,
        today=today,
        now=now,
        words=PlainWords(lang),
        name="Conventions – Ville de Dijon",
        **options,
    )


def events_of(result):
    calendar = Calendar.from_ical(result.content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def only_event(result):
    [event] = events_of(result).values()
    return event


def alarm_days(event):
    return [alarm["trigger"].dt for alarm in event.walk("VALARM")]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_calendar_reads_as_expected(lang):
    result = render(*PORTFOLIO, lang=lang)
    assert matches(f"calendar.{lang}.ics", result.content)


def test_equal_input_gives_equal_bytes_in_any_order():
    assert render(*PORTFOLIO).content == render(*reversed(PORTFOLIO)).content


def test_open_deadlines_are_events_and_a_notice_is_two():
    assert {uid: event["dtstart"].dt for uid, event in events_of(render(*PORTFOLIO)).items()} == {
        "DIJ-CHEFCHAOUEN-2016/decision/1@conventions": date(2027, 2, 8),
        "DIJ-CHEFCHAOUEN-2016/expiry/1@conventions": date(2027, 4, 18),
        "DIJ-CRESS-2009/committee/17@conventions": date(2026, 11, 20),
        "DIJ-CRESS-2009/notice/3@conventions": date(2027, 1, 8),
        "DIJ-CRESS-2009/notice/3/act_by@conventions": date(2026, 12, 24),
        "DIJ-CRESS-2009/payment/2@conventions": date(2026, 11, 27),
        "DIJ-MAYENCE-1958/milestone/1@conventions": date(2027, 1, 15),
        "DIJ-VOLGOGRAD-2016/final_evaluation/1@conventions": date(2026, 12, 17),
        "DIJ-VOLGOGRAD-2016/missing/1@conventions": date(2016, 11, 21),
    }


def test_a_day_ends_the_next_day_and_a_milestone_after_its_last():
    events = events_of(render(NOTICE, MILESTONE))
    assert events[uid_of(NOTICE.key)]["dtend"].dt == date(2027, 1, 9)
    assert events[uid_of(MILESTONE.key)]["dtend"].dt == date(2027, 1, 18)


def test_file_holds_what_consumers_ask_and_nothing_that_they_refuse():
    content = render(*PORTFOLIO).content
    head = content.split(b"BEGIN:VEVENT")[0].decode()
    assert head.splitlines() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//conventions//deadlines//FR",
        "CALSCALE:GREGORIAN",
        "NAME:Conventions – Ville de Dijon",
        "X-WR-CALNAME:Conventions – Ville de Dijon",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    assert b"METHOD" not in content
    assert b"DTSTART:" not in content  # every day says VALUE=DATE
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    for line in lines:
        line.decode()  # no character is folded in two


def test_summary_names_the_convention():
    event = only_event(render(PAYMENT))
    assert event["summary"] == "Versement – CRESS de Bourgogne (DIJ-CRESS-2009)"
    assert event["categories"].cats == ["Versement"]
    assert event["transp"] == "TRANSPARENT"
    assert event["status"] == "CONFIRMED"


def test_alarms_ring_in_the_morning_of_each_lead_time_before_the_prudent_day():
    result = render(PAYMENT, lead_times={DeadlineKind.PAYMENT: [Period(days=2), Period(days=5)]})
    assert alarm_days(only_event(result)) == [
        timedelta(days=-5, hours=9),
        timedelta(days=-2, hours=9),
    ]
    early = deadline(
        kind=DeadlineKind.PAYMENT,
        act_by=PAYMENT.due_on - timedelta(days=1),
        due_on=PAYMENT.due_on,
        lead_times=(Period(days=2),),
    )
    assert alarm_days(only_event(render(early))) == [timedelta(days=-3, hours=9)]


def test_each_alarm_has_a_description():
    alarms = only_event(render(PAYMENT)).walk("VALARM")
    assert {(a["action"], a["description"]) for a in alarms} == {
        ("DISPLAY", "Versement – CRESS de Bourgogne (DIJ-CRESS-2009)")
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"status": DeadlineStatus.OVERDUE},
        {"acknowledged": True},
        {"lead_times": ()},
        {"lead_times": (Period(years=9000),)},
    ],
)
def test_no_alarm_where_none_helps(changes):
    assert alarm_days(only_event(render(replace(PAYMENT, **changes)))) == []


def test_an_empty_calendar_explains_itself():
    event = only_event(render())
    assert event["uid"] == "empty@conventions"
    assert event["summary"] == "Suivi des conventions\u00a0: aucune échéance ouverte"
    assert event["dtstart"].dt == TODAY
    assert render().published == ()


# What subscribers were told before ------------------------------------------------------------


def test_nothing_changes_from_one_day_to_the_next():
    first = render(*PORTFOLIO)
    later = render(
        *PORTFOLIO, published=first.published, today=date(2026, 11, 24), now=NOW + timedelta(days=1)
    )
    assert later == first


def test_a_moved_day_raises_the_sequence_and_keeps_the_uid():
    first = render(PAYMENT)
    moved = replace(PAYMENT, due_on=date(2026, 12, 4), act_by=date(2026, 12, 4))
    event = only_event(render(moved, published=first.published, now=NOW + timedelta(days=2)))
    assert (event["uid"], event["sequence"]) == (uid_of(PAYMENT.key), 1)
    assert event["dtstamp"].dt == event["last-modified"].dt == NOW + timedelta(days=2)


def test_a_changed_word_changes_the_stamp_and_not_the_sequence():
    first = render(PAYMENT)
    other = replace(PAYMENT, basis=Basis(rule="Une autre raison."))
    event = only_event(render(other, published=first.published, now=NOW + timedelta(days=2)))
    assert (event["sequence"], event["dtstamp"].dt) == (0, NOW + timedelta(days=2))


def test_a_day_that_passes_makes_the_event_late():
    first = render(PAYMENT)
    late = replace(PAYMENT, status=DeadlineStatus.OVERDUE)
    event = only_event(render(late, published=first.published, today=date(2026, 11, 28)))
    assert event["summary"].startswith("En retard – Versement")
    assert event["sequence"] == 1


def test_what_is_done_is_said_for_thirty_days_where_it_was_known():
    first = render(PAYMENT)
    done = replace(PAYMENT, status=DeadlineStatus.DONE)
    soon = render(done, published=first.published, today=date(2026, 12, 27))
    assert only_event(soon)["summary"].startswith("Fait – Versement")
    assert alarm_days(only_event(soon)) == []
    gone = render(done, published=soon.published, today=date(2026, 12, 28))
    assert only_event(gone)["uid"] == "empty@conventions"
    assert gone.published == ()


def test_what_was_done_before_the_calendar_existed_is_left_out():
    assert render(replace(PAYMENT, status=DeadlineStatus.DONE)).published == ()


def test_a_vanished_deadline_is_cancelled_for_thirty_days():
    first = render(PAYMENT, COMMITTEE)
    cancelled = render(COMMITTEE, published=first.published)
    event = events_of(cancelled)[uid_of(PAYMENT.key)]
    assert event["status"] == "CANCELLED"
    assert event["summary"] == "ANNULÉ – Versement – CRESS de Bourgogne (DIJ-CRESS-2009)"
    assert (event["sequence"], event["dtstart"].dt) == (1, PAYMENT.due_on)
    assert alarm_days(event) == []
    last = render(COMMITTEE, published=cancelled.published, today=TODAY + timedelta(days=30))
    assert last.content == cancelled.content
    gone = render(COMMITTEE, published=last.published, today=TODAY + timedelta(days=31))
    assert list(events_of(gone)) == [uid_of(COMMITTEE.key)]


def test_a_vanished_deadline_whose_day_is_over_leaves_in_silence():
    first = render(COMMITTEE, PAYMENT)
    assert list(events_of(render(PAYMENT, published=first.published))) == [uid_of(PAYMENT.key)]


def test_a_deadline_that_comes_back_is_confirmed_again():
    first = render(PAYMENT)
    cancelled = render(published=first.published)
    event = only_event(render(PAYMENT, published=cancelled.published))
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 2)


def test_a_denounced_notice_has_two_events_done():
    first = render(NOTICE)
    done = render(replace(NOTICE, status=DeadlineStatus.DONE), published=first.published)
    assert [event["summary"].split(" – ")[0] for event in events_of(done).values()] == ["Fait"] * 2


def test_one_person_gets_their_own_events_and_every_row_is_kept():
    everything = render(NOTICE, MILESTONE)
    mine = render(NOTICE, MILESTONE, published=everything.published, owner=MAINZ["owner"])
    assert list(events_of(mine)) == [uid_of(MILESTONE.key)]
    assert mine.published == everything.published


def test_a_cancelled_event_stays_its_owners():
    first = render(PAYMENT, MILESTONE)
    assert list(events_of(render(MILESTONE, published=first.published, owner=ANNE))) == [
        uid_of(PAYMENT.key)
    ]
    assert list(events_of(render(MILESTONE, published=first.published, owner=PAUL))) == [
        uid_of(MILESTONE.key)
    ]


def test_a_selection_cancels_nothing():
    first = render(PAYMENT, MILESTONE)
    selection = render(PAYMENT, published=first.published, complete=False)
    assert list(events_of(selection)) == [uid_of(PAYMENT.key)]
    assert selection.published == first.published


@pytest.mark.parametrize("fingerprint", ["", "[]", "{}", '{"first": "2026-02-30"}', "null"])
def test_an_altered_row_is_told_anew(fingerprint):
    row = PublishedEvent(key=PAYMENT.key, fingerprint=fingerprint, sequence=4, changed_at=NOW)
    assert render(PAYMENT, published=[row]) == render(PAYMENT)
    assert render(published=[row]) == render()


def test_times_must_be_aware_and_are_written_in_utc():
    paris = NOW.astimezone(timezone(timedelta(hours=1)))
    assert render(PAYMENT, now=paris).content == render(PAYMENT).content
    with pytest.raises(ValueError, match="aware"):
        render(PAYMENT, now=datetime(2026, 11, 23))  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"):
        PublishedEvent(key="a", fingerprint="{}", sequence=0, changed_at=datetime(2026, 11, 23))  # noqa: DTZ001


# Hostile data ---------------------------------------------------------------------------------

hostile = st.one_of(
    st.text(min_size=1, max_size=80),
    st.sampled_from(
        [
            "a\r\nATTENDEE:mailto:x@example.org",
            "a\nEND:VEVENT\nBEGIN:VEVENT",
            "a\u2028b\u2029c\x0bd\x85e",
            ";,:\\\\n\\N\"'",
            "\ud800\x00\x1b[31m",
            "é" * 80,
        ]
    ),
)
PROPERTIES = {
    "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION",
    "CATEGORIES", "STATUS", "TRANSP",
}  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(hostile, hostile, hostile, hostile)
def test_data_adds_no_property_and_no_event(title, partner, sentence, label):
    one = replace(
        PAYMENT,
        title=title,
        partners=(Partner(name=partner),),
        basis=Basis(rule=sentence),
        label=label,
        owner=title,
    )
    result = render(one)
    event = only_event(result)
    assert set(event) == PROPERTIES
    assert set(Calendar.from_ical(result.content)) == {
        "VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    }  # fmt: skip
    names = {line.split(b":")[0].split(b";")[0] for line in unfolded(result.content)}
    assert {name.decode() for name in names} - {"BEGIN", "END", "ACTION", "TRIGGER"} <= (
        PROPERTIES | {"VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME"}
        | {"REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
    )  # fmt: skip
    assert (
        render(published=result.published).content
        == render(published=render(one, published=result.published).published).content
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(DeadlineKind),
            st.integers(-300, 1500),
            st.integers(0, 40),
            st.text(min_size=1, max_size=20),
        ),
        max_size=8,
    )
)
def test_reading_back_gives_the_same_days_and_uids(specs):
    deadlines = [
        deadline(
            kind=kind,
            ordinal=number,
            title=title,
            due_on=TODAY + timedelta(days=days),
            act_by=TODAY + timedelta(days=days - earlier),
        )
        for number, (kind, days, earlier, title) in enumerate(specs)
        if title.strip()
    ]
    result = render(*deadlines)
    assert result == render(*deadlines)
    read = {uid: event["dtstart"].dt for uid, event in events_of(result).items()}
    for one in deadlines:
        assert read[uid_of(one.key)] == one.due_on
        if one.kind is DeadlineKind.NOTICE and one.act_by < one.due_on:
            assert read[uid_of(f"{one.key}/act_by")] == one.act_by
    assert {row.key for row in result.published} == {
        uid.removesuffix("@conventions") for uid in read
    } - {"empty"}


def test_a_key_that_no_url_would_bear_is_encoded():
    assert uid_of("DIJ%20A/notice/3") == "DIJ%20A/notice/3@conventions"
    assert uid_of("a b\r\n;é/notice/1") == "a%20b%0D%0A%3B%C3%A9/notice/1@conventions"


def unfolded(content):
    return [line for line in content.replace(b"\r\n ", b"").split(b"\r\n") if line]
