"""The sites and accounts behind a bulletin's totals: the very rows that were counted, one page at a time."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, false, func, not_, select, true
from sqlalchemy.orm import Session

from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.population import failing_query, inspections
from tracker.kit.paging import Page, fetch_page
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import Snapshot, SnapshotRow, SubjectKind
from tracker.registry.queries import snapshot_rows


class Which(StrEnum):
    """Which part of the counted sites and accounts: all, those inspected, not inspected, with a veto, without one."""

    ALL = "all"
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    FAILED = "failed"
    PASSED = "passed"


Condition = ColumnElement[bool]
PARTS: dict[Which, Callable[[Condition, Condition], Condition]] = {
    Which.ALL: lambda _checked, _failed: true(),
    Which.CHECKED: lambda checked, _failed: checked,
    Which.UNCHECKED: lambda checked, _failed: not_(checked),
    Which.FAILED: and_,
    Which.PASSED: lambda checked, failed: and_(checked, not_(failed)),
}


def members(session: Session, period: Period, until: date, which: Which, kind: SubjectKind | None) -> Select[Any]:
    """Return the rows of the period's snapshot that `population` counts so: the same inspections, the same findings."""
    held = inspections(session, period)
    snapshots = [row.snapshot_id for row in held if row.snapshot_id is not None]
    if not snapshots:
        return select(SnapshotRow).where(false())
    samples = [row.sample for row in held]
    # Ids as literals: a statement holds fewer parameters than a sample may have subjects.
    looked_at = sorted({id_ for sample in samples for id_ in sample or ()})
    ids: BindParameter[Any] = bindparam("sample", looked_at, expanding=True, literal_execute=True)
    checked = true() if None in samples else SnapshotRow.subject_id.in_(ids)
    failed = SnapshotRow.subject_id.in_(failing_query([row.id for row in held], until))
    query = snapshot_rows(snapshots[-1]).where(PARTS[which](checked, failed))
    return query.where(SnapshotRow.kind == kind) if kind else query


def members_page(
    session: Session, identity: Identity, wanted: tuple[Period, date, Which, SubjectKind | None], after: str | None
) -> tuple[Page[SnapshotRow], int, Snapshot | None]:
    """Return one page of them by name, how many there are, and the snapshot; at most four statements."""
    query = members(session, *wanted)
    if not can(identity, Permission.BULLETIN_READ):
        query = query.where(false())
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = fetch_page(session, query, (SnapshotRow.name, SnapshotRow.subject_id), after)
    snapshot = session.get(Snapshot, page.rows[0].snapshot_id) if page.rows else None
    return page, total, snapshot
