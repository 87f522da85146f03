"""Loading: the user's file over the shipped defaults, key by key, every problem gathered.

One `Loader` reads the sections one after the other, then checks what depends on several keys or on
the machine. It raises once, at the end, with everything that is wrong.
"""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import MISSING, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.database import (
    NETWORK_FILE_SYSTEMS,
    filesystem_type,
    is_file,
    masked_url,
    parse_database_url,
)
from config.problems import Fault, Place, Problem, Refused, SettingsError, shown
from config.sections import DEFAULT_PORTS, SECTIONS, Settings, written_fields
from config.source import Source, read_source
from config.values import ADDRESS, closest, is_loopback, months_and_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from dataclasses import Field

    from config.database import DatabaseUrl
    from config.problems import KeyPath
    from config.values import Reader

DATABASE_VARIABLE = "CONVENTIONS_DATABASE_URL"
CREDENTIALS_VARIABLE = "CREDENTIALS_DIRECTORY"
PASSWORD_CREDENTIAL = "smtp-password"  # noqa: S105 - the name of a file, not a password
PLACEHOLDER_SENDER = "conventions@conventions.invalid"


def shipped(name: str) -> str:
    """Return the text of a file that is shipped beside this module."""
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")


@cache
def default_values() -> Mapping[str, dict[str, Any]]:
    """Return the shipped defaults, as TOML gives them. Not to be changed."""
    return tomllib.loads(shipped("defaults.toml"))


