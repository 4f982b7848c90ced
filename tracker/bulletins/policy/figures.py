"""The figures of 数据展示: what they and their parts are called, on pages (msgid) and on paper (Chinese)."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.charts.figure import Kind, Tone
from tracker.kit.words import N_


@dataclass(frozen=True)
class Said:
    """A word: the page's msgid, and what a paper says; the Chinese catalogue says the same (a test compares)."""

    msgid: str
    paper: str


Say = Callable[[Said], str]


def on_paper(said: Said) -> str:
    """Return a word as papers have it."""
    return said.paper


@dataclass(frozen=True)
class Part:
    """A series of a figure: its name in addresses, its words, and whether it tells of something late."""

    name: str
    said: Said
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Plan:
    """How one figure is told."""

    key: str
    kind: Kind
    title: Said
    measure: Said
    parts: tuple[Part, ...]
    head: Said
    note: Said | None = None
    by_unit: bool = True
    """Whether its rows belong to units, so that it can be narrowed to one."""


MONTH = Said(N_("Month"), "月份")
PROBLEM = Said(N_("Kind of problem"), "问题类别")
PERCENT = Said("%", "%")
PROBLEMS = Said(N_("number of problems"), "个")
ANSWERS = Said(N_("number of reports"), "份")
DAYS = Said(N_("days"), "天")
MESSAGES = Said(N_("error reports"), "条")
NOTICES = Said(N_("number of notices"), "份")
REQUESTS = Said(N_("number of requests"), "份")
ENTRIES = Said(N_("items published"), "条")
TOTAL = Said(N_("Total"), "合计")
CHECKED = Said(N_("Inspected: %(what)s"), "检查数（%(what)s）")
FAILED = Said(N_("Failed: %(what)s"), "不合格数（%(what)s）")
SHARE = Said(N_("In time, of those due"), "按期率")
SHARE_DONE = Said(N_("Share rectified"), "整改率")
ANSWERED = Said(N_("Reports submitted"), "已报送")
OTHERS = Said(N_("%(count)s other problems"), "其他%(count)s类问题")
_LEVELS = (
    Part("veto", Said(N_("Veto"), "否决")),
    Part("deduct", Said(N_("Deduction"), "扣分")),
    Part("warn", Said(N_("Early warning"), "预警")),
)

PLANS = {
    each.key: each
    for each in (
        Plan(
            "rates",
            Kind.LINES,
            Said(N_("Websites and accounts without a veto"), "政府网站和政务新媒体合格率"),
            PERCENT,
            (Part("sites", Said(N_("Websites"), "政府网站")), Part("accounts", Said(N_("Accounts"), "政务新媒体"))),
            MONTH,
            Said(N_("A month without an inspection is a gap in the line."), "没有检查的月份不连线。"),
        ),
        Plan("levels", Kind.STACKS, Said(N_("Problems by month"), "各月问题数"), PROBLEMS, _LEVELS, MONTH),
        Plan(
            "problems",
            Kind.BARS,
            Said(N_("Problems by kind"), "各类问题数"),
            PROBLEMS,
            _LEVELS,
            PROBLEM,
        ),
        Plan(
            "items",
            Kind.STACKS,
            Said(N_("Problems on notices, by month of issue"), "各月下发问题的整改情况"),
            PROBLEMS,
            (
                Part("done", Said(N_("Rectified"), "已整改")),
                Part("open", Said(N_("Not rectified yet"), "未整改")),
                Part("other", Said(N_("Unfounded or dropped"), "不属实或撤销")),
            ),
            MONTH,
        ),
        Plan(
            "answers",
            Kind.STACKS,
            Said(N_("Reports due in the month"), "各月应报送的整改情况报告"),
            ANSWERS,
            (
                Part("in_time", Said(N_("In time"), "按期报送")),
                Part("late", Said(N_("Late"), "逾期报送"), Tone.LATE),
                Part("missing", Said(N_("Overdue, not submitted"), "逾期未报送"), Tone.LATE),
                Part("waiting", Said(N_("Not due yet"), "尚未到期")),
            ),
            MONTH,
        ),
        Plan(
            "days",
            Kind.LINES,
            Said(N_("Days until the first report"), "首次报送用时（中位数）"),
            DAYS,
            (Part("days", Said(N_("Median"), "中位数")),),
            MONTH,
            Said(
                N_("Calendar days from the issue of the notice, by month of the deadline."),
                "自通知印发之日起的自然日，按期限所在月份统计。",
            ),
        ),
        Plan(
            "reports",
            Kind.STACKS,
            Said(N_("Error reports by month of receipt"), "各月“我为政府网站找错”留言办理"),
            MESSAGES,
            (
                Part("in_time", Said(N_("Answered within the limit"), "按期答复")),
                Part("late", Said(N_("Answered late"), "逾期答复"), Tone.LATE),
                Part("missing", Said(N_("Overdue, not answered"), "逾期未答复"), Tone.LATE),
                Part("waiting", Said(N_("Within the limit, not answered yet"), "期限内待答复")),
            ),
            MONTH,
        ),
        Plan(
            "notices",
            Kind.STACKS,
            Said(N_("Rectification notices by month of issue"), "各月印发整改通知单"),
            NOTICES,
            (
                Part("closed", Said(N_("Closed by the end of the month"), "当月办结")),
                Part("open", Said(N_("Not closed by then"), "当月未办结")),
            ),
            MONTH,
        ),
        Plan(
            "changes",
            Kind.STACKS,
            Said(N_("Change requests done by month"), "各月办结网站更改需求单"),
            REQUESTS,
            (Part("done", Said(N_("Requests done"), "已办结")),),
            MONTH,
        ),
        Plan(
            "published",
            Kind.STACKS,
            Said(N_("Published by month"), "各月信息发布数"),
            ENTRIES,
            (
                Part("texts", Said(N_("Texts"), "文字信息")),
                Part("pictures", Said(N_("Pictures"), "图片信息")),
                Part("videos", Said(N_("Videos"), "视频信息")),
            ),
            MONTH,
            by_unit=False,
        ),
    )
}
"""The figures in the order of the page, by key."""
