"""`outbox`: the messages, what became of each, and what a person may do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.holds import release_holds
from jobs.outbox import Attempt, Posted, attempts_at, bytes_of, posted_messages
from jobs.runtime import Runtime, runtime_for
from jobs.words import hold_reason, instant, message_state
from notifications.headers import headers_of, letter_of
from notifications.journal import Accepted, read_journal
from notifications.outbox import RefusedError, cancel, retry
from notifications.rows import resolve_problem
from tracker.cli import LazyGroup, OneOf, command, format_option, option, pass_app, say, tell
from tracker.context import App
from tracker.errors import TemporaryError, UserError
from tracker.files import shown_path
from tracker.formatting import columns, dump_json, terminal_width, wrap
from tracker.front import Entry
from tracker.storage.engine import writing
from tracker.storage.tables import MachineRow, MessageState

LARGEST_JOURNAL = 500_000_000

ENTRIES = {
    "list": Entry(
        "jobs.commands.outbox:list_", "liste les messages et leur état", "list the messages"
    ),
    "show": Entry(
        "jobs.commands.outbox:show",
        "montre un message : en-têtes, texte, essais",
        "show a message: headers, text, attempts",
    ),
    "retry": Entry(
        "jobs.commands.outbox:retry_", "remet un message à l’envoi", "let a message leave again"
    ),
    "cancel": Entry(
        "jobs.commands.outbox:cancel_",
        "renonce à un message qui n’est pas parti",
        "give up a message that has not left",
    ),
    "release": Entry(
        "jobs.commands.outbox:release",
        "reprend les envois retenus",
        "end a hold: sending goes on",
    ),
}


@click.group(
    "outbox",
    cls=LazyGroup,
    entries=ENTRIES,
    invoke_without_command=True,
    help=say(
        "Les messages et ce qu’ils sont devenus ; sans sous-commande, la liste.",
        "The messages and what became of them; without a sub-command, the list.",
    ),
)
@option(
    "--state",
    "states",
    multiple=True,
    type=OneOf([state.value for state in MessageState]),
    fr="état (répétable)",
    en="state (repeatable)",
)
@format_option("table", "json")
@click.pass_context
def outbox(ctx: click.Context, states: tuple[str, ...], form: str) -> None:
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, states=states, form=form)


@command("list", fr="Liste les messages et leur état.", en="List the messages and their state.")
@option(
    "--state",
    "states",
    multiple=True,
    type=OneOf([state.value for state in MessageState]),
    fr="état (répétable)",
    en="state (repeatable)",
)
@format_option("table", "json")
@pass_app
def list_(app: App, states: tuple[str, ...], form: str) -> None:
    with app.reading() as session:
        messages = posted_messages(session, states=states)
    if form == "json":
        click.echo(dump_json([message_json(item) for item in messages]))
    else:
        click.echo(_list(messages, app) or say("Aucun message.", "No message."))


def message_json(item: Posted) -> dict[str, object]:
    """Return a message as `outbox list --format json` gives it."""
    return {
        "id": item.id,
        "kind": item.kind,
        "recipient": item.recipient,
        "subject": item.subject,
        "state": item.state,
        "attempts": item.attempts,
        "message_id": item.message_id,
        "created_at": item.created_at.isoformat(),
        "accepted_at": item.accepted_at.isoformat() if item.accepted_at else None,
        "last_error": item.last_error,
        "deadlines": [told.key for told in item.told],
    }


def _list(messages: Sequence[Posted], app: App) -> str:
    zone = app.settings.schedule.timezone
    heads = (
        "N°" if app.lang == "fr" else "No.",
        say("État", "State"),
        say("Composé", "Composed"),
        say("Destinataire", "Recipient"),
        say("Objet", "Subject"),
    )
    rows = [
        (
            str(item.id),
            message_state(item.state, app.wording),
            f"{item.created_at.astimezone(zone):%Y-%m-%d %H:%M}",
            item.recipient,
            item.subject,
        )
        for item in messages
    ]
    return columns(rows, heads, terminal_width())


@command(
    "show",
    fr="Montre un message : en-têtes, texte, et ce qu’a répondu le serveur à chaque essai.",
    en="Show a message: headers, text, and what the relay said at each attempt.",
)
@click.argument("message", type=click.IntRange(min=1), metavar="ID")
@format_option("table", "json")
@pass_app
def show(app: App, message: int, form: str) -> None:
    with app.reading() as session:
        found = posted_messages(session, ids=[message])
        if not found:
            raise _refusal("unknown", message, "")
        content = bytes_of(session, message)
        attempts = attempts_at(session, message)
    if form == "json":
        click.echo(dump_json(_shown_json(found[0], content, attempts)))
    else:
        click.echo(_shown(found[0], content, attempts, app))


def _shown_json(item: Posted, content: bytes, attempts: Sequence[Attempt]) -> dict[str, object]:
    return message_json(item) | {
        "held_because": item.hold_reason,
        "replaces": item.replaces,
        "headers": _headers(content),
        "text": letter_of(content).text if content else None,
        "tries": [
            {
                "number": attempt.number,
                "started_at": attempt.started_at.isoformat(),
                "finished_at": attempt.finished_at.isoformat() if attempt.finished_at else None,
                "outcome": attempt.outcome,
                "reply_code": attempt.reply_code,
                "reply_text": attempt.reply_text,
            }
            for attempt in attempts
        ],
    }


_SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID")


def _headers(content: bytes) -> dict[str, str]:
    found = headers_of(content) if content else {}
    return {name: found[name] for name in _SHOWN_HEADERS if name in found}


def _shown(item: Posted, content: bytes, attempts: Sequence[Attempt], app: App) -> str:
    zone, width = app.settings.schedule.timezone, terminal_width()
    state = message_state(item.state, app.wording)
    lines = [
        say(f"Message {item.id} – {state}", f"Message {item.id} – {state}"),
        say("composé le ", "composed ") + instant(item.created_at, zone, app.wording),
    ]
    if item.accepted_at is not None:
        lines.append(say("accepté le ", "accepted ") + instant(item.accepted_at, zone, app.wording))
    if item.state in {MessageState.QUEUED, MessageState.UNCERTAIN}:
        lines.append(
            say("prochain essai à partir du ", "next attempt from ")
            + instant(item.next_attempt_at, zone, app.wording)
        )
    if item.replaces is not None:
        lines.append(say(f"remplace le message {item.replaces}", f"replaces {item.replaces}"))
    lines += _attempt_lines(item, attempts, zone)
    if item.told:
        lines += ["", say("Échéances", "Deadlines")]
        lines += [
            f"  {told.key}  {app.wording.short_date(told.due_on)}  {told.stage or ''}".rstrip()
            for told in item.told
        ]
    lines.append("")
    if not content:
        known = say(
            "Connu par le journal des envois seulement : le texte n’est plus dans cette base.",
            "Known from the journal of sent mail only: its text is no longer in this database.",
        )
        return "\n".join([*lines, *wrap(known, width)])
    lines += [f"{name}: {value}" for name, value in _headers(content).items()]
    lines += ["", letter_of(content).text.replace("\r\n", "\n").rstrip("\n")]
    return "\n".join(lines)


def _attempt_lines(item: Posted, attempts: Sequence[Attempt], zone: ZoneInfo) -> list[str]:
    if not attempts:
        return [item.last_error] if item.last_error else []
    lines = ["", say("Essais", "Attempts")]
    for attempt in attempts:
        said = " ".join(
            str(part) for part in (attempt.reply_code, attempt.reply_text) if part is not None
        )
        outcome = attempt.outcome or say("en cours", "running")
        when = f"{attempt.started_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        text = f"{attempt.number}. {when}  {outcome}  {said}".rstrip()
        lines += wrap(text, terminal_width(), first="  ", rest="     ")
    return lines


# --- what a person may do ------------------------------------------------------------------------


@command(
    "retry",
    fr="Remet un message à l’envoi ; il part au prochain passage.",
    en="Let a message leave again, at the next run.",
)
@click.argument("message", type=click.IntRange(min=1), metavar="ID")
@option(
    "--again",
    is_flag=True,
    fr="envoie une seconde fois un message déjà accepté",
    en="send a second time a message already accepted",
)
@option(
    "--reason",
    metavar=say("TEXTE", "TEXT"),
    fr="pourquoi, gardé dans l’historique (avec --again)",
    en="why, kept in the history (with --again)",
)
@pass_app
def retry_(app: App, message: int, again: bool, reason: str | None) -> None:
    why = (reason or "").strip()
    if again and not why:
        raise UserError(
            "--again demande --reason TEXTE : l’historique garde pourquoi un courriel est répété",
            "--again needs --reason TEXT: the history keeps why a mail is repeated",
        )
    with _acting(app) as (runtime, session), _refusals(message):
        number = retry(
            session, message, now=runtime.clock(), who=app.who, again=why if again else None
        )
    if number != message:
        tell(
            say(
                f"Message {number} composé à l’identique ; il part au prochain passage.",
                f"Message {number} made with the same letter; it leaves at the next run.",
            )
        )
    else:
        tell(
            say(
                f"Message {message} remis à l’envoi ; il part au prochain passage.",
                f"Message {message} is queued again; it leaves at the next run.",
            )
        )


@command(
    "cancel",
    fr="Renonce à un message qui n’a pas été accepté, et à ce qu’il annonçait.",
    en="Give up a message that was not accepted, and what it told.",
)
@click.argument("message", type=click.IntRange(min=1), metavar="ID")
@option(
    "--reason",
    default="",
    metavar=say("TEXTE", "TEXT"),
    fr="pourquoi, gardé dans l’historique",
    en="why, kept in the history",
)
@pass_app
def cancel_(app: App, message: int, reason: str) -> None:
    with _acting(app) as (runtime, session), _refusals(message):
        cancel(session, message, now=runtime.clock(), who=app.who, reason=reason.strip())
    tell(say(f"Message {message} annulé.", f"Message {message} cancelled."))


@command(
    "release",
    fr="Reprend les envois retenus, après lecture des journaux d’envoi.",
    en="End a hold, after reading what the journals of sent mail know.",
)
@option(
    "--journal",
    "journals",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar=say("FICHIER", "FILE"),
    fr="journal d’une autre machine (répétable ; PostgreSQL)",
    en="another machine’s journal (repeatable; PostgreSQL)",
)
@option(
    "--machine",
    "machines",
    multiple=True,
    metavar=say("NOM", "NAME"),
    fr="machine dont le journal est vide ou perdu (répétable)",
    en="machine whose journal is empty or lost (repeatable)",
)
@pass_app
def release(app: App, journals: tuple[Path, ...], machines: tuple[str, ...]) -> None:
    entries = [entry for path in journals for entry in _read_journal(path)]
    with _acting(app) as (runtime, session), _refusals(0):
        done = release_holds(
            session,
            identity=runtime.identity,
            journal=runtime.journal,
            now=runtime.clock(),
            who=app.who,
            journals=entries,
            machines_read=_hashes(session, machines),
        )
        for reason in done.reasons:
            code, host = f"machine_{reason}", runtime.identity.host
            resolve_problem(session, code=code, subject=host, now=runtime.clock())
    for reason in done.reasons:
        tell(say("Levé : ", "Ended: ") + hold_reason(reason, app.wording))
    if done.learnt:
        tell(
            say(
                f"{done.learnt} envoi(s) appris des journaux : ils ne seront pas répétés.",
                f"{done.learnt} sent mail(s) learnt from the journals: none is repeated.",
            )
        )
    tell(
        say("Les envois reprennent au prochain passage.", "Sending goes on at the next run.")
        if done.reasons
        else say("Les envois n’étaient pas retenus.", "Sending was not held.")
    )


@contextmanager
def _acting(app: App) -> Iterator[tuple[Runtime, Session]]:
    runtime = runtime_for(app)
    try:
        with writing(runtime.engine) as session:
            yield runtime, session
    finally:
        runtime.engine.dispose()


@contextmanager
def _refusals(message: int) -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        raise _refusal(error.code, message, str(error)) from error


def _refusal(code: str, message: int, detail: str) -> UserError | TemporaryError:
    match code:
        case "unknown":
            return UserError(
                f"aucun message {message} ; conventions outbox les liste",
                f"there is no message {message}; conventions outbox lists them",
            )
        case "already_accepted":
            return UserError(
                f"le message {message} a été accepté par le serveur de messagerie ; pour l’envoyer "
                f"une seconde fois : outbox retry {message} --again --reason TEXTE",
                f"message {message} was accepted by the relay; to send it a second time: "
                f"outbox retry {message} --again --reason TEXT",
            )
        case "in_flight":
            return TemporaryError(
                f"le message {message} est en cours d’envoi ; réessayer dans un instant",
                f"message {message} is being sent; try again in a moment",
            )
        case "closed":
            return UserError(
                f"le message {message} a été remplacé ou annulé : ce qu’il annonçait et qui vaut "
                "encore part dans un autre message",
                f"message {message} was superseded or cancelled: what it told and still holds "
                "leaves in another message",
            )
        case "no_bytes":
            return UserError(
                f"le message {message} n’est connu que par le journal : son texte n’est plus là",
                f"message {message} is only known from the journal: its text is gone",
            )
        case "journals_missing":
            return UserError(
                f"il manque le journal des envois de : {detail} ; le copier ici et l’indiquer par "
                "--journal FICHIER, ou nommer par --machine NOM une machine dont le journal est "
                "vide ou perdu",
                f"the journal of sent mail is missing for: {detail}; copy it here and give it with "
                "--journal FILE, or name with --machine NAME a machine whose journal is empty or "
                "lost",
            )
        case _:
            return UserError(detail, detail)


def _hashes(session: Session, names: Sequence[str]) -> list[str]:
    rows = session.execute(select(MachineRow.name, MachineRow.machine_hash)).all()
    known: dict[str, list[str]] = {}
    for name, machine in rows:
        known.setdefault(name, []).append(machine)
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or say("aucune", "none")
            raise UserError(
                f"--machine {shown_path(name)} : machine inconnue ; connues : {listed}",
                f"--machine {shown_path(name)}: unknown machine; known: {listed}",
            )
    return [machine for name in names for machine in known[name]]


def _read_journal(path: Path) -> list[Accepted]:
    shown = shown_path(path)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_JOURNAL:
            raise UserError(
                f"{shown} : n’est pas un journal d’envois (fichier journal.jsonl attendu)",
                f"{shown}: is not a journal of sent mail (a file journal.jsonl is expected)",
            )
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UserError(
            f"{shown} : lecture impossible ({why})", f"{shown}: cannot be read ({why})"
        ) from error
    entries = list(read_journal(lines))
    if not entries and any(line.strip() for line in lines):
        raise UserError(
            f"{shown} : aucune ligne de ce fichier n’est celle d’un journal d’envois",
            f"{shown}: no line of this file is one of a journal of sent mail",
        )
    return entries
