"""The journal of accepted mail: what this machine knows even when its database has forgotten.

A file of JSON lines in the state directory, only ever added to: one line, one write, one fsync per
accepted message. Restoring an older database must not mail everybody again, so the file lies
outside the database, and its keys are references, dates and addresses, never row numbers.

A line that a crash or a full disk has torn is skipped when reading, and every line begins by
closing the one before: at worst the journal forgets one acceptance, which the database still has.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

FILE_NAME: Final = "journal.jsonl"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationKey:
    """The identity of an obligation: which stage of which deadline at which date, told to whom."""

    deadline_key: str
    due_on: date
    stage: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A message that a relay has taken, and what it told."""

    at: datetime
    machine: str
    installation: str
    message_id: str
    kind: str
    recipient: str
    subject: str
    period: str | None = None
    obligations: tuple[ObligationKey, ...] = ()


class PendingLine:
    """A line of the journal that is ready to be written."""

    def __init__(self, descriptor: int, data: bytes) -> None:
        self._descriptor = descriptor
        self._data = data

    def write(self) -> None:
        """Add the line, in one write, and wait until it is on the disk."""
        written = os.write(self._descriptor, self._data)
        if written != len(self._data):
            raise OSError(f"journal: {written} of {len(self._data)} bytes written")
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go of the file, whether the line was written or not."""
        os.close(self._descriptor)


class Journal:
    """The journal of one machine. Reading is incremental: several processes add to the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._by_message_id: dict[str, Accepted] = {}
        self._obligations: dict[ObligationKey, str] = {}
        self._owner: str | None = None
        self.torn_lines = 0

    @classmethod
    def in_directory(cls, directory: Path) -> Journal:
        """Return the journal of a state directory."""
        return cls(directory / FILE_NAME)

    def prepare(self, accepted: Accepted) -> PendingLine:
        """Make everything ready for one line, so that after the relay's reply one write is left.

        A process killed between the reply and the line leaves a message in doubt: what can be done
        before the reply is done before it. OSError when a line could not be written.
        """
        text = json.dumps(_to_json(accepted), ensure_ascii=False, separators=(",", ":"))
        # The line end in front closes a line that was torn; empty lines are nothing.
        return PendingLine(self._open(), b"\n" + text.encode() + b"\n")

    def record(self, accepted: Accepted) -> None:
        """Add one line and wait until it is on the disk; OSError when it cannot be."""
        line = self.prepare(accepted)
        try:
            line.write()
        finally:
            line.close()

    def take_over(self, machine: str, *, at: datetime) -> None:
        """Note that this journal goes on as another machine's: an operator has said so."""
        text = json.dumps({"v": VERSION, "at": at.astimezone(UTC).isoformat(), "owner": machine})
        line = PendingLine(self._open(), b"\n" + text.encode() + b"\n")
        try:
            line.write()
        finally:
            line.close()

    @property
    def owner(self) -> str | None:
        """The machine that wrote the last line, None for an empty journal."""
        self.refresh()
        return self._owner

    def check_writable(self) -> None:
        """Raise OSError when a line could not be added now: better known before the mail leaves."""
        os.close(self._open())
        room = os.statvfs(self.path.parent)
        if room.f_bavail * room.f_frsize < 64 * 1024:
            raise OSError(f"{self.path.parent}: no room left for the journal")

    def has_message(self, message_id: str) -> bool:
        """Tell whether a message was accepted."""
        self.refresh()
        return message_id in self._by_message_id

    def message_of(self, key: ObligationKey) -> Accepted | None:
        """Return the accepted message that told an obligation, if there is one."""
        self.refresh()
        message_id = self._obligations.get(key)
        return None if message_id is None else self._by_message_id[message_id]

    def entries(self) -> list[Accepted]:
        """Return every accepted message, oldest first."""
        self.refresh()
        return list(self._by_message_id.values())

    def refresh(self) -> None:
        """Read what was added since the last time."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            size = 0
        if size == self._offset:
            return
        if size < self._offset:
            # Another file under the same name, or none. What was read once stays true.
            self._offset = 0
        if size == 0:
            return
        with self.path.open("rb") as file:
            file.seek(self._offset)
            data = file.read()
        whole = data.rfind(b"\n") + 1
        self._offset += whole
        for line in data[:whole].split(b"\n"):
            if line.strip():
                self._remember(line)

    def _remember(self, line: bytes) -> None:
        accepted = _parsed(line)
        if accepted is None:
            owner = _owner_line(line)
            self._owner = owner or self._owner
            self.torn_lines += owner is None
            return
        self._owner = accepted.machine
        self._by_message_id.setdefault(accepted.message_id, accepted)
        for key in accepted.obligations:
            self._obligations.setdefault(key, accepted.message_id)

    def _open(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        existed = self.path.exists()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o600)
        if not existed:
            # The name itself must survive a power cut, not only what the file holds.
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return descriptor


def read_journal(lines: Iterable[bytes]) -> Iterator[Accepted]:
    """Yield the entries of a journal, another machine's for instance; torn lines are skipped."""
    for line in lines:
        accepted = _parsed(line)
        if accepted is not None:
            yield accepted


def _to_json(accepted: Accepted) -> dict[str, Any]:
    return {
        "v": VERSION,
        "at": accepted.at.astimezone(UTC).isoformat(),
        "machine": accepted.machine,
        "installation": accepted.installation,
        "message_id": accepted.message_id,
        "kind": accepted.kind,
        "recipient": accepted.recipient,
        "subject": accepted.subject,
        "period": accepted.period,
        "obligations": [
            [key.deadline_key, key.due_on.isoformat(), key.stage, key.recipient]
            for key in accepted.obligations
        ],
    }


def _owner_line(line: bytes) -> str | None:
    try:
        owner = json.loads(line)["owner"]
    except (ValueError, KeyError, TypeError):
        return None
    return owner if isinstance(owner, str) else None


def _parsed(line: bytes) -> Accepted | None:
    try:
        raw = json.loads(line)
        return Accepted(
            at=datetime.fromisoformat(raw["at"]),
            machine=raw["machine"],
            installation=raw["installation"],
            message_id=raw["message_id"],
            kind=raw["kind"],
            recipient=raw["recipient"],
            subject=raw["subject"],
            period=raw["period"],
            obligations=tuple(
                ObligationKey(
                    deadline_key=key, due_on=date.fromisoformat(due), stage=stage, recipient=who
                )
                for key, due, stage, who in raw["obligations"]
            ),
        )
    except (ValueError, KeyError, TypeError):
        return None
