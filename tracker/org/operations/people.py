"""Units and accounts: who exists. What an account may do is decided by roles, granted by somebody else."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.words import N_
from tracker.org.models import Person, Unit, UnitKind
from tracker.org.operations.delegations import end_delegations_of
from tracker.org.operations.names import note_names
from tracker.org.operations.roles import take_all_roles
from tracker.org.operations.sign_in import HASHER, end_sessions_of
from tracker.org.policy import Work

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
CLEAR = "abcdefghjkmnpqrstuvwxyz"
"""Letters that nobody confuses when a first password is read out."""


@dataclass(frozen=True)
class Particulars:
    """What an account says about its person."""

    name: str
    unit_id: int
    title: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class UnitParticulars:
    """What is kept about a unit."""

    name: str
    full_name: str
    code: str
    kind: UnitKind
    parent_id: int | None = None
    rank: int = 0
    active: bool = True


def locked_person(work: Work, person_id: int) -> Person:
    """Return a person, held against changes by others until this transaction ends.

    :raises Missing: no such person.
    """
    query = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    person = work.session.scalar(query)
    if person is None:
        raise Missing
    return person


def add_person(work: Work, login: str, particulars: Particulars) -> tuple[Person, str]:
    """Add an account without roles; return it with its first password, which is kept nowhere in clear.

    :raises Invalid: a login that is taken or unfit, an unknown or closed unit, an unfit e-mail address.
    """
    problems = _person_problems(work, particulars, unit_before=None)
    if not LOGIN.fullmatch(login):
        problems["login"] = N_("Use small letters, digits, dots and dashes, at least two of them.")
    elif work.session.scalar(select(exists().where(Person.login == login))):
        problems["login"] = N_("This account exists already.")
    _refuse(problems)
    password = first_password()
    person = Person(login=login, password_hash=HASHER.hash(password), created_at=work.now, **asdict(particulars))
    work.session.add(person)
    work.session.flush()  # the record names the row
    record(work, Word.PERSON_ADDED, person, person=person.name, login=login)
    return person, password


def change_person(work: Work, person_id: int, version: int, particulars: Particulars) -> Person:
    """Change what an account says about its person.

    Somebody who moves to another unit loses every role: rights over the new unit's matters are the security
    administrator's to give. Order of effects: fields, roles taken, record.

    :raises Stale: the account was changed since the form was opened.
    :raises Invalid: an unknown or closed unit, an unfit e-mail address.
    """
    person = locked_person(work, person_id)
    before, after = _told_person(person), asdict(particulars)
    if person.version != version:
        raise Stale(CHANGED_MEANWHILE, theirs=_texts(before), yours=_texts(after))
    _refuse(_person_problems(work, particulars, unit_before=person.unit_id))
    changed = _assign(person, before, after)
    if "unit_id" in changed:
        take_all_roles(work, person)
        end_delegations_of(work, person)
    if changed:
        record(work, Word.PERSON_CHANGED, person, person=person.name, changed=changed)
    return person


def stop_person(work: Work, person_id: int) -> None:
    """Stop an account and end all its sessions; it is kept, because the record names it.

    :raises Refused: it is one's own account.
    """
    person = locked_person(work, person_id)
    if person.id == work.actor.person_id:
        raise Refused(N_("You cannot stop your own account; another system administrator can."))
    if person.active:
        person.active = False
        end_sessions_of(work, person.id, "account stopped")
        record(work, Word.PERSON_STOPPED, person, person=person.name)


def resume_person(work: Work, person_id: int) -> None:
    """Let a stopped account sign in again, with the password and the roles it had."""
    person = locked_person(work, person_id)
    if not person.active:
        person.active = True
        record(work, Word.PERSON_RESUMED, person, person=person.name)


def reset_password(work: Work, person_id: int) -> tuple[Person, str]:
    """Give an account a new first password, return it, and end all the account's sessions.

    :raises Refused: it is one's own account: that is changed by knowing the current password.
    """
    person = locked_person(work, person_id)
    if person.id == work.actor.person_id:
        raise Refused(N_("Change your own password on your account's page."))
    password = first_password()
    person.password_hash, person.must_change_password = HASHER.hash(password), True
    end_sessions_of(work, person.id, "password reset")
    record(work, Word.PASSWORD_RESET, person, person=person.name)
    return person, password


def first_password() -> str:
    """Return a random password that can be read out: about 60 bits, "kfmwe-Trxha-79204" in form."""
    parts = ["".join(secrets.choice(CLEAR) for _ in range(5)) for _ in range(2)]
    return f"{parts[0]}-{parts[1].capitalize()}-{secrets.randbelow(100_000):05d}"


def add_unit(work: Work, particulars: UnitParticulars) -> Unit:
    """Add a unit.

    :raises Invalid: a name or code that is taken, an unknown parent.
    """
    _refuse(_unit_problems(work, None, particulars))
    unit = Unit(**asdict(particulars))
    work.session.add(unit)
    work.session.flush()  # the record names the row
    record(work, Word.UNIT_ADDED, unit, unit=unit.name)
    return unit


def change_unit(
    work: Work, unit_id: int, version: int, particulars: UnitParticulars, renamed_on: date | None = None
) -> Unit:
    """Change a unit; papers already issued keep the name they were issued to.

    Another name holds from `renamed_on`; without that day the present one is corrected as far back as it goes.

    :raises Missing: no such unit.
    :raises Stale: it was changed since the form was opened.
    :raises Invalid: a name or code that is taken, a parent below itself, closing it while people work in it.
    """
    query = select(Unit).where(Unit.id == unit_id).with_for_update().execution_options(populate_existing=True)
    unit = work.session.scalar(query)
    if unit is None:
        raise Missing
    after = asdict(particulars)
    before = {name: getattr(unit, name) for name in after}
    if unit.version != version:
        raise Stale(CHANGED_MEANWHILE, theirs=_texts(before), yours=_texts(after))
    _refuse(_unit_problems(work, unit, particulars))
    if renamed_on is not None and renamed_on > work.today:
        raise Invalid({"renamed_on": N_("This date lies in the future. Enter the day on which it happened.")})
    changed = _assign(unit, before, after)
    if {"name", "full_name"} & set(changed):
        note_names(work, unit, (before["name"], before["full_name"]), renamed_on)
    if changed:
        record(work, Word.UNIT_CHANGED, unit, unit=unit.name, changed=changed)
    return unit


CHANGED_MEANWHILE = N_("Somebody else changed this since you opened the page; nothing of yours was stored.")


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid(problems)


def _person_problems(work: Work, particulars: Particulars, unit_before: int | None) -> dict[str, str]:
    problems: dict[str, str] = {}
    unit = work.session.get(Unit, particulars.unit_id)
    if unit is None or (not unit.active and unit.id != unit_before):
        problems["unit_id"] = N_("Choose a unit in use.")
    if particulars.email and not EMAIL.fullmatch(particulars.email):
        problems["email"] = N_("Write the address as name@example.gov.cn.")
    return problems


def _unit_problems(work: Work, unit: Unit | None, particulars: UnitParticulars) -> dict[str, str]:
    problems: dict[str, str] = {}
    own_id = unit.id if unit else 0
    for field in ("name", "code"):
        taken = exists().where(getattr(Unit, field) == getattr(particulars, field), Unit.id != own_id)
        if work.session.scalar(select(taken)):
            problems[field] = N_("Another unit has this already.")
    if particulars.parent_id is not None and not _may_stand_below(work, own_id, particulars.parent_id):
        problems["parent_id"] = N_("A unit cannot belong to itself or to one below it.")
    if unit is not None and UnitKind.OFFICE in (unit.kind, particulars.kind) and unit.kind != particulars.kind:
        problems["kind"] = N_(
            "A unit cannot become the office, nor the office a unit: its people would gain or lose rights."
        )
    if unit is not None and unit.active and not particulars.active:
        staffed = exists().where(Person.unit_id == unit.id, Person.active.is_(True))
        if work.session.scalar(select(staffed)):
            problems["active"] = N_("People still work in it: move or stop their accounts first.")
    return problems


def _may_stand_below(work: Work, unit_id: int, parent_id: int) -> bool:
    above: int | None = parent_id
    while above is not None:
        if above == unit_id:
            return False
        parent = work.session.get(Unit, above)
        if parent is None:
            return False
        above = parent.parent_id
    return True


def _told_person(person: Person) -> dict[str, Any]:
    names = ("name", "unit_id", "title", "email", "phone")
    return {name: getattr(person, name) for name in names}


def _assign(row: Person | Unit, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    changed = [name for name in after if before[name] != after[name]]
    for name in changed:
        setattr(row, name, after[name])
    return changed


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}
