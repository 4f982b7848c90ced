"""From the morning's proposal to the decision: by pages, as a clerk and a director do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from tests import factories as f
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tests.reminders import cases
from tests.worlds import as_
from tracker.audit.models import Event
from tracker.escalation import jobs
from tracker.escalation.models import Proposal, ProposalState
from tracker.escalation.operations.morning import Done
from tracker.escalation.queries import namings
from tracker.escalation.queries.proposals import proposed, waiting
from tracker.kit.clock import FixedClock, office_moment
from tracker.notices.models import About, Assignment, Batch, Notice, NoticeKind
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Work
from tracker.replies.models import Decision, Reply
from tracker.requests.lifecycle import RequestState
from tracker.requests.models import Extension
from tracker.workdays.deadlines import Deadline

T1, T3 = office_moment("2022-01-11T09:00"), office_moment("2022-01-13T09:00")


@dataclass
class Ledger:
    """Ids of what stands in it."""

    late: int
    police: int
    in_time: int
    xihe: int


def answered(work: Work, row: Assignment, arrived: str) -> None:
    """A reply on paper that arrived then and was accepted; registered a day later."""
    scan, moment = f.stored_file(work, name=f"{row.id}.pdf"), office_moment(arrived)
    reply = Reply(
        assignment_id=row.id, round=1, scan_id=scan.id, receipt=f"R-{row.id}", submitted_at=work.now,
        arrived_at=moment, registered_by=1, brought_by="李四", brought_way="paper",
        decision=Decision.ACCEPTED, decided_at=work.now, signature_checked=True, seal_checked=True,
    )  # fmt: skip
    work.session.add(reply)
    row.state, row.submitted_at, row.first_submitted_at, row.closed_at = "closed", moment, moment, work.now
    work.session.flush()


@pytest.fixture
def ledger(work_as: WorkAs, clock: FixedClock) -> Ledger:
    """细河区 answers one of 2022-01-10 in time and not the other; 市公安局 was late twice and owes a third."""
    clock.moment = office_moment("2021-12-29T09:00")
    with work_as() as work:
        for login, role in (("clerk", Role.CLERK), ("clerk-2", Role.CLERK), ("director", Role.DIRECTOR)):
            f.person(work, login, role, name={"clerk": "王芳", "clerk-2": "李静"}.get(login, login))
        f.person(work, "observer", Role.OBSERVER)
        police = f.unit(work, "市公安局", UnitKind.DEPARTMENT, rank=2)
        xihe = f.unit(work, "细河区", rank=1)
        cases.contact(work, "contact", xihe)
        rows = [cases.assignment(work, unit) for unit in (police, xihe, xihe)]
        early = [cases.assignment(work, police, due_on=date(2022, 1, 5)) for _n in range(2)]
    clock.moment = T1
    with work_as() as work:
        answered(work, work.session.get_one(Assignment, rows[1].id), "2022-01-10T17:00")
        for row in early:
            answered(work, work.session.get_one(Assignment, row.id), "2022-01-06T08:00")
        return Ledger(rows[2].id, rows[0].id, rows[1].id, xihe.id)


def keys(work_as: WorkAs) -> list[str]:
    with work_as(write=False) as work:
        return [each.key for each in proposed(work)]


def states(work_as: WorkAs) -> dict[str, str]:
    with work_as(write=False) as work:
        return {row.key: row.state for row in work.session.scalars(select(Proposal).order_by(Proposal.id))}


def told(work_as: WorkAs, word: str) -> list[str]:
    with work_as(write=False) as work:
        events = work.session.scalars(select(Event).where(Event.word == word).order_by(Event.id))
        return [f"{event.actor_name}: {event.detail}" for event in events]


def test_a_morning_stores_once_and_what_is_answered_goes_by_itself(
    work_as: WorkAs, ledger: Ledger, clock: FixedClock, client_of: Callable[[str], PageClient]
) -> None:
    urges = [f"urge-{ledger.late}-20220110", f"urge-{ledger.police}-20220110"]
    quarter = [f"naming-{police_of(work_as)}-2022Q1", f"talk-{police_of(work_as)}-2022Q1"]
    assert keys(work_as) == [*urges, *quarter]  # 细河区 first: the registry's order
    assert (jobs.morning(), jobs.morning()) == (Done(4, 0), None)
    home = client_of("clerk").get("/").words
    assert ("3 条督办建议" in home, "1 条督办建议" in client_of("director").get("/").words) == (True, True)
    assert ("约谈" in home, "督办建议" in client_of("contact").get("/").words) == (False, False)
    with work_as() as work:
        answered(work, work.session.get_one(Assignment, ledger.late), "2022-01-11T10:00")
    assert keys(work_as) == [urges[1], *quarter]  # at once on the page, before any morning
    with work_as(write=False) as work:
        as_(work, "clerk")
        assert waiting(work, 200)[0] == 2
    clerk = client_of("clerk")
    late = clerk.post("/escalation/draft", {**page_keys(clerk), "key": urges[0]})
    assert (late.status, "这条建议已不成立" in late.words) == (409, True)
    clock.moment = office_moment("2022-01-12T09:00")
    assert jobs.morning() == Done(0, 1)
    assert states(work_as)[urges[0]] == "overtaken"
    assert told(work_as, "escalation:proposed") == [
        "系统: {'count': 4, 'overtaken': 0}",
        "系统: {'count': 0, 'overtaken': 1}",
    ]
    clock.moment = office_moment("2022-01-15T09:00")  # a Saturday
    assert jobs.morning() is None


def police_of(work_as: WorkAs) -> int:
    with work_as(write=False) as work:
        return work.session.scalars(select(Unit.id).where(Unit.name == "市公安局")).one()


@one_database
def test_a_clerk_drafts_what_is_proposed_and_a_withdrawn_draft_is_proposed_again(
    work_as: WorkAs, ledger: Ledger, clock: FixedClock, client_of: Callable[[str], PageClient]
) -> None:
    clerk = client_of("clerk")
    page = clerk.get("/escalation")
    picked = [f"urge-{ledger.late}-20220110", f"urge-{ledger.police}-20220110"]
    done = clerk.submit(page, "/escalation/draft", key=picked)
    assert "已按建议起草 2 份" in done.words
    with work_as(write=False) as work:
        batch = work.session.scalars(select(Batch).where(Batch.kind == NoticeKind.URGE)).one()
        about = [row.assignment_id for row in work.session.scalars(select(About).order_by(About.id))]
        assert (sorted(about), batch.drafter.name) == (sorted([ledger.late, ledger.police]), "王芳")
        row = work.session.scalars(select(Proposal).where(Proposal.key == picked[0])).one()
        assert (row.state, row.batch_id) == (ProposalState.DRAFTED, batch.id)
        assert row.facts[0]["number"] == number(work, ledger.late)
    assert [key for key in keys(work_as) if key.startswith("urge")] == []
    other = client_of("clerk-2")
    again = other.post("/escalation/draft", {**page_keys(other), "key": picked[0]})
    assert (again.status, "王芳已于01-11 09:00起草了这份文件" in again.words) == (409, True)
    clerk.submit(clerk.get(f"/batches/{batch.id}"), "/withdraw", reason="先电话联系")
    assert [key for key in keys(work_as) if key.startswith("urge")] == picked
    clock.moment = T3
    assert [key for key in keys(work_as) if key.startswith("s")] == [
        key.replace("urge", "supervision") for key in picked
    ]


def page_keys(client: PageClient) -> dict[str, str]:
    """A form key of that person's own."""
    return {"form_key": client.get("/").form("/sign-out").values["form_key"]}


