"""A scriptable SMTP relay for tests: what real relays do on bad days, on demand.

    with Relay(script=["451", "accept"]) as relay:
        ...
        assert [mail.recipient for mail in relay.accepted] == [...]

`script` gives the behaviour of the first messages in turn (then `default`); `by_recipient` wins over
it. Behaviours:

| name | what happens |
|---|---|
| accept | 250 |
| 421_mail, 530_mail, 452_mail, 552_mail | that reply to MAIL |
| 550, 450, 421_rcpt, 551_5.7.1 | that reply to RCPT |
| 451, 554, 552, 421 | that reply to the final dot; the mail is thrown away |
| drop_mail, drop_rcpt | the connection is cut instead of the reply |
| drop_before_dot | cut while the body comes |
| early_554 | 554 and a cut while the body comes |
| drop_after_dot_accepted | the mail is taken, the connection cut before the reply |
| drop_after_dot_lost | the mail is thrown away, the connection cut before the reply |
| timeout | the mail is taken, no reply ever comes |
| timeout_mail | MAIL is never answered |
| slow | the mail is taken, the reply comes after `slow_seconds` |
| bad_quit | 250, then 500 to QUIT |
| drop_quit | 250, then the connection is cut at QUIT |
| garbage | the mail is taken, and the reply is no SMTP reply |
| long_reply, endless_reply | the mail is taken; a reply of ten megabytes, or one without end |
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail the relay has made its own."""

    sender: str
    recipient: str
    content: bytes
    at: float

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.content)["Message-ID"])


class DroppedError(Exception):
    """The connection ends here."""


@dataclass
class Relay:
    """Listen on a free port of 127.0.0.1 until the `with` block ends."""

    script: Iterable[str] = ()
    default: str = "accept"
    by_recipient: Mapping[str, str] = field(default_factory=dict)
    starttls: bool = False
    implicit_tls: bool = False
    certificate: Path | None = None
    """PEM with key and chain, from `make_authority`."""
    auth: tuple[str, str] | None = None
    auth_methods: str = "PLAIN LOGIN"
    size: int | None = None
    greeting: bytes = b"220 relay.example ESMTP\r\n"
    ehlo_extra: tuple[str, ...] = ("8BITMIME", "ENHANCEDSTATUSCODES")
    after_starttls: bytes = b""
    slow_seconds: float = 0.3
    one_mail_per_connection: bool = False
    on_accept: Callable[[Taken], None] | None = None
    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        self._script = iter(self.script)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.accepted: list[Taken] = []
        self.commands: list[str] = []
        self.connections = 0
        self.dots = 0
        """Final dots that reached the relay, whatever became of the mail."""
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()

    # --- life ------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        listener = socket.create_server((self.host, self.port), backlog=64)
        listener.settimeout(0.1)
        self.port = listener.getsockname()[1]
        self._stop.clear()
        self._listener = listener
        thread = threading.Thread(target=self._listen, args=(listener,), daemon=True)
        thread.start()
        self._threads = [thread]

    def stop(self) -> None:
        """Stop listening and cut every conversation; `start` may follow, on the same port."""
        self._stop.set()
        if self._listener is not None:
            self._listener.close()
        with self._lock:
            open_now = list(self._open)
        for connection in open_now:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _listen(self, listener: socket.socket) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open.add(connection)
        try:
            conversation = _Conversation(self, connection)
            with contextlib.suppress(DroppedError, OSError, ssl.SSLError):
                conversation.run()
            conversation.close()
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    # --- what is asked of it ---------------------------------------------------------------------

    def behaviour(self, recipient: str | None) -> str:
        with self._lock:
            if recipient is not None and recipient in self.by_recipient:
                return self.by_recipient[recipient]
            return next(self._script, self.default)

    def take(self, taken: Taken) -> None:
        with self._lock:
            self.accepted.append(taken)
        if self.on_accept is not None:
            self.on_accept(taken)

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait_for(self, count: int, seconds: float = 10.0) -> None:
        """Wait until `count` mails were accepted."""
        until = time.monotonic() + seconds
        while len(self.accepted) < count:
            if time.monotonic() > until:
                raise AssertionError(f"{len(self.accepted)} accepted, {count} expected")
            time.sleep(0.005)


