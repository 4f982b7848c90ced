"""What every page shares: navigation, form keys, the office's name, the language switch, and health."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
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

bp = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Place:
    """An entry of the left rail."""

    label: Any
    endpoint: str
    icon: str
    permission: Permission | None = None
    current: bool = False
    """The page that is shown belongs to it; true for one entry at most."""

    @property
    def url(self) -> str:
        """Return its address."""
        return url_for(self.endpoint)


PLACES = (
    Place(_l("Today"), "dashboard.home", "house"),
    Place(_l("Findings"), "inspections.findings", "search", Permission.FINDING_READ),
    Place(_l("Notices"), "notices.batches", "file-earmark-text", Permission.NOTICE_READ),
    Place(_l("Replies"), "replies.queue", "inboxes", Permission.REPLY_REVIEW),
    Place(_l("Requests"), "requests.queue", "inboxes", Permission.REQUEST_READ),
    Place(_l("Assignments"), "replies.assignments", "card-checklist", Permission.ASSIGNMENT_READ),
    Place(_l("Change of contact"), "requests.contact_changes", "people", Permission.CONTACT_CHANGE),
    Place(_l("Bulletins"), "bulletins.bulletins", "bulletin", Permission.BULLETIN_READ),
    Place(_l("Ledger of rectification"), "exchange.ledger", "ledger", Permission.FINDING_READ),
    Place(_l("Incoming"), "intake.reports", "download", Permission.BULLETIN_READ),
    Place(_l("Registry"), "registry.subjects", "globe2", Permission.REGISTRY_READ),
    Place(_l("Working calendar"), "almanac.year", "calendar", Permission.FINDING_READ),
    Place(_l("Units and accounts"), "people.people", "people", Permission.ACCOUNTS_MANAGE),
    Place(_l("Roles"), "roles.roles", "key", Permission.ROLES_GRANT),
    Place(_l("Certificates"), "certificates.certificates", "seal", Permission.CERTIFICATES_MANAGE),
    Place(_l("Record"), "audit.events", "journal-check", Permission.RECORD_READ),
)


def init_app(app: Flask) -> None:
    """Give templates what every page shows."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(form_key=form_key, new_form_key=new_key, can=can, role_names=ROLE_NAMES)
    app.context_processor(shared)


def shared() -> dict[str, Any]:
    """Return the values of base.html."""
    person = identity.current()
    known = identity.signed_in(person)
    known_pages = current_app.view_functions
    places = (
        [p for p in PLACES if p.endpoint in known_pages and (p.permission is None or can(person, p.permission))]
        if known
        else []
    )
    return {
        "identity": person if known else None,
        "navigation": with_current(places),
        "office_name": host().settings.office_name,
        "today": host().clock.today(),
        "search_url": url_for("notices.notices") if known and can(person, Permission.NOTICE_READ) else None,
        **(_for_me(person.person_id) if person.person_id else {}),
    }


def with_current(places: list[Place]) -> list[Place]:
    """Return them with the one marked to which the shown page belongs.

    The page's address decides, so that an assignment's extension belongs to the assignments. A page under no entry's
    address (the intake of stacks) goes to the last entry of its room: what waits is filed there.
    """
    room = (request.endpoint or "").split(".")[0]
    of_room = [each for each in places if each.endpoint.split(".")[0] == room]
    path = request.script_root + request.path
    named = [each for each in places if path == each.url or path.startswith(each.url + "/")]
    here = (named or of_room)[-1:]
    return [replace(each, current=True) if each in here else each for each in places]


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
