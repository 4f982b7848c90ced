"""Who may ask, agree, recommend and decide, until when something may be asked, and what to say of a new day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_

from tracker.kit.clock import office_date
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.policy import addressed_to_own_unit, deadline_of
from tracker.org.policy import Identity, Permission, Work, can, rule
from tracker.requests.models import Asked, Extension, Outcome, Transfer, TransferLine
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import FARTHEST, Concern, Deadline, workdays_between
from tracker.workdays.rules import Rule

TEXT, NAME = 1000, 60
"""Longest reason and longest name, in characters."""
MUCH_LATER = 10
"""Working days beyond the present deadline from which a wish is called far."""

TOO_LATE = N_(
    "The deadline %(due)s has passed, so an extension can no longer be asked for."
    " Submit the reply as soon as you can and say in it why it is late; call the office if need be."
)
NOT_OWED = N_("No answer is owed at the moment, so there is nothing to extend.")
ONE_AT_A_TIME = N_("An extension is asked for already; it must be decided, or taken back, before another one.")
VOIDED = N_("This notice was voided: nothing is asked of your unit any more.")


@dataclass(frozen=True)
class Hindrance:
    """Why something cannot be asked now: a msgid with its parameters."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)


def extension_hindrance(assignment: Assignment, pending: Extension | None, now: datetime) -> Hindrance | None:
    """Return why no extension can be asked for now; None when it can.

    Source of the rule: an extension is asked for before the deadline, afterwards only the late reply is left.
    """
    if assignment.state is AssignmentState.VOIDED:
        return Hindrance(VOIDED)
    if assignment.state not in OWED:
        return Hindrance(NOT_OWED)
    if pending is not None:
        return Hindrance(ONE_AT_A_TIME)
    due = deadline_of(assignment)
    return Hindrance(TOO_LATE, {"due": due.words}) if due.passed(now) else None


def new_day_problem(assignment: Assignment, on: date, now: datetime) -> Concern | None:
    """Return why a new deadline cannot be that day: not later than the present one, past, or a year away; or None."""
    told = {"date": on, "due": assignment.due_words}
    if on <= assignment.due_on:
        return Concern(N_("The new day %(date)s is not later than the deadline in force, %(due)s."), told, True)
    if Deadline(on, assignment.due_time, "").passed(now):
        return Concern(N_("The new day %(date)s has passed. Choose a later one."), told, True)
    if on - office_date(now) > FARTHEST:
        return Concern(N_("The new day %(date)s is more than a year away. Check the year."), told, True)
    return None


def new_day_concerns(assignment: Assignment, on: date, calendar: Calendar) -> list[Concern]:
    """Return what should be thought over about a new deadline: a day off, far away, or not announced yet."""
    day, more = calendar.day(on), workdays_between(assignment.due_on, on, calendar)
    found = []
    if not day.works:
        sentence = N_("%(date)s is a day off (%(reason)s). A working day would be clearer.")
        found.append(Concern(sentence, {"date": on, "reason": day.reason}, False))
    if more > MUCH_LATER:
        sentence = N_("%(date)s lies %(n)s working days after the deadline in force. That is long: say why.")
        found.append(Concern(sentence, {"date": on, "n": more}, False))
    if not calendar.known(on):
        sentence = N_("The holidays up to %(date)s are not announced yet; working days are counted provisionally.")
        found.append(Concern(sentence, {"date": on}, False))
    return found


DISPUTE_OVER = N_(
    "Problems could be disputed until %(until)s (%(days)s from the day of issue); that day has passed."
    " Answer the items and say there what is not as stated; the reviewer reads it."
)
NOT_NOW = N_("Problems are disputed before the reply is submitted, or after it was returned.")


