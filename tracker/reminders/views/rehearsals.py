"""Rehearsing the days to come on a copy: asking for it, and its result."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.reminders.operations.rehearsals import MOST_DAYS, OPEN, latest_rehearsal, order_rehearsal
from tracker.reminders.views.blueprint import bp

CHOICES = (7, 14, 30, MOST_DAYS)


@route(bp, "/reminders/rehearsals", permission=Permission.REMINDERS_SET, methods=("GET", "POST"))
def rehearsals(work: Work) -> ResponseReturnValue:
    """Show the newest rehearsal, or order another."""
    if request.method == "POST":
        days = request.form.get("days", "", type=str)
        order_rehearsal(work, int(days) if days in map(str, CHOICES) else CHOICES[2])
        flash(_("The rehearsal begins; its result is here within a minute or two."), "success")
        return redirect(url_for("reminders.rehearsals"))
    found = latest_rehearsal(work.session)
    lived = [{**each, "on": date.fromisoformat(each["day"])} for each in found.lived] if found else []
    going = found is not None and found.state in OPEN
    return render_template("reminders/rehearsals.html", found=found, lived=lived, choices=CHOICES, going=going)
