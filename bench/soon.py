"""`soon --within 6m` on 2,000 conventions: what a person waits for, and where it goes.

    python bench/soon.py [CONVENTIONS]

The whole command is set against `python -c 'import sqlalchemy.orm'`, the work without imports
against reading the same rows by the driver alone; both in the same run. The target: no visible
wait, well below one second and a half on an office machine.
"""

# ruff: noqa: S603 - a script, which prints and imports from the tests
from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from made_portfolio import make_records

from config.settings import load_settings
from tracker.context import App
from tracker.exchange.files import Format, read_bytes
from tracker.exchange.merge import merge_all
from tracker.formatting import deadlines_table
from tracker.queries import DeadlineQuery, upcoming_deadlines
from tracker.storage import repository
from tracker.storage.engine import open_engine, writing

TODAY, LAST = date(2026, 11, 20), date(2027, 5, 20)
COMMAND = Path(sysconfig.get_path("scripts")) / "conventions"
TARGET = 1.5
"""Seconds for the whole command."""


def best(action: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs: the others were disturbed."""
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        spent.append(time.perf_counter() - started)
    return min(spent)


def stock(path: Path, count: int) -> None:
    """Fill a database with a made portfolio."""
    batch = read_bytes(json.dumps(make_records(count)).encode(), Format.JSON)
    app = App()
    engine = open_engine(f"sqlite:///{path}", create=True)
    with writing(engine) as session:
        repository.save_many(
            session,
            merge_all(batch.drafts, {}).conventions,
            who="bench",
            when=app.now(),
            action="import",
        )
    engine.dispose()


def start(*command: object, folder: Path) -> None:
    environment = {**os.environ, "CONVENTIONS_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}"}
    subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def raw(path: Path) -> None:
    """Read the same rows into tuples by the driver alone."""
    connection = sqlite3.connect(path)
    for table in ("convention", "partner", "event"):
        connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - three names above
    connection.close()


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 2000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bench.db"
        stock(path, count)
        whole = best(
            lambda: start(COMMAND, "--today", TODAY, "soon", "--within", "6m", folder=folder)
        )
        bare = best(lambda: start(sys.executable, "-c", "import sqlalchemy.orm", folder=folder))
        rows = best(lambda: raw(path))
        app = App(database=f"sqlite:///{path}", today_option=TODAY)
        app.settings = load_settings(None, {}, database_override=app.database)
        query = DeadlineQuery(first=TODAY, last=LAST)
        app.portfolio(app.load())
        loaded = app.load()
        found = upcoming_deadlines(app.portfolio(loaded), query)
        loading = best(app.load)
        deriving = best(lambda: upcoming_deadlines(app.portfolio(loaded), query), 3)
        writing_out = best(lambda: deadlines_table(found, TODAY, app.wording), 3)
    print(f"{count} conventions, {len(found)} deadlines within six months")
    told = f"{whole / bare:5.1f} × import sqlalchemy.orm ({bare:.2f} s)"
    print(f"  whole command  {whole:6.2f} s   {told}")
    work = loading + deriving + writing_out
    told = f"{work / rows:5.1f} × the driver reading the rows ({rows:.3f} s)"
    print(f"  without import {work:6.2f} s   {told}")
    print(f"    loading      {loading:6.2f} s   {loading / rows:5.1f} ×")
    print(f"    deriving     {deriving:6.2f} s   {deriving / rows:5.1f} ×")
    print(f"    the table    {writing_out:6.2f} s   {writing_out / rows:5.1f} ×")
    if whole > TARGET:
        print(f"  more than {TARGET} s: an idle machine, or something to mend?")


if __name__ == "__main__":
    main(sys.argv[1:])
