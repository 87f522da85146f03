"""Where keys stand in a TOML text."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.source import dotted, scan_positions

TEXT = '''\
top = 1
# [no.section]
a.b = { c = 1, "d e" = [1, 2] }   # no = 1
[office]
name = "a # [x] = \\" y"   # comment
  indented = 1
"quoted key" = 1
'literal' = 1
text = """
fake = 1
[fake]
\\"""
"""
raw = \'\'\'
also = 1\'\'\'\'
list = [
  "x", # one, "two"
  [1, 2],
  { k = "v" },
]
[ spaced . name ]
key=1
[[rows]]
n = 1
[[rows]]
n = 2
[rows.sub]
deep = 1
'''


def test_positions_of_everything():
    tomllib.loads(TEXT)
    expected = {
        ("top",): (1, 1),
        ("a", "b"): (3, 1),
        ("a", "b", "c"): (3, 9),
        ("a", "b", "d e"): (3, 16),
        ("a", "b", "d e", 1): (3, 28),
        ("office",): (4, 1),
        ("office", "name"): (5, 1),
        ("office", "indented"): (6, 3),
        ("office", "quoted key"): (7, 1),
        ("office", "literal"): (8, 1),
        ("office", "text"): (9, 1),
        ("office", "raw"): (14, 1),
        ("office", "list"): (16, 1),
        ("office", "list", 0): (17, 3),
        ("office", "list", 1): (18, 3),
        ("office", "list", 1, 1): (18, 7),
        ("office", "list", 2, "k"): (19, 5),
        ("spaced", "name"): (21, 1),
        ("spaced", "name", "key"): (22, 1),
        ("rows", 0, "n"): (24, 1),
        ("rows", 1): (25, 1),
        ("rows", 1, "n"): (26, 1),
        ("rows", 1, "sub", "deep"): (28, 1),
    }
    positions = scan_positions(TEXT)
    assert {path: positions.get(path) for path in expected} == expected
    assert not {path for path in positions if {"fake", "also", "no"} & set(path)}


def test_crlf_changes_no_position():
    assert scan_positions(TEXT.replace("\n", "\r\n")) == scan_positions(TEXT)


def test_no_newline_at_the_end():
    assert scan_positions("a = 1") == {("a",): (1, 1)}


def paths(value, path=()):
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def test_every_value_has_its_position():
    positions = scan_positions(TEXT)
    known = {path for path in paths(tomllib.loads(TEXT)) if path not in {("a",), ("spaced",)}}
    # names that only appear inside a dotted header have no place of their own
    assert known - set(positions) <= {("rows",), ("rows", 1, "sub")}


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab=[]{}\"'\\#., \n1", max_size=40))
def test_any_text_is_scanned_without_an_exception(text):
    scan_positions(text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("a",), "a"),
        (("council", "blackouts", 0, "from"), "council.blackouts[1].from"),
    ],
)
def test_dotted(path, text):
    assert dotted(path) == text
