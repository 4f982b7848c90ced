"""What the units are asked, per month: the office sees all, a unit its own; every figure opens its rows."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.audit.policy import spoken
from tracker.escalation.policy import Month
from tracker.escalation.queries import burden as queries
from tracker.escalation.queries.burden import MEASURES
from tracker.escalation.queries.terms import terms
from tracker.escalation.views.blueprint import bp
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Permission, Work

COLUMNS = ("notices", "items", "letters", "messages", "returns", "acts")
"""Measures in the order of the page; one that no room registered is left out."""


def _measures() -> list[queries.Measure]:
    return [MEASURES[name] for name in COLUMNS if name in MEASURES]


def _month(work: Work, typed: str | None) -> Month:
    """Return the month of an address, or this one."""
    try:
        return Month.parse(typed) if typed else Month.of(work.today)
    except ValueError:
        return Month.of(work.today)


@route(bp, "/burden", permission=Permission.NOTICE_READ)
def burden(work: Work) -> ResponseReturnValue:
    """Show what each unit was asked in a month, units in the registry's order."""
    month = _month(work, request.args.get("month"))
    rows = queries.burden(work.session, month)
    names = [each.name for each in _measures()]
    return render_template(
        "escalation/burden.html",
        month=month,
        present=Month.of(work.today),
        measures=_measures(),
        rows=rows,
        totals={name: sum(row.figures[name] for row in rows) for name in names},
        most=terms(work.session).monthly_notices,
    )


@route(bp, "/burden/<month>/<measure>/<int:unit_id>", permission=Permission.NOTICE_READ)
def burden_rows(work: Work, month: str, measure: str, unit_id: int) -> ResponseReturnValue:
    """Show the rows behind one figure."""
    unit = work.session.get(Unit, unit_id) if unit_id < 10**9 else None
    if unit is None or unit.kind is UnitKind.OFFICE:
        raise Missing
    return _rows_page(work, month, measure, unit, url_for("escalation.burden", month=month))


@route(bp, "/own-burden", permission=Permission.ASSIGNMENT_READ)
def own_burden(work: Work) -> ResponseReturnValue:
    """Show a unit's people what was asked of their unit, month by month; the office has its own page."""
    unit = _own_unit(work)
    if unit is None:
        return redirect(url_for("escalation.burden"))
    months = queries.own_months(work.session, unit.id, Month.of(work.today))
    return render_template("escalation/own_burden.html", unit=unit, months=months, measures=_measures())


@route(bp, "/own-burden/<month>/<measure>", permission=Permission.ASSIGNMENT_READ)
def own_burden_rows(work: Work, month: str, measure: str) -> ResponseReturnValue:
    """Show a unit's people the rows behind one of their figures."""
    unit = _own_unit(work)
    if unit is None:
        return redirect(url_for("escalation.burden"))
    return _rows_page(work, month, measure, unit, url_for("escalation.own_burden"))


def _own_unit(work: Work) -> Unit | None:
    """Return the person's unit; None for the office, which asks itself for nothing."""
    unit = work.session.get(Unit, work.actor.unit_id or 0)
    return None if unit is None or work.actor.is_office or unit.kind is UnitKind.OFFICE else unit


def _rows_page(work: Work, code: str, name: str, unit: Unit, back: str) -> str:
    known = next((each for each in _measures() if each.name == name), None)
    try:
        month = Month.parse(code)
    except ValueError as error:
        raise Missing from error
    if known is None:
        raise Missing
    rows = queries.rows_behind(work.session, name, month, unit.id)
    return render_template(
        "escalation/burden_rows.html",
        unit=unit,
        month=month,
        measure=known,
        rows=[_line(row) for row in rows],
        full=len(rows) == queries.MOST_ROWS,
        back=back,
    )


def _line(row: Any) -> dict[str, Any]:
    """Return one row: when, what, and the assignment it belongs to; an event in the record's words."""
    what = spoken(row.what, {key: _short(key, each) for key, each in row.detail.items()}, _) if row.detail else row.what
    target = f"/assignments/{row.target}" if row.target and not row.target.startswith("/") else row.target
    return {"at": row.at, "what": what, "url": target or ""}


def _short(key: str, value: Any) -> Any:
    """Return a hash as its beginning; the record shows all of it."""
    return f"{value[:12]}…" if key.endswith("sha256") and isinstance(value, str) else value
