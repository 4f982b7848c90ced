"""The rows of the ledger: one for each finding, with the notice, assignment and reply that deal with it now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Ended
from tracker.ledger.policy import Line, lateness
from tracker.ledger.queries.filters import LedgerFilter, narrow, others
from tracker.ledger.queries.names import Names, names
from tracker.ledger.queries.search import has, sought
from tracker.notices.models import About, Assignment, Item, Notice
from tracker.notices.policy import IN_FORCE
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Subject
from tracker.replies.models import Decision, Reply
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline

CHUNK = 2000
"""Rows of a file read together; what belongs to them is asked for by their ids."""
IDS: Any = bindparam("ids", expanding=True)
COLUMNS: tuple[Any, ...] = (
    Finding.id, Finding.found_on, Finding.level, Finding.place, Finding.description, Finding.url, Finding.evidence_id,
    Finding.ended_at, Finding.ended_how, Finding.indicator_id, Finding.unit_id, Assignment.unit_name,
    Subject.kind, Subject.name, Subject.code, Subject.platform, Subject.sponsor_id, Subject.supervisor_id,
    Inspection.period, Item.rectified_as, Notice.id, Notice.number, Assignment.id, Assignment.token, Assignment.state,
    Notice.issued_at, Assignment.due_on, Assignment.due_time, Assignment.due_words, Assignment.original_on,
    Assignment.acknowledged_at, Assignment.submitted_at, Assignment.closed_at,
)  # fmt: skip
Decided = tuple[int, str, Decision | None, datetime | None]
"""How often returned; who decided last, what and when."""
NOTHING: Decided = (0, "", None, None)


@dataclass(frozen=True)
class Moment:
    """What the rows are seen at and with: the moment, its calendar, and each month's bulletin by its number."""

    now: datetime
    days: Calendar
    told: Mapping[str, str] = field(default_factory=dict)


@cache
def rows() -> Select[Any]:
    """Return the query of all rows, newest finding first; made once, since making it takes longer than asking it.

    Outer joins throughout: they fix the order in which SQLite joins, so that the newest rows are found without sorting.
    Names of units and indicators are put in afterwards: PostgreSQL plans five joins in a quarter of the time of nine.
    """
    return (
        select(*COLUMNS)
        .select_from(Finding)
        .outerjoin(Inspection, Inspection.id == Finding.inspection_id)
        .outerjoin(Subject, Subject.id == Finding.subject_id)
        .outerjoin(Item, and_(Item.finding_id == Finding.id, Item.notice_id == Finding.notice_ref))
        .outerjoin(Notice, Notice.id == Item.notice_id)
        .outerjoin(Assignment, Assignment.id == Item.assignment_id)
        .order_by(Finding.id.desc())
    )


@cache
def of_ids() -> Select[Any]:
    """Return the query of the rows whose ids are given; made once, so that its key in the cache is too."""
    return rows().where(Finding.id.in_(IDS))


def every_line(session: Session, identity: Identity, wanted: LedgerFilter, moment: Moment) -> Iterator[Line]:
    """Yield all rows that a filter leaves to somebody; the office sees all, others none."""
    return lines(session, wanted, moment) if can(identity, Permission.FINDING_READ) else iter(())


def lines(session: Session, wanted: LedgerFilter, moment: Moment) -> Iterator[Line]:
    """Yield all rows that a filter leaves, newest first; memory does not grow with them.

    For papers and files whose own permission was asked already.
    """
    query = rows().where(*all_conditions(session, wanted, moment.now)).execution_options(yield_per=CHUNK)
    known = names(session)
    for chunk in session.execute(query).partitions(CHUNK):
        yield from made_of(session, chunk, moment, known)


def all_conditions(session: Session, wanted: LedgerFilter, now: datetime) -> list[Any]:
    """Return every condition of a filter, on findings alone."""
    found = sought(session, wanted.text)
    pair = [has(found.pair)] if found.pair else []
    return [*narrow(session, wanted), *others(session, wanted, now), *pair, *found.conditions]


def made_of(session: Session, found: Sequence[Any], moment: Moment, known: Names) -> list[Line]:
    """Return the lines of rows of the query, with what is told of their assignments; three statements."""
    made = [_line(row, known) for row in found]
    if not made:
        return []
    ids = sorted({line.assignment_id for line in made if line.assignment_id is not None})
    rounds, urged = _rounds(session, ids), _urged(session, ids)
    again = _repeated(session, [line.finding_id for line in made])
    for line in made:
        line.returned, line.decided_name, line.decision, line.decided_at = rounds.get(line.assignment_id or 0, NOTHING)
        line.urged = urged.get(line.assignment_id or 0, 0)
        line.repeated = line.finding_id in again
        line.bulletin = moment.told.get(line.period, "")
        line.late, line.late_days = lateness(line.due, line.state, line.submitted_at, moment.now, moment.days)
    return made


def _line(row: Any, known: Names) -> Line:
    indicator, unit, unit_then = row[9:12]
    sponsor, supervisor = row[16:18]
    on, at, words = row[26:29]
    values: list[Any] = [
        *row[:9],
        known.indicators[indicator],
        unit_then or known.units[unit],
        *row[12:16],
        known.units.get(sponsor),
        known.units.get(supervisor),
        *row[18:26],
        Deadline(on, at, words) if on else None,
        *row[29:],
    ]
    return Line(*values)


DECIDED = (
    select(Reply.assignment_id, Reply.decision, Reply.decided_name, Reply.decided_at)
    .where(Reply.assignment_id.in_(IDS), Reply.decision.is_not(None))
    .order_by(Reply.assignment_id, Reply.round)
)
# The state is compared here, not there: asked for it, SQLite would begin with all notices in force.
URGED = (
    select(About.assignment_id, Notice.state)
    .outerjoin(Notice, Notice.id == About.notice_id)
    .where(About.assignment_id.in_(IDS))
)
Earlier = aliased(Finding)
REPEATED = (
    select(Finding.id)
    .join(Earlier, and_(Earlier.fingerprint == Finding.fingerprint, Earlier.id < Finding.id))
    .where(Finding.id.in_(IDS), Earlier.ended_how == str(Ended.RECTIFIED))
)


def _rounds(session: Session, ids: list[int]) -> dict[int, Decided]:
    """Return for each assignment how often it was returned, and who decided last, what and when."""
    found: dict[int, Decided] = {}
    for id_, decision, name, at in session.execute(DECIDED, {"ids": ids}):
        times = found[id_][0] if id_ in found else 0
        found[id_] = (times + (decision is Decision.RETURNED), name, decision, at)
    return found


def _urged(session: Session, ids: list[int]) -> Mapping[int, int]:
    """Return for each assignment how many letters in force urge it."""
    return Counter(row[0] for row in session.execute(URGED, {"ids": ids}) if row[1] in IN_FORCE)


def _repeated(session: Session, ids: list[int]) -> set[int]:
    """Return which findings had been found and rectified before: the same subject, indicator and place."""
    return set(session.scalars(REPEATED, {"ids": ids}))
