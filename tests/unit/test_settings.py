"""The settings: defaults, merging, where the file is found, every refusal with its place."""

import ast
import dataclasses
import os
import subprocess
import sys
import textwrap
import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import config.settings as public
from config.loading import default_values
from config.reference import main as write_reference
from config.reference import render_reference
from config.sections import SECTIONS, written_fields
from config.settings import (
    DEADLINE_KINDS,
    TERRITORIES,
    Settings,
    SettingsError,
    example_text,
    find_settings_file,
    load_settings,
    state_directory,
)

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path):
    def write(text, name="conventions.toml", *, mode=0o600):
        path = tmp_path / name
        data = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
        path.write_bytes(data)
        path.chmod(mode)
        return path

    return write


@pytest.fixture
def load(write, tmp_path):
    def load(text="", environ=None, **more):
        path = None if text == "" else write(text)
        return load_settings(path, environ or {}, cwd=tmp_path, **more)

    return load


@pytest.fixture
def refusals(load):
    def refusals(text, environ=None, **more):
        with pytest.raises(SettingsError) as caught:
            load(text, environ, **more)
        return caught.value.problems

    return refusals


def places(problems):
    return [(p.place.line, p.place.column, p.place.key) for p in problems]


def codes(settings):
    return {problem.code for problem in settings.warnings}


# --- defaults and merging ----------------------------------------------------------------------


def test_without_a_file_the_shipped_defaults_apply(load, tmp_path):
    settings = load()
    assert settings.file is None
    assert settings.database.url == f"sqlite:///{tmp_path}/conventions.db"
    assert settings.database.sqlite_path == tmp_path / "conventions.db"
    assert state_directory(settings) == tmp_path / "conventions.db.state"
    assert settings.schedule.scan == time(6, 30)
    assert (settings.schedule.report.weekday, settings.schedule.report.at) == (0, time(8))
    assert settings.schedule.timezone == ZoneInfo("Europe/Paris")
    assert settings.reminders.notice == ("P6M", "P3M", "P1M", "P7D")
    assert settings.reminders.postal_margin == "P15D"
    assert settings.delivery.uncertain_wait == timedelta(minutes=10)
    assert [w.total_seconds() / 60 for w in settings.delivery.circuit_backoff] == [
        5,
        10,
        20,
        40,
        67,
    ]
    assert settings.council.clear_days == 5
    assert settings.holidays.zone == "Métropole"
    assert not settings.mail.can_send
    assert codes(settings) == {"mail_nowhere"}


def test_every_kind_of_deadline_has_default_lead_times(load):
    kinds = [
        "signature",
        "expiry",
        "renewal",
        "notice",
        "decision",
        "evaluation",
        "committee",
        "report",
        "final_evaluation",
        "payment",
        "publication",
        "transmission",
        "declaration",
        "milestone",
        "programme_end",
        "review",
        "missing",
    ]
    assert sorted(DEADLINE_KINDS) == sorted(kinds)
    assert all(load().reminders.by_kind().values())


def test_asking_lead_times_of_an_unknown_kind_fails(load):
    with pytest.raises(KeyError):
        load().reminders.for_kind("postal_margin")


def test_a_written_key_replaces_its_default_and_no_other(load):
    settings = load('[reminders]\nnotice = ["P9M"]\nreview = []\n')
    assert settings.reminders.notice == ("P9M",)
    assert settings.reminders.review == ()
    assert settings.reminders.expiry == ("P12M", "P6M", "P3M", "P1M")


def test_the_example_file_says_the_shipped_defaults(write):
    path = write(example_text())
    shipped = load_settings(None, {}, cwd=path.parent)
    example = load_settings(path, {}, cwd=path.parent)
    for section in SECTIONS:
        assert getattr(example, section) == getattr(shipped, section)
    assert codes(example) == {"mail_nowhere"}


def test_every_commented_key_of_the_example_is_a_key(tmp_path):
    """Take the `#` off each commented `key = value` on its own: none may be unknown or bad."""
    (tmp_path / "smtp-password").write_text("secret")
    (tmp_path / "smtp-password").chmod(0o600)
    (tmp_path / "ca.pem").write_text("")
    section = ""
    seen = 0
    for line in example_text().splitlines():
        bare = line.removeprefix("# ")
        if bare.startswith("["):
            section = bare
        key, equals, _ = bare.partition(" = ")
        if line.startswith("# ") and equals and key.isidentifier():
            seen += 1
            bare = bare.replace("/etc/conventions/smtp-password", f"{tmp_path}/smtp-password")
            bare = bare.replace("/etc/ssl/mairie-ca.pem", f"{tmp_path}/ca.pem")
            extra = 'username = "x"\n' if key == "password_file" else ""
            path = tmp_path / "one.toml"
            path.write_text(f"{section}\n{extra}{bare}\n")
            assert load_settings(path, {}, cwd=tmp_path), bare
    assert seen > 20