def path_exists(path: Path) -> bool:
    """Tell whether something is there; what may not be looked at is, so that reading says why."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


# What people write who come from another program.
_OTHER_NAMES: Mapping[str, str] = {
    "server": "host",
    "smtp": "host",
    "tls": "security",
    "ssl": "security",
    "starttls": "security",
    "user": "username",
    "login": "username",
    "pass": "password",
    "from": "sender",
    "to": "recipients",
    "dsn": "url",
    "tz": "timezone",
    "zone": "territory",
}


class Loader:
    """One loading: gathers the problems while the sections are read one after the other."""

    def __init__(
        self,
        path: Path | None,
        environ: Mapping[str, str],
        database_override: str | None,
        cwd: Path,
        mounts: str | None,
    ) -> None:
        self.path = path
        self.environ = environ
        self.database_override = database_override
        self.cwd = cwd
        self.mounts = mounts
        self.folder = (cwd / path).parent if path is not None else cwd
        self.source = read_source(path) if path is not None else Source(name="defaults")
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def load(self) -> Settings:
        self._refuse_unknown_sections()
        values = {name: self._section(name, cls) for name, cls in SECTIONS.items()}
        self._finish_database(values)
        self._finish_state(values)
        self._finish_mail(values)
        self._finish_office(values)
        self._finish_delivery(values)
        self._finish_council(values)
        if self.problems:
            raise SettingsError(sorted(self.problems, key=_order))
        sections = {name: cls(**values[name]) for name, cls in SECTIONS.items()}
        return Settings(
            **sections,
            file=self.path,
            warnings=tuple(sorted(self.warnings, key=_order)),
        )

    # --- problems

    def _problem(self, path: KeyPath, fault: Fault, place: Place | None = None) -> Problem:
        return Problem(
            code=fault.code,
            place=place or self.source.place((*path, *fault.path)),
            message_fr=fault.fr,
            message_en=fault.en,
            hint_fr=fault.hint_fr,
            hint_en=fault.hint_en,
            value=fault.value,
        )

    def _refuse(self, path: KeyPath, fault: Fault) -> None:
        self.problems.append(self._problem(path, fault))

    def _warn(self, path: KeyPath, fault: Fault) -> None:
        self.warnings.append(self._problem(path, fault))

    # --- sections and keys

    def _refuse_unknown_sections(self) -> None:
        for name, value in self.source.values.items():
            if name in SECTIONS:
                continue
            homes = [section for section, cls in SECTIONS.items() if name in _keys(cls)]
            if homes and not isinstance(value, dict):
                hint_fr = f"placez cette clé sous [{homes[0]}]"
                hint_en = f"put this key under [{homes[0]}]"
            elif near := closest(name, list(SECTIONS)):
                hint_fr, hint_en = f"vouliez-vous dire [{near}] ?", f"did you mean [{near}]?"
            elif home := _nearest_key(name):
                hint_fr = f"vouliez-vous dire « {home[1]} », sous [{home[0]}] ?"
                hint_en = f"did you mean “{home[1]}”, under [{home[0]}]?"
            else:
                listed = ", ".join(SECTIONS)
                hint_fr, hint_en = f"sections connues : {listed}", f"known sections: {listed}"
            self._refuse(
                (name,),
                Fault(
                    fr="section ou clé inconnue",
                    en="unknown section or key",
                    hint_fr=hint_fr,
                    hint_en=hint_en,
                    code="unknown_key",
                ),
            )

    def _section(self, name: str, cls: type[Any]) -> dict[str, Any]:
        """Read one section: the values of its keys, a default wherever one is absent or bad."""
        written = self.source.values.get(name, {})
        if not isinstance(written, dict):
            self._refuse(
                (name,),
                Fault(
                    fr="une section est attendue",
                    en="a section is expected",
                    hint_fr=f"écrivez [{name}] seul sur sa ligne",
                    hint_en=f"write [{name}] alone on its line",
                    value=None if isinstance(written, str) else shown(written),
                ),
            )
            written = {}
        for key in written.keys() - _keys(cls):
            self._refuse((name, key), _unknown_key(name, key, cls))
        defaults = default_values().get(name, {})
        values: dict[str, Any] = {}
        for item in written_fields(cls):
            reader: Reader = item.metadata["reader"]
            if item.name in defaults:
                values[item.name] = reader.read(defaults[item.name], self.folder)
            elif item.default is not MISSING:
                values[item.name] = item.default
            if item.name in written:
                self._read_key(name, item, written[item.name], values)
        return values

    def _read_key(
        self, section: str, item: Field[Any], raw: object, values: dict[str, Any]
    ) -> None:
        try:
            values[item.name] = item.metadata["reader"].read(raw, self.folder)
        except Refused as refused:
            hidden = item.metadata["secret"] or item.name == "url"
            for fault in refused.faults:
                value = None if hidden else fault.value or shown(raw)
                self._refuse((section, item.name), replace(fault, value=value))

    def _written(self, section: str, key: str) -> bool:
        return self._is_table(section) and key in self.source.values.get(section, {})

    def _is_table(self, section: str) -> bool:
        return isinstance(self.source.values.get(section, {}), dict)

    # --- what depends on several keys, or on the machine

    def _finish_database(self, values: dict[str, dict[str, Any]]) -> None:
        """Take the URL from the file, the variable or the option, each checked; the last wins."""
        place = self.source.place(("database", "url"))
        chosen = self._database(values["database"]["url"], place)
        if chosen and chosen.has_password and self.source.readable_by_all:
            self._warn(
                ("database", "url"),
                Fault(
                    fr="mot de passe dans un fichier que tous peuvent lire",
                    en="password in a file that everybody can read",
                    hint_fr="chmod 640, ou un fichier ~/.pgpass",
                    hint_en="chmod 640, or a ~/.pgpass file",
                    code="password_readable",
                ),
            )
        if from_variable := self.environ.get(DATABASE_VARIABLE):
            place = Place(source=f"${DATABASE_VARIABLE}")
            chosen = self._database(from_variable, place)
        if self.database_override is not None:
            place = Place(source="--database")
            chosen = self._database(self.database_override, place)
        if chosen is None:
            return
        self._refuse_network_file(chosen, place)
        values["database"] = {"url": chosen.url, "sqlite_path": chosen.sqlite_path}

    def _database(self, text: str, place: Place) -> DatabaseUrl | None:
        try:
            return parse_database_url(text, self.cwd)
        except Refused as refused:
            for fault in refused.faults:
                safe = replace(
                    fault,
                    code="bad_database_url",
                    hint_fr=masked_url(fault.hint_fr),
                    hint_en=masked_url(fault.hint_en),
                    value=shown(masked_url(text)),
                )
                self.problems.append(self._problem((), safe, place))
            return None

    def _refuse_network_file(self, chosen: DatabaseUrl, place: Place) -> None:
        if chosen.sqlite_path is None or self.mounts is None:
            return
        kind = filesystem_type(os.path.realpath(chosen.sqlite_path), self.mounts)
        if kind in NETWORK_FILE_SYSTEMS:
            fault = Fault(
                fr=f"fichier SQLite sur un disque réseau ({kind}) : il s’abîmerait",
                en=f"SQLite file on a network disk ({kind}): it would be corrupted",
                hint_fr="placez-le sur un disque de cette machine, ou prenez PostgreSQL",
                hint_en="put it on a disk of this machine, or use PostgreSQL",
                value=shown(str(chosen.sqlite_path)),
                code="database_on_network",
            )
            self.problems.append(self._problem((), fault, place))

    def _finish_state(self, values: dict[str, dict[str, Any]]) -> None:
        if values["state"]["directory"] is not None:
            return
        database = values["database"]
        sqlite_path: Path | None = database.get("sqlite_path")
        if sqlite_path is not None:
            values["state"]["directory"] = sqlite_path.with_name(f"{sqlite_path.name}.state")
            return
        # One folder per database, the same however the program is started.
        home = _home_state(self.environ)
        if home is None:
            self._refuse(
                ("state", "directory"),
                Fault(
                    fr="ce compte n’a pas de dossier personnel où garder le journal des envois",
                    en="this account has no home folder to keep the journal of sent mail in",
                    hint_fr="indiquez [state] directory",
                    hint_en="set [state] directory",
                ),
            )
            return
        values["state"]["directory"] = home / _slug(database["url"])
        self._warn(
            ("state", "directory"),
            Fault(
                fr="le journal des envois est dans le dossier personnel de ce compte",
                en="the journal of sent mail is in this account's home folder",
                hint_fr="avec PostgreSQL, indiquez [state] directory",
                hint_en="with PostgreSQL, set [state] directory",
                value=shown(str(values["state"]["directory"])),
                code="state_in_home",
            ),
        )

    def _finish_mail(self, values: dict[str, dict[str, Any]]) -> None:
        mail = values["mail"]
        if mail["port"] == 465 and not self._written("mail", "security"):
            mail["security"] = "tls"
        if mail["port"] is None:
            mail["port"] = DEFAULT_PORTS[mail["security"]]
        if mail["host"] and mail["directory"]:
            self._refuse(
                ("mail", "directory"),
                Fault(
                    fr="« host » et « directory » sont tous deux donnés",
                    en="“host” and “directory” are both given",
                    hint_fr="gardez l’un : un serveur, ou un dossier",
                    hint_en="keep one: a relay, or a folder",
                ),
            )
        if mail["ca_file"] is not None and not is_file(mail["ca_file"]):
            self._refuse(
                ("mail", "ca_file"),
                Fault(
                    fr="ce fichier de certificats n’existe pas, ou n’est pas accessible",
                    en="this certificate file does not exist, or cannot be reached",
                    hint_fr="corrigez le chemin",
                    hint_en="mend the path",
                    value=shown(str(mail["ca_file"])),
                ),
            )
        self._check_plaintext(mail)
        has_password = self._find_password(mail)
        if not mail["host"] and not mail["directory"]:
            self._warn(
                ("mail",),
                Fault(
                    fr="ni serveur ni dossier : aucun courriel ne peut partir",
                    en="neither relay nor folder: no mail can leave",
                    hint_fr="donnez [mail] host, ou directory",
                    hint_en="set [mail] host, or directory",
                    code="mail_nowhere",
                ),
            )
        mail["can_send"] = bool(mail["directory"]) or (bool(mail["host"]) and has_password)

    def _check_plaintext(self, mail: dict[str, Any]) -> None:
        if mail["security"] != "none" or not mail["host"] or is_loopback(mail["host"]):
            return
        if not mail["allow_plaintext"]:
            self._refuse(
                ("mail", "security"),
                Fault(
                    fr="le courrier partirait en clair vers une autre machine",
                    en="mail would leave in the clear towards another machine",
                    hint_fr='écrivez "starttls" ou "tls" ; à défaut allow_plaintext = true',
                    hint_en='write "starttls" or "tls"; failing that allow_plaintext = true',
                    value=shown("none"),
                ),
            )
            return
        self._warn(
            ("mail", "allow_plaintext"),
            Fault(
                fr=f"le courrier part en clair vers {mail['host']}"
                + (", mot de passe compris" if mail["username"] else ""),
                en=f"mail leaves in the clear towards {mail['host']}"
                + (", password included" if mail["username"] else ""),
                hint_fr="demandez TLS au service informatique",
                hint_en="ask the IT department for TLS",
                code="plaintext_relay",
            ),
        )

    def _find_password(self, mail: dict[str, Any]) -> bool:
        """Set the password; tell whether the relay can be used, with or without one."""
        written = self._written("mail", "password")
        named = self._written("mail", "password_file")
        if written and named:
            self._refuse(
                ("mail", "password"),
                Fault(
                    fr="« password » et « password_file » sont tous deux donnés",
                    en="“password” and “password_file” are both given",
                    hint_fr="gardez « password_file »",
                    hint_en="keep “password_file”",
                ),
            )
        if (written or named) and not mail["username"]:
            self._refuse(
                ("mail", "password" if written else "password_file"),
                Fault(
                    fr="un mot de passe sans « username »",
                    en="a password without “username”",
                    hint_fr="ajoutez username, ou retirez cette ligne",
                    hint_en="add username, or remove this line",
                ),
            )
        if written:
            self._warn(
                ("mail", "password"),
                Fault(
                    fr="mot de passe écrit dans le fichier de réglages",
                    en="password written in the settings file",
                    hint_fr="placez-le dans un fichier à part, désigné par password_file",
                    hint_en="put it into a file of its own, named by password_file",
                    code="password_in_settings",
                ),
            )
            return True
        if not mail["username"]:
            return True
        path = self._password_path(mail, named=named)
        if path is None:
            self._warn_no_password(shown(PASSWORD_CREDENTIAL))
            return False
        mail["password_file"] = path
        mail["password"] = self._read_password(path)
        return mail["password"] is not None

    def _password_path(self, mail: dict[str, Any], *, named: bool) -> Path | None:
        """Return the password file, None when it can only be a credential that is not here."""
        table = self.source.values["mail"]
        if named and table["password_file"] != PASSWORD_CREDENTIAL:
            path: Path = mail["password_file"]
            return path
        if credentials := self.environ.get(CREDENTIALS_VARIABLE):
            path = Path(credentials) / PASSWORD_CREDENTIAL
            if path_exists(path):
                return path
        beside: Path | None = mail["password_file"]
        return beside if beside is not None and path_exists(beside) else None

    def _read_password(self, path: Path) -> str | None:
        at: KeyPath = ("mail", "password_file")

        def no(fr: str, en: str, hint_fr: str = "", hint_en: str = "") -> None:
            self._refuse(
                at, Fault(fr=fr, en=en, hint_fr=hint_fr, hint_en=hint_en, value=shown(str(path)))
            )

        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                no("ce n’est pas un fichier ordinaire", "this is not a regular file")
                return None
            if status.st_mode & stat.S_IRWXO:
                no(
                    "tout le monde peut lire ou changer ce mot de passe",
                    "everybody can read or change this password",
                    f"chmod 600 {path}",
                    f"chmod 600 {path}",
                )
                return None
            with path.open("rb") as stream:
                data = stream.read(4097)
        except FileNotFoundError:
            no(
                "ce fichier n’existe pas",
                "this file does not exist",
                "corrigez le chemin",
                "mend the path",
            )
            return None
        except OSError:
            # Another account than the service's: it may look, it cannot send.
            self._warn_no_password(shown(str(path)))
            return None
        try:
            text = data.decode("utf-8").removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError:
            text = ""
        if not text or len(data) > 4096 or any(char in text for char in "\r\n\0"):
            no(
                "ce fichier ne contient pas un mot de passe sur une seule ligne",
                "this file does not hold one password on one line",
                "le mot de passe seul, en UTF-8",
                "the password alone, in UTF-8",
            )
            return None
        return text

    def _warn_no_password(self, value: str) -> None:
        self._warn(
            ("mail", "password_file"),
            Fault(
                fr="mot de passe introuvable ou illisible depuis ce compte : rien ne peut partir",
                en="password not found, or not readable by this account: nothing can leave",
                hint_fr="donnez password_file, ou le secret systemd « smtp-password »",
                hint_en="set password_file, or the systemd credential “smtp-password”",
                value=value,
                code="password_missing",
            ),
        )

    def _finish_office(self, values: dict[str, dict[str, Any]]) -> None:
        office, mail = values["office"], values["mail"]
        office["recipients"] = tuple(dict.fromkeys(office["recipients"]))
        sends = bool(mail["host"] or mail["directory"])
        if sends and office["fallback"] is None:
            self._warn(
                ("office", "fallback"),
                Fault(
                    fr="aucun destinataire de secours",
                    en="no fallback recipient",
                    hint_fr="donnez [office] fallback",
                    hint_en="set [office] fallback",
                    code="fallback_missing",
                ),
            )
        refused = self._written("office", "sender") or not self._is_table("office")
        if sends and office["sender"] is None and not refused:
            office["sender"] = self._stand_in_sender(office, mail)
        mail["can_send"] = mail["can_send"] and office["sender"] is not None
        if mail["message_id_domain"] is None and office["sender"] is not None:
            mail["message_id_domain"] = office["sender"].rpartition("@")[2]

    def _stand_in_sender(self, office: dict[str, Any], mail: dict[str, Any]) -> str | None:
        """Return the best address to send from, None when a relay elsewhere would get none."""
        sender: str | None = _address_or_none(mail["username"]) or office["fallback"]
        if sender is None and office["recipients"]:
            sender = office["recipients"][0]
        if sender is None and (mail["directory"] or is_loopback(mail["host"])):
            sender = PLACEHOLDER_SENDER
        so_fr = f"{sender} en tient lieu" if sender else "rien ne peut partir"
        so_en = f"{sender} stands in" if sender else "nothing can leave"
        self._warn(
            ("office", "sender"),
            Fault(
                fr=f"pas d’adresse d’expédition : {so_fr}",
                en=f"no sender's address: {so_en}",
                hint_fr="donnez [office] sender",
                hint_en="set [office] sender",
                code="sender_missing",
            ),
        )
        return sender

    def _finish_delivery(self, values: dict[str, dict[str, Any]]) -> None:
        for key in ("circuit_backoff", "retry_backoff"):
            if not values["delivery"][key]:
                self._refuse(
                    ("delivery", key),
                    Fault(
                        fr="liste vide",
                        en="empty list",
                        hint_fr='donnez au moins une attente, par exemple ["PT5M"]',
                        hint_en='give one wait at least, such as ["PT5M"]',
                        value="[]",
                    ),
                )
        escalation = values["escalation"]
        watchers, office = (
            _rough_days(escalation[key]) for key in ("watchers_after", "office_after")
        )
        if office < watchers:
            self._refuse(
                ("escalation", "office_after"),
                Fault(
                    fr="le bureau serait averti avant les personnes en copie",
                    en="the office would be told before the watchers",
                    hint_fr="donnez une durée au moins égale à watchers_after",
                    hint_en="give a period at least equal to watchers_after",
                    value=shown(escalation["office_after"]),
                ),
            )

    def _finish_council(self, values: dict[str, dict[str, Any]]) -> None:
        council = values["council"]
        for index, day in enumerate(council["sessions"]):
            if any(blackout.covers(day) for blackout in council["blackouts"]):
                self._warn(
                    ("council", "sessions", index),
                    Fault(
                        fr="séance pendant une période sans séance : elle compte",
                        en="session during a blackout: it counts",
                        hint_fr="vérifiez la date, ou [council] blackouts",
                        hint_en="check the date, or [council] blackouts",
                        value=shown(day),
                        code="session_in_blackout",
                    ),
                )
        council["sessions"] = tuple(sorted(council["sessions"]))
        for key in ("added", "removed"):
            values["holidays"][key] = tuple(sorted(values["holidays"][key]))
        for day in set(values["holidays"]["added"]) & set(values["holidays"]["removed"]):
            self._refuse(
                ("holidays", "removed"),
                Fault(
                    fr="jour à la fois ajouté et retiré",
                    en="day both added and removed",
                    hint_fr="gardez l’un des deux",
                    hint_en="keep one of the two",
                    value=shown(day),
                ),
            )


def _keys(section: type[Any]) -> set[str]:
    return {item.name for item in written_fields(section)}


def _unknown_key(section: str, key: str, cls: type[Any]) -> Fault:
    known = [item.name for item in written_fields(cls)]
    near = _OTHER_NAMES.get(key.lower())
    if near not in known:
        near = closest(key.lower().replace("-", "_"), known)
    homes = [name for name, other in SECTIONS.items() if key in _keys(other)]
    if homes:
        hint_fr, hint_en = f"elle va sous [{homes[0]}]", f"it belongs under [{homes[0]}]"
    elif near:
        hint_fr, hint_en = f"vouliez-vous dire « {near} » ?", f"did you mean “{near}”?"
    else:
        listed = ", ".join(known)
        hint_fr, hint_en = f"clés connues : {listed}", f"known keys: {listed}"
    return Fault(
        fr=f"clé inconnue dans [{section}]",
        en=f"unknown key in [{section}]",
        hint_fr=hint_fr,
        hint_en=hint_en,
        code="unknown_key",
    )


def _nearest_key(name: str) -> tuple[str, str] | None:
    """Return the (section, key) of all sections that looks most like this name."""
    homes = {key: section for section, cls in SECTIONS.items() for key in _keys(cls)}
    near = _OTHER_NAMES.get(name.lower()) or closest(name.lower(), sorted(homes))
    return (homes[near], near) if near else None


def _order(problem: Problem) -> tuple[int, int, int, str]:
    """Sort as in the file; what comes from elsewhere stands first."""
    place = problem.place
    return (place.line is not None, place.line or 0, place.column or 0, place.key)


def _rough_days(period: str) -> int:
    months, days = months_and_days(period)
    return months * 30 + days


def _address_or_none(text: str | None) -> str | None:
    try:
        return str(ADDRESS.read(text, Path()))
    except Refused:
        return None


def _home_state(environ: Mapping[str, str]) -> Path | None:
    base = environ.get("XDG_STATE_HOME", "")
    try:
        root = Path(base) if base.startswith("/") else Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return root / "conventions"


def _slug(url: str) -> str:
    """Return a folder name for a PostgreSQL database: its host, port and name."""
    place = url.partition("://")[2].rpartition("@")[2].partition("?")[0]
    return "".join(char if char.isalnum() or char in ".-" else "_" for char in place).strip(".")
