"""The outline of a document: its articles, its zones and its sentences.

A sentence knows the article it stands in, whether it is only recited (preamble, visas), annexed or
operative, and what it speaks about: the agreement itself or something else that has durations of
its own (a policy, a mandate, a guarantee). Lengths, dates and percentages stand as marks
(`<p0>`, `<d0>`, `<c0>`) so that the rules can be read aloud.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tracker.reading.french import (
    WORDS_RE,
    Day,
    Edit,
    Period,
    View,
    days,
    edited,
    fold,
    number,
    periods,
)
from tracker.reading.subjects import (
    ADVERBIAL,
    AGREEMENT_RE,
    ANAPHORA,
    APPOSED,
    ASIDE,
    BINDS,
    CLAUSE,
    COMPLEMENT,
    CONDITION,
    DEMONSTRATIVE,
    DETERMINED,
    DISCOURSE,
    FEMININE,
    FINITE,
    GRANTED,
    HIRING,
    IDLE,
    INDEFINITE,
    INSERTION,
    LATTER,
    LEADING,
    LEASE,
    LENT,
    NOT_HIRING,
    NOT_LEASE,
    NOUN_FIRST,
    OBLIQUE,
    OF_ITS_NAME,
    OPENING,
    OTHER_RE,
    PARTIES,
    PLURAL,
    PREDICATE,
    PREDICATIVE,
    PRESENT,
    PRONOUN,
    SOLE,
    TAKEN_UP,
    TERM_HEADING,
)

BODY: Final = "body"
RECITAL: Final = "recital"
ANNEX: Final = "annex"
ACT: Final = "act"  # the deliberation's own words: register, vote, stamps

AGREEMENT: Final = "agreement"
OTHER: Final = "other"

_PERCENT: Final = re.compile(
    rf"(?<![\d,.])(?P<digits>\d{{1,3}}(?:[.,]\d{{1,2}})?) ?(?:%|pour ?cents?\b|pour ?100\b|p\. ?(?:100|c\.|cent\b))"
    rf"|\b(?P<words>{WORDS_RE}) pour ?cents?\b(?: ?\( ?\d{{1,3}} ?(?:%|pour ?cents?) ?\))?"
)


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage of the text."""

    value: float | int
    start: int
    end: int


def shares(text: str) -> list[Share]:
    """Return every percentage of the folded `text`."""
    found = []
    for match in _PERCENT.finditer(text):
        value: float | int | None
        if match["digits"]:
            value = float(match["digits"].replace(",", "."))
            value = int(value) if value == int(value) else value
        else:
            value = number(match["words"])
        if value is not None and 0 < value <= 100:
            found.append(Share(value, match.start(), match.end()))
    return found


