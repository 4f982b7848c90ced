"""Sheets that people hand in: what is read, what is named by its cell, what is refused."""

import io
import time
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.sheets.books import altered, book
from tracker.kit.errors import Refused
from tracker.sheets import (
    SheetColumn,
    cell_name,
    day,
    decimal,
    marked,
    one_of,
    read_sheet,
    refusals,
    template,
    text,
    whole,
)

COLUMNS = (
    SheetColumn("name", "名称", True, text(10), ("网站名称",)),
    SheetColumn("code", "标识码", note="十位数字", example="2109000022"),
    SheetColumn("since", "起始日期", parse=day),
    SheetColumn("state", "状态", parse=one_of({"正常": 1, "已关停": 2}), choices=("正常", "已关停")),
)
CELL = '<c r="{at}" t="n"><v>1</v></c>'
SHEET = (
    '<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)
PART = "xl/worksheets/sheet1.xml"


def test_cells_come_as_a_person_would_type_them() -> None:
    """Codes without ".0", days as days, formulas as values; headings below a title, in any order, with remarks."""
    sheet = read_sheet(
        book(
            [
                ["某市网站名录"],
                ["标识码（十位）", "网站名称*", "别的", " 起始 日期："],
                [2109000022, "甲", "x", date(2026, 1, 5)],
                ["=1+1", "乙", None, "2026年1月5日"],
                [],
                ["001", "丙", None, "2026.1.5"],
            ]
        ),
        "a.xlsx",
        COLUMNS,
    )
    assert [(row.number, row.values["code"], row.values["since"]) for row in sheet.rows] == [
        (3, "2109000022", date(2026, 1, 5)),
        (4, "2", date(2026, 1, 5)),
        (6, "001", date(2026, 1, 5)),
    ]
    assert (sheet.problems, sheet.unknown, sheet.header_row) == ([], ["别的"], 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_usual_encoding(encoding: str) -> None:
    """And what is wrong is named by the cell a spreadsheet would show."""
    content = '名称,标识码,状态\n甲,001,正常\n"乙\n丙",,没有\n,,\n,2,\n'.encode(encoding)
    sheet = read_sheet(io.BytesIO(content), "a.csv", COLUMNS)
    assert [(each.cell, each.said) for each in sheet.in_order()] == [("C3", "没有"), ("A5", "")]
    assert sheet.rows[0].values == {"name": "甲", "code": "001", "since": None, "state": 1}


def test_values_are_read_or_refused() -> None:
    """Numbers, percentages and days; a day that does not exist is none."""
    assert (whole("1,868"), decimal("85.09%"), decimal("\uff10.5"), day("20260105")) == (
        1868,
        0.8509,
        0.5,
        date(2026, 1, 5),
    )
    for parse, said in ((whole, "1.5"), (decimal, "五"), (day, "2026-02-30"), (day, "1026-01-01"), (day, "44562")):
        with pytest.raises(Refused):
            parse(said)
    assert [cell_name(place, 1) for place in (0, 25, 26, 701, 702)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["别的", "什么"], ["甲", "乙"]], refusals.NO_HEADINGS),
        ([["标识码", "状态"], ["1", "正常"]], refusals.LACKS),
        ([["名称", "网站名称", "状态"], ["甲", "乙"]], refusals.TWICE),
        ([["名称", "状态"], []], refusals.EMPTY),
        ([], refusals.EMPTY),
    ],
)
def test_a_sheet_of_another_form_is_refused(rows: list[list[str]], sentence: str) -> None:
    """Whole, with what is missing."""
    with pytest.raises(Refused) as refused:
        read_sheet(book(rows), "a.xlsx", COLUMNS)
    assert refused.value.msgid == sentence


