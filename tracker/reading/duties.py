"""What comes back during the life of an agreement: evaluations, reports, committees, payments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tracker.reading.french import ADJECTIVES, number
from tracker.reading.outline import Sentence
from tracker.reading.rules import Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# --------------------------------------------------------------------------------------------------
# How often
# --------------------------------------------------------------------------------------------------

_TIMES: Final = {"une": 1, "un": 1, "deux": 2, "trois": 3, "quatre": 4, "six": 6, "douze": 12}
_PER: Final = {
    "an": 12, "annee": 12, "annee civile": 12, "exercice": 12, "semestre": 6, "trimestre": 3, "mois": 1,
    "annee scolaire": 12, "annee universitaire": 12, "saison": 12,
}  # fmt: skip
FREQUENCY_RE: Final = compiled(
    r"(?P<each>(?:a )?chaque (?:fin de |fin d'|debut de |debut d')?(?P<eachunit>mois de (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)|an\b|annee|exercice|semestre|quadrimestre|trimestre|bimestre|mois|semaine|quinzaine|saison|printemps|automne|hiver|ete|rentree))"
    r"|(?P<all>tou(?:s|tes) les (?P<allunit>ans|mois|semestres|trimestres|annees|semaines|quinzaines|exercices|saisons|rentrees))"
    r"|(?P<every>tou(?:s|tes) les (?P<everyp>{P}))"
    r"|(?P<times>(?:(?:au moins|au minimum|minimum) )?(?P<n>une|deux|trois|quatre|six|douze|\d{1,2})(?: ?\( ?\d+ ?\))?(?: seule)? fois (?:au (?:moins|minimum) )?(?:par|l'|dans l'|chaque|tous les|au cours de chaque|a chaque|durant chaque) ?(?:an\b|annee civile|annee scolaire|annee universitaire|annee|semestre|trimestre|mois|exercice|saison|(?P<timesp>{P})))"
    r"|(?P<again>a (?P<r>deux|trois|quatre|six) reprises (?:par|dans l'|au cours de (?:l'|chaque )|chaque |durant l')(?P<runit>an|annee|semestre|trimestre))"
    r"|(?P<per>(?<=[a-z] )par (?P<perunit>trimestre|semestre|quadrimestre|exercice)\b)"
    r"|(?P<count>(?:au moins )?(?P<k>une?|deux|trois|quatre|six|\d{1,2}) (?:reunions?|rencontres?|seances?|comites?|bilans?|rapports?|points?|sessions?)(?: (?!par\b)[a-z'-]+){0,4}? (?:par|chaque|dans l'|au cours de chaque) ?(?P<kunit>an|annee|trimestre|semestre|mois)\b)"
    r"|(?P<counted>(?P<j>deux|trois|quatre|six) (?:reunions?|rencontres?|seances?|comites?|bilans?|rapports?|points?)(?: [a-z'-]+){0,2} (?P<jadj>annuel(?:le)?s|semestriel(?:le)?s|mensuel(?:le)?s|trimestriel(?:le)?s))"
    r"|(?P<other>(?:une|un|<p\d+>) ?(?:annee|an)? ?sur deux)"
    r"|(?P<seasons>au printemps et a l'automne|a l'automne et au printemps)"
    r"|(?P<months>en (?:[a-z]{3,9}) et (?:en )?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre) de chaque annee)"
    r"|(?P<adverb>annuellement|semestriellement|trimestriellement|mensuellement)"
    r"|(?P<years>(?:de|par|pour) chaque annee|par an\b|au moins <p\d+> par an)"
    r"|(?P<rhythm>(?:periodicite|frequence|rythme|cadence|echeance|base)(?: (?:au moins|minimale?|minimum|a minima))? (?P<rhythmadj>"
    + "|".join(sorted(ADJECTIVES, key=len, reverse=True))
    + r")\b)"
    r"|(?P<adjective>\b(?:" + "|".join(sorted(ADJECTIVES, key=len, reverse=True)) + r"))\b"
)
_ADVERBS: Final = {
    "annuellement": "P1Y", "semestriellement": "P6M", "trimestriellement": "P3M", "mensuellement": "P1M",
}  # fmt: skip
_UNIT: Final = {
    "annee": "P1Y", "exercice": "P1Y", "saison": "P1Y", "semestre": "P6M", "trimestre": "P3M", "mois": "P1M",
    "quadrimestre": "P4M", "bimestre": "P2M", "quinzaine": "P15D", "quinzaines": "P15D", "semaines": "P1W",
    "exercices": "P1Y", "saisons": "P1Y", "rentrees": "P1Y", "ans": "P1Y", "annees": "P1Y", "semestres": "P6M", "trimestres": "P3M", "printemps": "P1Y",
    "an": "P1Y", "semaine": "P1W", "automne": "P1Y", "hiver": "P1Y", "ete": "P1Y", "rentree": "P1Y",
}  # fmt: skip


def _split(count: int, months: int) -> str | None:
    """Return the period of `count` times in so many months: twice a year is P6M."""
    if count == 1:
        return "P1Y" if months == 12 else f"P{months}M"
    if months % count:
        return None
    return f"P{months // count}M"


def frequency(sentence: Sentence, match: re.Match[str]) -> str | None:
    """Return the ISO period a frequency means."""
    group = match.groupdict()
    if group["each"]:
        return _UNIT.get(group["eachunit"], "P1Y")
    if group["all"]:
        return _UNIT[group["allunit"]]
    if group["every"]:
        return sentence.period(group["everyp"]).iso
    if group["times"]:
        if group["timesp"]:
            return sentence.period(group["timesp"]).iso if group["n"] in ("une", "1") else None
        count = _TIMES.get(group["n"]) or (int(group["n"]) if group["n"].isdigit() else 0)
        words = group["times"]
        for unit in sorted(_PER, key=len, reverse=True):
            if words.endswith(unit):
                return _split(count, _PER[unit]) if count else None
        return None
    if group["again"]:
        return _split(_TIMES[group["r"]], _PER[group["runit"]])
    if group["per"]:
        return _UNIT[group["perunit"]]
    if group["count"]:
        count = _TIMES.get(group["k"]) or (int(group["k"]) if group["k"].isdigit() else 0)
        return _split(count, _PER[group["kunit"]]) if count else None
    if group["counted"]:
        months = {"P1Y": 12, "P6M": 6, "P3M": 3, "P1M": 1}[ADJECTIVES[group["jadj"]]]
        return _split(_TIMES[group["j"]], months)
    if group["other"]:
        return "P2Y"
    if group["seasons"] or group["months"]:
        return "P6M"
    if group["adverb"]:
        return _ADVERBS[group["adverb"]]
    if group["rhythm"]:
        return ADJECTIVES[group["rhythmadj"]]
    if group["years"]:
        return "P1Y" if "chaque" in group["years"] else None
    return ADJECTIVES[group["adjective"]]


# --------------------------------------------------------------------------------------------------
# Of what
# --------------------------------------------------------------------------------------------------

_EVALUATION: Final = re.compile(
    r"\b(?:auto-?)?evaluations?\b(?! (?:des|de l'|du|de la) ?(?:eleve|agent|stagiaire|candidat|risque|bien|dommage|stock|prejudice|materiel|patrimoine|salarie))|\bevaluer(?:a|ont|aient)?\b|\bevalu(?:e|ent|ee|es|ees)\b|\bbilans?\b(?! du (?:stage|sejour)| hydrique| energetique| thermique| medical| acoustique| de mandat| comptable| social| carbone| sanguin| de sante| de competence)"
)
_REPORT: Final = re.compile(
    r"\b(?:rapports?|comptes?[ -]rendus?|comptes? (?:de resultat|annuels?|d'emploi|financiers?)|ses comptes|etats? (?:des|de|du|d'|(?:financier|recapitul|statist|detaill)[a-z]*)"
    r"|statistiques?|syntheses?|tableaux? de bord|releves? (?:des|de)|chiffres|decomptes?|notes? (?:de synthese|d'avancement|d'information|d'etape|de suivi|annuelle|semestrielle|trimestrielle|mensuelle)|extraits?|recapitulatifs?|tableaux? (?:(?:de|des|du)(?! (?:creneaux|horaires?|service|garde|permanences|amortissement|peintures?|maitre))|recapitul[a-z]*|annuels?|statistiques?|financiers?|doit|doivent|est|sont)|comptabilite|budgets? previsionnels?|comptes certifies|comptes|effectifs|etats? (?:annuels?|trimestriels?|semestriels?|mensuels?)"
    r"|rend(?:ra|ent|re|u)? compte|un releve|(?:donnees|indicateurs|resultats|informations|frequentation)(?: [a-z']+){0,5} (?:est|sont|sera|seront) (?:communiqu|transmi|adress|fourni|remis)[a-z]*|tableau de suivi|(?:communique|transmet|adresse|fait connaitre|indique|fourni|remet|produi)[a-z]*(?: [a-z']+){0,6} (?:le nombre|les effectifs|la frequentation|(?:les |des |ses )?(?:indicateurs|donnees|resultats|informations|releves?|justificatifs de)))\b"
)
_COMMITTEE: Final = re.compile(
    r"\b(?:comites?|commissions?|conferences?|copil|cotech|conseil de (?:suivi|partenariat|perfectionnement)|instances?|groupes? (?:de (?:suivi|travail|pilotage|projet|concertation)|technique|projet|mixte|paritaire)|cellule de (?:suivi|veille|coordination|pilotage)|equipe projet|table ronde|assemblee pleniere)\b"
)
_MEETING: Final = re.compile(
    r"\bse (?:reuni|rencontr|retrouv|revo[iy]|concert|parlent|voient|tiendr|tienn|tien)|\b(?:est|sont|sera|seront|etre) (?:reuni|convoque|tenue?|organisee?)|\breunions?\b|\brencontres?\b"
    r"|, reunie?s?\b|\bse tien|\bfait le point|\bfont le point|\btient seance|\bseances?\b|\bentretiens?\b|\b(?:instance|comite|commission|groupe|reunion|rencontre|point|entretien)s?\b[a-z' ]{0,30} (?<! se )(?<!\bse )(?:reunit|reunira|reunissant|rassemble|rassemblant)\b|\btiennent|\bsieg|\bs'assembl|\bse rassembl|\bse concert|\bse voi|\bs'entretien|\bechangent\b|\bfont (?:un|le) point|\brevues? de (?:projet|contrat|programme)|\bpoints? d'avancement|\bse prononce|\bun point d'etape|\bpoint (?:d'etape )?est fait|\best fait un point|tien[a-z]* conseil|rendez-vous"
)
_SITS: Final = re.compile(
    r"\b(?:comite|commission|copil|groupe|conseil de [a-z]+)\b[^;.]{0,70}?\b(?:examine|delibere|statue|passe en revue|fait le bilan|font le bilan|arrete le programme)(?:ra|nt)?\b"
    r"|\b(?:comite|commission|conference|copil|conseil de suivi|instance)s?\b[^;.]{0,70}? (?:a|ont|aura|auront) lieu\b|\bsa (?:periodicite|frequence)\b|\bses (?:reunions|seances) (?:ont|auront|se|sont)\b"
    r"|\b(?:comite|commission|conference|instance|reunion|rencontre)s?,? (?:[a-z']+ (?:[a-z']+ )?)?(?:[a-z']+, )?(?:annuel|semestriel|trimestriel|mensuel|bimestriel)"
)
_WRITES: Final = re.compile(
    r"(?:est|sera|sont|seront|soit) (?:[a-z]+ment )?(?:faite?s?|delivre|produit)|remet|remis|adress|transmet|transmis|fourni|produi|rend\b|rendent|rendra|envoi|envoy|present|etabli|parvenir|tenir|communiqu|dress|redig|soumet|soumis|depos|justifi"
    r"|tient|publie|donne|rendre|rendu compte|elabor|prepar|verser|renseign|complete|actualis|a jour|integr|annex|joint|joign|inser|declar|fait rapport|font rapport|est fait|echang|partag|tien[a-z]* [^;]{0,25}informe|procure|livr|delivr"
)
_BODIES: Final = re.compile(
    r"assemblee generale|comite (?:consultatif )?(?:des |d')(?:usagers|parents|eleves|locataires|riverains)|comite (?:syndical|des fetes|d'entreprise|social|des oeuvres|departemental|regional)|conseil d'administration|commission des finances|analyse de la pratique|conseils? d'ecoles?|bureau|commission d'attribution|commission (?:d'appel|de securite|communale de securite|electorale)"
)
_NOT_DUTY: Final = re.compile(
    r"eu egard|conformement|au vu d|sur (?:la )?presentation|apres examen|examine le|donne(?:nt)? (?:son|leur) avis sur|visite|controle technique|assurance|inspection"
    r"|\bchantier|extincteurs|police est|verifi|recolement|indexe|revis[ei]e?|subvention[^.;]{0,40}reconduite|pourra etre reconduite|cotisation|tarif|loyer|facture"
)


_OFTEN: Final = re.compile(
    r"chaque|tous les|toutes les|\bfois\b|sur deux|par (?:tri|se|quadri)mestre|par exercice|printemps|annuel|nnal|suel|triel|hebdo|par an\b|\d (?:reunions|seances)"
    r"|(?:une|deux|trois|quatre|six) (?:reunions?|seances?|rencontres?|comites?|bilans?|rapports?|points?|sessions?)"
)


def _duty_frequencies(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    if _OFTEN.search(sentence.text) is None:
        return
    found = [
        (match.start(), match.end(), every, bool(match["other"]))
        for match in FREQUENCY_RE.finditer(sentence.text)
        if (every := frequency(sentence, match)) is not None
    ]
    for start, end, every, alternates in found:
        # « une année sur deux dans chaque ville, de sorte qu'il siège chaque année »: in turn
        if not (alternates and len(found) > 1):
            yield start, end, every


def _near(
    positions: list[tuple[int, int, str]], start: int, end: int, text: str
) -> tuple[int, int, str] | None:
    """Return the frequency that goes with a noun: in the same stretch, the nearest."""
    best: tuple[int, tuple[int, int, str]] | None = None
    for item in positions:
        first, last = min(item[1], end), max(item[0], start)
        between = text[first:last] if first < last else ""
        if ";" in between:
            continue
        distance = max(0, last - first) + (15 if "," in between else 0)
        if best is None or distance < best[0]:
            best = (distance, item)
    if best is None:
        return None
    leading = best[1][0] <= 12  # « Chaque année, … » governs all that its sentence lists
    return best[1] if best[0] <= 190 or leading else None


# « … se réunissent une fois l'an ; à cette occasion est établi le compte rendu »
_THAT_DAY: Final = re.compile(
    r"\b(?:a cette occasion|lors de (?:cette|ces) (?:reunions?|rencontres?|seances?)|au cours de (?:cette|ces) (?:reunions?|rencontres?|seances?)|a l'issue de (?:cette|chaque) (?:reunion|rencontre|seance))\b"
)


def recurring(sentence: Sentence) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Yield the recurring duties of one sentence, with their place."""
    text = sentence.text
    positions = list(_duty_frequencies(sentence))
    if not positions and sentence.previous is not None and _THAT_DAY.search(text):
        before = list(_duty_frequencies(sentence.previous))
        positions = [(0, 0, every) for _, _, every in before[-1:]]
    if not positions:
        yield from _listed(sentence)
        return
    seen: set[tuple[str, str]] = set()
    for kind, start, end in _duties(sentence):
        item = _near(positions, start, end, text)
        if item is None or (item[1] <= start and _OWN_MOMENT.search(text[item[1] : start])):
            continue
        adjective = text[item[0] : item[1]] in ADJECTIVES
        if adjective and not _adjoins(text, start, end, item, kind):
            continue
        if (kind, item[2]) in seen:
            continue
        seen.add((kind, item[2]))
        yield {"kind": kind, "every": item[2]}, min(start, item[0]), max(end, item[1])
        if kind == "committee":
            for later in positions:
                again = later[0] > item[1] and _AND_AGAIN.fullmatch(text[item[1] : later[0]])
                if again and later[2] != item[2]:
                    yield {"kind": kind, "every": later[2]}, start, later[1]


