"""What the ledger writes, and what the checker says when somebody changes it."""

import re
import time

import pytest

from tests.bulletins.facts_of import facts
from tracker.bulletins.policy.binding import Bound, compose, loaded, rebind, stored
from tracker.bulletins.policy.check import check
from tracker.bulletins.policy.facts import Facts, Percentages, Problem
from tracker.bulletins.policy.flags import Rule
from tracker.bulletins.policy.layout import Line, annexes_line, lay_out, numeral, text_of
from tracker.bulletins.policy.period import Period
from tracker.bulletins.policy.wording import written

STEPS = [("step-1", "对照26个试点领域标准指引逐项整改。"), ("step-2", "做好检查准备。")]
ORIGINALS = dict(STEPS)
MONTHS = {
    "the seed": facts(),
    "no messages, two notices under way": facts(
        reports_received=0, reports_true=0, reports_closed=0, notices_sent=2, notices_done=0
    ),
    "one message, untrue": facts(
        reports_received=1, reports_true=0, reports_closed=1, published_total=0, changes_done=1
    ),
    "a sample": facts(sites_checked=10, accounts_checked=40, accounts_failed=3, owed=()),
    "a year without problems": facts("2021", accounts_failed=0, problems=(), owed=()),
}
NUMERAL = re.compile(r"\d+(?:\.\d+)?")


def draft(made: Facts, edits: dict | None = None) -> list[Line]:
    return lay_out(written(made, STEPS), edits or {})


def flags(made: Facts, lines: list[Line]) -> list:
    return check(lines, made, ORIGINALS, annexes_line(made))


def by_key(lines: list[Line], key: str) -> Line:
    return next(line for line in lines if line.key == key)


def edited(made: Facts, key: str, old: str, new: str) -> list[Line]:
    line = by_key(draft(made), key)
    text = compose(line.pieces, made.shown)
    assert old in text
    return draft(made, {key: {"pieces": stored(rebind(line.pieces, made.shown, text.replace(old, new, 1)))}})


@pytest.mark.parametrize("month", MONTHS)
def test_what_the_ledger_writes_is_clean(month):
    assert flags(MONTHS[month], draft(MONTHS[month])) == []


def test_the_seeds_figures_stand_in_the_text():
    made = MONTHS["the seed"]
    text = text_of(draft(made), made.shown)
    for words in (
        "政府网站31家",
        "政务新媒体有161个",
        "政府网站合格率100%；政务新媒体合格率85.09%",
        "整改通知单1份，已整改完毕",
        "留言3条，其中问题属实的留言3条，已全部回复办结",
        "共发布1868条信息，其中文字信息472条，图片信息1337条，视频信息59条",
        "1.两周未更新。市公安局有24个账号存在该问题（具体名单详见附件）。",
        "另外，市公安局未反馈第5期通报中指出问题的整改情况报告。",
        "（一）对照26个试点领域标准指引逐项整改。",
        "于1月10日前",
    ):
        assert words in text
    assert annexes_line(made) == ["附件：两周未更新账号名单"]


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("no messages, two notices under way", "未收到省政府办公厅转办“我为政府网站找错”留言。"),
        ("no messages, two notices under way", "整改通知单2份，尚在整改。"),
        ("one message, untrue", "留言1条，经核实均不属实，已回复办结。"),
        ("a sample", "本月检查抽查10个政府网站和40个政务新媒体，抽查比例为26.04%。"),
        ("a year without problems", "本期未发现需要通报的问题。"),
    ],
)
def test_words_follow_the_counts(month, words):
    assert words in text_of(draft(MONTHS[month]), MONTHS[month].shown)


@pytest.mark.parametrize("month", MONTHS)
def test_every_figure_altered_by_one_is_flagged(month):
    """The whole mutation test over more bulletins is `flask bench bulletins`."""
    made = MONTHS[month]
    for line in draft(made):
        text = compose(line.pieces, made.shown)
        for match in NUMERAL.finditer(text):
            changed = text[: match.start()] + _one_more(match[0]) + text[match.end() :]
            lines = draft(made, {line.key: {"pieces": stored(rebind(line.pieces, made.shown, changed))}})
            assert flags(made, lines), changed


def _one_more(figure: str) -> str:
    whole, dot, rest = figure.partition(".")
    return f"{whole}.{int(rest) + 1:0{len(rest)}}" if dot else str(int(whole) + 1)


def test_words_around_a_figure_may_change_and_the_figure_goes_on_following_the_ledger():
    made = facts()
    lines = edited(made, "population", "全市目前共有政府网站31家", "目前，全市现有政府网站共计31家")
    assert flags(made, lines) == []
    later = facts(sites_total=32, sites_checked=32)
    assert "现有政府网站共计32家" in text_of(lines, later.shown)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("31家", "30家", "30"),
        ("31家", "310家", "310"),
        ("31家", "131家", "131"),
        ("31家", "三十一家", "三十一"),
        ("85.09%", "85.9%", "85.9%"),
    ],
)
def test_a_figure_changed_in_the_text_alone_is_flagged_with_both_values(old, new, said):
    made = facts()
    found = [flag for flag in flags(made, edited(made, "population", old, new)) if flag.rule is Rule.LEDGER]
    assert [(flag.said, flag.expected) for flag in found] == [(said, old.rstrip("家"))]