@dataclass(eq=False)
class Sentence:
    """One sentence of the marked text, with all that the rules ask about it."""

    document: Document
    text: str
    start: int
    end: int
    article: str | None
    heading: str
    zone: str
    index: int
    previous: Sentence | None = None
    item: bool = False  # an item of a list

    def period(self, mark: str) -> Period:
        return self.document.periods[int(mark[2:-1])]

    def day(self, mark: str) -> Day:
        return self.document.days[int(mark[2:-1])]

    def share(self, mark: str) -> Share:
        return self.document.shares[int(mark[2:-1])]

    @cached_property
    def lead(self) -> Sentence | None:
        """The words before a list (« … comme suit : ») that govern this item of it."""
        previous = self.previous
        if previous is None or previous.article != self.article:
            return None
        if previous.text.endswith(":"):
            return previous
        if self.item and previous.item:
            return previous.lead
        return None

    @cached_property
    def context(self) -> str:
        """The sentence with the words that govern it, for an item of a list."""
        return self.text if self.lead is None else self.lead.text[-300:] + " " + self.text

    def settle(self) -> None:
        """Work out what depends on the sentence before, while it is at hand."""
        _ = self.main, self.context, self.subject

    @cached_property
    def others(self) -> list[int]:
        """Where the sentence names something that has durations of its own."""
        lease = self.document.lease
        opening = ADVERBIAL.match(self.text)
        start = opening.end() if opening is not None else 0
        return [
            m.start()
            for m in OTHER_RE.finditer(self.text, start)
            if not (lease and m.group().startswith(("abonnement", "marche")))
            and not (
                "duree" in self.heading
                and (m.group() == "autorisation" or LENT.match(self.text, m.end()))
            )
            and OF_ITS_NAME.search(self.text, max(0, m.start() - 90), m.start()) is None
            and not self.text.endswith(("present ", "presente "), 0, m.start())
            and ASIDE.search(self.text, max(0, m.start() - 70), m.start()) is None
        ]

    @cached_property
    def agreements(self) -> list[int]:
        """Where the sentence names the agreement, as what it speaks about."""
        return _agreements(self)

    @cached_property
    def subject(self) -> str:
        """The opening words of the sentence, or of the one that its pronoun points back to."""
        if self.previous is not None and PRONOUN.match(self.text):
            return self.previous.subject
        return self.text[:60]

    @cached_property
    def main(self) -> str:
        """What the sentence speaks about: the first holder it names, else its predecessor's."""
        if self.previous is not None and PRONOUN.match(self.text):
            return _antecedent(self)
        if self.previous is None and PRONOUN.match(self.text) and self.document.hiring:
            return OTHER
        if self.lead is not None and not self.agreements and not self.others:
            return self.lead.main
        found = _first_holder(self)
        if found is not None:
            return found
        if self.previous is not None and self.previous.article == self.article:
            if self.previous.main == OTHER and DISCOURSE.match(self.text) and _idle(self.previous):
                return AGREEMENT
            if ANAPHORA.match(self.text) or self.previous.main == AGREEMENT:
                return self.previous.main
            return AGREEMENT if TERM_HEADING.search(self.heading) else ""
        return AGREEMENT

    def _taken_over(self, agreement: int, position: int) -> bool:
        """True when a noun after the agreement can be the subject of the verb before `position`.

        « La convention par laquelle la Ville accueille des stagiaires est conclue »: neither a
        plural nor the complement of a preposition is the subject of « est conclue ».
        """
        verbs = [m.start() for m in PREDICATE.finditer(self.text, agreement, position)]
        if not verbs:
            return True
        for other in self.others:
            if not agreement < other < verbs[-1]:
                continue
            noun = OTHER_RE.match(self.text, other)
            plural = noun is not None and noun.group().endswith(("s", "x"))
            if not plural and not COMPLEMENT.search(self.text, max(0, other - 14), other):
                return True
        return False

    def granted(self, position: int) -> bool:
        """True when the clause says that something unnamed is consented to, entrusted or agreed."""
        clause = max(self.text.rfind(";", 0, position), self.text.rfind(": ", 0, position)) + 1
        match = GRANTED.match(self.text, _skip(self.text, clause))
        if match is None or match.end() > position:
            return False
        return not any(
            match.start() <= o < match.end() and not COMPLEMENT.search(self.text, max(0, o - 14), o)
            for o in self.others
        )

    def _beside(self, first: int, other: int, position: int) -> bool:
        """True when a noun after the agreement only qualifies it, seen from `position`.

        « La convention, qui concerne les élèves, est conclue », « la convention passée avec
        l'association des parents d'élèves est conclue »: the verb is the agreement's.
        """
        for aside in INSERTION.finditer(self.text, first):
            if aside.end() > position:
                break
            if aside.start() <= other < aside.end():
                return True
        if not COMPLEMENT.search(self.text, max(0, other - 14), other):
            return False
        verb = FINITE.search(self.text, other)
        if verb is None or verb.start() > position:
            return False
        return not CLAUSE.search(self.text, other, verb.end())

    def holder(self, position: int) -> str:
        """Return what the words at `position` belong to: AGREEMENT, OTHER or ""."""
        clause = max(self.text.rfind(";", 0, position), self.text.rfind(": ", 0, position)) + 1
        agreement = max((a for a in self.agreements if clause <= a < position), default=-1)
        first = min((a for a in self.agreements if clause <= a < position), default=position)
        other = max(
            (
                o
                for o in self.others
                if clause <= o < position and not (first < o and self._beside(first, o, position))
            ),
            default=-1,
        )
        if other > agreement >= 0 and LATTER.search(self.text, other, position):
            return OTHER
        if other > agreement >= 0 and PREDICATE.search(self.text, other, position):
            # « La convention relative aux archives est conclue pour… »: the verb is the subject's.
            firsts = [n for n in (*self.agreements, *self.others) if n >= clause]
            if min(firsts, default=-1) in self.agreements and (
                not CLAUSE.search(self.text, agreement, position)
                or not self._taken_over(agreement, position)
            ):
                return AGREEMENT
        if other > agreement:
            return AGREEMENT if PRESENT.search(self.text, clause) else OTHER
        if agreement >= 0:
            return AGREEMENT
        stop = self.text.find(";", position)
        ahead = self.text[position : stop if stop > 0 else len(self.text)]
        leading = LEADING.match(self.text)
        begin = leading.end() if leading is not None and leading.end() <= position else 0
        if (
            not begin
            and APPOSED.match(self.text, _skip(self.text, clause))
            and AGREEMENT_RE.search(ahead)
        ):
            return AGREEMENT
        if clause > 0 or ANAPHORA.match(self.text):
            return self.main
        if TERM_HEADING.search(self.heading):
            return AGREEMENT
        if self.main == AGREEMENT and NOUN_FIRST.match(self.text, begin):
            return AGREEMENT if PARTIES.match(self.text, begin, position) else ""
        return self.main


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \n\f\t-":
        position += 1
    return position


