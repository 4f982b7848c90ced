"""The office's own ready reasons for returning a reply."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.replies.forms import ReasonsForm
from tracker.replies.operations.reasons import write_reasons
from tracker.replies.policy import ITEM_REASONS, PAPER_REASONS
from tracker.replies.queries import ready_reasons
from tracker.replies.views.blueprint import bp

SHIPPED = {"paper": PAPER_REASONS, "item": ITEM_REASONS}


def reasons_shown(work: Work) -> dict[str, list[str]]:
    """Return the ready reasons by what they are about: the office's own, or the shipped ones where it has none."""
    own = ready_reasons(work)
    return {about: own[about] or [_(msgid) for msgid in SHIPPED[about]] for about in SHIPPED}


@route(bp, "/replies/reasons", permission=Permission.REPLY_REVIEW)
def reasons(work: Work) -> ResponseReturnValue:
    """Show the ready reasons, one a line, to be changed."""
    return _page(ReasonsForm(data={about: "\n".join(words) for about, words in reasons_shown(work).items()}))


def _page(form: ReasonsForm) -> str:
    return render_template("replies/reasons.html", form=form)


@route(bp, "/replies/reasons", permission=Permission.REPLY_REVIEW, methods=("POST",))
def save_reasons(work: Work) -> ResponseReturnValue:
    """Replace the office's ready reasons."""
    form = ReasonsForm(request.form)
    try:
        write_reasons(work, {about: form[about].data or "" for about in SHIPPED})
    except Invalid as error:
        form.put(error)
        return _page(form), 422
    flash(_("The ready reasons are changed for everybody who reviews."), "success")
    return redirect(url_for("replies.reasons"))
