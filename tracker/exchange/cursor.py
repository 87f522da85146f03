"""Where the reading of a record stands: its path in the record, and the problems found so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tracker.exchange.problems import Place, Problem, Refusal, escaped, shown, suggestion
from tracker.exchange.values import Source, is_nothing

T = TypeVar("T")
Path = tuple[str | int, ...]

MAX_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Locator:
    """Turns a path inside one record into a place in its file."""

    where: Place = field(default_factory=Place)
    line_of: Callable[[Path], int | None] | None = None
    """The line of a path, in files that have lines of their own for each key."""
    headings: Mapping[str, str] | None = None
    """Heading of the column that holds a field, in tables."""

    def place(self, path: Path) -> Place:
        """Return the place of a path; a field of `terms` is a column of its own in a table."""
        if not path:
            return self._on_line(path, self.where)
        if self.headings is None:
            return self._on_line(path, replace(self.where, key=dotted(path)))
        if path[0] == "terms" and len(path) > 1:
            path = path[1:]
        heading = self.headings.get(str(path[0]), str(path[0]))
        inner = dotted(path[1:])
        key = shown(heading) + (f".{inner}" if inner and inner[0] != "[" else inner)
        return replace(self.where, key=key, column=True)

    def _on_line(self, path: Path, place: Place) -> Place:
        line = self.line_of(path) if self.line_of is not None else None
        return place if line is None else replace(place, line=line)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A point of a record being read. Children share the list of problems."""

    locator: Locator
    source: Source
    path: Path = ()
    problems: list[Problem] = field(default_factory=list)

    def down(self, *parts: str | int, source: Source | None = None) -> Cursor:
        """Return the cursor of a key or an item below this one."""
        return Cursor(self.locator, source or self.source, (*self.path, *parts), self.problems)

    def refuse(self, code: str, value: object = None, **facts: object) -> None:
        """Note a problem here."""
        self.note(Refusal(code, value, **facts))

    def note(self, refusal: Refusal) -> None:
        """Note the refusal of the value here."""
        self.problems.append(Problem.of(refusal, self.locator.place(self.path)))

    def take(self, parse: Callable[[object, Source], T], value: object) -> T | None:
        """Read the value here; None, and a problem noted, when it is refused."""
        try:
            return parse(value, self.source)
        except Refusal as refusal:
            self.note(refusal)
            return None

    def items(self, value: object) -> Iterable[tuple[Cursor, object]]:
        """Go through a list, with the cursor of each item; nothing when it is no list."""
        if is_nothing(value):
            return
        if not isinstance(value, (list, tuple)):
            self.refuse("not_list", value)
            return
        if len(value) > MAX_ITEMS:
            self.refuse("too_many", limit=MAX_ITEMS)
            return
        for index, item in enumerate(value):
            yield self.down(index), item

    def mapping(self, value: object, known: Iterable[str]) -> dict[str, object] | None:
        """Return the keys of a group of fields; unknown ones are refused, None when it is none."""
        if not isinstance(value, Mapping):
            self.refuse("not_mapping", value)
            return None
        names = list(known)
        for key in value:
            if key not in names:
                here = self.down(str(key))
                here.refuse("unknown_key", str(key), suggestion=suggestion(str(key), names))
        return {key: value[key] for key in names if key in value}

    def required(self, parse: Callable[[object, Source], T], raw: Mapping[str, object], key: str
                 ) -> T | None:  # fmt: skip
        """Read a key that may not be absent."""
        here = self.down(key)
        if is_nothing(raw.get(key)):
            here.refuse("required")
            return None
        return here.take(parse, raw[key])

    def optional(self, parse: Callable[[object, Source], T], raw: Mapping[str, object], key: str
                 ) -> T | None:  # fmt: skip
        """Read a key that may be absent, null or empty."""
        if is_nothing(raw.get(key)):
            return None
        return self.down(key).take(parse, raw[key])


def dotted(path: Path) -> str:
    """Return a path as a message shows it: `terms.payments[2].share`, items from 1."""
    words = ""
    for part in path:
        if isinstance(part, int):
            words += f"[{part + 1}]"
        else:
            words += f".{escaped(shown(part))}" if words else escaped(shown(part))
    return words
