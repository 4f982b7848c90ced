"""联络员变更: named in the unit or the office, moved by the security administrator; the former contact sees nothing."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.replies.case import DONE, assignment
from tracker.audit.models import Event
from tracker.kit.clock import office_moment
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.org.models import Person, Role, Unit
from tracker.org.queries import roles_of
from tracker.reminders.models import Message
from tracker.reminders.operations.tell import tell
from tracker.replies.operations import items, rounds
from tracker.requests.operations import handovers
from tracker.requests.operations.handovers import Successor
from tracker.requests.queries.handovers import change_by_id, handed_over

DAY = date(2022, 1, 4)


@pytest.fixture
def people(work_as, case):
    """细河区's leader, a colleague without a role, the three administrators."""
    with work_as() as work:
        unit = work.session.get_one(Unit, case.unit_id)
        leader = work.session.scalars(sa.select(Person).where(Person.login == "leader-xihe")).one()
        rows = {
            "colleague": f.person(work, "colleague", unit=unit, name="新联络员"),
            "secadmin": f.person(work, "secadmin", Role.SECURITY_ADMIN),
            "sysadmin": f.person(work, "sysadmin", Role.SYSTEM_ADMIN),
        }
        return {name: f.identity(work, row) for name, row in {**rows, "leader": leader}.items()}


def named(work_as, case, people, who="leader", successor=None, from_on=DAY):
    with work_as(case.clerk if who == "clerk" else people[who]) as work:
        given = successor or Successor(people["colleague"].person_id)
        return handovers.name_successor(work, case.unit_id, case.contact.person_id, given, from_on, "岗位调整").id


def test_the_role_moves_on_the_day_and_not_before(work_as, case, people, clock, client_of):
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        items.write_item(work, row, 1, DONE)
    id_ = named(work_as, case, people)
    with pytest.raises(Refused) as early, work_as(people["secadmin"]) as work:
        handovers.carry_out(work, change_by_id(work, id_, lock=True), None)
    assert early.value.msgid == handovers.TOO_EARLY
    clock.moment = office_moment("2022-01-04T09:00")
    former = client_of("contact-xihe")
    assert former.get(f"/assignments/{case.token}").status == 200
    with work_as(people["secadmin"]) as work:
        handovers.carry_out(work, change_by_id(work, id_, lock=True), None)
    assert former.get(f"/assignments/{case.token}").status == 404
    page = client_of("colleague").get(f"/contact-changes/{id_}").text
    assert "第1次报送：已填1/2项" in page
    assert client_of("colleague").get(f"/assignments/{case.token}/items/1").status == 200
    with work_as() as work:
        assert roles_of(work.session, case.contact.person_id) == frozenset()
        assert roles_of(work.session, people["colleague"].person_id) == {Role.CONTACT}
        tell(work)
        query = sa.select(Message.kind, Person.login, Message.link).join(Person, Person.id == Message.person_id)
        told = sorted(work.session.execute(query.where(Message.kind.startswith("contact_"))).all())
        sheet = f"/contact-changes/{id_}"
        assert told == [
            ("contact_changed", "colleague", sheet),
            ("contact_changed", "leader-xihe", sheet),
            ("contact_named", "colleague", "/"),
            ("contact_named", "contact-xihe", sheet),
            ("contact_named", "secadmin", "/contact-changes/to-carry-out"),
        ]
        query = sa.select(Event.word).where(Event.word.startswith("contact:")).order_by(Event.id)
        words = list(work.session.scalars(query))
        assert words == ["contact:successor-named", "contact:changed"]


