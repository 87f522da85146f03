"""What the words around a period say it is: the term's, a renewal's, a notice's, or a mere bound.

What a duration belongs to decides before its value does. The rules of every field ask here; what
a sentence speaks about (the agreement, or something with durations of its own) is the outline's.
"""

from __future__ import annotations

import re
from typing import Final

from tracker.reading.outline import AGREEMENT, Sentence
from tracker.reading.rules import Doubt

RENEW_RE: Final = re.compile(
    r"renouvel|renouvab|reconduc|reconduit|reconduir|prorog|prolong|tacite|supplementaire"
    r"|nouve(?:au|lle) (?:terme|periode|duree)|successives?|autres periodes|par la suite|\bensuite\b|\brepart(?:ira|ent|iront)?\b|repren(?:d|dra) cours|se poursui|poursuite (?:de la |du |de l')|(?:continue(?:ra)?|se continue(?:ra)?)(?: [a-z]+)? (?:pour|par|d'an)\b|etre etendue?s? (?:une|d'une|de|pour|par)\b|maintenue?s? pour"
)
TERM_VERB_RE: Final = re.compile(
    r"\b(?:conclue?s?|consentie?s?|(?<!annees )passee?s?|etablie?s?|souscrite?s?|signee?s?|valables?|valide|vaut|valent"
    r"|vaudra|en vigueur|effets?|s'engagent|s'obligent|se lient|aura|a une duree|fixee?|d'une duree"
    r"|accordee?s?|adoptee?|court|lie|liera|applicables?|s'applique|s'appliquera|duree d(?:e la|u|e l') ?(?:presente? )?(?:convention|accord|contrat|protocole|partenariat)"
    r"|arretee|periode initiale|duree initiale|contractee?|prevue?|execut[a-z]+|souscri[a-z]+"
    r"|engages?|en application|a (?:la |sa |leur )?disposition|concedee?|attribuee?s?|confiee?|s'etend|couvre|lient|formee?|instituee?)\b"
)
ENDING_RE: Final = re.compile(
    r"denonc|resili|rompu|(?:mettre|mise?|met|mettra|mettront|mettant|mettent|mettrait) (?:un terme|fin|un point final)|rompre|rupture"
    r"|preavis|se retire(?:r|ra|nt)?\b|retirer (?:son|sa|leur|ses) (?:soutien|aide|concours|appui|adhesion|participation|engagement|accord)|retrait|se degager|demission|renonc|faire cesser|cesser (?:les|ses|l')"
    r"|non[- ]renouvel|non[- ]reconduc|ne pas (?:la |le |l')?(?:renouvel|recondui|poursuiv|prorog|prolong|reconduc)"
    r"|(?:entend|souhait|desir|veut|veul|voul|voudr|envisag|compt)[a-z]* (?:pas|plus|ne pas|ne plus)\b"
    r"|interromp|interruption|cessation|(?:sollicit|demand|provoqu|prononc)[a-z]* la fin|fin anticipee|n'(?:entend|entende|entendrait|entendent)\b|intention (?:contraire|d'y|de ne|d'en|d[e'] ?mettre)"
    r"|(?:avis|notification|declaration|manifestation|decision|demande|indication)(?: [a-z]+){0,2} contraire|se liberer d[eu]|(?:peut|pourra|pourront|peuvent) (?:vous |lui |leur )?etre (?:[a-z]+ment )?(?:retiree?s?|rapportee?s?|reprise?s?)\b|oppos|\brefus(?!e de signer)|(?<!point de )\bdepart (?:d'un|de l'un|effectif|volontaire)|(?:sauf|a defaut d[e']|faute d[e']) ?(?:une |un )?(?:lettre|courrier|pli|ecrit|avis|recommande)|revocable|sortir\b|dissou[ts]|dissolution|quitter|mettre un terme|anticip|se desengager|desengagement"
    r"|s'(?:en |y )?(?:retir|degag|delier|delie|delient|soustrai|desist)|retirer de|peut (?:en sortir|y renoncer)|rendre (?:les|le|la) (?:locaux|local|salle|parcelle|cles)"
    r"|si (?:elles?|ils?) enten[a-z]+|poursuivre ou non|ecourt|cesse ses|non[- ]poursuite|revoqu|retract"
    r"|volonte (?:de ne|contraire)|desist|decision de ne pas|de faire cesser|\bconges?\b|se delier|delier de|repren(?:dre|d|dra) (?:sa liberte|les locaux|le local|possession|la jouissance|la parcelle|le terrain|l'usage|les lieux)"
    r"|(?:reprendre|recuperer|restituer|evacuer) (?:les|le|la|l'|ses|son|sa)|liberte|quitter (?:les|le|la) |cesser (?:sa|leur) (?:participation|collaboration)|liberer (?:les|le) |sortie? d[eu]"
)
CURE_RE: Final = re.compile(
    r"mises? en demeure|mis en demeure|mettre en demeure|sommation|injonction|inexecution|decheance|infraction|(?:non|defaut de)[- ]paiement|non[- ]execution|manquement|non[- ]respect|rappel ecrit"
    r"|restee?s? (?:sans (?:effet|reponse|suite)|infructueu)|faute grave|pour faute|(?:ne|n') ?(?:respect|execut|honor|observ|remplir|remplit|rempliss|satisfai|se conform)[a-z]* (?:pas|point|plus)|ne respect"
    r"|demeuree? (?:sans effet|infructueu)|meconnaissance|carence|defaillan|violation|liquidation judiciaire"
    r"|cas de faute|recidive|a titre de sanction|apres (?:un )?avertissement|inobservation|non execution|redressement|partie (?:lesee|defaillante)|n'(?:a|ont|aura|aurait) pas (?:execut|respect|honor|rempli|satisfai|tenu (?:ses|son))"
)
PAST_RE: Final = re.compile(
    r"\b(?:etait|etaient|avait|avaient|liait|courait|prevoyait|expirait|venait|arrivait|prenait|fixait|confiait|portait|unissait|(?:conclue?s?|signee?s?|passee?s?) en (?:19|20)\d\d|convention de (?:19|20)\d\d|depuis (?:19|20)\d\d|(?:est|sont) venue?s? a (?:echeance|expiration|terme)|(?:est|sont|etant)(?:,? [a-z' ]{0,30},?)? arrivee?s? a (?:son |leur )?(?:echeance|terme|expiration)|a expire|fut|furent"
    r"|signee?s? (?:en|le) (?:<d\d+>|\d{4}) pour|(?:celle|celui) (?:du|en date du) <d\d+>,? (?:conclue?|signee?|passee?|etablie?)|avait ete|ayant expire|echue)\b|\bs'est (?:renouvel|achev)|\ba ete (?:renouvel|reconduit|prorog|prolong)"
)
NOT_LIFE_RE: Final = re.compile(
    r"\A[ ,]*(?:francs )?(?:au moins |au minimum )?(?:avant\b|de preavis|a l'avance|d'avance|par avance|plus tot|apres\b|qui preced|precedant|auparavant"
    r"|suivant (?:la|l'|le|sa) (?:date de )?(?:reception|notification|envoi|mise|fin)|d'anciennete|de retard)"
)
DELAY_RE: Final = re.compile(
    r"preavis|delai|a l'(?:issue|expiration)|au (?:terme|bout)|\bapres|\bages?\b|\bagees?\b|tous les ?$|chaque (?:[a-z]+ (?:de |d')?)?$|condition resolutoire|inalienab|(?<!convention de )(?<!recoit )(?<!donne )mandat(?! de gestion)|depuis"
    r"|toutes les ?$"
)
PRONOUN_START_RE: Final = re.compile(r"(?:elles?|ils?|celle-ci|celui-ci)\b")
_BOUND_BEFORE: Final = re.compile(
    r"(?:ne (?:peut|peuvent|pourra|pourront|saurait|sauraient|doit|devra)[^<;]{0,70}"
    r"(?:exceder|depasser|superieure?s? a|inferieure?s? a|aller au-dela)[^<;]{0,40}"
    r"|(?:n'excedant pas|excedant|sans (?:pouvoir )?(?:exceder|depasser)|ne depassant pas|n'excede(?:ra)? pas"
    r"|ne depasse(?:ra)? pas)[^<;]{0,30}"
    r"|(?:maximale?|maximum|minimale?|minimum|plafonnee|plancher)[^<;,]{0,14}"
    r"|au (?:plus|moins|maximum|minimum)(?: de| d'| pour| pendant)? ?"
    r"|dans (?:la limite|un maximum|la duree maximale)[^<;]{0,50}|jusqu'a (?:concurrence de )?|\bsous "
    r"|inferieure? a |superieure? a |en-dessous de |moins de |plus de |environ |pres de |a hauteur de )"
    r"(?:une |un )?(?:duree |periode |terme )?(?:totale |maximale )?(?:de |d')?$"
)
_BOUND_AFTER: Final = re.compile(
    r" ?,? ?(?:au (?:plus(?! tard| (?:une|deux|trois|quatre|cinq|\d+) fois)|moins|maximum|minimum|total)|maximum|minimum|maximales?|minimales?|tout au plus)"
)
_LOWER: Final = re.compile(r"minim|au moins|inferieure|en-dessous")


