"""Text whose figures stay bound to the ledger while people edit the words around them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from string import Formatter
from typing import Any

NUMERAL = frozenset("0123456789.%％")
"""Signs that belong to a figure when they touch it: 31 made into 131 or 31.5 is a changed figure, not a new text."""


@dataclass(frozen=True)
class Bound:
    """The place of a figure: its key, and what a person typed there instead of what the ledger says (None: nothing)."""

    key: str
    typed: str | None = None


Piece = str | Bound
Shown = Mapping[str, str]
"""What the ledger says now, by key, as it is printed."""


def parse(template: str) -> list[Piece]:
    """Return the pieces of "全市共有政府网站{sites.total}家": plain text and the places of figures."""
    pieces: list[Piece] = []
    for literal, key, _form, _conversion in Formatter().parse(template):
        pieces += [literal] if literal else []
        pieces += [Bound(key)] if key is not None else []
    return pieces


def compose(pieces: Sequence[Piece], shown: Shown) -> str:
    """Return the text as it reads now: the ledger's value at each place, or what was typed there."""
    return "".join(word for _piece, word in said(pieces, shown))


def said(pieces: Sequence[Piece], shown: Shown) -> Iterator[tuple[Piece, str]]:
    """Yield each piece with its words."""
    for piece in pieces:
        if isinstance(piece, str):
            yield piece, piece
        else:
            yield piece, shown.get(piece.key, "") if piece.typed is None else piece.typed


def rebind(pieces: Sequence[Piece], shown: Shown, text: str) -> list[Piece]:
    """Return the pieces of an edited text: each figure that is still there stays bound, a changed one as typed.

    A figure whose words are gone altogether is let go; the checker then finds the sentence without it.
    """
    before = compose(pieces, shown)
    places = _places(pieces, shown)
    moved = _moved(before, text)
    made: list[Piece] = []
    at = 0
    for piece, start, end in places:
        left, right = _widened(text, max(moved[start], at), moved[end], at)
        if left >= right:
            continue
        made += [text[at:left]] if left > at else []
        words = text[left:right]
        made.append(replace(piece, typed=None if words == shown.get(piece.key) else words))
        at = right
    return [*made, text[at:]] if text[at:] else made


def _places(pieces: Sequence[Piece], shown: Shown) -> list[tuple[Bound, int, int]]:
    found, at = [], 0
    for piece, words in said(pieces, shown):
        if isinstance(piece, Bound):
            found.append((piece, at, at + len(words)))
        at += len(words)
    return found


def _moved(before: str, after: str) -> list[int]:
    """Return where each position of the old text (its end included) lies in the new one."""
    where = [0] * (len(before) + 1)
    for old, old_end, new, new_end in _spans(before, after):
        for place in range(old, old_end):
            where[place] = min(new + place - old, new_end)
    where[len(before)] = len(after)
    return where


MOST_STEPS = 20_000_000
"""Steps that a comparison may take at worst: two long texts of the same few signs would be compared for minutes."""
CLAUSE = re.compile(r"[^，。；：、]*[，。；：、]|[^，。；：、]+")
Span = tuple[int, int, int, int]


def _spans(before: str, after: str) -> Iterator[Span]:
    """Yield from where to where each part of the old text went; what both begin and end with is not compared."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    a, b = before[head : len(before) - tail], after[head : len(after) - tail]
    yield 0, head, 0, head
    for start, end, new, new_end in _compared(list(a), list(b)) or _compared(CLAUSE.findall(a), CLAUSE.findall(b)):
        yield head + start, head + end, head + new, head + new_end
    yield len(before) - tail, len(before), len(after) - tail, len(after)


def _alike(a: str, b: str) -> int:
    """Return how many signs both begin with."""
    return next((n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))


def _compared(a: list[str], b: list[str]) -> list[Span]:
    """Return the parts of two lists of words, by their signs; none when comparing them would take too long."""
    counts = Counter(b)
    if (len(a) + sum(counts[word] for word in a)) * min(len(a), len(b)) > MOST_STEPS:
        return []
    olds, news = ([0, *accumulate(map(len, words))] for words in (a, b))
    found = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return [(olds[i1], olds[i2], news[j1], news[j2]) for _tag, i1, i2, j1, j2 in found]


def _widened(text: str, left: int, right: int, floor: int) -> tuple[int, int]:
    """Return the place with every sign of a numeral that touches it."""
    if left < right and not (NUMERAL & set(text[left:right])):
        return left, right
    while left > floor and text[left - 1] in NUMERAL:
        left -= 1
    while right < len(text) and text[right] in NUMERAL:
        right += 1
    return left, right


def stored(pieces: Sequence[Piece]) -> list[Any]:
    """Return the pieces as JSON: texts, and {f: key, t: typed} for places."""
    return [
        piece if isinstance(piece, str) else {"f": piece.key} | ({"t": piece.typed} if piece.typed is not None else {})
        for piece in pieces
    ]


def loaded(rows: Sequence[Any]) -> list[Piece]:
    """Return the pieces that `stored` wrote."""
    return [row if isinstance(row, str) else Bound(row["f"], row.get("t")) for row in rows]
