"""Limits of error reports, what their states are called, and what is late."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.intake.models import ErrorReport, Truth
from tracker.kit.words import N_
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Standing, add_workdays, workdays_between

CONTENT, LONGER = "content", "longer"
DUE_SOON = 1
"""Working days before the last one from which a report is marked."""


@dataclass(frozen=True)
class Limit:
    """Within what a report must be answered, and who says so; exactly one of working days and months is given."""

    key: str
    title: str
    source: str
    certainty: str
    workdays: int = 0
    months: int = 0

    @property
    def unconfirmed(self) -> bool:
        """Tell whether the limit is only remembered (待核)."""
        return self.certainty != "found"

    @property
    def length(self) -> str:
        """Return it in words: 3个工作日, 1个月."""
        return f"{self.workdays}个工作日" if self.workdays else f"{self.months}个月"

    def ends(self, received_on: date, calendar: Calendar) -> date:
        """Return the last day for something received that day; a month that ends on a free day ends on the next one."""
        if self.workdays:
            return add_workdays(received_on, self.workdays, calendar)
        year, month = divmod(received_on.year * 12 + received_on.month - 1 + self.months, 12)
        last = date(year, month + 1, min(received_on.day, monthrange(year, month + 1)[1]))
        return last if calendar.works(last) else add_workdays(last, 1, calendar)


@cache
def limits() -> dict[str, Limit]:
    """Return the limits by key, as shipped."""
    rows: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "data" / "limits.yaml").read_text())
    return {row["key"]: Limit(**row) for row in rows}


class State(StrEnum):
    """Where an error report stands; read from its dates."""

    WAITING = "waiting"
    VERIFIED = "verified"
    ANSWERED = "answered"
    CLOSED = "closed"


STATE_NAMES = {
    State.WAITING: N_("To be verified"),
    State.VERIFIED: N_("To be answered"),
    State.ANSWERED: N_("Answered, not closed"),
    State.CLOSED: N_("Done and closed"),
}
TRUTH_NAMES = {Truth.TRUE: N_("So as reported"), Truth.UNTRUE: N_("Not so")}


def state_of(report: ErrorReport) -> State:
    """Return where a report stands."""
    if report.closed_on:
        return State.CLOSED
    if report.answered_on:
        return State.ANSWERED
    return State.VERIFIED if report.truth else State.WAITING


def standing_of(report: ErrorReport, today: date, calendar: Calendar) -> tuple[Standing | None, int]:
    """Return whether a report is due soon, overdue or was answered late, and by how many working days (0: by none)."""
    if report.answered_on:
        late = report.answered_on > report.due_on
        days = workdays_between(report.due_on, report.answered_on, calendar)
        return (Standing.ANSWERED_LATE, days) if late else (None, 0)
    if today > report.due_on:
        return Standing.OVERDUE, workdays_between(report.due_on, today, calendar)
    if today == report.due_on:
        return Standing.DUE_TODAY, 0
    left = workdays_between(today, report.due_on, calendar)
    return (Standing.DUE_SOON, left) if left <= DUE_SOON else (None, left)
