"""Delivery through a real relay: after a 250 nothing repeats, and every bad day is visible."""

from __future__ import annotations

import errno
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from faults.world import REAL_WAITS, START, Clock, World, portfolio, smtp, told_in
from relay import Relay
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.settings import load_settings
from jobs import dispatch
from jobs.dispatch import Delivery
from jobs.policy import CannotSendError, delivery_policy, make_mailer, relay_settings
from notifications.headers import RenderedMail
from notifications.journal import ObligationKey
from notifications.mailer import FileMailer, Security, SmtpMailer
from notifications.outbox import AlreadyComposedError, enqueue
from tracker.storage.engine import writing
from tracker.storage.errors import DatabaseFullError


def office(engine: Engine, tmp_path: Path, relay: Relay, **options: Any) -> World:
    options.setdefault("dues", portfolio(2, recipients="a"))
    world = World(engine, tmp_path / "state", smtp(relay.port), clock=Clock(START), **options)
    world.register()
    return world


def again_tomorrow(world: World) -> None:
    for _ in range(3):
        world.clock.forward(hours=8)
        world.run()


@pytest.mark.parametrize("method", ["_journal", "_finish"])
@pytest.mark.parametrize("restart", [False, True])
def test_after_a_250_a_failing_disk_does_not_repeat(
    engine: Engine, tmp_path: Path, method: str, restart: bool
) -> None:
    with Relay() as relay:
        world = office(engine, tmp_path, relay)

        def fail(*_: object) -> bool:
            if method == "_journal":
                raise OSError(errno.ENOSPC, "no space")
            return False

        setattr(world.delivery, method, fail)
        world.run()
        delattr(world.delivery, method)
        if restart and method == "_finish":
            world.delivery = world.new_delivery()
        again_tomorrow(world)
    assert len(relay.accepted) == 1
    assert world.states() == ["accepted"]
    assert world.journal.has_message(world.messages()[0].message_id_header)


@pytest.mark.parametrize("behaviour", ["bad_quit", "drop_quit"])
def test_after_a_250_a_bad_goodbye_does_not_repeat(
    engine: Engine, tmp_path: Path, behaviour: str
) -> None:
    with Relay(default=behaviour) as relay:
        world = office(engine, tmp_path, relay)
        world.run()
        again_tomorrow(world)
    assert len(relay.accepted) == 1


def test_nothing_leaves_when_the_journal_cannot_be_written(engine: Engine, tmp_path: Path) -> None:
    with Relay() as relay:
        world = office(engine, tmp_path, relay)
        check = world.journal.check_writable

        def full() -> None:
            raise OSError(errno.ENOSPC, "no space")

        world.journal.check_writable = full  # type: ignore[method-assign]
        report = world.run()
        assert report.relay_trouble is not None
        assert relay.accepted == []
        assert [code for code, _ in world.problems()] == ["journal_unwritable"]
        world.journal.check_writable = check  # type: ignore[method-assign]
        assert world.run().accepted == 1


def test_more_reminders_than_a_letter_may_hold_make_several(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "MOST_REMINDERS", 2)
    with Relay() as relay:
        world = office(engine, tmp_path, relay, dues=portfolio(5, recipients="a"))
        report = world.run()
        again_tomorrow(world)
    told = [told_in(mail.content) for mail in relay.accepted]
    assert report.composed == report.accepted == len(told) == 3
    assert max(map(len, told)) <= 2
    assert len({key.deadline_key for keys in told for key in keys}) == 5


def test_a_letter_that_cannot_be_written_besides_keeps_no_reminder_back(
    engine: Engine, tmp_path: Path
) -> None:
    def broken(_now: datetime) -> int:
        raise LookupError("no template")

    with Relay() as relay:
        world = office(engine, tmp_path, relay)
        world.delivery._more = broken
        assert world.run().accepted == 1
    assert ("job_failed", "report") in world.problems()


def test_no_dot_when_the_mark_cannot_be_written(engine: Engine, tmp_path: Path) -> None:
    with Relay() as relay:
        world = office(engine, tmp_path, relay)
        mark = world.delivery._mark

        def full(_claim: object) -> None:
            raise DatabaseFullError(url="x")

        world.delivery._mark = full  # type: ignore[method-assign, assignment]
        with pytest.raises(DatabaseFullError):
            world.run()
        assert (relay.dots, world.states()) == (0, ["queued"])
        world.delivery._mark = mark  # type: ignore[method-assign]
        assert world.run().accepted == 1
    assert relay.dots == 1


