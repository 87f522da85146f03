"""What can go wrong with the database, in words for the person who has to mend it.

Every error has a stable English `code`, its `params`, an `exit_status` (2: somebody must mend it,
3: try again) and a sentence in French and in English. No password is ever part of one.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

Language = Literal["fr", "en"]

_CREDENTIALS = re.compile(r"(?<=://)([^/@\s:]*):(\S*)@")
_PASSWORD_OPTION = re.compile(r"(?i)((?:password|sslpassword|passwd)\s*=\s*)('[^']*'|[^&\s]+)")


def mask_password(text: str) -> str:
    """Return `text`, a database URL or a driver's complaint, with its passwords masked."""
    return _PASSWORD_OPTION.sub(r"\1***", _CREDENTIALS.sub(r"\1:***@", text))


class StorageError(Exception):
    """The database cannot do what was asked."""

    code: ClassVar[str] = "storage"
    exit_status: ClassVar[int] = 2
    french: ClassVar[str] = "La base de données ne répond pas comme prévu : {detail}"
    english: ClassVar[str] = "The database does not answer as expected: {detail}"

    def __init__(self, **params: str) -> None:
        self.params = {name: mask_password(value) for name, value in params.items()}
        super().__init__(self.message("en"))

    def message(self, lang: Language = "fr") -> str:
        """Return the sentence in the reader's language."""
        return (self.english if lang == "en" else self.french).format_map(self.params)


class BadDatabaseUrlError(StorageError):
    code = "database_url"
    french = (
        "L’adresse de la base n’est pas utilisable : {url} ({detail}). Écrire "
        "sqlite:////chemin/conventions.db ou postgresql://utilisateur@serveur/base."
    )
    english = (
        "The database URL cannot be used: {url} ({detail}). Write "
        "sqlite:////path/conventions.db or postgresql://user@server/database."
    )


class DriverMissingError(StorageError):
    code = "database_driver_missing"
    french = (
        "Le pilote PostgreSQL n’est pas installé. Installer conventions[postgres] "
        "(pip install 'conventions[postgres]')."
    )
    english = (
        "The PostgreSQL driver is not installed. Install conventions[postgres] "
        "(pip install 'conventions[postgres]')."
    )


class DatabaseMissingError(StorageError):
    code = "database_missing"
    french = (
        "La base {url} n’existe pas ou est vide. Vérifier l’adresse et que le disque est monté, "
        "ou la créer avec « conventions init »."
    )
    english = (
        "The database {url} does not exist or is empty. Check the address and that the disk is "
        "mounted, or create it with `conventions init`."
    )


class FolderMissingError(StorageError):
    code = "database_folder_missing"
    french = (
        "Le dossier {folder} n’existe pas : la base n’y est pas créée, car un disque absent "
        "ressemblerait à un portefeuille vide. Créer ou monter ce dossier d’abord."
    )
    english = (
        "The folder {folder} does not exist: no database is created there, because a missing disk "
        "would look like an empty portfolio. Create or mount the folder first."
    )


class NotOurDatabaseError(StorageError):
    code = "database_not_ours"
    french = "{url} n’est pas une base de conventions ({detail}). Rien n’y a été écrit."
    english = "{url} is not a database of conventions ({detail}). Nothing was written to it."


class SchemaTooNewError(StorageError):
    code = "schema_too_new"
    french = (
        "La base {url} vient d’une version plus récente du logiciel (schéma {found}, celui-ci "
        "connaît {known}). Mettre le logiciel à jour. Rien n’y a été écrit."
    )
    english = (
        "The database {url} comes from a newer version of the program (schema {found}, this one "
        "knows {known}). Upgrade the program. Nothing was written to it."
    )


class SchemaTooOldError(StorageError):
    code = "schema_too_old"
    french = (
        "La base {url} est d’une version plus ancienne (schéma {found}, attendu {known}). "
        "La sauvegarder, puis lancer « conventions init », qui la met à jour."
    )
    english = (
        "The database {url} is of an older version (schema {found}, wanted {known}). "
        "Back it up, then run `conventions init`, which upgrades it."
    )


class DatabaseLockedError(StorageError):
    code = "database_locked"
    exit_status = 3
    french = (
        "La base est occupée par un autre programme. Réessayer dans un instant ; si cela dure, "
        "chercher quelle commande ne se termine pas."
    )
    english = (
        "The database is in use by another program. Try again in a moment; if it lasts, look for "
        "a command that does not end."
    )


class DatabaseUnreachableError(StorageError):
    code = "database_unreachable"
    exit_status = 3
    french = "La base {url} ne répond pas : {detail}"
    english = "The database {url} cannot be reached: {detail}"


class DatabaseReadOnlyError(StorageError):
    code = "database_read_only"
    french = "La base {url} est en lecture seule. Vérifier les droits du fichier et de son dossier."
    english = "The database {url} is read-only. Check the rights of the file and of its folder."


class DatabaseFullError(StorageError):
    code = "database_full"
    exit_status = 3
    french = "Le disque de la base {url} est plein. Libérer de la place, puis réessayer."
    english = "The disk of the database {url} is full. Make room, then try again."


class DatabaseDamagedError(StorageError):
    code = "database_damaged"
    french = (
        "Le fichier de la base {url} est endommagé ({detail}). Ne plus y écrire et restaurer une "
        "sauvegarde (« conventions restore »)."
    )
    english = (
        "The database file {url} is damaged ({detail}). Stop writing to it and restore a backup "
        "(`conventions restore`)."
    )


class SqliteTooOldError(StorageError):
    code = "sqlite_too_old"
    french = "SQLite {found} est trop ancien : il faut {wanted} au moins."
    english = "SQLite {found} is too old: {wanted} or later is needed."


class NetworkFileSystemError(StorageError):
    code = "database_on_network"
    french = (
        "La base {url} est sur un système de fichiers réseau ({detail}), dont les verrous ne sont "
        "pas sûrs pour SQLite. La mettre sur un disque local, ou prendre PostgreSQL."
    )
    english = (
        "The database {url} is on a network file system ({detail}), whose locks are not safe for "
        "SQLite. Put it on a local disk, or use PostgreSQL."
    )


class ConventionChangedError(StorageError):
    code = "convention_changed"
    exit_status = 3
    french = (
        "La convention {reference} a été modifiée entre-temps (version {found}, lue en version "
        "{expected}). La relire, puis recommencer."
    )
    english = (
        "The convention {reference} was changed meanwhile (version {found}, read as version "
        "{expected}). Read it again, then start over."
    )


class UnstorableConventionError(StorageError):
    code = "convention_unstorable"
    french = "La convention {reference} ne peut pas être enregistrée : {field}, {detail}."
    english = "The convention {reference} cannot be stored: {field}, {detail}."
