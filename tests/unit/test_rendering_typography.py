"""Spaces, lines and columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.typography import WIDTH, french_spaces, one_line, outside_markup, wrap

N = "\u00a0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("À faire : signer ; publier ?", f"À faire{N}: signer{N}; publier{N}?"),
        ("la date « 2027 » n’existe pas", f"la date «{N}2027{N}» n’existe pas"),
        ("30 % de 1 200 €", f"30{N}% de 1{N}200{N}€"),
        ("le 8 janvier 2027, le 1er mai", f"le 8{N}janvier 2027, le 1er{N}mai"),
        ("n° 3", f"n°{N}3"),
        ("conventions record X --on A", "conventions record X --on A"),
        ("https://example.org:8080/a?b", "https://example.org:8080/a?b"),
        ("de 2016 à 2020", "de 2016 à 2020"),
        (f"déjà{N}: bien", f"déjà{N}: bien"),
    ],
)
def test_french_spaces(text, expected):
    assert french_spaces(text) == expected


def test_spaces_leave_tags_and_styles_alone():
    html = '<style>a { b : c }</style><p title="x : y">x : y</p><!-- x : y -->'
    assert outside_markup(french_spaces, html) == html.replace(">x : y<", f">x{N}: y<")


@given(st.text(max_size=300))
def test_one_line_is_one_visible_line(text):
    line = one_line(text, 80)
    assert len(line) <= 80
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un deux trois", "un deux…"),
        ("undeuxtrois", "undeuxtro…"),
        ("dix lettre", "dix lettre"),
        ("a\tb\r\nc", "a b c"),
        ("a\u202eb\x00c", "a b c"),
    ],
)
def test_one_line_cuts_at_a_word(text, expected):
    assert one_line(text, 10) == expected


@given(st.lists(st.text("abcdé-/", min_size=1, max_size=30), min_size=1, max_size=40))
def test_wrapping_breaks_no_word(words):
    wrapped = wrap(" ".join(words), indent="     ", first="   ")
    assert wrapped.split() == words
    assert all(len(line) <= WIDTH for line in wrapped.splitlines())
