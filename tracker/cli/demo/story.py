"""What happened in the demonstration's office until the afternoon of 2021-12-28."""

import io
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.almanac.queries import calendar as calendar_of
from tracker.cli.demo.people import first_subject, police_accounts
from tracker.cli.demo.scan import scanned
from tracker.cli.demo.stage import Stage, unit
from tracker.documents.render import render
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.operations import (
    FindingValues,
    InspectionValues,
    drop_finding,
    enter_finding,
    enter_for_subjects,
    open_inspection,
)
from tracker.inspections.queries import findings_by_ids
from tracker.kit.host import host
from tracker.notices import jobs, paper
from tracker.notices.models import Assignment, Batch, Notice
from tracker.notices.operations import drafts, issue
from tracker.notices.queries import batch_by_id
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import SubjectKind
from tracker.replies import paper as sheets
from tracker.replies.models import Decision, Result
from tracker.replies.operations.items import Written, write_item
from tracker.replies.operations.review import Opinion, Verdict, reopen, review
from tracker.replies.operations.rounds import acknowledge
from tracker.replies.operations.scan import put_scan
from tracker.replies.operations.sheet import TYPE as SHEET
from tracker.replies.operations.submission import submit
from tracker.replies.queries import draft

TITLE = "关于限期整改政府网站与政务新媒体检查发现问题的通知"
DAY = "2021-12-28T"
MEASURE = "已组织专人逐项核实并完成整改，健全信息发布审核和日常巡检制度，明确责任科室和责任人（示例）。"


def tell(stage: Stage) -> None:
    """Play the story: December's one earlier notice, then the bulletin's problems and what became of each."""
    _december(stage)
    findings = _found(stage)
    _issue(stage, findings["issued"], "2022-01-10", "09:10", "10:00", stage.text("opening"))
    _answers(stage)
    _void_one(stage)
    _issue(stage, findings["to_sign"], "2022-01-11", "14:10", None, stage.text("opening"))


def _indicator(work: Work, code: str) -> int:
    return work.session.scalars(select(Indicator.id).where(Indicator.code == code)).one()


def _values(work: Work, inspection: Inspection, code: str, text: str, **more: Any) -> FindingValues:
    found_on = more.pop("found_on", date(2021, 12, 24))
    return FindingValues(inspection.id, _indicator(work, code), text, found_on, **more)


def _inspection(work: Work) -> Inspection:
    return work.session.scalars(select(Inspection)).one()


def _december(stage: Stage) -> None:
    """Play the month's one notice, done before the bulletin (which tells that there was one, not to whom)."""
    with stage.at("2021-12-06T09:00", "clerk") as work:
        december = InspectionValues(
            "2021-12",
            "2021年12月份检查",
            "manual",
            date(2021, 12, 1),
            date(2021, 12, 27),
            "31个政府网站、161个政务新媒体，全覆盖",
        )
        inspection = open_inspection(work, december)
        subject = first_subject(work, "qinghemen", SubjectKind.SITE)
        values = _values(
            work,
            inspection,
            "W-D1-4",
            "动态要闻栏目前2周内未更新（示例）。",
            subject_id=subject,
            found_on=date(2021, 12, 3),
        )
        first = [enter_finding(work, values, example=True).id]
    _issue(
        stage,
        first,
        "2021-12-15",
        "09:30",
        "10:30",
        "根据12月份检查情况，发现你单位存在以下问题。现将有关事项通知如下。",
        "2021-12-06T",
    )
    with stage.at("2021-12-06T14:20", "contact-qinghemen") as work:
        acknowledge(work, _assignment(work, "qinghemen"))
    _reply(stage, "qinghemen", "2021-12-09T", 15)
    _accept(stage, "qinghemen", "2021-12-10T09:40")


def _found(stage: Stage) -> dict[str, list[int]]:
    """Enter the bulletin's four problems; whose the first three are it does not tell: those units are examples."""
    text = stage.text
    with stage.at("2021-12-27T15:00", "clerk") as work:
        here = _inspection(work)
        police = unit(work, "police").id
        accounts = police_accounts(work)
        # The annex tells accounts of the police without an update in two weeks; their names and platforms are examples.
        silent = enter_for_subjects(work, _values(work, here, "M-V2-1", text("silent")), accounts, example=True)
        owed = enter_finding(work, _values(work, here, "F-4", text("unanswered"), unit_id=police, place="第5期通报"))
        plain = [
            ("xihe", "F-1", "interpretation"),
            ("zhangwu", "F-1", "interpretation"),
            ("reform", "F-1", "interpretation"),
            ("taiping", "F-3", "pilot"),
            ("fumeng", "F-3", "pilot"),
            ("haizhou", "F-3", "pilot"),
            ("education", "F-1", "interpretation"),
        ]
        issued = [f.id for f in silent] + [owed.id] + [_plain(work, here, stage, *row) for row in plain]
        wrong = first_subject(work, "xinqiu", SubjectKind.SITE)
        values = _values(work, here, "W-V1-1", text("review"), subject_id=wrong, place="首页要闻")
        issued.append(enter_finding(work, values, example=True).id)
        to_sign = [_plain(work, here, stage, "housing", "F-1", "interpretation")]
        _plain(work, here, stage, "market", "F-3", "pilot")
        _plain(work, here, stage, "health", "F-1", "interpretation")
        return {"issued": issued, "to_sign": to_sign}


