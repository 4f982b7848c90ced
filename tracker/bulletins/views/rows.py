"""The rows behind a bulletin's totals."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.members import Which, members_page
from tracker.bulletins.views.place import bp
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work
from tracker.registry.models import SubjectKind

WHICH_NAMES = {
    Which.ALL: N_("Counted in the registry of that day"),
    Which.CHECKED: N_("Inspected"),
    Which.UNCHECKED: N_("Not inspected"),
    Which.FAILED: N_("With a veto"),
    Which.PASSED: N_("Without a veto"),
}


@route(bp, "/bulletins/subjects", permission=Permission.BULLETIN_READ)
def subjects(work: Work) -> ResponseReturnValue:
    """Show the sites or accounts that a figure counts; period, last day, kind and part are in the address."""
    try:
        period = Period.parse(request.args.get("period") or f"{work.today:%Y-%m}")
        until = date.fromisoformat(request.args.get("until", period.ends_on.isoformat()))
        which = Which(request.args.get("which", Which.ALL))
        kind = SubjectKind(request.args["kind"]) if request.args.get("kind") else None
    except ValueError:
        abort(404)
    wanted = (period, until, which, kind)
    page, total, snapshot = members_page(work.session, work.actor, wanted, request.args.get("after"))
    return render_template(
        "bulletins/subjects.html",
        page=page,
        total=total,
        snapshot=snapshot,
        period=period,
        until=until,
        which=which,
        kind=kind,
        parts=WHICH_NAMES,
    )
