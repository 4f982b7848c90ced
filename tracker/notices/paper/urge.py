"""催办单: which notices the unit has not answered, and until when it now must."""

from datetime import date
from typing import Any

from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment, Notice
from tracker.notices.paper.texts import paragraphs
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import workdays_between

TYPE, NAME = "urge", "催办单"
MISSING = {
    AssignmentState.ISSUED: "至今未签收，也未报送整改情况",
    AssignmentState.RETURNED: "所报整改情况已退回，至今未重新报送",
    AssignmentState.REOPENED: "已要求继续整改，至今未再次报送",
}
"""What has not come, where it is not simply the report."""


def body(notice: Notice, day: date, calendar: Calendar) -> dict[str, Any]:
    """Return opening, what is overdue on that day, requirements and the new deadline."""
    batch = notice.batch
    return {
        "opening": paragraphs(batch.opening),
        "items": [overdue(about.sequence, about.assignment, day, calendar) for about in notice.about],
        "requirements": paragraphs(batch.requirements),
        "deadline_words": batch.due_words,
    }


def overdue(sequence: int, assignment: Assignment, day: date, calendar: Calendar) -> dict[str, Any]:
    """Return one overdue notice as the paper prints it; at least one working day late, as everywhere."""
    return {
        "seq": sequence,
        "notice_number": assignment.notice.number or "",
        "notice_title": assignment.notice.title,
        "due": assignment.due_words,
        "days_late": max(1, workdays_between(assignment.due_on, day, calendar)),
        "missing": MISSING.get(assignment.state, ""),
    }
