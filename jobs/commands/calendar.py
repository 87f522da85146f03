"""`calendar`: every open deadline as an iCalendar file."""

from __future__ import annotations

from datetime import UTC, datetime, time

from jobs.publish import render_published
from jobs.runtime import runtime_for
from tracker.cli import command, option, pass_app, write_output
from tracker.context import App
from tracker.storage.engine import reading


@command(
    "calendar",
    fr="Un calendrier (.ics) de toutes les échéances ouvertes.",
    en="An iCalendar file of all open deadlines.",
)
@option("--owner", fr="les échéances d’une seule personne", en="one person’s deadlines only")
@option(
    "--output",
    fr="fichier à écrire (défaut : sortie standard)",
    en="file to write (default: standard output)",
)
@option(
    "--force", is_flag=True, fr="remplace le fichier s’il existe", en="replace an existing file"
)
@pass_app
def calendar(app: App, owner: str | None, output: str | None, force: bool) -> None:
    runtime = runtime_for(app)
    midnight = datetime.combine(app.today, time(), tzinfo=UTC)
    try:
        with reading(runtime.engine) as session:
            result = render_published(runtime, session, app.today, midnight, owner=owner)
    finally:
        runtime.engine.dispose()
    write_output(output, result.content, force=force)
