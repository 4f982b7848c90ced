"""Printing the papers of replies: the sheets that units have signed and sealed, and the receipts."""

from tracker.documents.models import Paper
from tracker.documents.operations import due
from tracker.documents.printing import print_paper
from tracker.documents.render import Rendered
from tracker.files.operations import Received, enter
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM, Work
from tracker.replies.operations.sheet import RECEIPT

TOPIC = "reply-paper"


def render_sheet(paper_id: int) -> None:
    """Print one ordered reply sheet; safe to run twice, since the row is claimed first."""
    print_paper(SYSTEM, host().clock, paper_id, keep=originals().put, ready=_ready, failed=_failed)


def due_papers() -> list[int]:
    """Return the ids of reply sheets that nobody prints at the moment though they are due."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due(work.session, work, "reply")


def _ready(work: Work, paper: Paper, rendered: Rendered) -> None:
    name = "报送回执.pdf" if paper.purpose == RECEIPT else "整改情况报告.pdf"
    received = Received(rendered.sha256, len(rendered.pdf), "pdf", name, rendered.pages, active_content=False)
    enter(work, received)


def _failed(_work: Work, _paper: Paper) -> None:
    """Leave it to the page: the unit sees the sentence beside the button that tries again."""