def test_a_typed_figure_without_a_row_behind_it_is_flagged():
    made = facts()
    found = flags(made, edited(made, "overall", "日常管理。", "日常管理，培训88人。"))
    assert [(flag.rule, flag.said) for flag in found] == [(Rule.UNBOUND, "88")]


def test_a_sentence_that_no_longer_fits_its_counts_is_flagged():
    lines = edited(facts(), "reports", "共受理", "一共受理")
    none = facts(reports_received=0, reports_true=0, reports_closed=0)
    edits = {"reports": {"pieces": stored(by_key(lines, "reports").pieces)}}
    assert Rule.VARIANT in {flag.rule for flag in flags(none, draft(none, edits))}


def test_quoted_problems_are_protected():
    made = facts()
    found = flags(made, edited(made, "problem-2", "未细化", "未完全细化"))
    assert [(flag.rule, flag.said) for flag in found] == [(Rule.LEDGER, "未完全细化26个试点领域标准指引。")]


def test_added_and_dropped_paragraphs_keep_the_numbering():
    edits = {
        "published": {"dropped": True},
        "added-1": {"pieces": ["新增一条工作。"], "role": "item", "after": "reports"},
    }
    lines = draft(facts(), edits)
    assert [line.number for line in lines if line.key in ("reports", "added-1", "general", "problems", "next")] == [
        "（一）",
        "1.",
        "2.",
        "（二）",
        "二、",
    ]
    assert flags(facts(), lines) == []


def test_pieces_survive_storing():
    pieces = by_key(edited(facts(), "population", "31家", "30家"), "population").pieces
    assert tuple(loaded(stored(pieces))) == pieces


@pytest.mark.parametrize(
    ("part", "whole", "places", "cut", "shown"),
    [
        (137, 161, 2, False, "85.09%"),
        (161, 161, 2, False, "100%"),
        (19999, 20000, 2, False, "99.99%"),
        (2, 3, 1, True, "66.6%"),
        (2, 3, 1, False, "66.7%"),
        (1, 2, 2, False, "50%"),
        (0, 5, 2, False, "0%"),
    ],
)
def test_percentages_are_100_only_when_all_pass(part, whole, places, cut, shown):
    assert Percentages(places, cut).write(part, whole) == shown


@pytest.mark.parametrize(
    ("code", "words", "before", "last"),
    [
        ("2021-12", "2021年12月份", "2021-11", "2021-12-31"),
        ("2021-01", "2021年1月份", "2020-12", "2021-01-31"),
        ("2021-H2", "2021年下半年", "2021-H1", "2021-12-31"),
        ("2021-H1", "2021年上半年", "2020-H2", "2021-06-30"),
        ("2021", "2021年度", "2020", "2021-12-31"),
    ],
)
def test_periods(code, words, before, last):
    period = Period.parse(code)
    assert (period.code, period.full_words, period.before.code, str(period.ends_on)) == (code, words, before, last)


@pytest.mark.parametrize("code", ["2021-13", "2021-H3", "21-12", "", "2021-12-01", "二〇二一"])
def test_other_words_are_no_period(code):
    with pytest.raises(ValueError, match=f"^{code}$"):
        Period.parse(code)


def test_numerals():
    assert [numeral(n) for n in (1, 10, 11, 20, 32)] == ["一", "十", "十一", "二十", "三十二"]


def test_two_long_texts_of_the_same_few_signs_do_not_take_minutes():
    began = time.process_time()
    made = rebind(["，" * 4000, Bound("x")], {"x": "31"}, "，。" * 2000)
    assert compose(made, {"x": "31"}) == "，。" * 2000
    assert time.process_time() - began < 2


@pytest.mark.parametrize("before", ["近", "约", "超过", "不足", "-"])
def test_a_figure_with_a_word_before_it_is_another_figure(before):
    """“近31家” is not the ledger's 31; what the ledger itself writes before a figure stays free."""
    made = MONTHS["the seed"]
    found = flags(made, edited(made, "population", "31家", f"{before}31家"))
    assert [(flag.rule, flag.said, flag.expected) for flag in found] == [(Rule.LEDGER, f"{before}31", "31")]


def test_figures_typed_in_words_are_figures():
    made = MONTHS["the seed"]
    typed = "另有三个网站、五十二个账号、⑶家、百分之九十九、两家。"
    found = flags(made, edited(made, "population", "。", f"。{typed}"))
    assert {flag.said for flag in found if flag.rule is Rule.UNBOUND} == {"三", "五十二", "⑶", "百分之九十九", "两"}
    assert flags(made, edited(made, "population", "。", "。请建立一个机制，逐一整改，做到三同步。")) == []


def test_req_12_a_month_without_inspection_does_not_claim_one() -> None:
    text = text_of(draft(made := facts(sites_total=0, accounts_total=0, problems=(), owed=())), made.shown)
    assert "没有开展检查" in text
    assert not {said for said in ("开展了", "检查情况看", "的问题0个") if said in text}


def test_req_12_websites_are_not_called_accounts() -> None:
    stale = Problem(
        "problem-9", 9, "deduct", "动态要闻", "栏目未更新。", 24, 24, ("海州区",), annexed=True, noun="网站"
    )
    made = facts(problems=(stale,), owed=())
    assert "有24个网站存在该问题" in text_of(draft(made), made.shown)
    assert "动态要闻网站名单" in " ".join(annexes_line(made))
