"""扫描件归档: a stack of many units' papers is scanned in one go and filed from one screen."""

import io
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import CombinedMultiDict

from tracker.documents.models import Paper
from tracker.files.operations import Received
from tracker.files.place import derived, originals
from tracker.files.send import send_picture, send_preview
from tracker.files.taken import Taken, files_of
from tracker.kit.clock import office_time
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.kit.unit_of_work import unit_of_work
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work
from tracker.replies.forms import ArrivalForm, StackForm
from tracker.replies.models import ReadingState, Reply, Stack
from tracker.replies.operations.filing import listed
from tracker.replies.operations.stacks import (
    Part,
    as_it_stands,
    chosen_pages,
    file_parts,
    is_waiting,
    take_in,
    waits_for,
)
from tracker.replies.operations.survey import Survey, offered, printed_sheets, reading_of, stack_by_token, survey
from tracker.replies.operations.survey import stacks as all_stacks
from tracker.replies.paper import says_the_same
from tracker.replies.views.blueprint import bp
from tracker.replies.views.case import content_of
from tracker.scans import crops
from tracker.scans.read import Failed, split

LARGEST = 50 << 20
"""Bytes: sixty colour pages at 200 dpi."""
PAUSE = "3"
"""Seconds until the page asks again how far the reading is."""
NOT_SPLIT = N_("The pages could not be copied out of this scan. Nothing was filed; scan the stack anew, or in parts.")
NONE_CHOSEN = N_("Choose at least one unit whose pages are to be filed.")


@route(bp, "/stacks", permission=Permission.REPLY_REGISTER)
def stacks(work: Work) -> ResponseReturnValue:
    """List the stacks, newest first, and the place to hand in another."""
    now = office_time(work.now).replace(tzinfo=None, second=0, microsecond=0)
    return _list_page(work, StackForm(way="paper", arrived_at=now))


def _list_page(work: Work, form: StackForm) -> str:
    page = all_stacks(work, request.args.get("after"))
    return render_template("replies/stacks.html", page=page, form=form)


@route(
    bp, "/stacks", permission=Permission.REPLY_REGISTER, methods=("POST",), before=files_of("stack", largest=LARGEST)
)
def take_stack(work: Work, taken: Taken) -> ResponseReturnValue:
    """Take the scan of a stack in; a refused one changes nothing."""
    form = StackForm(CombinedMultiDict([request.files, request.form]))
    try:
        if form.validate() and taken["stack"]:
            stack = take_in(work, *taken["stack"][0], form.arrival())
            return redirect(url_for("replies.stack", token=stack.token))
    except Invalid as error:
        form.put(error)
    except Refused as error:
        form.stack.errors = [_(error.msgid, **error.params)]
    work.session.expire_all()
    return _list_page(work, form), 422


@route(bp, "/stacks/<token>", permission=Permission.REPLY_REGISTER)
def stack(work: Work, token: str) -> ResponseReturnValue:
    """Show what the stack holds, unit by unit, and what is left for a person; the page asks again until it is read."""
    found = stack_by_token(work, token)
    arrived = office_time(found.arrived_at).replace(tzinfo=None)
    return _page(work, found, ArrivalForm(brought_by=found.brought_by, way=str(found.brought_way), arrived_at=arrived))


def _page(work: Work, found: Stack, form: ArrivalForm, status: int = 200) -> Response:
    reading = reading_of(work, found.file)
    pages = reading.pages if reading else []
    busy = reading is not None and reading.state in (ReadingState.WAITING, ReadingState.READING)
    seen = survey(work, found, pages)
    agree, filed = _as_printed(work, seen), {part.assignment_id for part in found.parts}
    waits = {g.assignment.id: waits_for(work, g, as_printed=g.assignment.id in agree) for g in seen.groups}
    html = render_template(
        "replies/stack.html",
        stack=found,
        form=form,
        survey=seen,
        read=len(pages),
        busy=busy,
        waits=waits,
        offered=[each for each in offered(work) if each.id not in filed] if seen.loose else [],
        waiting=is_waiting,
        completing="replies.registering"
        if "replies.registering" in current_app.view_functions
        else "replies.assignment",
        listed=listed,
        ticked=request.form.getlist("file") if request.method == "POST" else None,
    )
    answer = make_response(html, status)
    if busy:
        answer.headers["Refresh"] = PAUSE
    return answer


def _as_printed(work: Work, seen: Survey) -> set[int]:
    """Return the ids of assignments whose newest round says what its newest printed sheet says."""
    replies = [group.reply for group in seen.groups if group.reply is not None]
    papers = printed_sheets(work, replies)
    return {reply.assignment_id for reply in replies if _agrees(work, reply, papers.get(reply.id))}


