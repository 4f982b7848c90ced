"""An independent model of the office's days, from the State Council's yearly notices; no line of the product in it."""

from datetime import date, datetime, timedelta

OFF = """
2018-01-01..01 2018-02-15..21 2018-04-05..07 2018-04-29..05-01 2018-06-16..18 2018-09-22..24 2018-10-01..07
2018-12-30..2019-01-01 2019-02-04..10 2019-04-05..07 2019-05-01..04 2019-06-07..09 2019-09-13..15 2019-10-01..07
2020-01-01..01 2020-01-24..02-02 2020-04-04..06 2020-05-01..05 2020-06-25..27 2020-10-01..08
2021-01-01..03 2021-02-11..17 2021-04-03..05 2021-05-01..05 2021-06-12..14 2021-09-19..21 2021-10-01..07
2022-01-01..03 2022-01-31..02-06 2022-04-03..05 2022-04-30..05-04 2022-06-03..05 2022-09-10..12 2022-10-01..07
2022-12-31..2023-01-02 2023-01-21..27 2023-04-05..05 2023-04-29..05-03 2023-06-22..24 2023-09-29..10-06
2024-01-01..01 2024-02-10..17 2024-04-04..06 2024-05-01..05 2024-06-08..10 2024-09-15..17 2024-10-01..07
2025-01-01..01 2025-01-28..02-04 2025-04-04..06 2025-05-01..05 2025-05-31..06-02 2025-10-01..08
2026-01-01..03 2026-02-15..23 2026-04-04..06 2026-05-01..05 2026-06-19..21 2026-09-25..27 2026-10-01..07
"""
MADE_UP = """
2018-02-11 2018-02-24 2018-04-08 2018-04-28 2018-09-29 2018-09-30 2018-12-29
2019-02-02 2019-02-03 2019-04-28 2019-05-05 2019-09-29 2019-10-12
2020-01-19 2020-04-26 2020-05-09 2020-06-28 2020-09-27 2020-10-10
2021-02-07 2021-02-20 2021-04-25 2021-05-08 2021-09-18 2021-09-26 2021-10-09
2022-01-29 2022-01-30 2022-04-02 2022-04-24 2022-05-07 2022-10-08 2022-10-09
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""
EPOCH = datetime.fromisoformat("1970-01-01T00:00+00:00")


def _spread(span: str) -> set[date]:
    first, last = span.split("..")
    start, end = date.fromisoformat(first), date.fromisoformat(first[: 10 - len(last)] + last)
    return {start + timedelta(n) for n in range((end - start).days + 1)}


off = {day for span in OFF.split() for day in _spread(span)}
made_up = {date.fromisoformat(day) for day in MADE_UP.split()}


def works(day: date) -> bool:
    return day in made_up or (day.isoweekday() < 6 and day not in off)


def count(start: date, end: date) -> int:
    return sum(works(date.fromordinal(n)) for n in range(start.toordinal() + 1, end.toordinal() + 1))


def ends(day: date, hour: int = 24, minute: int = 0) -> int:
    """Seconds since 1970 at which it is over: eight hours ahead, nine in the summers to 1991 (changed at 02:00)."""
    summer = date(1990, 4, 15) < day <= date(1990, 9, 16) or date(1991, 4, 14) < day <= date(1991, 9, 15)
    ahead = 9 if summer else 8
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86400 + (hour - ahead) * 3600 + minute * 60


def verdict(day: date, now: datetime, answered: datetime | None) -> str:
    over, seen = ends(day), ((answered or now) - EPOCH).total_seconds()
    today = (EPOCH + timedelta(seconds=seen, hours=8)).date()
    if answered:
        return "answered_late" if seen >= over else "answered_on_time"
    if seen >= over:
        return "overdue"
    return "due_today" if today == day else "due_soon" if count(today, day) <= 3 else "open"
