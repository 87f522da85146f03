"""The scheduler: what is due, holds, and the manners of a service."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time as real_time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from faults.world import START, Clock, World, portfolio, smtp
from relay import Relay
from sqlalchemy import Engine, select, text

from jobs.daemon import Job, ServiceManager, Ticker, run_daemon
from jobs.holds import ClockGuard, HoldReason, active_holds, check_holds, place_hold, release_holds
from jobs.identity import Identity, current_identity, is_dead
from jobs.ledger import Rule, begin_run, due_days, finish_run
from jobs.schedule import CivilSchedule
from notifications.journal import Accepted, Journal
from notifications.outbox import RefusedError
from tracker.storage.engine import reading, writing
from tracker.storage.errors import SchemaTooNewError
from tracker.storage.tables import InstallationRow, JobRunRow

ROOT = Path(__file__).resolve().parents[2]
PARIS = ZoneInfo("Europe/Paris")
SCAN = Rule(name="scan", schedule=CivilSchedule(at=time(6, 30), zone=PARIS))
REPORT = Rule(
    name="report", schedule=CivilSchedule(at=time(8), zone=PARIS, weekday=0), owes_past=False
)
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)


class Work:
    """Remembers the days it was asked for; fails when told to."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.failing = False

    def __call__(self, today: date, now: datetime) -> Mapping[str, int]:
        if self.failing:
            raise RuntimeError("no")
        self.days.append(today)
        return {"scanned": 1}


@pytest.fixture
def identity(engine: Engine) -> Identity:
    world = World(engine, Path("/nonexistent"), smtp(1), clock=Clock(MONDAY))
    world.register()
    return world.identity


def ticker(engine: Engine, identity: Identity, *jobs: Job) -> Ticker:
    return Ticker(engine=engine, jobs=jobs, delivery=None, identity=identity)


def states(engine: Engine, rule: str) -> list[tuple[date, str]]:
    with reading(engine) as session:
        rows = session.execute(
            select(JobRunRow.local_date, JobRunRow.state)
            .where(JobRunRow.rule == rule)
            .order_by(JobRunRow.local_date)
        )
        return [(row.local_date, row.state) for row in rows]


# --- the ledger ----------------------------------------------------------------------------------


def test_a_new_installation_scans_at_once_and_owes_no_earlier_report(
    engine: Engine, identity: Identity
) -> None:
    scan, report = Work(), Work()
    both = ticker(engine, identity, Job(rule=SCAN, work=scan), Job(rule=REPORT, work=report))
    for minutes in (0, 1, 60):
        both.tick(MONDAY + timedelta(minutes=minutes))
    assert (scan.days, report.days) == ([date(2027, 1, 4)], [])
    both.tick(MONDAY + timedelta(days=7))
    assert (scan.days[1:], report.days) == ([date(2027, 1, 11)], [date(2027, 1, 11)])


def test_missed_occurrences_are_one_run_and_a_trace(engine: Engine, identity: Identity) -> None:
    work = Work()
    one = ticker(engine, identity, Job(rule=SCAN, work=work))
    one.tick(MONDAY)
    one.tick(MONDAY + timedelta(days=5))
    assert work.days == [date(2027, 1, 4), date(2027, 1, 9)]
    assert states(engine, "scan") == [
        (date(2027, 1, 4), "done"),
        *((date(2027, 1, day), "skipped") for day in (5, 6, 7, 8)),
        (date(2027, 1, 9), "done"),
    ]


def test_each_civil_day_of_a_year_has_one_scan_and_each_monday_one_report(
    engine: Engine, identity: Identity
) -> None:
    scan, report = Work(), Work()
    both = ticker(engine, identity, Job(rule=SCAN, work=scan), Job(rule=REPORT, work=report))
    for hours in range(0, 320 * 24, 17):
        both.tick(MONDAY + timedelta(hours=hours))
    assert sorted(set(scan.days)) == scan.days
    assert {(day - scan.days[0]).days for day in scan.days} == set(range(len(scan.days)))
    assert len(report.days) == 320 * 24 // (7 * 24)


