"""Pages of public editions: what is proposed for deletion, both texts side by side, the files, their release."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.documents.operations import newest
from tracker.editions import operations, queries
from tracker.editions.forms import KIND_NAMES, MarkForm, TagsForm
from tracker.editions.lifecycle import CHANGEABLE, EDITION, UNFINISHED, EditionState
from tracker.editions.models import Act, Kind, PublicEdition
from tracker.editions.policy.deleting import LEFT_OUT, NOTE
from tracker.files.queries import file_by_sha256
from tracker.files.send import send_preview, send_stored
from tracker.kit.errors import Missing, Refused, Stale
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.notices.queries import notice_by_id
from tracker.org.policy import Permission, Work, can

bp = Blueprint("editions", __name__)
ONE = "/public-editions/<int(max=2147483647):edition_id>"
READ, WRITE, SIGN = Permission.NOTICE_READ, Permission.NOTICE_DRAFT, Permission.NOTICE_SIGN
STATES = {
    EditionState.DRAFT: N_("Being prepared"),
    EditionState.IN_REVIEW: N_("Awaiting release"),
    EditionState.RETURNED: N_("Sent back"),
    EditionState.RELEASED: N_("Released"),
    EditionState.WITHDRAWN: N_("Withdrawn"),
}
ACTS = {Act.FOUND: N_("Found by the system"), Act.MARKED: N_("Deleted by hand"), Act.KEPT: N_("Left in")}


@route(bp, "/public-editions", permission=READ)
def editions(work: Work) -> ResponseReturnValue:
    """List all editions, newest first."""
    page = queries.editions_page(work.session, work.actor, request.args.get("after"))
    return render_template("editions/editions.html", page=page, states=STATES)


@route(bp, "/notices/<int(max=2147483647):notice_id>/public", permission=READ)
def of_notice(work: Work, notice_id: int) -> ResponseReturnValue:
    """Show the editions of a document, and what a new one would leave out."""
    notice = notice_by_id(work, notice_id)
    known = queries.editions_of(work, notice.id)
    under_way = any(each.state in UNFINISHED for each in known)
    possible = operations.may_be_public(notice)
    return render_template(
        "editions/of_notice.html",
        notice=notice,
        editions=known,
        in_force=queries.in_force(known),
        possible=possible,
        may_start=possible and not under_way and can(work.actor, WRITE),
        found=operations.proposal(work, notice) if possible and not known else [],
        states=STATES,
        kinds=KIND_NAMES,
    )


@route(bp, "/notices/<int(max=2147483647):notice_id>/public/start", permission=WRITE, methods=("POST",))
def start(work: Work, notice_id: int) -> ResponseReturnValue:
    """Begin an edition with what was found by itself."""
    found = operations.start(work, notice_by_id(work, notice_id))
    flash(_("Read both texts, mark what else must go, then hand it in for release."), "success")
    return _to(found)


@route(bp, ONE, permission=READ)
def edition(work: Work, edition_id: int) -> ResponseReturnValue:
    """Show an edition: both texts side by side, the marks, the files."""
    return _shown(work, queries.edition_by_id(work, edition_id), MarkForm())


def _shown(work: Work, found: PublicEdition, form: MarkForm) -> str:
    paper = newest(work.session, operations.OWNER, found.id, operations.PURPOSE) if found.content else None
    known = queries.editions_of(work, found.notice_id)
    form.version.data = found.version
    return render_template(
        "editions/edition.html",
        edition=found,
        form=form,
        lines=queries.lines_of(found),
        twins=queries.twins(found),
        paper=paper,
        pages=(found.pdf_sha256 and paper and paper.state == "ready" and paper.pages) or 0,
        open=found.state in CHANGEABLE and can(work.actor, WRITE),
        available={t.name for t in EDITION.available(found.state, lambda p: can(work.actor, p, _asked(p, found)))},
        own=found.state is EditionState.IN_REVIEW and can(work.actor, SIGN) and not can(work.actor, SIGN, found),
        superseded=found.state is EditionState.RELEASED and queries.in_force(known) is not found,
        states=STATES,
        kinds=KIND_NAMES,
        acts=ACTS,
        left_out=LEFT_OUT,
        omission=NOTE,
    )


def _asked(permission: str, found: PublicEdition) -> PublicEdition | None:
    return found if permission == SIGN else None


@route(bp, ONE + "/marks", permission=WRITE, methods=("POST",))
def mark(work: Work, edition_id: int) -> ResponseReturnValue:
    """Delete words wherever the document says them."""
    found = queries.edition_by_id(work, edition_id)
    form = MarkForm(request.form)
    if form.validate():
        try:
            kind, version = Kind(form.kind.data), form.version.data
            operations.decide(work, found, form.text.data or "", kind, Act.MARKED, form.reason.data or "", version)
        except Stale:
            raise
        except Refused as error:
            form.put(error)
        else:
            flash(_("Deleted wherever the document says it."), "success")
            return _to(found)
    return _shown(work, found, form), 422


@route(bp, ONE + "/decisions/<int(max=2147483647):row_id>", permission=WRITE, methods=("POST",))
def decide(work: Work, edition_id: int, row_id: int) -> ResponseReturnValue:
    """Leave words in that were to go, let words go that were to stay, or keep a longer word whole."""
    found = queries.edition_by_id(work, edition_id)
    row = next((each for each in queries.decisions(list(found.log)) if each.id == row_id), None)
    if row is None or row.kind is Kind.CONTACT:
        raise Missing
    text = request.form.get("longer") or row.text
    keep = request.form.get("longer") is not None or row.act is not Act.KEPT
    version = request.form.get("version", type=int) or 0
    reason = request.form.get("reason", "")
    operations.decide(work, found, text, row.kind, Act.KEPT if keep else Act.MARKED, reason, version)
    flash(_("“%(text)s” stays.", text=text) if keep else _("“%(text)s” goes.", text=text), "success")
    return _to(found)


@route(bp, ONE + "/tags", permission=WRITE, methods=("GET", "POST"))
def tags(work: Work, edition_id: int) -> ResponseReturnValue:
    """Change the page tags of the HTML file."""
    found = queries.edition_by_id(work, edition_id)
    form = TagsForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        operations.tag(work, found, form.values(), form.version.data)
        flash(_("The page tags are stored."), "success")
        return _to(found)
    return render_template("editions/tags.html", edition=found, form=form), 422 if request.method == "POST" else 200


@route(bp, ONE + "/hand-in", permission=WRITE, methods=("POST",))
def hand_in(work: Work, edition_id: int) -> ResponseReturnValue:
    """Fix the text and have both files made and checked."""
    found = queries.edition_by_id(work, edition_id)
    operations.hand_in(work, found, request.form.get("version", type=int) or 0)
    flash(_("Both files are being made and checked. The director releases them."), "success")
    return _to(found)


@route(bp, ONE + "/send-back", permission=SIGN, methods=("POST",))
def send_back(work: Work, edition_id: int) -> ResponseReturnValue:
    """Return it to the clerk with a reason."""
    found = queries.edition_by_id(work, edition_id)
    operations.send_back(work, found, request.form.get("reason", ""))
    flash(_("Sent back to %(name)s with your reason.", name=found.drafter.name), "success")
    return _to(found)


@route(bp, ONE + "/withdraw", permission=WRITE, methods=("POST",))
def withdraw(work: Work, edition_id: int) -> ResponseReturnValue:
    """End an edition that is not released."""
    found = queries.edition_by_id(work, edition_id)
    operations.withdraw(work, found, request.form.get("reason", ""))
    flash(_("Withdrawn; its log stays."), "success")
    return redirect(url_for("editions.of_notice", notice_id=found.notice_id))


@route(bp, ONE + "/release", permission=SIGN, methods=("POST",))
def release(work: Work, edition_id: int) -> ResponseReturnValue:
    """Release both files."""
    found = queries.edition_by_id(work, edition_id)
    operations.release(work, found)
    flash(_("Released. Hand both files to the portal."), "success")
    return _to(found)


@route(bp, ONE + "/edition.<any(pdf, html):kind>", permission=READ)
def file(work: Work, edition_id: int, kind: str) -> Response:
    """Download one of the files."""
    found = queries.edition_by_id(work, edition_id)
    sha256 = found.pdf_sha256 if kind == "pdf" else found.html_sha256
    if sha256 is None:
        raise Missing
    return send_stored(file_by_sha256(work.session, sha256))


@route(bp, ONE + "/pages/<int:page>.jpg", permission=READ)
def page_image(work: Work, edition_id: int, page: int) -> Response:
    """Show one page of the PDF."""
    found = queries.edition_by_id(work, edition_id)
    if found.pdf_sha256 is None:
        raise Missing
    return send_preview(file_by_sha256(work.session, found.pdf_sha256), page)


def _to(found: PublicEdition) -> ResponseReturnValue:
    return redirect(url_for("editions.edition", edition_id=found.id))
