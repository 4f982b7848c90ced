"""Background work of notices: their papers, and the approval sheets of batches."""

from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.audit.queries import timeline
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import due, order
from tracker.documents.printing import print_paper
from tracker.documents.render import Rendered
from tracker.documents.signing import SignedPaper, signed, signer_for
from tracker.files.operations import Received, enter
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.models import Batch, Notice
from tracker.notices.operations.issue import deliver
from tracker.notices.paper import approval
from tracker.notices.policy import IN_FORCE
from tracker.notices.queries import spans
from tracker.org.policy import SYSTEM, Work

TOPIC = "notice-paper"
OWNER, PURPOSE, APPROVAL_TOPIC = "batch", "approval", "batch-paper"
REASON = "印发整改通知单"
"""What an electronic signature on a notice says about itself."""


def print_notice(paper_id: int) -> None:
    """Print one notice's paper; an official one is delivered in the transaction that notes its hash."""
    print_paper(
        SYSTEM, host().clock, paper_id, keep=originals().put, ready=_ready, failed=_failed, after=_signed_if_official
    )


def due_papers() -> list[int]:
    """Return the ids of notices' papers that nobody prints at the moment though they are due."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due(work.session, work, "notice")


def _signed_if_official(purpose: str, rendered: Rendered) -> Rendered:
    return signed(signer_for(host().settings), rendered, REASON) if purpose == "official" else rendered


def _ready(work: Work, paper: Paper, rendered: Rendered) -> None:
    notice = work.session.get_one(Notice, paper.owner_id)
    name = f"{notice.number or notice.title}.pdf"
    enter(work, Received(rendered.sha256, len(rendered.pdf), "pdf", name, rendered.pages, active_content=False))
    if paper.purpose == "official":
        case = f"batch:{notice.batch_id}"
        record(work, Word.PAPER_RENDERED, notice, case=case, pages=rendered.pages, sha256=rendered.sha256)
        if isinstance(rendered, SignedPaper):
            mark = rendered.signature
            told = {"holder": mark.holder, "serial": mark.serial, "issuer": mark.issuer, "sha256": rendered.sha256}
            record(work, Word.PAPER_SIGNED, notice, case=case, number=notice.number, **told)
        deliver(work, notice, rendered.sha256, rendered.pages)
        _approval_when_complete(work, notice)


def _failed(work: Work, paper: Paper) -> None:
    if paper.state is PaperState.FAILED:
        notice = work.session.get_one(Notice, paper.owner_id)
        record(work, Word.PAPER_FAILED, notice, case=f"batch:{notice.batch_id}", reason=paper.trouble)


def _approval_when_complete(work: Work, notice: Notice) -> None:
    """Order the batch's approval sheet with its last paper, so that it lies ready for the file."""
    waiting = select(Notice.id).where(
        Notice.batch_id == notice.batch_id, Notice.state.in_(IN_FORCE), Notice.paper_sha256.is_(None)
    )
    if work.session.scalar(waiting.limit(1)) is None:
        order_approval(work, notice.batch)


def approval_content(work: Work, batch: Batch) -> dict[str, Any]:
    """Return what the approval sheet of a batch would say now."""
    events = timeline(work.session, f"batch:{batch.id}")
    numbers = spans(work.session, [batch.id])[batch.id].numbers
    issuer = host().settings.office_name
    return approval.content(batch, events, issuer=issuer, numbers=numbers, day=work.today)


def order_approval(work: Work, batch: Batch) -> Paper:
    """Order the approval sheet of a batch from the record; the same content is not printed twice."""
    return order(work, OWNER, batch.id, PURPOSE, approval.TYPE, approval_content(work, batch))


def print_approval(paper_id: int) -> None:
    """Print one ordered approval sheet; safe to run twice, since the row is claimed first."""
    print_paper(SYSTEM, host().clock, paper_id, keep=originals().put, ready=_kept, failed=_left)


def due_approvals() -> list[int]:
    """Return the ids of approval sheets that nobody prints at the moment though they are due."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due(work.session, work, OWNER)


def _kept(work: Work, paper: Paper, rendered: Rendered) -> None:
    name = f"{paper.content['kind']}处理单.pdf"
    enter(work, Received(rendered.sha256, len(rendered.pdf), "pdf", name, rendered.pages, active_content=False))


def _left(_work: Work, _paper: Paper) -> None:
    """Leave it to the page: the office sees the sentence beside the button that tries again."""
