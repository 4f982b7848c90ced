"""What units are asked: each measure is one query of its rows, and its figure is the count of those very rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, null, select
from sqlalchemy.orm import Session, aliased

from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.escalation.policy import Month
from tracker.inspections.models import Finding
from tracker.kit.clock import office_date
from tracker.kit.words import N_
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import About, Assignment, Correction, Item, Notice, NoticeKind
from tracker.notices.policy import IN_FORCE
from tracker.org.models import Person, Unit, UnitKind
from tracker.replies.models import Decision, Reply

Rows = Callable[[datetime, datetime], Select[Any]]
"""The rows of a time: columns unit_id, at, what (text, or a word of the record), detail (of an event), target."""
MOST_ROWS = 500
"""Rows of one figure on its page; the figure counts all."""


@dataclass(frozen=True)
class Measure:
    """One thing that a unit was asked, with what exactly is counted."""

    name: str
    label: str
    counted: str
    rows: Rows


MEASURES: dict[str, Measure] = {}


def measure(name: str, label: str, counted: str) -> Callable[[Rows], Rows]:
    """Register a measure; rooms above add theirs, since only they know their tables."""

    def register(rows: Rows) -> Rows:
        MEASURES[name] = Measure(name, label, counted, rows)
        return rows

    return register


NOTHING = null()


def row_columns(unit_id: Any, at: Any, what: Any, target: Any = NOTHING, detail: Any = NOTHING) -> list[Any]:
    """Return the columns of a measure's rows under the names that everybody reads; target: an assignment's token."""
    columns = {"unit_id": unit_id, "at": at, "what": what, "detail": detail, "target": target}
    return [column.label(name) for name, column in columns.items()]


@measure("notices", N_("Notices to answer"), N_("Rectification notices issued to the unit and not voided."))
def notices(start: datetime, end: datetime) -> Select[Any]:
    """Return the assignments issued in a time."""
    what = Notice.number + " " + Notice.title
    query = select(*row_columns(Assignment.unit_id, Assignment.issued_at, what, Assignment.token))
    return query.join(Notice, Notice.id == Assignment.notice_id).where(*_issued(start, end))


def _issued(start: datetime, end: datetime) -> tuple[Any, ...]:
    live = Assignment.state != AssignmentState.VOIDED
    return live, Assignment.delivered_at.is_not(None), Assignment.issued_at >= start, Assignment.issued_at < end


@measure("items", N_("Problems to rectify"), N_("Problems, and requirements of bulletins, on those notices."))
def items(start: datetime, end: datetime) -> Select[Any]:
    """Return the items issued in a time."""
    words = func.coalesce(Finding.description, Item.requirement)
    query = select(*row_columns(Assignment.unit_id, Assignment.issued_at, words, Assignment.token))
    query = query.join(Item, Item.assignment_id == Assignment.id).outerjoin(Finding, Finding.id == Item.finding_id)
    return query.where(*_issued(start, end))


@measure(
    "letters",
    N_("Letters to the unit"),
    N_("Urging letters, supervision letters and corrections issued to the unit and not voided."),
)
def letters(start: datetime, end: datetime) -> Select[Any]:
    """Return the letters delivered in a time."""
    kinds = (NoticeKind.URGE, NoticeKind.SUPERVISION, NoticeKind.CORRECTION)
    about = select(Assignment.token).join(About, About.assignment_id == Assignment.id)
    about = about.where(About.notice_id == Notice.id).order_by(About.sequence).limit(1)
    corrected = select(Assignment.token).join(Correction, Correction.corrected_id == Assignment.notice_id)
    corrected = corrected.where(Correction.notice_id == Notice.id).limit(1)
    target = func.coalesce(about.correlate(Notice).scalar_subquery(), corrected.correlate(Notice).scalar_subquery())
    query = select(*row_columns(Notice.unit_id, Notice.issued_at, Notice.number + " " + Notice.title, target))
    issued = (Notice.issued_at >= start, Notice.issued_at < end, Notice.paper_sha256.is_not(None))
    return query.where(Notice.kind.in_(kinds), Notice.state.in_(IN_FORCE), *issued)


@measure("returns", N_("Replies asked again"), N_("Replies that the office returned, asking for a further round."))
def returns(start: datetime, end: datetime) -> Select[Any]:
    """Return the replies returned in a time."""
    query = select(
        *row_columns(Assignment.unit_id, Reply.decided_at, Notice.number + " " + Notice.title, Assignment.token)
    )
    query = query.join(Reply, Reply.assignment_id == Assignment.id).join(Notice, Notice.id == Assignment.notice_id)
    decided = (Reply.decided_at >= start, Reply.decided_at < end)
    return query.where(Reply.decision == Decision.RETURNED, *decided)


NO_ACTS = [
    str(word)
    for word in Word
    if word.startswith(("session:", "access:")) or word in (Word.FILE_READ, Word.PASSWORD_CHANGED)
]


@measure(
    "acts",
    N_("Acts"),
    N_(
        "Moments at which the unit's people sent something that the record keeps (receipt, reply, upload, request):"
        " one sending counts once. Signing in, reading, and saving while typing are not counted."
    ),
)
def acts(start: datetime, end: datetime) -> Select[Any]:
    """Return the acts of the units' people in a time: events of one transaction have one moment and count once."""
    within = (Event.at >= start, Event.at < end, Event.actor_id.is_not(None), Event.word.not_in(NO_ACTS))
    firsts = select(func.min(Event.id)).where(*within).group_by(Event.actor_id, Event.at)
    query = select(*row_columns(Person.unit_id, Event.at, Event.word, NOTHING, Event.detail))
    query = query.join(Event, Event.actor_id == Person.id).join(Unit, Unit.id == Person.unit_id)
    return query.where(Event.id.in_(firsts), Unit.kind != UnitKind.OFFICE, since_joining(Event.at))


