"""转办 rolled up: what a unit below handed in goes into the own draft."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Refused
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERING
from tracker.org.policy import Permission, Work
from tracker.replies.operations import rollup
from tracker.replies.views.blueprint import bp
from tracker.requests.forms import AnswerForm
from tracker.requests.queries.transfers import locked_transfer

RECEIPT_FIRST = N_("Acknowledge the receipt of the notice first; then there is a draft that can take the texts over.")


@route(bp, "/transfers/<transfer_token>/take-over", permission=Permission.TRANSFER_MAKE, methods=("POST",))
def take_over(work: Work, transfer_token: str) -> ResponseReturnValue:
    """Take the chosen items over into the own draft."""
    row = locked_transfer(work, transfer_token)
    if row.assignment.state not in ANSWERING:
        raise Refused(RECEIPT_FIRST)
    numbers = [int(each) for each in request.form.getlist("line") if each.isdecimal() and len(each) < 6]
    count = rollup.take_over(work, row, numbers, AnswerForm(request.form).version.data)
    flash(
        _("%(n)s items taken over from %(unit)s. Look them over before you submit.", n=count, unit=row.unit.name),
        "success",
    )
    return redirect(url_for("replies.assignment", token=row.assignment.token))
