"""What the ledger is narrowed to, as conditions on its findings."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Ended
from tracker.ledger.policy import Rectified, Reported
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, Item, Notice
from tracker.registry.models import Subject

STATES = {
    Reported.OWED: OWED,
    Reported.OVERDUE: OWED,
    Reported.SUBMITTED: (AssignmentState.SUBMITTED,),
    Reported.ACCEPTED: (AssignmentState.ACCEPTED,),
    Reported.CLOSED: (AssignmentState.CLOSED,),
}
FEW = 2000
"""Up to so many assignments, the rows are found from them; above, from the newest row on until a page is full."""
NARROW = 5000
"""Up to so many findings a stretch of days is known by its first and last id."""
NOT_SO = (str(Ended.UNFOUNDED), str(Ended.DROPPED))
"""Findings that ended like this count in no bulletin."""
Held = aliased(Finding)
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed to; None and "" mean everything. Days are those of finding, both included."""

    unit_id: int | None = None
    kind: str | None = None
    level: str | None = None
    indicator_id: int | None = None
    subject_id: int | None = None
    months: tuple[str, ...] = ()
    """Months of inspection: "2021-12"."""
    rectified: str | None = None
    reported: str | None = None
    start: date | None = None
    until: date | None = None
    number: str = ""
    text: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as values that JSON holds; what narrows nothing is left out."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}

    @classmethod
    def of_plain(cls, values: dict[str, Any]) -> "LedgerFilter":
        """Return the filter that `plain` wrote."""
        days = {name: date.fromisoformat(values[name]) for name in ("start", "until") if values.get(name)}
        return cls(**(values | days | {"months": tuple(values.get("months", ()))}))


def annex_filter(months: Iterable[str], until: date) -> LedgerFilter:
    """Return what a bulletin counts: findings of its months' inspections up to a day (included), and so."""
    return LedgerFilter(months=tuple(months), until=until, rectified=Rectified.COUNTED)


def narrow(session: Session, wanted: LedgerFilter) -> Conditions:
    """Return the conditions whose own index gives the rows, newest first; at most two small queries."""
    exact = (
        (Finding.unit_id, wanted.unit_id),
        (Finding.indicator_id, wanted.indicator_id),
        (Finding.subject_id, wanted.subject_id),
    )
    found: Conditions = [column == value for column, value in exact if value is not None]
    if wanted.number:
        found.append(on_notice(session, wanted.number))
    if wanted.months:
        found.append(_of_months(session, wanted.months))
    return found


def others(session: Session, wanted: LedgerFilter, now: datetime) -> Conditions:
    """Return the other conditions, on findings alone; at most two small queries."""
    found: Conditions = []
    if wanted.level:
        found.append(Finding.level == wanted.level)
    if wanted.kind:
        found.append(Finding.subject_id.in_(select(Subject.id).where(Subject.kind == wanted.kind)))
    if wanted.start or wanted.until:
        found += _found_between(session, wanted.start, wanted.until)
    if wanted.rectified:
        found.append(_rectified(wanted.rectified))
    if wanted.reported:
        found.append(_reported(session, Reported(wanted.reported), now))
    return found


def on_notice(session: Session, number: str) -> ColumnElement[bool]:
    """Return the condition of a notice's number; asked for first, so that the findings' own index gives the rows."""
    id_ = session.scalar(select(Notice.id).where(Notice.number == number))
    return Finding.notice_ref == id_ if id_ is not None else false()


def _of_months(session: Session, months: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition of months; one inspection as an equality, so that its index gives the rows in order."""
    ids = list(session.scalars(select(Inspection.id).where(Inspection.period.in_(months))))
    if len(ids) == 1:
        return Finding.inspection_id == ids[0]
    return Finding.inspection_id.in_(ids) if ids else false()


def _found_between(session: Session, start: date | None, until: date | None) -> Conditions:
    """Return the condition of a stretch of days, with its first and last id: rows are walked by id, newest first.

    Ids and days mostly run together, so that an old week is not looked for from the newest row on.
    """
    inside: Conditions = [Finding.found_on >= start] if start else []
    inside += [Finding.found_on <= until] if until else []
    some = select(Finding.id, Finding.found_on).where(*inside).order_by(Finding.found_on).limit(NARROW).subquery()
    first, last, count = session.execute(select(func.min(some.c.id), func.max(some.c.id), func.count())).one()
    if not count:
        return [false()]
    if count < NARROW:
        return [*inside, Finding.id.between(first, last)]
    if until:
        inside.append(Finding.id <= session.scalar(select(func.max(Finding.id)).where(*inside)))
    return inside


def _rectified(wanted: str) -> ColumnElement[bool]:
    if wanted == Rectified.OPEN:
        return Finding.ended_at.is_(None)
    if wanted == Rectified.DONE:
        return Finding.ended_how == str(Ended.RECTIFIED)
    if wanted == Rectified.COUNTED:
        return or_(Finding.ended_how.is_(None), Finding.ended_how.not_in(NOT_SO))
    return Finding.ended_how.in_(NOT_SO)


def _reported(session: Session, wanted: Reported, now: datetime) -> ColumnElement[bool]:
    if wanted == Reported.NOT_ASKED:
        waiting = select(Item.finding_id).where(Item.assignment_id.is_(None), Item.finding_id.is_not(None))
        return or_(Finding.notice_ref.is_(None), and_(Finding.id.in_(waiting), _assigned(Assignment.id).is_(None)))
    states: Conditions = [Assignment.state.in_([str(state) for state in STATES[wanted]])]
    if wanted == Reported.OVERDUE:
        states.append(Assignment.due_at <= now)
    some = select(Assignment.id).where(*states).limit(FEW).subquery()
    if (session.scalar(select(func.count()).select_from(some)) or 0) < FEW:
        held = and_(Held.id == Item.finding_id, Held.notice_ref == Item.notice_id)
        from_them = select(Held.id).select_from(Assignment).join(Item, Item.assignment_id == Assignment.id)
        return Finding.id.in_(from_them.join(Held, held).where(*states))
    walked: ColumnElement[bool] = _assigned(1, *states).is_not(None)
    return walked


def _assigned(what: Any, *states: ColumnElement[bool]) -> Any:
    """Return a value of the assignment that a finding is on now, as a query of its own for each row.

    No join: PostgreSQL would think that hardly any row has one, and then join all hundred thousand to sort them.
    """
    here = and_(Item.finding_id == Finding.id, Item.notice_id == Finding.notice_ref)
    found = select(what).select_from(Item).join(Assignment, Assignment.id == Item.assignment_id).where(here, *states)
    return found.correlate(Finding).limit(1).scalar_subquery()
