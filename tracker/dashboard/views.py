"""The home page: one sentence, then one list per kind of work."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.almanac.queries import year_to_enter
from tracker.dashboard import queries
from tracker.dashboard.queries import MOST, Waiting
from tracker.documents.preflight import noted
from tracker.kit.clock import office_date
from tracker.kit.host import host
from tracker.kit.routes import SIGNED_IN, route
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch
from tracker.notices.policy import due_of
from tracker.notices.queries import spans
from tracker.org.policy import Permission, Work, can
from tracker.workdays.calendar import Calendar

bp = Blueprint("dashboard", __name__)
ALIVE = timedelta(minutes=5)
"""A worker that has not ticked for this long is said to stand still."""


@dataclass(frozen=True)
class Entry:
    """One row: what it is, one line below, where it stands, and the one next act."""

    what: str
    url: str
    line: str = ""
    standing: str = ""
    days: int = 0
    when: str = ""
    action: str = ""


@dataclass(frozen=True)
class Section:
    """One list of the page; `counts` makes it part of the first sentence."""

    title: str
    figure: str
    rows: list[Entry]
    url: str = ""
    late: bool = False
    phrase: str = ""
    count: int = 0
    extra: dict[str, Any] = field(default_factory=dict)


@route(bp, "/", permission=SIGNED_IN)
def home(work: Work) -> ResponseReturnValue:
    """Show what needs this person today."""
    sections = [section for section in _sections(work) if section.rows]
    todo = [section for section in sections if section.phrase]
    tick = queries.last_tick(work) if work.actor.is_office else None
    return render_template(
        "dashboard/home.html",
        sections=sections,
        total=sum(section.count for section in todo),
        many=any(section.count > MOST for section in todo),
        phrases=[section.phrase for section in todo],
        tick=tick,
        lacking=noted(host().settings.data) if work.actor.is_office else [],
        standing_still=work.actor.is_office and (tick is None or work.now - tick.at > ALIVE),
        now=work.now,
        minutes=int((work.now - tick.at).total_seconds() // 60) if tick else 0,
    )


def _sections(work: Work) -> list[Section]:
    mine: list[Section] = []
    if can(work.actor, Permission.NOTICE_SIGN):
        mine.append(
            _batches(_("To sign off"), queries.to_sign(work), _("Review and sign"), _("%(n)s batches to sign off"))
        )
    if can(work.actor, Permission.REPLY_REVIEW):
        mine.append(_to_review(work))
    if can(work.actor, Permission.CALENDAR_EDIT):
        mine.append(_calendar(work))
    if can(work.actor, Permission.NOTICE_DRAFT):
        mine += [
            _failed(work),
            _batches(_("My drafts"), queries.own_drafts(work), _("Go on"), _("%(n)s drafts to finish")),
            _findings(work),
        ]
    if can(work.actor, Permission.REPLY_WRITE):
        mine.append(_to_answer(work))
    if work.actor.is_office:
        mine += [_overdue(work), _unacknowledged(work), _latest(work)]
    if can(work.actor, Permission.REPLY_READ) and not work.actor.is_office:
        mine.append(_with_office(work))
    return mine


def _calendar(work: Work) -> Section:
    """Return the reminder that next year's list is missing, from December until it is in."""
    year = year_to_enter(work.today, calendar_of(work.session))
    row = Entry(
        what=_("The working calendar of %(year)s is not entered yet", year=year),
        url=url_for("almanac.enter_list", year=year),
        line=_("Deadlines in %(year)s are counted provisionally until the State Council's list is in.", year=year),
        action=_("Enter the list of %(year)s", year=year),
    )
    phrase = _("the calendar of %(year)s to enter", year=year)
    return Section(_("Working calendar"), "1", [row] if year else [], phrase=phrase, count=1 if year else 0)


def _batches(title: str, batches: list[Batch], action: str, phrase: str) -> Section:
    rows = [
        Entry(
            what=batch.title,
            url=url_for("notices.batch", batch_id=batch.id),
            line=_line(batch),
            when=batch.due_words,
            action=action,
        )
        for batch in batches
    ]
    return Section(title, str(len(batches)), rows, phrase=phrase % {"n": len(batches)}, count=len(batches))


def _line(batch: Batch) -> str:
    """Return why a batch was sent back, or for whom it is."""
    returned = next((n.reason for n in batch.notices if n.state is NoticeState.RETURNED), "")
    if returned:
        return str(_("Sent back: %(reason)s", reason=returned[:60]))
    names = "、".join(notice.unit.name for notice in batch.notices[:6])
    return str(_("%(n)s units: %(names)s", n=len(batch.notices), names=names))


