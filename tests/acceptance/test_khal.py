"""The calendars as a program of somebody else reads them: khal, in an environment of its own.

`make interop` makes it. Absent, these tests are skipped; `REQUIRE_INTEROP=1` makes them fail.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from acceptance.conftest import TODAY

HERE = Path(__file__).parents[2] / ".venv-interop" / "bin" / "khal"
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


@pytest.fixture
def khal(tmp_path):
    """Give `khal(file, first, days)`: what it lists of a calendar."""
    program = Path(os.environ.get("KHAL") or HERE)
    if not program.exists():
        if os.environ.get("REQUIRE_INTEROP") == "1":
            pytest.fail("khal is required: make interop")
        pytest.skip("khal is not installed: make interop")

    def listed(calendar, first, days):
        folder = tmp_path / f"khal-{calendar.parent.name}-{calendar.stem}"
        (folder / "calendar").mkdir(parents=True)
        configuration = folder / "khal.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder))

        def run(*arguments):
            done = subprocess.run(
                [program, "-c", configuration, *arguments],
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=60,
                env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": os.defpath},
            )
            assert done.returncode == 0, done
            assert "rror" not in done.stderr
            return done.stdout

        run("import", "--batch", "-a", "conventions", str(calendar))
        rows = run(
            "list", "--once", "--day-format", "", "--format", "{start-date} {title}", first, days
        )
        return [row for row in rows.splitlines() if row.strip()]

    return listed


def test_khal_lists_every_calendar_of_the_demonstration(place, khal):
    place.ok("demo", "--output", "demo")
    calendars = sorted((place.folder / "demo").rglob("*.ics"))
    assert len(calendars) >= 8
    near = place.folder / "demo" / "2-2011-12-01" / "conventions.ics"
    assert near in calendars
    assert [row for row in khal(near, "2012-01-08", "1d") if "CRESS" in row]
    for calendar in calendars:
        if calendar != near and calendar.name == "conventions.ics":
            assert khal(calendar, "2009-01-01", "6000d")


def test_khal_lists_the_calendar_of_the_command(office, khal):
    office.ok("--today", TODAY, "calendar", "--output", "all.ics")
    office.ok("--today", TODAY, "soon", "--format", "ics", "--within", "P1Y", "--limit", "3")
    rows = khal(office.folder / "all.ics", TODAY, "60d")
    assert [row[:10] for row in rows if "CRESS" in row][-1] == "2012-01-08"
    assert any(row.startswith("2011-12-23") for row in rows)
