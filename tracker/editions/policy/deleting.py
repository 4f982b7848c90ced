"""Taking strings out of a document's content: every text of it is read as one, and each place is replaced by （略）.

What is replaced has always the same length: a bar as long as a name would tell how long the name is.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.editions.policy.folding import EDGE, folded, key, search_for, visible

LEFT_OUT = "（略）"
NOTE = "本文有删减"
"""Printed in round brackets under the date, where GB/T 9704 puts a 附注; so did the bulletin of 2021-12."""
FIXED = frozenset({"type", "align", "date", "printed_on", "found_on", "kind", "tone", "key"})
"""Values that choose a form or are dates of their own: no text of the document."""
NOT_PUBLIC = {"verify_url": "", "token": "", "contact": "", "series": ""}
"""What a public edition never says: the way to the unabridged paper, and whom a unit may call."""
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mark:
    """A string, and whether it is deleted or stays; the longest one that fits a place decides there."""

    text: str
    out: bool = True


@dataclass(frozen=True)
class Leaf:
    """One text of the content and where it stands."""

    path: Path
    text: str


@dataclass(frozen=True)
class Place:
    """Where a mark fits: which mark, which text, from and to."""

    mark: int
    leaf: int
    start: int
    end: int


def plain(content: Any) -> Any:
    """Return content whose texts hold only what is seen."""
    if isinstance(content, str):
        return visible(content)
    if isinstance(content, Mapping):
        return {name: plain(each) for name, each in content.items()}
    if isinstance(content, list | tuple):
        return [plain(each) for each in content]
    return content


def leaves(content: Any, path: Path = ()) -> list[Leaf]:
    """Return the texts of the content in the order of reading."""
    if isinstance(content, str):
        return [Leaf(path, content)] if content and (not path or path[-1] not in FIXED) else []
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(content, Mapping):
        pairs = content.items()
    elif isinstance(content, list | tuple):
        pairs = enumerate(content)
    return [leaf for name, each in pairs for leaf in leaves(each, (*path, name))]


def places(texts: list[Leaf], marks: list[Mark]) -> list[Place]:
    """Return where the marks fit, in order of reading; of several that fit one place the longest."""
    order, wanted = _longest_first(tuple(marks))
    if wanted is None:
        return []
    joined = folded(EDGE.join(leaf.text for leaf in texts))
    starts = _starts(texts)
    return [
        place
        for found in wanted.finditer(joined)
        for place in _cut(order[(found.lastindex or 1) - 1], found.span(), texts, starts)
    ]


@lru_cache(maxsize=16)
def _longest_first(marks: tuple[Mark, ...]) -> tuple[list[int], re.Pattern[str] | None]:
    order = sorted((n for n, mark in enumerate(marks) if key(mark.text)), key=lambda n: -len(key(marks[n].text)))
    return order, search_for([key(marks[n].text) for n in order])


def _starts(texts: list[Leaf]) -> list[int]:
    starts, at = [], 0
    for leaf in texts:
        starts.append(at)
        at += len(leaf.text) + len(EDGE)
    return starts


def _cut(mark: int, span: tuple[int, int], texts: list[Leaf], starts: list[int]) -> Iterator[Place]:
    """Yield a span of the joined text as parts of the texts it runs through."""
    for n in range(bisect_right(starts, span[0]) - 1, bisect_left(starts, span[1])):
        left, right = max(span[0], starts[n]), min(span[1], starts[n] + len(texts[n].text))
        if left < right:
            yield Place(mark, n, left - starts[n], right - starts[n])


def abridged(content: Mapping[str, Any], marks: list[Mark]) -> tuple[dict[str, Any], int]:
    """Return the content of the public edition, and how many places were deleted from what it would say.

    Contact line, code of the verification page and invisible characters are gone in any case; when anything was deleted
    a note says so.
    """
    said = public(content)
    texts = leaves(said)
    found = [place for place in places(texts, marks) if marks[place.mark].out]
    cut: dict[Path, str] = {}
    for place in reversed(found):
        path = texts[place.leaf].path
        text = cut.get(path, texts[place.leaf].text)
        cut[path] = text[: place.start] + LEFT_OUT + text[place.end :]
    result = _replaced(said, {path: text.replace(LEFT_OUT * 2, LEFT_OUT) for path, text in cut.items()})
    lines = sum(1 for name in ("contact",) if content.get(name))
    return {**result, "omission": NOTE if found or lines else ""}, len(found) + lines


def public(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content without what no public edition says."""
    said: dict[str, Any] = plain(content)
    return said | {name: empty for name, empty in NOT_PUBLIC.items() if name in said} | {"draft": False}


def _replaced(value: Any, cut: Mapping[Path, str], path: Path = ()) -> Any:
    if isinstance(value, str):
        return cut.get(path, value)
    if isinstance(value, Mapping):
        return {name: _replaced(each, cut, (*path, name)) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(each, cut, (*path, n)) for n, each in enumerate(value)]
    return value
