"""From picked findings to issued notices: all or nothing, numbered once, frozen, and every step on record."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories, worlds
from tests.conftest import WorkAs
from tests.worlds import SERIES, as_
from tracker.audit.models import Event
from tracker.audit.queries import verify
from tracker.documents.operations import newest
from tracker.inspections.models import Finding
from tracker.inspections.policy import Standing, standing
from tracker.inspections.queries import findings_by_ids
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.lifecycle import NotInState
from tracker.kit.numbering import Counter
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.notices.models import Assignment, Batch, Notice
from tracker.notices.operations import drafts, issue
from tracker.notices.queries import batch_by_id
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Permission, Work, can
from tracker.workdays.calendar import Calendar

TABLES = ("batch", "notice", "assignment", "item", "finding", "event", "chain_head", "counter", "paper")


@pytest.fixture
def batch_id(work_as: WorkAs) -> int:
    """A batch of three units' notices, in review."""
    with work_as() as work:
        a, b = worlds.people(work)
        c = worlds.f.unit(work, "市教育局", UnitKind.DEPARTMENT, rank=0)
        chosen = [each for unit in (a, b, c) for each in worlds.findings(work, unit, 2, "甲")]
        return worlds.submitted(work, chosen).id


def sign(work_as: WorkAs, batch_id: int) -> None:
    with work_as() as work:
        worlds.sign(work, batch_by_id(as_director(work), batch_id))


def as_director(work: Work) -> Work:
    as_(work, "director")
    return work


def rows(app: Flask) -> dict[str, list[Any]]:
    """Everything that an issue may change, read past every cache."""
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        return {name: connection.execute(sa.text(f"SELECT * FROM {name} ORDER BY 1")).all() for name in TABLES}


class Broken(Exception):
    """What the database says in these tests."""


@contextmanager
def failing_at(app: Flask, nth: int) -> Iterator[list[int]]:
    """Let the n-th statement of the block fail; the list holds how many were sent."""
    engine, sent = app.extensions["sqlalchemy"].engine, [0]

    def count(*_statement: object) -> None:
        sent[0] += 1
        if sent[0] == nth:
            raise Broken

    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def test_p02_p04_issuing_is_all_or_nothing_wherever_it_breaks(app: Flask, work_as: WorkAs, batch_id: int) -> None:
    before = rows(app)
    nth, broken = 0, True
    while broken:
        nth += 1
        with failing_at(app, nth) as sent:
            try:
                sign(work_as, batch_id)
            except Broken:
                assert rows(app) == before, f"something was left behind by a failure at statement {nth}"
            broken = sent[0] >= nth
    print(f"{nth - 1} places")
    assert nth > 30
    with work_as(write=False) as work:
        assert [n.sequence for n in issued(work.session)] == [1, 2, 3]
        assert verify(work.session).whole


def issued(session: Session) -> list[Notice]:
    return list(session.scalars(sa.select(Notice).where(Notice.number.is_not(None)).order_by(Notice.sequence)))


def test_a_draft_has_one_notice_per_unit_and_is_numbered_in_protocol_order(work_as: WorkAs, batch_id: int) -> None:
    sign(work_as, batch_id)
    with work_as(write=False) as work:
        found = issued(work.session)
        assert [(n.number, n.unit.name, [i.sequence for i in n.items]) for n in found] == [
            (f"{SERIES}〔2021〕1号", "市教育局", [1, 2]),
            (f"{SERIES}〔2021〕2号", "金丝雀区", [1, 2]),
            (f"{SERIES}〔2021〕3号", "市公安局", [1, 2]),
        ]
        assert [(a.unit_name, len(a.items), a.state) for n in found for a in n.assignments] == [
            (n.unit.name, 2, AssignmentState.ISSUED) for n in found
        ]
        assert {standing(f) for f in work.session.scalars(sa.select(Finding))} == {Standing.ON_NOTICE}


def test_p04_every_step_has_exactly_one_event(work_as: WorkAs, batch_id: int) -> None:
    sign(work_as, batch_id)
    with work_as() as work:
        worlds.deliver(work, batch_by_id(as_director(work), batch_id))
    with work_as(write=False) as work:
        query = sa.select(Event.word, Event.subject_id).where(Event.case.is_not(None))
        counted = Tally((row.word, row.subject_id) for row in work.session.execute(query))
        notices = [notice.id for notice in issued(work.session)]
        steps = ("notice:submitted", "notice:signed-off", "notice:issued")
        assigned = [a.id for n in issued(work.session) for a in n.assignments]
        expected = {(step, id_): 1 for step in steps for id_ in notices}
        expected |= {("batch:drafted", batch_id): 1} | {("notice:delivered", id_): 1 for id_ in assigned}
        assert counted == expected