def since_joining(at: Any) -> ColumnElement[bool]:
    """Return the condition that a person was of the present unit then; from the record, which names each move.

    What somebody did or was told elsewhere, or in the office, is nothing that the new unit's people may read.
    """
    moved = aliased(Event)
    of_person = (moved.subject_type == Person.__tablename__, moved.subject_id == Person.id)
    names_unit = cast(moved.detail, String).contains('"unit_id"')
    return ~exists().where(*of_person, moved.word == Word.PERSON_CHANGED, names_unit, moved.at >= at)


@dataclass(frozen=True)
class UnitBurden:
    """One unit's figures of a month, by measure."""

    unit: Unit
    figures: dict[str, int]


def burden(session: Session, month: Month) -> list[UnitBurden]:
    """Return what each supervised unit was asked in a month, in the registry's order; a query per measure and one."""
    start, end = month.span
    figures = {name: _counts(session, each.rows(start, end)) for name, each in MEASURES.items()}
    asked = {unit_id for counts in figures.values() for unit_id in counts}
    query = select(Unit).where(Unit.kind != UnitKind.OFFICE).order_by(Unit.rank, Unit.id)
    units = [unit for unit in session.scalars(query) if unit.active or unit.id in asked]
    return [UnitBurden(unit, {name: counts.get(unit.id, 0) for name, counts in figures.items()}) for unit in units]


def _counts(session: Session, rows: Select[Any]) -> dict[int, int]:
    of = rows.subquery()
    query = select(of.c.unit_id, func.count()).group_by(of.c.unit_id)
    return dict(session.execute(query).all())


def rows_behind(session: Session, name: str, month: Month, unit_id: int) -> list[Any]:
    """Return the rows behind one figure, oldest first (at most `MOST_ROWS`)."""
    of = MEASURES[name].rows(*month.span).subquery()
    query = select(of).where(of.c.unit_id == unit_id).order_by(of.c.at).limit(MOST_ROWS)
    return list(session.execute(query))


def own_months(session: Session, unit_id: int, last: Month, count: int = 12) -> list[tuple[Month, dict[str, int]]]:
    """Return one unit's figures of the last months, newest first; a query per measure."""
    months = [last]
    while len(months) < count:
        months.append(months[-1].before)
    figures = {month: dict.fromkeys(MEASURES, 0) for month in months}
    for name, each in MEASURES.items():
        of = each.rows(months[-1].span[0], last.span[1]).subquery()
        for at in session.scalars(select(of.c.at).where(of.c.unit_id == unit_id)):
            figures[Month.of(office_date(at))][name] += 1
    return list(figures.items())
