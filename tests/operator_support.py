"""An office in a folder: settings, database, and the commands typed at it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.cli import main

DAY = "2027-01-04"
"""A Monday."""

CONVENTION = """\
- reference: DIJ-1
  title: Partenariat avec l’Étoile
  partners: [{name: L’Étoile, country: FR}]
  owner: owner@example.org
  signed_on: 2026-02-20
  tracked_from: 2026-12-01
  terms: {term: P1Y, start: signature, renewal: tacit, renewal_period: P1Y, notice: P3M,
          recurring: [{kind: committee, every: P1Y}]}
- reference: DIJ-2
  title: Jumelage
  owner: other@example.org
  signed_on: 2024-03-01
  tracked_from: 2026-12-01
  terms: {term: P3Y, start: signature, renewal: none}
"""


@dataclass
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Office:
    """Type commands as a person would, in a folder of one's own."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], *, database: str | None = None
    ) -> None:
        self.folder = folder
        self.capsys = capsys
        self.database = database or f"sqlite:///{folder / 'conventions.db'}"
        self.settings = folder / "conventions.toml"
        self.write_settings()
        self.answer("init")
        (folder / "portfolio.yaml").write_text(CONVENTION, encoding="utf-8")

    def write_settings(
        self,
        mail: Iterable[str] = ('directory = "outgoing"',),
        office: Iterable[str] = (
            'recipients = ["ri@example.org"]',
            'fallback = "secretariat@example.org"',
            'sender = "conventions@example.org"',
        ),
        more: Iterable[str] = (),
    ) -> None:
        lines = ["[office]", *office, "[mail]", *mail]
        lines += ["[state]", f'directory = "{self.folder / "state"}"', *more]
        self.settings.write_text("\n".join(lines), encoding="utf-8")

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def arguments(self) -> list[str]:
        return ["--config", str(self.settings), "--database", self.database]

    def answer(self, *words: str, day: str | None = None, lang: str = "fr") -> Answer:
        self.capsys.readouterr()
        today = ["--today", day] if day else []
        status = main([*self.arguments, "--lang", lang, *today, *words])
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        return Answer(status, said.out, said.err)

    def json(self, *words: str, day: str | None = DAY) -> Any:
        return self.answer(*words, "--format", "json", day=day).json

    def load(self) -> None:
        answer = self.answer("import", str(self.folder / "portfolio.yaml"), day=DAY)
        assert answer.status == 0, answer.err

    def run(self, day: str | None = DAY) -> Answer:
        return self.answer("run", day=day)
