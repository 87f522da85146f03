"""Assemble a mail as frozen bytes, and refuse to freeze anything that does not read back right.

Built with the legacy `Header`, `MIMEText` and `MIMEMultipart` classes: on the CPython versions in
use `EmailMessage` folds accented subjects and names wrongly (a space lost or doubled in one subject
out of twenty). It also decodes what it is given, so that on CPython before 3.13 a *title* such as
`=?UTF-8?Q?=0A?=Bcc: x@y.fr` becomes a real `Bcc:` header. So here:

- control characters, invisible format characters and encoded words are refused in every value;
- the bytes are parsed again, and headers and bodies compared with what was meant, before anyone
  may queue them.

Same input, same bytes: boundaries and Message-ID are hashes of the content, the date is given. A
retry therefore cannot differ from the first try, whatever the time or the machine.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import charset as email_charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesFeedParser
from email.policy import compat32
from email.utils import format_datetime
from io import BytesIO

from config.addresses import AddressError, check_address, check_domain

MAX_SUBJECT = 200
MAX_NAME = 120
MAX_LINE = 78
HARD_LINE = 998  # RFC 5322 2.1.1: an address cannot be folded, and may be long

_WIRE = compat32.clone(linesep="\r\n", max_line_length=MAX_LINE)
_PIECE = 65_536
_LONG_LINE = re.compile(rb"^[^\r\n]{%d,}" % (MAX_LINE + 1), re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Categories Cc and Cs of Unicode, less line feed and tabulation."""
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?]*\?")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]{1,128}@[A-Za-z0-9.-]{1,190}>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 ._'/&()+-]*")


