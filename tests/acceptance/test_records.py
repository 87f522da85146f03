"""Records in and out, one convention by hand, dated facts; on both databases."""

from __future__ import annotations

import json

import pytest
from acceptance.conftest import PORTFOLIO, TODAY


@pytest.mark.parametrize("form", ["json", "yaml", "csv", "xlsx"])
def test_export_then_import_then_export_gives_the_same_bytes(place, make_database, form):
    first = {"CONVENTIONS_DATABASE_URL": make_database(schema=False)}
    second = {"CONVENTIONS_DATABASE_URL": make_database(schema=False)}
    place.ok("import", PORTFOLIO, **first)
    place.ok("export", "--format", form, "--output", f"one.{form}", **first)
    done = place.ok("import", f"one.{form}", **second)
    assert "11 " in done.err
    place.ok("export", "--format", form, "--output", f"two.{form}", **second)
    one, two = (place.folder / f"{name}.{form}" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert place.ok("export", **first).raw == place.ok("export", **second).raw
    again = place.ok("import", f"two.{form}", **first)
    assert "11 inchangée" in again.err


def test_import_updates_what_is_given_and_keeps_the_rest(office):
    office.write(
        "change.csv",
        "reference;title;amount\nDIJ-CRESS-2009;Partenariat renommé;\nNEUVE;Neuve;12,50\n",
    )
    tried = office.ok("import", "--dry-run", "change.csv")
    assert "NEUVE" in tried.out + tried.err
    assert "NEUVE" not in office.ok("export").out
    office.ok("import", "change.csv")
    records = {record["reference"]: record for record in office.ok("export").json}
    assert records["DIJ-CRESS-2009"]["title"] == "Partenariat renommé"
    assert records["DIJ-CRESS-2009"]["terms"]["notice"] == "P3M"
    assert records["NEUVE"]["amount"] == 12.5


def test_one_bad_row_changes_nothing_and_every_bad_row_is_listed(office):
    before = office.picture()
    office.write(
        "bad.csv",
        "reference,title,signed_on,notice\nA,Bon,2026-01-05,P3M\nB,Mauvais,31/04/2027,3 mois\n"
        "C,Mauvais,2026-01-05,3\n,Sans référence,,\n",
    )
    done = office.ok("import", "bad.csv", status=2)
    lines = done.err.splitlines()
    assert len(lines) == 3
    assert ["ligne 3" in lines[0], "ligne 4" in lines[1], "ligne 5" in lines[2]] == [True] * 3
    (office.folder / "bad.csv").unlink()
    assert office.picture() == before


def test_export_history_tells_who_changed_what(office):
    office.ok("edit", "DIJ-CRESS-2009", "--title", "Autre")
    answer = office.ok("export", "--history").json
    last = [item for item in answer["history"] if item["convention"] == "DIJ-CRESS-2009"][-1]
    assert last["action"] == "edit"
    assert last["after"]["title"] == "Autre"


def test_add_edit_remove_by_options(office):
    office.ok("add", "N1", "--title", "Neuve", "--field", "term=3 ans", "--field", "signed_on=05/01/2026",
              "--field", "start=signature", "--field", "partners=Ville de Mayence (DE)")  # fmt: skip
    (shown,) = office.ok("--today", "2026-11-20", "show", "N1", "--format", "json").json
    assert shown["record"]["signed_on"] == "2026-01-05"
    assert shown["record"]["terms"]["term"] == "P3Y"
    assert shown["record"]["partners"] == [{"name": "Ville de Mayence", "country": "DE"}]
    assert shown["terms"][0]["last_day"] == "2029-01-04"
    office.ok("add", "N1", "--title", "Encore", status=2)
    office.ok("edit", "N1", "--field", "term=P4Y")
    unchanged = office.ok("edit", "N1", "--field", "term=P4Y")
    assert "rien n’a changé" in unchanged.err
    office.ok("remove", "N1", status=2)
    office.ok("remove", "N1", "--yes")
    office.ok("show", "N1", status=2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["record", "DIJ-CRESS-2009", "committee", "--on", "2011-11-15"], "comité"),
        (["record", "DIJ-CHEFCHAOUEN-2016", "signed", "--on", "2011-11-30"], "signature"),
        (["record", "DIJ-CRESS-2009", "notice", "--on", "2011-11-30", "--field", "received_on=2011-12-01"], "dénoncée"),
        (["record", "DIJ-CRESS-2009", "termination", "--on", "2012-01-31"], "résil"),
        (["record", "DIJ-CRESS-2009", "amendment", "--on", "2011-11-30", "--field", "term=P2Y"], "avenant"),
        (["record", "DIJ-CRESS-2009", "snoozed", "--field", "deadline=notice/3", "--field", "until=2011-12-20"], "2011"),
    ],
)  # fmt: skip
def test_record_keeps_a_dated_fact_and_tells_what_follows(office, arguments, told):
    done = office.ok("--today", TODAY, *arguments)
    assert told in done.err.casefold()
    record = next(item for item in office.ok("export").json if item["reference"] == arguments[1])
    assert record["events"][-1]["event"] == arguments[2]


