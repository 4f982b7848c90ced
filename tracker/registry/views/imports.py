"""Pages of the registry's import: upload, what is wrong, what it would do, storing."""

import io

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.kit.errors import Refused
from tracker.kit.forms import said
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.registry.forms import ImportForm
from tracker.registry.operations import COLUMNS, TITLE, Plan, check_import, store_import
from tracker.registry.views.place import bp
from tracker.sheets import KeptSheet, Sheet, Upload, drop, keep, kept_sheet, marked, reread, sheet_of, template

PURPOSE = "registry"
EDIT = Permission.REGISTRY_EDIT
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ONE = "/registry/import/<token>"


@route(bp, "/registry/import", permission=EDIT, methods=("GET", "POST"), before=sheet_of(lambda: COLUMNS))
def import_sheet(work: Work, upload: Upload | Refused | None = None) -> ResponseReturnValue:
    """Take a sheet in; it is read, kept for a day and shown, and nothing of it is stored yet."""
    form = ImportForm(request.form)
    if request.method == "POST" and form.validate():
        if isinstance(upload, Upload):
            kept = keep(work, PURPOSE, upload, form.mode.data)
            return redirect(url_for("registry.imported", token=kept.token))
        if upload is not None:
            form.put(upload)
    return render_template("registry/import.html", form=form, columns=COLUMNS), 422 if request.method == "POST" else 200


@route(bp, "/registry/import/template.xlsx", permission=EDIT)
def import_template(_work: Work) -> ResponseReturnValue:
    """Send an empty sheet with the headings."""
    return _workbook(template(COLUMNS, TITLE), f"{TITLE}（模板）.xlsx")


@route(bp, ONE, permission=EDIT)
def imported(work: Work, token: str) -> ResponseReturnValue:
    """Show what is wrong in a kept sheet, or what storing it would do."""
    kept, sheet, plan = _checked(work, token)
    return render_template("registry/imported.html", kept=kept, sheet=sheet, plan=plan, problems=sheet.in_order())


@route(bp, ONE + "/marked.xlsx", permission=EDIT)
def import_marked(work: Work, token: str) -> ResponseReturnValue:
    """Send the person's own sheet with the wrong cells marked."""
    kept, sheet, _plan = _checked(work, token)
    content = marked(io.BytesIO(kept.content), kept.name, sheet.in_order(), lambda each: said(each.msgid, each.params))
    return _workbook(content, f"{kept.name.rsplit('.', 1)[0]}（标注）.xlsx")


@route(bp, ONE + "/store", permission=EDIT, methods=("POST",))
def store_imported(work: Work, token: str) -> ResponseReturnValue:
    """Store a kept sheet, all of it; when the registry changed since the preview, show the preview once more."""
    kept, sheet, plan = _checked(work, token)
    if sheet.problems or request.form.get("seen", "") != plan.mark:
        flash(_("The registry was changed after this preview. Look at the new one; nothing was stored."), "warning")
        return redirect(url_for("registry.imported", token=token))
    store_import(work, plan, kept.name)
    drop(work, kept)
    new, changed, unchanged = plan.counts
    sentence = _(
        "Stored: %(new)s new, %(changed)s changed, %(same)s as they were.", new=new, changed=changed, same=unchanged
    )
    flash(sentence, "success")
    return redirect(url_for("registry.subjects"))


def _checked(work: Work, token: str) -> tuple[KeptSheet, Sheet, Plan]:
    kept = kept_sheet(work, PURPOSE, token)
    sheet = reread(kept, COLUMNS)
    return kept, sheet, check_import(work, sheet, update=kept.note == "update")


def _workbook(content: bytes, name: str) -> Response:
    answer = send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