def dispute_hindrance(assignment: Assignment, until: Deadline, usual: Rule, now: datetime) -> Hindrance | None:
    """Return why no problem can be disputed now; None when one can."""
    if assignment.state is AssignmentState.VOIDED:
        return Hindrance(VOIDED)
    if until.passed(now):
        return Hindrance(DISPUTE_OVER, {"until": until.on, "days": usual.short})
    return Hindrance(NOT_NOW) if assignment.state not in OWED else None


def dispute_until(assignment: Assignment, usual: Rule, calendar: Calendar) -> Deadline:
    """Return until when a problem may be disputed: some working days after the issue, whenever it was acknowledged."""
    return usual.deadline(office_date(assignment.issued_at), calendar)


@rule(Permission.REQUEST_ASK)
def own_matter(identity: Identity, subject: Any) -> bool:
    """Tell whether the assignment (or that of the request) is the own unit's."""
    return addressed_to_own_unit(identity, subject.assignment if isinstance(subject, Asked) else subject)


@rule(Permission.REQUEST_AGREE)
def of_own_unit(identity: Identity, request: Asked) -> bool:
    """Tell whether the request is one of the leader's own unit."""
    return request.assignment.unit_id == identity.unit_id


@rule(Permission.REQUEST_DECIDE)
def not_the_recommender(identity: Identity, request: Asked) -> bool:
    """Tell that who gave the opinion does not decide as well, also under a delegation."""
    return request.recommended_by not in identity.hands(Permission.REQUEST_DECIDE)


@rule(Permission.TRANSFER_MAKE)
def of_own_assignment(identity: Identity, subject: Any) -> bool:
    """Tell whether the assignment (or that of the transfer) is the own unit's."""
    return addressed_to_own_unit(identity, subject.assignment if isinstance(subject, Transfer) else subject)


@rule(Permission.TRANSFER_ANSWER)
def handed_to_own_unit(identity: Identity, transfer: Transfer) -> bool:
    """Tell whether it was handed down to the own unit."""
    return transfer.unit_id == identity.unit_id


def seen_by(identity: Identity) -> ColumnElement[bool]:
    """Return the condition on Transfer, joined with its assignment, that scopes every query.

    The unit that handed down and the one below see it. Units beside the one below see nothing, and the office reads
    what comes of it in the upper unit's reply, as it reads no draft.
    """
    if identity.is_office or not can(identity, Permission.ASSIGNMENT_READ):
        return false()
    return or_(Transfer.unit_id == identity.unit_id, Assignment.unit_id == identity.unit_id)


def line_gaps(line: TransferLine, today: date) -> list[Hindrance]:
    """Return what one line still lacks before it can be handed in to the unit above."""
    n = line.item.sequence
    dated = line.outcome in (Outcome.FIXED, Outcome.PARTLY)
    ahead = line.outcome is Outcome.FIXED and line.finished_on is not None and line.finished_on > today
    checks = (
        (line.outcome is None, N_("Item %(n)s: choose the result.")),
        (not line.measure, N_("Item %(n)s: write what was done, or why nothing is to be done.")),
        (dated and line.finished_on is None, N_("Item %(n)s: give the date of completion.")),
        (ahead, N_("Item %(n)s: it is reported as rectified, yet its date of completion lies ahead.")),
        (not line.responsible, N_("Item %(n)s: name the person responsible.")),
    )
    return [Hindrance(sentence, {"n": n}) for lacks, sentence in checks if lacks]


@rule(Permission.CONTACT_CHANGE)
def for_own_unit_or_any(identity: Identity, unit_id: int) -> bool:
    """Tell whether the unit is the leader's own; the office's clerk may name a contact for any."""
    return identity.is_office or unit_id == identity.unit_id


Describe = Callable[[Work, list[Assignment]], dict[int, str]]
DRAFTS: list[Describe] = []
"""The room of replies says how far each unit's draft is, for the hand-over sheet."""


def describes_drafts(describe: Describe) -> Describe:
    """Register a function that says, by assignment id, how far the draft is."""
    DRAFTS.append(describe)
    return describe
