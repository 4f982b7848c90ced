"""The ledger as a workbook and as CSV: row after row, with memory that does not grow with them."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import IO, Any

import xlsxwriter

from tracker.kit.cells import as_words, quiet
from tracker.kit.words import N_
from tracker.ledger.policy import COLUMNS, Cell, Line, cells

TITLE = N_("Ledger of rectification")
NUMBER = N_("No.")
A3 = 8
Translate = Callable[[str], str]


def write_csv(file: IO[bytes], lines: Iterable[Line], translate: Translate, _folder: str | None = None) -> int:
    """Write rows as UTF-8 with a byte order mark, every cell quoted and none live; return how many."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([translate(NUMBER), *(translate(column.label) for column in COLUMNS)])
    count = 0
    said = cache(translate)
    for count, line in enumerate(lines, 1):
        writer.writerow([count, *map(quiet, cells(line, said))])
    text.flush()
    text.detach()
    return count


def write_workbook(file: IO[bytes], lines: Iterable[Line], translate: Translate, folder: str | None = None) -> int:
    """Write rows as a workbook that prints one page wide, its head frozen and repeated; return how many.

    Texts stay texts, whatever they begin with. Rows go to a file in `folder` as they come, never into memory.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "tmpdir": folder,
    }
    book = xlsxwriter.Workbook(file, options)
    plain = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "font_size": 9})
    day = book.add_format({"valign": "top", "border": 1, "font_size": 9, "num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(translate(TITLE)[:31])
    _lay_out(book, sheet, translate)
    count = 0
    said = cache(translate)
    for count, line in enumerate(lines, 1):
        for place, cell in enumerate([count, *cells(line, said)]):
            put(sheet, count, place, cell, plain, day)
    sheet.autofilter(0, 0, max(count, 1), len(COLUMNS))
    book.close()
    return count


def _lay_out(book: Any, sheet: Any, translate: Translate) -> None:
    head = book.add_format({"bold": True, "valign": "vcenter", "text_wrap": True, "border": 1, "font_size": 9})
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 3)
    sheet.set_header(f"&C{translate(TITLE)}")
    sheet.set_footer("&C&P / &N")
    sheet.set_column(0, 0, 6)
    for place, column in enumerate(COLUMNS, 1):
        sheet.set_column(place, place, column.width)
    sheet.write_string(0, 0, translate(NUMBER), head)
    for place, column in enumerate(COLUMNS, 1):
        sheet.write_string(0, place, translate(column.label), head)


def put(sheet: Any, row: int, place: int, cell: Cell, plain: Any, day: Any) -> None:
    """Write one cell, a text as a text: the library takes one that begins and ends like its own markup for markup."""
    if isinstance(cell, str) and cell:
        sheet.write_string(row, place, as_words(cell), plain)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, day)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell, plain)
    else:
        sheet.write_blank(row, place, None, plain)


WRITERS: Mapping[str, Callable[[IO[bytes], Iterable[Line], Translate, str | None], int]] = {
    "xlsx": write_workbook,
    "csv": write_csv,
}
"""By format: each writes rows to a file, with a folder for what it puts aside, and returns how many."""
