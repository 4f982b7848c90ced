"""A person's saved views."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.exchange.models import SavedView
from tracker.kit.errors import Missing


def views_of(session: Session, person_id: int | None) -> list[SavedView]:
    """Return somebody's views, by name."""
    query = select(SavedView).where(SavedView.person_id == person_id)
    return list(session.scalars(query.order_by(SavedView.name, SavedView.id)))


def view_by_id(session: Session, person_id: int | None, view_id: int) -> SavedView:
    """Return one of somebody's own views.

    :raises Missing: absent, or another person's.
    """
    found = session.scalar(select(SavedView).where(SavedView.person_id == person_id, SavedView.id == view_id))
    if found is None:
        raise Missing(view_id)
    return found
