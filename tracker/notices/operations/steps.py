"""The one way a state changes: by the lifecycle's table, with its permission, and with its line in the record."""

from datetime import datetime
from typing import Any

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing
from tracker.kit.lifecycle import Lifecycle
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.notices.lifecycle import ASSIGNMENT, NOTICE, AssignmentState, NoticeState
from tracker.notices.models import Assignment, Notice
from tracker.org.policy import SYSTEM, Work, can

NOTICE_WORDS = {
    "submit": Word.NOTICE_SUBMITTED,
    "send_back": Word.NOTICE_SENT_BACK,
    "sign_off": Word.NOTICE_SIGNED_OFF,
    "issue": Word.NOTICE_ISSUED,
    "withdraw": Word.NOTICE_WITHDRAWN,
    "void": Word.NOTICE_VOIDED,
    "close": Word.NOTICE_CLOSED,
    "reopen": Word.NOTICE_REOPENED,
}
ASSIGNMENT_WORDS = {
    "acknowledge": Word.ASSIGNMENT_ACKNOWLEDGED,
    "submit": Word.REPLY_SUBMITTED,
    "receive": Word.REPLY_TAKEN_IN,
    "register": Word.REPLY_REGISTERED,
    "return": Word.REPLY_RETURNED,
    "accept": Word.REPLY_ACCEPTED,
    "close": Word.ASSIGNMENT_CLOSED,
    "reopen": Word.ASSIGNMENT_REOPENED,
    "void": Word.ASSIGNMENT_VOIDED,
}
TELL = "tell"
"""Topic of the worker's reading of the record: who is concerned is told at once instead of at the next sweep."""
NEEDS_REASON = N_("Please write the reason: the other side sees it.")
LONGEST_REASON = 20_000
"""A returned reply's reason names every item; what one person types is bounded by its form."""


def _allowed(work: Work, lifecycle: Lifecycle, name: str, state: str, subject: object, reason: str) -> str:
    transition = lifecycle.step(name, state)
    if work.actor is not SYSTEM and not can(work.actor, transition.permission, subject):
        raise Missing
    if "reason" in transition.requires and not reason:
        raise Invalid({"reason": NEEDS_REASON})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": N_("This reason is too long.")})
    return transition.target


def move_notice(work: Work, notice: Notice, name: str, *, reason: str = "", **detail: Any) -> None:
    """Take a notice one step: table, permission, predicate, reason; then the state and its event.

    :raises NotInState: the table has no such arrow from its state.
    :raises Missing: this person may not.
    :raises Invalid: a needed reason is missing.
    """
    reason = clean(reason)
    work.wake(TELL, 0)
    target = _allowed(work, NOTICE, name, notice.state, notice.batch, reason)
    notice.state = NoticeState(target)
    if reason:
        notice.reason = reason
    permission = NOTICE[name].permission
    record(
        work,
        NOTICE_WORDS[name],
        notice,
        case=f"batch:{notice.batch_id}",
        by=work.actor.signature(permission),
        unit=notice.unit.name,
        number=notice.number or "",
        reason=reason,
        batch=notice.batch_id,
        **detail,
    )


def take(
    work: Work, assignment: Assignment, name: str, *, reason: str = "", at: datetime | None = None, **detail: Any
) -> None:
    """Take an assignment one step: table, permission, predicate, reason; then state, dates and its event.

    `at` is when it happened outside, where that counts: a paper reply answers when it arrived, not when it is entered.

    :raises NotInState: the table has no such arrow from its state.
    :raises Missing: this person may not.
    :raises Invalid: a needed reason is missing.
    """
    reason = clean(reason)
    work.wake(TELL, 0)
    target = _allowed(work, ASSIGNMENT, name, assignment.state, assignment, reason)
    assignment.state = AssignmentState(target)
    if reason:
        assignment.reason = reason
    _date(work, assignment, name, at or work.now)
    permission = ASSIGNMENT[name].permission
    record(
        work,
        ASSIGNMENT_WORDS[name],
        assignment,
        case=f"assignment:{assignment.id}",
        by=work.actor.signature(permission),
        unit=assignment.unit_name,
        number=assignment.notice.number or "",
        reason=reason,
        **detail,
    )


def _date(work: Work, assignment: Assignment, name: str, at: datetime) -> None:
    if name in ("acknowledge", "receive"):
        assignment.acknowledged_at, assignment.acknowledged_by = at, work.actor.person_id
    if name in ("submit", "register"):
        assignment.submitted_at = at
        assignment.first_submitted_at = assignment.first_submitted_at or at
    if name == "close":
        assignment.closed_at = work.now
    if name == "reopen":
        assignment.closed_at = None