def _idle(sentence: Sentence) -> bool:
    return all(IDLE.match(sentence.text, start) for start in sentence.others)


def _agreements(sentence: Sentence) -> list[int]:
    found = []
    if sentence.document.lease:
        found += [m.start() for m in LEASE.finditer(sentence.text)]
    others = sentence.others
    spans = [m.span() for m in OTHER_RE.finditer(sentence.text)] if others else []
    for match in AGREEMENT_RE.finditer(sentence.text):
        start = match.start()
        before = sentence.text[max(0, start - 40) : start]
        if any(a <= start < b for a, b in spans) or OTHER_RE.match(sentence.text, start):
            continue
        if OBLIQUE.search(before) and not TAKEN_UP.match(sentence.text, match.end()):
            continue
        if DEMONSTRATIVE.search(before) and _inherits_other(sentence):
            continue
        if match.group().startswith(("mis", "met", "remis")) and any(o < start for o in others):
            # An agent or a vehicle put at someone's disposal is not the agreement.
            continue
        found.append(start)
    return sorted(found)


def _antecedent(sentence: Sentence) -> str:
    """Return what « elle » or « il » stands for: the holder of the sentence before, by gender.

    « Le contrat prévoit une période d'essai. Elle peut être prolongée »: she is not the contract.
    """
    previous = sentence.previous
    pronoun = PRONOUN.match(sentence.text)
    if previous is None or pronoun is None:
        return AGREEMENT
    nouns = [m.group() for m in AGREEMENT_RE.finditer(previous.text)]
    if not nouns and INDEFINITE.match(previous.text):
        return OTHER
    if previous.main == AGREEMENT and nouns and OTHER_RE.search(previous.text):
        feminine = any(FEMININE.search(n) for n in nouns)
        masculine = any(not FEMININE.search(n) for n in nouns)
        if (pronoun["she"] and not feminine) or (pronoun["he"] and not masculine):
            return OTHER
    if previous.main == OTHER and _mismatched(
        previous, she=bool(pronoun["she"]), text=sentence.text
    ):
        return AGREEMENT
    return previous.main