def test_the_relay_is_probed_by_one_message_and_announced_well_again(
    engine: Engine, tmp_path: Path
) -> None:
    with Relay() as relay:
        relay.stop()
        world = office(engine, tmp_path, relay, dues=portfolio(1, recipients="abc"))
        report = world.run(whatever_backoff=False)
        assert report.relay_trouble is not None
        assert len(world.attempts()) == 1
        world.clock.forward(minutes=4)
        assert world.run(whatever_backoff=False).relay_trouble == "circuit open"
        assert len(world.attempts()) == 1
        relay.start()
        world.clock.forward(minutes=2)
        assert world.run(whatever_backoff=False).accepted == 3
        assert world.problems() == set()
        relay.stop()


def test_a_deadline_that_moved_since_the_composing_does_not_leave(
    engine: Engine, tmp_path: Path
) -> None:
    with Relay(script=["451"]) as relay:
        world = office(engine, tmp_path, relay)

        def stale(
            session: Session, keys: Sequence[ObligationKey], now: datetime
        ) -> Collection[ObligationKey]:
            return [key for key in keys if key.deadline_key.startswith("C-0/")]

        world.run()
        world.delivery._stale = stale
        world.clock.forward(hours=1)
        world.delivery.deliver()
        assert [key.deadline_key for t in relay.accepted for key in told_in(t.content)] == [
            "C-1/notice/0"
        ]
    assert world.states() == ["superseded", "accepted"]


def test_stop_is_heard_between_two_messages(engine: Engine, tmp_path: Path) -> None:
    with Relay() as relay:
        world = office(engine, tmp_path, relay, dues=portfolio(1, recipients="abcd"))
        world.scan()
        world.delivery.deliver(stop=lambda: len(relay.accepted) >= 2)
        assert len(relay.accepted) == 2
        world.mailer.close()


def report(delivery: Delivery, world: World, period: str, text: str = "Rien à signaler.\n") -> int:
    now = world.clock()
    mail = delivery.freeze(
        RenderedMail(subject=f"Rapport {period}", text=text), "chef@mairie.example", now
    )
    with writing(world.engine) as session:
        return enqueue(session, kind="report", mail=mail, period=period, now=now)


def test_a_stale_report_is_replaced_and_one_of_the_same_week_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    with Relay() as relay:
        relay.stop()
        world = office(engine, tmp_path, relay, dues=[])
        for week in (1, 2, 3):
            report(world.delivery, world, f"2027-W0{week}")
            world.run(whatever_backoff=False)
            world.clock.forward(days=7)
        with pytest.raises(AlreadyComposedError):
            report(world.delivery, world, "2027-W03")
        relay.start()
        world.run()
        assert world.states() == ["superseded", "superseded", "accepted"]
        with pytest.raises(AlreadyComposedError):
            report(world.delivery, world, "2027-W03")
        relay.stop()
    assert len(relay.accepted) == 1


def test_the_settings_become_a_policy(tmp_path: Path) -> None:
    text = """
        [office]
        name = "Mairie"
        sender = "conventions@mairie.example"
        fallback = "secours@mairie.example"
        [mail]
        host = "127.0.0.1"
        security = "none"
        port = 2525
        [delivery]
        uncertain_wait = "PT1M"
        lease = "PT1M"
    """
    file = tmp_path / "conventions.toml"
    file.write_text(text)
    settings = load_settings(file, {}, cwd=tmp_path)
    policy = delivery_policy(settings)
    assert policy.sender.address == "conventions@mairie.example"
    assert policy.waits.uncertain == timedelta(minutes=1)
    assert policy.waits.lease > timedelta(minutes=9), "an honest conversation fits into a lease"
    assert relay_settings(settings).security is Security.NONE
    assert isinstance(make_mailer(settings), SmtpMailer)


def test_settings_without_a_way_to_send_say_so(tmp_path: Path) -> None:
    settings = load_settings(None, {}, cwd=tmp_path)
    with pytest.raises(CannotSendError, match="no_sender"):
        delivery_policy(settings)
    with pytest.raises(CannotSendError, match="no_relay"):
        make_mailer(settings)
    mail = replace(settings.mail, directory=tmp_path / "out")
    assert isinstance(make_mailer(replace(settings, mail=mail)), FileMailer)


def test_waits_of_the_product_are_those_of_the_document() -> None:
    assert [REAL_WAITS.retry_after(n) / timedelta(minutes=1) for n in (0, 1, 2, 5, 9)] == [
        5, 5, 10, 67, 67,
    ]  # fmt: skip
