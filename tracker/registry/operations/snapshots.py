"""Keeping the registry as it stood."""

from sqlalchemy import insert, literal, select

from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Snapshot, SnapshotRow, Subject


def take_snapshot(work: Work) -> Snapshot:
    """Keep the whole registry as it stands now, for totals that later changes must not move; return the snapshot."""
    snapshot = Snapshot(taken_on=work.today, taken_at=work.now)
    work.session.add(snapshot)
    work.session.flush()
    columns = (
        Subject.id,
        Subject.kind,
        Subject.state,
        Subject.name,
        Subject.code,
        Subject.platform,
        Subject.sponsor_id,
    )
    rows = select(literal(snapshot.id), *columns, Unit.name).join(Subject.sponsor)
    names = ("snapshot_id", "subject_id", "kind", "state", "name", "code", "platform", "sponsor_id", "sponsor_name")
    work.session.execute(insert(SnapshotRow).from_select(names, rows))
    return snapshot
