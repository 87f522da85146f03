"""Copies of the whole database, and the way back.

A backup is made by the database itself (SQLite's backup interface, `pg_dump`), never by copying a
live file; it appears whole, under a new name, readable by its owner only, and is read back before
anybody is told that it is there.

A restored database has forgotten mail that was sent: it comes back with sending held, in the same
step that puts it in place, and what was there before stays beside it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine, make_url, text, update

from jobs.holds import HoldReason, place_hold
from jobs.locks import alone
from jobs.runtime import Runtime
from notifications.rows import count, or_nothing
from tracker.errors import TemporaryError, UserError
from tracker.files import shown_path
from tracker.storage import schema
from tracker.storage.engine import open_engine, reading, sqlite_path, writing
from tracker.storage.errors import mask_password
from tracker.storage.tables import JobRunRow, JobState

BACKUP: Final = "backup"
"""The rule under which the ledger keeps when a backup was made."""
_SQLITE_MAGIC: Final = b"SQLite format 3\0"
_DUMP_MAGIC: Final = b"PGDMP"
_LOCK_WAIT: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a backup holds."""

    revision: str
    conventions: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back, and where the replaced database is kept."""

    copy: Copy
    replaced: Path


def back_up(runtime: Runtime, target: Path) -> Copy:
    """Write a checked backup under a new name."""
    _check_new(target)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    source = sqlite_path(runtime.settings.database.url)
    try:
        if source is not None:
            _copy_sqlite(source, temporary)
            copy = inspect_sqlite(temporary)
        else:
            _dump(runtime.engine.url, temporary)
            copy = _inspect_dump(temporary, _conventions(runtime.engine))
        _sync(temporary)
        _give_name(temporary, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
    return copy


def note_backup(runtime: Runtime, copy: Copy) -> None:
    """Write down that a backup was made: `doctor` tells its age."""
    now = runtime.clock()
    values = {
        "state": JobState.DONE,
        "worker": runtime.identity.worker,
        "started_at": now,
        "finished_at": now,
        "counts": json.dumps({"bytes": copy.bytes, "conventions": copy.conventions}),
    }
    day = runtime.local_day(now)
    with writing(runtime.engine) as session:
        session.execute(
            or_nothing(session, JobRunRow).values(rule=BACKUP, local_date=day, **values)
        )
        count(
            session,
            update(JobRunRow)
            .where(JobRunRow.rule == BACKUP, JobRunRow.local_date == day)
            .values(**values),
        )


def restore(url: str, source: Path, *, state: Path, now: datetime, who: str) -> Restored:
    """Put a backup in the place of the database, sending held; nobody else may be at work."""
    kind = _kind_of(source)
    place = sqlite_path(url)
    if (kind == "sqlite") != (place is not None):
        there = "SQLite" if place is not None else "PostgreSQL"
        shown = shown_path(source)
        raise UserError(
            f"{shown} n’est pas une sauvegarde {there}, comme la base ; pour changer de base : "
            "conventions export, puis import",
            f"{shown} is not a backup of {there}, as the database is; to change databases: "
            "conventions export, then import",
        )
    with alone(state) as ours:
        if not ours:
            raise UserError(
                "un planificateur ou un cycle travaille sur cette base : l’arrêter d’abord "
                "(systemctl stop conventions)",
                "a daemon or a cycle is working on this database: stop it first "
                "(systemctl stop conventions)",
            )
        if place is not None:
            return _restore_sqlite(place, source, now=now, who=who)
        return _restore_dump(make_url(url), source, state=state, now=now, who=who)


def _check_new(target: Path) -> None:
    shown = shown_path(target)
    if os.path.lexists(target):
        raise UserError(
            f"{shown} existe déjà : une sauvegarde n’en remplace pas une autre ; choisir un autre "
            "nom",
            f"{shown} exists already: a backup never replaces another; choose another name",
        )
    if not target.parent.is_dir():
        raise UserError(
            f"{shown_path(target.parent)} : ce dossier n’existe pas",
            f"{shown_path(target.parent)}: there is no such folder",
        )


def _unwritable(path: Path, error: OSError) -> UserError:
    why = error.strerror or str(error)
    shown = shown_path(path)
    return UserError(
        f"{shown} : écriture impossible ({why})", f"{shown}: cannot be written ({why})"
    )


def _give_name(temporary: Path, target: Path) -> None:
    """Give the finished file its name, never taking that of another one."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        _check_new(target)
    except OSError:
        # A disk without hard links (a key, a share): look once more, then rename.
        _check_new(target)
        temporary.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _kind_of(source: Path) -> str:
    shown = shown_path(source)
    try:
        if not source.is_file():
            raise UserError(
                f"{shown} : aucun fichier ordinaire de ce nom", f"{shown}: no regular file there"
            )
        with source.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        why = error.strerror or str(error)
        raise UserError(
            f"{shown} : lecture impossible ({why})", f"{shown}: cannot be read ({why})"
        ) from error
    if head == _SQLITE_MAGIC:
        return "sqlite"
    if head.startswith(_DUMP_MAGIC):
        return "postgresql"
    raise UserError(
        f"{shown} n’est pas une sauvegarde faite par conventions backup",
        f"{shown} is not a backup made by conventions backup",
    )


