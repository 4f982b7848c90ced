"""Pages of change requests (网站更改需求单)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.intake import operations, queries
from tracker.intake.forms import ChangeFilterForm, ChangeForm, DoneForm
from tracker.intake.models import ChangeRequest
from tracker.intake.views.place import READ, WRITE, all_units, bp, form_page, offered
from tracker.kit.errors import Invalid
from tracker.kit.forms import filter_value
from tracker.kit.routes import route
from tracker.org.policy import Work

ONE = "/intake/changes/<int(max=2147483647):change_id>"


@route(bp, "/intake/changes", permission=READ)
def changes(work: Work) -> ResponseReturnValue:
    """Show the change requests; every filter stands in the address."""
    form = ChangeFilterForm(request.args).offer(all_units(work))
    form.validate()
    wanted = queries.ChangeFilter(
        start=filter_value(form["from"], None),
        until=filter_value(form["until"], None),
        state=filter_value(form.state, None),
        unit_id=filter_value(form.unit, None),
        text=filter_value(form.q, ""),
    )
    page = queries.changes_page(work.session, work.actor, wanted, request.args.get("after"))
    return render_template("intake/changes.html", form=form, page=page, filtered=wanted != queries.ChangeFilter())


@route(bp, "/intake/changes/new", permission=WRITE, methods=("GET", "POST"))
def new_change(work: Work) -> ResponseReturnValue:
    """Enter a change request."""
    form = offered(work, ChangeForm(request.form, data={"asked_on": work.today}))
    if request.method == "POST" and form.validate():
        try:
            operations.enter_change(work, form.values())
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The request is entered."), "success")
            return redirect(url_for("intake.changes"))
    return form_page(
        form, _("Enter a change request"), _("Enter the request"), (_("Change requests"), "intake.changes")
    )


@route(bp, ONE, permission=READ)
def change(work: Work, change_id: int) -> ResponseReturnValue:
    """Show one change request."""
    row = queries.row_by_id(work.session, work.actor, ChangeRequest, change_id)
    form = DoneForm(data={"done_on": work.today, "version": row.version})
    return render_template("intake/change.html", change=row, form=form)


@route(bp, ONE + "/edit", permission=WRITE, methods=("GET", "POST"))
def edit_change(work: Work, change_id: int) -> ResponseReturnValue:
    """Correct a change request."""
    row = queries.row_by_id(work.session, work.actor, ChangeRequest, change_id)
    form = offered(work, ChangeForm(request.form, obj=row))
    if request.method == "POST" and form.validate():
        try:
            operations.change_change(work, row, form.values(), form.version.data)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("Changed."), "success")
            return redirect(url_for("intake.change", change_id=row.id))
    return form_page(form, _("Change the request"), _("Store the change"), (_("Change requests"), "intake.changes"))


@route(bp, ONE + "/done", permission=WRITE, methods=("POST",))
def done_change(work: Work, change_id: int) -> ResponseReturnValue:
    """Note that it was made."""
    row = queries.row_by_id(work.session, work.actor, ChangeRequest, change_id)
    form = DoneForm(request.form)
    if form.validate() and form.done_on.data:
        try:
            operations.finish_change(work, row, form.done_on.data, form.version.data)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The request is done."), "success")
            return redirect(url_for("intake.change", change_id=row.id))
    return render_template("intake/change.html", change=row, form=form), 422
