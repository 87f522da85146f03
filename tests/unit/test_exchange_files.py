"""Files: which are read, and the line that each wrong one gets."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tracker.domain.conventions import Convention
from tracker.exchange.files import Batch, Format, read_bytes, read_files, write_xlsx
from tracker.exchange.merge import merge_all, parse_record
from tracker.exchange.problems import ExchangeError

HEAD = "reference,title,signed_on,amount,notes"


def messages(batch: Batch, lang: str = "fr") -> list[str]:
    return [problem.message(lang) for problem in batch.problems]


def codes(batch: Batch) -> list[str]:
    return [problem.code for problem in batch.problems]


def table(text: str | bytes) -> Batch:
    return read_bytes(text if isinstance(text, bytes) else text.encode(), Format.CSV)


def conventions(batch: Batch) -> tuple[Convention, ...]:
    assert messages(batch) == []
    merged = merge_all(batch.drafts, {})
    assert [problem.message() for problem in merged.problems] == []
    return merged.conventions


def one(batch: Batch) -> Convention:
    (convention,) = conventions(batch)
    return convention


# -- which files ------------------------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent.csv"
    assert messages(read_files([path])) == [
        f"{path} : fichier introuvable ; vérifiez son nom et son dossier"
    ]


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "d.csv"
    folder.mkdir()
    pipe = tmp_path / "p.csv"
    os.mkfifo(pipe)
    local = tmp_path / "s.csv"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(local))
        device = tmp_path / "z.csv"
        device.symlink_to("/dev/zero")
        assert codes(read_files([folder, pipe, local, device])) == ["file_not_regular"] * 4


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    assert codes(read_files([path])) == ["file_too_big"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[]")
    path.chmod(0)
    assert codes(read_files([path])) == ["file_forbidden"]


def test_an_odd_file_name_is_shown_escaped(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/a\n\xff.json"
    (shown,) = messages(read_files([path]))
    assert "a\\n\\xff.json" in shown


@pytest.mark.parametrize("name", ["a.txt", "a", "a.xls", "a.cvs"])
def test_an_unknown_extension_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[]")
    assert codes(read_files([tmp_path / name])) == ["format_unknown"]


def test_standard_input_needs_data() -> None:
    assert codes(read_files(["-"])) == ["stdin_empty"]
    assert codes(read_files(["-"], stdin=b"  ")) == ["stdin_empty"]


@pytest.mark.parametrize(
    "data", [b'[{"reference": "A", "title": "T"}]', b"reference,title\nA,T\n",
             b"- reference: A\n  title: T\n"]
)  # fmt: skip
def test_the_format_of_standard_input_is_recognised(data: bytes) -> None:
    assert one(read_files(["-"], stdin=data)).title == "T"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un ancien document Office"),
        (b"PK\x03\x04", "un classeur ou une archive"),
        (b"%PDF-1.7", "un PDF"),
        (b"\n<!DOCTYPE html><html>", "une page web"),
    ],
)
def test_a_renamed_file_is_recognised(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    (message,) = messages(read_files([path]))
    assert f"le contenu est {found}" in message


def test_one_reference_in_two_files_names_both(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.csv"
    first.write_text('[\n{"reference": "A", "title": "T"}]')
    second.write_text("reference,title\nA,T\n")
    assert messages(read_files([first, second])) == [
        (
            f"{second}, ligne 2, colonne « reference » : la référence « A » est déjà donnée ici : "
            f"{first}, l. 2 ; gardez une seule des deux fiches"
        )
    ]


# -- JSON -------------------------------------------------------------------------------------


def test_json_problems_have_their_line_and_key() -> None:
    text = """[
  {"reference": "A", "title": "T"},
  {"reference": "B", "title": "T",
   "terms": {"notice": "3 mois",
             "payments": [{"share": 60, "on": "signature"},
                          {"share": 50, "on": "documents"}]},
   "titel": 1}
]"""
    assert messages(read_bytes(text.encode(), Format.JSON)) == [
        "ligne 7, champ « titel » : champ inconnu « titel » ; vouliez-vous dire « title » ?",
        (
            "ligne 4, champ « terms.notice » : durée non reconnue « 3 mois » ; écrivez par exemple "
            "P3M ou P1Y ; vouliez-vous dire « P3M » ?"
        ),
        "ligne 5, champ « terms.payments » : la somme des parts dépasse 100 % (110 %)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[\n{"a": 1,}]', "line 2: bad JSON at column 9"),
        ('[{"reference": "A",\n "reference": "B"}]', "line 2, field “reference”: the key"),
        ('[{"reference": "A", "title": "T",\n"amount": NaN}]', "line 2: “NaN” is not a number"),
        ("3", "a record or a list of records is expected"),
        ("[" * 100_000, "too many nested levels"),
        ("[1]", "line 1: a group of fields is expected, not “1”"),
    ],
)
def test_bad_json_is_refused_with_its_line(text: str, message: str) -> None:
    (found,) = messages(read_bytes(text.encode(), Format.JSON), "en")
    assert found.startswith(message)


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert codes(read_bytes(b"[" + b"9" * 5000 + b"]", Format.JSON)) == ["json_syntax"]
    text = b'{"reference": "A", "title": "T", "amount": 1e999999999}'
    assert codes(read_bytes(text, Format.JSON)) == ["amount_large"]
    text = b'{"reference": "A", "title": "T", "amount": 1e99999999999999999999}'
    assert codes(read_bytes(text, Format.JSON)) == ["json_number"]


@pytest.mark.parametrize("form", [Format.JSON, Format.YAML, Format.CSV])
def test_wide_characters_are_named(form: Format) -> None:
    (message,) = messages(read_bytes("référence".encode("utf-16"), form))
    assert message == "texte en UTF-16 ; enregistrez le fichier en UTF-8"
    assert codes(read_bytes("référence".encode("utf-16-le"), form)) == ["encoding_named"]


def test_latin_letters_in_json_are_refused_with_their_line() -> None:
    found = read_bytes('[\n{"reference": "é"}]'.encode("cp1252"), Format.JSON)
    assert messages(found) == [
        "ligne 2 : encodage non reconnu à partir de l’octet 17 ; enregistrez le fichier en UTF-8"
    ]


# -- YAML -------------------------------------------------------------------------------------


def test_yaml_scalars_are_strings() -> None:
    text = """
