"""What is to come: the forecast, the rehearsal and urging at once say what then happens."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import one_database
from tests.reminders.cases import assignment, at, contact, days, step, subject
from tracker.almanac.queries import calendar as calendar_of
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.notices.models import Assignment
from tracker.org.models import Role
from tracker.reminders import jobs
from tracker.reminders.models import Delivery, Message, Rehearsal
from tracker.reminders.queries.forecast import forecast


@pytest.fixture
def town(app, clock, work_as):
    """Two units with a contact each, one without any; three assignments."""
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK)
        factories.person(work, "observer", Role.OBSERVER)
        contact(work, email="contact@example.cn", name="郑晓东")
        police = factories.unit(work, "市公安局")
        contact(work, "police", police, name="冯磊")
        rows = [assignment(work), assignment(work, police), assignment(work, factories.unit(work, "市档案馆"))]
        return [(row.id, row.token) for row in rows]


def plan(work_as, today, count):
    """Return {day: [(assignment, rung, login)]} of the forecast, days on which something is said only."""
    with work_as(write=False) as work:
        found = forecast(work.session, today, count, calendar_of(work.session))
        return {
            each.day.date: [(one.case.id, one.step.rung.name, one.person.login) for one in each.planned]
            for each in found.days
            if each.planned
        }


def test_req_12_what_was_forecast_is_what_is_said(town, clock, work_as):
    first = clock.today()
    ahead = plan(work_as, first, 30)
    assert min(ahead) == date(2022, 1, 5)
    said = {}
    for day in days(first, date(2022, 1, 26)):
        clock.moment = at(day)
        with work_as(write=False) as work:
            last = work.session.scalar(sa.select(sa.func.max(Message.id))) or 0
        jobs.tick()
        with work_as(write=False) as work:
            rows = work.session.scalars(sa.select(Message).where(Message.id > last).order_by(Message.id))
            told = [(row.assignment_id, row.rung, row.person.login) for row in rows]
        if told:
            said[day] = told
        assert plan(work_as, day, 1) == {}  # nothing is left of today
    assert said == ahead


def test_the_forecast_follows_returns_extensions_and_days_off(town, clock, work_as):
    clock.moment = at("2022-01-07", 18)  # T-1 was missed, the worker was down
    (returned, _), (moved, _), _none = town
    with work_as() as work:
        step(work, work.session.get(Assignment, returned), "submit")
        row = work.session.get(Assignment, moved)
        row.due_on, row.due_at = date(2022, 1, 12), at("2022-01-12")
    assert plan(work_as, date(2022, 1, 7), 4) == {date(2022, 1, 7): [(moved, "T-3", "police")]}
    with work_as() as work:
        step(work, work.session.get(Assignment, returned), "return")
    # Asked on a Saturday: what was missed on Friday comes on Monday, not on the days off.
    assert plan(work_as, date(2022, 1, 8), 4) == {
        date(2022, 1, 10): [(returned, "T", "contact"), (moved, "T-3", "police")],
        date(2022, 1, 11): [(returned, "T+1", "contact"), (moved, "T-1", "police")],
    }


@one_database
def test_the_page_names_people_and_rows(town, clock, client_of):
    clock.moment = at("2022-01-04")
    page = client_of("observer").get("/reminders/forecast")
    assert "今后30日共提醒" in page.words
    assert "2022年1月5日 周三" in page.words
    assert "细河区 郑晓东" in page.words
    assert f"/assignments/{town[0][1]}" in page.text
    assert "市公安局 冯磊" in client_of("observer").get("/reminders/forecast?day=2022-01-10").words
    assert client_of("contact").get("/reminders/forecast").status == 404


def test_a_rehearsal_says_what_then_happens_and_changes_nothing(town, sink, clock, work_as):
    clock.moment = at("2022-01-05")
    jobs.tick()
    before = _rows(work_as)
    lived = jobs.rehearse(7)
    assert _rows(work_as) == before
    assert len(sink.mails) == 1
    letters = [(each.day.isoformat(), letter[0], letter[2]) for each in lived for letter in each.letters]
    for day in ("2022-01-06", "2022-01-07", "2022-01-08", "2022-01-10", "2022-01-11"):
        clock.moment = at(day)
        jobs.tick()
    assert [said for _day, _name, said in letters] == [subject(mail) for mail in sink.mails[1:]]
    assert [day for day, _name, _said in letters] == ["2022-01-07", "2022-01-10", "2022-01-11"]
    assert [each.written for each in lived] == [0, 0, 2, 0, 0, 2, 2]


def _rows(work_as):
    with work_as(write=False) as work:
        return [work.session.scalar(sa.select(sa.func.count(table.id))) for table in (Message, Delivery, Event)]


@one_database
def test_a_rehearsal_asked_for_on_its_page(town, clock, client_of, work_as):
    clock.moment = at("2022-01-05")
    browser = client_of("clerk")
    page = browser.get("/reminders/rehearsals")
    going = browser.submit(page, "/reminders/rehearsals", days="7")
    assert "演练已开始" in going.words
    (due,) = jobs.due_rehearsals()
    jobs.rehearse_row(due)
    jobs.rehearse_row(due)
    assert jobs.due_rehearsals() == []
    assert "2022年1月7日 周五" in browser.get("/reminders/rehearsals").words
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Rehearsal.state)).all() == ["done"]


def test_urging_tells_who_is_reached_asks_for_a_reason_and_is_recorded(town, sink, clock, client_of, work_as):
    clock.moment = at("2022-01-12")
    with work_as() as work:
        answered = assignment(work, factories.unit(work, "市公安局"))
        step(work, answered, "submit")
        tokens = [*(token for _id, token in town), answered.token]
    browser = client_of("clerk")
    key = browser.get("/assignments").form("/letters/draft").values["form_key"]
    page = browser.post("/reminders/nudge/preview", {"form_key": key, "assignment": tokens})
    assert "共 3 项任务、2 人" in page.words
    assert "1 个单位无法在线送达" in page.words
    assert "1 项已报送或已办结" in page.words
    assert "郑晓东 站内消息及函件" in page.words
    assert "冯磊 仅站内" in page.words.replace("仅在系统内送达", "仅站内")
    empty = browser.submit(page, "/reminders/nudge", reason=" ", assignment=tokens)
    assert empty.status == 422
    done = browser.submit(empty, "/reminders/nudge", reason="月底前须办结", assignment=tokens)
    assert "已催办 2 人" in done.words
    clock.moment += timedelta(minutes=5)
    page = browser.post("/reminders/nudge/preview", {"form_key": key, "assignment": tokens})
    again = browser.submit(page, "/reminders/nudge", reason="再催", assignment=tokens)
    assert (again.status, "今日已催办" in again.words) == (409, True)
    jobs.tick()
    with work_as(write=False) as work:
        rows = list(work.session.scalars(sa.select(Message).where(Message.kind == "nudge")))
        assert {row.person.login for row in rows} == {"contact", "police"}
        assert all("月底前须办结" in row.body for row in rows)
        events = list(work.session.scalars(sa.select(Event).where(Event.word == Word.NUDGED)))
        assert [event.detail["person"] for event in events] == ["郑晓东", "冯磊"]
    assert [subject(mail).endswith("等 2 项") for mail in sink.mails] == [True]  # with the day's own reminder


@one_database
def test_only_who_may_set_reminders_urges(town, client_of):
    browser = client_of("observer")
    assert "/reminders/nudge" not in browser.get("/assignments").text
    key = browser.get("/inbox").form("/inbox").values["form_key"]
    posted = {"form_key": key, "assignment": [town[0][1]], "reason": "x"}
    assert browser.post("/reminders/nudge", posted).status == 404
    assert browser.get("/reminders/ladder").status == 404
