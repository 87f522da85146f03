"""Whether an agreement goes on by itself, by an act of the parties, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tracker.reading.governing import PAST_RE, RENEW_RE, again
from tracker.reading.outline import AGREEMENT, OTHER, Sentence
from tracker.reading.rules import Doubt, Given, Rule, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

_RENEWING: Final = r"(?:renouvel|reconduc|reconduit|reconduir|prorog|prolong)"
_RENEWING_RE: Final = re.compile(_RENEWING)
_NO_TACIT: Final = re.compile(
    r"ne (?:peut|peuvent|pourra|pourront|saurait|sauraient|sera|seront|fera|fait|donne(?:ra)?|se|s')[^.;<]{0,90}tacit"
    r"|sans (?:possibilite de |pouvoir |faculte de |que )?(?:[a-z' ]{0,40})?tacite"
    r"|(?:exclu[a-z]*|interdi[a-z]*|proscri[a-z]*|a l'exclusion|ecarte[a-z]*|prohibe[a-z]*)[^.;]{0,60}tacit"
    r"|tacit[^.;,]{0,60}(?:(?:exclu|interdit|prohibe|ecarte|proscrit|banni|refuse)e?s?\b|n'est pas|n'est possible)"
    r"|(?:reconduction|renouvellement|prorogation) tacite (?:ne |n')[a-z' ]{0,20}(?:invoque|presume|admis|jouer|intervenir|avoir lieu|possible|retenu|etre oppos)"
    r"|n'(?:est|y a|ouvre|aura)[^.;]{0,50}(?:tacit)|\baucune?\b[^.;]{0,40}tacit|\bpas\b[^.;,]{0,40}tacit|\bni\b[^.;]{0,12} tacit"
    r"|jamais[^.;]{0,30}tacit|\bnon\b[^.;,]{0,25}tacit"
)
_NONE_AT_ALL: Final = re.compile(
    r"ni (?:par )?(?:tacite|tacitement)[^.;]{0,40} ni (?:par )?(?:reconduction )?expres"
    r"|sans tacite reconduction ni (?:renouvellement|prorogation|prolongation)|ni expres[^.;]{0,40} ni (?:par )?tacit|tacite ou expresse|expresse ou tacite"
)


# Silence may also approve, accept or grant: that renews nothing.
_AGREED_SILENTLY: Final = re.compile(
    r"(?:accord|accept|approuv|approbation|autoris|acquis|agre|valid|adopt|donn|refus|rejet)[a-z]* (?:comme )?tacite(?:ment)?\b"
    r"|tacite(?:ment)? (?:accord|accept|approuv|approbation|autoris|acquis|agre|valid|adopt|donn|refus|rejet)"
    r"|(?:acceptation|approbation|accord|autorisation|decision|rejet|refus)s? tacite"
)


def _tacit(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    if PAST_RE.search(sentence.text):
        return
    if _AGREED_SILENTLY.search(sentence.text) and not _RENEWING_RE.search(sentence.text):
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


# « se renouvelle par reconduction expresse », « sauf à ce que les parties décident de la reconduire »
_DECIDED: Final = re.compile(
    r"(?:reconduction|renouvellement|decision|accord|maniere|facon)s? expres|expressement"
    r"|sauf a ce qu[^.;]{0,60}(?:recondui|renouvel|prorog|prolong|poursuiv)|sauf (?:reconduction|renouvellement|prorogation)\b"
)


def _automatic(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    around = _comma_free(sentence.text, match.start(), 80)
    if PAST_RE.search(sentence.text) or _DECIDED.search(sentence.text):
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
    r"|se (?:renouvel|reconduit|reconduira|poursui|prolonge)|continue|repart|repren(?:d|dra) cours|nouvelle periode|demeure(?:ra)? (?:en vigueur|obligatoire)"
    r"|reste(?:ra)? en vigueur|d'annee en annee|vaut (?:reconduction|renouvellement|prolongation|prorogation)|reconduction|maintenue?s?\b|renouvelee?s?\b|prolongee?s?\b|prorogee?s?\b|reconduite?s?\b|(?:renouvelable|reconductible)s?\b(?! (?:par (?!periode|tranche|duree)|sur |apres ))"
)
_UNLESS: Final = re.compile(
    r"(?:\bsi,? [^;.]{0,60}\b(?:aucune?|nulle?|personne)\b|\bsauf|a defaut d[e'u]|a defaut pour|faute d[e'u]|faute par|faute pour|a moins d[e'u]|a moins qu|en l'absence d[e']|si aucune?"
    r"|s'il n'|si elle n'|sauf si|si (?:elle|il) n|si personne|si nul|si aucun|sans qu|sans (?=denonciation|opposition|avis|manifestation)|a moins que|s'ils n|si l'une|(?=le silence)|l'absence d[e'])"
    r"[^.;]{0,170}?(?:denonc|nouvelles de|reponse|reaction|retrait|\bconge|opposition|oppose|avis|manifest|preavis|notif|volonte|resili|intention|contraire|nouvelle convention"
    r"|nouvel accord|silence|parties vaut)"
)
_BY_AGREEMENT: Final = re.compile(
    r"expres|avenant|deliberation|par (?:un |accord|decision)|d'un commun accord|d'accord entre|par ecrit entre|peut etre|pourra etre"
    r"|peuvent etre|pourront etre"
)


# « L'absence de notification vaut renonciation à la reconduction. »
_GIVEN_UP: Final = re.compile(
    r"(?:vaut|vaudra|emporte|entraine|signifie|equivaut a)[a-z]* (?:[a-z]+ ){0,2}?(?:renonciation|refus|fin\b|non[- ]|abandon|resiliation)"
)


def _unless(sentence: Sentence, _match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    anew = again(sentence)
    if PAST_RE.search(text) or not (anew or RENEW_OR_GO_ON.search(text)):
        return
    if _NO_TACIT.search(text) or _GIVEN_UP.search(text) or _DECIDED.search(text):
        return
    going = _CONTINUES.search(text) or anew
    if going is None:
        return
    near = text[max(0, going.start() - 40) : going.end() + 60]
    if _BY_AGREEMENT.search(near) and "tacit" not in near:
        return
    yield "renewal", "tacit"


RENEW_OR_GO_ON: Final = re.compile(
    RENEW_RE.pattern
    + r"|maintenue?s?\b|poursui|continue|repart|repren(?:d|dra) cours|demeure|reste(?:ra)? en vigueur|nouvelle periode|d'annee en annee"
)

_NOT_RENEWED_THING: Final = re.compile(
    r"\b(?:materiel|membres?|bureau|mandat|subvention|police|assurance|abonnement|adhesions?(?! de la (?:commune|ville|collectivite))|titre|carte|visa|mission"
    r"|garantie|equipement|parc|(?<!service )public|demandes?|pieces|agent|contrats? d'assurance|prestation|inscription|engagement"
    r"|delai(?: d'[a-z]+| d[eu](?: la)? [a-z]+)?|personnes|aide|operation|(?<!d')action|evenement|comite)s?(?: [a-z]+)? (?:(?:est|sera|peut|pourra|sont|peuvent|pourront|qui)[^<;,]{0,30})?\Z"
)


_NOUN: Final = re.compile(r"[a-z]*")


def _express(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if PAST_RE.search(text) or (sentence.document.amendment and "nouvelle" in match.group()):
        return
    if _NOT_RENEWED_THING.search(text[max(0, match.start() - 60) : match.start()]):
        return
    noun = _NOUN.match(text, match.start())
    if noun is not None and _OF_OTHERS.match(text, noun.end()):
        return
    if _REFUSED.search(text) or _UNWILLING.search(text):
        return
    if _OPPOSED.search(text, max(0, match.start() - 45), match.start()):
        return
    yield "renewal", "express"


_ACT_NAMED: Final = re.compile(
    r"\bvotes?\b|deliber|\bavenants?\b|\bdecid[a-z]+|\baccords?\b(?=[^.;]{0,30}(?:parties|ecrit|expres|mutuel|prealable|conjoint))|commun accord|\bdecision|decider|\becrite?s?\b|\bdemande|sollicit|autorisation|\bexamen\b|candidature|negoci|conv(?:ien|eni)|acceptation"
)
_UNRENEWED: Final = re.compile(
    r"non[- ]$|\b(?:oppos[a-z]*|refus[a-z]*|renonc[a-z]*|empech[a-z]*|interdi[a-z]*|exclu[a-z]*|sans|pas|aucune?|ni|defaut|absence|faute)(?: [a-z']+){0,4} ?$|avenant(?: [a-z0-9°]+){0,6} $|\bn[e'] ?(?:[a-z']+ ){0,5}(?:pas |ni |plus )?(?:la |le |l'|etre )?$"
)
_OF_OTHERS: Final = re.compile(
    r" (?:du |de la |des |de l'|de son |de sa |de ses |de leurs? )(?!(?:presente? )?(?:convention|accord|contrat|protocole|charte|partenariat|entente|engagement|mise|occupation|adhesion|duree|autorisation|bail|titre|label|action commune))"
)


def _by_act(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if PAST_RE.search(text) or "tacit" in text or _UNLESS.search(text):
        return
    if not _ACT_NAMED.search(text) or _REFUSED.search(text) or _UNWILLING.search(text):
        return
    before = text[max(0, match.start() - 60) : match.start()]
    if _UNRENEWED.search(before) or _NOT_RENEWED_THING.search(before):
        return
    if _OF_OTHERS.match(text, match.end()) or sentence.holder(match.start()) == OTHER:
        return
    if re.search(r"automatiq|de plein droit|d'office|sans formalite|se $", text):
        return
    yield (
        "renewal",
        "express",
        Doubt(
            code="renewal_mode_silent",
            message="Le renouvellement dépend d'un acte que le texte nomme : lu comme exprès, à vérifier.",
        ),
    )


_OPPOSED: Final = re.compile(
    r"(?:oppos|refus|renonc)[a-z]* (?:a |de )?(?:la |sa |le |son |toute |cette )*$"
)


_ASKED: Final = re.compile(
    r"renouvelable|reconductible|prorogeable|\bpeut\b|peuvent|pourra|pourront|expres|avenant|deliberation|accord ecrit|decision"
)


def _new_agreement(sentence: Sentence, _match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if PAST_RE.search(text) or re.search(r"aucune? nouvel", text):
        return
    if re.search(
        r"issue|terme|echeance|expiration|renouvel|poursui|recondu|prolong|\bfin\b|au-dela|subordonn|conditionn|au vu|evaluation",
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
    if PAST_RE.search(text) or _REFUSED.search(text) or _NO_TACIT.search(text):
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
    r"(?:renouvelable|reconductible|prorogeable|prolongeable|(?:renouvelee?|reconduite?|prorogee?)s?\b|renouvellement|reconduction|prolongation|prorogation)"
    r"|ne se (?:renouvel|recondui|prolong|prorog)[a-z]* (?:pas|point|plus)(?![^.;]{0,30}(?:tacit|automat|d'office|de plein droit|sans|d'elle-meme|de lui-meme))"
    r"|non (?:renouvelable|reconductible|prorogeable)|ni renouvelable|ni reconductible|ni (?:etre )?renouvelee?"
    r"|(?:sera|seront) (?:pas|ni) (?:renouvel|recondui)|n'(?:a|ont) pas vocation a (?:etre |se )?(?:renouvel|reconduit|reconduc|prorog|prolong)[a-z]*"
    r"|(?:n'est|ne sera) (?:pas )?prevu (?:ni |pas |aucune? |de )?(?:pas de )?(?:reconduction|renouvellement)(?! tacite)"
    r"|sans pouvoir (?:etre )?(?:renouvelee?|reconduite?|prorogee?|prolongee?|faire l'objet d'une? (?:renouvellement|reconduction))(?! tacit| par tacite| automat)"
    r"|sans qu'il y ait lieu a (?:reconduction|renouvellement)(?! tacite)|sans (?:possibilite de |faculte de |aucune )?(?:reconduction|renouvellement|prorogation)\b(?! tacite| expresse)"
    r"|(?:reconduction|renouvellement|prorogation)[^.;<]{0,25} n'est (?:pas |ni )(?:possible|prevue?|admise?|autorisee?)(?! tacite)"
    r"|(?:reconduction|renouvellement)[^.;<]{0,25} (?:est|sont) (?:exclue?|interdite?|impossible)"
    r"|(?:exclu|ecart|interdi|proscri|renonc)[a-z]* (?:a )?(?:toute? |de toute? )(?:nouvelle )?(?:reconduction|renouvellement|prorogation|prolongation)(?! tacite)"
    r"|\bnulle? (?:reconduction|renouvellement|prorogation|prolongation)\b(?! tacite| expresse| automatique|[^.;]{0,60}\b(?:sans|que|qu)\b)"
    r"|\baucune? (?:[a-z]+ ni )?(?:reconduction|renouvellement|prorogation|prolongation)\b(?! tacite| expresse| automatique)(?! ne (?:peut|pourra) (?:etre |intervenir )?(?:tacite|sans))"
    r"|(?:reconduction|renouvellement|prorogation) ?: ?(?:neant|non\b|aucune?|sans objet|exclue?|sans\b)"
    r"|n'y (?:a|aura) (?:pas de|point de|aucune?) (?:reconduction|renouvellement|prorogation|prolongation)(?! tacite| automatique| expresse)"
    r"|(?:ne|n') ?(?:donne|ouvre|comporte|prevoit|confere|offre)[a-z]* (?:pas|point|aucune?|ni)[^.;<]{0,30}(?:reconduction|renouvellement|prorogation|prolongation)(?! tacite| automatique| expresse)"
    r"|n'y (?:a|aura) pas lieu a (?:sa |toute |une )?(?:reconduction|renouvellement|prorogation)(?! tacite)"
    r"|sans (?:reconduction|renouvellement|prorogation)(?: ni [a-z]+)? possible"
    r"|sans pouvoir (?:etre )?(?:ni )?[a-z]+ ni (?:etre )?(?:renouvel|recondui|prorog|prolong)"
    r"|ne (?:peut|pourra|saurait|peuvent|pourront)[^<;.]{0,25}(?:etre )(?:renouvelee?|reconduite?|prorogee?|prolongee?)s?\b"
    r"(?! par tacite| tacitement|[^.;]{0,20} que | qu'| au-dela| par reconduction tacite| automatiquement| plus d| de facon tacite| sans )"
    r"|ne (?:peut|pourra|saurait|fera|donnera|fait|donne|feront|font)[^<;.]{0,30}(?:l'objet|lieu)[^<;.]{0,12}(?:d'un|d'une|a un|a une|d'aucune?|a aucune?) (?:renouvellement|reconduction|prorogation)"
    r"(?! tacite| par tacite| expresse| par reconduction tacite|[^.;]{0,20} que )"
)


def _refused(sentence: Sentence, match: re.Match[str]) -> Iterable[Given]:
    text = sentence.text
    if PAST_RE.search(text):
        return
    if "tacit" in match.group() and not _NONE_AT_ALL.search(text):
        return
    if _NO_TACIT.search(
        match.group() + text[match.end() : match.end() + 20]
    ) and not _NONE_AT_ALL.search(text):
        return
    yield "renewal", "none"


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
        counterexamples=(
            "La police d'assurance est renouvelable par tacite reconduction.",
            "L'approbation est considérée comme accordée tacitement au bout de trois mois.",
        ),
    ),
    Rule(
        name="renewal_automatic",
        field="renewal",
        why="Renewal « automatique », « de plein droit », « d'office » or « sans formalité ».",
        pattern=compiled(
            rf"{_RENEWING}[a-z]*[^.;<]{{0,60}}?(?:automatiqu|de plein droit|d'office|sans (?:autre )?formalite|de droit\b)"
            rf"|(?:automatiquement|de plein droit|d'office)[^.;<]{{0,40}}?{_RENEWING}"
            rf"|(?:renouvellement|reconduction) (?:est |sera )?(?:de droit|automatique)|\bse (?:perpetue|continue|prolonge(?:ra)?\b)|\bse (?:renouvel|reconduit|reconduira|reconduisent|proroge|maintien)[a-z]*"
            rf"|\bsilence\b[^.;]{{0,80}} (?:vaut|vaudra|emporte|emportera|entraine|equivaut a)[^.;]{{0,30}}(?:{_RENEWING}|poursuite|continuation|maintien)"
            rf"|{_RENEWING}[a-z]* (?:deux|trois|quatre|une) fois[^.;]{{0,20}} sans formalite"
            rf"|{_RENEWING}[a-z]*[^.;]{{0,60}}(?:sans (?:autre |aucune )?(?:formalite|demarche)|sans qu'(?:il (?:en )?soit besoin|aucune (?:formalite|demarche)))"
        ),
        cues=(
            "renouvel",
            "recondu",
            "prorog",
            "prolong",
            "perpetue",
            "continue",
            "avenant",
            "silence",
        ),
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
        cues=(
            "sauf",
            "defaut",
            "faute",
            "a moins",
            "absence",
            "si ",
            "si,",
            "s'il",
            "sans",
            "silence",
        ),
        gives=_unless,
        rank=2,
        examples=(
            ("À défaut de dénonciation, la convention est reconduite pour un an.", "tacit"),
            (
                "Si aucune partie n'a manifesté l'intention d'y mettre fin, la convention continuera pour un an.",
                "tacit",
            ),
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
            r"(?:faute de quoi,?|a defaut,) [^.;]{0,40}(?:repart|reconduit|renouvel|continue|prorog|prolong|se poursui)"
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
            r"annee (?:apres|par) annee|d'an(?:nee)?(?: civile| scolaire| universitaire)? en an(?:nee)?\b|d'une? (?:annee|an|exercice) (?:sur|a) l'autre|par (?:nouvelles? )?(?:periodes?|tranches?)\b|pour des (?:periodes|tranches) (?:successives|nouvelles|egales)"
            r"|\b(?:repart|repartira|recommence|reprend|s'ouvre|se reforme)\b[^;]{0,40} (?:pour|par) "
            r"|(?:a l'(?:echeance|issue|expiration)|au terme|passe ce terme|au-dela)[^;]{0,60}\b(?:se poursuit|se poursuivra|continue|continuera|se prolonge|se prolongera)\b"
        ),
        cues=(
            "en an",
            "annee apres annee",
            "annee par annee",
            "l'autre",
            "par periode",
            "pour ",
            "par ",
            "poursui",
            "continue",
            "prolonge",
        ),
        gives=lambda s, m: (
            [("renewal", "tacit")]
            if not _ASKED.search(s.text)
            and not PAST_RE.search(s.text)
            and (not m.group().startswith("par ") or RENEW_OR_GO_ON.search(s.text))
            else ()
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
        gives=lambda s, _: [("renewal", "tacit")] if not PAST_RE.search(s.text) else (),
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
            r"|a la demande|sur demande|(?:demande|sollicite)e?s? (?:par|aupres|a la|au)\b|si les parties (?:le |en )(?:decid|convien|souhait)"
            r"|(?:fera|fait|feront|font|donnera|donne|donneront) (?:l'objet|lieu) (?:d'|a )(?:la (?:signature|conclusion|redaction) d')?(?:une? )?(?:nouvel(?:le)? )?(?:avenant|accord|deliberation|convention|decision|ecrit|demande|lettre|examen|vote)"
            r"|ne se presume|resulte d'une? (?:nouvel(?:le)? )?(?:echange|deliberation|accord|avenant|decision|acte)|(?:est|sera|sont) (?:decide|subordonne|soumis|approuve|conditionne|vote)[a-z]*|necessite|suppose|requiert|appartient aux)"
            r"|etendue?s?\b[^.;]{0,40}(?:duree|<p|fois)[^.;]{0,60}(?:decision|accord|avenant|deliberation|expres)"
            rf"|{_RENEWING}[a-z]* ?: ?(?:expres|par )"
            rf"|(?:n'est|ne sera|ne peut etre|ne pourra etre|ne se) {_RENEWING}[a-z]* qu(?:e |')(?:si|sur|par|apres|avec|moyennant|sous|a la|au vu|une?|expres)"
            r"|reconduction expresse|(?:maniere|facon) expresse|expressement (?:renouvel|reconduit|prorog)|renouveler expressement"
            r"|(?:d'un commun accord|par (?:un )?accord(?: ecrit| expres| mutuel)?)[^.;]{0,50}(?:renouvel|reconduir|reconduit|prorog|prolong)"
            r"|avenants?[^.;]{0,50}(?:la|sa|leur) poursuite|(?:par|voie d'|un|d'un) avenant[^.;]{0,40}(?:renouvel|reconduc|reconduit|prorog|prolong)"
            r"|(?:par|apres|sur|moyennant) (?:une |un |l'|simple |nouvelle |nouvel )*(?:deliberations?|accord|decision|avenant|echange)[^.;<]{0,60}(?:etre )(?:renouvel|recondui|reconduc|prorog|prolong)"
            r"|conven[a-z]+,?[^.;<]{0,50} (?:de la|de|d'une) ?(?:eventuelle )?(?:poursuite|reconduction|prolongation|renouvellement|prorogation|reconduire|prolonger|renouveler)"
            r"|\bpoursuite\b[^.;<]{0,50}(?:accord (?:expres|ecrit)|avenant|deliberation|nouvelle convention|decision expresse)"
            r"|(?:se prononce|statu|delibere)[a-z]*,?[^.;<]{0,50} (?:sur|quant a|de|d[ue]) ?(?:la |le |l'|sa |son |une |un )?(?:opportunite de (?:la |le |sa |son )?|eventuel(?:le)? )?(?:reconduction|renouvellement|renouveler|reconduire|prorogation)"
            r"|(?:par|apres) (?:une |nouvelle )?(?:deliberations?|accord ecrit|accord expres|decision)[^.;]{0,70}(?:de (?:la |le )?(?:renouvel|reconduir|prorog|prolong)|(?:sa|son|la|le) (?:renouvellement|reconduction|prorogation))"
        ),
        cues=(
            "poursuite",
            "etendu",
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
            r"(?:conclu|conclure|conclusion|sign(?:er|ee?|ature)|etabli|souscri|interven|redig|negoci|objet|passee?r?|propos|elabor|adopt)[a-z]* (?:[a-z']+ ){0,4}?nouve(?:lle|l|au) (?:convention|accord|contrat|protocole|acte)|\b(?:par|d'une?|seule?) (?:convention|accord|contrat) nouve(?:lle|au)\b|nouve(?:l|lle|au) (?:contrat|convention|accord)[^.;]{0,40}(?:renouvel|prolong|prorog|recondui)|\bune autre convention (?:devra|pourra|sera|doit|peut)"
            r"|(?:objet|lieu|place|nature),? (?:[a-z' ]{0,30}, )?(?:d'|a )(?:une? )?nouve(?:lle|l|au) (?:convention|accord|contrat|protocole|acte)|(?:objet|lieu|place|nature) (?:d'|a )(?:une? )?(?:convention|accord|contrat) (?:nouve(?:lle|au)|ulterieure?|distincte?)|nouvel(?:le)? (?:convention|accord|contrat|protocole|acte) (?:[a-z']+ ){0,3}(?:conclu|sign|etabli|souscri|interven|redig|negoci|pass|propos|adopt|deliber)"
        ),
        cues=("nouve", "ulterieur", "autre convention"),
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
        name="renewal_by_act",
        field="renewal",
        why="Renewal and an act of the parties in one sentence: a vote, a request, a decision, an agreement.",
        pattern=re.compile(
            _RENEWING
            + r"[a-z]*|\breitere[a-z]*|\bnouvelles? (?:periodes?|durees?)\b|\bpoursuite (?:de la |du |de l')(?=convention|partenariat|accord|contrat|cooperation|occupation|action)"
        ),
        cues=("renouvel", "recondu", "prorog", "prolong", "poursuite", "reitere", "nouvelle"),
        gives=_by_act,
        rank=1,
        examples=(
            (
                "La reconduction de la convention ne sera acquise qu'à la suite d'un vote favorable des deux assemblées.",
                "express",
            ),
            (
                "Si l'association veut obtenir le renouvellement de la convention, elle en fait la demande.",
                "express",
            ),
        ),
        counterexamples=(
            "Le renouvellement des membres donne lieu à un vote.",
            "Chaque partie peut s'opposer par écrit au renouvellement de la convention.",
        ),
    ),
    Rule(
        name="renewal_silent",
        field="renewal",
        why="« renouvelable » without a mode: express, since nothing renews by itself (rule 5).",
        pattern=compiled(
            r"nombre (?:maximal |maximum )?(?:de|des) (?:reconductions|renouvellements)|renouvelables?\b|renouvables?\b|reconductibles?\b|prorogeables?\b|prolongeables?\b"
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
            ("L'accord ne donnera lieu à aucune prolongation.", "none"),
            ("Durée de la convention : un an. Reconduction : néant.", "none"),
            ("La convention est conclue pour un an, sans possibilité de reconduction.", "none"),
        ),
        counterexamples=("La convention ne peut être renouvelée que par avenant.",),
    ),
)
