"""Where the conventions are kept: database URLs, SQLite files, file systems.

Only text is handled here; the database itself is opened elsewhere.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from config.problems import refuse

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^/:?@\[\]]*)(?::(?P<port>[0-9]*))?"
    r"(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?"
)
_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL = frozenset({"postgresql", "postgresql+psycopg", "postgres"})
_SQLITE_SUFFIXES = frozenset({".db", ".sqlite", ".sqlite3"})

# File systems whose locks SQLite cannot trust: https://sqlite.org/howtocorrupt.html
NETWORK_FILE_SYSTEMS = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "coda",
        "davfs",
        "fuse.davfs",
        "fuse.davfs2",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.gvfsd-fuse",
        "fuse.s3fs",
        "fuse.gcsfuse",
    ]
)


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A checked URL in the form SQLAlchemy is given, and its SQLite file if it is one."""

    url: str
    sqlite_path: Path | None
    has_password: bool = False


def parse_database_url(text: str, cwd: Path) -> DatabaseUrl:
    """Check a URL or a bare path to an SQLite file; `Refused` when it is neither.

    A relative SQLite path is taken against `cwd`, as SQLAlchemy does.
    """
    if not text.strip():
        raise refuse("adresse de base vide", "empty database URL", **_EXPECTED)
    if not text.isprintable():
        raise refuse("caractère de contrôle dans l’adresse", "control character in the URL")
    if "://" not in text:
        if Path(text).suffix.lower() not in _SQLITE_SUFFIXES:
            raise refuse("ce n’est pas une adresse de base", "not a database URL", **_EXPECTED)
        return _sqlite_file(text, cwd)
    found = _URL.fullmatch(text)
    scheme = found["scheme"].lower() if found else text.partition("://")[0].lower()
    if scheme in _SQLITE:
        return _sqlite_url(text, cwd)
    if scheme not in _POSTGRESQL:
        raise refuse(
            "base ou pilote non pris en charge", "database or driver not supported", **_EXPECTED
        )
    if not found:
        raise refuse(
            "adresse de base illisible",
            "unreadable database URL",
            hint_fr="dans un mot de passe, « @ » s’écrit %40 et « : » %3A",
            hint_en="in a password, “@” is written %40 and “:” %3A",
        )
    return _postgresql_url(found)


_EXPECTED = {
    "hint_fr": 'attendu : "sqlite:///chemin/conventions.db" ou "postgresql://hote/base"',
    "hint_en": 'expected: "sqlite:///path/conventions.db" or "postgresql://host/name"',
}


def _sqlite_url(text: str, cwd: Path) -> DatabaseUrl:
    rest = text.partition("://")[2]
    if rest in {"", "/", "/:memory:"} or rest.startswith("/file:"):
        raise refuse(
            "une base en mémoire oublierait tout",
            "a database in memory would forget everything",
            **_EXPECTED,
        )
    if not rest.startswith("/"):
        raise refuse(
            "il faut trois barres obliques, ou quatre pour un chemin absolu",
            "three slashes are needed, or four for an absolute path",
            hint_fr=f"écrivez sqlite:///{rest}",
            hint_en=f"write sqlite:///{rest}",
        )
    return _sqlite_file(rest[1:], cwd)


def _sqlite_file(text: str, cwd: Path) -> DatabaseUrl:
    if "?" in text:
        raise refuse(
            "« ? » n’est pas permis dans le chemin d’une base SQLite",
            "“?” is not allowed in the path of an SQLite database",
            hint_fr="le programme choisit lui-même les options de SQLite",
            hint_en="the program chooses SQLite's options itself",
        )
    path = (cwd / expanded(text)).absolute()
    if os.path.exists(path) and not is_file(path):  # noqa: PTH110 - Path.exists may raise
        raise refuse("ce n’est pas un fichier", "this is not a file", **_EXPECTED)
    return DatabaseUrl(f"sqlite:///{path}", path)


def _postgresql_url(found: re.Match[str]) -> DatabaseUrl:
    port = found["port"]
    if port is not None and not (port and 1 <= int(port[:6]) <= 65535):
        raise refuse("le port va de 1 à 65535", "the port goes from 1 to 65535")
    if not found["name"]:
        raise refuse(
            "le nom de la base manque",
            "the database name is missing",
            hint_fr='par exemple "postgresql://hote/conventions"',
            hint_en='such as "postgresql://host/conventions"',
        )
    rest = found.string.partition("://")[2]
    has_password = bool(found["password"]) or "password=" in (found["query"] or "")
    return DatabaseUrl(f"postgresql+psycopg://{rest}", None, has_password)


def expanded(text: str) -> Path:
    """Return the path with `~` replaced by the home folder; `Refused` when there is none."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise refuse(
            "dossier personnel inconnu",
            "unknown home folder",
            hint_fr="écrivez le chemin en entier",
            hint_en="write the whole path",
        ) from error


def is_file(path: Path) -> bool:
    """Tell whether this is a file; False as well for what may not be looked at."""
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises where the folder is closed


_AFTER_USER = re.compile(r"(?P<before>://[^:/@]*):.*@", re.DOTALL)
_IN_QUERY = re.compile(r"(?P<before>[?&][a-z]*password=)[^&]*", re.IGNORECASE)


def masked_url(url: str) -> str:
    """Return the URL with its passwords replaced by `***`, even when it is badly written."""
    masked = _AFTER_USER.sub(r"\g<before>:***@", url)
    return _IN_QUERY.sub(r"\g<before>***", masked)


def filesystem_type(path: Path | str, mounts_text: str) -> str | None:
    """Return the type of the file system that holds `path` (absolute, symbolic links resolved).

    `mounts_text` is the text of /proc/mounts. None when it does not tell.
    """
    target = str(path)
    best: tuple[int, str] | None = None
    for line in mounts_text.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        mount, kind = _unescaped(fields[1]), fields[2]
        inside = target == mount or target.startswith(mount.rstrip("/") + "/")
        # at equal length the later line wins: it was mounted over the earlier one
        if inside and (best is None or len(mount) >= best[0]):
            best = (len(mount), kind)
    return best[1] if best else None


def _unescaped(mount: str) -> str:
    r"""Undo the octal escapes of /proc/mounts (a space is written `\040`)."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), mount)


def read_mounts() -> str | None:
    """Return the text of /proc/mounts, None where the system has none."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
