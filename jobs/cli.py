"""The entry point `conventions`: the table of commands, and what is answered at once.

0 done · 1 done but something needs attention · 2 bad usage, settings or input · 3 try again.
Help and version are written from the table below without importing anything: a command line is
asked for its help more often than for anything else. The rest is in `jobs.program`.
"""

from __future__ import annotations

import os
import sys

from tracker.front import Entry, answered_at_once, choose_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "init": Entry(
        "jobs.commands.init:init",
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
    "read": Entry(
        "tracker.commands.read:read",
        "lit le texte d’une convention et propose ses termes",
        "read a convention’s text and propose its terms",
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


EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    args = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _never_fail_to_print()
        lang = choose_language(args)
        answer = answered_at_once(args, COMMANDS)
        if answer is not None:
            return _write(*answer)
        from jobs.program import execute

        return execute(args, COMMANDS, lang, alone=arguments is None)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _write(text: str, status: int) -> int:
    stream = sys.stdout if status == 0 else sys.stderr
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        from jobs.program import report

        return report(error)
    return status


def _never_fail_to_print() -> None:
    """Let a terminal that lacks a character show a `?` for it, rather than stop the command.

    A stream that was closed before the start is replaced: what is written there is lost.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - for the whole run
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def run() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(main())
