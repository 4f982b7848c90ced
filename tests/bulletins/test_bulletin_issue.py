"""From the draft to every unit: requirements with a day, namings, the ledger as annex, and who is told."""

import io
from datetime import date
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from tests import factories, worlds
from tests.bulletins.test_bulletin import MONTH, present
from tests.bulletins.test_bulletin import started as started
from tests.conftest import WorkAs, one_database
from tests.worlds import as_
from tracker.bulletins import operations, queries
from tracker.bulletins.models import Bulletin
from tracker.bulletins.operations.draft import unsaved
from tracker.bulletins.policy.layout import annexes_line, text_of
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.annexes import annexes
from tracker.bulletins.queries.ledger_annex import SHARED
from tracker.escalation.models import Proposal, ProposalState, Step
from tracker.escalation.operations import decide
from tracker.escalation.policy import Quarter
from tracker.escalation.queries import namings
from tracker.inspections.models import Finding, Inspection
from tracker.kit.errors import Invalid, Refused
from tracker.ledger.queries import LedgerFilter, Moment
from tracker.ledger.queries import lines as ledger_lines
from tracker.notices.models import Assignment, Notice
from tracker.notices.operations import drafts
from tracker.notices.queries import assignment_by_token, batch_by_id
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.reminders.models import Message
from tracker.reminders.operations.tell import tell
from tracker.workdays.calendar import Calendar

pytestmark = one_database
DAY = date(2022, 1, 20)


def _frame(bulletin: Bulletin, **values: object) -> operations.Frame:
    usual = {"title": bulletin.title, "until": bulletin.until, "due_on": bulletin.due_on}
    return operations.Frame(**{**usual, **values})  # type: ignore[arg-type]


def _late(work: Work, unit: Unit) -> Proposal:
    """An accepted naming of a unit for one reply that came late."""
    row = worlds.delivered(work, worlds.findings(work, unit, 1, "迟"))[0]
    fact = {"assignment_id": row.id, "number": row.notice.number, "due_at": row.due_at.isoformat()}
    values = {"proposed_on": work.today, "state": ProposalState.ACCEPTED, "facts": [fact], "decided_name": "经办"}
    quarter = Quarter.of(date(2021, 12, 1)).code
    proposal = Proposal(key=f"naming-{unit.id}", step=Step.NAMING, unit_id=unit.id, quarter=quarter, **values)
    proposal.decided_by, proposal.decided_at = work.actor.person_id, work.now
    work.session.add(proposal)
    work.session.flush()
    return proposal


def test_requirements_ask_their_units_by_their_own_day_and_all_are_told(
    started: int, work_as: WorkAs, client_of
) -> None:
    with work_as() as work:
        b, idle = (factories.unit(work, name, rank=n) for n, name in ((2, "市公安局"), (3, "海州区")))
        factories.person(work, "contact-idle", factories.Role.CONTACT, unit=idle, name="海州联系人")
        naming = _late(work, b)
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        with pytest.raises(Invalid):
            operations.ask_for(work, bulletin, "step-2", None, [b.id], bulletin.version)
        with pytest.raises(Invalid):
            operations.ask_for(work, bulletin, "step-2", date(2021, 12, 27), [b.id], bulletin.version)
        operations.ask_for(work, bulletin, "step-2", DAY, [b.id], bulletin.version)
        facts, _lines, text = present(work, bulletin)
        assert "请市公安局于1月20日前，将落实情况报" in text
        assert f"市公安局在2021年第四季度有1次未按期反馈整改情况报告（{facts.namings[0].late[0]}）。" in text
        notice = operations.hand_in(work, bulletin, facts, bulletin.version)
        assert naming_id(work) == (naming.id, notice.id)
        again = operations.hand_in(work, bulletin, facts, bulletin.version)
        assert (again.id, naming_id(work)) == (notice.id, (naming.id, notice.id))
        assert [(item.words[:6], item.due_on) for item in notice.items if item.finding is None] == [
            ("严格信息发布", DAY)
        ]
        drafts.submit(work, notice.batch, Calendar())
        batch_id, notice_id, unit_b = notice.batch_id, notice.id, b.id
    # The director reads whom it asks, on the list of what waits and beside the paper.
    asked = "2 个单位须于1月10日前反馈，市公安局另须于1月20日前报送；全部单位可阅看"
    director = client_of("director")
    assert asked in director.get("/").words
    assert f"号：{asked}。" in director.get(f"/batches/{batch_id}").words
    with work_as() as work:
        as_(work, "director")
        batch = worlds.sign(work, batch_by_id(work, batch_id))
        worlds.deliver(work, batch)
    with work_as() as work:
        rows = list(work.session.scalars(sa.select(Assignment).where(Assignment.notice_id == notice_id)))
        assert [(row.part, row.due_on) for row in rows if row.unit_id == unit_b] == [(0, date(2022, 1, 10)), (1, DAY)]
        own = next(row for row in rows if row.part == 1)
        assert [item.words[:6] for item in own.items] == ["严格信息发布"]
        token = own.token
        tell(work)
        told = work.session.execute(sa.select(Message.kind, Message.link).where(Message.link.contains("issued"))).all()
        assert set(told) == {("bulletin_delivered", f"/bulletins/issued/{notice_id}")}
        assert all(number in text_of_message(work) for number in [rows[0].notice.number])
        as_(work, "clerk")
        with pytest.raises(Refused, match="cannot be taken back"):
            decide.take_back(work, f"naming-{unit_b}", "误")
    # Every unit reads it; the one that owes an answer finds its parts beside it, and can answer the requirement.
    page = client_of("contact-idle").get(f"/bulletins/issued/{notice_id}")
    assert (page.status, "未对本单位另提报送要求" in page.text) == (200, True)
    idle_client = client_of("contact-idle")
    assert idle_client.get("/bulletins/issued").text.count(f"/bulletins/issued/{notice_id}.pdf") == 1
    assert idle_client.get(f"/assignments/{token}").status == 404
    assert client_of("contact-b").get(f"/bulletins/issued/{notice_id}").text.count("/assignments/") == 2
    with work_as() as work:
        worlds.answer(work, "contact-b", token)
    with work_as() as work:
        worlds.decide(work, token, accepted=True)
        assert assignment_by_token(work, token).state == "closed"
    assert "市公安局 1月20日前" in client_of("clerk").get(f"/batches/{batch_id}").words


