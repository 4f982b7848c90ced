"""A unit's own sheet, once the office has opened it: reading, agreeing, objecting."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.assessment.forms import ObjectionForm
from tracker.assessment.models import SheetState
from tracker.assessment.operations import sheets as operations
from tracker.assessment.operations.freeze import figures
from tracker.assessment.operations.workbook import STATE_NAMES
from tracker.assessment.paper import OWNER, PURPOSE
from tracker.assessment.queries import sheets as queries
from tracker.assessment.views.place import bp
from tracker.assessment.views.sheets import acted, rows_page, send_paper, shared
from tracker.documents.operations import newest
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work, can

OWN = "/own-assessment/<int:year>"
READ = Permission.ASSIGNMENT_READ


@route(bp, "/own-assessment", permission=READ)
def own_years(work: Work) -> ResponseReturnValue:
    """List the years whose sheet the unit may read; the office has its own page."""
    if work.actor.is_office:
        return redirect(url_for("assessment.years"))
    rows = queries.offered_years(work.session, work.actor.unit_id or 0)
    return render_template("assessment/own_years.html", rows=rows, state_names=STATE_NAMES)


@route(bp, OWN, permission=READ)
def own_sheet(work: Work, year: int) -> ResponseReturnValue:
    """Show a unit its own sheet."""
    return _page(work, year, ObjectionForm())


def _page(work: Work, year: int, form: ObjectionForm) -> str:
    unit, row = operations.own_sheet(work, year)
    known = queries.ground(work.session, year)
    found = queries.sheet_of(work.session, year, unit, work.now, known)
    form.offer(known.rules)
    return render_template(
        "assessment/sheet.html",
        year=year,
        unit=unit,
        sheet=found,
        own=True,
        paper=newest(work.session, OWNER, row.id, PURPOSE),
        adjustments=[each for each in queries.adjustments_of(work.session, year, unit.id) if each.withdrawn_at is None],
        may_object=_may_object(work, row),
        objection_form=form,
        **shared(found, figures(found.score)),
    )


def _may_object(work: Work, row: Any) -> bool:
    open_ = row.state is SheetState.OFFERED and work.today <= row.objections_until
    return open_ and can(work.actor, Permission.REQUEST_ASK)


@route(bp, OWN + "/rows/<line>", permission=READ)
def own_rows(work: Work, year: int, line: str) -> ResponseReturnValue:
    """Show a unit the rows behind one of its figures."""
    unit, _row = operations.own_sheet(work, year)
    return rows_page(work, year, unit, line, url_for("assessment.own_sheet", year=year))


@route(bp, OWN + "/object", permission=Permission.REQUEST_ASK, methods=("POST",))
def object_to(work: Work, year: int) -> ResponseReturnValue:
    """Object to a line."""
    form = ObjectionForm(request.form)
    operations.own_sheet(work, year)
    form.offer(queries.ground(work.session, year).rules)
    done = (
        _("The objection is with the office; its answer will stand here."),
        url_for("assessment.own_sheet", year=year),
    )

    def act() -> object:
        return operations.object_to(work, year, form.line.data or "", form.text.data or "")

    return acted(act, form, lambda: _page(work, year, form), done)


@route(bp, OWN + "/agree", permission=Permission.REQUEST_ASK, methods=("POST",))
def agree(work: Work, year: int) -> ResponseReturnValue:
    """Say that the sheet is right."""
    operations.agree(work, year)
    flash(_("The office knows that you agree."), "success")
    return redirect(url_for("assessment.own_sheet", year=year))


@route(bp, OWN + "/sheet.pdf", permission=READ)
def own_pdf(work: Work, year: int) -> ResponseReturnValue:
    """Download the paper of the unit's own signed sheet."""
    _unit, row = operations.own_sheet(work, year)
    return send_paper(work, row)
