"""The office's days for following up."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.followup.forms import TermsForm, opened
from tracker.followup.operations.terms import CHANGED, set_terms
from tracker.followup.queries import terms as queries
from tracker.followup.views.place import bp
from tracker.kit.errors import Invalid, Stale
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work


@route(bp, "/again/terms", permission=Permission.FINDING_WRITE, methods=("GET", "POST"))
def terms(work: Work) -> ResponseReturnValue:
    """Show or set the days."""
    if request.method == "GET":
        return render_template("followup/terms.html", form=TermsForm(**opened(queries.terms(work.session))))
    form = TermsForm(request.form)
    if not form.validate():
        return render_template("followup/terms.html", form=form), 422
    seen = form.seen_terms()
    if seen is None:
        raise Stale(CHANGED)
    try:
        set_terms(work, form.terms(), seen)
    except Invalid as error:
        form.put(error)
        return render_template("followup/terms.html", form=form), 422
    flash(_("The days are set; what is due follows them from now on."), "success")
    return redirect(url_for("followup.due"))
