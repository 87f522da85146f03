"""From a text to a proposal: run the rules, settle each field, quote the evidence.

Nothing is guessed. Where two clauses differ the field stays empty and a warning carries both
readings; where a rule met words that look like a value and are not one (a bound, a range, a number
written twice) the warning says so. The result depends on the text alone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tracker.reading.duties import DUTY_RULES, PAYMENT_RULES
from tracker.reading.facts import read_record
from tracker.reading.fallback import FALLBACK_RULES, last_resort
from tracker.reading.limits import MAX_RULES
from tracker.reading.notices import FORM_RULES, NOTICE_RULES, notice_kind
from tracker.reading.outline import Document, Sentence, prepare
from tracker.reading.renewal_lengths import LENGTH_RULES, SAME
from tracker.reading.renewals import RENEWAL_RULES
from tracker.reading.rules import Finding, Rule, run
from tracker.reading.spans import SPAN_RULES
from tracker.reading.subjects import STRANGE_SUBJECT
from tracker.reading.terms import TERM_RULES
from tracker.reading.types import Evidence, ExtractedText, Proposal, ReadingWarning

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RULES: Final[tuple[Rule, ...]] = (
    *TERM_RULES,
    *MAX_RULES,
    *SPAN_RULES,
    *RENEWAL_RULES,
    *LENGTH_RULES,
    *NOTICE_RULES,
    *FORM_RULES,
    *DUTY_RULES,
    *PAYMENT_RULES,
    *FALLBACK_RULES,
)
_FIRST: Final = tuple(rule for rule in RULES if rule not in FALLBACK_RULES)

TERM_FIELDS: Final = (
    "term",
    "end",
    "start",
    "start_date",
    "renewal",
    "renewal_period",
    "renewal_max",
    "max_total",
    "notice",
    "notice_of",
    "notice_form",
    "recurring",
    "final_evaluation",
    "payments",
)
# What the articles are called in a warning.
_FRENCH: Final = {
    "term": "la durée",
    "end": "la date de fin",
    "start": "le point de départ",
    "start_date": "la date de départ",
    "renewal": "le mode de renouvellement",
    "renewal_period": "la durée de chaque renouvellement",
    "renewal_max": "le nombre de renouvellements",
    "max_total": "la durée totale",
    "notice": "le préavis",
    "notice_of": "l'objet du préavis",
    "notice_form": "la forme du préavis",
}
_QUOTE_LIMIT: Final = 600


@dataclass(slots=True)
class _Settling:
    """The fields as they are settled, one after the other."""

    document: Document
    findings: list[Finding]
    terms: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, list[Finding]] = field(default_factory=dict)
    warnings: dict[tuple[str, str], ReadingWarning] = field(default_factory=dict)

    def of(self, name: str) -> list[Finding]:
        return [f for f in self.findings if f.field == name]

    def warn(self, code: str, message: str) -> None:
        self.warnings.setdefault((code, message), ReadingWarning(code=code, message=message))

    def put(self, name: str, value: object, findings: Sequence[Finding]) -> None:
        self.terms[name] = value
        self.chosen[name] = list(findings)
        for finding in findings:
            if finding.doubt is not None:
                self.warn(finding.doubt.code, finding.doubt.message)

    def doubt(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.doubt is not None:
                self.warn(finding.doubt.code, finding.doubt.message)

    def disagree(self, name: str, findings: Sequence[Finding]) -> None:
        readings = "; ".join(
            f"{value} ({_place(f)})"
            for value, f in {str(f.value): f for f in reversed(findings)}.items()
        )
        self.warn(f"{name}_readings_differ", f"Deux lectures pour {_FRENCH[name]} : {readings}.")


def _place(finding: Finding) -> str:
    return finding.sentence.article or "hors article"


def _months(value: object) -> object:
    """Return something equal for P1Y and P12M."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", str(value))
    if match is None:
        return value
    years, months, weeks, day = (int(g or 0) for g in match.groups())
    return (12 * years + months, 7 * weeks + day)


def _distinct(findings: Iterable[Finding]) -> list[Any]:
    seen: list[Any] = []
    for finding in findings:
        if _months(finding.value) not in seen:
            seen.append(_months(finding.value))
    return seen


