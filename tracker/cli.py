"""The bricks of the command line: lazy groups, French help, strict types, the application object.

A command's module is imported when the command runs, so that `--help` and `--version` stay cheap.
Help and errors are written in both languages side by side; `--lang` chooses.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker.context import App
from tracker.domain.dates import FIRST_YEAR, LAST_YEAR, parse_day
from tracker.errors import AbandonedError, UserError
from tracker.front import Entry, language, say

if TYPE_CHECKING:
    from tracker.storage.repository import RowProblem

__all__ = [
    "FORMATS",
    "Command",
    "Count",
    "Country",
    "Day",
    "LazyGroup",
    "OneOf",
    "agreed",
    "ask",
    "command",
    "counted",
    "format_option",
    "meant",
    "option",
    "pass_app",
    "say",
    "shown",
    "tell",
    "warn_of_bad_rows",
    "write_output",
]


def ask(label: str) -> str:
    """Ask a question on the terminal; an empty answer is an answer.

    Raises AbandonedError where the person leaves (Ctrl-C, Ctrl-D).
    """
    try:
        answer = click.prompt(
            label, default="", show_default=False, prompt_suffix=say("\u00a0: ", ": "), err=True
        )
    except click.Abort:
        tell("")
        raise AbandonedError from None
    return str(answer).strip()


def agreed(question: str) -> bool:
    """Ask a question that is answered by yes or no; no is what an empty answer means."""
    yes, no = ("o", "oui", "y", "yes"), ("n", "non", "no", "")
    while (answer := ask(question + say(" [o/N]", " [y/N]")).casefold()) not in yes + no:
        tell(say("  répondre o ou n", "  answer y or n"))
    return answer in yes


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its noun; in French nought and one are singular."""
    singular = number < 2 if language() == "fr" else number == 1
    return f"{number} {one if singular else several}"


def tell(message: str) -> None:
    """Write a message or progress to standard error; data goes to standard output."""
    click.echo(message, err=True)


class Day(click.ParamType[date]):
    """A strict `YYYY-MM-DD` between 1900 and 2199."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return say("AAAA-MM-JJ", "YYYY-MM-DD")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            day = parse_day(text)
        except ValueError as error:
            written = "YYYY-MM-DD" not in str(error)
            self.fail(
                say(
                    f"« {shown(text)} » : date inexistante"
                    if written
                    else f"« {shown(text)} » : écrire la date AAAA-MM-JJ, par exemple 2026-11-20",
                    f"“{shown(text)}”: no such day"
                    if written
                    else f"“{shown(text)}”: write the date YYYY-MM-DD, such as 2026-11-20",
                ),
                param,
                ctx,
            )
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(
                say(
                    f"« {text} » : année hors de {FIRST_YEAR}-{LAST_YEAR}",
                    f"“{text}”: year outside {FIRST_YEAR}-{LAST_YEAR}",
                ),
                param,
                ctx,
            )
        return day


class OneOf(click.Choice[str]):
    """A choice whose refusal lists the values and guesses the one meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if text in self.choices:
            return text
        known = ", ".join(self.choices)
        guess = meant(text, self.choices)
        self.fail(
            say(f"« {shown(text)} » inconnu", f"“{shown(text)}” is unknown")
            + guess
            + (say(" Valeurs", " Possible") if guess else say(" ; valeurs", "; possible"))
            + say(f" possibles : {known}", f" values: {known}"),
            param,
            ctx,
        )


class Count(click.ParamType[int]):
    """A whole number from 1."""

    name = "count"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) == int(text)):
            self.fail(
                say(
                    f"« {shown(text)} » : écrire un nombre entier à partir de 1",
                    f"“{shown(text)}”: write a whole number from 1",
                ),
                param,
                ctx,
            )
        return int(text)


