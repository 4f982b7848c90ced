"""`flask bulletin draft` for months of other shapes: the words fit, and nothing in them disagrees."""

import pytest
from flask import Flask

from tests.bulletins.test_bulletin import started as started
from tests.conftest import one_database
from tracker.bulletins.commands import bulletin
from tracker.bulletins.policy import lint

pytestmark = one_database
SHAPES = {
    "no messages, an account failing two indicators": (
        "2021-12",
        (
            "全市各级政府网站未收到“我为政府网站找错”留言。",
            "政务新媒体合格率40%",
            "有6个账号存在该问题（具体名单详见附件）",
            "于1月10日前",
        ),
        ("0条",),
    ),
    "nothing at all": (
        "2021-11",
        ("本月没有开展检查。", "未下发政府网站与政务新媒体整改通知单。", "本月未发现需要通报的问题。"),
        ("0家", "0个", "0条", "0份", "附件", "月10日前"),
    ),
    "a year, without a deadline and without a ranking": (
        "2021",
        (
            "2021年度检查",
            "各次检查均合格的政务新媒体占40%",
            "全年各月情况详见附件2。",
            "附件：2.2021年度各月情况统计表",
        ),
        ("本月", "12月份", "将本次通报指出具体问题", "排名", "第1名"),
    ),
    "half a year": (
        "2021-H2",
        ("2021年下半年检查", "下半年各月情况详见附件2。"),
        ("全年", "本月", "将本次通报指出具体问题"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_months_of_other_shapes_come_out(app: Flask, started: int, shape: str) -> None:
    period, words, others = SHAPES[shape]
    result = app.test_cli_runner().invoke(bulletin, ["draft", period])
    assert result.exit_code == 0
    assert [each for each in words if each not in result.output] == []
    assert [each for each in others if each in result.output] == []
    assert lint(result.output) == []
