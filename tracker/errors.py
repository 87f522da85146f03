"""What stops a command, said to the person who typed it; each has its exit status.

Caught once, in `jobs.program`. Messages are written in both languages where they are raised.
"""

from __future__ import annotations

import errno
from typing import Literal

Language = Literal["fr", "en"]


class TrackerError(Exception):
    """A command stops: one clear line, and what to do about it."""

    exit_status = 2

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr = fr
        self.en = en

    def message(self, lang: Language) -> str:
        """Return the line in the reader's language."""
        return self.fr if lang == "fr" else self.en


class UserError(TrackerError):
    """Bad usage, settings or input: nothing was changed (exit 2)."""


class TemporaryError(TrackerError):
    """Passing trouble: the same command may work later (exit 3)."""

    exit_status = 3


class AbandonedError(TrackerError):
    """The person left in the middle of the questions: nothing was changed (exit 130)."""

    exit_status = 130

    def __init__(self) -> None:
        super().__init__("abandon : rien n’a changé", "abandoned: nothing has changed")


_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("fichier ou dossier introuvable", "no such file or folder"),
    errno.ENOTDIR: ("ce n’est pas un dossier", "not a folder"),
    errno.EISDIR: ("c’est un dossier", "it is a folder"),
    errno.EEXIST: ("un fichier de ce nom existe déjà", "a file of that name exists already"),
    errno.EACCES: ("accès refusé", "access denied"),
    errno.EPERM: ("accès refusé", "access denied"),
    errno.EROFS: ("le disque est en lecture seule", "the disk is read-only"),
    errno.ENOSPC: ("il n’y a plus de place sur le disque", "the disk is full"),
    errno.EDQUOT: ("le quota de disque est atteint", "the disk quota is reached"),
    errno.EMFILE: ("trop de fichiers ouverts", "too many open files"),
    errno.ENAMETOOLONG: ("nom trop long", "the name is too long"),
    errno.ELOOP: ("trop de liens", "too many links"),
    errno.EIO: ("erreur du disque", "disk error"),
}


def reason(error: OSError, lang: Language) -> str:
    """Return why the system refused, in the reader's language where it is a usual reason."""
    known = _REASONS.get(error.errno or 0)
    if known is None:
        return error.strerror or type(error).__name__
    return known[lang == "en"]
