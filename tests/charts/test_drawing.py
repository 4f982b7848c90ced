"""Figures become drawings that stay readable at the edges: nothing, one, zero, all, huge, three years, gaps."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest

from tracker.charts.drawing import draw
from tracker.charts.figure import Column, Figure, Kind, NotAFigure, Place, Series, Tone, dumped, loaded
from tracker.charts.scale import apart, percent_ticks, thinned, ticks, width_of, wrapped
from tracker.charts.sheet import svg_file
from tracker.charts.table import across, head, rows

SVG = "{http://www.w3.org/2000/svg}"


def months(count: int) -> tuple[Place, ...]:
    return tuple(
        Place(f"{2019 + n // 12}年{n % 12 + 1}月", f"{n % 12 + 1}月", f"{2019 + n // 12}年") for n in range(count)
    )


def figure(
    kind: Kind, *values: tuple[int | float | None, ...], measure: str = "个", labels: tuple[str, ...] = ()
) -> Figure:
    names = ("否决", "扣分", "预警", "其他")
    series = tuple(Series.counted(name, row) for name, row in zip(names, values, strict=False))
    places = tuple(map(Place, labels)) or months(len(values[0]))
    return Figure("f", kind, "图", "月份", measure, places, series)


EDGES = {
    "one month": figure(Kind.STACKS, (3,)),
    "zero": figure(Kind.STACKS, (0, 0), (0, 0)),
    "huge": figure(Kind.STACKS, (123_456_789, 1)),
    "three years": figure(Kind.STACKS, tuple(range(36)), (1,) * 36, (2,) * 36, (3,) * 36),
    "gap": figure(Kind.LINES, (90.5, None, 85.09, 100), measure="%"),
    "alone": figure(Kind.LINES, (None, 7, None)),
    "all pass": figure(Kind.LINES, (100, 100), (100, 100), measure="%"),
    "none passes": figure(Kind.LINES, (0, 0), measure="%"),
    "long names": figure(Kind.BARS, (3, 0), (1, 9), labels=("两周未更新", "账号未有效回应社会公众的诉求" * 3)),
    "one zero thing": figure(Kind.BARS, (0,), labels=("无",)),
}


@pytest.mark.parametrize("width", [352.0, 1120.0, 442.0])
@pytest.mark.parametrize("edge", EDGES)
def test_every_part_stands_inside_the_drawing_and_no_tick_covers_another(edge: str, width: float) -> None:
    canvas = draw(EDGES[edge], width)
    for part in canvas.parts:
        spread = width_of(part.text, canvas.size)
        left = part.x - spread * ("end" in part.look) - spread / 2 * ("mid" in part.look)
        right = left + spread if part.tag == "text" else part.x + (part.width if part.tag == "rect" else 0)
        foot = part.y + (part.height if part.tag == "rect" else 0)
        assert -1 <= left <= right <= width + 1, part
        assert -0.5 <= part.y <= foot <= canvas.height + 0.5, part
    named = [part for part in canvas.parts if part.look == "tick mid" and "月" in part.text]
    for before, after in pairwise(named):
        assert after.x - before.x >= (width_of(before.text, 12) + width_of(after.text, 12)) / 2


def test_a_month_without_a_number_breaks_the_line_and_is_no_zero() -> None:
    canvas = draw(EDGES["gap"], 352)
    assert len([part for part in canvas.parts if part.tag == "circle"]) == 3
    (line,) = [part for part in canvas.parts if part.look == "line line-0"]
    assert line.path.count("L") == 1  # only the last two months are neighbours
    assert [row.cells for row in rows(EDGES["gap"])][1] == ("—",)


def test_bars_begin_at_zero_and_are_as_long_as_their_numbers() -> None:
    canvas = draw(figure(Kind.STACKS, (10, 5), (10, 15)), 352)
    boxes = [part for part in canvas.parts if part.tag == "rect" and part.said]
    assert boxes[0].height == pytest.approx(2 * boxes[2].height, abs=0.02)
    assert boxes[0].height + boxes[1].height == pytest.approx(boxes[2].height + boxes[3].height, abs=0.02)
    assert boxes[1].y + boxes[1].height == pytest.approx(boxes[0].y, abs=0.02)


def test_numbers_lead_to_their_rows_and_a_file_leads_nowhere() -> None:
    seen = figure(Kind.STACKS, (1, 2), (3, 4))
    urls = {part.url for part in draw(seen, 352, links={(0, 1): "/a", (1, 0): "/b"}).parts}
    assert urls == {"", "/a", "/b"}
    tree = ET.fromstring(svg_file(seen))  # noqa: S314  (our own)
    assert (tree.get("role"), tree.find(f"{SVG}title").text) == ("img", "图")
    assert tree.get("aria-labelledby") == "f-title f-desc"
    assert tree.find(f"{SVG}desc").text == "否决：2019年1月 1 → 2019年2月 2；扣分：2019年1月 3 → 2019年2月 4"
    assert not re.search(r"href|style=|<script|https?://(?!www\.w3\.org)", svg_file(seen))


def test_hostile_names_stay_text() -> None:
    evil = replace(figure(Kind.BARS, (3,), labels=("</style><script>alert(1)</script>",)), title='"><script>')
    tree = ET.fromstring(svg_file(evil))  # noqa: S314  (our own)
    assert tree.find(f"{SVG}title").text == '"><script>'
    assert not [each for each in tree.iter() if each.tag.endswith("script")]


def test_scales() -> None:
    assert ticks(0) == [0, 1]
    assert (ticks(24)[-1], ticks(1868)[-1], ticks(7)) == (30, 2000, [0, 2, 4, 6, 8])
    assert (percent_ticks(85.09), percent_ticks(100), percent_ticks(12.5)) == (
        [80, 90, 100],
        [90, 95, 100],
        [0, 25, 50, 75, 100],
    )
    assert thinned(36, 8.6, 24) == list(range(3, 36, 4))
    assert apart([50, 50], 10, 0, 100) == [50, 60]
    assert apart([99, 99, 99], 10, 0, 100) == [80, 90, 100]
    assert wrapped("两周未更新", 100, 12) == ["两周未更新"]
    assert wrapped("政" * 50, 100, 12)[1].endswith("…")


def test_a_figure_travels_as_numbers_and_comes_back_the_same() -> None:
    late = Series("逾期", (1, None), ("1", ""), Tone.LATE)
    made = replace(EDGES["gap"], places=months(2), series=(late,), columns=(Column("按期率", ("50%", "")),), note="注")
    assert loaded(dumped(made)) == made
    assert head(made) == ["月份", "逾期", "按期率"]
    assert [len(places) for places, _lines in across(EDGES["three years"])] == [12, 12, 12]


def broken(**changes: object) -> dict[str, object]:
    return dumped(figure(Kind.STACKS, (1, 2))) | changes


@pytest.mark.parametrize(
    "content",
    [
        broken(more=1),
        {key: value for key, value in broken().items() if key != "note"},
        broken(kind="pie"),
        broken(places=[{"label": "1月", "tick": "", "over": ""}]),
        broken(title="字" * 201),
        broken(series=[{"name": "a", "values": [1, float("inf")], "shown": ["1", "2"], "tone": "plain"}]),
        broken(series=[{"name": "a", "values": [1, -2], "shown": ["1", "2"], "tone": "plain"}]),
        broken(series=[{"name": "a", "values": [1, "2"], "shown": ["1", "2"], "tone": "plain"}]),
        broken(series=[{"name": "a", "values": [1, True], "shown": ["1", "2"], "tone": "plain"}]),
        broken(series=[{"name": "a", "values": [1], "shown": ["1", "2"], "tone": "plain"}]),
        broken(places="x"),
    ],
)
def test_content_of_another_shape_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(NotAFigure):
        loaded(content)
