"""What a relay or the network answered, for the person who has to mend it.

A relay's own reply is quoted as it is: that is what its administrator will look for. What this
program or the system says in English is translated first, and quoted after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from notifications.mailer import Outcome, Phase
from tracker.sentences import Both

_PHASES: Final[Mapping[Phase, Both]] = {
    Phase.CONNECT: ("connexion", "connection"),
    Phase.TLS: ("chiffrement TLS", "TLS"),
    Phase.AUTH: ("authentification", "authentication"),
    Phase.MAIL: ("expéditeur", "sender"),
    Phase.RCPT: ("destinataire", "recipient"),
    Phase.DATA: ("annonce du message", "start of the message"),
    Phase.BODY: ("corps du message", "body"),
    Phase.DOT: ("fin du message", "end of the message"),
}
"""How far a conversation with a relay got."""

_IN_FRENCH: Final = tuple(
    (re.compile(english, re.IGNORECASE), french)
    for english, french in (
        (r"TLS is required towards", "le chiffrement TLS est obligatoire vers une autre machine"),
        (r"STARTTLS is required", "STARTTLS est exigé et le serveur ne le propose pas"),
        (r"password may only travel inside TLS", "un mot de passe ne circule que sous TLS"),
        (r"no way to authenticate", "aucune des authentifications proposées n’est connue"),
        (r"not an address that SMTP", "adresse que SMTP ne sait pas transporter"),
        (r"timed out", "pas de réponse dans le délai"),
        (r"connection refused", "connexion refusée"),
        (r"connection reset|unexpectedly closed|broken pipe", "connexion coupée"),
        (r"name or service not known|name resolution|getaddrinfo|nodename", "machine introuvable"),
        (r"unreachable|no route to host", "réseau inaccessible"),
        (r"certificate verify failed", "certificat refusé"),
        (r"no space left", "disque plein"),
        (r"permission denied", "accès refusé"),
    )
)


def explain(outcome: Outcome, french: str, english: str) -> Both:
    """Complete a sentence about a mail that did not leave with why, in both languages."""
    in_french, in_english = _PHASES[outcome.phase]
    reply = reply_of(outcome)
    return (
        f"{french} ({in_french} : {_translated(reply) if outcome.code is None else reply}).",
        f"{english} ({in_english}: {reply}).",
    )


def reply_of(outcome: Outcome) -> str:
    """Return what was answered, or else what it came to."""
    words = " ".join(str(part) for part in (outcome.code, outcome.text) if part)
    return words.rstrip(".") or str(outcome.verdict)


def _translated(reply: str) -> str:
    known = next((french for english, french in _IN_FRENCH if english.search(reply)), None)
    return f"{known} – {reply}" if known else reply
