"""On which notices and assignments a permission may be used, and where an assignment stands against its deadline."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, true

from tracker.audit.policy import Word
from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERED, OWED, AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, Work, can, rule
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, Standing, days_late, standing, workdays_left
from tracker.workdays.rules import Counting, Rule


@rule(Permission.NOTICE_SIGN)
def not_own_draft(identity: Identity, batch: Batch) -> bool:
    """Tell that no hand on the draft signs it: drafter, changer, submitter ≠ approver, also under a delegation."""
    return not identity.hands(Permission.NOTICE_SIGN) & {batch.drafted_by, *(batch.hands or ())}


@rule(Permission.ASSIGNMENT_ACKNOWLEDGE)
@rule(Permission.REPLY_WRITE)
def addressed_to_own_unit(identity: Identity, assignment: Assignment) -> bool:
    """Tell whether the assignment is the own unit's: a unit's person answers for no other."""
    return assignment.unit_id == identity.unit_id and assignment.delivered_at is not None


@rule(Permission.REPLY_REGISTER)
def delivered(_identity: Identity, assignment: Assignment) -> bool:
    """Tell whether the unit has the notice: before that nobody can have brought an answer to it."""
    return assignment.delivered_at is not None


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


def receipt_deadline_of(assignment: Assignment) -> Deadline | None:
    """Return until when receipt was to be acknowledged, in the printed words; None where the paper asks for no date."""
    return Deadline(assignment.receipt_on, None, assignment.receipt_words) if assignment.receipt_on else None


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
    was: str = ""
    """The words of the deadline that was printed, once an extension moved it."""

    @property
    def weekday(self) -> int:
        """Return the weekday, 0 for Monday."""
        return self.on.weekday()

    @property
    def overdue(self) -> bool:
        """Tell whether the deadline passed without an answer."""
        return self.standing is Standing.OVERDUE


def due_of(assignment: Assignment, now: datetime, calendar: Calendar) -> Due:
    """Return the deadline of an assignment with its standing now: derived at every look, never stored.

    A voided one owes nothing, so it stands as open with no days left, whatever the clock says.
    """
    found = _due(deadline_of(assignment), answered_at(assignment), now, calendar)
    if assignment.state is AssignmentState.VOIDED:
        found = replace(found, standing=Standing.OPEN, days=0)
    return replace(found, was=assignment.original_words)


def receipt_of(assignment: Assignment, now: datetime, calendar: Calendar) -> Due | None:
    """Return where the receipt stands against its own date; None where the paper asks for no date."""
    deadline = receipt_deadline_of(assignment)
    return _due(deadline, assignment.acknowledged_at, now, calendar) if deadline else None


def _due(deadline: Deadline, answered: datetime | None, now: datetime, calendar: Calendar) -> Due:
    where = standing(deadline, now, answered, calendar)
    if where in (Standing.OVERDUE, Standing.ANSWERED_LATE):
        days = days_late(deadline, now, answered, calendar)
    else:
        days = workdays_left(deadline, now, calendar)
    return Due(deadline.words, deadline.on, where, days)


def rule_of(batch: Batch) -> Rule | None:
    """Return the rule of a batch's deadline; None while a fixed date is missing."""
    if batch.due_counting is Counting.DATE and batch.due_on is None:
        return None
    return Rule(batch.due_counting, batch.due_on, batch.due_count, batch.due_time, batch.due_rolls)


def outdated(batch: Batch, today: date, calendar: Calendar) -> Deadline | None:
    """Return what a draft's counted deadline (or its receipt's) would be if issued today, when it says another."""
    rule = rule_of(batch)
    if rule is not None and rule.counting is not Counting.DATE:
        now = rule.deadline(today, calendar)
        if (now.on, now.words) != (batch.due_on, batch.due_words):
            return now
    if batch.receipt_days:
        receipt = Rule(Counting.WORKDAYS, count=batch.receipt_days).deadline(today, calendar)
        if receipt.on != batch.receipt_on:
            return receipt
    return None


@dataclass(frozen=True)
class Remark:
    """Advice on a draft: a msgid with its parameters, and the page to look at; it never forbids anything.

    `ready` is a sentence that the drafter may put into the opening; it never gets there by itself.
    """

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    ready: str = ""


Advise = Callable[[Work, Batch], list[Remark]]
ADVICE: list[Advise] = []
"""Rooms above advise on drafts: each function is asked with the batch, its notices and their findings loaded."""


def on_draft(advise: Advise) -> Advise:
    """Register a function that advises on drafts."""
    ADVICE.append(advise)
    return advise


@dataclass(frozen=True)
class Kind:
    """What one kind of numbered document makes and needs; what it says is the part of that name in `paper/`."""

    name: str
    """Msgid, for lists and messages."""
    series: str
    """The setting that holds its number series."""
    told: Word
    """Written at delivery on every assignment it concerns; who is told of it is the reminders' table of words."""
    assigns: bool = False
    """Whether it makes assignments of its own."""
    deadline: bool = True
    """Whether it always names a day until which something is asked for."""
    editor: str = "notices.edit"
    """Endpoint where a draft's words are changed, given its batch's id."""


KINDS: dict[NoticeKind, Kind] = {
    NoticeKind.RECTIFICATION: Kind(N_("Rectification notice"), "series", Word.NOTICE_DELIVERED, assigns=True),
    NoticeKind.URGE: Kind(N_("Urging letter"), "urge_series", Word.LETTER_DELIVERED),
    NoticeKind.SUPERVISION: Kind(N_("Supervision letter"), "supervision_series", Word.LETTER_DELIVERED),
    NoticeKind.CORRECTION: Kind(
        N_("Correction letter"), "correction_series", Word.CORRECTION_DELIVERED, deadline=False
    ),
    NoticeKind.BULLETIN: Kind(
        N_("Bulletin"),
        "bulletin_series",
        Word.NOTICE_DELIVERED,
        assigns=True,
        deadline=False,
        editor="bulletins.of_batch",
    ),
}


def concerned(notice: Notice) -> list[Assignment]:
    """Return the assignments a document concerns: its own, those it is about, or those of what it corrects."""
    own = [*notice.assignments, *(about.assignment for about in notice.about)]
    return own + (concerned(notice.correction.corrected) if notice.correction else [])


def asked(notice: Notice) -> list[Unit]:
    """Return who must answer: the one addressed; of a bulletin, which goes to all, the units its problems belong to."""
    if notice.kind is not NoticeKind.BULLETIN:
        return [notice.unit]
    return sorted({unit for item in notice.items if (unit := item.answering)}, key=lambda unit: (unit.rank, unit.id))


def overtaken(notice: Notice) -> Assignment | Notice | None:
    """Return what a letter says that is no longer so: an assignment answered or extended meanwhile, a voided notice."""
    answered = next((about.assignment for about in notice.about if _past(about.assignment, notice.batch)), None)
    if answered is None and notice.correction and notice.correction.corrected.state not in IN_FORCE:
        return notice.correction.corrected
    return answered


def _past(assignment: Assignment, batch: Batch) -> bool:
    """Tell whether nobody is to be urged any more: answered, or (drafted when it was overdue) extended since."""
    extended = assignment.original_at is not None and assignment.due_at > batch.drafted_at
    return assignment.state not in OWED or extended


IN_FORCE = (NoticeState.ISSUED, NoticeState.CLOSED)
"""States of a notice that was issued and not voided."""
