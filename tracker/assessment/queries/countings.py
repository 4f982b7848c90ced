"""What can be counted of a unit and year: each counting is one query of its rows, and its figure is their count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.almanac.queries import calendar
from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Ended, Method
from tracker.intake.models import ErrorReport, Publication
from tracker.intake.policy import limits
from tracker.kit.clock import OFFICE, office_date
from tracker.notices.lifecycle import ANSWERED, OWED, AssignmentState
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Unit
from tracker.registry.models import Subject
from tracker.replies.models import Decision, Reply
from tracker.workdays.calendar import Calendar

WORDING = ("W-V1-1", "M-V1-1")
"""严重表述错误, of sites and of accounts."""
MONTH_LIMIT = "longer"
"""Key of the limit of one month (T-ERR-MAX) among the limits of error reports."""


@dataclass
class Span:
    """A year looked at from a moment: rows of that year as they stand now."""

    session: Session
    year: int
    now: datetime

    @property
    def start(self) -> date:
        """Return the first day."""
        return date(self.year, 1, 1)

    @property
    def end(self) -> date:
        """Return the last day."""
        return date(self.year, 12, 31)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return the first moment of the year and the first after it."""
        return (
            datetime.combine(self.start, time(), OFFICE),
            datetime.combine(date(self.year + 1, 1, 1), time(), OFFICE),
        )

    @property
    def today(self) -> date:
        """Return the day it is looked at."""
        return office_date(self.now)

    @cached_property
    def days(self) -> Calendar:
        """Return the office's calendar."""
        return calendar(self.session)


Rows = Callable[[Span], Select[Any]]


@dataclass(frozen=True)
class Counting:
    """A name, what its rows are about (finding, assignment, report, publication), and the query of its rows."""

    name: str
    about: str
    rows: Rows


COUNTINGS: dict[str, Counting] = {}


def counting(name: str, about: str) -> Callable[[Rows], Rows]:
    """Register a counting; its rows have the columns unit_id, id, day, what."""

    def register(rows: Rows) -> Rows:
        COUNTINGS[name] = Counting(name, about, rows)
        return rows

    return register


def _columns(unit_id: Any, id_: Any, day: Any, what: Any) -> list[Any]:
    return [unit_id.label("unit_id"), id_.label("id"), day.label("day"), what.label("what")]


VALID = and_(
    or_(Finding.ended_how.is_(None), Finding.ended_how.not_in([str(Ended.UNFOUNDED), str(Ended.DROPPED)])),
    Finding.inspection_id.not_in(select(Inspection.id).where(Inspection.method == str(Method.SELF))),
)
"""Not withdrawn, and not told by the unit itself; a disputed one counts until the dispute is decided."""


def _findings(span: Span, *conditions: ColumnElement[bool]) -> Select[Any]:
    subject = select(Subject.name + "　").where(Subject.id == Finding.subject_id).scalar_subquery()
    what = func.coalesce(subject, "") + Finding.description
    query = select(*_columns(Finding.unit_id, Finding.id, Finding.found_on, what))
    return query.where(Finding.found_on >= span.start, Finding.found_on <= span.end, VALID, *conditions)


@counting("findings_veto", "finding")
def findings_veto(span: Span) -> Select[Any]:
    """Return the year's findings by which a subject fails."""
    return _findings(span, Finding.level == Level.VETO)


@counting("findings_deduct", "finding")
def findings_deduct(span: Span) -> Select[Any]:
    """Return the year's findings that cost points."""
    return _findings(span, Finding.level == Level.DEDUCT)


@counting("findings_warn", "finding")
def findings_warn(span: Span) -> Select[Any]:
    """Return the year's early warnings."""
    return _findings(span, Finding.level == Level.WARN)


EARLIER = aliased(Finding)
RECTIFIED_BEFORE = exists().where(
    EARLIER.fingerprint == Finding.fingerprint,
    EARLIER.id < Finding.id,
    EARLIER.ended_how == str(Ended.RECTIFIED),
)


@counting("findings_again", "finding")
def findings_again(span: Span) -> Select[Any]:
    """Return the year's findings whose like was rectified before: the same subject, indicator and place."""
    return _findings(span, RECTIFIED_BEFORE)


def _superior(span: Span, condition: ColumnElement[bool]) -> Select[Any]:
    """Return vetoes found by a higher office's inspection, one row for each subject."""
    own = (
        Finding.found_on >= span.start,
        Finding.found_on <= span.end,
        Finding.level == Level.VETO,
        Inspection.method == str(Method.SUPERIOR),
        Finding.subject_id.is_not(None),
        VALID,
        condition,
    )
    firsts = select(func.min(Finding.id)).join(Finding.inspection).join(Finding.indicator).where(*own)
    return _findings(span, Finding.id.in_(firsts.group_by(Finding.unit_id, Finding.subject_id)))


@counting("superior_wording", "finding")
def superior_wording(span: Span) -> Select[Any]:
    """Return the subjects that failed a higher office's inspection for grave wording."""
    return _superior(span, Indicator.code.in_(WORDING))


@counting("superior_other", "finding")
def superior_other(span: Span) -> Select[Any]:
    """Return the subjects that failed it for anything else."""
    return _superior(span, Indicator.code.not_in(WORDING))


