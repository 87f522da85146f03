"""Faults that need no dead process: full disks, locks, lost connections, old backups, bad clocks.

Played in this process, with a clock that is set by hand and a real relay on a socket. A fault
strikes at a named step of the pipeline (`STEPS`), each in turn.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from faults.scenes import Played, Stage, settle, some
from faults.standby import a_pair
from faults.standby import why_not as no_pair
from faults.world import FALLBACK, REAL_WAITS, START, Clock, Verdicts, World, judge, portfolio, smtp
from faults.zygote import ROOT
from relay import Relay
from sqlalchemy import Engine, event, text, update

from jobs.daemon import Ticker
from jobs.holds import ClockGuard, release_holds
from notifications.mailer import Timeouts
from tracker.storage.engine import new_engine, open_engine, sqlite_path, writing
from tracker.storage.errors import StorageError
from tracker.storage.tables import MessageRow

STEPS = ("scan", "compose", "claim", "mark", "dot", "journal", "finish")
"""Right after which the fault strikes; `dot` is after the relay's 250, before anything is written."""

Strike = Callable[[World], None]
QUICK = Timeouts(connect=2, command=2, body=2, dot=0.5, quit=0.3)


def office(stage: Stage, relay: Relay, *, url: str | None = None, **options: Any) -> World:
    """Return a world on a fresh database, sending to `relay`, at START."""
    state = options.pop("state", None)
    if url is None:
        url, state = stage.fresh()
    engine = open_engine(url, create=False, busy_timeout=options.pop("busy", 0.3))
    options.setdefault("dues", portfolio(2, recipients="ab"))
    options.setdefault("clock", Clock(START))
    return World(engine, state, smtp(relay.port, QUICK), waits=REAL_WAITS, **options)


def strike_after(world: World, step: str, strike: Strike) -> None:
    """Arrange for `strike` to happen once, right after the first time `step` is done."""
    struck: list[int] = []

    def once() -> None:
        if not struck:
            struck.append(1)
            strike(world)

    def after(owner: object, name: str) -> None:
        method = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            result = method(*arguments, **named)
            once()
            return result

        setattr(owner, name, wrapped)

    def before(owner: object, name: str) -> None:
        method = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            once()
            return method(*arguments, **named)

        setattr(owner, name, wrapped)

    delivery = world.delivery
    match step:
        case "scan":
            after(world, "scan")
        case "compose":
            after(delivery, "compose_pending")
        case "claim":
            before(world.mailer, "send")
        case "mark":
            after(delivery, "_mark")
        case "dot":
            before(delivery, "_journal")
        case "journal":
            after(delivery, "_journal")
        case "finish":
            after(delivery, "_finish")
        case _:
            raise AssertionError(step)


def run_until_quiet(world: World, rounds: int = 8) -> None:
    """Run every quarter of an hour, whatever goes wrong, until nothing waits."""
    for _ in range(rounds):
        with contextlib.suppress(StorageError, OSError):
            report = world.run(whatever_backoff=False)
            if report.waiting == 0 or report.holds:
                return
        world.clock.forward(minutes=15)


def verdict(world: World, relay: Relay) -> Verdicts:
    world.mailer.close()
    settle(relay)
    return judge(world.engine, [taken.content for taken in relay.accepted])


def restarted(world: World, *, url: str | None = None) -> World:
    """Return the same office in what would be a new process: nothing is remembered."""
    engine = world.engine
    if url is not None:
        engine = open_engine(url, create=False, busy_timeout=0.3)
    mailer = world.mailer.__class__(world.mailer._settings)  # type: ignore[attr-defined, call-arg]
    return World(
        engine,
        world.state,
        mailer,
        dues=world.dues,
        clock=world.clock,
        waits=world.waits,
        machine=world.machine,
    )


# --- the database fails --------------------------------------------------------------------------


def locked_database(stage: Stage, times: int) -> Played:
    """Another program locks the database after each step, longer than we wait."""

    @contextmanager
    def lock(world: World) -> Iterator[None]:
        path = sqlite_path(str(world.engine.url.render_as_string(hide_password=False)))
        if path is not None:
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
            try:
                yield
            finally:
                other.rollback()
                other.close()
        else:
            with world.engine.connect() as connection:
                connection.execute(text("LOCK TABLE message IN ACCESS EXCLUSIVE MODE"))
                yield
                connection.rollback()

    return _each_step(stage, times, lock)


