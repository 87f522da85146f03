"""`daemon`: the scheduler in the foreground, until it is told to stop."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from jobs.cycle import daemon_jobs, note_whether_mail_can_leave
from jobs.daemon import Ticker, TickReport, run_daemon
from jobs.holds import ClockGuard
from jobs.locks import presence
from jobs.logs import JSON, LEVELS, PLAIN, set_up_logging
from jobs.ping import Pinger
from jobs.runtime import Runtime, runtime_for
from tracker.cli import OneOf, command, option, pass_app
from tracker.context import App
from tracker.errors import UserError
from tracker.storage.engine import mask_url

log = logging.getLogger(__name__)


@command(
    "daemon",
    fr="Le planificateur, au premier plan, jusqu’à SIGTERM : examine, prévient, envoie.",
    en="The scheduler, in the foreground, until SIGTERM: scans, reminds, sends.",
)
@option(
    "--log-format",
    type=OneOf((PLAIN, JSON)),
    default=PLAIN,
    show_default=True,
    fr="forme du journal, sur la sortie d’erreur",
    en="form of the log, on standard error",
)
@option(
    "--log-level",
    type=OneOf(LEVELS),
    default="info",
    show_default=True,
    fr="ce que dit le journal",
    en="how much the log says",
)
@pass_app
def daemon(app: App, log_format: str, log_level: str) -> int:
    if app.today_option is not None:
        raise UserError(
            "daemon suit l’horloge : --today n’y a pas de sens (conventions --today JOUR run fait "
            "un cycle à cette date)",
            "daemon follows the clock: --today has no meaning there (conventions --today DAY run "
            "does one cycle on that day)",
        )
    set_up_logging(log_format, log_level)
    runtime = runtime_for(app)
    try:
        with presence(runtime.settings.state.directory):
            return _serve(runtime)
    finally:
        runtime.engine.dispose()


def _serve(runtime: Runtime) -> int:
    runtime.register()
    note_whether_mail_can_leave(runtime, runtime.clock())
    stop = threading.Event()
    ticker = Ticker(
        engine=runtime.engine,
        jobs=daemon_jobs(runtime),
        delivery=runtime.delivery(),
        identity=runtime.identity,
        clock_guard=ClockGuard(),
        stop=stop.is_set,
    )
    pinger = Pinger(runtime.settings.schedule.ping_url)

    def tick(now: datetime) -> TickReport:
        report = ticker.tick(now)
        for name, counts in report.ran.items():
            log.info("%s done: %s", name, dict(counts), extra={"action": name})
        pinger.after(report)
        return report

    if ticker.delivery is None:
        log.warning("no mail can leave: no relay, or no sender", extra={"action": "start"})
    for warning in runtime.settings.warnings:
        log.warning("settings: %s", warning.message("en"), extra={"action": "settings"})
    log.info("working on %s", mask_url(runtime.engine.url), extra={"action": "start"})
    status = run_daemon(
        tick, interval=runtime.settings.delivery.tick, clock=runtime.clock, stop=stop
    )
    log.info("stopped", extra={"action": "stop"})
    return status
