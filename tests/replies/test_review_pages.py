"""The reviewer's desk: several returned at once, the office's own reasons, keys, what the machine had said."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.replies.case import DONE, Case, answer, assignment, deliver
from tracker.audit.models import Event
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.models import Person, Unit
from tracker.replies.models import ReadingState, Reply, ScanReading
from tracker.replies.operations import items, review

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Pages on one database: what they call is tested on both."""
ClientOf = Callable[[str], PageClient]


@pytest.fixture
def two(case: Case, work_as: WorkAs) -> list[Case]:
    """Two submitted replies of one unit."""
    with work_as() as work:
        unit, clerk = work.session.get_one(Unit, case.unit_id), work.session.get_one(Person, case.clerk.person_id)
        other = deliver(work, unit, clerk, 1).token
    cases = [case, Case(other, *(getattr(case, name) for name in list(Case.__annotations__)[1:]))]
    with work_as(case.contact) as work:
        for each in cases:
            answer(work, each)
    return cases


def test_several_are_returned_with_one_reason_or_none_is(client_of: ClientOf, two: list[Case], work_as: WorkAs) -> None:
    reviewer = client_of("reviewer")
    queue = reviewer.get("/replies")
    chosen = [f"{each.token}.{_version(work_as, each)}" for each in two]
    assert all(value in queue.text for value in chosen)
    refused = reviewer.submit(queue, "/replies/return", reply=chosen)
    assert refused.status == 422
    assert "请写明" in refused.words
    stale = reviewer.submit(queue, "/replies/return", reply=[chosen[0], f"{two[1].token}.77"], reason="缺单位印章")
    assert stale.status == 409
    assert "均未退回" in stale.words
    assert _states(work_as) == [AssignmentState.SUBMITTED] * 2
    done = reviewer.submit(queue, "/replies/return", reply=chosen, reason="缺单位印章")
    assert "已退回细河区" in done.words
    assert _states(work_as) == [AssignmentState.RETURNED] * 2
    with work_as() as work:
        told = [e.detail["reason"] for e in work.session.scalars(select(Event)) if e.word == "reply:returned"]
        assert told == ["缺单位印章"] * 2
        second = work.session.scalars(select(Reply).where(Reply.round == 2)).first()
        assert second is not None
        assert {(line.decision, line.to_change) for line in second.items} == {(None, False)}


def _version(work_as: WorkAs, case: Case) -> int:
    with work_as(write=False) as work:
        query = select(Reply.version).join(Assignment).where(Assignment.token == case.token)
        return work.session.scalars(query).one()


def _states(work_as: WorkAs) -> list[AssignmentState]:
    with work_as(write=False) as work:
        return list(work.session.scalars(select(Assignment.state)))


def test_the_office_writes_its_own_ready_reasons(client_of: ClientOf, two: list[Case]) -> None:
    reviewer = client_of("reviewer")
    page = reviewer.get("/replies/reasons")
    assert "缺少单位印章" in page.text or "印章" in page.text
    assert reviewer.submit(page, "/replies/reasons", item="字" * 201).status == 422
    reviewer.submit(page, "/replies/reasons", paper="签字人不是主要领导\n\n签字人不是主要领导", item="请附整改后截图")
    desk = reviewer.get(f"/replies/{two[0].token}/review")
    assert desk.words.count("签字人不是主要领导") == 1
    assert desk.words.count("请附整改后截图") == 2
    reviewer.submit(reviewer.get("/replies/reasons"), "/replies/reasons", paper="", item="")
    assert "签字人不是主要领导" not in reviewer.get("/replies/reasons").text
    assert client_of("clerk").get("/replies/reasons").status == 404


def test_keys_are_shown_and_switched_off_for_the_person(client_of: ClientOf, two: list[Case]) -> None:
    reviewer = client_of("reviewer")
    url = f"/replies/{two[0].token}/review"
    desk = reviewer.get(url)
    assert 'data-key="y"' in desk.text
    assert "data-keys-off" not in desk.text
    back = reviewer.submit(desk, "/keys", keys="off")
    assert back.path == url
    assert "data-keys-off" in back.text
    assert "data-keys-off" in client_of("reviewer").get("/password").text
    assert "data-keys-off" not in reviewer.submit(back, "/keys", keys="on").text


def test_a_further_round_shows_what_changed_and_keeps_what_the_machine_said(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    _read(work_as, seal="absent", signature="found")
    with work_as(case.reviewer) as work:
        first = review.return_whole(work, assignment(work, case), "缺单位印章")
        assert (first.seal_level, first.signature_level) == ("absent", "found")
        assert not first.seal_checked
    with work_as(case.contact) as work:
        answer(work, case)
    desk = client_of("reviewer").get(f"/replies/{case.token}/review")
    assert "与第 1 次报送相比没有改动" in desk.words
    assert "第 1 项的整改措施与第 1 次报送相同" in desk.words
    with work_as(case.reviewer) as work:
        assert review.return_whole(work, assignment(work, case), "仍缺印章").seal_level == ""
    with work_as(case.contact) as work:
        changed = items.Written(DONE.result, "已于12月30日恢复更新。", DONE.finished_on, DONE.responsible)
        items.write_item(work, assignment(work, case), 1, changed)
    page = client_of("contact-xihe").get(f"/assignments/{case.token}/check")
    assert "第 2 项的整改措施与第 2 次报送相同" in page.words
    assert "第 1 项的整改措施与" not in page.words


def _read(work_as: WorkAs, **levels: str) -> None:
    with work_as() as work:
        reading = work.session.scalars(select(ScanReading)).one()
        reading.state = ReadingState.READY
        reading.pages = [
            {"n": 1, "turn": 0, "code": None, **{what: {"level": level} for what, level in levels.items()}}
        ]
