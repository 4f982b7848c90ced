"""What a clerk should know of the past when a notice is drafted; advice, never a bar."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.escalation.policy import Month
from tracker.escalation.queries.terms import terms
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.kit.clock import office_date
from tracker.kit.words import N_
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice, NoticeKind
from tracker.notices.policy import Remark, on_draft
from tracker.org.policy import Work

SAME = N_(
    "%(unit)s answered the same problem (%(problem)s) on %(day)s and it was closed (%(number)s). Send it all the same?"
)
SAME_KIND = N_(
    "%(unit)s answered a problem of the same kind (%(problem)s) on %(day)s and it was closed (%(number)s). Send it all"
    " the same?"
)
OVER = N_(
    "%(unit)s was sent %(sent)s notices this month already; with this one %(total)s, the office's line is %(most)s."
)
DRAFTS = (NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW, NoticeState.SIGNED_OFF)
MOST_SHOWN = 20
"""Remarks of one sort on a draft's page."""


@on_draft
def answered_before(work: Work, batch: Batch) -> list[Remark]:
    """Say which problems of a draft were answered and closed lately: of the same subject, or of the same unit."""
    asked = _asked(batch)
    if not asked:
        return []
    since = work.now - timedelta(days=terms(work.session).again_days)
    known = _closed(work.session, asked, since)
    found: dict[tuple[int, int], Remark] = {}
    for notice, finding in asked:
        about = [row for row in known if row.indicator_id == finding.indicator_id and _alike(row, notice, finding)]
        row = min(about, key=lambda row: row.subject_id != finding.subject_id, default=None)  # the first of the best
        if row is not None:
            same = finding.subject_id is not None and row.subject_id == finding.subject_id
            told = {"unit": notice.unit.name, "problem": row.problem, "day": _words(office_date(row.submitted_at))}
            remark = Remark(SAME if same else SAME_KIND, told | {"number": row.number}, f"/assignments/{row.token}")
            found.setdefault((notice.id, finding.indicator_id), remark)
    return list(found.values())[:MOST_SHOWN]


def _alike(row: Any, notice: Notice, finding: Finding) -> bool:
    return row.unit_id == notice.unit_id or (finding.subject_id is not None and row.subject_id == finding.subject_id)


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _asked(batch: Batch) -> list[tuple[Notice, Finding]]:
    notices = [notice for notice in batch.notices if notice.state in DRAFTS]
    return [(notice, item.finding) for notice in notices for item in notice.items if item.finding]


def _closed(session: Session, asked: Iterable[tuple[Notice, Finding]], since: datetime) -> list[Any]:
    """Return what was closed since about these units or subjects and indicators, newest first.

    One row per unit, subject and indicator, the newest: however long the ledger, a page reads no more.
    """
    units = {notice.unit_id for notice, _finding in asked}
    subjects = {finding.subject_id for _notice, finding in asked if finding.subject_id is not None}
    indicators = {finding.indicator_id for _notice, finding in asked}
    newest = select(func.max(Item.id)).join(Assignment, Item.assignment_id == Assignment.id)
    newest = newest.join(Finding, Finding.id == Item.finding_id)
    newest = newest.where(Assignment.state == AssignmentState.CLOSED, Assignment.closed_at >= since)
    newest = newest.where(Finding.indicator_id.in_(indicators))
    newest = newest.where(or_(Finding.unit_id.in_(units), Finding.subject_id.in_(subjects)))
    newest = newest.group_by(Finding.unit_id, Finding.subject_id, Finding.indicator_id)
    told = (Assignment.token, Assignment.submitted_at, Notice.number, Indicator.title.label("problem"))
    query = select(*told, Finding.unit_id, Finding.subject_id, Finding.indicator_id)
    query = query.join(Item, Item.assignment_id == Assignment.id).join(Finding, Finding.id == Item.finding_id)
    query = query.join(Notice, Notice.id == Assignment.notice_id)
    query = query.join(Indicator, Indicator.id == Finding.indicator_id).where(Item.id.in_(newest))
    return list(session.execute(query.order_by(Assignment.closed_at.desc(), Assignment.id.desc())))


@on_draft
def over_the_line(work: Work, batch: Batch) -> list[Remark]:
    """Say to which units a draft would bring more notices this month than the office set itself."""
    drafted = Counter(notice.unit_id for notice in batch.notices if notice.state in DRAFTS)
    most = terms(work.session).monthly_notices
    if batch.kind is not NoticeKind.RECTIFICATION or not most or not drafted:
        return []
    start, end = Month.of(work.today).span
    sent = select(Assignment.unit_id, func.count()).where(Assignment.unit_id.in_(drafted))
    sent = sent.where(Assignment.issued_at >= start, Assignment.issued_at < end)
    sent = sent.where(Assignment.state != AssignmentState.VOIDED).group_by(Assignment.unit_id)
    counts: dict[int, int] = dict(work.session.execute(sent).all())
    units = {notice.unit_id: notice.unit for notice in batch.notices}
    found = []
    for unit in sorted((units[id_] for id_ in drafted), key=lambda each: (each.rank, each.id)):
        total = counts.get(unit.id, 0) + drafted[unit.id]
        if total > most:
            told = {"unit": unit.name, "sent": counts.get(unit.id, 0), "total": total, "most": most}
            found.append(Remark(OVER, told, f"/burden?month={Month.of(work.today).code}"))
    return found[:MOST_SHOWN]
