"""Granting and taking roles: by the security administrator, to others only, and never two that exclude one another."""

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Missing, Refused
from tracker.kit.words import N_
from tracker.org.models import Person, Role, RoleGrant
from tracker.org.policy import ROLE_NAMES, Work, conflict, misplaced
from tracker.org.queries import lent_roles, roles_of


def grant_role(work: Work, person_id: int, role: Role) -> None:
    """Grant a role; a role already held is left as it is.

    The person's row is locked before the roles are read, so that two grants at once cannot make a conflict.

    :raises Missing: no such person.
    :raises Refused: one's own account, a stopped account, a role of the other kind of unit, or one that excludes a role
        the person holds or deputises in.
    """
    person = _locked_other(work, person_id)
    held = roles_of(work.session, person.id)
    if role in held:
        return
    reason = refusal(work, person, role, held)
    if reason:
        raise Refused(reason)
    work.session.add(RoleGrant(person_id=person.id, role=role, granted_by=work.actor.person_id, granted_at=work.now))
    record(work, Word.ROLE_GRANTED, person, person=person.name, role=ROLE_NAMES[role])


def refusal(work: Work, person: Person, role: Role, held: frozenset[Role]) -> str | None:
    """Return the sentence that says why a person who holds `held` may not be granted a role, or None."""
    if not person.active:
        return N_("This account is stopped.")
    return misplaced(role, person.unit.kind) or conflict(
        held | lent_roles(work.session, person.id, work.today) | {role}
    )


def take_role(work: Work, person_id: int, role: Role) -> None:
    """Take a role away, at once; one that is not held is left alone. Delegations of that role stop working with it.

    :raises Missing: no such person.
    :raises Refused: it is one's own account.
    """
    _take(work, _locked_other(work, person_id), role)


def take_all_roles(work: Work, person: Person) -> None:
    """Take every role of a person (who moved to another unit)."""
    for role in sorted(roles_of(work.session, person.id)):
        _take(work, person, role)


def _take(work: Work, person: Person, role: Role) -> None:
    current = select(RoleGrant).where(
        RoleGrant.person_id == person.id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None)
    )
    grant = work.session.scalar(current)
    if grant is not None:
        grant.revoked_at = work.now
        record(work, Word.ROLE_REVOKED, person, person=person.name, role=ROLE_NAMES[role])


def _locked_other(work: Work, person_id: int) -> Person:
    query = select(Person).where(Person.id == person_id).with_for_update(of=Person)
    person = work.session.scalar(query.execution_options(populate_existing=True))
    if person is None:
        raise Missing
    if person.id == work.actor.person_id:
        raise Refused(N_("You cannot grant or take your own roles; another security administrator can."))
    return person
