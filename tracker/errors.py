"""What stops a command, said to the person who typed it; each has its exit status.

Caught once, in `jobs.cli.main`. Messages are written in both languages where they are raised.
"""

from __future__ import annotations

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
