"""The reviewer's queue and desk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid, Missing
from tracker.kit.routes import route
from tracker.notices.lifecycle import ASSIGNMENT
from tracker.notices.models import Assignment
from tracker.notices.policy import Due, due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.replies.forms import ReviewForm, review_form
from tracker.replies.models import Decision, Reply
from tracker.replies.operations.review import review as decide
from tracker.replies.policy import RETURN_REASONS, in_order, is_locked
from tracker.replies.queries import newest_round, next_waiting, submitted_round, undecided, waiting
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import file_pages
from tracker.workdays.calendar import Calendar

Row = tuple[Assignment, Reply | None, Due]


@route(bp, "/replies", permission=Permission.REPLY_REVIEW)
def queue(work: Work) -> ResponseReturnValue:
    """List the replies that wait for review, by batch, oldest deadline first."""
    page = waiting(work, request.args.get("after"))
    replies = undecided(work, page.rows)
    calendar = Calendar()
    rows = [(each, replies.get(each.id), due_of(each, work.now, calendar)) for each in page.rows]
    groups: dict[int, list[Row]] = {}
    for row in rows:  # a batch stands where its oldest deadline is
        groups.setdefault(row[0].notice.batch_id, []).append(row)
    return render_template("replies/queue.html", page=page, groups=list(groups.values()))


@route(bp, "/replies/<token>/review", permission=Permission.REPLY_REVIEW)
def review(work: Work, token: str) -> ResponseReturnValue:
    """Show the scan beside what the unit wrote; once decided, the round with its verdict."""
    found = assignment_by_token(work, token)
    reply = _newest(work, found)
    if reply.decision is not None or reply.submitted_at is None:
        return redirect(url_for("replies.assignment", token=token))
    return _page(work, found, reply, review_form(reply))


def _newest(work: Work, assignment: Assignment) -> Reply:
    reply = newest_round(work, assignment)
    if reply is None:
        raise Missing(assignment.token)
    return reply


def _page(work: Work, assignment: Assignment, reply: Reply, form: ReviewForm) -> str:
    before = submitted_round(work, assignment, reply.round - 1) if reply.round > 1 else None
    return render_template(
        "replies/review.html",
        assignment=assignment,
        reply=reply,
        form=form,
        lines=[(line, is_locked(line)) for line in in_order(reply)],
        before={line.item_id: line for line in before.items} if before else {},
        earlier=before,
        pages=file_pages(assignment, reply.scan) if reply.scan else [],
        reasons=RETURN_REASONS,
        allowed=can(work.actor, Permission.REPLY_REVIEW, reply),
        due=due_of(assignment, work.now, Calendar()),
    )


@route(bp, "/replies/<token>/review", permission=Permission.REPLY_REVIEW, methods=("POST",))
def decide_reply(work: Work, token: str) -> ResponseReturnValue:
    """Decide the reply: pass and close it, or return it; then open the next one."""
    locked_assignment(work, token)
    found = assignment_by_token(work, token)
    ASSIGNMENT.step("accept", found.state)
    reply = _newest(work, found)
    form = review_form(reply, request.form)
    valid = form.validate()
    try:
        if valid:
            decided = decide(work, found, form.opinion(reply), version=form.version.data or 0)
            return _onward(work, found, decided)
    except Invalid as error:
        form.put(error)
    return _page(work, found, reply, form), 422


def _onward(work: Work, assignment: Assignment, reply: Reply) -> ResponseReturnValue:
    if reply.decision == Decision.ACCEPTED:
        said = _("Passed and closed: %(unit)s, %(receipt)s.")
    else:
        said = _("Returned to %(unit)s; the next round is open there. The deadline stays %(due)s.")
    flash(said % {"unit": assignment.unit_name, "receipt": reply.receipt, "due": assignment.due_words}, "success")
    following = next_waiting(work)
    if following is None:
        return redirect(url_for("replies.queue"))
    return redirect(url_for("replies.review", token=following.token))
