"""What an inspection looked at: the population of its snapshot, its sample, and what was found where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.indicators.models import Level
from tracker.indicators.queries import sets_in_force
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import Ended, Method
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.org.policy import Identity, Permission, can
from tracker.registry.models import SnapshotRow, SubjectKind
from tracker.registry.policy import COUNTED

NOT_SO = (str(Ended.UNFOUNDED), str(Ended.DROPPED))
"""Findings that ended like this count nowhere."""


@dataclass(frozen=True)
class Share:
    """Of so many in the snapshot so many were looked at; in so many of these something was found, so many fail."""

    total: int = 0
    checked: int = 0
    found: int = 0
    failed: int = 0

    @property
    def percent(self) -> str:
        """Return the share inspected in percent, cut to two places: 100% only when all were."""
        return percent(self.checked, self.total)


@dataclass(frozen=True)
class Asked:
    """A share that a set of rules asks for, and whether the inspections of its span reach it."""

    doc_no: str
    title: str
    share: Share
    least: float
    certainty: str

    @property
    def reached(self) -> bool:
        """Tell whether enough was inspected."""
        return self.share.checked * 100 >= self.least * self.share.total


@dataclass(frozen=True)
class PopulationFilter:
    """What the list is narrowed to; "" means everything."""

    kind: str = ""
    sampled: str = ""
    """"yes" or "no"."""
    found: str = ""
    """"yes" or "no"."""


@dataclass(frozen=True)
class Looked:
    """One row of the population: in the sample or not, and its findings by level."""

    row: SnapshotRow
    sampled: bool
    levels: dict[str, int] = field(default_factory=dict)


def percent(part: int, whole: int) -> str:
    """Return a share in percent, cut (not rounded) to two places, without idle zeros."""
    return f"{part * 10000 // whole / 100:g}%" if whole else "—"


def inspection_by_id(session: Session, identity: Identity, inspection_id: int) -> Inspection:
    """Return one inspection.

    :raises Missing: absent, or not theirs to see.
    """
    found = session.get(Inspection, inspection_id) if can(identity, Permission.FINDING_READ) else None
    if found is None:
        raise Missing(inspection_id)
    return found


def counted_rows(session: Session, inspection: Inspection) -> list[SnapshotRow]:
    """Return the rows of the inspection's snapshot that are inspected and counted, by registry number."""
    query = select(SnapshotRow).where(*_counted(inspection)).order_by(SnapshotRow.subject_id)
    return list(session.scalars(query))


def _counted(inspection: Inspection) -> tuple[ColumnElement[bool], ...]:
    return (
        SnapshotRow.snapshot_id == (inspection.snapshot_id or 0),
        SnapshotRow.state.in_([str(state) for state in COUNTED]),
    )


def found_subjects(session: Session, inspection: Inspection) -> set[int] | None:
    """Return the subjects with a finding of this inspection; None when it has no finding at all."""
    query = select(Finding.subject_id).where(Finding.inspection_id == inspection.id, _standing()).distinct()
    rows = list(session.scalars(query))
    return {id_ for id_ in rows if id_ is not None} if rows else None


def _standing() -> ColumnElement[bool]:
    return func.coalesce(Finding.ended_how, "").not_in(NOT_SO)


def coverage(session: Session, inspection: Inspection) -> dict[SubjectKind, Share]:
    """Return the shares by kind: of the snapshot, of the sample, with findings, failing."""
    levels = _levels(session, inspection)
    rows = session.execute(select(SnapshotRow.subject_id, SnapshotRow.kind).where(*_counted(inspection))).all()
    sample = None if inspection.sample is None else set(inspection.sample)
    shares = {}
    for kind in SubjectKind:
        ids = {row.subject_id for row in rows if row.kind == kind}
        checked = ids if sample is None else ids & sample
        failed = {id_ for id_ in checked if Level.VETO in levels.get(id_, {})}
        shares[kind] = Share(len(ids), len(checked), len(checked & levels.keys()), len(failed))
    return shares


def _levels(session: Session, inspection: Inspection, only: Sequence[int] | None = None) -> dict[int, dict[str, int]]:
    query = (
        select(Finding.subject_id, Finding.level, func.count())
        .where(Finding.inspection_id == inspection.id, Finding.subject_id.is_not(None), _standing())
        .group_by(Finding.subject_id, Finding.level)
    )
    if only is not None:
        query = query.where(Finding.subject_id.in_(only))
    found: dict[int, dict[str, int]] = {}
    for subject_id, level, count in session.execute(query):
        found.setdefault(subject_id or 0, {})[level] = count
    return found


def asked(session: Session, inspection: Inspection) -> list[Asked]:
    """Return the shares that the rules in force ask for, against what the span's inspections looked at together.

    A share that is asked for each month counts the inspections of the month, one for each quarter those of the quarter.
    """
    found = []
    for rules in sets_in_force(session, inspection.ends_on):
        for timer in rules.timers or ():
            if timer.get("min_ratio") and timer.get("every") in SPANS:
                share = _together(session, inspection, SPANS[timer["every"]])
                found.append(Asked(rules.doc_no, timer["title"], share, timer["min_ratio"], timer["certainty"]))
    return found


MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
SPANS = {"月": 1, "季": 3}
"""Words of the rules → months."""


def _together(session: Session, inspection: Inspection, months: int) -> Share:
    periods = _periods(inspection.period, months)
    query = select(Inspection.sample).where(Inspection.period.in_(periods), Inspection.method != Method.SELF)
    counted = set(session.scalars(select(SnapshotRow.subject_id).where(*_counted(inspection))))
    checked: set[int] = set()
    for sample in session.scalars(query):
        checked |= counted if sample is None else counted & set(sample)
    return Share(len(counted), len(checked))


def _periods(period: str, months: int) -> list[str]:
    """Return the months of the span that a month lies in; a period that is no month stands for itself."""
    if not MONTH.fullmatch(period):
        return [period]
    first = (int(period[5:]) - 1) // months * months + 1
    return [f"{period[:4]}-{number:02}" for number in range(first, first + months)]


def population_page(
    session: Session, inspection: Inspection, wanted: PopulationFilter, after: str | None
) -> Page[Looked]:
    """Return one page of the snapshot with who is in the sample and what was found; three queries at most."""
    sample = None if inspection.sample is None else set(inspection.sample)
    query = select(SnapshotRow).where(*_counted(inspection))
    if wanted.kind:
        query = query.where(SnapshotRow.kind == wanted.kind)
    if wanted.sampled and sample is not None:
        inside = SnapshotRow.subject_id.in_(sorted(sample))
        query = query.where(inside if wanted.sampled == "yes" else ~inside)
    elif wanted.sampled == "no":
        query = query.where(SnapshotRow.subject_id < 0)
    if wanted.found:
        ids = select(Finding.subject_id).where(
            Finding.inspection_id == inspection.id, Finding.subject_id.is_not(None), _standing()
        )
        within = SnapshotRow.subject_id.in_(ids)
        query = query.where(within if wanted.found == "yes" else ~within)
    page = fetch_page(session, query, (SnapshotRow.sponsor_name, SnapshotRow.subject_id), after)
    levels = _levels(session, inspection, [row.subject_id for row in page.rows])
    looked = [
        Looked(row, sample is None or row.subject_id in sample, levels.get(row.subject_id, {})) for row in page.rows
    ]
    return Page(looked, page.next_key)
