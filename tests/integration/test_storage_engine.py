"""Opening a database: what is refused, how transactions behave, how the schema is upgraded."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from tracker.storage import schema
from tracker.storage.engine import new_engine, open_engine, reading, writing, writing_connection
from tracker.storage.errors import (
    BadDatabaseUrlError,
    DatabaseDamagedError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseReadOnlyError,
    DatabaseUnreachableError,
    FolderMissingError,
    NotOurDatabaseError,
    SchemaTooNewError,
    SchemaTooOldError,
)
from tracker.storage.tables import HoldRow, JobRunRow, Row

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def hold(reason: str = "restored", since: datetime = NOW) -> HoldRow:
    return HoldRow(reason=reason, since=since, released_at=since)


# --- opening -------------------------------------------------------------------------------------


def test_a_missing_database_is_not_made_unless_asked(empty_database_url):
    with pytest.raises(DatabaseMissingError) as raised:
        open_engine(empty_database_url, create=False)
    assert "conventions init" in raised.value.message("fr")
    engine = open_engine(empty_database_url, create=True)
    with engine.connect() as connection:
        assert schema.is_current(connection)
    engine.dispose()
    open_engine(empty_database_url, create=False).dispose()


def test_two_processes_may_make_it_at_once(empty_database_url):
    failures: list[BaseException] = []

    def make() -> None:
        try:
            open_engine(empty_database_url, create=True).dispose()
        except Exception as error:  # noqa: BLE001 - shown by the test below
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_the_file_is_private_and_says_whose_it_is(tmp_path):
    path = tmp_path / "conventions.db"
    open_engine(f"sqlite:///{path}", create=True).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes()[68:72] == b"CNV1"


def test_the_folder_of_a_new_file_must_be_there(tmp_path):
    with pytest.raises(FolderMissingError):
        open_engine(f"sqlite:///{tmp_path}/unmounted/conventions.db", create=True)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_a_missing_database(tmp_path):
    path = tmp_path / "conventions.db"
    path.touch()
    with pytest.raises(DatabaseMissingError):
        open_engine(f"sqlite:///{path}", create=False)
    open_engine(f"sqlite:///{path}", create=True).dispose()


def foreign_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (x)")
        connection.execute("PRAGMA application_id = 1196444487")
    connection.close()


def random_bytes(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 a workbook" * 400)


@pytest.mark.parametrize("make", [foreign_sqlite, random_bytes, Path.mkdir])
@pytest.mark.parametrize("create", [True, False])
def test_what_is_not_ours_is_refused_and_left_alone(tmp_path, make, create):
    path = tmp_path / "conventions.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(NotOurDatabaseError):
        open_engine(f"sqlite:///{path}", create=create)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_tables_of_our_names_without_a_version_are_not_ours(empty_database_url):
    engine = open_engine(empty_database_url, create=True)
    with writing(engine) as session:
        session.execute(text("DROP TABLE alembic_version"))
    engine.dispose()
    with pytest.raises(NotOurDatabaseError):
        open_engine(empty_database_url, create=True)


@pytest.mark.parametrize(
    ("version", "error"),
    [
        ("c9999", SchemaTooNewError),
        ("4f2a9c01d3aa", NotOurDatabaseError),
        (None, NotOurDatabaseError),
    ],
)
def test_an_unknown_schema_is_refused(database_url, version, error):
    engine = open_engine(database_url, create=False)
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version or ""})
        if version is None:
            session.execute(text("DELETE FROM alembic_version"))
    engine.dispose()
    with pytest.raises(error):
        open_engine(database_url, create=True, upgrade=True)


@pytest.mark.parametrize(
    "url",
    [
        "conventions.db",
        "mysql://u:secret@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/x.db",
        "sqlite:///x.db?mode=ro",
    ],
)
def test_a_bad_url_is_refused_without_its_password(url):
    with pytest.raises(BadDatabaseUrlError) as raised:
        open_engine(url, create=False)
    assert "secret" not in raised.value.message("fr") + raised.value.message("en")


def test_an_unreachable_server_is_passing_trouble():
    with pytest.raises(DatabaseUnreachableError) as raised:
        open_engine("postgresql://u:secret@127.0.0.1:1/d?password=secret", create=False)
    assert raised.value.exit_status == 3
    assert "secret" not in raised.value.message("fr")
    assert "secret" not in str(raised.value)


@on_postgresql
def test_a_database_that_the_server_does_not_have_is_named(database_url):
    with pytest.raises(DatabaseUnreachableError, match="absent"):
        open_engine(database_url.replace("conv_", "absent_conv_"), create=True)


@on_sqlite
def test_pragmas_that_the_promise_rests_on(engine):
    wal = sqlite3.sqlite_version_info >= (3, 51, 3)
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "synchronous", "journal_mode", "busy_timeout")
        }
    assert pragmas == {
        "foreign_keys": 1,
        "synchronous": 2 if wal else 3,
        "journal_mode": "wal" if wal else "delete",
        "busy_timeout": 10_000,
    }


@on_sqlite
def test_every_table_of_ours_is_strict(engine):
    with engine.connect() as connection:
        strict = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE strict = 1 AND schema = 'main'"
        ).scalars()
        assert set(strict) == set(Row.metadata.tables)


# --- transactions --------------------------------------------------------------------------------


def test_writing_commits_at_the_end_and_rolls_back_when_it_raises(engine):
    with writing(engine) as session:
        session.add(hold("kept"))
    with pytest.raises(KeyError), writing(engine) as session:  # noqa: PT012 - the block is the thing tested
        session.add(hold("lost"))
        session.flush()
        raise KeyError
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.reason)).all() == ["kept"]


def test_a_savepoint_does_not_outlive_the_rollback_around_it(engine):
    with pytest.raises(KeyError), writing(engine) as session:  # noqa: PT012 - the block is the thing tested
        with session.begin_nested():
            session.add(hold("in savepoint"))
        raise KeyError
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.reason)).all() == []


def test_reading_writes_nothing(engine):
    with reading(engine) as session:
        if engine.dialect.name == "sqlite":
            session.add(hold())
        assert session.scalars(select(HoldRow.reason)).all() == []
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.reason)).all() == []


def test_reading_sees_one_state(engine):
    with reading(engine) as session:
        assert session.scalars(select(HoldRow.reason)).all() == []
        if engine.dialect.name == "postgresql":
            with writing(engine) as other:
                other.add(hold("meanwhile"))
        assert session.scalars(select(HoldRow.reason)).all() == []


@on_sqlite
def test_a_second_writer_waits_then_says_that_the_database_is_locked(database_url, engine):
    impatient = open_engine(database_url, create=False, busy_timeout=0.05)
    with writing(engine), pytest.raises(DatabaseLockedError) as raised, writing(impatient):
        pass
    impatient.dispose()
    assert raised.value.exit_status == 3


@on_postgresql
def test_a_row_that_another_writer_keeps_is_passing_trouble(database_url, engine):
    with writing(engine) as session:
        session.add(hold())
    impatient = open_engine(database_url, create=False, busy_timeout=0.05)
    with writing(engine) as session:
        session.execute(text("UPDATE hold SET reason = 'x'"))
        with pytest.raises(DatabaseLockedError), writing(impatient) as other:
            other.execute(text("UPDATE hold SET reason = 'y'"))
    impatient.dispose()


@on_postgresql
def test_a_lost_connection_is_passing_trouble_and_the_next_one_works(engine):
    with pytest.raises(DatabaseUnreachableError), writing(engine) as session:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with reading(engine) as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_read_only_database_is_named(engine):
    read_only = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    with pytest.raises(DatabaseReadOnlyError), writing(engine) as session:  # noqa: PT012 - set up inside
        session.execute(text(read_only[engine.dialect.name]))
        session.add(hold())


@on_sqlite
def test_a_damaged_file_is_named(database_url, engine):
    with writing(engine) as session:
        session.add_all(hold(f"reason {number}" * 50) for number in range(200))
        page = session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'hold'"))
        size = session.scalar(text("PRAGMA page_size"))
    engine.dispose()
    path = Path(database_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(content)
    with pytest.raises(DatabaseDamagedError), reading(engine) as session:
        session.scalars(select(HoldRow.reason)).all()


# --- column types --------------------------------------------------------------------------------


def test_instants_come_back_in_utc(engine):
    paris = timezone(timedelta(hours=1))
    with writing(engine) as session:
        session.add(hold(since=datetime(2026, 11, 20, 7, 30, tzinfo=paris)))
    with reading(engine) as session:
        found = session.scalars(select(HoldRow.since)).one()
        assert (found, found.tzinfo) == (NOW, UTC)
        earlier = select(HoldRow.reason).where(HoldRow.since < NOW + timedelta(microseconds=1))
        assert session.scalars(earlier).all() == ["restored"]
        assert session.scalars(select(HoldRow.reason).where(HoldRow.since < NOW)).all() == []


@pytest.mark.parametrize(
    "row",
    [
        hold(since=datetime(2026, 11, 20)),  # noqa: DTZ001 - naive on purpose
        JobRunRow(rule="scan", local_date=NOW, state="done", started_at=NOW),
    ],
)
def test_a_value_that_would_lose_something_is_refused(engine, row):
    statement = "naive|time zone|not an instant"
    with pytest.raises(Exception, match=statement), writing(engine) as session:
        session.add(row)


@on_sqlite
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("local_date", "2027-02-30"),
        ("local_date", "2027-04-31"),
        ("local_date", "hier"),
        ("started_at", "hier"),
        ("state", "x"),
    ],
)
def test_the_tables_of_delivery_refuse_what_no_loader_would_name(engine, column, value):
    with writing(engine) as session:
        session.add(
            JobRunRow(rule="scan", local_date=date(2027, 2, 28), state="done", started_at=NOW)
        )
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(text(f"UPDATE job_run SET {column} = :value"), {"value": value})


def test_a_reason_holds_once_at_a_time(engine):
    with writing(engine) as session:
        session.add_all([hold(), hold(), HoldRow(reason="restored", since=NOW)])
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(HoldRow(reason="restored", since=NOW))


# --- schema --------------------------------------------------------------------------------------


def test_the_migrations_lead_to_the_tables_and_back(empty_database_url):
    engine = new_engine(empty_database_url)
    schema.upgrade_schema(engine)
    with writing_connection(engine) as connection:
        assert schema.is_current(connection)
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Row.metadata) == []
        assert described(connection) != {}
    with writing_connection(engine) as connection:
        command.downgrade(schema.alembic_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert schema.current_revision(connection) == "half-applied"
    engine.dispose()


def described(connection) -> dict[str, object]:
    """Everything that the database knows of its tables, checks included."""
    inspector = inspect(connection)
    return {
        name: (
            [
                {**column, "type": str(column["type"]), "default": bare(column["default"])}
                for column in inspector.get_columns(name)
            ],
            sorted(
                (check["name"], check["sqltext"]) for check in inspector.get_check_constraints(name)
            ),
            sorted(map(index, inspector.get_indexes(name))),
            sorted(map(str, inspector.get_unique_constraints(name))),
            sorted(map(str, inspector.get_foreign_keys(name))),
            inspector.get_pk_constraint(name),
        )
        for name in inspector.get_table_names()
    }


def index(found) -> tuple[object, ...]:
    where = sorted(str(value) for value in found.get("dialect_options", {}).values())
    return found["name"], found["column_names"], bool(found["unique"]), where


def bare(default: str | None) -> str | None:
    return default and default.strip("()")


def test_making_the_tables_at_once_gives_what_the_migrations_give(make_database):
    seen = []
    for make in (schema.upgrade_schema, schema.create_schema):
        engine = new_engine(make_database(schema=False))
        make(engine)
        with engine.connect() as connection:
            seen.append(described(connection))
        engine.dispose()
    assert seen[0] == seen[1]


def test_the_revisions_known_without_alembic_are_those_of_the_folder():
    script = ScriptDirectory.from_config(schema.alembic_config())
    folder = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(folder)) == schema.REVISIONS


NEXT = """
from alembic import op
import sqlalchemy as sa
revision = "c0002"
down_revision = "c0001"
branch_labels = None
depends_on = None

