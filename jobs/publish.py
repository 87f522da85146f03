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
        whole = render_published(runtime, session, today, now)
    with writing(runtime.engine) as session:
        store_published(session, whole.published)
    make_folder(folder)
    _write(folder / OFFICE_FILE, whole, None)
    for owner in owners:
        _write(folder / owner_file(owner), whole, owner)
    return tuple(folder / name for name in (OFFICE_FILE, *map(owner_file, owners)))


def _write(target: Path, whole: CalendarResult, owner: str | None) -> None:
    """Write a calendar that changed; one that did not keeps its date, and nobody fetches it."""
    if not (target.is_file() and _holds(target, whole.parts(owner))):
        write_file(target, whole.parts(owner), force=True, mode=0o644)


def _holds(target: Path, parts: Iterable[bytes]) -> bool:
    """Tell whether a file holds these bytes and no more."""
    with target.open("rb") as file:
        return all(file.read(len(part)) == part for part in parts) and not file.read(1)


def owner_file(owner: str) -> str:
    """Return the file name of an owner's calendar: their address, made safe for any disk."""
    return re.sub(r"[^a-z0-9.@_-]", "_", owner.casefold()).lstrip(".") + ".ics"


def published_events(session: Session) -> tuple[PublishedEvent, ...]:
    """Return what calendars were told so far."""
    rows = session.execute(
        select(
            PublishedEventRow.key,
            PublishedEventRow.fingerprint,
            PublishedEventRow.sequence,
            PublishedEventRow.changed_at,
            PublishedEventRow.cancelled_on,
        ).order_by(PublishedEventRow.key)
    )
    return tuple(
        PublishedEvent(
            key=key,
            fingerprint=fingerprint,
            sequence=sequence,
            changed_at=changed_at,
            cancelled_on=cancelled_on,
        )
        for key, fingerprint, sequence, changed_at, cancelled_on in rows.tuples()
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
