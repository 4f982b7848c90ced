"""The rows that figures count: a figure is the count of the very rows that its link opens."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, not_, or_, select
from sqlalchemy.orm import Session

from tracker.bulletins.queries.population import NOT_SO
from tracker.bulletins.queries.series.months import Counting, Span
from tracker.bulletins.queries.unanswered import UNANSWERED
from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, Inspection
from tracker.intake.models import ChangeRequest, ErrorReport
from tracker.kit.clock import office_date
from tracker.notices.lifecycle import ANSWERED, AssignmentState, NoticeState
from tracker.notices.models import Assignment, Item, Notice, NoticeKind
from tracker.org.models import Unit
from tracker.replies.models import Decision, Reply

MOST_ROWS = 500
"""Rows of one figure on its page; the figure counts all."""


@dataclass(frozen=True)
class Asked:
    """What figures are asked for: months and how they are counted, a unit or all, the moment at which it is asked."""

    span: Span
    count: Counting
    unit_id: int | None
    now: datetime


Rows = Callable[[Asked], Select[Any]]
"""Columns place, part, unit_id, at, what, ref (what the address of the row is made from)."""


def _columns(place: Any, part: Any, unit_id: Any, at: Any, what: Any, ref: Any) -> list[Any]:
    named = {"place": place, "part": part, "unit_id": unit_id, "at": at, "what": what, "ref": ref}
    return [column.label(name) for name, column in named.items()]


def told(asked: Asked) -> ColumnElement[bool]:
    """Return the condition on findings, joined with indicator and months: so, and not mended by the day counted.

    The same as a bulletin's problems (`queries.problems`), over many months, and early warnings with them.
    """
    months = asked.count.months.c
    mended = and_(Finding.ended_how == "rectified", Finding.ended_at < months.ends)
    return and_(
        Finding.found_on <= months.until,
        Finding.level.in_([str(level) for level in Level]),
        Indicator.code != UNANSWERED,
        func.coalesce(Finding.ended_how, "").not_in(NOT_SO),
        not_(func.coalesce(mended, false())),
        *_of_unit(Finding.unit_id, asked),
    )


def _of_unit(column: Any, asked: Asked) -> list[ColumnElement[bool]]:
    return [column == asked.unit_id] if asked.unit_id is not None else []


def levels(asked: Asked) -> Select[Any]:
    """Return the problems by month."""
    return _problems(asked, Inspection.period)


def problems(asked: Asked) -> Select[Any]:
    """Return the problems by indicator."""
    return _problems(asked, Finding.indicator_id)


def _problems(asked: Asked, place: Any) -> Select[Any]:
    columns = _columns(place, Finding.level, Finding.unit_id, Finding.found_on, Finding.description, Finding.id)
    months = asked.count.months
    query = select(*columns).join(Finding.inspection).join(Finding.indicator)
    return query.join(months, months.c.period == Inspection.period).where(told(asked))


def items(asked: Asked) -> Select[Any]:
    """Return the problems on delivered notices by month of issue, and where each stands."""
    start, end = asked.span.moments
    part = case((Finding.ended_at.is_(None), "open"), (Finding.ended_how == "rectified", "done"), else_="other")
    month = asked.span.of_moment(Assignment.issued_at)
    query = select(*_columns(month, part, Assignment.unit_id, Assignment.issued_at, Finding.description, Finding.id))
    query = query.select_from(Item).join(Assignment, Assignment.id == Item.assignment_id)
    query = query.join(Finding, Finding.id == Item.finding_id)
    issued = (Assignment.issued_at >= start, Assignment.issued_at < end)
    return query.where(*_live(), *issued, *_of_unit(Assignment.unit_id, asked))


def _live() -> tuple[ColumnElement[bool], ...]:
    return Assignment.state != AssignmentState.VOIDED, Assignment.delivered_at.is_not(None)


def _stood() -> ColumnElement[bool]:
    """Return the condition that a reply stood with the office at the due moment (as `escalation.policy.Case.late`)."""
    arrived = func.coalesce(Reply.arrived_at, Reply.submitted_at)
    kept = or_(Reply.decision.is_(None), Reply.decision != Decision.RETURNED, Reply.decided_at >= Assignment.due_at)
    of = (Reply.assignment_id == Assignment.id, Reply.submitted_at.is_not(None), arrived < Assignment.due_at)
    return exists().where(*of, kept)


def answers(asked: Asked) -> Select[Any]:
    """Return the assignments by month of their deadline in force, and whether they were answered in time."""
    part = case(
        (_stood(), "in_time"),
        (Assignment.due_at > asked.now, "waiting"),
        (Assignment.state.in_(ANSWERED), "late"),
        else_="missing",
    )
    what = Notice.number + " " + Notice.title
    month = asked.span.of_day(Assignment.due_on)
    query = select(*_columns(month, part, Assignment.unit_id, Assignment.due_on, what, Assignment.token))
    query = query.join(Notice, Notice.id == Assignment.notice_id)
    return query.where(*_live(), Assignment.due_on.between(*asked.span.days), *_of_unit(Assignment.unit_id, asked))


def waits(asked: Asked) -> Select[Any]:
    """Return month of the deadline, moment of issue and of the first report, of the assignments that were answered."""
    query = select(asked.span.of_day(Assignment.due_on), Assignment.issued_at, Assignment.first_submitted_at)
    answered = (Assignment.first_submitted_at.is_not(None), Assignment.due_on.between(*asked.span.days))
    return query.where(*_live(), *answered, *_of_unit(Assignment.unit_id, asked))


def reports(asked: Asked) -> Select[Any]:
    """Return the error reports by month of receipt (as a bulletin counts them), and whether they were answered in time.

    A report that was due on a day is answered in time on that day.
    """
    month = asked.span.of_day(ErrorReport.received_on)
    today = office_date(asked.now)
    part = case(
        (ErrorReport.answered_on <= ErrorReport.due_on, "in_time"),
        (ErrorReport.answered_on.is_not(None), "late"),
        (ErrorReport.due_on < today, "missing"),
        else_="waiting",
    )
    columns = _columns(month, part, ErrorReport.unit_id, ErrorReport.received_on, ErrorReport.text, ErrorReport.id)
    counted = asked.span.of_day(ErrorReport.received_on, asked.count.until)
    within = (ErrorReport.received_on.between(*asked.span.days), ErrorReport.received_on <= counted)
    return select(*columns).where(*within, *_of_unit(ErrorReport.unit_id, asked))


def changes(asked: Asked) -> Select[Any]:
    """Return the change requests by the month in which they were done (as a bulletin counts them)."""
    month = asked.span.of_day(ChangeRequest.done_on)
    at = (ChangeRequest.unit_id, ChangeRequest.done_on, ChangeRequest.text, ChangeRequest.id)
    counted = asked.span.of_day(ChangeRequest.done_on, asked.count.until)
    within = (ChangeRequest.done_on.between(*asked.span.days), ChangeRequest.done_on <= counted)
    return select(*_columns(month, literal("done"), *at)).where(*within, *_of_unit(ChangeRequest.unit_id, asked))


def notices(asked: Asked) -> Select[Any]:
    """Return the rectification notices by month of issue, and whether each was closed by the day counted."""
    start, end = asked.span.moments
    month = asked.span.of_moment(Notice.issued_at)
    counted = asked.span.of_moment(Notice.issued_at, asked.count.ends)
    part = case((and_(Notice.state == NoticeState.CLOSED, Notice.ended_at <= counted), "closed"), else_="open")
    what = Notice.number + " " + Notice.title
    query = select(*_columns(month, part, Notice.unit_id, Notice.issued_at, what, Notice.id))
    return query.where(
        Notice.kind == NoticeKind.RECTIFICATION,
        Notice.state.in_([NoticeState.ISSUED, NoticeState.CLOSED]),
        Notice.issued_at >= start,
        Notice.issued_at < end,
        Notice.issued_at <= counted,
        *_of_unit(Notice.unit_id, asked),
    )


@dataclass(frozen=True)
class Source:
    """Where a figure's rows come from, and the address of one of them."""

    rows: Rows
    address: str


