"""`tests/data/deadlines_fr.csv`, one legal case a row: a lawyer reads it without Python.

`fiche` is the record, `faits` the events (`day name field=value`, one after the other by `+`),
`echeance` the kind and ordinal looked at; empty where no such deadline may exist. The row's
`autre_lecture` is the day under another defensible reading.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from unit.domain_strategies import convention, deadlines_of, event

from tracker.domain.conventions import Event, Programme

TABLE = Path(__file__).parents[1] / "data" / "deadlines_fr.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines(), delimiter=";"))
KINDS = ["payment", "publication", "expiry", "renewal"]


def fields_of(text: str) -> dict[str, Any]:
    """Read `name=value name=value`; a value may hold spaces."""
    found = re.findall(r"(\w+)=(.*?)(?=\s+\w+=|$)", text)
    return {name: typed(name, value) for name, value in found}


def typed(name: str, value: str) -> Any:
    if value in {"", "true", "false"}:
        return {"": None, "true": True, "false": False}[value]
    if name == "amount":
        return Decimal(value)
    if name == "renewal_max":
        return int(value)
    if name == "programme":
        first, last = value.split("-")
        return Programme(first_year=int(first), last_year=int(last))
    return value.replace(",", ";") if name in {"payments", "recurring"} else value


def events_of(text: str) -> list[Event]:
    found = []
    for words in filter(None, (part.strip() for part in text.split("+"))):
        on, name, *rest = words.split(maxsplit=2)
        found.append(event(on, name, **fields_of(rest[0] if rest else "")))
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_deadline_of_the_table(row: dict[str, str]) -> None:
    record = convention(*events_of(row["faits"]), **fields_of(row["fiche"]))
    found = {
        f"{item.kind.value}/{item.ordinal}": item
        for item in deadlines_of(record, row["aujourdhui"])
    }
    if not row["echeance"]:
        kind = row["id"].split("-", maxsplit=1)[0].replace("acompte", "payment")
        assert not [key for key in found if key.startswith(f"{kind}/")]
        return
    item = found[row["echeance"]]
    other = item.alternative.due_on.isoformat() if item.alternative else ""
    assert {
        "jour": item.due_on.isoformat(),
        "agir_avant": item.act_by.isoformat(),
        "statut": item.status.value,
        "autre_lecture": other,
    } == {name: row[name] for name in ("jour", "agir_avant", "statut", "autre_lecture")}


def test_every_row_names_its_source_once() -> None:
    assert all(row["reference"].strip() for row in ROWS)
    assert len({row["id"] for row in ROWS}) == len(ROWS)
