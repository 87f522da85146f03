"""One value at a time: a raw value of a file becomes a value of the domain, or is refused.

Three sources write the same value differently (`Source`): JSON has types of its own, YAML scalars
are strings, and a cell (CSV, XLSX, `--field`) holds what an agent types: `31/12/2027`,
`1 234,56 €`, « trois mois », « oui ». A parser never guesses: what reads in two ways is refused.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeVar

from tracker.domain.conventions import (
    INDEFINITE,
    ConventionKind,
    DutyKind,
    FormalDate,
    NoticeCounting,
    NoticeForm,
    NoticeOf,
    PartialDate,
    RenewalMode,
    Side,
    StartRule,
)
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period
from tracker.exchange.periods import parse_lapse, parse_period
from tracker.exchange.problems import Refusal, suggestion


class Source(Enum):
    """How values are written where they come from."""

    JSON = "json"
    YAML = "yaml"
    CELL = "cell"


Parser = Callable[[object, Source], object]
Choice = TypeVar("Choice", bound=StrEnum)

LINE_LENGTH = 500
TEXT_LENGTH = 100_000
AMOUNT_LIMIT = Decimal(10) ** 12

_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())
"""ISO 3166-1 alpha-2, and the code that everybody uses for Kosovo."""

_USUAL_MISTAKES = {"UK": "GB", "EN": "GB", "EL": "GR"}

FRENCH_WORDS: dict[type[StrEnum], dict[str, str]] = {
    ConventionKind: {
        "partenariat": "partnership",
        "jumelage": "twinning",
        "cadre": "framework",
        "convention cadre": "framework",
        "accord cadre": "framework",
        "specifique": "specific",
        "subvention": "subsidy",
        "adhesion": "membership",
        "cotisation": "membership",
        "prestation": "service",
        "autre": "other",
    },
    StartRule: {
        "transmission au prefet": "transmission",
        "entree en vigueur": "entry_into_force",
    },
    RenewalMode: {
        "tacite": "tacit",
        "expresse": "express",
        "aucune": "none",
        "aucun": "none",
        "sans": "none",
    },
    NoticeOf: {
        "non reconduction": "nonrenewal",
        "non renouvellement": "nonrenewal",
        "denonciation": "nonrenewal",
        "resiliation": "termination",
    },
    NoticeForm: {
        "lrar": "registered",
        "recommande": "registered",
        "lettre recommandee": "registered",
        "ecrit": "written",
        "courrier": "written",
    },
    NoticeCounting: {
        "reception": "receipt",
        "premiere presentation": "first_presentation",
        "envoi": "sending",
    },
    DutyKind: {"comite": "committee", "comite de pilotage": "committee", "rapport": "report"},
    Side: {"nous": "us", "partenaire": "partner"},
}
"""French words understood in cells, and suggested elsewhere."""

_INDEFINITE_WORDS = frozenset({"indeterminee", "duree indeterminee", "illimitee", "indefinie"})

_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bBqQ]\?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_ISO_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
_FRENCH_PARTIAL = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_PLAIN_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,6})?")
_CELL_NUMBER = re.compile(r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,18})(?:[.,]([0-9]{1,2}))?")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def folded(text: str) -> str:
    """Return lower-case words without accents, dashes or doubled spaces, to compare by."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe"))
    letters = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


def is_nothing(value: object) -> bool:
    """Tell whether a raw value says nothing: null, or a text without a character."""
    return value is None or (isinstance(value, str) and not value.strip())


def parse_line(value: object, source: Source) -> str:
    """Read a text of one line, fit for a mail header: no control character, no encoded word."""
    text = unicodedata.normalize("NFC", _text(value, source).strip())
    if len(text) > LINE_LENGTH:
        raise Refusal("too_long", text, limit=LINE_LENGTH)
    for char in text:
        if char in "\n\r\x85\u2028\u2029":
            raise Refusal("line_break", text)
        if char in _BIDI or _is_unprintable(char):
            raise Refusal("control_character", text, name=f"U+{ord(char):04X}")
    if _ENCODED_WORD.search(text):
        raise Refusal("encoded_word", text)
    return text


def parse_text(value: object, source: Source) -> str:
    """Read a text of any number of lines; ends of line become `\\n`."""  # noqa: D301
    return _several_lines(value, source).strip()


def parse_quote(value: object, source: Source) -> str:
    """Read words quoted from a document: kept to the character."""
    return _several_lines(value, source)


def parse_day(value: object, source: Source) -> date:
    """Read a full date: `2027-12-31`, in cells `31/12/2027` too."""
    found = _any_date(value, source)
    if isinstance(found, PartialDate):
        raise Refusal("date_partial", value, example="@date" + _cell_suffix(source))
    return found


def parse_formal_date(value: object, source: Source) -> FormalDate:
    """Read the date of an act, which may be known to the month or the year only."""
    return _any_date(value, source, formal=True)


def parse_year(value: object, source: Source) -> int:
    """Read a year of a budget or of a programme."""
    number = _whole(value, source)
    if number is None or not 1000 <= number <= 9999:
        raise Refusal("year_form", value)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise Refusal("year_range", value)
    return number


