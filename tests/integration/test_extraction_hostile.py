"""Bombs and traps, made here, against the real child: it may die, we may not, and the next file works."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from document_builders import (
    blank_picture,
    make_docx,
    make_odt,
    make_pdf,
    paragraph,
    pdf_objects,
    stream,
    w_p,
)

from tracker.reading.child import HEADER
from tracker.reading.formats.base import Limits, Ocr
from tracker.reading.text import DocumentError, DocumentReader
from tracker.reading.types import ExtractedText

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MIB = 1024 * 1024
GOOD = make_docx(w_p("La durée est de trois ans."))
STOPPED = {"memory", "crashed", "timeout"}


def write(folder: Path, data: bytes, name: str = "document") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def outcome(reader: DocumentReader, path: Path) -> str:
    """Return the refusal's code, or "read"."""
    try:
        reader.extract(path)
    except DocumentError as error:
        return error.code
    return "read"


def assert_still_reads(reader: DocumentReader, folder: Path) -> None:
    extracted = reader.extract(write(folder, GOOD, "bon.docx"))
    assert extracted == ExtractedText(text="La durée est de trois ans.")


def pid(reader: DocumentReader) -> int:
    assert reader._child is not None
    return reader._child._process.pid


def group_is_gone(group: int) -> bool:
    """Tell whether no process of the group is left (a moment is given to the kernel)."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


# --- Bombs --------------------------------------------------------------------------------------


def flate_bomb(megabytes: int) -> bytes:
    """Return a page whose content unpacks twice into so many megabytes of drawing orders."""
    once = zlib.compressobj(9)
    packed = b"".join(once.compress(b"0 0 m 9 9 l S\n" * (MIB // 14)) for _ in range(megabytes))
    twice = zlib.compress(packed + once.flush(), 9)
    return pdf_objects([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>",
    ])  # fmt: skip


def previous_loop() -> bytes:
    data = make_pdf([paragraph("boucle")])
    at = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % at)


def page_tree_loop() -> bytes:
    return pdf_objects([
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 3>>",
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 3>>",
        b"<</First 5 0 R/Last 5 0 R/Count 1>>",
        b"<</Title(x)/Parent 4 0 R/Next 5 0 R/First 5 0 R>>",
    ])  # fmt: skip


def inline_image_without_end() -> bytes:
    return make_pdf([b"q BI /W 9999 /H 9999 /BPC 8 /CS /RGB ID " + b"\x00" * 500])


@pytest.mark.slow
def test_a_flate_bomb_takes_the_child_at_most(tmp_path: Path) -> None:
    data = flate_bomb(600)
    assert len(data) < 20_000
    limits = Limits(memory_bytes=300 * MIB, wall_seconds=10)
    with DocumentReader(limits) as reader:
        assert outcome(reader, write(tmp_path, data)) in STOPPED
        assert_still_reads(reader, tmp_path)


@pytest.mark.parametrize("make", [previous_loop, page_tree_loop, inline_image_without_end])
def test_loops_in_a_pdf_end(tmp_path: Path, make: Callable[[], bytes]) -> None:
    with DocumentReader(Limits(wall_seconds=5)) as reader:
        start = time.monotonic()
        assert outcome(reader, write(tmp_path, make())) in {
            "read",
            "damaged_file",
            "no_pages",
            *STOPPED,
        }
        assert time.monotonic() - start < 8
        assert_still_reads(reader, tmp_path)


@pytest.mark.slow
def test_five_thousand_pages_are_refused_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, make_pdf([paragraph("page")] * 5000))
    with DocumentReader() as reader:
        with pytest.raises(DocumentError) as refused:
            reader.extract(path)
        assert refused.value.code == "too_many_pages"
        assert refused.value.message() == "PDF de 5000 pages, pour une limite de 1000"


def test_a_page_that_takes_too_long_is_stopped_and_a_new_child_serves(tmp_path: Path) -> None:
    """A true one: text without end in a compressed stream, more than a second of work."""
    line = b"BT /F1 9 Tf 1 0 0 1 70 %d Tm (mots) Tj ET\n"
    packed = zlib.compress(b"".join(line % (n % 800) for n in range(400_000)), 9)
    data = pdf_objects([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        stream(packed, b"/Filter/FlateDecode"),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ])  # fmt: skip
    with DocumentReader(Limits(wall_seconds=0.5)) as reader:
        assert_still_reads(reader, tmp_path)
        before = pid(reader)
        start = time.monotonic()
        assert outcome(reader, write(tmp_path, data)) == "timeout"
        assert time.monotonic() - start < 3
        assert group_is_gone(before)
        assert_still_reads(reader, tmp_path)
        assert pid(reader) != before


@pytest.mark.slow
def test_a_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    path = write(tmp_path, make_docx("<w:p/>" + " " * (100 * MIB)))
    assert path.stat().st_size < MIB
    with DocumentReader() as reader:
        assert outcome(reader, path) == "archive_too_large"
        assert_still_reads(reader, tmp_path)


def test_memory_beyond_the_limit_ends_the_child_only(tmp_path: Path) -> None:
    path = write(tmp_path, b"mot\n" * (10 * MIB))
    limits = Limits(memory_bytes=150 * MIB, text_chars=100 * MIB)
    with DocumentReader(limits) as reader:
        with pytest.raises(DocumentError) as refused:
            reader.extract(path)
        assert refused.value.code == "memory"
        assert refused.value.message() == "extraction impossible : plus de 150 Mio de mémoire"
        assert_still_reads(reader, tmp_path)


def test_damaged_files_are_read_or_refused_whatever_the_damage(tmp_path: Path) -> None:
    """Always the same damage (a fixed seed): none may pass for a fault of the reader."""
    chance = random.Random(20260701)
    rows = "<w:tbl><w:tr><w:tc>{0}</w:tc><w:tc>{0}</w:tc></w:tr></w:tbl>".format(w_p("cellule"))
    wholes = [
        make_pdf([paragraph("Article 1", "La durée est de trois ans.")] * 2),
        make_docx(w_p("Durée") + rows, method=zipfile.ZIP_STORED),
        make_odt("<text:p>Durée<text:s text:c='2'/></text:p>", method=zipfile.ZIP_STORED),
    ]
    with DocumentReader() as reader:
        for turn in range(240):
            data = bytearray(wholes[turn % 3])
            for _ in range(chance.randint(1, 12)):
                at = chance.randrange(len(data))
                if chance.random() < 0.3:
                    del data[at : at + chance.randint(1, 40)]
                else:
                    data[at] = chance.randrange(256)
            assert outcome(reader, write(tmp_path, bytes(data))) not in {"crashed", "timeout"}
        assert_still_reads(reader, tmp_path)


# --- Trouble with the child itself -----------------------------------------------------------------


def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    with DocumentReader(Limits(wall_seconds=0.3)) as reader:
        assert_still_reads(reader, tmp_path)
        stopped = pid(reader)
        os.kill(stopped, signal.SIGSTOP)
        assert outcome(reader, write(tmp_path, GOOD)) == "timeout"
        assert group_is_gone(stopped)
        assert_still_reads(reader, tmp_path)


def test_a_child_killed_while_it_waits_is_replaced_without_a_word(tmp_path: Path) -> None:
    with DocumentReader() as reader:
        assert_still_reads(reader, tmp_path)
        before = pid(reader)
        os.kill(before, signal.SIGKILL)
        assert_still_reads(reader, tmp_path)
        assert pid(reader) != before


def test_a_child_serves_many_files_and_then_retires(tmp_path: Path) -> None:
    with DocumentReader(Limits(files_per_child=3)) as reader:
        seen = []
        for _ in range(5):
            assert_still_reads(reader, tmp_path)
            seen.append(pid(reader))
    assert seen == [seen[0]] * 3 + [seen[3]] * 2
    assert seen[0] != seen[3]


def test_closing_ends_the_child_and_reading_again_starts_one(tmp_path: Path) -> None:
    reader = DocumentReader()
    assert_still_reads(reader, tmp_path)
    first = pid(reader)
    reader.close()
    reader.close()
    assert group_is_gone(first)
    with reader:
        assert_still_reads(reader, tmp_path)


def test_a_reader_that_nobody_closed_takes_its_child_with_it(tmp_path: Path) -> None:
    reader = DocumentReader()
    assert_still_reads(reader, tmp_path)
    child = pid(reader)
    del reader
    assert group_is_gone(child)


def test_a_child_that_cannot_start_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, GOOD)
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with DocumentReader() as reader:
        assert outcome(reader, path) == "not_started"
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with DocumentReader() as reader:
        assert outcome(reader, path) == "not_started"
    monkeypatch.undo()
    with DocumentReader(Limits(memory_bytes=MIB)) as reader:
        assert outcome(reader, path) in {"not_started", "memory", "crashed"}


@pytest.mark.parametrize(
    "says",
    [
        b'"text"',
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"text":1,"page_starts":[],"notes":[]}',
        b'{"text":"a","page_starts":[9],"notes":[]}',
        b'{"text":"a","page_starts":[1,0],"notes":[]}',
        b'{"text":"a","page_starts":[true],"notes":[]}',
        b'{"text":"a","page_starts":[],"notes":[["unknown",{}]]}',
        b'{"text":"a","page_starts":[],"notes":[1]}',
        b'{"error":"unheard of","params":3}',
    ],
)
def test_nothing_a_child_says_is_believed_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: bytes
) -> None:
    fake_child(tmp_path, monkeypatch, HEADER.pack(len(says)) + says)
    with DocumentReader(ocr=Ocr(missing="program")) as reader:
        assert outcome(reader, write(tmp_path, GOOD)) == "crashed"


def test_a_child_that_announces_too_much_or_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, GOOD)
    fake_child(tmp_path, monkeypatch, HEADER.pack(0xFFFFFFFF))
    with DocumentReader(ocr=Ocr(missing="program")) as reader:
        assert outcome(reader, path) == "crashed"
    progress = b'{"progress":true}'
    fake_child(tmp_path, monkeypatch, (HEADER.pack(len(progress)) + progress) * 100)
    with DocumentReader(Limits(ocr_pages=5), ocr=Ocr(missing="program")) as reader:
        assert outcome(reader, path) == "crashed"
    fake_child(tmp_path, monkeypatch, HEADER.pack(100) + b"{")
    with DocumentReader(Limits(wall_seconds=0.2), ocr=Ocr(missing="program")) as reader:
        assert outcome(reader, path) == "timeout"


def fake_child(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """Put a program in the child's place that greets like it and then says `answer`."""
    ready = b'{"ready":true}'
    said = HEADER.pack(len(ready)) + ready + answer
    monkeypatch.setattr(
        "tracker.reading.text._START",
        f"import os, time; data = {said!r}\n"
        "while data: data = data[os.write(0, data):]\n"
        "time.sleep(60)",
    )


