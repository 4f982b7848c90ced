"""数据展示: a figure is what the bulletin says, and the count of the rows that its link opens."""

import csv
import io
import random
import re
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale, gettext

from tests import factories, worlds
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient, apart
from tracker.bulletins import queries
from tracker.bulletins.operations import unsaved
from tracker.bulletins.policy import figures as words
from tracker.bulletins.policy.figures import PLANS, Said, on_paper
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import series
from tracker.bulletins.queries.annexes import annexes
from tracker.charts.figure import Figure, loaded
from tracker.charts.table import rows
from tracker.escalation.policy import Month
from tracker.indicators.models import Level
from tracker.inspections.models import Finding, Inspection
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth
from tracker.kit.clock import OFFICE
from tracker.notices.models import Assignment
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.operations import take_snapshot

SPAN = series.Span.between(Month(2021, 9), Month(2021, 12))


def asked(work: Work, unit_id: int | None = None, span: series.Span = SPAN) -> series.Asked:
    return series.Asked(span, series.counting(work.session, span), unit_id, work.now)


def made(work: Work, unit_id: int | None = None) -> dict[str, series.Made]:
    found = series.figures(work.session, asked(work, unit_id), on_paper)
    return {each.figure.key: each for each in found}


def shown(figure: Figure, part: int, place: int) -> str:
    return figure.series[part].shown[place]


@pytest.fixture
def months(work_as: WorkAs) -> dict[str, int]:
    """September, October (a sample) and December (twice) are inspected; streams run through all four months."""
    dice = random.Random(6)
    with work_as() as work:
        a, b = worlds.people(work)
        accounts = [factories.account(work, unit, f"{unit.name}发布{n}") for n in range(6) for unit in (a, b)]
        kinds = {
            Level.VETO: factories.indicator(work, "M-V3-1", title="未提供有效互动功能"),
            Level.DEDUCT: factories.indicator(
                work, "F-1", title="政策文件解读不规范", applies_to="unit", level="deduct"
            ),
            Level.WARN: factories.indicator(work, "M-D9", title="更新间隔偏长", level="warn"),
        }
        for month in (9, 10, 12, 12):
            last = date(2021, month, 26)
            here = Inspection(
                period=f"2021-{month:02}", title="检查", method="manual", starts_on=date(2021, month, 1), ends_on=last,
                snapshot_id=take_snapshot(work).id, created_at=work.now,
            )  # fmt: skip
            work.session.add(here)
            work.session.flush()
            here.sample = [account.id for account in accounts[:7]] if month == 10 else None
            for n in range(25):
                level = dice.choice(list(kinds))
                subject = dice.choice(accounts)
                ended = dice.choice([None, "rectified", "unfounded", "dropped"])
                at = datetime(2021, month, dice.choice([20, 28]), 9, tzinfo=OFFICE)
                found = Finding(
                    inspection_id=here.id, unit_id=subject.sponsor_id, subject_id=subject.id, entered_at=work.now,
                    indicator_id=kinds[level].id, level=level, description=f"问题{month}-{n}",
                    fingerprint=f"{here.id}-{n}", ended_how=ended, ended_at=at if ended else None,
                    found_on=last + timedelta(days=dice.choice([-9, 0, 1])),
                )  # fmt: skip
                work.session.add(found)
        for month in range(9, 13):
            for n in range(dice.randint(0, 6)):
                received = date(2021, month, 3 + 4 * n)
                work.session.add(_report(work, month, n, received, dice.choice([None, 2, 9]), dice.choice((a, b))))
                work.session.add(_change(work, month, n, received, dice.choice((a, b))))
            if month != 11:
                work.session.add(
                    Publication(period=f"2021-{month:02}", source="集群", texts=month, pictures=2, videos=0)
                )
        return {"a": a.id, "b": b.id}


