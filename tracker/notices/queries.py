"""Reading batches, notices and assignments, always in the scope of who asks."""

from collections import Counter as Tally
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.notices.lifecycle import OPEN, AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice
from tracker.notices.policy import visible_to
from tracker.org.policy import Identity, Permission, Work, can

OVER = (AssignmentState.CLOSED, AssignmentState.VOIDED)
STILL_OPEN = (
    # As literals: only a condition in its very words lets a database use the partial index of what is open.
    Assignment.state.not_in(bindparam("over", [str(state) for state in OVER], expanding=True, literal_execute=True)),
    Assignment.closed_at.is_(None),
)
"""Conditions on assignments that still need somebody: with them no list walks past the closed years."""


def visible_assignments(identity: Identity) -> Select[Assignment]:
    """Return the query of the assignments that `identity` may see, with notice and unit."""
    return (
        select(Assignment)
        .options(joinedload(Assignment.notice), joinedload(Assignment.unit))
        .where(visible_to(identity))
    )


def assignment_by_token(work: Work, token: str) -> Assignment:
    """Return the visible assignment of that token, with notice and items.

    :raises Missing: there is none for this person.
    """
    query = visible_assignments(work.actor).where(Assignment.token == token).options(_with_items(Assignment.items))
    found = work.session.scalar(query)
    if found is None:
        raise Missing
    return found


def locked_assignment(work: Work, token: str) -> Assignment:
    """Return the visible assignment of that token, its row locked until the transaction ends.

    :raises Missing: there is none for this person.
    """
    query = select(Assignment).where(visible_to(work.actor), Assignment.token == token)
    found = work.session.scalar(query.with_for_update(of=Assignment).execution_options(populate_existing=True))
    if found is None:
        raise Missing
    return found


def _with_items(items: InstrumentedAttribute[list[Item]]) -> ExecutableOption:
    loaded = selectinload(items).joinedload(Item.finding)
    return loaded.options(joinedload(Finding.subject), joinedload(Finding.indicator))


def visible_batches(identity: Identity) -> Select[Batch]:
    """Return the query of batches for the office; nobody else sees any."""
    query = select(Batch).options(joinedload(Batch.drafter))
    return query if can(identity, Permission.NOTICE_READ) else query.where(false())


def batch_by_id(work: Work, batch_id: int) -> Batch:
    """Return a batch with its notices, units and items, in the order of numbering: all that its papers tell.

    :raises Missing: there is none for this person.
    """
    items = selectinload(Batch.notices).selectinload(Notice.items).joinedload(Item.finding)
    assignments = selectinload(Batch.notices).selectinload(Notice.assignments).selectinload(Assignment.items)
    return _batch(
        work, batch_id, items.options(joinedload(Finding.subject), joinedload(Finding.indicator)), assignments
    )


def batch_progress(work: Work, batch_id: int) -> Batch:
    """Return a batch with its notices, units and assignments and how far their items are: all that its matrix shows.

    :raises Missing: there is none for this person.
    """
    assignments = selectinload(Batch.notices).selectinload(Notice.assignments)
    settled = assignments.selectinload(Assignment.items).load_only(Item.assignment_id, Item.rectified_as)
    return _batch(work, batch_id, settled)


def _batch(work: Work, batch_id: int, *loaded: ExecutableOption) -> Batch:
    query = visible_batches(work.actor).where(Batch.id == batch_id)
    found = work.session.scalar(query.options(selectinload(Batch.notices).joinedload(Notice.unit), *loaded))
    if found is None:
        raise Missing
    return found


def locked_batch(work: Work, batch_id: int) -> Batch:
    """Return a batch whose row is locked until the transaction ends: everybody who changes its notices passes here.

    :raises Missing: there is none for this person.
    """
    query = (
        select(Batch).where(Batch.id == batch_id).with_for_update(of=Batch).execution_options(populate_existing=True)
    )
    if not can(work.actor, Permission.NOTICE_READ) or work.session.scalar(query) is None:
        raise Missing
    return batch_by_id(work, batch_id)


def notice_by_id(work: Work, notice_id: int) -> Notice:
    """Return a notice for the office.

    :raises Missing: there is none for this person.
    """
    found = work.session.get(Notice, notice_id) if can(work.actor, Permission.NOTICE_READ) else None
    if found is None:
        raise Missing
    return found