def lost_connections(stage: Stage, times: int) -> Played:
    """The server drops every connection after each step."""

    @contextmanager
    def cut(world: World) -> Iterator[None]:
        _terminate_all(world.engine)
        yield

    return _each_step(stage, times, cut)


def failover(stage: Stage, times: int) -> Played:
    """The primary is killed after each step; its synchronous standby takes over."""
    verdicts = Verdicts()
    steps = some(STEPS, times)
    for step in steps:
        with a_pair() as pair, Relay() as relay:
            place = replace(
                stage, make_database=pair.make_database, folder=stage.folder / f"failover-{step}"
            )
            url, state = place.fresh()
            world = office(stage, relay, url=url, state=state)
            strike_after(world, step, lambda _world, pair=pair: pair.fail_over())
            with contextlib.suppress(StorageError):
                world.run()
            world.clock.forward(hours=1)
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(len(steps), verdicts, "a synchronous standby is promoted")


def _terminate_all(engine: Engine) -> None:
    other = new_engine(engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()


def _each_step(
    stage: Stage, times: int, trouble: Callable[[World], contextlib.AbstractContextManager[None]]
) -> Played:
    verdicts = Verdicts()
    count = 0
    for step in some(STEPS, times):
        for restart in (False, True):
            with Relay() as relay, contextlib.ExitStack() as lasting:
                world = office(stage, relay)

                def strike(world: World, lasting: contextlib.ExitStack = lasting) -> None:
                    lasting.enter_context(trouble(world))

                strike_after(world, step, strike)
                with contextlib.suppress(StorageError):
                    world.run()
                lasting.close()
                count += 1
                world.clock.forward(hours=1)
                world = restarted(world) if restart else world
                run_until_quiet(world)
                found = verdict(world, relay)
                # The journal could be written all along: there is no reason for doubt.
                assert found.flagged_twice == 0, (step, restart, found)
                verdicts.add(found)
                world.engine.dispose()
    return Played(count, verdicts, "after each step")


def lost_in_commit(stage: Stage, times: int) -> Played:
    """The connection is lost in the n-th COMMIT: before it arrives, or before its answer does."""
    verdicts = Verdicts()
    struck = 0
    for number in range(1, times + 1):
        for applied in (False, True):
            with Relay() as relay:
                world = office(stage, relay)
                seen = [0]

                def cut(
                    connection: Any,
                    seen: list[int] = seen,
                    number: int = number,
                    *,
                    applied: bool = applied,
                ) -> None:
                    seen[0] += 1
                    if seen[0] == number:
                        driver = connection.connection.dbapi_connection
                        if applied:
                            driver.commit()
                        driver.close()

                event.listen(world.engine, "commit", cut)
                with contextlib.suppress(Exception):
                    world.run()
                event.remove(world.engine, "commit", cut)
                struck += seen[0] >= number
                world.clock.forward(hours=1)
                world = restarted(world)
                run_until_quiet(world)
                verdicts.add(verdict(world, relay))
                world.engine.dispose()
    return Played(struck, verdicts, "commits")


# --- the disk fails ------------------------------------------------------------------------------


def journal_cannot_be_written(stage: Stage, _times: int) -> Played:
    """The journal's disk fills up right after the 250: accepted, and never sent again."""
    verdicts = Verdicts()
    for restart in (False, True):
        with Relay() as relay:
            world = office(stage, relay)

            def full(_line: object) -> None:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

            def strike(world: World, full: Callable[[object], None] = full) -> None:
                world.delivery._journal = full  # type: ignore[method-assign, assignment]

            strike_after(world, "mark", strike)
            world.run()
            vars(world.delivery).pop("_journal")
            world.clock.forward(hours=1)
            world = restarted(world) if restart else world
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(2, verdicts)


def full_disk(stage: Stage, times: int) -> Played:
    """A disk of our own (tmpfs) fills up after each step, database and journal on it."""
    verdicts = Verdicts()
    count = 0
    for step in some(STEPS, times):
        with small_disk(stage) as disk, Relay() as relay:
            world = on_disk(stage, relay, disk)
            ballast = disk / "ballast"

            def fill(_world: World, ballast: Path = ballast) -> None:
                with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                    while True:
                        file.write(b"x" * 4096)

            strike_after(world, step, fill)
            with contextlib.suppress(StorageError, OSError):
                world.run()
            ballast.unlink(missing_ok=True)
            count += 1
            world.clock.forward(hours=1)
            world = restarted(world)
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(count, verdicts, "after each step")


def read_only_file_system(stage: Stage, times: int) -> Played:
    """The file system turns read-only; later than this the open journal forbids the remount."""
    verdicts = Verdicts()
    count = 0
    for step in some(("scan", "compose"), times):
        with small_disk(stage) as disk, Relay() as relay:
            world = on_disk(stage, relay, disk)

            def turn(world: World, disk: Path = disk) -> None:
                world.engine.dispose()  # a file open for writing would hinder the remount
                subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

            strike_after(world, step, turn)
            with contextlib.suppress(StorageError, OSError):
                world.run()
            world.engine.dispose()
            subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
            count += 1
            world.clock.forward(hours=1)
            world = restarted(world)
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(count, verdicts, "after scan and compose")


@contextmanager
def small_disk(stage: Stage) -> Iterator[Path]:
    stage.made += 1
    disk = stage.folder / f"disk-{stage.made}"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def can_mount() -> bool:
    return os.geteuid() == 0 and shutil.which("mount") is not None


def on_disk(stage: Stage, relay: Relay, disk: Path) -> World:
    url, _ = stage.fresh()
    path = sqlite_path(url)
    assert path is not None
    shutil.copy(path, disk / "conventions.db")
    return office(stage, relay, url=f"sqlite:///{disk}/conventions.db", state=disk / "state")


# --- old backups, copies -------------------------------------------------------------------------


def restored_backups(stage: Stage, times: int) -> Played:
    """Back up after each step, send everything, restore: nothing again, held until released."""
    verdicts = Verdicts()
    for step in some(STEPS, times):
        with Relay() as relay:
            world = office(stage, relay)
            kept: list[str] = []

            def back_up(world: World, kept: list[str] = kept) -> None:
                world.engine.dispose()
                url = world.engine.url.render_as_string(hide_password=False)
                kept.append(stage.copy_database(url))

            strike_after(world, step, back_up)
            run_until_quiet(world)
            sent = len(relay.accepted)
            assert sent == 2, sent
            world.engine.dispose()
            world.clock.forward(hours=2)
            world = restarted(world, url=kept[0])
            run_until_quiet(world)
            assert world.holds() == {"restored"}, (step, world.holds())
            assert len(relay.accepted) == sent, step
            _release(world)
            run_until_quiet(world)
            assert world.holds() == set(), (step, world.holds())
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(min(times, len(STEPS)), verdicts, "restored after each step")


def _release(world: World) -> None:
    with writing(world.engine) as session:
        release_holds(
            session,
            identity=world.identity,
            journal=world.journal,
            now=world.clock(),
            who="operator",
        )
    world.delivery.holds_here = []


def copied_installation(stage: Stage, _times: int) -> Played:
    """A copy of the database and of the state directory, on another machine, sends nothing."""
    verdicts = Verdicts()
    for step in ("scan", "compose", "finish"):
        with Relay() as relay, Relay() as elsewhere:
            world = office(stage, relay)
            kept: list[str] = []

            def copy(world: World, kept: list[str] = kept) -> None:
                world.engine.dispose()
                url = world.engine.url.render_as_string(hide_password=False)
                kept.append(stage.copy_database(url))
                if world.state.exists():
                    shutil.copytree(world.state, world.state.with_name(world.state.name + "-copy"))

            strike_after(world, step, copy)
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            twin = office(
                stage,
                elsewhere,
                url=kept[0],
                state=world.state.with_name(world.state.name + "-copy"),
                machine="machine-two",
                clock=Clock(START + timedelta(hours=3)),
            )
            run_until_quiet(twin)
            assert twin.holds() & {"copied", "not_joined"}, twin.holds()
            assert elsewhere.accepted == []
            # Released on purpose, it goes on as its own, and what was sent is not sent again.
            _release(twin)
            assert twin.holds() == set()
            twin.scan()
            twin.delivery.recover()
            assert twin.holds() == set(), twin.holds()
            twin.engine.dispose()
            world.engine.dispose()
    return Played(3, verdicts)


# --- the clock -----------------------------------------------------------------------------------


def clock_set_back(stage: Stage, times: int) -> Played:
    """The clock goes back by minutes, days and years, after each step: nothing again, nothing lost."""
    verdicts = Verdicts()
    count = 0
    for step in some(STEPS, times):
        for back in (timedelta(minutes=7), timedelta(days=2), timedelta(days=4000)):
            with Relay() as relay:
                world = office(stage, relay, today=START.date())

                def set_back(world: World, back: timedelta = back) -> None:
                    assert world.clock.now is not None
                    world.clock.now -= back

                strike_after(world, step, set_back)
                world.run()
                run_until_quiet(world)
                count += 1
                verdicts.add(verdict(world, relay))
                world.engine.dispose()
    return Played(count, verdicts, "after each step")


def clock_far_forward(stage: Stage, _times: int) -> Played:
    """Inside a living daemon the clock jumps ahead: held; an hour more or less is not."""
    verdicts = Verdicts()
    for jump, held in ((timedelta(minutes=59), False), (timedelta(days=800), True)):
        with Relay() as relay:
            world = office(stage, relay)
            steady = [0.0]
            ticker = Ticker(
                engine=world.engine,
                jobs=[],
                delivery=world.delivery,
                identity=world.identity,
                clock_guard=ClockGuard(steady=lambda steady=steady: steady[0]),  # type: ignore[misc]
            )
            ticker.tick(world.clock())
            steady[0] += 60
            assert world.clock.now is not None
            world.clock.now += timedelta(seconds=60) + jump
            world.scan()
            ticker.tick(world.clock())
            assert (world.holds() == {"clock_jump"}) is held
            assert (relay.accepted == []) is held
            # The clock is mended, the hold released.
            world.clock.now = START + timedelta(minutes=5)
            steady[0] += 60
            _release(world)
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(2, verdicts)


# --- the relay -----------------------------------------------------------------------------------

RELAY_DAYS = (
    "451",
    "450",
    "554",
    "550",
    "421",
    "421_mail",
    "421_rcpt",
    "drop_mail",
    "drop_rcpt",
    "drop_before_dot",
    "early_554",
    "drop_after_dot_accepted",
    "drop_after_dot_lost",
    "timeout",
    "garbage",
    "bad_quit",
    "drop_quit",
)


def bad_days_of_the_relay(stage: Stage, times: int) -> Played:
    """Each behaviour of the scriptable relay, once and twice in a row, then good days."""
    verdicts = Verdicts()
    for behaviour in some(RELAY_DAYS, times):
        for in_a_row in (1, 2):
            with Relay(script=[behaviour] * in_a_row) as relay:
                world = office(stage, relay)
                for _ in range(14):
                    world.run(whatever_backoff=False)
                    world.clock.forward(minutes=15)
                found = verdict(world, relay)
                if behaviour not in {"554", "550", "early_554"} and in_a_row == 1:
                    assert found.visible_failure == 0, (behaviour, found)
                verdicts.add(found)
                world.engine.dispose()
    return Played(2 * min(times, len(RELAY_DAYS)), verdicts, "behaviours")


def refused_recipients(stage: Stage, _times: int) -> Played:
    """One refused recipient of ten: nine served, one dead and visible, the fallback told."""
    names = [f"p{number}" for number in range(10)]
    with Relay(by_recipient={"p4@mairie.example": "550"}) as relay:
        world = office(stage, relay, dues=portfolio(2, recipients=names))
        world.run()
        served = {taken.recipient for taken in relay.accepted}
        assert served == {f"{n}@mairie.example" for n in names if n != "p4"} | {FALLBACK}
        assert ("recipient_refused", "p4@mairie.example") in world.problems()
        found = verdict(world, relay)
        world.engine.dispose()
    with Relay(default="550") as relay:
        world = office(stage, relay, dues=portfolio(2, recipients=names))
        world.run()
        run_until_quiet(world)
        assert len(world.problems()) == len(names) + 1, "everybody, and the fallback too"
        found.add(verdict(world, relay))
        world.engine.dispose()
    return Played(11, found)


def six_days_without_relay(stage: Stage, days: int) -> Played:
    """The relay is away for days while deadlines open: nothing dropped, order kept, one probe."""
    with Relay() as relay:
        port = relay.port
        relay.stop()
        world = office(stage, relay, dues=portfolio(20, recipients="abc", lead=max(days - 2, 5)))
        for _ in range(days * 24):
            world.run(whatever_backoff=False)
            world.clock.forward(hours=1)
        assert ("relay_trouble", "relay") in world.problems()
        back = Relay(port=port)
        with back:
            world.clock.forward(minutes=67)
            run_until_quiet(world)
            found = verdict(world, back)
            for who in "abc":
                sent = [t.message_id for t in back.accepted if t.recipient[0] == who]
                kept = [m.message_id_header for m in world.messages() if m.recipient[0] == who]
                assert sent == kept, "in the order in which they were composed"
        world.engine.dispose()
    return Played(days, found, "days")


# --- rows that somebody changed ------------------------------------------------------------------

SPOILED: dict[str, dict[str, Any]] = {
    "bytes": {"body": b"Subject: x\r\n\r\n"},
    "empty bytes": {"body": b""},
    "fingerprint": {"sha256": "0" * 64},
    "sending without lease": {"state": "sending"},
    "sending until 2099": {
        "state": "sending",
        "lease_owner": "nobody",
        "lease_until": START + timedelta(days=26_000),
    },
    "next try in 2099": {"next_attempt_at": START + timedelta(days=26_000)},
    "recipient": {"recipient": "a@x.fr\r\nRCPT TO:<everybody@x.fr>"},
}


def spoiled_rows(stage: Stage, times: int) -> Played:
    """A waiting message's row is changed by hand: sent as it was, or held and visible."""
    verdicts = Verdicts()
    for values in some(list(SPOILED.values()), times):
        with Relay(script=["451"]) as relay:
            world = office(stage, relay, dues=portfolio(2, recipients="a"))
            world.run()
            with writing(world.engine) as session:
                session.execute(update(MessageRow).values(**values))
            run_until_quiet(world)
            verdicts.add(verdict(world, relay))
            world.engine.dispose()
    return Played(min(times, len(SPOILED)), verdicts, ", ".join(SPOILED))


# --- the operating system says no ----------------------------------------------------------------

INJECTED = ("fsync", "fdatasync", "pwrite64", "write", "unlink", "openat")


def input_output_errors(stage: Stage, times: int) -> Played:
    """`strace` makes one system call fail with EIO or ENOSPC; a new process goes on."""
    verdicts = Verdicts()
    count = 0
    for call in some(INJECTED, 3 * times):
        for number in range(1, times + 1):
            url, state = stage.fresh()
            which = (
                number * 3 if call in {"fsync", "fdatasync", "pwrite64", "unlink"} else number * 40
            )
            error = "ENOSPC" if number % 2 else "EIO"
            with Relay() as relay:
                order = {"url": url, "state": str(state), "port": relay.port, "seconds": 1.5}
                done = subprocess.run(
                    [
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        f"trace={call}",
                        "-e",
                        f"inject={call}:error={error}:when={which}",
                        *_worker_command(order),
                    ],
                    check=False,
                    capture_output=True,
                    env=_worker_environment(),
                    timeout=120,
                )
                count += 1
                del done
                again = stage.zygote.run(**order)
                assert again.status == 0, again
                engine = open_engine(url, create=False)
                settle(relay)
                verdicts.add(judge(engine, [taken.content for taken in relay.accepted]))
                engine.dispose()
    return Played(count, verdicts, ", ".join(INJECTED))


def can_trace() -> bool:
    return shutil.which("strace") is not None


def _worker_command(order: dict[str, Any]) -> list[str]:
    return [
        sys.executable,
        "-X",
        "utf8",
        str(Path(__file__).with_name("zygote.py")),
        json.dumps(order),
    ]


def _worker_environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}


def not_here(scene: Callable[..., Played], backend: str) -> str | None:
    """Return why a scene cannot be played here, None when it can."""
    if backend == "sqlite" and scene in {lost_connections, lost_in_commit}:
        return "SQLite has no connection to lose"
    if scene is failover:
        return "SQLite has no standby" if backend == "sqlite" else no_pair()
    if backend == "postgresql" and scene in {full_disk, read_only_file_system, input_output_errors}:
        return "the server's disk is the server's"
    if scene in {full_disk, read_only_file_system} and not can_mount():
        return "needs the right to mount a small disk"
    if scene is input_output_errors and not can_trace():
        return "needs strace"
    return None
