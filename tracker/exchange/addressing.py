"""E-mail addresses of a record: an address only, and one that can be written to."""

from __future__ import annotations

from config.addresses import AddressError, check_address
from tracker.exchange.problems import Refusal
from tracker.exchange.values import Source


def read_address(value: object, _source: Source) -> str:
    """Read an address; its domain becomes lower case and IDNA, its local part keeps its case."""
    if not isinstance(value, str):
        raise Refusal("not_text", value)
    text = value.strip(" \t\r\n")
    try:
        return check_address(text)
    except AddressError as error:
        why_fr, why_en = error.message_fr, error.message_en
        raise Refusal("address", text, why_fr=why_fr, why_en=why_en) from None
