"""The conventions of the source documents, played day by day against a table.

The tables were written by hand, from the documents and the rules of law, by somebody who had not
seen what the program says; a row on which the two differed at first has the reason of the choice
made (`settled`). Each file of `tests/data/scenarios` has the records, the days to play, and what
must be seen: the states, the warnings, and each deadline with its days, and the rule or the article
that gives them. A timeline is a list of `day what`, each standing from its day on; `-` means that
there is nothing. Only what the table lists may appear.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings import load_settings
from tracker.domain.conventions import Convention
from tracker.domain.council import CouncilCalendar
from tracker.domain.deadlines import Surroundings
from tracker.domain.portfolio import Life, Portfolio
from tracker.exchange.merge import parse_record
from tracker.surroundings import surroundings_from

FOLDER = Path(__file__).parents[1] / "data" / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


class PlainLoader(yaml.SafeLoader):
    """Reads scalars as text: Norway is not false, a day is not a date."""


PlainLoader.yaml_implicit_resolvers = {}


def load(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text("utf-8"), PlainLoader))


def records_of(scenario: Mapping[str, Any]) -> list[Convention]:
    found = []
    for raw in scenario["records"]:
        record = parse_record(plain(raw))
        assert isinstance(record, Convention), record
        found.append(record)
    return found


def plain(raw: Any) -> Any:
    """Give back to numbers and booleans what YAML would have made of them."""
    if isinstance(raw, dict):
        return {key: plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [plain(value) for value in raw]
    if raw in {"true", "false"}:
        return raw == "true"
    return int(raw) if isinstance(raw, str) and raw.isdecimal() and len(raw) != 4 else raw


def surroundings_of(scenario: Mapping[str, Any]) -> Surroundings:
    council, settings = scenario["council"], load_settings(None, {})
    sessions = tuple(date.fromisoformat(day) for day in council["sessions"])
    return Surroundings(
        holidays=surroundings_from(settings).holidays,
        council=CouncilCalendar(sessions=sessions, clear_days=int(council["clear_days"])),
    )


def at(timeline: list[str], today: date) -> str:
    """Return what stands on `today`: the last entry begun, `-` before the first."""
    begun = [entry.split(maxsplit=1) for entry in timeline if entry.split()[0] <= today.isoformat()]
    return begun[-1][1] if begun and len(begun[-1]) > 1 else "-"


def seen(life: Life) -> dict[str, str]:
    """What the day shows of one convention, in the words of the table."""
    found = {
        "state": life.state.value,
        "warnings": " ".join(sorted({finding.code for finding in life.findings})) or "-",
    }
    for item in life.deadlines:
        other = f" other {item.alternative.due_on}" if item.alternative else ""
        key = item.key.split("/", maxsplit=1)[1]
        found[key] = f"{item.status.value} {item.due_on} act {item.act_by}{other}"
    return found


def expected_on(table: Mapping[str, Any], today: date) -> dict[str, str]:
    found = {name: at(table[name], today) for name in ("state", "warnings")}
    for key, row in table["deadlines"].items():
        status = at(row["status"], today)
        if status != "-":
            other = f" other {row['other']}" if "other" in row else ""
            due, act = (
                row[name] if isinstance(row[name], str) else at(row[name], today)
                for name in ("due", "act")
            )
            found[key] = f"{status} {due} act {act}{other}"
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_life_played_day_by_day(path: Path) -> None:
    scenario = load(path)
    records, around = records_of(scenario), surroundings_of(scenario)
    first, last, until = (
        date.fromisoformat(scenario["play"][name]) for name in ("from", "to", "until")
    )
    for number in range((last - first).days + 1):
        today = first + timedelta(days=number)
        portfolio = Portfolio(conventions=records, today=today, around=around)
        for reference, table in scenario["expected"].items():
            found = seen(portfolio.life(reference, until))
            assert found == expected_on(table, today), f"{reference} on {today}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_terms_and_plan_of_the_table(path: Path) -> None:
    scenario = load(path)
    records, around = records_of(scenario), surroundings_of(scenario)
    last, until = (date.fromisoformat(scenario["play"][name]) for name in ("to", "until"))
    portfolio = Portfolio(conventions=records, today=last, around=around)
    for reference, table in scenario["expected"].items():
        terms = portfolio.life(reference, until).terms
        assert [f"{t.first_day} {t.last_day} {t.origin.value}" for t in terms] == table["terms"]
    for plan in scenario.get("plans", []):
        today = date.fromisoformat(plan["on"])
        portfolio = Portfolio(conventions=records, today=today, around=around)
        steps = portfolio.life(plan["reference"], until).plan
        found = [
            f"{step.step} {step.due_on} {'legal' if step.legal else 'habit'}" for step in steps
        ]
        assert found == plan["steps"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_of_the_table_has_its_reference(path: Path) -> None:
    for table in load(path)["expected"].values():
        assert all(row["reference"].strip() for row in table["deadlines"].values())
