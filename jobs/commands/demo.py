"""`demo`: the main job on the example portfolio, told at four dates, touching nothing else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes
from importlib.resources import files
from pathlib import Path

import click

from config.settings import Settings, load_settings
from jobs.commands.digest import write_report_files
from jobs.cycle import CycleReport, run_cycle
from jobs.report import write_report
from jobs.runtime import Runtime, runtime_for
from tracker.cli import command, counted, option, pass_app, say, tell
from tracker.context import App
from tracker.domain.conventions import Convention, Event, EventName
from tracker.domain.dates import Period, shift
from tracker.exchange.files import Format, read_bytes
from tracker.exchange.merge import merge_all
from tracker.files import make_folder
from tracker.formatting import deadlines_table, terminal_width, wrap
from tracker.queries import DeadlineQuery, upcoming_deadlines
from tracker.storage import repository
from tracker.storage.engine import open_engine, writing

OFFICE = "relations.internationales@example.org"
SESSIONS = (date(2021, 3, 29), date(2021, 6, 28), date(2021, 9, 27), date(2021, 11, 22))
"""Supposed sessions of 2021, for the story: no document gives them."""


QUARTER = Period(months=3)


@dataclass(frozen=True, slots=True)
class Scene:
    """One day of the story: the title, and what to understand."""

    day: date
    title: tuple[str, str]
    lesson: tuple[str, str]
    within: Period = QUARTER


SCENES = (
    Scene(
        date(2010, 6, 15),
        ("Tout est calme", "Everything is quiet"),
        (
            (
                "Le partenariat avec la CRESS s’est reconduit en avril ; rien n’est à faire avant des "
                "mois. Le rapport du lundi part quand même : son absence serait une alerte."
            ),
            (
                "The partnership with the CRESS renewed in April; nothing is due for months. The Monday "
                "report leaves all the same: its absence would be an alarm."
            ),
        ),
    ),
    Scene(
        date(2011, 12, 1),
        ("Un jour de préavis approche", "A notice day is near"),
        (
            (
                "Sans lettre reçue le 8 janvier 2012, la convention CRESS se reconduit pour un an. Le "
                "jour conseillé laisse quinze jours au courrier."
            ),
            (
                "Unless a letter is received by 8 January 2012, the CRESS agreement renews for a year. "
                "The prudent day leaves the post a fortnight."
            ),
        ),
    ),
    Scene(
        date(2016, 9, 5),
        ("Une convention votée, jamais signée", "A convention voted and never signed"),
        (
            (
                "Chefchaouen a été votée le 21 mars 2016 ; la signature est restée en blanc, et rien ne "
                "peut être calculé sans elle."
            ),
            (
                "Chefchaouen was voted on 21 March 2016; the signature is blank, and nothing can be "
                "computed without it."
            ),
        ),
    ),
    Scene(
        date(2021, 5, 3),
        ("Un vote à préparer", "A vote to prepare"),
        (
            (
                "La convention avec Volgograd s’achève en décembre et ne se renouvelle que par un vote. "
                "Les séances de 2021 sont supposées, comme la date de signature."
            ),
            (
                "The agreement with Volgograd ends in December and renews only by a vote. The sessions "
                "of 2021 are supposed, and so is the signature date."
            ),
        ),
        Period(months=6),
    ),
)


@command(
    "demo",
    fr="Le suivi d’un portefeuille d’exemple à quatre dates, dans une base jetable.",
    en="The main job on the example portfolio at four dates, in a throw-away database.",
)
@option(
    "--output",
    default="demo",
    metavar=say("DOSSIER", "DIR"),
    fr="où écrire rapports, rappels et calendriers (défaut : demo)",
    en="where to write reports, reminders and calendars (default: demo)",
)
@pass_app
def demo(app: App, output: str) -> int:
    folder = make_folder(output)
    status = 0
    with _throw_away(app) as stage:
        for number, scene in enumerate(SCENES, 1):
            status |= _play(stage, scene, number, folder)
    _tell_files(folder)
    return status


@dataclass(frozen=True, slots=True)
class _Stage:
    """The demonstration's own settings and database."""

    app: App
    settings: Settings
    url: str


