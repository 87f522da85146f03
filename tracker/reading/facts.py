"""The facts about the act: title, partners, dates, amount."""

from __future__ import annotations

from typing import Any

from tracker.reading.outline import Document
from tracker.reading.types import Evidence, ExtractedText, ReadingWarning


def read_record(
    extracted: ExtractedText, document: Document
) -> tuple[dict[str, Any], dict[str, Evidence], list[ReadingWarning]]:
    """Return the record fields that the text gives, their evidence and the warnings."""
    return {}, {}, []
