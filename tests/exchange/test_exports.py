"""Files of the ledger: written by the worker when they are large, for one person, for some days, each on the record."""

import io
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tracker.audit.models import Event
from tracker.exchange import jobs
from tracker.exchange.models import Export, ExportState
from tracker.exchange.operations import exports
from tracker.exchange.operations.files import put
from tracker.files.place import exports as store


@pytest.fixture
def large(work_as: WorkAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six findings of unit A; more than five rows are a matter for the worker."""
    monkeypatch.setattr(exports, "DIRECT", 5)
    monkeypatch.setattr(jobs, "TOLD_EVERY", 2)
    with work_as() as work:
        a, _b = worlds.people(work)
        worlds.findings(work, a, 6, "长期")


def ask(client: PageClient, address: str, form: str) -> str:
    page = client.get(f"/ledger{address}").form("/ledger/exports")
    return client.post(page.action, page.values | {"format": form}).path


def only(work_as: WorkAs) -> Export:
    with work_as(write=False) as work:
        row = work.session.scalars(sa.select(Export)).one()
        work.session.expunge(row)
        return row


def test_a_large_file_is_written_by_the_worker_fetched_by_its_owner_alone_and_deleted_in_time(
    large: None, work_as: WorkAs, client_of, clock
) -> None:
    clerk = client_of("clerk")
    place = ask(clerk, "?q=长期", "xlsx")
    assert (place, clerk.get(f"{place}/file").status) == ("/ledger/exports/1", 404)
    waiting = clerk.get(place)
    assert (waiting.response.headers["Refresh"], "已写入 0 行" in waiting.words) == ("4", True)
    assert jobs.due_exports() == [1]
    jobs.export_row(1)
    jobs.export_row(1)
    row = only(work_as)
    assert (row.state, row.written, row.tries) == (ExportState.READY, 6, 1)
    assert "Refresh" not in clerk.get(place).response.headers
    data = clerk.get(f"{place}/file").response.get_data()
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()) == 7
    other = client_of("director")
    assert {other.get(f"{place}{end}").status for end in ("", "/file")} == {404}
    with work_as(write=False) as work:
        event = work.session.scalars(sa.select(Event).where(Event.word == "ledger:exported")).one()
        assert (event.actor_name, event.detail) == (
            "clerk",
            {"rows": 6, "format": "xlsx", "filter": "q=长期"},
        )
    clock.moment += exports.KEPT + timedelta(minutes=1)
    assert jobs.due_exports() == [1]
    jobs.export_row(1)
    assert (only(work_as).state, list(store().list()), jobs.due_exports()) == (ExportState.GONE, [], [])


@one_database
def test_one_at_a_time_and_a_killed_worker_costs_time_only(large: None, work_as: WorkAs, client_of, clock) -> None:
    clerk = client_of("clerk")
    ask(clerk, "", "csv")
    page = clerk.get("/ledger").form("/ledger/exports")
    assert clerk.post(page.action, page.values | {"format": "csv"}).status == 409
    with work_as() as work:
        assert exports.claim_export(work, 1)
        assert not exports.claim_export(work, 1)
    clock.moment += exports.LEASE
    assert jobs.due_exports() == [1]
    jobs.export_row(1)
    row = only(work_as)
    assert (row.state, row.tries, row.size) == (
        ExportState.READY,
        2,
        len(clerk.get("/ledger/exports/1/file").response.get_data()),
    )


@one_database
def test_what_cannot_be_written_is_tried_three_times_and_then_said(
    large: None, work_as: WorkAs, client_of, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = client_of("clerk")
    place = ask(clerk, "", "xlsx")
    monkeypatch.setitem(jobs.WRITERS, "xlsx", None)  # type: ignore[index]
    for _ in range(3):
        jobs.export_row(1)
        clock.moment += timedelta(minutes=2)
    assert (only(work_as).state, jobs.due_exports()) == (ExportState.FAILED, [])
    assert "未能生成" in clerk.get(place).words


def test_a_text_stays_a_text_whatever_the_workbook_would_take_it_for() -> None:
    said = ["<r>&</r>", " 前后 ", "a\x01b", "_x0041_", "两行\n字", "=1+1", "x" * 40_000, 7, None]
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    plain = book.add_format({"border": 1})
    sheet = book.add_worksheet("a")
    sheet.write_string(0, 0, "head")
    for place, cell in enumerate(said):
        put(sheet, 1, place, cell, plain, plain)
    book.close()
    assert b"<f>" not in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    found = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert found[1][:2] + found[1][3:6] == ["<r>&</r> ", " 前后 ", "_x0041_", "两行\n字", "=1+1"]
    assert (len(found[1][6]), found[1][7:8]) == (32_767, [7.0])