def _top(findings: list[Finding]) -> list[Finding]:
    valued = [f for f in findings if f.value is not None]
    if not valued:
        return []
    best = max(f.rank for f in valued)
    return _inside([f for f in valued if f.rank == best])


def _inside(findings: list[Finding]) -> list[Finding]:
    """Return the findings of the articles where some stand outside: the article rules (rule 24)."""
    if len(_distinct(findings)) < 2:
        return findings
    return [f for f in findings if f.sentence.article is not None] or findings


def _plain(state: _Settling, name: str) -> None:
    """Settle a field by its best-ranked readings; two that differ leave it empty."""
    findings = state.of(name)
    top = _top(findings)
    if not top:
        state.put(name, None, [])
        state.doubt(findings)
        return
    if len(_distinct(top)) > 1:
        state.put(name, None, [])
        state.disagree(name, top)
        return
    state.put(name, top[0].value, top)


def _term(state: _Settling) -> None:
    findings = state.of("term")
    twice = [f for f in findings if f.doubt is not None and f.doubt.code == "number_written_twice"]
    top = _top(findings)
    if twice and (not top or max(f.rank for f in twice) >= top[0].rank):
        state.put("term", None, [])
        state.doubt(twice)
        return
    _plain(state, "term")


_BEYOND: Final = re.compile(
    r"au-dela|n'est plus|ne (?:peut|pourra) plus|passe ce|passe cette|ces (?:deux|trois|renouvel|reconduc|prolong)|cette (?:seconde|deuxieme|nouvelle)"
    r"|ce (?:second|renouvel)|de nouveau|une (?:seconde|deuxieme|troisieme) fois|\ba nouveau"
)


def _prolongs(finding: Finding) -> bool:
    words = finding.sentence.text[finding.start : finding.end]
    return re.search(r"prolong|prorog", words) is not None and "renouvel" not in words


def _another(finding: Finding) -> bool:
    """« une autre convention » after the term is not a renewal of this one."""
    words = finding.sentence.text[finding.start : finding.end]
    return re.search(r"nouvel|autre convention", words) is not None


def _renewal(state: _Settling) -> None:
    findings = _inside([f for f in state.of("renewal") if f.value is not None])
    by_value = {v: [f for f in findings if f.value == v] for v in ("tacit", "express", "none")}
    tacit, express, none = by_value["tacit"], by_value["express"], by_value["none"]
    if tacit or express:
        # « Au-delà, elle n'est plus renouvelable » ends a series, it does not exclude renewal.
        none = [f for f in none if not _BEYOND.search(f.sentence.text)]
    named = [f for f in express if f.rank >= 2 and f.doubt is None]
    if tacit:
        # To prolong by an avenant is to extend, not to renew: both can stand in one agreement.
        named = [f for f in named if not _prolongs(f)]
    excluded = [f for f in express if f.rank == 3]
    explicit_tacit = [f for f in tacit if f.rank == 3]
    if none and (explicit_tacit or tacit):
        state.put("renewal", None, [])
        state.disagree("renewal", [*none, *tacit])
    elif none:
        elsewhere = [f for f in named if f.sentence is not none[0].sentence and not _another(f)]
        if elsewhere:
            state.put("renewal", None, [])
            state.disagree("renewal", [*none, *elsewhere])
        else:
            state.put("renewal", "none", none)
    elif explicit_tacit and excluded:
        state.put("renewal", None, [])
        state.disagree("renewal", [*explicit_tacit, *excluded])
    elif explicit_tacit:
        state.put("renewal", "tacit", explicit_tacit)
    elif excluded:
        state.put("renewal", "express", named or excluded)
    elif tacit and named and not any(f.sentence is g.sentence for f in tacit for g in named):
        state.put("renewal", None, [])
        state.disagree("renewal", [*tacit, *named])
    elif tacit:
        state.put("renewal", "tacit", tacit)
    else:
        state.put("renewal", "express" if express else None, named or express)


