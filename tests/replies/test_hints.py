"""Hints on texts and the comparison of rounds: pure functions, no database."""

import time

import pytest

from tracker.notices.models import Item
from tracker.replies.models import Decision, Evidence, Reply, ReplyItem, Result
from tracker.replies.policy import changes, machine_level, round_changes, text_hints

LONG = "已于12月28日恢复更新，并明确专人负责。"


def line(sequence: int, measure: str, result: Result = Result.PARTLY, proof: int = 0, **more: object) -> ReplyItem:
    evidence = [Evidence() for _n in range(proof)]
    item = Item(id=sequence, sequence=sequence)
    return ReplyItem(item=item, item_id=sequence, measure=measure, result=result, evidence=evidence, **more)


def said(reply: Reply, before: Reply | None = None) -> list[str]:
    return [hint.msgid % hint.params for hint in text_hints(reply, before)]


ALIKE = "Items 1、3 say the same. Please see that each tells what was done there."
SAME = "Item 1 says the same as in round 1."
UNPROVEN = "Item 1 is reported as rectified, with no evidence attached."


@pytest.mark.parametrize(
    ("lines", "before", "expected"),
    [
        ([line(1, LONG), line(2, "另一账号已注销。"), line(3, "已于 12月28日恢复更新，并明确专人负责")], [], [ALIKE]),
        ([line(1, "已注销"), line(2, "已注销")], [], []),
        ([line(1, LONG)], [line(1, LONG + " ")], [SAME]),
        ([line(1, LONG)], [line(1, "已注销")], []),
        ([line(1, LONG, Result.FIXED)], [], [UNPROVEN]),
        ([line(1, LONG, Result.FIXED, proof=1)], [], []),
        ([line(1, LONG, Result.FIXED, decision=Decision.ACCEPTED)], [line(1, LONG)], []),
        ([line(1, ""), line(2, "")], [line(1, "")], []),
    ],
)
def test_hints(lines: list[ReplyItem], before: list[ReplyItem], expected: list[str]) -> None:
    earlier = Reply(round=1, items=before) if before else None
    assert said(Reply(round=2, items=lines), earlier) == expected


def test_a_changed_text_is_told_in_kept_removed_and_added_parts() -> None:
    pieces = changes("已于12月28日更新。", "已于12月30日恢复更新。")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "已于12月"), ("del", "28"), ("ins", "30"), ("same", "日"), ("ins", "恢复"), ("same", "更新。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((old, "改" + old[1:-3] + "完成") for old in ("的" * 2000, "整改。" * 650, LONG * 90)),
        ("，" * 2000, "，。" * 1000),
        ("".join(chr(0x4E00 + n) * 20 for n in range(100)), "".join(f"{chr(0x4E00 + n)}x" * 20 for n in range(100))),
    ],
)
def test_any_two_texts_are_compared_at_once_and_told_whole(old: str, new: str) -> None:
    began = time.process_time()
    pieces = changes(old, new)
    assert time.process_time() - began < 0.5
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new


def test_fields_that_differ_are_named() -> None:
    before, now = line(1, LONG, responsible="张三"), line(1, LONG, Result.FIXED, proof=2, responsible="张三")
    changed = round_changes(Reply(round=2, items=[now]), Reply(round=1, items=[before]))[1]
    assert changed.fields == [("Result", Result.PARTLY, Result.FIXED), ("Evidence", 0, 2)]
    assert {piece.kind for piece in changed.pieces} == {"same"}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["absent", "found"], "found"),
        (["absent", "suspected", "unknown"], "suspected"),
        (["unknown", "absent"], "unknown"),
        ([None], ""),
    ],
)
def test_one_level_stands_for_all_pages(levels: list[str | None], expected: str) -> None:
    assert machine_level([{"seal": each and {"level": each}} for each in levels], "seal") == expected
