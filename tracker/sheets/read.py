"""The parent's side of reading a sheet: starts the child, finds the headings, reads cells, gathers what is wrong."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tracker.kit.confined import Failed, ask
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.sheets import refusals
from tracker.sheets.columns import SheetColumn, heading

SCRIPT = Path(__file__).with_name("child.py")
SECONDS = 40
"""Wall time of one child; its processor time is limited inside."""
LONGEST_ANSWER = 60 << 20
SEARCHED = 20
"""Rows among which the headings are looked for: titles and notes may stand above them."""
MISSING = N_("This cell must not be empty.")
Lines = list[list[str]]


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell: its name ("C14"), its column's heading, what it says, and the sentence."""

    cell: str
    row: int
    label: str
    said: str
    msgid: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetRow:
    """One row: its number in the sheet, values by the columns' keys (None: empty or wrong), the cells' own texts."""

    number: int
    values: dict[str, Any]
    cells: dict[str, str]


@dataclass
class Sheet:
    """A sheet as read. Importers check the rows further and add what they find by `problem`."""

    name: str
    columns: Sequence[SheetColumn]
    places: dict[str, int]
    """Column's key → its place, from 0."""
    header_row: int
    unknown: list[str]
    """Headings that mean nothing here; their cells are left alone."""
    rows: list[SheetRow] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)

    def cell(self, row: SheetRow, key: str) -> str:
        """Return the name of a row's cell, e.g. C14; for a column that the sheet lacks the row's first cell."""
        return cell_name(self.places.get(key, 0), row.number)

    def problem(self, row: SheetRow, key: str, msgid: str, **params: Any) -> None:
        """Note that a row's cell is wrong."""
        label = next(column.label for column in self.columns if column.key == key)
        said = row.cells.get(key, "")
        self.problems.append(CellProblem(self.cell(row, key), row.number, label, said, msgid, params))

    def in_order(self) -> list[CellProblem]:
        """Return the problems from top to bottom and left to right."""
        return sorted(self.problems, key=lambda each: (each.row, len(each.cell), each.cell))


def read_sheet(file: BinaryIO, name: str, columns: Sequence[SheetColumn]) -> Sheet:
    """Return the rows of an .xlsx or CSV file (UTF-8, UTF-16 or GB 18030), read in a confined child process.

    The headings may stand in any order and below a title; rows without any cell are passed over. Wrong cells are
    `problems`, never errors. Takes up to 40 seconds with a hostile file: call it before a writing transaction.

    :raises Refused: it is no sheet, hostile, too large, or lacks required columns; the sentence says what to do.
    """
    number, places, unknown, lines = located(lines_of(file), columns)
    sheet = Sheet(name, columns, places, number, unknown)
    for at, line in enumerate(lines[number:], number + 1):
        if any(line):
            sheet.rows.append(_row(sheet, at, line))
    if not sheet.rows:
        raise Refused(refusals.EMPTY)
    return sheet


def lines_of(file: BinaryIO) -> list[Lines]:
    """Return the texts of every visible sheet, from their first row; the file's position does not matter.

    :raises Refused: it is no sheet, hostile or too large.
    """
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        size = copy.write(file.read(refusals.LARGEST + 1))
        if size > refusals.LARGEST:
            raise Refused(refusals.TOO_LARGE, megabytes=refusals.LARGEST >> 20)
        copy.flush()
        limits = (refusals.ROWS, refusals.COLUMNS, refusals.CELLS)
        try:
            said = ask(SCRIPT, copy, *map(str, limits), seconds=SECONDS, longest=LONGEST_ANSWER)
            return _understood(json.loads(said))
        except (Failed, ValueError, KeyError, TypeError) as error:  # the child met the file: its answer may be nonsense
            raise Refused(refusals.NOT_SAFE) from error


def _understood(answer: dict[str, Any]) -> list[Lines]:
    if "refused" in answer:
        rows, columns, cells = (f"{n:,}" for n in (refusals.ROWS, refusals.COLUMNS, refusals.CELLS))
        raise Refused(refusals.REASONS[answer["refused"]], rows=rows, columns=columns, cells=cells)
    return [[[str(cell) for cell in row] for row in sheet["rows"]] for sheet in answer["sheets"]]


def located(sheets: list[Lines], columns: Sequence[SheetColumn]) -> tuple[int, dict[str, int], list[str], Lines]:
    """Return row number (from 1) of the headings, places by key, unknown headings, and all rows of that sheet.

    :raises Refused: no sheet has the headings, or a heading is missing or stands twice.
    """
    known = {text: column for column in columns for text in column.headings}
    best, at, lines = 0, 0, []
    for sheet in sheets:
        for number, line in enumerate(sheet[:SEARCHED], 1):
            hits = len({known[heading(cell)].key for cell in line if heading(cell) in known})
            if hits > best:
                best, at, lines = hits, number, sheet
    needed = [column.label for column in columns if column.required]
    if not any(any(line) for sheet in sheets for line in sheet):
        raise Refused(refusals.EMPTY)
    if best < min(2, len(columns)):
        raise Refused(refusals.NO_HEADINGS, n=SEARCHED, columns="、".join(needed))
    places, unknown = _places(lines[at - 1], at, known)
    missing = [column.label for column in columns if column.required and column.key not in places]
    if missing:
        raise Refused(refusals.LACKS, row=at, columns="、".join(missing))
    return at, places, unknown, lines


def _places(line: list[str], number: int, known: dict[str, SheetColumn]) -> tuple[dict[str, int], list[str]]:
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(line):
        column = known.get(heading(cell))
        if column is None:
            unknown += [cell] if cell else []
        elif column.key in places:
            first, second = cell_name(places[column.key], number), cell_name(place, number)
            raise Refused(refusals.TWICE, label=column.label, first=first, second=second)
        else:
            places[column.key] = place
    return places, unknown


def _row(sheet: Sheet, number: int, line: list[str]) -> SheetRow:
    row = SheetRow(number, {}, {})
    for column in sheet.columns:
        place = sheet.places.get(column.key)
        said = line[place] if place is not None and place < len(line) else ""
        row.cells[column.key] = said
        row.values[column.key] = None
        if not said:
            if column.required:
                sheet.problem(row, column.key, MISSING)
            continue
        try:
            row.values[column.key] = column.parse(said)
        except Refused as refusal:
            sheet.problem(row, column.key, refusal.msgid, **refusal.params)
    return row


def cell_name(place: int, row: int) -> str:
    """Return the name of a cell in a spreadsheet: place 2 (from 0) in row 14 is C14."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
