"""How each kind of value in the settings is read and checked.

A `Reader` turns what TOML gives into what the program uses, or raises `Refused` with what is wrong
and what to write instead. Periods stay ISO 8601 strings, since counting months belongs to the
domain; clock durations become timedelta.
"""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.addresses import AddressError, check_address, check_domain
from config.database import expanded
from config.problems import Fault, Refused, refuse, shown

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_YEAR = 1900
LAST_YEAR = 2199
MAX_PERIOD_YEARS = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read one kind of value. `what` names the kind in the reference.

    `read` gets the raw value and the folder against which a relative path is taken.
    """

    what: str
    read: Callable[[Any, Path], Any]


def simple(what: str, read: Callable[[Any], Any]) -> Reader:
    """Make a reader that does not care for folders."""
    return Reader(what, lambda raw, _folder: read(raw))


def list_of(item: Reader, *, unique_by: Callable[[Any], object] | None = None) -> Reader:
    """Make a reader of lists, which tells every bad item at once and refuses a repeated one."""

    def read(raw: object, folder: Path) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            raise refuse(
                "une liste est attendue",
                "a list is expected",
                hint_fr=f"écrivez entre crochets : [{shown(raw)}]",
                hint_en=f"write it between brackets: [{shown(raw)}]",
            )
        values: list[Any] = []
        faults: list[Fault] = []
        seen: set[object] = set()
        for index, raw_item in enumerate(raw):
            try:
                value = item.read(raw_item, folder)
            except Refused as refused:
                faults += [_inside(index, raw_item, fault) for fault in refused.faults]
                continue
            if unique_by is not None:
                if unique_by(value) in seen:
                    faults.append(
                        Fault(
                            fr="valeur répétée dans la liste",
                            en="value repeated in the list",
                            hint_fr="gardez-la une seule fois",
                            hint_en="keep it once",
                            value=shown(raw_item),
                            path=(index,),
                        )
                    )
                    continue
                seen.add(unique_by(value))
            values.append(value)
        if faults:
            raise Refused(*faults)
        return tuple(values)

    return Reader(f"list of {item.what}", read)


def _inside(key: int | str, raw: object, fault: Fault) -> Fault:
    value = fault.value if fault.value is not None else shown(raw)
    return replace(fault, path=(key, *fault.path), value=value)


def _string(raw: object) -> str:
    if not isinstance(raw, str):
        raise refuse(
            "un texte entre guillemets est attendu",
            "text between quotes is expected",
            hint_fr="ajoutez des guillemets",
            hint_en="add quotes",
        )
    if not raw.strip():
        raise refuse(
            "valeur vide",
            "empty value",
            hint_fr="donnez une valeur, ou supprimez la ligne",
            hint_en="give a value, or remove the line",
        )
    return raw


def _refuse_controls(text: str) -> None:
    if any(unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} for char in text):
        raise refuse(
            "caractère de contrôle ou invisible",
            "control or invisible character",
            hint_fr="retapez la valeur",
            hint_en="type the value anew",
        )


# --- text, numbers, choices --------------------------------------------------------------------


def _text(raw: object) -> str:
    text = _string(raw).strip()
    _refuse_controls(text)
    if len(text) > 200:
        raise refuse("plus de 200 caractères", "more than 200 characters")
    if "=?" in text and "?=" in text:
        raise refuse(
            "« =?…?= » est un code de messagerie",
            "“=?…?=” is mail encoding",
            hint_fr="écrivez le texte tel qu’il se lit",
            hint_en="write the text as it is read",
        )
    return text


def _secret(raw: object) -> str:
    text = _string(raw)
    if any(char in text for char in "\r\n\0"):
        raise refuse(
            "saut de ligne ou octet nul dans le mot de passe",
            "line break or NUL in the password",
        )
    return text


def _yes_no(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise refuse(
            "true ou false est attendu",
            "true or false is expected",
            hint_fr="sans guillemets",
            hint_en="without quotes",
        )
    return raw


TEXT = simple("text", _text)
SECRET = simple("text (secret)", _secret)
YES_NO = simple("`true` or `false`", _yes_no)


def whole_number(least: int, most: int) -> Reader:
    """Make a reader of whole numbers between two bounds."""

    def read(raw: object) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise refuse(
                "un nombre entier est attendu",
                "a whole number is expected",
                hint_fr="sans guillemets ni décimales",
                hint_en="without quotes or decimals",
            )
        if not least <= raw <= most:
            raise refuse(
                f"un nombre entre {least} et {most} est attendu",
                f"a number between {least} and {most} is expected",
            )
        return raw

    return simple(f"whole number, {least} to {most}", read)


def one_of(*choices: str) -> Reader:
    """Make a reader that accepts some words, whatever their case, accents and spaces."""

    def read(raw: object) -> str:
        word = folded(_string(raw))
        if word not in choices:
            near = closest(word, choices)
            listed = ", ".join(choices)
            raise refuse(
                f"valeur inconnue (attendu : {listed})",
                f"unknown value (expected: {listed})",
                hint_fr=f"vouliez-vous dire « {near} » ?" if near else "",
                hint_en=f"did you mean “{near}”?" if near else "",
            )
        return word

    return simple(" \\| ".join(f"`{choice}`" for choice in choices), read)


def folded(text: str) -> str:
    """Return the word in lower case, without accents, its parts joined by hyphens."""
    plain = unicodedata.normalize("NFD", text.strip().casefold())
    return re.sub(r"[\s_-]+", "-", "".join(c for c in plain if not unicodedata.combining(c)))


def closest(word: str, known: tuple[str, ...] | list[str]) -> str | None:
    """Return the known word that looks most like this one, if one does."""
    from difflib import get_close_matches  # noqa: PLC0415 - start-up time: only a typo needs it

    found = get_close_matches(word, known, n=1, cutoff=0.6)
    return found[0] if found else None


# --- addresses, hosts, URLs --------------------------------------------------------------------


def _address(raw: object) -> str:
    text = _string(raw)
    try:
        return check_address(text)
    except AddressError as error:
        raise refuse(
            f"adresse électronique refusée : {error.message_fr}",
            f"e-mail address refused: {error.message_en}",
            hint_fr="écrivez seulement « nom@domaine.fr »",
            hint_en="write only “name@domain.fr”",
        ) from error


def _domain(raw: object) -> str:
    try:
        return check_domain(_string(raw))
    except AddressError as error:
        raise refuse(error.message_fr, error.message_en) from error


def is_loopback(host: str) -> bool:
    """Tell whether a host name or IP address is this very machine."""
    from ipaddress import ip_address  # noqa: PLC0415 - start-up time

    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_HOST_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")


def _host(raw: object) -> str:
    from ipaddress import ip_address  # noqa: PLC0415 - start-up time

    text = _string(raw).strip().lower()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    if not text.isascii():
        text = _domain(text)
    labels = text.removesuffix(".").split(".")
    if (
        len(text) > 253
        or labels[-1].isdigit()
        or not all(_HOST_LABEL.fullmatch(label) for label in labels)
    ):
        raise refuse(
            "ce n’est pas un nom de machine",
            "this is not a host name",
            hint_fr="le nom seul, par exemple « smtp.mairie.fr » ; le port a sa propre clé",
            hint_en="the name alone, such as “smtp.mairie.fr”; the port has its own key",
        )
    return text


def _ping_url(raw: object) -> str:
    """Accept https towards a proper host, or http towards this machine."""
    from ipaddress import ip_address  # noqa: PLC0415 - start-up time
    from urllib.parse import urlsplit  # noqa: PLC0415 - start-up time

    text = _string(raw)
    _refuse_controls(text)
    expected = {
        "hint_fr": "attendu : « https://… », ou « http://127.0.0.1:… » sur cette machine",
        "hint_en": "expected: “https://…”, or “http://127.0.0.1:…” on this machine",
    }
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise refuse("adresse web illisible", "unreadable web address", **expected) from error
    if not text.isascii() or " " in text or "\\" in text or not host:
        raise refuse("adresse web illisible", "unreadable web address", **expected)
    if parts.scheme not in {"https", "http"}:
        raise refuse("adresse web non permise", "web address not allowed", **expected)
    if parts.username is not None or parts.password is not None:
        raise refuse("nom ou mot de passe dans l’adresse", "name or password in the address")
    host = _host(host)
    try:
        ip = ip_address(host)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        forbidden = ip.is_link_local or ip.is_multicast or ip.is_unspecified
    except ValueError:
        forbidden = False
    if forbidden or (parts.scheme == "http" and not is_loopback(host)):
        raise refuse("adresse web non permise", "web address not allowed", **expected)
    return text


ADDRESS = simple("e-mail address", _address)
DOMAIN = simple("domain name", _domain)
HOST = simple("host name or IP address", _host)
PING_URL = simple("`https` URL", _ping_url)


# --- paths -------------------------------------------------------------------------------------


def _path(raw: object, folder: Path) -> Path:
    text = _string(raw)
    if "\0" in text or not text.isprintable():
        raise refuse("caractère de contrôle dans un chemin", "control character in a path")
    return Path(os.path.normpath(folder / expanded(text)))


PATH = Reader("path", _path)


# --- periods and durations ---------------------------------------------------------------------

_PERIOD = re.compile(
    r"P(?:([0-9]{1,4})W|(?=[0-9])(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?)"
)
_IN_WORDS = re.compile(
    r"([0-9]{1,4})\s*(jours?|j|days?|d|semaines?|weeks?|w|mois|months?|m|ans?|années?|years?|y)",
    re.IGNORECASE,
)


def months_and_days(period: str) -> tuple[int, int]:
    """Return a valid period as (months, days), in which P12M and P1Y, P2W and P14D are equal."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise ValueError(period)
    weeks, years, months, days = (int(part or 0) for part in found.groups())
    return years * 12 + months, weeks * 7 + days


