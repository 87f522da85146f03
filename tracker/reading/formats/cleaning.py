"""Characters made uniform, and words cut at line ends made whole.

Typographic spaces (no-break, thin, figure) become plain spaces: « 62 000 € » reads the same however
it was set. Soft hyphens, zero-width and control characters go; ligatures are spelt out; letters are
composed (NFC). Apostrophes, quotes and dashes stay as written: a quotation must be found again.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACES = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_HYPHENS = re.compile("[\u2010\u2011]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_UNCLEAN = re.compile(f"[{_NOTHING.pattern[1:-1]}\u0300-\u036f\u2010\u2011\u2028\u2029ﬀ-ﬆ]")
_RUN_OF_SPACES = re.compile(" {2,}")
_SPACE_AT_LINE_END = re.compile(r"[ \t]+(?=\n|\Z)")
_SPACE_AT_LINE_START = re.compile(r"(?:(?<=\n)|\A) +")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return `text` with uniform line ends, spaces, hyphens and composed letters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
        text = _SPACES.sub(" ", text)
        text = _HYPHENS.sub("-", text)
        text = _LIGATURE.sub(lambda found: _LIGATURES[found[0]], text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return _NOTHING.sub("", text)


def plain_spaces(text: str) -> str:
    """Return `text` with plain spaces only: the one step of `clean` that moves no character."""
    return _SPACES.sub(" ", text)


def is_unclean(text: str) -> bool:
    """Tell whether `clean` would change more than the spaces of `text` (which may hold CRLF)."""
    return _UNCLEAN.search(text) is not None


def tidy(text: str) -> str:
    """Return cleaned `text` without runs of spaces, spaces at line ends, or many blank lines."""
    text = _RUN_OF_SPACES.sub(" ", text)
    text = _SPACE_AT_LINE_START.sub("", _SPACE_AT_LINE_END.sub("", text))
    return _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")


# --- Words cut at line ends ---------------------------------------------------------------

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*\Z")
_LONGEST = 80
_FIRST_TOKEN = re.compile(r"\A[^\W_]+(?:-[^\W_]+)*")

# First parts of compounds that keep their hyphen whatever follows.
_FIRST_PARTS = frozenset(
    [
        "vice",
        "demi",
        "semi",
        "quasi",
        "arrière",
        "avant",
        "après",
        "franco",
        "anglo",
        "germano",
        "hispano",
        "italo",
        "luso",
        "sino",
        "nippo",
        "médico",
        "politico",
        "celui",
        "celle",
        "ceux",
        "celles",
        "là",
        "chef",
        "libre",
        "rendez",
        "procès",
        "moins",
        "peut",
    ]
)
# … and those that keep it before some words only: « mi-temps » but « mi-nistre ».
_MONTHS = (
    "janv",
    "févr",
    "mars",
    "avril",
    "mai",
    "juin",
    "juil",
    "août",
    "sept",
    "oct",
    "nov",
    "déc",
)
_PAIRS = {
    "mi": (
        "temps",
        "parcours",
        "mandat",
        "chemin",
        "année",
        "saison",
        "journée",
        "étape",
        *_MONTHS,
    ),
    "ci": ("après", "dessus", "dessous", "contre", "joint", "annex", "devant", "avant", "inclus"),
    "au": ("dessus", "dessous", "delà", "devant"),
    "par": ("delà", "dessus", "dessous", "devant"),
    "plus": ("value", "values"),
    "compte": ("rendu", "rendus"),
    "porte": ("parole", "à"),
    "grand": ("duché", "mère", "père", "chose"),
    "hors": ("série", "taxe", "taxes", "sol", "d"),
    "main": ("d", "forte"),
    "chefs": ("lieux",),
    "rez": ("de",),
    "vis": ("à",),
    "est": ("ce",),
    "états": ("unis",),
    "royaume": ("uni",),
    "pays": ("bas",),
    "savoir": ("faire", "être"),
    "prud": ("homm",),
    "bien": ("être", "fondé"),
    "état": ("major", "civil"),
}
# « sous-préfet », « non-respect » keep it, « souscrire », « nonobstant » never had one.
_NOT_AFTER = {"sous": ("cri", "traire", "tracti", "trais"), "non": ("obst", "ante", "ce")}
_TENS = frozenset(["vingt", "trente", "quarante", "cinquante", "soixante", "quatre", "dix", "cent"])
_NUMBERS = frozenset(
    [
        "un",
        "une",
        "et",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "vingt",
        "vingts",
    ]
)
_CONNECTORS = (
    "-de",
    "-à",
    "-la",
    "-le",
    "-les",
    "-lès",
    "-en",
    "-sur",
    "-sous",
    "-au",
    "-aux",
    "-du",
)
_PRONOUNS = frozenset(["il", "elle", "ils", "elles", "on"])


class Vocabulary:
    """The words of a document, in lower case: the best witness of how it spells them."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._words: frozenset[object] | None = None  # most documents never ask

    def __contains__(self, word: object) -> bool:
        if self._words is None:
            self._words = frozenset(_TOKEN.findall("\n".join(self._lines).lower()))
        return word in self._words


