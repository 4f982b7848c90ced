"""The sentences with which a whole sheet is refused: what it is, why, and what to do."""

from tracker.kit.words import N_

LARGEST = 10 << 20
"""Bytes of one sheet."""
ROWS, COLUMNS, CELLS = 20_000, 200, 1_000_000

NO_SHEET = N_(
    "This file is no spreadsheet. Download the template, fill it in, save it as .xlsx or CSV and upload that file."
)
OLD_OFFICE = N_(
    "This file is an old Excel workbook (.xls), or one with a password. Save it as .xlsx without a password and upload"
    " that file."
)
MACROS = N_("This workbook contains macros, which are programs. Save it as .xlsx without macros and upload that file.")
NOT_SAFE = N_(
    "The sheet could not be opened safely: it may be damaged, unusually built, or far too large. Copy the rows into the"
    " template and upload that file."
)
TOO_LARGE = N_("The file is larger than %(megabytes)s MB. Split it into several sheets and upload them one by one.")
TOO_MANY_ROWS = N_("The sheet has more than %(rows)s rows. Split it and upload the parts one by one.")
TOO_MANY_CELLS = N_(
    "The sheet has more than %(columns)s columns or %(cells)s cells. Copy the rows into the template and upload that"
    " file."
)
ENCODING = N_("The characters of this CSV file cannot be read. Save it as CSV UTF-8, or as .xlsx, and upload it again.")
EMPTY = N_("The sheet is empty. Fill in at least one row below the headings.")
NO_HEADINGS = N_(
    "No row of headings was found among the first %(n)s rows. The sheet needs a row with: %(columns)s. The template has"
    " it."
)
LACKS = N_("The headings in row %(row)s lack: %(columns)s. Add them as in the template and upload the sheet again.")
TWICE = N_("The heading %(label)s stands twice, in %(first)s and %(second)s. Remove one of them.")

REASONS = {
    "no_sheet": NO_SHEET,
    "old_office": OLD_OFFICE,
    "macros": MACROS,
    "rows": TOO_MANY_ROWS,
    "cells": TOO_MANY_CELLS,
    "encoding": ENCODING,
}
"""By the code that the child answers."""
