"""The director's acts: send back, or sign off and issue; void."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.operations import drafts, issue
from tracker.notices.paper import series_of
from tracker.notices.queries import batch_by_id, locked_batch, notice_by_id
from tracker.notices.views.blueprint import bp
from tracker.notices.views.showing import calendar, draft_contents
from tracker.org.policy import Permission, Work


@route(bp, "/batches/<int:batch_id>/send-back", permission=Permission.NOTICE_SIGN, methods=("POST",))
def send_back(work: Work, batch_id: int) -> ResponseReturnValue:
    """Return a batch to its drafter with a reason."""
    batch = locked_batch(work, batch_id)
    drafts.send_back(work, batch, request.form.get("reason", ""))
    flash(_("Sent back to %(name)s with your reason.", name=batch.drafter.name), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


@route(bp, "/batches/<int:batch_id>/sign", permission=Permission.NOTICE_SIGN, methods=("POST",))
def sign(work: Work, batch_id: int) -> ResponseReturnValue:
    """Sign off and issue a whole batch in this one transaction."""
    batch = locked_batch(work, batch_id)
    contents = draft_contents(work, batch)
    issue.require_fit_papers(work, batch, contents, request.form.get("reason", ""))
    notices = issue.sign_off_and_issue(
        work,
        batch,
        series=series_of(batch.kind, host().settings),
        contents=contents,
        seen=request.form.get("seen", ""),
        calendar=calendar(),
    )
    numbers = [notice.number or "" for notice in notices]
    told = numbers[0] if len(numbers) == 1 else _("%(first)s to %(last)s", first=numbers[0], last=numbers[-1])
    flash(
        _(
            "Issued %(numbers)s. The papers are being printed and go to the units as soon as they are stored.",
            numbers=told,
        ),
        "success",
    )
    return redirect(url_for("notices.batch", batch_id=batch.id))


@route(bp, "/notices/<int:notice_id>/void", permission=Permission.NOTICE_VOID, methods=("POST",))
def void(work: Work, notice_id: int) -> ResponseReturnValue:
    """Void an issued notice; its number stays visible."""
    found = notice_by_id(work, notice_id)
    batch = locked_batch(work, found.batch_id)
    notice = next(n for n in batch_by_id(work, batch.id).notices if n.id == notice_id)
    issue.void(work, notice, request.form.get("reason", ""))
    flash(_("%(number)s is void. The number stays in the list and is not used again.", number=notice.number), "success")
    return redirect(url_for("notices.notice", notice_id=notice.id))
