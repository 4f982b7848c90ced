"""How people are reached: own addresses, the calendar feed, robots in a group, and whom nothing reaches."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from tests import factories
from tests.pages import PageClient
from tests.reminders.cases import assignment, at, contact, free_port, in_own_context
from tests.reminders.robot_server import robot_server
from tracker.audit.models import Event
from tracker.notices.models import Assignment
from tracker.org.models import Person, Role
from tracker.org.operations.people import reset_password
from tracker.reminders import jobs
from tracker.reminders.channels import ways
from tracker.reminders.models import CalendarFeed, Delivery
from tracker.reminders.operations.pace import take_turn
from tracker.reminders.policy.letters import Way

ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What does not touch how a database locks or counts is tried on one."""


@pytest.fixture
def case(app, clock, work_as):
    """Two units with a contact each and something due tomorrow, and the office's clerk."""
    with work_as() as work:
        home = factories.unit(work, "细河区")
        contact(work, "contact", home, email="contact@example.cn", name="王×", wecom="wangx")
        contact(work, "other", factories.unit(work, "市公安局"), name="李×", phone="0418-2820110", wecom="lix")
        factories.person(work, "clerk", Role.CLERK)
        rows = [assignment(work, home).id, assignment(work, factories.unit(work, "市公安局")).id]
    clock.moment = at("2022-01-07")
    return rows


def use(app, **changed):
    """Change settings of the running application."""
    app.extensions["rectify"].settings = replace(app.extensions["rectify"].settings, **changed)


def letters(work_as):
    """Return (channel, state, tries, trouble) of every letter."""
    with work_as(write=False) as work:
        rows = work.session.scalars(sa.select(Delivery).order_by(Delivery.id))
        return [(row.channel, str(row.state), row.tries, row.trouble) for row in rows]


@ONE
def test_a_person_is_reached_by_the_first_choice_and_then_in_order(app):
    settings = replace(app.extensions["rectify"].settings, smtp_url="smtp://x", wecom_url="https://x/?key=1")
    person = Person(email="a@b.cn", wecom="a", dingtalk="a", feishu="", login="a", first_way="wecom")
    assert ways(person, settings) == (Way("wecom", "a"), Way("email", "a@b.cn"))
    person.first_way = ""
    assert [way.channel for way in ways(person, settings)] == ["email", "wecom"]


def test_a_group_is_told_of_everybody_in_one_message(app, case, work_as, clock):
    with robot_server() as robots:
        use(app, **{**robots.settings(), "dingtalk_url": "", "feishu_url": "", "webhook_url": ""})
        assert jobs.tick().sent == 2
        assert letters(work_as) == [("wecom", "sent", 1, "")] * 2
        ((name, body),) = robots.taken
    said = body["markdown"]["content"]
    assert name == "wecom"
    assert [who in said for who in ("王× <@wangx>", "李× <@lix>")] == [True, True]


@ONE
def test_a_robot_that_is_refused_for_good_hands_the_letter_to_the_next_way(app, case, sink, work_as):
    with robot_server() as robots:
        use(app, wecom_url=robots.settings()["wecom_url"] + "x")
        with work_as() as work:
            work.session.execute(sa.update(Person).values(first_way="wecom"))
        jobs.tick()
        jobs.tick()
    refused = ("wecom", "dead", 1, "errcode 93000: invalid webhook url")
    assert letters(work_as) == [refused, refused, ("email", "sent", 1, "")]


@ONE
def test_a_channel_that_is_down_holds_no_other_one_up(app, case, sink, work_as):
    use(app, wecom_url=f"http://127.0.0.1:{free_port()}/send?key=1")
    with work_as() as work:
        work.session.execute(sa.update(Person).where(Person.login == "other").values(first_way="wecom"))
    jobs.tick()
    assert [(channel, state) for channel, state, *_rest in letters(work_as)] == [("email", "sent"), ("wecom", "failed")]


