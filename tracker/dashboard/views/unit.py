"""The lists of a unit's people."""

from flask import url_for
from flask_babel import gettext as _

from tracker.dashboard import queries
from tracker.dashboard.queries import MOST
from tracker.dashboard.views.parts import Entry, Section, listed
from tracker.org.policy import Work
from tracker.requests.queries.transfers import handed_to
from tracker.selfcheck.queries.own import to_answer as to_answer_self
from tracker.workdays.deadlines import words_for


def to_answer(work: Work) -> Section:
    """Return what the own unit owes an answer to, oldest deadline first."""
    found = queries.to_answer(work)
    return listed(
        work,
        found,
        _("For us to answer"),
        url=url_for("replies.assignments"),
        phrase=_("%(n)s assignments to answer"),
        action=_("Go on"),
        unit=False,
    )


def from_above(work: Work) -> Section:
    """Return what the unit above handed down to the own one, oldest inner deadline first."""
    found = list(work.session.scalars(handed_to(work).limit(MOST + 1)))
    rows = [
        Entry(
            what=f"{row.assignment.unit_name}　{row.assignment.notice.number}",
            url=url_for("requests.transfer", transfer_token=row.token),
            line=row.assignment.notice.title,
            when=words_for(row.due_on, None, work.today),
            action=_("Go on"),
        )
        for row in found[: queries.ROWS]
    ]
    figure = f"{MOST}+" if len(found) > MOST else str(len(found))
    phrase = _("%(n)s matters from the unit above", n=figure)
    return Section(
        _("From the unit above"), figure, rows, url_for("requests.handed_down"), phrase=phrase, count=len(found)
    )


def to_check(work: Work) -> Section:
    """Return the self-inspections (自查) that the own unit has not handed in, the oldest first."""
    found = to_answer_self(work, MOST + 1)
    rows = [
        Entry(
            what=sheet.check.title,
            url=url_for("selfcheck.own_check", check_id=sheet.check_id),
            standing="overdue" if sheet.check.due_on < work.today else "",
            when=words_for(sheet.check.due_on, None, work.today),
            action=_("Fill in"),
        )
        for sheet in found[: queries.ROWS]
    ]
    figure = f"{MOST}+" if len(found) > MOST else str(len(found))
    phrase = _("%(n)s self-inspections to answer", n=figure)
    return Section(_("Self-inspection"), figure, rows, url_for("selfcheck.own_checks"), phrase=phrase, count=len(found))


def with_office(work: Work) -> Section:
    """Return what the own unit has answered and the office has not decided."""
    return listed(
        work, queries.with_office(work), _("With the office for review"), url=url_for("replies.assignments"), unit=False
    )
