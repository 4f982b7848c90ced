"""Who has not answered what was issued before, and whose naming was accepted."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Named, Owed
from tracker.bulletins.policy.period import Period
from tracker.escalation.policy import Quarter
from tracker.escalation.queries import namings
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, Inspection
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Unit

UNANSWERED = "F-4"
"""The indicator "did not report on an earlier bulletin"; its findings are told by notice, with the unanswered."""
NAMING = "naming-"
"""Before a proposal's id: the key of the paragraph that says an accepted naming."""
MOST_OWED = 2000
"""More overdue assignments than this are no bulletin any more."""


def owed(session: Session, period: Period, at: datetime, names: Mapping[int, str]) -> list[Owed]:
    """Return what units have not answered: findings that say so, and assignments past their deadline at a moment.

    In the registry's order of units, by the names of the day; two statements.
    """
    return [*_said(session, period, names), *_overdue(session, at)]


def _said(session: Session, period: Period, names: Mapping[int, str]) -> list[Owed]:
    query = (
        select(Finding.id, Finding.place, Unit.id, Unit.name)
        .join(Finding.inspection)
        .join(Finding.unit)
        .join(Finding.indicator)
        .where(Inspection.period.in_(period.months), Indicator.code == UNANSWERED, Finding.ended_at.is_(None))
        .order_by(Unit.rank, Unit.id, Finding.id)
    )
    return [
        Owed(f"owed-f{id_}", names.get(unit_id, name), place, f"/findings/{id_}")
        for id_, place, unit_id, name in session.execute(query)
    ]


def _overdue(session: Session, at: datetime) -> list[Owed]:
    query = (
        select(Assignment.id, Assignment.token, Notice.number, Assignment.unit_name, Assignment.due_words)
        .join(Assignment.notice)
        .join(Assignment.unit)
        .where(Assignment.state.in_([str(state) for state in OWED]), Assignment.due_at <= at)
        .order_by(Unit.rank, Unit.id, Assignment.id)
        .limit(MOST_OWED)
    )
    return [
        Owed(f"owed-a{row[0]}", row[3], row[2] or "", f"/assignments/{row[1]}", row[4])
        for row in session.execute(query)
    ]


def were_owed(session: Session, period: Period, at: datetime) -> int:
    """Return how much was not answered at an earlier moment: due by then, and first answered later or never."""
    said = (
        select(func.count(Finding.id))
        .join(Finding.inspection)
        .join(Finding.indicator)
        .where(Inspection.period.in_(period.months), Indicator.code == UNANSWERED)
        .where(or_(Finding.ended_at.is_(None), Finding.ended_at > at))
    )
    late = select(func.count(Assignment.id)).where(
        Assignment.due_at <= at,
        Assignment.state != AssignmentState.VOIDED,
        or_(Assignment.first_submitted_at.is_(None), Assignment.first_submitted_at > at),
    )
    return (session.scalar(said) or 0) + (session.scalar(late) or 0)


def to_name(session: Session, period: Period, notice_id: int | None, names: Mapping[int, str]) -> list[Named]:
    """Return the accepted namings that no other bulletin says, of the period's quarters and the one before.

    Those whose late replies were all overturned since name nobody.
    """
    quarters = [Quarter.of(date(period.year, month, 1)) for month in range(period.first, period.last + 1)]
    found = []
    for quarter in dict.fromkeys([quarters[0].before, *quarters]):
        for each in namings(session, quarter):
            late = tuple(fact["number"] for fact in each.late)
            if late and each.used_in in (None, notice_id):
                unit = names.get(each.unit.id, each.unit.name)
                found.append(Named(f"{NAMING}{each.id}", unit, quarter.words, late, f"/escalation/{each.key}"))
    return found
