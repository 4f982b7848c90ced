"""The registry from a sheet: all or nothing, every mistake named by its cell."""

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests import factories, worlds
from tests.conftest import WorkAs, one_database
from tests.inspections.people import settle
from tests.sheets.books import book
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.kit.errors import Missing
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectPast, SubjectState
from tracker.registry.operations import COLUMNS, Plan, check_import, store_import
from tracker.registry.operations.imports import GUESSES
from tracker.sheets import Sheet, Upload, drop, keep, kept_sheet, read_sheet

HEAD = ["类型", "名称", "网站标识码", "平台", "主办单位", "状态", "状态起始日期", "归并到"]


def check(work: Work, rows: list[list[Any]], *, update: bool = False) -> tuple[Sheet, Plan]:
    sheet = read_sheet(book([HEAD, *rows]), "登记册.xlsx", COLUMNS)
    return sheet, check_import(work, sheet, update=update)


@one_database
def test_every_mistake_is_named_by_its_cell(work: Work) -> None:
    """Wrong code, unknown unit, platform, state, date; duplicates in the sheet and with the registry; what lacks."""
    unit = factories.unit(work, "市公安局")
    factories.account(work, unit, "已登记的", platform="抖音")
    rows = [
        ["政府网站", "甲", 2109000022, None, "市公安局", "正常", date(2021, 1, 5)],
        ["政府网站", "乙", "21090000", None, "市公安局"],
        ["政府网站", "丙", None, "抖音", "市公安局"],
        ["政务新媒体", "丁", None, "某书", "市公案局"],
        ["政务新媒体", "戊", "2109000099", None, "县里"],
        ["网站", "己", "2109000022", None, "市公安局", "停了", "2021-13-01"],
        ["政务新媒体", "庚", None, "抖音", "市公安局", "归并", "2022-02-01", "谁"],
        ["政务新媒体", "已登记的", None, "抖音", "市公安局"],
        ["报纸", None, None, "抖音", None],
    ]
    sheet, plan = check(work, rows)
    said = [(each.cell, each.msgid.split(".")[0].split("%")[0]) for each in sheet.in_order()]
    assert said == [
        ("C3", "A site code is ten digits, or bm and eight digits, e"),
        ("C4", "A website needs its site code"),
        ("D4", "A website has no platform; leave it empty here"),
        ("D5", "Only these are known here: "),
        ("E5", "No unit is called so"),
        ("C6", "Only websites have a site code; leave it empty here"),
        ("D6", "An account needs its platform"),
        ("E6", "No unit is called so"),
        ("C7", "The same one stands in "),
        ("F7", "Only these are known here: "),
        ("G7", "This is no date"),
        ("G8", "This date lies in the future"),
        ("H8", "Enter into which one it was merged: its site code or its exact name"),
        ("B9", ""),
        ("A10", "Only these are known here: "),
        ("B10", "This cell must not be empty"),
        ("E10", "This cell must not be empty"),
    ]
    twice, like = (next(each for each in sheet.problems if each.cell == cell) for cell in ("C7", "E5"))
    assert (twice.params, like.params) == ({"cell": "C2"}, {"name": "市公安局"})
    assert plan.counts == (1, 0, 0)


def test_a_sheet_adds_and_changes_in_one_transaction(work_as: WorkAs) -> None:
    """New ones, a renamed site, a merged account, one as it was; the record tells of each; again changes nothing."""
    rows = [
        ["政府网站", "新站名", 2109000022, None, "市公安局"],
        ["政务新媒体", "甲", None, "抖音", "市公安局", "归并", date(2021, 12, 1), "乙"],
        ["政务新媒体", "乙", None, "抖音", "市公安局"],
        ["政务新媒体", "丙", None, "快手", "细河区", "拟关停", date(2021, 11, 1)],
    ]
    with work_as() as work:
        police = factories.unit(work, "市公安局")
        factories.unit(work, "细河区")
        site = Subject(kind="site", name="旧站名", code="2109000022", sponsor_id=police.id)
        work.session.add(site)
        for name in ("甲", "乙"):
            factories.account(work, police, name, platform="抖音")
    with work_as() as work:
        sheet, plan = check(work, rows, update=True)
        assert (sheet.problems, plan.counts) == ([], (1, 2, 1))
        store_import(work, plan, "登记册.xlsx")
    with work_as(write=False) as work:
        rows_now = {each.name: each for each in work.session.scalars(sa.select(Subject))}
        assert (sorted(rows_now), rows_now["甲"].state) == (sorted(["新站名", "甲", "乙", "丙"]), SubjectState.MERGED)
        assert (rows_now["丙"].state, rows_now["丙"].state_since) == (SubjectState.CLOSING, date(2021, 11, 1))
        past = [(each.name, each.state, each.into_id) for each in work.session.scalars(sa.select(SubjectPast))]
        assert past == [
            ("旧站名", None, None),
            ("新站名", None, None),
            (None, "running", None),
            (None, "merged", rows_now["乙"].id),
        ]
        words = list(work.session.scalars(sa.select(Event.word).order_by(Event.id)))
        assert words == [Word.REGISTRY_IMPORTED, Word.SUBJECT_ADDED, Word.SUBJECT_CHANGED, Word.SUBJECT_CHANGED]
        assert check(work, rows, update=True)[1].counts == (0, 0, 4)