def test_the_example_names_every_section():
    text = example_text()
    assert [name for name in SECTIONS if f"[{name}]" not in text] == []


def test_the_shipped_defaults_hold_no_unknown_key():
    known = {name: {f.name for f in written_fields(cls)} for name, cls in SECTIONS.items()}
    for section, table in default_values().items():
        assert set(table) <= known[section]


def test_settings_are_frozen(load):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load().council.clear_days = 3


def test_the_sections_are_those_of_settings():
    names = [f.name for f in dataclasses.fields(Settings)]
    assert names == [*SECTIONS, "file", "warnings"]


# --- good values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "line", "expected"),
    [
        ("schedule", "scan = 06:30:00", time(6, 30)),
        ("schedule", 'scan = "6h05"', time(6, 5)),
        ("schedule", 'timezone = "UTC"', ZoneInfo("UTC")),
        ("schedule", 'ping_url = "https://hc.example.org/ping/1"', "https://hc.example.org/ping/1"),
        ("schedule", 'ping_url = "http://127.0.0.1:8000/x"', "http://127.0.0.1:8000/x"),
        ("schedule", 'ping_url = "http://[::1]/x"', "http://[::1]/x"),
        ("schedule", 'ping_url = "https://10.1.2.3/x"', "https://10.1.2.3/x"),
        ("reminders", 'notice = ["P2W", "P1Y6M", "P15D"]', ("P2W", "P1Y6M", "P15D")),
        ("reminders", 'postal_margin = "P0D"', "P0D"),
        ("delivery", 'uncertain_wait = "PT0.05S"', timedelta(milliseconds=50)),
        ("delivery", 'lease = "PT1H30M"', timedelta(minutes=90)),
        ("delivery", 'tick = "P1D"', timedelta(days=1)),
        ("delivery", "never_repeat_uncertain = true", True),
        ("council", "clear_days = 0", 0),
        (
            "council",
            'sessions = ["2027-03-29", 2027-01-04]',
            (date(2027, 1, 4), date(2027, 3, 29)),
        ),
        ("holidays", 'territory = "La Réunion"', "la-reunion"),
        ("holidays", "added = [2027-03-26]", (date(2027, 3, 26),)),
        ("office", 'recipients = ["a@X.fr", "a@x.fr"]', ("a@x.fr",)),
        ("office", 'sender = "a@münchen.de"', "a@xn--mnchen-3ya.de"),
        ("mail", 'host = "SMTP.example.org."', "smtp.example.org."),
        ("mail", 'host = "[::1]"', "::1"),
    ],
)
def test_good_value(load, section, line, expected):
    office = '[office]\nsender = "a@x.fr"\n' if section == "mail" else ""
    settings = load(f"{office}[{section}]\n{line}\n")
    assert getattr(getattr(settings, section), line.partition(" = ")[0]) == expected


@pytest.mark.parametrize("text", ["monday 08:00", "lundi 8h00", "Lundi 08:00"])
def test_weekday_in_english_or_french(load, text):
    report = load(f'[schedule]\nreport = "{text}"\n').schedule.report
    assert str(report) == "monday 08:00"


def test_every_territory_is_a_zone_of_the_holiday_package(load):
    jours = pytest.importorskip("jours_feries_france")
    assert set(TERRITORIES.values()) == set(jours.JoursFeries.ZONES)
    for name in TERRITORIES:
        assert load(f'[holidays]\nterritory = "{name}"\n').holidays.territory == name


def test_relative_paths_start_at_the_settings_file_and_databases_at_the_current_directory(tmp_path):
    etc, here = tmp_path / "etc", tmp_path / "here"
    etc.mkdir()
    here.mkdir()
    path = etc / "conventions.toml"
    path.write_text(
        '[mail]\ndirectory = "out"\n[state]\ndirectory = "../state"\n[calendar]\ndirectory = "/c"\n'
        '[council]\nsessions_file = "s.ics"\n[database]\nurl = "sqlite:///x.db"\n'
    )
    settings = load_settings(path, {}, cwd=here)
    assert settings.mail.directory == etc / "out"
    assert state_directory(settings) == tmp_path / "state"
    assert settings.calendar.directory == Path("/c")
    assert settings.council.sessions_file == etc / "s.ics"
    assert settings.database.sqlite_path == here / "x.db"


