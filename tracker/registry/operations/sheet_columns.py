"""The sheet of the registry: its columns as the office prints them, and how their cells are read."""

from urllib.parse import urlsplit

from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.registry.models import SubjectKind, SubjectState
from tracker.registry.policy import PLATFORMS, is_site_code
from tracker.sheets import SheetColumn, day, one_of, text

TITLE = "政府网站和政务新媒体登记册"
KINDS = {"政府网站": SubjectKind.SITE, "政务新媒体": SubjectKind.ACCOUNT}
KIND_WORDS = KINDS | {"网站": SubjectKind.SITE, "新媒体": SubjectKind.ACCOUNT, "政务新媒体账号": SubjectKind.ACCOUNT}
STATES = {
    "正常": SubjectState.RUNNING,
    "拟关停": SubjectState.CLOSING,
    "已关停": SubjectState.CLOSED,
    "已注销": SubjectState.CANCELLED,
    "归并": SubjectState.MERGED,
    "未报备": SubjectState.UNREGISTERED,
    "已注销又上线": SubjectState.REOPENED,
}
"""As offices write them in their lists (三明, 阜阳)."""
STATE_WORDS = STATES | {
    "正常运行": SubjectState.RUNNING,
    "运行": SubjectState.RUNNING,
    "关停": SubjectState.CLOSED,
    "注销": SubjectState.CANCELLED,
    "已归并": SubjectState.MERGED,
    "已注销又私开": SubjectState.REOPENED,
}


def site_code(said: str) -> str:
    """Return a 网站标识码.

    :raises Refused: it is not formed like one.
    """
    if not is_site_code(said):
        raise Refused(N_("A site code is ten digits, or bm and eight digits, e.g. 2109000022."))
    return said


def address(said: str) -> str:
    """Return a web address; http:// is put before one that has no scheme.

    :raises Refused: it is none, or of another scheme.
    """
    said = said if ":" in said.partition("/")[0] else f"http://{said}"  # javascript: is no host
    try:
        parts = urlsplit(said)
        fits = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and len(said) <= 200
    except ValueError:
        fits = False
    if not fits or any(char.isspace() for char in said):
        raise Refused(N_("Enter a whole web address, e.g. http://www.fuxin.gov.cn/."))
    return said


COLUMNS = (
    SheetColumn(
        "kind", "类型", True, one_of(KIND_WORDS, most=2), ("主体类型", "类别"), "政务新媒体", choices=tuple(KINDS)
    ),
    SheetColumn("name", "名称", True, text(120), ("网站名称", "账号名称", "主体名称"), "阜新发布", width=30),
    SheetColumn("code", "网站标识码", False, site_code, ("标识码",), "2109000022", "网站必填，账号不填。"),
    SheetColumn(
        "platform",
        "平台",
        False,
        one_of({name: name for name in PLATFORMS}, most=len(PLATFORMS)),
        ("平台类型", "账号类型"),
        "新浪微博",
        "账号必填，网站不填。",
        PLATFORMS,
    ),
    SheetColumn("url", "网址", False, address, ("链接", "访问地址", "域名"), "http://www.fuxin.gov.cn/", width=30),
    SheetColumn("sponsor", "主办单位", True, text(120), (), "市公安局", "填写系统内单位的简称、全称或编码。", width=24),
    SheetColumn("supervisor", "主管单位", False, text(120), (), "", "与主办单位不同时填写。", width=24),
    SheetColumn(
        "state",
        "状态",
        False,
        one_of(STATE_WORDS, most=len(STATES)),
        ("运行状态",),
        "正常",
        "不填视为正常。",
        tuple(STATES),
    ),
    SheetColumn("since", "状态起始日期", False, day, ("起始日期", "状态日期"), "2021-12-28", "不填视为导入当日。"),
    SheetColumn(
        "into", "归并到", False, text(120), (), "", "状态为归并时必填：登记册内的网站标识码或准确名称。", width=24
    ),
    SheetColumn("remark", "备注", False, text(500), (), "", width=30),
)
