"""What a relay answered, told to the person who mends it."""

from __future__ import annotations

import pytest

from notifications.mailer import Outcome, Phase, Verdict
from notifications.replies import explain


@pytest.mark.parametrize(
    ("outcome", "french", "english"),
    [
        (
            Outcome(
                verdict=Verdict.REFUSED, phase=Phase.RCPT, code=550, text="5.1.1 No such user."
            ),
            "Refusé (destinataire : 550 5.1.1 No such user).",
            "Refused (recipient: 550 5.1.1 No such user).",
        ),
        (
            Outcome(
                verdict=Verdict.RELAY,
                phase=Phase.CONNECT,
                text="[Errno -2] Name or service not known",
            ),
            "Refusé (connexion : machine introuvable – [Errno -2] Name or service not known).",
            "Refused (connection: [Errno -2] Name or service not known).",
        ),
        (
            # A relay's own words are never taken for the system's.
            Outcome(verdict=Verdict.TEMPORARY, phase=Phase.DATA, code=451, text="timed out"),
            "Refusé (annonce du message : 451 timed out).",
            "Refused (start of the message: 451 timed out).",
        ),
        (
            Outcome(verdict=Verdict.RELAY, phase=Phase.TLS, text="TLS is required towards another"),
            (
                "Refusé (chiffrement TLS : le chiffrement TLS est obligatoire vers une autre machine"
                " – TLS is required towards another)."
            ),
            "Refused (TLS: TLS is required towards another).",
        ),
        (
            Outcome(verdict=Verdict.UNCERTAIN, phase=Phase.DOT),
            "Refusé (fin du message : uncertain).",
            "Refused (end of the message: uncertain).",
        ),
    ],
)
def test_why_a_mail_did_not_leave_is_said_in_both_languages(outcome, french, english):
    assert explain(outcome, "Refusé", "Refused") == (french, english)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_a_name_in_both_languages(phase):
    outcome = Outcome(verdict=Verdict.RELAY, phase=phase, text="x")
    french, english = explain(outcome, "A", "A")
    assert french.endswith(" : x).")
    assert english.endswith(": x).")
