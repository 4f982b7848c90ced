"""The pages as people use them: the loop, refusals, other people's addresses, and how much a list costs."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import factories as f
from tests.conftest import WorkAs, one_database
from tests.pages import Page, PageClient
from tests.replies.case import Case, answer, assignment, deliver
from tracker.audit.models import Event
from tracker.notices.models import Assignment
from tracker.org.models import Person, Unit
from tracker.replies.jobs import due_scans, read_scan
from tracker.replies.models import Reply, ReplyItem
from tracker.replies.operations import review, rounds
from tracker.replies.operations.review import Opinion, Verdict

ClientOf = Callable[[str], PageClient]
FILLED = {"result": "fixed", "measure": "已恢复更新", "finished_on": "2021-12-28", "responsible": "张三", "act": "next"}


def upload(name: str = "盖章件.png", data: bytes | None = None) -> tuple[io.BytesIO, str]:
    return io.BytesIO(f.png() if data is None else data), name


def test_a_unit_answers_and_the_reviewer_closes(client_of: ClientOf, case: Case) -> None:
    unit = client_of("contact-xihe")
    listed = unit.get("/assignments")
    assert "阜政办公开改〔2021〕1号" in listed.words
    page = unit.get(f"/assignments/{case.token}")
    assert "还剩 8 个工作日" in page.words
    page = unit.submit(page, "/acknowledge")
    assert "0/2" in page.words
    page = unit.submit(unit.get(f"/assignments/{case.token}/items/1"), "/items/1", **FILLED)
    assert page.path == f"/assignments/{case.token}/items/2"
    page = unit.submit(page, "/items/2", **FILLED, evidence=upload("整改后.png"), caption="首页")
    assert page.path == f"/assignments/{case.token}/sheet"
    assert "2/2" in unit.get(f"/assignments/{case.token}").words
    page = unit.submit(unit.get(f"/assignments/{case.token}/scan"), "/scan", scan=upload())
    assert "盖章件.png" in page.words
    page = unit.submit(unit.get(f"/assignments/{case.token}/check"), "/check")
    assert page.path == f"/assignments/{case.token}/receipt/1"
    assert "R-2021-000001" in page.words
    assert "首页" in page.words

    reviewer = client_of("reviewer")
    queue = reviewer.get("/replies")
    assert "细河区" in queue.words
    page = reviewer.get(f"/replies/{case.token}/review")
    page = reviewer.submit(
        page, "/review", **{"verdict-1": "accepted", "verdict-2": "accepted", "signature": "y", "seal": "y"}
    )
    assert page.path == "/replies"
    assert "已通过并销号" in page.words
    assert "已销号" in unit.get(f"/assignments/{case.token}").words
    assert "第 1 次报送" in client_of("leader-xihe").get(f"/assignments/{case.token}").words


def test_a_returned_reply_shows_why_and_locks_what_was_accepted(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    reviewer = client_of("reviewer")
    page = reviewer.get(f"/replies/{case.token}/review")
    verdicts = {"verdict-1": "accepted", "verdict-2": "returned"}
    refused = reviewer.submit(page, "/review", **verdicts)
    assert refused.status == 422
    assert "请写明退回理由" in refused.words
    stale = reviewer.submit(page, "/review", **verdicts, **{"reason-2": "佐证不足", "version": "7"})
    assert stale.status == 409
    done = reviewer.submit(page, "/review", **verdicts, **{"reason-2": "佐证不足"})
    assert "已退回细河区" in done.words
    again = reviewer.submit(
        page, "/review", **verdicts, **{"reason-2": "佐证不足", "form_key": refused.form("/review").values["form_key"]}
    )
    assert again.status == 409
    unit = client_of("contact-xihe")
    assert "佐证不足" in unit.get(f"/assignments/{case.token}").words
    assert "佐证不足" in unit.get(f"/assignments/{case.token}/items/2").words
    locked = unit.get(f"/assignments/{case.token}/items/1")
    assert "前次已通过" in locked.words
    assert "第 1 次报送" in unit.get(f"/assignments/{case.token}/receipt/1").words


def test_what_is_missing_is_said_and_nothing_is_submitted(client_of: ClientOf, case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    unit = client_of("contact-xihe")
    page = unit.submit(unit.get(f"/assignments/{case.token}/check"), "/check")
    assert page.status == 422
    for sentence in ("第 1 项：请选择整改结果。", "第 2 项：请填写责任人。", "请上传签字盖章后的整改情况报告扫描件。"):
        assert sentence in page.words
    with work_as() as work:
        assert work.session.scalar(select(func.count(Reply.receipt))) == 0


def test_sending_the_check_page_twice_makes_one_reply(client_of: ClientOf, case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        row = assignment(work, case)
        rounds.acknowledge(work, row)
    unit = client_of("contact-xihe")
    for n in (1, 2):
        unit.submit(unit.get(f"/assignments/{case.token}/items/{n}"), f"/items/{n}", **FILLED)
    unit.submit(unit.get(f"/assignments/{case.token}/scan"), "/scan", scan=upload())
    page, other_tab = unit.get(f"/assignments/{case.token}/check"), unit.get(f"/assignments/{case.token}/check")
    first, same_key = unit.submit(page, "/check"), unit.submit(page, "/check")
    assert first.path == same_key.path == f"/assignments/{case.token}/receipt/1"
    assert unit.submit(other_tab, "/check").status == 409
    with work_as() as work:
        assert list(work.session.scalars(select(Reply.receipt))) == ["R-2021-000001"]


@one_database
@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"\x89PNG\r\n\x1a\n" + bytes(21 << 20), "20"), (b"<html><script>alert(1)</script>", "PDF"), (b"", "")],
)
def test_a_refused_file_keeps_what_was_typed(
    client_of: ClientOf, case: Case, work_as: WorkAs, data: bytes, sentence: str
) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    unit = client_of("contact-xihe")
    page = unit.get(f"/assignments/{case.token}/items/1")
    typed = {**page.form("/items/1").values, **FILLED, "measure": "写了很久的措施 <b>{{7*7}}</b>"}
    boundary, body = encode_multipart({**typed, "evidence": FileStorage(io.BytesIO(data), "a.pdf")})
    kind = f'multipart/form-data; boundary="{boundary}"'
    refused = Page(unit.http.post(page.form("/items/1").action, data=body, content_type=kind))
    assert refused.status == 422
    assert sentence in refused.words
    assert refused.form("/items/1").values["measure"] == "写了很久的措施 <b>{{7*7}}</b>"
    assert unit.get(f"/assignments/{case.token}/items/1").form("/items/1").values["measure"] == ""


def test_autosave_keeps_incomplete_text_and_tells_the_version(client_of: ClientOf, case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    unit = client_of("contact-xihe")
    url = f"/assignments/{case.token}/items/1"
    values = {**unit.get(url).form("/items/1").values, "measure": "写到一半"}
    first = unit.post(f"{url}/draft", values)
    assert first.response.json == {"time": "16:30", "version": 2}
    assert (
        unit.post(f"{url}/draft", {**values, "version": "2", "measure": "写到一半，继续"}).response.json["version"] == 3
    )
    assert unit.post(f"{url}/draft", values).status == 409
    assert unit.get(url).form("/items/1").values["measure"] == "写到一半，继续"
    assert unit.post(f"{url}/draft", {**values, "version": "3", "finished_on": "0002-01-01"}).status == 200
    with work_as() as work:  # a year half typed is no date yet
        assert {line.finished_on for line in work.session.query(ReplyItem)} == {None}


def addresses(case: Case, file: str) -> Iterator[tuple[str, str]]:
    base = f"/assignments/{case.token}"
    for tail in (
        "",
        "/items/1",
        "/sheet",
        "/sheet/1.pdf",
        "/sheet/1/pages/1",
        "/scan",
        "/check",
        "/receipt/1",
        f"/files/{file}",
        f"/files/{file}/pages/1",
    ):
        yield "GET", base + tail
    for tail in ("/acknowledge", "/items/1", "/items/1/draft", "/sheet", "/scan", "/check", "/reopen"):
        yield "POST", base + tail
    yield "GET", f"/replies/{case.token}/review"
    yield "POST", f"/replies/{case.token}/review"
    yield "GET", f"/r/{case.token}/1/P1of1"


def test_another_units_addresses_do_not_exist(client_of: ClientOf, case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        reply = answer(work, case)
        assert reply.scan is not None
        file = reply.scan.token
    stranger = client_of("contact-police")
    key = stranger.get("/assignments").forms()[-1].values.get("form_key") or _any_key(stranger)
    tried = list(addresses(case, file))
    for method, url in tried:
        page = stranger.get(url) if method == "GET" else stranger.post(url, {"form_key": key})
        assert page.status == 404, (method, url)
    with work_as() as work:
        refusals = select(func.count(Event.id)).where(Event.word == "access:refused")
        assert work.session.scalar(refusals) == len(tried)


def _any_key(client: PageClient) -> str:
    return next(
        str(form.values["form_key"]) for form in client.get("/assignments").forms() if "form_key" in form.values
    )


def test_the_office_reads_but_does_not_write_and_sees_no_draft(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as(case.contact) as work:
        answer(work, case)
    for login in ("clerk", "observer", "director"):
        office = client_of(login)
        assert office.get(f"/assignments/{case.token}/receipt/1").status == 200
        for tail in ("/items/1", "/scan", "/check", "/sheet"):
            assert office.get(f"/assignments/{case.token}{tail}").status == 404, (login, tail)
        assert office.get("/replies").status == 404
    with work_as(case.reviewer) as work:
        review.review(work, assignment(work, case), _returned())
    with work_as(case.contact) as work:
        draft = rounds.open_draft(work, assignment(work, case))
        assert draft.round == 2
    office = client_of("clerk")
    assert office.get(f"/assignments/{case.token}/receipt/2").status == 404
    assert "第 2 次报送" not in office.get(f"/assignments/{case.token}").words


def _returned() -> Opinion:
    from tracker.replies.models import Decision

    passed = Verdict(Decision.ACCEPTED)
    return Opinion({1: passed, 2: passed}, paper_reason="缺单位印章")


def test_a_scan_is_sent_as_it_came(client_of: ClientOf, case: Case, work_as: WorkAs) -> None:
    with work_as(case.contact) as work:
        reply = answer(work, case)
        assert reply.scan is not None
        file = reply.scan.token
    for due in due_scans():
        read_scan(due)
    for login in ("contact-xihe", "leader-xihe", "reviewer"):
        sent = client_of(login).get(f"/assignments/{case.token}/files/{file}")
        assert sent.response.data == f.png()
        assert sent.response.headers["Content-Disposition"].startswith("attachment")
        sent.response.close()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []
    engine = app.extensions["sqlalchemy"].engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_list_costs_the_same_for_one_row_and_for_thirty(
    app: Flask, client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    lists = ("/assignments", "/replies")
    with work_as(case.contact) as work:
        answer(work, case)
    client = client_of("reviewer")
    one = {url: _statements_of(app, client, url) for url in lists}
    with work_as() as work:
        unit = work.session.get(Unit, case.unit_id)
        clerk = work.session.get(Person, case.clerk.person_id)
        assert unit is not None
        assert clerk is not None
        tokens = [deliver(work, unit, clerk, 1).token for _n in range(29)]
    with work_as(case.contact) as work:
        for token in tokens:
            answer(
                work, Case(token, case.unit_id, case.clerk, case.reviewer, case.director, case.contact, case.stranger)
            )
    assert {url: _statements_of(app, client, url) for url in lists} == one
    assert [client.get(url).words.count("细河区") >= 30 for url in lists] == [True, True]
    with work_as() as work:
        assert work.session.scalar(select(func.count(Assignment.id))) == 30


def _statements_of(app: Flask, client: PageClient, url: str) -> int:
    client.get(url)
    with counted(app) as statements:
        client.get(url)
    return len(statements)
