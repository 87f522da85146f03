"""What a morning costs: the first tick, an idle one, and the longest lock, on a large portfolio.

    python bench/delivery.py [CONVENTIONS] [RECIPIENTS] [DATABASE URL]

Twice over: `mixed`, conventions of every kind, most of them with one person to tell; and `crowded`,
each told to three of the recipients, who get thousands of reminders at once. The first tick after
an import is the worst there is. The targets for 5,000 conventions and 20 recipients: a tick under
60 s, no writing transaction over 1 s, a peak of memory under 200 MB.

Every process is new, so that what made the portfolio does not count; the database is a fresh SQLite
file unless a URL is given; mail goes to a folder. Times depend on the machine: each is also set
against deriving every deadline once, which is the floor.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from made_portfolio import make_records

from config.settings import load_settings
from jobs.cycle import daemon_jobs
from jobs.daemon import Ticker
from jobs.runtime import Runtime
from tracker.exchange.merge import merge_all
from tracker.exchange.record import Draft, read_record
from tracker.storage.engine import open_engine, reading, writing
from tracker.storage.repository import save_many
from tracker.wording import Wording

NOW = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
SECONDS, LOCK, MEGABYTES = 60, 1.0, 200


def mixed(conventions: int, _recipients: int) -> list[dict[str, Any]]:
    """Return records of every kind."""
    return list(make_records(conventions))


def crowded(conventions: int, recipients: int) -> list[dict[str, Any]]:
    """Return records whose notices fall throughout the year, each told to three people."""
    people = [f"agent{number}@mairie.example.org" for number in range(recipients)]
    return [_crowded(number, people) for number in range(conventions)]


def _crowded(number: int, people: list[str]) -> dict[str, Any]:
    signed = date(2015, 1, 1) + timedelta(days=number * 13 % 3650)
    return {
        "reference": f"DIJ-{number:05d}",
        "title": f"Convention n° {number} avec la CRESS de Bourgogne",
        "partners": [{"name": "CRESS de Bourgogne", "country": "FR"}],
        "owner": people[number % len(people)],
        "watchers": [people[(number + step) % len(people)] for step in (7, 13)],
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


PORTFOLIOS = {"mixed": mixed, "crowded": crowded}


def fill(name: str, url: str, conventions: int, recipients: int, result: Any) -> None:
    """Store a portfolio."""
    engine = open_engine(url, create=True)
    drafts = [read_record(record) for record in PORTFOLIOS[name](conventions, recipients)]
    found = merge_all([draft for draft in drafts if isinstance(draft, Draft)], {}).conventions
    with writing(engine) as session:
        save_many(session, found, who="bench", when=NOW, action="import")
    engine.dispose()
    result.put(len(found))


def derive(folder: Path, url: str, result: Any) -> None:
    """Derive every deadline once: the floor."""
    runtime = _runtime(folder, url)
    began = time.perf_counter()
    with reading(runtime.engine) as session:
        runtime.snapshot(session, NOW.date())
    result.put(time.perf_counter() - began)


def measure(folder: Path, url: str, floor: float, result: Any) -> None:
    """Tick twice, and say whether every target was met."""
    runtime = _runtime(folder, url)
    runtime.register()
    ticker = Ticker(
        engine=runtime.engine,
        jobs=daemon_jobs(runtime),
        delivery=runtime.delivery(),
        identity=runtime.identity,
    )
    locks = Locks(runtime.engine)
    print(f"{'before':12}{_megabytes():8.0f} MB")
    slowest = 0.0
    for title, now in (("first tick", NOW), ("idle tick", NOW + timedelta(minutes=1))):
        began, cpu = time.perf_counter(), time.process_time()
        report = ticker.tick(now)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        slowest = max(slowest, took)
        sent = report.delivery.accepted if report.delivery else 0
        print(
            f"{title:12}{took:8.1f} s   {took / floor:.1f} × deriving, {cpu:.1f} s of CPU, "
            f"{sent} mails, {dict(report.ran.get('scan', {}))}"
        )
    peak, longest = _megabytes(), max(locks.durations)
    print(f"{'longest lock':12}{longest:8.2f} s   of {len(locks.durations)} writing transactions")
    print(f"{'peak':12}{peak:8.0f} MB")
    result.put(slowest < SECONDS and longest < LOCK and peak < MEGABYTES)


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


def _runtime(folder: Path, url: str) -> Runtime:
    settings = load_settings(folder / "conventions.toml", {}, cwd=folder)
    engine = open_engine(url, create=False)
    return Runtime(settings=settings, engine=engine, wording=Wording("fr"), clock=lambda: NOW)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(work: Any, *arguments: Any) -> Any:
    """Run in a new process, and return what it put in its queue."""
    context = multiprocessing.get_context("spawn")
    result = context.SimpleQueue()
    process = context.Process(target=work, args=(*arguments, result))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)
    return result.get()


def settings_in(folder: Path, url: str) -> None:
    """Write the settings of an office that sends to a folder."""
    (folder / "conventions.toml").write_text(
        f'[office]\nname = "Mairie"\nsender = "c@mairie.example.org"\n'
        f'recipients = ["office@mairie.example.org"]\nfallback = "secours@mairie.example.org"\n'
        f'[mail]\ndirectory = "out"\n[calendar]\ndirectory = "calendars"\n'
        f'[state]\ndirectory = "state"\n[database]\nurl = "{url}"\n',
        encoding="utf-8",
    )


def main() -> int:
    conventions = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    recipients = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    met = True
    # A database that was given takes one of them only.
    for name in ["crowded"] if len(sys.argv) > 3 else PORTFOLIOS:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            url = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{folder}/conventions.db"
            settings_in(folder, url)
            _apart(fill, name, url, conventions, recipients)
            floor = _apart(derive, folder, url)
            print(f"{name}: {conventions} conventions, deriving {floor:.1f} s")
            met = _apart(measure, folder, url, floor) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
