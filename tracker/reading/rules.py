"""What a rule of the grammar is, and how rules are run over a document.

A rule has a name, a pattern over the marked text (`{P}` a period, `{D}` a date, `{C}` a
percentage), what it gives, why, and examples on both sides, which a test runs. A rule looks at one
sentence; it may ask what the words belong to (`Sentence.holder`) before it gives a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from tracker.reading.outline import BODY, OTHER, Document, Sentence

# No sentence says the same kind of thing more often; a hostile one might.
_MOST: Final = 12
_MARKS: Final = {"{P}": r"<p\d+>", "{D}": r"<d\d+>", "{C}": r"<c\d+>"}


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern written with the marks `{P}`, `{D}` and `{C}`."""
    for mark, expression in _MARKS.items():
        pattern = pattern.replace(mark, expression)
    return re.compile(pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a value is left out or doubtful: a warning's code and what it says."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One value that one rule found in one place of the marked text."""

    field: str
    value: Any
    rule: str
    rank: int
    sentence: Sentence
    start: int  # in the sentence
    end: int
    doubt: Doubt | None = None


Given = tuple[str, Any] | tuple[str, Any, Doubt | None]
Gives = Callable[[Sentence, re.Match[str]], Iterable[Given]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One named rule; see the module's docstring."""

    name: str
    field: str
    why: str
    pattern: re.Pattern[str]
    gives: Gives
    cues: tuple[str, ...] = ()  # one of these stands in every sentence the rule can match
    needs: str = ""  # so does this mark
    rank: int = 2
    zones: tuple[str, ...] = (BODY,)
    others: bool = False  # may the words belong to something other than the agreement?
    examples: tuple[tuple[str, Any], ...] = ()
    counterexamples: tuple[str, ...] = ()

    def find(self, sentence: Sentence) -> Iterator[Finding]:
        """Yield what the rule finds in one sentence."""
        text = sentence.text
        if self.needs not in text:
            return
        if self.cues and not any(cue in text for cue in self.cues):
            return
        for match in islice(self.pattern.finditer(text), _MOST):
            if not self.others and sentence.holder(match.start()) == OTHER:
                continue
            for given in self.gives(sentence, match):
                name, value, *doubt = given
                yield Finding(
                    field=name,
                    value=value,
                    rule=self.name,
                    rank=self.rank,
                    sentence=sentence,
                    start=match.start(),
                    end=match.end(),
                    doubt=doubt[0] if doubt else None,
                )


def run(rules: Iterable[Rule], document: Document) -> list[Finding]:
    """Return every finding of `rules`, in the order of the text."""
    rules = tuple(rules)
    found: list[Finding] = []
    for sentence in document.sentences:
        for rule in rules:
            if sentence.zone in rule.zones:
                found.extend(rule.find(sentence))
    return found
