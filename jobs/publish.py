"""Calendars for people's own programs: one of the whole office, one for each owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from jobs.runtime import Runtime, Snapshot
from notifications.ics import (
    CalendarResult,
    Frame,
    PublishedEvent,
    WrittenEvent,
    frame,
    render_calendar,
    write_events,
)
from tracker.domain.consequences import Deadline
from tracker.files import make_folder, write_file
from tracker.storage.engine import reading, writing
from tracker.storage.tables import PublishedEventRow

OFFICE_FILE = "conventions.ics"
BATCH = 1000
"""Events stored by one statement."""


def render_published(
    runtime: Runtime,
    session: Session,
    today: date,
    now: datetime,
    *,
    owner: str | None = None,
) -> CalendarResult:
    """Render the calendar of every open deadline, as an update of what was published before."""
    return render_calendar(
        _deadlines(runtime.snapshot(session, today)),
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
        snapshot = runtime.snapshot(session, today)
        before = published_events(session)
    make_folder(folder)
    events = write_events(
        _deadlines(snapshot),
        before,
        today=today,
        now=now,
        words=runtime.wording,
        lead_times=runtime.policy.lead_times,
    )
    # On disk and not in memory: the events of a large portfolio weigh as much as the portfolio.
    with TemporaryFile(dir=folder) as file:
        spool = _Spool(file)
        rows = [spool.add(event) for event in events]
        with writing(runtime.engine) as session:
            store_published(session, rows)
        around = frame(runtime.wording.lang, runtime.settings.office.name, today)
        people = sorted({life.record.owner for life in snapshot.lives if life.record.owner})
        targets: dict[str, str | None] = {OFFICE_FILE: None}
        targets |= {owner_file(owner): owner for owner in people}
        for name, owner in targets.items():
            _write(folder / name, around, partial(spool.texts, owner))
    return tuple(folder / name for name in targets)


def _deadlines(snapshot: Snapshot) -> list[Deadline]:
    return [item for life in snapshot.lives for item in life.deadlines]


class _Spool:
    """Events written once, in the order of their keys, and read for one person or for all."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: list[tuple[str, int]] = []

    def add(self, event: WrittenEvent) -> PublishedEvent:
        """Keep the text of an event; return its row."""
        self._file.write(event.text)
        self._places.append((event.owner, len(event.text)))
        return event.row

    def texts(self, owner: str | None) -> Iterator[bytes]:
        """Yield the events of a person, or of everybody."""
        start = 0
        for whose, length in self._places:
            if owner is None or whose == owner:
                self._file.seek(start)
                yield self._file.read(length)
            start += length


def _write(target: Path, around: Frame, texts: Callable[[], Iterable[bytes]]) -> None:
    """Write a calendar that changed; one that did not keeps its date, and nobody fetches it."""
    if not (target.is_file() and _holds(target, around.around(texts()))):
        write_file(target, around.around(texts()), force=True, mode=0o644)


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
    rows = (
        {
            "key": event.key,
            "fingerprint": event.fingerprint,
            "sequence": event.sequence,
            "changed_at": event.changed_at,
            "cancelled_on": event.cancelled_on,
        }
        for event in events
    )
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(PublishedEventRow), batch)
