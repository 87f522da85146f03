"""`why`: for each deadline of a convention, why its mail was or was not sent."""

from __future__ import annotations

from collections.abc import Iterator

import click

from jobs.outbox import Attempt
from jobs.runtime import Runtime, runtime_for
from jobs.why import Explained, Explanation, Telling, Window, explain
from jobs.words import hold_reason, instant, message_state, obligation_state, stage_name
from tracker.cli import command, format_option, pass_app, say
from tracker.commands.ask import unknown_reference
from tracker.context import App
from tracker.formatting import dump_json, terminal_width, wrap
from tracker.storage.engine import reading
from tracker.storage.tables import MessageState, ObligationState

AHEAD_SHOWN = 3


@command(
    "why",
    fr="Pourquoi les rappels d’une convention sont partis ou non : qui, quand, la suite.",
    en="Why a convention’s reminders were or were not sent: who, when, what comes next.",
)
@click.argument("reference", metavar=say("RÉFÉRENCE", "REF"))
@format_option("table", "json")
@pass_app
def why(app: App, reference: str, form: str) -> None:
    runtime = runtime_for(app)
    try:
        found = explain(runtime, reference, app.today)
        if found is None:
            raise _unknown(runtime, reference, app)
    finally:
        runtime.engine.dispose()
    click.echo(dump_json(explanation_json(found, app)) if form == "json" else _page(found, app))


def _unknown(runtime: Runtime, reference: str, app: App) -> Exception:
    with reading(runtime.engine) as session:
        known = runtime.snapshot(session, app.today).portfolio.references
    return unknown_reference(reference, known)


# --- data ----------------------------------------------------------------------------------------


def explanation_json(found: Explanation, app: App) -> dict[str, object]:
    """Return the explanation as `why --format json` gives it."""
    return {
        "convention": found.reference,
        "title": found.title,
        "today": found.today.isoformat(),
        "held": list(found.held),
        "problems": list(found.problems),
        "deadlines": [_explained_json(item, app) for item in found.deadlines],
    }


def _explained_json(item: Explained, app: App) -> dict[str, object]:
    deadline, coming = item.deadline, item.next
    return {
        "key": item.key,
        "kind": deadline.kind.value if deadline else item.key.split("/")[-2],
        "due_on": item.due_on.isoformat(),
        "act_by": deadline.act_by.isoformat() if deadline else None,
        "status": deadline.status.value if deadline else None,
        "window": item.window.value,
        "stages": [
            {
                "stage": stage.name,
                "opens_on": stage.opens_on.isoformat(),
                "reached": stage.reached,
            }
            for stage in item.stages
        ],
        "obligations": [_telling_json(one) for one in item.tellings],
        "next": (
            {
                "on": coming.on.isoformat(),
                "stage": coming.stage,
                "recipients": list(coming.recipients),
            }
            if coming
            else None
        ),
        "explanation": _verdict(item, app),
    }


def _telling_json(one: Telling) -> dict[str, object]:
    message, refusal = one.message, _refusal(one)
    return {
        "stage": one.stage,
        "opens_on": one.opens_on.isoformat(),
        "recipient": one.recipient or None,
        "state": one.state,
        "reason": one.reason,
        "message": (
            {
                "id": message.id,
                "state": message.state,
                "subject": message.subject,
                "message_id": message.message_id,
                "attempts": message.attempts,
                "accepted_at": message.accepted_at.isoformat() if message.accepted_at else None,
                "next_attempt_at": (
                    message.next_attempt_at.isoformat()
                    if message.state in {MessageState.QUEUED, MessageState.UNCERTAIN}
                    else None
                ),
                "last_error": message.last_error,
                "refusal": _said(refusal) if refusal else None,
            }
            if message
            else None
        ),
    }


def _refusal(one: Telling) -> Attempt | None:
    """Return the attempt at which the relay said no for good."""
    if one.message is None or one.message.state != MessageState.DEAD:
        return None
    return one.attempts[-1] if one.attempts else None


def _said(attempt: Attempt) -> str:
    parts = (attempt.reply_code, attempt.reply_text)
    return " ".join(str(part) for part in parts if part is not None)


# --- the page ------------------------------------------------------------------------------------


