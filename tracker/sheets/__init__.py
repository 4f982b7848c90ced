"""Spreadsheets that people hand in: read in a child process, wrong cells named; templates and marked copies written.

Knows no table of the office. An importer says which columns it reads, checks rows against the database, and stores all
or nothing.
"""

from tracker.sheets.books import marked, template
from tracker.sheets.columns import SheetColumn, day, decimal, one_of, plain, text, whole
from tracker.sheets.kept import Upload, drop, keep, kept_sheet, reread, sheet_of
from tracker.sheets.models import KeptSheet
from tracker.sheets.read import CellProblem, Sheet, SheetRow, cell_name, read_sheet

__all__ = [
    "CellProblem",
    "KeptSheet",
    "Sheet",
    "SheetColumn",
    "SheetRow",
    "Upload",
    "cell_name",
    "day",
    "decimal",
    "drop",
    "keep",
    "kept_sheet",
    "marked",
    "one_of",
    "plain",
    "read_sheet",
    "reread",
    "sheet_of",
    "template",
    "text",
    "whole",
]
