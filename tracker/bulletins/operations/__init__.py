"""Drafting a bulletin: its words around the ledger's figures, and why a flag of the checker stands all the same."""

from tracker.bulletins.operations.demands import ask_for, day_of, step_of
from tracker.bulletins.operations.draft import (
    Frame,
    change_frame,
    first_requirements,
    is_open,
    start,
    unsaved,
    usual_due,
    usual_frame,
    usual_title,
)
from tracker.bulletins.operations.edit import add_line, change_line, drop_line, explain_flag, restore_line
from tracker.bulletins.operations.hand_in import hand_in
from tracker.bulletins.queries.population import usual_until

__all__ = [
    "Frame",
    "add_line",
    "ask_for",
    "change_frame",
    "change_line",
    "day_of",
    "drop_line",
    "explain_flag",
    "first_requirements",
    "hand_in",
    "is_open",
    "restore_line",
    "start",
    "step_of",
    "unsaved",
    "usual_due",
    "usual_frame",
    "usual_title",
    "usual_until",
]
