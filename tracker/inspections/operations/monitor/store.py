"""Storing what a monitor found."""

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.operations.monitor.check import Plan
from tracker.inspections.operations.store import store_new
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work

SKIP = N_("Some of these problems are open already. Agree to leave them out, or upload a file without them.")
NOTHING = N_("There is nothing to store in this file.")


def store(
    work: Work, inspection: Inspection, plan: Plan, *, name: str = "", skip_open: bool = False, example: bool = False
) -> list[Finding]:
    """Store the plan's new rows, all in one transaction, each with its line in the record and one for the import.

    :raises Invalid: some are open already and it was not said that they are left out, or nothing is to be stored.
    :raises AlreadyOpen: somebody entered one of them meanwhile.
    """
    if plan.open and not skip_open:
        raise Invalid({"skip": SKIP})
    if not plan.new:
        raise Invalid({"skip": NOTHING})
    findings = store_new(work, [line.columns | {"example": example} for line in plan.new])
    for finding in findings:
        record(work, Word.FINDING_ENTERED, finding, finding=f"#{finding.id}", fingerprint=finding.fingerprint)
    told = {"file": name, "left_out": len(plan.open), "no_problem": len(plan.nothing)}
    record(work, Word.FINDINGS_IMPORTED, inspection, inspection=inspection.title, count=len(findings), counts=told)
    return findings
