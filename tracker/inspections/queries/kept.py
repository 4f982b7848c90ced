"""Which inspection a snapshot of the registry was taken for, told to the registry's own list."""

from collections.abc import Collection

from sqlalchemy import select

from tracker.inspections.models import Inspection
from tracker.org.policy import Permission, Work, can
from tracker.registry.policy import TAKEN_FOR


def taken_for(work: Work, snapshot_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return title and page of the inspection by snapshot, for those who may see inspections; one statement."""
    if not can(work.actor, Permission.FINDING_READ):
        return {}
    columns = (Inspection.snapshot_id, Inspection.title, Inspection.id)
    query = select(*columns).where(Inspection.snapshot_id.in_(snapshot_ids))
    return {at: (title, f"/inspections/{id_}") for at, title, id_ in work.session.execute(query) if at is not None}


TAKEN_FOR.append(taken_for)
