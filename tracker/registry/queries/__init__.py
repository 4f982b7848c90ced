"""Finding sites and accounts, and what they were."""

from tracker.registry.queries.past import name_on, overruled, past_of, state_on
from tracker.registry.queries.snapshots import (
    Taken,
    snapshot_by_id,
    snapshot_rows,
    snapshot_rows_page,
    snapshots_page,
)
from tracker.registry.queries.subjects import (
    SubjectFilter,
    answering,
    counted_by_kind,
    inspected,
    subject_by_id,
    subjects_called,
    subjects_page,
    subjects_with_code,
    visible,
)

__all__ = [
    "SubjectFilter",
    "Taken",
    "answering",
    "counted_by_kind",
    "inspected",
    "name_on",
    "overruled",
    "past_of",
    "snapshot_by_id",
    "snapshot_rows",
    "snapshot_rows_page",
    "snapshots_page",
    "state_on",
    "subject_by_id",
    "subjects_called",
    "subjects_page",
    "subjects_with_code",
    "visible",
]
