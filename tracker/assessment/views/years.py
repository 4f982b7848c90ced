"""The year's table of units, its workbook, and the weights of the year."""

from datetime import date
from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.assessment.forms import WeightsForm, seen_edition, typed_weights, weights_form
from tracker.assessment.operations import weights as operations
from tracker.assessment.operations.workbook import STATE_NAMES, write_workbook
from tracker.assessment.policy import Weights, changes, shown
from tracker.assessment.policy.catalogue import KIND_NAMES
from tracker.assessment.policy.weights import SCHEME_NAMES, groups_of
from tracker.assessment.queries import sheets as queries
from tracker.assessment.queries.sheets import Ground
from tracker.assessment.views.place import bp
from tracker.files.send import HARMLESS, TYPES
from tracker.kit.errors import Refused
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work, can

READ, WRITE = Permission.BULLETIN_READ, Permission.BULLETIN_DRAFT
YEAR = "/assessment/<int:year>"


@bp.app_template_filter("points")
def points_filter(value: object) -> str:
    """Return points as people write them; texts as they are."""
    return value if isinstance(value, str) else shown(value)  # type: ignore[arg-type]


@route(bp, "/assessment", permission=READ)
def years(work: Work) -> ResponseReturnValue:
    """Show the newest year's table."""
    return _year_page(work, work.today.year)


@route(bp, YEAR, permission=READ)
def year(work: Work, year: int) -> ResponseReturnValue:
    """Show a year's table: every unit in the registry's order, with state and figures."""
    return _year_page(work, year)


def _year_page(work: Work, shown_year: int) -> str:
    known = queries.ground(work.session, shown_year)
    return render_template(
        "assessment/year.html",
        year=shown_year,
        years=queries.years(work.session, work.now),
        ended=work.today > date(shown_year, 12, 31),
        known=known,
        sheets=queries.table(work.session, shown_year, work.now, known),
        state_names=STATE_NAMES,
        may_set=can(work.actor, WRITE),
    )


@route(bp, YEAR + "/workbook", permission=READ)
def workbook(work: Work, year: int) -> Response:
    """Hand the year's table out as a workbook."""
    file = BytesIO()
    write_workbook(file, year, queries.table(work.session, year, work.now), _)
    file.seek(0)
    name = f"{year}年度考核评分表.xlsx"
    answer = send_file(file, mimetype=TYPES["xlsx"], as_attachment=True, download_name=name, etag=False)
    answer.headers.update(HARMLESS)
    return answer


@route(bp, YEAR + "/weights", permission=READ)
def weights(work: Work, year: int) -> ResponseReturnValue:
    """Show what the lines of a year cost, where each rule comes from, and every change of it."""
    known = queries.ground(work.session, year)
    return _weights_page(work, known, weights_form(known.rules, opened=known.weights))


@route(bp, YEAR + "/weights/preview", permission=WRITE, methods=("POST",), once=False)
def preview_weights(work: Work, year: int) -> ResponseReturnValue:
    """Show what other weights would alter, before anything is stored."""
    known = queries.ground(work.session, year)
    form = weights_form(known.rules, typed=request.form)
    wanted = _typed(form, known)
    if wanted is None:
        return _weights_page(work, known, form), 422
    return _weights_page(work, known, form, wanted)


@route(bp, YEAR + "/weights/store", permission=WRITE, methods=("POST",))
def store_weights(work: Work, year: int) -> ResponseReturnValue:
    """Store weights that were looked at; typed ones that were not are shown first."""
    known = queries.ground(work.session, year)
    form = weights_form(known.rules, typed=request.form)
    wanted = _typed(form, known)
    if wanted is None:
        return _weights_page(work, known, form), 422
    try:
        row = operations.set_weights(
            work, year, wanted, form.reason.data or "", form.seen.data or "", seen_edition(form)
        )
    except Refused as error:
        form.put(error)
        return _weights_page(work, known, form, wanted), error.status
    flash(_("Stored as edition %(n)s of the weights. Signed sheets keep their figures.", n=row.number), "success")
    return redirect(url_for("assessment.year", year=year))


def _typed(form: WeightsForm, known: Ground) -> Weights | None:
    if not form.validate():
        return None
    wanted = typed_weights(form, known.rules)
    try:
        operations.check(wanted)
    except Refused as error:
        form.put(error)
        return None
    return wanted


def _weights_page(work: Work, known: Ground, form: WeightsForm, wanted: Weights | None = None) -> str:
    if wanted is not None:  # the key of this preview goes with the form
        form.seen.data = operations.digest(wanted, seen_edition(form))
    return render_template(
        "assessment/weights.html",
        year=known.year,
        known=known,
        form=form,
        groups=groups_of(known.rules),
        scheme=SCHEME_NAMES,
        kind_names=KIND_NAMES,
        editions=queries.editions(work.session, known.year),
        changes=changes(known.weights, wanted, known.rules) if wanted else None,
        altered=queries.would_change(work.session, known, wanted, work.now) if wanted else [],
        may_set=can(work.actor, WRITE),
    )
