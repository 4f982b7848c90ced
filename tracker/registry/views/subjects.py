"""Pages of the registry: the list, one subject, its form, its states."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid
from tracker.kit.forms import filter_value
from tracker.kit.routes import route
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work
from tracker.org.queries import units
from tracker.registry.forms import RenameForm, StateForm, SubjectFilterForm, SubjectForm, state_form_of
from tracker.registry.models import Subject, SubjectState
from tracker.registry.operations import add_subject, change_state, change_subject, rename
from tracker.registry.policy import KIND_NAMES, STATE_NAMES
from tracker.registry.queries import SubjectFilter, counted_by_kind, overruled, past_of, subject_by_id, subjects_page
from tracker.registry.views.place import bp
from tracker.registry.views.snapshots import snapshot_page

ONE = "/registry/<int(max=2147483647):subject_id>"


@bp.app_template_global()
def subject_kind_names() -> dict[str, str]:
    """Return the msgids of the kinds, by their stored words."""
    return {str(kind): name for kind, name in KIND_NAMES.items()}


@bp.app_template_global()
def subject_state_names() -> dict[str, str]:
    """Return the msgids of the states, by their stored words."""
    return {str(state): name for state, name in STATE_NAMES.items()}


@route(bp, "/registry", permission=Permission.REGISTRY_READ)
def subjects(work: Work) -> ResponseReturnValue:
    """Show the list of sites and accounts, as it is or as a snapshot keeps it; every filter stands in the address."""
    form = SubjectFilterForm(request.args).offer(_units(work))
    form.validate()
    wanted = SubjectFilter(
        kind=filter_value(form.kind, None),
        platform=filter_value(form.platform, None),
        unit_id=filter_value(form.unit, None),
        state=filter_value(form.state, None),
        text=filter_value(form.q, ""),
    )
    snapshot_id = filter_value(form.snapshot, None)
    if snapshot_id is not None:
        return snapshot_page(work, snapshot_id, form, wanted)
    page = subjects_page(work.session, work.actor, wanted, request.args.get("after"))
    counts = counted_by_kind(work.session, work.actor)
    return render_template(
        "registry/subjects.html", form=form, page=page, counts=counts, filtered=wanted != SubjectFilter()
    )


@route(bp, "/registry/new", permission=Permission.REGISTRY_EDIT, methods=("GET", "POST"))
def new_subject(work: Work) -> ResponseReturnValue:
    """Register a site or an account."""
    form = SubjectForm(request.form).offer(_units(work))
    if request.method == "POST" and form.validate():
        try:
            subject = add_subject(work, form.values())
        except Invalid as error:
            form.put(error)
        else:
            flash(_("Registered. It can be named in findings from now on."), "success")
            return redirect(url_for("registry.subject", subject_id=subject.id))
    return _form_page(form, None)


@route(bp, ONE, permission=Permission.REGISTRY_READ)
def subject(work: Work, subject_id: int) -> ResponseReturnValue:
    """Show one subject."""
    found = subject_by_id(work.session, work.actor, subject_id)
    return _subject_page(work, found, state_form_of(found), RenameForm(prefix="name", data={"version": found.version}))


@route(bp, ONE + "/edit", permission=Permission.REGISTRY_EDIT, methods=("GET", "POST"))
def edit_subject(work: Work, subject_id: int) -> ResponseReturnValue:
    """Change a registration."""
    found = subject_by_id(work.session, work.actor, subject_id)
    form = SubjectForm(request.form, obj=found).offer(_units(work))
    if request.method == "POST" and form.validate():
        try:
            change_subject(work, found, form.values(), form.version.data)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The registration is changed; the record shows what it was before."), "success")
            return redirect(url_for("registry.subject", subject_id=found.id))
    return _form_page(form, found)


@route(bp, ONE + "/state", permission=Permission.REGISTRY_EDIT, methods=("POST",))
def change_subject_state(work: Work, subject_id: int) -> ResponseReturnValue:
    """Put a subject into another state from a date on."""
    found = subject_by_id(work.session, work.actor, subject_id)
    form = StateForm(request.form)
    if form.validate() and form.since.data:
        try:
            state = SubjectState(form.state.data)
            reason, into = form.reason.data or "", form.into.data or ""
            change_state(work, found, state, form.since.data, reason, form.version.data, into)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The new state is noted."), "success")
            return redirect(url_for("registry.subject", subject_id=found.id))
    return _subject_page(work, found, form, RenameForm(prefix="name", data={"version": found.version})), 422


@route(bp, ONE + "/name", permission=Permission.REGISTRY_EDIT, methods=("POST",))
def rename_subject(work: Work, subject_id: int) -> ResponseReturnValue:
    """Note that a subject bears another name from a date on; the older names stay."""
    found = subject_by_id(work.session, work.actor, subject_id)
    form = RenameForm(request.form, prefix="name")
    if form.validate() and form.since.data:
        try:
            name, reason = form.name.data or "", form.reason.data or ""
            rename(work, found, name, form.since.data, reason, form.version.data)
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The new name is noted; papers and lists of earlier days keep the old one."), "success")
            return redirect(url_for("registry.subject", subject_id=found.id))
    return _subject_page(work, found, state_form_of(found), form), 422


def _subject_page(work: Work, subject: Subject, form: StateForm, rename_form: RenameForm) -> str:
    past = past_of(work.session, subject)
    return render_template(
        "registry/subject.html",
        subject=subject,
        past=past,
        overruled=overruled(past),
        form=form,
        rename_form=rename_form,
    )


def _units(work: Work) -> list[Unit]:
    return list(work.session.scalars(units()))


def _form_page(form: SubjectForm, subject: Subject | None) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template("registry/subject_form.html", form=form, subject=subject), status
