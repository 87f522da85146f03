"""Write the letters: a `Report` or a `Digest` becomes a subject, a text and an HTML page.

Whole letters are templates, one folder per language (`templates/fr`, `templates/en`). A town may
put its own beside them in an override folder; such a template

* is read once, from regular files inside that folder, that only their owner may change;
* sees frozen plain values only, in Jinja2's immutable sandbox; it can include a letter's own parts
  and nothing else;
* is checked after rendering: every reminder must be named by its key in the text and in the page.

Where it fails any of this, the built-in letter leaves instead and a `Problem` says why. A letter is
never lost to a template.
"""

from __future__ import annotations

import html as html_entities
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import css_inline
from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.digest import MAX_REMINDERS, Digest, Report
from notifications.headers import Attachment, RenderedMail
from notifications.problems import Problem
from notifications.typography import (
    NO_BREAK_SPACE,
    french_spaces,
    one_line,
    outside_markup,
    visible_text,
    wrap,
)
from notifications.views import ReminderView, ReportView, Row, reminder_view, report_view
from notifications.words import Lang, Words

MAX_SUBJECT = 200
MAX_ROWS = 150
"""Lines in a report; what is left out is counted, and the command that lists it named."""
MAX_HTML = 100_000
"""Bytes; some mail programs cut a longer page in the middle."""
MAX_TEMPLATE = 200_000

REMINDER, REPORT = "reminder", "report"
LAYOUT = "_layout.html.j2"
TEMPLATE_NAMES = (
    LAYOUT,
    "_items.html.j2",
    "_items.txt.j2",
    "_words.j2",
    "reminder.html.j2",
    "reminder.subject.j2",
    "reminder.txt.j2",
    "report.html.j2",
    "report.subject.j2",
    "report.txt.j2",
)

_KEY_WORDS = re.compile(r"[\w/%.~-]+")
_DETAIL = (40, 20, 10, 0)
"""How many reminders are told in full: the first number whose page is small enough."""
_REPORT_SIZES = (
    (MAX_ROWS, 40),
    (MAX_ROWS, 20),
    (MAX_ROWS, 10),
    (MAX_ROWS, 0),
    (100, 0),
    (60, 0),
    (30, 0),
)

_Views = Callable[[], Iterator[ReportView] | Iterator[ReminderView]]

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_END_SPACES = re.compile(r"[ \t]+$", re.MULTILINE)
_STYLE_FIRST = re.compile(r"<head>(<style\b.*?</style>)(.*?)</head>", re.DOTALL)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail ready to be assembled, and what went wrong while it was written."""

    mail: RenderedMail
    problems: tuple[Problem, ...] = ()


class UnfitTemplate(Exception):  # noqa: N818 -- what it is, said of the template
    """An override that may not be used; the message says why, in French and in English."""

    def __init__(self, message_fr: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_fr = message_fr
        self.message_en = message_en


class LetterWriter:
    """Writes letters in one language, for one office.

    `overrides` is the folder that holds the town's own templates (`fr/report.txt.j2` …), if any.
    Templates are read when the writer is made, and not again.
    """

    def __init__(self, words: Words, *, office: str = "", overrides: Path | None = None) -> None:
        self._words = words
        self._office = office
        self._built_in = _built_in_templates(words.lang)
        own, problems = _own_templates(overrides, words.lang)
        self._own = _templates(words.lang, _built_in(words.lang) | own) if own else None
        self._problems = problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Say which override files could not be used; known before any letter is written."""
        return self._problems

    def write_report(self, report: Report, *, attachments: Sequence[Attachment] = ()) -> Letter:
        """Write the weekly report."""

        def views() -> Iterator[ReportView]:
            for most, full in _REPORT_SIZES:
                yield report_view(
                    report, self._words, office=self._office, detailed=full, most=most
                )

        return self._write(REPORT, views, attachments)

    def write_reminder(self, digest: Digest, *, attachments: Sequence[Attachment] = ()) -> Letter:
        """Write the letter that tells one person of the reminders of the day."""

        def views() -> Iterator[ReminderView]:
            # A page of so many lines is never small: do not write it four times to find out.
            for full in _DETAIL if len(digest.items) <= MAX_REMINDERS else _DETAIL[-1:]:
                yield reminder_view(digest, self._words, office=self._office, detailed=full)

        return self._write(REMINDER, views, attachments)

    def report_subject(self, report: Report) -> str:
        """Return the subject of the weekly report without writing the letter."""
        return self._subject_of(
            REPORT, report_view(report, self._words, office=self._office, detailed=0, most=0)
        )

    def reminder_subject(self, digest: Digest) -> str:
        """Return the subject of a reminder without writing the letter."""
        return self._subject_of(
            REMINDER, reminder_view(digest, self._words, office=self._office, detailed=0)
        )

    def _subject_of(self, name: str, view: ReportView | ReminderView) -> str:
        if self._own is not None:
            # As for a whole letter: whatever somebody's template raises, ours takes its place.
            with suppress(Exception):
                return _subject(self._own, name, view)
        return _subject(self._built_in, name, view)

    def _write(
        self,
        name: str,
        views: _Views,
        attachments: Sequence[Attachment],
    ) -> Letter:
        problems = self._problems
        if self._own is not None:
            try:
                mail = _first_that_fits(self._own, name, views, tuple(attachments))
            # A template is somebody's program: whatever it raises, the letter leaves.
            except Exception as error:  # noqa: BLE001
                problems += (_template_refused(f"{self._words.lang}/{name}", error),)
            else:
                return Letter(mail=mail, problems=problems)
        mail = _first_that_fits(self._built_in, name, views, tuple(attachments))
        return Letter(mail=mail, problems=problems)


