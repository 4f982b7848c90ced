"""Pages of the ledger: its list, its files, a person's saved views."""

from collections.abc import Callable, Iterable, Iterator
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import parse_qsl, quote, urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.almanac.queries import calendar
from tracker.exchange.forms import LedgerFilterForm, ViewForm
from tracker.exchange.operations.files import write_csv, write_workbook
from tracker.exchange.operations.views import NAMES, drop_view, save_view
from tracker.exchange.policy import Line
from tracker.exchange.queries.filters import LedgerFilter, named_indicators, named_units
from tracker.exchange.queries.ledger import every_line, ledger_page
from tracker.exchange.queries.views import view_by_id, views_of
from tracker.files.slots import turn
from tracker.kit.errors import Invalid
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work

bp = Blueprint("exchange", __name__)
READ = Permission.FINDING_READ
IN_MEMORY = 8 * 1024 * 1024
PART = 64 * 1024
BUSY = N_("A file of yours is still being written. Wait until it has come, then ask for the next one.")
CROWDED = N_("Several files are being written at the moment. Please ask again in a minute.")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Write = Callable[[IO[bytes], Iterable[Line], Callable[[str], str]], int]


@route(bp, "/ledger", permission=READ)
def ledger(work: Work) -> ResponseReturnValue:
    """Show the ledger; every filter stands in the address."""
    return _page(work, ViewForm(data={"address": urlencode(_filters(request.args))}), request.args)


@route(bp, "/ledger/workbook", permission=READ)
def workbook(work: Work) -> ResponseReturnValue:
    """Hand out the rows that the filters leave, as a workbook."""
    return _file(work, write_workbook, WORKBOOK, "xlsx")


@route(bp, "/ledger/csv", permission=READ)
def csv_file(work: Work) -> ResponseReturnValue:
    """Hand out the rows that the filters leave, as CSV."""
    return _file(work, write_csv, "text/csv; charset=utf-8", "csv")


@route(bp, "/ledger/views", permission=READ, methods=("POST",))
def save(work: Work) -> ResponseReturnValue:
    """Keep the present filters under a name."""
    form = ViewForm(request.form)
    if form.validate():
        try:
            view = save_view(work, form.name.data or "", form.address.data or "")
        except Invalid as error:
            form.put(error)
        else:
            flash(_("The view is saved."), "success")
            return redirect(f"{url_for('exchange.ledger')}?{view.address}")
    return _page(work, form, MultiDict(parse_qsl(form.address.data or ""))), 422


@route(bp, "/ledger/views/<int(max=2147483647):view_id>/drop", permission=READ, methods=("POST",))
def drop(work: Work, view_id: int) -> ResponseReturnValue:
    """Remove one of one's own views."""
    drop_view(work, view_by_id(work.session, work.actor.person_id, view_id))
    flash(_("The view is removed; nothing of the ledger has changed."), "success")
    return redirect(url_for("exchange.ledger"))


def _filters(given: MultiDict[str, str]) -> dict[str, str]:
    """Return an address's filters, and nothing else of it."""
    return {key: value for key, value in given.items() if key in NAMES and value}


def _form(work: Work, given: MultiDict[str, str]) -> LedgerFilterForm:
    form = LedgerFilterForm(given).offer(named_units(work.session), named_indicators(work.session))
    form.validate()
    return form


def _page(work: Work, view_form: ViewForm, given: MultiDict[str, str]) -> str:
    form = _form(work, given)
    wanted = form.wanted()
    now, days = work.now, calendar(work.session)
    return render_template(
        "exchange/ledger.html",
        form=form,
        page=ledger_page(work.session, work.actor, wanted, given.get("after"), now, days),
        filtered=wanted != LedgerFilter(),
        kept=_filters(given),
        views=views_of(work.session, work.actor.person_id),
        view_form=view_form,
        here=urlencode(_filters(given)),
    )


def _file(work: Work, write: Write, kind: str, ending: str) -> ResponseReturnValue:
    """Write the file while the reading transaction is open, so that it is one moment's ledger; large ones go to disk.

    One at a time for each person, and few in all: writing takes a processor for many seconds.
    """
    wanted = _form(work, request.args).wanted()
    with turn(host().settings.data / "exports", work.actor.person_id, 0, busy=BUSY, crowded=CROWDED):
        file: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed when the answer is sent)
        try:
            write(file, every_line(work.session, work.actor, wanted, work.now, calendar(work.session)), _)
        except BaseException:
            file.close()
            raise
    answer = Response(_parts(file), mimetype=kind)
    answer.call_on_close(file.close)  # also when nobody reads it
    answer.content_length = file.seek(0, SEEK_END)
    name = quote(f"{_('Ledger of rectification')}-{work.today.isoformat()}.{ending}")
    answer.headers["Content-Disposition"] = f"attachment; filename=ledger.{ending}; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes from its beginning, and close it."""
    with file:
        file.seek(0)
        while part := file.read(PART):
            yield part
