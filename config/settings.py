"""The settings: what they are, and how they are loaded and checked.

Everything is read once, at start, into frozen values. The user's file lies over `defaults.toml`,
key by key. Nothing is guessed and nothing is ignored: an unknown key or a bad value refuses the
whole file, and every problem is told at once. What deserves attention without preventing work is
kept in `Settings.warnings`.

Conventions. A relative path in a settings file is taken against the folder of that file. A relative
SQLite URL is taken against the current directory, as SQLAlchemy does. Periods (`P6M`) are kept as
checked ISO 8601 strings; clock durations (`PT10M`) are timedelta.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.database import filesystem_type, masked_url, read_mounts
from config.loading import Loader, path_exists, shipped
from config.problems import Place, Problem, SettingsError
from config.sections import (
    DEADLINE_KINDS,
    TERRITORIES,
    CalendarSettings,
    CouncilSettings,
    DatabaseSettings,
    DeliverySettings,
    EscalationSettings,
    HolidaySettings,
    MailSettings,
    OfficeSettings,
    ReminderSettings,
    ScheduleSettings,
    Settings,
    StateSettings,
)
from config.source import missing_file
from config.values import Blackout, WeeklyTime

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEADLINE_KINDS",
    "TERRITORIES",
    "Blackout",
    "CalendarSettings",
    "CouncilSettings",
    "DatabaseSettings",
    "DeliverySettings",
    "EscalationSettings",
    "HolidaySettings",
    "MailSettings",
    "OfficeSettings",
    "Place",
    "Problem",
    "ReminderSettings",
    "ScheduleSettings",
    "Settings",
    "SettingsError",
    "StateSettings",
    "WeeklyTime",
    "example_text",
    "filesystem_type",
    "find_settings_file",
    "load_settings",
    "masked_url",
    "read_mounts",
    "state_directory",
]

CONFIG_VARIABLE = "CONVENTIONS_CONFIG"
LOCAL_FILE = "conventions.toml"
SYSTEM_FILE = Path("/etc/conventions/conventions.toml")


def find_settings_file(
    explicit: Path | str | None,
    environ: Mapping[str, str],
    cwd: Path,
    *,
    system_file: Path = SYSTEM_FILE,
) -> Path | None:
    """Return the settings file in force, None for the built-in defaults.

    `--config`, else $CONVENTIONS_CONFIG: one that does not exist is an error. Else
    ./conventions.toml, else /etc/conventions/conventions.toml: one that exists but may not be
    looked at is returned all the same, so that loading it says so.
    """
    asked = explicit if explicit is not None else environ.get(CONFIG_VARIABLE) or None
    if asked is not None:
        path = cwd / asked
        if not str(asked) or not path_exists(path):
            raise missing_file(str(asked) or "--config")
        return path
    candidates = (cwd / LOCAL_FILE, system_file)
    return next((path for path in candidates if path_exists(path)), None)


def load_settings(
    path: Path | None,
    environ: Mapping[str, str],
    *,
    database_override: str | None = None,
    cwd: Path | None = None,
    mounts: str | None = None,
) -> Settings:
    """Load a settings file over the shipped defaults; None loads the defaults alone.

    Raises SettingsError with every problem found. `cwd` is the current directory unless given.
    `mounts` is the text of /proc/mounts (`read_mounts()`): given, an SQLite file on a network file
    system is refused.
    """
    here = _current_directory() if cwd is None else cwd.absolute()
    return Loader(path, environ, database_override, here, mounts).load()


def _current_directory() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise SettingsError(
            [
                Problem(
                    code="no_current_directory",
                    place=Place(source="."),
                    message_fr="le dossier courant n’existe plus ou n’est pas accessible",
                    message_en="the current directory is gone or cannot be reached",
                    hint_fr="placez-vous dans un autre dossier",
                    hint_en="change to another directory",
                )
            ]
        ) from error


def state_directory(settings: Settings) -> Path:
    """Return the folder of this machine's journal and other state."""
    return settings.state.directory


def example_text() -> str:
    """Return the commented settings file that `conventions init` writes."""
    return shipped("example.toml")
