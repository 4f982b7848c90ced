"""延期: asked in time, decided by others, the first deadline kept; a late request, a stale decision and a race lose."""

from contextlib import suppress
from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.replies.case import DONE, DUE, assignment
from tracker.audit.models import Event
from tracker.files.models import StoredFile
from tracker.kit.clock import office_moment
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.notices.models import Assignment, NoticeKind
from tracker.notices.operations import drafts, letters
from tracker.notices.policy import deadline_of, due_of, overtaken
from tracker.notices.queries import batch_by_id, locked_assignment
from tracker.org.models import Person, Role, RoleGrant
from tracker.replies.operations import items, rounds, submission
from tracker.requests import policy
from tracker.requests.lifecycle import AT_OFFICE
from tracker.requests.models import Extension
from tracker.requests.operations import extensions
from tracker.requests.operations.extensions import Doubtful, Wish
from tracker.requests.queries import asking, chances, granted, original_due, the_pending, waiting_extensions
from tracker.workdays.calendar import Calendar

WANTED = date(2022, 1, 17)
WISH = Wish("承办科室人员隔离，无法按期完成。", "第1项已完成。", WANTED)


def no_leader(work_as):
    """Take the leader's role away: the contact vouches then."""
    with work_as() as work:
        leader = work.session.scalars(sa.select(Person).where(Person.login == "leader-xihe")).one()
        work.session.execute(sa.delete(RoleGrant).where(RoleGrant.person_id == leader.id))


def asked(work_as, case, **values):
    """Ask as the contact, with the leader's word."""
    no_leader(work_as)
    with work_as(case.contact) as work:
        extensions.ask(
            work, locked_assignment(work, case.token), Wish(**{**vars(WISH), "vouched_name": "许峰", **values})
        )


def act(work_as, who, case, name, *values, **more):
    """One act on the request that waits."""
    with work_as(who) as work:
        getattr(extensions, name)(work, the_pending(work, locked_assignment(work, case.token)), *values, **more)


def recommended(work_as, case, **values):
    asked(work_as, case)
    act(work_as, case.clerk, case, "recommend", **{"favour": True, "on": None, "opinion": "理由属实", **values})


def words(work):
    return list(
        work.session.scalars(sa.select(Event.word).where(Event.word.startswith("extension")).order_by(Event.id))
    )


def test_granting_moves_the_deadline_and_keeps_the_first_one(work_as, case, clock):
    recommended(work_as, case)
    act(work_as, case.director, case, "grant", date(2022, 1, 14), "准予延期")
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Assignment)).one()
        due = due_of(row, work.now, Calendar())
        assert (row.due_on, row.due_words, row.due_at) == (date(2022, 1, 14), "1月14日前", office_moment("2022-01-15"))
        assert (row.original_on, row.original_words, row.original_at) == (DUE, "1月10日前", office_moment("2022-01-11"))
        assert (due.words, due.was) == ("1月14日前", "1月10日前")
        assert (original_due(row).words, deadline_of(row).words) == ("1月10日前", "1月14日前")
        assert [each.granted_on for each in granted(work.session, [row.id])[row.id]] == [date(2022, 1, 14)]
        assert asking(work.session, [row.id]) == set()
        assert [word.split(":")[1] for word in words(work)] == ["asked", "agreed", "recommended", "granted"]
    # A second extension still keeps the very first deadline.
    clock.moment = office_moment("2022-01-13T10:00")
    with work_as(case.contact) as work:
        extensions.ask(work, locked_assignment(work, case.token), Wish("又", "又", date(2022, 1, 20), "许峰"))
    act(work_as, case.clerk, case, "recommend", favour=True, on=None, opinion="")
    act(work_as, case.director, case, "grant", None)
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Assignment)).one()
        assert (row.due_words, original_due(row).words, len(granted(work.session, [row.id])[row.id])) == (
            "1月20日前", "1月10日前", 2,
        )  # fmt: skip