def _plain(work: Work, inspection: Inspection, stage: Stage, code: str, indicator: str, text: str) -> int:
    values = _values(work, inspection, indicator, stage.text(text), unit_id=unit(work, code).id)
    return enter_finding(work, values, example=True).id


def _issue(
    stage: Stage, ids: list[int], due: str, drafted: str, signed: str | None, opening: str, day: str = DAY
) -> None:
    """Draft and submit a batch; sign it off as well and print its papers when a time for that is given."""
    with stage.at(day + drafted, "clerk") as work:
        wording = drafts.Wording(
            TITLE, opening, stage.text("requirements"), date.fromisoformat(due), contact="市政府办公室政务公开办 王丽"
        )
        batch = drafts.draft(work, findings_by_ids(work.session, ids), wording)
        work.session.flush()
        batch = batch_by_id(work, batch.id)
        drafts.submit(work, batch, calendar_of(work.session))
        issue.order_previews(work, batch, _contents(work, batch))
        batch_id = batch.id
    _print()
    if signed is None:
        return
    with stage.at(day + signed, "director") as work:
        batch = batch_by_id(work, batch_id)
        contents = _contents(work, batch)
        issue.sign_off_and_issue(
            work,
            batch,
            series=host().settings.series,
            contents=contents,
            seen=issue.seen_digest(contents),
            calendar=calendar_of(work.session),
        )
    _print()


def _contents(work: Work, batch: Batch) -> dict[int, dict[str, Any]]:
    return paper.draft_contents(work, batch, host().settings)


def _print() -> None:
    for paper_id in jobs.due_papers():
        jobs.print_notice(paper_id)


def _assignment(work: Work, code: str) -> Assignment:
    query = (
        select(Assignment).join(Assignment.notice).join(Unit, Unit.id == Assignment.unit_id).where(Unit.code == code)
    )
    return work.session.scalars(query.order_by(Assignment.id.desc()).limit(1)).one()


def _answers(stage: Stage) -> None:
    """Every state an assignment can rest in, within one busy day."""
    for code, moment in (
        ("xihe", "10:20"),
        ("zhangwu", "10:25"),
        ("xinqiu", "10:30"),
        ("taiping", "10:40"),
        ("fumeng", "10:45"),
        ("reform", "10:50"),
    ):
        with stage.at(DAY + moment, f"contact-{code}") as work:
            acknowledge(work, _assignment(work, code))
    with stage.at(DAY + "11:05", "contact-xihe") as work:
        write_item(
            work, _assignment(work, "xihe"), 1, Written(Result.PARTLY, "正在对2021年以来的解读材料逐件复核（示例）。")
        )
    for code, hour in (("zhangwu", 11), ("xinqiu", 11), ("taiping", 12), ("fumeng", 13), ("reform", 13)):
        _reply(stage, code, DAY, hour)
    with stage.at(DAY + "14:05", "reviewer") as work:
        returned = Opinion({1: Verdict(Decision.RETURNED, "整改措施不具体，请写明审核制度的文号和责任人。")})
        review(work, _assignment(work, "xinqiu"), returned)
    for code, moment in (("taiping", "14:20"), ("fumeng", "14:30"), ("reform", "14:40")):
        _accept(stage, code, DAY + moment)
    with stage.at(DAY + "15:30", "reviewer") as work:
        reopen(work, _assignment(work, "reform"), "复查发现仍有两件解读材料未与文件关联，请补充整改（示例）。")


def _reply(stage: Stage, code: str, day: str, hour: int) -> None:
    """Let a unit fill every item, print the sheet, upload the signed and sealed scan, and submit."""
    login = f"contact-{code}"
    with stage.at(f"{day}{hour}:10", login) as work:
        assignment = _assignment(work, code)
        for item in assignment.items:
            done = Written(Result.FIXED, MEASURE, work.today, "分管负责人（示例）")
            write_item(work, assignment, item.sequence, done)
        settings = host().settings
        content = sheets.sheet_content(
            draft(work, assignment), issuer=settings.office_name, url_base=settings.public_url, today=work.today
        )
    scan = scanned(render(SHEET, content).pdf, seed=len(code))
    with stage.at(f"{day}{hour}:40", login) as work:
        put_scan(work, _assignment(work, code), io.BytesIO(scan), f"{code}-签字盖章件（示例）.pdf")
    with stage.at(f"{day}{hour}:45", login) as work:
        submit(work, _assignment(work, code))


def _accept(stage: Stage, code: str, moment: str) -> None:
    with stage.at(moment, "reviewer") as work:
        assignment = _assignment(work, code)
        verdicts = {item.sequence: Verdict(Decision.ACCEPTED) for item in assignment.items}
        review(work, assignment, Opinion(verdicts, signature_checked=True, seal_checked=True))


def _void_one(stage: Stage) -> None:
    with stage.at(DAY + "13:50", "director") as work:
        query = select(Notice).join(Notice.unit).where(Unit.code == "education", Notice.number.is_not(None))
        notice = work.session.scalars(query).one()
        issue.void(work, notice, "所列问题不属于该单位职责，通知发错单位（示例）。")
    with stage.at(DAY + "13:55", "clerk") as work:
        finding = work.session.scalars(select(Finding).where(Finding.unit_id == unit(work, "education").id)).one()
        drop_finding(work, finding, "不属于该单位职责（示例）。")
