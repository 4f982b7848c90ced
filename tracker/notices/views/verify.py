"""The public page behind a paper's QR code: whether number and file are genuine, and nothing else."""

import hashlib
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker.kit.routes import PUBLIC, route
from tracker.notices.models import Notice
from tracker.notices.queries import corrections_of
from tracker.notices.views.blueprint import bp
from tracker.org.policy import Work

BLOCK = 1 << 20


def _digest_of_file() -> dict[str, Any]:
    """Hash the posted file in the request's own stream; it is not looked into and not kept."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return {"sha256": ""}
    digest = hashlib.sha256()
    while block := file.stream.read(BLOCK):
        digest.update(block)
    return {"sha256": digest.hexdigest()}


@route(bp, "/v/<code>", permission=PUBLIC)
def verify(work: Work, code: str) -> ResponseReturnValue:
    """Show what the code on a paper stands for: number, day of issue, whether it is in force, and the file's hash."""
    found = _by_code(work, code)
    return _told(work, found, code, None)


@route(bp, "/v/<code>", permission=PUBLIC, methods=("POST",), once=False, before=_digest_of_file)
def verify_file(work: Work, code: str, sha256: str) -> ResponseReturnValue:
    """Compare a file with the stored hash; the file is hashed and forgotten."""
    found = _by_code(work, code)
    match = found is not None and bool(sha256) and sha256 == found.paper_sha256
    asked = match if sha256 else None
    return _told(work, found, code, asked)


def _told(work: Work, found: Notice | None, code: str, match: bool | None) -> ResponseReturnValue:
    page = render_template("notices/verify.html", notice=found, code=code, match=match, corrected_by=_by(work, found))
    return page, 200 if found else 404


def _by(work: Work, found: Notice | None) -> list[Notice]:
    """Return the corrections of a paper; who holds it is told their numbers, since it does not say them itself."""
    return corrections_of(work.session, found) if found else []


@route(bp, "/verify", permission=PUBLIC)
def verify_by_number(work: Work) -> ResponseReturnValue:
    """Check a number together with the hash of its file; neither alone tells anything."""
    number, sha256 = request.args.get("number", "").strip(), request.args.get("sha256", "").strip().lower()
    query = select(Notice).where(Notice.number == number, Notice.paper_sha256 == sha256)
    found = work.session.scalar(query) if number and sha256 else None
    return render_template(
        "notices/verify_number.html",
        notice=found,
        asked=bool(number or sha256),
        number=number,
        sha256=sha256,
        corrected_by=_by(work, found),
    )


def _by_code(work: Work, code: str) -> Notice | None:
    return work.session.scalar(select(Notice).where(Notice.verify_code == code, Notice.paper_sha256.is_not(None)))
