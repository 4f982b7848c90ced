"""Pages of one inspection: what it covers, its population, and the choice of its sample."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from tracker.inspections import operations, queries
from tracker.inspections.forms import PopulationFilterForm, SampleForm
from tracker.inspections.models import Inspection
from tracker.inspections.views.place import bp
from tracker.kit.errors import Invalid
from tracker.kit.forms import filter_value
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.org.queries import units
from tracker.registry.models import Snapshot

ONE = "/inspections/<int(max=2147483647):inspection_id>"


@route(bp, ONE, permission=Permission.FINDING_READ)
def inspection(work: Work, inspection_id: int) -> ResponseReturnValue:
    """Show one inspection: period, method, what it looked at of what there was, what the rules ask for."""
    found = _found(work, inspection_id)
    return render_template(
        "inspections/inspection.html",
        inspection=found,
        snapshot=work.session.get(Snapshot, found.snapshot_id) if found.snapshot_id else None,
        shares=queries.coverage(work.session, found),
        asked=queries.asked(work.session, found),
        how_names={str(how): name for how, name in operations.HOW_NAMES.items()},
    )


@route(bp, ONE + "/population", permission=Permission.FINDING_READ)
def population(work: Work, inspection_id: int) -> ResponseReturnValue:
    """List the snapshot's sites and accounts: who is in the sample, who has a finding."""
    found = _found(work, inspection_id)
    form = PopulationFilterForm(request.args)
    form.validate()
    wanted = queries.PopulationFilter(
        kind=filter_value(form.kind, ""), sampled=filter_value(form.sampled, ""), found=filter_value(form.found, "")
    )
    page = queries.population_page(work.session, found, wanted, request.args.get("after"))
    return render_template("inspections/population.html", inspection=found, form=form, page=page)


@route(bp, ONE + "/sample", permission=Permission.FINDING_WRITE, methods=("GET", "POST"))
def choose_sample(work: Work, inspection_id: int) -> ResponseReturnValue:
    """Choose what the inspection looks at."""
    found = _found(work, inspection_id)
    form = SampleForm(request.form, data=_before(found)).offer(list(work.session.scalars(units())))
    if request.method == "POST" and form.validate():
        try:
            size = operations.choose_sample(work, found, form.choice(), form.version.data, form.reason.data or "")
        except Invalid as error:
            form.put(error)
        else:
            flash(
                ngettext("The sample has %(num)s site or account.", "The sample has %(num)s sites and accounts.", size),
                "success",
            )
            return redirect(url_for("inspections.inspection", inspection_id=found.id))
    status = 422 if request.method == "POST" else 200
    return render_template("inspections/sample.html", inspection=found, form=form), status


def _before(found: Inspection) -> dict[str, object]:
    """Return what the form opens with: how it was chosen last, and a fresh seed where there was no draw yet."""
    told = found.sample_how or {}
    known = {key: told[key] for key in ("how", "kind", "number", "seed", "by_unit") if key in told}
    return {"seed": secrets.token_hex(4), "version": found.version} | known


def _found(work: Work, inspection_id: int) -> Inspection:
    return queries.inspection_by_id(work.session, work.actor, inspection_id)
