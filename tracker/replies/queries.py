"""Reading assignments and replies; whatever is not visible to the person is absent."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.files.models import StoredFile
from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.notices.lifecycle import ASSIGNMENT, AssignmentState
from tracker.notices.models import Assignment, Item, Notice
from tracker.notices.policy import visible_to
from tracker.notices.queries import STILL_OPEN, assignment_by_token, locked_assignment, visible_assignments
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.replies.models import Evidence, ReadyReason, Reply, ReplyItem
from tracker.requests.policy import describes_drafts

OPEN, ALL = "open", "all"
HELD = ("ticked", "named", "neither")
"""What a reviewer held of a seal or a signature: ticked it, returned the paper and named it, or said nothing of it."""
LISTED = (Assignment.due_at, Assignment.id)
FOR_THE_OFFICE = or_(Reply.submitted_at.is_not(None), Reply.registered_by.is_not(None))
"""Rounds the office may look into: submitted ones, and those it is registering itself."""


def assignments_page(
    work: Work, state: str, unit_id: int | None, after: str | None, size: int = 50
) -> Page[Assignment]:
    """Return a page of the visible assignments, oldest deadline first.

    `state` is "open", "all" or a state's name; `unit_id` narrows the list to one unit.
    """
    query = visible_assignments(work.actor).options(joinedload(Assignment.notice))
    for condition in _conditions(state, unit_id):
        query = query.where(condition)
    return fetch_page(work.session, query, LISTED, after, size)


def _conditions(state: str, unit_id: int | None) -> Iterable[ColumnElement[bool]]:
    if state in ASSIGNMENT.states.__members__.values():
        yield Assignment.state == state
    elif state != ALL:
        yield from STILL_OPEN
    if unit_id is not None:
        yield Assignment.unit_id == unit_id


def units_addressed(work: Work) -> list[tuple[int, str]]:
    """Return (id, name) of every unit with a visible assignment, in protocol order."""
    addressed = exists().where(Assignment.unit_id == Unit.id, visible_to(work.actor))  # stops at each unit's first
    query = select(Unit.id, Unit.name).where(addressed).order_by(Unit.rank, Unit.id)
    return [(id_, name) for id_, name in work.session.execute(query)]


def own_assignment(work: Work, token: str, *, lock: bool = False) -> Assignment:
    """Return the assignment of the person's own unit; `lock` holds its row until the transaction ends.

    :raises Missing: it is absent, or another unit's.
    """
    if lock:
        locked_assignment(work, token)
    assignment = assignment_by_token(work, token)
    if assignment.unit_id != work.actor.unit_id:
        raise Missing(token)
    return assignment


def _whole(query: Select[Reply]) -> Select[Reply]:
    finding = selectinload(Reply.items).joinedload(ReplyItem.item).joinedload(Item.finding)
    return query.options(
        joinedload(Reply.scan),
        selectinload(Reply.items).selectinload(ReplyItem.evidence).joinedload(Evidence.file),
        finding.joinedload(Finding.subject),
        finding.joinedload(Finding.indicator),
    )


def rounds(work: Work, assignment: Assignment) -> list[Reply]:
    """Return the rounds of an assignment, oldest first; drafts only to the side that writes them."""
    query = _whole(select(Reply).where(Reply.assignment_id == assignment.id).order_by(Reply.round))
    if assignment.unit_id != work.actor.unit_id:
        query = query.where(FOR_THE_OFFICE)
    return list(work.session.scalars(query))


def newest_round(work: Work, assignment: Assignment) -> Reply | None:
    """Return the newest round with everything in it, draft or not; None before the receipt was acknowledged."""
    query = _whole(select(Reply).where(Reply.assignment_id == assignment.id).order_by(Reply.round.desc()).limit(1))
    return work.session.scalar(query)


def draft(work: Work, assignment: Assignment) -> Reply:
    """Return the round the unit is writing.

    :raises Missing: there is none, or the office is registering it.
    """
    newest = newest_round(work, assignment)
    if newest is None or newest.submitted_at is not None or newest.registered_by is not None:
        raise Missing("draft")
    return newest


def submitted_round(work: Work, assignment: Assignment, number: int) -> Reply:
    """Return a submitted round by its number.

    :raises Missing: no such round was submitted.
    """
    query = select(Reply).where(
        Reply.assignment_id == assignment.id, Reply.round == number, Reply.submitted_at.is_not(None)
    )
    found = work.session.scalar(_whole(query))
    if found is None:
        raise Missing(f"round {number}")
    return found


def item_of(reply: Reply, sequence: int) -> ReplyItem:
    """Return the reply's item of that number.

    :raises Missing: there is none.
    """
    for each in reply.items:
        if each.item.sequence == sequence:
            return each
    raise Missing(f"item {sequence}")


def waiting(work: Work, after: str | None, size: int = 50) -> Page[Assignment]:
    """Return a page of the assignments whose reply waits for review, oldest deadline first."""
    query = (
        visible_assignments(work.actor)
        .where(Assignment.state == AssignmentState.SUBMITTED)
        .options(joinedload(Assignment.notice).joinedload(Notice.batch))
    )
    return fetch_page(work.session, query, LISTED, after, size)


def undecided(work: Work, assignments: list[Assignment]) -> dict[int, Reply]:
    """Return the submitted, undecided reply of each assignment, by the assignment's id."""
    query = select(Reply).where(
        Reply.assignment_id.in_([each.id for each in assignments]),
        Reply.submitted_at.is_not(None),
        Reply.decision.is_(None),
    )
    return {reply.assignment_id: reply for reply in work.session.scalars(query)}


