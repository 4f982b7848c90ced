"""Bulletins as all units see them: issued, printed, not voided."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, joinedload

from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.notices.models import Assignment, Notice, NoticeKind
from tracker.notices.policy import IN_FORCE
from tracker.org.policy import Identity, Permission, Work, can


def visible_issued(identity: Identity) -> Select[Notice]:
    """Return the bulletins that went to all: everybody with assignments to read sees them, and nobody a draft."""
    printed = (Notice.kind == NoticeKind.BULLETIN, Notice.state.in_(IN_FORCE), Notice.paper_sha256.is_not(None))
    query = select(Notice).options(joinedload(Notice.batch)).where(*printed)
    return query if can(identity, Permission.ASSIGNMENT_READ) else query.where(false())


def issued_page(session: Session, identity: Identity, after: str | None) -> Page[Notice]:
    """Return one page of them, newest first; one statement."""
    return fetch_page(session, visible_issued(identity), (Notice.id,), after, newest_first=True)


def issued_by_id(work: Work, notice_id: int) -> Notice:
    """Return one of them.

    :raises Missing: absent, a draft, or voided.
    """
    found = work.session.scalar(visible_issued(work.actor).where(Notice.id == notice_id))
    if found is None:
        raise Missing(notice_id)
    return found


def own_parts(work: Work, notice_id: int) -> list[Assignment]:
    """Return what a bulletin asks of the reader's own unit, by the day it is due."""
    query = select(Assignment).where(Assignment.notice_id == notice_id, Assignment.unit_id == work.actor.unit_id)
    return list(work.session.scalars(query.where(Assignment.delivered_at.is_not(None)).order_by(Assignment.part)))
