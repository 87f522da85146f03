"""YAML files of records: every scalar is a string, null apart; and stable writing.

The tree is built here from the events of the parser: no tag is obeyed, no alias followed, no type
guessed (Norway's `NO` is a country), and the line of each key is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tracker.exchange.cursor import Locator, Path
from tracker.exchange.problems import Place, Problem, Refusal
from tracker.exchange.raw import RawFile, RawRecord, as_records, decoded
from tracker.exchange.sentences import PHRASES
from tracker.exchange.values import Source

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
MAX_DEPTH = 20


def read_yaml(content: bytes, place: Place) -> RawFile:
    """Read one record or a list of records."""
    text = decoded(content, place)
    if isinstance(text, Problem):
        return RawFile(problems=(text,))
    builder = _Builder(place)
    try:
        found = builder.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        refusal = Refusal("yaml_syntax", column=column, reason=_reason(error.problem))
        return RawFile(problems=(Problem.of(refusal, Place(file=place.file, line=line)),))
    except yaml.YAMLError as error:  # a character that YAML does not allow
        at = getattr(error, "position", None)
        line = None if at is None else text.count("\n", 0, at) + 1
        column = None if at is None else at - text.rfind("\n", 0, at)
        refusal = Refusal("yaml_syntax", column=column, reason="@yaml_character")
        return RawFile(problems=(Problem.of(refusal, Place(file=place.file, line=line)),))
    except _Stop:
        return RawFile(problems=tuple(builder.problems))
    if builder.problems:
        return RawFile(problems=tuple(builder.problems))
    records, is_list = as_records(found)
    if records is None:
        return RawFile(problems=(Problem.of(Refusal("not_records"), place),))
    return RawFile(
        records=tuple(
            RawRecord(
                raw=raw,
                source=Source.YAML,
                locator=Locator(place, _line_of(builder.lines, (index,) if is_list else ())),
            )
            for index, raw in enumerate(records)
        )
    )


def write_yaml(records: Iterable[dict[str, Any]]) -> bytes:
    """Write records as a list; words that other readers would take for a value are quoted."""
    text = yaml.dump(
        list(records),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=100,
    )
    return str(text).encode()


def _line_of(lines: dict[Path, int], prefix: Path) -> Callable[[Path], int | None]:
    def find(path: Path) -> int | None:
        whole = prefix + path
        while whole and whole not in lines:
            whole = whole[:-1]
        return lines.get(whole)

    return find


def _reason(problem: str | None) -> str:
    """Return what the parser says, where there is a sentence for it in both languages."""
    return problem if problem in PHRASES else "@yaml_other"


def _line(event: Event) -> int:
    mark = event.start_mark
    return 1 if mark is None else mark.line + 1


class _Stop(Exception):  # noqa: N818 - control flow of this module
    """Nothing more can be read."""


class _Builder:
    """Builds plain values from events; notes the line of every key and item."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Problem] = []
        self.lines: dict[Path, int] = {}
        self.events: Iterator[Event] = iter(())

    def read(self, text: str) -> Any:  # noqa: ANN401 - whatever a file holds
        self.events = yaml.parse(text, Loader=_Loader)
        found: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "yaml_documents")
                    raise _Stop
                found = self._value(next(self.events), ())
        return found

    def _value(self, event: Event, path: Path) -> Any:  # noqa: ANN401 - plain values
        self.lines.setdefault(path, _line(event))
        if isinstance(event, AliasEvent):
            self._refuse(event, "yaml_alias", f"*{event.anchor}")
            return None
        if isinstance(event, NodeEvent) and event.anchor is not None:
            self._refuse(event, "yaml_alias", f"&{event.anchor}")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._refuse(event, "yaml_tag", tag)
        if len(path) > MAX_DEPTH:
            self._refuse(event, "too_deep")
            raise _Stop
        if isinstance(event, ScalarEvent):
            return None if not event.style and event.value in _NULLS else event.value
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        raise _Stop

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                self._refuse(event, "yaml_key")
                raise _Stop
            key = event.value
            if event.anchor is not None:
                self._refuse(event, "yaml_alias", f"&{event.anchor}")
            if key in found:
                self._refuse(event, "duplicate_key", key)
            self.lines[*path, key] = _line(event)
            found[key] = self._value(next(self.events), (*path, key))
        return found

    def _refuse(self, event: Event, code: str, value: object = None) -> None:
        place = Place(file=self.place.file, line=_line(event))
        self.problems.append(Problem.of(Refusal(code, value), place))


class _Dumper(yaml.SafeDumper):
    """Writes dates plainly, since they are read as strings; never an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - as PyYAML declares it
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