def _report(work: Work, month: int, n: int, received: date, days: int | None, unit: Unit) -> ErrorReport:
    answered = received + timedelta(days=days) if days else None
    return ErrorReport(
        number=f"R{month}-{n}", received_on=received, due_on=received + timedelta(days=5), unit=unit, text="有误",
        truth=Truth.TRUE if answered else None, answered_on=answered, closed_on=answered, entered_at=work.now,
    )  # fmt: skip


def _change(work: Work, month: int, n: int, day: date, unit: Unit) -> ChangeRequest:
    return ChangeRequest(number=f"C{month}-{n}", asked_on=day, done_on=day, unit=unit, text="调整", entered_at=work.now)


def test_figures_are_those_of_each_months_bulletin(months: dict[str, int], work_as: WorkAs) -> None:
    with work_as(write=False) as work:
        found = made(work)
        for place, code in enumerate(SPAN.codes):
            period = Period.parse(code)
            facts = queries.facts_of(work, unsaved(work, period), worlds.ISSUER)
            told = {key: each.shown for key, each in facts.figures.items()}
            rates, levels = found["rates"].figure, found["levels"].figure
            assert shown(rates, 1, place) == told.get("accounts.rate", "")
            assert [each.cells[place] for each in rates.columns[2:]] == (
                [told["accounts.checked"], str(facts.counts["accounts.failed"])] if shown(rates, 1, place) else ["", ""]
            )
            for part, level in enumerate(("veto", "deduct")):
                count = sum(problem.findings for problem in facts.problems if problem.level == level)
                assert shown(levels, part, place) == (str(count) if code != "2021-11" else "")
            received = sum(int(each.shown[place]) for each in found["reports"].figure.series)
            assert str(received) == told["reports.received"]
            assert shown(found["changes"].figure, 0, place) == told["changes.done"]
            parts = [told[f"published.{name}"] for name in ("texts", "pictures", "videos")]
            assert [each.shown[place] or "0" for each in found["published"].figure.series] == parts


def test_every_number_is_the_count_of_its_rows_and_units_make_up_the_whole(
    months: dict[str, int], work_as: WorkAs
) -> None:
    with work_as(write=False) as work:
        whole = made(work)
        units = [made(work, id_) for id_ in months.values()]
        for key in ("levels", "problems", "reports", "changes"):
            each = whole[key]
            for part, name in enumerate(each.parts):
                for place, spot in enumerate(each.spots):
                    value = each.figure.series[part].values[place]
                    total, behind = series.behind(work.session, key, asked(work), spot, name)
                    assert (total, len(behind)) == (value or 0, value or 0)
                    own = [_value(made_, key, spot, name) for made_ in units]
                    assert sum(own) == (value or 0)
        total, failed = series.failed_rows(work.session, asked(work), "2021-12", "accounts")
        assert (str(total), len(failed)) == (whole["rates"].figure.columns[3].cells[3], total)
        assert "published" not in units[0]


def _value(found: dict[str, series.Made], key: str, spot: str, part: str) -> int:
    each = found[key]
    if spot not in each.spots:
        return 0
    return int(each.figure.series[each.parts.index(part)].values[each.spots.index(spot)] or 0)


@one_database
def test_more_months_and_rows_cost_no_more_statements(months: dict[str, int], work_as: WorkAs) -> None:
    def statements(span: series.Span) -> int:
        seen: list[str] = []
        with work_as(write=False) as work:
            engine = work.session.get_bind()
            note = lambda *given: seen.append(given[2])  # noqa: E731
            sa.event.listen(engine, "before_cursor_execute", note)
            series.figures(work.session, asked(work, span=span), on_paper)
            sa.event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    assert statements(series.Span.ending(Month(2021, 12), 1)) == statements(series.Span.ending(Month(2021, 12), 36))


