"""A monitor's JSON file (docs/monitor-json.md), read as if it were a sheet: problems are named by their path."""

import json
from datetime import date
from typing import Any, NoReturn

from tracker.inspections.operations.monitor.columns import COLUMNS, Measured, refuse_long
from tracker.kit.errors import Refused
from tracker.kit.plain_text import one_line
from tracker.kit.words import N_
from tracker.sheets import Sheet, SheetRow

FORMAT = "rectify-monitor"
VERSION = 1
LARGEST = 10 << 20
NO_JSON = N_("This file is no JSON that can be read (%(error)s). Export it again from the monitor.")
NO_FORMAT = N_('The file must be an object with "format": "%(format)s", "version": %(version)s and a list "rows".')
TOO_LARGE = N_("The file is larger than %(megabytes)s MB. Split it and upload the parts one by one.")
EMPTY = N_("The list of rows is empty.")
NO_OBJECT = N_("Each row must be an object.")
UNKNOWN = N_("The key “%(word)s” is not known. Known are: %(words)s.")
NO_TEXT = N_("A text is expected here.")
NO_NUMBER = N_("A number is expected here, or a text like 16天.")
MISSING = N_("This value is missing.")
KEYS = {column.key: column for column in COLUMNS}


class JsonSheet(Sheet):
    """Rows of a JSON file: a cell is named by its path, "rows[3].value"."""

    def cell(self, row: SheetRow, key: str) -> str:
        """Return the path of a value; rows count from 0 there."""
        return f"rows[{row.number - 1}].{key}"


def is_json(start: bytes) -> bool:
    """Tell whether a file's first bytes look like JSON rather than like a sheet."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_json(content: bytes, name: str) -> Sheet:
    """Return the rows of a monitor's JSON file; wrong values are problems of their rows.

    :raises Refused: it is larger than 10 MB, no JSON, not of this format, or has too many rows.
    """
    if len(content) > LARGEST:
        raise Refused(TOO_LARGE, megabytes=LARGEST >> 20)
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Refused(NO_JSON, error=str(error)[:80]) from error
    good = isinstance(said, dict) and said.get("format") == FORMAT and said.get("version") == VERSION
    if not good or not isinstance(said.get("rows"), list):
        raise Refused(NO_FORMAT, format=FORMAT, version=VERSION)
    if not said["rows"]:
        raise Refused(EMPTY)
    refuse_long(len(said["rows"]))
    places = {column.key: place for place, column in enumerate(COLUMNS)}
    sheet = JsonSheet(name, COLUMNS, places, 0, [])
    for number, entry in enumerate(said["rows"], 1):
        sheet.rows.append(_row(sheet, number, entry))
    return sheet


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _row(sheet: Sheet, number: int, entry: Any) -> SheetRow:
    row = SheetRow(number, dict.fromkeys(KEYS), dict.fromkeys(KEYS, ""))
    if not isinstance(entry, dict):
        row.cells["site"] = one_line(str(entry)[:200])  # the checks that follow see that the row was not understood
        sheet.problem(row, "site", NO_OBJECT)
        return row
    for key in sorted(entry.keys() - KEYS.keys())[:1]:
        sheet.problem(row, "site", UNKNOWN, word=one_line(str(key)[:40]), words=", ".join(KEYS))
    for key, column in KEYS.items():
        value = entry.get(key)
        if value is None or value == "":
            if column.required:
                sheet.problem(row, key, MISSING)
            continue
        row.cells[key] = one_line(str(value)[:200])
        try:
            row.values[key] = _value(key, value)
        except Refused as refusal:
            sheet.problem(row, key, refusal.msgid, **refusal.params)
    return row


def _value(key: str, value: Any) -> Measured | date | str | None:
    if key == "value" and isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 1e9:
            raise Refused(NO_NUMBER)
        return Measured(float(value), "")
    if not isinstance(value, str):
        raise Refused(NO_NUMBER if key == "value" else NO_TEXT)
    parsed: Measured | date | str | None = KEYS[key].parse(value)
    return parsed
