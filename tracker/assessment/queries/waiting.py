"""Sheets that wait for somebody: the unit's check, the office's answer, the director's signature."""

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload

from tracker.assessment.models import Objection, Sheet, SheetState
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can

UNANSWERED = exists().where(Objection.sheet_id == Sheet.id, Objection.answered_at.is_(None))


def waiting(work: Work, most: int) -> list[Sheet]:
    """Return the sheets that wait for this person, newest year first, units in the registry's order; one query.

    A unit's person: the own sheet, open and neither agreed to nor past its day. Who answers objections: those with one
    that is not answered. Who signs: those open whose unit has agreed, or whose day has passed.
    """
    query = select(Sheet).join(Sheet.unit).options(joinedload(Sheet.unit)).where(Sheet.state == SheetState.OFFERED)
    narrowed = _narrowed(work, query)
    if narrowed is None:
        return []
    return list(work.session.scalars(narrowed.order_by(Sheet.year.desc(), Unit.rank, Unit.id).limit(most)))


def _narrowed(work: Work, query: Select[Sheet]) -> Select[Sheet] | None:
    passed = Sheet.objections_until < work.today
    if not work.actor.is_office:
        own = (Sheet.unit_id == (work.actor.unit_id or 0), Sheet.agreed_at.is_(None), ~passed)
        return query.where(*own) if can(work.actor, Permission.REQUEST_ASK) else None
    if can(work.actor, Permission.NOTICE_SIGN):
        return query.where(~UNANSWERED, or_(Sheet.agreed_at.is_not(None), passed))
    return query.where(UNANSWERED) if can(work.actor, Permission.BULLETIN_DRAFT) else None
