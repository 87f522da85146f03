"""`list`, `show` and `soon`: what is promised to scripts and calendars."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import sys

import pytest
import yaml
from acceptance.conftest import PORTFOLIO, TODAY

DEADLINE_KEYS = {
    "key", "convention", "title", "owner", "partners", "kind", "due_on", "act_by", "alternative",
    "status", "days_left", "term", "amount", "basis",
}  # fmt: skip
SHOW_KEYS = {"record", "state", "terms", "deadlines", "warnings", "history", "plan"}


def test_show_gives_the_terms_and_the_notice_of_the_cress(office):
    (answer,) = office.ok("--today", TODAY, "show", "DIJ-CRESS-2009", "--format", "json").json
    assert answer.keys() >= SHOW_KEYS
    terms = [(t["ordinal"], t["first_day"], t["last_day"], t["origin"]) for t in answer["terms"]]
    assert terms[:4] == [
        (0, "2009-04-09", "2010-04-08", "initial"),
        (1, "2010-04-09", "2011-04-08", "tacit"),
        (2, "2011-04-09", "2012-04-08", "tacit"),
        (3, "2012-04-09", "2013-04-08", "tacit"),
    ]
    notices = {d["key"]: d for d in answer["deadlines"] if d["kind"] == "notice"}
    notice = notices["DIJ-CRESS-2009/notice/3"]
    assert (notice["due_on"], notice["status"]) == ("2012-01-08", "upcoming")
    assert notice["term"] == {"ordinal": 2, "first_day": "2011-04-09", "last_day": "2012-04-08"}
    assert notice["act_by"] < notice["due_on"]
    assert notice["days_left"] == 38
    assert all(item.keys() == {"code", "message"} for item in answer["warnings"])


def test_show_looks_two_years_ahead_unless_told_otherwise(office):
    def last_term(*more):
        (answer,) = office.ok(
            "--today", TODAY, "show", "DIJ-CRESS-2009", "--format", "json", *more
        ).json
        return answer["terms"][-1]["first_day"]

    assert last_term() == "2013-04-09"
    assert last_term("--until", "2015-04-09") == "2015-04-09"
    assert last_term("--until", "2015-04-08") == "2014-04-09"


def test_the_plan_ends_with_the_last_session_that_fits(office):
    (answer,) = office.ok(
        "--today", "2021-05-03", "show", "DIJ-VOLGOGRAD-2016", "--format", "json"
    ).json
    plan = answer["plan"]
    assert all(item.keys() >= {"step", "due_on", "basis", "legal"} for item in plan)
    assert [item["due_on"] for item in plan] == sorted(item["due_on"] for item in plan)
    assert "session" in [item["step"] for item in plan]


def test_soon_keeps_every_promised_key_and_order(office):
    answer = office.ok("--today", TODAY, "soon", "--within", "P2Y", "--format", "json").json
    assert answer.keys() == {"today", "from", "to", "deadlines"}
    assert (answer["today"], answer["from"], answer["to"]) == (TODAY, TODAY, "2013-12-01")
    found = answer["deadlines"]
    assert found
    assert all(item.keys() >= DEADLINE_KEYS for item in found)
    order = [(item["due_on"], item["convention"], item["kind"]) for item in found]
    assert order == sorted(order)
    assert all(
        item["partners"] and item["partners"][0].keys() >= {"name", "country"} for item in found
    )


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        ((), "2012-02-29"),
        (("--within", "P6M"), "2012-06-01"),
        (("--within", "6m"), "2012-06-01"),
        (("--within", "6 mois"), "2012-06-01"),
        (("--within", "90d"), "2012-02-29"),
        (("--within", "1y"), "2012-12-01"),
        (("--to", "2012-01-08"), "2012-01-08"),
    ],
)
def test_soon_takes_the_same_lapse_in_many_ways(office, arguments, last):
    assert office.ok("--today", TODAY, "soon", "--format", "json", *arguments).json["to"] == last


def test_soon_filters(office):
    def keys(*more, day=TODAY):
        answer = office.ok("--today", day, "soon", "--format", "json", "--within", "P1Y", *more)
        return [item["key"] for item in answer.json["deadlines"]]

    everything = keys()
    assert keys("--kind", "notice") == ["DIJ-CRESS-2009/notice/3"]
    assert keys("--kind", "notice", "--kind", "committee") == [
        key for key in everything if "/notice/" in key or "/committee/" in key
    ]
    assert keys("--owner", "NOBODY") == []
    assert keys("--owner", "relations") == everything
    assert keys("--partner", "chambre regionale", "--limit", "1") == everything[:1]
    assert all(key.startswith("DIJ-CHEF") for key in keys("--country", "ma", day="2016-09-05"))
    assert keys("--state", "expired") == []
    overdue = keys("--no-overdue")
    assert "DIJ-CRESS-2009/committee/2" in everything
    assert "DIJ-CRESS-2009/committee/2" not in overdue


def test_soon_speaks_every_format(office):
    answers = {
        form: office.ok("--today", TODAY, "soon", "--within", "P6M", "--format", form).out
        for form in ("table", "json", "csv", "ics", "markdown")
    }
    keys = [item["key"] for item in json.loads(answers["json"])["deadlines"]]
    rows = list(csv.DictReader(io.StringIO(answers["csv"])))
    assert [row["key"] for row in rows] == keys
    assert all(f"UID:{key}" in answers["ics"].replace("\r\n ", "") for key in keys)
    assert answers["ics"].startswith("BEGIN:VCALENDAR\r\n")
    assert answers["markdown"].count("\n") == 2 + len(keys)
    assert answers["table"].index("En retard") < answers["table"].index("À faire")


def test_list_gives_state_term_and_next_deadline(office):
    rows = office.ok("--today", TODAY, "list", "--format", "json").json
    assert [row["reference"] for row in rows] == sorted(row["reference"] for row in rows)
    cress = next(row for row in rows if row["reference"] == "DIJ-CRESS-2009")
    assert cress["state"] == "in_force"
    assert cress["term"] == {"ordinal": 2, "first_day": "2011-04-09", "last_day": "2012-04-08"}
    assert cress["next_deadline"].keys() >= DEADLINE_KEYS
    assert len(rows) == office.ok("--today", TODAY, "list", "--format", "csv").out.count("\n") - 1


def test_answers_are_the_same_bytes_whatever_the_hash_seed_and_the_order_of_import(place):
    records = yaml.load(PORTFOLIO.read_text("utf-8"), yaml.BaseLoader)
    random.Random(3).shuffle(records)
    halves = records[: len(records) // 2], records[len(records) // 2 :]
    for number, half in enumerate(halves):
        place.write(f"{number}.yaml", yaml.safe_dump(half, allow_unicode=True))
    first = {"CONVENTIONS_DATABASE_URL": "sqlite:///first.db"}
    second = {"CONVENTIONS_DATABASE_URL": "sqlite:///second.db"}
    place.ok("import", PORTFOLIO, **first)
    place.ok("import", "1.yaml", "0.yaml", **second)
    questions = [
        ["soon", "--within", "P2Y", "--format", form] for form in ("table", "json", "csv", "ics")
    ]
    questions += [
        ["list", "--format", "json"],
        ["show", "DIJ-CRESS-2009", "DIJ-VOLGOGRAD-2016"],
        ["export", "--format", "yaml"],
        ["calendar"],
    ]
    one = _ask_all(place, questions, PYTHONHASHSEED="1", **first)
    other = _ask_all(place, questions, PYTHONHASHSEED="2", **second)
    for question, *answers in zip(questions, one, other, strict=True):
        # The history of `show` tells when and by whom, which may differ.
        this, that = (text.partition("\nHistorique\n")[0] for text in answers)
        assert len(this) > 100
        assert this == that, question


def _ask_all(place, questions, **env):
    """Ask all in one new process: the seed of hashes is chosen at its start."""
    code = (
        "import json, sys, jobs.cli\n"
        "for question in json.loads(sys.argv[1]):\n"
        f"    assert jobs.cli.main(['--today', '{TODAY}', *question]) == 0\n"
        "    print('\\0', end='', flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(questions)],
        cwd=place.folder, env=place.environment(**env), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode().split("\0")[:-1]


def test_an_empty_portfolio_is_answered_calmly(place):
    place.settings()
    place.ok("init")
    for arguments in (
        ["soon"],
        ["list"],
        ["soon", "--format", "markdown"],
        ["list", "--format", "csv"],
    ):
        assert place.ok(*arguments).out
    assert place.ok("soon", "--format", "json").json["deadlines"] == []
    assert place.ok("list", "--format", "json").json == []
    assert place.ok("export").json == []
    assert "VCALENDAR" in place.ok("calendar").out
    assert "RAPPORT" in place.ok("digest").out.upper()


def test_two_thousand_conventions_answer_without_a_visible_wait(place, large):
    shutil.copy(large, place.database)
    answer = place.ok("--today", "2026-11-20", "soon", "--within", "6m", "--format", "json").json
    assert len(answer["deadlines"]) > 500
    listed = place.ok("--today", "2026-11-20", "list", "--format", "json").json
    assert len(listed) == 2000
    table = place.ok("--today", "2026-11-20", "soon", "--within", "6m", COLUMNS="72").out
    assert max(map(len, table.splitlines())) <= 72
