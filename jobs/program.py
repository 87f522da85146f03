"""The command line behind the entry point: global options, the command, errors as lines.

Every error a user can cause is one clear line on standard error, here and nowhere else.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import date

import click

from config.version import VERSION
from tracker.cli import Day, LazyGroup, OneOf, shown
from tracker.context import App
from tracker.errors import Language, TrackerError, reason
from tracker.front import PROGRAM, WIDEST, Entry, help_page, language, say

LANGUAGES = ("fr", "en")
EXIT_TEMPORARY = 3
EXIT_USAGE = 2
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
GARBAGE_THRESHOLD = 200_000


def execute(
    arguments: Sequence[str], entries: Mapping[str, Entry], lang: Language, *, alone: bool = False
) -> int:
    """Run a command line; return its exit status.

    `alone` says that the process ends afterwards: what is done is then told as done, even where
    somebody interrupts the last moments of the interpreter.
    """
    if not os.environ.get("CONVENTIONS_DEBUG"):
        # Commands speak for themselves; the daemon says where its log goes.
        logging.lastResort = None
    # A command makes values that live until its answer: looking for cycles among them costs a
    # seventh of the time of `soon` and frees nothing.
    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        status = build(entries, lang).main(
            list(arguments), prog_name=PROGRAM, standalone_mode=False
        )
        if alone:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the one place where errors become lines
        if alone:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return report(error)
    return status if isinstance(status, int) else 0


class _ReaderGoneError(Exception):
    """Nobody reads the answer any more; click would end the process in its own way."""


class _Program(LazyGroup):
    """The whole command line, whose help costs nothing."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGoneError from error

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 - click's signature
        return help_page(self.entries).rstrip("\n")


def build(entries: Mapping[str, Entry], lang: Language) -> click.Group:
    """Return the command line; what its options mean is told in `tracker.front`."""

    @click.group(
        cls=_Program,
        entries=entries,
        no_args_is_help=True,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": WIDEST},
    )
    @click.option("--config")
    @click.option("--database")
    @click.option("--today", type=Day())
    @click.option("--lang", type=OneOf(LANGUAGES), default=lang)
    @click.option(
        "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version
    )
    @click.pass_context
    def conventions(
        ctx: click.Context,
        config: str | None,
        database: str | None,
        today: date | None,
        lang: Language,
    ) -> None:
        ctx.obj = App(config=config, database=database, today_option=today, lang=lang)

    return conventions


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"{PROGRAM} {VERSION}")
        ctx.exit()


def report(error: Exception) -> int:
    """Say an error in one clear line, and return its exit status."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else str(error), err=True)
        return EXIT_USAGE
    if isinstance(error, click.Abort):
        return EXIT_INTERRUPTED
    if isinstance(error, (_ReaderGoneError, BrokenPipeError)):
        # `| head` is no fault: nothing to say, and nothing left to flush.
        _write_to_nobody()
        return 0
    known = _known_error(error)
    if known is not None:
        text, status = known
        _say_error(text)
        return status
    if os.environ.get("CONVENTIONS_DEBUG"):
        raise error
    _say_error(
        say(
            f"erreur inattendue ({type(error).__name__} : {error}) ; relancer avec "
            "CONVENTIONS_DEBUG=1 et transmettre le détail aux développeurs",
            f"unexpected error ({type(error).__name__}: {error}); run again with "
            "CONVENTIONS_DEBUG=1 and send the details to the developers",
        )
    )
    return EXIT_BUG


def _write_to_nobody() -> None:
    """Let what is left of the answer go: the interpreter flushes it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _known_error(error: Exception) -> tuple[str, int] | None:
    """Return the line and the exit status of an error that a user can cause, or None."""
    from config.problems import SettingsError
    from tracker.exchange.problems import ExchangeError
    from tracker.storage.errors import StorageError

    lang = language()
    if isinstance(error, TrackerError):
        return error.message(lang), error.exit_status
    if isinstance(error, click.UsageError):
        return _usage(error), EXIT_USAGE
    if isinstance(error, SettingsError):
        return error.text(lang), EXIT_USAGE
    if isinstance(error, StorageError):
        return error.message(lang), error.exit_status
    if isinstance(error, ExchangeError):
        return error.message(lang), EXIT_USAGE
    if isinstance(error, OSError):
        why = reason(error, lang)
        if error.filename is None:
            _write_to_nobody()
            return say(f"écriture ou lecture impossible : {why}", f"cannot read or write: {why}"), (
                EXIT_TEMPORARY
            )
        name = shown(str(error.filename))
        return say(f"{name} : {why}", f"{name}: {why}"), EXIT_TEMPORARY
    return None


def _usage(error: click.UsageError) -> str:
    """Return what is wrong with the words typed, in the reader's language."""
    where = error.ctx.command_path if error.ctx is not None else "conventions"
    see = say(f" (voir {where} --help)", f" (see {where} --help)")
    if isinstance(error, click.NoSuchOption):
        hint = error.possibilities[0] if error.possibilities else ""
        guess = say(f" ; vouliez-vous dire {hint} ?", f"; did you mean {hint}?") if hint else ""
        return (
            say(f"option inconnue : {error.option_name}", f"unknown option: {error.option_name}")
            + guess
            + see
        )
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else "?"
        return say(f"il manque {name}", f"missing {name}") + see
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param, error.ctx)} {error.message}".strip() + see
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        flag = "does not take a value" in error.message
        return (
            say(f"{name} ne prend pas de valeur", f"{name} takes no value")
            if flag
            else say(f"{name} demande une valeur", f"{name} needs a value")
        ) + see
    if error.message.startswith("Got unexpected extra argument"):
        extra = error.message.partition("(")[2].rstrip(")")
        return say(f"de trop : {shown(extra)}", f"too much: {shown(extra)}") + see
    if error.message == "Missing command.":
        return say("il manque la commande", "the command is missing") + see
    return error.format_message() + see


def _name(param: click.Parameter | None, ctx: click.Context | None) -> str:
    """Return the option as it is typed, or the argument as the help shows it."""
    if isinstance(param, click.Argument) and ctx is not None:
        return param.make_metavar(ctx)
    return param.opts[0] if param is not None and param.opts else ""


def _say_error(text: str) -> None:
    for line in text.splitlines() or [""]:
        click.echo(say("erreur : ", "error: ") + line, err=True)
