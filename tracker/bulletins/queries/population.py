"""How many sites and accounts there were, were inspected and failed: counted in the inspection's own snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.period import Period
from tracker.indicators.models import Level
from tracker.inspections.models import Finding, Inspection
from tracker.registry.models import SnapshotRow, SubjectKind
from tracker.registry.policy import COUNTED

KINDS = {SubjectKind.SITE: "sites", SubjectKind.ACCOUNT: "accounts"}
NOT_SO = ("unfounded", "dropped")
"""Findings that ended like this count nowhere."""


@dataclass(frozen=True)
class Population:
    """Totals by kind: `sites.total`, `sites.checked`, `sites.failed` and the same for accounts."""

    counts: dict[str, int]
    snapshot_id: int | None
    counted: bool
    """Whether there was an inspection with a snapshot in the period at all."""


def population(session: Session, period: Period, until: date) -> Population:
    """Return the totals of a period: the last inspection's snapshot, all its inspections' subjects and findings."""
    held = inspections(session, period)
    snapshots = [row.snapshot_id for row in held if row.snapshot_id is not None]
    snapshot = snapshots[-1] if snapshots else None
    counts = {f"{word}.{what}": 0 for word in KINDS.values() for what in ("total", "checked", "failed")}
    if snapshot is None:
        return Population(counts, None, counted=False)
    rows = session.execute(
        select(SnapshotRow.subject_id, SnapshotRow.kind).where(
            SnapshotRow.snapshot_id == snapshot, SnapshotRow.state.in_([str(state) for state in COUNTED])
        )
    ).all()
    checked = checked_of(held, {row.subject_id for row in rows})
    failed = failing(session, [row.id for row in held], until) & checked
    for subject_id, kind in rows:
        word = KINDS[kind]
        counts[f"{word}.total"] += 1
        counts[f"{word}.checked"] += subject_id in checked
        counts[f"{word}.failed"] += subject_id in failed
    return Population(counts, snapshot, counted=True)


def inspections(session: Session, period: Period) -> Sequence[Inspection]:
    """Return the inspections of a period, by their last day."""
    query = select(Inspection).where(Inspection.period.in_(period.months))
    return session.scalars(query.order_by(Inspection.ends_on, Inspection.id)).all()


def usual_until(session: Session, period: Period) -> date:
    """Return the last day counted: the end of the period's last inspection, or of the period."""
    held = inspections(session, period)
    return min(held[-1].ends_on, period.ends_on) if held else period.ends_on


def checked_of(held: Sequence[Inspection], everything: set[int]) -> set[int]:
    """Return which of these subjects the inspections looked at: all, where one of them was no sample."""
    checked: set[int] = set()
    for row in held:
        checked |= everything if row.sample is None else everything & set(row.sample)
    return checked


def failing(session: Session, inspection_ids: Sequence[int], until: date) -> set[int]:
    """Return the subjects with a veto found: each once, under however many indicators."""
    return set(session.scalars(failing_query(inspection_ids, until)))


def failing_query(inspection_ids: Sequence[int], until: date) -> Select[Any]:
    """Return the query of the subjects with a veto found: the ids, each once."""
    return (
        select(Finding.subject_id)
        .where(
            Finding.inspection_id.in_(inspection_ids),
            Finding.level == Level.VETO,
            Finding.found_on <= until,
            Finding.subject_id.is_not(None),
            func.coalesce(Finding.ended_how, "").not_in(NOT_SO),
        )
        .distinct()
    )
