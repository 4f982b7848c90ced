"""Choosing what an inspection looks at: all, some units', one kind, a draw by chance, or a pasted list."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Inspection
from tracker.inspections.operations.draw import Candidate, draw
from tracker.inspections.policy import same_place
from tracker.inspections.queries.coverage import counted_rows, found_subjects
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import SnapshotRow

NO_SNAPSHOT = N_("No snapshot of the registry was taken for this inspection, so there is nothing to choose from.")
CHANGED = N_("Somebody else changed this inspection after you opened it. Look at its sample, then choose again.")
NAMED = 10
"""Lines or names that a refusal quotes."""


class How(StrEnum):
    """How a sample is chosen."""

    ALL = "all"
    UNITS = "units"
    KIND = "kind"
    RANDOM = "random"
    LISTED = "listed"


HOW_NAMES = {
    How.ALL: N_("All sites and accounts"),
    How.UNITS: N_("Those of some units"),
    How.KIND: N_("One kind"),
    How.RANDOM: N_("A draw by chance"),
    How.LISTED: N_("A pasted list"),
}


@dataclass(frozen=True)
class SampleChoice:
    """What the form says; which values count depends on `how`."""

    how: str
    unit_ids: tuple[int, ...] = ()
    kind: str = ""
    number: int = 0
    seed: str = ""
    by_unit: bool = False
    listed: str = ""


def choose_sample(work: Work, inspection: Inspection, choice: SampleChoice, seen_version: int, reason: str = "") -> int:
    """Fix what the inspection looks at, within its snapshot; return how many that are.

    Once it has findings, another sample needs a reason, and what has a finding stays in it: it was looked at.

    :raises Stale: it was changed since the form was opened.
    :raises Refused: it has no snapshot.
    :raises Invalid: names the field that cannot be taken; nothing is changed.
    """
    if seen_version != inspection.version:
        raise Stale(CHANGED)
    rows = counted_rows(work.session, inspection)
    if not rows:
        raise Refused(NO_SNAPSHOT)
    chosen = _chosen(work, rows, choice)
    _check_found(work, inspection, rows, chosen, reason)
    inspection.sample = None if len(chosen) == len(rows) else sorted(chosen)
    inspection.sample_how = _told(work, choice) | {"size": len(chosen), "of": len(rows)}
    work.session.flush()
    told: dict[str, Any] = {"inspection": inspection.title, "how": choice.how, "seed": choice.seed, "reason": reason}
    record(work, Word.SAMPLE_CHOSEN, inspection, size=len(chosen), of=len(rows), **told)
    return len(chosen)


def _chosen(work: Work, rows: list[SnapshotRow], choice: SampleChoice) -> set[int]:
    of_kind = [row for row in rows if not choice.kind or row.kind == choice.kind]
    if choice.how == How.ALL:
        return {row.subject_id for row in rows}
    if choice.how == How.UNITS:
        return _of_units(work, rows, choice.unit_ids)
    if choice.how == How.KIND:
        return _not_none({row.subject_id for row in of_kind}, "kind")
    if choice.how == How.RANDOM:
        return _drawn(of_kind, choice)
    return _listed(rows, choice.listed)


def _not_none(chosen: set[int], field: str) -> set[int]:
    if not chosen:
        raise Invalid({field: N_("Nothing in the snapshot fits this choice.")})
    return chosen


def _of_units(work: Work, rows: list[SnapshotRow], unit_ids: tuple[int, ...]) -> set[int]:
    below = set(work.session.scalars(select(Unit.id).where(Unit.parent_id.in_(unit_ids))))
    own = below | set(unit_ids)
    return _not_none({row.subject_id for row in rows if row.sponsor_id in own}, "unit_ids")


def _drawn(rows: list[SnapshotRow], choice: SampleChoice) -> set[int]:
    if not 1 <= choice.number <= len(rows):
        raise Invalid({"number": N_("Enter a number from 1 to %(most)s.")}, most=len(rows))
    if not choice.seed:
        raise Invalid({"seed": N_("Enter any word or number: with it the draw can be done again.")})
    candidates = [Candidate(row.subject_id, row.sponsor_id) for row in rows]
    return set(draw(candidates, choice.number, choice.seed, by_unit=choice.by_unit))


def _listed(rows: list[SnapshotRow], text: str) -> set[int]:
    """Return what a pasted list names: a line is a site code, a name, or platform and name in either order."""
    known: dict[str, set[int]] = {}
    for row in rows:
        for name in (row.code or "", row.name, row.platform + row.name, row.name + row.platform):
            known.setdefault(_key(name), set()).add(row.subject_id)
    lines = [line for line in text.splitlines() if _key(line)]
    if not lines:
        raise Invalid({"listed": N_("Paste at least one line.")})
    found = {line: known.get(_key(line), set()) for line in lines}
    if wrong := [line.strip() for line, ids in found.items() if not ids]:
        raise Invalid({"listed": N_("Not in the snapshot: %(lines)s.")}, lines=_quoted(wrong))
    if unclear := [line.strip() for line, ids in found.items() if len(ids) > 1]:
        sentence = N_("Several have this name; write the platform before it: %(lines)s.")
        raise Invalid({"listed": sentence}, lines=_quoted(unclear))
    return {id_ for ids in found.values() for id_ in ids}


def _key(text: str) -> str:
    return "".join(each for each in same_place(text) if each not in ",，;；、\t|")


def _quoted(lines: list[str]) -> str:
    return "、".join(line[:40] for line in lines[:NAMED]) + (f" …（{len(lines)}）" if len(lines) > NAMED else "")


def _check_found(work: Work, inspection: Inspection, rows: list[SnapshotRow], chosen: set[int], reason: str) -> None:
    found = found_subjects(work.session, inspection)
    if found is None:
        return
    if not reason:
        raise Invalid({"reason": N_("This inspection has findings already: say why its sample changes.")})
    left = sorted(row.name for row in rows if row.subject_id in found - chosen)
    if left:
        sentence = N_("These have findings of this inspection, so they were looked at and stay: %(names)s.")
        raise Invalid({"how": sentence}, names=_quoted(left))


def _told(work: Work, choice: SampleChoice) -> dict[str, Any]:
    told: dict[str, Any] = {"how": choice.how, "at": work.today.isoformat(), "by": work.actor.actor_name}
    if choice.how == How.UNITS:
        query = select(Unit.name).where(Unit.id.in_(choice.unit_ids)).order_by(Unit.rank, Unit.id)
        told["units"] = list(work.session.scalars(query))
    if choice.how in (How.KIND, How.RANDOM):
        told["kind"] = choice.kind
    if choice.how == How.RANDOM:
        told |= {"number": choice.number, "seed": choice.seed, "by_unit": choice.by_unit}
    return told
