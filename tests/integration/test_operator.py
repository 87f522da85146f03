"""The operator's view: outbox, why, test-send, status, init --join."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest
from operator_support import DAY, Office
from relay import Relay
from sqlalchemy import select

from tracker.storage.engine import open_engine, reading, writing
from tracker.storage.tables import HistoryRow, MessageRow


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], database_url: str) -> Office:
    return Office(tmp_path, capsys, database=database_url)


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


def through(relay: Relay) -> tuple[str, ...]:
    return ('host = "127.0.0.1"', f"port = {relay.port}", 'security = "none"')


# --- outbox --------------------------------------------------------------------------------------


def test_outbox_lists_every_message_with_the_promised_fields(office: Office) -> None:
    office.load()
    office.run()
    listed = office.json("outbox")
    assert listed == office.json("outbox", "list")
    assert {one["recipient"] for one in listed} == {"owner@example.org", "other@example.org"}
    for one in listed:
        assert list(one) == [
            "id",
            "kind",
            "recipient",
            "subject",
            "state",
            "attempts",
            "message_id",
            "created_at",
            "accepted_at",
            "last_error",
            "deadlines",
        ]
        assert (one["kind"], one["state"], one["attempts"]) == ("reminder", "accepted", 1)
        assert one["deadlines"]


def test_outbox_shows_headers_text_and_attempts(office: Office) -> None:
    office.load()
    office.run()
    number = str(office.json("outbox")[0]["id"])
    shown = office.json("outbox", "show", number)
    assert shown["headers"]["From"] == "Relations internationales <conventions@example.org>"
    assert shown["tries"][0]["outcome"] == "accepted"
    assert "DIJ-" in shown["text"]
    page = office.answer("outbox", "show", number).out
    assert "Essais" in page
    assert shown["headers"]["Message-ID"] in page


def test_an_accepted_message_is_repeated_only_with_a_reason(office: Office) -> None:
    office.load()
    office.run()
    number = str(office.json("outbox")[0]["id"])
    for words in ((), ("--again",), ("--again", "--reason", "  ")):
        assert office.answer("outbox", "retry", number, *words).status == 2
    again = office.answer("outbox", "retry", number, "--again", "--reason", "jamais arrivé")
    assert again.status == 0
    assert office.run().status == 0
    states = [one["state"] for one in office.json("outbox")]
    assert states == ["accepted"] * 3
    engine = open_engine(office.database, create=False)
    with reading(engine) as session:
        audit = session.scalars(
            select(HistoryRow).where(HistoryRow.action == "outbox_repeat")
        ).one()
        assert "jamais arrivé" in audit.after
    engine.dispose()


def test_a_cancelled_message_never_leaves(office: Office, relay: Relay) -> None:
    relay.default = "450"
    office.write_settings(through(relay))
    office.load()
    assert office.run().status == 1
    numbers = [str(one["id"]) for one in office.json("outbox")]
    assert office.answer("outbox", "cancel", numbers[0], "--reason", "erreur").status == 0
    relay.default = "accept"
    office.run()
    assert [one["state"] for one in office.json("outbox")] == ["cancelled", "accepted"]
    assert office.answer("outbox", "retry", numbers[0]).status == 2
    assert office.answer("outbox", "cancel", numbers[1]).status == 2


def test_a_refused_message_leaves_again_once_retried(office: Office, relay: Relay) -> None:
    relay.by_recipient = {"owner@example.org": "550"}
    office.write_settings(through(relay))
    office.load()
    assert office.run().status == 1
    dead = [one for one in office.json("outbox") if one["state"] == "dead"]
    assert [one["recipient"] for one in dead] == ["owner@example.org"]
    told = [one for one in office.json("outbox") if one["recipient"] == "secretariat@example.org"]
    assert [one["state"] for one in told] == ["accepted"]
    relay.by_recipient = {}
    assert office.answer("outbox", "retry", str(dead[0]["id"])).status == 0
    assert office.run().status == 0
    assert office.json("outbox", "list", "--state", "dead") == []


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "words",
    [
        ("show", "999"),
        ("show", "x"),
        ("show", "0"),
        ("retry", "999"),
        ("cancel", "999"),
        ("shwo",),
        ("list", "--state", "gone"),
        ("release", "--journal", "/nonexistent"),
        ("release", "--journal", "/"),
        ("release", "--machine", "nobody"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(office: Office, words: tuple[str, ...]) -> None:
    answer = office.answer("outbox", *words)
    assert answer.status == 2
    assert answer.err.startswith("erreur : ")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_that_is_no_journal_is_refused(office: Office) -> None:
    answer = office.answer("outbox", "release", "--journal", str(office.settings))
    assert answer.status == 2


# --- why -----------------------------------------------------------------------------------------


def test_why_tells_what_comes_next_before_anything_was_sent(office: Office) -> None:
    office.load()
    found = office.json("why", "DIJ-1")
    current = next(one for one in found["deadlines"] if one["window"] == "open")
    assert current["obligations"] == []
    assert current["next"]["on"] == DAY
    assert current["next"]["recipients"] == ["owner@example.org"]


def test_why_tells_what_was_sent_and_by_which_message(office: Office) -> None:
    office.load()
    office.run()
    found = office.json("why", "DIJ-1")
    sent = [
        telling
        for one in found["deadlines"]
        for telling in one["obligations"]
        if telling["state"] == "accepted"
    ]
    messages = {one["id"]: one["message_id"] for one in office.json("outbox")}
    assert sent
    for telling in sent:
        assert messages[telling["message"]["id"]] == telling["message"]["message_id"]
    page = office.answer("why", "DIJ-1", day=DAY).out
    assert "envoyé le" in page


def test_why_tells_who_refused(office: Office, relay: Relay) -> None:
    relay.by_recipient = {"owner@example.org": "550"}
    office.write_settings(through(relay))
    office.load()
    office.run()
    found = office.json("why", "DIJ-1")
    states = {
        (telling["recipient"], telling["state"])
        for one in found["deadlines"]
        for telling in one["obligations"]
        if telling["state"] != "closed"
    }
    assert states == {("owner@example.org", "dead"), ("secretariat@example.org", "accepted")}
    refusals = {
        telling["message"]["refusal"]
        for one in found["deadlines"]
        for telling in one["obligations"]
        if telling["state"] == "dead"
    }
    assert len(refusals) == 1
    assert "550" in str(refusals.pop())


def test_why_tells_of_a_date_that_moved(office: Office) -> None:
    office.load()
    office.run()
    before = {one["key"]: one["due_on"] for one in office.json("why", "DIJ-2")["deadlines"]}
    amended = office.answer(
        "record", "DIJ-2", "amendment", "--on", "2027-01-04", "--field", "term=P5Y", day=DAY
    )
    assert amended.status == 0, amended.err
    gone = [one for one in office.json("why", "DIJ-2")["deadlines"] if one["window"] == "gone"]
    assert {(one["key"], one["due_on"]) for one in gone} <= set(before.items())
    assert gone


@pytest.mark.parametrize("backend", ["sqlite"])
def test_why_an_unknown_convention_is_refused(office: Office) -> None:
    office.load()
    answer = office.answer("why", "DIJ-11")
    assert answer.status == 2
    assert "DIJ-1" in answer.err


# --- test-send -----------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("behaviour", "status", "word"),
    [
        ("accept", 0, "Accepté"),
        ("550", 1, "Refusé"),
        ("drop_after_dot_lost", 1, "Incertain"),
        ("451", 3, "Remis"),
        ("421_mail", 3, "n’est pas utilisable"),
    ],
)
def test_a_test_letter_and_what_became_of_it(
    office: Office, relay: Relay, behaviour: str, status: int, word: str
) -> None:
    relay.default = behaviour
    office.write_settings(through(relay))
    answer = office.answer("test-send", "maire@example.org")
    assert answer.status == status
    assert word in answer.out
    assert office.json("outbox") == []
    if behaviour == "accept":
        letter = email.message_from_bytes(relay.accepted[0].content, policy=email.policy.default)
        assert letter["Subject"] == "[Conventions] Message d’essai"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("address", ["Nom <a@b.fr>", "root", "a@x..fr", "a@b.fr\nBcc: c@d.fr", ""])
def test_a_test_letter_to_no_address_is_refused(office: Office, address: str) -> None:
    answer = office.answer("test-send", "--", address)
    assert answer.status == 2
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_test_letter_needs_a_relay(office: Office) -> None:
    office.write_settings(())
    assert office.answer("test-send", "a@example.org").status == 2


# --- init --join ---------------------------------------------------------------------------------


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_machine_that_has_not_joined_is_held_until_it_joins(office: Office) -> None:
    office.load()
    office.run()
    engine = open_engine(office.database, create=False)
    with writing(engine) as session:
        session.connection().exec_driver_sql("UPDATE machine SET machine_hash = 'another'")
    engine.dispose()
    answer = office.answer("run", day="2027-02-22")
    assert "conventions init --join" in answer.err
    assert office.json("status")["held"] == ["not_joined"]
    assert {one["code"] for one in office.json("status")["problems"]} >= {"machine_not_joined"}
    assert office.answer("init", "--join").status == 0
    seen = office.json("status")
    assert seen["held"] == []
    assert "machine_not_joined" not in {one["code"] for one in seen["problems"]}
    assert office.answer("run", day="2027-02-22").status == 0


# --- status --------------------------------------------------------------------------------------


def test_status_shows_what_it_promises(office: Office) -> None:
    office.load()
    office.run()
    seen = office.json("status")
    promised = {"held", "queue", "oldest_queued", "last_run", "last_accepted", "next_report"}
    assert promised | {"problems", "last_tick", "next_scan"} == set(seen)
    assert seen["queue"] == {"accepted": 2}
    assert seen["last_run"] == seen["last_accepted"] == "2027-01-04T11:00:00+00:00"
    assert office.answer("status", day=DAY, lang="en").out.startswith("Database")


def test_a_second_run_of_the_day_is_the_last_run(office: Office) -> None:
    office.load()
    office.run()
    engine = open_engine(office.database, create=False)
    with reading(engine) as session:
        assert session.scalars(select(MessageRow.id)).all()
    engine.dispose()
    assert office.json("status")["last_run"] == "2027-01-04T11:00:00+00:00"
