"""What every page shares: navigation, form keys, the office's name, the language switch, and health."""

from typing import Any

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tracker.documents.preflight import noted
from tracker.kit.db import db
from tracker.kit.form_keys import form_key, new_key
from tracker.kit.host import host
from tracker.kit.routes import PUBLIC, route
from tracker.org.policy import ROLE_NAMES, Permission, Work, can
from tracker.reminders.queries import unread_count
from tracker.web import identity
from tracker.web.language import LANGUAGES
from tracker.web.places import places_for

bp = Blueprint("pages", __name__)


def init_app(app: Flask) -> None:
    """Give templates what every page shows."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(form_key=form_key, new_form_key=new_key, can=can, role_names=ROLE_NAMES)
    app.context_processor(shared)


def shared() -> dict[str, Any]:
    """Return the values of base.html."""
    person = identity.current()
    known = identity.signed_in(person)
    return {
        "identity": person if known else None,
        "navigation": places_for(person) if known else [],
        "office_name": host().settings.office_name,
        "today": host().clock.today(),
        "search_url": url_for("notices.notices") if known and can(person, Permission.NOTICE_READ) else None,
        **(_for_me(person.person_id) if person.person_id else {}),
    }


def _for_me(person_id: int) -> dict[str, Any]:
    """Return how many messages wait; nothing when the database cannot say, since an error page must still show."""
    try:
        return {"needs_me": unread_count(db.session(), person_id), "needs_me_url": url_for("reminders.inbox")}
    except SQLAlchemyError:
        db.session.rollback()
        return {}


@route(bp, "/language/<code>", permission=PUBLIC, methods=("POST",), once=False)
def set_language(_work: Work, code: str) -> ResponseReturnValue:
    """Switch the language of this browser."""
    if code in LANGUAGES:
        session["language"] = code
    referrer = request.referrer or ""
    return redirect(referrer if referrer.startswith(request.host_url) else url_for("dashboard.home"))


@route(bp, "/healthz", permission=PUBLIC)
def healthz(_work: Work) -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


@route(bp, "/readyz", permission=PUBLIC)
def readyz(work: Work) -> ResponseReturnValue:
    """Say that the database answers, and what the worker found missing for printing papers."""
    work.session.execute(text("SELECT 1"))
    lacking = [{"lacks": each.sentence % each.params, "command": each.command} for each in noted(host().settings.data)]
    return {"status": "ready"} | ({"papers": lacking} if lacking else {})
