"""Runs alone in a child process with few rights: reads one hostile spreadsheet on standard input.

    python -I child.py ROWS COLUMNS CELLS   → JSON: {"sheets": [{"name": …, "rows": [[text, …], …]}]}
                                              or {"refused": code}

Every cell is a text as the office would type it: a whole number without ".0", a day as 2026-01-05, a formula as its
value. Rows begin at the sheet's first row, so that a cell's name can be told. Limits are set before any library is
loaded; of the product only the bounded reader of archives comes into its memory.
"""

import csv
import io
import json
import os
import re
import resource
import sys
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
LIMITS = {
    resource.RLIMIT_AS: 700 * MEGABYTE,
    resource.RLIMIT_CPU: 20,
    resource.RLIMIT_FSIZE: 60 * MEGABYTE,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
BOOK = "spreadsheetml.sheet.main+xml"
TYPES = "[Content_Types].xml"
DOCTYPE = re.compile(
    b"|".join(re.escape("<!doctype".encode(code)) for code in ("ascii", "utf-16-le", "utf-16-be")), re.IGNORECASE
)
SHEETS = 10
LONGEST_CELL = 32_767
DIGITS = 1e15
"""From here on a spreadsheet has lost digits already; such a number is shown as it is."""


class Unfit(Exception):
    """The sheet is refused; the text is the code of the reason."""


def main() -> None:
    """Set the limits, read the sheet, write the answer."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    os.nice(5)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    rows, columns, cells = map(int, sys.argv[1:4])
    data = os.pread(0, os.fstat(0).st_size, 0)
    try:
        answer: dict[str, Any] = {"sheets": bounded(read(data, rows), rows, columns, cells)}
    except Unfit as unfit:
        answer = {"refused": str(unfit)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def read(data: bytes, rows: int) -> list[dict[str, Any]]:
    """Return the visible sheets of a workbook, or the one of a CSV file, at most one row more than may be."""
    if data.startswith(OLD_OFFICE):
        raise Unfit("old_office")
    if data.startswith(ZIP):
        return read_book(data, rows)
    return [{"name": "", "rows": list(islice(read_csv(data), rows + 1))}]


def bounded(sheets: list[dict[str, Any]], rows: int, columns: int, cells: int) -> list[dict[str, Any]]:
    """Return the sheets without empty ends, when they keep to the limits.

    :raises Unfit: one of them has too many rows, columns or cells.
    """
    for sheet in sheets:
        sheet["rows"] = shortened([shortened(row) for row in sheet["rows"]])
        if len(sheet["rows"]) > rows:
            raise Unfit("rows")
        cells -= sum(map(len, sheet["rows"]))
        if cells < 0 or max(map(len, sheet["rows"]), default=0) > columns:
            raise Unfit("cells")
    return sheets


def shortened(line: list[Any]) -> list[Any]:
    """Return a row or a list of rows without what is empty at its end."""
    end = len(line)
    while end and not line[end - 1]:
        end -= 1
    return line[:end]


def read_book(data: bytes, rows: int) -> list[dict[str, Any]]:
    """Return the visible sheets of an .xlsx; its parts are unpacked within bounds before the reader sees them."""
    import python_calamine  # noqa: PLC0415  (after the limits)

    check_book(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            place
            for place, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        return [_sheet(book.get_sheet_by_index(place), rows) for place in shown[:SHEETS]]
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        raise Unfit("no_sheet") from error


def _sheet(sheet: Any, rows: int) -> dict[str, Any]:
    if sheet.total_height > rows + 1 and sheet.height > rows:
        raise Unfit("rows")
    read = sheet.to_python(skip_empty_area=False, nrows=rows + 1)
    return {"name": sheet.name, "rows": [[as_text(cell) for cell in row] for row in read]}


def check_book(data: bytes) -> None:
    """Unpack every part within the bounds of archives.

    :raises Unfit: it is no workbook, has macros, or declares a document type.
    """
    from tracker.kit import archives  # noqa: PLC0415  (after the limits)

    try:
        archive = archives.Archive(data)
        types = archive.read(archive.find(TYPES) or TYPES)
        if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in archive.names):
            raise Unfit("macros")
        if BOOK.encode() not in types:
            raise Unfit("no_sheet")
        for name in archive.names:
            if name.lower().endswith((".xml", ".rels")) and DOCTYPE.search(archive.read(name)):
                raise Unfit("no_sheet")
    except archives.Unfit as unfit:
        raise Unfit("cells" if str(unfit) in ("size", "entries") else "no_sheet") from unfit


def as_text(cell: Any) -> str:
    """Return a cell's value as a person would type it."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < DIGITS else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return as_text(cell.date()) if cell.time() == time() else cell.isoformat(" ", _precision(cell))
    if isinstance(cell, time):
        return cell.isoformat(_precision(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell)[:LONGEST_CELL].strip()


def _precision(moment: datetime | time) -> str:
    return "seconds" if moment.second else "minutes"


def read_csv(data: bytes) -> Any:
    """Yield the rows of a CSV file, whatever common separator and encoding it has."""
    text = decoded(data)
    if "\0" in text:
        raise Unfit("no_sheet")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<", "%pdf", "{", "[")):
        raise Unfit("no_sheet")
    csv.field_size_limit(LONGEST_CELL * 4)
    first = text.split("\n", 1)[0]
    comma = max(",\t;", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=comma):
            yield [cell[:LONGEST_CELL].strip() for cell in row]
    except csv.Error as error:
        raise Unfit("no_sheet") from error


def decoded(data: bytes) -> str:
    """Return the text of a CSV file: UTF-8 or UTF-16 by its mark, else UTF-8, else GB 18030.

    :raises Unfit: none of them fits.
    """
    for code in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise Unfit("encoding" if b"\0" not in data else "no_sheet")


if __name__ == "__main__":
    main()
