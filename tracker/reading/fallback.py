"""Readings of last resort: they are asked only where no other rule says anything of a field.

They do not know a wording, they weigh signs. A period is the term when nothing else owns it and two
signs speak for it: what comes before (an act that grants or entrusts, the agreement, « durée ») and
what comes after (what it runs from, « renouvelable »).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ADJECTIVES
from tracker.reading.governing import (
    CURE_RE,
    DELAY_RE,
    ENDING_RE,
    NOT_LIFE_RE,
    PAST_RE,
    PRONOUN_START_RE,
    bound,
    clip,
    read_period,
    renewal_governs,
)
from tracker.reading.outline import AGREEMENT, OTHER, Sentence
from tracker.reading.rules import Finding, Given, Rule, compiled, run
from tracker.reading.spans import HAVE_UNTIL, read_day, trigger
from tracker.reading.subjects import ADVERBIAL, AGREEMENT_RE, LATTER, OTHER_RE, TERM_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.reading.outline import Document

# An act that puts something into someone's hands or brings it into being.
_GRANTED: Final = re.compile(
    r"\b(?:consenti|confie|concede|accorde|attribue|remis|laisse|donne|octroye|alloue|cree|institue|constitue|instaure|etabli|fonde|mise?s? en place|afferme|delegue|cede|conclu|souscri|signe|passe|renouvele|reconduit|lie|acquis)(?:e?s?|t|ts|te|tes)\b"
    r"|\b(?:accord|confi|conced|attribu|remet|laiss|donn|octroi|consent|adh|souscri|afferm|delegu|reconduire|jouira|jouit|aura (?:seule? )?(?:la|le droit|l'usage|l'exclusivite|le privilege)|utilis|occup|exploit|gere|revien)[a-z]*\b"
    r"|\b(?:se sont (?:promis|entendus|entendues|accordes|accordees|mis d'accord)|s'entendent|s'accordent|se promettent|se donnent|fait sienne|font leur|s'engage|s'oblige|se lie|s'associe|s'allie|s'uni)[a-z]*\b"
)
_LASTS: Final = re.compile(
    r"\b(?:cour[a-z]+|vau[a-z]+|valab[a-z]+|appliq[a-z]+|s'eten[a-z]+|couvr[a-z]+|regi[a-z]+|dur(?:e|era)|produi[a-z]+ effet|lie(?:ra)?)\b"
)
# What has a life of its own, beside what the outline knows.
_STRANGER: Final = re.compile(
    r"\b(?:visas?|(?<!a )titres?|un contrat|un bail|un emploi|candidatures?|seances?|laureats?|resid(?:ences?|ents?) d|conseil d'administration|commission|comite|etudes?|postes?|instruments?|bulletins?|familles|prime|aide|credits?|fonds (?:sont|seront|doivent)|somme|factures?|cautions?"
    r"|voirie|circulation|concours|cycle|formation|cours|session|fouilles|releves?|delais?|analyses?|cle|clef|mobilier|etancheite|parts? sociales?|amortissement|conservation|stockage|hebergement|portage|servitude|moratoire|diagnostic|visites?|controles?|entretien|maintenance|reparation|repos|conges?|age)\b"
)
# « l'autorisation d'occuper », « le mandat de gestion », « le bail à construction » are agreements.
_ACT: Final = re.compile(
    r"autorisations? (?:d'occup|d'exploit|d'usage|d'utilis|de voirie|de stationn)|mandat (?:de gestion|d'exploitation)|permis (?:de stationnement|de voirie)"
)
_RUNS: Final = re.compile(
    r"(?: de [a-z]+(?: [a-z]+)?)?(?: (?:entiere?s?|consecuti[fv]e?s?|et|pleine?s?|ferme|revolus?))*,? ?(?:et ce |qui [a-z ]{0,30}|(?:laquelle|lequel) (?:a |aura |ont )?)?"
    r"(?:a (?:compter|partir|dater|courir)|des\b|commenc|courant|debut|(?:de)?compt|prenant|prend|de(?:puis)? (?:la |sa |son )(?:date|signature|notification|transmission))"
)
_AGAIN: Final = re.compile(
    r",? ?(?:et )?(?:est )?(?:renouvelable|reconductible|prorogeable|prolongeable)"
)
_NAMED: Final = re.compile(
    r"\b(?:duree|periode|validite)(?: [a-z]+)?(?: (?:de |d'|du |des )[^<;,]{2,60}?)? ?(?:est |sera |a ete )?(?:fixee? a |arretee? a |portee? a |de |d'|: ?)$"
)
_IT_IS: Final = re.compile(
    r"(?:elle|il|celle-ci|celui-ci) (?:est|sera) (?:fixee? a |arretee? a |de |d')$"
)
# « Le logement est attribué à l'artiste pour onze mois. »
_HANDED: Final = re.compile(
    r"(?:le|la|l'|un|une) ?[^;,<]{3,80}? (?:revien(?:t|dra)|(?:est|sera) (?:attribue|confie|concede|consenti|remis|laisse|cede|donne)e?) (?:gratuitement |a titre [a-z]+ )?(?:a|au) [^;,<]{2,60}? pour (?:une (?:duree|periode) de )?$"
)
_AND_FOR: Final = re.compile(
    r",? et (?:ce,? )?(?:pour|pendant|durant) (?:une (?:duree|periode) de )?$"
)
_NOMINAL: Final = re.compile(
    r"\A(?:le tout |et |ce(?:ci|la)? )*(?:pour |pendant |d')?(?:une )?(?:duree |periode )?(?:de |d')?$"
)
# « un an à compter de la fin du contrat », « deux ans plus tard »
_AFTER_IT: Final = re.compile(
    r" ?(?:plus tard|a (?:compter|partir|dater) (?:de |du )(?:la |sa |l'|son )?(?:fin|terme|expiration|echeance|cessation|reception|sortie))"
)
_FOR: Final = re.compile(
    r"\b(?:pour|pendant|durant|sur|de|d')(?: une?| les| la)? ?(?:(?:duree|periode|terme|laps de temps)(?: [a-z]+)? )?(?:de |d')?$"
)
_NOT_GIVEN: Final = re.compile(
    r"suspend|interromp|\bferm[eé]|vers[eé]|pay[eé]|conserv|archiv|affiche|expos|depos|gard|immobilis|accueill|recrut|heberg|elus?\b|elue|nomm|design|garanti|inalienab|consult|revis|consomm"
)


def _strange(sentence: Sentence, position: int) -> bool:
    """True when something other than the agreement owns what stands at `position`."""
    text = sentence.text
    clause = max(text.rfind(";", 0, position), text.rfind(": ", 0, position)) + 1
    opening = ADVERBIAL.match(text)
    if opening is not None and opening.end() <= position:
        clause = max(clause, opening.end())
    before = text[clause:position]
    if _STRANGER.search(before) or _NOT_GIVEN.search(before) or LATTER.search(before):
        return True
    if _ACT.search(before):
        return False
    if sentence.holder(position) == AGREEMENT:
        return False
    return any(
        not AGREEMENT_RE.search(before, 0, m.start()) for m in OTHER_RE.finditer(before)
    ) or (sentence.main == OTHER and not sentence.granted(position) and not before.strip())


def _life(sentence: Sentence, start: int, end: int) -> bool:
    """True when nothing in the sentence makes the words at `start` a delay, a renewal or a bound."""
    text = sentence.text
    clause = text[text.rfind(";", 0, start) + 1 : end]
    return not (
        PAST_RE.search(text)
        or renewal_governs(sentence, start)
        or NOT_LIFE_RE.search(text[end : end + 60])
        or _AFTER_IT.match(text, end)
        or DELAY_RE.search(clip(text, start, 60))
        or ENDING_RE.search(clause)
        or CURE_RE.search(text)
        or bound(sentence, start, end)
    )


def _signs(sentence: Sentence, start: int, end: int) -> bool:
    text = sentence.text
    clause = text.rfind(";", 0, start) + 1
    before = text[clause:start].lstrip()
    after = text[end : end + 60]
    headed = TERM_HEADING.search(sentence.heading) is not None
    own = sentence.holder(start) == AGREEMENT and (
        bool(sentence.agreements) or headed or PRONOUN_START_RE.match(text) is not None
    )
    own = own or _ACT.search(before) is not None
    named = _NAMED.search(before) is not None or (own and _IT_IS.match(before) is not None)
    given = _GRANTED.search(before) is not None and (
        _FOR.search(before) is not None or after.startswith(" durant")
    )
    nominal = _NOMINAL.match(before) is not None
    runs = _RUNS.match(after) is not None or _AGAIN.match(after) is not None
    ahead = AGREEMENT_RE.search(text, end) is not None
    if runs and _LASTS.search(before) is not None and _FORMAL_RUN.match(after):
        return True
    if runs:
        return named or given or nominal or (own and _FOR.search(before) is not None)
    whole = re.match(r" ?(?:[.;,]|\Z)", after) is not None
    if whole and own and _AND_FOR.search(before):
        return True
    if (
        whole
        and _HANDED.match(before)
        and re.fullmatch(r"P\d+[YM]", str(read_period(sentence, text[start:end])[0]))
    ):
        return True
    return (named and headed) or (own and given) or (nominal and (headed or ahead))


def _term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start, end = match.span()
    if not _life(sentence, start, end) or _strange(sentence, start):
        return
    if _signs(sentence, start, end):
        yield "term", read_period(sentence, match.group())[0]


def _adjective(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start, end = match.span()
    if not _life(sentence, start, end) or _strange(sentence, start):
        return
    if _AGAIN.match(sentence.text, end) or _RUNS.match(sentence.text, end):
        yield "term", ADJECTIVES[match["a"]]


# « court sur trois ans à compter de sa notification »: a fact of law, whatever the noun.
_FORMAL_RUN: Final = re.compile(
    r"[^;<]{0,30}?(?:a (?:compter|partir|dater)|des) [^;<]{0,20}(?:signature|notification|transmission|entree en vigueur|deliberation|caractere executoire)"
)
# Formal acts only: a start of last resort is never a delivery or the end of works.
_FORMAL: Final = re.compile(
    r"signature|signee?|notif|transmis|prefe|controle de legalite|services de l'etat|representant de l'etat|deliber|vote\b|vigueur|executoire|<d\d+>|ce jour|present jour"
)
_NOT_THE_START: Final = re.compile(
    r"denonc|resili|suspension|cession|retrait|preavis|recours|\bdelai|paie|vers[eé]e?s?\b|factur|redevance|tarif|prix|loyer|subvention|recepiss|mise en demeure|courrier|reclamation|conserv|decision"
)


_PERIOD: Final = re.compile(r"<p\d+>")


# « dès qu'elle a été notifiée »
_ONCE: Final = re.compile(
    r" ?qu'(?:elle|il) (?:a|aura|est|sera|ait|soit) (?:ete )?(?:signee?|notifiee?|transmise?)\b"
)


_HIS_CONTRACT: Final = re.compile(r"\b(?:son|leurs?|ses) contrats?\b")


def _start(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    before = text[: match.start()]
    if not _FORMAL.search(match["w"][:80]) or _NOT_THE_START.search(before + match["w"][:60]):
        return
    if PAST_RE.search(text) or CURE_RE.search(text) or ENDING_RE.search(text):
        return
    # « Le conseil décide de reconduire pour trois ans, à compter du …, l'accord »
    anew = re.search(r"\b(?:renouveler|reconduire|proroger|prolonger) (?:pour|la|le|l')", before)
    if renewal_governs(sentence, match.start()) and not anew:
        return
    if _strange(sentence, match.start()):
        return
    period = next(reversed(list(_PERIOD.finditer(before))), None)
    near = period is not None and len(before) - period.end() < 70
    if near and period is not None and not anew and not _life(sentence, *period.span()):
        return
    named = (
        AGREEMENT_RE.search(_HIS_CONTRACT.sub(" ", text)) is not None
        or _ACT.search(text) is not None
    )
    headed = TERM_HEADING.search(sentence.heading) is not None
    verb = re.search(
        r"effets?|vigueur|application|applicab|appliqu|commenc|debut|demarr|court|courir|naissance|<p\d+>",
        text,
    )
    given = _GRANTED.search(before) is not None
    opens = not before.strip() and named and " jusqu" in match["w"]
    opens = opens or (named and _ONCE.match(match["w"]) is not None)
    if opens or (near and (given or headed or named)) or (verb is not None and (named or headed)):
        yield from trigger(sentence, match["w"])


def _stated(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if not PAST_RE.search(sentence.text):
        yield from trigger(sentence, match["w"])


# « La chasse est louée à l'amicale …, soit jusqu'au 30 juin 2030 »
_LET: Final = re.compile(
    r"\b(?:est|sont|sera|seront) (?:ainsi )?(?:louee?|pretee?|reservee?|mise?)s?\b"
)
# « …, date d'expiration du contrat »
_THE_END: Final = re.compile(
    r"(?: inclus)?,? (?:date|jour|terme|qui est|echeance)[^;<.]{0,30}(?:expiration|terme|fin|echeance|cesse|contrat|convention|bail)"
)


def _end(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if PAST_RE.search(sentence.text) or _strange(sentence, match.start()):
        return
    before = sentence.text[: match.start()]
    if ENDING_RE.search(before) or sentence.holder(match.start()) == OTHER:
        return
    if HAVE_UNTIL.search(before):
        return
    pronoun = PRONOUN_START_RE.match(before) is not None
    if (
        sentence.agreements
        or TERM_HEADING.search(sentence.heading)
        or _THE_END.match(sentence.text, match.end())
        or _LET.search(before)
        or (pronoun and sentence.holder(match.start()) == AGREEMENT)
        or _GRANTED.search(before)
        or not before.strip()
    ):
        yield "end", read_day(sentence, match["d"])[0]


# Shorter than that, two days are an event, not an agreement.
_SEASON: Final = 150


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _span(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if match["p"]:
        period = match["p"].startswith("<") and read_period(sentence, match["p"])[0]
        long = period is False or re.fullmatch(r"P\d+Y", str(period)) is not None
        if not long or _strange(sentence, match.start()) or PAST_RE.search(sentence.text):
            return
        if NOT_LIFE_RE.search(sentence.text[match.end("p") :][:60]):
            return
    if match["f"]:
        before = sentence.text[: match.start()]
        runs = bool(sentence.agreements) and _LASTS.search(before) is not None
        if not (runs or _LET.search(before) or _GRANTED.search(before)) or _strange(
            sentence, match.start()
        ):
            return
        if PAST_RE.search(sentence.text) or ENDING_RE.search(before):
            return
    first = read_day(sentence, match["a"] or match["c"] or match["f"])[0]
    last = read_day(sentence, match["b"] or match["e"] or match["h"])[0]
    if match["f"] and first and last and _days(first, last) < _SEASON:
        return
    if first and last and first <= last:
        yield "end", last
        yield "start", "date"
        yield "start_date", first


def _act_to_day(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    before = text[: match.start()]
    if PAST_RE.search(text) or ENDING_RE.search(text) or _strange(sentence, match.start()):
        return
    named = AGREEMENT_RE.search(text) is not None or TERM_HEADING.search(sentence.heading)
    if not (named or _LASTS.search(before) or _GRANTED.search(before)):
        return
    last, doubt = read_day(sentence, match["d"])
    yield "end", last, doubt
    yield from trigger(sentence, match["w"])


FALLBACK_RULES: Final = (
    Rule(
        name="fallback_term",
        field="term",
        why="No wording known: a period that nothing else owns, granted or named, with what it runs from.",
        pattern=compiled(r"{P}"),
        needs="<p",
        gives=_term,
        others=True,
        rank=-5,
        examples=(
            (
                "La durée de la délégation est de douze ans à compter du 1er janvier 2015.",
                "P12Y",
            ),
            (
                "Le jardin est remis à Monsieur D. pour trois ans, renouvelables par délibération.",
                "P3Y",
            ),
        ),
        counterexamples=(
            "Le diagnostic est rendu pour six mois à compter de la signature du devis.",
            "La circulation est fermée pour deux mois à compter du 1er mars 2024.",
        ),
    ),
    Rule(
        name="fallback_adjective",
        field="term",
        why="« pour une période biennale, renouvelable »: the adjective, with what follows an initial term.",
        pattern=compiled(
            r"\bpour une (?:duree|periode) (?P<a>"
            + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
            + r")\b"
        ),
        cues=("pour une ",),
        gives=_adjective,
        others=True,
        rank=-5,
        examples=(("Le fonds accorde son appui pour une période biennale, renouvelable.", "P2Y"),),
        counterexamples=("Les rapports sont rendus pour une période annuelle.",),
    ),
    Rule(
        name="fallback_start",
        field="start",
        why="Whatever the verb: « à compter de », « dès », « à la date de » and a formal act or a day.",
        pattern=compiled(
            r"\b(?:a (?:compter|partir|dater|courir)|depuis|des(?= (?:la|le|sa|son|leur|reception|signature|transmission|notification|qu)\b| l'| qu')|sitot|(?:de)?comptee?|une fois|aussitot|a la date|au (?:jour|lendemain)|(?:debut|commenc|demarr)[a-z]* le)\b (?=d|l|s|r|t|n|c|a|<)(?P<w>[^;]{3,160})"
        ),
        gives=_start,
        others=True,
        rank=-5,
        examples=(
            (
                "Le conseil décide de reconduire pour trois ans, à compter du 1er juillet 2021, l'accord.",
                "date",
            ),
        ),
        counterexamples=("La redevance est due à compter de la notification de l'avis.",),
    ),
    Rule(
        name="fallback_stated",
        field="start",
        why="« Départ : … », « Prise d'effet : … »: a field of a list, whatever its name.",
        pattern=compiled(
            r"\A(?:la |le )?(?:date |jour |point )?(?:de |d')?(?:prise |mise |entree )?(?:de |d'|en )?(?:depart|debut|effet|application|vigueur)\b(?:[^<;.:]{0,30}:| (?=(?:le|au|du) ?<)) ?(?P<w>[^;]{3,90})"
        ),
        gives=_stated,
        rank=-5,
        examples=(("Durée : deux ans. Départ : transmission à la préfecture.", "transmission"),),
        counterexamples=("Départ de la randonnée : 9 heures.",),
    ),
    Rule(
        name="fallback_end",
        field="end",
        why="Any word of ending or of a last day, and a day.",
        pattern=compiled(
            r"\b(?:jusqu'? ?(?:au|a la date du)|dernier jour[^<;.]{0,30}?|(?:terme|fin|echeance|expiration)\b[^<;.]{0,40}? (?:le|au|du|est|:)|(?:cess|achev|termin|expir|finir|fini|eteind|clos|clot)[a-z]*[^<;.]{0,40}? (?:le|au))(?: le| :)? ?(?P<d>{D})"
        ),
        needs="<d",
        gives=_end,
        others=True,
        rank=-5,
        examples=(("Dernier jour d'application : 30 juin 2025.", "2025-06-30"),),
        counterexamples=("La voirie est fermée jusqu'au 30 juin 2025.",),
    ),
    Rule(
        name="fallback_act_to_day",
        field="end",
        why="« de sa signature au 31 décembre 2026 »: from a formal act to a day.",
        pattern=compiled(
            r"\b(?:de|des|depuis|entre|a compter de|a partir de) (?P<w>(?:la date de |le jour de )?(?:sa|la|leur) (?:date de )?(?:signature|notification|transmission)\b[^;<]{0,60}?)(?:,? et)? ?"
            r"(?:au|jusqu'? ?au|et le) ?(?P<d>{D})"
        ),
        needs="<d",
        gives=_act_to_day,
        others=True,
        rank=-5,
        examples=(("La convention court de sa notification au 31 décembre 2026.", "2026-12-31"),),
        counterexamples=("Le chantier va de la notification du marché au 31 décembre 2026.",),
    ),
    Rule(
        name="fallback_span",
        field="end",
        why="« Validité : du 01/09/2021 au 31/08/2024 »: a field of a list.",
        pattern=compiled(
            r"\A(?:duree|validite|periode|dates?)\b[^<;.:]{0,40}: ?(?:du )?(?P<a>{D}) ?(?:au|a|-|/) ?(?P<b>{D})"
            r"|(?P<p>{P}|annee (?:scolaire|universitaire|civile)(?: \d{4}(?:[-/]\d{2,4})?)?)(?: entiere?s?| consecuti[fv]e?s?)*,? ?(?:soit |a savoir |c'est-a-dire |allant )?(?:du|de) (?P<c>{D}) (?:au|jusqu'au) (?P<e>{D})"
            r"|\bdu (?P<f>{D}) (?:au|jusqu'au) (?P<h>{D})"
        ),
        needs="<d",
        gives=_span,
        rank=-5,
        examples=(("Validité : du 01/09/2021 au 31/08/2024.", "2024-08-31"),),
        counterexamples=("Dates du festival : du 5 juillet au 9 juillet.",),
    ),
)


def last_resort(document: Document, findings: list[Finding]) -> list[Finding]:
    """Return what the fall-back rules read of the fields that `findings` say nothing about."""
    known = {f.field for f in findings}
    rules = [r for r in FALLBACK_RULES if r.field not in known]
    if not rules:
        return []
    return [f for f in run(rules, document) if f.field not in known]
