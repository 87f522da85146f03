"""`doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import click

from jobs.doctor import Doctor, Finding, Level, examine
from jobs.runtime import Runtime, runtime_for
from tracker.cli import command, format_option, pass_app, say
from tracker.context import App
from tracker.formatting import dump_json, terminal_width, wrap
from tracker.storage.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

ATTENTION = 1
_SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.FAULT: "✗"}


@command(
    "doctor",
    fr="Cherche ce qui ne va pas et dit comment y remédier ; n’envoie rien.",
    en="Look for what is wrong and say how to mend it; sends nothing.",
)
@format_option("table", "json")
@pass_app
def doctor(app: App, form: str) -> int:
    runtime, unopened = _open(app)
    try:
        findings = examine(
            Doctor(
                runtime=runtime,
                today=app.today,
                now=runtime.clock(),
                real_now=app.now(),
                simulated_day=app.today_option is not None,
                unopened=unopened,
            )
        )
    finally:
        if unopened is None:
            runtime.engine.dispose()
    click.echo(dump_json(doctor_json(findings)) if form == "json" else _table(findings))
    return ATTENTION if any(one.level is Level.FAULT for one in findings) else 0


def _open(app: App) -> tuple[Runtime, StorageError | None]:
    """Return the runtime; without a database where it cannot be opened, and then why."""
    try:
        return runtime_for(app), None
    except StorageError as error:
        nothing = cast("Engine", None)
        runtime = Runtime(settings=app.settings, engine=nothing, wording=app.wording, clock=app.now)
        return runtime, error


def doctor_json(findings: Sequence[Finding]) -> dict[str, object]:
    """Return the findings as `doctor --format json` gives them."""
    return {
        "faults": sum(one.level is Level.FAULT for one in findings),
        "warnings": sum(one.level is Level.WARNING for one in findings),
        "checks": [
            {
                "check": one.check,
                "level": one.level.value,
                "message": one.message,
                "remedy": one.remedy or None,
            }
            for one in findings
        ],
    }


def _table(findings: Sequence[Finding]) -> str:
    width, lines = terminal_width(), []
    for one in findings:
        lines += wrap(f"{_SIGNS[one.level]} {one.check:<13}{one.message}", width, rest=" " * 15)
        if one.remedy:
            lines += wrap(f"→ {one.remedy}", width, first=" " * 15, rest=" " * 17)
    faults = sum(one.level is Level.FAULT for one in findings)
    warnings = sum(one.level is Level.WARNING for one in findings)
    summary = say(
        f"{faults} défaut(s), {warnings} avertissement(s).",
        f"{faults} fault(s), {warnings} warning(s).",
    )
    if not faults and not warnings:
        summary = say("Tout va bien.", "All is well.")
    return "\n".join([*lines, "", summary])
