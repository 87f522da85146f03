"""Notice: how long before, of what, and in which form an agreement is denounced or not renewed.

The cure period after a formal notice (« mise en demeure restée sans effet ») is neither a notice
nor a form (labelling rule 18); a lock-in before denunciation, a payment delay and the notice of
another contract are not either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ORDINAL_RE, ordinal
from tracker.reading.governing import CURE_RE, ENDING_RE, RENEW_RE, ends, read_period
from tracker.reading.outline import OTHER, Sentence
from tracker.reading.rules import Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

NONRENEWAL: Final = "nonrenewal"
TERMINATION: Final = "termination"

_ANCHOR: Final = re.compile(
    r"(?:avant|precedant|precedent|anterieurement a|prealablement a)[ ]?(?P<what>[^;]{0,110})"
)
_TERM_ANCHOR: Final = re.compile(
    r"(?:la |le |l'|son |sa |chaque |toute |leur |cette |ce |du |de |d'|date |arrivee |survenance |jour |prevue? |fixee? |normale? |effective )*"
    r"(?:expiration|echeance|terme\b|fin\b(?! (?:souhait|envisag|voulu|desir|choisi|anticip))|tacite|reconduction|renouvellement|anniversaire|date anniversaire|annee contractuelle"
    r"|qu(?:e |')[^.;,]{0,50}(?:terme|expire|echeance|prenne fin|s'acheve|\bfin\b)|periode|date d'expiration|reconduit|nouvelle periode|anniversaires|date-anniversaire)"
)
_CIVIL_YEAR: Final = re.compile(
    r"(?:la |l')?(?:fin|expiration|terme) (?:de |d'|du )(?:l'|une |chaque |toute )?(?:annee(?! contractuelle| de (?:la )?(?:convention|contrat))|exercice|semestre|trimestre|mois)"
    r"(?: civile| scolaire| universitaire| budgetaire| en cours|\b)"
)
# A civil or school year is not a year of the agreement (labelling rule 19).
_NAMED_YEAR: Final = re.compile(
    r"[^,;]{0,30}(?:annee|exercice|semestre|trimestre) (?:civile?|scolaire|universitaire|budgetaire)"
)
_AT_ANY_TIME: Final = re.compile(
    r"a tout (?:moment|instant)|en tout temps|a tout temps|a n'importe quel moment|a toute (?:epoque|date)|en cours d'(?:annee|execution)"
    r"|par anticipation|anticipee?|avant (?:son |le |l')(?:terme|echeance)(?=[^<;]*(?:moyennant|sous|avec|preavis))"
)
_EACH_TERM: Final = re.compile(
    r"avant (?:la fin|l'expiration|le terme|l'echeance) de chaque periode|a l'occasion de (?:chaque|l'un des) (?:anniversaire|echeance|terme|date)|de chaque triennat|tous les <p\d+>,|(?:chaque annee )?a (?:la|sa) date (?:anniversaire|d'anniversaire)\b|(?:au terme|a la fin|a l'issue|a l'expiration|a l'echeance|a chaque|pour la fin|pour le terme) "
    r"(?:de |d'|du )?(?:la |le |chaque |toute |l'une des |une )?(?:periode|terme|echeance|date anniversaire|anniversaire|periode en cours"
    r"|date d'echeance|reconduction|annee de (?:la )?(?:convention|contrat)|annee contractuelle|annee\b(?! civile| scolaire| universitaire| budgetaire))"
)
_UNLESS: Final = re.compile(
    r"\bsauf\b|a moins|a defaut|s'il n|si elle n|faute|sous reserve|si aucun|sauf si|\bsi (?:conge|avis|denonciation|personne|nul|les parties n|l'une)"
    r"|\bsi,? [^.;]{0,70}\b(?:aucune?|nul|personne|ni l'une) |tant que|pourvu que"
)


def _last_noun(text: str) -> int:
    last = 0
    for match in re.finditer(r", (?:la |le |l'|chaque |l'une |chacun)", text):
        last = match.start()
    return last


# What opens a sentence on a breach: what follows is a cure period, whatever stands between.
_FAULT: Final = re.compile(
    rf" ?(?:en cas d[e']|dans le cas|au cas|si\b|lorsqu|faute|a defaut d[e']|pour|toute?)[^,;<]{{0,90}}(?:{CURE_RE.pattern})"
)


def _cured(sentence: Sentence, start: int, end: int, *, plain: bool = False) -> bool:
    """True when a formal notice or a fault stands beside the period, in the same stretch."""
    text = sentence.text
    first = max(text.rfind(";", 0, start) + 1, start - 130)
    before = text[first:start]
    if not plain and _FAULT.match(text, text.rfind(";", 0, start) + 1):
        # « En cas de non-respect …, la convention est résiliée à l'expiration d'un délai de… »
        return True
    if plain:
        # « … pour faute, la convention prend fin sur dénonciation six mois à l'avance »
        before = before[_last_noun(before) :]
    after = text[end : end + 130]
    return bool(CURE_RE.search(before)) or bool(CURE_RE.search(after.split(", ")[0]))


# Looser words, enough beside « trois mois avant son terme », not beside a letter alone.
_WIDE: Final = re.compile(
    r"arreter|\bcesser|\bne plus\b|dedire|\bdedit|se separer|abandonn|revoqu|revocation|se desolidaris|point final"
    r"|reprendre (?:sa|leur) (?:liberte|independance|parole)|s'en tenir la|en rester la|donner suite|remise? en cause|remettre en cause|\bresolue?s?\b|resolution|se separ|non[- ]poursuite|y mette?[a-z]* fin"
    r"|\barret (?:du partenariat|de (?:la |cette )?(?:convention|collaboration|cooperation)|de l'accord|des relations)|fai[a-z]+ obstacle"
    r"|\b(?:se termine|prend(?:ra)? fin|cesse|s'arrete|s'interrompt)\b[^;<]{0,40} (?:a la demande|sur (?:simple )?demande|si l'une|sur (?:simple )?(?:lettre|courrier)|a l'initiative)"
    r"|se prononce(?:nt)? contre|partie sortante"
    r"|(?:previen|averti|inform|avis|annonc|notifi)[a-z]* [^;<]{0,40}\bla fin (?:de la (?:mise a disposition|convention|collaboration)|de l'(?:occupation|accord)|du (?:partenariat|pret|contrat))"
    r"|\bclore\b|\bpartir (?:a la fin|avant|quand|des)|est abroge|s'affranchir|tourner la page|\babandon d(?:u|e la|e l')|s'en (?:aller|va|ira)\b|partir avant|quitte(?:r|ra)? (?:avant|l'|la |le |les )|repren(?:dre|d|dra) (?:la )?(?:disposition|possession|jouissance|usage)"
    r"|(?:renouvel|recondui|poursuiv|prorog|prolong)[a-z]* (?:la convention |l'accord |le partenariat |le contrat )?ou (?:non|pas)\b"
)


_DENOUNCED: Final = re.compile(
    r"denonc|retir[a-z]+ (?:l'|la |cette |son |sa )?(?:presente? )?(?:autorisation|permission|mise a disposition)|(?:s'en|se) retirer|retrait d(?:e l'|u |'une? )(?:membre|adherent)"
)
# « L'association peut se retirer. Elle en informe la Ville un mois avant. »
_THEN: Final = re.compile(
    r"(?:(?:dans|en) (?:ce|pareil|tel) cas,? |a cet effet,? |pour ce faire,? )?(?:elle|il|celle-ci|celui-ci|la partie|le preavis|ce (?:preavis|delai)|un (?:preavis|delai))\b"
)
_CONTRACTS: Final = re.compile(
    r"contrats? d|police|abonnement|mission|\bbail|assurance|marche|location|emprunt|garantie|caution|assureur|(?:son|leurs?|ses) contrat"
)


# « L'autorisation est donnée… Elle se renouvelle, sauf volonté contraire… »: it is the agreement.
_LICENCE: Final = re.compile(
    r"(?:l'|la |cette |le )(?:presente? )?(?:autorisation|permission|habilitation|pret|mise a disposition)(?: d'occup[a-z]+)? (?:est|sera) (?:donne|accorde|consenti|delivre|concede|octroye|valable)e?"
    r"|l'adhesion (?:est|sera|se) "
)


# Employment, amendments and reservations have notices of their own.
_ELSE: Final = re.compile(
    r"licenciement|contrat de travail|periode d'essai|\A(?:l'|tout |un |cet )amendement|retirer (?:sa|une|toute|la) reserve\b"
)


def _foreign(sentence: Sentence, position: int) -> bool:
    """True when the words belong to something else; only an agreement is « dénoncé »."""
    if _ELSE.search(sentence.text) or (
        sentence.previous is not None
        and sentence.previous.text.endswith(";")
        and _ELSE.search(sentence.previous.text)
    ):
        return True
    if sentence.holder(position) != OTHER:
        return False
    if _LICENCE.match(sentence.text if sentence.previous is None else sentence.previous.text):
        return False
    return not (_DENOUNCED.search(sentence.text) and not _CONTRACTS.search(sentence.text))


# What an act did or what happened once is no clause: « le club a résilié avec un préavis de… ».
_TOLD: Final = re.compile(
    r"\b(?:a|ont|avait|avaient|fut|furent)(?: [a-z]+ment)? (?:ete )?(?:denonc|resili|rompu|quitt|retir|mis fin|pris fin|cess|interromp|arret)[a-z]*"
    r"|, (?:denoncee?|resiliee?|rompue?|decidee?)s? (?:en \d{4}|le <d\d+>|par (?:le|la|l')|avec|moyennant)[^;]{0,80}, (?:a|ont|avait|fut|s'est|s'etait)\b"
)
_CLAUSE: Final = re.compile(
    r"\b(?:peut|peuvent|pourra|pourront|doit|doivent|devra|devront|sauf|si|s'il|a moins|lorsqu|quand|tant que|faute|a defaut|sera|seront|qui (?:a|veut|voudrait|entend|souhaite|desire|prend|denonce|demande|decide)|en (?:avise|informe|previent|avertit|fait part)|en cas|revocable|resiliable|libre de|loisible|faculte)\b"
)


def _told(sentence: Sentence) -> bool:
    """True when the sentence tells what was done, and gives nobody a right to do it."""
    return _TOLD.search(sentence.text) is not None and _CLAUSE.search(sentence.text) is None


# « Le refus de prêter une salle », « en cas d'opposition d'un riverain »: no end of the agreement.
_WEAK: Final = re.compile(
    r"oppos|refus|anticip|sortir\b(?! d(?:u|e la|e l'|e cette|e ce) ?(?:dispositif|reseau|groupement|convention|accord|entente|syndicat|partenariat))|liberte|retract|interruption|interromp"
)


def _ending(text: str) -> bool:
    """True when the words are about an end even without those that may be about anything."""
    return ENDING_RE.search(_WEAK.sub("", text)) is not None


def _only_weak(text: str) -> bool:
    return bool(ENDING_RE.search(text)) and not _ending(text) and not _WIDE.search(text)


# What a weak word must speak of to be about the agreement.
_OURS: Final = re.compile(
    r"\b(?:convention|accord|contrat|partenariat|presente?s?|charte|protocole|engagement|mise a disposition|occupation|soutien|concours|jumelage|adhesion"
    r"|collaboration|cooperation|dispositif|groupement|entente|reseau|traite|bail|terme|echeance|expiration|anniversaire|parties|signataires?|fin anticipee)\b"
    r"|\b(?:l'un|l'une|commune|ville|partie|membre|partenaire|association|occupant|preneur)\b[^;]{0,40} (?:peut|pourra|peuvent)\b"
)


def _about_ending(sentence: Sentence) -> bool:
    if _told(sentence):
        return False
    if _only_weak(sentence.text):
        return (
            _renewing(sentence)
            or _GOES_ON.search(sentence.text) is not None
            or (_OURS.search(sentence.text) is not None and "refus" not in sentence.text)
        )
    if ends(sentence) or ENDING_RE.search(sentence.context) or _WIDE.search(sentence.text):
        return True
    if _UNLESS.search(sentence.text) and _GOES_ON.search(sentence.text):
        return True
    previous = sentence.previous
    if (
        previous is not None
        and _THEN.match(sentence.text)
        and ENDING_RE.search(previous.text)
        and CURE_RE.search(previous.text) is None
    ):
        return True
    return bool(
        re.search(r"denonc|resili|fin anticipee|depart|retrait|sortie|arreter", sentence.heading)
        and not re.search(r"modification|avenant", sentence.text)
    )


_GOES_ON: Final = re.compile(
    r"renouvel|recondu|prorog|prolongee?s? |se continue|continuera|d'annee en annee|d'une annee"
)


_CUT_SHORT: Final = re.compile(
    r"(?:interromp|rompre|resilie?r?\b|(?:mettre|mis|met) fin|prendre fin|cesser)[^.;,<]{0,60} avant (?:son |le |l'|leur )?(?:terme|echeance|expiration)\b"
)


def _of(sentence: Sentence, end: int, default: str) -> str:
    """Say what a notice is tied to, from the words after it, then from the sentence."""
    text = sentence.text
    if _CUT_SHORT.search(text):
        return TERMINATION
    anchor = _ANCHOR.search(text, end, min(len(text), end + 90))
    if anchor is not None and len(anchor["what"]) > 3:
        what = anchor["what"]
        if _CIVIL_YEAR.match(what):
            renews = _UNLESS.search(text) and _GOES_ON.search(text) and not _NAMED_YEAR.match(what)
            return NONRENEWAL if renews else TERMINATION
        if _TERM_ANCHOR.match(what):
            return NONRENEWAL
        if re.match(r"(?:le |la |l'|chaque )*(?:<d\d+>|<p\d+>)", what):
            return NONRENEWAL if _renewing(sentence) else TERMINATION
        if not (_UNLESS.search(text) and _GOES_ON.search(text)):
            return TERMINATION
    if _AT_ANY_TIME.search(text):
        return TERMINATION
    if _EACH_TERM.search(text):
        return NONRENEWAL
    if re.search(r"\brefus|s'y oppos", text) and _renewing(sentence):
        return NONRENEWAL
    renewed = RENEW_RE.search(text) or _GOES_ON.search(text)
    unless = _UNLESS.search(text)
    if unless is not None and renewed is not None:
        return NONRENEWAL
    if re.search(
        r"non[- ](?:renouvel|reconduc)|ne pas (?:renouvel|recondui|reconduc|poursuiv|prorog)"
        r"|(?:pas|plus|point) (?:a |de |d')?(?:la |le |sa |son |cette )?(?:renouvel|reconduc|prorog|prolong)"
        r"|(?:refus|oppos)[a-z]* (?:a |au |de |d'|du )?(?:la |le |l'|sa |son |cette |toute )?(?:renouvel|reconduc|prorog|prolong)"
        r"|(?:renouvel|recondui|poursuiv|prorog|prolong)[a-z]* ou (?:non|pas)\b"
        r"|au-dela d[eu] ?(?:la |le |l'|son |sa |ce |cette )?(?:terme|echeance|expiration)\b"
        r"|pour (?:l'expiration|le terme|l'echeance|la fin) (?:du bail|de la (?:convention|periode)|du contrat|de l'accord)",
        text,
    ):
        return NONRENEWAL
    return default


def _renewing(sentence: Sentence) -> bool:
    if RENEW_RE.search(sentence.text):
        return True
    previous = sentence.previous
    return previous is not None and RENEW_RE.search(previous.text) is not None


def _notice(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start, end = match.span("p")
    if _foreign(sentence, start) or _REPAID.search(sentence.text) or _told(sentence):
        return
    if _cured(sentence, start, end, plain=True):
        return
    if _CHANGED.search(sentence.text) and not _ends_besides(sentence):
        return
    value, doubt = read_period(sentence, match["p"])
    yield "notice", value, doubt
    yield "notice_of", _of(sentence, end, TERMINATION)


# « modifier les créneaux avec un préavis d'une semaine »
_CHANGED: Final = re.compile(
    r"(?:modifi|deplac|report|suspend|ferm|annul|visit|utilis|occup)[a-z]* (?:[a-z']+ ){0,3}(?:creneaux?|horaires?|planning|dates?|salles?|equipements?|seances?|locaux|lieux|tarifs?|acces|services?)\b"
    r"|\b(?:peut|peuvent|pourra|pourront|est|sont|sera|seront) (?:etre )?(?:[a-z]+ment )?(?:modifie|remplace|revise|deplace|suspendu|change|annule|reporte|convoque|saisi|ferme|augmente|visite|muta?te|diligente|controle|verifie|inspecte|audite|consulte|effectue|realise|organise)e?s?\b"
    r"|\b(?:porter|soumettre|saisir)\b[^.;]{0,60}\b(?:contestation|litige|differend|requete|arbitr[a-z]+|tribunal|cour)\b"
    # A clause that is only named.
    r"|(?:clauses?|dispositions?|stipulations?|celles?) relatives? (?:au |a la duree du |a l'existence d'un )preavis"
)


def _ends_besides(sentence: Sentence) -> bool:
    return ENDING_RE.search(sentence.text.replace("preavis", "")) is not None


def _before(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not _about_ending(sentence) or not _acts(sentence):
        return
    yield from _notice(sentence, match)


# « Si aucune des communes ne …, neuf mois avant le terme, l'entente est prolongée »
_NOBODY: Final = re.compile(
    r"\b(?:si|tant que|sauf si|a moins que?)\b[^.;<]{0,40}\b(?:aucune? (?:des |partie|d'e)|nul\b|personne|ni l'une|l'une (?:des|d'e)|l'un (?:des|d'e))[^.;<]{0,60}<p\d+> (?:au moins )?avant"
)


def _acts(sentence: Sentence) -> bool:
    """True when the sentence lets someone end or refuse, not only mentions the end."""
    text = sentence.text
    return bool(
        ENDING_RE.search(text)
        or _WIDE.search(text)
        or (_NOBODY.search(text) and _GOES_ON.search(text))
        or re.search(
            r"exprim|manifest|declar|faisant part|fait part|faire part|annonc|ouvr|desaccord|indiqu|previen|prevenan|avis|avert|notif|inform|fait? (?:connaitre|savoir)|faire connaitre|signifi|adress",
            text,
        )
    )


# Warning of a cancelled slot, a visit or works is not a notice.
_USE: Final = re.compile(
    r"annul|creneau|reservation|\bseances?\b|travaux|visite|\breunion|convoca|convoqu|fermeture|indisponib|absence|deplac"
    r"|manifestation|spectacle|planning|horaire|\bclasses?\b|livraison|riverain"
)


# Early repayment of a loan or an advance has a notice of its own.
_REPAID: Final = re.compile(
    r"rembourse[a-z]*[^;]{0,40} (?:par anticipation|anticip)|anticip[a-z]*[^;]{0,40} rembours|remboursement|se liberer (?:par|du pret|de (?:sa|la) dette)|capital (?:restant|du)|somme restante?|restant due?s?\b"
)


def _goes_on(sentence: Sentence) -> bool:
    """« La dénonciation est notifiée… Elle ne prend effet que… »: she is the denunciation."""
    pronoun = re.compile(r"(?:elle|il|celle-ci|celui-ci)\b")
    current: Sentence | None = sentence
    for _ in range(3):
        if current is None or pronoun.match(current.text) is None:
            return False
        current = current.previous
        if current is None or CURE_RE.search(current.text):
            return False
        if _END_NAMED.match(current.text):
            return True
    return False


_END_NAMED: Final = re.compile(
    r"(?:la |le |cette |toute )?(?:denonciation|resiliation|retrait|rupture)"
)


def _effect_after(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = "q" if match.groupdict().get("q") else "p"
    start, end = match.span(group)
    if _foreign(sentence, match.start()) or _cured(sentence, start, end):
        return
    if not (ENDING_RE.search(sentence.text) or _goes_on(sentence) or _leaving(sentence)):
        return
    value, doubt = read_period(sentence, match[group])
    yield "notice", value, doubt
    yield "notice_of", TERMINATION


def _ceases_after(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = "p" if match["p"] else "q"
    start, end = match.span(group)
    if _foreign(sentence, match.start()) or _cured(sentence, start, end):
        return
    own = ENDING_RE.search(sentence.text.replace("prend fin", "")) or _ASKED_FOR.search(
        sentence.text
    )
    if own is None and not (_BACK.match(sentence.text) and _just_denounced(sentence)):
        return
    value, doubt = read_period(sentence, match[group])
    yield "notice", value, doubt
    yield "notice_of", TERMINATION


def _just_denounced(sentence: Sentence) -> bool:
    """True when one of the three sentences before speaks of an end, and none of a fault."""
    before = sentence.previous
    for _ in range(3):
        if before is None or before.article != sentence.article or CURE_RE.search(before.text):
            return False
        if ENDING_RE.search(before.text):
            return True
        before = before.previous
    return False


_ASKED_FOR: Final = re.compile(
    r"a la demande (?:d'un|de l'un|ecrite|expresse)|sur demande|a l'initiative"
)
_BACK: Final = re.compile(
    r"(?:elle|il|celle-ci|celui-ci|(?:la|le|l') ?(?:presente? )?(?:convention|accord|contrat|charte|protocole|partenariat|adhesion))\b|(?:dans|en) (?:ce|pareil|tel) cas"
)


_NOT_END_DELAY: Final = re.compile(
    r"paie|paye|regle|facture|repon|repons|recours|observation|restit|remise?\b|rendre|rendu|regularis|rembours|delai de retractation|conclue?s?\b|consenti|duree|prononc|saisi|versement|verse\b|concili|se reuni"
)


def _after_letter(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start("p")
    text = sentence.text
    if not ENDING_RE.search(text) or _NOT_END_DELAY.search(text) or _foreign(sentence, start):
        return
    if CURE_RE.search(text) or RENEW_RE.search(text):
        return
    value, doubt = read_period(sentence, match["p"])
    yield "notice", value, doubt
    yield "notice_of", TERMINATION


def _ordinal_month(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    count = ordinal(match["n"])
    if count is None or count < 2 or not re.search(r"denonc|resili|preavis|conge", sentence.text):
        return
    if re.search(r"modification|amendement", sentence.text) or sentence.main == OTHER:
        return
    yield "notice", f"P{count}M"
    yield "notice_of", NONRENEWAL if match["before"] else TERMINATION


def _calendar(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not _about_ending(sentence) or _foreign(sentence, match.start()):
        return
    if CURE_RE.search(sentence.text) or re.search(r"<p\d+> (?:au moins )?avant", sentence.text):
        return
    if not _acts(sentence) or not ENDING_RE.search(sentence.text):
        return
    if not re.search(
        r"denonc|demission|reconduire|renouveler|poursuivre|resili|preavis|reconduction|retrait|mettre fin|\brefus|oppos|avis contraire|renonc|\bconge\b|se retirer",
        sentence.text,
    ):
        return
    yield "notice_of", NONRENEWAL if match["how"] != "jusqu'" else TERMINATION


def _left(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    """« en laissant à l'association trois mois »: a time given to the one who must go."""
    start, end = match.span("q")
    if not (_ending(sentence.text) or _WIDE.search(sentence.text)) or _told(sentence):
        return
    if _foreign(sentence, start) or _cured(sentence, start, end) or _USE.search(sentence.text):
        return
    value, doubt = read_period(sentence, match["q"])
    yield "notice", value, doubt
    yield "notice_of", _of(sentence, end, TERMINATION)


