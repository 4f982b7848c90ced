"""One unit's sheet: the office's page, the rows behind a figure, the acts on it, its paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.assessment.forms import AdjustForm, AnswerForm, OfferForm
from tracker.assessment.jobs import order_sheet
from tracker.assessment.models import Sheet
from tracker.assessment.operations import sheets as operations
from tracker.assessment.operations.freeze import figures
from tracker.assessment.operations.workbook import STATE_NAMES
from tracker.assessment.paper import OWNER, PURPOSE, UNCONFIRMED
from tracker.assessment.policy.catalogue import KIND_NAMES
from tracker.assessment.queries import sheets as queries
from tracker.assessment.queries.links import MOST, behind
from tracker.assessment.views.place import bp
from tracker.assessment.views.years import READ, WRITE, YEAR
from tracker.documents.models import PaperState
from tracker.documents.operations import content_digest, newest, try_again
from tracker.files.queries import file_by_sha256
from tracker.files.send import send_stored
from tracker.kit.errors import Missing, Refused
from tracker.kit.forms import PageForm, said
from tracker.kit.routes import route
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can

ONE = YEAR + "/<int:unit_id>"


@route(bp, ONE, permission=READ)
def sheet(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Show one unit's sheet with everything that may be done about it."""
    return _page(work, year, queries.unit_assessed(work.session, unit_id), {})


def _page(work: Work, year: int, unit: Unit, forms: dict[str, PageForm]) -> str:
    known = queries.ground(work.session, year)
    found = queries.sheet_of(work.session, year, unit, work.now, known)
    now = figures(found.score)
    adjust = forms.get("adjust") or AdjustForm()
    assert isinstance(adjust, AdjustForm)  # noqa: S101  (told to the type checker)
    stops = operations.signing_stops(work, found.row) if can(work.actor, Permission.NOTICE_SIGN) else None
    return render_template(
        "assessment/sheet.html",
        year=year,
        unit=unit,
        sheet=found,
        own=False,
        ended=work.today > date(year, 12, 31),
        seen=content_digest(now),
        stops=said(*stops) if stops else "",
        paper=newest(work.session, OWNER, found.row.id, PURPOSE) if found.row else None,
        may_set=can(work.actor, WRITE),
        may_sign=can(work.actor, Permission.NOTICE_SIGN),
        may_print=can(work.actor, Permission.NOTICE_PRINT),
        adjustments=queries.adjustments_of(work.session, year, unit.id),
        adjust_form=adjust.offer(known.rules),
        offer_form=forms.get("offer") or OfferForm(),
        answer_forms=_answer_forms(found.row, forms),
        **shared(found, now),
    )


def shared(found: queries.UnitSheet, now: dict[str, Any]) -> dict[str, Any]:
    """Return what both pages of a sheet show: the figures that count, and those of now where they differ."""
    return {
        "told": found.frozen or now,
        "now": {line["key"]: line for line in now["lines"]},
        "now_sums": now,
        "state_names": STATE_NAMES,
        "kind_names": KIND_NAMES,
        "unconfirmed": UNCONFIRMED,
    }


def _answer_forms(row: Sheet | None, forms: dict[str, PageForm]) -> dict[int, PageForm]:
    waiting = [each.id for each in row.objections if each.answered_at is None] if row else []
    return {id_: forms.get(f"answer-{id_}") or AnswerForm(prefix=f"a{id_}") for id_ in waiting}


@route(bp, ONE + "/rows/<line>", permission=READ)
def sheet_rows(work: Work, year: int, unit_id: int, line: str) -> ResponseReturnValue:
    """Show the rows that one figure of a sheet counts."""
    unit = queries.unit_assessed(work.session, unit_id)
    back = url_for("assessment.sheet", year=year, unit_id=unit.id)
    return rows_page(work, year, unit, line, back)


def rows_page(work: Work, year: int, unit: Unit, key: str, back: str) -> str:
    """Return the page of the rows behind one line, with links that its reader may open."""
    rule = next((rule for rule in queries.ground(work.session, year).rules if rule.key == key), None)
    if rule is None or not rule.counts:
        raise Missing(key)
    row = queries.stored(work.session, year, unit.id)
    lines = (row.frozen or {"lines": []})["lines"] if row else []
    signed = next((line["rows"] for line in lines if line["key"] == key), None)
    rows = behind(work, year, unit.id, rule.counts, signed)
    return render_template(
        "assessment/rows.html",
        year=year,
        unit=unit,
        rule=rule,
        rows=rows,
        full=len(rows) == MOST,
        back=back,
        unconfirmed=UNCONFIRMED,
    )