def test_a_failing_job_is_visible_and_tried_again_and_hinders_nobody(
    engine: Engine, identity: Identity
) -> None:
    broken, other = Work(), Work()
    broken.failing = True
    both = ticker(
        engine,
        identity,
        Job(rule=SCAN, work=broken),
        Job(rule=replace(SCAN, name="other"), work=other),
    )
    report = both.tick(MONDAY)
    assert (list(report.failed), other.days) == (["scan"], [date(2027, 1, 4)])
    broken.failing = False
    both.tick(MONDAY + timedelta(minutes=1))
    assert broken.days == [], "not at once"
    both.tick(MONDAY + timedelta(minutes=6))
    assert broken.days == [date(2027, 1, 4)]
    world = World(engine, Path("/nonexistent"), smtp(1))
    assert world.problems() == set()


def test_a_clock_that_was_ahead_does_not_silence_the_future(
    engine: Engine, identity: Identity
) -> None:
    work = Work()
    one = ticker(engine, identity, Job(rule=SCAN, work=work))
    one.tick(MONDAY)
    one.tick(MONDAY + timedelta(days=3000))
    one.tick(MONDAY + timedelta(days=1))
    assert work.days[-1] == date(2027, 1, 5)


def test_one_of_two_workers_gets_a_run_and_a_dead_ones_run_is_taken_over(
    engine: Engine,
) -> None:
    def begin(worker: str, now: datetime, dead: str = "") -> bool:
        with writing(engine) as session:
            return begin_run(
                session, "scan", now.date(), worker=worker, now=now, is_dead=lambda w: w == dead
            )

    assert begin("one", MONDAY)
    assert not begin("two", MONDAY)
    assert begin("two", MONDAY, dead="one")
    assert not begin("three", MONDAY + timedelta(minutes=29))
    assert begin("three", MONDAY + timedelta(minutes=31))
    with writing(engine) as session:
        day = MONDAY.date()
        assert not finish_run(session, "scan", day, worker="two", now=MONDAY)
        assert finish_run(session, "scan", day, worker="three", now=MONDAY)
        assert due_days(session, SCAN, now=MONDAY) == []


def test_the_tick_is_written_down_for_the_doctor(engine: Engine, identity: Identity) -> None:
    ticker(engine, identity).tick(MONDAY)
    with reading(engine) as session:
        assert session.scalar(select(InstallationRow.last_tick_at)) == MONDAY


def test_a_database_of_a_newer_program_stops_the_tick(engine: Engine, identity: Identity) -> None:
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'c9999'"))
    with pytest.raises(SchemaTooNewError):
        ticker(engine, identity).tick(MONDAY)


# --- holds ---------------------------------------------------------------------------------------


def test_a_hold_is_placed_once_and_released_by_somebody(
    engine: Engine, identity: Identity, tmp_path: Path
) -> None:
    with writing(engine) as session:
        for _ in range(2):
            place_hold(session, HoldReason.CLOCK_JUMP, now=MONDAY, seconds=9000)
        assert [hold.details for hold in active_holds(session)] == [{"seconds": 9000}]
        release = release_holds(
            session, identity=identity, journal=Journal(tmp_path / "j"), now=MONDAY, who="x"
        )
        assert release.reasons == ("clock_jump",)
        assert active_holds(session) == []


def entry(machine: str, number: int) -> Accepted:
    return Accepted(
        at=MONDAY,
        machine=machine,
        installation="i",
        message_id=f"<{number}@x.fr>",
        kind="reminder",
        recipient="a@x.fr",
        subject="s",
    )


def test_another_machines_journal_in_our_state_directory_is_a_copy(
    engine: Engine, identity: Identity, tmp_path: Path
) -> None:
    journal = Journal.in_directory(tmp_path)
    journal.record(entry("somebody else", 1))
    with writing(engine) as session:
        holds = check_holds(session, identity=identity, journal=journal, now=MONDAY)
    assert "copied" in {hold.reason for hold in holds}


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_restored_server_is_released_when_every_machines_journal_was_read(
    engine: Engine, identity: Identity, tmp_path: Path, backend: str
) -> None:
    other = World(engine, tmp_path, smtp(1), machine="machine-two", clock=Clock(MONDAY))
    other.register()
    journal = Journal.in_directory(tmp_path / "state")
    journal.record(entry(identity.machine, 1))
    with writing(engine) as session:
        check_holds(session, identity=identity, journal=journal, now=MONDAY)
    with pytest.raises(RefusedError) as refused, writing(engine) as session:
        release_holds(session, identity=identity, journal=journal, now=MONDAY, who="x")
    assert refused.value.code == "journals_missing"
    with writing(engine) as session:
        release = release_holds(
            session,
            identity=identity,
            journal=journal,
            now=MONDAY,
            who="x",
            journals=[entry(other.identity.machine, 2)],
        )
    assert release.learnt == 1
    assert World(engine, tmp_path, smtp(1)).states() == ["accepted", "accepted"]


