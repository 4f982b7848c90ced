"""The ladder: when units are reminded and who then, tried on an example before it is set."""

from datetime import date
from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.policy import RECEIPT
from tracker.almanac.queries import calendar as calendar_of
from tracker.almanac.queries import usual_deadlines
from tracker.kit.errors import Invalid, Missing, Stale
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import NoticeKind
from tracker.notices.policy import KINDS
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Permission, Work
from tracker.org.queries import unit_tree
from tracker.reminders.forms import RungForm, SampleForm, rung_forms
from tracker.reminders.operations.rules import set_ladder, stored_ladder
from tracker.reminders.policy.ladder import LADDER, About, Case, Rung, faults, rung_day
from tracker.reminders.queries import people_by_unit
from tracker.reminders.queries.ladder import circle, ladders
from tracker.reminders.views.blueprint import bp
from tracker.workdays.deadlines import add_workdays


class Tried(NamedTuple):
    """One step of the example: its day, and who is told by what words."""

    rung: Rung
    day: date
    people: list[str]
    past: bool


@route(bp, "/reminders/ladder", permission=Permission.REMINDERS_SET, methods=("GET", "POST"))
def ladder(work: Work) -> ResponseReturnValue:
    """Show the ladder of a kind of notice with an example, or set it."""
    kind, posting = _kind(), request.method == "POST"
    if not posting:
        return _page(work, kind, rung_forms(None, ladders(work.session)[kind]), _sample(work, kind))
    forms, sample = rung_forms(request.form), _sample(work, kind)
    rungs = _read(forms)
    if rungs is None:
        return _page(work, kind, forms, sample), 422
    try:
        set_ladder(work, kind, rungs, sample.version.data or 0)
    except Invalid:
        return _page(work, kind, forms, sample), 422
    except Stale as error:
        return _page(work, kind, forms, sample, trouble=_(error.msgid)), 409
    flash(_("The reminders are set; they hold for notices under way too."), "success")
    return redirect(url_for("reminders.ladder", kind=kind.value))


@route(bp, "/reminders/ladder/preview", permission=Permission.REMINDERS_SET, methods=("POST",), once=False)
def try_ladder(work: Work) -> ResponseReturnValue:
    """Try a ladder on the example, before anything is stored."""
    kind, forms = _kind(), rung_forms(request.form)
    sample = _sample(work, kind)
    readable = _read(forms) is not None and sample.validate()
    return _page(work, kind, forms, sample, unset=True), 200 if readable else 422


def _kind() -> NoticeKind:
    asked = request.args.get("kind", NoticeKind.RECTIFICATION)
    if asked not in list(NoticeKind) or not KINDS[NoticeKind(asked)].assigns:
        raise Missing
    return NoticeKind(asked)


def _read(forms: list[RungForm]) -> list[Rung] | None:
    """Return the steps as typed, each fault shown at its step; None when there is any."""
    entered = [form for form in forms if not form.blank]
    if [form for form in entered if not form.complete()]:
        return None
    rungs = [form.rung() for form in entered]
    wrong = faults(rungs)
    for place, sentence in wrong.items():
        if place >= 0:
            entered[place].days.errors = [*entered[place].days.errors, _(sentence)]
        else:
            forms[0].form_errors.append(_(sentence))
    return None if wrong else rungs


def _sample(work: Work, kind: NoticeKind) -> SampleForm:
    stored = stored_ladder(work.session, kind)
    given = request.form if request.method == "POST" else request.args if "due" in request.args else None
    due = add_workdays(work.today, 5, calendar_of(work.session))
    form = SampleForm(given, due=due, version=stored.version if stored else 0)
    units = [unit for unit, _depth in unit_tree(work.session) if unit.active and unit.kind != UnitKind.OFFICE]
    form.offer([(unit.id, unit.name) for unit in units])
    if not form.unit.data:
        peopled = people_by_unit(work.session, None, (Role.CONTACT,))
        form.unit.data = next((str(unit.id) for unit in units if unit.id in peopled), "")
    return form


def _page(
    work: Work, kind: NoticeKind, forms: list[RungForm], sample: SampleForm, *, unset: bool = False, trouble: str = ""
) -> str:
    stored = stored_ladder(work.session, kind)
    return render_template(
        "reminders/ladder.html",
        kind=kind,
        kinds={each: KINDS[each].name for each in KINDS if KINDS[each].assigns},
        forms=forms,
        sample=sample,
        tried=_tried(work, kind, forms, sample),
        stored=stored,
        shipped=LADDER,
        unset=unset,
        trouble=trouble,
        hours=host().settings.letter_hours,
    )


def _tried(work: Work, kind: NoticeKind, forms: list[RungForm], sample: SampleForm) -> list[Tried]:
    """Return the example's days in order; nothing while a step cannot be read."""
    entered = [form for form in forms if not form.blank]
    if [form for form in entered if form.errors] or not sample.due.validate(sample) or sample.due.data is None:
        return []
    offered = {value for value, *_rest in sample.unit.iter_choices()}
    unit = work.session.get(Unit, int(sample.unit.data)) if sample.unit.data in offered else None
    calendar = calendar_of(work.session)
    receipt = usual_deadlines(work.session)[RECEIPT].deadline(work.today, calendar).on
    rungs = [form.rung() for form in entered]
    everybody = circle(work.session, [unit.id] if unit else None, {kind: tuple(rungs)})
    case = _example(work, kind, unit, (sample.due.data, receipt))
    found = []
    for rung in rungs:
        day = rung_day(rung.offset, case.due_on if rung.about is About.REPLY else receipt, calendar)
        told = [person.name for group in everybody.told(rung, case) for person in group] if unit else []
        found.append(Tried(rung, day, told, day <= work.today))
    return sorted(found, key=lambda each: (each.day, each.rung.name))


def _example(work: Work, kind: NoticeKind, unit: Unit | None, dates: tuple[date, date]) -> Case:
    return Case(
        id=0,
        token="",
        kind=kind,
        number="",
        unit_id=unit.id if unit else 0,
        unit_name=unit.name if unit else "",
        state=AssignmentState.ISSUED,
        due_on=dates[0],
        due_time=None,
        receipt_on=dates[1],
        issued_on=work.today,
        delivered_on=work.today,
        drafted_by=work.actor.person_id or 0,
    )
