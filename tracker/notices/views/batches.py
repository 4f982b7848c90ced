"""Batches: the list, and one batch as draft, as paper to sign, or as the matrix of its units."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.host import host
from tracker.kit.numbering import Counter
from tracker.kit.paging import fetch_page
from tracker.kit.routes import route
from tracker.notices.lifecycle import ANSWERED, ASSIGNMENT_NAMES, NOTICE, NOTICE_NAMES, AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.notices.operations import drafts
from tracker.notices.operations.issue import seen_digest
from tracker.notices.paper import series_of
from tracker.notices.policy import IN_FORCE, KINDS, Due, due_of
from tracker.notices.queries import (
    Stage,
    asked_by_day,
    batch_by_id,
    batch_progress,
    ordered,
    progress,
    spans,
    stage,
    stages,
    visible_batches,
)
from tracker.notices.views.approval import approval_of
from tracker.notices.views.asking import asking_words
from tracker.notices.views.blueprint import bp
from tracker.notices.views.showing import calendar, draft_contents, previews, shown_draft
from tracker.org.policy import Permission, Work, can
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import workdays_left

BATCHES = 20
"""Per page; each row sums up as many notices as its batch has."""


@route(bp, "/batches", permission=Permission.NOTICE_READ)
def batches(work: Work) -> ResponseReturnValue:
    """List the batches, newest first."""
    query = visible_batches(work.actor)
    page = fetch_page(work.session, query, (Batch.id,), request.args.get("after"), BATCHES, newest_first=True)
    ids = [batch.id for batch in page.rows]
    return render_template(
        "notices/batches.html",
        page=page,
        spans=spans(work.session, ids),
        stages=stages(work.session, ids),
        progress=progress(work.session, ids),
    )


@route(bp, "/batches/<int:batch_id>", permission=Permission.NOTICE_READ)
def batch(work: Work, batch_id: int) -> ResponseReturnValue:
    """Show a batch as it now needs to be seen."""
    found = batch_progress(work, batch_id)
    where = stage(found)
    if any(notice.assignments for notice in found.notices):
        return _matrix(work, found, where)
    if any(notice.number for notice in found.notices):
        return _letters(work, batch_by_id(work, batch_id), where)
    work.session.expire(found)  # its papers need the items' findings as well
    return _papers(work, batch_by_id(work, batch_id), where)


def _papers(work: Work, batch: Batch, where: Stage) -> ResponseReturnValue:
    contents = draft_contents(work, batch)
    notices = ordered(batch)
    wanted = request.args.get("notice", type=int)
    chosen = next((notice for notice in notices if notice.id == wanted), notices[0])
    shown = shown_draft(work, chosen, contents.get(chosen.id, {}))
    may_sign = can(work.actor, Permission.NOTICE_SIGN, batch)
    html = render_template(
        "notices/papers.html",
        batch=batch,
        notices=notices,
        stage=where,
        shown=shown,
        unfit=any(paper.faults for paper in previews(work, list(contents))),
        check=drafts.check(work, batch, calendar()),
        seen=seen_digest(contents),
        numbers=_numbers_to_come(work, batch.kind, len(contents)),
        makes=KINDS[batch.kind],
        waiting=len(contents),
        asked=_asked(work, batch, chosen),
        approval=approval_of(work, batch),
        available={t.name for t in NOTICE.available(where.state, lambda p: can(work.actor, p, batch))},
        own_draft=can(work.actor, Permission.NOTICE_SIGN) and not may_sign,
    )
    waiting = shown.current and not shown.ready and shown.paper is not None and shown.paper.state != "failed"
    return html, 200, {"Refresh": "3"} if waiting else {}


def _asked(work: Work, batch: Batch, notice: Notice) -> str:
    """Return whom a bulletin asks; a paper to one unit says it by its address."""
    if batch.kind is not NoticeKind.BULLETIN:
        return ""
    return asking_words(asked_by_day(work.session, [notice.id])[notice.id], batch.due_words, work.today)


def _numbers_to_come(work: Work, kind: NoticeKind, count: int) -> str:
    series = series_of(kind, host().settings)
    counter = work.session.get(Counter, (series, work.today.year))
    first = (counter.last if counter else 0) + 1
    span = str(first) if count == 1 else f"{first}–{first + count - 1}"
    return f"{series}〔{work.today.year}〕{span}号"


def _letters(work: Work, batch: Batch, where: Stage) -> ResponseReturnValue:
    notices = ordered(batch)
    printing = sum(notice.paper_sha256 is None and notice.state in IN_FORCE for notice in notices)
    approval = approval_of(work, batch)
    html = render_template(
        "notices/letters.html", batch=batch, stage=where, notices=notices, printing=printing, approval=approval
    )
    return html, 200, {"Refresh": "3"} if printing or approval.printing else {}


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix: a shape's state and its words."""

    state: str
    words: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One unit's row."""

    name: str
    url: str
    value: int
    cells: list[Cell]


