"""代录: the office registers, for a unit, a reply that came on paper or by messenger."""

from dataclasses import dataclass
from datetime import datetime

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.models import StoredFile
from tracker.kit.clock import office_time
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.plain_text import one_line
from tracker.kit.words import N_
from tracker.notices.lifecycle import ASSIGNMENT, AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.operations import assignments
from tracker.org.policy import Permission, Work, can
from tracker.replies.models import Reply, Way
from tracker.replies.operations.items import empty_lines
from tracker.replies.operations.readings import stop_reading
from tracker.replies.operations.rounds import first_round, newest_draft
from tracker.replies.operations.scan import attach
from tracker.replies.operations.submission import CHANGED, fingerprint, hand_in
from tracker.replies.policy import NAME_LENGTH, in_order
from tracker.replies.queries import rounds

NOT_HELD = N_("Say first who brought the reply and when it arrived.")


@dataclass(frozen=True)
class Arrival:
    """How the reply reached the office: by whom, which way, and when (aware UTC)."""

    brought_by: str
    way: Way | None
    arrived_at: datetime | None


def hold(work: Work, assignment: Assignment, arrival: Arrival, scan: StoredFile | None = None) -> Reply:
    """Begin to register the newest round for the unit, or go on: from now on the unit cannot write it.

    Order of effects: the receipt is acknowledged in the unit's place where it was not, arrival and registrar, scan.

    :raises Missing: this person may not.  :raises NotInState: no answer is awaited now.
    :raises Invalid: who, which way or when is missing; the moment lies ahead, or before the notice was issued.
    """
    _must_be_allowed(work, assignment)
    arrival = Arrival(one_line(arrival.brought_by), arrival.way, arrival.arrived_at)
    check_arrival(work, arrival, _earliest(work, assignment))
    if assignment.state == AssignmentState.ISSUED:
        assignments.take(work, assignment, "receive", at=arrival.arrived_at)
        first_round(work, assignment)
    reply = newest_draft(work, assignment)
    if _differs(reply, arrival):
        detail = _told(arrival)
        record(work, Word.REPLY_HELD, reply, case=f"assignment:{assignment.id}", round=reply.round, **detail)
    reply.brought_by, reply.brought_way, reply.arrived_at = arrival.brought_by, arrival.way, arrival.arrived_at
    _sign(work, reply)
    if scan is not None:
        attach(work, assignment, reply, scan)
    work.session.flush()
    return reply


def held(work: Work, assignment: Assignment) -> Reply:
    """Return the round that the office is registering.

    :raises Missing: this person may not.  :raises NotInState: no answer is awaited.  :raises Refused: none is held.
    """
    _must_be_allowed(work, assignment)
    reply = newest_draft(work, assignment)
    if reply.registered_by is None:
        raise Refused(NOT_HELD)
    return reply


def let_go(work: Work, assignment: Assignment) -> Reply:
    """Give the registration up: the unit writes this round itself again; what was typed stays, the scan is taken off.

    :raises Missing: this person may not.  :raises Refused: nothing is being registered.
    """
    reply = held(work, assignment)
    reply.registered_by, reply.registered_name, reply.hands = None, "", None
    reply.brought_by, reply.brought_way, reply.arrived_at = "", None, None
    before, reply.scan = reply.scan, None
    work.session.flush()
    if before is not None:
        stop_reading(work, before)
    record(work, Word.REPLY_LET_GO, reply, case=f"assignment:{assignment.id}", round=reply.round)
    work.session.flush()
    return reply


def register(work: Work, assignment: Assignment, *, seen: str | None = None) -> Reply:
    """Submit the round that is held: it answers the notice as of its arrival, and is entered now.

    Both moments are kept and recorded: `assignment.submitted_at` is the arrival (lateness is judged by it),
    `reply.submitted_at` the registration. `seen` is the fingerprint of what the clerk saw last.

    :raises Incomplete: an item or the scan is missing.  :raises Stale: somebody changed it meanwhile.
    :raises Missing: this person may not.  :raises Refused: nothing is held.
    """
    ASSIGNMENT.step("register", assignment.state)
    reply = held(work, assignment)
    if seen is not None and seen != fingerprint(reply):
        raise Stale(CHANGED)
    _sign(work, reply)
    arrival = Arrival(reply.brought_by, reply.brought_way, reply.arrived_at)
    return hand_in(work, assignment, reply, "register", at=reply.arrived_at, **_told(arrival))


def fill_alike(reply: Reply) -> None:
    """Copy what is written for an item into the empty ones on the same indicator: one letter often answers many."""
    for line in in_order(reply):
        for each in empty_lines(reply, line) if line.result and line.measure else []:
            each.result, each.measure = line.result, line.measure
            each.finished_on, each.responsible = line.finished_on, line.responsible


def _sign(work: Work, reply: Reply) -> None:
    """Note who registers; whoever did before stays among the hands, so that nobody reviews what they typed."""
    reply.registered_by = work.actor.person_id
    reply.registered_name = work.actor.signature(Permission.REPLY_REGISTER)
    reply.hands = sorted({*(reply.hands or ()), *work.actor.hands(Permission.REPLY_REGISTER)})


def _must_be_allowed(work: Work, assignment: Assignment) -> None:
    if not can(work.actor, Permission.REPLY_REGISTER, assignment):
        raise Missing


def _earliest(work: Work, assignment: Assignment) -> datetime:
    """Return when this round can have begun: the issue, or the decision on the round before it."""
    decided = [each.decided_at for each in rounds(work, assignment) if each.decided_at]
    return max([assignment.issued_at, *decided])


def check_arrival(work: Work, arrival: Arrival, earliest: datetime) -> None:
    """Look at how a paper came.

    :raises Invalid: who, which way or when is missing; the moment lies ahead, or before `earliest`.
    """
    problems: dict[str, str] = {}
    if not arrival.brought_by:
        problems["brought_by"] = N_("Write who brought or sent it.")
    elif len(arrival.brought_by) > NAME_LENGTH:
        problems["brought_by"] = N_("A name has at most 60 characters.")
    if arrival.way is None:
        problems["way"] = N_("Choose how it came.")
    if arrival.arrived_at is None:
        problems["arrived_at"] = N_("Write when it reached the office, e.g. 2022-01-05 09:30.")
    elif arrival.arrived_at > work.now:
        problems["arrived_at"] = N_("This moment has not come yet. Write when the paper really reached the office.")
    elif arrival.arrived_at < earliest:
        problems["arrived_at"] = N_(
            "At that moment the notice was not issued yet, or the round before was not decided. Check day and hour."
        )
    if problems:
        raise Invalid(problems)


def _differs(reply: Reply, arrival: Arrival) -> bool:
    known = (reply.brought_by, reply.brought_way, reply.arrived_at)
    return reply.registered_by is None or known != (arrival.brought_by, arrival.way, arrival.arrived_at)


def _told(arrival: Arrival) -> dict[str, str]:
    arrived = office_time(arrival.arrived_at).strftime("%Y-%m-%d %H:%M") if arrival.arrived_at else ""
    return {"brought_by": arrival.brought_by, "way": str(arrival.way or ""), "arrived": arrived}
