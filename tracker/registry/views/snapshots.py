"""The registry as it stood on a day."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.registry.forms import SubjectFilterForm
from tracker.registry.policy import TAKEN_FOR
from tracker.registry.queries import SubjectFilter, snapshot_by_id, snapshot_rows_page, snapshots_page
from tracker.registry.views.place import bp


@route(bp, "/registry/snapshots", permission=Permission.REGISTRY_READ)
def snapshots(work: Work) -> ResponseReturnValue:
    """Show on which days the registry was kept as it stood, with what was counted then."""
    page, taken = snapshots_page(work.session, work.actor, request.args.get("after"))
    ids = [row.id for row in page.rows]
    reasons = {id_: said for ask in TAKEN_FOR for id_, said in ask(work, ids).items()}
    return render_template("registry/snapshots.html", page=page, taken=taken, reasons=reasons)


def snapshot_page(work: Work, snapshot_id: int, form: SubjectFilterForm, wanted: SubjectFilter) -> str:
    """Return the page of one snapshot's rows, narrowed as the list is; what is counted when no state is asked for."""
    taken = snapshot_by_id(work.session, work.actor, snapshot_id)
    page = snapshot_rows_page(work.session, snapshot_id, wanted, request.args.get("after"))
    return render_template("registry/snapshot.html", taken=taken, page=page, form=form, wanted=wanted)
