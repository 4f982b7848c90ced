"""Working days against an independent model: every start day 2018–2027, every N from 1 to 60.

The model walks day by day over the State Council's notices as the repository's tests keep them
(tests/workdays/state_council.csv), and over 2027 and 2028 as the law alone tells them.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from tracker.cli.bench.figures import Figure
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import add_workdays, explain
from tracker.workdays.rules import Counting, Rule

NOTICES = Path(__file__).resolve().parents[3] / "tests" / "workdays" / "state_council.csv"
LAW = """
2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-02-09 2027-02-10 2027-04-05 2027-05-01 2027-05-02 2027-05-03
2027-05-04 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03 2027-10-04 2027-10-05 2028-01-01 2028-01-03 2028-01-25
2028-01-26 2028-01-27 2028-01-28 2028-04-04
"""
"""Holidays of the law with their days in lieu; a year leaves this list when its notice is in the file above."""
MOST = 60
DAY = timedelta(1)


def model(notices: Path = NOTICES) -> dict[date, bool]:
    """Return every day from 2018 to spring 2028 and whether it is worked on, without a line of the product's rules.

    :raises FileNotFoundError: the repository's tests are not there.
    """
    told = {date.fromisoformat(day): False for day in LAW.split()}
    with notices.open(encoding="utf-8") as file:
        told |= {date.fromisoformat(row["日期"]): row["类型"] == "班" for row in csv.DictReader(file)}
    every = (date(2018, 1, 1) + DAY * n for n in range(3800))
    return {day: told.get(day, day.isoweekday() < 6) for day in every}


def differences(starts: list[date], most: int = MOST) -> tuple[int, int]:
    """Return how many answers differ from the model, and how many were compared.

    Per start and N: the N-th working day, the count back, the deadline of the rule; per start each line of the
    explanation, whose last number must be the count.
    """
    works, days = model(), Calendar()
    wrong = compared = 0
    for start in starts:
        nth = list(_walk(works, start, most))
        for n, day in enumerate(nth, 1):
            rule = Rule(Counting.WORKDAYS, count=n).deadline(start, days)
            wrong += (add_workdays(start, n, days), days.count(start, day), rule.on) != (day, n, day)
        rows = explain(start, nth[-1], days)
        counted = [row.day.date for row in rows if row.counts]
        wrong += counted != nth or rows[-1].number != most
        wrong += any(row.counts is not works[row.day.date] or not row.why for row in rows[1:])
        compared += len(nth) * 3 + len(rows)
    return wrong, compared


def _walk(works: dict[date, bool], start: date, most: int) -> Iterator[date]:
    day = start
    while most:
        day += DAY
        if works[day]:
            most -= 1
            yield day


def figures() -> Iterator[Figure]:
    """Yield the comparison over every start day 2018–2027."""
    began = perf_counter()
    every = [date(2018, 1, 1) + DAY * n for n in range(3652)]
    wrong, compared = differences(every)
    yield Figure("start days x N = 1..60 compared with the model", compared, "answers", digits=0)
    yield Figure("differences", wrong, "", 0, 0)
    yield Figure("time", perf_counter() - began, "s", 120, 1)
