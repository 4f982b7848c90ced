"""The problems that a bulletin tells of, as rows: what its total counts."""

from datetime import date

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.problems import told_of
from tracker.inspections.models import Finding
from tracker.kit.paging import Page, fetch_page
from tracker.org.policy import Identity, Permission, can


def told_page(
    session: Session, identity: Identity, period: Period, until: date, after: str | None
) -> tuple[Page[Finding], int]:
    """Return one page of the findings that the bulletin of a period counts, and how many there are; two statements."""
    query = select(Finding).join(Finding.inspection).join(Finding.indicator).where(told_of(period, until))
    if not can(identity, Permission.BULLETIN_READ):
        query = query.where(false())
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    loaded = (contains_eager(Finding.indicator), joinedload(Finding.unit), joinedload(Finding.subject))
    return fetch_page(session, query.options(*loaded), (Finding.id,), after), total
