"""Records: what each field accepts, what is refused and how, merging, fields given one by one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Event,
    EventName,
    PartialDate,
    Side,
)
from tracker.domain.dates import Period
from tracker.exchange.fields import apply_fields, event_of_fields, field_value, split_field
from tracker.exchange.merge import Change, differences, merge, merge_all, parse_record
from tracker.exchange.periods import parse_lapse
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.record import (
    COLUMNS,
    EVENT_FIELDS,
    RECORD_KEYS,
    TERMS_FIELDS,
    Draft,
    read_record,
    to_record,
)
from tracker.exchange.sentences import PHRASES, SENTENCES
from tracker.exchange.tables import FRENCH_HEADINGS
from tracker.exchange.values import COUNTRIES, folded

BASE = {"reference": "A-1", "title": "Titre"}


def convention(**given: Any) -> Convention:
    found = parse_record({**BASE, **given})
    assert isinstance(found, Convention), [problem.message("fr") for problem in found]
    return found


def problems(**given: Any) -> list[Problem]:
    found = parse_record({**BASE, **given})
    assert isinstance(found, list)
    return found


def draft(**given: Any) -> Draft:
    found = read_record({"reference": "A-1", **given})
    assert isinstance(found, Draft), [problem.message("fr") for problem in found]
    return found


def merged(stored: Convention | None, **given: Any) -> Convention:
    found = merge(stored, draft(**given))
    assert isinstance(found, Convention), [problem.message("fr") for problem in found]
    return found


# -- the vocabulary ---------------------------------------------------------------------------


def test_the_vocabulary_is_the_domain() -> None:
    assert set(RECORD_KEYS) == {item.name for item in fields(Convention)}
    assert set(TERMS_FIELDS) == {item.name for item in fields(ConventionTerms)}
    assert set(EVENT_FIELDS) == set(EventName)
    assert set(FRENCH_HEADINGS) == set(COLUMNS)


def test_a_french_heading_names_one_field() -> None:
    named = [(folded(name), name) for name in COLUMNS]
    named += [(folded(word), name) for name, words in FRENCH_HEADINGS.items() for word in words]
    assert len(dict(named)) == len(set(named))


def test_the_document_names_every_heading_key_and_event() -> None:
    text = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
    for name, words in FRENCH_HEADINGS.items():
        assert f"| `{name}` | {', '.join(words)} |" in text
    for name in (*RECORD_KEYS, *TERMS_FIELDS, *EventName):
        assert f"`{name}`" in text


def test_every_sentence_is_in_both_languages() -> None:
    for code, (french, english) in {**SENTENCES, **PHRASES}.items():
        assert french, code
        assert english, code
        assert "  " not in french + english, code


def test_a_written_record_has_every_key_in_order() -> None:
    record = to_record(convention())
    assert tuple(record) == RECORD_KEYS
    assert tuple(record["terms"]) == tuple(TERMS_FIELDS)
    assert record["notes"] == ""
    assert record["terms"]["start_day_included"] is True


def test_countries_are_those_of_babel() -> None:
    from babel import Locale

    named = set(Locale("en").territories)
    assert named >= COUNTRIES
    assert len(COUNTRIES) == 250


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"kind": "partnerschip"},
         ("champ « kind » : valeur inconnue « partnerschip » ; valeurs possibles : partnership, "
         "twinning, framework, specific, subsidy, membership, label, service, other ; "
         "vouliez-vous dire « partnership » ?")),
        ({"signed_on": "2027-02-30"},
         "champ « signed_on » : date inexistante « 2027-02-30 » ; vérifiez le jour et le mois"),
        ({"signed_on": "31/12/2027"},
         ("champ « signed_on » : date non reconnue « 31/12/2027 » ; écrivez 2027-12-31, 2027-12 "
         "ou 2027 ; vouliez-vous dire « 2027-12-31 » ?")),
        ({"tracked_from": "2027-03"},
         ("champ « tracked_from » : « 2027-03 » n’est pas une date complète ; écrivez aussi le mois "
         "et le jour (2027-12-31)")),
        ({"signed_on": "1027-01-01"},
         "champ « signed_on » : année hors de 1900–2199 dans « 1027-01-01 » ; vérifiez la saisie"),
        ({"partners": [{"name": "Mayence", "country": "Allemagne"}]},
         ("champ « partners[1].country » : pays inconnu « Allemagne » ; écrivez son code à deux "
         "lettres (ISO 3166-1) ; vouliez-vous dire « DE » ?")),
        ({"partners": [{"name": "Bath", "country": "UK"}]},
         ("champ « partners[1].country » : pays inconnu « UK » ; écrivez son code à deux lettres "
         "(ISO 3166-1) ; vouliez-vous dire « GB » ?")),
        ({"owner": "Nom <a@x.fr>"},
         ("champ « owner » : adresse électronique refusée « Nom <a@x.fr> » : caractère < : "
         "l’adresse seule est attendue, sans nom ni commentaire")),
        ({"supposed": ["signedon"]},
         ("champ « supposed[1] » : « signedon » n’est pas le nom d’un champ ; vouliez-vous dire "
         "« signed_on » ?")),
        ({"terms": {"end": "2026-12-31", "start_date": "2027-01-01"}},
         ("champ « terms.end » : la fin (2026-12-31) précède le début (2027-01-01, champ "
         "« start_date ») ; corrigez l’une des deux dates")),
        ({"title": "a\x07b"},
         "champ « title » : caractère de commande U+0007 dans « a\\x07b » ; effacez-le"),
        ({"reminders": {"notise": ["P1M"]}},
         "champ « reminders.notise » : champ inconnu « notise » ; vouliez-vous dire « notice » ?"),
        ({"terms": {"term": "indéterminée"}},
         ("champ « terms.term » : durée non reconnue « indéterminée » ; écrivez par exemple P3M ou "
         "P1Y ; vouliez-vous dire « indefinite » ?")),
        ({"terms": {"renewal": "tacite"}},
         ("champ « terms.renewal » : valeur inconnue « tacite » ; valeurs possibles : tacit, "
         "express, none ; vouliez-vous dire « tacit » ?")),
    ],
)  # fmt: skip
def test_a_refusal_says_where_what_and_what_to_do(given: dict[str, Any], line: str) -> None:
    assert [problem.message("fr") for problem in problems(**given)] == [line]


@pytest.mark.parametrize(
    ("given", "code", "key"),
    [
        ({"reference": None}, "required", "reference"),
        ({"title": " "}, "required", "title"),
        ({"title": 3}, "not_text", "title"),
        ({"title": "x" * 501}, "too_long", "title"),
        ({"title": "a\u202eb"}, "control_character", "title"),
        ({"title": "\ud800"}, "control_character", "title"),
        ({"title": "=?utf-8?q?=0A?="}, "encoded_word", "title"),
        ({"notes": "a\x00"}, "control_character", "notes"),
        ({"amount": -1}, "amount_negative", "amount"),
        ({"amount": "1e9"}, "amount", "amount"),
        ({"amount": True}, "amount", "amount"),
        ({"amount": 1.234}, "amount", "amount"),
        ({"amount": 10**12}, "amount_large", "amount"),
        ({"amount": float("inf")}, "amount", "amount"),
        ({"amounts": [{"year": 1800, "amount": 1}]}, "year_range", "amounts[1].year"),
        ({"amounts": [{"year": 9, "amount": 1}]}, "year_form", "amounts[1].year"),
        ({"amounts": [{"year": 2020, "amount": 1}] * 2}, "twice", "amounts[2].year"),
        ({"amounts": {}}, "not_list", "amounts"),
        ({"watchers": ["a@x.fr", "a@X.fr"]}, "twice", "watchers[2]"),
        ({"watchers": ["root"]}, "address", "watchers[1]"),
        ({"watchers": "a@x.fr"}, "not_list", "watchers"),
        ({"reminders": {"notice": ["P1M", "P1M"]}}, "twice", "reminders.notice[2]"),
        ({"reminders": {"notice": ["-P1M"]}}, "period_negative", "reminders.notice[1]"),
        ({"reminders": []}, "not_mapping", "reminders"),
        ({"programme": {"from": 2020, "to": 2016}}, "programme_order", "programme"),
        ({"milestones": [{"title": "T", "on": "2024-02-02", "to": "2024-02-01"}]},
         "milestone_order", "milestones[1].to"),
        ({"session": {"vote": "x"}}, "required", "session.on"),
        ({"parent": "A-1"}, "own_relative", "parent"),
        ({"terms": []}, "not_mapping", "terms"),
        ({"terms": {"notice": "P0D"}}, "period_zero", "terms.notice"),
        ({"terms": {"notice": "PT10M"}}, "period_form", "terms.notice"),
        ({"terms": {"notice": 3}}, "not_text", "terms.notice"),
        ({"terms": {"term": "P301Y"}}, "period_long", "terms.term"),
        ({"terms": {"renewal_max": -1}}, "integer", "terms.renewal_max"),
        ({"terms": {"renewal_max": True}}, "integer", "terms.renewal_max"),
        ({"terms": {"final_evaluation": "true"}}, "boolean", "terms.final_evaluation"),
        ({"terms": {"final_evaluation": 1}}, "boolean", "terms.final_evaluation"),
        ({"terms": {"payments": [{"share": 101, "on": "x"}]}}, "share", "terms.payments[1].share"),
        ({"terms": {"payments": [{"share": 1, "on": "2027-13-01"}]}},
         "date_missing", "terms.payments[1].on"),
        ({"terms": {"end": "2027"}}, "date_partial", "terms.end"),
        ({"terms": {"end": "2026-01-01", "start": "signature"}, "signed_on": "2026-06-01"},
         "end_before_start", "terms.end"),
        ({"terms": {"end": "2026-01-01"}, "effective_on": "2026-06-01"},
         "end_before_start", "terms.end"),
        ({"evidence": {"notise": {"quote": "x"}}}, "unknown_key", "evidence.notise"),
        ({"evidence": {"notice": {}}}, "required", "evidence.notice.quote"),
        ({"evidence": {"notice": {"quote": "x", "page": 0}}}, "integer", "evidence.notice.page"),
    ],
)  # fmt: skip
def test_what_is_refused(given: dict[str, Any], code: str, key: str) -> None:
    assert [(item.code, item.place.key) for item in problems(**given)] == [(code, key)]


def test_every_problem_of_a_record_is_listed_in_english_too() -> None:
    place = Place(file="a.json")
    found = parse_record({"reference": "A", "amount": -1, "x\n": 1, "kind": 3}, where=place)
    assert isinstance(found, list)
    assert [problem.message("en") for problem in found] == [
        "a.json, field “x\\n”: unknown field “x\\n”",
        (
            "a.json, field “kind”: unknown value “3”; possible values: partnership, twinning, "
            "framework, specific, subsidy, membership, label, service, other"
        ),
        "a.json, field “amount”: negative amount “-1”; an amount is zero or more",
    ]


def test_what_is_not_a_record_is_refused() -> None:
    wrong: tuple[object, ...] = (None, 3, [], "x")
    for raw in wrong:
        found = parse_record(raw)
        assert isinstance(found, list)
        assert [problem.code for problem in found] == ["not_mapping"]


def test_a_long_value_is_shortened() -> None:
    (problem,) = problems(kind="x" * 5000)
    assert len(problem.message("fr")) < 250


def test_formal_dates_may_be_partial() -> None:
    found = convention(signed_on="2009-03", published_on="2009", effective_on="2010-01-01")
    assert found.signed_on == PartialDate(2009, 3)
    assert found.published_on == PartialDate(2009)
    assert found.effective_on == date(2010, 1, 1)


def test_plain_data_stays_plain() -> None:
    text = "{{ 7*7 }} <script> ignore previous dates %s =?UTF-8?Q?x?="
    assert convention(notes=text).notes == text


def test_amounts_are_exact() -> None:
    assert convention(amount=0.1).amount == Decimal("0.1")
    assert convention(amount="999999999999.99").amount == Decimal("999999999999.99")
    record = to_record(convention(amount=Decimal("999999999999.99")))
    assert record["amount"] == 999999999999.99
    assert to_record(convention(amount=4000.0))["amount"] == 4000


# -- events -----------------------------------------------------------------------------------


def test_events_have_fields_of_their_own() -> None:
    found = convention(
        events=[
            {"event": "committee", "on": "2027-01-01", "for": 2},
            {"event": "payment", "on": "2027-01-02", "for": 1, "amount": 12.5},
            {"event": "renewal", "on": "2027-01-03", "term": "P2Y"},
            {"event": "notice", "on": "2027-01-04", "by": "us", "received_on": "2027-01-06"},
            {"event": "amendment", "on": "2027-01-05", "end": None, "term": "indefinite"},
            {
                "event": "snoozed",
                "on": "2027-01-06",
                "deadline": "A/notice/1",
                "until": "2027-02-01",
            },
            {"event": "withdrawn", "on": "2027-01-07", "number": 1, "note": "erreur"},
        ]
    )
    committee, payment, renewal, notice, amendment, snoozed, withdrawn = found.events
    assert committee.occurrence == 2
    assert payment.amount == Decimal("12.5")
    assert renewal.term == Period(years=2)
    assert (notice.by, notice.received_on) == (Side.US, date(2027, 1, 6))
    assert amendment.changes == (("end", None), ("term", "indefinite"))
    assert (snoozed.deadline, snoozed.until) == ("A/notice/1", date(2027, 2, 1))
    assert (withdrawn.target, withdrawn.number) == (1, 7)
    assert to_record(found)["events"][4] == {
        "event": "amendment", "on": "2027-01-05", "note": "", "term": "indefinite", "end": None,
        "number": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("event", "code", "key"),
    [
        ({"event": "singed"}, "choice", "events[1].event"),
        ({"event": "signed"}, "required", "events[1].on"),
        ({"event": "signed", "on": "2027"}, "date_partial", "events[1].on"),
        ({"event": "signed", "on": "2027-01-01", "by": "us"}, "unknown_event_key", "events[1].by"),
        ({"event": "snoozed", "on": "2027-01-01", "until": "2027-01-02"}, "required",
         "events[1].deadline"),
        ({"event": "withdrawn", "on": "2027-01-01"}, "required", "events[1].number"),
        ({"event": "withdrawn", "on": "2027-01-01", "number": 1}, "event_target",
         "events[1].number"),
        ({"event": "amendment", "on": "2027-01-01", "notice": "3"}, "period_unit",
         "events[1].notice"),
        ({"event": "notice", "on": "2027-01-03", "received_on": "2027-01-01"},
         "receipt_before_posting", "events[1].received_on"),
        ("signed", "not_mapping", "events[1]"),
    ],
)  # fmt: skip
def test_bad_events_are_refused(event: Any, code: str, key: str) -> None:
    assert [(item.code, item.place.key) for item in problems(events=[event])] == [(code, key)]


SIGNED = {"event": "signed", "on": "2027-01-01"}
VOTED = {"event": "deliberated", "on": "2026-12-01"}


def event_list(found: Convention) -> list[tuple[int, str, int | None]]:
    return [(event.number, event.event.value, event.target) for event in found.events]


def test_a_withdrawal_names_a_number_of_its_file() -> None:
    found = convention(
        events=[
            {**SIGNED, "number": 12},
            {**VOTED, "number": 7},
            {"event": "withdrawn", "on": "2027-01-02", "number": 12},
        ]
    )
    assert event_list(found) == [(1, "signed", None), (2, "deliberated", None), (3, "withdrawn", 1)]


def test_imported_events_are_added_and_renumbered() -> None:
    stored = convention(events=[VOTED])
    after = merged(
        stored, events=[SIGNED, VOTED, {"event": "withdrawn", "on": "2027-01-02", "number": 1}]
    )
    assert event_list(after) == [(1, "deliberated", None), (2, "signed", None), (3, "withdrawn", 2)]
    again = merged(
        after, events=[SIGNED, VOTED, {"event": "withdrawn", "on": "2027-01-02", "number": 1}]
    )
    assert again == after


def test_equal_events_of_one_file_are_two_facts() -> None:
    stored = convention(events=[SIGNED])
    assert len(merged(stored, events=[SIGNED, SIGNED]).events) == 2
    assert len(merged(stored, events=[SIGNED]).events) == 1
    assert len(merged(stored, events=[{**SIGNED, "note": "autre"}]).events) == 2


def test_no_event_is_removed() -> None:
    stored = convention(events=[SIGNED])
    assert merged(stored, events=[]).events == stored.events
    assert merged(stored, events=None).events == stored.events


# -- merging ----------------------------------------------------------------------------------


def test_absent_keys_keep_and_null_empties() -> None:
    stored = convention(
        amount=3, owner="a@x.fr", tags=["x"], terms={"notice": "P3M", "term": "P1Y"}
    )
    after = merged(stored, owner=None, tags=None, terms={"notice": None})
    assert after == replace(stored, owner=None, tags=(), terms=replace(stored.terms, notice=None))
    assert merged(stored, terms=None).terms == ConventionTerms()


def test_a_new_record_needs_a_title() -> None:
    found = merge(None, draft(amount=3))
    assert isinstance(found, list)
    assert [(item.code, item.place.key) for item in found] == [("required", "title")]


def test_the_end_is_checked_against_what_is_stored() -> None:
    stored = convention(terms={"start_date": "2027-01-01"})
    found = merge(stored, draft(terms={"end": "2026-01-01"}))
    assert isinstance(found, list)
    assert [(item.code, item.place.key) for item in found] == [("end_before_start", "terms.end")]


def test_an_import_is_described_before_it_is_done() -> None:
    stored = {"A-1": convention(), "A-2": convention(reference="A-2")}
    found = merge_all(
        [draft(amount=3), draft(reference="A-2"), draft(reference="A-3", title="T")], stored
    )
    assert found.added == ("A-3",)
    assert found.unchanged == ("A-2",)
    assert found.changed == (("A-1", (Change(key="amount", before=None, after=3),)),)
    assert [item.reference for item in found.conventions] == ["A-1", "A-2", "A-3"]


def test_differences_name_fields_of_terms_and_events() -> None:
    before = convention()
    after = merged(before, terms={"notice": "P3M"}, events=[SIGNED])
    assert [change.key for change in differences(before, after)] == ["terms.notice", "events[1]"]


# -- fields given one by one ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("notice", "trois mois", Period(months=3)),
        ("terms.notice", "P3M", Period(months=3)),
        ("préavis", "90j", Period(days=90)),
        ("signed_on", "31/12/2027", date(2027, 12, 31)),
        ("amount", "1 234,56 €", Decimal("1234.56")),
        ("final_evaluation", "oui", True),
        ("tags", "a; b", ("a", "b")),
        ("owner", "", None),
        ("notes", "=1", "=1"),
    ],
)
def test_a_field_is_read_like_a_cell(name: str, text: str, value: object) -> None:
    assert field_value(name, text) == value


def test_a_bad_field_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        field_value("notice", "3")
    assert refused.value.message("fr") == (
        "durée sans unité « 3 » ; écrivez par exemple « 3 mois » ou P3M"
    )
    with pytest.raises(Refusal) as refused:
        field_value("notise", "3")
    assert refused.value.message("en") == "unknown field “notise”; did you mean “notice”?"
    with pytest.raises(Refusal):
        split_field("notice")
    assert split_field("notes=a=b") == ("notes", "a=b")


def test_fields_change_a_convention() -> None:
    stored = convention(amount=3, terms={"notice": "P3M"})
    after = apply_fields(stored, [("amount", ""), ("notice", "6 mois"), ("titre", "Autre")])
    assert isinstance(after, Convention)
    assert (after.amount, after.title, after.terms.notice) == (None, "Autre", Period(months=6))


def test_fields_make_a_convention() -> None:
    made = apply_fields(None, [("reference", "B"), ("title", "T")])
    assert isinstance(made, Convention)
    assert made.reference == "B"


def test_bad_fields_are_all_listed() -> None:
    found = apply_fields(
        convention(), [("x", "1"), ("amount", "a"), ("reference", "Z"), ("events", "[]")]
    )
    assert isinstance(found, list)
    assert [item.code for item in found] == ["unknown_key", "unknown_key", "amount"]
    renamed = apply_fields(convention(), [("reference", "Z")])
    assert isinstance(renamed, list)
    assert [item.code for item in renamed] == ["reference_fixed"]


def test_an_event_is_made_of_fields() -> None:
    stored = convention(events=[SIGNED])
    event = event_of_fields(
        stored, "notice", date(2027, 1, 2), [("by", "nous"), ("received_on", "03/01/2027")]
    )
    assert event == Event(
        number=2, event=EventName.NOTICE, on=date(2027, 1, 2), by=Side.US,
        received_on=date(2027, 1, 3),
    )  # fmt: skip
    amended = event_of_fields(
        stored, "amendment", date(2027, 1, 2), [("préavis", "6 mois"), ("end", "")]
    )
    assert isinstance(amended, Event)
    assert amended.changes == (("end", None), ("notice", Period(months=6)))
    withdrawn = event_of_fields(stored, "withdrawn", date(2027, 1, 2), [("number", "1")])
    assert isinstance(withdrawn, Event)
    assert withdrawn.target == 1


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("singed", [], "choice"),
        ("signed", [("by", "us")], "unknown_event_key"),
        ("withdrawn", [("number", "9")], "event_target_stored"),
        ("withdrawn", [], "required"),
        ("payment", [("amount", "1"), ("amount", "2")], "twice"),
    ],
)
def test_bad_event_fields_are_refused(name: str, given: list[tuple[str, str]], code: str) -> None:
    found = event_of_fields(convention(events=[SIGNED]), name, date(2027, 1, 2), given)
    assert isinstance(found, list)
    assert [item.code for item in found] == [code]


# -- periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("P6M", "P6M"), ("p90d", "P90D"), ("90d", "P90D"), ("90j", "P90D"), ("6m", "P6M"),
        ("1y", "P1Y"), ("1a", "P1Y"), ("6 mois", "P6M"), ("trois mois", "P3M"), ("un an", "P1Y"),
        ("2 semaines", "P14D"), ("trois (3) mois", "P3M"), ("un an et six mois", "P1Y6M"),
        ("un an et demi", "P1Y6M"), ("vingt et un jours", "P21D"), ("36 mois", "P36M"),
        ("TRENTE-SIX  MOIS", "P36M"), ("une année", "P1Y"), ("deux trimestres", "P6M"),
        ("quatre-vingt-dix jours", "P90D"), ("6\u00a0mois", "P6M"), ("1a6m", "P1Y6M"),
        ("6 mois, 15 jours", "P6M15D"),
    ],
)  # fmt: skip
def test_lapses_are_read_as_people_type_them(text: str, period: str) -> None:
    assert str(parse_lapse(text)) == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3", "period_unit"), ("-3", "period_negative"), ("- 3 mois", "period_negative"),
        ("", "period_form"), ("mois", "period_form"), ("3 moi", "period_form"),
        ("1.5 mois", "period_form"), ("PT10M", "period_form"), ("P", "period_form"),
        ("0 jours", "period_zero"), ("P0D", "period_zero"), ("1 an et", "period_form"),
        ("trois (4) mois", "period_disagrees"), ("999 ans", "period_long"),
        ("une semaine et demie", "period_form"), ("x" * 1000, "period_form"),
        ("un " * 60, "period_form"), ("٣ mois", "period_form"),
    ],
)  # fmt: skip
def test_lapses_without_sense_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_lapse(text)
    assert refused.value.code == code
