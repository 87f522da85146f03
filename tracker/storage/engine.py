"""Opening the database, and the two kinds of transaction: `reading` and `writing`.

Assumptions, stated once:

* a command opens one engine, and reads or writes through `reading(engine)` or `writing(engine)`;
  nothing below them commits;
* on SQLite every writing transaction is `BEGIN IMMEDIATE`: a deferred one that turns into a writer
  fails at once with "database is locked", whatever the timeout, and the driver's own idea of
  transactions lets a savepoint outlive the rollback around it;
* a reading transaction sees one state of the database from its first to its last SELECT.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from tracker.storage import schema
from tracker.storage.errors import (
    BadDatabaseUrlError,
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseReadOnlyError,
    DatabaseUnreachableError,
    DriverMissingError,
    FolderMissingError,
    NetworkFileSystemError,
    NotOurDatabaseError,
    SqliteTooOldError,
    StorageError,
    mask_password,
)

BUSY_TIMEOUT_SECONDS = 10.0
SAFE_WAL = (3, 51, 3)
"""Before it, two writers in WAL mode can corrupt the file (present since 3.7.0)."""
OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables."""
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p"})

_WRITING = "conventions_writing"


def open_engine(
    url: str,
    *,
    create: bool,
    upgrade: bool = False,
    busy_timeout: float = BUSY_TIMEOUT_SECONDS,
) -> Engine:
    """Open the database at `url`, checked to be ours and of the schema that this program knows.

    `create` allows to make one where there is none. A SQLite file of an older schema is copied
    beside itself, then upgraded; PostgreSQL only with `upgrade`, which is for `conventions init`.
    Raises a StorageError otherwise, and then nothing was written.
    """
    parsed = _parse(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    path = _check_file(parsed, create=create) if sqlite else None
    engine = new_engine(url, busy_timeout=busy_timeout)
    try:
        with translated(engine):
            schema.prepare(engine, path, create=create, upgrade=upgrade)
    except BaseException:
        engine.dispose()
        raise
    return engine


def new_engine(url: str, *, busy_timeout: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """Return an engine without looking at the database: for migrations and their tests."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, busy_timeout)
    return _postgresql_engine(parsed, busy_timeout)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session for reading: one state of the database, no lock that hinders a writer."""
    options: dict[str, Any] = {}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        translated(engine),
        Session(engine.execution_options(**options), autoflush=False) as session,
    ):
        try:
            yield session
        finally:
            session.rollback()


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Give a session for writing: committed at the end of the block, rolled back if it raises.

    On SQLite the lock is taken at the start of the block: it is there, and nowhere else, that
    another writer is waited for.
    """
    bound = engine.execution_options(**{_WRITING: True})
    with translated(engine), Session(bound, expire_on_commit=False) as session, session.begin():
        session.connection()
        yield session


@contextmanager
def writing_connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a writing transaction, for what needs no session."""
    with translated(engine), engine.execution_options(**{_WRITING: True}).begin() as connection:
        yield connection


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn what a driver complains of into our errors, where a person can do something about it."""
    try:
        yield
    except DBAPIError as error:
        ours = _translate(error, mask_url(engine.url))
        if ours is None:
            raise
        raise ours from error


def mask_url(url: URL | str) -> str:
    """Return the URL as it may be shown: no password, neither before the @ nor in its options."""
    shown = url.render_as_string(hide_password=True) if isinstance(url, URL) else url
    return mask_password(shown)


def sqlite_path(url: str) -> Path | None:
    """Return the file of an SQLite URL, None for a database on a server."""
    parsed = _parse(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


# --- URL and file --------------------------------------------------------------------------------


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise BadDatabaseUrlError(url=url, detail="not a URL") from None
    if parsed.drivername == "postgres":
        parsed = parsed.set(drivername="postgresql")
    if parsed.drivername in {"postgresql", "postgresql+psycopg"}:
        return parsed
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        detail = f"{parsed.drivername}: unknown database"
        raise BadDatabaseUrlError(url=mask_url(parsed), detail=detail)
    if parsed.host or parsed.query:
        detail = "sqlite takes a path and nothing else; an absolute one has four slashes"
        raise BadDatabaseUrlError(url=mask_url(parsed), detail=detail)
    if parsed.database in {None, "", ":memory:"}:
        detail = "a database in memory would forget everything"
        raise BadDatabaseUrlError(url=mask_url(parsed), detail=detail)
    return parsed


def _check_file(url: URL, *, create: bool) -> Path:
    """Check what can be known of the file before SQLite touches it; make it, if it may be made."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise SqliteTooOldError(found=sqlite3.sqlite_version, wanted=wanted)
    path = Path(url.database or "")
    shown = mask_url(url)
    if path.exists():
        if not path.is_file():
            raise NotOurDatabaseError(url=shown, detail="not a regular file")
        if path.stat().st_size == 0 and not create:
            raise DatabaseMissingError(url=shown)
    elif not create:
        raise DatabaseMissingError(url=shown)
    elif not path.parent.is_dir():
        raise FolderMissingError(folder=str(path.parent))
    if kind := network_file_system(path):
        raise NetworkFileSystemError(url=shown, detail=kind)
    if not path.exists():
        _create_private_file(path, shown)
    return path


def _create_private_file(path: Path, shown: str) -> None:
    # Before SQLite does it under the umask: names and addresses of people are in there.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return  # another process was quicker; what it makes is checked like any other
    except OSError as error:
        raise DatabaseReadOnlyError(url=shown) from error


def network_file_system(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """Return the type of the network file system that holds `path`, None for a local one."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None  # no such list on this system: nothing is known against the path
    found = ("", "")
    for line in lines:
        _, point, kind, *_ = line.split()
        point = point.replace("\\040", " ")
        if path.resolve().is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1] if found[1] in NETWORK_FILE_SYSTEMS else None


# --- engines -------------------------------------------------------------------------------------


def _sqlite_engine(url: URL, busy_timeout: float) -> Engine:
    engine = create_engine(url, connect_args={"isolation_level": None, "timeout": busy_timeout})

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        wal = sqlite3.sqlite_version_info >= SAFE_WAL
        connection.execute(f"PRAGMA synchronous = {'FULL' if wal else 'EXTRA'}")
        wanted = "wal" if wal else "delete"
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
            try:
                connection.execute(f"PRAGMA journal_mode = {wanted}")
            except sqlite3.OperationalError as error:
                # Another process is in the file, or it is read-only: the next connection tries.
                if _primary_code(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY}:
                    raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _postgresql_engine(url: URL, busy_timeout: float) -> Engine:
    arguments: dict[str, Any] = {
        "application_name": "conventions",
        "connect_timeout": 10,
        "client_encoding": "utf8",
    }
    given = {name: value for name, value in arguments.items() if name not in url.query}
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args=given)
    except (ImportError, NoSuchModuleError):
        raise DriverMissingError from None

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg may be absent
        # Waiting for ever is no answer to a command line; SQLite has its busy timeout.
        connection.execute(f"SET lock_timeout = {int(busy_timeout * 1000)}")
        connection.commit()

    return engine


# --- errors --------------------------------------------------------------------------------------


def _primary_code(error: BaseException | None) -> int:
    """Return SQLite's primary result code: the low byte of the extended one."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _translate(error: DBAPIError, url: str) -> StorageError | None:
    if isinstance(error.orig, sqlite3.Error):
        return _translate_sqlite(error.orig, url)
    return _translate_postgresql(error, url)


def _translate_sqlite(error: sqlite3.Error, url: str) -> StorageError | None:
    match _primary_code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseLockedError()
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return DatabaseReadOnlyError(url=url)
        case sqlite3.SQLITE_FULL:
            return DatabaseFullError(url=url)
        case sqlite3.SQLITE_NOTADB:
            return NotOurDatabaseError(url=url, detail="not an SQLite file")
        case sqlite3.SQLITE_CORRUPT:
            return DatabaseDamagedError(url=url, detail=str(error))
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR:
            return DatabaseUnreachableError(url=url, detail=str(error))
    return None


def _translate_postgresql(error: DBAPIError, url: str) -> StorageError | None:
    state = getattr(error.orig, "sqlstate", None)
    detail = str(error.orig).strip().partition("\n")[0]
    if state in {"55P03", "40001", "40P01"}:  # lock timeout, serialization failure, deadlock
        return DatabaseLockedError()
    if state == "25006":
        return DatabaseReadOnlyError(url=url)
    if state == "53100":
        return DatabaseFullError(url=url)
    operational = type(error.orig).__name__ == "OperationalError"
    if error.connection_invalidated or (operational and state is None):
        return DatabaseUnreachableError(url=url, detail=detail)
    if state is not None and state[:2] in {"08", "28", "3D", "57"}:  # connection, login, database
        return DatabaseUnreachableError(url=url, detail=detail)
    return None
