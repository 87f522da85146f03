"""The facts about the act: title, kind, partners, dates of its formalities, session, amount.

A date counts only beside the words that say what it is: a deliberation, a signature, a filing at
the prefecture, a publication. Two dates that differ for the same formality leave it empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tracker.reading.countries import country_of, in_france, named_countries
from tracker.reading.french import Day, fold
from tracker.reading.outline import ANNEX, Document
from tracker.reading.rules import compiled
from tracker.reading.types import Evidence, ExtractedText, ReadingWarning
from tracker.reading.vocabulary import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class _Record:
    """The record as it fills up."""

    extracted: ExtractedText
    document: Document
    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    warnings: list[ReadingWarning] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.document.marked.text

    def words(self, start: int, end: int) -> str:
        """Return the words of the document behind a stretch of the marked text."""
        first, last = self.document.span(start, end)
        return self.document.source[first:last]

    def put(self, name: str, value: object, start: int, end: int) -> None:
        if value in (None, "", []):
            return
        self.values[name] = value
        first, last = self.document.span(start, end)
        article = next(
            (s.article for s in self.document.sentences if s.start <= start < s.end), None
        )
        self.evidence[name] = Evidence(
            quote=self.document.source[first:last],
            start=first,
            end=last,
            article=article,
            page=self.extracted.page_of(first),
        )

    def warn(self, code: str, message: str) -> None:
        self.warnings.append(ReadingWarning(code=code, message=message))

    def day(self, mark: str) -> Day:
        return self.document.days[int(mark[2:-1])]


# --------------------------------------------------------------------------------------------------
# Title and kind
# --------------------------------------------------------------------------------------------------

_ACTS: Final = (
    r"(?:conventions?|charte|protocole|accords?|accord-cadre|convention-cadre|avenant|entente|pacte|traite|contrat|serment|bulletin"
    r"|lettre d'intention|memorandum|declaration|acte de jumelage|arrangement|adhesion|label|jumelage|bail|cahier des charges|reglement)"
)
_TITLE: Final = re.compile(
    rf"(?:^|[\n\f])[ \t\"*-]*(?P<title>(?:projet de )?{_ACTS}\b(?!,)[^\n\f]{{0,220}})"
)
_OBJECT: Final = re.compile(
    r"(?:^|[\n\f])[ *]*(?:objet(?:[ \n\f*]+de la deliberation)?|n° ?(?:[\w./-]+|<d\d+>)) ?[:*-]*[ \n\f*-]*(?P<title>[^\n\f]{8,260})"
)
_REPORT: Final = re.compile(
    r"(?:^|[\n\f])[ *]*(?P<title>(?:rapport d'activite|compte rendu|bilan|rapport annuel)[^\n\f]{0,220}(?:\n(?!\f)[^\n\f]{0,160})?)"
)
_DELIBERATION: Final = re.compile(
    r"extrait du registre|deliberations? du conseil|seance du <d|le conseil municipal, apres en avoir delibere|compte rendu de seance"
)
_TITLE_STOP: Final = re.compile(
    r"\bentre les soussigne|\bentre :|\bentre,|\bci-apres\b|\brepresentee?\b|[.;]$|_{2,}|\.{3,}"
)
_SENTENCE_VERB: Final = re.compile(
    r"\b(?:est|sont|a pour|prend|sera|peut|vise|definit|precise|s'engage|produit|est conclue|regit|bien)\b"
)


def _title(record: _Record) -> None:
    text = record.text
    deliberation = _DELIBERATION.search(text[:2500]) is not None
    record.document.deliberation = deliberation
    found = None
    limit = len(text) if deliberation else 4000
    for match in _TITLE.finditer(text[:limit]):
        line = match["title"]
        if _SENTENCE_VERB.search(line) or (len(line.split()) < 2 and not deliberation):
            if match.start() == 0 and len(line.split()) < 2:
                found = match
                break
            continue
        if line.rstrip().endswith((".", ";", ",")) or re.search(r"\bdu <d\d+> (?:est|a)\b", line):
            continue
        found = match
        break
    if deliberation and found is None:
        found = _OBJECT.search(text) or _REPORT.search(text)
    elif found is None:
        found = _REPORT.search(text[:3000])
    if found is None:
        return
    start, end = found.span("title")
    if found.re is _OBJECT and (inner := re.search(rf"[:-] (?P<act>{_ACTS}\b)", text[start:end])):
        start += inner.start("act")
    end = _continued(record, start, end)
    raw = record.words(start, end)
    record.put("title", _ordinary(record, raw), start, end)
    record.values["kind"] = _kind(fold(raw).text)
    record.evidence["kind"] = record.evidence["title"]


def _continued(record: _Record, start: int, end: int) -> int:
    """Return the end of a title that goes on over the next lines, before the parties."""
    text = record.text
    first = text[start:end]
    stop = _TITLE_STOP.search(first)
    if stop is not None and stop.start() > 8:
        return start + stop.start()
    while end < len(text) and text[end] == "\n" and end - start < 260:
        next_end = min(
            (p for p in (text.find("\n", end + 1), text.find("\f", end + 1)) if p > 0),
            default=len(text),
        )
        line = text[end + 1 : next_end]
        words = record.words(end + 1, next_end) if line.strip() else ""
        head = record.words(start, end)
        joined = bool(words) and (
            (words[:1].islower() and not line.startswith("entre"))
            or (
                head.isupper()
                and words.isupper()
                and not re.match(r"entre\b|et\b|article|preambule|titre", line)
            )
        )
        if not joined or len(line) > 200 or _SENTENCE_VERB.search(line) or _TITLE_STOP.match(line):
            break
        cut = re.search(r"\bentre\b", line)
        if cut is not None:
            return end + 1 + cut.start()
        end = next_end
    return end


def _shouted(words: str) -> bool:
    letters = [c for c in words if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.5 * len(letters)


def _as_written_elsewhere(record: _Record, name: str) -> str:
    """Return a name in capitals as the document writes it in ordinary letters elsewhere."""
    if not any(w.isupper() and len(w) > 1 and not _ACRONYM.match(w) for w in name.split()):
        return name
    folded = record.document.folded
    wanted = fold(name).text
    for match in islice(re.finditer(re.escape(wanted), folded.text), 20):
        first, last = folded.origin_start(match.start()), folded.origin_end(match.end())
        words = " ".join(record.document.source[first:last].split())
        if not _shouted(words) and not any(w.isupper() and len(w) > 3 for w in words.split()):
            return words[:1].upper() + words[1:]
    return " ".join(
        word.lower()
        if i and fold(word).text in _SMALL_WORDS
        else _ordinary_name(word)
        if word.isupper() and len(word) > 2 and not _ACRONYM.match(word)
        else word
        for i, word in enumerate(name.split(" "))
    )


_SMALL_WORDS: Final = frozenset(
    "a au aux d de des du en et l la le les par pour sous sur avec dans entre an der am im von del da do n°".split()
)
_ACT_WORDS: Final = frozenset(
    "jumelage partenariat cooperation amitie objectifs moyens subvention mise disposition convention accord avenant charte "
    "protocole contrat entente cadre financement mutualisation locaux".split()
)


def _ordinary(record: _Record, raw: str) -> str:
    """Return a title in ordinary case, without emphasis, places and list marks."""
    title = " ".join(re.sub(r"[*_#]+", " ", raw).split()).strip(" -–—:.,;")
    title = re.sub(
        r" ?\([^()]{2,40}\)", lambda m: "" if country_of(m.group()) else m.group(), title
    )
    letters = [c for c in title if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        spellings = _spellings(record.document.source)
        accented = any(c.isupper() and not c.isascii() for c in title)
        title = " ".join(
            _respelled(word, fold(word).text, spellings, accented=accented)
            for word in title.split(" ")
        )
    else:
        title = " ".join(
            word.lower()
            if (i and fold(word).text in _ACT_WORDS)
            or (word.isupper() and len(word) > 3 and fold(word).text in VOCABULARY)
            or word == "N°"
            else word
            for i, word in enumerate(title.split(" "))
        )
    title = re.sub(r"(?<=« )[a-zà-ÿ]", lambda m: m.group().upper(), title)
    return title[:1].upper() + title[1:]


_SPELT: Final = re.compile(r"(?<=[a-zà-öø-ÿ,;)»] )[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def _spellings(source: str) -> dict[str, str]:
    """Return how the document itself writes each word in the middle of its sentences."""
    found: dict[str, str] = {}
    for match in _SPELT.finditer(source[:20000]):
        word = match.group()
        if word.isupper() and len(word) > 1:
            continue
        found.setdefault(fold(word).text, word)
    return found


def _respelled(word: str, bare: str, spellings: dict[str, str], *, accented: bool) -> str:
    if bare in _SMALL_WORDS:
        return "à" if bare == "a" else word.lower()
    known = spellings.get(bare)
    if known is not None:
        if known[:1].isupper() and bare in _ACT_WORDS:
            known = known.lower()
        return known if known[:1].isupper() or not accented else word.lower()
    lead = re.match(r"(?P<elision>[a-z]')?(?P<rest>.*)", bare)
    if lead is not None and lead["rest"] in spellings:
        return (word[:2].lower() if lead["elision"] else "") + spellings[lead["rest"]]
    return word.lower()


_KINDS: Final = (
    ("twinning", r"jumelage|jumelle"),
    ("framework", r"accord-cadre|convention-cadre|convention cadre|accord cadre"),
    ("specific", r"convention specifique|d'application|convention d'execution"),
    ("membership", r"adhesion|cotisation"),
    ("label", r"\blabel"),
    ("partnership", r"partenariat|cooperation|entente|amitie|tripartite|protocole|pacte"),
    ("subsidy", r"subvention|objectifs|financement|financiere|attributi"),
    (
        "service",
        r"mise a disposition|prestation|utilisation|occupation|service|mise en commun|police|gestion|entretien",
    ),
)


def _kind(title: str) -> str:
    if title.startswith(("rapport", "compte rendu", "bilan")):
        return "other"
    for kind, pattern in _KINDS:
        if re.search(pattern, title):
            return kind
    return "other"


# --------------------------------------------------------------------------------------------------
# Dates
# --------------------------------------------------------------------------------------------------

_DELIBERATED: Final = compiled(
    r"(?:deliberations?|decision du conseil)(?P<between>(?:[^<;.\f]|\.(?=\d)|(?<= [mn])\.){0,110}?)(?:\bn°? ?[\w./-]+ )?(?:en date |prise le |adoptee |votee )*(?:du|le|de|des)? ?(?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(?P<d>{D})"
    r"|(?:conseil (?:municipal|communautaire|metropolitain|syndical|general|departemental|regional|d'administration))(?: de [^<;.,\f]{0,40})? (?:en date |reuni |en sa seance |dans sa seance |lors de sa seance )*(?:du|le) (?P<e>{D})"
)
_OTHER_VOTE: Final = re.compile(
    r"delegation|reglement|precedent|anterieur|fixant les tarifs|budget primitif|conseil d'administration|assemblee|installation|election|statuts"
)
_SESSION: Final = compiled(
    r"\bseance (?:publique |ordinaire )*du (?:conseil municipal du )?(?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(?P<d>{D})"
)
_SIGNED: Final = compiled(
    r"(?:\b(?:fait|signee?s?|etablie?|passee?|donne)\b(?: et (?:signee?s?|passee?s?))?(?: (?:a|en|le|de)\b|,)[^<;\f]{0,140}?(?:le|au|du|,|ce) (?:lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(?P<d>{D}))"
    r"|(?:\bfait le (?P<e>{D}))|(?:[\n\f](?:a )?[a-z][a-z' -]{2,40}, le (?P<f>{D}))|(?:\bdate de (?:la )?signature ?:? ?(?P<g>{D}))|(?:\ble (?P<h>{D}),? (?:pour la (?:ville|commune)|le maire))"
    r"|(?:[\n\f]pour (?:la |le |l'|les )[^<;\n\f]{2,70}, ?(?:a [a-z' -]{2,30},? )?le (?P<i>{D}))|(?:[\n\f(]signee? le (?P<j>{D}))"
)
_MORE_SIGNED: Final = compiled(r"\A[^<;.\f]{0,40}?(?:et |, )a [^<;.]{2,40} le (?P<d>{D})")
_BLANK: Final = re.compile(
    r"(?:\n|\f|\A)[ ]*(?:fait|signee?)(?: et [a-z]+)?,? (?:a|le|en)\b(?P<rest>[^\n\f]{0,120})"
)
_TRANSMITTED: Final = compiled(
    r"(?:recue?s?|deposee?s?|depot|reception|transmise?s?|transmission|teletransmise?s?|teletransmission|envoi|envoyee?s?|accuse de reception)\b"
    r"[^<;.]{0,25}?(?:en (?:sous-)?prefecture|a la (?:sous-)?prefecture|par (?:la |le )?(?:prefecture|prefet)|au (?:controle de legalite|prefet|representant de l'etat|sous-prefet)|de la prefecture|prefecture)[^<;.]{0,30}?(?:le|:|du) ?:? ?[- ]*(?P<d>{D})"
    r"|(?:sous-)?prefecture[^<;.]{0,50}?(?:depose|recu|transmis|teletransmis|reception)[a-z]*[ :]*(?:le|du)? ?:?[\s-]*(?P<e>{D})"
    r"|teletransmis[a-z]* le (?P<f>{D})|accuse de reception[^<;.]{0,60}(?P<g>{D})|date de (?:reception|teletransmission)[^<;.]{0,20}(?:prefecture)?[ :]*(?P<h>{D})"
)
_PUBLISHED: Final = compiled(
    r"\b(?:publiee?s?|affichee?s?|mise?s? en ligne|publication|affichage)\b(?P<between>[^<;.]{0,70}?)(?:le|:|du) ?:? ?(?P<d>{D})"
)


def _days(record: _Record, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Day]]:
    for match in pattern.finditer(record.text):
        mark = next(v for k, v in match.groupdict().items() if k != "between" and v is not None)
        yield match, record.day(mark)


def _whole(record: _Record, day: Day) -> date | None:
    """Return the date; a two-digit year only where a full date of the text is within two years."""
    if day.value is not None or not day.short_year or day.year is None:
        return day.value
    known = [d.value.year for d in record.document.days if d.value is not None]
    for century in (1900, 2000):
        year = century + day.year
        if any(abs(year - other) <= 2 for other in known):
            value = day.in_year(year)
            if value is not None:
                record.warn(
                    "two_digit_year",
                    f"Une date n'a que deux chiffres d'année : lue comme {value.isoformat()}.",
                )
            return value
    return None


def _formalities(record: _Record) -> None:
    for name, pattern in (("transmitted_on", _TRANSMITTED), ("published_on", _PUBLISHED)):
        dates: dict[date, re.Match[str]] = {}
        for match, day in _days(record, pattern):
            if re.search(
                r"contester|recours|compter|delai|tribunal|bulletin officiel|journal officiel|\bjo\b",
                match.group(),
            ):
                continue
            if re.search(
                r"association|statuts|declaree",
                record.text[max(0, match.start() - 60) : match.start()],
            ):
                continue
            value = _whole(record, day)
            if value is not None:
                dates.setdefault(value, match)
        if len(dates) == 1:
            value, match = next(iter(dates.items()))
            record.put(name, value.isoformat(), *match.span())
        elif dates:
            record.warn(
                f"{name}_readings_differ",
                "Plusieurs dates possibles : "
                + ", ".join(sorted(d.isoformat() for d in dates))
                + ".",
            )


def _deliberations(record: _Record) -> None:
    text = record.text
    session = None
    if record.document.deliberation:
        for match, day in _days(record, _SESSION):
            if day.value is not None:
                session = (match, day.value)
                break
    cited: list[tuple[re.Match[str], date]] = []
    for match, day in _days(record, _DELIBERATED):
        around = text[max(0, match.start() - 40) : match.end() + 110]
        following = text[match.end() : match.end() + 110].split("\n")[0].split(";")[0]
        if (
            day.value is None
            or _OTHER_VOTE.search(match.group())
            or _OTHER_VOTE.search(following[:90])
        ):
            continue
        if re.search(
            r"^ ?(?:par laquelle|approuvant la (?:precedente|convention (?:initiale|precedente)))",
            following,
        ):
            continue
        if "approuve la precedente" in around:
            continue
        cited.append((match, day.value))
    if session is not None:
        record.put("deliberated_on", session[1].isoformat(), *session[0].span())
        differing = [
            c for c in cited if c[1] != session[1] and c[1] > date(session[1].year - 2, 1, 1)
        ]
        if differing and any(_cites_self(text, c[0]) for c in differing):
            match, value = next(c for c in differing if _cites_self(text, c[0]))
            record.put("cited_deliberation_on", value.isoformat(), *match.span())
            record.warn(
                "deliberations_differ",
                f"La séance est du {session[1].isoformat()}, le texte cite une délibération du {value.isoformat()}.",
            )
        vote = _vote(record)
        record.values["session"] = {"on": session[1].isoformat(), "vote": vote}
        record.evidence["session"] = record.evidence["deliberated_on"]
    elif cited:
        record.put("deliberated_on", cited[0][1].isoformat(), *cited[0][0].span())


def _cites_self(text: str, match: re.Match[str]) -> bool:
    """True when the party of a convention cites the vote that authorises it to sign."""
    return (
        re.search(
            r"represente|habilite|autorise|en vertu|dument",
            text[max(0, match.start() - 200) : match.start()],
        )
        is not None
    )


_VOTE_NOTED: Final = re.compile(r"prend(?:re)? acte|donne acte|a pris acte")
_VOTE_UNANIMOUS: Final = re.compile(
    r"(?:adopte|approuve|delibere|vote|avis|,)[^.;]{0,60}a l'unanimite|a l'unanimite"
)
_VOTE_ADOPTED: Final = re.compile(
    r"(?:adopte|approuve)[^.;\f]{0,40}(?:a la majorite|par \d+ voix|avec \d+)|rapport adopte|deliberation adoptee|a la majorite|contre ?: ?\d"
)


def _vote(record: _Record) -> str | None:
    text = record.text
    if re.search(
        r"conseil (?:municipal|communautaire|metropolitain)[^.;\f]{0,60}(?:prend|pris|donne) acte",
        text,
    ):
        return "takes_note"
    if _VOTE_UNANIMOUS.search(text):
        return "adopted_unanimously"
    if _VOTE_NOTED.search(text) and not re.search(r"\b(?:approuve|decide|autorise) ", text[-2500:]):
        return "takes_note"
    if _VOTE_ADOPTED.search(text):
        return "adopted"
    return None


def _signature(record: _Record) -> None:
    """The last signature of the act itself: its closing words, not those of an earlier act."""
    text = record.text
    limit = min((s.start for s in record.document.sentences if s.zone == ANNEX), default=len(text))
    found: list[tuple[date, int, int]] = []
    for match, day in _days(record, _SIGNED):
        if day.value is None:
            continue
        line_start = max(text.rfind("\n", 0, match.start()), text.rfind("\f", 0, match.start())) + 1
        before = text[max(line_start, match.start() - 60) : match.start()]
        opening = not text[line_start : match.start()].strip(' -"*') or match.group()[0] in "\n\f"
        if not opening and not re.search(r"[.;] ?$", before) and "fait" not in match.group()[:5]:
            continue
        if re.search(
            r"convention|pacte|protocole|charte|accord|avenant[^.]{0,10}$|seance|publie|affiche|delibere",
            before[-30:],
        ):
            continue
        found.append((day.value, match.start(), match.end()))
        more = _MORE_SIGNED.match(text, match.end()) or re.compile(
            _MORE_SIGNED.pattern.replace(r"\A", "")
        ).match(text, match.end())
        if more is not None and record.day(more["d"]).value is not None:
            second = record.day(more["d"]).value or day.value
            found.append((second, match.start(), more.end()))
    own = [f for f in found if f[1] < limit] or found
    if own:
        value, start, end = max(own)
        while text[start] in "\n\f":
            start += 1
        record.put("signed_on", value.isoformat(), start, end)
        return
    for match in _BLANK.finditer(text):
        if ("<d" not in match.group() and not record.document.deliberation) or (
            "<d" not in match.group() and re.search(r"\ble\b", match.group())
        ):
            record.warn(
                "signature_blank",
                "La date de signature est laissée en blanc : à saisir une fois l'acte signé.",
            )
            return


# --------------------------------------------------------------------------------------------------
# Partners
# --------------------------------------------------------------------------------------------------

_BODY: Final = (
    r"(?:ville|commune|municipalite|mairie|metropole|communaute (?:de communes|d'agglomeration|urbaine)|agglomeration|departement|region|etat|prefecture|prefet|syndicat"
    r"|association|societe|universite|ecole|college|lycee|caisse|chambre|centre|office|etablissement|reseau|federation|fondation|compagnie|theatre|conservatoire|musee|institut"
    r"|cooperative|comite|ligue|club|union|maison|mutuelle|entreprise|agence|groupement|province|canton|comune|stadt|gemeinde|district|gouvernorat|wilaya|collectivite|amicale|foyer|cercle|orchestre"
    r"|scene|mission|regie|conseil|ensemble|bibliotheque|hopital|bureau|parc|port|collectif|academie|direction|rectorat)"
)
_PARTY: Final = re.compile(
    rf"(?:^|[\n\f]|[:;,] |\bet |\bentre |\bpart,? |/ |\be?t,? d'autre part,? )[ \"*-]*(?:\d[.)] ?)?(?P<name>(?:la |le |l'|les )?{_BODY}\b[^,;\n\f(/]{{0,110}})"
)
_PARTY_END: Final = re.compile(
    r"(?: -)? ?(?:,|;|\(|/|:|\bci-apres|\bci-dessous|\brepresente|\bdont le|\bayant|\bregie|\bdeclaree|\bdomicilie|\bsise?\b|\bd'une part|\bd'autre part|\bassociation (?:de|regie|loi)|\bpropriet|\bdesigne|\bdenomme|\bagissant| et (?:la |le |l'|les )| pour\b|\n|\f|\. |\.$| - )"
)
_PARTIES_START: Final = re.compile(
    r"(?:^|[\n\f])[ *\"]*(?:entre\b(?: les? soussigne[es]*| les parties)?|les soussigne[es]*|et entre)[ ]?[:,;]?"
)
_PARTIES_STOP: Final = re.compile(
    r"[\n\f][ *\"]*(?:preambule|expose|contexte|article|art\.|titre|il (?:est|a ete)|considerant|vu\b|les parties sont|visas?|objet|1\.|ce que|rappel|etant|ceci)"
)


def _partners(record: _Record) -> None:
    names = _slashed(record) or _party_block(record) or _title_parties(record) or _declared(record)
    if not names or len(names) > 12:
        return
    foreign = named_countries(record.document.folded.text[:6000])
    partners: list[dict[str, Any]] = []
    seen: set[str] = set()
    for name, _, end in names:
        key = fold(name).text
        if key in seen or any(key.endswith(" " + s) or s.endswith(" " + key) for s in seen):
            continue
        if any(other != name and fold(other).text.startswith(key + " ") for other, _, _ in names):
            continue
        seen.add(key)
        country = _country(record, name, end, foreign, first=not partners)
        name = _as_written_elsewhere(record, name)  # noqa: PLW2901  (the better spelling)
        partners.append({"name": name, "country": country})
    if len(partners) > 8:
        return
    record.put("partners", partners, names[0][1], names[-1][2])


# « (Podlachie) », not « (CCAS) » nor « (ci-après la Ville) ».
_PLACE: Final = re.compile(r"[ ,]*\([A-ZÀ-Ý][a-zà-ÿ][^()\d\n]{1,40}\)")


def _country(record: _Record, name: str, end: int, foreign: set[str], *, first: bool) -> str | None:
    """Return the country written beside a party, or France where nothing foreign is in sight."""
    beside = re.match(r"[ ,]*\((?P<in>[^)]{2,50})\)", record.text[end : end + 60])
    if beside is not None and (code := country_of(beside["in"])):
        return code
    if (code := country_of(fold(name).text)) is not None:
        return code
    if beside is not None and in_france(beside["in"]):
        return "FR"
    if beside is not None and _PLACE.match(record.words(end, end + 60)):
        # A place that no list knows: it may well be abroad.
        return None
    place = re.escape(fold(name).text.split(" de ", 1)[-1].split(" d'", 1)[-1])
    for named in re.finditer(
        rf"\b{place},? (?:\((?P<a>[^)]{{2,40}})\)|(?:en|au|aux) (?P<b>[a-z' -]{{3,30}}))",
        record.text,
    ):
        if code := country_of(named["a"] or named["b"].split(" et ")[0]):
            return code
    return "FR" if first or not foreign - {"FR"} else None


def _party_block(record: _Record) -> list[tuple[str, int, int]]:
    text = record.text
    for opening in islice(_PARTIES_START.finditer(text[:12000]), 6):
        stop = _PARTIES_STOP.search(text, opening.end())
        end = stop.start() if stop is not None else min(len(text), opening.end() + 2500)
        names = _names(record, opening.start(), min(end, opening.end() + 3500))
        if len(names) >= 2:
            return names
    return []


def _title_parties(record: _Record) -> list[tuple[str, int, int]]:
    """Parties named on the title's line, or in the line under it."""
    title = record.evidence.get("title")
    text = record.text
    if title is None:
        return []
    match = re.compile(r"\bentre (?=la |le |l'|les )").search(text, 0, 1800)
    if match is not None:
        line_end = min(
            (p for p in (text.find("\n", match.end()), text.find("\f", match.end())) if p > 0),
            default=len(text),
        )
        names = _names(record, match.start(), line_end)
        if len(names) >= 2:
            return names
    return _twin_cities(record)


