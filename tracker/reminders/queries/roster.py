"""Reading the roster of reminders (催办名册): whom to telephone about what, and what has been tried."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment
from tracker.notices.queries import STILL_OPEN, visible_assignments
from tracker.org.models import Person, Role
from tracker.org.policy import Work
from tracker.reminders.models import Delivery, DeliveryState, Message
from tracker.reminders.queries import people_by_unit

MOST_ON_ROSTER = 300
"""Rows of one roster; the page says when there are more."""


@dataclass(frozen=True)
class RosterRow:
    """One assignment, whom to call, and how they were told so far."""

    assignment: Assignment
    contacts: tuple[Person, ...]
    told: tuple[tuple[str, str], ...]
    """(name, channel) of each of its unit's people whom a letter about it reached; else "inbox" or "unread"."""


def roster(
    work: Work, unit_id: int | None, *, before: datetime | None = None, units: Collection[int] | None = None
) -> list[RosterRow]:
    """Return what units still owe the office, nearest deadline first: three statements whatever the number of rows.

    `before`: only what was due by then; `units`: only these units.
    """
    query: Select[Assignment] = visible_assignments(work.actor).where(
        *STILL_OPEN, Assignment.state.in_(OWED), Assignment.delivered_at.is_not(None)
    )
    if unit_id is not None:
        query = query.where(Assignment.unit_id == unit_id)
    if before is not None:
        query = query.where(Assignment.due_at <= before)
    if units is not None:
        query = query.where(Assignment.unit_id.in_(units))
    found = list(work.session.scalars(query.order_by(Assignment.due_at, Assignment.id).limit(MOST_ON_ROSTER)).unique())
    people = people_by_unit(work.session, {row.unit_id for row in found}, (Role.CONTACT,))
    told = _told(work.session, [row.id for row in found])
    return [RosterRow(row, tuple(people.get(row.unit_id, {})), tuple(told.get(row.id, ()))) for row in found]


def _told(session: Session, assignment_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    query = (
        select(Message, Delivery.channel)
        .options(contains_eager(Message.person))
        .join(Person, Person.id == Message.person_id)
        .join(Assignment, (Assignment.id == Message.assignment_id) & (Assignment.unit_id == Person.unit_id))
        .outerjoin(
            Delivery,
            (Delivery.person_id == Message.person_id)
            & (Delivery.day == Message.letter_day)
            & (Delivery.state == DeliveryState.SENT),
        )
        .where(Message.assignment_id.in_(list(assignment_ids)))
        .order_by(Message.id)
    )
    ways: dict[int, dict[str, set[str]]] = {}
    for message, channel in session.execute(query):
        of_person = ways.setdefault(message.assignment_id or 0, {}).setdefault(message.person.name, set())
        of_person.add(channel or ("inbox" if message.read_at else "unread"))
    return {
        id_: [pair for name, found in people.items() for pair in _best(name, found)] for id_, people in ways.items()
    }


def _best(name: str, found: set[str]) -> list[tuple[str, str]]:
    """Return what is worth saying of one person: an unread inbox only where nothing else is known."""
    return [(name, way) for way in sorted(found - {"unread"} or found)]
