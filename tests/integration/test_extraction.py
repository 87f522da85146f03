"""The reader as the rest of the program uses it: a path in, text or a clear refusal out."""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from document_builders import (
    blank_picture,
    make_docx,
    make_odt,
    make_pdf,
    need_tesseract,
    paragraph,
    picture_of,
    shared,
    w_p,
)

from tracker.reading.messages import ERRORS, WARNINGS, one_line, page_ranges, sentence
from tracker.reading.text import (
    DocumentError,
    DocumentReader,
    Limits,
    extract_once,
    find_ocr,
    shown_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES = (
    "Article 1 – Durée",
    "La convention est conclue pour trois ans à compter de sa notification.",
    "Elle est renouvelable par reconduction expresse.",
)


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as shared_reader:
        yield shared_reader


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# --- The files of the corpus ---------------------------------------------------------------------

FILES = (
    "cpo-scene-de-territoire.pdf",
    "entente-port-gueret.pdf",
    "convention-reemploi.docx",
    "police-mise-en-commun.docx",
    "accord-cooperation-littoral.odt",
    "adhesion-reseau.odt",
)


def expected_text(name: str) -> tuple[Path, str]:
    folder = shared() / "corpus"
    record = json.loads((folder / "files" / "index.json").read_text("utf-8"))[name]
    with (folder / "dev.jsonl").open(encoding="utf-8") as lines:
        texts = {item["id"]: item["text"] for item in map(json.loads, lines)}
    return folder / "files" / name, texts[record]


def one_dash(text: str) -> str:
    """Write the dash of list items in one way: it may differ between a file and its record."""
    return re.sub(r"(?m)^[-–—•] ?", "- ", text)


@pytest.mark.parametrize("name", FILES)
def test_the_text_is_that_of_the_record(reader: DocumentReader, name: str) -> None:
    path, expected = expected_text(name)
    extracted = reader.extract(path)
    assert one_dash(extracted.text) == one_dash(expected)
    assert extracted.warnings == ()


@pytest.mark.slow
def test_the_scan_is_read_by_ocr(reader: DocumentReader) -> None:
    need_tesseract()
    path, expected = expected_text("deliberation-scan.pdf")
    extracted = reader.extract(path)
    assert [warning.code for warning in extracted.warnings] == ["ocr"]
    assert "1-2" in extracted.warnings[0].message
    words = difflib.SequenceMatcher(
        None, one_dash(extracted.text).split(), one_dash(expected).split(), autojunk=False
    )
    assert words.ratio() > 0.97
    assert len(extracted.page_starts) == 2
    for term in ("conclue pour cinq ans à compter de sa signature", "sous un préavis de six mois"):
        assert term in extracted.text


# --- OCR -----------------------------------------------------------------------------------------


def scan(*lines: str) -> tuple[int, int, bytes]:
    return picture_of(make_pdf([paragraph(*lines)]), dpi=200)


@pytest.mark.slow
def test_only_the_pages_without_text_go_to_ocr(reader: DocumentReader, tmp_path: Path) -> None:
    need_tesseract()
    data = make_pdf(
        [paragraph(*LINES), b"", b""],
        images={1: scan("Article 2 - Reconduction tacite"), 2: blank_picture()},
    )
    extracted = reader.extract(write(tmp_path, "mixte.pdf", data))
    assert "reconduction expresse.\nArticle 2 - Reconduction tacite" in extracted.text
    assert extracted.page_of(extracted.text.index("Article 2")) == 2
    assert {warning.code: warning.message for warning in extracted.warnings} == {
        "ocr": "texte reconnu par OCR (page(s) 2) : relire chiffres et dates",
        "image_only": "page(s) 3 : image sans texte, non lue (l'OCR n'y a rien trouvé ou a échoué)",
    }


def test_without_tesseract_the_page_is_said_to_be_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    path = write(tmp_path, "scan.pdf", make_pdf([b""], images={0: blank_picture()}))
    extracted = extract_once(path)
    assert extracted.text == ""
    assert [(warning.code, warning.message) for warning in extracted.warnings] == [
        ("image_only", "page(s) 1 : image sans texte, non lue (programme tesseract absent)")
    ]
    with DocumentReader(lang="en") as english:
        assert "tesseract program is missing" in english.extract(path).warnings[0].message


def test_tesseract_without_french_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'List of languages (1):'\necho eng\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_ocr()
    assert (found.program, found.missing) == (None, "language")
    path = write(tmp_path, "scan.pdf", make_pdf([b""], images={0: blank_picture()}))
    assert "tesseract-ocr-fra" in extract_once(path).warnings[0].message


# --- What is no document ------------------------------------------------------------------------


def refusal(reader: DocumentReader, path: str | Path) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        reader.extract(path)
    assert "\n" not in refused.value.message() + refused.value.message("en")
    assert refused.value.hint()
    assert refused.value.hint("en")
    return refused.value


def test_a_directory_a_device_a_fifo_a_link_to_a_device(
    reader: DocumentReader, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "lien").symlink_to("/dev/zero")
    (tmp_path / "boucle").symlink_to(tmp_path / "boucle")
    folder = refusal(reader, tmp_path)
    assert folder.code == "not_regular"
    assert folder.message() == "ce n'est pas un fichier ordinaire (dossier)"
    assert folder.message("en") == "not a regular file (directory)"
    assert refusal(reader, tmp_path / "fifo").code == "not_regular"
    assert refusal(reader, "/dev/zero").code == "not_regular"
    assert refusal(reader, tmp_path / "lien").code == "not_regular"
    assert refusal(reader, tmp_path / "boucle").code == "bad_name"


def test_missing_forbidden_empty_and_too_large_files(tmp_path: Path) -> None:
    with DocumentReader(Limits(file_bytes=1000)) as small:
        assert refusal(small, tmp_path / "absent.pdf").code == "not_found"
        assert refusal(small, write(tmp_path, "vide.txt", b"")).code == "empty_file"
        assert refusal(small, write(tmp_path, "gros.txt", b"x" * 1001)).code == "too_large"
        assert refusal(small, tmp_path / ("x" * 300)).code == "bad_name"
        assert refusal(small, "a\0b").code == "bad_name"
        assert small._child is None  # nothing of this needed one


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(reader: DocumentReader, tmp_path: Path) -> None:
    path = write(tmp_path, "secret.txt", b"x")
    path.chmod(0)
    assert refusal(reader, path).code == "no_permission"


def test_permission_as_the_system_says_it(
    reader: DocumentReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "secret.txt", b"x")
    monkeypatch.setattr("tracker.reading.text.os.open", refuse)
    assert refusal(reader, path).code == "no_permission"


@pytest.mark.parametrize(
    "name",
    [
        "-rf.txt",
        "deux\nlignes.txt",
        "=?UTF-8?Q?x?=.txt",
        "con.pdf",
        "$(touch x).docx",
        "é" * 120 + ".txt",
        os.fsdecode(b"latin-\xe9.txt"),
    ],
)
def test_odd_names_are_only_names(reader: DocumentReader, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("été".encode())
    assert reader.extract(tmp_path / name).text == "été"


def test_a_relative_name_and_bytes_of_a_parent_folder(
    reader: DocumentReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "-x", b"texte")
    (tmp_path / "sous").mkdir()
    monkeypatch.chdir(tmp_path / "sous")
    assert reader.extract("../-x").text == "texte"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("convention été.pdf", "convention été.pdf"),
        ("a\nb\x1b[31m.pdf", r"a\nb\x1b[31m.pdf"),
        (b"latin-\xe9.txt", r"latin-\xe9.txt"),
        ("\u202efdp.exe", r"\u202efdp.exe"),
        ("x" * 300, "x" * 59 + "…" + "x" * 59),
        (Path("-rf"), "-rf"),
    ],
)
def test_shown_name(name: str | bytes | Path, shown: str) -> None:
    assert shown_name(name) == shown


