"""What the daemon says of itself, on standard error: one line an event, for people or for machines.

Every record of ours carries an `action`, the word to search for. A message of the log never holds
a letter's text nor a password.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

PLAIN, JSON = "plain", "json"
LEVELS: Final = ("debug", "info", "warning", "error")
_EXTRAS: Final = ("message_id",)


class PlainLines(logging.Formatter):
    """`2026-11-20T06:30:01Z INFO send: message 12: accepted`."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_instant(record)} {record.levelname} {_action(record)}: {record.getMessage()}"
        return line + _trace(self, record, "\n")


class JsonLines(logging.Formatter):
    """One JSON object a line, nothing across lines."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": _instant(record),
            "level": record.levelname.lower(),
            "action": _action(record),
            "message": record.getMessage(),
            "logger": record.name,
        }
        said |= {name: getattr(record, name) for name in _EXTRAS if hasattr(record, name)}
        if trace := _trace(self, record, ""):
            said["trace"] = trace
        return json.dumps(said, ensure_ascii=False, default=str)


def set_up_logging(form: str, level: str, stream: TextIO | None = None) -> None:
    """Send what the program says to standard error, in the form asked for."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == JSON else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The alarm clock tells of each of its rings; we tell of what is done.
    quiet = logging.DEBUG if level == "debug" else logging.WARNING
    for name in ("apscheduler", "sqlalchemy", "alembic", "tzlocal"):
        logging.getLogger(name).setLevel(max(quiet, logging.INFO))


def _action(record: logging.LogRecord) -> str:
    return str(getattr(record, "action", record.name.rpartition(".")[2]))


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _trace(formatter: logging.Formatter, record: logging.LogRecord, before: str) -> str:
    return before + formatter.formatException(record.exc_info) if record.exc_info else ""
