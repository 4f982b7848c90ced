"""What the system proposes: the list by step, one proposal with its facts, and each decision on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.audit.models import Event
from tracker.audit.policy import as_line
from tracker.escalation.forms import OutcomeForm, PutOffForm, ReasonForm
from tracker.escalation.models import Proposal, Step
from tracker.escalation.operations import decide
from tracker.escalation.policy import LETTERS, STATE_NAMES, STEP_NAMES, Proposed, Quarter
from tracker.escalation.queries.proposals import (
    by_key,
    decided_rows,
    facts_of,
    last_morning,
    moment_of,
    proposed,
)
from tracker.escalation.queries.terms import terms
from tracker.escalation.views.blueprint import bp
from tracker.inspections.models import Finding
from tracker.kit.errors import Invalid, Missing
from tracker.kit.forms import PageForm
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.models import Assignment, Item
from tracker.notices.views.drafts import caller, order_drafts
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can

MOST_ROWS = 100
"""Rows of one step on the page; the count tells all."""
MOST_PICKED = 500


@bp.app_template_global()
def step_name(step: str) -> str:
    """Return the name of a step in the page's language."""
    return str(_(STEP_NAMES[Step(step)]))


@route(bp, "/escalation", permission=Permission.NOTICE_READ)
def proposals(work: Work) -> ResponseReturnValue:
    """List what is proposed now, derived from the ledger at this look; by step, units in the registry's order."""
    found = proposed(work)
    unit_id = request.args.get("unit", type=int)
    unit = work.session.get(Unit, unit_id) if unit_id and unit_id < 10**9 else None
    if unit is not None:
        found = [each for each in found if each.unit_id == unit.id]
    by_step = {step: [each for each in found if each.step is step] for step in Step}
    return render_template(
        "escalation/proposals.html",
        count=len(found),
        by_step=by_step,
        most=MOST_ROWS,
        unit=unit,
        terms=terms(work.session),
        decided=decided_rows(work.session),
        state_names=STATE_NAMES,
        morning=last_morning(work.session),
        letters=LETTERS,
        quarter_words=quarter_words,
    )


def quarter_words(code: str) -> str:
    """Return a stored quarter as papers write it; an empty text for none."""
    return Quarter.parse(code).words if code else ""


