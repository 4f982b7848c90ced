"""督办函: as the 催办单, and when the unit was urged before."""

from datetime import date
from typing import Any

from tracker.notices.models import Notice, NoticeKind
from tracker.notices.paper import urge
from tracker.notices.policy import IN_FORCE
from tracker.workdays.calendar import Calendar

TYPE, NAME = "supervision_letter", "督办函"


def body(notice: Notice, day: date, calendar: Calendar) -> dict[str, Any]:
    """Return what the 催办单 says, and the earlier urging letters about the same assignments, oldest first."""
    return urge.body(notice, day, calendar) | {"urged": [_urging(each) for each in earlier(notice)]}


def earlier(notice: Notice) -> list[Notice]:
    """Return the urging letters in force about this letter's assignments, oldest first."""
    known = {letter.notice_id: letter.notice for about in notice.about for letter in about.assignment.letters}
    urging = [each for each in known.values() if each.kind is NoticeKind.URGE and each.state in IN_FORCE]
    return sorted(urging, key=lambda each: (str(each.document_date), each.id))


def _urging(letter: Notice) -> dict[str, str]:
    day = letter.document_date
    return {"on": day.isoformat() if day else "", "by": letter.number or ""}
