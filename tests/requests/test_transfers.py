"""转办: a unit below answers to the one above and its texts roll up; siblings and the office see nothing of them."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.pages import PageClient
from tests.replies.case import assignment
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.lifecycle import NotInState
from tracker.notices.models import Assignment
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.models import Person, Role, Unit, UnitKind
from tracker.replies.models import RESULT_NAMES, Result
from tracker.replies.operations import rollup, rounds
from tracker.requests.lifecycle import TransferState
from tracker.requests.models import OUTCOME_NAMES, Outcome, Transfer
from tracker.requests.operations import transfers
from tracker.requests.operations.transfers import Incomplete, Order, Text
from tracker.requests.queries.transfers import handed_to, locked_transfer, transfer_by_token

INNER = date(2022, 1, 6)
TEXT = Text(Outcome.FIXED, "街道已整改。", date(2021, 12, 28), "李四")


@pytest.fixture
def below(work_as, case):
    """细河区 has two subordinate units, each with a contact; one level further down stands another."""
    with work_as() as work:
        town = f.unit(work, "细河区甲街道", UnitKind.SUBORDINATE, parent_id=case.unit_id)
        beside = f.unit(work, "细河区乙街道", UnitKind.SUBORDINATE, parent_id=case.unit_id)
        deeper = f.unit(work, "甲街道社区", UnitKind.SUBORDINATE, parent_id=town.id)
        people = {
            "town": f.person(work, "contact-town", Role.CONTACT, unit=town),
            "beside": f.person(work, "contact-beside", Role.CONTACT, unit=beside),
            "deeper": f.person(work, "contact-deeper", Role.CONTACT, unit=deeper),
        }
        return {name: f.identity(work, person) for name, person in people.items()}


def handed(work_as, case, below, numbers=(1, 2), due_on=INNER):
    with work_as(case.contact) as work:
        locked_assignment(work, case.token)
        row = assignment_by_token(work, case.token)
        return transfers.hand_down(work, row, Order(below["town"].unit_id, numbers, due_on, "请抓紧")).token


def answered(work_as, below, token):
    with work_as(below["town"]) as work:
        row = locked_transfer(work, token)
        for line in row.lines:
            transfers.write_line(work, row, line.item.sequence, TEXT)
        transfers.answer(work, row)


def test_its_texts_roll_up_into_the_upper_units_reply(work_as, case, below):
    token = handed(work_as, case, below)
    with work_as(below["town"], False) as work:
        assert [row.token for row in work.session.scalars(handed_to(work))] == [token]
    with work_as(below["town"]) as work, pytest.raises(Incomplete) as incomplete:
        transfers.answer(work, locked_transfer(work, token))
    assert len(incomplete.value.gaps) == 6
    answered(work_as, below, token)
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    with work_as(case.contact) as work:
        assert rollup.take_over(work, locked_transfer(work, token), [2]) == 1
        lines = rounds.open_draft(work, assignment(work, case)).items
        assert [(line.result, line.measure, line.responsible) for line in lines] == [
            (None, "", ""),
            (Result.FIXED, "街道已整改。", "李四"),
        ]
        row = transfer_by_token(work, token)
        assert (row.state, [line.taken_at is not None for line in row.lines]) == (TransferState.TAKEN, [False, True])


def test_a_sibling_a_unit_further_down_and_the_office_see_nothing(work_as, case, below, client_of):
    token = handed(work_as, case, below)
    with work_as() as work:
        leader = f.identity(work, work.session.scalars(sa.select(Person).where(Person.login == "leader-xihe")).one())
    for who in (below["beside"], below["deeper"], case.stranger, case.clerk, case.director):
        with work_as(who, False) as work, pytest.raises(Missing):
            transfer_by_token(work, token)
    for who in (case.contact, below["town"], leader):
        with work_as(who, False) as work:
            assert transfer_by_token(work, token).token == token
    for login, status in (("contact-town", 200), ("contact-beside", 404), ("clerk", 404)):
        client: PageClient = client_of(login)
        for url in (f"/transfers/{token}", f"/transfers/{token}/items/1"):
            assert client.get(url).status == status, (login, url)
    town = client_of("contact-town")
    assert town.get(f"/assignments/{case.token}").status == 404  # the notice itself stays the county's
    assert "细河区甲街道" in client_of("clerk").get(f"/assignments/{case.token}").text


def test_what_cannot_be_handed_down_is_refused_with_its_sentence(work_as, case, below):
    unit = below["town"].unit_id
    wrong = [
        (Order(unit, [1], date(2022, 1, 11)), ["due_on"]),  # later than the own deadline
        (Order(unit, [1], date(2021, 12, 27)), ["due_on"]),
        (Order(below["deeper"].unit_id, [1], INNER), ["unit"]),
        (Order(case.stranger.unit_id, [], None), ["due_on", "items", "unit"]),
    ]
    for order, fields in wrong:
        with pytest.raises(Invalid) as refused, work_as(case.contact) as work:
            transfers.hand_down(work, assignment(work, case), order)
        assert sorted(refused.value.problems) == fields
    handed(work_as, case, below, numbers=(1,))
    with work_as() as work:
        beside = work.session.scalars(sa.select(Unit).where(Unit.name == "细河区乙街道")).one().id
    with pytest.raises(Invalid) as twice, work_as(case.contact) as work:
        transfers.hand_down(work, assignment(work, case), Order(beside, [1], INNER))
    assert twice.value.msgid == transfers.TAKEN_ALREADY
    with pytest.raises(Missing), work_as(below["town"]) as work:
        row = work.session.scalars(sa.select(Assignment)).one()
        transfers.hand_down(work, row, Order(unit, [2], INNER))


def test_returned_completed_withdrawn(work_as, case, below):
    token = handed(work_as, case, below)
    answered(work_as, below, token)
    with pytest.raises(Invalid), work_as(case.contact) as work:
        transfers.send_back(work, locked_transfer(work, token), "")
    with work_as(case.contact) as work:
        row = locked_transfer(work, token)
        seen = row.version
        transfers.send_back(work, row, "请写明时间", seen)
    with pytest.raises(Stale), work_as(below["town"]) as work:
        transfers.answer(work, locked_transfer(work, token), seen)
    answered(work_as, below, token)
    with work_as(case.contact) as work:
        transfers.withdraw(work, locked_transfer(work, token), "由区政府办直接办理")
    with pytest.raises(NotInState), work_as(below["town"]) as work:
        transfers.write_line(work, locked_transfer(work, token), 1, TEXT)
    handed(work_as, case, below)  # and it can be handed down again


def test_after_the_upper_unit_has_answered_nothing_more_is_asked_below(work_as, case, below):
    token = handed(work_as, case, below)
    with work_as() as work:
        work.session.execute(sa.update(Assignment).values(state="submitted", submitted_at=work.now))
    with pytest.raises(Refused) as over, work_as(below["town"]) as work:
        transfers.write_line(work, locked_transfer(work, token), 1, TEXT)
    assert over.value.msgid == transfers.ANSWERED
    with work_as(below["town"], False) as work:
        assert list(work.session.scalars(handed_to(work))) == []


def test_the_words_are_those_of_a_reply():
    assert {str(each): name for each, name in OUTCOME_NAMES.items()} == {str(r): n for r, n in RESULT_NAMES.items()}


def test_pages_lead_from_handing_down_to_taking_over(work_as, case, below, client_of):
    county, town = client_of("contact-xihe"), client_of("contact-town")
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    url = f"/assignments/{case.token}/transfers"
    form = county.get(url).form(url).values
    typed = {"unit": str(below["town"].unit_id), "items": ["1"], "due_on": "2022-01-20", "note": "请抓紧"}
    late = county.post(url, {**form, **typed})
    assert (late.status, "请抓紧" in late.text) == (422, True)
    county.post(url, {**late.form(url).values, **typed, "due_on": "2022-01-06"})
    with work_as(write=False) as work:
        one = f"/transfers/{work.session.scalars(sa.select(Transfer.token)).one()}"
    assert one in town.get("/transfers").text
    line = town.get(one + "/items/1").form(one).values
    written = {"outcome": "fixed", "measure": "街道已整改。", "finished_on": "2021-12-28", "responsible": "李四"}
    town.post(one + "/items/1", {**line, **written})
    town.post(one + "/answer", town.get(one).form("/answer").values)
    taken = county.post(one + "/take-over", {**county.get(one).form("/take-over").values, "line": ["1"]})
    assert "已收口" in taken.text
    assert "街道已整改。" in county.get(f"/assignments/{case.token}/items/1").text