def clip(text: str, position: int, reach: int) -> str:
    """Return up to `reach` characters before `position`, within the clause."""
    start = max(0, position - reach)
    start = max(start, text.rfind(";", start, position) + 1)
    return text[start:position]


def bound(sentence: Sentence, start: int, end: int) -> str | None:
    """Return "max" or "min" when the period at `start` is a bound and not a value."""
    before = _BOUND_BEFORE.search(clip(sentence.text, start, 120))
    after = _BOUND_AFTER.match(sentence.text, end)
    for match in (before, after):
        if match is not None:
            return "min" if _LOWER.search(match.group()) else "max"
    return None


_MARK: Final = re.compile(r"<p\d+>")
_AGAIN: Final = re.compile(r"nouve|autres")
_MORE: Final = re.compile(r" (?:supplementaires?|de plus|additionnelles?)\b")


# « Sa reconduction, d'une durée d'un an, … », « en proroger les effets d'une année »
_OF_RENEWAL: Final = re.compile(
    r"(?:renouvellement|reconduction|prorogation|prolongation)s?(?: [a-z]+){0,2},? (?:d'une|pour une) (?:duree|periode) (?:[a-z]+ )?(?:de |d')?$"
    r"|(?:prorog|prolong)[a-z]* (?:les |la |le |l'|sa |ses |son )?(?:effets?|duree|validite|terme|execution|application) (?:de |d')$"
)


