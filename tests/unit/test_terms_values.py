"""Values that a record refuses: what no reader of a file could be excused from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from unit.domain_strategies import convention, day

from tracker.domain.conventions import (
    Convention,
    ConventionTerms,
    Instalment,
    Milestone,
    PartialDate,
    Partner,
    Programme,
    Quote,
)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: PartialDate(1899),
        lambda: PartialDate(2200),
        lambda: PartialDate(2018, 13),
        lambda: PartialDate(2018, 0),
        lambda: Instalment(share=Decimal(0), on="signature"),
        lambda: Instalment(share=Decimal("100.01"), on="signature"),
        lambda: ConventionTerms(term="forever"),
        lambda: ConventionTerms(renewal_max=-1),
        lambda: ConventionTerms(start_date=day("2020-01-02"), end=day("2020-01-01")),
        lambda: Programme(first_year=2020, last_year=2019),
        lambda: Milestone(title="Rencontres", on=day("2020-01-02"), to=day("2020-01-01")),
        lambda: Convention(reference=" ", title="Titre"),
        lambda: Convention(reference="C", title=" "),
    ],
)
def test_refused(wrong: Any) -> None:
    with pytest.raises(ValueError):
        wrong()


def test_partial_dates_are_written_as_typed() -> None:
    assert [str(item) for item in (PartialDate(2018), PartialDate(2018, 5))] == ["2018", "2018-05"]


def test_who_is_foreign() -> None:
    found = [Partner(name="P", country=country).is_foreign for country in (None, "FR", "MA")]
    assert found == [False, False, True]
    assert convention(partners="MA").is_external_action
    assert not convention(partners="FR").is_external_action


def test_the_words_of_a_field() -> None:
    quote = Quote(quote="cinq ans")
    record = convention(evidence=(("term", quote),))
    assert (record.quote_for("term"), record.quote_for("notice")) == (quote, None)
