"""Who is working: this machine, and this process on it.

A lease names its worker so that a process started again after a crash can tell at once that the
holder is dead, instead of waiting for the lease to end. It judges only what it can see: a process
of this machine, this boot and this process-number space.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

MACHINE_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PID_SPACE = Path("/proc/self/ns/pid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`machine` is a hash (a machine-id is not for the database); `worker` names this process."""

    machine: str
    worker: str
    host: str


def current_identity(machine_id: str | None = None) -> Identity:
    """Return this process's identity; `machine_id` stands for the machine's own in tests."""
    machine = machine_hash(machine_id or _read_machine_id())
    pid = os.getpid()
    worker = "/".join(
        (machine[:12], _surroundings(), str(pid), _started(pid) or "?", secrets.token_hex(4))
    )
    return Identity(machine=machine, worker=worker, host=socket.gethostname())


def machine_hash(machine_id: str) -> str:
    """Return what the database keeps of a machine-id (machine-id(5) asks not to show it)."""
    return hashlib.sha256(b"conventions machine " + machine_id.encode()).hexdigest()[:32]


def is_dead(worker: str, me: Identity) -> bool:
    """Tell whether a worker certainly lives no more; False when that cannot be seen from here."""
    try:
        machine, surroundings, pid, started, _ = worker.split("/")
        number = int(pid)
    except ValueError:
        return False
    if machine != me.machine[:12]:
        return False
    boot, _, space = surroundings.partition(".")
    my_boot, _, my_space = _surroundings().partition(".")
    if boot != my_boot and "?" not in {boot, my_boot}:
        return True  # the machine was started again since
    if space != my_space:
        return False  # another container: its process numbers mean nothing here
    if started != "?":
        return _started(number) != started
    return not _exists(number)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read_machine_id() -> str:
    for path in MACHINE_ID_FILES:
        try:
            text = path.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            continue
        if text and text != "uninitialized":
            return text
    return f"host {socket.gethostname()}"


def _surroundings() -> str:
    try:
        boot = _BOOT_ID.read_text(encoding="ascii").strip()[:8]
    except OSError:
        boot = "?"
    try:
        space = "".join(filter(str.isdigit, str(_PID_SPACE.readlink())))
    except OSError:
        space = "?"
    return f"{boot}.{space}"


def _started(pid: int) -> str | None:
    """Return when a process started, in clock ticks since boot: a process number is used again."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name may hold spaces and parentheses
    state, started = fields[0], fields[19]
    return None if state in {"Z", "X"} else started
