"""Time: UTC inside, the office's wall clock outside."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.kit.clock import FixedClock, ShiftedClock, SystemClock, office_date, office_moment, office_time


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2021-12-28T16:30", datetime(2021, 12, 28, 8, 30, tzinfo=UTC)),
        ("2021-12-28", datetime(2021, 12, 27, 16, 0, tzinfo=UTC)),
        ("2021-12-28T16:30+00:00", datetime(2021, 12, 28, 16, 30, tzinfo=UTC)),
    ],
)
def test_a_text_without_a_zone_is_the_offices_wall_clock(text: str, utc: datetime) -> None:
    assert office_moment(text) == utc


@pytest.mark.parametrize(("hour", "day"), [(15, 28), (16, 29)])
def test_the_offices_day_begins_at_sixteen_hours_utc(hour: int, day: int) -> None:
    moment = datetime(2021, 12, 28, hour, 59 if hour == 15 else 0, tzinfo=UTC)
    assert office_date(moment) == date(2021, 12, day)
    assert FixedClock(moment).today() == date(2021, 12, day)
    assert office_time(moment).hour == (hour + 8) % 24


def test_the_system_clock_tells_utc() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta()
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_shifted_clock_runs_on_from_its_moment() -> None:
    opening = office_moment("2021-12-28T16:30")
    clock = ShiftedClock.opening_at(opening)
    first, second = clock.now(), clock.now()
    assert opening <= first <= second < opening + timedelta(seconds=5)
    assert clock.today() == date(2021, 12, 28)


def test_two_processes_share_a_shifted_clock_by_the_moment_it_opened() -> None:
    opening, since = office_moment("2021-12-28T16:30"), datetime.now(UTC) - timedelta(hours=1)
    early = ShiftedClock.opening_at(opening, since)
    assert timedelta(hours=1) <= early.now() - opening < timedelta(hours=1, seconds=5)