# « … un compte rendu chaque année et, avant la fin de la seconde, une évaluation »
_OWN_MOMENT: Final = re.compile(
    r"\b(?:et|puis|ainsi que)[ ,]+(?:avant|au terme|a l'issue|en fin|a la fin|a l'echeance|a l'expiration|lors)\b(?![^,]*(?:chaque|annee|exercice|semestre|trimestre))"
    r"|\b(?:et|puis)[ ,]+avant la fin de la (?:seconde|deuxieme|troisieme|derniere)\b"
)
# « Bilan : annuel », « Comité de suivi : deux réunions par an »: a label and no verb.
_LABELLED: Final = re.compile(
    r"\A[ -]*(?:l'|la |le |les |un |une )?(?P<noun>[a-z' -]{3,50}?)(?: \([^)]*\))? ?:[ ]?(?:au moins |au minimum |minimum )?"
)


def _label(text: str, start: int, frequency_at: int) -> bool:
    """True when the noun at `start` is a label and what follows the colon its frequency."""
    match = _LABELLED.match(text)
    return match is not None and start < match.end("noun") and 0 <= frequency_at - match.end() <= 12


def _listed(sentence: Sentence) -> Iterator[tuple[dict[str, Any], int, int]]:
    """« … fournit chaque année : - le rapport d'activité ; - les comptes »: the lead's frequency."""
    lead = sentence.lead
    if lead is None:
        return
    positions = list(_duty_frequencies(lead))
    if not positions or not _WRITES.search(lead.text):
        return
    match = _REPORT.search(sentence.text) or _EVALUATION.search(sentence.text)
    if match is not None and match.start() < 40:
        kind = "report" if _REPORT.search(sentence.text) else "evaluation"
        yield {"kind": kind, "every": positions[-1][2]}, match.start(), match.end()