_LATER: Final = re.compile(
    r",? (?:plus tard|plus tot|apres\b(?! (?:la|sa|cette) (?:resiliation|fin|rupture|cessation))|avant\b|a l'avance|d'avance|en amont|d'anticipation|(?:doi(?:t|vent) )?(?:separent|s'ecouler)\b|au preal|auparavant|suivant|a compter de (?:la |sa |cette )?(?:reception|notification|denonciation|demande|lettre))"
)
_LEADS: Final = re.compile(
    r"(?:preavis|prevenance|un delai|avis|prevenu[a-z]*|averti[a-z]*|inform[a-z]*|moyennant)\b[^<;.]{0,40}$"
)
# A time that is a duration, a lock-in or a delay to do something else.
_HELD: Final = re.compile(
    r"(?:pour|pendant|durant|duree|periode|tou(?:s|tes) les|chaque|depuis|dispos[a-z]*|moins de|plus de|passee?s?|avant|dans (?:les|un delai)|sous|apres|lors des|au cours des)"
    r"[^<;,.]{0,25}$"
)


def _leaving(sentence: Sentence) -> bool:
    """True when the sentence, or the ones before it in its article, let a party go."""
    near: Sentence | None = sentence
    for step in range(3):
        if near is None or near.article != sentence.article or CURE_RE.search(near.text):
            return False
        says = step == 0 or _CLAUSE.search(near.text) is not None
        ending = _ending(near.text) or _WIDE.search(near.text) is not None
        if says and ending and not _NOT_END_DELAY.search(near.text):
            return step == 0 or _RESULT.match(sentence.text) is not None
        near = near.previous
    return False


