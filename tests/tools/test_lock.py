"""The locked requirements."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def names(text: str) -> set[str]:
    """Return the distributions that lines of a requirements file name, spelt as the lock spells them."""
    found = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_locked(name: str) -> None:
    wanted = names((ROOT / f"{name}.in").read_text())
    assert wanted - names((ROOT / f"{name}.txt").read_text()) == set(), "type: make lock"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_locked_package_has_a_hash_and_the_lock_names_no_host(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    packages = re.split(r"\n(?=[a-z0-9])", lock)
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.findall(r"\w+://\S+|^--\S*(?:index|find-links).*", lock, re.MULTILINE) == []


def test_both_locks_hold_the_same_version_of_what_they_share() -> None:
    run, dev = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[.*?\])?==(\S+)", (ROOT / file).read_text(), re.MULTILINE))
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name: (run[name], dev[name]) for name in run.keys() & dev.keys() if run[name] != dev[name]} == {}
