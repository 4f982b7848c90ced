"""What happened in the demonstration's office until the afternoon of 2021-12-28."""

from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.cli.demo.acts import DAY, accept, answer, assignment_of, issue_batch
from tracker.cli.demo.arrivals import arrivals
from tracker.cli.demo.asked import ask
from tracker.cli.demo.people import first_subject, police_accounts
from tracker.cli.demo.renamed import note_changes
from tracker.cli.demo.stage import Stage, unit
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
from tracker.notices.models import Notice
from tracker.notices.operations import issue
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import SubjectKind
from tracker.replies.models import Decision, Result
from tracker.replies.operations.items import Written, write_item
from tracker.replies.operations.review import Opinion, Verdict, reopen, review
from tracker.replies.operations.rounds import acknowledge


def tell(stage: Stage) -> None:
    """Play the story: December's one earlier notice, then the bulletin's problems and what became of each."""
    _december(stage)
    findings = _found(stage)
    issue_batch(stage, findings["issued"], "2022-01-10", DAY + "09:10", DAY + "10:00", stage.text("opening"))
    _answers(stage)
    _void_one(stage)
    arrivals(stage, findings["other_ways"])
    issue_batch(stage, findings["to_sign"], "2022-01-11", DAY + "14:10", None, stage.text("opening"))
    ask(stage)
    note_changes(stage)


def _indicator(work: Work, code: str) -> int:
    return work.session.scalars(select(Indicator.id).where(Indicator.code == code)).one()


def _values(work: Work, inspection: Inspection, code: str, text: str, **more: Any) -> FindingValues:
    found_on = more.pop("found_on", date(2021, 12, 24))
    return FindingValues(inspection.id, _indicator(work, code), text, found_on, **more)


def _inspection(work: Work) -> Inspection:
    return work.session.scalars(select(Inspection).where(Inspection.period == "2021-12")).one()


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
    issue_batch(
        stage,
        first,
        "2021-12-15",
        "2021-12-06T09:30",
        "2021-12-06T10:30",
        "根据12月份检查情况，发现你单位存在以下问题。现将有关事项通知如下。",
    )
    with stage.at("2021-12-06T14:20", "contact-qinghemen") as work:
        acknowledge(work, assignment_of(work, "qinghemen"))
    answer(stage, "qinghemen", "2021-12-09T", 15)
    accept(stage, "qinghemen", "2021-12-10T09:40")


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
        values = _values(work, here, "F-2", text("review"), unit_id=unit(work, "xinqiu").id, place="首页要闻")
        issued.append(enter_finding(work, values, example=True).id)
        to_sign = [_plain(work, here, stage, "housing", "F-1", "interpretation")]
        _plain(work, here, stage, "market", "F-3", "pilot")
        _plain(work, here, stage, "health", "F-1", "interpretation")
    with stage.at(DAY + "08:50", "clerk") as work:
        # Found after the month's count was closed: the bulletin of December, whose four problems are told, lacks it.
        other_ways = [_column(work, _inspection(work), stage, code) for code in ("taiping", "qinghemen", "fumeng")]
    return {"issued": issued, "other_ways": other_ways, "to_sign": to_sign}


def _column(work: Work, inspection: Inspection, stage: Stage, code: str) -> int:
    values = _values(
        work,
        inspection,
        "W-D1-9",
        stage.text("column"),
        subject_id=first_subject(work, code, SubjectKind.SITE),
        found_on=date(2021, 12, 28),
    )
    return enter_finding(work, values, example=True).id


def _plain(work: Work, inspection: Inspection, stage: Stage, code: str, indicator: str, text: str) -> int:
    values = _values(work, inspection, indicator, stage.text(text), unit_id=unit(work, code).id)
    return enter_finding(work, values, example=True).id


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
            acknowledge(work, assignment_of(work, code))
    with stage.at(DAY + "11:05", "contact-xihe") as work:
        write_item(
            work, assignment_of(work, "xihe"), 1, Written(Result.PARTLY, "正在对2021年以来的解读材料逐件复核（示例）。")
        )
    for code, hour in (("zhangwu", 11), ("xinqiu", 11), ("taiping", 12), ("fumeng", 13), ("reform", 13)):
        answer(stage, code, DAY, hour)
    with stage.at(DAY + "14:05", "reviewer") as work:
        returned = Opinion({1: Verdict(Decision.RETURNED, "整改措施不具体，请写明审核制度的文号和责任人。")})
        review(work, assignment_of(work, "xinqiu"), returned)
    for code, moment in (("taiping", "14:20"), ("fumeng", "14:30"), ("reform", "14:40")):
        accept(stage, code, DAY + moment)
    with stage.at(DAY + "15:30", "reviewer") as work:
        reopen(work, assignment_of(work, "reform"), "复查发现仍有两件解读材料未与文件关联，请补充整改（示例）。")


def _void_one(stage: Stage) -> None:
    with stage.at(DAY + "13:50", "director") as work:
        query = select(Notice).join(Notice.unit).where(Unit.code == "education", Notice.number.is_not(None))
        notice = work.session.scalars(query).one()
        issue.void(work, notice, "所列问题不属于该单位职责，通知发错单位（示例）。")
    with stage.at(DAY + "13:55", "clerk") as work:
        finding = work.session.scalars(select(Finding).where(Finding.unit_id == unit(work, "education").id)).one()
        drop_finding(work, finding, "不属于该单位职责（示例）。")
