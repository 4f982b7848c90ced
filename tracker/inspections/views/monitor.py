"""Pages of a monitor's import: upload, problems by cell, preview, storing."""

import io
import json
from typing import Any

from flask import flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from wtforms import BooleanField

from tracker import sheets
from tracker.files.names import label
from tracker.inspections import queries
from tracker.inspections.models import Inspection
from tracker.inspections.operations import AlreadyOpen, monitor
from tracker.inspections.policy import LEVEL_CHOICES
from tracker.inspections.views.inspection import ONE
from tracker.inspections.views.place import bp
from tracker.kit.errors import Invalid, Refused
from tracker.kit.forms import PageForm, said
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.sheets import Sheet, Upload

FIELD = "sheet"
BY_TOKEN = ONE + "/import/<kept_token>"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 100
"""Rows of a kind that the preview lists."""


def _uploaded() -> dict[str, Any]:
    """Return what came in, read once before the transaction: a sheet, a JSON file, or the refusal for the form."""
    posted = request.files.get(FIELD)
    start = posted.stream.read(64) if posted else b""
    if posted is None or not monitor.is_json(start):
        if posted is not None:
            posted.stream.seek(0)
        return sheets.sheet_of(lambda: monitor.COLUMNS, FIELD)()
    content = start + posted.stream.read(monitor.LARGEST)
    try:
        monitor.read_json(content, "")
    except Refused as refusal:
        return {"upload": refusal}
    return {"upload": Upload(label(posted.filename or "", "json"), content)}


def _admit(work: Work, inspection_id: int) -> None:
    queries.inspection_by_id(work.session, work.actor, inspection_id)


@route(
    bp,
    ONE + "/import",
    permission=Permission.FINDING_WRITE,
    methods=("GET", "POST"),
    before=_uploaded,
    admit=_admit,
)
def import_findings(work: Work, inspection_id: int, upload: Upload | Refused | None = None) -> ResponseReturnValue:
    """Take in a monitor's file; it is kept until the person has decided."""
    found = queries.inspection_by_id(work.session, work.actor, inspection_id)
    if isinstance(upload, Upload):
        kept = sheets.keep(work, _purpose(found), upload)
        return redirect(url_for("inspections.preview_import", inspection_id=found.id, kept_token=kept.token))
    error = said(upload.msgid, upload.params) if isinstance(upload, Refused) else ""
    page = render_template(
        "inspections/import.html", inspection=found, error=error, columns=monitor.COLUMNS, most=monitor.ROWS
    )
    return page, 422 if request.method == "POST" else 200


@route(bp, ONE + "/import/template.xlsx", permission=Permission.FINDING_WRITE)
def import_template(work: Work, inspection_id: int) -> ResponseReturnValue:
    """Hand out an empty sheet with the columns and their notes."""
    queries.inspection_by_id(work.session, work.actor, inspection_id)
    return _file(sheets.template(monitor.COLUMNS, monitor.TITLE), "监测结果导入模板.xlsx", WORKBOOK)


@route(bp, BY_TOKEN, permission=Permission.FINDING_WRITE)
def preview_import(work: Work, inspection_id: int, kept_token: str) -> ResponseReturnValue:
    """Show what is wrong in a file, or what storing it would do."""
    found, kept, sheet = _kept(work, inspection_id, kept_token)
    return _preview(found, kept, sheet, monitor.check(work, found, sheet), ImportForm())


class ImportForm(PageForm):
    """What is agreed to before storing."""

    skip = BooleanField()


def _read_before(work: Work, inspection_id: int, kept_token: str) -> None:
    """Read the kept file before the writing transaction opens: nobody waits for the child process."""
    g.monitor_sheet = _kept(work, inspection_id, kept_token)[2]


@route(bp, BY_TOKEN + "/store", permission=Permission.FINDING_WRITE, methods=("POST",), admit=_read_before)
def store_import(work: Work, inspection_id: int, kept_token: str) -> ResponseReturnValue:
    """Store a file that was looked at: all of its new problems or none."""
    found, kept = _found(work, inspection_id, kept_token)
    form, sheet = ImportForm(request.form), g.monitor_sheet
    plan = monitor.check(work, found, sheet)
    if sheet.problems:
        return _preview(found, kept, sheet, plan, form)
    try:
        stored = monitor.store(work, found, plan, name=kept.name, skip_open=form.skip.data)
    except (Invalid, AlreadyOpen) as error:
        form.put(error)
        return _preview(found, kept, sheet, plan, form)
    sheets.drop(work, kept)
    flash(ngettext("%(num)s finding is imported.", "%(num)s findings are imported.", len(stored)), "success")
    return redirect(url_for("inspections.inspection", inspection_id=found.id))


@route(bp, BY_TOKEN + "/marked", permission=Permission.FINDING_WRITE)
def marked_import(work: Work, inspection_id: int, kept_token: str) -> ResponseReturnValue:
    """Hand out the person's own file once more with what is wrong: a sheet with marked cells, or a list for JSON."""
    found, kept, sheet = _kept(work, inspection_id, kept_token)
    monitor.check(work, found, sheet)
    problems = sheet.in_order()
    if monitor.is_json(kept.content[:64]):
        told = [{"at": each.cell, "said": each.said, "wrong": said(each.msgid, each.params)} for each in problems]
        return _file(json.dumps(told, ensure_ascii=False, indent=1).encode(), f"问题-{kept.name}", "application/json")
    content = sheets.marked(io.BytesIO(kept.content), kept.name, problems, lambda each: said(each.msgid, each.params))
    return _file(content, f"问题标注-{kept.name.rsplit('.', 1)[0]}.xlsx", WORKBOOK)


def _preview(
    found: Inspection, kept: sheets.KeptSheet, sheet: Sheet, plan: monitor.Plan, form: ImportForm
) -> ResponseReturnValue:
    page = render_template(
        "inspections/import_preview.html",
        inspection=found,
        kept=kept,
        sheet=sheet,
        json=monitor.is_json(kept.content[:64]),
        problems=sheet.in_order(),
        plan=plan,
        form=form,
        level_names=LEVEL_CHOICES,
        shown=SHOWN,
    )
    return page, 422 if request.method == "POST" else 200


def _found(work: Work, inspection_id: int, kept_token: str) -> tuple[Inspection, sheets.KeptSheet]:
    found = queries.inspection_by_id(work.session, work.actor, inspection_id)
    return found, sheets.kept_sheet(work, _purpose(found), kept_token)


def _kept(work: Work, inspection_id: int, kept_token: str) -> tuple[Inspection, sheets.KeptSheet, Sheet]:
    found, kept = _found(work, inspection_id, kept_token)
    if monitor.is_json(kept.content[:64]):
        return found, kept, monitor.read_json(kept.content, kept.name)
    return found, kept, sheets.reread(kept, monitor.COLUMNS)


def _purpose(found: Inspection) -> str:
    return f"monitor-{found.id}"


def _file(content: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, max_age=0)