class Country(click.ParamType[str]):
    """A country by its ISO 3166-1 code of two letters."""

    name = "country"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "XX"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).upper()
        if not (len(text) == 2 and text.isascii() and text.isalpha()):
            self.fail(
                say(
                    f"« {shown(str(value))} » : écrire le code du pays en deux lettres, par "
                    "exemple FR ou MA",
                    f"“{shown(str(value))}”: write the country’s code of two letters, such as FR "
                    "or MA",
                ),
                param,
                ctx,
            )
        return text


def meant(word: str, known: Sequence[str]) -> str:
    """Return « ; vouliez-vous dire X ? », or nothing where no word is near."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1)
    if not near:
        return ""
    return say(f" ; vouliez-vous dire « {near[0]} » ?", f"; did you mean “{near[0]}”?")


def shown(text: str) -> str:
    """Escape and shorten what a user typed, so that it can stand in a message."""
    safe = text.encode("utf-8", "backslashreplace").decode()
    safe = "".join(char if char.isprintable() else repr(char)[1:-1] for char in safe)
    return safe if len(safe) <= 60 else safe[:59] + "…"


class _Help:
    """The parts of click's help that people read, in the chosen language."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = say("affiche cette aide", "show this help")
        return option  # type: ignore[no-any-return]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        prefix = say("Usage : ", "Usage: ")
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=prefix)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        params = self.get_params(ctx)  # type: ignore[attr-defined]
        rows = [
            row
            for param in params
            if isinstance(param, click.Option) and (row := param.get_help_record(ctx)) is not None
        ]
        if rows:
            with formatter.section(say("Options ", "Options")):
                formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(_Help, click.Command):
    """A command with help in the reader's language."""


class LazyGroup(_Help, click.Group):
    """A group that imports a command's module when the command is asked for."""

    command_class = Command

    def __init__(self, *args: Any, entries: Mapping[str, Entry], **options: Any) -> None:
        super().__init__(*args, **options)
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.where.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.entries:
            name = shown(args[0])
            hint = meant(args[0], list(self.entries))
            raise UserError(
                f"commande inconnue : « {name} »{hint or ' ; voir conventions --help'}",
                f"unknown command: “{name}”{hint or '; see conventions --help'}",
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        rows = [(name, say(entry.fr, entry.en)) for name, entry in self.entries.items()]
        with formatter.section(say("Commandes ", "Commands")):
            formatter.write_dl(rows)


F = TypeVar("F", bound=Callable[..., Any])

pass_app = click.make_pass_decorator(App)
"""Give a command the application object as its first argument."""


def command(name: str, *, fr: str, en: str, **options: Any) -> Callable[[F], click.Command]:
    """Declare a command with help in both languages."""
    return click.command(name, cls=Command, help=say(_typeset(fr), en), **options)


def option(*names: str, fr: str, en: str, **options: Any) -> Callable[[F], F]:
    """Declare an option with help in both languages."""
    if not options.keys() & {"metavar", "type", "is_flag"}:
        options["metavar"] = say("TEXTE", "TEXT")
    return click.option(*names, help=say(_typeset(fr), en), **options)


def _typeset(french: str) -> str:
    """Keep French punctuation on the line of its word."""
    for mark in ":;?!»":
        french = french.replace(f" {mark}", f"\u00a0{mark}")
    return french.replace("« ", "«\u00a0")


FORMATS = ("table", "json")


def format_option(*formats: str) -> Callable[[F], F]:
    """Declare `--format` with these values, the first one the default."""
    return option(
        "--format",
        "form",
        type=OneOf(formats),
        default=formats[0],
        fr=f"forme de la réponse (défaut : {formats[0]})",
        en=f"form of the answer (default: {formats[0]})",
    )


def write_output(path: str | None, data: bytes, *, force: bool = False) -> None:
    """Write data to standard output, or to a new file that is never a link.

    Raises UserError where the file exists already and `force` was not said.
    """
    if path is None or path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from tracker.files import write_file

    write_file(path, data, force=force)


def warn_of_bad_rows(app: App, problems: Sequence[RowProblem]) -> None:
    """Say which conventions cannot be read; the others are served."""
    for problem in problems:
        tell(say("attention : ", "warning: ") + problem.message(app.lang))
