# ruff: noqa: E501  (a script that prints, outside any package)
"""Figures of the reading grammar on the corpus: parts, misses, speed.

.venv/bin/python bench/reading_grammar.py            # aggregates only
.venv/bin/python bench/reading_grammar.py --misses   # and the misses on the part that may be read
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.reading.proposal import read_text
from tracker.reading.types import ExtractedText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CONVENTIONS_SHARED", ROOT.parent / "shared"))
CHALLENGE = ROOT / "tests" / "data" / "reading_challenge.jsonl"
HELD_OUT = ROOT / "tests" / "data" / "reading_heldout.json"

Row = dict[str, Any]


def load_scorer() -> ModuleType:
    spec = spec_from_file_location("corpus_score", SHARED / "corpus" / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SHARED)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_corpus(path: Path | None = None) -> list[Row]:
    with (path or SHARED / "corpus" / "dev.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def held_out_ids() -> set[str]:
    return set(json.loads(HELD_OUT.read_text(encoding="utf-8"))["ids"])


def predict(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["id"]: read_text(ExtractedText(text=row["text"])).terms for row in rows}


def figures(rows: list[Row], predictions: dict[str, Row], scorer: ModuleType) -> dict[str, float]:
    gold = given = hit = silent = 0
    for row in rows:
        ambiguous = set(row.get("ambiguous", []))
        for field in scorer.FIELDS:
            if field in ambiguous:
                continue
            wanted = scorer.values(field, row["gold"])
            proposed = scorer.values(field, predictions[row["id"]])
            gold += len(wanted)
            given += len(proposed)
            hit += len(wanted & proposed)
            silent += len(proposed - wanted)
    precision, recall = hit / (given or 1), hit / (gold or 1)
    return {
        "records": len(rows),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall or 1),
        "silent": silent,
        "silent_rate": silent / (given or 1),
    }


def misses(rows: list[Row], predictions: dict[str, Row], scorer: ModuleType) -> None:
    for row in rows:
        for field in scorer.FIELDS:
            wanted = scorer.values(field, row["gold"])
            proposed = scorer.values(field, predictions[row["id"]])
            if wanted != proposed and field not in row.get("ambiguous", []):
                print(
                    f"{row['id']:9} {field:16} gold {sorted(map(str, wanted))} read {sorted(map(str, proposed))}"
                )


def show(name: str, part: dict[str, float]) -> None:
    print(
        f"{name:20} {part['records']:4.0f} records  P {part['precision']:.3f}  R {part['recall']:.3f}"
        f"  F1 {part['f1']:.3f}  silent {part['silent']:3.0f} ({part['silent_rate']:.1%})"
    )


def main(arguments: list[str]) -> None:
    scorer = load_scorer()
    rows = load_corpus()
    held = held_out_ids()
    predictions = predict(rows)
    parts: dict[str, Callable[[Row], bool]] = {
        "open part": lambda r: r["id"] not in held,
        "held out": lambda r: r["id"] in held,
        "municipal": lambda r: r["domain"] == "municipal",
        "municipal, held out": lambda r: r["domain"] == "municipal" and r["id"] in held,
        "written": lambda r: r["origin"] == "written",
        "found": lambda r: r["origin"] != "written",
        "whole": lambda _: True,
    }
    for name, keep in parts.items():
        show(name, figures([r for r in rows if keep(r)], predictions, scorer))
    challenge = load_corpus(CHALLENGE)
    predictions |= predict(challenge)
    show("challenge", figures(challenge, predictions, scorer))
    begun = time.process_time()
    predict(rows)
    print(f"{len(rows) / (time.process_time() - begun):.0f} texts a second of one core")
    if "--misses" in arguments:
        misses([r for r in rows if r["id"] not in held] + challenge, predictions, scorer)


if __name__ == "__main__":
    main(sys.argv[1:])
