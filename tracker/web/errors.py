"""Errors as pages: what happened, why, what to do next. Never a stack trace, never a half-stored change."""

import logging
from typing import Any

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, Unauthorized

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Missing, Refused, Stale
from tracker.kit.host import host
from tracker.kit.lifecycle import NotInState
from tracker.kit.unit_of_work import unit_of_work
from tracker.kit.words import N_
from tracker.web import identity

log = logging.getLogger(__name__)
OWN_PAGES = {404, 413, 422, 429}
CLASH = N_(
    "Somebody else entered the same in this very moment. Look at what is there now before you enter yours again."
)
UNIQUE_VIOLATION = "23505"
"""PostgreSQL's SQLSTATE; SQLite says it in words."""


def init_app(app: Flask) -> None:
    """Show every error as a page of ours."""
    app.register_error_handler(Refused, refused)
    app.register_error_handler(NotInState, out_of_state)
    app.register_error_handler(Missing, lambda _error: missing(NotFound()))
    app.register_error_handler(NotFound, missing)
    app.register_error_handler(Unauthorized, strangers)
    app.register_error_handler(HTTPException, other)
    app.register_error_handler(IntegrityError, clash)
    app.register_error_handler(Exception, crash)


def refused(error: Refused) -> ResponseReturnValue:
    """Show why the office's rules refuse the act now."""
    return render_template("errors/refused.html", error=error, back=_back()), error.status


def out_of_state(_error: NotInState) -> ResponseReturnValue:
    """Say that the step is not possible from the state the row is in."""
    sentence = N_("This step is not possible any more: somebody (or you, in another window) has already moved it on.")
    return refused(Refused(sentence))


def missing(_error: NotFound) -> ResponseReturnValue:
    """Answer 404 alike for what is absent and what is not theirs; a signed-in person's try is noted in the record."""
    actor = identity.current()
    if identity.signed_in(actor) and request.endpoint is not None:
        with unit_of_work(actor, host().clock) as work:
            record(work, Word.ACCESS_REFUSED, path=told_path()[:200], method=request.method)
    return render_template("errors/404.html"), 404


def strangers(_error: Unauthorized) -> ResponseReturnValue:
    """Send a visitor to the sign-in page, and back afterwards."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("org.sign_in", next=wanted if wanted != "/" else None))


def other(error: HTTPException) -> ResponseReturnValue:
    """Show the page of an HTTP error."""
    code = error.code or 500
    template = f"errors/{code}.html" if code in OWN_PAGES else "errors/other.html"
    return render_template(template, code=code, back=_back()), code


def clash(error: IntegrityError) -> ResponseReturnValue:
    """Say that somebody else stored the same in this very moment; any other broken constraint is a fault of ours.

    Operations look before they write, so only who came second in the same instant gets here, and a look helps.
    """
    unique = getattr(error.orig, "sqlstate", "") == UNIQUE_VIOLATION or "UNIQUE constraint" in str(error.orig)
    return refused(Stale(CLASH)) if unique else crash(error)


def crash(error: Exception) -> ResponseReturnValue:
    """Log what went wrong and show a plain page; the transaction was rolled back."""
    log.error("unhandled error on %s %s", request.method, told_path(), exc_info=error)
    return render_template("errors/500.html", back=_back()), InternalServerError.code


def told_path() -> str:
    """Return the request's path for log and record: without the secret of a calendar feed, which is a key by itself."""
    secret = (request.view_args or {}).get("secret")
    return request.path.replace(secret, "…") if secret else request.path


def _back() -> Any:
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else url_for("dashboard.home")
