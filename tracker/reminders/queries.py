"""Reading the inbox, the deliveries, and whom something concerns."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import Row, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.kit.errors import Missing
from tracker.kit.paging import Page
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.models import Delegation, Person, Role, RoleGrant
from tracker.org.policy import DELEGABLE
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.policy import DUE_STATES

ROWS = 50
PeopleByUnit = dict[int, dict[Person, set[Role]]]


def unread_count(session: Session, person_id: int) -> int:
    """Return how many messages a person has not opened."""
    unread = select(func.count(Message.id)).where(Message.person_id == person_id, Message.read_at.is_(None))
    return session.scalar(unread) or 0


def inbox(session: Session, person_id: int, after: str | None = None, size: int = ROWS) -> Page[Message]:
    """Return one page of a person's messages: unread ones first, newest first in each part.

    The key is "u<id>" or "r<id>": the part and the last row shown of it; one that cannot be read means the first page.
    """
    part, last = _inbox_key(after)
    rows: list[Message] = []
    if part == "u":
        rows = list(session.scalars(_messages(person_id, last, size + 1).where(Message.read_at.is_(None))))
        last = None
    if len(rows) <= size:
        rest = _messages(person_id, last, size + 1 - len(rows)).where(Message.read_at.is_not(None))
        rows += session.scalars(rest)
    shown = rows[:size]
    return Page(shown, f"{'r' if shown[-1].read_at else 'u'}{shown[-1].id}" if len(rows) > size else None)


def _messages(person_id: int, before: int | None, size: int) -> Select[Message]:
    query = select(Message).options(selectinload(Message.deliveries)).where(Message.person_id == person_id)
    if before is not None:
        query = query.where(Message.id < before)
    return query.order_by(Message.id.desc()).limit(size)


def _inbox_key(after: str | None) -> tuple[str, int | None]:
    if after and after[0] in "ur" and after[1:].isdecimal() and len(after) < 20:
        return after[0], int(after[1:])
    return "u", None


def own_message(session: Session, person_id: int | None, message_id: int) -> Message:
    """Return a message of this person.

    :raises Missing: there is none, or it is somebody else's.
    """
    found = session.scalar(select(Message).where(Message.id == message_id, Message.person_id == person_id))
    if found is None:
        raise Missing
    return found


def deliveries(session: Session, state: str = "", before: int | None = None, size: int = ROWS) -> Page[Delivery]:
    """Return one page of deliveries, newest first, with message and person; of one state when it is given."""
    query = select(Delivery).options(joinedload(Delivery.message).joinedload(Message.person).joinedload(Person.unit))
    if state:
        query = query.where(Delivery.state == state)
    if before is not None:
        query = query.where(Delivery.id < before)
    rows = list(session.scalars(query.order_by(Delivery.id.desc()).limit(size + 1)))
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def delivery_counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state."""
    counts = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {DeliveryState(state): count for state, count in counts}


def due_deliveries(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the ids of deliveries whose try is due, or whose claim lapsed, longest waiting first."""
    due = select(Delivery.id).where(Delivery.state.in_(DUE_STATES), Delivery.due_at <= now)
    return list(session.scalars(due.order_by(Delivery.due_at, Delivery.id).limit(limit)))


def awaited(
    state: AssignmentState, before: datetime, after: tuple[datetime, int] | None, size: int
) -> Select[Assignment]:
    """Return the query of one page of delivered assignments in `state` whose deadline ends before a moment.

    Ascending by (due_at, id), beginning after the pair `after`; walks ix_assignment_state_due.
    """
    query = select(Assignment).where(
        Assignment.state == state, Assignment.due_at < before, Assignment.delivered_at.is_not(None)
    )
    if after is not None:
        query = query.where(tuple_(Assignment.due_at, Assignment.id) > tuple_(*after))
    return query.options(joinedload(Assignment.notice)).order_by(Assignment.due_at, Assignment.id).limit(size)


def told_already(session: Session, causes: Collection[str]) -> set[tuple[str, int]]:
    """Return which (cause, person) pairs of these causes have been told."""
    found = session.execute(select(Message.cause, Message.person_id).where(Message.cause.in_(causes)))
    return {(cause, person_id) for cause, person_id in found}


def people_by_unit(session: Session, unit_ids: Collection[int], roles: Iterable[Role]) -> PeopleByUnit:
    """Return, for each unit, its active people who hold one of the roles, with those roles; people by id."""
    query = (
        select(Person, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.unit_id.in_(unit_ids),
            Person.active.is_(True),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role.in_([str(role) for role in roles]),
        )
        .order_by(Person.id)
    )
    found: PeopleByUnit = {unit_id: {} for unit_id in unit_ids}
    for person, role in session.execute(query):
        found[person.unit_id].setdefault(person, set()).add(Role(role))
    return found


def holders(session: Session, role: Role, today: date) -> list[Person]:
    """Return the active people who may use an office role today: those who hold it, and their deputies, by id."""
    holds = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
    giver_holds = exists().where(
        RoleGrant.person_id == Delegation.from_id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None)
    )
    deputises = exists().where(
        Delegation.to_id == Person.id,
        Delegation.role == role,
        Delegation.starts_on <= today,
        Delegation.ends_on >= today,
        Delegation.revoked_at.is_(None),
        giver_holds,
    )
    wanted = holds | deputises if role in DELEGABLE else holds
    return list(session.scalars(select(Person).where(Person.active.is_(True), wanted).order_by(Person.id)))


def overtaken(session: Session, message: Message) -> bool:
    """Tell whether the person was meanwhile told of a newer rung of the same assignment."""
    newer = select(Message.id).where(
        Message.assignment_id == message.assignment_id,
        Message.person_id == message.person_id,
        Message.rung != "",
        Message.id > message.id,
    )
    return session.scalar(newer.limit(1)) is not None


def letter_row(session: Session, delivery_id: int) -> Row[Delivery, Message, Person, Assignment] | None:
    """Return a delivery with its message, its person and, where there is one, its assignment; None when it is gone."""
    query = (
        select(Delivery, Message, Person, Assignment)
        .join(Message, Message.id == Delivery.message_id)
        .join(Person, Person.id == Message.person_id)
        .outerjoin(Assignment, Assignment.id == Message.assignment_id)
        .where(Delivery.id == delivery_id)
    )
    return session.execute(query.execution_options(populate_existing=True)).first()
