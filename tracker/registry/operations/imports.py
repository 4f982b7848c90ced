"""A whole sheet of the registry: checked against what is registered, then stored in one transaction or not at all."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind, SubjectState
from tracker.registry.operations.past import FUTURE, INTO, note_name, note_state
from tracker.sheets import Sheet, SheetRow

NO_UNIT = N_("No unit is called so. Add it on the page of units first, or correct the name.")
LIKE = N_("No unit is called so. Is %(name)s meant?")
SITE_NEEDS = N_("A website needs its site code.")
ACCOUNT_NEEDS = N_("An account needs its platform.")
NOT_BOTH = N_("Only websites have a site code; leave it empty here.")
NO_PLATFORM = N_("A website has no platform; leave it empty here.")
TWICE = N_("The same one stands in %(cell)s already.")
REGISTERED = N_("%(name)s is registered already. Choose “add and update” when it is to be changed.")
CHANGED_MEANWHILE = N_("Somebody else registered one of these in the same moment; nothing was stored. Try once more.")
SEVERAL = N_("Several accounts are registered so. Correct the registry first.")
GUESSES = 200
"""Wrong names of units for which a like one is looked for in one sheet."""
COPIED = ("url", "sponsor_id", "supervisor_id", "remark")
"""What an existing row takes over where the sheet has a value; name and state go their own ways."""
Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What the sheet says differently of a registered subject."""

    subject: Subject
    row: SheetRow
    values: dict[str, Any]
    """Column → new value; `name`, and `state` with `since` and `into`, among them."""


