"""The databases of the integration tests, in memory where the machine has such a folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.conftest import *  # noqa: F403 - fixtures, all of them


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory: a killed process loses nothing it has written, only power cuts do."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
