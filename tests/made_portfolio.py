"""A large portfolio made from a number: the same records each time, a realistic mix.

    python tests/made_portfolio.py 2000 > portfolio.json

About half run and renew tacitly, a fifth renew by a vote, some are unsigned, indefinite, ended,
terminated or incomplete; owners, watchers, duties and payments as an office has them.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import date, timedelta

CITIES = (
    ("Volgograd", "RU"), ("Mayence", "DE"), ("Chefchaouen", "MA"), ("Prague", "CZ"),
    ("Dallas", "US"), ("Skopje", "MK"), ("Cluj-Napoca", "RO"), ("York", "GB"),
    ("Reggio d’Émilie", "IT"), ("Guimarães", "PT"), ("Association Bourgogne Œuvres", "FR"),
    ("CRESS de Bourgogne", "FR"), ("Maison de Rhénanie-Palatinat", "FR"), ("東京都", "JP"),
)  # fmt: skip
SUBJECTS = (
    "coopération décentralisée", "échanges scolaires", "résidence d’artistes", "eau potable",
    "économie sociale et solidaire", "soutien au réseau", "patrimoine et musées", "sport",
)  # fmt: skip
KINDS = ("partnership", "twinning", "framework", "specific", "subsidy", "membership", "label")
FIRST_DAY = date(2015, 1, 5)
SPAN = 4200


def make_records(count: int, *, seed: int = 1) -> list[dict[str, object]]:
    """Return `count` records of the exchange vocabulary."""
    return [_record(number, random.Random(seed * 1_000_003 + number)) for number in range(count)]


def _record(number: int, chance: random.Random) -> dict[str, object]:
    city, country = chance.choice(CITIES)
    subject = chance.choice(SUBJECTS)
    voted = FIRST_DAY + timedelta(days=chance.randrange(SPAN))
    signed = voted + timedelta(days=chance.randrange(10, 120))
    record: dict[str, object] = {
        "reference": f"CONV-{number:05d}",
        "title": f"{city} : {subject} ({voted.year})",
        "kind": chance.choice(KINDS),
        "partners": [{"name": city, "country": country}],
        "owner": f"service{chance.randrange(25):02d}@example.org",
        "deliberated_on": voted.isoformat(),
        "transmitted_on": (voted + timedelta(days=6)).isoformat(),
        "published_on": (voted + timedelta(days=8)).isoformat(),
        "tracked_from": "2026-09-01",
        "amount": chance.choice((None, 4000, 12000, 25500)),
        "terms": _terms(chance, signed),
    }
    if chance.random() < 0.3:
        record["watchers"] = ["finances@example.org"]
    if chance.random() > 0.08:
        record["signed_on"] = signed.isoformat()
        record["convention_transmitted_on"] = (signed + timedelta(days=12)).isoformat()
    events = _events(chance, signed)
    if events:
        record["events"] = events
    return {name: value for name, value in record.items() if value is not None}


def _terms(chance: random.Random, signed: date) -> dict[str, object]:
    terms: dict[str, object] = {"start": "signature"}
    lot = chance.random()
    if lot < 0.5:
        terms |= {"term": chance.choice(("P1Y", "P3Y")), "renewal": "tacit", "renewal_period": "P1Y",
                  "notice": chance.choice(("P2M", "P3M", "P6M")), "notice_form": "registered"}  # fmt: skip
    elif lot < 0.7:
        terms |= {
            "term": chance.choice(("P3Y", "P4Y", "P5Y")),
            "renewal": "express",
            "notice": "P3M",
        }
    elif lot < 0.8:
        terms |= {
            "end": (signed + timedelta(days=chance.randrange(400, 2200))).isoformat(),
            "renewal": "none",
        }
    elif lot < 0.9:
        terms |= {"term": "indefinite", "notice": "P6M", "notice_of": "termination"}
    elif lot < 0.97:
        terms |= {"term": "P18M", "renewal": "tacit", "renewal_max": 2, "notice": "P3M"}
    else:
        terms = {"term": "P3Y"}
    if chance.random() < 0.5:
        terms["recurring"] = [
            {"kind": chance.choice(("committee", "evaluation", "report")), "every": "P1Y"}
        ]
    if chance.random() < 0.25:
        terms["payments"] = [{"share": 70, "on": "signature"}, {"share": 30, "on": "documents"}]
    return terms


def _events(chance: random.Random, signed: date) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    if chance.random() < 0.3:
        events.append(
            {"event": "committee", "on": (signed + timedelta(days=350)).isoformat(), "number": 1}
        )
    if chance.random() < 0.05:
        on = signed + timedelta(days=chance.randrange(200, 900))
        events.append({"event": "termination", "on": on.isoformat(), "number": len(events) + 1})
    return events


if __name__ == "__main__":
    json.dump(make_records(int(sys.argv[1])), sys.stdout, ensure_ascii=False, indent=1)
