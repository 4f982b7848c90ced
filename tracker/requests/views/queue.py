"""The office's one queue: what the units ask for, oldest deadline first."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.routes import route
from tracker.notices.policy import due_of
from tracker.org.policy import Permission, Work
from tracker.requests.lifecycle import AT_OFFICE
from tracker.requests.queries import MOST_SHOWN, disputed_assignments, undecided_disputes, waiting_extensions
from tracker.requests.views.blueprint import bp
from tracker.workdays.deadlines import workdays_between


@route(bp, "/requests", permission=Permission.REQUEST_READ)
def queue(work: Work) -> ResponseReturnValue:
    """List the extensions and disputes that wait for the office."""
    days = calendar_of(work.session)
    rows = list(work.session.scalars(waiting_extensions(work, *AT_OFFICE).limit(MOST_SHOWN)))
    extensions = [
        (row, due_of(row.assignment, work.now, days), workdays_between(row.assignment.due_on, row.wanted_on, days))
        for row in rows
    ]
    found = list(work.session.scalars(disputed_assignments(work, *AT_OFFICE).limit(MOST_SHOWN)))
    open_ones = undecided_disputes(work.session, [each.id for each in found])
    disputes = [(each, due_of(each, work.now, days), open_ones[each.id]) for each in found]
    return render_template("requests/queue.html", extensions=extensions, disputes=disputes, most=MOST_SHOWN)
