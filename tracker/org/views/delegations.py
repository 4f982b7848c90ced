"""Delegations: letting a colleague act in one's role for some days."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.org.forms import DelegationForm
from tracker.org.models import Delegation, Role
from tracker.org.operations import delegations as operations
from tracker.org.policy import DELEGABLE, Permission, Work
from tracker.org.queries import delegations_of, possible_deputies

bp = Blueprint("delegations", __name__)
DELEGATE = Permission.DELEGATE


@route(bp, "/delegations", permission=DELEGATE, methods=("GET", "POST"))
def delegations(work: Work) -> ResponseReturnValue:
    """Show the delegations one gave and received; give one."""
    form = DelegationForm(request.form)
    mine = [role for role in Role if role in work.actor.roles & DELEGABLE]
    deputies = possible_deputies(work.session, work.actor.person_id or 0)
    form.offer(mine, [(p.id, f"{p.name} · {p.title}" if p.title else p.name) for p in deputies])
    if request.method == "POST" and form.validate():
        try:
            given = operations.give(work, _wish(form))
        except Invalid as refused:
            form.put(refused)
        else:
            flash(
                _("%(person)s will act for you; the record shows both names.", person=given.deputy.name),
                "success",
            )
            return redirect(url_for("delegations.delegations"))
    return _page(work, form, mine), 200 if request.method == "GET" else 422


@route(bp, "/delegations/<int:delegation_id>/end", permission=DELEGATE, methods=("POST",))
def end(work: Work, delegation_id: int) -> ResponseReturnValue:
    """End a delegation before its last day."""
    operations.end_early(work, delegation_id)
    flash(_("The delegation is ended, at once."), "success")
    return redirect(url_for("delegations.delegations"))


def _wish(form: DelegationForm) -> operations.Wish:
    return operations.Wish(
        to_id=form.to_id.data,
        role=form.role.data,
        starts_on=form.starts_on.data,  # type: ignore[arg-type]  # validated: DataRequired
        ends_on=form.ends_on.data,  # type: ignore[arg-type]  # validated: DataRequired
        reason=form.reason.data or "",
    )


def _page(work: Work, form: DelegationForm, mine: list[Role]) -> str:
    me = work.actor.person_id
    rows = [(row, standing(work, row)) for row in delegations_of(work.session, me or 0)]
    return render_template(
        "org/delegations.html",
        form=form,
        mine=mine,
        given=[(row, how) for row, how in rows if row.from_id == me],
        received=[(row, how) for row, how in rows if row.to_id == me],
    )


def standing(work: Work, delegation: Delegation) -> str:
    """Return how a delegation stands today: "ended", "coming", "over" or "running"."""
    if delegation.revoked_at is not None:
        return "ended"
    if delegation.starts_on > work.today:
        return "coming"
    return "over" if delegation.ends_on < work.today else "running"
