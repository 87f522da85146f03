"""Look for what is wrong and say how to mend it; sends nothing, changes no row.

Each check answers with findings: what was looked at, how it is, one sentence, and what to do. A
check that cannot be made because an earlier one failed is left out; one that breaks is a fault of
its own, and the others go on.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from config.settings import Settings
from jobs.backup import BACKUP
from jobs.cycle import open_problems
from jobs.holds import active_holds
from jobs.ledger import due_days
from jobs.overview import hold_reasons
from jobs.policy import CannotSendError, relay_settings
from jobs.report import report_recipients
from jobs.runtime import Runtime, facts_version
from jobs.scan import plan_obligations
from jobs.schedule import latest
from jobs.words import hold_reason, instant
from notifications.mailer import SmtpMailer, Verdict
from notifications.replies import explain
from notifications.rows import is_postgresql
from tracker.files import shown_path
from tracker.storage import schema
from tracker.storage.engine import reading, sqlite_path
from tracker.storage.errors import StorageError
from tracker.storage.tables import (
    CircuitRow,
    HistoryRow,
    InstallationRow,
    JobRunRow,
    JobState,
    MessageRow,
    MessageState,
    ObligationRow,
    ObligationState,
    Row,
)

GRACE: Final = timedelta(hours=1)
"""How late a job may be before its absence is told."""
SILENCE: Final = timedelta(days=8)
"""The weekly report leaves even when it is empty: a longer silence is trouble."""
WAITS_TOO_LONG: Final = timedelta(hours=2)
BACKUP_AGE: Final = timedelta(days=2)
FIRST_BACKUP_WITHIN: Final = timedelta(days=7)
FUTURE: Final = timedelta(minutes=5)
DRIFT: Final = timedelta(minutes=2)
LITTLE_ROOM: Final = 500_000_000
NO_ROOM: Final = 50_000_000
SHOWN: Final = 5
"""How many of the same kind are told one by one."""
OLD_ZONES: Final = 4
"""Years after which time zone data deserves an update."""


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at."""

    check: str
    level: Level
    message: str
    remedy: str = ""


Both = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Doctor:
    """Everything a check may look at. `real_now` is the clock's, whatever `--today` says."""

    runtime: Runtime
    today: date
    now: datetime
    real_now: datetime
    simulated_day: bool = False
    unopened: StorageError | None = None
    """Why the database could not be opened, if so: what needs it is then left out."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return self.runtime.settings

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.schedule.timezone

    def when(self, moment: datetime) -> str:
        return instant(moment, self.zone, self.runtime.wording)

    def say(self, check: str, level: Level, what: Both, remedy: Both | None = None) -> Finding:
        """Note a finding, in the reader's language."""
        pick = self.runtime.wording.pick
        found = Finding(
            check=check, level=level, message=pick(what), remedy=pick(remedy) if remedy else ""
        )
        self.findings.append(found)
        return found

    def ok(self, check: str, fr: str, en: str) -> None:
        self.say(check, Level.OK, (fr, en))

    def warn(self, check: str, what: Both, remedy: Both | None = None) -> None:
        self.say(check, Level.WARNING, what, remedy)

    def fault(self, check: str, what: Both, remedy: Both | None = None) -> None:
        self.say(check, Level.FAULT, what, remedy)


def examine(doctor: Doctor) -> tuple[Finding, ...]:
    """Make every check; return what was found, in the order of the checks."""
    for name, check in _CHECKS if doctor.unopened is None else _WITHOUT_DATABASE:
        try:
            check(doctor)
        except Exception as error:  # noqa: BLE001 - a check that breaks is itself a finding
            what = str(error) or type(error).__name__
            doctor.fault(
                name,
                (f"vérification impossible : {what}", f"the check could not be made: {what}"),
            )
    return tuple(doctor.findings)


# --- settings and machine ------------------------------------------------------------------------


def _settings(doctor: Doctor) -> None:
    settings = doctor.settings
    for warning in settings.warnings:
        doctor.warn("settings", (warning.text("fr"), warning.text("en")))
    if not settings.warnings:
        name = shown_path(settings.file) if settings.file else "–"
        doctor.ok("settings", f"réglages lus sans remarque ({name})", f"settings read ({name})")


