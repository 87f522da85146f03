"""PDF as bytes, in process: places, rotation, what needs OCR. Hostile ones are in integration."""

from __future__ import annotations

from typing import Any

import pytest
from document_builders import blank_picture, make_pdf, paragraph, picture_of

from tracker.reading.formats.base import Limits, Note, Ocr, Reading, RefusalError
from tracker.reading.formats.ocr import parse_tsv
from tracker.reading.formats.sniff import read_document

NO_OCR = Ocr(missing="program")
LINES = (
    "Article 1 – Durée",
    "La présente convention est conclue pour une durée de trois ans à compter du jour de sa",
    "notification. Elle est renouvelable une fois par tacite reconduction, pour une période de la",
    "même durée, sauf dénonciation par lettre recommandée, trois mois au moins avant le terme de",
    "la convention.",
    "Fait à Rocheval",
)
TEXT = (
    "Article 1 – Durée\n"
    "La présente convention est conclue pour une durée de trois ans à compter du jour de sa "
    "notification. Elle est renouvelable une fois par tacite reconduction, pour une période de la "
    "même durée, sauf dénonciation par lettre recommandée, trois mois au moins avant le terme de "
    "la convention.\nFait à Rocheval"
)


def read(data: bytes, ocr: Ocr = NO_OCR, **limits: Any) -> Reading:
    return read_document(data, Limits(**limits), ocr)


def test_paragraphs() -> None:
    assert read(make_pdf([paragraph(*LINES)])) == Reading(text=TEXT, page_starts=(0,))


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_reads_like_an_upright_one(angle: int) -> None:
    """The content is turned one way and the page the other: the reader sees it upright."""
    import math

    radians = math.radians(angle)
    cosine, sine = round(math.cos(radians)), round(math.sin(radians))
    shift = {90: (842, 0), 180: (595, 842), 270: (0, 595)}[angle]
    box = b"/MediaBox[0 0 595 842]" if angle == 180 else b"/MediaBox[0 0 842 595]"
    from document_builders import text_content

    content = b"q %d %d %d %d %d %d cm\n%s\nQ" % (
        cosine, sine, -sine, cosine, *shift, text_content(paragraph(*LINES))
    )  # fmt: skip
    data = make_pdf([content], page_extra=b"/Rotate %d" % angle)
    data = data.replace(b"/MediaBox[0 0 595 842]", box)
    assert read(data).text == TEXT


def test_table_cells_by_tabs() -> None:
    rows = [("Année", "Montant"), ("2021", "62 000 €"), ("2022", "64 000 €")]
    lines = [
        (70 + 200 * column, 700 - 14 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    assert read(make_pdf([lines])).text == "Année\tMontant\n2021\t62 000 €\n2022\t64 000 €"


def test_page_starts_and_running_heads() -> None:
    pages = [
        [
            *paragraph(f"Le texte de la page {n}.", "Suite " * n, top=650),
            (70, 820, "VILLE"),
            (290, 30, f"{n}/3"),
        ]
        for n in (1, 2, 3)
    ]
    reading = read(make_pdf(pages))
    assert reading.set_aside == 6
    assert [reading.text[start:][:22] for start in reading.page_starts] == [
        f"Le texte de la page {n}." [:22] for n in (1, 2, 3)
    ]  # fmt: skip


def test_no_pages_and_too_many() -> None:
    with pytest.raises(RefusalError) as refused:
        read(make_pdf([paragraph("x")] * 12), pages=10)
    assert (refused.value.code, refused.value.params) == (
        "too_many_pages",
        {"pages": 12, "limit": 10},
    )
    with pytest.raises(RefusalError) as refused:
        read(make_pdf([]))
    assert refused.value.code in {"no_pages", "damaged_file"}


def test_encrypted() -> None:
    lock = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1/O(%s)/U(%s)>>" % (
        b"x" * 32,
        b"y" * 32,
    )
    with pytest.raises(RefusalError) as refused:
        read(make_pdf([paragraph("secret")], trailer=lock))
    assert refused.value.code == "encrypted"


def test_truncated_is_refused_or_said() -> None:
    data = make_pdf([paragraph(*LINES)] * 3)
    for share in (0.3, 0.6, 0.9, 0.99):
        assert outcome(data[: int(len(data) * share)]) in {"damaged_file", "damaged"}


def outcome(data: bytes) -> str:
    try:
        return read(data).notes[-1].code
    except RefusalError as refusal:
        return refusal.code


def test_a_page_of_an_image_without_ocr_is_said() -> None:
    data = make_pdf([paragraph(*LINES), b""], images={1: blank_picture()})
    reading = read(data)
    assert reading.text == TEXT
    assert reading.notes == (Note("image_only", {"pages": [2], "missing": "program"}),)
    assert reading.page_starts[1] == len(TEXT)


def test_a_stamp_on_a_scan_does_not_hide_that_it_is_one() -> None:
    stamp = [(300.0, 820.0, "Reçu en préfecture le 05/10/2022")]
    from document_builders import text_content

    data = make_pdf([text_content(stamp)], images={0: blank_picture()})
    reading = read(data)
    assert "préfecture" in reading.text
    assert [note.code for note in reading.notes] == ["image_only"]


def test_a_blank_page_needs_no_ocr() -> None:
    assert read(make_pdf([paragraph(*LINES), b""])).notes == ()
    assert read(make_pdf([b""])).notes == (Note("no_text"),)


def test_more_scanned_pages_than_ocr_may_take() -> None:
    data = make_pdf([b"", b"", b""], images=dict.fromkeys(range(3), blank_picture()))
    reading = read(data, Ocr(program="/nonexistent"), ocr_pages=2)
    assert reading.notes[0].params["missing"] == "too_many"


def test_ocr_that_fails_is_said() -> None:
    data = make_pdf([b""], images={0: blank_picture()})
    reading = read(data, Ocr(program="/bin/false"))
    assert reading.notes == (Note("image_only", {"pages": [1], "missing": "failed"}),)


def test_the_table_that_tesseract_prints() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t",
        "4\t1\t1\t1\t1\t0\t200\t100\t900\t30\t-1\t",
        "5\t1\t1\t1\t1\t1\t200\t100\t100\t30\t96.5\tSéance",
        "5\t1\t1\t1\t1\t2\t310\t102\t60\t20\t96.5\tdu",
        "5\t1\t1\t1\t1\t3\t900\t100\t200\t30\t91\tAnnexe",
        "5\t1\t1\t1\t1\t4\t1300\t100\t5\t5\t40\t:",
        "5\t1\t1\t1\t1\t5\t1350\t100\t5\t5\t4\tq",
        "5\t1\t1\t1\t1\t6\t1400\t100\t5\t90\t95\t|",
        "une ligne quelconque",
    ]
    page = parse_tsv("\n".join([head, *rows]), 2.0)
    assert (page.width, page.height) == (827.0, 1169.5)
    assert [(line.text, line.left, line.right) for line in page.lines] == [
        ("Séance du", 100.0, 185.0),
        ("Annexe", 450.0, 550.0),
    ]


def test_scans_are_rendered_within_bounds() -> None:
    import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it ships no types

    from tracker.reading.formats.ocr import render

    data = make_pdf([b""]).replace(b"[0 0 595 842]", b"[0 0 14000 14000]")
    document = pdfium.PdfDocument(data)
    image, scale = render(document[0])
    assert len(image) < 26_000_000
    assert scale < 1
    document.close()
    assert picture_of(make_pdf([paragraph("x")]))[:2] == (1240, 1755)
