"""Two clerks at the same moment: one letter about an assignment, one correction of a notice, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import worlds
from tests.conftest import WorkAs
from tests.notices.test_letters import ERRATA, LATE
from tests.pages import PageClient
from tests.reminders.cases import in_own_context
from tests.worlds import as_
from tracker.kit.clock import FixedClock
from tracker.kit.errors import Refused
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import About, Assignment, Correction, Notice, NoticeKind
from tracker.notices.operations import letters
from tracker.notices.operations.drafts import Wording
from tracker.notices.queries import locked_assignment, locked_batch
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar


def urge(work: Work, row: Assignment) -> None:
    letters.draft_letters(work, [row], NoticeKind.URGE, Calendar())


def correct(work: Work, row: Assignment) -> None:
    letters.draft_correction(work, row.notice, Wording("关于更正有关文件内容的函", "因校对疏漏", "", errata=ERRATA))


@pytest.mark.parametrize(("draft", "table"), [(urge, About), (correct, Correction)])
def test_p09_two_clerks_draft_one_letter_and_the_second_is_told(
    app: Flask,
    work_as: WorkAs,
    clock: FixedClock,
    draft: Callable[[Work, Assignment], None],
    table: type[About] | type[Correction],
) -> None:
    with work_as() as work:
        chosen = worlds.findings(work, worlds.people(work)[0], 1, "甲")
    with work_as() as work:
        token = worlds.delivered(work, [work.session.merge(each) for each in chosen])[0].token
    clock.moment, together = LATE, Barrier(2)

    def at_once() -> str:
        try:
            with work_as() as work:
                as_(work, "clerk")
                row = work.session.scalars(select(Assignment).where(Assignment.token == token)).one()
                with suppress(BrokenBarrierError):
                    together.wait(1)  # on SQLite the second comes no further than its BEGIN
                draft(work, row)
        except Refused as refusal:
            return refusal.msgid
        return "drafted"

    with ThreadPoolExecutor(2) as clerks:
        told = {each.result() for each in [clerks.submit(in_own_context, app, at_once) for _clerk in range(2)]}
    assert told in ({"drafted", letters.DRAFTED}, {"drafted", letters.CORRECTING})
    with work_as(write=False) as work:
        assert work.session.scalar(select(func.count(table.id))) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_letter_that_is_not_of_the_batch_does_not_take_the_batch_with_it(
    work_as: WorkAs, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        batch_id = worlds.drafted(work, worlds.findings(work, worlds.people(work)[0], 1, "甲")).id
    clerk = client_of("clerk")
    key = clerk.get(f"/batches/{batch_id}").form("/withdraw").values["form_key"]
    for one in ("7x", "99999"):
        data = {"form_key": key, "reason": "重复", "notice": one}
        assert clerk.post(f"/batches/{batch_id}/withdraw", data).status == 404
    with work_as(write=False) as work:
        assert [n.state for n in work.session.scalars(select(Notice))] == [NoticeState.DRAFT]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_while_a_letter_is_signed_nobody_answers_what_it_is_about(
    app: Flask, work_as: WorkAs, clock: FixedClock
) -> None:
    with work_as() as work:
        chosen = worlds.findings(work, worlds.people(work)[0], 1, "甲")
    with work_as() as work:
        token = worlds.delivered(work, [work.session.merge(each) for each in chosen])[0].token
    clock.moment = LATE
    with work_as() as work:
        as_(work, "clerk")
        row = work.session.scalars(select(Assignment).where(Assignment.token == token)).one()
        batch_id = letters.draft_letters(work, [row], NoticeKind.URGE, Calendar()).id

    def answer() -> None:
        with work_as() as work:
            as_(work, "contact-a")
            locked_assignment(work, token)

    with ThreadPoolExecutor(1) as unit:
        with work_as() as work:
            as_(work, "director")
            locked_batch(work, batch_id)
            answering = unit.submit(in_own_context, app, answer)
            with pytest.raises(TimeoutError):
                answering.result(0.5)
        assert answering.result(10) is None
