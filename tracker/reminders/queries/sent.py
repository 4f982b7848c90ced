"""Reading what left the house: pages of letters, and why some were given up."""

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.kit.paging import Page
from tracker.org.models import Person, Unit
from tracker.reminders.models import Delivery, DeliveryState

ROWS = 50
MOST_AT_ONCE = 500
"""Letters that one press of a button sends once more; pressing again takes the next ones."""
REASONS = 12


@dataclass(frozen=True)
class Wanted:
    """What narrows the list; empty: everything."""

    state: str = ""
    channel: str = ""
    reason: str = ""
    who: str = ""
    """Part of the person's or the unit's name."""


def letters_page(session: Session, wanted: Wanted, before: int | None = None, size: int = ROWS) -> Page[Delivery]:
    """Return one page of letters, newest first, with person, unit and what each says: two statements."""
    query = select(Delivery).options(
        joinedload(Delivery.person).joinedload(Person.unit), selectinload(Delivery.messages)
    )
    query = _narrowed(query, wanted)
    if before is not None:
        query = query.where(Delivery.id < before)
    rows = list(session.scalars(query.order_by(Delivery.id.desc()).limit(size + 1)))
    return Page(rows[:size], str(rows[size - 1].id) if len(rows) > size else None)


def _narrowed(query: Select[Delivery], wanted: Wanted) -> Select[Delivery]:
    for column, value in (
        (Delivery.state, wanted.state),
        (Delivery.channel, wanted.channel),
        (Delivery.trouble, wanted.reason),
    ):
        if value:
            query = query.where(column == value)
    if wanted.who:
        named = or_(Person.name.contains(wanted.who, autoescape=True), Unit.name.contains(wanted.who, autoescape=True))
        people = select(Person.id).join(Unit, Unit.id == Person.unit_id).where(named)
        query = query.where(Delivery.person_id.in_(people))
    return query


@dataclass(frozen=True)
class Trouble:
    """Why letters were given up: the reason, the channel, and how many."""

    reason: str
    channel: str
    count: int


def troubles(session: Session) -> list[Trouble]:
    """Return why letters are given up now, most frequent reason first."""
    count = func.count(Delivery.id)
    query = (
        select(Delivery.trouble, Delivery.channel, count)
        .where(Delivery.state == DeliveryState.DEAD)
        .group_by(Delivery.trouble, Delivery.channel)
        .order_by(count.desc(), Delivery.trouble)
    )
    return [Trouble(*row) for row in session.execute(query.limit(REASONS))]


def dead_alike(session: Session, channel: str, reason: str) -> list[int]:
    """Return the ids of letters that one channel gave up for one reason, oldest first."""
    query = select(Delivery.id).where(
        Delivery.state == DeliveryState.DEAD, Delivery.channel == channel, Delivery.trouble == reason
    )
    return list(session.scalars(query.order_by(Delivery.id).limit(MOST_AT_ONCE)))
