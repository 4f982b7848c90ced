"""The checker of a draft: each figure against the ledger, each paragraph against its words, all against itself."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tracker.bulletins.policy.against import of_the_day, rows_as_said
from tracker.bulletins.policy.binding import Bound, Piece, Shown, compose, said
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.flags import Flag, Rule
from tracker.bulletins.policy.layout import Line, text_of
from tracker.bulletins.policy.lint import lint

_WORDS = "〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾半数几"
_MEASURES = "个家条份项名起件次处篇成倍户人所"
_NUMERALS = re.compile(
    rf"\d+(?:\.\d+)?[%％]?|[①-⓿❶-➓Ⅰ-ⅿ½-¾](?=[{_MEASURES}])|百分之[{_WORDS}点]+"
    rf"|(?:第?[{_WORDS}]{{2,}}|[{_WORDS.replace('一', '').replace('数', '')}])(?=余?多?[{_MEASURES}])"
)
"""Numerals in digits, and those in words before a measure word; "一个" is an article more often than a figure."""
_VAGUE = re.compile(
    r"(?:近|约|逾|超|超过|高于|低于|多于|少于|不足|不到|不止|至少|至多|最多|[-\uff0d\u2212±><\uff1e\uff1c≥≤~\uff5e])$"
)
"""What makes another figure of the one that follows."""


def check(lines: Sequence[Line], facts: Facts, originals: Mapping[str, str], annexes: Sequence[str] = ()) -> list[Flag]:
    """Return what is wrong with the draft, by line (from 1) and rule; empty when every figure proves itself.

    `originals` are the texts that added or copied paragraphs began with, by key: figures in them are vouched for.
    `annexes` are the lines that name the annexes.
    """
    shown = facts.shown
    flags = [flag for n, line in enumerate(lines, 1) for flag in _line(n, line, shown, originals)]
    flags += [flag for n, line in enumerate(lines, 1) for flag in of_the_day(n, line, facts)]
    flags += rows_as_said(lines, facts)
    told = {(flag.line, flag.said) for flag in flags}
    found = lint("\n".join((text_of(lines, shown), *annexes)))
    return sorted([*flags, *(flag for flag in found if (flag.line, flag.said) not in told and flag.line <= len(lines))])


def _line(n: int, line: Line, shown: Shown, originals: Mapping[str, str]) -> Iterator[Flag]:
    text = compose(line.pieces, shown)
    for piece, words in said(line.pieces, shown):
        if isinstance(piece, Bound) and words != shown.get(piece.key):
            yield Flag(n, Rule.LEDGER, words, shown.get(piece.key, ""), text)
    yield from _vague(n, line, shown, text)
    yield from _unbound(n, line, originals, text)
    if line.edited and line.source is not None:
        yield from _variant(n, line, line.source, shown, text)


def _vague(n: int, line: Line, shown: Shown, text: str) -> Iterator[Flag]:
    """Yield a flag for each figure that somebody put a word or a sign before: 近31家 is not 31家."""
    if not line.edited or line.source is None:
        return
    ours = dict(_before(line.source))
    for key, before in _before(line.pieces):
        if (found := _VAGUE.search(before)) and not ours.get(key, "").endswith(found[0]):
            yield Flag(n, Rule.LEDGER, found[0] + shown.get(key, ""), shown.get(key, ""), text)


def _before(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Yield the key of each place with the words right before it."""
    for words, piece in pairwise(pieces):
        if isinstance(piece, Bound) and isinstance(words, str):
            yield piece.key, words


def _unbound(n: int, line: Line, originals: Mapping[str, str], text: str) -> Iterator[Flag]:
    """Yield a flag for each numeral that was typed and that neither the ledger nor the copied text vouches for."""
    if not line.edited and line.key not in originals:
        return
    vouched = originals.get(line.key, "") if line.source is None or line.key in originals else ""
    known = Counter(_numerals(line.source or ())) + Counter(_NUMERALS.findall(vouched))
    for numeral in _numerals(line.pieces):
        if known[numeral] > 0:
            known[numeral] -= 1
        else:
            yield Flag(n, Rule.UNBOUND, numeral, "", text)


def _numerals(pieces: Sequence[Piece]) -> list[str]:
    return [numeral for piece in pieces if isinstance(piece, str) for numeral in _NUMERALS.findall(piece)]


def _variant(n: int, line: Line, source: Sequence[Piece], shown: Shown, text: str) -> Iterator[Flag]:
    """Yield a flag when the ledger's own sentence now needs other figures than those the edited one still holds."""
    held = {piece.key for piece in line.pieces if isinstance(piece, Bound)}
    wanted = {piece.key for piece in source if isinstance(piece, Bound)}
    if gone := held - wanted:
        left = "、".join(shown.get(key, key) for key in sorted(gone))
        yield Flag(n, Rule.VARIANT, left, compose(source, shown), text)
