"""Loading and saving against raw sqlite3 in the same run: the ratios matter, not the times.

    python bench/storage.py [NUMBER…]       # default: 2000 10000

Raw means: the same columns of the same file, read into tuples (or inserted from them) by the
driver alone, without building or checking one value.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text

from tracker.domain.conventions import (
    Convention,
    ConventionKind,
    ConventionTerms,
    DutyKind,
    Event,
    EventName,
    Partner,
    RecurringDuty,
    RenewalMode,
    StartRule,
)
from tracker.domain.dates import Period
from tracker.storage import repository
from tracker.storage.engine import open_engine, reading, writing

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
FIRST = date(2009, 1, 1)


def make(number: int) -> Convention:
    """Return a convention with two partners, usual terms and three events."""
    day = FIRST + timedelta(days=number % 6000)
    return Convention(
        reference=f"DIJ-{number:06d}",
        title=f"Convention d'objectifs n° {number} avec l'association Étoile",
        kind=ConventionKind.PARTNERSHIP,
        partners=(Partner(name=f"Association {number}", country="FR"), Partner(name="CRESS")),
        owner=f"service{number % 20}@example.org",
        deliberated_on=day,
        transmitted_on=day + timedelta(days=8),
        signed_on=day + timedelta(days=30),
        amount=Decimal(number % 9000),
        tags=("culture",),
        terms=ConventionTerms(
            term=Period(years=1 + number % 5),
            start=StartRule.SIGNATURE,
            renewal=RenewalMode.TACIT,
            renewal_period=Period(years=1),
            notice=Period(months=3),
            recurring=(RecurringDuty(kind=DutyKind.COMMITTEE, every=Period(years=1)),),
        ),
        events=tuple(
            Event(number=n, event=EventName.COMMITTEE, on=day + timedelta(days=365 * n))
            for n in (1, 2, 3)
        ),
    )


def best(action: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs: the others were disturbed."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        spent.append(time.perf_counter() - started)
    return min(spent)


def measure(count: int, folder: Path) -> None:
    path = folder / f"{count}.db"
    engine = open_engine(f"sqlite:///{path}", create=True)
    conventions = [make(number) for number in range(count)]

    def save() -> None:
        with writing(engine) as session:
            session.execute(text("DELETE FROM convention"))
            session.execute(text("DELETE FROM history"))
        started = time.perf_counter()
        with writing(engine) as session:
            repository.save_many(session, conventions, who="bench", when=NOW, action="import")
        spent.append(time.perf_counter() - started)

    def load() -> None:
        with reading(engine) as session:
            assert len(repository.load_all(session).conventions) == count  # noqa: S101

    def save_again() -> None:
        with writing(engine) as session:
            repository.save_many(session, conventions, who="bench", when=NOW, action="import")

    spent: list[float] = []
    for _ in range(3):
        save()
    saved, loaded, again = min(spent), best(load), best(save_again, 3)
    engine.dispose()
    raw_loaded, raw_saved = raw(path, folder / f"{count}-raw.db")
    print(f"{count} conventions (two partners, three events each)")
    print(f"  load        {loaded:7.3f} s   {loaded / raw_loaded:5.1f} × raw ({raw_loaded:.3f} s)")
    print(f"  save        {saved:7.3f} s   {saved / raw_saved:5.1f} × raw ({raw_saved:.3f} s)")
    print(f"  save, equal {again:7.3f} s   {again / raw_loaded:5.1f} × raw load")


def raw(path: Path, copy: Path) -> tuple[float, float]:
    """Return the times of the driver alone: reading the tables, and writing them elsewhere."""
    source = sqlite3.connect(path)
    tables = ("convention", "partner", "event", "history")

    def read() -> list[list[tuple[object, ...]]]:
        return [source.execute(f"SELECT * FROM {name}").fetchall() for name in tables]  # noqa: S608

    loaded = best(
        lambda: [source.execute(f"SELECT * FROM {name}").fetchall() for name in tables[:3]]  # noqa: S608
    )
    rows = read()
    target = sqlite3.connect(copy, isolation_level=None)
    target.execute("PRAGMA foreign_keys = ON")
    target.execute("PRAGMA synchronous = EXTRA")
    for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
        target.execute(sql)

    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        for name, content in zip(tables, rows, strict=True):
            marks = ",".join("?" * len(content[0]))
            target.executemany(f"INSERT INTO {name} VALUES ({marks})", content)  # noqa: S608
        target.execute("COMMIT")

    spent = []
    for _ in range(3):
        target.execute("DELETE FROM convention")
        target.execute("DELETE FROM history")
        started = time.perf_counter()
        write()
        spent.append(time.perf_counter() - started)
    source.close()
    target.close()
    return loaded, min(spent)


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in [int(argument) for argument in arguments] or [2000, 10000]:
            measure(count, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
