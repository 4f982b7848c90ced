"""A monitor's file: every wrong cell named and nothing stored; values propose levels; open problems are left out."""

import io
import json
from datetime import date

import pytest
import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.inspections.people import QueryCount, settle
from tests.inspections.test_measured import STALE
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.inspections.models import Finding, FindingWord, Inspection
from tracker.inspections.operations import InspectionValues, SampleChoice, choose_sample, monitor, open_inspection
from tracker.kit.errors import Invalid, Refused
from tracker.org.policy import Work
from tracker.sheets import Sheet

DECEMBER = InspectionValues("2021-12", "12月监测", "monitor", date(2021, 12, 1), date(2021, 12, 31))
LABELS = [column.label for column in monitor.COLUMNS]


def ground(work: Work, accounts: int = 3) -> Inspection:
    """Accounts of the police, one rule that measures days and one without a threshold; an inspection."""
    police = settle(work)
    for n in range(accounts):
        factories.account(work, police, f"平安{n}")
    factories.indicator(work, "M-V2-1", measure=STALE)
    factories.indicator(work, "M-V3-1", title="未提供有效互动功能")
    factories.indicator(work, "W-V2", applies_to="website")
    work.session.flush()
    return open_inspection(work, DECEMBER)


def row(account: str = "平安0", **said: object) -> dict[str, object]:
    return {"account": account, "metric": "stale_days", "value": 16, "found_on": "2021-12-20", **said}


def written(*rows: object, **more: object) -> bytes:
    return json.dumps({"format": "rectify-monitor", "version": 1, "rows": rows, **more}).encode()


def checked(work: Work, inspection: Inspection, *rows: object) -> tuple[Sheet, monitor.Plan]:
    sheet = monitor.read_json(written(*rows), "a.json")
    return sheet, monitor.check(work, inspection, sheet)


def book(*rows: dict[str, object]) -> bytes:
    """A workbook with the template's headings."""
    out = io.BytesIO()
    sheets = xlsxwriter.Workbook(out)
    sheet = sheets.add_worksheet()
    sheet.write_row(0, 0, LABELS)
    for number, cells in enumerate(rows, 1):
        sheet.write_row(number, 0, [cells.get(column.key, "") for column in monitor.COLUMNS])
    sheets.close()
    return out.getvalue()


def test_values_become_levels_and_what_is_no_problem_is_not_stored(work_as: WorkAs) -> None:
    with work_as() as work:
        inspection = ground(work)
        sheet, plan = checked(
            work, inspection, row(value=16), row("平安1", value="12天"), row("平安2", value=9),
            row("平安2", metric=None, indicator="m-v3-1", value=None, text="留言功能打不开", platform="新浪微博"),
        )  # fmt: skip
        assert sheet.problems == []
        assert (plan.levels, [line.number for line in plan.nothing]) == ({"veto": 2, "warn": 1}, [3])
        stored = monitor.store(work, inspection, plan, name="a.json")
        told = [(f.level, f.measured, f.measured_unit, f.description, f.unit.name) for f in stored]
        assert told == [
            ("veto", 16, "天", "两周未更新：测得16天，达到单项否决（14天起）。", "市公安局"),
            ("warn", 12, "天", "两周未更新：测得12天，达到预警（10天起），未达到单项否决（14天起）。", "市公安局"),
            ("veto", None, "", "留言功能打不开", "市公安局"),
        ]
        again = checked(work, inspection, row(value=17), row("平安1", value=3))[1]
        assert [(line.number, twin.id) for line, twin in again.open] == [(1, stored[0].id)]
        with pytest.raises(Invalid, match="open already"):
            monitor.store(work, inspection, again)
        with pytest.raises(Invalid, match="nothing to store"):
            monitor.store(work, inspection, again, skip_open=True)
    with work_as(write=False) as work:
        words = select(Event.word, func.count()).where(Event.word.in_([Word.FINDING_ENTERED, Word.FINDINGS_IMPORTED]))
        assert dict(work.session.execute(words.group_by(Event.word)).all()) == {  # type: ignore[arg-type]
            Word.FINDING_ENTERED: 3, Word.FINDINGS_IMPORTED: 1,
        }  # fmt: skip


@one_database
@pytest.mark.parametrize(
    ("said", "at"),
    [
        (row("没有"), "rows[0].account"),
        (row(site="2109000022"), "rows[0].account"),
        (row(None), "rows[0].site"),
        (row(None, site="2109000022"), "rows[0].site"),
        (row(metric="speed"), "rows[0].metric"),
        (row(metric=None), "rows[0].indicator"),
        (row(metric=None, indicator="W-V2"), "rows[0].indicator"),
        (row(metric=None, indicator="M-V9"), "rows[0].indicator"),
        (row(value=None), "rows[0].value"),
        (row(value="2周"), "rows[0].value"),
        (row(value="多"), "rows[0].value"),
        (row(value=True), "rows[0].value"),
        (row(found_on="2021-11-30"), "rows[0].found_on"),
        (row(found_on="2021-12-29"), "rows[0].found_on"),
        (row(found_on=None), "rows[0].found_on"),
        (row(url="javascript:alert(1)"), "rows[0].url"),
        (row(place=["首页"]), "rows[0].place"),
        ({**row(), "level": "veto"}, "rows[0].site"),
        ("平安0", "rows[0].site"),
        (row("\ud800没有"), "rows[0].account"),
    ],
)
def test_each_wrong_value_is_named_by_its_path(work: Work, said: object, at: str) -> None:
    """And once: what could not be read is not told a second time as missing."""
    sheet, _plan = checked(work, ground(work), said)
    assert [each.cell for each in sheet.problems] == [at]


