"""A thinned run of the fault suite; `make faults` plays it whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults import scenes, troubles
from faults.scenes import Scene, Stage
from faults.troubles import not_here
from faults.zygote import Zygote
from sqlalchemy import make_url

from tracker.storage.engine import sqlite_path
from tracker.storage.schema import back_up

THINNED: list[tuple[Scene, int]] = [
    (scenes.kill_at_every_kth_line, 10),
    (scenes.random_kills, 5),
    (scenes.daemons_at_once, 2),
    (scenes.stopped_past_the_lease, 1),
    (scenes.stopped_after_the_mark, 1),
    (troubles.locked_database, 2),
    (troubles.lost_connections, 2),
    (troubles.lost_in_commit, 4),
    (troubles.failover, 1),
    (troubles.journal_cannot_be_written, 1),
    (troubles.full_disk, 3),
    (troubles.read_only_file_system, 2),
    (troubles.restored_backups, 3),
    (troubles.copied_installation, 1),
    (troubles.clock_set_back, 1),
    (troubles.clock_far_forward, 1),
    (troubles.bad_days_of_the_relay, 3),
    (troubles.refused_recipients, 1),
    (troubles.six_days_without_relay, 1),
    (troubles.spoiled_rows, 3),
    (troubles.input_output_errors, 1),
]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
def stage(
    make_database: Callable[..., str],
    backend: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    zygote: Zygote,
) -> Iterator[Stage]:
    copies: list[str] = []

    def copy_database(url: str) -> str:
        path = sqlite_path(url)
        if path is not None:
            copy = tmp_path / f"copy-{len(copies)}.db"
            copies.append(copy.name)
            back_up(path, copy)
            return f"sqlite:///{copy}"
        databases = request.getfixturevalue("postgresql_databases")
        copies.append(databases.create(make_url(url).database))
        return str(databases.url(copies[-1]))

    yield Stage(make_database, copy_database, tmp_path, zygote)
    if backend == "postgresql":
        for name in copies:
            request.getfixturevalue("postgresql_databases").drop(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "times"), THINNED, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_promise_is_kept(stage: Stage, backend: str, scene: Scene, times: int) -> None:
    if reason := not_here(scene, backend):
        pytest.skip(reason)
    played = scene(stage, times)
    assert played.faults > 0
    assert played.verdicts.lost == []
    assert played.verdicts.unflagged_twice == []
