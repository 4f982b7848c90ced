"""Taking over what a unit below wrote: its texts and files become those of the own draft."""

from collections.abc import Sequence

from tracker.kit.errors import Missing
from tracker.kit.plain_text import clean
from tracker.org.policy import Permission, Work, can
from tracker.replies.models import Evidence, Result
from tracker.replies.operations.items import Written, write_item
from tracker.replies.operations.rounds import open_draft
from tracker.replies.policy import EVIDENCE_MOST, is_locked
from tracker.replies.queries import item_of
from tracker.requests.models import Transfer, TransferLine
from tracker.requests.operations.transfers import taken_over


def take_over(work: Work, transfer: Transfer, numbers: Sequence[int], version: int | None = None) -> int:
    """Write the chosen lines into the draft of the unit above, in place of what stands there; return how many.

    The assignment's row must be held. Order of effects: the transfer's step, then the draft's lines. Items that were
    accepted before stay as they are. Files are named, not copied: they stay evidence of the unit that made them.

    :raises Missing: this person may not.  :raises NotInState: nothing was handed in, or the unit owes no answer now.
    :raises Refused: the office is registering the round.  :raises Stale: the transfer was changed since.
    :raises Invalid: no line was chosen.
    """
    assignment = transfer.assignment
    if not can(work.actor, Permission.REPLY_WRITE, assignment):
        raise Missing
    draft = open_draft(work, assignment)
    taken_over(work, transfer, numbers, version)
    chosen = [line for line in transfer.lines if line.taken_at is not None]
    free = [line for line in chosen if not is_locked(item_of(draft, line.item.sequence))]
    for line in free:
        row = write_item(work, assignment, line.item.sequence, _written(line))
        known = {each.file_id for each in row.evidence}
        new = [each.file_id for each in line.files if each.file_id not in known]
        row.evidence += [Evidence(file_id=id_) for id_ in new[: EVIDENCE_MOST - len(row.evidence)]]
    work.session.flush()
    return len(free)


def _written(line: TransferLine) -> Written:
    result = Result(line.outcome) if line.outcome else None
    return Written(result, clean(line.measure), line.finished_on, line.responsible)
