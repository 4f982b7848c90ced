"""Roles, for the security administrator: who may do what."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Missing
from tracker.kit.paging import fetch_page
from tracker.kit.routes import route
from tracker.org.forms import RolesFilter
from tracker.org.models import Person, Role
from tracker.org.operations import roles as operations
from tracker.org.policy import ROLE_NAMES, Permission, Work
from tracker.org.queries import accounts, grants_of, roles_by_person, roles_of

bp = Blueprint("roles", __name__)
GRANT = Permission.ROLES_GRANT


@route(bp, "/roles", permission=GRANT)
def roles(work: Work) -> ResponseReturnValue:
    """List people with their roles."""
    form = RolesFilter(request.args)
    form.role.choices = [("", _("All roles")), *((str(role), _(name)) for role, name in ROLE_NAMES.items())]
    role = Role(form.role.data) if form.role.data in set(Role) else None
    page = fetch_page(work.session, accounts(form.q.data or "", None, role), [Person.login], request.args.get("after"))
    held = roles_by_person(work.session, [row.id for row in page.rows])
    return render_template("org/roles.html", page=page, roles=held, form=form, me=work.actor.person_id)


@route(bp, "/roles/<int:person_id>", permission=GRANT)
def holder(work: Work, person_id: int) -> ResponseReturnValue:
    """Show a person's roles: held, possible, excluded with the reason, and those of the past."""
    found = work.session.get(Person, person_id)
    if found is None:
        raise Missing
    held = roles_of(work.session, person_id)
    free = [(role, operations.refusal(work, found, role, held)) for role in Role if role not in held]
    return render_template(
        "org/role_holder.html",
        account=found,
        held=[role for role in Role if role in held],
        free=free,
        past=[grant for grant in grants_of(work.session, person_id) if grant.revoked_at],
        own=found.id == work.actor.person_id,
    )


@route(bp, "/roles/<int:person_id>/grant", permission=GRANT, methods=("POST",))
def grant(work: Work, person_id: int) -> ResponseReturnValue:
    """Grant a role."""
    role = _posted_role()
    operations.grant_role(work, person_id, role)
    flash(
        _("The role %(role)s is granted; it works from the person's next page on.", role=_(ROLE_NAMES[role])), "success"
    )
    return redirect(url_for("roles.holder", person_id=person_id))


@route(bp, "/roles/<int:person_id>/take", permission=GRANT, methods=("POST",))
def take(work: Work, person_id: int) -> ResponseReturnValue:
    """Take a role away."""
    role = _posted_role()
    operations.take_role(work, person_id, role)
    flash(_("The role %(role)s is taken away, at once.", role=_(ROLE_NAMES[role])), "success")
    return redirect(url_for("roles.holder", person_id=person_id))


def _posted_role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Missing from error
