"""The list of annual sheets that wait for somebody."""

from flask import url_for
from flask_babel import gettext as _

from tracker.assessment.models import Sheet
from tracker.assessment.queries.waiting import waiting
from tracker.dashboard import queries
from tracker.dashboard.queries import MOST
from tracker.dashboard.views.parts import Entry, Section
from tracker.org.policy import Permission, Work, can
from tracker.workdays.deadlines import words_for


def assessments(work: Work) -> Section:
    """Return the sheets to check (a unit), with objections to answer (a clerk), or to sign (a director)."""
    found = waiting(work, MOST + 1)
    figure = f"{MOST}+" if len(found) > MOST else str(len(found))
    phrase = _("%(n)s annual sheets to deal with", n=figure)
    rows = [_entry(work, sheet) for sheet in found[: queries.ROWS]]
    return Section(_("Annual assessment"), figure, rows, _url(work, None), phrase=phrase, count=len(found))


def _entry(work: Work, sheet: Sheet) -> Entry:
    what = _("Assessment sheet %(year)s: %(unit)s", year=sheet.year, unit=sheet.unit.name)
    return Entry(
        what=what,
        url=_url(work, sheet),
        when=words_for(sheet.objections_until, None, work.today) if sheet.objections_until else "",
        action=_action(work),
    )


def _url(work: Work, sheet: Sheet | None) -> str:
    if sheet is None:
        return url_for("assessment.years" if work.actor.is_office else "assessment.own_years")
    if not work.actor.is_office:
        return url_for("assessment.own_sheet", year=sheet.year)
    return url_for("assessment.sheet", year=sheet.year, unit_id=sheet.unit_id)


def _action(work: Work) -> str:
    if not work.actor.is_office:
        return str(_("Check the sheet"))
    return str(_("Sign the sheet") if can(work.actor, Permission.NOTICE_SIGN) else _("Answer the objection"))
