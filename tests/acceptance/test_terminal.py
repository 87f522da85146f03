"""Terminals of every width and alphabet, closed pipes, full disks, and questions answered by hand."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from pathlib import Path

import pytest
from acceptance.conftest import COMMAND, TODAY


@pytest.mark.parametrize(
    "env",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252:strict"},
        {"LANG": "fr_FR.UTF-8"},
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_no_terminal_stops_the_command(office, env):
    for arguments, status in (
        (["--today", TODAY, "soon"], 0),
        (["show", "DIJ-VOLGOGRAD-2012"], 0),
        (["--help"], 0),
        (["statsu — ” 東京"], 2),
    ):
        done = office.start(*arguments, **env)
        assert done.status == status, done
        assert "Traceback" not in done.err
        assert "UnicodeEncodeError" not in done.err


def columns_of(line):
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in line
    )


@pytest.mark.parametrize("width", [20, 60, 100, 200])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_tables_keep_to_the_width_of_the_terminal(office, width, lang):
    for arguments in (
        ["soon", "--within", "P2Y"],
        ["list"],
        ["show", "DIJ-CRESS-2009"],
        ["run", "--dry-run"],
    ):
        done = office.ok("--lang", lang, "--today", TODAY, *arguments, COLUMNS=str(width))
        wide = [line for line in done.out.splitlines() if columns_of(line) > width]
        if arguments[0] == "show":  # the address of a law is kept whole, to be clicked
            wide = [line for line in wide if "http" not in line]
        assert not wide, (arguments, wide[:3])


def test_help_keeps_to_the_width_of_the_terminal(place):
    for width in (20, 60, 100):
        out = place.ok("--help", COLUMNS=str(width)).out
        assert max(map(len, out.splitlines())) <= width


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["soon"], ["export"], ["calendar"], ["show", "DIJ-CRESS-2009"]], ids=" ".join
)  # fmt: skip
def test_a_full_disk_is_told(office, arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, "--today", TODAY, *arguments] if arguments[0][0] != "-" else [COMMAND, *arguments],
            cwd=office.folder, env=office.environment(), stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.decode().splitlines() == [
        "erreur : écriture ou lecture impossible : il n’y a plus de place sur le disque"
    ]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["export"], ["show", "DIJ-CRESS-2009"]], ids=" ".join
)
def test_a_reader_that_goes_away_is_no_error(office, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [COMMAND, *arguments], cwd=office.folder, env=office.environment(), stdout=writing,
        stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_closed_streams_are_no_error(office, closed):
    for arguments in ("--help", "soon", "status"):
        done = subprocess.run(
            ["/bin/sh", "-c", f'exec "$0" {arguments} {closed}', COMMAND],
            cwd=office.folder, env=office.environment(), capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (arguments, done)
        assert b"Traceback" not in done.stderr


# -- questions on a terminal ------------------------------------------------------------------------


class Terminal:
    """The command on a terminal of its own, spoken to as a person would."""

    def __init__(self, place, *arguments: str) -> None:
        self.seen = ""
        child, self.fd = pty.fork()
        if child == 0:
            os.chdir(place.folder)
            os.execve(COMMAND, [str(COMMAND), *arguments], place.environment(TERM="dumb"))
        import fcntl

        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.child = child

    def wait_for(self, text: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if not self._read():
                raise AssertionError(f"ended before {text!r}: {self.seen}")

    def say(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def answer(self, question: str, text: str) -> None:
        self.wait_for(question)
        self.seen = self.seen.partition(question)[2]
        self.say(text + "\n")

    def leave(self, key: str) -> int:
        """Press a key again and again: a signal is lost just before a read begins."""
        for _ in range(40):
            self.say(key)
            ready, _, _ = select.select([self.fd], [], [], 2)
            while ready:
                if not self._read():
                    return self.end()
                ready, _, _ = select.select([self.fd], [], [], 2)
        raise AssertionError(f"does not leave: {self.seen}")

    def end(self) -> int:
        while self._read():
            pass
        _, status = os.waitpid(self.child, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.fd], [], [], 30)
        if not ready:
            os.kill(self.child, signal.SIGKILL)
            raise AssertionError(f"silent: {self.seen}")
        try:
            data = os.read(self.fd, 4096)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)


def test_add_asks_and_asks_again_after_a_wrong_answer(office):
    terminal = Terminal(office, "add")
    terminal.answer("Référence", "MAINZ")
    terminal.answer("Titre", "")
    terminal.answer("Titre", "Partenariat avec Mayence")
    terminal.answer("Type", "partnershp")
    terminal.answer("Type", "partnership")
    terminal.answer("Partenaires", "Mayence (DE)")
    terminal.answer("Adresse", "pas une adresse")
    terminal.answer("Adresse", "relations@example.org")
    terminal.answer("Date de la délibération", "31/04/2026")
    terminal.answer("Date de la délibération", "30/03/2026")
    for question in ("Transmission", "Publication"):
        terminal.answer(question, "")
    terminal.answer("dernière signature", "05/05/2026")
    terminal.answer("Durée", "3")
    terminal.answer("Durée", "3 ans")
    terminal.answer("part de", "signature")
    terminal.answer("Date de fin", "")
    terminal.answer("Renouvellement", "tacit")
    terminal.answer("reconduction", "1 an")
    terminal.answer("Préavis", "3 mois")
    terminal.answer("Forme", "")
    terminal.answer("périodiques", "")
    terminal.answer("Montant", "1 234,56")
    assert terminal.end() == 0
    assert "MAINZ" in terminal.seen
    record = next(item for item in office.ok("export").json if item["reference"] == "MAINZ")
    assert record["signed_on"] == "2026-05-05"
    assert record["amount"] == 1234.56
    assert (record["terms"]["term"], record["terms"]["notice"]) == ("P3Y", "P3M")
    assert record["partners"] == [{"name": "Mayence", "country": "DE"}]


def test_edit_shows_the_value_keeps_it_or_clears_it(office):
    terminal = Terminal(office, "edit", "DIJ-CRESS-2009")
    terminal.answer("[Partenariat avec la CRESS de Bourgogne]", "Partenariat CRESS")
    terminal.wait_for("[partnership]")
    terminal.say("\n")
    terminal.wait_for("Partenaires")
    assert "Partner(" not in terminal.seen
    assert "Period(" not in terminal.seen
    terminal.say("\n" * 3)
    terminal.answer("Transmission", "-")
    terminal.say("\n" * 12)
    assert terminal.end() == 0, terminal.seen
    assert "Partner(" not in terminal.seen
    assert "Period(" not in terminal.seen
    record = next(r for r in office.ok("export").json if r["reference"] == "DIJ-CRESS-2009")
    assert record["title"] == "Partenariat CRESS"
    assert record["transmitted_on"] is None
    assert record["published_on"] == "2009-04-09"


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize(
    "command", [["add"], ["edit", "DIJ-CRESS-2009"], ["remove", "DIJ-CRESS-2009"]], ids=" ".join
)
def test_leaving_in_the_middle_changes_nothing(office, key, command):
    before = office.picture()
    terminal = Terminal(office, *command)
    terminal.wait_for(
        ":" if command == ["add"] else "DIJ-CRESS-2009" if command[0] == "remove" else "Titre"
    )
    assert terminal.leave(key) == 130
    assert "Traceback" not in terminal.seen
    assert "abandon : rien n’a changé" in terminal.seen
    assert office.picture() == before


def test_remove_asks_first(office):
    terminal = Terminal(office, "remove", "DIJ-CRESS-2009")
    terminal.answer("Retirer DIJ-CRESS-2009", "peut-être")
    terminal.answer("Retirer DIJ-CRESS-2009", "non")
    assert terminal.end() == 0
    assert "est gardée" in terminal.seen
    office.ok("show", "DIJ-CRESS-2009")
    terminal = Terminal(office, "remove", "DIJ-CRESS-2009")
    terminal.answer("Retirer DIJ-CRESS-2009", "oui")
    assert terminal.end() == 0
    office.ok("show", "DIJ-CRESS-2009", status=2)


def test_python_is_the_one_of_the_environment():
    """The console script runs the interpreter that runs these tests."""
    assert (
        COMMAND.read_bytes().splitlines()[0].decode().removeprefix("#!").strip() == sys.executable
    )
