"""The ledger: its rows and filters, the files that have the same rows, saved views, and what may open in a sheet."""

import csv
import io
import zipfile
from datetime import date

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from tests import factories, worlds
from tests.conftest import WorkAs, one_database
from tests.pages import H, PageClient, apart
from tests.worlds import as_
from tracker.almanac.queries import calendar
from tracker.bulletins import operations as bulletins
from tracker.bulletins import queries as bulletin_queries
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.annexes import annexes
from tracker.bulletins.queries.ledger_annex import SHARED, count_ledger, ledger_rows
from tracker.exchange.models import SavedView
from tracker.inspections.models import Finding
from tracker.inspections.operations.words import change_words, searched
from tracker.kit.cells import quiet
from tracker.ledger.policy import COLUMNS, Rectified, Reported
from tracker.ledger.queries import LedgerFilter, LedgerPage, Moment, every_line, ledger_page, names
from tracker.notices.models import Assignment
from tracker.org.policy import Work


def ids(work: Work, **wanted: object) -> list[int]:
    found = every_line(work.session, work.actor, LedgerFilter(**wanted), seen(work))  # type: ignore[arg-type]
    return [line.finding_id for line in found]


def seen(work: Work) -> Moment:
    return Moment(work.now, calendar(work.session))


def paged(work: Work, wanted: LedgerFilter, after: str | None) -> LedgerPage:
    return ledger_page(work.session, work.actor, wanted, after, seen(work), names(work.session))


def taken(client: PageClient, address: str, form: str) -> bytes:
    page = client.get(f"/ledger{address}").form("/ledger/exports")
    with apart(lambda: client.http.post(page.action, data=page.values | {"format": form})) as answer:
        assert answer.status_code == 302
        place = answer.location
    with apart(lambda: client.http.get(place)) as answer:
        assert answer.status_code == 200
        return answer.get_data()


def sheet(client: PageClient, address: str) -> list[list[object]]:
    data = io.BytesIO(taken(client, address, "xlsx"))
    return CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()


