"""From values to sentences, in the reader's language: French first, English complete.

The domain gives a rule and its facts, `tracker.sentences` the sentence; the words that fill it are
here, side by side in both languages, so that whoever changes one sees the other. French typography: no-break spaces before double
punctuation, `1er` for the first of a month.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tracker.domain.consequences import (
    Basis,
    ConventionState,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Fact,
    Finding,
    TermOrigin,
)
from tracker.domain.conventions import (
    INDEFINITE,
    EventName,
    Instalment,
    Partner,
    Quote,
    RecurringDuty,
)
from tracker.domain.dates import Period
from tracker.domain.law import LAW
from tracker.sentences import END_CONFLICT_INDEFINITE, FINDINGS, RULES, Both

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")

_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "fr": tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre".split()
    ),
    "en": tuple(
        "January February March April May June July August September October November "
        "December".split()
    ),
}
_WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "fr": tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split()),
    "en": tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
}

_KINDS: Mapping[DeadlineKind, Both] = {
    DeadlineKind.SIGNATURE: ("Signature", "Signature"),
    DeadlineKind.EXPIRY: ("Fin de la convention", "Expiry"),
    DeadlineKind.RENEWAL: ("Reconduction tacite", "Tacit renewal"),
    DeadlineKind.NOTICE: ("Préavis de dénonciation", "Notice day"),
    DeadlineKind.DECISION: ("Vote du renouvellement", "Council vote on renewal"),
    DeadlineKind.EVALUATION: ("Évaluation", "Evaluation"),
    DeadlineKind.COMMITTEE: ("Comité de pilotage", "Steering committee"),
    DeadlineKind.REPORT: ("Rapport", "Report"),
    DeadlineKind.FINAL_EVALUATION: ("Évaluation finale", "Final evaluation"),
    DeadlineKind.PAYMENT: ("Versement", "Payment"),
    DeadlineKind.PUBLICATION: ("Publication des données", "Open-data publication"),
    DeadlineKind.TRANSMISSION: ("Transmission au préfet", "Transmission to the prefect"),
    DeadlineKind.DECLARATION: ("Déclaration e-APD", "Yearly aid declaration (e-APD)"),
    DeadlineKind.MILESTONE: ("Rendez-vous", "Milestone"),
    DeadlineKind.PROGRAMME_END: ("Fin du programme", "End of the programme"),
    DeadlineKind.REVIEW: ("Revue annuelle", "Yearly review"),
    DeadlineKind.MISSING: ("Information manquante", "Missing fact"),
}
_FINANCIAL_REPORT: Both = ("Compte rendu financier", "Financial report")

_ACTIONS: Mapping[DeadlineKind, Both] = {
    DeadlineKind.SIGNATURE: (
        "Faire signer la convention, puis saisir la date de la dernière signature",
        "Have the agreement signed, then record the date of the last signature",
    ),
    DeadlineKind.EXPIRY: (
        "Vérifier que la suite est décidée : la convention prend fin ce jour-là",
        "Check that what follows is decided: the agreement ends that day",
    ),
    DeadlineKind.RENEWAL: (
        "Rien à faire : la convention se reconduit d’elle-même",
        "Nothing to do: the agreement renews by itself",
    ),
    DeadlineKind.NOTICE: (
        (
            "Décider de reconduire ou de dénoncer ; pour dénoncer, poster la lettre avant le jour "
            "conseillé"
        ),
        (
            "Decide to let it renew or to give notice; to give notice, post the letter by the prudent "
            "day"
        ),
    ),
    DeadlineKind.DECISION: (
        "Inscrire le renouvellement à l’ordre du jour de cette séance au plus tard",
        "Put the renewal on the agenda of that session at the latest",
    ),
    DeadlineKind.EVALUATION: (
        "Réaliser l’évaluation avec le partenaire et en garder la trace",
        "Carry out the evaluation with the partner and keep its record",
    ),
    DeadlineKind.COMMITTEE: (
        "Réunir le comité de pilotage et en dresser le procès-verbal",
        "Hold the steering committee and write its minutes",
    ),
    DeadlineKind.REPORT: (
        "Remettre ou réclamer le rapport",
        "Hand in the report, or ask for it",
    ),
    DeadlineKind.FINAL_EVALUATION: (
        "Réaliser l’évaluation d’ensemble avant de décider du renouvellement",
        "Carry out the overall evaluation before deciding on renewal",
    ),
    DeadlineKind.PAYMENT: (
        "Mandater le versement",
        "Order the payment",
    ),
    DeadlineKind.PUBLICATION: (
        "Publier les données essentielles de la subvention",
        "Publish the essential data of the subsidy",
    ),
    DeadlineKind.TRANSMISSION: (
        "Transmettre la convention signée au représentant de l’État",
        "Send the signed agreement to the State representative",
    ),
    DeadlineKind.DECLARATION: (
        "Déclarer l’aide publique au développement de l’année écoulée",
        "Declare last year’s development aid",
    ),
    DeadlineKind.MILESTONE: (
        "Préparer ce rendez-vous",
        "Prepare this event",
    ),
    DeadlineKind.PROGRAMME_END: (
        "Faire le bilan du programme et préparer le suivant",
        "Review the programme and prepare the next one",
    ),
    DeadlineKind.REVIEW: (
        "Se demander si la convention sert encore, et le noter",
        "Ask whether the agreement is still of use, and record the answer",
    ),
    DeadlineKind.MISSING: (
        "Saisir l’information manquante : rien ne peut être calculé sans elle",
        "Enter the missing fact: nothing can be computed without it",
    ),
}

_TOO_LATE: Mapping[DeadlineKind, Both] = {
    DeadlineKind.NOTICE: (
        "Jour passé : la convention se reconduit ; noter la prochaine échéance",
        "Day passed: the agreement renews; note the next one",
    ),
    DeadlineKind.DECISION: (
        "Jour passé : demander une séance ou préparer une nouvelle convention",
        "Day passed: ask for a session or prepare a new agreement",
    ),
}

_STATES: Mapping[ConventionState, Both] = {
    ConventionState.TERMINATED: ("résiliée", "terminated"),
    ConventionState.SUSPENDED: ("suspendue", "suspended"),
    ConventionState.RENEWED: ("remplacée", "renewed"),
    ConventionState.EXPIRED: ("expirée", "expired"),
    ConventionState.DENOUNCED: ("dénoncée", "denounced"),
    ConventionState.IN_FORCE: ("en vigueur", "in force"),
    ConventionState.APPROVED: ("approuvée", "approved"),
    ConventionState.DRAFT: ("projet", "draft"),
}
_STATUSES: Mapping[DeadlineStatus, Both] = {
    DeadlineStatus.UPCOMING: ("à venir", "upcoming"),
    DeadlineStatus.OVERDUE: ("en retard", "overdue"),
    DeadlineStatus.DONE: ("fait", "done"),
    DeadlineStatus.MISSED: ("manqué", "missed"),
    DeadlineStatus.UNKNOWN: ("non suivi", "not tracked"),
}
_ORIGINS: Mapping[TermOrigin, Both] = {
    TermOrigin.INITIAL: ("initial", "initial"),
    TermOrigin.TACIT: ("reconduction tacite", "tacit renewal"),
    TermOrigin.EXPRESS: ("renouvellement voté", "voted renewal"),
}

FIELDS: Mapping[str, Both] = {
    "reference": ("référence", "reference"),
    "title": ("titre", "title"),
    "kind": ("type", "kind"),
    "partners": ("partenaires", "partners"),
    "owner": ("responsable", "owner"),
    "watchers": ("en copie", "watchers"),
    "deliberated_on": ("date de la délibération", "date of the deliberation"),
    "cited_deliberation_on": ("délibération citée par le texte", "deliberation cited by the text"),
    "transmitted_on": (
        "transmission de la délibération au préfet",
        "transmission of the deliberation to the prefect",
    ),
    "published_on": ("publication de la délibération", "publication of the deliberation"),
    "signed_on": ("date de la dernière signature", "date of the last signature"),
    "notified_on": ("date de notification", "date of notification"),
    "convention_transmitted_on": (
        "transmission de la convention signée au préfet",
        "transmission of the signed agreement to the prefect",
    ),
    "effective_on": ("date d’effet", "effective date"),
    "executory_on": (
        "date à laquelle la délibération est devenue exécutoire",
        "day on which the deliberation became executory",
    ),
    "start": ("point de départ de la durée", "starting point of the duration"),
    "start_date": ("date de départ fixée par le texte", "start date set by the text"),
    "term": ("durée", "duration"),
    "end": ("date de fin", "end date"),
    "amount": ("montant", "amount"),
    "amounts": ("montants annuels", "yearly amounts"),
    "session": ("séance du conseil", "council session"),
    "programme": ("années du programme", "years of the programme"),
    "milestones": ("rendez-vous", "milestones"),
    "parent": ("convention-cadre", "framework agreement"),
    "succeeds": ("convention précédente", "previous agreement"),
    "tracked_from": ("suivi depuis", "tracked from"),
    "tags": ("étiquettes", "tags"),
    "notes": ("notes", "notes"),
    "renewal": ("renouvellement", "renewal"),
    "renewal_period": ("durée de la reconduction", "renewal period"),
    "renewal_max": ("nombre maximal de reconductions", "greatest number of renewals"),
    "max_total": ("durée totale maximale", "longest total duration"),
    "notice": ("préavis", "notice"),
    "notice_of": ("objet du préavis", "what the notice ends"),
    "notice_form": ("forme du préavis", "form of the notice"),
    "notice_counts_from": ("jour qui compte pour le préavis", "day that counts for the notice"),
    "recurring": ("obligations périodiques", "recurring duties"),
    "final_evaluation": ("évaluation finale", "final evaluation"),
    "payments": ("versements", "payments"),
    "start_day_included": ("premier jour compris", "start day included"),
    "supposed": ("champs supposés", "supposed fields"),
    "evidence": ("extraits", "evidence"),
    "events": ("événements", "events"),
    "reminders": ("délais de rappel", "lead times"),
    "presented_on": ("présentée le", "presented on"),
    "received_on": ("reçue le", "received on"),
    "until": ("jusqu’au", "until"),
}

_ACTS: Mapping[str, Both] = {
    "signed_on": ("de la signature", "the signature"),
    "notified_on": ("de la notification", "notification"),
    "transmitted_on": ("de la transmission au préfet", "transmission to the prefect"),
    "executory_on": (
        "du jour où la délibération est devenue exécutoire",
        "the day the deliberation became executory",
    ),
    "deliberated_on": ("de la délibération", "the deliberation"),
    "convention_transmitted_on": (
        "de l’entrée en vigueur, par transmission au préfet",
        "entry into force by transmission to the prefect",
    ),
    "effective_on": ("de la date d’effet", "the effective date"),
    "start_date": ("de la date fixée par le texte", "the date set by the text"),
}

_ACT_NAMES: Mapping[str, Both] = {
    "deliberated_on": ("la délibération", "the deliberation"),
    "transmitted_on": ("la transmission de la délibération", "its transmission"),
    "published_on": ("la publication de la délibération", "its publication"),
    "signed_on": ("la dernière signature", "the last signature"),
    "notified_on": ("la notification", "the notification"),
    "convention_transmitted_on": (
        "la transmission de la convention signée",
        "the transmission of the signed agreement",
    ),
}

_TRIGGERS: Mapping[str, Both] = {
    "signature": ("à la signature", "on signature"),
    "notification": ("à la notification", "on notification"),
    "transmission": ("à la transmission au préfet", "on transmission to the prefect"),
    "deliberation": (
        "lorsque la délibération est exécutoire",
        "when the deliberation is executory",
    ),
    "documents": ("sur pièces justificatives", "on supporting documents"),
    "committee": ("après le comité de pilotage", "after the steering committee"),
    "report": ("sur remise du rapport", "on the report"),
    "evaluation": ("après l’évaluation", "after the evaluation"),
    "final_evaluation": ("après l’évaluation finale", "after the final evaluation"),
}

_DUTIES: Mapping[str, Both] = {
    "evaluation": ("Évaluation", "Evaluation"),
    "committee": ("Comité de pilotage", "Steering committee"),
    "report": ("Rapport", "Report"),
}

_COUNTING: Mapping[str, Both] = {
    "receipt": (
        "Le préavis compte de la réception de la lettre.",
        "The notice counts from receipt of the letter.",
    ),
    "first_presentation": (
        "Le préavis compte de la première présentation de la lettre.",
        "The notice counts from the first presentation of the letter.",
    ),
    "sending": (
        "Le préavis compte de l’envoi : la lettre peut partir le dernier jour.",
        "The notice counts from sending: the letter may leave on the last day.",
    ),
    "unspecified": (
        (
            "La convention ne dit pas si l’envoi ou la réception compte ; lecture prudente : la "
            "réception."
        ),
        "The agreement does not say whether sending or receipt counts; prudent reading: receipt.",
    ),
}
_VERBS: Mapping[str, Both] = {
    "receipt": ("reçu", "received"),
    "first_presentation": ("présenté", "presented"),
    "sending": ("envoyé", "sent"),
    "unspecified": ("reçu", "received"),
}
_MARGIN: Both = (
    "Jour conseillé : {margin} plus tôt, pour l’acheminement de la lettre.",
    "Prudent day: {margin} earlier, for the letter to arrive.",
)
_AT_ANY_TIME: Both = (
    "La clause permet aussi de mettre fin à la convention à tout moment, avec le même préavis.",
    "The clause also lets either party end the agreement at any time, with the same notice.",
)
_NOTICE_DUE: Both = (
    "Le préavis serait alors à donner le {notice_due} au plus tard.",
    "Notice would then have to be given by {notice_due}.",
)
_BROUGHT_FORWARD: Both = (
    "Avancé pour ne pas tomber après l’étape suivante ({step}).",
    "Brought forward so as not to fall after the next step ({step}).",
)
_FORMS: Mapping[str, Both] = {
    "registered": (
        "par lettre recommandée avec accusé de réception",
        "by registered letter with acknowledgement of receipt",
    ),
    "written": ("par écrit", "in writing"),
}

_PLAN_STEPS: Mapping[str, Both] = {
    "evaluation_start": ("lancement de l’évaluation", "evaluation starts"),
    "evaluation_delivered": ("évaluation remise", "evaluation delivered"),
    "draft": ("projet de texte", "draft"),
    "opinions": ("avis juridique et financier", "legal and finance opinions"),
    "filing": ("dépôt du rapport", "report filed"),
    "committee": ("commission", "committee"),
    "convocation": ("convocation", "convocation"),
    "session": ("séance du conseil", "council session"),
    "publication": ("mise en ligne", "publication"),
    "signature": ("signatures", "signatures"),
    "transmission": ("transmission au préfet", "transmission to the prefect"),
}

_EVENTS: Mapping[EventName, Both] = {
    EventName.DELIBERATED: ("délibération", "deliberation"),
    EventName.TRANSMITTED: ("délibération transmise au préfet", "deliberation transmitted"),
    EventName.PUBLISHED: ("délibération publiée", "deliberation published"),
    EventName.SIGNED: ("signature", "signature"),
    EventName.NOTIFIED: ("notification", "notification"),
    EventName.CONVENTION_TRANSMITTED: (
        "convention signée transmise au préfet",
        "signed agreement transmitted to the prefect",
    ),
    EventName.EVALUATION: ("évaluation", "evaluation"),
    EventName.COMMITTEE: ("comité de pilotage", "steering committee"),
    EventName.REPORT: ("rapport", "report"),
    EventName.FINAL_EVALUATION: ("évaluation finale", "final evaluation"),
    EventName.DOCUMENTS: ("pièces justificatives reçues", "supporting documents received"),
    EventName.PAYMENT: ("versement", "payment"),
    EventName.PUBLICATION: ("publication des données", "open-data publication"),
    EventName.DECLARATION: ("déclaration e-APD", "aid declaration (e-APD)"),
    EventName.REVIEW: ("revue annuelle", "yearly review"),
    EventName.RENEWAL: ("renouvellement voté", "renewal voted"),
    EventName.NOTICE: ("dénonciation", "notice"),
    EventName.TERMINATION: ("résiliation", "termination"),
    EventName.SUSPENSION: ("suspension", "suspension"),
    EventName.RESUMPTION: ("reprise", "resumption"),
    EventName.AMENDMENT: ("avenant", "amendment"),
    EventName.ACKNOWLEDGED: ("échéance prise en charge", "deadline acknowledged"),
    EventName.SNOOZED: ("rappel reporté", "reminder snoozed"),
    EventName.WITHDRAWN: ("retrait d’un fait erroné", "withdrawal of a mistaken fact"),
}

_VALUES: Mapping[str, Both] = {
    "partnership": ("partenariat", "partnership"),
    "twinning": ("jumelage", "twinning"),
    "framework": ("convention-cadre", "framework"),
    "specific": ("convention d’application", "specific agreement"),
    "subsidy": ("subvention", "subsidy"),
    "membership": ("adhésion", "membership"),
    "label": ("label", "label"),
    "service": ("prestation", "service"),
    "other": ("autre", "other"),
    "indefinite": ("indéterminée", "indefinite"),
    "tacit": ("tacite", "tacit"),
    "express": ("exprès, par un vote", "express, by a vote"),
    "none": ("exclu", "none"),
    "signature": ("la signature", "signature"),
    "notification": ("la notification", "notification"),
    "transmission": ("la transmission au préfet", "transmission to the prefect"),
    "deliberation": ("le caractère exécutoire de la délibération", "the executory deliberation"),
    "entry_into_force": ("l’entrée en vigueur", "entry into force"),
    "date": ("une date fixée", "a set date"),
    "nonrenewal": ("la reconduction", "the renewal"),
    "termination": ("la convention elle-même", "the agreement itself"),
    "registered": ("lettre recommandée avec accusé de réception", "registered letter"),
    "written": ("écrit", "in writing"),
    "receipt": ("réception", "receipt"),
    "first_presentation": ("première présentation", "first presentation"),
    "sending": ("envoi", "sending"),
}

_VOTES: Mapping[str, Both] = {
    "adopted_unanimously": ("adoptée à l’unanimité", "adopted unanimously"),
    "adopted": ("adoptée", "adopted"),
    "rejected": ("rejetée", "rejected"),
    "takes_note": ("prend acte, sans vote", "takes note, no vote"),
}

_UNITS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fr": (("an", "ans"), ("mois", "mois"), ("jour", "jours")),
    "en": (("year", "years"), ("month", "months"), ("day", "days")),
}
_EVERY: Mapping[str, Both] = {
    "P1Y": ("une fois par an", "every year"),
    "P12M": ("une fois par an", "every year"),
    "P6M": ("tous les six mois", "every six months"),
    "P3M": ("tous les trois mois", "every three months"),
    "P1M": ("tous les mois", "every month"),
    "P2Y": ("tous les deux ans", "every two years"),
    "P7D": ("toutes les semaines", "every week"),
    "P1D": ("tous les jours", "every day"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences in one language."""

    lang: Language = "fr"

    def pick(self, both: Both) -> str:
        """Return the words of this language."""
        return both[0] if self.lang == "fr" else both[1]

    def pick_list(self, french: tuple[str, ...], english: tuple[str, ...]) -> tuple[str, ...]:
        """Return the list of this language."""
        return french if self.lang == "fr" else english

    # -- names ----------------------------------------------------------------------------------

    def kind(self, deadline: Deadline) -> str:
        """Name what a deadline is about: « Préavis de dénonciation »."""
        if deadline.label == "financial_report":
            return self.pick(_FINANCIAL_REPORT)
        return self.kind_name(deadline.kind)

    def kind_name(self, kind: DeadlineKind) -> str:
        """Name a kind of deadline."""
        return self.pick(_KINDS[kind])

    def subject(self, deadline: Deadline) -> str:
        """Name a deadline in full: its kind, and what it is about where that says more."""
        name = self.kind(deadline)
        match deadline.kind:
            case DeadlineKind.MILESTONE:
                return deadline.label
            case DeadlineKind.MISSING:
                return self._join(name, self.field(deadline.label))
            case DeadlineKind.PAYMENT if deadline.amount is not None:
                return self._join(name, self.amount(deadline.amount))
            case _:
                return name

    def action(self, deadline: Deadline) -> str:
        """Say what to do about a deadline."""
        missed = deadline.status is DeadlineStatus.MISSED and deadline.kind in _TOO_LATE
        both = _TOO_LATE[deadline.kind] if missed else _ACTIONS[deadline.kind]
        return self._typeset(self.pick(both))

    def state(self, state: ConventionState) -> str:
        """Name a state."""
        return self.pick(_STATES[state])

    def status(self, status: DeadlineStatus) -> str:
        """Name the status of a deadline."""
        return self.pick(_STATUSES[status])

    def origin(self, origin: TermOrigin) -> str:
        """Name what opened a term."""
        return self.pick(_ORIGINS[origin])

    def field(self, name: str) -> str:
        """Name a field of the record."""
        return self.pick(FIELDS[name]) if name in FIELDS else name

    def plan_step(self, step: str) -> str:
        """Name a step of the backward plan."""
        return self.pick(_PLAN_STEPS[step])

    # -- values ---------------------------------------------------------------------------------

    def date(self, day: dt.date, *, weekday: bool = False) -> str:
        """Write a day in full: « 1er décembre 2011 », « jeudi 1er décembre 2011 »."""
        month = _MONTHS[self.lang][day.month - 1]
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        written = f"{number} {month} {day.year}"
        return f"{_WEEKDAYS[self.lang][day.weekday()]} {written}" if weekday else written

    def short_date(self, day: dt.date) -> str:
        """Write a day in figures: 01/12/2011 in French, 2011-12-01 in English."""
        return day.strftime("%d/%m/%Y") if self.lang == "fr" else day.isoformat()

    def days_left(self, days: int) -> str:
        """Say how far a day is: « dans 12 jours », « demain », « il y a 3 jours »."""
        if self.lang == "fr":
            named = {0: "aujourd’hui", 1: "demain", -1: "hier"}
            return named.get(days) or (
                f"dans {days} jours" if days > 0 else f"il y a {-days} jours"
            )
        named = {0: "today", 1: "tomorrow", -1: "yesterday"}
        return named.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")

    def period(self, period: Period) -> str:
        """Write a period in words: « 3 mois », « 1 an et 6 mois »."""
        parts = []
        for number, (one, many) in zip(
            (period.years, period.months, period.days), _UNITS[self.lang], strict=True
        ):
            if number:
                plural = number > 1 if self.lang == "fr" else number != 1
                parts.append(f"{number} {many if plural else one}")
        *before, last = parts
        return self.pick((" et ", " and ")).join([", ".join(before), last] if before else [last])

    def every(self, period: Period) -> str:
        """Write how often something comes back: « annuel », « tous les six mois »."""
        if str(period) in _EVERY:
            return self.pick(_EVERY[str(period)])
        if period.years and (period.months or period.days):
            period = Period(months=period.in_months, days=period.days)
        return self.pick((f"tous les {self.period(period)}", f"every {self.period(period)}"))

    def amount(self, amount: Decimal) -> str:
        """Write euros: « 2 800,00 € », €2,800.00."""
        figure = f"{amount:,.2f}"
        if self.lang == "en":
            return f"€{figure}"
        return figure.replace(",", "\u202f").replace(".", ",") + "\u00a0€"

    def country(self, code: str) -> str:
        """Name a country by its ISO 3166-1 code, the code itself where it has no name."""
        return _territories(self.lang).get(code, code)

    def partners(self, partners: tuple[Partner, ...]) -> str:
        """Write the partners with their countries: « Volgograd (Russie) »."""
        written = []
        for partner in partners:
            abroad = partner.country if partner.is_foreign else None
            written.append(f"{partner.name} ({self.country(abroad)})" if abroad else partner.name)
        return ", ".join(written)

    def vote(self, vote: str) -> str:
        """Name the outcome of a vote, as typed where it is not a known one."""
        return self.pick(_VOTES[vote]) if vote in _VOTES else vote

    def event(self, name: EventName) -> str:
        """Name a kind of fact."""
        return self.pick(_EVENTS[name])

    def value(self, name: str, value: object) -> str:
        """Write the value of a field of a record for a person."""
        match value:
            case None:
                return self.pick(("aucun", "none"))
            case bool():
                return self.pick(("oui", "yes") if value else ("non", "no"))
            case dt.date():
                return self.date(value)
            case Period():
                return self.period(value)
            case Decimal():
                return self.amount(value)
            case RecurringDuty():
                return f"{self.pick(_DUTIES[value.kind.value])} {self.every(value.every)}"
            case Instalment():
                trigger = _TRIGGERS.get(value.on)
                return f"{self._share(value.share)} {self.pick(trigger) if trigger else value.on}"
            case tuple():
                return ", ".join(self.value(name, item) for item in value)
            case str() if value in _VALUES:
                return self.pick(_VALUES[value])
            case _:
                return str(value)

    # -- sentences ------------------------------------------------------------------------------

    def basis(self, basis: Basis) -> str:
        """Derive a date in one or two sentences, with clause, article and suppositions."""
        facts = dict(basis.facts)
        end_rule = facts.pop("end_rule", None)
        sentences = [self._fill(self.pick(RULES[basis.rule]), facts)]
        if isinstance(end_rule, str):
            sentences.append(self.pick(RULES[end_rule]))
        sentences += [self._fill(self.pick(more), facts) for more in _further(facts)]
        if (next_step := facts.get("brought_forward")) is not None:
            step = self.plan_step(str(next_step))
            sentences.append(self.pick(_BROUGHT_FORWARD).format(step=step))
        sources = [self.quote(basis.clause)] if basis.clause is not None else []
        if basis.law:
            cites = "\u00a0; ".join(self.cite(name) for name in basis.law)
            sources.append(f"[{cites}]")
        if sources:
            sentences.append(" ".join(sources) + ".")
        if basis.supposed:
            names = ", ".join(self.field(name) for name in basis.supposed)
            sentences.append(
                self.pick(
                    (
                        f"Date supposée, à confirmer : {names}.",
                        f"Supposed, to be confirmed: {names}.",
                    )
                )
            )
        return self._typeset(" ".join(sentences))

    def finding(self, finding: Finding) -> str:
        """Say what is odd and what to do about it."""
        facts = dict(finding.facts)
        conflict = finding.code == "end_conflict" and facts["counted"] == INDEFINITE
        both = END_CONFLICT_INDEFINITE if conflict else FINDINGS[finding.code]
        sentence = self._fill(self.pick(both), facts)
        if finding.law:
            sentence += " [" + "\u00a0; ".join(self.cite(name) for name in finding.law) + "]"
        return self._typeset(sentence[:1].upper() + sentence[1:])

    def cite(self, name: str) -> str:
        """Cite a text of law."""
        reference = LAW[name]
        return reference.cite if self.lang == "fr" else reference.cite_en

    def quote(self, quote: Quote) -> str:
        """Quote the convention, with its article."""
        where = f" ({quote.article})" if quote.article else ""
        words = " ".join(quote.quote.split())
        return f"« {words} »{where}" if self.lang == "fr" else f"“{words}”{where}"

    def _fill(self, template: str, facts: dict[str, Fact]) -> str:
        words = {name: self._fact(name, value) for name, value in facts.items()}
        words["verb"] = self.pick(_VERBS[str(facts.get("counting", "unspecified"))])
        words["form"] = f", {words['form']}" if words.get("form") else ""
        words["last_known"] = ""
        if "last_known" in template and "last" in facts:
            until = self.pick(("jusqu’au {last}", "until {last}")).format(last=words["last"])
            words["last_known"] = f", {until}"
        return template.format(**words)

    def _fact(self, name: str, value: Fact) -> str:
        if isinstance(value, dt.date):
            return self.date(value)
        if isinstance(value, Period):
            return self.every(value) if name == "every" else self.period(value)
        if isinstance(value, Decimal):
            return self._share(value) if name == "share" else self.amount(value)
        if isinstance(value, int):
            return str(value)
        tables: Mapping[str, Mapping[str, Both]] = {
            "act": _ACTS,
            "trigger": _TRIGGERS,
            "counting": _COUNTING,
            "form": _FORMS,
            "field": FIELDS,
            "before": _ACT_NAMES,
            "after": _ACT_NAMES,
            "duty": _DUTIES,
        }
        both = tables.get(name, {}).get(value)
        return self.pick(both) if both is not None else value

    def _share(self, share: Decimal) -> str:
        figure = f"{share.normalize():f}"
        return figure.replace(".", ",") + "\u00a0%" if self.lang == "fr" else f"{figure}%"

    def _join(self, name: str, more: str) -> str:
        return self._typeset(f"{name} : {more}" if self.lang == "fr" else f"{name}: {more}")

    def _typeset(self, sentence: str) -> str:
        """Put the no-break spaces that French asks before double punctuation and in quotes."""
        if self.lang != "fr":
            return sentence
        sentence = re.sub(r" ([:;!?»€%])", "\u00a0\\1", sentence)
        return sentence.replace("« ", "«\u00a0").replace("n° ", "n°\u00a0")


def _further(facts: Mapping[str, Fact]) -> Iterator[Both]:
    """Yield the sentences that some facts call for, after that of their rule."""
    if "margin" in facts:
        yield _MARGIN
    if facts.get("of") == "termination":
        yield _AT_ANY_TIME
    if "notice_due" in facts:
        yield _NOTICE_DUE


def _territories(lang: Language) -> Mapping[str, str]:
    from babel import Locale  # noqa: PLC0415 - its data costs a command that names no country

    territories: Mapping[str, str] = Locale(lang).territories
    return territories