def _mismatched(previous: Sentence, *, she: bool, text: str) -> bool:
    """True when « elle » or « il » can be none of the things that the sentence before names.

    « Les travaux sont à la charge de la commune. Elle peut être dénoncée »: she is not the works.
    """
    if text.startswith(("elles", "ils", "ceux", "celles", "durant", "pendant", "au cours", "dans")):
        return False
    for start in previous.others:
        participle = PREDICATIVE.search(previous.text, max(0, start - 14), start)
        if participle is not None:
            continue
        if PLURAL.search(previous.text, max(0, start - 8), start):
            continue
        determiner = DETERMINED.search(previous.text, max(0, start - 8), start)
        if determiner is None or bool(determiner["f"]) == she:
            return False
    return bool(previous.others)


def _inherits_other(sentence: Sentence) -> bool:
    return sentence.previous is not None and sentence.previous.main == OTHER


def _first_holder(sentence: Sentence) -> str | None:
    if OPENING.match(sentence.text):
        return AGREEMENT
    if not sentence.agreements:
        if not sentence.others:
            return None
        # « …, tant que la redevance est acquittée »: a condition is not what is spoken about.
        return None if CONDITION.search(sentence.text, 0, sentence.others[0]) else OTHER
    if sentence.others and sentence.others[0] < sentence.agreements[0]:
        # « L'usager souscrit aux présentes conditions »: people who bind themselves.
        binds = BINDS.match(sentence.text)
        return (
            AGREEMENT if binds is not None and binds.end() <= sentence.agreements[0] + 3 else OTHER
        )
    return AGREEMENT


