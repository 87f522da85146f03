"""A settings file: its text, its TOML, and where each key stands in it.

`tomllib` gives values without their positions, so a small scanner walks the same text again and
notes the line and column of each key and of each element of a list. It only ever reads text that
`tomllib` has accepted; where it should lose its way, problems are shown without their line.
"""

from __future__ import annotations

import contextlib
import re
import stat
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.problems import Place, Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.problems import KeyPath

MAX_BYTES = 1_000_000

Position = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A settings file that was read: `values` as TOML gives them, `positions` by key path."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    positions: Mapping[KeyPath, Position] = field(default_factory=dict)
    readable_by_all: bool = False

    def place(self, path: KeyPath) -> Place:
        """Return the place of a key, or of the nearest thing around it whose place is known."""
        known = path
        while known and known not in self.positions:
            known = known[:-1]
        line, column = self.positions.get(known, (None, None))
        return Place(source=self.name, line=line, column=column, key=dotted(path))


def dotted(path: KeyPath) -> str:
    """Return the path as it is written: `council.blackouts[1].from`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def read_source(path: Path) -> Source:
    """Read a settings file; SettingsError when it cannot be read or is not TOML."""
    name = str(path)
    data, mode = _read_bytes(path, name)
    text = _decode(data, name)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([_syntax_problem(name, text, str(error))]) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(
            name,
            "un nombre démesuré ou un emboîtement trop profond rend le fichier illisible",
            "a huge number or too deep a nesting makes the file unreadable",
        ) from error
    return Source(
        name=name,
        values=values,
        positions=scan_positions(text),
        readable_by_all=bool(mode & stat.S_IROTH),
    )


def _read_bytes(path: Path, name: str) -> tuple[bytes, int]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _unreadable(
                name,
                "ce n’est pas un fichier ordinaire",
                "this is not a regular file",
                "indiquez un fichier TOML",
                "name a TOML file",
            )
        if status.st_size > MAX_BYTES:
            raise _unreadable(
                name,
                f"fichier de plus de {MAX_BYTES} octets",
                f"file larger than {MAX_BYTES} bytes",
                "est-ce bien le fichier de réglages ?",
                "is it really the settings file?",
            )
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1), status.st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise missing_file(name) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(
            name,
            f"lecture impossible ({reason})",
            f"cannot be read ({reason})",
            "vérifiez les droits du fichier et du dossier",
            "check the permissions of the file and of its folder",
        ) from error


def missing_file(name: str) -> SettingsError:
    """Return the error for a settings file that was asked for and does not exist."""
    return _unreadable(
        name,
        "ce fichier de réglages n’existe pas",
        "this settings file does not exist",
        "corrigez --config ou CONVENTIONS_CONFIG, ou créez le fichier par « conventions init »",
        "mend --config or CONVENTIONS_CONFIG, or make the file with “conventions init”",
        code="settings_missing",
    )


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _not_utf8(name, "UTF-16", Place(source=name, line=1, column=1))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        raise _not_utf8(
            name, "Windows-1252", _place_of_offset(name, before, len(before))
        ) from error
    nul = text.find("\x00")
    if nul >= 0:
        place = _place_of_offset(name, text, nul)
        raise SettingsError(
            [
                Problem(
                    code="settings_unreadable",
                    place=place,
                    message_fr="octet nul dans le fichier",
                    message_en="NUL byte in the file",
                    hint_fr="ce n’est pas un fichier texte, ou il est abîmé",
                    hint_en="this is not a text file, or it is damaged",
                )
            ]
        )
    return text.removeprefix("\ufeff")


def _not_utf8(name: str, guess: str, place: Place) -> SettingsError:
    return _unreadable(
        name,
        f"le fichier n’est pas en UTF-8 (sans doute {guess})",
        f"the file is not UTF-8 (probably {guess})",
        "enregistrez-le en UTF-8",
        "save it as UTF-8",
        place=place,
    )


def _unreadable(
    name: str,
    fr: str,
    en: str,
    hint_fr: str = "",
    hint_en: str = "",
    *,
    place: Place | None = None,
    code: str = "settings_unreadable",
) -> SettingsError:
    return SettingsError(
        [
            Problem(
                code=code,
                place=place or Place(source=name),
                message_fr=fr,
                message_en=en,
                hint_fr=hint_fr,
                hint_en=hint_en,
            )
        ]
    )


def _place_of_offset(name: str, text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Place(source=name, line=line, column=column)


_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_AT_END = " (at end of document)"
_TWICE = ("Cannot overwrite a value", "Cannot declare", "Duplicate inline table key")


def _syntax_problem(name: str, text: str, said: str) -> Problem:
    """Turn tomllib's message into ours; it always ends with a position."""
    place = Place(source=name)
    if at := _AT_LINE.search(said):
        place = Place(source=name, line=int(at[1]), column=int(at[2]))
        said = said[: at.start()]
    elif said.endswith(_AT_END):
        place = _place_of_offset(name, text, len(text))
        said = said.removesuffix(_AT_END)
    if said.startswith(_TWICE):
        return Problem(
            code="settings_duplicate",
            place=place,
            message_fr="clé ou section écrite deux fois",
            message_en="key or section written twice",
            hint_fr="gardez-en une seule",
            hint_en="keep one of them",
        )
    return Problem(
        code="settings_syntax",
        place=place,
        message_fr=f"ce n’est pas du TOML ({said})",
        message_en=f"this is not TOML ({said})",
        hint_fr="corrigez cette ligne ou la précédente ; un texte s’écrit entre guillemets",
        hint_en="mend this line or the one before; text is written between quotes",
    )


