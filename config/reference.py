"""The reference of the settings, written from their fields: `python -m config.reference FILE`."""

from __future__ import annotations

import sys
from dataclasses import MISSING
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.loading import default_values
from config.problems import shown
from config.sections import SECTIONS, written_fields

if TYPE_CHECKING:
    from dataclasses import Field

_HEAD = """\
# Settings

<!-- Written by `python -m config.reference docs/settings.md`: change config/sections.py. -->

One TOML file. The first of these that applies: `--config FILE`, `$CONVENTIONS_CONFIG`,
`./conventions.toml`, `/etc/conventions/conventions.toml`; without any, the shipped defaults. A file
asked for by name must exist. `conventions init` writes a commented one.

Each key written there replaces the shipped default, the others stay. An unknown key or a bad value
refuses the whole file: every problem is listed at once with its line, its key and what to write.

- **period**: a length of the calendar, ISO 8601: `"P6M"`, `"P15D"`, `"P2W"`, `"P1Y6M"`; not zero,
  at most 200 years.
- **clock duration**: `"PT10M"`, `"PT30S"`, `"PT2H"`, `"P1D"`; not zero, at most a year.
- **date**: a TOML date or a string, `2027-01-31`, from 1900 to 2199.
- **path**: a relative one is taken against the folder of the settings file; `~` is the home folder.
  (A relative SQLite URL is taken against the current directory.)
- **e-mail address**: the address alone, `name@domain.fr`, without a name. An accented domain is
  accepted, an accented name before `@` is not.
"""


def render_reference() -> str:
    """Return the reference as Markdown."""
    return _HEAD + "".join(_section(name, cls) for name, cls in SECTIONS.items())


def _section(name: str, cls: type[Any]) -> str:
    rows = "".join(_row(name, item) for item in written_fields(cls))
    doc = (cls.__doc__ or "").strip()
    return (
        f"\n## `[{name}]`\n\n{doc}\n\n"
        "| Key | Kind | Default | Meaning | Example |\n|---|---|---|---|---|\n"
        f"{rows}"
    )


def _row(section: str, item: Field[Any]) -> str:
    facts = item.metadata
    defaults = default_values().get(section, {})
    if item.name in defaults:
        default = f"`{toml_value(defaults[item.name])}`"
    else:
        default = facts["shown_default"]
        if not default and item.default is MISSING:
            raise ValueError(f"{section}.{item.name} has no default")
    example = f"`{facts['example']}`" if facts["example"] else ""
    kind = facts["reader"].what
    return f"| `{item.name}` | {kind} | {default} | {facts['doc']} | {example} |\n"


def toml_value(value: object) -> str:
    """Return a value as it is written in TOML, whole."""
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_value(v)}" for key, v in value.items()) + " }"
    return shown(value)


def main(arguments: list[str]) -> int:
    """Write the reference into the named file."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m config.reference FILE\n")
        return 2
    Path(arguments[0]).write_text(render_reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
