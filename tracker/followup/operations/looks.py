"""Noting what was seen of a closed problem; nothing is opened again by it but by a finding of its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import keep
from tracker.followup.models import Outcome, Recheck
from tracker.followup.policy import OUTCOME_NAMES, Due
from tracker.followup.queries.due import due_of
from tracker.inspections.models import Finding
from tracker.inspections.operations import AlreadyOpen, FindingValues, Upload, enter_finding
from tracker.inspections.queries import finding_by_id
from tracker.kit.errors import Invalid, Refused
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work

TOO_EARLY = N_("This day lies before the problem was closed.")
TO_COME = N_("This day is still to come.")
WHY = N_("Write why it could not be looked at.")


@dataclass(frozen=True)
class Look:
    """What the form of a re-inspection says; inspection and description are of the new finding, when it came back."""

    outcome: Outcome
    on: date
    note: str = ""
    inspection_id: int | None = None
    description: str = ""


def note_look(work: Work, finding_id: int, look: Look, picture: Upload | None = None) -> Recheck:
    """Note a look that is due. Order: the old row locked, fields checked, the new finding entered, the look stored.

    A problem that came back becomes a waiting finding of the same unit, subject, indicator, level and place; when
    somebody entered it already, that finding is named. The old finding and its assignment stay closed.

    :raises Missing: nothing about it is due.  :raises Invalid: names the fields that cannot be taken.
    """
    due = due_of(work, finding_id, lock=True)
    _check(work, due, look)
    came_back = look.outcome is Outcome.RECURRED
    new, evidence_id = _come_back(work, due.finding, look, picture) if came_back else (None, _kept(work, picture))
    row = Recheck(
        finding_id=finding_id,
        step=due.step,
        days=due.days,
        outcome=look.outcome,
        note=look.note,
        evidence_id=evidence_id,
        new_finding_id=new.id if new else None,
        on=look.on,
        person_id=work.actor.person_id,
        person_name=work.actor.signature(Permission.FINDING_WRITE),
        at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _tell(work, due, row)
    return row


def _check(work: Work, due: Due, look: Look) -> None:
    problems = {}
    if look.on > work.today:
        problems["on"] = TO_COME
    elif look.on < due.closed_on:
        problems["on"] = TOO_EARLY
    if look.outcome is Outcome.UNREACHED and not look.note:
        problems["note"] = WHY
    if problems:
        raise Invalid(problems)


def _come_back(work: Work, old: Finding, look: Look, picture: Upload | None) -> tuple[Finding, int | None]:
    """Enter the problem anew, or find the open one that tells of it already; return it with the look's picture."""
    values = FindingValues(
        inspection_id=look.inspection_id or old.inspection_id,
        indicator_id=old.indicator_id,
        description=look.description or old.description,
        found_on=look.on,
        unit_id=old.unit_id,
        subject_id=old.subject_id,
        level=old.level,
        place=old.place,
        url=old.url,
    )
    try:
        new = enter_finding(work, values, picture, example=old.example)
    except AlreadyOpen as error:
        return finding_by_id(work.session, work.actor, error.twins[0][0]), _kept(work, picture)
    return new, new.evidence_id


def _kept(work: Work, picture: Upload | None) -> int | None:
    if picture is None:
        return None
    try:
        stored = keep(work, *picture)
    except Refused as error:
        raise Invalid({"evidence": error.msgid}, **error.params) from error
    record(work, Word.FILE_KEPT, stored, name=stored.name, sha256=stored.sha256)
    return stored.id


def _tell(work: Work, due: Due, row: Recheck) -> None:
    """Write the line of the record; it stands on the assignment's timeline, where the unit reads it too."""
    item = due.item
    case = f"assignment:{item.assignment_id}" if item and item.assignment_id else None
    told: dict[str, Any] = {"item": item.sequence if item else "", "days": row.days, "kind": OUTCOME_NAMES[row.outcome]}
    told |= {"finding": f"#{row.finding_id}", "on": row.on, "note": row.note}
    if row.new_finding_id:
        record(work, Word.CAME_BACK, row.finding, case=case, **told, new=f"#{row.new_finding_id}")
    else:
        record(work, Word.LOOKED_AGAIN, row.finding, case=case, **told)
