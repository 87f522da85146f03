"""`simulate` against the real thing: a run on every day, and what it composed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from config.settings import load_settings
from jobs.commands.demo import OFFICE, SESSIONS, example_portfolio
from jobs.cycle import run_cycle
from jobs.outbox import posted_messages
from jobs.runtime import Runtime
from jobs.simulate import simulate
from tracker.storage import repository
from tracker.storage.engine import reading, writing
from tracker.storage.tables import HistoryRow, MessageRow, ObligationRow
from tracker.wording import Wording

NOON = time(11, tzinfo=UTC)


class World:
    """An office on a day that can be moved."""

    def __init__(self, engine: Engine, folder: Path, day: date) -> None:
        self.day = day
        settings = load_settings(None, {}, database_override=f"sqlite:///{folder / 'x.db'}")
        self.runtime = Runtime(
            settings=replace(
                settings,
                office=replace(
                    settings.office,
                    recipients=(OFFICE,),
                    fallback="secretariat@example.org",
                    sender="conventions@example.org",
                ),
                mail=replace(settings.mail, directory=folder / "out", can_send=True),
                council=replace(settings.council, sessions=SESSIONS),
            ),
            engine=engine,
            wording=Wording("fr"),
            clock=lambda: datetime.combine(self.day, NOON),
        )
        with writing(engine) as session:
            repository.save_many(
                session, example_portfolio(), who="test", when=self.runtime.clock(), action="import"
            )

    def run(self) -> None:
        run_cycle(self.runtime, today=self.day, now=self.runtime.clock())

    def sent(self) -> list[tuple[date, str, str, str, list[str]]]:
        with reading(self.runtime.engine) as session:
            return sorted(
                (
                    one.created_at.date(),
                    one.kind,
                    one.recipient,
                    one.subject,
                    sorted(told.key for told in one.told),
                )
                for one in posted_messages(session)
                if one.state == "accepted"
            )


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("first", "already_run"),
    [(date(2011, 9, 1), False), (date(2016, 11, 1), True), (date(2021, 3, 1), True)],
)
def test_simulation_equals_a_run_every_day(
    engine: Engine, tmp_path: Path, first: date, already_run: bool
) -> None:
    world = World(engine, tmp_path, first)
    before: set[tuple[date, str, str, str]] = set()
    if already_run:
        world.day = first - timedelta(days=3)
        world.run()
        world.day = first
        before = {one[:4] for one in world.sent()}
    last = first + timedelta(days=45)
    simulated = [
        (mail.on, mail.kind, mail.recipient, mail.subject, sorted(mail.deadlines))
        for mail in simulate(world.runtime, first, last)
    ]
    while world.day <= last:
        world.run()
        world.day += timedelta(days=1)
    assert simulated == [one for one in world.sent() if one[:4] not in before]
    assert {kind for _, kind, *_ in simulated} == {"reminder", "report"}


def test_simulation_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    world = World(engine, tmp_path, date(2021, 3, 1))

    def content() -> list[object]:
        with reading(engine) as session:
            rows = (ObligationRow.id, MessageRow.id, HistoryRow.id)
            return [session.scalars(select(row)).all() for row in rows]

    before = content()
    assert simulate(world.runtime, world.day, world.day + timedelta(days=30))
    assert content() == before


def test_what_waits_already_is_sent_on_the_first_day(engine: Engine, tmp_path: Path) -> None:
    world = World(engine, tmp_path, date(2021, 3, 1))
    delivering = world.runtime
    silent = replace(
        delivering,
        settings=replace(
            delivering.settings, mail=replace(delivering.settings.mail, directory=tmp_path / "f")
        ),
    )
    (tmp_path / "f").touch()  # a file where the folder should be: nothing can be written
    run_cycle(silent, today=world.day, now=silent.clock())
    with reading(engine) as session:
        waiting = posted_messages(session, states=["queued"])
    assert waiting
    simulated = simulate(world.runtime, world.day, world.day)
    assert sorted((mail.recipient, mail.subject) for mail in simulated) == sorted(
        (one.recipient, one.subject) for one in waiting
    )
