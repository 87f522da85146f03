"""The initial term.

A period is the term when the agreement holds it and no renewal, notice or bound governs it. A rule
speaks of the language of agreements, never of one document.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ADJECTIVES, ORDINAL_RE, ordinal
from tracker.reading.governing import (
    CURE_RE,
    DELAY_RE,
    ENDING_RE,
    NOT_LIFE_RE,
    PAST_RE,
    PRONOUN_START_RE,
    RENEW_RE,
    a_bound,
    agreement,
    bound,
    clip,
    read_period,
    renewal_governs,
)
from tracker.reading.outline import AGREEMENT, OTHER, Sentence
from tracker.reading.rules import Doubt, Given, Rule, compiled
from tracker.reading.spans import trigger
from tracker.reading.subjects import AGREEMENT_RE

if TYPE_CHECKING:
    from collections.abc import Iterable


# « Il continue de produire effet un an à compter de l'expiration du préavis »: it outlives its end.
_SURVIVES: Final = re.compile(
    r"<p\d+> [^;]{0,20}(?:a (?:compter|partir|dater) de |apres |suivant )(?:l'expiration|la fin|le terme|l'issue|la (?:date de )?(?:denonciation|resiliation)|le depot de la denonciation|sa denonciation)"
    r"|continue[a-z]* (?:a |de |d')(?:produire|avoir|s'appliquer|etre)[^;]{0,60}<p\d+>"
)


_IF: Final = re.compile(r" ?(?:si |s'il|lorsqu|au cas ou |tant qu)")
_DURATION_OF: Final = re.compile(
    r"duree (?:initiale |totale |minimale |maximale )?(?:de la |de l'|de leur |de son |de sa |de cette |de ce |du |des |de |d')(?=[a-z])"
)
_LIFE: Final = re.compile(
    rf"(?:la |l'|le )?(?:une?\b|validite|vie\b|duree|base|present|dit|ladite|meme|application|execution|effets?\b|periode|titre|label|groupement|projet|plan|programme|service|contrat|lien|action|association|union|engagement|cooperation|location|pret\b|depot|{AGREEMENT_RE.pattern})"
)


# « les mots "trois ans" sont remplacés par les mots "quatre ans" »: the first are no longer.
_REPLACED: Final = re.compile(r"[^a-z<]{0,4}(?:sont|est|etant) remplacee?s?\b")


def _term(sentence: Sentence, match: re.Match[str], group: str = "p") -> Iterable[Given]:
    start, end = match.span(group)
    if renewal_governs(sentence, start):
        return
    if not agreement(sentence, start) and not _granted(sentence, match):
        return
    if NOT_LIFE_RE.search(sentence.text[end : end + 60]):
        return
    if _REPLACED.match(sentence.text, end):
        return
    if (
        _AGAIN.search(clip(sentence.text, start, 110))
        or " et ainsi de suite" in sentence.text[end : end + 30]
    ):
        return
    if _SURVIVES.search(sentence.text):
        return
    of = _DURATION_OF.match(match.group())
    if of is not None and not _LIFE.match(match.group(), of.end()):
        # « la durée de conservation des images »
        return
    if _IF.match(
        sentence.text[max(sentence.text.rfind(mark, 0, start) + 1 for mark in ",;:") : start]
    ):
        return
    before = clip(sentence.text, start, 60)
    if DELAY_RE.search(before) or re.search(r"suspend|interromp", clip(sentence.text, start, 110)):
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
    r"suspend|interromp|affich|expos|publi|consult|depos|conserv|archiv|examin|\bsi\b|sauf|modifi|attribu[a-z]* (?:a|aux)|paye|vers[eé]|emplo|recrut|accueill|heberg|report"
)


def _plain_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start()
    own = [a for a in sentence.agreements if a < start]
    if not own and "duree" in sentence.heading and sentence.main == AGREEMENT:
        own = [] if sentence.others else [0]
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
    if sentence.granted(match.end()) and not PAST_RE.search(sentence.text):
        return True
    return (
        not sentence.others
        and not PAST_RE.search(sentence.text)
        and sentence.holder(match.start()) != OTHER
        and re.match(r"(?:consenti|confie|concede|acquis)", match.group()) is not None
        and re.search(r"\b(?:est|sont|sera|seront|a ete) $", sentence.text[: match.start()])
        is not None
    )


_AGAIN: Final = re.compile(r"\b(?:par la suite|ensuite)\b")


def _lasts(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if AGREEMENT_RE.search(sentence.text, 0, match.end()) or PRONOUN_START_RE.match(sentence.text):
        yield from _term(sentence, match)


_OF_A_LETTER: Final = re.compile(
    r"(?:la |sa |cette |ladite |l'|le |son )?(?:date de |jour de )?(?:la )?(?:reception|envoi|denonciation|lettre|courrier|avis|demande)\b|cette (?:notification|decision)"
)


def _ends_after(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = next(g for g in "pqr" if match[g])
    if ENDING_RE.search(sentence.text.replace("prend fin", "")) or CURE_RE.search(sentence.text):
        return
    start = match.start(group)
    if match["w"] and _OF_A_LETTER.match(match["w"]):
        return
    if not agreement(sentence, start) or RENEW_RE.search(clip(sentence.text, start, 40)):
        return
    value, doubt = read_period(sentence, match[group])
    yield "term", value, doubt
    if match["w"]:
        yield from trigger(sentence, match["w"])


def _is(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    group = next(g for g in "pqrst" if match[g])
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
        r"\bdelai (?!de la |du |de l'|est\b)|offre|devis|titre|billet|carte",
        sentence.text[: match.end()],
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


_LAPSING: Final = re.compile(
    r"(?:fin|terme|expiration|echeance|chaque) (?:de )?(?:la |chaque |toute )?$"
)


def _adjective_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not PAST_RE.search(sentence.text) and sentence.holder(match.end()) == AGREEMENT:
        yield "term", ADJECTIVES[match["adjective"] or match["adjective2"]]


def _indefinite(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if agreement(sentence, match.end()) and not renewal_governs(sentence, match.start()):
        yield "term", "indefinite"


_FOR: Final = (
    r"(?:pour|pendant|durant|sur)(?: une?| la| le| un| l'espace| les)?(?: nouvelle)? ?(?:periode|duree|terme|laps de temps|temps|delai)?"
    r"(?: initiale?| determinee?| ferme| de validite| fixe| globale?| totale?| minimale?| maximale?)* ?"
    r"(?:de |d'|egale? a |qui [^<;]{0,50})?"
)

# What is done "pour trois ans": the participles, then the verbs.
_DONE: Final = (
    "conclu consenti passe etabli souscrit signe adopte contracte accorde arrete prevu ouvert fait prete loue "
    "laisse concede attribue confie affecte forme institue constitue cree noue scelle donne autorise engage reconnu "
    "acquis delivre octroye retenu decide instaure decerne maintenu mis remis valide approuve convenu stipule admis "
    "lance reserve garanti renoue initie deploye fixe limite projete accepte concerte ratifie agree afferme programme installe cede pris"
)
_GIVEN_FOR: Final = (
    r"(?:" + "|".join(sorted(_DONE.split())) + r")e?s?"
    r"|valables?|valide|validite|vaut|vaudra|valent|vaudront|valoir|en vigueur|effets?|s'engage|s'engagent|s'obligent|se lient|s'unissent"
    r"|s'associent|applicables?|applique|s'appliquent?|s'appliquer|s'appliquera|s'appliqueront|court|courra|courir|lie|liera|en application|application|consentent"
    r"|engage|engagent|obligatoires?|renonce|prete|concede|a (?:la |sa |leur )?disposition|lient|unit|unira|unissent|prennent|contractent|d'application"
    r"|regit|regira|regissent|signent|passent|concluent|souscrivent|adhere|adherent|participe|associe|associent|deploie|deploiera|beneficie"
    r"|exploite(?:ra)?|(?<!n')occupe(?:ra)?|gere(?:ra)?|jouit|jouira|loue(?:ra)?|unira|maintenir|poursuivre|cooperer|collaborer|travailler)\b"
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
            ("Les villes conviennent de réserver dix places pour une durée de cinq ans.", "P5Y"),
        ),
        counterexamples=(
            "La convention ne peut excéder une durée de trois ans.",
            "Le stage a une durée de six mois.",
            "La convention est renouvelable pour une durée de trois ans.",
            "La durée de conservation des images est limitée à trente jours.",
            "L'accord continue de produire effet pendant une durée d'un an après la dénonciation.",
            "La convention est conclue pour une durée de trois (6) mois.",
        ),
    ),
    Rule(
        name="term_for",
        field="term",
        why="« conclue pour trois ans », « en vigueur pendant dix ans », « valable un an ».",
        pattern=compiled(
            rf"\b(?:{_GIVEN_FOR}"
            rf"(?P<words>(?:(?!renouvel|reconduc|preavis)(?:[^<;]|{{D}})){{0,130}}?)\b{_FOR}(?P<p>{{P}})"
        ),
        needs="<p",
        gives=_term,
        others=True,
        examples=(
            ("La convention est passée pour deux ans.", "P2Y"),
            ("L'accord restera en vigueur pendant dix années.", "P10Y"),
            ("La convention prend effet à sa signature pour une période de 24 mois.", "P24M"),
            ("Conclu pour dix-huit mois, le protocole lie les deux villes.", "P18M"),
            ("Le projet éducatif est agréé par la caisse pour quatre ans.", "P4Y"),
        ),
        counterexamples=(
            "Le bureau est élu pour trois ans.",
            "Les prêts sont consentis pour dix-huit mois.",
            "Si l'association n'occupe pas le local pendant trois mois, la convention est résiliée.",
        ),
    ),
    Rule(
        name="term_valid",
        field="term",
        why="« valable un an », « vaut trois ans », « est de trois ans » without a preposition.",
        pattern=compiled(
            r"(?<!encore )\b(?:valables?|vaut|vaudra|valent|valide|(?:a|aura) une validite de|(?:a|aura|ait) effet|applicables?|obligatoires?|court|courra|s'appliqu[a-z]+|en vigueur|en application|dur[a-z]+|s'execut[a-z]+|fonctionn[a-z]+|produi[a-z]+ effet|(?:oblige|lie|engage)(?:nt|ra)? (?:les|ses|leurs) [a-z]+) (?P<p>{P})"
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
            r"\b(?:expire(?:nt|ra|ront)?|prend(?:ra)? fin|prennent fin|disparai[a-z]*|prend(?:ra)? terme|cesse(?:nt|ra|ront)?|s'eteint|s'eteindra|s'acheve(?:nt|ra|ront)?|se termine(?:nt|ra|ront)?|vien(?:t|dra) a (?:expiration|echeance|terme)"
            r"|arrive(?:ra)? a (?:expiration|echeance|son terme|terme)|(?:valables?|en vigueur|effets?|applicables?|obligatoires?|appliqu[a-z]+|cour(?:t|ra)|lie|liera) jusqu')(?: ?[a-z',-]+){0,6}? ?"
            r"(?:(?:au bout|a l'expiration|a l'issue|au terme|a la fin|l'expiration) (?:de |d')(?:une |un )?(?:periode |delai |duree )?(?:de |d')?(?P<p>{P})"
            r"|(?P<q>{P}) (?:jour pour jour )?(?:apres|a compter d[eu]|a dater d[eu]|a partir d[eu]) (?P<w>[^;]{0,80})|(?P<r>{P}) (?:apres|plus tard)(?= ?[.,;]|\Z))"
        ),
        needs="<p",
        gives=_ends_after,
        others=True,
        rank=1,
        examples=(
            ("La convention expire au bout de trois ans.", "P3Y"),
            ("La convention prend fin trois ans après sa signature.", "P3Y"),
            ("Elle restera valable jusqu'à l'expiration d'un délai de cinq ans.", "P5Y"),
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
            r"\b(?:expire(?:ra)?|prend(?:ra)? fin|cesse(?:ra)?|s'acheve(?:ra)?|se termine(?:ra)?|en vigueur|jusqu'au|jusqu'a|(?:vient|viendra|arrive|arrivera) a (?:expiration|echeance|son terme|terme))[^<;]{0,40}"
            rf"(?:terme|expiration|fin|issue) de (?:la |sa )(?P<n>{ORDINAL_RE}) annee\b(?! (?:scolaire|civile|universitaire))"
            r"(?: (?:suivant|apres|qui suit|a (?:compter|partir|dater) de) (?P<w>[^;]{0,60}))?"
        ),
        cues=(" annee",),
        gives=lambda s, m: (
            [("term", f"P{ordinal(m['n'])}Y"), *(trigger(s, m["w"]) if m["w"] else ())]
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
        pattern=compiled(
            r"(?P<p>{P}) (?:durant\b(?! (?:la|le|les|l'))|a venir\b|qui viennent\b|de rang\b|de suite\b|d'affilee\b)"
        ),
        cues=(" durant", "a venir", "qui viennent", " de rang", " de suite", "d'affilee"),
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
            if not _LAPSING.search(s.text, max(0, m.start() - 30), m.start())
            and not renewal_governs(s, m.start())
            and "par periode" not in s.text
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
            r"\A(?:elle|celle-ci|il|celui-ci|sa duree|la duree(?: d(?:e la|e l'|u|e ce|e cette) ?(?:societe|association|syndicat|groupement|union|regie|entente|fondation|reseau)[a-z' ]{0,50}?)?)? ?(?:est|sera) (?:fixee? a|arretee? a|de|d') ?(?:une duree (?:de |d'))?(?P<p>{P})"
            r"|\b(?:terme|delai) (?:(?:de|du) [^<;]{0,40}?)?(?:en )?(?:est|sera) (?:fixee? )?(?:a |de |d')(?P<s>{P})"
            r"|\bcelle (?:de la |du |de l')(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat) (?:est|sera) (?:fixee? a |de |d')(?P<t>{P})"
            r"|\b(?:validite|periode contractuelle|periode d'execution|periode conventionnelle) (?:[a-z' -]{0,50} ?(?:est|sera|etant) )?(?:fixee? a |de |d')(?P<q>{P})"
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
            r"(?:arrete|fixe|porte|limite|etabli|evalu)[a-z]* (?:d'un commun accord )?a (?P<p>{P}) (?:la duree|le terme|l'existence|la vie|la validite|l'engagement|leur (?:engagement|partenariat|entente|cooperation|collaboration)|(?:le delai|la periode|le temps) (?:pendant|durant))"
            r"|(?P<r>{P}) (?:pour|pendant|durant) (?:lesquel[a-z]*|laquelle|lequel)[^<;]{0,40}(?:conclu|consenti|pass|souscri|etabli|sign)"
            r"|\A(?:est )?(?:fixee?|arretee?|limitee?|portee?|etablie?) a (?P<u>{P}), ?(?:la|sa|cette) duree"
            r"|(?P<s>{P}),? (?:qui est la |c'est la |soit la )?duree (?:de la|du|de l') ?(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat)"
            r"|(?:partenariat|convention|accord|contrat|protocole|charte|entente|engagement|union|alliance|cooperation|collaboration) de (?P<t>{P})\b"
            r"|\A(?P<q>{P}) ?[:,;]? ?(?:telle est|c'est|tel est|voila)[^<;]{0,30}(?:duree|terme|le temps que)"
        ),
        needs="<p",
        gives=lambda s, m: (
            [("term", read_period(s, next(m[g] for g in "pqrstu" if m[g]))[0])]
            if s.main != OTHER and not PAST_RE.search(s.text)
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
            r"\A(?:(?:duree|validite|periode de validite|periode(?= [a-z']{3,14} ?:)|terme(?= ?:))[^<;,]{0,40}[:-] ?|(?:fixee?|arretee?|limitee?) a )?(?P<p>{P})"
        ),
        needs="<p",
        gives=lambda s, m: (
            _term(s, m)
            if m.group().startswith(("duree", "validite", "periode", "terme")) or _under_duration(s)
            else ()
        ),
        others=True,
        examples=(("Durée : trois ans à compter de la signature.", "P3Y"),),
        counterexamples=(
            "Trois ans avant le terme, les parties se rencontrent.",
            "Durée de la convention. Les mots « trois ans » sont remplacés par les mots « quatre ans ».",
        ),
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
            r"\b(?:conclue?s?|consentie?s?|passee?s?|etablie?s?|souscrite?s?|signee?s?|valables?|vaut|vaudra|vaudront|courra|valent|porte|effets?|accordee?s?|octroyee?s?|attribuee?s?|adoptee?s?|arretee?s?|applicables?|concedee?s?|s'appliquent?|disposition|renouvelee?s?|reconduite?s?|court|courent|valide|en vigueur|intervient|interviendra)"
            r"[^<;]{0,60}?\b(?:pour|au titre d[eu]|sur|durant|pendant|couvre)[ ]?(?:toute )?(?:(?:la totalite|l'ensemble|l'integralite) (?:de )?)?(?:la duree (?:de )?)?(?:le |la |l'|toute |du |de )*"
            r"(?:seul[e]? )?(?:exercice|annee)(?: budgetaire| civile| scolaire| universitaire)?"
            r"(?: \d{4}(?: ?[-/] ?\d{2,4})?|(?<=civile)|(?<=scolaire)|(?<=universitaire))(?! suivante| (?:scolaire|civile))"
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
            r"|sans (?:limitation|limite|condition|fixation|determination|indication|precision) (?:de|dans le|du) (?:duree|temps|terme)\b"
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
