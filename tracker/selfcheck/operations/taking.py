"""Taking over what a unit found itself, by one act of the office for each problem."""

from datetime import date

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.operations import FindingValues, enter_finding
from tracker.inspections.policy import Method
from tracker.kit.clock import office_date
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.selfcheck.models import SelfCheck
from tracker.selfcheck.policy import PROBLEMS
from tracker.selfcheck.queries.overview import line_by_id

NO_PROBLEM = N_("The unit found no problem here; there is nothing to take over.")
TAKEN = N_("This problem is taken over already, as finding #%(id)s.")


def take_over(work: Work, line_id: int) -> Finding:
    """Enter what a unit found itself as a waiting finding, marked so by its inspection; the answer stays as it was.

    Order of effects: the line locked, the inspection made when it is the first, the finding, the line, the record.

    :raises Missing: there is no such answer.  :raises Refused: it tells no problem, or is taken over.
    :raises AlreadyOpen: the same problem is entered already.
    """
    line = line_by_id(work, line_id, lock=True)
    if line.answer not in PROBLEMS:
        raise Refused(NO_PROBLEM)
    if line.finding_id is not None:
        raise Refused(TAKEN, id=line.finding_id)
    sheet, check = line.sheet, line.sheet.check
    on = office_date(sheet.handed_in_at or work.now)
    values = FindingValues(
        inspection_id=_inspection(work, check, on),
        indicator_id=line.indicator_id,
        description=line.text,
        found_on=on,
        unit_id=sheet.unit_id,
        subject_id=line.subject_id,
    )
    finding = enter_finding(work, values)
    line.finding_id = finding.id
    work.session.flush()
    told = {"unit": sheet.unit.name, "title": check.title, "finding": f"#{finding.id}"}
    record(work, Word.SELFCHECK_TAKEN, check, **told)
    return finding


def _inspection(work: Work, check: SelfCheck, on: date) -> int:
    """Return the inspection of a self-inspection's findings.

    It belongs to no month's inspections ("2021-12自查" is no month): what a unit reports itself lowers no pass rate and
    stands in no bulletin by itself. Who wants it there moves the waiting finding to an inspection of the month.
    """
    if check.inspection_id is None:
        row = Inspection(
            period=f"{check.period}自查",
            title=check.title,
            method=Method.SELF,
            starts_on=office_date(check.opened_at),
            ends_on=max(check.due_on, on),
            coverage="",
            created_at=work.now,
        )
        work.session.add(row)
        work.session.flush()
        check.inspection_id = row.id
        record(work, Word.INSPECTION_OPENED, row, inspection=row.title)
    return check.inspection_id