@one_database
def test_answers_are_in_time_by_what_stood_with_the_office_at_the_due_moment(work_as: WorkAs) -> None:
    world = worlds.build(work_as)
    with work_as() as work:
        answers = made(work)["answers"].figure
        assert not any(value for each in answers.series for value in each.values)  # all of it is due in January
    with work_as() as work:
        span = series.Span.between(Month(2022, 1), Month(2022, 1))
        due = work.session.scalars(sa.select(Assignment).where(Assignment.token == world.tokens["closed"])).one()
        numbers = series.figures(work.session, asked(work, span=span), on_paper, ["answers"])[0].figure
        # Submitted, closed and reopened ones were answered; a returned one asks again; a voided one asks nothing.
        assert [each.shown for each in numbers.series] == [("3",), ("0",), ("0",), ("4",)]
        due.due_at, later = due.submitted_at - timedelta(minutes=1), due.due_at + timedelta(days=1)
        work.session.flush()
        then = series.Asked(span, series.counting(work.session, span), None, later)
        numbers = series.figures(work.session, then, on_paper, ["answers"])[0].figure
        assert [each.shown for each in numbers.series] == [("2",), ("1",), ("4",), ("0",)]


@one_database
def test_the_page_its_rows_and_its_files(months: dict[str, int], client_of) -> None:
    clerk: PageClient = client_of("clerk")
    page = clerk.get("/data?from=2021-09&until=2021-12")
    assert page.text.count('role="img"') == len(PLANS) - 4 + 1  # four have nothing to show; the first is drawn twice
    addresses = {each.replace("&amp;", "&") for each in re.findall(r'href="(/data/\w+/rows[^"]+)"', page.text)}
    assert len(addresses) > 40
    for address in sorted(addresses)[::9]:
        assert clerk.get(address).status == 200
    table = apart(lambda: clerk.http.get("/data/levels/table?from=2021-09&until=2021-12"))
    lines = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert (lines[0], len(lines)) == (["月份", "否决", "扣分", "预警", "合计"], 5)
    drawing = apart(lambda: clerk.http.get("/data/levels/drawing?from=2021-09&until=2021-12"))
    assert (drawing.mimetype, drawing.headers["Content-Disposition"][:10]) == ("image/svg+xml", "attachment")
    absent = ("none/rows", "levels/rows", "problems/rows?place=x", "problems/rows?place=99999999999", "none/table")
    for address in (*absent, "levels/rows?place=2020-12", "levels/rows?place=2021-12&part=x", "days/drawing"):
        assert clerk.get(f"/data/{address}").status == 404
    for broken in ("?from=x&until=2021-13&unit=9999", "?from=0001-01&until=9999-12"):
        assert clerk.get("/data" + broken).status == 200
    assert client_of("contact-a").get("/data").status == 404
    assert client_of("observer").get("/data").status == 200


@one_database
def test_the_annex_holds_the_pages_figures_as_numbers(months: dict[str, int], work_as: WorkAs) -> None:
    with work_as(write=False) as work:
        draft = unsaved(work, Period.parse("2021-12"))
        assert not any("charts" in annex for annex in annexes(work.session, queries.facts_of(work, draft, "办")))
        draft.with_charts = True
        facts = queries.facts_of(work, draft, "办")
        annex = annexes(work.session, facts, work.now)[-1]
        assert annex["title"] == "2021年12月份数据图表"
        printed = {each.key: each for each in map(loaded, annex["charts"])}
        for key, each in made(work).items():
            if key != "problems" and key in printed:
                assert [row.cells for row in rows(printed[key])[-4:]] == [row.cells for row in rows(each.figure)]
        assert queries.flags_of(draft, queries.lines_of(draft, facts), facts) == []


@one_database
def test_papers_and_pages_say_the_same_in_chinese(app) -> None:
    said = [each for each in vars(words).values() if isinstance(each, Said)]
    for plan in PLANS.values():
        said += [plan.title, plan.head, plan.measure, *(part.said for part in plan.parts)] + [plan.note] * bool(
            plan.note
        )
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert {each.msgid: gettext(each.msgid) for each in said} == {each.msgid: each.paper for each in said}