def _time_zone(doctor: Doctor) -> None:
    zone = doctor.zone
    try:
        data = version("tzdata")
    except PackageNotFoundError:
        data = ""
    year = data.split(".")[0]
    if year.isdigit() and doctor.real_now.year - int(year) >= OLD_ZONES:
        doctor.warn(
            "timezone",
            (f"données de fuseaux de {year}", f"time zone data of {year}"),
            ("mettre à jour le paquet tzdata", "upgrade the package tzdata"),
        )
        return
    local = doctor.real_now.astimezone(zone)
    doctor.ok(
        "timezone",
        f"{zone.key}, il y est {local:%H:%M} (données {data or 'du système'})",
        f"{zone.key}, it is {local:%H:%M} there (data {data or 'of the system'})",
    )


def _clock(doctor: Doctor) -> None:
    written = _file_system_time(doctor.settings.state.directory)
    if written is not None and abs(written - doctor.real_now.timestamp()) > DRIFT.total_seconds():
        doctor.warn(
            "clock",
            (
                (
                    "l’horloge du disque et celle du système diffèrent de "
                    f"{abs(written - doctor.real_now.timestamp()):.0f} secondes"
                ),
                (
                    "the clocks of the disk and of the system differ by "
                    f"{abs(written - doctor.real_now.timestamp()):.0f} seconds"
                ),
            ),
            ("vérifier la synchronisation (timedatectl)", "check synchronisation (timedatectl)"),
        )
    if doctor.simulated_day:
        doctor.ok("clock", "jour donné par --today : rien à juger", "a day given by --today")
        return
    with reading(doctor.runtime.engine) as session:
        newest = [session.scalar(select(func.max(column))) for column in _INSTANTS]
    ahead = max((one for one in newest if one is not None), default=None)
    if ahead is not None and ahead > doctor.real_now + FUTURE:
        doctor.fault(
            "clock",
            (
                (
                    f"la base connaît un instant à venir ({doctor.when(ahead)}) : l’horloge a "
                    "reculé, ou la base a été remplie avec --today"
                ),
                (
                    f"the database knows an instant of the future ({doctor.when(ahead)}): the "
                    "clock went back, or the database was filled with --today"
                ),
            ),
            ("régler l’horloge (timedatectl)", "set the clock (timedatectl)"),
        )
        return
    doctor.ok(
        "clock",
        f"nous sommes le {doctor.when(doctor.real_now)}",
        f"it is {doctor.when(doctor.real_now)}",
    )


_INSTANTS = (
    JobRunRow.finished_at,
    MessageRow.created_at,
    MessageRow.accepted_at,
    InstallationRow.last_tick_at,
    HistoryRow.at,
)


def _file_system_time(folder: Path) -> float | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
            file.flush()
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return None


def _permissions(doctor: Doctor) -> None:
    settings, before = doctor.settings, len(doctor.findings)
    database = sqlite_path(settings.database.url)
    if database is not None:
        _check_private(doctor, database, 0o600)
        if not os.access(database, os.W_OK) or not os.access(database.parent, os.W_OK):
            doctor.fault(
                "permissions",
                (
                    f"{shown_path(database)} ou son dossier n’est pas accessible en écriture",
                    f"{shown_path(database)} or its folder cannot be written to",
                ),
                ("donner les droits au compte du service", "give the rights to the service’s user"),
            )
    if settings.state.directory.exists():
        _check_private(doctor, settings.state.directory, 0o700)
    if settings.file is not None and (settings.mail.password and not settings.mail.password_file):
        _check_private(doctor, settings.file, 0o600)
    if len(doctor.findings) == before:
        doctor.ok(
            "permissions", "base et état lisibles du service seul", "database and state private"
        )


def _check_private(doctor: Doctor, path: Path, wanted: int) -> None:
    try:
        found = path.stat()
    except OSError:
        return
    mode = stat.S_IMODE(found.st_mode)
    shown = shown_path(path)
    if mode & 0o007:
        doctor.fault(
            "permissions",
            (f"{shown} est ouvert à tous ({mode:04o})", f"{shown} is open to all ({mode:04o})"),
            (f"chmod {wanted:o} {shown}", f"chmod {wanted:o} {shown}"),
        )
    if found.st_uid != os.geteuid():
        doctor.warn(
            "permissions",
            (
                f"{shown} appartient à un autre compte que celui qui lance cette commande",
                f"{shown} belongs to another user than the one who runs this command",
            ),
            (
                "lancer la commande sous le compte du service (sudo -u conventions)",
                "run the command as the service’s user (sudo -u conventions)",
            ),
        )


