"""Letters as people receive them. The expected texts in tests/data/letters are documents: read
them when they change (`UPDATE_LETTERS=1 pytest tests/unit/test_rendering.py` writes them anew)."""

import os
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters_support import (
    ANNE,
    CONCERNS,
    DONE,
    INCOMPLETE,
    NOTICE,
    OFFICE,
    PAUL,
    PORTFOLIO,
    STATE_COUNTS,
    TODAY,
    PlainWords,
    addressed,
    deadline,
    matches,
)

from notifications.digest import Concern, build_reminders, build_report
from notifications.headers import Attachment
from notifications.rendering import (
    MAX_HTML,
    MAX_SUBJECT,
    TEMPLATE_NAMES,
    LetterWriter,
    _built_in,
)
from notifications.typography import WIDTH
from notifications.words import Words
from tracker.domain.consequences import Basis, DeadlineKind, DeadlineStatus
from tracker.domain.conventions import Partner, Quote
from tracker.wording import Wording

VOID = {"meta", "br", "img", "hr", "link", "input"}
ALLOWED_TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td",
    "h1", "h2", "p", "br", "strong", "span",
}  # fmt: skip


class Page(HTMLParser):
    """The structure of a page: its tags, its text, and what is not closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.text, self.attributes = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def writer(lang="fr", **options):
    return LetterWriter(PlainWords(lang), office=OFFICE, **options)


def full_report(lang="fr", **options):
    return writer(lang, **options).write_report(
        build_report(
            PORTFOLIO,
            today=TODAY,
            states=STATE_COUNTS,
            concerns=CONCERNS,
            done=DONE,
            next_session=date(2026, 12, 14),
            convocation_by=date(2026, 12, 8),
        )
    )


def quiet_report(lang="fr"):
    return writer(lang).write_report(build_report((), today=TODAY, states=STATE_COUNTS))


def reminder_to(person, *deadlines, lang="fr", escalation=0, **options):
    digests = build_reminders(addressed(*deadlines, escalation=escalation), TODAY)
    digest = next(digest for digest in digests if digest.recipient == person)
    return writer(lang, **options).write_reminder(digest)


def many(count, **changes):
    return [
        deadline(
            convention=f"DIJ-{number:04d}",
            title="Accueil de l’exposition itinérante sur les coopérations décentralisées",
            ordinal=number,
            due_on=TODAY + timedelta(days=number % 80),
            basis=NOTICE.basis,
            alternative=NOTICE.alternative,
            **changes,
        )
        for number in range(count)
    ]


LETTERS = {
    "report": full_report,
    "report-quiet": quiet_report,
    "report-nothing-followed": lambda lang: writer(lang).write_report(
        build_report((), today=TODAY, states={})
    ),
    "reminder": lambda lang: reminder_to(ANNE, *PORTFOLIO[:8], lang=lang),
    "reminder-watcher": lambda lang: reminder_to(PAUL, NOTICE, lang=lang),
    "reminder-insist": lambda lang: reminder_to(
        PAUL,
        deadline(
            kind=DeadlineKind.COMMITTEE,
            due_on=TODAY - timedelta(days=30),
            status=DeadlineStatus.OVERDUE,
            watchers=(PAUL,),
        ),
        lang=lang,
        escalation=2,
    ),
    "reminder-fallback": lambda lang: reminder_to(
        "secours@example.org", deadline(owner=None), lang=lang
    ),
    "reminder-past-prudent-day": lambda lang: reminder_to(
        ANNE,
        deadline(
            act_by=TODAY - timedelta(days=2), due_on=TODAY + timedelta(days=13), acknowledged=True
        ),
        lang=lang,
    ),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_letter_reads_as_expected(name, lang):
    letter = LETTERS[name](lang)
    assert letter.problems == ()
    subject = "Objet" if lang == "fr" else "Subject"
    text = f"{subject}: {letter.mail.subject}\n\n{letter.mail.text}"
    assert matches(f"{name}.{lang}.txt", text.encode())


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_text_fits_a_terminal(name, lang):
    for line in LETTERS[name](lang).mail.text.splitlines():
        assert len(line) <= WIDTH
        assert line == line.rstrip()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", LETTERS)
def test_page_is_made_of_tables_and_declares_itself(name, lang):
    html = LETTERS[name](lang).mail.html
    page = Page(html)
    assert page.open == []
    assert set(page.tags) <= ALLOWED_TAGS
    assert ("lang", lang) in page.attributes
    assert html.index("<meta charset") < html.index("<style") < 1024
    assert page.tags.count("title") == 1
    assert re.search(r"\bsrc=|url\(|var\(|grid|flex|@import|<link", html) is None
    assert "prefers-color-scheme" in html
    assert "max-width: 520px" in html
    assert [value for name, value in page.attributes if name == "role"] == [
        "presentation"
    ] * page.tags.count("table")


@pytest.mark.parametrize("name", LETTERS)
def test_page_says_what_the_text_says(name):
    mail = LETTERS[name]("fr").mail
    spaces = re.compile(r"[\s\u00a0]+")
    page = spaces.sub("", "".join(Page(mail.html).text))
    keys = re.findall(r"DIJ-[A-Z0-9-]+/[a-z_]+/\d+", mail.text)
    assert [key for key in keys if key not in page] == []


def test_urgency_is_said_in_words_as_well_as_in_colour():
    page = " ".join(Page(full_report().mail.html).text)
    assert "En retard de 3 jours" in page
    assert "Date manquée" in page


def test_french_letter_has_french_spaces():
    mail = full_report().mail
    for text in (mail.subject, mail.text, " ".join(Page(mail.html).text)):
        assert re.search(r" [:;?!»%€](\s|$)|« ", text) is None


def test_no_letter_exclaims():
    for write in LETTERS.values():
        mail = write("fr").mail
        assert "!" not in mail.subject + mail.text + "".join(Page(mail.html).text)


def test_equal_input_gives_equal_letters():
    assert full_report() == full_report()


@pytest.mark.parametrize("count", [1, 20, 60, 100])
def test_a_reminder_names_every_deadline_on_a_page_small_enough(count):
    mail = reminder_to(ANNE, *many(count)).mail
    assert len(mail.html.encode()) <= MAX_HTML
    keys = {one.key for one in many(count)}
    assert keys <= set(re.findall(r"DIJ-\d{4}/notice/\d+", mail.text))
    assert keys <= set(re.findall(r"DIJ-\d{4}/notice/\d+", mail.html))


@pytest.mark.parametrize("count", [150, 400, 2000])
def test_a_long_report_says_how_many_more_and_how_to_see_them(count):
    mail = writer().write_report(build_report(many(count), today=TODAY, states={})).mail
    assert len(mail.html.encode()) <= MAX_HTML
    shown = len(set(re.findall(r"DIJ-\d{4}/notice", mail.text)))
    assert 50 <= shown <= 150
    hidden = sum(int(n) for n in re.findall(r"et (\d+) autres? échéances?, à lire", mail.text))
    assert shown + hidden == count
    assert "conventions soon --within P6M" in mail.text


def test_a_report_with_hundreds_of_bad_records_keeps_room_for_deadlines():
    concerns = [Concern(convention=f"X-{number:03d}", message="illisible") for number in range(200)]
    report = build_report(many(200), today=TODAY, states={}, concerns=concerns)
    text = writer().write_report(report).mail.text
    assert "… et 170 autres points, à lire avec la commande" in text
    assert len(set(re.findall(r"DIJ-\d{4}/notice", text))) >= 50


def test_subject_is_short_and_on_one_line():
    long = deadline(partners=(Partner(name="Très longue dénomination " * 40),))
    subject = reminder_to(ANNE, long).mail.subject
    assert len(subject) <= MAX_SUBJECT
    assert subject.startswith("[Conventions] Préavis de dénonciation, dernier jour utile le 8")


def test_subject_names_what_cannot_be_undone_before_a_delay():
    late = deadline(
        kind=DeadlineKind.COMMITTEE, due_on=date(2026, 11, 3), status=DeadlineStatus.OVERDUE
    )
    soon = deadline(act_by=date(2026, 12, 20))
    assert reminder_to(ANNE, late, soon).mail.subject.replace("\u00a0", " ") == (
        "[Conventions] Préavis de dénonciation, dernier jour utile le 8 janvier 2027 – "
        "CRESS de Bourgogne (et 1 autre échéance, dont 1 en retard)"
    )


def test_subject_of_a_missing_fact_claims_no_delay():
    assert reminder_to(PAUL, INCOMPLETE).mail.subject == (
        "[Conventions] Date à compléter – date de la dernière signature – Ville de Volgograd"
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_is_written_with_the_words_of_the_tracker(lang):
    fixed_end = Basis(rule="term.fixed_end", facts=(("end", date(2027, 1, 8)),))
    deadlines = [
        deadline(kind=kind, ordinal=number, label="signed_on", basis=fixed_end)
        for number, kind in enumerate(DeadlineKind)
    ]
    words: Words = Wording(lang)
    letters = LetterWriter(words, office=OFFICE)
    mail = letters.write_reminder(build_reminders(addressed(*deadlines), TODAY)[0]).mail
    assert [one.key for one in deadlines if one.key not in mail.text] == []
    report = letters.write_report(build_report(deadlines, today=TODAY, states=STATE_COUNTS))
    assert report.problems == ()


def test_subject_cannot_be_taken_for_an_encoded_header():
    hostile = deadline(partners=(Partner(name="=?UTF-8?Q?=0A?=Bcc: x@example.org"),))
    assert "=?" not in reminder_to(ANNE, hostile).mail.subject


def test_attachments_are_passed_on():
    calendar = Attachment(filename="echeances.ics", content=b"BEGIN:VCALENDAR")
    digest = build_reminders(addressed(NOTICE), TODAY)[0]
    assert writer().write_reminder(digest, attachments=[calendar]).mail.attachments == (calendar,)


hostile_text = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</title><img src=x onerror=alert(1)>",
            "--><style>p{display:none}</style><!--",
            '" onmouseover="x',
            "{{ 7 * 7 }}{% include '/etc/passwd' %}",
            "a\r\nBcc: x@example.org",
            "\u202egnihton\x00\x1b[31m",
            "a\u2028b\ud800c",
            "<!--[if mso]><p><![endif]-->",
            "«  » : ; ? !",
        ]
    ),
)


@settings(max_examples=40, deadline=None)
@given(hostile_text, hostile_text, hostile_text, hostile_text)
def test_data_adds_no_tag_no_line_and_loses_no_reminder(title, partner, sentence, label):
    one = deadline(
        title=title,
        partners=(Partner(name=partner),),
        label=label,
        basis=Basis(rule=sentence, clause=Quote(quote=label, article=partner)),
    )
    plain = deadline(
        title="a",
        partners=(Partner(name="a"),),
        label="a",
        basis=Basis(rule="a", clause=Quote(quote="b", article="a")),
    )
    mail = reminder_to(ANNE, one).mail
    page = Page(mail.html)
    assert set(page.tags) <= ALLOWED_TAGS
    # Empty fields leave their paragraph out, and nothing else changes the structure.
    assert len(page.tags) <= len(Page(reminder_to(ANNE, plain).mail.html).tags)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    for text in (mail.subject, mail.text.replace("\n", ""), mail.html.replace("\n", "")):
        # Joiners shape words in several scripts: they stay.
        assert all(
            char in "\t\u200c\u200d" or char.isprintable() or char.isspace() for char in text
        )
        text.encode()
    assert mail.subject.splitlines() == [mail.subject]
    assert one.key in mail.text
    assert one.key in mail.html


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DeadlineKind), st.integers(-40, 200)), min_size=1))
def test_every_reminder_is_named_in_its_letter(specs):
    deadlines = [
        deadline(
            kind=kind,
            ordinal=number,
            due_on=TODAY + timedelta(days=days),
            status=DeadlineStatus.UPCOMING if days >= 0 else DeadlineStatus.OVERDUE,
        )
        for number, (kind, days) in enumerate(specs)
    ]
    for digest in build_reminders(addressed(*deadlines), TODAY):
        mail = writer().write_reminder(digest).mail
        for key in digest.keys:
            assert key in mail.text
            assert key in mail.html


# Templates of the town's own -----------------------------------------------------------------


@pytest.fixture
def overrides(tmp_path):
    folder = tmp_path / "templates"
    (folder / "fr").mkdir(parents=True)
    return folder


def put(folder, name, text):
    path = folder / "fr" / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    return path


OWN = "Bonjour,\n{% for row in letter.rows %}\n{{ row.kind }} {{ row.key }}\n{% endfor %}\n"


def test_an_override_is_used(overrides):
    put(overrides, "reminder.txt.j2", OWN)
    letter = reminder_to(ANNE, NOTICE, overrides=overrides)
    assert letter.problems == ()
    assert letter.mail.text == f"Bonjour,\nPréavis de dénonciation {NOTICE.key}\n"
    assert "Madame, Monsieur," in letter.mail.html  # the other parts stay built in


@pytest.mark.parametrize(
    "text",
    [
        "Rien.",  # leaves the deadlines out
        "{{ letter.rows[0].key }}0",
        "{{ ''.__class__.__mro__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ letter.rows|attr('__class__') }}",
        "{{ '{0.__class__}'.format(letter) }}{{ letter.nothing }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{% extends 'elsewhere.j2' %}",
        "{{ letter.rows.append(1) }}",
        "{{ unknown }}",
        "{% for row in",
        "{{ 1 / 0 }}",
        "{{ letter.rows[99].key }}",
        "{{ letter.rows[0].key + 1 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_an_unfit_override_is_set_aside_and_the_letter_leaves(overrides, text):
    put(overrides, "reminder.txt.j2", text)
    letter = reminder_to(ANNE, NOTICE, overrides=overrides)
    assert [problem.code for problem in letter.problems] == ["template_refused"]
    assert letter.mail == reminder_to(ANNE, NOTICE).mail


@pytest.mark.parametrize("text", ["", "a\nb", "x" * 5000])
def test_an_unfit_subject_is_set_aside(overrides, text):
    put(overrides, "reminder.subject.j2", text)
    letter = reminder_to(ANNE, NOTICE, overrides=overrides)
    assert [problem.subject for problem in letter.problems] == ["fr/reminder"]
    assert letter.mail.subject == reminder_to(ANNE, NOTICE).mail.subject


def test_a_key_in_a_comment_of_the_page_does_not_count(overrides):
    put(overrides, "reminder.html.j2", "<p><!-- {{ letter.rows[0].key }} --></p>")
    assert reminder_to(ANNE, NOTICE, overrides=overrides).problems != ()


def test_an_override_for_the_report_leaves_the_reminder_alone(overrides):
    put(overrides, "report.txt.j2", "Rien.")
    assert reminder_to(ANNE, NOTICE, overrides=overrides).problems == ()
    assert full_report(overrides=overrides).problems != ()


def test_an_override_that_anybody_may_change_is_refused(overrides):
    put(overrides, "reminder.txt.j2", OWN).chmod(0o666)
    letter = reminder_to(ANNE, NOTICE, overrides=overrides)
    assert [problem.message("fr") for problem in letter.problems] == [
        (
            "modèle « fr/reminder.txt.j2 » écarté : tout le monde peut modifier reminder.txt.j2 "
            "(chmod o-w) ; la lettre d’origine a été utilisée"
        )
    ]
    assert letter.mail == reminder_to(ANNE, NOTICE).mail


def test_an_override_in_a_folder_that_anybody_may_change_is_refused(overrides):
    put(overrides, "reminder.txt.j2", OWN)
    (overrides / "fr").chmod(0o777)
    assert writer(overrides=overrides).problems != ()


def test_an_override_that_leads_out_of_the_folder_is_refused(overrides, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text(OWN)
    (overrides / "fr" / "reminder.txt.j2").symlink_to(outside)
    assert [p.message("en") for p in writer(overrides=overrides).problems] == [
        (
            "template “fr/reminder.txt.j2” set aside: the file leads out of the folder; "
            "the built-in letter was used"
        )
    ]


@pytest.mark.parametrize("make", ["folder", "pipe", "latin", "big", "dangling"])
def test_an_override_that_is_no_readable_text_is_refused(overrides, make):
    path = overrides / "fr" / "reminder.txt.j2"
    match make:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "latin":
            path.write_bytes("échéance".encode("latin-1"))
        case "big":
            path.write_text("x" * 300_000)
        case "dangling":
            path.symlink_to(overrides / "nowhere")
    assert [p.code for p in writer(overrides=overrides).problems] == ["template_refused"]


def test_a_missing_folder_of_overrides_is_no_problem(tmp_path):
    assert writer(overrides=tmp_path / "nowhere").problems == ()


def test_both_languages_have_every_template_and_use_the_same_values():
    used = re.compile(r"\b(?:letter|row|section|concern|state)\.(\w+)")
    french, english = _built_in("fr"), _built_in("en")
    assert set(french) == set(english) == set(TEMPLATE_NAMES)
    for name in TEMPLATE_NAMES:
        assert set(used.findall(french[name])) == set(used.findall(english[name])), name
