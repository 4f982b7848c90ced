"""Rehearsals that somebody asks for on a page: ordered, claimed by the worker, kept as they were found."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.reminders.models import Rehearsal, RehearsalState

REHEARSALS = "rehearsal"
"""Topic of the queue."""
LEASE = timedelta(minutes=15)
MOST_DAYS = 60
OPEN = (RehearsalState.WAITING, RehearsalState.RUNNING)


def order_rehearsal(work: Work, days: int) -> Rehearsal:
    """Have the worker rehearse so many days; one at a time.

    :raises Refused: one is under way already.
    """
    if work.session.scalar(select(Rehearsal.id).where(Rehearsal.state.in_(OPEN)).limit(1)) is not None:
        raise Refused(N_("A rehearsal is under way already. Look at its result in a minute, then ask for another."))
    person = {"asked_by": work.actor.person_id, "asked_name": work.actor.name}
    row = Rehearsal(days=min(days, MOST_DAYS), asked_at=work.now, due_at=work.now, lived=[], **person)
    work.session.add(row)
    work.session.flush()
    work.wake(REHEARSALS, row.id)
    return row


def claim_rehearsal(work: Work, rehearsal_id: int) -> int | None:
    """Take a rehearsal that waits, or whose claim lapsed; return its days, or None when it is not to be done."""
    statement = (
        update(Rehearsal)
        .where(Rehearsal.id == rehearsal_id, Rehearsal.state.in_(OPEN), Rehearsal.due_at <= work.now)
        .values(state=RehearsalState.RUNNING, due_at=work.now + LEASE)
    )
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        return None
    return work.session.scalars(select(Rehearsal.days).where(Rehearsal.id == rehearsal_id)).one()


def settle_rehearsal(work: Work, rehearsal_id: int, lived: list[dict[str, Any]], trouble: str = "") -> None:
    """Keep what was found, or why nothing was."""
    row = work.session.get_one(Rehearsal, rehearsal_id, with_for_update=True, populate_existing=True)
    row.state = RehearsalState.FAILED if trouble else RehearsalState.DONE
    row.lived, row.trouble, row.done_at = lived, trouble, work.now


def latest_rehearsal(session: Session) -> Rehearsal | None:
    """Return the newest rehearsal."""
    return session.scalar(select(Rehearsal).order_by(Rehearsal.id.desc()).limit(1))


def waiting_rehearsals(session: Session, now: datetime) -> list[int]:
    """Return the ids of rehearsals that are due."""
    return list(session.scalars(select(Rehearsal.id).where(Rehearsal.state.in_(OPEN), Rehearsal.due_at <= now)))
