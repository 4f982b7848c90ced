"""Time is passed in: UTC inside, the office's wall clock outside."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Whoever tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the office's calendar date."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the date in the office's zone."""
        return office_date(self.now())


@dataclass(frozen=True)
class ShiftedClock:
    """A clock that opened at another moment and runs on from there (the demo's)."""

    shift: timedelta

    @classmethod
    def opening_at(cls, moment: datetime, since: datetime | None = None) -> "ShiftedClock":
        """Return a clock that showed `moment` at the real moment `since` (now when none is given) and ran on."""
        return cls(moment - (since or datetime.now(UTC)))

    def now(self) -> datetime:
        """Return the shifted moment in UTC."""
        return datetime.now(UTC) + self.shift

    def today(self) -> date:
        """Return the shifted date in the office's zone."""
        return office_date(self.now())


@dataclass
class FixedClock:
    """A clock that stands still until somebody sets it (tests, demo history, rehearsals)."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def today(self) -> date:
        """Return that moment's date in the office's zone."""
        return office_date(self.moment)


def office_time(moment: datetime) -> datetime:
    """Return the moment on the office's wall clock."""
    return moment.astimezone(OFFICE)


def office_date(moment: datetime) -> date:
    """Return the office's calendar date at the moment."""
    return office_time(moment).date()


def office_moment(text: str) -> datetime:
    """Return the UTC moment of an ISO text; a text without a zone is the office's wall clock.

    :raises ValueError: the text is no ISO date or date-time.
    """
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=OFFICE)).astimezone(UTC)