def _renewal_period(state: _Settling) -> None:
    findings = state.of("renewal_period")
    if state.terms["renewal"] not in ("tacit", "express"):
        state.put("renewal_period", None, [])
        return
    written = [f for f in findings if f.value not in (None, SAME)]
    same = [f for f in findings if f.value == SAME]
    if written or not same:
        state.findings = [f for f in state.findings if f not in same]
        _plain(state, "renewal_period")
        return
    term = state.terms["term"]
    if term is not None and term != "indefinite":
        state.put("renewal_period", term, same)
    else:
        state.put("renewal_period", None, [])


def _renewal_max(state: _Settling) -> None:
    """« deux fois » counts renewals only where the agreement renews at all."""
    if state.terms["renewal"] in ("tacit", "express"):
        _plain(state, "renewal_max")
    else:
        state.put("renewal_max", None, [])


def _max_total(state: _Settling) -> None:
    findings = state.of("max_total")
    if not _top(findings):
        bounds = state.of("bound")
        renewed = state.of("renewal") or state.of("renewal_period")
        if bounds and not renewed and state.terms["term"] is None and len(_distinct(bounds)) == 1:
            state.put("max_total", bounds[0].value, bounds)
            return
    _plain(state, "max_total")


def _start(state: _Settling) -> None:
    findings = state.of("start")
    dates = state.of("start_date")
    attached = _inside([f for f in findings if f.rank == 3 and f.rule != "start_retroactive"])
    effect = _inside([f for f in findings if f.rank < 3])
    if attached and all(f.value in ("entry_into_force", None) for f in attached):
        # « à compter de son entrée en vigueur » says no more than the effect clause does.
        better = [f for f in effect if f.value not in (None, "entry_into_force")]
        elsewhere = any(f.value is None for f in attached)
        pool = better if better and not elsewhere else attached
    else:
        pool = attached or effect
    valued = [f for f in pool if f.value is not None]
    best = max((f.rank for f in valued), default=0)
    valued = [f for f in valued if f.rank == best]
    undecided = [f for f in pool if f.value is None and f.doubt is not None]
    if undecided and (not valued or pool is attached):
        state.put("start", None, [])
        state.doubt(undecided)
        valued = []
    elif not valued:
        state.put("start", None, [])
        state.doubt(findings)
    elif len({f.value for f in valued if f.sentence is valued[0].sentence}) < len(
        {f.value for f in valued}
    ):
        state.put("start", None, [])
        state.disagree("start", valued)
    else:
        # Within one sentence the first words are the rule, the others its conditions.
        state.put("start", valued[0].value, valued)
    if state.terms["start"] == "date":
        sources = {(f.rule, f.sentence.index, f.start) for f in valued}
        own = [f for f in dates if (f.rule, f.sentence.index, f.start) in sources]
        settled = own or dates
    else:
        settled = [f for f in dates if f.rule == "start_retroactive"]
    values = {f.value for f in settled if f.value is not None}
    if len(values) == 1:
        state.put("start_date", next(iter(values)), [f for f in settled if f.value is not None])
    else:
        state.put("start_date", None, [])
        if len(values) > 1:
            state.disagree("start_date", settled)
            if state.terms["start"] == "date":
                state.put("start", None, [])


def _notice(state: _Settling) -> None:
    """Two notices: the one tied to non-renewal is proposed, the other is named (rule 7)."""
    findings = state.of("notice")
    kinds = {(f.sentence.index, f.start, f.rule): f.value for f in state.of("notice_of")}
    valued = [f for f in findings if f.value is not None]
    best = max((f.rank for f in valued), default=0)
    valued = [f for f in valued if f.rank == best]
    by_kind: dict[str, list[Finding]] = {"nonrenewal": [], "termination": []}
    for finding in valued:
        kind = kinds.get((finding.sentence.index, finding.start, finding.rule))
        by_kind[str(kind)].append(finding)
    main = by_kind["nonrenewal"] or by_kind["termination"]
    other = by_kind["termination"] if by_kind["nonrenewal"] else []
    if not main:
        state.put("notice", None, [])
        state.doubt(findings)
        _notice_of_alone(state)
        return
    if len(_distinct(main)) > 1:
        state.put("notice", None, [])
        state.disagree("notice", main)
    else:
        state.put("notice", main[0].value, main)
        if other and _months(other[0].value) != _months(main[0].value):
            state.warn(
                "two_notices",
                f"Deux préavis : {main[0].value} pour ne pas renouveler, {other[0].value} pour résilier.",
            )
    kind = "nonrenewal" if by_kind["nonrenewal"] else "termination"
    state.put("notice_of", kind, main)


