"""数据展示: figures over months with their tables, the rows behind each number, and each figure as a file."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.bulletins.forms import DataForm
from tracker.bulletins.policy.figures import PLANS, Said
from tracker.bulletins.queries import series
from tracker.bulletins.views.place import bp
from tracker.charts import table
from tracker.charts.drawing import draw
from tracker.charts.sheet import svg_file
from tracker.escalation.policy import Month
from tracker.kit.cells import quiet
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work
from tracker.org.queries import units

READ = Permission.BULLETIN_READ
_ID = re.compile("[0-9]{1,9}")
LEAD = "rates"
"""The figure that the page opens with."""
WIDE, NARROW = 1120.0, 352.0
"""Widths of drawings in pixels: the first one of the page on a desk, every other one and all on a phone."""


@route(bp, "/data", permission=READ)
def data(work: Work) -> ResponseReturnValue:
    """Show the figures of the months asked for; the address keeps months and unit."""
    form = _form(work)
    asked = _asked(work, form)
    made = series.figures(work.session, asked, _say)
    kept = _kept(asked)
    form["from"].data, form["until"].data = kept["from"], kept["until"]
    return render_template(
        "bulletins/data.html",
        form=form,
        figures=[(each, _links(each, kept)) for each in made],
        lead=LEAD,
        kept=kept,
        draw=draw,
        table=table,
        wide=WIDE,
        narrow=NARROW,
        first=asked.span.months[0],
        last=asked.span.months[-1],
        spans=_spans(Month.of(work.today), asked.unit_id),
        filtered=bool(request.args),
    )


@route(bp, "/data/<figure>/rows", permission=READ)
def data_rows(work: Work, figure: str) -> ResponseReturnValue:
    """Show the rows behind one number of a figure, or behind all of one place."""
    plan = PLANS.get(figure) or abort(404)
    asked = _asked(work, _form(work))
    place, part = request.args.get("place", ""), request.args.get("part", "")
    known = _ID.fullmatch(place) if figure == "problems" else place in asked.span.codes
    if not known or part not in ("", *(each.name for each in plan.parts)):
        abort(404)
    if figure == "rates":
        total, rows = series.failed_rows(work.session, asked, place, part)
    elif figure in series.SOURCES:
        total, rows = series.behind(work.session, figure, asked, place, part)
    else:
        abort(404)
    named = next((_say(each.said) for each in plan.parts if each.name == part), "")
    return render_template(
        "bulletins/data_rows.html",
        plan=plan,
        title=_say(plan.title),
        where=series.place_name(work.session, figure, place, _say),
        part=named,
        total=total,
        rows=rows,
        most=series.MOST_ROWS,
        kept=_kept(asked),
    )


@route(bp, "/data/<figure>/drawing", permission=READ)
def data_drawing(work: Work, figure: str) -> ResponseReturnValue:
    """Hand out one figure's drawing as an SVG file that stands by itself."""
    made = _one(work, figure)
    if made.figure.empty or made.figure.flat:
        abort(404)
    return _file(svg_file(made.figure).encode(), "image/svg+xml", f"{made.figure.title}.svg", f"{figure}.svg")


@route(bp, "/data/<figure>/table", permission=READ)
def data_table(work: Work, figure: str) -> ResponseReturnValue:
    """Hand out one figure's table as CSV; no cell of it is a formula."""
    made = _one(work, figure)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(quiet, table.head(made.figure)))
    for row in table.rows(made.figure, blank=""):
        writer.writerow([quiet(row.label), *map(quiet, row.cells)])
    kind = "text/csv"
    return _file(text.getvalue().encode("utf-8-sig"), kind, f"{made.figure.title}.csv", f"{figure}.csv")


def _say(said: Said) -> str:
    return str(_(said.msgid))


def _one(work: Work, figure: str) -> series.Made:
    if figure not in PLANS:
        abort(404)
    made = series.figures(work.session, _asked(work, _form(work)), _say, [figure])
    return made[0] if made else abort(404)


def _form(work: Work) -> DataForm:
    form = DataForm(request.args).offer(work.session.scalars(units()))
    form.validate()
    return form


def _asked(work: Work, form: DataForm) -> series.Asked:
    span = form.span(Month.of(work.today))
    return series.Asked(span, series.counting(work.session, span), form.unit_id, work.now)


def _kept(asked: series.Asked) -> dict[str, str]:
    """Return the address of the same months and unit."""
    months = {"from": asked.span.codes[0], "until": asked.span.codes[-1]}
    return months | ({"unit": str(asked.unit_id)} if asked.unit_id is not None else {})


def _spans(last: Month, unit_id: int | None) -> list[tuple[str, str]]:
    """Return the usual spans as (words, address)."""
    own: dict[str, Any] = {"unit": unit_id} if unit_id is not None else {}
    usual = ((6, _("6 months")), (12, _("12 months")), (36, _("3 years")))
    return [(str(words), url_for("bulletins.data", **_codes(last, count), **own)) for count, words in usual]


def _codes(last: Month, count: int) -> dict[str, Any]:
    codes = series.Span.ending(last, count).codes
    return {"from": codes[0], "until": codes[-1]}


def _links(made: series.Made, kept: dict[str, Any]) -> dict[tuple[int, int], str]:
    """Return the address of the rows behind each number of drawing and table, by column and place."""
    figure = made.figure
    parts = [*made.parts, *("" for _each in figure.columns)]
    shown = [*(each.shown for each in figure.series), *(each.cells for each in figure.columns)]
    found = {
        (n, place): _rows_url(figure.key, spot, part, kept)
        for n, part in enumerate(parts)
        for place, spot in enumerate(made.spots)
        if shown[n][place] and spot != series.OTHER
    }
    return found | _links_of_rates(made, kept) if figure.key == LEAD else found


def _links_of_rates(made: series.Made, kept: dict[str, Any]) -> dict[tuple[int, int], str]:
    """Return the addresses of what was looked at (the registry of that day) and of what failed, behind the rates."""
    found = {}
    for (part, place), snapshot in made.snapshots.items():
        kind, columns = ("site", 2) if part == "sites" else ("account", 4)
        own: dict[str, Any] = {"unit": kept["unit"]} if "unit" in kept else {}
        found[columns, place] = url_for("registry.subjects", kind=kind, snapshot=snapshot, **own)
        found[columns + 1, place] = _rows_url(LEAD, made.spots[place], part, kept)
    return found


def _rows_url(key: str, spot: str, part: str, kept: dict[str, Any]) -> str:
    if key == "published":
        return url_for("intake.publications", period=spot)
    return url_for("bulletins.data_rows", figure=key, place=spot, part=part or None, **kept)


def _file(content: bytes, kind: str, name: str, plain: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