SOURCES = {
    "levels": Source(levels, "/findings/{}"),
    "problems": Source(problems, "/findings/{}"),
    "items": Source(items, "/findings/{}"),
    "answers": Source(answers, "/assignments/{}"),
    "days": Source(answers, "/assignments/{}"),
    "reports": Source(reports, "/intake/reports/{}"),
    "changes": Source(changes, "/intake/changes/{}"),
    "notices": Source(notices, "/notices/{}"),
}
Counts = dict[tuple[str, str], int]
"""By place (a month, or an indicator's id as text) and part."""


def counts(session: Session, key: str, asked: Asked) -> Counts:
    """Return a figure's numbers; one statement."""
    of = SOURCES[key].rows(asked).subquery()
    query = select(of.c.place, of.c.part, func.count()).group_by(of.c.place, of.c.part)
    found: Counter[tuple[str, str]] = Counter()
    for place, part, number in session.execute(query):
        found[str(place), str(part)] += number
    return dict(found)


@dataclass(frozen=True)
class Behind:
    """A row behind a figure."""

    unit: str
    at: date | None
    what: str
    address: str


def behind(session: Session, key: str, asked: Asked, place: str, part: str) -> tuple[int, list[Behind]]:
    """Return how many rows stand behind one number, and the first of them; every part for ""; two statements."""
    source = SOURCES[key]
    of = source.rows(asked).subquery()
    wanted = [of.c.place == (int(place) if key == "problems" else place)]
    if part:
        wanted.append(of.c.part == part)
    total = session.scalar(select(func.count()).select_from(of).where(*wanted)) or 0
    query = select(Unit.name, of.c.at, of.c.what, of.c.ref).join(Unit, Unit.id == of.c.unit_id).where(*wanted)
    found = session.execute(query.order_by(Unit.rank, Unit.id, of.c.at, of.c.ref).limit(MOST_ROWS))
    return total, [Behind(unit, _day(at), what, source.address.format(ref)) for unit, at, what, ref in found]


def _day(at: date | datetime) -> date:
    return office_date(at) if isinstance(at, datetime) else at