def _twin_cities(record: _Record) -> list[tuple[str, int, int]]:
    """« entre les Villes de Dijon et de Volgograd »: two towns under one word."""
    match = re.search(
        r"\b(?:entre les|maires? des|maires respectifs des|representants des) (?:deux )?(?P<what>villes|communes|municipalites) (?:de |d')(?P<a>[a-z' -]{2,40}?)(?: \([^)]*\))? et (?:de |d')(?P<b>[a-z'-]{2,40})",
        record.text[:6000],
    )
    if match is None:
        return []
    what = (
        match["what"].rstrip("s").capitalize()
        if match["what"] != "municipalites"
        else "Municipalité"
    )
    found = []
    for group in "ab":
        start, end = match.span(group)
        name = record.words(start, end)
        found.append((f"{what} {_elided(name)}", start, end))
    return found


def _elided(name: str) -> str:
    return f"d'{name}" if fold(name).text[:1] in "aeiouyh" else f"de {name}"


def _slashed(record: _Record) -> list[tuple[str, int, int]]:
    """Parties on one line, between slashes."""
    text = record.text
    slashes = re.search(
        rf"[\n\f](?P<line>{_BODY}[^\n\f/]{{2,80}}(?: ?/ ?[^\n\f/]{{2,80}})+)", text[:2500]
    )
    names = []
    if slashes is not None:
        at = slashes.start("line")
        for part in slashes["line"].split("/"):
            lead = len(part) - len(part.lstrip())
            start, end = at + lead, at + len(part.rstrip())
            names.append((_clean_name(record.words(start, end)), start, end))
            at += len(part) + 1
    return names


