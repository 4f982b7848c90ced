"""Entering, changing and dropping findings; handing them to notices and ending them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Source, keep
from tracker.indicators.models import Indicator, Level
from tracker.indicators.policy import FINDABLE_LEVELS
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.policy import BULK_LIMIT, Ended, Standing, fingerprint, standing
from tracker.inspections.queries import open_twins
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject

CHANGED = N_("Somebody else changed this finding after you opened it. Compare, then enter your change again.")
NOT_WAITING = N_("This finding is on a notice or has ended; what a paper says is no longer changed.")
Upload = tuple[Source, str]
"""A file as it comes in: its bytes and the name it bore."""


class AlreadyOpen(Refused):
    """The same problem is open already; `twins` are the findings that say so."""

    def __init__(self, twins: Sequence[Finding]) -> None:
        sentence = N_(
            "The same problem (same subject, indicator and place) is entered already and still open: %(findings)s."
        )
        super().__init__(sentence, findings="、".join(f"#{twin.id}" for twin in twins))
        self.twins = [(twin.id, twin.subject.name if twin.subject else twin.unit.name) for twin in twins]


@dataclass(frozen=True)
class FindingValues:
    """What the form of a finding says; the level is the indicator's own when none is chosen, the unit the sponsor."""

    inspection_id: int
    indicator_id: int
    description: str
    found_on: date
    unit_id: int | None = None
    subject_id: int | None = None
    level: str | None = None
    place: str = ""
    url: str = ""


def enter_finding(
    work: Work, values: FindingValues, evidence: Upload | None = None, *, example: bool = False
) -> Finding:
    """Enter one finding, waiting for a notice. Order: fields and fingerprint checked, file kept, row stored.

    :raises Invalid: names the fields that cannot be taken, the evidence among them.
    :raises AlreadyOpen: an equal one is open.
    """
    columns = _columns(work, values)
    _refuse_twins(work, [columns["fingerprint"]])
    finding = Finding(entered_by=work.actor.actor_id, entered_at=work.now, example=example)
    columns["evidence_id"] = _kept(work, evidence)
    _store(work, finding, columns)
    record(work, Word.FINDING_ENTERED, finding, finding=f"#{finding.id}", fingerprint=finding.fingerprint)
    return finding


def enter_for_subjects(
    work: Work, values: FindingValues, subject_ids: Sequence[int], *, example: bool = False
) -> list[Finding]:
    """Enter the same problem once for each subject: all of them or none.

    :raises Invalid: none is chosen, too many are, or a field cannot be taken.
    :raises AlreadyOpen: some of them have it already; nothing is entered.
    """
    wanted = list(dict.fromkeys(subject_ids))
    if not wanted:
        raise Invalid({"subjects": N_("Choose at least one site or account.")})
    if len(wanted) > BULK_LIMIT:
        raise Invalid(
            {"subjects": N_("At most %(limit)s at once. Choose fewer, then enter the rest.")}, limit=BULK_LIMIT
        )
    every = [_columns(work, replace(values, subject_id=id_)) for id_ in wanted]
    _refuse_twins(work, [columns["fingerprint"] for columns in every])
    findings = []
    for columns in every:
        finding = Finding(entered_by=work.actor.actor_id, entered_at=work.now, example=example)
        _store(work, finding, columns)
        record(work, Word.FINDING_ENTERED, finding, finding=f"#{finding.id}", fingerprint=finding.fingerprint)
        findings.append(finding)
    return findings


def change_finding(
    work: Work, finding: Finding, values: FindingValues, seen_version: int, evidence: Upload | None = None
) -> None:
    """Change a waiting finding and record which columns changed; evidence that is replaced stays among the files.

    :raises Refused: a notice holds it, or it has ended.
    :raises Stale: it was changed since the form was opened.
    :raises Invalid: names the fields that cannot be taken.
    :raises AlreadyOpen: the change would make it equal to another open one.
    """
    check_waiting(finding)
    if seen_version != finding.version:
        shown = ("level", "place", "url", "description", "found_on")
        theirs = {key: str(getattr(finding, key)) for key in shown}
        raise Stale(CHANGED, theirs, {key: str(getattr(values, key) or "") for key in shown})
    columns = _columns(work, values)
    _refuse_twins(work, [columns["fingerprint"]], but=finding)
    if evidence is not None:
        columns["evidence_id"] = _kept(work, evidence)
    changed = sorted(key for key, value in columns.items() if getattr(finding, key) != value)
    if changed:
        _store(work, finding, columns)
        record(work, Word.FINDING_CHANGED, finding, finding=f"#{finding.id}", changed=changed)


def drop_finding(work: Work, finding: Finding, reason: str) -> None:
    """End a waiting finding that should not have been entered; it stays, with the reason in the record.

    :raises Refused: a notice holds it, or it has ended.
    """
    check_waiting(finding)
    _end(work, finding, Ended.DROPPED)
    record(work, Word.FINDING_DROPPED, finding, finding=f"#{finding.id}", reason=reason)


