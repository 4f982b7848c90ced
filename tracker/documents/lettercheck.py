"""Points of the letter format 信函格式 (GB/T 9704-2012, 10.1)."""

from tracker.documents import geometry
from tracker.documents.measure import Measured
from tracker.documents.points import (
    BODY,
    EDGE_RIGHT,
    MIDDLE,
    NUMBER,
    PITCHES,
    SMALL,
    Check,
    Point,
    mark,
    red_rules,
    titles,
)
from tracker.kit.words import N_

_ISSUER = N_("The issuer's name stands in red 30 mm from the top")
_NUMBER = N_("The number stands at the right edge and has no 第 or leading nought")
_LINES = N_("Red double lines, 170 mm, 4 mm below the name and 20 mm from the foot")


def issuer(paper: Measured) -> Check | None:
    """P5 (10.1): red, its upper edge 30 mm from the paper's, centred on the text."""
    row = mark(paper.pages[0])
    if row is None:
        return Check("P5", _ISSUER, False, "—")
    top = min(char.top for char in row.chars)
    ok = abs(top - geometry.LETTER_HEAD) <= 1.5 and abs(row.centre - MIDDLE) <= 1
    return Check("P5", _ISSUER, ok, f"{top:.2f} mm, {row.centre:.2f} mm")


def number(paper: Measured) -> Check | None:
    """P6: form of the number; at the right edge under the first red line."""
    rows = [row for row in paper.pages[0].sized(*BODY) if "号" in row.text and row.base < 75]
    if not rows:
        return Check("P6", _NUMBER, False, "—")
    ok = bool(NUMBER.fullmatch(rows[0].text)) and abs(rows[0].right - EDGE_RIGHT) <= 1
    return Check("P6", _NUMBER, ok, rows[0].text)


def red_lines(paper: Measured) -> Check | None:
    """P8 (10.1): double lines 170 mm long, 4 mm below the issuer and 20 mm from the foot, centred on the paper."""
    row, lines = mark(paper.pages[0]), red_rules(paper.pages[0])
    if row is None or len(lines) < 2:
        return Check("P8", _LINES, False, "—")
    gap = lines[0].top - max(char.bottom for char in row.chars)
    foot = paper.pages[0].height - lines[-1].bottom
    off = max(abs(line.right - line.left - 170) + abs((line.left + line.right) / 2 - 105) for line in lines)
    ok = abs(gap - 4) <= 1 and abs(foot - 20) <= 1 and off <= 1
    return Check("P8", _LINES, ok, f"{gap:.2f} / {foot:.2f} mm")


def title_place(paper: Measured) -> Check | None:
    """P10 (10.1): two lines are left free between the number and the title."""
    rows = [row for row in paper.pages[0].sized(*BODY) if "号" in row.text and row.base < 75]
    heads = titles(paper.pages[0])
    if not rows or not heads:
        return None
    gap = min(char.top for char in heads[0].chars) - rows[0].base
    ok = min(abs(gap - 2 * pitch) for pitch in PITCHES) <= 4
    return Check("P10", N_("The title stands two lines under what is above it"), ok, f"{gap:.2f} mm")


def last_line(paper: Measured) -> Check | None:
    """P2 (10.1): text keeps 7/8 of a character (4.9 mm) from the second red line, less what brackets hang down."""
    lines = red_rules(paper.pages[0])
    rows = [row for row in paper.pages[0].sized(*BODY) if lines and row.base < lines[-1].top]
    if not rows or not lines:
        return None
    gap = lines[-1].top - max(char.bottom for char in rows[-1].chars)
    return Check("P2", N_("The first page's text keeps away from the second red line"), gap >= 4.3, f"{gap:.2f} mm")


def no_first_number(paper: Measured) -> Check | None:
    """P27 (10.1): a letter's first page shows no page number."""
    shown = [row.text for row in paper.pages[0].sized(*SMALL) if row.base > 272]
    return Check("P27", N_("A letter's first page shows no page number"), not shown, "".join(shown) or "✓")


LETTER: tuple[Point, ...] = (issuer, number, red_lines, title_place, last_line, no_first_number)
