"""What a home page is made of: lists of rows, each with its one next act."""

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.dashboard.queries import Waiting
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar


@dataclass(frozen=True)
class Entry:
    """One row: what it is, one line below, where it stands, and the one next act."""

    what: str
    url: str
    line: str = ""
    standing: str = ""
    days: int = 0
    when: str = ""
    action: str = ""


@dataclass(frozen=True)
class Section:
    """One list of the page; `counts` makes it part of the first sentence."""

    title: str
    figure: str
    rows: list[Entry]
    url: str = ""
    late: bool = False
    phrase: str = ""
    count: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


def rows_of(work: Work, found: list[Assignment], endpoint: str, action: str, *, unit: bool) -> list[Entry]:
    """Return assignments as rows of a list."""
    days = calendar_of(work.session)
    return [entry_of(work, row, days, endpoint, action, unit=unit) for row in found]


def entry_of(work: Work, row: Assignment, days: Calendar, endpoint: str, action: str, *, unit: bool) -> Entry:
    """Return an assignment as one row: where it stands, and its next act."""
    due = due_of(row, work.now, days)
    return Entry(
        what=f"{row.unit_name}　{row.notice.number}" if unit else row.notice.number or "",
        url=url_for(endpoint, token=row.token),
        line=row.notice.title,
        standing=str(due.standing),
        days=due.days,
        when=due.words,
        action=_next_act(row) if action and not unit else action,
    )


def _next_act(row: Assignment) -> str:
    """Return the button of a unit's row."""
    if row.acknowledged_at is None:
        return str(_("Acknowledge"))
    return str(_("Reply again") if row.state is AssignmentState.RETURNED else _("Go on"))


def listed(
    work: Work,
    waiting: Waiting,
    title: str,
    *,
    url: str,
    phrase: str = "",
    late: bool = False,
    endpoint: str = "replies.assignment",
    action: str = "",
    unit: bool = True,
) -> Section:
    """Return assignments as a list under a title; `phrase` makes it part of the page's first sentence."""
    rows = rows_of(work, waiting.rows, endpoint, action, unit=unit)
    return Section(
        title, waiting.figure, rows, url, late, phrase % {"n": waiting.figure} if phrase else "", waiting.count
    )
