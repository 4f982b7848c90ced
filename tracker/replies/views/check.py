"""Check your answers, submit, and the receipt."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token
from tracker.org.policy import Permission, Work
from tracker.replies.models import Reply
from tracker.replies.operations.submission import Incomplete, fingerprint, submit
from tracker.replies.paper import says_the_same
from tracker.replies.policy import gaps
from tracker.replies.queries import newest_round, own_assignment, submitted_round
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import content_of, file_pages
from tracker.replies.views.sheet import sheet_of
from tracker.workdays.calendar import Calendar


@route(bp, "/assignments/<token>/check", permission=Permission.REPLY_WRITE)
def check(work: Work, token: str) -> ResponseReturnValue:
    """Show everything that will be submitted, and what is still missing; once submitted, the receipt."""
    found = own_assignment(work, token)
    reply = newest_round(work, found)
    if reply is None:
        return redirect(url_for("replies.assignment", token=token))
    if reply.submitted_at is not None:
        return redirect(url_for("replies.receipt", token=token, number=reply.round))
    return _page(work, found, reply)


def _page(work: Work, assignment: Assignment, reply: Reply) -> str:
    paper = sheet_of(work, reply)
    return render_template(
        "replies/check.html",
        assignment=assignment,
        reply=reply,
        gaps=gaps(reply, work.today),
        seen=fingerprint(reply),
        outdated=paper is not None and not says_the_same(paper.content, content_of(work, reply)),
        pages=file_pages(assignment, reply.scan) if reply.scan else [],
        due=due_of(assignment, work.now, Calendar()),
    )


@route(bp, "/assignments/<token>/check", permission=Permission.REPLY_WRITE, methods=("POST",))
def submit_reply(work: Work, token: str) -> ResponseReturnValue:
    """Submit the reply; refused with sentences while anything is missing."""
    found = own_assignment(work, token, lock=True)
    try:
        reply = submit(work, found, seen=request.form.get("seen", ""))
    except Incomplete:
        reply = newest_round(work, found) or Reply()
        return _page(work, found, reply), 422
    said = _("Submitted. Your receipt number is %(receipt)s; the result of the review will come to your inbox.")
    flash(said % {"receipt": reply.receipt}, "success")
    return redirect(url_for("replies.receipt", token=token, number=reply.round))


@route(bp, "/assignments/<token>/receipt/<int:number>", permission=Permission.REPLY_READ)
def receipt(work: Work, token: str, number: int) -> ResponseReturnValue:
    """Show a submitted round: receipt number, time, hashes, content, and its verdict when there is one."""
    found = assignment_by_token(work, token)
    reply = submitted_round(work, found, number)
    return render_template(
        "replies/receipt.html",
        assignment=found,
        reply=reply,
        pages=file_pages(found, reply.scan) if reply.scan else [],
        due=due_of(found, work.now, Calendar()),
    )