def test_blackouts_of_every_year_and_of_one_year(load):
    text = """
    [[council.blackouts]]
    from = "12-20"
    to = "01-05"
    [[council.blackouts]]
    from = 2026-02-01
    to = "2026-03-31"
    """
    winter, election = load(text).council.blackouts
    assert winter.ranges(2026, 2026) == ((date(2026, 12, 20), date(2027, 1, 5)),)
    assert [winter.covers(date(2027, m, d)) for m, d in ((1, 5), (1, 6), (12, 20))] == [
        True,
        False,
        True,
    ]
    assert election.ranges(2025, 2030) == ((date(2026, 2, 1), date(2026, 3, 31)),)
    assert election.ranges(2027, 2030) == ()
    assert [election.covers(date(y, 3, 1)) for y in (2026, 2027)] == [True, False]


def test_a_blackout_up_to_29_february_ends_on_the_28th_of_other_years(load):
    (blackout,) = load('[council]\nblackouts = [{from="02-01",to="02-29"}]\n').council.blackouts
    assert [last.day for _, last in blackout.ranges(2027, 2028)] == [28, 29]


def test_a_session_inside_a_blackout_counts_with_a_warning(load):
    settings = load("[council]\nsessions = [2027-06-28,\n  2027-07-20]\n")
    assert len(settings.council.sessions) == 2
    (warning,) = [w for w in settings.warnings if w.code == "session_in_blackout"]
    assert str(warning.place).endswith("conventions.toml:3:3: council.sessions[2]")


# --- refusals ----------------------------------------------------------------------------------