# --- Formats through the child --------------------------------------------------------------------


def test_the_content_counts_and_not_the_name(reader: DocumentReader, tmp_path: Path) -> None:
    assert reader.extract(write(tmp_path, "a.txt", make_docx(w_p("docx")))).text == "docx"
    assert reader.extract(write(tmp_path, "b.docx", make_pdf([paragraph("pdf")]))).text == "pdf"
    assert reader.extract(write(tmp_path, "c.pdf", make_odt("<text:p>odt</text:p>"))).text == "odt"
    assert reader.extract(write(tmp_path, "d.odt", b"texte")).text == "texte"


def test_tracked_changes_are_reported_in_the_chosen_language(tmp_path: Path) -> None:
    body = "<w:p><w:del><w:r><w:delText>deux\nmois</w:delText></w:r></w:del><w:r><w:t>trois</w:t></w:r></w:p>"
    path = write(tmp_path, "suivi.docx", make_docx(body))
    for lang, start in (
        ("fr", "suivi des modifications : 1 suppression"),
        ("en", "tracked changes: 1 deletion"),
    ):
        with DocumentReader(lang=lang) as reader:
            (warning,) = reader.extract(path).warnings
            assert warning.code == "tracked_deletions"
            assert warning.message.startswith(start)
            assert warning.message.endswith("« deux mois »")


