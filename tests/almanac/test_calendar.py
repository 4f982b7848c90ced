"""The office's own calendar: lists read with their faults named, stored after a look, and nothing moves silently."""

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_babel import force_locale

from tests import worlds
from tests.conftest import WorkAs
from tests.worlds import as_
from tracker.almanac import operations
from tracker.almanac.commands import workdays
from tracker.almanac.forms import decoded, read_days, written
from tracker.almanac.models import DayKind
from tracker.almanac.operations import YearPlan
from tracker.almanac.policy import Entry
from tracker.almanac.queries import YearList, build, calendar, current_digest, digest_of, usual_deadlines, year_to_enter
from tracker.audit.models import Event
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Refused, Stale
from tracker.notices.models import Assignment, Batch
from tracker.notices.operations import drafts
from tracker.notices.policy import receipt_of
from tracker.notices.queries import batch_by_id
from tracker.org.policy import Work
from tracker.reminders.operations import texts
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Standing, brief, explain
from tracker.workdays.rules import Counting, Rule

LIST = Path(__file__).parent.parent / "workdays" / "state_council.csv"
HEAD, *LINES = LIST.read_text(encoding="utf-8").splitlines()
ONE, MISSING = "2027-01-01,休,元旦,国办", "1 to 120 characters, please."
OFF = Entry(date(2022, 1, 10), DayKind.OFF, "暴雪停工", "阜应急〔2022〕1号")


def list_of(year: int) -> str:
    own = [line for line in LINES if line.startswith((f"{year}-", f"{year - 1}-12"))]
    return "\n".join([HEAD, *own])


def plan(*entries: Entry, year: int = 2022, complete: bool = False) -> YearPlan:
    return YearPlan(year, entries, complete, "市里通知")


def store(work: Work, told: YearPlan) -> None:
    operations.store(work, told, current_digest(work.session))


@pytest.fixture
def token(work_as: WorkAs) -> str:
    """An assignment of unit A, issued 2021-12-28, due 2022-01-10, receipt within a working day."""
    with work_as() as work:
        a, _b = worlds.people(work)
        return worlds.delivered(work, worlds.findings(work, a, 1, "甲"), receipt_days=1)[0].token


def test_p08_the_lists_of_nine_years_read_as_typed_give_the_same_days(app: Flask):
    lists = {}
    for year in range(2018, 2027):
        found = read_days(list_of(year), year)
        assert found.faults == []
        lists[year] = YearList(True, tuple(found.entries))
        assert read_days(written(found.entries), year).entries == sorted(found.entries)
    own, every = build(lists), [date(2018, 1, 1) + timedelta(n) for n in range(3287)]
    assert [day for day in every if own.works(day) != Calendar().works(day)] == []
    assert digest_of(lists) == digest_of(dict(reversed(lists.items())))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["The list is empty: paste at least one line."]),
        ("日期,类型,事由\n2027-01-01,休,元旦", ["Line 1: the column 来源文件 is missing."]),
        (f"{ONE}\n2027-13-01,休,元旦,国办", ["Line 2, date: “2027-13-01” is no date. Write it as 2027-02-05."]),
        ("2026-11-01，休，元旦，国办", ["Line 1, date: 2026-11-01 does not belong to the list of 2027."]),
        (f"{ONE}\n2027年1月1日,班,元旦,国办", ["Line 2, date: 2027年1月1日 stands in line 1 already."]),
        ("2027-01-01\t假\t\t国办", ["Line 1, kind: write 休 or 班, not “假”.", f"Line 1, reason: {MISSING}"]),
        ("2027-01-01,休", [f"Line 1, reason: {MISSING}", f"Line 1, source document: {MISSING}"]),
    ],
)
def test_every_fault_is_named_by_line_and_cell(app: Flask, text: str, faults: list[str]):
    with app.test_request_context(), force_locale("en"):
        assert read_days(text, 2027).faults == faults


def test_a_sheet_from_the_chinese_excel_is_read_and_a_picture_is_not():
    assert decoded(HEAD.encode("gb18030")) == HEAD
    assert decoded(b"\xef\xbb\xbf" + HEAD.encode()) == HEAD
    assert decoded(b"\x89PNG\r\n\x1a\n\0\0") is None


