"""The journal: one line per acceptance, whatever happened to the one before."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from notifications.journal import Accepted, Journal, ObligationKey, read_journal

KEY = ObligationKey(
    deadline_key="DIJ-2009/notice/0", due_on=date(2027, 1, 31), stage="P1M", recipient="a@x.fr"
)
ENTRY = Accepted(
    at=datetime(2026, 11, 20, 7, tzinfo=UTC),
    machine="m",
    installation="i",
    message_id="<1@x.fr>",
    kind="reminder",
    recipient="a@x.fr",
    subject="L'échéance\u2028« été »",
    obligations=(KEY,),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.in_directory(tmp_path / "state")


def test_what_is_written_is_read_back(journal: Journal) -> None:
    journal.record(ENTRY)
    again = Journal(journal.path)
    assert again.entries() == [ENTRY]
    assert again.message_of(KEY) == ENTRY
    assert again.message_of(replace(KEY, due_on=date(2028, 1, 31))) is None
    assert again.has_message("<1@x.fr>")
    assert list(read_journal(journal.path.read_bytes().splitlines())) == [ENTRY]


def test_it_is_private(journal: Journal) -> None:
    journal.record(ENTRY)
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert journal.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("kept", range(2, 40, 3))
def test_a_torn_line_costs_that_line_alone(journal: Journal, kept: int) -> None:
    journal.record(ENTRY)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole[:kept])
    journal.record(replace(ENTRY, message_id="<2@x.fr>"))
    again = Journal(journal.path)
    assert [entry.message_id for entry in again.entries()] == ["<1@x.fr>", "<2@x.fr>"]
    assert again.torn_lines == 1


def test_what_another_process_adds_is_seen(journal: Journal) -> None:
    assert journal.entries() == []
    Journal(journal.path).record(ENTRY)
    assert journal.has_message("<1@x.fr>")
    Journal(journal.path).record(replace(ENTRY, message_id="<2@x.fr>"))
    assert len(journal.entries()) == 2


def test_a_journal_put_in_its_place_is_read_anew(journal: Journal) -> None:
    for number in range(3):
        journal.record(replace(ENTRY, message_id=f"<{number}@x.fr>"))
    assert len(journal.entries()) == 3
    journal.path.unlink()
    assert len(journal.entries()) == 3, "what was accepted stays accepted"
    Journal(journal.path).record(replace(ENTRY, message_id="<new@x.fr>"))
    assert journal.has_message("<new@x.fr>")


def write_many(path: Path, name: str) -> None:
    journal = Journal(path)
    for number in range(50):
        journal.record(replace(ENTRY, message_id=f"<{name}-{number}@x.fr>"))


def test_two_writers_do_not_mix_their_lines(journal: Journal) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(journal.path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len(journal.entries()) == 100
    assert journal.torn_lines == 0


def test_a_place_that_cannot_be_written_is_known_before(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OSError, match="state"):
        Journal.in_directory(tmp_path / "state").check_writable()


def test_a_symbolic_link_is_not_followed(journal: Journal, tmp_path: Path) -> None:
    journal.path.parent.mkdir()
    journal.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"journal\.jsonl"):
        journal.record(ENTRY)
