"""Background work of assessments: the papers of signed sheets."""

from tracker.assessment.models import Sheet
from tracker.assessment.paper import OWNER, PURPOSE, TYPE, content
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import due, order
from tracker.documents.printing import print_paper
from tracker.documents.render import Rendered
from tracker.files.operations import Received, enter
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM, Work

TOPIC = f"{OWNER}-paper"


def order_sheet(work: Work, row: Sheet) -> Paper:
    """Order the paper of a signed sheet; the same content is not printed twice."""
    said = content(row.frozen or {}, issuer=host().settings.office_name, sha256=row.sha256)
    return order(work, OWNER, row.id, PURPOSE, TYPE, said)


def print_sheet(paper_id: int) -> None:
    """Print one ordered sheet; safe to run twice, since the row is claimed first."""
    print_paper(SYSTEM, host().clock, paper_id, keep=originals().put, ready=_kept, failed=_left)


def due_sheets() -> list[int]:
    """Return the ids of sheets that nobody prints at the moment though they are due."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due(work.session, work, OWNER)


def _kept(work: Work, paper: Paper, rendered: Rendered) -> None:
    name = f"{paper.content['title']}.pdf"
    enter(work, Received(rendered.sha256, len(rendered.pdf), "pdf", name, rendered.pages, active_content=False))
    sheet = work.session.get_one(Sheet, paper.owner_id)
    record(work, Word.PAPER_RENDERED, sheet, pages=rendered.pages, sha256=rendered.sha256)


def _left(work: Work, paper: Paper) -> None:
    if paper.state is PaperState.FAILED:
        sheet = work.session.get_one(Sheet, paper.owner_id)
        record(work, Word.PAPER_FAILED, sheet, reason=paper.trouble)