def upgrade():
    with op.batch_alter_table("hold", recreate="always") as batch:
        batch.add_column(sa.Column("colour", sa.Text(), nullable=True))
    if {fails}:
        raise RuntimeError("in the middle")

def downgrade():
    op.drop_column("hold", "colour")
"""


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """Give a function that ships a second revision, as a later release would."""
    import shutil

    folder = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def ship(*, fails: bool = False) -> None:
        (folder / "versions" / "c0002_next.py").write_text(NEXT.format(fails=fails))
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        monkeypatch.setattr(schema, "REVISIONS", ("c0001", "c0002"))

    return ship


@on_sqlite
def test_sqlite_is_upgraded_by_itself_after_a_copy(database_url, engine, next_revision):
    with writing(engine) as session:
        session.add(hold())
    engine.dispose()
    next_revision()
    upgraded = open_engine(database_url, create=False)
    with reading(upgraded) as session:
        assert session.execute(text("SELECT reason, colour FROM hold")).all() == [
            ("restored", None)
        ]
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    upgraded.dispose()
    path = Path(database_url.removeprefix("sqlite:///"))
    copy = path.with_name(f"{path.name}.before-upgrade-from-c0001")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT reason FROM hold").fetchall() == [("restored",)]
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("c0001",)]
    connection.close()


@on_postgresql
def test_postgresql_is_upgraded_by_init_only(database_url, next_revision):
    next_revision()
    with pytest.raises(SchemaTooOldError) as raised:
        open_engine(database_url, create=True)
    assert "conventions init" in raised.value.message("fr")
    open_engine(database_url, create=True, upgrade=True).dispose()
    open_engine(database_url, create=False).dispose()


def test_an_upgrade_that_fails_changes_nothing(database_url, next_revision):
    next_revision(fails=True)
    with pytest.raises(RuntimeError):
        open_engine(database_url, create=True, upgrade=True)
    engine = new_engine(database_url)
    with engine.connect() as connection:
        assert schema.current_revision(connection) == "c0001"
        columns = {column["name"] for column in inspect(connection).get_columns("hold")}
        assert "colour" not in columns
    engine.dispose()


def test_an_amount_is_exact(engine):
    amount = Decimal("12345678901234567890.123456789")
    with writing(engine) as session:
        value = str(amount) if engine.dialect.name == "sqlite" else amount
        session.execute(
            text(
                "INSERT INTO convention (reference, title, folded, amount, terms_start_day_included,"
                " terms_final_evaluation, created_at, updated_at)"
                " VALUES ('r', 't', 't', :amount, :yes, :yes, :now, :now)"
            ),
            {
                "amount": value,
                "yes": 1 if engine.dialect.name == "sqlite" else True,
                "now": NOW.isoformat() if engine.dialect.name == "sqlite" else NOW,
            },
        )
    with reading(engine) as session:
        assert session.scalar(select(Row.metadata.tables["convention"].c.amount)) == amount
