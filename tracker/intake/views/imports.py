"""Pages of the two imports: upload, what is wrong, what would be stored, storing."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.almanac.queries import calendar
from tracker.intake import operations
from tracker.intake.views.place import WRITE, bp
from tracker.kit.errors import Refused
from tracker.kit.forms import PageForm, said
from tracker.kit.routes import route
from tracker.org.policy import Work
from tracker.sheets import KeptSheet, Sheet, SheetColumn, Upload, drop, keep, kept_sheet, marked, reread, sheet_of
from tracker.sheets import template as empty_sheet
from tracker.workdays.calendar import Calendar

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHAT = "<any(reports, publications):what>"
START = f"/intake/import/{WHAT}"
ONE = f"{START}/<token>"
SHOWN = 50


@dataclass(frozen=True)
class Import:
    """What the two imports differ in."""

    heading: object
    columns: Sequence[SheetColumn]
    check: Callable[[Work, Sheet], None]
    store: Callable[[Work, Sheet, Calendar, str], None]


IMPORTS = {
    "reports": Import(
        _l("Import error reports"), operations.REPORTS, operations.check_reports, operations.store_reports
    ),
    "publications": Import(
        _l("Import publication figures"),
        operations.PUBLICATIONS,
        operations.check_publications,
        operations.store_publications,
    ),
}


def _columns() -> Sequence[SheetColumn]:
    return IMPORTS[(request.view_args or {})["what"]].columns


@route(bp, START, permission=WRITE, methods=("GET", "POST"), before=sheet_of(_columns))
def import_sheet(work: Work, what: str, upload: Upload | Refused | None = None) -> ResponseReturnValue:
    """Take a sheet in; it is read, kept for a day and shown, and nothing of it is stored yet."""
    form = PageForm(request.form)
    if isinstance(upload, Upload):
        return redirect(url_for("intake.imported", what=what, token=keep(work, _purpose(what), upload).token))
    if upload is not None:
        form.put(upload)
    status = 422 if request.method == "POST" else 200
    return render_template("intake/import.html", form=form, what=what, each=IMPORTS[what]), status


@route(bp, f"{START}/template.xlsx", permission=WRITE)
def import_template(_work: Work, what: str) -> ResponseReturnValue:
    """Send an empty sheet with the headings."""
    title = operations.TITLES[what]
    return _workbook(empty_sheet(IMPORTS[what].columns, title), f"{title}（模板）.xlsx")


@route(bp, ONE, permission=WRITE)
def imported(work: Work, what: str, token: str) -> ResponseReturnValue:
    """Show what is wrong in a kept sheet, or the rows that would be stored."""
    kept, sheet = _checked(work, what, token)
    shown = {"problems": sheet.in_order(), "rows": sheet.rows[:SHOWN], "each": IMPORTS[what]}
    return render_template("intake/imported.html", kept=kept, sheet=sheet, what=what, **shown)


@route(bp, f"{ONE}/marked.xlsx", permission=WRITE)
def import_marked(work: Work, what: str, token: str) -> ResponseReturnValue:
    """Send the person's own sheet with the wrong cells marked."""
    kept, sheet = _checked(work, what, token)
    content = marked(io.BytesIO(kept.content), kept.name, sheet.in_order(), lambda each: said(each.msgid, each.params))
    return _workbook(content, f"{kept.name.rsplit('.', 1)[0]}（标注）.xlsx")


@route(bp, f"{ONE}/store", permission=WRITE, methods=("POST",))
def store_imported(work: Work, what: str, token: str) -> ResponseReturnValue:
    """Store a kept sheet, all of it; what somebody entered meanwhile shows up as problems, and nothing is stored."""
    kept, sheet = _checked(work, what, token)
    if sheet.problems or not sheet.rows:
        flash(_("Something was entered after this preview. Look at the sheet again; nothing was stored."), "warning")
        return redirect(url_for("intake.imported", what=what, token=token))
    IMPORTS[what].store(work, sheet, calendar(work.session), kept.name)
    drop(work, kept)
    flash(_("%(n)s rows are stored.", n=len(sheet.rows)), "success")
    return redirect(url_for(f"intake.{what}"))


def _purpose(what: str) -> str:
    return f"intake-{what}"


def _checked(work: Work, what: str, token: str) -> tuple[KeptSheet, Sheet]:
    kept = kept_sheet(work, _purpose(what), token)
    sheet = reread(kept, IMPORTS[what].columns)
    IMPORTS[what].check(work, sheet)
    return kept, sheet


def _workbook(content: bytes, name: str) -> Response:
    answer = send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
