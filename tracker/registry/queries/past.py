"""What sites and accounts were called, and in which state they were, on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.registry.models import Subject, SubjectPast, SubjectState


def past_of(session: Session, subject: Subject) -> list[SubjectPast]:
    """Return a subject's states and names, the newest day first; one statement."""
    query = (
        select(SubjectPast)
        .options(joinedload(SubjectPast.into), joinedload(SubjectPast.noter))
        .where(SubjectPast.subject_id == subject.id)
        .order_by(SubjectPast.since.desc().nulls_last(), SubjectPast.id.desc())
    )
    return list(session.scalars(query))


def overruled(past: Sequence[SubjectPast]) -> set[int]:
    """Return the ids of the rows that a later note of the same sort replaced from their day on or from before it."""
    return {
        row.id
        for row in past
        if any(
            later.id > row.id
            and (later.state is None) == (row.state is None)
            and (later.since or date.min) <= (row.since or date.min)
            for later in past
        )
    }


def name_on(session: Session, subject: Subject, day: date) -> str:
    """Return what a subject was called on a day; what was noted last about that day counts."""
    found = session.scalar(_latest(subject, day).where(SubjectPast.name.is_not(None)))
    return found.name if found is not None and found.name is not None else subject.name


def state_on(session: Session, subject: Subject, day: date) -> SubjectState:
    """Return in which state a subject was on a day: before the first one that is known, that one."""
    states = SubjectPast.state.is_not(None)
    found = session.scalar(_latest(subject, day).where(states))
    if found is None:
        first = select(SubjectPast).where(SubjectPast.subject_id == subject.id, states).order_by(SubjectPast.id)
        found = session.scalar(first.limit(1))
    return found.state if found is not None and found.state is not None else subject.state


def _latest(subject: Subject, day: date) -> Select[SubjectPast]:
    known = or_(SubjectPast.since.is_(None), SubjectPast.since <= day)
    return (
        select(SubjectPast).where(SubjectPast.subject_id == subject.id, known).order_by(SubjectPast.id.desc()).limit(1)
    )
