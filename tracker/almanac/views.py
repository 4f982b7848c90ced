"""Pages of the working calendar: a year, what a list would change, storing it, the usual deadlines."""

from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.almanac import operations
from tracker.almanac.forms import DayForm, ListForm, UsualForm, usual_forms, written
from tracker.almanac.operations import YearPlan
from tracker.almanac.policy import FIRST_YEAR, LAST_YEAR, SUBJECT_NAMES
from tracker.almanac.queries import (
    calendar,
    days_of,
    editions,
    list_holding,
    table,
    usual_deadlines,
    usual_rows,
    year_to_enter,
)
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.forms import said
from tracker.kit.routes import SIGNED_IN, route
from tracker.org.policy import Permission, Work
from tracker.workdays.calendar import SATURDAY, Calendar, Day

bp = Blueprint("almanac", __name__)


@route(bp, "/calendar", permission=SIGNED_IN)
def year(work: Work) -> ResponseReturnValue:
    """Show a year: every day that is not a plain weekday or weekend, the working days by month, where it comes from."""
    asked = request.args.get("year", default=work.today.year, type=int)
    shown = min(max(asked, FIRST_YEAR), LAST_YEAR)
    days = calendar(work.session)
    every = [days.day(on) for on in days_of(shown)]
    return render_template(
        "almanac/year.html",
        year=shown,
        first=FIRST_YEAR,
        last=LAST_YEAR,
        spans=_spans([day for day in every if _special(day)]),
        months=[(month, sum(day.works for day in of)) for month, of in groupby(every, lambda day: day.date.month)],
        sources=list(dict.fromkeys(day.source for day in every)),
        provisional=any(day.provisional for day in every),
        editions=editions(work.session, shown),
        missing=year_to_enter(work.today, days),
    )


def _spans(days: list[Day]) -> list[list[Day]]:
    """Return the days in runs that follow each other and say the same."""
    told = groupby(
        enumerate(days),
        lambda pair: (pair[1].date.toordinal() - pair[0], pair[1].works, pair[1].reason, pair[1].source),
    )
    return [[day for _nth, day in run] for _key, run in told]


def _special(day: Day) -> bool:
    plain = day.date.weekday() < SATURDAY
    return day.works != plain or day.reason not in ("working day", "weekend")


@route(bp, "/calendar/list", permission=Permission.CALENDAR_EDIT)
def enter_list(work: Work) -> ResponseReturnValue:
    """Show the form for a year's list, with what our own table says of that year."""
    wanted = request.args.get("year", default=work.today.year + 1, type=int)
    told = table(work.session).get(wanted)
    form = ListForm(
        year=wanted,
        days=written(told.entries) if told else "",
        complete=told.complete if told else True,
    )
    return render_template("almanac/list.html", form=form)


@route(bp, "/calendar/preview", permission=Permission.CALENDAR_EDIT, methods=("POST",), once=False)
def preview(work: Work) -> ResponseReturnValue:
    """Show what a list would change, before anything is stored."""
    form = ListForm(request.form)
    plan = form.plan(request.files.get("file"))
    if plan is None:
        return render_template("almanac/list.html", form=form), 422
    try:
        return _outcome(work, plan)
    except Refused as error:
        form.put(error)
        return render_template("almanac/list.html", form=form), 422


@route(bp, "/calendar/day", permission=Permission.CALENDAR_EDIT)
def enter_day(work: Work) -> ResponseReturnValue:
    """Show the form for one day."""
    return _day_page(work, DayForm(date=request.args.get("date", type=date.fromisoformat) or work.today))


@route(bp, "/calendar/day/preview", permission=Permission.CALENDAR_EDIT, methods=("POST",), once=False)
def preview_day(work: Work) -> ResponseReturnValue:
    """Show what one day told anew would change, before anything is stored."""
    form = DayForm(request.form)
    on = form.date.data if form.complete() else None
    if on is None:
        return _day_page(work, form), 422
    lists = table(work.session)
    year_ = list_holding(lists, on)
    entry = form.entry()
    gone = [each for each in lists[year_].entries if each.date == on] if year_ in lists else []
    told = operations.changed_list(lists, year_, entry, gone)
    note = f"{on:%Y-%m-%d} {form.reason.data or _('As announced (take our own line away)')}"
    try:
        return _outcome(work, YearPlan(year_, told.entries, told.complete, note))
    except Refused as error:
        form.put(error)
        return _day_page(work, form), 422


def _day_page(work: Work, form: DayForm) -> str:
    now = calendar(work.session).day(form.date.data) if form.date.data else None
    return render_template("almanac/day.html", form=form, now=now)


def _outcome(work: Work, plan: YearPlan, trouble: str = "") -> str:
    found = operations.outlook(work, plan)
    return render_template(
        "almanac/preview.html",
        plan=plan,
        text=written(plan.entries),
        found=found,
        before=_workdays(found.before, plan.year),
        after=_workdays(found.after, plan.year),
        trouble=trouble,
    )


def _workdays(days: Calendar, of: int) -> int:
    return sum(days.works(on) for on in days_of(of))


@route(bp, "/calendar/store", permission=Permission.CALENDAR_EDIT, methods=("POST",))
def store(work: Work) -> ResponseReturnValue:
    """Store a list that was looked at."""
    form = ListForm(request.form)
    plan = form.plan()
    if plan is None:
        return render_template("almanac/list.html", form=form), 422
    try:
        edition = operations.store(work, plan, request.form.get("seen", ""))
    except Stale as error:
        return _outcome(work, plan, said(error.msgid, {})), 409
    flash(
        _("Stored as edition %(n)s. Deadlines of issued notices stay as they were printed.", n=edition.number),
        "success",
    )
    return redirect(url_for("almanac.year", year=plan.year))


@route(bp, "/calendar/deadlines", permission=Permission.CALENDAR_EDIT, methods=("GET", "POST"))
def deadlines(work: Work) -> ResponseReturnValue:
    """Show or set what a draft proposes for each level, and for the receipt."""
    rules = usual_deadlines(work.session)
    versions = {subject: row.version for subject, row in usual_rows(work.session).items()}
    posting = request.method == "POST"
    forms = usual_forms(request.form if posting else None, rules, versions)
    if not posting:
        return _deadlines(work, forms)
    if [form for form in forms.values() if not form.validate()]:  # every form shows its own faults
        return _deadlines(work, forms), 422
    for subject, form in forms.items():
        try:
            operations.set_usual_deadline(work, subject, form.rule(), form.version.data or 0)
        except Invalid as error:
            form.put(error)
            return _deadlines(work, forms), 422
    flash(_("The usual deadlines are set; drafts that exist keep theirs."), "success")
    return redirect(url_for("almanac.deadlines"))


def _deadlines(work: Work, forms: dict[str, UsualForm]) -> str:
    today, days = work.today, calendar(work.session)
    examples = {subject: rule.deadline(today, days).words for subject, rule in usual_deadlines(work.session).items()}
    return render_template("almanac/deadlines.html", forms=forms, names=SUBJECT_NAMES, examples=examples)
