"""What several pages of this folder show: contents of papers, their state, the calendar."""

from dataclasses import dataclass
from typing import Any

from tracker.documents.models import Paper
from tracker.documents.operations import content_digest, newest
from tracker.kit.host import host
from tracker.notices import paper
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Batch, Notice
from tracker.notices.queries import ordered
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar

DRAFTS = (NoticeState.DRAFT, NoticeState.RETURNED, NoticeState.IN_REVIEW)


def calendar() -> Calendar:
    """Return the office's working-day calendar."""
    return Calendar()


def draft_contents(work: Work, batch: Batch) -> dict[int, dict[str, Any]]:
    """Return the draft papers' contents of a batch by notice id, in the order of numbering."""
    issuer = host().settings.office_name
    return {
        notice.id: paper.content(notice, issuer=issuer, document_date=work.today)
        for notice in ordered(batch)
        if notice.state in DRAFTS
    }


@dataclass(frozen=True)
class Shown:
    """A paper as a page shows it: the row (None before the first order), and whether it tells the present content."""

    notice: Notice
    paper: Paper | None
    current: bool

    @property
    def ready(self) -> bool:
        """Tell whether its pages can be looked at."""
        return self.paper is not None and self.paper.state == "ready"


def shown_draft(work: Work, notice: Notice, content: dict[str, Any]) -> Shown:
    """Return the newest preview of a notice and whether it still tells what would be issued."""
    row = newest(work.session, "notice", notice.id, "preview")
    return Shown(notice, row, row is not None and row.content_sha256 == content_digest(content))


def shown_official(work: Work, notice: Notice) -> Shown:
    """Return the official paper of an issued notice."""
    return Shown(notice, newest(work.session, "notice", notice.id, "official"), current=True)
