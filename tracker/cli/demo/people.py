"""The demonstration's units, people and registry."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.cli.demo.stage import Stage, unit
from tracker.indicators.operations import load_set, read_set, shipped_files
from tracker.org.models import Person, Role, RoleGrant, Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind
from tracker.registry.operations import SubjectValues, add_subject


def fill(stage: Stage, password: str) -> None:
    """Add units, people with their roles, indicator sets, and the registry of 31 sites and 161 accounts."""
    with stage.at("2021-12-01T09:00") as work:
        record(work, Word.DEMO_LOADED)
        _units(work, stage.plan)
        _people(work, stage.plan, PasswordHasher().hash(password))
        for path in shipped_files():
            load_set(work, read_set(path))
    with stage.at("2021-12-01T09:30", "clerk") as work:
        _sites(work, stage.plan)
        _accounts(work, stage.plan)


def _units(work: Work, plan: dict[str, Any]) -> None:
    for rank, (code, name, full_name, kind, told) in enumerate(plan["units"]):
        work.session.add(Unit(code=code, name=name, full_name=full_name, kind=kind, rank=rank, example=not told))
    work.session.flush()


def _people(work: Work, plan: dict[str, Any], password_hash: str) -> None:
    for login, name, code, title, role in plan["people"]:
        person = Person(
            login=login,
            name=name,
            unit_id=unit(work, code).id,
            title=title,
            email=f"{login}@demo.invalid",
            phone="0418-0000000",
            password_hash=password_hash,
            must_change_password=False,
            demo=True,
            created_at=work.now,
        )
        work.session.add(person)
        work.session.flush()
        work.session.add(RoleGrant(person_id=person.id, role=Role(role), granted_at=work.now))


def _sites(work: Work, plan: dict[str, Any]) -> None:
    portal = plan["portal"]
    sponsor = unit(work, "office")
    add_subject(work, SubjectValues(kind="site", sponsor_id=sponsor.id, **portal))
    others = _others(work)
    for number in range(2, plan["site_total"] + 1):
        owner = next(others)
        code = f"210900{number + 900:04d}"
        values = SubjectValues(kind="site", name=f"{owner.name}网站（示例{number}）", sponsor_id=owner.id, code=code)
        add_subject(work, values, example=True)


def _accounts(work: Work, plan: dict[str, Any]) -> None:
    police, accounts = unit(work, "police"), plan["police_accounts"]
    named = [(police, f"{name}（示例）", platform) for name in accounts["names"] for platform in accounts["platforms"]]
    others, platforms = _others(work), cycle(plan["account_platforms"])
    for number in range(len(named) + 1, plan["account_total"] + 1):
        owner = next(others)
        named.append((owner, f"{owner.name}发布（示例{number}）", next(platforms)))
    for owner, name, platform in named:
        add_subject(
            work, SubjectValues(kind="account", name=name, sponsor_id=owner.id, platform=platform), example=True
        )


def _others(work: Work) -> Iterator[Unit]:
    query = select(Unit).where(Unit.code.not_in(["office", "police"])).order_by(Unit.rank)
    return cycle(list(work.session.scalars(query)))


def police_accounts(work: Work) -> list[int]:
    """Return the ids of the annex's 24 accounts."""
    query = select(Subject.id).where(Subject.kind == SubjectKind.ACCOUNT, Subject.sponsor_id == unit(work, "police").id)
    return list(work.session.scalars(query.order_by(Subject.id)))


def first_subject(work: Work, code: str, kind: SubjectKind) -> int:
    """Return the id of a unit's first site or account."""
    query = select(Subject.id).where(Subject.kind == kind, Subject.sponsor_id == unit(work, code).id)
    return work.session.scalars(query.order_by(Subject.id).limit(1)).one()
