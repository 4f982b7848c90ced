"""The numbers of issued bulletins."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bulletins.models import Bulletin
from tracker.notices.models import Notice

NUMBERS = select(Bulletin.period, Notice.number).join(Notice, Notice.id == Bulletin.notice_id)


def numbers(session: Session) -> dict[str, str]:
    """Return the number of each period's bulletin ("2021-12": "…号"), once it has one."""
    return {row[0]: row[1] for row in session.execute(NUMBERS) if row[1]}