@dataclass
class Plan:
    """What storing a sheet would do."""

    new: list[SheetRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return how many are new, changed, unchanged."""
        return len(self.new), len(self.changed), self.unchanged

    @property
    def mark(self) -> str:
        """Return what tells this plan from another with the same counts: every value before and after."""
        new = [each.cells for each in self.new]
        changed = [
            [each.subject.id, {name: [str(getattr(each.subject, name)), str(new)] for name, new in each.values.items()}]
            for each in self.changed
        ]
        return sha256(json.dumps([new, changed, self.unchanged]).encode()).hexdigest()


@dataclass
class _Known:
    units: dict[str, int]
    subjects: dict[Key, list[Subject]]
    by_name: dict[str, list[Subject]]
    guessed: dict[str, str] = field(default_factory=dict)

    def like(self, said: str) -> str:
        """Return a unit's name like the one said; "" when none is, or when enough were looked for: each takes time."""
        if said not in self.guessed and len(self.guessed) < GUESSES:
            self.guessed[said] = next(iter(get_close_matches(said, self.units, n=1)), "")
        return self.guessed.get(said, "")


def check_import(work: Work, sheet: Sheet, *, update: bool) -> Plan:
    """Return what storing the sheet would do; what is wrong in it is added to its problems, cell by cell.

    Sites are known by their code, accounts by platform and name. Without `update` each row must be new. An empty cell
    leaves what is registered as it is. Two statements, however many rows; nothing is written.
    """
    known = _known(work)
    plan = Plan()
    seen: dict[Key, str] = {}
    for row in sheet.rows:
        before = len(sheet.problems)
        _check_kind(sheet, row)
        _check_units(sheet, row, known)
        _check_state(work, sheet, row, known)
        key = _key(row)
        if key is None:
            continue
        cell = sheet.cell(row, "code" if key[0] == SubjectKind.SITE else "name")
        if key in seen:
            sheet.problem(row, "code" if key[0] == SubjectKind.SITE else "name", TWICE, cell=seen[key])
            continue
        seen[key] = cell
        found = known.subjects.get(key, [])
        if _registered(sheet, row, found, update) and len(sheet.problems) == before:
            _plan(plan, row, found)
    return plan


def store_import(work: Work, plan: Plan, file_name: str) -> None:
    """Store a plan that was made in this very transaction; a line in the record for the sheet and for each subject.

    :raises Refused: somebody registered one of the codes in this very moment; the whole transaction is lost.
    """
    record(work, Word.REGISTRY_IMPORTED, file=file_name, new=len(plan.new), changed=len(plan.changed))
    added = [_new(work, row) for row in plan.new]
    work.session.add_all(added)
    try:
        work.session.flush()
    except IntegrityError as error:  # somebody registered one of these codes in this very moment
        raise Refused(CHANGED_MEANWHILE) from error
    for subject, row in zip(added, plan.new, strict=True):
        if subject.state == SubjectState.MERGED:
            note_state(work, subject, subject.state, row.values["since"] or work.today, file_name, row.values["into"])
        record(work, Word.SUBJECT_ADDED, subject, subject=subject.name, code=subject.code or subject.platform)
    for change in plan.changed:
        _apply(work, change, file_name)


def _known(work: Work) -> _Known:
    units: dict[str, int] = {}
    for unit in work.session.scalars(select(Unit).order_by(Unit.id)):
        for name in (unit.code, unit.full_name, unit.name):  # the short name is unique, so it decides
            units[name] = unit.id
    known = _Known(units, defaultdict(list), defaultdict(list))
    for subject in work.session.scalars(select(Subject).order_by(Subject.id)):
        known.by_name[subject.name].append(subject)
        if subject.code:
            known.by_name[subject.code].append(subject)
        known.subjects[_key_of(subject.kind, subject.code, subject.platform, subject.name)].append(subject)
    return known


def _key(row: SheetRow) -> Key | None:
    values = row.values
    needed = ("code",) if values["kind"] == SubjectKind.SITE else ("platform", "name")
    if values["kind"] is None or not all(values[name] for name in needed):
        return None
    return _key_of(values["kind"], values["code"], values["platform"], values["name"])


def _key_of(kind: str, code: str | None, platform: str | None, name: str) -> Key:
    return (SubjectKind.SITE, code or "") if kind == SubjectKind.SITE else (SubjectKind.ACCOUNT, platform or "", name)


def _check_kind(sheet: Sheet, row: SheetRow) -> None:
    site = row.values["kind"] == SubjectKind.SITE
    if row.values["kind"] is None:
        return
    needed, sentence = ("code", SITE_NEEDS) if site else ("platform", ACCOUNT_NEEDS)
    other, superfluous = ("platform", NO_PLATFORM) if site else ("code", NOT_BOTH)
    if not row.cells[needed]:
        sheet.problem(row, needed, sentence)
    if row.cells[other]:
        sheet.problem(row, other, superfluous)


def _check_units(sheet: Sheet, row: SheetRow, known: _Known) -> None:
    for name in ("sponsor", "supervisor"):
        said = row.values[name]
        row.values[f"{name}_id"] = known.units.get(said) if said else None
        if said and row.values[f"{name}_id"] is None:
            like = known.like(said)
            sheet.problem(row, name, LIKE if like else NO_UNIT, **({"name": like} if like else {}))


def _check_state(work: Work, sheet: Sheet, row: SheetRow, known: _Known) -> None:
    if row.values["since"] and row.values["since"] > work.today:
        sheet.problem(row, "since", FUTURE)
    said = row.values["into"]
    found = known.by_name.get(said, []) if said else []
    row.values["into"] = found[0] if len(found) == 1 else None
    if (row.values["state"] == SubjectState.MERGED or said) and row.values["into"] is None:
        sheet.problem(row, "into", INTO)


def _registered(sheet: Sheet, row: SheetRow, found: list[Subject], update: bool) -> bool:
    name = "code" if row.values["kind"] == SubjectKind.SITE else "name"
    if len(found) > 1:
        sheet.problem(row, name, SEVERAL)
    elif found and not update:
        sheet.problem(row, name, REGISTERED, name=found[0].name)
    return len(found) < 2


def _plan(plan: Plan, row: SheetRow, found: list[Subject]) -> None:
    if not found:
        plan.new.append(row)
        return
    values = dict(_different(found[0], row))
    if values:
        plan.changed.append(Change(found[0], row, values))
    else:
        plan.unchanged += 1


def _different(subject: Subject, row: SheetRow) -> Iterator[tuple[str, Any]]:
    """Yield the columns in which the sheet says something else; an empty cell says nothing."""
    for name in ("name", "state", *COPIED):
        value = row.values[name]
        if value and value != getattr(subject, name):
            yield name, value


def _new(work: Work, row: SheetRow) -> Subject:
    values = row.values
    return Subject(
        kind=values["kind"],
        name=values["name"],
        code=values["code"],
        platform=values["platform"] or "",
        state=values["state"] or SubjectState.RUNNING,
        state_since=values["since"] or work.today,
        url=values["url"] or "",
        remark=values["remark"] or "",
        sponsor_id=values["sponsor_id"],
        supervisor_id=values["supervisor_id"],
    )


def _apply(work: Work, change: Change, file_name: str) -> None:
    subject, since = change.subject, change.row.values["since"] or work.today
    before = {name: getattr(subject, name) for name in change.values}
    if "name" in change.values:
        note_name(work, subject, change.values["name"], work.today, file_name)
    if "state" in change.values:
        note_state(work, subject, change.values["state"], since, file_name, change.row.values["into"])
    for name in COPIED:
        if name in change.values:
            setattr(subject, name, change.values[name])
    work.session.flush()
    record(work, Word.SUBJECT_CHANGED, subject, subject=subject.name, before=before, after=change.values)