def test_p06_what_is_frozen_is_what_is_printed(work_as: WorkAs, batch_id: int) -> None:
    with work_as() as work:
        batch = batch_by_id(as_director(work), batch_id)
        seen = worlds.contents_of(work, batch)
        worlds.sign(work, batch)
        for notice in batch.notices:
            paper = newest(work.session, "notice", notice.id, "official")
            assert paper is not None
            assert paper.content == notice.frozen
            assert notice.frozen == seen[notice.id] | {"draft": False, "number": notice.number, "date": "2021-12-28"}


CHANGES = {
    "number": "'阜政办公开改〔2021〕9号'", "frozen": "'{}'", "issued_at": "NULL", "title": "'别的'", "sequence": "9",
    "document_date": "'2021-01-01'", "unit_id": "1",
    "paper_sha256": "NULL", "signed_name": "'别人'", "state": "'draft'",
}  # fmt: skip


def test_p06_the_database_lets_nobody_change_an_issued_notice(app: Flask, work_as: WorkAs, batch_id: int) -> None:
    sign(work_as, batch_id)
    with work_as() as work:
        worlds.deliver(work, batch_by_id(as_director(work), batch_id))
    before = rows(app)
    for column, value in CHANGES.items():
        statement = sa.text(f"UPDATE notice SET {column} = {value} WHERE sequence = 1")
        with pytest.raises(sa.exc.DBAPIError), app.extensions["sqlalchemy"].engine.begin() as connection:
            connection.execute(statement)
            print(f"{column} could be changed")
    assert rows(app) == before


def test_p22_the_database_lets_nobody_delete_an_issued_notice(app: Flask, work_as: WorkAs, batch_id: int) -> None:
    sign(work_as, batch_id)
    with work_as() as work:
        for statement in ("UPDATE item SET assignment_id = NULL", "DELETE FROM item", "DELETE FROM assignment"):
            work.session.execute(sa.text(statement))
        with pytest.raises(sa.exc.DBAPIError, match=r"not deleted|does not change"):
            work.session.execute(sa.text("DELETE FROM notice WHERE sequence = 1"))
        work.session.rollback()


def test_what_changed_after_it_was_seen_is_not_signed(work_as: WorkAs, batch_id: int) -> None:
    with work_as(write=False) as work:
        seen = issue.seen_digest(worlds.contents_of(work, batch_by_id(as_director(work), batch_id)))
    with work_as() as work:
        work.session.get_one(Batch, batch_id).opening = "另有问题"
    with pytest.raises(Refused, match="changed after you opened it"), work_as() as work:
        batch = batch_by_id(as_director(work), batch_id)
        contents = worlds.contents_of(work, batch)
        issue.sign_off_and_issue(work, batch, series=SERIES, contents=contents, seen=seen, calendar=Calendar())
    with work_as(write=False) as work:
        assert issued(work.session) == []
        assert work.session.get(Counter, (SERIES, 2021)) is None


@pytest.mark.parametrize("due", [date(2021, 12, 27), date(2021, 1, 1), None])
def test_a_deadline_that_has_passed_or_is_missing_is_not_submitted(
    work_as: WorkAs, batch_id: int, due: date | None
) -> None:
    with pytest.raises(Invalid) as refused, work_as() as work:
        worlds.submitted(work, worlds.findings(work, work.session.get_one(Unit, 2), 1, "乙"), due_on=due)
    assert list(refused.value.problems) == ["due_on"]


def test_a_deadline_that_passed_while_the_batch_waited_is_not_signed(
    work_as: WorkAs, batch_id: int, clock: FixedClock
) -> None:
    clock.moment = office_moment("2022-01-11T09:00")
    with pytest.raises(Refused, match="is in the past"):
        sign(work_as, batch_id)


def test_the_check_names_units_without_a_contact(work_as: WorkAs, batch_id: int) -> None:
    with work_as(write=False) as work:
        found = drafts.check(as_director(work), batch_by_id(work, batch_id), Calendar())
        assert (found.units, found.items, [unit.name for unit in found.without_contact]) == (3, 6, ["市教育局"])