def _matrix(work: Work, batch: Batch, where: Stage) -> ResponseReturnValue:
    days = calendar()
    notices = ordered(batch)
    rows = [row for notice in notices for row in _rows(work, notice, days)]
    assignments = [a for notice in notices for a in notice.assignments]
    live = [a for a in assignments if a.state is not AssignmentState.VOIDED]
    figures = {
        "units": len(live),
        "answered": sum(a.state in ANSWERED for a in live),
        "overdue": sum(due_of(a, work.now, days).overdue for a in live),
        "closed": sum(a.state is AssignmentState.CLOSED for a in live),
        "printing": sum(notice.paper_sha256 is None and notice.state is not NoticeState.VOIDED for notice in notices),
    }
    approval = approval_of(work, batch)
    html = render_template(
        "notices/matrix.html",
        batch=batch,
        stage=where,
        rows=rows,
        figures=figures,
        left=workdays_left(drafts.deadline_of(batch), work.now, days) if batch.due_on else None,
        notices=notices,
        approval=approval,
    )
    return html, 200, {"Refresh": "3"} if figures["printing"] or approval.printing else {}


def _rows(work: Work, notice: Notice, days: Calendar) -> list[Row]:
    """Return a notice's row; of a bulletin a row for each unit and day that it asks."""
    if notice.kind is not NoticeKind.BULLETIN or not notice.assignments:
        return [_row(work, notice, days)]
    own = sorted(notice.assignments, key=lambda row: (row.unit.rank, row.unit_id, row.part))
    return [
        Row(
            f"{row.unit_name} {row.due_words}",
            url_for("replies.assignment", token=row.token),
            notice.id,
            _cells(work, row, days),
        )
        for row in own
    ]


def _row(work: Work, notice: Notice, days: Calendar) -> Row:
    url = url_for("notices.notice", notice_id=notice.id)
    if not notice.assignments:
        return Row(
            notice.unit.name,
            url,
            notice.id,
            [Cell(notice.state, _(NOTICE_NAMES[notice.state]))] + [Cell("none", "")] * 4,
        )
    row = notice.assignments[0]
    return Row(f"{notice.unit.name} {notice.sequence}号", url, notice.id, _cells(work, row, days))


def _cells(work: Work, row: Assignment, days: Calendar) -> list[Cell]:
    if row.state is AssignmentState.VOIDED:
        return [Cell("voided", _("Voided"))] * 5
    due = due_of(row, work.now, days)
    received = Cell("accepted", _("Acknowledged")) if row.acknowledged_at else Cell("issued", _("Not acknowledged"))
    reviewed = Cell("none", _("Not reviewed yet"))
    if row.state in REVIEWED:
        reviewed = Cell(row.state, _(ASSIGNMENT_NAMES[row.state]))
    closed = Cell("none", _("Not closed"))
    if row.state is AssignmentState.CLOSED:
        closed = Cell("closed", _("Closed"))
    return [received, _settled(row), _sent(row, due), reviewed, closed]


def _settled(row: Assignment) -> Cell:
    done = sum(item.rectified_as is not None for item in row.items)
    shape = "acknowledged" if row.acknowledged_at else "none"
    words = _("%(done)s of %(all)s items settled", done=done, all=len(row.items))
    return Cell("accepted" if done == len(row.items) else shape, words)


def _sent(row: Assignment, due: Due) -> Cell:
    if row.state in ANSWERED:
        return Cell("submitted", _("Submitted"))
    if due.overdue:
        return Cell("overdue", _("Overdue by %(days)s working days", days=due.days))
    return Cell("none", _("Not submitted yet"))


REVIEWED = (AssignmentState.RETURNED, AssignmentState.ACCEPTED, AssignmentState.CLOSED, AssignmentState.REOPENED)