def test_a_fact_dated_after_today_is_not_yet_known_except_a_termination(office):
    office.ok("--today", TODAY, "record", "DIJ-CHEFCHAOUEN-2016", "signed", "--on", "2016-05-02")
    office.ok("--today", TODAY, "record", "DIJ-CRESS-2009", "termination", "--on", "2012-01-31")

    def state(day, reference):
        (shown,) = office.ok("--today", day, "show", reference, "--format", "json").json
        return shown["state"], shown["terms"]

    assert state("2016-05-01", "DIJ-CHEFCHAOUEN-2016")[0] == "approved"
    assert state("2016-05-02", "DIJ-CHEFCHAOUEN-2016")[0] != "approved"
    assert state(TODAY, "DIJ-CRESS-2009")[1][-1]["last_day"] == "2012-01-31"
    assert state("2012-02-01", "DIJ-CRESS-2009")[0] == "terminated"


def test_a_withdrawn_fact_no_longer_counts_and_stays_in_the_history(office):
    office.ok("--today", TODAY, "record", "DIJ-CRESS-2009", "termination", "--on", "2012-01-31")
    number = office.ok("export").json
    event = next(r for r in number if r["reference"] == "DIJ-CRESS-2009")["events"][-1]["number"]
    office.ok(
        "--today", TODAY, "record", "DIJ-CRESS-2009", "withdrawn", "--field", f"number={event}"
    )
    (shown,) = office.ok("--today", "2012-02-01", "show", "DIJ-CRESS-2009", "--format", "json").json
    assert shown["state"] == "in_force"
    assert [item["event"] for item in shown["record"]["events"]][-2:] == [
        "termination",
        "withdrawn",
    ]


def test_refused_facts_change_nothing(office):
    before = office.picture()
    for arguments in (
        ["UNKNOWN", "signed"],
        ["DIJ-CRES-2009", "signed"],
        ["DIJ-CRESS-2009", "sgned"],
        ["DIJ-CRESS-2009", "signed", "--on", "2026-02-30"],
        ["DIJ-CRESS-2009", "signed", "--field", "colour=red"],
        ["DIJ-CRESS-2009", "signed", "--field", "rien"],
        ["DIJ-CRESS-2009", "amendment"],
        ["DIJ-CRESS-2009", "resumption"],
        ["DIJ-CRESS-2009", "snoozed"],
        ["DIJ-CRESS-2009", "acknowledged", "--field", "deadline=notice/333"],
        ["DIJ-CRESS-2009", "withdrawn", "--field", "number=12"],
    ):
        done = office.ok("--today", TODAY, "record", *arguments, status=2)
        assert 1 <= len(done.err.splitlines()) <= 2, done.err
    assert office.picture() == before


def test_import_reads_standard_input(place):
    source = place.write("one.json", json.dumps([{"reference": "A", "title": "Une"}]))
    done = place.run("import", "-", source=source)
    assert done.status == 0, done
    assert [item["reference"] for item in place.ok("export").json] == ["A"]
