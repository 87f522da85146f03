"""`read`: a convention's text, and the terms it proposes with the sentence each one comes from."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import click

from tracker.cli import command, format_option, option, pass_app, say, tell
from tracker.context import App
from tracker.domain.conventions import DutyKind, Instalment, RecurringDuty
from tracker.domain.dates import Period, parse_day
from tracker.errors import UserError
from tracker.exchange.fields import apply_fields
from tracker.exchange.merge import merge
from tracker.exchange.problems import ExchangeError
from tracker.exchange.record import RECORD_KEYS, TERMS_FIELDS, read_record
from tracker.formatting import dump_json, terminal_width, wrap
from tracker.reading.proposal import read_text
from tracker.reading.text import DocumentError, DocumentReader, shown_name
from tracker.reading.types import ExtractedText, Proposal
from tracker.storage import repository
from tracker.wording import Wording

ATTENTION = 1
_SIDE_BY_SIDE = 76
"""Below this width a quote stands under its value rather than beside it."""
_ASKED_WHEN_BLANK = ("signed_on", "term", "start", "renewal", "owner")
"""What the agent is asked for where the text leaves it blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One file: its text and what it proposes, or why it could not be read."""

    file: str
    extracted: ExtractedText | None = None
    proposal: Proposal | None = None
    error: DocumentError | None = None


@command(
    "read",
    fr="Lit le texte d’une convention (.txt, .pdf, .docx, .odt) et propose ses termes, phrase à l’appui.",
    en="Read a convention’s text (.txt, .pdf, .docx, .odt) and propose its terms, each with its sentence.",
)
@click.argument("files", metavar=say("FICHIER…", "FILE…"), nargs=-1, required=True)
@option(
    "--save",
    is_flag=True,
    fr="enregistre la proposition après accord",
    en="store the proposal once agreed",
)
@option(
    "--reference",
    fr="référence de la convention enregistrée (un seul fichier)",
    en="reference of the stored convention (one file only)",
)
@option("--yes", is_flag=True, fr="enregistre sans poser de question", en="store without asking")
@option(
    "--text",
    "only_text",
    is_flag=True,
    fr="affiche le texte extrait",
    en="print the extracted text",
)
@format_option("table", "json")
@pass_app
def read(
    app: App,
    files: tuple[str, ...],
    save: bool,
    reference: str | None,
    yes: bool,
    only_text: bool,
    form: str,
) -> int:
    if reference is not None and (len(files) != 1 or not save):
        raise UserError(
            "--reference va avec --save et un seul fichier",
            "--reference goes with --save and one file",
        )
    if save and not sys.stdin.isatty() and not (yes and reference):
        raise UserError(
            "sans terminal, --save demande --reference REF et --yes",
            "without a terminal, --save needs --reference REF and --yes",
        )
    readings = _read_all(files, app)
    for reading in readings:
        if reading.error is not None:
            tell(_failure(reading, app.lang))
    if only_text:
        for reading in readings:
            if reading.extracted is not None:
                click.echo(reading.extracted.text)
    elif form == "json":
        click.echo(dump_json([reading_json(reading, app.lang) for reading in readings]))
    else:
        click.echo("\n\n".join(_page(item, app.wording) for item in readings if item.proposal))
        if len(readings) > 1:
            tell(_summary(readings))
    if save:
        for reading in readings:
            if reading.proposal is not None:
                _save(app, reading, reference, ask=not yes)
    return ATTENTION if any(item.error is not None for item in readings) else 0


def _read_all(files: Sequence[str], app: App) -> list[Reading]:
    """Read every file with one child process; a file that fails hinders no other."""
    shown = len(files) > 1 and sys.stderr.isatty()
    bar = (
        click.progressbar(files, file=sys.stderr, label=say("Lecture", "Reading"))
        if shown
        else nullcontext(files)
    )
    with DocumentReader(lang=app.lang) as reader, bar as items:
        return [_read_one(reader, path) for path in items]


def _read_one(reader: DocumentReader, path: str) -> Reading:
    name = shown_name(path)
    try:
        extracted = reader.extract(path)
    except DocumentError as error:
        return Reading(file=name, error=error)
    return Reading(file=name, extracted=extracted, proposal=read_text(extracted))


def reading_json(reading: Reading, lang: str) -> dict[str, Any]:
    """Return a reading as `read --format json` gives it."""
    proposal = reading.proposal or Proposal(terms={})
    warnings = [{"code": item.code, "message": item.message} for item in proposal.warnings]
    if reading.extracted is not None:
        known = {item["code"] + item["message"] for item in warnings}
        warnings += [
            {"code": item.code, "message": item.message}
            for item in reading.extracted.warnings
            if item.code + item.message not in known
        ]
    if reading.error is not None:
        warnings.append({"code": reading.error.code, "message": _message(reading.error, lang)})
    return {
        "file": reading.file,
        "terms": {name: proposal.terms.get(name, _nothing(name)) for name in TERMS_FIELDS},
        "evidence": {
            name: {
                "quote": item.quote,
                "article": item.article,
                "page": item.page,
                "start": item.start,
                "end": item.end,
            }
            for name, item in proposal.evidence.items()
        },
        "record": proposal.record,
        "warnings": warnings,
    }


def _nothing(name: str) -> Any:
    return {"recurring": [], "payments": [], "final_evaluation": False}.get(name)


def _message(error: DocumentError, lang: str) -> str:
    return error.message("en" if lang == "en" else "fr")


def _failure(reading: Reading, lang: str) -> str:
    assert reading.error is not None  # noqa: S101 - asked of failed readings only
    hint = reading.error.hint("en" if lang == "en" else "fr")
    return " ".join(part for part in (_message(reading.error, lang), hint) if part)


def _summary(readings: Sequence[Reading]) -> str:
    read_ones = [item for item in readings if item.proposal is not None]
    settled = sum(bool(item.proposal and _settled(item.proposal)) for item in read_ones)
    return say(
        f"Fichiers lus : {len(read_ones)} sur {len(readings)}, dont {settled} avec des termes.",
        f"Files read: {len(read_ones)} of {len(readings)}, {settled} with terms.",
    )


def _settled(proposal: Proposal) -> list[str]:
    return [name for name, value in proposal.terms.items() if value not in (None, [], False)]


# -- the agent's screen ---------------------------------------------------------------------------


def _page(reading: Reading, words: Wording) -> str:
    """Show a proposal and, beside each value, the words it comes from."""
    proposal = reading.proposal
    assert proposal is not None  # noqa: S101 - asked of readings that succeeded
    width = terminal_width()
    lines = [reading.file, "=" * min(len(reading.file), width)]
    values = {**proposal.record, **{name: proposal.terms[name] for name in _settled(proposal)}}
    if not values:
        lines.append(words.pick(("Rien n’a été trouvé.", "Nothing was found.")))
    for name, value in values.items():
        lines += _row(name, value, proposal, words, width)
    warnings = [*proposal.warnings, *(reading.extracted.warnings if reading.extracted else ())]
    if warnings:
        lines += ["", words.pick(("À vérifier", "To check"))]
        for item in dict.fromkeys(warnings):
            lines += wrap(f"• {item.message} ({item.code})", width, rest="  ")
    return "\n".join(lines)


def _row(name: str, value: Any, proposal: Proposal, words: Wording, width: int) -> list[str]:
    label = (
        f"{words.field(name)}{words.pick((chr(160) + ': ', ': '))}{_written(name, value, words)}"
    )
    evidence = proposal.evidence.get(name)
    quote = ""
    if evidence is not None:
        where = [
            part
            for part in (evidence.article, f"p. {evidence.page}" if evidence.page else "")
            if part
        ]
        excerpt = " ".join(evidence.quote.split())
        excerpt = excerpt if len(excerpt) <= 220 else excerpt[:219] + "…"
        quote = f"« {excerpt} »" + (f" ({', '.join(where)})" if where else "")
    if width < _SIDE_BY_SIDE:
        return [
            *wrap(label, width, rest="  "),
            *(wrap(quote, width, first="    ", rest="    ") if quote else []),
        ]
    left = width * 2 // 5
    first, second = wrap(label, left, rest="  "), wrap(quote, width - left - 2) if quote else [""]
    rows = max(len(first), len(second))
    return [
        f"{(first[place] if place < len(first) else ''):<{left}}  "
        f"{second[place] if place < len(second) else ''}".rstrip()
        for place in range(rows)
    ]


def _written(name: str, value: Any, words: Wording) -> str:
    if isinstance(value, list):
        return ", ".join(_written(name, item, words) for item in value)
    if isinstance(value, dict):
        return _composed(value, words)
    if isinstance(value, str):
        for parse in (parse_day, Period.parse):
            try:
                return words.value(name, parse(value))
            except ValueError:
                continue
    if name == "amount" and isinstance(value, (int, float)):
        return words.amount(Decimal(str(value)))
    return words.value(name, value)


def _composed(value: dict[str, Any], words: Wording) -> str:
    if "name" in value:
        country = value.get("country")
        return f"{value['name']} ({words.country(country)})" if country else str(value["name"])
    if "share" in value:
        share = Instalment(share=Decimal(str(value["share"])), on=str(value["on"]))
        return words.value("payments", share)
    if "every" in value:
        every = Period.parse(str(value["every"]))
        return words.value("recurring", RecurringDuty(kind=DutyKind(value["kind"]), every=every))
    if "from" in value:
        return f"{value['from']}–{value['to']}"
    if "on" in value:
        vote = value.get("vote")
        return _written("on", value["on"], words) + (f" ({words.vote(vote)})" if vote else "")
    return ", ".join(_written(name, item, words) for name, item in value.items() if item)


# -- storing --------------------------------------------------------------------------------------


def _save(app: App, reading: Reading, reference: str | None, *, ask: bool) -> None:
    """Store a proposal: the agent names it, fills what is in doubt, and says yes."""
    assert reading.proposal is not None  # noqa: S101 - asked of readings that succeeded
    record = record_of(reading.proposal)
    if reference is None:
        tell(f"\n{reading.file}")
        suggested = suggested_reference(record)
        reference = str(
            click.prompt(say("Référence", "Reference"), default=suggested, err=True)
        ).strip()
    record["reference"] = reference
    draft = read_record(record)
    if isinstance(draft, list):
        raise ExchangeError(*draft)
    answers = _ask_doubts(reading.proposal, record, reference) if ask else []
    if ask and not click.confirm(
        say(f"Enregistrer {reference} ?", f"Store {reference}?"), err=True
    ):
        tell(say("Non enregistrée.", "Not stored."))
        return
    with app.writing(create=True) as session:
        loaded = repository.load(session, [reference])
        stored = loaded.conventions[0] if loaded.conventions else None
        merged = merge(stored, draft)
        if isinstance(merged, list):
            raise ExchangeError(*merged)
        if answers:
            merged = apply_fields(merged, answers)
        if isinstance(merged, list):
            raise ExchangeError(*merged)
        repository.save(session, merged, who=app.who, when=app.now(), action="read")
    tell(say(f"{reference} enregistrée.", f"{reference} stored."))


def record_of(proposal: Proposal) -> dict[str, Any]:
    """Return the record that a proposal makes: what the text settles, with its evidence."""
    record = {name: value for name, value in proposal.record.items() if name in RECORD_KEYS}
    partners = record.get("partners") or []
    if len(partners) > 1 and partners[0].get("country") == "FR":
        # The first-named French party is the authority itself, not its partner.
        record["partners"] = partners[1:]
    earlier = proposal.record.get("predecessors") or []
    if earlier:
        cited = " ; ".join(", ".join(str(item) for item in one.values() if item) for one in earlier)
        record["notes"] = f"Textes antérieurs cités : {cited}"
    record.setdefault("title", "Convention")
    record["terms"] = {name: proposal.terms[name] for name in _settled(proposal)}
    record["evidence"] = {
        name: {
            "quote": item.quote,
            "article": item.article,
            "page": item.page,
            "start": item.start,
            "end": item.end,
        }
        for name, item in proposal.evidence.items()
        if name in RECORD_KEYS or name in TERMS_FIELDS
    }
    return record


def suggested_reference(record: dict[str, Any]) -> str:
    """Return a reference made of the partner and the year: « VOLGOGRAD-2016 »."""
    partners = record.get("partners") or []
    name = partners[-1]["name"] if partners else record["title"]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    small = {"VILLE", "DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "COMMUNE", "ET"}
    kept = [
        word
        for word in "".join(c if c.isalnum() else " " for c in plain).split()
        if word not in small
    ]
    dates: Iterable[Any] = (record.get(key) for key in ("signed_on", "deliberated_on"))
    year = next((str(day)[:4] for day in dates if day), "")
    return "-".join([*kept[:3], year]).strip("-") or "CONVENTION"


def _ask_doubts(
    proposal: Proposal, record: dict[str, Any], reference: str
) -> list[tuple[str, str]]:
    """Ask only for what the text leaves blank or in doubt; an empty answer leaves it so."""
    words = Wording("en" if say("fr", "en") == "en" else "fr")
    doubted = [
        name for name in proposal.terms if any(name in item.code for item in proposal.warnings)
    ]
    blank = [
        name for name in _ASKED_WHEN_BLANK if not record.get(name) and not record["terms"].get(name)
    ]
    answers: list[tuple[str, str]] = []
    for name in dict.fromkeys(
        [*blank, *(item for item in doubted if not record["terms"].get(item))]
    ):
        while True:
            label = words.field(name) + say(" (vide : inconnu)", " (empty: unknown)")
            answer = str(click.prompt(label, default="", show_default=False, err=True)).strip()
            tried = (
                apply_fields(None, [("title", "x"), (name, answer)], reference=reference)
                if answer
                else None
            )
            if not isinstance(tried, list):
                break
            for problem in tried:
                tell("  " + problem.sentence(words.lang))
        if answer:
            answers.append((name, answer))
    return answers