def _any_period(raw: object) -> str:
    text = _string(raw)
    if not _PERIOD.fullmatch(text):
        written = _suggested_period(text)
        raise refuse(
            "ce n’est pas une durée ISO 8601 positive",
            "this is not a positive ISO 8601 period",
            hint_fr=f"écrivez {written}",
            hint_en=f"write {written}",
        )
    months, days = months_and_days(text)
    if months + days / 30 > MAX_PERIOD_YEARS * 12:
        raise refuse(
            f"durée de plus de {MAX_PERIOD_YEARS} ans",
            f"period longer than {MAX_PERIOD_YEARS} years",
        )
    return text


def _suggested_period(text: str) -> str:
    if _PERIOD.fullmatch(text.upper()):
        return f'"{text.upper()}"'
    if found := _IN_WORDS.fullmatch(text.strip()):
        letter = found[2][0].lower()
        unit = {"j": "D", "d": "D", "s": "W", "w": "W", "m": "M", "a": "Y", "y": "Y"}[letter]
        return f'"P{int(found[1])}{unit}"'
    return '"P6M" (6 mois), "P15D" (15 jours), "P2W" (2 semaines), "P1Y" (1 an)'


def _period(raw: object) -> str:
    text = _any_period(raw)
    if months_and_days(text) == (0, 0):
        raise refuse(
            "durée nulle",
            "period of zero",
            hint_fr='le plus court est "P1D" ; pour aucun rappel, écrivez []',
            hint_en='the shortest is "P1D"; for no reminder, write []',
        )
    return text