def test_a_suspended_machine_is_not_a_clock_that_jumped() -> None:
    steady = [0.0]
    guard = ClockGuard(steady=lambda: steady[0])
    assert guard.jump(MONDAY) == timedelta(0)
    steady[0] += 7 * 86400
    assert guard.jump(MONDAY + timedelta(days=7)) == timedelta(0)
    steady[0] += 60
    assert guard.jump(MONDAY + timedelta(days=8)) == timedelta(days=1) - timedelta(seconds=60)


# --- who is dead ---------------------------------------------------------------------------------


def test_only_what_can_be_seen_dead_is_dead() -> None:
    me = current_identity("m")
    assert not is_dead(me.worker, me)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    parts = me.worker.split("/")
    worker = "/".join([*parts[:2], str(child.pid), stat[19], "x"])
    assert not is_dead(worker, me)
    child.kill()
    child.communicate()
    assert is_dead(worker, me)
    elsewhere = "/".join(["other machine", *worker.split("/")[1:]])
    assert not is_dead(elsewhere, me)
    used_again = "/".join([*parts[:2], str(os.getpid()), "1", "x"])
    assert is_dead(used_again, me)
    before_the_last_boot = "/".join([parts[0], "00000000.1", *parts[2:]])
    assert is_dead(before_the_last_boot, me)
    assert not is_dead("nonsense", me)


# --- the service ---------------------------------------------------------------------------------


@pytest.fixture
def manager(tmp_path: Path) -> tuple[ServiceManager, socket.socket]:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    address = str(tmp_path / "notify")
    listening.bind(address)
    listening.settimeout(5)
    return ServiceManager(address), listening


def test_the_manager_hears_only_of_completed_ticks(
    manager: tuple[ServiceManager, socket.socket],
) -> None:
    service, listening = manager
    stop = threading.Event()
    ticks: list[int] = []
    good: list[bool] = []

    def tick(_now: datetime) -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise RuntimeError("the database is away")
        if len(ticks) == 3:
            stop.set()

    status = run_daemon(
        tick,
        interval=timedelta(seconds=0.05),
        clock=lambda: datetime.now(UTC),
        stop=stop,
        manager=service,
        on_tick=good.append,
    )
    heard = [listening.recv(500).decode().split("\n") for _ in range(3)]
    listening.close()
    assert (status, good) == (0, [False, True, True])
    assert [line[0] for line in heard][:2] == ["READY=1", "WATCHDOG=1"] or heard[1] == [
        "STOPPING=1"
    ]
    assert heard[0][:2] == ["READY=1", "WATCHDOG=1"]


DAEMON = """
import sys, threading
from datetime import timedelta
from pathlib import Path
from faults.world import *
from jobs.daemon import Ticker, run_daemon
from tracker.storage.engine import open_engine

url, state, port = sys.argv[1:]
stop = threading.Event()
world = World(open_engine(url, create=False), Path(state), smtp(int(port)), clock=Clock(None))
ticker = Ticker(
    engine=world.engine, jobs=[], delivery=world.delivery, identity=world.identity,
    stop=stop.is_set,
)
sys.exit(run_daemon(ticker.tick, interval=timedelta(seconds=0.2), clock=world.clock, stop=stop))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_message_in_flight_finish(
    engine: Engine, database_url: str, tmp_path: Path, number: int
) -> None:
    with Relay(default="slow", slow_seconds=0.7) as relay:
        state = tmp_path / "state"
        world = World(engine, state, smtp(1), clock=Clock(None))
        world.dues = portfolio(1, recipients="abcd")
        world.register()
        world.scan(START.date())
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
        daemon = subprocess.Popen(
            [sys.executable, "-c", DAEMON, database_url, str(state), str(relay.port)],
            env=environment,
        )
        relay.wait_for(1, 20)
        daemon.send_signal(number)
        began = real_time.monotonic()
        assert daemon.wait(15) == 0
        assert real_time.monotonic() - began < 5
    assert len(relay.accepted) == 1
    assert sorted(world.states()) == ["accepted", "queued", "queued", "queued"]
