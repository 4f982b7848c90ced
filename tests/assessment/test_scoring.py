"""How a sheet adds up, and what a year's weights say: pure functions."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.assessment.policy import Kind, Rule, Scheme, Verdict, Weight, Weights, changes, parse, score, shown
from tracker.assessment.policy.catalogue import annual_terms, catalogue
from tracker.assessment.policy.weights import groups_of, shipped

D = Decimal
SCHEME = Scheme(D(100), D(20), D(80), D(60))
RULES = (
    Rule("V", Kind.VETO, "甲", "否决", "", "", "found", counts="v"),
    Rule("A", Kind.DEDUCT, "甲", "一", "", "", "found", counts="a"),
    Rule("B", Kind.DEDUCT, "甲", "二", "", "", "own", counts="b"),
    Rule("C", Kind.DEDUCT, "乙", "三", "", "", "low", counts="c"),
    Rule("P", Kind.BONUS, "丙", "加", "", "", "found", counts="p"),
)


def weights(scheme: Scheme = SCHEME, groups: dict[str, Decimal | None] | None = None, **lines: Weight) -> Weights:
    usual = {rule.key: Weight(True, D(1), None, 1) for rule in RULES}
    return Weights(usual | lines, groups or {"甲": None, "乙": None}, scheme)


def marks(
    counts: dict[str, int], of: Weights | None = None, **adjusted: Decimal
) -> tuple[Decimal, Decimal, Decimal, str]:
    found = score(RULES, of or weights(), counts, adjusted)
    return found.lost, found.bonus, found.total, str(found.verdict)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, (D(0), D(0), D(100), Verdict.PASS)),
        ({"a": 19, "p": 5}, (D(19), D(5), D(86), Verdict.PASS)),
        ({"a": 20, "p": 5}, (D(20), D(0), D(80), Verdict.PASS)),  # a bonus counts above 80 only
        ({"a": 1, "p": 50}, (D(1), D(20), D(119), Verdict.PASS)),  # and is 20 at most
        ({"a": 40}, (D(40), D(0), D(60), Verdict.PASS)),
        ({"a": 41}, (D(41), D(0), D(59), Verdict.FAIL)),
        ({"a": 900}, (D(100), D(0), D(0), Verdict.FAIL)),  # never below nought
        ({"v": 1}, (D(0), D(0), D(100), Verdict.FAIL)),  # any veto fails
    ],
)
def test_deductions_of_100_bonuses_above_80_failing_below_60_any_veto_fails(counts, told) -> None:
    assert marks(counts) == told


def test_local_variants_a_third_level_and_a_mark_for_a_veto() -> None:
    fuyang = weights(replace(SCHEME, middle_below=D(80)))
    assert [marks({"a": n}, fuyang)[3] for n in (20, 21, 40, 41)] == ["合格", "基本合格", "基本合格", "不合格"]
    zhaoqing = weights(replace(SCHEME, veto_score=D(59)))
    assert marks({"v": 1}, zhaoqing)[2:] == (D(59), "不合格")
    assert marks({"v": 1, "a": 70}, zhaoqing)[2:] == (D(30), "不合格")  # a mark is lowered by it, never raised
    several = weights(V=Weight(True, D(0), None, 2))
    assert [marks({"v": n}, several)[3] for n in (1, 2)] == ["合格", "不合格"]
    assert marks({"v": 2}, several, V=D(-1))[3] == "合格"  # taken away by hand


def test_what_is_not_counted_costs_nothing_but_what_was_moved_by_hand() -> None:
    off = weights(A=Weight(False, D(5)))
    assert (marks({"a": 9}, off)[0], marks({"a": 9}, off, A=D("2.5"))[0]) == (D(0), D("2.5"))
    assert marks({"a": 3}, None, A=D(-9))[0] == D(0)  # never below nought
    capped = weights(A=Weight(True, D(3), D(7)))
    assert [marks({"a": n}, capped)[0] for n in (2, 3)] == [D(6), D(7)]
    assert marks({"a": 3}, capped, A=D(-2))[0] == D(5)


def test_p20_random_ledgers_lines_groups_and_total_always_agree() -> None:
    dice = random.Random(2021)

    def some() -> Decimal:
        return D(dice.randrange(0, 600)) / 100

    for _turn in range(400):
        lines = {rule.key: Weight(dice.random() < 0.8, some(), dice.choice([None, some() * 5])) for rule in RULES}
        of = weights(SCHEME, {"甲": dice.choice([None, some() * 10]), "乙": None}, **lines)
        counts = {name: dice.randrange(0, 30) for name in "vabcp"}
        moved = {key: some() - 3 for key in dice.sample("ABCP", 2)}
        found = score(RULES, of, counts, moved)
        deducted = sum(entry.points for entry in found.entries if entry.rule.kind is Kind.DEDUCT)
        relieved = sum(group.relief for group in found.groups) + found.relief
        assert deducted - relieved == found.lost == D(100) - found.base
        assert sum(group.points for group in found.groups) - found.relief == found.lost
        assert found.total == found.base + found.bonus
        assert 0 <= found.lost <= 100
        assert 0 <= found.bonus <= 20
        assert found.verdict is (Verdict.FAIL if found.vetoes or found.total < 60 else Verdict.PASS)
        for entry in found.entries:
            cap = entry.weight.cap
            assert entry.points >= 0
            assert cap is None or entry.points <= cap


def test_weights_are_stored_and_read_back_and_a_change_names_both_values() -> None:
    before = weights()
    after = weights(replace(SCHEME, middle_below=D(80)), {"甲": D("30.5"), "乙": None}, A=Weight(True, D("0.5"), D(10)))
    assert parse(after.plain(), RULES) == after
    assert changes(before, after, RULES) == [
        {"what": "A 一", "before": "每个（次、条）1分", "after": "每个（次、条）0.5分，封顶10分"},
        {"what": "甲（本组封顶）", "before": "—", "after": "30.5"},
        {"what": "低于此分为基本合格", "before": "—", "after": "80"},
    ]
    assert changes(after, after, RULES) == []
    assert [shown(D(text)) for text in ("3.00", "0.50", "-0.00", "10", "100")] == ["3", "0.5", "0", "10", "100"]


def test_only_rules_with_a_public_source_cost_something_as_shipped() -> None:
    own = catalogue([])
    usual = shipped(own)
    assert own
    assert all(rule.unconfirmed for rule in own)
    assert not any(weight.counted or weight.points for weight in usual.lines.values())
    assert (annual_terms()["certainty"], usual.scheme) == ("found", SCHEME)
    assert groups_of(own) == ["检查发现问题", "整改报送", "找错留言"]
