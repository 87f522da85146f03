"""What every format reader takes and gives back: limits in; text, page starts and notes out.

Nothing here knows of processes: a reader is a function of bytes, so that tests can call it in
process, and the child process (`tracker.reading.child`) is the only one that calls it on strangers'
files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the machine one document may take; what exceeds it is refused, never cut.

    `wall_seconds` counts for a file without OCR; each page given to OCR adds `ocr_seconds`.
    """

    file_bytes: int = 50 * MIB
    entries: int = 1_000
    entry_bytes: int = 64 * MIB
    unpacked_bytes: int = 200 * MIB
    pages: int = 1_000
    text_chars: int = 4_000_000
    memory_bytes: int = 768 * MIB
    wall_seconds: float = 30.0
    start_seconds: float = 30.0
    ocr_pages: int = 60
    ocr_seconds: float = 60.0
    files_per_child: int = 500

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocr:
    """Where the `tesseract` program is, and its language; `missing` says why it cannot serve."""

    program: str | None = None
    language: str = "fra"
    missing: str | None = None  # "program" or "language"


@dataclass(frozen=True, slots=True)
class Note:
    """A warning in the making: its code, and the values that its sentence needs."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a format reader found. `set_aside` counts running heads and page numbers left out."""

    text: str
    page_starts: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()
    set_aside: int = 0


class RefusalError(Exception):
    """The document cannot be read: a code of `tracker.reading.messages` with its values."""

    def __init__(self, code: str, **params: Any) -> None:  # noqa: ANN401 - plain JSON values
        super().__init__(code, params)
        self.code = code
        self.params = params