@one_database
def test_the_same_problem_twice_in_a_file_and_one_outside_the_sample_are_wrong(work: Work) -> None:
    inspection = ground(work)
    choose_sample(work, inspection, SampleChoice("listed", listed="平安0\n平安1"), inspection.version)
    sheet, _plan = checked(work, inspection, row(), row("平安1"), row(value=20), row("平安2"))
    assert [(each.cell, each.params) for each in sheet.problems] == [
        ("rows[2].account", {"number": 1}), ("rows[3].account", {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"rows": []}', written(), b'{"format": "rectify-monitor", "version": 1, "rows": [{"value": NaN}]}',
     b"[" * 100_000, b'{"a": "\xff"}', written(version=2), written(*[0] * 5001), b"{" + b" " * (10 << 20)],
)  # fmt: skip
def test_files_of_something_else_are_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        monitor.read_json(content, "a.json")


@one_database
def test_a_sheet_with_wrong_cells_comes_back_marked_and_a_mended_one_is_stored(work_as: WorkAs, client_of) -> None:
    """Upload, problems by cell, their own sheet marked; upload again, preview, store; a second storing is 404."""
    with work_as() as work:
        id_ = ground(work).id
    clerk, address = client_of("clerk"), f"/inspections/{id_}/import"
    wrong = book(row(), row("没有", value="多"), row("平安1", found_on="2020-01-01"))
    page = clerk.submit(clerk.get(address), sheet=(io.BytesIO(wrong), "监测.xlsx"))
    assert (page.status, [cell in page.words for cell in ("C3", "F3", "I4")]) == (200, [True] * 3)
    marked = clerk.http.get(f"{page.path}/marked").get_data()
    cells = CalamineWorkbook.from_filelike(io.BytesIO(marked)).get_sheet_by_index(0).to_python()
    assert "C3" in str(cells[2][-1])
    good = book(row(), row("平安1", value=11), row("平安2", value=2))
    page = clerk.submit(clerk.get(address), sheet=(io.BytesIO(good), "监测.xlsx"))
    assert [part in page.words for part in ("新问题2个", "否决 1", "预警 1", "不构成问题1行")] == [True] * 4
    with work_as(write=False) as work:
        assert work.session.scalar(select(func.count(Finding.id))) == 0
    done = clerk.submit(page, "/store")
    assert (done.path, "已导入2个问题" in done.words) == (f"/inspections/{id_}", True)
    assert f'href="/inspections/{id_}"' in clerk.get("/registry/snapshots").text
    assert clerk.get(page.path).status == 404
    page = clerk.submit(clerk.get(address), sheet=(io.BytesIO(written(row("没有"), row(found_on=None))), "a.json"))
    told = [part in page.words for part in ("rows[0].account", "问题清单", "单元格", "表格")]
    assert told == [True, True, False, False]
    page = clerk.submit(clerk.get(address), sheet=(io.BytesIO(written(row(), row("平安2", value=15))), "a.json"))
    assert "跳过已在办的1个问题" in page.words
    assert clerk.submit(page, "/store").status == 422
    assert "已导入1个问题" in clerk.submit(page, "/store", skip="y").words
    refused = clerk.submit(clerk.get(address), sheet=(io.BytesIO(b"[1]"), "a.json"))
    assert (refused.status, "rectify-monitor" in refused.words) == (422, True)
    assert client_of("director").get(address).status == 404
    template = clerk.http.get(f"{address}/template.xlsx").get_data()
    heads = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_index(0).to_python()[0]
    assert [str(head).rstrip("*") for head in heads] == LABELS


@one_database
def test_req_06_importing_takes_statements_by_the_hundreds_not_by_the_row(app: Flask, work_as: WorkAs) -> None:
    """The words of the search are written with them, 500 findings at a time."""
    counts = []
    for size in (100, 1000):
        with work_as() as work:
            inspection = ground(work, size) if size == 100 else more(work, size)
            with QueryCount(app) as count:
                rows = [row(f"平安{n}", value=14 + n, place=f"第{size}次") for n in range(size)]
                sheet, plan = checked(work, inspection, *rows)
                assert (sheet.problems, len(monitor.store(work, inspection, plan))) == ([], size)
            counts.append(count.count)
    with work_as(write=False) as work:
        words = select(func.count()).select_from(FindingWord)
        assert work.session.scalar(words.where(FindingWord.pair == "0次")) == 1100
    assert counts[1] <= counts[0] + 15, counts


def more(work: Work, size: int) -> Inspection:
    """The same ground with more accounts."""
    police = factories.unit(work, "市公安局")
    for n in range(100, size):
        factories.account(work, police, f"平安{n}")
    return open_inspection(work, DECEMBER)
