"""DOCX and ODT as bytes, in process: what is kept, what is left out, what is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest
from document_builders import make_docx, make_odt, make_zip, w_p

from tracker.reading.formats.base import Limits, Ocr, Reading, RefusalError
from tracker.reading.formats.numbering import _worded
from tracker.reading.formats.sniff import read_document


def read(data: bytes, **limits: Any) -> Reading:
    return read_document(data, Limits(**limits), Ocr(missing="program"))


def refusal(data: bytes, **limits: Any) -> str:
    with pytest.raises(RefusalError) as refused:
        read(data, **limits)
    return refused.value.code


def notes(reading: Reading) -> dict[str, dict[str, Any]]:
    return {note.code: note.params for note in reading.notes}


# --- DOCX -----------------------------------------------------------------------------------------

RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (w_p("Article 1 – Objet") + w_p("") + w_p("La durée"), "Article 1 – Objet\nLa durée"),
        (  # content controls, around a paragraph and in one
            (
                f"<w:sdt><w:sdtPr/><w:sdtContent>{w_p('Commune de Rocheval')}</w:sdtContent></w:sdt>"
                f"<w:p>{RUN.format('le ')}<w:sdt><w:sdtContent>{RUN.format('1er mai')}</w:sdtContent></w:sdt></w:p>"
            ),
            "Commune de Rocheval\nle 1er mai",
        ),
        (  # fields: the result, not the instruction
            (
                '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
                f'<w:fldSimple w:instr="REF x">{RUN.format("trois ans")}</w:fldSimple></w:p>'
            ),
            "trois ans",
        ),
        (
            (
                "<w:p><w:r><w:t>un</w:t><w:tab/><w:t>deux</w:t><w:br/><w:t>elle</w:t><w:noBreakHyphen/>"
                "<w:t>même</w:t><w:softHyphen/></w:r></w:p>"
            ),
            "un\tdeux\nelle-même",
        ),
        (  # tab stops are no tabs
            f'<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>{RUN.format("seul")}</w:p>',
            "seul",
        ),
        (  # a text box once, though written twice for old versions
            (
                f"<w:p>{RUN.format('Corps')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
                f"<w:txbxContent>{w_p('Encadré')}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback>"
                f"<v:textbox><w:txbxContent>{w_p('Encadré')}</w:txbxContent></v:textbox></mc:Fallback>"
                f"</mc:AlternateContent></w:r>{RUN.format(' suite')}</w:p>"
            ),
            "Corps suite\nEncadré",
        ),
        (
            "<w:tbl>"
            f"<w:tr><w:tc>{w_p('Année')}</w:tc><w:tc>{w_p('Montant')}</w:tc></w:tr>"
            f"<w:tr><w:tc>{w_p('2021')}</w:tc><w:tc>{w_p('4 000')}{w_p('euros')}</w:tc></w:tr>"
            "</w:tbl>" + w_p("après"),
            "Année\tMontant\n2021\t4 000 euros\naprès",
        ),
        (  # a table in a cell, and a row of one cell
            (
                f"<w:tbl><w:tr><w:tc>{w_p('A')}</w:tc><w:tc><w:tbl><w:tr><w:tc>{w_p('b')}</w:tc>"
                f"<w:tc>{w_p('c')}</w:tc></w:tr></w:tbl>{w_p('')}</w:tc></w:tr>"
                f"<w:tr><w:tc>{w_p('un')}{w_p('deux')}</w:tc></w:tr></w:tbl>"
            ),
            "A\tb c\nun\ndeux",
        ),
        (  # a table that only lays out the page keeps its paragraphs
            (
                f"<w:tbl><w:tr><w:tc>{''.join(w_p(f'Article {n}') for n in range(5))}</w:tc>"
                f"<w:tc>{w_p('à droite')}</w:tc></w:tr></w:tbl>"
            ),
            "Article 0\nArticle 1\nArticle 2\nArticle 3\nArticle 4\nà droite",
        ),
        (f"<w:p><m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath>{RUN.format(' ans')}</w:p>", "x=2 ans"),
        (w_p("{{ c.save() }} & <b> ='cmd'"), "{{ c.save() }} & <b> ='cmd'"),
    ],
)
def test_docx_text(body: str, expected: str) -> None:
    reading = read(make_docx(body))
    assert (reading.text, reading.notes) == (expected, ())


def test_docx_tracked_changes_keep_what_came_and_report_what_went() -> None:
    body = (
        f"<w:p>{RUN.format('préavis de ')}"
        "<w:del w:id='1'><w:r><w:delText>deux</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{RUN.format('trois')}</w:ins>{RUN.format(' mois')}"
        f"<w:moveFrom w:id='3'>{RUN.format('déplacé')}</w:moveFrom></w:p>"
        f"<w:p><w:moveTo w:id='4'>{RUN.format('déplacé')}</w:moveTo></w:p>"
    )
    reading = read(make_docx(body))
    assert reading.text == "préavis de trois mois\ndéplacé"
    assert notes(reading) == {
        "tracked_deletions": {"count": 2, "excerpts": ["deux", "déplacé"]},
        "tracked_insertions": {"count": 1},
    }


def test_docx_deleted_paragraph_mark_and_row() -> None:
    body = (
        f"<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>{RUN.format('la ')}</w:p>{w_p('suite')}"
        f"<w:tbl><w:tr><w:trPr><w:del w:id='2'/></w:trPr><w:tc>{w_p('2020')}</w:tc><w:tc>{w_p('1 €')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{w_p('2021')}</w:tc><w:tc>{w_p('2 €')}</w:tc></w:tr></w:tbl>"
    )
    reading = read(make_docx(body))
    assert reading.text == "la suite\n2021\t2 €"
    assert notes(reading)["tracked_deletions"]["excerpts"] == ["2020 1 €"]


def test_docx_hidden_text_is_left_out_and_said() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>visible</w:t></w:r>'
    reading = read(make_docx(f"<w:p>{hidden}{shown}</w:p>"))
    assert reading.text == "visible"
    assert notes(reading) == {"hidden_text": {"count": 1}}


def test_docx_footnotes_follow_and_headers_stay_out() -> None:
    data = make_docx(
        w_p("Corps"),
        footnotes=f"<w:footnote>{w_p('Sauf dénonciation.')}</w:footnote>",
        hdr=w_p("En-tête"),
        comments=f"<w:comment>{w_p('à revoir')}</w:comment>",
    )
    assert read(data).text == "Corps\nSauf dénonciation."


def level(number: int, text: str, *, kind: str = "decimal", style: str = "") -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{linked}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "Article %1 –", style="Titre1")}'
    f"{level(1, '%1.%2', style='Titre2')}{level(2, '%3)', kind='lowerLetter')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="1">{level(0, "·", kind="bullet")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "%1.", kind="upperRoman")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="9"/></w:lvlOverride></w:num>'
)


def listed(text: str, *, style: str = "", number: int | None = None, at: int = 0) -> str:
    place = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        place += f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr>{RUN.format(text)}</w:p>"


def test_docx_automatic_numbers_are_part_of_the_text() -> None:
    body = (
        listed("Objet", style="Titre1")
        + listed("Durée", style="Titre1")
        + listed("Début", style="Titre2")
        + listed("Fin", style="Titre2")
        + listed("le bilan", number=1, at=2)
        + listed("le vote", number=1, at=2)
        + listed("Suivi", style="Titre1")
        + listed("Comité", style="Titre2")
        + listed("un point", number=2)
        + listed("Exposé", number=3)
        + listed("Pilotage", number=3)
        + listed("Annexes", number=4)
        + listed("Suite", number=4)
        + listed("hors liste", style="Titre1", number=0)
        + listed("inconnu", number=77)
        + listed("", style="Titre1")
        + listed("Fin", style="Titre1")
    )
    assert read(make_docx(body, numbering=NUMBERING)).text.split("\n") == [
        "Article 1 – Objet",
        "Article 2 – Durée",
        "2.1 Début",
        "2.2 Fin",
        "a) le bilan",
        "b) le vote",
        "Article 3 – Suivi",
        "3.1 Comité",
        "- un point",
        "I. Exposé",
        "II. Pilotage",
        "IX. Annexes",
        "X. Suite",
        "hors liste",
        "inconnu",
        "Article 5 – Fin",
    ]


def test_docx_former_properties_and_broken_numbers_change_nothing() -> None:
    former = '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    body = f"<w:p><w:pPr>{former}</w:pPr>{RUN.format('Objet')}</w:p>"
    assert read(make_docx(body, numbering=NUMBERING)).text == "Objet"
    numbered = listed("Objet", number=1)
    assert read(make_docx(numbered, numbering=b"<broken")).text == "Objet"
    assert refusal(make_docx(numbered, numbering=f"{XXE}<a/>".encode())) == "doctype"


@pytest.mark.parametrize(
    ("number", "kind", "worded"),
    [
        (4, "lowerRoman", "iv"),
        (28, "upperLetter", "BB"),
        (5, "decimalZero", "05"),
        (1, "ordinal", "1er"),
        (2, "ordinal", "2"),
        (99999, "upperRoman", "99999"),
        (0, "lowerLetter", "0"),
        (3, "chineseCounting", "3"),
    ],
)
def test_how_word_words_its_numbers(number: int, kind: str, worded: str) -> None:
    assert _worded(number, kind) == worded


def test_docx_without_text_says_so() -> None:
    assert notes(read(make_docx(w_p("")))) == {"no_text": {}}


# --- ODT --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:h>Titre</text:h><text:p>Un <text:span>mot</text:span></text:p>", "Titre\nUn mot"),
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", "a b\tc\nd"),
        ("<text:p>un\n   deux</text:p>", "un deux"),
        ("<text:p>a<text:s text:c='99999999999999'/>b</text:p>", "a b"),
        (
            "<text:p>visible<office:annotation><dc:creator>X</dc:creator><text:p>remarque</text:p></office:annotation></text:p>",
            "visible",
        ),
        (
            "<text:list><text:list-item><text:p>- un</text:p></text:list-item></text:list>",
            "- un",
        ),
        (
            (
                "<table:table><table:table-row><table:table-cell><text:p>A</text:p></table:table-cell>"
                "<table:table-cell table:number-columns-repeated='1000000'><text:p>B</text:p></table:table-cell>"
                "<table:covered-table-cell/></table:table-row></table:table>"
            ),
            "A\tB",
        ),
        (
            "<text:p>corps<draw:frame><draw:text-box><text:p>encadré</text:p></draw:text-box><svg:title>t</svg:title></draw:frame> suite</text:p>",
            "corps suite\nencadré",
        ),
        (
            (
                "<text:p>durée<text:note><text:note-citation>1</text:note-citation><text:note-body>"
                "<text:p>note</text:p></text:note-body></text:note> ferme</text:p>"
            ),
            "durée ferme\nnote",
        ),
    ],
)
def test_odt_text(body: str, expected: str) -> None:
    reading = read(make_odt(body))
    assert (reading.text, reading.notes) == (expected, ())


def test_odt_tracked_deletions_are_left_out_and_reported() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info/>"
        "<text:p>deux</text:p></text:deletion></text:changed-region><text:changed-region>"
        "<text:insertion/></text:changed-region></text:tracked-changes>"
        "<text:p>préavis de <text:change/>trois mois</text:p>"
    )
    reading = read(make_odt(body))
    assert reading.text == "préavis de trois mois"
    assert notes(reading) == {
        "tracked_deletions": {"count": 1, "excerpts": ["deux"]},
        "tracked_insertions": {"count": 1},
    }


def test_odt_encrypted() -> None:
    manifest = "<m><manifest:encryption-data xmlns:manifest='x'/></m>"
    assert refusal(make_odt("<text:p/>", manifest=manifest)) == "encrypted"


# --- Hostile archives ----------------------------------------------------------------------------

XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "prolog", [XXE, LAUGHS, "<!DOCTYPE w>", "<!--" + "x" * 9000 + "--><!DOCTYPE w>"]
)
def test_a_document_type_declaration_is_refused(prolog: str) -> None:
    assert refusal(make_docx(w_p("&e;"), prolog=prolog)) == "doctype"
    assert refusal(make_odt("<text:p>x</text:p>", prolog=prolog)) == "doctype"


def test_a_document_type_declaration_in_a_part_nobody_reads_is_refused_too() -> None:
    assert refusal(make_docx(w_p("x"), styles=f"{XXE}<styles/>".encode())) == "doctype"
    utf_16 = f'<?xml version="1.0" encoding="UTF-16"?>{XXE}<styles/>'.encode("utf-16")
    assert refusal(make_docx(w_p("x"), styles=utf_16)) == "doctype"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\x", "C:\\x", "word/../../x", "c:x"]
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert refusal(make_zip({"word/document.xml": "<a/>", name: "x"})) == "unsafe_archive"


def test_a_symbolic_link_is_refused() -> None:
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    assert refusal(make_zip({link: "/etc/passwd"})) == "unsafe_archive"


def test_duplicate_names_are_refused() -> None:
    twin = zipfile.ZipInfo("word/document.xml")
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = make_zip({"word/document.xml": "<a/>", twin: "<b/>"})
    assert refusal(data) == "unsafe_archive"


def test_too_many_entries() -> None:
    many = make_zip({f"word/{number}": b"" for number in range(10_000)}, method=zipfile.ZIP_STORED)
    assert refusal(many) == "too_many_entries"


def test_a_directory_that_hides_its_count_is_refused() -> None:
    many = make_zip({f"word/{number}": b"" for number in range(3_000)}, method=zipfile.ZIP_STORED)
    at = many.rindex(b"PK\x05\x06")
    lying = many[: at + 8] + struct.pack("<HH", 3, 3) + many[at + 12 :]
    assert refusal(lying) in {"too_many_entries", "damaged_file"}


def test_declared_sizes_are_checked() -> None:
    big = make_zip({"word/document.xml": b" " * 3_000_000})
    assert refusal(big, entry_bytes=1_000_000) == "archive_too_large"
    several = make_zip({f"word/{number}.xml": b" " * 400_000 for number in range(10)})
    assert refusal(several, unpacked_bytes=1_000_000) == "archive_too_large"


def test_a_lying_directory_is_found_out_while_reading() -> None:
    """The directory says 100 bytes where three million come out."""
    data = make_docx("<w:p/>" + " " * 3_000_000)
    honest = struct.pack(
        "<L", zipfile.ZipFile(io.BytesIO(data)).getinfo("word/document.xml").file_size
    )
    assert data.count(honest) == 2
    lying = data.replace(honest, struct.pack("<L", 100))
    assert refusal(lying, entry_bytes=1_000_000) == "damaged_file"


def test_what_unpacks_beyond_the_limit_while_reading_is_refused() -> None:
    from tracker.reading.formats.archive import Archive

    archive = Archive(
        make_docx(w_p("x" * 200_000)), Limits(entry_bytes=300_000, unpacked_bytes=500_000)
    )
    for _ in range(2):
        archive.read("word/document.xml")
    with pytest.raises(RefusalError):
        archive.read("word/document.xml")


def test_encrypted_entries_and_rare_compressions_are_refused() -> None:
    data = bytearray(make_docx(w_p("x")))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refusal(bytes(data)) == "encrypted"
    assert (
        refusal(make_zip({"word/document.xml": "<a/>"}, method=zipfile.ZIP_BZIP2))
        == "unsafe_archive"
    )


def test_a_nested_archive_is_not_opened() -> None:
    inner = make_zip({"bomb": b"\0" * 5_000_000})
    reading = read(make_docx(w_p("Corps"), embedded=inner), unpacked_bytes=1_000_000)
    assert reading.text == "Corps"


def test_more_text_than_allowed_is_refused_not_cut() -> None:
    assert refusal(make_docx(w_p("x" * 50_000)), text_chars=10_000) == "too_much_text"
    assert (
        refusal(make_odt(f"<text:p>{'x' * 50_000}</text:p>"), text_chars=10_000) == "too_much_text"
    )
    assert refusal(b"x" * 50_000, text_chars=10_000) == "too_much_text"


def test_elements_nested_without_end() -> None:
    deep = "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000
    assert read(make_docx(w_p("Corps") + deep)).text == "Corps"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            "old_office",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"{\\rtf1 bonjour}", "unsupported"),
        (b"\x89PNG\r\n\x1a\n", "unsupported"),
        (make_zip({"xl/workbook.xml": "<a/>"}), "unsupported"),
        (make_zip({"n'importe": "quoi"}), "unsupported"),
        (make_odt("<text:p/>", kind="spreadsheet"), "unsupported"),
        (make_docx(w_p("x"))[:-30], "damaged_file"),
        (b"PK\x03\x04" + b"x" * 100, "damaged_file"),
        (make_zip({"word/document.xml": "<a><b></a>"}), "damaged_file"),
        (
            make_zip({"word/document.xml": "<?xml version='1.0' encoding='x-none'?><a/>"}),
            "damaged_file",
        ),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_the_name_does_not_count_but_the_content() -> None:
    assert read(b"simple texte").text == "simple texte"
    assert read(b"\n%PDFX est un mot").text == "%PDFX est un mot"
