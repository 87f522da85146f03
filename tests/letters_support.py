"""Sample deadlines and plain words for the tests of letters and calendars."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from notifications.digest import Concern, Done
from notifications.recipients import address_reminders
from notifications.words import Lang
from tracker.domain.consequences import (
    MISSED_STAGE,
    OVERDUE_STAGE,
    Alternative,
    Basis,
    ConventionState,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Finding,
    Reminder,
)
from tracker.domain.conventions import Partner, Quote

TODAY = date(2026, 11, 23)
OFFICE = "Ville de Dijon – Relations internationales"
OFFICE_ADDRESS = "relations.internationales@example.org"
ANNE = "anne.bernard@example.org"
PAUL = "paul.garnier@example.org"

LETTERS = Path(__file__).parent / "data" / "letters"


def matches(name: str, content: bytes) -> bool:
    """Compare with an expected file; `UPDATE_LETTERS=1 pytest …` writes it anew, to be read."""
    path = LETTERS / name
    if os.environ.get("UPDATE_LETTERS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return path.read_bytes() == content


KINDS: dict[Lang, dict[DeadlineKind, tuple[str, str]]] = {
    "fr": {
        DeadlineKind.SIGNATURE: ("Signature", "Faire signer la convention par toutes les parties"),
        DeadlineKind.EXPIRY: (
            "Fin de la convention",
            "Décider du renouvellement, ou préparer la clôture",
        ),
        DeadlineKind.RENEWAL: (
            "Reconduction tacite",
            "Rien à faire si la convention doit se poursuivre",
        ),
        DeadlineKind.NOTICE: (
            "Préavis de dénonciation",
            "Envoyer la lettre recommandée de dénonciation, ou laisser reconduire",
        ),
        DeadlineKind.DECISION: (
            "Vote du renouvellement",
            "Inscrire le renouvellement à l’ordre du jour du conseil",
        ),
        DeadlineKind.EVALUATION: ("Évaluation annuelle", "Tenir l’évaluation avec le partenaire"),
        DeadlineKind.COMMITTEE: (
            "Comité de pilotage",
            "Réunir le comité de pilotage et en établir le procès-verbal",
        ),
        DeadlineKind.REPORT: ("Rapport d’activité", "Obtenir le rapport du partenaire"),
        DeadlineKind.FINAL_EVALUATION: (
            "Évaluation globale",
            "Remettre l’évaluation globale avant le renouvellement",
        ),
        DeadlineKind.PAYMENT: ("Versement", "Mandater le versement au vu des pièces"),
        DeadlineKind.PUBLICATION: (
            "Publication des données essentielles",
            "Publier les données de la subvention",
        ),
        DeadlineKind.TRANSMISSION: (
            "Transmission à la préfecture",
            "Transmettre la convention signée",
        ),
        DeadlineKind.DECLARATION: ("Déclaration annuelle", "Déclarer l’aide versée"),
        DeadlineKind.MILESTONE: ("Étape", "Préparer le rendez-vous"),
        DeadlineKind.PROGRAMME_END: ("Fin du programme", "Dresser le bilan du programme"),
        DeadlineKind.REVIEW: ("Revue annuelle", "Vérifier que la convention a toujours un objet"),
        DeadlineKind.MISSING: ("Date à compléter", "Saisir la date de signature"),
    },
    "en": {
        kind: (kind.value.replace("_", " ").capitalize(), f"See to the {kind.value}")
        for kind in DeadlineKind
    },
}
STATES: dict[Lang, dict[ConventionState, str]] = {
    "fr": {
        ConventionState.TERMINATED: "résiliée",
        ConventionState.SUSPENDED: "suspendue",
        ConventionState.RENEWED: "renouvelée",
        ConventionState.EXPIRED: "échue",
        ConventionState.DENOUNCED: "dénoncée",
        ConventionState.IN_FORCE: "en vigueur",
        ConventionState.APPROVED: "votée",
        ConventionState.DRAFT: "projet",
    },
    "en": {state: state.value.replace("_", " ") for state in ConventionState},
}


@dataclass(frozen=True)
class PlainWords:
    """Words enough for a test; `rule` is the sentence itself, in French then in English."""

    lang: Lang = "fr"

    def kind(self, deadline: Deadline, /) -> str:
        return KINDS[self.lang][deadline.kind][0]

    def action(self, deadline: Deadline, /) -> str:
        return KINDS[self.lang][deadline.kind][1]

    def subject(self, deadline: Deadline, /) -> str:
        name = self.kind(deadline)
        return f"{name} – {deadline.label}" if deadline.label else name

    def field(self, name: str, /) -> str:
        return {"signed_on": ("date de signature", "date of signature")[self.lang == "en"]}[name]

    def basis(self, basis: Basis, /) -> str:
        french, _, english = basis.rule.partition(" || ")
        said = french if self.lang == "fr" else english or french
        if basis.supposed:
            names = ", ".join(map(self.field, basis.supposed))
            said += (
                " Date supposée, à confirmer : " if self.lang == "fr" else " Supposed: "
            ) + names
        return said

    def state(self, state: ConventionState, /) -> str:
        return STATES[self.lang][state]

    def date(self, day: date, /, *, weekday: bool = False) -> str:
        if self.lang == "en":
            return format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale="en_GB")
        text = format_date(day, "d MMMM y", locale="fr")
        text = text.replace("1 ", "1er ", 1) if day.day == 1 else text
        return f"{format_date(day, 'EEEE', locale='fr')} {text}" if weekday else text

    def days_left(self, days: int, /) -> str:
        if self.lang == "en":
            named = {0: "today", 1: "tomorrow", -1: "yesterday"}
            return named.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")
        named = {0: "aujourd’hui", 1: "demain", -1: "hier"}
        return named.get(days) or (f"dans {days} jours" if days > 0 else f"il y a {-days} jours")

    def partners(self, partners: tuple[Partner, ...], /) -> str:
        names = {"RU": "Russie", "MA": "Maroc", "DE": "Allemagne"}
        return ", ".join(
            f"{partner.name} ({names[partner.country]})"
            if partner.country in names
            else partner.name
            for partner in partners
        )

    def amount(self, amount: Decimal, /) -> str:
        return format_currency(amount, "EUR", locale="fr" if self.lang == "fr" else "en_IE")

    def finding(self, finding: Finding, /) -> str:
        return finding.code


def deadline(**changes: Any) -> Deadline:
    """Return a deadline; the notice of a CRESS convention unless told otherwise."""
    values: dict[str, Any] = {
        "convention": "DIJ-CRESS-2009",
        "title": "Promotion de l’économie sociale et solidaire",
        "owner": ANNE,
        "watchers": (),
        "partners": (Partner(name="CRESS de Bourgogne", country="FR"),),
        "kind": DeadlineKind.NOTICE,
        "ordinal": 3,
        "due_on": TODAY + timedelta(days=46),
        "status": DeadlineStatus.UPCOMING,
        "basis": Basis(
            rule="La durée en cours s’achève le 8 avril 2027. La convention demande un préavis de "
            "trois mois : la dénonciation doit être reçue au plus tard le 8 janvier 2027. || "
            "The current term ends on 8 April 2027. The convention asks for three months’ notice: "
            "it must be received by 8 January 2027."
        ),
    } | changes
    values.setdefault("act_by", values["due_on"])
    values.setdefault("key", f"{values['convention']}/{values['kind']}/{values['ordinal']}")
    return Deadline(**values)


VOLGOGRAD = {
    "convention": "DIJ-VOLGOGRAD-2016",
    "title": "Convention de partenariat entre les villes de Dijon et de Volgograd",
    "partners": (Partner(name="Ville de Volgograd", country="RU"),),
    "owner": PAUL,
}
CHEFCHAOUEN = {
    "convention": "DIJ-CHEFCHAOUEN-2016",
    "title": "Convention de partenariat entre les villes de Dijon et de Chefchaouen",
    "partners": (Partner(name="Ville de Chefchaouen", country="MA"),),
    "owner": PAUL,
    "watchers": (ANNE,),
}
MAINZ = {
    "convention": "DIJ-MAYENCE-1958",
    "title": "Jumelage avec Mayence",
    "partners": (Partner(name="Ville de Mayence", country="DE"),),
    "owner": PAUL,
}

NOTICE = deadline(
    act_by=date(2026, 12, 24),
    due_on=date(2027, 1, 8),
    watchers=(PAUL,),
    basis=Basis(
        rule="La durée en cours s’achève le 8 avril 2027. La convention demande un préavis de "
        "trois mois : la dénonciation doit être reçue au plus tard le 8 janvier 2027. || "
        "The current term ends on 8 April 2027. The convention asks for three months’ notice: "
        "it must be received by 8 January 2027.",
        clause=Quote(
            quote="par lettre recommandée avec accusé de réception dans un délai de trois mois "
            "précédant sa résiliation",
            article="Article VI",
        ),
    ),
    alternative=Alternative(
        due_on=date(2027, 1, 9),
        why=Basis(
            rule="Autre lecture : la clause vaut à tout moment, avec trois mois de préavis."
            " || The clause can also be read as good at any time, with three months’ notice."
        ),
    ),
)
COMMITTEE = deadline(
    kind=DeadlineKind.COMMITTEE,
    ordinal=17,
    due_on=date(2026, 11, 20),
    status=DeadlineStatus.OVERDUE,
    basis=Basis(
        rule="La convention prévoit un comité de pilotage chaque année (article V). || "
        "The convention provides for a yearly steering committee (article V)."
    ),
)
PAYMENT = deadline(
    kind=DeadlineKind.PAYMENT,
    ordinal=2,
    due_on=date(2026, 11, 27),
    amount=Decimal(1200),
    basis=Basis(
        rule="Le solde, 30 % de la subvention, est dû sur remise des pièces. || "
        "The balance, 30% of the grant, is due once the documents are in."
    ),
)
FINAL = deadline(
    **VOLGOGRAD,
    kind=DeadlineKind.FINAL_EVALUATION,
    ordinal=1,
    due_on=date(2026, 12, 17),
    basis=Basis(
        rule="L’article 6 demande une évaluation globale avant le renouvellement ; elle doit être "
        "remise pour que le conseil se prononce le 22 mars 2027. || Article 6 asks for an overall "
        "evaluation before renewal.",
        supposed=("signed_on",),
    ),
)
DECISION = deadline(
    **CHEFCHAOUEN,
    kind=DeadlineKind.DECISION,
    ordinal=1,
    due_on=date(2027, 2, 8),
)
EXPIRY = deadline(
    **CHEFCHAOUEN,
    kind=DeadlineKind.EXPIRY,
    ordinal=1,
    due_on=date(2027, 4, 18),
    act_by=date(2027, 4, 16),
)
MILESTONE = deadline(
    **MAINZ,
    kind=DeadlineKind.MILESTONE,
    ordinal=1,
    due_on=date(2027, 1, 15),
    until=date(2027, 1, 17),
    label="Soixante-neuvième anniversaire du jumelage",
)
MISSED = deadline(
    **MAINZ, kind=DeadlineKind.NOTICE, ordinal=4, due_on=date(2026, 11, 2),
    status=DeadlineStatus.MISSED,
    basis=Basis(rule="Le préavis devait être reçu au plus tard le 2 novembre 2026. || "
                     "Notice had to be received by 2 November 2026."),
)  # fmt: skip
RENEWED = deadline(
    kind=DeadlineKind.RENEWAL, ordinal=2, due_on=date(2026, 11, 19), status=DeadlineStatus.DONE
)
INCOMPLETE = deadline(
    **VOLGOGRAD,
    kind=DeadlineKind.MISSING,
    ordinal=1,
    due_on=date(2016, 11, 21),
    status=DeadlineStatus.OVERDUE,
    label="date de la dernière signature",
    basis=Basis(
        rule="Il manque la date de la dernière signature. Dernier acte connu le 21 novembre 2016."
        " || The date of the last signature is missing. Last act known on 21 November 2016."
    ),
)
REPORTED = deadline(
    **VOLGOGRAD,
    kind=DeadlineKind.REPORT,
    ordinal=2,
    due_on=date(2026, 12, 31),
    status=DeadlineStatus.DONE,
)

PORTFOLIO = (
    NOTICE,
    COMMITTEE,
    PAYMENT,
    FINAL,
    DECISION,
    EXPIRY,
    MILESTONE,
    MISSED,
    INCOMPLETE,
    RENEWED,
    REPORTED,
)
STATE_COUNTS = {
    ConventionState.IN_FORCE: 12,
    ConventionState.SUSPENDED: 1,
    ConventionState.DRAFT: 3,
    ConventionState.EXPIRED: 5,
}
CONCERNS = (
    Concern(
        convention="DIJ-VOLGOGRAD-2016",
        title="Convention de partenariat entre les villes de Dijon et de Volgograd",
        message="La convention cite une délibération du 26 septembre 2016 ; la délibération "
        "enregistrée est du 21 novembre 2016. Vérifiez l’une ou l’autre.",
    ),
    Concern(
        convention="DIJ-BANAT-2019",
        message="La date « 2027-02-30 » n’existe pas : cette fiche n’a pas pu être lue.",
    ),
)
DONE = (Done(deadline=REPORTED, on=date(2026, 11, 18)),)


def reminder(of: Deadline, *, escalation: int = 0) -> Reminder:
    """Return the reminder of a deadline, at the stage that its status calls for."""
    stage = {DeadlineStatus.OVERDUE: OVERDUE_STAGE, DeadlineStatus.MISSED: MISSED_STAGE}.get(
        of.status, "P3M"
    )
    return Reminder(
        deadline=of, stage=stage, opens_on=TODAY, reached=(stage,), escalation=escalation
    )


def addressed(*of: Deadline, escalation: int = 0) -> Any:
    """Address the reminders of these deadlines."""
    return address_reminders(
        [reminder(each, escalation=escalation) for each in of],
        office=(OFFICE_ADDRESS,),
        fallback="secours@example.org",
    )
