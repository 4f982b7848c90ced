"""When letters leave, how a failed one is tried again, and what its states are called."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.kit.clock import OFFICE, office_time
from tracker.kit.words import N_
from tracker.org.models import Person
from tracker.reminders.models import DeliveryState
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import add_workdays


@dataclass(frozen=True)
class Hours:
    """Between which hours of a working day letters leave, on the office's wall clock; the last moment excluded."""

    opens: time
    closes: time

    @classmethod
    def of(cls, text: str) -> "Hours":
        """Return the hours that a setting means: 08:30-17:30.

        :raises ValueError: they are none, or end before they begin.
        """
        opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
        if opens >= closes:
            raise ValueError(text)
        return cls(opens, closes)

    def allow(self, now: datetime, calendar: Calendar) -> bool:
        """Tell whether a letter may leave at this moment."""
        wall = office_time(now)
        return calendar.works(wall.date()) and self.opens <= wall.time() < self.closes

    def next(self, moment: datetime, calendar: Calendar) -> datetime:
        """Return the moment itself when a letter may leave then, otherwise the next opening."""
        if self.allow(moment, calendar):
            return moment
        wall = office_time(moment)
        today = calendar.works(wall.date()) and wall.time() < self.opens
        day = wall.date() if today else add_workdays(wall.date(), 1, calendar)
        return self.opening(day)

    def opening(self, day: date) -> datetime:
        """Return the moment from which letters leave on a working day."""
        return datetime.combine(day, self.opens, OFFICE)


@dataclass(frozen=True)
class Way:
    """One way to reach a person: the channel's name, and by what it finds them."""

    channel: str
    address: str


Ways = Callable[[Person], tuple[Way, ...]]
"""The ways to reach a person, in the person's own order; asked for hundreds of people, so it asks no database."""
LETTERS = 200
"""People of one transaction that opens letters."""
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
TRYING = DUE_STATES
"""A person with such a letter gets no other one opened: it takes along what is waiting."""
