"""更正函: which document was wrong, which words, and what they should be."""

from datetime import date
from typing import Any

from tracker.notices.models import Notice
from tracker.notices.paper.texts import paragraphs
from tracker.workdays.calendar import Calendar

TYPE, NAME = "correction", "更正函"


def body(notice: Notice, _day: date, _calendar: Calendar) -> dict[str, Any]:
    """Return the corrected document, the errors, the reason (the batch's opening) and what is said at the end."""
    correction = notice.correction
    if correction is None:
        raise LookupError(f"notice {notice.id} corrects nothing")
    corrected = correction.corrected
    day = corrected.document_date
    return {
        "corrected": {
            "number": corrected.number or "",
            "title": corrected.title,
            "date": day.isoformat() if day else "",
        },
        "errors": [{"seq": n, **error} for n, error in enumerate(correction.errors, 1)],
        "reason": " ".join(notice.batch.opening.split()),
        "closing": paragraphs(notice.batch.requirements),
    }