class _Conversation:
    def __init__(self, relay: Relay, connection: socket.socket) -> None:
        self.relay = relay
        self.connection = connection
        self.buffer = b""
        self.secure = False
        self.known = relay.auth is None
        self.sender = ""
        self.recipient = ""
        self.doing = ""
        self.last = "accept"

    def run(self) -> None:
        if self.relay.implicit_tls:
            self.encrypt()
        self.connection.sendall(self.relay.greeting)
        while True:
            line = self.line()
            verb, _, rest = line.partition(" ")
            self.relay.commands.append(line if not verb.upper().startswith("AUTH") else "AUTH")
            method = getattr(self, f"do_{verb.lower()}", None)
            if method is None:
                self.say("502 5.5.2 unknown")
            else:
                method(rest)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.close()

    # --- bytes -----------------------------------------------------------------------------------

    def say(self, *lines: str) -> None:
        text = [f"{line[:3]}-{line[4:]}" for line in lines[:-1]] + [lines[-1]]
        self.connection.sendall("".join(f"{line}\r\n" for line in text).encode())

    def fill(self) -> None:
        chunk = self.connection.recv(65536)
        if not chunk:
            raise DroppedError
        self.buffer += chunk

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.fill()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.relay.certificate is not None
        context.load_cert_chain(self.relay.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.secure = True

    # --- commands --------------------------------------------------------------------------------

    def do_ehlo(self, _: str) -> None:
        lines = ["250 relay.example"]
        if self.relay.size is not None:
            lines.append(f"250 SIZE {self.relay.size}")
        if self.relay.starttls and not self.secure:
            lines.append("250 STARTTLS")
        elif self.relay.auth is not None:
            lines.append(f"250 AUTH {self.relay.auth_methods}")
        self.say(*lines, *(f"250 {extra}" for extra in self.relay.ehlo_extra))

    def do_starttls(self, _: str) -> None:
        self.connection.sendall(b"220 go ahead\r\n" + self.relay.after_starttls)
        self.encrypt()

    def do_auth(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        if method.upper() == "PLAIN":
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            user = base64.b64decode(first).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.line()).decode()
        self.known = (user, password) == self.relay.auth
        self.say("235 2.7.0 welcome" if self.known else "535 5.7.8 wrong password")

    def do_rset(self, _: str) -> None:
        if self.relay.one_mail_per_connection and self.last == "accepted":
            raise DroppedError
        self.sender = self.recipient = ""
        self.say("250 2.0.0 forgotten")

    do_noop = do_rset

    def do_mail(self, rest: str) -> None:
        if not self.known:
            self.say("530 5.7.0 who are you")
            return
        self.sender = re.findall(r"<([^>]*)>", rest)[0]
        self.doing = ""
        if not self.relay.by_recipient:
            self.doing = self.relay.behaviour(None)
        size = re.search(r"SIZE=(\d+)", rest)
        if self.relay.size is not None and size and int(size[1]) > self.relay.size:
            self.say("552 5.3.4 too big")
        elif self.doing == "drop_mail":
            raise DroppedError
        elif self.doing == "timeout_mail":
            self.hang()
        elif self.doing.endswith("_mail"):
            self.say(f"{self.doing[:3]} not now")
            if self.doing.startswith("421"):
                raise DroppedError
        else:
            self.say("250 2.1.0 ok")

    def do_rcpt(self, rest: str) -> None:
        self.recipient = re.findall(r"<([^>]*)>", rest)[0]
        if not self.doing:
            self.doing = self.relay.behaviour(self.recipient)
        if self.doing == "drop_rcpt":
            raise DroppedError
        if self.doing == "550":
            self.say("550 5.1.1 nobody of that name")
        elif self.doing == "450":
            self.say("450 4.2.0 come back later")
        elif self.doing == "421_rcpt":
            self.say("421 4.3.2 closing")
            raise DroppedError
        elif self.doing.startswith("551_"):
            self.say(f"551 {self.doing[4:]} not through me")
        else:
            self.say("250 2.1.5 ok")

    def do_data(self, _: str) -> None:
        self.say("354 go on")
        if self.doing == "drop_before_dot":
            self.fill()
            raise DroppedError
        if self.doing == "early_554":
            self.fill()
            self.say("554 5.7.1 no such words here")
            raise DroppedError
        while b"\r\n.\r\n" not in self.buffer:
            self.fill()
        content, _dot, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        self.relay.dots += 1
        taken = Taken(
            self.sender,
            self.recipient,
            re.sub(rb"(?m)^\.\.", b".", content + b"\r\n"),
            time.monotonic(),
        )
        self.reply_to_dot(taken)

    def reply_to_dot(self, taken: Taken) -> None:
        doing = self.doing
        if doing in {"451", "554", "552", "421"}:
            enhanced = {"451": "4.3.0", "554": "5.6.0", "552": "5.3.4", "421": "4.3.2"}[doing]
            self.say(f"{doing} {enhanced} no")
            if doing == "421":
                raise DroppedError
            return
        if doing == "drop_after_dot_lost":
            raise DroppedError
        self.relay.take(taken)
        self.last = "accepted"
        if doing == "drop_after_dot_accepted":
            raise DroppedError
        if doing == "timeout":
            self.hang()
        elif doing == "slow":
            time.sleep(self.relay.slow_seconds)
            self.say("250 2.0.0 taken")
        elif doing == "garbage":
            self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
        elif doing == "long_reply":
            self.connection.sendall(b"250 " + b"x" * 10_000_000 + b"\r\n")
        elif doing == "endless_reply":
            while not self.relay.stopping:
                self.connection.sendall(b"250-more\r\n" * 100)
        else:
            self.say("250 2.0.0 taken")

    def hang(self) -> None:
        while not self.relay.stopping:
            with contextlib.suppress(TimeoutError):
                self.connection.settimeout(0.1)
                if not self.connection.recv(1024):
                    raise DroppedError
        raise DroppedError

    def do_quit(self, _: str) -> None:
        if self.doing == "bad_quit":
            self.say("500 what")
        elif self.doing != "drop_quit":
            self.say("221 bye")
        raise DroppedError


def make_authority(folder: Path, *, name: str = "localhost", days: int = 1) -> tuple[Path, Path]:
    """Make a certificate authority and a relay's certificate; return (CA, certificate with key)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = dt.datetime.now(dt.UTC)
    start, end = now + dt.timedelta(days=min(days, 0) - 1), now + dt.timedelta(days=days)

    def builder(
        subject: str, issuer: str, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )

    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = (
        builder("test authority", "test authority", ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False),
            critical=True,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        builder(name, "test authority", key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    ca_file, certificate_file = folder / "ca.pem", folder / f"{name}.pem"
    ca_file.write_bytes(ca.public_bytes(pem))
    certificate_file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return ca_file, certificate_file
