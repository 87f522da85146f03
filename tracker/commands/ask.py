"""Questions: `list` and `show`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from tracker.cli import (
    Country,
    Day,
    OneOf,
    command,
    format_option,
    meant,
    option,
    pass_app,
    say,
    shown,
    warn_of_bad_rows,
)
from tracker.context import App
from tracker.domain.consequences import ConventionState
from tracker.domain.dates import Period, shift
from tracker.domain.portfolio import Life
from tracker.errors import UserError
from tracker.exchange.record import to_record
from tracker.formatting import columns, deadline_json, dump_json, life_json, terminal_width
from tracker.pages import show_page
from tracker.queries import DeadlineQuery, select_lives

if TYPE_CHECKING:
    from tracker.storage import repository

_AHEAD = Period(years=2)
"""How far `show` and `list` look, unless told otherwise."""


@command(
    "list",
    fr="Liste les conventions, leur état et leur prochaine échéance.",
    en="List the conventions with state, current term and next deadline.",
)
@option("--owner", fr="adresse du responsable (ou une partie)", en="the owner’s address, or a part")
@option("--partner", fr="nom du partenaire (ou une partie)", en="the partner’s name, or a part")
@option("--country", type=Country(), fr="code du pays (ISO 3166-1)", en="country code (ISO 3166-1)")
@option(
    "--state",
    type=OneOf([state.value for state in ConventionState]),
    fr="état de la convention",
    en="state of the convention",
)
@format_option("table", "json", "csv")
@pass_app
def list_(
    app: App,
    owner: str | None,
    partner: str | None,
    country: str | None,
    state: str | None,
    form: str,
) -> None:
    loaded = app.load()
    warn_of_bad_rows(app, loaded.problems)
    portfolio = app.portfolio(loaded)
    query = DeadlineQuery(
        first=app.today,
        last=shift(app.today, _AHEAD),
        owner=owner,
        partner=partner,
        country=country,
        state=ConventionState(state) if state else None,
    )
    lives = select_lives(portfolio, query)
    rows = [_list_row(life, app) for life in lives]
    if form == "json":
        click.echo(dump_json(rows))
    elif form == "csv":
        click.echo(_list_csv(rows), nl=False)
    else:
        click.echo(_list_table(lives, app))


def _list_row(life: Life, app: App) -> dict[str, object]:
    term = life.course.term_on(app.today)
    following = life.next_deadline()
    return {
        "reference": life.record.reference,
        "title": life.record.title,
        "kind": life.record.kind.value if life.record.kind else None,
        "partners": [{"name": item.name, "country": item.country} for item in life.record.partners],
        "owner": life.record.owner,
        "state": life.state.value,
        "term": {
            "ordinal": term.ordinal,
            "first_day": term.first_day.isoformat() if term.first_day else None,
            "last_day": term.last_day.isoformat() if term.last_day else None,
        }
        if term
        else None,
        "next_deadline": deadline_json(following, app.today, app.wording) if following else None,
        "warnings": [finding.code for finding in life.findings],
    }


def _list_csv(rows: list[dict[str, object]]) -> str:
    import csv
    import io

    from tracker.formatting import csv_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = ("reference", "title", "kind", "state", "owner", "last_day", "next_deadline", "due_on")
    writer.writerow(heads)
    for row in rows:
        term, following = row["term"], row["next_deadline"]
        cells = (
            row["reference"],
            row["title"],
            row["kind"],
            row["state"],
            row["owner"],
            term["last_day"] if isinstance(term, dict) else None,
            following["kind"] if isinstance(following, dict) else None,
            following["due_on"] if isinstance(following, dict) else None,
        )
        writer.writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()


def _list_table(lives: tuple[Life, ...], app: App) -> str:
    if not lives:
        return say("Aucune convention.", "No convention.")
    words = app.wording
    heads = words.pick_list(
        ("Référence", "État", "Fin du terme", "Prochaine échéance", "Titre"),
        ("Reference", "State", "End of term", "Next deadline", "Title"),
    )
    rows = []
    for life in lives:
        term = life.course.term_on(app.today)
        following = life.next_deadline()
        last = words.short_date(term.last_day) if term and term.last_day else ""
        due = (
            f"{words.short_date(following.due_on)} {words.subject(following)}" if following else ""
        )
        rows.append((life.record.reference, words.state(life.state), last, due, life.record.title))
    return columns(rows, heads, terminal_width())


@command(
    "show",
    fr="Montre une convention : fiche, termes, échéances et leurs raisons.",
    en="Show a convention: record, terms, deadlines and their reasons.",
)
@click.argument("references", metavar="REF…", nargs=-1, required=True)
@option(
    "--until",
    type=Day(),
    fr="jusqu’à quel jour regarder (défaut : deux ans)",
    en="how far to look (default: two years)",
)
@format_option("table", "json")
@pass_app
def show(app: App, references: tuple[str, ...], until: date | None, form: str) -> None:
    from tracker.storage import repository

    with app.reading() as session:
        loaded = repository.load_all(session)
        portfolio = app.portfolio(loaded)
        broken = {problem.reference: problem for problem in loaded.problems}
        for reference in references:
            if reference in broken:
                raise UserError(*(broken[reference].message(lang) for lang in ("fr", "en")))
            if reference not in portfolio:
                raise unknown_reference(reference, portfolio.references)
        histories = {item: repository.history(session, item) for item in references}
    horizon = until or shift(app.today, _AHEAD)
    lives = [portfolio.life(reference, horizon) for reference in references]
    if form == "json":
        answer = [
            life_json(
                life,
                to_record(life.record),
                [entry_json(entry) for entry in histories[life.record.reference]],
                app.today,
                app.wording,
            )
            for life in lives
        ]
        click.echo(dump_json(answer))
        return
    pages = [
        show_page(life, portfolio, histories[life.record.reference], app.wording) for life in lives
    ]
    click.echo("\n\n".join(pages))


def entry_json(entry: repository.HistoryEntry) -> dict[str, object]:
    """Return a line of the history as JSON."""
    return {
        "on": entry.at.isoformat(timespec="seconds"),
        "who": entry.who,
        "action": entry.action,
        "before": entry.before,
        "after": entry.after,
    }


def unknown_reference(reference: str, known: tuple[str, ...]) -> UserError:
    """Return the refusal of a reference that is not in the database."""
    hint = meant(reference, known)
    name = shown(reference)
    return UserError(
        f"convention inconnue : « {name} »{hint or ' ; voir « conventions list »'}",
        f"unknown convention: “{name}”{hint or '; see `conventions list`'}",
    )
