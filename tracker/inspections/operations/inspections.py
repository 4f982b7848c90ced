"""Opening inspections."""

from dataclasses import dataclass
from datetime import date

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.inspections.models import Inspection
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.registry.operations import take_snapshot


@dataclass(frozen=True)
class InspectionValues:
    """What the form of an inspection says."""

    period: str
    title: str
    method: str
    starts_on: date
    ends_on: date
    coverage: str = ""


def open_inspection(work: Work, values: InspectionValues) -> Inspection:
    """Open an inspection over the registry as it stands now (a snapshot is kept with it) and record it.

    :raises Invalid: it ends before it starts.
    """
    if values.ends_on < values.starts_on:
        raise Invalid({"ends_on": N_("The last day lies before the first.")})
    inspection = Inspection(**vars(values), created_at=work.now, snapshot_id=take_snapshot(work).id)
    work.session.add(inspection)
    work.session.flush()
    record(work, Word.INSPECTION_OPENED, inspection, inspection=inspection.title)
    return inspection
