"""Workbooks for tests, honest and hostile."""

import io
import zipfile
from datetime import date
from typing import Any

import xlsxwriter


def book(rows: list[list[Any]], *, title: str = "") -> io.BytesIO:
    """An .xlsx of these cells; days and numbers as such, "=1+1" as a formula whose kept value is 2."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, day = made.add_worksheet(title or None), made.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, str) and cell.startswith("="):
                sheet.write_formula(number, place, cell, None, 2)
            elif cell is not None:
                sheet.write(number, place, cell)
    made.close()
    out.seek(0)
    return out


def altered(content: io.BytesIO, part: str, data: bytes, *, add: str = "") -> io.BytesIO:
    """The same workbook with one part replaced; `add` names a further one with the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
        if add:
            new.writestr(add, data)
    out.seek(0)
    return out