def test_where_the_unit_has_a_leader_the_leader_agrees_first(work_as, case):
    with work_as(case.contact) as work:
        row = extensions.ask(work, locked_assignment(work, case.token), WISH)
        assert (row.state, row.agreed_at) == ("asked", None)
    with work_as(case.clerk, False) as work:
        assert list(work.session.scalars(waiting_extensions(work, *AT_OFFICE))) == []
        assert chances(work, assignment(work, case)).extension is None  # what is not agreed to stays in the unit
    with work_as() as work:
        leader = f.identity(work, work.session.scalars(sa.select(Person).where(Person.login == "leader-xihe")).one())
    for who in (case.contact, case.stranger, case.clerk):
        with pytest.raises(Missing):
            act(work_as, who, case, "agree")
    act(work_as, leader, case, "agree")
    with work_as(case.clerk, False) as work:
        row = work.session.scalars(waiting_extensions(work, *AT_OFFICE)).one()
        assert (row.state, row.agreed_name, row.agreed_by) == ("with_office", "leader-xihe", leader.person_id)


def test_without_a_leader_the_contact_vouches_by_name(work_as, case):
    no_leader(work_as)
    with pytest.raises(Invalid) as refused, work_as(case.contact) as work:
        extensions.ask(work, locked_assignment(work, case.token), WISH)
    assert list(refused.value.problems) == ["vouched_name"]
    asked(work_as, case)
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Extension)).one()
        assert (row.state, row.agreed_name, row.agreed_by) == ("with_office", "许峰", None)


@pytest.mark.parametrize(
    ("moment", "guarded", "taken"),
    [("2022-01-10T23:59:59", True, True), ("2022-01-11T00:00:00", True, False), ("2022-01-11T00:00:00", False, True)],
)
def test_the_last_second_counts_and_only_the_guard_refuses_the_next(
    work_as, case, clock, monkeypatch, moment, guarded, taken
):
    no_leader(work_as)
    clock.moment = office_moment(moment)
    if not guarded:  # the control: with the guard off a request after the deadline is taken
        monkeypatch.setattr("tracker.workdays.deadlines.Deadline.passed", lambda _self, _moment: False)
    with suppress(Refused), work_as(case.contact) as work:
        extensions.ask(work, locked_assignment(work, case.token), Wish(**{**vars(WISH), "vouched_name": "许峰"}))
    with work_as(write=False) as work:
        assert (work.session.scalar(sa.select(sa.func.count(Extension.id))) == 1) is taken
        monkeypatch.undo()
        if guarded and not taken:
            told = chances(work, work.session.scalars(sa.select(Assignment)).one()).hindrance
            assert told is not None
            assert told.msgid == policy.TOO_LATE


def test_only_one_request_waits_at_a_time(work_as, case):
    asked(work_as, case)
    with pytest.raises(Refused) as refused, work_as(case.contact) as work:
        extensions.ask(work, locked_assignment(work, case.token), Wish("", "", WANTED, "许峰"))
    assert refused.value.msgid == policy.ONE_AT_A_TIME
    act(work_as, case.contact, case, "withdraw")
    asked(work_as, case)


def test_a_day_off_or_a_far_day_is_asked_for_only_knowingly(work_as, case):
    with pytest.raises(Doubtful) as doubtful:
        asked(work_as, case, wanted_on=date(2022, 1, 30))
    assert [concern.params for concern in doubtful.value.concerns] == [
        {"date": date(2022, 1, 30), "n": 16},
    ]  # Sunday 30 January is a make-up working day
    with pytest.raises(Doubtful):
        asked(work_as, case, wanted_on=date(2022, 1, 16))
    for wrong in (DUE, date(2021, 12, 1), date(2024, 1, 1)):
        with pytest.raises(Invalid):
            asked(work_as, case, wanted_on=wrong, sure=True)
    asked(work_as, case, wanted_on=date(2022, 1, 16), sure=True)


def test_nobody_decides_what_is_not_theirs_to_decide(work_as, case):
    recommended(work_as, case)
    for who in (case.clerk, case.contact, case.reviewer, case.stranger):
        with pytest.raises(Missing):
            act(work_as, who, case, "grant", WANTED)
    with work_as() as work:  # the clerk becomes a director as well, and still may not decide on the own opinion
        work.session.add(RoleGrant(person_id=case.clerk.person_id, role=Role.DIRECTOR, granted_at=work.now))
        both = f.identity(work, work.session.get_one(Person, case.clerk.person_id))
    with pytest.raises(Missing):
        act(work_as, both, case, "grant", WANTED)
    with pytest.raises(Invalid):
        act(work_as, case.director, case, "refuse", "　")
    act(work_as, case.director, case, "refuse", "理由不充分")
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Assignment)).one()
        assert (row.due_on, row.original_on) == (DUE, None)


