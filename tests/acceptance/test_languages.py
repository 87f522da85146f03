"""Each language is complete: nothing of the other one in helps, tables, errors and letters.

Titles, names and notes are data, in the language of whoever wrote them: the portfolio of these
tests has neutral ones.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from acceptance.conftest import SETTINGS, TODAY

from jobs.cli import COMMANDS

FRENCH = set(
    "le la les des du de un une et ou est sont dans pour par sur avec sans au aux ce cette ces qui "
    "que ne pas plus jour jours mois année échéance échéances préavis convention votre vos nous "
    "fichier adresse délai depuis avant après dernier première entre jusqu été être".split()
)
ENGLISH = set(
    "the of and is are was be been to in on for with by from this that these which not no more day "
    "days month year deadline deadlines notice your file address before after last first between "
    "until has have it its or at as an".split()
)
COMMON = {
    "convention",
    "conventions",
    "on",
    "on:",
    "plus",
    "a",
    "la",
    "sur",
    "notice",
    "an",
    "as",
    "no",
}
NEUTRAL = """\
- reference: R1
  title: Alpha
  kind: partnership
  partners: [{name: Omega, country: DE}]
  owner: x@example.org
  watchers: [y@example.org]
  deliberated_on: 2009-03-30
  transmitted_on: 2009-04-07
  published_on: 2009-04-09
  signed_on: 2009-04-09
  amount: 4000
  supposed: [signed_on]
  terms:
    term: P1Y
    start: signature
    renewal: tacit
    notice: P3M
    notice_form: registered
    recurring: [{kind: committee, every: P1Y}, {kind: evaluation, every: P1Y}]
    payments: [{share: 70, on: signature}, {share: 30, on: documents}]
- reference: R2
  title: Beta
  partners: [{name: Sigma, country: MA}]
  owner: x@example.org
  deliberated_on: 2011-03-21
  terms: {term: P3Y, start: signature, renewal: express, final_evaluation: true}
- reference: R3
  title: Gamma
  kind: framework
  signed_on: 2010-01-04
  terms: {term: indefinite, start: signature, notice: P6M, notice_of: termination}
- reference: R4
  title: Delta
  owner: x@example.org
  signed_on: 2008-12-15
  terms: {term: P3Y, start: signature, renewal: express, recurring: [{kind: report, every: P6M}]}
