"""Who is at work beside this database: a lock file in the state directory.

Several daemons may serve one database, so each holds the lock shared. Restoring a backup takes it
alone: a process that works on the file while it is replaced would go on in the old one.
The lock is the kernel's: it ends with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tracker.errors import TemporaryError

FILE_NAME: Final = "at-work.lock"


@contextmanager
def presence(directory: Path) -> Iterator[None]:
    """Be seen at work; TemporaryError while a backup is being restored."""
    with _locked(directory, fcntl.LOCK_SH) as ours:
        if not ours:
            raise TemporaryError(
                "une restauration est en cours sur cette base ; réessayer quand elle est finie",
                "a backup is being restored into this database; try again when it is done",
            )
        yield


@contextmanager
def alone(directory: Path) -> Iterator[bool]:
    """Keep everybody else out for the time of the block; False where somebody is at work."""
    with _locked(directory, fcntl.LOCK_EX) as ours:
        yield ours


@contextmanager
def _locked(directory: Path, kind: int) -> Iterator[bool]:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(directory / FILE_NAME, flags, 0o600)
    try:
        if os.geteuid() == 0:
            # The administrator must not leave a file that the service cannot open.
            owner = directory.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