def _disk(doctor: Doctor) -> None:
    database = sqlite_path(doctor.settings.database.url)
    places = [database.parent] if database is not None else []
    places.append(_existing(doctor.settings.state.directory))
    for place in dict.fromkeys(path.resolve() for path in places):
        room, shown = shutil.disk_usage(place).free, shown_path(place)
        inodes = os.statvfs(place)
        level = Level.FAULT if room < NO_ROOM else Level.WARNING
        if room < LITTLE_ROOM:
            doctor.say(
                "disk",
                level,
                (f"{shown} : {room // 10**6} Mo libres", f"{shown}: {room // 10**6} MB free"),
                ("faire de la place", "make room"),
            )
        elif inodes.f_files and inodes.f_favail < 100:
            doctor.fault(
                "disk",
                (f"{shown} : plus de fichiers possibles", f"{shown}: no room for more files"),
                ("supprimer des fichiers", "remove files"),
            )
        else:
            doctor.ok(
                "disk",
                f"{shown} : {room // 10**6} Mo libres",
                f"{shown}: {room // 10**6} MB free",
            )


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


# --- the database --------------------------------------------------------------------------------


def _database(doctor: Doctor) -> None:
    if doctor.unopened is not None:
        doctor.fault("database", (doctor.unopened.message("fr"), doctor.unopened.message("en")))


