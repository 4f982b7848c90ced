"""What happens to an assignment after it was delivered."""

from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Assignment
from tracker.notices.operations.steps import move_notice
from tracker.notices.operations.steps import take as take
from tracker.notices.queries import siblings_open
from tracker.org.policy import Work


def close(work: Work, assignment: Assignment) -> None:
    """Close an accepted assignment, and its notice when no other assignment of it is open."""
    take(work, assignment, "close")
    work.session.flush()  # the count below must see this one as closed
    if siblings_open(work.session, assignment.notice_id) == 0:
        move_notice(work, assignment.notice, "close")
        assignment.notice.ended_at = work.now


def reopen(work: Work, assignment: Assignment, reason: str) -> None:
    """Reopen a closed assignment with a reason; its notice is open again as well."""
    take(work, assignment, "reopen", reason=reason)
    if assignment.notice.state is NoticeState.CLOSED:
        move_notice(work, assignment.notice, "reopen")
        assignment.notice.ended_at = None
