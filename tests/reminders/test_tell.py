"""What the record says is told once, to the people it concerns."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories
from tests.reminders.cases import assignment, batch, contact, step
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.notices.models import Assignment, Notice
from tracker.org.models import Delegation, Role
from tracker.reminders import jobs
from tracker.reminders.models import Message
from tracker.reminders.operations.tell import tell
from tracker.reminders.policy.telling import ALSO_TOLD, TOLD
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import brief, explain


def said(work_as):
    """Return (kind, login) of every message, in order."""
    with work_as(write=False) as work:
        return [(row.kind, row.person.login) for row in work.session.scalars(sa.select(Message).order_by(Message.id))]


@pytest.fixture
def people(work_as):
    with work_as() as work:
        home = factories.unit(work)
        contact(work)
        factories.person(work, "leader", Role.LEADER, unit=home)
        factories.person(work, "stranger", Role.CONTACT, unit=factories.unit(work, "市公安局"))
        factories.person(work, "stopped", Role.CONTACT, unit=home, active=False)
        factories.person(work, "clerk", Role.CLERK)
        factories.person(work, "director", Role.DIRECTOR)
        factories.person(work, "reviewer", Role.REVIEWER)
        return assignment(work, state="issued").id


HANDED_IN = [("reply_submitted", "reviewer"), ("reply_handed_in", "contact"), ("reply_handed_in", "leader")]
STEPS = [
    (("acknowledge", "submit"), HANDED_IN),
    (("acknowledge", "submit", "return"), [*HANDED_IN, ("reply_returned", "contact")]),
    (
        ("acknowledge", "register"),
        [("reply_submitted", "reviewer"), ("reply_registered", "contact"), ("reply_registered", "leader")],
    ),
    (
        ("acknowledge", "submit", "accept", "close", "reopen"),
        [*HANDED_IN, ("assignment_closed", "contact"), ("assignment_reopened", "contact")],
    ),
    (("void",), [("assignment_voided", "contact")]),
]


@pytest.mark.parametrize(("steps", "expected"), STEPS)
def test_an_assignments_steps_are_told_to_the_other_side(app, people, work_as, steps, expected):
    with work_as() as work:
        step(work, work.session.get(Assignment, people), *steps)
    jobs.tick()
    jobs.tick()
    assert said(work_as) == expected


@pytest.mark.parametrize("subject", [Notice, Assignment])
def test_a_delivered_notice_is_told_to_contacts_and_leaders(app, people, work_as, subject):
    with work_as() as work:
        row = work.session.get(Assignment, people)
        about = row if subject is Assignment else row.notice
        record(work, Word.NOTICE_DELIVERED, about, case=f"assignment:{row.id}", number=row.notice.number, sha256="0")
    jobs.tick()
    assert said(work_as) == [("notice_delivered", "contact"), ("notice_delivered", "leader")]


def test_a_batch_is_told_once_per_act(app, people, work_as, clock):
    with work_as() as work:
        row = batch(work)
        for n in range(3):
            notice = Notice(
                batch_id=row.id, kind="rectification", unit_id=factories.unit(work, f"单位{n}").id, title=""
            )
            work.session.add(notice)
            work.session.flush()
            record(work, Word.NOTICE_SUBMITTED, notice, case=f"batch:{row.id}")
            record(work, Word.NOTICE_SENT_BACK, notice, case=f"batch:{row.id}", reason="")
    jobs.tick()
    assert said(work_as) == [("notice_submitted", "director"), ("notice_sent_back", "clerk")]


def test_who_stands_in_for_the_reviewer_is_told_too(app, people, work_as, clock):
    with work_as() as work:
        deputy = factories.person(work, "deputy", Role.CLERK)
        reviewer = work.session.scalar(sa.text("SELECT id FROM person WHERE login = 'reviewer'"))
        today = work.today
        work.session.add(
            Delegation(
                from_id=reviewer,
                to_id=deputy.id,
                role=Role.REVIEWER,
                starts_on=today,
                ends_on=today,
                reason="",
                created_at=work.now,
            )
        )
        step(work, work.session.get(Assignment, people), "acknowledge", "submit")
    jobs.tick()
    assert sorted(said(work_as))[2:] == [("reply_submitted", "deputy"), ("reply_submitted", "reviewer")]


def test_the_record_is_read_on_in_pages_and_told_once(app, people, work_as):
    with work_as() as work:
        row = work.session.get(Assignment, people)
        step(work, row, "acknowledge", "submit", "return", "submit", "return")
    seen = []
    for _ in range(3):
        with work_as() as work:
            seen.append(tell(work, size=3))
    assert [(progress.written, progress.more) for progress in seen] == [(7, True), (1, False), (0, False)]


def test_each_reader_has_it_in_their_language_on_one_line(app, people, work_as):
    with work_as() as work:
        contact(work, "english", locale="en")
        step(work, work.session.get(Assignment, people), "acknowledge", "submit", "return")
    jobs.tick()
    with work_as(write=False) as work:
        rows = list(
            work.session.scalars(sa.select(Message).where(Message.kind == "reply_returned").order_by(Message.id))
        )
        number = work.session.get(Assignment, people).notice.number
        assert [(row.person.login, row.subject) for row in rows] == [
            ("contact", f"{number} 整改情况报告已退回"),
            ("english", f"Your reply to {number} was returned"),
        ]
        assert "10 Jan 2022" in rows[1].body
        assert all("\n" not in row.subject for row in rows)


@pytest.mark.parametrize(("about", "words"), [({}, "尚未"), ({"again": True}, "已退回"), ({"disputed": True}, "申辩")])
@pytest.mark.parametrize("place", [-3, 0, 4])
def test_req_11_a_reminder_speaks_of_what_is_returned_or_disputed(about, words, place):
    from tracker.reminders.operations import texts

    known = {"number": "1号", "due": "2022年1月10日", "place": place, "heading": "", "again": False, "disputed": False}
    counted = brief(explain(date(2021, 12, 28), date(2022, 1, 10), Calendar()))
    said = texts.body("reminder", texts.CHINESE, **{**known, **about}, counted=counted)
    assert words in said or place > 0
    assert "期限的算法" in said
    assert "元旦" in said
    assert all(line == line.strip() for line in said.splitlines())


def test_every_event_that_is_told_has_its_words():
    from tracker.reminders.operations import texts

    context = {"number": "1号", "due": "今天", "place": 1, "by": "李四", "receipt": "R-2021-000001"}
    context |= {
        "called": "Urging letter",
        "letter": "催1号",
        "corrected": "改1号",
        "unit": "细河区",
        "person": "甲",
        "former": "乙",
        "from_on": "1日",
        "until": "7日",
        "title": "自查",
    }
    context |= {"heading": "提醒", "again": False, "disputed": False, "counted": None, "unit": "细河区"}
    reminders = {"reminder", "receipt_reminder", "unit_reminder"}
    for kind in {telling.kind for telling in [*TOLD.values(), *ALSO_TOLD.values()]} | reminders:
        for locale in texts.LOCALES:
            subject, body = texts.subject(kind, locale, **context), texts.body(kind, locale, **context)
            assert subject
            assert body


def test_no_text_becomes_markup_in_a_mail():
    from tracker.reminders.channels.port import Line
    from tracker.reminders.operations import texts

    matters = [[Line("{{7*7}}<script>", "/a", "<i>", "<script>\n{{7*7}}")], [Line("x", "/b")]]
    for locale in texts.LOCALES:
        page = texts.html("letter", locale, subject="<b>", matters=matters, url="http://x", office="&", name="<u>")
        assert [part in page for part in ("&lt;b&gt;", "&lt;i&gt;", "&lt;u&gt;", "{{7*7}}&lt;script&gt;")] == [True] * 4
        assert "<script>" not in page
