"""Periods as people type them: ISO 8601, `90j`, `6m`, « trois mois ».

The unit is always required, and a month is never thirty days. Number words are read by text2num;
what stands around them is read here.
"""

from __future__ import annotations

import re
import unicodedata

from tracker.domain.dates import Period, PeriodTooLongError
from tracker.exchange.problems import Refusal

EXAMPLE_ISO = "@period"
EXAMPLE_WORDS = "@period_words"
MAX_MONTHS = 300 * 12
MAX_DAYS = 300 * 366

_UNITS = {
    "d": (0, 1),
    "day": (0, 1),
    "days": (0, 1),
    "j": (0, 1),
    "jr": (0, 1),
    "jrs": (0, 1),
    "jour": (0, 1),
    "jours": (0, 1),
    "w": (0, 7),
    "week": (0, 7),
    "weeks": (0, 7),
    "sem": (0, 7),
    "semaine": (0, 7),
    "semaines": (0, 7),
    "m": (1, 0),
    "month": (1, 0),
    "months": (1, 0),
    "mois": (1, 0),
    "trimestre": (3, 0),
    "trimestres": (3, 0),
    "semestre": (6, 0),
    "semestres": (6, 0),
    "y": (12, 0),
    "year": (12, 0),
    "years": (12, 0),
    "a": (12, 0),
    "an": (12, 0),
    "ans": (12, 0),
    "annee": (12, 0),
    "annees": (12, 0),
}
_ANY_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_LONG_UNIT = "|".join(sorted((unit for unit in _UNITS if len(unit) > 1), key=len, reverse=True))
_PART = re.compile(
    rf"(?:(?P<digits>[0-9]{{1,5}})\s*(?P<unit>{_ANY_UNIT})"
    rf"|(?P<words>[a-z][a-z' -]{{0,60}}?)\s+(?:\((?P<again>[0-9]{{1,5}})\)\s*)?"
    rf"(?P<long>{_LONG_UNIT})"
    rf")(?P<half>\s+et\s+demie?)?(?![a-z])"
)
_BETWEEN = re.compile(r"\s*(?:,|\+|et\b)?\s*")


def parse_period(text: str, *, example: str = EXAMPLE_ISO) -> Period:
    """Read a strict ISO 8601 period of whole days (`P5Y`, `P18M`); `Refusal` for anything else."""
    if re.fullmatch(r"P[0-9YMWD]{2,24}", text):
        if not re.search(r"[1-9]", text):
            raise Refusal("period_zero", text)
        try:
            return _bounded(Period.parse(text), text)
        except Refusal:
            raise
        except PeriodTooLongError:
            raise Refusal("period_long", text) from None
        except ValueError:
            raise Refusal("period_form", text, example=example) from None
    _refuse_bare_number(text, example)
    raise Refusal("period_form", text, example=example, suggestion=_meant(text))


def parse_lapse(text: str) -> Period:
    """Read a period as a person types it: `P6M`, `90d`, `90j`, `6m`, `1y`, `1a`, « trois mois ».

    Raises `Refusal` (a ValueError with `message(lang)`) when there is no unit or no sense in it.
    """
    folded = _folded(text)
    if re.fullmatch(r"p[0-9ymwd]{2,24}", folded):
        return parse_period(folded.upper(), example=EXAMPLE_WORDS)
    _refuse_bare_number(folded, EXAMPLE_WORDS, text)
    if not folded:
        raise Refusal("period_form", text, example=EXAMPLE_WORDS)
    months = days = 0
    at = 0
    while at < len(folded):
        part = _PART.match(folded, at)
        if part is None:
            raise Refusal("period_form", text, example=EXAMPLE_WORDS)
        more_months, more_days = _length(part, text)
        months, days = months + more_months, days + more_days
        between = _BETWEEN.match(folded, part.end())
        at = between.end() if between else part.end()
    if re.search(r"(?:,|\+|\bet)$", folded):
        raise Refusal("period_form", text, example=EXAMPLE_WORDS)
    if not (months or days):
        raise Refusal("period_zero", text)
    years, rest = (months // 12, months % 12) if _written_in_years(folded) else (0, months)
    return _bounded(Period(years, rest, days), text)


def _written_in_years(folded: str) -> bool:
    """Tell whether years were typed: « 36 mois » stays P36M, « un an et six mois » is P1Y6M."""
    return re.search(r"(?:[0-9]|\b)\s*(?:y|years?|a|ans?|annees?)(?![a-z])", folded) is not None


def _length(part: re.Match[str], text: str) -> tuple[int, int]:
    if part["digits"] is not None:
        count = int(part["digits"])
        unit = part["unit"]
    else:
        count = _number(part["words"], text)
        unit = part["long"]
        if part["again"] is not None and int(part["again"]) != count:
            raise Refusal("period_disagrees", text)
    months, days = _UNITS[unit]
    if part["half"] is None:
        return count * months, count * days
    if months % 2 or days:
        raise Refusal("period_form", text, example=EXAMPLE_WORDS)
    return count * months + months // 2, 0


def _number(words: str, text: str) -> int:
    from text_to_num import text2num  # noqa: PLC0415 - start-up time: only for number words

    words = words.strip(" -'").removeprefix("d'")
    try:
        number: int = text2num(words, "fr")
    except ValueError:
        raise Refusal("period_form", text, example=EXAMPLE_WORDS) from None
    if not 0 <= number <= 99_999:
        raise Refusal("period_long", text)
    return number


def _refuse_bare_number(folded: str, example: str, text: str | None = None) -> None:
    shown_text = folded if text is None else text
    if re.match(r"[-−–]\s*\S", folded):
        raise Refusal("period_negative", shown_text, example=example)
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", folded):
        raise Refusal("period_unit", shown_text, example=example)


def _meant(text: str) -> str | None:
    """Return the ISO form of a period written in words, to suggest it."""
    try:
        return str(parse_lapse(text)) if len(text) <= 60 else None
    except Refusal:
        return None


def _bounded(period: Period, text: str) -> Period:
    if period.in_months > MAX_MONTHS or period.days > MAX_DAYS:
        raise Refusal("period_long", text)
    return period


def _folded(text: str) -> str:
    """Lower case, accents off, any space or dash as the plain one."""
    if len(text) > 200:
        raise Refusal("period_form", text, example=EXAMPLE_WORDS)
    spaced = re.sub(r"\s+", " ", text.replace("’", "'").replace("‐", "-").replace("‑", "-"))
    plain = unicodedata.normalize("NFD", spaced.strip().casefold())
    return "".join(char for char in plain if unicodedata.category(char) != "Mn")