def _schema(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        found = schema.current_revision(session.connection())
    doctor.ok("schema", f"version {found}, à jour", f"version {found}, up to date")


def _integrity(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        if is_postgresql(session):
            for table in Row.metadata.sorted_tables:
                session.execute(select(func.count()).select_from(table))
            doctor.ok("integrity", "toutes les tables se lisent", "every table can be read")
            return
        quick = [str(row[0]) for row in session.execute(text("PRAGMA quick_check(5)"))]
        orphan = session.execute(text("PRAGMA foreign_key_check")).first()
    if quick != ["ok"]:
        doctor.fault(
            "integrity",
            (f"fichier endommagé : {quick[0]}", f"damaged file: {quick[0]}"),
            (
                "ne plus y écrire ; conventions restore SAUVEGARDE",
                "stop writing to it; conventions restore BACKUP",
            ),
        )
    elif orphan is not None:
        doctor.fault(
            "integrity",
            (
                f"une ligne de la table {orphan[0]} renvoie à une ligne absente",
                f"a row of the table {orphan[0]} refers to a missing one",
            ),
            ("conventions restore SAUVEGARDE", "conventions restore BACKUP"),
        )
    else:
        doctor.ok("integrity", "le fichier est intact", "the file is sound")


def _rows(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        snapshot = doctor.runtime.snapshot(session, doctor.today)
    remedy = (
        "corriger par conventions edit, ou importer à nouveau la convention",
        "mend it with conventions edit, or import the convention again",
    )
    for problem in snapshot.bad_rows[:SHOWN]:
        doctor.fault("rows", (problem.message("fr"), problem.message("en")), remedy)
    for reference, error in snapshot.failures[:SHOWN]:
        doctor.fault(
            "rows",
            (
                f"{reference} : échéances incalculables ({error})",
                f"{reference}: its deadlines cannot be computed ({error})",
            ),
            remedy,
        )
    more = len(snapshot.bad_rows) + len(snapshot.failures) - 2 * SHOWN
    if more > 0:
        doctor.fault("rows", (f"et {more} autres", f"and {more} more"), remedy)
    if not snapshot.bad_rows and not snapshot.failures:
        count = len(snapshot.lives)
        doctor.ok("rows", f"{count} convention(s) lue(s)", f"{count} convention(s) read")


# --- work done -----------------------------------------------------------------------------------


def _scans(doctor: Doctor) -> None:
    runtime = doctor.runtime
    with reading(runtime.engine) as session:
        last = session.scalar(
            select(func.max(JobRunRow.finished_at)).where(
                JobRunRow.rule == runtime.scan_rule.name, JobRunRow.state == JobState.DONE
            )
        )
        missed = due_days(session, runtime.scan_rule, now=doctor.now - GRACE)
        oldest_fact = session.scalar(select(func.min(HistoryRow.at)))
        tick = session.scalar(select(InstallationRow.last_tick_at))
    how = (
        "voir systemctl status conventions ; ou lancer conventions run",
        "see systemctl status conventions; or run conventions run",
    )
    if last is None:
        fresh = oldest_fact is None or doctor.now - oldest_fact < timedelta(days=1) + GRACE
        doctor.say(
            "scan",
            Level.WARNING if fresh else Level.FAULT,
            ("les échéances n’ont jamais été examinées", "the deadlines were never scanned"),
            how,
        )
        return
    if missed:
        day = runtime.wording.date(missed[-1])
        doctor.fault(
            "scan",
            (
                f"l’examen du {day} n’a pas eu lieu ; le dernier est du {doctor.when(last)}",
                f"the scan of {day} did not happen; the last one was on {doctor.when(last)}",
            ),
            how,
        )
        return
    doctor.ok("scan", f"dernier examen le {doctor.when(last)}", f"last scan on {doctor.when(last)}")
    tolerated = max(timedelta(minutes=10), 10 * doctor.settings.delivery.tick)
    # A scan newer than the last tick was made by `conventions run`, in the daemon's place.
    if tick and last <= tick < doctor.now - tolerated and not doctor.simulated_day:
        doctor.fault(
            "daemon",
            (
                f"le planificateur se tait depuis le {doctor.when(tick)}",
                f"the daemon has been silent since {doctor.when(tick)}",
            ),
            (
                "systemctl start conventions ; journalctl -u conventions dit pourquoi il s’est tu",
                "systemctl start conventions; journalctl -u conventions says why it fell silent",
            ),
        )


def _report(doctor: Doctor) -> None:
    runtime = doctor.runtime
    with reading(runtime.engine) as session:
        if session.scalar(select(InstallationRow.created_at)) is None:
            return
        missed = due_days(session, runtime.report_rule, now=doctor.now - GRACE)
        last = session.scalar(
            select(func.max(MessageRow.accepted_at)).where(
                MessageRow.kind == "report", MessageRow.state == MessageState.ACCEPTED
            )
        )
    if missed:
        day = runtime.wording.date(missed[-1], weekday=True)
        doctor.fault(
            "report",
            (
                f"le rapport du {day} n’a pas été composé",
                f"the report of {day} was not composed",
            ),
            ("lancer conventions run, puis conventions status", "run conventions run, then status"),
        )
    elif not report_recipients(runtime):
        doctor.fault(
            "report",
            ("le rapport hebdomadaire n’a pas de destinataire", "the report has no recipient"),
            ("renseigner [office] recipients", "set [office] recipients"),
        )
    else:
        said = doctor.when(last) if last else runtime.wording.pick(("aucun encore", "none yet"))
        doctor.ok("report", f"dernier rapport envoyé : {said}", f"last report sent: {said}")


def _completeness(doctor: Doctor) -> None:
    """Recompute from the facts what the last scan should have recorded."""
    runtime = doctor.runtime
    schedule = runtime.scan_rule.schedule
    day = latest(schedule, until=doctor.now - GRACE)
    since = schedule.instant(day)
    with reading(runtime.engine) as session:
        if facts_version(session) == 0:
            return
        snapshot = runtime.snapshot(session, doctor.today)
        touched = set(
            session.scalars(select(HistoryRow.convention).where(HistoryRow.at >= since).distinct())
        )
        known = {
            tuple(row)
            for row in session.execute(
                select(
                    ObligationRow.deadline_key,
                    ObligationRow.due_on,
                    ObligationRow.stage,
                    ObligationRow.recipient,
                ).where(ObligationRow.state != ObligationState.SUPERSEDED)
            )
        }
    owed = plan_obligations(runtime, snapshot, doctor.today)
    absent = [
        item
        for item in owed
        if (item.deadline_key, item.due_on, item.stage, item.recipient) not in known
        and item.opens_on <= day
        and item.convention not in touched
    ]
    if _changed_since(doctor.settings.file, since):
        absent = [item for item in absent if item.recipient == ""]
    if not absent:
        recorded = sum(
            (item.deadline_key, item.due_on, item.stage, item.recipient) in known for item in owed
        )
        waiting = len(owed) - recorded
        doctor.ok(
            "completeness",
            f"rappels dus : {recorded} enregistrés, {waiting} attendent le prochain passage",
            f"reminders owed: {recorded} recorded, {waiting} wait for the next run",
        )
        return
    names = ", ".join(dict.fromkeys(item.deadline_key for item in absent[:SHOWN]))
    doctor.fault(
        "completeness",
        (
            (
                f"{len(absent)} rappel(s) dû(s) au {runtime.wording.date(day)} ne sont pas "
                f"enregistrés : {names}"
            ),
            (
                f"{len(absent)} reminder(s) owed by {runtime.wording.date(day)} are not recorded: "
                f"{names}"
            ),
        ),
        ("lancer conventions run", "run conventions run"),
    )


def _changed_since(file: Path | None, moment: datetime) -> bool:
    """Tell whether the settings changed since: lead times and recipients may be new."""
    try:
        return file is not None and file.stat().st_mtime >= moment.timestamp()
    except OSError:
        return False


# --- mail ----------------------------------------------------------------------------------------


def _relay(doctor: Doctor) -> None:
    settings = doctor.settings
    if settings.office.sender is None:
        doctor.fault(
            "relay",
            ("aucun expéditeur : rien ne peut partir", "no sender: nothing can leave"),
            ("renseigner [office] sender", "set [office] sender"),
        )
    if settings.mail.directory is not None:
        _mail_folder(doctor, settings.mail.directory)
        return
    try:
        relay = relay_settings(settings)
    except CannotSendError:
        doctor.fault(
            "relay",
            (
                "aucun serveur de messagerie : rien ne peut partir",
                "no mail relay: nothing can leave",
            ),
            ("renseigner [mail] host (ou directory)", "set [mail] host (or directory)"),
        )
        return
    name = f"{relay.host}:{relay.port}"
    outcome = SmtpMailer(relay).check()
    if outcome.verdict is Verdict.ACCEPTED:
        signed = relay.username is not None
        doctor.ok(
            "relay",
            f"{name} répond ({relay.security}{', compte accepté' if signed else ''})",
            f"{name} answers ({relay.security}{', account accepted' if signed else ''})",
        )
        return
    doctor.fault(
        "relay",
        explain(outcome, f"{name} n’est pas utilisable", f"{name} fails"),
        (
            "corriger [mail] dans les réglages, ou voir avec qui tient le serveur de messagerie",
            "mend [mail] in the settings, or see whoever runs the relay",
        ),
    )


def _mail_folder(doctor: Doctor, folder: Path) -> None:
    shown = shown_path(folder)
    place = _existing(folder)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        doctor.fault(
            "relay",
            (f"{shown} n’accepte pas d’écriture", f"{shown} cannot be written to"),
            ("corriger [mail] directory", "mend [mail] directory"),
        )
        return
    doctor.ok(
        "relay",
        f"les messages sont écrits dans {shown} ; aucun n’est envoyé",
        f"messages are written to {shown}; none is sent",
    )


def _holds(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        holds = active_holds(session)
        everybody = {hold.reason for hold in holds}
        here = [one for one in hold_reasons(session, doctor.runtime) if one not in everybody]
    for hold in holds:
        why = hold_reason(hold.reason, doctor.runtime.wording)
        doctor.fault(
            "holds",
            (
                f"envois retenus depuis le {doctor.when(hold.since)} : {why}",
                f"sending held since {doctor.when(hold.since)}: {why}",
            ),
            (
                "vérifier les faits, puis conventions outbox release",
                "check the facts, then conventions outbox release",
            ),
        )
    for reason in here:
        why = hold_reason(reason, doctor.runtime.wording)
        doctor.fault(
            "holds",
            (f"cette machine n’envoie rien : {why}", f"this machine sends nothing: {why}"),
            (
                "conventions init --join, ou outbox release, sur cette machine",
                "conventions init --join, or outbox release, on this machine",
            ),
        )
    if not holds and not here:
        doctor.ok("holds", "les envois sont ouverts", "sending is open")


def _queue(doctor: Doctor) -> None:
    before = len(doctor.findings)
    with reading(doctor.runtime.engine) as session:
        stuck = session.execute(
            select(MessageRow.id, MessageRow.state, MessageRow.recipient, MessageRow.last_error)
            .where(MessageRow.state.in_([MessageState.DEAD, MessageState.HELD]))
            .order_by(MessageRow.id)
        ).all()
        twice = session.scalars(
            select(MessageRow.id).where(
                MessageRow.state == MessageState.UNCERTAIN, MessageRow.uncertain_count > 1
            )
        ).all()
        oldest = session.scalar(
            select(func.min(MessageRow.created_at)).where(
                MessageRow.state.in_([MessageState.QUEUED, MessageState.SENDING])
            )
        )
        unwritten = session.scalar(
            select(func.min(ObligationRow.updated_at)).where(
                ObligationRow.state == ObligationState.OPEN
            )
        )
        circuits = session.scalars(
            select(CircuitRow).where(CircuitRow.opened_at.is_not(None))
        ).all()
        troubles = [(row.relay, row.opened_at, row.last_error) for row in circuits]
    for number, state, recipient, error in stuck[:SHOWN]:
        refused = state == MessageState.DEAD
        doctor.fault(
            "queue",
            (
                f"message {number} pour {recipient} {'refusé' if refused else 'retenu'} : {error}",
                f"message {number} to {recipient} {'refused' if refused else 'held'}: {error}",
            ),
            (
                f"corriger l’adresse, puis conventions outbox retry {number} ou cancel {number}",
                f"mend the address, then conventions outbox retry {number} or cancel {number}",
            ),
        )
    if len(stuck) > SHOWN:
        more = len(stuck) - SHOWN
        doctor.fault("queue", (f"et {more} autres messages", f"and {more} more messages"))
    for number in twice[:SHOWN]:
        doctor.fault(
            "queue",
            (
                f"message {number} : deux fois sans réponse du serveur, parti peut-être",
                f"message {number}: twice without an answer of the relay, perhaps sent",
            ),
            (
                f"demander au destinataire, puis outbox retry {number} ou cancel {number}",
                f"ask the recipient, then outbox retry {number} or cancel {number}",
            ),
        )
    for relay, since, error in troubles:
        opened = doctor.when(since) if since else "?"
        doctor.fault(
            "queue",
            (
                f"{relay} ne prend rien depuis le {opened} : {error}",
                f"{relay} takes nothing since {opened}: {error}",
            ),
            ("voir la ligne « relay »", "see the line “relay”"),
        )
    waiting = min((one for one in (oldest, unwritten) if one is not None), default=None)
    if waiting is not None and waiting < doctor.now - WAITS_TOO_LONG:
        doctor.fault(
            "queue",
            (
                f"un rappel ou un message attend depuis le {doctor.when(waiting)}",
                f"a reminder or a message has been waiting since {doctor.when(waiting)}",
            ),
            (
                "conventions outbox ; puis conventions run",
                "conventions outbox; then conventions run",
            ),
        )
    if len(doctor.findings) == before:
        doctor.ok("queue", "aucun message en souffrance", "no message is stuck")


def _silence(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        last = session.scalar(select(func.max(MessageRow.accepted_at)))
        born = session.scalar(select(InstallationRow.created_at))
    if born is None:
        return
    if doctor.now - max(last or born, born) > SILENCE:
        since = doctor.when(last) if last else doctor.runtime.wording.pick(("toujours", "ever"))
        doctor.fault(
            "silence",
            (
                (
                    f"aucun courriel accepté depuis {'le ' if last else ''}{since} : le rapport du "
                    "lundi part même vide"
                ),
                f"no mail accepted since {since}: the weekly report leaves even when empty",
            ),
            (
                "conventions status, puis conventions test-send ADRESSE",
                "conventions status, then conventions test-send ADDRESS",
            ),
        )
    else:
        said = doctor.when(last) if last else doctor.runtime.wording.pick(("aucun", "none"))
        doctor.ok("silence", f"dernier courriel accepté : {said}", f"last accepted mail: {said}")


def _journal(doctor: Doctor) -> None:
    journal, shown = doctor.runtime.journal, shown_path(doctor.runtime.journal.path)
    remedy = (
        "donner les droits sur ce dossier au compte du service ; rien ne part sans journal",
        "give the service’s user the rights on this folder; nothing leaves without a journal",
    )
    try:
        if journal.path.exists():
            entries = len(journal.entries())
            journal.check_writable()
        else:
            entries = 0
            place = _existing(journal.path.parent)
            if not os.access(place, os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied")
    except OSError as error:
        why = error.strerror or str(error)
        doctor.fault("journal", (f"{shown} : {why}", f"{shown}: {why}"), remedy)
        return
    if journal.torn_lines:
        doctor.warn(
            "journal",
            (
                f"{shown} : {journal.torn_lines} ligne(s) incomplète(s), que la base connaît",
                f"{shown}: {journal.torn_lines} torn line(s), which the database knows",
            ),
        )
    doctor.ok("journal", f"{entries} envoi(s) au journal", f"{entries} sent mail(s) in the journal")


def _backup(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        last = session.scalar(
            select(func.max(JobRunRow.finished_at)).where(
                JobRunRow.rule == BACKUP, JobRunRow.state == JobState.DONE
            )
        )
        oldest = session.scalar(select(func.min(HistoryRow.at)))
    remedy = (
        "conventions backup FICHIER, chaque nuit (conventions-backup.timer)",
        "conventions backup FILE, every night (conventions-backup.timer)",
    )
    if last is not None and doctor.now - last <= BACKUP_AGE:
        doctor.ok("backup", f"sauvegarde du {doctor.when(last)}", f"backup of {doctor.when(last)}")
    elif last is not None:
        doctor.fault(
            "backup",
            (
                f"la dernière sauvegarde est du {doctor.when(last)}",
                f"the last backup is of {doctor.when(last)}",
            ),
            remedy,
        )
    elif oldest and doctor.now - oldest > FIRST_BACKUP_WITHIN and not doctor.simulated_day:
        doctor.fault("backup", ("aucune sauvegarde", "no backup"), remedy)
    else:
        doctor.warn("backup", ("aucune sauvegarde encore", "no backup yet"), remedy)


_TOLD_ELSEWHERE: Final = frozenset(
    {
        "relay_trouble",
        "bad_row",
        "derivation_failed",
        "uncertain_twice",
        "recipient_refused",
        "mail_nowhere",
    }
)


def _problems(doctor: Doctor) -> None:
    with reading(doctor.runtime.engine) as session:
        found = [
            one
            for one in open_problems(session, doctor.runtime.wording)
            if one.code not in _TOLD_ELSEWHERE
        ]
    for problem in found[:SHOWN]:
        doctor.fault(
            "problems",
            (f"{problem.subject} : {problem.message}", f"{problem.subject}: {problem.message}"),
        )
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        doctor.fault(
            "problems",
            (f"et {more} autres (conventions status)", f"and {more} more (conventions status)"),
        )
    if not found:
        doctor.ok("problems", "aucun problème signalé", "no problem noted")


_CHECKS: Final[tuple[tuple[str, Callable[[Doctor], None]], ...]] = (
    ("settings", _settings),
    ("schema", _schema),
    ("integrity", _integrity),
    ("rows", _rows),
    ("permissions", _permissions),
    ("disk", _disk),
    ("clock", _clock),
    ("timezone", _time_zone),
    ("journal", _journal),
    ("relay", _relay),
    ("holds", _holds),
    ("scan", _scans),
    ("report", _report),
    ("completeness", _completeness),
    ("queue", _queue),
    ("silence", _silence),
    ("backup", _backup),
    ("problems", _problems),
)
_WITHOUT_DATABASE: Final[tuple[tuple[str, Callable[[Doctor], None]], ...]] = (
    ("settings", _settings),
    ("database", _database),
    ("permissions", _permissions),
    ("disk", _disk),
    ("timezone", _time_zone),
    ("relay", _relay),
)
