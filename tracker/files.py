"""Writing a file for a person: whole or not at all, never through a link, private by default."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

from tracker.errors import UserError, reason


def write_file(
    path: str | Path, data: bytes | Iterable[bytes], *, force: bool = False, mode: int = 0o600
) -> None:
    """Write `data`, whole or in pieces, to `path`, appearing at once and complete.

    An existing file is kept unless `force`; a link is never followed nor replaced. Raises
    UserError in these cases, and where the folder is missing or cannot be written.
    """
    target = Path(path)
    shown = shown_path(target)
    try:
        found = target.lstat()
    except FileNotFoundError:
        found = None
    except OSError as error:
        raise _unwritable(shown, error) from error
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise UserError(
            f"{shown} : n’est pas un fichier ordinaire ; choisir un autre nom",
            f"{shown}: is not a regular file; choose another name",
        )
    if found is not None and not force:
        raise UserError(
            f"{shown} : existe déjà ; ajouter --force pour le remplacer",
            f"{shown}: exists already; add --force to replace it",
        )
    try:
        _write_beside(target, data, mode)
    except OSError as error:
        raise _unwritable(shown, error) from error


def make_folder(path: str | Path) -> Path:
    """Make a folder and those above it, private to the user. Raises UserError where it cannot."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unwritable(shown_path(folder), error) from error
    return folder


def shown_path(path: str | Path) -> str:
    """Return a file name fit to be shown: control characters and stray bytes escaped."""
    text = os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _write_beside(target: Path, data: bytes | Iterable[bytes], mode: int) -> None:
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(temporary, flags, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _unwritable(shown: str, error: OSError) -> UserError:
    return UserError(
        f"{shown} : écriture impossible ({reason(error, 'fr')})",
        f"{shown}: cannot be written ({reason(error, 'en')})",
    )
