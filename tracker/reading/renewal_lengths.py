"""How long each renewal lasts and how many there may be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.reading.french import ADJECTIVES, number
from tracker.reading.governing import (
    NOT_LIFE_RE,
    PAST_RE,
    RENEW_RE,
    a_bound,
    again,
    bound,
    clip,
    read_period,
    renewal_governs,
)
from tracker.reading.outline import OTHER, Sentence
from tracker.reading.rules import Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

SAME: Final = "same"  # a renewal "for the same period": the initial term's


def _renews(sentence: Sentence) -> bool:
    if RENEW_RE.search(sentence.text):
        return True
    return sentence.previous is not None and bool(RENEW_RE.search(sentence.previous.text))


_AT_MOST: Final = re.compile(r" (?:au plus|au maximum)\b")


def _times(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = clip(sentence.text, match.start(), 110)
    if (
        not _renews(sentence)
        or PAST_RE.search(sentence.text)
        or sentence.holder(match.start()) == OTHER
    ):
        return
    ahead = sentence.text[match.end() : match.end() + 70]
    if _AT_MOST.match(ahead) and RENEW_RE.search(ahead):
        before = ahead
    if not RENEW_RE.search(before) and "facult" not in before and "possibilite" not in before:
        return
    value = number(match["n"])
    if value is not None and 0 < value < 20:
        yield "renewal_max", value


_REFERENCE: Final = re.compile(
    r"\b(?:cette|ces|cet|ce|la dite|ladite|des|de la|(?<!tous )(?<!toutes )les) (?:periode |duree |premiere periode |terme )?(?:initiale? )?(?:de |d')?$"
    r"|(?:issue|fin|terme|expiration|echeance) (?:de |d')(?:la |l'|cette |ces |ce |une )?(?:duree |periode |premiere periode )?(?:initiale )?(?:de |d')?$"
    r"|(?:initiale?|premiere periode) (?:de |d')$|a l'issue des $|(?:apres|depuis) $|l'une des periodes (?:de |d')$"
)


def _renewal_length(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    start, end = match.span("p")
    text = sentence.text
    if PAST_RE.search(text) or sentence.holder(start) == OTHER:
        return
    if NOT_LIFE_RE.search(text[end : end + 60]) or _REFERENCE.search(
        text[max(0, start - 60) : start]
    ):
        return
    if re.search(
        r"preavis|delai|denonc[a-z]*[^<;,]{0,30}$|\bage\b|\bdans les\b",
        text[max(0, start - 40) : start],
    ):
        return
    if re.search(
        r"totale|maximale|(?:comprises?|incluses?),|au total|dans la limite|\bexced|depass|cumul|globale|l'ensemble|au-dela de",
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
    if not re.search(r"tacit|renouvel|recondu|prorog|prolong", text) or PAST_RE.search(text):
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
        cues=(
            "renouvel",
            "renouvab",
            "recondu",
            "prorog",
            "prolong",
            "tacit",
            "nouve",
            "repart",
            "continue",
            "poursui",
            "reprend",
            "etendue",
            "supplementaire",
        ),
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
        name="renewal_new_period",
        field="renewal_period",
        why="« vaudra pour une nouvelle année »: the period itself says that it comes again.",
        pattern=compiled(r"(?P<p>{P})"),
        needs="<p",
        gives=lambda s, m: (
            _renewal_length(s, m) if again(s) and renewal_governs(s, m.start()) else ()
        ),
        others=True,
        rank=1,
        examples=(
            (
                "Sauf dénonciation, l'arrangement vaudra pour une nouvelle année.",
                "P1Y",
            ),
        ),
        counterexamples=("L'arrangement vaut pour une année.",),
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
            r"d'exercice en exercice|annee (?:apres|par) annee|d'une? (?P<w>annee|an|exercice) (?:sur|a) l'autre|d'(?P<u>annee|an)(?: civile| scolaire| universitaire| budgetaire)? en an(?:nee)?\b|(?:de )?(?P<v>mois|trimestre|semestre) (?:en|par|apres) (?:mois|trimestre|semestre)\b"
            r"|(?:de |d')?(?P<p>{P}) (?:en (?P<q>{P})|(?:sur|a) l'autre(?=[.,;]|\Z| (?:sauf|tant|sans|a moins|tacit|par\b)))"
        ),
        cues=(
            "annee en annee",
            "annee par annee",
            "exercice en exercice",
            "annee apres annee",
            "l'autre",
            "an en an",
            "mois en mois",
            "mois par mois",
            "mois apres mois",
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
            if PAST_RE.search(s.text)
            else [("renewal_period", _EACH.get(m["u"] or m["v"] or "annee", "P1Y"))]
            if not m["p"]
            else [("renewal_period", read_period(s, m["q"] or m["p"])[0])]
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
            r"(?:par |pour (?:des |une |la )?(?:nouvelles? )?)?(?:periodes?|tranches?|reconductions?|renouvellements?) (?:successives? |tacites? |(?:est |sera )?(?:tacite|expresse?)(?:,| et) (?:est )?)?(?P<adjective>"
            + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
            + r")\b|(?:renouvel[a-z]*|reconduit[a-z]*|reconduct[a-z]*|expresse|tacite(?:ment)?(?: reconduction)?),? (?:d'elle-meme,? |de lui-meme,? |ensuite |alors )?(?:annuellement|chaque annee|(?:a (?:la|sa|chaque) [a-z ]{3,20} |le <d\d+> |au <d\d+> )(?:de )?chaque annee|tous les ans|annee (?:apres|par) annee|par an(?:nee)?\b|d'un an sur l'autre)"
        ),
        cues=("period", "tranche", "renouv", "recondu", "tacit"),
        gives=lambda s, m: (
            [("renewal_period", ADJECTIVES.get(m["adjective"] or "", "P1Y"))]
            if RENEW_RE.search(s.text, 0, m.end())
            or not RENEW_RE.match(s.text[m.end() :].lstrip(", "))
            else ()
        ),
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
            r"(?:la|une|de|des|d'une|pour) (?:nouvelles? )?(?:periodes? )?(?:de |d'une )?(?:duree )?(?:memes?|identiques?|equivalentes?|egales?) (?:duree|periode|temps|laps de temps|terme|a celle|a la (?:duree|periode) initiale)"
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
            r"|nombre (?:maximal |maximum )?(?:de|des) (?:reconductions|renouvellements|prorogations|prolongations)[^.;<]{0,30}? (?:a|de|est) (?P<k>une?|deux|trois|quatre|cinq|six|\d{1,2})\b"
            r"|(?P<m>(?:une|un)(?= seul)|(?<=d')une|deux|trois|quatre|cinq|\d{1,2})(?: ?\(\d+\))? (?:seule? )?(?:renouvellements?|reconductions?|prorogations?|prolongations?)\b(?! (?:est|sera|de la))"
        ),
        cues=("fois", "reprises", "renouvellement", "reconduction", "prorogation", "prolongation"),
        gives=lambda s, m: (
            [("renewal_max", number(m["k"]))]
            if m["k"]
            else _times(s, m)
            if m["n"]
            else (
                [("renewal_max", number(m["m"]))]
                if re.search(
                    r"limite|maximum|au plus|plus de|nombre|possibles?\b|prevue?s\b", s.text
                )
                and not PAST_RE.search(s.text)
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
