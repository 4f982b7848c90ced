"""What a reply must hold before it may be submitted, who may review it, and where an assignment stands today."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERING, AssignmentState
from tracker.notices.models import Assignment
from tracker.org.policy import Identity, Permission, rule
from tracker.replies.models import Decision, Reply, ReplyItem, Result

MEASURE_LENGTH, NAME_LENGTH, CAPTION_LENGTH, REASON_LENGTH = 2000, 60, 100, 1000
EVIDENCE_MOST = 20
"""Files of one item."""
DATED = frozenset({Result.FIXED, Result.PARTLY})
"""Results that need the day on which the work is, or will be, done."""
ANSWERED = frozenset({AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, AssignmentState.CLOSED})

RETURN_REASONS = (
    N_("Signature of the principal leader is missing"),
    N_("Seal of the unit is missing"),
    N_("The seal is not this unit's"),
    N_("The scan is not legible"),
    N_("Pages are missing"),
    N_("This is not the reply sheet of this notice"),
    N_("The measures are not concrete"),
    N_("The evidence is not sufficient"),
)
"""Ready wording for the reviewer."""


@dataclass(frozen=True)
class Gap:
    """Something that is missing: the item's number (None: the paper itself), a msgid and its parameters."""

    sequence: int | None
    msgid: str
    params: dict[str, Any] = field(default_factory=dict)


def is_locked(reply_item: ReplyItem) -> bool:
    """Tell whether the item was accepted in an earlier round and is only carried along."""
    return reply_item.decision == Decision.ACCEPTED


def item_gaps(reply_item: ReplyItem, today: date) -> list[Gap]:
    """Return what one item still lacks; nothing when it was accepted before."""
    if is_locked(reply_item):
        return []
    number = reply_item.item.sequence
    checks = (
        (reply_item.to_change, N_("Item %(n)s was returned: change it as the reason asks, and save it.")),
        (reply_item.result is None, N_("Item %(n)s: choose the result.")),
        (not reply_item.measure, N_("Item %(n)s: write what was done, or why nothing is to be done.")),
        (reply_item.result in DATED and reply_item.finished_on is None, N_("Item %(n)s: give the date of completion.")),
        (
            is_premature(reply_item.result, reply_item.finished_on, today),
            N_("Item %(n)s: it is reported as rectified, yet its date of completion lies ahead."),
        ),
        (not reply_item.responsible, N_("Item %(n)s: name the person responsible.")),
    )
    return [Gap(number, sentence, {"n": number}) for lacks, sentence in checks if lacks]


def is_premature(result: Result | None, finished_on: date | None, today: date) -> bool:
    """Tell whether something is said to be rectified on a day that has not come yet."""
    return result == Result.FIXED and finished_on is not None and finished_on > today


def gaps(reply: Reply, today: date) -> list[Gap]:
    """Return everything that still keeps a draft from being submitted, items first, in their order."""
    found = [gap for each in in_order(reply) for gap in item_gaps(each, today)]
    if reply.scan_id is None:
        found.append(Gap(None, N_("Upload the scan of the signed and sealed reply sheet.")))
    return found


def in_order(reply: Reply) -> list[ReplyItem]:
    """Return the reply's items in the order of the notice."""
    return sorted(reply.items, key=lambda each: each.item.sequence)


def is_open_for_answer(assignment: Assignment) -> bool:
    """Tell whether the unit may work on its reply now."""
    return assignment.state in ANSWERING


@rule(Permission.REPLY_REVIEW)
def reviews_anothers_work(identity: Identity, subject: Any) -> bool:
    """Tell whether neither the reviewer, nor whom they deputise for, had a hand in the reply."""
    return not isinstance(subject, Reply) or not (identity.hands(Permission.REPLY_REVIEW) & _authors(subject))


def _authors(reply: Reply) -> set[int]:
    files = [each.file for item in reply.items for each in item.evidence]
    files += [reply.scan] if reply.scan else []
    return {id_ for id_ in (reply.submitted_by, *(file.uploaded_by for file in files)) if id_ is not None}