def _page(found: Explanation, app: App) -> str:
    width = terminal_width()
    lines = [f"{found.reference} – {found.title}" if found.title else found.reference]
    for reason in found.held:
        text = say("Les envois sont retenus : ", "Sending is held: ")
        lines += wrap(text + hold_reason(reason, app.wording), width, rest="  ")
    for problem in found.problems:
        lines += wrap("• " + problem, width, rest="  ")
    shown = [item for item in found.deadlines if item.is_worth_a_line]
    for item in shown:
        lines += ["", *_section(item, app)]
    ahead = sorted(
        (item for item in found.deadlines if item.window is Window.AHEAD and item.next),
        key=lambda item: item.next.on if item.next else item.due_on,
    )
    if ahead:
        lines += ["", say("Prochains rappels", "Next reminders")]
        for item in ahead[:AHEAD_SHOWN]:
            lines += wrap(
                f"{_name(item, app)} : {_next(item, app)}", width, first="  ", rest="    "
            )
    if not shown and not ahead:
        lines += ["", say("Aucune échéance à rappeler.", "No deadline to remind of.")]
    return "\n".join(lines)


def _name(item: Explained, app: App) -> str:
    words = app.wording
    if item.deadline is None:
        return f"{item.key}, {words.date(item.due_on)}"
    return f"{words.subject(item.deadline)}, {words.date(item.due_on)}"


def _section(item: Explained, app: App) -> Iterator[str]:
    width, words = terminal_width(), app.wording
    head = _name(item, app)
    if item.deadline is not None:
        if item.deadline.act_by != item.due_on:
            act_by = words.date(item.deadline.act_by)
            head += say(f" (agir le {act_by})", f" (act by {act_by})")
        head += f" – {words.status(item.deadline.status)}"
    yield from wrap(head, width, rest="  ")
    closed = 0
    for one in item.tellings:
        if one.state == ObligationState.CLOSED:
            closed += 1
            continue
        to = one.recipient or say("(personne)", "(nobody)")
        text = f"{stage_name(one.stage, words)} → {to} : {_fate(one, app)}"
        yield from wrap(text, width, first="  ", rest="    ")
    if closed:
        yield say(
            f"  {closed} étape(s) plus ancienne(s), comprise(s) dans un rappel plus proche",
            f"  {closed} earlier stage(s), told by a tighter reminder",
        )
    yield from wrap(_verdict(item, app), width, first="  ", rest="    ")


def _fate(one: Telling, app: App) -> str:
    words, zone = app.wording, app.settings.schedule.timezone
    message = one.message
    text = obligation_state(one.state, words)
    if one.reason and one.reason.startswith("fallback:"):
        why_fallback = say("destinataire de secours", "fallback recipient")
        text = f"{text} ({why_fallback})"
    if message is None:
        return text
    number = f"message {message.id}"
    if message.accepted_at is not None:
        return say(
            f"{text} le {instant(message.accepted_at, zone, words)} ({number})",
            f"{text} on {instant(message.accepted_at, zone, words)} ({number})",
        )
    text += f" ({number} : {message_state(message.state, words)}"
    text += say(f", {message.attempts} essai(s))", f", {message.attempts} attempt(s))")
    if refusal := _refusal(one):
        return text + say(" ; réponse du serveur : ", "; the relay said: ") + _said(refusal)
    return text + (f" ; {message.last_error}" if message.last_error else "")


def _next(item: Explained, app: App) -> str:
    coming = item.next
    if coming is None:
        return say("aucun autre rappel prévu", "no other reminder planned")
    who = ", ".join(coming.recipients)
    stage = stage_name(coming.stage, app.wording)
    if coming.on == app.today:
        return say(
            f"au prochain examen ({stage}), à {who}", f"at the next scan ({stage}), to {who}"
        )
    on = app.wording.date(coming.on)
    return say(f"le {on} ({stage}), à {who}", f"on {on} ({stage}), to {who}")


def _verdict(item: Explained, app: App) -> str:
    """Return one sentence: where it stands and what comes next."""
    deadline = item.deadline
    if deadline is None:
        return say(
            "Cette date n’est plus celle de la convention : plus rien ne part pour elle.",
            "The convention no longer has this date: nothing more leaves for it.",
        )
    if item.window is Window.PAST:
        status = app.wording.status(deadline.status)
        return say(f"Plus rien à rappeler : {status}.", f"Nothing more to tell: {status}.")
    if deadline.snoozed_until is not None and deadline.snoozed_until > app.today:
        until = app.wording.date(deadline.snoozed_until)
        return say(
            f"Mise en attente jusqu’au {until} ; suite : {_next(item, app)}.",
            f"Snoozed until {until}; next: {_next(item, app)}.",
        )
    if item.window is Window.OPEN and not item.tellings and item.next is None:
        return say(
            "Personne à prévenir : ni responsable, ni destinataire de secours.",
            "Nobody to tell: neither an owner nor a fallback recipient.",
        )
    return say(f"Suite : {_next(item, app)}.", f"Next: {_next(item, app)}.")
