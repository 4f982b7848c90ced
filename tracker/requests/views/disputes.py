"""申辩: one page per assignment for everybody who has a part in it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import CombinedMultiDict

from tracker.almanac.queries import calendar as calendar_of
from tracker.files.send import send_stored
from tracker.files.taken import Taken, files_of
from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.notices.models import Assignment, Item
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.notices.views.drafts import order_drafts
from tracker.org.policy import Permission, Work, can
from tracker.requests.forms import AnswerForm, DisputeForm, DisputeOpinionForm
from tracker.requests.lifecycle import REQUEST, RequestState
from tracker.requests.models import Dispute
from tracker.requests.operations import disputes as acts
from tracker.requests.queries import dispute_file, dispute_window, disputes_of, other_units
from tracker.requests.views.blueprint import bp

URL = "/assignments/<token>/disputes"
P = Permission


@route(bp, URL, permission=P.ASSIGNMENT_READ)
def disputes(work: Work, token: str) -> ResponseReturnValue:
    """Show what is disputed and what became of it, and what this person can do about it."""
    return _page(work, assignment_by_token(work, token))


def _page(
    work: Work,
    assignment: Assignment,
    ask: DisputeForm | None = None,
    opinion: DisputeOpinionForm | None = None,
    answer: AnswerForm | None = None,
) -> str:
    rows = disputes_of(work.session, assignment)
    until, hindrance = dispute_window(work, assignment)
    own = can(work.actor, P.REQUEST_ASK, assignment)
    open_items = _disputable(assignment, rows)
    forms = [
        ask or DisputeForm.over(open_items, named=named),
        opinion or DisputeOpinionForm.over(other_units(work, assignment)),
        answer or AnswerForm(),
    ]
    return render_template(
        "requests/disputes.html",
        assignment=assignment,
        due=due_of(assignment, work.now, calendar_of(work.session)),
        rows=rows,
        may={name: _possible(work, rows, name) for name in ("recommend", "grant", "withdraw")},
        until=until,
        hindrance=hindrance,
        own=own,
        may_ask=own and hindrance is None and bool(open_items),
        forms=forms,
        picked=_picked(),
    )


def named(item: Item) -> str:
    """Return an item in short: what it is about, and the beginning of its words."""
    finding = item.finding
    if finding is None:
        return item.requirement[:40]
    about = finding.subject.name if finding.subject else finding.place or finding.indicator.title
    return f"{about}：{finding.description[:40]}"


def _disputable(assignment: Assignment, rows: list[Dispute]) -> list[Item]:
    over = {row.item_id for row in rows if row.state is not RequestState.WITHDRAWN}
    return [each for each in assignment.items if each.id not in over and not each.withdrawn_at]


def _possible(work: Work, rows: list[Dispute], name: str) -> list[Dispute]:
    step = REQUEST[name]
    return [row for row in rows if row.state in step.sources and can(work.actor, step.permission, row)]


def _picked() -> dict[int, int]:
    """Return the disputes ticked on the page, by id, with the version that was seen."""
    pairs = (each.split(".", 1) for each in request.form.getlist("dispute") if each.count(".") == 1)
    return {int(a): int(b) for a, b in pairs if a.isdecimal() and b.isdecimal() and len(a) < 10 and len(b) < 10}


def may_raise(work: Work, token: str) -> None:
    """Refuse a file before it is looked at: somebody else's assignment.

    :raises Missing: it is not this unit's.
    """
    assignment_by_token(work, token)


@route(bp, URL, permission=P.REQUEST_ASK, methods=("POST",), admit=may_raise, before=files_of("evidence"))
def raise_dispute(work: Work, token: str, taken: Taken) -> ResponseReturnValue:
    """Dispute items."""
    assignment = assignment_by_token(work, locked_assignment(work, token).token)
    open_items = _disputable(assignment, disputes_of(work.session, assignment))
    form = DisputeForm.over(open_items, CombinedMultiDict([request.files, request.form]), named)
    try:
        if form.validate():
            rows = acts.raise_dispute(
                work, assignment, form.claim(), taken["evidence"][0] if taken["evidence"] else None
            )
            said = _("Disputed: items %(items)s. The office decides; until then they stay in every count and deadline.")
            return _done(token, said % {"items": _numbers(rows)})
    except Invalid as error:
        form.put(error)
    work.session.expire_all()
    return _page(work, assignment, ask=form), 422


@route(bp, URL + "/withdraw", permission=P.REQUEST_ASK, methods=("POST",))
def withdraw_disputes(work: Work, token: str) -> ResponseReturnValue:
    """Take disputes back."""
    rows = acts.chosen(work, _held(work, token), _picked())
    acts.withdraw(work, rows)
    return _done(token, _("Taken back: items %(items)s are answered like the others.", items=_numbers(rows)))


@route(bp, URL + "/recommend", permission=P.REQUEST_RECOMMEND, methods=("POST",))
def recommend_disputes(work: Work, token: str) -> ResponseReturnValue:
    """Give the clerk's opinion on the picked disputes."""
    assignment = _held(work, token)
    form = DisputeOpinionForm.over(other_units(work, assignment), request.form)
    try:
        if form.complete():
            rows = acts.chosen(work, assignment, _picked())
            unit_id = form.other_unit.data or None
            acts.recommend(
                work, rows, favour=form.favour.data == "yes", opinion=form.opinion.data or "", other_unit_id=unit_id
            )
            flash(_("Your opinion is with the director now."), "success")
            return redirect(url_for("requests.queue"))
    except Invalid as error:
        form.put(error)
    return _page(work, assignment, opinion=form), 422


@route(bp, URL + "/decide", permission=P.REQUEST_DECIDE, methods=("POST",))
def decide_disputes(work: Work, token: str) -> ResponseReturnValue:
    """Uphold the picked disputes, or not."""
    assignment, form = _held(work, token), AnswerForm(request.form)
    try:
        if form.validate():
            _decide(work, acts.chosen(work, assignment, _picked()), form.answer.data or "")
            return redirect(url_for("requests.queue"))
    except Invalid as error:
        form.put(error)
    return _page(work, assignment, answer=form), 422


def _decide(work: Work, rows: list[Dispute], answer: str) -> None:
    told: dict[str, Any] = {"unit": rows[0].assignment.unit_name, "items": _numbers(rows)}
    if request.form.get("act") != "grant":
        acts.refuse(work, rows, answer)
        flash(_("Not upheld: %(unit)s answers the items %(items)s like the others.", **told), "success")
        return
    batch = acts.uphold(work, rows, answer)
    flash(_("Upheld: %(unit)s need not answer the items %(items)s any more.", **told), "success")
    if batch is not None:
        order_drafts(work, batch)
        names = "、".join(notice.unit.name for notice in batch.notices)
        flash(_("A notice to %(units)s stands among the clerk's drafts.", units=names), "info")


@route(bp, URL + "/files/<file_token>", permission=P.ASSIGNMENT_READ)
def dispute_evidence(work: Work, token: str, file_token: str) -> ResponseReturnValue:
    """Send the file behind a dispute, as a download."""
    return send_stored(dispute_file(work, assignment_by_token(work, token), file_token))


def _held(work: Work, token: str) -> Assignment:
    """Return the assignment, its row held: whoever decides or submits passes there first."""
    locked_assignment(work, token)
    return assignment_by_token(work, token)


def _numbers(rows: list[Dispute]) -> str:
    return "、".join(str(row.item.sequence) for row in rows)


def _done(token: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("requests.disputes", token=token))
