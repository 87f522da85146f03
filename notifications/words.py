"""What a letter asks of the wording: the sentences of one language.

`tracker.wording.Wording` provides it. It is named here as a protocol so that letters and calendars
can be tested with a few words of their own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from tracker.domain.consequences import (
    Basis,
    ConventionState,
    Deadline,
    Finding,
)
from tracker.domain.conventions import Partner

Lang = Literal["fr", "en"]


class Words(Protocol):
    """Sentences and dates in one language; no method knows what day it is."""

    @property
    def lang(self) -> Lang:
        """The language, which also chooses the templates."""

    def kind(self, deadline: Deadline, /) -> str:
        """Name what has to happen: « Préavis de dénonciation »."""

    def subject(self, deadline: Deadline, /) -> str:
        """Name a deadline in full: its kind, and the sum, the occasion or the fact it is about."""

    def field(self, name: str, /) -> str:
        """Name a field of the record: « date de signature »."""

    def action(self, deadline: Deadline, /) -> str:
        """Say what to do: a sentence without its full stop."""

    def basis(self, basis: Basis, /) -> str:
        """Derive the date in one or two sentences, with clause, law and suppositions."""

    def state(self, state: ConventionState, /) -> str:
        """Name the state of a convention."""

    def date(self, day: date, /, *, weekday: bool = False) -> str:
        """Write a day in full: « 1er décembre 2011 »."""

    def days_left(self, days: int, /) -> str:
        """Say how far a day is: « dans 12 jours », « demain », « il y a 3 jours »."""

    def partners(self, partners: tuple[Partner, ...], /) -> str:
        """Name the partners, with the country of those abroad."""

    def amount(self, amount: Decimal, /) -> str:
        """Write a sum in euros."""

    def finding(self, finding: Finding, /) -> str:
        """Say what is odd in the facts."""
