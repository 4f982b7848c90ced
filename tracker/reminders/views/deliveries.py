"""The office's look at what left the house, why something did not, and whom nothing reaches."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.reminders.channels import CHANNELS, address_columns
from tracker.reminders.forms import LettersFilter
from tracker.reminders.jobs.house import own_house
from tracker.reminders.operations.deliver import retry, retry_alike
from tracker.reminders.policy.letters import DELIVERY_NAMES
from tracker.reminders.queries import delivery_counts
from tracker.reminders.queries.reach import lost_letters, unreached_people
from tracker.reminders.queries.sent import Wanted, letters_page, troubles
from tracker.reminders.views.blueprint import SHAPES, bp, position

CHANNEL_NAMES = {channel.name: channel.label for channel in CHANNELS}


@route(bp, "/deliveries", permission=Permission.NOTICE_READ)
def deliveries(work: Work) -> ResponseReturnValue:
    """Show what was sent over the channels, to whom, and why something was not."""
    counts = delivery_counts(work.session)
    form = LettersFilter(request.args)
    states = [(str(state), f"{_(name)} {counts.get(state, 0)}") for state, name in DELIVERY_NAMES.items()]
    form.offer(states, [(name, _(label)) for name, label in CHANNEL_NAMES.items()])
    wanted = Wanted(
        state=form.state.data if form.state.data in dict(states) else "",
        channel=form.channel.data if form.channel.data in CHANNEL_NAMES else "",
        reason=request.args.get("reason", "")[:400],
        who=form.who.data or "",
    )
    return render_template(
        "reminders/deliveries.html",
        form=form,
        wanted=wanted,
        page=letters_page(work.session, wanted, position(request.args.get("after", ""))),
        troubles=troubles(work.session),
        names=DELIVERY_NAMES,
        shapes=SHAPES,
        channels=CHANNEL_NAMES,
        ready=[channel.label for channel in CHANNELS if channel.ready(host().settings)],
    )


@route(bp, "/deliveries/<int:delivery_id>/retry", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def retry_one(work: Work, delivery_id: int) -> ResponseReturnValue:
    """Plan a letter that was given up once more."""
    person = retry(work, delivery_id, own_house().ways).person
    flash(_("It will be sent to %(person)s again within a minute.", person=person.name), "success")
    return redirect(url_for("reminders.deliveries", **_kept()))


@route(bp, "/deliveries/retry", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def retry_all(work: Work) -> ResponseReturnValue:
    """Plan every letter once more that a channel gave up for one reason."""
    channel, reason = request.form.get("channel", ""), request.form.get("reason", "")
    count = retry_alike(work, channel, reason, own_house().ways)
    if count:
        flash(_("%(n)s letters will be sent again, beginning within a minute.", n=count), "success")
    else:
        flash(_("Nothing was left to send: these letters have gone out meanwhile."), "info")
    return redirect(url_for("reminders.deliveries"))


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("state", "channel", "reason", "who") if request.args.get(name)}


@route(bp, "/unreached", permission=Permission.NOTICE_READ)
def unreached(work: Work) -> ResponseReturnValue:
    """List the contacts with open matters whom no channel reaches, and why."""
    columns = address_columns(host().settings)
    people = unreached_people(work.session, columns)
    return render_template(
        "reminders/unreached.html",
        people=people,
        lost=lost_letters(work.session, [person.id for person in people]),
        channels=CHANNEL_NAMES,
        any_channel=columns is None or bool(columns),
    )
