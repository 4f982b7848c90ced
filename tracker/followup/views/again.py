"""Pages of re-inspection (回头看): what is due, one look, what was seen."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.files.models import StoredFile
from tracker.files.send import send_preview, send_stored
from tracker.files.taken import Taken, files_of
from tracker.followup import policy
from tracker.followup.forms import DueFilterForm, LookForm, LooksFilterForm
from tracker.followup.models import Outcome
from tracker.followup.operations.looks import note_look
from tracker.followup.policy import Due
from tracker.followup.queries import due as queries
from tracker.followup.queries import terms as terms_of
from tracker.followup.views.place import bp
from tracker.inspections.policy import Method
from tracker.inspections.queries import inspections
from tracker.kit.errors import Invalid, Missing
from tracker.kit.forms import filter_value
from tracker.kit.routes import route
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work
from tracker.org.queries import units

RESULT = "/again/results/<int(max=2147483647):recheck_id>/picture"


@bp.app_template_global()
def look_words() -> dict[str, str]:
    """Return what templates call the outcomes of a look, as msgids by their stored words."""
    return {str(key): name for key, name in policy.OUTCOME_NAMES.items()}


@route(bp, "/again", permission=Permission.FINDING_READ)
def due(work: Work) -> ResponseReturnValue:
    """List the closed problems that are due to be looked at again, the longest closed first."""
    form = DueFilterForm(request.args).offer(_units(work))
    form.validate()
    step = filter_value(form.step, None)
    wanted = queries.DueFilter(filter_value(form.unit, None), int(step) if step else None)
    return render_template(
        "followup/due.html",
        form=form,
        page=queries.due_page(work, wanted, request.args.get("after")),
        count=queries.due_count(work, wanted),
        most=queries.MOST,
        terms=terms_of.terms(work.session),
        filtered=wanted != queries.DueFilter(),
    )


@route(bp, "/again/results", permission=Permission.FINDING_READ)
def results(work: Work) -> ResponseReturnValue:
    """List what was seen, the newest first."""
    form = LooksFilterForm(request.args).offer(_units(work))
    form.validate()
    outcome, unit_id = filter_value(form.outcome, None), filter_value(form.unit, None)
    page = queries.looks_page(work, outcome, unit_id, request.args.get("after"))
    return render_template("followup/results.html", form=form, page=page, filtered=bool(outcome or unit_id))


@route(
    bp,
    "/again/<int(max=2147483647):finding_id>",
    permission=Permission.FINDING_WRITE,
    methods=("GET", "POST"),
    before=files_of("evidence"),
)
def look(work: Work, finding_id: int, taken: Taken | None = None) -> ResponseReturnValue:
    """Note what was seen of one closed problem."""
    found = queries.due_of(work, finding_id)
    held = [each for each in inspections(work.session) if each.method != Method.SELF]
    begun = next((each.id for each in held if each.starts_on <= work.today), None)
    opening = {"on": work.today, "description": found.finding.description, "inspection_id": begun}
    form = LookForm(request.form, data=opening).offer(held)
    if request.method == "GET" or not form.validate():
        return _page(work, found, form)
    try:
        row = note_look(work, finding_id, form.look(), next(iter((taken or {}).get("evidence", ())), None))
    except Invalid as error:
        form.put(error)
        return _page(work, found, form)
    if row.outcome is Outcome.RECURRED:
        flash(
            _("Noted. The problem that came back waits for a notice as finding #%(id)s.", id=row.new_finding_id),
            "success",
        )
        return redirect(url_for("inspections.finding", finding_id=row.new_finding_id))
    flash(_("Noted. The assignment stays closed."), "success")
    return redirect(url_for("followup.due"))


def _page(work: Work, found: Due, form: LookForm) -> tuple[str, int]:
    looks = queries.looks_at(work.session, found.finding.id)
    page = render_template("followup/look.html", due=found, form=form, looks=looks)
    return page, 422 if request.method == "POST" else 200


@route(bp, RESULT, permission=Permission.FINDING_READ)
def picture(work: Work, recheck_id: int) -> ResponseReturnValue:
    """Hand out the original of a look's picture."""
    return send_stored(_evidence(work, recheck_id))


@route(bp, RESULT + ".jpg", permission=Permission.FINDING_READ)
def picture_page(work: Work, recheck_id: int) -> ResponseReturnValue:
    """Show a look's picture (of a PDF the first page)."""
    return send_preview(_evidence(work, recheck_id), 1)


def _evidence(work: Work, recheck_id: int) -> StoredFile:
    stored = queries.look_by_id(work, recheck_id).evidence
    if stored is None:
        raise Missing(recheck_id)
    return stored


def _units(work: Work) -> list[Unit]:
    return list(work.session.scalars(units()))
