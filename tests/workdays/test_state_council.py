"""The yearly notices of the State Council's office, 2018–2026, day by day, against the calendar and the model.

`state_council.csv` was written from the notices as they are known (国办发明电; the document stands on every line;
Labour Day 2019 and Spring Festival 2020 in their later editions), not from a library, not from `model.py`.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.workdays import model
from tracker.workdays.calendar import STATE_COUNCIL, Calendar

LIST = Path(__file__).with_name("state_council.csv")
rows = {date.fromisoformat(row["日期"]): row for row in csv.DictReader(LIST.read_text(encoding="utf-8").splitlines())}
calendar = Calendar()


def works(day: date) -> bool:
    return rows[day]["类型"] == "班" if day in rows else day.isoweekday() < 6


@pytest.mark.parametrize("year", range(2018, 2027))
def test_p08_req_01_every_day_of_the_notices_and_no_other(year: int):
    every = [date(year, 1, 1) + timedelta(n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in every if calendar.works(day) != works(day)] == []
    assert [day for day in every if model.works(day) != works(day)] == []
    ups = [day for day in every if works(day) and day.isoweekday() > 5]
    assert [calendar.day(day).reason.startswith("make-up working day for ") for day in ups] == [True] * len(ups)
    assert {calendar.day(day).source for day in every} == {STATE_COUNCIL}


def test_p08_the_notices_name_each_day_once_with_its_document():
    assert len(rows) == len(LIST.read_text(encoding="utf-8").splitlines()) - 1
    assert {row["来源文件"][:4] for row in rows.values()} == {"国办发明"}
