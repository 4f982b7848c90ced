"""Opening inspections; entering, changing, binding and ending findings."""

from tracker.inspections.operations.columns import FindingValues, proposal, told_value
from tracker.inspections.operations.findings import (
    CHANGED,
    NOT_WAITING,
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
from tracker.inspections.operations.sample import HOW_NAMES, How, SampleChoice, choose_sample
from tracker.inspections.operations.store import AlreadyOpen

__all__ = [
    "CHANGED",
    "HOW_NAMES",
    "NOT_WAITING",
    "AlreadyOpen",
    "FindingValues",
    "How",
    "InspectionValues",
    "SampleChoice",
    "Upload",
    "bind",
    "change_finding",
    "check_waiting",
    "choose_sample",
    "drop_finding",
    "end",
    "enter_finding",
    "enter_for_subjects",
    "open_inspection",
    "proposal",
    "release",
    "resume",
    "told_value",
]
