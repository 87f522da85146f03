"""What wrong input gets: one clear line a problem, the right exit status, nothing changed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from acceptance.conftest import COMMAND, PORTFOLIO, SETTINGS, TODAY

NO_TRACE = ("Traceback", "unexpected", "inattendue", "sqlalchemy", "Error(")


def refused(place, *arguments, status=2, lines=1, **more):
    """Run what must be refused, in both languages; return the French lines."""
    before = place.picture()
    for lang in ("en", "fr"):
        done = place.run("--lang", lang, *arguments, **more)
        assert done.status == status, (arguments, done)
        assert not [word for word in NO_TRACE if word in done.err], done.err
        found = done.err.splitlines()
        assert 1 <= len(found) <= lines, done.err
        prefix = "erreur : " if lang == "fr" else "error: "
        assert all(line.startswith(prefix) for line in found), done.err
        assert all(line.isprintable() for line in found), done.err
    assert place.picture() == before
    return done.err.splitlines()


# -- the command line ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["statsu"], "« status »"),
        (["--lagn", "en", "soon"], "--lang"),
        (["soon", "--withn", "3m"], "--within"),
        (["soon", "--limit", "x"], "nombre entier"),
        (["soon", "--limit", "0"], "à partir de 1"),
        (["soon", "--kind", "notic"], "« notice »"),
        (["soon", "--format", "xml"], "markdown"),
        (["soon", "--within", "3"], "sans unité"),
        (["soon", "--within", "P"], "non reconnue"),
        (["soon", "--within", "-P3M"], "négative"),
        (["soon", "--within", "P9999Y"], "P9999Y"),
        (["soon", "--within", "P1Y", "--to", "2027-01-01"], "n’en garder qu’un"),
        (["soon", "--from", "2027-01-01", "--to", "2026-01-01"], "avant de commencer"),
        (["soon", "--country", "France"], "deux lettres"),
        (["soon", "extra"], "de trop"),
        (["soon", "--owner"], "demande une valeur"),
        (["run", "--dry-run=yes"], "ne prend pas de valeur"),
        (["--today", "2026-01-01"], "il manque la commande"),
        (["show"], "il manque REF"),
        (["show", "DIJ-CRES-2009"], "« DIJ-CRESS-2009 »"),
        (["show", "x\ny\x1b[31m"], "inconnue"),
        (["record", "DIJ-CRESS-2009"], "il manque FAIT"),
        (["edit", "NULLE"], "inconnue"),
        (["edit", "DIJ-CRESS-2009"], "--field"),
        (["edit", "DIJ-CRESS-2009", "--field", "notce=P3M"], "notice"),
        (["edit", "DIJ-CRESS-2009", "--field", "notice=3"], "unité"),
        (["edit", "DIJ-CRESS-2009", "--field", "end=2008-01-01"], "end"),
        (["add"], "--title"),
        (["add", "X"], "--title"),
        (["add", "X", "--field", "term=P1Y"], "title"),
        (["remove", "NULLE", "--yes"], "inconnue"),
        (["remove", "DIJ-CRESS-2009"], "--yes"),
        (["export", "--format", "csv", "--history"], "json"),
        (["export", "--output", "absent/x.json"], "absent"),
        (["calendar", "--output", "conventions.toml"], "--force"),
        (["import"], "il manque FICHIER"),
        (["import", "absent.yaml"], "introuvable"),
        (["import", "."], "."),
        (["import", "/dev/zero"], "/dev/zero"),
        (["import", "-"], "entrée standard"),
        (["import", "conventions.toml"], ".yaml"),
        (["--config", "absent.toml", "soon"], "absent.toml"),
        (["--config", ".", "soon"], "fichier"),
        (["--database", "foo", "soon"], "sqlite:///"),
        (["--database", "sqlite:///absent.db", "soon"], "conventions init"),
        (["--database", "mysql://moi:secret@h/x", "soon"], "***"),
    ],
    ids=lambda value: " ".join(value).encode("unicode_escape").decode() if isinstance(value, list) else "",
)  # fmt: skip
def test_bad_usage_is_one_line_and_exit_two(office, arguments, said):
    (line,) = refused(office, *arguments)
    assert said in line.replace("\u00a0", " ")
    assert "secret" not in line


@pytest.mark.parametrize(
    "day",
    ["2027-02-30", "2027-W05-1", "20270131", "2027-1-31", "31/01/2027", "1066-01-01", "2200-01-01",
     "٢٠٢٧-٠١-٣١", "", "today", " 2027-01-31"],
)  # fmt: skip
def test_the_day_is_strict(office, day):
    (line,) = refused(office, "--today", day, "soon")
    assert "--today" in line


def test_a_day_that_does_not_exist_says_so(office):
    assert "date inexistante" in refused(office, "--today", "2027-02-30", "soon")[0]


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["show", "A"], ["soon"], ["export"], ["record", "A", "signed"], ["edit", "A", "--title", "b"],
     ["remove", "A", "--yes"], ["run"], ["run", "--dry-run"], ["digest"], ["calendar"], ["status"]],
    ids=" ".join,
)  # fmt: skip
def test_only_four_commands_make_a_database(place, arguments):
    place.settings()
    (line,) = refused(place, *arguments)
    assert "conventions init" in line


@pytest.mark.parametrize("name", ["link.json", "link-to-file.json", "folder.json"])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_output_never_follows_a_link(office, name, force):
    office.write("kept.json", "kept")
    (office.folder / "link.json").symlink_to(office.folder / "target.json")
    (office.folder / "link-to-file.json").symlink_to(office.folder / "kept.json")
    (office.folder / "folder.json").mkdir()
    for command in (["export"], ["calendar"]):
        refused(office, *command, "--output", name, *force)
    assert (office.folder / "kept.json").read_text() == "kept"


def test_output_keeps_an_existing_file_unless_forced(office):
    office.write("kept.json", "kept")
    refused(office, "export", "--output", "kept.json")
    office.ok("export", "--output", "kept.json", "--force")
    assert (office.folder / "kept.json").read_bytes() == office.ok("export").raw
    assert (office.folder / "kept.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("make", ["fifo", "zero", "folder", "socket"])
def test_only_regular_files_are_imported(office, make):
    path = office.folder / f"{make}.yaml"
    if make == "fifo":
        os.mkfifo(path)
    elif make == "zero":
        path.symlink_to("/dev/zero")
    elif make == "folder":
        path.mkdir()
    else:
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path) if len(str(path)) > 100 else str(path))
    done = office.run("import", path.name, timeout=20)
    assert done.status == 2
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "name", ["-dash.yaml", "new\nline.yaml", "tab\t.yaml", "bad\udcff.yaml", "\x1b[31mred.yaml"]
)
def test_odd_file_names_are_read_and_shown_escaped(office, name):
    path = office.folder / name
    path.write_bytes(b"- {reference: A, title: b, couleur: rouge}\n")
    done = office.start("import", "--dry-run", "--", os.fsencode(name))
    (line,) = done.err.splitlines()
    assert done.status == 2
    assert line.isprintable()
    path.write_bytes(b"- {reference: A, title: b}\n")
    assert office.start("import", "--dry-run", "--", os.fsencode(name)).status == 0


# -- settings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "count"),
    [
        ("[office\n", "conventions.toml:1:", 1),
        ("[office]\nname = 'a'\nname = 'b'\n", "conventions.toml:3:", 1),
        ("[mail]\nstmp_host = 'x'\n", "host", 1),
        ("[mail]\nhost = 'relay.example.org'\nsecurity = 'none'\n", "allow_plaintext", 1),
        ("[mail]\nport = 99999\n", "99999", 1),
        ("[reminders]\nnotice = ['P3M', 'P3M']\n", "P3M", 1),
        ("[reminders]\nnotice = ['-P3M']\n", "-P3M", 1),
        ("[reminders]\nnotice = ['trois']\n", "trois", 1),
        ("[reminders]\nnotise = ['P3M']\n", "notice", 1),
        ("[schedule]\ntimezone = 'Europe/Pariss'\n", "Europe/Paris", 1),
        ("[schedule]\ntimezone = '../../etc/passwd'\n", "timezone", 1),
        ("[schedule]\nscan = '25:00'\n", "25:00", 1),
        ("[schedule]\nreport = 'lundy 08:00'\n", "lundy", 1),
        ("[council]\nsessions = ['2027-02-30']\n", "2027-02-30", 1),
        ("[council]\nclear_days = -1\n", "-1", 1),
        ("[office]\nfallback = 'root'\n", "root", 1),
        ("[office]\nrecipients = ['a@x.fr\\r\\nBcc: b@y.fr']\n", "recipients", 1),
        ("[database]\nurl = 'mysql://moi:secret@h/x'\n", "***", 1),
        ("[ofice]\nname = 'a'\n[mail]\nport = 'x'\n", "office", 2),
        ("[holidays]\nterritory = 'Atlantide'\n", "Atlantide", 1),
    ],
    ids=lambda value: value.splitlines()[-1] if isinstance(value, str) and "\n" in value else "",
)  # fmt: skip
def test_bad_settings_are_refused_at_once_with_their_place(office, text, said, count):
    office.settings(text)
    lines = refused(office, "soon", lines=count)
    assert len(lines) == count
    assert said in " ".join(lines)
    assert "secret" not in " ".join(lines)
    assert "conventions.toml" in lines[0]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (SETTINGS.replace("\n", "\r\n").encode(), 0),
        (b"\xef\xbb\xbf" + SETTINGS.encode(), 0),
        (SETTINGS.encode() + b"\x00", 2),
        (SETTINGS.encode("utf-16"), 2),
        (SETTINGS.replace("internationales", "étrangères").encode("cp1252"), 2),
    ],
    ids=["crlf", "bom", "nul", "utf-16", "cp1252"],
)
def test_the_bytes_of_the_settings(office, content, status):
    office.write("conventions.toml", content)
    done = office.run("soon")
    assert done.status == status, done
    assert len(done.err.splitlines()) == (1 if status else 0)


def test_the_settings_are_found_by_option_variable_and_folder(office):
    office.write("other.toml", "[office]\nname = 3\n")
    assert office.run("--config", "other.toml", "soon").status == 2
    assert office.run("soon", CONVENTIONS_CONFIG="other.toml").status == 2
    assert (
        office.run("--config", "conventions.toml", "soon", CONVENTIONS_CONFIG="other.toml").status
        == 0
    )


# -- files to import --------------------------------------------------------------------------------

HEAD = "reference,title,signed_on,end,notice,amount\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ((HEAD + 'A,"jamais fermé,2026-01-05,,,\n' + "B,b,,,,\n" * 30).encode(), "ligne 2"),
        ((HEAD + "A,a\x00b,,,,\n").encode(), "ligne 2"),
        ((HEAD + "A,a,31/04/2027,,,\n").encode(), "31/04/2027"),
        ((HEAD + "A,a,29/02/2027,,,\n").encode(), "29/02/2027"),
        ((HEAD + "A,a,00/00/0000,,,\n").encode(), "00/00/0000"),
        ((HEAD + "A,a,2027-13-01,,,\n").encode(), "2027-13-01"),
        ((HEAD + "A,a,01/02/27,,,\n").encode(), "01/02/27"),
        ((HEAD + "A,a,1027-01-01,,,\n").encode(), "1027"),
        ((HEAD + "A,a,9999-01-01,,,\n").encode(), "9999"),
        ((HEAD.replace("notice", "start") + "A,a,2027-01-01,2026-01-01,signature,\n").encode(), "ligne 2"),
        ((HEAD + "A,a,,,3,\n").encode(), "unité"),
        ((HEAD + "A,a,,,-3,\n").encode(), "-3"),
        ((HEAD + "A,a,,,,1e9\n").encode(), "1e9"),
        ((HEAD + 'A,a,,,,"1,234.56"\n').encode(), "1,234.56"),
        ((HEAD + "A,a,,,,\nA,b,,,,\n").encode(), "A"),
        ((HEAD + ",sans référence,,,,\n").encode(), "reference"),
        ((HEAD + "A,,,,,\n").encode(), "title"),
        ((HEAD + "A,a,,\n").encode(), "ligne 2"),
        (b"reference,title,couleur\nA,a,rouge\n", "couleur"),
        (b"reference,title,title\nA,a,b\n", "title"),
        (b"title\nsans reference\n", "reference"),
        (b"", ""),
        (b"\n\n", ""),
        ((HEAD + "A,a,,,,\n").encode("utf-16"), "utf-16"),
    ],
    ids=lambda value: ascii(value[-25:]) if isinstance(value, bytes) else "",
)  # fmt: skip
def test_bad_spreadsheets_are_refused_with_their_line(office, content, said):
    office.write("bad.csv", content)
    lines = refused(office, "import", "bad.csv", lines=3)
    assert said.casefold() in " ".join(lines).casefold()
    assert all("bad.csv" in line for line in lines)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfreference,title,signed_on\r\nA,\xc3\xa9,31/12/2027\r\n",
        "reference;title;signed_on\nA;é;31/12/2027\n".encode("cp1252"),
        "title\tsigned_on\treference\né\t2027-12-31\tA\n".encode(),
    ],
    ids=["bom-crlf", "cp1252", "tabs-reordered"],
)
def test_spreadsheets_of_many_makes_are_read(place, content):
    place.write("good.csv", content)
    place.ok("import", "good.csv")
    (record,) = place.ok("export").json
    assert (record["title"], record["signed_on"]) == ("é", "2027-12-31")


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "@SUM(A1)", "+33 1 23", "\ttab", "-1+1"]
)
def test_formulas_are_text_and_leave_harmless(place, text):
    place.ok("add", "A", "--title", "x", "--field", f"notes={text}")
    place.ok("export", "--format", "csv", "--output", "out.csv")
    assert not any(
        cell.startswith(("=", "@", "\t"))
        for line in (place.folder / "out.csv").read_text().splitlines()
        for cell in line.split(",")
    )
    before = place.ok("export").raw
    place.ok("import", "out.csv")
    assert place.ok("export").raw == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.json", b"[{"),
        ("bad.json", b"3"),
        ("bad.json", b'[{"reference": "A", "reference": "B", "title": "x"}]'),
        ("bad.json", b"[" * 100_000),
        ("bad.yaml", b"a: [1"),
        ("bad.yaml", b"- &a [*a]\n"),
        ("bad.yaml", b"- !!python/object/apply:os.system ['true']\n"),
        ("bad.xlsx", b"PK not a zip"),
        ("bad.xlsx", b"reference;title\n"),
        ("bad.xlsx", b"<html></html>"),
        ("bad.docx", b"x"),
    ],
)
def test_broken_files_are_refused(office, name, content):
    office.write(name, content)
    assert name in refused(office, "import", name, lines=2)[0]


def test_one_bad_file_among_several_changes_nothing(office):
    office.write("good.yaml", "- {reference: NEW, title: Neuve}\n")
    office.write("bad.yaml", "- {reference: NEW2}\n")
    refused(office, "import", "good.yaml", "bad.yaml")
    assert "NEW" not in [item["reference"] for item in office.ok("export").json]


# -- the database and the machine ---------------------------------------------------------------------


def test_a_locked_database_is_passing_trouble(office):
    with sqlite3.connect(office.database) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        done = office.run("record", "DIJ-CRESS-2009", "committee", timeout=60)
        assert done.status == 3, done
        assert len(done.err.splitlines()) == 1
        assert time.monotonic() - started < 45
        holder.rollback()
    office.ok("record", "DIJ-CRESS-2009", "committee")


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_corrupt_database_is_refused(office, content):
    office.write("conventions.db", content)
    for arguments in (["soon"], ["import", PORTFOLIO], ["init"], ["run"]):
        before = office.picture()
        done = office.run(*arguments)
        assert done.status == 2, (arguments, done)
        assert len(done.err.splitlines()) <= 2
        assert "conventions.db" in done.err
        assert office.picture() == before


def test_a_database_of_something_else_is_refused(office):
    office.database.unlink()
    with sqlite3.connect(office.database) as other:
        other.execute("CREATE TABLE convention (x)")
    other.close()
    for arguments in (["soon"], ["import", str(PORTFOLIO)], ["list"]):
        refused(office, *arguments)
    office.ok("init", status=2)


def test_a_row_spoilt_by_hand_is_told_and_the_others_served(office):
    with sqlite3.connect(office.database) as hand:
        hand.execute("PRAGMA ignore_check_constraints = ON")
        hand.execute(
            "UPDATE convention SET signed_on = '2027-02-30' WHERE reference = 'DIJ-CRESS-2009'"
        )
    hand.close()
    done = office.ok("soon", "--format", "json")
    assert "DIJ-CRESS-2009" in done.err
    assert len(office.ok("list", "--format", "json").json) == 10
    office.ok("show", "DIJ-CRESS-2009", status=2)
    assert len(office.ok("export", status=1).json) == 10
    ran = office.ok("--today", TODAY, "run", "--format", "json", status=1).json
    assert "DIJ-CRESS-2009" in {item["subject"] for item in ran["problems"]}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(place):
    place.folder.chmod(0o500)
    try:
        refused(place, "import", PORTFOLIO)
    finally:
        place.folder.chmod(0o700)


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="no /proc: where even root cannot write"
)
def test_places_where_nobody_can_write_are_told(office):
    refused(office, "--database", "sqlite:////proc/x.db", "import", PORTFOLIO)
    refused(office, "--database", "sqlite:////proc/none/x.db", "import", PORTFOLIO)
    refused(office, "export", "--output", "/proc/x.json")
    refused(office, "digest", "--output", "/proc/x")
    refused(office, "demo", "--output", "/proc/x")
    refused(office, "demo", "--output", "conventions.toml")


def test_an_unreachable_postgresql_is_passing_trouble(place):
    (line,) = refused(
        place, "--database", "postgresql://moi:secret@127.0.0.1:9/x", "soon", status=3
    )
    assert "secret" not in line


def test_interrupted_in_the_middle_of_an_import_nothing_is_kept(office):
    """Ctrl-C at growing delays, until one import was quick enough to end."""
    import json

    from made_portfolio import make_records

    office.write("large.json", json.dumps(make_records(400)))
    office.ok("export", "--output", "before.json")
    before = (office.folder / "before.json").read_bytes()
    interrupted = 0
    for delay in (0.3, 0.6, 0.9, 1.2, 1.6, 2.0):
        with subprocess.Popen(
            [COMMAND, "import", "large.json"],
            cwd=office.folder,
            env=office.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode in {130, -signal.SIGINT}
        if process.returncode == 130:
            interrupted += 1
            assert b"Traceback" not in err
        assert office.ok("export").raw == before
    assert interrupted


def test_two_imports_at_once_both_succeed_or_one_asks_to_try_again(office):
    import json

    from made_portfolio import make_records

    names = []
    for number in (1, 2):
        records = make_records(300, seed=number)
        for record in records:
            record["reference"] = f"L{number}-{record['reference']}"
        names.append(office.write(f"{number}.json", json.dumps(records)).name)
    running = [
        subprocess.Popen(
            [COMMAND, "import", name],
            cwd=office.folder,
            env=office.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in names
    ]
    errors = [process.communicate(timeout=120)[1].decode() for process in running]
    statuses = [process.returncode for process in running]
    assert set(statuses) <= {0, 3}, errors
    assert 0 in statuses
    kept = len(office.ok("export").json)
    assert kept == 11 + 300 * statuses.count(0)
    assert not [error for error in errors if "Traceback" in error]


def test_a_copy_of_the_database_in_use_stays_readable(office, tmp_path):
    office.ok("--today", TODAY, "run")
    shutil.copy(office.database, tmp_path / "copy.db")
    office.ok("--database", f"sqlite:///{tmp_path}/copy.db", "soon")
