"""Namings, requirements with a day, annexes and comparisons in the text, and what the checker says of each."""

import pytest

from tests.bulletins.facts_of import SILENT, facts
from tracker.bulletins.policy import lint
from tracker.bulletins.policy.annexes import annexes_of
from tracker.bulletins.policy.binding import compose, rebind, stored
from tracker.bulletins.policy.check import check
from tracker.bulletins.policy.comparison import counted, points
from tracker.bulletins.policy.facts import Demand, Facts, Named, Owed, Problem
from tracker.bulletins.policy.flags import Rule
from tracker.bulletins.policy.layout import Line, annexes_line, lay_out, text_of
from tracker.bulletins.policy.wording import written

STEPS = [("step-1", "立即整改。"), ("step-2", "报送目录。")]
LATE = Named(
    "naming-3", "市公安局", "2021年第四季度", ("阜政办公开改〔2021〕3号", "阜政办公开改〔2021〕5号"), "/escalation/x"
)
DEMAND = Demand("step-2", "细河区、市公安局", "1月20日前")
MANY = tuple(Owed(f"owed-a{n}", f"单位{n % 5}", f"阜政办公开改〔2021〕{n}号", due="1月10日前") for n in range(1, 8))
NAMED = Problem(
    "problem-3", 3, "deduct", "解读不规范", "针对性不强。", 1, 0, ("海州区",), recurring="该问题于11月已通报"
)
BEFORE = {
    "sites.rate": points("100%", "100%", "上月"),
    "accounts.rate": points("85.09%", "82.78%", "上月"),
    "problems": counted(26, 30, "个", "上月"),
    "owed": counted(1, 0, "份", "上月"),
}


def draft(made: Facts, edits: dict | None = None) -> list[Line]:
    return lay_out(written(made, STEPS), edits or {})


def flags(made: Facts, lines: list[Line]) -> list:
    return check(lines, made, dict(STEPS), annexes_line(made))


def rules(made: Facts, key: str, old: str, new: str) -> list[tuple[Rule, str, str]]:
    """What is flagged when one paragraph is typed otherwise."""
    line = next(each for each in draft(made) if each.key == key)
    text = compose(line.pieces, made.shown)
    assert text.count(old) == 1
    edits = {key: {"pieces": stored(rebind(line.pieces, made.shown, text.replace(old, new)))}}
    return [(flag.rule, flag.said, flag.expected) for flag in flags(made, draft(made, edits))]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            facts(namings=(LATE,)),
            "3.未按期反馈整改情况。市公安局在2021年第四季度有2次未按期反馈整改情况报告"
            "（阜政办公开改〔2021〕3号、阜政办公开改〔2021〕5号）。",
        ),
        (
            facts(demands=(DEMAND,)),
            "（二）报送目录。\n请细河区、市公安局于1月20日前，将落实情况报市政府办公室政务公开办。",
        ),
        (facts(owed=MANY), "另外，尚有5个单位未反馈整改情况报告，共7份（具体名单详见附件2）。"),
        (facts(owed=MANY), "市公安局有24个账号存在该问题（具体名单详见附件1）。"),
        (facts(ledger=True, annexed={"ledger": 26}), "12月份检查发现的问题及整改情况详见附件2，共26项。"),
        (
            facts(before=BEFORE),
            "政府网站合格率100%，与上月持平；政务新媒体合格率85.09%，比上月的82.78%上升2.31个百分点。",
        ),
        (
            facts(before=BEFORE),
            "本月发现需要通报的问题26个，比上月的30个减少4个；逾期未反馈的整改情况报告1份，比上月增加1份（上月为0份）。",
        ),
        (facts(problems=(SILENT, NAMED)), "2.解读不规范。海州区：针对性不强。该问题于11月已通报。"),
    ],
)  # fmt: skip
def test_each_part_stands_in_the_text_and_agrees(made: Facts, words: str) -> None:
    lines = draft(made)
    assert words in text_of(lines, made.shown)
    assert flags(made, lines) == []


def test_a_naming_taken_out_leaves_the_numbering_whole() -> None:
    made = facts(namings=(LATE,))
    lines = draft(made, {"naming-3": {"dropped": True}})
    assert "未按期反馈整改情况报告" not in text_of(lines, made.shown)
    assert flags(made, lines) == []


