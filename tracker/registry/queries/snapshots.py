"""Finding the registry as it stood."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Snapshot, SnapshotRow, SubjectKind
from tracker.registry.policy import COUNTED
from tracker.registry.queries.subjects import SubjectFilter


@dataclass(frozen=True)
class Taken:
    """A snapshot with how many sites and accounts it counts."""

    snapshot: Snapshot
    counts: dict[SubjectKind, int]


def snapshots_page(session: Session, identity: Identity, after: str | None) -> tuple[Page[Snapshot], list[Taken]]:
    """Return one page of the snapshots, newest first, and the same with their totals; two statements."""
    query = select(Snapshot)
    if not can(identity, Permission.REGISTRY_READ):
        query = query.where(false())
    page = fetch_page(session, query, (Snapshot.id,), after, newest_first=True)
    ids = [row.id for row in page.rows]
    return page, [Taken(row, counts) for row, counts in zip(page.rows, _counts(session, ids), strict=True)]


def snapshot_by_id(session: Session, identity: Identity, snapshot_id: int) -> Taken:
    """Return a snapshot with its totals.

    :raises Missing: absent, or not theirs to see.
    """
    found = session.get(Snapshot, snapshot_id) if can(identity, Permission.REGISTRY_READ) else None
    if found is None:
        raise Missing(snapshot_id)
    return Taken(found, _counts(session, [snapshot_id])[0])


def snapshot_rows(snapshot_id: int) -> Select[SnapshotRow]:
    """Return the rows of a snapshot that are counted in totals and percentages."""
    counted = [str(state) for state in COUNTED]
    return select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot_id, SnapshotRow.state.in_(counted))


def snapshot_rows_page(
    session: Session, snapshot_id: int, wanted: SubjectFilter, after: str | None
) -> Page[SnapshotRow]:
    """Return one page of a snapshot by name: what is counted, or what was in the wanted state; one statement."""
    query = snapshot_rows(snapshot_id)
    if wanted.state:
        query = select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot_id, SnapshotRow.state == wanted.state)
    exact = (
        (SnapshotRow.kind, wanted.kind),
        (SnapshotRow.platform, wanted.platform),
        (SnapshotRow.sponsor_id, wanted.unit_id),
    )
    query = query.where(*(column == value for column, value in exact if value is not None))
    if wanted.text:
        columns = (SnapshotRow.name, SnapshotRow.code, SnapshotRow.sponsor_name)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return fetch_page(session, query, (SnapshotRow.name, SnapshotRow.subject_id), after)


def _counts(session: Session, ids: Collection[int]) -> list[dict[SubjectKind, int]]:
    query = (
        select(SnapshotRow.snapshot_id, SnapshotRow.kind, func.count())
        .where(SnapshotRow.snapshot_id.in_(ids), SnapshotRow.state.in_([str(state) for state in COUNTED]))
        .group_by(SnapshotRow.snapshot_id, SnapshotRow.kind)
    )
    found = {(row[0], SubjectKind(row[1])): row[2] for row in session.execute(query)}
    return [{kind: found.get((id_, kind), 0) for kind in SubjectKind} for id_ in ids]
