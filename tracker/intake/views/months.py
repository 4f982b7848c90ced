"""Pages of the month's own figures: publications, and lines of work or praise."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.intake import operations, queries
from tracker.intake.forms import LineForm, PeriodFilterForm, PublicationForm
from tracker.intake.models import Publication, WorkLine
from tracker.intake.views.place import READ, WRITE, bp, form_page
from tracker.kit.errors import Invalid
from tracker.kit.forms import filter_value
from tracker.kit.routes import route
from tracker.org.policy import Work


@route(bp, "/intake/publications", permission=READ)
def publications(work: Work) -> ResponseReturnValue:
    """Show what was published, by month and source, with the sums over all rows of the period."""
    form = PeriodFilterForm(request.args)
    form.validate()
    period = filter_value(form.period, "")
    page, sums = queries.publications_page(work.session, work.actor, period, request.args.get("after"))
    return render_template("intake/publications.html", form=form, page=page, sums=sums, filtered=bool(period))


@route(bp, "/intake/publications/new", permission=WRITE, methods=("GET", "POST"))
def new_publication(work: Work) -> ResponseReturnValue:
    """Enter the figures of a month and source."""
    return _publication(work, PublicationForm(request.form, data={"period": f"{work.today:%Y-%m}"}), None)


@route(bp, "/intake/publications/<int(max=2147483647):publication_id>", permission=WRITE, methods=("GET", "POST"))
def edit_publication(work: Work, publication_id: int) -> ResponseReturnValue:
    """Correct the figures of a month and source."""
    row = queries.row_by_id(work.session, work.actor, Publication, publication_id)
    return _publication(work, PublicationForm(request.form, obj=row), row)


def _publication(work: Work, form: Any, row: Publication | None) -> ResponseReturnValue:
    if request.method == "POST" and form.validate():
        try:
            operations.set_publication(work, form.values(), row, form.version.data)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The figures are stored; the bulletin of the month counts them."), "success")
            return redirect(url_for("intake.publications", period=form.period.data))
    back = (_("Publications"), "intake.publications")
    return form_page(form, _("Publication figures"), _("Store the figures"), back)


@route(bp, "/intake/lines", permission=READ)
def lines(work: Work) -> ResponseReturnValue:
    """Show the lines of work and praise."""
    form = PeriodFilterForm(request.args)
    form.validate()
    period = filter_value(form.period, "")
    page = queries.lines_page(work.session, work.actor, period, request.args.get("after"))
    return render_template("intake/lines.html", form=form, page=page, filtered=bool(period))


@route(bp, "/intake/lines/new", permission=WRITE, methods=("GET", "POST"))
def new_line(work: Work) -> ResponseReturnValue:
    """Enter a line."""
    return _line(work, LineForm(request.form, data={"period": f"{work.today:%Y-%m}"}), None)


@route(bp, "/intake/lines/<int(max=2147483647):line_id>", permission=WRITE, methods=("GET", "POST"))
def edit_line(work: Work, line_id: int) -> ResponseReturnValue:
    """Change a line."""
    row = queries.row_by_id(work.session, work.actor, WorkLine, line_id)
    return _line(work, LineForm(request.form, obj=row), row)


def _line(work: Work, form: Any, row: WorkLine | None) -> ResponseReturnValue:
    if request.method == "POST" and form.validate():
        operations.set_line(work, form.values(), row, form.version.data)
        flash(_("The line is stored; the bulletin of the month takes it as written."), "success")
        return redirect(url_for("intake.lines", period=form.period.data))
    back = (_("Lines of work"), "intake.lines")
    return form_page(form, _("A line of work or praise"), _("Store the line"), back)
