"""Registering sites and accounts, their dated states, snapshots of all."""

from tracker.registry.operations.snapshots import take_snapshot
from tracker.registry.operations.subjects import (
    CHANGED,
    CODE_TAKEN,
    SubjectValues,
    add_subject,
    change_state,
    change_subject,
)

__all__ = ["CHANGED", "CODE_TAKEN", "SubjectValues", "add_subject", "change_state", "change_subject", "take_snapshot"]
