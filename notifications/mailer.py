"""Hand one frozen mail to one relay, and say exactly how far it got.

`smtplib` gives the primitives; the order of phases is ours, because how a failed attempt must be
treated depends on the phase it reached:

- before the final dot the relay has certainly not taken the mail;
- after the final dot, without a reply that can be read, nobody knows (RFC 1047): `UNCERTAIN`;
- connecting, TLS, AUTH, MAIL and 421 say something about the relay, not about this mail: `RELAY`.

`before_dot` is called between the last byte of the body and the final dot. The caller commits its
mark there; if it raises, the connection is cut without the dot and the exception passes on.
"""

from __future__ import annotations

import base64
import os
import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from notifications.headers import FrozenMail

MAX_REPLY_BYTES: Final = 32 * 1024
MAX_REPLY_LINES: Final = 100
MAX_REPLY_TEXT: Final = 400
MAILS_PER_CONNECTION: Final = 50

_ENVELOPE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}")
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_SENDER_UNWELCOME: Final = frozenset({530, 535, 538})
_PROTOCOL_CONFUSION: Final = frozenset({500, 501, 502, 503, 504})


class Security(StrEnum):
    """How the conversation is protected; `NONE` only towards this machine."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Phase(StrEnum):
    """How far an attempt got."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


class Verdict(StrEnum):
    """What an attempt means for the mail."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """For good: this mail to this recipient will not be taken."""
    TEMPORARY = "temporary"
    """Not taken this time; this mail may be tried again."""
    UNCERTAIN = "uncertain"
    """The final dot left, and no reply came."""
    RELAY = "relay"
    """The relay itself is in trouble; this says nothing about the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one attempt: what it means, the phase it ended in, what the relay said."""

    verdict: Verdict
    phase: Phase
    code: int | None = None
    text: str = ""

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463), where the relay gave one."""
        found = _ENHANCED.search(self.text)
        return found[0] if found else None

    @property
    def too_big(self) -> bool:
        """Tell whether a smaller mail would be taken."""
        if self.verdict is not Verdict.REFUSED or self.phase is Phase.RCPT:
            return False  # 552 on RCPT is a full mailbox
        return self.enhanced == "5.3.4" or (self.code == 552 and self.enhanced is None)

    def __str__(self) -> str:
        said = " ".join(str(part) for part in (self.code, self.text) if part)
        return f"{self.verdict} at {self.phase}: {said}" if said else f"{self.verdict}"


class Mailer(Protocol):
    """Something that takes mails: a relay, a folder, a fake."""

    def send(self, mail: FrozenMail, before_dot: Callable[[], None]) -> Outcome:
        """Try once. Never raises for what the relay does; only what `before_dot` raises."""
        ...

    def close(self) -> None:
        """End the conversation, politely if possible; never raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to wait, per phase. RFC 5321 4.5.3.2 asks for ten minutes after the dot."""

    connect: float = 30.0
    command: float = 300.0
    body: float = 180.0
    dot: float = 600.0
    quit: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings:
    """Where and how to send. `password` is shown nowhere."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    allow_plaintext: bool = False
    helo: str | None = None
    timeouts: Timeouts = Timeouts()


class _Trouble(Exception):  # noqa: N818 -- control flow inside this module
    """An attempt that ended before the dot."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


