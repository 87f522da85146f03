"""The clause grammar: the rules that read terms out of the sentences of an agreement.

What a duration belongs to decides before its value does: the words around it are asked whether it
is the life of the agreement, a renewal, a notice, a bound, or something else's. A rule speaks of
the language of agreements, never of one document. The order of this file is the order of the
vocabulary: term, end, start, renewal, notice, recurring duties, payments.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ADJECTIVES, ORDINAL_RE, number, ordinal
from tracker.reading.outline import AGREEMENT, AGREEMENT_RE, OTHER, OTHER_RE, Sentence
from tracker.reading.rules import Doubt, Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME: Final = "same"  # a renewal "for the same period": the initial term's

# --------------------------------------------------------------------------------------------------
# Shared words
# --------------------------------------------------------------------------------------------------

RENEW_RE: Final = re.compile(
    r"renouvel|renouvab|reconduc|reconduit|reconduir|prorog|prolong|tacite|supplementaire"
    r"|nouve(?:au|lle) (?:terme|periode|duree)|successives?|autres periodes|par la suite|\bensuite\b|\brepart(?:ira|ent|iront)?\b|se poursui"
)
TERM_VERB_RE: Final = re.compile(
    r"\b(?:conclue?s?|consentie?s?|passee?s?|etablie?s?|souscrite?s?|signee?s?|valables?|valide|vaut|valent"
    r"|vaudra|en vigueur|effets?|s'engagent|s'obligent|se lient|aura|a une duree|fixee?|d'une duree"
    r"|accordee?s?|adoptee?|court|lie|liera|applicables?|s'applique|s'appliquera|duree d(?:e la|u|e l') ?(?:presente? )?(?:convention|accord|contrat|protocole|partenariat)"
    r"|arretee|periode initiale|duree initiale|contractee?|prevue?|execut[a-z]+|souscri[a-z]+"
    r"|engages?|en application|a (?:la |sa |leur )?disposition|concedee?|attribuee?s?|confiee?|s'etend|couvre|lient|formee?|instituee?)\b"
)
ENDING_RE: Final = re.compile(
    r"denonc|resili|rompu|mettre (?:un terme|fin)|(?:mis|met|mettra|mettant) fin|met un terme|rompre|rupture"
    r"|preavis|se retirer|retrait|se degager|demission|renonc|faire cesser|cesser (?:les|ses|l')"
    r"|non[- ]renouvel|non[- ]reconduc|ne pas (?:la |le |l')?(?:renouvel|recondui|poursuiv|prorog|prolong|reconduc)"
    r"|(?:entend|entende|souhaite|souhaitant|desire|veut|voulant)(?:nt|nts|s)? (?:pas|ne pas|ne plus)"
    r"|interromp|n'(?:entend|entende|entendrait|entendent)\b|intention (?:contraire|d'y|de ne|d'en|d[e'] ?mettre)"
    r"|avis contraire|oppos|\brefus(?!e de signer)|(?<!point de )\bdepart (?:d'un|de l'un|effectif|volontaire)|(?:sauf|a defaut d[e']|faute d[e']) ?(?:une |un )?(?:lettre|courrier|pli|ecrit|avis|recommande)|revocable|sortir\b|dissou[ts]|dissolution|quitter|mettre un terme|anticip|se desengager|desengagement"
    r"|s'(?:en |y )?(?:retir|degag|delier|delie|delient|soustrai|desist)|retirer de|peut (?:en sortir|y renoncer)|rendre (?:les|le|la) (?:locaux|local|salle|parcelle|cles)"
    r"|si (?:elles?|ils?) enten[a-z]+|poursuivre ou non|ecourt|cesse ses|non[- ]poursuite|revoqu|retract"
    r"|volonte (?:de ne|contraire)|desist|decision de ne pas|de faire cesser|\bconges?\b|se delier|delier de|repren(?:dre|d|dra) (?:sa liberte|les locaux|le local|possession|la jouissance|la parcelle|le terrain|l'usage|les lieux)"
    r"|quitter (?:les|le|la) |cesser (?:sa|leur) (?:participation|collaboration)|liberer (?:les|le) |sortie? d[eu]"
)
CURE_RE: Final = re.compile(
    r"mise en demeure|mis en demeure|sommation|inexecution|manquement|non[- ]respect|rappel ecrit"
    r"|restee?s? (?:sans (?:effet|reponse|suite)|infructueu)|faute grave|pour faute|ne respect"
    r"|demeuree? (?:sans effet|infructueu)|meconnaissance|carence|defaillan|violation|liquidation judiciaire"
    r"|cas de faute|inobservation|non execution|redressement"
)
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
    r" ?,? ?(?:au (?:plus(?! tard)|moins|maximum|minimum|total)|maximum|minimum|maximales?|minimales?|tout au plus)"
)
_LOWER: Final = re.compile(r"minim|au moins|inferieure|en-dessous")


def _clip(text: str, position: int, reach: int) -> str:
    """Return up to `reach` characters before `position`, within the clause."""
    start = max(0, position - reach)
    start = max(start, text.rfind(";", start, position) + 1)
    return text[start:position]


def bound(sentence: Sentence, start: int, end: int) -> str | None:
    """Return "max" or "min" when the period at `start` is a bound and not a value."""
    before = _BOUND_BEFORE.search(_clip(sentence.text, start, 120))
    after = _BOUND_AFTER.match(sentence.text, end)
    for match in (before, after):
        if match is not None:
            return "min" if _LOWER.search(match.group()) else "max"
    return None


def renewal_governs(sentence: Sentence, position: int) -> bool:
    """True when the nearest governing word before `position` is one of renewal, not of the term."""
    before = _clip(sentence.text, position, 140)
    renew = term = -1
    for match in RENEW_RE.finditer(before):
        renew = match.start()
    for match in TERM_VERB_RE.finditer(before):
        term = match.start()
    return renew > term


def ends(sentence: Sentence) -> bool:
    """True when the sentence is about ending or not renewing."""
    return ENDING_RE.search(sentence.text) is not None


_PAST: Final = re.compile(
    r"\b(?:etait|etaient|avait|avaient|liait|courait|prevoyait|expirait|venait|arrivait|prenait|fixait|confiait|portait|unissait|(?:conclue?s?|signee?s?|passee?s?) en (?:19|20)\d\d|convention de (?:19|20)\d\d|depuis (?:19|20)\d\d|(?:est|sont) venue?s? a (?:echeance|expiration|terme)|(?:est|sont|etant) arrivee?s? a (?:son |leur )?(?:echeance|terme|expiration)|a expire|fut|furent"
    r"|signee?s? (?:en|le) (?:<d\d+>|\d{4}) pour|avait ete|ayant expire|echue)\b|\bs'est (?:renouvel|achev)|\ba ete (?:renouvel|reconduit|prorog|prolong)"
)


def agreement(sentence: Sentence, position: int) -> bool:
    """True when the words at `position` belong to the agreement, as it is and not as it was."""
    if _PAST.search(sentence.text):
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


_PRONOUN_START: Final = re.compile(r"(?:elles?|ils?|celle-ci|celui-ci)\b")


# --------------------------------------------------------------------------------------------------
# Term
# --------------------------------------------------------------------------------------------------


def a_bound(kind: str, value: str) -> Doubt:
    side = "un minimum" if kind == "min" else "un maximum"
    return Doubt(
        code="bound_not_value", message=f"Le texte donne {side} ({value}), pas la durée elle-même."
    )


def _term(sentence: Sentence, match: re.Match[str], group: str = "p") -> Iterable[Given]:
    start, end = match.span(group)
    if renewal_governs(sentence, start):
        return
    if not agreement(sentence, start) and not _granted(sentence, match):
        return
    if _NOT_LIFE.search(sentence.text[end : end + 60]):
        return
    if (
        _AGAIN.search(_clip(sentence.text, start, 110))
        or " et ainsi de suite" in sentence.text[end : end + 30]
    ):
        return
    before = _clip(sentence.text, start, 60)
    if _DELAY.search(before) or re.search(r"suspend|interromp", _clip(sentence.text, start, 110)):
        return
    value, doubt = read_period(sentence, match[group])
    kind = bound(sentence, start, end)
    if kind is not None:
        if value is not None:
            yield "term", None, a_bound(kind, value)
            if kind == "max":
                yield "bound", value
        return
    yield "term", value, doubt


_BETWEEN: Final = re.compile(
    r"\b(?:un|une|des|les|leurs?|ses|le|la|du|au|aux|de|chaque|tout|toute|ces|cette) [a-z-]+ $|\b[ld]'[a-z-]+ $"
)
_NOT_IN_FORCE: Final = re.compile(
    r"suspend|interromp|affich|publi|consult|depos|conserv|archiv|examin|\bsi\b|sauf|modifi|attribu[a-z]* (?:a|aux)|paye|vers[eé]|emplo|recrut|accueill|heberg|report"
)


def _plain_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start()
    own = [a for a in sentence.agreements if a < start]
    if not own or ENDING_RE.search(sentence.text) or CURE_RE.search(sentence.text):
        return
    between = sentence.text[own[-1] : start]
    if len(between) > 130 or re.search(r"[;:<]", between) or _NOT_IN_FORCE.search(between):
        return
    if _BETWEEN.search(between) or not re.search(r" [a-z']+ [a-z'-]+ ?$", between):
        return
    yield from _term(sentence, match)


def _granted(sentence: Sentence, match: re.Match[str]) -> bool:
    """True when something unnamed here is entrusted or granted: « la garde est confiée pour trois ans »."""
    if sentence.granted(match.end()) and not _PAST.search(sentence.text):
        return True
    return (
        not sentence.others
        and not _PAST.search(sentence.text)
        and sentence.holder(match.start()) != OTHER
        and re.match(r"(?:consenti|confie|concede|acquis)", match.group()) is not None
        and re.search(r"\b(?:est|sont|sera|seront|a ete) $", sentence.text[: match.start()])
        is not None
    )


_NOT_LIFE: Final = re.compile(
    r"\A[ ,]*(?:francs )?(?:au moins |au minimum )?(?:avant\b|de preavis|a l'avance|d'avance|par avance|plus tot|apres\b|precedant|auparavant"
    r"|suivant (?:la|l'|le|sa) (?:date de )?(?:reception|notification|envoi|mise|fin)|d'anciennete|de retard)"
)
_AGAIN: Final = re.compile(r"\b(?:par la suite|ensuite)\b")
_DELAY: Final = re.compile(
    r"preavis|delai|a l'(?:issue|expiration)|au (?:terme|bout)|\bapres|\bages?\b|\bagees?\b|tous les|chaque|(?<!convention de )mandat|depuis"
    r"|toutes les"
)


def _lasts(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if AGREEMENT_RE.search(sentence.text, 0, match.end()) or _PRONOUN_START.match(sentence.text):
        yield from _term(sentence, match)


def _ends_after(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = "p" if match["p"] else "q"
    if ENDING_RE.search(sentence.text.replace("prend fin", "")) or CURE_RE.search(sentence.text):
        return
    start = match.start(group)
    if not agreement(sentence, start) or RENEW_RE.search(_clip(sentence.text, start, 40)):
        return
    value, doubt = read_period(sentence, match[group])
    yield "term", value, doubt
    if match["w"]:
        yield from trigger(sentence, match["w"])


def _is(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = next(g for g in "pqrs" if match[g])
    previous = sentence.previous.text if sentence.previous is not None else ""
    about = (
        "duree" in sentence.heading
        or "duree" in match.group()
        or previous.startswith(("duree", "la duree"))
    )
    if group == "p" and not about:
        return
    if group == "s" and not AGREEMENT_RE.search(sentence.text) and "duree" not in sentence.heading:
        return
    if re.search(
        r"\bdelai (?!de la |du |de l')|offre|devis|titre|billet|carte", sentence.text[: match.end()]
    ):
        return
    if sentence.main != OTHER and not renewal_governs(sentence, match.start(group)):
        value, doubt = read_period(sentence, match[group])
        if bound(sentence, *match.span(group)) is None:
            yield "term", value, doubt


def _under_duration(sentence: Sentence) -> bool:
    """Under the heading of duration, or in the cell beside « Durée »."""
    if "duree" in sentence.heading:
        return True
    previous = sentence.previous
    return previous is not None and previous.text.startswith("duree") and len(previous.text) < 40


def _year_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if agreement(sentence, match.end()) and not renewal_governs(sentence, match.start()):
        yield "term", "P1Y"
        yield (
            "start",
            None,
            Doubt(
                code="year_without_day",
                message="Le texte nomme une année ou un exercice, sans jour de départ.",
            ),
        )


def _adjective_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not _PAST.search(sentence.text) and sentence.holder(match.end()) == AGREEMENT:
        yield "term", ADJECTIVES[match["adjective"] or match["adjective2"]]


def _indefinite(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if agreement(sentence, match.end()) and not renewal_governs(sentence, match.start()):
        yield "term", "indefinite"


_FOR: Final = (
    r"(?:pour|pendant|durant|sur)(?: une?| la| le| un| l'espace| les)?(?: nouvelle)? ?(?:periode|duree|terme|laps de temps|temps|delai)?"
    r"(?: initiale?| determinee?| ferme| de validite| fixe| globale?| totale?| minimale?| maximale?)* ?"
    r"(?:de |d'|egale? a |qui [^<;]{0,50})?"
)

TERM_RULES: Final = (
    Rule(
        name="term_duration",
        field="term",
        why="« durée de trois ans » said of the agreement, whatever the verb.",
        pattern=compiled(
            r"\bduree\b(?P<words>(?:(?!renouvel|reconduc|preavis|tacite)(?:[^<;]|{D})){0,90}?)(?P<p>{P})"
        ),
        cues=("duree",),
        needs="<p",
        gives=_term,
        others=True,
        examples=(
            ("La présente convention est conclue pour une durée de trois ans.", "P3Y"),
            ("La durée de la convention est fixée à trente-six (36) mois.", "P36M"),
            ("L'accord a une durée de validité de 18 mois.", "P18M"),
        ),
        counterexamples=(
            "La convention ne peut excéder une durée de trois ans.",
            "Le stage a une durée de six mois.",
            "La convention est renouvelable pour une durée de trois ans.",
            "La convention est conclue pour une durée de trois (6) mois.",
        ),
    ),
    Rule(
        name="term_for",
        field="term",
        why="« conclue pour trois ans », « en vigueur pendant dix ans », « valable un an ».",
        pattern=compiled(
            r"\b(?:conclue?s?|consentie?s?|passee?s?|etablie?s?|souscrite?s?|signee?s?|valables?|valide|vaut|valent"
            r"|en vigueur|effets?|s'engage|s'engagent|s'obligent|se lient|applicables?|s'applique|s'appliquera|court|courra"
            r"|lie|liera|adoptee?|contractee?|accordee?s?|en application|arretee?|consentent|engage|obligatoire"
            r"|prevue?|ouverte?|renonce|faite?|prete(?:e|es|s)?|concede|louee?s?|laissee?|a (?:la |sa |leur )?disposition|concedee?s?|attribuee?s?|confiee?s?|affectee?s?|forme[ee]?|institue[ee]?"
            r"|constituee?|creee?|nouee?|scellee?|donnee?s?|autorisee?s?|lient|unit|unissent|prennent|engagee?s?|reconnue?|acquise?|delivree?"
            r"|octroyee?|retenue?|contractent|d'application|renouvelee? et conclue|regit|regira|regissent|instituees|signent|passent|concluent|consentent|souscrivent|delivree?s?)\b"
            rf"(?P<words>(?:(?!renouvel|reconduc|preavis)(?:[^<;]|{{D}})){{0,90}}?)\b{_FOR}(?P<p>{{P}})"
        ),
        needs="<p",
        gives=_term,
        others=True,
        examples=(
            ("La convention est passée pour deux ans.", "P2Y"),
            ("L'accord restera en vigueur pendant dix années.", "P10Y"),
            ("La convention prend effet à sa signature pour une période de 24 mois.", "P24M"),
            ("Conclu pour dix-huit mois, le protocole lie les deux villes.", "P18M"),
        ),
        counterexamples=(
            "Le bureau est élu pour trois ans.",
            "Les prêts sont consentis pour dix-huit mois.",
        ),
    ),
    Rule(
        name="term_valid",
        field="term",
        why="« valable un an », « vaut trois ans », « est de trois ans » without a preposition.",
        pattern=compiled(
            r"(?<!encore )\b(?:valables?|vaut|vaudra|valent|valide|(?:a|aura) une validite de|(?:a|aura|ait) effet|applicables?|obligatoires?|court|courra|s'appliqu[a-z]+|en vigueur|en application|dur[a-z]+|s'execut[a-z]+|fonctionn[a-z]+|produi[a-z]+ effet) (?P<p>{P})"
        ),
        needs="<p",
        gives=_term,
        others=True,
        examples=(("La convention est valable un an à compter de sa signature.", "P1Y"),),
        counterexamples=("L'adhésion des adultes vaut un an.",),
    ),
    Rule(
        name="term_plain",
        field="term",
        why="Whatever the verb, « la convention … pour trois ans », where no other noun stands between.",
        pattern=compiled(
            r"\b(?:pour|pendant|durant|sur|d'une|une|la) (?:une? |la |l'espace )?(?:(?:periode|duree|terme|laps de temps|delai) )?"
            r"(?:(?:initiale?|ferme|fixe|totale|globale|maximum) )?(?:de |d')?(?P<p>{P})(?! (?:lesquel|a l'avance))"
        ),
        needs="<p",
        gives=_plain_term,
        others=True,
        rank=0,
        examples=(
            ("Le contrat culturel s'étale sur trois années.", "P3Y"),
            ("La convention de gestion est instaurée pour cinq ans.", "P5Y"),
        ),
        counterexamples=(
            "La convention est suspendue pour trois mois.",
            "La convention prévoit un accueil pour trois jours.",
            "La convention est affichée pendant deux mois.",
        ),
    ),
    Rule(
        name="term_that_is",
        field="term",
        why="A duration restated: « …, soit une durée de cinq ans », « et ce pour deux ans ».",
        pattern=compiled(
            r"(?:, ?soit|, ?et ce,?|\bsoit)(?: pour| pendant)?(?: une (?:duree|periode))?(?: totale)? ?"
            r"(?:de |d')?(?P<p>{P})"
        ),
        needs="<p",
        gives=_term,
        others=True,
        examples=(
            ("La convention s'achève le 1er mai 2022, soit une durée de cinq ans.", "P5Y"),
            ("La convention court de sa notification, et ce pour deux ans.", "P2Y"),
        ),
        counterexamples=("Le stage se termine en mai, soit deux mois.",),
    ),
    Rule(
        name="term_lasts",
        field="term",
        why="« dure deux ans », « couvre quatre années », « s'étend sur cinq ans ».",
        pattern=compiled(
            r"\b(?:dure|durera|durent|dureront|a cours|aura cours|ont cours|couvre|couvrira|couvrant|porte sur|portera sur|portant sur"
            r"|s'etend|s'etendra|embrasse|embrassera|s'execute|s'executera|se deroule|se deroulera|s'echelonne|est prevue?|produit (?:ses )?effets?"
            r"|est faite?|a ete conclue?|reste valable|tient|engagee?s?|se poursuit|fonctionne|est ouverte?|est accordee?)\b"
            r"(?: [a-z'-]+){0,4}? ?(?:pour|pendant|durant|sur)?(?: une)?(?: (?:periode|duree))?(?: totale| globale)? ?(?:de |d'|les )?(?P<p>{P})"
        ),
        needs="<p",
        gives=_lasts,
        others=True,
        rank=1,
        examples=(
            ("La convention couvre quatre années scolaires.", "P4Y"),
            ("Le partenariat s'étend sur une période de cinq ans.", "P5Y"),
        ),
        counterexamples=(
            "La formation dure trois jours.",
            "Le festival se déroule pendant cinq jours.",
        ),
    ),
    Rule(
        name="term_ends_after",
        field="term",
        why="« expire au bout de trois ans », « prend fin trois ans après sa signature ».",
        pattern=compiled(
            r"\b(?:expire(?:ra)?|prend(?:ra)? fin|cesse(?:ra)?|s'eteint|s'eteindra|s'acheve(?:ra)?|se termine(?:ra)?|vien(?:t|dra) a (?:expiration|echeance|terme)"
            r"|arrive(?:ra)? a (?:expiration|echeance|son terme|terme))(?: [a-z',-]+){0,6}? ?"
            r"(?:(?:au bout|a l'expiration|a l'issue|au terme|a la fin) (?:de |d')(?:une |un )?(?:periode |delai |duree )?(?:de |d')?(?P<p>{P})"
            r"|(?P<q>{P}) (?:apres|a compter d[eu]|a dater d[eu]|a partir d[eu]) (?P<w>[^;]{0,80}))"
        ),
        needs="<p",
        gives=_ends_after,
        others=True,
        rank=1,
        examples=(
            ("La convention expire au bout de trois ans.", "P3Y"),
            ("La convention prend fin trois ans après sa signature.", "P3Y"),
        ),
        counterexamples=(
            "La convention prend fin trois mois après la réception de la dénonciation.",
            "Le prêt prend fin au bout de deux ans.",
        ),
    ),
    Rule(
        name="term_nth_year",
        field="term",
        why="« prend fin au terme de la troisième année ».",
        pattern=compiled(
            r"\b(?:expire(?:ra)?|prend(?:ra)? fin|cesse(?:ra)?|s'acheve(?:ra)?|se termine(?:ra)?|en vigueur|jusqu'au|jusqu'a)[^<;]{0,40}"
            rf"(?:terme|expiration|fin|issue) de (?:la |sa )(?P<n>{ORDINAL_RE}) annee\b(?! (?:scolaire|civile|universitaire))"
        ),
        cues=(" annee",),
        gives=lambda s, m: (
            [("term", f"P{ordinal(m['n'])}Y")]
            if agreement(s, m.start("n"))
            and (ordinal(m["n"]) or 0) > 1
            and not ENDING_RE.search(s.text.replace("prend fin", "").replace("prendra fin", ""))
            else ()
        ),
        others=True,
        rank=1,
        examples=(("La convention prend fin au terme de la troisième année.", "P3Y"),),
        counterexamples=("Les meubles sont remplacés au terme de leur huitième année.",),
    ),
    Rule(
        name="term_durant",
        field="term",
        why="« lie les parties trois ans durant ».",
        pattern=compiled(r"(?P<p>{P}) durant\b(?! (?:la|le|les|l'))"),
        cues=(" durant",),
        needs="<p",
        gives=_term,
        others=True,
        rank=1,
        examples=(("L'accord lie les parties trois ans durant.", "P3Y"),),
        counterexamples=("Les élèves viennent deux semaines durant.",),
    ),
    Rule(
        name="term_of_length",
        field="term",
        why="« pour une durée triennale », « à titre annuel » said of the agreement.",
        pattern=compiled(
            r"(?:duree|engagement|periode|a titre|pour un cycle) (?P<adjective>"
            + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
            + r")\b"
        ),
        cues=("nnal", "nnau", "triel", "suel", "annuel"),
        gives=lambda s, m: (
            _adjective_term(s, m)
            if not renewal_governs(s, m.start()) and "par periode" not in s.text
            else ()
        ),
        others=True,
        rank=1,
        examples=(("La convention est conclue pour une durée triennale.", "P3Y"),),
        counterexamples=("La convention se reconduit tacitement par périodes annuelles.",),
    ),
    Rule(
        name="term_is",
        field="term",
        why="« Sa durée est de deux ans », « Elle est fixée à cinq ans » under the heading of duration.",
        pattern=compiled(
            r"\A(?:elle|celle-ci|il|celui-ci|sa duree|la duree)? ?(?:est|sera) (?:fixee? a|arretee? a|de|d') ?(?:une duree (?:de |d'))?(?P<p>{P})"
            r"|\b(?:terme|delai) (?:(?:de|du) [^<;]{0,40}?)?(?:en )?(?:est|sera) (?:fixee? )?(?:a |de |d')(?P<s>{P})"
            r"|\b(?:validite|periode contractuelle|periode d'execution|periode conventionnelle) (?:[a-z' -]{0,50} ?(?:est|sera) )?(?:fixee? a |de |d')(?P<q>{P})"
            r"|\bengagements? (?:des|mutuels?|reciproques?|souscrits?|pris) (?:[a-z' ]{0,40})(?:est|vaut|est de|porte sur|court) ?(?:pour |de |d'|sur )?(?P<r>{P})"
        ),
        needs="<p",
        gives=_is,
        others=True,
        rank=1,
        examples=(
            ("Durée de la convention. Elle est fixée à cinq ans.", "P5Y"),
            ("La validité du présent accord est de cinq ans.", "P5Y"),
        ),
        counterexamples=("La caution. Elle est de deux mois.",),
    ),
    Rule(
        name="term_set_at",
        field="term",
        why="« arrêtent à cinq ans la durée de leur engagement », « trois ans : telle est la durée ».",
        pattern=compiled(
            r"(?:arrete|fixe|porte|limite|etabli|evalu)[a-z]* (?:d'un commun accord )?a (?P<p>{P}) (?:la duree|le terme|l'existence|la vie|la validite|l'engagement|leur (?:engagement|partenariat|entente))"
            r"|(?P<r>{P}) (?:pour|pendant|durant) (?:lesquel[a-z]*|laquelle|lequel)[^<;]{0,40}(?:conclu|consenti|pass|souscri|etabli|sign)"
            r"|\A(?:est )?(?:fixee?|arretee?|limitee?|portee?|etablie?) a (?P<u>{P}), ?(?:la|sa|cette) duree"
            r"|(?P<s>{P}),? (?:qui est la |c'est la |soit la )?duree (?:de la|du|de l') ?(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat)"
            r"|(?:partenariat|convention|accord|contrat|protocole|charte|entente|engagement) de (?P<t>{P})\b"
            r"|\A(?P<q>{P}) ?[:,;]? ?(?:telle est|c'est|tel est|voila)[^<;]{0,30}(?:duree|terme)"
        ),
        needs="<p",
        gives=lambda s, m: (
            [("term", read_period(s, next(m[g] for g in "pqrstu" if m[g]))[0])]
            if s.main != OTHER and not _PAST.search(s.text)
            else ()
        ),
        others=True,
        rank=1,
        examples=(("Les parties fixent à cinq ans la durée de leur engagement.", "P5Y"),),
        counterexamples=("Le prix est fixé à cinq euros.",),
    ),
    Rule(
        name="term_from_and_for",
        field="term",
        why="« À compter de la rentrée et pour une année scolaire, … » opens the engagement.",
        pattern=compiled(
            r"\A(?:a (?:compter|partir|dater) [^<;]{0,50}(?:<d\d+>)?,? ?(?:et )?pour (?:une (?:duree|periode) (?:de |d'))?(?P<p>{P})"
            r"|pour (?:une (?:duree|periode) (?:de |d'))?(?P<q>{P}),? a (?:compter|partir|dater)"
            r"|c'est (?:pour|pendant|durant) (?:une (?:duree|periode) (?:de |d'))?(?P<r>{P}) qu(?=[^;]{0,90}(?:convention|accord|contrat|charte|protocole|engag)))"
        ),
        needs="<p",
        gives=lambda s, m: (
            [("term", read_period(s, m["p"] or m["q"] or m["r"])[0])] if s.main != OTHER else ()
        ),
        others=True,
        rank=1,
        examples=(
            ("À compter de la rentrée et pour une année scolaire, la Ville prête la salle.", "P1Y"),
        ),
        counterexamples=("Le stage commence en mai pour deux mois.",),
    ),
    Rule(
        name="term_under_heading",
        field="term",
        why="Under a heading « Durée », or after « Durée : », the period alone.",
        pattern=compiled(
            r"\A(?:(?:duree|validite|periode de validite|periode(?= [a-z']{3,14} ?:)|terme(?= ?:))[^<;,]{0,40}[:-] ?)?(?P<p>{P})"
        ),
        needs="<p",
        gives=lambda s, m: (
            _term(s, m)
            if m.group().startswith(("duree", "validite", "periode", "terme")) or _under_duration(s)
            else ()
        ),
        others=True,
        examples=(("Durée : trois ans à compter de la signature.", "P3Y"),),
        counterexamples=("Trois ans avant le terme, les parties se rencontrent.",),
    ),
    Rule(
        name="term_initial",
        field="term",
        why="« la période initiale de trois ans », « après la première période d'une année ».",
        pattern=compiled(
            r"(?:periode|duree|terme) (?:initiale?|contractuelle?) (?:de |d')(?P<p>{P})"
            r"|premiere periode (?:de |d')(?P<q>{P})"
        ),
        needs="<p",
        gives=lambda s, m: (
            [("term", read_period(s, m["p"] or m["q"])[0])]
            if agreement(s, m.start())
            and bound(s, m.start("p") if m["p"] else m.start("q"), m.end()) is None
            else ()
        ),
        others=True,
        rank=1,
        examples=(
            ("À l'issue de la période initiale de trois ans, la convention se poursuit.", "P3Y"),
        ),
        counterexamples=("La période d'essai initiale de trois mois est renouvelable.",),
    ),
    Rule(
        name="term_adjective",
        field="term",
        why="« convention triennale »: the adjective is the term (labelling rule 14).",
        pattern=compiled(
            r"\b(?:la|cette|le|l'|cet|ce|presente|present|cadre|(?:s'agit|est|constitue|sera) (?:d'|bien )?une?)[ ]?(?:presente? )?"
            r"(?:convention|accord|protocole|charte|partenariat|entente|contrat)(?:-cadre)?"
            r"(?: (?!et\b|ou\b|du\b|fait\b|donne\b|est\b)[a-z'-]{1,20}){0,3},? "
            r"(?P<adjective>" + "|".join(sorted(ADJECTIVES, key=len, reverse=True)) + r")\b"
            r"(?! de l'| qui lie| du contrat)"
            r"|(?:convention|accord|protocole|charte|partenariat|entente|contrat)[^<;,.]{0,60}? (?:est|sera) (?P<adjective2>"
            + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
            + r")\b"
        ),
        cues=("nnal", "nnau", "triel", "suel", "annuel", "hebdo"),
        gives=_adjective_term,
        others=True,
        rank=1,
        examples=(
            ("La convention triennale prend effet à sa signature.", "P3Y"),
            ("La convention, annuelle, prend effet le 1er janvier 2024.", "P1Y"),
        ),
        counterexamples=("Un rapport annuel est adressé à la Ville.",),
    ),
    Rule(
        name="term_year",
        field="term",
        why="« passée au titre de l'exercice 2024 » is one year, without a first day (rule 14).",
        pattern=compiled(
            r"\b(?:conclue?s?|consentie?s?|passee?s?|etablie?s?|souscrite?s?|signee?s?|valables?|vaut|porte|effets?)"
            r"[^<;]{0,60}?\b(?:pour|au titre d[eu]|sur|durant|pendant|couvre)[ ]?(?:la duree de )?(?:le |la |l'|toute |du |de )*"
            r"(?:seul[e]? )?(?:exercice|annee)(?: budgetaire| civile| scolaire| universitaire)?"
            r" \d{4}(?: ?[-/] ?\d{2,4})?"
        ),
        gives=_year_term,
        others=True,
        rank=1,
        examples=(("La convention est passée au titre de l'exercice 2024.", "P1Y"),),
        counterexamples=("La subvention est versée pour l'année 2024.",),
    ),
    Rule(
        name="term_indefinite",
        field="term",
        why="Open-ended wording (rule 3).",
        pattern=compiled(
            r"(?:duree|periode|temps) (?:indeterminee?|illimitee?|indefinie?)"
            r"|sans (?:limitation|limite|condition|fixation) (?:de|dans le|du) (?:duree|temps)"
            r"|indefiniment en vigueur|en vigueur indefiniment|faite? sans terme|sans terme (?:fixe|defini)"
            r"|duree (?:n'est pas|non) (?:limitee|determinee)|a titre permanent|a perpetuite"
            r"|duree [^<;]{0,60}\b(?:est|demeure|reste|soit) (?:illimitee?|indeterminee?|indefinie?)|sans duree (?:determinee|fixe|definie)"
            r"|(?:n'est|n'etant) (?:pas|point) limitee? dans (?:le temps|sa duree)|non limitee? dans le temps"
            r"|aucun(?:e)? (?:terme|limite de duree|limitation de duree|date de fin|echeance)\b(?! (?:n'est depassee|de paiement))|sans (?:terme|echeance)(?: (?:ni|fixe|defini|precis))?(?=[ .,;]|\Z)"
            r"|jusqu'a (?:sa |leur |la )?denonciation|jusqu'a ce qu[^;]{0,50}(?:denonc|mis fin|mette fin)"
            r"|(?:aussi longtemps|tant) qu(?:e |')(?:les |l'une |chacune |aucune |elles |ils |les deux )[^;]{0,60}(?:souhait|voudr|denonc|mis fin|mettr|n'y met)"
            r"|(?:n'a|n'ont|n'aura|ne comporte|ne prevoit)(?: pas| point)? de (?:terme|limite de duree|date de fin)\b|(?:duree|temps) non (?:limitee?|determinee?|fixee?)"
            r"|pour toujours|a jamais|sans limite(?: de temps| dans le temps)?(?=[ .,;]|\Z)(?! d'age)"
            r"|tant qu'(?:il|elle) n'(?:aura|a) pas ete denonc"
            r"|tant qu'(?:aucune|l'une) (?:des (?:deux )?parties )?(?:ne |n')[^;]{0,30}denonc"
        ),
        cues=(
            "indefini",
            "indetermine",
            "illimite",
            "limit",
            "sans ",
            "perm",
            "perpetuite",
            "tant qu",
            "aucun",
            "toujours",
            "jamais",
            "jusqu'a",
            "aussi longtemps",
            "n'a",
            "ne ",
            " non ",
        ),
        gives=_indefinite,
        others=True,
        examples=(
            ("Le présent jumelage est conclu pour une durée illimitée.", "indefinite"),
            ("L'accord demeure en vigueur tant qu'il n'aura pas été dénoncé.", "indefinite"),
            ("Le serment est prêté sans limitation de durée.", "indefinite"),
        ),
        counterexamples=(
            "L'association emploie deux agents par contrat à durée indéterminée.",
            "À défaut, l'accord est prorogé pour une durée indéterminée.",
            "Les dossiers sont conservés sans limitation de durée.",
        ),
    ),
    Rule(
        name="term_until_denounced",
        field="term",
        why="In force until some time after a denunciation: open-ended, with a notice.",
        pattern=compiled(
            r"en vigueur (?:pendant un temps indetermine, )?jusqu'(?:a l'expiration|a la fin|au)[^;]{0,60}?"
            rf"(?:{{P}}|{ORDINAL_RE} mois)[^;]{{0,160}}?(?:denonc|mettre fin|preavis|avis ecrit)"
        ),
        cues=("jusqu'a",),
        gives=lambda s, m: [("term", "indefinite")] if agreement(s, m.start()) else (),
        others=True,
        rank=1,
        examples=(
            (
                (
                    "Le présent accord demeure en vigueur jusqu'à l'expiration de six mois à compter du "
                    "jour où l'une des parties l'aura dénoncé."
                ),
                "indefinite",
            ),
        ),
        counterexamples=("L'accord demeure en vigueur jusqu'au 31 décembre 2024.",),
    ),
)


# --------------------------------------------------------------------------------------------------
# Bounds on the whole
# --------------------------------------------------------------------------------------------------


def _max_total(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = _clip(sentence.text, match.start("p"), 110)
    if re.search(r"\bdelais?\b|paiement|\bavance\b|\bsejour", before):
        return
    if sentence.holder(match.start("p")) != OTHER and not _PAST.search(sentence.text):
        value, doubt = read_period(sentence, match["p"])
        yield "max_total", value, doubt


MAX_RULES: Final = (
    Rule(
        name="max_total",
        field="max_total",
        why="A limit on the whole, renewals included (rule 4).",
        pattern=compiled(
            r"(?:dans la limite d'une duree (?:totale |globale |maximale |maximum )*(?:de |d')"
            r"|dans la (?:limite|duree) (?:totale|maximale) (?:de |d')"
            r"|dans la limite de (?=<p\d+>(?: au total| renouvellement| reconduction| toutes?))"
            r"|dans la limite de (?=<p\d+>[.,]?\Z)"
            r"|duree [^<;]{0,90}(?:confondue?s?|comprise?s?|incluse?s?)[^<;]{0,40}?(?:exced|depass)[a-z]*(?: pas)? (?:de |d')?"
            r"|duree maximale,? [^<;]{0,30}(?:reconductions?|renouvellements?|prolongations?)[^<;]{0,40}?(?:de|d'|a)[ ]?"
            r"|duree (?:totale|globale|cumulee)[^<;]{0,90}?(?:exceder|au-dela de|depasser|superieure a|limitee a|de|d'|a)[ ]?(?:plus )?(?:de |d')?"
            r"|porter la duree (?:totale |globale )?[^<;]{0,50}au-dela de |sans que [^<;]{0,90}?(?:exced[a-z]+|depass[a-z]+)[^<;]{0,20}?"
            r"|sans (?:pouvoir )?(?:exceder|depasser)(?: une duree)?(?: totale| globale)?(?: maximale)?(?: de| d')? ?"
            r"|au total[^<;]{0,30}?(?:exceder|depasser|de) )(?P<p>{P})"
            r"(?!(?: [a-z]+){0,3} (?:avant|de preavis))"
        ),
        needs="<p",
        gives=_max_total,
        others=True,
        examples=(
            (
                (
                    "Elle est renouvelable par tacite reconduction dans la limite d'une durée totale de "
                    "six ans."
                ),
                "P6Y",
            ),
            (
                (
                    "La convention, conclue pour un an, est reconductible tacitement sans que sa durée "
                    "totale puisse excéder quatre ans."
                ),
                "P4Y",
            ),
        ),
        counterexamples=(
            "L'accord est prorogeable dans la limite de cinq années supplémentaires.",
        ),
    ),
    Rule(
        name="max_total_after",
        field="max_total",
        why="« six ans au total », « quatre ans, reconductions comprises ».",
        pattern=compiled(
            r"(?P<p>{P})(?: au total| en tout|,? ?(?:toutes? )?(?:reconductions?|renouvellements?|periodes?|prolongations?)"
            r" (?:eventuelle?s? )?(?:comprise?s?|incluse?s?|confondue?s?))"
        ),
        needs="<p",
        gives=_max_total,
        others=True,
        examples=(("La convention est renouvelable tacitement, soit quatre ans au total.", "P4Y"),),
        counterexamples=("Le stage dure deux mois au total.",),
    ),
)


# --------------------------------------------------------------------------------------------------
# End and start
# --------------------------------------------------------------------------------------------------

_YEAR_NEAR: Final = re.compile(r"(?:annee(?: civile)?|exercice(?: budgetaire)?) (\d{4})")


def read_day(sentence: Sentence, mark: str) -> tuple[str | None, Doubt | None]:
    """Return the ISO date behind a mark, or None and why."""
    day = sentence.day(mark)
    if day.value is not None:
        return day.value.isoformat(), None
    start, end = day.start, day.end
    words = sentence.document.folded.text[start:end]
    if day.impossible:
        return None, Doubt(
            code="impossible_date", message=f"La date « {words} » n'existe pas au calendrier."
        )
    if day.short_year:
        return None, Doubt(
            code="two_digit_year", message=f"La date « {words} » n'a que deux chiffres d'année."
        )
    return None, Doubt(code="date_without_year", message=f"La date « {words} » n'a pas d'année.")


def _nearby_year(sentence: Sentence) -> int | None:
    """Return the one civil year that the sentence or its predecessor names."""
    words = sentence.text
    if sentence.previous is not None:
        words = sentence.previous.text + " " + words
    years = {int(y) for y in _YEAR_NEAR.findall(words)}
    return years.pop() if len(years) == 1 else None


def _end(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    comma = sentence.text.rfind(", ", 0, match.start()) + 1
    held = agreement(sentence, match.end()) or (
        sentence.main == AGREEMENT and not OTHER_RE.search(sentence.text, comma, match.start())
    )
    if not held or _PAST.search(sentence.text):
        return
    if re.search(r"denonc|preavis|notif", match.group()):
        return
    day = sentence.day(match["d"])
    if day.year is None:
        year = _nearby_year(sentence)
        value = day.in_year(year) if year is not None else None
        if value is not None:
            yield "end", value.isoformat()
        return
    value_or_none, doubt = read_day(sentence, match["d"])
    yield "end", value_or_none, doubt


def _from_to(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not agreement(sentence, match.start()) or not (
        TERM_VERB_RE.search(sentence.text)
        or re.search(r"periode|duree", sentence.text)
        or "duree" in sentence.heading
    ):
        return
    last = sentence.day(match["b"])
    first = sentence.day(match["a"])
    if last.value is None:
        return
    begin = first.value or (first.in_year(last.value.year) if first.year is None else None)
    yield "end", last.value.isoformat()
    if begin is not None and begin <= last.value:
        # « du 1er septembre au 30 juin 2024 » does not say in which year it began.
        yield "start", "date"
        yield "start_date", begin.isoformat()


_TRIGGERS: Final = re.compile(
    r"(?P<entry_into_force>reception (?:de|d')[^<;]{0,40}notifications?\b(?! (?:de la|du|de l'))|entree en vigueur|mise en vigueur|prise de vigueur"
    r"|echange (?:de|des) (?:instruments|actes|ratifications|notes|notifications|lettres)"
    r"|(?:derniere|seconde|deuxieme) (?:(?:des|de ces|de leurs) (?:deux )?)?notifications?"
    r"|notifie[a-z]*[^<;]{0,110}(?:formalites|procedures|applicabilite|approbation de)|notifications? (?:de l'accomplissement|constatant|attestant)"
    rf"|{ORDINAL_RE} (?:jour|mois)[^<;]{{0,20}}(?:qui suivra|qui suit|suivant|apres)"
    r"|(?:ratifi|depot des? (?:instruments|ratifications)))"
    r"|(?P<signature>signature|signataires?|sign(?:ee?s?|ent)\b|appose)"
    r"|(?P<deliberation>deliberations?|approbation[^<;]{0,60}(?:conseil municipal|deliberation|assemblee deliberante|conseil communautaire))"
    r"|(?P<transmission>transmission|transmise?\b|transmettre|depot (?:de [^<;]{0,40} )?(?:en|a la) (?:sous-)?prefecture"
    r"|reception [^<;]{0,40}(?:prefecture|prefet|representant de l'etat)|controle de legalite|teletransmission)"
    r"|(?P<notification>notification|notifiee?\b)"
    r"|(?P<executory>(?:caractere|devien[a-z]+|rendue?|sera|est|force|aura acquis[a-z ]{0,20}|revetu[a-z ]{0,20}|revet[a-z ]{0,20}) executoire)"
    r"|(?P<date><d\d+>)"
    r"|(?P<unknown>(?:1 ?er|premier)(?: jour)? du mois (?:qui suit|suivant)|mise en service|proces-verbal|rentree|debut de l'annee|reception|publication|achevement|acceptation"
    r"|remise des|livraison|ouverture|installation|versement|accuse reception|approbation|etat des lieux"
    r"|agrement|obtention|prise de possession|homologation|affichage|inscription|depot|date indiquee)"
)
_CUT: Final = re.compile(
    r"sous reserve|jusqu'|pour se terminer|\bet (?:prend|prendra|s'acheve|expire|se termine|cesse)|\bpour une duree"
    r"|\bpour (?:une periode|<p)|renouvelable|par tacite|, (?:elle|il)\b|\(|apres transmission|avec effet retroactif"
)
_SECOND: Final = re.compile(
    r"[^<;,]{0,40}? et (?:de |a |apres |des )?(?:sa |la |son |l'|leur )?(?P<other>transmission|notification|signature"
    r"|publication|reception|deliberation|caractere executoire|transmise?|notifiee?|signee?|publiee?)\b"
)
_TRIGGER_NAMES: Final = {
    "signature": "la signature",
    "notification": "la notification",
    "transmission": "la transmission",
    "deliberation": "la délibération",
}


_THAT_DAY: Final = re.compile(
    r"[ ]?(?:du |de |d'|le |a |au |en |compter |partir |dater |courir )*(?:cette (?:meme )?date|celle-ci|celui-ci|ce (?:meme )?jour|ce moment|cette derniere date|ladite date|cet instant)\b"
    r"(?! (?:de|d'|du|ou|a laquelle))"
)


_RESTATED: Final = compiled(
    r"[^;<.]{0,40}\b(?:soit|c'est-a-dire|a savoir|fixee?)[^;<.]{0,12}(?P<d>{D})"
)
_PERIOD_FIRST: Final = compiled(
    r" ?pour (?:une (?:duree|periode) de )?{P},? (?=du fait|a (?:compter|partir|dater)|des |depuis|courant)"
)


def _last_trigger(words: str) -> re.Match[str] | None:
    found = None
    for match in islice(_TRIGGERS.finditer(words), 12):
        if match.lastgroup != "unknown":
            found = match
    return found


def trigger(sentence: Sentence, words: str) -> Iterable[Given]:
    """Yield what the `words` after « à compter de » make the start: the first trigger they name."""
    cut = _CUT.search(words)
    after = _PERIOD_FIRST.match(words)
    if after is not None:
        # « vaut pour trois ans, à compter de… »: the period stands between the verb and its start.
        words = words[after.end() :]
        cut = _CUT.search(words)
    scope = words[: cut.start()] if cut is not None else words
    back = _THAT_DAY.match(scope)
    if back is not None:
        # « trois ans à compter de cette date »: the day that the words before have just named.
        before = sentence.text[: max(0, sentence.text.rfind(words))]
        found = _last_trigger(before)
        if found is None and sentence.previous is not None:
            found = _last_trigger(sentence.previous.text)
            if found is not None and found.lastgroup == "date":
                sentence = sentence.previous
        if found is None and "ce jour" in back.group():
            # No other day is named: an agreement that says « ce jour » is dated by its signature.
            yield "start", "signature"
            return
        scope = ""
    else:
        found = _TRIGGERS.search(scope)
    if found is None:
        return
    kind = str(found.lastgroup)
    restated = _RESTATED.match(scope, found.end()) if kind == "unknown" else None
    if restated is not None:
        # « à compter de la rentrée, soit du 1er septembre »
        found, kind = restated, "date"
    if kind == "unknown":
        yield (
            "start",
            None,
            Doubt(
                code="start_other_trigger",
                message=f"La durée part d'un autre fait (« {found.group()} ») : date de départ à saisir.",
            ),
        )
        return
    if kind == "executory":
        yield "start", "entry_into_force"
        return
    if kind == "date":
        value, doubt = read_day(sentence, found["d"] if restated else found.group())
        yield "start", "date" if value else None, doubt
        if value:
            yield "start_date", value
        return
    second = _SECOND.match(scope[found.end() :])
    if second is not None and kind in _TRIGGER_NAMES and second["other"] != kind:
        yield (
            "start",
            None,
            Doubt(
                code="two_start_triggers",
                message=f"Le départ dépend de deux faits : {_TRIGGER_NAMES[kind]} et {second['other']}.",
            ),
        )
        return
    yield "start", kind


_NOT_EFFECT: Final = re.compile(
    r"denonciation|resiliation|retrait|modification|delegation|demission|renonciation|cession|abonnement"
    r"|adhesion d[eu']|amendement|objection|tarif|decision|arrete\b|avenant|(?:la|cette|presente) deliberation (?:prend|est|entre)"
)


def _effect(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = sentence.text[: match.start()]
    scope = _clip(sentence.text, match.start(), 110)
    unlike = _NOT_EFFECT.search(scope)
    if unlike is not None and not (unlike.group() == "avenant" and "present avenant" in scope):
        return
    if _PAST.search(before):
        return
    if (
        sentence.previous is not None
        and _PRONOUN_START.match(sentence.text)
        and _NOT_EFFECT.match(sentence.previous.text[sentence.previous.text.find(" ") + 1 :])
    ):
        return
    if sentence.holder(match.start()) == OTHER:
        return
    if sentence.holder(match.start()) != AGREEMENT and not before.strip():
        return
    yield from trigger(sentence, match["w"])


def _after_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start("p")
    granted: bool | re.Match[str] | None = (
        not sentence.others
        and sentence.holder(start) != OTHER
        and not _PAST.search(sentence.text)
        and re.search(r"\b(?:consenti|confie|concede|acquis|accorde)e?s?\b", sentence.text[:start])
    )
    granted = bool(granted) or (sentence.granted(start) and not _PAST.search(sentence.text))
    if not (agreement(sentence, start) or granted) or renewal_governs(sentence, start):
        return
    cut = _CUT.search(match["w"])
    if re.search(
        r"denonc|faire cesser|intention d",
        match["w"][: cut.start() if cut is not None else 90][:90],
    ):
        return
    before = _clip(sentence.text, start, 60)
    if _DELAY.search(before):
        return
    yield from trigger(sentence, match["w"])


def _retroactive(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    value, doubt = read_day(sentence, match["d"])
    if value:
        yield "start_date", value, doubt


SPAN_RULES: Final = (
    Rule(
        name="end_fixed",
        field="end",
        why="A last day written in full.",
        pattern=compiled(
            r"(?:jusqu?'?au|prend(?:ra|re|)? fin\b[^<;]{0,50}? (?:le|au)|\bfin (?:est fixee )?(?:le|au)"
            r"|s'(?:acheve(?:ra)?|etein(?:t|dra)),? (?:le|au)|tombe(?:ra)?\b[^<;]{0,30}? (?:le|au)|expire(?:ra)?[^<;]{0,25}? (?:le|au)"
            r"|(?:arrive|arrivera|viendra|vient|venant|parvient) a (?:son )?(?:echeance|expiration|terme)[^<;]{0,15} le"
            r"|echeance(?: est)?(?: fixee)? (?:le|au)|se termine(?:ra)?[^<;]{0,30}? (?:le|au)"
            r"|cesse(?:ra|)?[^<;]{0,60}? (?:le|au)|(?:se terminer|s'achever|prendre fin|finir|expirer|cesser) (?:le|au)|terme[^<;]{0,60}? (?:le|au)"
            r"|caduque[^<;]{0,30}? (?:le|au)|echoi[rt]a? le|date de fin[^<;]{0,20}?|en vigueur jusqu'a la date du)"
            r"[ ]?(?:plus tard le |inclus |lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )*(?P<d>{D})"
        ),
        needs="<d",
        gives=_end,
        others=True,
        examples=(
            ("La convention prend fin le 31 décembre 2026.", "2026-12-31"),
            ("Le présent accord restera en vigueur jusqu'au 30 juin 2028 inclus.", "2028-06-30"),
        ),
        counterexamples=("Le festival s'achève le 13 juillet 2023.",),
    ),
    Rule(
        name="from_to",
        field="end",
        why="« du 1er janvier 2022 au 31 décembre 2024 » gives both days, and no term (rule 13).",
        pattern=compiled(
            r"\b(?:du|allant du|entre le) (?P<a>{D})(?: inclus)?,?(?: et)?(?: jusqu')?"
            r" ?(?:au|et le) (?P<b>{D})"
        ),
        needs="<d",
        gives=_from_to,
        others=True,
        rank=3,
        examples=(
            (
                "La convention est conclue pour la période du 1er janvier 2022 au 31 décembre 2024.",
                "2024-12-31",
            ),
        ),
        counterexamples=("Le festival se déroule du 5 juillet 2023 au 9 juillet 2023.",),
    ),
    Rule(
        name="start_after_term",
        field="start",
        why="« pour trois ans à compter de sa notification »: the duration says what it runs from.",
        pattern=compiled(
            r"(?P<p>{P})(?:,? ?(?:et |qui |ferme |entiers? |consecutifs? |calendaires? |pleins? ))*,? ?"
            r"(?:(?:a (?:compter|partir|dater|courir|valoir)|commencer(?:a|ont) a courir|commencant a courir|prenant effet|courant|debutant|commencant|commence"
            r"|court|debute|courent|prend effet)\b|\bdes\b|suivant\b"
            r"|(?:(?!preavis|delai|avant|renouvel|recondu|sauf|resili|denonc)[^<;.]){1,60}?\b(?:a (?:compter|partir|dater) (?=d)|depuis (?=l|s|c)|(?:de)?comptee?s? (?=d)"
            r"|des (?=l[ea'] ?|sa |son |leur |qu|accompliss|notification|signature|transmission)"
            r"|avec (?:prise d'|date d')?effet (?=au|le|du|a la|a sa)|(?:du|depuis le|le) (?:jour|lendemain) (?=d|ou)|avec pour (?:origine|point de depart) |ayant pour (?:origine|point de depart) |cour(?:ir|ent|ant|ra|ront) (?=d|l|a )|pren[a-z]+ (?:cours|effet|naissance|date) (?=d|l|a)|commenc[a-z]+ (?=d|l|a )|debut[a-z]+ (?=d|l|a )))"
            r"(?P<w>[^;]{0,180})"
        ),
        needs="<p",
        gives=_after_term,
        others=True,
        rank=3,
        examples=(
            (
                "La convention est conclue pour trois ans à compter de sa notification.",
                "notification",
            ),
            ("L'accord est conclu pour une durée d'un an à dater du 1er mars 2024.", "date"),
        ),
        counterexamples=(
            "Le paiement intervient dans un délai de trente jours à compter de la notification.",
        ),
    ),
    Rule(
        name="start_effect",
        field="start",
        why="An effect clause says what the agreement runs from, with or without a term (rule 17).",
        pattern=compiled(
            r"\b(?:(?:prend|prendra|prenant|prennent|prendront)(?: [a-z]+){0,4}? (?:effet|cours|naissance|rang|date|vigueur)\b"
            r"|entr(?:e|era|ent|eront|ant) en (?:vigueur|application)|produi(?:t|ra|sant)[^<;]{0,20} effets?"
            r"|sortira[^<;]{0,40} effet|debut(?:e|era|ant)\b|commence(?:ra|nt)?\b|\b(?:court|courra|courent|courront|partira|partent|part)\b"
            r"|point de depart|se (?:de)?compte|(?:est|sont) (?:de)?comptee?s?|acquiert force|est (?:applicable|executoire)|lie les parties|s'applique|vaut|est en vigueur|valable|(?:date|prise) d'(?:effet|entree en vigueur)[^<;:]{0,30}(?::| (?=(?:au|le|du) <d))|(?:debut|depart)[^<;:]{0,20}:|s'ouvre|prend rang|demarr[a-z]+|effective\b"
            r"|(?:date d'effet|prise d'effet|entree en vigueur|point de depart)[^<;:.]{0,60}? (?:est|sera|intervient|interviendra|correspond|coincide)(?: fixee?)?(?= (?:a|au|le|celle|celui|des|avec|lors)\b))(?P<w>[^;]{0,180})"
        ),
        gives=_effect,
        others=True,
        examples=(
            ("La convention prend effet dès sa signature par les deux parties.", "signature"),
            (
                "L'accord entrera en vigueur à la date de l'échange des instruments de ratification.",
                "entry_into_force",
            ),
            ("La convention prend effet au 1er octobre 2019.", "date"),
        ),
        counterexamples=(
            "La dénonciation prend effet à la date de sa notification.",
            "Toute modification prend effet à la signature de l'avenant.",
        ),
    ),
    Rule(
        name="start_ago",
        field="start",
        why="« De cette transmission se décompte la durée »: the trigger named by the sentence before.",
        pattern=compiled(
            r"\bde cette (?P<w>transmission|notification|signature|deliberation)[^;]{0,30}"
            r"(?:se decompte|se compte|court|part)"
            r"|(?:\bde|depuis|a (?:compter|partir|dater) de) (?:cette (?:meme )?date|ce (?:meme )?jour|ce moment|cet instant)[^;]{0,30}"
            r"(?:se decompte|se compte|court|courent|courra|part|commence|prend effet|s'applique)"
        ),
        gives=lambda s, m: [("start", m["w"])] if m["w"] else trigger(s, "a compter de ce jour"),
        rank=3,
        examples=(
            (
                (
                    "La convention est transmise au préfet. De cette transmission court la durée de "
                    "quatre ans."
                ),
                "transmission",
            ),
        ),
        counterexamples=("De cette réunion est dressé un compte rendu.",),
    ),
    Rule(
        name="start_marks",
        field="start",
        why="« La signature marque le début de la convention », « ouvre une période de trois ans ».",
        pattern=compiled(
            r"\A(?P<w>[^;:]{3,110}?) (?:marque|constitue|ouvre|fait courir|determine|fixe)(?:ra)? "
            r"(?:le point de depart|le debut|le depart|une (?:periode|duree)|la (?:duree|periode)|le delai|le terme initial)"
        ),
        gives=lambda s, m: (
            trigger(s, m["w"]) if s.main != OTHER and AGREEMENT_RE.search(s.text) else ()
        ),
        rank=1,
        examples=(
            ("La signature de la convention ouvre une période de trois ans.", "signature"),
            ("Le 1er avril 2025 marque le point de départ de la présente convention.", "date"),
        ),
        counterexamples=("La signature du bail marque le début des travaux.",),
    ),
    Rule(
        name="start_leading",
        field="start",
        why="« À compter du 1er janvier 2024, la convention est conclue… » opens the sentence.",
        pattern=compiled(
            r"\A(?:a (?:compter|partir|dater)|depuis|des) (?P<w>(?:du|de|d'|l[ea'] ?|sa |son |leur )[^;,]{0,60})"
        ),
        gives=lambda s, m: (
            trigger(s, m["w"])
            if s.holder(len(s.text)) == AGREEMENT
            and re.search(r"<p\d+>|effet|vigueur|conclue?|appli|\blie", s.text)
            else ()
        ),
        rank=1,
        examples=(
            ("À compter du 1er janvier 2024, la convention est conclue pour trois ans.", "date"),
        ),
        counterexamples=("À compter du 1er janvier 2024, le tarif est porté à 10 €.",),
    ),
    Rule(
        name="start_retroactive",
        field="start_date",
        why="« avec effet rétroactif au 1er janvier »: a date of effect beside the trigger.",
        pattern=compiled(
            r"effet retroactif[^<;]{0,30}?(?P<d>{D})|(?:retroactivement|retroagi[a-z]*)[^<;]{0,30}?(?P<e>{D})"
        ),
        needs="<d",
        gives=lambda s, m: [("start_date", read_day(s, m["d"] or m["e"])[0])],
        cues=("retroactif", "retroactivement", "retroagi"),
        rank=3,
        examples=(
            (
                "La convention prend effet à sa signature, avec effet rétroactif au 1er janvier 2024.",
                "2024-01-01",
            ),
        ),
        counterexamples=("La convention n'a pas d'effet rétroactif.",),
    ),
)


# --------------------------------------------------------------------------------------------------
# Renewal
# --------------------------------------------------------------------------------------------------

_NO_TACIT: Final = re.compile(
    r"ne (?:peut|peuvent|pourra|pourront|saurait|sauraient|sera|seront|fera|fait|donne(?:ra)?|se|s')[^.;<]{0,90}tacit"
    r"|sans (?:possibilite de |pouvoir |faculte de |que )?(?:[a-z' ]{0,40})?tacite"
    r"|(?:exclu[a-z]*|interdi[a-z]*|proscri[a-z]*|a l'exclusion|ecarte[a-z]*|prohibe[a-z]*)[^.;]{0,60}tacit"
    r"|tacit[^.;,]{0,60}(?:exclue?|interdite?|prohibee|ecartee|proscrite|n'est pas|n'est possible)"
    r"|(?:reconduction|renouvellement|prorogation) tacite (?:ne |n')[a-z' ]{0,20}(?:invoque|presume|admis|jouer|intervenir|avoir lieu|possible|retenu|etre oppos)"
    r"|n'(?:est|y a|ouvre|aura)[^.;]{0,50}(?:tacit)|\baucune?\b[^.;]{0,40}tacit|\bpas\b[^.;,]{0,40}tacit|\bni\b[^.;]{0,12} tacit"
    r"|jamais[^.;]{0,30}tacit|\bnon\b[^.;,]{0,25}tacit"
)
_NONE_AT_ALL: Final = re.compile(
    r"ni (?:par )?(?:tacite|tacitement)[^.;]{0,40} ni (?:par )?(?:reconduction )?expres"
    r"|sans tacite reconduction ni (?:renouvellement|prorogation|prolongation)|ni expres[^.;]{0,40} ni (?:par )?tacit|tacite ou expresse|expresse ou tacite"
)


def _tacit(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if _PAST.search(sentence.text):
        return
    clause = _comma_free(sentence.text, match.start(), 140)
    if _NONE_AT_ALL.search(sentence.text) and _NO_TACIT.search(sentence.text):
        yield "renewal", "none"
    elif _NO_TACIT.search(clause):
        yield (
            "renewal",
            "express",
            Doubt(
                code="renewal_mode_silent",
                message="La tacite reconduction est exclue ; le texte ne dit pas toujours comment renouveler.",
            ),
        )
    else:
        yield "renewal", "tacit"


def _comma_free(text: str, position: int, reach: int) -> str:
    """Return the stretch around `position`, within the semicolons."""
    first = max(text.rfind(";", 0, position) + 1, position - reach)
    last = text.find(";", position)
    return text[first : min(last if last > 0 else len(text), position + reach)]


def _automatic(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    around = _comma_free(sentence.text, match.start(), 80)
    if _PAST.search(sentence.text):
        return
    if re.search(
        r"\bne (?:peut|saurait|sera|se)\b|n'est pas|\bnon\b|sans pouvoir|sans etre|sans que|\bni\b",
        around,
    ):
        if "automatiq" in around or "de plein droit" in around:
            yield (
                "renewal",
                "express",
                Doubt(
                    code="renewal_mode_silent",
                    message="Le renouvellement automatique est exclu ; le texte ne dit pas toujours comment renouveler.",
                ),
            )
        return
    yield "renewal", "tacit"


_CONTINUES: Final = re.compile(
    r"(?:se|est|sera|sont|seront|soit|serait|etre) (?:ainsi |alors |ensuite )?(?:renouvel|reconduit|prolong|proroge|poursui)"
    r"|se (?:renouvel|reconduit|reconduira|poursui|prolonge)|continue|repart|nouvelle periode|demeure(?:ra)? (?:en vigueur|obligatoire)"
    r"|reste(?:ra)? en vigueur|d'annee en annee|vaut (?:reconduction|renouvellement|prolongation|prorogation)|reconduction|renouvelee?s?\b|prolongee?s?\b|prorogee?s?\b|reconduite?s?\b"
)
_UNLESS: Final = re.compile(
    r"(?:\bsauf|a defaut d[e'u]|a defaut pour|faute d[e'u]|faute par|faute pour|a moins d[e'u]|a moins qu|en l'absence d[e']|si aucune?"
    r"|s'il n'|si elle n'|sauf si|si (?:elle|il) n|si personne|si nul|si aucun|sans qu|sans (?=denonciation|opposition|avis|manifestation)|a moins que|s'ils n|si l'une|(?=le silence)|l'absence d[e'])"
    r"[^.;]{0,170}?(?:denonc|\bconge|opposition|oppose|avis|manifest|preavis|notif|volonte|resili|intention|contraire|nouvelle convention"
    r"|nouvel accord|silence|parties vaut)"
)
_BY_AGREEMENT: Final = re.compile(
    r"expres|avenant|deliberation|par (?:un |accord|decision)|d'un commun accord|d'accord entre|par ecrit entre|peut etre|pourra etre"
    r"|peuvent etre|pourront etre"
)


def _unless(sentence: Sentence, _match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _PAST.search(text) or not RENEW_OR_GO_ON.search(text):
        return
    if _NO_TACIT.search(text):
        return
    going = _CONTINUES.search(text)
    if going is None:
        return
    near = text[max(0, going.start() - 40) : going.end() + 60]
    if _BY_AGREEMENT.search(near) and "tacit" not in near:
        return
    yield "renewal", "tacit"


RENEW_OR_GO_ON: Final = re.compile(
    RENEW_RE.pattern
    + r"|poursui|continue|repart|demeure|reste(?:ra)? en vigueur|nouvelle periode|d'annee en annee"
)

_NOT_RENEWED_THING: Final = re.compile(
    r"\b(?:materiel|membres?|bureau|mandat|subvention|police|assurance|abonnement|police|adhesions?|titre|carte|visa|mission"
    r"|garantie|equipement|parc|public|demandes?|pieces|agent|contrats? d'assurance|prestation|inscription|engagement"
    r"|delai|personnes|aide|operation|action|evenement|comite)s?(?: [a-z]+)? (?:(?:est|sera|peut|pourra|sont|peuvent|pourront|qui)[^<;,]{0,30})?\Z"
)


def _express(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _PAST.search(text) or (sentence.document.amendment and "nouvelle" in match.group()):
        return
    if _NOT_RENEWED_THING.search(text[max(0, match.start() - 60) : match.start()]):
        return
    if _REFUSED.search(text) or _UNWILLING.search(text):
        return
    if _OPPOSED.search(text, max(0, match.start() - 45), match.start()):
        return
    yield "renewal", "express"


_OPPOSED: Final = re.compile(
    r"(?:oppos|refus|renonc)[a-z]* (?:a |de )?(?:la |sa |le |son |toute |cette )*$"
)


_ASKED: Final = re.compile(
    r"renouvelable|reconductible|prorogeable|\bpeut\b|peuvent|pourra|pourront|expres|avenant|deliberation|accord ecrit|decision"
)


def _new_agreement(sentence: Sentence, _match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _PAST.search(text) or re.search(r"aucune? nouvel", text):
        return
    if re.search(
        r"issue|terme|echeance|expiration|renouvel|poursui|recondu|prolong|\bfin\b|au-dela",
        sentence.heading + " " + text,
    ):
        yield (
            "renewal",
            "express",
            Doubt(
                code="renewal_by_new_agreement",
                message="Le texte renvoie à une nouvelle convention : lu comme un renouvellement exprès.",
            ),
        )


_UNWILLING: Final = re.compile(
    r"n'enten[a-z]+ pas|ne (?:souhait|desir|veu|voul)[a-z]* pas|\bne pas (?:renouvel|recondui|prorog|prolong|reconduc|poursuiv)"
)


def _silent(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _PAST.search(text) or _REFUSED.search(text) or _NO_TACIT.search(text):
        return
    if _NOT_RENEWED_THING.search(text[max(0, match.start() - 60) : match.start()]):
        return
    if sentence.holder(match.start()) != AGREEMENT:
        return
    yield (
        "renewal",
        "express",
        Doubt(
            code="renewal_mode_silent",
            message="Le texte dit « renouvelable » sans dire comment : lu comme exprès, à vérifier.",
        ),
    )


_REFUSED: Final = re.compile(
    r"(?:n'est|ne sont|n'etant|ne sera|ne seront|n'est pas ni) (?:pas|ni|en aucun cas|plus|donc pas)[^<;]{0,45}?"
    r"(?:renouvelable|reconductible|prorogeable|prolongeable|(?:renouvelee?|reconduite?|prorogee?)s?\b|renouvellement|reconduction)"
    r"|ne se (?:renouvel|recondui|prolong|prorog)[a-z]* (?:pas|point|plus)(?![^.;]{0,30}(?:tacit|automat|d'office|de plein droit|sans|d'elle-meme|de lui-meme))"
    r"|non (?:renouvelable|reconductible|prorogeable)|ni renouvelable|ni reconductible|ni (?:etre )?renouvelee?"
    r"|(?:sera|seront) (?:pas|ni) (?:renouvel|recondui)|n'(?:a|ont) pas vocation a (?:etre )?(?:renouvel|reconduit|reconduc|prorog|prolong)[a-z]*"
    r"|(?:n'est|ne sera) (?:pas )?prevu (?:ni |pas |aucune? |de )?(?:pas de )?(?:reconduction|renouvellement)(?! tacite)"
    r"|sans pouvoir (?:etre )?(?:renouvelee?|reconduite?|prorogee?|prolongee?|faire l'objet d'une? (?:renouvellement|reconduction))(?! tacit| par tacite| automat)"
    r"|sans qu'il y ait lieu a (?:reconduction|renouvellement)(?! tacite)|sans (?:possibilite de |faculte de |aucune )?(?:reconduction|renouvellement|prorogation)\b(?! tacite| expresse)"
    r"|(?:reconduction|renouvellement|prorogation)[^.;<]{0,25} n'est (?:pas |ni )(?:possible|prevue?|admise?|autorisee?)(?! tacite)"
    r"|(?:reconduction|renouvellement)[^.;<]{0,25} (?:est|sont) (?:exclue?|interdite?|impossible)"
    r"|(?:exclu|ecart|interdi|proscri|renonc)[a-z]* (?:a )?(?:toute? |de toute? )(?:nouvelle )?(?:reconduction|renouvellement|prorogation|prolongation)(?! tacite)"
    r"|\baucune? (?:[a-z]+ ni )?(?:reconduction|renouvellement|prorogation|prolongation)\b(?! tacite| expresse| automatique)(?! ne (?:peut|pourra) (?:etre |intervenir )?(?:tacite|sans))"
    r"|n'y (?:a|aura) pas lieu a (?:sa |toute |une )?(?:reconduction|renouvellement|prorogation)(?! tacite)"
    r"|sans (?:reconduction|renouvellement|prorogation)(?: ni [a-z]+)? possible"
    r"|sans pouvoir (?:etre )?(?:ni )?[a-z]+ ni (?:etre )?(?:renouvel|recondui|prorog|prolong)"
    r"|ne (?:peut|pourra|saurait|peuvent|pourront)[^<;.]{0,25}(?:etre )(?:renouvelee?|reconduite?|prorogee?|prolongee?)s?\b"
    r"(?! par tacite| tacitement|[^.;]{0,20} que | qu'| au-dela| par reconduction tacite| automatiquement| plus d| de facon tacite| sans )"
    r"|ne (?:peut|pourra|saurait|fera|donnera)[^<;.]{0,30}(?:l'objet|lieu)[^<;.]{0,12}(?:d'un|d'une|a un|a une|d'aucune?|a aucune?) (?:renouvellement|reconduction|prorogation)"
    r"(?! tacite| par tacite| expresse| par reconduction tacite|[^.;]{0,20} que )"
)


def _refused(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if _PAST.search(text):
        return
    if "tacit" in match.group() and not _NONE_AT_ALL.search(text):
        return
    if _NO_TACIT.search(
        match.group() + text[match.end() : match.end() + 20]
    ) and not _NONE_AT_ALL.search(text):
        return
    yield "renewal", "none"


_RENEWING: Final = r"(?:renouvel|reconduc|reconduit|reconduir|prorog|prolong)"

RENEWAL_RULES: Final = (
    Rule(
        name="renewal_tacit",
        field="renewal",
        why="Tacite reconduction, or its exclusion: « ne peut … tacite » leaves only an express renewal (rule 5).",
        pattern=compiled(r"tacite(?:ment)?\b|tacites\b"),
        cues=("tacit",),
        gives=_tacit,
        rank=3,
        examples=(
            ("La convention est renouvelable par tacite reconduction.", "tacit"),
            ("La convention se reconduit tacitement.", "tacit"),
            ("La convention ne peut être renouvelée par tacite reconduction.", "express"),
            ("La convention n'est pas reconductible, ni tacitement ni expressément.", "none"),
        ),
        counterexamples=("La police d'assurance est renouvelable par tacite reconduction.",),
    ),
    Rule(
        name="renewal_automatic",
        field="renewal",
        why="Renewal « automatique », « de plein droit », « d'office » or « sans formalité ».",
        pattern=compiled(
            rf"{_RENEWING}[a-z]*[^.;<]{{0,60}}?(?:automatiqu|de plein droit|d'office|sans (?:autre )?formalite|de droit\b)"
            rf"|(?:automatiquement|de plein droit|d'office)[^.;<]{{0,40}}?{_RENEWING}"
            rf"|(?:renouvellement|reconduction) (?:est |sera )?(?:de droit|automatique)|\bse (?:perpetue|continue|prolonge(?:ra)?\b)|\bse (?:renouvel|reconduit|reconduira|reconduisent)[a-z]*"
            rf"|{_RENEWING}[a-z]* (?:deux|trois|quatre|une) fois[^.;]{{0,20}} sans formalite"
            rf"|{_RENEWING}[a-z]*[^.;]{{0,60}}(?:sans (?:autre |aucune )?formalite|sans qu'(?:il (?:en )?soit besoin|aucune formalite))"
        ),
        cues=("renouvel", "recondu", "prorog", "prolong", "perpetue", "continue", "avenant"),
        gives=_automatic,
        rank=2,
        examples=(
            ("La convention est reconduite de plein droit d'année en année.", "tacit"),
            ("L'accord se renouvelle automatiquement.", "tacit"),
        ),
        counterexamples=("La convention est résiliée de plein droit.",),
    ),
    Rule(
        name="renewal_deemed",
        field="renewal",
        why="« réputé renouvelé », « censé être prorogé », « considérée comme reconduite ».",
        pattern=compiled(
            r"(?:repute|cense|considere|tenu)e?s? (?:comme |etre |pour |avoir ete )*(?:renouvele|reconduit|prolonge|proroge)"
        ),
        cues=("renouvel", "recondu", "prorog", "prolong", "perpetue", "continue", "avenant"),
        gives=lambda *_: [("renewal", "tacit")],
        examples=(("Sauf avis contraire, l'accord est réputé renouvelé.", "tacit"),),
        counterexamples=("Les objets non réclamés sont réputés donnés.",),
    ),
    Rule(
        name="renewal_unless_denounced",
        field="renewal",
        why="It goes on « sauf dénonciation », « à défaut d'opposition », « faute de quoi ».",
        pattern=_UNLESS,
        cues=("sauf", "defaut", "faute", "a moins", "absence", "si ", "s'il", "sans", "silence"),
        gives=_unless,
        rank=2,
        examples=(
            ("À défaut de dénonciation, la convention est reconduite pour un an.", "tacit"),
            ("La convention se poursuit d'année en année, sauf dénonciation.", "tacit"),
        ),
        counterexamples=(
            "La convention peut être renouvelée par avenant, sauf avis contraire de la commission.",
        ),
    ),
    Rule(
        name="renewal_or_else",
        field="renewal",
        why="« …, faute de quoi il repart pour l'année suivante ».",
        pattern=compiled(
            r"(?:faute de quoi|a defaut),? [^.;]{0,40}(?:repart|reconduit|renouvel|continue|prorog|prolong|se poursui)"
        ),
        cues=("faute de quoi", "a defaut"),
        gives=lambda s, _: (
            [
                ("renewal", "tacit"),
                *(
                    [("renewal_period", "P1Y")]
                    if "annee civile suivante" in s.text or "annee suivante" in s.text
                    else []
                ),
            ]
        ),
        examples=(
            (
                "Chaque partie l'écrit avant le 30 septembre, faute de quoi l'accord repart.",
                "tacit",
            ),
        ),
        counterexamples=("Les pièces sont remises, faute de quoi l'aide est annulée.",),
    ),
    Rule(
        name="renewal_year_to_year",
        field="renewal",
        why="« continue d'année en année »: it goes on by itself, unless an act is asked for.",
        pattern=compiled(
            r"d'an(?:nee)?(?: civile| scolaire| universitaire)? en an(?:nee)?\b|d'une? (?:annee|an|exercice) (?:sur|a) l'autre|par periodes? (?:successives?|nouvelles?|egales?)"
            r"|\b(?:repart|repartira|recommence|reprend|s'ouvre|se reforme)\b[^;]{0,40} (?:pour|par) "
            r"|(?:a l'(?:echeance|issue|expiration)|au terme|passe ce terme|au-dela)[^;]{0,60}\b(?:se poursuit|se poursuivra|continue|continuera|se prolonge|se prolongera)\b"
        ),
        cues=(
            "en an",
            "l'autre",
            "par periode",
            "pour ",
            "par ",
            "poursui",
            "continue",
            "prolonge",
        ),
        gives=lambda s, _: (
            [("renewal", "tacit")] if not _ASKED.search(s.text) and not _PAST.search(s.text) else ()
        ),
        rank=1,
        examples=(("Le présent accord vaut d'année en année.", "tacit"),),
        counterexamples=("La convention est renouvelable d'année en année par avenant.",),
    ),
    Rule(
        name="renewal_then_again",
        field="renewal",
        why="In force for a term, « et par la suite … à moins que » or « et ainsi de suite ».",
        pattern=compiled(
            r"(?:par la suite|ensuite)[^.;]{0,40}en vigueur|en vigueur[^.;]{0,100}par la suite|et ainsi de suite"
            r"|celui-ci continuera|celle-ci continuera"
        ),
        cues=("suite", "ensuite", "continuera"),
        gives=lambda s, _: [("renewal", "tacit")] if not _PAST.search(s.text) else (),
        examples=(
            (
                (
                    "L'accord est conclu pour dix ans. Il restera par la suite en vigueur pour six ans, "
                    "et ainsi de suite."
                ),
                "tacit",
            ),
        ),
        counterexamples=("Les villes décideront par la suite d'autres actions.",),
    ),
    Rule(
        name="renewal_express",
        field="renewal",
        why="Renewal by a named act: deliberation, avenant, written agreement, new convention.",
        pattern=compiled(
            rf"{_RENEWING}[a-z]*[^.;]{{0,110}}?(?:\bexpres(?:se)?s?(?:ment)?\b|\bforme d'|\b(?:un|deux|nouveaux?|nouvel|autre) (?:nouvel )?avenants?\b|deliberations? (?:concordant|conjoint|expresse)|decisions? (?:concordant|conjoint|expresse|commune)"
            r"|(?:l'|d'un |un )accord (?:des|prealable|conjoint|entre)"
            r"|par (?:voie d[e']? ?)?(?:une |la |l'|un |deux |les |nouvelle |nouvel |simple |seule |echange |conjointe )*"
            r"(?:nouvelle |nouvel )?(?:deliberations?|avenants?|accord|decisions?|ecrit|lettres?|echange|convention|acte|vote|courrier|autre convention|voie d'avenant)"
            r"|d'un commun accord|d'accord (?:entre (?:les )?)?parties|(?:l')?accord (?:ecrit|expres|mutuel)"
            r"|apres (?:nouvelle |une |un |l')?(?:nouvelle |nouvel )?(?:deliberation|accord|autorisation|vote|approbation)"
            r"|sous reserve (?:d'une |de l'|d'un )(?:nouvelle |nouvel )?(?:deliberation|accord|vote|approbation)"
            r"|nouve(?:l|lle) (?:convention|accord|contrat|deliberation|acte|autorisation)|autre convention|ecrit signe|dans les memes formes"
            r"|a la demande|sur demande|si les parties (?:le |en )(?:decid|convien|souhait)"
            r"|(?:fera|fait|feront|font|donnera|donne|donneront) (?:l'objet|lieu) (?:d'|a )(?:la (?:signature|conclusion|redaction) d')?(?:une? )?(?:nouvel(?:le)? )?(?:avenant|accord|deliberation|convention|decision|ecrit|demande|lettre|examen|vote)"
            r"|ne se presume|resulte d'une? (?:nouvel(?:le)? )?(?:echange|deliberation|accord|avenant|decision|acte)|(?:est|sera|sont) (?:decide|subordonne|soumis|approuve|conditionne|vote)[a-z]*|necessite|suppose|requiert|appartient aux)"
            r"|reconduction expresse|(?:maniere|facon) expresse|expressement (?:renouvel|reconduit|prorog)|renouveler expressement"
            r"|(?:d'un commun accord|par (?:un )?accord(?: ecrit| expres| mutuel)?)[^.;]{0,50}(?:renouvel|reconduir|reconduit|prorog|prolong)"
            r"|(?:par|voie d'|un|d'un) avenant[^.;]{0,40}(?:renouvel|reconduc|reconduit|prorog|prolong)"
            r"|(?:par|apres|sur|moyennant) (?:une |un |l'|simple |nouvelle |nouvel )*(?:deliberations?|accord|decision|avenant|echange)[^.;<]{0,60}(?:etre )(?:renouvel|recondui|reconduc|prorog|prolong)"
            r"|conven[a-z]+,?[^.;<]{0,50} (?:de la|de|d'une) ?(?:eventuelle )?(?:poursuite|reconduction|prolongation|renouvellement|prorogation|reconduire|prolonger|renouveler)"
            r"|\bpoursuite\b[^.;<]{0,50}(?:accord (?:expres|ecrit)|avenant|deliberation|nouvelle convention|decision expresse)"
            r"|(?:se prononce|statu|delibere)[a-z]*,?[^.;<]{0,50} (?:sur|quant a|de|d[ue]) ?(?:la |le |l'|sa |son |une |un )?(?:opportunite de (?:la |le |sa |son )?|eventuel(?:le)? )?(?:reconduction|renouvellement|renouveler|reconduire|prorogation)"
            r"|(?:par|apres) (?:une |nouvelle )?(?:deliberations?|accord ecrit|accord expres|decision)[^.;]{0,70}(?:de (?:la |le )?(?:renouvel|reconduir|prorog|prolong)|(?:sa|son|la|le) (?:renouvellement|reconduction|prorogation))"
        ),
        cues=(
            "poursuite",
            "renouvel",
            "recondu",
            "prorog",
            "prolong",
            "perpetue",
            "continue",
            "avenant",
        ),
        gives=_express,
        rank=2,
        examples=(
            ("La convention est renouvelable par délibération des parties.", "express"),
            ("L'accord pourra être prorogé par voie d'avenant.", "express"),
            ("La convention est renouvelable par reconduction expresse.", "express"),
        ),
        counterexamples=("Le renouvellement du matériel fait l'objet d'un accord.",),
    ),
    Rule(
        name="renewal_new_agreement",
        field="renewal",
        why="At the term, « une nouvelle convention » is to be concluded (rule 20).",
        pattern=compiled(
            r"(?:conclu|conclure|conclusion|sign(?:er|ee?|ature)|etabli|souscri|interven|redig|negoci|objet|passee?r?|propos|elabor|adopt)[a-z]* (?:[a-z']+ ){0,4}?nouvel(?:le)? (?:convention|accord|contrat|protocole|acte)"
            r"|(?:objet|lieu|place|nature) (?:d'|a )(?:une? )?(?:convention|accord|contrat) (?:nouve(?:lle|au)|ulterieure?|distincte?)|nouvel(?:le)? (?:convention|accord|contrat|protocole|acte) (?:[a-z']+ ){0,3}(?:conclu|sign|etabli|souscri|interven|redig|negoci|pass|propos|adopt|deliber)"
        ),
        cues=("nouve", "ulterieur"),
        gives=_new_agreement,
        rank=1,
        examples=(
            ("À son terme, les parties pourront conclure une nouvelle convention.", "express"),
        ),
        counterexamples=(
            "L'évaluation éclaire le conseil sur l'opportunité d'un nouveau contrat.",
        ),
    ),
    Rule(
        name="renewal_silent",
        field="renewal",
        why="« renouvelable » without a mode: express, since nothing renews by itself (rule 5).",
        pattern=compiled(
            r"renouvelables?\b|renouvables?\b|reconductibles?\b|prorogeables?\b|prolongeables?\b"
            r"|(?:peut|peuvent|pourra|pourront|pourrait) (?:toutefois |eventuellement |ensuite )?"
            r"(?:etre |faire l'objet d'une? )(?:nouvelle )?(?:renouvel|reconduit|reconduc|prorog|prolong)"
            r"|susceptibles? (?:d'etre |de )(?:renouvel|reconduc|reconduit|prorog)"
        ),
        cues=("renouv", "recondu", "prorog", "prolong"),
        gives=_silent,
        rank=1,
        examples=(("La convention est conclue pour trois ans renouvelable.", "express"),),
        counterexamples=(
            "La convention n'est pas reconductible et son contrat d'assurance est renouvelable.",
        ),
    ),
    Rule(
        name="renewal_refused",
        field="renewal",
        why="Renewal excluded in terms: « non renouvelable », « n'est pas susceptible de reconduction ».",
        pattern=_REFUSED,
        cues=("renouvel", "recondu", "prorog", "prolong", "perpetue", "continue", "avenant"),
        gives=_refused,
        rank=3,
        examples=(
            ("La convention n'est pas renouvelable.", "none"),
            ("La convention est conclue pour un an, sans possibilité de reconduction.", "none"),
        ),
        counterexamples=("La convention ne peut être renouvelée que par avenant.",),
    ),
)


# --- How often, how long ----------------------------------------------------------------------------


def _renews(sentence: Sentence) -> bool:
    if RENEW_RE.search(sentence.text):
        return True
    return sentence.previous is not None and bool(RENEW_RE.search(sentence.previous.text))


def _times(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = _clip(sentence.text, match.start(), 110)
    if (
        not _renews(sentence)
        or _PAST.search(sentence.text)
        or sentence.holder(match.start()) == OTHER
    ):
        return
    if not RENEW_RE.search(before) and "facult" not in before and "possibilite" not in before:
        return
    value = number(match["n"])
    if value is not None and 0 < value < 20:
        yield "renewal_max", value


_REFERENCE: Final = re.compile(
    r"\b(?:cette|ces|cet|ce|la dite|ladite|des|de la|les) (?:periode |duree |premiere periode |terme )?(?:initiale? )?(?:de |d')?$"
    r"|(?:issue|fin|terme|expiration|echeance) (?:de |d')(?:la |l'|cette |ces |ce |une )?(?:duree |periode |premiere periode )?(?:initiale )?(?:de |d')?$"
    r"|(?:initiale?|premiere periode) (?:de |d')$|a l'issue des $|apres |depuis |l'une des periodes (?:de |d')$"
)


def _renewal_length(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start, end = match.span("p")
    text = sentence.text
    if _PAST.search(text) or sentence.holder(start) == OTHER:
        return
    if _NOT_LIFE.search(text[end : end + 60]) or _REFERENCE.search(
        text[max(0, start - 60) : start]
    ):
        return
    if re.search(
        r"preavis|delai|denonc[a-z]*[^<;,]{0,30}$|\bage\b|\bdans les\b",
        text[max(0, start - 40) : start],
    ):
        return
    if re.search(
        r"totale|au total|dans la limite|\bexced|depass|cumul|globale|l'ensemble|au-dela de",
        text[max(0, start - 60) : start],
    ):
        return
    if not renewal_governs(sentence, start) and not match.groupdict().get("sure"):
        return
    value, doubt = read_period(sentence, match["p"])
    kind = bound(sentence, start, end)
    if kind is not None:
        yield "renewal_period", None, a_bound(kind, value or "")
        return
    yield "renewal_period", value, doubt


def _added(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if not re.search(r"tacit|renouvel|recondu|prorog|prolong", text) or _PAST.search(text):
        return
    if sentence.holder(match.start()) == OTHER:
        return
    yield "renewal_period", read_period(sentence, match["p"])[0]
    count = number(match["n"])
    if count is not None and 0 < count < 20:
        yield "renewal_max", count


_EACH: Final = {"an": "P1Y", "annee": "P1Y", "mois": "P1M", "trimestre": "P3M", "semestre": "P6M"}

LENGTH_RULES: Final = (
    Rule(
        name="renewal_length",
        field="renewal_period",
        why="A period whose nearest governing word is one of renewal.",
        pattern=compiled(r"(?P<p>{P})"),
        cues=("renouvel", "renouvab", "recondu", "prorog", "prolong", "tacit", "nouve", "repart"),
        needs="<p",
        gives=_renewal_length,
        others=True,
        examples=(
            ("La convention est reconduite tacitement par périodes successives d'un an.", "P1Y"),
            ("L'accord sera prorogé tacitement pour une nouvelle durée de deux ans.", "P2Y"),
        ),
        counterexamples=(
            "La convention est renouvelable tacitement, sauf préavis de trois mois.",
            "La convention est renouvelable dans la limite d'une durée totale de six ans.",
        ),
    ),
    Rule(
        name="renewal_then_length",
        field="renewal_period",
        why="« Elle restera par la suite en vigueur pour une période de six ans et ainsi de suite ».",
        pattern=compiled(
            r"par la suite en vigueur pour[^<;]{0,30}(?P<p>{P})|(?P<q>{P}) et ainsi de suite"
        ),
        needs="<p",
        cues=("par la suite", "ainsi de suite"),
        gives=lambda s, m: [("renewal_period", read_period(s, m["p"] or m["q"])[0])],
        examples=(
            ("L'accord restera par la suite en vigueur pour une période de six ans.", "P6Y"),
        ),
        counterexamples=("L'accord restera en vigueur pour une période de six ans.",),
    ),
    Rule(
        name="renewal_added",
        field="renewal_period",
        why="« deux périodes d'un an peuvent s'y ajouter par tacite reconduction ».",
        pattern=compiled(
            r"(?P<n>deux|trois|quatre|cinq|\d{1,2})(?: ?\(\d+\))? (?:nouvelles? |autres? )?(?:periodes?|reconductions?|renouvellements?|prolongations?|tranches?)"
            r"(?: successives?| tacites?| supplementaires?| expres(?:ses)?)* (?:de |d')(?P<p>{P})(?=[^.;]{0,80})"
        ),
        cues=("period", "reconduction", "renouvellement", "prolongation", "tranche"),
        needs="<p",
        gives=_added,
        others=True,
        rank=1,
        examples=(
            (
                (
                    "La convention est conclue pour trois ans ; deux périodes d'un an peuvent s'y ajouter "
                    "par tacite reconduction."
                ),
                "P1Y",
            ),
        ),
        counterexamples=("Le programme comprend deux périodes de trois mois.",),
    ),
    Rule(
        name="renewal_from_to",
        field="renewal_period",
        why="« d'année en année », « de mois en mois », « de dix ans en dix ans ».",
        pattern=compiled(
            r"d'une? (?P<w>annee|an|exercice) (?:sur|a) l'autre|d'(?P<u>annee|an)(?: civile| scolaire| universitaire| budgetaire)? en an(?:nee)?\b|de (?P<v>mois|trimestre|semestre) en (?:mois|trimestre|semestre)"
            r"|(?:de |d')?(?P<p>{P}) en (?P<q>{P})"
        ),
        cues=(
            "annee en annee",
            "l'autre",
            "an en an",
            "mois en mois",
            "trimestre en",
            "semestre en",
            "> en <",
            "annee civile en",
            "annee scolaire en",
            "annee universitaire en",
            "annee budgetaire en",
        ),
        gives=lambda s, m: (
            ()
            if _PAST.search(s.text)
            else [("renewal_period", _EACH.get(m["u"] or m["v"] or "annee", "P1Y"))]
            if not m["p"]
            else [("renewal_period", read_period(s, m["q"])[0])]
        ),
        rank=3,
        examples=(
            ("L'accord est renouvelé tacitement d'année en année.", "P1Y"),
            ("La convention sera renouvelée tacitement de dix ans en dix ans.", "P10Y"),
        ),
        counterexamples=("Les effectifs progressent de rentrée en rentrée.",),
    ),
    Rule(
        name="renewal_adjective",
        field="renewal_period",
        why="« par périodes annuelles », « reconduite annuellement », « renouvelée chaque année ».",
        pattern=compiled(
            r"(?:par |pour (?:des |une |la )?(?:nouvelles? )?)?(?:periodes?|reconductions?|renouvellements?) (?:successives? |tacites? |(?:est |sera )?(?:tacite|expresse?)(?:,| et) (?:est )?)?(?P<adjective>"
            + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
            + r")\b|(?:renouvel[a-z]*|reconduit[a-z]*|reconduct[a-z]*|tacite(?:ment)?(?: reconduction)?),? (?:d'elle-meme,? |de lui-meme,? )?(?:annuellement|chaque annee|tous les ans|annee (?:apres|par) annee|par an(?:nee)?\b|d'un an sur l'autre)"
        ),
        cues=("period", "renouv", "recondu", "tacit"),
        gives=lambda _, m: [("renewal_period", ADJECTIVES.get(m["adjective"] or "", "P1Y"))],
        rank=3,
        examples=(("La convention se reconduit tacitement par périodes annuelles.", "P1Y"),),
        counterexamples=("Le comité se réunit par périodes.",),
    ),
    Rule(
        name="renewal_new_year",
        field="renewal_period",
        why="« prorogé pour l'année suivante », « pour un nouveau semestre ».",
        pattern=compiled(
            r"pour (?:l'annee(?: civile| scolaire| universitaire)? suivante|une (?:nouvelle )?annee(?: civile| scolaire| universitaire)? (?:suivante|supplementaire))"
            r"|pour une nouvelle annee"
            r"|pour un nouvel an\b|pour un nouveau (?P<unit>semestre|trimestre|mois)"
        ),
        cues=("annee", "nouve"),
        gives=lambda s, m: (
            [("renewal_period", _EACH.get(m["unit"] or "annee", "P1Y"))]
            if renewal_governs(s, m.start())
            and not re.search(r"scolaire \d|civile \d|annee \d", m.string[m.start() : m.end() + 6])
            else ()
        ),
        rank=1,
        examples=(("L'accord est prorogé tacitement pour l'année suivante.", "P1Y"),),
        counterexamples=("Le prix est fixé pour l'année suivante.",),
    ),
    Rule(
        name="renewal_same",
        field="renewal_period",
        why="« pour la même durée », « de même durée que la période initiale ».",
        pattern=compiled(
            r"(?:la|une|de|des|d'une|pour) (?:nouvelles? )?(?:periodes? )?(?:de |d'une )?(?:duree )?(?:memes?|identiques?|equivalentes?|egales?) (?:duree|periode|a celle|a la (?:duree|periode) initiale)"
            r"|(?:periodes?|durees?) (?:[a-z]+ )?(?:identiques?|equivalentes?|egales?|similaires?)(?! a <p)|a l'identique|dans les memes conditions de duree|periodes? d'egale duree"
        ),
        cues=("meme", "identique", "egale", "equivalente", "similaire"),
        gives=lambda s, _: [("renewal_period", SAME)] if RENEW_RE.search(s.text) else (),
        rank=1,
        examples=(
            (
                (
                    "La convention est conclue pour trois ans. Elle est renouvelable tacitement pour la "
                    "même durée."
                ),
                "P3Y",
            ),
        ),
        counterexamples=("Les deux stages ont la même durée.",),
    ),
    Rule(
        name="renewal_times",
        field="renewal_max",
        why="« renouvelable deux fois », « cette faculté ne joue qu'une fois ».",
        pattern=compiled(
            r"\b(?P<n>une|deux|trois|quatre|cinq|six|dix|\d{1,2})(?: ?\( ?\d+ ?\))?(?: seule)? (?:fois|reprises)\b"
            r"(?! (?:le|la|les|ce|cet|cette|ces|que|qu'|son|sa|leur|l')(?: |\b)| (?:accompli|signe|approuv|adopt|transmis|echu|expir|arriv|constat|valid|vote|passe|termin|achev|obten|remis|rendu|publi|notifi|conclu|etabli)| par (?:an|mois|semestre|trimestre|semaine)| l'an| que\b| la\b| les\b| l'| le (?:present|proces)| ces\b| accompli| signee?| transmis| acheve| son\b| sa\b| tous| chaque| dans l)"
            r"|(?P<m>une|un|deux|trois|quatre|cinq|\d{1,2})(?: ?\(\d+\))? (?:seule? )?(?:renouvellements?|reconductions?|prorogations?|prolongations?)\b(?! (?:est|sera|de la))"
        ),
        cues=("fois", "reprises", "renouvellement", "reconduction", "prorogation", "prolongation"),
        gives=lambda s, m: (
            _times(s, m)
            if m["n"]
            else (
                [("renewal_max", number(m["m"]))]
                if re.search(
                    r"limite|maximum|au plus|plus de|nombre|possibles?\b|prevue?s\b", s.text
                )
                and not _PAST.search(s.text)
                and number(m["m"])
                else ()
            )
        ),
        examples=(
            ("La convention est renouvelable deux fois par tacite reconduction.", 2),
            ("La convention est reconduite tacitement, dans la limite de trois reconductions.", 3),
        ),
        counterexamples=("Le comité se réunit deux fois par an.",),
    ),
)
