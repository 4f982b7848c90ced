"""The inbox and the office's look at the deliveries."""

import pytest
import sqlalchemy as sa

from tests import factories
from tests.reminders.cases import assignment, at, contact
from tracker.notices.models import Assignment
from tracker.org.models import Person, Role
from tracker.reminders import jobs
from tracker.reminders.models import Delivery, Heartbeat, Message
from tracker.reminders.policy.telling import ASSIGNMENT_PATH, BATCH_PATH
from tracker.reminders.queries import inbox, unread_count


@pytest.fixture
def case(app, clock, work_as):
    with work_as() as work:
        contact(work, email="contact@example.cn", name="王×")
        contact(work, "other", factories.unit(work, "市公安局"))
        factories.person(work, "clerk", Role.CLERK)
        factories.person(work, "observer", Role.OBSERVER)
        row_id = assignment(work).id
    clock.moment = at("2022-01-07")
    return row_id


def message_id(work_as):
    with work_as(write=False) as work:
        return work.session.scalars(sa.select(Message.id)).one()


def test_opening_a_message_marks_it_read_and_leads_to_its_case(case, client_of, work_as):
    jobs.tick()
    browser = client_of("contact")
    page = browser.get("/inbox")
    assert "未读 1 条" in page.words
    assert "消息仅能在此查看" in page.words
    key = page.form("/inbox").values["form_key"]
    opened = browser.post(f"/inbox/{message_id(work_as)}/open", {"form_key": key}, follow=False)
    with work_as(write=False) as work:
        assert opened.response.location == ASSIGNMENT_PATH.format(token=work.session.get(Assignment, case).token)
        assert work.session.scalars(sa.select(Message.read_at)).one() is not None
    assert "未读 0 条" in browser.get("/inbox").words


def test_everything_shown_can_be_marked_at_once(case, client_of, work_as):
    jobs.tick()
    browser = client_of("contact")
    browser.submit(browser.get("/inbox"), "/inbox/open-all")
    assert "未读 0 条" in browser.get("/inbox").words


def test_somebody_elses_message_does_not_exist(case, client_of, work_as):
    jobs.tick()
    browser = client_of("other")
    page = browser.get("/inbox")
    assert "暂无消息" in page.words
    opened = browser.post(f"/inbox/{message_id(work_as)}/open", {"form_key": page.form("/inbox").values["form_key"]})
    assert opened.status == 404
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Message.read_at)).one() is None


def test_unread_ones_come_first_and_pages_lose_none(case, clock, work_as):
    with work_as() as work:
        person = work.session.scalars(sa.select(Person).where(Person.login == "contact")).one()
        for n in range(9):
            read_at = work.now if n % 3 == 0 else None
            row = Message(
                person_id=person.id, cause=f"event:{n}", kind="reminder", subject=str(n), body="", created_at=work.now
            )
            row.read_at = read_at
            work.session.add(row)
            work.session.flush()
        person_id = person.id
    seen, after = [], None
    with work_as(write=False) as work:
        assert unread_count(work.session, person_id) == 6
        while True:
            page = inbox(work.session, person_id, after, size=4)
            seen.append([message.subject for message in page.rows])
            after = page.next_key
            if after is None:
                break
        assert [m.subject for m in inbox(work.session, person_id, "nonsense", size=4).rows] == seen[0]
    assert seen == [["8", "7", "5", "4"], ["2", "1", "6", "3"], ["0"]]


def test_the_office_sees_why_a_delivery_failed_and_sends_it_again(case, sink, client_of, work_as):
    sink.at_rcpt = ["550 no such <user>"]
    jobs.tick()
    browser = client_of("clerk")
    page = browser.get("/deliveries?state=dead")
    assert "550 no such <user>" in page.words
    with work_as(write=False) as work:
        delivery_id = work.session.scalars(sa.select(Delivery.id)).one()
    done = browser.submit(page, f"/deliveries/{delivery_id}/retry")
    assert "重新发送给王×" in done.words
    assert jobs.tick().sent == 1
    assert "已发送" in browser.get("/deliveries").words


def test_only_the_clerk_may_send_again(case, sink, client_of, work_as):
    sink.at_rcpt = ["550 no"]
    jobs.tick()
    browser = client_of("observer")
    assert "/retry" not in browser.get("/deliveries").text
    with work_as(write=False) as work:
        delivery_id = work.session.scalars(sa.select(Delivery.id)).one()
    key = browser.get("/inbox").form("/inbox").values["form_key"]
    assert browser.post(f"/deliveries/{delivery_id}/retry", {"form_key": key}).status == 404
    assert client_of("contact").get("/deliveries").status == 404


def test_the_page_says_that_mail_is_off(case, client_of):
    assert "未启用任何对外通知方式" in client_of("clerk").get("/deliveries").words


@pytest.mark.parametrize(("path", "endpoint"), [(ASSIGNMENT_PATH, "replies.assignment"), (BATCH_PATH, "notices.batch")])
def test_links_lead_to_pages_that_exist(app, path, endpoint):
    adapter = app.url_map.bind("localhost")
    assert adapter.match(path.format(token="ABC", id=3))[0] == endpoint


def test_flask_tick_sums_up_and_leaves_a_sign_of_life(app, case, clock, work_as):
    from tracker.reminders.commands import tick

    app.cli.add_command(tick)
    result = app.test_cli_runner().invoke(args=["tick"])
    assert result.output.splitlines()[0] == "told 0, reminded 1, sent 0, failed 0"
    assert "inbox only" in result.output
    with work_as(write=False) as work:
        assert work.session.get(Heartbeat, "tick").at == clock.moment