def test_wish_01_an_edition_counts_at_once_keeps_the_old_one_and_stands_in_the_record(work_as: WorkAs, token: str):
    with work_as() as work:
        as_(work, "clerk")
        found = operations.outlook(work, plan(OFF))
        assert [(pair.before.works, pair.after.works) for pair in found.turned] == [(True, False)]
        shift = found.shifts[0].rows[0]
        assert (found.affected, shift.due_on, shift.left_before, shift.left_after) == (1, OFF.date, 8, 7)
        store(work, plan(OFF))
    with work_as() as work:
        assert calendar(work.session).day(OFF.date).source == "阜应急〔2022〕1号"
        assert work.session.scalars(sa.select(Assignment)).one().due_on == date(2022, 1, 10)  # as printed
        event = work.session.scalars(sa.select(Event).where(Event.word == "calendar:stored")).one()
        assert {key: event.detail[key] for key in ("year", "edition", "turned", "affected")} == {
            "year": 2022, "edition": 1, "turned": 1, "affected": 1,
        }  # fmt: skip
        as_(work, "director")
        with pytest.raises(Refused, match="nothing to store"):
            operations.outlook(work, plan(OFF))
        store(work, plan())
        assert calendar(work.session).works(OFF.date)
        with pytest.raises(sa.exc.DatabaseError), work.session.begin_nested():
            work.session.execute(sa.text("UPDATE calendar_day SET reason = 'x'"))
    with pytest.raises(Stale), work_as() as work:
        as_(work, "clerk")
        operations.store(work, plan(OFF), "another table")


def test_req_04_a_draft_that_counts_moves_with_the_day_and_the_calendar_until_it_is_issued(
    work_as: WorkAs, clock: FixedClock
):
    with work_as() as work:
        a, _b = worlds.people(work)
        counted = {"due_on": None, "due_counting": Counting.WORKDAYS, "due_count": 8, "receipt_days": 1}
        batch = worlds.submitted(work, worlds.findings(work, a, 1, "甲"), **counted)
        assert (batch.due_on, batch.due_words) == (date(2022, 1, 10), "收到本通知后8个工作日内（1月10日前）")
        assert batch.receipt_words == "12月29日前"
        batch_id = batch.id
    with work_as() as work:
        shift = operations.outlook(work, plan(OFF)).shifts[1].rows[0]
        assert (shift.due_on, shift.moves_to) == (OFF.date, date(2022, 1, 11))
    clock.moment = office_moment("2021-12-29T09:00")
    with pytest.raises(Refused, match="counted from the day of issue"), work_as() as work:
        as_(work, "director")
        worlds.sign(work, batch_by_id(work, batch_id))
    with work_as() as work:
        as_(work, "director")
        drafts.count_anew(work, batch_by_id(work, batch_id))
    with work_as() as work:
        as_(work, "director")
        [row] = worlds.deliver(work, worlds.sign(work, batch_by_id(work, batch_id)))
        work.session.refresh(row)
        assert (row.due_on, row.due_words) == (date(2022, 1, 11), "收到本通知后8个工作日内（1月11日前）")
        assert (row.receipt_words, row.receipt_at) == ("12月30日前", office_moment("2021-12-31"))
        assert row.notice.frozen["receipt_words"] == row.receipt_words
        assert row.notice.frozen["deadline_words"] == row.due_words
        late = receipt_of(row, office_moment("2022-01-04"), Calendar())
        assert late is not None
        assert (late.standing, late.days) == (Standing.OVERDUE, 2)


def test_from_december_the_next_year_is_asked_for_until_its_list_is_in():
    known, told = Calendar(), Calendar(announced=[2027])
    assert [year_to_enter(date(2026, month, 1), known) for month in (11, 12)] == [None, 2027]
    assert year_to_enter(date(2026, 12, 31), told) is None
    assert year_to_enter(date(2025, 12, 31), known) is None


