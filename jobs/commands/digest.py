"""`digest`: the weekly report, to read, to keep or to send."""

from __future__ import annotations

from pathlib import Path

import click

from jobs.report import WrittenReport, enqueue_report, freeze_letter, write_report
from jobs.runtime import Runtime, runtime_for
from tracker.cli import command, counted, option, pass_app, say, tell
from tracker.context import App
from tracker.files import make_folder, write_file


@command(
    "digest",
    fr="Le rapport hebdomadaire : affiché, écrit dans un dossier, ou mis à l’envoi.",
    en="The weekly report: shown, written to a folder, or put in the outbox.",
)
@option(
    "--output",
    metavar=say("DOSSIER", "DIR"),
    fr="écrit rapport.eml, .html, .txt et .ics dans ce dossier",
    en="write the .eml, .html, .txt and .ics files into this folder",
)
@option(
    "--send",
    is_flag=True,
    fr="met le rapport à l’envoi (conventions run l’enverra)",
    en="put the report in the outbox (conventions run will send it)",
)
@pass_app
def digest(app: App, output: str | None, send: bool) -> None:
    runtime = runtime_for(app)
    try:
        written = write_report(runtime, app.today)
        for problem in written.letter.problems:
            tell(problem.message(app.lang))
        if output is not None:
            for path in write_report_files(runtime, written, Path(output)):
                tell(str(path))
        if send:
            count = enqueue_report(runtime, app.today, runtime.clock())
            tell(
                say(
                    counted(count, "message mis", "messages mis") + " à l’envoi.",
                    counted(count, "message", "messages") + " put in the outbox.",
                )
            )
        if output is None and not send:
            click.echo(written.letter.mail.text.replace("\r\n", "\n"), nl=False)
    finally:
        runtime.engine.dispose()


def write_report_files(runtime: Runtime, written: WrittenReport, folder: Path) -> list[Path]:
    """Write the report as `.eml`, `.html`, `.txt` and `.ics`; return the paths."""
    make_folder(folder)
    name = runtime.wording.pick(("rapport", "report")) + f"-{written.report.today.isoformat()}"
    mail = written.letter.mail
    files = {".txt": mail.text.replace("\r\n", "\n").encode(), ".html": mail.html.encode()}
    for attachment in mail.attachments:
        files[".ics"] = attachment.content
    recipients = runtime.settings.office.recipients or (runtime.settings.office.fallback,)
    recipient = recipients[0] or runtime.delivery_policy().sender.address
    files[".eml"] = freeze_letter(runtime, written.letter, recipient, runtime.clock()).content
    paths = []
    for suffix, content in files.items():
        path = folder / f"{name}{suffix}"
        write_file(path, content, force=True)
        paths.append(path)
    return sorted(paths)
