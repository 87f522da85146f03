"""The installed command, as a service runs it: a process, signals, a real relay."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from operator_support import Office
from relay import Relay

COMMAND = [sys.executable, "-c", "from jobs.cli import run; run()"]
PATIENCE = 30.0


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay(slow_seconds=1.5) as relay:
        yield relay


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], relay: Relay) -> Office:
    office = Office(tmp_path, capsys)
    settings(office, relay)
    portfolio = tmp_path / "three.yaml"
    portfolio.write_text(three_milestones(), encoding="utf-8")
    assert office.answer("import", str(portfolio)).status == 0
    return office


def three_milestones() -> str:
    """Three conventions of three owners, each with one reminder to send whatever the day."""
    soon = datetime.now(UTC).date() + timedelta(days=20)
    return "\n".join(
        f"- {{reference: M-{n}, title: Rencontres {n}, owner: owner{n}@example.org,"
        f" milestones: [{{title: Rencontre, on: {soon}}}]}}"
        for n in range(3)
    )


def settings(office: Office, relay: Relay, *more: str) -> None:
    office.write_settings(
        ('host = "127.0.0.1"', f"port = {relay.port}", 'security = "none"'),
        more=("[delivery]", 'tick = "PT1S"', *more),
    )


@pytest.fixture
def start(office: Office) -> Iterator[object]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, **environ: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *office.arguments, "daemon", *words],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=office.folder,
            env={"PATH": "/usr/bin:/bin", **environ},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(true: object, seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


@pytest.mark.slow
def test_the_daemon_sends_and_stops_on_sigterm(office: Office, relay: Relay, start) -> None:  # type: ignore[no-untyped-def]
    process = start("--log-format", "json")
    wait_until(lambda: relay.accepted)
    status, said = stop(process)
    assert status == 0
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"start", "scan", "send", "stop"} <= {line["action"] for line in lines}
    assert all({"time", "level", "message"} <= set(line) for line in lines)
    seen = office.json("status", day=None)
    assert seen["last_tick"]
    assert seen["queue"]["accepted"] == len(relay.accepted)
    doctor = office.json("doctor", day=None)
    assert doctor["faults"] == 0, doctor


@pytest.mark.slow
def test_the_message_in_flight_is_finished(office: Office, relay: Relay, start) -> None:  # type: ignore[no-untyped-def]
    relay.default = "slow"
    process = start()
    wait_until(lambda: relay.dots)
    status, said = stop(process)
    assert status == 0
    assert "accepted" in said
    assert len(relay.accepted) == 1
    accepted = [one for one in office.json("outbox", day=None) if one["state"] == "accepted"]
    assert len(accepted) == 1
    assert accepted[0]["message_id"] == relay.accepted[0].message_id


@pytest.mark.slow
def test_a_second_daemon_sends_nothing_again(office: Office, relay: Relay, start) -> None:  # type: ignore[no-untyped-def]
    first, second = start(), start()
    wait_until(lambda: office.json("status", day=None)["queue"].get("accepted") == 3)
    time.sleep(2.5)
    assert stop(first)[0] == 0
    assert stop(second, signal.SIGINT)[0] == 0
    identifiers = [mail.message_id for mail in relay.accepted]
    assert len(identifiers) == len(set(identifiers)) == 3


@pytest.mark.slow
def test_readiness_is_told_after_a_tick(office: Office, start, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(PATIENCE)
        process = start(NOTIFY_SOCKET=address)
        assert "READY=1" in listener.recv(4096).decode()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0


@pytest.mark.slow
def test_a_good_run_is_told_to_the_ping_address_once(  # type: ignore[no-untyped-def]
    office: Office, relay: Relay, start
) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/ping"
            settings(office, relay, "[schedule]", f'ping_url = "{url}"')
            process = start()
            wait_until(lambda: asked)
            time.sleep(2.5)
            assert stop(process)[0] == 0
        finally:
            server.shutdown()
            thread.join()
    assert asked == ["/ping"]


@pytest.mark.slow
def test_nothing_is_restored_under_a_daemon(office: Office, relay: Relay, start) -> None:  # type: ignore[no-untyped-def]
    kept = str(office.folder / "a.backup")
    assert office.answer("backup", kept).status == 0
    process = start()
    wait_until(lambda: relay.accepted)
    answer = office.answer("restore", kept)
    assert answer.status == 2
    assert "systemctl stop" in answer.err
    assert stop(process)[0] == 0
    assert office.answer("restore", kept).status == 0


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (["--today", "2027-01-04"], []),
        ([], ["--log-format", "xml"]),
        ([], ["--log-level", "loud"]),
        (["--database", "sqlite:////nonexistent/x.db"], []),
    ],
)
def test_bad_usage_is_refused_in_one_line(
    office: Office, before: list[str], words: list[str]
) -> None:
    office.capsys.readouterr()
    done = subprocess.run(
        [*COMMAND, "--config", str(office.settings), *before, "daemon", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        cwd=office.folder,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("erreur : ")
    assert done.stderr.count("\n") == 1


def test_bad_settings_are_refused(office: Office) -> None:
    office.settings.write_text("[office]\nnmae = 'x'\n[mail]\nport = 'x'\n", encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, *office.arguments, "daemon"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