def test_threads_share_a_reader(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"fichier {n}".encode(), f"{n}.txt") for n in range(12)]
    found: dict[Path, str] = {}
    with DocumentReader() as reader:

        def read(path: Path) -> None:
            found[path] = reader.extract(path).text

        threads = [threading.Thread(target=read, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {path: f"fichier {n}" for n, path in enumerate(paths)}


# --- What the child starts dies with it -------------------------------------------------------------


def test_an_ocr_program_that_hangs_is_ended_and_its_page_said(tmp_path: Path) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nexec sleep 300\n")
    slow.chmod(0o755)
    path = write(tmp_path, make_pdf([b""], images={0: blank_picture()}))
    with DocumentReader(Limits(ocr_seconds=0.5), ocr=Ocr(program=str(slow))) as reader:
        assert [warning.code for warning in reader.extract(path).warnings] == ["image_only"]
        assert_still_reads(reader, tmp_path)


def test_what_the_child_started_dies_with_it(tmp_path: Path) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nsleep 300\n")
    slow.chmod(0o755)
    path = write(tmp_path, make_pdf([b""], images={0: blank_picture()}))
    with DocumentReader(Limits(ocr_seconds=60), ocr=Ocr(program=str(slow))) as reader:
        assert_still_reads(reader, tmp_path)
        group = pid(reader)
        timer = threading.Timer(1.0, os.kill, (group, signal.SIGKILL))
        timer.start()
        try:
            # The first child is ended from outside; the second hearing is stopped by its limit.
            reader.limits = Limits(wall_seconds=0.5, ocr_seconds=0.5)
            assert outcome(reader, path) in {"crashed", "timeout", "read"}
        finally:
            timer.cancel()
        assert group_is_gone(group)


# --- The limits are real ----------------------------------------------------------------------------

LIMITED = """
import os, resource, sys, tempfile
from tracker.reading.child import allow_seconds, limit_process
limit_process(200 * 1024 * 1024)
what = sys.argv[1]
try:
    if what == "memory":
        bytearray(300 * 1024 * 1024)
    elif what == "file":
        with open(sys.argv[2], "wb", 0) as file:
            file.write(b"x")
    elif what == "descriptors":
        held = [os.dup(1) for _ in range(200)]
    elif what == "time":
        allow_seconds(0)
        while True:
            pass
    elif what == "core":
        print(resource.getrlimit(resource.RLIMIT_CORE))
except (MemoryError, OSError) as error:
    print(type(error).__name__, getattr(error, "errno", ""))
"""


@pytest.mark.parametrize(
    ("what", "status", "says"),
    [
        ("memory", 0, "MemoryError "),
        ("file", 0, "OSError 27"),
        ("descriptors", 0, "OSError 24"),
        ("core", 0, "(0, 0)"),
        ("time", -signal.SIGXCPU, ""),
    ],
)
def test_the_limits_hold(tmp_path: Path, what: str, status: int, says: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, what, str(tmp_path / "written")],
        capture_output=True, text=True, check=False, timeout=60, env={},
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (status, says.strip())


def test_the_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from tracker.reading.text import DocumentReader\n"
        "reader = DocumentReader()\n"
        "reader.extract(sys.argv[1])\n"
        "print(reader._child._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(write(tmp_path, GOOD))],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert group_is_gone(int(done.stdout))


@pytest.mark.slow
def test_our_own_memory_stays_small(tmp_path: Path) -> None:
    """A parent of its own reads the bombs, so that its peak can be known."""
    write(tmp_path, flate_bomb(300), "flate.pdf")
    write(tmp_path, make_docx("<w:p/>" + " " * (100 * MIB)), "zip.docx")
    write(tmp_path, b"mot\n" * (11 * MIB), "texte.txt")
    write(tmp_path, GOOD, "bon.docx")
    script = (
        "import resource, sys\n"
        "from tracker.reading.text import DocumentError, DocumentReader, Limits\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with DocumentReader(Limits(memory_bytes=250 << 20, wall_seconds=10)) as reader:\n"
        "    for path in sys.argv[1:]:\n"
        "        try:\n"
        "            print(len(reader.extract(path).text))\n"
        "        except DocumentError as error:\n"
        "            print(error.code)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    files = [tmp_path / name for name in ("flate.pdf", "zip.docx", "texte.txt", "bon.docx")]
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    flate, archive, text, good, grown = done.stdout.split()
    assert flate in STOPPED
    assert (archive, good) == ("archive_too_large", "26")
    assert text in {"too_much_text", "memory"}
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(grown) * unit < 30 * MIB


def test_limits_must_be_positive() -> None:
    with pytest.raises(ValueError, match="pages"):
        Limits(pages=0)
    assert resource.RLIM_INFINITY != 0
