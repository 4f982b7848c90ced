"""Pages of the ledger: its list, its files, a person's saved views."""

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker.almanac.queries import calendar
from tracker.bulletins.queries.numbers import numbers
from tracker.exchange.forms import LedgerFilterForm, ViewForm
from tracker.exchange.operations.views import NAMES, drop_view, save_view
from tracker.exchange.queries.views import view_by_id, views_of
from tracker.exchange.views.place import bp
from tracker.kit.errors import Invalid
from tracker.kit.routes import route
from tracker.ledger.queries import LedgerFilter, Moment, Names, ledger_page, names
from tracker.org.policy import Permission, Work

READ = Permission.FINDING_READ


@route(bp, "/ledger", permission=READ)
def ledger(work: Work) -> ResponseReturnValue:
    """Show the ledger; every filter stands in the address."""
    return _page(work, ViewForm(data={"address": urlencode(filters_of(request.args))}), request.args)


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


def filters_of(given: MultiDict[str, str]) -> dict[str, str]:
    """Return an address's filters, and nothing else of it."""
    return {key: value for key, value in given.items() if key in NAMES and value}


def filter_form(known: Names, given: MultiDict[str, str]) -> LedgerFilterForm:
    """Return the filters of an address or of a form, with what can be chosen."""
    form = LedgerFilterForm(given).offer(known.active, known.coded)
    form.validate()
    return form


def seen_now(work: Work) -> Moment:
    """Return what rows are seen at and with in this transaction."""
    return Moment(work.now, calendar(work.session), numbers(work.session))


def _page(work: Work, view_form: ViewForm, given: MultiDict[str, str]) -> str:
    known = names(work.session)
    form = filter_form(known, given)
    wanted = form.wanted()
    return render_template(
        "exchange/ledger.html",
        form=form,
        page=ledger_page(work.session, work.actor, wanted, given.get("after"), seen_now(work), known),
        filtered=wanted != LedgerFilter(),
        kept=filters_of(given),
        views=views_of(work.session, work.actor.person_id),
        view_form=view_form,
        here=urlencode(filters_of(given)),
    )
