"""`test-send`: one test letter, straight through the relay, and what became of it in words."""

from __future__ import annotations

import click

from config.addresses import AddressError, check_address
from jobs.policy import CannotSendError, delivery_policy, make_mailer
from notifications.headers import FrozenMail, Mailbox, RenderedMail, freeze
from notifications.mailer import Outcome, Verdict
from notifications.replies import explain, reply_of
from tracker.cli import command, pass_app, say, tell
from tracker.context import App
from tracker.errors import UserError
from tracker.files import shown_path

ATTENTION = 1
TEMPORARY = 3


@command(
    "test-send",
    fr="Envoie tout de suite une lettre d’essai, sans passer par la file, et dit ce qu’il en est.",
    en="Send a test letter at once, not through the outbox, and say what became of it.",
)
@click.argument("address", metavar=say("ADRESSE", "ADDRESS"))
@pass_app
def test_send(app: App, address: str) -> int:
    try:
        recipient = check_address(address.strip())
    except AddressError as error:
        shown = shown_path(address)
        raise UserError(
            f"« {shown} » : {error.message_fr}", f"“{shown}”: {error.message_en}"
        ) from error
    try:
        policy, mailer = delivery_policy(app.settings), make_mailer(app.settings)
    except CannotSendError as error:
        raise _nowhere(error.code) from error
    mail = freeze(
        test_letter(app.settings.office.name),
        sender=policy.sender,
        recipient=Mailbox(address=recipient),
        date=app.now().replace(microsecond=0),
        domain=policy.message_id_domain,
    )
    tell(
        say(
            f"Envoi à {recipient} par {policy.relay}…", f"Sending to {recipient} by {policy.relay}…"
        )
    )
    try:
        outcome = mailer.send(mail, lambda: None)
    finally:
        mailer.close()
    _tell(outcome, mail)
    return _status(outcome)


def test_letter(office: str) -> RenderedMail:
    """Return the test letter: in French, whoever runs the command; it is the town that writes."""
    signature = office or "Suivi des conventions"
    text = (
        "Madame, Monsieur,\n\n"
        "Ceci est un message d’essai du suivi des conventions. Il montre que le serveur peut vous\n"
        "écrire ; il n’annonce aucune échéance et n’appelle aucune réponse.\n\n"
        "Si vous ne l’attendiez pas, vous pouvez l’ignorer.\n\n"
        f"{signature}\n"
    )
    return RenderedMail(subject="[Conventions] Message d’essai", text=text)


def _tell(outcome: Outcome, mail: FrozenMail) -> None:
    said = reply_of(outcome)
    match outcome.verdict:
        case Verdict.ACCEPTED:
            line = say(
                f"Accepté : {said}. Vérifier qu’il arrive, et pas dans les indésirables.",
                f"Accepted: {said}. Check that it arrives, and not among the junk.",
            )
        case Verdict.REFUSED:
            line = say(*explain(outcome, "Refusé pour de bon", "Refused for good"))
        case Verdict.TEMPORARY:
            line = say(*explain(outcome, "Remis à plus tard", "Put off"))
        case Verdict.UNCERTAIN:
            line = say(
                f"Incertain : le message est parti et la réponse s’est perdue ({said}). "
                "Regarder s’il est arrivé avant de recommencer.",
                f"Uncertain: the message left and the answer was lost ({said}). "
                "See whether it arrived before trying again.",
            )
        case Verdict.RELAY:
            line = say(
                *explain(
                    outcome,
                    "Le serveur de messagerie n’est pas utilisable",
                    "The mail relay cannot be used",
                )
            )
    click.echo(line)
    click.echo(f"Message-ID: {mail.message_id}")


def _status(outcome: Outcome) -> int:
    if outcome.verdict is Verdict.ACCEPTED:
        return 0
    return ATTENTION if outcome.verdict in {Verdict.REFUSED, Verdict.UNCERTAIN} else TEMPORARY


def _nowhere(code: str) -> UserError:
    if code == "no_sender":
        return UserError(
            "aucun expéditeur : renseigner [office] sender dans les réglages",
            "no sender: set [office] sender in the settings",
        )
    return UserError(
        "aucun serveur de messagerie : renseigner [mail] host, ou directory, dans les réglages",
        "no mail relay: set [mail] host, or directory, in the settings",
    )
