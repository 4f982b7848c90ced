"""代录: a reply on paper is registered for its unit; its arrival counts, and who registered it does not review it."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import factories as f
from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.replies.case import DONE, Case, assignment
from tracker.audit.models import Event
from tracker.files.operations import keep
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.policy import due_of
from tracker.org.policy import Permission, can
from tracker.replies.models import Reply, Way
from tracker.replies.operations import items, registering, rounds
from tracker.replies.operations.registering import Arrival
from tracker.replies.operations.submission import Incomplete
from tracker.workdays.calendar import Calendar

ClientOf = Callable[[str], PageClient]
ARRIVED = office_moment("2022-01-10T17:00")
"""On the last day; it is entered two days later."""
ENTERED = office_moment("2022-01-12T09:30")
BY_HAND = Arrival("赵六", Way.PAPER, ARRIVED)
FILLED = {"result": "fixed", "measure": "已恢复更新。", "finished_on": "2022-01-05", "responsible": "张三"}
TYPED = {"brought_by": "赵六", "way": "paper", "arrived_at": "2022-01-10T17:00"}


def test_arrival_counts_for_lateness_and_both_moments_are_kept(case: Case, work_as: WorkAs, clock: FixedClock) -> None:
    clock.moment = ENTERED
    with work_as(case.clerk) as work:
        row = assignment(work, case)
        reply = registering.hold(work, row, BY_HAND, keep(work, io.BytesIO(f.png()), "盖章件.png"))
        with pytest.raises(Incomplete):
            registering.register(work, row)
        for line in reply.items:
            items.write_line(work, row, line, DONE)
        registering.register(work, row)
        assert (row.state, row.submitted_at, row.acknowledged_at) == (AssignmentState.SUBMITTED, ARRIVED, ARRIVED)
        assert (reply.arrived_at, reply.submitted_at, reply.receipt) == (ARRIVED, ENTERED, "R-2022-000001")
        assert due_of(row, work.now, Calendar()).standing == "answered_on_time"
        assert not can(case.clerk, Permission.REPLY_REVIEW, reply)
    with work_as() as work:
        told = {e.word: e.detail for e in work.session.scalars(select(Event)) if e.word.startswith("reply:")}
        assert told["reply:registered"]["arrived"] == "2022-01-10 17:00"
        assert told["reply:registered"]["brought_by"] == "赵六"


def test_who_registered_does_not_review_even_as_a_reviewer(case: Case, work_as: WorkAs, clock: FixedClock) -> None:
    clock.moment = ENTERED
    with work_as(case.reviewer) as work:
        row = assignment(work, case)
        reply = registering.hold(work, row, BY_HAND, keep(work, io.BytesIO(f.png()), "盖章件.png"))
        for line in reply.items:
            items.write_line(work, row, line, DONE)
        registering.register(work, row)
        assert not can(work.actor, Permission.REPLY_REVIEW, reply)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arrival", "field"),
    [
        (Arrival("", Way.PAPER, ARRIVED), "brought_by"),
        (Arrival("赵六", None, ARRIVED), "way"),
        (Arrival("赵六", Way.POST, None), "arrived_at"),
        (Arrival("赵六", Way.POST, ENTERED + timedelta(seconds=1)), "arrived_at"),
        (Arrival("赵六", Way.POST, office_moment("2021-12-28T09:59:59")), "arrived_at"),
    ],
)
def test_an_arrival_that_cannot_be_is_refused(
    case: Case, work_as: WorkAs, clock: FixedClock, arrival: Arrival, field: str
) -> None:
    clock.moment = ENTERED
    with work_as(case.clerk) as work, pytest.raises(Invalid) as refused:
        registering.hold(work, assignment(work, case), arrival)
    assert list(refused.value.problems) == [field]


def test_while_the_office_registers_the_unit_writes_nothing(case: Case, work_as: WorkAs, clock: FixedClock) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
        with pytest.raises(Missing):
            registering.hold(work, assignment(work, case), BY_HAND)
    clock.moment = ENTERED
    with work_as(case.clerk) as work:
        registering.hold(work, assignment(work, case), BY_HAND)
    with work_as(case.contact) as work, pytest.raises(Refused):
        items.write_item(work, assignment(work, case), 1, DONE)
    with work_as(case.clerk) as work:
        registering.let_go(work, assignment(work, case))
    with work_as(case.contact) as work:
        items.write_item(work, assignment(work, case), 1, DONE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_clerk_registers_through_the_pages(
    client_of: ClientOf, case: Case, work_as: WorkAs, clock: FixedClock
) -> None:
    clock.moment = ENTERED
    url = f"/assignments/{case.token}/register"
    clerk = client_of("clerk")
    page = clerk.submit(clerk.get(url), "/register", **{**TYPED, "arrived_at": "2022-01-13T09:00"})
    assert page.status == 422
    assert "该时间尚未到来" in page.words
    assert page.form("/register").values["brought_by"] == "赵六"
    page = clerk.submit(page, "/register", **TYPED)
    assert "正在代录" in client_of("contact-xihe").get(f"/assignments/{case.token}").words
    scan = (io.BytesIO(f.png()), "盖章件.png")
    page = clerk.submit(page, "/register", **TYPED, **_item(1), scan=scan, act="submit")
    assert "第 2 项：请选择整改结果。" in page.words
    page = clerk.submit(page, "/register", **TYPED, **_item(1), **_item(2), act="submit")
    assert page.path == f"{url.removesuffix('/register')}/receipt/1"
    for words in ("代录", "2022-01-10 17:00", "2022-01-12 09:30", "赵六"):
        assert words in page.words
    assert "代录" in client_of("reviewer").get("/replies").words
    assert "代录" in client_of("reviewer").get(f"/replies/{case.token}/review").words
    assert client_of("contact-police").get(url).status == 404
    with work_as() as work:
        assert work.session.scalars(select(Reply.registered_name)).all() == ["王芳"]


def _item(number: int) -> dict[str, str]:
    return {f"item-{number}-{name}": value for name, value in FILLED.items()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_typed_a_registration_that_another_submitted_does_not_review_it(
    case: Case, work_as: WorkAs, clock: FixedClock
) -> None:
    clock.moment = ENTERED
    with work_as(case.reviewer) as work:
        row = assignment(work, case)
        for line in registering.hold(work, row, BY_HAND).items:
            items.write_line(work, row, line, DONE)
    with work_as(case.clerk) as work:
        row = assignment(work, case)
        registering.hold(work, row, BY_HAND, keep(work, io.BytesIO(f.png()), "盖章件.png"))
        reply = registering.register(work, row)
        assert not can(case.reviewer, Permission.REPLY_REVIEW, reply)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_arrival_in_the_year_one_is_a_slip_of_the_pen(client_of: ClientOf, case: Case) -> None:
    clerk = client_of("clerk")
    page = clerk.get(f"/assignments/{case.token}/register")
    page = clerk.submit(page, "/register", **{**TYPED, "arrived_at": "0001-01-01T00:00"})
    assert (page.status, "请核对这一日期的年份" in page.words) == (422, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scan_that_another_person_put_in_meanwhile_is_not_submitted_unseen(
    client_of: ClientOf, case: Case, work_as: WorkAs, clock: FixedClock
) -> None:
    clock.moment = ENTERED
    with work_as(case.clerk) as work:
        row = assignment(work, case)
        reply = registering.hold(work, row, BY_HAND, keep(work, io.BytesIO(f.png()), "一.png"))
        for line in reply.items:
            items.write_line(work, row, line, DONE)
    clerk = client_of("clerk")
    page = clerk.get(f"/assignments/{case.token}/register")
    with work_as(case.reviewer) as work:
        scan = keep(work, io.BytesIO(f.png(colour="red")), "二.png")
        registering.hold(work, assignment(work, case), BY_HAND, scan)
    assert clerk.submit(page, "/register", act="submit").status == 409
    page = clerk.get(f"/assignments/{case.token}/register")
    assert clerk.submit(page, "/register", act="submit").path.endswith("/receipt/1")