def parse_a_period(value: object, source: Source) -> Period:
    """Read a period: ISO 8601, in cells `3 mois`, `90j`, « trois mois » too."""
    if source is Source.CELL and isinstance(value, (int, float, Decimal)):
        raise Refusal("period_unit", _shown_number(value), example="@period_words")
    text = _text(value, source).strip()
    return parse_lapse(text) if source is Source.CELL else parse_period(text)


def parse_term(value: object, source: Source) -> Period | str:
    """Read an initial duration: a period, or `indefinite`."""
    if isinstance(value, str):
        if value.strip() == INDEFINITE:
            return INDEFINITE
        if folded(value) in _INDEFINITE_WORDS or folded(value) == INDEFINITE:
            if source is Source.CELL:
                return INDEFINITE
            raise Refusal("period_form", value, example="@period", suggestion=INDEFINITE)
    return parse_a_period(value, source)


def choice(kind: type[Choice]) -> Callable[[object, Source], Choice]:
    """Return the parser of a closed list of words."""
    known = [member.value for member in kind]
    french = FRENCH_WORDS.get(kind, {})

    def parse(value: object, source: Source) -> Choice:
        text = value.strip() if isinstance(value, str) else value
        if isinstance(text, str):
            if text in known:
                return kind(text)
            word = folded(text)
            meant = french.get(word) or (word if word in known else None)
            if meant is not None and source is Source.CELL:
                return kind(meant)
            meant = meant or suggestion(text, known)
        else:
            meant = None
        raise Refusal("choice", value, known=known, suggestion=meant)

    return parse


def parse_boolean(value: object, source: Source) -> bool:
    """Read true or false; `oui` and `non` too in YAML and in cells."""
    if isinstance(value, bool):
        return value
    if source is not Source.JSON and isinstance(value, str):
        word = value.strip().casefold()
        if word in {"true", "oui"} or (source is Source.CELL and word == "vrai"):
            return True
        if word in {"false", "non"} or (source is Source.CELL and word == "faux"):
            return False
    raise Refusal("boolean" if source is Source.JSON else "boolean_words", value)


def whole_number(low: int, high: int) -> Callable[[object, Source], int]:
    """Return the parser of a whole number between both bounds, included."""

    def parse(value: object, source: Source) -> int:
        number = _whole(value, source)
        if number is None or not low <= number <= high:
            raise Refusal("integer", _shown_number(value), low=low, high=high)
        return number

    return parse


def parse_amount(value: object, source: Source) -> Decimal:
    """Read euros, to the cent: `1234.56`, in cells `1 234,56 €` too."""
    number = _decimal(value, source)
    if number < 0:
        raise Refusal("amount_negative", _shown_number(value))
    if number >= AMOUNT_LIMIT:
        raise Refusal("amount_large", _shown_number(value))
    if number != round(number, 2):
        raise Refusal("amount", _shown_number(value), example="@amount" + _cell_suffix(source))
    return plain(round(number, 2))


def parse_share(value: object, source: Source) -> Decimal:
    """Read a percentage above 0 and up to 100; the sign `%` is allowed in cells."""
    if source is Source.CELL and isinstance(value, str):
        value = value.strip().removesuffix("%").rstrip().replace(",", ".")
        number = Decimal(value) if _PLAIN_NUMBER.fullmatch(value) else None
    else:
        try:
            number = _decimal(value, source)
        except Refusal:
            number = None
    if number is None or not 0 < number <= 100 or number != round(number, 6):
        raise Refusal("share", value)
    return plain(round(number, 6))


def parse_country(value: object, source: Source) -> str:
    """Read an ISO 3166-1 alpha-2 code."""
    text = _text(value, source).strip()
    code = text.upper()
    if code in COUNTRIES and len(text) == 2:
        return code
    raise Refusal("country", text, suggestion=_USUAL_MISTAKES.get(code) or _country_named(text))


