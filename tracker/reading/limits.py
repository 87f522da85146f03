"""The limit on the whole, renewals included (labelling rule 4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.reading.governing import PAST_RE, clip, read_period
from tracker.reading.outline import OTHER, Sentence
from tracker.reading.rules import Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable


def _max_total(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    before = clip(sentence.text, match.start("p"), 110)
    if re.search(r"\bdelais?\b|paiement|\bavance\b|\bsejour", before):
        return
    if sentence.holder(match.start("p")) != OTHER and not PAST_RE.search(sentence.text):
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
            r"|duree maximale totale (?:de |d')|\btotal des (?:periodes|durees|reconductions)[^<;]{0,50}?(?:superieure? a|exced[a-z]+|depass[a-z]+) (?:de |d')?"
            r"|\b(?:confondue?s?|comprise?s?|incluse?s?), [^<;]{0,40}?(?:exced|depass)[a-z]*(?: pas| point)? (?:de |d')?"
            r"|duree maximale,? [^<;]{0,30}(?:reconductions?|renouvellements?|prolongations?)[^<;]{0,40}?(?:de|d'|a|:)[ ]?"
            r"|duree (?:totale|globale|cumulee)[^<;]{0,90}?(?:exceder|au-dela de|depasser|superieure a|limitee a|de|d'|a)[ ]?(?:plus )?(?:de |d')?"
            r"|duree (?:de l'ensemble|d'ensemble|cumulee|totale|globale)[^<;]{0,40}(?:borne|limite|plafonne|arrete|ramene)[a-z]* a (?:un maximum de )?"
            r"|porter la duree (?:totale |globale )?[^<;]{0,50}au-dela de |sans que [^<;]{0,90}?(?:exced[a-z]+|depass[a-z]+)[^<;]{0,20}?"
            r"|sans (?:pouvoir )?(?:exceder|depasser)(?: une duree)?(?: totale| globale)?(?: maximale)?(?: de| d')? ?"
            r"|au total[^<;]{0,30}?(?:exceder|depasser|de) |au total,[^<;]{0,60}?(?:exced|depass)[a-z]*(?: pas| point)? (?:de |d')?)(?P<p>{P})"
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
