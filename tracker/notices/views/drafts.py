"""Drafting pages: from picked findings to a batch that goes to the director."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.documents.models import Paper
from tracker.documents.wire import MISSING
from tracker.inspections.queries import findings_by_ids
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.forms import FORMS, WordingForm
from tracker.notices.models import Batch
from tracker.notices.operations import drafts
from tracker.notices.operations.issue import order_previews
from tracker.notices.policy import KINDS
from tracker.notices.queries import batch_by_id, locked_batch, ordered
from tracker.notices.views.blueprint import bp
from tracker.notices.views.showing import DRAFTS, calendar, draft_contents, shown_draft
from tracker.org.policy import Permission, Work
from tracker.workdays.deadlines import FARTHEST, Deadline, explain

TEXTS = ("title", "opening", "requirements", "contact")


@route(bp, "/batches/draft", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def draft(work: Work) -> ResponseReturnValue:
    """Draft one notice per unit from the picked findings, with the office's standing texts."""
    ids = [int(value) for value in request.form.getlist("finding") if value.isdecimal() and len(value) < 10]
    findings = findings_by_ids(work.session, ids)
    if not findings:
        raise Refused(N_("Pick at least one finding for the notices."))
    texts = drafts.default_wording(work, host().settings.office_name)
    proposed = drafts.proposed(work, findings)
    batch = drafts.draft(work, findings, drafts.Wording(**texts, **proposed, contact=caller(work)))
    order_drafts(work, batch)
    count = len(batch.notices)
    flash(
        ngettext(
            "%(num)s notice drafted. Check the texts and the deadline.",
            "%(num)s notices drafted. Check the texts and the deadline.",
            count,
        ),
        "success",
    )
    return redirect(url_for("notices.edit", batch_id=batch.id))


def caller(work: Work) -> str:
    """Return whom a unit may call: who drafts."""
    return f"{work.actor.unit_name} {work.actor.name}"


def order_drafts(work: Work, batch: Batch) -> None:
    """Order the draft papers of a batch as it now stands."""
    work.session.flush()
    fresh = batch_by_id(work, batch.id)
    drafts.count_anew(work, fresh)
    order_previews(work, fresh, draft_contents(work, fresh))


@route(bp, "/batches/<int:batch_id>/edit", permission=Permission.NOTICE_DRAFT, methods=("GET", "POST"))
def edit(work: Work, batch_id: int) -> ResponseReturnValue:
    """Change the wording and the deadline of a draft."""
    posting = request.method == "POST"
    batch = locked_batch(work, batch_id) if posting else batch_by_id(work, batch_id)
    if KINDS[batch.kind].editor != "notices.edit":
        return redirect(url_for(KINDS[batch.kind].editor, batch_id=batch_id))
    make = FORMS[batch.kind]
    form = make(request.form if posting else None, obj=batch, **({} if posting else make.more(batch)))
    if not posting:
        return _editor(work, batch, form)
    if not form.validate():
        return _editor(work, batch, form), 422
    if request.form.get("version", "") != str(batch.version):
        raise Stale(N_("Somebody else changed this batch since you opened it."), _texts(batch), _typed(form))
    drafts.change(work, batch, form.wording())
    order_drafts(work, batch)
    flash(_("The draft is saved; its papers are being printed anew."), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


def _editor(work: Work, batch: Batch, form: WordingForm, *, counted: bool = False) -> str:
    notice = next((n for n in ordered(batch) if n.state in DRAFTS), batch.notices[0])
    shown = shown_draft(work, notice, draft_contents(work, batch).get(notice.id, {}))
    for field in form:
        if field.name in TEXTS and unprintable(shown.paper, field.data or ""):
            field.errors = [
                *field.errors,
                _("No font has these characters: %(chars)s", chars=unprintable(shown.paper, field.data)),
            ]
    days, due = calendar(), _typed_deadline(work, form)
    return render_template(
        "notices/edit.html",
        batch=batch,
        form=form,
        check=drafts.check(work, batch, days),
        makes=KINDS[batch.kind],
        shown=shown,
        due=due,
        counted=counted,
        days=explain(work.today, due.on, days) if due and due.on - work.today < FARTHEST else [],
    )


def _typed_deadline(work: Work, form: WordingForm) -> Deadline | None:
    """Return what the typed rule comes to if issued today; None while it says nothing yet."""
    rule = form.rule()
    return rule.deadline(work.today, calendar()) if rule else None


@route(bp, "/batches/<int:batch_id>/deadline", permission=Permission.NOTICE_DRAFT, methods=("POST",), once=False)
def count_deadline(work: Work, batch_id: int) -> ResponseReturnValue:
    """Show what the typed deadline comes to, day by day; nothing is stored, everything typed stays."""
    batch = batch_by_id(work, batch_id)
    form = FORMS[batch.kind](request.form, obj=batch)
    valid = form.validate()
    return _editor(work, batch, form, counted=True), 200 if valid else 422


def unprintable(paper: Paper | None, text: str) -> str:
    """Return the characters of a text that kept the newest paper from being printed."""
    missing = str(paper.trouble_params.get("detail", "")) if paper is not None and paper.trouble == MISSING else ""
    return " ".join(dict.fromkeys(c for c in text if c in missing.split("、")))


def _texts(batch: Batch) -> dict[str, str]:
    return {"title": batch.title, "opening": batch.opening, "requirements": batch.requirements, "due": batch.due_words}


def _typed(form: WordingForm) -> dict[str, str]:
    data: dict[str, Any] = form.data
    return {
        "title": data["title"] or "",
        "opening": data["opening"] or "",
        "requirements": data["requirements"] or "",
        "due": str(data.get("due_on") or ""),
    }


@route(bp, "/batches/<int:batch_id>/submit", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def submit(work: Work, batch_id: int) -> ResponseReturnValue:
    """Submit a batch for sign-off."""
    batch = locked_batch(work, batch_id)
    try:
        drafts.submit(work, batch, calendar())
    except Invalid as error:
        raise Refused(error.msgid, **error.params) from error
    order_drafts(work, batch)
    flash(_("Submitted. The director finds it under “to sign”; you will be told of the decision."), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


@route(bp, "/batches/<int:batch_id>/preview", permission=Permission.NOTICE_PRINT, methods=("POST",))
def preview(work: Work, batch_id: int) -> ResponseReturnValue:
    """Print the draft papers anew (their date or texts are not today's any more)."""
    order_drafts(work, locked_batch(work, batch_id))
    return redirect(url_for("notices.batch", batch_id=batch_id))


@route(bp, "/batches/<int:batch_id>/withdraw", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def withdraw(work: Work, batch_id: int) -> ResponseReturnValue:
    """Withdraw a batch that is not issued yet."""
    batch = locked_batch(work, batch_id)
    one = request.form.get("notice", "")
    only = next((notice.id for notice in batch.notices if str(notice.id) == one), None)
    if one and only is None:
        raise Missing  # of a number that is none of the batch's, never the whole batch
    drafts.withdraw(work, batch, request.form.get("reason", ""), only=only)
    if KINDS[batch.kind].assigns:
        flash(_("Withdrawn. No number was used; the findings wait to be picked again."), "success")
    else:
        flash(_("Withdrawn. No number was used."), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))
