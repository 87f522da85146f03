"""The sections of the settings: what can be set, what it means, and how each value is read.

Each field carries its reader, its sentence for the reference and an example. Defaults are in
`defaults.toml`; a field that has none there says here what its absence means.
"""
# ruff: noqa: RUF009 - `_setting` stands for dataclasses.field

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from config.database import masked_url
from config.problems import refuse
from config.values import (
    ADDRESS,
    BLACKOUTS,
    DATES,
    DOMAIN,
    DURATION,
    DURATIONS,
    HOST,
    PATH,
    PERIOD,
    PERIOD_OR_ZERO,
    PERIODS,
    PING_URL,
    SECRET,
    TEXT,
    TIME,
    WEEKLY_TIME,
    YES_NO,
    ZONE,
    list_of,
    one_of,
    simple,
    whole_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, time, timedelta
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from config.problems import Problem
    from config.values import Blackout, Reader, WeeklyTime

Security = Literal["starttls", "tls", "none"]
DEFAULT_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}

# Ours → the zone's name in the jours_feries_france package.
TERRITORIES: Mapping[str, str] = {
    "metropole": "Métropole",
    "alsace-moselle": "Alsace-Moselle",
    "guadeloupe": "Guadeloupe",
    "guyane": "Guyane",
    "martinique": "Martinique",
    "mayotte": "Mayotte",
    "nouvelle-caledonie": "Nouvelle-Calédonie",
    "la-reunion": "La Réunion",
    "polynesie-francaise": "Polynésie Française",
    "saint-barthelemy": "Saint-Barthélémy",
    "saint-martin": "Saint-Martin",
    "wallis-et-futuna": "Wallis-et-Futuna",
    "saint-pierre-et-miquelon": "Saint-Pierre-et-Miquelon",
}


def _database_text(raw: object) -> str:
    if not isinstance(raw, str):
        raise refuse("un texte entre guillemets est attendu", "text between quotes is expected")
    return raw


def _setting(
    reader: Reader,
    doc: str,
    example: str = "",
    *,
    default: Any = MISSING,  # noqa: ANN401 - like dataclasses.field
    shown_default: str = "",
    secret: bool = False,
) -> Any:  # noqa: ANN401 - like dataclasses.field
    """Declare a setting. Without `default` it has one in defaults.toml.

    `doc`, `example` and `shown_default` (what an absent key means) are for the reference.
    """
    metadata = {
        "reader": reader,
        "doc": doc,
        "example": example,
        "shown_default": shown_default,
        "secret": secret,
    }
    return field(default=default, repr=not secret, metadata=metadata)


