"""申辩: until it is decided nothing moves; upheld, the item needs no answer; another unit's problem goes there."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.replies.case import DONE, assignment
from tests.requests.test_extensions import no_leader
from tracker.audit.models import Event
from tracker.inspections.models import Finding
from tracker.kit.clock import office_moment
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.lifecycle import NotInState
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Item, Notice
from tracker.notices.policy import due_of
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.models import Person, Role, RoleGrant, Unit
from tracker.replies.models import Decision
from tracker.replies.operations import items, review, rounds
from tracker.replies.operations.items import LOCKED
from tracker.replies.operations.review import Opinion, Verdict
from tracker.requests import policy
from tracker.requests.models import Dispute, DisputeKind
from tracker.requests.operations import disputes
from tracker.requests.operations.disputes import Claim
from tracker.requests.queries import disputed, disputed_assignments, disputes_of
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Standing

NOT_SO = Claim(DisputeKind.NOT_SO, [2], "该账号12月20日已更新，见截图。")


def held(work, case):
    locked_assignment(work, case.token)
    return assignment_by_token(work, case.token)


def raised(work_as, case, claim=NOT_SO):
    with work_as(case.contact) as work:
        disputes.raise_dispute(work, held(work, case), claim)


def act(work_as, who, case, name, *values, **more):
    with work_as(who) as work:
        rows = [row for row in disputes_of(work.session, held(work, case)) if row.ended_at is None]
        return getattr(disputes, name)(work, rows, *values, **more)


def recommended(work_as, case, claim=NOT_SO, **more):
    raised(work_as, case, claim)
    act(work_as, case.clerk, case, "recommend", **{"favour": True, "opinion": "属实", **more})


def test_until_it_is_decided_it_stays_in_every_count(work_as, case):
    raised(work_as, case)
    with work_as(case.clerk, False) as work:
        row = assignment(work, case)
        assert disputed(work.session, [row.id, 99]) == {row.id}
        assert [each.token for each in work.session.scalars(disputed_assignments(work))] == [case.token]
        assert [(item.rectified_as, item.withdrawn_at) for item in row.items] == [(None, None)] * 2


def test_upheld_the_item_needs_no_answer_and_its_finding_is_unfounded(work_as, case):
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))  # the draft has a line of the item already
    recommended(work_as, case)
    assert act(work_as, case.director, case, "uphold", "经核实属实") is None
    with work_as(case.contact) as work:
        row = assignment(work, case)
        assert (row.items[1].rectified_as, row.items[1].finding.ended_how) == ("not_ours", "unfounded")
        assert (row.items[0].rectified_as, row.items[0].finding.ended_how) == (None, None)
        with pytest.raises(Refused) as locked:
            items.write_item(work, row, 2, DONE)
        assert locked.value.msgid == LOCKED
        items.write_item(work, row, 1, DONE)
        rounds.open_draft(work, row).scan = f.stored_file(work)
        from tracker.replies.operations import submission

        submission.submit(work, row)
        assert disputed(work.session, [row.id]) == set()
    with work_as(case.reviewer) as work:
        row = assignment(work, case)
        review.review(work, row, Opinion({1: Verdict(Decision.ACCEPTED)}, True, True))
        assert row.state is AssignmentState.CLOSED
        assert [item.rectified_as for item in row.items] == ["fixed", "not_ours"]
    with work_as(case.director) as work:  # a reopening leaves what the dispute settled
        review.reopen(work, assignment(work, case), "反弹")
        assert [item.rectified_as for item in assignment(work, case).items] == [None, "not_ours"]


def test_anothers_problem_is_entered_for_that_unit_and_drafted_for_signing(work_as, case):
    with work_as() as work:
        other = f.unit(work, "市公安局").id
    recommended(work_as, case, Claim(DisputeKind.NOT_OURS, [1], "属市公安局职责", "市公安局"), other_unit_id=other)
    batch = act(work_as, case.director, case, "uphold", "改派")
    with work_as(case.director, False) as work:
        batch = work.session.get_one(Batch, batch.id)
        (notice,) = batch.notices
        dispute = work.session.scalars(sa.select(Dispute)).one()
        old, new = dispute.item.finding, notice.items[0].finding
        assert (notice.unit_id, notice.state, dispute.other_notice_id) == (other, NoticeState.DRAFT, notice.id)
        assert (old.unit_id, old.ended_how, dispute.item.rectified_as) == (case.unit_id, "dropped", "moved_on")
        assert (new.unit_id, new.description, new.ended_at) == (other, old.description, None)
        assert (batch.drafted_by, batch.hands) == (
            case.clerk.person_id,
            [case.clerk.person_id],
        )  # the director may sign
        assert "〔2021〕1号" in batch.note


def test_what_is_not_registered_as_the_other_units_is_not_handed_to_it(work_as, case):
    with work_as() as work:
        other, own = f.unit(work, "市公安局"), work.session.get_one(Unit, case.unit_id)
        finding = work.session.scalars(sa.select(Finding).order_by(Finding.id)).first()
        finding.subject_id, other_id = f.account(work, own).id, other.id
    recommended(work_as, case, Claim(DisputeKind.NOT_OURS, [1], "属市公安局"), other_unit_id=other_id)
    with pytest.raises(Refused) as refused:
        act(work_as, case.director, case, "uphold")
    assert refused.value.msgid == disputes.NOT_REGISTERED
    with work_as(write=False) as work:
        assert (work.session.scalars(sa.select(Dispute.state)).one(), work.session.get_one(Item, 1).withdrawn_at) == (
            "recommended",
            None,
        )


def test_when_no_item_is_left_the_notice_is_voided(work_as, case):
    recommended(work_as, case, Claim(DisputeKind.NOT_SO, [1, 2], "全部不属实"))
    act(work_as, case.director, case, "uphold", "全部不属实")
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Notice.state)).all() == [NoticeState.VOIDED]
        row = work.session.scalars(sa.select(Assignment)).one()
        later = row.due_at + timedelta(days=30)
        assert (row.state, due_of(row, later, Calendar()).standing) == (AssignmentState.VOIDED, Standing.OPEN)
        assert set(work.session.scalars(sa.select(Finding.ended_how))) == {"unfounded"}


def test_refused_it_is_answered_like_the_others_and_stays_decided(work_as, case):
    recommended(work_as, case, favour=False, opinion="截图日期不符")
    with pytest.raises(Invalid):
        act(work_as, case.director, case, "refuse", "")
    act(work_as, case.director, case, "refuse", "截图日期不符")
    with pytest.raises(Invalid) as again:
        raised(work_as, case)
    assert again.value.msgid == disputes.DECIDED_ONCE
    with work_as(write=False) as work:
        told = work.session.scalars(sa.select(Event).where(Event.word == "dispute:refused")).one()
        assert (told.detail["items"], told.detail["reason"]) == ("2", "截图日期不符")
        assert work.session.scalars(sa.select(Item.withdrawn_at)).all() == [None, None]


@pytest.mark.parametrize(("moment", "taken"), [("2022-01-05T23:59:59", True), ("2022-01-06T00:00:00", False)])
def test_it_can_be_raised_within_five_working_days_of_issue(work_as, case, clock, moment, taken):
    clock.moment = office_moment(moment)  # 28 December, three days off: 29, 30, 31, 4 and 5 January
    if taken:
        raised(work_as, case)
        return
    with pytest.raises(Refused) as refused:
        raised(work_as, case)
    assert (refused.value.msgid, refused.value.params["until"]) == (policy.DISPUTE_OVER, date(2022, 1, 5))


def test_nobody_decides_what_is_not_theirs_to_decide(work_as, case):
    with pytest.raises(Missing), work_as(case.stranger) as work:
        disputes.raise_dispute(work, held(work, case), NOT_SO)
    with pytest.raises(Invalid) as bare:
        raised(work_as, case, Claim(None, [], ""))
    assert sorted(bare.value.problems) == ["basis", "items", "kind"]
    recommended(work_as, case)
    with pytest.raises(Invalid):
        raised(work_as, case)
    for who in (case.clerk, case.contact, case.reviewer):
        with pytest.raises(Missing):
            act(work_as, who, case, "uphold")
    with work_as() as work:
        work.session.add(RoleGrant(person_id=case.clerk.person_id, role=Role.DIRECTOR, granted_at=work.now))
        both = f.identity(work, work.session.get_one(Person, case.clerk.person_id))
    with pytest.raises(Missing):
        act(work_as, both, case, "uphold")
    act(work_as, case.contact, case, "withdraw")
    with pytest.raises(NotInState), work_as(case.director) as work:
        disputes.uphold(work, disputes_of(work.session, held(work, case)))


def test_pages_lead_from_the_dispute_to_its_decision(client_of, work_as, case):
    no_leader(work_as)
    contact, clerk, director = (client_of(login) for login in ("contact-xihe", "clerk", "director"))
    url = f"/assignments/{case.token}/disputes"
    page = contact.get(url)
    bare = contact.post(url, {**page.form(url).values, "basis": "账号已注销"})
    assert (bare.status, "账号已注销" in bare.text) == (422, True)
    typed = {"items": ["1", "2"], "kind": "not_ours", "basis": "账号由市公安局主办", "whose": "市公安局"}
    contact.post(url, {**bare.form(url).values, **typed})
    assert "申辩中" in contact.get(url).text
    assert client_of("contact-police").get(url).status == 404
    assert "细河区" in clerk.get("/requests").text
    with work_as(write=False) as work:
        other = str(f.unit(work, "市公安局").id)
    opinion = clerk.get(url).form(url + "/recommend").values
    boxes = [f"{n}.1" for n in (1, 2)]
    clerk.post(
        url + "/recommend", {**opinion, "dispute": boxes, "favour": "yes", "other_unit": other, "opinion": "属实"}
    )
    decision = director.get(url).form(url + "/decide").values
    stale = director.post(url + "/decide", {**decision, "dispute": boxes, "answer": "同意", "act": "grant"})
    assert stale.status == 409
    decision = director.get(url).form(url + "/decide").values
    boxes = [f"{n}.2" for n in (1, 2)]
    done = director.post(url + "/decide", {**decision, "dispute": boxes, "answer": "同意", "act": "grant"})
    assert "市公安局" in done.text
    assert "成立" in contact.get(url).text
