"""Answers as JSON, CSV, Markdown and tables. Nothing is decided here.

JSON is a promise (docs/reference/json.md); tables are for people and may change.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain.consequences import (
    Alternative,
    Deadline,
    DeadlineStatus,
    Finding,
    PlanStep,
    Term,
)
from tracker.domain.portfolio import Life
from tracker.front import say
from tracker.queries import recently_missed
from tracker.wording import Wording

NARROW = 60
"""Below this many columns a table becomes a list."""
_NARROWEST_CELL = 14
"""Long cells are folded to this many columns at least."""
URGENT_DAYS = 7
SOON_DAYS = 30


def dump_json(value: object) -> str:
    """Write JSON as every command does: two spaces, UTF-8, keys in the documented order."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def plain_amount(amount: Decimal | None) -> int | float | None:
    """Return euros as a JSON number: whole where they are."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def deadline_json(deadline: Deadline, today: date, wording: Wording) -> dict[str, Any]:
    """Return a deadline as `soon --format json` gives it."""
    return {
        "key": deadline.key,
        "convention": deadline.convention,
        "title": deadline.title,
        "owner": deadline.owner,
        "partners": [
            {"name": partner.name, "country": partner.country} for partner in deadline.partners
        ],
        "kind": deadline.kind.value,
        "label": deadline.label or None,
        "due_on": deadline.due_on.isoformat(),
        "until": deadline.until.isoformat() if deadline.until else None,
        "act_by": deadline.act_by.isoformat(),
        "alternative": alternative_json(deadline.alternative, wording),
        "status": deadline.status.value,
        "days_left": deadline.days_left(today),
        "term": term_json(deadline.term) if deadline.term is not None else None,
        "amount": plain_amount(deadline.amount),
        "basis": wording.basis(deadline.basis),
        "law": list(law_links(deadline.basis.law)),
        "acknowledged": deadline.acknowledged,
        "snoozed_until": deadline.snoozed_until.isoformat() if deadline.snoozed_until else None,
        "supposed": list(deadline.basis.supposed),
    }


def law_links(names: Iterable[str]) -> Iterable[str]:
    """Yield where the texts named can be read."""
    from tracker.domain.law import LAW  # noqa: PLC0415 - keeps the table of texts off start-up

    return (LAW[name].url for name in names)


def alternative_json(alternative: Alternative | None, wording: Wording) -> dict[str, Any] | None:
    """Return the other reading of a date, or None."""
    if alternative is None:
        return None
    return {"due_on": alternative.due_on.isoformat(), "why": wording.basis(alternative.why)}


def term_json(term: Term) -> dict[str, Any]:
    """Return a term without its origin, as deadlines carry it."""
    return {
        "ordinal": term.ordinal,
        "first_day": term.first_day.isoformat() if term.first_day else None,
        "last_day": term.last_day.isoformat() if term.last_day else None,
    }


def finding_json(finding: Finding, wording: Wording) -> dict[str, str]:
    """Return a warning with its stable code."""
    return {"code": finding.code, "message": wording.finding(finding)}


def plan_json(step: PlanStep, wording: Wording) -> dict[str, Any]:
    """Return a step of the backward plan."""
    return {
        "step": step.step,
        "due_on": step.due_on.isoformat(),
        "basis": wording.basis(step.basis),
        "legal": step.legal,
    }


def life_json(
    life: Life, record: dict[str, Any], history: list[dict[str, Any]], today: date, wording: Wording
) -> dict[str, Any]:
    """Return a convention and its life as `show --format json` gives it."""
    return {
        "record": record,
        "state": life.state.value,
        "terms": [
            {
                **term_json(term),
                "origin": term.origin.value,
                "basis": wording.basis(term.basis),
                "alternative": alternative_json(term.alternative, wording),
            }
            for term in life.terms
        ],
        "deadlines": [deadline_json(item, today, wording) for item in life.deadlines],
        "warnings": [finding_json(finding, wording) for finding in life.findings],
        "history": history,
        "plan": [plan_json(step, wording) for step in life.plan],
    }


CSV_COLUMNS = (
    "key", "convention", "title", "owner", "partners", "kind", "due_on", "act_by", "status",
    "days_left", "amount", "alternative", "basis",
)  # fmt: skip


def deadlines_csv(deadlines: Iterable[Deadline], today: date, wording: Wording) -> str:
    """Return deadlines as CSV: comma, UTF-8, ISO dates, one line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for deadline in deadlines:
        row = deadline_json(deadline, today, wording)
        row["partners"] = wording.partners(deadline.partners)
        row["alternative"] = deadline.alternative.due_on if deadline.alternative else None
        writer.writerow([csv_cell(row[name]) for name in CSV_COLUMNS])
    return out.getvalue()


