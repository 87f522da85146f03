"""The entry point `conventions`: global options, the table of commands, exit statuses.

0 done · 1 done but something needs attention · 2 bad usage, settings or input · 3 try again.
Every error a user can cause is one clear line on standard error, here and nowhere else.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

import click

from tracker.cli import Day, Entry, LazyGroup, OneOf, choose_language, language, say
from tracker.context import App
from tracker.errors import TrackerError

EXIT_ATTENTION = 1
EXIT_USAGE = 2
EXIT_TEMPORARY = 3
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

COMMANDS = {
    "init": Entry(
        "tracker.commands.setup:init",
        "écrit un fichier de réglages commenté et crée la base",
        "write a commented settings file and make the database",
    ),
    "import": Entry(
        "tracker.commands.records:import_",
        "ajoute ou met à jour des conventions depuis des fichiers",
        "add or update conventions from files",
    ),
    "export": Entry(
        "tracker.commands.records:export",
        "écrit toutes les conventions dans un fichier",
        "write every convention to a file",
    ),
    "add": Entry(
        "tracker.commands.records:add", "ajoute une convention à la main", "add one by hand"
    ),
    "edit": Entry("tracker.commands.records:edit", "modifie une convention", "change one by hand"),
    "remove": Entry("tracker.commands.records:remove", "retire une convention", "remove one"),
    "list": Entry(
        "tracker.commands.ask:list_",
        "liste les conventions, leur état et leur prochaine échéance",
        "list the conventions with state and next deadline",
    ),
    "show": Entry(
        "tracker.commands.ask:show",
        "montre une convention : termes, échéances et leurs raisons",
        "show a convention: terms, deadlines and their reasons",
    ),
    "soon": Entry(
        "jobs.commands.soon:soon", "ce qui arrive bientôt à échéance", "what expires soon"
    ),
    "record": Entry(
        "tracker.commands.facts:record",
        "enregistre un fait daté (signature, vote, dénonciation…)",
        "record a dated fact (signature, vote, notice…)",
    ),
    "run": Entry(
        "jobs.commands.run:run",
        "un cycle complet : échéances, courriels, calendriers",
        "one whole cycle: deadlines, mail, calendars",
    ),
    "digest": Entry("jobs.commands.digest:digest", "le rapport hebdomadaire", "the weekly report"),
    "calendar": Entry(
        "jobs.commands.calendar:calendar",
        "un calendrier de toutes les échéances ouvertes",
        "a calendar of all open deadlines",
    ),
    "status": Entry(
        "jobs.commands.status:status", "l’état du suivi et des envois", "health and last runs"
    ),
    "doctor": Entry(
        "jobs.commands.doctor:doctor",
        "cherche ce qui ne va pas et dit comment y remédier",
        "look for what is wrong and say how to mend it",
    ),
    "why": Entry(
        "jobs.commands.why:why",
        "pourquoi les rappels d’une convention sont partis ou non",
        "why a convention’s reminders were or were not sent",
    ),
    "simulate": Entry(
        "jobs.commands.simulate:simulate_",
        "tous les courriels qui partiraient jusqu’à une date",
        "every mail that would be sent up to a day",
    ),
    "outbox": Entry(
        "jobs.commands.outbox:outbox",
        "les messages et ce qu’ils sont devenus",
        "the messages and what became of them",
    ),
    "backup": Entry(
        "jobs.commands.backup:backup",
        "écrit une copie vérifiée de la base",
        "write a checked copy of the database",
    ),
    "restore": Entry(
        "jobs.commands.backup:restore",
        "remet une sauvegarde à la place de la base",
        "put a backup in the place of the database",
    ),
    "test-send": Entry(
        "jobs.commands.send:test_send",
        "envoie une lettre d’essai à une adresse",
        "send a test letter to an address",
    ),
    "daemon": Entry(
        "jobs.commands.daemon:daemon",
        "le planificateur, au premier plan, jusqu’à SIGTERM",
        "the scheduler, in the foreground, until SIGTERM",
    ),
    "demo": Entry(
        "jobs.commands.demo:demo",
        "le suivi d’un portefeuille d’exemple, sans rien toucher",
        "the main job on an example portfolio, touching nothing",
    ),
}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"conventions {version('conventions')}")
        ctx.exit()


def build(lang: str) -> click.Group:
    """Return the command line, its help in `lang`."""

    @click.group(
        cls=LazyGroup,
        entries=COMMANDS,
        invoke_without_command=False,
        no_args_is_help=True,
        help=say(
            "Suit la vie et le renouvellement des conventions d’une collectivité, et prévient à "
            "temps.",
            "Track the life and renewal of a local authority’s conventions, and remind in time.",
        ),
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    )
    @click.option(
        "--config",
        metavar=say("FICHIER", "FILE"),
        help=say("fichier de réglages (TOML)", "settings file (TOML)"),
    )
    @click.option(
        "--database", metavar="URL", help=say("adresse de la base", "URL of the database")
    )
    @click.option(
        "--today",
        type=Day(),
        help=say("le jour du raisonnement", "the day on which to reason"),
    )
    @click.option(
        "--lang",
        type=OneOf(("fr", "en")),
        default=lang,
        help=say("langue de ce que les gens lisent", "language of what people read"),
    )
    @click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help=say("affiche la version", "show the version"),
    )
    @click.pass_context
    def conventions(
        ctx: click.Context, config: str | None, database: str | None, today: object, lang: str
    ) -> None:
        ctx.obj = App(config=config, database=database, today_option=today, lang=lang)  # type: ignore[arg-type]

    return conventions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    args = list(sys.argv[1:] if arguments is None else arguments)
    lang = choose_language(args)
    _never_fail_to_print()
    if not os.environ.get("CONVENTIONS_DEBUG"):
        # Commands speak for themselves; the daemon says where its log goes.
        logging.lastResort = None
    try:
        status = build(lang).main(args, prog_name="conventions", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the one place where errors become lines
        return _report(error)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    return status if isinstance(status, int) else 0


def _report(error: Exception) -> int:
    """Say an error in one clear line, and return its exit status."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else str(error), err=True)
        return EXIT_USAGE
    if isinstance(error, click.Abort):
        return EXIT_INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # The reader went away (`| head`): nothing to say, and nothing left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
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
        what = f"{error.strerror or error}" + (f" : {error.filename}" if error.filename else "")
        return what, EXIT_TEMPORARY
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
        name = error.param.opts[0] if error.param is not None and error.param.opts else ""
        return f"{name} {error.message}".strip() + see
    return error.format_message() + see


def _say_error(text: str) -> None:
    for line in text.splitlines() or [""]:
        click.echo(say("erreur : ", "error: ") + line, err=True)


def _never_fail_to_print() -> None:
    """Let a terminal that lacks a character show a `?` for it, rather than stop the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def run() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(main())