def plain(number: Decimal) -> Decimal:
    """Return the shortest form of a number, never with an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def _text(value: object, source: Source) -> str:
    if isinstance(value, str):
        return value
    if source is Source.CELL:
        if isinstance(value, bool):
            raise Refusal("cell_boolean", value)
        if isinstance(value, (int, float)):
            if abs(value) < 10**15 and float(value).is_integer():
                return str(int(value))
            raise Refusal("cell_decimal", _shown_number(value))
        if isinstance(value, (date, time, timedelta)):
            raise Refusal("cell_date")
    raise Refusal("not_text", value)


def _several_lines(value: object, source: Source) -> str:
    text = _text(value, source).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > TEXT_LENGTH:
        raise Refusal("too_long", text, limit=TEXT_LENGTH)
    for char in text:
        if char not in "\n\t" and _is_unprintable(char):
            raise Refusal("control_character", text, name=f"U+{ord(char):04X}")
    return text


def _is_unprintable(char: str) -> bool:
    """Tell whether no text may hold it: controls, halves of surrogate pairs, non-characters."""
    code = ord(char)
    if code < 0x7F:
        return code < 0x20
    return (
        code < 0xA0
        or 0xD800 <= code <= 0xDFFF
        or 0xFDD0 <= code <= 0xFDEF
        or (code & 0xFFFE) == 0xFFFE
        or code == 0xFEFF
    )


def _any_date(value: object, source: Source, *, formal: bool = False) -> FormalDate:
    if source is Source.CELL and not isinstance(value, str):
        return _date_of_cell(value, formal=formal)
    text = _text(value, source).strip()
    example = ("@date_formal" if formal else "@date") + _cell_suffix(source)
    if match := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return _day(year, month, day, text)
    if source is Source.CELL and (match := _FRENCH_DAY.fullmatch(text)):
        day, month, year = (int(part) for part in match.groups())
        return _day(year, month, day, text)
    if match := _ISO_PARTIAL.fullmatch(text):
        return _partial(int(match[1]), None if match[2] is None else int(match[2]), text)
    if source is Source.CELL and (match := _FRENCH_PARTIAL.fullmatch(text)):
        return _partial(int(match[2]), int(match[1]), text)
    if _SHORT_YEAR.fullmatch(text):
        raise Refusal("date_short_year", text)
    raise Refusal("date_form", text, example=example, suggestion=_meant_day(text, source))


def _date_of_cell(value: object, *, formal: bool) -> FormalDate:
    if isinstance(value, datetime):
        if value.time() != time():
            raise Refusal("cell_time", value)
        value = value.date()
    if isinstance(value, date):
        return _day(value.year, value.month, value.day, str(value))
    if isinstance(value, (time, timedelta)):
        raise Refusal("cell_time", value)
    if isinstance(value, bool):
        raise Refusal("cell_boolean", value)
    if isinstance(value, (int, float)):
        if formal and FIRST_YEAR <= value <= LAST_YEAR and float(value).is_integer():
            return PartialDate(int(value))
        raise Refusal("cell_number", _shown_number(value))
    raise Refusal("not_text", value)


def _day(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12 or year == 0 or not 1 <= day <= monthrange(year, month)[1]:
        raise Refusal("date_missing", text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("year_range", text)
    return date(year, month, day)


def _partial(year: int, month: int | None, text: str) -> PartialDate:
    if month is not None and not 1 <= month <= 12:
        raise Refusal("date_missing", text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("year_range", text)
    return PartialDate(year, month)


def _meant_day(text: str, source: Source) -> str | None:
    """Return the ISO form of a day first date, where only ISO dates are read."""
    match = _FRENCH_DAY.fullmatch(text)
    if match is None or source is Source.CELL:
        return None
    try:
        return str(_day(int(match[3]), int(match[2]), int(match[1]), text))
    except Refusal:
        return None


def _whole(value: object, source: Source) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if source is Source.CELL and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return int(value)
    return None


def _decimal(value: object, source: Source) -> Decimal:
    example = "@amount" + _cell_suffix(source)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise Refusal("amount", value, example=example)
    if isinstance(value, str):
        return _decimal_of_text(value.strip(), source, example)
    if isinstance(value, float):
        # a spreadsheet keeps fifteen digits: what lies beyond is noise of binary fractions
        number = Decimal(f"{value:.15g}" if source is Source.CELL else repr(value))
    else:
        number = Decimal(value)
    if not number.is_finite():
        raise Refusal("amount", value, example=example)
    return number if number.copy_abs() < AMOUNT_LIMIT else AMOUNT_LIMIT.copy_sign(number)


def _decimal_of_text(text: str, source: Source, example: str) -> Decimal:
    if source is not Source.CELL:
        if _PLAIN_NUMBER.fullmatch(text):
            return Decimal(text)
        if _PLAIN_NUMBER.fullmatch(text.removeprefix("-")):
            raise Refusal("amount_negative", text)
        raise Refusal("amount", text, example=example)
    number = re.sub(r"[\u00a0\u202f\u2009 ]", " ", text)
    number = re.sub(r"\s*(?:€|euros?|eur)$", "", number, flags=re.IGNORECASE)
    negative = re.match(r"[-−–]\s*(?=[0-9])", number)
    digits = number[negative.end() :] if negative else number
    if not (match := _CELL_NUMBER.fullmatch(digits)):
        ambiguous = (
            re.fullmatch(r"[0-9., ']+|[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+", digits) is not None
        )
        raise Refusal("amount_ambiguous" if ambiguous else "amount", text, example=example)
    if negative:
        raise Refusal("amount_negative", text)
    return Decimal(match[0].replace(" ", "").replace(",", "."))


def _shown_number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _cell_suffix(source: Source) -> str:
    return "_cell" if source is Source.CELL else ""


def _country_named(text: str) -> str | None:
    """Return the code of a country whose French or English name was written."""
    from babel import Locale  # noqa: PLC0415 - start-up time: only to help with a mistake

    wanted = folded(text)
    for lang in ("fr", "en"):
        for code, name in Locale(lang).territories.items():
            if code in COUNTRIES and folded(name) == wanted:
                return str(code)
    return None
