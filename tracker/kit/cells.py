"""Cells of files that people open in a spreadsheet: none of them runs."""

from typing import TypeVar

LIVE = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet might run (OWASP, CSV injection), with the full-width forms that it folds."""
Cell = TypeVar("Cell")


def quiet(cell: Cell) -> Cell | str:
    """Return a cell that no spreadsheet runs: an apostrophe goes before what might be a formula."""
    if isinstance(cell, str) and cell.lstrip(" \u3000\u00a0\ufeff").startswith(LIVE):
        return f"'{cell}"
    return cell


LONGEST = 32_767
"""Characters that a cell of a workbook holds."""


def as_words(text: str) -> str:
    """Return what a cell holds of a text, so that xlsxwriter does not take one like its own markup for markup."""
    return f"{text[: LONGEST - 1]} " if text.startswith("<r>") else text[:LONGEST]
