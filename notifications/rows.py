"""Small tools over the tables, shared by the modules of the outbox. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Insert, Update, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.sentences import Both
from tracker.storage.tables import ObligationRow, ObligationState, ProblemRow


def note_problem(
    session: Session, *, code: str, subject: str, message: Both, now: datetime
) -> None:
    """Make a problem visible, or say that it is still there."""
    french, english = message
    known = count(
        session,
        update(ProblemRow)
        .where(
            ProblemRow.code == code,
            ProblemRow.subject == subject,
            ProblemRow.resolved_at.is_(None),
        )
        .values(message_fr=french, message_en=english, last_seen=now),
    )
    if not known:
        session.execute(
            or_nothing(session, ProblemRow).values(
                code=code,
                subject=subject,
                message_fr=french,
                message_en=english,
                first_seen=now,
                last_seen=now,
            )
        )


def open_subjects(session: Session, code: str) -> set[str]:
    """Return what the open problems of one code are about."""
    return set(
        session.scalars(
            select(ProblemRow.subject).where(
                ProblemRow.code == code, ProblemRow.resolved_at.is_(None)
            )
        )
    )


def resolve_problem(session: Session, *, code: str, subject: str, now: datetime) -> None:
    """Note that a problem is gone."""
    count(
        session,
        update(ProblemRow)
        .where(
            ProblemRow.code == code,
            ProblemRow.subject == subject,
            ProblemRow.resolved_at.is_(None),
        )
        .values(resolved_at=now),
    )


def set_obligations(
    session: Session,
    which: Any,  # noqa: ANN401 - SQLAlchemy's column expressions have no common public type
    before: ObligationState,
    after: ObligationState,
    now: datetime,
    **values: object,
) -> int:
    return count(
        session,
        update(ObligationRow)
        .where(which, ObligationRow.state == before)
        .values(state=after, updated_at=now, **values),
    )


def count(session: Session, statement: Update) -> int:
    """Execute an update and return how many rows it changed."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def or_nothing(session: Session, table: type[Any]) -> Insert:
    """Return an insert that leaves alone what is there already."""
    if is_postgresql(session):
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
