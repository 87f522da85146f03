"""Conventions go in and come out as they were, on both databases."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from strategies import conventions, portfolios

from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Event,
    EventName,
    PartialDate,
    Partner,
)
from tracker.domain.dates import Period
from tracker.storage import repository
from tracker.storage.engine import reading, writing
from tracker.storage.errors import ConventionChangedError, UnstorableConventionError
from tracker.storage.repository import Change

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
CRESS = Convention(
    reference="DIJ-CRESS-2009",
    title="Partenariat avec la CRESS",
    partners=(Partner(name="CRESS de Bourgogne", country="FR"),),
    deliberated_on=date(2009, 3, 30),
    signed_on=PartialDate(2009, 4),
    amount=Decimal("4000.00"),
    terms=ConventionTerms(term=Period(years=1), notice=Period(months=3)),
    events=(Event(number=1, event=EventName.COMMITTEE, on=date(2010, 1, 5)),),
)


def put(session: Session, *items: Convention, when: datetime = NOW) -> dict[str, Change]:
    return repository.save_many(session, items, who="agent", when=when, action="import")


def stored(engine: Engine, reference: str = CRESS.reference) -> Convention:
    with reading(engine) as session:
        (found,) = repository.load(session, [reference]).conventions
    return found


# One database for all examples: the portfolio of one example is removed before the next.
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(portfolio=portfolios())
def test_save_then_load_is_the_identity(engine, portfolio):
    with writing(engine) as session:
        session.execute(text("DELETE FROM convention"))
        put(session, *portfolio)
    with reading(engine) as session:
        result = repository.load_all(session)
    assert result.problems == ()
    assert list(result.conventions) == sorted(portfolio, key=lambda item: item.reference)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=conventions(reference=st.just("R")),
    after=conventions(reference=st.just("R")),
)
def test_save_over_another_leaves_nothing_of_it(engine, before, after):
    with writing(engine) as session:
        put(session, before)
        put(session, after)
        entry = repository.history(session, "R")[-1]
    assert stored(engine, "R") == after
    if before != after:
        changed = {name.partition(".")[0] for name in (*entry.before, *entry.after)}
        differing = {
            field.name
            for field in fields(Convention)
            if getattr(before, field.name) != getattr(after, field.name)
        }
        assert changed == differing


def test_decimals_keep_the_digits_that_were_written(engine):
    with writing(engine) as session:
        put(session, CRESS)
    assert str(stored(engine).amount) == "4000.00"


def test_load_gives_the_references_asked_for(session):
    many = [replace(CRESS, reference=f"R{number:04d}") for number in range(1200)]
    put(session, *many)
    wanted = [item.reference for item in many[::2]]
    result = repository.load(session, [*wanted, "ABSENT"])
    assert [item.reference for item in result.conventions] == wanted
    assert set(result.revisions.values()) == {1}
    assert repository.references(session) == tuple(item.reference for item in many)


def test_references_sort_alike_on_every_database(session):
    put(session, *(replace(CRESS, reference=name) for name in ("é", "a", "B", "_", "Z")))
    assert repository.references(session) == ("B", "Z", "_", "a", "é")
    found = [item.reference for item in repository.load_all(session).conventions]
    assert found == ["B", "Z", "_", "a", "é"]


def test_history_holds_what_changed_and_no_other(session):
    put(session, CRESS)
    vote = Event(number=2, event=EventName.RENEWAL, on=date(2026, 9, 1), term=Period(years=2))
    terms = replace(CRESS.terms, notice=Period(months=6))
    put(session, replace(CRESS, terms=terms, events=(*CRESS.events, vote)), when=LATER)
    added, edited = repository.history(session, CRESS.reference)
    assert added.before == {}
    assert added.after["title"] == CRESS.title
    assert (edited.who, edited.at, edited.action, edited.revision) == ("agent", LATER, "import", 2)
    assert edited.before == {"terms.notice": "P3M"}
    assert edited.after == {
        "terms.notice": "P6M",
        "events.2": {"event": "renewal", "on": "2026-09-01", "term": "P2Y"},
    }


def test_saving_the_same_again_writes_nothing(session):
    assert put(session, CRESS) == {CRESS.reference: Change.ADDED}
    assert put(session, CRESS, when=LATER) == {CRESS.reference: Change.UNCHANGED}
    assert len(repository.history(session, CRESS.reference)) == 1
    assert repository.load_all(session).revisions == {CRESS.reference: 1}


def test_remove_keeps_everything_in_the_history(session):
    put(session, CRESS)
    assert repository.remove(session, CRESS.reference, who="agent", when=LATER)
    assert repository.load_all(session).conventions == ()
    assert session.scalar(text("SELECT count(*) FROM event")) == 0
    _, removed = repository.history(session, CRESS.reference)
    assert removed.action == "removed"
    assert removed.before["events.1"] == {"event": "committee", "on": "2010-01-05"}
    assert removed.after == {}
    assert not repository.remove(session, CRESS.reference, who="agent", when=LATER)


def test_a_stale_copy_is_not_saved(session):
    put(session, CRESS)
    read = repository.load(session, [CRESS.reference]).revisions[CRESS.reference]
    put(session, replace(CRESS, title="Changée entre-temps"))
    with pytest.raises(ConventionChangedError) as raised:
        repository.save(session, CRESS, who="agent", when=LATER, action="edit", revision=read)
    assert CRESS.reference in raised.value.message("fr")


def test_the_same_reference_twice_is_a_bad_call(session):
    with pytest.raises(ValueError, match="twice"):
        put(session, CRESS, CRESS)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (replace(CRESS, notes="a\0b"), "notes"),
        (replace(CRESS, title="a\ud800b"), "title"),
        (replace(CRESS, tracked_from=date(9999, 1, 1)), "tracked_from"),
        (replace(CRESS, amount=Decimal("NaN")), "amount"),
        (replace(CRESS, terms=ConventionTerms(term=Period(years=10**5))), "terms.term"),
        (replace(CRESS, events=(replace(CRESS.events[0], number=2),)), "convention"),
    ],
)
def test_what_could_not_be_read_back_is_refused(session, bad, field):
    with pytest.raises(UnstorableConventionError) as raised:
        put(session, bad)
    assert raised.value.params["field"] == field
    assert repository.references(session) == ()


BAD_VALUES = [
    ("convention", "signed_on", "2027-02-30"),
    ("convention", "signed_on", "2027-2"),
    ("convention", "signed_on", "20270228"),
    ("convention", "kind", "amitié"),
    ("convention", "terms_term", "trois ans"),
    ("convention", "terms_notice", ""),
    ("convention", "watchers", "not JSON"),
    ("convention", "watchers", '{"a": 1}'),
    ("convention", "watchers", "[1]"),
    ("convention", "watchers", "[" * 100_000),
    ("convention", "reminders", '{"notice": "P3M"}'),
    ("convention", "milestones", '[{"title": "x", "on": "2027-02-30"}]'),
    ("convention", "evidence", '{"term": {"quote": null}}'),
    ("convention", "title", "   "),
    ("convention", "programme_from", 2030),
    ("event", "event", "unknown"),
    ("event", "changes", '{"unknown": 1}'),
    ("event", "number", 7),
]
SQLITE_ONLY = [
    ("partner", "name", None),
    ("convention", "tracked_from", "2027-02-30"),
    ("convention", "tracked_from", b"\xff"),
    ("convention", "title", None),
    ("convention", "terms_renewal_max", "deux"),
    ("convention", "terms_start_day_included", 7),
    ("convention", "amount", "NaN"),
    ("convention", "reference", None),
    ("event", "on_date", "1027-01-01"),
]


def corrupt(engine: Engine, table: str, column: str, value: object) -> None:
    """Write as a hand would, past the checks that SQLite lets one switch off."""
    key = "convention_id" if table != "convention" else "id"
    with writing(engine) as session:
        identity = session.scalar(
            text("SELECT id FROM convention WHERE reference = :r"), {"r": CRESS.reference}
        )
        session.execute(
            text(f"UPDATE {table} SET {column} = :value WHERE {key} = :id"),
            {"value": value, "id": identity},
        )


def loosen(engine: Engine) -> None:
    """Rebuild the SQLite tables as a looser program would have made them."""
    with writing(engine) as session:
        session.execute(text("PRAGMA writable_schema = ON"))
        for name in ("convention", "event", "partner"):
            sql = session.scalar(
                text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}
            )
            loose = sql.replace("STRICT", "").replace(" NOT NULL", "")
            for check in ("length(reference) > 0", "length(title) > 0"):
                loose = loose.replace(f"CHECK ({check})", "CHECK (1)")
            session.execute(
                text("UPDATE sqlite_master SET sql = :sql WHERE name = :name"),
                {"sql": loose, "name": name},
            )
        session.execute(text("PRAGMA writable_schema = RESET"))
    engine.dispose()


on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For what PostgreSQL refuses to hold at all."""


