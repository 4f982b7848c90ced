"""The documents keep what they promise: links lead somewhere, the twin is a twin, every setting is told."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tracker.kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TWINS = ("README.md", "README.zh-CN.md")
PAGES = [ROOT / name for name in (*TWINS, "CHANGES.md")] + sorted((ROOT / "docs").rglob("*.md"))
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
FIXED = {"idle", "absolute", "max_upload"}
"""Told below the table: nothing in the environment changes them."""
PICTURE_LIMIT = 200_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file(page):
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert broken == []


def headings(name):
    outside_code = re.sub(r"^```.*?^```", "", (ROOT / name).read_text(), flags=re.MULTILINE | re.DOTALL)
    return [line.split(" ")[0] for line in outside_code.splitlines() if re.match(r"#+ ", line)]


def test_the_readme_and_its_twin_have_the_same_headings():
    english, chinese = (headings(name) for name in TWINS)
    assert english == chinese


def test_the_readme_and_its_twin_have_the_same_links():
    english, chinese = (sorted(set(LINK.findall((ROOT / name).read_text())) - set(TWINS)) for name in TWINS)
    assert english == chinese


@pytest.mark.parametrize("name", TWINS)
def test_every_setting_stands_in_the_table(name):
    told = set(re.findall(r"^\| `RECTIFY_(\w+)` \|", (ROOT / name).read_text(), flags=re.MULTILINE))
    assert told == {field.name.upper() for field in fields(Settings) if field.name not in FIXED}


@pytest.mark.parametrize("name", TWINS)
def test_what_is_fixed_is_told(name):
    text = (ROOT / name).read_text()
    assert {setting for setting in FIXED if f"`{setting}`" in text} == FIXED


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_tells_context_decision_and_consequences(page):
    told = re.findall(r"^## (.+)$", page.read_text(), flags=re.MULTILINE)
    assert told == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(page.stem.split("-")[0]) for page in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_pictures_are_light():
    heavy = [page.name for page in (ROOT / "docs" / "img").glob("*.png") if page.stat().st_size >= PICTURE_LIMIT]
    assert heavy == []
