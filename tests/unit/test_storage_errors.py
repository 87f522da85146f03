"""Errors say what to do, in both languages, and never a password."""

from __future__ import annotations

import string

import pytest

from tracker.storage import errors
from tracker.storage.engine import network_file_system
from tracker.storage.errors import StorageError, mask_password

CLASSES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, StorageError)
]


@pytest.mark.parametrize("kind", CLASSES)
def test_both_sentences_say_the_same_things(kind):
    names = [
        {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        for sentence in (kind.french, kind.english)
    ]
    assert names[0] == names[1]
    error = kind(**dict.fromkeys(names[0], "postgresql://u:secret@h/d?password=secret"))
    assert "secret" not in error.message("fr") + error.message("en") + str(error)


def test_codes_are_unique():
    assert len({kind.code for kind in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@ss:w@h/d", "postgresql://u:***@h/d"),
        ("postgresql://h/d?password=p&x=1", "postgresql://h/d?password=***&x=1"),
        ("password='a b' host=h", "password=*** host=h"),
        ("sqlite:////srv/a@b.db", "sqlite:////srv/a@b.db"),
    ],
)
def test_passwords_are_masked(text, masked):
    assert mask_password(text) == masked


def test_a_network_file_system_is_recognised(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"none / ext4 rw 0 0\nserver:/x {tmp_path}/share nfs4 rw 0 0\n")
    assert network_file_system(tmp_path / "share" / "c.db", mounts) == "nfs4"
    assert network_file_system(tmp_path / "c.db", mounts) is None
    assert network_file_system(tmp_path / "c.db", tmp_path / "absent") is None
