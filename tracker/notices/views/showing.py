"""What several pages of this folder show: contents of papers, their state, the calendar."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tracker.almanac.queries import calendar as calendar_of
from tracker.documents.models import Paper
from tracker.documents.operations import newest, tells
from tracker.kit.db import db
from tracker.kit.host import host
from tracker.notices import paper
from tracker.notices.models import Batch, Notice
from tracker.notices.paper import DRAFTS as DRAFTS
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar


def calendar() -> Calendar:
    """Return the office's working-day calendar."""
    return calendar_of(db.session())


def draft_contents(work: Work, batch: Batch) -> dict[int, dict[str, Any]]:
    """Return the draft papers' contents of a batch by notice id, in the order of numbering."""
    return paper.draft_contents(work, batch, host().settings)


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
    return Shown(notice, row, row is not None and tells(row, content))


def shown_official(work: Work, notice: Notice) -> Shown:
    """Return the official paper of an issued notice."""
    return Shown(notice, newest(work.session, "notice", notice.id, "official"), current=True)


def previews(work: Work, notice_ids: list[int]) -> list[Paper]:
    """Return the newest printed preview of each of these notices."""
    query = select(Paper).where(
        Paper.owner_type == "notice", Paper.owner_id.in_(notice_ids), Paper.purpose == "preview", Paper.state == "ready"
    )
    newest_of = {paper.owner_id: paper for paper in work.session.scalars(query.order_by(Paper.id))}
    return list(newest_of.values())
