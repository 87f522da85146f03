"""`record`: a dated fact about one convention."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import click

from tracker.cli import Day, OneOf, command, meant, option, pass_app, say, shown, tell
from tracker.commands.ask import unknown_reference
from tracker.commands.refusals import refusal_error
from tracker.context import App
from tracker.domain.conventions import Convention, Event, EventName
from tracker.domain.dates import Period, shift
from tracker.domain.lifecycle import refuse_event
from tracker.domain.portfolio import Life, Portfolio
from tracker.errors import UserError
from tracker.exchange.fields import event_of_fields, split_field
from tracker.exchange.problems import ExchangeError, Refusal
from tracker.storage import repository
from tracker.surroundings import surroundings_from

_AHEAD = Period(years=2)


@command(
    "record",
    fr="Enregistre un fait daté : signature, vote, comité, versement, dénonciation…",
    en="Record a dated fact: signature, vote, committee, payment, notice…",
)
@click.argument("reference", metavar="REF")
@click.argument(
    "event", metavar=say("FAIT", "EVENT"), type=OneOf([name.value for name in EventName])
)
@option(
    "--on",
    type=Day(),
    fr="le jour du fait (défaut : aujourd’hui)",
    en="the day of the fact (default: today)",
)
@option("--note", default="", fr="une note", en="a note")
@option(
    "--field",
    "fields",
    multiple=True,
    metavar=say("NOM=VALEUR", "NAME=VALUE"),
    fr="un détail du fait (répétable)",
    en="a detail of the fact (repeatable)",
)
@pass_app
def record(
    app: App, reference: str, event: str, on: date | None, note: str, fields: tuple[str, ...]
) -> None:
    try:
        given = [split_field(text) for text in fields]
    except Refusal as refusal:
        raise UserError(refusal.message("fr"), refusal.message("en")) from None
    with app.writing() as session:
        loaded = repository.load_all(session, for_update=True)
        stored = {item.reference: item for item in loaded.conventions}
        for problem in loaded.problems:
            if problem.reference == reference:
                raise UserError(problem.message("fr"), problem.message("en"))
        if reference not in stored:
            raise unknown_reference(reference, tuple(stored))
        before = stored[reference]
        fact = event_of_fields(before, event, on or app.today, given, note=note)
        if isinstance(fact, list):
            raise ExchangeError(*fact)
        fact = _with_whole_key(before, fact)
        if (refused := refuse_event(before, fact)) is not None:
            raise refusal_error(reference, fact, refused)
        after = replace(before, events=(*before.events, fact))
        lives = _life(app, stored, before), _life(app, stored, after)
        _check_deadline(lives[0], fact)
        repository.save(
            session,
            after,
            who=app.who,
            when=app.now(),
            action="record",
            revision=loaded.revisions[reference],
        )
    _tell(app, fact, *lives)


def _life(app: App, stored: dict[str, Convention], convention: Convention) -> Life:
    conventions = {**stored, convention.reference: convention}
    portfolio = Portfolio(
        conventions=conventions.values(), today=app.today, around=surroundings_from(app.settings)
    )
    return portfolio.life(convention.reference, shift(app.today, _AHEAD))


def _with_whole_key(convention: Convention, fact: Event) -> Event:
    """Let a deadline be named by `notice/3` alone."""
    if fact.deadline is None or fact.deadline.count("/") > 1:
        return fact
    from urllib.parse import quote

    return replace(fact, deadline=f"{quote(convention.reference, safe='')}/{fact.deadline}")


def _check_deadline(life: Life, fact: Event) -> None:
    keys = [deadline.key for deadline in life.deadlines]
    if fact.deadline is None or fact.deadline in keys:
        return
    hint = meant(fact.deadline, keys)
    raise UserError(
        f"échéance inconnue : « {shown(fact.deadline)} »{hint or ' ; voir « conventions show »'}",
        f"unknown deadline: “{shown(fact.deadline)}”{hint or '; see `conventions show`'}",
    )


def _tell(app: App, fact: Event, before: Life, after: Life) -> None:
    words = app.wording
    tell(
        say(
            f"{after.record.reference} : fait n° {fact.number} enregistré, "
            f"{words.event(fact.event)} le {words.date(fact.on)}.",
            f"{after.record.reference}: fact no. {fact.number} recorded, "
            f"{words.event(fact.event)} on {words.date(fact.on)}.",
        )
    )
    if fact.on > app.today and fact.event is not EventName.TERMINATION:
        tell(
            say(
                "Ce fait est daté dans le futur : il comptera ce jour-là.",
                "This fact is dated in the future: it will count from that day.",
            )
        )
    if before.state is not after.state:
        tell(
            say("État : ", "State: ") + f"{words.state(before.state)} → {words.state(after.state)}"
        )
    for finding in after.findings:
        if finding not in before.findings:
            tell(words.finding(finding))
    following = after.next_deadline()
    if following is not None:
        tell(
            say("Prochaine échéance : ", "Next deadline: ")
            + f"{words.date(following.due_on)}, {words.subject(following)}"
        )
