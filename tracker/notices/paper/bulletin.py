"""通报: what the room of bulletins wrote, with the paper's own frame around it."""

from datetime import date
from typing import Any

from tracker.notices.models import Notice
from tracker.workdays.calendar import Calendar

TYPE, NAME = "bulletin", "通报"


def body(notice: Notice, day: date, _calendar: Calendar) -> dict[str, Any]:
    """Return the prepared text, recipients and annexes; keys as templates/documents/bulletin/page.html tells them."""
    frame = {"mark": "", "urgency": "", "printed_by": "", "printed_on": day.isoformat(), "annexes": [], "body": []}
    return frame | (notice.prepared or {})