reference: 0012
title: NO
partners: [{name: on, country: NO}]
signed_on: 2027-01-31
owner: ~
tags: [1.10, yes]
terms: {final_evaluation: oui, renewal_max: 3, start_day_included: false}
"""
    found = one(read_bytes(text.encode(), Format.YAML))
    assert (found.reference, found.title, found.tags) == ("0012", "NO", ("1.10", "yes"))
    assert found.partners[0].country == "NO"
    assert found.terms.final_evaluation
    assert not found.terms.start_day_included
    assert found.terms.renewal_max == 3


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: &x [1]\nb: *x", 1, "yaml_alias"),
        ("reference: A\nreference: B", 2, "duplicate_key"),
        ("reference: !!python/object/apply:os.system [ls]", 1, "yaml_tag"),
        ("- reference: A\n---\n- reference: B", 2, "yaml_documents"),
        ("- reference: A\n  title: [", 3, "yaml_syntax"),
        ("a: 1\n\tb: 2", 2, "yaml_syntax"),
        ("? [a]\n: b", 1, "yaml_key"),
        ("[" * 50 + "]" * 50, 1, "too_deep"),
        ("just words", None, "not_records"),
        ("a: \x01", 1, "yaml_syntax"),
    ],
)
def test_bad_yaml_is_refused_with_its_line(text: str, line: int | None, code: str) -> None:
    problem = read_bytes(text.encode(), Format.YAML).problems[0]
    assert (problem.code, problem.place.line) == (code, line)


def test_yaml_problems_have_their_line_and_key() -> None:
    text = "- reference: A\n  title: T\n  terms:\n    notice: 3\n    end: 2027-02-30\n"
    assert messages(read_bytes(text.encode(), Format.YAML)) == [
        (
            "ligne 5, champ « terms.end » : date inexistante « 2027-02-30 » ; "
            "vérifiez le jour et le mois"
        ),
        "ligne 4, champ « terms.notice » : durée sans unité « 3 » ; écrivez par exemple P3M ou P1Y",
    ]


# -- CSV --------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_whoever_wrote_it(delimiter: str, encoding: str, end: str) -> None:
    rows = [["Référence", "TITRE", "Date de signature", "montant", "préavis"],
            ["A", "Œuvre d’été", "31/12/2027", "1 234", "trois mois"]]  # fmt: skip
    text = end.join(delimiter.join(row) for row in rows) + end
    batch = table(text.encode(encoding))
    found = one(batch)
    assert (found.title, str(found.signed_on), found.amount) == (
        "Œuvre d’été",
        "2027-12-31",
        Decimal(1234),
    )
    assert str(found.terms.notice) == "P3M"
    assert [warning.code for warning in batch.warnings] == (
        ["read_as_cp1252"] if encoding == "cp1252" else []
    )


def test_an_unclosed_quote_is_reported_where_it_opens() -> None:
    text = f'{HEAD}\nA,T,,,ok\nB,"T,,,\nC,T,,,\nD,T,,,\n'
    assert messages(table(text)) == [
        "ligne 3 : guillemet ouvert à cette ligne et jamais refermé ; refermez-le ou doublez-le"
    ]


def test_a_quote_that_swallows_rows_is_reported_where_it_opens() -> None:
    text = f'{HEAD}\nA,T,,,"ok\nB,T,,,x\nC,T,,,"\nD,T,,,\n'
    assert [(item.code, item.place.line) for item in table(text).problems] == [
        ("csv_quote_swallows", 2)
    ]


def test_a_long_note_is_no_unclosed_quote() -> None:
    note = "\n".join(f"ligne {number}, suite" for number in range(60))
    assert one(table(f'{HEAD}\nA,T,,,"{note}"\n')).notes == note


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("A,T", "row_short"),
        ("A,T,,,,,x", "row_long"),
        ('A,"T" x,,,', "csv_quote_stray"),
        ('A,T "x",,,', "csv_quote_stray"),
        ("A,T\0,,,", "nul"),
        ("A,T,31/04/2027,,", "date_missing"),
        ("A,T,29/02/2027,,", "date_missing"),
        ("A,T,00/00/0000,,", "date_missing"),
        ("A,T,2027-13-01,,", "date_missing"),
        ("A,T,01/02/27,,", "date_short_year"),
        ("A,T,1027-01-01,,", "year_range"),
        ("A,T,31/12/9999,,", "year_range"),
        ("A,T,20270131,,", "date_form"),
        ("A,T,2027-W05-1,,", "date_form"),
        ('A,T,,"1,234.56",', "amount_ambiguous"),
        ("A,T,,1.234,", "amount_ambiguous"),
        ("A,T,,1e9,", "amount_ambiguous"),
        ("A,T,,-4,", "amount_negative"),
        ("A,T,,beaucoup,", "amount"),
        ("A,=?UTF-8?Q?x?=,,,", "encoded_word"),
        ('A,"T\nU",,,', "line_break"),
        ("A,T\x1b[31m,,,", "control_character"),
        (",T,,,", "required"),
    ],
)
def test_a_bad_row_is_refused(row: str, code: str) -> None:
    problems = table(f"{HEAD}\n{row}\n").problems
    assert [(problem.code, problem.place.line) for problem in problems] == [(code, 2)]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("4000", "4000"),
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1234.5", "1234.5"),
        ("12 EUR", "12"),
    ],
)
def test_amounts_are_read_as_the_french_write_them(cell: str, amount: str) -> None:
    assert str(one(table(f'{HEAD}\nA,T,,"{cell}",\n')).amount) == amount


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("reference,titel", "column_unknown"),
        ("title,amount", "column_missing"),
        ("reference,title,titre", "column_twice"),
        ("reference,title,", "column_unnamed"),
    ],
)
def test_columns_are_known_by_name(header: str, code: str) -> None:
    assert code in codes(table(f"{header}\nA,T,x\n"))


def test_an_unknown_column_gets_a_suggestion() -> None:
    (message,) = messages(table("reference,title,pre avi\nA,T,\n"))
    assert message == ("ligne 1 : colonne inconnue « pre avi » ; vouliez-vous dire « notice » ?")


def test_every_bad_row_is_listed() -> None:
    text = f"{HEAD}\nA,T,31/04/2027,x,\nB,T,,,\nC,T,01/02/27,,\n"
    assert [problem.place.line for problem in table(text).problems] == [2, 2, 4]


def test_problems_of_a_table_name_the_heading() -> None:
    assert messages(table("Réf;Titre;Préavis\nA;T;3\n")) == [
        (
            "ligne 2, colonne « Préavis » : durée sans unité « 3 » ; écrivez par exemple "
            "« 3 mois » ou P3M"
        )
    ]


def test_mixed_encodings_are_refused() -> None:
    assert codes(table(b"reference,title\nA,\xc3\xa9t\xe9\n")) == ["encoding_mixed"]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "@SUM(A1)", "+33 1 23 45", "-1", "'=1", "null"])
def test_formulas_are_guarded_and_come_back(text: str) -> None:
    from tracker.exchange.files import write_csv

    convention = parse_record({"reference": "A", "title": "T", "notes": text})
    assert isinstance(convention, Convention)
    written = write_csv([convention])
    assert f"'{text}" in written.decode()
    assert one(read_bytes(written, Format.CSV)) == convention


def test_an_empty_cell_keeps_and_the_word_null_empties() -> None:
    stored = one(table(f"{HEAD}\nA,T,2027-01-01,4,ok\n"))
    batch = table("reference,amount,notes\nA,,null\n")
    merged = merge_all(batch.drafts, {"A": stored})
    (after,) = merged.conventions
    assert (after.amount, after.notes, after.title) == (Decimal(4), "", "T")


def test_lists_in_cells() -> None:
    text = (
        "reference;title;partners;recurring;payments;session;programme;watchers;supposed\n"
        'A;T;"CRESS de Bourgogne (FR); Oslo";"committee P1Y; rapport 6 mois";'
        '"70 % signature; 30 31/12/2027";30/03/2009 adopted_unanimously;2016-2020;'
        '"a@x.fr; b@x.fr";"signed_on; terms.notice"\n'
    )
    found = one(table(text))
    assert [(item.name, item.country) for item in found.partners] == [
        ("CRESS de Bourgogne", "FR"),
        ("Oslo", None),
    ]
    assert [(str(item.kind), str(item.every)) for item in found.terms.recurring] == [
        ("committee", "P1Y"),
        ("report", "P6M"),
    ]
    assert [(item.share, item.on) for item in found.terms.payments] == [
        (Decimal(70), "signature"),
        (Decimal(30), "2027-12-31"),
    ]
    assert found.supposed == ("signed_on", "notice")
    assert found.session is not None


# -- XLSX -------------------------------------------------------------------------------------


def book(*rows: list[Any], **options: Any) -> Workbook:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    if options.get("mac"):
        workbook.epoch = CALENDAR_MAC_1904
    return workbook


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet(content: bytes, **options: Any) -> Batch:
    return read_bytes(content, Format.XLSX, **options)


def patched(content: bytes, **parts: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name.replace("__", "/"), part or b"")
    return out.getvalue()


@pytest.mark.parametrize("mac", [False, True])
def test_dates_do_not_move_with_the_epoch(mac: bool) -> None:
    from datetime import date

    workbook = book(["reference", "title", "signed_on"], ["A", "T", date(2027, 3, 31)])
    if mac:
        workbook.epoch = CALENDAR_MAC_1904
    assert str(one(sheet(saved(workbook))).signed_on) == "2027-03-31"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("signed_on", 46022, "cell_number"),
        ("signed_on", True, "cell_boolean"),
        ("tracked_from", 2027, "cell_number"),
        ("notice", 3, "period_unit"),
        ("owner", 3, "not_text"),
        ("notes", True, "cell_boolean"),
        ("notes", 1.5, "cell_decimal"),
        ("notes", "#N/A", "cell_error"),
        ("notes", "=1+1", "cell_formula"),
        ("amount", True, "amount"),
        ("final_evaluation", 1, "boolean_words"),
    ],
)
def test_a_cell_of_the_wrong_type_is_refused(column: str, value: Any, code: str) -> None:
    batch = sheet(saved(book(["reference", "title", column], ["A", "T", value])))
    assert [(item.code, item.place.line, item.place.key) for item in batch.problems] == [
        (code, 2, column)
    ]


def test_a_time_of_day_in_a_date_is_refused() -> None:
    from datetime import datetime

    cell = datetime(2027, 1, 1, 23, 59, 59)  # noqa: DTZ001 - a workbook knows no time zone
    assert codes(sheet(saved(book(["reference", "title", "end"], ["A", "T", cell])))) == [
        "cell_time"
    ]


def test_several_sheets_need_a_name() -> None:
    workbook = book(["reference", "title"], ["A", "T"])
    workbook.create_sheet("Autre").append(["reference", "title"])
    content = saved(workbook)
    assert messages(sheet(content)) == [
        "ce classeur a plusieurs feuilles (Sheet, Autre) ; dites laquelle lire avec --sheet"
    ]
    assert one(sheet(content, sheet="Sheet")).reference == "A"
    assert codes(sheet(content, sheet="Feuil9")) == ["sheet_unknown"]


def test_hidden_rows_are_imported_and_reported() -> None:
    workbook = book(["reference", "title"], ["A", "T"], ["B", "T"])
    workbook.worksheets[0].row_dimensions[3].hidden = True
    batch = sheet(saved(workbook))
    assert [item.reference for item in conventions(batch)] == ["A", "B"]
    assert [item.message() for item in batch.warnings] == ["lignes masquées importées aussi : 3"]


def test_merged_cells_are_refused() -> None:
    workbook = book(["reference", "title"], ["A", "T"], ["B", None])
    workbook.worksheets[0].merge_cells("B2:B3")
    assert codes(sheet(saved(workbook))) == ["cells_merged"]


def test_text_that_looks_like_an_escape_or_a_formula_stays() -> None:
    record = {"reference": "A", "title": "_x0041_", "notes": "=1+1"}
    convention = parse_record(record)
    assert isinstance(convention, Convention)
    assert one(sheet(write_xlsx([convention]))) == convention


def test_hostile_workbooks_are_refused() -> None:
    good = saved(book(["reference", "title"], ["A", "T"]))
    many = {f"xl__p{number}.bin": b"" for number in range(1001)}
    bomb = b"0" * 60_000_000
    doctype = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'
    assert codes(sheet(patched(good, **many))) == ["xlsx_too_many_entries"]
    assert codes(sheet(patched(good, xl__x=bomb, xl__y=bomb))) == ["xlsx_too_big"]
    assert codes(sheet(patched(good, **{"xl__x.xml": doctype}))) == ["xlsx_suspect"]
    wide = doctype.decode().encode("utf-16")
    assert codes(sheet(patched(good, **{"xl__x.xml": wide}))) == ["xlsx_suspect"]
    assert codes(sheet(patched(good, **{"xl__embeddings__a.xlsx": b"x"}))) == ["xlsx_suspect"]
    assert codes(sheet(patched(good, xl__embedded=good))) == ["xlsx_suspect"]
    assert codes(sheet(patched(good, **{"XL__workbook.xml": b"x"}))) == ["xlsx_suspect"]
    assert codes(sheet(good[: len(good) // 2])) == ["xlsx_damaged"]
    assert codes(sheet(b"PK\x03\x04 nothing")) == ["xlsx_damaged"]


def test_a_lying_directory_is_refused() -> None:
    good = bytearray(saved(book(["reference", "title"], ["A", "T"])))
    at = good.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert good[at : at + 4] == b"PK\x01\x02"
    good[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert codes(sheet(bytes(good))) == ["xlsx_damaged"]


def test_one_long_text_in_a_million_cells_is_refused() -> None:
    good = saved(book(["reference", "title"], ["A", "T"]))
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 4000)
    )
    parts = {
        "xl__worksheets__sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
        "xl__sharedStrings.xml": f"<sst><si><t>{'x' * 32_000}</t></si></sst>",
    }
    replaced = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(replaced, "w") as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name.replace("__", "/"), part)
    assert codes(sheet(replaced.getvalue())) == ["xlsx_too_big"]


def test_shared_texts_are_read() -> None:
    good = saved(book(["reference", "title"], ["A", "T"]))
    texts = ["reference", "title", "A", "Un titre"]
    cells = "".join(
        f'<row r="{row + 1}">'
        + "".join(
            f'<c r="{letter}{row + 1}" t="s"><v>{row * 2 + place}</v></c>'
            for place, letter in enumerate("AB")
        )
        + "</row>"
        for row in range(2)
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats'
        '.org/officeDocument/2006/relationships/worksheet"/><Relationship Id="rId2" '
        'Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/sharedStrings"/></Relationships>'
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {space}>"
        + "".join(f"<si><t>{text}</t></si>" for text in texts)
        + "</sst>",
        "xl/_rels/workbook.xml.rels": rels,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    assert one(sheet(out.getvalue())).title == "Un titre"


def test_a_text_too_long_for_a_cell_is_refused_on_export() -> None:
    convention = parse_record({"reference": "A", "title": "T", "notes": "x" * 32_768})
    assert isinstance(convention, Convention)
    with pytest.raises(ExchangeError) as refused:
        write_xlsx([convention])
    assert refused.value.message("fr").startswith("A, colonne « notes » : texte de plus de 32767")


def test_a_sheet_filled_to_its_far_corner_is_refused() -> None:
    workbook = book(["reference", "title"], ["A", "T"])
    workbook.worksheets[0]["XFD1048576"] = "x"
    assert codes(sheet(saved(workbook))) == ["xlsx_too_many_cells"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0", "xlsx_encrypted"),
        (b"reference,title\n", "format_mismatch"),
        (b"<html>", "format_mismatch"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert codes(read_files([path])) == [code]


def test_another_archive_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    assert messages(sheet(out.getvalue())) == [
        "ce n’est pas un classeur .xlsx (un classeur OpenDocument) ; enregistrez-le au format .xlsx"
    ]


# -- start-up ---------------------------------------------------------------------------------


def test_heavy_libraries_wait_until_they_are_used() -> None:
    code = (
        "import sys, json; import tracker.exchange.files, tracker.exchange.fields;"
        "print(json.dumps([m for m in ('yaml','openpyxl','python_calamine','defusedxml',"
        "'text_to_num','babel','csv') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == []


def test_files_are_opened_without_waiting_for_a_writer(tmp_path: Path) -> None:
    pipe = tmp_path / "p.json"
    os.mkfifo(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    (message,) = messages(read_files([pipe]))
    assert message.endswith(
        "ce n’est pas un fichier ordinaire (c’est un tube) ; donnez le nom d’un fichier"
    )
