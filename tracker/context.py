"""What a command stands on: settings, database, day, language. Opened when first asked for.

The one clock of the command line is here; everything below takes the day, or the instant, as an
argument.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import Language

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from config.settings import Settings
    from tracker.domain.portfolio import Portfolio
    from tracker.storage.repository import LoadResult
    from tracker.wording import Wording


@dataclass(kw_only=True)
class App:
    """The global options of the command line, and what they lead to."""

    config: str | None = None
    database: str | None = None
    today_option: date | None = None
    lang: Language = "fr"
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises SettingsError with every problem in them."""
        from config.settings import find_settings_file, load_settings, read_mounts

        file = find_settings_file(self.config, self.environ, Path.cwd())
        return load_settings(
            file, self.environ, database_override=self.database, mounts=read_mounts()
        )

    @cached_property
    def today(self) -> date:
        """The day on which the command reasons: the option, else today where the office is."""
        if self.today_option is not None:
            return self.today_option
        return self.now().astimezone(self.settings.schedule.timezone).date()

    @cached_property
    def wording(self) -> Wording:
        """Sentences in the reader's language."""
        from tracker.wording import Wording

        return Wording(self.lang)

    @cached_property
    def who(self) -> str:
        """The name that the history keeps beside a change."""
        try:
            return getpass.getuser()
        except (KeyError, OSError):  # no entry for this user id
            return f"uid {os.getuid()}"

    def engine(self, *, create: bool = False, upgrade: bool = False) -> Engine:
        """Open the database; `create` allows to make one where there is none."""
        from tracker.storage.engine import open_engine

        return open_engine(self.settings.database.url, create=create, upgrade=upgrade)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database."""
        from tracker.storage.engine import reading

        engine = self.engine()
        try:
            with reading(engine) as session:
                yield session
        finally:
            engine.dispose()

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Session]:
        """Give a session in a writing transaction, committed at the end of the block."""
        from tracker.storage.engine import writing

        engine = self.engine(create=create)
        try:
            with writing(engine) as session:
                yield session
        finally:
            engine.dispose()

    def load(self) -> LoadResult:
        """Load every convention, with the rows that cannot be read."""
        from tracker.storage.repository import load_all

        with self.reading() as session:
            return load_all(session)

    def portfolio(self, loaded: LoadResult | None = None) -> Portfolio:
        """Return the portfolio as known on the day of the command."""
        from tracker.domain.portfolio import Portfolio
        from tracker.surroundings import surroundings_from

        result = loaded if loaded is not None else self.load()
        return Portfolio(
            conventions=result.conventions,
            today=self.today,
            around=surroundings_from(self.settings),
        )
