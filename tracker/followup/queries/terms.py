"""The office's days for following up."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.followup.models import FollowupTerm
from tracker.followup.policy import TERM_NAMES, Terms


def terms(session: Session) -> Terms:
    """Return the days in force: as the office set them, else as shipped."""
    rows = term_rows(session)
    return Terms(**{name: rows[name].value for name in TERM_NAMES if name in rows})


def term_rows(session: Session) -> dict[str, FollowupTerm]:
    """Return the days that the office set itself, by name."""
    return {row.name: row for row in session.scalars(select(FollowupTerm))}
