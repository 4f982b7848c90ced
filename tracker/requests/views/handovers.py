"""联络员变更: naming who takes over, the hand-over sheet, and the security administrator's list."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.errors import Invalid, Missing
from tracker.kit.routes import route
from tracker.notices.policy import due_of
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Permission, Work, can
from tracker.org.queries import people_of_unit, units
from tracker.requests.forms import CarryOutForm, ChangeForm
from tracker.requests.models import ContactChange
from tracker.requests.operations import handovers as acts
from tracker.requests.queries.handovers import (
    change_by_id,
    changes_of,
    changes_to_carry_out,
    colleagues,
    handed_over,
)
from tracker.requests.views.blueprint import bp

URL = "/contact-changes"
P = Permission


@route(bp, URL, permission=P.CONTACT_CHANGE)
def contact_changes(work: Work) -> ResponseReturnValue:
    """Show a unit's contacts and the changes of them; the office chooses the unit first."""
    unit_id = _unit(work, request.args.get("unit", type=int))
    return _page(work, unit_id, _form(work, unit_id) if unit_id else None)


def _unit(work: Work, asked: int | None) -> int | None:
    if not work.actor.is_office:
        return work.actor.unit_id
    return asked if asked is not None and 0 < asked < 2**31 else None


def _form(work: Work, unit_id: int, values: object = None) -> ChangeForm:
    contacts = people_of_unit(work.session, unit_id, Role.CONTACT)
    others = sorted(colleagues(work.session, unit_id), key=lambda each: each in contacts)  # contacts come last
    return ChangeForm.over(contacts, others, values)


def _page(work: Work, unit_id: int | None, form: ChangeForm | None) -> str:
    supervised = units().where(Unit.kind != UnitKind.OFFICE)
    choice = work.session.scalars(supervised) if work.actor.is_office else ()
    return render_template(
        "requests/contact_changes.html",
        rows=changes_of(work, unit_id),
        units=list(choice),
        unit_id=unit_id,
        form=form,
    )


@route(bp, URL, permission=P.CONTACT_CHANGE, methods=("POST",))
def name_contact(work: Work) -> ResponseReturnValue:
    """Name who takes over as contact."""
    unit_id = _unit(work, request.form.get("unit", type=int))
    if unit_id is None:
        raise Missing
    form = _form(work, unit_id, request.form)
    try:
        if form.validate():
            successor, reason = form.successor(), form.reason.data or ""
            row = acts.name_successor(work, unit_id, form.former.data or 0, successor, form.from_on.data, reason)
            flash(_("Named. The security administrator moves the role on the day."), "success")
            return redirect(url_for("requests.contact_change", change_id=row.id))
    except Invalid as error:
        form.put(error)
    return _page(work, unit_id, form), 422


@route(bp, URL + "/to-carry-out", permission=P.ROLES_GRANT)
def changes_waiting(work: Work) -> ResponseReturnValue:
    """List the changes that the security administrator is to carry out; names only, no content."""
    rows = [(row, _choice(work, row)) for row in changes_to_carry_out(work)]
    return render_template("requests/changes_waiting.html", rows=rows, today=work.today)


def _choice(work: Work, row: ContactChange) -> CarryOutForm:
    form = CarryOutForm(version=row.version)
    people = [each for each in colleagues(work.session, row.unit_id) if each.id != row.former_id]
    form.new.choices = [(str(each.id), f"{each.name} {each.login}") for each in people]
    return form


@route(bp, URL + "/<int:change_id>/carry-out", permission=P.ROLES_GRANT, methods=("POST",))
def carry_out_change(work: Work, change_id: int) -> ResponseReturnValue:
    """Move the role of contact from the former to the new one."""
    row = change_by_id(work, change_id, lock=True)
    form = CarryOutForm(request.form)
    chosen = {each.id for each in colleagues(work.session, row.unit_id)} & {request.form.get("new", type=int)}
    acts.carry_out(work, row, next(iter(chosen), None), form.version.data)
    flash(_("Carried out: %(person)s is contact of %(unit)s now.", person=row.successor, unit=row.unit.name), "success")
    return redirect(url_for("requests.changes_waiting"))


@route(bp, URL + "/<int:change_id>", permission=P.ASSIGNMENT_READ)
def contact_change(work: Work, change_id: int) -> ResponseReturnValue:
    """Show the hand-over sheet: who, from when, and every open matter of the unit with its draft."""
    row = change_by_id(work, change_id)
    days = calendar_of(work.session)
    matters = [(a, due_of(a, work.now, days), draft) for a, draft in handed_over(work, row.unit_id)]
    may_end = can(work.actor, P.CONTACT_CHANGE, row.unit_id) and row.ended_at is None
    return render_template("requests/contact_change.html", row=row, matters=matters, may_end=may_end)


@route(bp, URL + "/<int:change_id>/take-back", permission=P.CONTACT_CHANGE, methods=("POST",))
def take_change_back(work: Work, change_id: int) -> ResponseReturnValue:
    """Take the change back."""
    row = change_by_id(work, change_id, lock=True)
    acts.take_back(work, row, CarryOutForm(request.form).version.data)
    flash(_("Taken back; the contact stays."), "success")
    return redirect(url_for("requests.contact_change", change_id=change_id))
