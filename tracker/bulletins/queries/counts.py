"""Counts of the other streams: notices, error reports, change requests, publications, lines of work."""

from datetime import date, datetime, time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Work
from tracker.bulletins.policy.period import Period
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth, WorkLine
from tracker.kit.clock import OFFICE
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Notice, NoticeKind


def streams(session: Session, period: Period, until: date) -> dict[str, int]:
    """Return what came in within the period up to a day, and what was published in its months."""
    got = session.execute(
        _reports(period, until).with_only_columns(
            func.count(),
            func.count().filter(ErrorReport.truth == Truth.TRUE),
            func.count().filter(ErrorReport.closed_on <= until),
        )
    ).one()
    done = session.scalar(
        select(func.count()).select_from(ChangeRequest).where(ChangeRequest.done_on.between(period.starts_on, until))
    )
    sums = session.execute(
        select(func.sum(Publication.texts), func.sum(Publication.pictures), func.sum(Publication.videos)).where(
            Publication.period.in_(period.months)
        )
    ).one()
    texts, pictures, videos = (value or 0 for value in sums)
    return {
        "reports.received": got[0],
        "reports.true": got[1],
        "reports.closed": got[2],
        "changes.done": done or 0,
        "published.total": texts + pictures + videos,
        "published.texts": texts,
        "published.pictures": pictures,
        "published.videos": videos,
    }


def _reports(period: Period, until: date) -> Select[ErrorReport]:
    return select(ErrorReport).where(ErrorReport.received_on.between(period.starts_on, until))


def notices(session: Session, period: Period, end: datetime) -> dict[str, int]:
    """Return how many rectification notices were issued in the period up to a moment, and how many are closed then.

    A voided one counts nowhere: its number stays visible, but nothing was asked of anybody.
    """
    start = datetime.combine(period.starts_on, time.min, OFFICE)
    sent, done = session.execute(
        select(
            func.count(),
            func.count().filter(Notice.state == NoticeState.CLOSED, Notice.ended_at <= end),
        ).where(
            Notice.kind == NoticeKind.RECTIFICATION,
            Notice.issued_at.between(start, end),
            Notice.state.in_([NoticeState.ISSUED, NoticeState.CLOSED]),
        )
    ).one()
    return {"notices.sent": sent, "notices.done": done}


def forwarder(session: Session, period: Period, until: date) -> str:
    """Return who forwarded the period's error reports; "" when several did, or nobody."""
    found = set(session.scalars(_reports(period, until).with_only_columns(ErrorReport.source).distinct()))
    return found.pop() if len(found) == 1 else ""


def publisher(session: Session, period: Period) -> str:
    """Return whose publications were counted: the source's name, or the sources joined."""
    query = select(Publication.source).where(Publication.period.in_(period.months)).distinct()
    return "、".join(sorted(session.scalars(query)))


def works(session: Session, period: Period) -> list[Work]:
    """Return the lines of work entered for the period, in the order of their entry."""
    query = select(WorkLine).where(WorkLine.period.in_(period.months)).order_by(WorkLine.id)
    return [Work(f"work-{row.id}", row.heading, row.text) for row in session.scalars(query)]