def acted(
    act: Callable[[], object], form: PageForm, page: Callable[[], str], done: tuple[str, str]
) -> ResponseReturnValue:
    """Act when the form is right and go where `done` says; a fault is shown at its field, nothing being stored."""
    if form.validate():
        try:
            act()
        except Refused as error:
            form.put(error)
            return page(), error.status
        flash(done[0], "success")
        return redirect(done[1])
    return page(), 422


def _here(year: int, unit: Unit) -> str:
    return url_for("assessment.sheet", year=year, unit_id=unit.id)


@route(bp, ONE + "/adjust", permission=WRITE, methods=("POST",))
def adjust(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Move points of a line by hand."""
    unit = queries.unit_assessed(work.session, unit_id)
    form = AdjustForm(request.form)
    form.offer(queries.ground(work.session, year).rules)

    def act() -> object:
        texts = form.reason.data or "", form.evidence.data or ""
        return operations.adjust(work, year, unit, form.line.data or "", form.moved(), *texts)

    done = _("The points are moved; the reason stands beside them.")
    return acted(act, form, lambda: _page(work, year, unit, {"adjust": form}), (done, _here(year, unit)))


@route(bp, ONE + "/adjustments/<int:adjustment_id>/withdraw", permission=WRITE, methods=("POST",))
def withdraw_adjustment(work: Work, year: int, unit_id: int, adjustment_id: int) -> ResponseReturnValue:
    """Take points moved by hand back."""
    unit = queries.unit_assessed(work.session, unit_id)
    operations.withdraw(work, year, unit, adjustment_id)
    flash(_("Taken back; the line stays visible as withdrawn."), "success")
    return redirect(_here(year, unit))


@route(bp, ONE + "/offer", permission=WRITE, methods=("POST",))
def offer(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Open the sheet to its unit."""
    unit, form = queries.unit_assessed(work.session, unit_id), OfferForm(request.form)
    done = _("The unit can read its sheet now and object until that day.")

    def act() -> object:
        return operations.offer(work, year, unit, form.until.data)

    return acted(act, form, lambda: _page(work, year, unit, {"offer": form}), (done, _here(year, unit)))


@route(bp, ONE + "/objections/<int:objection_id>", permission=WRITE, methods=("POST",))
def answer_objection(work: Work, year: int, unit_id: int, objection_id: int) -> ResponseReturnValue:
    """Answer a unit's objection."""
    unit = queries.unit_assessed(work.session, unit_id)
    form = AnswerForm(request.form, prefix=f"a{objection_id}")

    def act() -> object:
        upheld = form.upheld.data == "yes"
        return operations.answer(work, year, unit, objection_id, upheld=upheld, text=form.answer.data or "")

    done = _("The answer is stored; the unit reads it on its sheet.")
    typed: dict[str, PageForm] = {f"answer-{objection_id}": form}
    return acted(act, form, lambda: _page(work, year, unit, typed), (done, _here(year, unit)))


@route(bp, ONE + "/sign", permission=Permission.NOTICE_SIGN, methods=("POST",))
def sign(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Sign the sheet as it was seen; its paper is printed from the frozen figures."""
    unit = queries.unit_assessed(work.session, unit_id)
    row = operations.sign(work, year, unit, request.form.get("seen", ""))
    order_sheet(work, row)
    flash(_("The sheet is signed; its figures stay as they are now. The paper is being printed."), "success")
    return redirect(_here(year, unit))


@route(bp, ONE + "/sheet.pdf", permission=READ)
def sheet_pdf(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Download the paper of a signed sheet (the office)."""
    return send_paper(work, queries.stored(work.session, year, unit_id))


def send_paper(work: Work, row: Sheet | None) -> ResponseReturnValue:
    """Return the printed sheet.

    :raises Missing: it is not signed, or not printed yet.
    """
    paper = newest(work.session, OWNER, row.id, PURPOSE) if row else None
    if paper is None or paper.state is not PaperState.READY or paper.sha256 is None:
        raise Missing
    return send_stored(file_by_sha256(work.session, paper.sha256))


@route(bp, ONE + "/print", permission=Permission.NOTICE_PRINT, methods=("POST",))
def print_again(work: Work, year: int, unit_id: int) -> ResponseReturnValue:
    """Try a paper again that could not be printed."""
    row = queries.stored(work.session, year, unit_id)
    paper = newest(work.session, OWNER, row.id, PURPOSE) if row else None
    if paper is None:
        raise Missing
    try_again(work, paper)
    flash(_("The paper is being printed again."), "success")
    return redirect(url_for("assessment.sheet", year=year, unit_id=unit_id))
