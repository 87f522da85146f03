"""From the settings to what delivery needs: waits, relay, sender, mailer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from config.settings import Settings
from notifications.claims import Waits
from notifications.headers import MAX_NAME, Mailbox, tame
from notifications.mailer import (
    FileMailer,
    Mailer,
    RelaySettings,
    Security,
    SmtpMailer,
    Timeouts,
)

BODY_TIMEOUT: Final = timedelta(minutes=3)
COMMANDS: Final = 9
"""Replies waited for between the claim and the body: greeting, EHLO twice, STARTTLS, AUTH, …"""
MARGIN: Final = timedelta(seconds=30)


class CannotSendError(Exception):
    """The settings say neither a relay nor a folder, or no sender; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """What the settings say about delivery."""

    sender: Mailbox
    waits: Waits
    circuit: tuple[timedelta, ...]
    """Waits between probes of a relay in trouble; the last is repeated."""
    fallback: str | None = None
    max_message_bytes: int = 5_000_000
    message_id_domain: str | None = None
    relay: str = "relay"
    """The name under which the relay's trouble is kept."""
    budget: timedelta = timedelta(minutes=5)
    """After so long no further message is begun in a tick: the watchdog waits for its end."""

    def circuit_wait(self, failures: int) -> timedelta:
        """Return the wait before the next probe after so many failures."""
        return self.circuit[min(max(failures, 1), len(self.circuit)) - 1]


def delivery_policy(settings: Settings) -> DeliveryPolicy:
    """Return the policy; CannotSendError without a sender."""
    office, mail, delivery = settings.office, settings.mail, settings.delivery
    if office.sender is None:
        raise CannotSendError("no_sender")
    # A lease shorter than an honest conversation would lose the message at each try.
    conversation = delivery.connect_timeout + COMMANDS * delivery.command_timeout + BODY_TIMEOUT
    return DeliveryPolicy(
        sender=Mailbox(address=office.sender, name=tame(office.name, MAX_NAME)),
        waits=Waits(
            lease=max(delivery.lease, conversation) if mail.host else delivery.lease,
            dot_lease=delivery.dot_timeout + MARGIN,
            uncertain=delivery.uncertain_wait,
            retry=delivery.retry_backoff,
            never_repeat_uncertain=delivery.never_repeat_uncertain,
        ),
        circuit=delivery.circuit_backoff,
        fallback=office.fallback,
        max_message_bytes=delivery.max_message_bytes,
        message_id_domain=mail.message_id_domain,
        relay=f"{mail.host}:{mail.port}" if mail.host else str(mail.directory),
    )


def make_mailer(settings: Settings) -> Mailer:
    """Return what sends: a relay, or a folder; CannotSendError where there is neither."""
    mail = settings.mail
    if mail.directory is not None:
        return FileMailer(mail.directory)
    if mail.host is None or mail.port is None:
        raise CannotSendError("no_relay")
    return SmtpMailer(relay_settings(settings))


def relay_settings(settings: Settings) -> RelaySettings:
    """Return how to talk to the relay; CannotSendError where there is none."""
    mail, delivery = settings.mail, settings.delivery
    if mail.host is None or mail.port is None:
        raise CannotSendError("no_relay")
    return RelaySettings(
        host=mail.host,
        port=mail.port,
        security=Security(mail.security),
        username=mail.username,
        password=mail.password,
        ca_file=mail.ca_file,
        allow_plaintext=mail.allow_plaintext,
        timeouts=Timeouts(
            connect=delivery.connect_timeout.total_seconds(),
            command=delivery.command_timeout.total_seconds(),
            body=BODY_TIMEOUT.total_seconds(),
            dot=delivery.dot_timeout.total_seconds(),
        ),
    )
