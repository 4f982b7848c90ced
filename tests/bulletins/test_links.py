"""Every figure of a draft opens exactly the rows that it counts."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories, worlds
from tests.conftest import WorkAs, one_database
from tests.pages import H, PageClient
from tests.worlds import as_
from tracker.bulletins import operations, queries
from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.period import Period
from tracker.indicators.models import Level
from tracker.inspections.models import Finding, Inspection
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind, SubjectState
from tracker.registry.operations import take_snapshot

MONTH = Period.parse("2021-12")
SUMS = ("published.total", "published.texts", "published.pictures", "published.videos")
ROWS = {
    "sites.total": 3,
    "accounts.total": 60,
    "sites.checked": 1,
    "accounts.checked": 8,
    "accounts.rate": 5,
    "notices.sent": 2,
    "notices.done": 1,
    "reports.received": 3,
    "reports.true": 2,
    "reports.closed": 1,
    "changes.done": 2,
}
"""What must stand on the pages: a figure of its own, so that a page and its figure cannot be wrong together."""


def registered(work: Work, a, b) -> tuple[list[Subject], list[Subject]]:
    """Three sites and sixty accounts that count, one of each that does not."""
    sites = [Subject(kind=SubjectKind.SITE, name=f"站{n}", code=f"210900000{n}", sponsor_id=a.id) for n in range(4)]
    sites[3].state = SubjectState.CLOSED
    work.session.add_all(sites)
    accounts = [factories.account(work, a if n % 2 else b, f"账号{n:02}") for n in range(60)]
    factories.account(work, b, "未报备账号", state=SubjectState.UNREGISTERED)
    work.session.flush()
    return sites, accounts


def streams(work: Work, unit_id: int) -> None:
    """Error reports and change requests in and around the month, publications of two."""
    days = (date(2021, 11, 30), date(2021, 12, 2), date(2021, 12, 3), date(2021, 12, 4))
    for n, day in enumerate(days):
        row = ErrorReport(number=str(n), received_on=day, due_on=day, unit_id=unit_id, text="错字", entered_at=work.now)
        row.truth, row.answered_on = Truth.TRUE if n < 3 else Truth.UNTRUE, day
        row.closed_on = day if n < 2 else None
        work.session.add(row)
        asked = ChangeRequest(number=str(n), asked_on=day, unit_id=unit_id, text="改版", entered_at=work.now)
        asked.done_on = day if n < 3 else None
        work.session.add(asked)
    for period, texts in (("2021-11", 100), ("2021-12", 2)):
        work.session.add(Publication(period=period, source="网站集群", texts=texts, pictures=3, videos=4))


def told(work: Work, a, b, accounts: list[Subject]) -> None:
    """Vetoes in the sample and out of it, mended, unfounded, of another month; a deduction of a unit's own."""
    factories.inspection(work)
    early = Inspection(period="2021-11", title="11月", method="manual", created_at=work.now)
    early.starts_on, early.ends_on = date(2021, 11, 1), date(2021, 11, 25)
    work.session.add(early)
    work.session.flush()
    rows = [factories.finding(work, b, "未更新。", subject_id=each.id, place=each.name) for each in accounts[:6]]
    again = factories.indicator(work, "M-V3-1", title="无互动功能")
    factories.finding(work, b, "无互动。", subject_id=accounts[0].id, indicator=again.id)
    rows[4].ended_at, rows[4].ended_how = work.now, "rectified"
    rows[5].ended_at, rows[5].ended_how = work.now, "unfounded"
    old = factories.finding(work, b, "上月未更新。", subject_id=accounts[7].id)
    old.inspection_id = early.id
    own = factories.indicator(work, "F-1", title="解读不规范", applies_to="unit", level="deduct")
    factories.finding(work, a, "解读针对性不强。", indicator=own.id, level=Level.DEDUCT)
    work.session.flush()


@pytest.fixture
def drafted(work_as: WorkAs) -> int:
    """A month with a sample, three notices (one closed, one voided), streams, and neighbours that count nowhere."""
    with work_as() as work:
        a, b = worlds.people(work)
        sites, accounts = registered(work, a, b)
        streams(work, a.id)
        told(work, a, b, accounts)
        a_id = a.id
    for stage in ("issued", "closed", "voided"):
        with work_as() as work:
            unit = work.session.get_one(type(a), a_id)
            row = worlds.delivered(work, worlds.findings(work, unit, 1, stage))[0]
            token = row.token
        with work_as() as work:
            worlds.bring(work, stage, token)
    with work_as() as work:
        ids = [each.id for each in (*sites, *accounts)]
        month = work.session.scalars(sa.select(Inspection).where(Inspection.period == "2021-12")).one()
        made = work.session.scalars(sa.select(Subject).where(Subject.id.not_in(ids), Subject.state == "running"))
        for subject in made:  # the notices' own accounts came after the inspection
            subject.state = SubjectState.CANCELLED
        work.session.execute(
            sa.update(Finding).where(Finding.subject_id.not_in(ids)).values(found_on=date(2021, 12, 31))
        )
        work.session.flush()
        month.ends_on, month.snapshot_id = date(2021, 12, 27), take_snapshot(work).id
        month.sample = [sites[0].id, sites[3].id, *(each.id for each in accounts[:8])]
        as_(work, "clerk")
        return operations.start(work, MONTH, operations.usual_frame(work.session, MONTH)).id


def listed(clerk: PageClient, url: str) -> list[str]:
    """The rows of a list over all its pages, as texts."""
    rows: list[str] = []
    while url:
        page = clerk.get(url)
        assert page.status == 200, url
        assert page.tree is not None
        found = [node for node in page.tree.iter() if node.get("data-row") is not None]
        rows += [" ".join("".join(node.itertext()).split()) for node in found]
        url = next((node.get("href") or "" for node in page.tree.iter() if node.get("rel") == "next"), "")
    return rows


@one_database
def test_issue6_every_figure_opens_exactly_its_rows(drafted: int, client_of, work_as: WorkAs) -> None:
    """Totals in the snapshot, the sample, failing ones, notices of the month, streams, each problem's findings."""
    with work_as(write=False) as work:
        as_(work, "clerk")
        bulletin = work.session.get_one(Bulletin, drafted)
        bulletin.until = date(2021, 12, 28)
        facts: Facts = queries.facts_of(work, bulletin, worlds.ISSUER)
    clerk = client_of("clerk")
    figures = facts.figures
    counted = {key: len(listed(clerk, figures[key].rows)) for key in ROWS}
    assert counted == ROWS
    assert {key: str(rows) for key, rows in ROWS.items() if key != "accounts.rate"} == {
        key: figures[key].shown for key in ROWS if key != "accounts.rate"
    }
    assert facts.counts["accounts.failed"] == ROWS["accounts.rate"]
    for problem in facts.problems:
        rows = listed(clerk, problem.rows)
        assert len(rows) == problem.findings, problem.rows
        assert all(problem.title in row for row in rows)
    for key in SUMS:
        page = clerk.get(figures[key].rows)
        assert page.tree is not None
        assert figures[key].shown in ["".join(cell.itertext()).strip() for cell in page.tree.iter(f"{H}td")], key
    others = {figure.rows for figure in figures.values()} - {figures[key].rows for key in ROWS} - {""}
    assert {url: clerk.get(url).status for url in others} == dict.fromkeys(others, 200)
