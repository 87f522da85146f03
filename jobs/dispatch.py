"""Compose what is owed and deliver what waits: the way from an open obligation to a relay's 250.

The order of the steps is the promise (docs/delivery.md). For each message:

    T3  claim: a lease, the fingerprint checked, what it tells checked again
        connect, MAIL, RCPT, DATA, body        no transaction is open
    T4  the mark: only the holder of a living lease can make it
        the final dot, the relay's reply
    J   one line in the journal
    T5  how it ended

Killed before T4, the message has not left and is tried again in silence. Killed after, nobody
knows: it becomes uncertain, waits, and is repeated once with the same bytes. After a 250 nothing
here, whatever fails, puts the message back in the queue.

This module owns its transactions: each step above is one, and is meant to be one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from jobs.holds import Hold, active_holds, check_holds, installation_id
from jobs.identity import Identity, is_dead
from jobs.policy import DeliveryPolicy
from notifications.claims import (
    WAITING,
    Claim,
    LeaseLostError,
    abandon,
    claim_next,
    dissolve,
    finish,
    mark_dot,
    recover_claims,
)
from notifications.headers import (
    FrozenMail,
    Mailbox,
    RenderedMail,
    UnsafeMail,
    freeze,
    has_attachment,
    letter_of,
    tame,
)
from notifications.journal import Accepted, Journal, ObligationKey, PendingLine
from notifications.mailer import Mailer, Outcome, Phase, Verdict
from notifications.obligations import (
    OpenObligation,
    most_urgent,
    pending_for,
    recipients_owed,
    told_by,
    withdraw_keys,
)
from notifications.outbox import (
    AlreadyComposedError,
    enqueue,
    replay,
    superseded_to,
)
from notifications.replies import explain
from notifications.rows import count, note_problem, open_subjects, or_nothing, resolve_problem
from tracker.sentences import Both
from tracker.storage.engine import reading, writing
from tracker.storage.errors import StorageError
from tracker.storage.tables import CircuitRow, MessageRow, MessageState

log = logging.getLogger(__name__)

REMINDER: Final = "reminder"
SUSPECTS: Final = 2
"""So many messages in a row must fail before the relay, and not the message, is to blame."""
ROUNDS: Final = 3
"""Compose and send; a refused recipient makes the fallback owe, which is composed and sent too."""
FINISH_TRIES: Final = 3
MOST_REMINDERS: Final = 1500
"""In one letter: a longer one is not read by anybody, and seldom taken by a relay."""


class Circuit(Enum):
    """Whether the relay may be tried."""

    CLOSED = "closed"
    """All is well."""
    PROBE = "probe"
    """It was in trouble; this worker may try it now, with one message."""
    OPEN = "open"


class Compose(Protocol):
    """Write the letter to one recipient. Given by whoever knows the conventions."""

    def __call__(
        self, recipient: str, items: Sequence[OpenObligation], now: datetime
    ) -> RenderedMail:
        """Render; the items are one per deadline, the most urgent stage of each."""
        ...


class More(Protocol):
    """Put into the outbox what no obligation asks for; return how many letters that was."""

    def __call__(self, now: datetime) -> int:
        """Asked before each round of sending."""
        ...


class Stale(Protocol):
    """Look again at the facts just before a message leaves."""

    def __call__(
        self, session: Session, keys: Sequence[ObligationKey], now: datetime
    ) -> Collection[ObligationKey]:
        """Return those whose deadline moved, was met or is gone."""
        ...


@dataclass(slots=True, kw_only=True)
class DeliveryReport:
    """What one delivery did, in numbers for people and for `run --format json`."""

    composed: int = 0
    accepted: int = 0
    uncertain: int = 0
    refused: int = 0
    deferred: int = 0
    superseded: int = 0
    waiting: int = 0
    """Messages that are still on their way."""
    holds: list[Hold] = field(default_factory=list)
    relay_trouble: str | None = None

    @property
    def held(self) -> int:
        """Messages that wait because of a hold."""
        return self.waiting if self.holds else 0

    @property
    def failed(self) -> int:
        """Messages that were not accepted and have not left."""
        return self.refused + self.deferred


class Delivery:
    """Everything delivery needs, and the little it remembers between two ticks."""

    def __init__(
        self,
        *,
        engine: Engine,
        mailer: Mailer,
        journal: Journal,
        identity: Identity,
        policy: DeliveryPolicy,
        compose: Compose,
        clock: Callable[[], datetime],
        stale: Stale | None = None,
        more: More | None = None,
    ) -> None:
        self.engine = engine
        self.mailer = mailer
        self.journal = journal
        self.identity = identity
        self.policy = policy
        self._compose = compose
        self._clock = clock
        self._stale = stale
        self._more = more
        self._installation = ""
        self.holds_here: list[Hold] = []
        """What holds this machine alone, from the last look."""
        # Accepted, but the journal or the database could not be told yet (a full disk, …).
        self._unwritten: dict[str, tuple[Claim, Outcome, Accepted]] = {}

    # --- the whole ---------------------------------------------------------------------------

    def deliver(
        self,
        *,
        whatever_backoff: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> DeliveryReport:
        """Compose and send until nothing more can be done now.

        `whatever_backoff` is for `conventions run`: every waiting message is tried once, and a
        relay in trouble is probed. `stop` is looked at between two messages.
        """
        report = DeliveryReport()
        tried: set[int] = set()
        try:
            self.recover()
            for _ in range(ROUNDS):
                composed = self.compose_pending()
                report.composed += composed
                before = report.refused + report.superseded
                self._send_all(report, tried, stop=stop, whatever_backoff=whatever_backoff)
                if stop() or report.relay_trouble or report.refused + report.superseded == before:
                    break
        finally:
            self.mailer.close()
        with reading(self.engine) as session:
            report.holds = [*self.holds_here, *active_holds(session)]
            report.waiting = _waiting(session)
        return report

    def recover(self) -> list[Hold]:
        """Settle what dead workers left, then look for reasons to hold; return the holds."""
        self._write_what_could_not_be()
        now = self._clock()
        with writing(self.engine) as session:
            counts = recover_claims(
                session,
                now=now,
                waits=self.policy.waits,
                is_dead=lambda worker: is_dead(worker, self.identity),
                was_accepted=self._was_accepted,
            )
            if any(counts.values()):
                log.info("claims recovered: %s", counts, extra={"action": "recover"})
            holds = check_holds(session, identity=self.identity, journal=self.journal, now=now)
            known = active_holds(session)
            self._installation = installation_id(session)
        self.holds_here = [hold for hold in holds if hold not in known]
        for hold in holds:
            log.warning("sending is held: %s", hold.reason, extra={"action": "hold"})
        return holds

    # --- composing (T2) ----------------------------------------------------------------------

    def compose_pending(self) -> int:
        """Put what is owed into messages, one per recipient; return how many were made.

        Rendering happens outside of any transaction; the update that ties obligations to their
        message proves that nobody else composed them meanwhile.
        """
        with reading(self.engine) as session:
            recipients = recipients_owed(session)
            failed = open_subjects(session, "compose_failed")
        composed = 0
        still_owed: set[str] = set()
        for recipient in recipients:
            # One at a time: what is owed to all of them at once is the largest thing of a tick.
            with reading(self.engine) as session:
                items = pending_for(session, recipient)
                salt = str(superseded_to(session, recipient) or "")
            still_owed |= {item.obligation.convention for item in items}
            items = self._not_in_the_journal(items)
            composed += self._compose_for(recipient, items, salt, failed)
        if gone := failed - still_owed:
            with writing(self.engine) as session:
                for convention in gone:
                    resolve_problem(
                        session, code="compose_failed", subject=convention, now=self._clock()
                    )
        return composed + self._compose_more()

    def _compose_more(self) -> int:
        """Write what no obligation asks for; that it cannot be written keeps nothing else back."""
        if self._more is None:
            return 0
        try:
            return self._more(self._clock())
        except StorageError:
            raise
        except Exception as error:  # whatever a template or a convention can raise
            log.exception("no letter in place of a refused one", extra={"action": "compose"})
            self._note(
                "job_failed",
                "report",
                (
                    f"Le rapport refusé n’a pas pu aller au destinataire de secours : {error}.",
                    f"The refused report could not be sent to the fallback recipient: {error}.",
                ),
            )
            return 0

    def _not_in_the_journal(self, items: list[OpenObligation]) -> list[OpenObligation]:
        known = [
            entry
            for item in items
            if (entry := self.journal.message_of(item.obligation.key)) is not None
        ]
        if not known:
            return items
        now = self._clock()
        with writing(self.engine) as session:
            replay(session, known, now=now)
        return [item for item in items if self.journal.message_of(item.obligation.key) is None]

    def _compose_for(
        self, recipient: str, items: list[OpenObligation], salt: str, failed: Collection[str]
    ) -> int:
        told, closed = most_urgent(items)
        if not told:
            return 0
        now = self._clock()
        queued = 0
        for mail, spoken in self._letters(recipient, told, now, salt):
            places = {(i.obligation.deadline_key, i.obligation.due_on) for i in spoken}
            shut = [i for i in closed if (i.obligation.deadline_key, i.obligation.due_on) in places]
            queued += self._queue(mail, spoken, shut, failed, now)
        return queued

    def _queue(
        self,
        mail: FrozenMail,
        told: Sequence[OpenObligation],
        closed: Sequence[OpenObligation],
        failed: Collection[str],
        now: datetime,
    ) -> bool:
        try:
            with writing(self.engine) as session:
                enqueue(session, kind=REMINDER, mail=mail, told=told, closed=closed, now=now)
                for convention in {item.obligation.convention for item in told} & set(failed):
                    resolve_problem(session, code="compose_failed", subject=convention, now=now)
        except AlreadyComposedError as error:
            log.info("composed by somebody else: %s", error, extra={"action": "compose"})
            return False
        return True

    def _letters(
        self, recipient: str, items: Sequence[OpenObligation], now: datetime, salt: str
    ) -> list[tuple[FrozenMail, Sequence[OpenObligation]]]:
        """Return the letters for one recipient: one, unless it is too big or something in it fails.

        What cannot be written about one convention must not silence the others: the items are
        halved until the culprit stands alone, which becomes a problem and is tried again later.
        """
        try:
            whole = len(items) <= MOST_REMINDERS
            mail = self._freeze(recipient, items, now, salt) if whole else None
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a template or a convention can raise
            if len(items) == 1:
                self._note_unwritable(items[0], error, now)
                return []
            mail = None
        if mail is not None and (
            len(mail.content) <= self.policy.max_message_bytes or len(items) == 1
        ):
            return [(mail, items)]
        middle = len(items) // 2
        return [
            *self._letters(recipient, items[:middle], now, salt),
            *self._letters(recipient, items[middle:], now, salt),
        ]

    def _freeze(
        self, recipient: str, items: Sequence[OpenObligation], now: datetime, salt: str
    ) -> FrozenMail:
        rendered = self._compose(recipient, items, now)
        mail = self.freeze(rendered, recipient, now, salt)
        if len(mail.content) > self.policy.max_message_bytes and rendered.attachments:
            mail = self.freeze(rendered.without_attachments(), recipient, now, salt)
        return mail

    def freeze(
        self, rendered: RenderedMail, recipient: str, now: datetime, salt: str = ""
    ) -> FrozenMail:
        """Freeze a letter under the settings' sender; a subject that is unsafe is made safe."""
        date = now.replace(microsecond=0)
        to = Mailbox(address=recipient)
        sender, domain = self.policy.sender, self.policy.message_id_domain
        try:
            return freeze(
                rendered, sender=sender, recipient=to, date=date, domain=domain, salt=salt
            )
        except UnsafeMail as error:
            if error.field != "Subject":
                raise
        safe = RenderedMail(
            subject=tame(rendered.subject) or "Conventions",
            text=rendered.text,
            html=rendered.html,
            attachments=rendered.attachments,
        )
        return freeze(safe, sender=sender, recipient=to, date=date, domain=domain, salt=salt)

    def _note_unwritable(self, item: OpenObligation, error: Exception, now: datetime) -> None:
        convention = item.obligation.convention
        log.error(
            "no letter about %s: %r", convention, error, extra={"action": "compose"}, exc_info=error
        )
        with writing(self.engine) as session:
            note_problem(
                session,
                code="compose_failed",
                subject=convention,
                message=(
                    f"Rappel {item.obligation.deadline_key} : rédaction impossible ({error}).",
                    f"Reminder {item.obligation.deadline_key}: it cannot be written ({error}).",
                ),
                now=now,
            )

    # --- sending -----------------------------------------------------------------------------

    def _send_all(
        self,
        report: DeliveryReport,
        tried: set[int],
        *,
        stop: Callable[[], bool],
        whatever_backoff: bool,
    ) -> None:
        if self.holds_here:
            return
        begun = self._clock()
        suspects = 0
        while not stop():
            if not whatever_backoff and self._clock() - begun > self.policy.budget:
                return
            circuit = self._circuit(whatever_backoff=whatever_backoff)
            if circuit is Circuit.OPEN:
                report.relay_trouble = report.relay_trouble or "circuit open"
                return
            claim = self._claim(report, tried, whatever_backoff=whatever_backoff)
            if claim is None:
                return
            outcome = self._try(claim, report)
            if outcome is None:
                continue
            if outcome.verdict is not Verdict.RELAY:
                suspects = 0
                if circuit is Circuit.PROBE:
                    self._close_circuit()
                continue
            suspects += 1
            unreachable = outcome.phase in {Phase.CONNECT, Phase.TLS, Phase.AUTH}
            if unreachable or circuit is Circuit.PROBE or suspects >= SUSPECTS:
                report.relay_trouble = str(outcome)
                self._open_circuit(outcome)
                return

    def _claim(
        self, report: DeliveryReport, tried: set[int], *, whatever_backoff: bool
    ) -> Claim | None:
        """T3: claim the next message that is still worth sending."""
        try:
            self.journal.check_writable()
        except OSError as error:
            # What cannot be remembered must not be sent.
            report.relay_trouble = f"journal: {error}"
            self._note("journal_unwritable", str(self.journal.path), _unwritable(error))
            return None
        while True:
            now = self._clock()
            with writing(self.engine) as session:
                claim = claim_next(
                    session,
                    worker=self.identity.worker,
                    now=now,
                    waits=self.policy.waits,
                    tried=tried,
                    whatever_backoff=whatever_backoff,
                )
                if claim is None:
                    return None
                tried.add(claim.id)
                told = self._told_already(session, claim, now)
            if not told and not self._withdrawn(claim, now):
                return claim
            report.superseded += 1

    def _told_already(self, session: Session, claim: Claim, now: datetime) -> bool:
        """Tell whether the journal knows this message, or what it tells, as accepted."""
        known = [
            entry
            for key in claim.obligations
            if (entry := self.journal.message_of(key)) is not None
        ]
        if self.journal.has_message(claim.mail.message_id):
            finish(
                session,
                claim,
                Outcome(verdict=Verdict.ACCEPTED, phase=Phase.DOT, text="known from the journal"),
                now=now,
                waits=self.policy.waits,
            )
            return True
        if known and claim.uncertain_count == 0:
            abandon(session, claim, reason="told already", now=now)
            replay(session, known, now=now)
            return True
        return False

    def _withdrawn(self, claim: Claim, now: datetime) -> bool:
        """Look at the facts once more, and withdraw what no longer holds.

        After the claim and not inside it: reading the portfolio takes longer than a lock may.
        """
        if self._stale is None or not claim.obligations:
            return False
        with reading(self.engine) as session:
            keys = self._stale(session, claim.obligations, now)
        if not keys:
            return False
        if claim.uncertain_count and set(keys) != set(claim.obligations):
            return False  # part of it holds, and it may have left: the same bytes again, or none
        with writing(self.engine) as session:
            abandon(session, claim, reason="a deadline moved or was met", now=now)
            withdraw_keys(session, keys, now=now)
        return True

    def _try(self, claim: Claim, report: DeliveryReport) -> Outcome | None:
        """Send one claimed message; None when the attempt was given up before the dot."""
        entry = self._entry(claim)
        try:
            line = self.journal.prepare(entry)
        except OSError as error:
            self._give_back(claim, f"journal: {error}")
            self._journal_failed(entry, error)
            report.relay_trouble = f"journal: {error}"
            return None
        try:
            outcome = self.mailer.send(claim.mail, lambda: self._mark(claim))
            if outcome.verdict is Verdict.ACCEPTED:
                # Nothing may come between the relay's reply and the journal: killed in between,
                # this process leaves a doubt that costs the recipient a second mail.
                self._accepted(claim, outcome, entry, line)
        except LeaseLostError:
            # Another worker has it now; what it does is written by it.
            log.warning("lease lost: message %d", claim.id, extra={"action": "fence"})
            return None
        except Exception as error:
            # The mark could not be made, so the dot has not left.
            log.warning("no mark: message %d: %s", claim.id, error, extra={"action": "mark"})
            self._give_back(claim, str(error))
            raise
        finally:
            line.close()
        log.info(
            "message %d: %s",
            claim.id,
            outcome,
            extra={"action": "send", "message_id": claim.mail.message_id},
        )
        if outcome.verdict is Verdict.ACCEPTED:
            report.accepted += 1
        else:
            self._not_accepted(claim, outcome, report)
        return outcome

    def _entry(self, claim: Claim) -> Accepted:
        return Accepted(
            at=self._clock(),
            machine=self.identity.machine,
            installation=self._installation,
            message_id=claim.mail.message_id,
            kind=claim.kind,
            recipient=claim.mail.recipient,
            subject=claim.mail.subject,
            period=claim.period,
            obligations=claim.obligations,
        )

    def _mark(self, claim: Claim) -> None:
        """T4, right before the final dot."""
        with writing(self.engine) as session:
            mark_dot(session, claim, now=self._clock(), waits=self.policy.waits)

    def _give_back(self, claim: Claim, reason: str) -> None:
        try:
            with writing(self.engine) as session:
                abandon(session, claim, reason=reason, now=self._clock())
        except StorageError as error:
            # Its lease will end.
            log.warning("claim %d kept: %s", claim.id, error, extra={"action": "abandon"})

    def _accepted(self, claim: Claim, outcome: Outcome, entry: Accepted, line: PendingLine) -> None:
        """J and T5. Whatever fails here, the message is not put back, and nothing is raised."""
        try:
            self._journal(line)
            journaled = True
        except OSError as error:
            self._journal_failed(entry, error)
            journaled = False
        if not self._finish(claim, outcome) or not journaled:
            self._unwritten[entry.message_id] = (claim, outcome, entry)

    def _journal(self, line: PendingLine) -> None:
        line.write()

    def _journal_failed(self, entry: Accepted, error: OSError) -> None:
        log.error("journal: %s: %s", entry.message_id, error, extra={"action": "journal"})
        self._note("journal_unwritable", str(self.journal.path), _unwritable(error))

    def _write_what_could_not_be(self) -> None:
        """Try again to write down acceptances that a full disk, or a lock, kept from it."""
        for message_id, (claim, outcome, entry) in list(self._unwritten.items()):
            try:
                if not self.journal.has_message(message_id):
                    self.journal.record(entry)
                journaled = True
            except OSError as error:
                self._journal_failed(entry, error)
                journaled = False
            if self._finish(claim, outcome) and journaled:
                del self._unwritten[message_id]

    def _finish(self, claim: Claim, outcome: Outcome) -> bool:
        """T5, tried again: after a connection lost in COMMIT a repeat is harmless."""
        for _ in range(FINISH_TRIES):
            try:
                with writing(self.engine) as session:
                    finish(session, claim, outcome, now=self._clock(), waits=self.policy.waits)
            except Exception:
                # Whatever it is: raising would look as if the message had not left.
                log.exception("accepted, not written: %d", claim.id, extra={"action": "finish"})
            else:
                return True
        return False

    def _not_accepted(self, claim: Claim, outcome: Outcome, report: DeliveryReport) -> None:
        now = self._clock()
        if outcome.verdict is Verdict.UNCERTAIN:
            report.uncertain += 1
        elif outcome.verdict is Verdict.REFUSED:
            report.refused += 1
        else:
            report.deferred += 1
        if outcome.too_big and self._smaller(claim, now):
            report.refused -= 1
            report.superseded += 1
            return
        with writing(self.engine) as session:
            finish(
                session,
                claim,
                outcome,
                now=now,
                waits=self.policy.waits,
                fallback=self.policy.fallback,
                relay_wait=self.policy.circuit_wait(1),
            )

    def _smaller(self, claim: Claim, now: datetime) -> bool:
        """Put smaller letters in the place of one too big for the relay; False when none can be."""
        with reading(self.engine) as session:
            items = told_by(session, claim.id)
        content = claim.mail.content
        letters: list[tuple[FrozenMail, Sequence[OpenObligation]]]
        if has_attachment(content):
            letters = [(self.freeze(letter_of(content), claim.mail.recipient, now), items)]
        elif len(items) > 1:
            middle = len(items) // 2
            halves = (items[:middle], items[middle:])
            letters = [
                pair
                for half in halves
                for pair in self._letters(claim.mail.recipient, half, now, str(claim.id))
            ]
        else:
            return False
        with writing(self.engine) as session:
            dissolve(session, claim, reason="too big for the relay", now=now)
            for mail, told in letters:
                enqueue(
                    session,
                    kind=claim.kind,
                    mail=mail,
                    told=told,
                    period=claim.period,
                    now=now,
                    replaces=claim.id,
                )
        return True

    def _was_accepted(self, message_id: str) -> bool:
        return message_id in self._unwritten or self.journal.has_message(message_id)

    # --- the relay's circuit -----------------------------------------------------------------

    def _circuit(self, *, whatever_backoff: bool) -> Circuit:
        """Tell whether the relay may be tried now; one worker alone gets to probe."""
        now = self._clock()
        with reading(self.engine) as session:
            row = session.get(CircuitRow, self.policy.relay)
            if row is None or row.opened_at is None:
                return Circuit.CLOSED
            due = row.next_probe_at
            failures = row.failures
        if whatever_backoff:
            return Circuit.PROBE
        longest = max(self.policy.circuit) + timedelta(minutes=1)
        if due is not None and now < due <= now + longest:
            return Circuit.OPEN
        with writing(self.engine) as session:
            probes = count(
                session,
                update(CircuitRow)
                .where(CircuitRow.relay == self.policy.relay, CircuitRow.next_probe_at == due)
                .values(next_probe_at=now + self.policy.circuit_wait(failures)),
            )
        return Circuit.PROBE if probes == 1 else Circuit.OPEN

    def _open_circuit(self, outcome: Outcome) -> None:
        now = self._clock()
        with writing(self.engine) as session:
            session.execute(
                or_nothing(session, CircuitRow).values(
                    relay=self.policy.relay, failures=0, updated_at=now
                )
            )
            row = session.scalars(
                select(CircuitRow).where(CircuitRow.relay == self.policy.relay)
            ).one()
            failures = row.failures + 1
            count(
                session,
                update(CircuitRow)
                .where(CircuitRow.relay == self.policy.relay)
                .values(
                    opened_at=row.opened_at or now,
                    failures=failures,
                    next_probe_at=now + self.policy.circuit_wait(failures),
                    last_error=str(outcome),
                    updated_at=now,
                ),
            )
            note_problem(
                session,
                code="relay_trouble",
                subject=self.policy.relay,
                message=explain(
                    outcome,
                    "Le serveur de messagerie ne prend plus les messages",
                    "The mail server takes no more messages",
                ),
                now=now,
            )
        log.warning("relay trouble: %s", outcome, extra={"action": "circuit_open"})

    def _close_circuit(self) -> None:
        with reading(self.engine) as session:
            row = session.get(CircuitRow, self.policy.relay)
            if row is None or row.opened_at is None:
                return
        now = self._clock()
        with writing(self.engine) as session:
            count(
                session,
                update(CircuitRow)
                .where(CircuitRow.relay == self.policy.relay)
                .values(
                    opened_at=None, failures=0, next_probe_at=None, last_error=None, updated_at=now
                ),
            )
            resolve_problem(session, code="relay_trouble", subject=self.policy.relay, now=now)
        log.info("the relay answers again", extra={"action": "circuit_close"})

    def _note(self, code: str, subject: str, message: Both) -> None:
        try:
            with writing(self.engine) as session:
                note_problem(
                    session, code=code, subject=subject, message=message, now=self._clock()
                )
        except Exception:
            log.exception("problem not written: %s %s", code, subject, extra={"action": "problem"})


def _unwritable(error: OSError) -> Both:
    return (
        f"Le journal des envois ne peut pas être écrit, rien ne part : {error}.",
        f"The journal of sent mail cannot be written, nothing leaves: {error}.",
    )


def _waiting(session: Session) -> int:
    return len(
        session.scalars(
            select(MessageRow.id).where(MessageRow.state.in_([*WAITING, MessageState.HELD]))
        ).all()
    )
