"""Opening inspections; entering, changing, binding and ending findings."""

from tracker.inspections.operations.findings import (
    CHANGED,
    NOT_WAITING,
    AlreadyOpen,
    FindingValues,
    Upload,
    bind,
    change_finding,
    check_waiting,
    drop_finding,
    end,
    enter_finding,
    enter_for_subjects,
    release,
    resume,
)
from tracker.inspections.operations.inspections import InspectionValues, open_inspection

__all__ = [
    "CHANGED",
    "NOT_WAITING",
    "AlreadyOpen",
    "FindingValues",
    "InspectionValues",
    "Upload",
    "bind",
    "change_finding",
    "check_waiting",
    "drop_finding",
    "end",
    "enter_finding",
    "enter_for_subjects",
    "open_inspection",
    "release",
    "resume",
]