def _first_that_fits(
    templates: _Templates,
    name: str,
    views: _Views,
    attachments: tuple[Attachment, ...],
) -> RenderedMail:
    """Render the fullest letter whose page is small enough, or else the shortest one."""
    for view in views():
        html = _html(templates, name, view)
        if len(html.encode()) <= MAX_HTML:
            break
    subject = _subject(templates, name, view)
    text = _text(templates, name, view)
    _check_named(_rows(view), text, html)
    return RenderedMail(subject=subject, text=text, html=html, attachments=attachments)


def _subject(templates: _Templates, name: str, view: ReportView | ReminderView) -> str:
    rendered = templates.text.get_template(f"{name}.subject.j2").render(letter=view).strip()
    if not rendered or "\n" in rendered or len(rendered) > 5 * MAX_SUBJECT:
        raise UnfitTemplate(
            "l’objet est vide, trop long ou sur plusieurs lignes",
            "the subject is empty, too long or on several lines",
        )
    # A title may look like an encoded header: mail programs must not find one here.
    plain = _UNSEEN.sub("", rendered).replace("=?", "= ?")
    return one_line(_spaced(templates, plain), MAX_SUBJECT)


def _text(templates: _Templates, name: str, view: ReportView | ReminderView) -> str:
    rendered = templates.text.get_template(f"{name}.txt.j2").render(letter=view)
    rendered = _LINE_END_SPACES.sub("", rendered)
    return _BLANK_LINES.sub("\n\n", rendered).strip("\n") + "\n"


def _html(templates: _Templates, name: str, view: ReportView | ReminderView) -> str:
    rendered = templates.page.get_template(f"{name}.html.j2").render(letter=view)
    try:
        inlined = _INLINER.inline(rendered)
    except css_inline.InlineError as error:
        raise UnfitTemplate(f"style illisible ({error})", f"unreadable style ({error})") from error
    # The inliner puts the style first; the declaration of the encoding must come before it.
    inlined = _STYLE_FIRST.sub(r"<head>\2\1</head>", inlined, count=1)
    lines = (line.strip() for line in inlined.splitlines())
    page = "\n".join(line for line in lines if line) + "\n"
    return outside_markup(lambda text: _spaced(templates, text), page)


def _spaced(templates: _Templates, text: str) -> str:
    return french_spaces(text) if templates.lang == "fr" else text


def _rows(view: ReportView | ReminderView) -> tuple[Row, ...]:
    if isinstance(view, ReminderView):
        return view.rows
    return tuple(row for section in view.sections for row in section.rows)


def _check_named(rows: Sequence[Row], text: str, html: str) -> None:
    """Refuse a letter that leaves a deadline out, in the text or on the page."""
    both = _keys_in(text) & _keys_in(html_entities.unescape(visible_text(html)))
    left_out = [row.key for row in rows if row.key not in both]
    if left_out:
        first, more = left_out[0], len(left_out) - 1
        raise UnfitTemplate(
            f"la lettre ne nomme pas {first}" + (f" ni {more} autres échéances" if more else ""),
            f"the letter does not name {first}" + (f" nor {more} other deadlines" if more else ""),
        )