def _declared(record: _Record) -> list[tuple[str, int, int]]:
    """A commune that speaks for itself: the heading of its register, « la collectivité soussignée »."""
    text = record.text
    found: list[tuple[str, int, int]] = []
    match = re.search(
        r"(?:collectivite soussignee ?: ?|[\n\f]|^)(?P<name>(?:commune|ville) d(?:e |u |es |')[^\n\f,;:(-]{2,40}(?:-[a-z]+)*)(?= - |[\n\f,])",
        text[:3000],
    )
    if match is None:
        match = re.search(
            r"conseil municipal de la (?P<name>(?:ville|commune) d(?:e |u |es |')[^\n\f,;:(]{2,40})",
            text[:3000],
        )
    if match is None:
        return []
    found.append(
        (_clean_name(_ordinary_name(record.words(*match.span("name")))), *match.span("name"))
    )
    if fold(record.values.get("title", "")).text.startswith(("rapport", "compte rendu", "bilan")):
        return found
    other = re.search(
        rf"[\n\f](?P<name>(?:le |la |l'){_BODY} [^,\n\f]{{3,80}}), (?:association|etablissement|societe|syndicat)",
        text[:3000],
    ) or max(_WITH.finditer(text), key=lambda m: len(m["name"]), default=None)
    if other is not None:
        found.append((_clean_name(record.words(*other.span("name"))), *other.span("name")))
    return found


