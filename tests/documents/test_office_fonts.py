"""The office's own fonts are taken first, under the names they have in offices; ours stand behind them."""

from io import BytesIO
from random import Random

import pikepdf
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont

from tracker.cli.bench import corpus
from tracker.documents import folders, preflight
from tracker.documents.press_room import Room
from tracker.documents.selfcheck import check_pdf

pytestmark = pytest.mark.pdf
OFFICE = {
    "GW-Fang.ttf": ("FangSong_GB2312", "仿宋_GB2312"),
    "GW-Kai.ttf": ("KaiTi_GB2312", "楷体_GB2312"),
    "GW-Hei.ttf": ("SimHei", "黑体"),
    "GW-XBSong.ttf": ("FZXiaoBiaoSong-B05S", "方正小标宋简体"),
}
CONTENT = corpus.letter(Random(3), items=[corpus.problem(Random(3), 1)], title="关于限期整改有关问题的通知")


def renamed(source, target, english, chinese, characters):
    """Write a copy of a font that has only these characters, under the names of an office's font."""
    with TTFont(source) as font:
        chosen = subset.Subsetter(subset.Options(notdef_outline=True, hinting=False))
        chosen.populate(text=characters)
        chosen.subset(font)
        names = font["name"]
        names.names = []
        for language, family in ((0x409, english), (0x804, chinese)):
            for record, text in ((1, family), (2, "Regular"), (4, family), (6, english)):
                names.setName(text, record, 3, 1, language)
        font.save(target)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Return a room whose data folder has fonts of an office, lacking the character 改."""
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    ours = next(folder for folder in folders.folders() if (folder / "GW-Fang.ttf").exists())
    (tmp_path / "fonts").mkdir()
    text = "".join(set(str(CONTENT)) - {"改"}) + "0123456789"
    for file, (english, chinese) in OFFICE.items():
        renamed(ours / file, tmp_path / "fonts" / file, english, chinese, text)
    monkeypatch.setenv("RECTIFY_FONTS", str(ours))
    monkeypatch.setenv("RECTIFY_DATA", str(tmp_path))
    room = Room(1)
    yield room
    room.close()


def fonts_of(pdf):
    with pikepdf.open(BytesIO(pdf)) as document:
        found = {
            str(thing["/BaseFont"])
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing
        }
    return {name.split("+")[-1].lstrip("/") for name in found}


def test_office_fonts_come_first_and_what_they_lack_is_shown_in_ours_and_told(office):
    told, pdf = office.ask({"job": "print", "type": "rectification_notice", "content": CONTENT})
    assert {"FangSong_GB2312", "SimHei", "FZXiaoBiaoSong-B05S"} <= fonts_of(pdf)
    assert "改" in told["fallbacks"]
    assert told["complaints"] == []
    assert [check for check in check_pdf(pdf) if not check.ok] == []
    assert office.ask({"job": "check"})[0] == {"complaints": []}