def _next_act(row: Assignment) -> str:
    """Return the button of a unit's row."""
    if row.acknowledged_at is None:
        return str(_("Acknowledge"))
    return str(_("Reply again") if row.state is AssignmentState.RETURNED else _("Go on"))


def _rows(work: Work, found: list[Assignment], endpoint: str, action: str, *, unit: bool) -> list[Entry]:
    days = calendar_of(work.session)
    return [_entry(work, row, days, endpoint, action, unit=unit) for row in found]


def _entry(work: Work, row: Assignment, days: Calendar, endpoint: str, action: str, *, unit: bool) -> Entry:
    due = due_of(row, work.now, days)
    return Entry(
        what=f"{row.unit_name}　{row.notice.number}" if unit else row.notice.number or "",
        url=url_for(endpoint, token=row.token),
        line=row.notice.title,
        standing=str(due.standing),
        days=due.days,
        when=due.words,
        action=_next_act(row) if action and not unit else action,
    )


def _list(
    work: Work,
    waiting: Waiting,
    title: str,
    *,
    url: str,
    phrase: str = "",
    late: bool = False,
    endpoint: str = "replies.assignment",
    action: str = "",
    unit: bool = True,
) -> Section:
    rows = _rows(work, waiting.rows, endpoint, action, unit=unit)
    return Section(
        title, waiting.figure, rows, url, late, phrase % {"n": waiting.figure} if phrase else "", waiting.count
    )


def _to_review(work: Work) -> Section:
    found = queries.to_review(work)
    return _list(
        work,
        found,
        _("Replies to review"),
        url=url_for("replies.queue"),
        phrase=_("%(n)s replies to review"),
        endpoint="replies.review",
        action=_("Review"),
    )


def _to_answer(work: Work) -> Section:
    found = queries.to_answer(work)
    return _list(
        work,
        found,
        _("For us to answer"),
        url=url_for("replies.assignments"),
        phrase=_("%(n)s assignments to answer"),
        action=_("Go on"),
        unit=False,
    )


def _with_office(work: Work) -> Section:
    return _list(
        work, queries.with_office(work), _("With the office for review"), url=url_for("replies.assignments"), unit=False
    )


def _overdue(work: Work) -> Section:
    phrase = _("%(n)s overdue") if can(work.actor, Permission.NOTICE_DRAFT) else ""
    return _list(
        work, queries.overdue(work), _("Overdue"), url=url_for("replies.assignments"), phrase=phrase, late=True
    )


def _unacknowledged(work: Work) -> Section:
    return _list(
        work,
        queries.unacknowledged(work),
        _("Not acknowledged yet"),
        url=url_for("replies.assignments", state="issued"),
    )


def _findings(work: Work) -> Section:
    found = queries.findings_to_pick(work)
    rows = [
        Entry(
            what=f"{row.unit.name}　{row.subject.name if row.subject else ''}",
            url=url_for("inspections.finding", finding_id=row.id),
            line=row.description[:60],
            when=str(row.found_on),
        )
        for row in found.rows
    ]
    url = url_for("inspections.findings")
    return Section(
        _("Findings without a notice"),
        found.figure,
        rows,
        url,
        phrase=_("%(n)s findings to put on notices", n=found.figure),
        count=found.count,
    )


def _failed(work: Work) -> Section:
    papers = queries.failed_papers(work)
    rows = [
        Entry(
            what=_("Paper of notice %(id)s", id=paper.content.get("number") or paper.owner_id),
            url=url_for("notices.notice", notice_id=paper.owner_id),
            line=gettext(paper.trouble, **paper.trouble_params),
            when=str(office_date(paper.ordered_at)),
            action=_("Look at it"),
        )
        for paper in papers
    ]
    return Section(
        _("Papers that could not be printed"),
        str(len(rows)),
        rows,
        late=True,
        phrase=_("%(n)s papers not printed", n=len(rows)),
        count=len(rows),
    )


def _latest(work: Work) -> Section:
    batches = queries.latest_batches(work)
    told = spans(work.session, [batch.id for batch in batches])
    rows = [
        Entry(
            what=batch.title,
            url=url_for("notices.batch", batch_id=batch.id),
            line=" · ".join(each for each in (told[batch.id].numbers, batch.drafter.name) if each),
            when=batch.due_words,
        )
        for batch in batches
    ]
    return Section(_("Latest batches"), str(len(rows)), rows, url_for("notices.batches"))
