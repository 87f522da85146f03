"""Each command once, as a person would use it, and the keys promised to scripts."""

from __future__ import annotations

import json

from acceptance.conftest import PORTFOLIO, TODAY

OUTBOX_KEYS = {
    "id", "kind", "recipient", "subject", "state", "attempts", "message_id", "created_at",
    "accepted_at", "last_error", "deadlines",
}  # fmt: skip


def test_the_first_hour_of_an_office(place):
    """init, import, soon, record, run: with the real command, in a new folder."""
    done = place.start("init")
    assert done.status == 0, done
    assert (place.folder / "conventions.toml").stat().st_mode & 0o077 == 0
    assert place.database.stat().st_mode & 0o077 == 0
    assert place.start("init").status == 0
    settings = (place.folder / "conventions.toml").read_text("utf-8")
    done = place.start("import", PORTFOLIO)
    assert done.status == 0, done
    assert "11 ajoutées, 0 modifiée, 0 inchangée." in done.err
    assert done.out == ""
    done = place.start("--today", TODAY, "soon")
    assert (done.status, done.err) == (0, "")
    assert "08/01/2012" in done.out
    assert place.start("--today", TODAY, "record", "DIJ-CRESS-2009", "committee").status == 0
    assert place.start("--today", TODAY, "run").status == 1
    assert (place.folder / "conventions.toml").read_text("utf-8") == settings


def test_demo_tells_the_story_and_touches_nothing_else(office):
    before = office.picture()
    done = office.ok("demo", "--output", "story")
    assert done.out.count("====") >= 4
    after = office.picture()
    assert {name: after[name] for name in before} == before
    suffixes = {path.suffix for path in (office.folder / "story").rglob("*") if path.is_file()}
    assert suffixes == {".eml", ".html", ".ics", ".txt"}
    again = office.ok("demo", "--output", "story")
    assert again.out == done.out
    assert office.picture().keys() == after.keys()


def test_outbox_lists_shows_and_refuses_to_repeat_in_silence(office):
    assert office.ok("outbox", "list", "--format", "json").json == []
    office.ok("--today", TODAY, "run")
    listed = office.ok("outbox", "list", "--format", "json").json
    assert listed
    assert all(item.keys() >= OUTBOX_KEYS for item in listed)
    assert {item["state"] for item in listed} == {"accepted"}
    assert any("DIJ-CRESS-2009/notice/3" in item["deadlines"] for item in listed)
    assert listed == office.ok("outbox", "list", "--format", "json").json
    identity = str(listed[0]["id"])
    assert listed[0]["subject"] in office.ok("outbox", "show", identity).out.replace("\n", " ")
    refused = office.ok("outbox", "retry", identity, status=2)
    assert "--again" in refused.err
    office.ok("outbox", "show", "987654", status=2)
    office.ok("outbox", "cancel", identity, status=2)


def test_why_tells_what_was_sent(office):
    office.ok("--today", TODAY, "run")
    told = office.ok("--today", TODAY, "why", "DIJ-CRESS-2009")
    assert "finances@example.org" in told.out
    assert office.ok("--today", TODAY, "why", "DIJ-CRESS-2009", "--format", "json").json
    office.ok("why", "DIJ-CRES-2009", status=2)


def test_simulate_tells_what_runs_would_send_and_changes_nothing(office):
    before = office.picture()
    plan = office.ok("--today", TODAY, "simulate", "--until", "2012-01-31", "--format", "json").json
    assert plan
    assert office.ok("--today", TODAY, "simulate", "--until", "2012-01-31").out
    assert office.picture() == before
    office.ok("--today", TODAY, "simulate", "--until", "2011-01-01", status=2)


def test_doctor_finds_what_is_wrong(office):
    office.ok("--today", TODAY, "run")
    done = office.run("--today", TODAY, "doctor", "--format", "json")
    assert done.status in {0, 1}
    assert json.loads(done.out) is not None
    office.settings("")
    assert office.ok("--today", TODAY, "doctor", status=1).out


def test_backup_and_restore(office):
    office.ok("backup", "copy.db")
    office.ok("backup", "copy.db", status=2)
    office.ok("edit", "DIJ-CRESS-2009", "--title", "Autre")
    office.ok("restore", "copy.db")
    titles = {item["reference"]: item["title"] for item in office.ok("export").json}
    assert titles["DIJ-CRESS-2009"] != "Autre"
    held = office.run("--today", TODAY, "run", "--format", "json")
    assert held.json["accepted"] == 0
    office.ok("outbox", "release")
    office.write("spoilt.db", b"not a database")
    before = office.picture()
    office.ok("restore", "spoilt.db", status=2)
    office.ok("restore", "absent.db", status=2)
    assert office.picture() == before


def test_a_test_letter(office):
    office.ok("test-send", "moi@example.org")
    (path,) = office.mails()
    assert b"To: moi@example.org" in path.read_bytes()
    for bad in (
        "root",
        "a@x",
        "a@x..fr",
        "@x.fr",
        "Nom <a@x.fr>",
        "a@x.fr\r\nBcc: b@y.fr",
        "a@x.fr, b@y.fr",
    ):
        done = office.ok("test-send", bad, status=2)
        assert len(done.err.splitlines()) == 1
    assert len(office.mails()) == 1


def test_status_is_calm_after_a_good_run(office):
    office.ok("--today", TODAY, "run")
    answer = office.ok("--today", TODAY, "status", "--format", "json").json
    assert answer["held"] == answer["problems"] == []
    assert answer["last_run"].startswith(TODAY)
    assert answer["next_report"].startswith("2011-12-05")


def test_read_proposes_terms_and_keeps_nothing_unless_asked(place):
    place.write(
        "convention.txt",
        "Article 1 – Durée\nLa présente convention est conclue pour une durée de trois ans à compter "
        "de sa signature.\nElle est renouvelable par tacite reconduction pour une durée d'un an.\n"
        "Elle peut être dénoncée par lettre recommandée avec un préavis de trois mois.\n",
    )
    (answer,) = place.ok("read", "convention.txt", "--format", "json").json
    assert answer.keys() >= {"file", "terms", "evidence", "record", "warnings"}
    assert answer["terms"]["term"] == "P3Y"
    assert answer["terms"]["notice"] == "P3M"
    text = place.ok("read", "convention.txt", "--text").out
    quote = answer["evidence"]["term"]
    assert quote["quote"] in text
    assert not place.database.exists()
    place.ok("read", "convention.txt", "absent.txt", status=1)