@one_database
def test_p21_a_like_unit_is_looked_for_a_bounded_number_of_times(work: Work) -> None:
    """Thousands of wrong units would otherwise take the web process a minute."""
    factories.unit(work, "市公安局")
    rows = [["政务新媒体", f"号{n}", None, "抖音", f"市公案局{chr(0x4E00 + n)}"] for n in range(GUESSES + 50)]
    sheet, _plan = check(work, rows)
    assert [bool(each.params) for each in sheet.in_order()] == [True] * GUESSES + [False] * 50


def test_p09_a_kept_sheet_is_stored_once_by_two_tabs_at_once(work_as: WorkAs) -> None:
    """Both have read it; the second's deletion finds nothing, so all it wrote is lost."""
    with work_as() as work:
        worlds.people(work)
    with work_as() as work:
        worlds.as_(work, "clerk")
        token = keep(work, "registry", Upload("a.csv", b"x")).token

    def store(stored: list[str]) -> None:
        with work_as() as work:
            worlds.as_(work, "clerk")
            kept = kept_sheet(work, "registry", token)
            if not stored:
                stored.append("first")
                if work.session.get_bind().dialect.name == "postgresql":
                    store(stored)
            drop(work, kept)
            stored.append("stored")

    stored: list[str] = []
    with pytest.raises(Missing):
        store(stored)
        store(stored)
    assert stored == ["first", "stored"]


@pytest.fixture
def police(work_as: WorkAs) -> int:
    with work_as() as work:
        return settle(work).id


@one_database
def test_the_clerk_imports_by_the_page(police: int, client_of, work_as: WorkAs) -> None:
    """A mistake: listed by cell, marked in the own sheet, nothing stored. Mended: preview, then stored, once."""
    clerk = client_of("clerk")
    page = clerk.get("/registry/import")
    assert clerk.submit(page, "import").status == 422
    assert "不是电子表格" in clerk.submit(page, "import", sheet=(io.BytesIO(b"%PDF-1.7"), "a.xlsx")).words
    bad = book([HEAD, ["政务新媒体", "平安阜新", None, "抖音", "市公安厅"]])
    page = clerk.submit(clerk.get("/registry/import"), "import", sheet=(bad, "我的登记册.xlsx"))
    assert "有 1 处填写有误，未保存任何内容" in page.words
    assert "系统中没有此单位。是否为“市公安局”？" in page.words
    link = next(a.get("href") for a in page.tree.iter() if "marked" in (a.get("href") or ""))
    copy = clerk.get(link).response.get_data()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_index(0).to_python()
    assert rows[1][-1] == "E2：系统中没有此单位。是否为“市公安局”？"
    good = book([HEAD, ["政务新媒体", "平安阜新", None, "抖音", "市公安局"]])
    page = clerk.submit(clerk.get("/registry/import"), "import", sheet=(good, "我的登记册.xlsx"))
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Subject)).all() == []
    assert client_of("director").get(page.path).status == 404
    stored = clerk.submit(page, "store")
    assert "已保存：新增 1 个，变更 0 个，未变 0 个。" in stored.words
    assert clerk.get(page.path).status == 404
    other = book([HEAD, ["政务新媒体", "平安阜新", None, "抖音", "市公安局", "拟关停"]])
    page = clerk.submit(clerk.get("/registry/import"), "import", sheet=(other, "a.xlsx"), mode="update")
    with work_as() as work:  # as many changes as were looked at, but another one
        work.session.scalars(sa.select(Subject)).one().state = SubjectState.CLOSED
    assert "预览后登记册已有变动" in clerk.submit(page, "store").words
    template = clerk.get("/registry/import/template.xlsx").response.get_data()
    assert CalamineWorkbook.from_filelike(io.BytesIO(template)).sheet_names[1] == "填写说明"
    assert client_of("observer").get("/registry/import").status == 404