@ONE
def test_what_was_planned_for_a_channel_that_is_no_more_goes_another_way(app, case, sink, work_as):
    with work_as() as work:
        work.session.execute(sa.update(Person).values(first_way="wecom"))
        work.session.execute(sa.update(Person).where(Person.login == "other").values(email="o@example.cn"))
    use(app, wecom_url=f"http://127.0.0.1:{free_port()}/send?key=1")
    jobs.tick()
    use(app, wecom_url="")
    with work_as() as work:
        work.session.execute(sa.update(Delivery).values(due_at=work.now))
    jobs.tick()
    jobs.tick()
    assert (
        sorted(letters(work_as))
        == [("email", "sent", 1, "")] * 2 + [("wecom", "dead", 2, "This channel is not set up any more.")] * 2
    )


def test_a_robot_speaks_at_most_eighteen_times_a_minute_whoever_asks(app, work_as, clock):
    start, taken = clock.moment, 0
    for step in range(60):
        clock.moment = start + timedelta(seconds=step * 59 / 60)
        with work_as() as work:
            taken += take_turn(work, "wecom", 18)
    assert taken == 15  # every three and a third seconds, asked once a second; the platforms take twenty
    clock.moment = start - timedelta(days=1)  # a clock that was set back holds nobody up
    with work_as() as work:
        assert take_turn(work, "wecom", 18)
        assert not take_turn(work, "wecom", 18)


@ONE
def test_a_person_says_by_which_ways_to_be_told(app, case, client_of, work_as):
    use(app, smtp_url="smtp://127.0.0.1", wecom_url="https://x.example/?key=1")
    browser = client_of("contact")
    stale, page = browser.get("/channels"), browser.get("/channels")
    assert "钉钉（可不填）" not in page.words
    odd = browser.submit(page, "/channels", email="no address", wecom="<@all>")
    assert (odd.status, "name@example.gov.cn" in odd.words, "请只填账号" in odd.words) == (422, True, True)
    assert 'value="&lt;@all&gt;"' in odd.text
    done = browser.submit(page, "/channels", email="new@example.cn", wecom="13904180001", first_way="wecom")
    assert "通知方式已保存" in done.words
    with work_as(write=False) as work:
        person = work.session.scalars(sa.select(Person).where(Person.login == "contact")).one()
        assert (person.email, person.wecom, person.first_way) == ("new@example.cn", "13904180001", "wecom")
        detail = work.session.scalars(sa.select(Event.detail).where(Event.word == "person:changed")).one()
        assert detail == {"person": "王×", "changed": ["email", "wecom", "first_way"]}
    assert browser.submit(stale, "/channels", email="late@example.cn").status == 409


@pytest.fixture
def address(case, client_of):
    """The contact's feed: the browser, and its address as the page shows it once."""
    browser = client_of("contact")
    page = browser.submit(browser.get("/channels"), "/channels/feed")
    assert page.status == 201
    path = page.text.split("<samp>http://localhost")[1].split("</samp>")[0]
    assert path not in browser.get("/channels").text
    return browser, path


@ONE
def test_a_feed_shows_the_own_units_open_deadlines_and_nothing_of_the_matter(app, case, address, work_as, visitor):
    _browser, path = address
    with work_as() as work:
        row = work.session.get(Assignment, case[0])
        token, title = row.token, row.notice.title
        late = assignment(work, factories.unit(work, "细河区"), due_on=date(2022, 1, 5))
        late_token = late.token
    answer = visitor.http.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = {str(event["uid"]).split("@")[0]: event for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert set(events) == {token, late_token}
    event = events[token]
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2022, 1, 10), date(2022, 1, 11))
    assert str(event["summary"]) == "阜政办公开改〔2021〕1号：报送整改情况截止"
    assert "已逾期2个工作日" in str(events[late_token]["summary"])
    assert str(event["url"]) == f"http://localhost/assignments/{token}"
    assert title not in answer.text


