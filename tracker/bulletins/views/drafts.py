"""Pages of bulletins: the draft that the ledger writes, the rows behind its figures, and what does not agree."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.bulletins import operations, queries
from tracker.bulletins.forms import AddForm, FrameForm, LineForm, PeriodForm
from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.binding import compose, said
from tracker.bulletins.policy.flags import RULE_NAMES, flag_key
from tracker.bulletins.policy.layout import Line, annexes_line
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import DEMAND, Role
from tracker.bulletins.views.place import bp
from tracker.kit.errors import Refused, Stale
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.notices.operations.issue import order_previews
from tracker.notices.paper import draft_contents
from tracker.notices.queries import batch_by_id
from tracker.org.policy import Permission, Work

ONE = "/bulletins/<int(max=2147483647):bulletin_id>"
READ, WRITE = Permission.BULLETIN_READ, Permission.BULLETIN_DRAFT


@route(bp, "/bulletins", permission=READ)
def bulletins(work: Work) -> ResponseReturnValue:
    """Show the bulletins, and the way to the next."""
    page = queries.bulletins_page(work.session, work.actor, request.args.get("after"))
    return render_template("bulletins/bulletins.html", page=page, Period=Period)


@route(bp, "/bulletins/new", permission=WRITE, methods=("GET", "POST"))
def start(work: Work) -> ResponseReturnValue:
    """Start the bulletin of a period; title, last day and deadline are proposed and can be changed afterwards."""
    form = PeriodForm(request.form, period=f"{work.today:%Y-%m}")
    if request.method == "POST" and form.validate():
        period = Period.parse(form.period.data or "")
        try:
            bulletin = operations.start(work, period, operations.usual_frame(work.session, period))
        except Refused as error:
            form.put(error)
        else:
            flash(_("The ledger has written a draft. Read it, and mend what is marked."), "success")
            return redirect(url_for("bulletins.bulletin", bulletin_id=bulletin.id))
    return render_template("bulletins/start.html", form=form), 422 if request.method == "POST" else 200


@route(bp, ONE, permission=READ)
def bulletin(work: Work, bulletin_id: int) -> ResponseReturnValue:
    """Show the draft as it reads now: figures lead to their rows, what does not agree stands beside."""
    found = queries.bulletin_by_id(work, bulletin_id)
    facts = queries.facts_of(work, found, host().settings.office_name)
    lines = queries.lines_of(found, facts)
    flags = [(flag, flag_key(flag, lines[flag.line - 1].key)) for flag in queries.flags_of(found, lines, facts)]
    return render_template(
        "bulletins/bulletin.html",
        bulletin=found,
        period=Period.parse(found.period),
        lines=[(line, list(said(line.pieces, facts.shown))) for line in lines],
        figures=facts.figures,
        steps={row["key"] for row in found.requirements},
        asked=[each for each in facts.demands if any(line.key == f"{each.key}{DEMAND}" for line in lines)],
        annexes=annexes_line(facts),
        waiting=[each for each in flags if each[1] not in found.reasons],
        explained=[each for each in flags if each[1] in found.reasons],
        flagged={lines[flag.line - 1].key for flag, key in flags if key not in found.reasons},
        rule_names=RULE_NAMES,
        open=operations.is_open(found),
        dropped=queries.dropped_of(found, facts),
    )


@route(bp, ONE + "/hand-in", permission=Permission.NOTICE_DRAFT, methods=("POST",))
def hand_in(work: Work, bulletin_id: int) -> ResponseReturnValue:
    """Make the draft document of the bulletin, and go on with it as with every notice."""
    found = queries.bulletin_by_id(work, bulletin_id)
    facts = queries.facts_of(work, found, host().settings.office_name)
    notice = operations.hand_in(work, found, facts, request.form.get("version", type=int) or 0)
    batch = batch_by_id(work, notice.batch_id)
    order_previews(work, batch, draft_contents(work, batch, host().settings))
    flash(_("The paper is being printed. Look at it, then submit it for sign-off."), "success")
    return redirect(url_for("notices.batch", batch_id=batch.id))


@route(bp, "/bulletins/of-batch/<int(max=2147483647):batch_id>", permission=READ)
def of_batch(work: Work, batch_id: int) -> ResponseReturnValue:
    """Lead from a draft document to the bulletin that it was made of; to the list when it was made of none."""
    found = queries.bulletin_of_batch(work, batch_id)
    if found is None:
        return redirect(url_for("bulletins.bulletins"))
    return redirect(url_for("bulletins.bulletin", bulletin_id=found.id))


@route(bp, ONE + "/frame", permission=WRITE, methods=("GET", "POST"))
def frame(work: Work, bulletin_id: int) -> ResponseReturnValue:
    """Change title, basis, last day counted, deadline and the form of percentages."""
    found = queries.bulletin_by_id(work, bulletin_id)
    form = FrameForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        try:
            operations.change_frame(work, found, form.values(), form.version.data)
        except Stale:
            raise
        except Refused as error:
            form.put(error)
        else:
            flash(_("Changed. The figures are counted anew."), "success")
            return redirect(url_for("bulletins.bulletin", bulletin_id=found.id))
    status = 422 if request.method == "POST" else 200
    return render_template("bulletins/frame.html", form=form, bulletin=found), status


@route(bp, ONE + "/lines/<line_key>", permission=WRITE, methods=("GET", "POST"))
def edit_line(work: Work, bulletin_id: int, line_key: str) -> ResponseReturnValue:
    """Change the words of one paragraph; figures that are left alone go on following the ledger."""
    found, line, text = _line(work, bulletin_id, line_key)
    form = LineForm(request.form, text=text, version=found.version)
    if request.method == "POST" and form.validate():
        facts = queries.facts_of(work, found, host().settings.office_name)
        try:
            operations.change_line(work, found, line, form.text.data or "", facts, form.version.data)
        except Stale:
            raise
        except Refused as error:
            form.put(error)
        else:
            return _back(found, line_key)
    status = 422 if request.method == "POST" else 200
    return render_template("bulletins/line.html", form=form, bulletin=found, line=line), status


@route(bp, ONE + "/lines/<line_key>/after", permission=WRITE, methods=("GET", "POST"))
def add_line(work: Work, bulletin_id: int, line_key: str) -> ResponseReturnValue:
    """Add a paragraph after another."""
    found, line, text = _line(work, bulletin_id, line_key)
    form = AddForm(request.form, version=found.version)
    if request.method == "POST" and form.validate():
        role = Role(form.role.data)
        try:
            added = operations.add_line(work, found, line, role, form.text.data or "", form.version.data)
        except Stale:
            raise
        except Refused as error:
            form.put(error)
        else:
            return _back(found, added)
    status = 422 if request.method == "POST" else 200
    return render_template("bulletins/line.html", form=form, bulletin=found, line=line, after=text), status


@route(bp, ONE + "/lines/<line_key>/drop", permission=WRITE, methods=("POST",))
def drop_line(work: Work, bulletin_id: int, line_key: str) -> ResponseReturnValue:
    """Take a paragraph out."""
    found, line, _text = _line(work, bulletin_id, line_key)
    operations.drop_line(work, found, line, request.form.get("version", type=int) or 0)
    flash(_("The paragraph is taken out."), "success")
    return redirect(url_for("bulletins.bulletin", bulletin_id=found.id))


@route(bp, ONE + "/lines/<line_key>/restore", permission=WRITE, methods=("POST",))
def restore_line(work: Work, bulletin_id: int, line_key: str) -> ResponseReturnValue:
    """Let the ledger write a paragraph again."""
    found = queries.bulletin_by_id(work, bulletin_id)
    operations.restore_line(work, found, line_key, request.form.get("version", type=int) or 0)
    flash(_("The ledger writes this paragraph again."), "success")
    return _back(found, line_key)


@route(bp, ONE + "/remarks/<flag>", permission=WRITE, methods=("POST",))
def explain(work: Work, bulletin_id: int, flag: str) -> ResponseReturnValue:
    """Note why something that does not agree stands all the same."""
    found = queries.bulletin_by_id(work, bulletin_id)
    version = request.form.get("version", type=int) or 0
    operations.explain_flag(work, found, flag, request.form.get("reason", ""), version)
    flash(_("The reason is noted; the director reads it before signing."), "success")
    return redirect(url_for("bulletins.bulletin", bulletin_id=found.id))


def _line(work: Work, bulletin_id: int, line_key: str) -> tuple[Bulletin, Line, str]:
    found = queries.bulletin_by_id(work, bulletin_id)
    facts = queries.facts_of(work, found, host().settings.office_name)
    line = next((each for each in queries.lines_of(found, facts) if each.key == line_key), None)
    if line is None:
        abort(404)
    return found, line, compose(line.pieces, facts.shown)


def _back(found: Bulletin, key: str) -> ResponseReturnValue:
    return redirect(url_for("bulletins.bulletin", bulletin_id=found.id, _anchor=key))
