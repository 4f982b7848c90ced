"""Rules as data: printed words, the date they come to, and the law's counting, against the independent model."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workdays import model
from tracker.kit.errors import Refused
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline, brief, explain, parse_words
from tracker.workdays.rules import Counting, Rule, parse_rule

ISSUED = date(2021, 12, 28)
calendar = Calendar()


@pytest.mark.parametrize(
    ("rule", "on", "words"),
    [
        (Rule(Counting.DATE, date(2022, 1, 10)), date(2022, 1, 10), "1月10日前"),
        (Rule(Counting.DATE, date(2022, 1, 10), at=time(17, 30)), date(2022, 1, 10), "1月10日17:30前"),
        (Rule(Counting.DATE, date(2022, 1, 8)), date(2022, 1, 8), "1月8日前"),
        (Rule(Counting.DATE, date(2022, 1, 8), rolls=True), date(2022, 1, 10), "1月10日前"),
        (Rule(Counting.WORKDAYS, count=3), date(2021, 12, 31), "收到本通知后3个工作日内（12月31日前）"),
        (Rule(Counting.WORKDAYS, count=4), date(2022, 1, 4), "收到本通知后4个工作日内（1月4日前）"),
        (Rule(Counting.DAYS, count=5), date(2022, 1, 2), "收到本通知后5日内（1月2日前）"),
        (Rule(Counting.DAYS, count=5, rolls=True), date(2022, 1, 4), "收到本通知后5日内（1月4日前）"),
        (
            Rule(Counting.WORKDAYS, count=1, at=time(12)),
            date(2021, 12, 29),
            "收到本通知后1个工作日内（12月29日12:00前）",
        ),
    ],
)
def test_req_06_a_rule_gives_date_and_printed_words(rule: Rule, on: date, words: str):
    assert rule.deadline(ISSUED, calendar) == Deadline(on, rule.at, words)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("于1月10日前", Rule(Counting.DATE, date(2022, 1, 10))),
        ("1月10日17:30前", Rule(Counting.DATE, date(2022, 1, 10), at=time(17, 30))),
        ("收到后5个工作日内", Rule(Counting.WORKDAYS, count=5)),
        ("收到本通知后 5 个工作日内", Rule(Counting.WORKDAYS, count=5)),
        ("10个工作日内", Rule(Counting.WORKDAYS, count=10)),
        ("15日内", Rule(Counting.DAYS, count=15, rolls=True)),
        ("印发之日起15日内", None),
        ("收到本通知后5个工作日内（1月5日前）", Rule(Counting.DATE, date(2022, 1, 5))),
        ("收到后5个工作日内(1月5日12:00前)", Rule(Counting.DATE, date(2022, 1, 5), at=time(12))),
    ],
)
def test_req_06_printed_words_are_understood(words: str, rule: Rule | None):
    if rule is not None:
        assert parse_rule(words, ISSUED) == rule
    else:
        assert parse_rule("本通知印发后15日内", ISSUED).count == 15


@pytest.mark.parametrize("words", ["", "尽快", "0个工作日内", "999日内", "收到后", "5个工作日内（2月30日前）"])
def test_what_is_no_deadline_is_refused_with_a_sentence(words: str):
    with pytest.raises(Refused):
        parse_rule(words, ISSUED)


rules = st.builds(
    Rule,
    st.sampled_from([Counting.WORKDAYS, Counting.DAYS]),
    count=st.integers(1, 60),
    at=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    rolls=st.booleans(),
)


@given(rules, st.dates(date(2018, 1, 1), date(2026, 8, 31)))
def test_p08_what_is_printed_is_what_is_stored(rule: Rule, issued: date):
    stored = rule.deadline(issued, calendar)
    assert parse_rule(stored.words, issued).deadline(issued, calendar).ends_at == stored.ends_at
    if rule.counting is Counting.WORKDAYS:
        assert model.count(issued, stored.on) == rule.count
        assert model.works(stored.on)
    else:
        plain = issued + timedelta(rule.count)
        assert stored.on == (
            plain if not rule.rolls else next(d for n in range(20) if model.works(d := plain + timedelta(n)))
        )


@given(rules, st.dates(date(2018, 1, 1), date(2026, 8, 31)))
def test_p08_a_later_issue_never_has_an_earlier_deadline(rule: Rule, issued: date):
    assert rule.deadline(issued, calendar).ends_at <= rule.deadline(issued + timedelta(1), calendar).ends_at


def test_req_05_an_explanation_in_short():
    told = brief(explain(ISSUED, date(2022, 1, 10), calendar))
    assert (told.start, told.end, told.counted, told.provisional) == (ISSUED, date(2022, 1, 10), 8, False)
    assert told.skipped == {"New Year holiday": 3, "weekend": 2}
    assert brief(explain(date(2022, 1, 28), date(2022, 1, 30), calendar)).made_up == [
        date(2022, 1, 29),
        date(2022, 1, 30),
    ]


def test_words_of_dates_only_are_as_before():
    assert parse_words("1月10日前", ISSUED).on == date(2022, 1, 10)
