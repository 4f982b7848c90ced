"""The reviewer's queue and desk."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.lifecycle import ASSIGNMENT
from tracker.notices.models import Assignment
from tracker.notices.policy import Due, due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.replies.forms import ReasonForm, ReviewForm, review_form
from tracker.replies.models import Decision, Reply
from tracker.replies.operations.review import return_whole
from tracker.replies.operations.review import review as decide
from tracker.replies.policy import in_order, is_locked, round_changes, text_hints
from tracker.replies.queries import newest_round, next_waiting, undecided, waiting
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import earlier_round, scan_shown
from tracker.replies.views.reasons import reasons_shown
from tracker.requests.queries import disputed

NOT_RETURNED = N_(
    "The reply of %(unit)s was decided or changed meanwhile, or you had a hand in it. None was returned: look again."
)
Row = tuple[Assignment, Reply | None, Due]


@route(bp, "/replies", permission=Permission.REPLY_REVIEW)
def queue(work: Work) -> ResponseReturnValue:
    """List the replies that wait for review, by batch, oldest deadline first."""
    return _queue_page(work, ReasonForm())


def _queue_page(work: Work, reason: ReasonForm) -> str:
    page = waiting(work, request.args.get("after"))
    replies = undecided(work, page.rows)
    calendar = calendar_of(work.session)
    rows = [(each, replies.get(each.id), due_of(each, work.now, calendar)) for each in page.rows]
    groups: dict[int, list[Row]] = {}
    for row in rows:  # a batch stands where its oldest deadline is
        groups.setdefault(row[0].notice.batch_id, []).append(row)
    return render_template(
        "replies/queue.html",
        page=page,
        groups=list(groups.values()),
        reason=reason,
        reasons=reasons_shown(work),
        chosen=request.form.getlist("reply"),
    )


@route(bp, "/replies/return", permission=Permission.REPLY_REVIEW, methods=("POST",))
def return_replies(work: Work) -> ResponseReturnValue:
    """Return the chosen replies with one reason, each for itself in the record; all of them, or none."""
    form = ReasonForm(request.form)
    chosen = dict(each.split(".", 1) for each in request.form.getlist("reply") if "." in each)
    if not chosen:
        form.form_errors.append(_("Choose at least one reply."))
    if not form.validate() or not chosen:
        return _queue_page(work, form), 422
    try:
        units = [_returned(work, token, version, form.reason.data or "") for token, version in sorted(chosen.items())]
    except Refused as error:
        work.session.rollback()
        form.form_errors.append(_(error.msgid, **error.params))
        return _queue_page(work, form), error.status
    flash(_("Returned to %(units)s; the next rounds are open there.", units="、".join(units)), "success")
    return redirect(url_for("replies.queue"))


def _returned(work: Work, token: str, version: str, reason: str) -> str:
    """Return one reply of several, and the name of its unit.

    :raises Refused: it was decided or changed meanwhile, or the reviewer had a hand in it; the sentence names the unit.
    """
    locked_assignment(work, token)
    found = assignment_by_token(work, token)
    try:
        return_whole(work, found, reason, version=int(version) if version.isdecimal() and len(version) < 9 else 0)
    except (Missing, NotInState, Stale) as error:
        raise Refused(NOT_RETURNED, unit=found.unit_name) from error
    return found.unit_name


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
    before = earlier_round(work, assignment, reply)
    return render_template(
        "replies/review.html",
        assignment=assignment,
        reply=reply,
        form=form,
        lines=[(line, is_locked(line)) for line in in_order(reply)],
        before={line.item_id: line for line in before.items} if before else {},
        changes=round_changes(reply, before),
        texts=text_hints(reply, before),
        earlier=before,
        **scan_shown(work, assignment, reply),
        reasons=reasons_shown(work),
        allowed=can(work.actor, Permission.REPLY_REVIEW, reply),
        due=due_of(assignment, work.now, calendar_of(work.session)),
        in_dispute=bool(disputed(work.session, [assignment.id])),
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
