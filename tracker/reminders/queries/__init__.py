"""Reading the inbox, the deliveries, and whom something concerns."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.kit.errors import Missing
from tracker.kit.paging import Page
from tracker.notices.models import Assignment
from tracker.org.models import Delegation, Person, Role, RoleGrant
from tracker.org.policy import DELEGABLE
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.policy.letters import DUE_STATES, TRYING

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


def delivery_counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state."""
    counts = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {DeliveryState(state): count for state, count in counts}


def due_deliveries(session: Session, now: datetime, channel: str, limit: int) -> list[int]:
    """Return the ids of one channel's letters whose try is due, or whose claim lapsed, longest waiting first."""
    due = select(Delivery.id).where(Delivery.channel == channel, Delivery.state.in_(DUE_STATES), Delivery.due_at <= now)
    return list(session.scalars(due.order_by(Delivery.due_at, Delivery.id).limit(limit)))


def due_channels(session: Session, now: datetime) -> list[str]:
    """Return the channels over which something is due, by name: also such as are set up no longer."""
    due = select(Delivery.channel).where(Delivery.state.in_(DUE_STATES), Delivery.due_at <= now)
    return sorted(session.scalars(due.distinct()))


def by_person(session: Session, delivery_ids: Collection[int]) -> list[int]:
    """Return these letters in the order of their people: who locks several people locks them in one order."""
    query = select(Delivery.id).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.person_id, Delivery.id)
    return list(session.scalars(query))


def people_by_unit(session: Session, unit_ids: Collection[int] | None, roles: Iterable[Role]) -> PeopleByUnit:
    """Return, for each unit (for every one when none are named), its active people who hold one of the roles, by id."""
    query = (
        select(Person, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.unit_id.in_(unit_ids) if unit_ids is not None else true(),
            Person.active.is_(True),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role.in_([str(role) for role in roles]),
        )
        .order_by(Person.id)
    )
    found: PeopleByUnit = {unit_id: {} for unit_id in unit_ids or ()}
    for person, role in session.execute(query):
        found.setdefault(person.unit_id, {}).setdefault(person, set()).add(Role(role))
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


@dataclass(frozen=True)
class Said:
    """A message of a letter, with the assignment it is about, where there is one."""

    message: Message
    assignment: Assignment | None


def letter_content(session: Session, delivery: Delivery) -> list[Said]:
    """Return what a letter has taken along, oldest first, with the present state of its assignments."""
    query = (
        select(Message, Assignment)
        .outerjoin(Assignment, Assignment.id == Message.assignment_id)
        .options(joinedload(Assignment.notice))
        .where(Message.person_id == delivery.person_id, Message.letter_day == delivery.day)
        .order_by(Message.id)
    )
    return [Said(*row) for row in session.execute(query.execution_options(populate_existing=True))]


def newest_steps(session: Session, person_id: int, assignment_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """Return the newest reminder a person was given: (assignment, first letter of its rung) → the message's id."""
    query = select(Message.assignment_id, Message.rung, Message.id).where(
        Message.person_id == person_id, Message.assignment_id.in_(assignment_ids), Message.rung != ""
    )
    newest: dict[tuple[int, str], int] = {}
    for assignment_id, rung, id_ in session.execute(query.order_by(Message.id)):
        newest[assignment_id or 0, rung[0]] = id_
    return newest


def waiting_people(session: Session, today: date, since: datetime, after: int, size: int) -> list[Person]:
    """Return people by id for whom something waits and a letter may be opened today.

    None of their letters is being tried, none is today's (but one that was not needed any more), none left today
    (since its first moment).
    """
    hinders = exists().where(
        Delivery.person_id == Message.person_id,
        Delivery.state.in_(TRYING)
        | ((Delivery.day == today) & (Delivery.state != DeliveryState.DROPPED))
        | (Delivery.sent_at >= since),
    )
    ids = select(Message.person_id).where(Message.letter_day.is_(None), Message.person_id > after, ~hinders).distinct()
    ids = ids.order_by(Message.person_id).limit(size)
    return list(session.scalars(select(Person).where(Person.id.in_(ids.scalar_subquery())).order_by(Person.id)))


def other_letters(session: Session, delivery: Delivery) -> list[Delivery]:
    """Return a person's other letters that are under way or left, newest first; some of today's are enough."""
    query = select(Delivery).where(
        Delivery.person_id == delivery.person_id,
        Delivery.id != delivery.id,
        Delivery.state.in_((DeliveryState.SENDING, DeliveryState.SENT)),
    )
    return list(session.scalars(query.order_by(Delivery.day.desc(), Delivery.id.desc()).limit(20)))
