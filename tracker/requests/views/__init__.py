"""Pages of the room: extensions, disputes, the office's queue."""

from tracker.requests.views import disputes, extensions, handovers, queue, transfers
from tracker.requests.views.blueprint import bp

__all__ = ["bp", "disputes", "extensions", "handovers", "queue", "transfers"]
