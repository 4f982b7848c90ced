"""How a person is reached: own addresses, which channel first, and the calendar feed."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.errors import Invalid
from tracker.kit.host import host
from tracker.kit.routes import PUBLIC, SIGNED_IN, route
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.org.models import Person
from tracker.org.operations.reach import change_own_reach, reach_of
from tracker.org.policy import UNIT_ROLES, Work
from tracker.org.queries import identity_of
from tracker.reminders.channels import CHANNELS
from tracker.reminders.channels.ics import Entry, feed
from tracker.reminders.forms import ReachForm
from tracker.reminders.operations.feed import feed_digest, renew_feed, revoke_feed
from tracker.reminders.queries.reach import current_feed, own_deadlines, person_of_feed
from tracker.reminders.views.blueprint import bp
from tracker.workdays.calendar import Calendar

NO_FEED = "Not found"
"""The one answer to every address that is no feed, or no longer one; calendar programs read no page of ours."""


@route(bp, "/channels", permission=SIGNED_IN, methods=("GET", "POST"))
def channels(work: Work) -> ResponseReturnValue:
    """Show and change how the person is reached."""
    person = work.session.get_one(Person, work.actor.person_id)
    form = _form(person)
    if request.method == "POST" and form.validate():
        try:
            change_own_reach(work, form.version.data, form.reach(reach_of(person)))
        except Invalid as refused:
            form.put(refused)
        else:
            flash(_("From now on you are told by these ways; every message also stands in your inbox."), "success")
            return redirect(url_for("reminders.channels"))
    return _page(work, person, form), 200 if request.method == "GET" else 422


def _form(person: Person) -> ReachForm:
    return _offered(ReachForm(request.form, obj=person) if request.method == "POST" else ReachForm(obj=person))


def _offered(form: ReachForm) -> ReachForm:
    form.offer([(channel.name, channel.label) for channel in CHANNELS if channel.ready(host().settings)])
    return form


def _page(work: Work, person: Person, form: ReachForm, address: str = "") -> str:
    settings = host().settings
    ways = [(channel.label, channel.address(person) or "") for channel in CHANNELS if channel.ready(settings)]
    return render_template(
        "reminders/channels.html",
        form=form,
        ways=ways,
        set_up=bool(ways),
        reached=any(found for _label, found in ways),
        feed=current_feed(work.session, person.id),
        feeds=bool(UNIT_ROLES & work.actor.roles),
        address=address,
    )


@route(bp, "/channels/feed", permission=SIGNED_IN, methods=("POST",))
def renew(work: Work) -> ResponseReturnValue:
    """Make a new secret address of the calendar feed and show it, this once."""
    secret = renew_feed(work)
    address = host().settings.public_url + url_for("reminders.calendar_feed", secret=secret)
    person = work.session.get_one(Person, work.actor.person_id)
    # 201 with Location: sending the form again leads to the page, where the address is not shown any more.
    headers = {"Location": url_for("reminders.channels"), "Cache-Control": "no-store"}
    return _page(work, person, _offered(ReachForm(obj=person)), address), 201, headers


@route(bp, "/channels/feed/revoke", permission=SIGNED_IN, methods=("POST",))
def revoke(work: Work) -> ResponseReturnValue:
    """End the calendar feed."""
    revoke_feed(work)
    flash(_("The address of the calendar feed works no longer."), "success")
    return redirect(url_for("reminders.channels"))


@route(bp, "/calendar-feed/<secret>.ics", permission=PUBLIC)
def calendar_feed(work: Work, secret: str) -> ResponseReturnValue:
    """Give a calendar program the deadlines of the person whose secret this is.

    Whoever holds the address reads it, without signing in: programs cannot. A wrong or revoked one, and one whose
    person has left, get the answer of an address that does not exist. 256 random bits need no counting of tries.
    """
    person = person_of_feed(work.session, feed_digest(secret)) if len(secret) < 100 else None
    if person is None:
        return Response(NO_FEED, 404, mimetype="text/plain")
    days = calendar_of(work.session)
    found = own_deadlines(work.session, identity_of(work.session, person, work.today))
    response = Response(feed([_entry(work, row, days) for row in found], person.locale, host().settings, work.now))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _entry(work: Work, row: Assignment, days: Calendar) -> Entry:
    due = due_of(row, work.now, days)
    return Entry(
        token=row.token,
        number=row.notice.number or "",
        on=row.due_on,
        ends_at=row.due_at,
        hour=row.due_time is not None,
        words=due.words,
        standing=str(due.standing),
        days=abs(due.days),
        issued_at=row.issued_at,
    )
