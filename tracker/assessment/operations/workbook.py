"""The year's table as a workbook: every unit in the registry's order, every line a column, nothing live in it."""

from collections.abc import Callable, Sequence
from typing import IO, Any

import xlsxwriter

from tracker.assessment.models import SheetState
from tracker.assessment.operations.freeze import figures
from tracker.assessment.queries.sheets import UnitSheet
from tracker.kit.cells import as_words
from tracker.kit.words import N_

STATE_NAMES = {
    SheetState.DRAFT: N_("Being drawn up"),
    SheetState.OFFERED: N_("Being checked by the unit"),
    SheetState.SIGNED: N_("Signed"),
}
HEAD = (N_("No."), N_("Unit"), N_("State"))
FOOT = (N_("Deducted"), N_("Bonus"), N_("Mark"), N_("Assessment result"))
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write_workbook(file: IO[bytes], year: int, sheets: Sequence[UnitSheet], translate: Callable[[str], str]) -> None:
    """Write the table; signed sheets with the figures they were signed with."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    plain = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "font_size": 9})
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "font_size": 9})
    page = book.add_worksheet(f"{year}")
    page.set_landscape()
    page.set_paper(8)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 2)
    page.set_column(1, 1, 18)
    told = [sheet.frozen or figures(sheet.score) for sheet in sheets]
    lines = _lines(told)
    titles = [*map(translate, HEAD), *lines.values(), *map(translate, FOOT)]
    for place, words in enumerate(titles):
        page.write_string(0, place, as_words(words), head)
    for number, (sheet, each) in enumerate(zip(sheets, told, strict=True), 1):
        cells = [number, sheet.unit.name, translate(STATE_NAMES[sheet.state]), *_cells(each, list(lines))]
        for place, cell in enumerate(cells):
            _put(page, number, place, cell, plain)
    book.close()


def _lines(told: list[dict[str, Any]]) -> dict[str, str]:
    """Return the lines of all sheets, a signed one's own too: key → head of the column."""
    return {line["key"]: f"{line['key']} {line['title']}" for each in told for line in each["lines"]}


def _cells(each: dict[str, Any], keys: list[str]) -> list[Any]:
    by_key = {line["key"]: "否决" if line["vetoes"] else float(line["points"]) for line in each["lines"]}
    sums = [float(each["lost"]), float(each["bonus"]), float(each["total"]), each["verdict"]]
    return [*(by_key.get(key, "") for key in keys), *sums]


def _put(page: Any, row: int, place: int, cell: Any, form: Any) -> None:
    if isinstance(cell, int | float):
        page.write_number(row, place, cell, form)
    else:
        page.write_string(row, place, as_words(str(cell)), form)
