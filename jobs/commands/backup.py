"""`backup` and `restore`: a copy of the database, and the way back."""

from __future__ import annotations

from pathlib import Path

import click

from jobs.backup import back_up, note_backup
from jobs.backup import restore as put_back
from jobs.runtime import runtime_for
from tracker.cli import command, pass_app, say, tell
from tracker.context import App
from tracker.files import shown_path
from tracker.storage.errors import StorageError

ATTENTION = 1


@command(
    "backup",
    fr="Écrit une copie vérifiée de la base dans un nouveau fichier.",
    en="Write a checked copy of the database to a new file.",
)
@click.argument("file", type=click.Path(path_type=Path), metavar=say("FICHIER", "FILE"))
@pass_app
def backup(app: App, file: Path) -> int:
    runtime = runtime_for(app)
    try:
        copy = back_up(runtime, file)
        size = f"{copy.bytes / 10**6:.1f}".replace(".", say(",", "."))
        tell(
            say(
                f"{shown_path(file)} : {copy.conventions} convention(s), {size} Mo, relue et "
                "vérifiée.",
                f"{shown_path(file)}: {copy.conventions} convention(s), {size} MB, read back and "
                "checked.",
            )
        )
        try:
            note_backup(runtime, copy)
        except StorageError as error:
            tell(
                say(
                    f"attention : la date de la sauvegarde n’a pas pu être notée ({error.message('fr')})",
                    f"warning: the time of the backup could not be noted ({error.message('en')})",
                )
            )
            return ATTENTION
    finally:
        runtime.engine.dispose()
    return 0


@command(
    "restore",
    fr="Remet une sauvegarde à la place de la base ; les envois sont retenus ensuite.",
    en="Put a backup in the place of the database; sending is held afterwards.",
)
@click.argument("file", type=click.Path(path_type=Path), metavar=say("FICHIER", "FILE"))
@pass_app
def restore(app: App, file: Path) -> None:
    settings = app.settings
    done = put_back(
        settings.database.url,
        file,
        state=settings.state.directory,
        now=app.now(),
        who=app.who,
    )
    tell(
        say(
            f"Base restaurée : {done.copy.conventions} convention(s).",
            f"Database restored: {done.copy.conventions} convention(s).",
        )
    )
    tell(
        say(
            f"La base remplacée est gardée : {shown_path(done.replaced)}",
            f"The replaced database is kept: {shown_path(done.replaced)}",
        )
    )
    tell(
        say(
            "Les envois sont retenus. Vérifier les faits (conventions soon, conventions status), "
            "ressaisir ce qui manque, puis : conventions outbox release",
            "Sending is held. Check the facts (conventions soon, conventions status), record what "
            "is missing, then: conventions outbox release",
        )
    )
