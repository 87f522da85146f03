"""Records in and out: `import`, `export`, `add`, `edit`, `remove`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

import click

from tracker.cli import (
    OneOf,
    agreed,
    ask,
    command,
    counted,
    option,
    pass_app,
    say,
    tell,
    warn_of_bad_rows,
    write_output,
)
from tracker.commands.ask import unknown_reference
from tracker.commands.refusals import refusal_error
from tracker.context import App
from tracker.domain.conventions import Convention, ConventionKind, RenewalMode, StartRule
from tracker.domain.dates import Period, shift
from tracker.domain.lifecycle import refuse_event
from tracker.domain.portfolio import Portfolio
from tracker.errors import UserError
from tracker.exchange.fields import apply_fields, split_field
from tracker.exchange.files import MAX_BYTES, Format, read_files, write
from tracker.exchange.merge import Change, Merged, merge_all
from tracker.exchange.problems import ExchangeError, Refusal
from tracker.exchange.record import to_record
from tracker.exchange.tables import table_rows
from tracker.formatting import dump_json
from tracker.storage import repository

_SHOWN_CHANGES = 8
_PROGRESS_FROM = 500
_QUIET = frozenset({"supposed", "partial_date", "missing_owner"})
"""Shown with the convention, not when it is stored."""


@command(
    "import",
    fr="Ajoute ou met à jour des conventions depuis des fichiers JSON, YAML, CSV, XLSX.",
    en="Add or update conventions from JSON, YAML, CSV or XLSX files.",
)
@click.argument("files", metavar=say("FICHIER…", "FILE…"), nargs=-1, required=True)
@option(
    "--dry-run",
    is_flag=True,
    fr="dit ce qui changerait, sans rien écrire",
    en="say what would change, write nothing",
)
@option(
    "--sheet",
    fr="feuille du classeur, s’il y en a plusieurs",
    en="sheet of the workbook, where it has several",
)
@pass_app
def import_(app: App, files: tuple[str, ...], dry_run: bool, sheet: str | None) -> None:
    stdin = _piped() if "-" in files and not sys.stdin.isatty() else None
    batch = read_files(files, sheet=sheet, stdin=stdin)
    for warning in batch.warnings:
        tell(say("attention : ", "warning: ") + warning.message(app.lang))
    if batch.problems:
        raise ExchangeError(*batch.problems)
    if dry_run:
        stored = _stored_or_nothing(app)
        merged = merge_all(batch.drafts, stored)
        if merged.problems:
            raise ExchangeError(*merged.problems)
        _check_events(merged.conventions, stored)
        after = {**stored, **{item.reference: item for item in merged.conventions}}
        oddities = _oddities(app, after, _touched(merged))
        _tell_import(merged.added, merged.changed, merged.unchanged, done=False)
        _tell_all(oddities)
        return
    with app.writing(create=True) as session:
        loaded = repository.load_all(session, for_update=True)
        _refuse_unreadable(loaded, {draft.reference for draft in batch.drafts})
        stored = {item.reference: item for item in loaded.conventions}
        merged = merge_all(batch.drafts, stored)
        if merged.problems:
            raise ExchangeError(*merged.problems)
        _check_events(merged.conventions, stored)
        repository.save_many(
            session, merged.conventions, who=app.who, when=app.now(), action="import"
        )
        # What takes time comes before the commit: interrupted, nothing is kept.
        after = {**stored, **{item.reference: item for item in merged.conventions}}
        oddities = _oddities(app, after, _touched(merged))
    _tell_import(merged.added, merged.changed, merged.unchanged, done=True)
    _tell_all(oddities)


def _piped() -> bytes:
    """Return what comes on standard input, which may be endless."""
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UserError(
            f"- : plus de {MAX_BYTES // 1_000_000} Mo sur l’entrée standard ; découper le fichier",
            f"-: more than {MAX_BYTES // 1_000_000} MB on standard input; split the file",
        )
    return content


def _touched(merged: Merged) -> list[str]:
    return [*merged.added, *(name for name, _ in merged.changed)]


def _stored_or_nothing(app: App) -> dict[str, Convention]:
    """Return what is stored; nothing where there is no database yet, and none is made."""
    from tracker.storage.errors import DatabaseMissingError

    try:
        return {item.reference: item for item in app.load().conventions}
    except DatabaseMissingError:
        return {}


def _refuse_unreadable(loaded: repository.LoadResult, wanted: set[str]) -> None:
    """Refuse to lay a record over one that cannot be read: its facts would be lost."""
    for problem in loaded.problems:
        if problem.reference in wanted:
            raise UserError(problem.message("fr"), problem.message("en"))


def _check_events(conventions: Iterable[Convention], stored: Mapping[str, Convention]) -> None:
    """Refuse new events that mean nothing after those before them."""
    from dataclasses import replace

    for convention in conventions:
        before = stored.get(convention.reference)
        known = len(before.events) if before is not None else 0
        for place, event in enumerate(convention.events):
            if place < known:
                continue
            earlier = replace(convention, events=convention.events[:place])
            if (refusal := refuse_event(earlier, event)) is not None:
                raise refusal_error(convention.reference, event, refusal)


def _tell_import(
    added: tuple[str, ...],
    changed: tuple[tuple[str, tuple[Change, ...]], ...],
    unchanged: tuple[str, ...],
    *,
    done: bool,
) -> None:
    if not done:
        tell(say("Essai : rien n’est écrit.", "Dry run: nothing is written."))
        for reference in added:
            tell(f"+ {reference}")
    for reference, changes in changed:
        tell(f"~ {reference}")
        for change in changes[:_SHOWN_CHANGES]:
            tell(
                f"    {change.key}{say(' : ', ': ')}{_brief(change.before)} → {_brief(change.after)}"
            )
        if len(changes) > _SHOWN_CHANGES:
            tell("    …")
    tell(
        say(
            f"{counted(len(added), 'ajoutée', 'ajoutées')}, "
            f"{counted(len(changed), 'modifiée', 'modifiées')}, "
            f"{counted(len(unchanged), 'inchangée', 'inchangées')}.",
            f"{len(added)} added, {len(changed)} changed, {len(unchanged)} unchanged.",
        )
    )


def _brief(value: object) -> str:
    text = dump_json(value).replace("\n", " ") if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= 50 else text[:49] + "…"


def _oddities(
    app: App, conventions: Mapping[str, Convention], names: Sequence[str]
) -> tuple[str, ...]:
    """Return what is odd in what is stored: it is kept, and deserves a look."""
    from tracker.surroundings import surroundings_from

    portfolio = Portfolio(
        conventions=conventions.values(), today=app.today, around=surroundings_from(app.settings)
    )
    lines: list[str] = []
    overdue = 0
    for name in names if len(names) < _PROGRESS_FROM else []:
        life = portfolio.life(name, shift(app.today, Period(months=1)))
        overdue += sum(item.status.value == "overdue" for item in life.deadlines)
        lines += [
            say(f"{name} : ", f"{name}: ") + app.wording.finding(finding)
            for finding in life.findings
            if finding.code not in _QUIET
        ]
    if overdue:
        lines.append(
            say(
                counted(overdue, "échéance déjà passée", "échéances déjà passées")
                + " sans suite enregistrée : voir « conventions soon », ou renseigner tracked_from.",
                counted(overdue, "deadline", "deadlines")
                + " already past with nothing recorded: see `conventions soon`, or set "
                "tracked_from.",
            )
        )
    return tuple(lines)


def _tell_all(lines: Iterable[str]) -> None:
    for line in lines:
        tell(line)


@command(
    "export",
    fr="Écrit toutes les conventions : l’import de ce fichier les rend à l’identique.",
    en="Write every convention: importing the file gives them back unchanged.",
)
@option(
    "--format",
    "form",
    type=OneOf([form.value for form in Format]),
    default="json",
    fr="format du fichier (défaut : json)",
    en="format of the file (default: json)",
)
@option(
    "--history",
    is_flag=True,
    fr="ajoute l’historique (JSON et YAML seulement)",
    en="add the history (JSON and YAML only)",
)
@option(
    "--output",
    fr="fichier à écrire (défaut : sortie standard)",
    en="file to write (default: standard output)",
)
@option(
    "--force", is_flag=True, fr="remplace le fichier s’il existe", en="replace an existing file"
)
@pass_app
def export(app: App, form: str, history: bool, output: str | None, force: bool) -> None:
    if history and form not in {"json", "yaml"}:
        raise UserError(
            "--history demande le format json ou yaml", "--history needs the json or yaml format"
        )
    if form == "xlsx" and output is None and sys.stdout.isatty():
        raise UserError(
            "un classeur ne s’affiche pas : ajouter --output FICHIER",
            "a workbook cannot be shown: add --output FILE",
        )
    with app.reading() as session:
        loaded = repository.load_all(session)
        entries = repository.histories(session) if history else ()
    warn_of_bad_rows(app, loaded.problems)
    if history:
        data = _with_history(loaded.conventions, entries, form)
    else:
        data = write(loaded.conventions, Format(form))
    write_output(output, data, force=force)
    if loaded.problems:
        click.get_current_context().exit(1)


def _with_history(
    conventions: Iterable[Convention], entries: Iterable[repository.HistoryEntry], form: str
) -> bytes:
    from tracker.commands.ask import entry_json

    answer = {
        "conventions": [to_record(item) for item in conventions],
        "history": [{"convention": entry.convention, **entry_json(entry)} for entry in entries],
    }
    if form == "json":
        return (dump_json(answer) + "\n").encode()
    import yaml

    text: str = yaml.safe_dump(answer, allow_unicode=True, sort_keys=False)
    return text.encode()


# -- one convention by hand -----------------------------------------------------------------------

_fields_option = option(
    "--field", "fields", multiple=True, metavar=say("NOM=VALEUR", "NAME=VALUE"),
    fr="un champ de la fiche ou de ses clauses, comme dans un tableur (répétable)",
    en="one field of the record or its terms, as in a spreadsheet (repeatable)",
)  # fmt: skip

_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("title", "Titre de la convention", "Title of the convention"),
    ("kind", "Type (" + ", ".join(kind.value for kind in ConventionKind) + ")",
     "Kind (" + ", ".join(kind.value for kind in ConventionKind) + ")"),
    ("partners", "Partenaires, avec le pays : Volgograd (RU)", "Partners, with country: Volgograd (RU)"),
    ("owner", "Adresse de la personne responsable", "Address of the person in charge"),
    ("deliberated_on", "Date de la délibération", "Date of the deliberation"),
    ("transmitted_on", "Transmission de la délibération au préfet", "Deliberation sent to the prefect"),
    ("published_on", "Publication de la délibération", "Deliberation published"),
    ("signed_on", "Date de la dernière signature", "Date of the last signature"),
    ("term", "Durée (3 ans, P18M, indefinite)", "Duration (P3Y, P18M, indefinite)"),
    ("start", "La durée part de (" + ", ".join(rule.value for rule in StartRule) + ")",
     "The duration runs from (" + ", ".join(rule.value for rule in StartRule) + ")"),
    ("end", "Date de fin, si le texte en fixe une", "End date, if the text sets one"),
    ("renewal", "Renouvellement (" + ", ".join(mode.value for mode in RenewalMode) + ")",
     "Renewal (" + ", ".join(mode.value for mode in RenewalMode) + ")"),
    ("renewal_period", "Durée de chaque reconduction", "Length of each renewal"),
    ("notice", "Préavis (3 mois)", "Notice (P3M)"),
    ("notice_form", "Forme du préavis (registered, written)", "Form of the notice (registered, written)"),
    ("recurring", "Obligations périodiques : evaluation P1Y; committee P1Y",
     "Recurring duties: evaluation P1Y; committee P1Y"),
    ("amount", "Montant en euros", "Amount in euros"),
)  # fmt: skip


@command(
    "add",
    fr="Ajoute une convention : par des options, ou par des questions sur un terminal.",
    en="Add a convention: by options, or by questions on a terminal.",
)
@click.argument("reference", metavar="REF", required=False)
@option("--title", fr="titre", en="title")
@_fields_option
@pass_app
def add(app: App, reference: str | None, title: str | None, fields: tuple[str, ...]) -> None:
    given = _split(fields)
    if title is not None:
        given.append(("title", title))
    if not given:
        if not sys.stdin.isatty():
            raise UserError(
                "rien à ajouter : donner REF, --title et --field NOM=VALEUR",
                "nothing to add: give REF, --title and --field NAME=VALUE",
            )
        while not reference:
            reference = ask(say("Référence", "Reference"))
        given = _ask(reference)
    convention = apply_fields(None, given, reference=reference)
    if isinstance(convention, list):
        raise ExchangeError(*convention)
    with app.writing(create=True) as session:
        if repository.load(session, [convention.reference]).revisions:
            raise UserError(
                f"{convention.reference} existe déjà : utiliser « conventions edit »",
                f"{convention.reference} exists already: use `conventions edit`",
            )
        repository.save(session, convention, who=app.who, when=app.now(), action="add")
        known = {item.reference: item for item in repository.load_all(session).conventions}
        oddities = _oddities(app, known, [convention.reference])
    tell(say(f"{convention.reference} ajoutée.", f"{convention.reference} added."))
    _tell_all(oddities)


@command(
    "edit",
    fr="Modifie une convention : --field NOM=VALEUR, ou des questions sur un terminal.",
    en="Change a convention: --field NAME=VALUE, or questions on a terminal.",
)
@click.argument("reference", metavar="REF")
@option("--title", fr="titre", en="title")
@_fields_option
@pass_app
def edit(app: App, reference: str, title: str | None, fields: tuple[str, ...]) -> None:
    given = _split(fields)
    if title is not None:
        given.append(("title", title))
    with app.reading() as session:
        loaded = repository.load(session, [reference])
        known = repository.references(session)
    stored = _the_one(reference, loaded, known)
    if not given:
        if not sys.stdin.isatty():
            raise UserError(
                "rien à modifier : donner --field NOM=VALEUR",
                "nothing to change: give --field NAME=VALUE",
            )
        given = _ask_changes(stored)
    changed = apply_fields(stored, given)
    if isinstance(changed, list):
        raise ExchangeError(*changed)
    with app.writing() as session:
        outcome = repository.save(
            session,
            changed,
            who=app.who,
            when=app.now(),
            action="edit",
            revision=loaded.revisions[reference],
        )
        everything = {item.reference: item for item in repository.load_all(session).conventions}
        oddities = _oddities(app, everything, [reference])
    if outcome is repository.Change.UNCHANGED:
        tell(say(f"{reference} : rien n’a changé.", f"{reference}: nothing changed."))
        return
    tell(say(f"{reference} modifiée.", f"{reference} changed."))
    _tell_all(oddities)


@command(
    "remove",
    fr="Retire une convention ; son contenu reste dans l’historique.",
    en="Remove a convention; its content stays in the history.",
)
@click.argument("reference", metavar="REF")
@option("--yes", is_flag=True, fr="sans demander confirmation", en="without asking")
@pass_app
def remove(app: App, reference: str, yes: bool) -> None:
    with app.reading() as session:
        known = repository.references(session)
    if reference not in known:
        raise unknown_reference(reference, known)
    if not yes:
        if not sys.stdin.isatty():
            raise UserError(
                f"retirer {reference} demande une confirmation : ajouter --yes",
                f"removing {reference} needs a confirmation: add --yes",
            )
        if not agreed(say(f"Retirer {reference} ?", f"Remove {reference}?")):
            tell(say(f"{reference} est gardée.", f"{reference} is kept."))
            return
    with app.writing() as session:
        repository.remove(session, reference, who=app.who, when=app.now())
    tell(say(f"{reference} retirée.", f"{reference} removed."))


def _the_one(reference: str, loaded: repository.LoadResult, known: tuple[str, ...]) -> Convention:
    for problem in loaded.problems:
        raise UserError(problem.message("fr"), problem.message("en"))
    if not loaded.conventions:
        raise unknown_reference(reference, known)
    return loaded.conventions[0]


def _split(fields: Iterable[str]) -> list[tuple[str, str]]:
    try:
        return [split_field(text) for text in fields]
    except Refusal as refusal:
        raise UserError(refusal.message("fr"), refusal.message("en")) from None


def _ask(reference: str) -> list[tuple[str, str]]:
    """Ask for the fields that matter most; an empty answer leaves one unknown."""
    tell(say("Réponse vide : inconnu.", "Empty answer: unknown."))
    given: list[tuple[str, str]] = []
    for name, fr, en in _QUESTIONS:
        answer = _asked(name, say(fr, en), base=[("title", "x")], reference=reference)
        if answer:
            given.append((name, answer))
    return given


def _ask_changes(stored: Convention) -> list[tuple[str, str]]:
    """Ask anew for each field, the current value shown; an empty answer keeps it."""
    tell(say("Réponse vide : inchangé ; « - » : effacer.", "Empty answer: unchanged; “-”: clear."))
    given: list[tuple[str, str]] = []
    heads, cells = table_rows([to_record(stored)])
    shown_values = dict(zip(heads, cells, strict=True))
    for name, fr, en in _QUESTIONS:
        value = shown_values[name]
        label = say(fr, en) + (
            f" [{value if len(value) <= 60 else value[:59] + '…'}]" if value else ""
        )
        answer = _asked(name, label, base=[], reference=stored.reference, stored=stored)
        if answer:
            given.append((name, "" if answer == "-" else answer))
    return given


def _asked(
    name: str,
    label: str,
    *,
    base: list[tuple[str, str]],
    reference: str,
    stored: Convention | None = None,
) -> str:
    """Ask until the answer can be read, or is empty."""
    while True:
        answer = ask(label)
        if not answer and name == "title" and stored is None:
            tell(say("  le titre est obligatoire", "  the title is required"))
            continue
        if not answer or (answer == "-" and stored is not None):
            return answer
        others = [pair for pair in base if pair[0] != name]
        tried = apply_fields(stored, [*others, (name, answer)], reference=reference)
        if not isinstance(tried, list):
            return answer
        for problem in tried:
            tell("  " + problem.sentence("en" if say("fr", "en") == "en" else "fr"))
