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
    DeadlineStatus,
    Finding,
)
from tracker.domain.dates import Period

Lang = Literal["fr", "en"]


class Words(Protocol):
    """Sentences and dates in one language; no method knows what day it is."""

    @property
    def lang(self) -> Lang:
        """The language, which also chooses the templates."""

    def kind(self, deadline: Deadline, /) -> str:
        """Name what has to happen: « Préavis de dénonciation »."""

    def action(self, deadline: Deadline, /) -> str:
        """Say what to do."""

    def basis(self, basis: Basis, /) -> str:
        """Derive the date in one or two sentences."""

    def state(self, state: ConventionState, /) -> str:
        """Name the state of a convention."""

    def status(self, status: DeadlineStatus, /) -> str:
        """Name the status of a deadline."""

    def date(self, day: date, /, *, weekday: bool = False) -> str:
        """Write a day in full: « 1er décembre 2011 »."""

    def days_left(self, days: int, /) -> str:
        """Say how far a day is: « dans 12 jours », « demain », « en retard de 3 jours »."""

    def country(self, code: str, /) -> str:
        """Name a country."""

    def amount(self, amount: Decimal, /) -> str:
        """Write a sum in euros."""

    def period(self, period: Period, /) -> str:
        """Write a length of time."""

    def finding(self, finding: Finding, /) -> str:
        """Say what is odd in the facts."""
