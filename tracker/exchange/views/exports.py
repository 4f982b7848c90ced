"""Files of the ledger: asked for, watched while they are written, fetched."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote, urlencode

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from tracker.exchange.models import Export, ExportState
from tracker.exchange.operations.exports import OPEN, order_export
from tracker.exchange.operations.files import WRITERS
from tracker.exchange.queries.exports import export_by_id, exports_of
from tracker.exchange.queries.points import with_points
from tracker.exchange.views.ledger import filter_form, filters_of, seen_now
from tracker.exchange.views.place import bp
from tracker.files.place import exports as store
from tracker.kit.clock import office_date
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.ledger.queries import LedgerFilter, every_line, names
from tracker.org.policy import Permission, Work

LOOK_AGAIN = "4"
"""Seconds."""
READ = Permission.FINDING_READ
IN_MEMORY = 8 * 1024 * 1024
PART = 64 * 1024
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
ROW = "<int:export_id>"


@route(bp, "/ledger/exports", permission=READ, methods=("GET", "POST"))
def exports(work: Work) -> ResponseReturnValue:
    """Show one's own files, or ask for one of the rows that the filters leave; few rows come at once."""
    if request.method == "GET":
        return render_template("exchange/exports.html", found=exports_of(work.session, work.actor), open=OPEN)
    wanted = filter_form(names(work.session), request.form).wanted()
    address = urlencode(filters_of(request.form))
    row = order_export(work, wanted, address, request.form.get("format", ""), str(get_locale()))
    page = "exchange.file" if row.state is ExportState.DIRECT else "exchange.export"
    return redirect(url_for(page, export_id=row.id))


@route(bp, f"/ledger/exports/{ROW}", permission=READ)
def export(work: Work, export_id: int) -> ResponseReturnValue:
    """Show how far a file is written, and where it is fetched."""
    found = export_by_id(work.session, work.actor, export_id)
    answer = make_response(render_template("exchange/export.html", found=found, going=found.state in OPEN))
    if found.state in OPEN:
        answer.headers["Refresh"] = LOOK_AGAIN  # a page that looks again without a script
    return answer


@route(bp, f"/ledger/exports/{ROW}/file", permission=READ)
def file(work: Work, export_id: int) -> ResponseReturnValue:
    """Hand out a file to whoever asked for it: from the store, or few rows as they are now.

    :raises Missing: it is not written yet, or its days are over.
    """
    found = export_by_id(work.session, work.actor, export_id)
    if found.state is ExportState.DIRECT:
        return _sent(found, _made(work, found))
    if found.state is not ExportState.READY or found.sha256 is None:
        raise Missing(export_id)
    return _sent(found, store().open(found.sha256))


def _made(work: Work, found: Export) -> IO[bytes]:
    made: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed when the answer is sent)
    wanted = LedgerFilter.of_plain(found.wanted)
    with force_locale(found.locale):
        rows = every_line(work.session, work.actor, wanted, seen_now(work))
        WRITERS[found.format](made, with_points(work.session, rows), _, None)
    made.seek(0)
    opened: IO[bytes] = made
    return opened


def _sent(found: Export, opened: IO[bytes]) -> Response:
    answer = Response(_parts(opened), mimetype=TYPES[found.format])
    answer.call_on_close(opened.close)  # also when nobody reads it
    name = quote(f"{_('Ledger of rectification')}-{office_date(found.asked_at).isoformat()}.{found.format}")
    answer.headers["Content-Disposition"] = f"attachment; filename=ledger.{found.format}; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _parts(opened: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes, and close it."""
    with opened:
        while part := opened.read(PART):
            yield part
