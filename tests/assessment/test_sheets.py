"""A unit's sheet: counted from rows, set, checked, objected to, signed, and unmoved afterwards."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import python_calamine
import sqlalchemy as sa
from click.testing import CliRunner

from tests import factories as f
from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient, apart
from tests.worlds import as_
from tracker.assessment import queries
from tracker.assessment.commands import sheet as sheet_command
from tracker.assessment.jobs import due_sheets
from tracker.assessment.models import Sheet, WeightEdition
from tracker.assessment.operations import sheets, weights
from tracker.assessment.operations.freeze import figures
from tracker.assessment.operations.sheets import adjust, offer, sign
from tracker.assessment.policy.weights import Weight, shown
from tracker.assessment.queries.countings import COUNTINGS, Span, counted, rows_behind
from tracker.assessment.queries.sheets import ground, sheet_of, table
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.cli.bench import corpus
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import content_digest
from tracker.exchange.queries.points import with_points
from tracker.indicators.operations import load_set, read_set, shipped_files
from tracker.inspections.models import Finding
from tracker.intake.models import ErrorReport, Publication, Truth
from tracker.kit.clock import office_moment
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.org.models import Unit
from tracker.org.policy import Work

D = Decimal


def report(work: Work, unit: Unit, number: str, received: str, closed: str | None, **more: object) -> None:
    closed_on = date.fromisoformat(closed) if closed else None
    told = {"answered_on": closed_on, "truth": Truth.TRUE if closed else None} | more
    day = date.fromisoformat(received)
    work.session.add(
        ErrorReport(
            number=number, received_on=day, due_on=date(2021, 12, 30), unit_id=unit.id, text="打不开",
            closed_on=closed_on, entered_at=work.now, **told,
        )
    )  # fmt: skip


@pytest.fixture
def year(work_as: WorkAs) -> tuple[int, int]:
    """Units A and B in 2021: findings of each level, answers late and open, reports."""
    with work_as() as work:
        for path in shipped_files():
            load_set(work, read_set(path))
        a, b = worlds.people(work)
        vetoes = worlds.findings(work, a, 3, "否")
        f.finding(work, a, "扣一", level="deduct")
        f.finding(work, a, "预一", level="warn")
        f.finding(work, a, "撤销", ended_at=work.now, ended_how="dropped")
        f.finding(work, b, "他单位", level="deduct")
        old, new = (f.finding(work, a, f"又来{n}", level="warn") for n in "12")
        old.ended_at, old.ended_how, new.fingerprint = work.now, "rectified", old.fingerprint
        report(work, a, "Z1", "2021-11-01", None)
        report(work, a, "Z2", "2021-10-08", "2021-11-09", answered_on=date(2021, 10, 9))  # 11-08 was the last day
        report(work, a, "Z3", "2021-09-30", "2021-11-01", answered_on=date(2021, 10, 1))  # 10-30 was a Saturday
        report(work, a, "Z4", "2020-12-01", None)
        work.session.add(Publication(period="2021-05", source=a.name, texts=1, pictures=0, videos=0))
        ids = a.id, b.id
        late, still = worlds.delivered(work, vetoes[:1], due_on=date(2021, 12, 29)), None
        token = late[0].token
    with work_as() as work:
        still = worlds.delivered(work, [work.session.get_one(Finding, vetoes[1].id)], due_on=date(2021, 12, 30))
        assert still
    return *ids, token  # type: ignore[return-value]


def test_p20_each_figure_is_the_count_of_its_rows_of_that_unit_and_year(year, work_as: WorkAs, clock) -> None:
    a, b, token = year
    clock.moment = office_moment("2021-12-30T10:00")
    with work_as() as work:
        worlds.answer(work, "contact-a", token)
    clock.moment = office_moment("2021-12-31T10:00")
    with work_as() as work:
        worlds.decide(work, token, accepted=False)
    with work_as() as work:
        worlds.answer(work, "contact-a", token)
    with work_as(write=False) as work:
        span = Span(work.session, 2021, work.now)
        told = counted(span, list(COUNTINGS))
        assert told[a] == {
            "findings_veto": 3, "findings_deduct": 1, "findings_warn": 3, "findings_again": 1, "answers_late": 1,
            "answers_open": 1, "returned": 1, "reports_open": 1, "reports_month": 1, "reports_late": 1,
            "publications": 1,
        }  # fmt: skip
        assert told[b] == {"findings_deduct": 1}
        pairs = [(name, unit_id) for name in COUNTINGS for unit_id in (a, b)]
        assert all(len(rows_behind(span, name, id_)) == told[id_].get(name, 0) for name, id_ in pairs)
        assert counted(Span(work.session, 2020, work.now), list(COUNTINGS)) == {
            a: {"reports_open": 1, "reports_late": 1}
        }
        whole = {row.unit.id: figures(row.score) for row in table(work.session, 2021, work.now)}
        assert list(whole) == [a, b]  # the registry's order
        # rules with a source only: 3 for the one that is open, 2 for the one closed too late
        assert (whole[a]["lost"], whole[a]["total"]) == ("5", "95")
        one = sheet_of(work.session, 2021, work.session.get_one(Unit, a), work.now)
        assert figures(one.score) == whole[a]


def changed(work: Work, **lines: Weight) -> WeightEdition:
    known = ground(work.session, 2021)
    wanted = type(known.weights)(
        known.weights.lines | {key.replace("_", "-"): weight for key, weight in lines.items()},
        known.weights.groups,
        known.weights.scheme,
    )
    number = known.weights.number
    return weights.set_weights(work, 2021, wanted, "试行", weights.digest(wanted, number), number)


@one_database
def test_weights_are_editions_of_a_year_that_were_looked_at(year, work_as: WorkAs) -> None:
    with work_as() as work:
        as_(work, "clerk")
        first = changed(work, F_VETO=Weight(True, D(2), D(5)))
        assert (first.number, first.changes) == (
            1,
            [{"what": "F-VETO 单项否决问题", "before": "不计", "after": "每个（次、条）2分，封顶5分"}],
        )
        known = ground(work.session, 2021)
        with pytest.raises(Refused, match="These are the weights in force"):
            weights.set_weights(work, 2021, known.weights, "同", weights.digest(known.weights, 1), 1)
        other = type(known.weights)(known.weights.lines | {"F-WARN": Weight(True, D(1))}, {}, known.weights.scheme)
        with pytest.raises(Refused, match="Look at what the change would alter"):
            weights.set_weights(work, 2021, other, "未看", "", 1)
        with pytest.raises(Stale):
            weights.set_weights(work, 2021, other, "旧", weights.digest(other, 0), 0)
        assert ground(work.session, 2022).weights.number == 0
    with pytest.raises(sa.exc.DatabaseError, match="does not change"), work_as() as work:
        work.session.execute(sa.update(WeightEdition).values(reason="改"))


@one_database
def test_points_per_finding_follow_the_weights_of_its_year(year, work_as: WorkAs) -> None:
    a, _b, _token = year
    with work_as() as work:
        as_(work, "clerk")
        changed(work, F_VETO=Weight(True, D(2), D(5)), F_AGAIN=Weight(True, D("0.5")), F_WARN=Weight(True, D(1)))
        rows = work.session.execute(sa.select(Finding.id, Finding.description).where(Finding.unit_id == a)).all()
        points = queries.deductions(work.session, [row.id for row in rows])
        told = {row.description.removeprefix("金丝雀区"): points.get(row.id) for row in rows}
        lines: list[Any] = [SimpleNamespace(finding_id=row.id, deducted="") for row in rows]
        assert [line.deducted for line in with_points(work.session, lines)] == [shown(points.get(r.id)) for r in rows]
        assert told == {
            "问题否-1": D(2), "问题否-2": D(2), "问题否-3": D(2), "扣一": None, "预一": D(1), "撤销": None,
            "又来1": D(1), "又来2": D("1.5"),
        }  # fmt: skip


def seen(work: Work, unit: Unit) -> str:
    return content_digest(figures(sheet_of(work.session, 2021, unit, work.now).score))


def test_a_signed_sheet_keeps_its_figures_whatever_comes_later(year, work_as: WorkAs, clock) -> None:
    a, _b, _token = year
    with work_as() as work:
        as_(work, "clerk")
        unit = work.session.get_one(Unit, a)
        changed(work, F_VETO=Weight(True, D(2)))
        adjust(work, 2021, unit, "A-B1", D(5), "已迁入集约化平台", "会议纪要")
        for line, points, reason in (("X", D(1), "r"), ("A-B1", None, "r"), ("A-B1", D(1), " ")):
            with pytest.raises(Invalid):
                adjust(work, 2021, unit, line, points, reason)
        as_(work, "director")
        with pytest.raises(Refused, match="not open for checking"):
            sign(work, 2021, unit, seen(work, unit))
    with work_as() as work:
        as_(work, "contact-a")
        with pytest.raises(Missing):
            sheets.own_sheet(work, 2021)
        as_(work, "clerk")
        offer(work, 2021, work.session.get_one(Unit, a), date(2022, 1, 10))
    with work_as() as work:
        as_(work, "contact-b")
        with pytest.raises(Missing):
            sheets.object_to(work, 2021, "F-VETO", "不是我们的")
        as_(work, "contact-a")
        raised = sheets.object_to(work, 2021, "F-VETO", "有一条不属实").id
        with pytest.raises(Refused, match="raised already"):
            sheets.object_to(work, 2021, "F-VETO", "再说")
    with work_as() as work:
        unit = work.session.get_one(Unit, a)
        as_(work, "director")
        with pytest.raises(Refused, match="1 objections wait"):
            sign(work, 2021, unit, seen(work, unit))
        as_(work, "clerk")
        sheets.answer(work, 2021, unit, raised, upheld=False, text="已核实")
        as_(work, "director")
        with pytest.raises(Refused, match="may object until 2022-01-10"):
            sign(work, 2021, unit, seen(work, unit))
    clock.moment = office_moment("2022-01-11T10:00")
    with work_as() as work:
        as_(work, "contact-a")
        with pytest.raises(Refused, match="has passed"):
            sheets.agree(work, 2021)
        unit = work.session.get_one(Unit, a)
        as_(work, "director")
        with pytest.raises(Stale):
            sign(work, 2021, unit, "another")
        row = sign(work, 2021, unit, seen(work, unit))
        assert row.frozen is not None
        # open and late report 3 + 2, three vetoes at 2 each, and the bonus above 80
        assert (row.frozen["lost"], row.frozen["bonus"], row.frozen["total"]) == ("11", "5", "94")
        kept, digest = row.frozen, row.sha256
        assert digest == content_digest(kept)
        vetoes = next(line for line in kept["lines"] if line["key"] == "F-VETO")
        assert len(vetoes["rows"]) == vetoes["count"] == 3
    with work_as() as work:
        as_(work, "clerk")
        unit = work.session.get_one(Unit, a)
        f.finding(work, unit, "签后发现")
        changed(work, F_VETO=Weight(True, D(9)))
        with pytest.raises(Refused, match="signed"):
            adjust(work, 2021, unit, "A-B1", D(1), "晚了")
        now = sheet_of(work.session, 2021, unit, work.now)
        assert now.frozen == kept
        assert figures(now.score)["lost"] == "13"  # by the weights it was signed with
        with pytest.raises(Refused, match="signed"):
            offer(work, 2021, unit, date(2022, 1, 20))
    with pytest.raises(sa.exc.DatabaseError, match="does not change"), work_as() as work:
        work.session.execute(sa.update(Sheet).values(sha256="0" * 64))


@one_database
def test_who_moved_points_or_opened_the_sheet_does_not_sign_it(year, work_as: WorkAs) -> None:
    with work_as() as work:
        unit = work.session.get_one(Unit, year[0])
        as_(work, "director")
        adjust(work, 2021, unit, "A-B1", D(1), "自己调整")
        as_(work, "clerk")
        offer(work, 2021, unit, date(2022, 1, 10))
        as_(work, "contact-a")
        sheets.agree(work, 2021)
        as_(work, "director")
        with pytest.raises(Refused, match="does not sign it"):
            sign(work, 2021, unit, seen(work, unit))


@one_database
def test_the_unit_agrees_once_and_only_to_the_figures_it_saw(year, work_as: WorkAs) -> None:
    """Points moved by hand or by other weights afterwards: the agreement is gone, and so is the early signature."""
    moves = (
        lambda work, unit: adjust(work, 2021, unit, "A-B1", D(-3), "另行扣分"),
        lambda work, _unit: changed(work, F_VETO=Weight(True, D(2))),
    )
    with work_as() as work:
        unit = work.session.get_one(Unit, year[0])
        as_(work, "clerk")
        row = offer(work, 2021, unit, date(2022, 1, 10))
        with pytest.raises(Invalid):  # the days told are the unit's
            offer(work, 2021, unit, date(2021, 12, 29))
        for move in moves:
            as_(work, "contact-a")
            told = [sheets.agree(work, 2021).agreed_at, sheets.agree(work, 2021).agreed_at]
            as_(work, "clerk")
            move(work, unit)
            assert (told[0] is not None, row.agreed_at, row.agreed_name) == (True, None, "")
            as_(work, "director")
            with pytest.raises(Refused, match="may object until 2022-01-10"):
                sign(work, 2021, unit, seen(work, unit))
    with work_as(write=False) as work:
        assert work.session.query(Event).filter_by(word=Word.ASSESSMENT_AGREED).count() == len(moves)


@one_database
def test_pages_lead_from_the_table_to_the_rows_and_through_the_whole_way(app, year, work_as: WorkAs, client_of) -> None:
    a, _b, _token = year
    clerk: PageClient = client_of("clerk")
    page = clerk.get("/assessment/2021/weights")
    fields = page.form("weights/preview").values
    row = next(n for n, rule in enumerate(_rules(work_as)) if rule.key == "F-VETO")
    looked = clerk.submit(page, "weights/preview", **{f"counted_{row}": "y", f"points_{row}": "2"})
    assert "F-VETO 单项否决问题：不计 → 每个（次、条）2分" in looked.words
    assert "金丝雀区" in looked.words
    typed = looked.form("weights/preview").values | {"reason": "试行"}
    assert clerk.post("/assessment/2021/weights/store", typed | {f"points_{row}": "3"}).status == 409
    looked = clerk.submit(page, "weights/preview", **{f"counted_{row}": "y", f"points_{row}": "2"})
    typed = looked.form("weights/preview").values | {"reason": "试行"}
    stored = clerk.post("/assessment/2021/weights/store", typed)
    assert stored.path == "/assessment/2021", stored.words[:300]
    assert clerk.post("/assessment/2021/weights/preview", fields | {f"points_{row}": "abc"}).status == 422
    sheet = clerk.get(f"/assessment/2021/{a}")
    assert "待核" in sheet.words
    rows = clerk.get(f"/assessment/2021/{a}/rows/F-VETO")
    assert rows.text.count('href="/findings/') == 3
    assert client_of("contact-a").get("/own-assessment/2021").status == 404
    clerk.submit(sheet, "/offer", until="2022-01-10")
    unit: PageClient = client_of("contact-a")
    own = unit.get("/own-assessment/2021")
    assert f"/assessment/2021/{a}/rows" not in own.text
    assert "/findings/" not in unit.get("/own-assessment/2021/rows/F-VETO").text
    assert client_of("contact-b").get("/own-assessment/2021").status == 404
    unit.submit(own, "/object", line="F-VETO", text="=1+1<b>")
    answered = clerk.get(f"/assessment/2021/{a}")
    form = answered.form("/objections/")
    prefix = next(name for name in form.values if name.endswith("upheld")).removesuffix("upheld")
    clerk.submit(answered, "/objections/", **{f"{prefix}upheld": "no", f"{prefix}answer": "已核实"})
    unit.submit(unit.get("/own-assessment/2021"), "/agree")
    director: PageClient = client_of("director")
    signed = director.submit(director.get(f"/assessment/2021/{a}"), f"{a}/sign")
    assert "director" in signed.words
    with work_as() as work:
        f.finding(work, work.session.get_one(Unit, a), "签后发现")
    assert "现为4" in director.get(f"/assessment/2021/{a}").words
    assert "签发后新计入" in director.get(f"/assessment/2021/{a}/rows/F-VETO").words
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(_bytes(clerk, "/assessment/2021/workbook")))
    table_ = book.get_sheet_by_index(0).to_python()
    assert [line[1] for line in table_[1:]] == ["金丝雀区", "市公安局"]
    assert table_[1][-4:] == [11.0, 0.0, 89.0, "合格"]
    assert clerk.get(f"/assessment/2021/{a}/sheet.pdf").status == 404
    with work_as() as work:  # printing has its own tests; here a picture stands for the paper
        (paper,) = (work.session.get_one(Paper, id_) for id_ in due_sheets())
        usual = corpus.annex_table(Random(1))
        assert paper.content.keys() >= usual.keys()
        assert paper.content["annexes"][0].keys() >= usual["annexes"][0].keys()
        assert paper.content["signer_line"] == paper.content["issuer"] != ""
        paper.state, paper.sha256 = PaperState.READY, worlds.kept(work, "评分表.png").sha256
    assert _bytes(unit, "/own-assessment/2021/sheet.pdf") == _bytes(clerk, f"/assessment/2021/{a}/sheet.pdf") == f.png()
    told = CliRunner().invoke(sheet_command, ["2021", "金丝雀区"]).output
    assert "考核得分" in told
    assert "89" in told


def _rules(work_as: WorkAs):
    with work_as(write=False) as work:
        return ground(work.session, 2021).rules


def _bytes(client: PageClient, url: str) -> bytes:
    with apart(lambda: client.http.get(url)) as answer:
        return answer.data
