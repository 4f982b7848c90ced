"""The home page: one sentence, then one list per kind of work."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.dashboard import queries
from tracker.dashboard.queries import MOST
from tracker.dashboard.views import assessed, office, published, unit
from tracker.dashboard.views.blueprint import bp
from tracker.dashboard.views.parts import Section
from tracker.documents.preflight import noted
from tracker.kit.host import host
from tracker.kit.routes import SIGNED_IN, route
from tracker.org.policy import Permission, Work, can

ALIVE = timedelta(minutes=15)
"""A worker that has not ticked for this long is said to stand still."""


@route(bp, "/", permission=SIGNED_IN)
def home(work: Work) -> ResponseReturnValue:
    """Show what needs this person today."""
    sections = [section for section in _sections(work) if section.rows]
    todo = [section for section in sections if section.phrase]
    tick = queries.last_tick(work) if work.actor.is_office else None
    return render_template(
        "dashboard/home.html",
        sections=sections,
        total=sum(section.count for section in todo),
        many=any(section.count > MOST for section in todo),
        phrases=[section.phrase for section in todo],
        tick=tick,
        lacking=noted(host().settings.data) if work.actor.is_office else [],
        standing_still=work.actor.is_office and (tick is None or work.now - tick.at > ALIVE),
        now=work.now,
        minutes=max(0, int((work.now - tick.at).total_seconds() // 60)) if tick else 0,
    )


def _sections(work: Work) -> list[Section]:
    mine: list[Section] = []
    if can(work.actor, Permission.NOTICE_SIGN):
        mine.append(
            office.batches(
                work, _("To sign off"), queries.to_sign(work), _("Review and sign"), _("%(n)s batches to sign off")
            )
        )
    if can(work.actor, Permission.REPLY_REVIEW):
        mine.append(office.to_review(work))
    mine += [office.requests(work), office.contact_changes(work), *office.on_paper(work)]
    if can(work.actor, Permission.CALENDAR_EDIT):
        mine.append(office.calendar(work))
    if can(work.actor, Permission.NOTICE_DRAFT):
        mine += [
            office.failed(work),
            office.batches(work, _("My drafts"), queries.own_drafts(work), _("Go on"), _("%(n)s drafts to finish")),
            office.findings(work),
            office.unreached(work),
        ]
    if can(work.actor, Permission.FINDING_WRITE):
        mine.append(office.to_look_at_again(work))
    mine.append(office.proposals(work))
    if can(work.actor, Permission.NOTICE_READ):
        mine.append(published.public_editions(work))
    if work.actor.is_office:
        mine += [assessed.assessments(work), office.overdue(work), office.unacknowledged(work), office.latest(work)]
    return mine + _of_unit(work)


def _of_unit(work: Work) -> list[Section]:
    """Return a unit's lists; a leader sees what the unit owes too, where only the contact writes."""
    if work.actor.is_office or not can(work.actor, Permission.REPLY_READ):
        return []
    below = [unit.from_above(work)] if can(work.actor, Permission.REPLY_WRITE) else []
    asked = [unit.to_check(work)] if can(work.actor, Permission.SELFCHECK_ANSWER) else []
    return [unit.to_answer(work), *below, *asked, assessed.assessments(work), unit.with_office(work)]
