"""Sorting and searching without accents, the same on every database."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts

from tracker.storage.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Œuvre  de l’Étang ", "oeuvre de l'etang"),
        ("e\u0301 É Ç ÿ", "e e c y"),
        ("STRASSE Straße", "strasse strasse"),
        ("1\u202f234\u00a0€", "1 234 €"),
        ("Tromsø Łódź", "tromso lodz"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(texts())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
