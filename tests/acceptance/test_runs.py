"""`run` and its kin: each message once, whatever the days; into a folder and to a real relay."""

from __future__ import annotations

import email
import email.policy
import json
import socket
from collections import Counter

import pytest
from acceptance.conftest import SETTINGS, TODAY
from aiosmtpd.controller import Controller
from made_portfolio import make_records
from relay import Relay

RUN_KEYS = [
    "today", "scanned", "obligations", "composed", "accepted", "uncertain", "failed", "held", "problems",
]  # fmt: skip
STATUS_KEYS = {
    "held", "queue", "oldest_queued", "last_run", "last_accepted", "next_report", "problems",
}  # fmt: skip


def letters(place):
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in place.mails()
    ]


def receivers(place):
    return Counter(str(letter["To"]) for letter in letters(place))


def text_of(letter):
    return letter.get_body(("plain",)).get_content()


@pytest.fixture
def relay():
    """Give `relay(place)`: settings towards a real SMTP server, and the list of what it takes."""
    taken = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
            taken.append(envelope)
            return "250 taken"

    controller = Controller(Handler(), hostname="127.0.0.1", port=0, ready_timeout=30)
    controller.port = _free_port()
    controller.start()

    def point(place):
        way = f'host = "127.0.0.1"\nport = {controller.port}\nsecurity = "none"'
        place.settings(SETTINGS.replace('directory = "mail"', way))
        return taken

    yield point
    controller.stop()


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run(place, day, *more, status=0):
    return place.ok("--today", day, "run", "--format", "json", *more, status=status).json


def test_run_answers_with_the_promised_keys_and_twice_the_same_day_sends_once(office):
    first = run(office, TODAY)
    assert list(first) == RUN_KEYS
    assert (first["scanned"], first["failed"], first["held"]) == (11, 0, 0)
    assert first["accepted"] == first["composed"] == len(office.mails()) > 0
    calendars = {path.name: path.read_bytes() for path in (office.folder / "calendars").iterdir()}
    again = run(office, TODAY)
    assert (again["obligations"], again["composed"], again["accepted"]) == (0, 0, 0)
    assert len(office.mails()) == first["accepted"]
    assert calendars == {
        path.name: path.read_bytes() for path in (office.folder / "calendars").iterdir()
    }
    status = office.ok("--today", TODAY, "status", "--format", "json").json
    assert status.keys() >= STATUS_KEYS
    assert status["queue"] == {"accepted": first["accepted"]}


def test_dry_run_says_what_would_leave_and_changes_nothing(office):
    before = office.picture()
    planned = run(office, TODAY, "--dry-run")
    table = office.ok("--today", TODAY, "run", "--dry-run")
    assert "DIJ-CRESS-2009/notice/3" in table.out
    assert office.picture() == before
    done = run(office, TODAY)
    assert planned["obligations"] == done["obligations"] > 0
    assert planned["composed"] == done["composed"]


def test_after_thirty_silent_days_each_person_gets_one_message(office):
    run(office, TODAY)
    for path in office.mails():
        path.unlink()
    run(office, "2011-12-31")
    reminders = [item for item in letters(office) if "Rapport" not in item["Subject"]]
    found = Counter(str(letter["To"]) for letter in reminders)
    assert found
    assert set(found.values()) == {1}
    count = len(office.mails())
    assert run(office, "2011-12-31")["composed"] == 0
    assert len(office.mails()) == count


@pytest.mark.parametrize("days", [1, 2, 7, 104, 400])
def test_after_any_silence_one_reminder_a_person(office, days):
    from datetime import date, timedelta

    run(office, TODAY)
    for path in office.mails():
        path.unlink()
    run(office, (date.fromisoformat(TODAY) + timedelta(days=days)).isoformat())
    reminders = [item for item in letters(office) if "Rapport" not in item["Subject"]]
    assert all(count == 1 for count in Counter(str(item["To"]) for item in reminders).values())


def test_a_run_each_day_tells_each_stage_once(office):
    """The notice of 8 January 2012: its stages from July on, told by daily runs."""
    for day in ("2011-07-07", "2011-07-08", "2011-07-09", "2011-12-22", "2011-12-23", "2011-12-24"):
        run(office, day)
    assert run(office, "2011-12-24")["composed"] == 0
    told = [text_of(item) for item in letters(office) if "Préavis" in item["Subject"]]
    assert len(told) == len(set(told))


def test_a_moved_deadline_is_announced_again_and_no_date_twice(office):
    run(office, TODAY)
    before = len(office.mails())
    office.ok("edit", "DIJ-CRESS-2009", "--field", "notice=P2M")
    moved = run(office, TODAY)
    assert moved["composed"] > 0
    news = [text_of(item) for item in letters(office)]
    assert any("8 février 2012" in text.replace("\u00a0", " ") for text in news)
    after = len(office.mails())
    assert after > before
    office.ok("edit", "DIJ-CRESS-2009", "--field", "notice=P3M")
    run(office, TODAY)
    assert len(office.mails()) == after


def test_what_no_longer_holds_leaves_the_queue(office):
    """Mail composed for a relay that does not answer is not sent once the fact is recorded."""
    office.settings(
        SETTINGS.replace('directory = "mail"', 'host = "127.0.0.1"\nport = 9\nsecurity = "none"')
    )
    run(office, TODAY, status=3)
    queued = office.run("--today", TODAY, "status", "--format", "json").json["queue"]
    assert queued.get("queued", 0) > 0
    office.ok("--today", TODAY, "record", "DIJ-CRESS-2009", "notice", "--on", "2011-11-25",
              "--field", "received_on=2011-11-28")  # fmt: skip
    office.settings()
    run(office, "2011-12-02")
    told = " ".join(str(item["Subject"]) for item in letters(office))
    assert "Préavis" not in told


