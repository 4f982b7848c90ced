"""合格率 by month: totals in each month's own snapshot, exactly as `population` counts one period."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.bulletins.queries.population import KINDS, NOT_SO, checked_of
from tracker.bulletins.queries.series.months import Counting, Span
from tracker.bulletins.queries.series.rows import MOST_ROWS, Asked, Behind
from tracker.indicators.models import Level
from tracker.inspections.models import Finding, Inspection
from tracker.registry.models import SnapshotRow
from tracker.registry.policy import COUNTED


@dataclass(frozen=True)
class Rate:
    """How many of a kind were looked at in a month, and which of them failed; in which snapshot."""

    snapshot_id: int
    checked: int
    failed: frozenset[int]


Rates = dict[tuple[str, str], Rate]
"""By month and kind (sites, accounts); a month without an inspection has none."""


def rates(session: Session, span: Span, count: Counting, unit_id: int | None) -> Rates:
    """Return what was looked at and failed, by month and kind; three statements. `unit_id`: of whom."""
    held: dict[str, list[Inspection]] = defaultdict(list)
    query = select(Inspection).where(Inspection.period.in_(span.codes))
    for row in session.scalars(query.order_by(Inspection.ends_on, Inspection.id)):
        held[row.period].append(row)
    snapshots = {
        period: [row.snapshot_id for row in rows if row.snapshot_id is not None][-1]
        for period, rows in held.items()
        if any(row.snapshot_id is not None for row in rows)
    }
    kinds = _kinds(session, set(snapshots.values()), unit_id)
    failing = _failing(session, count)
    found: Rates = {}
    for period, snapshot in snapshots.items():
        of_kind = kinds[snapshot]
        checked = checked_of(held[period], set(of_kind))
        for kind, word in KINDS.items():
            own = {id_ for id_ in checked if of_kind[id_] == kind}
            if own:
                found[period, word] = Rate(snapshot, len(own), frozenset(failing[period] & own))
    return found


def _kinds(session: Session, snapshots: set[int], unit_id: int | None) -> dict[int, dict[int, str]]:
    query = select(SnapshotRow.snapshot_id, SnapshotRow.subject_id, SnapshotRow.kind).where(
        SnapshotRow.snapshot_id.in_(snapshots), SnapshotRow.state.in_([str(state) for state in COUNTED])
    )
    if unit_id is not None:
        query = query.where(SnapshotRow.sponsor_id == unit_id)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for snapshot, subject, kind in session.execute(query):
        found[snapshot][subject] = kind
    return found


def _failing(session: Session, count: Counting) -> dict[str, set[int]]:
    query: Any = (
        select(Inspection.period, Finding.subject_id)
        .join(Finding.inspection)
        .join(count.months, count.months.c.period == Inspection.period)
        .where(
            Finding.level == Level.VETO,
            Finding.found_on <= count.months.c.until,
            Finding.subject_id.is_not(None),
            func.coalesce(Finding.ended_how, "").not_in(NOT_SO),
        )
        .distinct()
    )
    found: dict[str, set[int]] = defaultdict(set)
    for period, subject in session.execute(query):
        found[period].add(subject)
    return found


def failed_rows(session: Session, asked: Asked, place: str, part: str) -> tuple[int, list[Behind]]:
    """Return how many sites or accounts failed in a month, and the first of them; four statements."""
    rate = rates(session, asked.span, asked.count, asked.unit_id).get((place, part))
    if rate is None or not rate.failed:
        return 0, []
    query = (
        select(SnapshotRow.sponsor_name, SnapshotRow.name, SnapshotRow.platform, SnapshotRow.subject_id)
        .where(SnapshotRow.snapshot_id == rate.snapshot_id, SnapshotRow.subject_id.in_(rate.failed))
        .order_by(SnapshotRow.sponsor_id, SnapshotRow.name, SnapshotRow.subject_id)
        .limit(MOST_ROWS)
    )
    return len(rate.failed), [
        Behind(sponsor, None, f"{name}（{platform}）" if platform else name, f"/findings?state=all&subject={id_}")
        for sponsor, name, platform, id_ in session.execute(query)
    ]
