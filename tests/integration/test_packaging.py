"""What the wheel holds, and that nobody else owns our names."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from config.version import VERSION

ROOT = Path(__file__).parents[2]
PACKAGES = ("config", "tracker", "notifications", "jobs")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_four_packages_and_their_data(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == set(PACKAGES)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            shipped = path.is_file() and "__pycache__" not in path.parts
            if shipped:
                assert str(path.relative_to(ROOT)) in names


def test_nobody_else_provides_our_names():
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ["conventions"])) == {"conventions"}


def test_version_is_said_once(wheel):
    code = (ROOT / "publiccode.yml").read_text(encoding="utf-8")
    assert f"softwareVersion: {VERSION}\n" in code
    assert wheel.name.startswith(f"conventions-{VERSION}-")


def test_constraints_name_no_index_and_pin_every_hash():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    pins = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)


def test_documents_that_are_linked_exist():
    for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        text = document.read_text(encoding="utf-8")
        for link in (part.split(")")[0] for part in text.split("](")[1:]):
            target = link.split("#")[0].strip()
            if target and "://" not in target and not target.startswith("mailto:"):
                assert (document.parent / target).exists(), f"{document.name} links to {target}"
