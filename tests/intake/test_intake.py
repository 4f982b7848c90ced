"""What comes in beside inspections: entered, followed, counted, and shown as exactly the counted rows."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories, worlds
from tests.conftest import WorkAs, one_database
from tests.pages import H, PageClient
from tests.worlds import as_
from tracker.bulletins import operations as bulletins
from tracker.bulletins import queries as bulletin_queries
from tracker.bulletins.policy.period import Period
from tracker.intake import operations
from tracker.intake.models import ErrorReport, Truth
from tracker.intake.operations import ChangeValues, LineValues, PublicationValues, ReportValues
from tracker.intake.policy import State, limits, standing_of, state_of
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.org.policy import Work
from tracker.workdays.calendar import Calendar

DAYS = Calendar()


def values(unit_id: int, number: str = "ZC1", received_on: date = date(2021, 12, 27), **more: object) -> ReportValues:
    given = {"kind": "内容无法访问", "source": "省政府办公厅", "text": "栏目打不开"} | more
    return ReportValues(number=number, received_on=received_on, unit_id=unit_id, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("term", "received", "until"),
    [
        ("content", "2021-12-27", "2021-12-30"),  # Monday: three working days
        ("content", "2021-12-30", "2022-01-05"),  # over New Year's holiday
        ("longer", "2021-12-27", "2022-01-27"),
        ("longer", "2021-12-31", "2022-02-07"),  # the last day is New Year's Eve of the lunar year: a holiday
        ("longer", "2022-01-31", "2022-02-28"),  # no such day in February
    ],
)
def test_a_limit_is_counted_from_the_day_of_receipt(term: str, received: str, until: str) -> None:
    assert limits()[term].ends(date.fromisoformat(received), DAYS) == date.fromisoformat(until)


def test_every_limit_names_its_source_and_the_remembered_one_is_unconfirmed() -> None:
    assert all(limit.source and (limit.workdays > 0) != (limit.months > 0) for limit in limits().values())
    assert {key for key, limit in limits().items() if limit.unconfirmed} == {"other"}


def test_a_report_goes_its_way_in_order_only(work: Work) -> None:
    a, _b = worlds.people(work)
    as_(work, "clerk")
    row = operations.enter_report(work, values(a.id), DAYS)
    assert (state_of(row), row.due_on) == (State.WAITING, date(2021, 12, 30))
    with pytest.raises(Refused):
        operations.answer(work, row, work.today, "已改", row.version)
    with pytest.raises(Invalid):
        operations.enter_report(work, values(a.id), DAYS)
    operations.verify(work, row, Truth.TRUE, row.version)
    with pytest.raises(Stale):
        operations.take_longer(work, row, "需现场核实", row.version - 1, DAYS)
    operations.take_longer(work, row, "需现场核实", row.version, DAYS)
    assert row.due_on == date(2022, 1, 27)
    with pytest.raises(Refused):
        operations.close(work, row, work.today, row.version)
    with pytest.raises(Invalid):
        operations.answer(work, row, date(2021, 12, 26), "已改", row.version)
    operations.answer(work, row, work.today, "已改", row.version)
    operations.close(work, row, work.today, row.version)
    with pytest.raises(Refused):
        operations.change_report(work, row, values(a.id, text="别的"), row.version, DAYS)
    assert state_of(row) is State.CLOSED


@pytest.mark.parametrize(
    ("today", "answered", "said"),
    [
        ("2021-12-28", None, (None, 2)),
        ("2021-12-29", None, ("due_soon", 1)),
        ("2021-12-30", None, ("due_today", 0)),
        ("2022-01-05", None, ("overdue", 3)),
        ("2022-01-05", "2021-12-31", ("answered_late", 1)),
        ("2022-01-05", "2021-12-30", (None, 0)),
    ],
)
def test_what_is_late_is_counted_in_working_days(today: str, answered: str | None, said: tuple[str, int]) -> None:
    row = ErrorReport(due_on=date(2021, 12, 30), answered_on=date.fromisoformat(answered) if answered else None)
    assert standing_of(row, date.fromisoformat(today), DAYS) == said


def month(work: Work) -> None:
    """December with something of everything, and neighbours that must not be counted."""
    a, b = worlds.people(work)
    work.session.flush()
    clerk = as_(work, "clerk")
    for n, (day, closed) in enumerate([(1, 3), (5, 20), (20, None), (27, None)], 1):
        row = operations.enter_report(work, values(a.id, f"D{n}", date(2021, 12, day)), DAYS)
        operations.verify(work, row, Truth.TRUE if n != 2 else Truth.UNTRUE, row.version)
        if closed:
            operations.answer(work, row, date(2021, 12, closed), "已答复", row.version)
            operations.close(work, row, date(2021, 12, closed), row.version)
    operations.enter_report(work, values(b.id, "N1", date(2021, 11, 30)), DAYS)
    for n in range(60):
        row = operations.enter_change(work, ChangeValues(f"C{n}", date(2021, 11, 25), a.id, "调整栏目"))
        if n != 59:
            operations.finish_change(work, row, date(2021, 11, 30) if n == 58 else date(2021, 12, 1), row.version)
    operations.set_publication(work, PublicationValues("2021-12", "市政府网站集群", 2, 3, 4))
    operations.set_publication(work, PublicationValues("2021-12", "另一网站", 10, 0, 1))
    operations.set_publication(work, PublicationValues("2021-11", "市政府网站集群", 99, 99, 99))
    operations.set_line(work, LineValues("2021-12", "增加栏目", "开设数据发布栏目。"))
    operations.set_line(work, LineValues("2021-11", "旧事", "上月之事。"))
    assert clerk.person_id


def rows_of(client: PageClient, url: str) -> int:
    """The rows of a list over all its pages."""
    count, seen = 0, set()
    while url not in seen:
        seen.add(url)
        page = client.get(url)
        assert page.status == 200
        assert page.tree is not None
        count += sum(node.get("data-row") is not None for node in page.tree.iter(f"{H}tr"))
        later = [node.get("href") for node in page.tree.iter(f"{H}a") if node.get("rel") == "next"]
        if not later:
            break
        url = later[0] or ""
    return count


def test_p20_every_figure_of_a_bulletin_opens_exactly_the_rows_it_counts(work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        month(work)
        period = Period.parse("2021-12")
        bulletin = bulletins.start(work, period, bulletins.usual_frame(work.session, period))
        figures = bulletin_queries.facts_of(work, bulletin, worlds.ISSUER).figures
    client = client_of("clerk")
    links = {key: figure.rows for key, figure in figures.items() if (figure.rows or "").startswith("/intake")}
    listed = {key: rows_of(client, url) for key, url in links.items() if not key.startswith("published")}
    counted = {key: int(figures[key].shown) for key in listed if not key.startswith("work")}
    assert counted == {"reports.received": 4, "reports.true": 3, "reports.closed": 2, "changes.done": 58}
    assert {key: listed[key] for key in counted} == counted
    assert {listed[key] for key in listed if key.startswith("work")} == {1}
    sums = [int(n) for n in re.findall(r"\d+", client.get(links["published.total"]).words.split("共", 1)[1])[:4]]
    assert [int(figures[f"published.{key}"].shown) for key in ("total", "texts", "pictures", "videos")] == sums
    assert sums == [20, 12, 3, 5]


@one_database
def test_a_clerk_enters_and_follows_a_report_by_the_pages(work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        a, _b = worlds.people(work)
        factories.account(work, a, "甲区发布")
        unit_id = a.id
    client = client_of("clerk")
    form = client.get("/intake/reports/new").form("/intake/reports/new")
    typed = form.values | {
        "number": "ZC9",
        "unit_id": str(unit_id),
        "text": "领导信息未更新",
        "received_on": "2021-12-20",
    }
    refused = client.post(form.action, typed | {"received_on": "2022-12-20"})
    assert (refused.status, "领导信息未更新" in refused.text) == (422, True)
    page = client.post(form.action, typed | {"form_key": refused.form("/intake/reports/new").values["form_key"]})
    assert "逾期3个工作日" in page.words.replace(" ", "") or "逾期" in page.words
    verify = page.form("/verify")
    page = client.post(verify.action, verify.values | {"truth": "true"})
    answer = page.form("/answer")
    page = client.post(answer.action, answer.values | {"answer": "已更正"})
    close = page.form("/close")
    page = client.post(close.action, close.values)
    assert "已办结" in page.words
    assert client_of("contact-a").get("/intake/reports").status == 404
    with work_as(write=False) as work:
        words = work.session.scalars(sa.text("SELECT word FROM event WHERE word LIKE 'report:%' ORDER BY id")).all()
        assert words == ["report:entered", "report:verified", "report:answered", "report:closed"]
        assert work.session.scalar(sa.select(ErrorReport.truth)) is Truth.TRUE
