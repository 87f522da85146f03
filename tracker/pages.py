"""The page of one convention: what one could hand to a jurist, from the clause to the date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.consequences import Deadline
from tracker.domain.conventions import Convention, ConventionTerms, Event
from tracker.domain.facts import standing_events
from tracker.domain.law import LAW
from tracker.domain.portfolio import Life, Portfolio
from tracker.formatting import terminal_width, wrap
from tracker.wording import Wording

if TYPE_CHECKING:
    from tracker.storage.repository import HistoryEntry

_RECORD_FIELDS = (
    "kind", "partners", "owner", "watchers", "session", "deliberated_on", "cited_deliberation_on",
    "transmitted_on", "published_on", "signed_on", "notified_on", "convention_transmitted_on",
    "effective_on", "amount", "parent", "succeeds", "programme", "tracked_from", "tags", "notes",
)  # fmt: skip
_ALWAYS_SHOWN = frozenset({"deliberated_on", "transmitted_on", "published_on", "signed_on"})
_TERM_FIELDS = (
    "term", "end", "start", "start_date", "renewal", "renewal_period", "renewal_max", "max_total",
    "notice", "notice_of", "notice_form", "notice_counts_from", "recurring", "final_evaluation",
    "payments",
)  # fmt: skip


def show_page(
    life: Life, portfolio: Portfolio, history: Iterable[HistoryEntry], words: Wording
) -> str:
    """Return the page of a convention, wrapped to the terminal."""
    page = _Page(words=words, width=terminal_width())
    record = life.record
    page.title(f"{record.reference} – {record.title}")
    page.line(words.pick(("État\u00a0: ", "State: ")) + words.state(life.state))
    _facts(page, record)
    _clauses(page, record.terms)
    _family(page, life, portfolio)
    _terms(page, life)
    _deadlines(page, life, portfolio.today)
    _plan(page, life)
    _findings(page, life)
    _events(page, record)
    _history(page, history)
    _law(page, life)
    return "\n".join(page.lines)


class _Page:
    """Lines under headings, wrapped."""

    def __init__(self, *, words: Wording, width: int) -> None:
        self.words = words
        self.width = width
        self.lines: list[str] = []

    def title(self, text: str) -> None:
        self.lines += wrap(text, self.width)
        self.lines.append("=" * min(self.width, max(len(line) for line in self.lines)))

    def heading(self, fr: str, en: str) -> None:
        text = self.words.pick((fr, en))
        self.lines += ["", text, "-" * min(self.width, len(text))]

    def line(self, text: str, indent: int = 0) -> None:
        pad = " " * min(indent, self.width // 4)
        self.lines += wrap(text, self.width, first=pad, rest=pad + "  ")

    def named(self, name: str, value: str) -> None:
        colon = self.words.pick(("\u00a0: ", ": "))
        self.line(f"{name}{colon}{value}", 2)


def _facts(page: _Page, record: Convention) -> None:
    page.heading("Fiche", "Record")
    for name in _RECORD_FIELDS:
        value = getattr(record, name)
        if value in (None, (), "") and name not in _ALWAYS_SHOWN:
            continue
        written = _value(name, value, page.words)
        if name in record.supposed:
            written += page.words.pick((" (supposé)", " (supposed)"))
        page.named(_capital(page.words.field(name)), written)
    for year in record.amounts:
        page.named(str(year.year), page.words.amount(year.amount))


def _value(name: str, value: object, words: Wording) -> str:
    if value is None:
        return words.pick(("inconnu (laissé en blanc)", "unknown (left blank)"))
    if name == "partners":
        return words.partners(value)  # type: ignore[arg-type]
    if name in {"session", "programme"}:
        return _composed(value, words)
    return words.value(name, value)


def _composed(value: object, words: Wording) -> str:
    first, last = getattr(value, "first_year", None), getattr(value, "last_year", None)
    if first is not None:
        return f"{first}–{last}"
    on, vote = getattr(value, "on", None), getattr(value, "vote", None)
    written = words.date(on) if isinstance(on, date) else ""
    return f"{written} ({words.vote(vote)})" if isinstance(vote, str) and vote else written


def _clauses(page: _Page, terms: ConventionTerms) -> None:
    page.heading("Clauses", "Clauses")
    shown = False
    for name in _TERM_FIELDS:
        value = getattr(terms, name)
        if value in (None, (), False):
            continue
        shown = True
        page.named(_capital(page.words.field(name)), page.words.value(name, value))
    if not shown:
        page.line(page.words.pick(("Aucune clause saisie.", "No clause entered.")), 2)


def _family(page: _Page, life: Life, portfolio: Portfolio) -> None:
    line = portfolio.line_of(life.record.reference)
    children = portfolio.children_of(life.record.reference)
    if len(line) < 2 and not children and life.record.parent is None:
        return
    page.heading("Famille", "Family")
    if len(line) > 1:
        page.named(page.words.pick(("Succession", "Succession")), " → ".join(line))
    if life.record.parent is not None:
        page.named(_capital(page.words.field("parent")), life.record.parent)
    if children:
        page.named(
            page.words.pick(("Conventions d’application", "Specific agreements")),
            ", ".join(children),
        )


def _terms(page: _Page, life: Life) -> None:
    words = page.words
    page.heading("Termes", "Terms")
    if not life.terms:
        page.line(words.pick(("Aucun terme ne peut être calculé.", "No term can be computed.")), 2)
    for term in life.terms:
        first = words.date(term.first_day) if term.first_day else "…"
        last = words.date(term.last_day) if term.last_day else words.pick(("sans terme", "no end"))
        page.line(f"{term.ordinal}. {first} → {last} ({words.origin(term.origin)})", 2)
        page.line(words.basis(term.basis), 5)
        if term.alternative is not None:
            page.line(words.basis(term.alternative.why), 5)


def _deadlines(page: _Page, life: Life, today: date) -> None:
    words = page.words
    page.heading("Échéances", "Deadlines")
    if not life.deadlines:
        page.line(words.pick(("Aucune échéance.", "No deadline.")), 2)
    for deadline in life.deadlines:
        page.line(_deadline_line(deadline, today, words), 2)
        page.line(words.basis(deadline.basis), 5)
        if deadline.alternative is not None:
            page.line(words.basis(deadline.alternative.why), 5)


def _deadline_line(deadline: Deadline, today: date, words: Wording) -> str:
    parts = [words.date(deadline.due_on, weekday=True), words.subject(deadline)]
    status = words.status(deadline.status)
    if deadline.is_open:
        status += f", {words.days_left(deadline.days_left(today))}"
    parts.append(status)
    if deadline.is_open and deadline.prudent_day is not None:
        label = words.pick(("jour conseillé\u00a0: ", "prudent day: "))
        parts.append(label + words.date(deadline.prudent_day))
    return " – ".join(parts)


def _plan(page: _Page, life: Life) -> None:
    if not life.plan:
        return
    words = page.words
    page.heading("Rétroplanning du renouvellement", "Backward plan of the renewal")
    for step in life.plan:
        tag = words.pick(("loi", "law")) if step.legal else words.pick(("usage", "habit"))
        page.line(
            f"{words.date(step.due_on, weekday=True)} – {words.plan_step(step.step)} [{tag}]", 2
        )
        page.line(words.basis(step.basis), 5)


def _findings(page: _Page, life: Life) -> None:
    if not life.findings:
        return
    page.heading("À vérifier", "To check")
    for finding in life.findings:
        page.line(f"• {page.words.finding(finding)} ({finding.code})", 2)


def _events(page: _Page, record: Convention) -> None:
    if not record.events:
        return
    words = page.words
    page.heading("Faits enregistrés", "Recorded facts")
    standing = {event.number for event in standing_events(record.events)}
    for event in record.events:
        line = f"n°\u00a0{event.number} – {words.date(event.on)} – {words.event(event.event)}"
        details = _event_details(event, words)
        if details:
            line += f" ({details})"
        if event.number not in standing and event.target is None:
            line += words.pick((" – retiré", " – withdrawn"))
        page.line(line, 2)
        if event.note:
            page.line(event.note, 5)


def _event_details(event: Event, words: Wording) -> str:
    parts = []
    if event.occurrence is not None:
        parts.append(
            words.pick((f"occurrence {event.occurrence}", f"occurrence {event.occurrence}"))
        )
    if event.amount is not None:
        parts.append(words.amount(event.amount))
    if event.term is not None:
        parts.append(words.period(event.term))
    for name in ("presented_on", "received_on", "until"):
        day = getattr(event, name)
        if day is not None:
            parts.append(f"{words.field(name)} {words.date(day)}")
    if event.deadline is not None:
        parts.append(event.deadline)
    if event.target is not None:
        parts.append(f"n°\u00a0{event.target}")
    parts += [f"{words.field(name)} = {words.value(name, value)}" for name, value in event.changes]
    return ", ".join(parts)


def _history(page: _Page, history: Iterable[HistoryEntry]) -> None:
    entries = list(history)
    if not entries:
        return
    page.heading("Historique", "History")
    for entry in entries:
        changed = ", ".join(sorted(set(entry.before) | set(entry.after)))
        when = page.words.date(entry.at.date())
        page.line(f"{when} – {entry.who} – {entry.action}\u00a0: {changed}", 2)


def _law(page: _Page, life: Life) -> None:
    used: dict[str, None] = {}
    for basis in (
        *(term.basis for term in life.terms),
        *(item.basis for item in life.deadlines),
        *(step.basis for step in life.plan),
    ):
        used |= dict.fromkeys(basis.law)
    for finding in life.findings:
        used |= dict.fromkeys(finding.law)
    if used:
        page.heading("Textes", "Texts")
        for name in used:
            page.line(f"{page.words.cite(name)} – {LAW[name].url}", 2)
    page.lines.append("")
    page.line(
        page.words.pick(
            (
                "Cet outil prévient ; il ne donne pas de conseil juridique.",
                "This tool warns; it gives no legal advice.",
            )
        )
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
