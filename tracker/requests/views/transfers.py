"""转办: the upper unit's page of an assignment, the lower unit's list, and the page of one transfer for both."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from tracker.almanac.queries import calendar as calendar_of
from tracker.files.send import send_stored
from tracker.files.taken import Taken, files_of
from tracker.kit.errors import Invalid, Missing
from tracker.kit.routes import route
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.requests.forms import AnswerForm, HandDownForm, LineForm
from tracker.requests.lifecycle import TRANSFER
from tracker.requests.models import Transfer, TransferLine
from tracker.requests.operations import transfers as acts
from tracker.requests.operations.transfers import Incomplete, in_order, line_of
from tracker.requests.policy import line_gaps
from tracker.requests.queries.transfers import (
    handed_to,
    locked_transfer,
    transfer_by_token,
    transfer_file,
    transfers_of,
    units_below,
)
from tracker.requests.views.blueprint import bp
from tracker.requests.views.disputes import named
from tracker.workdays.deadlines import Deadline, standing, workdays_left

DOWN = "/assignments/<token>/transfers"
ONE = "/transfers/<transfer_token>"
P = Permission


@route(bp, DOWN, permission=P.TRANSFER_MAKE)
def transfers(work: Work, token: str) -> ResponseReturnValue:
    """Show what was handed down of an assignment, and hand down more."""
    assignment = _own(work, token)
    return _upper(work, assignment, _form(work, assignment))


def _own(work: Work, token: str) -> Assignment:
    found = assignment_by_token(work, token)
    if not can(work.actor, P.TRANSFER_MAKE, found):
        raise Missing(token)
    return found


def _form(work: Work, assignment: Assignment, values: Any = None) -> HandDownForm:
    rows = [row for row in transfers_of(work, assignment) if row.ended_at is None]
    handed = {line.item_id for row in rows for line in row.lines}
    free = [each for each in assignment.items if each.id not in handed and not each.withdrawn_at]
    return HandDownForm.over(units_below(work), free, named, values)


def _upper(work: Work, assignment: Assignment, form: HandDownForm) -> str:
    return render_template(
        "requests/transfers.html",
        assignment=assignment,
        due=due_of(assignment, work.now, calendar_of(work.session)),
        rows=transfers_of(work, assignment),
        form=form,
        may=assignment.state in OWED and bool(form.unit.choices) and bool(form.items.choices),
    )


@route(bp, DOWN, permission=P.TRANSFER_MAKE, methods=("POST",))
def hand_down(work: Work, token: str) -> ResponseReturnValue:
    """Hand items down to a unit below."""
    locked_assignment(work, token)
    assignment = _own(work, token)
    form = _form(work, assignment, request.form)
    try:
        if form.validate():
            row = acts.hand_down(work, assignment, form.order())
            said = _("Handed down to %(unit)s. Your unit stays answerable to the office.", unit=row.unit.name)
            flash(said, "success")
            return redirect(url_for("requests.transfers", token=token))
    except Invalid as error:
        form.put(error)
    return _upper(work, assignment, form), 422


@route(bp, "/transfers", permission=P.TRANSFER_ANSWER)
def handed_down(work: Work) -> ResponseReturnValue:
    """List what the unit above handed down to the own one, oldest inner deadline first."""
    rows = list(work.session.scalars(handed_to(work)))
    return render_template("requests/handed_down.html", rows=[(row, *_standing(work, row)) for row in rows])


def _standing(work: Work, row: Transfer) -> tuple[str, int]:
    days, due = calendar_of(work.session), Deadline(row.due_on, None, "")
    return str(standing(due, work.now, row.answered_at, days)), workdays_left(due, work.now, days)


@route(bp, ONE, permission=P.ASSIGNMENT_READ)
def transfer(work: Work, transfer_token: str) -> ResponseReturnValue:
    """Show one transfer: what was handed down, what was written, and what can be done now."""
    return _page(work, transfer_by_token(work, transfer_token), AnswerForm())


def _page(work: Work, row: Transfer, form: AnswerForm, gaps: list[Any] | None = None) -> str:
    steps = TRANSFER.available(row.state, lambda permission: can(work.actor, permission, row))
    lines = in_order(row)
    where, days = _standing(work, row)
    return render_template(
        "requests/transfer.html",
        row=row,
        standing=where,
        days=days,
        below=row.unit_id == work.actor.unit_id,
        may=[each.name for each in steps] if row.assignment.state in OWED else [],
        lines=[(line, not line_gaps(line, work.today)) for line in lines],
        form=form,
        gaps=gaps or [],
    )


@route(bp, ONE + "/items/<int:n>", permission=P.TRANSFER_ANSWER)
def transfer_line(work: Work, transfer_token: str, n: int) -> ResponseReturnValue:
    """Show the form of one item."""
    row = _below(work, transfer_token)
    line = line_of(row, n)
    return _line_page(row, line, LineForm.of(line))


def _below(work: Work, token: str) -> Transfer:
    row = transfer_by_token(work, token)
    if not can(work.actor, P.TRANSFER_ANSWER, row):
        raise Missing(token)
    return row


def _line_page(row: Transfer, line: TransferLine, form: LineForm) -> str:
    return render_template("requests/transfer_line.html", row=row, line=line, form=form)


def may_write(work: Work, transfer_token: str, n: int) -> None:
    """Refuse files before they are looked at: not handed down to this unit.

    :raises Missing: it is not this unit's.
    """
    line_of(_below(work, transfer_token), n)


@route(
    bp,
    ONE + "/items/<int:n>",
    permission=P.TRANSFER_ANSWER,
    methods=("POST",),
    admit=may_write,
    before=files_of("evidence"),
)
def save_line(work: Work, transfer_token: str, n: int, taken: Taken) -> ResponseReturnValue:
    """Store what was written of one item."""
    row = locked_transfer(work, transfer_token)
    form = LineForm(CombinedMultiDict([request.files, request.form]))
    dropped = frozenset(int(each) for each in request.form.getlist("drop") if each.isdecimal() and len(each) < 10)
    try:
        if form.validate():
            acts.write_line(work, row, n, form.text(taken["evidence"], dropped), form.version.data)
            flash(_("Item %(n)s is saved.", n=n), "success")
            return redirect(url_for("requests.transfer", transfer_token=transfer_token))
    except Invalid as error:
        form.put(error)
    return _line_page(row, line_of(row, n), form), 422


@route(bp, ONE + "/answer", permission=P.TRANSFER_ANSWER, methods=("POST",))
def answer_transfer(work: Work, transfer_token: str) -> ResponseReturnValue:
    """Hand the part in to the unit above."""
    row = locked_transfer(work, transfer_token)
    try:
        acts.answer(work, row, AnswerForm(request.form).version.data)
    except Incomplete as error:
        return _page(work, row, AnswerForm(), error.gaps), 422
    flash(_("Handed in to %(unit)s, which answers to the office.", unit=row.assignment.unit_name), "success")
    return redirect(url_for("requests.transfer", transfer_token=transfer_token))


@route(bp, ONE + "/end", permission=P.TRANSFER_MAKE, methods=("POST",))
def end_transfer(work: Work, transfer_token: str) -> ResponseReturnValue:
    """Return the part to the unit below, or withdraw what was handed down; with a reason."""
    row, form = locked_transfer(work, transfer_token), AnswerForm(request.form)
    try:
        if form.validate():
            act = acts.send_back if request.form.get("act") == "return" else acts.withdraw
            act(work, row, form.answer.data or "", form.version.data)
            flash(_("Done; %(unit)s is told why.", unit=row.unit.name), "success")
            return redirect(url_for("requests.transfer", transfer_token=transfer_token))
    except Invalid as error:
        form.answer.errors = [_(each) for each in error.problems.values()]
    return _page(work, row, form), 422


@route(bp, ONE + "/files/<file_token>", permission=P.ASSIGNMENT_READ)
def transfer_evidence(work: Work, transfer_token: str, file_token: str) -> ResponseReturnValue:
    """Send a file of a transfer, as a download."""
    return send_stored(transfer_file(transfer_by_token(work, transfer_token), file_token))
