"""Rows to domain values and back; with `repository`, the only place that knows both.

Every field of a convention stands once in `CONVENTION_FIELDS`, `TERMS_FIELDS` or `EVENT_FIELDS`:
its name, its column, how to write it and how to read it. Reading trusts nothing: a reader raises
ValueError for what is not exactly a value of its field, since a hand may have been in the database.
Readers take what either driver gives: SQLite a text or a number, PostgreSQL a date, a decimal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from tracker.domain.conventions import (
    INDEFINITE,
    Convention,
    ConventionKind,
    ConventionTerms,
    CouncilVote,
    DutyKind,
    Event,
    EventName,
    FormalDate,
    Instalment,
    Milestone,
    NoticeCounting,
    NoticeForm,
    NoticeOf,
    PartialDate,
    Partner,
    Programme,
    Quote,
    RecurringDuty,
    RenewalMode,
    Side,
    StartRule,
    YearlyAmount,
)
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, Period, parse_day
from tracker.storage.folding import fold

Value = Any
"""What a driver gives or takes, or a plain JSON value."""
Reader = Callable[[Value], Any]
Writer = Callable[[Any], Value]
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the domain, its column, and both ways between them."""

    name: str
    column: str
    read: Reader
    write: Writer
    nullable: bool = True
    is_json: bool = False


# --- readers -------------------------------------------------------------------------------------


def read_text(value: Value) -> str:
    """Read a text; surrogates, which stand for bytes that were no UTF-8, are refused."""
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - bad data, not a bad call
    if not value.isascii():
        value.encode()
    return value