def ordered(batch: Batch) -> list[Notice]:
    """Return a batch's notices in protocol order of their units: so they are listed and numbered."""
    return sorted(batch.notices, key=lambda notice: (notice.unit.rank, notice.unit_id, notice.id))


@dataclass(frozen=True)
class Stage:
    """Where a batch stands: the state most of its notices share, and how many are in each."""

    state: NoticeState
    counts: dict[NoticeState, int]


def stage(batch: Batch) -> Stage:
    """Return the common state of a batch's notices; notices that left by a side exit do not decide it."""
    counts = Tally(notice.state for notice in batch.notices)
    main = {state: n for state, n in counts.items() if state not in (NoticeState.WITHDRAWN, NoticeState.VOIDED)}
    state = max(main or counts or {NoticeState.DRAFT: 1}, key=lambda s: (main or counts)[s])
    return Stage(state, dict(counts))


@dataclass(frozen=True)
class Span:
    """What tells batches of one title apart: how many notices, and the numbers they were given."""

    notices: int
    first: str | None
    last: str | None

    @property
    def numbers(self) -> str:
        """Return "〔2021〕2–9号", or an empty text before issue."""
        if not self.first or not self.last or self.first == self.last:
            return self.first or ""
        return f"{self.first.removesuffix('号')}–{self.last.rpartition('〕')[2]}"


def spans(session: Session, batch_ids: list[int]) -> dict[int, Span]:
    """Return for each batch its size and the numbers it was given (which follow each other), in one query."""
    query = select(
        Notice.batch_id,
        func.count(),
        func.min(Notice.sequence),
        func.max(Notice.sequence),
        func.max(Notice.series),
        func.max(Notice.year),
    ).where(Notice.batch_id.in_(batch_ids))
    found = {id_: Span(0, None, None) for id_ in batch_ids}
    for batch_id, count, first, last, series, year in session.execute(query.group_by(Notice.batch_id)):
        ends = [f"{series}〔{year}〕{n}号" if n else None for n in (first, last)]
        found[batch_id] = Span(count, *ends)
    return found


def stages(session: Session, batch_ids: list[int]) -> dict[int, dict[NoticeState, int]]:
    """Return for each batch how many of its notices are in each state, in one query."""
    query = select(Notice.batch_id, Notice.state, func.count()).where(Notice.batch_id.in_(batch_ids))
    found: dict[int, dict[NoticeState, int]] = {id_: {} for id_ in batch_ids}
    for batch_id, state, count in session.execute(query.group_by(Notice.batch_id, Notice.state)):
        found[batch_id][NoticeState(state)] = count
    return found


def progress(session: Session, batch_ids: list[int]) -> dict[int, dict[AssignmentState, int]]:
    """Return for each batch how many assignments are in each state, in one query."""
    query = select(Notice.batch_id, Assignment.state, func.count()).join(Notice).where(Notice.batch_id.in_(batch_ids))
    found: dict[int, dict[AssignmentState, int]] = {id_: {} for id_ in batch_ids}
    for batch_id, state, count in session.execute(query.group_by(Notice.batch_id, Assignment.state)):
        found[batch_id][AssignmentState(state)] = count
    return found


def awaiting_sign_off(session: Session) -> list[Batch]:
    """Return the batches with notices in review, longest waiting first."""
    waiting = select(Notice.batch_id).where(Notice.state == NoticeState.IN_REVIEW)
    query = select(Batch).options(joinedload(Batch.drafter), selectinload(Batch.notices).joinedload(Notice.unit))
    return list(session.scalars(query.where(Batch.id.in_(waiting)).order_by(Batch.id)))


def drafts_of(session: Session, person_id: int) -> list[Batch]:
    """Return a clerk's batches that are drafts or were sent back, by id."""
    states = (NoticeState.DRAFT, NoticeState.RETURNED)
    own = select(Notice.batch_id).where(Notice.state.in_(states))
    query = select(Batch).options(selectinload(Batch.notices).joinedload(Notice.unit))
    return list(session.scalars(query.where(Batch.id.in_(own), Batch.drafted_by == person_id).order_by(Batch.id)))


def siblings_open(session: Session, notice_id: int) -> int:
    """Return how many assignments of a notice are not closed (nor voided)."""
    query = select(func.count(Assignment.id)).where(Assignment.notice_id == notice_id, Assignment.state.in_(OPEN))
    return session.scalar(query) or 0
