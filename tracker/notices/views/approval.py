"""The approval sheet (处理单) of a batch: ordered, and downloaded by the office."""

from dataclasses import dataclass

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.audit.models import Event
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import newest
from tracker.files.queries import file_by_sha256
from tracker.files.send import send_stored
from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.notices.jobs import OWNER, PURPOSE, order_approval
from tracker.notices.models import Batch
from tracker.notices.paper.approval import STEPS
from tracker.notices.queries import batch_by_id, locked_batch
from tracker.notices.views.blueprint import bp
from tracker.org.policy import Permission, Work


@dataclass(frozen=True)
class Sheet:
    """An approval sheet as a batch's page shows it."""

    paper: Paper | None
    ready: bool
    current: bool
    """Whether it tells all that the record now holds."""

    @property
    def printing(self) -> bool:
        """Tell whether the worker has it."""
        return self.paper is not None and self.paper.state in (PaperState.WAITING, PaperState.CLAIMED)

    @property
    def trouble(self) -> str:
        """Return why it could not be printed, or an empty text."""
        return str(_(self.paper.trouble, **self.paper.trouble_params)) if self.paper and self.paper.trouble else ""


def approval_of(work: Work, batch: Batch) -> Sheet:
    """Return the newest approval sheet of a batch."""
    paper = newest(work.session, OWNER, batch.id, PURPOSE)
    ready = paper is not None and paper.state is PaperState.READY
    head = select(Event.hash).where(Event.case == f"batch:{batch.id}", Event.word.in_(list(STEPS)))
    newest_step = work.session.scalar(head.order_by(Event.id.desc()).limit(1))
    current = paper is not None and paper.content["head"] == newest_step
    return Sheet(paper, ready, current)


@route(bp, "/batches/<int:batch_id>/approval.pdf", permission=Permission.NOTICE_READ)
def approval_pdf(work: Work, batch_id: int) -> Response:
    """Download the approval sheet of a batch (the office)."""
    paper = newest(work.session, OWNER, batch_by_id(work, batch_id).id, PURPOSE)
    if paper is None or paper.sha256 is None:
        raise Missing
    return send_stored(file_by_sha256(work.session, paper.sha256))


@route(bp, "/batches/<int:batch_id>/approval", permission=Permission.NOTICE_PRINT, methods=("POST",))
def order_sheet(work: Work, batch_id: int) -> ResponseReturnValue:
    """Have the approval sheet printed from what the record now holds."""
    order_approval(work, locked_batch(work, batch_id))
    flash(_("The approval sheet is being printed."), "success")
    return redirect(url_for("notices.batch", batch_id=batch_id))