def next_waiting(work: Work) -> Assignment | None:
    """Return the assignment whose reply is to be reviewed next, or None."""
    rows = waiting(work, None, 1).rows
    return rows[0] if rows else None


def ready_reasons(work: Work) -> dict[str, list[str]]:
    """Return the office's own ready reasons, by what they are about ("paper", "item"); empty where it has none."""
    found: dict[str, list[str]] = {"paper": [], "item": []}
    for row in work.session.scalars(select(ReadyReason).order_by(ReadyReason.id)):
        found[row.about].append(row.words)
    return found


def file_of(work: Work, assignment: Assignment, token: str) -> StoredFile:
    """Return a scan or a piece of evidence of this assignment; the office sees no round that the unit still writes.

    :raises Missing: no visible round holds such a file.
    """
    evidence = select(Evidence.file_id).join(ReplyItem, Evidence.reply_item_id == ReplyItem.id)
    scans: Select[Any] = select(Reply.scan_id)
    holds = [Reply.assignment_id == assignment.id]
    if assignment.unit_id != work.actor.unit_id:
        holds.append(FOR_THE_OFFICE)
    of_round = evidence.join(Reply, ReplyItem.reply_id == Reply.id).where(*holds)
    query = select(StoredFile).where(
        StoredFile.token == token, or_(StoredFile.id.in_(of_round), StoredFile.id.in_(scans.where(*holds)))
    )
    found = work.session.scalar(query)
    if found is None:
        raise Missing(token)
    return found


def machine_counts(work: Work, what: str) -> dict[tuple[str, str], int]:
    """Return how many decided rounds there are by the machine's level at the decision and what the reviewer held.

    `what` is "seal" or "signature"; the level is "" where the scan had not been read.
    """
    level, held = _machine(what)
    named = held.label("held")
    query = (
        select(level, named, func.count())
        .join(Assignment, Reply.assignment_id == Assignment.id)
        .where(Reply.decision.is_not(None), visible_to(work.actor))
        .group_by(level, named.name)  # by its name: PostgreSQL takes the expression, sent twice, for two
    )
    return {(str(row[0]), str(row[1])): int(row[2]) for row in work.session.execute(query)}


def machine_rounds(work: Work, what: str, level: str, held: str, after: str | None, size: int = 50) -> Page[Reply]:
    """Return a page of the decided rounds that one of `machine_counts` counts, newest first."""
    at, by = _machine(what)
    query = (
        select(Reply)
        .join(Assignment, Reply.assignment_id == Assignment.id)
        .where(Reply.decision.is_not(None), visible_to(work.actor), at == level, by == held)
        .options(contains_eager(Reply.assignment).joinedload(Assignment.notice))
    )
    return fetch_page(work.session, query, (Reply.id,), after, size, newest_first=True)


def _machine(what: str) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """Return the level's column, and what the reviewer held of it, as far as tick and reason tell."""
    if what == "seal":
        level, ticked, word = Reply.seal_level, Reply.seal_checked, "章"
    else:
        level, ticked, word = Reply.signature_level, Reply.signature_checked, "签"
    held = case((ticked, HELD[0]), (Reply.reason.contains(word), HELD[1]), else_=HELD[2])
    return level.expression, held


@describes_drafts
def drafts_in_words(work: Work, assignments: list[Assignment]) -> dict[int, str]:
    """Return how far the open draft of each of these assignments is, for the hand-over sheet; in two queries."""
    query = (
        select(Reply)
        .options(selectinload(Reply.items))
        .where(Reply.assignment_id.in_([each.id for each in assignments]), Reply.submitted_at.is_(None))
    )
    drafts = [(row, sum(bool(line.measure) for line in row.items)) for row in work.session.scalars(query)]
    return {row.assignment_id: f"第{row.round}次报送：已填{done}/{len(row.items)}项" for row, done in drafts}