def _keys_in(text: str) -> frozenset[str]:
    """Return the words that can be keys, whole: a key is not the start of a longer one."""
    words = _KEY_WORDS.findall(text)
    return frozenset(words) | frozenset(word.rstrip(".") for word in words)


@dataclass(frozen=True, slots=True)
class _Templates:
    """The same templates twice: for text, and for pages, where *everything* is escaped.

    One environment that chose by file name would let a shared macro (`_words.j2`) hand unescaped
    data to a page: the result of a macro is trusted as its caller's.
    """

    lang: Lang
    text: ImmutableSandboxedEnvironment
    page: ImmutableSandboxedEnvironment


def _templates(lang: Lang, sources: dict[str, str]) -> _Templates:
    return _Templates(
        lang=lang,
        text=_environment(lang, sources, autoescape=False),
        page=_environment(lang, sources, autoescape=True),
    )


def _environment(
    lang: Lang, sources: dict[str, str], *, autoescape: bool
) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(sources),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )

    def para(text: str, indent: int = 0, hang: int | None = None) -> str:
        flat = re.sub(r"[ \n]+", " ", text).strip(" ")
        spaced = french_spaces(flat) if lang == "fr" else flat
        first = " " * indent
        return wrap(spaced, indent=first if hang is None else " " * hang, first=first)

    environment.filters["para"] = para
    environment.filters["initial"] = lambda text: text[:1].upper() + text[1:]
    environment.globals["lang"] = lang
    environment.globals["nbsp"] = NO_BREAK_SPACE
    return environment


@cache
def _built_in(lang: Lang) -> dict[str, str]:
    templates = resources.files("notifications") / "templates"
    return {
        name: (templates / ("" if name == LAYOUT else lang) / name).read_text(encoding="utf-8")
        for name in TEMPLATE_NAMES
    }


@cache
def _built_in_templates(lang: Lang) -> _Templates:
    return _templates(lang, _built_in(lang))


def _own_templates(folder: Path | None, lang: Lang) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Read the override files of one language; what may not be used becomes a problem."""
    if folder is None:
        return {}, ()
    own: dict[str, str] = {}
    problems: list[Problem] = []
    for name in TEMPLATE_NAMES:
        path = folder / lang / name
        if not os.path.lexists(path):
            continue
        try:
            own[name] = _read_override(folder, path)
        except UnfitTemplate as error:
            problems.append(_template_refused(f"{lang}/{name}", error))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(_template_refused(f"{lang}/{name}", error))
    return own, tuple(problems)


def _read_override(folder: Path, path: Path) -> str:
    root, real = Path(os.path.realpath(folder)), Path(os.path.realpath(path))
    if not real.is_relative_to(root):
        raise UnfitTemplate("le fichier mène hors du dossier", "the file leads out of the folder")
    for place in (root, real.parent, real):
        _check_owner(place)
    # O_NONBLOCK: a pipe must not hold the letter back.
    descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:  # noqa: PTH123 -- from a descriptor
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnfitTemplate("ce n’est pas un fichier", "it is not a regular file")
        content = file.read(MAX_TEMPLATE + 1)
    if len(content) > MAX_TEMPLATE:
        raise UnfitTemplate("le fichier est trop gros", "the file is too big")
    return content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")


def _check_owner(place: Path) -> None:
    status = place.stat()
    if status.st_mode & stat.S_IWOTH:
        raise UnfitTemplate(
            f"tout le monde peut modifier {place.name} (chmod o-w)",
            f"anybody may change {place.name} (chmod o-w)",
        )
    if status.st_uid not in {0, os.geteuid()}:
        raise UnfitTemplate(
            f"{place.name} appartient à un autre utilisateur",
            f"{place.name} belongs to another user",
        )


def _template_refused(name: str, error: Exception) -> Problem:
    french = error.message_fr if isinstance(error, UnfitTemplate) else one_line(str(error), 200)
    english = error.message_en if isinstance(error, UnfitTemplate) else one_line(str(error), 200)
    return Problem(
        code="template_refused",
        subject=name,
        message_fr=f"modèle « {name} » écarté : {french} ; la lettre d’origine a été utilisée",
        message_en=f"template “{name}” set aside: {english}; the built-in letter was used",
    )
