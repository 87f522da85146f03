"""From the settings to the rules: sessions of the council from a list and a file, holidays, policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from config.settings import load_settings
from tracker.domain.consequences import DeadlineKind
from tracker.domain.dates import Period
from tracker.errors import UserError
from tracker.surroundings import council_from, policy_from, read_sessions, surroundings_from

TWO = {date(2027, 3, 29), date(2027, 6, 28)}
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//mairie//FR
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Paris:20270329T180000
SUMMARY:Conseil municipal
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20270628
SUMMARY:Conseil municipal
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("2027-03-29\n2027-06-28\n", "utf-8"),
        ("date;objet\n29/03/2027;séance ordinaire\n28/06/2027;été\n", "cp1252"),
        ("objet,date\nconseil,2027-03-29\n\nconseil,2027-06-28\n", "utf-8-sig"),
        (CALENDAR, "utf-8"),
        (CALENDAR.replace("\n", "\r\n"), "utf-8"),
    ],
    ids=["bare", "french spreadsheet", "column by name", "calendar", "calendar with CRLF"],
)
def test_sessions_are_read_from_a_file(tmp_path, text, encoding):
    file = tmp_path / "seances"
    file.write_bytes(text.encode(encoding))
    assert read_sessions(file) == TWO


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date\n2027-02-30\n", "ligne 2"),
        ("date\n29/03/27\n", "ligne 2"),
        ("conseil\nprintemps\n", "ligne 2"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nrien", "calendrier illisible"),
    ],
)
def test_a_bad_file_of_sessions_is_refused_with_its_place(tmp_path, text, said):
    file = tmp_path / "seances"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_sessions(file)
    assert said in refused.value.fr
    assert str(file) in refused.value.en


def test_a_missing_file_of_sessions_is_refused(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_sessions(tmp_path / "absent.csv")


def test_listed_sessions_and_those_of_the_file_are_put_together(tmp_path):
    file = tmp_path / "seances.csv"
    file.write_text("2027-06-28\n", encoding="utf-8")
    settings = load_settings(None, {}).council
    council = council_from(
        replace(settings, sessions=(date(2027, 3, 29),), sessions_file=file, clear_days=3)
    )
    assert council.sessions == tuple(sorted(TWO))
    assert council.clear_days == 3
    assert council.in_blackout(date(2027, 8, 1))


def test_holidays_follow_the_territory_and_the_office():
    settings = load_settings(None, {})
    here = replace(
        settings,
        holidays=replace(
            settings.holidays,
            territory="alsace-moselle",
            added=(date(2027, 3, 26),),
            removed=(date(2027, 5, 17),),
        ),
    )
    holidays = surroundings_from(here).holidays
    assert {date(2027, 12, 26), date(2027, 3, 26), date(2027, 7, 14)} <= holidays
    assert date(2027, 5, 17) not in holidays
    assert date(2027, 12, 26) not in surroundings_from(settings).holidays


def test_policy_has_every_kind_and_a_margin_of_zero_is_none():
    settings = load_settings(None, {})
    policy = policy_from(settings)
    assert set(policy.lead_times) == set(DeadlineKind)
    assert policy.lead_times[DeadlineKind.NOTICE][0] == Period(months=6)
    without = replace(settings, reminders=replace(settings.reminders, postal_margin="P0D"))
    assert surroundings_from(without).postal_margin is None
