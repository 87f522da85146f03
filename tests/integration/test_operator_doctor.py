"""The doctor: all green when all is well, one fault for each thing that is not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from operator_support import DAY, Office
from relay import Relay, make_authority

from jobs.daemon import TickReport
from jobs.dispatch import DeliveryReport
from jobs.ping import Pinger, ping
from tracker.storage.engine import open_engine, writing


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], database_url: str) -> Office:
    office = Office(tmp_path, capsys, database=database_url)
    office.load()
    return office


def levels(office: Office, day: str | None = DAY) -> dict[str, str]:
    """The worst level of each check."""
    order = ["ok", "warning", "fault"]
    found: dict[str, str] = {}
    for one in office.json("doctor", day=day)["checks"]:
        found[one["check"]] = max(found.get(one["check"], "ok"), one["level"], key=order.index)
    return found


def faults(office: Office, day: str | None = DAY) -> set[str]:
    return {check for check, level in levels(office, day).items() if level == "fault"}


def sql(office: Office, *statements: str) -> None:
    engine = open_engine(office.database, create=False)
    with writing(engine) as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    engine.dispose()


def test_all_is_green_once_everything_is_done(office: Office) -> None:
    office.run()
    assert office.answer("backup", str(office.folder / "a"), day=DAY).status in {0, 2}
    office.write_settings(more=())
    found = levels(office)
    assert {level for check, level in found.items() if check != "backup"} == {"ok"}, found
    assert office.answer("doctor", day=DAY).status == 0


def test_it_changes_nothing(office: Office) -> None:
    before = sorted(office.folder.rglob("*"))
    office.answer("doctor", day=DAY)
    assert sorted(office.folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("DELETE FROM obligation WHERE state = 'closed'", "completeness"),
        ("UPDATE message SET state = 'dead', accepted_at = NULL", "queue"),
        ("UPDATE message SET state = 'held', hold_reason = 'altered'", "queue"),
        (
            (
                "INSERT INTO hold (reason, details, since) VALUES "
                "('clock_jump', '{}', '2027-01-04T10:00:00.000000+00:00')"
            ),
            "holds",
        ),
        (
            (
                "INSERT INTO problem"
                " (code, subject, message_fr, message_en, first_seen, last_seen) VALUES "
                "('job_failed', 'scan', 'x', 'x', '2027-01-04T10:00:00.000000+00:00',"
                " '2027-01-04T10:00:00.000000+00:00')"
            ),
            "problems",
        ),
        ("UPDATE convention SET signed_on = '2027-02-30' WHERE reference = 'DIJ-1'", "rows"),
        ("DELETE FROM job_run", "scan"),
    ],
)
def test_each_fault_is_found(office: Office, statement: str, check: str) -> None:
    office.run()
    # A fact older than the last scan: what is missing should have been seen.
    sql(office, "UPDATE history SET at = '2027-01-02T10:00:00.000000+00:00'", statement)
    assert check in faults(office)
    assert office.answer("doctor", day=DAY).status == 1
    page = office.answer("doctor", day=DAY, lang="en").out
    assert f"✗ {check}" in page


def test_what_was_recorded_after_the_last_scan_is_no_fault(office: Office) -> None:
    office.run()
    sql(office, "UPDATE history SET at = '2027-01-04T10:59:00.000000+00:00'")
    sql(office, "DELETE FROM obligation WHERE state = 'closed'")
    assert "completeness" not in faults(office)


def test_a_silent_week_is_a_fault(office: Office) -> None:
    office.run()
    assert {"scan", "report", "silence"} <= faults(office, "2027-01-14")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_open_file_is_a_fault(office: Office) -> None:
    office.run()
    database = Path(office.database.removeprefix("sqlite:///"))
    database.chmod(0o644)
    assert faults(office) == {"permissions"}


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_relay_is_a_fault(office: Office) -> None:
    office.run()
    office.write_settings(())
    assert faults(office) == {"relay"}


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("what", ["missing", "torn", "foreign"])
def test_a_database_that_cannot_be_opened_is_told_with_the_rest(office: Office, what: str) -> None:
    database = Path(office.database.removeprefix("sqlite:///"))
    if what == "missing":
        database.unlink()
    elif what == "torn":
        with database.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 40_000)
    else:
        database.write_text("something else", encoding="utf-8")
    found = levels(office)
    assert "fault" in {found.get("database"), found.get("integrity"), found.get("rows")}
    assert found["relay"] == "ok"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("case", "fault"),
    [
        ("good", False),
        ("bad password", True),
        ("other name", True),
        ("unknown authority", True),
        ("no starttls", True),
        ("nobody", True),
    ],
)
def test_the_relay_is_tried_without_sending(office: Office, case: str, fault: bool) -> None:
    office.run()
    name = "other.example.org" if case == "other name" else "localhost"
    authority, certificate = make_authority(office.folder, name=name)
    relay = Relay(starttls=case != "no starttls", certificate=certificate, auth=("town", "secret"))
    secret = office.folder / "password"
    secret.write_text("wrong" if case == "bad password" else "secret", encoding="utf-8")
    secret.chmod(0o600)
    with relay:
        mail = [
            'host = "localhost"',
            f"port = {relay.port}",
            'username = "town"',
            f'password_file = "{secret}"',
        ]
        if case != "unknown authority":
            mail.append(f'ca_file = "{authority}"')
        office.write_settings(mail)
        if case == "nobody":
            relay.stop()
        found = [one for one in office.json("doctor")["checks"] if one["check"] == "relay"]
    assert [one["level"] for one in found] == (["fault"] if fault else ["ok"])
    assert relay.accepted == []
    assert not any(command.upper().startswith("MAIL") for command in relay.commands)
    assert "secret" not in str(found)


# --- the ping ------------------------------------------------------------------------------------


@pytest.fixture
def watcher() -> Iterator[Callable[[int], tuple[str, list[str]]]]:
    servers: list[HTTPServer] = []

    def watch(status: int) -> tuple[str, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/ping", asked

    yield watch
    for server in servers:
        server.shutdown()
        server.server_close()


Watch = Callable[[int], tuple[str, list[str]]]


@pytest.mark.parametrize(
    ("status", "good"), [(200, True), (302, False), (404, False), (500, False)]
)
def test_a_ping_follows_nobody(watcher: Watch, status: int, good: bool) -> None:
    url, asked = watcher(status)
    assert ping(url) is good
    assert asked == ["/ping"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:1/",
        "https://localhost:1/",
        "http://127.0.0.1.example.org/",
    ],
)
def test_a_ping_that_fails_is_only_logged(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert not ping(url, timeout=2)
    assert [record.action for record in caplog.records] == ["ping"]  # type: ignore[attr-defined]


def test_a_run_is_told_once_its_mail_could_leave(watcher: Watch) -> None:
    url, asked = watcher(200)
    pinger = Pinger(url)
    idle = TickReport(delivery=DeliveryReport())
    ran = {"scan": {"scanned": 1}}
    pinger.after(idle)
    assert asked == []
    pinger.after(TickReport(ran=ran, delivery=DeliveryReport(relay_trouble="no")))  # type: ignore[arg-type]
    assert asked == []
    pinger.after(TickReport(failed={"report": "no"}, delivery=DeliveryReport()))
    assert asked == []
    pinger.after(idle)
    pinger.after(idle)
    assert asked == ["/ping"]
