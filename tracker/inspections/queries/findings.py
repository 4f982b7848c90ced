"""Finding inspections and findings, within what the asker may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Standing
from tracker.kit.clock import OFFICE
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Subject

CHUNK = 500
"""Ids in one statement; databases limit their number."""
SHOWN = (
    joinedload(Finding.unit),
    joinedload(Finding.subject),
    joinedload(Finding.indicator),
    joinedload(Finding.evidence),
    joinedload(Finding.inspection),
)


@dataclass(frozen=True)
class FindingFilter:
    """What the list is narrowed to; None and "" mean everything."""

    standing: str | None = None
    unit_id: int | None = None
    level: str | None = None
    indicator_id: int | None = None
    subject_id: int | None = None
    inspection_id: int | None = None
    text: str = ""
    months: tuple[str, str] | None = None
    """First and last month of the inspections."""
    told_on: date | None = None
    """What a bulletin of that day tells: found by then, so, and not mended by its end."""


def visible(identity: Identity) -> Select[Finding]:
    """Return the findings somebody may see: the office all; a unit learns of its own by a notice, never before."""
    query = select(Finding)
    return query if can(identity, Permission.FINDING_READ) else query.where(false())


def waiting_findings(identity: Identity) -> Select[Finding]:
    """Return the findings that no notice holds yet and that have not ended, oldest first."""
    return visible(identity).where(*_in(Standing.WAITING)).order_by(Finding.id)


def findings_count(session: Session, identity: Identity, wanted: FindingFilter) -> int:
    """Return how many rows the list has, by the very conditions of its pages."""
    rows = _narrowed(visible(identity).with_only_columns(Finding.id), wanted)
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def finding_by_id(session: Session, identity: Identity, finding_id: int) -> Finding:
    """Return one finding with all it refers to.

    :raises Missing: absent, or not theirs to see.
    """
    found = session.scalar(visible(identity).options(*SHOWN).where(Finding.id == finding_id))
    if found is None:
        raise Missing(finding_id)
    return found


def findings_by_ids(session: Session, ids: Iterable[int], lock: bool = True) -> list[Finding]:
    """Return these findings by id, each once, fresh from the database and (by default) locked for this transaction.

    :raises Missing: one of them does not exist.
    """
    wanted = sorted(set(ids))
    rows: list[Finding] = []
    for start in range(0, len(wanted), CHUNK):
        query = select(Finding).where(Finding.id.in_(wanted[start : start + CHUNK])).order_by(Finding.id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        rows += session.scalars(query)
    if len(rows) != len(wanted):
        raise Missing(sorted(set(wanted) - {row.id for row in rows}))
    return rows


def open_twins(session: Session, fingerprints: Iterable[str]) -> list[Finding]:
    """Return the findings with one of these fingerprints that have not ended, with their subjects and units."""
    query = (
        select(Finding)
        .options(joinedload(Finding.subject), joinedload(Finding.unit))
        .where(Finding.ended_at.is_(None))
        .order_by(Finding.id)
    )
    wanted = list(fingerprints)
    parts = (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
    return [row for part in parts for row in session.scalars(query.where(Finding.fingerprint.in_(part)))]


def findings_page(session: Session, identity: Identity, wanted: FindingFilter, after: str | None) -> Page[Finding]:
    """Return one page of the list, oldest first, with all that its rows show; one query whatever its length."""
    return fetch_page(session, _narrowed(visible(identity), wanted).options(*SHOWN), (Finding.id,), after)


def _narrowed(query: Select[Finding], wanted: FindingFilter) -> Select[Finding]:
    if wanted.standing:
        query = query.where(*_in(wanted.standing))
    exact = (
        (Finding.unit_id, wanted.unit_id),
        (Finding.level, wanted.level),
        (Finding.indicator_id, wanted.indicator_id),
        (Finding.subject_id, wanted.subject_id),
        (Finding.inspection_id, wanted.inspection_id),
    )
    query = query.where(*(column == value for column, value in exact if value is not None))
    if wanted.months:
        query = query.join(Finding.inspection).where(Inspection.period.between(*wanted.months))
    if wanted.told_on:
        query = query.where(*told_on(wanted.told_on))
    if wanted.text:
        query = query.join(Finding.unit).outerjoin(Finding.subject).where(_mentions(wanted.text))
    return query


def told_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on findings that a bulletin counted up to a day tells: so, and not mended by its end."""
    mended = and_(Finding.ended_how == "rectified", Finding.ended_at < datetime.combine(day, time.max, OFFICE))
    return (
        Finding.found_on <= day,
        func.coalesce(Finding.ended_how, "").not_in(["unfounded", "dropped"]),
        not_(func.coalesce(mended, false())),
    )


def _in(standing: str) -> tuple[ColumnElement[bool], ...]:
    if standing == Standing.ENDED:
        return (Finding.ended_at.is_not(None),)
    held = Finding.notice_ref.is_(None) if standing == Standing.WAITING else Finding.notice_ref.is_not(None)
    return (held, Finding.ended_at.is_(None))


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (Finding.description, Finding.place, Finding.url, Subject.name, Unit.name)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