def _notice_of_alone(state: _Settling) -> None:
    """Without a period, a calendar day or a form still says what the denunciation is for."""
    calendar = state.of("notice_of")
    forms = state.of("notice_form")
    if calendar:
        _plain(state, "notice_of")
    elif forms:
        first = forms[0]
        state.put("notice_of", notice_kind(first.sentence, first.end), [first])
    else:
        state.put("notice_of", None, [])


def _notice_form(state: _Settling) -> None:
    findings = state.of("notice_form")
    if not findings:
        state.put("notice_form", None, [])
        return
    noticed = {f.sentence.index for f in state.chosen.get("notice", [])}
    beside = [f for f in findings if f.sentence.index in noticed] or findings
    registered = [f for f in beside if f.value == "registered"]
    chosen = registered or beside
    state.put("notice_form", chosen[0].value, chosen)


def _lists(state: _Settling) -> None:
    items: list[dict[str, Any]] = []
    kept: list[Finding] = []
    for finding in state.of("recurring"):
        if finding.value not in items:
            items.append(finding.value)
            kept.append(finding)
    state.put("recurring", items, kept)
    final = state.of("final_evaluation")
    if _months(state.terms["term"]) == (12, 0) and state.terms["renewal"] != "tacit":
        final += state.of("year_end_evaluation")
    state.put("final_evaluation", bool(final), final[:1])
    payments = state.of("payments")
    total = sum(f.value["share"] for f in payments)
    if total > 100.01:
        state.put("payments", [], [])
        state.warn(
            "payments_over_100",
            f"Les pourcentages de versement font {total:g} % : échéancier à saisir.",
        )
    else:
        state.put("payments", [f.value for f in payments], payments)


