"""Filling in one item of the reply."""

from collections.abc import Iterator, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.almanac.queries import calendar as calendar_of
from tracker.files.taken import Taken, files_of
from tracker.kit.clock import office_time
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.routes import route
from tracker.notices.models import Assignment
from tracker.notices.policy import due_of
from tracker.org.policy import Permission, Work
from tracker.replies.forms import ItemForm
from tracker.replies.models import Reply, ReplyItem
from tracker.replies.operations.items import LOCKED, Attached, Upload, empty_lines, write_item, write_same
from tracker.replies.operations.sheet import order_sheet
from tracker.replies.policy import Gap, in_order, is_locked, item_gaps
from tracker.replies.queries import draft, item_of, own_assignment, rounds
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import content_of, may_write


@route(bp, "/assignments/<token>/items/<int:n>", permission=Permission.REPLY_WRITE)
def item(work: Work, token: str, n: int) -> ResponseReturnValue:
    """Show the form of one item; with ?check=1 also what it still lacks."""
    found = own_assignment(work, token)
    reply = draft(work, found)
    line = item_of(reply, n)
    form = ItemForm.of(line, work.today)
    lacks = item_gaps(line, work.today) if request.args.get("check") else []
    return _page(work, found, reply, line, form, lacks)


def _page(
    work: Work, assignment: Assignment, reply: Reply, line: ReplyItem, form: ItemForm, lacks: Sequence[Gap] = ()
) -> str:
    lines = in_order(reply)
    before = next((each for each in reversed(rounds(work, assignment)) if each.round == reply.round - 1), None)
    return render_template(
        "replies/item.html",
        assignment=assignment,
        reply=reply,
        line=line,
        form=form,
        lacks=lacks,
        lines=[(each, not item_gaps(each, work.today)) for each in lines],
        locked=is_locked(line),
        empty=len(empty_lines(reply, line)),
        before=item_of(before, line.item.sequence) if before else None,
        due=due_of(assignment, work.now, calendar_of(work.session)),
    )


@route(
    bp,
    "/assignments/<token>/items/<int:n>",
    permission=Permission.REPLY_WRITE,
    methods=("POST",),
    admit=may_write,
    before=files_of("evidence"),
)
def save_item(work: Work, token: str, n: int, taken: Taken) -> ResponseReturnValue:
    """Store what was typed and the files that came along; complete or not, nothing typed is lost."""
    found = own_assignment(work, token, lock=True)
    form = ItemForm(request.form)
    valid = form.validate()
    try:
        if valid:
            line = write_item(work, found, n, form.written(), version=form.version.data or 0, attached=_attached(taken))
            return _onward(work, found, line)
    except Stale:
        raise
    except Invalid as error:
        form.put(error)
    except Refused as error:
        if error.msgid == LOCKED:
            raise
        form.evidence.errors = [_(error.msgid, **error.params)]
    work.session.expire_all()
    reply = draft(work, found)
    return _page(work, found, reply, item_of(reply, n), form), 422


def _onward(work: Work, assignment: Assignment, line: ReplyItem) -> ResponseReturnValue:
    token, number = assignment.token, line.item.sequence
    if request.form.get("act") == "same":
        count = write_same(work, assignment, number)
        said = ngettext(
            "The texts of item %(n)s stand in %(num)s more item now. Look it over before you submit.",
            "The texts of item %(n)s stand in %(num)s more items now. Look them over before you submit.",
            count,
            n=number,
        )
        flash(said, "success")
        return redirect(url_for("replies.assignment", token=token))
    if request.form.get("act") != "next":
        flash(_("Draft of item %(n)s saved. You can go on at any time.", n=number), "success")
        return redirect(url_for("replies.item", token=token, n=number))
    if item_gaps(line, work.today):
        return redirect(url_for("replies.item", token=token, n=number, check=1))
    following = next((each for each in in_order(line.reply) if item_gaps(each, work.today)), None)
    if following is not None:
        flash(_("Item %(n)s is complete. Next: item %(m)s.", n=number, m=following.item.sequence), "success")
        return redirect(url_for("replies.item", token=token, n=following.item.sequence))
    order_sheet(work, line.reply, content_of(work, line.reply))
    flash(_("All items are filled in. Next: print this sheet and have it signed and sealed."), "success")
    return redirect(url_for("replies.sheet", token=token))


@route(bp, "/assignments/<token>/items/<int:n>/draft", permission=Permission.REPLY_WRITE, methods=("POST",), once=False)
def autosave(work: Work, token: str, n: int) -> ResponseReturnValue:
    """Store what is being typed; answers with the time and the line's new version."""
    found = own_assignment(work, token, lock=True)
    form = ItemForm(request.form)
    line = write_item(work, found, n, form.written(), version=form.version.data or 0)
    return {"time": office_time(work.now).strftime("%H:%M"), "version": line.version}


def _attached(taken: Taken) -> Attached:
    captions = {int(key): value for key, value in _numbered("caption-")}
    dropped = frozenset(int(key) for key, _value in _numbered("drop-"))
    caption = request.form.get("caption", "")
    added = [Upload(source, name, caption) for source, name in taken["evidence"]]
    return Attached(captions, dropped, added)


def _numbered(prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in request.form.items():
        number = key.removeprefix(prefix)
        if key.startswith(prefix) and number.isascii() and number.isdecimal() and len(number) < 10:
            yield number, value
