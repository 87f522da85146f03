"""`run`: one whole cycle, by hand or from cron."""

from __future__ import annotations

import logging

import click

from jobs.cycle import CycleReport, plan_cycle, run_cycle
from jobs.locks import presence
from jobs.ping import ping
from jobs.runtime import runtime_for
from jobs.words import hold_reason
from tracker.cli import command, format_option, option, pass_app, say, tell
from tracker.context import App
from tracker.formatting import columns, dump_json, terminal_width, wrap
from tracker.wording import Wording

ATTENTION = 1
TEMPORARY = 3


@command(
    "run",
    fr="Un cycle complet : échéances, courriels, calendriers. Peut être répété sans risque.",
    en="One whole cycle: deadlines, mail, calendars. Repeating it does no harm.",
)
@option(
    "--dry-run",
    is_flag=True,
    fr="dit ce qui partirait, sans rien changer",
    en="say what would leave, change nothing",
)
@format_option("table", "json")
@pass_app
def run(app: App, dry_run: bool, form: str) -> int:
    # What happens is told below, in words; the daemon is who logs.
    logging.getLogger().addHandler(logging.NullHandler())
    runtime = runtime_for(app)
    try:
        if dry_run:
            report = plan_cycle(runtime, today=app.today)
        else:
            with presence(runtime.settings.state.directory):
                report = run_cycle(runtime, today=app.today, now=runtime.clock())
            _ping_after(report, app)
    finally:
        runtime.engine.dispose()
    click.echo(
        dump_json(run_json(report))
        if form == "json"
        else _table(report, app.wording, dry_run=dry_run)
    )
    if dry_run:
        return 0
    if report.is_passing_trouble:
        return TEMPORARY
    return ATTENTION if report.needs_attention else 0


def _ping_after(report: CycleReport, app: App) -> None:
    """Tell that a real run went well; a day given by `--today` is no sign of life."""
    url = app.settings.schedule.ping_url
    if url is not None and app.today_option is None and not report.needs_attention:
        ping(url)


def run_json(report: CycleReport) -> dict[str, object]:
    """Return a cycle as `run --format json` gives it."""
    delivery = report.delivery
    return {
        "today": report.today.isoformat(),
        "scanned": report.scan.scanned,
        "obligations": report.scan.obligations,
        "composed": report.composed,
        "accepted": delivery.accepted,
        "uncertain": delivery.uncertain,
        "failed": delivery.failed,
        "held": delivery.held,
        "problems": [
            {"code": item.code, "subject": item.subject, "message": item.message}
            for item in report.problems
        ],
    }


def _table(report: CycleReport, words: Wording, *, dry_run: bool) -> str:
    delivery = report.delivery
    rows = [
        (say("Conventions examinées", "Conventions scanned"), str(report.scan.scanned)),
        (say("Rappels nouveaux", "New reminders"), str(report.scan.obligations)),
        (say("Messages composés", "Messages composed"), str(report.composed)),
    ]
    if not dry_run:
        rows += [
            (say("Messages acceptés", "Messages accepted"), str(delivery.accepted)),
            (say("Envois incertains", "Uncertain"), str(delivery.uncertain)),
            (say("Envois échoués", "Failed"), str(delivery.failed)),
            (say("Envois retenus", "Held"), str(delivery.held)),
        ]
    width = terminal_width()
    lines = [line for name, value in rows for line in wrap(f"{name:<24}{value:>6}", width)]
    if report.planned:
        heads = (
            say("Destinataire", "Recipient"),
            say("Étape", "Stage"),
            say("Échéance", "Deadline"),
        )
        planned = sorted(
            (item.recipient or "?", item.stage, item.deadline_key) for item in report.planned
        )
        lines += ["", columns(planned, heads, width)]
    if delivery.relay_trouble:
        tell(say("relais de courriel : ", "mail relay: ") + delivery.relay_trouble)
    for hold in delivery.holds:
        why = hold_reason(hold.reason, words)
        tell(say("envois retenus : ", "sending is held: ") + why)
    for problem in report.problems:
        tell(f"{problem.message} ({problem.code})")
    return "\n".join(lines)
