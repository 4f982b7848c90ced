"""Submitting when things go badly: two at once, the last second, a clock that jumps, half an upload."""

import contextvars
import io
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories as f
from tests.conftest import WorkAs
from tests.pages import Page, PageClient
from tests.replies.case import DUE, Case, answer, assignment
from tracker.audit.queries import verify
from tracker.files.models import StoredFile
from tracker.kit.clock import FixedClock, office_moment
from tracker.notices.policy import due_of
from tracker.org.models import Role, Unit
from tracker.replies.models import Reply
from tracker.replies.operations import review, rounds
from tracker.workdays.calendar import Calendar

ClientOf = Callable[[str], PageClient]
END = office_moment("2022-01-11")
KIND = "multipart/form-data; boundary=x"
FILLED = {"result": "fixed", "measure": "已恢复更新", "finished_on": "2021-12-28", "responsible": "张三", "act": "next"}


def test_of_two_people_who_submit_at_once_one_wins_and_the_other_is_told(
    app: Flask, client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as() as work:
        f.person(work, "second-xihe", Role.CONTACT, unit=work.session.get_one(Unit, case.unit_id))
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    first, second = client_of("contact-xihe"), client_of("second-xihe")
    for n in (1, 2):
        first.submit(first.get(f"/assignments/{case.token}/items/{n}"), f"/items/{n}", **FILLED)
    scan = (io.BytesIO(f.png()), "盖章件.png")
    first.submit(first.get(f"/assignments/{case.token}/scan"), "/scan", scan=scan)
    pages = [(client, client.get(f"/assignments/{case.token}/check")) for client in (first, second)]
    answers: list[int] = []

    def send(client: PageClient, page: Page) -> None:
        answers.append(
            client.http.post(f"/assignments/{case.token}/check", data=page.form("/check").values).status_code
        )  # type: ignore[attr-defined]

    threads = [threading.Thread(target=contextvars.Context().run, args=(send, *each)) for each in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    with work_as(write=False) as work:
        assert work.session.scalars(select(Reply.receipt)).all() == ["R-2021-000001"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("moment", "standing"),
    [(END - timedelta(microseconds=1), "answered_on_time"), (END, "answered_late")],
)
def test_the_last_moment_of_the_due_day_is_in_time_and_the_next_is_late(
    case: Case, work_as: WorkAs, clock: FixedClock, moment: datetime, standing: str
) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    clock.moment = moment
    with work_as(case.contact) as work:
        answer(work, case)
        row = assignment(work, case)
        assert row.due_on == DUE
        assert due_of(row, work.now, Calendar()).standing == standing


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_clock_that_jumps_back_loses_nothing_and_gives_no_number_twice(
    case: Case, work_as: WorkAs, clock: FixedClock
) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    clock.moment -= timedelta(hours=3)
    with work_as(case.reviewer) as work:
        review.return_whole(work, assignment(work, case), "缺单位印章")
    with work_as(case.contact) as work:
        assert answer(work, case).round == 2
    clock.moment += timedelta(hours=3)
    with work_as(case.reviewer) as work:
        review.return_whole(work, assignment(work, case), "缺单位印章")
    with work_as(case.contact) as work:
        answer(work, case)
    with work_as(write=False) as work:
        assert verify(work.session).whole
        receipts = work.session.scalars(select(Reply.receipt).order_by(Reply.round)).all()
        assert receipts == [f"R-2021-00000{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the parser leaves its half file to gc
def test_an_upload_that_breaks_off_leaves_nothing_and_the_page_works_on(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    unit = client_of("contact-xihe")
    url = f"/assignments/{case.token}/scan"
    key = unit.get(url).form("/scan").values["form_key"]
    head = f'--x\r\nContent-Disposition: form-data; name="form_key"\r\n\r\n{key}\r\n--x\r\n'
    part = 'Content-Disposition: form-data; name="scan"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    whole = head.encode() + part.encode() + f.png()
    for data in (whole[:-200], whole):  # inside the picture, and before the closing boundary
        length = len(data) + 50
        answered = unit.http.post(url, input_stream=io.BytesIO(data), content_length=length, content_type=KIND)
        assert 400 <= answered.status_code < 500
    with work_as(write=False) as work:
        assert work.session.scalar(select(func.count(StoredFile.id))) == 0
    page = unit.submit(unit.get(url), "/scan", scan=(io.BytesIO(f.png()), "盖章件.png"))
    assert "盖章件.png" in page.words
