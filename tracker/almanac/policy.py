"""The rules of the table: what its lists may say, what usually is asked for, and what another calendar would change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.almanac.models import DayKind
from tracker.indicators.models import Level
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar, Day
from tracker.workdays.rules import Counting, Rule

KIND_NAMES = {DayKind.WORK: N_("Working day"), DayKind.OFF: N_("Day off")}
FIRST_YEAR, LAST_YEAR = 2000, 2099
MOST_DAYS = 400
"""Lines of one list."""
REMIND_FROM = (12, 1)
"""Month and day from which the office is asked for the next year's list; it is announced in October to December."""


@dataclass(frozen=True, order=True)
class Entry:
    """One line of a list."""

    date: date
    kind: DayKind
    reason: str
    source: str


def fits(on: date, year: int) -> bool:
    """Tell whether a day may stand in a year's list: New Year's holiday and its make-up days begin in December."""
    return on.year == year or (on.year == year - 1 and on.month == 12)


@dataclass(frozen=True)
class Turned:
    """A day whose nature another calendar would change."""

    before: Day
    after: Day


@dataclass(frozen=True)
class Shift:
    """A matter whose deadline another calendar would show in another light; nothing of it is changed by itself."""

    name: str
    url: str
    due_on: date
    before: Day
    after: Day
    left_before: int
    left_after: int
    """Working days left; negative when the deadline has passed by so many."""
    moves_to: date | None = None
    """The new date, for a draft whose deadline is still counted; an issued deadline never moves."""


@dataclass(frozen=True)
class Shifts:
    """What one room has to say: how many matters there are, and the first of them."""

    count: int
    rows: Sequence[Shift]


Ask = Callable[[Work, Calendar, Calendar], Shifts]
AFFECTED: list[Ask] = []
"""Rooms above name what would be affected: each function is asked with the present and the proposed calendar."""


def affected(ask: Ask) -> Ask:
    """Register a function that names what another calendar would change."""
    AFFECTED.append(ask)
    return ask


RECEIPT, DISPUTE = "receipt", "dispute"
USUAL: dict[str, Rule] = {
    Level.VETO: Rule(Counting.WORKDAYS, count=3),
    Level.DEDUCT: Rule(Counting.WORKDAYS, count=10),
    Level.WARN: Rule(Counting.WORKDAYS, count=10),
    RECEIPT: Rule(Counting.WORKDAYS, count=1),
    DISPUTE: Rule(Counting.WORKDAYS, count=5),
}
"""What the field usually asks (否决 1–3, 扣分 5–10 working days), until the office says otherwise."""
SUBJECT_NAMES = {
    Level.VETO: N_("Veto"),
    Level.DEDUCT: N_("Deduction"),
    Level.WARN: N_("Early warning"),
    RECEIPT: N_("Acknowledging receipt"),
    DISPUTE: N_("Disputing a problem"),
}


def shift_of(name: str, url: str, due_on: date, today: date, calendars: tuple[Calendar, Calendar]) -> Shift | None:
    """Return how a matter due that day would look with the second calendar instead of the first; None when the same."""
    before, after = (calendar.day(due_on) for calendar in calendars)
    left = [distance(today, due_on, calendar) for calendar in calendars]
    if (before.works, before.provisional, left[0]) == (after.works, after.provisional, left[1]):
        return None
    return Shift(name, url, due_on, before, after, left[0], left[1])


def distance(today: date, due_on: date, calendar: Calendar) -> int:
    """Return the working days left until a day, negative when it has passed."""
    return calendar.count(today, due_on) if due_on >= today else -calendar.count(due_on, today)