_WITH: Final = re.compile(
    r"\b(?:convention|partenariat|protocole|accord|entente)\b[^;:.\n\f]{0,60}? avec "
    rf"(?P<name>(?:le |la |l'){_BODY}(?: (?:agricole|municipale?|communale?|departementale?|regionale?|intercommunale?|professionnel(?:le)?|technique|nationale?|laique|hospitalier|sportive?|culturel(?:le)?))?(?: d(?:e |u |es |')(?:la |l')?[a-z'-]+)*)"
)


def _names(record: _Record, start: int, end: int) -> list[tuple[str, int, int]]:
    """Return the bodies named as parties between two positions, each once."""
    text = record.text
    names: list[tuple[str, int, int]] = []
    position = start
    while True:
        match = _PARTY.search(text, position, end)
        if match is None:
            break
        first = match.start("name")
        stop = _PARTY_END.search(text, first + 4, end)
        last = stop.start() if stop is not None else end
        name = _clean_name(record.words(first, last))
        if len(name) >= 4 and not _NOT_PARTY.search(fold(name).text) and _heads(text, match):
            names.append((name, first, last))
            closing = _NEXT_PARTY.search(text, last)
            position = closing.start() if closing is not None and names else last
        else:
            position = last
        position = max(position, first + 4)
    return names


