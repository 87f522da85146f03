"""`init`: a commented settings file, a database, and this machine among those that send."""

from __future__ import annotations

from jobs.holds import HoldReason, join, register_installation
from jobs.identity import current_identity
from notifications.rows import resolve_problem
from tracker.cli import command, option, pass_app, say, tell
from tracker.commands.setup import set_up
from tracker.context import App


@command(
    "init",
    fr="Écrit conventions.toml, commenté, et crée ou met à niveau la base.",
    en="Write a commented conventions.toml and make or upgrade the database.",
)
@option(
    "--join",
    "joins",
    is_flag=True,
    fr="inscrit cette machine parmi celles qui envoient (PostgreSQL, une fois par machine)",
    en="let this machine send from the database (PostgreSQL, once on each machine)",
)
@pass_app
def init(app: App, joins: bool) -> None:
    set_up(app)
    if joins:
        _join(app)
    tell(
        say(
            "Ensuite : conventions import FICHIER, puis conventions soon.",
            "Next: conventions import FILE, then conventions soon.",
        )
    )


def _join(app: App) -> None:
    identity, now = current_identity(), app.now()
    with app.writing() as session:
        register_installation(session, identity, now=now)
        join(session, identity, now=now)
        code = f"machine_{HoldReason.NOT_JOINED}"
        resolve_problem(session, code=code, subject=identity.host, now=now)
    tell(
        say(
            f"La machine {identity.host} envoie désormais depuis cette base.",
            f"The machine {identity.host} now sends from this database.",
        )
    )
