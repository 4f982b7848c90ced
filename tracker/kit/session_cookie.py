"""The session cookie: a random token and nothing else; who it belongs to is a row."""

from flask import request
from werkzeug import Response

from tracker.kit.host import host


def cookie_name() -> str:
    """Return the session cookie's name; the __Host- prefix forbids sharing it with other hosts wherever TLS is on."""
    return "__Host-rectify" if host().settings.secure_cookies else "rectify"


def session_token() -> str:
    """Return the token the browser sent, or an empty text."""
    return request.cookies.get(cookie_name(), "")


def set_cookie(response: Response, token: str) -> None:
    """Give the browser its session token, until the browser is closed."""
    secure = host().settings.secure_cookies
    response.set_cookie(cookie_name(), token, httponly=True, secure=secure, samesite="Lax", path="/")


def drop_cookie(response: Response) -> None:
    """Take the session token away from the browser."""
    secure = host().settings.secure_cookies
    response.delete_cookie(cookie_name(), httponly=True, secure=secure, samesite="Lax", path="/")
