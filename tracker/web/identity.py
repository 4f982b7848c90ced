"""Who is asking: the one place that reads the session cookie and Flask-Login's current user."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

from flask import Flask, Request, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from tracker.kit.host import host
from tracker.kit.session_cookie import session_token
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.operations.sign_in import is_over
from tracker.org.policy import SYSTEM, VISITOR, Identity
from tracker.org.queries import identity_of, open_session_of, token_digest

TOUCH_EVERY = timedelta(seconds=60)
"""How stale `seen_at` may be: a write for every page view would cost more than it tells."""
FIRST_STEPS = frozenset({"org.password", "org.sign_out", "static", "bootstrap.static", "pages.set_language"})

manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """Flask-Login's view of an identity."""

    def __init__(self, identity: Identity) -> None:
        self.id = str(identity.person_id)
        self.identity = identity


def init_app(app: Flask) -> None:
    """Let the application know who is asking; send first-time people to change their password."""
    manager.session_protection = None  # our sessions are rows, Flask's cookie holds no identity
    manager.init_app(app)
    app.before_request(_first_password)


def session_mark() -> str:
    """Return what form keys are bound to: this session, or "visitor"."""
    token = session_token()
    return token_digest(token) if token and signed_in(current()) else "visitor"


def address() -> str:
    """Return the network address of the request."""
    return request.remote_addr or ""


def current() -> Identity:
    """Return who is asking; a visitor when nobody is signed in, or when there is no request (commands, worker)."""
    if not has_request_context():
        return VISITOR
    if current_user.is_authenticated:
        return cast(Identity, current_user.identity)
    return replace(VISITOR, address=address())


def signed_in(identity: Identity) -> bool:
    """Tell whether this is a signed-in person."""
    return identity.person_id is not None


@manager.request_loader  # type: ignore[untyped-decorator]
def load(_request: Request) -> SignedIn | None:
    """Return the person of an open session, or None; ends a session that has been idle or open too long."""
    token = session_token()
    if not token:
        return None
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        found = open_session_of(work.session, token)
        if found is None or not found.person.active or is_over(found, host().settings, work):
            return None
        identity = identity_of(work.session, found.person, work.today, found.id, address())
        stale = work.now - found.seen_at > TOUCH_EVERY
    if stale:
        _touch(token)
    return SignedIn(identity)


def _touch(token: str) -> None:
    with unit_of_work(SYSTEM, host().clock) as work:
        found = open_session_of(work.session, token)
        if found is not None:
            found.seen_at = work.now


def _first_password() -> ResponseReturnValue | None:
    if request.endpoint in FIRST_STEPS or request.endpoint is None:
        return None
    if current().must_change_password:
        return redirect(url_for("org.password"))
    return None