_NEXT_PARTY: Final = re.compile(
    rf"[;\n\f]|\be?t,? d'autre part|(?<=\)) et |,? et (?=(?:la |le |l'|les ){_BODY})"
)
_NOT_PARTY: Final = re.compile(
    r"^(?:la |le |l')?(?:presente|conseil municipal|conseil d'administration|assemblee|prefecture|mairie|bureau|commission|comite)\b|deliberation|en exercice|siege|suffrage"
    r"|^(?:la |le |l')?(?:ville|commune|association|departement|region|etat|metropole|universite|societe|syndicat|collectivite)$"
)


def _heads(text: str, match: re.Match[str]) -> bool:
    """A party opens its line or follows « et », and is not the seat or the delegate of another."""
    before = text[max(0, match.start("name") - 40) : match.start("name")]
    return not re.search(
        r"(?:siege|hotel|conseil|maire|president[e]?|nom|compte|au titre|membre) (?:de |d'|du )?$",
        before,
    )


_LEGAL: Final = re.compile(
    r"^(?:l['’]\s?association|association|la société|société anonyme)\s+(?:dénommée\s+|dite\s+)?(?=[«\"A-ZÀ-ÝL])",
    re.IGNORECASE,
)


def _ordinary_name(name: str) -> str:
    if name.isupper() or sum(c.isupper() for c in name) > 0.6 * max(
        1, sum(c.isalpha() for c in name)
    ):
        small = {
            "de",
            "du",
            "des",
            "la",
            "le",
            "les",
            "en",
            "sur",
            "sous",
            "et",
            "aux",
            "au",
            "à",
            "lès",
            "lez",
            "an",
            "der",
        }
        parts = re.split(r"([ \-'’])", name.lower())
        return "".join(
            p if p in small or (i and parts[i - 1] in "'’" and False) else p[:1].upper() + p[1:]
            for i, p in enumerate(parts)
        )
    return name


