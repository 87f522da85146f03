"""Who gets what. Pure: addresses in, addresses out, and what is wrong with them.

* The owner and the watchers of a convention get its reminders; at escalation 1 the watchers are
  asked to insist; at escalation 2 the office gets them too.
* Two addresses are the same person's when the domain, normalised, and the exact local part are.
* An address that cannot be written to is a problem, and never the only one tried: where nobody is
  left, the fallback gets the reminder, then the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from config.addresses import AddressError, check_address
from notifications.problems import Problem
from notifications.typography import one_line
from tracker.domain.consequences import Reminder

INSIST = 1
"""Escalation from which the watchers are asked to insist."""
TO_THE_OFFICE = 2
"""Escalation from which the office gets the reminder too."""


class Role(StrEnum):
    """Why somebody receives a reminder; the first that applies."""

    OWNER = "owner"
    WATCHER = "watcher"
    OFFICE = "office"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """An address fit to be written to, in its normal form, and why it is written to."""

    address: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A reminder, the people it goes to (the owner first), and what is wrong with the others."""

    reminder: Reminder
    recipients: tuple[Recipient, ...]
    problems: tuple[Problem, ...] = ()


def address_reminders(
    reminders: Iterable[Reminder], *, office: Sequence[str] = (), fallback: str | None = None
) -> tuple[Addressed, ...]:
    """Say who gets each reminder, in the order given."""
    return tuple(address(reminder, office=office, fallback=fallback) for reminder in reminders)


def address(
    reminder: Reminder, *, office: Sequence[str] = (), fallback: str | None = None
) -> Addressed:
    """Say who gets this reminder; never nobody where the fallback or the office can be written to.

    A problem says which convention is concerned, so that several reminders of one convention give
    equal problems.
    """
    deadline = reminder.deadline
    wanted = [(deadline.owner, Role.OWNER)] if deadline.owner else []
    wanted += [(watcher, Role.WATCHER) for watcher in deadline.watchers]
    if reminder.escalation >= TO_THE_OFFICE:
        wanted += [(address, Role.OFFICE) for address in office]
    recipients, problems = _usable(wanted, deadline.convention)
    if not any(recipient.role in {Role.OWNER, Role.WATCHER} for recipient in recipients):
        problems.append(_nobody(deadline.convention))
        last_resort = [(fallback, Role.FALLBACK)] if fallback else []
        found, more = _usable(last_resort, deadline.convention)
        if not found:
            found, others = _usable([(a, Role.OFFICE) for a in office], deadline.convention)
            more += others
        recipients = _distinct([*found, *recipients])
        problems += more
    if not recipients:
        problems.append(_nowhere(deadline.convention))
    return Addressed(
        reminder=reminder,
        recipients=tuple(recipients),
        problems=tuple(dict.fromkeys(problems)),
    )


def _usable(
    wanted: Iterable[tuple[str, Role]], convention: str
) -> tuple[list[Recipient], list[Problem]]:
    recipients: list[Recipient] = []
    problems: list[Problem] = []
    for text, role in wanted:
        try:
            recipients.append(Recipient(address=check_address(text.strip()), role=role))
        except AddressError as error:
            problems.append(_refused(text, convention, error))
    return _distinct(recipients), problems


def _distinct(recipients: Iterable[Recipient]) -> list[Recipient]:
    first: dict[str, Recipient] = {}
    for recipient in recipients:
        first.setdefault(recipient.address, recipient)
    return list(first.values())


def _refused(text: str, convention: str, error: AddressError) -> Problem:
    shown = one_line(text, 80)
    return Problem(
        code="address_refused",
        subject=convention,
        message_fr=f"adresse « {shown} » inutilisable : {error.message_fr} ; corrigez-la dans "
        f"{convention}",
        message_en=f"address “{shown}” cannot be used: {error.message_en}; mend it in {convention}",
    )


def _nobody(convention: str) -> Problem:
    return Problem(
        code="no_recipient",
        subject=convention,
        message_fr=f"{convention} n’a aucun destinataire joignable : ses rappels vont au "
        "destinataire de secours ; indiquez un responsable",
        message_en=f"{convention} has nobody who can be written to: its reminders go to the "
        "fallback recipient; give it an owner",
    )


def _nowhere(convention: str) -> Problem:
    return Problem(
        code="no_fallback",
        subject=convention,
        message_fr=f"un rappel de {convention} ne peut être envoyé à personne : indiquez "
        "[office] fallback dans les réglages",
        message_en=f"a reminder of {convention} can be sent to nobody: give [office] fallback in "
        "the settings",
    )
