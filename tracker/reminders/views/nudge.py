"""Urging chosen units at once: first a list of who will be told what, then the reason."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.errors import Refused
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.reminders.forms import NudgeForm
from tracker.reminders.jobs.house import own_house
from tracker.reminders.operations.nudge import NOTHING, nudges, reaches
from tracker.reminders.operations.nudge import nudge as urge
from tracker.reminders.views.blueprint import bp


@route(bp, "/reminders/nudge/preview", permission=Permission.REMINDERS_SET, methods=("POST",), once=False)
def preview_nudge(work: Work) -> ResponseReturnValue:
    """Show whom urging the picked assignments would reach, before anybody is told."""
    return _page(work, NudgeForm())


@route(bp, "/reminders/nudge", permission=Permission.REMINDERS_SET, methods=("POST",))
def nudge(work: Work) -> ResponseReturnValue:
    """Urge the picked assignments."""
    form = NudgeForm(request.form)
    if not form.validate():
        return _page(work, form), 422
    told = urge(work, _picked(), form.reason.data or "", calendar_of(work.session))
    flash(ngettext("%(num)s person was told.", "%(num)s people were told.", told), "success")
    return redirect(url_for("replies.assignments"))


def _picked() -> list[str]:
    return request.form.getlist("assignment")


def _page(work: Work, form: NudgeForm) -> str:
    found = nudges(work, _picked(), calendar_of(work.session))
    if not found:
        raise Refused(NOTHING)
    return render_template(
        "reminders/nudge.html",
        form=form,
        found=found,
        reaches=reaches(work, found, own_house().ways),
        left_out=len(set(_picked())) - len(found),
        locale=str(get_locale()),
    )