def _clean_name(raw: str) -> str:
    """Return a party's name as it is named: no article, no quotes, capital first."""
    name = " ".join(re.sub(r"[*_]+", " ", raw).split()).strip(' -–—:.,;"«»“”')
    match = re.match(
        r"(?i:l['’]\s?association|association)\s+[«\"“]?\s*(?P<own>(?:[A-ZÀ-Ý]).*)", name
    )
    if match is not None and not re.match(r"(?i)(?:de|du|des|d['’])\b", match["own"]):
        name = match["own"].strip(' »"”')
    else:
        name = re.sub(r"^(?:la|le|les)\s+(?=\w)|^l['’]\s?", "", name, flags=re.IGNORECASE)
    name = " ".join(
        _ordinary_name(word)
        if len(word) > 3 and word.isupper() and "." not in word and not _ACRONYM.match(word)
        else word
        for word in name.split(" ")
    )
    return name[:1].upper() + name[1:]


_ACRONYM: Final = re.compile(
    r"^(?:CRESS|CCAS|MJC|SIVU|SIVOM|CPIE|OPAC|AMAP|ADMR|[BCDFGHJKLMNPQRSTVWXZ]{3,6})$"
)


# --------------------------------------------------------------------------------------------------
# Money, programme, earlier agreements
# --------------------------------------------------------------------------------------------------

