"""The office's own ladder: what it may hold, its example, and that it holds for what is under way."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import one_database
from tests.reminders.cases import assignment, at, contact
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Stale
from tracker.notices.models import NoticeKind
from tracker.org.models import Role
from tracker.reminders import jobs
from tracker.reminders.models import Message
from tracker.reminders.operations.rules import set_ladder
from tracker.reminders.policy.ladder import (
    CONTACTS,
    LADDER,
    About,
    Case,
    Circle,
    Rung,
    Walk,
    Who,
    faults,
)
from tracker.reminders.queries.ladder import ladders
from tracker.workdays.calendar import Calendar

KIND = NoticeKind.RECTIFICATION
CLERK = frozenset({Who.CLERK})


def said(work_as):
    """Return (kind, rung, login) of every message, in order."""
    with work_as(write=False) as work:
        rows = work.session.scalars(sa.select(Message).order_by(Message.id))
        return [(row.kind, row.rung, row.person.login) for row in rows]


@pytest.mark.parametrize(
    ("rungs", "places"),
    [
        (LADDER, []),
        ([Rung(About.REPLY, -31, CONTACTS), Rung(About.REPLY, 61, CONTACTS)], [0, 1]),
        ([Rung(About.REPLY, 1, CONTACTS), Rung(About.REPLY, 1, CLERK)], [1]),
        ([Rung(About.REPLY, 1, CONTACTS), Rung(About.RECEIPT, 1, CONTACTS)], []),
        ([Rung(About.REPLY, 1, frozenset())], [0]),
        ([Rung(About.REPLY, 1, CONTACTS, "长" * 21)], [0]),
        ([], [-1]),
        ([Rung(About.REPLY, n, CONTACTS) for n in range(21)], [-1]),
    ],
)
def test_what_a_ladder_may_hold(rungs, places):
    assert list(faults(rungs)) == places


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ({Who.CONTACT}, [2]),
        ({Who.SECOND}, [3, 4]),
        ({Who.LEADER}, [4, 5]),
        ({Who.CONTACT, Who.SECOND, Who.LEADER}, [2, 3, 4, 5]),
    ],
)
def test_whom_a_rung_speaks_to(who, told):
    people = {2: {Role.CONTACT}, 3: {Role.CONTACT}, 4: {Role.CONTACT, Role.LEADER}, 5: {Role.LEADER}}
    named = {_Named(id_): roles for id_, roles in people.items()}
    found, clerks = Circle({7: named}).told(Rung(About.REPLY, 1, frozenset(who)), _case())
    assert ([person.id for person in found], clerks) == (told, [])


def test_the_clerk_who_drafted_it_is_told_or_every_clerk_when_gone():
    clerks = [_Named(8), _Named(9)]
    rung = Rung(About.REPLY, 1, CLERK)
    assert [each.id for each in Circle({}, clerks).told(rung, _case(drafted_by=9))[1]] == [9]
    assert [each.id for each in Circle({}, clerks).told(rung, _case(drafted_by=1))[1]] == [8, 9]


def test_a_day_off_has_no_steps_and_the_receipt_is_asked_for_only_until_acknowledged():
    walk = Walk({KIND: LADDER}, date(2021, 12, 30), Calendar())
    assert [step.rung.name for step in walk.steps(_case())] == ["R+1"]
    assert list(walk.steps(_case(state="acknowledged"))) == []
    assert list(Walk({KIND: LADDER}, date(2022, 1, 1), Calendar()).steps(_case())) == []


class _Named:
    def __init__(self, id_: int) -> None:
        self.id = id_


def _case(**values):
    known = {
        "id": 1,
        "token": "T",
        "kind": KIND,
        "number": "1号",
        "unit_id": 7,
        "unit_name": "细河区",
        "state": "issued",
        "due_on": date(2022, 1, 10),
        "due_time": None,
        "receipt_on": date(2021, 12, 29),
        "issued_on": date(2021, 12, 28),
        "delivered_on": date(2021, 12, 28),
        "drafted_by": 1,
    }
    made = {**known, **values}
    from tracker.notices.lifecycle import AssignmentState

    return Case(**{**made, "state": AssignmentState(made["state"])})


def test_a_ladder_holds_for_what_is_under_way_and_says_nothing_twice(app, clock, work_as):
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK)
        contact(work, "first")
        contact(work, "second")
        assignment(work, receipt_on=date(2021, 12, 29), state="issued")
    clock.moment = at("2022-01-07")
    jobs.tick()
    rungs = [Rung(About.REPLY, 1, CLERK, "请跟进"), Rung(About.REPLY, -1, frozenset({Who.SECOND}))]
    with work_as() as work:
        set_ladder(work, KIND, rungs, 0)
    jobs.tick()
    clock.moment = at("2022-01-11")
    jobs.tick()
    both = ("first", "second")
    early = [
        *((("reminder", "T-1", login)) for login in both),
        *((("receipt_reminder", "R+1", login)) for login in both),
    ]
    assert said(work_as) == [*early, ("unit_reminder", "T+1", "clerk")]
    with work_as(write=False) as work:
        newest = work.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
        assert newest.subject.startswith("请跟进 · 细河区 ")
        (event,) = work.session.scalars(sa.select(Event).where(Event.word == Word.LADDER_SET))
        assert event.detail["rungs"] == "T-1 其他联络员；T+1 经办"


@one_database
def test_two_who_set_it_at_once_are_told(work_as):
    with work_as() as work:
        set_ladder(work, KIND, [Rung(About.REPLY, 1, CONTACTS)], 0)
    with work_as() as work, pytest.raises(Stale):
        set_ladder(work, KIND, [Rung(About.REPLY, 2, CONTACTS)], 0)
    with work_as() as work, pytest.raises(Invalid):
        set_ladder(work, KIND, [], 1)
    with work_as(write=False) as work:
        assert ladders(work.session)[KIND] == (Rung(About.REPLY, 1, CONTACTS),)


@one_database
def test_the_page_tries_a_ladder_before_it_is_set(app, clock, client_of, work_as):
    with work_as() as work:
        factories.person(work, "clerk", Role.CLERK, name="王丽")
        contact(work, "first", name="何雨")
    browser = client_of("clerk")
    page = browser.get("/reminders/ladder")
    assert "系统预设，尚未调整" in page.words
    form = page.form("/reminders/ladder")
    for odd in ("due=0001-01-01", "due=9999-12-31", f"due=2022-01-10&unit={10**20}"):
        assert browser.get(f"/reminders/ladder?{odd}").status == 200
    preview = {**form.values, "due": "9999-12-31", "unit": str(10**20)}
    assert browser.post("/reminders/ladder/preview", preview).status == 422
    for place in ("/reminders/ladder", "/reminders/ladder/preview"):
        assert browser.post(place, {"form_key": form.values["form_key"]}).status == 422  # no step at all
    values = {**form.values, "r0-days": "99"}
    bad = browser.post("/reminders/ladder", values)
    assert bad.status == 422
    assert "最早提前30个工作日" in bad.words
    values |= {"r0-days": "", "r0-side": "before"}
    assert "请填写工作日数" in browser.post("/reminders/ladder/preview", values).words
    values |= {
        "r0-days": "5",
        "r9-about": "reply",
        "r9-side": "after",
        "r9-days": "2",
        "r9-who": "clerk",
        "due": "2022-01-10",
    }
    tried = browser.post("/reminders/ladder/preview", values)
    assert "尚未生效" in tried.words
    assert "2021年12月31日 周五 期限前 5 个工作日 何雨" in tried.words
    assert "2022年1月12日 周三 逾期 2 个工作日 王丽" in tried.words
    with work_as(write=False) as work:
        assert ladders(work.session)[KIND] == LADDER
    done = browser.post("/reminders/ladder", {**values, "r1-drop": "y"})
    assert "提醒规则已设定" in done.words
    with work_as(write=False) as work:
        assert [rung.name for rung in ladders(work.session)[KIND]][:4] == ["T-5", "T", "T+1", "T+2"]
    stale = browser.post(
        "/reminders/ladder",
        {
            **values,
            "version": "0",
            "form_key": browser.get("/reminders/ladder").form("/reminders/ladder").values["form_key"],
        },
    )
    assert stale.status == 409
    assert "已被他人修改" in stale.words
