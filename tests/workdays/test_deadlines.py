import os
import time as machine
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.workdays import model
from tracker.kit.clock import office_moment
from tracker.kit.errors import Refused
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import (
    Deadline,
    Standing,
    add_workdays,
    concerns,
    days_late,
    explain,
    parse_words,
    standing,
    words_for,
    workdays_between,
    workdays_left,
)

ISSUED, DUE = date(2021, 12, 28), date(2022, 1, 10)
SEED = Deadline(DUE, None, "1月10日前")
ZONES = ("UTC", "America/Los_Angeles", "Asia/Shanghai", "Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Pago_Pago")
known_days = st.dates(date(2018, 1, 1), date(2026, 12, 31))
moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
calendar = Calendar()


@pytest.fixture(params=ZONES)
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    machine.tzset()
    yield request.param
    monkeypatch.delenv("TZ") if before is None else monkeypatch.setenv("TZ", before)
    machine.tzset()


def test_p08_the_seed_left_eight_working_days():
    assert workdays_between(ISSUED, DUE, calendar) == 8
    assert add_workdays(ISSUED, 8, calendar) == DUE
    assert SEED.ends_at == datetime(2022, 1, 10, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2023, 10, 9), date(2023, 10, 17), 6),
        (date(2019, 10, 9), date(2019, 10, 17), 7),  # the same dates with a make-up Saturday, 12 October
        (date(2025, 4, 11), date(2025, 4, 16), 3),
        (date(2022, 1, 10), date(2022, 1, 10), 0),
        (date(2022, 1, 10), date(2022, 1, 4), 0),
    ],
)
def test_workdays_between_counts_the_last_day_only(start: date, end: date, expected: int):
    assert workdays_between(start, end, calendar) == expected


@given(known_days, known_days)
def test_p08_count_agrees_with_the_model(start: date, end: date):
    assert workdays_between(start, end, calendar) == model.count(start, end)


@given(known_days, known_days, st.dictionaries(known_days, st.booleans(), max_size=40))
def test_p08_count_with_the_offices_own_table_agrees_with_a_walk(start: date, end: date, table: dict[date, bool]):
    own = Calendar({day: (works, "停工", "") for day, works in table.items()})
    walked = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    assert workdays_between(start, end, own) == sum(table.get(day, model.works(day)) for day in walked)


@given(st.dates(date(2018, 1, 1), date(2026, 8, 31)), st.integers(1, 60))
def test_p08_adding_and_counting_are_one_rule(start: date, count: int):
    end = add_workdays(start, count, calendar)
    assert model.works(end)
    assert model.count(start, end) == count
    rows = explain(start, end, calendar)
    assert rows[-1].number == count
    assert [row.day.date for row in rows if row.counts] == [
        row.day.date for row in rows[1:] if model.works(row.day.date)
    ]


def test_p08_every_day_1990_to_2050_ends_at_midnight_in_shanghai():
    day, differences, seen = date(1990, 1, 1), [], 0
    while day.year <= 2050:
        tomorrow = model.ends(day + timedelta(1), 0)
        if Deadline(day, None, "").ends_at.timestamp() != tomorrow:
            differences.append(day)
        day, seen = day + timedelta(1), seen + 1
    assert (differences, seen) == ([], 22280)


@given(known_days, st.times(), moments, st.none() | moments)
@example(DUE, time(12), datetime(2022, 1, 10, 16, tzinfo=UTC), None)
@example(DUE, time(12), datetime(2022, 1, 10, 15, 59, 59, 999999, tzinfo=UTC), None)
def test_p08_standing_agrees_with_the_model(on: date, at: time, now: datetime, answered: datetime | None):
    assert standing(Deadline(on, None, ""), now, answered, calendar) == model.verdict(on, now, answered)
    assert Deadline(on, at.replace(second=0, microsecond=0), "").ends_at.timestamp() == model.ends(
        on, at.hour, at.minute
    )


@given(known_days, st.integers(-20, 20), st.integers(0, 86399))
def test_p08_standing_near_the_deadline_agrees_with_the_model(on: date, days: int, second: int):
    now = datetime.combine(on + timedelta(days), time(), UTC) + timedelta(seconds=second)
    assert standing(Deadline(on, None, ""), now, None, calendar) == model.verdict(on, now, None)
    assert standing(Deadline(on, None, ""), now, now, calendar) == model.verdict(on, now, now)


def test_p08_the_zone_of_the_server_makes_no_difference(server_zone: str):
    assert SEED.ends_at.isoformat() == "2022-01-10T16:00:00+00:00"
    seen = [
        standing(SEED, office_moment(text), None, calendar)
        for text in ("2021-12-28", "2022-01-05", "2022-01-10T23:59:59", "2022-01-11")
    ]
    assert seen == [Standing.OPEN, Standing.DUE_SOON, Standing.DUE_TODAY, Standing.OVERDUE]


@pytest.mark.parametrize("server_zone", ["UTC", "America/Los_Angeles"], indirect=True)
def test_p08_control_the_servers_own_midnight_is_another(server_zone: str):
    naive = datetime.combine(DUE + timedelta(1), time()).astimezone(UTC)
    assert naive != SEED.ends_at