_MONEY: Final = re.compile(
    r"(?P<n>\d{1,3}(?:[ .]\d{3})+|\d+)(?:,(?P<cents>\d{1,2}))? ?(?:€|euros?\b|eur\b)"
)
_COMMITS: Final = re.compile(
    r"subvention|participation|aide\b|contribution|concours|alloue|verse\b|versera|cotisation|dotation|prevoit un budget|appui financier|soutien financier|octroie|attribue|participe financierement|elle s'eleve a"
)
_NOT_COMMITTED: Final = re.compile(
    r"evalue|valorise|par habitant|l'heure|par heure|par eleve|par enfant|par jour|par mois|par seance|plafon|au plus|maximum|jusqu'a|penalite|caution|franchise|capital|loyer|redevance|adhesion des|tarif|coute|coutent|depenses|budget previsionnel|par l'etat|par la region|du departement|par le departement|union europeenne|garantie|recettes|ne peut"
)
_TOTAL: Final = re.compile(
    r"total|ensemble|globale?|pour la duree|sur (?:la duree|trois ans|<p)|cumul"
)


_IN_ALL: Final = re.compile(
    r",? ?(?:au total|en tout|pour (?:la duree|l'ensemble|les <p)|sur (?:la duree|l'ensemble|<p|les <p))"
)