def _words(sentence: Sentence, mark: str) -> str:
    """Return the words behind the mark of a period: « trois nouvelles années »."""
    period = sentence.period(mark)
    return sentence.document.folded.text[period.start : period.end]


def renewal_governs(sentence: Sentence, position: int) -> bool:
    """True when the nearest governing word before `position` is one of renewal, not of the term."""
    mark = _MARK.match(sentence.text, position)
    if mark is not None and (
        _AGAIN.search(_words(sentence, mark.group())) or _MORE.match(sentence.text, mark.end())
    ):
        return True
    before = clip(sentence.text, position, 140)
    if _OF_RENEWAL.search(before):
        return True
    renew = term = -1
    for match in RENEW_RE.finditer(before):
        renew = match.start()
    for match in TERM_VERB_RE.finditer(before):
        term = match.start()
    return renew > term


def again(sentence: Sentence) -> re.Match[str] | None:
    """Return the mark of a period written as a new one: « une nouvelle année »."""
    return next(
        (m for m in _MARK.finditer(sentence.text) if _AGAIN.search(_words(sentence, m.group()))),
        None,
    )


def ends(sentence: Sentence) -> bool:
    """True when the sentence is about ending or not renewing."""
    return ENDING_RE.search(sentence.text) is not None


def agreement(sentence: Sentence, position: int) -> bool:
    """True when the words at `position` belong to the agreement, as it is and not as it was."""
    if PAST_RE.search(sentence.text):
        return False
    return sentence.holder(position) == AGREEMENT


def ambiguous_number(readings: tuple[str, ...]) -> Doubt:
    return Doubt(
        code="number_written_twice",
        message="La durée est écrite de deux façons qui diffèrent : " + " ou ".join(readings) + ".",
    )


def a_range(readings: tuple[str, ...]) -> Doubt:
    return Doubt(
        code="range_not_value",
        message="Le texte donne une fourchette, pas une durée : de " + " à ".join(readings) + ".",
    )


def read_period(sentence: Sentence, mark: str) -> tuple[str | None, Doubt | None]:
    """Return the value of a marked period, or None and the doubt that takes it away."""
    period = sentence.period(mark)
    if period.iso is not None:
        return period.iso, None
    document = sentence.document
    words = document.folded.text[period.start : period.end]
    twice = "(" in words or "[" in words
    return None, (ambiguous_number if twice else a_range)(period.readings)


def a_bound(kind: str, value: str) -> Doubt:
    side = "un minimum" if kind == "min" else "un maximum"
    return Doubt(
        code="bound_not_value", message=f"Le texte donne {side} ({value}), pas la durée elle-même."
    )
