"""Rounds of an assignment: the first begins with the receipt, each further one with a return or a reopening."""

from tracker.kit.errors import Refused
from tracker.kit.lifecycle import NotInState
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.notices.operations import assignments
from tracker.org.policy import Work
from tracker.replies.models import Decision, Evidence, Reply, ReplyItem
from tracker.replies.policy import is_open_for_answer
from tracker.replies.queries import newest_round

HELD = N_(
    "The office is registering a reply that your unit sent on paper; you cannot change this round meanwhile."
    " If your unit sent none, call the office."
)


def acknowledge(work: Work, assignment: Assignment) -> Reply:
    """Acknowledge the receipt, and open the first round with an empty line for every item.

    :raises NotInState: it was acknowledged before.  :raises Missing: this person may not.
    """
    assignments.take(work, assignment, "acknowledge")
    return first_round(work, assignment)


def first_round(work: Work, assignment: Assignment) -> Reply:
    """Open the first round, with an empty line for every item that is still to be answered."""
    lines = [ReplyItem(item=item) for item in assignment.items if item.withdrawn_at is None]
    first = Reply(assignment_id=assignment.id, round=1, items=lines)
    work.session.add(first)
    work.session.flush()
    return first


def open_draft(work: Work, assignment: Assignment) -> Reply:
    """Return the round that the unit may change now.

    :raises NotInState: nothing can be changed in this state.
    :raises Refused: the newest round is already submitted, or the office is registering it for the unit.
    """
    newest = newest_draft(work, assignment)
    if newest.registered_by is not None:
        raise Refused(HELD)
    return newest


def newest_draft(work: Work, assignment: Assignment) -> Reply:
    """Return the newest round while it is a draft, whoever writes it.

    :raises NotInState: nothing can be changed in this state.  :raises Refused: the newest round is already submitted.
    """
    if not is_open_for_answer(assignment):
        raise NotInState("submit", assignment.state)
    newest = newest_round(work, assignment)
    if newest is None or newest.submitted_at is not None:
        raise Refused(N_("There is no draft to work on: the newest round has already been submitted."))
    return newest


def next_round(work: Work, reply: Reply, *, keep_accepted: bool) -> Reply:
    """Open the round after `reply`: what was written is copied with its evidence, the old round stays as it is.

    Items accepted before are carried over locked when `keep_accepted`; after a reopening everything is open again.
    """
    lines = [_copied(each, locked=keep_accepted and each.decision == Decision.ACCEPTED) for each in reply.items]
    following = Reply(assignment_id=reply.assignment_id, round=reply.round + 1, items=lines)
    work.session.add(following)
    work.session.flush()
    return following


def _copied(line: ReplyItem, *, locked: bool) -> ReplyItem:
    return ReplyItem(
        item_id=line.item_id,
        result=line.result,
        measure=line.measure,
        finished_on=line.finished_on,
        responsible=line.responsible,
        decision=Decision.ACCEPTED if locked else None,
        to_change=line.decision == Decision.RETURNED,
        evidence=[Evidence(file_id=each.file_id, caption=each.caption) for each in line.evidence],
    )
