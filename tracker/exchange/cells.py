"""What one cell of a table holds: lists in a simple form, or JSON.

`committee P1Y; report P6M`, `70 signature; 30 documents`, `CRESS de Bourgogne (FR); …`. A value
whose simple form would not read back the same is written as JSON, so that nothing is ever lost.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from tracker.exchange.problems import Refusal

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
CLEARED = "null"
"""A cell that empties what is stored; an empty cell leaves it as it is."""

_GUARDED = re.compile(rf"'+(?:[{re.escape(FORMULA_STARTS)}]|null$)")
_NEEDS_GUARD = re.compile(rf"'*(?:[{re.escape(FORMULA_STARTS)}]|null$)")
_COUNTRY = re.compile(r"(.*\S)\s*\(\s*([A-Za-z]{2})\s*\)", re.DOTALL)
_DEPTH = 20


def is_json(text: str) -> bool:
    """Tell whether a cell holds JSON rather than a simple form."""
    return text.lstrip()[:1] in {"[", "{"}


def parse_json(value: object, _source: object = None) -> Any:  # noqa: ANN401 - JSON is of any type
    """Read the JSON of a cell, strictly: no key twice, no NaN."""
    text = str(value)
    if not is_json(text):
        raise Refusal("cell_json", text, column=1, reason="[ …, { …")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=exact,
        )
    except json.JSONDecodeError as error:
        raise Refusal("cell_json", text, column=error.pos + 1, reason=error.msg) from None
    except RecursionError:
        raise Refusal("too_deep") from None
    except Refusal:
        raise
    except ValueError:  # a whole number of thousands of digits
        raise Refusal("cell_json", text, column=1, reason="@long_number") from None
    return found


def explode_nothing(text: str) -> object:
    """Refuse a cell that only JSON can fill."""
    return parse_json(text)


def explode_list(text: str) -> list[str]:
    """Read `a; b`."""
    return [part.strip() for part in text.split(";") if part.strip()]


def explode_partners(text: str) -> list[dict[str, str | None]]:
    """Read `CRESS de Bourgogne (FR); …`: the country is optional."""
    partners: list[dict[str, str | None]] = []
    for part in explode_list(text):
        match = _COUNTRY.fullmatch(part)
        if match is None:
            partners.append({"name": part, "country": None})
        else:
            partners.append({"name": match[1], "country": match[2]})
    return partners


def explode_recurring(text: str) -> list[dict[str, str]]:
    """Read `committee P1Y; report P6M`."""
    duties = []
    for part in explode_list(text):
        kind, _, every = part.partition(" ")
        if not every.strip():
            raise Refusal("duty_form", part)
        duties.append({"kind": kind, "every": every.strip()})
    return duties


def explode_payments(text: str) -> list[dict[str, str]]:
    """Read `70 signature; 30 documents`, `70 % signature`."""
    payments = []
    for part in explode_list(text):
        match = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)(?:\s*%\s*|\s+)(\S.*)", part)
        if match is None:
            raise Refusal("instalment_form", part)
        payments.append({"share": match[1], "on": match[2]})
    return payments


def explode_session(text: str) -> dict[str, str | None]:
    """Read `2009-03-30 adopted_unanimously`: the vote is optional."""
    day, _, vote = text.strip().partition(" ")
    if not day[:1].isdigit():
        raise Refusal("session_form", text)
    return {"on": day, "vote": vote.strip() or None}


def explode_programme(text: str) -> dict[str, str]:
    """Read `2016-2020`."""
    match = re.fullmatch(r"\s*([0-9]{4})\s*[-–/]\s*([0-9]{4})\s*", text)
    if match is None:
        raise Refusal("programme_form", text)
    return {"from": match[1], "to": match[2]}


def to_cell(column: str, value: Any) -> str:  # noqa: ANN401 - a plain JSON value
    """Return a plain JSON value of a record as the text of its cell; unguarded."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _plain_number(value)
    if isinstance(value, str):
        return value
    simple = _simple(column, value)
    if simple is not None:
        text, explode = simple
        if not is_json(text) and not _differs(explode, text, value):
            return text
    return json.dumps(value, ensure_ascii=False)


def guard(text: str) -> str:
    """Return the text of a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _NEEDS_GUARD.match(text) else text


def guard_stored(text: str) -> str:
    """Return the text of a workbook's text cell, which is never taken for a formula."""
    return f"'{text}" if _GUARDED.match(text) or text == CLEARED else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put."""
    return text[1:] if _GUARDED.match(text) else text


def _simple(column: str, value: Any) -> tuple[str, Any] | None:  # noqa: ANN401 - plain JSON
    if column in {"watchers", "supposed", "tags"}:
        return "; ".join(value), explode_list
    if column == "partners":
        return "; ".join(_partner(item) for item in value), explode_partners
    if column == "recurring":
        return "; ".join(f"{item['kind']} {item['every']}" for item in value), explode_recurring
    if column == "payments":
        listed = "; ".join(f"{_plain_number(item['share'])} {item['on']}" for item in value)
        return listed, explode_payments
    if column == "session":
        return f"{value['on']} {value['vote'] or ''}".strip(), explode_session
    if column == "programme":
        return f"{value['from']}-{value['to']}", explode_programme
    return None


def _partner(item: dict[str, str | None]) -> str:
    return f"{item['name']} ({item['country']})" if item["country"] else str(item["name"])


def _differs(explode: Any, text: str, value: Any) -> bool:  # noqa: ANN401 - plain JSON
    try:
        found = explode(text)
    except Refusal:
        return True
    return bool(_as_texts(found) != _as_texts(value))


def _as_texts(value: Any) -> Any:  # noqa: ANN401 - plain JSON
    if isinstance(value, list):
        return [_as_texts(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_texts(item) for key, item in value.items()}
    if isinstance(value, (int, float)):
        return _plain_number(value)
    return value


def _plain_number(value: float) -> str:
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def exact(text: str) -> Decimal:
    """Read a number of JSON without rounding it."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Refusal("json_number", text) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refusal("duplicate_key", key)
        found[key] = value
    return found


def _no_constant(word: str) -> None:
    raise Refusal("json_number", word)
