"""Real pages through the real child process: codes, turns, pages that kill it, and pages copied out."""

import io

import pikepdf
import pytest
from PIL import Image

from tests.scans import sheets
from tracker.scans.read import Failed, read, split, unreadable

TOKEN = "ABCDEFGH2345"
TURNS = (0, 90, 180, 270)


def test_turned_pages_are_read_and_say_how_they_are_to_be_turned(tmp_path) -> None:
    pages = [sheets.page(TOKEN, 1, k, 4, turn) for k, turn in enumerate(TURNS, 1)]
    path = tmp_path / "scan.pdf"
    path.write_bytes(sheets.pdf([*pages, sheets.page()]))
    with path.open("rb") as file:
        seen = read(file, "pdf", 1, 5)
    codes = [[(c["token"], c["version"], c["page"], c["of"]) for c in page["codes"]] for page in seen.pages]
    assert codes == [[(TOKEN, 1, k, 4)] for k in range(1, 5)] + [[]]
    assert [page["turn"] for page in seen.pages] == [0, 270, 180, 90, 0]
    assert all(page["width"] < page["height"] for page in seen.pages)  # judged upright
    assert Image.open(io.BytesIO(seen.crops[2, "page"])).format == "JPEG"
    with path.open("rb") as file:
        parts = split(file, [[(3, 180), (1, 0)], [(2, 270)]])
    again = tmp_path / "part.pdf"
    again.write_bytes(parts[0])
    with again.open("rb") as file:
        part = read(file, "pdf", 1, 2)
    assert [(p["codes"][0]["page"], p["turn"]) for p in part.pages] == [(3, 0), (1, 0)]  # upright now
    assert len(pikepdf.open(io.BytesIO(parts[1])).pages) == 1


def test_a_page_that_cannot_be_read_is_noted_and_never_raises(tmp_path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 nonsense")
    with path.open("rb") as file:
        assert read(file, "pdf", 1, 2).pages == [unreadable(1), unreadable(2)]
        with pytest.raises(Failed):
            split(file, [[(1, 0)]])