def _derived(*, default: Any = None) -> Any:  # noqa: ANN401 - like dataclasses.field
    """Declare a field that is computed, not written in the file."""
    return field(default=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSettings:
    """The office that follows the conventions."""

    name: str = _setting(
        TEXT,
        "Name of the office, shown as the sender's name and at the top of letters.",
        '"Direction des relations internationales"',
    )
    recipients: tuple[str, ...] = _setting(
        list_of(ADDRESS),
        "Who receives the weekly report. May be empty; an address written twice counts once.",
        '["relations.internationales@example.org"]',
    )
    fallback: str | None = _setting(
        ADDRESS,
        "Who is written to when a convention has nobody, or when somebody's address is refused.",
        '"secretariat@example.org"',
        default=None,
        shown_default="none (a warning)",
    )
    sender: str | None = _setting(
        ADDRESS,
        "The address mail is sent from.",
        '"conventions@example.org"',
        default=None,
        shown_default="`mail.username` where it is an address, else `fallback`, "
        "else the first recipient (a warning)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """How mail leaves: through a relay (`host`), or into a folder (`directory`)."""

    host: str | None = _setting(
        HOST, "The mail relay.", '"smtp.example.org"', default=None, shown_default="no relay"
    )
    port: int | None = _setting(
        whole_number(1, 65535),
        "Port of the relay.",
        "587",
        default=None,
        shown_default="587 with `starttls`, 465 with `tls`, 25 with `none`",
    )
    security: Security = _setting(
        one_of("starttls", "tls", "none"),
        "How the connection is protected. `none` only towards this machine, "
        "or with `allow_plaintext`.",
        '"starttls"',
        default="starttls",
        shown_default="`starttls`; `tls` when the port is 465",
    )
    allow_plaintext: bool = _setting(
        YES_NO,
        'Allow `security = "none"` towards another machine. A warning stays for ever.',
        "false",
    )  # fmt: skip
    ca_file: Path | None = _setting(
        PATH,
        "Certificates of a private authority (PEM), in place of the system's.",
        '"/etc/ssl/mairie-ca.pem"',
        default=None,
        shown_default="the system's",
    )
    username: str | None = _setting(
        TEXT,
        "Account on the relay.",
        '"conventions"',
        default=None,
        shown_default="no authentication",
    )
    password: str | None = _setting(
        SECRET,
        "Password of the account. Prefer `password_file`: a password written here is a warning.",
        default=None,
        shown_default="read from `password_file`",
        secret=True,
    )
    password_file: Path | None = _setting(
        PATH,
        "File that holds the password alone; refused when others than its owner and group can "
        "read it. `smtp-password` also names the systemd credential "
        "`$CREDENTIALS_DIRECTORY/smtp-password`.",
        '"/etc/conventions/smtp-password"',
        default=None,
        shown_default="the systemd credential `smtp-password` where there is one",
    )
    directory: Path | None = _setting(
        PATH,
        "Write each message there as an `.eml` file instead of sending it. Not with `host`.",
        '"outgoing"',
        default=None,
        shown_default="none",
    )
    message_id_domain: str | None = _setting(
        DOMAIN,
        "Right-hand side of each Message-ID. Changing it makes repeats harder to recognise.",
        '"mairie.example.org"',
        default=None,
        shown_default="the sender's domain",
    )
    can_send: bool = _derived(default=False)
    """Whether messages can leave: a relay or a folder, a sender, the password if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where the conventions are kept."""

    url: str = _setting(
        simple("database URL", _database_text),
        "An SQLite file (`sqlite:///relative.db`, `sqlite:////absolute.db`, or its bare path) or "
        "`postgresql://user@host/name` (psycopg 3). A relative path is taken against the current "
        "directory. `$CONVENTIONS_DATABASE_URL` wins over this key, `--database` over both.",
        '"sqlite:////var/lib/conventions/conventions.db"',
    )
    sqlite_path: Path | None = _derived()

    @property
    def masked(self) -> str:
        """The URL without its password, for people and logs."""
        return masked_url(self.url)

    def __repr__(self) -> str:
        return f"DatabaseSettings(url={self.masked!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSettings:
    """Where this machine keeps what must not be restored with the database."""

    directory: Path = _setting(
        PATH,
        "Folder of the journal of sent mail. It must outlive the database and never be shared "
        "between machines.",
        '"/var/lib/conventions/state"',
        default=None,
        shown_default="`NAME.db.state/` beside the SQLite file; with PostgreSQL a folder below "
        "`~/.local/state/conventions/` (a warning)",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """When the daemon works."""

    scan: time = _setting(TIME, "Hour of the daily scan and of the reminders.", '"06:30"')
    report: WeeklyTime = _setting(
        WEEKLY_TIME, "Day and hour of the weekly report (day in English or French).", '"lundi 8h00"'
    )
    timezone: ZoneInfo = _setting(
        ZONE, "Time zone of these hours, and of “today”.", '"Indian/Reunion"'
    )
    ping_url: str | None = _setting(
        PING_URL,
        "Address fetched after each good run, so that a silence is noticed elsewhere; redirects "
        "are not followed. `http` only towards this machine.",
        '"https://hc.example.org/ping/5f0c"',
        default=None,
        shown_default="none",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """How long before the day to act people are reminded, by kind of deadline. `[]` is never."""

    signature: tuple[str, ...] = _setting(PERIODS, "Voted, not signed yet.")
    expiry: tuple[str, ...] = _setting(PERIODS, "Last day of a convention that nothing renews.")
    renewal: tuple[str, ...] = _setting(PERIODS, "Last day of a term that renews tacitly.")
    notice: tuple[str, ...] = _setting(PERIODS, "Last day to denounce.", '["P9M", "P6M", "P1M"]')
    decision: tuple[str, ...] = _setting(PERIODS, "Last council session that can vote a renewal.")
    evaluation: tuple[str, ...] = _setting(PERIODS, "Periodic evaluation.")
    committee: tuple[str, ...] = _setting(PERIODS, "Meeting of the steering committee.")
    report: tuple[str, ...] = _setting(PERIODS, "Report owed.")
    final_evaluation: tuple[str, ...] = _setting(PERIODS, "Final evaluation.")
    payment: tuple[str, ...] = _setting(PERIODS, "Instalment to pay.")
    publication: tuple[str, ...] = _setting(PERIODS, "Publication of the essential data.")
    transmission: tuple[str, ...] = _setting(PERIODS, "Transmission to the prefect.")
    declaration: tuple[str, ...] = _setting(PERIODS, "Yearly declaration.")
    milestone: tuple[str, ...] = _setting(PERIODS, "Event of the programme.")
    programme_end: tuple[str, ...] = _setting(PERIODS, "End of the programme.")
    review: tuple[str, ...] = _setting(PERIODS, "Yearly review of an indefinite convention.", "[]")
    missing: tuple[str, ...] = _setting(PERIODS, "A fact without which nothing can be computed.")
    postal_margin: str = _setting(
        PERIOD_OR_ZERO,
        "Taken off the day by which a notice must leave, for a letter that waits at the post "
        'office. `"P0D"` for none.',
        '"P10D"',
    )

    def for_kind(self, kind: str) -> tuple[str, ...]:
        """Return the lead times of one kind of deadline; KeyError when there is no such kind."""
        if kind not in DEADLINE_KINDS:
            raise KeyError(kind)
        periods: tuple[str, ...] = getattr(self, kind)
        return periods

    def by_kind(self) -> dict[str, tuple[str, ...]]:
        """Return the lead times of every kind of deadline."""
        return {kind: self.for_kind(kind) for kind in DEADLINE_KINDS}


DEADLINE_KINDS = tuple(f.name for f in fields(ReminderSettings) if f.name != "postal_margin")


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSettings:
    """Who else is told when an urgent or overdue deadline is left without a sign."""

    urgent: str = _setting(PERIOD, "A deadline is urgent this long before its day to act.", '"P7D"')
    watchers_after: str = _setting(
        PERIOD,
        "After this long without acknowledgement, the convention's watchers are told.",
        '"P3D"',
    )
    office_after: str = _setting(
        PERIOD,
        "After this long without acknowledgement, the office's fallback recipient is told. "
        "Not before the watchers.",
        '"P7D"',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    """Waits, leases and limits of delivery. The defaults suit; tests shorten them."""

    uncertain_wait: timedelta = _setting(
        DURATION, "How long an uncertain message waits before its only repeat.", '"PT15M"'
    )
    lease: timedelta = _setting(
        DURATION, "How long a claimed message belongs to the process that claimed it.", '"PT5M"'
    )
    connect_timeout: timedelta = _setting(DURATION, "Longest wait for a connection.", '"PT30S"')
    command_timeout: timedelta = _setting(
        DURATION, "Longest wait for the answer to an SMTP command.", '"PT1M"'
    )
    dot_timeout: timedelta = _setting(
        DURATION, "Longest wait for the answer to the end of a message.", '"PT10M"'
    )
    max_message_bytes: int = _setting(
        whole_number(10_000, 50_000_000), "A larger message is split.", "5_000_000"
    )
    circuit_backoff: tuple[timedelta, ...] = _setting(
        DURATIONS,
        "Waits between probes of a relay in trouble; the last one is repeated for ever.",
        '["PT5M", "PT10M", "PT1H"]',
    )
    retry_backoff: tuple[timedelta, ...] = _setting(
        DURATIONS,
        "Waits before a message that was put off is tried again; the last one is repeated.",
        '["PT5M", "PT30M", "PT2H"]',
    )
    never_repeat_uncertain: bool = _setting(
        YES_NO, "Leave an uncertain message to a person instead of repeating it once.", "true"
    )
    tick: timedelta = _setting(DURATION, "How often the daemon looks for work.", '"PT60S"')


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSettings:
    """When the council meets."""

    sessions: tuple[date, ...] = _setting(
        DATES,
        "Days of the council's sessions. One that falls in a blackout counts, with a warning.",
        "[2027-03-29, 2027-06-28]",
    )
    sessions_file: Path | None = _setting(
        PATH,
        "A CSV or iCalendar file of sessions, added to the list.",
        '"seances.ics"',
        default=None,
        shown_default="none",
    )
    clear_days: int = _setting(
        whole_number(0, 36_500),
        "Clear days between convocation and session (CGCT L2121-11, L2121-12): 5, or 3 below "
        "3,500 inhabitants.",
        "3",
    )
    blackouts: tuple[Blackout, ...] = _setting(
        BLACKOUTS,
        "Days on which no session is expected: dates, or `MM-DD` for every year.",
        '[{ from = "07-14", to = "08-31" }, { from = 2026-02-01, to = 2026-03-31 }]',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """Calendars for people's own calendar programs."""

    directory: Path | None = _setting(
        PATH,
        "Folder in which the iCalendar files are published.",
        '"/srv/calendars"',
        default=None,
        shown_default="not published",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySettings:
    """Days on which nobody works. They move reminders earlier, never a legal date."""

    territory: str = _setting(
        one_of(*TERRITORIES), "Whose public holidays.", '"alsace-moselle"'
    )  # fmt: skip
    added: tuple[date, ...] = _setting(
        DATES, "Days off to add (Good Friday, a local day).", "[2027-03-26]"
    )
    removed: tuple[date, ...] = _setting(
        DATES, "Public holidays on which the office works.", "[2027-05-17]"
    )

    @property
    def zone(self) -> str:
        """The territory's name in the jours_feries_france package."""
        return TERRITORIES[self.territory]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. `file` is None when only the defaults are in force."""

    office: OfficeSettings
    mail: MailSettings
    database: DatabaseSettings
    state: StateSettings
    schedule: ScheduleSettings
    reminders: ReminderSettings
    escalation: EscalationSettings
    delivery: DeliverySettings
    council: CouncilSettings
    calendar: CalendarSettings
    holidays: HolidaySettings
    file: Path | None = None
    warnings: tuple[Problem, ...] = ()


SECTIONS: Mapping[str, type[Any]] = {
    "office": OfficeSettings,
    "mail": MailSettings,
    "database": DatabaseSettings,
    "state": StateSettings,
    "schedule": ScheduleSettings,
    "reminders": ReminderSettings,
    "escalation": EscalationSettings,
    "delivery": DeliverySettings,
    "council": CouncilSettings,
    "calendar": CalendarSettings,
    "holidays": HolidaySettings,
}


def written_fields(section: type[Any]) -> Iterator[Field[Any]]:
    """Yield the fields of a section that can be written in a file."""
    return (f for f in fields(section) if "reader" in f.metadata)
