"""Pages of inspections and findings."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.files.models import StoredFile
from tracker.files.send import send_preview, send_stored
from tracker.files.taken import Taken, files_of
from tracker.indicators.queries import findable
from tracker.inspections import operations, policy, queries
from tracker.inspections.forms import BulkForm, DropForm, FindingFilterForm, FindingForm, InspectionForm
from tracker.inspections.models import Finding
from tracker.inspections.views.known import NotSeen, known_of, require_seen
from tracker.inspections.views.measured import offered_rules, require_agreed
from tracker.inspections.views.place import bp
from tracker.kit.errors import Invalid, Missing
from tracker.kit.forms import filter_value, row_id
from tracker.kit.routes import route
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can
from tracker.org.queries import units
from tracker.registry.queries import answering, inspected

ONE = "/findings/<int(max=2147483647):finding_id>"


@bp.app_template_global()
def finding_words() -> dict[str, Any]:
    """Return what templates call the words of findings, as msgids by their stored words."""
    return {
        "method": {str(key): name for key, name in policy.METHOD_NAMES.items()},
        "ended": {str(key): name for key, name in policy.ENDED_NAMES.items()},
        "standing": {str(key): name for key, name in policy.STANDING_NAMES.items()},
    }


@bp.app_template_global()
def finding_standing(finding: Finding) -> str:
    """Return where a finding stands: waiting, on_notice or ended."""
    return str(policy.standing(finding))


@route(bp, "/findings", permission=Permission.FINDING_READ)
def findings(work: Work) -> ResponseReturnValue:
    """Show the list of findings; those that wait can be chosen for notices. Every filter stands in the address."""
    form = FindingFilterForm(request.args).offer(_units(work), findable(work.session))
    form.validate()
    standing = filter_value(form.state, policy.Standing.WAITING)
    wanted = queries.FindingFilter(
        standing=None if standing == "all" else standing,
        unit_id=filter_value(form.unit, None),
        level=filter_value(form.level, None),
        indicator_id=filter_value(form.indicator, None),
        subject_id=filter_value(form.subject, None),
        inspection_id=filter_value(form.inspection, None),
        text=filter_value(form.q, ""),
        months=(first, filter_value(form.period_to, first)) if (first := filter_value(form.period, None)) else None,
        told_on=filter_value(form.on, None),
    )
    return render_template(
        "inspections/findings.html",
        form=form,
        page=queries.findings_page(work.session, work.actor, wanted, request.args.get("after")),
        count=queries.findings_count(work.session, work.actor, wanted),
        filtered=wanted != queries.FindingFilter(standing=policy.Standing.WAITING),
        draft_url=_draft_url(work),
    )


def _draft_url(work: Work) -> str | None:
    """Return where chosen findings go; that room lies above this one, so only its name is known here."""
    known = "notices.draft" in current_app.view_functions
    return url_for("notices.draft") if known and can(work.actor, Permission.NOTICE_DRAFT) else None


@route(
    bp,
    "/findings/new",
    permission=Permission.FINDING_WRITE,
    methods=("GET", "POST"),
    before=files_of("evidence"),
)
def new_finding(work: Work, taken: Taken | None = None) -> ResponseReturnValue:
    """Enter one finding, then look at it or enter the next."""
    form = _offered(work, FindingForm(request.form, data=_prefilled(work)))
    if request.method == "POST" and form.validate():
        try:
            values = form.values(form.unit_id.data, form.subject_id.data)
            require_agreed(work, form, values)
            require_seen(work, values)
            finding = operations.enter_finding(work, values, _upload(taken))
        except (Invalid, operations.AlreadyOpen) as error:
            return _finding_form(work, form, None, error)
        flash(_("Finding #%(id)s is entered and waits for a notice.", id=finding.id), "success")
        if "next" in request.form:
            kept: dict[str, Any] = {
                "inspection": values.inspection_id,
                "unit": values.unit_id,
                "indicator": values.indicator_id,
            }
            return redirect(url_for("inspections.new_finding", **kept))
        return redirect(url_for("inspections.finding", finding_id=finding.id))
    return _finding_form(work, form, None)


@route(bp, "/findings/bulk", permission=Permission.FINDING_WRITE, methods=("GET", "POST"))
def bulk_findings(work: Work) -> ResponseReturnValue:
    """Enter the same problem at several sites or accounts of one unit: all or none."""
    every = _units(work)
    unit = next((each for each in every if str(each.id) == request.args.get("unit")), None)
    if unit is None:
        return render_template("inspections/bulk_unit.html", units=every)
    subjects = list(work.session.scalars(answering(unit.id)))
    form = BulkForm(request.form, data=_prefilled(work))
    twins: list[tuple[int, str]] = []
    form.offer(subjects, queries.inspections(work.session), findable(work.session, work.today))
    if request.method == "POST" and form.validate():
        try:
            entered = operations.enter_for_subjects(work, form.values(unit.id, None), form.subjects.data or [])
        except (Invalid, operations.AlreadyOpen) as error:
            form.put(error)
            twins = getattr(error, "twins", [])
        else:
            sentence = ngettext("%(num)s finding is entered.", "%(num)s findings are entered.", len(entered))
            flash(sentence, "success")
            return redirect(url_for("inspections.findings", unit=unit.id))
    status = 422 if request.method == "POST" else 200
    return render_template("inspections/bulk.html", form=form, unit=unit, subjects=subjects, twins=twins), status


@route(bp, ONE, permission=Permission.FINDING_READ)
def finding(work: Work, finding_id: int) -> ResponseReturnValue:
    """Show one finding."""
    found = queries.finding_by_id(work.session, work.actor, finding_id)
    return render_template("inspections/finding.html", finding=found, form=DropForm(), known=known_of(work, found))


@route(
    bp,
    ONE + "/edit",
    permission=Permission.FINDING_WRITE,
    methods=("GET", "POST"),
    before=files_of("evidence"),
)
def edit_finding(work: Work, finding_id: int, taken: Taken | None = None) -> ResponseReturnValue:
    """Change a finding that waits."""
    found = queries.finding_by_id(work.session, work.actor, finding_id)
    operations.check_waiting(found)
    form = _offered(work, FindingForm(request.form, obj=found), found)
    if request.method == "POST" and form.validate():
        try:
            values = form.values(form.unit_id.data, form.subject_id.data)
            require_agreed(work, form, values)
            operations.change_finding(work, found, values, form.version.data, _upload(taken))
        except (Invalid, operations.AlreadyOpen) as error:
            return _finding_form(work, form, found, error)
        flash(_("The finding is changed."), "success")
        return redirect(url_for("inspections.finding", finding_id=found.id))
    return _finding_form(work, form, found)


@route(bp, ONE + "/drop", permission=Permission.FINDING_WRITE, methods=("POST",))
def drop_finding(work: Work, finding_id: int) -> ResponseReturnValue:
    """End a waiting finding that should not have been entered."""
    found = queries.finding_by_id(work.session, work.actor, finding_id)
    form = DropForm(request.form)
    if not form.validate():
        return render_template("inspections/finding.html", finding=found, form=form, known=known_of(work, found)), 422
    operations.drop_finding(work, found, form.reason.data or "")
    flash(_("Finding #%(id)s is dropped; it stays in the list of ended ones.", id=found.id), "success")
    return redirect(url_for("inspections.findings"))


@route(bp, ONE + "/evidence", permission=Permission.FINDING_READ)
def evidence(work: Work, finding_id: int) -> ResponseReturnValue:
    """Hand out the original of the evidence."""
    return send_stored(_evidence(work, finding_id))


@route(bp, ONE + "/evidence/<int(max=3000):page>.jpg", permission=Permission.FINDING_READ)
def evidence_page(work: Work, finding_id: int, page: int) -> ResponseReturnValue:
    """Show one page of the evidence as a picture."""
    return send_preview(_evidence(work, finding_id), page)


def _evidence(work: Work, finding_id: int) -> StoredFile:
    stored = queries.finding_by_id(work.session, work.actor, finding_id).evidence
    if stored is None:
        raise Missing(finding_id)
    return stored


@route(bp, "/inspections", permission=Permission.FINDING_READ)
def inspections(work: Work) -> ResponseReturnValue:
    """List the inspections."""
    return render_template("inspections/inspections.html", inspections=queries.inspections_with_counts(work.session))


@route(bp, "/inspections/new", permission=Permission.FINDING_WRITE, methods=("GET", "POST"))
def new_inspection(work: Work) -> ResponseReturnValue:
    """Open an inspection, then choose its sample or enter what it found."""
    form = InspectionForm(request.form, data={"period": f"{work.today:%Y-%m}"})
    if request.method == "POST" and form.validate():
        try:
            opened = operations.open_inspection(work, form.values())
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The inspection is open. Choose its sample, or enter what it found."), "success")
            return redirect(url_for("inspections.inspection", inspection_id=opened.id))
    return render_template("inspections/inspection_form.html", form=form), 422 if request.method == "POST" else 200


def _units(work: Work) -> list[Unit]:
    return list(work.session.scalars(units()))


def _prefilled(work: Work) -> dict[str, Any]:
    given = {f"{key}_id": request.args.get(key, type=row_id) for key in ("inspection", "unit", "subject", "indicator")}
    usual = {"inspection_id": queries.usual_inspection(work.session), "found_on": work.today}
    return usual | {key: id_ for key, id_ in given.items() if id_}


def _offered(work: Work, form: FindingForm, finding: Finding | None = None) -> FindingForm:
    subjects = work.session.scalars(inspected()).all()
    rules = offered_rules(work, form, finding)
    return form.offer(_units(work), subjects, queries.inspections(work.session), rules)


def _upload(taken: Taken | None) -> operations.Upload | None:
    return next(iter((taken or {}).get("evidence", ())), None)


def _finding_form(
    work: Work, form: FindingForm, finding: Finding | None, error: Invalid | operations.AlreadyOpen | None = None
) -> ResponseReturnValue:
    """Show the entry form; after a refusal what was typed is kept, and equal findings are linked."""
    twins = error.twins if isinstance(error, operations.AlreadyOpen) else []
    if error is not None:
        form.put(error)
    if finding is not None:
        finding = queries.finding_by_id(work.session, work.actor, finding.id)
    status = 422 if request.method == "POST" else 200
    can_enter = bool(form.inspection_id.choices)
    return render_template(
        "inspections/finding_form.html",
        form=form,
        finding=finding,
        twins=twins,
        can_enter=can_enter,
        known=error if isinstance(error, NotSeen) else None,
    ), status