def _adjoins(text: str, start: int, end: int, item: tuple[int, int, str], kind: str) -> bool:
    """An adjective belongs to the noun it follows at once: « rapport annuel », « bilan annuel »."""
    if _label(text, start, item[0]):
        return True
    if item[0] >= end:
        between = text[end : item[0]]
        if between.endswith(", ") and text[item[1] : item[1] + 1] == ",":
            between = between[:-2]  # « L'évaluation du projet, biennale, … »
        return len(between) <= 45 and not re.search(
            r"[,:]|\bdu (?:comite|rapport|bilan|programme|budget)\b|\bcomite\b|\bprogramme\b",
            between,
        )
    between = text[item[1] : start]
    return bool(re.fullmatch(r"(?: (?:de|du|des|d'|la|le|l'))*[ ]?", between)) or (
        kind == "committee" and len(between) <= 40
    )


_LAST: Final = re.compile(r" (?:[a-z]+ )?(?:finale?|d'ensemble|globale?|de l'ensemble|de fin)\b")
# « au vu des évaluations annuelles »: mentioned, and periodical all the same.
_PERIODIC: Final = re.compile(r" (?:annuelles|semestrielles|trimestrielles|biennales)\b")
_PEOPLE: Final = re.compile(
    r"(?:stagiaires?|eleves?|agents?|candidats?|apprentis?|etudiants?|salaries?|volontaires?|fonctionnaires?|materiels?|mobiliers?|arbres?|stocks?|biens?|risques?|dommages?) (?:est|sont|sera|seront) $"
)


