"""Convention records: the vocabulary of docs/records.md, read strictly and written in one order.

A record is read in two steps. `read_record` reads each given field and lists every problem: the
result is a `Draft`, which knows which fields were given. `tracker.exchange.merge` lays a draft over
what is stored and checks what several fields say together; its `parse_record` does both for a
record that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tracker.domain.consequences import DeadlineKind
from tracker.domain.conventions import (
    FORMAL_ACTS,
    Convention,
    ConventionKind,
    CouncilVote,
    DutyKind,
    Event,
    EventName,
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
from tracker.domain.dates import Period
from tracker.exchange import cells
from tracker.exchange.addressing import read_address
from tracker.exchange.cursor import Cursor, Locator
from tracker.exchange.problems import Place, Problem, Refusal, suggestion
from tracker.exchange.values import (
    Source,
    choice,
    is_nothing,
    parse_a_period,
    parse_amount,
    parse_boolean,
    parse_country,
    parse_day,
    parse_formal_date,
    parse_line,
    parse_quote,
    parse_share,
    parse_term,
    parse_text,
    parse_year,
    whole_number,
)

FieldReader = Callable[[Cursor, object], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record that was read field by field, before it is laid over what is stored.

    Values are those of the domain. A field that was not given is absent; one that was given as
    null has its empty value. Events are numbered by their place in the record.
    """

    reference: str
    fields: Mapping[str, Any]
    terms: Mapping[str, Any]
    terms_cleared: bool = False
    events: tuple[Event, ...] = ()
    locator: Locator = field(default_factory=Locator)

    @property
    def place(self) -> Place:
        """Where the record stands."""
        return self.locator.place(())


def read_record(
    raw: object, *, where: Place | Locator | None = None, source: Source = Source.JSON
) -> Draft | list[Problem]:
    """Read every field that `raw` gives; all the problems when there is any.

    `raw` holds plain JSON values, or the texts of YAML scalars or of cells according to `source`.
    Fields of `terms` stand under `terms`.
    """
    locator = where if isinstance(where, Locator) else Locator(where or Place())
    cursor = Cursor(locator, source)
    given = cursor.mapping(raw, RECORD_KEYS)
    if given is None:
        return cursor.problems
    reference = cursor.required(parse_line, given, "reference")
    if "title" in given and is_nothing(given["title"]):
        cursor.down("title").refuse("required")
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in {"reference", "terms", "events"}:
            values[name] = RECORD_FIELDS[name](cursor.down(name), value)
    terms, cleared = _read_terms(cursor.down("terms"), given)
    events = _read_events(cursor.down("events"), given.get("events"))
    if cursor.problems or reference is None:
        return cursor.problems
    return Draft(
        reference=reference,
        fields=values,
        terms=terms,
        terms_cleared=cleared,
        events=events,
        locator=locator,
    )


def to_record(convention: Convention) -> dict[str, Any]:
    """Return the record as plain JSON values: every key present, in the documented order."""
    return {
        "reference": convention.reference,
        "title": convention.title,
        "kind": _word(convention.kind),
        "partners": [
            {"name": partner.name, "country": partner.country} for partner in convention.partners
        ],
        "owner": convention.owner,
        "watchers": list(convention.watchers),
        "reminders": {
            kind: [str(period) for period in periods] for kind, periods in convention.reminders
        },
        **{name: _word(getattr(convention, name)) for name in _FORMAL_DATE_FIELDS},
        "supposed": list(convention.supposed),
        "tracked_from": _word(convention.tracked_from),
        "session": None
        if convention.session is None
        else {"on": str(convention.session.on), "vote": convention.session.vote},
        "amount": _number(convention.amount),
        "amounts": [
            {"year": yearly.year, "amount": _number(yearly.amount)} for yearly in convention.amounts
        ],
        "parent": convention.parent,
        "succeeds": convention.succeeds,
        "programme": None
        if convention.programme is None
        else {"from": convention.programme.first_year, "to": convention.programme.last_year},
        "milestones": [
            {"title": milestone.title, "on": str(milestone.on), "to": _word(milestone.to)}
            for milestone in convention.milestones
        ],
        "tags": list(convention.tags),
        "notes": convention.notes,
        "terms": {
            name: plain_terms_value(getattr(convention.terms, name)) for name in TERMS_FIELDS
        },
        "evidence": {
            name: {
                "quote": quote.quote,
                "article": quote.article,
                "page": quote.page,
                "start": quote.start,
                "end": quote.end,
            }
            for name, quote in convention.evidence
        },
        "events": [event_to_record(event) for event in convention.events],
    }