def test_the_second_of_two_deciders_is_told_so(work_as, case):
    recommended(work_as, case)
    with work_as(write=False) as work:
        seen = work.session.scalars(sa.select(Extension.version)).one()
    act(work_as, case.director, case, "grant", WANTED, version=seen)
    with pytest.raises(Missing):  # nothing waits any more: what it was stands on its page
        act(work_as, case.director, case, "refuse", "不准", version=seen)
    with work_as(case.director) as work:
        row = work.session.scalars(sa.select(Extension)).one()
        with pytest.raises(Stale):
            extensions.refuse(work, row, "不准", seen)
        with pytest.raises(NotInState):
            extensions.refuse(work, row, "不准")


def ready_to_submit(work_as, case):
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        for n in (1, 2):
            items.write_item(work, row, n, DONE)
        scan = StoredFile(sha256="0" * 64, size=1, kind="png", name="盖章件.png", pages=1, uploaded_at=work.now)
        rounds.open_draft(work, row).scan = scan


def test_an_answered_assignment_is_not_extended(work_as, case):
    ready_to_submit(work_as, case)
    recommended(work_as, case)
    with work_as(case.contact) as work:
        submission.submit(work, assignment(work, case))
    with pytest.raises(Refused) as refused:
        act(work_as, case.director, case, "grant", WANTED)
    assert refused.value.msgid == extensions.ANSWERED
    with work_as(case.director, False) as work:
        assert list(work.session.scalars(waiting_extensions(work))) == []


def test_pages_lead_from_the_wish_to_the_struck_deadline(client_of, work_as, case):
    no_leader(work_as)
    contact, clerk, director = (client_of(login) for login in ("contact-xihe", "clerk", "director"))
    url = f"/assignments/{case.token}/extension"
    page = contact.get(url)
    typed = {
        "reason": "人员隔离",
        "progress": "已完成一项",
        "wanted_on": "2022-01-16",
        "vouched": "y",
        "vouched_name": "许峰",
    }
    doubtful = contact.post(url, {**page.form(url).values, **typed})
    assert (doubtful.status, "人员隔离" in doubtful.text, "休息日" in doubtful.text) == (422, True, True)
    contact.post(url, {**doubtful.form(url).values, **typed, "sure": "y"})
    assert "许峰" in clerk.get("/requests").text + clerk.get(url).text
    assert client_of("contact-police").get(url).status == 404
    opinion = clerk.get(url).form(url + "/recommend").values
    clerk.post(url + "/recommend", {**opinion, "favour": "yes", "on": "2022-01-17", "opinion": "情况属实"})
    assert "情况属实" not in contact.get(url).text
    decision = director.get(url).form(url + "/decide").values
    director.post(url + "/decide", {**decision, "on": "2022-01-17", "answer": "抓紧整改", "act": "grant"})
    page = contact.get(f"/assignments/{case.token}")
    assert "<s>1月10日前</s>" in page.text
    assert "准延至1月17日前" in page.text


def test_the_extension_cannot_be_asked_for_twice_by_the_database_itself(work_as, case):
    asked(work_as, case)
    with pytest.raises(sa.exc.IntegrityError), work_as() as work:
        row = work.session.scalars(sa.select(Extension)).one()
        columns = {c.name: getattr(row, c.name) for c in Extension.__table__.columns if c.name != "id"}
        work.session.execute(sa.insert(Extension).values(**columns))


def test_a_letter_drafted_before_the_extension_is_not_sent_after_it(work_as, case, clock):
    recommended(work_as, case)
    clock.moment = office_moment("2022-01-11T09:00")  # overdue, and the request still waits
    with work_as(case.clerk) as work:
        batch = letters.draft_letters(work, [assignment(work, case)], NoticeKind.URGE, Calendar())
        assert overtaken(batch.notices[0]) is None
    act(work_as, case.director, case, "grant", WANTED)
    with work_as(case.clerk) as work, pytest.raises(Refused) as refused:
        drafts.require_still_right(batch_by_id(work, batch.id))
    assert refused.value.msgid == drafts.EXTENDED_MEANWHILE
