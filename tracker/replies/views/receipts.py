"""The receipt of a submitted round: the page, and the same as a PDF."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.almanac.queries import calendar as calendar_of
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import newest
from tracker.files.models import StoredFile
from tracker.files.send import send_stored
from tracker.kit.errors import Missing
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token
from tracker.org.policy import Permission, Work
from tracker.replies.models import Reply
from tracker.replies.operations.sheet import OWNER, RECEIPT, order_receipt
from tracker.replies.paper import receipt_content
from tracker.replies.policy import round_changes
from tracker.replies.queries import submitted_round
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import earlier_round, scan_shown

PAUSE = "2"
"""Seconds until the page asks again whether the PDF is ready."""
UNDER_WAY = (PaperState.WAITING, PaperState.CLAIMED)


def order_its_receipt(work: Work, reply: Reply) -> Paper:
    """Order the receipt of a round that was just submitted."""
    return order_receipt(work, reply, receipt_content(reply, issuer=host().settings.office_name))


@route(bp, "/assignments/<token>/receipt/<int:number>", permission=Permission.REPLY_READ)
def receipt(work: Work, token: str, number: int) -> ResponseReturnValue:
    """Show a submitted round: receipt number, time, hashes, content, and its verdict when there is one."""
    found = assignment_by_token(work, token)
    reply = submitted_round(work, found, number)
    paper, before = _paper(work, reply), earlier_round(work, found, reply)
    html = render_template(
        "replies/receipt.html",
        assignment=found,
        reply=reply,
        paper=paper,
        making=paper is not None and paper.state in UNDER_WAY,
        before=before,
        changes=round_changes(reply, before),
        **scan_shown(work, found, reply),
        due=due_of(found, work.now, calendar_of(work.session)),
    )
    return _looking_again(html, paper)


def _looking_again(html: str, paper: Paper | None) -> Response:
    answer = make_response(html)
    if paper is not None and paper.state in UNDER_WAY:
        answer.headers["Refresh"] = PAUSE
    return answer


def _paper(work: Work, reply: Reply) -> Paper | None:
    return newest(work.session, OWNER, reply.id, RECEIPT)


@route(bp, "/assignments/<token>/receipt/<int:number>", permission=Permission.REPLY_READ, methods=("POST",))
def make_receipt(work: Work, token: str, number: int) -> ResponseReturnValue:
    """Order the PDF of a receipt that has none, or whose printing failed."""
    reply = submitted_round(work, assignment_by_token(work, token), number)
    order_its_receipt(work, reply)
    return redirect(url_for("replies.receipt", token=token, number=number))


@route(bp, "/assignments/<token>/receipt/<int:number>.pdf", permission=Permission.REPLY_READ)
def receipt_pdf(work: Work, token: str, number: int) -> ResponseReturnValue:
    """Send the receipt as a PDF."""
    found = assignment_by_token(work, token)
    return send_stored(_printed(work, found, submitted_round(work, found, number)))


def _printed(work: Work, assignment: Assignment, reply: Reply) -> StoredFile:
    """Return the receipt's bytes as a file to send (no row: the paper's own row is the record).

    :raises Missing: it is not ready.
    """
    paper = _paper(work, reply)
    if paper is None or paper.sha256 is None:
        raise Missing(f"receipt of round {reply.round} of {assignment.token}")
    name = f"报送回执-{reply.receipt}.pdf"
    return StoredFile(sha256=paper.sha256, size=paper.size or 0, kind="pdf", name=name, pages=paper.pages or 0)