# --- SQLite --------------------------------------------------------------------------------------


def _read_only(path: Path) -> sqlite3.Connection:
    """Open a file at rest: no lock, no file beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _copy_sqlite(source: Path, target: Path, *, at_rest: bool = False) -> None:
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    os.close(descriptor)
    try:
        if at_rest:
            with closing(_read_only(source)) as here, closing(sqlite3.connect(target)) as there:
                here.backup(there)
        else:
            schema.back_up(source, target)
        with closing(sqlite3.connect(target)) as there:
            # A copy that needs no second file beside it, wherever it is carried.
            there.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise TemporaryError(
                "la base est occupée par un autre programme ; réessayer dans un instant",
                "the database is in use by another program; try again in a moment",
            ) from error
        raise _damaged(source, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(source, str(error)) from error


def inspect_sqlite(path: Path) -> Copy:
    """Check that a file is a whole database of ours, without writing to it."""
    try:
        with closing(_read_only(path)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            if application != schema.APPLICATION_ID:
                raise UserError(
                    f"{shown_path(path)} n’est pas une base de conventions",
                    f"{shown_path(path)} is not a database of conventions",
                )
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            conventions = connection.execute("SELECT count(*) FROM convention").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error
    if problem != "ok" or orphan is not None:
        raise _damaged(path, problem if problem != "ok" else f"table {orphan[0]}")
    revision = rows[0][0] if len(rows) == 1 else "half-applied"
    _check_revision(path, revision)
    return Copy(revision=revision, conventions=conventions, bytes=path.stat().st_size)


def _check_revision(path: Path, revision: str) -> None:
    if revision not in schema.REVISIONS:
        raise UserError(
            f"{shown_path(path)} vient d’une autre version du logiciel (schéma {revision}, "
            f"celui-ci connaît {schema.REVISIONS[-1]}) ; mettre le logiciel à jour",
            f"{shown_path(path)} comes from another version of the program (schema {revision}, "
            f"this one knows {schema.REVISIONS[-1]}); upgrade the program",
        )


def _damaged(path: Path, detail: str) -> UserError:
    return UserError(
        f"{shown_path(path)} est endommagé ou n’est pas une base ({detail}) ; prendre une autre "
        "sauvegarde",
        f"{shown_path(path)} is damaged or no database ({detail}); take another backup",
    )


def _restore_sqlite(place: Path, source: Path, *, now: datetime, who: str) -> Restored:
    if not place.exists():
        raise UserError(
            f"la base {shown_path(place)} n’existe pas : vérifier que le disque est monté, ou la "
            "créer par conventions init, puis restaurer",
            f"the database {shown_path(place)} does not exist: check that the disk is mounted, or "
            "make it with conventions init, then restore",
        )
    if place.resolve() == source.resolve():
        raise UserError(
            "la sauvegarde et la base sont le même fichier", "the backup is the database itself"
        )
    copy = inspect_sqlite(source)
    _check_not_foreign(place)
    coming = place.with_name(f"{place.name}.restoring-{secrets.token_hex(4)}")
    replaced = place.with_name(f"{place.name}.replaced-{now:%Y%m%dT%H%M%S}")
    if os.path.lexists(replaced):
        replaced = replaced.with_name(f"{replaced.name}-{secrets.token_hex(2)}")
    try:
        _copy_sqlite(source, coming, at_rest=True)
        _hold_in(coming, source, now=now, who=who)
        inspect_sqlite(coming)
        _like(coming, place)
        with _nobody_writes(place):
            _exchange(place, coming, replaced)
    except OSError as error:
        raise _unwritable(place, error) from error
    finally:
        for left in place.parent.glob(f"{coming.name}*"):
            with suppress(OSError):
                left.unlink()
    return Restored(copy=copy, replaced=replaced)


def _check_not_foreign(place: Path) -> None:
    """Refuse to put ours in the place of somebody else's database; a damaged file may be ours."""
    try:
        with closing(_read_only(place)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError:
        return
    if application != schema.APPLICATION_ID and tables:
        raise UserError(
            f"{shown_path(place)} est la base d’un autre programme : rien n’y est restauré",
            f"{shown_path(place)} is the database of another program: nothing is restored there",
        )


def _hold_in(coming: Path, source: Path, *, now: datetime, who: str) -> None:
    """Upgrade the copy and hold its sending, before it is anybody's database."""
    url = URL.create("sqlite", database=str(coming)).render_as_string(hide_password=False)
    engine = open_engine(url, create=False)
    try:
        with writing(engine) as session:
            place_hold(session, HoldReason.RESTORED, now=now, file=source.name, by=who)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(coming)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    _sync(coming)


def _like(coming: Path, place: Path) -> None:
    """Give the copy the owner of the database it replaces: the administrator may be restoring."""
    if os.geteuid() == 0:
        owner = place.stat()
        os.chown(coming, owner.st_uid, owner.st_gid)


@contextmanager
def _nobody_writes(place: Path) -> Iterator[None]:
    """Hold the write lock of the database about to be replaced, if it is one that still opens."""
    with closing(sqlite3.connect(place, timeout=_LOCK_WAIT, isolation_level=None)) as connection:
        try:
            # Whatever lies beside the file goes into it, and it can be renamed alone.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise TemporaryError(
                    "la base est occupée par un autre programme ; réessayer quand il a fini",
                    "the database is in use by another program; try again when it has finished",
                ) from error
        except sqlite3.DatabaseError:
            pass  # damaged: that is why it is replaced
        yield