def naming_id(work: Work) -> tuple[int, int | None]:
    (found,) = namings(work.session, "2021Q4")
    return found.id, found.used_in


def text_of_message(work: Work) -> str:
    return "".join(work.session.scalars(sa.select(Message.body).where(Message.kind == "bulletin_delivered")))


def test_the_ledger_as_annex_is_the_ledgers_file_of_the_period(started: int, work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        as_(work, "clerk")
        bulletin = queries.bulletin_by_id(work, started)
        operations.change_frame(work, bulletin, _frame(bulletin, with_ledger=True, due_on=None), bulletin.version)
        work.session.execute(sa.update(Finding).where(Finding.id == 2).values(ended_at=work.now, ended_how="unfounded"))
        facts, lines, text = present(work, bulletin)
        printed = annexes(work.session, facts)[-1]
        moment = Moment(work.now, Calendar())
        file = list(ledger_lines(work.session, LedgerFilter(months=(MONTH.code,)), moment))
        so = [line for line in file if line.ended_how != "unfounded"]
        place = [name for name, *_rest in SHARED].index("问题编号") + 1
        assert [row[place] for row in printed["rows"]] == [f"#{line.finding_id}" for line in so]
        assert (len(file), len(so)) == (8, 7)
        assert f"详见附件2，共{len(so)}项。" in text
        assert annexes_line(facts)[-1] == "附件：2.2021年12月份检查问题整改台账"
        assert queries.flags_of(bulletin, lines, facts) == []
        # Without a day the bulletin asks nobody, and its problems go on waiting for a notice.
        notice = operations.hand_in(work, bulletin, facts, bulletin.version)
        assert (notice.items, notice.batch.due_on) == ([], None)
        assert work.session.scalar(sa.select(sa.func.count()).where(Finding.notice_ref == notice.id)) == 0
        told = {key: facts.figures[key].rows for key in ("problems.total", "ledger.rows")}
    clerk = client_of("clerk")
    assert {key: clerk.get(url).text.count("<tr data-row") for key, url in told.items()} == dict.fromkeys(told, len(so))
    assert "不要求各单位" in clerk.get(f"/bulletins/{started}").text
    word = clerk.get(f"/bulletins/{started}/bulletin.docx")
    with ZipFile(io.BytesIO(word.response.data)) as file:
        assert "整改台账" in file.read("word/document.xml").decode()
    assert clerk.get(f"/batches/{batch_of(work_as, started)}").status == 200


def batch_of(work_as: WorkAs, bulletin_id: int) -> int:
    with work_as(write=False) as work:
        bulletin = work.session.get_one(Bulletin, bulletin_id)
        return work.session.get_one(Notice, bulletin.notice_id).batch_id


def test_a_year_sums_its_months_and_a_problem_that_came_back_says_so(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        draft = unsaved(work, Period.parse("2021"))
        facts = queries.facts_of(work, draft, worlds.ISSUER)
        lines = queries.lines_of(draft, facts)
        text = text_of(lines, facts.shown)
        assert (draft.due_on, [row[0] for row in facts.months]) == (None, [f"{n}月" for n in range(1, 13)])
        assert sum(int(row[5]) for row in facts.months if row[5].isdigit()) == sum(p.findings for p in facts.problems)
        assert sum(int(row[-1]) for row in facts.months) == facts.counts["published.total"]
        assert "各次检查均合格的政务新媒体占40%" in text
        assert "前，将本次通报" not in text
        assert queries.flags_of(draft, lines, facts) == []


def test_the_next_month_compares_itself_and_says_what_was_told_before(started: int, work_as: WorkAs) -> None:
    with work_as() as work:
        b = factories.unit(work, "市公安局", rank=2)
        old = work.session.scalars(sa.select(Finding).where(Finding.unit_id == b.id)).one()
        row = worlds.delivered(work, [old])[0]
        row.notice.document_date = date(2021, 12, 28)
        as_(work, "reviewer")
        old.ended_at, old.ended_how = work.now, "rectified"
        work.session.flush()
        inspection = Inspection(period="2022-01", title="一月", method="manual", created_at=work.now)
        inspection.starts_on, inspection.ends_on = date(2022, 1, 4), date(2022, 1, 27)
        inspection.snapshot_id = work.session.scalars(sa.select(Inspection.snapshot_id)).first()
        work.session.add(inspection)
        work.session.flush()
        new = factories.finding(work, b, "解读针对性不强。", indicator=old.indicator_id, level=old.level)
        new.inspection_id, new.found_on = inspection.id, date(2022, 1, 12)
        work.session.flush()
        draft = unsaved(work, Period.parse("2022-01"))
        facts = queries.facts_of(work, draft, worlds.ISSUER)
        lines = queries.lines_of(draft, facts)
        text = text_of(lines, facts.shown)
        assert "市公安局：解读针对性不强。该问题于2021年12月已通报。" in text
        assert "政务新媒体合格率100%，比上月的40%上升60个百分点。" in text
        assert "本月发现需要通报的问题1个，比上月的8个减少7个" in text
        assert queries.flags_of(draft, lines, facts) == []
