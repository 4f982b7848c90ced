"""A person's exports, and those that somebody has to do something with."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.exchange.models import Export, ExportState
from tracker.kit.errors import Missing
from tracker.org.policy import Identity

SHOWN = 20
TO_DO = (ExportState.WAITING, ExportState.RUNNING, ExportState.READY, ExportState.DIRECT)


def visible(identity: Identity) -> Select[Export]:
    """Return the exports somebody may see: their own."""
    return select(Export).where(Export.person_id == identity.person_id)


def exports_of(session: Session, identity: Identity) -> list[Export]:
    """Return somebody's newest exports."""
    return list(session.scalars(visible(identity).order_by(Export.id.desc()).limit(SHOWN)))


def export_by_id(session: Session, identity: Identity, export_id: int) -> Export:
    """Return one of somebody's own exports.

    :raises Missing: absent, or another person's.
    """
    found = session.scalar(visible(identity).where(Export.id == export_id))
    if found is None:
        raise Missing(export_id)
    return found


def due_rows(session: Session, now: datetime) -> list[int]:
    """Return the ids of exports to be written, or whose files are to be deleted."""
    return list(session.scalars(select(Export.id).where(Export.state.in_(TO_DO), Export.due_at <= now)))
