"""E-mail addresses: what we agree to write to.

Stricter than RFC 5322 on purpose. An address is *only* an address: no display name, no comment, no
quoting, nothing that two mail programs could read differently (CVE-2023-27043). The local part is
ASCII, since many relays do not know SMTPUTF8; an accented domain is turned into its IDNA form.
Pure: no look-up is made, so an address that is accepted may still not exist.
"""

from __future__ import annotations

import re
import unicodedata

MAX_ADDRESS = 254
MAX_LOCAL_PART = 64

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
# IDNA 2003 (Python's) and IDNA 2008 (everybody's) send these to different domains.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


class AddressError(ValueError):
    """An address is refused. `code` is stable; the messages say why, in French and in English."""

    def __init__(self, code: str, message_fr: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code = code
        self.message_fr = message_fr
        self.message_en = message_en


def check_address(text: str) -> str:
    """Return the address, its domain in lower case and in IDNA form; AddressError when refused.

    The local part keeps its case: two addresses are the same person's when the results are equal.
    """
    if not text:
        raise AddressError("empty", "adresse vide", "empty address")
    _refuse_more_than_an_address(text)
    _refuse_hidden_characters(text)
    local, at, domain = text.partition("@")
    if not at:
        raise AddressError("no_at", "il manque « @ »", "there is no “@”")
    if "@" in domain:
        raise AddressError(
            "several_ats",
            "plusieurs « @ » ; une seule adresse est attendue",
            "several “@”; one address is expected",
        )
    _check_local_part(local)
    address = f"{local}@{check_domain(domain)}"
    if len(address) > MAX_ADDRESS:
        raise AddressError(
            "too_long",
            f"adresse de plus de {MAX_ADDRESS} caractères",
            f"address longer than {MAX_ADDRESS} characters",
        )
    return address


def check_domain(text: str) -> str:
    """Return the domain in lower case and in IDNA form; AddressError when it cannot be one."""
    domain = text.lower() if text.isascii() else _idna(text)
    labels = domain.split(".")
    if "" in labels:
        raise AddressError(
            "empty_label",
            "le domaine a un point en trop, ou manque",
            "the domain has a dot too many, or is missing",
        )
    if len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressError(
            "bad_domain", "ce n’est pas un nom de domaine", "this is not a domain name"
        )
    if len(labels) < 2 or labels[-1] in {"localhost", "localdomain"}:
        raise AddressError(
            "local_domain",
            "domaine incomplet (attendu : « mairie.fr »)",
            "incomplete domain (expected: “mairie.fr”)",
        )
    if not _LAST_LABEL.fullmatch(labels[-1]):
        raise AddressError(
            "bad_domain",
            "ce n’est pas un nom de domaine (la fin n’en est pas une)",
            "this is not a domain name (it has no proper ending)",
        )
    return domain


def _refuse_hidden_characters(text: str) -> None:
    for char in text:
        if unicodedata.category(char)[0] in "CZ":
            name = f"U+{ord(char):04X}"
            raise AddressError(
                "hidden_character",
                f"espace ou caractère invisible {name}",
                f"space or invisible character {name}",
            )


def _refuse_more_than_an_address(text: str) -> None:
    found = next((char for char in '<>()[]",;:\\' if char in text), None)
    if found is not None:
        raise AddressError(
            "not_only_an_address",
            f"caractère {found} : l’adresse seule est attendue, sans nom ni commentaire",
            f"character {found}: the address alone is expected, without name or comment",
        )


def _check_local_part(local: str) -> None:
    if not local:
        raise AddressError(
            "no_local_part", "rien avant « @ »", "there is nothing before “@”"
        )  # fmt: skip
    if not local.isascii():
        raise AddressError(
            "non_ascii_local_part",
            "lettre accentuée avant « @ » : bien des serveurs la refusent",
            "accented letter before “@”: many servers refuse it",
        )
    if len(local) > MAX_LOCAL_PART:
        raise AddressError(
            "local_part_too_long",
            f"plus de {MAX_LOCAL_PART} caractères avant « @ »",
            f"more than {MAX_LOCAL_PART} characters before “@”",
        )
    if not _LOCAL_PART.fullmatch(local):
        raise AddressError(
            "bad_local_part",
            "point mal placé ou caractère interdit avant « @ »",
            "misplaced dot or forbidden character before “@”",
        )


def _idna(text: str) -> str:
    """Return the IDNA form of an accented domain, refusing what would be silently rewritten."""
    composed = unicodedata.normalize("NFC", text.lower())
    plain = all(char in ".-" or unicodedata.category(char)[0] in "LMN" for char in composed)
    if (
        not plain
        or _DEVIATIONS & set(composed)
        or unicodedata.normalize("NFKC", composed) != composed
    ):
        raise AddressError(
            "ambiguous_domain",
            "domaine ambigu : écrivez sa forme « xn--… »",
            "ambiguous domain: write its “xn--…” form",
        )
    try:
        return composed.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressError(
            "bad_domain", "ce n’est pas un nom de domaine", "this is not a domain name"
        ) from error
