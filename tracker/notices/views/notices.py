"""All notices as a list, and one notice with its paper, its unit's answer and its timeline."""

from datetime import date, datetime, time

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.audit.policy import as_line
from tracker.audit.queries import timeline
from tracker.documents.models import Paper
from tracker.kit.clock import OFFICE
from tracker.kit.errors import Missing
from tracker.kit.paging import fetch_page
from tracker.kit.plain_text import sought
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.lifecycle import NOTICE, NOTICE_NAMES, NoticeState
from tracker.notices.models import About, Assignment, Correction, Item, Notice, NoticeKind
from tracker.notices.policy import IN_FORCE, KINDS, due_of
from tracker.notices.queries import corrections_of
from tracker.notices.views.blueprint import bp
from tracker.notices.views.showing import calendar, shown_official
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can
from tracker.org.queries import units

VALID = "valid"
"""In the address: issued or closed, whichever; a voided notice asked nothing of anybody."""


@route(bp, "/notices", permission=Permission.NOTICE_READ)
def notices(work: Work) -> ResponseReturnValue:
    """List notices, newest first; the filters stand in the address."""
    page = fetch_page(work.session, _wanted(), (Notice.id,), request.args.get("after"), 50, newest_first=True)
    days = calendar()
    dues = {a.id: due_of(a, work.now, days) for notice in page.rows for a in notice.assignments}
    return render_template(
        "notices/notices.html",
        page=page,
        dues=dues,
        units=list(work.session.scalars(units())),
        states={str(state): name for state, name in NOTICE_NAMES.items()} | {VALID: N_("Issued, not voided")},
        kinds=KINDS,
        ended=_day("ended"),
    )


def _wanted() -> Select[Notice]:
    query = select(Notice).join(Notice.unit).options(contains_eager(Notice.unit), selectinload(Notice.assignments))
    state, kind, unit, text = (
        request.args.get("state", ""),
        request.args.get("kind", ""),
        request.args.get("unit", ""),
        sought(request.args.get("q", "")),
    )
    if state in NOTICE.states.__members__.values():
        query = query.where(Notice.state == NoticeState(state))
    elif state == VALID:
        query = query.where(Notice.state.in_(IN_FORCE))
    query = _dated(query)
    if kind in set(NoticeKind):
        query = query.where(Notice.kind == NoticeKind(kind))
    if unit.isdecimal() and len(unit) < 10:
        query = query.where(Notice.unit_id == int(unit))
    if text:
        query = query.where(
            Notice.number.contains(text, autoescape=True)
            | Unit.name.contains(text, autoescape=True)
            | Notice.title.contains(text, autoescape=True)
        )
    return query


def _dated(query: Select[Notice]) -> Select[Notice]:
    """Narrow to issue days and to what had ended by a day; office days, both ends included."""
    first, last, ended = (_day(name) for name in ("from", "until", "ended"))
    if first:
        query = query.where(Notice.issued_at >= datetime.combine(first, time.min, OFFICE))
    if last:
        query = query.where(Notice.issued_at <= datetime.combine(last, time.max, OFFICE))
    if ended:
        query = query.where(Notice.ended_at <= datetime.combine(ended, time.max, OFFICE))
    return query


def _day(name: str) -> date | None:
    """Return a day of the address, None for what is none."""
    try:
        found = date.fromisoformat(request.args.get(name, "")[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2099 else None


@route(bp, "/notices/<int:notice_id>", permission=Permission.NOTICE_READ)
def notice(work: Work, notice_id: int) -> ResponseReturnValue:
    """Show one notice."""
    found = work.session.scalar(_whole(notice_id))
    if found is None:
        raise Missing
    row = found.assignments[0] if found.assignments else None
    days = calendar()
    cases = [f"batch:{found.batch_id}", *(f"assignment:{a.id}" for a in found.assignments)]
    events = [e for e in timeline(work.session, *cases) if e.subject_type != "notice" or e.subject_id == found.id]
    return render_template(
        "notices/notice.html",
        notice=found,
        assignment=row,
        due=due_of(row, work.now, days) if row else None,
        shown=shown_official(work, found) if found.number else None,
        events=[as_line(event, gettext) for event in reversed(events)],
        available={t.name for t in NOTICE.available(found.state, lambda p: can(work.actor, p, found.batch))},
        pages=_pages(found, shown_official(work, found).paper),
        corrected_by=corrections_of(work.session, found),
        may_correct=found.state in IN_FORCE and can(work.actor, Permission.NOTICE_DRAFT),
    )


def _whole(notice_id: int) -> Select[Notice]:
    return (
        select(Notice)
        .options(joinedload(Notice.unit), joinedload(Notice.batch), selectinload(Notice.items).joinedload(Item.finding))
        .options(selectinload(Notice.assignments).selectinload(Assignment.items))
        .options(selectinload(Notice.about).joinedload(About.assignment).joinedload(Assignment.notice))
        .options(joinedload(Notice.correction).joinedload(Correction.corrected))
        .where(Notice.id == notice_id)
    )


def _pages(notice: Notice, paper: Paper | None) -> list[str]:
    if paper is None or paper.state != "ready":
        return []
    return [
        url_for("notices.office_page", notice_id=notice.id, purpose="official", page=n + 1)
        for n in range(paper.pages or 0)
    ]
