"""Changes of contact, and what is handed over."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.kit.errors import Missing
from tracker.notices.models import Assignment
from tracker.notices.queries import STILL_OPEN
from tracker.org.models import Person
from tracker.org.policy import Permission, Work, can
from tracker.requests.models import ContactChange
from tracker.requests.policy import DRAFTS

PEOPLE = (joinedload(ContactChange.unit), joinedload(ContactChange.former), joinedload(ContactChange.new))
MOST = 200


def pending_change(session: Session, former_id: int) -> ContactChange | None:
    """Return the change of this contact that was not carried out yet, or None."""
    query = select(ContactChange).where(ContactChange.former_id == former_id, ContactChange.ended_at.is_(None))
    return session.scalar(query)


def changes_of(work: Work, unit_id: int | None) -> list[ContactChange]:
    """Return the changes of contact, of one unit or of all, newest first."""
    query = select(ContactChange).options(*PEOPLE).order_by(ContactChange.id.desc()).limit(MOST)
    return list(work.session.scalars(query.where(ContactChange.unit_id == unit_id) if unit_id else query))


def changes_to_carry_out(work: Work) -> list[ContactChange]:
    """Return the changes that wait for the security administrator, by their day."""
    query = select(ContactChange).options(*PEOPLE).where(ContactChange.ended_at.is_(None))
    return list(work.session.scalars(query.order_by(ContactChange.from_on, ContactChange.id)))


def change_by_id(work: Work, change_id: int, *, lock: bool = False) -> ContactChange:
    """Return a change of contact: for its unit's people and for who works in the office; `lock` holds its row.

    :raises Missing: there is none for this person.
    """
    query = select(ContactChange).where(ContactChange.id == change_id)
    if lock:
        query = query.with_for_update(of=ContactChange).execution_options(populate_existing=True)
    found = work.session.scalar(query)
    carries_out = can(work.actor, Permission.ROLES_GRANT)
    if found is None or not (carries_out or work.actor.is_office or found.unit_id == work.actor.unit_id):
        raise Missing
    return found


def handed_over(work: Work, unit_id: int) -> list[tuple[Assignment, str]]:
    """Return a unit's open assignments, oldest deadline first, each with how far its draft is."""
    query = select(Assignment).options(joinedload(Assignment.notice)).where(Assignment.unit_id == unit_id, *STILL_OPEN)
    query = query.where(Assignment.delivered_at.is_not(None)).order_by(Assignment.due_at, Assignment.id).limit(MOST)
    rows = list(work.session.scalars(query))
    told: dict[int, str] = {}
    for describe in DRAFTS:
        told |= describe(work, rows)
    return [(row, told.get(row.id, "")) for row in rows]


def colleagues(session: Session, unit_id: int) -> list[Person]:
    """Return the active people of a unit, by name."""
    query = select(Person).where(Person.unit_id == unit_id, Person.active.is_(True))
    return list(session.scalars(query.order_by(Person.name, Person.id)))