REFUSED = [
    # unknown keys
    ("[mail]\nstmp_host = 'x'", "mail.stmp_host", "did you mean “host”"),
    ("stmp_host = 'x'", "stmp_host", "did you mean “host”, under [mail]"),
    ("[shedule]\nscan = '06:30'", "shedule", "did you mean [schedule]"),
    ("timezone = 'UTC'", "timezone", "put this key under [schedule]"),
    ("[mail]\nsender = 'a@x.fr'", "mail.sender", "it belongs under [office]"),
    ("[mail]\ntls = 'none'", "mail.tls", "did you mean “security”"),
    ("[council]\nqqqqqqqq = 1", "council.qqqqqqqq", "known keys: sessions"),
    ("[zzz]\na = 1", "zzz", "known sections"),
    ("mail = 3", "mail", "a section is expected"),
    ("[[mail]]\nhost = 'x.fr'", "mail", "a section is expected"),
    # lead times
    ("[reminders]\nnotice = ['-P1M']", "reminders.notice[1]", "positive ISO 8601"),
    ("[reminders]\nnotice = ['P1M', 'P1M']", "reminders.notice[2]", "repeated"),
    ("[reminders]\nnotice = ['P12M', 'P1Y']", "reminders.notice[2]", "repeated"),
    ("[reminders]\nnotice = ['P0D']", "reminders.notice[1]", "period of zero"),
    ("[reminders]\nnotice = ['6 mois']", "reminders.notice[1]", 'write "P6M"'),
    ("[reminders]\nnotice = ['p6m']", "reminders.notice[1]", 'write "P6M"'),
    ("[reminders]\nnotice = ['90j']", "reminders.notice[1]", 'write "P90D"'),
    ("[reminders]\nnotice = ['P']", "reminders.notice[1]", "positive ISO 8601"),
    ("[reminders]\nnotice = ['PT10M']", "reminders.notice[1]", "positive ISO 8601"),
    ("[reminders]\nnotice = ['P٣M']", "reminders.notice[1]", "positive ISO 8601"),
    ("[reminders]\nnotice = ['P6M\\n']", "reminders.notice[1]", "positive ISO 8601"),
    ('[reminders]\nnotice = ["P6M\\n"]', "reminders.notice[1]", "positive ISO 8601"),
    ("[reminders]\nnotice = ['P999Y']", "reminders.notice[1]", "longer than 200 years"),
    ("[reminders]\nnotice = ['']", "reminders.notice[1]", "empty value"),
    ("[reminders]\nnotice = [3]", "reminders.notice[1]", "text between quotes"),
    ("[reminders]\nnotice = 'P6M'", "reminders.notice", "a list is expected"),
    ("[reminders]\npostal_margin = '-P1D'", "reminders.postal_margin", "positive ISO 8601"),
    ("[reminders]\nnotise = []", "reminders.notise", "did you mean “notice”"),
    # schedule
    ("[schedule]\ntimezone = 'Europe/Pariss'", "schedule.timezone", "mean “Europe/Paris”"),
    ("[schedule]\ntimezone = '../../etc/passwd'", "schedule.timezone", "unknown time zone"),
    ("[schedule]\ntimezone = 'Europe'", "schedule.timezone", "unknown time zone"),
    ("[schedule]\ntimezone = ''", "schedule.timezone", "empty value"),
    ("[schedule]\nscan = '25:00'", "schedule.scan", "a time of day"),
    ("[schedule]\nscan = 630", "schedule.scan", "a time of day"),
    ("[schedule]\nreport = 'lundu 08:00'", "schedule.report", "a weekday and a time"),
    ("[schedule]\nreport = 'monday'", "schedule.report", "the time is missing"),
    ("[schedule]\nreport = 3", "schedule.report", "text between quotes"),
    ("[schedule]\nping_url = 'http://169.254.169.254/'", "schedule.ping_url", "not allowed"),
    ("[schedule]\nping_url = 'https://169.254.169.254/'", "schedule.ping_url", "not allowed"),
    ("[schedule]\nping_url = 'https://[::ffff:169.254.169.254]/'", "schedule.ping_url", "not all"),
    ("[schedule]\nping_url = 'https://2852039166/'", "schedule.ping_url", "not a host name"),
    ("[schedule]\nping_url = 'http://example.org/'", "schedule.ping_url", "not allowed"),
    ("[schedule]\nping_url = 'file:///etc/passwd'", "schedule.ping_url", "unreadable"),
    ("[schedule]\nping_url = 'ftp://example.org/'", "schedule.ping_url", "not allowed"),
    ("[schedule]\nping_url = 'https://a:b@example.org/'", "schedule.ping_url", "password"),
    ("[schedule]\nping_url = 'https://x:99999/'", "schedule.ping_url", "unreadable"),
    ('[schedule]\nping_url = "https://x.fr/\\r\\nHost: y"', "schedule.ping_url", "control"),
    # delivery and escalation
    ("[delivery]\nlease = '5 min'", "delivery.lease", "clock duration"),
    ("[delivery]\nlease = 'P1M'", "delivery.lease", "clock duration"),
    ("[delivery]\nlease = 'PT0S'", "delivery.lease", "duration of zero"),
    ("[delivery]\nlease = 'PT99999H'", "delivery.lease", "longer than a year"),
    ("[delivery]\nlease = 'PT'", "delivery.lease", "clock duration"),
    ("[delivery]\nlease = '-PT5M'", "delivery.lease", "clock duration"),
    ("[delivery]\ncircuit_backoff = []", "delivery.circuit_backoff", "empty list"),
    ("[delivery]\nretry_backoff = ['x']", "delivery.retry_backoff[1]", "clock duration"),
    ("[delivery]\nmax_message_bytes = 10", "delivery.max_message_bytes", "between 10000"),
    ("[delivery]\nmax_message_bytes = true", "delivery.max_message_bytes", "whole number"),
    ("[delivery]\nnever_repeat_uncertain = 'oui'", "delivery.never_repeat_uncertain", "true or"),
    ("[escalation]\noffice_after = 'P1D'", "escalation.office_after", "before the watchers"),
    # council and holidays
    ("[council]\nclear_days = -1", "council.clear_days", "between 0"),
    ("[council]\nclear_days = 2.5", "council.clear_days", "whole number"),
    ("[council]\nsessions = ['2027-02-30']", "council.sessions[1]", "no such date"),
    ("[council]\nsessions = ['20270131']", "council.sessions[1]", "a date is expected"),
    ("[council]\nsessions = ['2027-W05-1']", "council.sessions[1]", "a date is expected"),
    ("[council]\nsessions = ['31/12/2027']", "council.sessions[1]", "a date is expected"),
    ("[council]\nsessions = [1027-01-01]", "council.sessions[1]", "year outside"),
    ("[council]\nsessions = ['9999-01-01']", "council.sessions[1]", "year outside"),
    ("[council]\nsessions = [2027-01-01T10:00:00]", "council.sessions[1]", "without a time"),
    ("[council]\nsessions = [2027-01-04, '2027-01-04']", "council.sessions[2]", "repeated"),
    ("[council]\nblackouts = ['07-14']", "council.blackouts[1]", "a range is expected"),
    ("[council]\nblackouts = [{from='07-14'}]", "council.blackouts[1]", "“to” is missing"),
    (
        "[council]\nblackouts = [{from='07-14',to=2027-08-31}]",
        "council.blackouts[1]",
        "written alike",
    ),
    (
        "[council]\nblackouts = [{from=2027-08-31,to=2027-07-14}]",
        "council.blackouts[1]",
        "before the beginning",
    ),
    (
        "[council]\nblackouts = [{from='07-14',to='08-32'}]",
        "council.blackouts[1].to",
        "no such day",
    ),
    (
        "[council]\nblackouts = [{from='07-14',to='08-31',why='x'}]",
        "council.blackouts[1].why",
        "unknown key",
    ),
    ("[council]\nsessions_file = ''", "council.sessions_file", "empty value"),
    ("[holidays]\nterritory = 'metropol'", "holidays.territory", "mean “metropole”"),
    (
        "[holidays]\nadded = [2027-05-17]\nremoved = [2027-05-17]",
        "holidays.removed",
        "both added and removed",
    ),
    # office
    ("[office]\nname = ''", "office.name", "empty value"),
    ('[office]\nname = "a\\nBcc: x@y.fr"', "office.name", "control or invisible"),
    ("[office]\nname = '=?UTF-8?Q?=0A?=Bcc'", "office.name", "mail encoding"),
    (f"[office]\nname = '{'x' * 201}'", "office.name", "more than 200"),
    ("[office]\nrecipients = 'a@x.fr'", "office.recipients", "a list is expected"),
    ("[office]\nrecipients = ['a@x.fr', 'root']", "office.recipients[2]", "no “@”"),
    ("[office]\nfallback = 'Nom <a@x.fr>'", "office.fallback", "address alone"),
    ("[office]\nsender = 'a@localhost'", "office.sender", "incomplete domain"),
    # mail
    ("[mail]\nport = 99999", "mail.port", "between 1 and 65535"),
    ("[mail]\nport = 0", "mail.port", "between 1 and 65535"),
    ("[mail]\nport = '587'", "mail.port", "whole number"),
    ("[mail]\nsecurity = 'ssl'", "mail.security", "unknown value"),
    ("[mail]\nhost = 'smtp://x.fr'", "mail.host", "not a host name"),
    ("[mail]\nhost = 'x.fr:25'", "mail.host", "not a host name"),
    ("[mail]\nhost = 'a b'", "mail.host", "not a host name"),
    ("[mail]\nhost = '10.0.0.999'", "mail.host", "not a host name"),
    ("[mail]\nmessage_id_domain = 'x'", "mail.message_id_domain", "incomplete domain"),
    ("[mail]\nca_file = 'absent.pem'", "mail.ca_file", "does not exist"),
    ("[mail]\npassword_file = 'absent'\nusername='u'", "mail.password_file", "does not exist"),
    ("[mail]\npassword_file = '.'\nusername='u'", "mail.password_file", "not a regular file"),
    ("[mail]\npassword = 'x'", "mail.password", "without “username”"),
    ("[mail]\npassword = ''\nusername='u'", "mail.password", "empty value"),
    ('[mail]\npassword = "a\\nb"\nusername="u"', "mail.password", "line break"),
    ('[mail]\ndirectory = "a\\u0000b"', "mail.directory", "control character"),
    ("[mail]\ndirectory = '~nobody-of-this-name/x'", "mail.directory", "unknown home"),
    # database
    ("[database]\nurl = 3", "database.url", "text between quotes"),
    ("[database]\nurl = ''", "database.url", "empty database URL"),
    ("[database]\nurl = 'mysql://h/x'", "database.url", "not supported"),
    ("[database]\nurl = 'postgresql+psycopg2://h/x'", "database.url", "not supported"),
    ("[database]\nurl = 'postgresql://h'", "database.url", "name is missing"),
    ("[database]\nurl = 'postgresql://h:0/x'", "database.url", "port"),
    ("[database]\nurl = 'postgresql://u:p@q@h/x'", "database.url", "%40"),
    ("[database]\nurl = 'sqlite://'", "database.url", "in memory"),
    ("[database]\nurl = 'sqlite:///:memory:'", "database.url", "in memory"),
    ("[database]\nurl = 'sqlite://x.db'", "database.url", "three slashes"),
    ("[database]\nurl = 'sqlite:///x.db?mode=ro'", "database.url", "“?”"),
    ("[database]\nurl = 'sqlite:////'", "database.url", "not a file"),
    ("[database]\nurl = 'conventions'", "database.url", "not a database URL"),
    ('[database]\nurl = "sqlite:///a\\u001bb.db"', "database.url", "control character"),
]


