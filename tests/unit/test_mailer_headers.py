"""Frozen bytes: read back right by a parser that is not Python's, and never more than was meant."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.headers import (
    Attachment,
    FrozenMail,
    Mailbox,
    RenderedMail,
    UnsafeMail,
    freeze,
    has_attachment,
    headers_of,
    letter_of,
    tame,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=1)))
SENDER = Mailbox(address="conventions@mairie.example", name="Ville de Besançon – Secrétariat")
LETTER = RenderedMail(
    subject="L'échéance « Mayence–Dijon » : préavis avant le 30 septembre",
    text="Bonjour,\n.\n..deux points\nFrom là\ndernière ligne sans fin",
    html="<p>Bonjour «\u202f!\u202f»</p>",
    attachments=(Attachment(filename="echeances.ics", content=b"BEGIN:VCALENDAR\r\n" * 9),),
)


def frozen(mail: RenderedMail = LETTER, to: Mailbox | None = None) -> FrozenMail:
    return freeze(mail, sender=SENDER, recipient=to or Mailbox(address="a@x.fr"), date=NOON)


def independent_headers(content: bytes) -> list[tuple[str, str]]:
    """Read headers as RFC 5322 and RFC 2047 say, without the `email` package."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    unfolded = re.sub(r"\r\n([ \t])", r"\1", head)
    pairs = [line.partition(":")[::2] for line in unfolded.split("\r\n")]
    return [(name, decode_words(value.strip())) for name, value in pairs]


def decode_words(value: str) -> str:
    word = r"=\?([^?]+)\?([bBqQ])\?([^?]*)\?="
    value = re.sub(rf"({word})[ \t]+(?={word})", r"\1", value)

    def decoded(found: re.Match[str]) -> str:
        charset, encoding, text = found[1], found[2].lower(), found[3]
        if encoding == "b":
            data = base64.b64decode(text)
        else:
            data = quopri.decodestring(text.replace("_", " ").encode(), header=True)
        return data.decode(charset)

    return re.sub(word, decoded, value)


def test_the_header_list() -> None:
    assert [name for name, _ in independent_headers(frozen().content)] == [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "List-Id",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ]


def test_what_the_headers_say() -> None:
    to = Mailbox(address="a@münchen.de", name="Anaïs")
    read = dict(independent_headers(frozen(to=to).content))
    assert read["From"] == "Ville de Besançon – Secrétariat <conventions@mairie.example>"
    assert read["To"] == "Anaïs <a@xn--mnchen-3ya.de>"
    assert read["Subject"] == LETTER.subject
    assert read["Date"] == "Fri, 20 Nov 2026 12:00:00 +0100"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["List-Id"] == "<conventions.mairie.example>"


def test_the_same_letter_is_the_same_bytes() -> None:
    assert frozen() == frozen()
    assert frozen().message_id != frozen(replace(LETTER, subject="Autre")).message_id
    assert frozen().message_id != frozen(to=Mailbox(address="b@x.fr")).message_id


def test_lines_are_short_ascii_and_end_with_crlf() -> None:
    content = frozen(replace(LETTER, text="é" * 3000 + "x" * 3000)).content
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert content.isascii()
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_letter_of_gives_back_the_letter_alone() -> None:
    content = frozen().content
    letter = letter_of(content)
    assert (letter.subject, letter.attachments) == (LETTER.subject, ())
    assert letter.text.splitlines() == LETTER.text.splitlines()
    assert has_attachment(content)
    assert not has_attachment(freeze(letter, sender=SENDER, recipient=SENDER, date=NOON).content)


HOSTILE = [
    "a\r\nBcc: x@y.fr",
    "a\nBcc: x@y.fr",
    "a\rb",
    "a\0b",
    "a\u2028b",
    "a\u200bb",
    "a\x7fb",
    "=?UTF-8?Q?=0A?=Bcc: x@y.fr",
    "=?utf-8?b?CkJjYzogeEB5LmZy?=",
    "début =?iso-8859-1?q?=0d=0a?= fin",
    "x" * 201,
    "",
    "   ",
]


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_hostile_subject_is_refused(subject: str) -> None:
    with pytest.raises(UnsafeMail):
        frozen(replace(LETTER, subject=subject))


@pytest.mark.parametrize("name", [h for h in HOSTILE if h.strip()])
def test_a_hostile_name_is_refused(name: str) -> None:
    with pytest.raises(UnsafeMail):
        frozen(to=Mailbox(address="a@x.fr", name=name))


@pytest.mark.parametrize("subject", [h for h in HOSTILE if h.strip()])
def test_a_tamed_subject_is_safe(subject: str) -> None:
    mail = frozen(replace(LETTER, subject=tame(subject)))
    assert [name for name, _ in independent_headers(mail.content)].count("Bcc") == 0
    assert dict(independent_headers(mail.content))["Subject"] == tame(subject)


@pytest.mark.parametrize(
    "address",
    ["a@x.fr\r\nBcc: b@x.fr", "Nom <a@x.fr>", "a@x.fr, b@x.fr", "a@localhost", "é@x.fr", ""],
)
def test_only_an_address_is_an_address(address: str) -> None:
    with pytest.raises(UnsafeMail):
        frozen(to=Mailbox(address=address))


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x07b", "a\ud800b"])
def test_control_characters_in_a_body_are_refused(text: str) -> None:
    with pytest.raises(UnsafeMail):
        frozen(replace(LETTER, text=text))


@pytest.mark.parametrize(
    "attachment",
    [
        Attachment(filename='a"; x="b', content=b""),
        Attachment(filename="../a.ics", content=b""),
        Attachment(filename="é.ics", content=b""),
        Attachment(filename="a.ics", content=b"", media_type="text/calendar\r\nX: y"),
        Attachment(filename="a.ics", content=b"", parameters=(("charset", 'x"y'),)),
    ],
)
def test_an_attachment_cannot_add_a_header(attachment: Attachment) -> None:
    with pytest.raises(UnsafeMail):
        frozen(replace(LETTER, attachments=(attachment,)))


def test_a_naive_date_is_a_bad_call() -> None:
    with pytest.raises(ValueError, match="aware"):
        freeze(LETTER, sender=SENDER, recipient=SENDER, date=datetime(2026, 1, 1))  # noqa: DTZ001


FRENCH = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")),
        st.sampled_from('éèàçœÉ«»–’ \u00a0\u202f€=?_"\\<>(),;:@'),
    ),
    min_size=1,
    max_size=150,
)


@settings(max_examples=400, deadline=None)
@given(subject=FRENCH, name=FRENCH)
def test_any_subject_and_any_name_read_back_or_are_refused(subject: str, name: str) -> None:
    try:
        mail = freeze(
            replace(LETTER, subject=subject),
            sender=SENDER,
            recipient=Mailbox(address="a@x.fr", name=name[:100]),
            date=NOON,
        )
    except UnsafeMail:
        hidden = "=?" in subject + name or not subject.strip()
        assert hidden
        return
    read = dict(independent_headers(mail.content))
    assert read["Subject"] == subject.strip()
    shown = name[:100].strip()
    wanted = f"{shown} <a@x.fr>" if shown else "a@x.fr"
    assert read["To"].replace('"', "") == wanted.replace('"', "")
    assert headers_of(mail.content)["Subject"] == subject.strip()


def test_utc_is_as_good_as_paris() -> None:
    mail = freeze(LETTER, sender=SENDER, recipient=SENDER, date=NOON.astimezone(UTC))
    assert dict(independent_headers(mail.content))["Date"] == "Fri, 20 Nov 2026 11:00:00 +0000"