# --- positions ---------------------------------------------------------------------------------


def scan_positions(text: str) -> dict[KeyPath, Position]:
    """Return the line and column (from 1) of every section, key and list element of a TOML text."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    with contextlib.suppress(_LostError, IndexError, RecursionError, ValueError):
        scanner.document()  # whatever stops it, what was found so far is right
    return scanner.positions


class _LostError(Exception):
    """The scanner met what it does not understand."""


class _Scanner:
    """Walk over a valid TOML text. `at` is the offset of the next character."""

    __slots__ = ("arrays", "at", "line", "line_start", "positions", "text")

    def __init__(self, text: str) -> None:
        self.text = text + "\n"
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.arrays: dict[KeyPath, int] = {}
        self.positions: dict[KeyPath, Position] = {}

    def document(self) -> None:
        section: KeyPath = ()
        while self._skip_blanks(newlines=True):
            if self._peek() == "[":
                section = self._header()
            else:
                self._pair(section)

    def _peek(self) -> str:
        return self.text[self.at]

    def _advance(self, count: int = 1) -> None:
        for _ in range(count):
            if self.text[self.at] == "\n":
                self.line += 1
                self.line_start = self.at + 1
            self.at += 1

    def _note(self, path: KeyPath) -> None:
        self.positions.setdefault(path, (self.line, self.at - self.line_start + 1))

    def _skip_blanks(self, *, newlines: bool) -> bool:
        """Skip spaces and comments (and ends of lines); tell whether something follows."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                while self.text[self.at] != "\n":
                    self._advance()
            elif char in " \t" or (newlines and char == "\n"):
                self._advance()
            else:
                return True
        return False

    def _header(self) -> KeyPath:
        start = (self.line, self.at - self.line_start + 1)
        double = self.text.startswith("[[", self.at)
        self._advance(2 if double else 1)
        path = self._within_arrays(self._key())
        self._advance(2 if double else 1)
        if double:
            index = self.arrays.get(path, -1) + 1
            self.arrays[path] = index
            self.positions.setdefault(path, start)
            path = (*path, index)
        self.positions.setdefault(path, start)
        return path

    def _within_arrays(self, path: KeyPath) -> KeyPath:
        """Insert the current index behind each prefix that is an array of tables, save the last."""
        result: KeyPath = ()
        for number, part in enumerate(path, 1):
            result = (*result, part)
            if number < len(path) and result in self.arrays:
                result = (*result, self.arrays[result])
        return result

    def _pair(self, section: KeyPath) -> None:
        line, column = self.line, self.at - self.line_start + 1
        path = section
        for part in self._key():
            path = (*path, part)
            self.positions.setdefault(path, (line, column))
        self._skip_blanks(newlines=False)
        self._advance()  # the equals sign
        self._skip_blanks(newlines=False)
        self._value(path)

    def _key(self) -> KeyPath:
        parts: KeyPath = ()
        while True:
            self._skip_blanks(newlines=False)
            if self._peek() in "\"'":
                start = self.at
                self._string()
                quoted = self.text[start : self.at]
                parts = (*parts, next(iter(tomllib.loads(f"{quoted} = 0"))))
            else:
                start = self.at
                while self._peek() not in " \t.=]\n":
                    self._advance()
                parts = (*parts, self.text[start : self.at])
            self._skip_blanks(newlines=False)
            if self._peek() != ".":
                return parts
            self._advance()

    def _value(self, path: KeyPath) -> None:
        char = self._peek()
        if char in "\"'":
            self._string()
        elif char == "[":
            self._array(path)
        elif char == "{":
            self._inline_table(path)
        else:
            start = self.at
            while self._peek() not in ",]}#\n":
                self._advance()
            if self.at == start:
                raise _LostError

    def _array(self, path: KeyPath) -> None:
        self._advance()
        index = 0
        while self._skip_blanks(newlines=True) and self._peek() != "]":
            if self._peek() == ",":
                self._advance()
                continue
            self._note((*path, index))
            self._value((*path, index))
            index += 1
        self._advance()

    def _inline_table(self, path: KeyPath) -> None:
        self._advance()
        while self._skip_blanks(newlines=True) and self._peek() != "}":
            if self._peek() == ",":
                self._advance()
                continue
            self._pair(path)
        self._advance()

    def _string(self) -> None:
        quote = self._peek()
        if self.text.startswith(quote * 3, self.at):
            self._long_string(quote)
            return
        self._advance()
        while self._peek() != quote:
            self._advance(2 if quote == '"' and self._peek() == "\\" else 1)
        self._advance()

    def _long_string(self, quote: str) -> None:
        self._advance(3)
        while not self.text.startswith(quote * 3, self.at):
            self._advance(2 if quote == '"' and self._peek() == "\\" else 1)
        self._advance(3)
        while self._peek() == quote:  # up to two quotes may stand before the closing three
            self._advance()