def _after(first: date, value: str) -> date | None:
    """Return the last day of a term of months or years that begins on `first`."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?", value)
    if match is None:
        return None
    months = first.month - 1 + 12 * int(match[1] or 0) + int(match[2] or 0)
    year, month = first.year + months // 12, months % 12 + 1
    if year > 2300:
        return None
    return date(year, month, min(first.day, monthrange(year, month)[1])) - timedelta(days=1)


def _conflict(state: _Settling) -> None:
    """Warn where the duration, counted from the first day, does not lead to the last one."""
    terms = state.terms
    if not (terms["term"] and terms["end"] and terms["start_date"]):
        return
    counted = _after(date.fromisoformat(terms["start_date"]), terms["term"])
    if counted is None:
        return
    end = date.fromisoformat(terms["end"])
    if abs((end - counted).days) > 1:
        state.warn(
            "end_conflict",
            f"La durée ({terms['term']}) comptée du {terms['start_date']} mène au {counted.isoformat()},"
            f" le texte donne le {terms['end']} : à vérifier.",
        )


def _checks(state: _Settling) -> None:
    _conflict(state)
    terms = state.terms
    if terms["renewal"] == "tacit" and terms["renewal_period"] is None:
        state.warn(
            "tacit_without_period",
            "Tacite reconduction sans durée écrite : la durée initiale sera comptée de nouveau.",
        )
    if (
        terms["end"] is not None
        and terms["start_date"] is not None
        and terms["end"] < terms["start_date"]
    ):
        state.warn("end_before_start", "La date de fin précède la date de départ.")
        terms["end"] = None


_KIND: Final = r"(?:convention|accord|contrat|protocole|charte|pacte|traite|arrangement|entente|partenariat|jumelage|avenant|acte)"
_SUBJECT: Final = re.compile(
    rf"\b(?:la|le|l'|les|cette|cet|ce|ces) ?(?:presente?s? )?{_KIND}s?\b[^;]{{0,120}}?\b(?:est|sont|a|aura|prend|prendra|entre|entrera"
    r"|court|courra|vaut|dure|durera|couvre|reste|restera|demeure|demeurera|s'acheve|expire|produit|cesse|debute|porte|lie|arrive|viendra)\b"
    rf"|\A(?:[a-z]+e?s? )?(?:elles?|ils?|celle-ci|celui-ci)\b|\bpresente?s?\b|s'engagent|se lient|\bduree (?:de la|du|de l')|\Asa duree|\A(?:conclu|passe|souscri|etabli|d'une duree)"
    rf"|\A<p\d+>|\Aduree"
)
_SEAT: Final = re.compile(r"duree|renouvel|reconduc|effet|vigueur|echeance|terme\b|prolong")


def _weighed(findings: list[Finding]) -> list[Finding]:
    """Lower the rank of what only mentions a duration (« les locaux sont mis à disposition pour… »).

    Where an article is headed « Durée », a sentence elsewhere keeps its rank only when the
    agreement is its subject: then two articles truly disagree.
    """
    seated = any(_SEAT.search(f.sentence.heading) for f in findings)
    weighed = []
    for finding in findings:
        mention = (
            finding.field in ("term", "start", "start_date", "end")
            and not _SUBJECT.search(finding.sentence.text)
            and not (seated and _SEAT.search(finding.sentence.heading))
        )
        weighed.append(replace(finding, rank=finding.rank - 1) if mention else finding)
    return weighed


_LIFE: Final = frozenset(TERM_FIELDS[:8])
_ENTRUSTED: Final = re.compile(
    r"\b(?:confie|concede|delegue|afferme|convention|contrat)|(?:l.|present |cet |d.)accord\b"
)


def _foreign(finding: Finding) -> bool:
    """True when the subject of the sentence is a thing that is never an agreement."""
    sentence = finding.sentence
    return (
        finding.field in _LIFE
        and STRANGE_SUBJECT.match(sentence.subject) is not None
        and "duree" not in sentence.heading
        and _ENTRUSTED.search(sentence.text) is None
    )


def settle(document: Document) -> _Settling:
    """Run every rule over `document` and settle every field of the terms."""
    findings = [f for f in run(_FIRST, document) if not _foreign(f)]
    findings += [f for f in last_resort(document, findings) if not _foreign(f)]
    state = _Settling(document, _weighed(findings))
    _term(state)
    _plain(state, "end")
    _start(state)
    _renewal(state)
    _renewal_period(state)
    _renewal_max(state)
    _max_total(state)
    _notice(state)
    _notice_form(state)
    _lists(state)
    _checks(state)
    return state


# --------------------------------------------------------------------------------------------------
# Evidence
# --------------------------------------------------------------------------------------------------


def _evidence(text: ExtractedText, document: Document, finding: Finding) -> Evidence:
    """Quote the sentence of a finding; a very long one is cut around the words that matter."""
    return quote(text, document, finding.sentence, finding.start, finding.end)


def quote(
    text: ExtractedText, document: Document, sentence: Sentence, start: int, end: int
) -> Evidence:
    first, last = document.span(sentence.start, sentence.end)
    if last - first > _QUOTE_LIMIT:
        inner = document.span(sentence.start + start, sentence.start + max(end, start + 1))
        first = max(first, inner[0] - _QUOTE_LIMIT // 3)
        last = min(last, max(inner[1], first + _QUOTE_LIMIT))
        while first < inner[0] and text.text[first - 1 : first].isalnum():
            first += 1
    return Evidence(
        quote=text.text[first:last],
        start=first,
        end=last,
        article=sentence.article,
        page=text.page_of(first),
    )


def read_text(extracted: ExtractedText) -> Proposal:
    """Propose the terms and the record of an agreement or a deliberation from its text."""
    document = prepare(extracted.text)
    state = settle(document)
    evidence: dict[str, Evidence] = {}
    for name in TERM_FIELDS:
        if state.terms[name] in (None, [], False):
            continue
        for order, finding in enumerate(state.chosen[name]):
            if order and name not in ("recurring", "payments"):
                break
            key = name if not order else f"{name}[{order}]"
            evidence[key] = _evidence(extracted, document, finding)
    record, record_evidence, record_warnings = read_record(extracted, document)
    evidence.update(record_evidence)
    return Proposal(
        terms={name: state.terms[name] for name in TERM_FIELDS},
        record=record,
        evidence=evidence,
        warnings=(*extracted.warnings, *state.warnings.values(), *record_warnings),
    )
