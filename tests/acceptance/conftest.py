"""A folder of its own for each test, and the command in it: forked (`run`) or real (`start`)."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from integration.conftest import *  # noqa: F403 - the databases, all of them

COMMAND = Path(sysconfig.get_path("scripts")) / "conventions"
ZYGOTE = Path(__file__).with_name("zygote.py")
PORTFOLIO = Path(__file__).parents[2] / "tracker" / "examples" / "portfolio.yaml"
TODAY = "2011-12-01"
"""The day on which the example portfolio has a notice to give."""
SETTINGS = """\
[office]
name = "Relations internationales"
recipients = ["chef@example.org"]
fallback = "secretariat@example.org"
sender = "conventions@example.org"

[mail]
directory = "mail"

[calendar]
directory = "calendars"

[council]
sessions = ["2012-03-26", "2021-06-28", "2021-11-22"]
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str
    raw: bytes = field(default=b"", repr=False)

    @property
    def json(self):
        return json.loads(self.out)


class Zygote:
    """The process that forks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count()
        self.process = subprocess.Popen(
            [sys.executable, str(ZYGOTE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, args, *, cwd, env, source=None, timeout=60) -> Done:
        number = next(self.numbers)
        out, err = self.folder / f"{number}.out", self.folder / f"{number}.err"
        request = {
            "args": [str(arg) for arg in args],
            "cwd": str(cwd),
            "env": env,
            "out": str(out),
            "err": str(err),
            "in": str(source) if source else None,
            "timeout": timeout,
        }
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        status = int(self.process.stdout.readline())
        raw = out.read_bytes()
        done = Done(status, raw.decode(), err.read_text("utf-8"), raw)
        out.unlink()
        err.unlink()
        return done

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("zygote"))
    yield made
    made.close()


@dataclass
class Place:
    """A folder with a database, settings, and a clean environment."""

    folder: Path
    zygote: Zygote
    env: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "conventions.db"

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            **self.env,
            **more,
        }

    def run(self, *args, source=None, timeout=60, **env: str) -> Done:
        """Run a command in a fork; `source` is a file for standard input."""
        return self.zygote.ask(
            args, cwd=self.folder, env=self.environment(**env), source=source, timeout=timeout
        )

    def start(self, *args, stdin=b"", **env: str) -> Done:
        """Run the installed command in a process of its own."""
        done = subprocess.run(
            [COMMAND, *args],
            cwd=self.folder,
            env=self.environment(**env),
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Done(
            done.returncode,
            done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"),
            done.stdout,
        )

    def ok(self, *args, status=0, **env: str) -> Done:
        """Run a command that must end with this status, without any trace of a fault."""
        done = self.run(*args, **env)
        assert done.status == status, done
        assert "Traceback" not in done.err
        return done

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def settings(self, text: str = SETTINGS) -> None:
        self.write("conventions.toml", text)

    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").glob("*.eml"))

    def picture(self) -> dict[str, str]:
        """Return every file below the folder with a fingerprint: what must not change."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file()
            else "-"
            for path in sorted(self.folder.rglob("*"))
        }


@pytest.fixture
def place(tmp_path, zygote) -> Place:
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return Place(folder, zygote)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory, zygote) -> Path:
    """A database with the example portfolio; copied, never used."""
    folder = tmp_path_factory.mktemp("stocked")
    Place(folder, zygote).ok("import", PORTFOLIO)
    return folder / "conventions.db"


@pytest.fixture
def office(place, stocked) -> Place:
    """The example portfolio, and settings that write mail into a folder."""
    shutil.copy(stocked, place.database)
    (place.folder / "mail").mkdir()
    place.settings()
    return place


@pytest.fixture(scope="session")
def large(tmp_path_factory, zygote) -> Path:
    """A database of 2,000 conventions; copied, never changed."""
    from made_portfolio import make_records

    folder = tmp_path_factory.mktemp("large")
    path = folder / "large.json"
    path.write_text(json.dumps(make_records(2000)), "utf-8")
    Place(folder, zygote).ok("--today", "2026-11-20", "import", path)
    return folder / "conventions.db"
