"""Workbooks that people fill in or mend: the template of an import, and their own sheet with what is wrong in it."""

import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from tracker.kit.cells import as_words
from tracker.sheets.columns import SheetColumn
from tracker.sheets.read import CellProblem, Lines, cell_name, lines_of

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
COMMENTS = 2_000
"""Cells with a comment; beyond, the last column says it."""
FILLED = 20_000
"""Rows for which the template offers lists of choices."""
NOTES = "填写说明"
Translate = Callable[[CellProblem], str]


def template(columns: Sequence[SheetColumn], title: str) -> bytes:
    """Return an empty .xlsx: headings (required ones with a star), every cell text, choices as lists; notes beside."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    head, typed, sheet = _head(book), book.add_format({"num_format": "@"}), book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, typed)
        sheet.write_string(0, place, column.label + ("*" if column.required else ""), head)
        if column.choices and len(",".join(column.choices)) <= 255:
            sheet.data_validation(1, place, FILLED, place, {"validate": "list", "source": list(column.choices)})
    _explain(book, columns, head)
    book.close()
    return out.getvalue()


def _explain(book: Any, columns: Sequence[SheetColumn], head: Any) -> None:
    """Add a sheet that says what each column is for; nothing on it is ever imported."""
    sheet, wrapped = book.add_worksheet(NOTES), book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    for place, (name, width) in enumerate((("栏目", 18), ("是否必填", 10), ("说明", 60), ("示例", 30))):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, name, head)
    for row, column in enumerate(columns, 1):
        choices = f"可填：{'、'.join(column.choices)}。" if column.choices else ""
        said = (column.label, "必填" if column.required else "选填", column.note + choices, column.example)
        for place, text in enumerate(said):
            sheet.write_string(row, place, text, wrapped)


def marked(file: BinaryIO, name: str, problems: Sequence[CellProblem], translate: Translate) -> bytes:
    """Return their own sheet once more: wrong cells coloured with a comment, and a last column with the sentences.

    Only texts are kept: no formula, picture or format of the file comes back. The sheet is the one in which the
    problems were found; `name` (of the file) becomes its title.

    :raises Refused: the file cannot be read.
    """
    by_row: dict[int, list[CellProblem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    lines = _sheet_of(lines_of(file), problems)
    last = max(map(len, lines), default=0)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    sheet = book.add_worksheet()
    formats = {
        "plain": book.add_format({"num_format": "@"}),
        "bad": book.add_format({"num_format": "@", "bg_color": "#F6D5D0", "border": 1, "border_color": "#B3261E"}),
        "said": book.add_format({"font_color": "#B3261E"}),
    }
    sheet.set_column(0, max(last - 1, 0), 16)
    sheet.set_column(last, last, 80)
    book.set_properties({"title": name[:200]})
    comments = COMMENTS
    for number, line in enumerate(lines, 1):
        found = by_row.get(number, [])
        _write(sheet, number, line, {each.cell for each in found}, formats)
        for each in found[:comments]:
            sheet.write_comment(each.cell, translate(each), {"x_scale": 2, "author": ""})
        comments -= min(len(found), comments)
        if found:
            said = "；".join(f"{each.cell}：{translate(each).rstrip('。')}" for each in found)
            sheet.write_string(number - 1, last, said[:LONGEST], formats["said"])
    book.close()
    return out.getvalue()


def _sheet_of(sheets: list[Lines], problems: Sequence[CellProblem]) -> Lines:
    """Return the rows of the sheet that has what the first problem quotes; the first sheet when none has."""
    for problem in problems[:1]:
        for lines in sheets:
            line = lines[problem.row - 1] if problem.row <= len(lines) else []
            if any(cell_name(at, problem.row) == problem.cell and said == problem.said for at, said in enumerate(line)):
                return lines
    return sheets[0]


def _write(sheet: Any, number: int, line: list[str], bad: set[str], formats: dict[str, Any]) -> None:
    for place, text in enumerate(line):
        name = cell_name(place, number)
        look = formats["bad" if name in bad else "plain"]
        sheet.write_string(number - 1, place, as_words(text), look)
        bad.discard(name)
    for name in bad:  # a cell that is missing at the end of its row
        sheet.write_blank(name, None, formats["bad"])


def _head(book: Any) -> Any:
    return book.add_format({"bold": True, "border": 1, "bg_color": "#E8EDF3", "text_wrap": True, "num_format": "@"})
