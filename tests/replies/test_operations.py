"""The loop from receipt to closing, and everything that must not happen on the way."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests import factories as f
from tests.conftest import WorkAs
from tests.replies.case import DONE, Case, answer, assignment
from tracker.audit.models import Event
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.org.models import Delegation, Person, Role
from tracker.replies.models import Decision, Reply, Result, ScanReading
from tracker.replies.operations import items, review, rounds, scan, submission
from tracker.replies.operations.items import Written
from tracker.replies.operations.review import Opinion, Verdict
from tracker.replies.policy import is_locked
from tracker.replies.queries import rounds as all_rounds

PASS, BACK = Verdict(Decision.ACCEPTED), Verdict(Decision.RETURNED, "整改措施不具体")
ALL_WELL = Opinion({1: PASS, 2: PASS}, signature_checked=True, seal_checked=True)
ONE_BACK = Opinion({1: PASS, 2: BACK}, signature_checked=True, seal_checked=True)


def decide(work_as: WorkAs, case: Case, opinion: Opinion) -> None:
    with work_as(case.reviewer) as work:
        review.review(work, assignment(work, case), opinion)


def test_from_receipt_through_two_rounds_to_closing(work_as: WorkAs, case: Case, clock: FixedClock) -> None:
    with work_as(case.contact) as work:
        first = answer(work, case)
        assert (first.round, first.receipt) == (1, "R-2021-000001")
        assert len(first.content_sha256) == 64
    decide(work_as, case, ONE_BACK)
    clock.moment += timedelta(days=7)
    with work_as(case.contact) as work:
        row = assignment(work, case)
        assert row.state == AssignmentState.RETURNED
        draft = rounds.open_draft(work, row)
        assert [(line.measure, is_locked(line)) for line in draft.items] == [
            (DONE.measure, True),
            (DONE.measure, False),
        ]
        assert draft.scan_id is None
        second = answer(work, case)
        assert (second.round, second.receipt) == (2, "R-2022-000001")
        assert row.submitted_at == clock.moment
        assert row.first_submitted_at == clock.moment - timedelta(days=7)
    decide(work_as, case, Opinion({2: PASS}, True, True))
    with work_as(case.contact, write=False) as work:
        row = assignment(work, case)
        assert (row.state, row.closed_at) == (AssignmentState.CLOSED, clock.moment)
        assert row.notice.state == NoticeState.CLOSED
        assert [item.rectified_as for item in row.items] == ["fixed", "fixed"]
        assert [item.finding.ended_how for item in row.items] == ["rectified", "rectified"]
        assert [(r.decision, r.reason) for r in all_rounds(work, row)] == [
            (Decision.RETURNED, "第2项：整改措施不具体"),
            (Decision.ACCEPTED, ""),
        ]
        words = work.session.scalars(select(Event.word).where(Event.case == f"assignment:{row.id}").order_by(Event.id))
        assert list(words) == [
            "assignment:acknowledged", "reply:scan-uploaded", "reply:submitted", "reply:returned",
            "reply:scan-uploaded", "reply:submitted", "reply:accepted", "assignment:closed",
        ]  # fmt: skip


def test_nothing_is_submitted_while_something_is_missing(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        items.write_item(work, row, 1, Written(Result.PARTLY, "已部分更新"))
        with pytest.raises(submission.Incomplete) as refused:
            submission.submit(work, row)
        assert [(gap.sequence, gap.msgid) for gap in refused.value.gaps] == [
            (1, "Item %(n)s: give the date of completion."),
            (1, "Item %(n)s: name the person responsible."),
            (2, "Item %(n)s: choose the result."),
            (2, "Item %(n)s: write what was done, or why nothing is to be done."),
            (2, "Item %(n)s: name the person responsible."),
            (None, "Upload the scan of the signed and sealed reply sheet."),
        ]
        assert row.state == AssignmentState.ACKNOWLEDGED
        assert work.session.scalar(select(func.count(Event.id)).where(Event.word == "reply:submitted")) == 0


def test_what_is_rectified_cannot_be_finished_tomorrow(work_as: WorkAs, case: Case) -> None:
    tomorrow = date(2021, 12, 29)
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        with pytest.raises(Invalid) as refused:
            items.write_item(work, row, 1, Written(Result.FIXED, "x", tomorrow, "张三"))
        assert list(refused.value.problems) == ["finished_on"]
        line = items.write_item(work, row, 1, Written(Result.PARTLY, "x", tomorrow, "张三"))
        assert line.finished_on == tomorrow


def test_texts_are_kept_as_typed_without_control_characters(work_as: WorkAs, case: Case) -> None:
    typed = "=1+1 <script>alert(1)</script> {{7*7}}\r\n第二行\x00\x08"
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        line = items.write_item(work, row, 1, Written(measure=typed))
        assert line.measure == "=1+1 <script>alert(1)</script> {{7*7}}\n第二行"
        with pytest.raises(Invalid):
            items.write_item(work, row, 1, Written(measure="长" * 2001))


def test_an_older_version_is_refused_showing_both(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        line = items.write_item(work, row, 1, Written(measure="甲"), version=1)
        assert line.version == 2
        with pytest.raises(Stale) as stale:
            items.write_item(work, row, 1, Written(measure="乙"), version=1)
        assert (stale.value.theirs["Measure"], stale.value.yours["Measure"]) == ("甲", "乙")
        assert line.measure == "甲"


def test_a_second_submission_changes_nothing(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    with work_as(case.contact) as work, pytest.raises(NotInState):
        submission.submit(work, assignment(work, case))
    with work_as(case.contact) as work, pytest.raises(NotInState):
        scan.put_scan(work, assignment(work, case), io.BytesIO(f.png()), "a.png")
    with work_as() as work:
        assert list(work.session.scalars(select(Reply.receipt))) == ["R-2021-000001"]


def test_what_was_checked_is_what_is_submitted(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        reply = rounds.acknowledge(work, row)
        seen = submission.fingerprint(reply)
        items.write_item(work, row, 1, DONE)
        with pytest.raises(Stale):
            submission.submit(work, row, seen=seen)


def test_an_accepted_item_is_locked_in_the_next_round(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    decide(work_as, case, ONE_BACK)
    with work_as(case.contact) as work:
        with pytest.raises(Refused, match="accepted in an earlier round"):
            items.write_item(work, assignment(work, case), 1, DONE)
        items.write_item(work, assignment(work, case), 2, DONE)


def test_the_paper_alone_can_be_returned(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    decide(work_as, case, Opinion({1: PASS, 2: PASS}, paper_reason="缺单位印章"))
    with work_as(case.contact) as work:
        row = assignment(work, case)
        assert (row.state, row.reason) == (AssignmentState.RETURNED, "盖章件：缺单位印章")
        assert [is_locked(line) for line in rounds.open_draft(work, row).items] == [True, True]
        with pytest.raises(submission.Incomplete):
            submission.submit(work, row)


@pytest.mark.parametrize(
    ("opinion", "fields"),
    [
        (Opinion(), ["verdict-1", "verdict-2", "signature", "seal"]),
        (Opinion({1: PASS, 2: PASS}, signature_checked=True), ["seal"]),
        (Opinion({1: PASS, 2: Verdict(Decision.RETURNED, "  ")}), ["reason-2"]),
        (Opinion({1: PASS}, True, True), ["verdict-2"]),
    ],
)
def test_an_incomplete_verdict_is_refused(work_as: WorkAs, case: Case, opinion: Opinion, fields: list[str]) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    with work_as(case.reviewer) as work:
        with pytest.raises(Invalid) as refused:
            review.review(work, assignment(work, case), opinion)
        assert list(refused.value.problems) == fields
        assert assignment(work, case).state == AssignmentState.SUBMITTED


def test_a_reply_is_decided_once(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    decide(work_as, case, ALL_WELL)
    with work_as(case.reviewer) as work, pytest.raises(NotInState):
        review.review(work, assignment(work, case), ALL_WELL)


def test_only_a_reviewer_decides(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    for nobody in (case.clerk, case.contact, case.director):
        with work_as(nobody) as work, pytest.raises(Missing):
            review.review(work, assignment(work, case), ALL_WELL)


def test_who_had_a_hand_in_the_reply_may_not_review_it_even_as_deputy(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    with work_as() as work:
        reply = work.session.scalars(select(Reply)).one()
        reply.submitted_by = case.reviewer.person_id
        deputy = f.person(work, "deputy", Role.OBSERVER)
        today = work.today
        work.session.add(
            Delegation(from_id=case.reviewer.person_id, to_id=deputy.id, role=Role.REVIEWER, starts_on=today,
                       ends_on=today, reason="出差", created_at=work.now)
        )  # fmt: skip
        acting = f.identity(work, deputy)
    for involved in (case.reviewer, acting):
        with work_as(involved) as work, pytest.raises(Missing):
            review.review(work, assignment(work, case), ALL_WELL)


def test_a_deputy_signs_with_both_names(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    with work_as() as work:
        deputy = f.person(work, "deputy", Role.OBSERVER, name="李明")
        work.session.add(
            Delegation(from_id=case.reviewer.person_id, to_id=deputy.id, role=Role.REVIEWER, starts_on=work.today,
                       ends_on=work.today, reason="出差", created_at=work.now)
        )  # fmt: skip
        acting = f.identity(work, deputy)
    with work_as(acting) as work:
        assert review.review(work, assignment(work, case), ALL_WELL).decided_name == "李明 代 reviewer"


def test_a_partly_rectified_problem_stays_open(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        items.write_item(work, row, 1, Written(Result.PARTLY, "已部分更新", date(2022, 2, 1), "张三"))
        items.write_item(work, row, 2, Written(Result.NOT_OURS, "该账号已于11月注销", None, "张三"))
        scan.put_scan(work, row, io.BytesIO(f.png()), "a.png")
        submission.submit(work, row)
    decide(work_as, case, ALL_WELL)
    with work_as(case.reviewer, write=False) as work:
        row = assignment(work, case)
        assert [(i.rectified_as, i.finding.ended_how) for i in row.items] == [
            ("partly", None),
            ("not_ours", "unfounded"),
        ]


def test_a_closed_assignment_is_reopened_with_a_reason(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    decide(work_as, case, ALL_WELL)
    with work_as(case.director) as work, pytest.raises(Invalid):
        review.reopen(work, assignment(work, case), "  ")
    with work_as(case.director) as work:
        review.reopen(work, assignment(work, case), "复查发现仍未更新")
    with work_as(case.contact) as work:
        row = assignment(work, case)
        assert (row.state, row.notice.state) == (AssignmentState.REOPENED, NoticeState.ISSUED)
        assert [item.finding.ended_at for item in row.items] == [None, None]
        assert [is_locked(line) for line in rounds.open_draft(work, row).items] == [False, False]
        assert answer(work, case).round == 2


def test_evidence_is_added_captioned_and_taken_off(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        added = items.Attached(
            added=[items.Upload(io.BytesIO(f.png(colour=c)), f"{c}.png", "整改后") for c in ("red", "blue")]
        )
        line = items.write_item(work, row, 1, DONE, attached=added)
        assert [(e.file.name, e.caption) for e in line.evidence] == [("red.png", "整改后"), ("blue.png", "整改后")]
        red, blue = line.evidence
        line = items.write_item(work, row, 1, DONE, attached=items.Attached({blue.id: "首页"}, frozenset({red.id})))
        assert [(e.file.name, e.caption) for e in line.evidence] == [("blue.png", "首页")]


def test_a_replaced_scan_stays_in_the_record(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        reply = rounds.acknowledge(work, row)
        first = scan.put_scan(work, row, io.BytesIO(f.png()), "一.png")
        second = scan.put_scan(work, row, io.BytesIO(f.png(colour="red")), "二.png")
        assert reply.scan_id == second.id != first.id
    with work_as() as work:
        names = [
            e.detail["name"] for e in work.session.scalars(select(Event).where(Event.word == "reply:scan-uploaded"))
        ]
        assert names == ["一.png", "二.png"]
        readings = work.session.scalars(select(ScanReading).order_by(ScanReading.id))
        assert [each.state for each in readings] == ["failed", "waiting"]  # nobody waits for pages that nobody sees
        assert work.session.scalar(select(func.count(Person.id))) == 7


def test_same_texts_go_into_the_items_that_are_still_empty(work_as: WorkAs, case: Case) -> None:
    """A notice that names one problem on many accounts is not typed many times; what was written stays."""
    own = Written(Result.PARTLY, "第二项自己的措施")
    with work_as(case.contact) as work:
        row = assignment(work, case)
        reply = rounds.acknowledge(work, row)
        items.write_item(work, row, 1, DONE)
        assert items.write_same(work, row, 1) == 1
        assert [line.measure for line in reply.items] == [DONE.measure, DONE.measure]
        items.write_item(work, row, 2, own)
        assert items.write_same(work, row, 1) == 0
        assert [line.measure for line in reply.items] == [DONE.measure, own.measure]