@pytest.mark.parametrize(("text", "key", "says"), REFUSED, ids=lambda v: str(v)[:50])
def test_refused_with_its_key_and_what_to_do(refusals, text, key, says):
    (problem,) = refusals(text + "\n")
    assert problem.place.key == key
    assert says in problem.message("en")
    assert problem.message_fr
    assert bool(problem.hint_fr) == bool(problem.hint_en)
    assert problem.place.line is not None
    assert "\n" not in problem.text("fr")


def test_all_problems_are_told_at_once_in_the_order_of_the_file(refusals):
    problems = refusals(
        """\
        # réglages
        [council]
        sessions = [
          2027-03-29,   # mars
          "2027-02-30",
        ]
        clear_days = -1

        [mail]
        stmp_host = "x"
          port = 0
        [reminders]
        notice = ["P6M", "P6M"]
        """,
        {"CONVENTIONS_DATABASE_URL": "mysql://u:secret@h/x"},
        database_override="nothing",
    )
    assert places(problems) == [
        (None, None, ""),
        (None, None, ""),
        (5, 3, "council.sessions[2]"),
        (7, 1, "council.clear_days"),
        (10, 1, "mail.stmp_host"),
        (11, 3, "mail.port"),
        (13, 18, "reminders.notice[2]"),
    ]
    assert [p.place.source for p in problems[:2]] == ["$CONVENTIONS_DATABASE_URL", "--database"]


