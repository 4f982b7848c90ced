"""How somebody is reached, as they say themselves: e-mail, the names by which group robots call them, which first."""

import re
from dataclasses import asdict, dataclass

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Stale
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.org.operations.people import CHANGED_MEANWHILE, EMAIL, locked_person
from tracker.org.policy import Work

CALLED = re.compile(r"(?!(?i:all|everyone)$)[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
"""An account, an open id or a mobile number: no markup in a group's message, and none of the words for everybody."""
ROBOTS = ("wecom", "dingtalk", "feishu")


@dataclass(frozen=True)
class Reach:
    """Addresses of one person; empty: not by this way. `first_way` names the channel that is used before the others."""

    email: str = ""
    wecom: str = ""
    dingtalk: str = ""
    feishu: str = ""
    first_way: str = ""


def reach_of(person: Person) -> Reach:
    """Return what is stored of a person."""
    return Reach(person.email, person.wecom, person.dingtalk, person.feishu, person.first_way)


def change_own_reach(work: Work, version: int, reach: Reach) -> Person:
    """Change how the person who asks is reached; the record says which fields, never the addresses.

    :raises Missing: nobody is signed in.
    :raises Stale: the account was changed since the form was opened.
    :raises Invalid: an address that is none.
    """
    if work.actor.person_id is None:
        raise Missing
    person = locked_person(work, work.actor.person_id)
    before, after = asdict(reach_of(person)), asdict(reach)
    if person.version != version:
        raise Stale(CHANGED_MEANWHILE, theirs=before, yours=after)
    problems = _problems(reach)
    if problems:
        raise Invalid(problems)
    changed = [name for name in after if before[name] != after[name]]
    for name in changed:
        setattr(person, name, after[name])
    if changed:
        record(work, Word.PERSON_CHANGED, person, person=person.name, changed=changed)
    return person


def _problems(reach: Reach) -> dict[str, str]:
    problems: dict[str, str] = {}
    if reach.email and not EMAIL.fullmatch(reach.email):
        problems["email"] = N_("Write the address as name@example.gov.cn.")
    for name in ROBOTS:
        called = getattr(reach, name)
        if called and not CALLED.fullmatch(called):
            problems[name] = N_("Use the account or the mobile number only: letters, digits, and the signs . _ - @.")
    return problems
