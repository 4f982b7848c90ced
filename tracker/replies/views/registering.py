"""代录: the office registers a unit's reply that came on paper or by messenger."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.files.operations import SCANS
from tracker.files.taken import Taken, files_of
from tracker.kit.clock import office_time
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.kit.routes import route
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.replies.forms import ArrivalForm, ItemForm
from tracker.replies.models import Reply, ReplyItem
from tracker.replies.operations import registering as acts
from tracker.replies.operations.filing import scan_gaps
from tracker.replies.operations.items import write_line
from tracker.replies.operations.scan import take_scan
from tracker.replies.operations.submission import CHANGED, Incomplete
from tracker.replies.policy import gaps, in_order, is_locked, is_open_for_answer
from tracker.replies.queries import newest_round
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import scan_shown
from tracker.replies.views.receipts import order_its_receipt

REGISTER = Permission.REPLY_REGISTER


def may_register(work: Work, assignment: Assignment) -> bool:
    """Tell whether this person may register a reply to it now."""
    awaited = assignment.state == AssignmentState.ISSUED or is_open_for_answer(assignment)
    return awaited and can(work.actor, REGISTER, assignment)


def _admit(work: Work, token: str, **_others: Any) -> None:
    found = assignment_by_token(work, token)
    if not can(work.actor, REGISTER, found):
        raise Missing(token)
    if not may_register(work, found):
        raise NotInState("register", found.state)


@dataclass
class Sheet:
    """What the page shows and takes: how the paper came, and the items of the round once it is held."""

    reply: Reply | None
    arrival: ArrivalForm
    items: list[tuple[ReplyItem, ItemForm | None]]
    scan_error: str = ""

    @property
    def forms(self) -> list[Any]:
        """Return all forms, for the summary of errors."""
        return [self.arrival, *(form for _line, form in self.items if form is not None)]

    @property
    def seen(self) -> str:
        """Return which round with which scan lies on the screen: another person may have put in another one."""
        return f"{self.reply.round}-{self.reply.scan_id or 0}" if self.reply else ""


def _sheet(work: Work, assignment: Assignment, values: Any = None) -> Sheet:
    newest = newest_round(work, assignment)
    reply = newest if newest and newest.registered_by is not None and newest.submitted_at is None else None
    if values is not None:
        arrival = ArrivalForm(values)
    elif reply is not None and reply.arrived_at is not None:
        arrived = office_time(reply.arrived_at).replace(tzinfo=None)
        arrival = ArrivalForm(brought_by=reply.brought_by, way=str(reply.brought_way), arrived_at=arrived)
    else:
        arrival = ArrivalForm()
    return Sheet(reply, arrival, [(line, _form(line, values)) for line in in_order(reply)] if reply else [])


def _form(line: ReplyItem, values: Any) -> ItemForm | None:
    if is_locked(line):
        return None
    prefix = f"item-{line.item.sequence}"
    if values is not None:
        return ItemForm(values, prefix=prefix)
    return ItemForm(
        prefix=prefix,
        version=line.version,
        result=str(line.result) if line.result else None,
        measure=line.measure,
        finished_on=line.finished_on,
        responsible=line.responsible,
    )


@route(bp, "/assignments/<token>/register", permission=REGISTER)
def registering(work: Work, token: str) -> ResponseReturnValue:
    """Ask who brought the reply and when; then show its scan beside the items to be filled in."""
    found = assignment_by_token(work, token)
    if not can(work.actor, REGISTER, found):
        raise Missing(token)
    if not may_register(work, found):
        return redirect(url_for("replies.assignment", token=token))
    return _page(work, found, _sheet(work, found))


def _page(work: Work, assignment: Assignment, sheet: Sheet) -> str:
    reply = sheet.reply
    shown = scan_shown(work, assignment, reply) if reply else {"pages": [], "remarks": [], "pending": False}
    checks = reply is not None and request.args.get("check")
    return render_template(
        "replies/registering.html",
        assignment=assignment,
        sheet=sheet,
        reply=reply,
        gaps=gaps(reply, work.today) + scan_gaps(work, assignment, reply) if reply and checks else [],
        seen=None,
        due=due_of(assignment, work.now, calendar_of(work.session)),
        **shown,
    )


@route(
    bp,
    "/assignments/<token>/register",
    permission=REGISTER,
    methods=("POST",),
    admit=_admit,
    before=files_of("scan", kinds=SCANS),
)
def save_registration(work: Work, token: str, taken: Taken) -> ResponseReturnValue:
    """Keep what was typed and the scan; with the button for it, submit the reply for the unit."""
    locked_assignment(work, token)
    found = assignment_by_token(work, token)
    sheet = _sheet(work, found, request.form)
    if request.form.get("act") == "submit" and not taken["scan"] and request.form.get("seen", "") != sheet.seen:
        raise Stale(CHANGED)
    valid = [form.validate() for form in sheet.forms]
    try:
        if all(valid):
            reply = acts.hold(work, found, sheet.arrival.arrival())
            if _stored(work, found, sheet, taken):
                return _onward(work, found, reply)
    except Stale:
        raise
    except Invalid as error:
        sheet.arrival.put(error)
    except Refused as error:
        sheet.scan_error = _(error.msgid, **error.params)
    work.session.rollback()
    found = assignment_by_token(work, token)
    again = _sheet(work, found)
    sheet.reply, sheet.items = again.reply, _joined(again, sheet)
    return _page(work, found, sheet), 422


def _joined(fresh: Sheet, typed: Sheet) -> list[tuple[ReplyItem, ItemForm | None]]:
    forms = [form for _line, form in typed.items]
    return [(line, form) for (line, _old), form in zip(fresh.items, forms, strict=False)]


def _stored(work: Work, assignment: Assignment, sheet: Sheet, taken: Taken) -> bool:
    """Write items and scan into the held round; False when an item cannot be taken as typed."""
    problems = False
    for line, form in sheet.items:
        if form is None:
            continue
        try:
            write_line(work, assignment, line, form.written(), version=form.version.data or 0)
        except Stale:
            raise
        except Invalid as error:
            form.put(error)
            problems = True
    if not problems and taken["scan"]:
        take_scan(work, assignment, acts.held(work, assignment), *taken["scan"][0])
    return not problems


def _onward(work: Work, assignment: Assignment, reply: Reply) -> ResponseReturnValue:
    token, act = assignment.token, request.form.get("act")
    if act == "same":
        acts.fill_alike(reply)
    if act != "submit":
        flash(_("Saved. The reply is not submitted yet."), "success")
        return redirect(url_for("replies.registering", token=token))
    try:
        acts.register(work, assignment)
    except Incomplete:
        flash(_("Saved, but not submitted: something is missing."), "info")
        return redirect(url_for("replies.registering", token=token, check=1))
    order_its_receipt(work, reply)
    said = _("Registered for %(unit)s, receipt number %(receipt)s. Somebody else reviews it.")
    flash(said % {"unit": assignment.unit_name, "receipt": reply.receipt}, "success")
    return redirect(url_for("replies.receipt", token=token, number=reply.round))


@route(bp, "/assignments/<token>/register/give-up", permission=REGISTER, methods=("POST",))
def give_up_registration(work: Work, token: str) -> ResponseReturnValue:
    """Give the registration up; the unit writes the round itself again."""
    locked_assignment(work, token)
    found = assignment_by_token(work, token)
    acts.let_go(work, found)
    flash(_("Given up. %(unit)s can write this round itself again.", unit=found.unit_name), "success")
    return redirect(url_for("replies.assignment", token=token))
