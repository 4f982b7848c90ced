"""The list of assignments, and one assignment as the unit's task list."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.documents.models import PaperState
from tracker.documents.operations import newest
from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of, receipt_of
from tracker.notices.queries import assignment_by_token, letters_about
from tracker.org.policy import Permission, Work, can
from tracker.replies.forms import ListFilter, ReasonForm
from tracker.replies.operations import review
from tracker.replies.operations.rounds import acknowledge as acknowledge_receipt
from tracker.replies.operations.sheet import OWNER, PURPOSE
from tracker.replies.policy import is_open_for_answer
from tracker.replies.queries import OPEN, assignments_page, own_assignment, rounds, units_addressed
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import explanation, notice_pages, notice_pdf, steps, told
from tracker.replies.views.registering import may_register
from tracker.requests.queries import chances, disputed


@route(bp, "/assignments", permission=Permission.ASSIGNMENT_READ)
def assignments(work: Work) -> ResponseReturnValue:
    """List the unit's assignments (all units' for the office), oldest deadline first."""
    filters = ListFilter(request.args, units_addressed(work) if work.actor.is_office else [])
    page = assignments_page(work, filters.state.data or OPEN, filters.unit_id, request.args.get("after"))
    calendar = calendar_of(work.session)
    rows = [(assignment, due_of(assignment, work.now, calendar)) for assignment in page.rows]
    in_dispute = disputed(work.session, [assignment.id for assignment in page.rows])
    return render_template("replies/assignments.html", page=page, rows=rows, filters=filters, in_dispute=in_dispute)


@route(bp, "/assignments/<token>", permission=Permission.ASSIGNMENT_READ)
def assignment(work: Work, token: str) -> ResponseReturnValue:
    """Show one assignment: what to do next, until when and why, the paper, and what happened."""
    return _page(work, assignment_by_token(work, token), ReasonForm())


def _page(work: Work, assignment: Assignment, reason: ReasonForm) -> str:
    known = rounds(work, assignment)
    newest_round = known[-1] if known else None
    own = assignment.unit_id == work.actor.unit_id
    paper = newest(work.session, OWNER, newest_round.id, PURPOSE) if newest_round and own else None
    printed = paper is not None and paper.state == PaperState.READY
    calendar = calendar_of(work.session)
    due = due_of(assignment, work.now, calendar)
    held = newest_round if newest_round and newest_round.registered_by and not newest_round.submitted_at else None
    voided = assignment.state == AssignmentState.VOIDED
    writes = own and held is None and can(work.actor, Permission.REPLY_WRITE, assignment)
    return render_template(
        "replies/assignment.html",
        assignment=assignment,
        due=due,
        receipt=receipt_of(assignment, work.now, calendar),
        days=explanation(assignment, calendar),
        steps=steps(work, assignment, newest_round, printed) if writes and not voided else [],
        rounds=[each for each in known if each.submitted_at],
        returned=known[-2] if writes and len(known) > 1 and known[-1].submitted_at is None else None,
        events=told(work, assignment),
        pages=notice_pages(assignment),
        pdf=notice_pdf(assignment),
        held=held,
        may_register=may_register(work, assignment),
        may_acknowledge=assignment.state == AssignmentState.ISSUED
        and can(work.actor, Permission.ASSIGNMENT_ACKNOWLEDGE, assignment),
        may_review=assignment.state == AssignmentState.SUBMITTED and can(work.actor, Permission.REPLY_REVIEW),
        may_reopen=assignment.state == AssignmentState.CLOSED and can(work.actor, Permission.ASSIGNMENT_REOPEN),
        reason=reason,
        batch=assignment.notice.batch,
        chances=chances(work, assignment),
        letters=letters_about(work.session, assignment),
        may_urge=due.overdue and assignment.delivered_at is not None and can(work.actor, Permission.NOTICE_DRAFT),
    )


@route(bp, "/assignments/<token>/acknowledge", permission=Permission.ASSIGNMENT_ACKNOWLEDGE, methods=("POST",))
def acknowledge(work: Work, token: str) -> ResponseReturnValue:
    """Acknowledge the receipt of the notice."""
    found = own_assignment(work, token, lock=True)
    acknowledge_receipt(work, found)
    flash(_("Receipt acknowledged. Next: fill in what was done about each item."), "success")
    return redirect(url_for("replies.assignment", token=token))


@route(bp, "/assignments/<token>/reopen", permission=Permission.ASSIGNMENT_REOPEN, methods=("POST",))
def reopen(work: Work, token: str) -> ResponseReturnValue:
    """Reopen a closed assignment with a reason."""
    found = assignment_by_token(work, token)
    form = ReasonForm(request.form)
    form.validate()
    try:
        review.reopen(work, found, form.reason.data or "")
    except Invalid as error:
        if not form.errors:
            form.put(error)
        return _page(work, found, form), 422
    flash(_("Reopened. %(unit)s has been asked for a further reply.", unit=found.unit_name), "success")
    return redirect(url_for("replies.assignment", token=token))


@route(bp, "/r/<token>/<int:version>/<page>", permission=Permission.ASSIGNMENT_READ)
def sheet_code(work: Work, token: str, **_place: Any) -> ResponseReturnValue:
    """Lead from the code printed on a reply sheet to where its scan is uploaded, or to its assignment."""
    found = assignment_by_token(work, token)
    newest_round = rounds(work, found)[-1:]
    writes = can(work.actor, Permission.REPLY_WRITE, found) and is_open_for_answer(found)
    if writes and newest_round and newest_round[0].submitted_at is None and newest_round[0].registered_by is None:
        return redirect(url_for("replies.scan", token=found.token, _anchor="scan"))
    return redirect(url_for("replies.assignment", token=found.token))
