"""The type of the papers, as set-up built it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FOLDER = Path(os.environ.get("RECTIFY_FONTS") or Path(__file__).resolve().parents[2] / "var" / "fonts")
WHOLE = ("GW Fang", "GW Kai", "GW Hei", "GW XBSong")

pytestmark = [
    pytest.mark.pdf,
    pytest.mark.skipif(not (FOLDER / ".recipe").exists(), reason=f"no fonts in {FOLDER}: type make fonts"),
]


@pytest.fixture
def font(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    with TTFont(FOLDER / f"{request.param.replace(' ', '-')}.ttf") as opened:
        yield opened


@pytest.mark.parametrize("font", WHOLE, indirect=True)
def test_each_font_has_the_characters_of_a_notice(font: TTFont) -> None:
    known = font.getBestCmap()
    assert [sign for sign in "阜新市整改通知〔2021〕12号“”—·，。" if ord(sign) not in known] == []


@pytest.mark.parametrize("font", [*WHOLE, "GW Song"], indirect=True)
def test_each_font_has_truetype_outlines_only(font: TTFont) -> None:
    # A subset with CFF outlines shows blanks in some PDF viewers.
    assert ("glyf" in font, "CFF " in font) == (True, False)


@pytest.mark.parametrize(("font", "family"), [(name, name) for name in (*WHOLE, "GW Song")], indirect=["font"])
def test_each_font_is_found_by_its_own_family_name_in_regular_weight(font: TTFont, family: str) -> None:
    assert (font["name"].getDebugName(1), font["OS/2"].usWeightClass) == (family, 400)


@pytest.mark.parametrize("font", ["GW Fang"], indirect=True)
def test_a_hanzi_fills_its_em(font: TTFont) -> None:
    width, _bearing = font["hmtx"][font.getBestCmap()[ord("阜")]]
    assert width == font["head"].unitsPerEm


@pytest.mark.parametrize("font", ["GW Song"], indirect=True)
def test_the_page_number_font_has_digits_and_dash(font: TTFont) -> None:
    assert [sign for sign in "0123456789—" if ord(sign) not in font.getBestCmap()] == []


def test_the_licence_stands_beside_the_fonts() -> None:
    text = (FOLDER / "LICENCE.txt").read_text("utf-8")
    assert "modified copies of the Fandol fonts" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text
