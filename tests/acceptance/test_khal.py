"""The calendars that commands write, as a program of somebody else reads them."""

from __future__ import annotations

import pytest
from acceptance.conftest import TODAY
from khal_support import Khal


@pytest.fixture
def khal(tmp_path):
    """Give `khal(file, first, days)`: what it lists of a calendar."""

    def listed(calendar, first, days):
        program = Khal(tmp_path / f"khal-{calendar.parent.name}-{calendar.stem}")
        return program.rows(calendar, "{start-date} {title}", first, days)

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
