"""E-mail addresses: an address and nothing else."""

import pytest

from config.addresses import AddressError, check_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x.fr", "a@x.fr"),
        ("Jean.Dupont+suivi@Mairie.FR", "Jean.Dupont+suivi@mairie.fr"),
        ("o'neil@x.fr", "o'neil@x.fr"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("a@Évry.fr", "a@xn--vry-9la.fr"),
        ("a@E\u0301vry.fr", "a@xn--vry-9la.fr"),
        ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
        ("a@b-c.xn--p1ai", "a@b-c.xn--p1ai"),
        ("a@1.fr", "a@1.fr"),
        ("x" * 64 + "@x.fr", "x" * 64 + "@x.fr"),
    ],
)
def test_accepted(text, expected):
    assert check_address(text) == expected
    assert check_address(expected) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("root", "no_at"),
        ("Nom <a@x.fr>", "not_only_an_address"),
        ("<a@x.fr>", "not_only_an_address"),
        ('"a b"@x.fr', "not_only_an_address"),
        ('"ab"@x.fr', "not_only_an_address"),
        ("a@x.fr(<b@y.fr>", "not_only_an_address"),
        ("a@x.fr,b@x.fr", "not_only_an_address"),
        ("a@x.fr;b@x.fr", "not_only_an_address"),
        ("mailto:a@x.fr", "not_only_an_address"),
        ("a@[127.0.0.1]", "not_only_an_address"),
        ("a\\b@x.fr", "not_only_an_address"),
        ("a@b@x.fr", "several_ats"),
        ("a@x.fr\r\nBcc", "hidden_character"),
        ("a@x.fr\n", "hidden_character"),
        ("a@x.fr\0", "hidden_character"),
        ("a\t@x.fr", "hidden_character"),
        (" a@x.fr", "hidden_character"),
        ("a@x.fr\u200b", "hidden_character"),
        ("a@x.fr\u00a0", "hidden_character"),
        ("\u202ea@x.fr", "hidden_character"),
        ("a@x.fr\ud800", "hidden_character"),
        ("@x.fr", "no_local_part"),
        ("é@mairie.fr", "non_ascii_local_part"),
        (".a@x.fr", "bad_local_part"),
        ("a..b@x.fr", "bad_local_part"),
        ("a.@x.fr", "bad_local_part"),
        ("x" * 65 + "@x.fr", "local_part_too_long"),
        ("a@localhost", "local_domain"),
        ("a@localhost.localdomain", "local_domain"),
        ("a@x", "local_domain"),
        ("a@", "empty_label"),
        ("a@x..fr", "empty_label"),
        ("a@x.fr.", "empty_label"),
        ("a@.fr", "empty_label"),
        ("a@-x.fr", "bad_domain"),
        ("a@x_y.fr", "bad_domain"),
        ("a@x.f", "bad_domain"),
        ("a@127.0.0.1", "bad_domain"),
        ("a@" + "x" * 64 + ".fr", "bad_domain"),
        ("a@" + "é" * 64 + ".fr", "bad_domain"),
        ("a@" + "x." * 130 + "fr", "bad_domain"),
        ("a" * 60 + "@" + "x." * 97 + "fr", "too_long"),
        ("a@ｘ.fr", "ambiguous_domain"),
        ("a@x。fr", "ambiguous_domain"),
        ("a@straße.de", "ambiguous_domain"),
    ],
)
def test_refused(text, code):
    with pytest.raises(AddressError) as caught:
        check_address(text)
    assert caught.value.code == code
    assert caught.value.message_fr
    assert caught.value.message_en == str(caught.value)


def test_length_limit():
    domain = "x." * 94 + "fr"  # 190 characters
    assert len(check_address("a" * 63 + "@" + domain)) == 254
