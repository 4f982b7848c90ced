"""Lines of Chinese: breaking rules and justification, with a font whose hanzi are 1 em and Latin letters half."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.documents.geometry import GRIDS, TEXT_WIDTH, points
from tracker.documents.typeset import NOT_FIRST, NOT_LAST, Column, Line, Run, break_lines

GRID = GRIDS["word"]
COLUMN = Column(GRID.size, GRID.track, points(TEXT_WIDTH))


def half(face: str, character: str) -> float:
    return 0.5 if ord(character) < 256 else 1.0


def lines(text: str, column: Column = COLUMN) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in break_lines([Run(text)], half, column)]


def width(line: Line) -> float:
    text = "".join(run.text for run in line.runs)
    return sum(half("fang", each) for each in text) * GRID.size + (len(text) - 1) * line.spacing


def test_line_of_hanzi_holds_28():
    assert [len(line) for line in lines("国" * 60)] == [28, 28, 4]


def test_indented_first_line_holds_26():
    column = Column(GRID.size, GRID.track, points(TEXT_WIDTH), indent=2 * GRID.cell)
    assert [len(line) for line in lines("国" * 60, column)] == [26, 28, 6]


def test_strict_grid_holds_28():
    strict = GRIDS["strict"]
    assert len(lines("国" * 60, Column(strict.size, strict.track, points(TEXT_WIDTH)))[0]) == 28


def test_comma_never_begins_a_line():
    assert lines("国" * 28 + "，" + "国" * 10) == ["国" * 28 + "，", "国" * 10]


def test_opening_bracket_never_ends_a_line():
    for before in range(20, 30):
        assert not any(line.endswith("（") for line in lines("国" * before + "（" + "国" * 40))


def test_number_is_not_torn():
    assert lines("国" * 27 + "2021年" + "国" * 9)[1].startswith("2021年")


def test_figure_stays_with_its_year():
    for before in range(20, 30):
        assert not any(line.startswith("年") for line in lines("国" * before + "2021年" + "国" * 9))


def test_url_breaks_after_its_signs():
    assert lines("国" * 20 + "http://www.example.gov.cn/zwgk/202112/t20211208_1234567.html")[0][-1] in "/?&=-_."


def test_word_wider_than_the_line_is_cut():
    assert "".join(lines("a" * 300)) == "a" * 300


def test_dash_pair_stays_together():
    for before in range(24, 30):
        assert not any(
            line.startswith("—") and not line.startswith("——") for line in lines("国" * before + "——" + "国" * 9)
        )


def test_empty_text_is_one_empty_line():
    assert lines("") == [""]


@given(st.text(alphabet="国家政务公开，。（）“”《》、；0123456789abc —", max_size=300))
def test_full_lines_end_at_the_right_edge_and_nothing_is_lost(text: str):
    broken = break_lines([Run(text)], half, COLUMN)
    joined = "".join("".join(run.text for run in line.runs) for line in broken)
    assert joined.replace(" ", "") == text.replace(" ", "")
    for line in broken[:-1]:
        if sum(len(run.text) for run in line.runs) > 1:
            assert abs(width(line) - COLUMN.width) < 0.01


@given(st.text(alphabet="国家政务公开国家政务公开国家政务公开，。（）", max_size=300))
def test_lines_obey_the_signs(text: str):
    broken = lines(text)
    for before, after in pairwise(broken):
        if len(before) > 1 and len(after) > 1 and "国" in before and "国" in after:
            legal = after[0] not in NOT_FIRST and before[-1] not in NOT_LAST
            assert legal or crowded(text)


def crowded(text: str) -> bool:
    """A heap of signs with no place to break within a line's reach."""
    run = 0
    for each in text:
        run = run + 1 if each in NOT_FIRST or each in NOT_LAST else 0
        if run > 3:
            return True
    return False
