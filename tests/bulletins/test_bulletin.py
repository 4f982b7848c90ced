"""A bulletin from the ledger to the units' desks."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories, worlds
from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.worlds import as_
from tracker.bulletins import operations, queries
from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.flags import Rule, flag_key
from tracker.bulletins.policy.layout import Line, text_of
from tracker.bulletins.policy.period import Period
from tracker.indicators.models import Level
from tracker.inspections.models import Finding, Inspection
from tracker.intake.models import ErrorReport, Publication, Truth
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.notices.lifecycle import AssignmentState, NoticeState
from tracker.notices.models import Assignment
from tracker.notices.operations import drafts
from tracker.notices.queries import assignment_by_token, batch_by_id
from tracker.org.policy import Work
from tracker.registry.operations import take_snapshot
from tracker.requests.models import DisputeKind
from tracker.requests.operations import disputes
from tracker.requests.operations.disputes import Claim
from tracker.requests.queries import disputes_of
from tracker.workdays.calendar import Calendar

MONTH = Period.parse("2021-12")


def present(work: Work, bulletin: Bulletin) -> tuple[Facts, list[Line], str]:
    facts = queries.facts_of(work, bulletin, worlds.ISSUER)
    lines = queries.lines_of(bulletin, facts)
    return facts, lines, text_of(lines, facts.shown)


def line_of(lines: list[Line], key: str) -> Line:
    return next(line for line in lines if line.key == key)


@pytest.fixture
def started(work_as: WorkAs) -> int:
    """A month with ten accounts: six of unit A fail by one indicator, one of them by two; unit B has one problem."""
    with work_as() as work:
        a, b = worlds.people(work)
        accounts = [factories.account(work, a, f"甲区发布{n}") for n in range(9)] + [
            factories.account(work, b, "公安发布")
        ]
        other = factories.indicator(work, "M-V3-1", title="未提供有效互动功能")
        for account in accounts[:6]:
            factories.finding(work, a, "截至检查日2周内未更新。", subject_id=account.id, place=account.name)
        factories.finding(work, a, "无互动功能。", subject_id=accounts[0].id, indicator=other.id)
        own = factories.indicator(work, "F-1", title="政策文件解读不规范", applies_to="unit", level="deduct")
        factories.finding(work, b, "解读针对性不强。", indicator=own.id, level=Level.DEDUCT)
        work.session.flush()
        for inspection in work.session.scalars(sa.select(Inspection)):
            inspection.period, inspection.ends_on = "2021-12", date(2021, 12, 27)
            inspection.snapshot_id = take_snapshot(work).id
        work.session.add(Publication(period="2021-12", source="市政府网站集群", texts=2, pictures=3, videos=4))
        as_(work, "clerk")
        return operations.start(work, MONTH, operations.usual_frame(work.session, MONTH)).id


def test_the_ledger_writes_the_draft_and_counts_an_account_once(started: int, work_as: WorkAs) -> None:
    with work_as(write=False) as work:
        as_(work, "clerk")
        facts, lines, text = present(work, queries.bulletin_by_id(work, started))
        assert {key: facts.counts[f"accounts.{key}"] for key in ("total", "checked", "failed")} == {
            "total": 10,
            "checked": 10,
            "failed": 6,
        }
        assert "政务新媒体合格率40%" in text
        assert "共发布9条信息，其中文字信息2条，图片信息3条，视频信息4条" in text
        assert f"两周未更新。{worlds.CANARY}区有6个账号存在该问题（具体名单详见附件）。" in text
        assert "政策文件解读不规范。市公安局：解读针对性不强。" in text
        assert queries.flags_of(queries.bulletin_by_id(work, started), lines, facts) == []


def test_a_figure_changed_in_the_ledger_changes_the_text_also_in_an_edited_paragraph(
    started: int, work_as: WorkAs
) -> None:
    with work_as() as work:
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        facts, lines, _text = present(work, bulletin)
        line = line_of(lines, "published")
        words = compose(line.pieces, facts.shown).replace("总体运行良好", "运行平稳")
        operations.change_line(work, bulletin, line, words, facts, bulletin.version)
        work.session.add(
            ErrorReport(
                number="1",
                received_on=date(2021, 12, 3),
                due_on=date(2021, 12, 8),
                unit_id=work.session.query(Finding).first().unit_id,
                text="错字",
                truth=Truth.TRUE,
                entered_at=work.now,
            )
        )
        work.session.execute(sa.update(Publication).values(videos=5))
        work.session.flush()
        facts, lines, text = present(work, bulletin)
        assert "运行平稳。" in text
        assert "共发布10条信息，其中文字信息2条，图片信息3条，视频信息5条" in text
        assert "留言1条，其中问题属实的留言1条，正在办理。" in text
        assert queries.flags_of(bulletin, lines, facts) == []


def test_a_closed_account_moves_no_figure_of_a_month_that_was_inspected(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        work.session.execute(sa.text("UPDATE subject SET state = 'cancelled', name = '已注销'"))
        facts, _lines, _text = present(work, queries.bulletin_by_id(work, started))
        assert facts.counts["accounts.total"] == 10


def test_what_does_not_agree_needs_mending_or_a_reason(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        facts, lines, _text = present(work, bulletin)
        line = line_of(lines, "published")
        operations.change_line(
            work, bulletin, line, compose(line.pieces, facts.shown).replace("9条", "8条"), facts, bulletin.version
        )
        _facts, lines, _text = present(work, bulletin)
        flags = queries.flags_of(bulletin, lines, facts)
        assert (Rule.LEDGER, "8", "9") in [(flag.rule, flag.said, flag.expected) for flag in flags]
        with pytest.raises(Refused, match="places do not agree"):
            operations.hand_in(work, bulletin, facts, bulletin.version)
        with pytest.raises(Invalid):
            operations.explain_flag(work, bulletin, "any", " \x00", bulletin.version)
        with pytest.raises(Invalid):
            operations.explain_flag(work, bulletin, "any", "因" * 1001, bulletin.version)
        for flag in flags:
            operations.explain_flag(work, bulletin, flag_key(flag, "published"), "平台改版", bulletin.version)
        notice = operations.hand_in(work, bulletin, facts, bulletin.version)
        assert notice.batch.note == "\n".join(["平台改版"] * len(flags))


def test_a_bulletin_goes_the_way_of_a_notice_and_asks_each_named_unit_once(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        facts, _lines, text = present(work, bulletin)
        notice = operations.hand_in(work, bulletin, facts, bulletin.version)
        again = operations.hand_in(work, bulletin, facts, bulletin.version)
        assert (again.id, len(again.items)) == (notice.id, 8)
        assert "\n".join(notice.prepared["body"]) == text
        assert [len(annex["rows"]) for annex in notice.prepared["annexes"]] == [6]
        drafts.submit(work, notice.batch, Calendar())
        with pytest.raises(Refused, match="handed in"):
            operations.hand_in(work, bulletin, facts, bulletin.version)
        batch_id = notice.batch_id
    with work_as() as work:
        as_(work, "director")
        batch = worlds.sign(work, batch_by_id(work, batch_id))
        work.session.flush()
        notice = batch.notices[0]
        assert notice.state is NoticeState.ISSUED
        found = list(work.session.scalars(sa.select(Assignment).where(Assignment.notice_id == notice.id)))
        assert [(row.unit_name, len(row.items), row.due_words) for row in found] == [
            (f"{worlds.CANARY}区", 7, "1月10日前"),
            ("市公安局", 1, "1月10日前"),
        ]
        assert notice.frozen["body"] == notice.prepared["body"]
        worlds.deliver(work, batch)
        tokens = [row.token for row in found]
    # One unit's dispute of all that is asked of it ends its own part, never the paper that asks the others.
    for who, act in (
        (
            "contact-b",
            lambda work, row: disputes.raise_dispute(work, row, Claim(DisputeKind.NOT_SO, [1, 8], "已整改。")),
        ),
        (
            "clerk",
            lambda work, row: disputes.recommend(work, disputes_of(work.session, row), favour=True, opinion="属实"),
        ),
        ("director", lambda work, row: disputes.uphold(work, disputes_of(work.session, row))),
    ):
        with work_as() as work:
            as_(work, who)
            act(work, assignment_by_token(work, tokens[1]))
    with work_as() as work:
        as_(work, "clerk")
        a, b = (assignment_by_token(work, token) for token in tokens)
        assert (a.notice.state, a.state, b.state) == (
            NoticeState.ISSUED,
            AssignmentState.ISSUED,
            AssignmentState.VOIDED,
        )


def test_two_clerks_change_the_same_draft(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        facts, lines, _text = present(work, bulletin)
        seen = bulletin.version
        operations.drop_line(work, bulletin, line_of(lines, "published"), seen)
        with pytest.raises(Stale):
            operations.change_line(work, bulletin, line_of(lines, "overall"), "改写。", facts, seen)
        operations.restore_line(work, bulletin, "published", bulletin.version)
        assert bulletin.edits == {}


def test_one_period_has_one_bulletin(started: int, work_as: WorkAs) -> None:
    with work_as() as work, pytest.raises(Refused, match="already"):
        as_(work, "clerk")
        operations.start(work, MONTH, operations.usual_frame(work.session, MONTH))


def test_a_clerk_drafts_reads_and_mends_through_the_pages(started: int, client_of) -> None:
    clerk: PageClient = client_of("clerk")
    page = clerk.get(f"/bulletins/{started}")
    assert "政务新媒体合格率" in page.text
    assert {"/intake/publications?period=2021-12"} <= set(re.findall(r'href="([^"]+)"', page.text))
    edit = clerk.get(f"/bulletins/{started}/lines/overall")
    assert edit.status == 200
    assert clerk.get("/bulletins").status == 200
    assert client_of("contact-a").get(f"/bulletins/{started}").status == 404
    assert client_of("director").get(f"/bulletins/{started}/lines/overall").status == 404
