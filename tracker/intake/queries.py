"""Reading what came in, within what the asker may see: lists, one row, and the sums that a bulletin prints."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from tracker.intake.models import ChangeRequest, ErrorReport, Publication, WorkLine
from tracker.intake.policy import State
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, can

Row = TypeVar("Row", ErrorReport, ChangeRequest, Publication, WorkLine)


@dataclass(frozen=True)
class ReportFilter:
    """What the list of error reports is narrowed to: days of receipt, both included.

    `until` is also the day of which a state is told, so that the rows are those that a bulletin counts.
    """

    start: date | None = None
    until: date | None = None
    state: str | None = None
    truth: str | None = None
    unit_id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class ChangeFilter:
    """What the list of change requests is narrowed to; with days only what was done on them."""

    start: date | None = None
    until: date | None = None
    state: str | None = None
    unit_id: int | None = None
    text: str = ""


def visible(identity: Identity, table: type[Row]) -> Select[Row]:
    """Return the rows somebody may see: the office all, others none."""
    query = select(table)
    return query if can(identity, Permission.BULLETIN_READ) else query.where(false())


def row_by_id(session: Session, identity: Identity, table: type[Row], row_id: int) -> Row:
    """Return one row.

    :raises Missing: absent, or not theirs to see.
    """
    found = session.scalar(visible(identity, table).where(table.id == row_id))
    if found is None:
        raise Missing(row_id)
    return found


def reports_page(
    session: Session, identity: Identity, wanted: ReportFilter, after: str | None, today: date
) -> Page[ErrorReport]:
    """Return one page of the error reports, newest first; one query."""
    query = narrowed_reports(visible(identity, ErrorReport), wanted, today)
    query = query.options(joinedload(ErrorReport.unit), joinedload(ErrorReport.subject))
    return fetch_page(session, query, (ErrorReport.received_on, ErrorReport.id), after, newest_first=True)


def narrowed_reports(query: Select[ErrorReport], wanted: ReportFilter, today: date) -> Select[ErrorReport]:
    """Return the query with the filter's conditions."""
    given: list[tuple[Any, ColumnElement[bool]]] = [
        (wanted.start, ErrorReport.received_on >= (wanted.start or date.min)),
        (wanted.until, ErrorReport.received_on <= (wanted.until or date.max)),
        (wanted.unit_id, ErrorReport.unit_id == wanted.unit_id),
        (wanted.truth, ErrorReport.truth == wanted.truth),
        (wanted.state, _in_state(wanted.state or "", wanted.until, today)),
    ]
    query = query.where(*(condition for value, condition in given if value))
    if wanted.text:
        columns = (ErrorReport.number, ErrorReport.kind, ErrorReport.source, ErrorReport.text, Unit.name)
        query = query.join(ErrorReport.unit).where(_mentions(wanted.text, columns))
    return query


def _in_state(state: str, until: date | None, today: date) -> ColumnElement[bool]:
    """Return the condition of a state, as it was on the last day asked for."""
    closed, answered = _by(ErrorReport.closed_on, until), _by(ErrorReport.answered_on, until)
    return {
        State.WAITING.value: ErrorReport.truth.is_(None),
        State.VERIFIED.value: and_(ErrorReport.truth.is_not(None), ErrorReport.answered_on.is_(None)),
        State.ANSWERED.value: and_(answered, ErrorReport.closed_on.is_(None)),
        State.CLOSED.value: closed,
        "overdue": and_(ErrorReport.answered_on.is_(None), ErrorReport.due_on < today),
    }.get(state, true())


def _by(column: Any, until: date | None) -> ColumnElement[bool]:
    happened: ColumnElement[bool] = column.is_not(None)
    return and_(happened, column <= until) if until else happened


def _mentions(text: str, columns: tuple[InstrumentedAttribute[str], ...]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def overdue_count(session: Session, identity: Identity, today: date) -> int:
    """Return how many error reports are overdue and not answered."""
    query = narrowed_reports(visible(identity, ErrorReport), ReportFilter(state="overdue"), today)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def changes_page(session: Session, identity: Identity, wanted: ChangeFilter, after: str | None) -> Page[ChangeRequest]:
    """Return one page of the change requests, newest first; one query."""
    given: list[tuple[Any, ColumnElement[bool]]] = [
        (wanted.start, ChangeRequest.done_on >= (wanted.start or date.min)),
        (wanted.until, ChangeRequest.done_on <= (wanted.until or date.max)),
        (wanted.unit_id, ChangeRequest.unit_id == wanted.unit_id),
        (wanted.state == "open", ChangeRequest.done_on.is_(None)),
        (wanted.state == "done", ChangeRequest.done_on.is_not(None)),
    ]
    query = visible(identity, ChangeRequest).where(*(condition for value, condition in given if value))
    if wanted.text:
        query = query.join(ChangeRequest.unit)
        query = query.where(_mentions(wanted.text, (ChangeRequest.number, ChangeRequest.text, Unit.name)))
    query = query.options(joinedload(ChangeRequest.unit), joinedload(ChangeRequest.subject))
    return fetch_page(session, query, (ChangeRequest.asked_on, ChangeRequest.id), after, newest_first=True)


@dataclass(frozen=True)
class Sums:
    """What was published, over all rows that a page lists."""

    texts: int
    pictures: int
    videos: int

    @property
    def total(self) -> int:
        """Return the items of every kind."""
        return self.texts + self.pictures + self.videos


def of_period(table: type[Publication] | type[WorkLine], code: str) -> ColumnElement[bool]:
    """Return the condition that a row's month lies in "2021-12", "2021-H2" or "2021"; every month for ""."""
    if not code:
        return true()
    if code[4:6] == "-H":
        months = [f"{code[:4]}-{month:02}" for month in (range(1, 7) if code.endswith("1") else range(7, 13))]
        return table.period.in_(months)
    return table.period == code if len(code) == 7 else table.period.startswith(code + "-", autoescape=True)


def publications_page(
    session: Session, identity: Identity, period: str, after: str | None
) -> tuple[Page[Publication], Sums]:
    """Return one page of the publication figures, newest month first, and the sums over all of them; two queries."""
    query = visible(identity, Publication).where(of_period(Publication, period))
    page = fetch_page(session, query, (Publication.period, Publication.id), after, newest_first=True)
    row = session.execute(
        query.with_only_columns(
            func.sum(Publication.texts), func.sum(Publication.pictures), func.sum(Publication.videos)
        )
    ).one()
    return page, Sums(*(value or 0 for value in row))


def lines_page(session: Session, identity: Identity, period: str, after: str | None) -> Page[WorkLine]:
    """Return one page of the lines of work, newest month first; one query."""
    query = visible(identity, WorkLine).where(of_period(WorkLine, period))
    return fetch_page(session, query, (WorkLine.period, WorkLine.id), after, newest_first=True)
