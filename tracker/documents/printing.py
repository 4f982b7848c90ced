"""Carrying out an order: claim the row, render outside any transaction, keep the bytes, then say that it is ready."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO

from tracker.documents.models import Paper
from tracker.documents.operations import Printed, claim, fail, finish
from tracker.documents.render import Rendered, RenderFailed, render
from tracker.documents.selfcheck import check_pdf
from tracker.kit.clock import Clock
from tracker.kit.unit_of_work import Somebody, UnitOfWork, unit_of_work
from tracker.kit.words import N_

log = logging.getLogger(__name__)
TROUBLE = N_("The paper could not be printed just now; it is tried again by itself.")


def print_paper(
    actor: Somebody,
    clock: Clock,
    paper_id: int,
    *,
    keep: Callable[[BytesIO], tuple[str, int]],
    ready: Callable[[UnitOfWork[Somebody], Paper, Rendered], None],
    failed: Callable[[UnitOfWork[Somebody], Paper], None],
    after: Callable[[str, Rendered], Rendered] = lambda _purpose, rendered: rendered,
) -> bool:
    """Print an ordered paper if it is due and nobody else has it; tell whether it became ready now.

    Order of effects: claim (own transaction), rendering, `after` (purpose, paper → the paper to be kept), `keep` (bytes
    first: returns hash and size), then one transaction with the row's end and `ready`. A failure leaves the row waiting
    for its next try and calls `failed`. Safe to run twice.
    """
    with unit_of_work(actor, clock) as work:
        paper = claim(work, paper_id)
        if paper is None:
            return False
        type_, content, purpose = paper.type, paper.content, paper.purpose
    try:
        rendered = after(purpose, render(type_, content))
        checks = [asdict(point) for point in check_pdf(rendered.pdf)]
        sha256, size = keep(BytesIO(rendered.pdf))
    except Exception as error:
        if not isinstance(error, RenderFailed):
            log.exception("paper %s could not be printed", paper_id)
        trouble = error if isinstance(error, RenderFailed) else RenderFailed(TROUBLE)
        _note_failure(actor, clock, paper_id, trouble, failed)
        return False
    printed = Printed(sha256, size, rendered.pages, checks, rendered.fallbacks)
    with unit_of_work(actor, clock) as work:
        paper = work.session.get_one(Paper, paper_id)
        if finish(work, paper, printed):
            ready(work, paper, rendered)
    return True


def _note_failure(
    actor: Somebody,
    clock: Clock,
    paper_id: int,
    trouble: RenderFailed,
    failed: Callable[[UnitOfWork[Somebody], Paper], None],
) -> None:
    with unit_of_work(actor, clock) as work:
        paper = work.session.get_one(Paper, paper_id)
        fail(work, paper, trouble.reason, trouble.params)
        failed(work, paper)
