"""Text as letters need it: on one line, wrapped at 72 columns, with French spaces.

Data comes from spreadsheets and scanned documents: anything a mail program could take for a
command (line ends, control and direction characters, lone surrogates) becomes a space here.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable

WIDTH = 72
NO_BREAK_SPACE = "\u00a0"

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KNOWN_SPACES = {0x00A0: " ", 0x202F: " "}
_JOINERS = frozenset("\u200c\u200d")  # they shape words in several scripts
_BEFORE_SIGN = re.compile(r"(?:(?<=\S)|^)[ \u00a0\u202f]+(?=[:;?!»%€](?:[\s.,)\]]|$))")
_AFTER_QUOTE = re.compile(r"«[ \u00a0\u202f]+(?=\S)")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DAY_OF_MONTH = re.compile(rf"\b(\d{{1,2}}|1er) (?=(?:{_MONTHS})\b)")
_NUMBER = re.compile(r"\bn° (?=\d)")
_UNIT = re.compile(r"(?<=\d)[ \u202f](?=\d{3}\b)")
_MARKUP = re.compile(r"(<!--.*?-->|<style\b.*?</style>|<[^>]*>)", re.DOTALL | re.IGNORECASE)


def one_line(text: str, limit: int | None = None) -> str:
    """Return the text on one line, nothing hidden in it, cut at a word with « … » past `limit`."""
    visible = text
    if not text.translate(_KNOWN_SPACES).isprintable():  # rare: only then look at each character
        visible = "".join(" " if _is_hidden(char) else char for char in text)
    line = re.sub(r"[ \t]{2,}", " ", visible).strip(" ")
    if limit is None or len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, _, tail = cut.rpartition(" ")
    return (head if head and len(tail) < 30 else cut).rstrip(" ,;:–-") + "…"


def wrap(text: str, indent: str = "", first: str | None = None, width: int = WIDTH) -> str:
    """Wrap one paragraph, never at a no-break space nor inside a word, a key or a command."""
    return textwrap.fill(
        text,
        width=width,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def french_spaces(text: str) -> str:
    """Put no-break spaces where French wants them.

    Before : ; ? ! » % €, after « and n°, between the day and its month, between thousands.
    """
    text = _BEFORE_SIGN.sub(NO_BREAK_SPACE, text)
    text = _AFTER_QUOTE.sub("«" + NO_BREAK_SPACE, text)
    text = _DAY_OF_MONTH.sub(rf"\1{NO_BREAK_SPACE}", text)
    text = _NUMBER.sub(f"n°{NO_BREAK_SPACE}", text)
    return _UNIT.sub(NO_BREAK_SPACE, text)


def outside_markup(change: Callable[[str], str], html: str) -> str:
    """Apply `change` to the text of an HTML page, leaving tags, comments and styles alone."""
    parts = _MARKUP.split(html)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def visible_text(html: str) -> str:
    """Return what stands between the tags, comments and styles left out, entities as they are."""
    return " ".join(_MARKUP.split(html)[::2])


def _is_hidden(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in _HIDDEN