IN_TIME = exists().where(
    Reply.assignment_id == Assignment.id,
    Reply.submitted_at.is_not(None),
    func.coalesce(Reply.arrived_at, Reply.submitted_at) < Assignment.due_at,
    or_(Reply.decision.is_(None), Reply.decision != Decision.RETURNED, Reply.decided_at >= Assignment.due_at),
)
"""A reply stood with the office at the due moment in force; one returned afterwards was in time."""


def _answers(span: Span, states: Sequence[AssignmentState]) -> Select[Any]:
    query = select(
        *_columns(Assignment.unit_id, Assignment.id, Assignment.due_on, Notice.number + " " + Notice.title)
    ).join(Notice, Notice.id == Assignment.notice_id)
    return query.where(
        Assignment.due_on >= span.start,
        Assignment.due_on <= span.end,
        Assignment.due_at <= span.now,
        Assignment.delivered_at.is_not(None),
        Assignment.state.in_([str(state) for state in states]),
        ~IN_TIME,
    )


@counting("answers_late", "assignment")
def answers_late(span: Span) -> Select[Any]:
    """Return the year's assignments that were answered after the due moment in force."""
    return _answers(span, ANSWERED)


@counting("answers_open", "assignment")
def answers_open(span: Span) -> Select[Any]:
    """Return the year's assignments that owe an answer beyond their due moment."""
    return _answers(span, OWED)


@counting("returned", "assignment")
def returned(span: Span) -> Select[Any]:
    """Return the replies returned in the year."""
    start, end = span.moments
    what = Notice.number + " " + Notice.title
    query = select(*_columns(Assignment.unit_id, Assignment.id, Reply.decided_at, what)).join(Reply.assignment)
    query = query.join(Notice, Notice.id == Assignment.notice_id)
    decided = (Reply.decided_at >= start, Reply.decided_at < end, Reply.decision == Decision.RETURNED)
    return query.where(*decided, Assignment.state != AssignmentState.VOIDED)


def _reports(span: Span, *conditions: ColumnElement[bool]) -> Select[Any]:
    what = ErrorReport.number + " " + ErrorReport.text
    query = select(*_columns(ErrorReport.unit_id, ErrorReport.id, ErrorReport.received_on, what))
    return query.where(ErrorReport.received_on >= span.start, ErrorReport.received_on <= span.end, *conditions)


@counting("reports_open", "report")
def reports_open(span: Span) -> Select[Any]:
    """Return the year's error reports that are not closed."""
    return _reports(span, ErrorReport.closed_on.is_(None))


@counting("reports_month", "report")
def reports_month(span: Span) -> Select[Any]:
    """Return the year's error reports closed after more than a month.

    The month's last day moves to a working day where it is none (民法典 203条), as the limits of intake say; so the few
    that the months alone suspect are looked at one by one.
    """
    suspects = select(ErrorReport.id, ErrorReport.received_on, ErrorReport.closed_on).where(
        ErrorReport.received_on >= span.start, ErrorReport.received_on <= span.end, _over_a_month()
    )
    limit = limits()[MONTH_LIMIT]
    ids = [
        id_
        for id_, received, closed in span.session.execute(suspects)
        if closed and closed > limit.ends(received, span.days)
    ]
    return _reports(span, ErrorReport.id.in_(ids))


def _over_a_month() -> ColumnElement[bool]:
    closed, received = ErrorReport.closed_on, ErrorReport.received_on
    months = (extract("year", closed) - extract("year", received)) * 12
    months += extract("month", closed) - extract("month", received)
    return or_(months > 1, and_(months == 1, extract("day", closed) > extract("day", received)))


@counting("reports_late", "report")
def reports_late(span: Span) -> Select[Any]:
    """Return the year's error reports answered after their limit, or beyond it without an answer."""
    answered = ErrorReport.answered_on > ErrorReport.due_on
    return _reports(span, or_(answered, and_(ErrorReport.answered_on.is_(None), ErrorReport.due_on < span.today)))


@counting("publications", "publication")
def publications(span: Span) -> Select[Any]:
    """Return the months whose publication figures were entered under the unit's own name."""
    named = or_(Publication.source == Unit.name, Publication.source == Unit.full_name)
    what = Publication.period + " " + Publication.source
    query = select(*_columns(Unit.id, Publication.id, literal(None), what)).join(Publication, named)
    return query.where(Publication.period.startswith(f"{span.year}-"))


def counted(span: Span, names: Sequence[str], unit_id: int | None = None) -> dict[int, dict[str, int]]:
    """Return the figures by unit and counting: one statement for each counting, whatever the units and rows."""
    found: dict[int, dict[str, int]] = {}
    for name in names:
        rows = COUNTINGS[name].rows(span).subquery()
        query = select(rows.c.unit_id, func.count()).group_by(rows.c.unit_id)
        query = query if unit_id is None else query.where(rows.c.unit_id == unit_id)
        for id_, count in span.session.execute(query):
            found.setdefault(id_, {})[name] = count
    return found


def day_of(row: Any) -> str:
    """Return the day of a counted row as ISO text; empty where it has none."""
    day = office_date(row.day) if isinstance(row.day, datetime) else row.day
    return day.isoformat() if day else ""


def rows_behind(span: Span, name: str, unit_id: int, most: int | None = None) -> list[Any]:
    """Return the rows of one figure: id, day, what; oldest first."""
    rows = COUNTINGS[name].rows(span).subquery()
    query = select(rows.c.id, rows.c.day, rows.c.what).where(rows.c.unit_id == unit_id)
    return list(span.session.execute(query.order_by(rows.c.day, rows.c.id).limit(most)))
