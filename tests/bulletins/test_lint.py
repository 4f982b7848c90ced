"""The linter finds what a bulletin's own text contradicts, and nothing in a right one."""

import pytest

from tracker.bulletins.policy import lint
from tracker.bulletins.policy.percents import agrees, possible

SEED = """关于2021年12月份政府网站和政务新媒体检查情况的通报
各县、区人民政府，市政府各部门：
按照《考核指标的通知》（阜政办公开〔2019〕1号），市政府办公室对全市政府网站和政务新媒体开展了2021年12月份检查。现将有关情况通报如下。
一、监管情况
全市目前共有政府网站31家，全市登记的政务新媒体有161个。本次检查覆盖全市31个政府网站和161个政务新媒体，抽查比例为100%。其中，政府网站合格率100%；政务新媒体合格率85.09%。
（一）总体情况
1.办理网友找错情况。共受理留言3条，其中问题属实的留言3条，已全部回复办结。
2.网站集群共发布1868条信息，其中文字信息472条，图片信息1337条，视频信息59条。
（二）主要问题
1.部分公安系统政务新媒体2周内未更新的账号较多（具体名单详见附件）。
2.合格29家、不合格2家的比例不在此列。
3.2021年工作要点落实不到位。
二、下一步工作要求
请于1月10日前报市政府办公室。
附件：部分公安系统政务新媒体2周内未更新账号名单
2021年12月28日
"""


def test_a_right_bulletin_is_clean():
    assert lint(SEED) == []


@pytest.mark.parametrize(
    ("right", "wrong", "rule", "line"),
    [
        ("文字信息472", "文字信息473", "parts", 8),
        ("发布1868条", "发布1869条", "parts", 8),
        ("属实的留言3条", "属实的留言4条", "parts", 7),
        ("85.09%", "85.19%", "percent", 5),
        ("网站合格率100%", "网站合格率99%", "percent", 5),
        ("抽查比例为100%", "抽查比例为99%", "percent", 5),
        ("覆盖全市31个", "覆盖全市32个", "same", 5),
        ("二、下一步", "三、下一步", "numbering", 13),
        ("3.2021年工作", "4.2021年工作", "numbering", 12),
        ("〔2019〕1号", "[2019]01号", "number-form", 3),
        ("1月10日前", "2月30日前", "dates", 14),
        ("2021年12月28日", "2022年12月28日", "dates", 3),
        ("2周内未更新账号名单", "3周内未更新账号名单", "annex", 15),
        ("附件：", "名单：", "annex", 10),
    ],
)
def test_a_figure_changed_alone_is_flagged_with_its_line(right, wrong, rule, line):
    assert SEED.count(right) == 1
    assert (line, rule) in [(flag.line, flag.rule) for flag in lint(SEED.replace(right, wrong))]


@pytest.mark.parametrize(
    "text",
    [
        "共受理留言5条，其中属实3条，已办结2条。",
        "共检查网站31家，合格29家，不合格2家，合格率93.5%。",
        "受理留言8条，其中涉及教育3条、交通2条等。",
        "不合格账号约20个，占比12%左右。",
    ],
)
def test_what_may_be_right_is_left_alone(text):
    assert lint(text) == []


def test_a_thing_and_its_opposite_make_up_the_whole():
    assert [(f.rule, f.said, f.expected) for f in lint("共检查网站31家，合格28家，不合格2家。")] == [
        ("parts", "31家", "28 + 2 = 30家")
    ]


def test_a_percentage_may_be_rounded_or_cut_but_never_reach_100_by_rounding():
    assert agrees(553, 556, "99.4")
    assert agrees(558, 561, "99.5")
    assert not agrees(1999, 2000, "100")
    assert not possible(161, "85.19")
    assert not agrees(1, 0, "100")
