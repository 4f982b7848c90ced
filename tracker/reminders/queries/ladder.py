"""Reading what the ladder climbs: its rungs, the assignments it can reach, whom it may tell, and what was told."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.kit.clock import office_date
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.notices.policy import KINDS
from tracker.notices.queries import STILL_OPEN
from tracker.org.models import Role
from tracker.reminders.models import Message, StoredLadder
from tracker.reminders.policy.ladder import LADDER, About, Case, Circle, Ladder, Ladders, Rung, Who, horizon
from tracker.reminders.queries import holders, people_by_unit
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline

CASE = (
    Assignment.id,
    Assignment.token,
    Assignment.unit_id,
    Assignment.unit_name,
    Assignment.state,
    Assignment.due_on,
    Assignment.due_time,
    Assignment.due_at,
    Assignment.receipt_on,
    Assignment.issued_at,
    Assignment.delivered_at,
    Notice.kind,
    Notice.number,
    Batch.drafted_by,
)
"""Columns, not objects: a hundred thousand of them must pass through a tick."""


def awaited(condition: ColumnElement[bool], after: tuple[datetime, int] | None, size: int) -> Any:
    """Return the query of one page of delivered assignments that owe an answer, as the ladder sees them.

    Ascending by (due_at, id), beginning after the pair `after`; walks ix_assignment_open_due.
    """
    query: Any = select(*CASE).join(Notice, Notice.id == Assignment.notice_id).join(Batch, Batch.id == Notice.batch_id)
    # Said as what it is not: asked for some states, a database takes its index of states and sorts all it finds there.
    owed = Assignment.state.not_in([state for state in AssignmentState if state not in OWED])
    query = query.where(*STILL_OPEN, owed, Assignment.delivered_at.is_not(None), condition)
    if after is not None:
        query = query.where(tuple_(Assignment.due_at, Assignment.id) > tuple_(*after))
    return query.order_by(Assignment.due_at, Assignment.id).limit(size)


def cases(rows: Iterable[Any]) -> list[Case]:
    """Return rows of `awaited` as the ladder reads them."""
    return [
        Case(
            id=row.id,
            token=row.token,
            kind=NoticeKind(row.kind),
            number=row.number or "",
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            state=AssignmentState(row.state),
            due_on=row.due_on,
            due_time=row.due_time,
            receipt_on=row.receipt_on,
            issued_on=_on(row.issued_at),
            delivered_on=_on(row.delivered_at) if row.delivered_at else None,
            drafted_by=row.drafted_by,
        )
        for row in rows
    ]


_on = lru_cache(4096)(office_date)
"""Notices of one batch share their moments: a walk over a great ledger asks for few different ones."""


def reachable(ladders: Ladders, today: date, calendar: Calendar) -> ColumnElement[bool]:
    """Return the condition of the assignments that some rung can have reached by today."""
    reply, receipt = (horizon(ladders, about, today, calendar) for about in (About.REPLY, About.RECEIPT))
    found: list[ColumnElement[bool]] = []
    if reply:
        found.append(Assignment.due_at < Deadline(reply, None, "").ends_at)
    if receipt:
        found.append((Assignment.state == AssignmentState.ISSUED) & (Assignment.receipt_on < receipt))
    return or_(false(), *found)


def ladders(session: Session) -> dict[NoticeKind, Ladder]:
    """Return the ladder of every kind of notice that makes assignments: as the office set it, else as shipped."""
    stored = {row.kind: rungs_of(row.rungs) for row in session.scalars(select(StoredLadder))}
    return {kind: stored.get(kind, LADDER) for kind, traits in KINDS.items() if traits.assigns}


def rungs_of(stored: Iterable[Mapping[str, Any]]) -> Ladder:
    """Return a ladder as it was stored."""
    return tuple(
        Rung(About(each["about"]), each["offset"], frozenset(map(Who, each["who"])), each["heading"]) for each in stored
    )


def circle(session: Session, unit_ids: Collection[int] | None, ladders_: Ladders) -> Circle:
    """Return who may be told by these ladders: people of those units (of every unit for None), and clerks if asked."""
    wanted = {who for ladder in ladders_.values() for rung in ladder for who in rung.who}
    units = people_by_unit(session, unit_ids, (Role.CONTACT, Role.LEADER))
    return Circle(units, holders(session, Role.CLERK, date.min) if Who.CLERK in wanted else ())


def told_already(session: Session, causes: Collection[str]) -> set[tuple[str, int]]:
    """Return which (cause, person) pairs of these causes have been told."""
    found = session.execute(select(Message.cause, Message.person_id).where(Message.cause.in_(causes)))
    return {(cause, person_id) for cause, person_id in found}