def event_to_record(event: Event) -> dict[str, Any]:
    """Return one event as plain JSON values, with the fields of its own.

    `number` is the event's own number, except for `withdrawn`: the number of the mistaken event.
    """
    record: dict[str, Any] = {
        "event": event.event.value,
        "on": str(event.on),
        "note": event.note,
    }
    if event.event is EventName.AMENDMENT:
        changes = dict(event.changes)
        record |= {key: plain_terms_value(changes[key]) for key in TERMS_FIELDS if key in changes}
    elif event.event is not EventName.WITHDRAWN:
        for key in EVENT_FIELDS[event.event]:
            record[key] = plain_terms_value(getattr(event, _ATTRIBUTES.get(key, key)))
    record["number"] = event.target if event.event is EventName.WITHDRAWN else event.number
    return record


def plain_terms_value(value: object) -> Any:  # noqa: ANN401 - plain JSON values are of any type
    """Return a value of the terms, or of an event, as a plain JSON value."""
    if isinstance(value, tuple):
        return [_plain_item(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    return _word(value)


def _plain_item(item: object) -> dict[str, Any]:
    if isinstance(item, RecurringDuty):
        return {"kind": item.kind.value, "every": str(item.every)}
    if isinstance(item, Instalment):
        return {"share": _number(item.share), "on": item.on}
    raise TypeError(f"no record form for {item!r}")


def _word(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (str, date, PartialDate, Period)):
        return str(value)
    raise TypeError(f"no record form for {value!r}")


def _number(value: Decimal | None) -> int | float | None:
    """Return a JSON number: at most fourteen digits, so that a float says it exactly."""
    if value is None:
        return None
    return int(value) if value == value.to_integral() else float(value)


# -- the readers of fields --------------------------------------------------------------------


def _scalar(parse: Callable[[object, Source], object], empty: object = None) -> FieldReader:
    def read(at: Cursor, value: object) -> object:
        return empty if is_nothing(value) else at.take(parse, value)

    return read


def _listed(
    explode: Callable[[str], object],
    read_items: Callable[[Cursor, object], object],
) -> FieldReader:
    """Return the reader of a list or a group, which one cell may hold in a simple form."""

    def read(at: Cursor, value: object) -> object:
        if (
            at.source is Source.CELL
            and not is_nothing(value)
            and not isinstance(value, (list, dict))
        ):
            text = at.take(parse_text, value)
            if text is None:
                return None
            if cells.is_json(text):
                at, value = at.down(source=Source.JSON), at.take(cells.parse_json, text)
            else:
                value = at.take(lambda cell, _: explode(str(cell)), text)
            if value is None:
                return None
        return read_items(at, value)

    return read


def _lines(parse: Callable[[object, Source], str]) -> Callable[[Cursor, object], tuple[str, ...]]:
    def read(at: Cursor, value: object) -> tuple[str, ...]:
        texts: list[str] = []
        for here, item in at.items(value):
            text = here.take(_not_empty(parse), item)
            if text is not None and text in texts:
                here.refuse("twice", text)
            elif text is not None:
                texts.append(text)
        return tuple(texts)

    return read


def _not_empty(parse: Callable[[object, Source], str]) -> Callable[[object, Source], str]:
    def read(value: object, source: Source) -> str:
        if is_nothing(value):
            raise Refusal("required")
        return parse(value, source)

    return read


def _partners(at: Cursor, value: object) -> tuple[Partner, ...]:
    partners = []
    for here, item in at.items(value):
        raw = here.mapping(item, ("name", "country"))
        if raw is None:
            continue
        name = here.required(parse_line, raw, "name")
        country = here.optional(parse_country, raw, "country")
        if name is not None:
            partners.append(Partner(name=name, country=country))
    return tuple(partners)


def _reminders(at: Cursor, value: object) -> tuple[tuple[str, tuple[Period, ...]], ...]:
    if is_nothing(value):
        return ()
    raw = at.mapping(value, [kind.value for kind in DeadlineKind])
    if raw is None:
        return ()
    found = []
    for kind, listed in raw.items():
        below = at.down(kind)
        periods: list[Period] = []
        for here, item in below.items(listed):
            period = here.take(_period_given, item)
            if period is None:
                continue
            if any(period.same_length(other) for other in periods):
                here.refuse("twice", item)
            periods.append(period)
        found.append((kind, tuple(periods)))
    return tuple(sorted(found))


def _period_given(value: object, source: Source) -> Period:
    if is_nothing(value):
        raise Refusal("required")
    return parse_a_period(value, source)


def _field_name(value: object, source: Source) -> str:
    name = parse_line(value, source).removeprefix("terms.")
    if name not in FACT_FIELDS:
        raise Refusal("not_a_field", name, suggestion=suggestion(name, FACT_FIELDS))
    return name


def _session(at: Cursor, value: object) -> CouncilVote | None:
    if is_nothing(value):
        return None
    raw = at.mapping(value, ("on", "vote"))
    if raw is None:
        return None
    day = at.required(parse_day, raw, "on")
    vote = at.optional(parse_line, raw, "vote")
    return None if day is None else CouncilVote(on=day, vote=vote)


def _amounts(at: Cursor, value: object) -> tuple[YearlyAmount, ...]:
    amounts: list[YearlyAmount] = []
    for here, item in at.items(value):
        raw = here.mapping(item, ("year", "amount"))
        if raw is None:
            continue
        year = here.required(parse_year, raw, "year")
        amount = here.required(parse_amount, raw, "amount")
        if year is not None and any(year == other.year for other in amounts):
            here.down("year").refuse("twice", year)
        elif year is not None and amount is not None:
            amounts.append(YearlyAmount(year=year, amount=amount))
    return tuple(amounts)


def _programme(at: Cursor, value: object) -> Programme | None:
    if is_nothing(value):
        return None
    raw = at.mapping(value, ("from", "to"))
    if raw is None:
        return None
    first = at.required(parse_year, raw, "from")
    last = at.required(parse_year, raw, "to")
    if first is None or last is None:
        return None
    if last < first:
        at.refuse("programme_order", last, other=first)
        return None
    return Programme(first_year=first, last_year=last)


def _milestones(at: Cursor, value: object) -> tuple[Milestone, ...]:
    milestones = []
    for here, item in at.items(value):
        raw = here.mapping(item, ("title", "on", "to"))
        if raw is None:
            continue
        title = here.required(parse_line, raw, "title")
        day = here.required(parse_day, raw, "on")
        last = here.optional(parse_day, raw, "to")
        if day is not None and last is not None and last < day:
            here.down("to").refuse("milestone_order", last, other=day)
        elif title is not None and day is not None:
            milestones.append(Milestone(title=title, on=day, to=last))
    return tuple(milestones)


def _recurring(at: Cursor, value: object) -> tuple[RecurringDuty, ...]:
    duties = []
    for here, item in at.items(value):
        raw = here.mapping(item, ("kind", "every"))
        if raw is None:
            continue
        kind = here.required(choice(DutyKind), raw, "kind")
        every = here.required(parse_a_period, raw, "every")
        if kind is not None and every is not None:
            duties.append(RecurringDuty(kind=kind, every=every))
    return tuple(duties)


def _payments(at: Cursor, value: object) -> tuple[Instalment, ...]:
    payments = []
    for here, item in at.items(value):
        raw = here.mapping(item, ("share", "on"))
        if raw is None:
            continue
        share = here.required(parse_share, raw, "share")
        on = here.required(_trigger, raw, "on")
        if share is not None and on is not None:
            payments.append(Instalment(share=share, on=on))
    total = sum((payment.share for payment in payments), Decimal(0))
    if total > 100:
        at.refuse("shares_above_100", format(total, "f"))
    return tuple(payments)


def _trigger(value: object, source: Source) -> str:
    """Read what makes an instalment payable: a date, or a word such as `signature`."""
    if not isinstance(value, str) or re.match(r"\s*\d", value):
        return str(parse_day(value, source))
    return parse_line(value, source)


def _evidence(at: Cursor, value: object) -> tuple[tuple[str, Quote], ...]:
    if is_nothing(value):
        return ()
    raw = at.mapping(value, FACT_FIELDS)
    if raw is None:
        return ()
    found = []
    for name, item in raw.items():
        here = at.down(name)
        given = here.mapping(item, ("quote", "article", "page", "start", "end"))
        if given is None:
            continue
        quote = here.required(parse_quote, given, "quote")
        article = here.optional(parse_line, given, "article")
        page = here.optional(whole_number(1, 100_000), given, "page")
        start = here.optional(whole_number(0, 10**9), given, "start")
        end = here.optional(whole_number(0, 10**9), given, "end")
        if quote is not None:
            found.append(
                (name, Quote(quote=quote, article=article, page=page, start=start, end=end))
            )
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _read_terms(at: Cursor, given: Mapping[str, object]) -> tuple[dict[str, Any], bool]:
    if "terms" not in given:
        return {}, False
    if is_nothing(given["terms"]):
        return {}, True
    raw = at.mapping(given["terms"], TERMS_FIELDS)
    if raw is None:
        return {}, False
    return {name: TERMS_FIELDS[name](at.down(name), value) for name, value in raw.items()}, False


# -- events -----------------------------------------------------------------------------------


def _read_events(at: Cursor, value: object) -> tuple[Event, ...]:
    """Read a list of events and number them by place; `withdrawn` is pointed at its target."""
    if at.source is Source.CELL and isinstance(value, str):
        if is_nothing(value):
            return ()
        value = at.take(cells.parse_json, value)
        at = at.down(source=Source.JSON)
    events: list[Event] = []
    by_number: dict[int, int] = {}
    for place, (here, item) in enumerate(at.items(value), 1):
        event, number = read_event(here, item, place)
        if event is None:
            continue
        if event.event is EventName.WITHDRAWN:
            if event.target not in by_number:
                here.down("number").refuse("event_target", event.target)
                continue
            event = replace(event, target=by_number[event.target])
            by_number.setdefault(place, place)
        elif number in by_number and by_number[number] != place:
            here.down("number").refuse("event_number", number)
        by_number[number] = place
        events.append(event)
    return tuple(events)


def read_event(at: Cursor, value: object, number: int) -> tuple[Event | None, int]:
    """Read one event, to be given `number`; with it, the number that the record itself gives.

    The target of a `withdrawn` is the number that the record gives.
    """
    if not isinstance(value, Mapping):
        at.refuse("not_mapping", value)
        return None, number
    name = at.required(choice(EventName), value, "event")
    if name is None:
        return None, number
    own = EVENT_FIELDS[name]
    known = ("event", "on", "note", "number", *own)
    for key in value:
        if key not in known:
            at.down(str(key)).refuse(
                "unknown_event_key",
                str(key),
                event=name.value,
                known=[key for key in known if key != "event"],
                suggestion=suggestion(str(key), known),
            )
    before = len(at.problems)
    day = at.required(parse_day, value, "on")
    note = at.optional(parse_text, value, "note") or ""
    given = at.optional(whole_number(1, 10**6), value, "number")
    attributes: dict[str, Any] = {}
    if name is EventName.AMENDMENT:
        changes = {key: TERMS_FIELDS[key](at.down(key), value[key]) for key in own if key in value}
        attributes["changes"] = tuple(sorted(changes.items()))
    elif name is EventName.WITHDRAWN:
        attributes["target"] = given
        if given is None:
            at.down("number").refuse("required")
    else:
        for key in own:
            read = at.required if key in _REQUIRED else at.optional
            attributes[_ATTRIBUTES.get(key, key)] = read(_EVENT_READERS[key], value, key)
    if name is EventName.NOTICE and day is not None:
        _check_receipt(at, day, attributes)
    if len(at.problems) > before or day is None:
        return None, number
    number_in_file = number if given is None or name is EventName.WITHDRAWN else given
    return Event(number=number, event=name, on=day, note=note, **attributes), number_in_file


def _check_receipt(at: Cursor, posted: date, attributes: Mapping[str, Any]) -> None:
    for key in ("presented_on", "received_on"):
        day = attributes.get(key)
        if day is not None and day < posted:
            at.down(key).refuse("receipt_before_posting", day, other=posted)


# -- the vocabulary ---------------------------------------------------------------------------

_FORMAL_DATE_FIELDS = (
    "deliberated_on",
    "cited_deliberation_on",
    "transmitted_on",
    "published_on",
    "signed_on",
    "notified_on",
    "convention_transmitted_on",
    "effective_on",
)

_line = _scalar(parse_line)

RECORD_FIELDS: dict[str, FieldReader] = {
    "reference": _line,
    "title": _line,
    "kind": _scalar(choice(ConventionKind)),
    "partners": _listed(cells.explode_partners, _partners),
    "owner": _scalar(read_address),
    "watchers": _listed(cells.explode_list, _lines(read_address)),
    "reminders": _listed(cells.explode_nothing, _reminders),
    **{name: _scalar(parse_formal_date) for name in _FORMAL_DATE_FIELDS},
    "supposed": _listed(cells.explode_list, _lines(_field_name)),
    "tracked_from": _scalar(parse_day),
    "session": _listed(cells.explode_session, _session),
    "amount": _scalar(parse_amount),
    "amounts": _listed(cells.explode_nothing, _amounts),
    "parent": _line,
    "succeeds": _line,
    "programme": _listed(cells.explode_programme, _programme),
    "milestones": _listed(cells.explode_nothing, _milestones),
    "tags": _listed(cells.explode_list, _lines(parse_line)),
    "notes": _scalar(parse_text, ""),
    "evidence": _listed(cells.explode_nothing, _evidence),
}
"""How each field of a record is read; `terms` and `events` have readers of their own."""

TERMS_FIELDS: dict[str, FieldReader] = {
    "term": _scalar(parse_term),
    "end": _scalar(parse_day),
    "start": _scalar(choice(StartRule)),
    "start_date": _scalar(parse_day),
    "start_day_included": _scalar(parse_boolean, empty=True),
    "renewal": _scalar(choice(RenewalMode)),
    "renewal_period": _scalar(parse_a_period),
    "renewal_max": _scalar(whole_number(0, 999)),
    "max_total": _scalar(parse_a_period),
    "notice": _scalar(parse_a_period),
    "notice_of": _scalar(choice(NoticeOf)),
    "notice_form": _scalar(choice(NoticeForm)),
    "notice_counts_from": _scalar(choice(NoticeCounting)),
    "recurring": _listed(cells.explode_recurring, _recurring),
    "final_evaluation": _scalar(parse_boolean, empty=False),
    "payments": _listed(cells.explode_payments, _payments),
}
"""How each field of `terms` is read."""

RECORD_KEYS = (
    *(name for name in RECORD_FIELDS if name != "evidence"),
    "terms",
    "evidence",
    "events",
)
"""The keys of a record, in the order in which they are written."""

COLUMNS = tuple(
    name for key in RECORD_KEYS for name in (TERMS_FIELDS if key == "terms" else (key,))
)
"""The columns of a table: the same order, the fields of `terms` each on its own."""

FACT_FIELDS = tuple(
    name for name in (*RECORD_FIELDS, *TERMS_FIELDS) if name not in {"supposed", "evidence"}
)
"""What can be supposed, or read from a quotation."""

_DUTIES = (
    EventName.EVALUATION,
    EventName.COMMITTEE,
    EventName.REPORT,
    EventName.FINAL_EVALUATION,
    EventName.DOCUMENTS,
    EventName.PUBLICATION,
    EventName.DECLARATION,
    EventName.REVIEW,
)

EVENT_FIELDS: dict[EventName, tuple[str, ...]] = {
    **dict.fromkeys(FORMAL_ACTS, ()),
    **dict.fromkeys(_DUTIES, ("for",)),
    EventName.PAYMENT: ("for", "amount"),
    EventName.RENEWAL: ("term",),
    EventName.NOTICE: ("by", "presented_on", "received_on"),
    EventName.TERMINATION: (),
    EventName.SUSPENSION: (),
    EventName.RESUMPTION: (),
    EventName.AMENDMENT: tuple(TERMS_FIELDS),
    EventName.ACKNOWLEDGED: ("deadline",),
    EventName.SNOOZED: ("deadline", "until"),
    EventName.WITHDRAWN: ("number",),
}
"""The fields that each event has beside `event`, `on`, `note` and `number`."""

_ATTRIBUTES = {"for": "occurrence"}
_REQUIRED = {"deadline", "until"}
_EVENT_READERS: dict[str, Callable[[object, Source], object]] = {
    "for": whole_number(0, 100_000),
    "amount": parse_amount,
    "term": parse_a_period,
    "by": choice(Side),
    "presented_on": parse_day,
    "received_on": parse_day,
    "deadline": parse_line,
    "until": parse_day,
}
