"""Background work of replies: printing the sheets that units have signed and sealed, reading what comes back."""

from tracker.replies.jobs.readings import due_scans, read_scan
from tracker.replies.jobs.sheets import TOPIC, due_papers, render_sheet
from tracker.replies.operations.readings import TOPIC as SCANS

__all__ = ["SCANS", "TOPIC", "due_papers", "due_scans", "read_scan", "render_sheet"]
