"""A whole tick on a large portfolio, through the real rules: scan, compose, deliver, publish.

    python bench/tick.py [CONVENTIONS]

The targets (5,000 conventions, each with its people): a tick under 60 s, no writing transaction
over 1 s, a peak of memory under 200 MB. Mail goes to a folder; the first tick after an import is
the worst there is, the second finds nothing new to do.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from config.settings import load_settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from made_portfolio import make_records

from jobs.cycle import run_cycle
from jobs.runtime import Runtime
from tracker.exchange.merge import merge_all
from tracker.exchange.record import Draft, read_record
from tracker.storage import repository
from tracker.storage.engine import open_engine, writing
from tracker.wording import Wording

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


class Locks:
    """Times every writing transaction, from its BEGIN IMMEDIATE to its end."""

    def __init__(self, engine) -> None:
        self.longest = 0.0
        self._since: dict[int, float] = {}
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._end)
        event.listen(engine, "rollback", self._end)

    def _begin(self, connection) -> None:
        if connection.get_execution_options().get("conventions_writing"):
            self._since[id(connection)] = time.perf_counter()

    def _end(self, connection) -> None:
        since = self._since.pop(id(connection), None)
        if since is not None:
            self.longest = max(self.longest, time.perf_counter() - since)


def fill(url: str, count: int) -> None:
    """Make the portfolio; in a process of its own, whose memory is not the tick's."""
    engine = open_engine(url, create=True)
    drafts = [read_record(record) for record in make_records(count)]
    conventions = merge_all([one for one in drafts if isinstance(one, Draft)], {}).conventions
    with writing(engine) as session:
        repository.save_many(session, conventions, who="bench", when=NOW, action="import")


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    folder = Path(tempfile.mkdtemp(prefix="bench-tick-"))
    url = f"sqlite:///{folder / 'tick.db'}"
    filling = multiprocessing.get_context("spawn").Process(target=fill, args=(url, count))
    filling.start()
    filling.join()
    engine = open_engine(url, create=False)
    settings = load_settings(None, {}, database_override=url)
    settings = replace(
        settings,
        office=replace(
            settings.office,
            recipients=("office@example.org",),
            fallback="fallback@example.org",
            sender="conventions@example.org",
        ),
        mail=replace(settings.mail, directory=folder / "out", can_send=True),
        calendar=replace(settings.calendar, directory=folder / "ics"),
    )
    runtime = Runtime(settings=settings, engine=engine, wording=Wording("fr"), clock=lambda: NOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} conventions; {before:.0f} MB before")
    locks = Locks(engine)
    for name in ("first tick", "second tick"):
        start, cpu = time.perf_counter(), time.process_time()
        report = run_cycle(runtime, today=NOW.date(), now=NOW)
        took, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(
            f"{name:<12}{took:8.2f} s ({cpu:.1f} s of CPU)   {report.scan.scanned} conventions, "
            f"{report.scan.obligations} obligations, {report.delivery.accepted} messages"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'longest lock':<12}{locks.longest:8.2f} s")
    print(f"{'peak memory':<12}{peak:8.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
