"""The rows of the ledger: one for each finding, with the notice, assignment and reply that deal with it now."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, func, select
from sqlalchemy.orm import Session, aliased

from tracker.bulletins.models import Bulletin
from tracker.exchange.policy import Line, lateness
from tracker.exchange.queries.filters import LedgerFilter, conditions
from tracker.exchange.queries.search import Sought, sought
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, FindingWord, Inspection
from tracker.inspections.policy import Ended
from tracker.kit.paging import LARGEST, Page
from tracker.notices.models import About, Assignment, Item, Notice
from tracker.notices.policy import IN_FORCE
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Subject
from tracker.replies.models import Decision, Reply
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline

SIZE = 50
CHUNK = 500
"""Rows of a file read together; what belongs to them is asked for by their ids."""
IDS: Any = bindparam("ids", expanding=True)
Sponsor, Supervisor = aliased(Unit), aliased(Unit)
COLUMNS: tuple[Any, ...] = (
    Finding.id, Finding.found_on, Finding.level, Finding.place, Finding.description, Finding.url, Finding.evidence_id,
    Finding.ended_at, Finding.ended_how, Indicator.title, func.coalesce(Assignment.unit_name, Unit.name),
    Subject.kind, Subject.name, Subject.code, Subject.platform, Sponsor.name, Supervisor.name, Inspection.period,
    Item.rectified_as, Notice.id, Notice.number, Assignment.id, Assignment.token, Assignment.state,
    Notice.issued_at, Assignment.due_on, Assignment.due_time, Assignment.due_words, Assignment.original_on,
    Assignment.acknowledged_at, Assignment.submitted_at, Assignment.closed_at,
)  # fmt: skip
Decided = tuple[int, str, Decision | None, datetime | None]
"""How often returned; who decided last, what and when."""
DUE = 25
"""Where the three columns of the deadline begin."""


@cache
def rows(*, by_word: bool = False) -> Select[Any]:
    """Return the query of all rows, newest finding first; made once, since making it takes longer than asking it.

    Outer joins throughout: they fix the order in which SQLite joins, so that the newest rows are found without sorting.
    """
    chosen = select(*COLUMNS).select_from(FindingWord if by_word else Finding)
    return (
        (chosen.join(Finding, Finding.id == FindingWord.finding_id) if by_word else chosen)
        .outerjoin(Indicator, Indicator.id == Finding.indicator_id)
        .outerjoin(Inspection, Inspection.id == Finding.inspection_id)
        .outerjoin(Unit, Unit.id == Finding.unit_id)
        .outerjoin(Subject, Subject.id == Finding.subject_id)
        .outerjoin(Sponsor, Sponsor.id == Subject.sponsor_id)
        .outerjoin(Supervisor, Supervisor.id == Subject.supervisor_id)
        .outerjoin(Item, and_(Item.finding_id == Finding.id, Item.notice_id == Finding.notice_ref))
        .outerjoin(Notice, Notice.id == Item.notice_id)
        .outerjoin(Assignment, Assignment.id == Item.assignment_id)
        .order_by(_key(by_word).desc())
    )


def _key(by_word: bool) -> Any:
    """Return the column of a finding's id whose index gives the rows in their order."""
    return FindingWord.finding_id if by_word else Finding.id


def narrowed(session: Session, identity: Identity, wanted: LedgerFilter, now: datetime) -> Select[Any]:
    """Return the rows that a filter leaves; the office sees all, others none."""
    found = sought(session, wanted.text) if wanted.text else Sought([])
    query = rows(by_word=found.by_word).where(*conditions(session, wanted, now), *found.conditions)
    return query if can(identity, Permission.FINDING_READ) else query.where(false())


def _ids(session: Session, identity: Identity, wanted: LedgerFilter, now: datetime, before: int | None) -> Select[Any]:
    """Return the query of the ids that a filter leaves, newest first, joined with no more than it asks about."""
    found = sought(session, wanted.text) if wanted.text else Sought([])
    key = _key(found.by_word)
    query = select(key).select_from(FindingWord if found.by_word else Finding)
    if found.by_word:
        query = query.join(Finding, Finding.id == FindingWord.finding_id)
    if wanted.kind or wanted.text:
        query = query.outerjoin(Subject, Subject.id == Finding.subject_id)
    if wanted.text:
        query = query.outerjoin(Unit, Unit.id == Finding.unit_id)
        query = query.outerjoin(Indicator, Indicator.id == Finding.indicator_id)
    if wanted.reported:
        query = query.outerjoin(Item, and_(Item.finding_id == Finding.id, Item.notice_id == Finding.notice_ref))
        query = query.outerjoin(Assignment, Assignment.id == Item.assignment_id)
    query = query.where(*conditions(session, wanted, now), *found.conditions).order_by(key.desc())
    query = query if can(identity, Permission.FINDING_READ) else query.where(false())
    return query if before is None else query.where(key < before)


