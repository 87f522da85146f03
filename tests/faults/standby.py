"""A PostgreSQL server and its synchronous standby, one of which can be killed.

Both listen on sockets in their own folders. The URL names both and asks for the one that writes, as
docs/operations.md says.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from integration.conftest import LocalServer, ServerUnavailableError, programs
from sqlalchemy import make_url, text

from tracker.storage.engine import new_engine, open_engine

PATIENCE = 20.0
"""Seconds for the standby to catch up."""


@dataclass
class Pair:
    """A primary, and the standby that every commit waits for."""

    primary: LocalServer
    standby: LocalServer
    made: int = 0

    def make_database(self) -> str:
        """Return the URL, valid on both servers, of a fresh database with the schema."""
        self.made += 1
        name = f"office_{self.made}"
        self._on_primary(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        url = make_url(self.primary.url).set(
            database=name,
            query={
                "host": f"{self.primary.data},{self.standby.data}",
                "target_session_attrs": "read-write",
            },
        )
        shown = url.render_as_string(hide_password=False)
        open_engine(shown, create=True).dispose()
        return shown

    def fail_over(self) -> None:
        """Kill the primary and let the standby take its place."""
        self.primary.stop("immediate")
        self.standby.control("-w", "promote")

    def make_synchronous(self) -> None:
        """Wait for the standby, then make every commit wait for it."""
        self._on_primary("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._on_primary("SELECT pg_reload_conf()")
        until = time.monotonic() + PATIENCE
        while "sync" not in self._on_primary("SELECT sync_state FROM pg_stat_replication"):
            if time.monotonic() > until:
                raise ServerUnavailableError("the standby does not follow")
            time.sleep(0.05)

    def _on_primary(self, statement: str) -> list[str]:
        engine = new_engine(self.primary.url)
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                result = connection.execute(text(statement))
                return [str(row[0]) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()


@contextmanager
def a_pair() -> Iterator[Pair]:
    """Start two servers with the programs of the machine; ServerUnavailableError without them."""
    programs()
    # Short, for the sockets; open to the user that the servers run as.
    folder = Path(tempfile.mkdtemp(prefix="pair-"))
    folder.chmod(0o755)
    pair = Pair(LocalServer(folder / "a"), LocalServer(folder / "b"))
    try:
        pair.primary.make_folder()
        pair.primary.initialise()
        pair.primary.start("-h ''")
        pair.standby.make_folder()
        pair.standby.copy_of(pair.primary)
        pair.standby.start("-h ''")
        pair.make_synchronous()
        yield pair
    finally:
        for server in (pair.primary, pair.standby):
            with suppress(ServerUnavailableError, FileNotFoundError):
                server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def why_not() -> str | None:
    """Return why no pair of servers can be started here, None when they can."""
    try:
        programs()
    except ServerUnavailableError as error:
        return str(error)
    return None
