"""Closed problems that are due to be looked at again; derived at each look, nothing is stored for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.followup.models import Outcome, Recheck
from tracker.followup.policy import Due, Window, windows
from tracker.followup.queries.terms import terms
from tracker.inspections.models import Finding
from tracker.inspections.policy import Ended
from tracker.inspections.queries import SHOWN, visible
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.notices.models import Assignment, Item
from tracker.org.policy import Work
from tracker.registry.models import Subject
from tracker.registry.policy import GONE

MOST = 200
"""The count on the home page stops here."""


@dataclass(frozen=True)
class DueFilter:
    """What the list is narrowed to; None means everything."""

    unit_id: int | None = None
    step: int | None = None


def due_page(work: Work, wanted: DueFilter, after: str | None) -> Page[Due]:
    """Return one page of what is due, the longest closed first; four queries whatever its length."""
    query = _due(work, wanted).options(*SHOWN)
    page = fetch_page(work.session, query, (Finding.ended_at, Finding.id), after)
    return Page(_as_due(work, page.rows), page.next_key)


def due_count(work: Work, wanted: DueFilter | None = None, most: int = MOST) -> int:
    """Return how many are due, at most one more than `most`: the same work at any size."""
    query = _due(work, wanted or DueFilter()).with_only_columns(Finding.id).order_by(None).limit(most + 1)
    return work.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def first_due(work: Work, rows: int) -> list[Due]:
    """Return the first rows of the list, for the home page."""
    query = _due(work, DueFilter()).options(*SHOWN).order_by(Finding.ended_at, Finding.id).limit(rows)
    return _as_due(work, work.session.scalars(query))


def due_of(work: Work, finding_id: int, *, lock: bool = False) -> Due:
    """Return a closed problem whose look is due, perhaps with its row locked until the transaction ends.

    :raises Missing: it does not exist, or nothing about it is due now.
    """
    if lock:
        work.session.execute(select(Finding.id).where(Finding.id == finding_id).with_for_update())
    query = _due(work, DueFilter()).options(*SHOWN).where(Finding.id == finding_id)
    found = _as_due(work, work.session.scalars(query.execution_options(populate_existing=lock)))
    if not found:
        raise Missing(finding_id)
    return found[0]


def is_due(work: Work, finding: Finding) -> Due | None:
    """Return the look that is due at a closed problem; None when none is."""
    if finding.ended_how != Ended.RECTIFIED or finding.notice_ref is None:
        return None
    found = _as_due(work, work.session.scalars(_due(work, DueFilter()).where(Finding.id == finding.id)))
    return found[0] if found else None


def _due(work: Work, wanted: DueFilter) -> Select[Finding]:
    """Return the problems of notices that were rectified and closed, are still there, and whose look is due today."""
    each = [_in(window) for window in windows(work.today, terms(work.session)) if wanted.step in (None, window.step)]
    query = visible(work.actor).outerjoin(Subject, Subject.id == Finding.subject_id)
    query = query.where(Finding.ended_how == str(Ended.RECTIFIED), Finding.notice_ref.is_not(None), or_(*each))
    query = query.where(or_(Finding.subject_id.is_(None), Subject.state.not_in([str(state) for state in GONE])))
    return query if wanted.unit_id is None else query.where(Finding.unit_id == wanted.unit_id)


def _in(window: Window) -> ColumnElement[bool]:
    """Return the condition that a problem was closed in a window and was not looked at for its step since.

    One that came back is done with: its new finding goes on. One that could not be looked at stays due.
    """
    done = or_(
        Recheck.outcome == str(Outcome.RECURRED),
        and_(Recheck.outcome == str(Outcome.MENDED), Recheck.step >= window.step),
    )
    seen = exists().where(Recheck.finding_id == Finding.id, Recheck.at >= Finding.ended_at, done)
    return and_(Finding.ended_at >= window.since, Finding.ended_at < window.before, ~seen)


def _as_due(work: Work, rows: Iterable[Finding]) -> list[Due]:
    findings = list(rows)
    ids = [each.id for each in findings]
    items, last = items_of(work.session, findings), last_looks(work.session, ids)
    days = windows(work.today, terms(work.session))
    return [
        Due(each, items.get(each.id), window.step, window.days, _since(last.get(each.id), each))
        for each in findings
        for window in days
        if each.ended_at and window.since <= each.ended_at < window.before
    ]


def _since(look: Recheck | None, finding: Finding) -> Recheck | None:
    """Return a look unless it belongs to an earlier closing."""
    return look if look and finding.ended_at and look.at >= finding.ended_at else None


def items_of(session: Session, findings: Collection[Finding]) -> dict[int, Item]:
    """Return by finding the item of the notice that holds it, with its assignment and notice: one query."""
    held = {each.id: each.notice_ref for each in findings}
    query = select(Item).where(Item.finding_id.in_(held)).order_by(Item.id)
    query = query.options(joinedload(Item.assignment).joinedload(Assignment.notice), joinedload(Item.notice))
    return {
        item.finding_id: item
        for item in session.scalars(query)
        if item.finding_id is not None and held[item.finding_id] == item.notice_id
    }


def last_looks(session: Session, finding_ids: Collection[int]) -> dict[int, Recheck]:
    """Return the newest look at each of these problems."""
    newest = select(func.max(Recheck.id)).where(Recheck.finding_id.in_(finding_ids)).group_by(Recheck.finding_id)
    return {look.finding_id: look for look in session.scalars(select(Recheck).where(Recheck.id.in_(newest)))}


def looks_at(session: Session, finding_id: int) -> list[Recheck]:
    """Return every look at a problem, the oldest first."""
    query = select(Recheck).where(Recheck.finding_id == finding_id).options(joinedload(Recheck.new_finding))
    return list(session.scalars(query.order_by(Recheck.id)))


def origin_of(session: Session, finding_id: int) -> Recheck | None:
    """Return the look that found a problem back and entered it as this finding; None for any other finding."""
    query = select(Recheck).where(Recheck.new_finding_id == finding_id).order_by(Recheck.id).limit(1)
    return session.scalar(query)


def looks_page(work: Work, outcome: str | None, unit_id: int | None, after: str | None) -> Page[Recheck]:
    """Return one page of what was seen, the newest first, with findings and their units; one query at any length."""
    of = joinedload(Recheck.finding)
    query = select(Recheck).join(Recheck.finding)
    query = query.options(of.joinedload(Finding.unit), of.joinedload(Finding.subject), of.joinedload(Finding.indicator))
    query = query.where(Finding.id.in_(visible(work.actor).with_only_columns(Finding.id)))
    if outcome:
        query = query.where(Recheck.outcome == outcome)
    if unit_id is not None:
        query = query.where(Finding.unit_id == unit_id)
    return fetch_page(work.session, query, (Recheck.id,), after, newest_first=True)


def look_by_id(work: Work, recheck_id: int) -> Recheck:
    """Return one look, for who may read findings.

    :raises Missing: there is none.
    """
    seen = visible(work.actor).with_only_columns(Finding.id)
    query = select(Recheck).where(Recheck.id == recheck_id, Recheck.finding_id.in_(seen))
    found = work.session.scalar(query.options(joinedload(Recheck.evidence)))
    if found is None:
        raise Missing(recheck_id)
    return found
