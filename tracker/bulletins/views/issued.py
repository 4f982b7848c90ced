"""Issued bulletins, for all units: the list, one with its pages, its file."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.bulletins.queries.issued import issued_by_id, issued_page, own_parts
from tracker.bulletins.views.place import bp
from tracker.files.queries import file_by_sha256
from tracker.files.send import send_preview, send_stored
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work

ISSUED = "/bulletins/issued"
ONE = ISSUED + "/<int(max=2147483647):notice_id>"
READ = Permission.ASSIGNMENT_READ


@route(bp, ISSUED, permission=READ)
def issued(work: Work) -> ResponseReturnValue:
    """List the bulletins that were issued to all, newest first."""
    page = issued_page(work.session, work.actor, request.args.get("after"))
    return render_template("bulletins/issued.html", page=page)


@route(bp, ONE, permission=READ)
def issued_one(work: Work, notice_id: int) -> ResponseReturnValue:
    """Show one bulletin with its pages, and what it asks of the reader's unit."""
    notice = issued_by_id(work, notice_id)
    urls = [url_for("bulletins.issued_image", notice_id=notice.id, n=n + 1) for n in range(notice.paper_pages or 0)]
    return render_template("bulletins/issued_one.html", notice=notice, pages=urls, parts=own_parts(work, notice.id))


@route(bp, ONE + ".pdf", permission=READ)
def issued_pdf(work: Work, notice_id: int) -> Response:
    """Download a bulletin."""
    return send_stored(file_by_sha256(work.session, issued_by_id(work, notice_id).paper_sha256 or ""))


@route(bp, ONE + "/<int(max=999):n>.jpg", permission=READ)
def issued_image(work: Work, notice_id: int, n: int) -> Response:
    """Show one page of a bulletin."""
    if n < 1:
        raise Missing(n)
    return send_preview(file_by_sha256(work.session, issued_by_id(work, notice_id).paper_sha256 or ""), n)
