"""Which days the office works: its own table, then the announced years, then a provisional guess.

The guess knows the statutory holidays of the law, not the make-up days that a year's announcement will bring.
"""

import itertools
from calendar import isleap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chinese_calendar import constants

from tracker.kit.words import N_

SATURDAY = 5
ANNOUNCED_YEARS = frozenset(day.year for day in constants.holidays)

OWN_TABLE = N_("the office's own table")
STATE_COUNCIL = N_("State Council holiday notices, as collected by chinesecalendar")
STATUTORY = N_("provisional: the statutory holidays only, until the year's arrangement is announced")
WEEKDAYS_ONLY = N_("weekdays only: this year's holidays are not known here")

WORKING_DAY = N_("working day")
WEEKEND = N_("weekend")
HOLIDAY = N_("public holiday")
HOLIDAYS = {
    "New Year's Day": N_("New Year holiday"),
    "Spring Festival": N_("Spring Festival holiday"),
    "Tomb-sweeping Day": N_("Qingming Festival holiday"),
    "Labour Day": N_("Labour Day holiday"),
    "Dragon Boat Festival": N_("Dragon Boat Festival holiday"),
    "National Day": N_("National Day holiday"),
    "Mid-autumn Festival": N_("Mid-Autumn Festival holiday"),
    "Anti-Fascist 70th Day": N_("holiday of the 70th anniversary of victory"),
}
MAKE_UP_DAYS = {
    "New Year's Day": N_("make-up working day for New Year"),
    "Spring Festival": N_("make-up working day for the Spring Festival"),
    "Tomb-sweeping Day": N_("make-up working day for the Qingming Festival"),
    "Labour Day": N_("make-up working day for Labour Day"),
    "Dragon Boat Festival": N_("make-up working day for the Dragon Boat Festival"),
    "National Day": N_("make-up working day for the National Day"),
    "Mid-autumn Festival": N_("make-up working day for the Mid-Autumn Festival"),
    "Anti-Fascist 70th Day": N_("make-up working day for the 70th anniversary of victory"),
}


GUESSED = {
    "New Year's Day": HOLIDAYS["New Year's Day"],
    "Chinese New Year": HOLIDAYS["Spring Festival"],
    "Tomb-Sweeping Day": HOLIDAYS["Tomb-sweeping Day"],
    "Labor Day": HOLIDAYS["Labour Day"],
    "Dragon Boat Festival": HOLIDAYS["Dragon Boat Festival"],
    "Mid-Autumn Festival": HOLIDAYS["Mid-autumn Festival"],
    "National Day": HOLIDAYS["National Day"],
}
"""How the library of statutory holidays begins its names."""
GUESSABLE = range(2004, 2101)
"""Years of which that library is asked: before them nobody counts, after them it knows nothing."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the office, with why it works or not and who says so.

    `reason` and `source` are msgids, or the office's own words where its table decides.
    """

    date: date
    works: bool
    reason: str
    source: str
    provisional: bool = False
    """The year's arrangement is not announced: make-up days are unknown, holidays are those of the law at most."""


Overlay = Mapping[date, tuple[bool, str, str]]


class Calendar:
    """The working days, from an overlay table (date → works, reason, source) over the announced years.

    `announced` names further years whose holidays the overlay tells completely, so that its other days are firm too.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and (self._overlay, self._years) == (other._overlay, other._years)

    __hash__ = None  # type: ignore[assignment]  # holds dictionaries

    def __init__(self, overlay: Overlay | None = None, announced: Collection[int] = ()) -> None:
        self._overlay = dict(overlay or {})
        self._years = ANNOUNCED_YEARS | frozenset(announced)
        self._changes = [(on, works - self._plain(on).works) for on, (works, _, _) in self._overlay.items()]

    def day(self, on: date) -> Day:
        """Return the day; one of an unannounced year is guessed and provisional, never an error."""
        if on in self._overlay:
            works, reason, source = self._overlay[on]
            return Day(on, works, reason, source or OWN_TABLE)
        return self._plain(on)

    def works(self, on: date) -> bool:
        """Tell whether the office works that day."""
        return self.day(on).works

    def count(self, start: date, end: date) -> int:
        """Return the number of working days after `start` up to and including `end`; 0 when `end` is not later.

        As quick for ten years as for ten days: lists ask it for every row.
        """
        if end <= start:
            return 0
        between = sum(self._running(year)[-1] for year in range(start.year, end.year))
        plain = between + self._running(end.year)[_nth(end)] - self._running(start.year)[_nth(start)]
        return plain + sum(change for on, change in self._changes if start < on <= end)

    def _told_by_table(self, year: int) -> bool:
        return year in self._years and year not in ANNOUNCED_YEARS

    def _plain(self, on: date) -> Day:
        return _by_weekday(on, OWN_TABLE) if self._told_by_table(on.year) else _plain_day(on)

    def _running(self, year: int) -> list[int]:
        return _running(year, by_weekday=self._told_by_table(year))

    def known(self, on: date) -> bool:
        """Tell whether the day is announced, not merely guessed from its weekday."""
        return on in self._overlay or on.year in self._years

    @property
    def known_until(self) -> date:
        """Return the last day of the last announced year that follows the others without a gap."""
        last = next(year for year in itertools.count(max(ANNOUNCED_YEARS)) if year + 1 not in self._years)
        return date(last, 12, 31)


def _plain_day(on: date) -> Day:
    """Return the day as it is without any table of the office."""
    if on.year not in ANNOUNCED_YEARS:
        return _guessed_day(on)
    if on in constants.workdays:
        return Day(on, True, MAKE_UP_DAYS[constants.workdays[on]], STATE_COUNCIL)
    if on in constants.holidays:
        return Day(on, False, HOLIDAYS[constants.holidays[on]], STATE_COUNCIL)
    return _by_weekday(on, STATE_COUNCIL)


def _guessed_day(on: date) -> Day:
    statutory = _statutory(on.year) if on.year in GUESSABLE else None
    if statutory is None:
        return _by_weekday(on, WEEKDAYS_ONLY, provisional=True)
    if on in statutory:
        return Day(on, False, statutory[on], STATUTORY, provisional=True)
    return _by_weekday(on, STATUTORY, provisional=True)


@cache
def _statutory(year: int) -> dict[date, str]:
    """Return the holidays that the law gives in a year, each with its reason; no make-up day is among them."""
    import holidays  # noqa: PLC0415  (a third of a second that only a question about an unannounced year costs)

    law = holidays.country_holidays("CN", years=[year], language="en_US")
    return {
        on: next((ours for theirs, ours in GUESSED.items() if name.startswith(theirs)), HOLIDAY)
        for on, name in law.items()
    }


@cache
def _running(year: int, *, by_weekday: bool = False) -> list[int]:
    """Return for each day of the year, counted from 0, the working days from New Year up to it."""
    days = (date(year, 1, 1) + timedelta(n) for n in range(366 if isleap(year) else 365))
    works = (day.weekday() < SATURDAY if by_weekday else _plain_day(day).works for day in days)
    return list(itertools.accumulate(map(int, works)))


def _nth(on: date) -> int:
    return on.timetuple().tm_yday - 1


def _by_weekday(on: date, source: str, *, provisional: bool = False) -> Day:
    works = on.weekday() < SATURDAY
    return Day(on, works, WORKING_DAY if works else WEEKEND, source, provisional)