def test_a_list_goes_from_the_page_through_its_outlook_into_the_calendar(
    app: Flask, work_as: WorkAs, token: str, clock: FixedClock, client_of
):
    clerk = client_of("clerk")
    page = clerk.get("/calendar/list?year=2022")
    page = clerk.submit(page, "/calendar/preview", days="2022-01-10,假,雪,文\n坏,,,", note="雪")
    assert (page.status, "第 1 行" in page.words, "第 2 行" in page.words) == (422, True, True)
    assert "坏" in page.form("/calendar/preview").values["days"]
    picture = clerk.submit(page, "/calendar/preview", file=(BytesIO(b"\x89PNG\0"), "list.csv"))
    assert (picture.status, "这不是 CSV 文件" in picture.words) == (422, True)
    sheet = (BytesIO("日期,类型,事由,来源文件\r\n2022/1/10,休,雪,文\r\n".encode("gb18030")), "list.csv")
    page = clerk.submit(page, "/calendar/preview", file=sheet, complete=None)
    assert page.status == 200
    assert f"{worlds.CANARY}区" in page.words
    with work_as(write=False) as work:
        assert current_digest(work.session) == ""  # nothing is stored by looking
    stale = clerk.submit(page, "/calendar/store", seen="x")
    assert (stale.status, "日历已被他人修改" in stale.words) == (409, True)
    done = clerk.submit(page, "/calendar/store")
    assert done.path == "/calendar?year=2022"
    assert "雪" in done.words
    contact = client_of("contact-a")
    assert contact.get("/calendar?year=2022").status == 200
    assert contact.get("/calendar/list").status == 404
    assert "雪" in contact.get(f"/assignments/{token}").words
    page = clerk.submit(clerk.get("/calendar/day?date=2022-01-10"), "/calendar/day/preview", kind="announced")
    assert clerk.submit(page, "/calendar/store").path == "/calendar?year=2022"
    clock.moment = office_moment("2026-12-01T09:00")
    assert "2027年放假安排尚未录入" in clerk.sign_in("clerk").get("/").words


def test_req_06_usual_deadlines_are_set_on_a_page_and_proposed_by_the_gravest_problem(work_as: WorkAs, client_of):
    with work_as() as work:
        a, _b = worlds.people(work)
        ids = [each.id for each in worlds.findings(work, a, 2, "甲")]
    clerk = client_of("clerk")
    page = clerk.submit(clerk.get("/calendar/deadlines"), "/calendar/deadlines", **{"veto-count": "500"})
    assert page.status == 422
    page = clerk.submit(page, "/calendar/deadlines", **{"veto-count": "2"})
    assert "12月30日前" in page.words
    with work_as(write=False) as work:
        assert usual_deadlines(work.session)["veto"] == Rule(Counting.WORKDAYS, count=2)
    key = clerk.get("/").form("/sign-out").values["form_key"]
    draft = clerk.post("/batches/draft", {"finding": ids[:1], "form_key": key})
    edit = draft.path
    values = next(form for form in draft.forms() if "due_on" in form.values).values
    assert (values["due_on"], values["receipt_days"], values["due_counting"]) == ("2021-12-30", "1", "date")
    page = clerk.post(
        edit.replace("/edit", "/deadline"), values | {"due_counting": "workdays", "due_count": "8", "title": "未保存"}
    )
    assert "收到本通知后8个工作日内（1月10日前）" in page.words
    assert "元旦假期" in page.words
    assert clerk.get(edit).status == 200
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(Batch.title)).one() != "未保存"


def test_the_command_prints_each_day_with_its_reason(app: Flask):
    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(workdays, words)

    told = json.loads(run("add", "2021-12-28", "8").output)
    assert (told["end"], told["workdays"], told["provisional"]) == ("2022-01-10", 8, False)
    assert told["days"][4] == {
        "date": "2022-01-01", "works": False, "counted": None, "reason": "New Year holiday",
        "source": "State Council holiday notices, as collected by chinesecalendar", "provisional": False,
    }  # fmt: skip
    assert json.loads(run("between", "2021-12-28", "2022-01-10").output) == told
    for bad in ("add morgen 1", "add 2021-12-28 -1", "between 2022-01-02 2022-01-01", "add 9999-12-30 9"):
        found = run(*bad.split())
        assert (found.exit_code, "Error: " in found.output) == (2, True), bad


def test_req_05_the_mail_says_in_short_how_the_deadline_is_counted():
    days = Calendar({date(2022, 1, 6): (False, "雨量50%停工", "阜应急〔2022〕1号")})
    told = brief(explain(date(2021, 12, 28), date(2022, 1, 10), days))
    words = {"number": "阜政办公开改〔2021〕2号", "due": "2022年1月10日", "counted": told, "receipt_due": "12月29日前"}
    lines = texts.body("notice_delivered", "zh_Hans_CN", **words).splitlines()
    assert lines[1:] == [
        "签收期限：12月29日前。",
        "期限的算法：印发当日（2021-12-28）不计，2022-01-10 为第 7 个工作日。",
        "其间不计的天数：元旦假期 3、雨量50%停工 1、周末 2。",
    ]