def _exchange(place: Path, coming: Path, replaced: Path) -> None:
    for suffix in ("-journal", "-wal", "-shm"):
        beside = place.with_name(place.name + suffix)
        if beside.exists():
            # Left by a crash: in the new database it would undo what was restored.
            beside.rename(replaced.with_name(replaced.name + suffix))
    try:
        os.link(place, replaced)
    except OSError:
        place.rename(replaced)
    coming.replace(place)
    _sync(place.parent)


# --- PostgreSQL ----------------------------------------------------------------------------------


def _dump(url: URL, target: Path) -> None:
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    os.close(descriptor)
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    _program("pg_dump", [*options, f"--dbname={_address(url)}"], url)


def _inspect_dump(path: Path, conventions: int) -> Copy:
    listed = _program("pg_restore", ["--list", str(path)], None)
    for table in ("convention", "obligation", "alembic_version"):
        if f" TABLE DATA public {table} " not in listed:
            raise _damaged(path, f"table {table}")
    return Copy(revision=schema.REVISIONS[-1], conventions=conventions, bytes=path.stat().st_size)


def _restore_dump(url: URL, source: Path, *, state: Path, now: datetime, who: str) -> Restored:
    engine = open_engine(url.render_as_string(hide_password=False), create=False)
    try:
        _check_alone_on(engine)
        current = _conventions(engine)
    finally:
        engine.dispose()
    copy = _inspect_dump(source, -1)
    replaced = state / f"replaced-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}.backup"
    _dump(url, replaced)
    _inspect_dump(replaced, current)
    script = state / f".restoring-{secrets.token_hex(4)}.sql"
    try:
        os.close(os.open(script, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={script}")
        _program("pg_restore", [*options, str(source)], None)
        with script.open("a", encoding="utf-8") as file:
            file.write(_hold_statement(source, now=now, who=who))
        # One transaction: restored and held, or what it was.
        psql = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _program("psql", [*psql, f"--file={script}", f"--dbname={_address(url)}"], url)
    finally:
        with suppress(OSError):
            script.unlink()
    engine = open_engine(url.render_as_string(hide_password=False), create=False, upgrade=True)
    try:
        conventions = _conventions(engine)
    finally:
        engine.dispose()
    return Restored(
        copy=Copy(revision=copy.revision, conventions=conventions, bytes=copy.bytes),
        replaced=replaced,
    )


def _check_alone_on(engine: Engine) -> None:
    with reading(engine) as session:
        others = session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'conventions' AND pid <> pg_backend_pid()"
            )
        )
    if others:
        raise UserError(
            f"{others} autre(s) processus conventions sur cette base : arrêter d’abord les "
            "planificateurs de toutes les machines (systemctl stop conventions)",
            f"{others} other process(es) of conventions on this database: stop the daemons of "
            "every machine first (systemctl stop conventions)",
        )


