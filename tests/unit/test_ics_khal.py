"""The calendar as another program reads it: khal, in an environment of its own.

khal is strict where many are not (an end equal to its start, a calendar without version), but its
dependencies are not ours: install it apart and say where it is, `KHAL=/path/to/khal pytest …`.
"""

import os
import subprocess
from datetime import UTC, datetime

import pytest
from letters_support import PORTFOLIO, TODAY, PlainWords

from notifications.ics import render_calendar

KHAL = os.environ.get("KHAL")

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
    if KHAL is None:
        pytest.skip("khal is not named: set KHAL to its path")
    (tmp_path / "calendar").mkdir()
    configuration = tmp_path / "khal.conf"
    configuration.write_text(CONFIGURATION.format(folder=tmp_path))

    def run(*arguments):
        done = subprocess.run(
            [KHAL, "-c", str(configuration), *arguments],
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            env={"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": os.defpath},
        )
        assert "rror" not in done.stderr
        return done.stdout

    return run


def test_khal_reads_every_event(khal, tmp_path):
    calendar = tmp_path / "conventions.ics"
    calendar.write_bytes(
        render_calendar(
            PORTFOLIO,
            today=TODAY,
            now=datetime(2026, 11, 23, tzinfo=UTC),
            words=PlainWords(),
            name="Conventions",
        ).content
    )
    assert khal("printics", str(calendar)).startswith("9 events found in ")
    khal("import", "--batch", "-a", "conventions", str(calendar))
    listed = khal(
        "list", "--once", "--day-format", "", "--format", "{start-date} {uid}", "2026-11-01", "365d"
    )
    assert sorted(listed.split("\n")[:-1]) == [
        "2026-11-20 DIJ-CRESS-2009/committee/17@conventions",
        "2026-11-27 DIJ-CRESS-2009/payment/2@conventions",
        "2026-12-17 DIJ-VOLGOGRAD-2016/final_evaluation/1@conventions",
        "2026-12-24 DIJ-CRESS-2009/notice/3/act_by@conventions",
        "2027-01-08 DIJ-CRESS-2009/notice/3@conventions",
        "2027-01-15 DIJ-MAYENCE-1958/milestone/1@conventions",
        "2027-02-08 DIJ-CHEFCHAOUEN-2016/decision/1@conventions",
        "2027-04-18 DIJ-CHEFCHAOUEN-2016/expiry/1@conventions",
    ]