def test_one_line_says_place_value_fault_and_remedy(refusals, tmp_path):
    text = "[schedule]\ntimezone = 'Europe/Pariss'\n"
    (problem,) = refusals(text)
    start = f"{tmp_path}/conventions.toml:2:1: schedule.timezone = "
    assert problem.text("fr") == (
        start + '"Europe/Pariss" : fuseau horaire inconnu ; vouliez-vous dire « Europe/Paris » ?'
    )
    assert problem.text("en") == (
        start + '"Europe/Pariss": unknown time zone; did you mean “Europe/Paris”?'
    )


def test_a_long_or_hostile_value_is_shortened_and_escaped(refusals):
    (problem,) = refusals(f'[holidays]\nterritory = "\\u001b[31m{"x" * 5000}"\n')
    assert problem.value.startswith('"\\x1b[31mxxx')
    assert len(problem.value) == 60


def test_hostile_key_is_escaped(refusals):
    (problem,) = refusals('"a\\u001b[2J" = 1\n')
    assert "\x1b" not in problem.text()


# --- the file itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"[mail\n", "settings_syntax", 1, 6),
        (b"a = 1\n[mail]\nport = \n", "settings_syntax", 3, 8),
        (b"x = [1,", "settings_syntax", 1, 8),
        (b"[mail]\nport = 1\nport = 2\n", "settings_duplicate", 3, 9),
        (b"[mail]\n[mail]\n", "settings_duplicate", 2, 6),
        (b"[mail]\nhost = 'a\x00'\n", "settings_unreadable", 2, 10),
        (b"[office]\nname = 'Gen\xe8ve'\n", "settings_unreadable", 2, 12),
        ("[office]\n".encode("utf-16"), "settings_unreadable", 1, 1),
        (b"a = " + b"9" * 5000 + b"\n", "settings_unreadable", None, None),
        (b"a = " + b"[" * 100_000, "settings_unreadable", None, None),
        (b"#" * 1_000_001, "settings_unreadable", None, None),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_place(refusals, data, code, line, column):
    (problem,) = refusals(data)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)


@pytest.mark.parametrize(
    ("data", "guess"),
    [(b"a = '\xe9'", "Windows-1252"), ("a = 1".encode("utf-16"), "UTF-16")],
)
def test_the_encoding_is_guessed_aloud(refusals, data, guess):
    (problem,) = refusals(data)
    assert guess in problem.message("fr")
    assert guess in problem.message("en")


def test_bom_and_crlf_are_accepted_and_positions_hold(load, refusals):
    good = b"\xef\xbb\xbf[council]\r\nclear_days = 3\r\n"
    assert load(good).council.clear_days == 3
    assert places(refusals(b"\xef\xbb\xbf[council]\r\nclear_days = -3\r\n")) == [
        (2, 1, "council.clear_days")
    ]


@pytest.mark.parametrize("name", [".", "fifo"])
def test_only_a_regular_file_is_read(tmp_path, name):
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(SettingsError, match="fichier ordinaire"):
        load_settings(tmp_path / name, {})


def test_a_file_that_vanished_is_told(tmp_path):
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "absent.toml", {})
    assert caught.value.problems[0].code == "settings_missing"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told(write):
    with pytest.raises(SettingsError, match="droits"):
        load_settings(write("", mode=0), {})


def test_a_current_directory_that_is_gone_is_told(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="dossier courant"):
        load_settings(None, {})


# --- finding the file --------------------------------------------------------------------------


def test_the_file_is_looked_for_in_order(tmp_path):
    system = tmp_path / "system.toml"
    for name in ("a.toml", "b.toml", "conventions.toml", "system.toml"):
        (tmp_path / name).touch()
    environ = {"CONVENTIONS_CONFIG": "b.toml"}

    def find(explicit=None, environ=None):
        found = find_settings_file(explicit, environ or {}, tmp_path, system_file=system)
        return found and found.name

    assert find("a.toml", environ) == "a.toml"
    assert find(None, environ) == "b.toml"
    assert find(None, {"CONVENTIONS_CONFIG": ""}) == "conventions.toml"
    (tmp_path / "conventions.toml").unlink()
    assert find() == "system.toml"
    system.unlink()
    assert find() is None


