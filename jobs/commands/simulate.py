"""`simulate`: every mail that would be sent up to a day if nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from jobs.overview import hold_reasons
from jobs.runtime import runtime_for
from jobs.simulate import SimulatedMail, simulate
from jobs.words import hold_reason
from tracker.cli import Day, command, format_option, option, pass_app, say, tell, warn_of_bad_rows
from tracker.context import App
from tracker.errors import UserError
from tracker.formatting import columns, dump_json, terminal_width
from tracker.storage.engine import reading

FURTHEST = 3660
"""Days: ten years is more than anybody plans, and more would take minutes."""


@command(
    "simulate",
    fr="Tous les courriels qui partiraient jusqu’à une date si rien ne changeait ; n’écrit rien.",
    en="Every mail that would be sent up to a day if nothing changed; changes nothing.",
)
@option(
    "--until",
    type=Day(),
    required=True,
    fr="dernier jour",
    en="last day",
)
@format_option("table", "json")
@pass_app
def simulate_(app: App, until: date, form: str) -> None:
    if until < app.today:
        raise UserError(
            f"--until {until} est passé : la simulation commence le {app.today}",
            f"--until {until} is past: the simulation begins on {app.today}",
        )
    if (until - app.today).days > FURTHEST:
        raise UserError(
            "--until est à plus de dix ans : simuler une période plus courte",
            "--until is more than ten years away: simulate a shorter period",
        )
    runtime = runtime_for(app)
    try:
        with reading(runtime.engine) as session:
            held = hold_reasons(session, runtime)
            warn_of_bad_rows(app, runtime.snapshot(session, app.today).bad_rows)
        mails = simulate(runtime, app.today, until)
    finally:
        runtime.engine.dispose()
    for reason in held:
        tell(say("envois retenus : ", "sending is held: ") + hold_reason(reason, app.wording))
    if form == "json":
        click.echo(dump_json([mail_json(mail) for mail in mails]))
    else:
        click.echo(_table(mails, app) or say("Aucun courriel.", "No mail."))


def mail_json(mail: SimulatedMail) -> dict[str, object]:
    """Return a mail as `simulate --format json` gives it."""
    return {
        "on": mail.on.isoformat(),
        "kind": mail.kind,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "deadlines": list(mail.deadlines),
    }


def _table(mails: Sequence[SimulatedMail], app: App) -> str:
    heads = (say("Jour", "Day"), say("Destinataire", "Recipient"), say("Objet", "Subject"))
    rows = [
        (
            app.wording.short_date(mail.on),
            mail.recipient,
            mail.subject.removeprefix("[Conventions] "),
        )
        for mail in mails
    ]
    return columns(rows, heads, terminal_width())
