"""延期: one page for everybody who has a part in it; what it offers depends on who looks."""

from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.requests.forms import AgreeForm, AnswerForm, AskForm, DecisionForm, OpinionForm
from tracker.requests.lifecycle import REQUEST
from tracker.requests.models import Extension
from tracker.requests.operations import extensions as acts
from tracker.requests.operations.extensions import Doubtful
from tracker.requests.policy import new_day_concerns
from tracker.requests.queries import chances, extensions_of, leaders_of, the_pending
from tracker.requests.views.blueprint import bp
from tracker.workdays.deadlines import workdays_between

URL = "/assignments/<token>/extension"
P = Permission


@dataclass
class Forms:
    """The forms of the page; one of them may carry what was just typed."""

    ask: AskForm = field(default_factory=AskForm)
    answer: AgreeForm = field(default_factory=AgreeForm)
    opinion: OpinionForm = field(default_factory=OpinionForm)
    decision: DecisionForm = field(default_factory=DecisionForm)


@route(bp, URL, permission=P.ASSIGNMENT_READ)
def extension(work: Work, token: str) -> ResponseReturnValue:
    """Show what was asked for and what became of it, and what this person can do about it."""
    return _page(work, assignment_by_token(work, token), Forms())


def _page(work: Work, assignment: Assignment, forms: Forms, concerns: list[Any] | None = None) -> str:
    calendar = calendar_of(work.session)
    found = chances(work, assignment)
    row = found.extension if found.extension and found.extension.ended_at is None else None
    own = can(work.actor, P.REQUEST_ASK, assignment)
    return render_template(
        "requests/extension.html",
        assignment=assignment,
        due=due_of(assignment, work.now, calendar),
        row=row,
        earlier=[each for each in extensions_of(work.session, assignment) if each is not row and _shown(work, each)],
        hindrance=found.hindrance,
        may=_possible(work, row) if row and assignment.state in OWED else [],
        may_ask=own and found.hindrance is None,
        own=own,
        leaders=leaders_of(work, assignment.unit_id) if own else [],
        forms=_filled(forms, row),
        concerns=concerns or (new_day_concerns(assignment, row.wanted_on, calendar) if row else []),
        more=workdays_between(assignment.due_on, row.wanted_on, calendar) if row else 0,
    )


def _shown(work: Work, row: Extension) -> bool:
    """Tell whether a request concerns the reader: what was settled inside a unit stays there."""
    return not work.actor.is_office or row.agreed_at is not None


def _possible(work: Work, row: Extension) -> list[str]:
    steps = REQUEST.available(row.state, lambda permission: can(work.actor, permission, row))
    return [each.name for each in steps]


def _filled(forms: Forms, row: Extension | None) -> Forms:
    if row is not None:
        forms.opinion.on.data = forms.opinion.on.data or row.wanted_on
        forms.decision.on.data = forms.decision.on.data or row.recommended_on or row.wanted_on
    return forms


@route(bp, URL, permission=P.REQUEST_ASK, methods=("POST",))
def ask_extension(work: Work, token: str) -> ResponseReturnValue:
    """Ask for more time."""
    assignment = locked_assignment(work, token)
    form = AskForm(request.form)
    try:
        if form.validate():
            row = acts.ask(work, assignment, form.wish())
            said = (
                _("Asked for. It goes to your unit's leader first.")
                if row.agreed_at is None
                else _(
                    "Asked for. The office decides; until then the deadline is still %(due)s.", due=assignment.due_words
                )
            )
            flash(said, "success")
            return redirect(url_for("requests.extension", token=token))
    except Doubtful as error:
        form.put(error)
        return _page(work, assignment, Forms(ask=form), error.concerns), 422
    except Invalid as error:
        form.put(error)
    return _page(work, assignment, Forms(ask=form)), 422


def _held(work: Work, token: str) -> Extension:
    """Return the extension that waits, behind its assignment's row: whoever decides or submits passes there first."""
    return the_pending(work, locked_assignment(work, token))


@route(bp, URL + "/withdraw", permission=P.REQUEST_ASK, methods=("POST",))
def withdraw_extension(work: Work, token: str) -> ResponseReturnValue:
    """Take the request back."""
    acts.withdraw(work, _held(work, token), AnswerForm(request.form).version.data)
    return _done(token, _("Taken back. The deadline stays as it is."))


@route(bp, URL + "/agree", permission=P.REQUEST_AGREE, methods=("POST",))
def agree_extension(work: Work, token: str) -> ResponseReturnValue:
    """Agree as the unit's leader, or not."""
    row, form = _held(work, token), AgreeForm(request.form)
    try:
        if form.validate() and request.form.get("act") == "decline":
            acts.decline(work, row, form.answer.data or "", form.version.data)
            return _done(token, _("Not agreed to; the contact is told. The deadline stays as it is."))
        if form.validate():
            acts.agree(work, row, form.version.data)
            return _done(token, _("Agreed. The request is with the office now."))
    except Invalid as error:
        form.put(error)
    return _page(work, row.assignment, Forms(answer=form)), 422


@route(bp, URL + "/recommend", permission=P.REQUEST_RECOMMEND, methods=("POST",))
def recommend_extension(work: Work, token: str) -> ResponseReturnValue:
    """Give the clerk's opinion."""
    row, form = _held(work, token), OpinionForm(request.form)
    try:
        if form.complete():
            favour, words = form.favour.data == "yes", form.opinion.data or ""
            acts.recommend(work, row, favour=favour, on=form.on.data, opinion=words, version=form.version.data)
            flash(_("Your opinion is with the director now."), "success")
            return redirect(url_for("requests.queue"))
    except Invalid as error:
        form.put(error)
    return _page(work, row.assignment, Forms(opinion=form)), 422


@route(bp, URL + "/decide", permission=P.REQUEST_DECIDE, methods=("POST",))
def decide_extension(work: Work, token: str) -> ResponseReturnValue:
    """Grant the extension, until the day asked for or another one; or refuse it."""
    row, form = _held(work, token), DecisionForm(request.form)
    try:
        if form.validate():
            _decide(work, row, form)
            return redirect(url_for("requests.queue"))
    except Invalid as error:
        form.put(error)
    return _page(work, row.assignment, Forms(decision=form)), 422


def _decide(work: Work, row: Extension, form: DecisionForm) -> None:
    unit, words, version = row.assignment.unit_name, form.answer.data or "", form.version.data
    if request.form.get("act") == "grant":
        acts.grant(work, row, form.on.data, words, version)
        said = _(
            "Granted: %(unit)s, instead of %(was)s now %(due)s.", unit=unit, was=row.due_words, due=row.granted_words
        )
    else:
        acts.refuse(work, row, words, version)
        said = _("Refused; the deadline of %(unit)s stays %(due)s.", unit=unit, due=row.due_words)
    flash(said, "success")


def _done(token: str, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("requests.extension", token=token))
