"""`flask bench papers` on a handful of papers: it prints, measures and compares them, and names what fails."""

import pytest
from PIL import Image, ImageDraw

from tracker.cli.bench import papers
from tracker.cli.bench.commands import bench
from tracker.documents import preflight

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def _fonts_are_here():
    if preflight.check():
        pytest.skip("fonts or libraries are missing")


def test_four_papers_are_printed_measured_and_compared(capsys):
    with pytest.raises(SystemExit) as ended:
        bench.main(["papers", "--count", "4", "--no-speed"], standalone_mode=False)
    rows = {cells[0].strip(): cells[1:] for line in capsys.readouterr().out.splitlines() if (cells := line.split("|"))}
    assert ended.value.code == 0
    assert [rows[name][0].strip() for name in ("papers of the corpus", "their types")] == ["4", "4"]
    assert rows["papers failing a point of the self-check"][2].strip() == "yes"


def test_a_paper_that_fails_is_said_and_counted(monkeypatch):
    wrong = {"number": "阜政办公开改[2021]第1号"}
    contents = [(papers.NOTICE, papers._one(1) | wrong)]
    monkeypatch.setattr(papers.corpus, "contents", lambda _count: contents)
    said: list[str] = []
    found = {figure.name: figure for figure in papers.figures(1, said.append, speed=False)}
    assert said == ["0 rectification_notice: P6"]
    assert not found["papers failing a point of the self-check"].ok


def test_plain_weasyprint_is_timed_in_a_process_of_its_own():
    with papers._plain() as (plain, pid):
        pdf = plain({"html": "<p>国</p>", "css": ""})
        assert (pdf[:5], papers._ticks(pid) > 0, papers._peak(pid) > 20) == (b"%PDF-", True, True)


def test_a_character_left_blank_is_seen():
    page = Image.new("L", (849, 1200), 255)
    draw = ImageDraw.Draw(page)
    for top in range(150, 1000, 24):
        draw.rectangle((120, top, 720, top + 8), fill=0)
    blank = page.copy()
    ImageDraw.Draw(blank).rectangle((300, 390, 318, 410), fill=255)
    assert (papers.unlike(page, page.copy()), papers.unlike(page, blank)) == (False, True)
