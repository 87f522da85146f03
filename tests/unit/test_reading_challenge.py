"""The grammar on its own challenge set: wordings in the manner of municipal practice, with labels.

`tests/data/reading_challenge.jsonl` follows the labelling rules of the shared corpus; it was written
apart from it, before the rules that read it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.proposal import TERM_FIELDS, read_text
from tracker.reading.types import ExtractedText, Proposal

ROOT = Path(__file__).resolve().parents[2]
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "tests/data/reading_challenge.jsonl").read_text("utf-8").splitlines()
]
PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def plain(value: object) -> object:
    """Return something equal for P1Y and P12M."""
    match = PERIOD.fullmatch(str(value))
    if match is None:
        return value
    years, months, weeks, days = (int(g or 0) for g in match.groups())
    return (12 * years + months, 7 * weeks + days)


def values(name: str, terms: dict[str, Any]) -> set[object]:
    value = terms.get(name)
    if name == "recurring":
        return {(item["kind"], plain(item["every"])) for item in value or []}
    if name == "payments":
        shares = [item["share"] for item in value or []]
        return {(share, shares[:n].count(share)) for n, share in enumerate(shares)}
    return set() if value in (None, False, "") else {plain(value)}


@pytest.fixture(scope="module")
def proposals() -> dict[str, Proposal]:
    return {row["id"]: read_text(ExtractedText(text=row["text"])) for row in ROWS}


def score(rows: list[dict[str, Any]], proposals: dict[str, Proposal]) -> tuple[float, float]:
    """Return F1 and the share of the values given that are wrong."""
    gold = given = hit = 0
    for row in rows:
        for name in TERM_FIELDS:
            if name in row["ambiguous"]:
                continue
            wanted = values(name, row["gold"])
            read = values(name, proposals[row["id"]].terms)
            gold, given, hit = gold + len(wanted), given + len(read), hit + len(wanted & read)
    return 2 * hit / (gold + given), (given - hit) / given


def test_the_set_is_wide_enough() -> None:
    assert len([r for r in ROWS if r["kind"] == "clause"]) >= 220
    assert len([r for r in ROWS if r["kind"] == "document"]) >= 12
    assert {r["style"] for r in ROWS} == {"plain", "ocr", "old", "caps"}
    assert len({r["id"] for r in ROWS}) == len({r["text"] for r in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    ("keep", "least"),
    [
        ({}, 0.985),
        ({"kind": "document"}, 0.99),
        ({"domain": "municipal"}, 0.985),
        ({"style": "ocr"}, 0.98),
    ],
    ids=["all", "documents", "municipal", "ocr"],
)
def test_figures_do_not_fall(
    keep: dict[str, str], least: float, proposals: dict[str, Proposal]
) -> None:
    rows = [r for r in ROWS if all(r[k] == v for k, v in keep.items())]
    f1, wrong = score(rows, proposals)
    assert f1 >= least
    assert wrong <= 0.005


def test_every_quote_is_in_its_text(proposals: dict[str, Proposal]) -> None:
    for row in ROWS:
        for name, evidence in proposals[row["id"]].evidence.items():
            assert row["text"][evidence.start : evidence.end] == evidence.quote, (row["id"], name)


def test_records_of_documents(proposals: dict[str, Proposal]) -> None:
    facts = [
        (row["id"], name, wanted, proposals[row["id"]].record.get(name))
        for row in ROWS
        for name, wanted in row.get("record", {}).items()
    ]
    wrong = [fact for fact in facts if fact[2] != fact[3]]
    assert len(wrong) <= len(facts) * 0.02, wrong


WORDINGS = json.loads((ROOT / "tests/data/reading_wordings.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (name, value, text)
        for name, by_value in WORDINGS.items()
        for value, texts in by_value.items()
        for text in texts
    ],
)
def test_every_wording_of_a_clause_gives_its_value(name: str, value: str, text: str) -> None:
    assert read_text(ExtractedText(text=text)).terms[name] == value


TRAPS = json.loads((ROOT / "tests/data/reading_traps.json").read_text("utf-8"))


@pytest.mark.parametrize("text", TRAPS)
def test_what_is_not_a_term_of_the_agreement_gives_none(text: str) -> None:
    terms = read_text(ExtractedText(text=text)).terms
    assert {k: v for k, v in terms.items() if v not in (None, [], False)} == {}