def table(client: PageClient, address: str) -> list[list[str]]:
    data = taken(client, address, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def stages(work_as: WorkAs) -> None:
    """Unit A's five findings on a delivered notice (overdue since), two that wait; one finding of unit B."""
    with work_as() as work:
        a, b = worlds.people(work)
        worlds.delivered(work, worlds.findings(work, a, 5, "逾期"), due_on=date(2021, 12, 30))
        worlds.findings(work, a, 2, "待发")
        worlds.findings(work, b, 1, "乙")


def test_each_filter_leaves_its_rows_and_the_newest_come_first(stages: None, work_as: WorkAs, clock) -> None:
    with work_as() as work:
        as_(work, "clerk")
        everything = ids(work)
        assert everything == sorted(everything, reverse=True)
        a = work.session.scalar(sa.select(Assignment.unit_id))
        number = work.session.scalar(sa.text("SELECT number FROM notice"))
        assert len(everything) == 8
        assert len(ids(work, unit_id=a)) == 7
        assert len(ids(work, reported=Reported.OWED)) == len(ids(work, number=number)) == 5
        assert len(ids(work, reported=Reported.NOT_ASKED)) == 3
        assert (
            ids(work, reported=Reported.OVERDUE)
            == ids(work, months=("2021-11",))
            == ids(work, rectified=Rectified.DONE)
            == []
        )
        assert (
            len(ids(work, months=("2021-12",), kind="account", start=date(2021, 12, 20), until=date(2021, 12, 20))) == 8
        )
        work.session.execute(
            sa.update(Finding).where(Finding.id == everything[0]).values(ended_at=work.now, ended_how="rectified")
        )
        assert ids(work, rectified=Rectified.DONE) == everything[:1]
        page = ledger_page(
            work.session, work.actor, LedgerFilter(), str(everything[2]), seen(work), names(work.session)
        )
        assert [line.finding_id for line in page.rows] == everything[3:]
    clock.moment = clock.moment.replace(year=2022, month=1, day=5)
    with work_as(write=False) as work:
        as_(work, "clerk")
        late = ledger_page(
            work.session, work.actor, LedgerFilter(reported="overdue"), None, seen(work), names(work.session)
        )
        assert {(line.late, line.late_days, line.overdue) for line in late.rows} == {(3, 6, True)}
        as_(work, "contact-a")
        assert ids(work) == []


def test_the_files_have_the_rows_of_the_page_and_of_the_bulletins_annex(
    stages: None, work_as: WorkAs, client_of
) -> None:
    with work_as() as work:
        a = work.session.scalar(sa.select(Assignment.unit_id))
        unit = work.session.get(factories.Unit, a)
        for n in range(6):
            account = factories.account(work, unit, f"甲区账号{n}")
            other = factories.indicator(work, "M-V3-1", title="未提供有效互动功能")
            factories.finding(work, unit, f"无互动功能{n}", subject_id=account.id, indicator=other.id)
        as_(work, "clerk")
        period = Period.parse("2021-12")
        bulletin = bulletins.start(work, period, bulletins.usual_frame(work.session, period))
        facts = bulletin_queries.facts_of(work, bulletin, worlds.ISSUER)
        found = annexes(work.session, facts)
    client = client_of("clerk")
    (annex,) = [each for each in found if len(each["rows"]) == 6]
    address = f"?period=2021-12&level=veto&indicator={other.id}"
    page = client.get(f"/ledger{address}")
    assert page.tree is not None
    listed = [node for node in page.tree.iter(f"{H}tr") if node.get("data-row") is not None]
    book, plain = sheet(client, address), table(client, address)
    place = [column.key for column in COLUMNS].index("subject") + 1
    assert len(listed) == len(book) - 1 == len(plain) - 1 == 6
    assert {row[2] for row in annex["rows"]} == {row[place] for row in book[1:]} == {row[place] for row in plain[1:]}
    assert [str(cell) for cell in book[0]] == plain[0]


def test_the_export_equals_the_bulletins_ledger_annex_row_by_row(stages: None, work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        found = work.session.scalars(sa.select(Finding).order_by(Finding.id)).all()
        found[5].ended_at, found[5].ended_how = work.now, "unfounded"
        found[6].found_on = date(2021, 12, 30)
        found[0].description = "含逗号，和\n两行"
        as_(work, "clerk")
        period = Period.parse("2021-12")
        bulletin = bulletins.start(work, period, bulletins.usual_frame(work.session, period))
        facts = bulletin_queries.facts_of(work, bulletin, worlds.ISSUER)
        annex = ledger_rows(work.session, facts, work.now)
        count = count_ledger(work.session, period, facts.until)
    exported = table(client_of("clerk"), f"?period=2021-12&until={facts.until}&rectified=counted")[1:]
    place = {column.key: number for number, column in enumerate(COLUMNS, 1)}
    on_paper = [
        [row[0], *("，".join(filter(None, (row[place[key]] for key in keys))) for *_head, keys in SHARED)]
        for row in exported
    ]
    assert (count, on_paper) == (6, annex)


@one_database
def test_no_cell_of_a_file_is_live_and_the_head_is_frozen(stages: None, work_as: WorkAs, client_of) -> None:
    said = ["=1+1", "+86 0418", "-2", "@SUM(A1)", "\t=1", "\uff1d1+1", "正常"]
    with work_as() as work:
        for finding, text in zip(work.session.scalars(sa.select(Finding).order_by(Finding.id)), said, strict=False):
            finding.description = text
    client = client_of("clerk")
    place = [column.key for column in COLUMNS].index("description") + 1
    texts = [row[place] for row in table(client, "")[1:]][::-1][:7]
    assert texts == [*(f"'{text}" for text in said[:6]), "正常"]
    assert [row[place] for row in sheet(client, "")[1:]][::-1][:7] == said
    parts = zipfile.ZipFile(io.BytesIO(taken(client, "", "xlsx")))
    drawn = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in drawn
    assert 'state="frozen"' in drawn
    assert 'fitToHeight="0"' in drawn
    assert "_xlnm.Print_Titles" in parts.read("xl/workbook.xml").decode()


@pytest.mark.parametrize("text", ["=1", " =1", "\u3000\uff0b1", "\r=1", "-1", "@a"])
def test_what_a_sheet_might_run_gets_an_apostrophe(text: str) -> None:
    assert quiet(text) == f"'{text}"
    assert (quiet("1-2"), quiet(-3), quiet(None)) == ("1-2", -3, None)


@one_database
def test_a_view_is_its_persons_alone(stages: None, work_as: WorkAs, client_of) -> None:
    clerk = client_of("clerk")
    form = clerk.get("/ledger?reported=owed&after=99").form("/ledger/views")
    assert form.values["address"] == "reported=owed"
    page = clerk.post(form.action, form.values | {"name": "未报送的"})
    assert (page.path, "未报送的" in page.words) == ("/ledger?reported=owed", True)
    assert "未报送的" not in client_of("director").get("/ledger").words
    refused = clerk.post(form.action, clerk.get("/ledger?reported=owed").form("/ledger/views").values | {"name": ""})
    assert refused.status == 422
    with work_as(write=False) as work:
        view = work.session.scalar(sa.select(SavedView))
    other = client_of("director")
    key = other.get("/ledger?reported=owed").form("/ledger/views").values
    assert other.post(f"/ledger/views/{view.id}/drop", {"form_key": key["form_key"]}).status == 404
    drop = clerk.get("/ledger?reported=owed").form("/drop")
    assert "未报送的" not in clerk.post(drop.action, drop.values).words
    assert client_of("contact-a").get("/ledger").status == 404


def test_words_of_two_characters_are_found_and_follow_a_change(work_as: WorkAs) -> None:
    with work_as() as work:
        a, b = worlds.people(work)
        first = factories.finding(work, a, "首页栏目长期未更新，最后更新于2021年。")
        second = factories.finding(work, b, "咨询信件超期未答复", place="互动交流ABC")
        as_(work, "clerk")
        work.session.flush()
        words = ("长期", "公安", "答复", "未更新，最后", "期未更", "更答", "abc", "两周", "复", "超期 公安")
        found = {text: ids(work, text=text) for text in words}
        mine, theirs = [first.id], [second.id]
        assert found == {
            "长期": mine,
            "公安": theirs,
            "答复": theirs,
            "未更新，最后": mine,
            "期未更": mine,
            "更答": [],
            "abc": theirs,
            "两周": [second.id, first.id],
            "复": theirs,
            "超期 公安": theirs,
        }
        before = searched(first)
        first.description, first.place, first.unit_id = "首页打不开", "首页", b.id
        change_words(work.session, first, before)
        assert (ids(work, text="长期"), ids(work, text="打不开"), ids(work, text="公安")) == (
            [],
            mine,
            [second.id, first.id],
        )
