"""The SMTP driver against every bad day of a relay: what is concluded, and never more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from relay import Relay, make_authority

from notifications.headers import FrozenMail, Mailbox, RenderedMail, freeze
from notifications.mailer import (
    FileMailer,
    Phase,
    RelaySettings,
    Security,
    SmtpMailer,
    Timeouts,
    Verdict,
    eml_name,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHORT = Timeouts(connect=2, command=0.6, body=2, dot=0.6, quit=0.3)


def mail(recipient: str = "agent@mairie.example", text: str = "Bonjour,\n.\n..\n") -> FrozenMail:
    return freeze(
        RenderedMail(subject="Échéance", text=text),
        sender=Mailbox(address="conventions@mairie.example"),
        recipient=Mailbox(address=recipient),
        date=NOON,
    )


def plain(relay: Relay) -> SmtpMailer:
    return SmtpMailer(
        RelaySettings(host="127.0.0.1", port=relay.port, security=Security.NONE, timeouts=SHORT)
    )


def nothing() -> None:
    pass


# behaviour, verdict, phase, whether the dot left, whether the relay kept the mail
BAD_DAYS = [
    ("accept", Verdict.ACCEPTED, Phase.DOT, True, True),
    ("bad_quit", Verdict.ACCEPTED, Phase.DOT, True, True),
    ("drop_quit", Verdict.ACCEPTED, Phase.DOT, True, True),
    ("slow", Verdict.ACCEPTED, Phase.DOT, True, True),
    ("421_mail", Verdict.RELAY, Phase.MAIL, False, False),
    ("530_mail", Verdict.RELAY, Phase.MAIL, False, False),
    ("550_mail", Verdict.RELAY, Phase.MAIL, False, False),
    ("452_mail", Verdict.TEMPORARY, Phase.MAIL, False, False),
    ("552_mail", Verdict.REFUSED, Phase.MAIL, False, False),
    ("drop_mail", Verdict.RELAY, Phase.MAIL, False, False),
    ("timeout_mail", Verdict.RELAY, Phase.MAIL, False, False),
    ("550", Verdict.REFUSED, Phase.RCPT, False, False),
    ("450", Verdict.TEMPORARY, Phase.RCPT, False, False),
    ("421_rcpt", Verdict.RELAY, Phase.RCPT, False, False),
    ("drop_rcpt", Verdict.RELAY, Phase.RCPT, False, False),
    ("451", Verdict.TEMPORARY, Phase.DOT, True, False),
    ("421", Verdict.RELAY, Phase.DOT, True, False),
    ("554", Verdict.REFUSED, Phase.DOT, True, False),
    ("552", Verdict.REFUSED, Phase.DOT, True, False),
    ("drop_after_dot_accepted", Verdict.UNCERTAIN, Phase.DOT, True, True),
    ("drop_after_dot_lost", Verdict.UNCERTAIN, Phase.DOT, True, False),
    ("timeout", Verdict.UNCERTAIN, Phase.DOT, True, True),
    ("garbage", Verdict.UNCERTAIN, Phase.DOT, True, True),
    ("long_reply", Verdict.UNCERTAIN, Phase.DOT, True, True),
    ("endless_reply", Verdict.UNCERTAIN, Phase.DOT, True, True),
]


@pytest.mark.parametrize(("behaviour", "verdict", "phase", "dot", "kept"), BAD_DAYS)
def test_what_is_concluded(
    behaviour: str, verdict: Verdict, phase: Phase, dot: bool, kept: bool
) -> None:
    marks: list[int] = []
    with Relay(default=behaviour) as relay:
        mailer = plain(relay)
        outcome = mailer.send(mail(), lambda: marks.append(relay.dots))
        mailer.close()
    assert (outcome.verdict, outcome.phase) == (verdict, phase)
    assert len(marks) == dot
    assert sum(marks) == 0, "the mark comes before the dot"
    assert len(relay.accepted) == kept


@pytest.mark.parametrize("behaviour", ["drop_before_dot", "early_554"])
def test_a_relay_that_gives_up_in_the_body_has_not_taken_the_mail(behaviour: str) -> None:
    with Relay(default=behaviour) as relay:
        mailer = plain(relay)
        outcome = mailer.send(mail(text="x" * 60 + "\n" * 200_000), nothing)
        mailer.close()
    assert outcome.verdict in {Verdict.TEMPORARY, Verdict.REFUSED, Verdict.UNCERTAIN}
    assert relay.dots == 0


def test_the_bytes_arrive_as_they_were_frozen() -> None:
    frozen = mail()
    with Relay() as relay:
        mailer = plain(relay)
        mailer.send(frozen, nothing)
        mailer.close()
    assert relay.accepted[0].content == frozen.content
    assert relay.accepted[0].sender == "conventions@mairie.example"


def test_no_dot_when_the_mark_cannot_be_made() -> None:
    class LostLeaseError(Exception):
        pass

    def lose() -> None:
        raise LostLeaseError

    with Relay() as relay:
        mailer = plain(relay)
        with pytest.raises(LostLeaseError):
            mailer.send(mail(), lose)
        assert mailer.send(mail(), nothing).verdict is Verdict.ACCEPTED
        mailer.close()
    assert (relay.dots, relay.connections, len(relay.accepted)) == (1, 2, 1)


def test_one_connection_serves_several_mails() -> None:
    with Relay(by_recipient={"b@mairie.example": "550", "c@mairie.example": "451"}) as relay:
        mailer = plain(relay)
        verdicts = [mailer.send(mail(f"{x}@mairie.example"), nothing).verdict for x in "abcd"]
        mailer.close()
    assert verdicts == [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.TEMPORARY, Verdict.ACCEPTED]
    assert relay.connections == 1
    assert [taken.recipient[0] for taken in relay.accepted] == ["a", "d"]


def test_a_connection_the_relay_has_closed_is_opened_again() -> None:
    with Relay(one_mail_per_connection=True) as relay:
        mailer = plain(relay)
        for _ in range(3):
            assert mailer.send(mail(), nothing).verdict is Verdict.ACCEPTED
        mailer.close()
    assert relay.connections == 3


def test_nobody_listens() -> None:
    with Relay() as relay:
        pass
    outcome = plain(relay).send(mail(), nothing)
    assert (outcome.verdict, outcome.phase) == (Verdict.RELAY, Phase.CONNECT)


@pytest.mark.parametrize(
    "greeting",
    [b"554 go away\r\n", b"220 hello\r\n250 injected\r\n", b"SSH-2.0-OpenSSH\r\n", b""],
)
def test_a_strange_greeting_is_trouble_with_the_relay(greeting: bytes) -> None:
    with Relay(greeting=greeting) as relay:
        settings = RelaySettings(
            host="127.0.0.1",
            port=relay.port,
            security=Security.NONE,
            timeouts=replace(SHORT, connect=0.3),
        )
        outcome = SmtpMailer(settings).send(mail(), nothing)
    assert (outcome.verdict, outcome.phase) == (Verdict.RELAY, Phase.CONNECT)


def test_a_mail_larger_than_the_relay_allows_is_not_offered() -> None:
    with Relay(size=300) as relay:
        mailer = plain(relay)
        outcome = mailer.send(mail(text="é" * 500), nothing)
        mailer.close()
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.too_big
    assert not any(command.startswith("mail") for command in relay.commands)


@pytest.mark.parametrize(
    ("behaviour", "too_big"), [("552", True), ("552_mail", True), ("554", False), ("550", False)]
)
def test_only_a_refused_size_is_too_big(behaviour: str, too_big: bool) -> None:
    with Relay(default=behaviour) as relay:
        mailer = plain(relay)
        assert mailer.send(mail(), nothing).too_big is too_big
        mailer.close()


# --- TLS and AUTH --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_authority(tmp_path_factory.mktemp("ca"))


def secure(
    relay: Relay,
    ca: Path | None,
    *,
    security: Security = Security.STARTTLS,
    username: str | None = None,
    password: str = "",
) -> SmtpMailer:
    return SmtpMailer(
        RelaySettings(
            host="localhost",
            port=relay.port,
            security=security,
            ca_file=ca,
            username=username,
            password=password,
            timeouts=SHORT,
        )
    )


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("methods", ["PLAIN LOGIN", "LOGIN"])
def test_tls_and_an_accented_password(
    authority: tuple[Path, Path], security: Security, methods: str
) -> None:
    ca, certificate = authority
    relay = Relay(
        starttls=security is Security.STARTTLS,
        implicit_tls=security is Security.TLS,
        certificate=certificate,
        auth=("mairie", "pâsse"),
        auth_methods=methods,
    )
    with relay:
        mailer = secure(relay, ca, security=security, username="mairie", password="pâsse")
        assert mailer.check().verdict is Verdict.ACCEPTED
        outcomes = [mailer.send(mail(), nothing) for _ in range(2)]
        mailer.close()
    assert [outcome.verdict for outcome in outcomes] == [Verdict.ACCEPTED] * 2


def test_a_wrong_password_is_trouble_with_the_relay(authority: tuple[Path, Path]) -> None:
    ca, certificate = authority
    with Relay(starttls=True, certificate=certificate, auth=("mairie", "right")) as relay:
        outcome = secure(relay, ca, username="mairie", password="wrong").send(mail(), nothing)
    assert (outcome.verdict, outcome.phase, outcome.code) == (Verdict.RELAY, Phase.AUTH, 535)


def test_no_password_in_clear() -> None:
    with Relay(auth=("mairie", "secret")) as relay:
        settings = RelaySettings(
            host="127.0.0.1",
            port=relay.port,
            security=Security.NONE,
            username="mairie",
            password="secret",
        )
        outcome = SmtpMailer(settings).send(mail(), nothing)
        assert (outcome.verdict, outcome.phase) == (Verdict.RELAY, Phase.AUTH)
        assert "AUTH" not in relay.commands
    assert "secret" not in repr(settings)


def refused_by_us(relay: Relay, ca: Path | None, security: Security = Security.STARTTLS) -> None:
    with relay:
        outcome = secure(relay, ca, security=security).send(mail(), nothing)
    assert (outcome.verdict, outcome.phase) == (Verdict.RELAY, Phase.TLS)
    assert not any(command.lower().startswith("mail") for command in relay.commands)


def test_starttls_not_offered() -> None:
    refused_by_us(Relay(), None)


def test_an_unknown_authority(authority: tuple[Path, Path]) -> None:
    refused_by_us(Relay(starttls=True, certificate=authority[1]), None)


def test_another_name(tmp_path: Path) -> None:
    ca, certificate = make_authority(tmp_path, name="elsewhere.example")
    refused_by_us(Relay(starttls=True, certificate=certificate), ca)


def test_an_expired_certificate(tmp_path: Path) -> None:
    ca, certificate = make_authority(tmp_path, days=-2)
    refused_by_us(Relay(starttls=True, certificate=certificate), ca)


def test_bytes_after_the_go_ahead_for_tls(authority: tuple[Path, Path]) -> None:
    ca, certificate = authority
    relay = Relay(starttls=True, certificate=certificate, after_starttls=b"250 injected\r\n")
    refused_by_us(relay, ca)


def test_tls_from_the_start_on_a_port_that_does_not() -> None:
    refused_by_us(Relay(), None, Security.TLS)


def test_plaintext_towards_another_machine_is_refused_before_connecting() -> None:
    settings = RelaySettings(host="192.0.2.1", security=Security.NONE)
    outcome = SmtpMailer(settings).send(mail(), nothing)
    assert (outcome.verdict, outcome.phase) == (Verdict.RELAY, Phase.TLS)


@pytest.mark.parametrize("recipient", ["a b@x.fr", "a@x.fr\r\nDATA", "é@x.fr", "a@x.fr>", ""])
def test_an_address_smtp_cannot_carry_is_refused_without_a_word(recipient: str) -> None:
    with Relay() as relay:
        outcome = plain(relay).send(replace(mail(), recipient=recipient), nothing)
        assert relay.commands == []
    if recipient != "a@x.fr>":
        assert outcome.verdict is Verdict.REFUSED


# --- files ---------------------------------------------------------------------------------------


def test_a_file_is_whole_private_and_not_repeated(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "out")
    seen: list[list[str]] = []

    def look() -> None:
        seen.append([path.name for path in (tmp_path / "out").glob("*.eml")])

    frozen = mail()
    for _ in range(2):
        assert mailer.send(frozen, look).verdict is Verdict.ACCEPTED
    (file,) = (tmp_path / "out").iterdir()
    assert seen == [[], [file.name]]
    assert file.name == eml_name(frozen.message_id)
    assert file.read_bytes() == frozen.content
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_trouble_with_the_relay(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("not a folder")
    outcome = FileMailer(tmp_path / "out").send(mail(), nothing)
    assert outcome.verdict is Verdict.RELAY


def test_a_file_is_not_named_when_the_mark_cannot_be_made(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("no mark")

    mark: Callable[[], None] = fail
    with pytest.raises(RuntimeError, match="no mark"):
        FileMailer(tmp_path).send(mail(), mark)
    assert list(tmp_path.iterdir()) == []
