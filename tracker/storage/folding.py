"""The folded form of a text: what sorting and searching compare, the same on every database."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)


def fold(text: str) -> str:
    """Return `text` without accents, capitals, ligatures or doubled spaces.

    >>> fold("  Œuvre  de l’Étang ")
    "oeuvre de l'etang"
    """
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_LIGATURES)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace("’", "'").casefold().split())