def hostile() -> dict[str, tuple[bytes, str]]:
    """Files by name, with the sentence that refuses them."""
    honest = book([["名称", "状态"], ["甲", "正常"]])
    corners = "".join(f'<row r="{n}">{CELL.format(at=at)}</row>' for n, at in ((1, "A1"), (1048576, "XFD1048576")))
    far = SHEET.format(doctype="", rows=corners)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    macros = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    types, laughing = altered(honest, "[Content_Types].xml", macros), SHEET.format(doctype=laughs, rows="")
    return {
        "bomb": (altered(honest, PART, b"<a/>" * (17 << 20)).getvalue(), refusals.TOO_MANY_CELLS),
        "far corner": (altered(honest, PART, far.encode()).getvalue(), refusals.NOT_SAFE),
        "entities": (altered(honest, PART, laughing.encode()).getvalue(), refusals.NO_SHEET),
        "macros": (types.getvalue(), refusals.MACROS),
        "old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, refusals.OLD_OFFICE),
        "pdf": (b"%PDF-1.7\n1 0 obj", refusals.NO_SHEET),
        "web page": (b"<html><table><tr><td>a", refusals.NO_SHEET),
        "bytes": (b"\x00\x01\x02\xff" * 100, refusals.NO_SHEET),
        "broken archive": (honest.getvalue()[:900], refusals.NO_SHEET),
        "rows": ("名称,状态\n".encode() + "甲,正常\n".encode() * 20_001, refusals.TOO_MANY_ROWS),
        "columns": (b"a," * 300, refusals.TOO_MANY_CELLS),
        "large": (b"a" * (refusals.LARGEST + 1), refusals.TOO_LARGE),
    }


def test_hostile_sheets_are_refused_with_a_sentence() -> None:
    """None harms or hangs; an endless cell, a bomb, entities, macros, another file."""
    said = {}
    for name, (content, _sentence) in hostile().items():
        with pytest.raises(Refused) as refused:
            read_sheet(io.BytesIO(content), name, COLUMNS)
        said[name] = refused.value.msgid
    assert said == {name: sentence for name, (_content, sentence) in hostile().items()}


def test_the_template_is_read_back_and_its_examples_are_not() -> None:
    """Headings of the template are those that are read; notes and examples stand on another sheet."""
    empty = template(COLUMNS, "登记册")
    with pytest.raises(Refused) as refused:
        read_sheet(io.BytesIO(empty), "a.xlsx", COLUMNS)
    assert refused.value.msgid == refusals.EMPTY
    first, notes = CalamineWorkbook.from_filelike(io.BytesIO(empty)).sheet_names
    assert (first, notes) == ("登记册", "填写说明")


def test_the_marked_copy_is_their_sheet_with_sentences_and_nothing_live() -> None:
    """Every row stays where it was; the last column says what is wrong; formulas are texts."""
    theirs = book([["名称", "标识码", "状态"], ["甲", "=1+1", "没有"], ["'=cmd", "x"]])
    sheet = read_sheet(theirs, "a.xlsx", COLUMNS)
    copy = marked(theirs, "a.xlsx", sheet.in_order(), lambda each: f"!{each.msgid[:4]}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows == [["名称", "标识码", "状态", ""], ["甲", "2", "没有", "C2：!Only"], ["'=cmd", "x", "", ""]]
    assert b"<f>" not in copy


def test_a_text_like_the_librarys_own_markup_stays_a_text() -> None:
    """Written as it stands it would put strings of its own into the workbook, and every later cell would shift."""
    theirs = io.BytesIO("名称,标识码,状态\n甲,<r><t>x</t></r></si><si><r></r>,没有\n".encode())
    sheet = read_sheet(theirs, "a.csv", COLUMNS)
    copy = marked(theirs, "a.csv", sheet.in_order(), lambda _each: "错")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["甲", "<r><t>x</t></r></si><si><r></r> ", "没有", "C2：错"]


def test_p21_cells_of_nothing_but_brackets_take_no_time() -> None:
    """Looking for remarks in them took 8 s of the web process for each cell."""
    theirs = io.BytesIO(("名称,状态\n" + f"甲,{'(' * 32_000}\n" * 20).encode())
    began = time.process_time()
    sheet = read_sheet(theirs, "a.csv", COLUMNS)
    assert (len(sheet.problems), time.process_time() - began < 2) == (20, True)
