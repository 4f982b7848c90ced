"""Deliveries through a real mail server: once, tried again, given up with the server's words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.reminders.cases import assignment, at, contact, free_port, in_own_context, step, subject, words
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.notices.models import Assignment
from tracker.org.models import Person
from tracker.reminders import jobs
from tracker.reminders.jobs.house import own_house
from tracker.reminders.models import Delivery, Message
from tracker.reminders.operations.deliver import claim, retry, settle_sent
from tracker.reminders.operations.ladder import pages, remind
from tracker.reminders.operations.letters import open_letters
from tracker.reminders.policy.letters import LEASE, MOST_TRIES

DAY = timedelta(days=1)


@pytest.fixture
def case(app, clock, work_as):
    """An assignment whose contact has an address, on the morning of T-1."""
    with work_as() as work:
        contact(work, email="contact@example.cn", name="王×")
        row_id = assignment(work).id
    clock.moment = at("2022-01-07")
    return row_id


def rules(work):
    """When letters leave, and how people are reached."""
    return own_house().rules(work)


def deliveries(work_as):
    """Return (state, tries, trouble) of every delivery."""
    with work_as(write=False) as work:
        rows = work.session.scalars(sa.select(Delivery).order_by(Delivery.id))
        return [(str(row.state), row.tries, row.trouble) for row in rows]


def test_a_letter_arrives_once_with_number_and_link_only(case, sink, work_as):
    assert [jobs.tick().sent, jobs.tick().sent] == [1, 0]
    assert deliveries(work_as) == [("sent", 1, "")]
    (mail,) = sink.mails
    with work_as(write=False) as work:
        row = work.session.get(Assignment, case)
        number, link = row.notice.number, f"http://localhost/assignments/{row.token}"
    assert mail["Subject"] is not None
    parts = [part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert all(number in part and link in part for part in parts)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-RcptTo"] == "contact@example.cn"


def test_without_a_mail_server_nothing_is_planned_and_the_inbox_speaks(case, work_as):
    jobs.tick()
    assert deliveries(work_as) == []
    with work_as(write=False) as work:
        assert work.session.scalar(sa.select(sa.func.count(Message.id))) == 1


def test_req_14_one_letter_a_day_takes_along_everything_and_the_rest_waits_for_the_next(case, sink, clock, work_as):
    with work_as() as work:
        home = work.session.get(Assignment, case).unit
        later = assignment(work, home, due_on=date(2022, 1, 11)).id
        assignment(work, home, due_on=date(2022, 1, 12))
    jobs.tick()  # Friday morning: T-1 of one, T-3 of the others, one of them a day late
    assert [subject(mail) for mail in sink.mails] == ["阜政办公开改〔2021〕1号 距办理期限还有 1 个工作日 等 3 项"]
    with work_as() as work:
        step(work, work.session.get(Assignment, later), "submit", "return")
    clock.moment = at("2022-01-07", 15)
    jobs.tick()
    for weekend in ("2022-01-08", "2022-01-09"):
        clock.moment = at(weekend, 10)
        jobs.tick()
    clock.moment = at("2022-01-10", 7)
    jobs.tick()
    assert len(sink.mails) == 1
    clock.moment = at("2022-01-10", 10)
    jobs.tick()
    assert [len(set(sink.ids)), len(sink.mails)] == [2, 2]
    said = words(sink.mails[1])
    assert "2号" in said
    assert "已退回" in said
    assert {state for state, *_rest in deliveries(work_as)} == {"sent"}


def test_nothing_is_added_to_a_letter_that_may_have_arrived(case, sink, clock, work_as):
    """A sender died in the middle: its reader will throw a second mail of the same Message-ID away."""
    with work_as() as work:
        remind_and_open(work)
        first = claim(work, work.session.scalars(sa.select(Delivery.id)).one(), rules(work))
    with work_as() as work:
        step(work, work.session.get(Assignment, case), "submit", "return")
    clock.moment += LEASE
    jobs.tick()
    clock.moment += timedelta(minutes=20)
    jobs.tick()
    assert sink.ids == [f"<{first.key}@localhost>"]
    assert "已退回" not in words(sink.mails[0])
    clock.moment = at("2022-01-10")
    jobs.tick()
    assert "已退回" in words(sink.mails[1])


def remind_and_open(work):
    """Do what a tick does before it sends."""
    calendar = rules(work).calendar
    for ids in pages(work, calendar):
        remind(work, ids, calendar)
    open_letters(work, own_house().ways, rules(work).hours, calendar)


def test_reminders_leave_when_the_office_opens(case, sink, clock, work_as):
    clock.moment = at("2022-01-07", 3)
    assert jobs.tick().reminded == 1
    assert sink.mails == []
    clock.moment = at("2022-01-07", 9)
    assert jobs.tick().sent == 1


def test_a_temporary_refusal_is_tried_again_under_the_same_message_id(case, sink, clock, work_as):
    sink.at_data = ["451 try later", "421 still busy"]
    jobs.tick()
    assert deliveries(work_as) == [("failed", 1, "451 try later")]
    assert jobs.tick().sent == 0  # not before its time
    for _ in range(2):
        clock.moment += timedelta(minutes=6)
        jobs.tick()
    assert deliveries(work_as) == [("sent", 3, "")]
    assert len(sink.mails) == 1


def test_a_final_refusal_is_given_up_with_its_reason_and_can_be_sent_again(case, sink, work_as):
    sink.at_rcpt = ["550 no such user here"]
    jobs.tick()
    assert deliveries(work_as) == [("dead", 1, "550 no such user here")]
    with work_as() as work:
        told = work.session.scalars(sa.select(Event).where(Event.word == Word.DELIVERY_FAILED)).one()
        assert told.detail == {"person": "王×", "channel": "email", "reason": "550 no such user here"}
        delivery_id = work.session.scalars(sa.select(Delivery.id)).one()
        work.session.execute(sa.update(Person).where(Person.login == "contact").values(email="right@example.cn"))
        retry(work, delivery_id, own_house().ways)
    jobs.tick()
    assert deliveries(work_as) == [("sent", 1, "")]
    assert sink.mails[0]["X-RcptTo"] == "right@example.cn"


def test_an_unreachable_server_is_tried_eight_times_and_then_given_up(app, case, clock, work_as):
    nowhere = f"smtp://127.0.0.1:{free_port()}"
    app.extensions["rectify"].settings = replace(app.extensions["rectify"].settings, smtp_url=nowhere)
    for _ in range(MOST_TRIES + 1):
        jobs.tick()
        with work_as(write=False) as work:
            due_at = work.session.scalars(sa.select(Delivery.due_at)).one()
        clock.moment = max(clock.moment, due_at)
    ((state, tries, trouble),) = deliveries(work_as)
    assert (state, tries) == ("dead", MOST_TRIES)
    assert trouble == "The mail server cannot be reached. Check its address and the network."


def test_an_address_that_cannot_stand_in_a_mail_is_refused(case, sink, work_as):
    with work_as() as work:
        work.session.execute(sa.update(Person).values(email="two words\nBcc: x@example.cn"))
    jobs.tick()
    assert deliveries(work_as) == [("dead", 1, "The e-mail address is not valid.")]
    assert sink.mails == []


def test_a_claim_holds_for_its_lease_and_is_then_taken_again(case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    clock.moment += timedelta(minutes=2)
    with work_as(write=False) as work:
        delivery_id = work.session.scalars(sa.select(Delivery.id)).one()
    with work_as() as work:
        first = claim(work, delivery_id, rules(work))
    with work_as() as work:
        assert claim(work, delivery_id, rules(work)) is None
    clock.moment += LEASE
    with work_as() as work:
        second = claim(work, delivery_id, rules(work))
    assert (first.key, first.attempt, second.attempt) == (second.key, 2, 3)
    with work_as() as work:
        assert not settle_sent(work, first)  # the one whose claim lapsed has no say any more
        assert settle_sent(work, second)


def test_a_sender_that_dies_every_time_is_given_up_too(case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    for _ in range(MOST_TRIES):
        clock.moment += LEASE
        with work_as() as work:
            claim(work, work.session.scalars(sa.select(Delivery.id)).one(), rules(work))
    ((state, _tries, trouble),) = deliveries(work_as)
    assert (state, trouble) == ("dead", "The sender stopped in the middle of the last try.")


def test_req_11_a_letter_that_the_answer_overtook_is_dropped(case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    with work_as() as work:
        step(work, work.session.get(Assignment, case), "submit")
    clock.moment += timedelta(minutes=2)
    jobs.tick()
    assert deliveries(work_as) == [("sent", 2, "")]
    assert ["收悉" in subject(mail) or "报送" in subject(mail) for mail in sink.mails] == [True]


def test_req_11_a_letter_of_which_nothing_is_left_is_dropped(case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    with work_as() as work:
        work.session.execute(sa.update(Assignment).values(state="voided"))  # by hand: nobody is told of it
    clock.moment += timedelta(minutes=2)
    jobs.tick()
    reason = "Answered or settled before it could be sent: nothing was left to say."
    assert deliveries(work_as) == [("dropped", 1, reason)]
    assert sink.mails == []
    with work_as() as work:
        contact_ = work.session.scalars(sa.select(Person).where(Person.login == "contact")).one()
        work.session.add(
            Message(
                person_id=contact_.id, cause="x", kind="reply_returned", subject="新消息", body="", created_at=work.now
            )
        )
    jobs.tick()
    assert deliveries(work_as) == [("sent", 1, "")]  # nothing had left the house: the day's letter is opened again


def test_a_reminder_that_a_newer_rung_overtook_is_left_out(case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    clock.moment = at("2022-01-10")
    jobs.tick()
    assert deliveries(work_as) == [("sent", 2, "")]
    (mail,) = sink.mails
    assert "最后一个工作日" in subject(mail)  # what Friday's reminder said is left out, Monday's was taken along


def test_people_without_an_address_have_their_inbox(case, sink, work_as):
    with work_as() as work:
        work.session.execute(sa.update(Person).values(email=" "))
    assert jobs.tick().reminded == 1
    assert deliveries(work_as) == []


def test_the_worker_may_deliver_by_id(app, case, sink, clock, work_as):
    sink.at_data = ["451 later"]
    jobs.tick()
    clock.moment += timedelta(minutes=2)
    with work_as(write=False) as work:
        delivery_id = work.session.scalars(sa.select(Delivery.id)).one()
    outcomes = [in_own_context(app, lambda: jobs.deliver(delivery_id)) for _ in range(2)]
    assert outcomes == ["sent", "nothing"]