def number(work: Work, assignment_id: int) -> str | None:
    row = work.session.get_one(Assignment, assignment_id)
    return work.session.get_one(Notice, row.notice_id).number


@one_database
def test_not_now_and_not_at_all_need_a_reason_and_can_be_taken_back(
    work_as: WorkAs, ledger: Ledger, clock: FixedClock, client_of: Callable[[str], PageClient]
) -> None:
    clerk, first = client_of("clerk"), f"urge-{ledger.late}-20220110"
    url = f"/escalation/{first}"
    assert clerk.submit(clerk.get(url), "/put-off", until="2022-01-11", reason="").status == 422
    early = clerk.submit(clerk.get(url), "/put-off", until="2022-01-11", reason="单位来电，周五报送")
    assert (early.status, "请选择今天之后 60 天以内的日期" in early.words, "单位来电，周五报送" in early.text) == (
        422,
        True,
        True,
    )
    assert clerk.submit(clerk.get(url), "/put-off", until="2022-01-14", reason="单位来电，周五报送").status == 200
    clock.moment = T3
    assert [key for key in keys(work_as) if f"-{ledger.late}-" in key] == []
    clock.moment = office_moment("2022-01-14T09:00")
    assert first.replace("urge", "supervision") in keys(work_as)
    url, clerk = f"/escalation/supervision-{ledger.police}-20220110", client_of("clerk")
    clerk.submit(clerk.get(url), "/decline", **{"no-reason": "已约定当面说明"})
    assert f"supervision-{ledger.police}-20220110" not in keys(work_as)
    assert "已约定当面说明" in client_of("observer").get("/escalation").words
    clerk.submit(clerk.get(url), "/take-back", **{"back-reason": "说明未到"})
    assert f"supervision-{ledger.police}-20220110" in keys(work_as)
    assert [
        line.split(":")[0]
        for word in ("put-off", "turned-down", "taken-back")
        for line in told(work_as, f"escalation:{word}")
    ] == ["王芳"] * 3


