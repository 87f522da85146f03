"""French as agreements write it: folding for matching, numbers, periods and dates.

Nothing here knows what an agreement is. Matching happens on a folded copy of the text (lower case,
no accents, one kind of dash, apostrophe and space, words that a scan cut are joined again); a
`View` keeps the way back, so that every value can be quoted in the words of the document itself.

Conventions: positions are half-open, `start` inclusive and `end` exclusive. Periods are ISO 8601
in the unit of the text ("36 mois" is P36M, never P3Y). A number that the text writes twice and
differently ("trois (6) mois") has no value.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from text_to_num import text2num

from tracker.reading.vocabulary import VOCABULARY

# --------------------------------------------------------------------------------------------------
# Views: a copy of a text in which some pieces were replaced
# --------------------------------------------------------------------------------------------------

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class View:
    """A text made from `parent` by replacing pieces; `parent` is None for the document itself."""

    text: str
    parent: View | None = None
    _news: tuple[int, ...] = field(default=(0,), repr=False)
    _olds: tuple[int, ...] = field(default=(0,), repr=False)
    _copied: tuple[int, ...] = field(default=(-1,), repr=False)

    def origin_start(self, position: int) -> int:
        """Return where the character at `position` begins in the document."""
        if self.parent is None:
            return position
        piece = bisect_right(self._news, position) - 1
        old = self._olds[piece]
        if self._copied[piece] != 0:
            old += position - self._news[piece]
        return self.parent.origin_start(old)

    def origin_end(self, position: int) -> int:
        """Return where the character before `position` ends in the document."""
        if self.parent is None:
            return position
        if position <= 0:
            return self.origin_start(0)
        piece = bisect_right(self._news, position - 1) - 1
        if self._copied[piece] != 0:
            return self.parent.origin_end(self._olds[piece] + position - self._news[piece])
        return self.parent.origin_end(self._olds[piece + 1])


def edited(parent: View, edits: list[Edit], text: str | None = None) -> View:
    """Return `parent` with `edits` applied; they are sorted and do not overlap.

    `text` is a same-length stand-in for the parent's text (its translation), where there is one.
    """
    source = parent.text if text is None else text
    if not edits:
        return View(source, parent, (0,), (0,), (-1,))
    pieces: list[str] = []
    news: list[int] = []
    olds: list[int] = []
    copied: list[int] = []
    at = new = 0
    for start, end, replacement in edits:
        if start > at:
            pieces.append(source[at:start])
            news.append(new)
            olds.append(at)
            copied.append(-1)
            new += start - at
        if replacement:
            pieces.append(replacement)
            news.append(new)
            olds.append(start)
            copied.append(0)
            # The end of a replaced piece is where the next one starts in the parent.
            new += len(replacement)
        at = end
        if replacement:
            news.append(new)
            olds.append(end)
            copied.append(-1)
    pieces.append(source[at:])
    news.append(new)
    olds.append(at)
    copied.append(-1)
    return View("".join(pieces), parent, tuple(news), tuple(olds), tuple(copied))


# --------------------------------------------------------------------------------------------------
# Folding
# --------------------------------------------------------------------------------------------------


def _translation() -> dict[int, str]:
    """Return the one-to-one part of folding: every entry replaces one character by one."""
    table: dict[int, str] = {}
    for code in [*range(0x21, 0x250), *range(0x1E00, 0x1F00)]:
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if len(base) == 1 and base != letter and base.isascii():
            table[code] = base
    for code in [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x0D, 0x0B]:
        table[code] = " "
    table |= dict.fromkeys((0x0C, 0x85, 0x2028, 0x2029), "\n")
    table |= dict.fromkeys(map(ord, "’‘ʼ′`´‛"), "'")
    table |= dict.fromkeys(map(ord, "“”„«»‟"), '"')
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    table |= dict.fromkeys(map(ord, "•●▪◦‣∙·▲☆⤴➢➤→"), "-")
    # The angle brackets are ours: they mark periods and dates. A document cannot forge a mark.
    table |= {ord("<"): "[", ord(">"): "]", ord("ø"): "o", ord("Ø"): "o", ord("º"): "°"}
    return table


_TRANSLATION: Final = _translation()

NUMBER_WORDS: Final = (
    "un", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "vingts", "vingt", "trente", "quarante",
    "cinquante", "soixante", "septante", "huitante", "octante", "nonante", "cents", "cent", "mille",
    "mil",
)  # fmt: skip

_EDITS: Final = re.compile(
    r"(?P<joint>(?<=[a-z])-[ \t]*\n[ \t\n]*(?=[a-z]))"
    r"|(?P<gone>[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]+|\*{2,}|_{2,}(?=\w)|(?<=\w)_{2,}"
    r"|(?<=\n)#{1,6} |\^\{(?=e)|(?<=\^\{er)\}|(?<=\^\{eme)\}|(?<=\^\{emes)\})"
    r"|(?P<ligature>[œŒæÆ&])"
    r"|(?P<break>[ \t]*\n[ \t\n]*)"
    r"|(?P<cell> *\t[ \t]*)"
    r"|(?P<space> {2,})"
)
_LIGATURES: Final = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "&": "et"}
_LAST_WORD: Final = re.compile(r"[a-z]+$")
# "Page 3/7", "- 5 -", "VILLE - DGA CULTURE - 5 -": what a scan leaves between two lines.
_FURNITURE: Final = re.compile(
    r"\n[ \t]*(?:page[ \t]*\d{1,4}(?:[ \t]*(?:/|sur)[ \t]*\d{1,4})?"
    r"|(?:[a-z0-9 .,/&'-]{0,70} )?- ?\d{1,4} ?-"
    r"|[a-z][a-z0-9 .,&'-]{0,70} p(?:age|\.) ?\d{1,4}(?: ?/ ?\d{1,4})?|\d{1,3} ?/ ?\d{1,3})[ \t]*(?=\n)"
)


def _fold_edit(match: re.Match[str], text: str) -> Edit | None:
    kind = match.lastgroup
    start, end = match.span()
    if kind == "joint":
        # "dix-\nhuit" keeps its hyphen, "par-\ntenariat" loses it.
        word = _LAST_WORD.search(text, max(0, start - 20), start)
        keep = word is not None and word.group() in NUMBER_WORDS
        return (start, end, "-" if keep else "")
    if kind == "gone":
        return (start, end, "")
    if kind == "ligature":
        return (start, end, _LIGATURES[match.group()])
    if kind == "break":
        mark = "\f" if match.group().count("\n") > 1 else "\n"
        return None if match.group() == mark else (start, end, mark)
    if kind == "cell":
        return None if match.group() == "\t" else (start, end, "\t")
    return (start, end, " ")


def _without(edits: list[Edit], gone: list[tuple[int, int]]) -> list[Edit]:
    """Return `edits` with the stretches of `gone` taken out, and without those they touch."""
    kept: list[Edit] = []
    at = 0
    for edit in edits:
        while at < len(gone) and gone[at][1] <= edit[0]:
            at += 1
        if at == len(gone) or gone[at][0] >= edit[1]:
            kept.append(edit)
    return sorted([*kept, *((start, end, "") for start, end in gone)])


def fold(text: str) -> View:
    r"""Return the folded view of `text`: the copy that every pattern is matched against.

    Lower case without accents; one space, `\\n` at a line end, `\\f` between paragraphs, `\\t`
    between cells; words cut at a line end or by a scan are whole again.
    """
    document = View(text)
    plain = text.translate(_TRANSLATION)
    edits = [edit for m in _EDITS.finditer(plain) if (edit := _fold_edit(m, plain)) is not None]
    furniture = [m.span() for m in _FURNITURE.finditer(plain)]
    if furniture:
        edits = _without(edits, furniture)
    return _mend(edited(document, edits, plain))


# --- Scans ----------------------------------------------------------------------------------------

_VOCABULARY: Final = VOCABULARY | frozenset(NUMBER_WORDS)
_SMALL: Final = """
a an ans au aux avec bon car ce ces cet cette chez ci comme d dans de des doit donc
du elle elles en est et eu faire fait fin il ils j je jour l la le les leur leurs lui ma
mais me mi mois mon n ne ni non nos notre nous on ont or ou par pas peu peut plus pour
qu quand que qui s sa sans se sera ses si son sont sous sur t ta te tes tous tout
tu un une va vers ville vos votre vous y
"""
_GLUE: Final = frozenset(_SMALL.split())
_WORD: Final = re.compile(r"[a-z0-9]+")
_LONG_WORD: Final = re.compile(r"\b[a-z]{7,20}\b")
_MIXED: Final = re.compile(r"[a-z][015]|[015][a-z]")
# One letter read as another, or as two: « convcntion », « comrnune », « rési1iation ».
_CONFUSED: Final = (("rn", "m"), ("m", "rn"), ("c", "e"), ("e", "c"), ("i", "l"), ("l", "i"), ("n", "u"), ("u", "n"), ("cl", "d"), ("ii", "u"))  # fmt: skip
_LOOKALIKES: Final = {"0": "o", "1": "li", "5": "s"}
_NUMERAL: Final = str.maketrans("oilsz", "01152")
_SCANNED: Final = re.compile(
    r"(?P<hyphen>(?<=[a-z])- (?=[a-z]))|(?P<same>(?<=\bme) (?=mes?\b))|(?P<first>\bl(?= ?er (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre"
    r"|novembre|decembre)\b))"
    r"|(?P<elided>\b[i1](?='[a-z]))|(?P<dayof>(?<=\bpremier) jour (?:de |d'|du mois de )(?=janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre))|(?P<mois>\brn(?=ois\b))|(?P<she>\belie(?= (?:se|est|sera|peut|pourra|prend|prendra|cesse|expire|vaut|court) ))"
    r"|(?P<article>(?<![a-z.])ie(?=s? [a-z]{2})|(?<=[a-z] )1(?=(?:a|es) [a-z]{3}))"
    r"|(?P<spaced>(?<![a-z'] )\b(?:[a-z] ){4,}[a-z]\b(?! [a-z]\b))"
    r"|(?P<year>\b[12l][0-9ol]{3}\b)"
    r"|(?P<count>\b(?=\d*[ol])(?=(?:[ol]*\d){2})\d[0-9ol]{1,3}\b|\b\d[ol]{2}\b"
    r"|\b(?:\d[ol]|l[0-9o])(?= ?(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre"
    r"|decembre|jours?|mois|ans|annees|pour ?cent|%|€|euros)))"
    r"|(?P<bracket>(?<=\( )[l](?= \))|(?<=\()[l](?=\)))"
    r"|(?P<percent>\b(?=[oil]{0,2}\d)\d?[\doil]{1,2}(?= ?%))"
    r"|(?P<date>\b(?=[oilsz]{0,2}\d|\d)[\doil]{1,2}[/.][\doil]{1,2}[/.][\doilsz]{4}\b)"
)


def _scan_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for match in _SCANNED.finditer(text):
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "hyphen":
            left = _LAST_WORD.search(text, max(0, start - 20), start)
            right = _WORD.match(text, end)
            if left is None or right is None:
                continue
            if left.group() in NUMBER_WORDS and right.group() in NUMBER_WORDS:
                edits.append((start, end, "-"))
            elif left.group() + right.group() in _VOCABULARY:
                edits.append((start, end, ""))
        elif kind == "same":
            edits.append((start, end, ""))
        elif kind == "article":
            edits.append((start, end, "le" if match.group() == "ie" else "l"))
        elif kind == "spaced":
            edits.append((start, end, match.group().replace(" ", "")))
        elif kind in ("year", "count"):
            digits = sum(letter.isdigit() for letter in match.group())
            if digits < len(match.group()) and (digits > 1 or kind == "count"):
                edits.append((start, end, match.group().translate(_NUMERAL)))
        elif kind in ("first", "bracket"):
            edits.append((start, end, "1"))
        elif kind == "dayof":
            edits.append((start, end, " "))
        elif kind == "mois":
            edits.append((start, end, "m"))
        elif kind == "she":
            edits.append((start, end, "elle"))
        elif kind == "elided":
            edits.append((start, end, "l"))
        elif kind == "percent":
            if not match.group().isdigit():
                edits.append((start, end, match.group().translate(_NUMERAL)))
        elif not match.group().replace("/", "").replace(".", "").isdigit():
            edits.append((start, end, match.group().translate(_NUMERAL)))
    return edits


def _lookalikes(word: str) -> tuple[str, ...]:
    """Return the words that a scan may have read as `word`: "com1te", "annue11e", "n0tification"."""
    if sum(letter in _LOOKALIKES for letter in word) > 4 or len(word) > 24:
        return ()
    return tuple(
        "".join(letters)
        for letters in itertools.product(*(_LOOKALIKES.get(letter, letter) for letter in word))
    )


@lru_cache(maxsize=8192)
def _neighbour(word: str) -> str | None:
    """Return the word of the vocabulary that a scan may have read as `word`, one letter off."""
    for wrong, right in _CONFUSED:
        at = word.find(wrong)
        while at >= 0:
            mended = word[:at] + right + word[at + len(wrong) :]
            if mended in _VOCABULARY:
                return mended
            at = word.find(wrong, at + 1)
    return None


def _misread(text: str) -> list[Edit]:
    """Mend the long words that no rule knows and that stand one misread letter from one it knows."""
    edits: list[Edit] = []
    for match in _LONG_WORD.finditer(text):
        word = match.group()
        if word not in _VOCABULARY and (mended := _neighbour(word)) is not None:
            edits.append((match.start(), match.end(), mended))
    return edits


def _word_edits(text: str) -> list[Edit]:
    """Join the words of the vocabulary that a scan cut, and turn its digits back into letters."""
    known = _VOCABULARY
    words = _WORD.findall(text)
    pairs = [a + b for a, b in itertools.pairwise(words)]
    if (
        known.isdisjoint(pairs)
        and known.isdisjoint(a + b for a, b in zip(pairs, words[2:], strict=False))
        and not _MIXED.search(text)
    ):
        return []
    edits: list[Edit] = []
    left: tuple[int, int, str] | None = None
    before: tuple[int, int, str] | None = None
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        if not word.isalpha() and not word.isdigit():
            letters = next((w for w in _lookalikes(word) if w in known), None)
            if letters is not None:
                edits.append((start, end, letters))
                word = letters
        if left is not None and start - left[1] == 1 and text[left[1]] in " \n" and word.isalpha():
            joined = left[2] + word
            odd = not ((left[2] in known or left[2] in _GLUE) and (word in known or word in _GLUE))
            if odd and joined in known:
                edits.append((left[1], start, ""))
                before, left = None, (left[0], end, joined)
                continue
            if (
                before is not None
                and left[0] - before[1] == 1
                and text[before[1]] in " \n"
                and before[2] + joined in known
                and not all(part in known or part in _GLUE for part in (before[2], left[2], word))
            ):
                edits += [(before[1], left[0], ""), (left[1], start, "")]
                left = (before[0], end, before[2] + joined)
                before = None
                continue
        before, left = left, (start, end, word)
    return edits


def _mend(view: View) -> View:
    text = view.text
    edits = _word_edits(text) + _scan_edits(text) + _misread(text)
    if not edits:
        return view
    edits.sort()
    clean: list[Edit] = []
    for edit in edits:
        if not clean or edit[0] >= clean[-1][1]:
            clean.append(edit)
    return edited(view, clean)


# --------------------------------------------------------------------------------------------------
# Numbers
# --------------------------------------------------------------------------------------------------

_NUMBER_WORD: Final = "(?:" + "|".join(sorted(NUMBER_WORDS, key=len, reverse=True)) + ")"
WORDS_RE: Final = rf"{_NUMBER_WORD}(?:(?:[ -]et[ -]|- ?| ?){_NUMBER_WORD}){{0,7}}"
_NUMBER_WORD_RE: Final = re.compile(_NUMBER_WORD + r"|\bet\b")
_ORDINALS: Final = {
    "premier": 1, "premiere": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3,
    "quatrieme": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9,
    "dixieme": 10, "onzieme": 11, "douzieme": 12, "quinzieme": 15, "dix-huitieme": 18,
    "vingtieme": 20, "vingt-quatrieme": 24, "trentieme": 30, "trente-sixieme": 36,
}  # fmt: skip
ORDINAL_RE: Final = (
    "(?:" + "|".join(sorted(_ORDINALS, key=len, reverse=True)) + r"|\d{1,2} ?(?:eme|er|e))"
)


@lru_cache(maxsize=4096)
def number(words: str) -> int | None:
    """Return the value of a folded number, in digits or in words; None when it is not one.

    >>> number("dix-huit"), number("soixante et onze"), number("24")
    (18, 71, 24)
    """
    if words.isdigit():
        return int(words) if len(words) <= 6 else None
    parts = _NUMBER_WORD_RE.findall(words)
    if parts in (["un"], ["une"]):
        return 1
    spelled = "-".join(
        "un" if part == "une" else "mille" if part == "mil" else part for part in parts
    )
    try:
        return int(text2num(spelled, "fr"))
    except ValueError:
        return None


def ordinal(word: str) -> int | None:
    """Return 12 for "douzieme", 3 for "3eme"; None for anything else."""
    if word in _ORDINALS:
        return _ORDINALS[word]
    digits = re.match(r"\d{1,2}", word)
    return int(digits.group()) if digits else None


_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def roman(numeral: str) -> int | None:
    """Return the value of a folded Roman numeral below 400 ("xiv" is 14), else None."""
    total = 0
    for letter, following in zip(numeral, numeral[1:] + " ", strict=True):
        value = _ROMAN.get(letter)
        if value is None:
            return None
        total += -value if _ROMAN.get(following, 0) > value else value
    return total or None


# --------------------------------------------------------------------------------------------------
# Periods
# --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time that the text writes; `iso` is None where it has no single value."""

    iso: str | None
    start: int
    end: int
    readings: tuple[str, ...] = ()
    bound: str | None = None  # "max", "min" or None
    counted: str = ""  # "civile", "scolaire", "universitaire" for years so named


