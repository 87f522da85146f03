"""The pages on warnings and law say what the code does, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.domain.law import (
    DECLARATION_CLOSED,
    FINANCIAL_REPORT_DELAY,
    LAW,
    OPEN_DATA_DELAY,
    SIGNATURE_HABIT,
    SUBSIDY_THRESHOLD,
    TRANSMISSION_HABIT,
)
from tracker.sentences import FINDINGS

DOCS = Path(__file__).parents[2] / "docs"


def cells_of(name: str) -> list[list[str]]:
    lines = (DOCS / name).read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:2] == "| "
    ]


def test_every_warning_is_documented_with_what_to_do() -> None:
    rows = [row for row in cells_of("warnings.md") if row[0].startswith("`")]
    assert [row[0].strip("`") for row in rows] == sorted(FINDINGS)
    assert all(len(row) == 3 and all(row) for row in rows)


def test_every_text_is_listed_with_its_link() -> None:
    rows = [row for row in cells_of("law.md") if len(row) == 4 and row[0].startswith("`")]
    expected = [
        [f"`{name}`", f"[{text.cite}]({text.url})", text.cite_en, str(text.in_force_from or "")]
        for name, text in sorted(LAW.items())
    ]
    assert rows == expected


def test_figures_of_the_page_are_those_of_the_code() -> None:
    page = (DOCS / "law.md").read_text("utf-8")
    assert f"{SUBSIDY_THRESHOLD} euros" in page
    for period in (FINANCIAL_REPORT_DELAY, OPEN_DATA_DELAY, SIGNATURE_HABIT, TRANSMISSION_HABIT):
        assert str(period) in page
    assert sorted(DECLARATION_CLOSED.items()) == [(2014, (6, 30)), (2019, (6, 6))]


def test_every_text_named_by_the_rules_exists() -> None:
    folder = DOCS.parent / "tracker" / "domain"
    named: set[str] = set()
    for path in folder.glob("*.py"):
        for law in re.findall(r"law=\(([^)]*)\)", path.read_text("utf-8")):
            named |= set(re.findall(r'"([a-z0-9-]+)"', law))
    assert named <= LAW.keys()
    assert len(named) > 5


def test_every_disputed_point_has_its_choice() -> None:
    page = (DOCS / "dates.md").read_text("utf-8")
    assert re.findall(r"^\| (D\d+) \|", page, re.MULTILINE) == [f"D{n}" for n in range(1, 13)]
