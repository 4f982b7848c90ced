"""Rows for tests, made as plainly as possible: each function adds one thing with sensible defaults and returns it."""

import hashlib
import io
from datetime import date
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from PIL import Image
from sqlalchemy import select

from tracker.files.models import StoredFile
from tracker.indicators.models import Indicator, IndicatorSet, Level
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.operations.words import add_words
from tracker.org.models import Person, Role, RoleGrant, Unit, UnitKind
from tracker.org.policy import Identity, Work
from tracker.org.queries import identity_of
from tracker.registry.models import Subject, SubjectKind

PASSWORD = "Correct-Horse-9"


@cache
def password_hash() -> str:
    """One hash for all test people, cheap to check."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def unit(work: Work, name: str = "细河区", kind: UnitKind = UnitKind.DISTRICT, **values: Any) -> Unit:
    """A unit; the one of that name when it exists."""
    known = work.session.scalar(select(Unit).where(Unit.name == name))
    if known is not None:
        return known
    row = Unit(code=values.pop("code", name), name=name, full_name=values.pop("full_name", name), kind=kind, **values)
    return _added(work, row)


def person(work: Work, login: str, *roles: Role, unit: Unit | None = None, **values: Any) -> Person:
    """An active person with roles and the test password, who need not change it."""
    home = unit or globals()["unit"](work, "市政府办公室", UnitKind.OFFICE)
    row = Person(
        login=login,
        name=values.pop("name", login),
        unit_id=home.id,
        password_hash=password_hash(),
        must_change_password=values.pop("must_change_password", False),
        created_at=work.now,
        **values,
    )
    _added(work, row)
    for role in roles:
        _added(work, RoleGrant(person_id=row.id, role=role, granted_at=work.now))
    return row


def identity(work: Work, row: Person) -> Identity:
    """The identity of a person as of now."""
    work.session.flush()
    return identity_of(work.session, row, work.today)


def indicator(work: Work, code: str = "M-V2-1", **values: Any) -> Indicator:
    """An indicator of a test set."""
    sets = work.session.scalar(select(IndicatorSet).where(IndicatorSet.code == "TEST"))
    sets = sets or _added(work, IndicatorSet(code="TEST", title="测试指标", doc_no="测试〔2019〕1号"))
    known = work.session.scalar(select(Indicator).where(Indicator.set_id == sets.id, Indicator.code == code))
    if known is not None:
        return known
    defaults = {
        "applies_to": "media",
        "level": "veto",
        "group": "内容不更新",
        "title": "两周未更新",
        "condition": "前2周内无更新",
    }
    return _added(work, Indicator(set_id=sets.id, code=code, certainty="found", **{**defaults, **values}))


def account(work: Work, sponsor: Unit, name: str = "细河发布", **values: Any) -> Subject:
    """An official account of a unit."""
    values.setdefault("platform", "新浪微博")
    return _added(work, Subject(kind=SubjectKind.ACCOUNT, name=name, sponsor_id=sponsor.id, **values))


def inspection(work: Work) -> Inspection:
    """The inspection of December 2021."""
    known = work.session.scalar(select(Inspection))
    row = Inspection(
        period="2021-12",
        title="2021年12月份检查",
        method="manual",
        starts_on=date(2021, 12, 1),
        ends_on=date(2021, 12, 25),
        created_at=work.now,
    )
    return known or _added(work, row)


def finding(work: Work, unit: Unit, description: str = "前2周内无更新", **values: Any) -> Finding:
    """A waiting finding of a unit."""
    place = values.pop("place", f"place {description}")
    fingerprint = hashlib.sha256(f"{unit.id}{place}{description}".encode()).hexdigest()
    row = Finding(
        inspection_id=inspection(work).id,
        unit_id=unit.id,
        indicator_id=values.pop("indicator", None) or indicator(work).id,
        level=values.pop("level", Level.VETO),
        place=place,
        description=description,
        found_on=date(2021, 12, 20),
        fingerprint=fingerprint,
        entered_at=work.now,
        **values,
    )
    _added(work, row)
    add_words(work.session, [row])
    return row


def stored_file(work: Work, **values: Any) -> StoredFile:
    """The row of a kept file (no bytes behind it)."""
    defaults = {
        "sha256": hashlib.sha256(repr(values).encode()).hexdigest(),
        "size": 10,
        "kind": "pdf",
        "name": "scan.pdf",
        "pages": 1,
    }
    return _added(work, StoredFile(uploaded_at=work.now, **{**defaults, **values}))


@cache
def png(width: int = 200, height: int = 280, colour: str = "white") -> bytes:
    """The bytes of a real picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def _added(work: Work, row: Any) -> Any:
    work.session.add(row)
    work.session.flush()
    return row
