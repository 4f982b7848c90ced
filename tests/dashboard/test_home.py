"""The home page names what came on paper and waits for the office, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

from tests import factories as f
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tests.replies.case import build
from tracker.kit.clock import office_moment
from tracker.notices.queries import assignment_by_token
from tracker.org.models import Person
from tracker.org.policy import Work
from tracker.replies.models import Stack, Way
from tracker.replies.operations.registering import Arrival, hold

pytestmark = one_database


def _stack(work: Work, name: str, days: int) -> None:
    clerk = work.session.query(Person).filter_by(login="clerk").one()
    work.session.add(
        Stack(
            file=f.stored_file(work, name=name, pages=3),
            brought_by="各单位自送",
            brought_way=Way.PAPER,
            arrived_at=work.now - timedelta(days=days),
            made_by=clerk.id,
            made_name=clerk.name,
            made_at=work.now - timedelta(days=days),
        )
    )


def test_stacks_and_begun_registrations_stand_on_the_office_home(
    work_as: WorkAs, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        case = build(work, 1)
        _stack(work, "今天的扫描件.pdf", 0)
        _stack(work, "很久以前的扫描件.pdf", 15)
    with work_as(case.clerk) as work:
        arrival = Arrival("郑晓东", Way.POST, office_moment("2021-12-28T15:00"))
        hold(work, assignment_by_token(work, case.token), arrival)
    home = client_of("clerk").get("/").text
    assert "今天有 2 件要您办：1 份扫描件待归档，1 件代录待完成。" in home
    assert ("今天的扫描件.pdf" in home, "很久以前的扫描件.pdf" in home) == (True, False)
    assert f"/assignments/{case.token}/register" in home
    assert "代录待完成" not in client_of("contact-xihe").get("/").text


def test_the_home_says_that_nobody_is_told_and_a_leader_sees_what_the_unit_owes(
    work_as: WorkAs, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        case = build(work, 1)
    assert "尚未设置任何通知渠道" in client_of("clerk").get("/").text
    leader = client_of("leader-xihe").get("/").text
    assert f"/assignments/{case.token}" in leader
    assert "今天没有待办" not in leader