def test_windows_text_has_a_warning_with_its_encoding(
    reader: DocumentReader, tmp_path: Path
) -> None:
    extracted = reader.extract(write(tmp_path, "a.txt", "durée : trois ans".encode("cp1252")))
    assert extracted.text == "durée : trois ans"
    assert [warning.code for warning in extracted.warnings] == ["encoding"]


# --- Anywhere, in any surroundings -------------------------------------------------------------

SCRIPT = """
import sys
from tracker.reading.text import extract_once, shown_name
print(extract_once(sys.argv[1]).text.encode("ascii", "backslashreplace").decode())
"""


@pytest.mark.parametrize("flags", [[], ["-I"], ["-P"]])
def test_from_any_directory_and_a_bare_environment(tmp_path: Path, flags: list[str]) -> None:
    (tmp_path / "tracker.py").write_text("raise SystemExit('the wrong tracker')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    path = write(tmp_path, "é.txt", "été".encode())
    script = [sys.executable, *(flags or ["-P"]), "-c", SCRIPT, str(path)]
    done = subprocess.run(
        script,
        cwd=tmp_path,
        env={"LANG": "C", "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == (b"\\xe9t\\xe9\n", b"", 0)


def test_the_child_knows_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONVENTIONS_DATABASE_URL", "postgresql://secret")
    with DocumentReader() as reader:
        reader.extract(write(tmp_path, "a.txt", b"x"))
        assert reader._child is not None
        folder = Path("/proc", str(reader._child._process.pid))
        if not folder.exists():
            pytest.skip("no /proc here")
        assert b"secret" not in (folder / "environ").read_bytes()
        assert (folder / "cwd").resolve() == Path("/")
        open_files = {str(link.readlink()) for link in (folder / "fd").iterdir()}
        assert {name.split(":")[0] for name in open_files} == {"socket", "/dev/null"}


# --- Wordings --------------------------------------------------------------------------------------


def test_every_code_has_both_languages_and_errors_say_what_to_do() -> None:
    params = {
        "limit": 1 << 20, "kind": "X", "pages": [1, 2], "reason": "r", "position": 3, "missing": "program",
        "seconds": 1, "count": 2, "excerpts": ["a"], "encoding": "E",
    }  # fmt: skip
    for wording in (*ERRORS.values(), *WARNINGS.values()):
        for lang in ("fr", "en"):
            assert sentence(wording, params, lang)
            assert "?" not in sentence(wording, params, lang)
    assert all(wording.fr_hint and wording.en_hint for wording in ERRORS.values())


def test_values_from_a_document_stay_on_one_line() -> None:
    shown = sentence(ERRORS["unsupported"], {"kind": "a\nb{c}\x1b"}, "fr")
    assert shown == r"format non pris en charge (a\nb{c}\x1b)"
    assert one_line("é\u2028") == r"é\u2028"


def test_page_ranges() -> None:
    assert page_ranges([7, 1, 2, 3]) == "1-3, 7"


def test_every_code_is_documented() -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "documents.md"
    text = document.read_text("utf-8")
    assert [code for code in (*ERRORS, *WARNINGS) if f"`{code}`" not in text] == []


def test_tesseract_is_found_by_its_absolute_path() -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is absent")
    found = find_ocr()
    assert found.program is None or Path(found.program).is_absolute()
