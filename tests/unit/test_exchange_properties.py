"""Whatever is exported imports into an empty database as it was, byte for byte."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.domain.consequences import DeadlineKind
from tracker.domain.conventions import Convention, EventName
from tracker.exchange.files import Format, read_bytes, write
from tracker.exchange.merge import merge, merge_all, parse_record
from tracker.exchange.record import EVENT_FIELDS, FACT_FIELDS, Draft, read_record, to_record

_ODD = ["=1+1", "'=x", "''=x", "@SUM", "+33 1 23", "-x", "null", "NULL", "~", "NO", "1e9", "007", "on",
        "'s-Hertogenbosch", "[x]", "{y}", "a; b", "a (FR)", "_x0041_", "x: y # z", "« Œuvre » – 5 €",
        'dit "oui"', "a,b;c", "2027-12-31", "#N/A", "- tiret", "？", "\u2028".join("ab")]  # fmt: skip
_REFUSED = "\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_chars = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"], exclude_characters=_REFUSED
)
lines = st.sampled_from(_ODD[:-1]) | st.text(_chars, min_size=1, max_size=20)
names = lines.filter(str.strip)
texts = st.sampled_from([*_ODD, "l1\nl2\n\n=l3", "\tx", "a\r\nb"]) | st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cn"],
        include_characters="\n\t",
        exclude_characters="\ufeff",
    ),
    max_size=60,
)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)
formal = days | st.integers(1900, 2199).map(str) | st.dates().filter(lambda d: 1900 <= d.year < 2200).map(lambda d: str(d)[:7])  # fmt: skip
periods = st.sampled_from(["P1Y", "P36M", "P3M", "P90D", "P2W", "P1Y6M", "P1Y2M3D"])
amounts = st.integers(0, 10**13).map(lambda cents: float(Decimal(cents) / 100)) | st.integers(0, 10**9)  # fmt: skip
addresses = st.sampled_from(["a@x.fr", "Jean.Dupont+x@mairie-dijon.fr", "a@münchen.de"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def lists(strategy: st.SearchStrategy[Any], size: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=size)


def obj(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


def shares(n: int) -> list[float]:
    return [round(100 / n, 2) - 0.01] * n if n else []


terms_fields: dict[str, st.SearchStrategy[Any]] = {
    "term": maybe(periods | st.just("indefinite")),
    "end": st.none(),
    "start": maybe(st.sampled_from(["signature", "notification", "date"])),
    "start_date": maybe(days),
    "start_day_included": st.booleans(),
    "renewal": maybe(st.sampled_from(["tacit", "express", "none"])),
    "renewal_period": maybe(periods),
    "renewal_max": maybe(st.integers(0, 99)),
    "max_total": maybe(periods),
    "notice": maybe(periods),
    "notice_of": maybe(st.sampled_from(["nonrenewal", "termination"])),
    "notice_form": maybe(st.sampled_from(["registered", "written"])),
    "notice_counts_from": maybe(st.sampled_from(["receipt", "sending"])),
    "recurring": lists(obj(kind=st.sampled_from(["committee", "report"]), every=periods)),
    "final_evaluation": st.booleans(),
    "payments": lists(st.sampled_from(["signature", "documents", "2027-01-31", "fin; des travaux", "=x"]))
        .map(lambda on: [{"share": share, "on": word} for share, word in zip(shares(len(on)), on, strict=True)]),
}  # fmt: skip
event_values: dict[str, st.SearchStrategy[Any]] = {
    "for": maybe(st.integers(0, 9)),
    "amount": maybe(amounts),
    "term": maybe(periods),
    "by": maybe(st.sampled_from(["us", "partner"])),
    "presented_on": st.none(),
    "received_on": maybe(st.just("2199-12-31")),
    "deadline": names,
    "until": days,
}


@st.composite
def event_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for place in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(EventName))
        if name is EventName.WITHDRAWN and not events:
            name = EventName.SIGNED
        event: dict[str, Any] = {"event": name.value, "on": draw(days), "note": draw(texts)}
        if name is EventName.AMENDMENT:
            event |= draw(st.fixed_dictionaries({}, optional=terms_fields))
        elif name is EventName.WITHDRAWN:
            event["number"] = draw(st.integers(1, place))
        else:
            event |= {key: draw(event_values[key]) for key in EVENT_FIELDS[name]}
        events.append(event)
    return events


def unique(strategy: st.SearchStrategy[Any], key: Any = None) -> st.SearchStrategy[list[Any]]:
    return st.lists(strategy, max_size=3, unique_by=key or str.strip)


def one_name(text: str) -> Any:
    import unicodedata

    return unicodedata.normalize("NFC", text.strip())


records = obj(
    reference=names,
    title=names,
    kind=maybe(st.sampled_from(["partnership", "other"])),
    partners=lists(obj(name=names, country=maybe(st.sampled_from(["FR", "NO", "DE"])))),
    owner=maybe(addresses),
    watchers=unique(addresses),
    reminders=st.dictionaries(
        st.sampled_from([kind.value for kind in DeadlineKind]),
        st.lists(st.sampled_from(["P9M", "P6M", "P7D"]), unique=True), max_size=2),
    deliberated_on=maybe(formal),
    cited_deliberation_on=maybe(formal),
    transmitted_on=maybe(formal),
    published_on=maybe(formal),
    signed_on=maybe(formal),
    notified_on=maybe(formal),
    convention_transmitted_on=maybe(formal),
    effective_on=maybe(formal),
    supposed=st.lists(st.sampled_from(FACT_FIELDS), unique=True, max_size=2),
    tracked_from=maybe(days),
    session=maybe(obj(on=days, vote=maybe(names))),
    amount=maybe(amounts),
    amounts=unique(obj(year=st.integers(1900, 2199), amount=amounts), lambda item: item["year"]),
    parent=st.none() | st.just("CADRE-1"),
    succeeds=st.none() | st.just("ANCIENNE-1"),
    programme=maybe(st.just({"from": 2016, "to": 2020})),
    milestones=lists(obj(title=names, on=days, to=st.just("2199-12-31") | st.none())),
    tags=unique(names, one_name),
    notes=texts,
    terms=obj(**terms_fields),
    evidence=st.dictionaries(
        st.sampled_from(FACT_FIELDS),
        obj(quote=st.just("trois mois ") | names, article=maybe(names), page=maybe(st.integers(1, 9)),
            start=maybe(st.integers(0, 99)), end=maybe(st.integers(0, 99))), max_size=2),
    events=event_lists(),
)  # fmt: skip


def parsed(record: dict[str, Any]) -> Convention:
    found = parse_record(record)
    assert isinstance(found, Convention), [problem.message("fr") for problem in found]
    return found


conventions = records.map(parsed)
portfolios = st.lists(conventions, max_size=2, unique_by=lambda one: one.reference)
slow = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("form", Format)
@slow
@given(portfolio=portfolios)
def test_export_then_import_is_the_identity(form: Format, portfolio: list[Convention]) -> None:
    exported = write(portfolio, form)

    batch = read_bytes(exported, form)
    imported = merge_all(batch.drafts, {})

    assert [problem.message() for problem in batch.problems + imported.problems] == []
    assert list(imported.conventions) == sorted(portfolio, key=lambda one: one.reference)
    assert write(imported.conventions, form) == exported


@slow
@given(convention=conventions)
def test_a_record_written_and_read_is_the_same(convention: Convention) -> None:
    assert parse_record(to_record(convention)) == convention


@slow
@given(stored=conventions, given=conventions)
def test_importing_twice_adds_nothing(stored: Convention, given: Convention) -> None:
    draft = read_record({**to_record(given), "reference": stored.reference})
    assert isinstance(draft, Draft)
    once = merge(stored, draft)
    assert isinstance(once, Convention)

    assert merge(once, draft) == once
    assert once.events[: len(stored.events)] == stored.events
    assert [event.number for event in once.events] == list(range(1, len(once.events) + 1))


_DAMAGE = st.sampled_from(
    [b'"', b"\n", b"\r", b",", b";", b"\t", b":", b"[", b"]", b"{", b"}", b"\0", b"\xff", b"\xe9",
     b"null", b"- ", b"&a ", b"*a", b"!!x ", b"1e999", b"2027-02-30", b"=", b"|", b"#", b"\xed\xa0\x80", b""]
)  # fmt: skip
_GOOD = {
    "reference": "A-1", "title": "Été", "partners": [{"name": "Oslo", "country": "NO"}],
    "amount": 3.5, "notes": "l1\nl2", "signed_on": "2027-01-31", "terms": {"notice": "P3M"},
    "events": [{"event": "signed", "on": "2027-01-31"}],
}  # fmt: skip


@pytest.mark.parametrize("form", Format)
@settings(max_examples=100, deadline=None)
@given(damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), _DAMAGE), max_size=4))
def test_a_damaged_file_is_read_or_refused_in_words(
    form: Format, damage: list[tuple[float, int, bytes]]
) -> None:
    content = write([parsed(_GOOD)], form)
    for where, removed, added in damage:
        at = int(where * len(content))
        content = content[:at] + added + content[at + removed :]

    batch = read_bytes(content, form)
    imported = merge_all(batch.drafts, {})

    for problem in batch.problems + batch.warnings + imported.problems:
        assert problem.message("fr").isprintable()
        assert problem.message("en").isprintable()