def test_a_withdrawn_batch_frees_its_findings_and_uses_no_number(work_as: WorkAs, batch_id: int) -> None:
    with work_as() as work:
        as_(work, "clerk")
        drafts.withdraw(work, batch_by_id(work, batch_id), "重复")
    with work_as() as work:
        freed = list(work.session.scalars(sa.select(Finding).order_by(Finding.id)))
        assert {standing(finding) for finding in freed} == {Standing.WAITING}
        again = worlds.submitted(work, freed).id
    sign(work_as, again)
    with work_as(write=False) as work:
        assert [notice.sequence for notice in issued(work.session)] == [1, 2, 3]
        assert {n.state for n in batch_by_id(as_director(work), batch_id).notices} == {NoticeState.WITHDRAWN}


def test_a_void_notice_keeps_its_number_and_ends_its_assignment(work_as: WorkAs, batch_id: int) -> None:
    sign(work_as, batch_id)
    with work_as() as work:
        issue.void(as_director(work), issued(work.session)[1], "主送有误")
    with work_as() as work:
        notice = issued(work.session)[1]
        assert (notice.state, notice.sequence, notice.reason) == (NoticeState.VOIDED, 2, "主送有误")
        assert [a.state for a in notice.assignments] == [AssignmentState.VOIDED]
        findings = [item.finding for item in notice.items]
        assert [standing(finding) for finding in findings] == [Standing.WAITING] * 2
        again = worlds.submitted(work, findings).id
    sign(work_as, again)
    with work_as(write=False) as work:
        assert [notice.sequence for notice in issued(work.session)] == [1, 2, 3, 4]


def test_a_batch_that_was_sent_back_is_changed_and_submitted_again(work_as: WorkAs, batch_id: int) -> None:
    with pytest.raises(Refused), work_as() as work:
        as_(work, "clerk")
        drafts.change(work, batch_by_id(work, batch_id), worlds.wording(title="新标题"))
    with work_as() as work:
        drafts.send_back(as_director(work), batch_by_id(work, batch_id), "标题请改")
    with work_as() as work:
        as_(work, "clerk")
        batch = batch_by_id(work, batch_id)
        assert {notice.reason for notice in batch.notices} == {"标题请改"}
        drafts.change(work, batch, worlds.wording(title="新标题"))
        drafts.submit(work, batch, Calendar())
    sign(work_as, batch_id)
    with work_as(write=False) as work:
        assert {notice.title for notice in issued(work.session)} == {"新标题"}


def test_a_finding_stands_on_one_notice_only(work_as: WorkAs, batch_id: int) -> None:
    with pytest.raises(Refused, match="already on a notice"), work_as() as work:
        worlds.drafted(work, list(work.session.scalars(sa.select(Finding))))


@pytest.mark.parametrize(("login", "refusal"), [("clerk", Missing), ("reviewer", Missing), ("director", NotInState)])
def test_signing_needs_a_director_and_a_batch_in_review(
    work_as: WorkAs, batch_id: int, login: str, refusal: type[Exception]
) -> None:
    with work_as() as work:
        as_(work, "clerk")
        drafts.withdraw(work, batch_by_id(work, batch_id), "重复") if login == "director" else None
    with pytest.raises(refusal), work_as() as work:
        as_(work, login)
        batch = batch_by_id(work, batch_id)
        issue.sign_off_and_issue(work, batch, series=SERIES, contents={}, seen="", calendar=Calendar())
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Assignment)).all() == []


def test_who_changed_a_draft_does_not_sign_it(work_as: WorkAs) -> None:
    """Four eyes: a hand on the text, not only the first drafter's, is no signing hand."""
    with work_as() as work:
        unit, _other = worlds.people(work)
        both = factories.identity(work, factories.person(work, "both", Role.CLERK, Role.DIRECTOR))
        clerk, waiting = as_(work, "clerk"), [each.id for each in worlds.findings(work, unit, 1, "hands")]
    with work_as(clerk) as work:
        batch_id = worlds.drafted(work, findings_by_ids(work.session, waiting)).id
    with work_as(both) as work:
        batch = batch_by_id(work, batch_id)
        assert can(both, Permission.NOTICE_SIGN, batch)
        drafts.change(work, batch, worlds.wording(title="改过的标题"))
    with work_as(both, write=False) as work:
        assert not can(both, Permission.NOTICE_SIGN, batch_by_id(work, batch_id))
