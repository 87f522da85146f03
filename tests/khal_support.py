"""khal, a calendar program of somebody else, in an environment of its own.

khal is strict where many are not (an end equal to its start, a calendar without version), but its
dependencies are not ours: `make interop` installs it apart, `KHAL` names another one. Absent, the
tests that need it are skipped; `REQUIRE_INTEROP=1` makes them fail.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / ".venv-interop" / "bin" / "khal"
CONFIGURATION = """\
[calendars]
[[conventions]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Paris
default_timezone = Europe/Paris
[default]
default_calendar = conventions
"""


class Khal:
    """A khal with an empty calendar in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._program = Path(os.environ.get("KHAL") or HERE)
        if not self._program.exists():
            if os.environ.get("REQUIRE_INTEROP") == "1":
                pytest.fail("khal is required: make interop")
            pytest.skip("khal is not installed: make interop")
        (folder / "calendar").mkdir(parents=True)
        self._folder = folder
        self._configuration = folder / "khal.conf"
        self._configuration.write_text(CONFIGURATION.format(folder=folder))

    def __call__(self, *arguments: str) -> str:
        """Run a command that must end well, and return what it prints."""
        done = subprocess.run(
            [self._program, "-c", self._configuration, *arguments],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
            env={"HOME": str(self._folder), "LANG": "C.UTF-8", "PATH": os.defpath},
        )
        assert done.returncode == 0, done
        assert "rror" not in done.stderr
        return done.stdout

    def rows(self, calendar: Path, fields: str, first: str, days: str) -> list[str]:
        """Import a file, and return what it lists of the days from `first`, a line each."""
        self("import", "--batch", "-a", "conventions", str(calendar))
        listed = self("list", "--once", "--day-format", "", "--format", fields, first, days)
        return [row for row in listed.splitlines() if row.strip()]
