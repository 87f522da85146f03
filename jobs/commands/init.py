"""`init`: a commented settings file, a database, and this machine among those that send."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from jobs.holds import HoldReason, active_holds, join, register_installation
from jobs.identity import Identity, current_identity
from notifications.rows import count
from tracker.cli import command, option, pass_app, say, tell
from tracker.commands.setup import set_up
from tracker.context import App
from tracker.storage.tables import HoldRow


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
        _end_hold_of_this_machine(session, identity, app)
    tell(
        say(
            f"La machine {identity.host} envoie désormais depuis cette base.",
            f"The machine {identity.host} now sends from this database.",
        )
    )


def _end_hold_of_this_machine(session: Session, identity: Identity, app: App) -> None:
    """End the hold that this machine caused by not having joined, and no other."""
    for hold in active_holds(session):
        if hold.reason == HoldReason.NOT_JOINED and hold.details.get("machine") == identity.host:
            count(
                session,
                update(HoldRow)
                .where(HoldRow.reason == hold.reason, HoldRow.released_at.is_(None))
                .values(released_at=app.now(), released_by=app.who),
            )