def test_an_hour_is_the_first_moment_too_late():
    noon = parse_words("4月16日12:00前", date(2025, 4, 11))
    assert noon.ends_at == datetime(2025, 4, 16, 4, tzinfo=UTC)
    just = noon.ends_at - timedelta(microseconds=1)
    assert standing(noon, just, None, calendar) == Standing.DUE_TODAY
    assert standing(noon, noon.ends_at, just, calendar) == Standing.ANSWERED_ON_TIME
    assert standing(noon, noon.ends_at, noon.ends_at, calendar) == Standing.ANSWERED_LATE


@pytest.mark.parametrize(
    ("now", "left", "late"),
    [
        ("2021-12-28T09:00", 8, 0),
        ("2022-01-05T09:00", 3, 0),
        ("2022-01-10T23:59", 0, 0),
        ("2022-01-11T00:00", 0, 1),
        ("2022-01-13T09:00", 0, 3),
        ("2022-01-16T09:00", 0, 4),
    ],
)
def test_days_left_and_late(now: str, left: int, late: int):
    moment = office_moment(now)
    assert workdays_left(SEED, moment, calendar) == left
    assert days_late(SEED, moment, None, calendar) == late
    assert days_late(SEED, office_moment("2023-01-01"), moment, calendar) == late  # an answer stops the count


def test_late_on_the_same_day_or_over_the_weekend_is_one_day():
    friday = Deadline(date(2022, 1, 14), time(12), "1月14日12:00前")
    assert [days_late(friday, office_moment(f"2022-01-{day}"), None, calendar) for day in ("14T12:00", "16", "17")] == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("words", "on", "at"),
    [
        ("1月10日前", date(2022, 1, 10), None),
        ("于1月10日前", date(2022, 1, 10), None),
        (" 2022年1月10日前 ", date(2022, 1, 10), None),
        ("12月28日前", date(2021, 12, 28), None),
        ("12月27日前", date(2022, 12, 27), None),
        ("1月10日17:30前", date(2022, 1, 10), time(17, 30)),
        ("1月10日 9:05前", date(2022, 1, 10), time(9, 5)),
    ],
)
def test_parse_words(words: str, on: date, at: time | None):
    assert parse_words(words, ISSUED) == Deadline(on, at, words.strip())


@pytest.mark.parametrize(
    "words", ["", "尽快", "13月1日前", "2月30日前", "2月29日前", "1月10日25:00前", "0000年1月1日前", "1月10日"]
)
def test_parse_words_refuses(words: str):
    with pytest.raises(Refused):
        parse_words(words, ISSUED)


def test_words_for_keeps_the_manner_of_the_bulletin():
    assert words_for(DUE, None, ISSUED) == "1月10日前"
    assert words_for(date(2025, 4, 16), time(12), date(2025, 4, 11)) == "4月16日12:00前"
    assert words_for(date(2023, 1, 10), None, ISSUED) == "2023年1月10日前"
    assert words_for(date(2021, 12, 27), None, ISSUED) == "2021年12月27日前"
    assert words_for(date(2024, 2, 29), None, ISSUED) == "2024年2月29日前"


@given(known_days, st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)), known_days)
def test_p08_printed_words_mean_the_stored_date(on: date, at: time | None, issued: date):
    words = words_for(on, at, issued)
    assert parse_words(words, issued) == Deadline(on, at, words)


def test_explain_names_every_day():
    rows = explain(ISSUED, DUE, calendar)
    assert [(row.day.date.day, row.counts, row.number, row.why) for row in rows] == [
        (28, False, 0, "the first day is not counted"),
        (29, True, 1, "working day"),
        (30, True, 2, "working day"),
        (31, True, 3, "working day"),
        (1, False, 3, "New Year holiday"),
        (2, False, 3, "New Year holiday"),
        (3, False, 3, "New Year holiday"),
        (4, True, 4, "working day"),
        (5, True, 5, "working day"),
        (6, True, 6, "working day"),
        (7, True, 7, "working day"),
        (8, False, 7, "weekend"),
        (9, False, 7, "weekend"),
        (10, True, 8, "working day"),
    ]
    assert explain(DUE, ISSUED, calendar) == []


def test_adding_backwards_is_refused():
    with pytest.raises(ValueError, match="forward"):
        add_workdays(DUE, -1, calendar)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (DUE, []),
        (date(2021, 12, 27), [("in the past", True)]),
        (date(2022, 1, 8), [("is a day off", False)]),
        (date(2021, 12, 26), [("in the past", True), ("is a day off", False)]),
        (date(2030, 1, 7), [("more than a year", True), ("not announced", False)]),
        (date(2030, 1, 6), [("more than a year", True), ("is a day off", False), ("not announced", False)]),
    ],
)
def test_concerns_are_said_before_issue(on: date, said: list[tuple[str, bool]]):
    found = concerns(Deadline(on, None, ""), office_moment("2021-12-28T10:00"), calendar)
    assert len(found) == len(said)
    for concern, (words, blocking) in zip(found, said, strict=True):
        assert words in concern.msgid % concern.params
        assert concern.blocking is blocking
