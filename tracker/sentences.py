"""The sentences: why a day is what it is, what is odd in the facts.

Side by side in both languages, so that whoever changes one sees the other. Names in braces are
facts, which `tracker.wording` puts into words.
"""

from __future__ import annotations

from collections.abc import Mapping

Both = tuple[str, str]
"""The same words in French and in English."""

RULES: Mapping[str, Both] = {
    "term.initial_included": (
        "{term} à compter {act}, le {start}, ce jour compris : dernier jour le {last}.",
        "{term} from {act} on {start}, that day included: last day {last}.",
    ),
    "term.initial_excluded": (
        "{term} à compter {act}, le {start}, ce jour non compris : dernier jour le {last}.",
        "{term} from {act} on {start}, that day not counted: last day {last}.",
    ),
    "term.tacit": (
        (
            "{term} à compter du {start}, puis {count} fois {renewal} par tacite reconduction, comptés "
            "depuis l’origine : dernier jour le {last}."
        ),
        (
            "{term} from {start}, then {count} × {renewal} by tacit renewal, counted from the origin: "
            "last day {last}."
        ),
    ),
    "term.tacit_rebased": (
        "Tacite reconduction : {count} fois {renewal} à compter du {start} : dernier jour le {last}.",
        "Tacit renewal: {count} × {renewal} from {start}: last day {last}.",
    ),
    "term.express": (
        "Renouvellement voté le {vote} : {renewal} de plus, dernier jour le {last}.",
        "Renewal voted on {vote}: {renewal} more, last day {last}.",
    ),
    "term.fixed_end": (
        "Le texte fixe le dernier jour : le {end}.",
        "The text sets the last day: {end}.",
    ),
    "term.max_total": (
        "La durée totale est limitée à {total} à compter du {start} : dernier jour le {last}.",
        "The total duration is limited to {total} from {start}: last day {last}.",
    ),
    "term.amended_end": (
        "L’avenant du {on} fixe le dernier jour au {end}.",
        "The amendment of {on} sets the last day on {end}.",
    ),
    "term.amended_length": (
        "L’avenant du {on} porte la durée à {term} à compter du {start} : dernier jour le {last}.",
        "The amendment of {on} makes the duration {term} from {start}: last day {last}.",
    ),
    "term.amended_indefinite": (
        "L’avenant du {on} rend la durée indéterminée.",
        "The amendment of {on} makes the duration indefinite.",
    ),
    "term.indefinite": (
        (
            "Durée indéterminée à compter {act}, le {start} : chaque partie peut y mettre fin à tout "
            "moment, avec un préavis."
        ),
        "Indefinite from {act} on {start}: either party may end it at any time, with notice.",
    ),
    "term.terminated": (
        "La convention a été résiliée : dernier jour le {last}.",
        "The agreement was terminated: last day {last}.",
    ),
    "term.terminated_by_notice": (
        "Préavis donné le {on} : il s’achève le {last}.",
        "Notice given on {on}: it runs out on {last}.",
    ),
    "term.other_excluded": (
        "Autre lecture : le jour du {start} ne compte pas, et le dernier jour serait le {last}.",
        "Other reading: {start} itself does not count, and the last day would be {last}.",
    ),
    "term.other_included": (
        "Autre lecture : le jour du {start} compte, et le dernier jour serait le {last}.",
        "Other reading: {start} itself counts, and the last day would be {last}.",
    ),
    "term.other_eve": (
        (
            "Autre lecture : le {start} n’ayant pas d’anniversaire cette année-là, le dernier jour "
            "serait la veille de la fin du mois, le {last}."
        ),
        (
            "Other reading: {start} having no anniversary that year, the last day would be the eve of "
            "the end of the month, {last}."
        ),
    ),
    "renewal": (
        "La convention se reconduit alors tacitement.",
        "The agreement then renews tacitly.",
    ),
    "expiry": (
        "Rien ne la renouvelle de plein droit.",
        "Nothing renews it by itself.",
    ),
    "expiry.denounced": (
        "Elle a été dénoncée et ne se renouvelle pas.",
        "It was denounced and does not renew.",
    ),
    "expiry.terminated": (
        "Elle a été résiliée.",
        "It was terminated.",
    ),
    "expiry.no_more_renewal": (
        "Les reconductions prévues sont épuisées.",
        "The renewals foreseen are used up.",
    ),
    "signature": (
        (
            "Votée le {on} ; l’usage est de signer dans les {delay}. Ce délai n’est pas fixé par la "
            "loi ; la signature vient après la délibération et sa transmission."
        ),
        (
            "Voted on {on}; the habit is to sign within {delay}. No law sets this delay; signing comes "
            "after the deliberation and its transmission."
        ),
    ),
    "missing": (
        "Il manque : {field}. Dernier acte connu le {on}.",
        "Missing: {field}. Latest act known on {on}.",
    ),
    "notice": (
        (
            "Pour que la convention s’achève le {last}, le préavis de {notice} doit être {verb} au plus "
            "tard le {due}{form}. {counting}"
        ),
        (
            "For the agreement to end on {last}, the {notice} notice must be {verb} by {due}{form}. "
            "{counting}"
        ),
    ),
    "notice.no_period": (
        (
            "La clause de tacite reconduction ne fixe pas de préavis : la dénonciation doit être {verb}e "
            "au plus tard le dernier jour du terme, le {last}{form}. {counting}"
        ),
        (
            "The tacit renewal clause sets no notice period: notice must be {verb} by the last day of "
            "the term, {last}{form}. {counting}"
        ),
    ),
    "decision.session": (
        (
            "Dernière séance du conseil qui puisse voter le renouvellement six semaines avant le terme "
            "du {last}. Séance plus sûre : le {safe}."
        ),
        (
            "Last council session that can vote the renewal six weeks before the term of {last}. Safer "
            "session: {safe}."
        ),
    ),
    "decision.only_session": (
        (
            "Seule séance connue du conseil qui puisse voter le renouvellement six semaines avant le "
            "terme du {last}."
        ),
        "Only known council session that can vote the renewal six weeks before the term of {last}.",
    ),
    "decision.none_fits": (
        (
            "Aucune séance connue ne permet de voter le renouvellement six semaines avant le terme du "
            "{last} : il en faudrait une au plus tard le {limit}."
        ),
        (
            "No known session can vote the renewal six weeks before the term of {last}: one would be "
            "needed by {limit}."
        ),
    ),
    "decision.no_sessions": (
        (
            "Les séances du conseil ne sont pas renseignées ; le renouvellement doit être voté six "
            "semaines avant le terme du {last}, soit au plus tard le {limit}."
        ),
        (
            "Council sessions are not set; the renewal must be voted six weeks before the term of "
            "{last}, that is by {limit}."
        ),
    ),
    "final_evaluation.plan": (
        (
            "Évaluation d’ensemble à remettre le {due} au plus tard, avant le vote qui renouvelle la "
            "convention après le terme du {last}."
        ),
        "Overall evaluation due by {due}, before the vote that renews the agreement after {last}.",
    ),
    "final_evaluation.last_day": (
        "Évaluation d’ensemble à réaliser avant la fin du terme, le {last}.",
        "Overall evaluation due before the end of the term on {last}.",
    ),
    "recurring": (
        "{duty} {every}, à compter du {start} : dernier jour de la période n° {count}.",
        "{duty} {every} from {start}: last day of period {count}.",
    ),
    "review": (
        (
            "Durée indéterminée depuis le {start} : revue annuelle, année {count}. Chaque partie peut y "
            "mettre fin à tout moment avec un préavis de {notice}."
        ),
        (
            "Indefinite since {start}: yearly review, year {count}. Either party may end it at any time "
            "with {notice} notice."
        ),
    ),
    "review.no_notice": (
        (
            "Durée indéterminée depuis le {start} : revue annuelle, année {count}. Chaque partie peut y "
            "mettre fin à tout moment avec un préavis raisonnable."
        ),
        (
            "Indefinite since {start}: yearly review, year {count}. Either party may end it at any time "
            "with reasonable notice."
        ),
    ),
    "payment": (
        "{share} de {total}, soit {amount}, {trigger} (le {on}).",
        "{share} of {total}, that is {amount}, {trigger} ({on}).",
    ),
    "payment.no_amount": (
        "{share} du montant, {trigger} (le {on}).",
        "{share} of the amount, {trigger} ({on}).",
    ),
    "publication": (
        (
            "Subvention de plus de {threshold} : données essentielles à publier dans les {delay} de la "
            "signature du {on}."
        ),
        (
            "Subsidy above {threshold}: essential data to publish within {delay} of the signature on "
            "{on}."
        ),
    ),
    "financial_report": (
        "Compte rendu financier dû dans les {delay} qui suivent la fin de l’exercice, le {end}.",
        "Financial report due within {delay} of the end of the exercise on {end}.",
    ),
    "transmission": (
        (
            "La convention signée le {on} avec un partenaire étranger entre en vigueur dès sa "
            "transmission au représentant de l’État ; l’usage est de la transmettre dans les {delay}."
        ),
        (
            "The agreement signed on {on} with a foreign partner enters into force on transmission to "
            "the State representative; the habit is to send it within {delay}."
        ),
    ),
    "declaration": (
        (
            "Déclaration annuelle de l’aide publique au développement versée en {year} : la campagne "
            "ouvre d’ordinaire vers le {opens} et se clôt le {due}."
        ),
        (
            "Yearly declaration of the development aid of {year}: the window usually opens about "
            "{opens} and closes on {due}."
        ),
    ),
    "programme_end": (
        "Le programme va de {first} à {last} ; ce n’est pas le terme de la convention.",
        "The programme runs from {first} to {last}; it is not the term of the agreement.",
    ),
    "milestone": (
        "Date saisie dans la fiche de la convention.",
        "Date entered in the record of the agreement.",
    ),
    "plan.evaluation_start": (
        "Lancer l’évaluation d’ensemble {lead} avant le terme du {last}.",
        "Start the overall evaluation {lead} before the term of {last}.",
    ),
    "plan.evaluation_delivered": (
        "Évaluation remise et partenaire sondé {lead} avant le terme du {last}.",
        "Evaluation delivered and partner sounded out {lead} before the term of {last}.",
    ),
    "plan.draft": (
        "Projet de texte et traduction {lead} avant le terme du {last}.",
        "Draft text and translation {lead} before the term of {last}.",
    ),
    "plan.opinions": (
        "Avis juridique et financier {weeks} semaines avant la séance du {session}.",
        "Legal and finance opinions {weeks} weeks before the session of {session}.",
    ),
    "plan.filing": (
        (
            "Dépôt du rapport et de ses annexes auprès du service des assemblées, {weeks} semaines "
            "avant la séance du {session}."
        ),
        (
            "Report and annexes filed with the assemblies service, {weeks} weeks before the session of "
            "{session}."
        ),
    ),
    "plan.committee": (
        "Passage en commission {weeks} semaines avant la séance du {session}.",
        "Thematic committee {weeks} weeks before the session of {session}.",
    ),
    "plan.convocation": (
        (
            "Dernier jour pour envoyer la convocation et la note de synthèse : {clear_days} jours "
            "francs avant la séance du {session}."
        ),
        (
            "Last day to send the convocation and its note: {clear_days} clear days before the session "
            "of {session}."
        ),
    ),
    "plan.session": (
        "Vote du renouvellement par le conseil, avant le terme du {last}.",
        "Council vote on the renewal, before the term of {last}.",
    ),
    "plan.publication": (
        "Liste des délibérations mise en ligne dans la semaine qui suit la séance du {session}.",
        "List of deliberations online within a week of the session of {session}.",
    ),
    "plan.signature": (
        "Signatures des deux parties, une fois la délibération exécutoire.",
        "Signatures of both parties, once the deliberation is executory.",
    ),
    "plan.transmission": (
        "Transmission au représentant de l’État, au plus tard avant le terme du {last}.",
        "Transmission to the State representative, before the term of {last} at the latest.",
    ),
}
"""The derivation of a day, by the rule that gives it."""

