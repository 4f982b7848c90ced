"""Who exists, and who is asking."""

import hashlib
from datetime import date, datetime, timedelta
from math import ceil

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.org.models import (
    Delegation,
    Person,
    Role,
    RoleGrant,
    SignInAttempt,
    SignInSession,
    Unit,
    UnitCertificate,
    UnitKind,
    UnitName,
)
from tracker.org.policy import ADMIN_ROLES, DELEGABLE, Acting, Identity

Deputy = aliased(Person)


def token_digest(token: str) -> str:
    """Return what is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session_of(session: Session, token: str) -> SignInSession | None:
    """Return the unended session that a cookie's token names, with its person and unit."""
    query = (
        select(SignInSession)
        .options(joinedload(SignInSession.person).joinedload(Person.unit))
        .where(SignInSession.token_digest == token_digest(token), SignInSession.ended_at.is_(None))
    )
    return session.scalar(query)


def roles_of(session: Session, person_id: int) -> frozenset[Role]:
    """Return the roles a person holds now."""
    query = select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.revoked_at.is_(None))
    return frozenset(Role(role) for role in session.scalars(query))


def delegations_to(session: Session, person_id: int, today: date) -> tuple[Acting, ...]:
    """Return whose roles a person may use today: the giver must still hold the role and be active."""
    query = (
        select(Delegation.from_id, Person.name, Delegation.role)
        .join(Person, Person.id == Delegation.from_id)
        .where(
            Delegation.to_id == person_id,
            Delegation.starts_on <= today,
            Delegation.ends_on >= today,
            Delegation.revoked_at.is_(None),
            Delegation.role.in_([str(role) for role in DELEGABLE]),
            Person.active.is_(True),
            exists().where(Deputy.id == Delegation.to_id, Unit.id == Deputy.unit_id, Unit.kind == UnitKind.OFFICE),
            exists().where(
                RoleGrant.person_id == Delegation.from_id,
                RoleGrant.role == Delegation.role,
                RoleGrant.revoked_at.is_(None),
            ),
        )
        .order_by(Delegation.id)
    )
    return tuple(Acting(id_, name, Role(role)) for id_, name, role in session.execute(query))


def identity_of(
    session: Session, person: Person, today: date, session_id: int | None = None, address: str = ""
) -> Identity:
    """Return the identity of an active person as plain values."""
    return Identity(
        person_id=person.id,
        name=person.name,
        unit_id=person.unit_id,
        unit_name=person.unit.name,
        roles=roles_of(session, person.id),
        acting_for=delegations_to(session, person.id, today),
        session_id=session_id,
        must_change_password=person.must_change_password,
        locale=person.locale,
        keys_off=person.keys_off,
        address=address,
    )


def failures_since(
    session: Session, moment: datetime, *, login: str | None = None, address: str | None = None
) -> list[datetime]:
    """Return when failed tries were made since `moment`, oldest first, for an account or from an address."""
    query = select(SignInAttempt.at).where(SignInAttempt.at > moment, SignInAttempt.succeeded.is_(False))
    if login is not None:
        query = query.where(SignInAttempt.login == login)
    if address is not None:
        query = query.where(SignInAttempt.address == address)
    return list(session.scalars(query.order_by(SignInAttempt.at)))


def people_of_unit(session: Session, unit_id: int, *roles: Role) -> list[Person]:
    """Return the active people of a unit who hold one of the roles, by id."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            Person.unit_id == unit_id,
            Person.active.is_(True),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role.in_([str(r) for r in roles]),
        )
        .order_by(Person.id)
        .distinct()
    )
    return list(session.scalars(query))


def units(only_active: bool = True) -> Select[Unit]:
    """Return the query of units in protocol order."""
    query = select(Unit).order_by(Unit.rank, Unit.id)
    return query.where(Unit.active.is_(True)) if only_active else query


def units_without_contact(session: Session, unit_ids: list[int]) -> list[Unit]:
    """Return those of the units that nobody answers for, in protocol order."""
    has_contact = exists().where(
        Person.unit_id == Unit.id,
        Person.active.is_(True),
        RoleGrant.person_id == Person.id,
        RoleGrant.role == Role.CONTACT,
        RoleGrant.revoked_at.is_(None),
    )
    return list(session.scalars(units().where(Unit.id.in_(unit_ids), ~has_contact)))


def demo_people(session: Session) -> list[Person]:
    """Return the demonstration's people with their units, by id."""
    return list(
        session.scalars(
            select(Person).options(joinedload(Person.unit)).where(Person.demo.is_(True)).order_by(Person.id)
        )
    )


def person_count(session: Session) -> int:
    """Return how many accounts exist."""
    return session.scalar(select(func.count(Person.id))) or 0


def wait_after(moments: list[datetime], limit: int, window: timedelta, now: datetime) -> int:
    """Return the seconds until another try is allowed when at most `limit` failures may fall into `window`; 0 = now."""
    recent = [moment for moment in moments if moment > now - window]
    if len(recent) < limit:
        return 0
    return ceil((recent[-limit] + window - now).total_seconds())