_UNITS: Final = {
    "an": ("Y", 1), "ans": ("Y", 1), "annee": ("Y", 1), "annees": ("Y", 1), "exercice": ("Y", 1),
    "exercices": ("Y", 1), "mois": ("M", 1), "trimestre": ("M", 3), "trimestres": ("M", 3),
    "semestre": ("M", 6), "semestres": ("M", 6), "semaine": ("W", 1), "semaines": ("W", 1),
    "decennie": ("Y", 10), "decennies": ("Y", 10), "quinzaine": ("D", 15), "quinzaines": ("D", 15), "jour": ("D", 1), "jours": ("D", 1),
}  # fmt: skip
UNIT_RE: Final = r"(?:annees?|ans?|exercices?|decennies?|mois|trimestres?|semestres?|semaines?|quinzaines?|jours?)"
_NUMBER_RE: Final = rf"(?:\d{{1,4}}|{WORDS_RE})"
_PERIOD: Final = re.compile(
    rf"(?<![a-z0-9,./°])(?:(?<=pour )(?P<times>deux|trois|quatre) fois )?(?:(?P<low>{_NUMBER_RE}) ?(?:{UNIT_RE} )?(?:a |ou |(?<=\d)-(?=\d)))?"
    rf"(?P<number>{_NUMBER_RE})(?: ?[(\[] ?(?P<again>{_NUMBER_RE}) ?[)\]])?[ \n]?"
    r"(?:(?:nouvelles?|autres|premieres?|dernieres?|longues?|pleines?) )?"
    rf"(?P<unit>{UNIT_RE})\b(?![-'])(?: ?[(\[] ?(?P<after>\d{{1,4}}) ?(?:{UNIT_RE})? ?[)\]])?"
    r"(?P<half> et demie?\b)?"
    rf"(?: et (?P<more>{_NUMBER_RE}) (?P<unit2>mois|jours?)\b)?"
    r"(?: (?P<kind>civiles?|scolaires?|universitaires?|calendaires?|budgetaires?|pleins?|entiere?s?"
    r"|consecutive?s?|successive?s?|francs?|ouvres|ouvrables?|revolue?s?))?"
)
_RANGE_LEAD: Final = re.compile(r"(?:entre|de|d')[ ]?$")