def check_only_that_one_is_a_problem(engine, table, column, value):
    others = tuple(replace(CRESS, reference=name) for name in ("A", "Z"))
    with writing(engine) as session:
        put(session, CRESS, *others)
    if engine.dialect.name == "sqlite":
        loosen(engine)
    corrupt(engine, table, column, value)
    with reading(engine) as session:
        result = repository.load_all(session)
    assert result.conventions == others
    (problem,) = result.problems
    assert problem.bad
    assert problem.message("fr").startswith("La convention ")
    assert problem.message("en").startswith("Convention ")
    if column != "reference":
        assert problem.reference == CRESS.reference


@pytest.mark.parametrize(("table", "column", "value"), BAD_VALUES)
def test_a_bad_row_is_a_problem_and_the_others_are_read(engine, table, column, value):
    check_only_that_one_is_a_problem(engine, table, column, value)


@on_sqlite
@pytest.mark.parametrize(("table", "column", "value"), SQLITE_ONLY)
def test_a_row_of_another_type_is_a_problem_and_the_others_are_read(engine, table, column, value):
    check_only_that_one_is_a_problem(engine, table, column, value)


@on_sqlite
def test_bytes_that_are_no_text_are_a_problem_and_the_others_are_read(engine):
    others = tuple(replace(CRESS, reference=name) for name in ("A", "Z"))
    with writing(engine) as session:
        put(session, CRESS, *others)
        session.execute(
            text("UPDATE convention SET notes = CAST(x'ff41' AS TEXT) WHERE reference = :r"),
            {"r": CRESS.reference},
        )
    with reading(engine) as session:
        result = repository.load_all(session)
        assert repository.references(session) == ("A", CRESS.reference, "Z")
    assert result.conventions == others
    assert [bad.field for bad in result.problems[0].bad] == ["notes"]


