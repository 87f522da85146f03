"""What the parts of the reader hand to each other: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWarning:
    """Something the agent should look at; `code` is stable, `message` is written for a person."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedText:
    """The text of one document, normalised: line ends `\\n`, hyphenated line ends joined.

    `page_starts` holds the offset in `text` at which each page begins (page 1 first); it is empty
    where the format has no pages. Every position the reader quotes indexes `text`.
    """

    text: str
    page_starts: tuple[int, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()

    def page_of(self, offset: int) -> int | None:
        """Return the page (from 1) on which `offset` stands, or None without pages."""
        page = None
        for number, start in enumerate(self.page_starts, 1):
            if start > offset:
                break
            page = number
        return page


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words one proposed value comes from: `text[start:end] == quote`, `end` exclusive."""

    quote: str
    start: int
    end: int
    article: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a document settles: the `terms` and `record` fields of the record vocabulary.

    Values are plain JSON values (ISO dates, ISO periods, lists of dicts). A field the text does
    not settle is None, [] or False in `terms`, and absent from `record`.
    """

    terms: dict[str, Any]
    record: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    warnings: tuple[ReadingWarning, ...] = ()
