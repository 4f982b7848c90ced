"""Delegations (代签委托): a director or reviewer lets a colleague act in that role for some days; it ends by itself."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.words import N_
from tracker.org.models import Delegation, Person, Role, UnitKind
from tracker.org.policy import DELEGABLE, MAX_DELEGATION_DAYS, ROLE_NAMES, Work, conflict
from tracker.org.queries import lent_roles, roles_of


@dataclass(frozen=True)
class Wish:
    """Who is to act in which of the giver's roles, from day to day (both included), and why."""

    to_id: int
    role: Role
    starts_on: date
    ends_on: date
    reason: str


def give(work: Work, wish: Wish) -> Delegation:
    """Let a colleague act in one's own role between two days.

    The deputy's row is locked before the deputy's roles are read, as it is when roles are granted.

    :raises Invalid: names the field: a role that is not one's own or cannot be lent; oneself, somebody stopped or
        outside the office, somebody whose roles exclude it; days in the past, the wrong way round, more than 90, or
        already given.
    """
    query = select(Person).where(Person.id == wish.to_id).with_for_update(of=Person)
    deputy = work.session.scalar(query.execution_options(populate_existing=True))
    problems = _role_problems(work, wish) | _day_problems(work, wish) | _deputy_problems(work, wish, deputy)
    if problems or deputy is None or work.actor.person_id is None:
        raise Invalid(problems, n=MAX_DELEGATION_DAYS)
    delegation = Delegation(
        from_id=work.actor.person_id,
        to_id=deputy.id,
        role=wish.role,
        starts_on=wish.starts_on,
        ends_on=wish.ends_on,
        reason=wish.reason,
        created_at=work.now,
    )
    work.session.add(delegation)
    work.session.flush()  # the record names the row
    told = {"person": deputy.name, "role": ROLE_NAMES[wish.role], "reason": wish.reason}
    record(work, Word.DELEGATED, delegation, starts_on=wish.starts_on, ends_on=wish.ends_on, **told)
    return delegation


def end_early(work: Work, delegation_id: int) -> None:
    """End a delegation one gave, from this moment.

    :raises Missing: no such delegation of one's own.
    :raises Refused: it has ended already.
    """
    query = select(Delegation).where(Delegation.id == delegation_id).with_for_update(of=Delegation)
    delegation = work.session.scalar(query.execution_options(populate_existing=True))
    if delegation is None or delegation.from_id != work.actor.person_id:
        raise Missing
    if delegation.revoked_at is not None or delegation.ends_on < work.today:
        raise Refused(N_("This delegation has ended already."))
    delegation.revoked_at = work.now
    record(
        work, Word.DELEGATION_ENDED, delegation, person=delegation.deputy.name, role=ROLE_NAMES[Role(delegation.role)]
    )


def end_delegations_of(work: Work, person: Person) -> None:
    """End every delegation a person gave or received, from this moment (they moved to another unit)."""
    query = select(Delegation).where(
        or_(Delegation.from_id == person.id, Delegation.to_id == person.id),
        Delegation.revoked_at.is_(None),
        Delegation.ends_on >= work.today,
    )
    for delegation in work.session.scalars(query.with_for_update(of=Delegation)):
        delegation.revoked_at = work.now
        role = ROLE_NAMES[Role(delegation.role)]
        record(work, Word.DELEGATION_ENDED, delegation, person=delegation.deputy.name, role=role)


def _role_problems(work: Work, wish: Wish) -> dict[str, str]:
    if wish.role not in work.actor.roles:
        return {"role": N_("You can lend only a role of your own.")}
    if wish.role not in DELEGABLE:
        return {"role": N_("This role cannot be lent.")}
    return {} if wish.reason.strip() else {"reason": N_("Say why: it stands in the record.")}


def _day_problems(work: Work, wish: Wish) -> dict[str, str]:
    if wish.starts_on < work.today:
        return {"starts_on": N_("A delegation cannot begin in the past.")}
    if wish.ends_on < wish.starts_on:
        return {"ends_on": N_("The last day is before the first.")}
    if (wish.ends_on - wish.starts_on).days >= MAX_DELEGATION_DAYS:
        return {"ends_on": N_("At most %(n)s days; for longer, ask for the role to be granted.")}
    return {}


def _deputy_problems(work: Work, wish: Wish, deputy: Person | None) -> dict[str, str]:
    if deputy is None or not deputy.active or deputy.unit.kind != UnitKind.OFFICE:
        return {"to_id": N_("The deputy must be an active colleague in the supervising office.")}
    if deputy.id == work.actor.person_id:
        return {"to_id": N_("You cannot be your own deputy.")}
    held = roles_of(work.session, deputy.id) | lent_roles(work.session, deputy.id, work.today)
    reason = conflict(held | {wish.role})
    if not reason and wish.role in roles_of(work.session, deputy.id):
        reason = N_("This colleague holds the role already.")
    if not reason and _overlapping(work, wish):
        reason = N_("This colleague already deputises for you in this role on some of these days.")
    return {"to_id": reason} if reason else {}


def _overlapping(work: Work, wish: Wish) -> bool:
    same = exists().where(
        Delegation.from_id == work.actor.person_id,
        Delegation.to_id == wish.to_id,
        Delegation.role == wish.role,
        Delegation.revoked_at.is_(None),
        Delegation.starts_on <= wish.ends_on,
        Delegation.ends_on >= wish.starts_on,
    )
    return bool(work.session.scalar(select(same)))
