"""The office's terms of escalation and burden."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.escalation.forms import TermsForm, opened
from tracker.escalation.operations.terms import CHANGED, set_terms
from tracker.escalation.queries import terms as queries
from tracker.escalation.views.blueprint import bp
from tracker.kit.errors import Invalid, Stale
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work


@route(bp, "/escalation/terms", permission=Permission.ESCALATION_DECIDE, methods=("GET", "POST"))
def terms(work: Work) -> ResponseReturnValue:
    """Show or set the terms."""
    if request.method == "GET":
        form = TermsForm(**opened(queries.terms(work.session)))
        return render_template("escalation/terms.html", form=form)
    form = TermsForm(request.form)
    if not form.validate():
        return render_template("escalation/terms.html", form=form), 422
    seen = form.seen_terms()
    if seen is None:
        raise Stale(CHANGED)
    try:
        set_terms(work, form.terms(), seen)
    except Invalid as error:
        form.put(error)
        return render_template("escalation/terms.html", form=form), 422
    flash(_("The terms are set; what is proposed follows them from now on."), "success")
    return redirect(url_for("escalation.proposals"))
