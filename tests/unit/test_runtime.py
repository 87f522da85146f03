"""The composition root: what goes with a letter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import icalendar
import pytest
from sqlalchemy import Engine
from unit.domain_strategies import convention, deadlines_of

from config.settings import load_settings
from jobs import runtime
from jobs.runtime import Runtime
from tracker.wording import Wording

TODAY = date(2026, 11, 23)


def test_a_calendar_that_would_flood_somebodys_own_is_not_attached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Runtime(
        settings=load_settings(None, {}, database_override="sqlite:///never-opened.db"),
        engine=cast("Engine", None),
        wording=Wording("fr"),
        clock=lambda: datetime(2026, 11, 23, 11, tzinfo=UTC),
    )
    record = convention(signed_on="2026-01-12", term="P3Y", renewal="tacit", notice="P3M")
    few = [one for one in deadlines_of(record, TODAY.isoformat()) if one.is_open][:3]
    monkeypatch.setattr(runtime, "MAX_EVENTS", len(few))
    (calendar,) = office.attachments(few, TODAY)
    events = icalendar.Calendar.from_ical(calendar.content).walk("VEVENT")
    assert {str(event["UID"]).partition("@")[0].removesuffix("/act_by") for event in events} == {
        deadline.key for deadline in few
    }
    assert office.attachments([*few, few[0]], TODAY) == []
