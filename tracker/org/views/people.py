"""Units and accounts, for the system administrator: who exists, never what they may do."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid, Missing
from tracker.kit.paging import fetch_page
from tracker.kit.routes import route
from tracker.org.forms import PeopleFilter, PersonForm, UnitForm
from tracker.org.models import Person, Unit, UnitKind
from tracker.org.operations import people as operations
from tracker.org.operations.people import Particulars, UnitParticulars
from tracker.org.policy import UNIT_KIND_NAMES, Permission, Work
from tracker.org.queries import accounts, names_of_unit, roles_by_person, unit_tree

bp = Blueprint("people", __name__)
MANAGE = Permission.ACCOUNTS_MANAGE
BOTH = ("GET", "POST")


@route(bp, "/people", permission=MANAGE)
def people(work: Work) -> ResponseReturnValue:
    """List the accounts beside the tree of units."""
    tree = unit_tree(work.session)
    form = PeopleFilter(request.args)
    form.unit.choices = [("", _("All units")), *((str(unit.id), _indented(unit, depth)) for unit, depth in tree)]
    unit_id = next((unit.id for unit, _depth in tree if str(unit.id) == form.unit.data), None)
    query = accounts(form.q.data or "", unit_id)
    page = fetch_page(work.session, query, [Person.login], request.args.get("after"))
    roles = roles_by_person(work.session, [row.id for row in page.rows])
    return render_template(
        "org/people.html", page=page, roles=roles, tree=tree, form=form, unit_id=unit_id, kinds=UNIT_KIND_NAMES
    )


@route(bp, "/people/new", permission=MANAGE, methods=BOTH)
def add(work: Work) -> ResponseReturnValue:
    """Add an account; the answer shows its first password, this once."""
    form = _person_form(work, PersonForm(_sent(), unit_id=request.args.get("unit", type=int)))
    if request.method == "POST" and form.validate():
        try:
            person, first = operations.add_person(work, form.login.data or "", _particulars(form))
        except Invalid as refused:
            form.put(refused)
        else:
            return _password_page(person, first)
    return render_template("org/person_new.html", form=form), 200 if request.method == "GET" else 422


@route(bp, "/people/<int:person_id>", permission=MANAGE, methods=BOTH)
def person(work: Work, person_id: int) -> ResponseReturnValue:
    """Show an account and change what it says about its person."""
    found = work.session.get(Person, person_id)
    if found is None:
        raise Missing
    form = _person_form(work, PersonForm(_sent(), obj=found), found.unit_id)
    if request.method == "POST":
        form.login.data = found.login  # it never changes
        if form.validate():
            try:
                operations.change_person(work, person_id, form.version.data, _particulars(form))
            except Invalid as refused:
                form.put(refused)
            else:
                flash(_("The account of %(person)s is changed.", person=found.name), "success")
                return redirect(url_for("people.people"))
    roles = roles_by_person(work.session, [found.id])[found.id]
    page = render_template(
        "org/person.html", form=form, account=found, roles=roles, own=found.id == work.actor.person_id
    )
    return page, 200 if request.method == "GET" else 422


@route(bp, "/people/<int:person_id>/stop", permission=MANAGE, methods=("POST",))
def stop(work: Work, person_id: int) -> ResponseReturnValue:
    """Stop an account."""
    operations.stop_person(work, person_id)
    flash(_("The account is stopped and signed out everywhere. What it did stays in the record."), "success")
    return redirect(url_for("people.person", person_id=person_id))


@route(bp, "/people/<int:person_id>/resume", permission=MANAGE, methods=("POST",))
def resume(work: Work, person_id: int) -> ResponseReturnValue:
    """Let a stopped account sign in again."""
    operations.resume_person(work, person_id)
    flash(_("The account may sign in again."), "success")
    return redirect(url_for("people.person", person_id=person_id))


@route(bp, "/people/<int:person_id>/reset", permission=MANAGE, methods=("POST",))
def reset(work: Work, person_id: int) -> ResponseReturnValue:
    """Give an account a new first password; the answer shows it, this once."""
    return _password_page(*operations.reset_password(work, person_id))


@route(bp, "/units/new", permission=MANAGE, methods=BOTH)
def add_unit(work: Work) -> ResponseReturnValue:
    """Add a unit."""
    form = _unit_form(work, UnitForm(_sent(), kind=UnitKind.DEPARTMENT, parent_id=0))
    if request.method == "POST" and form.validate():
        try:
            added = operations.add_unit(work, _unit_particulars(form))
        except Invalid as refused:
            form.put(refused)
        else:
            flash(_("The unit %(unit)s is added.", unit=added.name), "success")
            return redirect(url_for("people.people", unit=added.id))
    return render_template("org/unit.html", form=form, unit=None, names=[]), 200 if request.method == "GET" else 422


@route(bp, "/units/<int:unit_id>", permission=MANAGE, methods=BOTH)
def unit(work: Work, unit_id: int) -> ResponseReturnValue:
    """Show a unit and change it."""
    found = work.session.get(Unit, unit_id)
    if found is None:
        raise Missing
    form = _unit_form(work, UnitForm(_sent(), obj=found, renamed_on=work.today))
    if request.method == "POST" and form.validate():
        try:
            operations.change_unit(work, unit_id, form.version.data, _unit_particulars(form), form.renamed_on.data)
        except Invalid as refused:
            form.put(refused)
        else:
            flash(_("The unit %(unit)s is changed.", unit=found.name), "success")
            return redirect(url_for("people.people", unit=unit_id))
    return render_template(
        "org/unit.html", form=form, unit=found, names=names_of_unit(work.session, unit_id)
    ), 200 if request.method == "GET" else 422


def _sent() -> Any:
    # An empty form would count as sent, with every box unticked.
    return request.form if request.method == "POST" else None


def _password_page(account: Person, first: str) -> ResponseReturnValue:
    # 201 with Location: sending the form again leads to the account, where the password is not shown any more.
    page = render_template("org/first_password.html", account=account, first=first)
    return page, 201, {"Location": url_for("people.person", person_id=account.id)}


def _person_form(work: Work, form: PersonForm, unit_now: int | None = None) -> PersonForm:
    tree = unit_tree(work.session)
    form.unit_id.choices = [(u.id, _indented(u, depth)) for u, depth in tree if u.active or u.id == unit_now]
    return form


def _unit_form(work: Work, form: UnitForm) -> UnitForm:
    form.parent_id.choices = [
        (0, _("none: it stands on top")),
        *((u.id, _indented(u, d)) for u, d in unit_tree(work.session)),
    ]
    if form.parent_id.data is None:
        form.parent_id.data = 0
    return form


def _indented(unit: Unit, depth: int) -> str:
    return "\u3000" * depth + unit.name


def _particulars(form: PersonForm) -> Particulars:
    return Particulars(
        name=form.name.data or "",
        unit_id=form.unit_id.data,
        title=form.title.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
    )


def _unit_particulars(form: UnitForm) -> UnitParticulars:
    return UnitParticulars(
        name=form.name.data or "",
        full_name=form.full_name.data or "",
        code=form.code.data or "",
        kind=form.kind.data,
        parent_id=form.parent_id.data or None,
        rank=form.rank.data or 0,
        active=bool(form.active.data),
    )
