"""Who is told of what, when an unanswered assignment is reminded of, and how a failed delivery is tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tracker.audit.policy import Word
from tracker.kit.clock import OFFICE, office_time
from tracker.kit.words import N_
from tracker.notices.lifecycle import AssignmentState
from tracker.org.models import Role
from tracker.reminders.models import DeliveryState
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import ONE_DAY, add_workdays, workdays_between

READER = "messages"
"""Name of the cursor that says how far the record has been told."""
EMAIL = "email"
PAGE = 500
"""Most events or assignments of one transaction."""
ASSIGNMENT_PATH = "/assignments/{token}"
BATCH_PATH = "/batches/{id}"


class Audience(StrEnum):
    """Whom an event concerns."""

    UNIT = "contacts of the unit"
    UNIT_AND_LEADERS = "contacts and leaders of the unit"
    REST_OF_UNIT = "contacts and leaders of the unit but for who did it"
    REVIEWERS = "reviewers"
    DIRECTORS = "directors other than the drafter"
    DRAFTER = "the drafter"


@dataclass(frozen=True)
class Telling:
    """What an event of the record makes us say (folder of templates/messages), and to whom."""

    kind: str
    audience: Audience


TOLD: dict[str, Telling] = {
    Word.NOTICE_SUBMITTED: Telling("notice_submitted", Audience.DIRECTORS),
    Word.NOTICE_SENT_BACK: Telling("notice_sent_back", Audience.DRAFTER),
    Word.NOTICE_DELIVERED: Telling("notice_delivered", Audience.UNIT_AND_LEADERS),
    Word.LETTER_DELIVERED: Telling("letter_delivered", Audience.UNIT_AND_LEADERS),
    Word.LETTER_VOIDED: Telling("letter_voided", Audience.UNIT_AND_LEADERS),
    Word.CORRECTION_DELIVERED: Telling("correction_delivered", Audience.UNIT_AND_LEADERS),
    Word.REPLY_SUBMITTED: Telling("reply_submitted", Audience.REVIEWERS),
    Word.REPLY_REGISTERED: Telling("reply_submitted", Audience.REVIEWERS),
    Word.REPLY_RETURNED: Telling("reply_returned", Audience.UNIT),
    Word.ASSIGNMENT_CLOSED: Telling("assignment_closed", Audience.UNIT),
    Word.ASSIGNMENT_REOPENED: Telling("assignment_reopened", Audience.UNIT),
    Word.ASSIGNMENT_VOIDED: Telling("assignment_voided", Audience.UNIT),
}
ALSO_TOLD: dict[str, Telling] = {
    Word.REPLY_SUBMITTED: Telling("reply_handed_in", Audience.REST_OF_UNIT),
    Word.REPLY_REGISTERED: Telling("reply_registered", Audience.REST_OF_UNIT),
}
"""What the same event says to the other side: nobody's reply leaves the unit without its colleagues knowing."""
PER_BATCH = frozenset({Audience.DIRECTORS, Audience.DRAFTER})
"""These are told once per act on a batch, however many notices it holds."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: its working days from the due day, and which roles of the unit it speaks to."""

    name: str
    offset: int
    roles: tuple[Role, ...]


CONTACTS = (Role.CONTACT,)
BOTH = (Role.CONTACT, Role.LEADER)
LADDER = (
    Rung("T-3", -3, CONTACTS),
    Rung("T-1", -1, CONTACTS),
    Rung("T", 0, CONTACTS),
    Rung("T+1", 1, BOTH),
    Rung("T+3", 3, BOTH),
    Rung("T+5", 5, BOTH),
    Rung("T+10", 10, BOTH),
    Rung("T+20", 20, BOTH),
)
"""From the earliest rung to the last; the leader is told only of what is overdue."""

AWAITED = (AssignmentState.ISSUED, AssignmentState.ACKNOWLEDGED, AssignmentState.RETURNED, AssignmentState.REOPENED)
"""States in which the unit owes an answer; in every other one nobody is reminded."""


def position(due_on: date, today: date, calendar: Calendar) -> int:
    """Return the working days from the due day to today: negative before it, 0 on the last working day up to it."""
    if today <= due_on:
        return -workdays_between(today, due_on, calendar)
    return workdays_between(due_on, today, calendar)


def newest_rung(place: int) -> Rung | None:
    """Return the newest rung that `place` has reached; None before the first."""
    return next((rung for rung in reversed(LADDER) if rung.offset <= place), None)


def rung_day(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """Return the working day on which a rung falls: a rung sent late keeps its own day, so it is never said twice."""
    if rung.offset > 0:
        return add_workdays(due_on, rung.offset, calendar)
    day, left = due_on, -rung.offset
    while left or not calendar.works(day):
        left -= calendar.works(day)
        day -= ONE_DAY
    return day


def horizon(today: date, calendar: Calendar) -> date:
    """Return the first due day that no rung can reach yet."""
    return add_workdays(today, 1 - LADDER[0].offset, calendar)


def rung_cause(assignment_id: int, rung: Rung, day: date) -> str:
    """Return the key under which a person is told of this rung once."""
    return f"rung:{assignment_id}:{rung.name}:{day.isoformat()}"


OFFICE_OPENS = time(8, 30)
"""Reminders by e-mail leave no earlier than this, on the office's wall clock; in the inbox they stand at once."""


def mailing_time(now: datetime) -> datetime:
    """Return the moment at which a reminder written now may leave: now, or when the office opens that day."""
    opening = datetime.combine(office_time(now).date(), OFFICE_OPENS, OFFICE)
    return max(now, opening)


LEASE = timedelta(minutes=5)
"""How long a claim holds; a sender that died is followed by another after it."""
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Waits between the tries."""
MOST_TRIES = len(BACKOFF) + 1
NEXT_TRY: Callable[[int], timedelta | None] = dict(enumerate(BACKOFF, start=1)).get
"""Wait after the n-th try; None when it was the last."""

DELIVERY_NAMES: dict[DeliveryState, str] = {
    DeliveryState.PLANNED: N_("Waiting"),
    DeliveryState.SENDING: N_("Being sent"),
    DeliveryState.SENT: N_("Sent"),
    DeliveryState.FAILED: N_("Failed, will be tried again"),
    DeliveryState.DEAD: N_("Given up"),
    DeliveryState.DROPPED: N_("No longer needed"),
}
DUE_STATES = (DeliveryState.PLANNED, DeliveryState.FAILED, DeliveryState.SENDING)
"""What a sender may claim once its `due_at` has come; `sending` then means that a claim lapsed."""
