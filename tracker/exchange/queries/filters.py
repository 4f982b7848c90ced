"""What the ledger is narrowed to, as conditions on its rows."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from tracker.exchange.policy import Rectified, Reported
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Ended
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Unit
from tracker.org.queries import units
from tracker.registry.models import Subject

STATES = {
    Reported.OWED: OWED,
    Reported.SUBMITTED: (AssignmentState.SUBMITTED,),
    Reported.ACCEPTED: (AssignmentState.ACCEPTED,),
    Reported.CLOSED: (AssignmentState.CLOSED,),
}


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed to; None and "" mean everything. Days are those of finding, both included."""

    unit_id: int | None = None
    kind: str | None = None
    level: str | None = None
    indicator_id: int | None = None
    subject_id: int | None = None
    period: str = ""
    rectified: str | None = None
    reported: str | None = None
    start: date | None = None
    until: date | None = None
    number: str = ""
    text: str = ""


def conditions(session: Session, wanted: LedgerFilter, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions on findings joined with subject and assignment; at most two small queries."""
    exact = (
        (Finding.unit_id, wanted.unit_id),
        (Finding.level, wanted.level),
        (Finding.indicator_id, wanted.indicator_id),
        (Finding.subject_id, wanted.subject_id),
        (Subject.kind, wanted.kind),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in exact if value is not None]
    if wanted.start:
        found.append(Finding.found_on >= wanted.start)
    if wanted.until:
        found.append(Finding.found_on <= wanted.until)
    if wanted.number:
        found.append(on_notice(session, wanted.number))
    if wanted.period:
        found.append(_of_period(session, wanted.period))
    if wanted.rectified:
        found.append(_rectified(wanted.rectified))
    if wanted.reported:
        found.append(_reported(wanted.reported, now))
    return found


def on_notice(session: Session, number: str) -> ColumnElement[bool]:
    """Return the condition of a notice's number; asked for first, so that the findings' own index gives the rows."""
    id_ = session.scalar(select(Notice.id).where(Notice.number == number))
    return Finding.notice_ref == id_ if id_ is not None else false()


def _of_period(session: Session, period: str) -> ColumnElement[bool]:
    """Return the condition of a month; one inspection as an equality, so that its index gives the rows in order."""
    ids = list(session.scalars(select(Inspection.id).where(Inspection.period == period)))
    if len(ids) == 1:
        return Finding.inspection_id == ids[0]
    return Finding.inspection_id.in_(ids) if ids else false()


def _rectified(wanted: str) -> ColumnElement[bool]:
    if wanted == Rectified.OPEN:
        return Finding.ended_at.is_(None)
    if wanted == Rectified.DONE:
        return Finding.ended_how == str(Ended.RECTIFIED)
    return Finding.ended_how.in_([str(Ended.UNFOUNDED), str(Ended.DROPPED)])


def _reported(wanted: str, now: datetime) -> ColumnElement[bool]:
    if wanted == Reported.NOT_ASKED:
        return or_(Finding.notice_ref.is_(None), Assignment.id.is_(None))
    if wanted == Reported.OVERDUE:
        return and_(Assignment.state.in_([str(state) for state in OWED]), Assignment.due_at <= now)
    return Assignment.state.in_([str(state) for state in STATES[Reported(wanted)]])


def named_units(session: Session) -> list[tuple[int, str]]:
    """Return ids and names of the units that can be chosen, in the registry's order."""
    return [(row[0], row[1]) for row in session.execute(units().with_only_columns(Unit.id, Unit.name))]


def named_indicators(session: Session) -> list[tuple[int, str]]:
    """Return ids and names of all indicators, those of former sets too: the ledger has findings by them."""
    query = select(Indicator.id, Indicator.code, Indicator.title).order_by(Indicator.set_id.desc(), Indicator.id)
    return [(row[0], f"{row[1]} {row[2]}") for row in session.execute(query)]
