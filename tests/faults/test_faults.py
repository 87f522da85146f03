"""A thinned run of the fault suite; `make faults` plays it whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults import scenes
from faults.scenes import Scene, Stage
from faults.zygote import Zygote


THINNED: list[tuple[Scene, int]] = [
    (scenes.kill_at_every_kth_line, 24),
    (scenes.random_kills, 12),
    (scenes.daemons_at_once, 3),
    (scenes.stopped_past_the_lease, 1),
    (scenes.stopped_after_the_mark, 1),
]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
def stage(make_database: Callable[..., str], tmp_path: Path, zygote: Zygote) -> Stage:
    return Stage(make_database, tmp_path, zygote)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "times"), THINNED, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_promise_is_kept(stage: Stage, scene: Scene, times: int) -> None:
    played = scene(stage, times)
    assert played.faults > 0
    assert played.verdicts.lost == []
    assert played.verdicts.unflagged_twice == []