def ledger_page(
    session: Session, identity: Identity, wanted: LedgerFilter, after: str | None, now: datetime, days: Calendar
) -> Page[Line]:
    """Return one page of the ledger, beginning after the finding whose id `after` is; a constant number of queries."""
    before = int(after) if after and after.isascii() and after.isdigit() and int(after) <= LARGEST else None
    # First the ids, over the tables that the filter needs; a database plans two or three joins better than eleven.
    ids = list(session.scalars(_ids(session, identity, wanted, now, before).limit(SIZE + 1)))
    found = session.execute(rows().where(Finding.id.in_(IDS)), {"ids": ids[:SIZE]}).all() if ids else []
    lines = _lines(session, found, now, days)
    return Page(lines, str(lines[-1].finding_id) if len(ids) > SIZE else None)


def every_line(
    session: Session, identity: Identity, wanted: LedgerFilter, now: datetime, days: Calendar
) -> Iterator[Line]:
    """Yield all rows that a filter leaves, read from the database by the way: memory does not grow with them."""
    query = narrowed(session, identity, wanted, now).execution_options(yield_per=CHUNK)
    for chunk in session.execute(query).partitions(CHUNK):
        yield from _lines(session, chunk, now, days)


def _lines(session: Session, found: Sequence[Any], now: datetime, days: Calendar) -> list[Line]:
    lines = [_line(row) for row in found]
    if not lines:
        return []
    ids = sorted({line.assignment_id for line in lines if line.assignment_id is not None})
    rounds, urged = _rounds(session, ids), _urged(session, ids)
    again = _repeated(session, [line.finding_id for line in lines])
    told = bulletins(session)
    nothing: Decided = (0, "", None, None)
    for line in lines:
        line.returned, line.decided_name, line.decision, line.decided_at = rounds.get(line.assignment_id or 0, nothing)
        line.urged = urged.get(line.assignment_id or 0, 0)
        line.repeated = line.finding_id in again
        line.bulletin = told.get(line.period, "")
        line.late, line.late_days = lateness(line.due, line.state, line.submitted_at, now, days)
    return lines


def _line(row: Any) -> Line:
    on, at, words = row[DUE : DUE + 3]
    values: list[Any] = [*row[:DUE], Deadline(on, at, words) if on else None, *row[DUE + 3 :]]
    return Line(*values)


DECIDED = (
    select(Reply.assignment_id, Reply.decision, Reply.decided_name, Reply.decided_at)
    .where(Reply.assignment_id.in_(IDS), Reply.decision.is_not(None))
    .order_by(Reply.assignment_id, Reply.round)
)
URGED = (
    select(About.assignment_id, func.count())
    .join(Notice, Notice.id == About.notice_id)
    .where(About.assignment_id.in_(IDS), Notice.state.in_([str(state) for state in IN_FORCE]))
    .group_by(About.assignment_id)
)
Earlier = aliased(Finding)
REPEATED = (
    select(Finding.id)
    .join(Earlier, and_(Earlier.fingerprint == Finding.fingerprint, Earlier.id < Finding.id))
    .where(Finding.id.in_(IDS), Earlier.ended_how == str(Ended.RECTIFIED))
)
NUMBERS = select(Bulletin.period, Notice.number).join(Notice, Notice.id == Bulletin.notice_id)


def _rounds(session: Session, ids: list[int]) -> dict[int, Decided]:
    """Return for each assignment how often it was returned, and who decided last, what and when."""
    found: dict[int, Decided] = {}
    for id_, decision, name, at in session.execute(DECIDED, {"ids": ids}):
        times = found[id_][0] if id_ in found else 0
        found[id_] = (times + (decision is Decision.RETURNED), name, decision, at)
    return found


def _urged(session: Session, ids: list[int]) -> dict[int, int]:
    """Return for each assignment how many letters in force urge it."""
    return {row[0]: row[1] for row in session.execute(URGED, {"ids": ids})}


def _repeated(session: Session, ids: list[int]) -> set[int]:
    """Return which findings had been found and rectified before: the same subject, indicator and place."""
    return set(session.scalars(REPEATED, {"ids": ids}))


def bulletins(session: Session) -> dict[str, str]:
    """Return the number of each month's bulletin, once it has one."""
    return {row[0]: row[1] for row in session.execute(NUMBERS) if row[1]}
