"""Headers that every answer carries, and the refusal of posts from other sites."""

import secrets

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from tracker.kit.host import host
from tracker.web import identity

LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes of a body without files."""
SPARE = 64 * 1024


def init_app(app: Flask) -> None:
    """Guard every request and every answer."""
    app.before_request(_no_nul)
    app.before_request(_same_origin)
    app.before_request(_body_in_proportion)
    app.after_request(_headers)
    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """Return this answer's nonce; made at its first use."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _no_nul() -> None:
    # PostgreSQL cannot hold it in a text, so that no query could be asked; nobody types it
    if "\x00" in request.path or b"%00" in request.query_string or b"\x00" in request.query_string:
        raise BadRequest("NUL in the address")


def _same_origin() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none") or (
        origin and origin != request.host_url.rstrip("/") and origin != _public()
    ):
        raise BadRequest("cross-site post")


def _body_in_proportion() -> None:
    """Refuse large bodies where no file is expected, before anything is read: reading one costs many times its size."""
    form = request.mimetype == "multipart/form-data"
    most = host().settings.max_upload + SPARE if not identity.signed_in(identity.current()) else None
    length = request.content_length
    if length is not None and (length > LARGEST_TEXT if not form else most is not None and length > most):
        raise RequestEntityTooLarge


def _public() -> str:
    return host().settings.public_url


def _headers(response: Response) -> Response:
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce()}'; style-src 'self' 'nonce-{nonce()}'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if host().settings.secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response
