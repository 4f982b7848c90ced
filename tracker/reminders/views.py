"""Pages: a person's inbox, and the office's look at the deliveries."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.host import host
from tracker.kit.routes import SIGNED_IN, route
from tracker.org.policy import Permission, Work
from tracker.reminders.models import DeliveryState
from tracker.reminders.operations.deliver import retry
from tracker.reminders.operations.inbox import open_all, open_message
from tracker.reminders.policy import DELIVERY_NAMES
from tracker.reminders.queries import deliveries as deliveries_page
from tracker.reminders.queries import delivery_counts, unread_count
from tracker.reminders.queries import inbox as inbox_page

bp = Blueprint("reminders", __name__)

SHAPES: dict[DeliveryState, str] = {
    DeliveryState.PLANNED: "issued",
    DeliveryState.SENDING: "acknowledged",
    DeliveryState.SENT: "accepted",
    DeliveryState.FAILED: "returned",
    DeliveryState.DEAD: "overdue",
    DeliveryState.DROPPED: "withdrawn",
}
"""A delivery borrows the look of a state that readers know."""


def _shared() -> dict[str, Any]:
    return {"names": DELIVERY_NAMES, "shapes": SHAPES, "mail_on": bool(host().settings.smtp_url)}


@route(bp, "/inbox", permission=SIGNED_IN)
def inbox(work: Work) -> ResponseReturnValue:
    """Show the person's own messages, unread ones first."""
    person_id = work.actor.person_id or 0
    page = inbox_page(work.session, person_id, request.args.get("after"))
    newest = max((message.id for message in page.rows), default=0)
    unread = unread_count(work.session, person_id)
    return render_template("reminders/inbox.html", page=page, unread=unread, newest=newest, **_shared())


@route(bp, "/inbox/<int:message_id>/open", permission=SIGNED_IN, methods=("POST",), once=False)
def open_one(work: Work, message_id: int) -> ResponseReturnValue:
    """Mark a message as read and go to its case; opening twice is no second act, so the form's key is not used up."""
    return redirect(open_message(work, message_id).link or url_for("reminders.inbox"))


@route(bp, "/inbox/open-all", permission=SIGNED_IN, methods=("POST",), once=False)
def open_every(work: Work) -> ResponseReturnValue:
    """Mark everything as read that had arrived when the page was shown."""
    open_all(work, _position(request.form.get("upto", "")) or 0)
    return redirect(url_for("reminders.inbox"))


@route(bp, "/deliveries", permission=Permission.NOTICE_READ)
def deliveries(work: Work) -> ResponseReturnValue:
    """Show what was sent over the channels, to whom, and why something was not."""
    state = request.args.get("state", "")
    state = state if state in list(DeliveryState) else ""
    page = deliveries_page(work.session, state, _position(request.args.get("after", "")))
    counts = delivery_counts(work.session)
    return render_template("reminders/deliveries.html", page=page, state=state, counts=counts, **_shared())


@route(bp, "/deliveries/<int:delivery_id>/retry", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def retry_one(work: Work, delivery_id: int) -> ResponseReturnValue:
    """Plan a delivery that was given up once more."""
    person = retry(work, delivery_id).message.person
    flash(_("It will be sent to %(person)s again within a minute.", person=person.name), "success")
    return redirect(url_for("reminders.deliveries", state=request.args.get("state") or None))


def _position(text: str) -> int | None:
    """Return the position that an address names; None (the first page) for one that no database holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