# « La fin intervient… », « Le présent Accord prend fin… », after a sentence on denunciation.
_RESULT: Final = re.compile(
    r"(?:dans ce cas,? |alors,? )?(?:la fin|(?:la|sa) sortie|(?:le|son) depart|(?:le|son) retrait|l'effet|elle|il|celle-ci|celui-ci|(?:la|le|l') ?(?:presente? )?(?:convention|accord|contrat|charte|protocole|partenariat|engagement|adhesion))\b[^;,<]{0,60}"
    r"(?:intervien|prend(?:ra)? (?:fin|effet)|cesse|a lieu|s'eteint|s'acheve|expire|se produi|jou|devient effecti|est effecti|sera effecti)"
    r"|(?:dans ce cas,? |alors,? )?(?:<p\d+> (?:plus tard|apres|separent)|un (?:delai|preavis) (?:de |d')|[a-z' ]{2,30} en (?:est|sera|sont|seront) (?:averti|avise|informe|prevenu))"
)


def _any(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    start, end = match.span("p")
    after = _LATER.match(text, end)
    if after is None and not _LEADS.search(text[max(0, start - 70) : start]):
        return
    if _HELD.search(text[max(0, start - 50) : start]) or _foreign(sentence, start):
        return
    if CURE_RE.search(text) or _NOT_END_DELAY.search(text) or _USE.search(text):
        return
    if _told(sentence) or _REPAID.search(text) or _CHANGED.search(text) or not _leaving(sentence):
        return
    if "avant" in text[end : end + 8] and not _acts(sentence):
        return
    value, doubt = read_period(sentence, match["p"])
    yield "notice", value, doubt
    yield "notice_of", _of(sentence, end, TERMINATION) if _ending(text) else TERMINATION


NOTICE_RULES: Final = (
    Rule(
        name="notice_preavis",
        field="notice",
        why="« préavis de trois mois », « préavis écrit d'au moins six mois » (a minimum notice is the notice).",
        pattern=compiled(
            r"(?<!sans )\b(?:preavis|prevenance)\b(?! ni)(?:(?!sans preavis|apres|avant l'expiration)[^<;]){0,100}?(?P<p>{P})"
        ),
        cues=("preavis", "prevenance"),
        needs="<p",
        gives=_notice,
        others=True,
        examples=(
            ("La convention peut être dénoncée moyennant un préavis de trois mois.", "P3M"),
            ("Chaque partie peut y mettre fin avec un préavis écrit d'au moins six mois.", "P6M"),
        ),
        counterexamples=(
            "Le club a résilié la convention précédente avec un préavis de trois mois.",
            "Le règlement peut être modifié avec un préavis d'un mois.",
            "Il peut être mis fin à la mission avec un préavis d'un mois.",
            "La convention est résiliée sans préavis.",
            "L'emprunteur peut rembourser par anticipation moyennant un préavis d'un mois.",
            "La Ville peut modifier les créneaux avec un préavis d'une semaine.",
            "Un audit peut être diligenté moyennant un préavis de quinze jours.",
            "Chaque partie peut, après préavis d'un mois, porter le différend devant le tribunal.",
            "Les autres clauses, notamment celles relatives au préavis de trois mois, demeurent.",
        ),
    ),
    Rule(
        name="notice_period_of",
        field="notice",
        why="« trois mois de préavis », « un avis de deux mois ».",
        pattern=compiled(
            r"(?P<p>{P})(?: francs| au moins| minimum| calendaires)* de preavis"
            r"|(?:\bavis|avertissement|delai de prevenance|(?:information|notification|annonce)(?= prealable| ecrite))(?: ecrite| ecrit| prealable| de resiliation| de denonciation)* (?:de |d'|d'au moins )+(?P<q>{P})"
        ),
        needs="<p",
        gives=lambda s, m: _notice(s, m) if m["p"] else _avis(s, m),
        others=True,
        examples=(
            ("Chacun peut mettre fin à la convention moyennant quatre mois de préavis.", "P4M"),
        ),
        counterexamples=("L'avis est rendu sous deux mois.",),
    ),
    Rule(
        name="notice_before",
        field="notice",
        why="« trois mois au moins avant l'expiration », in a sentence about denouncing or not renewing.",
        pattern=compiled(
            r"(?P<p>{P})(?: francs| calendaires)?,?(?: (?:au moins|au minimum|au plus tard|minimum|pleins?|revolus))?,? "
            r"(?:avant\b|precedant|precedent|prealablement a|qui precede)"
        ),
        needs="<p",
        gives=_before,
        others=True,
        examples=(
            (
                "Si aucune des communes ne se prononce contre, neuf mois avant le terme, l'entente est prolongée de six ans.",
                "P9M",
            ),
            (
                (
                    "La convention est reconduite tacitement, sauf dénonciation trois mois avant son "
                    "échéance."
                ),
                "P3M",
            ),
        ),
        counterexamples=(
            "Le désherbage est interrompu deux mois avant l'ouverture de la chasse.",
            "Les parties se réunissent six mois avant l'échéance pour en préparer la suite.",
            "Les travaux commencent deux mois avant la rentrée.",
        ),
    ),
    Rule(
        name="notice_in_advance",
        field="notice",
        why="« six mois à l'avance », « en prévenant … trois mois avant ».",
        pattern=compiled(
            r"(?P<p>{P})(?: francs)?,?(?: (?:au moins|au minimum|minimum))?,? (?:a l'avance|en amont|d'anticipation|par avance|auparavant|d'avance|en avance|plus tot|au prealable|prealablement|avant\b(?= *(?:[.;,]|\Z))|apres (?:en |l'|les |l'en )?(?:avoir|avertissement)(?: (?:averti|avise|prevenu|informe|notifie))?|apres qu(?=e |'))"
            r"|(?:previen[a-z]*|prevenan[a-z]*|avert[a-z]*|avis[a-z]*|inform[a-z]*)[^<;]{0,60}(?P<q>{P}) avant"
        ),
        needs="<p",
        gives=lambda s, m: _before(s, m) if m["p"] and not _USE.search(s.text) else (),
        others=True,
        examples=(
            (
                "La convention prend fin sur dénonciation écrite adressée six mois à l'avance.",
                "P6M",
            ),
        ),
        counterexamples=("Les riverains sont prévenus quinze jours à l'avance.",),
    ),
    Rule(
        name="notice_delay",
        field="notice",
        why="« dans un délai de trois mois précédant », « en respectant un délai de deux mois ».",
        pattern=compiled(
            r"(?:laiss|accord|donn|menage)(?:ant|er|era|e)\b(?: (?:a |au |aux )[^<;,.]{2,40})? (?:un delai (?:de |d'))?(?:au moins )?(?P<q>{P})"
            r"|(?:respect[a-z]*|observ[a-z]*|laissant|donnant|accordant|menageant|moyennant|sous reserve d[e']|avec|sous)[ ]?(?:d')?(?:un |le )?(?:delai|terme) (?:de prevenance |prealable |minimum |minimal )?(?:de |d')(?:au moins )?(?P<p>{P})"
        ),
        needs="<p",
        gives=lambda s, m: _before(s, m) if m["p"] else _left(s, m),
        others=True,
        examples=(
            (
                "La Ville reprendra la disposition du garage en laissant au club trois mois pour déménager.",
                "P3M",
            ),
            ("Elle peut être résiliée à tout moment en respectant un délai de deux mois.", "P2M"),
        ),
        counterexamples=("Le paiement est fait en respectant un délai de trente jours.",),
    ),
    Rule(
        name="notice_effect_after",
        field="notice",
        why="« la dénonciation prend effet six mois après sa notification ».",
        pattern=compiled(
            r"(?:denonciation|resiliation|retrait|rupture|sortie|depart|elle|il)\b[^.;]{0,110}(?:prend(?:ra)?|prenant|prennent|produi(?:t|ra|sant)|sortira|ne prendra|ne produira|devien[a-z]+|devenant|est|sera)[^.;<]{0,30}(?:effets?|effective?|effectives)\b[^.;<]{0,130}?"
            r"(?P<p>{P})(?=[^.;<]{0,6}(?:apres|suivant|a compter|a partir|a dater|de la reception|plus tard))"
            r"|(?:denonciation|resiliation|retrait|rupture|depart|sortie|elle|il)\b[^.;<]{0,60}(?:effets?|effective?|interviendra|intervient|acquise?)\b[^.;<]{0,20}"
            r"(?:a l'(?:issue|expiration)|au (?:terme|bout)) (?:d'un (?:delai|preavis) (?:franc )?)?(?:de |d')(?P<q>{P})"
        ),
        needs="<p",
        gives=_effect_after,
        others=True,
        examples=(
            ("Le retrait d'une commune prend effet à l'issue d'un délai de six mois.", "P6M"),
            (
                (
                    "Chaque partie peut dénoncer l'accord. La dénonciation prend effet six mois après sa "
                    "notification."
                ),
                "P6M",
            ),
        ),
        counterexamples=(
            "En cas de faute, la résiliation prend effet un mois après une mise en demeure.",
        ),
    ),
    Rule(
        name="notice_ceases_after",
        field="notice",
        why="« Elle cesse d'avoir effet quatre mois après réception de l'avis ».",
        pattern=compiled(
            r"\b(?:cesse[a-z]*|prend(?:ra)? fin|expire(?:ra)?|s'eteint|s'eteindra|s'acheve(?:ra)?|se termine(?:ra)?|devient caduque?|(?:sera|est) (?:rompu|resolu|resilie|termine|dissou[ts]|denoue|delie)e?)\b[^.;<]{0,70}?(?P<p>{P}) "
            r"(?:plus tard|(?:francs )?(?:apres|suivant|a (?:compter|partir|dater) de) [^.;<]{0,40}?(?:reception|notification|denonciation|envoi|avis|courrier|lettre|decision|demande|signification))"
            r"|\b(?:cess[a-z]+|prend(?:ra)? fin|prenant fin|expir[a-z]+|s'eteint|s'eteindra)\b[^.;<]{0,50}(?:a l'(?:expiration|issue)|au (?:terme|bout)) d'un (?:delai|preavis) de (?P<q>{P})"
        ),
        needs="<p",
        gives=_ceases_after,
        others=True,
        rank=1,
        examples=(
            (
                "Une commune peut dénoncer l'entente. Elle cesse d'avoir effet quatre mois après réception de l'avis.",
                "P4M",
            ),
        ),
        counterexamples=("La convention prend fin trois ans après sa notification.",),
    ),
    Rule(
        name="notice_end_of_delay",
        field="notice",
        why="Ended « à l'expiration d'un délai de trois mois suivant la réception » of a denunciation.",
        pattern=compiled(
            r"(?:denonciation|resiliation|retrait|rupture|desistement)[^.;<]{0,80}(?:emporte|entraine|vaut|opere|joue|intervient|produit)[^.;<]{0,40}(?:au bout|au terme|a l'expiration|a l'issue) (?:de |d')(?:un delai de )?(?P<q>{P})"
            r"|(?:denonc|resili|mettre fin|mis fin|retir|retrait|depart d|rupture|sortie)[^;]{0,160}(?:a l'(?:issue|expiration)|au terme|dans) (?:d'un |un |de )?(?:delai |periode )?(?:de |d')(?P<p>{P})"
            r"[^<;]{0,12}(?:suivant|a compter|a partir|apres|a dater)[^;]{0,60}(?:notification|reception|envoi|denonciation|lettre|courrier|avis)"
        ),
        needs="<p",
        gives=_effect_after,
        others=True,
        rank=1,
        examples=(
            (
                (
                    "La convention peut être résiliée par courrier, à l'issue d'un délai de deux mois "
                    "suivant sa réception."
                ),
                "P2M",
            ),
        ),
        counterexamples=(
            (
                "La convention est résiliée à l'expiration d'un délai d'un mois suivant l'envoi d'une "
                "mise en demeure."
            ),
        ),
    ),
    Rule(
        name="notice_after_letter",
        field="notice",
        why="« … s'en délier par lettre, un an après réception de laquelle les engagements tombent ».",
        pattern=compiled(
            r"(?P<p>{P}),? (?:francs )?(?:apres|suivant|qui sui[a-z]+|a (?:compter|dater|partir) d[eu]) ?(?:la |sa |l'|cette |ladite |le |cet )?(?:date de |jour de )?(?:la |sa |l')?"
            r"(?:reception|notification|signification|envoi|denonciation|lettre|avis|courrier)\b"
        ),
        needs="<p",
        gives=_after_letter,
        others=True,
        rank=0,
        examples=(
            (
                "Chaque commune peut s'en délier par lettre, un an après réception de laquelle les engagements tombent.",
                "P1Y",
            ),
        ),
        counterexamples=(
            "En cas de retrait, les clés sont restituées quinze jours après la réception de la lettre.",
            "La convention est conclue pour trois ans à compter de sa notification.",
        ),
    ),
    Rule(
        name="notice_until_after",
        field="notice",
        why="In force until so long after a denunciation: the time after it is the notice.",
        pattern=compiled(
            r"(?:en vigueur|obligatoire|effet)[^;]{0,60}?(?:jusqu'a (?:l'expiration|la fin) (?:de |d')(?:un delai de |une periode de )?|encore )?(?P<p>{P}),? "
            r"(?:a compter|a partir|a dater|apres)[^;]{0,160}?(?:denonc|intention d|avis ecrit)"
        ),
        needs="<p",
        gives=_effect_after,
        others=True,
        rank=1,
        examples=(
            (
                (
                    "L'accord demeure en vigueur jusqu'à l'expiration d'une année à partir du jour où la "
                    "dénonciation en sera faite."
                ),
                "P1Y",
            ),
        ),
        counterexamples=("L'accord est en vigueur trois ans à compter de sa signature.",),
    ),
    Rule(
        name="notice_ordinal_month",
        field="notice",
        why="Ends the first or last day of the twelfth month after the denunciation.",
        pattern=compiled(
            rf"(?:premier|dernier) jour du (?P<n>{ORDINAL_RE}) mois (?:qui suit|suivant|(?P<before>precedant|qui precede))"
        ),
        cues=("jour du",),
        gives=_ordinal_month,
        others=True,
        rank=1,
        examples=(
            (
                (
                    "Chaque partie peut dénoncer l'accord ; la dénonciation prend effet le premier jour "
                    "du sixième mois suivant sa réception."
                ),
                "P6M",
            ),
        ),
        counterexamples=(
            (
                "Les modifications entrent en vigueur le premier jour du deuxième mois suivant leur "
                "notification."
            ),
        ),
    ),
    Rule(
        name="notice_any",
        field="notice",
        why="Read last: the one time that a sentence on leaving or not going on gives to the other party.",
        pattern=compiled(r"(?P<p>{P})"),
        needs="<p",
        gives=_any,
        others=True,
        rank=-1,
        examples=(
            (
                (
                    "Chaque partie peut se désengager du projet. La fin intervient soixante jours plus "
                    "tard."
                ),
                "P60D",
            ),
            (
                "La résiliation, portée à la connaissance de l'autre partie, ne joue que trois mois plus tard.",
                "P3M",
            ),
        ),
        counterexamples=(
            "La convention ne peut être dénoncée avant deux ans.",
            "La partie qui dénonce la convention restitue les clés deux semaines plus tard.",
        ),
    ),
    Rule(
        name="notice_calendar",
        field="notice_of",
        why="Denunciation by a calendar day: no period, but it is tied to a term (rule 7).",
        pattern=compiled(r"(?P<how>avant|jusqu'|au plus tard)[ ]?(?:au |le )(?P<d>{D})"),
        needs="<d",
        gives=_calendar,
        others=True,
        rank=1,
        examples=(
            (
                (
                    "L'accord est prorogé tacitement chaque année, à moins qu'il ne soit dénoncé avant "
                    "le 1er octobre."
                ),
                "nonrenewal",
            ),
        ),
        counterexamples=("Le rapport est remis avant le 31 mars.",),
    ),
)


def _avis(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not ends(sentence) or _foreign(sentence, match.start()):
        return
    if _cured(sentence, *match.span("q")):
        return
    value, doubt = read_period(sentence, match["q"])
    yield "notice", value, doubt
    yield "notice_of", _of(sentence, match.end("q"), TERMINATION)


# --------------------------------------------------------------------------------------------------
# Form
# --------------------------------------------------------------------------------------------------

_ACT_OF_ENDING: Final = re.compile(
    r"denonc|resili|preavis|non[- ]renouvel|non[- ]reconduc|retrait|demission|mettre fin|mis fin|met fin|se retirer|se degager|rompre"
    r"|n'entend|ne pas (?:renouvel|recondui|poursuiv|prorog|reconduc)|interrompre|opposee? a|faire cesser|arreter|s'oppos|renoncer"
    r"|ne souhaite pas (?:renouvel|reconduir|poursuivr)|prendra fin|prend fin|non[- ]reconduction|fait connaitre|expiration"
)
_NOT_THE_FORM: Final = re.compile(
    r"avenant|modification|indemnite|accord (?:ecrit|amiable)|paiement|remboursement|litige|facture|restituer"
)
_FOLLOWS: Final = re.compile(
    r"[ ]*forme\b|[ ]*(?:la |cette |le |ce |l'|un |une )?(?:denonciation|resiliation|notification|preavis|decision|demande|elle|il|lettre|courriel|courrier"
    r"|simple|demission|retrait|celle-ci|celui-ci|information)"
)


def _form(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _foreign(sentence, match.start()) or _told(sentence):
        return
    if CURE_RE.search(text) and not re.search(
        r"preavis|<p\d+> (?:au moins )?(?:avant|a l'avance)", text
    ):
        return
    if _only_weak(text) and not _about_ending(sentence):
        return
    if _cured_form(text, match.start()) or (
        _WITHOUT.search(text) and not _AT_ANY_TIME.search(text)
    ):
        return
    near = text[max(0, match.start() - 260) : match.end() + 160]
    if not (_ACT_OF_ENDING.search(near) or ENDING_RE.search(near) or _WIDE.search(near)):
        previous = sentence.previous
        if (
            previous is None
            or not (_ACT_OF_ENDING.search(previous.text) or ENDING_RE.search(previous.text))
            or not _FOLLOWS.match(text)
        ) and not (_RESULT.match(text) and _leaving(sentence)):
            return
        if previous is None or CURE_RE.search(previous.text):
            return
    if _NOT_THE_FORM.search(text[: match.end()]) and not re.search(
        r"denonc|resili|preavis", text[: match.start()]
    ):
        return
    yield "notice_form", "registered" if match["registered"] else "written"


_WITHOUT: Final = re.compile(r"sans (?:indemnite ni |delai ni )?preavis")


def _cured_form(text: str, position: int) -> bool:
    stretch = text[max(0, position - 70) : position + 90]
    return bool(re.search(r"mise en demeure|sommation|rappel ecrit|mis en demeure", stretch))


FORM_RULES: Final = (
    Rule(
        name="notice_form",
        field="notice_form",
        why="The form of a denunciation or of a refusal to renew, never that of a revision or a formal notice.",
        pattern=compiled(
            r"(?P<registered>\brecommandee?s?\b|\bl\.?r\.?a\.?r\b|\br\.?a\.?r\b|\blrec\b|\brecommande avec)"
            r"|(?P<written>\bpar (?:voie )?ecrite?\b|\becrite?s?\b|\bl'ecri(?:ra|ve)\b|(?:par |une |simple |un |d'une |d'un )(?:simple )?(?:lettre|courrier|courriel|message|mail|e-mail|pli)\b"
            r"|\bcourriels?\b|acte extra-?judiciaire|exploit d'huissier|(?:acte d'|par |exploit d'|voie d')huissier|commissaire de justice|echange de (?:courriers|lettres|courriels)|main propre|contre decharge|contre recepisse)"
        ),
        cues=(
            "ecrit",
            "lettre",
            "courri",
            "recommand",
            "message",
            "mail",
            "pli",
            "rar",
            "r.a.r",
            "lrec",
            "huissier",
            "propre",
            "decharge",
            "recepisse",
            "judiciaire",
        ),
        gives=_form,
        others=True,
        examples=(
            (
                "Elle peut être dénoncée par lettre recommandée avec accusé de réception.",
                "registered",
            ),
            ("L'accord peut être dénoncé par notification écrite.", "written"),
            (
                "La convention est résiliable par pli recommandé avec préavis de deux mois.",
                "registered",
            ),
        ),
        counterexamples=(
            "Le droit de rétractation s'exerce par lettre recommandée.",
            "La demande d'avenant est adressée par lettre recommandée.",
            (
                "En cas de manquement, la convention est résiliée après mise en demeure par lettre "
                "recommandée restée sans effet."
            ),
        ),
    ),
)


def notice_kind(sentence: Sentence, end: int) -> str:
    """Say what a denunciation without a period is for, from its sentence."""
    return _of(sentence, end, TERMINATION)