PERIOD = simple("period", _period)
PERIOD_OR_ZERO = simple("period (zero allowed)", _any_period)
PERIODS = list_of(PERIOD, unique_by=months_and_days)

_DURATION = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,4})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8}(?:\.[0-9]{1,6})?)S)?)?"
)


def _duration(raw: object) -> timedelta:
    text = _string(raw)
    found = _DURATION.fullmatch(text)
    if not found:
        raise refuse(
            "ce n’est pas une durée d’horloge ISO 8601 positive",
            "this is not a positive ISO 8601 clock duration",
            hint_fr='écrivez "PT10M" (10 minutes), "PT30S" (30 secondes), "PT2H" ou "P1D"',
            hint_en='write "PT10M" (10 minutes), "PT30S" (30 seconds), "PT2H" or "P1D"',
        )
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    duration = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta(0) < duration <= timedelta(days=366):
        raise refuse(
            "durée nulle ou de plus d’un an",
            "duration of zero, or longer than a year",
        )
    return duration


DURATION = simple("clock duration", _duration)
DURATIONS = list_of(DURATION)


# --- dates and hours ---------------------------------------------------------------------------

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:hH]([0-5][0-9])")


def _date(raw: object) -> date:
    if isinstance(raw, datetime):
        raise refuse(
            "un jour est attendu, sans heure",
            "a day is expected, without a time",
            hint_fr=f"écrivez {raw.date().isoformat()}",
            hint_en=f"write {raw.date().isoformat()}",
        )
    day = raw if isinstance(raw, date) else _parsed_date(raw)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse(
            f"année hors de {FIRST_YEAR}–{LAST_YEAR}",
            f"year outside {FIRST_YEAR}–{LAST_YEAR}",
        )
    return day


