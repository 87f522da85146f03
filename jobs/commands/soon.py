"""`soon`: what expires soon, in the form asked for."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli import (
    Count,
    Country,
    Day,
    OneOf,
    command,
    format_option,
    option,
    pass_app,
    say,
    warn_of_bad_rows,
)
from tracker.context import App
from tracker.domain.consequences import ConventionState, Deadline, DeadlineKind
from tracker.domain.dates import DateOutOfRangeError, shift
from tracker.errors import UserError
from tracker.exchange.periods import parse_lapse
from tracker.exchange.problems import Refusal
from tracker.formatting import (
    deadline_json,
    deadlines_csv,
    deadlines_markdown,
    deadlines_table,
    dump_json,
    terminal_width,
    wrap,
)
from tracker.queries import DeadlineQuery, upcoming_deadlines

DEFAULT_LAPSE = "P90D"
FORMATS = ("table", "json", "csv", "ics", "markdown")


@command(
    "soon",
    fr="Ce qui arrive bientôt à échéance : les retards d’abord.",
    en="What expires soon: overdue first.",
)
@option(
    "--within",
    metavar="P90D",
    fr="délai : P6M, 90d, 6m, 1y, « 6 mois » (défaut : P90D)",
    en="how far ahead: P6M, 90d, 6m, 1y, “6 mois” (default P90D)",
)
@option(
    "--from",
    "first",
    type=Day(),
    fr="premier jour (défaut : aujourd’hui)",
    en="first day (default: today)",
)
@option(
    "--to",
    "last",
    type=Day(),
    fr="dernier jour, au lieu de --within",
    en="last day, instead of --within",
)
@option(
    "--kind",
    "kinds",
    multiple=True,
    type=OneOf([kind.value for kind in DeadlineKind]),
    fr="genre d’échéance (répétable)",
    en="kind of deadline (repeatable)",
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
@option("--no-overdue", is_flag=True, fr="sans les retards", en="without what is overdue")
@option("--limit", type=Count(), fr="nombre maximal", en="greatest number")
@format_option(*FORMATS)
@pass_app
def soon(
    app: App,
    within: str | None,
    first: date | None,
    last: date | None,
    kinds: tuple[str, ...],
    owner: str | None,
    partner: str | None,
    country: str | None,
    state: str | None,
    no_overdue: bool,
    limit: int | None,
    form: str,
) -> None:
    start, end = _window(app.today, within, first, last)
    query = DeadlineQuery(
        first=start,
        last=end,
        kinds=frozenset(DeadlineKind(kind) for kind in kinds),
        owner=owner,
        partner=partner,
        country=country,
        state=ConventionState(state) if state else None,
        overdue=not no_overdue,
        limit=limit,
    )
    loaded = app.load()
    warn_of_bad_rows(app, loaded.problems)
    deadlines = upcoming_deadlines(app.portfolio(loaded), query)
    if form == "ics":
        from jobs.calendars import calendar_of

        click.echo(calendar_of(deadlines, app).decode(), nl=False)
    else:
        click.echo(_answer(form, deadlines, query, app), nl=form not in {"csv", "markdown"})


def _window(
    today: date, within: str | None, first: date | None, last: date | None
) -> tuple[date, date]:
    if within is not None and last is not None:
        raise UserError(
            "--within et --to disent la même chose : n’en garder qu’un",
            "--within and --to say the same thing: keep one",
        )
    start = first or today
    if last is None:
        try:
            lapse = parse_lapse(within or DEFAULT_LAPSE)
        except Refusal as refusal:
            raise UserError(
                f"--within : {refusal.message('fr')}", f"--within: {refusal.message('en')}"
            ) from None
        try:
            last = shift(max(start, today), lapse)
        except DateOutOfRangeError:
            raise UserError(
                "--within mène au-delà du calendrier", "--within leads out of the calendar"
            ) from None
    if last < start:
        raise UserError(
            f"la période finit le {last} avant de commencer le {start}",
            f"the period ends on {last} before it begins on {start}",
        )
    return start, last


def _answer(form: str, deadlines: tuple[Deadline, ...], query: DeadlineQuery, app: App) -> str:
    words, today = app.wording, app.today
    match form:
        case "json":
            return dump_json(
                {
                    "today": today.isoformat(),
                    "from": query.first.isoformat(),
                    "to": query.last.isoformat(),
                    "deadlines": [deadline_json(item, today, words) for item in deadlines],
                }
            )
        case "csv":
            return deadlines_csv(deadlines, today, words)
        case "markdown":
            return deadlines_markdown(deadlines, today, words)
        case _:
            return _table(deadlines, query, app)


def _table(deadlines: tuple[Deadline, ...], query: DeadlineQuery, app: App) -> str:
    words = app.wording
    title = say(
        f"Échéances au {words.date(app.today)}, jusqu’au {words.date(query.last)}",
        f"Deadlines on {words.date(app.today)}, up to {words.date(query.last)}",
    )
    title = "\n".join(wrap(title, terminal_width()))
    if not deadlines:
        return title + "\n\n" + say("Rien à signaler.", "Nothing to report.")
    return title + "\n\n" + deadlines_table(deadlines, app.today, words)
