"""The reference tells every command, option and key; what it tells is what the program does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from acceptance.conftest import TODAY

from config.version import VERSION
from jobs.cli import COMMANDS
from jobs.program import build
from tracker.front import GLOBAL_OPTIONS

DOCS = Path(__file__).parents[2] / "docs"
PROMISED = set(
    "init import export add edit remove list show soon record read run digest calendar simulate "
    "outbox status doctor why backup restore test-send daemon demo".split()
)


def test_every_command_is_documented_as_it_is(tmp_path):
    """A new process: helps are made in one language when a command is imported."""
    page = tmp_path / "commands.md"
    subprocess.run(
        [sys.executable, "-m", "jobs.reference", page],
        check=True, env={**os.environ, "COLUMNS": "33"}, cwd=DOCS.parent,
    )  # fmt: skip
    written = (DOCS / "reference" / "commands.md").read_text("utf-8")
    assert written == page.read_text("utf-8"), "run: make reference"
    assert set(re.findall(r"^## ([a-z-]+)$", written, re.MULTILINE)) == set(COMMANDS)


def test_every_promised_command_is_there():
    assert set(COMMANDS) >= PROMISED


def test_the_global_options_are_told():
    program = build(COMMANDS, "fr")
    names = {name for param in program.params for name in param.opts} | {"-h", "--help"}
    assert names == {name for row in GLOBAL_OPTIONS for name in row[0].split(", ")}


def test_the_version_is_the_one_installed(place):
    assert place.start("--version").out == f"conventions {VERSION}\n"
    assert version("conventions") == VERSION
    assert place.ok("--today", "2026-11-20", "--version").out == f"conventions {VERSION}\n"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_quick_help_is_the_slow_help(place, lang):
    quick = place.ok("--lang", lang, "--help").out
    assert place.ok("--lang", lang, "--today", TODAY, "--help").out == quick
    nothing = place.ok("--lang", lang, status=2)
    assert (nothing.out, nothing.err) == ("", quick)


def test_help_and_version_import_next_to_nothing():
    """See bench/startup.py: three times a bare interpreter."""
    code = (
        "import sys\nbefore = set(sys.modules)\nimport jobs.cli\n"
        "jobs.cli.main(['--help'])\njobs.cli.main(['--version'])\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) <= {
        "__future__", "config", "config.version", "jobs", "jobs.cli", "tracker", "tracker.front",
    }  # fmt: skip


def test_the_documented_keys_are_given(office):
    page = (DOCS / "reference" / "json.md").read_text("utf-8")

    def keys_of(heading):
        section = page.partition(f"## {heading}")[2].partition("\n## ")[0]
        return {
            key
            for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
            for key in re.findall(r"`(\w+)`", row)
        }

    soon = office.ok("--today", TODAY, "soon", "--format", "json").json["deadlines"]
    assert keys_of("Deadlines") <= soon[0].keys()
    (shown,) = office.ok("--today", TODAY, "show", "DIJ-CRESS-2009", "--format", "json").json
    assert keys_of("A convention") == shown.keys()


def test_every_command_has_help_in_both_languages():
    for name, entry in COMMANDS.items():
        assert entry.fr, name
        assert entry.en, name
        assert entry.fr != entry.en, name
    assert isinstance(build(COMMANDS, "en"), click.Group)
