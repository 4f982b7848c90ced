"""Pages of the room: a unit's assignments and reply, the reviewer's queue and desk."""

from tracker.replies.views import (
    assignments,
    check,
    files,
    items,
    machine,
    reasons,
    receipts,
    registering,
    review,
    rollup,
    scan,
    sheet,
    stacks,
)
from tracker.replies.views.blueprint import bp

__all__ = [
    "assignments",
    "bp",
    "check",
    "files",
    "items",
    "machine",
    "reasons",
    "receipts",
    "registering",
    "review",
    "rollup",
    "scan",
    "sheet",
    "stacks",
]