@pytest.mark.parametrize(
    ("made", "key", "old", "new", "expected"),
    [
        (facts(namings=(LATE,)), "naming-3", "2次", "3次", (Rule.LEDGER, "3", "2")),
        (facts(demands=(DEMAND,)), "step-2-demand", "1月20日", "1月25日", (Rule.LEDGER, "1月25日前", "1月20日前")),
        (facts(owed=MANY), "problem-2", "7份", "8份", (Rule.LEDGER, "8", "7")),
        (facts(owed=MANY), "problem-2", "附件2", "附件1", (Rule.LEDGER, "1", "2")),
        (
            facts(before=BEFORE), "population", "上升", "下降",
            (Rule.LEDGER, "比上月的82.78%下降2.31个百分点", "比上月的82.78%上升2.31个百分点"),
        ),
        (
            facts(renamed={"市大数据局": "市数据局"}), "overall", "日常管理", "日常管理（市大数据局）",
            (Rule.NAMES, "市大数据局", "市数据局"),
        ),
        (
            facts(), "overall", "日常管理", "日常管理，11月3日开展了培训",
            (Rule.DATES, "11月3日", "2021年12月1日—2021年12月27日"),
        ),
    ],
)  # fmt: skip
def test_what_is_typed_otherwise_is_flagged_with_both_values(made, key, old, new, expected) -> None:
    assert expected in rules(made, key, old, new)


def test_an_annex_with_other_rows_than_the_text_says_is_flagged() -> None:
    made = facts(annexed={"problem-1": 23})
    assert [(flag.rule, flag.said, flag.expected) for flag in flags(made, draft(made))] == [(Rule.ANNEX, "24", "23")]
    assert [annex.title for annex in annexes_of(facts(owed=MANY, ledger=True, annexed={"ledger": 3}))] == [
        "两周未更新账号名单",
        "未反馈整改情况报告单位名单",
        "2021年12月份检查问题整改台账",
    ]


@pytest.mark.parametrize(("period", "whole"), [("2021", "全年"), ("2021-H1", "上半年")])
def test_a_span_is_told_by_sums_and_a_table_and_asks_nobody(period: str, whole: str) -> None:
    row = ("12月", "31", "100%", "161", "85.09%", "26", "3", "21", "1868")
    made = facts(period, months=(row,), due_words="", reports_received=0, reports_true=0, reports_closed=0)
    text = text_of(draft(made), made.shown)
    for words in (
        f"{whole}各月情况详见附件2。",
        f"{whole}全市各级政府网站未收到",
        "各次检查均合格的政府网站占100%；各次检查均合格的政务新媒体占85.09%。",
    ):
        assert words in text
    assert [word for word in ("于，", "本月", "12月份", "排名", "1月10日") if word in text] == []
    assert flags(made, draft(made)) == []


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("合格率85.09%，比上月的82.78%上升2.30个百分点。", "上升2.30个百分点", "上升2.31个百分点"),
        ("合格率85.09%，较上月的82.78%下降2.31个百分点。", "下降2.31个百分点", "上升2.31个百分点"),
        ("本月发现问题26个，比上月的30个减少5个。", "减少5个", "减少4个"),
        ("整改情况报告1份，比上半年增加2份（上半年为0份）。", "增加2份", "增加1份"),
        ("整改情况报告1份，比上年下半年增加1份（上年下半年为0份）。", None, None),
        ("合格率85.09%，比上月的82.78%上升2.31个百分点。本月发现问题26个，比上月的30个减少4个。", None, None),
    ],
)
def test_changes_follow_from_the_figures_beside_them(text: str, said: str | None, expected: str | None) -> None:
    assert [(f.said, f.expected) for f in lint(text) if f.rule is Rule.CHANGE] == ([(said, expected)] if said else [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("从11月份检查情况看，总体平稳。", ["从11月份"]),
        ("从12月份检查情况看，总体平稳。", []),
        ("截至11月30日，全部办结。", ["截至11月30日"]),
        ("截至12月27日，全部办结。", []),
    ],
)
def test_what_is_counted_lies_inside_the_period(line: str, said: list[str]) -> None:
    text = f"市政府办公室开展了2021年12月份检查。\n{line}\n2021年12月28日"
    assert [flag.said for flag in lint(text) if flag.rule is Rule.DATES] == said