def bind(work: Work, findings: Sequence[Finding], notice_id: int) -> None:
    """Put waiting findings on a notice. Lock them first (`findings_by_ids`).

    :raises Refused: one of them is on a notice already, or has ended.
    """
    taken = [finding for finding in findings if standing(finding) is not Standing.WAITING]
    if taken:
        sentence = N_("%(findings)s: already on a notice or ended. Take them off the selection and try again.")
        raise Refused(sentence, findings="、".join(f"#{finding.id}" for finding in taken))
    for finding in findings:
        finding.notice_ref = notice_id
        record(work, Word.FINDING_CHANGED, finding, finding=f"#{finding.id}", notice=notice_id)
    work.session.flush()


def release(work: Work, findings: Sequence[Finding]) -> None:
    """Let open findings wait again, after their notice was withdrawn, changed or voided; ended ones are left alone."""
    for finding in findings:
        if standing(finding) is Standing.ON_NOTICE:
            record(work, Word.FINDING_CHANGED, finding, finding=f"#{finding.id}", released_from=finding.notice_ref)
            finding.notice_ref = None
    work.session.flush()


def end(work: Work, finding: Finding, how: str) -> None:
    """End a finding as rectified or unfounded, once; the notice it stood on is kept. An ended one is left alone."""
    if finding.ended_at is None:
        _end(work, finding, Ended(how))
        record(work, Word.FINDING_CLOSED, finding, finding=f"#{finding.id}", how=how)


def resume(work: Work, finding: Finding) -> None:
    """Open an ended finding again, on the notice it stood on (its assignment was reopened). An open one is left alone.

    :raises AlreadyOpen: the same problem was found and entered anew meanwhile.
    """
    if finding.ended_at is None:
        return
    _refuse_twins(work, [finding.fingerprint], but=finding)
    _store(work, finding, {"ended_at": None, "ended_how": None})
    record(work, Word.FINDING_CHANGED, finding, finding=f"#{finding.id}", resumed=True)


def _end(work: Work, finding: Finding, how: Ended) -> None:
    finding.ended_at, finding.ended_how = work.now, str(how)
    work.session.flush()


def check_waiting(finding: Finding) -> None:
    """Do nothing for a finding that waits.

    :raises Refused: a notice holds it, or it has ended.
    """
    if standing(finding) is not Standing.WAITING:
        raise Refused(NOT_WAITING)


def _columns(work: Work, values: FindingValues) -> dict[str, Any]:
    """Return what is stored: defaults filled in, the fingerprint computed.

    :raises Invalid: a row that is named does not exist, or they do not fit each other.
    """
    subject = work.session.get(Subject, values.subject_id) if values.subject_id is not None else None
    indicator = work.session.get(Indicator, values.indicator_id)
    unit = work.session.get(Unit, values.unit_id or (subject.sponsor_id if subject else -1))
    problems = {}
    if values.subject_id is not None and subject is None:
        problems["subject_id"] = N_("There is no such site or account.")
    elif unit is None:
        problems["unit_id"] = N_("Choose the unit that must answer, or a site or account of it.")
    elif subject is not None and not _answers_for(unit, subject):
        problems["subject_id"] = N_("This site or account does not belong to the chosen unit.")
    if indicator is None or indicator.level not in FINDABLE_LEVELS:
        problems["indicator_id"] = N_("Choose an indicator.")
    if work.session.get(Inspection, values.inspection_id) is None:
        problems["inspection_id"] = N_("Choose the inspection that found it.")
    if problems or unit is None or indicator is None:
        raise Invalid(problems)
    return vars(values) | {
        "unit_id": unit.id,
        "level": Level(values.level or indicator.level),
        "fingerprint": fingerprint(unit.id, values.subject_id, indicator.id, values.place or values.url),
    }


def _answers_for(unit: Unit, subject: Subject) -> bool:
    return unit.id in (subject.sponsor_id, subject.supervisor_id, subject.sponsor.parent_id)


def _refuse_twins(work: Work, fingerprints: Sequence[str], but: Finding | None = None) -> None:
    twins = [twin for twin in open_twins(work.session, fingerprints) if twin is not but]
    if twins:
        raise AlreadyOpen(twins)


def _kept(work: Work, evidence: Upload | None) -> int | None:
    if evidence is None:
        return None
    try:
        stored = keep(work, *evidence)
    except Refused as error:
        raise Invalid({"evidence": error.msgid}, **error.params) from error
    record(work, Word.FILE_KEPT, stored, name=stored.name, sha256=stored.sha256)
    return stored.id


def _store(work: Work, finding: Finding, columns: dict[str, Any]) -> None:
    """Write the row; the unique index is the last guard when two people enter the same problem in the same moment."""
    try:
        with work.session.begin_nested():
            for key, value in columns.items():
                setattr(finding, key, value)
            work.session.add(finding)
            work.session.flush()
    except IntegrityError as error:
        twins = open_twins(work.session, [columns.get("fingerprint", finding.fingerprint)])
        if not twins:
            raise
        raise AlreadyOpen(twins) from error
