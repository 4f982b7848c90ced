"""Entering, changing and dropping findings; handing them to notices and ending them."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Source, keep
from tracker.inspections.models import Finding
from tracker.inspections.operations.columns import FindingValues, columns_of
from tracker.inspections.operations.store import refuse_twins, store_changes, store_new
from tracker.inspections.policy import BULK_LIMIT, Ended, Standing, standing
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.org.policy import Work

CHANGED = N_("Somebody else changed this finding after you opened it. Compare, then enter your change again.")
NOT_WAITING = N_("This finding is on a notice or has ended; what a paper says is no longer changed.")
Upload = tuple[Source, str]
"""A file as it comes in: its bytes and the name it bore."""


def enter_finding(
    work: Work, values: FindingValues, evidence: Upload | None = None, *, example: bool = False
) -> Finding:
    """Enter one finding, waiting for a notice. Order: fields and fingerprint checked, file kept, row stored.

    :raises Invalid: names the fields that cannot be taken, the evidence among them.
    :raises AlreadyOpen: an equal one is open.
    """
    columns = columns_of(work, values) | {"example": example}
    refuse_twins(work, [columns["fingerprint"]])
    columns["evidence_id"] = _kept(work, evidence)
    (finding,) = store_new(work, [columns])
    _entered(work, finding)
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
    every = [columns_of(work, replace(values, subject_id=id_)) | {"example": example} for id_ in wanted]
    refuse_twins(work, [columns["fingerprint"] for columns in every])
    findings = store_new(work, every)
    for finding in findings:
        _entered(work, finding)
    return findings


def _entered(work: Work, finding: Finding) -> None:
    why = {"level": str(finding.level), "reason": finding.level_reason} if finding.level_reason else {}
    record(work, Word.FINDING_ENTERED, finding, finding=f"#{finding.id}", fingerprint=finding.fingerprint, **why)


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
    columns = columns_of(work, values)
    refuse_twins(work, [columns["fingerprint"]], but=finding)
    if evidence is not None:
        columns["evidence_id"] = _kept(work, evidence)
    changed = sorted(key for key, value in columns.items() if getattr(finding, key) != value)
    if changed:
        store_changes(work, finding, columns)
        why = {"reason": finding.level_reason} if "level_reason" in changed and finding.level_reason else {}
        record(work, Word.FINDING_CHANGED, finding, finding=f"#{finding.id}", changed=changed, **why)


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
    refuse_twins(work, [finding.fingerprint], but=finding)
    store_changes(work, finding, {"ended_at": None, "ended_how": None})
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


def _kept(work: Work, evidence: Upload | None) -> int | None:
    if evidence is None:
        return None
    try:
        stored = keep(work, *evidence)
    except Refused as error:
        raise Invalid({"evidence": error.msgid}, **error.params) from error
    record(work, Word.FILE_KEPT, stored, name=stored.name, sha256=stored.sha256)
    return stored.id