def csv_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    if text[:1] in {"=", "@", "\t", "\r"} or (text[:1] in {"+", "-"} and not _is_number(text)):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text[1:].replace(".", "", 1).isdigit()


def deadlines_markdown(deadlines: Sequence[Deadline], today: date, wording: Wording) -> str:
    """Return deadlines as a Markdown table."""
    heads = wording.pick_list(
        ("Échéance", "Agir avant", "Jours", "Quoi", "Convention", "Responsable"),
        ("Due", "Act by", "Days", "What", "Convention", "Owner"),
    )
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for deadline in deadlines:
        cells = (
            deadline.due_on.isoformat(),
            deadline.act_by.isoformat(),
            str(deadline.days_left(today)),
            wording.subject(deadline),
            f"{deadline.convention} – {deadline.title}",
            deadline.owner or "",
        )
        lines.append("| " + " | ".join(_markdown(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _markdown(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
    return escaped.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


# -- for people ---------------------------------------------------------------------------------


def terminal_width() -> int:
    """Return the width of the terminal, 100 where there is none, never absurd."""
    return max(20, min(shutil.get_terminal_size((100, 24)).columns, 140))


def width_of(text: str) -> int:
    """Return how many columns a text takes: combining marks none, wide characters two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def pad(text: str, width: int) -> str:
    """Fill a text with spaces on the right up to `width` columns."""
    return text + " " * max(0, width - width_of(text))


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> list[str]:
    """Cut a text into lines of at most `width` columns, no-break spaces kept whole."""
    return textwrap.wrap(
        text,
        max(width, 16),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=True,
    ) or [first]


@dataclass(frozen=True, slots=True)
class _Group:
    title: tuple[str, str]
    holds: Callable[[Deadline, date], bool]


_GROUPS = (
    _Group(("En retard", "Overdue"), lambda item, _today: item.status is DeadlineStatus.OVERDUE),
    _Group(
        ("Manqué depuis moins de trente jours", "Missed in the last thirty days"),
        recently_missed,
    ),
    _Group(
        ("À faire sous sept jours", "To do within seven days"),
        lambda item, today: (item.act_by - today).days <= URGENT_DAYS,
    ),
    _Group(
        ("À faire sous trente jours", "To do within thirty days"),
        lambda item, today: (item.act_by - today).days <= SOON_DAYS,
    ),
    _Group(("Plus tard", "Later"), lambda _item, _today: True),
)


def deadlines_table(
    deadlines: Sequence[Deadline], today: date, wording: Wording, *, width: int | None = None
) -> str:
    """Return deadlines for a person: by urgency, what, when, what to do, who."""
    width = width or terminal_width()
    held_by: list[list[Deadline]] = [[] for _ in _GROUPS]
    for item in deadlines:
        first = next(place for place, group in enumerate(_GROUPS) if group.holds(item, today))
        held_by[first].append(item)
    blocks: list[str] = []
    for group, held in zip(_GROUPS, held_by, strict=True):
        if held:
            title = f"{wording.pick(group.title)} ({len(held)})"
            lines = [*wrap(title, width), "-" * min(width_of(title), width)]
            for series in _series(held):
                lines += _deadline_lines(series[-1], today, wording, width, earlier=series[:-1])
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _series(deadlines: Sequence[Deadline]) -> list[list[Deadline]]:
    """Put together the overdue occurrences of one duty: they are one thing to settle."""
    series: dict[tuple[str, str, str, int], list[Deadline]] = {}
    for deadline in deadlines:
        repeated = deadline.status is DeadlineStatus.OVERDUE
        apart = 0 if repeated else deadline.ordinal
        key = (deadline.convention, deadline.kind.value, deadline.label, apart)
        series.setdefault(key, []).append(deadline)
    return list(series.values())


def _deadline_lines(
    deadline: Deadline,
    today: date,
    wording: Wording,
    width: int,
    *,
    earlier: Sequence[Deadline] = (),
) -> list[str]:
    when = wording.short_date(deadline.due_on)
    days = wording.days_left(deadline.days_left(today))
    what = wording.subject(deadline)
    if earlier:
        since = wording.short_date(earlier[0].due_on)
        what += wording.pick(
            (
                f" (et {len(earlier)} de plus depuis le {since})",
                f" (and {len(earlier)} more since {since})",
            )
        )
    convention = f"{deadline.convention} – {deadline.title}"
    lines: list[str] = []
    if width < NARROW:
        for text in (f"{when} {days}", what, convention):
            lines += wrap(text, width)
        indent = " "
    else:
        head = f"{pad(when, 10)}  {pad(days, 18)}  {what}"
        lines += wrap(head, width, rest=" " * 32) if width_of(head) > width else [head]
        indent = " " * 12
        lines += wrap(convention, width, first=indent, rest=indent)
    for text in _details(deadline, wording):
        lines += wrap(text, width, first=indent, rest=indent)
    return lines


def _details(deadline: Deadline, wording: Wording) -> list[str]:
    action = wording.action(deadline)
    details = [f"→ {action}"]
    if deadline.prudent_day is not None and deadline.status is DeadlineStatus.UPCOMING:
        label = wording.pick(("Jour conseillé\u00a0: ", "Prudent day: "))
        details.append(label + wording.short_date(deadline.prudent_day))
    if deadline.basis.supposed:
        names = ", ".join(wording.field(name) for name in deadline.basis.supposed)
        details.append(wording.pick(("Supposé\u00a0: ", "Supposed: ")) + names)
    people = ", ".join(item for item in (deadline.owner, *deadline.watchers) if item)
    if people:
        details.append(people)
    return details


def columns(rows: Sequence[Sequence[str]], heads: Sequence[str], width: int) -> str:
    """Return rows under their heads, long cells on several lines; nothing is cut off.

    A terminal too narrow for a table gets one line a cell.
    """
    if not rows:
        return ""
    natural = [max(width_of(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    words = [
        max(width_of(word) for row in (heads, *rows) for word in row[place].split(" "))
        for place in range(len(heads))
    ]
    widths = _fitted(natural, [max(size, _NARROWEST_CELL) for size in words], width)
    if widths is None:
        return _cell_by_cell(rows, heads, width)
    lines: list[str] = []
    for row in (heads, ["-" * size for size in widths], *rows):
        if all(width_of(cell) <= size for cell, size in zip(row, widths, strict=True)):
            lines.append("  ".join(map(pad, row, widths)).rstrip())
            continue
        cells = [
            wrap(cell, size) if width_of(cell) > size else [cell]
            for cell, size in zip(row, widths, strict=True)
        ]
        lines += ["  ".join(map(pad, part, widths)).rstrip() for part in _side_by_side(cells)]
    return "\n".join(lines)


def _fitted(natural: Sequence[int], least: Sequence[int], width: int) -> list[int] | None:
    """Narrow the widest columns until all fit, no word broken; None where they cannot."""
    widths = list(natural)
    excess = sum(widths) + 2 * (len(widths) - 1) - width
    while excess > 0:
        wide = [place for place, size in enumerate(widths) if size > least[place]]
        if not wide:
            return None
        place = max(wide, key=lambda item: widths[item])
        widths[place] -= 1
        excess -= 1
    return widths


def _side_by_side(cells: Sequence[Sequence[str]]) -> Iterable[list[str]]:
    for number in range(max(map(len, cells))):
        yield [cell[number] if number < len(cell) else "" for cell in cells]


def _cell_by_cell(rows: Sequence[Sequence[str]], heads: Sequence[str], width: int) -> str:
    blocks = []
    colon = say("\u00a0:", ":")
    for row in rows:
        lines: list[str] = []
        for head, cell in zip(heads, row, strict=True):
            if cell:
                lines += wrap(f"{head}{colon} {cell}", width, rest=" ")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