"""


def foreign(text, words):
    """Return the lines with at least two words of the other language."""
    found = []
    for line in text.splitlines():
        bare = re.sub(
            r"https?://\S+|\S+@\S+|[«“\"`][^»”\"`]*[»”\"`]|--?\w[\w-]*|\S+[/|_.=]\S+", " ", line
        )
        met = [word for word in re.findall(r"[^\W\d_]+", bare.casefold()) if word in words - COMMON]
        if len(met) >= 2 or (len(met) == 1 and len(bare.split()) == 1):
            found.append((line, met))
    return found


@pytest.fixture
def neutral(place):
    place.write("neutral.yaml", NEUTRAL)
    place.ok("import", "neutral.yaml")
    (place.folder / "mail").mkdir()
    place.settings(SETTINGS.replace("Relations internationales", "Omicron"))
    return place


@pytest.mark.parametrize(("lang", "other"), [("en", FRENCH), ("fr", ENGLISH)])
def test_help(place, lang, other):
    """Asked of one new process: helps are made in one language when a command is imported."""
    code = (
        "import click, jobs.cli, sys\n"
        "from tracker.cli import LazyGroup\n"
        "import importlib\n"
        "def ask(*names):\n"
        f"    jobs.cli.main(['--lang', '{lang}', *names, '--help'])\n"
        "ask()\n"
        "for name, entry in jobs.cli.COMMANDS.items():\n"
        "    ask(name)\n"
        "    module, _, attribute = entry.where.partition(':')\n"
        "    command = getattr(importlib.import_module(module), attribute)\n"
        "    if isinstance(command, click.Group):\n"
        "        for sub in command.list_commands(None):\n"
        "            ask(name, sub)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=place.environment(COLUMNS="100"),
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode()
    assert text.count("--help") > len(COMMANDS)
    assert foreign(text, other) == []


@pytest.mark.parametrize(("lang", "other"), [("en", FRENCH), ("fr", ENGLISH)])
def test_tables_and_messages(neutral, lang, other):
    seen = []
    for arguments in (
        ["import", "--dry-run", "neutral.yaml"],
        ["import", "neutral.yaml"],
        ["edit", "R1", "--title", "Alpha2"],
        ["edit", "R1", "--title", "Alpha2"],
        ["list"],
        ["soon", "--within", "P2Y"],
        ["soon", "--within", "P2Y", "--format", "markdown"],
        ["soon", "--within", "P2Y", "--format", "json"],
        ["soon", "--within", "P2Y", "--format", "ics"],
        ["show", "R1", "R2", "R3", "R4"],
        ["calendar"],
        ["digest"],
        ["run", "--dry-run"],
        ["run"],
        ["status"],
        ["record", "R1", "committee"],
        ["record", "R2", "signed"],
        ["record", "R1", "termination", "--on", "2012-01-31"],
        ["demo", "--output", "demo-out"],
    ):
        done = neutral.run("--lang", lang, "--today", TODAY, *arguments)
        assert done.status in {0, 1}, done
        text = done.out.replace("\r\n ", "") + done.err
        if arguments[0] == "demo":  # its conventions have French titles and clauses
            text = "\n".join(
                line for line in text.splitlines() if "–" not in line and "«" not in line
            )
        seen.append(text)
    assert foreign("\n".join(seen), other) == []


@pytest.mark.parametrize(("lang", "other"), [("en", FRENCH), ("fr", ENGLISH)])
def test_letters(neutral, lang, other):
    import email
    import email.policy

    for day in (TODAY, "2011-12-05", "2012-01-05", "2012-04-10"):
        neutral.run("--lang", lang, "--today", day, "run")
    texts = []
    for path in neutral.mails():
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        texts.append(str(letter["Subject"]))
        texts.append(letter.get_body(("plain",)).get_content())
        texts.append(
            re.sub(
                r"<(style.*?</style|[^>]*)>",
                " ",
                letter.get_body(("html",)).get_content(),
                flags=re.DOTALL,
            )
        )
    assert len(texts) > 6
    assert foreign("\n".join(texts), other) == []


@pytest.mark.parametrize(("lang", "other"), [("en", FRENCH), ("fr", ENGLISH)])
def test_errors(neutral, lang, other):
    neutral.write("bad.csv", "reference,title,signed_on,notice,couleur\nA,b,31/04/2027,3,x\n")
    neutral.write("bad2.csv", "reference,title,signed_on,notice\nA,b,31/04/2027,3\n,c,,P\n")
    neutral.write("bad.toml", "[mail]\nstmp_host = 'x'\nport = 99999\n[schedule]\ntimezone = 'x'\n")
    neutral.write("worse.toml", "[mail\n")
    seen = []
    for arguments in (
        ["statsu"], ["soon", "--limit", "0"], ["soon", "--within", "3"], ["soon", "--kind", "x"],
        ["soon", "extra"], ["--today", "2027-02-30", "soon"], ["--today", "x", "soon"], ["show"],
        ["show", "R9"], ["record", "R1", "resumption"], ["record", "R1", "amendment"],
        ["record", "R1", "signed", "--field", "x=1"], ["edit", "R1", "--field", "notice=3"],
        ["import", "bad.csv"], ["import", "bad2.csv"], ["import", "absent.yaml"], ["import", "."],
        ["--config", "bad.toml", "soon"], ["--config", "worse.toml", "soon"], ["--config", "absent.toml", "soon"],
        ["--database", "foo", "soon"], ["--database", "sqlite:///absent.db", "soon"],
        ["export", "--output", "bad.csv"], ["remove", "R1"], ["add"],
    ):  # fmt: skip
        done = neutral.run("--lang", lang, *arguments)
        assert done.status == 2, done
        seen.append(re.sub(r"\(Expected[^)]*\)", "", done.err))
    assert foreign("\n".join(seen), other) == []