def _conventions(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.scalar(text("SELECT count(*) FROM convention")) or 0)


def _hold_statement(source: Path, *, now: datetime, who: str) -> str:
    details = json.dumps({"file": source.name, "by": who}).replace("'", "''")
    return (
        "\nINSERT INTO public.hold (reason, details, since) VALUES "
        f"('{HoldReason.RESTORED}', E'{details.replace(chr(92), chr(92) * 2)}', "
        f"'{now.isoformat()}') ON CONFLICT DO NOTHING;\n"
    )


def _address(url: URL) -> str:
    """Return the database's address for PostgreSQL's own programs, without the password."""
    plain = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query={key: value for key, value in url.query.items() if key != "password"},
    )
    return plain.render_as_string(hide_password=False)


def _program(name: str, arguments: Sequence[str], url: URL | None) -> str:
    """Run one of PostgreSQL's programs; UserError in its words where it fails."""
    found = shutil.which(name)
    if found is None:
        raise UserError(
            f"le programme {name} est introuvable : installer postgresql-client, de la version du "
            "serveur ou plus récent ; ou sauvegarder sur le serveur, avec ses propres outils",
            f"the program {name} is not found: install postgresql-client, of the server’s version "
            "or newer; or back up on the server with its own tools",
        )
    done = subprocess.run(  # noqa: S603 - no shell; the program is found on the PATH by name
        [found, *arguments],
        env=dict(os.environ) | _secrets(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        why = mask_password(lines[0] if lines else f"status {done.returncode}")
        raise UserError(f"{name} : {why}", f"{name}: {why}")
    return done.stdout


def _secrets(url: URL | None) -> dict[str, str]:
    env = {"PGCONNECT_TIMEOUT": "10", "PGOPTIONS": "-c lock_timeout=10s", "LC_ALL": "C.UTF-8"}
    if url is not None:
        password = url.password or url.query.get("password")
        if isinstance(password, str):
            env["PGPASSWORD"] = password
    return env
