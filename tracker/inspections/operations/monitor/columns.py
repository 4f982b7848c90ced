"""The columns of a monitor's sheet; headings and notes are Chinese as they stand in the template."""

import re
from typing import NamedTuple
from unicodedata import normalize

from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.sheets import SheetColumn, day, text

ROWS = 5_000
"""Rows of one import."""
TITLE = "监测结果"
TOO_MANY = N_("The file has %(n)s rows; at most %(most)s are imported at once. Split it.")
MEASURED = re.compile(r"([+-]?\d{1,9}(?:\.\d{1,4})?)\s*([^\d\s.]{0,8})")
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def refuse_long(rows: int) -> None:
    """Do nothing when a file has no more rows than are imported at once.

    :raises Refused: it has more.
    """
    if rows > ROWS:
        raise Refused(TOO_MANY, n=f"{rows:,}", most=f"{ROWS:,}")


class Measured(NamedTuple):
    """A measured value and the unit that stands behind it, if any."""

    value: float
    unit: str


def measured(said: str) -> Measured:
    """Return what was measured, typed as 16, 16天 or 5.5%.

    :raises Refused: it is no number.
    """
    found = MEASURED.fullmatch(normalize("NFKC", said).replace(",", "").strip())
    if found is None:
        raise Refused(N_("This is no number. Enter it like 16 or 16天."))
    return Measured(float(found[1]), found[2])


def address(said: str) -> str:
    """Return a page's address.

    :raises Refused: it is none that a reader could open without a risk, or too long.
    """
    line = text(500)(said)
    if not ADDRESS.fullmatch(line):
        raise Refused(N_("Enter a web address that begins with http:// or https://."))
    return line


COLUMNS = (
    SheetColumn("site", "网站标识码", parse=text(20), aliases=("标识码", "站点标识码"), example="2109000022",
                note="网站填写；与“账号名称”二选一。"),
    SheetColumn("platform", "平台", parse=text(40), aliases=("账号平台", "新媒体平台"), example="新浪微博",
                note="账号填写；账号名称在登记册中唯一的可以不填。"),
    SheetColumn("account", "账号名称", parse=text(120), aliases=("账号", "新媒体名称", "政务新媒体名称"),
                example="平安阜新", note="账号填写，与登记册一致。"),
    SheetColumn("indicator", "指标代码", parse=text(40), aliases=("指标", "指标编号"), example="M-V2-1",
                note="见“检查指标”页面；与“监测项”至少填一项。"),
    SheetColumn("metric", "监测项", parse=text(40), aliases=("监测指标",), example="stale_days",
                note="监测系统的测量项，如 stale_days（未更新天数）；按所查主体找到唯一的指标。"),
    SheetColumn("value", "测量值", parse=measured, aliases=("监测值", "度量值", "数值"), example="16",
                note="指标有阈值的必填；百分比填百分数，如 5 表示 5%。"),
    SheetColumn("place", "位置", parse=text(200), aliases=("栏目", "位置栏目", "标题"), example="首页要闻"),
    SheetColumn("url", "网址", parse=address, aliases=("页面地址", "链接", "URL"), example="https://www.fuxin.gov.cn/",
                width=30),
    SheetColumn("found_on", "发现日期", required=True, parse=day, aliases=("监测日期", "发现日"), example="2021-12-24",
                note="须在检查起止日期之内。"),
    SheetColumn("text", "问题描述", parse=text(2000), aliases=("描述", "问题"), example="连续16天未更新。",
                note="留空的，按指标名称和测量值写出。", width=40),
)  # fmt: skip
