"""The grammar on the shared corpus: figures, quotes, seeds, speed. Skipped where it is absent."""

from __future__ import annotations

import json
import os
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.reading.proposal import read_text
from tracker.reading.types import ExtractedText, Proposal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CONVENTIONS_SHARED", ROOT.parent / "shared"))
CORPUS = SHARED / "corpus" / "dev.jsonl"
SEEDS = SHARED / "seeds"
HELD_OUT = json.loads((ROOT / "tests/data/reading_heldout.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is absent")


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = spec_from_file_location("reading_grammar", ROOT / "bench" / "reading_grammar.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    with CORPUS.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def proposals(rows: list[dict[str, Any]]) -> dict[str, Proposal]:
    return {row["id"]: read_text(ExtractedText(text=row["text"])) for row in rows}


def seed(number: str) -> Proposal:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return read_text(ExtractedText(text=path.read_text(encoding="utf-8")))


def test_held_out_families_are_whole(rows: list[dict[str, Any]]) -> None:
    held = set(HELD_OUT["ids"])
    families = set(HELD_OUT["families"])
    for row in rows:
        source = row["source"]
        family = source.split(";")[0] if source.startswith("written") else source.split(" l.")[0]
        assert (family in families) == (row["id"] in held)


@pytest.mark.parametrize(
    "part",
    [
        ("open", 0.995, 0.005),
        ("held out", 0.93, 0.015),
        ("municipal", 0.96, 0.01),
        ("whole", 0.975, 0.007),
    ],
)
def test_figures_do_not_fall(
    part: tuple[str, float, float],
    rows: list[dict[str, Any]],
    proposals: dict[str, Proposal],
    bench: ModuleType,
) -> None:
    name, least, most_silent = part
    held = set(HELD_OUT["ids"])
    parts: dict[str, Callable[[dict[str, Any]], bool]] = {
        "open": lambda r: r["id"] not in held,
        "held out": lambda r: r["id"] in held,
        "municipal": lambda r: r["domain"] == "municipal",
        "whole": lambda _: True,
    }
    kept = [r for r in rows if parts[name](r)]
    predictions = {key: proposal.terms for key, proposal in proposals.items()}
    figures = bench.figures(kept, predictions, bench.load_scorer())
    assert figures["f1"] >= least
    assert figures["silent_rate"] <= most_silent


def test_every_quote_is_in_its_text(
    rows: list[dict[str, Any]], proposals: dict[str, Proposal]
) -> None:
    for row in rows:
        proposal = proposals[row["id"]]
        for name, evidence in proposal.evidence.items():
            assert row["text"][evidence.start : evidence.end] == evidence.quote, (row["id"], name)


def test_every_value_has_evidence(proposals: dict[str, Proposal]) -> None:
    for key, proposal in proposals.items():
        given = {k for k, v in proposal.terms.items() if v not in (None, [], False)}
        assert given | set(proposal.record) <= set(proposal.evidence), key


def test_every_warning_is_documented(proposals: dict[str, Proposal]) -> None:
    page = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    codes = {w.code for proposal in proposals.values() for w in proposal.warnings}
    codes = {"FIELD_readings_differ" if c.endswith("_readings_differ") else c for c in codes}
    assert sorted(c for c in codes if f"`{c}`" not in page) == []


@pytest.mark.parametrize("number", ["001", "002"])
def test_town_partnerships(number: str) -> None:
    terms = seed(number).terms
    assert (terms["term"], terms["start"], terms["renewal"]) == ("P5Y", "signature", "express")
    assert terms["recurring"] == [{"kind": "evaluation", "every": "P1Y"}]
    assert terms["final_evaluation"] is True
    assert "signature_blank" in [w.code for w in seed(number).warnings]


def test_deliberation_of_2016() -> None:
    record = seed("000").record
    assert record["session"] == {"on": "2016-11-21", "vote": "adopted_unanimously"}
    assert record["partners"][1] == {"name": "Ville de Volgograd", "country": "RU"}


def test_agreement_of_2009() -> None:
    proposal = seed("004")
    terms, record = proposal.terms, proposal.record
    assert (terms["term"], terms["start"], terms["renewal"]) == ("P1Y", "signature", "tacit")
    assert (terms["notice"], terms["notice_form"]) == ("P3M", "registered")
    assert {"kind": "committee", "every": "P1Y"} in terms["recurring"]
    assert [p["share"] for p in terms["payments"]] == [70, 30]
    assert record["session"] == {"on": "2009-03-30", "vote": "adopted_unanimously"}
    assert (record["transmitted_on"], record["published_on"]) == ("2009-04-07", "2009-04-09")
    assert record["amount"] == 4000


def test_activity_report_has_no_terms() -> None:
    proposal = seed("003")
    assert [v for v in proposal.terms.values() if v not in (None, [], False)] == []
    assert proposal.record["session"] == {"on": "2023-03-10", "vote": "takes_note"}


@pytest.mark.slow
def test_speed(rows: list[dict[str, Any]]) -> None:
    begun = time.process_time()
    for row in rows:
        read_text(ExtractedText(text=row["text"]))
    assert len(rows) / (time.process_time() - begun) > 150