@ONE
def test_a_wrong_a_renewed_and_a_revoked_feed_have_one_answer(app, case, address, work_as, visitor):
    browser, first = address
    renewed = browser.submit(browser.get("/channels"), "/channels/feed").text
    second = renewed.split("<samp>http://localhost")[1].split("</samp>")[0]
    wrong = [visitor.http.get(url) for url in (first, "/calendar-feed/guess.ics", f"/calendar-feed/{'x' * 300}.ics")]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.data for answer in wrong}) == 1
    assert visitor.http.get(second).status_code == 200
    with work_as() as work:
        work.session.execute(sa.update(Person).where(Person.login == "contact").values(active=False))
    assert visitor.http.get(second).data == wrong[0].data
    with work_as() as work:
        work.session.execute(sa.update(Person).where(Person.login == "contact").values(active=True))
    assert visitor.http.get(second).status_code == 200
    browser = PageClient(app).sign_in("contact")
    browser.submit(browser.get("/channels"), "/channels/feed/revoke")
    assert visitor.http.get(second).data == wrong[0].data
    with work_as(write=False) as work:
        stored = list(work.session.scalars(sa.select(CalendarFeed.digest)))
        assert all(secret not in str(stored) for secret in (first[15:-4], second[15:-4]))


@ONE
def test_a_fault_behind_a_feed_writes_no_secret_into_the_log(app, address, caplog, visitor, monkeypatch):
    monkeypatch.setattr("tracker.reminders.views.channels.own_deadlines", lambda *_given: 1 / 0)
    assert visitor.http.get(address[1]).status_code == 500
    assert "ZeroDivisionError" in caplog.text
    assert address[1].split("/")[-1][:-4] not in caplog.text


@ONE
def test_a_new_first_password_ends_the_feed_that_was_made_under_the_old_one(app, case, address, work_as, visitor):
    _browser, first = address
    with work_as() as work:
        reset_password(work, work.session.scalars(sa.select(Person.id).where(Person.login == "contact")).one())
    assert visitor.http.get(first).status_code == 404


def test_the_clerk_is_led_to_those_whom_nothing_reaches_and_to_a_sheet_for_the_telephone(
    app, case, sink, client_of, work_as, clock
):
    with work_as() as work:
        work.session.execute(sa.update(Person).where(Person.login == "other").values(wecom=""))
    clock.moment = at("2022-01-12")
    sink.at_rcpt = ["550 no such user"]
    jobs.tick()
    browser = client_of("clerk")
    home = browser.get("/")
    assert "2名联络员无法通知到" in home.words
    listed = browser.get("/unreached").words
    assert "未填写任何通知地址" in listed
    assert "550 no such user" in listed
    sheet = browser.get("/roster")
    assert "李×" in sheet.words
    assert "0418-2820110" in sheet.words
    assert browser.get("/roster?reach=none&unit=9999").status == 200
    page = browser.get("/deliveries?state=dead")
    done = browser.submit(page, "/deliveries/retry")
    assert "1封通知将在一分钟内开始重新发送" in done.words
    assert jobs.tick().sent == 1
    assert "1名联络员无法通知到" in browser.get("/").words
    assert "王×：电子邮件" in browser.get("/roster").words


@ONE
def test_filters_of_the_letters_stand_in_the_address(app, case, sink, client_of, clock):
    sink.at_rcpt = ["550 no"]
    jobs.tick()
    browser = client_of("clerk")
    assert "王×" in browser.get("/deliveries?state=dead&channel=email&who=细河&reason=550 no").words
    for other in ("state=sent", "channel=wecom", "who=公安", "reason=551"):
        assert "没有符合条件的发送记录" in browser.get(f"/deliveries?{other}").words
    assert client_of("contact").get("/unreached").status == 404


@ONE
def test_two_workers_tell_a_group_once(app, case, work_as):
    with robot_server() as robots:
        use(app, wecom_url=robots.settings()["wecom_url"])
        jobs.tick()
        in_own_context(app, jobs.tick)
        assert len(robots.taken) == 1
