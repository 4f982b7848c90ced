"""What both lists of checks share: a check, the type sizes, and the rows that count as body text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tracker.documents import geometry
from tracker.documents.measure import Char, Measured, MeasuredPage, Row, Rule

BODY, SMALL = (15.0, 17.0), (13.6, 14.4)
"""Near 3号 and 4号, in points; whether 3号 is 16 (or the standard's older 15.75) is asked by P4."""
EDGE_LEFT, EDGE_RIGHT = geometry.LEFT, geometry.PAGE_WIDTH - geometry.RIGHT
INDENT = EDGE_LEFT + 2 * geometry.TEXT_WIDTH / geometry.CHARACTERS
CELL = geometry.TEXT_WIDTH / geometry.CHARACTERS
MIDDLE = EDGE_LEFT + geometry.TEXT_WIDTH / 2
TITLE = (19.0, 25.0)
"""Near 2号: what is meant to be the title; whether it is 22 points is asked by P10."""
NUMBER = re.compile(r"[\u4e00-\u9fff]*〔(?:\d{4}|　*)〕([1-9]\d*|　*)号")
DATE = re.compile(r"\d{4}年[1-9]\d?月[1-9]\d?日")
PITCHES = tuple(grid.pitch / geometry.POINTS_PER_MM for grid in geometry.GRIDS.values())
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
    """Return the rows in 3号 type inside the type area (± 1 mm; a letter's first page has one line more)."""
    return [row for row in page.sized(*BODY) if geometry.TOP - 1 <= row.base <= geometry.LETTER_FOOT + 1]


def is_red(colour: tuple[int, int, int]) -> bool:
    """P28: red ≥ 200, green and blue ≤ 80."""
    return colour[0] >= 200 and max(colour[1:]) <= 80


def is_reddish(colour: tuple[int, int, int]) -> bool:
    """Return whether something is meant to be red, in the right tone or not."""
    return colour[0] > 120 and colour[0] > 2 * max(colour[1:])


def mark(page: MeasuredPage) -> Row | None:
    """Return the issuer's name in red, None when the page has none."""
    return next((row for row in page.rows if row.text and is_reddish(row.chars[0].colour)), None)


def red_rules(page: MeasuredPage) -> list[Rule]:
    """Return the long red rules of a page, top to bottom."""
    found = [rule for rule in page.rules if is_reddish(rule.colour) and rule.right - rule.left > 100]
    return sorted(found, key=lambda rule: rule.top)


def titles(page: MeasuredPage) -> list[Row]:
    """Return the rows of the document's title, by their size."""
    return [row for row in page.sized(*TITLE) if not is_reddish(row.chars[0].colour)]


def under_title(page: MeasuredPage) -> list[Row]:
    """Return the body rows below the title."""
    last = max((row.base for row in titles(page)), default=0.0)
    return [row for row in body(page) if row.base > last]


def signature(paper: Measured) -> tuple[MeasuredPage, list[Row], int] | None:
    """Return where the paper is signed: page, its body rows, index of the row with the date."""
    for page in paper.pages:
        rows = body(page)
        for at, row in enumerate(rows):
            if at and DATE.fullmatch(row.text) and row.left > MIDDLE - 10:
                return page, rows, at
    return None


def following(paper: Measured) -> Iterator[tuple[Row, Row]]:
    """Yield pairs of consecutive lines of one page."""
    for page in paper.pages:
        yield from ((one, other) for one, other in pairwise(body(page)) if other.base - one.base < NEXT_LINE)


def letters(paper: Measured) -> Iterator[Char]:
    """Yield every body character that is no blank."""
    for page in paper.pages:
        for row in body(page):
            yield from (char for char in row.chars if char.text.strip())
