"""What the office sees of self-inspections: the list, a new one, who answered, what was found."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.indicators.models import Indicator
from tracker.indicators.queries import findable
from tracker.inspections.operations import AlreadyOpen
from tracker.kit.errors import Invalid, Missing
from tracker.kit.forms import filter_value, row_id
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.selfcheck import operations
from tracker.selfcheck.forms import AnswersFilterForm, OpeningForm, usual
from tracker.selfcheck.models import SelfCheck
from tracker.selfcheck.policy import questions, sheet_standing
from tracker.selfcheck.queries import overview as queries
from tracker.selfcheck.queries.own import lines_of
from tracker.selfcheck.views.place import bp

ONE = "/self-inspections/<int(max=2147483647):check_id>"
READ, WRITE = Permission.FINDING_READ, Permission.FINDING_WRITE


@route(bp, "/self-inspections", permission=READ)
def checks(work: Work) -> ResponseReturnValue:
    """List the self-inspections, the newest first."""
    page = queries.checks_page(work, request.args.get("after"))
    counts = queries.counts(work.session, [each.id for each in page.rows])
    return render_template("selfcheck/checks.html", page=page, counts=counts, day=work.today)


@route(bp, "/self-inspections/new", permission=WRITE, methods=("GET", "POST"))
def new_check(work: Work) -> ResponseReturnValue:
    """Open a self-inspection; its units are told at once."""
    indicators, asked = findable(work.session, work.today), queries.by_unit(work.session)
    opening = {"period": f"{work.today:%Y-%m}", "indicators": usual(indicators), "units": [unit.id for unit in asked]}
    posted = request.form if request.method == "POST" else None
    form = OpeningForm(posted, data=opening).offer(indicators, asked)
    if request.method == "POST" and form.validate():
        try:
            check = operations.open_check(work, form.opening())
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The self-inspection is open; the units' contacts find it in their inbox."), "success")
            return redirect(url_for("selfcheck.check", check_id=check.id))
    sizes = {unit.id: len(list(questions(subjects, _chosen(form, indicators)))) for unit, subjects in asked.items()}
    page = render_template("selfcheck/new.html", form=form, indicators=indicators, asked=asked, sizes=sizes)
    return page, 422 if request.method == "POST" else 200


def _chosen(form: OpeningForm, indicators: list[Indicator]) -> list[Indicator]:
    wanted = set(form.indicators.data or [])
    return [each for each in indicators if each.id in wanted]


@route(bp, ONE, permission=READ)
def check(work: Work, check_id: int) -> ResponseReturnValue:
    """Show who answered a self-inspection and how many problems were found."""
    found = queries.check_by_id(work, check_id)
    rows = queries.overview(work.session, found)
    standings = [sheet_standing(row.sheet, found.due_on, work.today) for row in rows]
    wanted = request.args.get("standing", "")
    shown = [row for row, each in zip(rows, standings, strict=True) if _among(each, wanted)]
    return render_template(
        "selfcheck/check.html", check=found, rows=rows, shown=shown, wanted=wanted, standings=standings
    )


def _among(standing: str, wanted: str) -> bool:
    groups = {"in": ("handed_in", "late"), "out": ("open", "draft", "overdue")}
    return not wanted or standing in groups.get(wanted, (wanted,))


@route(bp, ONE + "/answers", permission=READ)
def answers(work: Work, check_id: int) -> ResponseReturnValue:
    """List what was handed in; problems can be taken over here."""
    return _answers(work, queries.check_by_id(work, check_id))


def _answers(work: Work, found: SelfCheck, refused: AlreadyOpen | None = None) -> tuple[str, int]:
    asked = [row.sheet.unit for row in queries.overview(work.session, found)]
    form = AnswersFilterForm(request.args).offer(asked)
    form.validate()
    unit_id, said = filter_value(form.unit, None), filter_value(form.said, "")
    page = queries.answers_page(work, found, unit_id, said, request.args.get("after"))
    shown: dict[str, Any] = {"form": form, "page": page, "filtered": bool(unit_id or said), "refused": refused}
    return render_template("selfcheck/answers.html", check=found, **shown), 422 if refused else 200


@route(bp, "/self-inspections/answers/<int(max=2147483647):line_id>/take", permission=WRITE, methods=("POST",))
def take(work: Work, line_id: int) -> ResponseReturnValue:
    """Take over a problem that a unit found itself."""
    line = queries.line_by_id(work, line_id)
    try:
        finding = operations.take_over(work, line_id)
    except AlreadyOpen as error:
        return _answers(work, line.sheet.check, error)
    flash(_("Taken over as finding #%(id)s, marked as found by the unit itself.", id=finding.id), "success")
    return redirect(url_for("selfcheck.answers", check_id=line.sheet.check_id, unit=line.sheet.unit_id, said="problem"))


@route(bp, ONE + "/print", permission=READ)
def print_check(work: Work, check_id: int) -> ResponseReturnValue:
    """Show one unit's list for printing; answers only once they are handed in."""
    sheet = queries.sheet_of(work, check_id, request.args.get("unit", type=row_id) or _first(work, check_id))
    return render_template(
        "selfcheck/print.html",
        sheet=sheet,
        lines=lines_of(work.session, sheet),
        answered=sheet.handed_in_at is not None,
        back=url_for("selfcheck.check", check_id=check_id),
    )


def _first(work: Work, check_id: int) -> int:
    rows = queries.overview(work.session, queries.check_by_id(work, check_id))
    if not rows:
        raise Missing(check_id)
    return rows[0].sheet.unit_id
