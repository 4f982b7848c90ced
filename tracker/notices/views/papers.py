"""Papers: the file, its pages as pictures, and another try for one that failed."""

from io import BytesIO

from flask import Response, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import newest, try_again
from tracker.documents.word import word
from tracker.files.models import StoredFile
from tracker.files.names import label
from tracker.files.queries import file_by_sha256
from tracker.files.send import HARMLESS, send_preview, send_stored
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.notices.models import Notice
from tracker.notices.queries import assignment_by_token, batch_by_id, notice_by_id
from tracker.notices.views.blueprint import bp
from tracker.notices.views.showing import draft_contents
from tracker.org.policy import Permission, Work

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.app_template_global()
def layout_lines(paper: Paper) -> list[dict[str, str]]:
    """Return the self-check's points as lines, failing ones first: what is asked, what was found."""
    points = sorted(paper.checks or (), key=lambda point: bool(point["ok"]))
    return [
        {"text": f"{p['id']} {_(p['asks'])}（{p['found']}）", "state": "passed" if p["ok"] else "warning"}
        for p in points
    ]


def stored_paper(work: Work, notice: Notice, purpose: str) -> StoredFile:
    """Return the file of a notice's newest paper of this purpose.

    :raises Missing: it is not printed.
    """
    row = newest(work.session, "notice", notice.id, purpose)
    if row is None or row.state is not PaperState.READY or row.sha256 is None:
        raise Missing
    return file_by_sha256(work.session, row.sha256)


@route(bp, "/notices/<int:notice_id>/<any(preview, official):purpose>.pdf", permission=Permission.NOTICE_READ)
def office_pdf(work: Work, notice_id: int, purpose: str) -> Response:
    """Download a notice's paper (the office)."""
    return send_stored(stored_paper(work, notice_by_id(work, notice_id), purpose))


@route(
    bp, "/notices/<int:notice_id>/<any(preview, official):purpose>/<int:page>.jpg", permission=Permission.NOTICE_READ
)
def office_page(work: Work, notice_id: int, purpose: str, page: int) -> Response:
    """Show one page of a notice's paper (the office)."""
    return send_preview(stored_paper(work, notice_by_id(work, notice_id), purpose), page)


@route(bp, "/notices/<int:notice_id>/notice.docx", permission=Permission.NOTICE_READ)
def office_docx(work: Work, notice_id: int) -> Response:
    """Download a notice as an editable Word file: what was issued, or the present draft; only the PDF counts."""
    found = notice_by_id(work, notice_id)
    content = found.frozen or draft_contents(work, batch_by_id(work, found.batch_id)).get(notice_id)
    if content is None:
        raise Missing
    file, name = BytesIO(word(content["type"], content)), label(f"{found.number or found.title}.docx", "docx")
    answer = send_file(file, mimetype=DOCX, as_attachment=True, download_name=name, etag=False)
    answer.headers.update(HARMLESS)
    return answer


@route(bp, "/assignments/<token>/notice.pdf", permission=Permission.ASSIGNMENT_READ)
def paper_pdf(work: Work, token: str) -> Response:
    """Download the notice that a unit received."""
    return send_stored(stored_paper(work, assignment_by_token(work, token).notice, "official"))


@route(bp, "/assignments/<token>/notice/<int:n>.jpg", permission=Permission.ASSIGNMENT_READ)
def page_image(work: Work, token: str, n: int) -> Response:
    """Show one page of the notice that a unit received."""
    return send_preview(stored_paper(work, assignment_by_token(work, token).notice, "official"), n)


@route(bp, "/papers/<int:paper_id>/retry", permission=Permission.NOTICE_PRINT, methods=("POST",))
def retry(work: Work, paper_id: int) -> ResponseReturnValue:
    """Try a failed paper again."""
    paper = work.session.get(Paper, paper_id)
    if paper is None or paper.owner_type != "notice":
        raise Missing
    notice = notice_by_id(work, paper.owner_id)
    try_again(work, paper)
    flash(_("The paper is being printed again."), "success")
    return redirect(url_for("notices.notice", notice_id=notice.id))
