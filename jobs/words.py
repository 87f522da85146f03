"""States, holds and instants in the reader's words, for every command of the operator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.holds import HoldReason
from tracker.domain.consequences import MISSED_STAGE, OVERDUE_STAGE
from tracker.domain.dates import Period
from tracker.storage.tables import MessageState, ObligationState
from tracker.wording import Wording

_MESSAGE: Mapping[str, tuple[str, str]] = {
    MessageState.QUEUED: ("à envoyer", "queued"),
    MessageState.SENDING: ("en cours d’envoi", "being sent"),
    MessageState.UNCERTAIN: ("incertain", "uncertain"),
    MessageState.ACCEPTED: ("accepté", "accepted"),
    MessageState.DEAD: ("refusé", "refused"),
    MessageState.SUPERSEDED: ("remplacé", "superseded"),
    MessageState.HELD: ("retenu", "held"),
    MessageState.CANCELLED: ("annulé", "cancelled"),
}
_OBLIGATION: Mapping[str, tuple[str, str]] = {
    ObligationState.OPEN: ("à écrire", "to be written"),
    ObligationState.COMPOSED: ("écrit, pas encore accepté", "written, not accepted yet"),
    ObligationState.CLOSED: ("remplacé par une étape plus proche", "told by a tighter stage"),
    ObligationState.ACCEPTED: ("envoyé", "sent"),
    ObligationState.SUPERSEDED: ("sans objet", "superseded"),
    ObligationState.NO_RECIPIENT: ("personne à prévenir", "nobody to tell"),
    ObligationState.DEAD: ("adresse refusée", "address refused"),
    ObligationState.CANCELLED: ("annulé", "cancelled"),
}
_HOLD: Mapping[str, tuple[str, str]] = {
    HoldReason.RESTORED: (
        "une sauvegarde a été restaurée : la base a oublié des envois ou des faits",
        "a backup was restored: the database has forgotten mail or facts",
    ),
    HoldReason.COPIED: (
        "la base ou le dossier d’état vient d’une autre machine",
        "the database or the state directory comes from another machine",
    ),
    HoldReason.NOT_JOINED: (
        "cette machine n’a pas rejoint la base (conventions init --join)",
        "this machine has not joined the database (conventions init --join)",
    ),
    HoldReason.CLOCK_JUMP: (
        "l’horloge a avancé d’un coup de plus d’une heure",
        "the clock went forward by more than an hour at once",
    ),
}


def stage_name(stage: str, words: Wording) -> str:
    """Return in words at which point before or after its day a deadline is told."""
    if stage == OVERDUE_STAGE:
        return words.pick(("en retard", "overdue"))
    if stage == MISSED_STAGE:
        return words.pick(("date manquée", "missed"))
    try:
        lead = words.period(Period.parse(stage))
    except ValueError:
        return stage
    return words.pick((f"{lead} avant", f"{lead} before"))


def message_state(state: str, words: Wording) -> str:
    """Return the state of a message in words."""
    return words.pick(_MESSAGE.get(state, (state, state)))


def obligation_state(state: str, words: Wording) -> str:
    """Return the state of an obligation in words."""
    return words.pick(_OBLIGATION.get(state, (state, state)))


def hold_reason(reason: str, words: Wording) -> str:
    """Return in words why sending is held."""
    return words.pick(_HOLD.get(reason, (reason, reason)))


def instant(when: datetime, zone: ZoneInfo, words: Wording) -> str:
    """Return an instant as a wall clock shows it."""
    local = when.astimezone(zone)
    return f"{words.date(local.date())} {local:%H:%M}"
