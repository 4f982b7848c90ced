"""Letters about what was issued before: drafted from overdue assignments, or as a correction of one notice."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.almanac.queries import calendar as calendar_of
from tracker.files.send import send_stored
from tracker.kit.errors import Missing, Refused
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.forms import CorrectionForm
from tracker.notices.models import Assignment, Notice, NoticeKind
from tracker.notices.operations import letters
from tracker.notices.policy import KINDS
from tracker.notices.queries import letter_about, notice_by_id, visible_assignments
from tracker.notices.views.blueprint import bp
from tracker.notices.views.drafts import caller, order_drafts
from tracker.notices.views.papers import stored_paper
from tracker.notices.views.showing import shown_official
from tracker.org.policy import Permission, Work

UNKNOWN_KIND = N_("Choose which letter to draft.")
MOST_PICKED = 500
"""Assignments of one act; a list's page shows fewer."""


@bp.app_template_global()
def kind_name(kind: NoticeKind) -> str:
    """Return the name of a kind of document in the page's language."""
    return str(_(KINDS[kind].name))


@bp.app_template_global()
def matters_of(notice: Notice) -> str:
    """Return how many problems, overdue assignments or errors a document holds."""
    if notice.about:
        return str(ngettext("%(num)s overdue assignment", "%(num)s overdue assignments", len(notice.about)))
    if notice.correction:
        return str(ngettext("%(num)s error", "%(num)s errors", len(notice.correction.errors)))
    return str(ngettext("%(num)s problem", "%(num)s problems", len(notice.items)))


@route(bp, "/letters/draft", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def draft_letters(work: Work) -> ResponseReturnValue:
    """Draft letters about the picked overdue assignments, one per unit, with the office's standing texts."""
    kind = next((each for each in letters.WORDS if each == request.form.get("kind")), None)
    if kind is None:
        raise Refused(UNKNOWN_KIND)
    days = calendar_of(work.session)
    wording = letters.standing_words(work, kind, days, caller(work))
    batch = letters.draft_letters(work, _picked(work), kind, days, wording=wording)
    order_drafts(work, batch)
    told = ngettext(
        "%(num)s letter drafted: %(kind)s.",
        "%(num)s letters drafted: %(kind)s.",
        len(batch.notices),
        kind=kind_name(kind),
    )
    flash(told, "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


def _picked(work: Work) -> list[Assignment]:
    tokens = request.form.getlist("assignment")[:MOST_PICKED]
    query = visible_assignments(work.actor).where(Assignment.token.in_(tokens))
    return list(work.session.scalars(query))


@route(bp, "/notices/<int:notice_id>/correct", permission=Permission.NOTICE_DRAFT, methods=("GET", "POST"))
def correct(work: Work, notice_id: int) -> ResponseReturnValue:
    """Draft a correction of an issued notice: which words are wrong, and what they should be."""
    whole = (joinedload(Notice.unit), joinedload(Notice.batch))
    found = work.session.scalar(select(Notice).where(Notice.id == notice_by_id(work, notice_id).id).options(*whole))
    if found is None or not found.number:
        raise Missing
    typed = request.form if request.method == "POST" else None
    form = CorrectionForm(typed, title=letters.CORRECTION_TITLE, contact=caller(work))
    if request.method == "GET":
        return _correction_form(work, found, form)
    if not form.validate():
        return _correction_form(work, found, form), 422
    batch = letters.draft_correction(work, found, form.wording())
    order_drafts(work, batch)
    flash(_("The correction is drafted. Check its paper, then submit it for sign-off."), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


def _correction_form(work: Work, notice: Notice, form: CorrectionForm) -> str:
    return render_template("notices/correct.html", notice=notice, form=form, shown=shown_official(work, notice))


@route(bp, "/assignments/<token>/letters/<int:notice_id>.pdf", permission=Permission.ASSIGNMENT_READ)
def letter_pdf(work: Work, token: str, notice_id: int) -> Response:
    """Download a letter about an assignment (its unit, and the office)."""
    return send_stored(stored_paper(work, letter_about(work, token, notice_id), "official"))
