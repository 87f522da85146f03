"""The last day, the first day, and the fact that a term runs from."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ORDINAL_RE
from tracker.reading.governing import (
    DELAY_RE,
    PAST_RE,
    PRONOUN_START_RE,
    TERM_VERB_RE,
    agreement,
    bound,
    clip,
    read_period,
    renewal_governs,
)
from tracker.reading.outline import AGREEMENT, OTHER, Sentence
from tracker.reading.rules import Doubt, Given, Rule, compiled
from tracker.reading.subjects import AGREEMENT_RE, OTHER_RE

if TYPE_CHECKING:
    from collections.abc import Iterable

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


# « ont jusqu'au 1er juillet pour se mettre en conformité »: a delay to comply.
HAVE_UNTIL: Final = re.compile(
    r"\b(?:ont|a|auront|aura|dispos[a-z]+|autorisee?s?|invitee?s?|tenue?s? de [a-z ]{3,30}) $"
)


def _until_other(sentence: Sentence, match: re.Match[str]) -> bool:
    """True when « jusqu'au » is said of nothing that the sentence or its heading calls an agreement."""
    if not match.group().startswith("jusqu"):
        return False
    before = sentence.text[: match.start()]
    if HAVE_UNTIL.search(before):
        return True
    if (
        sentence.agreements
        or PRONOUN_START_RE.match(sentence.text)
        or sentence.previous is not None
    ):
        return False
    return not (
        TERM_VERB_RE.search(before)
        or re.match(r"(?:duree|validite|periode)\b", before)
        or re.search(r"\b(?:se lier|s'engager|s'unir|s'associer)\b", before)
        or sentence.heading
        or not before.strip()
    )


def _end(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    comma = sentence.text.rfind(", ", 0, match.start()) + 1
    held = agreement(sentence, match.end()) or (
        sentence.main == AGREEMENT and not OTHER_RE.search(sentence.text, comma, match.start())
    )
    if not held or PAST_RE.search(sentence.text) or _until_other(sentence, match):
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
    held = agreement(sentence, match.start()) or (
        sentence.granted(match.start()) and not PAST_RE.search(sentence.text)
    )
    if not held or not (
        TERM_VERB_RE.search(sentence.text)
        or re.search(r"periode|duree", sentence.text)
        or "duree" in sentence.heading
    ):
        return
    last = sentence.day(match["b"] or match["e"])
    first = sentence.day(match["a"] or match["c"])
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
    r"|(?:cet|dit) echange\b|(?:cette|ces) ratifications?|echange (?:de|des) (?:instruments|actes|ratifications|notes|notifications|lettres)"
    r"|(?:derniere|seconde|deuxieme) (?:(?:des|de ces|de leurs) (?:deux )?)?notifications?"
    r"|notifie[a-z]*[^<;]{0,110}(?:formalites|procedures|applicabilite|approbation de)|notifications? (?:de l'accomplissement|constatant|attestant)"
    rf"|{ORDINAL_RE} (?:jour|mois)[^<;]{{0,20}}(?:qui suivra|qui suit|suivant|apres)(?! (?:le|la|son|sa|leur) (?:depot|publication|parution))"
    r"|(?:ratifi|depot des? (?:instruments|ratifications)))"
    r"|(?P<signature>present jour|(?:date|jour) des presentes|jour de l'acte|signature|(?<!pour l'ensemble des )(?<!a l'egard des )signataires?|sign(?:ee?s?|ent)\b|appose)"
    r"|(?P<deliberation>deliber(?:ations?|e|er)\b|(?:adoption|vote)[^<;]{0,40}(?:derniere assemblee|conseils? (?:municipal|communautaire|departemental|regional|syndical|metropolitain|de communaute)|assemblee deliberante|comite syndical)|approbation[^<;]{0,60}(?:conseils? municipa(?:l|ux)|deliberation|assemblee deliberante|conseil communautaire))"
    r"|(?P<transmission>transmission|transmise?\b|transmettre|depot (?:de [^<;]{0,40} )?(?:en|a la) (?:sous-)?prefecture"
    r"|reception [^<;]{0,40}(?:prefecture|prefet|representant de l'etat|services de l'etat)|controle de legalite|teletransmission)"
    r"|(?P<notification>notification|notifiee?\b)"
    r"|(?P<executory>(?:caractere|devien[a-z]+|rendue?|sera|est|force|aura acquis[a-z ]{0,20}|revetu[a-z ]{0,20}|revet[a-z ]{0,20}) executoire)"
    r"|(?P<date><d\d+>)"
    r"|(?P<unknown>(?:1 ?er|premier)(?: jour)? du mois (?:qui suit|suivant)|mise en service|proces-verbal|rentree|debut de l'annee|reception(?![^<;]{0,60}notification)|publication|achevement|acceptation"
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


# « la date à laquelle la convention, signée de tous, aura été transmise »: the verb is the trigger.
_AT_FIRST: Final = re.compile(
    r"\A ?, (?:pour|a l'egard|entre|sous reserve|sauf|a titre|en ce qui)[^,;<]{2,80},"
)
_INSERTED: Final = re.compile(
    r"(?<=[a-z]), [^,;<]{3,80},(?= (?:aura|auront|sera|seront|est|sont|a ete|ont ete) )"
)


_FROM: Final = re.compile(r" ?(?:du|de|d')[ ]?(?:premier|1 ?er|jour|mois|debut|commencement)\b")


def trigger(sentence: Sentence, words: str) -> Iterable[Given]:
    """Yield what the `words` after « à compter de » make the start: the first trigger they name."""
    words = _INSERTED.sub(" ", _AT_FIRST.sub("", words))
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
    if kind == "date" and scope[: found.start()].endswith(" au ") and _FROM.match(scope):
        # « du premier jour de l'année au 31 décembre »: the last day, not the first.
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
    r"denonciation|resiliation|\bconge\b|retrait|suspension|sanction|decheance|radiation|\bmesure|cessation|exclusion|\bcess(?:e|er|era|ent)\b|modification|delegation(?! de (?:service|maitrise))|demission|renonciation|\bcession|abonnement"
    r"|adhesion d[eu'](?! la (?:commune|ville|collectivite))|amendement|objection|tarif|decision|arrete\b|avenant|(?:la|cette|presente) deliberation (?:prend|est|entre)"
)


