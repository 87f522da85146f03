"""Play every fault at full length on both databases, and print the table of docs/faults.md.

    PYTHONPATH=tests python -m faults.run [--only NAME]… [--backend sqlite|postgresql]… [--scale 0.1]

Ends with status 1 when a promise is broken: something lost, or told twice without a flag.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults import scenes, troubles
from faults.scenes import Played, Scene, Stage
from faults.troubles import not_here
from faults.zygote import Zygote
from integration.conftest import Databases, any_server, databases_made_quick
from sqlalchemy import make_url

from tracker.storage.engine import open_engine, sqlite_path
from tracker.storage.schema import back_up

WHOLE: list[tuple[Scene, int, int]] = [
    # scene, times on SQLite, times on PostgreSQL
    (scenes.kill_at_every_kth_line, 600, 240),
    (scenes.random_kills, 1000, 200),
    (scenes.daemons_at_once, 12, 12),
    (scenes.stopped_past_the_lease, 10, 10),
    (scenes.stopped_after_the_mark, 10, 10),
    (troubles.locked_database, 99, 99),
    (troubles.lost_connections, 99, 99),
    (troubles.lost_in_commit, 30, 30),
    (troubles.failover, 0, 99),
    (troubles.journal_cannot_be_written, 99, 99),
    (troubles.full_disk, 99, 99),
    (troubles.read_only_file_system, 99, 99),
    (troubles.input_output_errors, 10, 0),
    (troubles.restored_backups, 99, 99),
    (troubles.copied_installation, 99, 99),
    (troubles.clock_set_back, 99, 99),
    (troubles.clock_far_forward, 99, 99),
    (troubles.bad_days_of_the_relay, 99, 99),
    (troubles.refused_recipients, 99, 99),
    (troubles.six_days_without_relay, 6, 6),
    (troubles.spoiled_rows, 99, 99),
]
HEAD = (
    "| fault | database | faults | told once | twice, flagged | visible failure | lost "
    "| twice, unflagged | seconds | |\n"
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---|"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--backend", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--scale", type=float, default=1.0, help="of the long scenes")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the faults fill the log, as they should
    known = {scene.__name__ for scene, _, _ in WHOLE}
    if unknown := set(options.only) - known:
        parser.error(
            f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}"
        )
    print(HEAD, flush=True)
    broken = 0
    with a_quick_folder() as folder, Zygote() as zygote:
        for backend in options.backend or ["sqlite", "postgresql"]:
            with stage_on(backend, folder, zygote) as stage:
                for scene, on_sqlite, on_postgresql in WHOLE:
                    if options.only and scene.__name__ not in options.only:
                        continue
                    times = on_sqlite if backend == "sqlite" else on_postgresql
                    broken += not play(scene, stage, backend, max(1, round(times * options.scale)))
    return 1 if broken else 0


def play(scene: Scene, stage: Stage, backend: str, times: int) -> bool:
    name = scene.__name__.replace("_", " ")
    if reason := not_here(scene, backend):
        print(f"| {name} | {backend} | – | – | – | – | – | – | – | {reason} |", flush=True)
        return True
    began = time.monotonic()
    try:
        played = scene(stage, times)
    except Exception:  # noqa: BLE001 - the table must be whole
        traceback.print_exc()
        print(f"| {name} | {backend} | – | – | – | – | – | – | – | **raised** |", flush=True)
        return False
    print(line(name, backend, played, time.monotonic() - began), flush=True)
    for what in (*played.verdicts.lost, *played.verdicts.unflagged_twice):
        print(f"  {what}", file=sys.stderr)
    return played.passed


def line(name: str, backend: str, played: Played, seconds: float) -> str:
    v = played.verdicts
    return (
        f"| {name} | {backend} | {played.faults} | {v.once} | {v.flagged_twice} "
        f"| {v.visible_failure} | {len(v.lost)} | {len(v.unflagged_twice)} | {seconds:.0f} "
        f"| {played.notes} |"
    )


@contextmanager
def a_quick_folder() -> Iterator[Path]:
    """In memory where there is such a place: a killed process loses nothing it has written."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stage_on(backend: str, folder: Path, zygote: Zygote) -> Iterator[Stage]:
    own = folder / backend
    own.mkdir(mode=0o755)
    if backend == "sqlite":
        template = own / "template.db"
        open_engine(f"sqlite:///{template}", create=True).dispose()
        made = [0]

        def make() -> str:
            made[0] += 1
            for old in own.glob("db-*"):  # one at a time: the folder is in memory
                if old.stat().st_mtime < time.time() - 600:
                    old.unlink()
            path = own / f"db-{made[0]}.db"
            shutil.copy(template, path)
            return f"sqlite:///{path}"

        def copy(url: str) -> str:
            source = sqlite_path(url)
            assert source is not None
            made[0] += 1
            back_up(source, own / f"db-{made[0]}.db")
            return f"sqlite:///{own}/db-{made[0]}.db"

        yield Stage(make, copy, own, zygote)
        return
    with any_server(own) as server:
        databases = Databases(server)
        kept: list[str] = []

        def make_on_server() -> str:
            while len(kept) > 4:
                databases.drop(kept.pop(0))
            kept.append(databases.clone())
            return databases.url(kept[-1])

        def copy_on_server(url: str) -> str:
            kept.append(databases.create(make_url(url).database))
            return databases.url(kept[-1])

        with databases_made_quick(databases):
            yield Stage(make_on_server, copy_on_server, own, zygote)
        for name in kept:
            databases.drop(name)
        databases.close()


if __name__ == "__main__":
    sys.exit(main())