@pytest.mark.parametrize(
    ("explicit", "environ"),
    [("absent.toml", {}), (None, {"CONVENTIONS_CONFIG": "absent.toml"}), ("", {})],
)
def test_a_file_asked_for_must_exist(tmp_path, explicit, environ):
    with pytest.raises(SettingsError) as caught:
        find_settings_file(explicit, environ, tmp_path)
    assert caught.value.problems[0].code == "settings_missing"


def test_a_broken_link_is_found_so_that_loading_says_so(tmp_path):
    (tmp_path / "conventions.toml").symlink_to("nowhere")
    found = find_settings_file(None, {}, tmp_path)
    with pytest.raises(SettingsError):
        load_settings(found, {})


# --- mail --------------------------------------------------------------------------------------

MAIL = '[office]\nsender = "a@x.fr"\nfallback = "b@x.fr"\n[mail]\n'


@pytest.mark.parametrize(
    ("lines", "port", "security"),
    [
        ("host = 'h.fr'", 587, "starttls"),
        ("host = 'h.fr'\nsecurity = 'tls'", 465, "tls"),
        ("host = 'h.fr'\nport = 465", 465, "tls"),
        ("host = 'h.fr'\nport = 25", 25, "starttls"),
        ("host = '127.0.0.1'\nsecurity = 'none'", 25, "none"),
        ("host = 'localhost'\nsecurity = 'none'\nport = 1025", 1025, "none"),
        ("host = '::1'\nsecurity = 'none'", 25, "none"),
    ],
)
def test_port_and_security_follow_each_other(load, lines, port, security):
    settings = load(MAIL + lines + "\n")
    assert (settings.mail.port, settings.mail.security) == (port, security)
    assert settings.mail.can_send
    assert settings.warnings == ()


def test_plaintext_towards_another_machine_must_be_allowed_and_stays_a_warning(load, refusals):
    text = MAIL + "host = 'relay.fr'\nsecurity = 'none'\n"
    assert places(refusals(text)) == [(6, 1, "mail.security")]
    assert codes(load(text + "allow_plaintext = true\n")) == {"plaintext_relay"}


def test_a_relay_and_a_folder_exclude_each_other(refusals):
    (problem,) = refusals(MAIL + "host = 'relay.fr'\ndirectory = 'out'\n")
    assert problem.place.key == "mail.directory"


def test_a_folder_alone_is_enough_to_send(load, tmp_path):
    settings = load("[mail]\ndirectory = 'out'\n")
    assert settings.mail.can_send
    assert settings.office.sender == "conventions@conventions.invalid"
    assert codes(settings) == {"sender_missing", "fallback_missing"}


def test_without_a_sender_nothing_leaves_towards_another_machine(load):
    settings = load("[mail]\nhost = 'relay.fr'\n")
    assert (settings.office.sender, settings.mail.can_send) == (None, False)
    assert codes(settings) == {"sender_missing", "fallback_missing"}
    settings = load("[mail]\nhost = '127.0.0.1'\nport = 1025\nsecurity = 'none'\n")
    assert settings.mail.can_send


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("[mail]\nhost='h.fr'\nusername='u@x.fr'\npassword='p'", "u@x.fr"),
        ("[office]\nfallback='f@x.fr'\n[mail]\nhost='h.fr'", "f@x.fr"),
        ("[office]\nrecipients=['r@x.fr']\n[mail]\nhost='h.fr'", "r@x.fr"),
    ],
)
def test_another_address_stands_in_for_the_sender(load, text, sender):
    settings = load(text + "\n")
    assert settings.office.sender == sender
    assert settings.mail.message_id_domain == "x.fr"
    assert "sender_missing" in codes(settings)


def test_a_password_in_the_settings_is_a_warning_and_never_shown(load):
    settings = load(MAIL + "host='h.fr'\nusername='u'\npassword='hunter2'\n")
    assert settings.mail.password == "hunter2"
    assert settings.mail.can_send
    assert codes(settings) == {"password_in_settings"}
    assert "hunter2" not in repr(settings) + "".join(w.text() for w in settings.warnings)


def test_a_refused_password_is_never_shown(refusals):
    (problem,) = refusals(MAIL + 'host="h.fr"\nusername="u"\npassword="hunter2\\n"\n')
    assert "hunter2" not in problem.text()


def test_two_passwords_are_refused(refusals, tmp_path):
    (problem,) = refusals(MAIL + "username='u'\npassword='x'\npassword_file='y'\n")
    assert "both given" in problem.message("en")