_ARTICLE: Final = re.compile(r"\A(?:la |le |l'|les |une? |cette |ce |cet |toute? |chaque )")


def _effect(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = sentence.text[: match.start()]
    scope = clip(sentence.text, match.start(), 110)
    unlike = _NOT_EFFECT.search(scope)
    if unlike is not None and not (unlike.group() == "avenant" and "present avenant" in scope):
        return
    if PAST_RE.search(before):
        return
    if PRONOUN_START_RE.match(sentence.text) and _NOT_EFFECT.match(
        _ARTICLE.sub("", sentence.subject)
    ):
        return
    if sentence.holder(match.start()) == OTHER:
        return
    if sentence.holder(match.start()) != AGREEMENT and not before.strip():
        return
    yield from trigger(sentence, match["w"])


_SHOWN: Final = re.compile(r"\b(?:expos|affich|consultab|publi|depos|suspen)[a-z]*\b")
# « prend fin un an après le jour de réception de la notification »
_OF_RECEPTION: Final = re.compile(r" ?(?:de |la |sa |date )*reception\b")


def _after_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start("p")
    granted: bool | re.Match[str] | None = (
        not sentence.others
        and sentence.holder(start) != OTHER
        and not PAST_RE.search(sentence.text)
        and re.search(r"\b(?:consenti|confie|concede|acquis|accorde)e?s?\b", sentence.text[:start])
    )
    granted = bool(granted) or (sentence.granted(start) and not PAST_RE.search(sentence.text))
    if not (agreement(sentence, start) or granted) or renewal_governs(sentence, start):
        return
    if _OF_RECEPTION.match(match["w"]) and re.search(r"fin |expire|cesse", match.string[:start]):
        return
    cut = _CUT.search(match["w"])
    if re.search(
        r"denonc|faire cesser|intention d",
        match["w"][: cut.start() if cut is not None else 90][:90].split(">,")[0],
    ):
        return
    before = clip(sentence.text, start, 60)
    if DELAY_RE.search(before) and not (
        "duree" in sentence.heading and sentence.text.startswith("le delai est")
    ):
        return
    if _SHOWN.search(before):
        return
    yield from trigger(sentence, match["w"])


def _before_term(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start = match.start("p")
    held = agreement(sentence, start) or sentence.granted(start)
    if not held or renewal_governs(sentence, start) or PAST_RE.search(sentence.text):
        return
    if DELAY_RE.search(match.group()) or bound(sentence, start, match.end("p")) is not None:
        return
    yield from trigger(sentence, match["w"])
    if "duree" in sentence.heading:
        yield "term", read_period(sentence, match["p"])[0]


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
            r"(?:\b(?:allant|s'etendant) de [^<;]{3,50} au|jusqu?'? ?au|prend(?:ra|re|)? fin\b[^<;]{0,50}? (?:le|au)|\b(?:mis|met|mettra) fin\b[^<;]{0,50}? (?:le|au)|\bfin (?:est fixee )?(?:le|au)"
            r"|s'(?:acheve(?:ra)?|etein(?:t|dra)),? (?:le|au)|s'arrete(?:ra)?[^<;]{0,30}? (?:le|au)|tombe(?:ra)?\b[^<;]{0,30}? (?:le|au)|expire(?:ra)?[^<;]{0,25}? (?:le|au)"
            r"|(?:arrive|arrivera|viendra|vient|venant|parvient) a (?:son )?(?:echeance|expiration|terme)[^<;]{0,15} (?:le|au)"
            r"|echeance(?: est)?(?: fixee)? (?:le|au)|se termine(?:ra)?[^<;]{0,30}? (?:le|au)"
            r"|(?:echeance|terme|fin|issue|expiration|duree|validite)[^<;]{0,40}? (?:report|port|fix|repouss|prolong|prorog|decal|arret|etabli|ramen|avanc)[a-z]* (?:au|jusqu'au)|(?:report|port|fix|repouss|prolong|prorog|decal|arret|ramen|avanc)[a-z]* (?:la date d'|le |la |l'|son |sa )(?:echeance|terme|fin|expiration|date de fin|validite)[^<;]{0,40}? (?:au|jusqu'au)|cess(?:e|era|ent|eront)[^<;]{0,60}? (?:le|au|a la date du)|(?:se terminer|s'achever|prendre fin|finir|expirer|cesser) (?:le|au)|terme[^<;]{0,60}? (?:le|au)"
            r"|caduque[^<;]{0,30}? (?:le|au)|\b(?:finit|finira|(?:est|sera) (?:close?|echue?)) (?:le|au)|\bne [a-z]+ (?:plus|pas)[^<;]{0,30} (?:au-dela|apres) (?:du|le)|(?<!premiere )(?<!derniere )echoi[rt]a? le|date de fin[^<;]{0,20}?|en vigueur jusqu'a la date du)"
            r"[ ]?(?:plus tard le |inclus |lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )*(?P<d>{D})"
        ),
        needs="<d",
        gives=_end,
        others=True,
        examples=(
            ("La convention prend fin le 31 décembre 2026.", "2026-12-31"),
            ("Le présent accord restera en vigueur jusqu'au 30 juin 2028 inclus.", "2028-06-30"),
            ("Le terme de la convention est repoussé au 15 octobre 2026.", "2026-10-15"),
        ),
        counterexamples=("Le festival s'achève le 13 juillet 2023.",),
    ),
    Rule(
        name="end_stated",
        field="end",
        why="« Fin : 28/02/2023 », in a list or in the row of a table.",
        pattern=compiled(
            r"\A(?:date de |date d')?(?:fin|terme|echeance|expiration)\b[^<;.]{0,30}: ?(?:le |au )?(?P<d>{D})"
        ),
        needs="<d",
        gives=_end,
        others=True,
        examples=(("Durée : trois ans. Fin : 28/02/2023.", "2023-02-28"),),
        counterexamples=("Durée : trois ans. Début : 01/03/2020.",),
    ),
    Rule(
        name="from_to",
        field="end",
        why="« du 1er janvier 2022 au 31 décembre 2024 » gives both days, and no term (rule 13).",
        pattern=compiled(
            r"\((?P<c>{D}) ?(?:-|au|/) ?(?P<e>{D})\)|\b(?:du|allant du|entre le) (?P<a>{D})(?: inclus)?,?(?: et)?(?: jusqu')?"
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
            r"(?P<p>{P}|duree (?:indeterminee|illimitee|indefinie))(?:,? ?(?:et |qui |ferme |entiers? |consecutifs? |calendaires? |pleins? ))*,? ?"
            r"(?:(?:a (?:compter|partir|dater|courir|valoir)|commencer(?:a|ont) a courir|commencant a courir|prenant effet|courant|debutant|commencant|commence"
            r"|court|debute|courent|prend effet)\b|\bdes\b|suivant\b"
            r"|(?:(?!preavis|delai|avant|renouvel|recondu|sauf|resili|denonc)[^<;.]){1,60}?\b(?:a (?:compter|partir|dater) (?=d)|depuis (?=l|s|c)|(?:de)?comptee?s? (?=d)"
            r"|des (?=l[ea'] ?|sa |son |leur |qu|accompliss|notification|signature|transmission)"
            r"|avec (?:prise d'|date d')?effet (?=au|le|du|a la|a sa)|(?:du|depuis le|le) (?:jour|lendemain) (?=d|ou)|avec pour (?:origine|point de depart) |ayant pour (?:origine|point de depart) |cour(?:ir|ent|ant|ra|ront) (?=d|l|a )|pren[a-z]+ (?:cours|effet|naissance|date) (?=d|l|a)|commenc[a-z]+ (?=d|l|a )|debut[a-z]+ (?=d|l|a )))"
            r"(?P<w>[^;]{0,180})"
        ),
        cues=("<p", "duree in", "duree il"),
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
        name="start_before_term",
        field="start",
        why="« à compter du 1er mars 2024 et pour deux ans »: the first day stands before the period.",
        pattern=compiled(
            r"\b(?:a (?:compter|partir|dater) |des )(?P<w>(?:du|de|d'|la|sa|le|l'|son)[^;.]{2,80}?),? ?(?:et )?(?:pour|pendant) "
            r"(?:une |un )?(?:(?:duree|periode|delai) )?(?:[a-z]+ )?(?:de |d')?(?P<p>{P})"
        ),
        needs="<p",
        gives=_before_term,
        others=True,
        rank=3,
        examples=(
            (
                "La salle est mise à disposition à compter du 1er mars 2024 et pour deux ans.",
                "date",
            ),
        ),
        counterexamples=("Le stage se déroule à compter du 1er mars 2024 pour deux mois.",),
    ),
    Rule(
        name="start_effect",
        field="start",
        why="An effect clause says what the agreement runs from, with or without a term (rule 17).",
        pattern=compiled(
            r"\b(?:(?:prend|prendra|prenant|prennent|prendront)(?: [a-z]+){0,4}? (?:effet|cours|naissance|rang|date|vigueur)\b"
            r"|entr(?:e|era|ent|eront|ant) en (?:vigueur|application)|port(?:e|ent|era|eront) effet|produi(?:t|ra|sant)[^<;]{0,20} effets?"
            r"|sortira[^<;]{0,40} effet|debut(?:e|ent|era|eront|ant)\b|commence(?:ra|nt)?\b|\b(?:court|courra|courent|courront|partira|partent|part)\b"
            r"|point de depart|trouve(?:ra)? son (?:origine|depart) (?:dans|a)\b|se (?:de)?compte|(?:est|sont) (?:de)?comptee?s?|acquiert force|(?:est|sont|sera|seront) (?:applicables?|executoires?|effectives?|opposables?|en application)|rec(?:oit|oivent|evra) application|(?:est|sera) mise? en (?:application|oeuvre)(?= (?:a|au|le|des)\b)|lie les parties|s'applique|vaut|est en vigueur|valables?\b|(?:date|prise) d'(?:effet|entree en vigueur)[^<;:]{0,30}(?::| (?=(?:au|le|du) <d))|\b(?:a|avec) effet(?= (?:du|au|le|des|a compter|a partir|a dater|a la)\b)|\b(?:allant|s'etendant|courant)(?= de\b)|\beffet ?:|(?:debut|depart)[^<;:]{0,20}:|s'ouvre|prend rang|remont(?:e|ent|era|eront)(?= (?:au|a la))|(?:nait|naitra|naissent)(?= (?:de|a|du|le|au)\b)|(?:conclu|consenti|passe|signe|loue|constitue|cree|institue|instaure|forme|etabli|attribue|concede|confie|accorde|pris|mise? a disposition)e?s?\b[^;.<]{0,80}?(?= a (?:compter|partir|dater) d)|(?:debuter|commencer|courir|prendre effet|entrer en (?:vigueur|application))(?= (?:le|au|a compter|a partir|des|a la date)\b)|demarr[a-z]+|effecti(?:ve|f)s?\b"
            r"|(?:date d'effet|prise d'effet|entree en vigueur|point de depart)[^<;:.]{0,60}? (?:est|sera|intervient|interviendra|correspond|coincide)(?: fixee?| subordonnee?| conditionnee?| liee?)?(?= (?:a|au|le|celle|celui|des|avec|lors)\b))(?P<w>[^;]{0,180})"
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
            ("Les effets de la convention remontent au 1er septembre 2022.", "date"),
            (
                "La convention, dont le règlement intérieur est annexé, prend effet à sa notification.",
                "notification",
            ),
        ),
        counterexamples=(
            "La dénonciation prend effet à la date de sa notification.",
            "Toute modification prend effet à la signature de l'avenant.",
            "La charte peut être dénoncée ; elle cesse ses effets à la réception de la notification.",
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
            trigger(s, m["w"])
            if s.main != OTHER and (AGREEMENT_RE.search(s.text) or "duree" in s.heading)
            else ()
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