def accounts(text: str = "", unit_id: int | None = None, role: Role | None = None) -> Select[Person]:
    """Return the query of accounts, stopped ones too, whose name or login contains `text`, of a unit, with a role."""
    query = select(Person).options(joinedload(Person.unit))
    if text:
        query = query.where(
            or_(Person.name.contains(text, autoescape=True), Person.login.contains(text, autoescape=True))
        )
    if unit_id is not None:
        query = query.where(Person.unit_id == unit_id)
    if role is not None:
        query = query.where(
            exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
        )
    return query


def roles_by_person(session: Session, person_ids: list[int]) -> dict[int, list[Role]]:
    """Return the current roles of each of the people, in the order in which roles are declared."""
    query = select(RoleGrant.person_id, RoleGrant.role).where(
        RoleGrant.person_id.in_(person_ids), RoleGrant.revoked_at.is_(None)
    )
    held: dict[int, set[Role]] = {id_: set() for id_ in person_ids}
    for id_, role in session.execute(query):
        held[id_].add(Role(role))
    return {id_: [role for role in Role if role in roles] for id_, roles in held.items()}


def grants_of(session: Session, person_id: int) -> list[RoleGrant]:
    """Return every grant a person has or had, newest first."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id)
    return list(session.scalars(query.order_by(RoleGrant.granted_at.desc(), RoleGrant.id.desc())))


def unit_tree(session: Session) -> list[tuple[Unit, int]]:
    """Return every unit with its depth (0 = on top), each directly followed by those below it, in protocol order."""
    children: dict[int | None, list[Unit]] = {}
    for unit in session.scalars(units(only_active=False)):
        children.setdefault(unit.parent_id, []).append(unit)
    tree: list[tuple[Unit, int]] = []
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        tree.append((unit, depth))
        waiting += [(below, depth + 1) for below in reversed(children.get(unit.id, []))]
    return tree


def open_sessions(
    session: Session, person_id: int, seen_after: datetime, created_after: datetime
) -> list[SignInSession]:
    """Return where a person is signed in, last used first: sessions neither ended nor idle nor open for too long."""
    query = select(SignInSession).where(
        SignInSession.person_id == person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.seen_at >= seen_after,
        SignInSession.created_at >= created_after,
    )
    return list(session.scalars(query.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())))


def delegations_of(session: Session, person_id: int) -> list[Delegation]:
    """Return the delegations a person gave or received, latest first, with both people."""
    query = (
        select(Delegation)
        .options(joinedload(Delegation.giver), joinedload(Delegation.deputy))
        .where(or_(Delegation.from_id == person_id, Delegation.to_id == person_id))
    )
    return list(session.scalars(query.order_by(Delegation.starts_on.desc(), Delegation.id.desc())))


def lent_roles(session: Session, person_id: int, today: date) -> frozenset[Role]:
    """Return the roles a person deputises in today or on a day to come."""
    query = select(Delegation.role).where(
        Delegation.to_id == person_id, Delegation.ends_on >= today, Delegation.revoked_at.is_(None)
    )
    return frozenset(Role(role) for role in session.scalars(query))


def possible_deputies(session: Session, person_id: int) -> list[Person]:
    """Return the office's other active people who are no administrators, by name."""
    administers = exists().where(
        RoleGrant.person_id == Person.id,
        RoleGrant.revoked_at.is_(None),
        RoleGrant.role.in_([str(role) for role in ADMIN_ROLES]),
    )
    query = (
        select(Person)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Unit.kind == UnitKind.OFFICE, Person.active.is_(True), Person.id != person_id, ~administers)
    )
    return list(session.scalars(query.order_by(Person.name, Person.id)))


def certificates_of(unit_id: int | None = None) -> Select[UnitCertificate]:
    """Return the query of certificates (of one unit), retired ones too, with unit and who registered them."""
    query = select(UnitCertificate).options(joinedload(UnitCertificate.unit), joinedload(UnitCertificate.adder))
    return query.where(UnitCertificate.unit_id == unit_id) if unit_id else query


def registered_fingerprints(session: Session, unit_id: int, received_at: datetime) -> frozenset[str]:
    """Return the certificates (SHA-256) that count for what a unit handed in at that moment.

    One registered later counts too, so that registering it settles an open case; one retired before does not.
    """
    query = select(UnitCertificate.fingerprint).where(
        UnitCertificate.unit_id == unit_id,
        or_(UnitCertificate.retired_at.is_(None), UnitCertificate.retired_at > received_at),
    )
    return frozenset(session.scalars(query))


def names_of_unit(session: Session, unit_id: int) -> list[UnitName]:
    """Return what a unit was called, as it was noted; empty for one that was never renamed."""
    return list(session.scalars(select(UnitName).where(UnitName.unit_id == unit_id).order_by(UnitName.id)))


def names_on(session: Session, day: date) -> dict[int, str]:
    """Return every unit's name (as lists and bulletins say it) as registered on a day, by the unit's id.

    Two statements. What is noted later about a day overrules what was noted earlier.
    """
    names = {row.id: row.name for row in session.execute(select(Unit.id, Unit.name))}
    known = select(UnitName.unit_id, UnitName.name).where(or_(UnitName.since.is_(None), UnitName.since <= day))
    return names | {row.unit_id: row.name for row in session.execute(known.order_by(UnitName.id))}
