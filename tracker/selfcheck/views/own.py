"""What a unit's contact does with self-inspections: the own sheets, part by part, handed in once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Invalid
from tracker.kit.forms import said as said_as
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.selfcheck import operations
from tracker.selfcheck.forms import answer_choices, seen_version, typed
from tracker.selfcheck.models import Line, Sheet
from tracker.selfcheck.operations import Said
from tracker.selfcheck.queries import own as queries
from tracker.selfcheck.views.place import bp

ANSWER = Permission.SELFCHECK_ANSWER
ONE = "/own-checks/<int(max=2147483647):check_id>"


@route(bp, "/own-checks", permission=ANSWER)
def own_checks(work: Work) -> ResponseReturnValue:
    """List the own unit's self-inspections, the newest first."""
    return render_template("selfcheck/own_checks.html", page=queries.own_page(work, request.args.get("after")))


@route(bp, ONE, permission=ANSWER)
def own_check(work: Work, check_id: int) -> ResponseReturnValue:
    """Show the own sheet: which part is answered how far, and the one act that is next."""
    sheet = queries.own_sheet(work, check_id)
    return render_template("selfcheck/own.html", sheet=sheet, parts=queries.parts(work.session, sheet))


@route(bp, ONE + "/parts/<int(max=2147483647):subject_part>", permission=ANSWER, methods=("GET", "POST"))
def own_part(work: Work, check_id: int, subject_part: int) -> ResponseReturnValue:
    """Answer the questions of one site or account (0: of the unit itself); what is half done is saved as well."""
    sheet = queries.own_sheet(work, check_id)
    lines = queries.lines_of(work.session, sheet, subject_part)
    said = {line.id: Said(line.answer, line.text) for line in lines}
    if request.method == "GET":
        return _part(sheet, lines, said, {})
    said = typed(request.form, lines, rest_clean="rest" in request.form)
    try:
        operations.save(work, sheet, lines, said, seen_version(request.form))
    except Invalid as error:
        errors = {name: said_as(msgid, error.params) for name, msgid in error.problems.items()}
        return _part(sheet, lines, said, errors), 422
    flash(_("Saved. Nobody but your unit sees it until it is handed in."), "success")
    later = _next_part(work, sheet, subject_part) if not any(not each.answer for each in said.values()) else None
    if later is not None:
        return redirect(url_for("selfcheck.own_part", check_id=check_id, subject_part=later))
    return redirect(url_for("selfcheck.own_check", check_id=check_id))


def _next_part(work: Work, sheet: Sheet, done: int) -> int | None:
    """Return the part to go on with: the next one after this that is not answered to its end, in the sheet's order."""
    parts = queries.parts(work.session, sheet)
    at = next((n for n, part in enumerate(parts) if part.key == done), 0)
    return next((part.key for part in parts[at + 1 :] + parts[:at] if part.answered < part.questions), None)


def _part(sheet: Sheet, lines: list[Line], said: dict[int, Said], errors: dict[str, str]) -> str:
    return render_template(
        "selfcheck/own_part.html", sheet=sheet, lines=lines, said=said, errors=errors, choices=answer_choices()
    )


@route(bp, ONE + "/hand-in", permission=ANSWER, methods=("POST",))
def hand_in_check(work: Work, check_id: int) -> ResponseReturnValue:
    """Hand the own sheet in."""
    operations.hand_in(work, queries.own_sheet(work, check_id), seen_version(request.form))
    flash(_("Handed in. The office sees your answers now."), "success")
    return redirect(url_for("selfcheck.own_check", check_id=check_id))


@route(bp, ONE + "/print", permission=ANSWER)
def print_own(work: Work, check_id: int) -> ResponseReturnValue:
    """Show the own list for printing, with what is answered so far."""
    sheet = queries.own_sheet(work, check_id)
    back = url_for("selfcheck.own_check", check_id=check_id)
    lines = queries.lines_of(work.session, sheet)
    return render_template("selfcheck/print.html", sheet=sheet, lines=lines, answered=True, back=back)
