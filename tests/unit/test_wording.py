"""Sentences: complete in both languages, every placeholder filled, French as it is typeset."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from unit.domain_strategies import (
    convention,
    conventions,
    council,
    day,
    deadlines_of,
    recent_days,
    surroundings,
)

from tracker import sentences, wording
from tracker.domain.consequences import (
    Basis,
    ConventionState,
    DeadlineKind,
    DeadlineStatus,
    Finding,
    TermOrigin,
)
from tracker.domain.conventions import INDEFINITE, Convention, EventName, Instalment, Partner, Quote
from tracker.domain.dates import Period
from tracker.domain.deadlines import Surroundings
from tracker.domain.portfolio import Portfolio
from tracker.sentences import FINDINGS, RULES
from tracker.wording import FIELDS, LANGUAGES, Language, Wording

FR, EN = Wording("fr"), Wording("en")
NBSP, NARROW = "\u00a0", "\u202f"


def is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(s, str) for s in value)


def tables() -> Iterator[tuple[str, tuple[str, str]]]:
    """Every pair of sentences, with its name."""
    for name, value in (vars(wording) | vars(sentences)).items():
        if isinstance(value, dict):
            yield from ((f"{name}[{key}]", both) for key, both in value.items() if is_pair(both))
        elif is_pair(value) and name != "LANGUAGES":
            yield name, value


PAIRS = dict(tables())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- both languages ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_say_the_same_facts(name: str) -> None:
    french, english = PAIRS[name]
    assert french.strip()
    assert english.strip()
    assert placeholders(french) == placeholders(english)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_has_a_name(lang: Language) -> None:
    words = Wording(lang)
    for kind in DeadlineKind:
        assert words.kind_name(kind)
        sample = deadlines_of(convention(term="P1Y"), "2020-02-01")[0]
        assert words.action(replace(sample, kind=kind, label="signed_on"))
        assert words.subject(replace(sample, kind=kind, label="signed_on"))
    assert all(words.state(item) for item in ConventionState)
    assert all(words.status(item) for item in DeadlineStatus)
    assert all(words.origin(item) for item in TermOrigin)
    assert all(words.event(item) for item in EventName)


def test_every_field_of_a_record_has_a_name() -> None:
    from dataclasses import fields

    from tracker.domain.conventions import ConventionTerms

    names = {item.name for kind in (Convention, ConventionTerms) for item in fields(kind)} - {
        "terms"
    }
    assert names <= FIELDS.keys()


# --- every sentence that the rules can produce ---------------------------------------------------


def sentences_of(
    record: Convention, today: date, around: Surroundings, lang: Language
) -> Iterator[str]:
    words = Wording(lang)
    portfolio = Portfolio(conventions=[record], today=today, around=around)
    life = portfolio.life(record.reference, today + timedelta(days=1200))
    bases = [term.basis for term in life.terms]
    bases += [term.alternative.why for term in life.terms if term.alternative]
    bases += [item.basis for item in life.deadlines]
    bases += [item.alternative.why for item in life.deadlines if item.alternative]
    bases += [step.basis for step in life.plan]
    for basis in bases:
        yield words.basis(basis)
    for finding in life.findings:
        yield words.finding(finding)
    for item in life.deadlines:
        yield words.subject(item)
        yield words.action(item)


def assert_well_written(sentence: str, lang: Language) -> None:
    assert sentence
    assert not re.search(r"[{}]", sentence), sentence
    assert "None" not in sentence, sentence
    assert "  " not in sentence, sentence
    assert not re.search(r"\s[.,]", sentence), sentence
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", sentence), f"a bare name: {sentence}"
    if lang == "fr":
        assert not re.search(rf"[^{NBSP}{NARROW}][:;!?»](\s|$)", sentence), sentence
        assert not re.search(rf"«[^{NBSP}]", sentence), sentence
        assert not re.search(r"\d [€%]|n° \d", sentence), sentence
        assert "'" not in sentence, f"a straight apostrophe: {sentence}"
        assert not re.search(r"\b1 (janvier|février|mars|avril|mai|juin|juillet|août)", sentence)
        assert not re.search(r"\b(de le|de les|à le|à les) \b", sentence), sentence
        assert not re.search(r"\b1 (ans|jours|semaines|séances)\b", sentence), sentence


@given(conventions(), recent_days(2010, 2030), surroundings())
def test_every_sentence_of_a_random_life_is_complete(
    record: Convention, today: date, around: Surroundings
) -> None:
    for lang in LANGUAGES:
        for sentence in sentences_of(record, today, around, lang):
            assert_well_written(sentence.replace("un jour", "").replace("merci", ""), lang)


RANDOM_FACTS: dict[str, Any] = {
    "act": "signed_on", "amount": Decimal(2800), "clear_days": 5, "count": 2, "counting": "receipt",
    "delay": Period(months=3), "due": day("2020-09-30"), "duty": "committee", "end": day("2020-12-31"),
    "every": Period(years=1), "field": "signed_on", "first": 2016, "form": "registered",
    "last": day("2020-12-31"), "lead": Period(months=9), "limit": day("2020-11-19"),
    "notice": Period(months=3), "on": day("2020-01-01"), "opens": day("2021-04-15"),
    "renewal": Period(years=1), "safe": day("2020-06-01"), "session": day("2020-10-01"),
    "share": Decimal(70), "start": day("2020-01-01"), "term": Period(years=5),
    "threshold": Decimal(23000), "total": Decimal(4000), "trigger": "signature",
    "vote": day("2020-10-01"), "weeks": 8, "year": 2020,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_makes_a_sentence(rule: str, lang: Language) -> None:
    basis = Basis(
        rule=rule, facts=tuple(sorted(RANDOM_FACTS.items())), law=("cpc-641", "subsidy-law")
    )
    assert_well_written(Wording(lang).basis(basis), lang)


@pytest.mark.parametrize("code", FINDINGS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_makes_a_sentence(code: str, lang: Language) -> None:
    facts = {
        **RANDOM_FACTS, "before": "signed_on", "after": "notified_on", "cited": day("2016-09-26"),
        "voted": day("2016-11-21"), "counted": day("2020-01-01"), "first": day("2020-01-01"),
        "parent_last": day("2020-01-01"), "programme": day("2020-12-31"), "reference": "DIJ-2012",
        "second": day("2020-01-02"), "tag": "contrat-engagement-republicain", "value": "2018-05",
    }  # fmt: skip
    finding = Finding(code=code, facts=tuple(sorted(facts.items())), law=("cciv-1213",))
    sentence = Wording(lang).finding(finding)
    assert_well_written(sentence, lang)
    assert sentence[0].isupper()


# --- French, read aloud --------------------------------------------------------------------------


def basis_of(record: Convention, kind: str, today: str, around: Surroundings | None = None) -> str:
    found = deadlines_of(record, today, until="2046-01-01", around=around, kind=kind)
    return FR.basis(found[0].basis).replace(NBSP, " ").replace(NARROW, " ")


YEARLY = {"term": "P1Y", "renewal": "tacit", "renewal_period": "P1Y", "notice": "P3M"}


def test_the_notice_of_a_convention_read_by_a_jurist() -> None:
    quote = Quote(
        quote="dans un délai de trois mois précédant\n sa résiliation", article="Article VI"
    )
    record = convention(
        **YEARLY, notice_form="registered", evidence=(("notice", quote),), supposed=("signed_on",),
        signed_on="2009-04-09",
    )  # fmt: skip
    assert basis_of(record, "notice", "2009-06-01") == (
        "Pour que la convention s’achève le 8 avril 2010, le préavis de 3 mois doit être reçu au plus "
        "tard le 8 janvier 2010, par lettre recommandée avec accusé de réception. La convention ne dit "
        "pas si l’envoi ou la réception compte ; lecture prudente : la réception. Jour conseillé : "
        "15 jours plus tôt, pour l’acheminement de la lettre. « dans un délai de trois mois précédant "
        "sa résiliation » (Article VI) [Cass. 3e civ., 8 mars 2018, n° 17-11.312 ; CPC, art. 669]. "
        "Date supposée, à confirmer : date de la dernière signature."
    )


@pytest.mark.parametrize(
    ("counting", "verb"),
    [("sending", "envoyé"), ("first_presentation", "présenté"), ("receipt", "reçu")],
)
def test_a_notice_is_sent_presented_or_received(counting: str, verb: str) -> None:
    record = convention(**YEARLY, notice_counts_from=counting)
    assert f"doit être {verb} au plus tard" in basis_of(record, "notice", "2020-02-01")
    no_period = convention(**{**YEARLY, "notice": None}, notice_counts_from=counting)
    assert f"doit être {verb}e au plus tard" in basis_of(no_period, "notice", "2020-02-01")


def test_a_notice_of_termination_may_be_given_at_any_time() -> None:
    record = convention(**YEARLY, notice_of="termination")
    assert "mettre fin à la convention à tout moment" in basis_of(record, "notice", "2020-02-01")


def test_the_other_reading_of_a_notice_says_its_day() -> None:
    (found, *_) = deadlines_of(convention(**YEARLY), "2020-02-01", kind="notice")
    assert found.alternative is not None
    assert FR.basis(found.alternative.why).startswith(
        "Autre lecture\u00a0: le jour du 1er janvier 2020 ne compte pas, et le dernier jour serait le "
        "1er janvier 2021. Le préavis serait alors à donner le 1er octobre 2020 au plus tard."
    )


def test_a_step_brought_forward_says_why() -> None:
    record = convention(term="P5Y", renewal="express")
    portfolio = Portfolio(
        conventions=[record], today=day("2024-01-05"), around=council("2024-02-05")
    )
    plan = portfolio.life("C", day("2026-01-01")).plan
    assert FR.basis(plan[0].basis) == (
        "Lancer l’évaluation d’ensemble 12 mois avant le terme du 31 décembre 2024. Avancé pour ne pas "
        "tomber après l’étape suivante (évaluation remise)."
    )


def test_an_end_that_contradicts_an_indefinite_duration() -> None:
    finding = Finding(
        code="end_conflict", facts=(("counted", INDEFINITE), ("end", day("2022-12-31")))
    )
    assert FR.finding(finding).startswith(
        "Le texte fixe la fin au 31 décembre 2022, mais dit la durée"
    )
    assert EN.finding(finding).startswith("The text sets the end on 31 December 2022, but calls")


def test_an_overlap_says_until_when_where_it_is_known() -> None:
    known = Finding(
        code="overlap",
        facts=(("first", day("2016-12-15")), ("last", day("2017-12-16")), ("reference", "V-2012")),
    )
    endless = replace(known, facts=known.facts[::2])
    assert "court encore, jusqu’au 16 décembre 2017\u00a0:" in FR.finding(known)
    assert "court encore\u00a0:" in FR.finding(endless)


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (FR.date(day("2011-12-01"), weekday=True), "jeudi 1er décembre 2011"),
        (FR.date(day("2012-01-08")), "8 janvier 2012"),
        (EN.date(day("2011-12-01"), weekday=True), "Thursday 1 December 2011"),
        (FR.short_date(day("2011-12-01")), "01/12/2011"),
        (EN.short_date(day("2011-12-01")), "2011-12-01"),
        (FR.days_left(0), "aujourd’hui"),
        (FR.days_left(1), "demain"),
        (FR.days_left(-1), "hier"),
        (FR.days_left(12), "dans 12 jours"),
        (FR.days_left(-3), "il y a 3 jours"),
        (EN.days_left(0), "today"),
        (EN.days_left(2), "in 2 days"),
        (EN.days_left(-2), "2 days ago"),
        (FR.period(Period(years=1)), "1 an"),
        (FR.period(Period(years=5)), "5 ans"),
        (FR.period(Period(months=18)), "18 mois"),
        (FR.period(Period(years=1, months=6)), "1 an et 6 mois"),
        (FR.period(Period(years=2, months=1, days=1)), "2 ans, 1 mois et 1 jour"),
        (EN.period(Period(years=2, months=1, days=2)), "2 years, 1 month and 2 days"),
        (FR.every(Period(years=1)), "une fois par an"),
        (FR.every(Period(years=3)), "tous les 3 ans"),
        (FR.every(Period(years=1, months=6)), "tous les 18 mois"),
        (FR.every(Period(days=1)), "tous les jours"),
        (FR.every(Period(days=7)), "toutes les semaines"),
        (EN.every(Period(days=10)), "every 10 days"),
        (FR.amount(Decimal(2800)), "2\u202f800,00\u00a0€"),
        (EN.amount(Decimal("2800.5")), "€2,800.50"),
        (FR.country("RU"), "Russie"),
        (FR.country("ZZZ"), "ZZZ"),
        (FR.partners((Partner(name="Volgograd", country="RU"), Partner(name="CRESS", country="FR"))), "Volgograd (Russie), CRESS"),
        (FR.field("inconnu"), "inconnu"),
        (FR.vote("adopted_unanimously"), "adoptée à l’unanimité"),
        (FR.vote("à main levée"), "à main levée"),
        (FR.plan_step("filing"), "dépôt du rapport"),
        (FR.cite("cpc-641"), "CPC, art. 641"),
        (EN.quote(Quote(quote="five years")), "“five years”"),
        (FR.value("x", None), "aucun"),
        (FR.value("x", value=True), "oui"),
        (EN.value("x", value=False), "no"),
        (FR.value("x", day("2020-01-01")), "1er janvier 2020"),
        (FR.value("x", Period(months=3)), "3 mois"),
        (FR.value("x", Decimal(5)), "5,00\u00a0€"),
        (FR.value("renewal", "tacit"), "tacite"),
        (FR.value("x", 3), "3"),
        (FR.value("payments", (Instalment(share=Decimal("33.50"), on="signature"), Instalment(share=Decimal(70), on="2020-01-01"))), "33,5\u00a0% à la signature, 70\u00a0% 2020-01-01"),
        (FR.value("recurring", convention(recurring="committee P1Y").terms.recurring), "Comité de pilotage une fois par an"),
        (FR.pick_list(("a",), ("b",)), ("a",)),
        (EN.pick_list(("a",), ("b",)), ("b",)),
    ],
)  # fmt: skip
def test_a_value_in_words(found: object, expected: object) -> None:
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "status", "start"),
    [
        ("notice", DeadlineStatus.MISSED, "Jour passé : la convention se reconduit"),
        ("decision", DeadlineStatus.MISSED, "Jour passé : demander une séance"),
        ("notice", DeadlineStatus.UPCOMING, "Décider de reconduire ou de dénoncer"),
    ],
)
def test_what_to_do_depends_on_the_day(kind: str, status: DeadlineStatus, start: str) -> None:
    sample = deadlines_of(convention(term="P1Y"), "2020-02-01")[0]
    action = FR.action(replace(sample, kind=DeadlineKind(kind), status=status))
    assert action.replace(NBSP, " ").startswith(start)


def test_subjects() -> None:
    record = convention(
        signed_on=None, deliberated_on="2020-01-01", kind="subsidy", amount=Decimal(30000),
        payments="100 2020-06-30", effective_on="2020-01-01", term="P1Y",
    )  # fmt: skip
    names = {item.key: FR.subject(item) for item in deadlines_of(record, "2020-02-01")}
    assert names["C/payment/1"] == "Versement\u00a0: 30\u202f000,00\u00a0€"
    assert names["C/report/2020"] == "Compte rendu financier"
    missing = deadlines_of(convention(), "2020-02-01", kind="missing")[0]
    assert (FR.subject(missing), EN.subject(missing)) == (
        "Information manquante\u00a0: durée",
        "Missing fact: duration",
    )