def test_every_bad_value_of_a_row_is_named(engine):
    with writing(engine) as session:
        put(session, CRESS)
    corrupt(engine, "convention", "signed_on", "2027-02-30")
    corrupt(engine, "convention", "terms_term", "trois ans")
    corrupt(engine, "event", "event", "unknown")
    with reading(engine) as session:
        (problem,) = repository.load_all(session).problems
    assert [bad.field for bad in problem.bad] == ["signed_on", "terms.term", "events.1.event"]
    assert "2027-02-30" in problem.message("fr")


def test_a_bad_row_can_be_mended_or_removed(engine):
    with writing(engine) as session:
        put(session, CRESS)
    corrupt(engine, "convention", "signed_on", "2027-02-30")
    with writing(engine) as session:
        assert put(session, CRESS, when=LATER) == {CRESS.reference: Change.UPDATED}
        mended = repository.history(session, CRESS.reference)[-1]
    assert mended.before["unreadable"]["signed_on"] == "2027-02-30"
    assert stored(engine) == CRESS
    corrupt(engine, "convention", "signed_on", "2027-02-30")
    with writing(engine) as session:
        assert repository.remove(session, CRESS.reference, who="agent", when=LATER)


def test_a_history_that_a_hand_damaged_is_shown_as_it_is(session):
    put(session, CRESS)
    session.execute(text("UPDATE history SET after = 'broken'"))
    (entry,) = repository.history(session, CRESS.reference)
    assert entry.after == {"unreadable": "broken"}


def test_columns_of_lists_are_readable_json(session):
    put(session, replace(CRESS, tags=("éduc’", "b")))
    kept = session.scalar(text("SELECT tags FROM convention"))
    assert kept == '["éduc’","b"]'
    assert json.loads(kept) == ["éduc’", "b"]
