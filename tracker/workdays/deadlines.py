"""What a printed deadline means: the moment it ends, how many working days are left, how late an answer is.

Counting (Civil Code art. 201): the first day is not counted, the last one is; make-up days count, holidays do not.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from tracker.kit.clock import OFFICE, office_date
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.workdays.calendar import SATURDAY, Calendar, Day

SOON = 3
"""Working days left from which a deadline is near (the ladder's first rung)."""
ONE_DAY = timedelta(days=1)
FARTHEST = timedelta(days=366)
"""A deadline farther away is a mistyped year."""
_WORDS = re.compile(
    r"于?(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:(?P<hour>\d{1,2})[:\uff1a](?P<minute>\d{2}))?前"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date, perhaps an hour, and the words that were printed on the paper."""

    on: date
    at: time | None
    words: str

    @property
    def ends_at(self) -> datetime:
        """Return the first moment that is too late, in UTC: the hour, or the midnight after the day in Shanghai."""
        wall = datetime.combine(self.on, self.at) if self.at else datetime.combine(self.on + ONE_DAY, time())
        return wall.replace(tzinfo=OFFICE).astimezone(UTC)

    def passed(self, moment: datetime) -> bool:
        """Tell whether the moment is too late."""
        return moment >= self.ends_at


class Standing(StrEnum):
    """Where an answer stands against its deadline; derived at every look, never stored."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    ANSWERED_ON_TIME = "answered_on_time"
    ANSWERED_LATE = "answered_late"


STANDING_NAMES = {
    Standing.OPEN: N_("Under way"),
    Standing.DUE_SOON: N_("Due soon"),
    Standing.DUE_TODAY: N_("Due today"),
    Standing.OVERDUE: N_("Overdue"),
    Standing.ANSWERED_ON_TIME: N_("Answered on time"),
    Standing.ANSWERED_LATE: N_("Answered late"),
}


class Counted(NamedTuple):
    """One line of an explanation: the day, whether it counts, and the running number (0 before the first that does)."""

    day: Day
    counts: bool
    number: int
    why: str
    """Msgid: the day's own reason, or that the first day is not counted."""


class Concern(NamedTuple):
    """Something the clerk must read before issuing: a msgid with its parameters; a blocking one forbids the issue."""

    msgid: str
    params: dict[str, object]
    blocking: bool


def parse_words(words: str, issued_on: date) -> Deadline:
    """Return the deadline that the words mean on a paper issued that day; it keeps the words as they were typed.

    Without a year the next such date counts, the day of issue included.

    :raises Refused: the words are no deadline, or name a date or hour that does not exist.
    """
    typed = words.strip()
    found = _WORDS.fullmatch(re.sub(r"\s", "", typed))
    try:
        on, at = _meaning(found.groupdict(), issued_on) if found else (None, None)
    except ValueError:
        on = None
    if on is None:
        raise Refused(
            N_("“%(words)s” is not understood as a deadline. Write it as 1月10日前 or 1月10日17:30前."), words=typed
        )
    return Deadline(on, at, typed)


def words_for(on: date, at: time | None, issued_on: date) -> str:
    """Return the words to print; the year stands only where the words without it would mean another date.

    So 2022-01-10 on a paper of 2021-12-28 is 1月10日前, as the bulletin of December 2021 writes it.
    """
    hour = f"{at:%H:%M}" if at else ""
    year = "" if _is_next_such_day(on, issued_on) else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日{hour}前"


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Return the number of working days after `start` up to and including `end`; 0 when `end` is not later."""
    return calendar.count(start, end)


def add_workdays(start: date, count: int, calendar: Calendar) -> date:
    """Return the `count`-th working day after `start`, which is not counted itself; `start` for 0.

    :raises ValueError: a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    day = start
    while count:
        day += ONE_DAY
        count -= calendar.works(day)
    return day


def workdays_left(deadline: Deadline, now: datetime, calendar: Calendar) -> int:
    """Return the working days after today up to and including the deadline's day; 0 on that day and later."""
    return workdays_between(office_date(now), deadline.on, calendar)


def days_late(deadline: Deadline, now: datetime, answered_at: datetime | None, calendar: Calendar) -> int:
    """Return the working days by which the answer was, or by now is, late; 0 when in time.

    A late answer is at least 1 day late, also one that came within the same day or on the days off that follow.
    """
    moment = answered_at or now
    if not deadline.passed(moment):
        return 0
    return max(1, workdays_between(deadline.on, office_date(moment), calendar))


def standing(deadline: Deadline, now: datetime, answered_at: datetime | None, calendar: Calendar) -> Standing:
    """Return where the assignment stands: the one place that decides what is overdue."""
    if answered_at:
        return Standing.ANSWERED_LATE if deadline.passed(answered_at) else Standing.ANSWERED_ON_TIME
    if deadline.passed(now):
        return Standing.OVERDUE
    if office_date(now) == deadline.on:
        return Standing.DUE_TODAY
    return Standing.DUE_SOON if workdays_left(deadline, now, calendar) <= SOON else Standing.OPEN


def explain(start: date, end: date, calendar: Calendar) -> list[Counted]:
    """Return one row per day from `start` to `end`, oldest first: counted or skipped, and why.

    The last row's number equals `workdays_between(start, end)`. Empty when `end` is before `start`.
    """
    if end < start:
        return []
    rows = [Counted(calendar.day(start), False, 0, N_("the first day is not counted"))]
    for date_ in _days_after(start, end):
        day = calendar.day(date_)
        rows.append(Counted(day, day.works, rows[-1].number + day.works, day.reason))
    return rows


class Brief(NamedTuple):
    """An explanation in short: the first day counted from, the last day, what counted and what was skipped why."""

    start: date
    end: date
    counted: int
    skipped: dict[str, int]
    """Msgid of the reason → days; the reasons in order of appearance."""
    made_up: list[date]
    """Working Saturdays and Sundays among the days counted."""
    provisional: bool


def brief(rows: list[Counted]) -> Brief:
    """Return an explanation in short, for a mail or one line of a page.

    :raises IndexError: there is nothing to tell.
    """
    skipped = Counter(row.why for row in rows[1:] if not row.counts)
    made_up = [row.day.date for row in rows if row.counts and row.day.date.weekday() >= SATURDAY]
    provisional = any(row.day.provisional for row in rows)
    return Brief(rows[0].day.date, rows[-1].day.date, rows[-1].number, dict(skipped), made_up, provisional)


def concerns(deadline: Deadline, now: datetime, calendar: Calendar) -> list[Concern]:
    """Return what must be said before a notice with this deadline is issued, blocking concerns first."""
    day = calendar.day(deadline.on)
    found = [
        Concern(
            N_("The deadline %(date)s is in the past. Choose a later date."),
            {"date": deadline.on},
            True,
        )
        if deadline.passed(now)
        else None,
        Concern(
            N_("The deadline %(date)s is more than a year away. Check the year."),
            {"date": deadline.on},
            True,
        )
        if deadline.on - office_date(now) > FARTHEST
        else None,
        Concern(
            N_("The deadline %(date)s is a day off (%(reason)s). A working day would be clearer."),
            {"date": deadline.on, "reason": day.reason},
            False,
        )
        if not day.works
        else None,
        Concern(
            N_(
                "The holidays after %(until)s are not announced yet: working days are counted Monday to Friday for now."
            ),
            {"until": calendar.known_until},
            False,
        )
        if not calendar.known(deadline.on)
        else None,
    ]
    return [concern for concern in found if concern]


def _days_after(start: date, end: date) -> Iterator[date]:
    return (start + ONE_DAY * n for n in range(1, (end - start).days + 1))


def _meaning(parts: dict[str, str | None], issued_on: date) -> tuple[date, time | None]:
    """Return date and hour of the matched words.

    :raises ValueError: there is no such date or hour.
    """
    year, month, day, hour, minute = (int(parts[name] or 0) for name in ("year", "month", "day", "hour", "minute"))
    on = date(year, month, day) if parts["year"] else _next_such_day(month, day, issued_on)
    return on, time(hour, minute) if parts["hour"] else None


def _next_such_day(month: int, day: int, issued_on: date) -> date:
    """Return the first such date from `issued_on` on.

    :raises ValueError: the year it would fall in has no such day.
    """
    this_year = issued_on.year + ((month, day) < (issued_on.month, issued_on.day))
    return date(this_year, month, day)


def _is_next_such_day(on: date, issued_on: date) -> bool:
    try:
        return _next_such_day(on.month, on.day, issued_on) == on
    except ValueError:
        return False
