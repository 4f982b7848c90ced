"""docs/notice-json.md tells every key that a real paper carries, and no other."""

import json
import re
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest

from tests import worlds
from tests.conftest import WorkAs
from tracker.cli.bench import corpus
from tracker.documents import preflight, render

DOCUMENT = (Path(__file__).parents[2] / "docs" / "notice-json.md").read_text(encoding="utf-8")
BASES = {"urge": ["Every letter"], "supervision_letter": ["Every letter", "urge"], "reply_sheet": []}
MAY_BE_MISSING = {"type", "series", "receipt_words"}


def told(type_: str) -> set[str]:
    """The keys that the document gives a type, `items.seq` and the like included."""
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL))
    wanted = [*BASES.get(type_, ["Every letter"]), type_]
    cells = [cell for name in wanted for cell in re.findall(r"^\| (`[^|]+`) \|", sections[name], re.MULTILINE)]
    return {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}


def keys(content: dict[str, Any]) -> set[str]:
    """The keys of a content and of the entries in it."""
    found = set(content)
    for key, value in content.items():
        entries = value if isinstance(value, list) else [value]
        found |= {f"{key}.{inner}" for entry in entries if isinstance(entry, dict) for inner in entry}
    return found


@pytest.mark.pdf
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_keys_of_a_printed_notice_are_those_told(work_as: WorkAs) -> None:
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    with work_as() as work:
        unit, _other = worlds.people(work)
        batch = worlds.drafted(work, worlds.findings(work, unit, 1, "甲"))
        content = next(iter(worlds.contents_of(work, batch).values()))
    with pikepdf.open(BytesIO(render.render("rectification_notice", content).pdf)) as pdf:
        carried = json.loads(pdf.attachments["notice.json"].get_file().read_bytes())
        assert pdf.attachments["notice.json"].relationship == pikepdf.Name("/Source")
    assert carried == content
    assert keys(carried) | MAY_BE_MISSING == told("rectification_notice")


@pytest.mark.parametrize("type_", ["urge", "supervision_letter", "correction"])
def test_the_keys_of_other_letters_are_those_told(type_: str) -> None:
    contents = [corpus.MAKERS[type_](Random(seed)) for seed in range(5)]
    base = {"opening", "requirements", "deadline_words"}  # the corpus gives them to every letter
    found = set().union(*map(keys, contents)) | MAY_BE_MISSING - {"receipt_words"}
    assert found - base == told(type_) - base


def test_the_keys_of_a_reply_sheet_are_those_told() -> None:
    found = keys(corpus.MAKERS["reply_sheet"](Random(1)))
    assert told("reply_sheet") - found == set()  # the corpus' problems say more than a reply's
