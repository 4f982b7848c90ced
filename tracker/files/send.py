"""Answers that carry a file: originals only as download, previews only as pictures; nothing runs in our pages."""

import io

from flask import Response, send_file

from tracker.files.models import StoredFile
from tracker.files.place import derived, originals
from tracker.files.previews import preview

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def send_stored(stored: StoredFile) -> Response:
    """Return the original, byte for byte, as an attachment under its label (RFC 6266); its hash is checked first.

    :raises Absent: the store lost it.  :raises Damaged: its bytes were altered. Both are for the administrator.
    """
    file = originals().open(stored.sha256)
    answer = send_file(
        file, mimetype=TYPES[stored.kind], as_attachment=True, download_name=stored.name, conditional=False, etag=False
    )
    answer.content_length = stored.size
    return _harmless(answer)


def send_preview(stored: StoredFile, page: int) -> Response:
    """Return the picture of one page (from 1).

    :raises Missing: there is no such page, or it cannot be drawn.
    """
    picture = preview(stored, page, originals(), derived())
    return _harmless(send_file(io.BytesIO(picture), mimetype="image/jpeg", conditional=False, etag=False))


def _harmless(answer: Response) -> Response:
    for header, value in HARMLESS.items():
        answer.headers[header] = value
    return answer
