"""When a reminder is due: lead times counted back from the prudent day, and catch-up.

A stage is reached when its day is on or before today, never only on that day: a week without
power loses nothing. Of all the stages reached for a deadline, one is said: the tightest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.domain.consequences import (
    MISSED_STAGE,
    OVERDUE_STAGE,
    Deadline,
    DeadlineKind,
    DeadlineStatus,
    Reminder,
)
from tracker.domain.dates import Period, shift, shift_back

MISSED_SHOWN_FOR = timedelta(days=30)
"""How long a notice or vote day that passed unused is still told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """After how long an urgent deadline that nobody acknowledged is told to others."""

    watchers_after: Period | None = None
    office_after: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """Lead times by kind of deadline; a kind without any gets no reminder before its day."""

    lead_times: Mapping[DeadlineKind, tuple[Period, ...]]
    escalation: Escalation = field(default_factory=Escalation)

    def lead_times_of(self, deadline: Deadline) -> tuple[Period, ...]:
        """Return the lead times of a deadline: its convention's own, else those of its kind."""
        if deadline.lead_times is not None:
            return deadline.lead_times
        return self.lead_times.get(deadline.kind, ())


def stages_of(deadline: Deadline, policy: ReminderPolicy) -> tuple[tuple[str, date], ...]:
    """Return every stage of a deadline with the day it opens, in order.

    Lead times count back from `act_by`; then comes the day after `due_on`: `overdue` for a duty,
    `missed` for a notice or a vote that can no longer be given.
    """
    stages = {
        str(lead): shift_back(deadline.act_by, lead) for lead in policy.lead_times_of(deadline)
    }
    after = (deadline.until or deadline.due_on) + timedelta(days=1)
    last = MISSED_STAGE if deadline.kind in _LOST else OVERDUE_STAGE
    if deadline.kind not in _SILENT_ONCE_PAST:
        stages[last] = after
    return tuple(sorted(stages.items(), key=lambda stage: (stage[1], stage[0])))


_LOST = frozenset({DeadlineKind.NOTICE, DeadlineKind.DECISION})
_SILENT_ONCE_PAST = frozenset(
    {
        DeadlineKind.EXPIRY,
        DeadlineKind.RENEWAL,
        DeadlineKind.MILESTONE,
        DeadlineKind.PROGRAMME_END,
    }
)


def plan_reminders(
    deadlines: Iterable[Deadline], policy: ReminderPolicy, today: date
) -> tuple[Reminder, ...]:
    """Return one reminder for each deadline whose window is open, in order of the day to act.

    A snoozed deadline waits for its day, but never past its last useful stage: the tightest lead
    time speaks whatever was asked.
    """
    reminders = [
        reminder
        for deadline in deadlines
        if (reminder := _reminder_for(deadline, policy, today)) is not None
    ]
    return tuple(sorted(reminders, key=lambda item: (item.deadline.act_by, item.deadline.key)))


def _reminder_for(deadline: Deadline, policy: ReminderPolicy, today: date) -> Reminder | None:
    if not _speaks(deadline, today):
        return None
    stages = stages_of(deadline, policy)
    reached = [(stage, day) for stage, day in stages if day <= today]
    if not reached:
        return None
    if _is_snoozed(deadline, stages, today):
        return None
    stage, opens_on = reached[-1]
    return Reminder(
        deadline=deadline,
        stage=stage,
        opens_on=opens_on,
        reached=tuple(name for name, _ in reached),
        escalation=_escalation(deadline, stages, policy.escalation, today),
    )


def _speaks(deadline: Deadline, today: date) -> bool:
    if deadline.is_open:
        return True
    if deadline.status is not DeadlineStatus.MISSED or deadline.kind not in _LOST:
        return False
    return today - deadline.due_on <= MISSED_SHOWN_FOR


def _is_snoozed(deadline: Deadline, stages: tuple[tuple[str, date], ...], today: date) -> bool:
    if deadline.snoozed_until is None or today >= deadline.snoozed_until:
        return False
    before = [day for _, day in stages if day <= deadline.due_on]
    last_useful = max(before, default=deadline.act_by)
    return today < last_useful


def _escalation(
    deadline: Deadline,
    stages: tuple[tuple[str, date], ...],
    rules: Escalation,
    today: date,
) -> int:
    """Return 0, 1 or 2: how far an urgent deadline that nobody acknowledged has climbed.

    It counts from the last stage before the day, or from the day after it where there is none or
    where somebody has acknowledged it: an acknowledged duty that is overdue insists again.
    """
    before = [day for _, day in stages if day <= deadline.due_on and not deadline.acknowledged]
    urgent_from = max(before, default=(deadline.until or deadline.due_on) + timedelta(days=1))
    if rules.office_after is not None and today >= shift(urgent_from, rules.office_after):
        return 2
    if rules.watchers_after is not None and today >= shift(urgent_from, rules.watchers_after):
        return 1
    return 0