def _iso(count: int, unit: str) -> str:
    letter, factor = _UNITS[unit]
    return f"P{count * factor}{letter}"


def _period_value(match: re.Match[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return the ISO value and, where the text writes two numbers, both readings."""
    unit = match["unit"]
    first = number(match["number"])
    if first is None or first == 0:
        return None, ()
    again = match["again"] or match["after"]
    if again is not None and (second := number(again)) != first:
        return None, (_iso(first, unit), _iso(second or 0, unit))
    if match["low"] is not None and (low := number(match["low"])) != first:
        return None, (_iso(low or 0, unit), _iso(first, unit))
    if match["times"]:
        return _iso(first * (number(match["times"]) or 1), unit), ()
    value = _iso(first, unit)
    if match["half"]:
        letter = _UNITS[unit][0]
        if letter == "Y":
            return f"P{first}Y6M", ()
        return None, ()
    if match["more"]:
        more = number(match["more"]) or 0
        value += f"{more}{_UNITS[match['unit2']][0]}"
    return value, ()


def periods(text: str) -> list[Period]:
    """Return every length of time written in the folded `text`, in order.

    "un à cinq ans" and "trois (6) mois" have no single value: `readings` holds both.
    """
    found = []
    for match in _PERIOD.finditer(text):
        value, readings = _period_value(match)
        if value is None and not readings:
            continue
        kind = (match["kind"] or "").rstrip("s")
        found.append(Period(value, match.start(), match.end(), readings, counted=kind))
    return found


# Adjectives of frequency and of length. "bisannuel" means twice a year to one reader and every two
# years to another: it is not here.
ADJECTIVES: Final = {
    "annuel": "P1Y", "annuelle": "P1Y", "annuels": "P1Y", "annuelles": "P1Y",
    "biennal": "P2Y", "biennale": "P2Y", "biennales": "P2Y", "biennaux": "P2Y",
    "triennal": "P3Y", "triennale": "P3Y", "triennales": "P3Y", "triennaux": "P3Y",
    "quadriennal": "P4Y", "quadriennale": "P4Y", "quadriennales": "P4Y", "quadriennaux": "P4Y",
    "quinquennal": "P5Y", "quinquennale": "P5Y", "quinquennales": "P5Y", "quinquennaux": "P5Y",
    "sexennal": "P6Y", "sexennale": "P6Y", "decennal": "P10Y", "decennale": "P10Y",
    "mensuel": "P1M", "mensuelle": "P1M", "mensuels": "P1M", "mensuelles": "P1M",
    "bimestriel": "P2M", "bimestrielle": "P2M", "trimestriel": "P3M", "trimestrielle": "P3M",
    "trimestriels": "P3M", "trimestrielles": "P3M", "semestriel": "P6M", "semestrielle": "P6M",
    "semestriels": "P6M", "quadrimestriel": "P4M", "quadrimestrielle": "P4M", "semestrielles": "P6M", "hebdomadaire": "P1W", "hebdomadaires": "P1W",
}  # fmt: skip


# --------------------------------------------------------------------------------------------------
# Dates
# --------------------------------------------------------------------------------------------------

_MONTHS: Final = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9,
    "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_MONTH_RE: Final = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
    r"|(?:janv|fevr|fev|avr|juil|sept|oct|nov|dec)\b\.?)"
)
_DATE: Final = re.compile(
    rf"(?<![\d/.,])(?P<day>\d{{1,2}}|premier)(?: ?er\b| ?°)? (?P<month>{_MONTH_RE})[ ,]{{1,2}}"
    r"(?:de l'an(?:nee)? )?(?P<year>\d{4})\b"
    rf"|\b(?P<wday>premier|\d{{1,2}}(?: ?er)?|{WORDS_RE}) (?P<wmonth>{_MONTH_RE}) (?:de l'an )?"
    rf"(?P<wyear>(?:deux[ -]mil(?:le)?|mil(?:le)?[ -]neuf[ -]cents?)(?:[ -]{WORDS_RE})?|\d{{4}})\b"
    r"|(?<![\d/.,-])(?P<nday>\d{1,2})(?P<sep>[/.-])(?P<nmonth>\d{1,2})(?P=sep)(?P<nyear>\d{4})(?![\d/-])"
    r"|(?<![\d/.,-])(?P<iyear>(?:19|20)\d\d)-(?P<imonth>\d\d)-(?P<iday>\d\d)(?![\d-])"
    r"|(?<![\d/.,-])(?P<sday>\d{1,2})/(?P<smonth>\d{1,2})/(?P<syear>\d{2})(?![\d/])"
    rf"|(?<![\d/.,])(?P<pday>\d{{1,2}}|premier)(?: ?er\b| ?°)? (?P<pmonth>{_MONTH_RE})\b"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written; `value` is None when the year is missing, short or the day impossible."""

    value: date | None
    start: int
    end: int
    day: int
    month: int
    year: int | None = None  # as written: two digits for "9/04/09"
    short_year: bool = False
    impossible: bool = False

    def in_year(self, year: int) -> date | None:
        """Return the day in `year`, or None where that year has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


def _day_parts(match: re.Match[str]) -> tuple[int | None, int | None, int | None, bool]:
    group = match.groupdict()
    if group["day"]:
        day = 1 if group["day"] == "premier" else int(group["day"])
        return day, _MONTHS[group["month"].rstrip(".")], int(group["year"]), False
    if group["wday"]:
        first = group["wday"].removesuffix("er").rstrip()
        spelled = 1 if first == "premi" else number(first)
        return spelled, _MONTHS[group["wmonth"].rstrip(".")], number(group["wyear"]), False
    if group["nday"]:
        return int(group["nday"]), int(group["nmonth"]), int(group["nyear"]), False
    if group["iyear"]:
        return int(group["iday"]), int(group["imonth"]), int(group["iyear"]), False
    if group["sday"]:
        return int(group["sday"]), int(group["smonth"]), int(group["syear"]), True
    day = 1 if group["pday"] == "premier" else int(group["pday"])
    return day, _MONTHS[group["pmonth"].rstrip(".")], None, False


def days(text: str) -> list[Day]:
    """Return every date of the folded `text`; those without a full year have no value."""
    found = []
    for match in _DATE.finditer(text):
        day, month, year, short = _day_parts(match)
        if day is None or month is None or not 1 <= month <= 12 or not 1 <= day <= 31:
            if day is not None and month is not None and year is not None and year > 999:
                found.append(Day(None, *match.span(), day, month, year, impossible=True))
            continue
        value = None
        impossible = False
        if year is not None and not short:
            try:
                value = date(year, month, day)
            except ValueError:
                impossible = True
            if not 1900 <= year <= 2199:
                value = None
        found.append(Day(value, *match.span(), day, month, year, short, impossible))
    return found
