"""The reply sheet: ordered, rendered by the worker, printed, signed and sealed by the unit."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import newest
from tracker.files.models import StoredFile
from tracker.files.send import send_preview, send_stored
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.org.policy import Permission, Work
from tracker.replies.models import Reply
from tracker.replies.operations.sheet import OWNER, PURPOSE, order_sheet
from tracker.replies.paper import says_the_same
from tracker.replies.policy import gaps
from tracker.replies.queries import draft, own_assignment
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import content_of

PAUSE = "2"
"""Seconds until the page asks again whether the sheet is ready."""


def sheet_of(work: Work, reply: Reply) -> Paper | None:
    """Return the newest sheet ordered for a round."""
    return newest(work.session, OWNER, reply.id, PURPOSE)


@route(bp, "/assignments/<token>/sheet", permission=Permission.REPLY_WRITE)
def sheet(work: Work, token: str) -> ResponseReturnValue:
    """Show the sheet, or that it is being made; the page asks again by itself until it is ready."""
    found = own_assignment(work, token)
    return _page(work, found, draft(work, found))


def _page(work: Work, assignment: Assignment, reply: Reply, status: int = 200) -> Response:
    paper = sheet_of(work, reply)
    missing = [gap for gap in gaps(reply, work.today) if gap.sequence is not None]
    making = paper is not None and paper.state in (PaperState.WAITING, PaperState.CLAIMED)
    ready = paper is not None and paper.state == PaperState.READY
    html = render_template(
        "replies/sheet.html",
        assignment=assignment,
        reply=reply,
        paper=paper,
        making=making,
        ready=ready,
        outdated=ready and paper is not None and not says_the_same(paper.content, content_of(work, reply)),
        missing=missing,
        pages=_pages(assignment, paper) if ready and paper else [],
    )
    answer = make_response(html, status)
    if making:
        answer.headers["Refresh"] = PAUSE
    return answer


def _pages(assignment: Assignment, paper: Paper) -> list[dict[str, str]]:
    count = paper.pages or 0
    return [
        {
            "url": url_for("replies.sheet_page", token=assignment.token, paper_id=paper.id, n=n),
            "alt": _("Reply sheet, page %(n)s of %(all)s", n=n, all=count),
        }
        for n in range(1, count + 1)
    ]


@route(bp, "/assignments/<token>/sheet", permission=Permission.REPLY_WRITE, methods=("POST",))
def order_reply_sheet(work: Work, token: str) -> ResponseReturnValue:
    """Order the sheet; refused while an item is incomplete, since an incomplete sheet would be signed in vain."""
    found = own_assignment(work, token)
    reply = draft(work, found)
    if any(gap.sequence is not None for gap in gaps(reply, work.today)):
        return _page(work, found, reply, 422)
    order_sheet(work, reply, content_of(work, reply))
    return redirect(url_for("replies.sheet", token=token))


@route(bp, "/assignments/<token>/sheet/<int:paper_id>.pdf", permission=Permission.REPLY_WRITE)
def sheet_pdf(work: Work, token: str, paper_id: int) -> ResponseReturnValue:
    """Send the sheet for printing."""
    found = own_assignment(work, token)
    return send_stored(_printed(work, found, paper_id))


@route(bp, "/assignments/<token>/sheet/<int:paper_id>/pages/<int:n>", permission=Permission.REPLY_WRITE)
def sheet_page(work: Work, token: str, paper_id: int, n: int) -> ResponseReturnValue:
    """Send the picture of one page of the sheet."""
    found = own_assignment(work, token)
    return send_preview(_printed(work, found, paper_id), n)


def _printed(work: Work, assignment: Assignment, paper_id: int) -> StoredFile:
    """Return the sheet's bytes as a file to send (no row: the paper's own row is the record).

    :raises Missing: it is not this unit's newest sheet, or not ready.
    """
    paper = sheet_of(work, draft(work, assignment))
    if paper is None or paper.id != paper_id or paper.sha256 is None:
        raise Missing(f"paper {paper_id}")
    name = f"整改情况报告-{assignment.notice.number or assignment.token}.pdf"
    return StoredFile(sha256=paper.sha256, size=paper.size or 0, kind="pdf", name=name, pages=paper.pages or 0)
