"""The scheduler: an alarm clock that wakes `tick`, and the manners of a Unix service.

APScheduler rings, the database decides. Its job store loses runs and its cron triggers lose a
Monday at the spring change, so it holds one interval job in UTC and nothing else; what is due is
computed from our own tables (`jobs.ledger`), and a tick that comes late, twice or from two daemons
at once does no harm. The same tick is `conventions run`.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Protocol

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine, update

from jobs.dispatch import Delivery, DeliveryReport
from jobs.holds import ClockGuard, hold_for_clock_jump
from jobs.identity import Identity, is_dead
from jobs.ledger import Rule, begin_run, due_days, finish_run, skip_runs
from notifications.rows import count, note_problem, resolve_problem
from tracker.storage import schema
from tracker.storage.engine import reading, writing
from tracker.storage.errors import SchemaTooNewError, StorageError
from tracker.storage.tables import InstallationRow

log = logging.getLogger(__name__)


class Work(Protocol):
    """What a scheduled job does. It owns its transactions and may be repeated."""

    def __call__(self, today: date, now: datetime) -> Mapping[str, int]:
        """Work as of `today`; return counts for the ledger. Raise to be tried again later."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A rule of the calendar and the work it asks for."""

    rule: Rule
    work: Work


@dataclass(slots=True, kw_only=True)
class TickReport:
    """What one tick did."""

    ran: dict[str, Mapping[str, int]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    delivery: DeliveryReport | None = None


@dataclass(slots=True, kw_only=True)
class Ticker:
    """One look at what is due: jobs of the calendar, then delivery."""

    engine: Engine
    jobs: Sequence[Job]
    delivery: Delivery | None
    identity: Identity
    clock_guard: ClockGuard | None = None
    """Only inside a living daemon: between two processes a gap is downtime."""
    stop: Callable[[], bool] = lambda: False

    def tick(self, now: datetime) -> TickReport:
        """Do what is due at `now`; a failing job hinders neither the others nor delivery."""
        self._check_schema()
        self._check_clock(now)
        report = TickReport()
        for job in self.jobs:
            if self.stop():
                break
            self._run_due(job, now, report)
        if self.delivery is not None and not self.stop():
            report.delivery = self.delivery.deliver(stop=self.stop)
        with writing(self.engine) as session:
            count(session, update(InstallationRow).values(last_tick_at=now))
        return report

    def _check_schema(self) -> None:
        """Stop at once when a newer program has upgraded the database under this process."""
        with reading(self.engine) as session:
            found = schema.current_revision(session.connection())
        if found != schema.REVISIONS[-1]:
            raise SchemaTooNewError(
                url=str(self.engine.url.render_as_string(hide_password=True)),
                found=str(found),
                known=schema.REVISIONS[-1],
            )

    def _check_clock(self, now: datetime) -> None:
        if self.clock_guard is None:
            return
        jump = self.clock_guard.jump(now)
        if jump > timedelta(0):
            with writing(self.engine) as session:
                if hold_for_clock_jump(session, jump, now=now):
                    log.error("the clock jumped by %s", jump, extra={"action": "clock_jump"})

    def _run_due(self, job: Job, now: datetime, report: TickReport) -> None:
        name = job.rule.name
        with reading(self.engine) as session:
            days = due_days(session, job.rule, now=now)
        if not days:
            return
        *missed, day = days
        with writing(self.engine) as session:
            ours = begin_run(
                session,
                name,
                day,
                worker=self.identity.worker,
                now=now,
                is_dead=lambda worker: is_dead(worker, self.identity),
            )
            if ours:
                skip_runs(session, name, missed, now=now)
        if not ours:
            return
        if missed:
            log.info("%s: %d missed", name, len(missed), extra={"action": "catch_up"})
        counts: Mapping[str, int] = {}
        error = None
        try:
            counts = job.work(now.astimezone(job.rule.schedule.zone).date(), now)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
            log.exception("%s failed", name, extra={"action": "job"})
        with writing(self.engine) as session:
            finish_run(
                session,
                name,
                day,
                worker=self.identity.worker,
                now=now,
                counts=counts,
                error=error,
            )
            if error is None:
                resolve_problem(session, code="job_failed", subject=name, now=now)
            else:
                note_problem(
                    session,
                    code="job_failed",
                    subject=name,
                    message=(
                        f"Le travail « {name} » a échoué et sera repris : {error}.",
                        f"The job “{name}” failed and will be tried again: {error}.",
                    ),
                    now=now,
                )
        if error is None:
            report.ran[name] = counts
        else:
            report.failed[name] = error


# --- the service ---------------------------------------------------------------------------------


class ServiceManager:
    """systemd's notification socket, or nobody (sd_notify(3): one datagram)."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> ServiceManager:
        """Find the socket of the service manager that started this process, if one did."""
        return cls(environ.get("NOTIFY_SOCKET") or None)

    def tell(self, *lines: str) -> None:
        """Send what the manager should know; a manager that does not listen is no reason to die."""
        if not self._address:
            return
        address = self._address
        if address.startswith("@"):
            address = "\0" + address[1:]  # an abstract socket
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto("\n".join(lines).encode(), address)


def run_daemon(
    tick: Callable[[datetime], object],
    *,
    interval: timedelta,
    clock: Callable[[], datetime],
    stop: threading.Event,
    manager: ServiceManager | None = None,
    on_tick: Callable[[bool], None] = lambda _good: None,
) -> int:
    """Tick at once, then at every interval, until SIGTERM or SIGINT; return the exit status.

    `stop` is what the tick looks at between two messages: the one in flight is finished. Readiness
    and the watchdog's food are given after a completed tick only, so that a loop that hangs, or
    whose every tick fails, is restarted. `on_tick` learns how each tick went.
    """
    manager = manager or ServiceManager.from_environment()
    service = _Service(tick, clock, stop, manager, on_tick)
    scheduler = BlockingScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    # Handlers only set a flag: they run between any two instructions of the main thread, which may
    # hold the scheduler's locks or be in the middle of a log line.
    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    def shut_down() -> None:
        stop.wait()
        log.info("stopping", extra={"action": "stop"})
        manager.tell("STOPPING=1")
        if scheduler.running:
            scheduler.shutdown(wait=False)

    def shut_down_late(_event: object) -> None:
        if stop.is_set():  # asked between the first tick and the start of the scheduler
            scheduler.shutdown(wait=False)

    scheduler.add_listener(shut_down_late, EVENT_SCHEDULER_STARTED)
    watcher = threading.Thread(target=shut_down, name="stop", daemon=True)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, ask_to_stop) for number in numbers}
    watcher.start()
    try:
        service.tick_once()
        if not stop.is_set():
            trigger = IntervalTrigger(seconds=interval.total_seconds(), timezone=UTC)
            scheduler.add_job(service.tick_once, trigger, id="tick")
            scheduler.start()
        # `start` returns at the shutdown; the tick in the pool finishes its message first.
        service.wait_until_idle()
    finally:
        stop.set()
        watcher.join(5)
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


class _Service:
    """One tick at a time, whatever it raises."""

    def __init__(
        self,
        tick: Callable[[datetime], object],
        clock: Callable[[], datetime],
        stop: threading.Event,
        manager: ServiceManager,
        on_tick: Callable[[bool], None],
    ) -> None:
        self._tick = tick
        self._clock = clock
        self._stop = stop
        self._manager = manager
        self._on_tick = on_tick
        self._busy = threading.Lock()
        self._ready = False

    def tick_once(self) -> None:
        with self._busy:
            if self._stop.is_set():
                return
            good = self._try()
            with suppress(Exception):
                self._on_tick(good)

    def wait_until_idle(self) -> None:
        with self._busy:
            pass

    def _try(self) -> bool:
        now = self._clock()
        try:
            self._tick(now)
        except StorageError as error:
            # Locked, full, unreachable: the next tick tries again, and the watchdog is not fed.
            log.error("tick: %s", error, extra={"action": "tick"})  # noqa: TRY400 - said in full
            return False
        except Exception:
            log.exception("tick failed", extra={"action": "tick"})
            return False
        lines = ["WATCHDOG=1", f"STATUS=last tick {now:%Y-%m-%d %H:%M:%S} UTC"]
        if not self._ready:
            lines.insert(0, "READY=1")
            self._ready = True
        self._manager.tell(*lines)
        log.debug("tick done", extra={"action": "tick"})
        return True
