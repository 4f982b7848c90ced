"""What both lists of checks share: a check, the type sizes, and the rows that count as body text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracker.documents import geometry
from tracker.documents.measure import Char, Measured, MeasuredPage, Row

BODY, SMALL = (15.4, 16.4), (13.6, 14.4)
"""3号 and 4号 type, in points (16 and 14, or the standard's older 15.75)."""
EDGE_LEFT, EDGE_RIGHT = geometry.LEFT, geometry.PAGE_WIDTH - geometry.RIGHT
INDENT = EDGE_LEFT + 2 * geometry.TEXT_WIDTH / geometry.CHARACTERS
CELL = geometry.TEXT_WIDTH / geometry.CHARACTERS
NEXT_LINE = 11.0
"""Baselines farther apart (mm) are not consecutive lines."""
BODY_FONTS = ("Fang", "仿宋", "Kai", "楷", "Hei", "黑", "Noto")


@dataclass(frozen=True)
class Check:
    """One point: its number in the list P1–P30, what it asks (msgid), whether it holds, and what was found."""

    id: str
    asks: str
    ok: bool
    found: str


Point = Callable[[Measured], Check | None]


def body(page: MeasuredPage) -> list[Row]:
    """Return the rows in 3号 type inside the type area (± 1 mm), top to bottom; an annex's rows too."""
    return [row for row in page.sized(*BODY) if geometry.TOP - 1 <= row.base <= geometry.TOP + geometry.TEXT_HEIGHT + 1]


def following(paper: Measured) -> Iterator[tuple[Row, Row]]:
    """Yield pairs of consecutive lines of one page."""
    for page in paper.pages:
        yield from ((one, other) for one, other in pairwise(body(page)) if other.base - one.base < NEXT_LINE)


def letters(paper: Measured) -> Iterator[Char]:
    """Yield every body character that is no blank."""
    for page in paper.pages:
        for row in body(page):
            yield from (char for char in row.chars if char.text.strip())
