"""催办名册: a sheet for the telephone, for units that no channel reaches and for whoever prefers to call."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.policy import due_of
from tracker.org.policy import Permission, Work
from tracker.reminders.channels import CHANNELS, address_columns
from tracker.reminders.forms import RosterFilter
from tracker.reminders.queries.reach import unreached_people
from tracker.reminders.queries.roster import MOST_ON_ROSTER
from tracker.reminders.queries.roster import roster as roster_rows
from tracker.reminders.views.blueprint import bp
from tracker.replies.queries import units_addressed


@route(bp, "/roster", permission=Permission.NOTICE_READ)
def roster(work: Work) -> ResponseReturnValue:
    """Show whom to call about what is owed, printable as one A4 landscape list."""
    form = RosterFilter(request.args, units_addressed(work))
    units = None
    if form.reach.data == "none":
        units = {person.unit_id for person in unreached_people(work.session, address_columns(host().settings))}
    overdue_only = form.late.data != "all"
    found = roster_rows(work, form.unit_id, before=work.now if overdue_only else None, units=units)
    days = calendar_of(work.session)
    names = {channel.name: _(channel.label) for channel in CHANNELS} | {
        "inbox": _("Inbox, read"),
        "unread": _("Inbox, unread"),
    }
    return render_template(
        "reminders/roster.html",
        form=form,
        rows=[(row, due_of(row.assignment, work.now, days)) for row in found],
        names=names,
        more=len(found) == MOST_ON_ROSTER,
        most=MOST_ON_ROSTER,
        now=work.now,
    )
