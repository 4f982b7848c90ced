"""Submitting a reply: everything at once, or nothing."""

import hashlib
from datetime import datetime
from typing import Any

from tracker.audit.queries import canonical
from tracker.kit.errors import Refused, Stale
from tracker.kit.numbering import next_number
from tracker.kit.words import N_
from tracker.notices.lifecycle import ASSIGNMENT
from tracker.notices.models import Assignment
from tracker.notices.operations import assignments
from tracker.org.policy import Work
from tracker.replies.models import Reply
from tracker.replies.operations.filing import scan_gaps
from tracker.replies.operations.rounds import open_draft
from tracker.replies.policy import Gap, gaps, in_order

SERIES = "R"
CHANGED = N_("The reply was changed after you opened this page. Nothing was submitted: look at it again, then submit.")


class Incomplete(Refused):
    """The reply cannot be submitted yet; every gap is a sentence."""

    status = 422

    def __init__(self, found: list[Gap]) -> None:
        super().__init__(N_("The reply is not complete yet; nothing was submitted."))
        self.gaps = found


def submit(work: Work, assignment: Assignment, *, seen: str | None = None) -> Reply:
    """Submit the draft: receipt number, digest of the items, state and dates, in this order, in one transaction.

    `seen` is the fingerprint of what the person checked last.

    :raises NotInState: it was submitted before, or may not be now.  :raises Incomplete: an item or the scan is missing.
    :raises Stale: the draft is no longer what was checked.  :raises Missing: this person may not.
    """
    ASSIGNMENT.step("submit", assignment.state)
    reply = open_draft(work, assignment)
    if seen is not None and seen != fingerprint(reply):
        raise Stale(CHANGED)
    return hand_in(work, assignment, reply, "submit")


def hand_in(
    work: Work, assignment: Assignment, reply: Reply, step: str, *, at: datetime | None = None, **detail: Any
) -> Reply:
    """Give a complete draft its receipt number and digest, take the step, order the receipt; `at` as in `take`.

    :raises Incomplete: an item or the scan is missing, or pages of another case are in it.
    :raises Missing: this person may not.
    """
    missing = gaps(reply, work.today) + scan_gaps(work, assignment, reply)
    if missing or reply.scan is None:
        raise Incomplete(missing)
    year = work.today.year
    reply.receipt = f"{SERIES}-{year}-{next_number(work.session, SERIES, year):06d}"
    reply.content_sha256 = content_digest(reply)
    reply.submitted_at, reply.submitted_by = work.now, work.actor.person_id
    reply.submitted_name = work.actor.signature(ASSIGNMENT[step].permission)
    assignments.take(
        work,
        assignment,
        step,
        at=at,
        round=reply.round,
        receipt=reply.receipt,
        content_sha256=reply.content_sha256,
        scan_sha256=reply.scan.sha256,
        **detail,
    )
    work.session.flush()
    return reply


def fingerprint(reply: Reply) -> str:
    """Return a text that differs whenever round, items or scan differ."""
    return f"{reply.round}-{reply.scan_id or 0}-{content_digest(reply)}"


def content_digest(reply: Reply) -> str:
    """Return the SHA-256 of what the items say, as canonical JSON: numbers, texts, dates and the evidence's hashes."""
    return hashlib.sha256(canonical(_content(reply)).encode()).hexdigest()


def _content(reply: Reply) -> list[dict[str, Any]]:
    return [
        {
            "seq": line.item.sequence,
            "result": line.result,
            "measure": line.measure,
            "finished_on": line.finished_on.isoformat() if line.finished_on else None,
            "responsible": line.responsible,
            "evidence": [[each.file.sha256, each.caption] for each in line.evidence],
        }
        for line in in_order(reply)
    ]
