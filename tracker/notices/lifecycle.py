"""The two lifecycles of the product on one screen: the notice's and the assignment's.

Operations, buttons, database constraints, tests and the diagram in the docs read these tables; nothing else decides.
"""

from enum import StrEnum

from tracker.kit.lifecycle import Lifecycle, Transition
from tracker.kit.words import N_


class NoticeState(StrEnum):
    """Where a numbered document stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    SIGNED_OFF = "signed_off"
    ISSUED = "issued"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class AssignmentState(StrEnum):
    """Where one unit stands with one notice; due, overdue and late are derived, never states."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    REOPENED = "reopened"
    VOIDED = "voided"


N, A = NoticeState, AssignmentState

NOTICE = Lifecycle(
    "notice",
    NoticeState,
    N.DRAFT,
    (
        Transition(
            "submit", N_("Submit for sign-off"), (N.DRAFT, N.RETURNED), N.IN_REVIEW, "notice:draft", ("due_on",)
        ),
        Transition("send_back", N_("Send back"), (N.IN_REVIEW,), N.RETURNED, "notice:sign", ("reason",)),
        Transition("sign_off", N_("Sign off"), (N.IN_REVIEW,), N.SIGNED_OFF, "notice:sign"),
        Transition("issue", N_("Issue"), (N.SIGNED_OFF,), N.ISSUED, "notice:sign", ("number", "issued_at")),
        Transition(
            "withdraw", N_("Withdraw"), (N.DRAFT, N.IN_REVIEW, N.RETURNED), N.WITHDRAWN, "notice:draft", ("reason",)
        ),
        Transition("void", N_("Void"), (N.ISSUED,), N.VOIDED, "notice:void", ("reason",)),
        Transition("close", N_("Close"), (N.ISSUED,), N.CLOSED, "reply:review"),
        Transition("reopen", N_("Reopen"), (N.CLOSED,), N.ISSUED, "assignment:reopen"),
    ),
)

ANSWERING = (A.ACKNOWLEDGED, A.RETURNED, A.REOPENED)
OWED = (A.ISSUED, *ANSWERING)
"""The unit owes an answer, its first or a further one."""
ANSWERED = (A.SUBMITTED, A.ACCEPTED, A.CLOSED)
OPEN = (A.ISSUED, A.ACKNOWLEDGED, A.SUBMITTED, A.RETURNED, A.ACCEPTED, A.REOPENED)

ASSIGNMENT = Lifecycle(
    "assignment",
    AssignmentState,
    A.ISSUED,
    (
        Transition("acknowledge", N_("Acknowledge receipt"), (A.ISSUED,), A.ACKNOWLEDGED, "assignment:acknowledge"),
        Transition("submit", N_("Submit the reply"), ANSWERING, A.SUBMITTED, "reply:write", ("items", "scan")),
        Transition("receive", N_("Take the reply in on paper"), (A.ISSUED,), A.ACKNOWLEDGED, "reply:register"),
        Transition(
            "register", N_("Register the paper reply"), ANSWERING, A.SUBMITTED, "reply:register", ("items", "scan")
        ),
        Transition("return", N_("Return the reply"), (A.SUBMITTED,), A.RETURNED, "reply:review", ("reason",)),
        Transition("accept", N_("Accept the reply"), (A.SUBMITTED,), A.ACCEPTED, "reply:review", ("signature", "seal")),
        Transition("close", N_("Close"), (A.ACCEPTED,), A.CLOSED, "reply:review"),
        Transition("reopen", N_("Reopen"), (A.CLOSED,), A.REOPENED, "assignment:reopen", ("reason",)),
        Transition("void", N_("Void"), OPEN, A.VOIDED, "notice:void"),
    ),
)

NOTICE_NAMES: dict[NoticeState, str] = {
    N.DRAFT: N_("Draft"),
    N.IN_REVIEW: N_("In review"),
    N.RETURNED: N_("Sent back"),
    N.SIGNED_OFF: N_("Signed off"),
    N.ISSUED: N_("Issued"),
    N.CLOSED: N_("Closed"),
    N.WITHDRAWN: N_("Withdrawn"),
    N.VOIDED: N_("Voided"),
}
ASSIGNMENT_NAMES: dict[AssignmentState, str] = {
    A.ISSUED: N_("Awaiting receipt"),
    A.ACKNOWLEDGED: N_("In rectification"),
    A.SUBMITTED: N_("Submitted"),
    A.RETURNED: N_("Returned"),
    A.ACCEPTED: N_("Accepted"),
    A.CLOSED: N_("Closed"),
    A.REOPENED: N_("Reopened"),
    A.VOIDED: N_("Voided"),
}