def test_somebody_without_an_account_waits_for_the_system_administrator(work_as, case, people, clock):
    id_ = named(work_as, case, people, "clerk", Successor(None, "赵六", "0418-1"), date(2021, 12, 28))
    with pytest.raises(Refused) as waits, work_as(people["secadmin"]) as work:
        handovers.carry_out(work, change_by_id(work, id_, lock=True), None)
    assert waits.value.msgid == handovers.NO_ACCOUNT
    with work_as() as work:
        new = f.person(work, "zhaoliu", unit=work.session.get_one(Unit, case.unit_id)).id
        tell(work)
        told = work.session.execute(sa.select(Person.login, Message.link).join(Message, Message.person_id == Person.id))
        assert ("sysadmin", f"/people/new?unit={case.unit_id}") in {tuple(row) for row in told}
    with work_as(people["secadmin"]) as work:
        handovers.carry_out(work, change_by_id(work, id_, lock=True), new)
        assert roles_of(work.session, new) == {Role.CONTACT}


def test_nobody_changes_another_units_contact_or_moves_a_role_unasked(work_as, case, people):
    with pytest.raises(Missing), work_as(people["leader"]) as work:
        handovers.name_successor(work, case.stranger.unit_id, case.stranger.person_id, Successor(1), DAY, "x")
    for who in (case.contact, case.director, people["secadmin"]):
        with pytest.raises(Missing), work_as(who) as work:
            handovers.name_successor(work, case.unit_id, case.contact.person_id, Successor(1), DAY, "x")
    bare = Successor(case.stranger.person_id)
    with pytest.raises(Invalid) as wrong, work_as(people["leader"]) as work:
        handovers.name_successor(work, case.unit_id, people["leader"].person_id, bare, date(2021, 1, 1), "")
    assert sorted(wrong.value.problems) == ["former", "from_on", "new", "reason"]
    id_ = named(work_as, case, people)
    with pytest.raises(Invalid):
        named(work_as, case, people)
    for who in (case.clerk, people["leader"]):
        with pytest.raises(Missing), work_as(who) as work:
            handovers.carry_out(work, change_by_id(work, id_), None)
    with pytest.raises(Missing), work_as(case.stranger) as work:
        change_by_id(work, id_)
    with work_as(people["leader"]) as work:
        handovers.take_back(work, change_by_id(work, id_, lock=True))
    named(work_as, case, people)


def test_pages_name_list_and_carry_out(work_as, case, people, client_of):
    leader, admin = client_of("leader-xihe"), client_of("secadmin")
    form = leader.get("/contact-changes").form("/contact-changes").values
    new = str(people["colleague"].person_id)
    typed = {"former": str(case.contact.person_id), "new": new, "from_on": "2021-12-28"}
    bare = leader.post("/contact-changes", {**form, **typed, "reason": ""})
    assert bare.status == 422
    sheet = leader.post("/contact-changes", {**bare.form("/contact-changes").values, **typed, "reason": "调离"})
    assert "〔2021〕1号" in sheet.text
    waiting = admin.get("/contact-changes/to-carry-out")
    assert ("新联络员" in waiting.text, "〔2021〕1号" in waiting.text) == (True, False)
    assert "1 项联络员变更待办理" in admin.get("/").text
    done = admin.post(waiting.form("/carry-out").action, waiting.form("/carry-out").values)
    assert "新联络员" in done.text
    assert client_of("clerk").get(f"/contact-changes?unit={case.unit_id}").status == 200
    with work_as(write=False) as work:
        assert [row.notice.number for row, _draft in handed_over(work, case.unit_id)] == ["阜政办公开改〔2021〕1号"]


def test_who_moved_away_meanwhile_keeps_the_other_units_role(work_as, case, people, clock):
    id_ = named(work_as, case, people)
    with work_as() as work:
        former = work.session.get_one(Person, case.contact.person_id)
        former.unit_id = f.unit(work, "市公安局").id  # and is made contact there
    clock.moment = office_moment("2022-01-04T09:00")
    with work_as(people["secadmin"]) as work:
        handovers.carry_out(work, change_by_id(work, id_, lock=True), None)
    with work_as() as work:
        assert roles_of(work.session, case.contact.person_id) == {Role.CONTACT}
        assert roles_of(work.session, people["colleague"].person_id) == {Role.CONTACT}
