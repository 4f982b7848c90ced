"""Registering sites and accounts, their dated states and names, snapshots of all."""

from tracker.registry.operations.imports import Plan, check_import, store_import
from tracker.registry.operations.past import change_state, note_name, note_state, rename
from tracker.registry.operations.sheet_columns import COLUMNS, TITLE
from tracker.registry.operations.snapshots import take_snapshot
from tracker.registry.operations.subjects import (
    CHANGED,
    CODE_TAKEN,
    SubjectValues,
    add_subject,
    change_subject,
)

__all__ = [
    "CHANGED",
    "CODE_TAKEN",
    "COLUMNS",
    "TITLE",
    "Plan",
    "SubjectValues",
    "add_subject",
    "change_state",
    "change_subject",
    "check_import",
    "note_name",
    "note_state",
    "rename",
    "store_import",
    "take_snapshot",
]
