"""联络员变更: a unit's leader or the clerk names who takes over; the security administrator moves the role."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.plain_text import one_line
from tracker.kit.words import N_
from tracker.notices.operations.steps import TELL
from tracker.org.models import Person, Role, RoleGrant
from tracker.org.operations.roles import grant_role, take_role
from tracker.org.policy import Permission, Work, can
from tracker.org.queries import people_of_unit, roles_of
from tracker.requests.models import ContactChange
from tracker.requests.operations.steps import CHANGED
from tracker.requests.policy import NAME
from tracker.requests.queries.handovers import pending_change

NOT_CONTACT = N_("This person is not a contact of the unit any more.")
WAITS = N_("A change of this contact waits already. Take it back first.")
NO_ACCOUNT = N_("The person who takes over has no account of that unit yet. The system administrator adds it first.")
TOO_EARLY = N_("It is to take effect on %(day)s; carry it out then.")
SHEET, TO_CARRY_OUT = "/contact-changes/{id}", "/contact-changes/to-carry-out"
NEW_ACCOUNT = "/people/new?unit={id}"


@dataclass(frozen=True)
class Successor:
    """Who takes over: somebody with an account of the unit, or the name of somebody who has none yet."""

    person_id: int | None
    name: str = ""
    phone: str = ""


def name_successor(
    work: Work, unit_id: int, former_id: int, successor: Successor, from_on: date | None, reason: str
) -> ContactChange:
    """Name who takes over as contact of a unit; no role moves yet.

    :raises Missing: this person may not, for that unit.
    :raises Invalid: no contact of the unit, no fit successor, no fit day, no reason; or a change of them waits already.
    """
    if not can(work.actor, Permission.CONTACT_CHANGE, unit_id):
        raise Missing
    _check(work, unit_id, former_id, successor, from_on, reason)
    row = ContactChange(
        unit_id=unit_id,
        former_id=former_id,
        new_id=successor.person_id,
        new_name="" if successor.person_id else one_line(successor.name),
        new_phone=one_line(successor.phone),
        from_on=from_on or work.today,
        reason=one_line(reason),
        named_by=work.actor.person_id,
        named_name=work.actor.name,
        named_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    links = {former_id: SHEET.format(id=row.id)}
    if successor.person_id:
        links[successor.person_id] = "/"  # may open nothing of the unit before the role is theirs
    links |= dict.fromkeys(_holders(work, Role.SECURITY_ADMIN), TO_CARRY_OUT)
    if successor.person_id is None:
        links |= dict.fromkeys(_holders(work, Role.SYSTEM_ADMIN), NEW_ACCOUNT.format(id=unit_id))
    _note(work, Word.CONTACT_NAMED, row, links, reason=row.reason)
    return row


def _check(work: Work, unit_id: int, former_id: int, successor: Successor, from_on: date | None, reason: str) -> None:
    problems: dict[str, str] = {}
    if former_id not in {person.id for person in people_of_unit(work.session, unit_id, Role.CONTACT)}:
        problems["former"] = NOT_CONTACT
    elif pending_change(work.session, former_id) is not None:
        problems["former"] = WAITS
    problems |= _unfit(work, unit_id, former_id, successor)
    if from_on is None or from_on < work.today:
        problems["from_on"] = N_("Choose a day from today on.")
    if not one_line(reason) or len(one_line(reason)) > 2 * NAME:
        problems["reason"] = N_("Write the reason in one line.")
    if problems:
        raise Invalid(problems)


def _unfit(work: Work, unit_id: int, former_id: int, successor: Successor) -> dict[str, str]:
    if successor.person_id is None:
        named = 0 < len(one_line(successor.name)) <= NAME
        sentence = N_("Write the name of who takes over; the system administrator makes the account.")
        return {} if named else {"new_name": sentence}
    if successor.person_id == former_id or not _works_in(work, successor.person_id, unit_id):
        return {"new": N_("Choose who takes over: somebody else of the same unit.")}
    return {}


def _works_in(work: Work, person_id: int, unit_id: int) -> bool:
    person = work.session.get(Person, person_id)
    return person is not None and person.active and person.unit_id == unit_id


def take_back(work: Work, row: ContactChange, version: int | None = None) -> None:
    """Take the change back; the contact stays.

    :raises Missing: this person may not, or it was carried out.  :raises Stale: it was changed since.
    """
    if not can(work.actor, Permission.CONTACT_CHANGE, row.unit_id) or row.ended_at is not None:
        raise Missing
    _seen(row, version)
    row.ended_at = work.now
    work.session.flush()
    _note(work, Word.CONTACT_KEPT, row, {})


def carry_out(work: Work, row: ContactChange, person_id: int | None, version: int | None = None) -> None:
    """Move the role of contact, as the security administrator: granted to the new one, taken from the former one.

    Order of effects: the new one's role, the former one's, the change, the record. From then on the former contact
    sees nothing of the unit.

    :raises Missing: this person may not, or it is over.  :raises Stale: it was changed since.
    :raises Refused: the day has not come, or there is no account of that unit yet.
    """
    if not can(work.actor, Permission.ROLES_GRANT) or row.ended_at is not None:
        raise Missing
    _seen(row, version)
    if row.from_on > work.today:
        raise Refused(TOO_EARLY, day=row.from_on)
    new_id = row.new_id or person_id
    if new_id is None or new_id == row.former_id or not _works_in(work, new_id, row.unit_id):
        raise Refused(NO_ACCOUNT)
    grant_role(work, new_id, Role.CONTACT)
    # Whoever moved to another unit meanwhile lost the role with the move; one held since then is of that unit.
    if _works_in(work, row.former_id, row.unit_id) and Role.CONTACT in roles_of(work.session, row.former_id):
        take_role(work, row.former_id, Role.CONTACT)
    row.new_id, row.done_name, row.done_at, row.ended_at = new_id, work.actor.name, work.now, work.now
    work.session.flush()
    work.session.refresh(row, ["new"])
    contacts = {person.id for person in people_of_unit(work.session, row.unit_id, Role.CONTACT, Role.LEADER)}
    _note(work, Word.CONTACT_CHANGED, row, dict.fromkeys({*contacts, row.named_by}, SHEET.format(id=row.id)))


def _seen(row: ContactChange, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Stale(CHANGED)


def _holders(work: Work, role: Role) -> list[int]:
    query = select(RoleGrant.person_id).where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
    return list(work.session.scalars(query))


def _note(work: Work, word: Word, row: ContactChange, links: dict[int, str], **detail: str) -> None:
    """Record what happened, with the address of everybody who is to be told."""
    people = {str(id_): link for id_, link in sorted(links.items()) if id_ != work.actor.person_id}
    told = {"person": row.successor, "former": row.former.name, "unit": row.unit.name, "from_on": str(row.from_on)}
    work.wake(TELL, 0)
    record(work, word, row, case=f"unit:{row.unit_id}", people=people, **told, **detail)
