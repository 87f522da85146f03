"""The calendar as another program reads it."""

from datetime import UTC, datetime

from khal_support import Khal
from letters_support import PORTFOLIO, TODAY, PlainWords

from notifications.ics import render_calendar


def test_khal_reads_every_event(tmp_path):
    khal = Khal(tmp_path / "khal")
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
    listed = khal.rows(calendar, "{start-date} {uid}", "2026-11-01", "365d")
    assert sorted(listed) == [
        "2026-11-20 DIJ-CRESS-2009/committee/17@conventions",
        "2026-11-27 DIJ-CRESS-2009/payment/2@conventions",
        "2026-12-17 DIJ-VOLGOGRAD-2016/final_evaluation/1@conventions",
        "2026-12-24 DIJ-CRESS-2009/notice/3/act_by@conventions",
        "2027-01-08 DIJ-CRESS-2009/notice/3@conventions",
        "2027-01-15 DIJ-MAYENCE-1958/milestone/1@conventions",
        "2027-02-08 DIJ-CHEFCHAOUEN-2016/decision/1@conventions",
        "2027-04-18 DIJ-CHEFCHAOUEN-2016/expiry/1@conventions",
    ]
