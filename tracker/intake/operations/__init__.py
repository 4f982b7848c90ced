"""Entering and following what came in, one by one or as a whole sheet."""

from tracker.intake.operations.entries import (
    ChangeValues,
    LineValues,
    PublicationValues,
    ReportValues,
    answer,
    change_change,
    change_report,
    close,
    enter_change,
    enter_report,
    finish_change,
    set_line,
    set_publication,
    take_longer,
    verify,
)
from tracker.intake.operations.imports import check_publications, check_reports, store_publications, store_reports
from tracker.intake.operations.sheet_columns import PUBLICATIONS, REPORTS, TITLES

__all__ = [
    "PUBLICATIONS",
    "REPORTS",
    "TITLES",
    "ChangeValues",
    "LineValues",
    "PublicationValues",
    "ReportValues",
    "answer",
    "change_change",
    "change_report",
    "check_publications",
    "check_reports",
    "close",
    "enter_change",
    "enter_report",
    "finish_change",
    "set_line",
    "set_publication",
    "store_publications",
    "store_reports",
    "take_longer",
    "verify",
]
