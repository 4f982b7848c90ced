"""Figures in an annex: drawn at printing from numbers, the same bytes each time, beside their table; nothing else."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pdfplumber
import pytest

from tracker.charts.figure import Figure, Kind, Place, Series, dumped
from tracker.documents import preflight, render
from tracker.documents.render import RenderFailed
from tracker.documents.word import word

pytestmark = pytest.mark.pdf


@pytest.fixture(autouse=True)
def _fonts_are_here() -> None:
    lacking = [each.sentence % each.params for each in preflight.check()]
    if lacking:
        pytest.skip("; ".join(lacking))


def content(*figures: dict[str, Any]) -> dict[str, Any]:
    """A bulletin whose only annex shows figures."""
    annex = {"title": "数据图表", "columns": [], "rows": [], "landscape": False, "note": "", "charts": list(figures)}
    office = "阜新市人民政府办公室"
    said = {"issuer": office, "signer_line": office, "title": "关于检查情况的通报", "recipient": "各县、区人民政府"}
    empty = dict.fromkeys(("mark", "urgency", "contact", "printed_by", "verify_url"), "")
    rest = {"draft": False, "number": "阜政办公开通〔2021〕6号", "body": ["现通报如下。"], "copy_to": []}
    return {"date": "2021-12-28", "printed_on": "2021-12-28", "annexes": [annex], **said, **empty, **rest}


def rates() -> dict[str, Any]:
    months = tuple(Place(f"2021年{n}月", f"{n}月", "2021年") for n in (10, 11, 12))
    series = Series("政务新媒体", (86.34, None, 85.09), ("86.34%", "", "85.09%"))
    return dumped(
        Figure("rates", Kind.LINES, "合格率<&>", "月份", "%", months, (series,), note="没有检查的月份不连线。")
    )


def test_a_figure_is_printed_with_its_table_and_repeats_byte_for_byte() -> None:
    first, second = (render.render("bulletin", content(rates())) for _ in range(2))
    assert first.sha256 == second.sha256
    with pdfplumber.open(BytesIO(first.pdf)) as document:
        (page,) = [each for each in document.pages if "合格率<&>" in each.extract_text()]
        assert page.extract_text().count("85.09%") == 2  # at the line's end, and in the table
        assert len(page.curves) >= 2  # a dot each: November is no point
        assert {"没有检查的月份不连线。", "—"} <= {
            word for text in page.extract_text().split() for word in (text, text[2:])
        }


def test_the_word_file_has_its_table() -> None:
    with ZipFile(BytesIO(word("bulletin", content(rates())))) as file:
        document = file.read("word/document.xml").decode()
    assert [document.count(each) for each in ("合格率&lt;&amp;&gt;（单位：%）", "2021年11月", "85.09%", "<w:tbl>")] == [
        1
    ] * 4


def test_what_is_no_figure_is_refused_with_a_sentence() -> None:
    with pytest.raises(RenderFailed, match="cannot be drawn"):
        render.render("bulletin", content(rates() | {"kind": "pie"}))
