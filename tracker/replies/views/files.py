"""Scans and evidence: sent only to those who may see the round that holds them."""

from flask.typing import ResponseReturnValue

from tracker.files.send import send_preview, send_stored
from tracker.kit.routes import route
from tracker.notices.queries import assignment_by_token
from tracker.org.policy import Permission, Work
from tracker.replies.queries import file_of
from tracker.replies.views.blueprint import bp


@route(bp, "/assignments/<token>/files/<file_token>", permission=Permission.REPLY_READ)
def file(work: Work, token: str, file_token: str) -> ResponseReturnValue:
    """Send the original, as a download."""
    return send_stored(file_of(work, assignment_by_token(work, token), file_token))


@route(bp, "/assignments/<token>/files/<file_token>/pages/<int:n>", permission=Permission.REPLY_READ)
def file_page(work: Work, token: str, file_token: str, n: int) -> ResponseReturnValue:
    """Send the picture of one page."""
    return send_preview(file_of(work, assignment_by_token(work, token), file_token), n)