class UnsafeMail(ValueError):  # noqa: N818 -- what it is, said of the mail
    """A mail that must not be queued: `field` says which part, `reason` why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file joined to a mail; the name is ours, never a user's."""

    filename: str
    content: bytes
    media_type: str = "text/calendar"
    parameters: tuple[tuple[str, str], ...] = (("charset", "utf-8"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMail:
    """What a person reads: the letter, before anything is said about who gets it and when."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()

    def without_attachments(self) -> RenderedMail:
        """Return the same letter alone, for a relay that finds it too big."""
        return RenderedMail(subject=self.subject, text=self.text, html=self.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address and, apart from it, the name shown beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenMail:
    """A mail ready to leave: these bytes, and no others, are sent at each try."""

    sender: str
    recipient: str
    subject: str
    message_id: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Fingerprint of the bytes, checked again before each try."""
        return hashlib.sha256(self.content).hexdigest()


def freeze(
    mail: RenderedMail,
    *,
    sender: Mailbox,
    recipient: Mailbox,
    date: datetime,
    domain: str | None = None,
    salt: str = "",
) -> FrozenMail:
    """Assemble, serialise, read back and compare; UnsafeMail when any of it is not what was meant.

    The Message-ID is a hash of everything else, at `domain`, else at the sender's domain. `salt`
    tells a letter from an identical one that was withdrawn before it left.
    """
    if date.tzinfo is None:
        raise ValueError("a mail's date must be aware")
    from_address = _address("From", sender.address)
    to_address = _address("To", recipient.address)
    subject = _one_line("Subject", mail.subject, MAX_SUBJECT)
    if not subject:
        raise UnsafeMail("Subject", "empty")
    from_name = _one_line("From", sender.name, MAX_NAME)
    to_name = _one_line("To", recipient.name, MAX_NAME)
    text = _body("text", mail.text)
    html = _body("html", mail.html)
    stamp = format_datetime(date)
    domain = check_domain(domain or from_address.rpartition("@")[2])
    seed = _digest(
        (from_name, from_address, to_name, to_address, stamp, subject, text, html, salt),
        mail.attachments,
    )
    message_id = f"<{seed[:40]}@{domain}>"
    root = _body_parts(seed, text, html, mail.attachments)
    del root["MIME-Version"]
    wanted = [
        ("From", _shown(from_name, from_address)),
        ("To", _shown(to_name, to_address)),
        ("Subject", subject),
        ("Date", stamp),
        ("Message-ID", message_id),
        ("List-Id", f"<conventions.{domain}>"),
        ("Auto-Submitted", "auto-generated"),
        # Exchange answers Auto-Submitted mail with absence notices unless told this too.
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
    ]
    encoded = {
        "From": _mailbox_header("From", from_name, from_address),
        "To": _mailbox_header("To", to_name, to_address),
        "Subject": _text_header("Subject", subject),
    }
    content_type = [(name, value) for name, value in root.items() if name.startswith("Content-")]
    for name, _ in content_type:
        del root[name]
    for name, value in wanted:
        # The stub of Message takes strings only; its generator takes Header objects too.
        root[name] = encoded.get(name, value)  # type: ignore[assignment]
    for name, value in content_type:
        root[name] = value
    content = _serialise(root)
    names = [name for name, _ in wanted + content_type]
    verify(content, names=names, values=dict(wanted), bodies=_bodies(text, html, mail.attachments))
    return FrozenMail(
        sender=from_address,
        recipient=to_address,
        subject=subject,
        message_id=message_id,
        content=content,
    )


def verify(
    content: bytes,
    *,
    names: Sequence[str],
    values: dict[str, str],
    bodies: Sequence[tuple[str, bytes]],
) -> None:
    """Compare serialised bytes with what was meant; UnsafeMail at the first difference."""
    _check_lines(content)
    head = content.partition(b"\r\n\r\n")[0]
    if _header_names(head) != list(names):
        raise UnsafeMail("headers", f"{_header_names(head)} instead of {list(names)}")
    parsed = _parsed(content)
    if parsed.keys() != list(names) or parsed.defects:
        raise UnsafeMail("headers", "they do not parse back to the same list")
    for name, value in values.items():
        read = _decoded(parsed[name])
        if read != value:
            raise UnsafeMail(name, "it does not read back as it was written")
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    found = [(part.get_content_type(), part.get_payload(decode=True)) for part in leaves]
    if found != list(bodies) or any(part.defects for part in leaves):
        raise UnsafeMail("body", "its parts do not read back as they were written")


def headers_of(content: bytes) -> dict[str, str]:
    """Return the decoded headers of frozen bytes, for people who look at a message."""
    parsed = _parsed(content.partition(b"\r\n\r\n")[0])
    return {name: _decoded(value) for name, value in parsed.items()}


def letter_of(content: bytes) -> RenderedMail:
    """Return the letter inside frozen bytes, without what was attached to it."""
    parsed = _parsed(content)
    texts: dict[str, str] = {}
    for part in parsed.walk():
        if not part.is_multipart() and "attachment" not in str(part["Content-Disposition"]):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                texts.setdefault(part.get_content_type(), payload.decode("utf-8"))
    return RenderedMail(
        subject=_decoded(parsed["Subject"]),
        text=texts.get("text/plain", ""),
        html=texts.get("text/html", ""),
    )


def has_attachment(content: bytes) -> bool:
    """Tell whether something is attached to frozen bytes."""
    parsed = _parsed(content)
    return any("attachment" in str(part["Content-Disposition"]) for part in parsed.walk())


def tame(text: str, limit: int = MAX_SUBJECT) -> str:
    """Make any text safe in a header: one line, nothing invisible, no encoded word, not too long.

    For what comes from data that an older version, or another program, let in.
    """
    visible = "".join(" " if _is_hidden(char) else char for char in text.replace("=?", "= ?"))
    line = " ".join(visible.split(" ")).strip()
    line = re.sub(r" {2,}", " ", line)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_hidden(char: str) -> bool:
    """Tell control, format, surrogate, private and separator characters from visible ones."""
    category = unicodedata.category(char)
    return category[0] == "C" or category in {"Zl", "Zp"}


def _one_line(field: str, text: str, limit: int) -> str:
    for char in text:
        if _is_hidden(char):
            raise UnsafeMail(field, f"hidden character U+{ord(char):04X}")
    if _ENCODED_WORD.search(text):
        raise UnsafeMail(field, "an encoded word (=?…?=) in data")
    if len(text) > limit:
        raise UnsafeMail(field, f"longer than {limit} characters")
    return text.strip()


def _address(field: str, text: str) -> str:
    try:
        return check_address(text)
    except AddressError as error:
        raise UnsafeMail(field, str(error)) from error


def _body(field: str, text: str) -> str:
    """Return the text with CRLF line ends, refusing what no letter of ours contains."""
    lines = text.replace("\r\n", "\n")
    if found := _CONTROL.search(lines):
        raise UnsafeMail(field, f"control character U+{ord(found.group()):04X}")
    if lines and not lines.endswith("\n"):
        lines += "\n"  # a body without a last line end would read back with one
    return lines.replace("\n", "\r\n")


def _digest(texts: Iterable[str], attachments: Sequence[Attachment]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        data = text.encode()
        digest.update(b"%d:" % len(data) + data)
    for attachment in attachments:
        digest.update(b"%d:" % len(attachment.content) + attachment.filename.encode())
        digest.update(attachment.content)
    return digest.hexdigest()


def _text_header(name: str, text: str) -> str | Header:
    if text.isascii() and len(name) + 2 + len(text) <= MAX_LINE:
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=MAX_LINE - 2)


def _mailbox_header(field: str, name: str, address: str) -> str:
    """Encode the name by itself: `Header` given a whole mailbox would encode the address too."""
    if not name:
        return address
    if _PLAIN_NAME.fullmatch(name) and len(name) + len(address) + len(field) <= MAX_LINE - 8:
        return f'"{name}" <{address}>'
    words = Header(name, "utf-8", header_name=field, maxlinelen=MAX_LINE - 2).encode(linesep="\r\n")
    return f"{words}\r\n <{address}>"


def _shown(name: str, address: str) -> str:
    if not name:
        return address
    return f"{name} <{address}>"


def _decoded(value: str | Header) -> str:
    raw = str(value).replace("\r\n", "")
    quoted = re.fullmatch(r'"([^"\\]*)" (<[^<>]+>)', raw)
    if quoted:
        return f"{quoted[1]} {quoted[2]}"
    return str(make_header(decode_header(raw)))


def _body_parts(
    seed: str, text: str, html: str, attachments: Sequence[Attachment]
) -> MIMEBase | MIMEText:
    letter: MIMEBase | MIMEText = _text_part(text, "plain")
    if html:
        # `=_` can stand neither in quoted-printable nor in base64: no body contains a boundary.
        alternative = MIMEMultipart("alternative", boundary=f"=_a{seed[40:60]}")
        alternative.attach(letter)
        alternative.attach(_text_part(html, "html"))
        letter = alternative
    if not attachments:
        return letter
    mixed = MIMEMultipart("mixed", boundary=f"=_m{seed[40:60]}")
    del letter["MIME-Version"]
    mixed.attach(letter)
    for attachment in attachments:
        mixed.attach(_attached(attachment))
    return mixed


def _text_part(text: str, subtype: str) -> MIMEText:
    utf8 = email_charset.Charset("utf-8")
    utf8.body_encoding = email_charset.QP  # 8bit bodies are sent to relays that never offered it
    # MIMEText takes a Charset at run time, but its type stub knows only names.
    part = MIMEText("", subtype, "us-ascii")
    del part["Content-Transfer-Encoding"]
    part.set_payload(text.replace("\r\n", "\n"), utf8)
    del part["MIME-Version"]
    return part


def _attached(attachment: Attachment) -> MIMEBase:
    if not _FILE_NAME.fullmatch(attachment.filename):
        raise UnsafeMail("attachment", f"file name {attachment.filename!r}")
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        raise UnsafeMail("attachment", f"media type {attachment.media_type!r}")
    for name, value in attachment.parameters:
        if not _FILE_NAME.fullmatch(name) or not _FILE_NAME.fullmatch(value):
            raise UnsafeMail("attachment", f"parameter {name!r}={value!r}")
    main, _, sub = attachment.media_type.partition("/")
    part = MIMEBase(main, sub)
    for name, value in attachment.parameters:
        part.set_param(name, value)
    del part["MIME-Version"]
    part.add_header("Content-Disposition", "attachment", filename=attachment.filename)
    part.set_payload(attachment.content)
    encode_base64(part)
    return part


def _bodies(text: str, html: str, attachments: Sequence[Attachment]) -> list[tuple[str, bytes]]:
    bodies = [("text/plain", text.encode())]
    if html:
        bodies.append(("text/html", html.encode()))
    bodies += [(attachment.media_type, attachment.content) for attachment in attachments]
    return bodies


def _serialise(message: Message) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_WIRE).flatten(message)
    content = buffer.getvalue()
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def _check_lines(content: bytes) -> None:
    if not content.isascii() or b"\0" in content:
        raise UnsafeMail("bytes", "not 7-bit")
    if not content.count(b"\r\n") == content.count(b"\r") == content.count(b"\n"):
        raise UnsafeMail("bytes", "a bare CR or LF")
    for found in _LONG_LINE.finditer(content):
        line = found.group()
        # An address or an identifier cannot be folded; everything else can.
        if b"@" not in line or len(line) > HARD_LINE:
            raise UnsafeMail("bytes", f"a line of {len(line)} characters")


def _parsed(content: bytes) -> Message:
    """Parse frozen bytes piece by piece: whole, they would be copied at four bytes a character."""
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(content), _PIECE):
        parser.feed(content[start : start + _PIECE])
    return parser.close()


def _header_names(head: bytes) -> list[str]:
    """Read header names by hand: the check must not lean on the parser that it checks."""
    lines = head.split(b"\r\n")
    starts = [line for line in lines if line[:1] not in {b" ", b"\t"}]
    return [line.partition(b":")[0].decode("ascii") for line in starts]
