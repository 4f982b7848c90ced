"""Reading requests, always in the scope of who asks; and what other rooms ask of them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.almanac.policy import DISPUTE
from tracker.almanac.queries import calendar, usual_deadlines
from tracker.files.models import StoredFile
from tracker.kit.errors import Missing
from tracker.notices.lifecycle import OPEN, OWED
from tracker.notices.models import Assignment, Item
from tracker.notices.policy import visible_to
from tracker.notices.queries import visible_assignments
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Permission, Work, can
from tracker.org.queries import people_of_unit, units
from tracker.requests.lifecycle import PENDING, RequestState
from tracker.requests.models import Dispute, Extension, Transfer
from tracker.requests.policy import Hindrance, dispute_hindrance, dispute_until, extension_hindrance
from tracker.workdays.deadlines import Deadline

MOST_SHOWN = 200
"""Requests of one kind on the queue's page."""


def original_due(assignment: Assignment) -> Deadline:
    """Return 原期限, the deadline that the paper says; `notices.policy.deadline_of` is the one in force."""
    on, words = assignment.original_on, assignment.original_words
    return Deadline(on or assignment.due_on, assignment.due_time, words or assignment.due_words)


def granted(session: Session, assignment_ids: Collection[int]) -> dict[int, list[Extension]]:
    """Return the granted extensions of each of these assignments that has one, oldest first, in one query."""
    query = select(Extension).where(
        Extension.assignment_id.in_(assignment_ids), Extension.state == RequestState.GRANTED
    )
    found: dict[int, list[Extension]] = {}
    for row in session.scalars(query.order_by(Extension.id)):
        found.setdefault(row.assignment_id, []).append(row)
    return found


def asking(session: Session, assignment_ids: Collection[int]) -> set[int]:
    """Return which of these assignments have an extension that is asked for and not decided."""
    query = select(Extension.assignment_id).where(
        Extension.assignment_id.in_(assignment_ids), Extension.ended_at.is_(None)
    )
    return set(session.scalars(query))


def disputed(session: Session, assignment_ids: Collection[int]) -> set[int]:
    """Return which of these assignments have a dispute that is not decided; they stay in every count until then."""
    query = select(Dispute.assignment_id).where(Dispute.assignment_id.in_(assignment_ids), Dispute.ended_at.is_(None))
    return set(session.scalars(query))


