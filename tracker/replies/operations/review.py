"""Review: accept or return item by item, close, and reopen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from tracker.inspections.operations import end, resume
from tracker.kit.errors import Invalid, Missing, Stale
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.notices.lifecycle import ASSIGNMENT
from tracker.notices.models import Assignment
from tracker.notices.operations import assignments
from tracker.org.policy import Permission, Work, can
from tracker.replies.models import Decision, ReadingState, Reply, ReplyItem, Result, ScanReading
from tracker.replies.operations.rounds import next_round
from tracker.replies.policy import REASON_LENGTH, in_order, is_locked, machine_level
from tracker.replies.queries import newest_round

ENDS = {Result.FIXED: "rectified", Result.NOT_OURS: "unfounded", Result.MOVED_ON: "dropped"}
"""How an accepted result ends its finding; a partly rectified one stays open, since the problem is still there."""
CHANGED = N_("This reply has been decided or changed since you opened it. Nothing of yours was stored.")


@dataclass(frozen=True)
class Verdict:
    """What the reviewer says of one item."""

    decision: Decision | None = None
    reason: str = ""


@dataclass(frozen=True)
class Opinion:
    """What the reviewer says of a reply: per item (by its number), of the paper itself, and the two ticks."""

    items: Mapping[int, Verdict] = field(default_factory=dict)
    signature_checked: bool = False
    seal_checked: bool = False
    paper_reason: str = ""
    """Why the paper itself goes back (no seal, wrong paper …); empty when it is in order."""


def review(work: Work, assignment: Assignment, opinion: Opinion, *, version: int | None = None) -> Reply:
    """Decide the submitted reply: all accepted and both ticks → accepted and closed; anything returned → a new round.

    :raises NotInState: nothing waits for review.  :raises Missing: this person may not review it.
    :raises Stale: it changed since.  :raises Invalid: an item is undecided, a reason or a tick is missing.
    """
    ASSIGNMENT.step("accept", assignment.state)
    reply = _to_decide(work, assignment, version)
    lines = [line for line in in_order(reply) if not is_locked(line)]
    verdicts = {line.item.sequence: opinion.items.get(line.item.sequence, Verdict()) for line in lines}
    paper_reason = clean(opinion.paper_reason)[:REASON_LENGTH]
    returned = bool(paper_reason) or any(v.decision == Decision.RETURNED for v in verdicts.values())
    _check(verdicts, opinion, returned)
    for line in lines:
        verdict = verdicts[line.item.sequence]
        line.decision = verdict.decision
        line.reason = clean(verdict.reason)[:REASON_LENGTH] if verdict.decision == Decision.RETURNED else ""
    reply.signature_checked, reply.seal_checked = opinion.signature_checked, opinion.seal_checked
    _sign(work, reply)
    if returned:
        _send_back(work, assignment, reply, lines, paper_reason)
    else:
        _accept(work, assignment, reply)
    work.session.flush()
    return reply


def _check(verdicts: Mapping[int, Verdict], opinion: Opinion, returned: bool) -> None:
    problems: dict[str, str] = {}
    for number, verdict in verdicts.items():
        if verdict.decision is None:
            problems[f"verdict-{number}"] = N_("Pass this item or return it.")
        elif verdict.decision == Decision.RETURNED and not clean(verdict.reason):
            problems[f"reason-{number}"] = N_("Write why it is returned: the unit sees this sentence.")
    if not returned and not opinion.signature_checked:
        problems["signature"] = N_("Tick that the signature was checked, or return the paper with a reason.")
    if not returned and not opinion.seal_checked:
        problems["seal"] = N_("Tick that the seal was checked, or return the paper with a reason.")
    if problems:
        raise Invalid(problems)


def _send_back(work: Work, assignment: Assignment, reply: Reply, lines: list[ReplyItem], paper_reason: str) -> None:
    parts = [f"第{line.item.sequence}项：{line.reason}" for line in lines if line.decision == Decision.RETURNED]
    reply.decision = Decision.RETURNED
    reply.reason = "；".join(([f"盖章件：{paper_reason}"] if paper_reason else []) + parts)
    assignments.take(work, assignment, "return", reason=reply.reason, round=reply.round)
    next_round(work, reply, keep_accepted=True)


def _accept(work: Work, assignment: Assignment, reply: Reply) -> None:
    reply.decision = Decision.ACCEPTED
    assignments.take(work, assignment, "accept", round=reply.round)
    for line in reply.items:
        if line.item.withdrawn_at is not None:
            continue  # settled by the dispute, not by this reply
        line.item.rectified_as, line.item.rectified_at = line.result, work.now
        finding = line.item.finding
        if line.result in ENDS and finding is not None and finding.ended_at is None:
            end(work, finding, ENDS[line.result])
    assignments.close(work, assignment)


def return_whole(work: Work, assignment: Assignment, reason: str, *, version: int | None = None) -> Reply:
    """Return a submitted reply as a whole with one reason, no item judged: every open item stays open to the unit.

    :raises NotInState: nothing waits for review.  :raises Missing: this person may not review it.
    :raises Stale: it changed since.  :raises Invalid: the reason is missing.
    """
    ASSIGNMENT.step("return", assignment.state)
    reply = _to_decide(work, assignment, version)
    reason = clean(reason)[:REASON_LENGTH]
    if not reason:
        raise Invalid({"reason": N_("Write the reason: the unit sees this sentence.")})
    _sign(work, reply)
    reply.decision, reply.reason = Decision.RETURNED, reason
    assignments.take(work, assignment, "return", reason=reason, round=reply.round)
    next_round(work, reply, keep_accepted=True)
    work.session.flush()
    return reply


def _to_decide(work: Work, assignment: Assignment, version: int | None) -> Reply:
    reply = newest_round(work, assignment)
    if reply is None or not can(work.actor, Permission.REPLY_REVIEW, reply):
        raise Missing
    if version is not None and version != reply.version:
        raise Stale(CHANGED)
    return reply


def _sign(work: Work, reply: Reply) -> None:
    """Note who decides, when, and what the machine had said by then: stored beside the ticks, never instead of them."""
    reply.decided_at, reply.decided_by = work.now, work.actor.person_id
    reply.decided_name = work.actor.signature(Permission.REPLY_REVIEW)
    query = select(ScanReading).where(ScanReading.file_id == reply.scan_id)
    reading = work.session.scalar(query)
    if reading is not None and reading.state is ReadingState.READY:
        reply.seal_level = machine_level(reading.pages, "seal")
        reply.signature_level = machine_level(reading.pages, "signature")


def reopen(work: Work, assignment: Assignment, reason: str) -> Reply:
    """Reopen a closed assignment: a new round opens with every item free again; earlier rounds are kept.

    :raises NotInState: it is not closed.  :raises Invalid: the reason is missing.
    :raises Missing: this person may not.  :raises Refused: a problem of it was entered anew meanwhile.
    """
    assignments.reopen(work, assignment, clean(reason)[:REASON_LENGTH])
    newest = newest_round(work, assignment)
    if newest is None:
        raise Missing
    for item in assignment.items:
        if item.withdrawn_at is not None:
            continue
        item.rectified_as = item.rectified_at = None
        if item.finding is not None:
            resume(work, item.finding)
    return next_round(work, newest, keep_accepted=False)