@one_database
def test_a_naming_goes_to_the_bulletin_and_a_talk_is_the_directors(
    work_as: WorkAs, ledger: Ledger, client_of: Callable[[str], PageClient]
) -> None:
    police, clerk, director = police_of(work_as), client_of("clerk"), client_of("director")
    clerk.submit(clerk.get(f"/escalation/naming-{police}-2022Q1"), "/accept")
    with work_as(write=False) as work:
        (naming,) = namings(work.session, "2022Q1")
        assert (naming.unit.name, naming.accepted_name, len(naming.late), naming.overturned) == (
            "市公安局",
            "王芳",
            3,
            [],
        )
        assert [fact["answered_at"] is None for fact in naming.late] == [False, False, True]
        assert namings(work.session, "2021Q4") == []
    with work_as() as work:
        work.session.get_one(Assignment, ledger.police).state = "voided"
    with work_as(write=False) as work:
        (naming,) = namings(work.session, "2022Q1")
        assert (len(naming.late), len(naming.overturned)) == (2, 1)
    with work_as() as work:
        work.session.get_one(Assignment, ledger.police).state = "acknowledged"
    talk = f"/escalation/talk-{police}-2022Q1"
    assert clerk.post(f"{talk}/accept", page_keys(clerk)).status == 404
    sheet = client_of("observer").get(f"{talk}/facts").words
    assert all(each in sheet for each in ("约谈提纲", "2022-01-06 08:00", "未答复", "只列事实，不作评价"))
    director.submit(director.get(talk), "/accept")
    noted = clerk.submit(clerk.get(talk), "/outcome", **{"talk-held_on": "2022-01-12", "talk-outcome": "已说明"})
    assert (noted.status, "请选择约谈日期" in noted.words) == (422, True)
    clerk.submit(clerk.get(talk), "/outcome", **{"talk-held_on": "2022-01-11", "talk-outcome": "单位已说明原因"})
    assert "单位已说明原因" in clerk.get(talk).words
    assert states(work_as)[f"talk-{police}-2022Q1"] == "held"


@one_database
def test_the_terms_are_data_and_two_who_set_them_do_not_overwrite_each_other(
    work_as: WorkAs, ledger: Ledger, client_of: Callable[[str], PageClient]
) -> None:
    clerk, director = client_of("clerk"), client_of("director")
    opened = director.get("/escalation/terms")
    wrong = clerk.submit(clerk.get("/escalation/terms"), "/escalation/terms", urge_days="3", supervision_days="3")
    assert (wrong.status, "督办函应在催办单之后" in wrong.words) == (422, True)
    clerk.submit(clerk.get("/escalation/terms"), "/escalation/terms", urge_days="2", supervision_days="5")
    assert [key for key in keys(work_as) if key.startswith("urge")] == []
    assert director.submit(opened, "/escalation/terms", naming_count="1").status == 409
    assert told(work_as, "escalation:terms-set") == ["王芳: {'words': 'urge_days 1 → 2, supervision_days 3 → 5'}"]


@one_database
def test_an_extension_asked_for_is_told_and_a_granted_one_counts(
    work_as: WorkAs, ledger: Ledger, clock: FixedClock, client_of: Callable[[str], PageClient]
) -> None:
    url, asked = f"/escalation/urge-{ledger.late}-20220110", office_moment("2022-01-10T15:00")
    with work_as() as work:
        row = work.session.get_one(Assignment, ledger.late)
        words = {"asked_by": 1, "asked_name": "赵敏", "asked_at": asked, "reason": "系统迁移", "progress": "已完成一半"}
        days = {"due_on": row.due_on, "due_words": "1月10日前", "wanted_on": date(2022, 1, 12)}
        extension = Extension(assignment_id=row.id, state="with_office", **words, **days)
        work.session.add(extension)
    assert all("已申请延期，待批复" in client_of("clerk").get(each).words for each in ("/escalation", url))
    with work_as() as work:
        row, extension = work.session.get_one(Assignment, ledger.late), work.session.scalars(select(Extension)).one()
        extension.state, extension.ended_at, extension.granted_on = RequestState.GRANTED, work.now, date(2022, 1, 12)
        row.original_on, row.original_words, row.original_at = row.due_on, row.due_words, row.due_at
        row.due_on, row.due_at = date(2022, 1, 12), Deadline(date(2022, 1, 12), None, "").ends_at
    assert [key for key in keys(work_as) if f"-{ledger.late}-" in key] == []
    clock.moment = T3
    assert [key for key in keys(work_as) if f"-{ledger.late}-" in key] == [f"urge-{ledger.late}-20220112"]
    page = client_of("clerk").get(f"/escalation/urge-{ledger.late}-20220112").words
    assert "已准延期，原期限 2022-01-10" in page
