"""The rows behind a bulletin's totals of problems, and of what was not answered."""

from datetime import date, datetime, time

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.told import told_page
from tracker.bulletins.queries.unanswered import owed
from tracker.bulletins.views.place import bp
from tracker.kit.clock import OFFICE
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.org.queries import names_on

READ = Permission.BULLETIN_READ


@route(bp, "/bulletins/problems", permission=READ)
def problems(work: Work) -> ResponseReturnValue:
    """Show the problems that a bulletin's total counts; period and last day are in the address."""
    period, until = _span(work)
    page, total = told_page(work.session, work.actor, period, until, request.args.get("after"))
    return render_template("bulletins/problems.html", page=page, total=total, period=period, until=until)


@route(bp, "/bulletins/unanswered", permission=READ)
def unanswered(work: Work) -> ResponseReturnValue:
    """Show what units had not answered at the end of the last day counted, or now, if that is still to come."""
    period, until = _span(work)
    at = min(datetime.combine(until, time.max, OFFICE), work.now)
    rows = owed(work.session, period, at, names_on(work.session, until))
    return render_template("bulletins/unanswered.html", rows=rows, period=period, until=until)


def _span(work: Work) -> tuple[Period, date]:
    try:
        period = Period.parse(request.args.get("period") or f"{work.today:%Y-%m}")
        return period, date.fromisoformat(request.args.get("until", period.ends_on.isoformat()))
    except ValueError:
        abort(404)