def read_int(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")  # noqa: TRY004 - bad data, not a bad call
    return value


def read_bool(value: Value) -> bool:
    if value is True or value is False:
        return bool(value)
    if value in {0, 1} and isinstance(value, int):
        return value == 1
    raise ValueError("neither true (1) nor false (0)")


def read_day(value: Value) -> date:
    if isinstance(value, str):
        return _parse_day(value)
    if isinstance(value, date):
        return _within_years(value)
    raise ValueError("not a date")


def read_formal_date(value: Value) -> FormalDate:
    text = read_text(value)
    return _parse_partial(text) if len(text) < 10 else _parse_day(text)


def read_period(value: Value) -> Period:
    return _parse_period(read_text(value))


def read_decimal(value: Value) -> Decimal:
    if isinstance(value, str):
        return _parse_decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise ValueError("not an amount")


def read_term(value: Value) -> Period | str:
    return INDEFINITE if value == INDEFINITE else read_period(value)


def one_of(kind: type[E]) -> Callable[[Value], E]:
    """Return the reader of an enumeration: a dictionary, much quicker than calling its class."""
    members: dict[Value, E] = {member.value: member for member in kind}

    def read(value: Value) -> E:
        try:
            return members[value]
        except (KeyError, TypeError):
            raise ValueError(f"none of {', '.join(members)}") from None

    return read


# The same days and periods come back in thousands of conventions.
@lru_cache(maxsize=65536)
def _parse_day(text: str) -> date:
    return _within_years(parse_day(text))


@lru_cache(maxsize=4096)
def _parse_period(text: str) -> Period:
    return Period.parse(text)


@lru_cache(maxsize=4096)
def _parse_decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise ValueError("not an amount") from None
    if not number.is_finite():
        raise ValueError("not an amount")
    return number


@lru_cache(maxsize=4096)
def _parse_partial(text: str) -> PartialDate:
    year, _, month = text.partition("-")
    if len(year) != 4 or not (year + month).isdecimal() or len(month) not in {0, 2}:
        raise ValueError("not written YYYY, YYYY-MM or YYYY-MM-DD")
    partial = PartialDate(int(year), int(month) if month else None)
    if str(partial) != text:
        raise ValueError("not written YYYY, YYYY-MM or YYYY-MM-DD")
    return partial


def _within_years(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"year outside {FIRST_YEAR}-{LAST_YEAR}")
    return day


# --- JSON texts ----------------------------------------------------------------------------------


def dump(value: Value) -> str:
    """Write plain values as the JSON text of a column: readable by a person, no needless space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _load(value: Value, kind: type) -> Any:  # noqa: ANN401 - JSON
    plain = json.loads(read_text(value))
    if not isinstance(plain, kind):
        raise ValueError("not a JSON list" if kind is list else "not a JSON object")  # noqa: TRY004
    return plain


def listed(read: Reader, write: Writer) -> tuple[Reader, Writer]:
    """Return the reader and writer of a tuple kept as a JSON list."""

    def read_list(value: Value) -> tuple[Any, ...]:
        return () if value == "[]" else tuple(read(item) for item in _load(value, list))

    def write_list(values: Sequence[Any]) -> str:
        return dump([write(value) for value in values]) if values else "[]"

    return read_list, write_list


def mapped(
    read: Callable[[str, Value], Any], write: Callable[[str, Any], Value]
) -> tuple[Reader, Writer]:
    """Return the reader and writer of pairs (name, value) kept as a JSON object."""

    def read_object(value: Value) -> tuple[tuple[str, Any], ...]:
        if value == "{}":
            return ()
        pairs = _load(value, dict).items()
        return tuple((read_text(name), read(name, item)) for name, item in pairs)

    def write_object(pairs: Iterable[tuple[str, Any]]) -> str:
        return dump({name: write(name, value) for name, value in pairs}) if pairs else "{}"

    return read_object, write_object


def _record(value: Value, *, required: frozenset[str], optional: frozenset[str]) -> dict[str, Any]:
    """Return the JSON object `value` after checking that its keys are those of its kind."""
    if not isinstance(value, dict) or not required <= value.keys() <= required | optional:
        raise ValueError(f"not an object with {', '.join(sorted(required | optional))}")
    return value


def _without_none(**values: Value) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _maybe(read: Reader, value: Value) -> Any:  # noqa: ANN401 - whatever the reader gives
    return None if value is None else read(value)


def _read_duty(value: Value) -> RecurringDuty:
    plain = _record(value, required=frozenset({"kind", "every"}), optional=frozenset())
    return RecurringDuty(kind=_DUTY(plain["kind"]), every=read_period(plain["every"]))


def _read_instalment(value: Value) -> Instalment:
    plain = _record(value, required=frozenset({"share", "on"}), optional=frozenset())
    return Instalment(share=read_decimal(plain["share"]), on=read_text(plain["on"]))


def _read_yearly_amount(value: Value) -> YearlyAmount:
    plain = _record(value, required=frozenset({"year", "amount"}), optional=frozenset())
    return YearlyAmount(year=read_int(plain["year"]), amount=read_decimal(plain["amount"]))


def _read_milestone(value: Value) -> Milestone:
    plain = _record(value, required=frozenset({"title", "on"}), optional=frozenset({"to"}))
    return Milestone(
        title=read_text(plain["title"]),
        on=read_day(plain["on"]),
        to=_maybe(read_day, plain.get("to")),
    )


def _read_quote(_name: str, value: Value) -> Quote:
    optional = frozenset({"article", "page", "start", "end"})
    plain = _record(value, required=frozenset({"quote"}), optional=optional)
    return Quote(
        quote=read_text(plain["quote"]),
        article=_maybe(read_text, plain.get("article")),
        page=_maybe(read_int, plain.get("page")),
        start=_maybe(read_int, plain.get("start")),
        end=_maybe(read_int, plain.get("end")),
    )


def _write_quote(_name: str, quote: Quote) -> Value:
    return _without_none(
        quote=quote.quote, article=quote.article, page=quote.page, start=quote.start, end=quote.end
    )


def _read_lead_times(_name: str, value: Value) -> tuple[Period, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list of periods")  # noqa: TRY004 - bad data, not a bad call
    return tuple(read_period(item) for item in value)


def _same(value: Any) -> Value:  # noqa: ANN401 - that is the point
    return value


def _iso(day: date) -> str:
    return day.isoformat()


_DUTY = one_of(DutyKind)
_TEXTS = listed(read_text, _same)
_REMINDERS = mapped(_read_lead_times, lambda _name, periods: [str(period) for period in periods])
_AMOUNTS = listed(_read_yearly_amount, lambda item: {"year": item.year, "amount": str(item.amount)})
_MILESTONES = listed(
    _read_milestone,
    lambda item: _without_none(
        title=item.title, on=_iso(item.on), to=item.to.isoformat() if item.to else None
    ),
)
_EVIDENCE = mapped(_read_quote, _write_quote)
_RECURRING = listed(_read_duty, lambda duty: {"kind": duty.kind.value, "every": str(duty.every)})
_PAYMENTS = listed(_read_instalment, lambda item: {"share": str(item.share), "on": item.on})


# --- the fields ----------------------------------------------------------------------------------


def _text(name: str, column: str | None = None, *, nullable: bool = True) -> Field:
    return Field(name, column or name, read_text, _same, nullable)


def _number(name: str) -> Field:
    return Field(name, name, read_int, _same)


def _amount(name: str) -> Field:
    return Field(name, name, read_decimal, _same)


def _day(name: str, column: str | None = None, *, nullable: bool = True) -> Field:
    return Field(name, column or name, read_day, _same, nullable)


def _formal(name: str) -> Field:
    return Field(name, name, read_formal_date, str)


def _json(name: str, codec: tuple[Reader, Writer]) -> Field:
    return Field(name, name, *codec, nullable=False, is_json=True)


def _choice(
    name: str, kind: type[StrEnum], column: str | None = None, *, nullable: bool = True
) -> Field:
    return Field(name, column or name, one_of(kind), lambda member: member.value, nullable)


def _period(name: str) -> Field:
    return Field(name, name, read_period, str)


CONVENTION_FIELDS = (
    _text("reference", nullable=False),
    _text("title", nullable=False),
    _choice("kind", ConventionKind),
    _text("owner"),
    _json("watchers", _TEXTS),
    _json("reminders", _REMINDERS),
    _formal("deliberated_on"),
    _formal("cited_deliberation_on"),
    _formal("transmitted_on"),
    _formal("published_on"),
    _formal("signed_on"),
    _formal("notified_on"),
    _formal("convention_transmitted_on"),
    _formal("effective_on"),
    _json("supposed", _TEXTS),
    _day("tracked_from"),
    _amount("amount"),
    _json("amounts", _AMOUNTS),
    _text("parent"),
    _text("succeeds"),
    _json("milestones", _MILESTONES),
    _json("tags", _TEXTS),
    _text("notes", nullable=False),
    _json("evidence", _EVIDENCE),
)
"""Fields with a column of their own name; `session` and `programme` have two columns each."""

_PAIRED = (
    _day("session_on"),
    _text("session_vote"),
    _number("programme_from"),
    _number("programme_to"),
)

TERMS_FIELDS = (
    Field("term", "term", read_term, str),
    _day("end"),
    _choice("start", StartRule),
    _day("start_date"),
    Field("start_day_included", "start_day_included", read_bool, _same, nullable=False),
    _choice("renewal", RenewalMode),
    _period("renewal_period"),
    _number("renewal_max"),
    _period("max_total"),
    _period("notice"),
    _choice("notice_of", NoticeOf),
    _choice("notice_form", NoticeForm),
    _choice("notice_counts_from", NoticeCounting),
    _json("recurring", _RECURRING),
    Field("final_evaluation", "final_evaluation", read_bool, _same, nullable=False),
    _json("payments", _PAYMENTS),
)
"""Their columns are prefixed with `terms_`; amendments (`event.changes`) hold the same fields."""

_TERMS = {field.name: field for field in TERMS_FIELDS}
_LISTS_OF_TERMS = {"recurring": (_read_duty, _RECURRING), "payments": (_read_instalment, _PAYMENTS)}


def _read_change(name: str, value: Value) -> Any:  # noqa: ANN401 - any value of the terms
    if name not in _TERMS:
        raise ValueError(f"{name!r} is no field of the terms")
    if name in _LISTS_OF_TERMS:
        read, _ = _LISTS_OF_TERMS[name]
        if not isinstance(value, list):
            raise ValueError("not a JSON list")
        return tuple(read(item) for item in value)
    return None if value is None else _TERMS[name].read(value)


def _write_change(name: str, value: Any) -> Value:  # noqa: ANN401 - any value of the terms
    if name in _LISTS_OF_TERMS:
        return json.loads(_LISTS_OF_TERMS[name][1][1](value))
    if value is None or name not in _TERMS:
        return value
    return value.isoformat() if isinstance(value, date) else _TERMS[name].write(value)


EVENT_FIELDS = (
    Field("number", "number", read_int, _same, nullable=False),
    _choice("event", EventName, nullable=False),
    _day("on", "on_date", nullable=False),
    _text("note", nullable=False),
    _number("occurrence"),
    _amount("amount"),
    _period("term"),
    _choice("by", Side, "by_side"),
    _day("presented_on"),
    _day("received_on"),
    _text("deadline"),
    _day("until", "until_date"),
    _number("target"),
    _json("changes", mapped(_read_change, _write_change)),
)

PARTNER_FIELDS = (_text("name", nullable=False), _text("country"))

CONVENTION_COLUMNS = (
    *(field.column for field in CONVENTION_FIELDS),
    *(field.column for field in _PAIRED),
    *(f"terms_{field.column}" for field in TERMS_FIELDS),
)
PARTNER_COLUMNS = tuple(field.column for field in PARTNER_FIELDS)
EVENT_COLUMNS = tuple(field.column for field in EVENT_FIELDS)


# --- rows to domain ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BadValue:
    """A value of a row that its field cannot hold; `value` is shortened and safe to print."""

    field: str
    value: str
    reason: str


class UnreadableRowError(ValueError):
    """A row does not make a domain value; `bad` lists every value at fault."""

    def __init__(self, bad: tuple[BadValue, ...]) -> None:
        self.bad = bad
        super().__init__("; ".join(f"{item.field}: {item.reason}" for item in bad))


_BOUND = len(CONVENTION_FIELDS)
_PAIRED_BOUND = _BOUND + len(_PAIRED)


def to_convention(
    row: Sequence[Value], partners: Sequence[Sequence[Value]], events: Sequence[Sequence[Value]]
) -> Convention:
    """Build the convention from the values of its columns and those of its children, in order.

    Raises UnreadableRowError with everything that is wrong.
    """
    try:
        fields = _read(CONVENTION_FIELDS, row[:_BOUND])
        session_on, session_vote, first_year, last_year = _read(
            _PAIRED, row[_BOUND:_PAIRED_BOUND]
        ).values()
        return Convention(
            **fields,
            session=_session(session_on, session_vote),
            programme=_programme(first_year, last_year),
            terms=ConventionTerms(**_read(TERMS_FIELDS, row[_PAIRED_BOUND:])),
            partners=tuple(Partner(**_read(PARTNER_FIELDS, partner)) for partner in partners),
            events=_numbered([Event(**_read(EVENT_FIELDS, event)) for event in events]),
        )
    except (ValueError, TypeError, RecursionError) as error:
        raise UnreadableRowError(_explain(row, partners, events, error)) from error


def _read(fields: Sequence[Field], row: Sequence[Value]) -> dict[str, Any]:
    values = {}
    for field, value in zip(fields, row, strict=True):
        if value is not None:
            values[field.name] = field.read(value)
        elif field.nullable:
            values[field.name] = None
        else:
            raise ValueError("empty")
    return values


def _session(on: date | None, vote: str | None) -> CouncilVote | None:
    if on is not None:
        return CouncilVote(on=on, vote=vote)
    if vote is not None:
        raise ValueError("session: a vote without its date")
    return None


def _programme(first_year: int | None, last_year: int | None) -> Programme | None:
    if first_year is None and last_year is None:
        return None
    if first_year is None or last_year is None:
        raise ValueError("programme: one year of two")
    return Programme(first_year=first_year, last_year=last_year)


def _numbered(events: list[Event]) -> tuple[Event, ...]:
    if any(event.number != number for number, event in enumerate(events, 1)):
        raise ValueError("events: their numbers do not run from 1 without a hole")
    return tuple(events)


def _explain(
    row: Sequence[Value],
    partners: Sequence[Sequence[Value]],
    events: Sequence[Sequence[Value]],
    error: Exception,
) -> tuple[BadValue, ...]:
    """Look at every value again, slowly, to name each one at fault."""
    bad = [
        *_bad_values(CONVENTION_FIELDS, row[:_BOUND]),
        *_bad_values(_PAIRED, row[_BOUND:_PAIRED_BOUND]),
        *_bad_values(TERMS_FIELDS, row[_PAIRED_BOUND:], "terms."),
    ]
    for number, partner in enumerate(partners, 1):
        bad += _bad_values(PARTNER_FIELDS, partner, f"partners.{number}.")
    for number, event in enumerate(events, 1):
        bad += _bad_values(EVENT_FIELDS, event, f"events.{number}.")
    # Each value is right and the whole is not: an end before its start, a hole in the events.
    return tuple(bad) or (BadValue(field="convention", value="", reason=str(error)),)


def _bad_values(fields: Sequence[Field], row: Sequence[Value], prefix: str = "") -> list[BadValue]:
    bad = []
    for field, value in zip(fields, row, strict=True):
        try:
            _read((field,), (value,))
        except (ValueError, TypeError, RecursionError) as error:
            bad.append(BadValue(field=prefix + field.name, value=shown(value), reason=str(error)))
    return bad


def shown(value: Value) -> str:
    """Return a value as it may be printed: short, on one line, controls escaped."""
    text = value if isinstance(value, str) else repr(value)
    safe = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in text[:61]
    )
    return f"{safe[:60]}…" if len(text) > 60 else safe


# --- domain to rows ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoded:
    """The values of the columns of a convention and of its children (bookkeeping apart)."""

    row: dict[str, Value]
    partners: list[dict[str, Value]]
    events: list[dict[str, Value]]


def encode(convention: Convention) -> Encoded:
    """Return the rows of `convention`.

    Raises UnreadableRowError for what the loader would refuse, and for what PostgreSQL cannot
    keep: the database never holds what it could not give back.
    """
    partners = [
        {"position": position, **_write(PARTNER_FIELDS, partner)}
        for position, partner in enumerate(convention.partners, 1)
    ]
    events = [_write(EVENT_FIELDS, event) for event in convention.events]
    encoded = Encoded(_convention_row(convention), partners, events)
    again = _read_back(encoded)
    if again != convention:
        what = BadValue(field="convention", value="", reason="it would not read back the same")
        raise UnreadableRowError((what,))
    return encoded


def _convention_row(convention: Convention) -> dict[str, Value]:
    row = _write(CONVENTION_FIELDS, convention)
    session, programme = convention.session, convention.programme
    row["session_on"] = session.on if session else None
    row["session_vote"] = session.vote if session else None
    row["programme_from"] = programme.first_year if programme else None
    row["programme_to"] = programme.last_year if programme else None
    row.update(_write(TERMS_FIELDS, convention.terms, "terms_"))
    row["folded"] = folded_key(convention)
    return row


def _read_back(encoded: Encoded) -> Convention:
    for row in (encoded.row, *encoded.partners, *encoded.events):
        for name, value in row.items():
            if isinstance(value, str) and "\0" in value:
                bad = BadValue(field=name, value=shown(value), reason="it has a NUL character")
                raise UnreadableRowError((bad,))
    return to_convention(
        [encoded.row[name] for name in CONVENTION_COLUMNS],
        [[partner[name] for name in PARTNER_COLUMNS] for partner in encoded.partners],
        [[event[name] for name in EVENT_COLUMNS] for event in encoded.events],
    )


def folded_key(convention: Convention) -> str:
    """Return what sorting and searching compare: the title first, a line for each part."""
    names = (partner.name for partner in convention.partners)
    parts = (convention.title, convention.reference, *names, *convention.tags)
    return "\n".join(fold(part) for part in parts)


def _write(fields: Sequence[Field], value: object, prefix: str = "") -> dict[str, Value]:
    row = {}
    for field in fields:
        item = getattr(value, field.name)
        row[prefix + field.column] = None if item is None else field.write(item)
    return row


# --- what changed --------------------------------------------------------------------------------


def plain_fields(convention: Convention) -> dict[str, Value]:
    """Return every recorded field as plain JSON values, flat: `terms.notice`, `events.3`, …

    Fields that hold nothing are left out.
    """
    plain = _plain_values(CONVENTION_FIELDS, convention)
    if convention.session:
        on = convention.session.on.isoformat()
        plain["session"] = _without_none(on=on, vote=convention.session.vote)
    if convention.programme:
        first, last = convention.programme.first_year, convention.programme.last_year
        plain["programme"] = {"from": first, "to": last}
    if convention.partners:
        plain["partners"] = [_plain_values(PARTNER_FIELDS, item) for item in convention.partners]
    terms = _plain_values(TERMS_FIELDS, convention.terms)
    plain.update((f"terms.{name}", value) for name, value in terms.items())
    plain.update((f"events.{event.number}", plain_event(event)) for event in convention.events)
    return plain


def plain_event(event: Event) -> dict[str, Value]:
    """Return an event as it stands in a record: what it amends and `for` beside its own fields.

    Its own number is not in it; `number` is, as in records, that of the event it withdraws.
    """
    plain = _plain_values(EVENT_FIELDS, event)
    del plain["number"]
    changes: dict[str, Value] = plain.pop("changes", {})
    names = {"occurrence": "for", "target": "number"}
    return {**{names.get(name, name): value for name, value in plain.items()}, **changes}


def _plain_values(fields: Sequence[Field], value: object) -> dict[str, Value]:
    plain = {field.name: _plain(field, getattr(value, field.name)) for field in fields}
    return {
        field.name: plain[field.name]
        for field in fields
        # A text that may be absent tells empty from absent; the others have one way to be empty.
        if plain[field.name] is not None and (field.nullable or plain[field.name] not in _NOTHING)
    }


_NOTHING: tuple[Value, ...] = ("", [], {})


def _plain(field: Field, value: Any) -> Value:  # noqa: ANN401 - any value of the domain
    if value is None:
        return None
    written = field.write(value)
    if isinstance(written, date):
        return written.isoformat()
    if isinstance(written, Decimal):
        return str(written)
    # JSON columns are written as text; here their value is wanted.
    return json.loads(written) if field.is_json else written


def changed_fields(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return what differs between two sets of plain fields: the old values and the new ones."""
    names = [name for name in (*before, *after) if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )
