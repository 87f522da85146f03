"""The version of the schema: what is there, what is wanted, and the way from one to the other.

A current database costs one SELECT; Alembic, which takes a quarter of a second to import, is
imported only to upgrade. A new database is made from the tables at once and stamped: a test proves
that the migrations lead to the same.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from tracker.storage.errors import (
    DatabaseDamagedError,
    DatabaseMissingError,
    NotOurDatabaseError,
    SchemaTooNewError,
    SchemaTooOldError,
    mask_password,
)
from tracker.storage.tables import Row

REVISIONS = ("c0001",)
"""Every revision, oldest first; each is a file in `migrations/versions`."""

APPLICATION_ID = 0x434E5631
"""« CNV1 » in the header of the SQLite file (`PRAGMA application_id`)."""

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x434E5631  # PostgreSQL: two `init` at once go one after the other


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, None where there is no schema of ours."""
    try:
        with connection.begin_nested():
            rows = connection.execute(text("SELECT version_num FROM alembic_version")).all()
    except DBAPIError:
        if inspect(connection).has_table("alembic_version"):
            raise
        return None
    # Two rows, or none, is what a migration stopped half-way by hand leaves.
    return str(rows[0][0]) if len(rows) == 1 else "half-applied"


def is_current(connection: Connection) -> bool:
    """Tell whether the database has the schema that this program knows."""
    return current_revision(connection) == REVISIONS[-1]


def prepare(engine: Engine, path: Path | None, *, create: bool, upgrade: bool) -> None:
    """Check the database behind `engine`; create or upgrade its schema where that is allowed.

    `path` is the SQLite file, which is upgraded without being asked.
    """
    with engine.connect() as connection:
        found = _checked_revision(connection)
    if found == REVISIONS[-1]:
        return
    if found is None:
        if not create:
            raise DatabaseMissingError(url=_shown(engine))
        create_schema(engine)
    elif path is None and not upgrade:
        raise SchemaTooOldError(url=_shown(engine), found=found, known=REVISIONS[-1])
    else:
        upgrade_schema(engine, path)


def create_schema(engine: Engine) -> None:
    """Make every table in an empty database, and stamp it; nothing if another process did."""
    with _writer(engine) as connection, connection.begin():
        _lock(connection)
        if _checked_revision(connection) is not None:
            return
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        Row.metadata.create_all(connection, checkfirst=False)
        connection.execute(
            text(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
                " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
        )
        connection.execute(
            text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISIONS[-1]}
        )


def upgrade_schema(engine: Engine, path: Path | None = None, *, target: str = "head") -> None:
    """Upgrade to `target` in one transaction; an SQLite file is first copied beside itself.

    A failure rolls everything back: the database stays what it was.
    """
    from alembic import command  # noqa: PLC0415 - a quarter of a second, only when upgrading

    with _writer(engine) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A migration may rebuild a table; SQLite takes this switch outside a transaction only.
            _driver(connection).execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                _lock(connection)
                found = _checked_revision(connection)
                if found == REVISIONS[-1] and target == "head":
                    return
                if path is not None and found is not None:
                    back_up(path, path.with_name(f"{path.name}.before-upgrade-from-{found}"))
                if sqlite:
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                command.upgrade(alembic_config(connection), target)
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    detail = "a row refers to another one that is missing"
                    raise DatabaseDamagedError(url=_shown(engine), detail=detail)
        finally:
            if sqlite:
                _driver(connection).execute("PRAGMA foreign_keys = ON")


def back_up(source: Path, target: Path) -> None:
    """Copy a live SQLite file through SQLite's backup interface, readable by its owner only."""
    descriptor = os.open(target, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    os.close(descriptor)
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)


def alembic_config(connection: Connection | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201 - its type would import Alembic
    """Return the Alembic configuration of the shipped migrations, bound to `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - see the module's first lines

    config = Config()
    # `%` is Alembic's interpolation mark; it may well be part of a path.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _checked_revision(connection: Connection) -> str | None:
    """Return the revision after checking that the database is ours and not of the future."""
    shown = _shown(connection.engine)
    found = current_revision(connection)
    if connection.dialect.name == "sqlite":
        _check_application_id(connection, found, shown)
    if found is None:
        taken = sorted(set(Row.metadata.tables) & set(inspect(connection).get_table_names()))
        if taken:
            detail = f"it has a table {taken[0]} but no schema version"
            raise NotOurDatabaseError(url=shown, detail=detail)
        return None
    if found == "half-applied":
        raise NotOurDatabaseError(url=shown, detail="a migration was stopped half-way")
    if found in REVISIONS:
        return found
    if found[:1] == "c" and found[1:].isdigit():
        raise SchemaTooNewError(url=shown, found=found, known=REVISIONS[-1])
    raise NotOurDatabaseError(url=shown, detail=f"schema version {found}")


def _check_application_id(connection: Connection, found: str | None, shown: str) -> None:
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application == APPLICATION_ID:
        return
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if application or tables or found is not None:
        raise NotOurDatabaseError(url=shown, detail=f"application_id {application:#x}")


def _writer(engine: Engine) -> Connection:
    return engine.execution_options(conventions_writing=True).connect()


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
        if encoding != "UTF8":
            detail = f"its encoding is {encoding}; create it with ENCODING 'UTF8'"
            raise NotOurDatabaseError(url=_shown(connection.engine), detail=detail)


def _shown(engine: Engine) -> str:
    return mask_password(engine.url.render_as_string(hide_password=True))