FINDINGS: Mapping[str, Both] = {
    "unsigned": (
        (
            "Votée le {on}, la convention n’a pas de date de signature : la faire signer, ou saisir la "
            "date de la dernière signature."
        ),
        (
            "Voted on {on}, the agreement has no signature date: have it signed, or enter the date of "
            "the last signature."
        ),
    ),
    "deliberation_mismatch": (
        (
            "Le texte cite une délibération du {cited}, or le vote date du {voted} : vérifier laquelle "
            "autorise la signature."
        ),
        (
            "The text cites a deliberation of {cited}, but the vote is of {voted}: check which one "
            "authorises the signature."
        ),
    ),
    "order_of_acts": (
        (
            "Ordre inhabituel des actes : {after} ({second}) avant {before} ({first}) ; vérifier les deux "
            "dates. On signe après la délibération et sa transmission."
        ),
        (
            "Unusual order of acts: {after} ({second}) before {before} ({first}); check both dates. "
            "Signing comes after the deliberation and its transmission."
        ),
    ),
    "partial_date": (
        "{field} : seul « {value} » est connu ; compléter la date pour qu’elle serve au calcul.",
        "{field}: only “{value}” is known; complete the date so that it can be used.",
    ),
    "supposed": (
        "{field} : supposition, non attestée par un document ; à confirmer.",
        "{field}: a supposition that no document proves; to be confirmed.",
    ),
    "nothing_to_compute": (
        "Aucune échéance ne peut être calculée ; à renseigner : {field}, ou une date d’effet.",
        "No deadline can be computed: enter the {field}, or an effective date.",
    ),
    "end_conflict": (
        (
            "Le texte fixe la fin au {end}, mais la durée mène au {counted} : le plus proche est retenu ; "
            "vérifier le texte."
        ),
        (
            "The text sets the end on {end}, but the duration leads to {counted}: the earlier is kept; "
            "check the text."
        ),
    ),
    "end_before_start": (
        "La fin ({end}) précède le début ({start}) : corriger l’une des deux dates.",
        "The end ({end}) is before the start ({start}): correct one of the dates.",
    ),
    "executory_unknown": (
        (
            "La durée part de la délibération, mais sa transmission ou sa publication manque : le vote "
            "du {on} est retenu faute de mieux ; saisir les deux dates."
        ),
        (
            "The duration starts with the deliberation, but its transmission or publication is missing: "
            "the vote of {on} is used instead; enter both dates."
        ),
    ),
    "tacit_without_period": (
        (
            "La tacite reconduction ne dit pas pour combien de temps : la durée initiale est comptée à "
            "nouveau. La convention peut être devenue à durée indéterminée ; faire trancher le service "
            "juridique."
        ),
        (
            "The tacit renewal does not say for how long: the initial duration is counted again. The "
            "agreement may have become indefinite; have the legal service decide."
        ),
    ),
    "renewal_period_unknown": (
        (
            "La convention se renouvelle après le {last}, mais pour une durée inconnue : saisir la durée "
            "de la reconduction."
        ),
        "The agreement renews after {last}, but for an unknown length: enter the renewal period.",
    ),
    "notice_exceeds_term": (
        (
            "Le préavis de {notice} est plus long que le terme : il doit être donné avant que ce terme "
            "ne commence."
        ),
        "The {notice} notice is longer than the term: it must be given before that term begins.",
    ),
    "programme_mismatch": (
        (
            "Le programme s’achève le {programme}, le terme initial le {last} : prévoir la suite du "
            "programme ou un avenant."
        ),
        (
            "The programme ends on {programme}, the initial term on {last}: plan what follows, or an "
            "amendment."
        ),
    ),
    "renewal_after_term": (
        (
            "Renouvellement voté le {on}, après la fin du {last} : il ne prolonge rien ; établir une "
            "nouvelle convention qui succède à celle-ci."
        ),
        (
            "Renewal voted on {on}, after the end on {last}: it extends nothing; make a new agreement "
            "that succeeds this one."
        ),
    ),
    "renewal_not_needed": (
        (
            "Un renouvellement voté le {on} est enregistré alors que la convention se reconduit "
            "tacitement : il n’a pas d’effet ici ; vérifier."
        ),
        (
            "A renewal voted on {on} is recorded although the agreement renews tacitly: it has no "
            "effect here; check."
        ),
    ),
    "renewal_not_foreseen": (
        (
            "Renouvellement voté le {on} alors que le texte l’exclut : il est compté ; un avenant ou une "
            "nouvelle convention serait plus sûr."
        ),
        (
            "Renewal voted on {on} although the text excludes it: it is counted; an amendment or a new "
            "agreement would be safer."
        ),
    ),
    "renewal_beyond_limit": (
        (
            "Renouvellement voté le {on} au-delà de la limite prévue ({limit}) : il n’est pas compté ; "
            "établir une nouvelle convention."
        ),
        (
            "Renewal voted on {on} beyond the limit set ({limit}): it is not counted; make a new "
            "agreement."
        ),
    ),
    "extension_after_term": (
        (
            "Avenant de prolongation du {on}, après la fin du {last} : une convention expirée ne se "
            "prolonge pas ; établir une nouvelle convention."
        ),
        (
            "Amendment of {on} extends the agreement after its end on {last}: an expired agreement "
            "cannot be extended; make a new one."
        ),
    ),
    "late_notice": (
        (
            "Dénonciation du {on} arrivée après le dernier jour utile : elle met fin au terme suivant, le "
            "{last}."
        ),
        "Notice of {on} came after the last day: it ends the following term, on {last}.",
    ),
    "notice_unconfirmed": (
        (
            "Dénonciation postée le {on} sans date de présentation ni de réception : saisir l’accusé de "
            "réception."
        ),
        (
            "Notice posted on {on} with no date of presentation or receipt: enter the acknowledgement "
            "of receipt."
        ),
    ),
    "reasonable_notice": (
        (
            "Dénonciation du {on} sans préavis convenu : un préavis raisonnable est dû ; saisir une "
            "résiliation avec le dernier jour retenu."
        ),
        (
            "Notice of {on} with no agreed period: reasonable notice is due; record a termination with "
            "the last day chosen."
        ),
    ),
    "tacit_renewal_in_fact": (
        (
            "Versement du {on} après la fin du {last} : les parties semblent continuer ; reconduction "
            "tacite de fait à régulariser."
        ),
        (
            "Payment of {on} after the end on {last}: the parties seem to go on; a tacit renewal in "
            "fact, to be put in order."
        ),
    ),
    "no_session_fits": (
        (
            "Aucune séance connue du conseil ne permet plus de voter le renouvellement avant le terme du "
            "{last} : demander une séance, ou préparer une nouvelle convention."
        ),
        (
            "No known council session can still vote the renewal before the term of {last}: ask for a "
            "session, or prepare a new agreement."
        ),
    ),
    "session_in_blackout": (
        "La séance du {session} tombe dans une période sans séance : vérifier qu’elle aura lieu.",
        "The session of {session} falls in a period without sessions: check that it will be held.",
    ),
    "unknown_parent": (
        (
            "La convention-cadre {reference} n’est pas dans le suivi : l’ajouter ou corriger la "
            "référence."
        ),
        "The framework agreement {reference} is not tracked: add it or correct the reference.",
    ),
    "unknown_predecessor": (
        (
            "La convention précédente {reference} n’est pas dans le suivi : l’ajouter ou corriger la "
            "référence."
        ),
        "The previous agreement {reference} is not tracked: add it or correct the reference.",
    ),
    "orphan_child": (
        (
            "La convention dure au-delà de sa convention-cadre {reference}, qui prend fin le "
            "{parent_last} : renouveler le cadre ou raccourcir celle-ci."
        ),
        (
            "The agreement outlives its framework {reference}, which ends on {parent_last}: renew the "
            "framework or shorten this one."
        ),
    ),
    "overlap": (
        (
            "La convention commence le {first} alors que {reference} court encore{last_known} : dire "
            "laquelle s’applique, ou résilier la première."
        ),
        (
            "The agreement starts on {first} while {reference} is still running{last_known}: say which "
            "one applies, or terminate the first."
        ),
    ),
    "gap": (
        (
            "Rien ne couvre la période entre la fin de {reference}, le {last}, et le début de celle-ci, "
            "le {first}."
        ),
        (
            "Nothing covers the time between the end of {reference} on {last} and the start of this "
            "one on {first}."
        ),
    ),
    "subsidy_needs_convention": (
        "Subvention de {amount} : au-delà de 23\u202f000 € par an, une convention signée est obligatoire.",
        "Subsidy of {amount}: above €23,000 a year a signed agreement is compulsory.",
    ),
    "republican_commitment": (
        (
            "Vérifier que l’association a souscrit le contrat d’engagement républicain, puis ajouter "
            "l’étiquette « {tag} »."
        ),
        (
            "Check that the association has signed the republican-commitment contract, then add the "
            "tag “{tag}”."
        ),
    ),
    "missing_owner": (
        "Aucun responsable : les rappels iront au destinataire de secours ; renseigner une adresse.",
        "No owner: reminders will go to the fallback recipient; enter an address.",
    ),
    "beyond_calendar": (
        "La durée mène au {last}, au-delà de {year} : vérifier la durée.",
        "The duration leads to {last}, beyond {year}: check the duration.",
    ),
    "amendment_ignored": (
        (
            "L’avenant du {on} n’est pas compté : il contredit le début ou la durée de la convention ; "
            "vérifier ses dates."
        ),
        (
            "The amendment of {on} is not counted: it contradicts the start or the duration of the "
            "agreement; check its dates."
        ),
    ),
    "renewal_voted_again": (
        (
            "Renouvellement voté le {first}, puis de nouveau le {on}, au cours du même terme : un seul "
            "est compté ; retirer celui qui est erroné."
        ),
        (
            "Renewal voted on {first}, then again on {on}, during the same term: it counts once; "
            "withdraw the mistaken one."
        ),
    ),
    "termination_after_end": (
        (
            "Résiliation au {on}, alors que la convention a pris fin le {last} : elle est sans effet ; "
            "vérifier les dates."
        ),
        (
            "Termination on {on}, although the agreement ended on {last}: it has no effect; check the "
            "dates."
        ),
    ),
    "start_unknown": (
        (
            "Sans premier jour connu, les obligations périodiques ne peuvent pas être comptées ; à "
            "renseigner : {field}, ou une date d’effet."
        ),
        (
            "Without a known first day the periodic duties cannot be counted; enter the {field}, or an "
            "effective date."
        ),
    ),
    "unknown_trigger": (
        (
            "Versement « {trigger} » : ce déclencheur n’est pas connu, et aucune échéance n’est calculée ; "
            "choisir un déclencheur connu ou une date."
        ),
        (
            "Payment “{trigger}”: this trigger is unknown, and no deadline is computed; choose a known "
            "trigger or a date."
        ),
    ),
}

END_CONFLICT_INDEFINITE: Both = (
    (
        "Le texte fixe la fin au {end}, mais dit la durée indéterminée : la date est retenue ; vérifier "
        "le texte."
    ),
    (
        "The text sets the end on {end}, but calls the duration indefinite: the date is kept; check "
        "the text."
    ),
)
