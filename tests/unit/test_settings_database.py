"""Database URLs, which of them wins, and file systems that SQLite cannot trust."""

from pathlib import Path

import pytest

from config.settings import SettingsError, filesystem_type, load_settings, masked_url, read_mounts


def load(tmp_path, text="", environ=None, **more):
    path = tmp_path / "conventions.toml"
    path.write_text(text)
    path.chmod(0o600)
    return load_settings(path, environ or {}, cwd=tmp_path, **more)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///x.db", "sqlite:///{cwd}/x.db"),
        ("sqlite+pysqlite:///x.db", "sqlite:///{cwd}/x.db"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
        ("sqlite:///été #1%20.db", "sqlite:///{cwd}/été #1%20.db"),
        ("sub/x.db", "sqlite:///{cwd}/sub/x.db"),
        ("/srv/x.sqlite3", "sqlite:////srv/x.sqlite3"),
        ("postgresql://h/x", "postgresql+psycopg://h/x"),
        ("postgresql+psycopg://u:p%40q@h:5433/x", "postgresql+psycopg://u:p%40q@h:5433/x"),
        ("postgres://u@[::1]:5432/x", "postgresql+psycopg://u@[::1]:5432/x"),
        ("postgresql:///x?host=/run/postgresql", "postgresql+psycopg:///x?host=/run/postgresql"),
    ],
)
def test_accepted_urls(tmp_path, given, expected):
    settings = load(tmp_path, database_override=given)
    assert settings.database.url == expected.replace("{cwd}", str(tmp_path))
    assert (settings.database.sqlite_path is None) == expected.startswith("postgresql")


def test_the_url_reads_back_in_sqlalchemy(tmp_path):
    make_url = pytest.importorskip("sqlalchemy.engine").make_url
    url = load(tmp_path, database_override="sqlite:///été.db").database.url
    assert make_url(url).database == str(tmp_path / "été.db")
    url = load(tmp_path, database_override="postgresql://u:p%40q@h:5433/x").database.url
    assert (make_url(url).drivername, make_url(url).password) == ("postgresql+psycopg", "p@q")


def test_the_option_wins_over_the_variable_which_wins_over_the_file(tmp_path):
    text = "[database]\nurl = 'sqlite:///file.db'\n"
    environ = {"CONVENTIONS_DATABASE_URL": "sqlite:///variable.db"}

    def name(*args, **more):
        return load(tmp_path, *args, **more).database.sqlite_path.name

    assert name(text, environ, database_override="option.db") == "option.db"
    assert name(text, environ) == "variable.db"
    assert name(text, {"CONVENTIONS_DATABASE_URL": ""}) == "file.db"
    assert name() == "conventions.db"


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("postgresql://u:secret@h/x", "postgresql://u:***@h/x"),
        ("postgresql://u:se@cr/et@h/x", "postgresql://u:***@h/x"),
        ("postgresql://:secret@h/x", "postgresql://:***@h/x"),
        ("postgresql://h/x?password=secret&a=b", "postgresql://h/x?password=***&a=b"),
        ("postgresql://h/x?a=b&sslpassword=secret", "postgresql://h/x?a=b&sslpassword=***"),
        ("postgresql://u@h:5432/x", "postgresql://u@h:5432/x"),
        ("sqlite:////x/y.db", "sqlite:////x/y.db"),
        ("nonsense", "nonsense"),
    ],
)
def test_masked_url(url, masked):
    assert masked_url(url) == masked
    assert masked_url(masked) == masked


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/x", "postgresql://u:secret@h:0/x", "postgresql://u:s@secret@h/x"]
)
def test_a_refused_url_never_shows_its_password(tmp_path, url):
    for more in (
        {"text": f"[database]\nurl = '{url}'\n"},
        {"environ": {"CONVENTIONS_DATABASE_URL": url}},
        {"database_override": url},
    ):
        with pytest.raises(SettingsError) as caught:
            load(tmp_path, **more)
        assert "secret" not in caught.value.text("fr") + caught.value.text("en")


def test_the_password_is_not_in_the_representation(tmp_path):
    settings = load(tmp_path, database_override="postgresql://u:secret@h/x")
    assert "secret" not in repr(settings)
    assert settings.database.masked == "postgresql+psycopg://u:***@h/x"


def test_a_database_password_in_a_file_that_all_can_read_is_a_warning(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text("[database]\nurl='postgresql://u:p@h/x'\n[state]\ndirectory='s'\n")
    path.chmod(0o644)
    assert "password_readable" in {w.code for w in load_settings(path, {}).warnings}
    path.chmod(0o640)
    assert "password_readable" not in {w.code for w in load_settings(path, {}).warnings}


# --- state directory ---------------------------------------------------------------------------


def test_the_state_lies_beside_the_sqlite_file(tmp_path):
    settings = load(tmp_path, database_override="/srv/town.sqlite")
    assert settings.state.directory == Path("/srv/town.sqlite.state")


def test_with_postgresql_the_state_is_in_the_home_folder_with_a_warning(tmp_path):
    settings = load(
        tmp_path, "", {"XDG_STATE_HOME": "/st"}, database_override="postgresql://u:p@h:5433/town"
    )
    assert settings.state.directory == Path("/st/conventions/h_5433_town")
    assert "state_in_home" in {w.code for w in settings.warnings}


def test_without_a_home_folder_the_state_must_be_set(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, database_override="postgresql://h/town")
    assert [p.place.key for p in caught.value.problems] == ["state.directory"]


# --- file systems ------------------------------------------------------------------------------

MOUNTS = r"""
proc /proc proc rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/srv /mnt/share nfs4 rw 0 0
//server/d /mnt/my\040disk cifs rw 0 0
tmpfs /mnt/share/local tmpfs rw 0 0
old /mnt/over nfs rw 0 0
new /mnt/over xfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/x.db", "ext4"),
        ("/", "ext4"),
        ("/mnt/share/x.db", "nfs4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/shared/x.db", "ext4"),
        ("/mnt/share/local/x.db", "tmpfs"),
        ("/mnt/my disk/x.db", "cifs"),
        ("/mnt/over/x.db", "xfs"),
    ],
)
def test_filesystem_type(path, kind):
    assert filesystem_type(path, MOUNTS) == kind


def test_filesystem_type_unknown():
    assert filesystem_type("/x", "") is None


def test_this_machine_tells_its_mounts():
    mounts = read_mounts()
    if mounts is None:
        pytest.skip("no /proc/mounts here")
    assert filesystem_type("/proc/self", mounts) == "proc"


def test_an_sqlite_file_on_a_network_disk_is_refused(tmp_path):
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/srv {tmp_path} nfs4 rw 0 0\n"
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, mounts=mounts)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.key) == ("database_on_network", "database.url")
    assert load(tmp_path, database_override="/dev/shm/x.db", mounts=mounts)
    assert load(tmp_path, database_override="postgresql://h/x", mounts=mounts)


def test_a_link_towards_a_network_disk_is_followed(tmp_path):
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "link").symlink_to(share)
    with pytest.raises(SettingsError, match="disque réseau"):
        load(tmp_path, database_override="link/x.db", mounts=f"s:/ {share.resolve()} nfs rw 0 0\n")