def _duties(sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    text = sentence.text
    writes = _WRITES.search(text) is not None
    meets = next(
        (
            m
            for m in _MEETING.finditer(text)
            if not re.search(
                r"(?:au cours|lors|a l'occasion|defaut|informe) (?:d'une|de la|des|de leur|de|de cette) $|\ben $|\bpour (?:la |les |des |ses |leurs )$",
                text[: m.start()],
            )
        ),
        None,
    )
    if not writes:
        writes = _LABELLED.match(text) is not None or _VERBLESS.match(text) is not None
    committee = _COMMITTEE.search(text)
    if meets is None:
        meets = _VERBLESS_MEETING.match(text)
    body = _BODIES.search(text)
    for match in _EVALUATION.finditer(text):
        accounts = re.search(r"comptes? de resultat[^;]{0,25}$", text[: match.start()]) or re.match(
            r" (?:et (?:le |son )?|, (?:le |son )?)comptes? de resultat", text[match.end() :]
        )
        if _LAST.match(text, match.end()):
            continue
        if re.search(r"\bet (?:une? |l'|son )$", text[: match.start()]) and (
            _BEFORE_END.search(text, match.end()) is not None
            and FREQUENCY_RE.search(text, match.end()) is None
        ):
            continue  # « … se réunit deux fois par an et une évaluation est conduite avant le terme »
        people = _PEOPLE.search(text, 0, match.start())
        aside = _aside(text, match.start()) and not _PERIODIC.match(text, match.end())
        if not aside and not accounts and people is None:
            yield "evaluation", match.start(), match.end()
    for match in _REPORT.finditer(text):
        if writes and not _aside(text, match.start()):
            yield "report", match.start(), match.end()
    if meets is None:
        meets = _SITS.search(text)
    if body is not None and (
        _VISITS.search(text) or re.search(r"\bet (?:le |la |l')?$", text[: body.start()])
    ):
        body = None
    if _COMMITTEES_ONLY.search(text):
        for match in _COMMITTEE.finditer(text):
            yield "committee", match.start(), match.end()
        return
    if meets is not None and not (body is not None and body.start() <= meets.start()):
        anchor = committee if committee is not None else meets
        if (
            committee is not None
            or _parties_meet(text)
            or _it_meets(sentence)
            or _SITS.search(text)
            or _FORMAL.search(text)
        ):
            yield "committee", min(anchor.start(), meets.start()), max(anchor.end(), meets.end())


# « Rapport d'activité annuel », « COMITÉ DE SUIVI : DEUX RÉUNIONS PAR AN »: nouns, no verb.
_VERBLESS: Final = re.compile(
    r"\A[ -]*(?:un |une |le |la |l')?(?:rapport|compte rendu|etat|releve|tableau de bord|statistiques)[^;]{0,60}(?:annuel|semestriel|trimestriel|mensuel)(?:le)?s?[^a-z]*\Z"
)
_VERBLESS_MEETING: Final = re.compile(
    r"\A[ -]*(?:un |une |le |la |l')?(?:comite|commission|copil|reunion|rencontre|point d'etape|point de situation|concertation)s?\b[a-z' -]{0,50}(?::|\([^)]*\) ?:| (?:annuel|semestriel|trimestriel|mensuel)(?:le)?\b)"
)
# « Suivi : comité de pilotage tous les six mois, comité technique tous les mois »
_COMMITTEES_ONLY: Final = re.compile(
    r"\A(?:[a-z' ]{3,30} : )?(?:un )?(?:comite|commission|copil|groupe)\b[a-z' ]{0,30},? (?:tous les|toutes les|chaque|<p)[^:;.]{0,40}(?:, | et )(?:un )?(?:comite|commission|copil|groupe)\b[a-z' ]{0,30} (?:tous les|toutes les|chaque)"
)
_VISITS: Final = re.compile(
    r"rencontre(?:nt|ra|ront)? (?:le |la |l'|les )(?:maire|adjointe?|elus?|direct|service|represent|ville|commune|president)"
)


# What sits in a formation, on an agenda or under a chair is a body, whatever its name.
_FORMAL: Final = re.compile(
    r"\b(?:se reuni[a-z]*|siege(?:nt|ra|ront)?|est convoque)\b[^;.]{0,60}(?:en formation|formation (?:pleniere|restreinte)|seance (?:pleniere|ordinaire)|ordre du jour|sous la presidence|presidee? par)"
    r"|\A(?:un |une |cette |le |la )?(?:instance|college(?! [a-z]* ?(?:de|du|des) )|conseil (?:de (?:suivi|partenariat|surveillance|coordination|perfectionnement|gestion)|consultatif|paritaire|mixte)|groupe (?:technique|projet|de [a-z]+)|cellule)\b[^;.]{0,90}\bse reuni"
)
# « … une fois par an et en formation restreinte tous les deux mois »
_AND_AGAIN: Final = re.compile(r" et (?:(?:en|de facon|de maniere|au|sous) [a-z' ]{3,35} )?")


def _it_meets(sentence: Sentence) -> bool:
    """« Un comité de suivi est créé. Il se réunit deux fois par an. »"""
    previous = sentence.previous
    return (
        re.match(
            r"(?:il|elle|celui-ci|celle-ci|ceux-ci|celles-ci|ils|elles|y|sa periodicite|sa frequence|ses reunions|ses seances)\b",
            sentence.text,
        )
        is not None
        and previous is not None
        and (
            _COMMITTEE.search(previous.text) is not None
            or (
                sentence.text.startswith(("ils ", "elles ", "ceux-ci"))
                and _parties_meet(previous.text)
            )
        )
    )


def _parties_meet(text: str) -> bool:
    return bool(
        re.search(
            r"(?:commune|ville|association|etablissement|centre|universite|departement|region|etat|metropole|syndicat|societe|hopital|lycee|college)\b[a-z' -]{0,40} et (?:la |le |l')|parties|partenaires|financeurs|interlocuteurs|coordinat|directeurs?\b|directrices?\b|adjointe?s?\b|presidentes?\b|directions|\bservice\b|\bclub\b|villes|maires?\b|presidents?\b|prefet|conseils|delegations|deux|signataires|communes|collectivites|responsables|comite|referents|services|representants|elus|co-?contractants|techniciens|une rencontre\b|une reunion|reunion",
            text,
        )
    ) and not re.search(
        r"rencontres? sportives?|\bpublic|\bpubliques?\b|\bsyndicales?\b|parents|usagers|lycee|adherents|habitants|scolaires|eleves|\bjeunes|artistes|auteurs|benevoles",
        text,
    )


def _aside(text: str, position: int) -> bool:
    """A report or an evaluation that is only mentioned: « au vu du rapport », « donne son avis sur »."""
    return bool(
        re.search(
            r"(?:au vu|sur presentation|apres (?:examen|remise|reception|presentation)|dans le cadre|a l'occasion|en vue de|lors|avis sur|sur la base|a partir|apres|visee? par"
            r"|approuvant|permettre|au regard|de realiser|criteres?|grille|indicateurs?) (?:de |du |d'|des |de l')?(?:la |le |l'|un |une |cette )?(?:realiser un )?$",
            text[max(0, position - 45) : position],
        )
    )


def _recurring(sentence: Sentence, _match: re.Match[str]) -> Iterable[Given]:
    if re.match(r"(?:le|la|l'|un|une) ?(?:commissaire|architecte|jury|tresorier)", sentence.text):
        return
    for item, start, end in recurring(sentence):
        if (
            not _PERIODIC.search(sentence.text[start : end + 1])
            and _NOT_DUTY.search(sentence.text[max(0, start - 60) : end + 20])
            and item["kind"] != "committee"
        ):
            continue
        yield "recurring", item


# --------------------------------------------------------------------------------------------------
# The last evaluation
# --------------------------------------------------------------------------------------------------

_BEFORE_END: Final = re.compile(
    r"avant (?:le |la |l'|toute |tout |chaque |son |sa |leur )?(?!fin (?:de |d')(?:chaque|toute|l'annee\b(?! de)))(?:date d[e'] ?(?:l')?)?(?:eventuel(?:le)? )?(?:nouvelle |nouveau )?"
    r"(?:terme|renouvellement|reconduction|echeance|expiration|extinction|cessation|fin\b(?! d(?:u|es) (?!contrat|partenariat|programme|protocole|projet|dispositif|triennal|pret|present|<p))(?! de (?:chaque|la (?:seance|saison|journee|semaine|visite)))|prorogation|prolongation|cloture)"
    r"|(?:a l'issue|au terme|a l'expiration|a l'echeance|en fin|a la fin|a l'approche) (?:de |du |des |d')(?:la |cette |ces? |l'|son |leur )?(?:presente? )?(?:(?:deux|trois|quatre|cinq|six) (?:saisons|annees|exercices|editions)|parcours|delai|duree|periode|convention|accord|protocole|contrat|programme|partenariat|term|triennal|entente|<p|action|coopera)"
    r"|(?:annee|mois|semestre|trimestre|<p\d+>) (?:qui )?preced[a-z]+ (?:le |la |l'|son |sa )?(?:terme|echeance|fin|expiration|renouvel|reconduc)|avant toute? nouvel"
    r"|(?:au terme|a l'issue|a l'expiration|a l'echeance|a la fin) (?:de )?(?:laquelle|duquel|celle-ci|celui-ci)|au terme de (?:ces|ce|cette)|a (?:son|leur) (?:terme|echeance|issue)|en fin (?:de convention|d'exercice de la convention|de periode|de contrat|de programme)"
    r"|avant (?:de |d'|toute )?(?:statuer|decider|decision|se prononcer|deliberer|renouveler|reconduire|prolonger|proroger|envisager)[^.;]{0,50}"
    r"|(?:au vu|sur la base|a la lumiere|en fonction|au regard|a partir|a l'appui) (?:de |d'|des |du )[^.;]{0,110}(?:renouvel|reconduc|reconduit|nouvel(?:le)? (?:convention|contrat|accord))"
    r"|(?:prealable|prealablement|precede|conditionne|subordonne)[a-z]*[^.;]{0,50}(?:renouvel|reconduc|prolong|prorog)"
    r"|(?:renouvel|reconduc|reconduit|prolong|prorog|nouvelle convention|autre convention)[^.;]{0,80}(?:precede|au vu|apres|subordonne|conditionne|sur la base|a l'appui)"
    r"|(?:au cours d[ue]s?|dans l[ea]s?|durant l[ea]s?|pendant l[ea]s?) (?:derniere?s? |<p\d+> |quatre derniers |six derniers |trois derniers )?(?:dernier|derniers|derniere) (?:trimestre|semestre|mois|annee)[^.;]{0,40}"
    r"|dans les <p\d+> (?:qui )?preced[a-z]*|au cours de la derniere annee|(?:pendant|dans|de|durant|menee|conduite|realisee|effectuee|faite) la derniere annee"
    r"|presente[a-z]* [^.;]{0,80}au plus tard le <d\d+>|\ba (?:l'expiration|l'echeance|son terme)(?= *(?:[.;,]|\Z))"
    r"|avant (?:d'engager|de conclure|de signer|l'arrivee|la survenance|la date|la signature|la conclusion|tout engagement|toute demande|toute decision|la decision|la negociation|le lancement|la redaction)[^.;,]{0,50}"
    r"(?:terme|echeance|expiration|renouvel|reconduc|prorog|prolong|nouvel(?:le)? (?:convention|contrat|accord|partenariat|periode)|suites?\b)"
    r"|a <p\d+> d[eu] ?(?:la |le |l'|son |sa )?(?:echeance|terme|fin|expiration)|(?:lors de|a) l'arrivee (?:a (?:son )?|de l'|du )(?:echeance|terme|expiration)|\b(?:au terme|en fin d'accord)(?= *(?:[.;,]|\Z))"
    r"|(?:au|le|les|du|des) (?:derniere?s?|<p\d+> derniers?) (?:mois|trimestre|semestre|annee|exercice)s? (?:de (?:la |cette )?(?:convention|periode)|du (?:contrat|partenariat)|de l'accord|d'execution|de validite)"
)
# A renewal that waits for an evaluation, whichever of the two is named first.
_RENEWS: Final = re.compile(
    r"renouvel(?!lement d(?:u|es|e la|e l'|') ?(?!presente?\b|convention|accord|contrat|partenariat|protocole|soutien|subvention|aide|concours|dispositif|autorisation|mise|jumelage|programme))|reconduc|recondui|prolong|prorog|decision de poursuivre|poursuite (?:de la convention|du partenariat)|(?:nouvelle|autre|prochaine) convention|convention suivante|nouvel accord|nouveau contrat"
)
_WAITS: Final = re.compile(
    r"suppose|necessite|requier|exige|implique|conditionn|subordonn|preced|prealable|lumiere|au vu\b|au regard|sur la base|en fonction|fonction d|a l'appui|n'intervien|ne (?:peut|pourra)[^.;]{0,40} qu|depend|sert de base|apres|eclair|motiv|aucune? [a-z ]{3,30} sans"
)
_EACH_TIME: Final = re.compile(
    r"[^;,]{0,30}(?:annuel|semestriel|trimestriel|mensuel|chaque|tous les|toutes les|\bsocial|comptable)"
)
# In an agreement of one year that does not renew itself, the end of that year is its own.
_YEAR_END: Final = re.compile(
    r"(?:au terme|en fin|a la fin|a l'issue|a l'expiration|avant la fin) (?:de |d')(?:l'|la |cette )?(?:annee(?: scolaire| universitaire| civile)?|exercice|saison)\b"
)
_UNTIL: Final = re.compile(
    r"(?:s'acheve(?:ra)?|se conclu[a-z]*|se termine(?:ra)?|se clot|est close?) (?:par|sur) une?\b|avant qu(?:e |')[a-z' ]{0,40}(?:expire|prenne fin|vienne|arrive|cesse|s'acheve|se termine|renouvel|recondui)"
)
_FINAL: Final = re.compile(
    r"(?:evaluation|bilan)s? (?:de l'ensemble|finale?|global|globale|d'ensemble|generale?|de fin|de cloture|definitif|definitive|complete?)"
    r"|(?:final|finale) (?:bilan|evaluation)"
)


# « Le bilan de l'an passé a été présenté »: told, not asked for.
_DONE: Final = re.compile(
    r"\b(?:evaluations?|bilans?)\b[^.;]{0,80} (?:a|ont) (?:[a-z]+ment )?ete (?!prevu|convenu)[a-z]+e?s?\b(?![^.;]*(?:sera|devra|doit|peut))"
)


_OF_THINGS: Final = re.compile(
    r"renouvellement d(?:u|es|e la|e l'|e) ?(?:materiel|mobilier|parc|equipement|licence|flotte|collection|livre|stock|oeuvre|arbre|plantation|personnel|bureau|conseil)"
)


def _awaited(text: str, match: re.Match[str]) -> bool:
    """True when the renewal depends on the evaluation, not on those of every year."""
    renews, waits = _RENEWS.search(text), _WAITS.search(text)
    if renews is None or waits is None or _EACH_TIME.match(text, match.end()):
        return False
    return abs(renews.start() - match.start()) <= 140


def _final(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if re.search(r"solde|versement", text) and not re.search(
        r"renouvel|reconduc|avant (?:le|son) terme", text
    ):
        return
    if re.search(r"^(?:afin|pour|en vue)|etait|avait", text) or _DONE.search(text):
        return
    if _OF_THINGS.search(text) or _PEOPLE.search(text, 0, match.start()):
        return
    near = text[max(0, match.start() - 170) : match.end() + 190]
    if _YEAR_END.search(near) and not _OFTEN.search(near):
        yield "year_end_evaluation", True
    final = _FINAL.search(near)
    if (
        final is not None
        and final.group().endswith(("definitif", "definitive"))
        and _OFTEN.search(near)
    ):
        final = None
    if (
        final is not None
        or _awaited(text, match)
        or _BEFORE_END.search(near)
        or _UNTIL.search(near)
    ):
        yield "final_evaluation", True


DUTY_RULES: Final = (
    Rule(
        name="recurring",
        field="recurring",
        why="A frequency and the evaluation, report or committee it goes with (rules 11 and 21).",
        pattern=compiled(r"\A."),
        cues=(
            "evalu",
            "bilan",
            "rapport",
            "compte",
            "etat",
            "statist",
            "tableau",
            "releve",
            "chiffre",
            "indicateur",
            "donnees",
            "resultat",
            "information",
            "note",
            "comite",
            "commission",
            "confer",
            "copil",
            "cotech",
            "instance",
            "groupe",
            "reuni",
            "rencontr",
            "periodicite",
            "retrouv",
            "assembl",
            "echange",
            "revue",
            "extrait",
            "synthese",
            "recapitul",
            "entretien",
            "se voi",
            "se revo",
            "concert",
            "parlent",
            "voient",
            "tien",
            "point",
            "seance",
            "entretien",
            "sieg",
            "prononce",
            "convoq",
            "organis",
            "conseil de",
            "nombre",
            "effectif",
            "frequen",
            "rendez-vous",
        ),
        gives=_recurring,
        others=True,
        examples=(
            ("Comité de suivi : deux réunions par an.", [{"kind": "committee", "every": "P6M"}]),
            (
                "Un comité de suivi se réunit deux fois par an.",
                [{"kind": "committee", "every": "P6M"}],
            ),
            (
                "L'association remet chaque année un rapport d'activité.",
                [{"kind": "report", "every": "P1Y"}],
            ),
            ("Une évaluation annuelle sera effectuée.", [{"kind": "evaluation", "every": "P1Y"}]),
            (
                "Un relevé des entrées est adressé à la Ville selon une fréquence mensuelle.",
                [{"kind": "report", "every": "P1M"}],
            ),
        ),
        counterexamples=(
            "Le matériel est évalué chaque année.",
            "La commission de sécurité se réunit tous les trois ans.",
            "Le comité est convoqué à la demande de l'une des parties.",
            "Le jardin est entretenu deux fois par an.",
            "Les stagiaires sont évalués chaque semaine.",
        ),
    ),
    Rule(
        name="final_evaluation",
        field="final_evaluation",
        why="An evaluation before the end, at the term or before the renewal (rule 22).",
        pattern=_EVALUATION,
        cues=("evalu", "bilan"),
        gives=_final,
        others=True,
        examples=(
            ("Toute reconduction suppose une évaluation des actions conduites.", True),
            ("Une évaluation est réalisée avant le renouvellement de la convention.", True),
            ("Un bilan final est établi au terme de la convention.", True),
        ),
        counterexamples=(
            "Le bilan de l'action a été présenté avant la fin de la convention.",
            "Le renouvellement du matériel est décidé au vu d'un bilan.",
            "Une évaluation annuelle est réalisée.",
        ),
    ),
)

# --------------------------------------------------------------------------------------------------
# Payments
# --------------------------------------------------------------------------------------------------

_PAYS: Final = re.compile(
    r"acompte|avance|solde|\b(?:est|sont|sera|seront) dus?\b|\bdues?\b|honoraires|liquide|percoi|percev|touche(?:ra)?\b|encaisse|alloue|octroy|attribue|regl(?:ee?|es)\b|\brecoit|reliquat|\bvires?\b|virement|echeancier|calendrier|acquitt|appels? de fonds|sont appele|est appele|debloqu|ordonnanc|s'acquitte|en (?:deux|trois|quatre) (?:echeances?|fois|temps|termes|parts)|\bmoitie|\becheance \d|(?:premiere?|deuxieme|seconde?|troisieme|dernier|derniere) (?:terme|echeance|part|fraction|appel|virement)\b|payable|decaiss|exigible|verse|versement|tranche|paye|paiement|mandat|regle|reglement|reglee|restant|libere|credite|echelonn"
)
_NOT_INSTALMENT: Final = re.compile(
    r"ne (?:peut|pourra|saurait|doit)[^.;]{0,40}(?:exceder|depasser|superieur)|plafon|taux|penalit|maxim|au plus(?! t[oa]|\s+vite)|dans la limite"
    r"|plan de financement|autofinancement|cofinanc|indemnite egale|\bpartag|\breparti|majoration|retenue|reduction|abattement|tva|part de financement|finance a|pris(?:e|es)? en charge|prend en charge|prennent en charge"
)
# What rose, fell or is shared is told in percents too.
_MOVES: Final = re.compile(
    r"\b(?:baiss|hauss|augment|diminu|progress|recul|chut|croiss|decroiss|repli|representai|(?<!qui )represente (?!le (?:solde|versement|acompte))|restituee?s?\b|rembourse|taux|remplissage|frequentation"
    r"|penalit|franchise|dedit|retenue|caution|depot de garantie|commission (?:bancaire|percue|de vente)|remise (?:de|d'|consentie|accordee))[a-z]*[^;<]{0,60}$"
    r"|\b(?:conserve|garde\b|retroced|revers|recettes|apport(?:e|ent)\b|contribu(?:e|ent)\b|financ(?:e|ent)\b|cofinanc)[a-z]*[^;<]{0,60}(?:<c\d+>[^;<]{0,40}){0,2}$"
)
_RATE_AFTER: Final = re.compile(
    r"\A (?:au (?:plus(?! t[oa])|maximum)|par (?:l'|la|le|les|une?|an|chacune?)\b|(?:revien[a-z]*|restant acquis|est acquis)\b|(?:reservee?s?|consacree?s?|affectee?s?)\b|de (?:places|billets)\b|(?:du|des|de la|de l'|de ses|de leurs) (?:cout|depense|prix (?:de|du|des|d'|unitaire|public|ttc|ht)|budget|frais|charges|tarif|temps|montant hors|montant ht|personnel|recettes|plants|capital|beneficiaires|public|eleves|investissement)"
    r"|de (?:reduction|remise|penalite|majoration)|hors taxes|(?:du |de la |de l'|de son |de sa |de ses |de leurs? |des (?!(?:la|le|sa|son|leur|que|reception|notification|signature|transmission|approbation|presentation|justification|realisation|demarrage)\b|l'|qu'))(?!(?:montant (?!hors|ht)|subventions?|aides?|primes?|participation|contribution|dotation|concours|sommes?|total|solde|prix|bourse|financement|budget annuel|credits?|enveloppe|cotisation|redevance|forfait|apport|soutien|prestation|remuneration|cachet|present)))"
)
_RATE_BEFORE: Final = re.compile(
    r"(?:atteign[a-z]+|atteint|(?:depass|exced)[a-z]+(?: pas)?|taux de|taux|penalite de|plafond de|plafonnee? a|limite de|moins de|plus de|superieur(?:e|es|s)? (?:a|de)|inferieur(?:e|es|s)? (?:a|de)|refaction de|deduction de|amortie?s? (?:a|de)|rabais de|escompte de|supportee?s? (?:a|pour)|reprise minimale de|financee? a|maximum de|a hauteur maximale de|jusqu'a|exceder|depasser|minimum|base de|minimale de|reduction de|(?:majore|minore|diminue|augmente|redui|revalorise|reevalue|indexe|revis|actualis|penalise|abatt)[a-z]*(?: [a-z']+){0,5} (?:de|d'un taux de)|majoration de|retenue de|interets? de|penalites? de|hausse de|baisse de) ?$"
)
_ON: Final = (
    ("signature", re.compile(r"signature|signee?\b|conclusion de la")),
    ("notification", re.compile(r"notification|notifiee?")),
    ("deliberation", re.compile(r"deliberation|vote du")),
    ("entry_into_force", re.compile(r"entree en vigueur|prise d'effet")),
    ("committee", re.compile(r"comite|commission")),
    (
        "documents",
        re.compile(
            r"pieces|justificat|rapport|bilan|compte|facture|remise|presentation|production|reception d[eu]s? (?:doc|just)|documents?|procedure|proces-verbal|decompte|etat\b"
        ),
    ),
    (
        "date",
        re.compile(
            r"<d\d+>|anniversaire|courant|au mois|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)|debut|fin (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)|annee|semestre|trimestre"
        ),
    ),
    ("works", re.compile(r"travaux|chantier|achevement|demarrage|commencement")),
)


def _on(words: str) -> str:
    """Return the short name of what an instalment waits for: the first trigger in its words."""
    best: tuple[int, str] | None = None
    for name, pattern in _ON:
        match = pattern.search(words)
        if match is not None and (best is None or match.start() < best[0]):
            best = (match.start(), name)
    return best[1] if best is not None else "other"


# An instalment is called one, or waits for a moment.
_INSTALMENT: Final = re.compile(
    r"acompte|avance|solde|tranche|versements?\b|mandate|mandatement|echeance|echeancier|calendrier|reliquat|restant|le reste|surplus|moitie|fraction|appels? de fonds|paiements?\b|modalites"
    r"|(?:deux|trois|quatre|plusieurs) (?:fois|temps|parts|termes)|(?:premiere?|deuxieme|seconde?|troisieme|dernier|derniere) (?:terme|part)\b|\btermes?\b|deblo|liber[ea]|en (?:debut|fin|cours)\b|des (?:le|la|l'|sa|son|que)\b|\blors\b|\ble jour\b|lancement|livraison|ouverture|commande|arrivee|depart\b|depot|\bapres\b|\bavant\b|mi-parcours|automne|printemps|rentree\b|\bete\b|hiver"
)


def _called(sentence: Sentence, context: str, start: int, end: int) -> bool:
    text = sentence.text
    first = text.rfind(";", 0, start) + 1
    last = text.find(";", end)
    clause = text[first : last if last > 0 else len(text)]
    return bool(_INSTALMENT.search(clause)) or (
        (sentence.lead is not None or len(clause) < 40) and bool(_INSTALMENT.search(context))
    )


_AID: Final = re.compile(
    r"subvention|\baide|concours|participation|dotation|cachet|\bprix\b|\bsomme|contribution|bourse|montant|financement|prime"
)
_MOMENT: Final = re.compile(
    r"\)?(?: de (?:la |cette |son )?[a-z]+| du [a-z]+)?,? (?:a|au|aux|des|lors|sur|apres|en|avant|le|dans|courant)\b| (?:a |au )?l'|[ :(]*<d"
)


def _whole(sentence: Sentence) -> bool:
    """True when the percentages of one sentence or two make a sum of money whole, each at a moment."""
    sentences = sentence.document.sentences
    near = [
        other
        for other in sentences[max(0, sentence.index - 1) : sentence.index + 2]
        if other.article == sentence.article and "<c" in other.text
    ]
    text = " ".join(s.text for s in near)
    marks = list(re.finditer(r"<c\d+>", text))
    if len(marks) < 2 or not _AID.search(text) or _NOT_INSTALMENT.search(text):
        return False
    if abs(sum(sentence.share(m.group()).value for m in marks) - 100) > 0.01:
        return False
    timed = re.compile(r"(?:\A|[;,.] )(?:a|au|des|lors|apres|en) [^,;<]{3,60},? [^;<]{0,40}$")
    return all(
        _MOMENT.match(text, m.end()) is not None or timed.search(text[: m.start()]) is not None
        for m in marks
    )


def _payment(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    start, end = match.span()
    context = text
    if sentence.lead is not None:
        context = sentence.context
    elif sentence.previous is not None and sentence.previous.article == sentence.article:
        before: Sentence | None = sentence.previous
        context = text
        for _ in range(8):
            if before is None:
                break
            context = before.text[-200:] + " " + context
            if "<c" not in before.text and len(before.text) > 25:
                break  # what is shorter is the cell of a table
            before = before.previous
    if not _PAYS.search(context) and not _whole(sentence):
        return
    if (
        _RATE_AFTER.match(text, end)
        or _RATE_AFTER.match(text[end:])
        or _RATE_BEFORE.search(text[max(0, start - 40) : start])
    ):
        return
    if _MOVES.search(text, 0, start):
        return
    if text.rfind("au lieu d", 0, start) >= 0:
        return  # what the amendment takes away
    clause_start = max(text.rfind(";", 0, start), text.rfind(", ", 0, start), 0)
    if _NOT_INSTALMENT.search(text[clause_start : end + 25]):
        return
    following = re.compile(r"<c\d+>").search(text, end)
    words = text[end : following.start() if following is not None else len(text)]
    trigger = _on(words)
    if trigger == "other":
        trigger = _on(text[max(0, start - 90) : start])
    share = sentence.share(match.group()).value
    if share < 2 or share >= 100:
        return  # a rate; one single payment (labelling rule 23)
    if trigger == "other" and not _called(sentence, context, start, end) and not _whole(sentence):
        return
    several = re.search(
        r"(?P<n>deux|trois|quatre|cinq|dix) (?:versements?|acomptes?|tranches?|fractions?|echeances?|paiements?|termes?)(?: [a-z]+)?,? (?:de|a hauteur de|representant)(?: chacune?)? $",
        text[max(0, start - 60) : start],
    )
    count = number(several["n"]) if several is not None else 1
    if count is None or count * share > 100:
        count = 1
    for _ in range(count):
        yield "payments", {"share": share, "on": trigger}


PAYMENT_RULES: Final = (
    Rule(
        name="payment_share",
        field="payments",
        why="An instalment stated in percent, with what it waits for (rules 12 and 23).",
        pattern=compiled(r"{C}"),
        cues=("<c",),
        gives=_payment,
        others=True,
        examples=(
            (
                "L'aide : 70 % à la passation de l'acte, 30 % à la fin des travaux.",
                [{"share": 70, "on": "other"}, {"share": 30, "on": "works"}],
            ),
            (
                "Un acompte de 70 % est versé à la signature, le solde de 30 % sur présentation des pièces.",
                [{"share": 70, "on": "signature"}, {"share": 30, "on": "documents"}],
            ),
        ),
        counterexamples=(
            "L'assureur verse l'indemnité sous déduction d'une franchise de 15 %.",
            "Le poste, à 80 %, est payé par le centre de gestion.",
            "La Région apporte 40 % et la commune 60 % du budget, versés selon leurs règles.",
            "L'aide communale ne peut dépasser 80 % du coût hors taxes de l'opération.",
            "Le versement est minoré d'une pénalité de 5 %.",
            "L'occupant verse une redevance égale à 3 % du chiffre d'affaires.",
            "L'échéancier est modifié : un versement au lieu de deux versements de 50 %.",
        ),
    ),
)
