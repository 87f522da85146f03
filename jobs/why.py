"""Why a mail was or was not sent: for each deadline, who was owed what, and what came of it.

Nothing is guessed from the outside: stages come from the rules, obligations and attempts from the
database, the next step from the same simulation as `conventions simulate`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobs.cycle import open_problems
from jobs.outbox import Attempt, Posted, attempts_at, posted_messages
from jobs.overview import hold_reasons
from jobs.runtime import Runtime, Snapshot
from jobs.simulate import NextReminder, next_reminders
from tracker.domain.consequences import Deadline
from tracker.domain.reminders import stages_of
from tracker.queries import deadline_order, recently_missed
from tracker.storage.engine import reading
from tracker.storage.tables import ObligationRow, ObligationState


class Window(StrEnum):
    """Where the reminders of a deadline stand."""

    AHEAD = "ahead"
    """No stage has opened yet."""
    OPEN = "open"
    """A stage has opened, and there is still something to tell."""
    PAST = "past"
    """A stage has opened; nothing more is told."""
    GONE = "gone"
    """The convention no longer has this deadline on this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage and the day it opens."""

    name: str
    opens_on: date
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One obligation: who was to be told what, and the message that does it."""

    stage: str
    opens_on: date
    recipient: str
    state: str
    reason: str | None
    message: Posted | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A deadline and the whole story of its reminders."""

    key: str
    due_on: date
    window: Window
    deadline: Deadline | None
    stages: tuple[Stage, ...]
    tellings: tuple[Telling, ...]
    next: NextReminder | None

    @property
    def is_worth_a_line(self) -> bool:
        """Tell whether there is something to say beyond « long past, and never told »."""
        return self.window is Window.OPEN or bool(self.tellings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What `why` answers about one convention."""

    reference: str
    title: str
    today: date
    held: tuple[str, ...]
    problems: tuple[str, ...]
    deadlines: tuple[Explained, ...]


def explain(runtime: Runtime, reference: str, today: date) -> Explanation | None:
    """Tell the story of a convention's reminders; None where neither it nor they are known."""
    with reading(runtime.engine) as session:
        snapshot = runtime.snapshot(session, today)
        rows = _obligations(session, reference)
        tellings = _tellings(session, rows)
        held = hold_reasons(session, runtime)
        problems = _problems(session, snapshot, reference, runtime)
        known = {
            (row.deadline_key, row.due_on, row.stage, row.recipient)
            for row in rows
            if row.state != ObligationState.SUPERSEDED
        }
    life = next((one for one in snapshot.lives if one.record.reference == reference), None)
    if life is None and not tellings and not problems:
        return None
    coming: Mapping[tuple[str, date], NextReminder] = {}
    deadlines: Sequence[Deadline] = ()
    if life is not None:
        deadlines = life.deadlines
        coming = next_reminders(runtime, snapshot, reference, known)
    explained = [
        _explained(runtime, item, today, tellings.pop((item.key, item.due_on), ()), coming)
        for item in sorted(deadlines, key=deadline_order)
    ]
    explained += [
        Explained(
            key=key,
            due_on=due_on,
            window=Window.GONE,
            deadline=None,
            stages=(),
            tellings=tuple(told),
            next=None,
        )
        for (key, due_on), told in tellings.items()
    ]
    return Explanation(
        reference=reference,
        title=life.record.title if life is not None else "",
        today=today,
        held=held,
        problems=problems,
        deadlines=tuple(sorted(explained, key=lambda one: (one.due_on, one.key))),
    )


def _explained(
    runtime: Runtime,
    deadline: Deadline,
    today: date,
    tellings: Sequence[Telling],
    coming: Mapping[tuple[str, date], NextReminder],
) -> Explained:
    stages = tuple(
        Stage(name=name, opens_on=day, reached=day <= today)
        for name, day in stages_of(deadline, runtime.policy)
    )
    speaks = deadline.is_open or recently_missed(deadline, today)
    if not speaks:
        window = Window.PAST
    else:
        window = Window.OPEN if any(stage.reached for stage in stages) else Window.AHEAD
    return Explained(
        key=deadline.key,
        due_on=deadline.due_on,
        window=window,
        deadline=deadline,
        stages=stages,
        tellings=tuple(tellings),
        next=coming.get((deadline.key, deadline.due_on)),
    )


def _obligations(session: Session, reference: str) -> Sequence[ObligationRow]:
    # A journal's entry knows a convention by the escaped form that its key begins with.
    escaped = quote(reference, safe="")
    return session.scalars(
        select(ObligationRow)
        .where(or_(ObligationRow.convention == reference, ObligationRow.convention == escaped))
        .order_by(
            ObligationRow.due_on,
            ObligationRow.deadline_key,
            ObligationRow.opens_on,
            ObligationRow.recipient,
            ObligationRow.stage,
        )
    ).all()


def _tellings(
    session: Session, rows: Sequence[ObligationRow]
) -> dict[tuple[str, date], list[Telling]]:
    numbers = {row.message_id for row in rows if row.message_id is not None}
    messages = {one.id: one for one in posted_messages(session, ids=numbers)}
    attempts = {number: attempts_at(session, number) for number in sorted(numbers)}
    found: dict[tuple[str, date], list[Telling]] = defaultdict(list)
    for row in rows:
        found[row.deadline_key, row.due_on].append(
            Telling(
                stage=row.stage,
                opens_on=row.opens_on,
                recipient=row.recipient,
                state=row.state,
                reason=row.reason,
                message=messages.get(row.message_id or 0),
                attempts=attempts.get(row.message_id or 0, ()),
            )
        )
    return found


def _problems(
    session: Session, snapshot: Snapshot, reference: str, runtime: Runtime
) -> tuple[str, ...]:
    lang = runtime.wording.lang
    found = [row.message(lang) for row in snapshot.bad_rows if row.reference == reference]
    found += [error for name, error in snapshot.failures if name == reference]
    standing = open_problems(session, runtime.wording)
    found += [problem.message for problem in standing if problem.subject == reference]
    return tuple(dict.fromkeys(found))