def _agrees(work: Work, reply: Reply, paper: Paper | None) -> bool:
    return paper is not None and says_the_same(paper.content, content_of(work, reply))


def _cut_out() -> dict[str, Any]:
    """Copy the chosen pages into files of their own, and keep these, before the transaction of the filing opens."""
    token = (request.view_args or {})["token"]
    with unit_of_work(host().current_actor(), host().clock, write=False) as work:
        found = _found(work, token)
        if found is None:
            return {"parts": []}
        seen = survey(work, found, _pages_of(work, found))
        agree = _as_printed(work, seen)
        chosen = chosen_pages(seen, request.form.getlist("file"), _by_hand())
        sha256 = found.file.sha256
        known: dict[str, Any] = {"active_content": found.file.active_content, "virus_check": found.file.virus_check}
        agreed = {
            g.assignment.token: as_it_stands(g.reply) for g in seen.groups if g.reply and g.assignment.id in agree
        }
        turns = seen.turns
    if not chosen:
        return {"parts": []}
    try:
        with originals().open(sha256) as file:
            files = split(file, [[(n, turns.get(n, 0)) for n in pages] for pages in chosen.values()])
    except Failed as error:
        raise Refused(NOT_SPLIT) from error
    parts = []
    for (case, pages), pdf in zip(chosen.items(), files, strict=True):
        digest, size = originals().put(io.BytesIO(pdf))
        # Not the stack's own name: it may name other units, and this one sees the file.
        label = f"盖章件（归档扫描第{listed(pages)}页）.pdf"
        received = Received(digest, size, "pdf", label[-120:], len(pages), **known)
        parts.append(Part(case, pages, received, agreed.get(case, "")))
    return {"parts": parts}


def _found(work: Work, token: str) -> Stack | None:
    try:
        return stack_by_token(work, token)
    except Missing:
        return None


def _pages_of(work: Work, found: Stack) -> list[dict[str, Any]]:
    reading = reading_of(work, found.file)
    return reading.pages if reading else []


def _by_hand() -> dict[int, str]:
    """Return which loose pages were given to which assignment."""
    given = {}
    for key, token in request.form.items():
        number = key.removeprefix("page-")
        if key != number and number.isascii() and number.isdecimal() and len(number) < 4 and token:
            given[int(number)] = token
    return given


@route(bp, "/stacks/<token>", permission=Permission.REPLY_REGISTER, methods=("POST",), before=_cut_out)
def file_stack(work: Work, token: str, parts: list[Part]) -> ResponseReturnValue:
    """File the chosen units' pages, each as that unit's paper reply."""
    found = stack_by_token(work, token, lock=True)
    form = ArrivalForm(request.form)
    try:
        if form.validate() and parts:
            filed = file_parts(work, found, parts, form.arrival())
            return _filed(token, [part.reply for part in filed])
        if not parts:
            form.form_errors.append(_(NONE_CHOSEN))
    except Invalid as error:
        form.put(error)
    except Refused as error:
        form.form_errors.append(_(error.msgid, **error.params))
    work.session.rollback()
    return _page(work, stack_by_token(work, token), form, 422)


def _filed(token: str, replies: list[Reply]) -> ResponseReturnValue:
    waiting = sum(map(is_waiting, replies))
    done = len(replies) - waiting
    if done:
        flash(
            ngettext(
                "%(num)s reply registered and handed to review.",
                "%(num)s replies registered and handed to review.",
                done,
            ),
            "success",
        )
    if waiting:
        said = ngettext(
            "%(num)s sealed paper is kept and waits for its items.",
            "%(num)s sealed papers are kept and wait for their items.",
            waiting,
        )
        flash(said, "info")
    return redirect(url_for("replies.stack", token=token))


@route(bp, "/stacks/<token>/pages/<int:n>", permission=Permission.REPLY_REGISTER)
def stack_page(work: Work, token: str, n: int) -> ResponseReturnValue:
    """Send the picture of one page of the stack, upright."""
    found = stack_by_token(work, token)
    turns = {page["n"]: page["turn"] for page in _pages_of(work, found)}
    return send_preview(found.file, n, turn=turns.get(n, 0))


@route(bp, "/stacks/<token>/thumbs/<int:n>", permission=Permission.REPLY_REGISTER)
def stack_thumb(work: Work, token: str, n: int) -> ResponseReturnValue:
    """Send the small picture of one page of the stack, as the reader left it."""
    found = stack_by_token(work, token)
    path = crops.place(derived(), found.file.sha256, n, "page")
    if not path.is_file():
        return redirect(url_for("replies.stack_page", token=token, n=n))
    return send_picture(path.read_bytes())
