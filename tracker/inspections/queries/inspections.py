"""Finding inspections."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Method


def inspections(session: Session) -> list[Inspection]:
    """Return all inspections, the newest period first."""
    return list(session.scalars(select(Inspection).order_by(Inspection.period.desc(), Inspection.id.desc())))


def usual_inspection(session: Session) -> int | None:
    """Return the inspection that somebody who enters a finding most likely means: the newest one made by hand."""
    query = select(Inspection.id).where(Inspection.method == Method.MANUAL)
    return session.scalar(query.order_by(Inspection.period.desc(), Inspection.id.desc()).limit(1))


def inspections_with_counts(session: Session) -> list[tuple[Inspection, int]]:
    """Return all inspections with how many findings each has, the newest period first."""
    query = (
        select(Inspection, func.count(Finding.id))
        .outerjoin(Finding, Finding.inspection_id == Inspection.id)
        .group_by(Inspection.id)
        .order_by(Inspection.period.desc(), Inspection.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]