def _amount(record: _Record) -> None:
    found: list[tuple[int, float, int, int]] = []
    for sentence in record.document.sentences:
        if sentence.zone == ANNEX or (
            "€" not in sentence.text and "euro" not in sentence.text and "eur" not in sentence.text
        ):
            continue
        for match in _MONEY.finditer(sentence.text):
            comma = sentence.text.rfind(", ", 0, match.start())
            stretch = sentence.text[max(0, match.start() - 150) : match.start()]
            near = sentence.text[max(0, comma, match.start() - 90) : match.end() + 25]
            if not _COMMITS.search(stretch) or _NOT_COMMITTED.search(near):
                continue
            value = float(match["n"].replace(" ", "").replace(".", "")) + int(
                match["cents"] or 0
            ) / (10 ** len(match["cents"] or "1"))
            ahead = sentence.text[max(0, comma, match.start() - 90) : match.start()]
            total = _TOTAL.search(ahead) or _IN_ALL.match(sentence.text, match.end())
            rank = 2 if total else 1
            found.append(
                (rank, value, sentence.start + match.start(), sentence.start + match.end())
            )
    if not found:
        return
    best = max(f[0] for f in found)
    values = {f[1] for f in found if f[0] == best}
    if len(values) > 1:
        listed = ", ".join(f"{v:g}" for v in sorted(values))
        record.warn("amounts_differ", f"Plusieurs montants possibles : {listed} euros.")
        return
    _, value, start, end = next(f for f in found if f[0] == best)
    record.put("amount", int(value) if value == int(value) else value, start, end)


_PROGRAMME: Final = re.compile(
    r"(?:axes?|programme|orientations?|plan d'actions?|feuille de route|periode|annees)(?P<mid>[^<;.\n\f]{0,45}?) (?P<a>(?:19|20)\d\d) ?(?:-|a|/|et) ?(?P<b>(?:19|20)\d\d)\b"
)


def _programme(record: _Record) -> None:
    found: dict[tuple[int, int], re.Match[str]] = {}
    for match in _PROGRAMME.finditer(record.text):
        first, last = int(match["a"]), int(match["b"])
        if (
            first < last <= first + 15
            and "scolaire" not in match["mid"]
            and "universitaire" not in match["mid"]
        ):
            found.setdefault((first, last), match)
    if len(found) == 1:
        (first, last), match = next(iter(found.items()))
        record.put("programme", {"from": first, "to": last}, *match.span())


_EARLIER: Final = compiled(
    r"(?P<title>(?:pacte|protocole|charte|convention|accord|serment|traite|entente|jumelage)(?: [a-z'-]+){0,6}?)(?: entre [a-z' -]{3,60})?(?:,| de| en date)? ?(?:(?:a ete )?(?:signee?|conclue?|passee?))?(?: a [a-z' -]{2,40}?)?,? (?:le |du |en |de )(?P<when>{D}|(?:19|20)\d\d\b)"
)


def _predecessors(record: _Record) -> None:
    """Earlier agreements that the preamble recalls, with the day or the year of their signature."""
    items: list[dict[str, Any]] = []
    first: tuple[int, int] | None = None
    own = record.values.get("signed_on")
    for sentence in record.document.sentences:
        if sentence.zone == ANNEX:
            continue
        recalled = sentence.zone == "recital" or re.search(
            r"precedent|anterieur|rappell?e|venue a echeance|succede|remplace|renouvel",
            sentence.text,
        )
        if not recalled and not record.document.amendment:
            continue
        for match in _EARLIER.finditer(sentence.text):
            when = match["when"]
            if when.startswith("<"):
                day = record.day(when)
                signed = day.value.isoformat() if day.value is not None else None
            else:
                signed = when
            if signed is None or signed == own:
                continue
            start = sentence.start + match.start("title")
            words = " ".join(record.words(start, sentence.start + match.end("title")).split())
            item = {"title": words[:1].upper() + words[1:], "signed_on": signed}
            if item not in items:
                items.append(item)
                first = first or (sentence.start + match.start(), sentence.start + match.end())
    if items and first is not None:
        record.put("predecessors", items[:12], *first)


def read_record(
    extracted: ExtractedText, document: Document
) -> tuple[dict[str, Any], dict[str, Evidence], list[ReadingWarning]]:
    """Return the record fields that the text gives, their evidence and the warnings."""
    record = _Record(extracted, document)
    if not document.marked.text.strip():
        return {}, {}, []
    _title(record)
    _partners(record)
    _deliberations(record)
    _formalities(record)
    _signature(record)
    _amount(record)
    _programme(record)
    _predecessors(record)
    return record.values, record.evidence, record.warnings
