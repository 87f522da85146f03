"""What a morning costs: the first tick, the second, and the longest lock, on a large portfolio.

    python bench/delivery.py [conventions] [recipients] [database URL]

The targets (5,000 conventions, 20 recipients): a tick under 60 s, no writing transaction over 1 s,
a peak of memory under 200 MB. The database is a fresh SQLite file unless a URL is given; mail goes
to a folder. Times depend on the machine; the second tick shows what an idle day costs.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from config.settings import load_settings
from jobs.cycle import daemon_jobs
from jobs.daemon import Ticker
from jobs.runtime import Runtime
from tracker.domain.conventions import Convention
from tracker.exchange.merge import parse_record
from tracker.storage.engine import open_engine, writing
from tracker.storage.repository import save_many
from tracker.wording import Wording

NOW = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)


def portfolio(conventions: int, recipients: int) -> Iterator[Convention]:
    """Yield conventions whose notices fall throughout the year, each told to three people."""
    people = [f"agent{number}@mairie.example.org" for number in range(recipients)]
    for number in range(conventions):
        signed = date(2015, 1, 1) + timedelta(days=number * 13 % 3650)
        found = parse_record(
            {
                "reference": f"DIJ-{number:05d}",
                "title": f"Convention n° {number} avec la CRESS de Bourgogne",
                "partners": [{"name": "CRESS de Bourgogne", "country": "FR"}],
                "owner": people[number % recipients],
                "watchers": [people[(number + 7) % recipients], people[(number + 13) % recipients]],
                "tracked_from": "2026-09-01",
                "deliberated_on": (signed - timedelta(days=20)).isoformat(),
                "signed_on": signed.isoformat(),
                "terms": {
                    "term": "P1Y",
                    "start": "signature",
                    "renewal": "tacit",
                    "renewal_period": "P1Y",
                    "notice": "P3M",
                    "recurring": [{"kind": "committee", "every": "P1Y"}],
                },
            }
        )
        if not isinstance(found, Convention):
            raise TypeError(found)
        yield found


def fill(url: str, conventions: int, recipients: int) -> None:
    """Make the portfolio; in a process of its own, whose memory is not the tick's."""
    engine = open_engine(url, create=True)
    with writing(engine) as session:
        found = list(portfolio(conventions, recipients))
        save_many(session, found, who="bench", when=NOW, action="import")
    engine.dispose()


class Locks:
    """Times every writing transaction, from its BEGIN to its COMMIT."""

    def __init__(self, engine: Engine) -> None:
        self.durations: list[float] = []
        self._began = 0.0
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._commit)

    def _begin(self, connection: Any) -> None:
        if connection.get_execution_options().get("conventions_writing"):
            self._began = time.perf_counter()

    def _commit(self, connection: Any) -> None:
        if connection.get_execution_options().get("conventions_writing"):
            self.durations.append(time.perf_counter() - self._began)


def main() -> int:
    conventions = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    recipients = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{folder}/conventions.db"
        (folder / "conventions.toml").write_text(
            f'[office]\nname = "Mairie"\nsender = "c@mairie.example.org"\n'
            f'fallback = "secours@mairie.example.org"\n[mail]\ndirectory = "out"\n'
            f'[state]\ndirectory = "state"\n[database]\nurl = "{url}"\n',
            encoding="utf-8",
        )
        settings = load_settings(folder / "conventions.toml", {}, cwd=folder)
        filling = multiprocessing.get_context("spawn").Process(
            target=fill, args=(url, conventions, recipients)
        )
        filling.start()
        filling.join()
        engine = open_engine(url, create=False)
        runtime = Runtime(
            settings=settings, engine=engine, wording=Wording("fr"), clock=lambda: NOW
        )
        runtime.register()
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ticker = Ticker(
            engine=engine,
            jobs=daemon_jobs(runtime),
            delivery=runtime.delivery(),
            identity=runtime.identity,
        )
        locks = Locks(engine)
        print(f"{conventions} conventions, {recipients} recipients; {base:.0f} MB before")
        slowest = 0.0
        for title, now in (("first tick", NOW), ("idle tick", NOW + timedelta(minutes=1))):
            began = time.perf_counter()
            report = ticker.tick(now)
            took = time.perf_counter() - began
            slowest = max(slowest, took)
            sent = report.delivery.accepted if report.delivery else 0
            print(f"{title:12}{took:8.1f} s   {sent} mails   {dict(report.ran)}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        longest = max(locks.durations)
        print(f"longest lock{longest:8.2f} s   of {len(locks.durations)} writing transactions")
        print(f"peak        {peak:8.0f} MB")
        engine.dispose()
    return 0 if slowest < 60 and longest < 1 and peak < 200 else 1


if __name__ == "__main__":
    sys.exit(main())
