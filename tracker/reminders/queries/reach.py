"""Reading how people are reached: calendar feeds, and people whom nothing reaches."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.notices.models import Assignment
from tracker.notices.policy import visible_to
from tracker.notices.queries import STILL_OPEN
from tracker.org.models import Person, Role, RoleGrant
from tracker.org.policy import Identity
from tracker.reminders.models import CalendarFeed, Delivery, DeliveryState

MOST_UNREACHED = 300
"""People of one page."""
FEED_ROWS = 300
"""Deadlines of one feed: a unit that has more open needs no calendar."""


def current_feed(session: Session, person_id: int) -> CalendarFeed | None:
    """Return a person's calendar feed that is in use; None when there is none."""
    return session.scalar(select(CalendarFeed).where(CalendarFeed.person_id == person_id, *_in_use()))


def _in_use() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on a feed that works: whoever had the password before a reset keeps no address by it."""
    reset = exists().where(
        Event.subject_type == Person.__tablename__,
        Event.subject_id == CalendarFeed.person_id,
        Event.word == Word.PASSWORD_RESET,
        Event.at >= CalendarFeed.created_at,
    )
    return CalendarFeed.revoked_at.is_(None), ~reset


def person_of_feed(session: Session, digest: str) -> Person | None:
    """Return the active person whose feed has that digest; None for an unknown or revoked one."""
    query = (
        select(Person)
        .join(CalendarFeed, CalendarFeed.person_id == Person.id)
        .where(CalendarFeed.digest == digest, *_in_use(), Person.active.is_(True))
    )
    return session.scalar(query)


def own_deadlines(session: Session, identity: Identity) -> list[Assignment]:
    """Return the open assignments of the person's own unit, nearest deadline first; none for the office's people."""
    query = (
        select(Assignment)
        .options(joinedload(Assignment.notice))
        .where(*STILL_OPEN, visible_to(identity), Assignment.unit_id == identity.unit_id)
        .order_by(Assignment.due_at, Assignment.id)
    )
    return [] if identity.is_office else list(session.scalars(query.limit(FEED_ROWS)))


def unreached(columns: Collection[str] | None) -> Select[Person]:
    """Return the query of unit contacts with open matters whom no channel reaches, with their units.

    `columns`: the address columns of the channels that are set up; None when one of them reaches everybody. Reached is
    who has an address, unless all of the newest letter's tries are dead.
    """
    open_matter = exists().where(
        Assignment.unit_id == Person.unit_id, Assignment.delivered_at.is_not(None), *STILL_OPEN
    )
    contact = exists().where(
        RoleGrant.person_id == Person.id, RoleGrant.role == Role.CONTACT, RoleGrant.revoked_at.is_(None)
    )
    lost = and_(_newest_letter(dead=True), ~_newest_letter(dead=False))
    nowhere = _without(columns) if columns is not None else false()
    query = select(Person).options(joinedload(Person.unit))
    query = query.where(Person.active.is_(True), contact, open_matter, or_(nowhere, lost))
    return query.order_by(Person.unit_id, Person.id)


def _without(columns: Collection[str]) -> ColumnElement[bool]:
    return and_(true(), *(func.trim(getattr(Person, name)) == "" for name in sorted(columns)))


def _newest_letter(*, dead: bool) -> ColumnElement[bool]:
    newest = select(func.max(Delivery.day)).where(Delivery.person_id == Person.id).correlate(Person).scalar_subquery()
    state = Delivery.state == DeliveryState.DEAD
    return exists().where(Delivery.person_id == Person.id, Delivery.day == newest, state if dead else ~state)


def unreached_people(session: Session, columns: Collection[str] | None) -> list[Person]:
    """Return the contacts whom no channel reaches, by unit; see `unreached`."""
    return list(session.scalars(unreached(columns).limit(MOST_UNREACHED)))


def lost_letters(session: Session, person_ids: Collection[int]) -> dict[int, Delivery]:
    """Return the newest letter of each person that was given up."""
    query = select(Delivery).where(Delivery.person_id.in_(person_ids), Delivery.state == DeliveryState.DEAD)
    return {letter.person_id: letter for letter in session.scalars(query.order_by(Delivery.id))}
