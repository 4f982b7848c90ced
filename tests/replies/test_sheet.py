"""The reply sheet: refused while incomplete, made by the worker, shown when ready, and told to be out of date."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.replies.case import DONE, Case, assignment
from tracker.documents.models import Paper, PaperState
from tracker.replies.jobs import render_sheet
from tracker.replies.operations import items, rounds
from tracker.replies.paper import sheet_content


def fill(work_as: WorkAs, case: Case) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
        for n in (1, 2):
            items.write_item(work, row, n, DONE)


def test_the_sheet_says_what_was_filled_in(work_as: WorkAs, case: Case) -> None:
    fill(work_as, case)
    with work_as(case.contact, write=False) as work:
        reply = rounds.open_draft(work, assignment(work, case))
        content = sheet_content(reply, issuer="办公室", url_base="http://localhost", today=work.today)
    lines = content.pop("items")
    assert content == {
        "draft": False, "unit": "细河区", "issuer": "办公室", "notice_number": "阜政办公开改〔2021〕1号",
        "notice_title": "关于限期整改有关问题的通知", "round": 1, "deadline_words": "1月10日前",
        "url_base": "http://localhost", "token": case.token, "version": 1, "printed_on": "2021-12-28",
    }  # fmt: skip
    assert [(line["seq"], line["result"], line["finished_on"]) for line in lines] == [
        (1, "已整改", "2021-12-28"),
        (2, "已整改", "2021-12-28"),
    ]


def test_an_incomplete_sheet_is_not_made(client_of: Callable[[str], PageClient], case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    unit = client_of("contact-xihe")
    page = unit.get(f"/assignments/{case.token}/sheet")
    assert "第 1 项：请选择整改结果。" in page.words
    key = unit.get(f"/assignments/{case.token}/check").form("/check").values["form_key"]
    assert unit.post(f"/assignments/{case.token}/sheet", {"form_key": key}).status == 422
    with work_as() as work:
        assert work.session.scalars(select(Paper)).all() == []


@pytest.mark.pdf
def test_the_sheet_is_made_by_the_worker_and_offered(
    client_of: Callable[[str], PageClient], case: Case, work_as: WorkAs
) -> None:
    fill(work_as, case)
    unit = client_of("contact-xihe")
    url = f"/assignments/{case.token}/sheet"
    waiting = unit.submit(unit.get(url), "/sheet")
    assert waiting.response.headers["Refresh"] == "2"
    with work_as() as work:
        paper_id = work.session.scalars(select(Paper.id)).one()
    render_sheet(paper_id)
    render_sheet(paper_id)
    with work_as() as work:
        paper = work.session.get(Paper, paper_id)
        assert paper is not None
        assert (paper.state, paper.tries, paper.pages) == (PaperState.READY, 1, 1)
    ready = unit.get(url)
    assert "Refresh" not in ready.response.headers
    sent = unit.get(f"{url}/{paper_id}.pdf")
    assert sent.response.data.startswith(b"%PDF-")
    sent.response.close()
    assert unit.get(f"{url}/{paper_id}/pages/1").response.mimetype == "image/jpeg"
    with work_as(case.contact) as work:
        items.write_item(work, assignment(work, case), 1, items.Written(DONE.result, "另写", DONE.finished_on, "李四"))
    assert "生成报告之后事项内容有改动" in unit.get(url).words