@contextmanager
def _throw_away(app: App) -> Iterator[_Stage]:
    base = Path(tempfile.mkdtemp(prefix="conventions-demo-"))
    url = f"sqlite:///{base / 'demo.db'}"
    settings = load_settings(None, {}, database_override=url)
    settings = replace(
        settings,
        office=replace(
            settings.office,
            name="Relations internationales",
            recipients=(OFFICE,),
            fallback="secretariat@example.org",
            sender="conventions@example.org",
        ),
        council=replace(settings.council, sessions=SESSIONS),
    )
    try:
        engine = open_engine(url, create=True)
        with writing(engine) as session:
            repository.save_many(
                session, example_portfolio(), who="demo", when=app.now(), action="import"
            )
        engine.dispose()
        yield _Stage(app=app, settings=settings, url=url)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def example_portfolio() -> tuple[Convention, ...]:
    """Return the conventions of the five source documents, as the package ships them."""
    raw = files("tracker.examples").joinpath("portfolio.yaml").read_bytes()
    batch = read_bytes(raw, Format.YAML)
    return merge_all(batch.drafts, {}).conventions


def _play(stage: _Stage, scene: Scene, number: int, folder: Path) -> int:
    words = stage.app.wording
    place = make_folder(folder / f"{number}-{scene.day.isoformat()}")
    for old in place.glob("*.eml"):
        old.unlink()
    app = replace(stage.app, today_option=scene.day, database=stage.url)
    app.settings = replace(
        stage.settings,
        mail=replace(stage.settings.mail, directory=place, can_send=True),
        calendar=replace(stage.settings.calendar, directory=place),
    )
    width = terminal_width()
    title = f"{number}. {words.date(scene.day, weekday=True)} – {words.pick(scene.title)}"
    click.echo("\n" + title + "\n" + "=" * min(len(title), width))
    click.echo("\n".join(wrap(words.pick(scene.lesson), width)) + "\n")
    query = DeadlineQuery(first=scene.day, last=shift(scene.day, scene.within))
    deadlines = upcoming_deadlines(app.portfolio(), query)
    table = deadlines_table(deadlines, scene.day, words)
    click.echo(table or say("Rien à signaler.", "Nothing to report."))
    runtime = runtime_for(app)
    try:
        report = run_cycle(runtime, today=scene.day, now=runtime.clock())
        write_report_files(runtime, write_report(runtime, scene.day), place)
        _name_by_reader(place)
        _what_follows(runtime, scene)
    finally:
        runtime.engine.dispose()
    click.echo("\n" + _summary(report))
    return 1 if report.delivery.failed or report.scan.problems else 0


def _name_by_reader(place: Path) -> None:
    """Give the mails that left a name that people recognise, rather than their Message-ID."""
    for path in sorted(place.glob("*_at_*.eml")):
        headers = message_from_bytes(path.read_bytes())
        path.replace(place / f"courriel-{headers['To']}-{path.name[:6]}.eml")


def _what_follows(runtime: Runtime, scene: Scene) -> None:
    """Record what the office decides after the scene, so that the story goes on."""
    if scene.day != SCENES[1].day:
        return
    notice = Event(
        number=1,
        event=EventName.NOTICE,
        on=date(2011, 12, 15),
        received_on=date(2011, 12, 19),
        note="Supposé, pour la suite de l’histoire : la ville dénonce.",
    )
    with writing(runtime.engine) as session:
        (cress,) = repository.load(session, ["DIJ-CRESS-2009"]).conventions
        repository.save(
            session,
            replace(cress, events=(notice,)),
            who="demo",
            when=runtime.clock(),
            action="record",
        )


def _summary(report: CycleReport) -> str:
    accepted = report.delivery.accepted
    return say(
        f"→ {report.scan.scanned} conventions examinées, "
        + counted(accepted, "courriel écrit", "courriels écrits")
        + ".",
        f"→ {report.scan.scanned} conventions scanned, "
        + counted(accepted, "mail", "mails")
        + " written.",
    )


def _tell_files(folder: Path) -> None:
    tell("")
    tell(say(f"Fichiers écrits dans {folder} :", f"Files written to {folder}:"))
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            tell(f"  {path}")
