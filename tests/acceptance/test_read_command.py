"""`conventions read`: the proposal on the screen and in JSON, the questions, the saving."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

TEXT = Path(__file__).parents[1] / "data" / "reading" / "convention.txt"
CONVENTIONS = [sys.executable, "-c", "from jobs.cli import run; run()"]


def run(*arguments, cwd, code=0):
    environ = {**os.environ, "CONVENTIONS_DATABASE_URL": f"sqlite:///{cwd}/t.db", "COLUMNS": "100"}
    done = subprocess.run(
        [*CONVENTIONS, *map(str, arguments)],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_json_quotes_what_text_prints(tmp_path):
    answer = json.loads(run("read", TEXT, "--format", "json", cwd=tmp_path).stdout)
    (one,) = answer
    text = run("read", TEXT, "--text", cwd=tmp_path).stdout
    assert set(one) == {"file", "terms", "evidence", "record", "warnings"}
    terms = one["terms"]
    assert (terms["term"], terms["start"], terms["renewal"]) == ("P3Y", "signature", "tacit")
    assert (terms["renewal_period"], terms["notice"]) == ("P1Y", "P4M")
    assert (terms["notice_of"], terms["notice_form"]) == ("nonrenewal", "registered")
    assert terms["recurring"] == [{"kind": "committee", "every": "P1Y"}]
    assert (terms["payments"], terms["end"], terms["final_evaluation"]) == ([], None, False)
    assert one["record"]["deliberated_on"] == "2025-05-12"
    assert {"name": "Ville de Tirana-Est", "country": "AL"} in one["record"]["partners"]
    for name, quote in one["evidence"].items():
        assert text[quote["start"] : quote["end"]] == quote["quote"], name
    assert one["evidence"]["term"]["article"].startswith("Article 3")
    assert "signature_blank" in {item["code"] for item in one["warnings"]}


def test_table_shows_each_value_beside_its_sentence(tmp_path):
    shown = run("read", TEXT, cwd=tmp_path).stdout
    row = next(line for line in shown.splitlines() if line.startswith("durée"))
    assert "3 ans" in row
    assert "conclue" in row


def test_saved_record_keeps_its_evidence_and_show_quotes_it(tmp_path):
    run("read", TEXT, "--save", "--reference", "TIRANA-2025", "--yes", cwd=tmp_path)
    run("record", "TIRANA-2025", "signed", "--on", "2025-06-02", cwd=tmp_path)
    shown = run("--today", "2025-07-01", "show", "TIRANA-2025", "--format", "json", cwd=tmp_path)
    (one,) = json.loads(shown.stdout)
    assert one["terms"][0]["last_day"] == "2028-06-01"
    assert one["record"]["partners"] == [{"name": "Ville de Tirana-Est", "country": "AL"}]
    assert "Article 3" in one["terms"][0]["basis"]
    assert "trois ans à compter de sa signature" in one["terms"][0]["basis"]


def test_one_bad_file_among_several_is_said_and_hinders_none(tmp_path):
    bad = tmp_path / "rien.pdf"
    bad.write_bytes(b"%PDF-1.7 truncated")
    done = run("read", TEXT, bad, tmp_path / "absent.txt", "--format", "json", cwd=tmp_path, code=1)
    first, second, third = json.loads(done.stdout)
    assert first["terms"]["term"] == "P3Y"
    for other in (second, third):
        assert other["terms"]["term"] is None
        assert other["warnings"]
    assert len(done.stderr.strip().splitlines()) == 2


def test_nothing_found_is_no_failure(tmp_path):
    plain = tmp_path / "note.txt"
    plain.write_text("Le déjeuner a lieu à midi.", encoding="utf-8")
    (one,) = json.loads(run("read", plain, "--format", "json", cwd=tmp_path).stdout)
    assert [value for value in one["terms"].values() if value] == []


@pytest.mark.parametrize(
    "options",
    [("--save",), ("--save", "--reference", "X"), ("--reference", "X")],
)
def test_saving_without_a_terminal_asks_for_a_reference_and_a_yes(tmp_path, options):
    done = run("read", TEXT, *options, cwd=tmp_path, code=2)
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "t.db").exists()


def answer_on_a_terminal(arguments, answers, cwd):
    """Run the command on a pseudo-terminal, type each answer when something was asked."""
    environ = {**os.environ, "CONVENTIONS_DATABASE_URL": f"sqlite:///{cwd}/t.db", "TERM": "dumb"}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execvpe(CONVENTIONS[0], [*CONVENTIONS, *map(str, arguments)], environ)
    seen = b""
    waiting = list(answers)
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                data = os.read(terminal, 4096)
            except OSError:
                break
            if not data:
                break
            seen += data
        elif waiting and seen.rstrip(b" ").endswith((b":", "\u00a0:".encode())):
            typed = waiting.pop(0)
            seen += b" "
            os.write(terminal, typed.encode() + b"\n")
            seen += f"<{typed}>".encode()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), seen.decode(errors="replace")


def test_the_agent_is_asked_only_for_what_is_blank(tmp_path):
    status, seen = answer_on_a_terminal(
        ["read", TEXT, "--save"],
        ["", "31/02/2025", "2025-06-02", "agent@example.org", "y"],
        tmp_path,
    )
    assert status == 0, seen
    assert "TIRANA-EST-2025" in seen
    assert "inexistante" in seen
    assert "durée (vide" not in seen
    shown = run("show", "TIRANA-EST-2025", "--format", "json", cwd=tmp_path)
    (one,) = json.loads(shown.stdout)
    assert one["record"]["signed_on"] == "2025-06-02"
    assert one["record"]["owner"] == "agent@example.org"


def test_a_no_stores_nothing(tmp_path):
    status, seen = answer_on_a_terminal(["read", TEXT, "--save"], ["T-1", "", "", "n"], tmp_path)
    assert status == 0, seen
    assert not (tmp_path / "t.db").exists()