def test_the_password_file_is_read_without_its_line_end(load, tmp_path):
    (tmp_path / "pw").write_text("hunter2\n")
    (tmp_path / "pw").chmod(0o640)
    settings = load(MAIL + "host='h.fr'\nusername='u'\npassword_file='pw'\n")
    assert settings.mail.password == "hunter2"
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (b"hunter2", 0o644, "everybody"),
        (b"hunter2", 0o602, "everybody"),
        (b"", 0o600, "one password on one line"),
        (b"a\nb", 0o600, "one password on one line"),
        (b"caf\xe9", 0o600, "one password on one line"),
        (b"x" * 5000, 0o600, "one password on one line"),
    ],
)
def test_password_file_refused(refusals, tmp_path, content, mode, says):
    (tmp_path / "pw").write_bytes(content)
    (tmp_path / "pw").chmod(mode)
    (problem,) = refusals(MAIL + "host='h.fr'\nusername='u'\npassword_file='pw'\n")
    assert problem.place.key == "mail.password_file"
    assert says in problem.message("en")
    assert "hunter2" not in problem.text("en")


@pytest.mark.parametrize("line", ["", "password_file = 'smtp-password'\n"])
def test_the_systemd_credential_is_used(load, tmp_path, line):
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "smtp-password").write_text("hunter2")
    (credentials / "smtp-password").chmod(0o400)
    text = MAIL + "host='h.fr'\nusername='u'\n" + line
    settings = load(text, {"CREDENTIALS_DIRECTORY": str(credentials)})
    assert (settings.mail.password, settings.mail.can_send) == ("hunter2", True)


@pytest.mark.parametrize("line", ["", "password_file = 'smtp-password'\n"])
def test_outside_the_service_the_missing_credential_only_prevents_sending(load, line):
    settings = load(MAIL + "host='h.fr'\nusername='u'\n" + line)
    assert not settings.mail.can_send
    assert codes(settings) == {"password_missing"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_password_file_of_another_account_only_prevents_sending(load, tmp_path):
    (tmp_path / "pw").write_text("hunter2")
    (tmp_path / "pw").chmod(0)
    settings = load(MAIL + "host='h.fr'\nusername='u'\npassword_file='pw'\n")
    assert codes(settings) == {"password_missing"}


def test_a_missing_fallback_is_a_warning_when_mail_can_leave(load):
    assert codes(load("[office]\nsender='a@x.fr'\n[mail]\nhost='h.fr'\n")) == {"fallback_missing"}


# --- start-up, reference, shipped files --------------------------------------------------------


def test_importing_the_settings_is_light():
    code = "import sys, config.settings as s; s.load_settings(None, {}); print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    loaded = set(ast.literal_eval(done.stdout))
    heavy = {"sqlalchemy", "click", "jinja2", "email", "logging", "difflib", "socket", "tracker"}
    assert loaded & heavy == set()


def test_absent_tzdata_is_told(load, refusals, monkeypatch):
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    (problem,) = refusals("[schedule]\ntimezone = 'Nowhere/Else'\n")
    assert "tzdata" in problem.message("fr")


def test_the_reference_is_up_to_date(tmp_path):
    assert write_reference([str(tmp_path / "s.md")]) == 0
    assert (tmp_path / "s.md").read_text("utf-8") == render_reference()
    written = (PROJECT / "docs" / "settings.md").read_text("utf-8")
    assert written == render_reference(), "run: python -m config.reference docs/settings.md"


def test_every_example_of_the_reference_is_accepted(tmp_path):
    (tmp_path / "pw").write_text("x")
    (tmp_path / "pw").chmod(0o600)
    for section, cls in SECTIONS.items():
        for item in written_fields(cls):
            if not item.metadata["example"] or item.name in {"password_file", "ca_file"}:
                continue
            raw = tomllib.loads(f"x = {item.metadata['example']}")["x"]
            item.metadata["reader"].read(raw, tmp_path)
            assert item.metadata["doc"], (section, item.name)


def test_the_reference_command_wants_a_file(capsys):
    assert write_reference([]) == 2
    assert "usage" in capsys.readouterr().err


UNITS = sorted((PROJECT / "config" / "systemd").iterdir())


def test_the_daemon_unit_waits_for_the_answer_to_a_message(load):
    text = (PROJECT / "config" / "systemd" / "conventions.service").read_text("utf-8")
    lines = text.splitlines()
    for line in ("Type=notify", "NotifyAccess=main", "WatchdogSec=30min", "UMask=0077"):
        assert line in lines
    (stop,) = [line for line in lines if line.startswith("TimeoutStopSec=")]
    minutes = int(stop.removeprefix("TimeoutStopSec=").removesuffix("min"))
    assert timedelta(minutes=minutes) > load().delivery.dot_timeout


@pytest.mark.slow
def test_systemd_accepts_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/usr/local/bin/conventions", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    try:
        done = subprocess.run(
            ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("systemd-analyze is not installed")
    assert (done.returncode, done.stderr) == (0, "")


def test_everything_public_has_its_name():
    assert [name for name in public.__all__ if not hasattr(public, name)] == []
