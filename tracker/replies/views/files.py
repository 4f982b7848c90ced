"""Scans and evidence: sent only to those who may see the round that holds them."""

from flask.typing import ResponseReturnValue

from tracker.files.models import StoredFile
from tracker.files.place import derived
from tracker.files.send import send_picture, send_preview, send_stored
from tracker.kit.errors import Missing, Refused
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.queries import assignment_by_token
from tracker.org.policy import Permission, Work
from tracker.replies.operations.filing import file_scan
from tracker.replies.queries import file_of
from tracker.replies.views.blueprint import bp
from tracker.scans import crops

NOT_YET = N_("The pages of this scan are still being read. Open it again in a moment.")
OTHERS = N_(
    "Another unit's reply sheet is in this scan, so it cannot be opened here. Upload your own pages in its place."
)


@route(bp, "/assignments/<token>/files/<file_token>", permission=Permission.REPLY_READ)
def file(work: Work, token: str, file_token: str) -> ResponseReturnValue:
    """Send the original, as a download; to the unit only once it is known that no other unit's sheet is in it."""
    found = assignment_by_token(work, token)
    stored = file_of(work, found, file_token)
    filing = file_scan(work, found, stored, 0)
    if not work.actor.is_office and filing.withheld():
        raise Refused(NOT_YET if filing.pending else OTHERS)
    return send_stored(stored)


@route(bp, "/assignments/<token>/files/<file_token>/pages/<int:n>", permission=Permission.REPLY_READ)
def file_page(work: Work, token: str, file_token: str, n: int) -> ResponseReturnValue:
    """Send the picture of one page, upright."""
    stored, turn = _page_of(work, token, file_token, n)
    return send_preview(stored, n, turn=turn)


@route(bp, "/assignments/<token>/files/<file_token>/pages/<int:n>/<part>", permission=Permission.REPLY_READ)
def file_part(work: Work, token: str, file_token: str, n: int, part: str) -> ResponseReturnValue:
    """Send what stands in the box of seal or signature on a page, as the reader cut it out."""
    stored, _turn = _page_of(work, token, file_token, n)
    path = crops.place(derived(), stored.sha256, n, part)
    if part not in crops.PARTS or not path.is_file():
        raise Missing(part)
    return send_picture(path.read_bytes())


def _page_of(work: Work, token: str, file_token: str, n: int) -> tuple[StoredFile, int]:
    """Return the file, and by how many degrees its page n is turned.

    :raises Missing: no such file here, or the page is not for this person's eyes.
    """
    found = assignment_by_token(work, token)
    stored = file_of(work, found, file_token)
    filing = file_scan(work, found, stored, 0)
    if not work.actor.is_office and filing.withheld(n):
        raise Missing(f"page {n}")
    return stored, filing.turn(n)