def _parsed_date(raw: object) -> date:
    found = _DATE.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        raise refuse(
            "une date est attendue",
            "a date is expected",
            hint_fr="écrivez AAAA-MM-JJ, par exemple 2027-01-31",
            hint_en="write YYYY-MM-DD, such as 2027-01-31",
        )
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise refuse("date inexistante", "there is no such date") from error


def _time(raw: object) -> time:
    if isinstance(raw, time):
        return raw.replace(second=0, microsecond=0)
    found = _CLOCK.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if not found:
        raise refuse(
            "une heure est attendue",
            "a time of day is expected",
            hint_fr='écrivez "06:30"',
            hint_en='write "06:30"',
        )
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, order=True)
class WeeklyTime:
    """A moment of every week: `weekday` as in `date.weekday()` (Monday is 0) and an hour."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.at:%H:%M}"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def _weekly_time(raw: object) -> WeeklyTime:
    day, _, hour = _string(raw).strip().lower().partition(" ")
    weekday = next((names.index(day) for names in (WEEKDAYS, _WEEKDAYS_FR) if day in names), None)
    if weekday is None:
        near = closest(day, [*WEEKDAYS, *_WEEKDAYS_FR])
        raise refuse(
            "un jour de la semaine et une heure sont attendus",
            "a weekday and a time are expected",
            hint_fr=f'écrivez "{near or "lundi"} 08:00"',
            hint_en=f'write "{near or "monday"} 08:00"',
        )
    try:
        return WeeklyTime(weekday, _time(hour))
    except Refused as error:
        raise refuse(
            "l’heure manque ou n’est pas une heure",
            "the time is missing or is not a time",
            hint_fr=f'écrivez "{day} 08:00"',
            hint_en=f'write "{day} 08:00"',
        ) from error


def _zone(raw: object) -> ZoneInfo:
    name = _string(raw)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise _zone_refusal(name) from error


def _zone_refusal(name: str) -> Refused:
    from zoneinfo import available_timezones  # noqa: PLC0415 - slow, and only a typo needs it

    known = sorted(available_timezones())
    if not known:
        return refuse(
            "cette machine n’a pas de base de fuseaux horaires",
            "this machine has no time zone data",
            hint_fr="installez le paquet Python « tzdata »",
            hint_en="install the Python package “tzdata”",
        )
    near = closest(name, known)
    return refuse(
        "fuseau horaire inconnu",
        "unknown time zone",
        hint_fr=f"vouliez-vous dire « {near} » ?" if near else 'par exemple "Europe/Paris"',
        hint_en=f"did you mean “{near}”?" if near else 'such as "Europe/Paris"',
    )


DATE = simple("date", _date)
DATES = list_of(DATE, unique_by=lambda day: day)
TIME = simple("time of day", _time)
WEEKLY_TIME = simple("weekday and time", _weekly_time)
ZONE = simple("IANA time zone", _zone)


# --- blackouts ---------------------------------------------------------------------------------

_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Blackout:
    """Days on which no council meets, both ends included.

    Either once (`first` and `last` are dates) or every year (`yearly`: their year means nothing,
    and the days may straddle the new year).
    """

    first: date
    last: date
    yearly: bool = False

    def ranges(self, first_year: int, last_year: int) -> tuple[tuple[date, date], ...]:
        """Return the (first day, last day) of each occurrence that begins in these years."""
        if not self.yearly:
            inside = first_year <= self.first.year <= last_year
            return ((self.first, self.last),) if inside else ()
        wraps = int(self.last < self.first)
        return tuple(
            (_in_year(self.first, year), _in_year(self.last, year + wraps))
            for year in range(first_year, last_year + 1)
        )

    def covers(self, day: date) -> bool:
        """Tell whether no council meets on this day."""
        if not self.yearly:
            return self.first <= day <= self.last
        return any(
            first <= day <= last for first, last in self.ranges(day.year - 1, day.year)
        )  # fmt: skip


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _month_day(raw: object) -> date | None:
    """Return the MM-DD in a leap year, or None when it is written otherwise."""
    found = _MONTH_DAY.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        return None
    try:
        return date(_LEAP_YEAR, int(found[1]), int(found[2]))
    except ValueError as error:
        raise refuse("jour inexistant", "there is no such day") from error


def _blackout(raw: object) -> Blackout:
    if not isinstance(raw, dict):
        raise refuse(
            "une période est attendue",
            "a range is expected",
            hint_fr='écrivez {from = "07-14", to = "08-31"}',
            hint_en='write {from = "07-14", to = "08-31"}',
        )
    ends: dict[str, tuple[date, bool]] = {}
    faults = [
        Fault(
            fr="clé inconnue (attendu : from, to)",
            en="unknown key (expected: from, to)",
            path=(key,),
            value=shown(raw[key]),
            code="unknown_key",
        )
        for key in sorted(raw.keys() - {"from", "to"})
    ]
    for key in ("from", "to"):
        if key not in raw:
            faults.append(
                Fault(fr=f"« {key} » manque", en=f"“{key}” is missing", value=shown(raw))
            )  # fmt: skip
            continue
        try:
            yearly = _month_day(raw[key])
            ends[key] = (yearly, True) if yearly else (_date(raw[key]), False)
        except Refused as refused:
            faults += [_inside(key, raw[key], fault) for fault in refused.faults]
    if faults:
        raise Refused(*faults)
    (first, first_yearly), (last, last_yearly) = ends["from"], ends["to"]
    if first_yearly != last_yearly:
        raise refuse(
            "« from » et « to » doivent être de même forme",
            "“from” and “to” must be written alike",
            hint_fr="deux dates (2027-07-14), ou deux jours de chaque année (07-14)",
            hint_en="two dates (2027-07-14), or two days of every year (07-14)",
        )
    if not first_yearly and last < first:
        raise refuse("la fin précède le début", "the end comes before the beginning")
    return Blackout(first=first, last=last, yearly=first_yearly)


BLACKOUTS = list_of(simple("`{from, to}`", _blackout), unique_by=lambda blackout: blackout)
