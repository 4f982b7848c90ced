"""Building the application."""

from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from tracker.kit.clock import Clock, ShiftedClock, SystemClock, office_moment
from tracker.kit.db import db
from tracker.kit.host import Host
from tracker.kit.routes import check_routes
from tracker.kit.settings import Settings
from tracker.org.policy import can
from tracker.web import errors, identity, language, pages, rooms, security
from tracker.web.start import check_start

LARGEST_ROW = 2**31 - 1
OPEN_ENDPOINTS = frozenset({"static", "bootstrap.static"})
"""Files anybody may fetch; everything else declares its permission."""


class RowNumber(IntegerConverter):
    """A number in an address: none that an integer column cannot hold, so that it is absent instead of an error."""

    def __init__(self, map_: Map, max: int = LARGEST_ROW) -> None:
        super().__init__(map_, max=max)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the WSGI application.

    :raises RuntimeError: a route has no declared permission.
    :raises NotFit: the demonstration and real work are mixed.
    """
    settings = settings or Settings.from_env()
    app = Flask("tracker", template_folder="../templates", static_folder="../static")
    app.config.update(_config(settings))
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, settings.trusted_proxies)  # type: ignore[method-assign]
    app.url_map.converters["int"] = RowNumber
    db.init_app(app)
    Migrate(app, db, directory="migrations", compare_type=True)
    Bootstrap5(app)
    app.extensions["rectify"] = Host(
        settings=settings,
        clock=clock or _clock(settings),
        current_actor=identity.current,
        signed_in=identity.signed_in,
        may=can,
        session_mark=identity.session_mark,
    )
    for shell in (identity, language, security, errors, pages, rooms):
        shell.init_app(app)
    check_routes(app, OPEN_ENDPOINTS)
    if settings.production or settings.now:
        with app.app_context():
            try:
                check_start(db.session())
            finally:  # nothing stays open: a server may fork after this
                db.session.remove()
                db.engine.dispose()
    return app


def _config(settings: Settings) -> dict[str, Any]:
    engine: dict[str, Any] = {"pool_pre_ping": True}
    if settings.database_url.startswith("postgresql"):
        engine |= {"pool_size": 10, "max_overflow": 10}
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "MAX_CONTENT_LENGTH": 3 * settings.max_upload,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": "rectify-notes",  # carries flash messages and the language, never an identity
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": "../translations",
        "BOOTSTRAP_SERVE_LOCAL": True,
    }


def _clock(settings: Settings) -> Clock:
    if not settings.now:
        return SystemClock()
    since = office_moment(settings.now_since) if settings.now_since else None
    return ShiftedClock.opening_at(office_moment(settings.now), since)
