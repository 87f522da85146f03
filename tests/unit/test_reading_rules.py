"""Every rule of the grammar reads its own examples and leaves its counterexamples alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tracker.reading.outline import prepare
from tracker.reading.proposal import RULES, TERM_FIELDS, read_text, settle
from tracker.reading.rules import Rule, run
from tracker.reading.types import ExtractedText

ROOT = Path(__file__).resolve().parents[2]
PHRASES = json.loads((ROOT / "tests/data/reading_phrases.json").read_text(encoding="utf-8"))
EXAMPLES = [
    pytest.param(rule, text, value, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, (text, value) in enumerate(rule.examples)
]
COUNTEREXAMPLES = [
    pytest.param(rule, text, id=f"{rule.name}-{number}")
    for rule in RULES
    for number, text in enumerate(rule.counterexamples)
]


def terms(text: str) -> dict[str, Any]:
    return read_text(ExtractedText(text=text)).terms


@pytest.mark.parametrize(("rule", "text", "value"), EXAMPLES)
def test_rule_reads_its_example(rule: Rule, text: str, value: Any) -> None:
    assert terms(text)[rule.field] == value


@pytest.mark.parametrize(("rule", "text", "value"), EXAMPLES)
def test_rule_is_the_one_that_reads_its_example(rule: Rule, text: str, value: Any) -> None:
    found = run((rule,), prepare(text))
    assert any(f.field == rule.field and f.value is not None for f in found), value


@pytest.mark.parametrize(("rule", "text"), COUNTEREXAMPLES)
def test_rule_leaves_its_counterexample(rule: Rule, text: str) -> None:
    found = run((rule,), prepare(text))
    assert [f for f in found if f.field == rule.field and f.value is not None] == []


def test_rules_have_distinct_names_and_examples_on_both_sides() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert [r.name for r in RULES if not r.examples or not r.counterexamples or not r.why] == []


def test_rules_are_documented() -> None:
    page = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    assert [r.name for r in RULES if f"`{r.name}`" not in page] == []


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda p: p["text"][:40])
def test_phrase_is_read(phrase: dict[str, Any]) -> None:
    read = terms(phrase["text"])
    assert {k: v for k, v in read.items() if v not in (None, [], False)} == phrase["terms"]


def test_terms_have_every_field_of_the_vocabulary() -> None:
    read = terms("Rien ici.")
    assert tuple(read) == TERM_FIELDS
    assert [v for v in read.values() if v not in (None, [], False)] == []


def test_settle_is_deterministic() -> None:
    text = "La convention est conclue pour trois ans et reconduite tacitement d'année en année."
    assert settle(prepare(text)).terms == settle(prepare(text)).terms
