"""Calendars for people's own programs: one of the whole office, one for each owner."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from notifications.ics import CalendarResult, PublishedEvent, render_calendar
from tracker.files import make_folder, write_file
from tracker.storage.engine import reading, writing
from tracker.storage.tables import PublishedEventRow

OFFICE_FILE = "conventions.ics"


def render_published(
    runtime: Runtime,
    session: Session,
    today: date,
    now: datetime,
    *,
    owner: str | None = None,
    owners: Iterable[str] = (),
) -> CalendarResult:
    """Render the calendar of every open deadline, as an update of what was published before."""
    snapshot = runtime.snapshot(session, today)
    deadlines = [item for life in snapshot.lives for item in life.deadlines]
    return render_calendar(
        deadlines,
        published_events(session),
        today=today,
        now=now,
        words=runtime.wording,
        name=runtime.settings.office.name,
        owner=owner,
        owners=owners,
        lead_times=runtime.policy.lead_times,
    )


def publish_calendars(runtime: Runtime, today: date, now: datetime) -> tuple[Path, ...]:
    """Write the calendars into the folder of the settings; nothing where there is none."""
    folder = runtime.settings.calendar.directory
    if folder is None:
        return ()
    with reading(runtime.engine) as session:
        lives = runtime.snapshot(session, today).lives
        owners = sorted({life.record.owner for life in lives if life.record.owner})
        whole = render_published(runtime, session, today, now, owners=owners)
    files = {OFFICE_FILE: whole.content}
    files |= {owner_file(owner): content for owner, content in whole.by_owner.items()}
    with writing(runtime.engine) as session:
        store_published(session, whole.published)
    make_folder(folder)
    for name, content in files.items():
        target = folder / name
        if not target.is_file() or target.read_bytes() != content:
            write_file(target, content, force=True, mode=0o644)
    return tuple(folder / name for name in files)


def owner_file(owner: str) -> str:
    """Return the file name of an owner's calendar: their address, made safe for any disk."""
    return re.sub(r"[^a-z0-9.@_-]", "_", owner.casefold()).lstrip(".") + ".ics"


def published_events(session: Session) -> tuple[PublishedEvent, ...]:
    """Return what calendars were told so far."""
    rows = session.scalars(select(PublishedEventRow).order_by(PublishedEventRow.key))
    return tuple(
        PublishedEvent(
            key=row.key,
            fingerprint=row.fingerprint,
            sequence=row.sequence,
            changed_at=row.changed_at,
            cancelled_on=row.cancelled_on,
        )
        for row in rows
    )


def store_published(session: Session, events: Iterable[PublishedEvent]) -> None:
    """Replace what calendars were told."""
    session.execute(delete(PublishedEventRow))
    rows = [
        {
            "key": event.key,
            "fingerprint": event.fingerprint,
            "sequence": event.sequence,
            "changed_at": event.changed_at,
            "cancelled_on": event.cancelled_on,
        }
        for event in events
    ]
    if rows:
        session.execute(insert(PublishedEventRow), rows)
