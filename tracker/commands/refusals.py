"""Why an event is refused, in words."""

from __future__ import annotations

from tracker.domain.conventions import Event
from tracker.domain.lifecycle import Refusal
from tracker.errors import UserError
from tracker.wording import LANGUAGES, Language, Wording

REFUSALS: dict[str, tuple[str, str]] = {
    "not_suspended": (
        "la convention n’est pas suspendue au {on} : rien à reprendre",
        "the convention is not suspended on {on}: nothing to resume",
    ),
    "empty_amendment": (
        "un avenant change au moins une clause : ajouter --field NOM=VALEUR",
        "an amendment changes at least one clause: add --field NAME=VALUE",
    ),
    "deadline_needed": (
        "il manque la clé de l’échéance : ajouter --field deadline=CLÉ (voir « conventions soon »)",
        "the deadline’s key is missing: add --field deadline=KEY (see `conventions soon`)",
    ),
    "foreign_deadline": (
        "la clé « {deadline} » est celle d’une autre convention",
        "the key “{deadline}” belongs to another convention",
    ),
    "already_suspended": (
        "la convention est déjà suspendue le {on}",
        "the convention is suspended already on {on}",
    ),
    "until_needed": (
        "il manque le jour du prochain rappel : ajouter --field until=AAAA-MM-JJ",
        "the day of the next reminder is missing: add --field until=YYYY-MM-DD",
    ),
    "before_signature": (
        "la convention a été signée le {signed} : elle ne peut pas être résiliée avant",
        "the convention was signed on {signed}: it cannot be terminated before",
    ),
    "no_such_event": (
        "aucun fait n° {number} : voir « conventions show »",
        "no fact no. {number}: see `conventions show`",
    ),
    "already_withdrawn": (
        "le fait n° {number} est déjà retiré",
        "fact no. {number} is withdrawn already",
    ),
    "received_before_posted": (
        "la lettre aurait été reçue ou présentée avant d’être postée le {posted}",
        "the letter would have been received or presented before it was posted on {posted}",
    ),
    "received_before_presented": (
        "la lettre aurait été reçue le {received_on}, avant sa présentation le {presented_on}",
        (
            "the letter would have been received on {received_on}, before its presentation on "
            "{presented_on}"
        ),
    ),
    "end_before_amendment": (
        "la nouvelle fin ({end}) précède l’avenant du {on} : enregistrer une résiliation",
        "the new end ({end}) is before the amendment of {on}: record a termination",
    ),
}


def refusal_error(reference: str, event: Event, refusal: Refusal) -> UserError:
    """Return the error that tells why `event` cannot be recorded."""
    fr, en = (_sentence(refusal, lang) for lang in LANGUAGES)
    return UserError(
        f"{reference}, {event.event.value} : {fr}", f"{reference}, {event.event.value}: {en}"
    )


def _sentence(refusal: Refusal, lang: Language) -> str:
    words = Wording(lang)
    facts = {name: words.value(name, value) for name, value in refusal.facts}
    return words.pick(REFUSALS[refusal.code]).format(**facts)
