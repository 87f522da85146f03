"""How fast records are written and read, per format; prints records per second.

    python bench/exchange.py [number of records]

Ratios matter, not the absolute times: JSON is the yardstick.
"""

# ruff: noqa: S101 - a script for people, no part of the program
from __future__ import annotations

import sys
import time

from tracker.domain.conventions import Convention
from tracker.exchange.files import Format, read_bytes, write
from tracker.exchange.merge import merge_all, parse_record


def make(number: int) -> Convention:
    found = parse_record(
        {
            "reference": f"DIJ-{number:06d}",
            "title": f"Convention n° {number} avec la CRESS de Bourgogne",
            "kind": "partnership",
            "partners": [{"name": "CRESS de Bourgogne", "country": "FR"}],
            "owner": "relations.internationales@example.org",
            "reminders": {"notice": ["P9M", "P6M"]},
            "deliberated_on": "2009-03-30",
            "signed_on": "2009-05-04",
            "amount": 4000,
            "notes": "Reconduite chaque année ;\nvoir le dossier.",
            "terms": {
                "term": "P1Y",
                "start": "signature",
                "renewal": "tacit",
                "notice": "P3M",
                "recurring": [{"kind": "committee", "every": "P1Y"}],
                "payments": [{"share": 70, "on": "signature"}, {"share": 30, "on": "documents"}],
            },
            "evidence": {"notice": {"quote": "préavis de trois mois", "page": 3}},
            "events": [{"event": "committee", "on": "2010-02-01", "for": 1}],
        }
    )
    assert isinstance(found, Convention), found
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    portfolio = [make(number) for number in range(count)]
    base: float | None = None
    print(f"{count} records\n{'':6}{'write/s':>10}{'read/s':>10}{'kB':>8}{'× JSON':>8}")
    for form in Format:
        write(portfolio[:1], form)
        start = time.perf_counter()
        content = write(portfolio, form)
        written = time.perf_counter()
        batch = read_bytes(content, form)
        merged = merge_all(batch.drafts, {})
        read = time.perf_counter()
        assert list(merged.conventions) == portfolio
        base = base or read - written
        ratio = (read - written) / base
        print(
            f"{form:6}{count / (written - start):>10.0f}{count / (read - written):>10.0f}"
            f"{len(content) / 1000:>8.0f}{ratio:>8.1f}"
        )


if __name__ == "__main__":
    main()
