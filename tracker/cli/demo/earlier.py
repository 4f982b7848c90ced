"""The year before the bulletin, entered afterwards: every row of it is an example, so that figures have a shape.

November has no inspection: a gap in the line, and nothing that December's bulletin would be compared with.
"""

from datetime import date, timedelta

from sqlalchemy import select

from tracker.cli.demo.stage import Stage, unit
from tracker.cli.demo.streams import CLUSTER, SOURCE
from tracker.indicators.models import Indicator
from tracker.inspections.operations import FindingValues, InspectionValues, end, enter_for_subjects, open_inspection
from tracker.intake.models import ChangeRequest, ErrorReport, Publication, Truth
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind

ENTERED = "2021-12-02T"
SILENT, CLOSED_IN, SITE, WRONG_LINK = "M-V2-1", "M-V3-1", "W-V4-1", "W-D1-4"
MONTHS = {
    1: (11, 3, 2, 6),
    2: (13, 2, 1, 4),
    3: (10, 3, 1, 7),
    4: (9, 1, 0, 5),
    5: (8, 2, 0, 3),
    6: (10, 1, 1, 2),
    7: (12, 2, 0, 4),
    8: (15, 2, 1, 3),
    9: (17, 4, 0, 5),
    10: (19, 3, 0, 2),
}
"""By month: accounts without an update, accounts without a way to ask, sites that fail, sites with a broken column."""
PUBLISHED = (
    (410, 1210, 30), (352, 1004, 22), (455, 1250, 38), (401, 1300, 52), (399, 1199, 44), (512, 1411, 31),
    (430, 1288, 29), (466, 1333, 47), (420, 1274, 55), (398, 1120, 41), (451, 1301, 50),
)  # fmt: skip
"""Texts, pictures and videos of January to November."""
RECEIVED = (2, 1, 4, 3, 0, 5, 2, 3, 1, 4, 2)
DONE = (14, 9, 18, 16, 12, 20, 17, 15, 22, 11, 19)
LATE = frozenset({(3, 2), (6, 1), (6, 4), (10, 3)})
"""Month and place of the error reports that were answered after their limit."""
ASKED = ("xihe", "education", "zhangwu", "housing", "fumeng")


def enter_earlier(stage: Stage) -> None:
    """Enter ten inspections with their findings, eleven months of publications, requests and error reports."""
    with stage.at(ENTERED + "10:00", "clerk") as work:
        for month, numbers in MONTHS.items():
            _inspection(work, month, numbers)
    with stage.at(ENTERED + "11:00", "clerk") as work:
        _streams(work)


def _inspection(work: Work, month: int, numbers: tuple[int, ...]) -> None:
    last = date(2021, month, 26)
    coverage = "31个政府网站、161个政务新媒体，全覆盖"
    title = f"2021年{month}月份检查（示例，补录）"
    here = open_inspection(
        work, InspectionValues(f"2021-{month:02}", title, "manual", date(2021, month, 1), last, coverage)
    )
    accounts, sites = _subjects(work, SubjectKind.ACCOUNT), _subjects(work, SubjectKind.SITE)
    silent, closed_in, failing, broken = numbers
    for code, text, chosen in (
        (SILENT, "截至检查日2周内未更新（示例）。", _some(accounts, month * 13, silent)),
        (CLOSED_IN, "未提供有效互动功能（示例）。", _some(accounts, month * 13 + silent, closed_in)),
        (SITE, "多个栏目长期未更新（示例）。", _some(sites, month * 5, failing)),
        (WRONG_LINK, "动态要闻栏目前2周内未更新（示例）。", _some(sites, month * 5 + 3, broken)),
    ):
        if chosen:
            values = FindingValues(here.id, _indicator(work, code), text, last)
            for finding in enter_for_subjects(work, values, chosen, example=True):
                end(work, finding, "rectified")


def _indicator(work: Work, code: str) -> int:
    return work.session.scalars(select(Indicator.id).where(Indicator.code == code).order_by(Indicator.id)).first() or 0


def _subjects(work: Work, kind: SubjectKind) -> list[int]:
    """Return those of units that December's story does not tell of by these indicators."""
    apart = [unit(work, code).id for code in ("office", "police", "qinghemen", "education")]
    query = select(Subject.id).where(Subject.kind == kind, Subject.sponsor_id.not_in(apart))
    return list(work.session.scalars(query.order_by(Subject.id)))


def _some(ids: list[int], start: int, count: int) -> list[int]:
    return [ids[(start + n) % len(ids)] for n in range(count)]


def _streams(work: Work) -> None:
    for month, (texts, pictures, videos) in enumerate(PUBLISHED, 1):
        numbers = {"texts": texts, "pictures": pictures, "videos": videos}
        work.session.add(Publication(period=f"2021-{month:02}", source=CLUSTER, example=True, **numbers))
    for month, done in enumerate(DONE, 1):
        work.session.add_all(_change(work, month, n) for n in range(1, done + 1))
    for month, received in enumerate(RECEIVED, 1):
        for place in range(1, received + 1):
            work.session.add(_report(work, month, place))


def _change(work: Work, month: int, place: int) -> ChangeRequest:
    return ChangeRequest(
        number=f"2021-{month:02}-{place:02}",
        asked_on=date(2021, month, place),
        unit_id=unit(work, ASKED[(month + place) % len(ASKED)]).id,
        text="栏目内容调整（示例）",
        done_on=date(2021, month, place + 2),
        entered_at=work.now,
        example=True,
    )


def _report(work: Work, month: int, place: int) -> ErrorReport:
    received = date(2021, month, 3 + 4 * place)
    due = received + timedelta(days=5)
    answered = due + timedelta(days=3 if (month, place) in LATE else -2)
    return ErrorReport(
        number=f"ZC2021{month:02}{place:02}",
        kind="内容纠错",
        source=SOURCE,
        received_on=received,
        due_on=due,
        unit_id=unit(work, ASKED[(month + place) % len(ASKED)]).id,
        text="栏目内容有误（示例）。",
        truth=Truth.TRUE,
        answered_on=answered,
        answer="已核实更正（示例）。",
        closed_on=answered,
        entered_at=work.now,
        example=True,
    )