def keeps_hyphen(before: str, after: str, words: Vocabulary) -> bool:
    """Tell whether the word cut between `before` (without its last hyphen) and `after` keeps it.

    The document's own spelling decides where it shows the word elsewhere; then the rules of French
    compounds; else the hyphen was the typesetter's.
    """
    head, tail = _LAST_TOKEN.search(before[-_LONGEST:]), _FIRST_TOKEN.search(after)
    return head is None or tail is None or _keeps_hyphen(head[0], tail[0], words)


def _keeps_hyphen(head: str, tail: str, words: Vocabulary) -> bool:
    left, right = head.lower(), tail.lower()
    if f"{left}-{right}" in words:
        return True
    if left + right in words:
        return False
    if head[-1].isdigit() or tail[0].isdigit():
        return True
    if tail[0].isupper():
        return not (len(tail) > 1 and head.isupper() and tail.isupper())
    return _is_compound(left, right)


def _is_compound(left: str, right: str) -> bool:
    first = left.rpartition("-")[2]
    if left in _FIRST_PARTS or left.endswith(_CONNECTORS):
        return True
    if right in {"même", "mêmes"} or (right in {"uns", "unes"} and left == "quelques"):
        return True
    if right in _PRONOUNS:
        return left[-1] in "td"
    if first in _TENS:
        return right.split("-", maxsplit=1)[0] in _NUMBERS
    if first in _NOT_AFTER:
        return not right.startswith(_NOT_AFTER[first])
    return first in _PAIRS and right.startswith(_PAIRS[first])


_STARTS_LIKE_A_REST = re.compile(r"\A[^\W_]")
_STARTS_SMALL = re.compile(r"\A[^\W\d_A-ZÀ-ÖØ-Þ]")


def is_cut(before: str, after: str, *, sure: bool = False) -> bool:
    """Tell whether `before` ends in the middle of a word (or number) that `after` goes on with.

    Without better knowledge (`sure`: the renderer marked the hyphen) a capital after the hyphen is
    no rest of a word: it may as well begin the next line of a list.
    """
    if before[-1:] != "-" or not before[-2:-1].isalnum():
        return False
    if sure:
        return bool(_STARTS_LIKE_A_REST.match(after))
    if before[-2].isdigit():
        return after[:1].isdigit()
    return bool(_STARTS_SMALL.match(after))


def join_cut_lines(text: str) -> str:
    """Return plain `text` with the words cut at its line ends joined; the other line ends stay."""
    if "-\n" not in text:
        return text
    lines = text.split("\n")
    words = Vocabulary(lines)
    joined = [lines[0]]
    for line in lines[1:]:
        rest = line.lstrip(" ")
        if is_cut(joined[-1], rest):
            keeps = keeps_hyphen(joined[-1][:-1], rest, words)
            joined[-1] = (joined[-1] if keeps else joined[-1][:-1]) + rest
        else:
            joined.append(line)
    return "\n".join(joined)
