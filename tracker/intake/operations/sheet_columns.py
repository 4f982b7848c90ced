"""The sheets of error reports and of publication figures: their columns, and how their cells are read."""

import re

from tracker.intake.models import Truth
from tracker.intake.policy import limits
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.sheets import SheetColumn, day, one_of, text, whole

TITLES = {"reports": "找错留言", "publications": "发布统计"}
MONTH = re.compile(r"(20\d\d)[-/.年](\d{1,2})月?(?:[-/.]0?1)?", re.ASCII)
MOST = 10_000_000
TRUTHS = {"属实": Truth.TRUE, "不属实": Truth.UNTRUE}


def month(said: str) -> str:
    """Return a month typed as 2021-12, 2021/12 or 2021年12月, as "2021-12".

    :raises Refused: it is none.
    """
    found = MONTH.fullmatch(said.replace(" ", ""))
    if found is None or not 1 <= int(found[2]) <= 12:
        raise Refused(N_("Write the month like 2021-12."))
    return f"{found[1]}-{int(found[2]):02}"


def count(said: str) -> int:
    """Return a number of published items.

    :raises Refused: it is none, or below nought, or impossibly large.
    """
    found = whole(said)
    if not 0 <= found <= MOST:
        raise Refused(N_("A number from 0 to %(most)s."), most=MOST)
    return found


TERMS = {each.title: key for key, each in limits().items()}
REPORTS = (
    SheetColumn(
        "number", "编号", True, text(40), ("留言编号", "序列号"), "ZC20211201001", "转办平台的编号，不可重复。"
    ),
    SheetColumn("received_on", "收到日期", True, day, ("接收日期", "转办日期"), "2021-12-27"),
    SheetColumn(
        "unit", "责任单位", True, text(120), ("承办单位", "主办单位"), "市公安局", "系统内单位的简称、全称或编码。"
    ),
    SheetColumn(
        "subject",
        "涉及网站或账号",
        False,
        text(120),
        ("网站", "账号"),
        "",
        "登记册内的准确名称或网站标识码。",
        width=24,
    ),
    SheetColumn("text", "留言内容", True, text(2000), ("内容", "问题描述"), "某栏目打不开", width=40),
    SheetColumn("kind", "类型", False, text(40), ("留言类型", "分类"), "内容无法访问"),
    SheetColumn("source", "转办来源", False, text(80), ("来源", "转办单位"), "省政府办公厅", "通报中照此表述。"),
    SheetColumn("term", "办理时限", False, one_of(TERMS), (), "网站内容类", "不填视为网站内容类。", tuple(TERMS)),
    SheetColumn("truth", "核实结果", False, one_of(TRUTHS), ("是否属实",), "属实", "", tuple(TRUTHS)),
    SheetColumn("answered_on", "答复日期", False, day, (), "2021-12-29", "填写时核实结果和答复内容也须填写。"),
    SheetColumn("answer", "答复内容", False, text(2000), ("答复",), "已修复", width=40),
    SheetColumn("closed_on", "办结日期", False, day, (), "2021-12-29", "须先有答复。"),
)
PUBLICATIONS = (
    SheetColumn("period", "月份", True, month, ("统计月份", "期间"), "2021-12"),
    SheetColumn(
        "source",
        "来源",
        True,
        text(80),
        ("网站", "发布来源"),
        "市政府网站集群",
        "通报中照此表述；同月同一来源只有一行。",
        width=24,
    ),
    SheetColumn("texts", "文字", True, count, ("图文", "文字信息"), "472", "条数，没有填0。"),
    SheetColumn("pictures", "图片", True, count, ("图片信息",), "1337"),
    SheetColumn("videos", "视频", True, count, ("视频信息",), "59"),
)