class _Smtp(smtplib.SMTP):
    """`smtplib.SMTP` that bounds replies in size and time, and refuses replies nobody asked for.

    smtplib's timeout is per `recv`: a relay that dribbles a byte now and then holds it for ever.
    Its lines are bounded, their number is not.
    """

    def __init__(self, settings: RelaySettings, context: ssl.SSLContext) -> None:
        super().__init__(
            local_hostname=settings.helo or _helo_name(), timeout=settings.timeouts.connect
        )
        self._host = settings.host  # smtplib checks the certificate against it in STARTTLS
        self._settings = settings
        self._context = context
        self._received = bytearray()
        self.reply_timeout = settings.timeouts.connect

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), timeout)
        # Without it the dot may wait for an acknowledgement: the window in which a crash leaves
        # the outcome unknown becomes 40 ms wide.
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._settings.security is not Security.TLS:
            return raw
        try:
            return self._context.wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply, however many lines, within `reply_timeout` seconds in all."""
        until = time.monotonic() + self.reply_timeout
        texts: list[bytes] = []
        size = 0
        while True:
            line = self._line(until)
            size += len(line)
            if size > MAX_REPLY_BYTES or len(texts) >= MAX_REPLY_LINES:
                self.close()
                raise smtplib.SMTPServerDisconnected("reply too long")
            code = line[:3]
            if not code.isdigit() or line[3:4] not in {b" ", b"-", b""}:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"not an SMTP reply: {line[:60]!r}")
            texts.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(code), b"\n".join(texts)

    def _line(self, until: float) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if len(self._received) > MAX_REPLY_BYTES:
                self.close()
                raise smtplib.SMTPServerDisconnected("reply too long")
            self._fill(until)
        line = bytes(self._received[:end]).rstrip(b"\r")
        del self._received[: end + 1]
        return line

    def _fill(self, until: float) -> None:
        left = until - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError("timed out waiting for a reply")
            sock = self._open_socket()
            sock.settimeout(left)
            chunk = sock.recv(4096)
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(f"no reply: {error}") from error
        if not chunk:
            self.close()
            raise smtplib.SMTPServerDisconnected("connection closed by the relay")
        self._received += chunk

    def _open_socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.sock

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        """Write everything; refuse when the relay has already answered what was not asked."""
        if self._received:
            self.close()
            raise smtplib.SMTPServerDisconnected("the relay speaks out of turn")
        sock = self._open_socket()
        sock.settimeout(self.reply_timeout)
        super().send(s)

    def upgrade(self) -> None:
        """STARTTLS; refuse anything that came in clear after the go-ahead (response injection)."""
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)
        sock = self._open_socket()
        if self._received or self.speaks():
            self.close()
            raise smtplib.SMTPServerDisconnected("bytes after the go-ahead for TLS")
        sock.settimeout(self._settings.timeouts.connect)
        self.sock = self._context.wrap_socket(sock, server_hostname=self._settings.host)
        # RFC 3207 4.2: forget what was said in clear.
        self.helo_resp = None
        self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def speaks(self) -> bool:
        """Tell whether the relay has said something, or hung up, since the last reply."""
        if self._received:
            return True
        sock = self._open_socket()
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return True
        readable, _, _ = select.select([sock], [], [], 0)
        if not readable or not isinstance(sock, ssl.SSLSocket):
            return bool(readable)
        # A readable TLS socket may only hold a session ticket: ask the TLS layer.
        sock.settimeout(0)
        try:
            self._received += sock.recv(4096)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        return True  # even without a byte: it has hung up


class SmtpMailer:
    """Send through one relay, keeping the connection for the next mail while it is healthy."""

    def __init__(
        self,
        settings: RelaySettings,
        *,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        # smtplib's own default checks no certificate.
        self._context = context or ssl.create_default_context(
            cafile=str(settings.ca_file) if settings.ca_file else None
        )
        self._clock = clock
        self._smtp: _Smtp | None = None
        self._taken = 0

    def send(self, mail: FrozenMail, before_dot: Callable[[], None]) -> Outcome:
        """Try once; one recipient, one transaction."""
        if not _ENVELOPE.fullmatch(mail.recipient) or not _ENVELOPE.fullmatch(mail.sender):
            return Outcome(
                verdict=Verdict.REFUSED, phase=Phase.RCPT, text="not an address that SMTP can carry"
            )
        try:
            smtp = self._ready()
            self._offer(smtp, mail)
            self._body(smtp, mail)
        except _Trouble as trouble:
            return trouble.outcome
        try:
            before_dot()
        except BaseException:
            self._abort()
            raise
        return self._dot(smtp)

    def check(self) -> Outcome:
        """Connect, TLS and AUTH without sending anything, for a diagnosis."""
        try:
            self._ready()
        except _Trouble as trouble:
            return trouble.outcome
        self.close()
        return Outcome(verdict=Verdict.ACCEPTED, phase=Phase.AUTH)

    def close(self) -> None:
        """Say QUIT and ignore the answer: whatever it is, accepted mails are accepted."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        smtp.reply_timeout = self._settings.timeouts.quit
        try:
            smtp.docmd("QUIT")
        except (smtplib.SMTPException, OSError, ValueError):
            pass
        finally:
            smtp.close()

    def _abort(self) -> None:
        """Cut the connection: a mail whose dot never came is discarded (RFC 5321 4.1.1.4)."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _ready(self) -> _Smtp:
        """Return a connection on which MAIL may follow: the last one if it still answers."""
        if self._smtp is not None and self._taken < MAILS_PER_CONNECTION:
            self._smtp.reply_timeout = min(30.0, self._settings.timeouts.command)
            try:
                if self._smtp.docmd("RSET")[0] == 250:
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass
        self.close()
        self._taken = 0
        self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> _Smtp:
        settings = self._settings
        if settings.security is Security.NONE and not (
            settings.allow_plaintext or _is_loopback(settings.host)
        ):
            raise self._relay(Phase.TLS, text="TLS is required towards another machine")
        smtp = _Smtp(settings, self._context)
        phase = Phase.CONNECT
        try:
            code, text = smtp.connect(settings.host, settings.port)
            if code != 220:
                raise smtplib.SMTPResponseException(code, text)  # noqa: TRY301
            smtp.reply_timeout = settings.timeouts.command
            _ehlo(smtp)
            if settings.security is Security.STARTTLS:
                phase = Phase.TLS
                if not smtp.has_extn("starttls"):
                    raise self._relay(phase, text="STARTTLS is required and not offered")
                smtp.upgrade()
                _ehlo(smtp)
            if settings.username:
                phase = Phase.AUTH
                self._authenticate(smtp, settings.username, settings.password or "")
        except _Trouble:
            smtp.close()
            raise
        except smtplib.SMTPResponseException as error:
            smtp.close()
            raise self._relay(phase, error.smtp_code, error.smtp_error) from error
        except ssl.SSLError as error:
            smtp.close()
            hint = "; is this port one for TLS from the start?" if "VERSION" in str(error) else ""
            raise self._relay(Phase.TLS, text=f"{error}{hint}") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            smtp.close()
            raise self._relay(phase, text=str(error) or type(error).__name__) from error
        return smtp

    def _authenticate(self, smtp: _Smtp, username: str, password: str) -> None:
        """AUTH PLAIN or LOGIN, in UTF-8; smtplib's own stops at the first accented password."""
        if not isinstance(smtp.sock, ssl.SSLSocket):
            raise self._relay(Phase.AUTH, text="a password may only travel inside TLS")
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            code, text = smtp.docmd("AUTH PLAIN", _b64(f"\0{username}\0{password}"))
        elif "LOGIN" in offered:
            code, text = smtp.docmd("AUTH LOGIN", _b64(username))
            if code == 334:
                code, text = smtp.docmd(_b64(password))
        elif "CRAM-MD5" in offered:
            code, text = smtp.login(username, password)
        else:
            raise self._relay(Phase.AUTH, text="no way to authenticate that we know is offered")
        if code not in {235, 503}:
            raise self._relay(Phase.AUTH, code, text)

    def _offer(self, smtp: _Smtp, mail: FrozenMail) -> None:
        """MAIL, RCPT and DATA: up to the relay's go-ahead for the body."""
        smtp.reply_timeout = self._settings.timeouts.command
        limit = smtp.esmtp_features.get("size", "")
        options = [f"SIZE={len(mail.content)}"] if smtp.has_extn("size") else []
        if limit.isdigit() and 0 < int(limit) < len(mail.content):
            raise self._stop(Verdict.REFUSED, Phase.MAIL, 552, f"5.3.4 larger than SIZE {limit}")
        code, text = self._ask(Phase.MAIL, lambda: smtp.mail(mail.sender, options))
        if code != 250:
            said = _shorten(text)
            if code == 552 or "5.3.4" in said:
                raise self._stop(Verdict.REFUSED, Phase.MAIL, code, said)
            if code == 452:  # RFC 1870: not enough room for this size, now
                raise self._stop(Verdict.TEMPORARY, Phase.MAIL, code, said)
            raise self._relay(Phase.MAIL, code, text)
        code, text = self._ask(Phase.RCPT, lambda: smtp.rcpt(mail.recipient))
        if code not in {250, 251}:
            raise self._declined(Phase.RCPT, code, text)
        code, text = self._ask(Phase.DATA, lambda: smtp.docmd("DATA"))
        if code != 354:
            raise self._declined(Phase.DATA, code, text)

    def _ask(self, phase: Phase, command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        try:
            return command()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._abort()
            raise self._relay(phase, text=str(error)) from error

    def _body(self, smtp: _Smtp, mail: FrozenMail) -> None:
        """Send all but the dot; a drop here costs the mail an attempt: it may be the cause."""
        smtp.reply_timeout = self._settings.timeouts.body
        content = re.sub(rb"(?m)^\.", b"..", mail.content)
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        try:
            smtp.send(content)
            if smtp.speaks():
                # An early "no", or an end of file: better read now than after the mark.
                code, text = smtp.getreply()
                self._abort()
                raise self._declined(Phase.BODY, code, text)
        except (smtplib.SMTPException, OSError) as error:
            self._abort()
            raise self._stop(Verdict.TEMPORARY, Phase.BODY, None, str(error)) from error

    def _dot(self, smtp: _Smtp) -> Outcome:
        """Send the dot and read the reply. From here on, no reply means not knowing."""
        smtp.reply_timeout = self._settings.timeouts.dot
        try:
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._abort()
            return Outcome(verdict=Verdict.UNCERTAIN, phase=Phase.DOT, text=_shorten(str(error)))
        self._taken += 1
        if 200 <= code < 300:
            return Outcome(
                verdict=Verdict.ACCEPTED, phase=Phase.DOT, code=code, text=_shorten(text)
            )
        if 400 <= code < 600:
            return self._declined(Phase.DOT, code, text).outcome
        self._abort()
        return Outcome(verdict=Verdict.UNCERTAIN, phase=Phase.DOT, code=code, text=_shorten(text))

    def _declined(self, phase: Phase, code: int, text: bytes) -> _Trouble:
        """Sort a reply that is not a yes."""
        if (
            code == 421
            or code in _SENDER_UNWELCOME
            or (phase is not Phase.DOT and code in _PROTOCOL_CONFUSION - {501})
        ):
            return self._relay(phase, code, text)
        if 500 <= code < 600:
            return self._stop(Verdict.REFUSED, phase, code, _shorten(text))
        if 400 <= code < 500:
            return self._stop(Verdict.TEMPORARY, phase, code, _shorten(text))
        return self._relay(phase, code, text)

    def _relay(self, phase: Phase, code: int | None = None, text: bytes | str = "") -> _Trouble:
        self._abort()
        return self._stop(Verdict.RELAY, phase, code, _shorten(text))

    @staticmethod
    def _stop(verdict: Verdict, phase: Phase, code: int | None, text: str) -> _Trouble:
        return _Trouble(Outcome(verdict=verdict, phase=phase, code=code, text=_shorten(text)))


class FileMailer:
    """Write each mail as an `.eml` file, whole or not at all, readable by its owner only.

    The name comes from the Message-ID: a repeat writes the same file again, so that what is
    uncertain with a relay is harmless here.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def send(self, mail: FrozenMail, before_dot: Callable[[], None]) -> Outcome:
        """Write to a temporary file, call `before_dot`, give the file its name."""
        target = self._directory / eml_name(mail.message_id)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_durably(temporary, mail.content)
        except OSError as error:
            _discard(temporary)
            return Outcome(verdict=Verdict.RELAY, phase=Phase.BODY, text=str(error))
        try:
            before_dot()
        except BaseException:
            _discard(temporary)
            raise
        try:
            temporary.replace(target)
            _sync_directory(self._directory)
        except OSError as error:
            # Either the file has its name or it has not, and a repeat gives it the same one.
            return Outcome(verdict=Verdict.RELAY, phase=Phase.DOT, text=str(error))
        return Outcome(verdict=Verdict.ACCEPTED, phase=Phase.DOT, text=target.name)

    def close(self) -> None:
        """Nothing is kept open."""


def eml_name(message_id: str) -> str:
    """Return the file name of a mail."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", message_id.strip("<>").replace("@", "_at_")) + ".eml"


def _write_durably(path: Path, content: bytes) -> None:
    # The mode is given at creation: a later chmod leaves a moment in which anyone may read.
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ehlo(smtp: _Smtp) -> None:
    code, text = smtp.ehlo()
    if code != 250:
        raise smtplib.SMTPResponseException(code, text)


def _helo_name() -> str:
    """Name this machine without asking the DNS: `getfqdn` can hang for as long as it likes."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _shorten(text: bytes | str) -> str:
    """One line, printable, not too long: it goes to logs, to the database and to a terminal."""
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join(decoded.split())
    return "".join(char if char.isprintable() else "?" for char in line)[:MAX_REPLY_TEXT]
