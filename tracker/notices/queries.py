"""Reading batches, notices and assignments, always in the scope of who asks."""

from collections import Counter as Tally
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, bindparam, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from tracker.almanac.policy import Shift, Shifts, affected, distance, shift_of
from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.notices.lifecycle import OPEN, OWED, AssignmentState, NoticeState
from tracker.notices.models import About, Assignment, Batch, Correction, Item, Notice
from tracker.notices.policy import IN_FORCE, rule_of, visible_to
from tracker.org.models import Unit
from tracker.org.policy import Identity, Permission, Work, can
from tracker.workdays.calendar import Calendar

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
    about = selectinload(Batch.notices).selectinload(Notice.about).joinedload(About.assignment)
    earlier = about.selectinload(Assignment.letters).joinedload(About.notice)
    corrected = selectinload(Batch.notices).selectinload(Notice.correction).joinedload(Correction.corrected)
    subjects = items.options(joinedload(Finding.subject), joinedload(Finding.indicator), joinedload(Finding.unit))
    own = selectinload(Batch.notices).selectinload(Notice.items).joinedload(Item.unit)
    return _batch(work, batch_id, subjects, own, assignments, about.joinedload(Assignment.notice), earlier, corrected)


def batch_progress(work: Work, batch_id: int) -> Batch:
    """Return a batch with its notices, units and assignments and how far their items are: all that its matrix shows.

    :raises Missing: there is none for this person.
    """
    assignments = selectinload(Batch.notices).selectinload(Notice.assignments)
    settled = assignments.selectinload(Assignment.items).load_only(Item.assignment_id, Item.rectified_as)
    return _batch(work, batch_id, settled, assignments.joinedload(Assignment.unit))


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
    # What its letters are about stays as it is, too: nobody is urged for what was answered a moment before.
    told = select(Assignment.id).join(About).join(About.notice).where(Notice.batch_id == batch_id)
    work.session.execute(told.order_by(Assignment.id).with_for_update(of=Assignment))
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


def asked_by_day(session: Session, notice_ids: Collection[int]) -> dict[int, dict[date | None, list[str]]]:
    """Return the names of the units each bulletin asks, by the day of their own (None: the paper's), in one query."""
    if not notice_ids:
        return {}
    unit = Unit.id == func.coalesce(Finding.unit_id, Item.unit_id)
    query = select(Item.notice_id, Item.due_on, Unit.name, Unit.rank, Unit.id).select_from(Item)
    query = query.outerjoin(Item.finding).join(Unit, unit).where(Item.notice_id.in_(notice_ids)).distinct()
    found: dict[int, dict[date | None, list[str]]] = {id_: {} for id_ in notice_ids}
    for notice_id, day, name, _rank, _id in session.execute(query.order_by(Unit.rank, Unit.id)):
        found[notice_id].setdefault(day, []).append(name)
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


def corrections_of(session: Session, notice: Notice) -> list[Notice]:
    """Return the correction letters in force that correct this notice and are delivered, oldest first."""
    query = select(Notice).join(Correction, Correction.notice_id == Notice.id).options(joinedload(Notice.unit))
    delivered = (Correction.corrected_id == notice.id, Notice.state.in_(IN_FORCE), Notice.paper_sha256.is_not(None))
    return list(session.scalars(query.where(*delivered).order_by(Notice.issued_at, Notice.id)))


def letters_about(session: Session, assignment: Assignment) -> list[Notice]:
    """Return the delivered letters about an assignment, its notice or those letters: the unit sees them, voided too."""
    about = select(About.notice_id).where(About.assignment_id == assignment.id)
    named = (Correction.corrected_id == assignment.notice_id) | Correction.corrected_id.in_(about)
    corrects = select(Correction.notice_id).where(named)
    query = select(Notice).where(Notice.paper_sha256.is_not(None), Notice.id.in_(about.union(corrects)))
    query = query.options(joinedload(Notice.batch))
    return list(session.scalars(query.order_by(Notice.issued_at, Notice.id)))


def letter_about(work: Work, token: str, notice_id: int) -> Notice:
    """Return a delivered letter about the visible assignment of that token.

    :raises Missing: the assignment or the letter is not for this person.
    """
    assignment = assignment_by_token(work, token)
    found = next((each for each in letters_about(work.session, assignment) if each.id == notice_id), None)
    if found is None:
        raise Missing
    return found


MOST_SHOWN = 200
"""Matters named on the page that shows what another calendar would change; all of them are counted."""


@affected
def assignments_in_another_light(work: Work, before: Calendar, after: Calendar) -> Shifts:
    """Return the assignments that owe an answer and whose deadline another calendar would show differently.

    Two queries at any size: the calendars are asked once per due day, not per assignment.
    """
    owed = (*STILL_OPEN, Assignment.state.in_(OWED))
    days = work.session.execute(select(Assignment.due_on, func.count()).where(*owed).group_by(Assignment.due_on))
    shifted = {on: n for on, n in days if shift_of("", "", on, work.today, (before, after))}
    if not shifted:
        return Shifts(0, [])
    query = select(Assignment).options(joinedload(Assignment.notice)).where(*owed, Assignment.due_on.in_(shifted))
    rows = work.session.scalars(query.order_by(Assignment.due_at, Assignment.id).limit(MOST_SHOWN))
    shifts = (
        shift_of(f"{a.notice.number} {a.unit_name}", f"/assignments/{a.token}", a.due_on, work.today, (before, after))
        for a in rows
    )
    return Shifts(sum(shifted.values()), [shift for shift in shifts if shift])


@affected
def drafts_in_another_light(work: Work, before: Calendar, after: Calendar) -> Shifts:
    """Return the batches not issued yet whose deadline would be another day, or another kind of day."""
    states = (NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW)
    own = select(Notice.batch_id).where(Notice.state.in_(states))
    query = select(Batch).where(Batch.id.in_(own), Batch.due_on.is_not(None)).order_by(Batch.id)
    found = [shift for batch in work.session.scalars(query) if (shift := _draft_shift(batch, work, before, after))]
    return Shifts(len(found), found[:MOST_SHOWN])


def _draft_shift(batch: Batch, work: Work, before: Calendar, after: Calendar) -> Shift | None:
    rule = rule_of(batch)
    if rule is None or batch.due_on is None:
        return None
    moved = rule.deadline(work.today, after).on
    url = f"/batches/{batch.id}"
    shift = shift_of(batch.title, url, batch.due_on, work.today, (before, after))
    if moved == rule.deadline(work.today, before).on:
        return shift
    plain = Shift(batch.title, url, batch.due_on, before.day(batch.due_on), after.day(batch.due_on), 0, 0)
    left = [distance(work.today, on, days) for on, days in ((batch.due_on, before), (moved, after))]
    return replace(shift or plain, left_before=left[0], left_after=left[1], moves_to=moved)
