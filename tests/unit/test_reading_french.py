"""Numbers, periods, dates and folding, with the way back to the document."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reading.french import days, fold, number, ordinal, periods, roman


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("un", 1), ("une", 1), ("dix-huit", 18), ("vingt et un", 21), ("soixante et onze", 71),
        ("quatre-vingts", 80), ("quatre-vingt-dix-neuf", 99), ("trente-six", 36), ("24", 24),
        ("septante", 70), ("deux mille vingt-six", 2026), ("cent vingt", 120), ("1234567", None),
    ],
)  # fmt: skip
def test_number(words: str, value: int | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trois (3) ans", ["P3Y"]),
        ("3 (trois) ans", ["P3Y"]),
        ("dix-huit mois", ["P18M"]),
        ("36 mois", ["P36M"]),
        ("une année scolaire", ["P1Y"]),
        ("un trimestre", ["P3M"]),
        ("d'un semestre", ["P6M"]),
        ("huit semaines", ["P8W"]),
        ("quinze jours francs", ["P15D"]),
        ("deux ans et six mois", ["P2Y6M"]),
        ("deux ans et demi", ["P2Y6M"]),
        ("trois ans (3 ans)", ["P3Y"]),
        ("TRENTE-SIX MOIS", ["P36M"]),
        ("vingt\u00a0quatre\u202fmois", ["P24M"]),
        ("dix-\nhuit mois", ["P18M"]),
        ("deux ( 2 )\nans", ["P2Y"]),
        ("les 12 salles et 3 vélos", []),
        ("plusieurs années", []),
        ("zéro mois", []),
        ("0 mois", []),
    ],
)
def test_periods(text: str, expected: list[str]) -> None:
    assert [p.iso for p in periods(fold(text).text.replace("\n", " "))] == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("trois (6) mois", ("P3M", "P6M")),
        ("un à cinq ans", ("P1Y", "P5Y")),
        ("cinq à neuf ans", ("P5Y", "P9Y")),
        ("3-5 ans", ("P3Y", "P5Y")),
    ],
)
def test_periods_with_two_readings_have_no_value(text: str, readings: tuple[str, ...]) -> None:
    (period,) = periods(fold(text).text)
    assert (period.iso, period.readings) == (None, readings)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 1er janvier 2024", [date(2024, 1, 1)]),
        ("le premier janvier deux mille vingt-six", [date(2026, 1, 1)]),
        ("31/12/2027", [date(2027, 12, 31)]),
        ("31.12.2027", [date(2027, 12, 31)]),
        ("2027-12-31", [date(2027, 12, 31)]),
        ("- 7 AVR. 2009", [date(2009, 4, 7)]),
        ("le O1/l2/2O27", [date(2027, 12, 1)]),
        ("ler mars 1986", [date(1986, 3, 1)]),
        ("31/04/2027", [None]),
        ("29 février 2023", [None]),
        ("9/04/09", [None]),
        ("avant le 30 septembre", [None]),
        ("mars 2027", []),
        ("article 12.3.456", []),
    ],
)
def test_days(text: str, expected: list[date | None]) -> None:
    assert [d.value for d in days(fold(text).text)] == expected


def test_a_short_year_is_never_completed() -> None:
    (day,) = days("01/02/27")
    assert day.short_year
    assert day.value is None


@pytest.mark.parametrize(("numeral", "value"), [("iv", 4), ("xiv", 14), ("xc", 90), ("abc", None)])
def test_roman(numeral: str, value: int | None) -> None:
    assert roman(numeral) == value


def test_ordinal() -> None:
    assert [ordinal(w) for w in ("douzieme", "3eme", "1er", "mois")] == [12, 3, 1, None]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’ŒUVRE À L’ÉTÉ", "l'oeuvre a l'ete"),
        ("la noti fication est ac complie", "la notification est ac complie"),
        ("conven-\ntion", "convention"),
        ("con- vention", "convention"),
        ("reconducti ble deux fois", "reconductible deux fois"),
        ("un préa\u00advis", "un preavis"),
        ("1^{er} mars", "1er mars"),
        ("<p0> & <script>", "[p0] et [script]"),
        (
            "pour un préavis\n   VILLE - DGA CULTURE   - 5 -\nde trois mois",
            "pour un preavis\nde trois mois",
        ),
        ("mettre fin à l'application", "mettre fin a l'application"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).text == folded


@given(st.text(alphabet="aàéœ ’-\n\t\u00ad\u00a0.&Z1(l)", max_size=80))
def test_fold_keeps_the_way_back(text: str) -> None:
    view = fold(text)
    size = len(view.text)
    starts = [view.origin_start(i) for i in range(size)]
    ends = [view.origin_end(i + 1) for i in range(size)]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= a <= b <= len(text) for a, b in zip(starts, ends, strict=True))


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("un rapport annue1", "un rapport annuel"),
        ("est conc1ue", "est conclue"),
        ("rési1iat1on", "resiliation"),
        ("un pré avis", "un preavis"),
        ("pli re commandé", "pli recommande"),
        ("la mê me durée", "la meme duree"),
    ],
)
def test_a_scan_is_mended(scanned: str, meant: str) -> None:
    assert fold(scanned).text == meant
