"""What went wrong while letters were prepared, said without stopping them."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.words import Lang
from tracker.sentences import Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend. `code` is stable; `subject` is a convention, a template or an address."""

    code: str
    subject: str
    message_fr: str
    message_en: str

    @property
    def both(self) -> Both:
        """What is wrong and what to do, in both languages."""
        return self.message_fr, self.message_en

    def message(self, lang: Lang = "fr") -> str:
        """Return what is wrong and what to do."""
        return self.message_fr if lang == "fr" else self.message_en
