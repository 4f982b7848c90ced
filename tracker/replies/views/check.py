"""Check your answers, and submit."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.org.policy import Permission, Work
from tracker.replies.models import Reply
from tracker.replies.operations.filing import scan_gaps
from tracker.replies.operations.submission import Incomplete, fingerprint, submit
from tracker.replies.paper import says_the_same
from tracker.replies.policy import gaps, text_hints
from tracker.replies.queries import newest_round, own_assignment
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import content_of, earlier_round, scan_shown
from tracker.replies.views.receipts import order_its_receipt
from tracker.replies.views.sheet import sheet_of


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
        hints=text_hints(reply, earlier_round(work, assignment, reply)),
        gaps=gaps(reply, work.today) + scan_gaps(work, assignment, reply),
        seen=fingerprint(reply),
        outdated=paper is not None and not says_the_same(paper.content, content_of(work, reply)),
        **scan_shown(work, assignment, reply),
        due=due_of(assignment, work.now, calendar_of(work.session)),
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
    order_its_receipt(work, reply)
    said = _("Submitted. Your receipt number is %(receipt)s; the result of the review will come to your inbox.")
    flash(said % {"receipt": reply.receipt}, "success")
    return redirect(url_for("replies.receipt", token=token, number=reply.round))
