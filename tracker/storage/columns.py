# ruff: noqa: ANN401 - what a driver takes and gives has no one type
"""Column types that keep a value exactly, and alike, on SQLite and on PostgreSQL.

On SQLite the tables are STRICT, which knows five types only: days and instants are ISO text,
amounts are decimal text, booleans are 0 or 1. On PostgreSQL each has its native type.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Dialect, Integer, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine


def _is_sqlite(dialect: Dialect) -> bool:
    return dialect.name == "sqlite"


class Day(TypeDecorator[date]):
    """A civil day; a `datetime` is refused, because it would silently lose its hour."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, datetime):
            raise TypeError(f"a day is wanted, not an instant: {value!r}")
        return value.isoformat() if _is_sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        return date.fromisoformat(value) if isinstance(value, str) else value


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC; a naive one is refused.

    SQLite has no type for it and SQLAlchemy's own brings instants back naive. The text has a fixed
    width, so that comparing texts compares instants.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"an instant needs its time zone: {value!r}")
        instant = value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if _is_sqlite(dialect) else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        # Only a hand could have written it without an offset; UTC is what the column says.
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with every digit that was written: `4000` and `4000.00` stay themselves."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _is_sqlite(dialect) else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"not an amount: {value}")
        return str(value) if _is_sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's signature
        return Decimal(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false; STRICT tables have no BOOLEAN."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if _is_sqlite(dialect) else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return int(value) if _is_sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else bool(value)
