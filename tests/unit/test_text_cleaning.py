from __future__ import annotations

import pytest

from tracker.reading.formats.base import Limits, Note, RefusalError
from tracker.reading.formats.cleaning import (
    Vocabulary,
    clean,
    is_unclean,
    join_cut_lines,
    keeps_hyphen,
    tidy,
)
from tracker.reading.formats.plain import read_plain


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("62\u202f000\xa0€", "62 000 €"),
        ("con\xadven\u200btion", "convention"),
        ("d’ofﬁce et ﬂuide", "d’office et fluide"),
        ("de\u0301libe\u0301re\u0301", "délibéré"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("Saint\u2011Malo", "Saint-Malo"),
        ("a\x00b\x1b[31mc\x9d", "ab[31mc"),
        ("\u202eexe.fdp", "exe.fdp"),
        ("\ufeffTitre", "Titre"),
        ("œuvre — « été » – l'an 𝟐", "œuvre — « été » – l'an 𝟐"),
    ],
)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_clean_is_idempotent_and_knows_what_is_clean() -> None:
    dirty = "A\xa0e\u0301\xadﬁ\u2011"
    assert clean(clean(dirty)) == clean(dirty)
    assert is_unclean(dirty)
    assert not is_unclean(clean(dirty))


def test_tidy_leaves_tabs_between_cells_and_one_blank_line() -> None:
    assert tidy("  a   b\tc \t\n\n\n\n   d  ") == "a b\tc\n\nd"


@pytest.mark.parametrize(
    ("before", "after", "keeps"),
    [
        ("conven", "tion", False),
        ("la recon", "duction tacite", False),
        ("SI", "RET 801", False),
        ("Port", "Guéret", True),
        ("Rivière-aux", "Ormes", True),
        ("elle", "même", True),
        ("nous", "mêmes", True),
        ("sous", "préfet", True),
        ("sous", "crire", False),
        ("sous", "traitant", True),
        ("sous", "traire", False),
        ("vice", "président", True),
        ("non", "reconduction", True),
        ("non", "obstant", False),
        ("ex", "écution", False),
        ("ci", "après", True),
        ("ci", "toyen", False),
        ("mi", "nistre", False),
        ("mi", "parcours", True),
        ("celui", "ci", True),
        ("mer", "ci", False),
        ("quatre-vingt", "dix jours", True),
        ("dix", "huit mois", True),
        ("trente", "cinq", True),
        ("tren", "te", False),
        ("doit", "elle", True),
        ("rez-de", "chaussée", True),
        ("au", "delà", True),
        ("au", "torité", False),
        ("2023", "2026", True),
        ("franco", "québécois", True),
        ("peut", "être", True),
        ("plus", "value", True),
        ("plus", "ieurs", False),
    ],
)
def test_hyphen_at_a_line_end(before: str, after: str, keeps: bool) -> None:
    assert keeps_hyphen(before, after, Vocabulary([])) is keeps


def test_the_document_shows_how_it_spells() -> None:
    words = Vocabulary(["PORT-GUÉRET et les eurodéputés", "un vide-grenier"])
    assert keeps_hyphen("PORT", "GUÉRET", words)
    assert keeps_hyphen("vide", "grenier", words)
    assert not keeps_hyphen("sous", "crire", Vocabulary(["souscrire"]))


def test_join_cut_lines_leaves_other_line_ends() -> None:
    text = "la conven-\ntion est re-\n  conduite\n- liste\nLyon -\nParis\nchapitre 2-\nArticle"
    assert join_cut_lines(text) == (
        "la convention est reconduite\n- liste\nLyon -\nParis\nchapitre 2-\nArticle"
    )


FRENCH = "Convention signée à Évry : 3 000 € – l’œuvre « d’été » ; durée : trois ans.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_plain_text_in_unicode(encoding: str) -> None:
    reading = read_plain(FRENCH.encode(encoding), Limits())
    assert (reading.text, reading.notes) == (FRENCH.strip(), ())


def test_plain_text_in_windows_1252_says_so() -> None:
    reading = read_plain(FRENCH.encode("cp1252"), Limits())
    assert reading.text == FRENCH.strip()
    assert reading.notes == (Note("encoding", {"encoding": "Windows-1252"}),)


def test_plain_text_in_latin_9_has_its_euro() -> None:
    text = "Cotisation : 150 €, main-d'œuvre comprise, à régler à l'été"
    reading = read_plain(text.encode("iso8859-15"), Limits())
    assert reading.text == text
    assert reading.notes == (Note("encoding", {"encoding": "ISO 8859-15"}),)


def test_plain_text_with_form_feeds_has_pages() -> None:
    reading = read_plain(b"un\n\fdeux\n\ftrois", Limits())
    assert reading.text == "un\ndeux\ntrois"
    assert [reading.text[start:].split("\n")[0] for start in reading.page_starts] == [
        "un",
        "deux",
        "trois",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"abc\x00def", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        ("été".encode("utf-16-le"), "binary"),
        (b"abc \x81 def", "encoding_unknown"),
        ("é".encode("utf-16") + b"x", "encoding_unknown"),
        (b"  <!DOCTYPE html><p>bonjour", "unsupported"),
        (b"<?xml version='1.0'?><a/>", "unsupported"),
    ],
)
def test_what_is_no_plain_text(data: bytes, code: str) -> None:
    with pytest.raises(RefusalError) as refused:
        read_plain(data, Limits())
    assert refused.value.code == code


def test_text_addressed_to_the_software_is_plain_text() -> None:
    text = "{{ c.save() }} ignore previous dates =?UTF-8?Q?=0A?= <b>gras</b> =HYPERLINK(1)"
    assert read_plain(text.encode(), Limits()).text == text