def test_facts_recorded_late_still_count_from_their_day(office):
    office.ok(
        "--today", "2016-12-01", "record", "DIJ-CHEFCHAOUEN-2016", "signed", "--on", "2016-05-02"
    )
    (shown,) = office.ok(
        "--today", "2016-12-01", "show", "DIJ-CHEFCHAOUEN-2016", "--format", "json"
    ).json
    signature = [item for item in shown["deadlines"] if item["kind"] == "signature"]
    assert [item["status"] for item in signature] == ["done"]
    assert run(office, "2016-12-01")["failed"] == 0


def test_the_report_is_owed_once_a_week_and_a_new_database_owes_none_before(office):
    first = run(office, TODAY)  # a Thursday: nothing is owed for the Monday before
    assert not [item for item in letters(office) if "Rapport" in item["Subject"]]
    assert first["failed"] == 0
    run(office, "2011-12-05")
    reports = [item for item in letters(office) if "Rapport" in item["Subject"]]
    assert [str(item["To"]) for item in reports] == ["chef@example.org"]
    run(office, "2011-12-06")
    assert len([item for item in letters(office) if "Rapport" in item["Subject"]]) == 1
    run(office, "2011-12-27")
    assert len([item for item in letters(office) if "Rapport" in item["Subject"]]) == 2


def test_digest_is_read_written_or_put_in_the_outbox(office):
    shown = office.ok("--today", TODAY, "digest")
    assert "DIJ-CRESS-2009" in shown.out
    office.ok("--today", TODAY, "digest", "--output", "out")
    assert sorted(path.suffix for path in (office.folder / "out").iterdir()) == [
        ".eml", ".html", ".ics", ".txt",
    ]  # fmt: skip
    office.ok("--today", TODAY, "digest", "--send")
    assert office.mails() == []
    run(office, TODAY)
    assert receivers(office)["chef@example.org"] >= 1


def test_a_relay_receives_what_the_folder_would(office, relay):
    taken = relay(office)
    done = run(office, TODAY)
    assert done["accepted"] == done["composed"] == len(taken) > 0
    assert all(len(envelope.rcpt_tos) == 1 for envelope in taken)
    assert all(envelope.mail_from == "conventions@example.org" for envelope in taken)
    assert run(office, TODAY)["composed"] == 0
    assert done["accepted"] == len(taken)
    assert office.mails() == []


def test_an_unreachable_relay_is_passing_trouble(office):
    office.settings(
        SETTINGS.replace('directory = "mail"', 'host = "127.0.0.1"\nport = 9\nsecurity = "none"')
    )
    done = office.ok("--today", TODAY, "run", status=3)
    assert "relais" in done.err
    assert office.run("--today", TODAY, "status").status == 1
    office.settings()
    assert run(office, TODAY)["accepted"] > 0


def test_without_a_way_out_run_asks_for_attention(office):
    office.settings("")
    done = office.ok("--today", TODAY, "run", status=1)
    assert "[mail]" in done.err
    problems = office.ok("--today", TODAY, "status", "--format", "json", status=1).json["problems"]
    assert [item["code"] for item in problems].count("mail_nowhere") == 1


def test_a_deadline_of_nobody_goes_to_the_fallback(office):
    office.ok("edit", "DIJ-CRESS-2009", "--field", "owner=", "--field", "watchers=")
    run(office, TODAY, status=1)
    assert "secretariat@example.org" in receivers(office)


def test_three_hundred_conventions_in_one_run(place):
    place.write("many.json", json.dumps(make_records(300)))
    (place.folder / "mail").mkdir()
    place.settings()
    place.ok("import", "many.json")
    first = json.loads(place.run("--today", "2026-11-20", "run", "--format", "json").out)
    assert first["scanned"] == 300
    assert first["accepted"] == first["composed"] == len(place.mails())
    assert max(receivers(place).values()) == 1
    assert run(place, "2026-11-20")["composed"] == 0


def test_a_report_refused_for_somebody_reaches_the_fallback_the_same_day(office):
    with Relay(by_recipient={"chef@example.org": "550"}) as relay:
        way = f'host = "127.0.0.1"\nport = {relay.port}\nsecurity = "none"'
        office.settings(SETTINGS.replace('directory = "mail"', way))
        for day in (TODAY, "2011-12-05", "2011-12-05", "2011-12-06"):
            run(office, day, status=1)
        letters = [
            email.message_from_bytes(item.content, policy=email.policy.default)
            for item in relay.accepted
        ]
    reports = [item for item in letters if "Rapport" in item["Subject"]]
    assert [str(item["To"]) for item in reports] == ["secretariat@example.org"]
    said = " ".join(text_of(reports[0]).split())
    assert "a refusé ce rapport pour chef@example.org" in said
    assert "à titre de destinataire de secours" in said


def test_the_operator_reads_problems_in_either_language(office):
    with Relay(by_recipient={"chef@example.org": "550"}) as relay:
        way = f'host = "127.0.0.1"\nport = {relay.port}\nsecurity = "none"'
        office.settings(SETTINGS.replace('directory = "mail"', way))
        run(office, TODAY, status=1)
    french = office.ok("--today", TODAY, "status", status=1).out
    english = office.ok("--lang", "en", "--today", TODAY, "status", status=1).out
    assert "Le serveur refuse" in " ".join(french.split())
    assert "The server refuses" in " ".join(english.split())
    assert "Le serveur" not in english
    run(office, "2011-12-05", status=3)
    trouble = " ".join(office.ok("--today", "2011-12-05", "status", status=1).out.split())
    assert "connexion : connexion refusée" in trouble
