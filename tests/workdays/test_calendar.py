from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workdays import model
from tracker.workdays.calendar import ANNOUNCED_YEARS, OWN_TABLE, STATE_COUNCIL, STATUTORY, WEEKDAYS_ONLY, Calendar, Day


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def test_p08_every_day_2018_to_2026_agrees_with_the_notices():
    every = days(date(2018, 1, 1), date(2026, 12, 31))
    assert [day for day in every if Calendar().works(day) != model.works(day)] == []
    assert len(every) == 3287


@pytest.mark.parametrize("day", sorted(model.made_up), ids=str)
def test_p08_make_up_day_works_and_says_for_what(day: date):
    found = Calendar().day(day)
    assert (found.works, found.provisional, found.source) == (True, False, STATE_COUNCIL)
    assert found.reason.startswith("make-up working day for ")


def test_plain_days_say_why():
    calendar = Calendar()
    assert calendar.day(date(2022, 1, 10)) == Day(date(2022, 1, 10), True, "working day", STATE_COUNCIL)
    assert calendar.day(date(2022, 1, 8)) == Day(date(2022, 1, 8), False, "weekend", STATE_COUNCIL)
    assert calendar.day(date(2022, 1, 3)) == Day(date(2022, 1, 3), False, "New Year holiday", STATE_COUNCIL)


def test_unannounced_years_are_guessed_from_the_law_and_marked_provisional():
    calendar = Calendar()
    for day in days(date(2027, 1, 1), date(2050, 12, 31)):
        found = calendar.day(day)
        assert (found.provisional, found.source, calendar.known(day)) == (True, STATUTORY, False)
        assert not found.works or day.isoweekday() < 6  # a make-up day is never guessed
    spring = calendar.day(date(2027, 2, 8))
    assert (spring.works, spring.reason) == (False, "Spring Festival holiday")
    assert [calendar.works(date(2027, 10, n)) for n in range(1, 8)] == [False] * 5 + [True] * 2
    assert calendar.known_until == date(max(ANNOUNCED_YEARS), 12, 31)


def test_years_before_every_announcement_are_weekdays_marked_provisional():
    for day in (*days(date(1990, 1, 1), date(2003, 12, 31)), date(2150, 10, 1)):
        found = Calendar().day(day)
        assert (found.works, found.provisional, found.source) == (day.isoweekday() < 6, True, WEEKDAYS_ONLY)


@given(st.dates(date(2026, 6, 1), date(2029, 6, 30)), st.dates(date(2026, 6, 1), date(2029, 6, 30)), st.booleans())
def test_counting_over_guessed_and_told_years_agrees_with_a_walk(start: date, end: date, told: bool):
    calendar = Calendar({date(2027, 2, 6): (True, "补班", "")}, announced=[2027] if told else [])
    assert calendar.count(start, end) == sum(calendar.works(day) for day in days(start, end)[1:])


def test_the_office_table_goes_before_everything():
    day = date(2022, 1, 10)
    calendar = Calendar({day: (False, "防汛停工", "阜政办发〔2022〕1号"), date(2027, 1, 4): (False, "元旦", "")})
    assert calendar.day(day) == Day(day, False, "防汛停工", "阜政办发〔2022〕1号")
    assert calendar.day(date(2027, 1, 4)) == Day(date(2027, 1, 4), False, "元旦", OWN_TABLE)
    assert calendar.known(date(2027, 1, 4))
    assert not calendar.known(date(2027, 1, 5))


def test_a_year_that_the_table_tells_completely_is_firm():
    calendar = Calendar(announced=[2027, 2029])
    assert calendar.works(date(2027, 2, 8))  # not guessed any more: the table says it all
    assert calendar.day(date(2027, 1, 5)) == Day(date(2027, 1, 5), True, "working day", OWN_TABLE)
    assert calendar.known_until == date(2027, 12, 31)  # 2028 is a gap
