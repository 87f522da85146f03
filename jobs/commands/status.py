"""`status`: one screen, or JSON, of how the tracker and its mail are doing."""

from __future__ import annotations

import click

from jobs.overview import Overview, overview
from jobs.runtime import runtime_for
from jobs.words import hold_reason, message_state
from tracker.cli import command, format_option, pass_app, say
from tracker.context import App
from tracker.formatting import dump_json, terminal_width, wrap

ATTENTION = 1


@command(
    "status",
    fr="L’état du suivi : envois, derniers passages, problèmes.",
    en="Health: the queue, the last runs, the problems.",
)
@format_option("table", "json")
@pass_app
def status(app: App, form: str) -> int:
    runtime = runtime_for(app)
    try:
        seen = overview(runtime)
    finally:
        runtime.engine.dispose()
    click.echo(dump_json(status_json(seen)) if form == "json" else _table(seen, app))
    return ATTENTION if seen.needs_attention else 0


def status_json(seen: Overview) -> dict[str, object]:
    """Return the overview as `status --format json` gives it."""
    return {
        "held": list(seen.held),
        "queue": dict(seen.queue),
        "oldest_queued": seen.oldest_queued.isoformat() if seen.oldest_queued else None,
        "last_run": seen.last_run.isoformat() if seen.last_run else None,
        "last_tick": seen.last_tick.isoformat() if seen.last_tick else None,
        "last_accepted": seen.last_accepted.isoformat() if seen.last_accepted else None,
        "next_scan": seen.next_scan.isoformat(),
        "next_report": seen.next_report.isoformat(),
        "problems": [
            {"code": item.code, "subject": item.subject, "message": item.message}
            for item in seen.problems
        ],
    }


def _table(seen: Overview, app: App) -> str:
    zone = app.settings.schedule.timezone

    def when(instant: object) -> str:
        from datetime import datetime

        if not isinstance(instant, datetime):
            return say("jamais", "never")
        local = instant.astimezone(zone)
        return f"{app.wording.date(local.date(), weekday=True)} {local:%H:%M}"

    queue = ", ".join(
        f"{message_state(state, app.wording)} {count}" for state, count in seen.queue
    ) or say("vide", "empty")
    rows = [
        (say("Base", "Database"), seen.database),
        (
            say("Envois", "Sending"),
            say("retenus : ", "held: ")
            + " ; ".join(hold_reason(reason, app.wording) for reason in seen.held)
            if seen.held
            else say("ouverts", "open"),
        ),
        (say("File d’attente", "Queue"), queue),
        (
            say("Plus ancien en attente", "Oldest waiting"),
            when(seen.oldest_queued) if seen.oldest_queued else say("aucun", "none"),
        ),
        (say("Dernier passage", "Last run"), when(seen.last_run)),
        (say("Planificateur vu", "Daemon seen"), when(seen.last_tick)),
        (say("Dernier courriel accepté", "Last accepted mail"), when(seen.last_accepted)),
        (say("Prochain examen", "Next scan"), when(seen.next_scan)),
        (say("Prochain rapport", "Next report"), when(seen.next_report)),
    ]
    width = terminal_width()
    lines = [line for name, value in rows for line in wrap(f"{name:<26}{value}", width, rest="  ")]
    if seen.problems:
        lines += ["", say(f"Problèmes ({len(seen.problems)})", f"Problems ({len(seen.problems)})")]
        for item in seen.problems:
            lines += wrap(f"• {item.message} ({item.code})", width, rest="  ")
    return "\n".join(lines)