# --------------------------------------------------------------------------------------------------
# The document
# --------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Document:
    """A text made ready for the rules."""

    source: str
    folded: View
    marked: View
    periods: list[Period]
    days: list[Day]
    shares: list[Share]
    sentences: list[Sentence] = field(default_factory=list)
    few_lines: bool = False
    amendment: bool = False
    deliberation: bool = False
    hiring: bool = False  # an excerpt on the employment contract
    lease: bool = False  # a text that knows no other agreement than « le bail » or « l'abonnement »

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the positions in the document of a stretch of the marked text."""
        first, last = self.marked.origin_start(start), self.marked.origin_end(end)
        while first < last and self.source[first].isspace():
            first += 1
        while last > first and self.source[last - 1].isspace():
            last -= 1
        return first, last


_FLAT: Final = {0x0A: " "}


def prepare(text: str) -> Document:
    """Fold `text`, mark its periods, dates and percentages and cut it into sentences."""
    folded = fold(text)
    flat = folded.text.translate(_FLAT)
    taken: list[Edit] = []
    found_days = days(flat)
    found_periods = periods(flat)
    found_shares = shares(flat)
    taken.extend((d.start, d.end, f"<d{i}>") for i, d in enumerate(found_days))
    taken.extend((p.start, p.end, f"<p{i}>") for i, p in enumerate(found_periods))
    taken.extend((s.start, s.end, f"<c{i}>") for i, s in enumerate(found_shares))
    taken.sort()
    edits: list[Edit] = []
    for edit in taken:
        if not edits or edit[0] >= edits[-1][1]:
            edits.append(edit)
    marked = edited(folded, edits)
    document = Document(text, folded, marked, found_periods, found_days, found_shares)
    document.hiring = HIRING.search(flat) is not None and NOT_HIRING.search(flat) is None
    document.lease = SOLE.search(flat) is not None and NOT_LEASE.search(flat) is None
    _cut(document)
    return document


_ARTICLE: Final = re.compile(
    r"(?:- )?(?P<label>(?:article|art\.?|titre|chapitre|section|§) ?(?:n° ?)?"
    r"(?:premier|unique|1 ?er|[ivxlc]+\b|\d+)(?:[.-]\d+)*)[ \n]*(?P<rest>.*)"
)
# « Par ailleurs, elle prend effet… » says no more than « Elle prend effet… ».
_CONNECTIVE: Final = re.compile(
    r"(?:par ailleurs|en outre|de plus|de meme|enfin|en consequence|par consequent|a ce titre|en tout etat de cause|d'une part|d'autre part|des lors|en revanche|toutefois|neanmoins|cependant|le cas echeant|de surcroit|au surplus), (?=[a-z<])"
)
_INLINE: Final = re.compile(
    r"(?P<label>(?:article|art\.?) ?(?:premier|unique|1 ?er|[ivxlc]+\b|\d+)(?:[.-]\d+)*) ?(?:[.:)°]|-|\.-)+[ -]*(?=[a-z<\"(])"
)
_NUMBERED: Final = re.compile(
    r"(?P<label>(?:\d{1,2}(?:[.-]\d{1,2}){0,3}|[ivx]{1,5})(?:[.)°]| ?[.)]? ?-)+ ?|\d{1,2}(?:\.\d{1,2}){1,3} )"
    r"(?P<rest>[a-z(<\"].*)"
)
_ANNEX: Final = re.compile(r"(?:annexes?|fiche action|fiches actions|appendice)\b[^.]{0,90}$")
_CELL: Final = re.compile(
    r"\A(?:la |date |mode |modalites |forme )?(?:d[e'] ?)?(?:duree|validite|renouvel|reconduc|resili|denonc|preavis|prevenance|effet|prise d|entree en|depart|terme|echeance"
    r"|fin\b|debut|versement|paiement|acompte|evaluation|bilan|compte|rapport|suivi|comite|reunion|sortie|retrait)"
)
_PREAMBLE: Final = re.compile(
    r"(?:preambule|expose(?: des motifs| prealable)?|contexte|rappel|considerants?"
    r"|il est (?:prealablement )?(?:expose|rappele).*|ce que nous voulons)[ :.]*$"
)
_AGREED: Final = re.compile(
    r"(?:il|elles|ils|sont|parties|conviennent|ceci|en consequence|cela)\b.{0,60}"
    r"(?:convenue?s?|arrete|decide|conviennent)\b.{0,40}(?:suit|suivent|qui suit)|declarons\b"
)
_RECITED: Final = re.compile(
    r"[ \n\f\t\"-]*(?:vu\b|considerant|attendu|rappelant|compte tenu(?![^;]{0,160}?, (?:la|le|l'|les|elle|il|chaque|l'une|cette|une?|toute|en cas|sauf|a defaut)\b)|constatant|desireux|desireuses"
    r"|convaincue?s|s'inscrivant|sachant|ayant constate|fideles a)"
)
# « Considérant …, les parties conviennent que … »: what follows is agreed.
_THEREFORE: Final = re.compile(
    r", (?:les parties|les signataires|la commune et [^,;]{3,60}|il est|elles|ils) (?:ont )?(?:conviennent|convenu)"
)
_BULLET: Final = re.compile(r"[ ]*(?:- |\* |[a-z]\) |\d{1,2}[.)°] ?[a-z-]|\(\d\))")
# The next line of a list of fields: « Date d'échéance : … »
_FIELD: Final = re.compile(
    r"(?:date|duree|debut|fin|terme|echeance|prise d'effet|renouvellement|reconduction|tacite reconduction|preavis|resiliation|validite|periode|depart)\b[^.;:\n<]{0,40} ?: "
)
_ITEM: Final = re.compile(r"\s*(?:[a-z]\) |\d{1,2}[°)] )")
_SIGNED: Final = re.compile(r"(?:fait|signee?s?|etabli)[, ]")
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:m|mm|mme|mlle|me|dr|pr|st|ste|art|al|no|num|n|p|pp|cf|ex|l|r|d|tel|av|bd|fig|vol"
    r"|janv|fevr|avr|juil|sept|oct|nov|dec)|\b[a-z]|\b\d{1,2})$"
)
# No sentence is longer; a text without stops must not make the rules quadratic.
_LONGEST: Final = 2400
_STOP: Final = re.compile(r"[.!?;]+|\f|\n|\t")


_SAID: Final = re.compile(r" ?: ?[a-z0-9]")  # « Prise d'effet : à la notification » says it


def _heading(line: str, original: str, following: str) -> tuple[str, bool] | None:
    """Return (label, whole) for a heading line: `whole` when the line is nothing but a heading.

    A line that goes on in lower case on the next one is the beginning of a sentence.
    """
    alone = not following.islower()
    if _ANNEX.match(line) and len(line) <= 110:
        return "", True
    match = _ARTICLE.match(line)
    if match is not None:
        rest = match["rest"]
        whole = alone and len(line) <= 90 and not rest.rstrip().endswith((".", ";", ","))
        return ("" if whole else match["label"]), whole
    match = _NUMBERED.match(line)
    if match is not None:
        whole = alone and len(line) <= 70 and not line.rstrip().endswith((".", ";", ",", ":"))
        return ("" if whole else match["label"]), whole
    if (
        alone
        and len(line) <= 60
        and original[:1].isupper()
        and "<" not in line
        and not line.rstrip().endswith((".", ";", ",", ":"))
        and len(line.split()) <= 8
        and _SAID.search(line) is None
        and (TERM_HEADING.search(line) or _PREAMBLE.match(line))
    ):
        return "", True
    return None


def _cut(document: Document) -> None:
    """Fill `document.sentences`: walk the stops of the marked text once."""
    text = document.marked.text
    document.few_lines = text.count("\n") < 3
    state = _State(document)
    start = 0
    line_start = 0
    size = len(text)
    state.enter_line(0)
    start = state.resume
    for match in _STOP.finditer(text):
        mark, at, after = match.group(), match.start(), match.end()
        if at < start:
            continue
        if mark == "\t":
            if at != state.label_end:
                state.emit(start, at)
                start = after
        elif mark in "\n\f":
            heading = state.is_heading(after)
            if mark == "\f":
                broken = _ends_paragraph(document, start, at, after)
            else:
                broken = _breaks_line(document, line_start, at, after)
            if heading or broken:
                state.emit(start, at)
                start = after
            if heading or broken:
                state.enter_line(after)
                start = state.resume
            line_start = after
        elif _ends_sentence(text, at, after, size):
            state.emit(start, after)
            start = after
    state.emit(start, size)


@dataclass(slots=True)
class _State:
    """Where the walk stands: the current article and zone."""

    document: Document
    article: str | None = None
    heading: str = ""
    zone: str = BODY
    resume: int = 0
    label_end: int = -1  # where the cell that names its row ends
    in_table: bool = False

    def _line(self, at: int) -> tuple[str, str, str, int]:
        text = self.document.marked.text
        stop = at
        while stop < len(text) and text[stop] not in "\n\f\t":
            stop += 1
        first = at
        while first < stop and text[first] == " ":
            first += 1
        return text[first:stop], self._letter(first), self._letter(stop + 1), stop

    def _letter(self, at: int) -> str:
        """Return the character of the document behind the one at `at`, in its own case."""
        if at >= len(self.document.marked.text):
            return ""
        origin = self.document.marked.origin_start(at)
        return self.document.source[origin : origin + 1]

    def is_heading(self, at: int) -> bool:
        line, original, following, _ = self._line(at)
        return bool(line) and _heading(line, original, following) is not None

    def enter_line(self, at: int) -> bool:
        """Take note of a heading that begins at `at`; the text after it resumes at `resume`."""
        line, original, following, stop = self._line(at)
        self.resume = at
        if not line:
            return False
        if (
            self.document.marked.text[stop : stop + 1] == "\t"
            and len(line) <= 45
            and "<" not in line
        ):
            # The first cell of a row says what the others are about: « Durée [tab] Trois ans ».
            named = _CELL.search(line) is not None
            if named or self.in_table:
                self.label_end = stop if named else -1
                self.heading = line if named else ""
                self.in_table = True
            return False
        self.in_table = False
        if _AGREED.search(line) and self.zone == RECITAL:
            self.zone = BODY
        found = _heading(line, original, following)
        if found is None:
            return False
        label, whole = found
        end = stop if whole else at + line.find(label) + len(label)
        first, last = self.document.span(at, end)
        self.article = self.document.source[first:last].rstrip(" .-–—:") or None
        self.heading = line if whole else line[:60]
        if _ANNEX.match(line):
            self.zone = ANNEX
        elif self.zone != ANNEX:
            self.zone = RECITAL if _PREAMBLE.match(line) else BODY
        self.resume = end
        return True

    def emit(self, start: int, end: int) -> None:
        """Add the sentence between two positions; a longer stretch than any sentence is cut."""
        text = self.document.marked.text
        while end - start > _LONGEST:
            cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
            cut = cut if cut > 0 else start + _LONGEST
            self._emit(start, cut)
            start = cut
        self._emit(start, end)

    def _emit(self, start: int, end: int) -> None:
        document = self.document
        raw = document.marked.text[start:end]
        body = raw.rstrip(" \n\f\t-").lstrip(" \n\f\t-.:")
        if len(body) < 3:
            return
        begin = start + raw.find(body[0])
        label = _INLINE.match(body)
        if label is not None and self.zone == BODY and len(body) > label.end() + 2:
            # « Article 6 – La charte est… » in the middle of a line
            first, last = document.span(begin, begin + len(label["label"]))
            self.article = document.source[first:last].rstrip(" .-–—:") or None
            self.heading = body[:60]
            begin += label.end()
            body = body[label.end() :]
        connective = _CONNECTIVE.match(body)
        if connective is not None:
            begin += connective.end()
            body = body[connective.end() :]
        zone = self.zone
        if zone != ANNEX and _RECITED.match(body):
            agreed = _THEREFORE.search(body)
            if agreed is not None:
                self._emit(begin, begin + agreed.start())
                self._emit(begin + agreed.start() + 2, end)
                return
            zone = RECITAL
        elif zone == RECITAL and _AGREED.search(body):
            self.zone = BODY
        previous = document.sentences[-1] if document.sentences else None
        sentence = Sentence(
            document,
            body.replace("\n", " ").replace("\f", " ").replace("\t", ":"),
            begin,
            begin + len(body),
            self.article,
            self.heading,
            zone,
            len(document.sentences),
            previous,
            raw.lstrip().startswith("-") or _ITEM.match(raw) is not None,
        )
        # Asked now, so that no chain of pronouns is ever followed more than one step.
        sentence.settle()
        document.sentences.append(sentence)


def _ends_sentence(text: str, at: int, after: int, size: int) -> bool:
    if text[at] == ";":
        return True
    if after < size and text[at] == ".":
        following = text[after]
        if following.isdigit():
            return False
        if _ABBREVIATED.search(text, max(0, at - 6), at):
            return text[at - 1].isdigit() and following in "\n\f"
        if not following.isspace() and following not in "\"')":
            # "1955.Le présent" is two sentences; "www.ville.fr" is none.
            return following.isalpha() and (text[at - 1].isalpha() or text[at - 1] in ">)")
    return True


def _ends_paragraph(document: Document, start: int, at: int, after: int) -> bool:
    """A blank line ends a sentence, except in the middle of one that goes on in lower case."""
    text = document.marked.text
    if after >= len(text) or not text[start:at].strip():
        return True
    origin = document.marked.origin_start(after)
    following = document.source[origin : origin + 1]
    return not (following.islower() and text[at - 1].isalpha() and at - start > 30)


def _breaks_line(document: Document, line_start: int, at: int, after: int) -> bool:
    text = document.marked.text
    if _FIELD.match(text, after) or _BULLET.match(text, after) or text[at - 1 : at] in ":;":
        return True
    if after >= len(text):
        return True
    origin = document.marked.origin_start(after)
    following = document.source[origin : origin + 1]
    if not following.isupper():
        return False
    # A short line before a capital is a title or the end of a paragraph.
    return at - line_start < 45 or bool(_SIGNED.match(text, after)) or document.few_lines