def pending_extension(session: Session, assignment: Assignment, *, lock: bool = False) -> Extension | None:
    """Return the one extension of an assignment that is not decided, or None; `lock` holds its row."""
    query = select(Extension).where(Extension.assignment_id == assignment.id, Extension.ended_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def extensions_of(session: Session, assignment: Assignment) -> list[Extension]:
    """Return every extension asked for on an assignment, newest first."""
    query = select(Extension).where(Extension.assignment_id == assignment.id).order_by(Extension.id.desc())
    return list(session.scalars(query))


def the_pending(work: Work, assignment: Assignment) -> Extension:
    """Return the extension that waits, its row held.

    :raises Missing: none waits.
    """
    found = pending_extension(work.session, assignment, lock=True)
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Chances:
    """What may be asked on an assignment now, for the page of the unit and of the office."""

    extension: Extension | None
    """The one that waits, or else the newest one."""
    hindrance: Hindrance | None
    """Why no extension can be asked for now."""
    may_ask: bool
    """The person asks for this unit."""
    dispute_until: Deadline
    dispute_hindrance: Hindrance | None
    disputes: list[Dispute]
    transfers: list[Transfer]
    may_hand_down: bool
    """The person's unit has units below it."""
    may_follow: bool
    """The person is of that unit and may open what was handed down; the office only knows of it."""


def chances(work: Work, assignment: Assignment) -> Chances:
    """Return what stands and what is possible on an assignment."""
    rows = extensions_of(work.session, assignment)
    pending = next((row for row in rows if row.ended_at is None), None)
    shown = [row for row in rows if row.agreed_at is not None or not work.actor.is_office]
    return Chances(
        next((row for row in shown if row is pending), shown[0] if shown else None),
        extension_hindrance(assignment, pending, work.now),
        can(work.actor, Permission.REQUEST_ASK, assignment),
        *dispute_window(work, assignment),
        disputes_of(work.session, assignment),
        handed_down_of(work.session, assignment),
        can(work.actor, Permission.TRANSFER_MAKE, assignment) and has_units_below(work.session, assignment.unit_id),
        not work.actor.is_office,
    )


def handed_down_of(session: Session, assignment: Assignment) -> list[Transfer]:
    """Return what was handed down of an assignment, with the units, oldest first: for who sees the assignment."""
    query = select(Transfer).options(joinedload(Transfer.unit)).where(Transfer.assignment_id == assignment.id)
    return list(session.scalars(query.order_by(Transfer.id)))


def has_units_below(session: Session, unit_id: int) -> bool:
    """Tell whether a unit has active units directly below it."""
    below = select(Unit.id).where(Unit.parent_id == unit_id, Unit.active.is_(True))
    return session.scalar(below.limit(1)) is not None


def dispute_window(work: Work, assignment: Assignment) -> tuple[Deadline, Hindrance | None]:
    """Return until when problems may be disputed, and why none can be now."""
    usual = usual_deadlines(work.session)[DISPUTE]
    until = dispute_until(assignment, usual, calendar(work.session))
    return until, dispute_hindrance(assignment, until, usual, work.now)


def disputes_of(session: Session, assignment: Assignment) -> list[Dispute]:
    """Return every dispute raised on an assignment, in the order of its items, with item, file and other unit."""
    query = (
        select(Dispute)
        .join(Dispute.item)
        .options(contains_eager(Dispute.item), joinedload(Dispute.file), joinedload(Dispute.other_unit))
        .options(joinedload(Dispute.other_notice))
        .where(Dispute.assignment_id == assignment.id)
        .order_by(Item.sequence, Dispute.id)
    )
    return list(session.scalars(query))


def disputed_assignments(work: Work, *states: RequestState) -> Select[Assignment]:
    """Return the query of open assignments with undecided disputes in these states, oldest deadline first."""
    raised = select(Dispute.assignment_id).where(Dispute.ended_at.is_(None), Dispute.state.in_(states or PENDING))
    return (
        visible_assignments(work.actor)
        .where(Assignment.id.in_(raised), Assignment.state.in_(OPEN))
        .order_by(Assignment.due_at, Assignment.id)
    )


def undecided_disputes(session: Session, assignment_ids: Collection[int]) -> dict[int, list[Dispute]]:
    """Return the undecided disputes of each of these assignments, in the order of the items, in one query."""
    query = select(Dispute).join(Dispute.item).options(contains_eager(Dispute.item))
    query = query.where(Dispute.assignment_id.in_(assignment_ids), Dispute.ended_at.is_(None))
    found: dict[int, list[Dispute]] = {}
    for row in session.scalars(query.order_by(Item.sequence)):
        found.setdefault(row.assignment_id, []).append(row)
    return found


def dispute_file(work: Work, assignment: Assignment, token: str) -> StoredFile:
    """Return a file that stands behind a dispute of this assignment.

    :raises Missing: there is none of that name.
    """
    named = select(Dispute.file_id).where(Dispute.assignment_id == assignment.id)
    found = work.session.scalar(select(StoredFile).where(StoredFile.token == token, StoredFile.id.in_(named)))
    if found is None:
        raise Missing
    return found


def other_units(work: Work, assignment: Assignment) -> list[Unit]:
    """Return the units to which a problem could be handed on, in protocol order."""
    query = units().where(Unit.id != assignment.unit_id, Unit.kind != UnitKind.OFFICE)
    return list(work.session.scalars(query))


def leaders_of(work: Work, unit_id: int) -> list[int]:
    """Return the ids of the active people who lead a unit with a login of their own."""
    return [person.id for person in people_of_unit(work.session, unit_id, Role.LEADER)]


def waiting_extensions(work: Work, *states: RequestState) -> Select[Extension]:
    """Return the query of undecided extensions that may be seen, oldest deadline first; answered ones wait no more."""
    return (
        select(Extension)
        .join(Extension.assignment)
        .options(contains_eager(Extension.assignment).options(joinedload(Assignment.notice)))
        .where(
            visible_to(work.actor),
            Extension.ended_at.is_(None),
            Extension.state.in_(states or PENDING),
            Assignment.state.in_(OWED),
        )
        .order_by(Assignment.due_at, Assignment.id)
    )


WAITS_FOR = {
    Permission.REQUEST_DECIDE: RequestState.RECOMMENDED,
    Permission.REQUEST_RECOMMEND: RequestState.WITH_OFFICE,
    Permission.REQUEST_AGREE: RequestState.ASKED,
}
"""Whose step is next."""


def waiting_for(work: Work, most: int) -> tuple[list[Extension], list[Assignment]]:
    """Return the extensions, and the assignments with disputes, whose next step is this person's: `most` of each."""
    states = [state for permission, state in WAITS_FOR.items() if can(work.actor, permission)]
    if not states:
        return [], []
    extensions = work.session.scalars(waiting_extensions(work, *states).limit(most))
    disputes = work.session.scalars(disputed_assignments(work, *states).limit(most)) if work.actor.is_office else ()
    return list(extensions), list(disputes)
