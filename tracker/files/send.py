"""Answers that carry a file: originals only as download, previews only as pictures; nothing runs in our pages."""

import io

from flask import Response, make_response, render_template, request, send_file

from tracker.files.models import StoredFile, VirusCheck
from tracker.files.place import derived, originals
from tracker.files.previews import preview
from tracker.files.refusals import INFECTED_LATER, WAITS
from tracker.files.turning import turned
from tracker.kit.errors import Refused

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
ANYWAY = "anyway"
"""In the query: the person was warned of active content and wants the original all the same."""
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def send_stored(stored: StoredFile) -> Response:
    """Return the original, byte for byte, as an attachment under its label (RFC 6266); its hash is checked first.

    One with active content comes only after a page that warns of it.

    :raises Refused: it waits for the virus check, or did not pass it.
    :raises Absent: the store lost it.  :raises Damaged: its bytes were altered. Both are for the administrator.
    """
    if stored.held_back:
        raise Refused(WAITS if stored.virus_check == VirusCheck.WAITING else INFECTED_LATER)
    if stored.active_content and ANYWAY not in request.args:
        return make_response(render_template("files/active.html", file=stored, url=f"{request.path}?{ANYWAY}=1"))
    file = originals().open(stored.sha256)
    answer = send_file(
        file, mimetype=TYPES[stored.kind], as_attachment=True, download_name=stored.name, conditional=False, etag=False
    )
    answer.content_length = stored.size
    return _harmless(answer)


def send_preview(stored: StoredFile, page: int, turn: int = 0) -> Response:
    """Return the picture of one page (from 1), shown turned clockwise by `turn` degrees.

    :raises Missing: there is no such page, or it cannot be drawn.
    """
    return send_picture(turned(preview(stored, page, originals(), derived()), turn))


def send_picture(jpeg: bytes) -> Response:
    """Return a JPEG that was made here."""
    return _harmless(send_file(io.BytesIO(jpeg), mimetype="image/jpeg", conditional=False, etag=False))


def _harmless(answer: Response) -> Response:
    for header, value in HARMLESS.items():
        answer.headers[header] = value
    return answer
