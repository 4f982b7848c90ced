"""On which notices and assignments a permission may be used, and where an assignment stands against its deadline."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, true

from tracker.notices.lifecycle import ANSWERED
from tracker.notices.models import Assignment, Batch
from tracker.org.policy import Identity, Permission, can, rule
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, Standing, days_late, standing, workdays_left


@rule(Permission.NOTICE_SIGN)
def not_own_draft(identity: Identity, batch: Batch) -> bool:
    """Tell that no hand on the draft signs it: drafter, changer, submitter ≠ approver, also under a delegation."""
    return not identity.hands(Permission.NOTICE_SIGN) & {batch.drafted_by, *(batch.hands or ())}


@rule(Permission.ASSIGNMENT_ACKNOWLEDGE)
@rule(Permission.REPLY_WRITE)
def addressed_to_own_unit(identity: Identity, assignment: Assignment) -> bool:
    """Tell whether the assignment is the own unit's: a unit's person answers for no other."""
    return assignment.unit_id == identity.unit_id and assignment.delivered_at is not None


def visible_to(identity: Identity) -> ColumnElement[bool]:
    """Return the condition on Assignment that scopes every query: the office all, a unit its own once delivered."""
    if identity.is_office and can(identity, Permission.ASSIGNMENT_READ):
        return true()
    if can(identity, Permission.ASSIGNMENT_READ):
        return and_(Assignment.unit_id == identity.unit_id, Assignment.delivered_at.is_not(None))
    return false()


def deadline_of(assignment: Assignment) -> Deadline:
    """Return the assignment's deadline with the words that were printed."""
    return Deadline(assignment.due_on, assignment.due_time, assignment.due_words)


def answered_at(assignment: Assignment) -> datetime | None:
    """Return when the unit answered, as long as that answer stands; None again once it was returned."""
    return assignment.submitted_at if assignment.state in ANSWERED else None


@dataclass(frozen=True)
class Due:
    """A deadline as a page shows it: where it stands now, and by how many working days (left, or late)."""

    words: str
    on: date
    standing: Standing
    days: int

    @property
    def weekday(self) -> int:
        """Return the weekday, 0 for Monday."""
        return self.on.weekday()

    @property
    def overdue(self) -> bool:
        """Tell whether the deadline passed without an answer."""
        return self.standing is Standing.OVERDUE


def due_of(assignment: Assignment, now: datetime, calendar: Calendar) -> Due:
    """Return the deadline of an assignment with its standing now: derived at every look, never stored."""
    deadline, answered = deadline_of(assignment), answered_at(assignment)
    where = standing(deadline, now, answered, calendar)
    if where in (Standing.OVERDUE, Standing.ANSWERED_LATE):
        days = days_late(deadline, now, answered, calendar)
    else:
        days = workdays_left(deadline, now, calendar)
    return Due(assignment.due_words, assignment.due_on, where, days)
