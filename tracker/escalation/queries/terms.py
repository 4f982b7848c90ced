"""The office's terms of escalation and burden."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.escalation.models import EscalationTerm
from tracker.escalation.policy import TERM_NAMES, Terms


def terms(session: Session) -> Terms:
    """Return the terms in force: as the office set them, else as shipped."""
    rows = term_rows(session)
    return Terms(**{name: rows[name].value for name in TERM_NAMES if name in rows})


def term_rows(session: Session) -> dict[str, EscalationTerm]:
    """Return the terms that the office set itself, by name."""
    return {row.name: row for row in session.scalars(select(EscalationTerm))}
