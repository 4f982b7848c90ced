"""The blueprint of the room's pages, and the look of a delivery's state."""

from flask import Blueprint

from tracker.reminders.models import DeliveryState

bp = Blueprint("reminders", __name__)

SHAPES: dict[DeliveryState, str] = {
    DeliveryState.PLANNED: "issued",
    DeliveryState.SENDING: "acknowledged",
    DeliveryState.SENT: "accepted",
    DeliveryState.FAILED: "returned",
    DeliveryState.DEAD: "overdue",
    DeliveryState.DROPPED: "withdrawn",
}
"""A delivery borrows the look of a state that readers know."""


def position(text: str) -> int | None:
    """Return the position that an address names; None (the first page) for one that no database holds."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
