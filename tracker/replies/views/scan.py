"""Uploading the signed and sealed scan."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from tracker.files.operations import SCANS
from tracker.files.taken import Taken, files_of
from tracker.kit.errors import Refused
from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.org.policy import Permission, Work
from tracker.replies.forms import ScanForm
from tracker.replies.operations.scan import put_scan
from tracker.replies.queries import draft, own_assignment
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import may_write, scan_shown

PAUSE = "3"
"""Seconds until the page asks again whether its scan was read."""


@route(bp, "/assignments/<token>/scan", permission=Permission.REPLY_WRITE)
def scan(work: Work, token: str) -> ResponseReturnValue:
    """Show the scan as it will be reviewed, or the place to upload it."""
    found = own_assignment(work, token)
    return _page(work, found, ScanForm())


def _page(work: Work, assignment: Assignment, form: ScanForm, status: int = 200) -> Response:
    reply = draft(work, assignment)
    shown = scan_shown(work, assignment, reply)
    html = render_template("replies/scan.html", assignment=assignment, reply=reply, form=form, **shown)
    answer = make_response(html, status)
    if shown["pending"]:
        answer.headers["Refresh"] = PAUSE
    return answer


@route(
    bp,
    "/assignments/<token>/scan",
    permission=Permission.REPLY_WRITE,
    methods=("POST",),
    admit=may_write,
    before=files_of("scan", kinds=SCANS),
)
def upload_scan(work: Work, token: str, taken: Taken) -> ResponseReturnValue:
    """Take the scan in; a refused file changes nothing."""
    found = own_assignment(work, token, lock=True)
    form = ScanForm(CombinedMultiDict([request.files, request.form]))
    try:
        if form.validate() and taken["scan"]:
            stored = put_scan(work, found, *taken["scan"][0])
            said = _("Uploaded: %(name)s, pages: %(n)s. Compare it below with the paper, then check and submit.")
            flash(said % {"name": stored.name, "n": stored.pages}, "success")
            return redirect(url_for("replies.scan", token=token))
    except Refused as error:
        form.scan.errors = [_(error.msgid, **error.params)]
    work.session.expire_all()
    return _page(work, found, form, 422)
