"""The calendar of a selection of deadlines, for `soon --format ics`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from notifications.ics import render_calendar
from tracker.context import App
from tracker.domain.consequences import Deadline
from tracker.surroundings import policy_from


def calendar_of(deadlines: Iterable[Deadline], app: App) -> bytes:
    """Return these deadlines as a calendar; the same facts and day give the same bytes."""
    return render_calendar(
        deadlines,
        today=app.today,
        now=datetime.combine(app.today, time(), tzinfo=UTC),
        words=app.wording,
        name=app.settings.office.name,
        complete=False,
        lead_times=policy_from(app.settings).lead_times,
    ).content
