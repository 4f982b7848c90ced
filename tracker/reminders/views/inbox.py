"""A person's own messages."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.kit.host import host
from tracker.kit.routes import SIGNED_IN, route
from tracker.org.policy import Work
from tracker.reminders.channels import CHANNELS
from tracker.reminders.operations.inbox import open_all, open_message
from tracker.reminders.policy.letters import DELIVERY_NAMES
from tracker.reminders.queries import inbox as inbox_page
from tracker.reminders.queries import unread_count
from tracker.reminders.views.blueprint import SHAPES, bp, position


@route(bp, "/inbox", permission=SIGNED_IN)
def inbox(work: Work) -> ResponseReturnValue:
    """Show the person's own messages, unread ones first."""
    person_id = work.actor.person_id or 0
    page = inbox_page(work.session, person_id, request.args.get("after"))
    newest = max((message.id for message in page.rows), default=0)
    return render_template(
        "reminders/inbox.html",
        page=page,
        unread=unread_count(work.session, person_id),
        newest=newest,
        names=DELIVERY_NAMES,
        shapes=SHAPES,
        channels={channel.name: channel.label for channel in CHANNELS},
        letters=any(channel.ready(host().settings) for channel in CHANNELS),
    )


@route(bp, "/inbox/<int:message_id>/open", permission=SIGNED_IN, methods=("POST",), once=False)
def open_one(work: Work, message_id: int) -> ResponseReturnValue:
    """Mark a message as read and go to its case; opening twice is no second act, so the form's key is not used up."""
    return redirect(open_message(work, message_id).link or url_for("reminders.inbox"))


@route(bp, "/inbox/open-all", permission=SIGNED_IN, methods=("POST",), once=False)
def open_every(work: Work) -> ResponseReturnValue:
    """Mark everything as read that had arrived when the page was shown."""
    open_all(work, position(request.form.get("upto", "")) or 0)
    return redirect(url_for("reminders.inbox"))
