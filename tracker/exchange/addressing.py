"""E-mail addresses of a record: an address only, and one that can be written to."""

from __future__ import annotations

import re
import unicodedata

from tracker.exchange.problems import Refusal
from tracker.exchange.values import Source

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def read_address(value: object, _source: Source) -> str:
    """Read an address, its domain in lower case and in IDNA form."""
    if not isinstance(value, str):
        raise Refusal("not_text", value)
    return _address(value.strip(" "))


def _address(text: str) -> str:
    for char in text:
        if unicodedata.category(char)[0] in "CZ" or char in '<>()[]",;:\\':
            name = (
                f"U+{ord(char):04X}" if char in "\u200b\u00a0 " or not char.isprintable() else char
            )
            raise _refused(
                text,
                f"caractère {name} : l'adresse seule est attendue, sans nom ni commentaire",
                f"character {name}: the address alone is expected, without name or comment",
            )
    local, at, domain = text.partition("@")
    if not at or "@" in domain:
        raise _refused(text, "un seul « @ » est attendu", "a single “@” is expected")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise _refused(
            text,
            "ce qui précède « @ » n'est pas fait de lettres sans accent, chiffres et points",
            "what precedes “@” is not made of plain letters, digits and dots",
        )
    try:
        domain = (domain if domain.isascii() else domain.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        raise _refused(text, "domaine inconnu", "not a domain") from None
    labels = domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(
            text,
            "domaine incomplet (attendu : « mairie.fr »)",
            "incomplete domain (expected: “mairie.fr”)",
        )
    if not re.fullmatch(r"[a-z]{2,63}|xn--[a-z0-9-]+", labels[-1]) or len(text) > 254:
        raise _refused(text, "ce n'est pas un nom de domaine", "this is not a domain name")
    return f"{local}@{domain}"


def _refused(text: str, why_fr: str, why_en: str) -> Refusal:
    return Refusal("address", text, why_fr=why_fr, why_en=why_en)
