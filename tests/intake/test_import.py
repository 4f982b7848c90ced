"""Sheets of error reports and publication figures: every wrong cell named, all or nothing, stored as by hand."""

import io

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tests.sheets.books import book
from tracker.audit.models import Event
from tracker.intake.models import ErrorReport, Publication
from tracker.intake.operations import PUBLICATIONS, REPORTS
from tracker.intake.operations.sheet_columns import month

HEADS = [column.label for column in REPORTS]
GOOD = [
    [
        "ZC1",
        "2021-12-27",
        "公安局",
        "",
        "栏目打不开",
        "",
        "省政府办公厅",
        "",
        "属实",
        "2021-12-28",
        "已修复",
        "2021-12-28",
    ],
    ["ZC2", "2021/12/28", "甲区", "", "错别字", "", "", "", "", "", "", ""],
]
BAD = [
    ["ZC1", "2021-12-27", "公安", "没有这个账号", "a", "", "", "", "", "", "", ""],
    ["ZC3", "2021-12-27", "公安局", "", "b", "", "", "", "", "2021-12-26", "", "2021-12-25"],
    ["ZC3", "2022-12-27", "公安局", "", "c", "", "", "两天", "", "", "好", ""],
]


@pytest.fixture
def units(work_as: WorkAs) -> None:
    with work_as() as work:
        a, b = worlds.people(work)
        a.name, b.name = "甲区", "公安局"


def upload(client: PageClient, what: str, rows: list[list[str]]):
    page = client.get(f"/intake/import/{what}")
    return client.submit(page, "import", sheet=(book(rows), "十二月.xlsx"))


def test_a_months_reports_come_in_whole_or_not_at_all(units: None, client_of, work_as: WorkAs) -> None:
    clerk = client_of("clerk")
    page = upload(clerk, "reports", [HEADS, *GOOD])
    assert "ZC2" in page.words
    done = clerk.submit(page, "/store")
    assert (done.path, "已保存 2 行" in done.words) == ("/intake/reports", True)
    with work_as(write=False) as work:
        one, two = work.session.scalars(sa.select(ErrorReport).order_by(ErrorReport.number))
        assert (str(one.truth), str(one.closed_on), str(one.due_on)) == ("true", "2021-12-28", "2021-12-30")
        assert (two.truth, two.unit.name, str(two.received_on)) == (None, "甲区", "2021-12-28")
        words = work.session.scalars(
            sa.select(Event.word).where(Event.word.like("%report%") | Event.word.like("intake%"))
        )
        assert list(words) == ["intake:imported", "report:entered", "report:entered"]
    page = upload(clerk, "reports", [HEADS, *BAD])
    link = f"{page.path}/marked.xlsx"
    marked = CalamineWorkbook.from_filelike(io.BytesIO(clerk.get(link).response.get_data())).get_sheet_by_index(0)
    wrong = {"A2", "C2", "D2", "I3", "J3", "K3", "L3", "A4", "B4", "H4", "J4"}
    assert {cell for cell in wrong if cell in page.words} == wrong
    assert len(marked.to_python()) == 4
    assert client_of("observer").get(page.path).status == 404
    with work_as(write=False) as work:
        assert work.session.scalar(sa.select(sa.func.count(ErrorReport.id))) == 2


@one_database
def test_publication_figures_of_a_month_and_source_come_in_once(units: None, client_of, work_as: WorkAs) -> None:
    clerk = client_of("clerk")
    heads = [column.label for column in PUBLICATIONS]
    rows = [["2021年12月", "市政府网站集群", "472", "1337", "59"], ["2021-11", "市政府网站集群", "1", "2", "0"]]
    first = upload(clerk, "publications", [heads, *rows])
    second = PageClient(clerk.http.application).enter("clerk")
    assert clerk.submit(first, "/store").path == "/intake/publications"
    page = upload(
        second, "publications", [heads, rows[0], ["2021-12", "县", "-1", "x", "0"], ["2021-12", "县", "1", "1", "1"]]
    )
    assert {cell for cell in ("B2", "C3", "D3", "B4") if cell in page.words} == {"B2", "C3", "D3", "B4"}
    with work_as(write=False) as work:
        sums = sa.select(sa.func.sum(Publication.texts), sa.func.sum(Publication.videos))
        assert tuple(work.session.execute(sums).one()) == (473, 59)


@pytest.mark.parametrize("said", ["2022-01", "2022-01-01", "2022/1", "2022年1月", "2022-1-1"])
def test_january_is_read_like_every_month(said: str) -> None:
    assert month(said) == "2022-01"
