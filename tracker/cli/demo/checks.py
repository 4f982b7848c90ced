"""A self-inspection of the demonstration: two units asked, one has handed it in and found a problem itself."""

from datetime import date

from sqlalchemy import select

from tracker.cli.demo.stage import Stage, unit
from tracker.indicators.models import Indicator
from tracker.org.policy import Work
from tracker.selfcheck.models import Answer, Sheet
from tracker.selfcheck.operations import Opening, Said, hand_in, open_check, save
from tracker.selfcheck.queries.own import lines_of, own_sheet

ASKED = ("xihe", "zhangwu")
CODES = ("W-D1-4", "W-D1-9", "M-V2-1")
FOUND = "发现1个栏目近两周未更新，已安排专人补充并建立更新提醒（示例）。"


def check_themselves(stage: Stage) -> None:
    """Open a self-inspection of December, due in January; the first unit hands it in, the second has not begun."""
    with stage.at("2021-12-27T09:00", "clerk") as work:
        chosen = list(work.session.scalars(select(Indicator.id).where(Indicator.code.in_(CODES))))
        asked = [unit(work, code).id for code in ASKED]
        note = "请对照清单逐项自查，如实填报；自查发现并已整改的问题不另行通报（示例）。"
        title = "2021年12月份政府网站与政务新媒体自查（示例）"
        check = open_check(work, Opening(title, "2021-12", date(2022, 1, 7), note, chosen, asked))
        check_id = check.id
    with stage.at("2021-12-28T15:20", f"contact-{ASKED[0]}") as work:
        _answer(work, own_sheet(work, check_id))


def _answer(work: Work, sheet: Sheet) -> None:
    lines = lines_of(work.session, sheet)
    said = {line.id: Said(Answer.CLEAN, "") for line in lines} | {lines[0].id: Said(Answer.MENDED, FOUND)}
    save(work, sheet, lines, said, sheet.version)
    hand_in(work, sheet, sheet.version)
