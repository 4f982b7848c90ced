"""Pages of error reports (找错留言)."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac.queries import calendar
from tracker.intake import operations, queries
from tracker.intake.forms import AnswerForm, CloseForm, LongerForm, ReportFilterForm, ReportForm, VerifyForm
from tracker.intake.models import ErrorReport, Truth
from tracker.intake.policy import LONGER, limits, standing_of, state_of
from tracker.intake.views.place import READ, WRITE, all_units, bp, form_page, offered
from tracker.kit.errors import Invalid
from tracker.kit.forms import PageForm, filter_value
from tracker.kit.routes import route
from tracker.org.policy import Work

ONE = "/intake/reports/<int(max=2147483647):report_id>"


@route(bp, "/intake/reports", permission=READ)
def reports(work: Work) -> ResponseReturnValue:
    """Show the error reports; every filter stands in the address."""
    form = ReportFilterForm(request.args).offer(all_units(work))
    form.validate()
    wanted = queries.ReportFilter(
        start=filter_value(form["from"], None),
        until=filter_value(form["until"], None),
        state=filter_value(form.state, None),
        truth=filter_value(form.truth, None),
        unit_id=filter_value(form.unit, None),
        text=filter_value(form.q, ""),
    )
    days = calendar(work.session)
    return render_template(
        "intake/reports.html",
        form=form,
        page=queries.reports_page(work.session, work.actor, wanted, request.args.get("after"), work.today),
        overdue=queries.overdue_count(work.session, work.actor, work.today),
        standing_of=lambda report: standing_of(report, work.today, days),
        state_of=state_of,
        filtered=wanted != queries.ReportFilter(),
    )


@route(bp, "/intake/reports/new", permission=WRITE, methods=("GET", "POST"))
def new_report(work: Work) -> ResponseReturnValue:
    """Enter an error report."""
    form = offered(work, ReportForm(request.form, data={"received_on": work.today, "term": "content"}))
    if request.method == "POST" and form.validate():
        try:
            row = operations.enter_report(work, form.values(), calendar(work.session))
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The report is entered; it must be answered by %(day)s.", day=row.due_on), "success")
            return redirect(url_for("intake.report", report_id=row.id))
    return form_page(form, _("Enter an error report"), _("Enter the report"), (_("Error reports"), "intake.reports"))


@route(bp, ONE, permission=READ)
def report(work: Work, report_id: int) -> ResponseReturnValue:
    """Show one error report and its next step."""
    return _page(work, _row(work, report_id))


@route(bp, ONE + "/edit", permission=WRITE, methods=("GET", "POST"))
def edit_report(work: Work, report_id: int) -> ResponseReturnValue:
    """Correct what was entered."""
    row = _row(work, report_id)
    form = offered(work, ReportForm(request.form, obj=row))
    if request.method == "POST" and form.validate():
        try:
            operations.change_report(work, row, form.values(), form.version.data, calendar(work.session))
        except Invalid as error:
            form.put(error)
        else:
            flash(_("Changed."), "success")
            return _back(row)
    return form_page(form, _("Change the report"), _("Store the change"), (_("Error reports"), "intake.reports"))


@route(bp, ONE + "/verify", permission=WRITE, methods=("POST",))
def verify_report(work: Work, report_id: int) -> ResponseReturnValue:
    """Note whether it is so."""
    form = VerifyForm(request.form)

    def act(row: ErrorReport) -> None:
        operations.verify(work, row, Truth(form.truth.data), form.version.data)

    return _step(work, report_id, form, act, _("Noted. Now enter the answer."))


@route(bp, ONE + "/longer", permission=WRITE, methods=("POST",))
def longer_report(work: Work, report_id: int) -> ResponseReturnValue:
    """Give it the longer limit."""
    form = LongerForm(request.form)

    def act(row: ErrorReport) -> None:
        operations.take_longer(work, row, form.reason.data or "", form.version.data, calendar(work.session))

    return _step(work, report_id, form, act, _("The longer limit applies; the reason stands in the record."))


@route(bp, ONE + "/answer", permission=WRITE, methods=("POST",))
def answer_report(work: Work, report_id: int) -> ResponseReturnValue:
    """Note the answer."""
    form = AnswerForm(request.form)

    def act(row: ErrorReport) -> None:
        assert form.answered_on.data  # noqa: S101  (a valid form has it)
        operations.answer(work, row, form.answered_on.data, form.answer.data or "", form.version.data)

    return _step(work, report_id, form, act, _("The answer is noted."))


@route(bp, ONE + "/close", permission=WRITE, methods=("POST",))
def close_report(work: Work, report_id: int) -> ResponseReturnValue:
    """Note that it is done."""
    form = CloseForm(request.form)

    def act(row: ErrorReport) -> None:
        assert form.closed_on.data  # noqa: S101  (a valid form has it)
        operations.close(work, row, form.closed_on.data, form.version.data)

    return _step(work, report_id, form, act, _("Done and closed."))


def _row(work: Work, report_id: int) -> ErrorReport:
    return queries.row_by_id(work.session, work.actor, ErrorReport, report_id)


def _back(row: ErrorReport) -> ResponseReturnValue:
    return redirect(url_for("intake.report", report_id=row.id))


def _step(
    work: Work, report_id: int, form: PageForm, act: Callable[[ErrorReport], None], said: str
) -> ResponseReturnValue:
    row = _row(work, report_id)
    if form.validate():
        try:
            act(row)
        except Invalid as error:
            form.put(error)
        else:
            flash(said, "success")
            return _back(row)
    return _page(work, row, form)


def _page(work: Work, row: ErrorReport, refused: PageForm | None = None) -> ResponseReturnValue:
    """Show one report with the forms of its next steps; a refused one keeps what was typed."""
    first: dict[str, Any] = {"version": row.version}
    forms = {
        "verify": VerifyForm(data=first | {"truth": row.truth}),
        "longer": LongerForm(data=first),
        "answer": AnswerForm(data=first | {"answered_on": work.today}),
        "close": CloseForm(data=first | {"closed_on": work.today}),
    }
    for key, form in forms.items():
        if refused is not None and type(form) is type(refused):
            forms[key] = refused
    days = calendar(work.session)
    page = render_template(
        "intake/report.html",
        report=row,
        forms=forms,
        refused=refused,
        state=state_of(row),
        standing=standing_of(row, work.today, days),
        limit=limits().get(row.term),
        longer=limits()[LONGER],
        longer_until=limits()[LONGER].ends(row.received_on, days),
    )
    return page, 422 if refused is not None else 200