@route(bp, "/escalation/draft", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def draft(work: Work) -> ResponseReturnValue:
    """Make the drafts of the picked proposals: one letter per unit, from there the way of every notice."""
    keys = list(dict.fromkeys(request.form.getlist("key")))[:MOST_PICKED]
    batch = decide.draft(work, keys, caller(work))
    order_drafts(work, batch)
    told = ngettext(
        "%(num)s letter drafted as proposed. Check the texts, then submit them for sign-off.",
        "%(num)s letters drafted as proposed. Check the texts, then submit them for sign-off.",
        len(batch.notices),
    )
    flash(told, "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


@route(bp, "/escalation/<key>", permission=Permission.NOTICE_READ)
def proposal(work: Work, key: str) -> ResponseReturnValue:
    """Show one proposal: the facts beside it, and what may be decided."""
    return _page(work, key, {})


def _page(work: Work, key: str, typed: dict[str, PageForm]) -> str:
    found, row = _find(work, key)
    step = Step(key.split("-")[0])
    right = Permission.TALK_DECIDE if step is Step.TALK else Permission.ESCALATION_DECIDE
    return render_template(
        "escalation/proposal.html",
        key=key,
        step=step,
        found=found,
        row=row,
        unit=_unit(work, found, row),
        facts=_facts(work, found, row),
        quarter=_quarter(found, row),
        may=can(work.actor, Permission.NOTICE_DRAFT if step in LETTERS else right),
        may_decide=can(work.actor, right),
        may_note=can(work.actor, Permission.ESCALATION_DECIDE),
        letters=LETTERS,
        state_names=STATE_NAMES,
        put_off_form=typed.get("put_off") or PutOffForm(),
        decline_form=typed.get("decline") or ReasonForm(prefix="no"),
        take_back_form=typed.get("take_back") or ReasonForm(prefix="back"),
        outcome_form=typed.get("outcome") or OutcomeForm(prefix="talk"),
        typed=typed,
        history=_history(work, row),
    )


def _find(work: Work, key: str) -> tuple[Proposed | None, Proposal | None]:
    """Return the proposal as it stands now, and its stored row.

    :raises Missing: neither is there.
    """
    found = next((each for each in proposed(work, decide.part_of([key])) if each.key == key), None)
    loaded = (joinedload(Proposal.unit), joinedload(Proposal.batch), joinedload(Proposal.bulletin))
    row = work.session.scalar(select(Proposal).where(Proposal.key == key).options(*loaded))
    if found is None and row is None:
        raise Missing
    return found, row


def _unit(work: Work, found: Proposed | None, row: Proposal | None) -> Unit:
    return row.unit if row is not None else work.session.get_one(Unit, found.unit_id if found else 0)


def _quarter(found: Proposed | None, row: Proposal | None) -> str:
    if found is not None:
        return found.quarter.words if found.quarter else ""
    return quarter_words(row.quarter) if row is not None else ""


def _facts(work: Work, found: Proposed | None, row: Proposal | None) -> list[dict[str, Any]]:
    """Return the facts as they are now; once decided, as they stood then."""
    moment = moment_of(work)
    now = (
        [facts_of(case, moment) for case in found.cases] if found is not None else row.facts if row is not None else []
    )
    return [{**fact, "answered_at": _moment(fact["answered_at"])} for fact in now]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _history(work: Work, row: Proposal | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    about = (Event.subject_type == Proposal.__tablename__, Event.subject_id == row.id)
    events = work.session.scalars(select(Event).where(*about).order_by(Event.id.desc()))
    return [as_line(event, _) for event in events]


@route(bp, "/escalation/<key>/facts", permission=Permission.NOTICE_READ)
def facts(work: Work, key: str) -> ResponseReturnValue:
    """Show the facts for a talk as a page to print: what was asked, when it came, what was sent; no judgement."""
    found, row = _find(work, key)
    shown = _facts(work, found, row)
    ids = [fact["assignment_id"] for fact in shown]
    items = select(Item).where(Item.assignment_id.in_(ids)).order_by(Item.assignment_id, Item.sequence)
    items = items.options(joinedload(Item.finding).joinedload(Finding.subject))
    states = dict(work.session.execute(select(Assignment.id, Assignment.state).where(Assignment.id.in_(ids))).all())
    by_assignment: dict[int, list[Item]] = {id_: [] for id_ in ids}
    for item in work.session.scalars(items):
        by_assignment[item.assignment_id or 0].append(item)
    return render_template(
        "escalation/facts.html",
        step=Step(key.split("-")[0]),
        key=key,
        unit=_unit(work, found, row),
        quarter=_quarter(found, row),
        facts=shown,
        items=by_assignment,
        states=states,
        office=host().settings.office_name,
    )


def _decided(
    work: Work, key: str, form: PageForm, name: str, act: Callable[[], Proposal], done: str
) -> ResponseReturnValue:
    """Take a decision and go back to the list; a fault of the form is shown at its field, nothing being stored."""
    if form.validate():
        try:
            act()
        except Invalid as error:
            form.put(error)
        else:
            flash(done, "success")
            return redirect(url_for("escalation.proposals"))
    return _page(work, key, {name: form}), 422


@route(bp, "/escalation/<key>/accept", permission=Permission.ESCALATION_DECIDE, methods=("POST",))
def accept(work: Work, key: str) -> ResponseReturnValue:
    """Take up a naming or a talk."""
    row = decide.accept(work, key)
    if row.step is Step.TALK:
        flash(_("Taken up. Print the facts for the talk; note its outcome here afterwards."), "success")
        return redirect(url_for("escalation.proposal", key=key))
    flash(_("Taken up: the next draft of the bulletin finds this naming with its facts."), "success")
    return redirect(url_for("escalation.proposals"))


@route(bp, "/escalation/<key>/put-off", permission=Permission.ESCALATION_DECIDE, methods=("POST",))
def put_off(work: Work, key: str) -> ResponseReturnValue:
    """Say "not now"."""
    form = PutOffForm(request.form)
    done = _("Put off; it is proposed again on that day if it still stands.")
    return _decided(
        work, key, form, "put_off", lambda: decide.put_off(work, key, form.until.data, form.reason.data or ""), done
    )


@route(bp, "/escalation/<key>/decline", permission=Permission.ESCALATION_DECIDE, methods=("POST",))
def decline(work: Work, key: str) -> ResponseReturnValue:
    """Say "not at all"."""
    form = ReasonForm(request.form, prefix="no")
    done = _("Turned down; it is not proposed again. The reason stands in the record.")
    return _decided(work, key, form, "decline", lambda: decide.decline(work, key, form.reason.data or ""), done)


@route(bp, "/escalation/<key>/take-back", permission=Permission.ESCALATION_DECIDE, methods=("POST",))
def take_back(work: Work, key: str) -> ResponseReturnValue:
    """Take a decision back."""
    by_key(work.session, key)
    form = ReasonForm(request.form, prefix="back")
    done = _("The decision is taken back; it is proposed again if the ledger still says so.")
    return _decided(work, key, form, "take_back", lambda: decide.take_back(work, key, form.reason.data or ""), done)


@route(bp, "/escalation/<key>/outcome", permission=Permission.ESCALATION_DECIDE, methods=("POST",))
def outcome(work: Work, key: str) -> ResponseReturnValue:
    """Note what came of a talk."""
    form = OutcomeForm(request.form, prefix="talk")
    done = _("The outcome is noted.")

    def act() -> Proposal:
        return decide.note_outcome(work, key, form.held_on.data, form.outcome.data or "")

    return _decided(work, key, form, "outcome", act, done)
